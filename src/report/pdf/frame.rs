//! What stands on every page around its body: head, foot, number.

use super::{
    flow::{Page, Pages, Place},
    fonts::{Face, Fonts},
    marks, palette,
    strip::Item,
    text::{Line, Look, line, wrap},
};
use crate::report::document::{Document, Text};
use std::sync::Arc;

/// The left and upper edge of the body in points.
pub(super) const ORIGIN: [f32; 2] = [57.0, 66.0];
/// What lies below the body, in points.
const BELOW: f32 = 64.0;
const HEAD: Look = Look { face: Face::Regular, size: 8.5, leading: 11.0, color: palette::WEAK };
const FOOT: Look = Look { face: Face::Regular, size: 8.0, leading: 11.0, color: palette::WEAK };

/// The width and height of the body of a page of that size, in points.
pub(super) fn body([width, height]: [f32; 2]) -> [f32; 2] {
    [width - 2.0 * ORIGIN[0], height - ORIGIN[1] - BELOW]
}

/// Head and foot of a page; the cover has no head.
pub(super) fn frame(
    fonts: &mut Fonts,
    document: &Document,
    pages: &Pages,
    at: usize,
    [width, height]: [f32; 2],
) -> Vec<Item> {
    let (left, right) = (ORIGIN[0], width - ORIGIN[0]);
    let half = (right - left) / 2.0;
    let mut items = Vec::new();
    if at > 0 {
        let client = fitted(fonts, &document.client, HEAD, half - 10.0);
        items.push(Item::Words { at: [left, 40.0], line: client });
        if let Some((number, title)) = &pages.pages[at].section {
            let title = fitted(fonts, &format!("{number}  {title}"), HEAD, half - 10.0);
            items.push(Item::Words { at: [right - title.width, 40.0], line: title });
        }
        items.push(marks::rule([left, 48.0], [right, 48.0], palette::RULE, 0.8));
    }
    let y = height - 36.0;
    items.push(marks::rule([left, y - 14.0], [right, y - 14.0], palette::RULE, 0.8));
    let foot = fitted(fonts, &document.footer, FOOT, right - left - 80.0);
    items.push(Item::Words { at: [left, y], line: foot });
    let number = format!("Page {} of {}", at + 1, pages.pages.len());
    let number = line(fonts, &Text::from(number), &FOOT);
    items.push(Item::Words { at: [right - number.width, y], line: number });
    items
}

/// The page numbers of a list of contents become words.
pub(super) fn number(fonts: &mut Fonts, places: &[Place], page: &mut Page) {
    for item in page.placed.iter_mut().flat_map(|(_, items)| items) {
        if let Item::PageOf { at: [right, base], anchor, look } = item {
            let number = places.get(*anchor).map_or_else(String::new, |p| (p.page + 1).to_string());
            let words = line(fonts, &Text::from(number), look);
            *item = Item::Words { at: [*right - words.width, *base], line: words };
        }
    }
}

/// A text on one line, cut off with an ellipsis where it is too long.
fn fitted(fonts: &mut Fonts, text: &str, look: Look, width: f32) -> Arc<Line> {
    // Longer than any head: shaping a novel would only cost time.
    let short: String = text.chars().take(200).collect();
    let lines = wrap(fonts, &Text::from(short.as_str()), &look, width);
    if lines.len() == 1 && short.len() == text.len() {
        return Arc::clone(&lines[0]);
    }
    let first = wrap(fonts, &Text::from(short.as_str()), &look, width - 9.0);
    let mut line: Line = (*first[0]).clone();
    let mut dots = super::text::line(fonts, &Text::from("…"), &look).runs.clone();
    for run in &mut dots {
        run.x = line.width;
    }
    line.runs.extend(dots);
    line.width += 8.0;
    Arc::new(line)
}
