//! The start page: a new plan, a template, a plan of before, one that a crash left behind.

use crate::{
    gui::{
        command::Command,
        state::State,
        theme::Theme,
        widgets::{self, paragraph, primary, secondary, strong, weak},
        words,
    },
    templates::{self, TEMPLATES},
};
use eframe::egui::{
    Align, Button, CursorIcon, Frame, Layout, Margin, RichText, ScrollArea, Sense, Stroke, Ui,
    UiBuilder, WidgetInfo, accesskit::Role, vec2,
};
use std::sync::OnceLock;

/// Title and summary of each template, read once.
fn texts() -> &'static [(String, String)] {
    static TEXTS: OnceLock<Vec<(String, String)>> = OnceLock::new();
    TEXTS.get_or_init(|| {
        let text =
            |name: &str| templates::find(name).map(|t| (t.title, t.summary)).unwrap_or_default();
        TEMPLATES.iter().map(|(name, _)| text(name)).collect()
    })
}

/// The title of a template by its name.
pub(in crate::gui) fn template_title(name: &str) -> &'static str {
    let at = TEMPLATES.iter().position(|(known, _)| *known == name);
    at.and_then(|at| texts().get(at)).map_or("", |(title, _)| title)
}

pub(super) fn start_ui(ui: &mut Ui, theme: &Theme, state: &State, commands: &mut Vec<Command>) {
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        let width = 920.0_f32.min(ui.available_width() - 64.0);
        let side = (ui.available_width() - width) / 2.0;
        ui.horizontal_top(|ui| {
            ui.add_space(side);
            ui.vertical(|ui| {
                ui.set_width(width);
                page(ui, theme, state, commands);
            });
        });
    });
}

fn page(ui: &mut Ui, theme: &Theme, state: &State, commands: &mut Vec<Command>) {
    ui.add_space(48.0);
    ui.label(strong("Bridgehead", 28.0));
    ui.label(
        RichText::new(
            "Draw a client's mail system, prove that the mail will flow, plan the migration",
        )
        .size(14.0)
        .color(theme.weak),
    );
    ui.add_space(20.0);
    ui.horizontal(|ui| {
        if primary(ui, theme, "New empty plan").clicked() {
            commands.push(Command::New);
        }
        if secondary(ui, "Open…").clicked() {
            commands.push(Command::Open);
        }
        if secondary(ui, "Tour in five steps").clicked() {
            commands.push(Command::Tour(Some(0)));
        }
    });
    recoverable(ui, theme, state, commands);
    ui.add_space(24.0);
    ui.label(strong("Begin with a template", 15.0));
    ui.add_space(8.0);
    let gap = 16.0;
    let each = (ui.available_width() - gap) / 2.0;
    for (row, pair) in TEMPLATES.chunks(2).enumerate() {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = gap;
            for (column, (name, _)) in pair.iter().enumerate() {
                if let Some((title, summary)) = texts().get(row * 2 + column)
                    && template(ui, theme, each, title, summary)
                {
                    commands.push(Command::NewFrom(name));
                }
            }
        });
        ui.add_space(gap);
    }
    recent(ui, theme, state, commands);
    ui.add_space(32.0);
}

fn template(ui: &mut Ui, theme: &Theme, width: f32, title: &str, summary: &str) -> bool {
    let builder = UiBuilder::new().sense(Sense::click()).layout(Layout::top_down(Align::Min));
    let inner = ui.allocate_ui(vec2(width, 0.0), |ui| {
        ui.scope_builder(builder, |ui| {
            let hovered = ui.response().hovered() || ui.response().has_focus();
            let line = if hovered { theme.accent } else { theme.line };
            let frame = Frame::new()
                .fill(theme.panel)
                .stroke(Stroke::new(1.0, line))
                .corner_radius(10)
                .inner_margin(Margin::same(16));
            frame.show(ui, |ui| {
                ui.set_width(width - 34.0);
                ui.set_min_height(108.0);
                ui.add(eframe::egui::Label::new(strong(title, 14.0)).wrap().selectable(false));
                ui.add_space(4.0);
                let text = RichText::new(summary).size(12.5).color(theme.weak);
                ui.add(eframe::egui::Label::new(text).wrap().selectable(false));
            });
        })
        .response
    });
    let response = inner.inner.on_hover_cursor(CursorIcon::PointingHand);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Template: {title}")));
    response.clicked()
}

fn recoverable(ui: &mut Ui, theme: &Theme, state: &State, commands: &mut Vec<Command>) {
    for found in &state.recoverable {
        ui.add_space(12.0);
        widgets::card(theme.warn_bg).show(ui, |ui| {
            ui.horizontal(|ui| {
                widgets::symbol(ui, theme, 9.0, widgets::Symbol::Triangle);
                let steps = words::count(found.changes.len(), "step", "steps");
                let name = &found.project().name;
                ui.label(strong(format!("{name} was not closed: {steps} can be recovered"), 13.5));
            });
            if let Some(path) = &found.plan {
                ui.label(weak(theme, path.display().to_string()));
            }
            ui.horizontal(|ui| {
                if primary(ui, theme, "Recover").clicked() {
                    commands.push(Command::Recover(found.journal.clone()));
                }
                if secondary(ui, "Throw away").clicked() {
                    commands.push(Command::Discard(found.journal.clone()));
                }
            });
        });
    }
}

fn recent(ui: &mut Ui, theme: &Theme, state: &State, commands: &mut Vec<Command>) {
    if state.settings.recent.is_empty() {
        return;
    }
    ui.add_space(8.0);
    ui.label(strong("Recent plans", 15.0));
    ui.add_space(4.0);
    for path in &state.settings.recent {
        ui.horizontal(|ui| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let text = strong(name, 13.0).color(theme.accent);
            let button = Button::new(text).frame(false);
            if ui.add(button).on_hover_cursor(CursorIcon::PointingHand).clicked() {
                commands.push(Command::OpenPath(path.clone()));
            }
            let folder = path.parent().map(|p| p.display().to_string()).unwrap_or_default();
            paragraph(ui, weak(theme, folder));
        });
    }
}
