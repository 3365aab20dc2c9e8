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
    let to_grid = |v: f32| (v / GRID).round() * GRID - v;
    let by = (
        x.map_or_else(|| to_grid(moved.min.x), |hit| hit.by),
        y.map_or_else(|| to_grid(moved.min.y), |hit| hit.by),
    );
    let now = moved.moved(by.0, by.1);
    let mut guides = Vec::new();
    if let Some(hit) = x {
        let both = now.with(hit.with);
        guides.push((pt(hit.at, both.min.y - 8.0), pt(hit.at, both.max.y + 8.0)));
    }
    if let Some(hit) = y {
        let both = now.with(hit.with);
        guides.push((pt(both.min.x - 8.0, hit.at), pt(both.max.x + 8.0, hit.at)));
    }
    Snapped { by, guides }
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
}
