//! BH803: a server greets on an address to which its listener is not bound, and the way of mail leans on
//! the binding.

use crate::{
    model::{
        ObjectId,
        edit::Edit,
        server::{Bindings, ListenerField},
        topology::Field,
    },
    rules::{
        finding::Finding,
        rule::{Check, Rule, Severity},
        seen::{self, Answer, Seen, Words},
    },
    sim::expected::{Ask, Expected},
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "BH803",
    name: "greets-where-unbound",
    article: include_str!("greets_where_unbound.md"),
    symptoms: &[],
    check: Check::Observed(check),
    cures: |_, finding| seen::cures(finding),
};

fn check(seen: &Seen<'_>) -> Vec<Finding> {
    let greets = seen.answers.iter().filter(|answer| {
        matches!(answer.question.ask, Ask::Greeting { .. })
            && answer.question.expected == Expected::Silence
    });
    seen::one_each(greets.filter_map(|answer| finding(seen, answer)).collect())
}

fn finding(seen: &Seen<'_>, answer: &Answer<'_>) -> Option<Finding> {
    let Some(ObjectId::Listener(id)) = answer.question.subject.object(seen.topology) else {
        return None;
    };
    let mut draft = seen.topology.clone();
    let listener = draft.listeners.get_mut(&id)?;
    let Bindings::Addresses(bound) = std::mem::replace(&mut listener.bindings, Bindings::All)
    else {
        return None;
    };
    let mut changes = seen.changes(&draft)?;
    // Another program may be what greets there: the binding itself is not to be seen from afar.
    changes.severity = changes.severity.max(Severity::Warning);
    changes.text = format!("if it is not bound at all, as this suggests, then {}", changes.text);
    let name = seen.topology.name(&ObjectId::Server(id.server.clone()));
    let bound: Vec<String> = bound.iter().map(ToString::to_string).collect();
    let bound = bound.join(", ");
    let head = format!("{name} greets on an address to which its listener is not bound");
    let remedy = format!("bind the listener of {name} to {bound} alone");
    let field = ListenerField::Bindings(Bindings::All);
    let edits = vec![Edit::Set(Field::Listener(id, field))];
    let title = format!("Draw what was observed: {name} listens on all addresses");
    let words = Words { head, remedy, draw: Some((title, edits)) };
    Some(seen::finding(&RULE, answer, changes, words))
}
