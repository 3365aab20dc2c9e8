//! Where cards stand inside a segment: a block for each routing group, in it a row for each role,
//! front ends on top. What a person placed stays; the rest keeps out of its way.

use super::{CARD, Columns, Places, RESOLVER, Room};
use crate::{
    diagram::geometry::{Area, area, pt},
    model::{
        ObjectId, Topology,
        beside::{Position, Slot},
        dns::Place,
        id::{GroupId, SegmentId},
        server::Role,
    },
};
use std::collections::BTreeMap;

/// Room around the cards of a routing group: beside, above (the label), below.
pub const HULL: (f32, f32, f32) = (20.0, 30.0, 22.0);
const GROUP_GAP: f32 = 32.0;
const COLUMN_GAP: f32 = 28.0;
pub(super) const ROW_GAP: f32 = 40.0;
const EDGE: f32 = 4.0;
const TOP: f32 = 12.0;
/// The most cards that stand side by side in one block.
pub(super) const COLUMNS: usize = 3;

/// What stands in a segment, relative to its upper left corner.
#[derive(Default)]
pub(super) struct Inside {
    /// The cards of servers and resolvers.
    pub(super) cards: BTreeMap<ObjectId, Area>,
    /// The room of each routing group that nobody has moved anything in.
    pub(super) blocks: BTreeMap<GroupId, Area>,
    /// The size that all of it needs.
    pub(super) size: (f32, f32),
}

/// What stands in a place, before it is placed.
pub(super) struct Members {
    /// Servers by routing group (those without one last) and row.
    groups: BTreeMap<(bool, Option<GroupId>), BTreeMap<u8, Vec<ObjectId>>>,
    resolvers: Vec<ObjectId>,
}

/// Who stands there.
pub(super) fn members(topology: &Topology, place: &Place) -> Members {
    let mut groups: BTreeMap<_, BTreeMap<u8, Vec<ObjectId>>> = BTreeMap::new();
    for (id, server) in topology.servers.iter().filter(|(_, s)| s.place == *place) {
        let group = server.group.clone().filter(|g| topology.groups.contains_key(g));
        let row = match server.role {
            Role::FrontEnd | Role::Relay => 0,
            Role::BackEnd => 1,
            Role::DomainController | Role::Other => 2,
        };
        let rows = groups.entry((group.is_none(), group)).or_default();
        rows.entry(row).or_default().push(ObjectId::Server(id.clone()));
    }
    let resolvers = topology.resolvers.iter().filter(|(_, r)| r.place == *place);
    Members { groups, resolvers: resolvers.map(|(id, _)| ObjectId::Resolver(id.clone())).collect() }
}

/// Whether nothing stands in a segment.
pub(super) fn is_empty(topology: &Topology, segment: &SegmentId) -> bool {
    let place = Place::Segment(segment.clone());
    topology.servers.values().all(|s| s.place != place)
        && topology.resolvers.values().all(|r| r.place != place)
}

/// Places the cards of a segment. `room` tells what stands between routing groups, for the pills between them.
pub(super) fn place(
    topology: &Topology,
    segment: &SegmentId,
    layout: &BTreeMap<Slot, Position>,
    (order, room): (&[GroupId], Room),
    least: f32,
) -> Inside {
    let members = members(topology, &Place::Segment(segment.clone()));
    let mut inside = Inside::default();
    pin(&mut inside, &members, segment, layout);
    let pinned = inside.cards.clone();
    let mut x = EDGE;
    let mut bottom = TOP;
    let mut beside: Option<&GroupId> = None;
    let many = members.groups.len() > 1;
    let rank = |group: &Option<GroupId>| order.iter().position(|id| Some(id) == group.as_ref());
    let mut groups: Vec<_> = members.groups.iter().collect();
    groups.sort_by_key(|((alone, group), _)| (*alone, rank(group)));
    for ((_, group), rows) in groups {
        let rows: BTreeMap<u8, Vec<&ObjectId>> = rows
            .iter()
            .map(|(row, ids)| (*row, ids.iter().filter(|id| !pinned.contains_key(id)).collect()))
            .filter(|(_, ids): &(u8, Vec<_>)| !ids.is_empty())
            .collect();
        if rows.is_empty() {
            continue;
        }
        if x > EDGE {
            let pills = beside.zip(group.as_ref()).is_some_and(|(a, b)| joined(topology, a, b));
            x += if pills { room.between_groups } else { GROUP_GAP };
        }
        beside = group.as_ref();
        let (side, above, below) = group.as_ref().map_or((8.0, 8.0, 4.0), |_| HULL);
        let inner = block_width(&rows, room.columns);
        let width =
            if many { inner + 2.0 * side } else { (inner + 2.0 * side).max(least - 2.0 * EDGE) };
        let height =
            fill_block(&mut inside, &rows, (x, TOP + above), (width, room.columns), &pinned);
        let block = area(x, TOP, width, above + height + below);
        if let Some(group) = group {
            inside.blocks.insert(group.clone(), block);
        }
        x = block.max.x;
        bottom = bottom.max(block.max.y);
    }
    for card in pinned.values() {
        bottom = bottom.max(card.max.y + HULL.2);
    }
    resolver_row(&mut inside, &members, bottom + 12.0, least);
    keep_blocks(&mut inside, topology, &pinned);
    inside.size = size(&inside);
    inside
}

/// Whether connectors lead from one of two groups to the other.
fn joined(topology: &Topology, a: &GroupId, b: &GroupId) -> bool {
    topology
        .group_connectors
        .values()
        .any(|c| (c.from == *a && c.to == *b) || (c.from == *b && c.to == *a))
}

fn pin(
    inside: &mut Inside,
    members: &Members,
    segment: &SegmentId,
    layout: &BTreeMap<Slot, Position>,
) {
    let servers = members.groups.values().flat_map(BTreeMap::values).flatten();
    for id in servers.chain(&members.resolvers) {
        let container = Some(ObjectId::Segment(segment.clone()));
        if let Some(at) = layout.get(&Slot { object: id.clone().into(), container }) {
            let (w, h) = if matches!(id, ObjectId::Resolver(_)) { RESOLVER } else { CARD };
            // What was dragged beyond the edge stands at the edge.
            let (left, top) = least(matches!(id, ObjectId::Resolver(_)));
            let at = pt((at.x as f32).max(left), (at.y as f32).max(top));
            inside.cards.insert(id.clone(), area(at.x, at.y, w, h));
        }
    }
}

/// How near to its segment's left and upper edge a card stands at least: a server with room for the hull
/// and the label of a routing group, which it may join.
pub fn least(resolver: bool) -> (f32, f32) {
    if resolver { (EDGE + 4.0, TOP) } else { (EDGE + HULL.0, TOP + HULL.1) }
}

fn block_width(rows: &BTreeMap<u8, Vec<&ObjectId>>, columns: Columns) -> f32 {
    let columns = rows.values().map(|ids| ids.len().min(columns.most)).max().unwrap_or(1);
    columns as f32 * (CARD.0 + COLUMN_GAP) - COLUMN_GAP
}

/// Fills a block row by row, centred; gives the height that was used.
fn fill_block(
    inside: &mut Inside,
    rows: &BTreeMap<u8, Vec<&ObjectId>>,
    (left, top): (f32, f32),
    (width, columns): (f32, Columns),
    pinned: &BTreeMap<ObjectId, Area>,
) -> f32 {
    let mut y = top;
    for ids in rows.values() {
        for chunk in ids.chunks(columns.most) {
            let used = chunk.len() as f32 * (CARD.0 + COLUMN_GAP) - COLUMN_GAP;
            let mut x = left + (width - used) / 2.0;
            // A row that a person's cards stand in begins below them.
            loop {
                let row = area(left, y, width, CARD.1).grown(8.0);
                match pinned
                    .values()
                    .filter(|card| card.overlaps(row))
                    .map(|c| c.max.y)
                    .reduce(f32::max)
                {
                    Some(below) => y = below + 20.0,
                    None => break,
                }
            }
            for id in chunk {
                inside.cards.insert((*id).clone(), area(x, y, CARD.0, CARD.1));
                x += CARD.0 + COLUMN_GAP;
            }
            y += CARD.1 + columns.row_gap;
        }
    }
    y - columns.row_gap - top
}

fn resolver_row(inside: &mut Inside, members: &Members, top: f32, least: f32) {
    let widest = inside.cards.values().map(|c| c.max.x).fold(least, f32::max);
    let columns = (1..20).rfind(|n| *n as f32 * (RESOLVER.0 + 16.0) <= widest).unwrap_or(1);
    let free: Vec<&ObjectId> =
        members.resolvers.iter().filter(|id| !inside.cards.contains_key(id)).collect();
    for (row, chunk) in free.chunks(columns).enumerate() {
        for (column, id) in chunk.iter().enumerate() {
            let x = EDGE + 8.0 + column as f32 * (RESOLVER.0 + 16.0);
            let y = top + row as f32 * (RESOLVER.1 + 12.0);
            inside.cards.insert((*id).clone(), area(x, y, RESOLVER.0, RESOLVER.1));
        }
    }
}

/// A group's room counts only while all its cards, and no others, stand in it.
fn keep_blocks(inside: &mut Inside, topology: &Topology, pinned: &BTreeMap<ObjectId, Area>) {
    let cards = &inside.cards;
    inside.blocks.retain(|group, block| {
        cards.iter().all(|(id, card)| {
            let ObjectId::Server(server) = id else { return !block.overlaps(*card) };
            let own = topology.servers.get(server).is_some_and(|s| s.group.as_ref() == Some(group));
            if own {
                !pinned.contains_key(id) && block.holds(*card)
            } else {
                !block.overlaps(*card)
            }
        })
    });
}

fn size(inside: &Inside) -> (f32, f32) {
    let cards = inside.cards.iter().map(|(id, card)| match id {
        ObjectId::Server(_) => (card.max.x + HULL.0 + EDGE, card.max.y + HULL.2 + 8.0),
        _ => (card.max.x + EDGE + 8.0, card.max.y + 10.0),
    });
    let blocks = inside.blocks.values().map(|b| (b.max.x + EDGE, b.max.y + 8.0));
    cards.chain(blocks).fold((0.0, 0.0), |(w, h), (x, y)| (f32::max(w, x), f32::max(h, y)))
}

/// Places what stands on the Internet: rows above the cloud, whose upper edge is the zero line.
pub(super) fn place_outside(
    topology: &Topology,
    layout: &BTreeMap<Slot, Position>,
    places: &mut Places,
) {
    const ROW: usize = 6;
    let members = members(topology, &Place::Internet);
    let servers = members.groups.into_values().flat_map(BTreeMap::into_values).flatten();
    let all: Vec<ObjectId> = servers.chain(members.resolvers).collect();
    let (mut free, mut pinned) = (Vec::new(), Vec::new());
    for id in all {
        let (w, h) = if matches!(id, ObjectId::Resolver(_)) { RESOLVER } else { CARD };
        match layout.get(&Slot::on_sheet(id.clone())) {
            Some(at) => pinned.push((id, area(at.x as f32, at.y as f32, w, h))),
            None => free.push((id, (w, h))),
        }
    }
    let mut y = places.internet.min.y - 40.0;
    for chunk in free.chunks(ROW) {
        y -= CARD.1;
        let used: f32 = chunk.iter().map(|(_, (w, _))| w + COLUMN_GAP).sum::<f32>() - COLUMN_GAP;
        let mut x = places.internet.centre().x - used / 2.0;
        for (id, (w, h)) in chunk {
            let mut card = area(x, y + (CARD.1 - h), *w, *h);
            while pinned.iter().any(|(_, other)| other.overlaps(card.grown(6.0))) {
                card = card.moved(0.0, -(CARD.1 + 20.0));
            }
            places.cards.insert(id.clone(), card);
            x += w + COLUMN_GAP;
        }
        y -= ROW_GAP;
    }
    places.cards.extend(pinned);
}
