//! Where a project lives while it is worked on: the project, its history, what is derived from it,
//! and its place on the disk.
//!
//! [`Workspace::apply`] is the only way in which the project of a workspace changes.

pub mod disk;
pub mod fonts;
pub mod history;
pub mod journal;
pub mod memory;

use crate::{
    analysis::{Analysis, Analyzer, analyse},
    file,
    model::{
        Project, Topology,
        change::{Change, ChangeError, apply},
        unfold::unfold,
    },
    net::world::Inputs,
};
use disk::DiskError;
use history::{History, MergeKey};
use journal::Journal;
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// How often each part of the project has changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revisions {
    /// What happens to mail: objects, edits, phases, promises, assumptions, waivers.
    pub topology: u64,
    /// Where things are drawn.
    pub layout: u64,
    /// What was measured, noted or written beside the plan.
    pub evidence: u64,
}

/// Tells workspaces apart, so that what was found for one is not taken for another's.
static SERIAL: AtomicU64 = AtomicU64::new(1);

/// A project that is worked on.
pub struct Workspace {
    serial: u64,
    project: Arc<Project>,
    topologies: Arc<Vec<Topology>>,
    history: History,
    revisions: Revisions,
    /// How often the evidence of live checks has changed.
    answers: u64,
    analyzer: Option<Analyzer>,
    analysis: Arc<Analysis>,
    /// The revision that `analysis` belongs to.
    analysed: u64,
    path: Option<PathBuf>,
    journal: Option<Journal>,
    journal_folder: Option<PathBuf>,
    journal_failure: Option<String>,
    /// The hash of its file as it was read or written last; none: it has no file, or none was seen.
    on_disk: Option<String>,
}

impl Workspace {
    /// A workspace for a project; `path` is the file that it was read from. `journal_folder` is
    /// where the journal of a plan without a file lies; none: no journal is kept.
    pub fn new(project: Project, path: Option<PathBuf>, journal_folder: Option<PathBuf>) -> Self {
        let kept = path.as_deref().zip(journal_folder.as_deref());
        let history = kept.and_then(|(path, folder)| memory::recall(folder, path, &project));
        let project = Arc::new(project);
        let mut analyzer = Analyzer::new();
        let analysis = analyzer.update(&project, &Inputs::of(&project));
        Self {
            serial: SERIAL.fetch_add(1, Ordering::Relaxed),
            topologies: Arc::new(unfold(&project)),
            history: history.unwrap_or_else(|| History::new(true)),
            revisions: Revisions::default(),
            answers: 0,
            analyzer: Some(analyzer),
            analysis,
            analysed: 0,
            project,
            on_disk: path.as_deref().and_then(seen),
            path,
            journal: None,
            journal_folder,
            journal_failure: None,
        }
    }

    /// A workspace that goes on where a journal ends.
    pub fn recover(found: &journal::Recovered, journal_folder: Option<PathBuf>) -> Self {
        let mut workspace = Self::new(found.base.clone(), found.plan.clone(), journal_folder);
        for (label, change) in &found.changes {
            // What does not fit any more is left out; the rest still counts.
            drop(workspace.apply(label, change.clone(), None));
        }
        workspace
    }

    /// A number that no other workspace of this run has.
    pub fn serial(&self) -> u64 {
        self.serial
    }

    /// The project.
    pub fn project(&self) -> &Arc<Project> {
        &self.project
    }

    /// The topology of each phase, always of the project as it stands.
    pub fn topologies(&self) -> &Arc<Vec<Topology>> {
        &self.topologies
    }

    /// What was derived last. It may lag behind the project: see [`Self::is_analysed`].
    pub fn analysis(&self) -> &Arc<Analysis> {
        &self.analysis
    }

    /// Whether the analysis is of the project as it stands.
    pub fn is_analysed(&self) -> bool {
        self.analysed == self.proved_by()
    }

    /// How often what is analysed has changed: the topology, and the live answers held against it.
    fn proved_by(&self) -> u64 {
        self.revisions.topology + self.answers
    }

    /// How often each part has changed.
    pub fn revisions(&self) -> Revisions {
        self.revisions
    }

    /// The revision that the analysis belongs to.
    pub fn analysed_revision(&self) -> u64 {
        self.analysed
    }

    /// What was done.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The file.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Whether it differs from what was saved.
    pub fn is_dirty(&self) -> bool {
        self.history.is_dirty()
    }

    /// Why no journal is kept, once: the next call gives none.
    pub fn take_journal_failure(&mut self) -> Option<String> {
        self.journal_failure.take()
    }

    /// Carries a change out and notes it. A change that changes nothing is not noted.
    ///
    /// # Errors
    /// When it does not fit; nothing has changed then.
    pub fn apply(
        &mut self,
        label: &str,
        change: Change,
        merge: Option<MergeKey>,
    ) -> Result<bool, ChangeError> {
        let before = Arc::clone(&self.project);
        let inverse = self.carry_out(label, &change)?;
        if *before == *self.project {
            return Ok(false);
        }
        self.history.push(label, change, inverse, merge);
        Ok(true)
    }

    /// Undoes the last step and gives its label.
    pub fn undo(&mut self) -> Option<String> {
        let (label, change) = self.history.undo()?;
        // The inverse of a change that was carried out always fits.
        drop(self.carry_out(&format!("Undo: {label}"), &change));
        Some(label)
    }

    /// Makes the next step again and gives its label.
    pub fn redo(&mut self) -> Option<String> {
        let (label, change) = self.history.redo()?;
        drop(self.carry_out(&format!("Redo: {label}"), &change));
        Some(label)
    }

    /// Goes to where that many steps stand, whether by undoing or by making steps again.
    pub fn go_to(&mut self, steps: usize) {
        let (at, all) = self.history.place();
        let wanted = steps.min(all);
        for _ in wanted..at {
            self.undo();
        }
        for _ in at..wanted {
            self.redo();
        }
    }

    /// Ends the step at hand: what is typed next is a step of its own.
    pub fn seal(&mut self) {
        self.history.seal();
    }

    fn carry_out(&mut self, label: &str, change: &Change) -> Result<Change, ChangeError> {
        let before = Arc::clone(&self.project);
        let inverse = apply(Arc::make_mut(&mut self.project), change.clone())?;
        let (topology, layout, evidence) = touches(&before, &self.project);
        let was_analysed = self.is_analysed();
        if topology || layout || evidence {
            self.note(&before, label, change);
        }
        self.revisions.topology += u64::from(topology);
        self.revisions.layout += u64::from(layout);
        self.revisions.evidence += u64::from(evidence);
        self.answers += u64::from(before.evidence != self.project.evidence);
        if topology {
            self.topologies = Arc::new(unfold(&self.project));
        } else if was_analysed {
            self.follow();
        }
        Ok(inverse)
    }

    /// Where things are drawn, and what was measured, is of the project as it stands; it re-proves
    /// nothing.
    fn follow(&mut self) {
        let project = Arc::clone(&self.project);
        self.analysis = Arc::new(Analysis { project, ..(*self.analysis).clone() });
    }

    fn note(&mut self, before: &Project, label: &str, change: &Change) {
        let Some(folder) = &self.journal_folder else { return };
        if self.journal.is_none() {
            match begin_journal(self.path.as_deref(), folder, before) {
                Ok(journal) => self.journal = Some(journal),
                Err(error) => {
                    self.journal_failure = Some(format!("no journal is kept: {error}"));
                    self.journal_folder = None;
                    return;
                }
            }
        }
        let Some(journal) = &mut self.journal else { return };
        let Err(error) = journal.note(label, change) else { return };
        // The disk that the plan lies on may be full, and the one with the user's folder not.
        let elsewhere = begin_journal(None, folder, before)
            .and_then(|mut journal| journal.note(label, change).map(|()| journal));
        let Ok(journal) = elsewhere else {
            let why = error.words();
            self.journal_failure = Some(format!("the journal is not kept any more: {why}"));
            self.journal = None;
            self.journal_folder = None;
            return;
        };
        if let Some(old) = self.journal.replace(journal) {
            // What it holds the plan's file has not: the new one begins with it, so it may go.
            drop(old.end());
        }
    }

    /// Analyses the project as it stands, here and now.
    pub fn analyse(&mut self) {
        if !self.is_analysed() {
            let inputs = Inputs::of(&self.project);
            self.analysis = match &mut self.analyzer {
                Some(analyzer) => analyzer.update(&self.project, &inputs),
                None => analyse(&self.project),
            };
            self.analysed = self.proved_by();
        }
    }

    /// Lends what analyses, so that it can be done elsewhere; none while it is lent.
    pub fn lend_analyzer(&mut self) -> Option<(Analyzer, Arc<Project>, u64)> {
        let analyzer = self.analyzer.take()?;
        Some((analyzer, Arc::clone(&self.project), self.proved_by()))
    }

    /// Takes the analyzer back with what it found; a result of an older revision is dropped.
    pub fn take_back(&mut self, analyzer: Analyzer, analysis: Arc<Analysis>, revision: u64) {
        self.analyzer = Some(analyzer);
        if revision == self.proved_by() {
            self.analysis = analysis;
            self.analysed = revision;
            self.follow();
        }
    }

    /// Writes the plan to its file, or to `path`, which becomes its file. Its own file is not replaced
    /// where another program has changed it since, or where it may not be written.
    ///
    /// # Errors
    /// When it cannot be written; the plan and its steps stay as they are.
    pub fn save(&mut self, path: &Path) -> Result<(), DiskError> {
        if self.path.as_deref() == Some(path) && disk::exists(path) {
            if disk::is_read_only(path) {
                return Err(DiskError::ReadOnly(path.to_owned()));
            }
            if self.on_disk.is_some() && seen(path) != self.on_disk {
                return Err(DiskError::Changed(path.to_owned()));
            }
        }
        self.save_over(path)
    }

    /// The same, whatever is there.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save_over(&mut self, path: &Path) -> Result<(), DiskError> {
        let text = file::save(&self.project);
        disk::write(path, text.as_bytes(), true)?;
        self.on_disk = Some(journal::hash(text.as_bytes()));
        self.path = Some(path.to_owned());
        self.history.mark_saved();
        if let Some(folder) = &self.journal_folder
            && let Err(error) = memory::keep(folder, path, &self.project, &self.history)
        {
            let why = format!("saved, but what was done is not kept for the next start: {error}");
            self.journal_failure = Some(why);
        }
        self.end_journal()
    }

    /// Leaves the plan on purpose, saved or not: nothing is left to recover.
    ///
    /// # Errors
    /// When the journal's file stays.
    pub fn close(mut self) -> Result<(), DiskError> {
        self.end_journal()
    }

    fn end_journal(&mut self) -> Result<(), DiskError> {
        self.journal.take().map_or(Ok(()), Journal::end)
    }
}

/// The hash of a file as it is; none where it cannot be read.
fn seen(path: &Path) -> Option<String> {
    let bytes = disk::read(path, file::SIZE_MAX).ok()?;
    Some(journal::hash(&bytes))
}

/// Which of the three parts differ.
fn touches(a: &Project, b: &Project) -> (bool, bool, bool) {
    let layout = a.layout != b.layout || a.notes != b.notes || a.saved_views != b.saved_views;
    let beside = a.evidence != b.evidence
        || a.step_notes != b.step_notes
        || a.item_notes != b.item_notes
        || a.dossier != b.dossier;
    let topology = a.as_is != b.as_is
        || a.phases != b.phases
        || a.promises != b.promises
        || a.assumptions != b.assumptions
        || a.waivers != b.waivers
        || a.name != b.name
        || a.as_is_title != b.as_is_title;
    (topology, layout, beside)
}

/// Beside the plan, or where that cannot be written (and for a plan without a file) in the folder.
fn begin_journal(
    plan: Option<&Path>,
    folder: &Path,
    project: &Project,
) -> Result<Journal, DiskError> {
    // A journal that a crash left behind, and that nobody has recovered, stays.
    if let Some(plan) = plan
        && !disk::exists(&journal::beside(plan))
        && let Ok(journal) = Journal::begin(&journal::beside(plan), project, Some(plan))
    {
        return Ok(journal);
    }
    disk::make_folder(folder)?;
    let free = (1..10_000).find(|n| !disk::exists(&unsaved(folder, *n)));
    Journal::begin(&unsaved(folder, free.unwrap_or(10_000)), project, plan)
}

fn unsaved(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("plan-{number}{}", journal::ENDING))
}
