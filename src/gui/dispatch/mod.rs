//! Executes commands: the only place in the window that changes a project. Panels and the canvas
//! only ask.

mod carry_out;
mod clipboard;
mod drawing;
pub(super) mod files;
mod forms;
pub(super) mod handover;
mod phases;
mod stamp;
pub(super) mod validation;
mod views;

use super::{
    app::App,
    canvas::CanvasRequest,
    command::{Command, Panel},
    dialogs::{Dialog, table::TableDraft},
    state::{FixesKey, Plan, State},
    words,
};
use crate::{
    model::{
        ObjectId, Subject,
        beside::{Drawn, Slot},
        change::Change,
        edit::Edit,
        editing::{edit, edit_all},
        project::WaiverKey,
        promise::End,
    },
    rules::fix::{self, Trust},
    workspace::history::MergeKey,
};
use eframe::egui::{Context, ViewportCommand};
use std::collections::BTreeSet;

/// Executes commands, one after the other.
pub(super) fn run(app: &mut App, ctx: &Context, commands: Vec<Command>) {
    for command in commands {
        one(app, ctx, command);
    }
}

fn one(app: &mut App, ctx: &Context, command: Command) {
    match command {
        Command::New
        | Command::NewFrom(_)
        | Command::Open
        | Command::OpenByPath
        | Command::OpenPath(_)
        | Command::Recover(_)
        | Command::Discard(_)
        | Command::Save
        | Command::SaveAs
        | Command::SaveTo(_)
        | Command::ReplaceAt(_)
        | Command::SaveThen(_)
        | Command::DiscardThen(_)
        | Command::Close => files::run(app, ctx, command),
        Command::Quit => files::quit(app, ctx),
        Command::Palette => {
            app.state.palette = match app.state.palette {
                Some(_) => None,
                None => Some(super::panels::palette::Palette::default()),
            };
        }
        Command::Cancel(name) => {
            app.tasks.cancel(&name);
            validation::cancelled(&mut app.state, &name);
        }
        Command::Shortcuts => app.state.dialog = Some(Dialog::Shortcuts),
        Command::Tour(step) => tour(app, ctx, step),
        Command::About => app.state.dialog = Some(Dialog::About),
        Command::Article(code) => app.state.dialog = Some(Dialog::Article(code)),
        Command::Appearance(appearance) => {
            app.state.settings.appearance = appearance;
            app.state.settings.save();
        }
        Command::Status(text) => app.state.status = words::sentence(&text),
        Command::Tool(tool) => {
            app.state.tool = tool;
            app.state.status = format!("{}: {}", tool.title(), tool.hint());
        }
        Command::Lens(lens) => app.state.lens = lens,
        Command::ToggleOutline => app.state.show.outline = !app.state.show.outline,
        Command::ToggleInspector => app.state.show.inspector = !app.state.show.inspector,
        Command::ToggleBottom => app.state.show.bottom = !app.state.show.bottom,
        Command::ToggleSnap => app.state.show.snap = !app.state.show.snap,
        Command::ToggleOutcomes => app.state.show.outcomes = !app.state.show.outcomes,
        Command::ListContacts
        | Command::Contact(_)
        | Command::TakeEvidence
        | Command::TakeEvidenceFrom(_)
        | Command::DropEvidence(_) => validation::run(app, ctx, command),
        Command::SaveDrawing(_) | Command::SaveDrawingTo(..) | Command::ReplaceDrawing(..) => {
            drawing::run(app, ctx, command);
        }
        Command::Handover
        | Command::TakeTicks
        | Command::TakeTicksFrom(_)
        | Command::CloseHandover
        | Command::HandoverPage(_)
        | Command::CompareHandover
        | Command::CompareHandoverWith(_)
        | Command::CompareHandoverWithNothing
        | Command::CopyTable(..)
        | Command::SaveHandover(_)
        | Command::SaveHandoverTo(..)
        | Command::ReplaceHandover(..) => handover::run(app, ctx, command),
        other => on_plan(&mut app.state, ctx, other),
    }
}

/// Shows a step of the tour; it begins on a plan of its own.
fn tour(app: &mut App, ctx: &Context, step: Option<usize>) {
    if step == Some(0) && app.state.tour.is_none() {
        files::run(app, ctx, Command::NewFrom(super::panels::tour::TEMPLATE));
        if app.state.dialog.is_some() {
            // What is open has to be saved first, or given up.
            return;
        }
        app.state.show = super::state::Shown::default();
        if let Some(plan) = &mut app.state.plan {
            show_phase(plan, 0);
        }
    }
    app.state.tour = step;
}

/// What needs a plan; without one it is not done.
fn on_plan(state: &mut State, ctx: &Context, command: Command) {
    let Some(plan) = &mut state.plan else { return };
    match command {
        Command::Apply { label, change } => apply(state, &label, change, None),
        Command::ApplyTyping { label, change, key } => {
            apply(state, &label, change, Some(MergeKey(key)));
        }
        Command::Undo => step(state, true),
        Command::Redo => step(state, false),
        Command::GoTo(steps) => go_to(state, steps),
        Command::Copy | Command::Paste | Command::Duplicate => {
            clipboard::run(state, ctx, &command);
        }
        Command::Delete => delete(state),
        Command::Insert(_)
        | Command::EditPromise(_)
        | Command::EditAssumption(_)
        | Command::EditDossier
        | Command::RenamePlan => forms::run(state, command),
        Command::DeletePromise(id) => {
            apply(state, "Delete the promise", Change::Promise { id, to: None }, None);
        }
        Command::PasteTable(_)
        | Command::Tick(_)
        | Command::TickNext
        | Command::LookAtStep(_)
        | Command::SaveView
        | Command::SaveViewAs(_)
        | Command::ShowView(_)
        | Command::ForgetView(_) => beside(state, command),
        Command::AddPhase
        | Command::RenamePhase(_)
        | Command::DuplicatePhase(_)
        | Command::MovePhase(..)
        | Command::DeletePhase(_) => phases::run(state, &command),
        Command::Fix { finding, choice, earliest } => fix(state, finding, choice, earliest),
        Command::Waive(index) => waive(state, index),
        Command::Unwaive(index) => unwaive(state, index),
        Command::Panel(panel) => {
            plan.panel = panel;
            state.show.bottom = true;
        }
        Command::Compare(a, b) => {
            plan.compare = (a, b);
            plan.panel = Panel::Compare;
            state.show.bottom = true;
        }
        Command::Counterexample(id) => {
            if let Some(trace) = plan.analysis().counterexample(plan.phase, &id) {
                let revision = plan.workspace.analysed_revision();
                plan.trace.trace = Some((plan.phase, revision, trace));
            }
        }
        Command::Check => {
            plan.workspace.analyse();
            "Checked".clone_into(&mut state.status);
        }
        other => look(plan, other),
    }
}

/// Tables, ticks and views.
fn beside(state: &mut State, command: Command) {
    match command {
        Command::PasteTable(text) => {
            state.dialog = Some(Dialog::Table(Box::new(TableDraft::new(&text))));
        }
        Command::Tick(_) | Command::TickNext | Command::LookAtStep(_) => {
            carry_out::run(state, &command);
        }
        other => views::run(state, other),
    }
}

/// What only changes what is looked at.
fn look(plan: &mut Plan, command: Command) {
    match command {
        Command::Select(selection) => select(plan, selection),
        Command::Locate(subject) => {
            select(plan, [subject.clone()].into());
            plan.canvas.request(CanvasRequest::Locate(subject));
        }
        Command::SelectAll => {
            let all = plan.topology().ids().into_iter().filter(has_place).map(Subject::from);
            let notes = plan.workspace.project().notes.keys().cloned().map(Subject::Note);
            let all = all.chain(notes).collect();
            select(plan, all);
        }
        Command::SelectNone => select(plan, BTreeSet::new()),
        Command::Rename => match plan.selected().cloned() {
            Some(subject) => {
                plan.focus_name = true;
                plan.canvas.request(CanvasRequest::Rename(subject));
            }
            None => plan.focus_name = true,
        },
        Command::Phase(index) => show_phase(plan, index),
        Command::NextPhase => show_phase(plan, plan.phase + 1),
        Command::PreviousPhase => show_phase(plan, plan.phase.saturating_sub(1)),
        Command::Fit => plan.canvas.request(CanvasRequest::Fit),
        Command::FitSelection => plan.canvas.request(CanvasRequest::FitSelection),
        Command::Zoom100 => plan.canvas.request(CanvasRequest::Zoom100),
        Command::ZoomIn => plan.canvas.request(CanvasRequest::ZoomIn),
        Command::ZoomOut => plan.canvas.request(CanvasRequest::ZoomOut),
        Command::Arrange(how) => plan.canvas.request(CanvasRequest::Arrange(how)),
        Command::Neighbour(side) => plan.canvas.request(CanvasRequest::Neighbour(side)),
        Command::Put(tool) => plan.canvas.request(CanvasRequest::Put(tool)),
        Command::LayOut => plan.canvas.request(CanvasRequest::LayOut),
        Command::Pin(pinned) => plan.canvas.request(CanvasRequest::Pin(pinned)),
        Command::Trace { from, to } => {
            plan.trace.from = Some(from);
            plan.trace.to = Some(to);
            plan.panel = Panel::Trace;
            retrace(plan);
        }
        Command::TraceFailures(failures) => {
            plan.trace.failures = failures;
            retrace(plan);
        }
        Command::ClearTrace => plan.trace.trace = None,
        Command::Failures => {
            plan.failures.stopped = None;
            plan.panel = Panel::Failures;
        }
        Command::StopFailures => {
            plan.failures.stopped = plan.failures.sweeping.take().map(|(key, ..)| key);
        }
        Command::ShowFailure(subjects) => {
            plan.failures.minute = 0;
            plan.failures.chosen.clone_from(&subjects);
            select(plan, subjects);
        }
        Command::ShowFinding(index) => show_finding(plan, index),
        Command::CloseFinding => plan.open_finding = None,
        Command::NextFinding => next_finding(plan, 1),
        Command::PreviousFinding => next_finding(plan, -1),
        _ => {}
    }
}

fn select(plan: &mut Plan, selection: BTreeSet<Subject>) {
    if plan.selection != selection {
        plan.selection = selection;
        plan.drafts.clear();
        plan.workspace.seal();
    }
}

/// Whether the canvas shows objects of this kind as something that can be selected.
pub(super) fn has_place(id: &ObjectId) -> bool {
    !matches!(
        id,
        ObjectId::View(_)
            | ObjectId::Zone(_)
            | ObjectId::Record(_)
            | ObjectId::Organisation(_)
            | ObjectId::Domain(_)
            | ObjectId::Mailboxes(_)
            | ObjectId::Listener(_)
    )
}

pub(super) fn show_phase(plan: &mut Plan, index: usize) {
    let index = index.min(plan.workspace.project().phase_count() - 1);
    if plan.phase != index {
        plan.phase = index;
        plan.drafts.clear();
        plan.workspace.seal();
        plan.keep_selection();
        let traced = plan.trace.trace.is_some();
        plan.trace.trace = None;
        if traced && plan.trace.from.is_some() {
            retrace(plan);
        }
    }
}

/// Follows the message of the trace tool in the phase that is shown.
pub(super) fn retrace(plan: &mut Plan) {
    let (Some(from), Some(to)) = (&plan.trace.from, &plan.trace.to) else { return };
    let phase = plan.phase.min(plan.analysis().phases.len() - 1);
    let topology = &plan.analysis().phases[phase].topology;
    let there = |end: &End| match end {
        End::Server(id) => topology.servers.contains_key(id),
        End::Site(id) => topology.sites.contains_key(id),
        End::Internet | End::Address(_) => true,
    };
    if !there(from) || !there(to) {
        plan.trace.trace = None;
        return;
    }
    let trace = plan.analysis().trace(phase, from, to, &plan.trace.failures);
    let revision = plan.workspace.analysed_revision();
    plan.trace.trace = Some((plan.phase, revision, trace));
}

fn show_finding(plan: &mut Plan, index: usize) {
    let Some(finding) = plan.derived_phase().findings.get(index).cloned() else { return };
    plan.open_finding = Some((finding.rule.code, finding.subject.clone()));
    plan.panel = Panel::Findings;
    if finding.subject.object(plan.topology()).is_some() {
        select(plan, [finding.subject.clone()].into());
        plan.canvas.request(CanvasRequest::Locate(finding.subject.clone()));
    }
    if let Some((from, to)) = finding.evidence {
        plan.trace.from = Some(from);
        plan.trace.to = Some(to);
        plan.trace.failures.clear();
        retrace(plan);
    } else {
        plan.trace.trace = None;
    }
}

fn next_finding(plan: &mut Plan, by: isize) {
    let count = plan.derived_phase().findings.len();
    if count == 0 {
        return;
    }
    let at = match plan.open_index() {
        Some(at) => (at + count).saturating_add_signed(by) % count,
        None if by > 0 => 0,
        None => count - 1,
    };
    show_finding(plan, at);
}

pub(super) fn apply(state: &mut State, label: &str, change: Change, merge: Option<MergeKey>) {
    let Some(plan) = &mut state.plan else { return };
    let typing = merge.is_some();
    match plan.workspace.apply(label, change, merge) {
        Ok(changed) => {
            if !typing {
                plan.drafts.clear();
                if changed {
                    label.clone_into(&mut state.status);
                }
            }
            settle(plan);
        }
        Err(error) => state.status = words::sentence(&format!("not done: {error}")),
    }
    if let Some(why) = state.plan.as_mut().and_then(|p| p.workspace.take_journal_failure()) {
        state.status = words::sentence(&why);
    }
}

fn step(state: &mut State, back: bool) {
    let Some(plan) = &mut state.plan else { return };
    let label = if back { plan.workspace.undo() } else { plan.workspace.redo() };
    if let Some(label) = label {
        let verb = if back { "Undone" } else { "Done again" };
        state.status = format!("{verb}: {}", words::inside(&label));
    }
    plan.drafts.clear();
    settle(plan);
}

fn go_to(state: &mut State, steps: usize) {
    let Some(plan) = &mut state.plan else { return };
    let (before, _) = plan.workspace.history().place();
    plan.workspace.go_to(steps);
    let (now, _) = plan.workspace.history().place();
    state.status = match (now < before, now.abs_diff(before)) {
        (_, 0) => return,
        (true, n) => format!("Undone: {}", words::count(n, "step", "steps")),
        (false, n) => format!("Done again: {}", words::count(n, "step", "steps")),
    };
    plan.drafts.clear();
    settle(plan);
}

/// After a change: what is shown must be there.
fn settle(plan: &mut Plan) {
    let last = plan.workspace.project().phase_count() - 1;
    plan.phase = plan.phase.min(last);
    plan.compare = (plan.compare.0.min(last), plan.compare.1.min(last));
    plan.keep_selection();
}

fn delete(state: &mut State) {
    let Some(plan) = &state.plan else { return };
    let topology = plan.topology();
    let ids: Vec<_> = plan.selection.iter().filter_map(|s| s.object(topology)).collect();
    let notes = plan.selection.iter().filter_map(|subject| match subject {
        Subject::Note(id) => Some(id.clone()),
        _ => None,
    });
    let notes: Vec<_> = notes.collect();
    let label = match (ids.as_slice(), notes.len()) {
        ([], 0) => return,
        ([], 1) => "Delete the note".to_owned(),
        ([one], 0) => format!(
            "Delete the {} {}",
            words::inside(words::kind(one)),
            words::object(topology, one)
        ),
        (many, notes) => format!("Delete {} objects", many.len() + notes),
    };
    let project = plan.workspace.project();
    let mut draft = (**project).clone();
    let mut changes = Vec::new();
    for id in ids {
        // What went with an object before it is gone already.
        if let Ok(change) = edit(&draft, plan.phase, Edit::Remove(id)) {
            drop(crate::model::change::apply(&mut draft, change.clone()));
            changes.push(change);
        }
    }
    for id in notes {
        let slot = Slot::on_sheet(Drawn::Note(id.clone()));
        changes.extend([Change::Note { id, to: None }, Change::Place { slot, to: None }]);
    }
    apply(state, &label, Change::Batch(changes), None);
}

fn fix(state: &mut State, index: usize, choice: usize, earliest: bool) {
    let Some(plan) = &mut state.plan else { return };
    let Some(finding) = plan.derived_phase().findings.get(index).cloned() else { return };
    let key = FixesKey::of(plan.workspace.analysed_revision(), plan.phase, &finding);
    let Some(fix) = plan.fixes.of(&key).and_then(|fixes| fixes.get(choice)).cloned() else {
        return;
    };
    if fix.trust == Trust::ShowOnly {
        return;
    }
    let at = if earliest { fix.earliest } else { plan.phase };
    let project = plan.workspace.project();
    let change = fix::edits(project, &fix.wanted, at).and_then(|edits| edit_all(project, edits));
    match change {
        Ok(change) => {
            plan.open_finding = None;
            plan.trace.trace = None;
            apply(state, &fix.title, change, None);
        }
        Err(error) => state.status = words::sentence(&format!("not done: {error}")),
    }
}

fn waive(state: &mut State, index: usize) {
    let Some(plan) = &state.plan else { return };
    let Some(finding) = plan.derived_phase().findings.get(index) else { return };
    let title = plan.derived.headlines.get(index).map(|h| h.title.clone()).unwrap_or_default();
    let key = WaiverKey { code: finding.rule.code.to_owned(), subject: finding.subject.clone() };
    state.dialog = Some(Dialog::Waive { key, title, reason: String::new() });
}

fn unwaive(state: &mut State, index: usize) {
    let Some(plan) = &state.plan else { return };
    let Some(finding) = plan.derived_phase().findings.get(index) else { return };
    let key = WaiverKey { code: finding.rule.code.to_owned(), subject: finding.subject.clone() };
    apply(state, "Take the waiver back", Change::Waiver { key, to: None }, None);
}

/// Closes the window for good.
pub(super) fn close_window(state: &mut State, ctx: &Context) {
    state.may_close = true;
    ctx.send_viewport_cmd(ViewportCommand::Close);
}
