//! Numbered mail paths of a phase: who sends to whom, over which servers, by which name, with what
//! verdict. The same numbers stand on the drawing and in the table that says it in words.

use super::{
    context::of_disposition,
    document::{Anchor, Cell, Contour, Drawn, Mark, Rgb, Segment, Stroke, Table, Text},
    values,
};
use crate::{
    analysis::Analysis,
    diagram::{overlay, scene::Scene},
    model::{Topology, id::SiteId, promise::End},
    sim::trace::{Disposition, StepKind, Trace},
};
use std::collections::BTreeSet;

/// As many paths are numbered; more crowd the drawing.
const PATHS_MAX: usize = 9;
/// As many lines has the table.
const ROWS_MAX: usize = 30;
/// How far beside each other paths of one stretch are drawn, in points.
const APART: f32 = 5.0;
/// The radius of a number's disc.
const DISC: f32 = 8.0;

/// A mail path.
pub(super) struct MailPath {
    /// What it is: `inbound London`, `London → Leeds`.
    pub(super) what: String,
    /// The way.
    pub(super) trace: Trace,
    /// Lengths of dash and gap: paths are told apart without colour too.
    dash: Vec<f32>,
}

/// The paths of a phase: inbound and outbound of every site with users, then between sites.
pub(super) fn paths(analysis: &Analysis, phase: usize) -> Vec<MailPath> {
    let topology = &analysis.phases[phase].topology;
    let sites: BTreeSet<&SiteId> =
        topology.mailboxes.values().filter_map(|m| m.users_at.as_ref()).collect();
    let site = |id: &SiteId| End::Site(id.clone());
    let mut ends: Vec<(String, End, End, Vec<f32>)> = Vec::new();
    let name = |id: &SiteId| values::name_of_site(topology, id);
    for id in &sites {
        ends.push((format!("inbound {}", name(id)), End::Internet, site(id), vec![]));
    }
    for a in &sites {
        for b in sites.iter().filter(|b| *b != a) {
            ends.push((format!("{} → {}", name(a), name(b)), site(a), site(b), vec![1.5, 2.5]));
        }
        if ends.len() > ROWS_MAX * 2 {
            break;
        }
    }
    for id in &sites {
        ends.push((format!("outbound {}", name(id)), site(id), End::Internet, vec![7.0, 3.0]));
    }
    ends.truncate(ROWS_MAX);
    let nothing = BTreeSet::new();
    ends.into_iter()
        .map(|(what, from, to, dash)| MailPath {
            what,
            trace: analysis.trace(phase, &from, &to, &nothing),
            dash,
        })
        .collect()
}

/// How many paths of a phase are not told: between very many sites there are too many.
pub(super) fn untold(topology: &Topology) -> usize {
    let sites: BTreeSet<&SiteId> =
        topology.mailboxes.values().filter_map(|m| m.users_at.as_ref()).collect();
    (sites.len() * (sites.len() + 1)).saturating_sub(ROWS_MAX)
}

/// The paths in words.
pub(super) fn table(topology: &Topology, paths: &[MailPath]) -> Table {
    let mut table = Table::new(
        &["No", "Path", "Over", "Name that is asked, and what it gives", "Verdict"],
        "Nobody has a mailbox, so that no mail has a path",
    );
    for (at, path) in paths.iter().enumerate() {
        let trace = &path.trace;
        let over: Vec<String> =
            trace.path.iter().map(|id| values::name_of_server(topology, id)).collect();
        let asked: Vec<Text> = trace
            .hops
            .iter()
            .flat_map(|hop| &hop.steps)
            .filter(|step| matches!(step.kind, StepKind::Name | StepKind::Answer))
            .take(6)
            .map(|step| Text::weak(step.text.as_str()))
            .collect();
        let arrived =
            matches!(trace.disposition, Disposition::Delivered | Disposition::LeftForInternet);
        let mut verdict = vec![Text::from(trace.disposition.name())];
        if !arrived {
            verdict.push(Text::weak(trace.reason.as_str()));
        }
        table.rows.push(vec![
            Cell::from(Text::strong((at + 1).to_string())),
            Cell::from(path.what.as_str()),
            Cell::from(over.join(" → ")),
            Cell::lines(asked),
            Cell { mark: Some(of_disposition(trace.disposition)), lines: verdict },
        ]);
    }
    table
}

/// The paths in a sentence each: what the drawing says to those who cannot see it.
pub(super) fn spoken(topology: &Topology, paths: &[MailPath]) -> String {
    let said = paths.iter().take(PATHS_MAX).enumerate().map(|(at, path)| {
        let over = path.trace.path.iter().map(|id| values::name_of_server(topology, id));
        let over = over.collect::<Vec<_>>().join(", ");
        let verdict = path.trace.disposition.name();
        let way = if over.is_empty() { String::new() } else { format!(" over {over}") };
        format!("Path {}, {}{way}: {verdict}.", at + 1, path.what)
    });
    said.collect::<Vec<_>>().join(" ")
}

/// The paths as lines with numbers, to stand on the drawing of their phase.
pub(super) fn drawn(
    scene: &Scene,
    topology: &Topology,
    paths: &[MailPath],
    origin: [f32; 2],
) -> Vec<Drawn> {
    let mut lines = Vec::new();
    let mut discs: Vec<[f32; 2]> = Vec::new();
    let mut numbers = Vec::new();
    for (at, path) in paths.iter().take(PATHS_MAX).enumerate() {
        let color = color(of_disposition(path.trace.disposition));
        let shift = (at as f32 - (paths.len().min(PATHS_MAX) as f32 - 1.0) / 2.0) * APART;
        let ways = overlay::of_trace(scene, topology, &path.trace).ways;
        let ways: Vec<Vec<[f32; 2]>> = ways
            .iter()
            .map(|way| {
                let points: Vec<[f32; 2]> =
                    way.iter().map(|p| [p.x - origin[0], p.y - origin[1]]).collect();
                beside(&points, shift)
            })
            .collect();
        for way in &ways {
            lines.extend(line(way, color, &path.dash));
        }
        let longest = ways.iter().max_by(|a, b| length(a).total_cmp(&length(b)));
        if let Some(place) = longest.map(|way| free(way, &discs)) {
            discs.push(place);
            numbers.extend(disc(place, at + 1, color));
        }
    }
    lines.extend(numbers);
    lines
}

fn color(mark: Mark) -> Rgb {
    match mark {
        Mark::Pass | Mark::Note => [0x00, 0x66, 0x4b],
        Mark::Unknown | Mark::Dash => [0x5b, 0x67, 0x70],
        Mark::Error | Mark::Warning => [0x8c, 0x2d, 0x04],
    }
}

/// A way beside itself, so that several along one stretch are seen.
fn beside(points: &[[f32; 2]], by: f32) -> Vec<[f32; 2]> {
    let normal = |a: [f32; 2], b: [f32; 2]| {
        let (x, y) = (b[0] - a[0], b[1] - a[1]);
        let length = x.hypot(y).max(0.01);
        // Of both directions of a stretch the same side is the upper one.
        let side = if x < 0.0 || (x == 0.0 && y < 0.0) { -1.0 } else { 1.0 };
        [-y / length * side, x / length * side]
    };
    let last = points.len().saturating_sub(1);
    (0..points.len())
        .map(|at| {
            let [x, y] = normal(points[at.saturating_sub(1)], points[(at + 1).min(last)]);
            [points[at][0] + x * by, points[at][1] + y * by]
        })
        .collect()
}

fn line(points: &[[f32; 2]], color: Rgb, dash: &[f32]) -> Option<Drawn> {
    let (first, rest) = points.split_first()?;
    let segments = rest.iter().map(|p| Segment::Line(*p)).collect();
    let stroke = Stroke { color, width: 1.3, dash: dash.to_vec(), round: dash.is_empty() };
    let contours = vec![Contour { start: *first, segments, closed: false }];
    Some(Drawn::Path { contours, fill: None, stroke: Some(stroke), tag: Some("MailPath") })
}

fn length(points: &[[f32; 2]]) -> f32 {
    points.windows(2).map(|w| (w[1][0] - w[0][0]).hypot(w[1][1] - w[0][1])).sum()
}

/// A place on the way for a number: the nearest to its middle that no other number has.
fn free(way: &[[f32; 2]], taken: &[[f32; 2]]) -> [f32; 2] {
    let whole = length(way);
    let shares = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9];
    let places = shares.map(|share| along(way, whole * share));
    let clear =
        |p: &[f32; 2]| taken.iter().all(|t| (t[0] - p[0]).hypot(t[1] - p[1]) > DISC * 2.0 + 2.0);
    places.into_iter().find(clear).unwrap_or(places[0])
}

fn along(way: &[[f32; 2]], mut far: f32) -> [f32; 2] {
    for pair in way.windows(2) {
        let [a, b] = [pair[0], pair[1]];
        let step = (b[0] - a[0]).hypot(b[1] - a[1]);
        if far <= step && step > 0.0 {
            let t = far / step;
            return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
        }
        far -= step;
    }
    way.last().copied().unwrap_or_default()
}

fn disc([x, y]: [f32; 2], number: usize, color: Rgb) -> [Drawn; 2] {
    let (r, k) = (DISC, DISC * 0.552_285);
    let circle = Contour {
        start: [x + r, y],
        segments: vec![
            Segment::Curve([x + r, y + k], [x + k, y + r], [x, y + r]),
            Segment::Curve([x - k, y + r], [x - r, y + k], [x - r, y]),
            Segment::Curve([x - r, y - k], [x - k, y - r], [x, y - r]),
            Segment::Curve([x + k, y - r], [x + r, y - k], [x + r, y]),
        ],
        closed: true,
    };
    let stroke = Stroke { color, width: 1.3, dash: vec![], round: true };
    [
        Drawn::Path {
            contours: vec![circle],
            fill: Some([255, 255, 255]),
            stroke: Some(stroke),
            tag: None,
        },
        Drawn::Words {
            at: [x, y + 3.6],
            text: number.to_string(),
            size: 10.5,
            strong: true,
            mono: false,
            anchor: Anchor::Middle,
            color,
        },
    ]
}
