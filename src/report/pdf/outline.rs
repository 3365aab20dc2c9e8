//! The outline: the headings as a tree that a viewer shows beside the pages.

use super::{
    flow::Place,
    objects::{name, text},
};
use lopdf::{Dictionary, Document as File, Object, ObjectId, dictionary};

/// Adds the outline; none where nothing has an anchor. `y_of` says how high above its page's lower
/// edge a place is, in points.
pub(super) fn outline(
    file: &mut File,
    places: &[Place],
    pages: &[ObjectId],
    y_of: impl Fn(&Place) -> f32,
) -> Option<ObjectId> {
    if places.is_empty() {
        return None;
    }
    let root = file.new_object_id();
    let ids: Vec<ObjectId> = places.iter().map(|_| file.new_object_id()).collect();
    let parents = parents(places);
    let mut entries: Vec<Dictionary> = places
        .iter()
        .map(|place| {
            let words = [place.anchor.number.as_str(), place.anchor.title.as_str()].join(" ");
            dictionary! { "Title" => text(words.trim()), "Dest" => dest(place, pages, &y_of) }
        })
        .collect();
    for parent in (0..places.len()).map(Some).chain([None]) {
        let below: Vec<usize> = (0..places.len()).filter(|at| parents[*at] == parent).collect();
        let (Some(first), Some(last)) = (below.first(), below.last()) else { continue };
        for (nth, at) in below.iter().enumerate() {
            entries[*at].set("Parent", parent.map_or(root, |parent| ids[parent]));
            if nth > 0 {
                entries[*at].set("Prev", ids[below[nth - 1]]);
            }
            if let Some(next) = below.get(nth + 1) {
                entries[*at].set("Next", ids[*next]);
            }
        }
        let count = i64::try_from(below.len()).unwrap_or(0);
        if let Some(parent) = parent {
            entries[parent].set("First", ids[*first]);
            entries[parent].set("Last", ids[*last]);
            // Negative: closed until somebody opens it.
            entries[parent].set("Count", -count);
        } else {
            let all = dictionary! {
                "Type" => name("Outlines"),
                "First" => ids[*first], "Last" => ids[*last], "Count" => count,
            };
            file.objects.insert(root, Object::Dictionary(all));
        }
    }
    for (id, entry) in ids.iter().zip(entries) {
        file.objects.insert(*id, Object::Dictionary(entry));
    }
    Some(root)
}

/// Where a place is, as links and the outline say it.
pub(super) fn dest(place: &Place, pages: &[ObjectId], y_of: impl Fn(&Place) -> f32) -> Object {
    let page = pages.get(place.page).or_else(|| pages.last()).copied();
    let page = page.map_or(Object::Null, Object::Reference);
    let at = Object::Real(y_of(place).round());
    Object::Array(vec![page, name("XYZ"), Object::Null, at, Object::Null])
}

/// Below which place each one stands: the last one before it with a lower level.
fn parents(places: &[Place]) -> Vec<Option<usize>> {
    let mut open: Vec<usize> = Vec::new();
    places
        .iter()
        .enumerate()
        .map(|(at, place)| {
            while open.last().is_some_and(|o| places[*o].anchor.level >= place.anchor.level) {
                open.pop();
            }
            let parent = open.last().copied();
            open.push(at);
            parent
        })
        .collect()
}
