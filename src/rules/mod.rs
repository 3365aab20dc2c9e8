//! Rules: one rule, one file, named after the fault.
//!
//! A rule has a code, the fault's name, an article with fixed headings, a check and fixes. The
//! article is the side panel, `bridgehead explain` and the report's appendix. To add a rule: a file
//! in the area's folder, its `mod` line, its line in [`RULES`].

pub mod drawn_as_seen;
pub mod finding;
pub mod fix;
pub mod rule;
pub mod seen;
pub mod senders;
pub mod wanted;
pub mod dns {
    //! Names and who is told what.
    pub mod connector_name_resolves_outside;
    pub mod missing_reverse_name;
}
pub mod smtp {
    //! Listeners and what they answer on.
    pub mod listens_on_all_addresses;
}
pub mod routing {
    //! Groups, connectors and the ways between them.
    pub mod address_used_twice;
    pub mod connector_target_out_of_reach;
}

pub mod observed {
    //! What the live network answered, where it contradicts the drawing.
    pub mod answers_otherwise;
    pub mod greets_where_unbound;
    pub mod refuses_where_drawn;
}

use crate::sim::walk::Simulator;
use finding::Finding;
use rule::{Check, Rule};
use seen::Seen;

/// All rules, by code.
pub const RULES: &[&Rule] = &[
    &dns::connector_name_resolves_outside::RULE,
    &smtp::listens_on_all_addresses::RULE,
    &routing::connector_target_out_of_reach::RULE,
    &routing::address_used_twice::RULE,
    &dns::missing_reverse_name::RULE,
    &observed::answers_otherwise::RULE,
    &observed::refuses_where_drawn::RULE,
    &observed::greets_where_unbound::RULE,
];

/// All findings that the drawing of a world shows, sorted.
pub fn check(simulator: &Simulator<'_, '_>) -> Vec<Finding> {
    let found = RULES.iter().flat_map(|rule| match rule.check {
        Check::Drawn(check) => check(simulator),
        Check::Observed(_) => Vec::new(),
    });
    sorted(found.collect())
}

/// All findings that live answers add to those of the drawing, sorted.
pub fn check_observed(seen: &Seen<'_>) -> Vec<Finding> {
    if seen.answers.is_empty() {
        return Vec::new();
    }
    let found = RULES.iter().flat_map(|rule| match rule.check {
        Check::Drawn(_) => Vec::new(),
        Check::Observed(check) => check(seen),
    });
    sorted(found.collect())
}

/// In the order in which findings are listed.
pub fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    findings
}

/// The rule of that code or name.
pub fn find(code: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.code.eq_ignore_ascii_case(code) || rule.name == code)
}
