//! The colours of the printed page. Severity is never told by colour alone: shape and word say it too.

use crate::report::document::{Mark, Rgb};

/// Text.
pub(super) const TEXT: Rgb = [0x1B, 0x24, 0x30];
/// Text that is set back.
pub(super) const WEAK: Rgb = [0x5B, 0x66, 0x75];
/// Hairlines.
pub(super) const RULE: Rgb = [0xC9, 0xD0, 0xDA];
/// Lines to write on.
pub(super) const WRITE: Rgb = [0x8A, 0x95, 0xA3];
/// Grounds of boxes and heads.
pub(super) const GROUND: Rgb = [0xF3, 0xF5, 0xF8];
/// Errors.
pub(super) const ERROR: Rgb = [0x8C, 0x2D, 0x04];
/// Warnings.
pub(super) const WARNING: Rgb = [0xB7, 0x74, 0x00];
/// The accent, and notes.
pub(super) const ACCENT: Rgb = [0x00, 0x72, 0xB2];
/// What is well.
pub(super) const PASS: Rgb = [0x00, 0x66, 0x4B];
/// White.
pub(super) const WHITE: Rgb = [0xFF, 0xFF, 0xFF];

/// The colour of a mark.
pub(super) fn of_mark(mark: Mark) -> Rgb {
    match mark {
        Mark::Error => ERROR,
        Mark::Warning => WARNING,
        Mark::Unknown => WEAK,
        Mark::Note => ACCENT,
        Mark::Pass => PASS,
        Mark::Dash => WEAK,
    }
}
