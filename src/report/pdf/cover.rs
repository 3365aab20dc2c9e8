//! The cover and the list of contents.

use super::{
    blocks::{BODY, Layout, SMALL, strong},
    palette,
    profile::Logo,
    strip::{Anchor, GridCell, Item, Padding, Strip, row},
    tags::{ARTIFACT, Role},
    text::Look,
};
use crate::report::document::{Document, Text};

/// The consultant's logo is at most as large as this, in points.
const LOGO: [f32; 2] = [150.0, 48.0];

/// The cover.
pub(super) fn cover(layout: &mut Layout<'_>, document: &Document, logo: Option<&Logo>) {
    let outside = layout.tags.enter(Role::Sect);
    let mut head = Strip { height: 56.0, ..Strip::default() };
    if let Some(logo) = logo {
        let scale = (LOGO[0] / logo.width as f32).min(LOGO[1] / logo.height as f32);
        let (width, height) = (logo.width as f32 * scale, logo.height as f32 * scale);
        let tag = layout.tags.here();
        let tag = layout.tags.spoken(Role::Figure, tag, logo.alt.as_str());
        let rect = [layout.width - width, 0.0, width, height];
        head.items = vec![Item::Tag(tag), Item::Logo { rect }, Item::Tag(ARTIFACT)];
    }
    layout.strips.push(head);
    let client = Look { size: 11.0, leading: 15.0, ..BODY.in_color(palette::ACCENT) };
    if document.client != document.subtitle {
        layout.text(&Text::strong(document.client.as_str()), client, 0.0, 0.0);
    }
    layout.text(&Text::from(document.title.as_str()), strong(30.0, 37.0), 0.0, 6.0);
    let subtitle = Look { size: 15.0, leading: 20.0, ..BODY.in_color(palette::WEAK) };
    layout.text(&Text::from(document.subtitle.as_str()), subtitle, 0.0, 4.0);
    layout.facts(std::slice::from_ref(&document.cover.verdict), 26.0);
    layout.strips.push(Strip { height: 18.0, ..Strip::default() });
    layout.key_value(&document.cover.facts);
    layout.tags.go(outside);
}

/// The list of contents: the anchors of all strips that stand after it.
pub(super) fn contents(layout: &mut Layout<'_>, entries: &[(usize, Anchor)]) {
    let outside = layout.tags.enter(Role::Sect);
    layout.strips.push(Strip { height: 30.0, ..Strip::default() });
    layout.text(&Text::from("Contents"), strong(12.0, 16.0), 0.0, 0.0);
    layout.strips.push(Strip { height: 4.0, keep: true, ..Strip::default() });
    let list = layout.tags.leaf(Role::Toc);
    for (index, entry) in entries {
        let line = layout.tags.add(Role::Toci, list);
        let words = [entry.number.as_str(), entry.title.as_str()].join(" ");
        let tag = layout.tags.spoken(Role::Link, line, words.trim());
        let top = entry.level == 1;
        let look = if top { Look { size: 9.5, leading: 13.0, ..BODY } } else { SMALL };
        let look = if top { look } else { look.in_color(palette::WEAK) };
        let (number_x, x) = if top { (0.0, 24.0) } else { (24.0, 52.0) };
        let number = Text::from(entry.number.as_str());
        let number = layout.lines(&number, look.in_color(palette::ACCENT), 40.0);
        let width = layout.width - x - 40.0;
        let title = layout.lines(&Text::from(entry.title.as_str()), look, width);
        let mut cells = Vec::new();
        if !entry.number.is_empty() {
            cells.push(GridCell { tag, x: number_x, right: None, lines: number });
        }
        cells.push(GridCell { tag, x, right: None, lines: title });
        // Many entries stand closer, so that they end on the page.
        let air = if entries.len() > 20 { 1.3 } else { 2.6 };
        let padding = Padding { top: if top { air } else { 0.6 }, bottom: 0.6, least: 0.0 };
        let mut strips = row(&cells, padding, layout.body);
        let at = [layout.width, padding.top + look.base_line()];
        let rect = [0.0, 0.0, layout.width, strips[0].height];
        strips[0].items.extend([
            Item::Tag(tag),
            Item::PageOf { at, anchor: *index, look },
            Item::Link { rect, anchor: *index },
        ]);
        layout.strips.append(&mut strips);
    }
    layout.tags.go(outside);
}
