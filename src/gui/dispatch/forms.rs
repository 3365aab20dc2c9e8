//! Forms that are opened: of objects, promises, assumptions, and what stands beside the plan.

use crate::gui::{
    command::Command,
    dialogs::{Dialog, assumption::AssumptionDraft, dossier::DossierDraft, promise::PromiseDraft},
    insert::InsertDraft,
    state::State,
};

pub(super) fn run(state: &mut State, command: Command) {
    let Some(plan) = &state.plan else { return };
    match command {
        Command::Insert(kind) => {
            let selected = plan.selected().and_then(|s| s.object(plan.topology()));
            let draft = InsertDraft::new(kind, plan.topology(), selected.as_ref());
            state.dialog = Some(Dialog::Insert(draft));
        }
        Command::EditPromise(id) => {
            let draft = PromiseDraft::new(plan.workspace.project(), id, plan.phase);
            state.dialog = Some(Dialog::Promise(draft));
        }
        Command::EditAssumption(id) => {
            let draft = AssumptionDraft::new(plan.workspace.project(), id);
            state.dialog = Some(Dialog::Assumption(draft));
        }
        Command::EditDossier => {
            let draft = DossierDraft::new(plan.workspace.project());
            state.dialog = Some(Dialog::Dossier(Box::new(draft)));
        }
        Command::RenamePlan => {
            state.dialog = Some(Dialog::Plan(plan.workspace.project().name.clone()));
        }
        _ => {}
    }
}
