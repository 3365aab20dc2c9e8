//! What tasks find.

use crate::{
    analysis::{Analysis, Analyzer},
    gui::{
        dialogs::Purpose,
        failures::{ClockKey, SweepKey},
        handover::{HandoverKey, Laid},
    },
    probe::{Check, evidence::Facts},
    rules::{finding::Finding, fix::Fix},
    sim::studies::{faults::Faults, outage::Outage},
};
use std::{path::PathBuf, sync::Arc};

/// What a task found.
pub(in crate::gui) enum Found {
    /// The analysis of a revision.
    Analysis {
        /// What analysed, with what it remembers.
        analyzer: Analyzer,
        /// What it found.
        analysis: Arc<Analysis>,
        /// The workspace, and its revision that was analysed.
        of: (u64, u64),
    },
    /// The fixes of a finding.
    Fixes {
        /// The workspace, and its revision for which they are proved.
        of: (u64, u64),
        /// The phase of the finding.
        phase: usize,
        /// The finding.
        finding: Box<Finding>,
        /// The fixes.
        fixes: Vec<Fix>,
    },
    /// What somebody picked in the system's dialog; empty: nothing, or no dialog came.
    Picked {
        /// What it was picked for.
        purpose: Purpose,
        /// The paths.
        paths: Vec<PathBuf>,
        /// Whether the dialog was there long enough for somebody to close it.
        seen: bool,
    },
    /// A question that has its verdict.
    Answered {
        /// The workspace.
        of: u64,
        /// The question with its verdict.
        check: Box<Check>,
    },
    /// A round of a watch is over, and not all is as planned: its verdicts.
    Polled {
        /// The workspace.
        of: u64,
        /// The verdicts.
        checks: Vec<Check>,
    },
    /// The end of asking the network: all questions with their verdicts, or why it could not be asked.
    Asked {
        /// The workspace.
        of: u64,
        /// The verdicts.
        checks: Result<Vec<Check>, String>,
    },
    /// What a revision of the plan says to all that may be asked of the network.
    Facts {
        /// The workspace, and its revision.
        of: (u64, u64),
        /// The facts.
        facts: Facts,
    },
    /// The handover, laid out.
    Laid {
        /// The workspace.
        of: u64,
        /// What it was made of.
        key: Box<HandoverKey>,
        /// The pages, or why there are none.
        laid: Result<Arc<Laid>, String>,
    },
    /// How far a sweep over all failures has come.
    Sweeping {
        /// The workspace.
        of: u64,
        /// What it is of.
        key: SweepKey,
        /// Failures that were tried, and all.
        at: (usize, usize),
    },
    /// A sweep over all failures; none: it was stopped.
    Swept {
        /// The workspace.
        of: u64,
        /// What it is of.
        key: SweepKey,
        /// What was found.
        faults: Option<Arc<Faults>>,
    },
    /// An outage on a clock, or why there is none.
    Timed {
        /// The workspace.
        of: u64,
        /// What it is of.
        key: ClockKey,
        /// What happens.
        outage: Result<Arc<Outage>, String>,
    },
    /// A handover that was written.
    Written {
        /// Where.
        path: PathBuf,
        /// How it went: what there is to say.
        outcome: Result<String, String>,
    },
}
