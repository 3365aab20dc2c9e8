//! A printed page on the screen: the words and paths of the layout that the file is written from, each
//! where the layout has put it.

use crate::{
    gui::theme::{Theme, semi_bold},
    report::{
        document::{Contour, Segment, Stroke as Edge},
        pdf::{Book, Face, Painted},
    },
};
use eframe::egui::{
    self, Color32, FontId, Painter, Pos2, Shape, Stroke, TextFormat, pos2, text::LayoutJob, vec2,
};

/// Smaller letters than this, in screen points, are shown as a line.
const LEAST_LETTERS: f32 = 3.0;
/// Into how many straight pieces a curve is taken apart.
const PIECES: u8 = 8;

/// Paints a page whose upper left corner is at `corner`, at so many screen points a point.
pub(super) fn paint(painter: &Painter, book: &Book, page: usize, corner: Pos2, scale: f32) {
    let seen = painter.clip_rect();
    for painted in book.painted(page) {
        match painted {
            Painted::Word { at: [x, y], face, size, color, text, width } => {
                let at = corner + vec2(x, y) * scale;
                let size = size * scale;
                let out = at.y < seen.top() || at.y - size > seen.bottom();
                if !out {
                    word(painter, at, (face, size, width * scale), &text, Theme::printed(color));
                }
            }
            Painted::Logo { rect: [x, y, width, height] } => {
                let min = corner + vec2(x, y) * scale;
                let rect = egui::Rect::from_min_size(min, vec2(width, height) * scale);
                logo(painter, book, rect);
            }
            Painted::Path { by, contours, fill, stroke } => {
                let to = |[x, y]: [f32; 2]| corner + vec2(x + by[0], y + by[1]) * scale;
                for contour in contours {
                    path(painter, contour, to, fill.map(Theme::printed), stroke, scale);
                }
            }
        }
    }
}

/// The consultant's logo, kept as a texture as long as the same pages are shown.
fn logo(painter: &Painter, book: &Book, rect: egui::Rect) {
    let Some(logo) = book.logo() else { return };
    let ctx = painter.ctx();
    let id = egui::Id::unique(("logo", std::sync::Arc::as_ptr(&logo.rgb).cast::<u8>() as usize));
    let known: Option<egui::TextureHandle> = ctx.data(|data| data.get_temp(id));
    let texture = known.unwrap_or_else(|| {
        let size = [logo.width as usize, logo.height as usize];
        let opaque = vec![u8::MAX; size[0] * size[1]];
        let alpha = logo.alpha.as_deref().unwrap_or(&opaque);
        let pixels = logo.rgb.chunks_exact(3).zip(alpha).flat_map(|(p, a)| [p[0], p[1], p[2], *a]);
        let pixels: Vec<u8> = pixels.collect();
        let image = egui::ColorImage::from_rgba_unmultiplied(size, &pixels);
        let texture = ctx.load_texture("logo", image, egui::TextureOptions::LINEAR);
        ctx.data_mut(|data| data.insert_temp(id, texture.clone()));
        texture
    });
    let whole = egui::Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    painter.image(texture.id(), rect, whole, Theme::printed([255, 255, 255]));
}

fn word(
    painter: &Painter,
    at: Pos2,
    (face, size, width): (Face, f32, f32),
    text: &str,
    colour: Color32,
) {
    if size < LEAST_LETTERS {
        let y = at.y - size * 0.25;
        let line = Stroke::new(size * 0.4, colour.gamma_multiply(0.5));
        painter.hline(at.x..=at.x + width, y, line);
        return;
    }
    let family = match face {
        Face::Regular => egui::FontFamily::Proportional,
        Face::Strong => semi_bold(),
        Face::Mono => egui::FontFamily::Monospace,
        // The window's own fallback draws it, as well as it can.
        Face::Other(_) => egui::FontFamily::Proportional,
    };
    // Steps of an eighth of a point keep the number of letters in the texture down.
    let size = (size * 8.0).round() / 8.0;
    let font = FontId::new(size, family);
    let mut galley = painter.layout_no_wrap(text.to_owned(), font.clone(), colour);
    // Small letters come out wider than on paper. Pressing them together would run them into each
    // other; a little smaller they keep their distance.
    let wide = galley.size().x / width.max(0.1);
    let (mut size, mut font) = (size, font);
    if wide > 1.02 {
        size = (size / wide * 16.0).floor() / 16.0;
        font.size = size;
        galley = painter.layout_no_wrap(text.to_owned(), font.clone(), colour);
    }
    // On the screen letters stand on whole pixels; the word is to end where it ends on paper.
    let letters = text.chars().count().max(1) as f32;
    let off = (width - galley.size().x) / letters;
    if off.abs() > 0.01 {
        let format = TextFormat { extra_letter_spacing: off, ..TextFormat::simple(font, colour) };
        galley = painter.layout_job(LayoutJob::single_section(text.to_owned(), format));
    }
    let first = galley.rows.first().and_then(|row| row.row.glyphs.first());
    let ascent = first.map_or(size * 0.8, |glyph| glyph.pos.y);
    painter.galley(pos2(at.x, at.y - ascent), galley, colour);
}

fn path(
    painter: &Painter,
    contour: &Contour,
    to: impl Fn([f32; 2]) -> Pos2,
    fill: Option<Color32>,
    stroke: Option<&Edge>,
    scale: f32,
) {
    let points: Vec<Pos2> = flat(contour).into_iter().map(to).collect();
    if points.len() < 2 || !painter.clip_rect().intersects(egui::Rect::from_points(&points)) {
        return;
    }
    if let Some(fill) = fill {
        // What is filled is convex: boxes, discs, marks, the parts of the drawing's shapes.
        painter.add(Shape::convex_polygon(points.clone(), fill, Stroke::NONE));
    }
    let Some(edge) = stroke else { return };
    // A hairline on paper stays one on the screen.
    let line = Stroke::new((edge.width * scale).max(0.6), Theme::printed(edge.color));
    let mut points = points;
    if let [on, off, ..] = edge.dash[..] {
        if contour.closed {
            points.extend(points.first().copied());
        }
        let (on, off) = ((on * scale).max(1.0), (off * scale).max(1.0));
        let mut dashes = Vec::new();
        Shape::dashed_line_many(&points, line, on, off, &mut dashes);
        painter.extend(dashes);
    } else if contour.closed {
        painter.add(Shape::closed_line(points, line));
    } else {
        painter.add(Shape::line(points, line));
    }
}

/// A contour as straight pieces.
fn flat(contour: &Contour) -> Vec<[f32; 2]> {
    let mut points = vec![contour.start];
    for segment in &contour.segments {
        match *segment {
            Segment::Line(end) => points.push(end),
            Segment::Curve(a, b, end) => {
                let start = points.last().copied().unwrap_or(contour.start);
                points.extend((1..=PIECES).map(|at| {
                    let t = f32::from(at) / f32::from(PIECES);
                    let s = 1.0 - t;
                    let along = |i: usize| {
                        s * s * s * start[i]
                            + 3.0 * s * s * t * a[i]
                            + 3.0 * s * t * t * b[i]
                            + t * t * t * end[i]
                    };
                    [along(0), along(1)]
                }));
            }
        }
    }
    // A point that stands twice gives an edge without a direction.
    points.dedup();
    if contour.closed && points.len() > 2 && points.first() == points.last() {
        points.pop();
    }
    points
}
