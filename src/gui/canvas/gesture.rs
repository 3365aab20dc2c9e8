//! What the pointer does: select, move, draw a marquee, draw a line, create.

use super::{
    CanvasInput, CanvasState, access, arrange,
    ask::Ask,
    connect::{self, End},
    create::{self, Stamp},
    neighbour,
    overlays::ports,
    pick::{self, Spot},
    rename::Rename,
    snap::{Snapped, snap},
};
use crate::{
    diagram::{
        geometry::{Area, Point},
        scene::{Item, Kind, Scene},
    },
    gui::command::{Command, Tool},
    model::{ObjectId, Subject, beside::Drawn},
};
use eframe::egui::{CursorIcon, Key, PointerButton, Pos2, Rect, Response, Ui};
use std::collections::{BTreeMap, BTreeSet};

/// How near the pointer must come to a line or port, in points.
const REACH: f32 = 6.0;

/// What the pointer is doing.
#[derive(Default)]
pub(super) enum Gesture {
    /// Nothing yet.
    #[default]
    Idle,
    /// A box around what is to be selected.
    Marquee { from: Point, add: bool },
    /// Moving things.
    Move { from: Point, what: BTreeMap<Drawn, Area> },
    /// Drawing a line.
    Connect { from: End, start: Point },
}

/// What a gesture happens in.
pub(super) struct Scope<'a> {
    pub(super) input: &'a CanvasInput<'a>,
    pub(super) scene: &'a Scene,
    pub(super) view: Rect,
    pub(super) pointer: Option<Pos2>,
}

impl Scope<'_> {
    /// Where the pointer is in the world.
    pub(super) fn at(&self, state: &CanvasState) -> Option<Point> {
        self.pointer.map(|p| state.camera.world_from_screen(self.view, p))
    }
}

/// What is moved, where it is now, and into which lines it has come. `free` moves it without them.
pub(super) fn moved(
    scope: &Scope<'_>,
    state: &CanvasState,
    gesture: &Gesture,
    at: Point,
    free: bool,
) -> (BTreeMap<Drawn, Area>, Snapped) {
    let Gesture::Move { from, what } = gesture else { return Default::default() };
    let shifted = |what: &BTreeMap<Drawn, Area>, x: f32, y: f32| -> BTreeMap<Drawn, Area> {
        what.iter().map(|(id, area)| (id.clone(), area.moved(x, y))).collect()
    };
    let plain = shifted(what, at.x - from.x, at.y - from.y);
    if free || !scope.input.snap {
        return (plain, Snapped::default());
    }
    let snapped = snap(&plain, scope.scene, REACH / state.camera.zoom);
    (shifted(&plain, snapped.by.0, snapped.by.1), snapped)
}

/// Follows the pointer.
pub(super) fn run(
    ui: &Ui,
    response: &Response,
    scope: &Scope<'_>,
    state: &mut CanvasState,
    commands: &mut Vec<Command>,
) {
    let reach = REACH / state.camera.zoom;
    let at = scope.at(state);
    if matches!(state.gesture, Gesture::Idle) {
        hover(scope, state, at, reach);
    }
    if ui.input(|i| i.key_pressed(Key::Escape)) {
        state.gesture = Gesture::Idle;
    }
    cursor(ui, response, scope, state);
    let space = ui.input(|i| i.key_down(Key::Space));
    if response.double_clicked()
        && let Some(at) = at
        && let Some(subject) = pick::at(scope.scene, at, reach).and_then(|spot| spot.subject)
        && scope.input.tool == Tool::Select
    {
        state.rename = Rename::of(scope.scene, &subject);
    } else if response.secondary_clicked()
        && let Some(at) = at
    {
        state.asked_at = Some(at);
        let subject = pick::at(scope.scene, at, reach).and_then(|spot| spot.subject);
        if let Some(subject) = subject.filter(|s| !scope.input.selection.contains(s)) {
            commands.push(Command::Select([subject].into()));
        }
    } else if response.clicked_by(PointerButton::Primary)
        && let Some(at) = at
    {
        click(ui, response, scope, state, at, commands);
    }
    if response.drag_started_by(PointerButton::Primary) && !space {
        let origin = ui.input(|i| i.pointer.press_origin()).or(scope.pointer);
        if let Some(origin) = origin {
            let from = state.camera.world_from_screen(scope.view, origin);
            state.gesture = start(ui, scope, state, from, reach, commands);
        }
    }
    if response.drag_stopped() {
        let gesture = std::mem::take(&mut state.gesture);
        let at = at.or_else(|| {
            let last = ui.input(|i| i.pointer.latest_pos());
            last.map(|p| state.camera.world_from_screen(scope.view, p))
        });
        if let Some(at) = at {
            finish(ui, scope, state, &gesture, at, commands);
        }
    }
}

/// What the pointer is over; it stays so while the pointer goes to one of its ports.
fn hover(scope: &Scope<'_>, state: &mut CanvasState, at: Option<Point>, reach: f32) {
    let Some(at) = at else {
        state.hovered = None;
        return;
    };
    let spot = pick::at(scope.scene, at, reach);
    let near = |known: &Spot| {
        let port = ports(known).iter().any(|(p, _)| p.distance(at) <= reach * 2.2);
        port && spot.as_ref().is_none_or(|now| now.subject != known.subject)
    };
    if !state.hovered.as_ref().is_some_and(near) {
        state.hovered = spot;
    }
}

fn cursor(ui: &Ui, response: &Response, scope: &Scope<'_>, state: &CanvasState) {
    if !response.contains_pointer() && !response.dragged() {
        return;
    }
    let space = ui.input(|i| i.key_down(Key::Space));
    let icon = match (&state.gesture, scope.input.tool) {
        _ if space || response.dragged_by(PointerButton::Middle) => CursorIcon::Grab,
        (Gesture::Move { .. }, _) => CursorIcon::Grabbing,
        (Gesture::Connect { .. }, _) => CursorIcon::Crosshair,
        (_, Tool::Select) => CursorIcon::Default,
        _ => CursorIcon::Crosshair,
    };
    ui.ctx().set_cursor_icon(icon);
}

fn click(
    ui: &Ui,
    response: &Response,
    scope: &Scope<'_>,
    state: &mut CanvasState,
    at: Point,
    commands: &mut Vec<Command>,
) {
    let reach = REACH / state.camera.zoom;
    let (shift, tool) = (ui.input(|i| i.modifiers.shift), scope.input.tool);
    if tool != Tool::Select {
        match create::stamp(scope.input, scope.scene, tool, at) {
            Some(stamp) => put(scope, state, stamp, shift, commands),
            None => after_tool(create::click(scope.input, scope.scene, tool, at), shift, commands),
        }
        return;
    }
    let spot = pick::at(scope.scene, at, reach);
    let Some(subject) = spot.as_ref().and_then(|s| s.subject.clone()) else {
        response.request_focus();
        if !shift && !scope.input.selection.is_empty() {
            commands.push(Command::Select(BTreeSet::new()));
        }
        return;
    };
    if let Some(item) = scope.scene.item(&subject) {
        ui.memory_mut(|m| m.request_focus(access::id_of(ui, item)));
    }
    let mut chosen = scope.input.selection.clone();
    if !shift {
        chosen = BTreeSet::from([subject]);
    } else if !chosen.remove(&subject) {
        chosen.insert(subject);
    }
    if chosen != *scope.input.selection {
        commands.push(Command::Select(chosen));
    }
}

/// Puts something down with a tool; it comes to be when it has its name. With shift held it comes at
/// once, under a name of its own, and the tool stays in the hand.
fn put(
    scope: &Scope<'_>,
    state: &mut CanvasState,
    stamp: Stamp,
    shift: bool,
    commands: &mut Vec<Command>,
) {
    if shift {
        commands.extend(create::make(scope.input, scope.scene, &stamp, &stamp.name));
        return;
    }
    commands.push(Command::Tool(Tool::Select));
    commands.push(Command::Status("Type its name; Enter adds it, Escape does not".to_owned()));
    state.rename = Some(Rename::new(stamp));
}

/// After a line was drawn the hand is free again, unless shift is held.
fn after_tool(made: Vec<Command>, shift: bool, commands: &mut Vec<Command>) {
    if !shift && made.iter().any(|c| matches!(c, Command::Apply { .. })) {
        commands.push(Command::Tool(Tool::Select));
    }
    commands.extend(made);
}

fn start(
    ui: &Ui,
    scope: &Scope<'_>,
    state: &CanvasState,
    from: Point,
    reach: f32,
    commands: &mut Vec<Command>,
) -> Gesture {
    let (shift, tool) = (ui.input(|i| i.modifiers.shift), scope.input.tool);
    let marquee = Gesture::Marquee { from, add: shift };
    if matches!(tool, Tool::Link | Tool::Connector | Tool::Line) {
        return match connect::end_at(scope.scene, from, None, tool) {
            Some(end) => Gesture::Connect { from: end, start: from },
            None => Gesture::Idle,
        };
    }
    if tool == Tool::Group {
        return marquee;
    }
    if tool != Tool::Select {
        return Gesture::Idle;
    }
    let port = state
        .hovered
        .as_ref()
        .and_then(|spot| ports(spot).into_iter().find(|(p, _)| p.distance(from) <= reach * 1.8));
    if let Some((start, end)) = port {
        return Gesture::Connect { from: end, start };
    }
    let Some(spot) = pick::at(scope.scene, from, reach).filter(|_| !shift) else { return marquee };
    if spot.kind == Kind::Internet {
        return Gesture::Move {
            from,
            what: [(Drawn::Internet, scope.scene.places.internet)].into(),
        };
    }
    let grabs =
        matches!(spot.kind, Kind::Server | Kind::Resolver | Kind::Site | Kind::Group | Kind::Note);
    let Some(subject) = spot.subject.clone().filter(|_| grabs) else { return marquee };
    let what = if scope.input.selection.contains(&subject) {
        arrange::movable(scope.input, scope.scene)
    } else {
        let moved = arrange::dragged(scope.scene, &subject);
        commands.push(Command::Select([subject].into()));
        moved
    };
    if what.is_empty() { marquee } else { Gesture::Move { from, what } }
}

fn finish(
    ui: &Ui,
    scope: &Scope<'_>,
    state: &mut CanvasState,
    gesture: &Gesture,
    at: Point,
    commands: &mut Vec<Command>,
) {
    let (shift, alt) = ui.input(|i| (i.modifiers.shift, i.modifiers.alt));
    match gesture {
        Gesture::Idle => {
            // A drag with a tool that creates by click counts as a click where it ends.
            if let Some(stamp) = create::stamp(scope.input, scope.scene, scope.input.tool, at) {
                put(scope, state, stamp, shift, commands);
            }
        }
        Gesture::Move { .. } => {
            let free = ui.input(|i| i.modifiers.command);
            let (moved, _) = moved(scope, state, gesture, at, free);
            commands.extend(arrange::drop_all(scope.input, scope.scene, &moved, alt));
        }
        Gesture::Marquee { from, add } => marquee(ui, scope, state, (*from, at), *add, commands),
        Gesture::Connect { from, .. } => {
            let made = connected(scope, state, from, at);
            after_tool(made, shift, commands);
        }
    }
}

/// What a line makes that was let go at a world point; on nothing it asks what is to be there.
fn connected(scope: &Scope<'_>, state: &mut CanvasState, from: &End, at: Point) -> Vec<Command> {
    let to = connect::end_at(scope.scene, at, Some(from), scope.input.tool);
    let ask = || Ask::new(at, neighbour::choices(scope.input, scope.scene, from, at));
    let site = matches!(&to, Some(End::Site(_))) && !matches!(from, End::Site(_));
    match to {
        Some(to) if to == *from && scope.input.tool != Tool::Line => Vec::new(),
        Some(to) => match connect::wire(&scope.input.now().topology, from, &to) {
            Ok(wire) => connect::make(scope.input, &wire),
            Err(why) => {
                state.ask = if site { ask() } else { None };
                let open = state.ask.is_some();
                if open { Vec::new() } else { vec![Command::Status(format!("Not joined: {why}"))] }
            }
        },
        None => {
            state.ask = ask();
            if state.ask.is_some() {
                return Vec::new();
            }
            vec![Command::Status("Not joined: nothing is there".to_owned())]
        }
    }
}

/// Whether a box selects an item: drawn to the right what is wholly in it, drawn to the left what it
/// touches. Of what holds others, only the edge counts.
fn taken(item: &Item, within: Area, touch: bool) -> bool {
    if !touch {
        return within.holds(item.bounds);
    }
    match item.kind {
        Kind::Site | Kind::Group => {
            item.bounds.overlaps(within) && !item.bounds.grown(-4.0).holds(within)
        }
        Kind::Line | Kind::Link | Kind::Connector => item
            .routes
            .iter()
            .any(|route| route.windows(2).any(|ends| within.is_crossed(ends[0], ends[1]))),
        _ => item.bounds.overlaps(within),
    }
}

/// Selects what is in the box; with the tool for groups, makes one of the servers in it.
fn marquee(
    ui: &Ui,
    scope: &Scope<'_>,
    state: &mut CanvasState,
    (from, to): (Point, Point),
    add: bool,
    commands: &mut Vec<Command>,
) {
    let within = Area { min: from, max: from }.with(Area { min: to, max: to });
    let inside = |kind: Kind| !matches!(kind, Kind::Finding | Kind::Internet | Kind::Segment);
    let touch = to.x < from.x && scope.input.tool == Tool::Select;
    let items = scope.scene.items.iter().filter(|i| inside(i.kind) && taken(i, within, touch));
    let found: BTreeSet<Subject> = items.filter_map(|i| i.subject.clone()).collect();
    if scope.input.tool == Tool::Group {
        let servers = found.iter().filter_map(|s| match s {
            Subject::Object(ObjectId::Server(id)) => Some(id.clone()),
            _ => None,
        });
        let stamp =
            create::group_stamp(scope.input, scope.scene, servers.collect(), within.centre());
        put(scope, state, stamp, ui.input(|i| i.modifiers.shift), commands);
        return;
    }
    let mut chosen = if add { scope.input.selection.clone() } else { BTreeSet::new() };
    chosen.extend(found);
    if chosen != *scope.input.selection {
        commands.push(Command::Select(chosen));
    }
}
