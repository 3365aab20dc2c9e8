//! Rules: one rule, one file, named after the fault.
//!
//! A rule has a code, the fault's name, an article with fixed headings, a check and fixes. The
//! article is the side panel, `bridgehead explain` and the report's appendix. To add a rule: a file
//! in the area's folder, its `mod` line, its line in [`RULES`].

pub mod finding;
pub mod fix;
pub mod rule;
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
    pub mod connector_target_out_of_reach;
}

use crate::sim::walk::Simulator;
use finding::Finding;
use rule::Rule;

/// All rules, by code.
pub const RULES: &[&Rule] = &[
    &dns::connector_name_resolves_outside::RULE,
    &smtp::listens_on_all_addresses::RULE,
    &routing::connector_target_out_of_reach::RULE,
    &dns::missing_reverse_name::RULE,
];

/// All findings of a world, sorted.
pub fn check(simulator: &Simulator<'_, '_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        RULES.iter().flat_map(|rule| (rule.check)(simulator)).collect();
    findings.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    findings
}

/// The rule of that code or name.
pub fn find(code: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.code.eq_ignore_ascii_case(code) || rule.name == code)
}
