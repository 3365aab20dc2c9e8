//! Changes: one operation on the project, with its exact inverse. Undo and the journal are made
//! of them. [`super::editing`] turns an edit that a person makes into a change.

use super::{
    assumption::Assumption,
    beside::{Evidence, Position, Slot, StepKey, StepNote},
    dossier::{self, Dossier},
    edit::{Edit, EditKey},
    id::{AssumptionId, NoteId, PhaseId, PromiseId, SavedViewId},
    marks::ItemKey,
    note::{Note, SavedView},
    project::{Phase, Project, WaiverKey},
    promise::Promise,
    topology::{Object, ObjectId},
};
use serde::{Deserialize, Serialize};

/// One operation on the project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// An object of the system as it is becomes this, or goes.
    Object {
        /// The object.
        id: ObjectId,
        /// What it becomes.
        to: Option<Object>,
    },
    /// An edit of a phase becomes this, or goes.
    Edit {
        /// The phase.
        phase: PhaseId,
        /// The edit's key.
        key: EditKey,
        /// What it becomes.
        to: Option<Edit>,
        /// Where a new one stands in the order of steps; none: last.
        step: Option<usize>,
    },
    /// The order in which a phase's edits are carried out.
    Steps {
        /// The phase.
        phase: PhaseId,
        /// The keys, in their order.
        to: Vec<EditKey>,
    },
    /// A phase comes in at that place (0: right behind the system as it is).
    InsertPhase {
        /// Its place in the list.
        at: usize,
        /// The phase.
        phase: Phase,
    },
    /// A phase goes.
    RemovePhase(PhaseId),
    /// A phase moves to that place in the list.
    MovePhase {
        /// The phase.
        phase: PhaseId,
        /// Its new place.
        to: usize,
    },
    /// A phase's title; without a phase, that of phase 0.
    PhaseTitle {
        /// The phase.
        phase: Option<PhaseId>,
        /// The title.
        to: String,
    },
    /// The project's name.
    Name(String),
    /// A promise becomes this, or goes.
    Promise {
        /// The promise.
        id: PromiseId,
        /// What it becomes.
        to: Option<Promise>,
    },
    /// An assumption becomes this, or goes.
    Assumption {
        /// The assumption.
        id: AssumptionId,
        /// What it becomes.
        to: Option<Assumption>,
    },
    /// A waiver's reason becomes this, or goes.
    Waiver {
        /// Which finding is waived.
        key: WaiverKey,
        /// Why.
        to: Option<String>,
    },
    /// A place on the drawing becomes this, or is left to the automatic layout.
    Place {
        /// Which place.
        slot: Slot,
        /// Where.
        to: Option<Position>,
    },
    /// A measurement comes in, or goes.
    Evidence {
        /// The question's key.
        key: String,
        /// What was measured.
        to: Option<Evidence>,
    },
    /// A note about a step becomes this, or goes.
    StepNote {
        /// The step.
        key: StepKey,
        /// The note.
        to: Option<StepNote>,
    },
    /// A note about another item of a checklist becomes this, or goes.
    ItemNote {
        /// The item.
        key: ItemKey,
        /// The note.
        to: Option<StepNote>,
    },
    /// A note on the drawing becomes this, or goes.
    Note {
        /// The note.
        id: NoteId,
        /// What it becomes.
        to: Option<Note>,
    },
    /// A view to come back to becomes this, or goes.
    SavedView {
        /// The view.
        id: SavedViewId,
        /// What it becomes.
        to: Option<SavedView>,
    },
    /// What the handover says of client and consultant.
    Dossier(Dossier),
    /// Several, all or none.
    Batch(Vec<Change>),
}

/// Why a change, or the edit that it was to be made from, cannot be carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// No phase of that id or number.
    #[error("no phase `{0}`")]
    NoPhase(String),
    /// The object is not there in that phase.
    #[error("`{object}` is not there in phase {phase}")]
    NoObject {
        /// The object.
        object: ObjectId,
        /// The phase's index.
        phase: usize,
    },
    /// The id is in use, perhaps in another phase.
    #[error("`{0}` is there already, in this phase or another")]
    Exists(ObjectId),
    /// The object would refer to one that is not there.
    #[error("`{object}` would refer to `{missing}`, which is not there in phase {phase}")]
    Dangling {
        /// The object.
        object: ObjectId,
        /// What is not there.
        missing: ObjectId,
        /// The phase's index.
        phase: usize,
    },
    /// Something contradicts itself: an object under another's id, an order that lacks a step.
    #[error("{0}")]
    Inconsistent(String),
    /// A field of the dossier looks like a password; says where it stands, never what.
    #[error("{}", dossier::refusal(.0))]
    Secret(String),
}

/// Carries a change out and gives its inverse. On an error nothing has changed.
///
/// # Errors
/// When the change does not fit the project.
pub fn apply(project: &mut Project, change: Change) -> Result<Change, ChangeError> {
    match change {
        Change::Object { id, to } => {
            if to.as_ref().is_some_and(|object| object.id() != id) {
                return Err(ChangeError::Inconsistent(format!(
                    "`{id}` cannot become another object"
                )));
            }
            let before = project.as_is.remove(&id);
            if let Some(object) = to {
                project.as_is.insert(object);
            }
            Ok(Change::Object { id, to: before })
        }
        Change::Edit { phase, key, to, step } => apply_edit(project, phase, key, to, step),
        Change::Steps { phase, to } => {
            let target = phase_mut(project, &phase)?;
            let mut sorted = to.clone();
            sorted.sort();
            if !sorted.iter().eq(target.edits.keys()) {
                return Err(ChangeError::Inconsistent(
                    "the order of steps must name every edit of the phase once".to_owned(),
                ));
            }
            Ok(Change::Steps { phase, to: std::mem::replace(&mut target.steps, to) })
        }
        Change::InsertPhase { at, phase } => {
            if project.phase_of(&phase.id).is_some() {
                return Err(ChangeError::Inconsistent(format!("phase `{}` is there", phase.id)));
            }
            let id = phase.id.clone();
            project.phases.insert(at.min(project.phases.len()), phase);
            Ok(Change::RemovePhase(id))
        }
        Change::RemovePhase(id) => {
            let at = place_of(project, &id)?;
            Ok(Change::InsertPhase { at, phase: project.phases.remove(at) })
        }
        Change::MovePhase { phase, to } => {
            let from = place_of(project, &phase)?;
            let moved = project.phases.remove(from);
            project.phases.insert(to.min(project.phases.len()), moved);
            Ok(Change::MovePhase { phase, to: from })
        }
        Change::PhaseTitle { phase, to } => {
            let title = match &phase {
                Some(id) => &mut phase_mut(project, id)?.title,
                None => &mut project.as_is_title,
            };
            let before = std::mem::replace(title, to);
            Ok(Change::PhaseTitle { phase, to: before })
        }
        Change::Name(to) => Ok(Change::Name(std::mem::replace(&mut project.name, to))),
        Change::Promise { id, to } => {
            let before = put(&mut project.promises, &id, to);
            Ok(Change::Promise { id, to: before })
        }
        Change::Assumption { id, to } => {
            let before = put(&mut project.assumptions, &id, to);
            Ok(Change::Assumption { id, to: before })
        }
        Change::Waiver { key, to } => {
            let before = put(&mut project.waivers, &key, to);
            Ok(Change::Waiver { key, to: before })
        }
        Change::Batch(changes) => apply_batch(project, changes),
        Change::Dossier(to) => apply_dossier(project, to),
        beside => Ok(apply_beside(project, beside)),
    }
}

fn apply_dossier(project: &mut Project, to: Dossier) -> Result<Change, ChangeError> {
    match to.secret() {
        Some(place) => Err(ChangeError::Secret(place)),
        None => Ok(Change::Dossier(std::mem::replace(&mut project.dossier, to))),
    }
}

/// What stands beside the phases: always fits.
fn apply_beside(project: &mut Project, change: Change) -> Change {
    match change {
        Change::Place { slot, to } => {
            let before = put(&mut project.layout, &slot, to);
            Change::Place { slot, to: before }
        }
        Change::Evidence { key, to } => {
            let before = put(&mut project.evidence, &key, to);
            Change::Evidence { key, to: before }
        }
        Change::StepNote { key, to } => {
            let before = put(&mut project.step_notes, &key, to);
            Change::StepNote { key, to: before }
        }
        Change::ItemNote { key, to } => {
            let before = put(&mut project.item_notes, &key, to);
            Change::ItemNote { key, to: before }
        }
        Change::Note { id, to } => {
            let before = put(&mut project.notes, &id, to);
            Change::Note { id, to: before }
        }
        Change::SavedView { id, to } => {
            let before = put(&mut project.saved_views, &id, to);
            Change::SavedView { id, to: before }
        }
        other => other,
    }
}

fn put<K: Ord + Clone, V>(
    map: &mut std::collections::BTreeMap<K, V>,
    key: &K,
    to: Option<V>,
) -> Option<V> {
    match to {
        Some(value) => map.insert(key.clone(), value),
        None => map.remove(key),
    }
}

fn apply_edit(
    project: &mut Project,
    phase: PhaseId,
    key: EditKey,
    to: Option<Edit>,
    step: Option<usize>,
) -> Result<Change, ChangeError> {
    if to.as_ref().is_some_and(|edit| edit.key() != key) {
        return Err(ChangeError::Inconsistent(format!("`{key}` cannot become another edit")));
    }
    let target = phase_mut(project, &phase)?;
    let place = target.steps.iter().position(|k| *k == key);
    let before = match to {
        Some(edit) => target.edits.insert(key.clone(), edit),
        None => target.edits.remove(&key),
    };
    match (place, target.edits.contains_key(&key)) {
        (Some(at), false) => {
            target.steps.remove(at);
        }
        (None, true) => {
            let at = step.unwrap_or(target.steps.len()).min(target.steps.len());
            target.steps.insert(at, key.clone());
        }
        _ => {}
    }
    Ok(Change::Edit { phase, key, to: before, step: place })
}

fn apply_batch(project: &mut Project, changes: Vec<Change>) -> Result<Change, ChangeError> {
    let mut inverses = Vec::with_capacity(changes.len());
    for change in changes {
        match apply(project, change) {
            Ok(inverse) => inverses.push(inverse),
            Err(error) => {
                for inverse in inverses.into_iter().rev() {
                    // The inverse of a change that was just carried out always fits.
                    let undone = apply(project, inverse);
                    debug_assert!(undone.is_ok(), "{undone:?}");
                }
                return Err(error);
            }
        }
    }
    inverses.reverse();
    Ok(Change::Batch(inverses))
}

fn place_of(project: &Project, id: &PhaseId) -> Result<usize, ChangeError> {
    project
        .phases
        .iter()
        .position(|phase| phase.id == *id)
        .ok_or_else(|| ChangeError::NoPhase(id.to_string()))
}

fn phase_mut<'p>(project: &'p mut Project, id: &PhaseId) -> Result<&'p mut Phase, ChangeError> {
    let at = place_of(project, id)?;
    Ok(&mut project.phases[at])
}
