//! The table of commands that have a name: menus, shortcuts, palette and the page of shortcuts are
//! made of it, and of nothing else.

use super::{
    command::{Appearance, Arrange, Command, Kind, Lens, Panel, Picture, Side, Tool},
    handover::Print,
    state::State,
    validation, words,
};
use crate::templates::TEMPLATES;
use eframe::egui::{Key, KeyboardShortcut, Modifiers};

/// Where a command stands in the menu bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Menu {
    /// Plans and files.
    File,
    /// Undo, clipboard, phases.
    Edit,
    /// What is shown and how.
    View,
    /// Where things stand on the drawing.
    Arrange,
    /// What can be added.
    Insert,
    /// Findings, traces, promises.
    Check,
    /// Explanations.
    Help,
}

impl Menu {
    /// All menus, from the left.
    pub(super) const ALL: [Self; 7] =
        [Self::File, Self::Edit, Self::View, Self::Arrange, Self::Insert, Self::Check, Self::Help];

    /// Its title.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::View => "View",
            Self::Arrange => "Arrange",
            Self::Insert => "Insert",
            Self::Check => "Check",
            Self::Help => "Help",
        }
    }
}

/// When the menu of the drawing offers a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Context {
    /// While something is selected.
    Selection,
    /// While nothing is.
    Sheet,
    /// Always.
    Both,
}

/// A command with its name.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its menu.
    pub(super) menu: Menu,
    /// Its name.
    pub(super) title: String,
    /// What it does.
    pub(super) command: Command,
    /// Its keys; the first is shown.
    pub(super) keys: Vec<KeyboardShortcut>,
    /// Why it cannot be done now.
    pub(super) refused: Option<&'static str>,
    /// Whether the menu draws a line before it.
    pub(super) section: bool,
    /// Whether it is switched on, for what can be.
    pub(super) on: Option<bool>,
    /// Whether the keys mean this only when no text is being edited.
    pub(super) yields_to_text: bool,
    /// Whether the menu of the drawing has it.
    pub(super) context: Option<Context>,
}

const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);
const NONE: Modifiers = Modifiers::NONE;
const ALT: Modifiers = Modifiers::ALT;

struct List {
    entries: Vec<Entry>,
    menu: Menu,
    section: bool,
    plan: bool,
}

impl List {
    /// A line before what comes next.
    fn line(&mut self) {
        self.section = true;
    }

    /// A command that can always be given.
    fn always(&mut self, title: &str, command: Command, keys: &[(Modifiers, Key)]) -> &mut Entry {
        let entry = Entry {
            menu: self.menu,
            title: title.to_owned(),
            command,
            keys: keys.iter().map(|(m, k)| KeyboardShortcut::new(*m, *k)).collect(),
            refused: None,
            section: std::mem::take(&mut self.section),
            on: None,
            yields_to_text: false,
            context: None,
        };
        let at = self.entries.len();
        self.entries.push(entry);
        &mut self.entries[at]
    }

    /// A command that needs a plan.
    fn plan(&mut self, title: &str, command: Command, keys: &[(Modifiers, Key)]) -> &mut Entry {
        let open = self.plan;
        let entry = self.always(title, command, keys);
        if !open {
            entry.refused = Some("no plan is open");
        }
        entry
    }
}

impl Entry {
    fn unless(&mut self, fine: bool, why: &'static str) -> &mut Self {
        if !fine && self.refused.is_none() {
            self.refused = Some(why);
        }
        self
    }

    fn switch(&mut self, on: bool) {
        self.on = Some(on);
    }

    fn yields(&mut self) -> &mut Self {
        self.yields_to_text = true;
        self
    }

    fn on(&mut self, context: Context) -> &mut Self {
        self.context = Some(context);
        self
    }
}

/// All commands that have a name, as they stand now.
pub(super) fn entries(state: &State) -> Vec<Entry> {
    let plan = state.plan.is_some();
    let mut list = List { entries: Vec::new(), menu: Menu::File, section: false, plan };
    file(&mut list, state);
    edit(&mut list, state);
    phases(&mut list, state);
    view(&mut list, state);
    arrange(&mut list, state);
    insert(&mut list);
    check(&mut list, state);
    list.menu = Menu::Help;
    list.always("Keyboard shortcuts", Command::Shortcuts, &[(NONE, Key::F1)]);
    list.always("Search or run a command", Command::Palette, &[(CTRL, Key::K)]);
    list.always("Tour in five steps", Command::Tour(Some(0)), &[])
        .unless(state.tour.is_none(), "the tour is shown");
    list.line();
    list.always("About Bridgehead", Command::About, &[]);
    list.entries
}

fn file(list: &mut List, state: &State) {
    list.menu = Menu::File;
    list.always("New empty plan", Command::New, &[(CTRL, Key::N)]);
    for (name, _) in TEMPLATES {
        let title = super::panels::start::template_title(name);
        list.always(&format!("New from template: {title}"), Command::NewFrom(name), &[]);
    }
    list.line();
    list.always("Open…", Command::Open, &[(CTRL, Key::O)]);
    list.always("Open by path…", Command::OpenByPath, &[(CTRL_SHIFT, Key::O)]);
    list.line();
    list.plan("Save", Command::Save, &[(CTRL, Key::S)]);
    list.plan("Save as…", Command::SaveAs, &[(CTRL_SHIFT, Key::S)]);
    list.plan("Rename the plan…", Command::RenamePlan, &[]);
    list.line();
    for picture in Picture::ALL {
        let title = format!("Save the drawing as {}…", picture.title());
        list.plan(&title, Command::SaveDrawing(picture), &[]);
    }
    list.line();
    let shown = state.plan.as_ref().is_some_and(|plan| plan.handover.open);
    let not_shown = "the handover is not shown";
    list.plan("Handover…", Command::Handover, &[(CTRL, Key::P)]);
    list.plan("Handover details…", Command::EditDossier, &[(CTRL_SHIFT, Key::H)]);
    list.plan("Mark what changed since…", Command::CompareHandover, &[]).unless(shown, not_shown);
    for print in [Print::Pdf, Print::Markdown] {
        let title = format!("Save the handover as {}…", print.title());
        list.plan(&title, Command::SaveHandover(print), &[]).unless(shown, not_shown);
    }
    list.plan("Take ticks from a filled copy…", Command::TakeTicks, &[]);
    list.plan("Back to the drawing", Command::CloseHandover, &[]).unless(shown, not_shown);
    list.line();
    list.plan("Close the plan", Command::Close, &[(CTRL, Key::W)]);
    list.always("Quit", Command::Quit, &[(CTRL, Key::Q)]);
}

fn edit(list: &mut List, state: &State) {
    list.menu = Menu::Edit;
    let history = state.plan.as_ref().map(|plan| plan.workspace.history());
    let undo = history.and_then(|h| h.undo_label()).map(words::inside);
    let redo = history.and_then(|h| h.redo_label()).map(words::inside);
    let title = |verb: &str, label: &Option<String>| match label {
        Some(label) => format!("{verb}: {label}"),
        None => verb.to_owned(),
    };
    let nothing = "there is nothing to undo";
    list.plan(&title("Undo", &undo), Command::Undo, &[(CTRL, Key::Z)])
        .yields()
        .unless(undo.is_some(), nothing);
    list.plan(&title("Redo", &redo), Command::Redo, &[(CTRL, Key::Y), (CTRL_SHIFT, Key::Z)])
        .yields()
        .unless(redo.is_some(), "there is nothing to redo");
    list.line();
    let selected = state.plan.as_ref().is_some_and(|plan| !plan.selection.is_empty());
    let none = "nothing is selected";
    list.plan("Copy", Command::Copy, &[(CTRL, Key::C)])
        .on(Context::Selection)
        .yields()
        .unless(selected, none);
    list.plan("Paste", Command::Paste, &[(CTRL, Key::V)])
        .on(Context::Both)
        .yields()
        .unless(!state.clipboard.is_empty(), "nothing was copied");
    list.plan("Duplicate", Command::Duplicate, &[(CTRL, Key::D)])
        .on(Context::Selection)
        .yields()
        .unless(selected, none);
    list.plan("Delete", Command::Delete, &[(NONE, Key::Delete)])
        .on(Context::Selection)
        .yields()
        .unless(selected, none);
    list.plan("Rename", Command::Rename, &[(NONE, Key::F2)])
        .on(Context::Selection)
        .unless(selected, none);
    list.line();
    list.plan("Select all", Command::SelectAll, &[(CTRL, Key::A)]).yields();
    list.plan("Select nothing", Command::SelectNone, &[(CTRL_SHIFT, Key::A)]).yields();
}

fn phases(list: &mut List, state: &State) {
    let at = state.plan.as_ref().map_or(0, |plan| plan.phase);
    let last = state.plan.as_ref().map_or(0, |plan| plan.workspace.project().phase_count() - 1);
    let zero = "phase 0 is the system as it is";
    list.line();
    list.plan("Add a phase", Command::AddPhase, &[(CTRL_SHIFT, Key::N)]);
    list.plan("Rename the phase…", Command::RenamePhase(at), &[(Modifiers::SHIFT, Key::F2)]);
    list.plan("Duplicate the phase", Command::DuplicatePhase(at), &[]).unless(at > 0, zero);
    list.plan("Move the phase left", Command::MovePhase(at, -1), &[(ALT, Key::ArrowLeft)])
        .yields()
        .unless(at > 1, "it is the first phase");
    list.plan("Move the phase right", Command::MovePhase(at, 1), &[(ALT, Key::ArrowRight)])
        .yields()
        .unless(at > 0 && at < last, "it is the last phase, or phase 0");
    list.plan("Delete the phase", Command::DeletePhase(at), &[]).unless(at > 0, zero);
    list.plan("Compare with the phase before", Command::Compare(at.saturating_sub(1), at), &[])
        .unless(at > 0, zero);
}

fn view(list: &mut List, state: &State) {
    list.menu = Menu::View;
    let digits = [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7];
    list.plan("Next phase", Command::NextPhase, &[(CTRL, Key::PageDown)]);
    list.plan("Previous phase", Command::PreviousPhase, &[(CTRL, Key::PageUp)]);
    list.line();
    list.plan("Show the whole drawing", Command::Fit, &[(NONE, Key::Num1)])
        .on(Context::Sheet)
        .yields();
    list.plan("Show the selection", Command::FitSelection, &[(NONE, Key::Num2)])
        .on(Context::Selection)
        .yields();
    list.plan("Own size", Command::Zoom100, &[(NONE, Key::Num0)]).yields();
    list.plan("Closer", Command::ZoomIn, &[(NONE, Key::Plus), (NONE, Key::Equals)]).yields();
    list.plan("Farther", Command::ZoomOut, &[(NONE, Key::Minus)]).yields();
    list.line();
    list.plan("Save this view…", Command::SaveView, &[(CTRL_SHIFT, Key::V)]);
    let project = state.plan.as_ref().map(|plan| plan.workspace.project());
    for (id, view) in project.into_iter().flat_map(|project| &project.saved_views) {
        list.plan(&format!("View: {}", view.name), Command::ShowView(id.clone()), &[]);
    }
    for (id, view) in project.into_iter().flat_map(|project| &project.saved_views) {
        let title = format!("Forget the view {}", view.name);
        list.plan(&title, Command::ForgetView(id.clone()), &[]);
    }
    list.line();
    for (lens, key) in Lens::ALL.into_iter().zip(digits) {
        let title = format!("Lens: {}", words::inside(lens.title()));
        list.plan(&title, Command::Lens(lens), &[(CTRL, key)]).switch(state.lens == lens);
    }
    list.line();
    let letters = [Key::V, Key::S, Key::M, Key::W, Key::I, Key::C, Key::G, Key::R, Key::N];
    for (tool, key) in Tool::ALL.into_iter().zip(letters) {
        let title = format!("Tool: {}", words::inside(tool.title()));
        let entry = list.plan(&title, Command::Tool(tool), &[(NONE, key)]);
        entry.yields().switch(state.tool == tool);
    }
    list.line();
    list.plan("All objects", Command::ToggleOutline, &[(CTRL, Key::L)]).switch(state.show.outline);
    list.plan("Inspector", Command::ToggleInspector, &[(CTRL, Key::I)])
        .switch(state.show.inspector);
    list.plan("Panels at the bottom", Command::ToggleBottom, &[(CTRL, Key::J)])
        .switch(state.show.bottom);
    list.plan("Outcomes of live checks", Command::ToggleOutcomes, &[]).switch(state.show.outcomes);
    list.line();
    for appearance in Appearance::ALL {
        let title = format!("Appearance: {}", words::inside(appearance.title()));
        let on = state.settings.appearance == appearance;
        list.always(&title, Command::Appearance(appearance), &[]).switch(on);
    }
}

fn arrange(list: &mut List, state: &State) {
    list.menu = Menu::Arrange;
    let selected = state.plan.as_ref().map_or(0, |plan| plan.selection.len());
    let (none, few) = ("nothing is selected", "too few objects are selected");
    let arrows = [Key::ArrowRight, Key::ArrowLeft, Key::ArrowUp, Key::ArrowDown];
    for (side, key) in Side::ALL.into_iter().zip(arrows) {
        let title = format!("New neighbour {}", side.words());
        list.plan(&title, Command::Neighbour(side), &[(CTRL, key)])
            .yields()
            .on(Context::Selection)
            .unless(selected == 1, "one site, server or routing group has to be selected");
    }
    list.line();
    for how in Arrange::ALL {
        list.plan(how.title(), Command::Arrange(how), &[])
            .on(Context::Selection)
            .unless(selected >= how.least(), few);
        list.section = how == Arrange::Bottom;
    }
    list.line();
    list.plan("Pin to its place", Command::Pin(true), &[(CTRL_SHIFT, Key::K)])
        .on(Context::Selection)
        .unless(selected > 0, none);
    list.plan("Unpin", Command::Pin(false), &[]).on(Context::Selection).unless(selected > 0, none);
    list.plan("Lay the drawing out", Command::LayOut, &[(CTRL_SHIFT, Key::Y)]).on(Context::Sheet);
    list.plan("Snap to others and to the grid", Command::ToggleSnap, &[]).switch(state.show.snap);
    list.line();
    let tools = [Tool::Site, Tool::Server, Tool::Resolver, Tool::Group, Tool::Note];
    for tool in tools {
        let title = format!("Put down a {}", words::inside(tool.title()));
        list.plan(&title, Command::Put(tool), &[]).on(Context::Sheet);
    }
}

fn insert(list: &mut List) {
    list.menu = Menu::Insert;
    for kind in Kind::ALL {
        let title = format!("{}…", words::kind_title(kind));
        let keys: &[(Modifiers, Key)] = match kind {
            Kind::Site => &[(CTRL_SHIFT, Key::T)],
            Kind::Server => &[(CTRL_SHIFT, Key::E)],
            Kind::Record => &[(CTRL_SHIFT, Key::R)],
            _ => &[],
        };
        list.section = kind.opens_section();
        list.plan(&title, Command::Insert(kind), keys);
    }
    list.line();
    list.plan("Paste a table…", Command::PasteTable(String::new()), &[(CTRL_SHIFT, Key::B)]);
    list.line();
    list.plan("Promise…", Command::EditPromise(None), &[]);
    list.plan("Assumption…", Command::EditAssumption(None), &[]);
}

fn check(list: &mut List, state: &State) {
    list.menu = Menu::Check;
    let plan = state.plan.as_ref();
    let at = plan.map_or(0, |plan| plan.phase);
    let idle = plan.is_none_or(|plan| plan.validation.run.is_none());
    let measured = plan.is_some_and(validation::is_measured);
    let carried = plan.is_some_and(|plan| plan.panel == Panel::CarryOut) && state.show.bottom;
    list.plan("Check anew", Command::Check, &[(NONE, Key::F5)]);
    list.line();
    list.plan("Next finding", Command::NextFinding, &[(NONE, Key::F8)]);
    list.plan("Previous finding", Command::PreviousFinding, &[(Modifiers::SHIFT, Key::F8)]);
    let traced = state.plan.as_ref().is_some_and(|plan| plan.trace.trace.is_some());
    list.plan("Take the trace off the drawing", Command::ClearTrace, &[])
        .unless(traced, "no trace is shown");
    list.line();
    list.plan("Hold the network against the plan…", Command::ListContacts, &[(NONE, Key::F9)])
        .unless(idle, "the network is being asked");
    list.plan("Take evidence…", Command::TakeEvidence, &[]);
    list.plan("Take the evidence of this phase out", Command::DropEvidence(at), &[])
        .unless(measured, "this phase has none");
    list.plan("Tick the next step", Command::TickNext, &[(CTRL, Key::Enter)])
        .yields()
        .unless(carried, "the panel Carry out is not shown");
    list.line();
    let keys = [Key::F, Key::M, Key::P, Key::D, Key::U, Key::L, Key::X, Key::G, Key::J];
    for (panel, key) in Panel::ALL.into_iter().zip(keys) {
        let keys = [(CTRL_SHIFT, key)];
        let shown = state.plan.as_ref().is_some_and(|plan| plan.panel == panel);
        list.plan(panel.title(), Command::Panel(panel), &keys).switch(shown && state.show.bottom);
    }
}
