//! The sections of the handover: one file each, and the table of them.

pub mod addresses;
pub mod articles;
pub mod assumptions;
pub mod certificates;
pub mod changes;
pub mod continuity;
pub mod control;
pub mod decision;
pub mod dns;
pub mod evidence;
pub mod findings;
pub mod firewall;
pub mod glossary;
pub mod lessons;
pub mod operations;
pub mod outstanding;
pub mod passed;
pub mod phases;
pub mod requirements;
pub mod rollback;
pub mod servers;
pub mod sign_off;
pub mod smtp;
pub mod topology;
pub mod usual_tests;

use super::{context::Context, document::Block};
use crate::model::marks::MarkKey;

/// A section.
pub struct SectionKind {
    /// Its number, or its letter where it is an appendix; the same whatever else is left out.
    pub number: &'static str,
    /// Its key, by which it is chosen or left out.
    pub key: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Whether it begins a page.
    pub new_page: bool,
    /// Whether its pages are wider than high.
    pub landscape: bool,
    /// What stands in it, given the section's number.
    pub blocks: fn(&Context<'_>, &str) -> Vec<Block>,
}

const fn section(
    (number, key): (&'static str, &'static str),
    title: &'static str,
    new_page: bool,
    blocks: fn(&Context<'_>, &str) -> Vec<Block>,
) -> SectionKind {
    SectionKind { number, key, title, new_page, landscape: false, blocks }
}

/// A section on pages that are wider than high.
const fn wide(
    named: (&'static str, &'static str),
    title: &'static str,
    blocks: fn(&Context<'_>, &str) -> Vec<Block>,
) -> SectionKind {
    SectionKind { landscape: true, ..section(named, title, true, blocks) }
}

/// The sections, in their order; the cover is the first.
pub const SECTIONS: &[SectionKind] = &[
    section(("2", "control"), "Document control", true, control::blocks),
    section(("3", "decision"), "Decision", true, decision::blocks),
    section(("4", "requirements"), "Background and requirements", true, requirements::blocks),
    section(("5", "assumptions"), "Assumptions", false, assumptions::blocks),
    wide(("6", "topology"), "Topology and mail paths", topology::blocks),
    section(("7", "servers"), "Servers", true, servers::blocks),
    section(("8", "addresses"), "Addresses and translation", false, addresses::blocks),
    wide(("9", "dns"), "DNS, inside and outside", dns::blocks),
    section(("10", "smtp"), "SMTP", true, smtp::blocks),
    section(("11", "firewall"), "Firewall rules", false, firewall::blocks),
    section(("12", "certificates"), "Certificates and accounts", false, certificates::blocks),
    section(("13", "findings"), "Findings", true, findings::blocks),
    section(("14", "phases"), "Migration phases", true, phases::blocks),
    section(("15", "rollback"), "Rollback", true, rollback::blocks),
    section(("16", "continuity"), "Failure and continuity", true, continuity::blocks),
    section(("17", "operations"), "Operations", false, operations::blocks),
    section(("18", "outstanding"), "Outstanding items", true, outstanding::blocks),
    section(("19", "lessons"), "Lessons learned", false, lessons::blocks),
    section(("20", "sign-off"), "Sign-off", true, sign_off::blocks),
    section(("A", "evidence"), "Evidence log", true, evidence::blocks),
    section(("B", "passed"), "Passed checks", false, passed::blocks),
    section(("C", "changes"), "Changes since the last revision", false, changes::blocks),
    section(("D", "usual-tests"), "The usual tests", true, usual_tests::blocks),
    section(("E", "articles"), "The rules behind the findings", true, articles::blocks),
    section(("F", "glossary"), "Glossary", true, glossary::blocks),
];

/// What the plan's file is known by, on one line.
fn hash(context: &Context<'_>) -> Block {
    match context.options.plan_sha256.as_str() {
        "" => Block::Remark("Not known: the plan was not saved.".into()),
        hash => Block::Code(vec![hash.to_owned()]),
    }
}

/// A heading inside a section, without a number.
fn heading(text: &str) -> Block {
    Block::Heading(super::document::Heading {
        number: String::new(),
        text: text.to_owned(),
        level: 2,
        new_page: false,
    })
}

/// What the boxes and fields of the document stand for.
pub(super) fn marks(context: &Context<'_>) -> Vec<MarkKey> {
    let mut marks = decision::marks(context);
    marks.extend(phases::marks(context));
    marks.extend(sign_off::marks(context));
    marks
}
