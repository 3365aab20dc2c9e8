//! Mail paths by number over a scene: each stretch is drawn once, with the numbers of all paths that take
//! it, apart only where some arrive and others do not.

use super::{
    geometry::{Area, Point, length, pt, rounded},
    ink::Ink,
    labels::{Taken, on_line},
    overlay::{Leg, legs},
    roads::{End, Roads, Terrain, sides},
    route::{self, Side},
    scene::{Align, Kind, Level, Scene, Shape, Stroke, Words, dashed, line, polyline, solid},
    symbols::{Sign, arrow_head, sign},
    text::{Face, width},
};
use crate::{
    model::Topology,
    sim::trace::{Disposition, Trace},
};
use std::collections::{BTreeMap, BTreeSet};

/// How far beside each other paths of one pipe are drawn that end differently.
const APART: f32 = 6.0;
/// The size of a number, and the height of its pill, on a drawing that is shown as large as it is.
const NUMBER: f32 = 10.5;
const PILL: f32 = 16.0;

/// How the scene will be shown.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// The level of detail: what is not shown needs no room.
    pub level: Level,
    /// How much larger than usual numbers, lines and signs are drawn, for a drawing that is shown small.
    pub larger: f32,
}

/// How a path ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Arrives,
    Unknown,
    Fails,
}

impl Fate {
    fn of(disposition: Disposition) -> Self {
        match disposition {
            Disposition::Delivered | Disposition::LeftForInternet => Self::Arrives,
            Disposition::CannotTell => Self::Unknown,
            _ => Self::Fails,
        }
    }

    fn ink(self) -> Ink {
        match self {
            Self::Arrives => Ink::Good,
            Self::Unknown => Ink::Weak,
            Self::Fails => Ink::Error,
        }
    }

    /// Told apart without colour too.
    fn stroke(self, larger: f32) -> Stroke {
        match self {
            Self::Arrives => line(self.ink(), 1.6 * larger),
            Self::Unknown => dashed(self.ink(), 1.6 * larger, 1.5 * larger, 3.0 * larger),
            Self::Fails => dashed(self.ink(), 1.8 * larger, 6.0 * larger, 3.0 * larger),
        }
    }
}

/// A box as a key: its corners, rounded to a unit.
type Place = [i32; 4];

/// What is drawn once: both ends in their order, and how its paths end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    pipe: bool,
    ends: [Place; 2],
    fate: Fate,
}

/// A stretch, with the paths that take it in its direction and against it.
#[derive(Clone, Debug)]
struct Stretch {
    from: Area,
    to: Area,
    way: Vec<Point>,
    there: BTreeSet<usize>,
    back: BTreeSet<usize>,
}

/// Mail paths as they are drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MailPaths {
    /// The lines, one a stretch.
    pub lines: Vec<Shape>,
    /// Arrow heads, crosses where paths end, and the numbers, on top of everything.
    pub marks: Vec<Shape>,
}

/// The paths of some traces over a scene of the same phase; their numbers are 1, 2, 3.
pub fn of_traces(scene: &Scene, topology: &Topology, traces: &[&Trace], shown: Shown) -> MailPaths {
    let mut order: Vec<Key> = Vec::new();
    let mut stretches: BTreeMap<Key, Stretch> = BTreeMap::new();
    let mut stops = Vec::new();
    for (at, trace) in traces.iter().enumerate() {
        let fate = Fate::of(trace.disposition);
        let (legs, stop) = legs(scene, topology, trace);
        let mut last = None;
        for leg in legs {
            let Some((key, turned, new)) = keyed(scene, leg, fate) else { continue };
            if !stretches.contains_key(&key) {
                order.push(key);
            }
            let stretch = stretches.entry(key).or_insert(new);
            if turned { &mut stretch.back } else { &mut stretch.there }.insert(at + 1);
            last = Some((key, turned));
        }
        if let Some(stop) = stop {
            stops.push((stop, fate, last));
        }
    }
    // Pipes first: what leads to them keeps off them.
    order.sort_by_key(|key| !key.pipe);
    lay(scene, &order, &mut stretches, shown);
    drawn(scene, &order, &stretches, &stops, shown)
}

/// The key of a leg, whether the leg runs against it, and the stretch that it begins. None for a leg
/// that leads nowhere.
fn keyed(scene: &Scene, leg: Leg, fate: Fate) -> Option<(Key, bool, Stretch)> {
    let (pipe, from, to, mut way) = match leg {
        Leg::Over(from, to) => (false, station(scene, from), station(scene, to), vec![]),
        Leg::Along(way) => {
            let (first, last) = (*way.first()?, *way.last()?);
            (true, dot(first), dot(last), outside(way, scene.places.internet))
        }
    };
    if !pipe && from.grown(1.0).overlaps(to) {
        return None;
    }
    let ends = [place(from), place(to)];
    let turned = ends[1] < ends[0];
    let (ends, from, to) = if turned { ([ends[1], ends[0]], to, from) } else { (ends, from, to) };
    if turned {
        way.reverse();
    }
    let (there, back) = (BTreeSet::new(), BTreeSet::new());
    Some((Key { pipe, ends, fate }, turned, Stretch { from, to, way, there, back }))
}

#[expect(clippy::cast_possible_truncation, reason = "a drawing is far smaller than 2^31")]
fn place(area: Area) -> Place {
    [area.min.x, area.min.y, area.max.x, area.max.y].map(|v| v.round() as i32)
}

fn dot(at: Point) -> Area {
    Area { min: at, max: at }
}

/// The box at which a leg really ends: a point at a firewall or in the cloud is that.
fn station(scene: &Scene, end: Area) -> Area {
    if end.width() > 0.0 || end.height() > 0.0 {
        return end;
    }
    let at = |kind: Kind, grown: f32| {
        let items = scene.items.iter().filter(move |item| item.kind == kind);
        items.map(|item| item.bounds).find(|b| b.grown(grown).contains(end.min))
    };
    at(Kind::Firewall, 4.0).or_else(|| at(Kind::Internet, 0.0)).unwrap_or(end)
}

/// A way without what the cloud covers, but for a tip that touches it.
fn outside(way: Vec<Point>, cloud: Area) -> Vec<Point> {
    const TIP: f32 = 6.0;
    let inner = cloud.grown(-TIP);
    let free = |p: &Point| !inner.contains(*p);
    let (Some(first), Some(last)) = (way.iter().position(free), way.iter().rposition(free)) else {
        return way;
    };
    let edge = |hidden: Option<&Point>, seen: Point| hidden.map(|p| border(inner, *p, seen));
    let start = edge(first.checked_sub(1).and_then(|at| way.get(at)), way[first]);
    let end = edge(way.get(last + 1), way[last]);
    start.into_iter().chain(way[first..=last].iter().copied()).chain(end).collect()
}

/// Where the straight line between a point in a box and one that is not leaves it.
fn border(of: Area, mut within: Point, mut beyond: Point) -> Point {
    for _ in 0..12 {
        let middle = within.towards(beyond, 0.5);
        if of.contains(middle) {
            within = middle;
        } else {
            beyond = middle;
        }
    }
    beyond
}

/// Gives every stretch its way.
fn lay(scene: &Scene, order: &[Key], stretches: &mut BTreeMap<Key, Stretch>, shown: Shown) {
    for key in order.iter().filter(|key| key.pipe) {
        let same = |other: &&Key| other.pipe && other.ends == key.ends;
        let beside: Vec<Fate> = order.iter().filter(same).map(|key| key.fate).collect();
        let lane = beside.iter().filter(|fate| **fate < key.fate).count() as f32;
        let shift = (lane - (beside.len() as f32 - 1.0) / 2.0) * APART;
        if let Some(stretch) = stretches.get_mut(key) {
            stretch.way = shifted(&stretch.way, shift);
        }
    }
    let over: Vec<&Key> = order.iter().filter(|key| !key.pipe).collect();
    let mut roads = Roads::new(terrain(scene, stretches.values(), shown.level), over.len());
    let mut trunks: Vec<(Place, Fate)> = Vec::new();
    for key in over {
        let Some(stretch) = stretches.get_mut(key) else { continue };
        let (from, to) = (stretch.from, stretch.to);
        // What goes to one firewall or pipe is one line with several ends; between cards each has its own.
        let is_card = |end: &Area| scene.places.cards.values().any(|card| card == end);
        let trunk = [from, to].into_iter().find(|end| !is_card(end)).map_or(key.ends[0], place);
        let same = trunks.iter().position(|other| *other == (trunk, key.fate));
        let at = same.filter(|_| !(is_card(&from) && is_card(&to))).unwrap_or(trunks.len());
        if at == trunks.len() {
            trunks.push((trunk, key.fate));
        }
        let Ok(number) = u32::try_from(at + 1) else { continue };
        let laid = roads.as_mut().and_then(|roads| {
            let [start, end] = [(from, to), (to, from)].map(|(of, other)| End {
                of,
                sides: within(scene, of).unwrap_or_else(|| sides(scene.places.internet, of, other)),
                aim: of.centre(),
            });
            Some(rounded(&roads.lay(number, start, end)?, 10.0))
        });
        stretch.way = laid.unwrap_or_else(|| {
            let cards: Vec<Area> = scene.places.cards.values().copied().collect();
            let (out, into) = route::facing(from, to);
            let ports = (route::port(from, out, 0.0), route::port(to, into, 0.0));
            rounded(&route::route(ports.0, ports.1, &cards), 10.0)
        });
    }
}

/// The side of a pipe's end that looks into its site.
fn within(scene: &Scene, end: Area) -> Option<&'static [Side]> {
    let at = (end.width() <= 0.0 && end.height() <= 0.0).then_some(end.min)?;
    let sites = scene.places.sites.values();
    let site = sites.min_by(|a, b| a.off(at).total_cmp(&b.off(at)))?;
    let sides: [(f32, &'static [Side]); 4] = [
        (at.x - site.min.x, &[Side::Right]),
        (site.max.x - at.x, &[Side::Left]),
        (at.y - site.min.y, &[Side::Bottom]),
        (site.max.y - at.y, &[Side::Top]),
    ];
    sides.into_iter().min_by(|a, b| a.0.abs().total_cmp(&b.0.abs())).map(|(_, sides)| sides)
}

/// A way beside itself.
fn shifted(way: &[Point], by: f32) -> Vec<Point> {
    let last = way.len().saturating_sub(1);
    let beside = |at: usize| {
        let (a, b) = (way[at.saturating_sub(1)], way[(at + 1).min(last)]);
        let far = a.distance(b).max(0.01);
        way[at].moved(-(b.y - a.y) / far * by, (b.x - a.x) / far * by)
    };
    (0..way.len()).map(beside).collect()
}

fn terrain<'a>(
    scene: &Scene,
    stretches: impl Iterator<Item = &'a Stretch>,
    level: Level,
) -> Terrain {
    let of = |kind: Kind| scene.items.iter().filter(move |item| item.kind == kind);
    let sites = || scene.places.sites.values().copied();
    let hulls: Vec<Area> = of(Kind::Group).flat_map(|item| item.parts.iter().copied()).collect();
    let firewalls = of(Kind::Firewall).map(|item| item.bounds);
    let signs = of(Kind::Finding).map(|item| item.bounds);
    let cards = scene.places.cards.values().copied();
    let mut ends = Vec::new();
    for stretch in stretches {
        ends.extend([stretch.from.centre(), stretch.to.centre()]);
    }
    let drawn = [Kind::Link, Kind::Line, Kind::Connector].into_iter().flat_map(of);
    let rails = drawn.flat_map(|item| item.routes.iter().flat_map(|way| way.windows(2)));
    Terrain {
        bounds: scene.bounds.grown(40.0),
        anchors: cards.clone().map(Area::centre).chain(ends).collect(),
        walls: cards
            .chain(firewalls)
            .chain(signs)
            .chain(written(scene, level))
            .chain([scene.places.internet])
            .collect(),
        rooms: sites().map(|site| (site, 1.5)).collect(),
        edges: sites().chain(hulls).collect(),
        rails: rails.map(|pair| (pair[0], pair[1])).collect(),
        pitch: 12.0,
        clear: 3.0,
    }
}

/// What is written on a scene, with the pills of its lines and hulls.
fn written(scene: &Scene, level: Level) -> impl Iterator<Item = Area> {
    scene.items.iter().flat_map(move |item| {
        let near = level == Level::Near;
        let pill = matches!(item.kind, Kind::Connector | Kind::Group).then_some(item.label);
        let pill = pill.filter(|_| near);
        let near = item.shapes.iter().filter(move |drawn| drawn.seen.at(level));
        let words = near.filter_map(|drawn| match &drawn.shape {
            Shape::Words(words) => Some(words.bounds()),
            _ => None,
        });
        words.chain(pill.filter(|label| label.width() > 0.0))
    })
}

/// A place where a path ends before its time, its fate, and the stretch on which it came there.
type Stop = (Point, Fate, Option<(Key, bool)>);

fn drawn(
    scene: &Scene,
    order: &[Key],
    stretches: &BTreeMap<Key, Stretch>,
    stops: &[Stop],
    shown: Shown,
) -> MailPaths {
    let larger = shown.larger;
    let mut paths = MailPaths::default();
    let mut taken = Taken::default();
    scene.places.cards.values().for_each(|card| taken.take(*card));
    written(scene, shown.level).for_each(|words| taken.take(words));
    for item in &scene.items {
        if matches!(item.kind, Kind::Finding | Kind::Firewall) {
            taken.take(item.bounds);
        }
    }
    let ends = stops.iter().map(|(stop, fate, last)| {
        let at = last.and_then(|(key, turned)| {
            let way = &stretches.get(&key)?.way;
            let end = if turned { way.first() } else { way.last() };
            (!key.pipe).then_some(*end?)
        });
        (at.unwrap_or(*stop), *fate)
    });
    let ends: Vec<(Point, Fate)> = ends.collect();
    for (at, _) in &ends {
        taken.take(dot(*at).grown(9.0 * larger));
    }
    for key in order {
        let Some(stretch) = stretches.get(key) else { continue };
        let way = &stretch.way;
        paths.lines.push(polyline(way.clone(), key.fate.stroke(larger)));
        let stopped = |tip: Point| ends.iter().any(|(at, _)| at.distance(tip) < 2.0);
        let mut backward = way.clone();
        backward.reverse();
        for (way, used) in [(way, &stretch.there), (&backward, &stretch.back)] {
            if let Some((tip, along)) = tip(way).filter(|(tip, _)| !stopped(*tip))
                && !used.is_empty()
                && arrives(scene, tip)
            {
                let head = arrow_head(tip, along, 8.0 * larger);
                paths.marks.push(polyline(head, line(key.fate.ink(), 1.6 * larger)));
            }
        }
    }
    for (at, fate) in &ends {
        let which = if *fate == Fate::Unknown { Sign::Question } else { Sign::Cross };
        paths.marks.extend(sign(which, *at, 8.0 * larger, false));
    }
    for key in order {
        let Some(stretch) = stretches.get(key) else { continue };
        paths.marks.extend(numbers(key.fate, stretch, larger, &mut taken));
    }
    paths
}

/// Whether a place is where a hop ends: at a card, or at the cloud.
fn arrives(scene: &Scene, tip: Point) -> bool {
    let cards = scene.places.cards.values();
    cards.chain([&scene.places.internet]).any(|end| end.grown(3.0).contains(tip))
}

/// The end of a way and its direction there.
fn tip(way: &[Point]) -> Option<(Point, Point)> {
    let [.., before, tip] = way else { return None };
    let far = before.distance(*tip).max(0.01);
    Some((*tip, pt((tip.x - before.x) / far, (tip.y - before.y) / far)))
}

/// The numbers of all paths of a stretch, on it or close to it.
fn numbers(fate: Fate, stretch: &Stretch, larger: f32, taken: &mut Taken) -> Vec<Shape> {
    let all: BTreeSet<usize> = stretch.there.union(&stretch.back).copied().collect();
    let text = listed(&all);
    let (number, high) = (NUMBER * larger, PILL * larger);
    let wide = width(&text, Face::SemiBold, number).max(high - 9.0 * larger) + 9.0 * larger;
    let size = (wide, high);
    if length(&stretch.way) < 1.0 {
        return vec![];
    }
    let Some(area) = taken.first_free(on_line(&stretch.way, size)) else { return vec![] };
    let pill = Shape::Box {
        area,
        radius: high / 2.0,
        fill: solid(Ink::Canvas),
        stroke: Some(line(fate.ink(), 1.3 * larger)),
    };
    let at = area.centre().moved(0.0, number * 0.35);
    let (align, face, size, ink) = (Align::Middle, Face::SemiBold, number, fate.ink());
    vec![pill, Shape::Words(Words { at, align, text, face, size, ink })]
}

/// Numbers as people list them: `1`, `1, 3`, `2–5`.
fn listed(numbers: &BTreeSet<usize>) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => runs.push((*number, *number)),
        }
    }
    let said = runs.into_iter().map(|(from, to)| match to - from {
        0 => from.to_string(),
        1 => format!("{from}, {to}"),
        _ => format!("{from}–{to}"),
    });
    said.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_listed_as_people_do() {
        let said = |numbers: &[usize]| listed(&numbers.iter().copied().collect());
        assert_eq!(said(&[3]), "3");
        assert_eq!(said(&[1, 2]), "1, 2");
        assert_eq!(said(&[1, 3, 4, 5, 9]), "1, 3–5, 9");
    }
}
