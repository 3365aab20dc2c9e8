//! What people put beside the drawing: notes, and views to which they come back. None of it changes what
//! happens to a message.

use super::{id::PhaseId, object::is_default, subject::Subject};
use serde::{Deserialize, Serialize};

/// The width of a note that nobody has made wider, in world units.
pub const WIDTH: u32 = 180;
/// The narrowest and the widest note.
pub const WIDTHS: (u32, u32) = (80, 900);

/// A note on the drawing. Where it stands is in the layout, as `note:…`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// What is written; lines are kept.
    pub text: String,
    /// How wide it is, in world units.
    #[serde(default = "width", skip_serializing_if = "is_usual")]
    pub width: u32,
    /// What it is about: a line leads there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Subject>,
    /// The only phase that shows it; none: all do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<PhaseId>,
    /// Whether the client's copy shows it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub for_client: bool,
}

impl Note {
    /// A note about nothing in particular, in all phases.
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), width: WIDTH, about: None, phase: None, for_client: false }
    }

    /// Its first line, by which it is told from others.
    pub fn title(&self) -> &str {
        self.text.lines().next().unwrap_or_default()
    }
}

fn width() -> u32 {
    WIDTH
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
fn is_usual(width: &u32) -> bool {
    *width == WIDTH
}

/// What a drawing is looked at for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Aspect {
    /// Sites, lines, addresses.
    Physical,
    /// Routing groups and connectors.
    #[default]
    Mail,
    /// Who is told what.
    Dns,
    /// What is wrong.
    Findings,
    /// What the phase changes.
    Difference,
}

/// A view to come back to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedView {
    /// What people call it.
    pub name: String,
    /// The phase; none: the system as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<PhaseId>,
    /// What it looks at.
    pub aspect: Aspect,
    /// The point in its middle, to the right and down, in world units.
    pub middle: (i32, i32),
    /// How large it is shown, in percent.
    pub percent: u32,
}
