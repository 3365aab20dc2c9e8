//! Ways for many lines over one ground: in right angles on lanes, around what must stay free, beside
//! and not over the lines that were laid before, with few bends and crossings.
//!
//! The ground is a grid of lanes, each at most a pitch from the next. A line takes the cheapest way
//! over it (A*). What makes a way dear: its length, bends, rooms of others, running along an edge or a
//! pipe, running on or close beside another line, crossing one.

mod search;

use super::{
    geometry::{Area, Point, pt},
    route::{Port, Side, tidy},
};
use search::Search;

/// What a gate costs where another line has its own.
const GATE_TAKEN: f32 = 90.0;
/// What a unit of way costs more on another line.
const SHARED: f32 = 12.0;
/// What it costs more beside another line that is nearer than so many units.
const BESIDE: [(f32, f32); 3] = [(9.0, 4.0), (18.0, 1.0), (29.0, 0.3)];
/// How far beyond a wall's clear edge a line that leaves it may turn first: room for an arrow's head.
const STUB: f32 = 10.0;

/// What lines run over.
#[derive(Clone, Debug, Default)]
pub struct Terrain {
    /// Where lines may run.
    pub bounds: Area,
    /// Points that have lanes of their own: the middles of what lines end at.
    pub anchors: Vec<Point>,
    /// What no line runs through.
    pub walls: Vec<Area>,
    /// Rooms, with what a unit of way in them costs more for lines that do not end in them.
    pub rooms: Vec<(Area, f32)>,
    /// Boxes along whose edges no line should run.
    pub edges: Vec<Area>,
    /// What no line should run along.
    pub rails: Vec<(Point, Point)>,
    /// The widest lane.
    pub pitch: f32,
    /// How near lines come to walls.
    pub clear: f32,
}

/// Where a line may leave or enter a box.
#[derive(Clone, Copy, Debug)]
struct Gate {
    port: Port,
    node: usize,
    cost: f32,
}

/// One end of a line: a box, and where on it the line should leave.
#[derive(Clone, Copy, Debug)]
pub struct End<'a> {
    /// The box.
    pub of: Area,
    /// The sides that may be used.
    pub sides: &'a [Side],
    /// Where lines should leave its sides: at that height from a side that is upright, at that x from others.
    pub aim: Point,
}

/// The sides of a box that lines may use towards another: what stands on a site's upper edge is reached
/// from below, and of the cloud only the lower edge is flat.
pub(super) fn sides(cloud: Area, of: Area, other: Area) -> &'static [Side] {
    let from_below = other.min.y > of.max.y;
    if from_below && of.height() < 30.0 && of.height() > 0.0 {
        &[Side::Bottom, Side::Left, Side::Right]
    } else if from_below && of == cloud {
        &[Side::Bottom]
    } else {
        &Side::ALL
    }
}

/// A ground with the lines that were laid on it.
pub struct Roads {
    terrain: Terrain,
    xs: Vec<f32>,
    ys: Vec<f32>,
    /// What a unit costs more on each piece: first those to the right of each node, then those below.
    extra: Vec<f32>,
    /// The rooms of each piece, one more than their number; 0 is none.
    rooms: Vec<[u16; 2]>,
    /// What a unit costs more because of other lines.
    used: Vec<f32>,
    /// The line that was last laid over a piece.
    owner: Vec<u32>,
    /// How many lines pass a node sideways and upright.
    passes: Vec<[u16; 2]>,
    gates: Vec<(Point, u32)>,
}

impl Roads {
    /// The ground for so many lines; none where looking for the ways would take too long.
    pub fn new(terrain: Terrain, lines: usize) -> Option<Self> {
        const NODES: usize = 60_000;
        const WORK: usize = 3_000_000;
        let xs = lanes(terrain.bounds.min.x, terrain.bounds.max.x, terrain.pitch, |i| {
            terrain.anchors.get(i).map(|p| p.x)
        })?;
        let ys = lanes(terrain.bounds.min.y, terrain.bounds.max.y, terrain.pitch, |i| {
            terrain.anchors.get(i).map(|p| p.y)
        })?;
        let nodes = xs.len().saturating_mul(ys.len());
        if nodes > NODES || nodes.saturating_mul(lines) > WORK {
            return None;
        }
        let mut roads = Self {
            terrain,
            xs,
            ys,
            extra: vec![0.0; nodes * 2],
            rooms: vec![[0; 2]; nodes * 2],
            used: vec![0.0; nodes * 2],
            owner: vec![0; nodes * 2],
            passes: vec![[0; 2]; nodes],
            gates: Vec::new(),
        };
        roads.survey();
        Some(roads)
    }

    fn nodes(&self) -> usize {
        self.xs.len() * self.ys.len()
    }

    fn at(&self, node: usize) -> Point {
        pt(self.xs[node % self.xs.len()], self.ys[node / self.xs.len()])
    }

    /// The pieces to the right (`flat`) or below of nodes that lie in a box.
    fn pieces(&self, within: Area, flat: bool) -> Vec<usize> {
        let between = |all: &[f32], low: f32, high: f32| {
            (all.partition_point(|v| *v <= low), all.partition_point(|v| *v < high))
        };
        let (mut left, right) = between(&self.xs, within.min.x, within.max.x);
        let (mut top, bottom) = between(&self.ys, within.min.y, within.max.y);
        // A piece is in the box where any of its length is.
        if flat {
            left = left.saturating_sub(1);
        } else {
            top = top.saturating_sub(1);
        }
        let (columns, rows) = (self.xs.len(), self.ys.len());
        let (right, bottom) = if flat {
            (right.min(columns.saturating_sub(1)), bottom)
        } else {
            (right, bottom.min(rows.saturating_sub(1)))
        };
        let half = if flat { 0 } else { self.nodes() };
        (top..bottom).flat_map(|y| (left..right).map(move |x| half + y * columns + x)).collect()
    }

    /// Writes what does not move into the pieces.
    fn survey(&mut self) {
        const EDGE: f32 = 6.0;
        const RAIL: f32 = 5.0;
        let terrain = self.terrain.clone();
        for wall in &terrain.walls {
            self.add(wall.grown(terrain.clear), [Some(f32::INFINITY); 2]);
        }
        for b in &terrain.edges {
            for y in [b.min.y, b.max.y] {
                let strip = Area { min: pt(b.min.x, y - 7.0), max: pt(b.max.x, y + 7.0) };
                self.add(strip, [Some(EDGE), None]);
            }
            for x in [b.min.x, b.max.x] {
                let strip = Area { min: pt(x - 7.0, b.min.y), max: pt(x + 7.0, b.max.y) };
                self.add(strip, [None, Some(EDGE)]);
            }
        }
        for (a, b) in &terrain.rails {
            let strip = Area { min: *a, max: *a }.with(Area { min: *b, max: *b }).grown(11.0);
            let (wide, high) = ((a.x - b.x).abs(), (a.y - b.y).abs());
            let along = |yes: bool| yes.then_some(RAIL);
            self.add(strip, [along(wide >= high), along(high >= wide)]);
        }
        for (number, (room, _)) in terrain.rooms.iter().enumerate() {
            let number = u16::try_from(number + 1).unwrap_or(0);
            for flat in [true, false] {
                for piece in self.pieces(*room, flat) {
                    let rooms = &mut self.rooms[piece];
                    if rooms[0] == 0 {
                        rooms[0] = number;
                    } else {
                        rooms[1] = number;
                    }
                }
            }
        }
    }

    fn add(&mut self, within: Area, [flat, upright]: [Option<f32>; 2]) {
        for (is_flat, more) in [(true, flat), (false, upright)] {
            let Some(more) = more else { continue };
            for piece in self.pieces(within, is_flat) {
                self.extra[piece] += more;
            }
        }
    }

    /// Lays a line; none where there is no way. Lines with one number are one line with several ends:
    /// they share what they can. Numbers start at 1.
    pub fn lay(&mut self, line: u32, from: End<'_>, to: End<'_>) -> Option<Vec<Point>> {
        let starts = self.gates(line, from);
        let ends = self.gates(line, to);
        let home = |(room, _): &(Area, f32)| room.overlaps(from.of) || room.overlaps(to.of);
        let homes: Vec<bool> = self.terrain.rooms.iter().map(home).collect();
        let shares = self.owner.contains(&line);
        let search = Search { roads: self, line, homes: &homes, to: to.of, shares };
        let (start, nodes, end) = search.run(&starts, &ends)?;
        self.occupy(line, &nodes);
        self.gates.extend([(start.at, line), (end.at, line)]);
        let mut way = vec![start.at];
        way.extend(nodes.into_iter().map(|node| self.at(node)));
        way.push(end.at);
        Some(tidy(&way))
    }

    /// Where lines may leave a box: at each lane that meets one of its sides.
    fn gates(&self, line: u32, end: End<'_>) -> Vec<Gate> {
        let Area { min, max } = end.of;
        let clear = self.terrain.clear;
        let own = |wall: &&Area| **wall != end.of;
        let walls: Vec<Area> =
            self.terrain.walls.iter().filter(own).map(|wall| wall.grown(3.0)).collect();
        let mut all = Vec::new();
        for side in end.sides {
            let beyond = match side {
                Side::Right => at_or_after(&self.xs, max.x + clear + STUB),
                Side::Left => at_or_before(&self.xs, min.x - clear - STUB),
                Side::Bottom => at_or_after(&self.ys, max.y + clear + STUB),
                Side::Top => at_or_before(&self.ys, min.y - clear - STUB),
            };
            let Some(beyond) = beyond else { continue };
            let (lanes, low, high, aim) = if side.is_upright() {
                (&self.ys, min.y, max.y, end.aim.y)
            } else {
                (&self.xs, min.x, max.x, end.aim.x)
            };
            // Not at the corners, which are round.
            let inset = ((high - low) / 4.0).min(9.0);
            let meets = |(_, v): &(usize, &f32)| **v >= low + inset && **v <= high - inset;
            for (lane, place) in lanes.iter().enumerate().filter(meets) {
                let (x, y) = if side.is_upright() { (beyond, lane) } else { (lane, beyond) };
                let at = match side {
                    Side::Right => pt(max.x, *place),
                    Side::Left => pt(min.x, *place),
                    Side::Bottom => pt(*place, max.y),
                    Side::Top => pt(*place, min.y),
                };
                let node = y * self.xs.len() + x;
                let outside = self.at(node);
                if walls.iter().any(|wall| wall.is_crossed(at, outside)) {
                    continue;
                }
                let other = |(p, owner): &&(Point, u32)| *owner != line && p.distance(at) < 9.0;
                let taken = self.gates.iter().filter(other).count() as f32;
                let cost = at.distance(outside) + (place - aim).abs() * 0.5 + taken * GATE_TAKEN;
                all.push(Gate { port: Port { at, side: *side }, node, cost });
            }
        }
        all
    }

    /// Notes a line that was laid: its pieces, those close beside them, and the nodes that it passes.
    fn occupy(&mut self, line: u32, way: &[usize]) {
        let columns = self.xs.len();
        for pair in way.windows(2) {
            let (a, b) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
            let flat = b == a + 1;
            let half = if flat { 0 } else { self.nodes() };
            let fresh = self.owner[half + a] != line;
            self.owner[half + a] = line;
            for node in pair {
                self.passes[*node][usize::from(!flat)] += 1;
            }
            if !fresh {
                continue;
            }
            self.used[half + a] += SHARED;
            let (lanes, lane, step) =
                if flat { (&self.ys, a / columns, columns) } else { (&self.xs, a % columns, 1) };
            let here = lanes[lane];
            let near =
                |away: f32| BESIDE.iter().find(|(most, _)| away < *most).map(|(_, more)| more);
            let before =
                (1..=lane).map_while(|n| Some((a - n * step, near(here - lanes[lane - n])?)));
            let after = (1..lanes.len() - lane)
                .map_while(|n| Some((a + n * step, near(lanes[lane + n] - here)?)));
            for (node, more) in before.chain(after) {
                self.used[half + node] += more;
            }
        }
    }
}

fn at_or_after(all: &[f32], v: f32) -> Option<usize> {
    let i = all.partition_point(|x| *x < v);
    (i < all.len()).then_some(i)
}

fn at_or_before(all: &[f32], v: f32) -> Option<usize> {
    all.partition_point(|x| *x <= v).checked_sub(1)
}

/// Lanes from one end to the other: at each anchor, and evenly between them.
fn lanes(
    low: f32,
    high: f32,
    pitch: f32,
    anchor: impl Fn(usize) -> Option<f32>,
) -> Option<Vec<f32>> {
    const MOST: f32 = 2_000.0;
    if !(high - low > pitch && (high - low) / pitch < MOST) {
        return None;
    }
    let mut fixed: Vec<f32> =
        (0..).map_while(anchor).filter(|v| (low..=high).contains(v)).collect();
    fixed.extend([low, high]);
    fixed.sort_by(f32::total_cmp);
    fixed.dedup_by(|next, kept| *next - *kept < pitch / 2.0);
    let mut all = Vec::new();
    for pair in fixed.windows(2) {
        let parts = ((pair[1] - pair[0]) / pitch).ceil().max(1.0);
        let mut part = 0.0;
        while part < parts {
            all.push(pair[0] + (pair[1] - pair[0]) * part / parts);
            part += 1.0;
        }
    }
    all.push(fixed[fixed.len() - 1]);
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::geometry::area;

    fn ground(walls: &[Area]) -> Roads {
        let terrain = Terrain {
            bounds: area(-200.0, -200.0, 1200.0, 800.0),
            anchors: walls.iter().map(|w| w.centre()).collect(),
            walls: walls.to_vec(),
            pitch: 14.0,
            clear: 6.0,
            ..Terrain::default()
        };
        Roads::new(terrain, 4).expect("it is small")
    }

    fn end(of: Area) -> End<'static> {
        End { of, sides: &Side::ALL, aim: of.centre() }
    }

    #[test]
    fn lines_keep_off_walls_and_off_each_other() {
        let (a, b) = (area(0.0, 0.0, 140.0, 80.0), area(600.0, 0.0, 140.0, 80.0));
        let wall = area(300.0, -100.0, 100.0, 300.0);
        let mut roads = ground(&[a, b, wall]);
        let ways: Vec<_> =
            (1..=3).map(|line| roads.lay(line, end(a), end(b)).expect("a way")).collect();
        for (i, way) in ways.iter().enumerate() {
            let through = |pair: &[Point]| wall.is_crossed(pair[0], pair[1]);
            assert!(!way.windows(2).any(through), "{way:?}");
            for other in &ways[..i] {
                for (p, q) in way.windows(2).flat_map(|p| other.windows(2).map(move |q| (p, q))) {
                    let band = Area { min: q[0], max: q[0] }.with(Area { min: q[1], max: q[1] });
                    let (dx, dy) = ((p[0].x - p[1].x).abs(), (p[0].y - p[1].y).abs());
                    let same = (band.width() > band.height()) == (dx > dy);
                    let meet = band.grown(4.0).is_crossed(p[0], p[1]);
                    assert!(!(same && meet), "{way:?} runs on {other:?}");
                }
            }
        }
    }

    #[test]
    fn straight_where_nothing_stands_between() {
        let (a, b) = (area(0.0, 0.0, 140.0, 80.0), area(600.0, 0.0, 140.0, 80.0));
        let mut roads = ground(&[a, b]);
        assert_eq!(roads.lay(1, end(a), end(b)), Some(vec![pt(140.0, 40.0), pt(600.0, 40.0)]));
    }

    #[test]
    fn a_further_end_shares_the_first_way() {
        let boxes = [
            area(0.0, 0.0, 140.0, 80.0),
            area(600.0, -100.0, 140.0, 80.0),
            area(600.0, 100.0, 140.0, 80.0),
        ];
        let mut roads = ground(&boxes);
        let first = roads.lay(1, end(boxes[0]), end(boxes[1])).expect("a way");
        let second = roads.lay(1, end(boxes[0]), end(boxes[2])).expect("a way");
        assert_eq!(first[0], second[0], "{first:?} {second:?}");
    }

    #[test]
    fn no_way_is_none_and_a_huge_ground_is_refused() {
        let (a, b) = (area(0.0, 0.0, 140.0, 80.0), area(600.0, 0.0, 140.0, 80.0));
        let mut roads = ground(&[a, b, area(300.0, -900.0, 40.0, 2000.0)]);
        assert_eq!(roads.lay(1, end(a), end(b)), None);
        let huge = Terrain { bounds: area(0.0, 0.0, 1e6, 1e6), pitch: 14.0, ..Terrain::default() };
        assert!(Roads::new(huge, 1).is_none());
    }
}
