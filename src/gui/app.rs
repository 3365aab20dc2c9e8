//! The application: takes in what was found, draws the panels, carries out what they ask for.

use super::{
    command::{Appearance, Command, Panel},
    derived, dialogs, dispatch, entries, panels,
    settings::{self, Settings},
    state::{Fixes, FixesKey, Plan, State},
    tasks::{ASKING, FAILING, Found, LAYING, TIMING, Tasks},
    theme::Theme,
};
use crate::workspace::journal;
use eframe::{
    App as Window, Frame as Native,
    egui::{Context, Modifiers, Ui, ViewportCommand},
};
use std::path::PathBuf;

/// Phases times objects from which a plan is analysed off the window's thread.
const LARGE: usize = 1500;

/// What a window starts with.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The plan to open.
    pub plan: Option<PathBuf>,
    /// Where settings are remembered; none: they are not.
    pub config: Option<PathBuf>,
    /// Where journals lie that belong to no file; none: no journal is kept.
    pub journals: Option<PathBuf>,
    /// Whether the system's file dialogs are tried.
    pub portal: bool,
}

impl Options {
    /// What this machine and its user have.
    pub fn of_this_machine(plan: Option<PathBuf>) -> Self {
        Self {
            plan,
            config: settings::config_folder(),
            journals: settings::state_folder(),
            portal: true,
        }
    }
}

/// The application.
pub struct App {
    /// What the window shows.
    pub state: State,
    pub(super) tasks: Tasks,
    pub(super) portal: bool,
    commands: Vec<Command>,
    themed: Option<Appearance>,
    title: String,
}

impl App {
    /// A window as it is seen first. The fonts must be installed in the context before.
    pub fn new(options: Options) -> Self {
        let recoverable = options.journals.as_deref().map(journal::left_behind);
        let state = State {
            settings: Settings::load(options.config),
            recoverable: recoverable.unwrap_or_default(),
            journals: options.journals,
            ..State::default()
        };
        let mut commands = Vec::new();
        if let Some(path) = options.plan {
            commands.push(Command::OpenPath(path));
        }
        Self {
            state,
            tasks: Tasks::new(),
            portal: options.portal,
            commands,
            themed: None,
            title: String::new(),
        }
    }

    /// Asks for something to be done before the next pass.
    pub fn request(&mut self, command: Command) {
        self.commands.push(command);
    }

    /// Waits until nothing runs any more, and takes in what was found.
    pub fn finish_tasks(&mut self, ctx: &Context) {
        while let Some(found) = self.tasks.wait() {
            self.take_in(ctx, found);
        }
    }

    /// What goes on without being seen: results, wishes of the window system, analysis.
    pub fn think(&mut self, ctx: &Context) {
        for found in self.tasks.take() {
            self.take_in(ctx, found);
        }
        if !self.tasks.runs(ASKING) {
            dispatch::validation::broke_off(&mut self.state);
        }
        if ctx.input(|i| i.viewport().close_requested()) && !self.state.may_close {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            self.commands.push(Command::Quit);
        }
        let dropped: Vec<PathBuf> =
            ctx.input(|i| i.raw.dropped_files.iter().map(|f| f.path().to_owned()).collect());
        self.commands.extend(dropped.into_iter().take(1).map(Command::OpenPath));
        self.carry_out(ctx);
    }

    fn take_in(&mut self, ctx: &Context, found: Found) {
        match found {
            Found::Analysis { analyzer, analysis, of: (serial, revision) } => {
                if let Some(plan) = self.state.plan.as_mut().filter(|p| p.serial() == serial) {
                    plan.workspace.take_back(analyzer, analysis, revision);
                }
            }
            Found::Fixes { of: (serial, revision), phase, finding, fixes } => {
                let key = FixesKey::of(revision, phase, &finding);
                if let Some(plan) = self.state.plan.as_mut().filter(|p| p.serial() == serial) {
                    plan.fixes.pending.retain(|known| *known != key);
                    plan.fixes.proved.push((key, fixes));
                }
            }
            Found::Answered { of, check } => {
                dispatch::validation::heard(&mut self.state, of, *check);
            }
            Found::Polled { of, checks } => {
                dispatch::validation::polled(&mut self.state, of, checks);
            }
            Found::Asked { of, checks } => {
                dispatch::validation::asked(&mut self.state, of, checks);
            }
            Found::Facts { of: (serial, revision), facts } => {
                if let Some(plan) = self.state.plan.as_mut().filter(|p| p.serial() == serial) {
                    plan.validation.facts_pending = None;
                    plan.validation.facts = Some((revision, facts));
                }
            }
            Found::Laid { of, key, laid } => {
                if let Some(plan) = self.state.plan.as_mut().filter(|p| p.serial() == of) {
                    plan.handover.take(plan.workspace.revisions(), *key, laid);
                }
            }
            Found::Sweeping { of, key, at: (done, total) } => {
                if let Some(plan) = self.state.plan.as_mut().filter(|p| p.serial() == of)
                    && let Some(going) = &mut plan.failures.sweeping
                    && going.0 == key
                {
                    *going = (key, done, total);
                }
            }
            Found::Swept { of, key, faults } => {
                if let Some(plan) = self.state.plan.as_mut().filter(|p| p.serial() == of) {
                    plan.failures.sweeping.take_if(|going| going.0 == key);
                    if let Some(faults) = faults {
                        plan.failures.swept = Some((key, faults));
                    }
                }
            }
            Found::Timed { of, key, outage } => {
                if let Some(plan) = self.state.plan.as_mut().filter(|p| p.serial() == of) {
                    plan.failures.timing.take_if(|going| *going == key);
                    plan.failures.clock = Some((key, outage));
                }
            }
            Found::Written { path, outcome } => {
                dispatch::handover::written(&mut self.state, &path, outcome);
            }
            found @ Found::Picked { .. } => dispatch::files::picked(self, ctx, found),
        }
    }

    fn carry_out(&mut self, ctx: &Context) {
        let commands = std::mem::take(&mut self.commands);
        if !commands.is_empty() {
            dispatch::run(self, ctx, commands);
            ctx.request_repaint();
        }
        self.keep_up(ctx);
    }

    /// Analysis, headlines and fixes follow the project.
    fn keep_up(&mut self, ctx: &Context) {
        let Some(plan) = &mut self.state.plan else {
            self.tasks.cancel(ASKING);
            return;
        };
        if plan.validation.run.is_none() {
            // What was asked for a plan that is no longer open.
            self.tasks.cancel(ASKING);
        }
        if !plan.workspace.is_analysed() {
            let objects: usize = plan.workspace.topologies().iter().map(|t| t.ids().len()).sum();
            let phases = plan.workspace.project().phase_count();
            // A phase more or less has to show at once.
            if objects < LARGE || plan.analysis().phases.len() != phases {
                plan.workspace.analyse();
            } else if let Some(lent) = plan.workspace.lend_analyzer() {
                self.tasks.analyse(ctx, plan.serial(), lent);
            }
        }
        compare(&mut self.tasks, ctx, plan);
        fail(&mut self.tasks, ctx, plan);
        lay_out(&mut self.tasks, ctx, plan);
        derived::refresh(plan);
        follow_trace(plan);
        prove(&mut self.tasks, ctx, plan);
    }

    /// Puts the theme on before the first pass: letters that were drawn for another theme would have
    /// to be drawn again.
    pub fn dress(&mut self, ctx: &Context) {
        self.theme(ctx);
    }

    /// One pass: what is seen.
    pub fn show(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        let theme = self.theme(&ctx);
        self.shortcuts(&ctx);
        let tasks = self.tasks.names().iter().map(ToString::to_string).collect::<Vec<_>>();
        panels::window_ui(ui, &theme, &mut self.state, &tasks, &mut self.commands);
        dialogs::dialog_ui(&ctx, &theme, &mut self.state, &mut self.commands);
        panels::palette::palette_ui(&ctx, &theme, &mut self.state, &mut self.commands);
        if let Some(plan) = &mut self.state.plan {
            prove(&mut self.tasks, &ctx, plan);
        }
        self.carry_out(&ctx);
        self.name_window(&ctx);
    }

    fn theme(&mut self, ctx: &Context) -> Theme {
        let chosen = match self.state.settings.appearance {
            Appearance::System => {
                let dark = ctx.system_theme().is_some_and(|t| t == eframe::egui::Theme::Dark);
                if dark { Appearance::Dark } else { Appearance::Light }
            }
            own => own,
        };
        let theme = |appearance| match appearance {
            Appearance::Contrast => Theme::contrast(),
            Appearance::Dark => Theme::dark(),
            Appearance::Light | Appearance::System => Theme::light(),
        };
        let shown = self.themed.unwrap_or(chosen);
        if self.themed != Some(chosen) {
            theme(chosen).apply(ctx);
            self.themed = Some(chosen);
            ctx.request_repaint();
        }
        // The letters of the new theme are drawn from the next pass on; till then all is as it was, so
        // that nobody keeps letters of the one in the colours of the other.
        theme(shown)
    }

    /// Keys that mean a command; those that text needs mean text while some is edited.
    fn shortcuts(&mut self, ctx: &Context) {
        if self.state.dialog.is_some() || self.state.palette.is_some() {
            return;
        }
        let text = ctx.text_edit_focused();
        let menu = eframe::egui::Popup::is_any_open(ctx);
        let live = |entry: &entries::Entry| {
            entry.refused.is_none() && !(entry.yields_to_text && (text || menu))
        };
        let all: Vec<_> = entries::entries(&self.state).into_iter().filter(live).collect();
        // Of two that fit, the one with more modifiers is meant: keys match whatever is held beside.
        let mut keys: Vec<_> =
            all.iter().flat_map(|e| e.keys.iter().map(move |key| (e, *key))).collect();
        keys.sort_by_key(|(_, key)| std::cmp::Reverse(held(key.modifiers)));
        let pressed = keys.into_iter().find(|(_, key)| ctx.input_mut(|i| i.consume_shortcut(key)));
        let clipboard = || all.iter().find(|e| !text && clipboard_event(ctx, &e.command));
        if !text
            && self.state.plan.is_some()
            && let Some(rows) = rows_pasted(ctx)
        {
            self.commands.push(Command::PasteTable(rows));
            return;
        }
        if let Some(entry) = pressed.map(|(entry, _)| entry).or_else(clipboard) {
            self.commands.push(entry.command.clone());
        }
        let escape = ctx.input(|i| i.key_pressed(eframe::egui::Key::Escape));
        if escape && !text && !menu && self.state.plan.as_ref().is_some_and(|p| p.handover.open) {
            self.commands.push(Command::CloseHandover);
            return;
        }
        if escape && !text && !menu && self.state.tool != super::command::Tool::Select {
            self.commands.push(Command::Tool(super::command::Tool::Select));
        }
    }

    fn name_window(&mut self, ctx: &Context) {
        let title = match &self.state.plan {
            Some(plan) => {
                let mark = if plan.workspace.is_dirty() { " (edited)" } else { "" };
                format!("{}{mark} – Bridgehead", plan.workspace.project().name)
            }
            None => "Bridgehead".to_owned(),
        };
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    /// The tasks that run.
    pub fn running(&self) -> Vec<String> {
        self.tasks.names().iter().map(ToString::to_string).collect()
    }
}

/// How many modifiers are held.
fn held(modifiers: Modifiers) -> u8 {
    let all = [modifiers.command || modifiers.ctrl, modifiers.shift, modifiers.alt];
    all.into_iter().map(u8::from).sum()
}

/// What was pasted, if a spreadsheet copied it: only there cells are told from each other by tabs.
fn rows_pasted(ctx: &Context) -> Option<String> {
    ctx.input(|i| {
        i.events.iter().find_map(|event| match event {
            eframe::egui::Event::Paste(text) if text.contains('\t') => Some(text.clone()),
            _ => None,
        })
    })
}

/// The window system turns the clipboard's keys into events of their own.
fn clipboard_event(ctx: &Context, command: &Command) -> bool {
    use eframe::egui::Event;
    let wanted = |event: &Event| match command {
        Command::Copy => matches!(event, Event::Copy),
        Command::Paste => matches!(event, Event::Paste(_)),
        _ => false,
    };
    ctx.input(|i| i.events.iter().any(wanted))
}

/// The trace on the drawing follows the project.
fn follow_trace(plan: &mut Plan) {
    let revision = plan.workspace.analysed_revision();
    let stale = plan
        .trace
        .trace
        .as_ref()
        .is_some_and(|(phase, of, _)| *phase != plan.phase || *of != revision);
    if stale {
        if plan.trace.from.is_some() && plan.trace.to.is_some() {
            dispatch::retrace(plan);
        } else {
            plan.trace.trace = None;
        }
    }
}

/// What the plan says by now to what was asked, so that stale evidence is told.
fn compare(tasks: &mut Tasks, ctx: &Context, plan: &mut Plan) {
    let revision = plan.workspace.revisions().topology;
    let known = plan.validation.facts.as_ref().is_some_and(|(of, _)| *of == revision);
    let project = plan.workspace.project();
    if !known && plan.validation.facts_pending.is_none() && !project.evidence.is_empty() {
        tasks.compare(ctx, (plan.serial(), revision), project.clone());
        plan.validation.facts_pending = Some(revision);
    }
}

/// What every failure loses follows the project while its panel is open.
fn fail(tasks: &mut Tasks, ctx: &Context, plan: &mut Plan) {
    let failures = &mut plan.failures;
    if failures.sweeping.is_some() && !tasks.runs(FAILING) {
        // It broke off: not again by itself.
        failures.stopped = failures.sweeping.take().map(|(key, ..)| key);
    }
    if plan.panel != Panel::Failures || failures.stopped.is_some() && failures.sweeping.is_none() {
        tasks.cancel(FAILING);
        tasks.cancel(TIMING);
        failures.sweeping = None;
        failures.timing = None;
        if plan.panel != Panel::Failures {
            failures.stopped = None;
            return;
        }
    }
    if let Some(key) = plan.sweep_wanted() {
        tasks.cancel(FAILING);
        plan.failures.stopped = None;
        plan.failures.sweeping = Some((key, 0, 0));
        tasks.sweep(ctx, plan.serial(), plan.workspace.project().clone(), key);
    }
    if let Some((key, scenario)) = plan.clock_wanted() {
        tasks.cancel(TIMING);
        plan.failures.timing = Some(key.clone());
        tasks.time(ctx, plan.serial(), plan.workspace.project().clone(), (key, scenario));
    }
}

/// The pages of the handover follow the project.
fn lay_out(tasks: &mut Tasks, ctx: &Context, plan: &mut Plan) {
    if plan.handover.pending.is_some() && !tasks.runs(LAYING) {
        plan.handover.broke_off();
    }
    if let Some(key) = plan.handover.next(plan.workspace.revisions()) {
        plan.handover.pending = Some(key.clone());
        tasks.lay_out(ctx, plan.serial(), plan.workspace.project().clone(), key);
    }
}

/// Starts proofs that somebody waits for.
fn prove(tasks: &mut Tasks, ctx: &Context, plan: &mut Plan) {
    let (serial, revision) = (plan.serial(), plan.workspace.analysed_revision());
    plan.fixes.keep(revision);
    let Fixes { wanted, pending, .. } = &mut plan.fixes;
    for key in std::mem::take(wanted) {
        let analysis = plan.workspace.analysis().clone();
        let found = analysis.phases.get(key.phase).and_then(|phase| {
            phase.findings.iter().find(|f| f.rule.code == key.code && f.subject == key.subject)
        });
        if let Some(finding) = found.cloned() {
            tasks.prove(ctx, analysis.clone(), (serial, revision), key.phase, finding);
            pending.push(key);
        }
    }
}

impl Window for App {
    fn logic(&mut self, ctx: &Context, _frame: &mut Native) {
        self.think(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut Native) {
        self.show(ui);
    }
}
