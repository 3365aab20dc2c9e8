//! Pins, and laying out anew what is not pinned.

use super::{
    CanvasInput,
    arrange::{Draft, movable, name, placed, position},
};
use crate::{
    diagram::{build::arranged, geometry::pt, scene::Scene},
    gui::command::Command,
    model::{
        ObjectId,
        beside::{Position, Slot},
        change::Change,
    },
};
use std::collections::BTreeMap;

/// Pins what is selected to where it stands, or lets it loose.
pub(super) fn pin(input: &CanvasInput<'_>, scene: &Scene, pinned: bool) -> Vec<Command> {
    let what = movable(input, scene);
    if what.is_empty() {
        return vec![Command::Status("select what has a place on the drawing first".to_owned())];
    }
    let topology = &input.now().topology;
    let names: Vec<String> = what.keys().map(|drawn| name(topology, drawn)).collect();
    let Draft { places, .. } = placed(input, scene, &what);
    let chosen = |slot: &Slot| what.contains_key(&slot.object);
    let layout = &input.project().layout;
    let changes: Vec<Change> = places
        .into_iter()
        .filter(|(slot, at)| layout.get(slot).copied() != Some(Position { pinned, ..*at }))
        .filter(|(slot, _)| chosen(slot) || !layout.contains_key(slot))
        .map(|(slot, at)| {
            let pinned = if chosen(&slot) { pinned } else { at.pinned };
            Change::Place { slot, to: Some(Position { pinned, ..at }) }
        })
        .collect();
    let verb = if pinned { "Pin" } else { "Unpin" };
    let label = match &names[..] {
        [one] => format!("{verb} {one}"),
        many => format!("{verb} {} objects", many.len()),
    };
    if changes.is_empty() {
        return vec![Command::Status(format!("nothing to do: {label}"))];
    }
    vec![Command::Apply { label, change: Change::Batch(changes) }]
}

/// Leaves everything that is not pinned to the automatic layout.
pub(super) fn lay_out(input: &CanvasInput<'_>) -> Vec<Command> {
    let layout = &input.project().layout;
    let pinned = layout.values().filter(|at| at.pinned).count();
    let loose = layout.iter().filter(|(_, at)| !at.pinned);
    let mut places: BTreeMap<Slot, Option<Position>> =
        loose.map(|(slot, _)| (slot.clone(), None)).collect();
    let kept = layout.iter().filter(|(_, at)| at.pinned).map(|(slot, at)| (slot.clone(), *at));
    let kept: BTreeMap<Slot, Position> = kept.collect();
    for (id, area) in arranged(input.analysis, input.phase, &kept).unwrap_or_default() {
        let slot = Slot::on_sheet(ObjectId::Site(id));
        if !kept.contains_key(&slot) {
            places.insert(slot, Some(position(area.min, pt(0.0, 0.0))));
        }
    }
    let changed = places.into_iter().filter(|(slot, to)| layout.get(slot) != to.as_ref());
    let changes: Vec<Change> = changed.map(|(slot, to)| Change::Place { slot, to }).collect();
    let said = match pinned {
        0 => "Laid out anew; nothing is pinned".to_owned(),
        1 => "Laid out anew; 1 pinned place stays".to_owned(),
        n => format!("Laid out anew; {n} pinned places stay"),
    };
    if changes.is_empty() {
        return vec![Command::Status("it is laid out already".to_owned())];
    }
    let label = "Lay the drawing out".to_owned();
    vec![
        Command::Apply { label, change: Change::Batch(changes) },
        Command::Status(said),
        Command::Fit,
    ]
}
