//! A node for every object in view, at its place on the screen, with its spoken name: for screen
//! readers, for the keyboard, for tests.

use super::{CanvasInput, CanvasState};
use crate::{
    diagram::scene::{Item, Kind, Scene},
    gui::command::Command,
};
use eframe::egui::{Id, Rect, Role, Sense, Ui, WidgetInfo, accesskit::Action, vec2};

/// More objects than this are not offered at once; what is selected always is.
const MOST: usize = 700;

/// Adds the nodes; gives the one that has the keyboard.
pub(super) fn nodes(
    ui: &Ui,
    input: &CanvasInput<'_>,
    state: &CanvasState,
    scene: &Scene,
    view: Rect,
    commands: &mut Vec<Command>,
) -> Option<Id> {
    let seen = state.camera.seen(view);
    let mut focused = None;
    let mut count = 0;
    for item in &scene.items {
        if !seen.overlaps(item.bounds) {
            continue;
        }
        let chosen = item.subject.as_ref().is_some_and(|s| input.selection.contains(s));
        count += 1;
        if count > MOST && !chosen && !matches!(item.kind, Kind::Site | Kind::Server) {
            continue;
        }
        let id = id_of(ui, item);
        let rect = place(item, state, view);
        let response = ui.interact(rect, id, Sense::focusable_noninteractive());
        let spoken = || {
            let mut info = WidgetInfo::labeled(role(item.kind), true, item.spoken.as_str());
            info.selected = Some(chosen);
            info
        };
        response.widget_info(spoken);
        ui.accesskit_node_builder(id, |node| node.add_action(Action::Click));
        if response.has_focus() {
            focused = Some(id);
        }
        let asked = ui.input(|i| i.has_accesskit_action_request(id, Action::Click));
        let reached = response.gained_focus() && ui.input(|i| !i.pointer.any_down());
        if let Some(subject) = item.subject.as_ref().filter(|_| asked || (reached && !chosen)) {
            commands.push(Command::Select([subject.clone()].into()));
        }
    }
    focused
}

/// The id of an item's node; a sign has its own.
pub(super) fn id_of(ui: &Ui, item: &Item) -> Id {
    ui.scope_id().with(("object", item.kind, item.subject.as_ref().map(ToString::to_string)))
}

/// Where the node is on the screen: for lines their pill or label, which can be clicked.
fn place(item: &Item, state: &CanvasState, view: Rect) -> Rect {
    let area = match item.kind {
        Kind::Connector | Kind::Group => item.label,
        Kind::Site => crate::diagram::geometry::Area {
            min: item.bounds.min,
            max: item.bounds.min.moved(item.bounds.width(), 40.0),
        },
        // A connector may cross the middle of a link; nothing crosses its label.
        Kind::Link if item.label.width() > 0.0 => item.label,
        Kind::Line | Kind::Link => middle(item),
        _ => item.bounds,
    };
    let rect = state.camera.rect(view, area).intersect(view);
    if rect.is_positive() { rect } else { Rect::from_center_size(view.center(), vec2(1.0, 1.0)) }
}

fn middle(item: &Item) -> crate::diagram::geometry::Area {
    let route = item.routes.first().map_or(&[][..], |route| route);
    let whole = crate::diagram::geometry::length(route);
    match crate::diagram::geometry::along(route, whole / 2.0) {
        Some((at, _)) => crate::diagram::geometry::Area { min: at, max: at }.grown(6.0),
        None => item.bounds,
    }
}

fn role(kind: Kind) -> Role {
    match kind {
        Kind::Site | Kind::Segment | Kind::Group => Role::Group,
        _ => Role::GraphicsObject,
    }
}
