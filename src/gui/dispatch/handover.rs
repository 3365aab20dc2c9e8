//! The handover: showing its pages, writing it.

use super::files;
use crate::{
    analysis::analyse,
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
    report::{markdown, read_back::ticks, since::Earlier},
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
        Command::TakeTicks => files::ask(app, ctx, Purpose::Ticks),
        Command::TakeTicksFrom(path) => take_ticks(app, &path),
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
    let spell_out = plan.handover.spell_out;
    app.tasks.write(ctx, (project, key), laid, (print, path, force, spell_out));
}

/// Takes what was ticked and written on a filled copy into the plan, as one step that can be undone.
fn take_ticks(app: &mut App, path: &Path) {
    let Some(plan) = &mut app.state.plan else { return };
    let analysis = analyse(plan.workspace.project());
    let filled = disk::read(path, file::SIZE_MAX)
        .map_err(|error| error.to_string())
        .and_then(|bytes| ticks(&analysis, &bytes).map_err(|error| error.to_string()));
    let said = filled.and_then(|filled| {
        let (taken, unknown) = (filled.taken, filled.unknown.len());
        if taken > 0 {
            plan.workspace
                .apply("Take ticks from a filled copy", filled.change, None)
                .map_err(|error| error.to_string())?;
        }
        let mut said = words::count(taken, "step or item", "steps and items");
        said.push_str(" taken from the copy");
        if unknown > 0 {
            said.push_str("; left out, as the plan has no such box any more: ");
            said.push_str(&unknown.to_string());
        }
        Ok(said)
    });
    match said {
        Ok(said) => app.state.status = words::sentence(&said),
        Err(text) => {
            let title = "Nothing was taken".to_owned();
            let text = words::sentence(&format!("{}: {text}", path.display()));
            app.state.dialog = Some(Dialog::Message { title, text });
        }
    }
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
