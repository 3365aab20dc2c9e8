//! Sites, segments and the Internet.

use super::{Draft, telling, words};
use crate::{
    diagram::{
        geometry::{Area, area, pt},
        ink::Ink,
        layout::{SEGMENT_HEAD, SITE_HEAD},
        scene::{
            Align, Item, Kind, Lens, Level, Mark, Seen, Shape, Stroke, Words, dashed, line, solid,
        },
        symbols,
        text::{Cut, Face, fitted},
    },
    model::{
        ObjectId,
        dns::{RecordData, ViewKind},
        id::SiteId,
        site::SegmentKind,
    },
};

pub(super) fn draw(draft: &mut Draft<'_>) {
    let sites = draft.places.sites.clone();
    let all = &draft.topology.sites;
    let names = || {
        let named = sites.iter().filter_map(|(id, bounds)| Some((all.get(id)?, bounds)));
        named.map(|(site, bounds)| (site.name.as_str(), bounds.width() - 32.0))
    };
    let cuts = [NEAR, FAR].map(|size| telling(names(), (Face::SemiBold, size), Cut::End));
    for (id, bounds) in &sites {
        site(draft, id, *bounds, cuts);
    }
    segments(draft);
    internet(draft);
}

fn edge_of(mark: Mark, lens: Lens) -> Stroke {
    match (lens, mark) {
        (Lens::Difference, Mark::Added) => line(Ink::Good, 2.4),
        (Lens::Difference, Mark::Removed) => dashed(Ink::Error, 2.0, 6.0, 5.0),
        _ => line(Ink::SiteLine, 1.4),
    }
}

/// The font sizes of a site's name from near and from afar.
const NEAR: f32 = 15.0;
const FAR: f32 = 34.0;

fn site(draft: &mut Draft<'_>, id: &SiteId, bounds: Area, cuts: [Cut; 2]) {
    let mut item = draft.item(Kind::Site, &ObjectId::Site(id.clone()), bounds);
    item.draw(Shape::Box {
        area: bounds,
        radius: 10.0,
        fill: solid(Ink::Site),
        stroke: Some(edge_of(item.mark, draft.lens)),
    });
    let room = bounds.width() - 32.0;
    let at = bounds.min;
    let near = Seen::From(Level::Near);
    let title =
        words(&item.name, at.moved(16.0, 26.0), (Face::SemiBold, NEAR, Ink::Text), room, cuts[0]);
    item.label = area(at.x + 12.0, at.y + 9.0, room + 8.0, 24.0);
    draft.taken.take(title.bounds());
    // Labels keep off the edges, too.
    let corners = bounds.corners();
    for (a, b) in corners.iter().zip(corners.iter().cycle().skip(1)) {
        draft.taken.take(Area { min: *a, max: *a }.with(Area { min: *b, max: *b }).grown(1.5));
    }
    item.draw_at(near, Shape::Words(title));
    let large =
        words(&item.name, at.moved(18.0, 42.0), (Face::SemiBold, FAR, Ink::Text), room, cuts[1]);
    item.draw_at(Seen::Until(Level::Middle), Shape::Words(large));
    let facts = site_facts(draft, id);
    let below = words(
        &facts.join(" · "),
        at.moved(16.0, 43.0),
        (Face::Sans, 11.5, Ink::Weak),
        room,
        Cut::End,
    );
    if !below.text.is_empty() {
        draft.taken.take(below.bounds());
        item.draw_at(near, Shape::Words(below));
    }
    if draft.topology.segments.values().all(|s| s.site != *id) {
        let text = "no segment entered";
        let hint = words(
            text,
            at.moved(16.0, SITE_HEAD + 24.0),
            (Face::Sans, 11.5, Ink::Weak),
            room,
            Cut::End,
        );
        item.draw_at(Seen::From(Level::Near), Shape::Words(hint));
    }
    draft.push(item, "Site", &facts);
}

fn site_facts(draft: &Draft<'_>, id: &SiteId) -> Vec<String> {
    let topology = draft.topology;
    let users: u64 = topology
        .mailboxes
        .values()
        .filter(|m| m.users_at.as_ref() == Some(id))
        .map(|m| u64::from(m.count))
        .sum();
    let mut facts = Vec::new();
    match users {
        0 => {}
        1 => facts.push("1 user".to_owned()),
        n => facts.push(format!("{n} users")),
    }
    let subnets = topology.segments.values().filter(|s| s.site == *id).flat_map(|s| &s.subnets);
    let subnets: Vec<String> = subnets.map(ToString::to_string).collect();
    if !subnets.is_empty() {
        facts.push(subnets.join(", "));
    }
    let asked = topology.sites.get(id).and_then(|site| site.resolvers.as_ref());
    let asked: Vec<String> = asked
        .into_iter()
        .flatten()
        .filter_map(|r| topology.resolvers.get(r))
        .map(|r| r.addresses.first().map_or_else(|| r.name.clone(), ToString::to_string))
        .collect();
    if !asked.is_empty() {
        facts.push(format!("asks DNS {}", asked.join(", ")));
    }
    facts
}

fn segments(draft: &mut Draft<'_>) {
    for (id, within) in draft.places.segments.clone() {
        let Some(segment) = draft.topology.segments.get(&id) else { continue };
        let many = draft.topology.segments.values().filter(|s| s.site == segment.site).count() > 1;
        let bounds = Area {
            min: within.min.moved(0.0, if many { -SEGMENT_HEAD } else { 0.0 }),
            max: within.max,
        };
        let mut item = draft.item(Kind::Segment, &ObjectId::Segment(id.clone()), bounds);
        let subnets: Vec<String> = segment.subnets.iter().map(ToString::to_string).collect();
        let joined = subnets.join(", ");
        let kind = match segment.kind {
            SegmentKind::Lan => "",
            SegmentKind::Perimeter => "perimeter network",
        };
        let site = draft.topology.sites.get(&segment.site).map_or("", |s| &s.name);
        let said = [kind.to_owned(), format!("in {site}"), joined.clone()];
        if many {
            let stroke = match segment.kind {
                SegmentKind::Lan => line(Ink::Line, 1.0),
                SegmentKind::Perimeter => dashed(Ink::SiteLine, 1.2, 3.0, 3.0),
            };
            item.draw(Shape::Box { area: bounds, radius: 8.0, fill: None, stroke: Some(stroke) });
            let facts: Vec<&str> = [kind, &joined].into_iter().filter(|s| !s.is_empty()).collect();
            let text = if facts.is_empty() {
                item.name.clone()
            } else {
                format!("{} · {}", item.name, facts.join(" · "))
            };
            let look = (Face::Sans, 11.0, Ink::Weak);
            let label =
                words(&text, bounds.min.moved(10.0, 15.0), look, bounds.width() - 20.0, Cut::End);
            draft.taken.take(label.bounds());
            item.label = area(bounds.min.x + 6.0, bounds.min.y + 2.0, bounds.width() - 12.0, 20.0);
            item.draw_at(Seen::From(Level::Near), Shape::Words(label));
        } else {
            item.label = area(bounds.min.x, bounds.min.y, bounds.width(), 20.0);
        }
        draft.push(item, "Segment", &said);
    }
}

fn internet(draft: &mut Draft<'_>) {
    let bounds = draft.places.internet;
    let mut item = Item::new(Kind::Internet, None, "Internet", bounds);
    for shape in symbols::cloud(bounds) {
        item.draw(shape);
    }
    let middle = bounds.centre().x;
    let mx = exchangers(draft);
    let y = bounds.min.y + if mx.is_empty() { 58.0 } else { 45.0 };
    let title = |y: f32, size: f32| {
        Shape::Words(Words {
            at: pt(middle, y),
            align: Align::Middle,
            text: "Internet".to_owned(),
            face: Face::SemiBold,
            size,
            ink: Ink::Text,
        })
    };
    item.draw_at(Seen::From(Level::Near), title(y, 14.0));
    item.draw_at(Seen::Until(Level::Middle), title(bounds.min.y + 62.0, 30.0));
    let text = fitted(&mx, Face::Mono, 10.5, bounds.width() - 34.0, Cut::End);
    if !text.is_empty() {
        let words = Words {
            at: pt(middle, y + 17.0),
            align: Align::Middle,
            text,
            face: Face::Mono,
            size: 10.5,
            ink: Ink::Weak,
        };
        item.draw_at(Seen::From(Level::Near), Shape::Words(words));
    }
    draft.taken.take(bounds);
    draft.push(item, "Internet", &[mx]);
}

/// The mail exchangers that the outside sees, as in `MX 10 mx1 · 20 mx2`.
fn exchangers(draft: &Draft<'_>) -> String {
    let views = &draft.topology.views;
    let outside =
        draft.topology.records.iter().filter(|(id, _)| {
            views.get(&id.zone.view).is_some_and(|v| v.kind == ViewKind::Outside)
        });
    let mut all: Vec<String> = Vec::new();
    for (_, set) in outside {
        let RecordData::Mx(list) = &set.data else { continue };
        for mx in list {
            let host = mx.exchange.as_str().split('.').next().unwrap_or_default();
            let text = format!("{} {host}", mx.preference);
            if !all.contains(&text) {
                all.push(text);
            }
        }
    }
    if all.is_empty() { String::new() } else { format!("MX {}", all.join(" · ")) }
}
