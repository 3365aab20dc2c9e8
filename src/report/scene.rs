//! The drawing of a phase as a display list in points: the same scene that the window shows, in the
//! colours of paper.

use super::{
    context::{count, subject},
    document::{Anchor, Contour, Drawing, Drawn, Rgb, Segment, Stroke},
    paths::{MailPath, PATHS_MAX},
    values,
};
use crate::{
    analysis::Analysis,
    diagram::{
        self,
        build::parts::{self, Sheet},
        geometry::{Area, Point},
        ink::Ink,
        scene::{self, Align, Fill, Item, Kind, Level, Scene, Shape},
        text::Face,
        ways,
    },
    model::Topology,
    rules::rule::Severity,
    sim::trace::Trace,
};
use std::collections::BTreeSet;

/// The room around the drawing, in points.
const MARGIN: f32 = 4.0;
/// How much of what stands back is seen.
const QUIET: f32 = 0.35;
/// How much of the lines of connectors is seen where mail paths are drawn.
const BEHIND: f32 = 0.4;
/// How a curve's handles lie so that four make a circle.
const ROUND: f32 = 0.552_285;
/// The smallest print of a drawing in its own points.
const SMALL_PRINT: f32 = 10.5;
/// The smallest print that can be read on paper, in points.
const READABLE: f32 = 6.0;
const WHITE: Rgb = [255, 255, 255];

/// The drawing of a scene, made for a room of that width and height in points.
pub(super) fn drawing(scene: &Scene, room: [f32; 2]) -> Drawing {
    of_scene(scene, room, false)
}

fn of_scene(scene: &Scene, room: [f32; 2], paths: bool) -> Drawing {
    let bounds = scene.bounds.grown(MARGIN);
    let level = level(scale(bounds, room));
    let mut items = Vec::new();
    for item in &scene.items {
        push_with(&mut items, item, level, bounds.min, paths);
    }
    Drawing { width: bounds.width(), height: bounds.height(), items }
}

/// How large what has these bounds is shown in a room.
fn scale(bounds: Area, [width, height]: [f32; 2]) -> f32 {
    (width / bounds.width().max(1.0)).min(height / bounds.height().max(1.0))
}

/// How much a drawing tells at a scale.
fn level(scale: f32) -> Level {
    // Paper is read from nearer than a screen, so that it bears more at the same scale.
    Level::of_zoom(scale * 1.3)
}

/// The overview of a phase that is too large for one drawing: servers counted.
pub(super) fn overview(analysis: &Analysis, phase: usize, page: [f32; 2]) -> Drawing {
    let part = parts::overview(&analysis.phases[phase].topology);
    let scene = diagram::build::build_part(analysis, phase, &part);
    let bounds = scene.bounds.grown(MARGIN);
    let scale = scale(bounds, page);
    // Where the small print could not be read, the large names are printed.
    let level = if scale * SMALL_PRINT < READABLE { Level::Middle } else { Level::Near };
    let mut items = Vec::new();
    for item in &scene.items {
        push(&mut items, item, level, bounds.min);
    }
    Drawing { width: bounds.width(), height: bounds.height(), items }
}

/// A sheet with servers of one site, without what leads away from it.
pub(super) fn sheet(analysis: &Analysis, phase: usize, sheet: &Sheet) -> Drawing {
    let scene = diagram::build::build_part(analysis, phase, &sheet.part);
    let away = |item: &&Item| {
        // The cloud, and what was found at it.
        sheet.site.is_some() && item.subject.is_none()
    };
    let kept: Vec<&Item> = scene.items.iter().filter(|item| !away(item)).collect();
    let bounds = kept.iter().map(|item| item.bounds).reduce(Area::with).unwrap_or_default();
    let bounds = bounds.grown(MARGIN);
    let mut items = Vec::new();
    for item in kept {
        push(&mut items, item, Level::Near, bounds.min);
    }
    Drawing { width: bounds.width(), height: bounds.height(), items }
}

/// The drawing of a scene with the mail paths of its phase; lines of connectors stand back.
pub(super) fn with_paths(
    scene: &Scene,
    topology: &Topology,
    paths: &[MailPath],
    room: [f32; 2],
) -> Drawing {
    let mut drawing = of_scene(scene, room, true);
    let origin = scene.bounds.grown(MARGIN).min;
    let traces: Vec<&Trace> = paths.iter().take(PATHS_MAX).map(|path| &path.trace).collect();
    let scale = scale(scene.bounds.grown(MARGIN), room);
    let as_shown = ways::Shown { level: level(scale), larger: (0.65 / scale).max(1.0) };
    let paths = ways::of_traces(scene, topology, &traces, as_shown);
    for (shapes, tag) in [(&paths.lines, Some("MailPath")), (&paths.marks, None)] {
        drawing.items.extend(shapes.iter().map(|shape| shown(shape, origin, 1.0, tag)));
    }
    drawing
}

fn push(items: &mut Vec<Drawn>, item: &Item, level: Level, origin: Point) {
    push_with(items, item, level, origin, false);
}

fn push_with(items: &mut Vec<Drawn>, item: &Item, level: Level, origin: Point, paths: bool) {
    // The first path of an item bears its kind, so that what is drawn can be counted.
    let mut tag = tag(item.kind);
    let seen = if item.quiet { QUIET } else { 1.0 };
    for drawn in item.shapes.iter().filter(|drawn| drawn.seen.at(level)) {
        let is_words = matches!(drawn.shape, Shape::Words(_));
        let behind = paths
            && item.kind == Kind::Connector
            && matches!(drawn.shape, Shape::Line { closed: false, .. });
        let seen = if behind { seen * BEHIND } else { seen };
        items.push(shown(&drawn.shape, origin, seen, if is_words { None } else { tag.take() }));
    }
}

fn shown(shape: &Shape, origin: Point, seen: f32, tag: Option<&'static str>) -> Drawn {
    match shape {
        Shape::Words(words) => Drawn::Words {
            at: place(words.at, origin),
            text: words.text.clone(),
            size: words.size,
            strong: words.face == Face::SemiBold,
            mono: words.face == Face::Mono,
            anchor: match words.align {
                Align::Start => Anchor::Start,
                Align::Middle => Anchor::Middle,
                Align::End => Anchor::End,
            },
            color: faded(color(words.ink), seen),
        },
        shape => path(shape, origin, seen, tag),
    }
}

fn tag(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Site => "Site",
        Kind::Link => "Link",
        Kind::Line => "Line",
        Kind::Connector => "Connector",
        Kind::Server => "Server",
        Kind::Group => "Group",
        _ => return None,
    })
}

fn path(shape: &Shape, origin: Point, seen: f32, tag: Option<&'static str>) -> Drawn {
    let (contour, fill, stroke) = match shape {
        Shape::Box { area, radius, fill, stroke } => {
            (rounded(*area, *radius, origin), *fill, *stroke)
        }
        Shape::Disc { centre, radius, fill, stroke } => {
            let r = *radius;
            let around = diagram::geometry::area(centre.x - r, centre.y - r, 2.0 * r, 2.0 * r);
            (rounded(around, r, origin), *fill, *stroke)
        }
        Shape::Line { points, closed, fill, stroke } => {
            let mut points = points.iter().map(|p| place(*p, origin));
            let start = points.next().unwrap_or_default();
            let segments = points.map(Segment::Line).collect();
            (Contour { start, segments, closed: *closed }, *fill, *stroke)
        }
        Shape::Words(_) => (Contour::default(), None, None),
    };
    Drawn::Path {
        contours: vec![contour],
        fill: fill.map(|fill| ground(fill, seen)),
        stroke: stroke.map(|stroke| edge(stroke, seen)),
        tag,
    }
}

fn ground(fill: Fill, seen: f32) -> Rgb {
    faded(color(fill.ink), fill.cover * seen)
}

fn edge(stroke: scene::Stroke, seen: f32) -> Stroke {
    Stroke {
        color: faded(color(stroke.ink), seen),
        width: stroke.width,
        dash: stroke.dash.map_or_else(Vec::new, |(on, off)| vec![on, off]),
        round: stroke.dash.is_none(),
    }
}

fn place(point: Point, origin: Point) -> [f32; 2] {
    [point.x - origin.x, point.y - origin.y]
}

fn rounded(area: Area, radius: f32, origin: Point) -> Contour {
    let [x, y] = place(area.min, origin);
    let [right, low] = place(area.max, origin);
    let r = radius.min(area.width() / 2.0).min(area.height() / 2.0).max(0.0);
    let k = r * (1.0 - ROUND);
    Contour {
        start: [x + r, y],
        segments: vec![
            Segment::Line([right - r, y]),
            Segment::Curve([right - k, y], [right, y + k], [right, y + r]),
            Segment::Line([right, low - r]),
            Segment::Curve([right, low - k], [right - k, low], [right - r, low]),
            Segment::Line([x + r, low]),
            Segment::Curve([x + k, low], [x, low - k], [x, low - r]),
            Segment::Line([x, y + r]),
            Segment::Curve([x, y + k], [x + k, y], [x + r, y]),
        ],
        closed: true,
    }
}

/// The colour on paper: as on the light screen, but errors in the darker one of the printed marks.
fn color(ink: Ink) -> Rgb {
    let hex = match ink {
        Ink::Error => "#8C2D04",
        Ink::Canvas => "#FFFFFF",
        Ink::SiteLine => "#8A95A3",
        other => diagram::svg::colour(other),
    };
    let part = |at: usize| hex.get(at..at + 2).and_then(|h| u8::from_str_radix(h, 16).ok());
    [part(1).unwrap_or(0), part(3).unwrap_or(0), part(5).unwrap_or(0)]
}

/// A colour as it looks when only so much of it covers white.
fn faded(color: Rgb, cover: f32) -> Rgb {
    let cover = cover.clamp(0.0, 1.0);
    let mut out = WHITE;
    for (to, from) in out.iter_mut().zip(color) {
        let mixed = f32::from(from) * cover + 255.0 * (1.0 - cover);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a mixture of two values from 0 to 255 lies between them"
        )]
        {
            *to = mixed.round() as u8;
        }
    }
    out
}

/// What a drawing shows, in words: the mail paths and what is wrong with them.
pub(super) fn caption(analysis: &Analysis, phase: usize) -> String {
    let this = &analysis.phases[phase];
    let topology = &this.topology;
    let mut parts = vec![format!(
        "{}, {}, {}, {}.",
        count(topology.sites.len(), "site"),
        count(topology.servers.len(), "server"),
        count(topology.links.len(), "WAN link"),
        count(topology.lines.len(), "Internet line"),
    )];
    for link in topology.links.values().take(3) {
        let latency = link.latency_ms.map_or(String::new(), |ms| format!(", {ms} ms"));
        parts.push(format!("{}: {}{latency}.", link.name, values::bandwidth(link.bandwidth_kbit)));
    }
    let wrong: BTreeSet<String> = this
        .findings
        .iter()
        .filter(|f| f.severity == Severity::Error && analysis.waived(f).is_none())
        .map(|f| subject(topology, &f.subject))
        .collect();
    if !wrong.is_empty() {
        let list: Vec<String> = wrong.into_iter().take(4).collect();
        parts.push(format!("Mail fails at {}: see section Findings.", list.join(", ")));
    }
    parts.join(" ")
}
