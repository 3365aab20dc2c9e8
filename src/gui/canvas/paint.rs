//! A scene on the screen: what is in view, at the level of its zoom, in the theme's colours. The
//! shapes are kept until the scene or the view changes.

use super::{
    CanvasInput, CanvasState,
    camera::{Camera, dots},
};
use crate::{
    diagram::{
        geometry::{Area, Point},
        ink::Ink,
        overlay::Overlay,
        scene::{Align, Drawn, Fill, Kind, Level, Scene, Shape, Stroke, Words},
        text::Face,
    },
    gui::theme::{Theme, semi_bold},
};
use eframe::egui::{
    self, Color32, CornerRadius, FontId, Mesh, Painter, Pos2, Rect, StrokeKind,
    epaint::{CircleShape, ClippedShape, PathShape, Primitive, RectShape},
    vec2,
};

/// How much is left of the colour of what stands back.
const QUIET: f32 = 0.35;
/// Smaller letters than this, in points, are not drawn.
const LEAST_LETTERS: f32 = 5.0;

/// Lower boxes than this, in world units, are labels: their letters have the size below.
const LABEL: f32 = 28.0;
const LABEL_LETTERS: f32 = 11.0;

/// Whether the letters of labels are drawn at this zoom.
pub(super) fn labels_are_legible(camera: &Camera) -> bool {
    camera.length(LABEL_LETTERS) >= LEAST_LETTERS
}

/// Shapes that were made, and for what.
pub(super) struct Painted {
    key: Key,
    shapes: Vec<egui::Shape>,
    /// How full the texture of letters was. Once it is less full it was made anew, and letters that
    /// were laid out before point to places where others stand.
    letters: f32,
}

#[derive(PartialEq)]
struct Key {
    scene: u64,
    corner: Pos2,
    view: Rect,
    zoom: f32,
    theme: Theme,
    pixels: f32,
}

/// Draws the ground, the scene, and the way of a message on top.
pub(super) fn scene(
    painter: &Painter,
    input: &CanvasInput<'_>,
    state: &mut CanvasState,
    (scene, number): (&Scene, u64),
    overlay: Option<&Overlay>,
    view: Rect,
) {
    let camera = &state.camera;
    let key = Key {
        scene: number,
        corner: camera.screen_from_world(view, Point::default()),
        view,
        zoom: camera.zoom,
        theme: *input.theme,
        pixels: painter.pixels_per_point(),
    };
    // A new font atlas (another theme, too many letters) makes painted letters point nowhere.
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method alone is not general enough in its lifetime"
    )]
    let letters = || painter.fonts(|fonts| fonts.font_atlas_fill_ratio());
    let fits = |painted: &Painted| painted.key == key && painted.letters <= letters();
    if !state.painted.as_ref().is_some_and(fits) {
        let pen = Pen { painter, camera, view, theme: input.theme, quiet: false };
        let mut shapes = vec![ground(&pen)];
        items(&pen, scene, &mut shapes);
        let shapes = baked(painter, shapes);
        state.painted = Some(Painted { key, shapes, letters: 0.0 });
    }
    if let Some(painted) = &mut state.painted {
        painted.letters = letters();
        painter.extend(painted.shapes.iter().cloned());
    }
    if let Some(overlay) = overlay {
        let pen = Pen { painter, camera, view, theme: input.theme, quiet: false };
        let mut shapes = Vec::new();
        for drawn in &overlay.under {
            pen.shape(&drawn.shape, &mut shapes);
        }
        labels(&pen, scene, &mut shapes);
        let legible = labels_are_legible(camera);
        for drawn in &overlay.shapes {
            // A label's box without its words says nothing.
            let label = matches!(&drawn.shape, Shape::Box { area, .. } if area.height() < LABEL);
            if legible || !label {
                pen.shape(&drawn.shape, &mut shapes);
            }
        }
        painter.extend(shapes);
    }
}

/// Lines and boxes as triangles, made once and not in each frame. Letters and discs stay as they are:
/// theirs point into the texture of letters, which may grow.
fn baked(painter: &Painter, shapes: Vec<egui::Shape>) -> Vec<egui::Shape> {
    let (mut out, mut run) = (Vec::with_capacity(shapes.len()), Vec::new());
    for shape in shapes {
        let plain = matches!(
            shape,
            egui::Shape::Path(_) | egui::Shape::LineSegment { .. } | egui::Shape::Rect(_)
        );
        if plain {
            run.push(ClippedShape::new(painter.clip_rect(), shape));
        } else {
            bake(painter, &mut run, &mut out);
            out.push(shape);
        }
    }
    bake(painter, &mut run, &mut out);
    out
}

fn bake(painter: &Painter, run: &mut Vec<ClippedShape>, out: &mut Vec<egui::Shape>) {
    let made = painter.ctx().tessellate(std::mem::take(run), painter.pixels_per_point());
    out.extend(made.into_iter().filter_map(|part| match part.primitive {
        Primitive::Mesh(mesh) => Some(egui::Shape::mesh(mesh)),
        Primitive::Callback(_) => None,
    }));
}

/// The labels of connectors and groups, and the signs, once more: the way of a message runs under
/// them.
fn labels(pen: &Pen<'_>, scene: &Scene, shapes: &mut Vec<egui::Shape>) {
    let level = Level::of_zoom(pen.camera.zoom);
    for item in &scene.items {
        let pen = Pen { quiet: item.quiet, ..*pen };
        for drawn in item.shapes.iter().filter(|drawn| drawn.seen.at(level)) {
            let label = match (item.kind, &drawn.shape) {
                (Kind::Finding, _) => true,
                (Kind::Connector | Kind::Group, Shape::Words(_)) => true,
                (Kind::Connector | Kind::Group, Shape::Box { area, .. }) => *area == item.label,
                _ => false,
            };
            if label {
                pen.shape(&drawn.shape, shapes);
            }
        }
    }
}

/// The canvas's colour and dots, as one mesh.
fn ground(pen: &Pen<'_>) -> egui::Shape {
    let mut mesh = Mesh::default();
    mesh.add_colored_rect(pen.view, pen.theme.canvas);
    for dot in dots(pen.camera, pen.view) {
        mesh.add_colored_rect(Rect::from_center_size(dot, vec2(1.8, 1.8)), pen.theme.dot);
    }
    egui::Shape::mesh(mesh)
}

fn items(pen: &Pen<'_>, scene: &Scene, shapes: &mut Vec<egui::Shape>) {
    let level = Level::of_zoom(pen.camera.zoom);
    let seen = pen.camera.seen(pen.view).grown(40.0 / pen.camera.zoom);
    for item in &scene.items {
        let around = item.bounds.grown(60.0);
        if !seen.overlaps(around) && item.kind != Kind::Line {
            continue;
        }
        let pen = Pen { quiet: item.quiet, ..*pen };
        for Drawn { seen, shape } in &item.shapes {
            if seen.at(level) {
                pen.shape(shape, shapes);
            }
        }
    }
}

/// Draws shapes of the world on the screen.
pub(super) struct Pen<'a> {
    pub(super) painter: &'a Painter,
    pub(super) camera: &'a Camera,
    pub(super) view: Rect,
    pub(super) theme: &'a Theme,
    /// Whether what is drawn stands back.
    pub(super) quiet: bool,
}

impl Pen<'_> {
    fn at(&self, p: Point) -> Pos2 {
        self.camera.screen_from_world(self.view, p)
    }

    /// What stands back is mixed with the ground and still covers, so that no line shows through.
    fn colour(&self, ink: Ink) -> Color32 {
        let colour = self.theme.ink(ink);
        if self.quiet { self.theme.canvas.lerp_to_gamma(colour, QUIET) } else { colour }
    }

    fn fill(&self, fill: Option<Fill>) -> Color32 {
        fill.map_or(Color32::TRANSPARENT, |fill| self.colour(fill.ink).gamma_multiply(fill.cover))
    }

    fn stroke(&self, stroke: Option<Stroke>) -> egui::Stroke {
        stroke.map_or(egui::Stroke::NONE, |stroke| {
            // Thin lines stay visible from afar.
            let width = self.camera.length(stroke.width).max(stroke.width.min(1.0));
            egui::Stroke::new(width, self.colour(stroke.ink))
        })
    }

    /// Draws one shape.
    pub(super) fn shape(&self, shape: &Shape, out: &mut Vec<egui::Shape>) {
        match shape {
            Shape::Box { area, radius, fill, stroke } => {
                self.boxed(*area, *radius, (*fill, *stroke), out);
            }
            Shape::Disc { centre, radius, fill, stroke } => {
                out.push(egui::Shape::Circle(CircleShape {
                    center: self.at(*centre),
                    radius: self.camera.length(*radius),
                    fill: self.fill(*fill),
                    stroke: self.stroke(*stroke),
                }));
            }
            Shape::Line { points, closed, fill, stroke } => {
                self.path(points, *closed, (*fill, *stroke), out);
            }
            Shape::Words(words) => self.words(words, out),
        }
    }

    fn boxed(
        &self,
        area: Area,
        radius: f32,
        (fill, stroke): (Option<Fill>, Option<Stroke>),
        out: &mut Vec<egui::Shape>,
    ) {
        let rect = self.camera.rect(self.view, area);
        let dashed = stroke.is_some_and(|s| s.dash.is_some());
        let edge = if dashed { egui::Stroke::NONE } else { self.stroke(stroke) };
        out.push(egui::Shape::Rect(RectShape::new(
            rect,
            corner(self.camera.length(radius)),
            self.fill(fill),
            edge,
            StrokeKind::Middle,
        )));
        if dashed {
            let corners = crate::diagram::geometry::rounded_loop(&area.corners(), radius);
            self.path(&corners, true, (None, stroke), out);
        }
    }

    fn path(
        &self,
        points: &[Point],
        closed: bool,
        (fill, stroke): (Option<Fill>, Option<Stroke>),
        out: &mut Vec<egui::Shape>,
    ) {
        let mut on_screen = thinned(points.iter().map(|p| self.at(*p)), points.len());
        let line = self.stroke(stroke);
        if let Some((on, off)) = stroke.and_then(|s| s.dash) {
            if closed {
                on_screen.extend(on_screen.first().copied());
            }
            let (on, off) = (self.camera.length(on).max(2.0), self.camera.length(off).max(2.0));
            egui::Shape::dashed_line_many(&on_screen, line, on, off, out);
            return;
        }
        let fill = self.fill(fill);
        // What has become a dot is not seen.
        if on_screen.len() < if closed { 3 } else { 2 } {
            return;
        }
        out.push(egui::Shape::Path(PathShape {
            points: on_screen,
            closed,
            fill,
            stroke: line.into(),
        }));
    }

    fn words(&self, words: &Words, out: &mut Vec<egui::Shape>) {
        let size = self.camera.length(words.size);
        if size < LEAST_LETTERS || words.text.is_empty() {
            return;
        }
        // Steps of a quarter point keep the number of letters in the texture down.
        let size = (size * 4.0).round() / 4.0;
        let colour = self.colour(words.ink);
        let galley =
            self.painter.layout_no_wrap(words.text.clone(), font(words.face, size), colour);
        let ascent = galley
            .rows
            .first()
            .and_then(|row| row.row.glyphs.first())
            .map_or(size * 0.8, |glyph| glyph.pos.y);
        let at = self.at(words.at);
        let left = match words.align {
            Align::Start => 0.0,
            Align::Middle => galley.size().x / 2.0,
            Align::End => galley.size().x,
        };
        out.push(egui::Shape::galley(Pos2::new(at.x - left, at.y - ascent), galley, colour));
    }
}

/// A line without the points that nobody can tell from the one before: from afar, round corners are
/// most of a drawing's triangles.
fn thinned(points: impl Iterator<Item = Pos2>, count: usize) -> Vec<Pos2> {
    const NEAR: f32 = 0.75;
    let mut out: Vec<Pos2> = Vec::with_capacity(count);
    for (number, point) in points.enumerate() {
        let near = out.last().is_some_and(|last| last.distance_sq(point) < NEAR * NEAR);
        if !near {
            out.push(point);
        } else if number + 1 == count && out.len() > 1 {
            // A line ends where it ends.
            out.pop();
            out.push(point);
        }
    }
    out
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is between 0 and 255"
)]
fn corner(radius: f32) -> CornerRadius {
    CornerRadius::same(radius.round().clamp(0.0, 255.0) as u8)
}

/// The window's font of a face.
pub(super) fn font(face: Face, size: f32) -> FontId {
    match face {
        Face::Sans => FontId::proportional(size),
        Face::SemiBold => FontId::new(size, semi_bold()),
        Face::Mono => FontId::monospace(size),
    }
}
