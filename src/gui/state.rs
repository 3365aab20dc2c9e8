//! What the window shows: the plan that is open with its view, and what stands around it. Panels
//! read it and push commands; what they write themselves are drafts of texts and dialogs.

use super::{
    canvas::CanvasState,
    command::{Lens, Panel, Tool},
    derived::Derived,
    dialogs::Dialog,
    drafts::Drafts,
    failures::Failures,
    handover::Handover,
    panels::palette::Palette,
    settings::Settings,
    validation::Validation,
};
use crate::{
    analysis::{Analysis, PhaseAnalysis, Worst},
    model::{Subject, Topology, promise::End, topology::Object},
    rules::finding::Finding,
    sim::trace::Trace,
    workspace::{Workspace, journal::Recovered},
};
use std::{collections::BTreeSet, path::PathBuf};

/// Everything that the window shows.
#[derive(Default)]
pub struct State {
    /// The plan that is open; none: the start page.
    pub plan: Option<Plan>,
    /// What is remembered between runs.
    pub settings: Settings,
    /// The tool in hand.
    pub tool: Tool,
    /// What the drawing is looked at for.
    pub lens: Lens,
    /// Which panels are shown.
    pub show: Shown,
    /// The dialog that is open.
    pub dialog: Option<Dialog>,
    /// The search for commands and objects, when it is open.
    pub palette: Option<Palette>,
    /// What the status line says.
    pub status: String,
    /// What was copied.
    pub clipboard: Vec<Object>,
    /// The step of the tour that is shown.
    pub tour: Option<usize>,
    /// Journals that were left behind.
    pub recoverable: Vec<Recovered>,
    /// Where journals lie that belong to no file; none: none are kept.
    pub journals: Option<PathBuf>,
    /// Whether the window may close without a question.
    pub may_close: bool,
}

/// Which panels are shown.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// The list of all objects.
    pub outline: bool,
    /// The inspector.
    pub inspector: bool,
    /// The panels at the bottom.
    pub bottom: bool,
    /// The outcomes of live checks, on the drawing.
    pub outcomes: bool,
    /// Whether what is moved snaps to others and to the grid.
    pub snap: bool,
}

impl Default for Shown {
    fn default() -> Self {
        Self { outline: false, inspector: true, bottom: true, outcomes: true, snap: true }
    }
}

/// A plan that is open.
pub struct Plan {
    /// The project with its history and analysis.
    pub workspace: Workspace,
    /// The phase that is shown.
    pub phase: usize,
    /// What is selected.
    pub selection: BTreeSet<Subject>,
    /// The canvas's own state.
    pub canvas: CanvasState,
    /// The panel at the bottom.
    pub panel: Panel,
    /// The trace tool.
    pub trace: TraceTool,
    /// The finding that is open: its code and subject.
    pub open_finding: Option<(&'static str, Subject)>,
    /// Which findings are listed.
    pub filter: Filter,
    /// Fixes that were proved, and what is shown of them.
    pub fixes: Fixes,
    /// What panels need of the analysis.
    pub derived: Derived,
    /// Texts that are being typed.
    pub drafts: Drafts,
    /// What is searched for among all objects.
    pub search: String,
    /// The two phases that are compared.
    pub compare: (usize, usize),
    /// Which part of a server the inspector shows.
    pub tab: ServerTab,
    /// Whether the inspector's first field is to take the keyboard.
    pub focus_name: bool,
    /// The step that is shown large; none: the next.
    pub looked_at: Option<usize>,
    /// Live checks.
    pub validation: Validation,
    /// What fails.
    pub failures: Failures,
    /// The handover.
    pub handover: Handover,
}

/// Which part of a server the inspector shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ServerTab {
    /// The server's own fields.
    #[default]
    Server,
    /// Its SMTP virtual servers.
    Listeners,
    /// The mailboxes on it.
    Mailboxes,
}

/// The trace tool.
#[derive(Clone, Debug, Default)]
pub struct TraceTool {
    /// Who sends.
    pub from: Option<End>,
    /// Who is to get it.
    pub to: Option<End>,
    /// What has failed.
    pub failures: BTreeSet<Subject>,
    /// The trace, and the phase that it was made in.
    pub trace: Option<(usize, u64, Trace)>,
    /// A mail address that is being typed, as sender and as recipient.
    pub typed: [String; 2],
}

/// How findings stand together in the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grouping {
    /// One after the other, the worst first.
    #[default]
    Flat,
    /// By their rules.
    Rule,
    /// By what they are about.
    Object,
}

/// Which findings are listed.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "one switch a severity")]
pub struct Filter {
    pub errors: bool,
    pub warnings: bool,
    pub unknown: bool,
    pub notes: bool,
    pub waived: bool,
    /// What their words have to hold.
    pub text: String,
    /// How they stand together.
    pub grouping: Grouping,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            errors: true,
            warnings: true,
            unknown: true,
            notes: true,
            waived: true,
            text: String::new(),
            grouping: Grouping::Flat,
        }
    }
}

/// What fixes were proved for.
#[derive(Clone, Debug, PartialEq)]
pub struct FixesKey {
    /// The revision.
    pub revision: u64,
    /// The phase of the finding.
    pub phase: usize,
    /// Its code.
    pub code: &'static str,
    /// Its subject.
    pub subject: Subject,
}

impl FixesKey {
    /// The key of a finding's fixes.
    pub fn of(revision: u64, phase: usize, finding: &Finding) -> Self {
        Self { revision, phase, code: finding.rule.code, subject: finding.subject.clone() }
    }
}

/// Fixes that were proved.
#[derive(Default)]
pub struct Fixes {
    /// The fixes of findings of this revision.
    pub proved: Vec<(FixesKey, Vec<crate::rules::fix::Fix>)>,
    /// Those that are being proved.
    pub pending: Vec<FixesKey>,
    /// Those that somebody looks at and that nobody proves yet.
    pub wanted: Vec<FixesKey>,
    /// Whether they go into the earliest phase in which they can stand.
    pub earliest: bool,
    /// Whether their edits are shown.
    pub preview: bool,
}

impl Fixes {
    /// The fixes of a finding; none: not proved yet, and asked for.
    pub fn of(&mut self, key: &FixesKey) -> Option<&[crate::rules::fix::Fix]> {
        if let Some(at) = self.proved.iter().position(|(known, _)| known == key) {
            return Some(&self.proved[at].1);
        }
        if !self.pending.contains(key) && !self.wanted.contains(key) {
            self.wanted.push(key.clone());
        }
        None
    }

    /// Forgets what belongs to other revisions.
    pub fn keep(&mut self, revision: u64) {
        self.proved.retain(|(key, _)| key.revision == revision);
        self.pending.retain(|key| key.revision == revision);
        self.wanted.retain(|key| key.revision == revision);
    }
}

impl Plan {
    /// A plan as it is shown first: the first phase in which something is broken, or else phase 0.
    pub fn new(workspace: Workspace) -> Self {
        let last = workspace.project().phase_count() - 1;
        let broken = (0..=last).find(|phase| workspace.analysis().worst(*phase) == Worst::Broken);
        Self {
            phase: broken.unwrap_or(0),
            workspace,
            selection: BTreeSet::new(),
            canvas: CanvasState::default(),
            panel: Panel::Findings,
            trace: TraceTool::default(),
            open_finding: None,
            filter: Filter::default(),
            fixes: Fixes::default(),
            derived: Derived::default(),
            drafts: Drafts::default(),
            search: String::new(),
            compare: (0, last),
            tab: ServerTab::default(),
            focus_name: false,
            looked_at: None,
            validation: Validation::default(),
            failures: Failures::default(),
            handover: Handover::default(),
        }
    }

    /// A number that no other plan of this run has.
    pub fn serial(&self) -> u64 {
        self.workspace.serial()
    }

    /// The topology of the phase that is shown, always as the project stands.
    pub fn topology(&self) -> &Topology {
        &self.workspace.topologies()[self.phase]
    }

    /// What was derived last.
    pub fn analysis(&self) -> &Analysis {
        self.workspace.analysis()
    }

    /// What was derived of the phase that is shown.
    pub fn derived_phase(&self) -> &PhaseAnalysis {
        let phases = &self.analysis().phases;
        &phases[self.phase.min(phases.len() - 1)]
    }

    /// Forgets of the selection what this phase does not show.
    pub fn keep_selection(&mut self) {
        let topology = &self.workspace.topologies()[self.phase];
        let project = self.workspace.project();
        self.selection.retain(|subject| match subject {
            Subject::Note(id) => project.notes.contains_key(id),
            other => other.object(topology).is_some(),
        });
    }

    /// The index of the finding that is open, if this phase shows it.
    pub fn open_index(&self) -> Option<usize> {
        let (code, subject) = self.open_finding.as_ref()?;
        let fits = |f: &Finding| f.rule.code == *code && f.subject == *subject;
        self.derived_phase().findings.iter().position(fits)
    }

    /// The finding that is open, if this phase shows it.
    pub fn open(&self) -> Option<&Finding> {
        self.derived_phase().findings.get(self.open_index()?)
    }

    /// The one thing that is selected.
    pub fn selected(&self) -> Option<&Subject> {
        match self.selection.len() {
            1 => self.selection.first(),
            _ => None,
        }
    }

    /// The trace that is shown, if it is of this phase and up to date.
    pub fn shown_trace(&self) -> Option<&Trace> {
        let revision = self.workspace.analysed_revision();
        self.trace
            .trace
            .as_ref()
            .filter(|(phase, of, _)| *phase == self.phase && *of == revision)
            .map(|(_, _, trace)| trace)
    }
}
