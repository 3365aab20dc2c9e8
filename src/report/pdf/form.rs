//! What is filled in by hand: boxes to tick and lines to write on. A working copy lets a viewer fill
//! them in; a record copy shows their state as drawn.

use super::{
    blocks::Layout,
    fonts::Face,
    marks, palette,
    strip::Item,
    tags::{ARTIFACT, Role, TagId},
    text::{Look, line},
};
use crate::report::{Copy, document::Text};
use std::sync::Arc;

/// How what was written is set.
const WRITTEN: Look = Look { face: Face::Regular, size: 8.0, leading: 11.0, color: palette::TEXT };
/// The height of a line to write on, in points.
const LINE: f32 = 12.0;

/// Something to fill in.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// The name under which it is read back: the same as long as what it stands for is in the plan.
    pub(super) id: String,
    /// What a reader is told of it.
    pub(super) tip: String,
    /// Its state.
    pub(super) state: State,
    /// The state as drawn, measured from the field's upper left corner.
    pub(super) shown: Vec<Item>,
}

/// The state of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// A box, ticked or not.
    Box(bool),
    /// A line with what is written on it.
    Line(String),
}

/// A box to tick with its upper left corner at `x`, `y`; what stands for it goes below `parent`.
pub(super) fn tick_box(
    layout: &mut Layout<'_>,
    ([x, y], side): ([f32; 2], f32),
    ticked: bool,
    (id, tip): (&str, &str),
    parent: TagId,
) -> Vec<Item> {
    let rect = [x, y, side, side];
    let drawn = marks::tick_box([x, y], side);
    if layout.copy == Copy::Record || id.is_empty() {
        let state = if ticked { "ticked" } else { "not ticked" };
        let tag = layout.tags.spoken(Role::Figure, parent, format!("{state}: {tip}"));
        let mut items = vec![Item::Tag(tag), drawn];
        items.extend(ticked.then(|| marks::ticked([x, y], side)));
        items.push(Item::Tag(ARTIFACT));
        return items;
    }
    let tag = layout.tags.spoken(Role::Form, parent, tip);
    let field = Field {
        id: id.to_owned(),
        tip: tip.to_owned(),
        state: State::Box(ticked),
        // The tick as it looks when it is set; the state says whether it is.
        shown: vec![marks::ticked([0.0, 0.0], side)],
    };
    vec![drawn, Item::Tag(tag), Item::Field { rect, field: Arc::new(field) }, Item::Tag(ARTIFACT)]
}

/// A line to write on, from `x`, `y` to the right.
pub(super) fn write_line(
    layout: &mut Layout<'_>,
    ([x, y], width): ([f32; 2], f32),
    value: &str,
    (id, tip): (&str, &str),
    parent: TagId,
) -> Vec<Item> {
    let rule = marks::rule([x, y], [x + width, y], palette::WRITE, 0.7);
    let shown = if value.is_empty() {
        Vec::new()
    } else {
        let short: String = value.chars().take(200).collect();
        let look = WRITTEN;
        let written = line(layout.fonts, &Text::from(short.as_str()), &look);
        // What is too long for the line is set smaller; what nobody could read is left to the field.
        let size = (look.size * (width - 2.0) / written.width.max(1.0)).clamp(4.5, look.size);
        let set = line(layout.fonts, &Text::from(short.as_str()), &Look { size, ..look });
        if set.width <= width {
            vec![Item::Words { at: [1.0, LINE - 3.0], line: set }]
        } else {
            vec![]
        }
    };
    let rect = [x, y - LINE, width, LINE];
    if layout.copy == Copy::Record || id.is_empty() {
        if shown.is_empty() {
            return vec![rule];
        }
        let tag = layout.tags.add(Role::P, parent);
        let mut items = vec![rule, Item::Tag(tag)];
        items.extend(shown.into_iter().map(|item| item.moved([rect[0], rect[1]])));
        items.push(Item::Tag(ARTIFACT));
        return items;
    }
    let tag = layout.tags.spoken(Role::Form, parent, tip);
    let state = State::Line(value.to_owned());
    let field = Arc::new(Field { id: id.to_owned(), tip: tip.to_owned(), state, shown });
    vec![rule, Item::Tag(tag), Item::Field { rect, field }, Item::Tag(ARTIFACT)]
}

impl Field {
    /// What is to be seen in it now.
    pub(super) fn seen(&self) -> &[Item] {
        if self.state == State::Box(false) { &[] } else { &self.shown }
    }
}
