//! What can be done: one enum for menus, shortcuts, the palette, the canvas and the panels.
//! [`super::dispatch`] executes.

use super::{dialogs::contacts::Confirmed, handover::Print};
use crate::model::{
    Subject,
    change::Change,
    id::{AssumptionId, PromiseId},
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
    /// Asks where to write the handover.
    SaveHandover(Print),
    /// Writes the handover there.
    SaveHandoverTo(Print, PathBuf),
    /// Writes the handover there, whatever is there.
    ReplaceHandover(Print, PathBuf),
}

/// What a click or drag on the canvas creates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tool {
    /// Nothing: it selects and moves.
    #[default]
    Select,
    /// A site.
    Site,
    /// A server.
    Server,
    /// A WAN link.
    Link,
    /// An Internet line with its firewall.
    Line,
    /// A routing group connector.
    Connector,
    /// A routing group.
    Group,
    /// A resolver.
    Resolver,
}

impl Tool {
    /// All tools, in the order of the rail.
    pub const ALL: [Self; 8] = [
        Self::Select,
        Self::Site,
        Self::Server,
        Self::Link,
        Self::Line,
        Self::Connector,
        Self::Group,
        Self::Resolver,
    ];

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Select => "Select",
            Self::Site => "Site",
            Self::Server => "Server",
            Self::Link => "WAN link",
            Self::Line => "Internet line",
            Self::Connector => "Connector",
            Self::Group => "Routing group",
            Self::Resolver => "Resolver",
        }
    }

    /// How it is used.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Select => "click to select, drag to move, drag on the canvas to select several",
            Self::Site => "click on the canvas to add a site",
            Self::Server => "click in a site, or on the Internet, to add a server",
            Self::Link => "drag from one site to another",
            Self::Line => "drag from a site to the Internet",
            Self::Connector => "drag from one routing group to another",
            Self::Group => "drag around servers, or click, to add a routing group or an AD site",
            Self::Resolver => "click in a site to add a resolver",
        }
    }
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
}

impl Panel {
    /// All panels.
    pub const ALL: [Self; 7] = [
        Self::Findings,
        Self::Trace,
        Self::Promises,
        Self::Compare,
        Self::Assumptions,
        Self::Validation,
        Self::Failures,
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
        }
    }
}

/// How the window looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Appearance {
    /// As the system says.
    #[default]
    System,
    /// Dark text on light.
    Light,
    /// Light text on dark.
    Dark,
}

impl Appearance {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Self::System => "As the system says",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }
}

/// A kind of object that can be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the kind of object of that name")]
pub enum Kind {
    Site,
    Segment,
    Line,
    Firewall,
    Link,
    Server,
    Listener,
    Group,
    SiteLink,
    GroupConnector,
    SmtpConnector,
    Resolver,
    View,
    Zone,
    Record,
    Organisation,
    Domain,
    Mailboxes,
}

impl Kind {
    /// All kinds, in the order of the Insert menu.
    pub const ALL: [Self; 18] = [
        Self::Site,
        Self::Segment,
        Self::Line,
        Self::Firewall,
        Self::Link,
        Self::Server,
        Self::Listener,
        Self::Group,
        Self::SiteLink,
        Self::GroupConnector,
        Self::SmtpConnector,
        Self::Resolver,
        Self::View,
        Self::Zone,
        Self::Record,
        Self::Organisation,
        Self::Domain,
        Self::Mailboxes,
    ];

    /// Whether the Insert menu draws a line before it.
    pub fn opens_section(self) -> bool {
        matches!(self, Self::Server | Self::Group | Self::Resolver | Self::Organisation)
    }
}
