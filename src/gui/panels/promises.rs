//! The promises: what the client requires, how it stands in this phase, and what breaks it.

use super::{bottom, trace};
use crate::{
    gui::{
        command::Command,
        state::Plan,
        theme::Theme,
        widgets::{self, Symbol, card, chip, link, primary, strong, weak},
        words,
    },
    plan::promises::State,
};
use eframe::egui::{Align, Label, Layout, ScrollArea, Ui, vec2};

pub(super) fn promises_ui(ui: &mut Ui, theme: &Theme, plan: &Plan, commands: &mut Vec<Command>) {
    let mut left_commands = Vec::new();
    bottom::halves(
        ui,
        theme,
        0.52,
        |ui| {
            ScrollArea::vertical().id_salt("promises").auto_shrink([false, false]).show(ui, |ui| {
                list_ui(ui, theme, plan, &mut left_commands);
            });
        },
        |ui| {
            trace::shown_ui(
                ui,
                theme,
                plan,
                "Ask a broken promise for the message that breaks it",
                commands,
            );
        },
    );
    commands.append(&mut left_commands);
}

fn list_ui(ui: &mut Ui, theme: &Theme, plan: &Plan, commands: &mut Vec<Command>) {
    let project = plan.workspace.project();
    for (id, promise) in &project.promises {
        let verdict = plan.derived_phase().promises.iter().find(|v| v.id == *id);
        let state = verdict.map_or(State::NotApplicable, |v| v.state);
        let symbol = Symbol::state(state);
        let fill = if state == State::Broken { theme.err_bg } else { theme.panel };
        ui.push_id(id, |ui| {
            card(fill).inner_margin(eframe::egui::Margin::symmetric(10, 4)).show(ui, |ui| {
                ui.horizontal_top(|ui| {
                    widgets::symbol(ui, theme, 8.0, symbol);
                    let width = (ui.available_width() - 210.0).max(120.0);
                    let down = Layout::top_down(Align::Min);
                    ui.allocate_ui_with_layout(vec2(width, 18.0), down, |ui| {
                        ui.set_width(width);
                        ui.add(Label::new(strong(&promise.text, 13.0)).wrap());
                        let from = promise.from_phase.as_ref().and_then(|id| project.phase_of(id));
                        let from = words::phase(project, from.unwrap_or(0));
                        ui.add(Label::new(weak(theme, format!("from phase {from} on"))).truncate());
                    });
                    ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                        if link(ui, theme, "Edit").clicked() {
                            commands.push(Command::EditPromise(Some(id.clone())));
                        }
                        if link(ui, theme, "Delete").clicked() {
                            commands.push(Command::DeletePromise(id.clone()));
                        }
                        if verdict.is_some_and(|v| v.counterexample.is_some())
                            && link(ui, theme, "Show why").clicked()
                        {
                            commands.push(Command::Counterexample(id.clone()));
                        }
                        let text = state.name().replace('-', " ");
                        chip(ui, &text, symbol.colour(theme), symbol.behind(theme));
                    });
                });
            });
        });
    }
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        ui.add_space(10.0);
        if primary(ui, theme, "Add a promise").clicked() {
            commands.push(Command::EditPromise(None));
        }
        if project.promises.is_empty() {
            ui.label(weak(theme, "Write what the client requires; it is checked in every phase"));
        }
    });
}
