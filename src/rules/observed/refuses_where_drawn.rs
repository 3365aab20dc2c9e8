//! BH802: where a listener is drawn the connection was refused, and mail depends on it.

use crate::{
    model::{
        ObjectId, Topology,
        server::{Bindings, ListenerId},
    },
    rules::{
        finding::Finding,
        rule::{Check, Rule},
        seen::{self, Answer, Seen, Words},
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

fn check(seen: &Seen<'_>) -> Vec<Finding> {
    let refused = seen.answers.iter().filter_map(|answer| match &answer.question.ask {
        Ask::Greeting { at, .. } if refused(answer) => finding(seen, answer, *at),
        _ => None,
    });
    seen::one_each(refused.collect())
}

/// Whether nobody took the connection, though somebody is drawn there.
fn refused(answer: &Answer<'_>) -> bool {
    matches!(answer.question.expected, Expected::Greets(_))
        && answer.evidence.got.iter().any(|line| line == "connection refused")
}

fn finding(seen: &Seen<'_>, answer: &Answer<'_>, at: SocketAddr) -> Option<Finding> {
    let Some(ObjectId::Listener(id)) = answer.question.subject.object(seen.topology) else {
        return None;
    };
    let changes = seen.changes(&silent(seen.topology, &id, at.ip())?)?;
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
