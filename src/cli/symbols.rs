//! The symbols and words of verdicts in text.

use crate::{
    model::beside::Outcome,
    plan::promises::State,
    rules::rule::Severity,
    sim::trace::{Disposition, Step},
};

/// The symbol of a finding's severity.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "✖",
        Severity::Warning => "▲",
        Severity::CannotTell => "?",
        Severity::Note => "•",
    }
}

/// The symbol of a promise's state.
pub(super) fn state(state: State) -> &'static str {
    match state {
        State::Kept => "✔",
        State::Broken => "✖",
        State::CannotTell => "?",
        State::NotApplicable => "–",
    }
}

/// The symbol of a disposition.
pub(super) fn disposition(disposition: Disposition) -> &'static str {
    match disposition {
        Disposition::Delivered => "✔",
        Disposition::LeftForInternet => "•",
        Disposition::CannotTell => "?",
        _ => "✖",
    }
}

/// The symbol of a live check's outcome.
pub(super) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "✔",
        Outcome::Info => "•",
        Outcome::Warn => "▲",
        Outcome::Fail => "✖",
        Outcome::Unknown => "?",
        Outcome::NotApplicable => "–",
    }
}

/// The symbol of a step of a trace.
pub(super) fn step(step: &Step) -> &'static str {
    match (step.ok, step.doubt) {
        (false, _) => "✖",
        (true, true) => "▲",
        (true, false) => "✔",
    }
}
