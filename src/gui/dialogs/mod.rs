//! Dialogs: what is asked before something is done. Each is data in the state, drawn as a modal.

pub mod assumption;
pub mod contacts;
pub mod dossier;
pub mod insert;
pub mod promise;
mod small;
pub mod table;

use super::{
    command::{Command, Picture},
    handover::Print,
    insert::InsertDraft,
    state::State,
    theme::Theme,
    validation::Prepared,
    widgets,
};
use crate::model::project::WaiverKey;
use assumption::AssumptionDraft;
use dossier::DossierDraft;
use eframe::egui::{Context, Frame, Id, Key, Margin, Modal, Order, Ui};
use promise::PromiseDraft;
use std::{path::PathBuf, sync::Arc};
use table::TableDraft;

/// What a path is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To open a plan.
    Open,
    /// To save the plan.
    Save,
    /// To take evidence from.
    Evidence,
    /// To mark in the handover what differs from it.
    Earlier,
    /// To take ticks from: a filled working copy.
    Ticks,
    /// To save the drawing.
    Drawing(Picture),
    /// To write the handover.
    Handover(Print),
}

impl Purpose {
    /// Whether something is written there.
    pub(super) fn saves(self) -> bool {
        matches!(self, Self::Save | Self::Drawing(_) | Self::Handover(_))
    }

    /// The path with the ending that such a file has, where none was given.
    pub(super) fn ended(self, path: PathBuf) -> PathBuf {
        let ending = match self {
            Self::Save => "ron",
            Self::Drawing(picture) => picture.ending(),
            Self::Handover(print) => print.ending(),
            Self::Open | Self::Evidence | Self::Earlier | Self::Ticks => return path,
        };
        if path.extension().is_none() { path.with_extension(ending) } else { path }
    }
}

/// A dialog that is open.
#[derive(Clone, Debug)]
pub enum Dialog {
    /// Adds an object.
    Insert(InsertDraft),
    /// Renames a phase.
    Phase {
        /// Its index.
        index: usize,
        /// The new title.
        text: String,
    },
    /// Renames the plan.
    Plan(String),
    /// Waives a finding.
    Waive {
        /// Which.
        key: WaiverKey,
        /// What it says.
        title: String,
        /// Why it is waived.
        reason: String,
    },
    /// A rule's article.
    Article(&'static str),
    /// The keyboard shortcuts.
    Shortcuts,
    /// What program this is.
    About,
    /// The plan is not saved; what was to be done next.
    Unsaved(Box<Command>),
    /// A path, where no dialog of the system answers.
    Path {
        /// What it is wanted for.
        purpose: Purpose,
        /// The path.
        text: String,
        /// Why it was refused.
        error: Option<String>,
        /// What comes after it is saved.
        then: Option<Box<Command>>,
    },
    /// A crash left steps behind that the plan's file does not have.
    Left {
        /// The journal that holds them.
        journal: PathBuf,
        /// How many they are.
        steps: usize,
    },
    /// A file is there already.
    Replace {
        /// The file.
        path: PathBuf,
        /// What replaces it.
        then: Box<Command>,
    },
    /// A table out of a spreadsheet.
    Table(Box<TableDraft>),
    /// Keeps the view as it is, under this name.
    SavedView(String),
    /// The plan was not saved.
    NotSaved {
        /// Why.
        text: String,
        /// The file that may be replaced nevertheless.
        replace: Option<PathBuf>,
    },
    /// What will be contacted.
    Contacts(Arc<Prepared>),
    /// Something went wrong.
    Message {
        /// What.
        title: String,
        /// Why.
        text: String,
    },
    /// A promise.
    Promise(PromiseDraft),
    /// An assumption.
    Assumption(AssumptionDraft),
    /// What the handover says of client, people and papers.
    Dossier(Box<DossierDraft>),
}

/// What a dialog comes to in one pass.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Outcome {
    /// It closes.
    pub(super) close: bool,
    /// What is to be done.
    pub(super) commands: Vec<Command>,
}

impl Outcome {
    /// It closes, and nothing is done.
    pub(super) fn closed() -> Self {
        Self { close: true, commands: vec![] }
    }

    /// It closes, and this is done.
    pub(super) fn does(command: Command) -> Self {
        Self { close: true, commands: vec![command] }
    }
}

/// Draws the dialog that is open.
pub(super) fn dialog_ui(
    ctx: &Context,
    theme: &Theme,
    state: &mut State,
    commands: &mut Vec<Command>,
) {
    let Some(mut dialog) = state.dialog.take() else { return };
    let frame = Frame::new()
        .fill(theme.panel)
        .stroke(eframe::egui::Stroke::new(1.0, theme.line))
        .corner_radius(10)
        .inner_margin(Margin::same(20));
    // Below the lists that its fields open: of two in the same order, the one that was open before
    // would lie on top.
    let id = Id::unique("dialog");
    let modal = Modal::new(id).area(Modal::default_area(id).order(Order::Middle)).frame(frame);
    let mut outcome = Outcome::default();
    let shown = modal.show(ctx, |ui| {
        ui.set_width(width(&dialog).min(ctx.content_rect().width() - 80.0));
        ui.spacing_mut().item_spacing.y = 8.0;
        outcome = content(ui, theme, state, &mut dialog);
    });
    let escaped = ctx.input(|i| i.key_pressed(Key::Escape));
    if !(outcome.close || escaped || shown.should_close()) {
        state.dialog = Some(dialog);
    }
    commands.append(&mut outcome.commands);
}

fn width(dialog: &Dialog) -> f32 {
    match dialog {
        Dialog::Article(_) => 640.0,
        Dialog::Shortcuts => 720.0,
        Dialog::Promise(_) => 560.0,
        Dialog::Contacts(_) | Dialog::Table(_) => 620.0,
        Dialog::Dossier(_) => 860.0,
        _ => 440.0,
    }
}

fn content(ui: &mut Ui, theme: &Theme, state: &State, dialog: &mut Dialog) -> Outcome {
    match dialog {
        Dialog::Insert(draft) => insert::insert_ui(ui, theme, state, draft),
        Dialog::Promise(draft) => promise::promise_ui(ui, theme, state, draft),
        Dialog::Dossier(draft) => dossier::dossier_ui(ui, theme, state, draft),
        Dialog::Assumption(draft) => assumption::assumption_ui(ui, theme, state, draft),
        Dialog::Phase { index, text } => small::phase_ui(ui, theme, state, *index, text),
        Dialog::Plan(text) => small::plan_ui(ui, theme, text),
        Dialog::Waive { key, title, reason } => small::waive_ui(ui, theme, key, title, reason),
        Dialog::Article(code) => small::article_ui(ui, theme, code),
        Dialog::Shortcuts => super::panels::shortcuts::shortcuts_ui(ui, theme, state),
        Dialog::About => small::about_ui(ui, theme),
        Dialog::Unsaved(then) => small::unsaved_ui(ui, theme, state, then),
        Dialog::Path { purpose, text, error, then } => {
            small::path_ui(ui, theme, *purpose, text, error.as_deref(), then.as_deref())
        }
        Dialog::Left { journal, steps } => small::left_ui(ui, theme, journal, *steps),
        Dialog::Replace { path, then } => small::replace_ui(ui, theme, path, then),
        Dialog::Table(draft) => table::table_ui(ui, theme, state, draft),
        Dialog::SavedView(text) => small::view_ui(ui, theme, text),
        Dialog::NotSaved { text, replace } => {
            small::not_saved_ui(ui, theme, text, replace.as_deref())
        }
        Dialog::Contacts(prepared) => contacts::contacts_ui(ui, theme, prepared),
        Dialog::Message { title, text } => small::message_ui(ui, theme, title, text),
    }
}

/// The heading of a dialog.
pub(super) fn heading(ui: &mut Ui, text: &str) {
    ui.label(widgets::strong(text, 16.0));
}

/// The buttons at the foot: the one that does it, and cancel. Enter does it too, where `enter`.
pub(super) fn foot(ui: &mut Ui, theme: &Theme, text: &str, enter: bool) -> Option<bool> {
    let mut answer = None;
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        if widgets::primary(ui, theme, text).clicked() {
            answer = Some(true);
        }
        if widgets::secondary(ui, "Cancel").clicked() {
            answer = Some(false);
        }
    });
    if enter && answer.is_none() && ui.input(|i| i.key_pressed(Key::Enter)) {
        answer = Some(true);
    }
    answer
}

/// A line of text with its label; takes the keyboard when nothing has it.
pub(super) fn text_line(ui: &mut Ui, label: &str, text: &mut String, first: bool) {
    let name = ui.label(label);
    let edit = eframe::egui::TextEdit::singleline(text).desired_width(f32::INFINITY);
    let response = ui.add(edit).labelled_by(name.id);
    if first && ui.memory(|m| m.focused().is_none()) {
        response.request_focus();
        // What stands there is a suggestion: typing replaces it.
        widgets::select_all(ui, response.id, text.chars().count());
    }
}

/// Lines of text with their label.
pub(super) fn text_lines(ui: &mut Ui, label: &str, text: &mut String, rows: usize) {
    let name = ui.label(label);
    let edit = eframe::egui::TextEdit::multiline(text)
        .desired_width(f32::INFINITY)
        .desired_rows(rows)
        .font(eframe::egui::TextStyle::Monospace);
    let response = ui.add(edit).labelled_by(name.id);
    // Enter means a new line here, not the end of the dialog.
    ui.ctx().data_mut(|d| d.insert_temp(response.id, true));
}

/// What is wrong with what was filled in.
pub(super) fn error_line(ui: &mut Ui, theme: &Theme, error: Option<&str>) {
    if let Some(error) = error {
        ui.horizontal(|ui| {
            widgets::symbol(ui, theme, 7.0, widgets::Symbol::Octagon);
            ui.add(
                eframe::egui::Label::new(
                    eframe::egui::RichText::new(error).color(theme.err).size(12.0),
                )
                .wrap(),
            );
        });
    }
}
