//! The hulls of routing groups.

use super::{Draft, pill, pill_size};
use crate::{
    diagram::{
        geometry::{Area, area, around, pt, rounded_loop},
        hull,
        ink::Ink,
        scene::{
            Align, Fill, Item, Kind, Lens, Level, Mark, Seen, Shape, Stroke, Words, dashed, line,
            solid,
        },
        text::{Cut, Face, fitted, width},
    },
    model::{
        ObjectId,
        connector::GroupKind,
        dns::Place,
        id::{GroupId, SegmentId},
    },
};
use std::collections::BTreeMap;

pub(super) fn draw(draft: &mut Draft<'_>) {
    let ids: Vec<GroupId> = draft.topology.groups.keys().cloned().collect();
    for id in ids {
        let empty = draft.places.empty_groups.get(&id).map(|bounds| (vec![*bounds], 0));
        let (parts, members) = empty.unwrap_or_else(|| parts(draft, &id));
        group(draft, &id, parts, members);
    }
}

fn parts(draft: &Draft<'_>, id: &GroupId) -> (Vec<Area>, usize) {
    let mut containers: BTreeMap<Option<SegmentId>, Vec<Area>> = BTreeMap::new();
    let mut others = Vec::new();
    let mut members = 0;
    for (object, card) in &draft.places.cards {
        let server = match object {
            ObjectId::Server(server) => draft.topology.servers.get(server),
            _ => None,
        };
        match server.filter(|s| s.group.as_ref() == Some(id)) {
            Some(server) => {
                let segment = match &server.place {
                    Place::Segment(segment) => Some(segment.clone()),
                    Place::Internet => None,
                };
                containers.entry(segment).or_default().push(*card);
                members += 1;
            }
            None => others.push(*card),
        }
    }
    let containers: Vec<_> = containers
        .into_iter()
        .map(|(segment, cards)| {
            let room = segment.and_then(|s| draft.places.blocks.get(&(id.clone(), s)).copied());
            (cards, room)
        })
        .collect();
    (hull::parts(&containers, &others), members)
}

fn edge(draft: &Draft<'_>, item: &Item, ink: Ink) -> Stroke {
    match (draft.lens, item.mark) {
        (Lens::Difference, Mark::Added) => line(ink, 2.2),
        (Lens::Difference, Mark::Removed) => dashed(Ink::Error, 1.5, 3.0, 5.0),
        _ => dashed(ink, 1.5, 6.0, 4.0),
    }
}

fn group(draft: &mut Draft<'_>, id: &GroupId, parts: Vec<Area>, members: usize) {
    let ink = draft.inks.get(id).copied().unwrap_or(Ink::Group(0));
    let bounds = parts.iter().copied().reduce(Area::with).unwrap_or_default();
    let mut item = draft.item(Kind::Group, &ObjectId::Group(id.clone()), bounds);
    let stroke = edge(draft, &item, ink);
    let cover = Some(Fill { ink, cover: 0.06 });
    let whole = hull::outlines(&parts);
    match parts[..] {
        [only] => item.draw(Shape::Box { area: only, radius: 16.0, fill: cover, stroke: None }),
        _ => {
            for tile in hull::tiles(&parts) {
                item.draw(Shape::Box { area: tile, radius: 0.0, fill: cover, stroke: None });
            }
        }
    }
    for corners in whole {
        let points = rounded_loop(&corners, 16.0);
        item.draw(Shape::Line { points, closed: true, fill: None, stroke: Some(stroke) });
    }
    if members == 0 {
        let text = fitted("no servers", Face::Sans, 11.5, bounds.width() - 20.0, Cut::End);
        let at = bounds.centre().moved(0.0, 4.0);
        let words =
            Words { at, align: Align::Middle, text, face: Face::Sans, size: 11.5, ink: Ink::Weak };
        item.draw_at(Seen::From(Level::Near), Shape::Words(words));
    }
    let kind = draft.topology.groups.get(id).map(|g| g.kind).unwrap_or_default();
    let hub = draft.topology.groups.get(id).is_some_and(|g| g.hub);
    let kind = match kind {
        GroupKind::RoutingGroup => "Routing group",
        GroupKind::DirectorySite if hub => "AD site (hub)",
        GroupKind::DirectorySite => "AD site",
    };
    label(draft, &mut item, &parts, (ink, kind));
    item.parts = parts;
    let count = match members {
        0 => "no servers".to_owned(),
        1 => "1 server".to_owned(),
        n => format!("{n} servers"),
    };
    draft.push(item, kind, &[count]);
}

/// The label sits on the upper edge of the uppermost part, at its left end.
fn label(draft: &mut Draft<'_>, item: &mut Item, parts: &[Area], (ink, kind): (Ink, &str)) {
    let order = |a: &&Area, b: &&Area| {
        (a.min.y, a.min.x).partial_cmp(&(b.min.y, b.min.x)).unwrap_or(std::cmp::Ordering::Equal)
    };
    let Some(first) = parts.iter().filter(|p| p.width() > 60.0).min_by(order).or(parts.first())
    else {
        return;
    };
    let text = format!("{kind}: {}", item.name);
    let (wide, _) = pill_size(&text, (first.width() - 28.0).max(90.0));
    let place = area(first.min.x + 14.0, first.min.y - 10.0, wide, 20.0);
    item.label = place;
    item.bounds =
        around(&[item.bounds.min, item.bounds.max, place.min, place.max]).unwrap_or(item.bounds);
    for drawn in pill(place, &text, ink, Ink::Site, 1.2) {
        item.draw_at(drawn.seen, drawn.shape);
    }
    large_label(item, first, ink);
    draft.taken.take(place);
}

/// From afar the name alone, larger.
fn large_label(item: &mut Item, first: &Area, ink: Ink) {
    const LARGE: f32 = 20.0;
    let name =
        fitted(&item.name, Face::SemiBold, LARGE, (first.width() - 40.0).max(60.0), Cut::Middle);
    let wide = width(&name, Face::SemiBold, LARGE) + 12.0;
    let ground = area(first.min.x + 14.0, first.min.y - 13.0, wide, 26.0);
    let fill = solid(Ink::Site);
    item.draw_at(
        Seen::Only(Level::Middle),
        Shape::Box { area: ground, radius: 8.0, fill, stroke: None },
    );
    let at = pt(ground.min.x + 6.0, ground.max.y - 6.0);
    let words =
        Words { at, align: Align::Start, text: name, face: Face::SemiBold, size: LARGE, ink };
    item.draw_at(Seen::Only(Level::Middle), Shape::Words(words));
}
