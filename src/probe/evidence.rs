//! What is kept of a run, and when it is stale: as soon as the plan says something else to the
//! question than it said when it was asked.

use super::run::Check;
use crate::{
    model::{
        Project,
        beside::{Evidence, Outcome},
        change::Change,
        name::shortened,
        unfold::unfold,
    },
    net::world::Inputs,
    sim::expected::{Occasion, all_of},
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

/// Whether evidence from one file was gathered for a plan that asks none of its questions: another
/// plan, or phases that are gone. In words, as a person reads it; none: at least one is this plan's.
pub fn foreign(
    project: &Project,
    facts: &Facts,
    evidence: &BTreeMap<String, Evidence>,
) -> Option<String> {
    // What the plan still says is its own; only where nothing is so are the keys compared.
    if evidence.is_empty() || evidence.values().any(|evidence| !facts.are_stale_in(evidence)) {
        return None;
    }
    let inputs = Inputs::of(project);
    let topologies = unfold(project);
    let known = topologies.iter().enumerate().any(|(phase, topology)| {
        let own = format!("{} ", phase_key(project, phase));
        let before = phase.checked_sub(1).and_then(|before| topologies.get(before));
        all_of(topology, &inputs, &Occasion::complete(before))
            .any(|question| evidence.contains_key(&format!("{own}{}", question.key)))
    });
    if known {
        return None;
    }
    let count = evidence.len();
    let phases: BTreeSet<String> =
        evidence.keys().filter_map(|key| key.split(' ').next()).map(shortened).collect();
    let phases = phases.into_iter().take(4).collect::<Vec<_>>().join("`, `");
    let what = if count == 1 {
        "its question is none".to_owned()
    } else {
        format!("none of its {count} questions is one")
    };
    Some(format!(
        "{what} of this plan: it was gathered for another plan, or for a phase that is gone (`{phases}`)"
    ))
}

/// Whether evidence is stale: the plan says something else to the question by now, or no longer
/// asks it. For many pieces of evidence make [`Facts`] once.
pub fn stale(evidence: &Evidence, project: &Project) -> bool {
    Facts::of(project).are_stale_in(evidence)
}
