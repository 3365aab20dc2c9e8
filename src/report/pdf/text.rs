//! Breaking text into lines. A word that is wider than its column is broken, after a dot or a slash
//! where one is near, so that nothing ever leaves its column.

use super::{
    bidi,
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
    /// The level of its direction: even to the right, odd to the left.
    pub(super) level: u8,
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
    level: u8,
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
    let levels = bidi::Levels::of(text);
    let mut units: Vec<Unit> = Vec::new();
    let mut unit = Unit::default();
    let mut at = 0;
    for span in &text.0 {
        let (face, size, color) = look.of(span.style);
        let mut rest = span.text.as_str();
        loop {
            let end = rest.find([' ', '\n', '\t', '\r']).unwrap_or(rest.len());
            for (piece, level) in levels.pieces(at, &rest[..end]) {
                for word in fonts.word(face, piece, level % 2 == 1).iter() {
                    unit.atoms.push(Atom { word: Arc::clone(word), size, color, level });
                }
            }
            if end == rest.len() {
                at += rest.len();
                break;
            }
            let level = levels.at(at + end);
            let space = fonts.word(face, " ", false);
            let space =
                space.first().map(|word| Atom { word: Arc::clone(word), size, color, level });
            let full = std::mem::replace(&mut unit, Unit { atoms: vec![], space });
            // Of several spaces in a row one is kept.
            if !full.atoms.is_empty() {
                units.push(full);
            }
            at += end + 1;
            rest = &rest[end + 1..];
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
            let mut line = std::mem::take(&mut self.line);
            bidi::arrange(&mut line);
            self.lines.push(Arc::new(line));
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
            .filter(|r| r.face == face && same(r.size, atom.size) && r.color == atom.color)
            // What is read to the left is put in order run by run.
            .filter(|r| r.level == atom.level && r.level.is_multiple_of(2));
        match goes_on {
            Some(run) => run.glyphs.extend_from_slice(glyphs),
            None => self.line.runs.push(Run {
                face,
                size: atom.size,
                color: atom.color,
                x: self.line.width,
                glyphs: glyphs.to_vec(),
                level: atom.level,
            }),
        }
        self.line.width += width;
    }

    /// Puts what fits of a word on each line.
    fn put_broken(&mut self, atom: &Atom) {
        if atom.word.leftward {
            return self.put_broken_leftward(atom);
        }
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

impl Lines {
    /// The same where the word is read from right to left: it goes on with what stands before.
    fn put_broken_leftward(&mut self, atom: &Atom) {
        let mut rest = &atom.word.glyphs[..];
        while !rest.is_empty() {
            let room = (self.width - self.line.width) * 1000.0 / atom.size;
            let mut width = 0.0;
            let mut from = rest.len();
            for (at, glyph) in rest.iter().enumerate().rev() {
                width += glyph.advance;
                if width > room {
                    break;
                }
                if glyph.begins {
                    from = at;
                }
            }
            if from == rest.len() {
                if !self.line.runs.is_empty() {
                    self.end();
                    continue;
                }
                // A column narrower than a character: one a line.
                from = rest.iter().rposition(|glyph| glyph.begins).unwrap_or(0);
            }
            self.put(atom, &rest[from..]);
            rest = &rest[..from];
            if !rest.is_empty() {
                self.end();
            }
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
