//! What can be done: one enum for menus, shortcuts, the palette, the canvas and the panels.

use crate::model::{Subject, change::Change};
use std::collections::BTreeSet;

/// Something that can be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Carries a change out: the only thing that changes a project.
    Apply {
        /// What it is called in the Edit menu.
        label: String,
        /// The change.
        change: Change,
    },
    /// Replaces the selection.
    Select(BTreeSet<Subject>),
    /// Takes a tool in hand.
    Tool(Tool),
    /// Says something in the status line.
    Status(String),
    /// Deletes what is selected.
    Delete,
}

/// What a click or drag on the canvas creates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tool {
    /// Nothing: it selects and moves.
    #[default]
    Select,
    /// A site.
    Site,
    /// A server.
    Server,
    /// A WAN link.
    Link,
    /// An Internet line with its firewall.
    Line,
    /// A routing group connector.
    Connector,
    /// A routing group.
    Group,
    /// A resolver.
    Resolver,
}

/// What the drawing is looked at for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lens {
    /// Sites, lines, links, addresses.
    Physical,
    /// Groups, connectors, mail.
    #[default]
    Mail,
    /// Who is told what.
    Dns,
    /// Only what has findings.
    Findings,
    /// What this phase changes.
    Difference,
}
