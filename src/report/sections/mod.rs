//! The sections of the handover: one file each, and the table of them.

pub mod addresses;
pub mod articles;
pub mod assumptions;
pub mod bindings;
pub mod decision;
pub mod dns;
pub mod drawing;
pub mod evidence;
pub mod findings;
pub mod lessons;
pub mod phases;
pub mod promises;
pub mod servers;
pub mod sign_off;
pub mod usual_tests;

use super::{context::Context, document::Block};

/// A section.
pub struct SectionKind {
    /// Its title.
    pub title: &'static str,
    /// Whether it begins a page.
    pub new_page: bool,
    /// Whether its pages are wider than high.
    pub landscape: bool,
    /// Its letter, where it is an appendix.
    pub appendix: Option<&'static str>,
    /// What stands in it, given the section's number.
    pub blocks: fn(&Context<'_>, &str) -> Vec<Block>,
}

const fn section(
    title: &'static str,
    new_page: bool,
    blocks: fn(&Context<'_>, &str) -> Vec<Block>,
) -> SectionKind {
    SectionKind { title, new_page, landscape: false, appendix: None, blocks }
}

/// The sections, in their order.
pub const SECTIONS: &[SectionKind] = &[
    section("Decision", true, decision::blocks),
    section("Requirements and promises", true, promises::blocks),
    SectionKind { landscape: true, ..section("Drawing", true, drawing::blocks) },
    section("Servers", true, servers::blocks),
    section("Bindings and connectors", false, bindings::blocks),
    section("Addresses and firewalls", false, addresses::blocks),
    section("DNS, inside and outside", false, dns::blocks),
    section("Findings", false, findings::blocks),
    section("The usual tests", false, usual_tests::blocks),
    section("Assumptions", false, assumptions::blocks),
    section("Migration phases", true, phases::blocks),
    section("Lessons learned", true, lessons::blocks),
    section("Evidence", false, evidence::blocks),
    section("Sign-off", false, sign_off::blocks),
    SectionKind {
        title: "The rules behind the findings",
        new_page: false,
        landscape: false,
        appendix: Some("A"),
        blocks: articles::blocks,
    },
];

/// A heading inside a section, without a number.
fn heading(text: &str) -> Block {
    Block::Heading(super::document::Heading {
        number: String::new(),
        text: text.to_owned(),
        level: 2,
        new_page: false,
    })
}
