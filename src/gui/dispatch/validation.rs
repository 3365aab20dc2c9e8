//! Live checks: listing whom they would contact, carrying them out once that is confirmed, keeping
//! what came as evidence; evidence that was gathered elsewhere.

use super::{apply, files};
use crate::{
    file,
    gui::{
        app::App,
        command::{Command, Panel},
        dialogs::{Dialog, Purpose, contacts::Confirmed},
        state::{Plan, State},
        tasks::ASKING,
        validation::{Run, answered, prepare, round_told},
        words,
    },
    model::{
        beside::{Evidence, Outcome},
        change::Change,
    },
    probe::{
        Check, collected,
        evidence::{change, changed, foreign, gather, kept, phase_key},
    },
    workspace::disk,
};
use eframe::egui::Context;
use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

pub(super) fn run(app: &mut App, ctx: &Context, command: Command) {
    match command {
        Command::ListContacts => list(&mut app.state),
        Command::Contact(confirmed) => contact(app, ctx, &confirmed),
        Command::TakeEvidence if app.state.plan.is_some() => {
            files::ask(app, ctx, Purpose::Evidence);
        }
        Command::TakeEvidenceFrom(paths) => take_from(&mut app.state, &paths),
        Command::DropEvidence(phase) => drop_evidence(&mut app.state, phase),
        _ => {}
    }
}

fn list(state: &mut State) {
    let Some(plan) = &mut state.plan else { return };
    plan.panel = Panel::Validation;
    state.show.bottom = true;
    if plan.validation.run.is_some() {
        "The network is being asked already".clone_into(&mut state.status);
        return;
    }
    match prepare(plan) {
        Ok(prepared) => state.dialog = Some(Dialog::Contacts(Arc::new(prepared))),
        Err(why) => state.status = words::sentence(&format!("nobody is contacted: {why}")),
    }
}

/// Sends what was confirmed, if it is still this plan that is open.
fn contact(app: &mut App, ctx: &Context, confirmed: &Confirmed) {
    let Some(plan) = &mut app.state.plan else { return };
    let prepared = confirmed.prepared();
    if plan.serial() != prepared.serial || plan.validation.run.is_some() {
        return;
    }
    plan.validation.said.clear();
    plan.validation.run = Some(Run {
        phase: prepared.job.phase,
        phase_key: prepared.job.phase_key.clone(),
        total: prepared.job.questions.len(),
        checks: Vec::new(),
        cancelled: false,
        rounds: 0,
        anew: false,
        told: String::new(),
    });
    app.tasks.ask(ctx, prepared.serial, confirmed);
    if !app.tasks.runs(ASKING) {
        plan.validation.run = None;
        "The network could not be asked: no thread could be started"
            .clone_into(&mut plan.validation.said);
    }
}

/// Notes that somebody has cancelled the run.
pub(super) fn cancelled(state: &mut State, task: &str) {
    if let Some(run) = state.plan.as_mut().and_then(|plan| plan.validation.run.as_mut())
        && task == ASKING
    {
        run.cancelled = true;
    }
}

/// A verdict has come.
pub(in crate::gui) fn heard(state: &mut State, of: u64, check: Check) {
    if let Some(run) = own(state, of).and_then(|plan| plan.validation.run.as_mut()) {
        if std::mem::take(&mut run.anew) {
            run.checks.clear();
        }
        run.checks.push(check);
    }
}

/// A round of a watch is over.
pub(in crate::gui) fn polled(state: &mut State, of: u64, checks: Vec<Check>) {
    if let Some(run) = own(state, of).and_then(|plan| plan.validation.run.as_mut()) {
        run.rounds += 1;
        run.told = round_told(&checks);
        (run.checks, run.anew) = (checks, true);
    }
}

fn own(state: &mut State, of: u64) -> Option<&mut Plan> {
    state.plan.as_mut().filter(|plan| plan.serial() == of)
}

/// The run is over; what had answered becomes evidence.
pub(in crate::gui) fn asked(state: &mut State, of: u64, checks: Result<Vec<Check>, String>) {
    let Some(run) = own(state, of).and_then(|plan| plan.validation.run.take()) else { return };
    match checks {
        Ok(checks) if run.cancelled => keep(state, run.total, checks, "the run was cancelled"),
        Ok(checks) => keep(state, run.total, checks, ""),
        Err(why) => keep(state, run.total, run.checks, &format!("the run failed: {why}")),
    }
}

/// The run's thread is gone and nothing more will come of it.
pub(in crate::gui) fn broke_off(state: &mut State) {
    if let Some(run) = state.plan.as_mut().and_then(|plan| plan.validation.run.take()) {
        keep(state, run.total, run.checks, "the run broke off");
    }
}

/// Keeps what had answered; `ended`: why that is not all, if it is not.
fn keep(state: &mut State, total: usize, checks: Vec<Check>, ended: &str) {
    let checks = answered(checks);
    let Some(plan) = &mut state.plan else { return };
    let answers = words::count(checks.len(), "answer", "answers");
    plan.validation.said = match (ended, checks.len()) {
        ("", _) => format!("{}; kept as evidence", summary(checks.iter().map(|c| &c.evidence))),
        (why, 0) => {
            format!("{} before anything had answered; nothing is kept", words::sentence(why))
        }
        (why, some) => {
            format!("{}: {some} of {total} had answered and are kept", words::sentence(why))
        }
    };
    let said = plan.validation.said.clone();
    if !checks.is_empty() {
        let kept = kept(&checks);
        plan.validation.changed = changed(&plan.workspace.project().evidence, &kept);
        let change = change(plan.workspace.project(), kept);
        apply(state, &format!("Keep {answers} of the network as evidence"), change, None);
    }
    state.status = said;
}

/// How many of each outcome, in words.
fn summary<'e>(all: impl Iterator<Item = &'e Evidence>) -> String {
    let mut counts: BTreeMap<Outcome, usize> = BTreeMap::new();
    for evidence in all {
        *counts.entry(evidence.outcome).or_default() += 1;
    }
    let parts: Vec<String> = crate::gui::validation::WORST_FIRST
        .iter()
        .filter_map(|o| counts.get(o).map(|n| format!("{n} {}", o.name().replace('-', " "))))
        .collect();
    words::sentence(&parts.join(", "))
}

fn take_from(state: &mut State, paths: &[PathBuf]) {
    let Some(plan) = &mut state.plan else { return };
    let mut gathered = BTreeMap::new();
    for path in paths {
        let read = disk::read(path, file::SIZE_MAX).map_err(|error| error.to_string());
        let project = plan.workspace.project();
        let loaded = read.and_then(|bytes| {
            let loaded = if collected::is_json(&bytes) {
                collected::read(project, &bytes).map(|taken| taken.evidence)
            } else {
                file::evidence::load(&bytes).map_err(|error| error.to_string()).and_then(
                    |gathered| match foreign(project, &gathered) {
                        Some(why) => Err(why),
                        None => Ok(gathered.evidence),
                    },
                )
            };
            loaded.map_err(|error| format!("{}: {error}", path.display()))
        });
        match loaded {
            Ok(evidence) => gather(&mut gathered, evidence),
            Err(text) => {
                let title = "The evidence cannot be taken".to_owned();
                state.dialog = Some(Dialog::Message { title, text });
                return;
            }
        }
    }
    plan.panel = Panel::Validation;
    state.show.bottom = true;
    plan.validation.said = format!("Taken: {}", words::inside(&summary(gathered.values())));
    let answers = words::count(gathered.len(), "answer", "answers");
    plan.validation.changed = changed(&plan.workspace.project().evidence, &gathered);
    let change = change(plan.workspace.project(), gathered);
    apply(state, &format!("Take {answers} as evidence"), change, None);
}

fn drop_evidence(state: &mut State, phase: usize) {
    let Some(plan) = &mut state.plan else { return };
    let project = plan.workspace.project();
    let own = format!("{} ", phase_key(project, phase));
    let keys = project.evidence.keys().filter(|key| key.starts_with(&own)).cloned();
    let changes: Vec<Change> = keys.map(|key| Change::Evidence { key, to: None }).collect();
    if changes.is_empty() {
        return;
    }
    plan.validation.said.clear();
    let label = format!("Take the evidence of phase {phase} out");
    apply(state, &label, Change::Batch(changes), None);
}
