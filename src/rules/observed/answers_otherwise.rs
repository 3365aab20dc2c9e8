//! BH801: a live name server answers otherwise than drawn, and mail goes another way by it.

use crate::{
    model::{dns::RecordKind, id::SiteId, name::Fqdn},
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
    let found = heard.iter().enumerate();
    seen::one_each(
        found.filter_map(|(at, (heard, answers))| finding(seen, at, *heard, answers)).collect(),
    )
}

fn finding(
    seen: &Seen<'_>,
    at: usize,
    (side, name, kind, from, got): Heard<'_>,
    answers: &[&Answer<'_>],
) -> Option<Finding> {
    let data = drawn_as_seen::data(kind, got)?;
    let told = Told { side, from, name, kind, data };
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
    // The question about the record comes before those about who leans on it.
    let answer = answers.first()?;
    let (view, text) = (side.name(), kind.name().to_uppercase());
    let title = format!("Draw what was observed: {name} {text} is {} {view}", got.join(", "));
    let edits = told.edits(seen.topology).filter(|edits| !edits.is_empty());
    let remedy = match answer.evidence.remedy.as_str() {
        "" => format!("set {name} {text} in the {view} view as drawn"),
        known => known.to_owned(),
    };
    let head = format!("A live answer contradicts the drawing of {}", answer.question.text);
    let words = Words { head, remedy, draw: edits.map(|edits| (title, edits)) };
    let mut finding = seen::finding(&RULE, answer, changes, words);
    let others = answers.iter().skip(1).map(|other| other.question.subject.clone());
    finding.also.extend(others.filter(|s| *s != finding.subject).collect::<Vec<_>>());
    finding.also.sort();
    finding.also.dedup();
    Some(finding)
}
