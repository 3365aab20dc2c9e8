//! What a rule is made of.

use super::{finding::Finding, seen::Seen, wanted::Wanted};
use crate::{model::Topology, sim::walk::Simulator};

/// A rule.
pub struct Rule {
    /// The code, `BH` and three digits.
    pub code: &'static str,
    /// The fault's name.
    pub name: &'static str,
    /// The article, in Markdown with the headings of [`HEADINGS`].
    pub article: &'static str,
    /// What queue errors, events and bounces say where this fault is, in lower case.
    pub symptoms: &'static [&'static str],
    /// Finds the fault.
    pub check: Check,
    /// What would cure a finding, most recommended first; each is proved before it is offered.
    pub cures: fn(&Topology, &Finding) -> Vec<Wanted>,
}

/// How a rule finds its fault.
#[derive(Clone, Copy)]
pub enum Check {
    /// In the drawing.
    Drawn(fn(&Simulator<'_, '_>) -> Vec<Finding>),
    /// In what the live network answered, held against the drawing.
    Observed(fn(&Seen<'_>) -> Vec<Finding>),
}

/// The headings that every article has, in this order.
pub const HEADINGS: [&str; 6] =
    ["What it checks", "Why it matters", "Example", "How to fix", "What it does not see", "Source"];

/// How bad a finding is, defined by its consequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Mail fails, is lost, or goes where it must not.
    Error,
    /// Works today, breaks under a known condition.
    Warning,
    /// A fact is missing.
    CannotTell,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// The word, as the command line writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::CannotTell => "cannot-tell",
            Self::Note => "note",
        }
    }
}
