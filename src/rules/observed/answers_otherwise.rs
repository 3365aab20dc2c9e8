//! BH801: a live name server answers otherwise than drawn, and mail goes another way by it.

use crate::{
    model::{dns::RecordKind, edit::Edit, id::SiteId, name::Fqdn},
    rules::{
        drawn_as_seen::{self, Told},
        finding::Finding,
        rule::{Check, Rule, Severity},
        seen::{self, Answer, Changes, Seen, Words},
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
    let mut found: Vec<Finding> =
        each.filter_map(|(at, (heard, answers))| alone(seen, at, *heard, answers)).collect();
    found.extend(together(seen, &heard, &found));
    seen::one_each(found)
}

fn told((side, name, kind, from, got): Heard<'_>) -> Option<Told<'_>> {
    Some(Told { side, from, name, kind, data: drawn_as_seen::data(kind, got)? })
}

/// What one answer changes by itself.
fn alone(seen: &Seen<'_>, at: usize, heard: Heard<'_>, answers: &[&Answer<'_>]) -> Option<Finding> {
    let told = told(heard)?;
    let changes = if at < PROVED {
        seen.changes(&told.draft(seen.topology)?)?
    } else {
        Changes {
            severity: Severity::CannotTell,
            text: "what follows was not worked out: too many answers differ".to_owned(),
            also: BTreeSet::new(),
            brings: BTreeSet::new(),
        }
    };
    let edits = told.edits(seen.topology).filter(|edits| !edits.is_empty());
    let (name, kind) = (told.name, told.kind.name().to_uppercase());
    let (got, view) = (heard.4.join(", "), told.side.name());
    let is = if told.data.is_some() { format!("is {got}") } else { "is not there".to_owned() };
    let title = format!("Draw what was observed: {name} {kind} {is} {view}");
    finding(answers, changes, edits.map(|edits| (title, edits)))
}

/// What all answers change together and none alone, as where each of two exchangers leads nowhere.
fn together(
    seen: &Seen<'_>,
    heard: &BTreeMap<Heard<'_>, Vec<&Answer<'_>>>,
    found: &[Finding],
) -> Option<Finding> {
    let mut draft = seen.topology.clone();
    let mut drawn: Vec<&Vec<&Answer<'_>>> = Vec::new();
    for (heard, answers) in heard.iter().take(PROVED) {
        if let Some(next) = told(*heard).and_then(|told| told.draft(&draft)) {
            draft = next;
            drawn.push(answers);
        }
    }
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
