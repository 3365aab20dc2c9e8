//! The ground on which connectors run: what they keep off, and the ways that are left.

use super::Draft;
use crate::diagram::{
    geometry::{Area, Point, pt, rounded},
    roads::{End, Roads, Terrain, sides},
    route::{Port, route, route_simply},
    scene::{Item, Kind, Shape},
};

/// What connectors keep off, and the lines that were laid already.
pub(super) struct Ground {
    boxes: Vec<Area>,
    cloud: Area,
    /// None where there is too much for a best way.
    roads: Option<Roads>,
    /// Whether there are few enough lines to look for a good way.
    pub(super) search: bool,
}

impl Ground {
    pub(super) fn new(draft: &Draft<'_>, count: usize) -> Self {
        const SEARCHED: usize = 160;
        let boxes = obstacles(draft);
        let roads = Roads::new(terrain(draft, &boxes), count);
        Self { boxes, cloud: draft.places.internet, roads, search: count <= SEARCHED }
    }

    /// The best way for a line between two boxes, beside the lines that were laid before; none: there is
    /// none, or there is too much to look for it. `fan` says how far from the middle it should stand.
    pub(super) fn lay(
        &mut self,
        line: usize,
        from: Area,
        to: Area,
        fan: f32,
    ) -> Option<Vec<Point>> {
        let line = u32::try_from(line + 1).ok()?;
        let (out, into) = (sides(self.cloud, from, to), sides(self.cloud, to, from));
        let ends = [
            End { of: from, sides: out, aim: aim(from, to, fan) },
            End { of: to, sides: into, aim: aim(to, from, fan) },
        ];
        let [from, to] = ends;
        Some(rounded(&self.roads.as_mut()?.lay(line, from, to)?, 10.0))
    }

    /// A way between two ports that looks at no other line.
    pub(super) fn route(&self, from: Port, to: Port) -> Vec<Point> {
        let way = if self.search {
            route(from, to, &self.boxes)
        } else {
            route_simply(from, to, &self.boxes)
        };
        rounded(&way, 10.0)
    }
}

/// Where a line should leave a box: from the middle of a card; a hull has room on its whole side, and the
/// line leaves it where the other end is.
fn aim(own: Area, other: Area, fan: f32) -> Point {
    let (middle, there) = (own.centre(), other.centre());
    let along = |middle: f32, there: f32, size: f32| {
        let room = size / 2.0 - 16.0;
        let large = own.width() >= 160.0 || own.height() >= 100.0;
        if large && room > 0.0 { (there - middle).clamp(-room, room) } else { 0.0 }
    };
    pt(
        middle.x + along(middle.x, there.x, own.width()) + fan * 1.2,
        middle.y + along(middle.y, there.y, own.height()) + fan,
    )
}

fn terrain(draft: &Draft<'_>, walls: &[Area]) -> Terrain {
    /// What a unit of way costs more in a site and in a group of others.
    const SITE: f32 = 1.5;
    const GROUP: f32 = 1.0;
    let of = |kind: Kind| draft.items.iter().filter(move |i| i.kind == kind);
    let hulls: Vec<Area> = of(Kind::Group).flat_map(|i| i.parts.iter().copied()).collect();
    let sites = draft.places.sites.values().copied();
    let firewalls = of(Kind::Firewall).map(|i| i.bounds);
    let pipes = of(Kind::Link).chain(of(Kind::Line));
    let rails = pipes.flat_map(|i| i.routes.iter().flat_map(|way| way.windows(2)));
    let all = draft.items.iter().map(|i| i.bounds).reduce(Area::with).unwrap_or_default();
    Terrain {
        bounds: all.grown(110.0),
        anchors: draft.places.cards.values().copied().chain(firewalls).map(Area::centre).collect(),
        walls: walls.iter().copied().chain([draft.places.internet]).collect(),
        rooms: sites.clone().map(|s| (s, SITE)).chain(hulls.iter().map(|h| (*h, GROUP))).collect(),
        edges: sites.chain(hulls.iter().copied()).collect(),
        rails: rails.map(|pair| (pair[0], pair[1])).collect(),
        pitch: 14.0,
        clear: 4.0,
    }
}

/// What connectors keep off: cards, headings from near and from afar, firewalls, labels.
fn obstacles(draft: &Draft<'_>) -> Vec<Area> {
    let cards = draft.places.cards.values().copied();
    let firewalls = draft.items.iter().filter(|i| i.kind == Kind::Firewall).map(|i| i.bounds);
    let worded = [Kind::Site, Kind::Line, Kind::Link, Kind::Group];
    let labels = draft.items.iter().filter(|i| worded.contains(&i.kind)).flat_map(words);
    let hulls = draft.items.iter().filter(|i| i.kind == Kind::Group).map(|i| i.label);
    cards.chain(firewalls).chain(labels).chain(hulls).collect()
}

fn words(item: &Item) -> impl Iterator<Item = Area> {
    item.shapes.iter().filter_map(|drawn| match &drawn.shape {
        Shape::Words(words) => Some(words.bounds()),
        _ => None,
    })
}
