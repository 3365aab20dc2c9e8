//! Paints items as PDF operators. Items measure from the upper left, PDF from the lower left.

use super::{
    book::Sheet,
    fonts::{Face, Fonts},
    strip::{Item, Shape},
    text::{Line, Run},
};
use crate::report::document::{Rgb, Segment};
use printpdf::{
    Codepoint, Color, DictItem, FontId, Op, PdfFontHandle, Pt, Rgb as PdfRgb, TextItem, TextMatrix,
};

/// The name under which pages know a face: its six letters.
pub(super) fn font_id(face: Face) -> FontId {
    FontId(face.name().chars().take(6).collect())
}

/// A page as operators.
pub(super) fn operators(fonts: &Fonts, sheet: &Sheet) -> Vec<Op> {
    let mut painter = Painter { fonts, height: sheet.size[1], ops: Vec::new() };
    for (origin, items) in &sheet.layers {
        for item in items {
            painter.item(item, *origin);
        }
    }
    painter.ops
}

/// A page under the brush.
struct Painter<'f> {
    fonts: &'f Fonts,
    /// The height of the page in points.
    height: f32,
    /// The operators so far.
    ops: Vec<Op>,
}

impl Painter<'_> {
    /// Paints an item whose origin is at `origin`.
    fn item(&mut self, item: &Item, [dx, dy]: [f32; 2]) {
        match item {
            Item::Words { at: [x, y], line } => self.line(line, [x + dx, y + dy]),
            Item::Shape(shape) => self.shape(shape, [dx, dy]),
            // Numbers of pages are made words before they are painted.
            Item::PageOf { .. } => {}
        }
    }

    /// Paints a line of text, its base line beginning there.
    fn line(&mut self, line: &Line, [x, y]: [f32; 2]) {
        for run in &line.runs {
            self.run(run, [x + run.x, y]);
        }
    }

    fn run(&mut self, run: &Run, [x, y]: [f32; 2]) {
        let glyphs = run.glyphs.iter().map(|glyph| Codepoint {
            gid: glyph.gid,
            offset: kern(glyph.natural, glyph.advance),
            cid: self.fonts.stands_for(run.face, glyph.gid).map(str::to_owned),
        });
        let items = vec![TextItem::GlyphIds(glyphs.collect())];
        let matrix = TextMatrix::Translate(Pt(tidy(x)), Pt(tidy(self.height - y)));
        self.ops.extend([
            Op::StartTextSection,
            Op::SetFillColor { col: color(run.color) },
            Op::SetFont {
                font: PdfFontHandle::External(font_id(run.face)),
                size: Pt(tidy(run.size)),
            },
            Op::SetTextMatrix { matrix },
            Op::ShowText { items },
            Op::EndTextSection,
        ]);
    }

    fn shape(&mut self, shape: &Shape, [dx, dy]: [f32; 2]) {
        if let Some(tag) = shape.tag {
            self.ops.push(Op::BeginMarkedContent { tag: tag.to_owned() });
        }
        self.ops.push(Op::SaveGraphicsState);
        if let Some(fill) = shape.fill {
            self.ops.push(Op::SetFillColor { col: color(fill) });
        }
        if let Some(stroke) = &shape.stroke {
            self.ops.push(Op::SetOutlineColor { col: color(stroke.color) });
            self.operator("w", &[stroke.width]);
            if stroke.round {
                self.whole_numbers("J", 1);
                self.whole_numbers("j", 1);
            }
            if !stroke.dash.is_empty() {
                let dash = stroke.dash.iter().map(|d| DictItem::Real(tidy(*d))).collect();
                let value = vec![DictItem::Array(dash), DictItem::Int(0)];
                self.ops.push(Op::Unknown { key: "d".to_owned(), value });
            }
        }
        let point = |[x, y]: [f32; 2]| [x + dx, self.height - y - dy];
        let mut path = Vec::new();
        for contour in &shape.contours {
            path.push(("m", point(contour.start).to_vec()));
            for segment in &contour.segments {
                path.push(match *segment {
                    Segment::Line(to) => ("l", point(to).to_vec()),
                    Segment::Curve(a, b, to) => ("c", [point(a), point(b), point(to)].concat()),
                });
            }
            if contour.closed {
                path.push(("h", vec![]));
            }
        }
        for (key, values) in path {
            self.operator(key, &values);
        }
        let paint = match (shape.fill.is_some(), shape.stroke.is_some()) {
            (true, true) => "B",
            (true, false) => "f",
            (false, true) => "S",
            (false, false) => "n",
        };
        self.operator(paint, &[]);
        self.ops.push(Op::RestoreGraphicsState);
        if shape.tag.is_some() {
            self.ops.push(Op::EndMarkedContent);
        }
    }

    fn operator(&mut self, key: &str, values: &[f32]) {
        let value = values.iter().map(|v| DictItem::Real(tidy(*v))).collect();
        self.ops.push(Op::Unknown { key: key.to_owned(), value });
    }

    fn whole_numbers(&mut self, key: &str, value: i64) {
        self.ops.push(Op::Unknown { key: key.to_owned(), value: vec![DictItem::Int(value)] });
    }
}

/// What moves the next glyph from where the font's widths would put it to where shaping puts it.
fn kern(natural: f32, advance: f32) -> f32 {
    let kern = natural - advance;
    if kern.abs() < 0.5 { 0.0 } else { kern.round() }
}

/// A hundredth of a point is finer than any printer.
fn tidy(value: f32) -> f32 {
    (value * 100.0).round() / 100.0
}

fn color([r, g, b]: Rgb) -> Color {
    let part = |v: u8| (f32::from(v) / 255.0 * 1000.0).round() / 1000.0;
    Color::Rgb(PdfRgb { r: part(r), g: part(g), b: part(b), icc_profile: None })
}
