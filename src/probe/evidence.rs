//! What is kept of a run, and when it is stale: as soon as the plan says something else to the
//! question than it said when it was asked.

use super::run::Check;
use crate::{
    model::{
        Project, Topology,
        beside::{Evidence, Gathered, Origin, Outcome},
        change::Change,
        name::shortened,
        unfold::unfold,
    },
    net::world::Inputs,
    sim::expected::{Occasion, all_of, hash},
};
use std::collections::{BTreeMap, BTreeSet};

pub use crate::sim::expected::Facts;

/// What a phase's evidence is keyed by, before the question's own key: the phase's id.
pub fn phase_key(project: &Project, phase: usize) -> String {
    project.evidence_key(phase)
}

/// The checks of a run as evidence, by key.
pub fn kept(checks: &[Check]) -> BTreeMap<String, Evidence> {
    checks.iter().map(|check| (check.key.clone(), check.evidence.clone())).collect()
}

/// What was known of a question before a run told something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Was {
    /// The outcome then; none: the question had no answer yet.
    pub outcome: Option<Outcome>,
    /// What came then.
    pub got: Vec<String>,
    /// When, as evidence writes it; empty: never.
    pub utc: String,
}

/// What changed since the last run: the questions whose outcome or answer is another one, or that
/// have their first, each with what was known.
pub fn changed(
    before: &BTreeMap<String, Evidence>,
    after: &BTreeMap<String, Evidence>,
) -> BTreeMap<String, Was> {
    let was = |(key, now): (&String, &Evidence)| match before.get(key) {
        Some(old) if (old.outcome, &old.got) == (now.outcome, &now.got) => None,
        Some(old) => {
            let (outcome, got, utc) = (Some(old.outcome), old.got.clone(), old.utc.clone());
            Some((key.clone(), Was { outcome, got, utc }))
        }
        None => Some((key.clone(), Was { outcome: None, got: Vec::new(), utc: String::new() })),
    };
    after.iter().filter_map(was).collect()
}

/// The time of evidence in seconds since 1970 (the days by H. Hinnant's `days_from_civil`).
pub fn seconds(utc: &str) -> Option<u64> {
    let part = |from: usize, to: usize| utc.get(from..to)?.parse::<u64>().ok();
    let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
    let (hour, minute, second) = (part(11, 13)?, part(14, 16)?, part(17, 19)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let from_march = if month > 2 { month - 3 } else { month + 9 };
    let year = if month > 2 { year } else { year.checked_sub(1)? };
    let (era, of_era) = (year / 400, year % 400);
    let of_year = (153 * from_march + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    Some(days.checked_sub(719_468)? * 86_400 + hour * 3_600 + minute * 60 + second)
}

/// Adds evidence to what was gathered before: of two answers to one question the later one stays.
pub fn gather(gathered: &mut BTreeMap<String, Evidence>, more: BTreeMap<String, Evidence>) {
    for (key, new) in more {
        if gathered.get(&key).is_none_or(|known| known.utc <= new.utc) {
            gathered.insert(key, new);
        }
    }
}

/// The change that takes evidence into a project: what is newer than what it has.
pub fn change(project: &Project, evidence: BTreeMap<String, Evidence>) -> Change {
    let newer = |key: &String, new: &Evidence| {
        project.evidence.get(key).is_none_or(|known| known.utc <= new.utc)
    };
    Change::Batch(
        evidence
            .into_iter()
            .filter(|(key, new)| newer(key, new))
            .map(|(key, new)| Change::Evidence { key, to: Some(new) })
            .collect(),
    )
}

/// The name of a plan that nobody has named yet: it tells no plan from another.
const UNNAMED: &str = "New plan";

/// What is written beside the evidence of a phase: which plan it was gathered for.
pub fn origin(project: &Project, phase: usize) -> Origin {
    let topologies = unfold(project);
    Origin {
        plan: project.name.clone(),
        phase: project.phase_title(phase).to_owned(),
        questions: digest(&asked(project, &topologies, phase)),
    }
}

/// All that may be asked of a phase, by key, with the hash of what the plan says to it.
fn asked(project: &Project, topologies: &[Topology], phase: usize) -> BTreeMap<String, String> {
    let Some(topology) = topologies.get(phase) else { return BTreeMap::new() };
    let before = phase.checked_sub(1).and_then(|before| topologies.get(before));
    all_of(topology, &Inputs::of(project), &Occasion::complete(before))
        .map(|question| (question.key, question.facts))
        .collect()
}

fn digest(asked: &BTreeMap<String, String>) -> String {
    let parts: Vec<&str> = asked.iter().flat_map(|(key, facts)| [key.as_str(), facts]).collect();
    hash(&parts)
}

/// Whether the evidence of one file was gathered for another plan, or for phases that are gone. In words,
/// as a person reads it; none: it is this plan's.
///
/// What is this plan's stays so when the plan is edited afterwards, or renamed, but not both beyond
/// recognition: with the plan's own name one question that it still asks will do; under another name,
/// or none, it is the same questions with the same answers planned, or more than half of the file's
/// questions still asked. Private addresses and reverse zones are the same in many plans. A file that
/// does not say which plan it was made for is taken for one question, as before.
pub fn foreign(project: &Project, gathered: &Gathered) -> Option<String> {
    let Gathered { of, evidence } = gathered;
    if evidence.is_empty() {
        return None;
    }
    let topologies = unfold(project);
    let (mut known, mut is_same) = (0, false);
    for phase in 0..topologies.len() {
        let own = format!("{} ", phase_key(project, phase));
        let keys: Vec<&str> = evidence.keys().filter_map(|key| key.strip_prefix(&own)).collect();
        if keys.is_empty() {
            continue;
        }
        let asked = asked(project, &topologies, phase);
        known += keys.iter().filter(|key| is_asked(&asked, key)).count();
        is_same |= of.as_ref().is_some_and(|of| of.questions == digest(&asked));
    }
    if is_same { None } else { of_another(project, of.as_ref(), known, evidence.keys()) }
}

/// Whether a question is asked; what a session told beyond its greeting goes by that question's key
/// with a word more.
fn is_asked(asked: &BTreeMap<String, String>, key: &str) -> bool {
    let greeting = || key.rsplit_once(' ').filter(|(key, _)| key.starts_with("smtp"));
    asked.contains_key(key) || greeting().is_some_and(|(key, _)| asked.contains_key(key))
}

/// Why so much evidence, of which the plan still asks so much, is another plan's.
pub(super) fn of_another<'k>(
    project: &Project,
    of: Option<&Origin>,
    known: usize,
    keys: impl ExactSizeIterator<Item = &'k String>,
) -> Option<String> {
    let count = keys.len();
    let is_named = |of: &Origin| of.plan == project.name && of.plan != UNNAMED;
    if known > 0 && (of.is_none_or(is_named) || known * 2 > count) {
        return None;
    }
    let phases: BTreeSet<String> =
        keys.filter_map(|key| key.split(' ').next()).map(shortened).collect();
    let phases = phases.into_iter().take(4).collect::<Vec<_>>().join("`, `");
    let what = match (count, known) {
        (1, _) => "its question is none".to_owned(),
        (_, 0) => format!("none of its {count} questions is one"),
        (_, 1) => format!("only 1 of its {count} questions is one"),
        _ => format!("only {known} of its {count} questions are any"),
    };
    let made = match of {
        Some(of) if of.plan != project.name => format!("the plan `{}`", shortened(&of.plan)),
        _ => "another plan".to_owned(),
    };
    Some(format!(
        "{what} of this plan: it was gathered for {made}, or for a phase that is gone (`{phases}`)"
    ))
}

/// Whether evidence is stale: the plan says something else to the question by now, or no longer
/// asks it. For many pieces of evidence make [`Facts`] once.
pub fn stale(evidence: &Evidence, project: &Project) -> bool {
    Facts::of(project).are_stale_in(evidence)
}
