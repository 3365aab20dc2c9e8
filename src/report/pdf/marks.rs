//! Marks drawn as paths: no font has them all, and text that is taken out of the file stays clean.

use super::{
    palette,
    strip::{Item, Shape},
};
use crate::report::document::{Contour, Mark, Rgb, Segment, Stroke};

/// How a curve's handles lie so that four make a circle.
const ROUND: f32 = 0.552_285;

/// A mark around its middle, `radius` points wide on each side.
pub(super) fn mark(mark: Mark, [x, y]: [f32; 2], radius: f32) -> Vec<Item> {
    let color = palette::of_mark(mark);
    let r = radius;
    match mark {
        Mark::Error => {
            let mut items = vec![fill(polygon(x, y, r, 8, 22.5), color)];
            items.extend(exclamation(x, y, r, palette::WHITE));
            items
        }
        Mark::Warning => {
            let points = [[x, y - r], [x + r * 1.02, y + r * 0.82], [x - r * 1.02, y + r * 0.82]];
            let mut items = vec![Item::Shape(Shape {
                contours: vec![closed(&points)],
                fill: Some(color),
                stroke: Some(round_stroke(color, r * 0.24)),
                tag: None,
            })];
            items.extend(exclamation(x, y + r * 0.16, r * 0.84, palette::WHITE));
            items
        }
        Mark::Unknown => {
            let arc = Contour {
                start: [x - r * 0.42, y - r * 0.38],
                segments: vec![
                    Segment::Curve(
                        [x - r * 0.42, y - r * 1.05],
                        [x + r * 0.48, y - r * 1.05],
                        [x + r * 0.46, y - r * 0.36],
                    ),
                    Segment::Curve(
                        [x + r * 0.45, y - r * 0.02],
                        [x, y - r * 0.06],
                        [x, y + r * 0.34],
                    ),
                ],
                closed: false,
            };
            vec![
                stroke(arc, round_stroke(color, r * 0.24)),
                fill(circle(x, y + r * 0.74, r * 0.16), color),
            ]
        }
        Mark::Note => vec![
            stroke(circle(x, y, r * 0.86), round_stroke(color, r * 0.2)),
            fill(circle(x, y - r * 0.38, r * 0.13), color),
            stroke(open(&[[x, y - r * 0.02], [x, y + r * 0.44]]), round_stroke(color, r * 0.2)),
        ],
        Mark::Pass => vec![stroke(tick(x, y, r), round_stroke(color, r * 0.27))],
        Mark::Dash => {
            let line = open(&[[x - r * 0.55, y], [x + r * 0.55, y]]);
            vec![stroke(line, round_stroke(color, r * 0.22))]
        }
    }
}

/// What a mark says where it cannot be seen.
pub(super) fn spoken(mark: Mark) -> &'static str {
    match mark {
        Mark::Error => "error",
        Mark::Warning => "warning",
        Mark::Unknown => "cannot tell",
        Mark::Note => "note",
        Mark::Pass => "good",
        Mark::Dash => "does not apply",
    }
}

/// A box to tick, its upper left corner at `x`, `y`.
pub(super) fn tick_box([x, y]: [f32; 2], side: f32) -> Item {
    let corners = [[x, y], [x + side, y], [x + side, y + side], [x, y + side]];
    let edge = Stroke { color: palette::TEXT, width: 1.0, dash: vec![], round: false };
    Item::Shape(Shape {
        contours: vec![closed(&corners)],
        fill: Some(palette::WHITE),
        stroke: Some(edge),
        tag: Some("TickBox"),
    })
}

/// The tick in such a box.
pub(super) fn ticked([x, y]: [f32; 2], side: f32) -> Item {
    let middle = tick(x + side / 2.0, y + side / 2.0, side * 0.5);
    stroke(middle, round_stroke(palette::PASS, 1.4))
}

/// A rectangle with corners rounded by `radius`.
pub(super) fn rounded([x, y]: [f32; 2], size: [f32; 2], radius: f32) -> Contour {
    let (right, low) = (x + size[0], y + size[1]);
    let r = radius.min(size[0] / 2.0).min(size[1] / 2.0);
    if r <= 0.0 {
        return closed(&[[x, y], [right, y], [right, low], [x, low]]);
    }
    let k = r * (1.0 - ROUND);
    Contour {
        start: [x + r, y],
        segments: vec![
            Segment::Line([right - r, y]),
            Segment::Curve([right - k, y], [right, y + k], [right, y + r]),
            Segment::Line([right, low - r]),
            Segment::Curve([right, low - k], [right - k, low], [right - r, low]),
            Segment::Line([x + r, low]),
            Segment::Curve([x + k, low], [x, low - k], [x, low - r]),
            Segment::Line([x, y + r]),
            Segment::Curve([x, y + k], [x + k, y], [x + r, y]),
        ],
        closed: true,
    }
}

/// A filled, perhaps edged, rectangle.
pub(super) fn panel(
    at: [f32; 2],
    size: [f32; 2],
    radius: f32,
    ground: Rgb,
    edge: Option<(Rgb, f32)>,
) -> Item {
    let stroke = edge.map(|(color, width)| Stroke { color, width, dash: vec![], round: false });
    Item::Shape(Shape {
        contours: vec![rounded(at, size, radius)],
        fill: Some(ground),
        stroke,
        tag: None,
    })
}

/// A thin line.
pub(super) fn rule(from: [f32; 2], to: [f32; 2], color: Rgb, width: f32) -> Item {
    stroke(open(&[from, to]), Stroke { color, width, dash: vec![], round: false })
}

fn exclamation(x: f32, y: f32, r: f32, color: Rgb) -> [Item; 2] {
    [
        stroke(open(&[[x, y - r * 0.46], [x, y + r * 0.1]]), round_stroke(color, r * 0.22)),
        fill(circle(x, y + r * 0.46, r * 0.14), color),
    ]
}

fn tick(x: f32, y: f32, r: f32) -> Contour {
    open(&[
        [x - r * 0.62, y + r * 0.04],
        [x - r * 0.16, y + r * 0.52],
        [x + r * 0.68, y - r * 0.52],
    ])
}

fn round_stroke(color: Rgb, width: f32) -> Stroke {
    Stroke { color, width, dash: vec![], round: true }
}

fn stroke(contour: Contour, stroke: Stroke) -> Item {
    Item::Shape(Shape { contours: vec![contour], fill: None, stroke: Some(stroke), tag: None })
}

fn fill(contour: Contour, color: Rgb) -> Item {
    Item::Shape(Shape { contours: vec![contour], fill: Some(color), stroke: None, tag: None })
}

fn open(points: &[[f32; 2]]) -> Contour {
    Contour {
        start: points[0],
        segments: points[1..].iter().map(|p| Segment::Line(*p)).collect(),
        closed: false,
    }
}

fn closed(points: &[[f32; 2]]) -> Contour {
    Contour { closed: true, ..open(points) }
}

fn polygon(x: f32, y: f32, r: f32, corners: u16, turn_deg: f32) -> Contour {
    let step = 360.0 / f32::from(corners);
    let corner = |i: u16| {
        let (sin, cos) = (turn_deg + step * f32::from(i)).to_radians().sin_cos();
        [x + r * cos, y + r * sin]
    };
    closed(&(0..corners).map(corner).collect::<Vec<_>>())
}

fn circle(x: f32, y: f32, r: f32) -> Contour {
    let k = r * ROUND;
    Contour {
        start: [x + r, y],
        segments: vec![
            Segment::Curve([x + r, y + k], [x + k, y + r], [x, y + r]),
            Segment::Curve([x - k, y + r], [x - r, y + k], [x - r, y]),
            Segment::Curve([x - r, y - k], [x - k, y - r], [x, y - r]),
            Segment::Curve([x + k, y - r], [x + r, y - k], [x + r, y]),
        ],
        closed: true,
    }
}
