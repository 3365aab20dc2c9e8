//! What a phase makes of each object that is drawn: its own fields, its existence, and those of the
//! parts that have no place of their own on the drawing.

use super::scene::Mark;
use crate::model::{ObjectId, Topology};
use std::collections::{BTreeMap, BTreeSet};

/// The marks of all objects that are not as before.
pub fn marks(before: &Topology, now: &Topology) -> BTreeMap<ObjectId, Mark> {
    let mut marks = BTreeMap::new();
    let all: BTreeSet<ObjectId> = before.ids().into_iter().chain(now.ids()).collect();
    for id in all {
        let mark = match (before.get(&id), now.get(&id)) {
            (None, Some(_)) => Mark::Added,
            (Some(_), None) => Mark::Removed,
            (Some(was), Some(is)) if was != is => Mark::Changed,
            _ => continue,
        };
        if let Some(on) = shown_on(now, &id).or_else(|| shown_on(before, &id))
            && on != id
        {
            marks.entry(on).or_insert(Mark::Changed);
        }
        marks.insert(id, mark);
    }
    marks
}

/// The object on whose place a part is shown.
fn shown_on(topology: &Topology, id: &ObjectId) -> Option<ObjectId> {
    match id {
        ObjectId::Listener(id) => Some(ObjectId::Server(id.server.clone())),
        ObjectId::Mailboxes(id) => topology.mailboxes.get(id)?.home.clone().map(ObjectId::Server),
        ObjectId::Segment(id) => topology.segments.get(id).map(|s| ObjectId::Site(s.site.clone())),
        _ => None,
    }
}
