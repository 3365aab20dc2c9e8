//! How far a long command has come: one line on stderr, and only on a terminal.

use crate::sim::studies::Progress;
use std::io::{IsTerminal as _, Write as _};

/// The line.
pub(super) struct Line {
    what: &'static str,
    terminal: bool,
    percent: usize,
}

impl Line {
    /// A line that counts `what`.
    pub(super) fn new(what: &'static str) -> Self {
        Self { what, terminal: std::io::stderr().is_terminal(), percent: usize::MAX }
    }

    /// Shows how far it has come; true: go on.
    pub(super) fn show(&mut self, Progress { done, total }: Progress) -> bool {
        let percent = done * 100 / total.max(1);
        if self.terminal && percent != self.percent {
            self.percent = percent;
            eprint!("\r{done} of {total} {}", self.what);
            // A terminal that has gone away is no reason to stop.
            drop(std::io::stderr().flush());
        }
        true
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if self.terminal && self.percent != usize::MAX {
            eprint!("\r\x1b[K");
        }
    }
}
