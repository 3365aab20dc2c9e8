//! Breaking text into lines. A word that is wider than its column is broken, after a dot or a slash
//! where one is near, so that nothing ever leaves its column.

use super::{
    fonts::{Face, Fonts, Glyph, Word},
    palette,
};
use crate::report::document::{Rgb, Style, Text};
use std::sync::Arc;

/// How a text is set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// Face of what is plain.
    pub(super) face: Face,
    /// Size in points.
    pub(super) size: f32,
    /// From one base line to the next, in points.
    pub(super) leading: f32,
    /// Colour of what is plain.
    pub(super) color: Rgb,
}

impl Look {
    /// Where the base line stands below the top of a line, in points.
    pub(super) fn base_line(&self) -> f32 {
        self.leading / 2.0 + self.size * 0.35
    }

    /// The same in another colour.
    pub(super) fn in_color(self, color: Rgb) -> Self {
        Self { color, ..self }
    }

    /// The same in another face.
    pub(super) fn in_face(self, face: Face) -> Self {
        Self { face, ..self }
    }

    fn of(&self, style: Style) -> (Face, f32, Rgb) {
        match style {
            Style::Plain => (self.face, self.size, self.color),
            Style::Strong => (Face::Strong, self.size, self.color),
            Style::Weak => (self.face, self.size, palette::WEAK),
            // The typewriter face looks larger than the other at the same size.
            Style::Mono => (Face::Mono, self.size * 0.92, self.color),
            Style::Bad => (Face::Strong, self.size, palette::ERROR),
        }
    }
}

/// Glyphs of one face, size and colour.
#[derive(Clone, Debug)]
pub(super) struct Run {
    /// The face.
    pub(super) face: Face,
    /// The size in points.
    pub(super) size: f32,
    /// The colour.
    pub(super) color: Rgb,
    /// Where it begins, in points from the line's left end.
    pub(super) x: f32,
    /// The glyphs.
    pub(super) glyphs: Vec<Glyph>,
}

/// A line.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// Its runs, from left to right.
    pub(super) runs: Vec<Run>,
    /// Its width in points.
    pub(super) width: f32,
}

/// A word, or a part of one, in its style.
#[derive(Clone)]
struct Atom {
    word: Arc<Word>,
    size: f32,
    color: Rgb,
}

impl Atom {
    fn width(&self) -> f32 {
        self.word.width * self.size / 1000.0
    }
}

/// Atoms between which no space stands.
#[derive(Default)]
struct Unit {
    atoms: Vec<Atom>,
    /// The space before it.
    space: Option<Atom>,
}

impl Unit {
    fn width(&self) -> f32 {
        self.atoms.iter().map(Atom::width).sum()
    }
}

fn units(fonts: &mut Fonts, text: &Text, look: &Look) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut unit = Unit::default();
    for span in &text.0 {
        let (face, size, color) = look.of(span.style);
        for (at, part) in span.text.split([' ', '\n', '\t', '\r']).enumerate() {
            if at > 0 {
                let space = Atom { word: fonts.word(face, " "), size, color };
                let full = std::mem::replace(&mut unit, Unit { atoms: vec![], space: Some(space) });
                // Of several spaces in a row one is kept.
                if !full.atoms.is_empty() {
                    units.push(full);
                }
            }
            if !part.is_empty() {
                let word = fonts.word(face, part);
                unit.atoms.push(Atom { word, size, color });
            }
        }
    }
    if !unit.atoms.is_empty() {
        units.push(unit);
    }
    units
}

/// The width of a text on one line, and of its widest word, in points.
pub(super) fn widths(fonts: &mut Fonts, text: &Text, look: &Look) -> (f32, f32) {
    let units = units(fonts, text, look);
    let space = |unit: &Unit| unit.space.as_ref().map_or(0.0, Atom::width);
    let whole = units.iter().map(|unit| unit.width() + space(unit)).sum();
    (whole, units.iter().map(Unit::width).fold(0.0, f32::max))
}

/// The lines of a text in a column of that width in points; at least one.
pub(super) fn wrap(fonts: &mut Fonts, text: &Text, look: &Look, width: f32) -> Vec<Arc<Line>> {
    let mut lines = Lines { lines: Vec::new(), line: Line::default(), width: width.max(1.0) };
    for unit in units(fonts, text, look) {
        let space = unit.space.as_ref().map_or(0.0, Atom::width);
        let own = unit.width();
        if !lines.line.runs.is_empty() && lines.line.width + space + own > lines.width {
            lines.end();
        }
        if !lines.line.runs.is_empty()
            && let Some(space) = &unit.space
        {
            lines.put(space, &space.word.glyphs);
        }
        let broken = own > lines.width;
        for atom in &unit.atoms {
            if broken {
                lines.put_broken(atom);
            } else {
                lines.put(atom, &atom.word.glyphs);
            }
        }
    }
    lines.end();
    lines.lines
}

/// One line, however wide.
pub(super) fn line(fonts: &mut Fonts, text: &Text, look: &Look) -> Arc<Line> {
    wrap(fonts, text, look, f32::MAX).swap_remove(0)
}

struct Lines {
    lines: Vec<Arc<Line>>,
    line: Line,
    width: f32,
}

impl Lines {
    fn end(&mut self) {
        if !self.line.runs.is_empty() || self.lines.is_empty() {
            self.lines.push(Arc::new(std::mem::take(&mut self.line)));
        }
    }

    fn put(&mut self, atom: &Atom, glyphs: &[Glyph]) {
        if glyphs.is_empty() {
            return;
        }
        let width = glyphs.iter().map(|g| g.advance).sum::<f32>() * atom.size / 1000.0;
        let face = atom.word.face;
        let goes_on = self
            .line
            .runs
            .last_mut()
            .filter(|r| r.face == face && same(r.size, atom.size) && r.color == atom.color);
        match goes_on {
            Some(run) => run.glyphs.extend_from_slice(glyphs),
            None => self.line.runs.push(Run {
                face,
                size: atom.size,
                color: atom.color,
                x: self.line.width,
                glyphs: glyphs.to_vec(),
            }),
        }
        self.line.width += width;
    }

    /// Puts what fits of a word on each line.
    fn put_broken(&mut self, atom: &Atom) {
        let mut rest = &atom.word.glyphs[..];
        while !rest.is_empty() {
            let room = (self.width - self.line.width) * 1000.0 / atom.size;
            let fitting = fitting(rest, room);
            if fitting == rest.len() {
                self.put(atom, rest);
                return;
            }
            let mut at = good_break(&rest[..fitting]).unwrap_or(fitting);
            if at == 0 {
                if !self.line.runs.is_empty() {
                    self.end();
                    continue;
                }
                // A column narrower than a character: one a line.
                at = 1;
            }
            self.put(atom, &rest[..at]);
            self.end();
            rest = &rest[at..];
        }
    }
}

fn same(a: f32, b: f32) -> bool {
    (a - b).abs() < 0.001
}

/// How many glyphs fit, whole characters only.
fn fitting(glyphs: &[Glyph], room: f32) -> usize {
    let mut width = 0.0;
    let mut whole = 0;
    for (at, glyph) in glyphs.iter().enumerate() {
        if glyph.begins {
            whole = at;
        }
        width += glyph.advance;
        if width > room {
            return whole;
        }
    }
    glyphs.len()
}

/// Where a long name is best broken: after the last separator of its second half.
fn good_break(glyphs: &[Glyph]) -> Option<usize> {
    let separates = |g: &Glyph| matches!(g.first, '.' | '/' | '-' | '@' | '_' | ':' | ',' | ';');
    let at = glyphs.iter().rposition(separates)? + 1;
    (at * 2 >= glyphs.len()).then_some(at)
}
