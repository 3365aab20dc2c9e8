//! What a filled working copy comes to in the plan.

use super::{
    Audience, Copy, ReportOptions, build,
    pdf::read_back::{ReadBackError, filled},
};
use crate::{
    analysis::Analysis,
    model::marks::{self, Filled},
};

/// What was ticked and written on a working copy since it was printed, as a change of the plan.
///
/// # Errors
/// When the file does not read, is encrypted, or has no fields.
pub fn ticks(analysis: &Analysis, bytes: &[u8]) -> Result<Filled, ReadBackError> {
    let found = filled(bytes)?;
    // The client's copy may say fewer things, and in other words.
    let mut keys = Vec::new();
    for audience in [Audience::Internal, Audience::Client] {
        let options = ReportOptions { audience, copy: Copy::Working, ..ReportOptions::default() };
        keys.extend(build(analysis, &options).marks);
    }
    keys.sort();
    keys.dedup();
    Ok(marks::filled(&analysis.project, &keys, &found.boxes, &found.fields))
}
