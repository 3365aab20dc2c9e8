//! The status line: what was just done, what runs, what is shown.

use crate::gui::{
    command::Command,
    state::State,
    theme::Theme,
    widgets::{self, weak},
    words,
};
use eframe::egui::{Align, Label, Layout, RichText, Ui};

pub(super) fn status_ui(
    ui: &mut Ui,
    theme: &Theme,
    state: &State,
    tasks: &[String],
    commands: &mut Vec<Command>,
) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if let Some(plan) = &state.plan {
            let topology = plan.topology();
            let text = format!(
                "{}, {}, {}",
                words::count(topology.sites.len(), "site", "sites"),
                words::count(topology.servers.len(), "server", "servers"),
                words::count(topology.records.len(), "record", "records"),
            );
            ui.label(weak(theme, text));
            if let Some(name) = tasks.first() {
                if widgets::link(ui, theme, "Cancel").clicked() {
                    commands.push(Command::Cancel(name.clone()));
                }
                ui.label(RichText::new(words::sentence(name)).color(theme.accent).size(12.0));
            }
            if plan.drafts.any_wrong() {
                ui.label(RichText::new("A field does not read").color(theme.err).size(12.0));
                widgets::symbol(ui, theme, 6.0, widgets::Symbol::Octagon);
            }
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let text = RichText::new(state.status.as_str()).size(12.0);
            ui.add(Label::new(text).truncate());
            undo_ui(ui, theme, state, commands);
        });
    });
}

/// The way back from what was just done, beside what is said of it.
fn undo_ui(ui: &mut Ui, theme: &Theme, state: &State, commands: &mut Vec<Command>) {
    let label = state.plan.as_ref().and_then(|plan| plan.workspace.history().undo_label());
    if label.is_some_and(|label| label == state.status) {
        let link = widgets::link(ui, theme, "Undo");
        if link.accessible_name(format!("Undo: {}", state.status)).clicked() {
            commands.push(Command::Undo);
        }
    }
}
