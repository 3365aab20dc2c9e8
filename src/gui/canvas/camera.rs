//! What is where on the screen: zoom and pan, and the glide from one view to another.

use crate::diagram::{
    geometry::{Area, Point, pt},
    scene::Scene,
};
use eframe::egui::{Key, PointerButton, Pos2, Rect, Response, Ui, Vec2, pos2, vec2};

/// The nearest and the farthest view.
const ZOOM: (f32, f32) = (0.08, 4.0);
/// The nearest view that fitting chooses.
const FIT_MOST: f32 = 1.15;
/// Room for the first sites around and below the cloud, in world units.
const FIRST: (f32, f32) = (940.0, 500.0);
/// Seconds that a glide takes.
const GLIDE_S: f64 = 0.15;

/// What is where on the screen.
pub(super) struct Camera {
    /// How large the drawing is shown; 1 is 100 %.
    pub(super) zoom: f32,
    /// The world point in the middle of the view.
    middle: Point,
    /// The view that was last fitted, while nobody has moved it.
    fitted: Option<(Rect, usize)>,
    started: bool,
    glide: Option<Glide>,
}

struct Glide {
    from: (Point, f32),
    to: (Point, f32),
    since: f64,
}

impl Default for Camera {
    fn default() -> Self {
        Self { zoom: 1.0, middle: pt(0.0, 0.0), fitted: None, started: false, glide: None }
    }
}

impl Camera {
    /// A world point on the screen.
    pub(super) fn screen_from_world(&self, view: Rect, p: Point) -> Pos2 {
        view.center() + vec2(p.x - self.middle.x, p.y - self.middle.y) * self.zoom
    }

    /// A screen point in the world.
    pub(super) fn world_from_screen(&self, view: Rect, p: Pos2) -> Point {
        let away = (p - view.center()) / self.zoom;
        self.middle.moved(away.x, away.y)
    }

    /// A world box on the screen.
    pub(super) fn rect(&self, view: Rect, area: Area) -> Rect {
        let min = self.screen_from_world(view, area.min);
        let max = self.screen_from_world(view, area.max);
        Rect::from_min_max(min, max)
    }

    /// What of the world is seen.
    pub(super) fn seen(&self, view: Rect) -> Area {
        Area {
            min: self.world_from_screen(view, view.min),
            max: self.world_from_screen(view, view.max),
        }
    }

    /// Fits the drawing at the start; and again, while nobody has moved it, when the view or the phase
    /// changes or something reaches out of it. What stays in view stays in place: a hand is about to
    /// reach for it.
    pub(super) fn settle(&mut self, view: Rect, scene: &Scene, phase: usize) {
        let now = (view, phase);
        let again = match self.fitted {
            Some(known) => known != now || !self.seen(view).holds(whole(scene)),
            None => !self.started,
        };
        if again && self.glide.is_none() {
            self.started = true;
            self.fit(view, whole(scene), None);
            self.fitted = Some(now);
        }
    }

    fn target(view: Rect, area: Area) -> (Point, f32) {
        let room = view.shrink(28.0);
        let (w, h) = (area.width().max(120.0), area.height().max(120.0));
        let zoom = (room.width() / w).min(room.height() / h).clamp(ZOOM.0, FIT_MOST);
        (area.centre(), zoom)
    }

    /// Shows all of a world box. `glide` is the time, if it is to glide there.
    pub(super) fn fit(&mut self, view: Rect, area: Area, glide: Option<f64>) {
        self.fitted = None;
        self.go(Self::target(view, area), glide);
    }

    /// Brings a world box into view, no nearer than now.
    pub(super) fn show(&mut self, view: Rect, area: Area, glide: Option<f64>) {
        let margin = 24.0 / self.zoom;
        if self.seen(view).holds(area.grown(margin)) {
            return;
        }
        let (middle, zoom) = Self::target(view, area);
        self.fitted = None;
        self.go((middle, zoom.min(self.zoom.max(0.6))), glide);
    }

    /// Brings a world point to the middle of the view.
    pub(super) fn centre(&mut self, at: Point) {
        self.middle = at;
        self.fitted = None;
        self.glide = None;
    }

    /// The world point in the middle of the view.
    pub(super) fn middle(&self) -> Point {
        self.middle
    }

    /// Shows a world point in the middle, at a zoom.
    pub(super) fn look(&mut self, middle: Point, zoom: f32, glide: Option<f64>) {
        self.fitted = None;
        self.started = true;
        self.go((middle, zoom.clamp(ZOOM.0, ZOOM.1)), glide);
    }

    /// Fits again when the view or the drawing changes, until somebody moves the view.
    pub(super) fn follow(&mut self, view: Rect, phase: usize) {
        self.fitted = Some((view, phase));
    }

    fn go(&mut self, to: (Point, f32), glide: Option<f64>) {
        self.glide = glide.map(|since| Glide { from: (self.middle, self.zoom), to, since });
        if self.glide.is_none() {
            (self.middle, self.zoom) = to;
        }
    }

    /// Zooms so that what is under a screen point stays there.
    pub(super) fn zoom_at(&mut self, view: Rect, at: Pos2, by: f32) {
        let before = self.world_from_screen(view, at);
        self.zoom = (self.zoom * by).clamp(ZOOM.0, ZOOM.1);
        let after = self.world_from_screen(view, at);
        self.middle = self.middle.moved(before.x - after.x, before.y - after.y);
        self.fitted = None;
        self.glide = None;
    }

    fn pan(&mut self, by: Vec2) {
        self.middle = self.middle.moved(-by.x / self.zoom, -by.y / self.zoom);
        self.fitted = None;
        self.glide = None;
    }

    /// Follows wheel, pinch, middle button and space; glides on.
    pub(super) fn steer(&mut self, ui: &Ui, response: &Response, view: Rect, still: bool) {
        if let Some(glide) = &self.glide {
            let t = if still { 1.0 } else { share(ui.input(|i| i.time) - glide.since) };
            let eased = t * t * (3.0 - 2.0 * t);
            self.middle = glide.from.0.towards(glide.to.0, eased);
            self.zoom = glide.from.1 + (glide.to.1 - glide.from.1) * eased;
            if t >= 1.0 {
                self.glide = None;
            } else {
                ui.request_repaint();
            }
        }
        if response.contains_pointer() {
            let (zoom, scroll, at) =
                ui.input(|i| (i.zoom_delta(), i.smooth_scroll_delta(), i.pointer.latest_pos()));
            let at = at.unwrap_or(view.center());
            if (zoom - 1.0).abs() > f32::EPSILON {
                self.zoom_at(view, at, zoom);
            } else if scroll != Vec2::ZERO {
                self.pan(scroll);
            }
        }
        let space = ui.input(|i| i.key_down(Key::Space));
        if response.dragged_by(PointerButton::Middle)
            || (space && response.dragged_by(PointerButton::Primary))
        {
            self.pan(response.drag_delta());
        }
    }

    /// A screen length of a world length.
    pub(super) fn length(&self, world: f32) -> f32 {
        world * self.zoom
    }
}

/// What fitting shows: the drawing, and while there is only the cloud, room for the first sites.
pub(super) fn whole(scene: &Scene) -> Area {
    let cloud = scene.places.internet;
    if scene.places.sites.is_empty() {
        let room = Area { min: cloud.min, max: cloud.min.moved(0.0, FIRST.1) };
        let middle = cloud.centre().x;
        let sides = Area {
            min: pt(middle - FIRST.0 / 2.0, cloud.min.y),
            max: pt(middle + FIRST.0 / 2.0, cloud.max.y),
        };
        return scene.bounds.with(room).with(sides);
    }
    scene.bounds
}

/// How much of a glide is done after some seconds.
#[expect(clippy::cast_possible_truncation, reason = "it is between 0 and 1")]
fn share(seconds: f64) -> f32 {
    (seconds / GLIDE_S).clamp(0.0, 1.0) as f32
}

/// The world's dots in the view: their distance in world units, and where the first one is.
pub(super) fn dots(camera: &Camera, view: Rect) -> Vec<Pos2> {
    let mut step = 24.0;
    while camera.length(step) < 14.0 {
        step *= 2.0;
    }
    let seen = camera.seen(view);
    let (mut out, mut y) = (Vec::new(), (seen.min.y / step).ceil() * step);
    while y <= seen.max.y {
        let mut x = (seen.min.x / step).ceil() * step;
        while x <= seen.max.x {
            let p = camera.screen_from_world(view, pt(x, y));
            out.push(pos2(p.x, p.y));
            x += step;
        }
        y += step;
    }
    out
}
