//! Drawings: the display list, scaled to the column, painted as paths and text, never as an image.

use super::{
    blocks::{CAPTION, Layout},
    fonts::{Face, Fonts},
    marks, palette,
    strip::{Item, Shape, Strip},
    tags::{ARTIFACT, Role},
    text::{Look, line},
};
use crate::report::document::{Anchor, Drawing, Drawn, Figure, Text};

/// The space between the frame and the drawing, in points.
const MARGIN: f32 = 10.0;
/// A drawing is not made larger than this: a small one stays small.
const LARGEST: f32 = 1.0;
/// What a figure takes of a page's body at most.
const TALLEST: f32 = 0.76;
/// A drawing that is shown smaller than this is better off on a page that is wider than high,
const SMALL: f32 = 0.6;
/// where it has to be so much larger.
const GAIN: f32 = 1.25;

/// Lays a figure out: a frame with the drawing, its caption below. A drawing that would be much
/// smaller than on a page that is wider than high turns its page.
pub(super) fn figure(layout: &mut Layout<'_>, figure: &Figure) {
    let upright = [layout.width, layout.body];
    let fits = |[width, body]: [f32; 2]| scale(figure, width, body);
    let small = fits(upright);
    let wide = layout.wide.filter(|_| figure.high.is_none());
    let turned = wide.filter(|wide| small < SMALL && fits(*wide) > small * GAIN);
    let first = layout.strips.len();
    if let Some(wide) = turned {
        [layout.width, layout.body] = wide;
    }
    framed(layout, figure);
    if turned.is_some() {
        [layout.width, layout.body] = upright;
        layout.turn(first);
    }
}

/// How large a drawing is shown in a column.
fn scale(figure: &Figure, width: f32, body: f32) -> f32 {
    let drawing = &figure.drawing;
    let high = figure.high.unwrap_or(body * TALLEST);
    let room = [width - 2.0 * MARGIN, high - 2.0 * MARGIN];
    let fits = (room[0] / drawing.width.max(1.0)).min(room[1] / drawing.height.max(1.0));
    fits.min(LARGEST)
}

fn framed(layout: &mut Layout<'_>, figure: &Figure) {
    let drawing = &figure.drawing;
    let scale = scale(figure, layout.width, layout.body);
    let height = drawing.height * scale + 2.0 * MARGIN;
    let left = (layout.width - drawing.width * scale) / 2.0;
    let edge = Some((palette::RULE, 0.8));
    let here = layout.tags.here();
    let tag = layout.tags.spoken(Role::Figure, here, alternative(figure));
    let size = [layout.width, height];
    let mut items = vec![marks::panel([0.0, 0.0], size, 0.0, palette::WHITE, edge), Item::Tag(tag)];
    items
        .extend(painted(layout.fonts, drawing, scale).into_iter().map(|i| i.moved([left, MARGIN])));
    items.push(Item::Tag(ARTIFACT));
    layout.strips.push(Strip { height, before: 8.0, items, keep: true, ..Strip::default() });
    let caption = Text::from(figure.caption.as_str());
    let (width, tag) = (layout.width, layout.tags.leaf(Role::P));
    let lines = layout.lines(&caption, CAPTION, width);
    let count = lines.len();
    for (at, (line, look)) in lines.into_iter().enumerate() {
        layout.strips.push(Strip {
            height: look.leading,
            before: if at == 0 { 5.0 } else { 0.0 },
            items: vec![Item::Tag(tag), Item::Words { at: [0.0, look.base_line()], line }],
            keep: at + 1 < count.min(4),
            ..Strip::default()
        });
    }
}

/// What is said in a drawing's place.
fn alternative(figure: &Figure) -> &str {
    [figure.alt.as_str(), figure.caption.as_str()]
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or("Drawing")
}

fn painted(fonts: &mut Fonts, drawing: &Drawing, scale: f32) -> Vec<Item> {
    drawing.items.iter().map(|item| one(fonts, item, scale)).collect()
}

fn one(fonts: &mut Fonts, item: &Drawn, scale: f32) -> Item {
    match item {
        Drawn::Path { contours, fill, stroke, tag } => {
            let mut contours = contours.clone();
            for contour in &mut contours {
                contour.map(|[x, y]| [x * scale, y * scale]);
            }
            let stroke = stroke.clone().map(|mut stroke| {
                stroke.width = (stroke.width * scale).max(0.3);
                stroke.dash.iter_mut().for_each(|d| *d *= scale);
                stroke
            });
            Item::Shape(Shape { contours, fill: *fill, stroke, tag: *tag })
        }
        Drawn::Words { at, text, size, strong, mono, anchor, color } => {
            let face = match (strong, mono) {
                (_, true) => Face::Mono,
                (true, false) => Face::Strong,
                (false, false) => Face::Regular,
            };
            let size = size * scale;
            let look = Look { face, size, leading: size, color: *color };
            let line = line(fonts, &Text::from(text.as_str()), &look);
            let shift = match anchor {
                Anchor::Start => 0.0,
                Anchor::Middle => line.width / 2.0,
                Anchor::End => line.width,
            };
            Item::Words { at: [at[0] * scale - shift, at[1] * scale], line }
        }
    }
}
