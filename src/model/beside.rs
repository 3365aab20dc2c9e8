//! What stands beside the phases: where things are drawn, what was measured, who signed, what is
//! done. None of it changes what happens to a message, so none of it is an edit or a step.

use super::{
    edit::EditKey,
    id::{IdError, NoteId, PhaseId, SiteId, serde_as_text},
    name::shortened,
    object::is_default,
    subject::Subject,
    topology::ObjectId,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt, str::FromStr};

/// What has a place on the drawing: an object, a note, written `note:…`, or the Internet's cloud, which
/// is no object of the plan, written `internet`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Drawn {
    /// An object.
    Object(ObjectId),
    /// The cloud.
    Internet,
    /// A note.
    Note(NoteId),
}

impl From<ObjectId> for Drawn {
    fn from(id: ObjectId) -> Self {
        Self::Object(id)
    }
}

impl FromStr for Drawn {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        if text == "internet" {
            return Ok(Self::Internet);
        }
        match text.strip_prefix("note:") {
            Some(id) => Ok(Self::Note(id.parse()?)),
            None => Ok(Self::Object(text.parse()?)),
        }
    }
}
impl fmt::Display for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(id) => write!(f, "{id}"),
            Self::Internet => f.write_str("internet"),
            Self::Note(id) => write!(f, "note:{id}"),
        }
    }
}

/// A place on the drawing for an object in one container, written `server:lds-fe1 in
/// segment:lon-lan`. One slot a container: a server that is shipped has a place in both.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    /// The object.
    pub object: Drawn,
    /// What it is drawn in; none: on the sheet itself.
    pub container: Option<ObjectId>,
}

impl FromStr for Slot {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        Ok(match text.split_once(" in ") {
            Some((object, container)) => {
                Self { object: object.parse()?, container: Some(container.parse()?) }
            }
            None => Self { object: text.parse()?, container: None },
        })
    }
}
impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.container {
            Some(container) => write!(f, "{} in {container}", self.object),
            None => write!(f, "{}", self.object),
        }
    }
}
serde_as_text!(Slot);

impl Slot {
    /// The place of something that stands on the sheet itself.
    pub fn on_sheet(object: impl Into<Drawn>) -> Self {
        Self { object: object.into(), container: None }
    }
}

/// A place on the drawing, in world units (one is a point at 100 %), relative to the container's
/// upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// To the right.
    pub x: i32,
    /// Down.
    pub y: i32,
    /// Whether laying out anew leaves it there.
    #[serde(default, skip_serializing_if = "is_default")]
    pub pinned: bool,
}

/// The outcome of a live check, in the words that all surfaces share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Outcome {
    /// As planned.
    Pass,
    /// Worth knowing.
    Info,
    /// Differs, and may do harm.
    Warn,
    /// Differs, and does harm.
    Fail,
    /// No answer; says why. Never "missing".
    Unknown,
    /// Nothing is planned there.
    NotApplicable,
}

impl Outcome {
    /// The word, as the command line writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not-applicable",
        }
    }
}

/// One answer from the live network, held against the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The question in words, e.g. `mail1.hartwell.example A, inside`.
    pub question: String,
    /// What it is about.
    pub subject: Subject,
    /// The phase whose plan it was held against.
    pub phase: usize,
    /// The site where it was asked; none: not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<SiteId>,
    /// Who was asked, as `address:port`.
    pub asked: String,
    /// What the plan says.
    pub expected: Vec<String>,
    /// What came.
    pub got: Vec<String>,
    /// The outcome.
    pub outcome: Outcome,
    /// Why, as a sentence.
    pub reason: String,
    /// When, as `2026-11-24T14:02:31Z`.
    pub utc: String,
    /// TTL of the answer in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<u32>,
    /// Round trip in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rtt_ms: Option<u32>,
    /// A hash of the planned facts that it asked about: when they change, the evidence is stale.
    pub facts: String,
    /// The check's id in the catalogue; empty: a record or a listener held against the plan.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub check: String,
    /// Where the rule stands, e.g. `RFC 5321 section 5.1`; empty: the plan itself is the rule.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
    /// What to do about it: the record line or the setting; empty: nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remedy: String,
    /// The answers that it was made of, in short.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub raw: Vec<String>,
}

/// A step of a phase, by which a done-mark and a note survive re-editing; written `phase-id
/// server:lds-be1 addresses`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepKey {
    /// The phase.
    pub phase: PhaseId,
    /// The edit.
    pub edit: EditKey,
}

impl FromStr for StepKey {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let (phase, edit) = text.split_once(' ').ok_or_else(|| IdError::Form {
            kind: "step",
            text: shortened(text),
            form: "phase kind:id field",
        })?;
        Ok(Self { phase: phase.parse()?, edit: edit.parse()? })
    }
}
impl fmt::Display for StepKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.phase, self.edit)
    }
}
serde_as_text!(StepKey);

/// What a person notes about a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StepNote {
    /// Whether it is done.
    pub done: bool,
    /// By whom, as initials.
    pub by: String,
    /// When, as people write it.
    pub when: String,
    /// What was measured.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub measured: String,
    /// Anything else.
    pub note: String,
}

/// Which plan evidence was gathered for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The plan's name then.
    pub plan: String,
    /// The phase's title then.
    pub phase: String,
    /// A digest of all that might be asked of the phase then, and of what the plan said to it.
    pub questions: String,
}

/// Evidence as it was gathered in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gathered {
    /// Which plan it was gathered for; none: the file is older than this being written.
    pub of: Option<Origin>,
    /// The evidence, by the questions' keys.
    pub evidence: BTreeMap<String, Evidence>,
}
