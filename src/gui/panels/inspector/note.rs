//! A note in the inspector: what is written, what it is about, which phase shows it, who sees it.

use crate::{
    gui::{
        command::Command,
        state::Plan,
        theme::Theme,
        widgets::{paragraph, secondary, strong, weak},
        words,
    },
    model::{
        Project, Subject,
        change::Change,
        id::{NoteId, PhaseId},
        note::{Note, WIDTHS},
    },
};
use eframe::egui::{ComboBox, DragValue, TextEdit, Ui};

/// What was chosen anew, which may be nothing.
struct Changed<T>(Option<T>);

pub(super) fn note_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &mut Plan,
    id: &NoteId,
    commands: &mut Vec<Command>,
) {
    let Some(note) = plan.workspace.project().notes.get(id).cloned() else { return };
    let project = plan.workspace.project().clone();
    ui.label(strong("Note", 17.0));
    paragraph(ui, weak(theme, "It stands on the drawing, and changes nothing that is proved"));
    ui.add_space(6.0);
    let set = |to: Note, label: &str| {
        let change = Change::Note { id: id.clone(), to: Some(to) };
        Command::Apply { label: label.to_owned(), change }
    };
    text_ui(ui, plan, id, &note, commands);
    ui.add_space(6.0);
    if let Some(Changed(about)) = about_ui(ui, &project, plan, &note) {
        commands.push(set(Note { about, ..note.clone() }, "Point the note at something else"));
    }
    ui.add_space(6.0);
    if let Some(Changed(phase)) = phase_ui(ui, &project, &note) {
        commands.push(set(Note { phase, ..note.clone() }, "Show the note in other phases"));
    }
    ui.add_space(6.0);
    let label = ui.label("Width");
    let mut width = note.width;
    let drag = DragValue::new(&mut width).range(WIDTHS.0..=WIDTHS.1).speed(4.0);
    if ui.add(drag).labelled_by(label.id).changed() {
        let change = Change::Note { id: id.clone(), to: Some(Note { width, ..note.clone() }) };
        let key = format!("note {id} width");
        let label = "Change the width of the note".to_owned();
        commands.push(Command::ApplyTyping { label, change, key });
    }
    ui.add_space(6.0);
    let mut shown = note.for_client;
    if ui.checkbox(&mut shown, "The client's copy shows it").changed() {
        commands.push(set(Note { for_client: shown, ..note }, "Change who sees the note"));
    }
    ui.add_space(10.0);
    if secondary(ui, "Delete the note").clicked() {
        commands.push(Command::Delete);
    }
}

fn text_ui(ui: &mut Ui, plan: &mut Plan, id: &NoteId, note: &Note, commands: &mut Vec<Command>) {
    let label = ui.label("Text");
    let mut text = note.text.clone();
    let edit = TextEdit::multiline(&mut text).desired_rows(4).desired_width(f32::INFINITY);
    let response = ui.add(edit).labelled_by(label.id);
    if std::mem::take(&mut plan.focus_name) {
        response.request_focus();
    }
    if response.changed() && !text.trim().is_empty() {
        let change = Change::Note { id: id.clone(), to: Some(Note { text, ..note.clone() }) };
        let key = format!("note {id} text");
        commands.push(Command::ApplyTyping { label: "Write a note".to_owned(), change, key });
    }
}

fn about_ui(ui: &mut Ui, project: &Project, plan: &Plan, note: &Note) -> Option<Changed<Subject>> {
    const NOTHING: &str = "nothing in particular";
    let topology = plan.topology();
    let name = |s: &Subject| words::subject(project, topology, s);
    let now = note.about.as_ref().map_or_else(|| NOTHING.to_owned(), name);
    let label = ui.label("Is about");
    let mut chosen = None;
    let combo = ComboBox::from_id_salt("about").width(ui.available_width()).selected_text(now);
    let shown = combo.show_ui(ui, |ui| {
        if ui.selectable_label(note.about.is_none(), NOTHING).clicked() {
            chosen = Some(Changed(None));
        }
        for id in topology.ids().into_iter().filter(crate::gui::dispatch::has_place) {
            let subject = Subject::from(id);
            let on = note.about.as_ref() == Some(&subject);
            if ui.selectable_label(on, name(&subject)).clicked() {
                chosen = Some(Changed(Some(subject)));
            }
        }
    });
    shown.response.labelled_by(label.id);
    chosen.filter(|Changed(about)| *about != note.about)
}

fn phase_ui(ui: &mut Ui, project: &Project, note: &Note) -> Option<Changed<PhaseId>> {
    const ALL: &str = "all phases";
    let at = note.phase.as_ref().and_then(|id| project.phase_of(id));
    let now = at.map_or_else(|| ALL.to_owned(), |at| words::phase(project, at));
    let label = ui.label("Shown in");
    let mut chosen = None;
    let combo = ComboBox::from_id_salt("phase").width(ui.available_width()).selected_text(now);
    let shown = combo.show_ui(ui, |ui| {
        if ui.selectable_label(note.phase.is_none(), ALL).clicked() {
            chosen = Some(Changed(None));
        }
        for (index, phase) in project.phases.iter().enumerate() {
            let on = note.phase.as_ref() == Some(&phase.id);
            if ui.selectable_label(on, words::phase(project, index + 1)).clicked() {
                chosen = Some(Changed(Some(phase.id.clone())));
            }
        }
    });
    shown.response.labelled_by(label.id);
    chosen.filter(|Changed(phase)| *phase != note.phase)
}
