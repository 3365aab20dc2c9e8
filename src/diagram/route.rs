//! How a line runs from one box to another without running through a third: straight where that is
//! clear, else in right angles with as few bends as the way allows.

use super::geometry::{Area, Point, length, pt};
use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
};

/// A side of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The left side.
    Left,
    /// The right side.
    Right,
    /// The upper side.
    Top,
    /// The lower side.
    Bottom,
}

impl Side {
    /// All sides.
    pub const ALL: [Self; 4] = [Self::Right, Self::Left, Self::Bottom, Self::Top];

    /// The direction that leads away from the box.
    pub fn outward(self) -> Point {
        match self {
            Self::Left => pt(-1.0, 0.0),
            Self::Right => pt(1.0, 0.0),
            Self::Top => pt(0.0, -1.0),
            Self::Bottom => pt(0.0, 1.0),
        }
    }

    /// Whether lines leave it sideways.
    pub fn is_upright(self) -> bool {
        matches!(self, Self::Left | Self::Right)
    }
}

/// Where a line leaves or meets a box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Port {
    /// The point on the box's edge.
    pub at: Point,
    /// The side that it is on.
    pub side: Side,
}

impl Port {
    fn stub(self) -> Point {
        const STUB: f32 = 14.0;
        let way = self.side.outward();
        self.at.moved(way.x * STUB, way.y * STUB)
    }
}

/// How near a line may come to a box.
const CLEAR: f32 = 6.0;
/// How far from a box lines turn.
const TURN: f32 = 13.0;
const BEND: f32 = 60.0;

/// The sides by which two boxes face each other.
pub fn facing(from: Area, to: Area) -> (Side, Side) {
    let right = to.min.x - from.max.x;
    let left = from.min.x - to.max.x;
    let below = to.min.y - from.max.y;
    let above = from.min.y - to.max.y;
    let best = right.max(left).max(below).max(above);
    if right >= best || (right > 20.0 && right > below * 0.4 && right > above * 0.4) {
        (Side::Right, Side::Left)
    } else if left >= best || (left > 20.0 && left > below * 0.4 && left > above * 0.4) {
        (Side::Left, Side::Right)
    } else if below >= best {
        (Side::Bottom, Side::Top)
    } else {
        (Side::Top, Side::Bottom)
    }
}

/// The point on a side of a box, `along` world units from the side's middle, kept off the corners.
pub fn port(on: Area, side: Side, along: f32) -> Port {
    let centre = on.centre();
    let keep = |middle: f32, low: f32, high: f32| {
        let room = ((high - low) / 2.0 - 10.0).max(0.0);
        middle + along.clamp(-room, room)
    };
    let at = match side {
        Side::Left => pt(on.min.x, keep(centre.y, on.min.y, on.max.y)),
        Side::Right => pt(on.max.x, keep(centre.y, on.min.y, on.max.y)),
        Side::Top => pt(keep(centre.x, on.min.x, on.max.x), on.min.y),
        Side::Bottom => pt(keep(centre.x, on.min.x, on.max.x), on.max.y),
    };
    Port { at, side }
}

/// Whether a polyline keeps off all boxes.
pub fn is_clear(line: &[Point], boxes: &[Area]) -> bool {
    line.windows(2).all(|pair| !boxes.iter().any(|b| b.grown(CLEAR).is_crossed(pair[0], pair[1])))
}

/// The way from one port to another past the boxes. Always a way, even where none is clear.
pub fn route(from: Port, to: Port, boxes: &[Area]) -> Vec<Point> {
    route_if_clear(from, to, boxes).unwrap_or_else(|| tidy(&simple_ways(from, to)[0]))
}

/// The way from one port to another past the boxes; none where every one runs through a box.
fn route_if_clear(from: Port, to: Port, boxes: &[Area]) -> Option<Vec<Point>> {
    let near = near_boxes(from.stub(), to.stub(), boxes);
    clear_way(from, to, &near).or_else(|| {
        let middle = search(from.stub(), to.stub(), from.side.is_upright(), &near)?;
        Some(tidy(&[&[from.at], &middle[..], &[to.at]].concat()))
    })
}

/// How long a way is, bends counted in.
fn effort(way: &[Point]) -> f32 {
    length(way) + BEND * way.len() as f32
}

/// The same with only the simplest ways, for drawings with very many lines.
pub fn route_simply(from: Port, to: Port, boxes: &[Area]) -> Vec<Point> {
    let near = near_boxes(from.stub(), to.stub(), boxes);
    clear_way(from, to, &near).unwrap_or_else(|| tidy(&simple_ways(from, to)[0]))
}

/// The best of the simple ways that touch no box.
fn clear_way(from: Port, to: Port, near: &[Area]) -> Option<Vec<Point>> {
    straight(from, to, near).or_else(|| {
        simple_ways(from, to)
            .into_iter()
            .filter(|way| is_clear(&way[1..way.len() - 1], near))
            .min_by(|p, q| effort(p).total_cmp(&effort(q)))
            .map(|way| tidy(&way))
    })
}

/// The boxes between and around two points; more than a search can take are left out.
fn near_boxes(a: Point, b: Point, boxes: &[Area]) -> Vec<Area> {
    const MOST: usize = 48;
    let around = Area { min: a, max: a }.with(Area { min: b, max: b });
    let reach = around.grown(260.0);
    let mut near: Vec<Area> = boxes.iter().copied().filter(|b| b.overlaps(reach)).collect();
    if near.len() > MOST {
        let middle = around.centre();
        near.sort_by(|p, q| {
            let outside = |b: &Area| (!b.overlaps(around.grown(1.0)), b.centre().distance(middle));
            outside(p).partial_cmp(&outside(q)).unwrap_or(std::cmp::Ordering::Equal)
        });
        near.truncate(MOST);
    }
    near
}

fn straight(from: Port, to: Port, boxes: &[Area]) -> Option<Vec<Point>> {
    let (x, y) = (to.at.x - from.at.x, to.at.y - from.at.y);
    let way = from.side.outward();
    let back = to.side.outward();
    let leads = x * way.x + y * way.y > 8.0 && -(x * back.x + y * back.y) > 8.0;
    let slant = if from.side.is_upright() { y.abs() / x.abs() } else { x.abs() / y.abs() };
    let trimmed = [from.at.towards(to.at, 0.02), from.at.towards(to.at, 0.98)];
    let shrunk: Vec<Area> = boxes.iter().map(|b| b.grown(-CLEAR)).collect();
    let own = |b: &Area| b.contains(from.at) || b.contains(to.at);
    let clear = boxes.iter().zip(&shrunk).all(|(b, inner)| {
        let b = if own(b) { *inner } else { b.grown(CLEAR) };
        !b.is_crossed(trimmed[0], trimmed[1])
    });
    (leads && slant < 0.3 && clear).then(|| vec![from.at, to.at])
}

/// Ways of at most three pieces between the stubs of two ports.
fn simple_ways(from: Port, to: Port) -> [Vec<Point>; 4] {
    let (a, b) = (from.stub(), to.stub());
    let (x, y) = (f32::midpoint(a.x, b.x), f32::midpoint(a.y, b.y));
    let way = |middle: &[Point]| [&[from.at, a], middle, &[b, to.at]].concat();
    [
        way(&[pt(x, a.y), pt(x, b.y)]),
        way(&[pt(a.x, y), pt(b.x, y)]),
        way(&[pt(b.x, a.y)]),
        way(&[pt(a.x, b.y)]),
    ]
}

/// A place in the search: its column and row, and whether it was reached sideways.
type Place = (usize, usize, bool);

/// The cheapest cost of each place that was reached, and from where.
type Reached = HashMap<Place, (u32, Option<Place>)>;

/// Whole units are exact enough to compare ways.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "lengths are positive and far below 2^32"
)]
fn whole(length: f32) -> u32 {
    length.max(0.0) as u32
}

/// What is waiting in the search: cost so far with what is left at least, cost so far, place, and
/// whether it was reached sideways.
type Waiting = Reverse<(u32, u32, usize, usize, bool)>;

/// The cheapest way in right angles over the lines beside the boxes; none when every way is blocked.
fn search(a: Point, b: Point, sideways: bool, boxes: &[Area]) -> Option<Vec<Point>> {
    let lines = |pick: fn(Point) -> f32| {
        let mut all = vec![pick(a), pick(b), f32::midpoint(pick(a), pick(b))];
        all.extend(boxes.iter().flat_map(|o| [pick(o.min) - TURN, pick(o.max) + TURN]));
        all.sort_by(f32::total_cmp);
        all.dedup_by(|p, q| (*p - *q).abs() < 0.01);
        all
    };
    let (xs, ys) = (lines(|p| p.x), lines(|p| p.y));
    let index = |all: &[f32], v: f32| all.iter().position(|x| (x - v).abs() < 0.02);
    let start = (index(&xs, a.x)?, index(&ys, a.y)?);
    let end = (index(&xs, b.x)?, index(&ys, b.y)?);
    let at = |(x, y): (usize, usize)| pt(xs[x], ys[y]);
    let left = |n: (usize, usize)| whole((at(n).x - b.x).abs() + (at(n).y - b.y).abs());
    let grown: Vec<Area> = boxes.iter().map(|o| o.grown(CLEAR)).collect();
    let mut best = Reached::new();
    let mut waiting: BinaryHeap<Waiting> = BinaryHeap::new();
    best.insert((start.0, start.1, sideways), (0, None));
    waiting.push(Reverse((left(start), 0, start.0, start.1, sideways)));
    while let Some(Reverse((_, cost, x, y, flat))) = waiting.pop() {
        if (x, y) == end {
            return Some(back(&best, (x, y, flat), &xs, &ys));
        }
        if best.get(&(x, y, flat)).is_some_and(|(known, _)| *known < cost) {
            continue;
        }
        let steps = [
            (x.checked_sub(1), Some(y), true),
            ((x + 1 < xs.len()).then_some(x + 1), Some(y), true),
            (Some(x), y.checked_sub(1), false),
            (Some(x), (y + 1 < ys.len()).then_some(y + 1), false),
        ];
        for (nx, ny, now_flat) in steps {
            let (Some(nx), Some(ny)) = (nx, ny) else { continue };
            let (p, q) = (at((x, y)), at((nx, ny)));
            if grown.iter().any(|o| o.is_crossed(p, q)) {
                continue;
            }
            let bend = if now_flat == flat { 0 } else { whole(BEND) };
            let next = cost + whole(p.distance(q)) + bend;
            let key = (nx, ny, now_flat);
            if best.get(&key).is_none_or(|(known, _)| next < *known) {
                best.insert(key, (next, Some((x, y, flat))));
                waiting.push(Reverse((next + left((nx, ny)), next, nx, ny, now_flat)));
            }
        }
    }
    None
}

fn back(best: &Reached, end: Place, xs: &[f32], ys: &[f32]) -> Vec<Point> {
    let mut way = vec![];
    let mut here = Some(end);
    while let Some(key) = here {
        way.push(pt(xs[key.0], ys[key.1]));
        here = best.get(&key).and_then(|(_, from)| *from);
    }
    way.reverse();
    way
}

/// Takes out points that stand on the straight line between their neighbours, or twice.
pub fn tidy(way: &[Point]) -> Vec<Point> {
    let mut out: Vec<Point> = Vec::new();
    for p in way {
        if out.last().is_some_and(|last| last.distance(*p) < 0.5) {
            continue;
        }
        while let [.., a, b] = out[..] {
            let bent = (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
            if bent.abs() > 0.5 {
                break;
            }
            out.pop();
        }
        out.push(*p);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::geometry::area;

    #[test]
    fn a_way_goes_around_what_stands_between() {
        let (from, to) = (area(0.0, 0.0, 100.0, 80.0), area(600.0, 0.0, 100.0, 80.0));
        let wall = area(250.0, -100.0, 100.0, 300.0);
        let boxes = [from, to, wall];
        let (a, b) = facing(from, to);
        let way = route(port(from, a, 0.0), port(to, b, 0.0), &boxes);
        assert!(way.len() >= 4, "{way:?}");
        assert!(!way.windows(2).any(|p| wall.is_crossed(p[0], p[1])), "{way:?}");
        let straight = route(port(from, a, 15.0), port(to, b, 15.0), &[from, to]);
        assert_eq!(straight.len(), 2);
    }

    #[test]
    fn a_blocked_way_is_still_a_way() {
        let (from, to) = (area(0.0, 0.0, 50.0, 50.0), area(400.0, 0.0, 50.0, 50.0));
        let all_around = [area(-300.0, -300.0, 280.0, 900.0), area(60.0, -400.0, 30.0, 900.0)];
        let way = route(port(from, Side::Right, 0.0), port(to, Side::Left, 0.0), &all_around);
        assert_eq!(way.first(), Some(&pt(50.0, 25.0)));
        assert_eq!(way.last(), Some(&pt(400.0, 25.0)));
    }
}
