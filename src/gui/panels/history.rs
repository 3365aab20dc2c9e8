//! What was done, step by step: a click goes there, back or forward.

use crate::gui::{
    command::Command,
    state::Plan,
    theme::Theme,
    widgets::{self, Symbol, paragraph, strong, weak},
    words,
};
use eframe::egui::{
    Button, CursorIcon, Frame, Margin, RichText, ScrollArea, Ui, WidgetInfo, accesskit::Role, vec2,
};

/// The height of a row.
const ROW: f32 = 22.0;

pub(super) fn history_ui(ui: &mut Ui, theme: &Theme, plan: &Plan, commands: &mut Vec<Command>) {
    let history = plan.workspace.history();
    let (at, all) = history.place();
    Frame::new().inner_margin(Margin::symmetric(12, 6)).show(ui, |ui| {
        let text = match (all, all - at) {
            (0, _) => "Nothing was done yet".to_owned(),
            (_, 0) => words::count(all, "step", "steps"),
            (_, undone) => {
                format!("{}, {undone} of them undone", words::count(all, "step", "steps"))
            }
        };
        paragraph(
            ui,
            weak(theme, format!("{text}. The steps are kept when the plan is saved and closed")),
        );
        let list = ScrollArea::vertical().id_salt("history").auto_shrink([false, false]);
        let list = if newly(ui, (plan.serial(), at, all)) {
            let row = ROW + ui.spacing().item_spacing.y;
            list.vertical_scroll_offset((at as f32 * row - 60.0).max(0.0))
        } else {
            list
        };
        list.show_rows(ui, ROW, all + 1, |ui, rows| {
            for steps in rows {
                let label = match steps.checked_sub(1) {
                    None => "As it was opened first",
                    Some(index) => history.label(index).unwrap_or_default(),
                };
                let saved = history.saved() == Some(steps);
                row_ui(ui, theme, (steps, at), (label, saved), commands);
            }
        });
    });
}

/// Whether another step than before is the last that stands: then the list follows.
fn newly(ui: &Ui, now: (u64, usize, usize)) -> bool {
    let id = ui.scope_id().with("step that the list shows");
    ui.data_mut(|data| {
        let before = data.get_temp(id);
        data.insert_temp(id, now);
        before != Some(now)
    })
}

fn row_ui(
    ui: &mut Ui,
    theme: &Theme,
    (steps, at): (usize, usize),
    (label, saved): (&str, bool),
    commands: &mut Vec<Command>,
) {
    ui.horizontal(|ui| {
        ui.set_height(ROW);
        let here = steps == at;
        let (slot, _) = ui.allocate_exact_size(vec2(16.0, ROW), eframe::egui::Sense::hover());
        if here {
            widgets::paint_symbol(ui.painter(), theme, slot.center(), 6.0, Symbol::Tick, None);
        }
        let text = if here {
            strong(label, 12.5)
        } else if steps > at {
            RichText::new(label).size(12.5).color(theme.weak).strikethrough()
        } else {
            RichText::new(label).size(12.5)
        };
        let response = ui.add(Button::new(text).frame(false));
        let state = match steps.cmp(&at) {
            std::cmp::Ordering::Less => "done",
            std::cmp::Ordering::Equal => "here",
            std::cmp::Ordering::Greater => "undone",
        };
        let spoken = format!("Step {steps}, {state}: {label}");
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, spoken.as_str()));
        if response.on_hover_cursor(CursorIcon::PointingHand).clicked() && !here {
            commands.push(Command::GoTo(steps));
        }
        if saved {
            ui.label(weak(theme, "saved"));
        }
    });
}
