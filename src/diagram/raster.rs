//! A scene as a picture of dots (PNG), in the light colours, at the nearest level: for mails, slides and
//! web pages that take no SVG. The same scene gives the same bytes.

use super::{
    geometry::{Area, Point, rounded_loop},
    ink::Ink,
    scene::{Align, Fill, Level, Scene, Shape, Stroke, Words},
    svg::colour,
    text::{glyphs, width},
};
use tiny_skia::{
    FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, StrokeDash, Transform,
};

/// The room around the drawing.
const MARGIN: f32 = 32.0;
/// How much of what stands back is seen.
const QUIET: f32 = 0.35;
/// The largest side of a picture in dots; a larger drawing is made smaller.
pub const SIDE_MAX: u32 = 12_000;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum RasterError {
    /// Nothing is drawn.
    #[error("the drawing is empty")]
    Empty,
    /// It could not be written as PNG.
    #[error("the picture could not be written: {0}")]
    Encoding(String),
}

/// The picture of a scene with `scale` dots a world unit: fewer where it would be too large.
///
/// # Errors
/// When nothing is drawn, or the picture cannot be encoded.
pub fn png(scene: &Scene, scale: f32) -> Result<Vec<u8>, RasterError> {
    let bounds = scene.bounds.grown(MARGIN);
    let longest = bounds.width().max(bounds.height()).max(1.0);
    let scale = scale.min(SIDE_MAX as f32 / longest).max(0.01);
    let dots = |length: f32| dots(length * scale);
    let mut sheet =
        Pixmap::new(dots(bounds.width()), dots(bounds.height())).ok_or(RasterError::Empty)?;
    let transform =
        Transform::from_translate(-bounds.min.x, -bounds.min.y).post_scale(scale, scale);
    let mut pen = Pen { sheet: &mut sheet, transform, cover: 1.0 };
    pen.sheet.fill(tint(Ink::Canvas, 1.0));
    for item in &scene.items {
        pen.cover = if item.quiet { QUIET } else { 1.0 };
        for drawn in item.shapes.iter().filter(|drawn| drawn.seen.at(Level::Near)) {
            pen.shape(&drawn.shape);
        }
    }
    encoded(&sheet)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is at least 1 and at most `SIDE_MAX`"
)]
fn dots(length: f32) -> u32 {
    length.ceil().clamp(1.0, SIDE_MAX as f32) as u32
}

fn encoded(sheet: &Pixmap) -> Result<Vec<u8>, RasterError> {
    // Nothing is seen through: colour and cover are the same in every dot.
    let dots: Vec<u8> =
        sheet.pixels().iter().flat_map(|p| [p.red(), p.green(), p.blue()]).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, sheet.width(), sheet.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let failed = |error: png::EncodingError| RasterError::Encoding(error.to_string());
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(&dots).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

/// A light colour.
fn tint(ink: Ink, cover: f32) -> tiny_skia::Color {
    let hex = u32::from_str_radix(colour(ink).trim_start_matches('#'), 16).unwrap_or_default();
    let [_, r, g, b] = hex.to_be_bytes();
    let mut tint = tiny_skia::Color::from_rgba8(r, g, b, 255);
    tint.set_alpha(cover.clamp(0.0, 1.0));
    tint
}

struct Pen<'a> {
    sheet: &'a mut Pixmap,
    transform: Transform,
    cover: f32,
}

impl Pen<'_> {
    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Box { area, radius, fill, stroke } => {
                self.path(boxed(*area, *radius), *fill, *stroke);
            }
            Shape::Disc { centre, radius, fill, stroke } => {
                self.path(PathBuilder::from_circle(centre.x, centre.y, *radius), *fill, *stroke);
            }
            Shape::Line { points, closed, fill, stroke } => {
                self.path(polygon(points, *closed), *fill, *stroke);
            }
            Shape::Words(words) => self.words(words),
        }
    }

    fn paint(&self, ink: Ink, cover: f32) -> Paint<'static> {
        let mut paint = Paint::default();
        paint.set_color(tint(ink, cover * self.cover));
        paint.anti_alias = true;
        paint
    }

    fn path(&mut self, path: Option<Path>, fill: Option<Fill>, stroke: Option<Stroke>) {
        let Some(path) = path else { return };
        if let Some(fill) = fill {
            let paint = self.paint(fill.ink, fill.cover);
            self.sheet.fill_path(&path, &paint, FillRule::Winding, self.transform, None);
        }
        if let Some(stroke) = stroke {
            let paint = self.paint(stroke.ink, 1.0);
            let dash = stroke.dash.and_then(|(on, off)| StrokeDash::new(vec![on, off], 0.0));
            let line = tiny_skia::Stroke {
                width: stroke.width,
                line_join: LineJoin::Round,
                line_cap: LineCap::Butt,
                dash,
                ..tiny_skia::Stroke::default()
            };
            self.sheet.stroke_path(&path, &paint, &line, self.transform, None);
        }
    }

    fn words(&mut self, words: &Words) {
        let whole = width(&words.text, words.face, words.size);
        let left = match words.align {
            Align::Start => 0.0,
            Align::Middle => whole / 2.0,
            Align::End => whole,
        };
        let mut letters = Letters::default();
        glyphs(&words.text, words.face, |outline| {
            letters.place = (
                words.at.x - left + outline.x * words.size,
                words.at.y - outline.y * words.size,
                words.size * outline.em,
            );
            outline.draw(&mut letters);
        });
        let paint = self.paint(words.ink, 1.0);
        if let Some(path) = letters.path.finish() {
            self.sheet.fill_path(&path, &paint, FillRule::Winding, self.transform, None);
        }
    }
}

/// The outlines of letters, as a path in world units.
#[derive(Default)]
struct Letters {
    path: PathBuilder,
    /// Where the letter at hand begins, and how large a unit of its font is.
    place: (f32, f32, f32),
}

impl Letters {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.place.0 + x * self.place.2, self.place.1 - y * self.place.2)
    }
}

impl rustybuzz::ttf_parser::OutlineBuilder for Letters {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.path.quad_to(x1, y1, x, y);
    }
    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }
    fn close(&mut self) {
        self.path.close();
    }
}

fn boxed(area: Area, radius: f32) -> Option<Path> {
    let radius = radius.min(area.width() / 2.0).min(area.height() / 2.0);
    if radius > 0.5 {
        return polygon(&rounded_loop(&area.corners(), radius), true);
    }
    polygon(&area.corners(), true)
}

fn polygon(points: &[Point], closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    let (first, rest) = points.split_first()?;
    path.move_to(first.x, first.y);
    for point in rest {
        path.line_to(point.x, point.y);
    }
    if closed {
        path.close();
    }
    path.finish()
}
