//! The drawing of a phase as a display list in points.

use super::document::Drawing;
use crate::analysis::Analysis;

/// The drawing after a phase.
pub(super) fn drawing(analysis: &Analysis, phase: usize) -> Drawing {
    let _ = (analysis, phase);
    Drawing { width: 400.0, height: 100.0, items: vec![] }
}

/// What a drawing shows, in words.
pub(super) fn caption(analysis: &Analysis, phase: usize) -> String {
    analysis.project.phase_title(phase).to_owned()
}
