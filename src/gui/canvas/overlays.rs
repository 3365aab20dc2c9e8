//! What comes on top of the scene: the selection, ports, the marquee, what is being moved and where
//! it would land, the line that is being drawn with the reason when it may not be, hints.

use super::{
    CanvasState, arrange,
    connect::{self, End},
    gesture::{Gesture, Scope, moved},
    paint::labels_are_legible,
    pick::{self, Spot},
};
use crate::{
    diagram::{
        geometry::{Area, Point, pt},
        scene::{Kind, Scene},
    },
    gui::{
        command::{Lens, Tool},
        theme::semi_bold,
    },
    model::{ObjectId, Subject, beside::Drawn},
};
use eframe::egui::{Align2, FontId, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, pos2, vec2};

/// The points of a thing from which lines are drawn, with what they start from.
pub(super) fn ports(spot: &Spot) -> Vec<(Point, End)> {
    let b = spot.bounds;
    let middle = b.centre();
    let sides = [pt(b.max.x, middle.y), pt(b.min.x, middle.y)];
    match spot.object() {
        Some(ObjectId::Site(id)) => {
            let ends = [sides[0], sides[1], pt(b.min.x + b.width() * 0.75, b.min.y)];
            ends.into_iter().map(|p| (p, End::Site(id.clone()))).collect()
        }
        Some(ObjectId::Server(id)) => {
            sides.into_iter().map(|p| (p, End::Server(id.clone()))).collect()
        }
        Some(ObjectId::Group(id)) => {
            sides.into_iter().map(|p| (p, End::Group(id.clone()))).collect()
        }
        _ => Vec::new(),
    }
}

/// Draws all of it.
pub(super) fn draw(painter: &Painter, scope: &Scope<'_>, state: &CanvasState) {
    selection(painter, scope, state);
    pins(painter, scope, state);
    if scope.input.lens == Lens::Difference {
        legend(painter, scope);
    }
    let at = scope.at(state);
    if let Some(ghost) = state.rename.as_ref().and_then(super::rename::Rename::ghost) {
        let rect = state.camera.rect(scope.view, ghost);
        let theme = scope.input.theme;
        painter.rect_filled(rect, 8.0, theme.accent_bg.gamma_multiply(0.6));
        painter.rect_stroke(rect, 8.0, Stroke::new(1.6, theme.accent), StrokeKind::Middle);
    }
    match &state.gesture {
        Gesture::Idle if state.rename.is_some() => {}
        Gesture::Idle => {
            port_dots(painter, scope, state);
            if scope.input.now().topology.sites.is_empty() {
                empty_hint(painter, scope);
            }
        }
        Gesture::Marquee { from, .. } => {
            if let Some(at) = at {
                let area = Area { min: *from, max: *from }.with(Area { min: at, max: at });
                let rect = state.camera.rect(scope.view, area);
                let theme = scope.input.theme;
                painter.rect_filled(rect, 2.0, theme.accent.gamma_multiply(0.08));
                let line = Stroke::new(1.0, theme.accent);
                if at.x < from.x {
                    // Drawn to the left it selects what it touches.
                    let [a, b, c, d] = area.corners();
                    let round = [a, b, c, d, a];
                    let round = round.map(|p| state.camera.screen_from_world(scope.view, p));
                    painter.extend(Shape::dashed_line(&round, line, 5.0, 3.0));
                } else {
                    painter.rect_stroke(rect, 2.0, line, StrokeKind::Middle);
                }
            }
        }
        Gesture::Move { .. } => {
            if let Some(at) = at {
                ghosts(painter, scope, state, at);
            }
        }
        Gesture::Connect { from, start } => {
            if let Some(at) = at {
                wire(painter, scope, state, (from, *start), at);
            }
        }
    }
}

fn selection(painter: &Painter, scope: &Scope<'_>, state: &CanvasState) {
    let theme = scope.input.theme;
    let stroke = Stroke::new(2.0, theme.accent);
    for subject in scope.input.selection {
        let Some(item) = scope.scene.item(subject) else { continue };
        let lines = matches!(item.kind, Kind::Line | Kind::Link | Kind::Connector);
        if lines {
            for route in &item.routes {
                let points: Vec<Pos2> =
                    route.iter().map(|p| state.camera.screen_from_world(scope.view, *p)).collect();
                let line = Shape::line(points, Stroke::new(1.6, theme.accent));
                // Around its label, which would be struck through.
                let legible = labels_are_legible(&state.camera);
                let label = if legible { item.label } else { Area::default() };
                let label = state.camera.rect(scope.view, label);
                for clip in around(scope.view, label) {
                    painter.with_clip_rect(clip.intersect(painter.clip_rect())).add(line.clone());
                }
            }
        }
        let area = match item.kind {
            Kind::Line => continue,
            Kind::Link | Kind::Connector if !labels_are_legible(&state.camera) => continue,
            Kind::Link | Kind::Connector | Kind::Group => item.label,
            _ => item.bounds,
        };
        let rect = state.camera.rect(scope.view, area).expand(4.0);
        painter.rect_stroke(rect, 11.0, stroke, StrokeKind::Middle);
    }
}

/// What the signs and edges of the lens for differences mean; shapes and words say it without colour.
fn legend(painter: &Painter, scope: &Scope<'_>) {
    let theme = scope.input.theme;
    let text = if scope.input.phase == 0 {
        "Phase 0 is the system as it is: nothing differs".to_owned()
    } else {
        format!(
            "Against phase {}: plus, full edge: added · minus, dashed, struck through: removed · triangle, dotted: changed · faint: the same",
            scope.input.phase - 1
        )
    };
    let galley = painter.layout_no_wrap(text, FontId::proportional(12.0), theme.text);
    let size = galley.size() + vec2(20.0, 10.0);
    let corner = pos2(scope.view.min.x + 12.0, scope.view.max.y - size.y - 10.0);
    let rect = Rect::from_min_size(corner, size);
    painter.rect(rect, 6.0, theme.panel, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    painter.galley(corner + vec2(10.0, 5.0), galley, theme.text);
}

/// A pin at what laying out anew leaves where it is.
fn pins(painter: &Painter, scope: &Scope<'_>, state: &CanvasState) {
    let theme = scope.input.theme;
    let layout = &scope.input.project().layout;
    for (slot, _) in layout.iter().filter(|(_, at)| at.pinned) {
        let area = match &slot.object {
            Drawn::Object(id) => arrange::area_of(scope.scene, id),
            Drawn::Internet => Some(scope.scene.places.internet),
            Drawn::Note(id) => scope.scene.places.notes.get(id).copied(),
        };
        let Some(area) = area else { continue };
        let corner = pt(area.max.x - 8.0, area.min.y);
        let at = state.camera.screen_from_world(scope.view, corner);
        painter.line_segment([at, at + vec2(0.0, 9.0)], Stroke::new(1.6, theme.text));
        painter.circle(at, 4.0, theme.accent, Stroke::new(1.2, theme.panel));
    }
}

/// A view without a box in it, as four boxes.
fn around(view: Rect, hole: Rect) -> [Rect; 4] {
    let (a, b) = (hole.min, hole.max);
    [
        Rect::from_min_max(view.min, pos2(view.max.x, a.y)),
        Rect::from_min_max(pos2(view.min.x, b.y), view.max),
        Rect::from_min_max(pos2(view.min.x, a.y), pos2(a.x, b.y)),
        Rect::from_min_max(pos2(b.x, a.y), pos2(view.max.x, b.y)),
    ]
}

fn port_dots(painter: &Painter, scope: &Scope<'_>, state: &CanvasState) {
    let Some(spot) = &state.hovered else { return };
    if scope.input.tool != Tool::Select || state.camera.zoom < 0.3 {
        return;
    }
    let theme = scope.input.theme;
    let Some(pointer) = scope.pointer else { return };
    for (p, _) in ports(spot) {
        let at = state.camera.screen_from_world(scope.view, p);
        // A site is large: only the port that the pointer goes to.
        if spot.kind == Kind::Site && at.distance(pointer) > 90.0 {
            continue;
        }
        painter.circle(at, 4.5, theme.panel, Stroke::new(1.6, theme.accent));
    }
}

/// What is moved, half clear, and where it would land.
fn ghosts(painter: &Painter, scope: &Scope<'_>, state: &CanvasState, at: Point) {
    let theme = scope.input.theme;
    let topology = &scope.input.now().topology;
    let free = painter.ctx().input(|i| i.modifiers.command);
    let (moved, snapped) = moved(scope, state, &state.gesture, at, free);
    for (a, b) in &snapped.guides {
        let ends = [a, b].map(|p| state.camera.screen_from_world(scope.view, *p));
        painter.extend(Shape::dashed_line(&ends, Stroke::new(1.2, theme.accent), 6.0, 3.0));
    }
    let mut hint = None;
    for (drawn, area) in &moved {
        let rect = state.camera.rect(scope.view, *area);
        if let Drawn::Object(id @ (ObjectId::Server(_) | ObjectId::Resolver(_))) = drawn {
            let (target, words) = landing(scope.scene, topology, id, area.centre());
            if let Some(target) = target {
                let target = state.camera.rect(scope.view, target).expand(2.0);
                painter.rect_stroke(
                    target,
                    10.0,
                    Stroke::new(2.0, theme.accent),
                    StrokeKind::Middle,
                );
            }
            hint = Some(words);
        }
        painter.rect_filled(rect, 8.0, theme.accent_bg.gamma_multiply(0.75));
        painter.rect_stroke(rect, 8.0, Stroke::new(1.6, theme.accent), StrokeKind::Middle);
        let font = FontId::new((13.0 * state.camera.zoom).clamp(9.0, 18.0), semi_bold());
        let clipped = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
        clipped.text(
            rect.center(),
            Align2::CENTER_CENTER,
            arrange::name(topology, drawn),
            font,
            theme.text,
        );
    }
    if let (Some(hint), Some(pointer)) = (hint, scope.pointer) {
        note(painter, scope, pointer, &hint, false);
    }
}

/// The container that a card would land in, and what that means.
fn landing(
    scene: &Scene,
    topology: &crate::model::Topology,
    id: &ObjectId,
    at: Point,
) -> (Option<Area>, String) {
    let name = topology.name(id);
    let group = match (id, pick::group_at(scene, at)) {
        (ObjectId::Server(server), Some(hull)) => {
            let own = topology.servers.get(server).and_then(|s| s.group.clone());
            let own = own.map(|g| ObjectId::Group(g).into());
            (hull.subject != own).then_some(hull)
        }
        _ => None,
    };
    if let Some(hull) = group {
        return (Some(hull.bounds), format!("{name} joins routing group {}", hull.name));
    }
    match pick::site_at(scene, at) {
        Some((site, area)) => {
            let site = topology.sites.get(&site).map_or("", |s| &s.name);
            (Some(area), format!("{name} in {site}"))
        }
        None => (scene.internet().map(|i| i.bounds), format!("{name} on the Internet")),
    }
}

/// What the line may not lead to stands back.
fn illegal(painter: &Painter, scope: &Scope<'_>, state: &CanvasState, from: &End) {
    if !labels_are_legible(&state.camera) {
        // From afar there are too many, and none can be told from its neighbours.
        return;
    }
    let (theme, topology) = (scope.input.theme, &scope.input.now().topology);
    let seen = state.camera.seen(scope.view);
    let cards = scope.scene.items.iter().filter(|i| seen.overlaps(i.bounds)).filter(|item| {
        let end = match (&item.subject, from) {
            (Some(Subject::Object(ObjectId::Server(id))), End::Server(_) | End::Group(_)) => {
                End::Server(id.clone())
            }
            (Some(Subject::Object(ObjectId::Site(id))), End::Site(_)) => End::Site(id.clone()),
            (Some(Subject::Object(ObjectId::Resolver(_))), End::Server(_)) => return true,
            _ => return false,
        };
        end != *from && connect::wire(topology, from, &end).is_err()
    });
    for item in cards {
        let rect = state.camera.rect(scope.view, item.bounds);
        painter.rect_filled(rect, 8.0, theme.canvas.gamma_multiply(0.72));
    }
}

fn wire(
    painter: &Painter,
    scope: &Scope<'_>,
    state: &CanvasState,
    (from, start): (&End, Point),
    at: Point,
) {
    let theme = scope.input.theme;
    illegal(painter, scope, state, from);
    let to = connect::end_at(scope.scene, at, Some(from), scope.input.tool);
    let topology = &scope.input.now().topology;
    let verdict = match &to {
        Some(to) if to == from => None,
        Some(to) => Some(connect::wire(topology, from, to)),
        None => None,
    };
    let colour = match &verdict {
        Some(Ok(_)) => theme.accent,
        _ => theme.weak,
    };
    let a = state.camera.screen_from_world(scope.view, start);
    let b = state.camera.screen_from_world(scope.view, at);
    painter.line_segment([a, b], Stroke::new(2.2, colour));
    painter.circle_filled(a, 4.0, colour);
    let text = match verdict {
        Some(Ok(connect::Wire::Link(..))) => "A WAN link".to_owned(),
        Some(Ok(connect::Wire::Line(_))) => "An Internet line with a firewall".to_owned(),
        Some(Ok(connect::Wire::Groups { .. })) => "A routing group connector, one way".to_owned(),
        Some(Ok(connect::Wire::Sites(..))) => "An AD site link, both ways".to_owned(),
        Some(Ok(connect::Wire::Smtp { .. })) => "An SMTP connector to the Internet".to_owned(),
        Some(Err(why)) => why,
        None if to.is_none() => "Let go to choose what to create here".to_owned(),
        None => return,
    };
    note(painter, scope, b, &text, colour == theme.weak);
}

/// A note beside the pointer.
fn note(painter: &Painter, scope: &Scope<'_>, at: Pos2, text: &str, quiet: bool) {
    let theme = scope.input.theme;
    let colour = if quiet { theme.weak } else { theme.text };
    let galley = painter.layout_no_wrap(text.to_owned(), FontId::proportional(12.0), colour);
    let size = galley.size() + vec2(16.0, 8.0);
    let mut corner = at + vec2(14.0, 16.0);
    corner.x = corner.x.min(scope.view.max.x - size.x - 4.0).max(scope.view.min.x + 4.0);
    corner.y = corner.y.min(scope.view.max.y - size.y - 4.0);
    let rect = Rect::from_min_size(corner, size);
    painter.rect(rect, 6.0, theme.panel, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    painter.galley(corner + vec2(8.0, 4.0), galley, colour);
}

fn empty_hint(painter: &Painter, scope: &Scope<'_>) {
    let theme = scope.input.theme;
    let middle = scope.view.center() + vec2(0.0, 48.0);
    let bold = FontId::new(15.0, semi_bold());
    painter.text(middle, Align2::CENTER_CENTER, "The drawing is empty", bold, theme.text);
    let below = middle + vec2(0.0, 24.0);
    let text = "Take the site tool and click here to add the first site";
    painter.text(below, Align2::CENTER_CENTER, text, FontId::proportional(13.0), theme.weak);
}
