//! The menu bar: menus from the table of commands, the plan's name, the search.

use crate::gui::{
    command::Command,
    entries::{Entry, Menu, entries},
    state::State,
    theme::Theme,
    widgets::{strong, weak},
};
use eframe::egui::{
    Align, Align2, Button, FontId, Layout, MenuBar, Rect, ScrollArea, Sense, Stroke, Ui, UiBuilder,
    WidgetInfo, accesskit::Role, pos2, style::ScrollStyle, vec2,
};

pub(super) fn menu_ui(ui: &mut Ui, theme: &Theme, state: &State, commands: &mut Vec<Command>) {
    let bar = ui.max_rect();
    let all = entries(state);
    let mut left = bar.left();
    ui.scope_builder(
        UiBuilder::new().max_rect(bar).layout(Layout::left_to_right(Align::Center)),
        |ui| {
            MenuBar::new().ui(ui, |ui| {
                ui.spacing_mut().button_padding = vec2(8.0, 4.0);
                for menu in Menu::ALL {
                    let shown = ui.menu_button(menu.title(), |ui| {
                        // A long menu scrolls rather than leave the window.
                        let room = ui.ctx().content_rect().bottom() - bar.bottom() - 28.0;
                        let room = room.max(120.0);
                        // A bar that is always seen tells that there is more.
                        ui.spacing_mut().scroll =
                            ScrollStyle { foreground_color: true, ..ScrollStyle::solid() };
                        let list =
                            ScrollArea::vertical().max_height(room).min_scrolled_height(room);
                        list.show(ui, |ui| items(ui, &all, menu, commands));
                    });
                    left = shown.response.rect.right();
                }
            });
        },
    );
    let search = Rect::from_min_max(
        pos2(bar.right() - 272.0, bar.top() + 6.0),
        pos2(bar.right(), bar.top() + 29.0),
    );
    search_field(ui, theme, search, commands);
    if let Some(plan) = &state.plan {
        title(ui, theme, bar, (left + 12.0, search.left() - 12.0), plan);
    }
}

fn items(ui: &mut Ui, all: &[Entry], menu: Menu, commands: &mut Vec<Command>) {
    entries_ui(ui, all.iter().filter(|entry| entry.menu == menu), commands);
}

/// Commands one below the other.
pub(super) fn entries_ui<'e>(
    ui: &mut Ui,
    entries: impl Iterator<Item = &'e Entry>,
    commands: &mut Vec<Command>,
) {
    ui.set_min_width(260.0);
    for (at, entry) in entries.enumerate() {
        if entry.section && at > 0 {
            ui.separator();
        }
        let mut button = Button::new(entry.title.as_str()).selected(entry.on == Some(true));
        if let Some(key) = entry.keys.first() {
            button = button.shortcut_text(ui.ctx().format_shortcut(key));
        }
        let response = ui.add_enabled(entry.refused.is_none(), button);
        let response = match entry.refused {
            Some(why) => response.on_disabled_hover_text(why),
            None => response,
        };
        if response.clicked() {
            commands.push(entry.command.clone());
            ui.close();
        }
    }
}

fn search_field(ui: &mut Ui, theme: &Theme, rect: Rect, commands: &mut Vec<Command>) {
    let response = ui.interact(rect, ui.scope_id().with("search"), Sense::click());
    let line = if response.hovered() || response.has_focus() { theme.accent } else { theme.line };
    let painter = ui.painter();
    painter.rect(rect, 6.0, theme.field, Stroke::new(1.0, line), eframe::egui::StrokeKind::Inside);
    painter.text(
        pos2(rect.left() + 10.0, rect.center().y),
        Align2::LEFT_CENTER,
        "Search or run a command",
        FontId::proportional(12.5),
        theme.weak,
    );
    painter.text(
        pos2(rect.right() - 10.0, rect.center().y),
        Align2::RIGHT_CENTER,
        "Ctrl K",
        FontId::monospace(11.5),
        theme.weak,
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Search or run a command"));
    if response.clicked() {
        commands.push(Command::Palette);
    }
}

/// The plan's name in the middle of the bar, where it does not meet the menus or the search.
fn title(
    ui: &mut Ui,
    theme: &Theme,
    bar: Rect,
    (left, right): (f32, f32),
    plan: &crate::gui::state::Plan,
) {
    let name = &plan.workspace.project().name;
    let font = FontId::new(13.0, crate::gui::widgets::strong_family());
    let edited = if plan.workspace.is_dirty() { 60.0 } else { 0.0 };
    let width = ui.painter().layout_no_wrap(name.clone(), font, theme.text).size().x + edited;
    let begin = (bar.center().x - width / 2.0).clamp(left, (right - width).max(left));
    let rect = Rect::from_min_max(pos2(begin, bar.top()), pos2(right, bar.bottom()));
    ui.scope_builder(
        UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center)),
        |ui| {
            ui.spacing_mut().item_spacing.x = 12.0;
            ui.set_max_width((right - begin).max(0.0));
            let room = (right - begin - edited).max(20.0);
            ui.allocate_ui_with_layout(
                vec2(room.min(width - edited + 1.0), bar.height()),
                Layout::left_to_right(Align::Center),
                |ui| ui.add(eframe::egui::Label::new(strong(name, 13.0)).truncate()),
            );
            if plan.workspace.is_dirty() {
                ui.label(weak(theme, "edited"));
            }
        },
    );
}
