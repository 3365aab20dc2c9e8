//! Work off the window's thread: named threads, with cancel, and results that carry the revision
//! that they belong to. Whoever takes the results drops the stale ones.
#![expect(clippy::disallowed_methods, reason = "this is where threads are made and named")]

use crate::{
    analysis::{Analysis, Analyzer},
    model::Project,
    net::world::Inputs,
    rules::{finding::Finding, fix::Fix},
};
use eframe::egui::Context;
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
};

/// What a task found.
pub(super) enum Found {
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
    /// What somebody picked in the system's dialog; none: nothing, or no dialog came.
    Picked {
        /// Whether it is to be saved there.
        save: bool,
        /// The path.
        path: Option<PathBuf>,
        /// Whether the dialog was there long enough for somebody to close it.
        seen: bool,
    },
}

/// A task that runs.
struct Running {
    id: u64,
    name: String,
    cancel: Arc<AtomicBool>,
}

/// The tasks of a window.
pub(super) struct Tasks {
    next: u64,
    running: Vec<Running>,
    sender: Sender<(u64, Option<Found>)>,
    receiver: Receiver<(u64, Option<Found>)>,
}

impl Tasks {
    pub(super) fn new() -> Self {
        let (sender, receiver) = channel();
        Self { next: 1, running: Vec::new(), sender, receiver }
    }

    /// Starts a task on a thread of that name. `work` is given a flag that says it may stop.
    pub(super) fn start(
        &mut self,
        ctx: &Context,
        name: &str,
        work: impl FnOnce(&AtomicBool) -> Option<Found> + Send + 'static,
    ) {
        let id = self.next;
        self.next += 1;
        let cancel = Arc::new(AtomicBool::new(false));
        let (sender, ctx, flag) = (self.sender.clone(), ctx.clone(), Arc::clone(&cancel));
        let run = move || {
            let found = work(&flag);
            // A window that is gone takes no results.
            drop(sender.send((id, found)));
            ctx.request_repaint();
        };
        let started = std::thread::Builder::new().name(name.to_owned()).spawn(run);
        if started.is_ok() {
            self.running.push(Running { id, name: name.to_owned(), cancel });
        }
    }

    /// Analyses a project.
    pub(super) fn analyse(
        &mut self,
        ctx: &Context,
        serial: u64,
        (mut analyzer, project, revision): (Analyzer, Arc<Project>, u64),
    ) {
        self.start(ctx, "checking the plan", move |_| {
            let analysis = analyzer.update(&project, &Inputs::of(&project));
            Some(Found::Analysis { analyzer, analysis, of: (serial, revision) })
        });
    }

    /// Proves the fixes of a finding.
    pub(super) fn prove(
        &mut self,
        ctx: &Context,
        analysis: Arc<Analysis>,
        of: (u64, u64),
        phase: usize,
        finding: Finding,
    ) {
        self.start(ctx, "proving fixes", move |cancel| {
            if cancel.load(Ordering::Relaxed) {
                return None;
            }
            let fixes = analysis.fixes(phase, &finding);
            Some(Found::Fixes { of, phase, finding: Box::new(finding), fixes })
        });
    }

    /// What has been found since the last call.
    pub(super) fn take(&mut self) -> Vec<Found> {
        let results: Vec<_> = self.receiver.try_iter().collect();
        results.into_iter().filter_map(|result| self.done(result)).collect()
    }

    /// Waits until a task is done and gives what it found; none when nothing runs.
    pub(super) fn wait(&mut self) -> Option<Found> {
        while !self.running.is_empty() {
            let result = self.receiver.recv().ok()?;
            if let Some(found) = self.done(result) {
                return Some(found);
            }
        }
        None
    }

    fn done(&mut self, (id, found): (u64, Option<Found>)) -> Option<Found> {
        self.running.retain(|task| task.id != id);
        found
    }

    /// The names of the tasks that run and that somebody waits for.
    pub(super) fn names(&self) -> Vec<&str> {
        let waited = |task: &&Running| !task.cancel.load(Ordering::Relaxed);
        self.running.iter().filter(waited).map(|task| task.name.as_str()).collect()
    }

    /// Tells the tasks of that name that nobody waits for them any more.
    pub(super) fn cancel(&mut self, name: &str) {
        for task in self.running.iter().filter(|task| task.name == name) {
            task.cancel.store(true, Ordering::Relaxed);
        }
    }
}

/// A dialog that is gone sooner than this was never there.
const SEEN_AFTER: std::time::Duration = std::time::Duration::from_millis(400);

impl Tasks {
    /// Shows the system's dialog. The future is made on the window's thread, as some systems demand,
    /// and waited for on another.
    pub(super) fn pick(&mut self, ctx: &Context, save: bool, dialog: rfd::AsyncFileDialog) {
        let begun = std::time::Instant::now();
        let open: std::pin::Pin<Box<dyn Future<Output = Option<rfd::FileHandle>> + Send>> =
            if save { Box::pin(dialog.save_file()) } else { Box::pin(dialog.pick_file()) };
        self.start(ctx, "asking for a file", move |_| {
            let runtime = tokio::runtime::Builder::new_current_thread().build().ok()?;
            let path = runtime.block_on(open).map(|handle| handle.path().to_owned());
            Some(Found::Picked { save, path, seen: begun.elapsed() > SEEN_AFTER })
        });
    }
}
