//! Tables: columns as wide as their content asks for, heads shown again on every page.

use super::{
    blocks::{Layout, SMALL},
    fonts::Face,
    marks, palette,
    strip::{GridCell, Item, Padding, Strip, row},
    tags::{ARTIFACT, Role, TagId},
    text::{Look, widths},
};
use crate::report::document::{Table, Text};
use std::sync::Arc;

/// The space between a column's edges and its text.
const GAP: f32 = 6.0;
/// What a mark takes of its cell.
const MARK: f32 = 15.0;
const PADDING: Padding = Padding { top: 4.0, bottom: 4.2, least: 19.0 };
/// As many rows as this are measured; the others follow them.
const MEASURED: usize = 400;

/// A word that is longer than this, in points, may be broken and turns no page.
const WORD_MAX: f32 = 150.0;

/// What a column asks for, in points, its gaps included.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Wish {
    /// So that no word is broken.
    pub(super) least: f32,
    /// So that no line is broken.
    pub(super) most: f32,
}

/// Lays a table out; one that is too wide for a page that is higher than wide turns its pages.
pub(super) fn table(layout: &mut Layout<'_>, table: &Table) {
    if table.rows.is_empty() {
        let text = Text::weak(table.empty.as_str());
        let lines = layout.lines(&text, SMALL, layout.width - 2.0 * GAP);
        let tag = layout.tags.leaf(Role::P);
        let cells = [GridCell { tag, x: GAP, right: None, lines }];
        layout.ruled(&cells, PADDING, None);
        return;
    }
    let wishes: Vec<Wish> = (0..table.columns.len()).map(|at| wish(layout, table, at)).collect();
    let needed: f32 = wishes.iter().map(|w| w.least.min(WORD_MAX)).sum();
    let turned = layout.wide.filter(|wide| needed > layout.width && wide[0] > layout.width);
    let upright = [layout.width, layout.body];
    let first = layout.strips.len();
    if let Some(wide) = turned {
        [layout.width, layout.body] = wide;
    }
    rows(layout, table, &share(&wishes, layout.width));
    if turned.is_some() {
        [layout.width, layout.body] = upright;
        layout.turn(first);
    }
}

fn rows(layout: &mut Layout<'_>, table: &Table, columns: &[f32]) {
    let whole = layout.tags.leaf(Role::Table);
    let head = head(layout, table, columns, whole);
    // Shown again it says nothing new.
    let again = Arc::new(head.as_artifact());
    layout.strips.push(Strip { before: 8.0, keep: true, ..head });
    let count = table.rows.len();
    for (at, cells) in table.rows.iter().enumerate() {
        let row = layout.tags.add(Role::Tr, whole);
        let mut extras: Vec<Item> = Vec::new();
        let mut grid = Vec::with_capacity(cells.len());
        let mut x = 0.0;
        for (cell, (column, width)) in cells.iter().zip(table.columns.iter().zip(columns)) {
            // Names, and the first cell alone.
            let role = if table.row_heads && grid.is_empty() { Role::ThRow } else { Role::Td };
            let tag = layout.tags.add(role, row);
            let inset = GAP + if cell.mark.is_some() { MARK } else { 0.0 };
            let mut lines = Vec::new();
            for text in &cell.lines {
                lines.extend(layout.lines(text, SMALL, width - inset - GAP));
            }
            if let Some(mark) = cell.mark {
                let spoken = layout.tags.spoken(Role::Figure, tag, marks::spoken(mark));
                extras.push(Item::Tag(spoken));
                extras.extend(marks::mark(mark, [x + GAP + 5.0, PADDING.top + 5.9], 5.0));
            }
            let right = column.right.then_some(x + width - GAP);
            grid.push(GridCell { tag, x: x + inset, right, lines });
            x += width;
        }
        extras.push(Item::Tag(ARTIFACT));
        let first = layout.strips.len();
        let limit = layout.body;
        layout.body = limit - again.height;
        layout.ruled(&grid, PADDING, Some(extras));
        layout.body = limit;
        for strip in &mut layout.strips[first..] {
            strip.head = Some(Arc::clone(&again));
        }
        // A table's last row does not stand alone on a page.
        if at + 2 == count
            && let Some(strip) = layout.strips.last_mut()
        {
            strip.keep = true;
        }
    }
}

fn head(layout: &mut Layout<'_>, table: &Table, columns: &[f32], whole: TagId) -> Strip {
    let look = head_look();
    let line = layout.tags.add(Role::Tr, whole);
    let mut grid = Vec::new();
    let mut x = 0.0;
    for (column, width) in table.columns.iter().zip(columns) {
        let tag = layout.tags.add(Role::ThColumn, line);
        let text = Text::from(column.title.as_str());
        let lines = layout.lines(&text, look, width - 2.0 * GAP);
        let right = column.right.then_some(x + width - GAP);
        grid.push(GridCell { tag, x: x + GAP, right, lines });
        x += width;
    }
    let mut strips = row(&grid, Padding { top: 3.4, bottom: 3.6, least: 18.0 }, layout.body / 3.0);
    let mut strip = strips.swap_remove(0);
    let size = [layout.width, strip.height];
    strip.items.insert(0, marks::panel([0.0, 0.0], size, 0.0, palette::GROUND, None));
    strip
}

fn head_look() -> Look {
    Look { face: Face::Strong, ..SMALL.in_color(palette::WEAK) }
}

fn wish(layout: &mut Layout<'_>, table: &Table, at: usize) -> Wish {
    let title = Text::from(table.columns[at].title.as_str());
    let (whole, word) = widths(layout.fonts, &title, &head_look());
    let mut wish = Wish { least: word + 2.0 * GAP, most: whole + 2.0 * GAP };
    for cell in table.rows.iter().take(MEASURED).filter_map(|row| row.get(at)) {
        for text in &cell.lines {
            let (whole, word) = widths(layout.fonts, text, &SMALL);
            let gaps = 2.0 * GAP + if cell.mark.is_some() { MARK } else { 0.0 };
            wish.least = wish.least.max(word + gaps);
            wish.most = wish.most.max(whole + gaps);
        }
    }
    // Half a point for rounding: a line that just fits is not broken.
    Wish { least: wish.least + 0.5, most: wish.most + 0.5 }
}

/// Shares a width out among columns.
pub(super) fn share(wishes: &[Wish], width: f32) -> Vec<f32> {
    let least: f32 = wishes.iter().map(|w| w.least).sum();
    let most: f32 = wishes.iter().map(|w| w.most).sum();
    if most <= width {
        // What is left over goes to all in proportion, so that the table fills the column.
        return wishes.iter().map(|w| w.most * width / most.max(1.0)).collect();
    }
    if least <= width {
        return fill(wishes, width - least);
    }
    // Words are broken somewhere: only in the columns that ask for more than their even share.
    let mut widths = vec![0.0; wishes.len()];
    let mut open: Vec<usize> = (0..wishes.len()).collect();
    let mut left = width;
    loop {
        let even = left / open.len().max(1) as f32;
        let (small, large): (Vec<usize>, Vec<usize>) =
            open.iter().partition(|at| wishes[**at].least <= even);
        if small.is_empty() || large.is_empty() {
            for at in open {
                widths[at] = even;
            }
            return widths;
        }
        for at in small {
            widths[at] = wishes[at].least;
            left -= wishes[at].least;
        }
        open = large;
    }
}

/// Every column keeps its words whole; what is left is shared out evenly, but nobody is given more
/// than it asked for: so short columns stay on one line and the long ones take the rest.
fn fill(wishes: &[Wish], left: f32) -> Vec<f32> {
    let mut widths: Vec<f32> = wishes.iter().map(|w| w.least).collect();
    let mut left = left;
    for _ in 0..=wishes.len() {
        let open = |at: &usize| widths[*at] + 0.01 < wishes[*at].most;
        let open: Vec<usize> = (0..wishes.len()).filter(open).collect();
        if open.is_empty() || left <= 0.01 {
            break;
        }
        let share = left / open.len() as f32;
        for at in open {
            let more = share.min(wishes[at].most - widths[at]);
            widths[at] += more;
            left -= more;
        }
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(least: f32, most: f32) -> Wish {
        Wish { least, most }
    }

    #[test]
    fn columns_always_share_the_whole_width_and_no_more() {
        let cases: &[&[Wish]] = &[
            &[wish(20.0, 40.0), wish(30.0, 60.0)],
            &[wish(50.0, 300.0), wish(60.0, 900.0), wish(20.0, 25.0)],
            &[wish(9000.0, 90_000.0), wish(40.0, 80.0), wish(5000.0, 5000.0)],
        ];
        for wishes in cases {
            let sum: f32 = share(wishes, 481.0).iter().sum();
            assert!((sum - 481.0).abs() < 0.5, "{wishes:?} gave {sum}");
        }
    }

    #[test]
    fn a_long_word_does_not_starve_the_short_columns() {
        let widths = share(&[wish(9000.0, 9000.0), wish(60.0, 80.0)], 481.0);
        assert!(widths[1] >= 60.0 && widths[0] > 300.0, "{widths:?}");
    }
}
