//! `bridgehead evidence`: takes what was gathered elsewhere into the plan: answers of the network that a
//! probe has written, ticks, times and initials of a filled working copy.

use super::{
    Answer, Exit, Format, plan,
    plan::Output,
    probe::{totals, totals_text},
};
use crate::{
    analysis::analyse,
    file,
    model::{
        Project,
        beside::{Evidence, Outcome},
        change::apply,
    },
    probe::{
        collected,
        evidence::{Facts, change, foreign, gather},
    },
    report::{self, pdf::read_back::is_pdf},
    workspace::disk,
};
use anyhow::Context as _;
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

/// The arguments.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The plan
    plan: PathBuf,
    /// Files that `bridgehead probe -o` or a collector wrote, or filled working copies of the handover
    /// (PDF)
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    output: Output,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

/// What filled working copies came to.
#[derive(Default)]
struct Ticks {
    /// How many copies there were.
    copies: usize,
    /// How many steps, items and signatories became different.
    taken: usize,
    /// What means nothing in this plan.
    unknown: Vec<String>,
}

impl Ticks {
    fn take(&mut self, project: &mut Project, bytes: &[u8]) -> anyhow::Result<()> {
        let filled = report::read_back::ticks(&analyse(project), bytes)?;
        apply(project, filled.change)?;
        self.copies += 1;
        self.taken += filled.taken;
        self.unknown.extend(filled.unknown);
        Ok(())
    }
}

/// Takes the evidence in. Of two answers to one question the later one stays. A file that was made
/// for another plan is refused. What was taken decides the exit code as it does for `probe`; stale
/// answers are counted apart and are no answers.
pub(super) fn run(args: &Args) -> anyhow::Result<Answer> {
    let mut project = plan::read(&args.plan)?;
    let mut gathered: BTreeMap<String, Evidence> = BTreeMap::new();
    let facts = Facts::of(&project);
    let mut ticks = Ticks::default();
    let mut unasked: Vec<String> = Vec::new();
    let mut others: BTreeSet<String> = BTreeSet::new();
    for path in &args.files {
        let bytes = disk::read(path, file::SIZE_MAX)?;
        if is_pdf(&bytes) {
            ticks.take(&mut project, &bytes).with_context(|| path.display().to_string())?;
            continue;
        }
        if collected::is_json(&bytes) {
            let taken = collected::read(&project, &bytes)
                .map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
            unasked.extend(taken.unasked);
            gather(&mut gathered, taken.evidence);
            continue;
        }
        let more = file::evidence::load(&bytes).map_err(|error| match error {
            file::LoadError::Syntax { .. } => anyhow::anyhow!("{}:{error}", path.display()),
            other => anyhow::anyhow!("{}: {other}", path.display()),
        })?;
        if let Some(why) = foreign(&project, &more) {
            anyhow::bail!("{}: {why}", path.display());
        }
        if let Some(of) = more.of.as_ref().filter(|of| of.plan != project.name) {
            others.insert(of.plan.clone());
        }
        gather(&mut gathered, more.evidence);
    }
    let (stale, fresh): (Vec<_>, Vec<_>) =
        gathered.iter().partition(|(_, evidence)| facts.are_stale_in(evidence));
    let stale: Vec<&String> = stale.into_iter().map(|(key, _)| key).collect();
    let counts = totals(fresh.iter().map(|(_, evidence)| evidence.outcome));
    let exit = exit(&counts, &stale);
    let path = args.output.path.display().to_string();
    let mut lines = vec![format!("{path}: {} answers", gathered.len())];
    if ticks.copies > 0 {
        lines[0] = format!("{}, {} ticked or written", lines[0], ticks.taken);
    }
    lines.extend(ticks.unknown.iter().map(|id| format!("  ? `{id}` means nothing in this plan")));
    let named = &project.name;
    lines.extend(others.iter().map(|plan| {
        format!("  ▲ gathered for the plan “{plan}”; this one is called “{named}”: is it the same?")
    }));
    let says = "the plan now says something else";
    lines.extend(stale.iter().map(|key| format!("  ▲ stale: {key}: {says}")));
    lines.extend(unasked.iter().map(|key| format!("  – not taken: {key}: no longer asked")));
    lines.push(totals_line(&counts, stale.len()));
    let by_name: BTreeMap<_, _> = counts.iter().map(|(o, n)| (o.name(), *n)).collect();
    let json = json!({
        "path": path, "taken": gathered.len(), "stale": stale, "totals": by_name,
        "ticks": ticks.taken, "unknown": ticks.unknown, "unasked": unasked, "gathered_for": others,
    });
    let change = change(&project, gathered);
    apply(&mut project, change)?;
    args.output.write(&project)?;
    Ok(Answer { json, text: lines.join("\n"), exit })
}

/// What the evidence says of the plan as it is now. An answer to what the plan no longer asks so is
/// none, whatever it was.
fn exit(fresh: &BTreeMap<Outcome, usize>, stale: &[&String]) -> Exit {
    match (fresh.contains_key(&Outcome::Fail), fresh.contains_key(&Outcome::Unknown)) {
        (true, _) => Exit::Broken,
        (false, true) => Exit::CannotTell,
        (false, false) if !stale.is_empty() => Exit::CannotTell,
        (false, false) => Exit::Fine,
    }
}

/// The totals of what still counts, and beside them what does not.
fn totals_line(fresh: &BTreeMap<Outcome, usize>, stale: usize) -> String {
    let mut parts = Vec::new();
    if !fresh.is_empty() {
        parts.push(totals_text(fresh));
    }
    if stale > 0 {
        parts.push(format!("▲ {stale} stale"));
    }
    parts.join("   ")
}
