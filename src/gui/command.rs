//! What can be done: one enum for menus, shortcuts, the palette, the canvas and the panels.
//! [`super::dispatch`] executes.

mod choices;

pub use choices::{Appearance, Arrange, Kind, Picture, Side, Tool};

use super::{dialogs::contacts::Confirmed, handover::Print};
use crate::model::{
    Subject,
    change::Change,
    id::{AssumptionId, PromiseId, SavedViewId},
    promise::End,
};
use std::{collections::BTreeSet, path::PathBuf};

/// Something that can be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Carries a change out: the only thing that changes a project.
    Apply {
        /// What it is called in the Edit menu.
        label: String,
        /// The change.
        change: Change,
    },
    /// The same while somebody types: consecutive ones with the same key are one step.
    ApplyTyping {
        /// What it is called in the Edit menu.
        label: String,
        /// The change.
        change: Change,
        /// What is typed in.
        key: String,
    },
    /// Replaces the selection.
    Select(BTreeSet<Subject>),
    /// Selects an object and brings it into view.
    Locate(Subject),
    /// Shows a phase.
    Phase(usize),
    /// Takes a tool in hand.
    Tool(Tool),
    /// Looks through a lens.
    Lens(Lens),
    /// Says something in the status line.
    Status(String),
    /// Follows a message.
    Trace {
        /// Who sends.
        from: End,
        /// Who is to get it.
        to: End,
    },
    /// What has failed in the trace at hand.
    TraceFailures(BTreeSet<Subject>),
    /// Takes the trace off the drawing.
    ClearTrace,
    /// Lets everything fail in turn.
    Failures,
    /// Stops that.
    StopFailures,
    /// Looks at what fails: one thing, or two together.
    ShowFailure(BTreeSet<Subject>),
    /// Opens a finding of this phase, by its index in the analysis.
    ShowFinding(usize),
    /// Closes the finding that is open.
    CloseFinding,
    /// The next finding of this phase.
    NextFinding,
    /// The previous finding of this phase.
    PreviousFinding,
    /// Applies a fix of a finding of this phase.
    Fix {
        /// The finding, by its index in the analysis.
        finding: usize,
        /// Its place among the fixes.
        choice: usize,
        /// In the earliest phase in which it can stand, instead of here.
        earliest: bool,
    },
    /// Opens the dialog that waives a finding of this phase.
    Waive(usize),
    /// Takes a waiver back.
    Unwaive(usize),
    /// Opens the article of a rule.
    Article(&'static str),
    /// Opens a panel at the bottom.
    Panel(Panel),
    /// Opens the dialog that adds an object.
    Insert(Kind),
    /// Adds a phase behind the one shown.
    AddPhase,
    /// Opens the dialog that renames a phase.
    RenamePhase(usize),
    /// Adds a phase with the same edits of fields behind it.
    DuplicatePhase(usize),
    /// Moves a phase by one place, to the left (-1) or right (1).
    MovePhase(usize, i8),
    /// Deletes a phase.
    DeletePhase(usize),
    /// Compares two phases.
    Compare(usize, usize),
    /// Opens the editor of a promise; none: of a new one.
    EditPromise(Option<PromiseId>),
    /// Deletes a promise.
    DeletePromise(PromiseId),
    /// Shows the message that breaks a promise.
    Counterexample(PromiseId),
    /// Opens the editor of an assumption; none: of a new one.
    EditAssumption(Option<AssumptionId>),
    /// Opens the editor of what the handover says of client, people and papers.
    EditDossier,
    /// Opens the dialog that renames the plan.
    RenamePlan,
    /// Undoes the last step.
    Undo,
    /// Makes the next step again.
    Redo,
    /// Goes to where that many steps stand, back or forward.
    GoTo(usize),
    /// A new empty plan.
    New,
    /// A new plan from a template, by its name.
    NewFrom(&'static str),
    /// Asks for a plan and opens it.
    Open,
    /// Asks for a path in the window and opens it.
    OpenByPath,
    /// Opens a plan.
    OpenPath(PathBuf),
    /// Goes on where a journal ends.
    Recover(PathBuf),
    /// Throws a journal away.
    Discard(PathBuf),
    /// Saves.
    Save,
    /// Asks where to save.
    SaveAs,
    /// Saves there.
    SaveTo(PathBuf),
    /// Saves there, whatever is there.
    ReplaceAt(PathBuf),
    /// Saves, and then does what was to be done.
    SaveThen(Box<Command>),
    /// Gives up what is not saved, and then does what was to be done.
    DiscardThen(Box<Command>),
    /// Leaves the plan for the start page.
    Close,
    /// Ends the program.
    Quit,
    /// Shows the whole drawing.
    Fit,
    /// Shows what is selected.
    FitSelection,
    /// Shows the drawing at its own size.
    Zoom100,
    /// Closer.
    ZoomIn,
    /// Farther.
    ZoomOut,
    /// Brings what is selected into line.
    Arrange(Arrange),
    /// Gives what is selected a neighbour on that side, with what joins the two.
    Neighbour(Side),
    /// Puts down at the pointer's last place, or in the middle of the view, what a tool would.
    Put(Tool),
    /// Lays the drawing out anew, in one step; what is pinned stays.
    LayOut,
    /// Pins what is selected to its place, or lets it loose.
    Pin(bool),
    /// Whether what is moved snaps to others and to the grid.
    ToggleSnap,
    /// Ticks a step of the phase that is shown, or takes its tick back.
    Tick(usize),
    /// Ticks the next step of the phase that is shown.
    TickNext,
    /// Shows a step of the phase large.
    LookAtStep(usize),
    /// Opens the dialog that takes a table out of a spreadsheet, with these rows.
    PasteTable(String),
    /// Opens the dialog that keeps the view as it is, to come back to it.
    SaveView,
    /// Keeps the view as it is, under a name.
    SaveViewAs(String),
    /// Comes back to a view.
    ShowView(SavedViewId),
    /// Forgets a view.
    ForgetView(SavedViewId),
    /// Deletes what is selected.
    Delete,
    /// Copies what is selected.
    Copy,
    /// Puts in what was copied.
    Paste,
    /// Copies what is selected and puts it in.
    Duplicate,
    /// Renames what is selected.
    Rename,
    /// Selects everything.
    SelectAll,
    /// Selects nothing.
    SelectNone,
    /// The search for commands and objects.
    Palette,
    /// The page of shortcuts.
    Shortcuts,
    /// Shows a step of the tour; none: ends it.
    Tour(Option<usize>),
    /// What program this is.
    About,
    /// Light, dark or as the system says.
    Appearance(Appearance),
    /// Shows or hides the list of all objects.
    ToggleOutline,
    /// Shows or hides the inspector.
    ToggleInspector,
    /// Shows or hides the panels at the bottom.
    ToggleBottom,
    /// The next phase.
    NextPhase,
    /// The previous phase.
    PreviousPhase,
    /// Nobody waits any more for the tasks of that name.
    Cancel(String),
    /// Checks everything anew.
    Check,
    /// Lists what would be contacted to hold the network against the plan; contacts nobody.
    ListContacts,
    /// Asks the network what was shown and confirmed.
    Contact(Confirmed),
    /// Asks for files with evidence and takes it into the plan.
    TakeEvidence,
    /// Asks for a filled working copy of the handover.
    TakeTicks,
    /// Takes ticks, times and initials from it.
    TakeTicksFrom(PathBuf),
    /// Takes the evidence of files into the plan.
    TakeEvidenceFrom(Vec<PathBuf>),
    /// Takes the evidence of a phase out of the plan.
    DropEvidence(usize),
    /// Shows or hides the outcomes of live checks on the drawing.
    ToggleOutcomes,
    /// Shows the pages of the handover.
    Handover,
    /// Goes back from the handover to the drawing.
    CloseHandover,
    /// Brings a page of the handover to the top, by its index.
    HandoverPage(usize),
    /// Asks for an earlier revision of the plan, to mark what differs from it.
    CompareHandover,
    /// Marks what differs from the plan in that file.
    CompareHandoverWith(PathBuf),
    /// Marks nothing.
    CompareHandoverWithNothing,
    /// Copies a table of the handover as Markdown: its section and its block, by their places.
    CopyTable(usize, usize),
    /// Asks where to save the drawing of the phase, through the lens that is chosen.
    SaveDrawing(Picture),
    /// Saves the drawing there.
    SaveDrawingTo(Picture, PathBuf),
    /// Saves the drawing there, whatever is there.
    ReplaceDrawing(Picture, PathBuf),
    /// Asks where to write the handover.
    SaveHandover(Print),
    /// Writes the handover there.
    SaveHandoverTo(Print, PathBuf),
    /// Writes the handover there, whatever is there.
    ReplaceHandover(Print, PathBuf),
}

/// What the drawing is looked at for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lens {
    /// Sites, lines, links, addresses.
    Physical,
    /// Groups, connectors, mail.
    #[default]
    Mail,
    /// Who is told what.
    Dns,
    /// Only what has findings.
    Findings,
    /// What this phase changes.
    Difference,
}

impl Lens {
    /// All lenses.
    pub const ALL: [Self; 5] =
        [Self::Physical, Self::Mail, Self::Dns, Self::Findings, Self::Difference];

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Physical => "Physical",
            Self::Mail => "Mail",
            Self::Dns => "DNS",
            Self::Findings => "Findings",
            Self::Difference => "Difference",
        }
    }
}

/// A panel at the bottom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Panel {
    /// What is wrong.
    #[default]
    Findings,
    /// A message hop by hop.
    Trace,
    /// What the client requires.
    Promises,
    /// Two phases beside each other.
    Compare,
    /// What is taken for granted.
    Assumptions,
    /// What the live network answers.
    Validation,
    /// What every failure loses.
    Failures,
    /// What was done, step by step.
    History,
    /// The phase as it is carried out.
    CarryOut,
}

impl Panel {
    /// All panels.
    pub const ALL: [Self; 9] = [
        Self::Findings,
        Self::Trace,
        Self::Promises,
        Self::Compare,
        Self::Assumptions,
        Self::Validation,
        Self::Failures,
        Self::History,
        Self::CarryOut,
    ];

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Findings => "Findings",
            Self::Trace => "Trace",
            Self::Promises => "Promises",
            Self::Compare => "Compare",
            Self::Assumptions => "Assumptions",
            Self::Validation => "Validation",
            Self::Failures => "Failures",
            Self::History => "History",
            Self::CarryOut => "Carry out",
        }
    }
}
