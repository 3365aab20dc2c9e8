//! Text ⇄ evidence: what a probe wrote at one place, to be taken into the plan at another.

use super::{FORMAT, LoadError, check_format, options, syntax, text, write};
pub use crate::model::beside::{Gathered, Origin};

use crate::model::{beside::Evidence, topology::unique_map};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A file of evidence. Its format number is the plan's: evidence holds the plan's own types.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    of: Option<Origin>,
    #[serde(deserialize_with = "unique_map")]
    evidence: BTreeMap<String, Evidence>,
}

/// Reads evidence.
///
/// # Errors
/// When the bytes are no evidence.
pub fn load(bytes: &[u8]) -> Result<Gathered, LoadError> {
    let text = text(bytes)?;
    check_format(text)?;
    let file: File = options().from_str(text).map_err(|error| syntax(&error))?;
    Ok(Gathered { of: file.of, evidence: file.evidence })
}

/// Writes evidence: the same bytes for the same evidence.
pub fn save(gathered: Gathered) -> String {
    let Gathered { of, evidence } = gathered;
    write(&File { format: FORMAT, of, evidence })
}
