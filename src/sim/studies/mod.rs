//! Long questions, asked on demand and answered away from the window: with progress, and to be
//! stopped. No part of the analysis that follows each edit.
//!
//! [`faults`] lets everything fail in turn and says what is lost; [`outage`] puts one failure on a clock.

pub mod faults;
pub mod outage;

/// How far a study has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Steps that are done.
    pub done: usize,
    /// Steps that there are.
    pub total: usize,
}

/// Hears how far a study has come, and says whether to go on.
pub type Go<'g> = dyn FnMut(Progress) -> bool + 'g;

/// A study that was stopped before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("stopped before the end")]
pub struct Stopped;
