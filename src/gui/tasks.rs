//! Work off the window's thread: named threads, with cancel and progress, and results that carry the
//! revision that they belong to. Whoever takes the results drops the stale ones.

mod found;
mod works;

pub(super) use found::Found;

use crate::probe::Cancel;
use eframe::egui::Context;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
    mpsc::{Receiver, Sender, channel},
};

/// The name of the task that asks the network.
pub(super) const ASKING: &str = "asking the network";

/// The name of the task that lets everything fail in turn.
pub(super) const FAILING: &str = "letting everything fail in turn";

/// The name of the task that works an outage out.
pub(super) const TIMING: &str = "working the outage out";

/// The name of the task that lays the handover out.
pub(super) const LAYING: &str = "laying out the handover";

/// What a task says.
enum Message {
    /// It found something; there may be more to come.
    Found(Box<Found>),
    /// It is over, however it ended.
    Over,
}

/// A task that runs.
struct Running {
    id: u64,
    name: String,
    cancel: Arc<AtomicBool>,
    /// What ends a run that waits for the network.
    network: Option<Cancel>,
}

/// The tasks of a window.
pub(super) struct Tasks {
    next: u64,
    running: Vec<Running>,
    sender: Sender<(u64, Message)>,
    receiver: Receiver<(u64, Message)>,
}

/// A task's way to the window.
pub(super) struct Report {
    id: u64,
    ctx: Context,
    sender: Sender<(u64, Message)>,
    cancel: Arc<AtomicBool>,
}

impl Report {
    /// Says what was found so far.
    pub(super) fn found(&self, found: Found) {
        // A window that is gone takes no results.
        drop(self.sender.send((self.id, Message::Found(Box::new(found)))));
        self.ctx.request_repaint();
    }

    /// Whether nobody waits any more.
    pub(super) fn is_cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }
}

impl Drop for Report {
    /// Also where the work broke off: a task that is over must not seem to run.
    fn drop(&mut self) {
        drop(self.sender.send((self.id, Message::Over)));
        self.ctx.request_repaint();
    }
}

impl Tasks {
    pub(super) fn new() -> Self {
        let (sender, receiver) = channel();
        Self { next: 1, running: Vec::new(), sender, receiver }
    }

    /// Starts a task on a thread of that name.
    fn start(
        &mut self,
        ctx: &Context,
        name: &str,
        network: Option<Cancel>,
        work: impl FnOnce(&Report) + Send + 'static,
    ) {
        let id = self.next;
        self.next += 1;
        let cancel = Arc::new(AtomicBool::new(false));
        let report = Report {
            id,
            ctx: ctx.clone(),
            sender: self.sender.clone(),
            cancel: Arc::clone(&cancel),
        };
        let run = move || work(&report);
        let started = std::thread::Builder::new().name(name.to_owned()).spawn(run);
        if started.is_ok() {
            self.running.push(Running { id, name: name.to_owned(), cancel, network });
        }
    }

    /// What has been found since the last call.
    pub(super) fn take(&mut self) -> Vec<Found> {
        let messages: Vec<_> = self.receiver.try_iter().collect();
        messages.into_iter().filter_map(|message| self.heard(message)).collect()
    }

    /// Waits until something is found, and gives it; none when nothing runs.
    pub(super) fn wait(&mut self) -> Option<Found> {
        while !self.running.is_empty() {
            let message = self.receiver.recv().ok()?;
            if let Some(found) = self.heard(message) {
                return Some(found);
            }
        }
        None
    }

    fn heard(&mut self, (id, message): (u64, Message)) -> Option<Found> {
        match message {
            Message::Found(found) => Some(*found),
            Message::Over => {
                self.running.retain(|task| task.id != id);
                None
            }
        }
    }

    /// The names of the tasks that run and that somebody waits for.
    pub(super) fn names(&self) -> Vec<&str> {
        let waited = |task: &&Running| !task.cancel.load(Ordering::Relaxed);
        self.running.iter().filter(waited).map(|task| task.name.as_str()).collect()
    }

    /// Whether a task of that name runs, waited for or not.
    pub(super) fn runs(&self, name: &str) -> bool {
        self.running.iter().any(|task| task.name == name)
    }

    /// Tells the tasks of that name that nobody waits for them any more.
    pub(super) fn cancel(&mut self, name: &str) {
        for task in self.running.iter().filter(|task| task.name == name) {
            task.cancel.store(true, Ordering::Relaxed);
            if let Some(network) = &task.network {
                network.cancel();
            }
        }
    }
}
