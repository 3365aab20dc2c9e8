//! Text ⇄ [`Project`]: RON with a format number, the same bytes for the same project.
//!
//! A file that cannot be read says where; a file that can be read but dangles is read, and says
//! what dangles. Nothing here touches a disk. When the format first changes, the present structs are
//! frozen here and every older file keeps loading.

pub mod evidence;

use crate::model::{
    Project,
    edit::EditKey,
    project::Phase,
    topology::ObjectId,
    unfold::{Note, notes},
};
use ron::{Options, extensions::Extensions, ser::PrettyConfig};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt};

/// SHA-256 of a file's bytes (FIPS 180-4), in hexadecimal digits: what the handover names its plan by.
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    let digits = |byte: &u8| {
        let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
        [digit(byte >> 4), digit(byte & 15)]
    };
    Sha256::digest(bytes).iter().flat_map(digits).collect()
}

/// The number of the format that is written.
pub const FORMAT: u32 = 1;
/// The largest plan that is read, in bytes.
pub const SIZE_MAX: usize = 64 << 20;

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The project.
    pub project: Project,
    /// What dangles in it, or was put right.
    pub notes: Vec<LoadNote>,
}

/// Something that was found while reading, though the file could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadNote {
    /// It dangles.
    Dangling(Note),
    /// A phase's order of steps did not name every edit once; it was completed.
    StepsCompleted(String),
}

impl fmt::Display for LoadNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dangling(note) => write!(f, "{note}"),
            Self::StepsCompleted(title) => {
                write!(f, "phase `{title}`: its steps did not name every edit once; completed")
            }
        }
    }
}

/// Why a text is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// It is not UTF-8.
    #[error("it is no text: byte {0} is not UTF-8")]
    Binary(usize),
    /// It is too large.
    #[error("it is larger than {} MiB", SIZE_MAX >> 20)]
    TooLarge,
    /// It does not read.
    #[error("{line}:{column}: {message}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// Another version wrote it.
    #[error("it has format {0}, and this program reads format {FORMAT}")]
    Format(u32),
    /// It contradicts itself.
    #[error("{0}")]
    Inconsistent(String),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File<P> {
    format: u32,
    plan: P,
}

/// Reads just the format number, whatever else stands in the file.
#[derive(Deserialize)]
struct Head {
    format: u32,
}

/// The dialect of RON that files are written in: `Some` is not written out.
pub(crate) fn options() -> Options {
    Options::default().with_default_extension(Extensions::IMPLICIT_SOME)
}

/// Reads a plan.
///
/// # Errors
/// When the bytes are no plan.
pub fn load(bytes: &[u8]) -> Result<Loaded, LoadError> {
    let text = text(bytes)?;
    check_format(text)?;
    let file: File<Project> = options().from_str(text).map_err(|e| syntax(&e))?;
    check(file.plan)
}

/// Writes a plan: the same bytes for the same project.
pub fn save(project: &Project) -> String {
    write(&File { format: FORMAT, plan: project })
}

/// The bytes as text, without a byte order mark.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, LoadError> {
    if bytes.len() > SIZE_MAX {
        return Err(LoadError::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|e| LoadError::Binary(e.valid_up_to()))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Refuses another format by its number, so that the message is not about some field of it.
pub(crate) fn check_format(text: &str) -> Result<(), LoadError> {
    match options().from_str::<Head>(text) {
        Ok(head) if head.format != FORMAT => Err(LoadError::Format(head.format)),
        // What else is wrong is told better by reading the whole.
        _ => Ok(()),
    }
}

pub(crate) fn syntax(error: &ron::error::SpannedError) -> LoadError {
    LoadError::Syntax {
        line: error.span.start.line,
        column: error.span.start.col,
        message: error.code.to_string(),
    }
}

pub(crate) fn write<T: Serialize>(value: &T) -> String {
    let config = PrettyConfig::new().new_line("\n").indentor("  ").compact_arrays(true);
    // Serialising plain data to memory cannot fail; every type here is a struct, map or text.
    let mut text = options().to_string_pretty(value, config).unwrap_or_default();
    text.push('\n');
    text
}

/// A value on one line, as files write it.
pub fn one_line<T: Serialize>(value: &T) -> String {
    options().to_string(value).unwrap_or_default()
}

/// Completes and checks what the types alone do not.
pub(crate) fn check(mut project: Project) -> Result<Loaded, LoadError> {
    let mut notes_found = Vec::new();
    let mut ids = BTreeSet::new();
    for phase in &mut project.phases {
        if !ids.insert(phase.id.clone()) {
            return Err(LoadError::Inconsistent(format!("phase `{}` stands twice", phase.id)));
        }
        complete(phase, &mut notes_found);
    }
    let topology = &project.as_is;
    if let Some(id) =
        topology.smtp_connectors.keys().find(|id| topology.group_connectors.contains_key(*id))
    {
        return Err(LoadError::Inconsistent(format!("connector `{id}` stands twice")));
    }
    if let Some((id, _)) = topology.records.iter().find(|(id, set)| id.kind != set.data.kind()) {
        let id = ObjectId::Record(id.clone());
        return Err(LoadError::Inconsistent(format!("`{id}` holds records of another type")));
    }
    notes_found.extend(notes(&project).into_iter().map(LoadNote::Dangling));
    Ok(Loaded { project, notes: notes_found })
}

fn complete(phase: &mut Phase, notes: &mut Vec<LoadNote>) {
    let before = phase.steps.clone();
    phase.complete_steps();
    let sorted = |steps: &[EditKey]| {
        let mut steps = steps.to_vec();
        steps.sort();
        steps
    };
    if !before.is_empty() && sorted(&phase.steps) != sorted(&before) {
        notes.push(LoadNote::StepsCompleted(phase.title.clone()));
    }
}
