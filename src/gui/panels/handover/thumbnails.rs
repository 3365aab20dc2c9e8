//! The pages in small, beside the pages: where one is, and a way to any other.

use super::sheet;
use crate::gui::{
    command::Command,
    handover::{Handover, Laid},
    theme::Theme,
};
use eframe::egui::{
    Align2, FontId, Rect, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, accesskit::Role,
    vec2,
};

/// The width of a page in small, in screen points; wider pages are as wide and lower.
const WIDTH: f32 = 84.0;
/// Between two of them: room for the number.
const GAP: f32 = 22.0;

pub(super) fn thumbnails_ui(
    ui: &mut Ui,
    theme: &Theme,
    handover: &Handover,
    commands: &mut Vec<Command>,
) {
    let Some((_, laid)) = &handover.laid else { return };
    let sheets = laid.book.sheets();
    let height = sheets.iter().map(|sheet| sheet.size[1] / sheet.size[0]).fold(1.0, f32::max);
    let row = WIDTH * height;
    ui.spacing_mut().item_spacing.y = GAP;
    let area = ScrollArea::vertical().id_salt("thumbnails").auto_shrink([false, false]);
    area.show_rows(ui, row, sheets.len(), |ui, range| {
        for page in range {
            let (rect, _) = ui.allocate_exact_size(vec2(WIDTH, row), Sense::hover());
            thumbnail_ui(ui, theme, (laid, page, page == handover.page), rect, commands);
        }
    });
}

fn thumbnail_ui(
    ui: &Ui,
    theme: &Theme,
    (laid, page, here): (&Laid, usize, bool),
    room: Rect,
    commands: &mut Vec<Command>,
) {
    let sheets = laid.book.sheets();
    let scale = WIDTH / sheets[page].size[0].max(1.0);
    let size = vec2(WIDTH, sheets[page].size[1] * scale);
    let rect = Rect::from_min_size(room.min, size);
    let response = ui.interact(rect, ui.scope_id().with(("thumbnail", page)), Sense::click());
    let name = format!("Page {} of {} in small", page + 1, sheets.len());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name.as_str()));
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    painter.rect_filled(rect, 0.0, Theme::printed([255, 255, 255]));
    sheet::paint(&painter, &laid.book, page, rect.min, scale);
    let edge = match (here, response.hovered() || response.has_focus()) {
        (true, _) => Stroke::new(2.0, theme.accent),
        (false, true) => Stroke::new(1.0, theme.accent),
        (false, false) => Stroke::new(1.0, theme.line),
    };
    // Inside: at the upper edge of the column there is no room around it.
    ui.painter().rect_stroke(rect, 0.0, edge, StrokeKind::Inside);
    let at = rect.center_bottom() + vec2(0.0, 10.0);
    let colour = if here { theme.text } else { theme.weak };
    let font = FontId::proportional(11.0);
    ui.painter().text(at, Align2::CENTER_CENTER, (page + 1).to_string(), font, colour);
    if response.clicked() {
        commands.push(Command::HandoverPage(page));
    }
}
