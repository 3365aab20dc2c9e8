//! The steps of a phase: a box to tick, what to do, what is to be seen, the way back, and lines for
//! what was measured, time and initials.

use super::{
    blocks::{CAPTION, Layout},
    fonts::Face,
    form::{tick_box, write_line},
    marks, palette,
    strip::{GridCell, Padding, Strip, row},
    tags::{Role, TagId},
    text::Look,
};
use crate::report::document::{Field, Step, Text};
use std::sync::Arc;

const ACTION: Look = Look { face: Face::Strong, size: 9.5, leading: 12.8, color: palette::TEXT };
const EXPECT: Look = Look { face: Face::Regular, size: 9.0, leading: 12.8, color: palette::TEXT };
const HEAD: Look = Look { face: Face::Strong, size: 8.5, leading: 12.0, color: palette::WHITE };
/// The widths of the columns to write in: measured, time, initials; the gap before each.
const WRITE: [f32; 3] = [58.0, 38.0, 34.0];
const GAP: f32 = 8.0;

struct Columns {
    action: (f32, f32),
    expect: (f32, f32),
    write: [(f32, f32); 3],
}

fn columns(width: f32) -> Columns {
    let mut x = width;
    let mut write = [(0.0, 0.0); 3];
    for (column, wide) in write.iter_mut().zip(WRITE).rev() {
        x -= wide;
        *column = (x, wide);
        x -= GAP;
    }
    let expect = (x - 18.0) * 0.36;
    let left = x - expect;
    Columns { action: (46.0, left - 46.0 - 12.0), expect: (left, expect - 6.0), write }
}

/// Lays steps out.
pub(super) fn steps(layout: &mut Layout<'_>, list: &[Step]) {
    let columns = columns(layout.width);
    let table = layout.tags.leaf(Role::Table);
    let head = head(layout, &columns, table);
    // Shown again it says nothing new.
    let again = Arc::new(head.as_artifact());
    layout.strips.push(Strip { before: 14.0, keep: true, ..head });
    let count = list.len();
    for (at, step) in list.iter().enumerate() {
        let first = layout.strips.len();
        let limit = layout.body;
        layout.body = limit - again.height;
        one(layout, &columns, step, table);
        layout.body = limit;
        for strip in &mut layout.strips[first..] {
            strip.head = Some(Arc::clone(&again));
        }
        // The last step does not stand alone on a page.
        if at + 2 == count
            && let Some(strip) = layout.strips.last_mut()
        {
            strip.keep = true;
        }
    }
}

fn head(layout: &mut Layout<'_>, columns: &Columns, table: TagId) -> Strip {
    let line = layout.tags.add(Role::Tr, table);
    let titles = [
        (23.0, "No"),
        (columns.action.0, "Do this"),
        (columns.expect.0, "Expect"),
        (columns.write[0].0, "Measured"),
        (columns.write[1].0, "Time"),
        (columns.write[2].0, "Initials"),
    ];
    let cells = titles.map(|(x, title)| GridCell {
        tag: layout.tags.add(Role::ThColumn, line),
        x,
        right: None,
        lines: layout.lines(&Text::from(title), HEAD, 120.0),
    });
    let mut strips = row(&cells, Padding { top: 4.0, bottom: 4.0, least: 20.0 }, 60.0);
    let mut strip = strips.swap_remove(0);
    let size = [layout.width, strip.height];
    strip.items.insert(0, marks::panel([0.0, 0.0], size, 0.0, palette::TEXT, None));
    strip
}

fn one(layout: &mut Layout<'_>, columns: &Columns, step: &Step, table: TagId) {
    let line = layout.tags.add(Role::Tr, table);
    let [no, what, expected, written @ ..] = [(); 6].map(|()| layout.tags.add(Role::Td, line));
    let number = Text::from(step.number.to_string());
    let number = layout.lines(&number, ACTION.in_color(palette::WEAK), 22.0);
    let (x, width) = columns.action;
    let mut action = layout.lines(&Text::from(step.action.as_str()), ACTION, width);
    for place in &step.place {
        action.extend(layout.lines(place, CAPTION, width));
    }
    if let Some(noted) = step.done.as_ref().filter(|noted| !noted.is_empty()) {
        let look = CAPTION.in_color(palette::PASS);
        action.extend(layout.lines(&Text::from(noted.as_str()), look, width));
    }
    let (expect_x, expect_width) = columns.expect;
    let mut expect = layout.lines(&step.expect, EXPECT, expect_width);
    if !step.back.is_empty() {
        expect.extend(layout.lines(&step.back, CAPTION, expect_width));
    }
    let cells = [
        GridCell { tag: no, x: 23.0, right: None, lines: number },
        GridCell { tag: what, x, right: None, lines: action },
        GridCell { tag: expected, x: expect_x, right: None, lines: expect },
    ];
    let tip = format!("Step {}: {}", step.number, step.action);
    let place = ([4.5, 8.6], 10.0);
    let mut extras = tick_box(layout, place, step.done.is_some(), (&step.id, &tip), no);
    let blank = Field::default();
    let fields = step.fields.iter().chain(std::iter::repeat(&blank));
    for (field, ((x, width), parent)) in fields.zip(columns.write.into_iter().zip(written)) {
        let tip = format!("Step {}, {}", step.number, field.label.to_lowercase());
        let place = ([x, 22.0], width);
        extras.extend(write_line(layout, place, &field.value, (&field.id, &tip), parent));
    }
    layout.ruled(&cells, Padding { top: 6.8, bottom: 6.6, least: 38.0 }, Some(extras));
}
