//! The canvas: one own painted widget over a scene, in screen coordinates, so that what a screen
//! reader and a test see is where it is drawn.
//!
//! It reads the analysis and pushes [`Command`]s; it changes nothing itself. [`camera`] says what is
//! where on the screen, [`paint`] draws the scene, [`overlays`] what comes on top of it; [`pick`]
//! says what is under the pointer, [`gesture`] what the pointer does; [`arrange`], [`create`],
//! [`connect`], [`neighbour`], [`align`] and [`rename`] turn that into changes; [`pins`] lays out anew what is not pinned; [`snap`] draws into line what is moved,
//! [`ask`] asks what to create; [`minimap`] is the small map; [`access`] names every object.

mod access;
mod align;
mod answers;
mod arrange;
mod ask;
mod camera;
mod connect;
mod create;
mod gesture;
mod lost;
mod measured;
mod minimap;
mod neighbour;
mod overlays;
mod paint;
mod pick;
mod pins;
mod rename;
mod snap;

use super::{
    command::{Arrange, Command, Lens, Side, Tool},
    theme::Theme,
};
use crate::{
    analysis::{Analysis, PhaseAnalysis},
    diagram::{
        build::build,
        geometry::Point,
        measured::shown,
        overlay::{self, Overlay},
        scene::{self, Scene},
    },
    model::{Project, Subject, beside::Evidence},
    rules::finding::Finding,
    sim::trace::Trace,
};
use camera::Camera;
use eframe::egui::{self, Event, EventFilter, Id, Key, Rect, Response, Sense, Ui};
use gesture::Gesture;
use rename::Rename;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// What the canvas shows.
pub struct CanvasInput<'a> {
    /// The analysis.
    pub analysis: &'a Analysis,
    /// The phase that is shown and edited.
    pub phase: usize,
    /// What is selected.
    pub selection: &'a BTreeSet<Subject>,
    /// The tool in hand.
    pub tool: Tool,
    /// The lens.
    pub lens: Lens,
    /// The trace whose way is drawn.
    pub trace: Option<&'a Trace>,
    /// The finding whose evidence is drawn, where there is no trace.
    pub finding: Option<&'a Finding>,
    /// What the live network answered, each with whether it is stale; empty: not shown.
    pub measured: Vec<(&'a Evidence, bool)>,
    /// What is lost without an object, in pairs of ends; empty: not shown.
    pub lost: Vec<(Subject, usize)>,
    /// The colours.
    pub theme: &'a Theme,
    /// Whether nothing is to glide.
    pub reduced_motion: bool,
    /// Whether what is moved snaps to others and to the grid.
    pub snap: bool,
}

impl CanvasInput<'_> {
    /// The project.
    fn project(&self) -> &Project {
        &self.analysis.project
    }

    /// The phase that is shown.
    fn now(&self) -> &PhaseAnalysis {
        &self.analysis.phases[self.phase]
    }
}

/// What the rest of the window may ask of the canvas.
#[derive(Clone, Debug, PartialEq)]
pub enum CanvasRequest {
    /// Shows the whole drawing.
    Fit,
    /// Shows what is selected.
    FitSelection,
    /// Shows the drawing at its own size.
    Zoom100,
    /// Closer.
    ZoomIn,
    /// Farther.
    ZoomOut,
    /// Renames an object in place.
    Rename(Subject),
    /// Brings an object into view.
    Locate(Subject),
    /// Shows a world point in the middle, at a zoom.
    Show(Point, f32),
    /// Brings what is selected into line.
    Arrange(Arrange),
    /// Gives what is selected a neighbour.
    Neighbour(Side),
    /// Puts down what a tool would, where the pointer asked for it or in the middle of the view.
    Put(Tool),
    /// Lays everything out anew that is not pinned.
    LayOut,
    /// Pins what is selected, or lets it loose.
    Pin(bool),
}

/// What the canvas keeps between frames.
#[derive(Default)]
pub struct CanvasState {
    camera: Camera,
    gesture: Gesture,
    rename: Option<Rename>,
    ask: Option<ask::Ask>,
    /// Where the pointer asked for a menu last.
    asked_at: Option<Point>,
    cached: Option<Cached>,
    evidence: Option<(Finding, Arc<PhaseAnalysis>, Trace)>,
    requests: Vec<CanvasRequest>,
    /// What the pointer was over last, whose ports are shown.
    hovered: Option<pick::Spot>,
    painted: Option<paint::Painted>,
}

/// A scene, and what it was made from: held, so that the same address means the same thing.
struct Cached {
    project: Arc<Project>,
    phase: Arc<PhaseAnalysis>,
    index: usize,
    lens: Lens,
    scene: Arc<Scene>,
    overlay: Option<(Trace, Arc<Overlay>)>,
    number: u64,
}

impl CanvasState {
    /// Asks for something, which happens with the next frame.
    pub fn request(&mut self, request: CanvasRequest) {
        self.requests.push(request);
    }

    /// The scene that was shown last.
    pub fn scene(&self) -> Option<&Scene> {
        self.cached.as_ref().map(|cached| &*cached.scene)
    }

    /// How large the drawing is shown; 1 is 100 %.
    pub fn zoom(&self) -> f32 {
        self.camera.zoom
    }

    /// The world point in the middle of the view.
    pub fn middle(&self) -> Point {
        self.camera.middle()
    }

    fn scene_of(&mut self, input: &CanvasInput<'_>) -> (Arc<Scene>, u64) {
        let phase = &input.analysis.phases[input.phase];
        let kept = self.cached.as_ref().filter(|c| {
            Arc::ptr_eq(&c.project, &input.analysis.project)
                && Arc::ptr_eq(&c.phase, phase)
                && c.index == input.phase
                && c.lens == input.lens
        });
        if let Some(kept) = kept {
            return (Arc::clone(&kept.scene), kept.number);
        }
        let scene = Arc::new(build(input.analysis, input.phase, scene_lens(input.lens)));
        let number = self.cached.as_ref().map_or(0, |c| c.number + 1);
        self.cached = Some(Cached {
            project: Arc::clone(&input.analysis.project),
            phase: Arc::clone(phase),
            index: input.phase,
            lens: input.lens,
            scene: Arc::clone(&scene),
            overlay: None,
            number,
        });
        (scene, number)
    }

    /// The way of the chosen trace, or of the chosen finding's evidence.
    fn overlay_of(&mut self, input: &CanvasInput<'_>) -> Option<Arc<Overlay>> {
        let trace = match (input.trace, input.finding) {
            (Some(trace), _) => trace.clone(),
            (None, Some(finding)) => self.trace_of(input, finding)?,
            (None, None) => return None,
        };
        let cached = self.cached.as_mut()?;
        if let Some((known, overlay)) = &cached.overlay
            && *known == trace
        {
            return Some(Arc::clone(overlay));
        }
        let made = Arc::new(overlay::of_trace(&cached.scene, &input.now().topology, &trace));
        cached.overlay = Some((trace, Arc::clone(&made)));
        Some(made)
    }

    fn trace_of(&mut self, input: &CanvasInput<'_>, finding: &Finding) -> Option<Trace> {
        let phase = &input.analysis.phases[input.phase];
        if let Some((known, held, trace)) = &self.evidence
            && known == finding
            && Arc::ptr_eq(held, phase)
        {
            return Some(trace.clone());
        }
        let (from, to) = finding.evidence.as_ref()?;
        let trace = input.analysis.trace(input.phase, from, to, &BTreeSet::new());
        self.evidence = Some((finding.clone(), Arc::clone(phase), trace.clone()));
        Some(trace)
    }
}

/// The lens of a scene.
pub(in crate::gui) fn scene_lens(lens: Lens) -> scene::Lens {
    match lens {
        Lens::Physical => scene::Lens::Physical,
        Lens::Mail => scene::Lens::Mail,
        Lens::Dns => scene::Lens::Dns,
        Lens::Findings => scene::Lens::Findings,
        Lens::Difference => scene::Lens::Difference,
    }
}

/// The canvas in all the room that there is.
pub fn canvas_ui(
    ui: &mut Ui,
    input: &CanvasInput<'_>,
    state: &mut CanvasState,
    commands: &mut Vec<Command>,
) -> Option<Response> {
    if input.phase >= input.analysis.phases.len() {
        return None;
    }
    let view = ui.available_rect_before_wrap();
    if view.width() < 8.0 || view.height() < 8.0 {
        return None;
    }
    let canvas = ui.scope_id().with("canvas");
    let response = ui.interact(view, canvas, Sense::click_and_drag());
    let hint = "Drawing";
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Canvas, true, hint));
    ui.advance_cursor_after_rect(view);
    let (scene, number) = state.scene_of(input);
    let overlay = state.overlay_of(input);
    state.camera.settle(view, &scene, input.phase);
    for request in std::mem::take(&mut state.requests) {
        answer(ui, input, state, (&scene, view), request, commands);
    }
    state.camera.steer(ui, &response, view, input.reduced_motion);
    let focused = access::nodes(ui, input, state, &scene, view, commands);
    let hovered = pointer(ui, &response, view);
    let context = gesture::Scope { input, scene: &scene, view, pointer: hovered };
    gesture::run(ui, &response, &context, state, commands);
    keys(ui, input, state, &scene, (canvas, focused), commands);
    let painter = ui.painter_at(view);
    paint::scene(&painter, input, state, (&scene, number), overlay.as_deref(), view);
    answers::answers(ui, &painter, &context, state);
    measured::badges(ui, &painter, &context, state);
    lost::numbers(ui, &painter, &context, state);
    overlays::draw(&painter, &context, state);
    minimap::map(ui, &painter, &context, state);
    rename::field(ui, input, state, &scene, view, commands);
    ask::ask_ui(ui, &context, state, commands);
    Some(response)
}

/// Where the pointer is, if it is over the canvas and nothing lies on top.
fn pointer(ui: &Ui, response: &Response, view: Rect) -> Option<egui::Pos2> {
    let over = response.contains_pointer() || response.dragged() || response.drag_stopped();
    ui.input(|i| i.pointer.latest_pos())
        .filter(|p| over && (view.contains(*p) || response.dragged()))
}

fn answer(
    ui: &Ui,
    input: &CanvasInput<'_>,
    state: &mut CanvasState,
    (scene, view): (&Scene, Rect),
    request: CanvasRequest,
    commands: &mut Vec<Command>,
) {
    let now = ui.input(|i| i.time);
    let glide = (!input.reduced_motion).then_some(now);
    match request {
        CanvasRequest::Fit => {
            let whole = camera::whole(scene);
            state.camera.fit(view, whole, glide);
            state.camera.follow(view, input.phase);
        }
        CanvasRequest::FitSelection => {
            let items = input.selection.iter().filter_map(|s| scene.item(s)).map(|i| i.bounds);
            let all = items.reduce(crate::diagram::geometry::Area::with);
            state.camera.fit(view, all.unwrap_or(scene.bounds), glide);
        }
        CanvasRequest::Zoom100 => {
            state.camera.zoom_at(view, view.center(), 1.0 / state.camera.zoom);
        }
        CanvasRequest::ZoomIn => state.camera.zoom_at(view, view.center(), 1.25),
        CanvasRequest::ZoomOut => state.camera.zoom_at(view, view.center(), 0.8),
        CanvasRequest::Rename(subject) => state.rename = Rename::of(scene, &subject),
        CanvasRequest::Locate(subject) => {
            if let Some(item) = shown(scene, &input.now().topology, &subject) {
                state.camera.show(view, item.bounds, glide);
            }
        }
        CanvasRequest::Show(middle, zoom) => state.camera.look(middle, zoom, glide),
        CanvasRequest::Arrange(how) => commands.extend(align::align(input, scene, how)),
        CanvasRequest::LayOut => commands.extend(pins::lay_out(input)),
        CanvasRequest::Pin(pinned) => commands.extend(pins::pin(input, scene, pinned)),
        CanvasRequest::Neighbour(side) => match neighbour::beside(input, scene, side) {
            Ok(stamp) => {
                state.camera.show(view, stamp.place, glide);
                state.rename = Some(Rename::new(stamp));
            }
            Err(why) => commands.push(Command::Status(why.to_owned())),
        },
        CanvasRequest::Put(tool) => {
            let middle = state.camera.world_from_screen(view, view.center());
            let at = state.asked_at.take().unwrap_or(middle);
            match create::stamp(input, scene, tool, at) {
                Some(stamp) => state.rename = Some(Rename::new(stamp)),
                None => commands.extend(create::click(input, scene, tool, at)),
            }
        }
    }
}

/// Keys that mean something on the canvas and nowhere else.
fn keys(
    ui: &Ui,
    input: &CanvasInput<'_>,
    state: &mut CanvasState,
    scene: &Scene,
    (canvas, focused): (Id, Option<Id>),
    commands: &mut Vec<Command>,
) {
    let own = focused.or_else(|| ui.memory(|m| m.has_focus(canvas)).then_some(canvas));
    let Some(own) = own else { return };
    if state.rename.is_some() {
        return;
    }
    let arrows = !input.selection.is_empty();
    ui.memory_mut(|m| {
        let filter = EventFilter {
            horizontal_arrows: arrows,
            vertical_arrows: arrows,
            ..EventFilter::default()
        };
        m.set_focus_lock_filter(own, filter);
    });
    if state.ask.is_some() {
        return;
    }
    let (step, pressed) = ui.input(|i| {
        let step = if i.modifiers.shift { 1 } else { 8 };
        let pressed = i.events.iter().filter_map(|event| match event {
            Event::Key { key, pressed: true, modifiers, .. } if !modifiers.command => Some(*key),
            _ => None,
        });
        (step, pressed.collect::<Vec<_>>())
    });
    let (mut x, mut y) = (0, 0);
    for key in pressed {
        match key {
            Key::ArrowLeft => x -= step,
            Key::ArrowRight => x += step,
            Key::ArrowUp => y -= step,
            Key::ArrowDown => y += step,
            Key::F2 => {
                state.rename = input.selection.first().and_then(|s| Rename::of(scene, s));
            }
            Key::Delete | Key::Backspace if arrows => commands.push(Command::Delete),
            Key::Escape if arrows => commands.push(Command::Select(BTreeSet::new())),
            _ => {}
        }
    }
    if arrows && (x, y) != (0, 0) {
        let by = (x as f32, y as f32);
        let moved: BTreeMap<_, _> = arrange::movable(input, scene)
            .into_iter()
            .map(|(id, at)| (id, at.moved(by.0, by.1)))
            .collect();
        commands.extend(arrange::place(input, scene, &moved, "Nudge"));
    }
}
