//! The outcomes of live checks on the drawing: a badge at each object that was asked about, with the
//! symbol of the worst answer; stale ones stand back.

use super::{CanvasState, gesture::Scope};
use crate::{
    diagram::measured::badges as all,
    gui::widgets::{Symbol, paint_symbol},
};
use eframe::egui::{Painter, Rect, Role, Sense, Stroke, Ui, Vec2, WidgetInfo};

/// The radius of a badge at 100 %, in points.
const RADIUS: f32 = 9.0;

/// Draws the badges, and names them for those who listen.
pub(super) fn badges(ui: &Ui, painter: &Painter, scope: &Scope<'_>, state: &CanvasState) {
    let input = scope.input;
    if input.measured.is_empty() {
        return;
    }
    let theme = input.theme;
    let radius = RADIUS * state.camera.zoom.clamp(0.55, 1.3);
    let measured = input.measured.iter().copied();
    for (number, badge) in all(scope.scene, &input.now().topology, measured).iter().enumerate() {
        let at = state.camera.screen_from_world(scope.view, badge.at);
        if !scope.view.contains(at) {
            continue;
        }
        let symbol = badge.worst.map_or(Symbol::Dash, Symbol::outcome);
        let colour = symbol.colour(theme);
        // A ring around the symbol tells what was measured from what was computed.
        painter.circle(at, radius, theme.panel, Stroke::new(1.4, colour));
        paint_symbol(painter, theme, at, radius * 0.72, symbol, None);
        let rect = Rect::from_center_size(at, Vec2::splat(radius * 2.0));
        let id = ui.scope_id().with(("measured", number));
        let response = ui.interact(rect, id, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, badge.spoken.as_str()));
        response.on_hover_text(&badge.spoken);
    }
}
