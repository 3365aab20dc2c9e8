//! The page of keyboard shortcuts, made of the table of commands.

use crate::gui::{
    dialogs::{Outcome, heading},
    entries::{Menu, entries},
    state::State,
    theme::Theme,
    widgets::{primary, strong},
};
use eframe::egui::{Grid, RichText, ScrollArea, Ui};

pub(in crate::gui) fn shortcuts_ui(ui: &mut Ui, theme: &Theme, state: &State) -> Outcome {
    heading(ui, "Keyboard shortcuts");
    let all = entries(state);
    let height = ui.ctx().content_rect().height() * 0.65;
    ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
        for menu in Menu::ALL {
            let rows: Vec<_> =
                all.iter().filter(|e| e.menu == menu && !e.keys.is_empty()).collect();
            if rows.is_empty() {
                continue;
            }
            ui.add_space(6.0);
            ui.label(strong(menu.title(), 13.5));
            Grid::new(menu.title()).num_columns(2).min_col_width(170.0).spacing([16.0, 4.0]).show(
                ui,
                |ui| {
                    for entry in rows {
                        let title =
                            entry.title.split_once(": ").map_or(entry.title.as_str(), |(a, b)| {
                                if matches!(a, "Undo" | "Redo") { a } else { b }
                            });
                        let keys: Vec<_> =
                            entry.keys.iter().map(|k| ui.ctx().format_shortcut(k)).collect();
                        ui.label(RichText::new(keys.join(", ")).monospace().color(theme.weak));
                        ui.label(crate::gui::words::sentence(title));
                        ui.end_row();
                    }
                },
            );
        }
    });
    ui.add_space(4.0);
    if primary(ui, theme, "Close").clicked() { Outcome::closed() } else { Outcome::default() }
}
