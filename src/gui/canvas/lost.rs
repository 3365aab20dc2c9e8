//! What each failure loses, on the drawing: a number at each object without which mail is lost.

use super::{CanvasState, gesture::Scope};
use crate::{
    diagram::scene::Kind,
    gui::{theme::semi_bold, words},
};
use eframe::egui::{
    Align2, FontId, Painter, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, vec2,
};

/// Draws the numbers, and names them for those who listen.
pub(super) fn numbers(ui: &Ui, painter: &Painter, scope: &Scope<'_>, state: &CanvasState) {
    let theme = scope.input.theme;
    let zoom = state.camera.zoom.clamp(0.6, 1.2);
    for (number, (subject, lost)) in scope.input.lost.iter().enumerate() {
        let Some(item) = scope.scene.item(subject) else { continue };
        let area = if item.routes.is_empty() { item.bounds } else { item.label };
        let area = state.camera.rect(scope.view, area);
        let font = FontId::new(11.0 * zoom, semi_bold());
        let galley = painter.layout_no_wrap(format!("−{lost}"), font.clone(), theme.err);
        let size = galley.size() + Vec2::new(10.0, 3.0);
        // Beside the words that a line bears, above those of an Internet line, else at the corner.
        let middle = match item.kind {
            Kind::Connector | Kind::Link => area.left_center() - vec2(size.x / 2.0 + 3.0, 0.0),
            Kind::Line => area.left_top() + vec2(size.x / 2.0, -size.y / 2.0),
            _ => area.left_top() + vec2(6.0, 0.0),
        };
        if !scope.view.contains(middle) {
            continue;
        }
        let rect = Rect::from_center_size(middle, size);
        painter.rect(
            rect,
            size.y / 2.0,
            theme.err_bg,
            Stroke::new(1.2, theme.err),
            StrokeKind::Middle,
        );
        painter.text(rect.center(), Align2::CENTER_CENTER, format!("−{lost}"), font, theme.err);
        let spoken =
            format!("Without {}: {} lost", item.name, words::count(*lost, "pair", "pairs"));
        let id = ui.scope_id().with(("lost", number));
        let response = ui.interact(rect, id, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, spoken.as_str()));
        response.on_hover_text(&spoken);
    }
}
