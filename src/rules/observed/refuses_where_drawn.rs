//! BH802: where a listener is drawn the connection was refused, and mail depends on it.

use crate::{
    model::{
        ObjectId, Topology,
        server::{Bindings, ListenerId},
    },
    rules::{
        finding::Finding,
        rule::{Check, Rule},
        seen::{self, Answer, Changes, Lost, Seen, Words},
    },
    sim::expected::{Ask, Expected},
};
use std::net::{IpAddr, SocketAddr};

/// The rule.
pub static RULE: Rule = Rule {
    code: "BH802",
    name: "refuses-where-drawn",
    article: include_str!("refuses_where_drawn.md"),
    symptoms: &["connection refused", "10061", "the remote server did not respond"],
    check: Check::Observed(check),
    cures: |_, finding| seen::cures(finding),
};

/// Each refusal is proved on a draft of its own; of more than these only the first are.
const PROVED: usize = 64;

fn check(seen: &Seen<'_>) -> Vec<Finding> {
    let mut lost = Lost::new();
    let mut found = Vec::new();
    for (answer, at) in refusals(seen).take(PROVED) {
        if let Some((finding, of_it)) = finding(seen, answer, at) {
            lost.extend(of_it);
            found.push(finding);
        }
    }
    found.extend(together(seen, &found, &lost));
    seen::one_each(found)
}

/// The answers of those who took no connection, with where that was.
fn refusals<'s>(seen: &'s Seen<'_>) -> impl Iterator<Item = (&'s Answer<'s>, SocketAddr)> {
    seen.answers.iter().filter_map(|answer| match &answer.question.ask {
        Ask::Greeting { at, .. } if refused(answer) => Some((answer, *at)),
        _ => None,
    })
}

/// The topology in which no listener answers who refused, with their answers; none: none refused.
pub(super) fn all_silent<'s>(seen: &'s Seen<'_>) -> Option<(Topology, Vec<&'s Answer<'s>>)> {
    let mut draft = seen.topology.clone();
    let mut answers = Vec::new();
    for (answer, at) in refusals(seen).take(PROVED) {
        let listener = answer.question.subject.object(seen.topology);
        if let Some(ObjectId::Listener(id)) = listener
            && let Some(next) = silent(&draft, &id, at.ip())
        {
            draft = next;
            answers.push(answer);
        }
    }
    (!answers.is_empty()).then_some((draft, answers))
}

/// What all refusals lose together and none alone, as where each of two exchangers refuses. It is told of
/// one that has no finding of its own.
fn together(seen: &Seen<'_>, found: &[Finding], known: &Lost) -> Option<Finding> {
    let (draft, answers) = all_silent(seen)?;
    let is_told = |answer: &&&Answer<'_>| {
        found.iter().any(|finding| finding.subject == answer.question.subject)
    };
    let first = *answers.iter().find(|answer| !is_told(answer))?;
    if answers.len() < 2 {
        return None;
    }
    let mut changes = seen.loses_more(&draft, known)?;
    let others = answers.iter().filter(|a| a.question.key != first.question.key);
    let others: Vec<&str> = others.map(|a| a.evidence.asked.as_str()).take(4).collect();
    changes.text = format!("together with the refusal at {}: {}", others.join(", "), changes.text);
    worded(seen, first, changes)
}

/// Whether nobody took the connection, though somebody is drawn there.
fn refused(answer: &Answer<'_>) -> bool {
    matches!(answer.question.expected, Expected::Greets(_))
        && answer.evidence.got.iter().any(|line| line == "connection refused")
}

fn finding(seen: &Seen<'_>, answer: &Answer<'_>, at: SocketAddr) -> Option<(Finding, Lost)> {
    let Some(ObjectId::Listener(id)) = answer.question.subject.object(seen.topology) else {
        return None;
    };
    let changes = seen.changes(&silent(seen.topology, &id, at.ip())?)?;
    let lost = changes.lost.clone();
    Some((worded(seen, answer, changes)?, lost))
}

fn worded(seen: &Seen<'_>, answer: &Answer<'_>, changes: Changes) -> Option<Finding> {
    let (Ask::Greeting { at, .. }, Some(ObjectId::Listener(id))) =
        (&answer.question.ask, answer.question.subject.object(seen.topology))
    else {
        return None;
    };
    let name = seen.topology.name(&ObjectId::Server(id.server.clone()));
    let head = format!("{name} refused the connection to {at}, where a listener is drawn");
    let remedy =
        format!("start what listens on {at} at {name}, or open what refuses the connection");
    Some(seen::finding(&RULE, answer, changes, Words { head, remedy, draw: None }))
}

/// The topology in which the listener does not answer at an address.
fn silent(topology: &Topology, id: &ListenerId, address: IpAddr) -> Option<Topology> {
    let mut draft = topology.clone();
    let own = &topology.servers.get(&id.server)?.addresses;
    let listener = draft.listeners.get_mut(id)?;
    let mut left = match &listener.bindings {
        Bindings::All => own.iter().copied().collect(),
        Bindings::Addresses(set) => set.clone(),
    };
    left.remove(&address).then_some(())?;
    listener.bindings = Bindings::Addresses(left);
    Some(draft)
}
