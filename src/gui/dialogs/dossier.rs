//! The editor of the handover's details: the document, people and papers, what the client's copy leaves
//! out. It is one draft of the whole dossier, and saved as one step.

use super::{Outcome, error_line, foot, heading, text_line, text_lines};
use crate::{
    gui::{
        command::Command,
        state::State,
        theme::Theme,
        widgets::{self, paragraph, secondary, weak},
    },
    model::{
        Project,
        change::Change,
        dossier::{self, Dossier, Row, Status},
    },
};
use eframe::egui::{Button, ComboBox, Grid, ScrollArea, TextEdit, Ui, vec2};

/// A part of the details.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// Client, consultant, version.
    #[default]
    Document,
    /// When phases are carried out.
    Phases,
    /// Whom to ring.
    Contacts,
    /// Who gets the document.
    Distribution,
    /// The document's versions.
    Revisions,
    /// Certificates.
    Certificates,
    /// Accounts.
    Accounts,
    /// Change requests.
    Requests,
    /// What is left to be done.
    Outstanding,
    /// What is done again and again.
    Operations,
    /// Lessons for all.
    Lessons,
    /// Lessons that stay with the consultants.
    OwnLessons,
    /// Who signs.
    SignOff,
    /// What the client's copy leaves out.
    Withhold,
}

impl Part {
    /// All parts, in their order.
    const ALL: [(Self, &'static str); 14] = [
        (Self::Document, "Document"),
        (Self::Phases, "Phases"),
        (Self::Contacts, "Contacts"),
        (Self::Distribution, "Distribution"),
        (Self::Revisions, "Revision notes"),
        (Self::Certificates, "Certificates"),
        (Self::Accounts, "Accounts"),
        (Self::Requests, "Change requests"),
        (Self::Outstanding, "Outstanding items"),
        (Self::Operations, "Operations"),
        (Self::Lessons, "Lessons"),
        (Self::OwnLessons, "Own lessons"),
        (Self::SignOff, "Sign-off"),
        (Self::Withhold, "Client's copy"),
    ];
}

/// The details as they are being filled in.
#[derive(Clone, Debug)]
pub struct DossierDraft {
    dossier: Dossier,
    part: Part,
    error: Option<String>,
}

impl DossierDraft {
    /// The form of a plan's details.
    pub(in crate::gui) fn new(project: &Project) -> Self {
        Self { dossier: project.dossier.clone(), part: Part::default(), error: None }
    }

    fn command(&self, project: &Project) -> Result<Option<Command>, String> {
        let mut to = self.dossier.clone();
        let kept = |blank: bool| !blank;
        to.contacts.retain(|row| kept(row.is_blank()));
        to.distribution.retain(|row| kept(row.is_blank()));
        to.history.retain(|row| kept(row.is_blank()));
        to.certificates.retain(|row| kept(row.is_blank()));
        to.accounts.retain(|row| kept(row.is_blank()));
        to.change_requests.retain(|row| kept(row.is_blank()));
        to.outstanding.retain(|row| kept(row.is_blank()));
        to.operations.retain(|row| kept(row.is_blank()));
        to.lessons.retain(|row| kept(row.is_blank()));
        to.own_lessons.retain(|row| kept(row.is_blank()));
        to.sign_off.retain(|row| kept(row.is_blank()));
        to.windows.retain(|_, window| *window != dossier::Window::default());
        if let Some(place) = to.secret() {
            return Err(dossier::refusal(&place));
        }
        let label = "Set the handover details".to_owned();
        if to == project.dossier {
            return Ok(None);
        }
        Ok(Some(Command::Apply { label, change: Change::Dossier(to) }))
    }
}

pub(super) fn dossier_ui(
    ui: &mut Ui,
    theme: &Theme,
    state: &State,
    draft: &mut DossierDraft,
) -> Outcome {
    let Some(plan) = &state.plan else { return Outcome::closed() };
    heading(ui, "Handover details");
    ui.horizontal_wrapped(|ui| {
        for (part, title) in Part::ALL {
            if ui.selectable_label(draft.part == part, title).clicked() {
                draft.part = part;
            }
        }
    });
    widgets::hairline(ui, theme);
    let height = ui.ctx().content_rect().height() * 0.5;
    // As high whatever stands in it, so that nothing jumps from part to part.
    ScrollArea::vertical().max_height(height).auto_shrink([false, false]).show(ui, |ui| {
        let project = plan.workspace.project();
        part_ui(ui, theme, project, draft);
    });
    error_line(ui, theme, draft.error.as_deref());
    match foot(ui, theme, "Save the details", false) {
        None => Outcome::default(),
        Some(false) => Outcome::closed(),
        Some(true) => match draft.command(plan.workspace.project()) {
            Ok(Some(command)) => Outcome::does(command),
            Ok(None) => Outcome::closed(),
            Err(error) => {
                draft.error = Some(error);
                Outcome::default()
            }
        },
    }
}

fn part_ui(ui: &mut Ui, theme: &Theme, project: &Project, draft: &mut DossierDraft) {
    let dossier = &mut draft.dossier;
    match draft.part {
        Part::Document => document_ui(ui, dossier),
        Part::Phases => windows_ui(ui, theme, project, dossier),
        Part::Contacts => list_ui(ui, &mut dossier.contacts),
        Part::Distribution => list_ui(ui, &mut dossier.distribution),
        Part::Revisions => list_ui(ui, &mut dossier.history),
        Part::Certificates => list_ui(ui, &mut dossier.certificates),
        Part::Accounts => {
            paragraph(
                ui,
                weak(theme, "Say where the secret of an account is kept, never the secret"),
            );
            list_ui(ui, &mut dossier.accounts);
        }
        Part::Requests => list_ui(ui, &mut dossier.change_requests),
        Part::Outstanding => list_ui(ui, &mut dossier.outstanding),
        Part::Operations => list_ui(ui, &mut dossier.operations),
        Part::Lessons => list_ui(ui, &mut dossier.lessons),
        Part::OwnLessons => {
            paragraph(ui, weak(theme, "These stand in the consultants' copy alone"));
            list_ui(ui, &mut dossier.own_lessons);
        }
        Part::SignOff => list_ui(ui, &mut dossier.sign_off),
        Part::Withhold => withhold_ui(ui, theme, dossier),
    }
}

fn document_ui(ui: &mut Ui, dossier: &mut Dossier) {
    text_line(ui, "Client", &mut dossier.client, true);
    text_line(ui, "Client's contact, with telephone", &mut dossier.contact, false);
    text_line(ui, "Prepared by", &mut dossier.consultant, false);
    text_line(ui, "Firm", &mut dossier.firm, false);
    text_line(ui, "Document number", &mut dossier.reference, false);
    text_line(ui, "Version", &mut dossier.version, false);
    let name = ui.label("Status");
    let combo = ComboBox::from_id_salt("Status").width(ui.available_width());
    let response = combo.selected_text(dossier.status.name()).show_ui(ui, |ui| {
        for status in Status::ALL {
            ui.selectable_value(&mut dossier.status, status, status.name());
        }
    });
    response.response.labelled_by(name.id);
    text_line(ui, "To be read again on, as 2026-11-24", &mut dossier.review, false);
    text_line(ui, "Consultant's profile", &mut dossier.profile, false);
    text_lines(ui, "Background", &mut dossier.background, 6);
}

fn windows_ui(ui: &mut Ui, theme: &Theme, project: &Project, dossier: &mut Dossier) {
    if project.phases.is_empty() {
        paragraph(ui, weak(theme, "No phase is planned"));
    }
    for (at, phase) in project.phases.iter().enumerate() {
        let number = at + 1;
        ui.label(widgets::strong(format!("Phase {number}: {}", phase.title), 13.0));
        let window = dossier.windows.entry(phase.id.clone()).or_default();
        text_line(ui, &format!("Goal of phase {number}"), &mut window.goal, false);
        text_line(ui, &format!("Phase {number} begins"), &mut window.begins, false);
        text_line(ui, &format!("Caller of phase {number}"), &mut window.caller, false);
        text_line(ui, &format!("Way back of phase {number} until"), &mut window.back_until, false);
    }
}

fn withhold_ui(ui: &mut Ui, theme: &Theme, dossier: &mut Dossier) {
    paragraph(
        ui,
        weak(
            theme,
            "What is ticked has other names in the client's copy, or is not there; the copy lists how much of it there was",
        ),
    );
    let withhold = &mut dossier.withhold;
    ui.checkbox(&mut withhold.names, "Names of servers, firewalls, connectors and inside hosts");
    ui.checkbox(&mut withhold.sites, "Names of sites, WAN links and Internet lines");
    ui.checkbox(&mut withhold.addresses, "Inside addresses and subnets");
    ui.checkbox(&mut withhold.versions, "Versions and editions");
    ui.checkbox(&mut withhold.notes, "Notes, accounts and measured reasons of the consultants");
}

/// A list as a table of fields; each field is named by its list, row and column.
fn list_ui<R: Row>(ui: &mut Ui, list: &mut Vec<R>) {
    let count = R::COLUMNS.len() as f32;
    let width = ((ui.available_width() - 46.0) / count - 8.0).max(70.0);
    let mut removed = None;
    if !list.is_empty() {
        Grid::new(R::TITLE).num_columns(R::COLUMNS.len() + 1).spacing([8.0, 6.0]).show(ui, |ui| {
            for column in R::COLUMNS {
                ui.label(widgets::strong(*column, 12.0));
            }
            ui.end_row();
            for (at, row) in list.iter_mut().enumerate() {
                for (text, column) in row.cells_mut().into_iter().zip(R::COLUMNS) {
                    let edit = TextEdit::singleline(text).desired_width(width);
                    ui.add(edit).accessible_name(format!("{column}, row {}", at + 1));
                }
                let button = Button::new("×").min_size(vec2(24.0, 22.0));
                let name = format!("Remove row {}", at + 1);
                if ui.add(button).accessible_name(&name).on_hover_text(&name).clicked() {
                    removed = Some(at);
                }
                ui.end_row();
            }
        });
    }
    if let Some(at) = removed {
        list.remove(at);
    }
    if secondary(ui, "Add a row").clicked() {
        list.push(R::default());
    }
}
