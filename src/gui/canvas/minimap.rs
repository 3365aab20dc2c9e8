//! A small map in the corner while not everything is in view: what is where, what has findings, what is
//! seen. A click or a drag on it goes there.

use super::{CanvasState, gesture::Scope};
use crate::diagram::{
    geometry::{Area, Point, pt},
    scene::Kind,
};
use eframe::egui::{
    CornerRadius, Painter, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

/// Draws the map and follows the pointer on it.
pub(super) fn map(ui: &Ui, painter: &Painter, scope: &Scope<'_>, state: &mut CanvasState) {
    let (theme, scene) = (scope.input.theme, scope.scene);
    let seen = state.camera.seen(scope.view);
    if seen.holds(scene.bounds) || scope.view.width() < 500.0 {
        return;
    }
    let frame = Rect::from_min_size(
        pos2(scope.view.max.x - 166.0, scope.view.min.y + 14.0),
        vec2(152.0, 88.0),
    );
    let whole = scene.bounds.grown(30.0);
    let room = frame.shrink(8.0);
    let scale = (room.width() / whole.width()).min(room.height() / whole.height());
    let middle = whole.centre();
    let at = |p: Point| room.center() + vec2(p.x - middle.x, p.y - middle.y) * scale;
    let rect = |a: Area| Rect::from_min_max(at(a.min), at(a.max));
    let response = ui.interact(frame, ui.scope_id().with("map"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "Small map"));
    if (response.clicked() || response.dragged())
        && let Some(to) = response.interact_pointer_pos()
    {
        let away = (to - room.center()) / scale;
        state.camera.centre(pt(middle.x + away.x, middle.y + away.y));
        ui.request_repaint();
    }
    let round = CornerRadius::same(6);
    painter.rect(frame, round, theme.panel, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    for item in &scene.items {
        match item.kind {
            Kind::Site => {
                let stroke = Stroke::new(1.0, theme.site_line);
                painter.rect(rect(item.bounds), 2.0, theme.field, stroke, StrokeKind::Inside);
            }
            Kind::Internet => {
                painter.rect_filled(rect(item.bounds), 4.0, theme.net);
            }
            // Never by colour alone: what is broken is a full dot, the rest a ring.
            Kind::Finding => {
                let middle = at(item.bounds.centre());
                painter.add(if item.spoken.contains("error") {
                    Shape::circle_filled(middle, 3.2, theme.err)
                } else {
                    Shape::circle_stroke(middle, 2.6, Stroke::new(1.4, theme.warn))
                });
            }
            _ => {}
        }
    }
    let view = rect(seen).intersect(frame.shrink(2.0));
    painter.rect_stroke(view, 2.0, Stroke::new(1.2, theme.accent), StrokeKind::Inside);
}
