//! The hull of a routing group: the boxes around its servers, joined by corridors where they stand
//! apart, and the outline of all of them together.

use super::{
    geometry::{Area, Point, area, pt},
    layout::HULL,
};
use std::collections::BTreeMap;

/// Half the width of a corridor between two parts of a hull.
const CORRIDOR: f32 = 12.0;

/// The boxes of a hull: one around the members of each container, or one around each member where
/// others stand among them; joined by corridors. `rooms` are the rooms that the layout gave.
pub fn parts(containers: &[(Vec<Area>, Option<Area>)], others: &[Area]) -> Vec<Area> {
    let mut islands: Vec<Area> = Vec::new();
    for (members, room) in containers {
        if let Some(room) = room {
            islands.push(*room);
            continue;
        }
        let around = members.iter().copied().reduce(Area::with).map(padded);
        match around {
            Some(around) if !others.iter().any(|o| o.overlaps(around)) => islands.push(around),
            _ => islands.extend(members.iter().map(|card| padded_tightly(*card))),
        }
    }
    let corridors = corridors(&islands, others);
    islands.extend(corridors);
    islands
}

fn padded(around: Area) -> Area {
    let (side, above, below) = HULL;
    Area { min: around.min.moved(-side, -above), max: around.max.moved(side, below) }
}

fn padded_tightly(card: Area) -> Area {
    card.grown(9.0)
}

/// Corridors that join all islands, shortest first.
fn corridors(islands: &[Area], others: &[Area]) -> Vec<Area> {
    let mut joined: Vec<usize> = vec![0];
    let mut open: Vec<usize> = (1..islands.len()).collect();
    let mut out = Vec::new();
    while !open.is_empty() {
        let pairs = joined.iter().flat_map(|i| open.iter().map(move |j| (*i, *j)));
        let gap = |&(i, j): &(usize, usize)| {
            let (a, b): (Area, Area) = (islands[i], islands[j]);
            let x = (b.min.x - a.max.x).max(a.min.x - b.max.x).max(0.0);
            let y = (b.min.y - a.max.y).max(a.min.y - b.max.y).max(0.0);
            x + y
        };
        let Some((i, j)) = pairs.min_by(|p, q| gap(p).total_cmp(&gap(q))) else { break };
        if gap(&(i, j)) > 0.0 {
            out.extend(corridor(islands[i], islands[j], others));
        }
        joined.push(j);
        open.retain(|k| *k != j);
    }
    out
}

fn corridor(a: Area, b: Area, others: &[Area]) -> Vec<Area> {
    let flat = |y: f32| {
        let (left, right) = if a.min.x < b.min.x { (a, b) } else { (b, a) };
        let (from, to) = (left.max.x - 1.0, right.min.x + 1.0);
        area(from, y - CORRIDOR, to - from, 2.0 * CORRIDOR)
    };
    let upright = |x: f32| {
        let (up, down) = if a.min.y < b.min.y { (a, b) } else { (b, a) };
        let (from, to) = (up.max.y - 1.0, down.min.y + 1.0);
        area(x - CORRIDOR, from, 2.0 * CORRIDOR, to - from)
    };
    let free = |part: &Area| !others.iter().any(|o| o.overlaps(*part));
    let (top, bottom) = (a.min.y.max(b.min.y) + CORRIDOR, a.max.y.min(b.max.y) - CORRIDOR);
    if top <= bottom {
        let steps = [0.85, 0.7, 0.5, 0.3, 0.15, 1.0, 0.0];
        let found = steps.map(|t| flat(top + (bottom - top) * t)).into_iter().find(free);
        return vec![found.unwrap_or_else(|| flat(top + (bottom - top) * 0.85))];
    }
    let (left, right) = (a.min.x.max(b.min.x) + CORRIDOR, a.max.x.min(b.max.x) - CORRIDOR);
    if left <= right {
        let steps = [0.5, 0.25, 0.75, 0.0, 1.0];
        let found = steps.map(|t| upright(left + (right - left) * t)).into_iter().find(free);
        return vec![found.unwrap_or_else(|| upright(f32::midpoint(left, right)))];
    }
    // Around one corner: sideways out of `a`, then up or down into `b`.
    let (y, x) = (a.centre().y, b.centre().x);
    let (from, to) = if x > a.centre().x {
        (a.max.x - 1.0, x + CORRIDOR)
    } else {
        (x - CORRIDOR, a.min.x + 1.0)
    };
    let first = area(from, y - CORRIDOR, to - from, 2.0 * CORRIDOR);
    let (from, to) = if b.centre().y > y {
        (y - CORRIDOR, b.min.y + 1.0)
    } else {
        (b.max.y - 1.0, y + CORRIDOR)
    };
    vec![first, area(x - CORRIDOR, from, 2.0 * CORRIDOR, to - from)]
}

/// The cells that boxes cover together, cut so that none overlap: for a fill that is half clear.
pub fn tiles(parts: &[Area]) -> Vec<Area> {
    let grid = Grid::new(parts);
    let mut out: Vec<Area> = Vec::new();
    for row in 0..grid.ys.len().saturating_sub(1) {
        let mut column = 0;
        while column + 1 < grid.xs.len() {
            if !grid.covered(column, row) {
                column += 1;
                continue;
            }
            let start = column;
            while column + 1 < grid.xs.len() && grid.covered(column, row) {
                column += 1;
            }
            out.push(Area {
                min: pt(grid.xs[start], grid.ys[row]),
                max: pt(grid.xs[column], grid.ys[row + 1]),
            });
        }
    }
    out
}

/// The outlines of boxes together, each a closed polygon with only its corners.
pub fn outlines(parts: &[Area]) -> Vec<Vec<Point>> {
    let grid = Grid::new(parts);
    let mut edges: BTreeMap<(usize, usize), Vec<(usize, usize)>> = BTreeMap::new();
    let (columns, rows) = (grid.xs.len().saturating_sub(1), grid.ys.len().saturating_sub(1));
    for x in 0..columns {
        for y in 0..rows {
            if !grid.covered(x, y) {
                continue;
            }
            // Clockwise around covered cells: the edges between covered ones fall away.
            let mut edge = |from: (usize, usize), to: (usize, usize)| {
                edges.entry(from).or_default().push(to);
            };
            if y == 0 || !grid.covered(x, y - 1) {
                edge((x, y), (x + 1, y));
            }
            if x + 1 == columns || !grid.covered(x + 1, y) {
                edge((x + 1, y), (x + 1, y + 1));
            }
            if y + 1 == rows || !grid.covered(x, y + 1) {
                edge((x + 1, y + 1), (x, y + 1));
            }
            if x == 0 || !grid.covered(x - 1, y) {
                edge((x, y + 1), (x, y));
            }
        }
    }
    let mut loops = Vec::new();
    while let Some(start) = edges.iter().find(|(_, to)| !to.is_empty()).map(|(from, _)| *from) {
        let mut corners = vec![];
        let mut here = start;
        while let Some(next) = edges.get_mut(&here).and_then(Vec::pop) {
            corners.push(pt(grid.xs[here.0], grid.ys[here.1]));
            here = next;
        }
        loops.push(without_straights(&corners));
    }
    loops
}

fn without_straights(corners: &[Point]) -> Vec<Point> {
    let n = corners.len();
    let bent = |i: &usize| {
        let (a, b, c) = (corners[(i + n - 1) % n], corners[*i], corners[(i + 1) % n]);
        ((b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x)).abs() > 0.01
    };
    (0..n).filter(bent).map(|i| corners[i]).collect()
}

/// The lines of all sides, and which cells between them are covered.
struct Grid<'a> {
    xs: Vec<f32>,
    ys: Vec<f32>,
    parts: &'a [Area],
}

impl<'a> Grid<'a> {
    fn new(parts: &'a [Area]) -> Self {
        let sorted = |mut all: Vec<f32>| {
            all.sort_by(f32::total_cmp);
            all.dedup();
            all
        };
        let xs = sorted(parts.iter().flat_map(|p| [p.min.x, p.max.x]).collect());
        let ys = sorted(parts.iter().flat_map(|p| [p.min.y, p.max.y]).collect());
        Self { xs, ys, parts }
    }

    fn covered(&self, x: usize, y: usize) -> bool {
        let middle = pt(
            f32::midpoint(self.xs[x], self.xs[x + 1]),
            f32::midpoint(self.ys[y], self.ys[y + 1]),
        );
        self.parts.iter().any(|p| p.contains(middle))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_apart_are_joined_into_one_outline() {
        let (a, b) = (area(0.0, 0.0, 100.0, 100.0), area(300.0, 20.0, 100.0, 100.0));
        let all = parts(&[(vec![a], Some(a)), (vec![b], Some(b))], &[]);
        assert_eq!(all.len(), 3, "two islands and a corridor");
        let outline = outlines(&all);
        assert_eq!(outline.len(), 1);
        assert_eq!(outline[0].len(), 12);
        let area: f32 = tiles(&all).iter().map(|t| t.width() * t.height()).sum();
        assert!((area - (20_000.0 + 200.0 * 24.0)).abs() < 1.0, "{area}");
    }

    #[test]
    fn a_stranger_among_members_stays_outside() {
        let card = |x: f32| super::area(x, 0.0, 144.0, 78.0);
        let stranger = card(200.0);
        let all = parts(&[(vec![card(0.0), card(400.0)], None)], &[stranger]);
        assert!(all[..2].iter().all(|part| !part.overlaps(stranger)));
    }
}
