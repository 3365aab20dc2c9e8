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
use crate::model::marks::MarkKey;

/// A section.
pub struct SectionKind {
    /// Its key, by which it is chosen or left out.
    pub key: &'static str,
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
    key: &'static str,
    title: &'static str,
    new_page: bool,
    blocks: fn(&Context<'_>, &str) -> Vec<Block>,
) -> SectionKind {
    SectionKind { key, title, new_page, landscape: false, appendix: None, blocks }
}

/// The sections, in their order.
pub const SECTIONS: &[SectionKind] = &[
    section("decision", "Decision", true, decision::blocks),
    section("promises", "Requirements and promises", true, promises::blocks),
    SectionKind { landscape: true, ..section("drawing", "Drawing", true, drawing::blocks) },
    section("servers", "Servers", true, servers::blocks),
    section("bindings", "Bindings and connectors", false, bindings::blocks),
    section("addresses", "Addresses and firewalls", false, addresses::blocks),
    section("dns", "DNS, inside and outside", false, dns::blocks),
    section("findings", "Findings", false, findings::blocks),
    section("usual-tests", "The usual tests", false, usual_tests::blocks),
    section("assumptions", "Assumptions", false, assumptions::blocks),
    section("phases", "Migration phases", true, phases::blocks),
    section("lessons", "Lessons learned", true, lessons::blocks),
    section("evidence", "Evidence", false, evidence::blocks),
    section("sign-off", "Sign-off", false, sign_off::blocks),
    SectionKind {
        key: "articles",
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

/// What the boxes and fields of the document stand for.
pub(super) fn marks(context: &Context<'_>) -> Vec<MarkKey> {
    let mut marks = decision::marks(context);
    marks.extend(phases::marks(context));
    marks.extend(sign_off::marks(context));
    marks
}
