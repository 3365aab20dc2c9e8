//! Unfolding: the topology after each phase, and what in a file cannot be carried out.

use super::{
    edit::{Edit, EditKey},
    id::PromiseId,
    project::{Phase, Project},
    reference,
    topology::{ObjectId, Topology},
};
use std::collections::BTreeSet;

/// The topology after each phase, phase 0 first. An edit that cannot be carried out is skipped;
/// [`notes`] lists those.
pub fn unfold(project: &Project) -> Vec<Topology> {
    let mut topologies = Vec::with_capacity(project.phase_count());
    let mut topology = project.as_is.clone();
    for phase in &project.phases {
        let after = after(&topology, phase);
        topologies.push(std::mem::replace(&mut topology, after));
    }
    topologies.push(topology);
    topologies
}

/// The topology after one phase, from the one before it.
pub fn after(before: &Topology, phase: &Phase) -> Topology {
    let mut topology = before.clone();
    for edit in in_order(phase) {
        edit.apply(&mut topology);
    }
    topology
}

/// A phase's edits so that their result does not depend on the order of the steps: what is added
/// comes first, what is removed goes last.
fn in_order(phase: &Phase) -> impl Iterator<Item = &Edit> {
    let rank = |edit: &&Edit, wanted: u8| match edit {
        Edit::Add(_) => wanted == 0,
        Edit::Set(_) => wanted == 1,
        Edit::Remove(_) => wanted == 2,
    };
    (0..3_u8).flat_map(move |wanted| phase.edits.values().filter(move |e| rank(e, wanted)))
}

/// Something in a project that dangles, as a file may after a merge by hand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// An edit of a phase that cannot be carried out and is skipped.
    Skipped {
        /// The phase's index.
        phase: usize,
        /// The edit.
        key: EditKey,
    },
    /// An object that refers to one that is not there.
    Dangling {
        /// The first phase in which it does.
        phase: usize,
        /// The object.
        object: ObjectId,
        /// What is not there.
        missing: ObjectId,
    },
    /// A promise that speaks of a phase that is not there, or of things that are there in no phase.
    Promise {
        /// The promise.
        promise: PromiseId,
        /// What is not there, as files write it.
        missing: String,
    },
    /// A group of sites that reach the Internet only through one another.
    Circle {
        /// The phase's index.
        phase: usize,
        /// One of the objects.
        object: ObjectId,
    },
}

impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Skipped { phase, key } => {
                write!(f, "phase {phase}: the edit of `{key}` is skipped: no such object then")
            }
            Self::Dangling { phase, object, missing } => {
                write!(f, "phase {phase}: `{object}` refers to `{missing}`, which is not there")
            }
            Self::Promise { promise, missing } => {
                write!(f, "promise `{promise}` speaks of `{missing}`, which is there in no phase")
            }
            Self::Circle { phase, object } => {
                write!(f, "phase {phase}: `{object}` refers to itself by way of others")
            }
        }
    }
}

/// What dangles in a project, sorted; each once, in the first phase in which it does.
pub fn notes(project: &Project) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut seen = BTreeSet::new();
    let mut topology = project.as_is.clone();
    dangling(&topology, 0, &mut seen, &mut notes);
    for (i, phase) in project.phases.iter().enumerate() {
        for edit in in_order(phase) {
            if !edit.apply(&mut topology) {
                notes.push(Note::Skipped { phase: i + 1, key: edit.key() });
            }
        }
        dangling(&topology, i + 1, &mut seen, &mut notes);
    }
    notes.extend(promise_notes(project));
    notes.sort();
    notes
}

/// What promises speak of that is there in no phase.
pub fn promise_notes(project: &Project) -> Vec<Note> {
    let there = |id: &ObjectId| {
        let key = EditKey { object: id.clone(), field: None };
        let adds = |phase: &Phase| matches!(phase.edits.get(&key), Some(Edit::Add(_)));
        project.as_is.contains(id) || project.phases.iter().any(adds)
    };
    let mut notes = Vec::new();
    for (id, promise) in &project.promises {
        let phase = promise.from_phase.as_ref().filter(|id| project.phase_of(id).is_none());
        let mut missing: Vec<String> = phase.map(|id| format!("phase:{id}")).into_iter().collect();
        let objects = promise.demand.objects();
        missing.extend(objects.iter().filter(|id| !there(id)).map(ToString::to_string));
        let note = |missing| Note::Promise { promise: id.clone(), missing };
        notes.extend(missing.into_iter().map(note));
    }
    notes
}

fn dangling(
    topology: &Topology,
    phase: usize,
    seen: &mut BTreeSet<(ObjectId, ObjectId)>,
    notes: &mut Vec<Note>,
) {
    for id in topology.ids() {
        let Some(object) = topology.get(&id) else { continue };
        let mut all = reference::owners(&object);
        all.extend(reference::references(&object));
        for missing in all {
            if !topology.contains(&missing) && seen.insert((id.clone(), missing.clone())) {
                notes.push(Note::Dangling { phase, object: id.clone(), missing });
            }
        }
        if circular(topology, &id) && seen.insert((id.clone(), id.clone())) {
            notes.push(Note::Circle { phase, object: id });
        }
    }
}

/// Whether a site reaches the Internet only by way of itself, or a resolver forwards to itself.
fn circular(topology: &Topology, id: &ObjectId) -> bool {
    use super::{dns::Forward, site::InternetAccess};
    match id {
        ObjectId::Site(start) => {
            let mut at = start;
            for _ in 0..=topology.sites.len() {
                match topology.sites.get(at).and_then(|site| site.internet.as_ref()) {
                    Some(InternetAccess::Through(next)) if next == start => return true,
                    Some(InternetAccess::Through(next)) => at = next,
                    _ => return false,
                }
            }
            false
        }
        ObjectId::Resolver(start) => {
            let mut todo = vec![start];
            let mut seen = BTreeSet::new();
            while let Some(at) = todo.pop() {
                let Some(resolver) = topology.resolvers.get(at) else { continue };
                if let Some(Forward::To(next)) = &resolver.forwards {
                    if next.contains(start) {
                        return true;
                    }
                    todo.extend(next.iter().filter(|n| seen.insert(*n)));
                }
            }
            false
        }
        _ => false,
    }
}
