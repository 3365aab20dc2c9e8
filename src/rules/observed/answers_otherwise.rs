//! BH801: a live name server answers otherwise than drawn, and mail goes another way by it.

use super::refuses_where_drawn;
use crate::{
    model::{Topology, dns::RecordKind, edit::Edit, id::SiteId, name::Fqdn},
    rules::{
        drawn_as_seen::{self, Told},
        finding::Finding,
        rule::{Check, Rule, Severity},
        seen::{self, Answer, Changes, Lost, Seen, Words},
    },
    sim::expected::{Ask, Side},
};
use std::collections::{BTreeMap, BTreeSet};

/// The rule.
pub static RULE: Rule = Rule {
    code: "BH801",
    name: "answers-otherwise",
    article: include_str!("answers_otherwise.md"),
    symptoms: &["unable to bind to the destination server in dns", "host not found", "974"],
    check: Check::Observed(check),
    cures: |_, finding| seen::cures(finding),
};

/// Each answer is proved on a draft of its own; of more than these only the first are.
const PROVED: usize = 64;

/// What was heard: equal ones are one observation, whatever they were asked for.
type Heard<'a> = (Side, &'a Fqdn, RecordKind, Option<&'a SiteId>, &'a [String]);

fn check(seen: &Seen<'_>) -> Vec<Finding> {
    let mut heard: BTreeMap<Heard<'_>, Vec<&Answer<'_>>> = BTreeMap::new();
    for answer in &seen.answers {
        if let Ask::Name { side, name, kind } = &answer.question.ask {
            let from = answer.question.from.as_ref();
            let key = (*side, name, *kind, from, answer.evidence.got.as_slice());
            heard.entry(key).or_default().push(answer);
        }
    }
    let each = heard.iter().enumerate();
    let mut lost = Lost::new();
    let mut found: Vec<Finding> = Vec::new();
    for (finding, of_it) in
        each.filter_map(|(at, (heard, answers))| alone(seen, at, *heard, answers))
    {
        lost.extend(of_it);
        found.push(finding);
    }
    let all = together(seen, &heard, &found).or_else(|| with_refusals(seen, &heard, lost));
    found.extend(all);
    seen::one_each(found)
}

fn told((side, name, kind, from, got): Heard<'_>) -> Option<Told<'_>> {
    Some(Told { side, from, name, kind, data: drawn_as_seen::data(kind, got)? })
}

/// What one answer changes by itself, and the pairs that it loses.
fn alone(
    seen: &Seen<'_>,
    at: usize,
    heard: Heard<'_>,
    answers: &[&Answer<'_>],
) -> Option<(Finding, Lost)> {
    let told = told(heard)?;
    let changes = if at < PROVED {
        seen.changes(&told.draft(seen.topology)?)?
    } else {
        Changes {
            severity: Severity::CannotTell,
            text: "what follows was not worked out: too many answers differ".to_owned(),
            also: BTreeSet::new(),
            brings: BTreeSet::new(),
            lost: Lost::new(),
        }
    };
    let lost = changes.lost.clone();
    let edits = told.edits(seen.topology).filter(|edits| !edits.is_empty());
    let (name, kind) = (told.name, told.kind.name().to_uppercase());
    let (got, view) = (heard.4.join(", "), told.side.name());
    let is = if told.data.is_some() { format!("is {got}") } else { "is not there".to_owned() };
    let title = format!("Draw what was observed: {name} {kind} {is} {view}");
    Some((finding(answers, changes, edits.map(|edits| (title, edits)))?, lost))
}

/// What all answers change together and none alone, as where each of two exchangers leads nowhere.
fn together(
    seen: &Seen<'_>,
    heard: &BTreeMap<Heard<'_>, Vec<&Answer<'_>>>,
    found: &[Finding],
) -> Option<Finding> {
    let (draft, drawn) = all_told(seen.topology.clone(), heard);
    if drawn.len() < 2 {
        return None;
    }
    let mut changes = seen.changes(&draft)?;
    if found.iter().any(|alone| alone.severity <= changes.severity) {
        return None;
    }
    let names = drawn.iter().skip(1).filter_map(|answers| answers.first());
    let names: Vec<&str> = names.take(4).map(|answer| answer.question.text.as_str()).collect();
    changes.text = format!("together with what was told of {}: {}", names.join("; "), changes.text);
    finding(drawn.first()?, changes, None)
}

/// A topology in which all that was told is so, with the answers that made a difference there.
fn all_told<'h, 'a>(
    mut draft: Topology,
    heard: &'h BTreeMap<Heard<'_>, Vec<&'a Answer<'a>>>,
) -> (Topology, Vec<&'h Vec<&'a Answer<'a>>>) {
    let mut drawn = Vec::new();
    for (heard, answers) in heard.iter().take(PROVED) {
        if let Some(next) = told(*heard).and_then(|told| told.draft(&draft)) {
            draft = next;
            drawn.push(answers);
        }
    }
    (draft, drawn)
}

/// What the names lose together with the listeners that refused, and neither loses without the other: as
/// where one exchanger's name leads nowhere, and at the other nobody takes the connection.
fn with_refusals(
    seen: &Seen<'_>,
    heard: &BTreeMap<Heard<'_>, Vec<&Answer<'_>>>,
    mut known: Lost,
) -> Option<Finding> {
    if heard.is_empty() {
        return None;
    }
    let (silent, refusals) = refuses_where_drawn::all_silent(seen)?;
    let (draft, drawn) = all_told(silent.clone(), heard);
    let first = drawn.first()?;
    known.extend(seen.changes(&silent).map(|changes| changes.lost).unwrap_or_default());
    known.extend(
        seen.changes(&all_told(seen.topology.clone(), heard).0).map(|c| c.lost).unwrap_or_default(),
    );
    let mut changes = seen.loses_more(&draft, &known)?;
    let names = drawn.iter().skip(1).filter_map(|answers| answers.first());
    let names = names.map(|answer| answer.question.text.as_str());
    let others: Vec<String> = names
        .map(str::to_owned)
        .chain(refusals.iter().map(|answer| format!("the refusal at {}", answer.evidence.asked)))
        .take(4)
        .collect();
    changes.text = format!("together with {}: {}", others.join("; "), changes.text);
    changes.also.extend(refusals.iter().map(|answer| answer.question.subject.clone()));
    finding(first, changes, None)
}

fn finding(
    answers: &[&Answer<'_>],
    changes: Changes,
    draw: Option<(String, Vec<Edit>)>,
) -> Option<Finding> {
    // The question about the record comes before those about who leans on it.
    let answer = answers.first()?;
    let remedy = match answer.evidence.remedy.as_str() {
        "" => format!("see that {} is as drawn", answer.question.text),
        known => known.to_owned(),
    };
    let head = format!("A live answer contradicts the drawing of {}", answer.question.text);
    let mut finding = seen::finding(&RULE, answer, changes, Words { head, remedy, draw });
    let others = answers.iter().skip(1).map(|other| other.question.subject.clone());
    finding.also.extend(others.filter(|s| *s != finding.subject).collect::<Vec<_>>());
    finding.also.sort();
    finding.also.dedup();
    Some(finding)
}
