//! The ground on which connectors run: what they keep off, and the ways that are left.

use super::Draft;
use crate::diagram::{
    geometry::{Area, Point, around, rounded},
    route::{Port, Side, effort, port, route, route_if_clear, route_simply},
    scene::{Kind, Level},
};

/// What connectors keep off, and whether there are few enough of them to look for the best way.
pub(super) struct Ground {
    boxes: Vec<Area>,
    /// The hulls of groups, which only their own connectors enter where another way is left, and WAN links.
    hulls: Vec<Area>,
    /// Whether the best way is looked for.
    pub(super) search: bool,
    /// Whether there are so few that every side may be tried.
    thorough: bool,
}

impl Ground {
    pub(super) fn new(draft: &Draft<'_>, count: usize) -> Self {
        const SEARCHED: usize = 160;
        const TRIED: usize = 48;
        let hulls = draft.items.iter().filter(|i| i.kind == Kind::Group);
        let hulls = hulls.flat_map(|i| i.parts.iter().copied());
        // Along a WAN link a connector would hide it.
        let links = draft.items.iter().filter(|i| i.kind == Kind::Link);
        let pipes = links.flat_map(|i| i.routes.iter().flat_map(|way| way.windows(2)));
        let hulls = hulls.chain(pipes.filter_map(around)).collect();
        Self { boxes: obstacles(draft), hulls, search: count <= SEARCHED, thorough: count <= TRIED }
    }

    pub(super) fn route(&self, from: Port, to: Port) -> Vec<Point> {
        let way = if self.search {
            route(from, to, &self.boxes)
        } else {
            route_simply(from, to, &self.boxes)
        };
        rounded(&way, 10.0)
    }

    /// The best way that runs through nothing, from any side of one box to any side of another; none:
    /// there is none, or there are too many lines to look for it.
    pub(super) fn around(&self, from: Area, to: Area, fan: f32) -> Option<Vec<Point>> {
        if !self.thorough {
            return None;
        }
        let sides = Side::ALL.into_iter().flat_map(|out| Side::ALL.map(|into| (out, into)));
        let ways = sides.filter_map(|(out, into)| {
            route_if_clear(port(from, out, fan * 0.6), port(to, into, fan * 0.6), &self.boxes)
        });
        let best = ways.min_by(|a, b| effort(a).total_cmp(&effort(b)))?;
        Some(rounded(&best, 10.0))
    }

    pub(super) fn is_free(&self, from: Port, to: Port) -> bool {
        !self.thorough || route_if_clear(from, to, &self.boxes).is_some()
    }

    /// The ground for a line from one box to another with the hulls of others in its way as well.
    pub(super) fn with_hulls(&self, from: Area, to: Area) -> Option<Self> {
        let own = |hull: &Area| hull.grown(2.0).overlaps(from) || hull.grown(2.0).overlaps(to);
        let others: Vec<Area> = self.hulls.iter().filter(|h| !own(h)).copied().collect();
        (self.thorough && !others.is_empty()).then(|| Self {
            boxes: [&self.boxes[..], &others].concat(),
            hulls: Vec::new(),
            search: self.search,
            thorough: self.thorough,
        })
    }
}

/// What connectors keep off: cards, headings, firewalls, labels.
fn obstacles(draft: &Draft<'_>) -> Vec<Area> {
    let cards = draft.places.cards.values().copied();
    let firewalls = draft.items.iter().filter(|i| i.kind == Kind::Firewall).map(|i| i.bounds);
    let labels = draft
        .items
        .iter()
        .filter(|i| matches!(i.kind, Kind::Site | Kind::Line | Kind::Link))
        .flat_map(|i| {
            i.shapes.iter().filter(|d| d.seen.at(Level::Near)).filter_map(|d| match &d.shape {
                crate::diagram::scene::Shape::Words(words) => Some(words.bounds()),
                _ => None,
            })
        });
    let hulls = draft.items.iter().filter(|i| i.kind == Kind::Group).map(|i| i.label);
    cards.chain(firewalls).chain(labels).chain(hulls).collect()
}
