//! What each failure loses, on the drawing: a number at each object without which mail is lost.

use super::{CanvasState, gesture::Scope};
use crate::{
    diagram::{
        geometry::{Area, along, length},
        scene::{Item, Kind, Level, Shape},
    },
    gui::{theme::semi_bold, words},
};
use eframe::egui::{
    Align2, FontId, Painter, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo,
    vec2,
};

/// More boxes than that to keep off, for all numbers together, are not looked through in a frame.
const LOOKED_THROUGH: usize = 100_000;

/// Draws the numbers, and names them for those who listen.
pub(super) fn numbers(ui: &Ui, painter: &Painter, scope: &Scope<'_>, state: &CanvasState) {
    if scope.input.lost.is_empty() {
        return;
    }
    let theme = scope.input.theme;
    let zoom = state.camera.zoom.clamp(0.6, 1.2);
    let font = FontId::new(11.0 * zoom, semi_bold());
    let mut taken = written(scope, state);
    let search = taken.len().saturating_mul(scope.input.lost.len()) <= LOOKED_THROUGH;
    for (number, (subject, lost)) in scope.input.lost.iter().enumerate() {
        let Some(item) = scope.scene.item(subject) else { continue };
        let galley = painter.layout_no_wrap(format!("−{lost}"), font.clone(), theme.err);
        let size = galley.size() + Vec2::new(10.0, 3.0);
        let places = places(item, size, scope, state);
        let free = places.into_iter().map(|at| Rect::from_center_size(at, size));
        let Some(rect) = (if search { freest(free, &taken) } else { free.into_iter().next() })
        else {
            continue;
        };
        if !scope.view.contains(rect.center()) {
            continue;
        }
        taken.push(rect);
        painter.rect(
            rect,
            size.y / 2.0,
            theme.err_bg,
            Stroke::new(1.2, theme.err),
            StrokeKind::Middle,
        );
        let text = format!("−{lost}");
        painter.text(rect.center(), Align2::CENTER_CENTER, text, font.clone(), theme.err);
        let spoken =
            format!("Without {}: {} lost", item.name, words::count(*lost, "pair", "pairs"));
        let id = ui.scope_id().with(("lost", number));
        let response = ui.interact(rect, id, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, spoken.as_str()));
        response.on_hover_text(&spoken);
    }
}

/// What is written and what signs stand in the view, on the screen.
fn written(scope: &Scope<'_>, state: &CanvasState) -> Vec<Rect> {
    let level = Level::of_zoom(state.camera.zoom);
    let signs = [Kind::Finding, Kind::Firewall, Kind::Mailboxes];
    let on_screen = |area: Area| state.camera.rect(scope.view, area);
    let seen = scope.scene.items.iter().filter(|i| on_screen(i.bounds).intersects(scope.view));
    seen.flat_map(|item| {
        let sign = signs.contains(&item.kind).then_some(item.bounds);
        let pill = matches!(item.kind, Kind::Connector | Kind::Group)
            .then_some(item.label)
            .filter(|label| level == Level::Near && label.width() > 0.0);
        let words =
            item.shapes.iter().filter(|drawn| drawn.seen.at(level)).filter_map(
                |drawn| match &drawn.shape {
                    Shape::Words(words) => Some(words.bounds()),
                    _ => None,
                },
            );
        words.chain(sign).chain(pill).map(on_screen).collect::<Vec<_>>()
    })
    .collect()
}

/// Where the number of an object may stand, the best place first: what is a line bears it on itself,
/// everything else on its edge.
fn places(item: &Item, size: Vec2, scope: &Scope<'_>, state: &CanvasState) -> Vec<Pos2> {
    const ALONG: [f32; 11] = [0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78, 0.15, 0.85, 0.08, 0.92];
    let camera = &state.camera;
    if let Some(way) = item.routes.first() {
        let whole = length(way);
        let at = |share: &f32| along(way, whole * share);
        let on = ALONG.iter().filter_map(at);
        return on.map(|(at, _)| camera.screen_from_world(scope.view, at)).collect();
    }
    let area = camera.rect(scope.view, item.bounds);
    let (half, gap) = (size / 2.0, 2.0);
    if item.kind == Kind::Firewall {
        return vec![
            area.left_center() - vec2(half.x + gap, 0.0),
            area.right_center() + vec2(half.x + gap, 0.0),
            area.center_top() - vec2(0.0, half.y + gap),
            area.center_bottom() + vec2(0.0, half.y + gap),
        ];
    }
    // A group's bounds hold its label, whose upper half stands beyond its edge.
    let edge = item.parts.first().map_or(area, |part| camera.rect(scope.view, *part));
    let inset = |share: f32, low: f32, high: f32| {
        let room = ((high - low) / 2.0 - half.x).max(0.0);
        f32::midpoint(low, high) + (share * 2.0 - 1.0) * room
    };
    let across = [0.0, 1.0, 0.75, 0.5, 0.25];
    let upper = across.map(|s| Pos2::new(inset(s, edge.left(), edge.right()), edge.top()));
    let lower = across.map(|s| Pos2::new(inset(s, edge.left(), edge.right()), edge.bottom()));
    let beside = [edge.left_center(), edge.right_center()];
    [&[edge.left_top() + vec2(6.0, 0.0)][..], &upper, &lower, &beside].concat()
}

/// The first place that covers nothing, else the one that covers least.
fn freest(places: impl Iterator<Item = Rect>, taken: &[Rect]) -> Option<Rect> {
    let covered = |rect: &Rect| -> f32 {
        taken.iter().filter(|t| t.intersects(*rect)).map(|t| t.intersect(*rect).area()).sum()
    };
    let mut best: Option<(f32, Rect)> = None;
    for place in places {
        let covers = covered(&place);
        if covers <= 0.0 {
            return Some(place);
        }
        if best.is_none_or(|(least, _)| covers < least) {
            best = Some((covers, place));
        }
    }
    best.map(|(_, place)| place)
}
