//! Plans: new, open, save, close, recover. Asks before work is lost.

use super::close_window;
use crate::{
    file,
    gui::{
        app::App,
        command::Command,
        dialogs::Dialog,
        settings,
        state::{Plan, State},
        tasks::Found,
    },
    model::Project,
    templates,
    workspace::{Workspace, disk, journal},
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
        Command::Open => ask(app, ctx, false),
        Command::OpenByPath => app.state.dialog = Some(path_dialog(&app.state, false, None)),
        Command::OpenPath(path) => read(&mut app.state, &path),
        Command::Recover(path) => recover(&mut app.state, &path),
        Command::Discard(path) => {
            if let Err(error) = disk::remove(&path) {
                app.state.status = format!("Not thrown away: {error}");
            }
            app.state.recoverable.retain(|found| found.journal != path);
        }
        Command::Save => save(app, ctx, None),
        Command::SaveAs => ask(app, ctx, true),
        Command::SaveTo(path) => save_to(&mut app.state, &path),
        Command::ReplaceAt(path) => write(&mut app.state, &path),
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
    let loaded = disk::read(path, file::SIZE_MAX)
        .map_err(|e| e.to_string())
        .and_then(|bytes| file::load(&bytes).map_err(|e| format!("{}: {e}", path.display())));
    match loaded {
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
        None if then.is_some() => app.state.dialog = Some(path_dialog(&app.state, true, then)),
        None => ask(app, ctx, true),
    }
}

fn save_to(state: &mut State, path: &Path) {
    let own = state.plan.as_ref().and_then(|plan| plan.workspace.path()) == Some(path);
    if !own && disk::exists(path) {
        state.dialog = Some(Dialog::Replace(path.to_owned()));
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
        Err(error) => failed(state, "The plan was not saved", &error.to_string()),
    }
}

/// Asks for a path: by the system's dialog where one may answer, else in the window.
fn ask(app: &mut App, ctx: &Context, save: bool) {
    if !(app.portal && settings::portal_may_answer()) {
        app.state.dialog = Some(path_dialog(&app.state, save, None));
        return;
    }
    let mut dialog = rfd::AsyncFileDialog::new().add_filter("Plan", &["ron"]);
    let path = app.state.plan.as_ref().and_then(|plan| plan.workspace.path());
    if let Some(folder) = path.and_then(Path::parent) {
        dialog = dialog.set_directory(folder);
    }
    let name = suggested(&app.state);
    if save {
        dialog = dialog.set_file_name(name);
    }
    app.tasks.pick(ctx, save, dialog);
}

/// A file name for the plan.
fn suggested(state: &State) -> String {
    let Some(plan) = &state.plan else { return String::new() };
    if let Some(path) = plan.workspace.path() {
        return path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    }
    let name = &plan.workspace.project().name;
    format!("{}.ron", crate::model::id::slug_from_name(name, "plan", |_| false))
}

fn path_dialog(state: &State, save: bool, then: Option<Box<Command>>) -> Dialog {
    let open = state.plan.as_ref().and_then(|plan| plan.workspace.path());
    let text = match open {
        Some(path) => path.display().to_string(),
        None if save => suggested(state),
        None => String::new(),
    };
    Dialog::Path { save, text, error: None, then }
}

/// What somebody picked in the system's dialog.
pub(in crate::gui) fn picked(app: &mut App, ctx: &Context, found: Found) {
    let Found::Picked { save, path, seen } = found else { return };
    match path {
        Some(path) if save => {
            // The system's dialog has asked already whether the file may be replaced.
            let path = if path.extension().is_none() { path.with_extension("ron") } else { path };
            write(&mut app.state, &path);
        }
        Some(path) => super::one(app, ctx, Command::OpenPath(path)),
        // Nobody closes a dialog that fast: none came up.
        None if !seen => app.state.dialog = Some(path_dialog(&app.state, save, None)),
        None => {}
    }
}
