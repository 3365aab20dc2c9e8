//! The handover: showing its pages, writing it.

use super::files;
use crate::{
    file,
    gui::{
        app::App,
        command::Command,
        dialogs::{Dialog, Purpose},
        handover::Print,
        state::State,
        words,
    },
    probe::live,
    report::{markdown, since::Earlier},
    workspace::disk,
};
use eframe::egui::Context;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

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
        Command::CompareHandover => files::ask(app, ctx, Purpose::Earlier),
        Command::CompareHandoverWith(path) => compare(&mut app.state, &path),
        Command::CompareHandoverWithNothing => plan.handover.since = None,
        Command::CopyTable(section, block) => {
            let laid = plan.handover.laid.as_ref().map(|(_, laid)| laid);
            let found = laid.and_then(|l| l.document.sections.get(section)?.blocks.get(block));
            if let Some(found) = found {
                ctx.copy_text(markdown::block_text(found));
                "The table is copied, as Markdown".clone_into(&mut app.state.status);
            }
        }
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

/// Reads an earlier revision, from which what differs is marked.
fn compare(state: &mut State, path: &Path) {
    let loaded = disk::read(path, file::SIZE_MAX)
        .map_err(|error| error.to_string())
        .and_then(|bytes| file::load(&bytes).map_err(|e| format!("{}: {e}", path.display())));
    let Some(plan) = &mut state.plan else { return };
    match loaded {
        Ok(loaded) => {
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
            let project = Arc::new(loaded.project);
            plan.handover.since = Some(Earlier { name, project });
        }
        Err(text) => {
            let title = "The earlier revision cannot be read".to_owned();
            state.dialog = Some(Dialog::Message { title, text: words::sentence(&text) });
        }
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
pub(in crate::gui) fn written(state: &mut State, path: &Path, outcome: Result<String, String>) {
    match outcome {
        Ok(said) => state.status = format!("Written to {}: {said}", path.display()),
        Err(text) => {
            let title = "The handover was not written".to_owned();
            state.dialog = Some(Dialog::Message { title, text: words::sentence(&text) });
        }
    }
}
