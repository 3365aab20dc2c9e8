//! The handover: showing its pages, writing it.

use super::files;
use crate::{
    gui::{
        app::App,
        command::Command,
        dialogs::{Dialog, Purpose},
        handover::Print,
        state::State,
        words,
    },
    probe::live,
    workspace::disk,
};
use eframe::egui::Context;
use std::path::PathBuf;

pub(super) fn run(app: &mut App, ctx: &Context, command: Command) {
    let Some(plan) = &mut app.state.plan else { return };
    match command {
        Command::Handover => {
            plan.handover.open = true;
            if plan.handover.date.is_empty() {
                plan.handover.date = live::utc().chars().take(10).collect();
            }
        }
        Command::CloseHandover => plan.handover.open = false,
        Command::HandoverPage(page) => plan.handover.go_to = Some(page),
        Command::SaveHandover(print) => files::ask(app, ctx, Purpose::Handover(print)),
        Command::SaveHandoverTo(print, path) if disk::exists(&path) => {
            let then = Box::new(Command::ReplaceHandover(print, path.clone()));
            app.state.dialog = Some(Dialog::Replace { path, then });
        }
        Command::SaveHandoverTo(print, path) => write(app, ctx, print, path, false),
        Command::ReplaceHandover(print, path) => write(app, ctx, print, path, true),
        _ => {}
    }
}

/// Writes the handover of the project as it stands: the pages that are shown, if they are those.
fn write(app: &mut App, ctx: &Context, print: Print, path: PathBuf, force: bool) {
    let Some(plan) = &app.state.plan else { return };
    let revisions = plan.workspace.revisions();
    let Some(key) = plan.handover.wanted(revisions) else {
        "Not written: the date is none".clone_into(&mut app.state.status);
        return;
    };
    let laid = plan.handover.current(revisions).cloned();
    let project = plan.workspace.project().clone();
    app.tasks.write(ctx, (project, key), laid, (print, path, force));
}

/// It was written, or not.
pub(in crate::gui) fn written(
    state: &mut State,
    path: &std::path::Path,
    outcome: Result<String, String>,
) {
    match outcome {
        Ok(said) => state.status = format!("Written to {}: {said}", path.display()),
        Err(text) => {
            let title = "The handover was not written".to_owned();
            state.dialog = Some(Dialog::Message { title, text: words::sentence(&text) });
        }
    }
}
