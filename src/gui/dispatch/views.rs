//! Views to come back to: kept in the plan, as a change like any other.

use super::{apply, show_phase};
use crate::{
    diagram::geometry::pt,
    gui::{
        canvas::CanvasRequest,
        command::{Command, Lens},
        dialogs::Dialog,
        state::State,
    },
    model::{
        change::Change,
        id::{SavedViewId, slug_from_name},
        note::{Aspect, SavedView},
    },
};

pub(super) fn run(state: &mut State, command: Command) {
    let Some(plan) = &state.plan else { return };
    match command {
        Command::SaveView => {
            let number = plan.workspace.project().saved_views.len() + 1;
            state.dialog = Some(Dialog::SavedView(format!("View {number}")));
        }
        Command::SaveViewAs(name) => save(state, &name),
        Command::ShowView(id) => show(state, &id),
        Command::ForgetView(id) => {
            let Some(view) = plan.workspace.project().saved_views.get(&id) else { return };
            let label = format!("Forget the view {}", view.name);
            apply(state, &label, Change::SavedView { id, to: None }, None);
        }
        _ => {}
    }
}

fn save(state: &mut State, name: &str) {
    let lens = state.lens;
    let Some(plan) = &state.plan else { return };
    let project = plan.workspace.project();
    let taken = |slug: &str| project.saved_views.keys().any(|id| id.as_str() == slug);
    let Ok(id) = slug_from_name(name, "view", taken).parse::<SavedViewId>() else { return };
    let phase = plan.phase.checked_sub(1).and_then(|at| project.phases.get(at));
    let middle = plan.canvas.middle();
    let view = SavedView {
        name: name.to_owned(),
        phase: phase.map(|phase| phase.id.clone()),
        aspect: aspect(lens),
        middle: (whole(middle.x), whole(middle.y)),
        percent: whole(plan.canvas.zoom() * 100.0).unsigned_abs().max(1),
    };
    let label = format!("Save the view {name}");
    apply(state, &label, Change::SavedView { id, to: Some(view) }, None);
}

fn show(state: &mut State, id: &SavedViewId) {
    let Some(plan) = &mut state.plan else { return };
    let project = plan.workspace.project().clone();
    let Some(view) = project.saved_views.get(id) else { return };
    let phase = match &view.phase {
        None => Some(0),
        Some(phase) => project.phase_of(phase),
    };
    let Some(phase) = phase else {
        state.status = format!("The phase of the view {} is not there any more", view.name);
        return;
    };
    show_phase(plan, phase);
    let middle = pt(view.middle.0 as f32, view.middle.1 as f32);
    plan.canvas.request(CanvasRequest::Show(middle, view.percent as f32 / 100.0));
    state.lens = lens(view.aspect);
    state.status = format!("The view {}", view.name);
}

#[expect(clippy::cast_possible_truncation, reason = "a drawing is far smaller than 2^31")]
fn whole(v: f32) -> i32 {
    v.round() as i32
}

fn aspect(lens: Lens) -> Aspect {
    match lens {
        Lens::Physical => Aspect::Physical,
        Lens::Mail => Aspect::Mail,
        Lens::Dns => Aspect::Dns,
        Lens::Findings => Aspect::Findings,
        Lens::Difference => Aspect::Difference,
    }
}

fn lens(aspect: Aspect) -> Lens {
    match aspect {
        Aspect::Physical => Lens::Physical,
        Aspect::Mail => Lens::Mail,
        Aspect::Dns => Lens::Dns,
        Aspect::Findings => Lens::Findings,
        Aspect::Difference => Lens::Difference,
    }
}
