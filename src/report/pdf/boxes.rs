//! Blocks with a ground of their own or something to fill in: checklists, notes, commands, signatures.

use super::{
    blocks::{BODY, CAPTION, Layout, strong},
    fonts::Face,
    form::{tick_box, write_line},
    marks, palette,
    strip::{GridCell, Item, Padding, Strip, row},
    tags::{ARTIFACT, Role, TagId},
    text::Look,
};
use crate::report::document::{CheckItem, Checklist, Note, Signature, Text};

/// As many parties sign beside each other.
const ABREAST: usize = 3;
const TIGHT: Padding = Padding { top: 0.0, bottom: 0.0, least: 0.0 };

/// An item of a list of boxes: its node, that of its box and number, that of its words.
fn item(layout: &mut Layout<'_>, list: TagId) -> [TagId; 2] {
    let item = layout.tags.add(Role::Li, list);
    [layout.tags.add(Role::Lbl, item), layout.tags.add(Role::LBody, item)]
}

/// The box of an item.
fn box_of(
    layout: &mut Layout<'_>,
    place: ([f32; 2], f32),
    item: &CheckItem,
    parent: TagId,
) -> Vec<Item> {
    let tip = item.text.plain();
    tick_box(layout, place, item.done, (&item.id, &tip), parent)
}

/// Boxes to tick, numbered, with who and by when at the right.
pub(super) fn tasks(layout: &mut Layout<'_>, list: &Checklist) {
    let outside = layout.tags.enter(Role::L);
    let whole = layout.tags.here();
    let weak = Look { size: 9.0, ..BODY.in_color(palette::WEAK) };
    let count = list.items.len();
    for (at, one) in list.items.iter().enumerate() {
        let [label, body] = item(layout, whole);
        let aside = if one.who.is_empty() && one.when.is_empty() { 0.0 } else { 190.0 };
        let number = Text::from((at + 1).to_string());
        let number = layout.lines(&number, weak.in_face(Face::Strong), 20.0);
        let text = layout.lines(&one.text, BODY, layout.width - 34.0 - aside);
        let who = layout.lines(&Text::from(one.who.as_str()), weak, 86.0);
        let when = layout.lines(&Text::from(one.when.as_str()), weak, 88.0);
        let cells = [
            GridCell { tag: label, x: 17.0, right: None, lines: number },
            GridCell { tag: body, x: 34.0, right: None, lines: text },
            GridCell { tag: body, x: layout.width - 182.0, right: None, lines: who },
            GridCell { tag: body, x: 0.0, right: Some(layout.width), lines: when },
        ];
        let drawn = box_of(layout, ([0.5, 5.8], 9.0), one, label);
        layout.ruled(&cells, Padding { top: 4.0, bottom: 4.2, least: 20.0 }, Some(drawn));
        // Neither the first nor the last item stands alone on a page.
        if count > 1
            && (at == 0 || at + 2 == count)
            && let Some(strip) = layout.strips.last_mut()
        {
            strip.keep = true;
        }
    }
    layout.tags.go(outside);
}

/// The box that is read aloud before the first step.
pub(super) fn pause(layout: &mut Layout<'_>, list: &Checklist) {
    let outside = layout.tags.enter(Role::Div);
    let head = layout.tags.leaf(Role::P);
    let whole = layout.tags.leaf(Role::L);
    let width = layout.width;
    let title = layout.lines(&Text::from(list.title.as_str()), strong(10.5, 14.0), width * 0.7);
    let aside = layout.lines(&Text::from(list.aside.as_str()), CAPTION, width * 0.26);
    let head = [
        GridCell { tag: head, x: 12.0, right: None, lines: title },
        GridCell { tag: head, x: 0.0, right: Some(width - 12.0), lines: aside },
    ];
    let mut inner = row(&head, Padding { top: 9.0, bottom: 3.0, least: 0.0 }, layout.body);
    for one in &list.items {
        let [label, body] = item(layout, whole);
        let text = layout.lines(&one.text, BODY, width - 42.0);
        let cells = [GridCell { tag: body, x: 29.0, right: None, lines: text }];
        let padding = Padding { top: 1.8, bottom: 1.8, least: 0.0 };
        let mut strips = row(&cells, padding, layout.body - 20.0);
        let drawn = box_of(layout, ([12.5, 4.0], 8.5), one, label);
        strips[0].items.extend(drawn);
        inner.append(&mut strips);
    }
    inner.push(Strip { height: 8.0, ..Strip::default() });
    boxed(layout, inner, 10.0, |size| marks::panel([0.0, 0.0], size, 4.0, palette::GROUND, None));
    layout.tags.go(outside);
}

/// Strips on one ground: as a single strip where it fits on a page, strip by strip otherwise.
fn boxed(
    layout: &mut Layout<'_>,
    inner: Vec<Strip>,
    before: f32,
    ground: impl Fn([f32; 2]) -> Item,
) {
    let (room, width) = (layout.body, layout.width);
    let mut whole = Strip { before, ..Strip::default() };
    let mut items = Vec::new();
    let mut finish = |whole: &mut Strip, items: &mut Vec<Item>| {
        let mut all = vec![ground([width, whole.height])];
        all.append(items);
        layout.strips.push(Strip { items: all, ..std::mem::take(whole) });
    };
    for strip in inner {
        if whole.height + strip.height > room {
            finish(&mut whole, &mut items);
        }
        // What one strip says of its items does not hold for the next.
        items.push(Item::Tag(ARTIFACT));
        items.extend(strip.items.into_iter().map(|item| item.moved([0.0, whole.height])));
        whole.height += strip.height;
    }
    finish(&mut whole, &mut items);
}

/// A box with a title.
pub(super) fn note(layout: &mut Layout<'_>, note: &Note) {
    let outside = layout.tags.enter(Role::Div);
    let look = Look { size: 9.0, leading: 12.8, ..BODY };
    let title_look = Look { color: palette::ACCENT, ..strong(9.5, 13.0) };
    let width = layout.width - 24.0;
    let title = layout.lines(&Text::from(note.title.as_str()), title_look, width);
    let tag = layout.tags.leaf(Role::P);
    let cell = [GridCell { tag, x: 12.0, right: None, lines: title }];
    let mut inner = row(&cell, Padding { top: 9.0, bottom: 1.0, least: 0.0 }, layout.body);
    for text in &note.lines {
        let tag = layout.tags.leaf(Role::P);
        for line in layout.lines(text, look, width) {
            let cell = [GridCell { tag, x: 12.0, right: None, lines: vec![line] }];
            inner.extend(row(&cell, TIGHT, layout.body));
        }
        inner.push(Strip { height: 2.0, ..Strip::default() });
    }
    inner.push(Strip { height: 7.0, ..Strip::default() });
    boxed(layout, inner, 12.0, |size| {
        let edge = Some((palette::ACCENT, 1.0));
        marks::panel([0.5, 0.0], [size[0] - 1.0, size[1]], 4.0, palette::WHITE, edge)
    });
    layout.tags.go(outside);
}

/// Commands or text as typed.
pub(super) fn code(layout: &mut Layout<'_>, lines: &[String]) {
    let outside = layout.tags.enter(Role::P);
    let tag = layout.tags.leaf(Role::Code);
    let look = Look { face: Face::Mono, size: 8.0, leading: 11.6, color: palette::TEXT };
    let mut inner = vec![Strip { height: 6.0, ..Strip::default() }];
    for text in lines {
        for line in layout.lines(&Text::from(text.as_str()), look, layout.width - 20.0) {
            let cells = [GridCell { tag, x: 10.0, right: None, lines: vec![line] }];
            inner.extend(row(&cells, TIGHT, layout.body));
        }
    }
    inner.push(Strip { height: 6.0, ..Strip::default() });
    boxed(layout, inner, 6.0, |size| marks::panel([0.0, 0.0], size, 3.0, palette::GROUND, None));
    layout.tags.go(outside);
}

/// Lines to sign on, the parties side by side.
pub(super) fn sign_off(layout: &mut Layout<'_>, parties: &[Signature]) {
    let outside = layout.tags.enter(Role::Div);
    let gap = 28.0;
    // Beside each other only as long as there is room to write.
    for parties in parties.chunks(ABREAST) {
        let count = parties.len().clamp(2, ABREAST) as f32;
        let width = (layout.width - gap * (count - 1.0)) / count;
        let rows = parties.iter().map(|party| party.fields.len()).max().unwrap_or(0);
        let height = 20.0 + rows as f32 * 29.0;
        let mut strip = Strip { height, before: 14.0, ..Strip::default() };
        for (at, party) in parties.iter().enumerate() {
            let x = at as f32 * (width + gap);
            strip.items.extend(signature(layout, party, x, width));
        }
        layout.strips.push(strip);
    }
    layout.tags.go(outside);
}

fn signature(layout: &mut Layout<'_>, party: &Signature, x: f32, width: f32) -> Vec<Item> {
    let tag = layout.tags.leaf(Role::P);
    let lines = layout.lines(&Text::strong(party.party.as_str()), BODY, width);
    let title = GridCell { tag, x, right: None, lines: lines.into_iter().take(1).collect() };
    let mut items = row(&[title], TIGHT, 60.0).swap_remove(0).items;
    for (row, field) in party.fields.iter().enumerate() {
        let y = 42.0 + row as f32 * 29.0;
        let tag = layout.tags.leaf(Role::P);
        let words = layout.lines(&Text::from(field.label.as_str()), CAPTION, 46.0);
        items.push(Item::Tag(tag));
        items.extend(
            words.into_iter().take(1).map(|(line, _)| Item::Words { at: [x, y - 3.0], line }),
        );
        items.push(Item::Tag(ARTIFACT));
        let tip = format!("{}: {}", party.party, field.label.to_lowercase());
        let place = ([x + 50.0, y], width - 50.0);
        items.extend(write_line(layout, place, &field.value, (&field.id, &tip), tag));
    }
    items
}
