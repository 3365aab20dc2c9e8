//! The signs at what has findings: one at each object, for the worst, with their number.

use super::{Draft, centred};
use crate::{
    diagram::{
        geometry::{Area, Point, pt},
        ink::Ink,
        labels::{ON_THE_LINE, Taken, on_line},
        scene::{Align, Item, Kind, Lens, Level, Seen, Shape, Words},
        symbols::sign,
        text::Face,
        verdicts::{At, Verdict},
    },
    model::Subject,
    rules::rule::Severity,
};
use std::collections::HashMap;

pub(super) fn draw(draft: &mut Draft<'_>) {
    let all: Vec<(At, Verdict)> = draft.verdicts.iter().map(|(at, v)| (at.clone(), *v)).collect();
    let mut shown: HashMap<Option<Subject>, usize> = HashMap::new();
    for (i, item) in draft.items.iter().enumerate() {
        shown.entry(item.subject.clone()).or_insert(i);
    }
    let mut far = far_words(draft);
    for (at, verdict) in all {
        // Notes are quiet: they stand in the list, and on the drawing only where they are looked for.
        if verdict.worst == Severity::Note && draft.lens != Lens::Findings {
            continue;
        }
        let subject = match at {
            At::Subject(subject) => Some(subject),
            At::Internet => None,
        };
        let Some(shown) = shown.get(&subject).map(|i| &draft.items[*i]) else { continue };
        let (middle, radius) = place(shown);
        let name = shown.name.clone();
        let bounds = centred(middle, (radius * 2.0, radius * 2.0));
        let mut item = Item::new(Kind::Finding, subject, &name, bounds);
        item.spoken = format!("{} at {name}", verdict.spoken());
        let bare = verdict.count > 1 && verdict.worst == Severity::Error;
        let beside = shown.kind == Kind::Connector;
        // From afar a connector shows no pill, and the sign stands on its line.
        let seen = if beside { Seen::From(Level::Near) } else { Seen::Always };
        for shape in sign(verdict.sign(), middle, radius, bare) {
            item.draw_at(seen, shape);
        }
        if beside {
            let on = on_its_line(shown, radius, &mut far);
            for shape in sign(verdict.sign(), on, radius, bare) {
                item.draw_at(Seen::Until(Level::Middle), shape);
            }
        }
        if bare {
            let text = if verdict.count > 9 { "9+".to_owned() } else { verdict.count.to_string() };
            let size = radius * if text.len() > 1 { 1.0 } else { 1.25 };
            let at = middle.moved(0.0, radius * 0.42);
            let words = Words {
                at,
                align: Align::Middle,
                text,
                face: Face::SemiBold,
                size,
                ink: Ink::OnSign,
            };
            item.draw(Shape::Words(words));
        }
        draft.items.push(item);
    }
}

/// What is written and what stands on the drawing from afar.
fn far_words(draft: &Draft<'_>) -> Taken {
    let mut taken = Taken::default();
    draft.places.cards.values().for_each(|card| taken.take(*card));
    for drawn in draft.items.iter().flat_map(|item| &item.shapes) {
        if let Shape::Words(words) = &drawn.shape
            && drawn.seen.at(Level::Middle)
        {
            taken.take(words.bounds());
        }
    }
    taken
}

/// A free place for a sign on the first way of what it is at.
fn on_its_line(item: &Item, radius: f32, taken: &mut Taken) -> Point {
    let way = item.routes.first().map_or(&[][..], Vec::as_slice);
    let size = (radius * 2.4, radius * 2.4);
    let places = on_line(way, size).into_iter().take(ON_THE_LINE);
    taken.first_free(places).map_or(item.label.centre(), Area::centre)
}

/// Where the sign stands, and its radius.
fn place(item: &Item) -> (Point, f32) {
    let corner = pt(item.bounds.max.x - 4.0, item.bounds.min.y + 2.0);
    match item.kind {
        Kind::Connector | Kind::Group => (pt(item.label.max.x + 11.0, item.label.centre().y), 10.0),
        Kind::Link | Kind::Line => (pt(item.label.min.x - 6.0, item.label.centre().y), 9.0),
        Kind::Site => (corner.moved(-18.0, 20.0), 10.0),
        Kind::Internet => (pt(item.bounds.max.x - 30.0, item.bounds.min.y + 14.0), 10.0),
        Kind::Firewall => (pt(item.bounds.max.x, item.bounds.min.y), 8.0),
        _ => (corner, 10.0),
    }
}
