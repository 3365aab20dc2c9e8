//! Bringing what is selected into line: places alone, one step.

use super::{CanvasInput, arrange};
use crate::{
    diagram::{geometry::Area, scene::Scene},
    gui::command::{Arrange, Command},
    model::beside::Drawn,
};
use std::collections::BTreeMap;

/// The commands that arrange the selection so; or why it cannot be.
pub(super) fn align(input: &CanvasInput<'_>, scene: &Scene, how: Arrange) -> Vec<Command> {
    let what = arrange::movable(input, scene);
    if what.len() < how.least() {
        let least = how.least();
        return vec![Command::Status(format!(
            "select at least {least} servers, resolvers or sites that can be moved"
        ))];
    }
    let moved = arranged(&what, how);
    arrange::place(input, scene, &moved, how.title())
}

fn arranged(what: &BTreeMap<Drawn, Area>, how: Arrange) -> BTreeMap<Drawn, Area> {
    let Some(all) = what.values().copied().reduce(Area::with) else { return BTreeMap::new() };
    let to = |area: &Area| match how {
        Arrange::Left => area.moved(all.min.x - area.min.x, 0.0),
        Arrange::Centre => area.moved(all.centre().x - area.centre().x, 0.0),
        Arrange::Right => area.moved(all.max.x - area.max.x, 0.0),
        Arrange::Top => area.moved(0.0, all.min.y - area.min.y),
        Arrange::Middle => area.moved(0.0, all.centre().y - area.centre().y),
        Arrange::Bottom => area.moved(0.0, all.max.y - area.max.y),
        Arrange::Across | Arrange::Down => *area,
    };
    match how {
        Arrange::Across => {
            spread(what, |a| (a.min.x, a.width()), all.width(), |a, at| a.moved(at - a.min.x, 0.0))
        }
        Arrange::Down => {
            let size = |a: &Area| (a.min.y, a.height());
            spread(what, size, all.height(), |a, at| a.moved(0.0, at - a.min.y))
        }
        _ => what.iter().map(|(id, area)| (id.clone(), to(area))).collect(),
    }
}

/// Equal gaps; the outermost stay where they are.
fn spread(
    what: &BTreeMap<Drawn, Area>,
    extent: impl Fn(&Area) -> (f32, f32),
    whole: f32,
    put: impl Fn(&Area, f32) -> Area,
) -> BTreeMap<Drawn, Area> {
    let mut order: Vec<(&Drawn, &Area)> = what.iter().collect();
    order.sort_by(|(_, a), (_, b)| extent(a).0.total_cmp(&extent(b).0));
    let used: f32 = order.iter().map(|(_, area)| extent(area).1).sum();
    let gaps = order.len().saturating_sub(1).max(1);
    let gap = (whole - used) / gaps as f32;
    let mut at = order.first().map_or(0.0, |(_, area)| extent(area).0);
    let mut out = BTreeMap::new();
    for (id, area) in order {
        out.insert(id.clone(), put(area, at));
        at += extent(area).1 + gap;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{diagram::geometry::area, model::ObjectId};

    #[test]
    fn edges_meet_and_gaps_are_equal() {
        let id = |text: &str| Drawn::from(text.parse::<ObjectId>().expect("an id"));
        let what = BTreeMap::from([
            (id("server:a"), area(0.0, 0.0, 100.0, 50.0)),
            (id("server:b"), area(110.0, 30.0, 100.0, 50.0)),
            (id("server:c"), area(400.0, 10.0, 100.0, 50.0)),
        ]);
        let top = arranged(&what, Arrange::Bottom);
        assert!(top.values().all(|a| (a.max.y - 80.0).abs() < 0.01), "{top:?}");
        let across = arranged(&what, Arrange::Across);
        for (one, x) in [("server:a", 0.0), ("server:b", 200.0), ("server:c", 400.0)] {
            assert!((across[&id(one)].min.x - x).abs() < 0.01, "{one}: {across:?}");
        }
    }
}
