//! The journal: what a crash would lose. Every change is appended as one line of RON before the
//! window goes on; a clean save or close removes the file.
//!
//! The first line is the head (format, the plan's hash, its file), the second the plan as it stood
//! when the journal began. So a journal recovers its plan whatever became of the file beside it.

use super::disk::{self, DiskError, Growing};
use crate::{
    file::{self, FORMAT},
    model::{
        Project,
        change::{Change, apply},
    },
};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The ending of journals' names.
pub const ENDING: &str = ".bridgehead-journal";

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    format: u32,
    hash: String,
    plan: Option<PathBuf>,
}

/// One line: what was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Line {
    label: String,
    change: Change,
}

/// A journal that is being written.
#[derive(Debug)]
pub struct Journal {
    file: Growing,
}

impl Journal {
    /// Begins a journal for a plan; `plan` is its file, if it has one.
    ///
    /// # Errors
    /// When it cannot be written, or another window writes it.
    pub fn begin(path: &Path, project: &Project, plan: Option<&Path>) -> Result<Self, DiskError> {
        let mut file = Growing::create(path)?;
        let text = file::save(project);
        let plan = plan.map(Path::to_owned);
        let head = Head { format: FORMAT, hash: hash(text.as_bytes()), plan };
        let lines = format!("{}\n{}\n", file::one_line(&head), file::one_line(project));
        file.append(lines.as_bytes())?;
        Ok(Self { file })
    }

    /// Appends a change that was carried out.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn note(&mut self, label: &str, change: &Change) -> Result<(), DiskError> {
        let line = Line { label: label.to_owned(), change: change.clone() };
        self.file.append(format!("{}\n", file::one_line(&line)).as_bytes())
    }

    /// Ends the journal: nothing is left to recover.
    ///
    /// # Errors
    /// When the file stays.
    pub fn end(self) -> Result<(), DiskError> {
        let path = self.file.path().to_owned();
        drop(self);
        disk::remove(&path)
    }
}

/// What a journal that was left behind holds.
#[derive(Clone, Debug)]
pub struct Recovered {
    /// The journal.
    pub journal: PathBuf,
    /// The plan's file, if it had one.
    pub plan: Option<PathBuf>,
    /// The plan as it stood when the journal began.
    pub base: Project,
    /// The plan's hash when the journal began.
    pub hash: String,
    /// What was done since, with its labels.
    pub changes: Vec<(String, Change)>,
}

impl Recovered {
    /// The plan with everything that was done.
    pub fn project(&self) -> Project {
        let mut project = self.base.clone();
        for (_, change) in &self.changes {
            // A change that was carried out once fits again; should one not, the rest still counts.
            drop(apply(&mut project, change.clone()));
        }
        project
    }
}

/// Reads a journal. A last line that a crash cut off is left out. None: nothing is to be recovered.
pub fn read(path: &Path) -> Option<Recovered> {
    let bytes = disk::read(path, file::SIZE_MAX).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let mut lines = text.lines();
    let options = file::options();
    let head: Head = options.from_str(lines.next()?).ok()?;
    if head.format != FORMAT {
        return None;
    }
    let base: Project = options.from_str(lines.next()?).ok()?;
    let changes: Vec<_> = lines
        .map_while(|line| options.from_str::<Line>(line).ok())
        .map(|line| (line.label, line.change))
        .collect();
    let path = path.to_owned();
    let found = Recovered { journal: path, plan: head.plan, base, hash: head.hash, changes };
    (!found.changes.is_empty()).then_some(found)
}

/// The journals in a folder that no running window holds and that have something to recover.
pub fn left_behind(folder: &Path) -> Vec<Recovered> {
    disk::files(folder, ENDING)
        .iter()
        .filter(|path| !disk::is_held(path))
        .filter_map(|path| read(path))
        .collect()
}

/// Where the journal of a plan with a file lies: beside it.
pub fn beside(plan: &Path) -> PathBuf {
    let name = plan.file_name().unwrap_or_default().to_string_lossy();
    plan.with_file_name(format!(".{name}{ENDING}"))
}

/// A hash that is the same on every machine (FNV-1a, 64 bits), in hexadecimal.
pub fn hash(bytes: &[u8]) -> String {
    let start = 0xcbf2_9ce4_8422_2325_u64;
    let step = |sum: u64, byte: &u8| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", bytes.iter().fold(start, step))
}
