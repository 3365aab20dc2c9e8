//! What was done to a plan, kept between runs: every step with its label and both ways, in the user's
//! state folder and not beside the plan, so that Undo reaches behind the last save and the last start.
//!
//! The file bears the hash of the plan that its steps lead to. A plan that somebody else has written since
//! has another, and begins without steps.

use super::{
    disk::{self, DiskError},
    history::History,
    journal::hash,
};
use crate::{
    file::{self, FORMAT},
    model::{Project, change::Change},
};
use serde::{Deserialize, Serialize};
use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

/// The ending of such files.
pub const ENDING: &str = ".bridgehead-history";
/// The largest that is read, in bytes.
const SIZE_MAX: usize = 256 << 20;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    format: u32,
    hash: String,
    plan: PathBuf,
    /// How many of the steps stand.
    at: usize,
}

/// One line: a step.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    label: String,
    undo: Change,
    redo: Change,
}

/// Where the steps of a plan are kept.
pub fn place(folder: &Path, plan: &Path) -> PathBuf {
    let whole = std::path::absolute(plan).unwrap_or_else(|_| plan.to_owned());
    folder.join(format!("{}{ENDING}", hash(whole.to_string_lossy().as_bytes())))
}

/// Keeps the steps that lead to a plan as it was saved.
///
/// # Errors
/// When they cannot be written.
pub fn keep(
    folder: &Path,
    plan: &Path,
    project: &Project,
    history: &History,
) -> Result<(), DiskError> {
    disk::make_folder(folder)?;
    let (steps, at) = history.steps();
    let hash = hash(file::save(project).as_bytes());
    let head = Head { format: FORMAT, hash, plan: plan.to_owned(), at };
    let mut text = file::one_line(&head);
    for (label, undo, redo) in steps {
        let line = Line { label: label.to_owned(), undo: undo.clone(), redo: redo.clone() };
        // Writing to a `String` cannot fail.
        write!(text, "\n{}", file::one_line(&line)).unwrap_or_default();
    }
    disk::write(&place(folder, plan), text.as_bytes(), true)
}

/// The steps that lead to this plan, if they are kept and lead to it.
pub fn recall(folder: &Path, plan: &Path, project: &Project) -> Option<History> {
    let bytes = disk::read(&place(folder, plan), SIZE_MAX).ok()?;
    if bytes.len() > SIZE_MAX {
        return None;
    }
    let text = String::from_utf8(bytes).ok()?;
    let mut lines = text.lines();
    let options = file::options();
    let head: Head = options.from_str(lines.next()?).ok()?;
    if head.format != FORMAT || head.hash != hash(file::save(project).as_bytes()) {
        return None;
    }
    let steps: Result<Vec<Line>, _> = lines.map(|line| options.from_str::<Line>(line)).collect();
    let steps = steps.ok()?.into_iter().map(|line| (line.label, line.undo, line.redo)).collect();
    Some(History::of(steps, head.at))
}
