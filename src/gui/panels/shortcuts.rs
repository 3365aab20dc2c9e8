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
            if menu == Menu::Arrange {
                by_hand_ui(ui, theme);
            }
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

/// Keys and gestures that mean something on the drawing alone.
fn by_hand_ui(ui: &mut Ui, theme: &Theme) {
    const HAND: [(&str, &str); 10] = [
        ("Tab, Shift+Tab", "Next and previous object"),
        ("Arrows", "Move what is selected by 8; with Shift by 1"),
        ("Wheel", "Scroll; with Ctrl, or by pinching, zoom to the pointer"),
        ("Middle, Space+drag", "Move the view"),
        ("Drag to the right", "Select what is wholly in the box"),
        ("Drag to the left", "Select what the box touches"),
        ("Shift+click", "Select one more, or one less"),
        ("Ctrl while dragging", "Move freely, past guides and grid"),
        ("Alt while dropping", "A server leaves its routing group"),
        ("Drag from a port", "Draw a line; on nothing, choose what to create"),
    ];
    ui.add_space(6.0);
    ui.label(strong("On the drawing", 13.5));
    Grid::new("by hand").num_columns(2).min_col_width(170.0).spacing([16.0, 4.0]).show(ui, |ui| {
        for (keys, what) in HAND {
            ui.label(RichText::new(keys).monospace().color(theme.weak));
            ui.label(what);
            ui.end_row();
        }
    });
}
