//! The answers of the live network through the DNS lens: under each server what its names gave inside
//! and outside.

use super::{CanvasState, gesture::Scope};
use crate::{
    diagram::answers::plates,
    gui::{
        command::Lens,
        widgets::{Symbol, paint_symbol},
    },
};
use eframe::egui::{
    CornerRadius, FontId, Painter, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2,
    vec2,
};

/// The size of the text at 100 %, in points.
const SIZE: f32 = 10.5;
/// Below this zoom the text could not be read.
const ZOOM_MIN: f32 = 0.5;

/// Hangs the answers under their servers.
pub(super) fn answers(ui: &Ui, painter: &Painter, scope: &Scope<'_>, state: &CanvasState) {
    let input = scope.input;
    if input.lens != Lens::Dns || input.measured.is_empty() || state.camera.zoom < ZOOM_MIN {
        return;
    }
    let (theme, size) = (input.theme, SIZE * state.camera.zoom.clamp(ZOOM_MIN, 1.2));
    let measured = input.measured.iter().copied();
    for (number, plate) in plates(scope.scene, &input.now().topology, measured).iter().enumerate() {
        let at = state.camera.screen_from_world(scope.view, plate.at);
        if !scope.view.contains(at) {
            continue;
        }
        let line = |text: String, mono: bool, colour| {
            let font = if mono { FontId::monospace(size) } else { FontId::proportional(size) };
            painter.layout_no_wrap(text, font, colour)
        };
        let mut lines = Vec::new();
        for (name, said) in &plate.names {
            // The card itself tells a name that is alone.
            if plate.names.len() > 1 {
                lines.push((None, line(name.to_string(), false, theme.weak)));
            }
            for said in said {
                let symbol = said.worst.map_or(Symbol::Dash, Symbol::outcome);
                let text = format!("{}: {}", said.side, said.got);
                lines.push((Some(symbol), line(text, true, theme.text)));
            }
        }
        let height = size * 1.35;
        let width = lines.iter().map(|(_, text)| text.size().x).fold(0.0, f32::max) + size * 2.2;
        let count = lines.len() as f32;
        let rect = Rect::from_min_size(at, vec2(width, height * count + size * 0.6));
        let stroke = Stroke::new(1.0, theme.line);
        painter.rect(rect, CornerRadius::same(4), theme.panel, stroke, StrokeKind::Inside);
        let mut y = rect.top() + size * 0.3;
        for (symbol, text) in lines {
            let left = rect.left() + size * if symbol.is_some() { 1.7 } else { 0.5 };
            if let Some(symbol) = symbol {
                let at = pos2(rect.left() + size * 0.95, y + height * 0.5);
                paint_symbol(painter, theme, at, size * 0.48, symbol, None);
            }
            painter.galley(pos2(left, y), text, theme.text);
            y += height;
        }
        let id = ui.scope_id().with(("answers", number));
        let response = ui.interact(rect, id, Sense::hover());
        let spoken = format!("Answers: {}", plate.spoken);
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, spoken.as_str()));
    }
}
