//! Plans: new, open, save, close, recover. Asks before work is lost.

use super::close_window;
use crate::{
    cli::plan::plan_in,
    file,
    gui::{
        app::App,
        command::Command,
        dialogs::{Dialog, Purpose},
        settings,
        state::{Plan, State},
        tasks::Found,
    },
    model::Project,
    report::pdf::read_back::is_pdf,
    templates,
    workspace::{
        Workspace,
        disk::{self, DiskError},
        journal,
    },
};
use eframe::egui::Context;
use std::path::{Path, PathBuf};

pub(super) fn run(app: &mut App, ctx: &Context, command: Command) {
    let leaves = matches!(
        command,
        Command::New
            | Command::NewFrom(_)
            | Command::Open
            | Command::OpenByPath
            | Command::OpenPath(_)
            | Command::Recover(_)
            | Command::Close
    );
    if leaves && is_dirty(&app.state) {
        app.state.dialog = Some(Dialog::Unsaved(Box::new(command)));
        return;
    }
    match command {
        Command::New => open(&mut app.state, Project::new("New plan"), None),
        Command::NewFrom(name) => {
            if let Some(template) = templates::find(name) {
                open(&mut app.state, template.plan, None);
            }
        }
        Command::Open => ask(app, ctx, Purpose::Open),
        Command::OpenByPath => {
            app.state.dialog = Some(path_dialog(&app.state, Purpose::Open, None));
        }
        Command::OpenPath(path) => read(&mut app.state, &path),
        Command::Recover(path) => recover(&mut app.state, &path),
        Command::Discard(path) => {
            if let Err(error) = disk::remove(&path) {
                app.state.status = format!("Not thrown away: {error}");
            }
            app.state.recoverable.retain(|found| found.journal != path);
        }
        Command::Save => save(app, ctx, None),
        Command::SaveAs => ask(app, ctx, Purpose::Save),
        Command::SaveTo(path) => save_to(&mut app.state, &path),
        Command::ReplaceAt(path) => replace(&mut app.state, &path),
        Command::SaveThen(then) => save(app, ctx, Some(then)),
        Command::DiscardThen(then) => {
            leave(&mut app.state);
            super::one(app, ctx, *then);
        }
        Command::Close => leave(&mut app.state),
        _ => {}
    }
}

/// Ends the program, after a question where work would be lost.
pub(super) fn quit(app: &mut App, ctx: &Context) {
    if is_dirty(&app.state) {
        app.state.dialog = Some(Dialog::Unsaved(Box::new(Command::Quit)));
    } else {
        leave(&mut app.state);
        close_window(&mut app.state, ctx);
    }
}

fn is_dirty(state: &State) -> bool {
    state.plan.as_ref().is_some_and(|plan| plan.workspace.is_dirty())
}

fn open(state: &mut State, project: Project, path: Option<PathBuf>) {
    leave(state);
    let workspace = Workspace::new(project, path, state.journals.clone());
    state.status.clear();
    state.plan = Some(Plan::new(workspace));
    fit(state);
}

fn fit(state: &mut State) {
    if let Some(plan) = &mut state.plan {
        plan.canvas.request(crate::gui::canvas::CanvasRequest::Fit);
    }
}

/// Leaves the plan for the start page; its journal goes.
fn leave(state: &mut State) {
    if let Some(plan) = state.plan.take()
        && let Err(error) = plan.workspace.close()
    {
        state.status = format!("The journal stays: {error}");
    }
}

fn read(state: &mut State, path: &Path) {
    let left = journal::beside(path);
    if disk::is_held(&left) {
        failed(state, "The plan is open in another window", &path.display().to_string());
        return;
    }
    let read = disk::read(path, file::SIZE_MAX).map_err(|e| e.to_string());
    let printed = read.as_ref().is_ok_and(|bytes| is_pdf(bytes));
    let loaded = read
        .and_then(|bytes| plan_in(bytes).map_err(|e| format!("{}: {e}", path.display())))
        .and_then(|bytes| file::load(&bytes).map_err(|e| format!("{}: {e}", path.display())));
    match loaded {
        // A plan out of a printed copy has no file yet: saving it must not replace the copy.
        Ok(loaded) if printed => {
            open(state, loaded.project, None);
            state.status = format!("The plan that is attached to {}", path.display());
        }
        Ok(loaded) => {
            open(state, loaded.project, Some(path.to_owned()));
            state.settings.remember(path);
            if !loaded.notes.is_empty() {
                let notes: Vec<_> = loaded.notes.iter().map(ToString::to_string).collect();
                failed(state, "Not everything in the plan fits together", &notes.join("\n"));
            }
            if let Some(found) = journal::read(&left) {
                let steps = found.changes.len();
                state.dialog = Some(Dialog::Left { journal: left, steps });
            }
        }
        Err(error) => {
            state.settings.forget(path);
            failed(state, "The plan cannot be opened", &error);
        }
    }
}

fn failed(state: &mut State, title: &str, text: &str) {
    state.dialog = Some(Dialog::Message { title: title.to_owned(), text: text.to_owned() });
}

fn recover(state: &mut State, path: &Path) {
    let Some(found) = journal::read(path) else {
        failed(state, "Nothing is left to recover", &path.display().to_string());
        state.recoverable.retain(|known| known.journal != path);
        return;
    };
    leave(state);
    let workspace = Workspace::recover(&found, state.journals.clone());
    // The new workspace keeps a journal of its own by now.
    drop(disk::remove(path));
    state.recoverable.retain(|known| known.journal != path);
    state.status =
        format!("Recovered {}", crate::gui::words::count(found.changes.len(), "step", "steps"));
    state.plan = Some(Plan::new(workspace));
    fit(state);
}

fn save(app: &mut App, ctx: &Context, then: Option<Box<Command>>) {
    let Some(plan) = &app.state.plan else { return };
    match plan.workspace.path().map(Path::to_owned) {
        Some(path) => {
            write(&mut app.state, &path);
            if let Some(then) = then
                && !is_dirty(&app.state)
            {
                super::one(app, ctx, *then);
            }
        }
        None if then.is_some() => {
            app.state.dialog = Some(path_dialog(&app.state, Purpose::Save, then));
        }
        None => ask(app, ctx, Purpose::Save),
    }
}

fn save_to(state: &mut State, path: &Path) {
    let own = state.plan.as_ref().and_then(|plan| plan.workspace.path()) == Some(path);
    if !own && disk::exists(path) {
        let then = Box::new(Command::ReplaceAt(path.to_owned()));
        state.dialog = Some(Dialog::Replace { path: path.to_owned(), then });
    } else {
        write(state, path);
    }
}

fn write(state: &mut State, path: &Path) {
    let Some(plan) = &mut state.plan else { return };
    match plan.workspace.save(path) {
        Ok(()) => {
            state.status = format!("Saved as {}", path.display());
            state.settings.remember(path);
        }
        Err(error) => not_saved(state, path, &error),
    }
    say_failure(state);
}

/// The same, whatever is there: somebody has been asked.
fn replace(state: &mut State, path: &Path) {
    let Some(plan) = &mut state.plan else { return };
    match plan.workspace.save_over(path) {
        Ok(()) => {
            state.status = format!("Saved as {}", path.display());
            state.settings.remember(path);
        }
        Err(error) => not_saved(state, path, &error),
    }
    say_failure(state);
}

/// Why it was not saved, and what can be done: nothing is lost.
fn not_saved(state: &mut State, path: &Path, error: &DiskError) {
    let can_replace = matches!(error, DiskError::Changed(_) | DiskError::ReadOnly(_));
    let replace = can_replace.then(|| path.to_owned());
    state.dialog = Some(Dialog::NotSaved { text: error.words(), replace });
}

fn say_failure(state: &mut State) {
    if let Some(why) = state.plan.as_mut().and_then(|p| p.workspace.take_journal_failure()) {
        state.status = crate::gui::words::sentence(&why);
    }
}

/// Asks for a path: by the system's dialog where one may answer, else in the window.
pub(super) fn ask(app: &mut App, ctx: &Context, purpose: Purpose) {
    if !(app.portal && settings::portal_may_answer()) {
        app.state.dialog = Some(path_dialog(&app.state, purpose, None));
        return;
    }
    let dialog = match purpose {
        Purpose::Open => rfd::AsyncFileDialog::new()
            .add_filter("Plan", &["ron"])
            .add_filter("Record copy with its plan", &["pdf"]),
        Purpose::Save | Purpose::Earlier => {
            rfd::AsyncFileDialog::new().add_filter("Plan", &["ron"])
        }
        Purpose::Ticks => rfd::AsyncFileDialog::new().add_filter("Filled copy", &["pdf"]),
        Purpose::Evidence => rfd::AsyncFileDialog::new().add_filter("Evidence", &["ron"]),
        Purpose::Drawing(picture) => {
            rfd::AsyncFileDialog::new().add_filter(picture.title(), &[picture.ending()])
        }
        Purpose::Handover(print) => {
            rfd::AsyncFileDialog::new().add_filter(print.title(), &[print.ending()])
        }
    };
    let path = app.state.plan.as_ref().and_then(|plan| plan.workspace.path());
    let mut dialog = match path.and_then(Path::parent) {
        Some(folder) => dialog.set_directory(folder),
        None => dialog,
    };
    if purpose.saves() {
        dialog = dialog.set_file_name(suggested(&app.state, purpose));
    }
    app.tasks.pick(ctx, purpose, dialog);
}

/// A file name for what is saved.
fn suggested(state: &State, purpose: Purpose) -> String {
    let Some(plan) = &state.plan else { return String::new() };
    let name = match plan.workspace.path() {
        Some(path) if purpose == Purpose::Save => {
            return path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        }
        Some(path) => path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        None => {
            let name = &plan.workspace.project().name;
            crate::model::id::slug_from_name(name, "plan", |_| false)
        }
    };
    let ending = match purpose {
        Purpose::Handover(print) => print.ending(),
        Purpose::Drawing(picture) => picture.ending(),
        Purpose::Open | Purpose::Save | Purpose::Evidence | Purpose::Earlier | Purpose::Ticks => {
            "ron"
        }
    };
    let what = match purpose {
        Purpose::Handover(_) => "-handover".to_owned(),
        Purpose::Drawing(_) => format!("-phase-{}", plan.phase),
        _ => String::new(),
    };
    format!("{name}{what}.{ending}")
}

fn path_dialog(state: &State, purpose: Purpose, then: Option<Box<Command>>) -> Dialog {
    let open = state.plan.as_ref().and_then(|plan| plan.workspace.path());
    let text = match (purpose, open) {
        (Purpose::Open | Purpose::Save, Some(path)) => path.display().to_string(),
        (Purpose::Handover(_) | Purpose::Drawing(_), Some(path)) => {
            path.with_file_name(suggested(state, purpose)).display().to_string()
        }
        (Purpose::Save | Purpose::Handover(_) | Purpose::Drawing(_), None) => {
            suggested(state, purpose)
        }
        (Purpose::Open, None) | (Purpose::Evidence | Purpose::Earlier | Purpose::Ticks, _) => {
            String::new()
        }
    };
    Dialog::Path { purpose, text, error: None, then }
}

/// What somebody picked in the system's dialog.
pub(in crate::gui) fn picked(app: &mut App, ctx: &Context, found: Found) {
    let Found::Picked { purpose, paths, seen } = found else { return };
    let Some(path) = paths.first().cloned() else {
        // Nobody closes a dialog that fast: none came up.
        if !seen {
            app.state.dialog = Some(path_dialog(&app.state, purpose, None));
        }
        return;
    };
    let path = purpose.ended(path);
    match purpose {
        // The system's dialog has asked already whether the file may be replaced.
        Purpose::Save => replace(&mut app.state, &path),
        Purpose::Handover(print) => super::one(app, ctx, Command::ReplaceHandover(print, path)),
        Purpose::Drawing(picture) => {
            super::one(app, ctx, Command::ReplaceDrawing(picture, path));
        }
        Purpose::Open => super::one(app, ctx, Command::OpenPath(path)),
        Purpose::Ticks => super::one(app, ctx, Command::TakeTicksFrom(path)),
        Purpose::Evidence => super::one(app, ctx, Command::TakeEvidenceFrom(paths)),
        Purpose::Earlier => super::one(app, ctx, Command::CompareHandoverWith(path)),
    }
}
