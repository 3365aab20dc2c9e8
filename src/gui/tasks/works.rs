//! The tasks that there are.
#![expect(clippy::disallowed_methods, reason = "how long a dialog was there tells whether it came")]

use super::{ASKING, FAILING, Found, LAYING, TIMING, Tasks};
use crate::{
    analysis::{Analysis, Analyzer, analyse},
    gui::{
        dialogs::{Purpose, contacts::Confirmed},
        failures::{ClockKey, SweepKey},
        handover::{HandoverKey, Laid, Print, lay_out, print},
    },
    model::{Project, beside::Outcome, unfold::unfold},
    net::world::Inputs,
    probe::{
        Cancel, Check, Manners,
        evidence::Facts,
        live::{self, watch as polls},
        session::sizes,
    },
    rules::finding::Finding,
    sim::studies::{
        faults::faults,
        outage::{Scenario, outage},
    },
    workspace::disk,
};
use eframe::egui::Context;
use std::{path::PathBuf, pin::Pin, sync::Arc, time::Duration};

/// A dialog that is gone sooner than this was never there.
const SEEN_AFTER: Duration = Duration::from_millis(400);

/// How long a watch waits between two rounds.
const WATCH_EVERY: Duration = Duration::from_secs(30);

/// Whether a verdict leaves nothing to wait for.
fn is_as_planned(check: &Check) -> bool {
    !matches!(check.evidence.outcome, Outcome::Fail | Outcome::Warn | Outcome::Unknown)
}

/// What comes of a dialog of the system.
type Picking = Pin<Box<dyn Future<Output = Vec<rfd::FileHandle>> + Send>>;

impl Tasks {
    /// Analyses a project.
    pub(in crate::gui) fn analyse(
        &mut self,
        ctx: &Context,
        serial: u64,
        (mut analyzer, project, revision): (Analyzer, Arc<Project>, u64),
    ) {
        self.start(ctx, "checking the plan", None, move |report| {
            let analysis = analyzer.update(&project, &Inputs::of(&project));
            report.found(Found::Analysis { analyzer, analysis, of: (serial, revision) });
        });
    }

    /// Proves the fixes of a finding.
    pub(in crate::gui) fn prove(
        &mut self,
        ctx: &Context,
        analysis: Arc<Analysis>,
        of: (u64, u64),
        phase: usize,
        finding: Finding,
    ) {
        self.start(ctx, "proving fixes", None, move |report| {
            if !report.is_cancelled() {
                let fixes = analysis.fixes(phase, &finding);
                report.found(Found::Fixes { of, phase, finding: Box::new(finding), fixes });
            }
        });
    }

    /// Asks the network what somebody has confirmed; each verdict is told as it comes.
    pub(in crate::gui) fn ask(&mut self, ctx: &Context, of: u64, confirmed: &Confirmed) {
        let cancel = Cancel::default();
        let (job, prepared) = (confirmed.job(), confirmed.prepared());
        let (topology, watch) = (Arc::clone(&prepared.topology), prepared.watch);
        self.start(ctx, ASKING, Some(cancel.clone()), move |report| {
            loop {
                let asked = live::run_here(job.clone(), Manners::default(), &cancel, |progress| {
                    report.found(Found::Answered { of, check: Box::new(progress.check.clone()) });
                });
                let with_sizes = |mut checks: Vec<Check>| {
                    checks.extend(sizes::along(&topology, &checks));
                    checks
                };
                let checks = asked.map(with_sizes).map_err(|error| error.to_string());
                let agreed = checks.as_ref().is_ok_and(|checks| checks.iter().all(is_as_planned));
                if let (true, false, Ok(polled)) = (watch, agreed, &checks) {
                    report.found(Found::Polled { of, checks: polled.clone() });
                    if polls::pause(WATCH_EVERY, &cancel, false).is_ok_and(|over| !over) {
                        continue;
                    }
                }
                report.found(Found::Asked { of, checks });
                return;
            }
        });
    }

    /// Makes what the plan says to all that may be asked of the network.
    pub(in crate::gui) fn compare(&mut self, ctx: &Context, of: (u64, u64), project: Arc<Project>) {
        self.start(ctx, "comparing the evidence", None, move |report| {
            report.found(Found::Facts { of, facts: Facts::of(&project) });
        });
    }

    /// Lets everything fail in turn, in the phase that the key names.
    pub(in crate::gui) fn sweep(
        &mut self,
        ctx: &Context,
        of: u64,
        project: Arc<Project>,
        key: SweepKey,
    ) {
        self.start(ctx, FAILING, None, move |report| {
            let topologies = unfold(&project);
            let Some(topology) = topologies.get(key.1) else { return };
            let mut told = 0;
            let found = faults(topology, &Inputs::of(&project), key.2, &mut |at| {
                // Some 50 times in all, not with each failure.
                if at.done >= told {
                    told = at.done + at.total / 50 + 1;
                    report.found(Found::Sweeping { of, key, at: (at.done, at.total) });
                }
                !report.is_cancelled()
            });
            report.found(Found::Swept { of, key, faults: found.ok().map(Arc::new) });
        });
    }

    /// Works an outage out.
    pub(in crate::gui) fn time(
        &mut self,
        ctx: &Context,
        of: u64,
        project: Arc<Project>,
        (key, scenario): (ClockKey, Scenario),
    ) {
        self.start(ctx, TIMING, None, move |report| {
            let topologies = unfold(&project);
            let Some(topology) = topologies.get(key.1) else { return };
            let inputs = Inputs::of(&project);
            let found = outage(topology, &inputs, &scenario, &mut |_| !report.is_cancelled());
            let outage = found.map(Arc::new).map_err(|error| error.to_string());
            report.found(Found::Timed { of, key, outage });
        });
    }

    /// Lays the handover out.
    pub(in crate::gui) fn lay_out(
        &mut self,
        ctx: &Context,
        of: u64,
        project: Arc<Project>,
        key: HandoverKey,
    ) {
        self.start(ctx, LAYING, None, move |report| {
            let laid = lay_out(&analyse(&project), &key).map(Arc::new);
            report.found(Found::Laid { of, key: Box::new(key), laid });
        });
    }

    /// Writes the handover; what is laid out already is written as it is.
    pub(in crate::gui) fn write(
        &mut self,
        ctx: &Context,
        (project, key): (Arc<Project>, HandoverKey),
        laid: Option<Arc<Laid>>,
        (what, path, force, spell_out): (Print, PathBuf, bool, bool),
    ) {
        self.start(ctx, "writing the handover", None, move |report| {
            let laid = match laid {
                Some(laid) => Ok(laid),
                None => lay_out(&analyse(&project), &key).map(Arc::new),
            };
            let written = laid.and_then(|laid| {
                let (bytes, said) = print(&laid, what, spell_out)?;
                disk::write(&path, &bytes, force).map_err(|error| error.to_string())?;
                Ok(said)
            });
            report.found(Found::Written { path, outcome: written });
        });
    }

    /// Shows the system's dialog. The future is made on the window's thread, as some systems demand,
    /// and waited for on another.
    pub(in crate::gui) fn pick(
        &mut self,
        ctx: &Context,
        purpose: Purpose,
        dialog: rfd::AsyncFileDialog,
    ) {
        let begun = std::time::Instant::now();
        let one = |handle: Option<rfd::FileHandle>| handle.into_iter().collect();
        let open: Picking = if purpose.saves() {
            let picking = dialog.save_file();
            Box::pin(async move { one(picking.await) })
        } else if purpose == Purpose::Evidence {
            let picking = dialog.pick_files();
            Box::pin(async move { picking.await.unwrap_or_default() })
        } else {
            let picking = dialog.pick_file();
            Box::pin(async move { one(picking.await) })
        };
        self.start(ctx, "asking for a file", None, move |report| {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().build() else { return };
            let handles = runtime.block_on(open);
            let paths = handles.iter().map(|handle| handle.path().to_owned()).collect();
            let seen = begun.elapsed() > SEEN_AFTER;
            report.found(Found::Picked { purpose, paths, seen });
        });
    }
}
