//! Phases: adding, renaming, copying, moving, deleting.

use super::{apply, show_phase};
use crate::{
    gui::{command::Command, dialogs::Dialog, state::State},
    model::{
        change::{Change, ChangeError},
        edit::Edit,
        editing::remove_phase,
        id::slug_from_name,
        project::{Phase, Project},
    },
};

pub(super) fn run(state: &mut State, command: &Command) {
    let Some(plan) = &state.plan else { return };
    let project = plan.workspace.project().clone();
    match command {
        Command::AddPhase => add(state, &project, plan.phase),
        Command::RenamePhase(index) => {
            let text = project.phase_title(*index).to_owned();
            state.dialog = Some(Dialog::Phase { index: *index, text });
        }
        Command::DuplicatePhase(index) => duplicate(state, &project, *index),
        Command::MovePhase(index, by) => shift(state, &project, *index, *by),
        Command::DeletePhase(index) => {
            let label = format!("Delete the phase {}", project.phase_title(*index));
            match remove_phase(&project, *index) {
                Ok(change) => apply(state, &label, change, None),
                Err(error) => state.status = format!("Not done: {error}"),
            }
        }
        _ => {}
    }
}

fn new_phase(project: &Project, title: &str) -> Option<Phase> {
    let taken = |slug: &str| project.phases.iter().any(|p| p.id.as_str() == slug);
    let slug = slug_from_name(title, "phase", taken);
    slug.parse().ok().map(|id| Phase::new(id, title))
}

fn add(state: &mut State, project: &Project, shown: usize) {
    let title = format!("Phase {}", shown + 1);
    let Some(phase) = new_phase(project, &title) else { return };
    apply(state, "Add a phase", Change::InsertPhase { at: shown, phase }, None);
    show(state, shown + 1);
    state.dialog = Some(Dialog::Phase { index: shown + 1, text: title });
}

/// A copy behind the phase: its edits of fields. What it adds or removes stays its own, because no
/// object comes into being twice.
fn duplicate(state: &mut State, project: &Project, index: usize) {
    let Some(from) = index.checked_sub(1).and_then(|i| project.phases.get(i)) else { return };
    let title = format!("{} (copy)", from.title);
    let Some(mut phase) = new_phase(project, &title) else { return };
    phase.edits = from
        .edits
        .iter()
        .filter(|(_, edit)| matches!(edit, Edit::Set(_)))
        .map(|(key, edit)| (key.clone(), edit.clone()))
        .collect();
    phase.steps = from.steps.iter().filter(|key| phase.edits.contains_key(key)).cloned().collect();
    phase.complete_steps();
    let label = format!("Duplicate the phase {}", from.title);
    apply(state, &label, Change::InsertPhase { at: index, phase }, None);
    show(state, index + 1);
}

fn shift(state: &mut State, project: &Project, index: usize, by: i8) {
    let Some(from) = index.checked_sub(1) else { return };
    let Some(to) = from.checked_add_signed(isize::from(by)) else { return };
    let (Some(phase), true) = (project.phases.get(from), to < project.phases.len()) else { return };
    match fits(project, from, to) {
        Ok(()) => {
            let change = Change::MovePhase { phase: phase.id.clone(), to };
            apply(state, &format!("Move the phase {}", phase.title), change, None);
            show(state, to + 1);
        }
        Err(error) => {
            state.status = format!("Not moved: {error}");
        }
    }
}

/// Whether every edit still finds its object when the phase stands there.
fn fits(project: &Project, from: usize, to: usize) -> Result<(), ChangeError> {
    let mut draft = project.clone();
    let before = crate::model::unfold::notes(&draft).len();
    let moved = draft.phases.remove(from);
    draft.phases.insert(to, moved);
    let notes = crate::model::unfold::notes(&draft);
    match notes.first().filter(|_| notes.len() > before) {
        Some(note) => Err(ChangeError::Inconsistent(note.to_string())),
        None => Ok(()),
    }
}

fn show(state: &mut State, index: usize) {
    if let Some(plan) = &mut state.plan {
        // The new phase counts only once it is analysed.
        plan.workspace.analyse();
        show_phase(plan, index);
    }
}
