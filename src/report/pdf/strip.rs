//! Strips: what pages are stacked from. A strip is never broken; a paragraph is one strip a line, a
//! table one strip a row (several where a row is taller than a page).

use super::{
    form::Field,
    tags::{ARTIFACT, TagId},
    text::{Line, Look},
};
use crate::report::document::{Contour, Rgb, Stroke};
use std::sync::Arc;

/// Something that is painted, in points from the strip's upper left corner; y points down.
#[derive(Clone, Debug)]
pub(super) enum Item {
    /// What the items after it are, up to the next such item or the strip's end; before the first one
    /// everything is an artifact.
    Tag(TagId),
    /// A line of text, its base line beginning there.
    Words {
        /// Where.
        at: [f32; 2],
        /// The line.
        line: Arc<Line>,
    },
    /// A path.
    Shape(Shape),
    /// The number of the page on which an anchor stands, ending there.
    PageOf {
        /// The right end of the base line.
        at: [f32; 2],
        /// The anchor's index.
        anchor: usize,
        /// How it is set.
        look: Look,
    },
    /// Leads to an anchor: left, top, width, height.
    Link {
        /// Where.
        rect: [f32; 4],
        /// The anchor's index.
        anchor: usize,
    },
    /// A field that a working copy lets a viewer fill in: left, top, width, height.
    Field {
        /// Where.
        rect: [f32; 4],
        /// What is filled in.
        field: Arc<Field>,
    },
    /// The consultant's logo: left, top, width, height.
    Logo {
        /// Where.
        rect: [f32; 4],
    },
}

/// A path.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// The contours.
    pub(super) contours: Vec<Contour>,
    /// What it is filled with.
    pub(super) fill: Option<Rgb>,
    /// What its edge is drawn with.
    pub(super) stroke: Option<Stroke>,
    /// What it stands for, so that drawn things can be counted.
    pub(super) tag: Option<&'static str>,
}

/// A line in the outline, and in the list of contents.
#[derive(Clone, Debug)]
pub(super) struct Anchor {
    /// 1: section; 2: chapter of it; 3: heading below that.
    pub(super) level: u8,
    /// Its number; empty: none.
    pub(super) number: String,
    /// Its title.
    pub(super) title: String,
}

/// A strip.
#[derive(Clone, Debug, Default)]
pub(super) struct Strip {
    /// The height in points.
    pub(super) height: f32,
    /// The space above it in points; none at the top of a page.
    pub(super) before: f32,
    /// What is painted.
    pub(super) items: Vec<Item>,
    /// Whether the next strip has to stand on the same page.
    pub(super) keep: bool,
    /// Whether it begins a page.
    pub(super) new_page: bool,
    /// Whether it stands on a page that is wider than high.
    pub(super) landscape: bool,
    /// What the outline says of it.
    pub(super) anchor: Option<Anchor>,
    /// The head that is shown again where this strip begins a page.
    pub(super) head: Option<Arc<Strip>>,
}

impl Strip {
    /// The same without a word of what it is.
    pub(super) fn as_artifact(&self) -> Self {
        let mut strip = self.clone();
        strip.items.retain(|item| !matches!(item, Item::Tag(_)));
        strip
    }
}

/// A cell of a row: lines with their looks, the left end of the text, and where they end at the
/// right edge, that edge.
#[derive(Clone, Debug, Default)]
pub(super) struct GridCell {
    /// What it is.
    pub(super) tag: TagId,
    /// The left end in points.
    pub(super) x: f32,
    /// The right edge, where the text stands there.
    pub(super) right: Option<f32>,
    /// The lines.
    pub(super) lines: Vec<(Arc<Line>, Look)>,
}

/// The space above and below a row's text in points.
#[derive(Clone, Copy, Debug)]
pub(super) struct Padding {
    /// Above.
    pub(super) top: f32,
    /// Below.
    pub(super) bottom: f32,
    /// The least height of a row.
    pub(super) least: f32,
}

/// A row as strips: one, or as many as it takes where it is higher than `limit`.
pub(super) fn row(cells: &[GridCell], padding: Padding, limit: f32) -> Vec<Strip> {
    let mut next = vec![0_usize; cells.len()];
    let mut strips = Vec::new();
    let room = (limit - padding.top - padding.bottom).max(20.0);
    loop {
        let mut strip = Strip::default();
        let mut tallest: f32 = 0.0;
        for (cell, next) in cells.iter().zip(&mut next) {
            let mut y = 0.0;
            if *next < cell.lines.len() {
                strip.items.push(Item::Tag(cell.tag));
            }
            while let Some((line, look)) = cell.lines.get(*next) {
                // The first line always goes in, so that every strip takes something away.
                if y > 0.0 && y + look.leading > room {
                    break;
                }
                let x = cell.right.map_or(cell.x, |right| right - line.width);
                let at = [x, padding.top + y + look.base_line()];
                strip.items.push(Item::Words { at, line: Arc::clone(line) });
                y += look.leading;
                *next += 1;
            }
            tallest = tallest.max(y);
        }
        strip.items.push(Item::Tag(ARTIFACT));
        strip.height = (tallest + padding.top + padding.bottom).max(padding.least);
        strips.push(strip);
        if cells.iter().zip(&next).all(|(cell, next)| *next >= cell.lines.len()) {
            return strips;
        }
    }
}

impl Item {
    /// Puts one colour in the place of another.
    pub(super) fn recolour(&mut self, from: Rgb, to: Rgb) {
        match self {
            Self::Words { line, .. } if line.runs.iter().any(|run| run.color == from) => {
                for run in &mut Arc::make_mut(line).runs {
                    run.color = if run.color == from { to } else { run.color };
                }
            }
            Self::Shape(shape) => {
                if shape.fill == Some(from) {
                    shape.fill = Some(to);
                }
                if let Some(stroke) = shape.stroke.as_mut().filter(|s| s.color == from) {
                    stroke.color = to;
                }
            }
            _ => {}
        }
    }

    /// The same, moved to the right and down.
    pub(super) fn moved(self, by: [f32; 2]) -> Self {
        let moved = |[x, y]: [f32; 2]| [x + by[0], y + by[1]];
        match self {
            Self::Words { at, line } => Self::Words { at: moved(at), line },
            Self::PageOf { at, anchor, look } => Self::PageOf { at: moved(at), anchor, look },
            Self::Tag(tag) => Self::Tag(tag),
            Self::Link { rect, anchor } => Self::Link { rect: shifted(rect, by), anchor },
            Self::Field { rect, field } => Self::Field { rect: shifted(rect, by), field },
            Self::Logo { rect } => Self::Logo { rect: shifted(rect, by) },
            Self::Shape(mut shape) => {
                for contour in &mut shape.contours {
                    contour.map(moved);
                }
                Self::Shape(shape)
            }
        }
    }
}

/// A rectangle, moved.
pub(super) fn shifted([x, y, width, height]: [f32; 4], [dx, dy]: [f32; 2]) -> [f32; 4] {
    [x + dx, y + dy, width, height]
}
