//! Guides: what is moved comes into line with what stands there already, or else onto the grid.

use crate::{
    diagram::{
        geometry::{Area, Point, pt},
        scene::Scene,
    },
    model::{ObjectId, beside::Drawn},
};
use std::collections::BTreeMap;

/// The grid in world units.
const GRID: f32 = 8.0;

/// How far something is drawn aside, and why.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Snapped {
    /// To the right, and down.
    pub(super) by: (f32, f32),
    /// Lines along which it stands with others now.
    pub(super) guides: Vec<(Point, Point)>,
}

/// Where what is moved snaps to. `reach` is how near a line must be, in world units.
pub(super) fn snap(what: &BTreeMap<Drawn, Area>, scene: &Scene, reach: f32) -> Snapped {
    let Some(moved) = what.values().copied().reduce(Area::with) else { return Snapped::default() };
    let others = others(what, scene);
    let x = nearest(&others, reach, [moved.min.x, moved.centre().x, moved.max.x], |a| {
        [a.min.x, a.centre().x, a.max.x]
    });
    let y = nearest(&others, reach, [moved.min.y, moved.centre().y, moved.max.y], |a| {
        [a.min.y, a.centre().y, a.max.y]
    });
    let spaced = [Axis::Across, Axis::Down].map(|axis| spaced(&others, moved, axis, reach));
    let to_grid = |v: f32| (v / GRID).round() * GRID - v;
    let by = |hit: Option<Hit>, gaps: &Option<Gaps>, edge: f32| match (hit, gaps) {
        (Some(hit), _) => hit.by,
        (None, Some(gaps)) => gaps.by,
        (None, None) => to_grid(edge),
    };
    let by = (by(x, &spaced[0], moved.min.x), by(y, &spaced[1], moved.min.y));
    let now = moved.moved(by.0, by.1);
    let mut guides = Vec::new();
    match (x, &spaced[0]) {
        (Some(hit), _) => {
            let both = now.with(hit.with);
            guides.push((pt(hit.at, both.min.y - 8.0), pt(hit.at, both.max.y + 8.0)));
        }
        (None, Some(gaps)) => {
            let y = now.centre().y;
            guides.extend(gaps.ends.iter().map(|(a, b)| (pt(*a, y), pt(*b, y))));
        }
        (None, None) => {}
    }
    match (y, &spaced[1]) {
        (Some(hit), _) => {
            let both = now.with(hit.with);
            guides.push((pt(both.min.x - 8.0, hit.at), pt(both.max.x + 8.0, hit.at)));
        }
        (None, Some(gaps)) => {
            let x = now.centre().x;
            guides.extend(gaps.ends.iter().map(|(a, b)| (pt(x, *a), pt(x, *b))));
        }
        (None, None) => {}
    }
    Snapped { by, guides }
}

#[derive(Clone, Copy, PartialEq)]
enum Axis {
    Across,
    Down,
}

impl Axis {
    /// Where an area begins and ends along the axis.
    fn along(self, area: &Area) -> (f32, f32) {
        match self {
            Self::Across => (area.min.x, area.max.x),
            Self::Down => (area.min.y, area.max.y),
        }
    }

    fn other(self) -> Self {
        if self == Self::Across { Self::Down } else { Self::Across }
    }
}

/// A place at which gaps are equal, and where those gaps are.
struct Gaps {
    by: f32,
    ends: [(f32, f32); 2],
}

/// The place nearest to where it is at which the gaps to its neighbours in the row or column are equal:
/// between two of them, or as far from the last as that is from the one before.
fn spaced(others: &[Area], moved: Area, axis: Axis, reach: f32) -> Option<Gaps> {
    let (low, high) = axis.along(&moved);
    let aside = axis.other().along(&moved);
    let mut row: Vec<(f32, f32)> = others
        .iter()
        .filter(|area| {
            let (a, b) = axis.other().along(area);
            a < aside.1 && b > aside.0
        })
        .map(|area| axis.along(area))
        .collect();
    row.sort_by(|a, b| a.0.total_cmp(&b.0));
    let middle = f32::midpoint(low, high);
    let before: Vec<(f32, f32)> =
        row.iter().copied().filter(|(a, b)| f32::midpoint(*a, *b) < middle).collect();
    let behind: Vec<(f32, f32)> =
        row.iter().copied().filter(|(a, b)| f32::midpoint(*a, *b) >= middle).collect();
    let size = high - low;
    let mut found: Vec<Gaps> = Vec::new();
    if let (Some(left), Some(right)) = (before.last(), behind.first()) {
        let gap = (right.0 - left.1 - size) / 2.0;
        let begin = left.1 + gap;
        let ends = [(left.1, begin), (begin + size, right.0)];
        found.extend((gap > 0.0).then_some(Gaps { by: begin - low, ends }));
    }
    if let [.., first, last] = before[..] {
        let gap = last.0 - first.1;
        let ends = [(first.1, last.0), (last.1, last.1 + gap)];
        found.extend((gap > 0.0).then_some(Gaps { by: last.1 + gap - low, ends }));
    }
    if let [first, next, ..] = behind[..] {
        let gap = next.0 - first.1;
        let ends = [(first.0 - gap, first.0), (first.1, next.0)];
        found.extend((gap > 0.0).then_some(Gaps { by: first.0 - gap - high, ends }));
    }
    let near = found.into_iter().filter(|gaps| gaps.by.abs() <= reach);
    near.min_by(|a, b| a.by.abs().total_cmp(&b.by.abs()))
}

/// What it can come into line with: cards with cards, what stands on the sheet with what stands there.
fn others(what: &BTreeMap<Drawn, Area>, scene: &Scene) -> Vec<Area> {
    let places = &scene.places;
    let stays = |drawn: Drawn| !what.contains_key(&drawn);
    let card = |d: &Drawn| matches!(d, Drawn::Object(ObjectId::Server(_) | ObjectId::Resolver(_)));
    if what.keys().all(card) {
        let cards = places.cards.iter().filter(|(id, _)| stays((*id).clone().into()));
        return cards.map(|(_, area)| *area).collect();
    }
    let sites = places.sites.iter().filter(|(id, _)| stays(ObjectId::Site((*id).clone()).into()));
    let mut all: Vec<Area> = sites.map(|(_, area)| *area).collect();
    if stays(Drawn::Internet) {
        all.push(places.internet);
    }
    let groups = places.empty_groups.iter();
    let groups = groups.filter(|(id, _)| stays(ObjectId::Group((*id).clone()).into()));
    all.extend(groups.map(|(_, area)| *area));
    all
}

#[derive(Clone, Copy)]
struct Hit {
    by: f32,
    at: f32,
    with: Area,
}

fn nearest(
    others: &[Area],
    reach: f32,
    own: [f32; 3],
    lines: impl Fn(&Area) -> [f32; 3],
) -> Option<Hit> {
    let mut best: Option<Hit> = None;
    for other in others {
        for at in lines(other) {
            for from in own {
                let by = at - from;
                if by.abs() <= reach && best.is_none_or(|b| by.abs() < b.by.abs()) {
                    best = Some(Hit { by, at, with: *other });
                }
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::geometry::area;

    #[test]
    fn what_is_near_comes_into_line_and_the_rest_onto_the_grid() {
        let mut scene = Scene::default();
        let id = |text: &str| text.parse::<ObjectId>().expect("an id");
        scene.places.cards.insert(id("server:a"), area(100.0, 40.0, 144.0, 78.0));
        let moved = BTreeMap::from([(id("server:b").into(), area(103.0, 203.0, 144.0, 78.0))]);
        let found = snap(&moved, &scene, 6.0);
        assert_eq!(found.by, (-3.0, -3.0), "in line with the other, and down to the grid at 200");
        assert_eq!(found.guides.len(), 1);
        let far = BTreeMap::from([(id("server:b").into(), area(131.0, 203.0, 144.0, 78.0))]);
        assert_eq!(snap(&far, &scene, 6.0).by, (-3.0, -3.0));
        assert!(snap(&far, &scene, 6.0).guides.is_empty());
    }

    #[test]
    fn gaps_in_a_row_become_equal() {
        let mut scene = Scene::default();
        let id = |text: &str| text.parse::<ObjectId>().expect("an id");
        for (name, x) in [("server:a", 0.0), ("server:b", 180.0)] {
            scene.places.cards.insert(id(name), area(x, 40.0, 144.0, 78.0));
        }
        // The gap between the two is 36; the third stands 3 too far, and in no line with them.
        let moved = BTreeMap::from([(id("server:c").into(), area(363.0, 57.0, 144.0, 78.0))]);
        let found = snap(&moved, &scene, 6.0);
        assert!((found.by.0 + 3.0).abs() < 0.01, "{found:?}");
        assert_eq!(found.guides.len(), 2, "both gaps are shown");
    }
}
