//! Where everything stands: the Internet on top, sites below it side by side, segments in sites,
//! cards in segments. The same plan always gives the same places; what a person placed (slot by
//! slot, relative to the container) comes before the automatic place.

mod inside;

use super::geometry::{Area, Point, area, pt};
use crate::model::{
    ObjectId, Topology,
    beside::{Drawn, Position, Slot},
    id::{GroupId, MailboxesId, NoteId, SegmentId, SiteId},
    site::SegmentKind,
};
use inside::Inside;
pub use inside::{HULL, least};
use std::collections::BTreeMap;

/// Width and height of a server's card.
pub const CARD: (f32, f32) = (144.0, 78.0);
/// Width and height of a resolver's card.
pub const RESOLVER: (f32, f32) = (144.0, 40.0);
/// Height of a site's heading.
pub const SITE_HEAD: f32 = 56.0;
/// Height of a segment's heading, where a site has several.
pub const SEGMENT_HEAD: f32 = 22.0;
const SITE_EDGE: f32 = 16.0;
const SITE_LEAST: (f32, f32) = (400.0, 230.0);
const EMPTY_SITE: f32 = 300.0;
const SEGMENT_LEAST: f32 = 96.0;
const CLOUD: (f32, f32) = (190.0, 88.0);
const ROW_GAP: f32 = 150.0;
/// The size of a chip for mailboxes that stand nowhere.
pub const CHIP: (f32, f32) = (200.0, 26.0);
/// The size of a routing group without servers.
pub const EMPTY_GROUP: (f32, f32) = (240.0, 92.0);

/// What the layout has to leave room for.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Between sites that stand side by side, for the pills between them.
    pub between_sites: f32,
    /// Between routing groups in one segment.
    pub between_groups: f32,
    /// How cards stand in a block.
    pub columns: Columns,
}

/// How the cards of a routing group stand in its block.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    /// The most that stand side by side.
    pub most: usize,
    /// Between two rows.
    pub row_gap: f32,
}

impl Default for Columns {
    fn default() -> Self {
        Self { most: inside::COLUMNS, row_gap: inside::ROW_GAP }
    }
}

/// In which order stands what nobody placed.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// The sites.
    pub sites: &'a [SiteId],
    /// The routing groups in a segment.
    pub groups: &'a [GroupId],
}

/// Where everything stands.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The cloud.
    pub internet: Area,
    /// The sites' boxes.
    pub sites: BTreeMap<SiteId, Area>,
    /// The segments' areas, without their headings: what positions in them are relative to.
    pub segments: BTreeMap<SegmentId, Area>,
    /// The cards of servers and resolvers.
    pub cards: BTreeMap<ObjectId, Area>,
    /// The room of routing groups whose servers stand where the layout put them.
    pub blocks: BTreeMap<(GroupId, SegmentId), Area>,
    /// Routing groups without servers.
    pub empty_groups: BTreeMap<GroupId, Area>,
    /// Notes.
    pub notes: BTreeMap<NoteId, Area>,
    /// Mailboxes that have neither a home nor a site.
    pub loose_mailboxes: BTreeMap<MailboxesId, Area>,
}

impl Places {
    /// The upper left corner that a slot's position is relative to.
    pub fn origin(&self, container: Option<&ObjectId>) -> Option<Point> {
        match container {
            None => Some(pt(0.0, 0.0)),
            Some(ObjectId::Segment(id)) => self.segments.get(id).map(|a| a.min),
            Some(ObjectId::Site(id)) => self.sites.get(id).map(|a| a.min),
            Some(_) => None,
        }
    }
}

/// A site before it has its place on the sheet.
struct Sized {
    size: (f32, f32),
    segments: Vec<(SegmentId, Area, Inside)>,
}

/// Places everything.
pub fn place(
    topology: &Topology,
    layout: &BTreeMap<Slot, Position>,
    order: Order<'_>,
    room: Room,
) -> Places {
    let mut sized: BTreeMap<SiteId, Sized> = topology
        .sites
        .keys()
        .map(|id| (id.clone(), size_of_site(topology, id, layout, order.groups, room)))
        .collect();
    let mut places = Places::default();
    arrange(&mut sized, layout, order.sites, room, &mut places);
    for (site, sized) in &sized {
        let at = places.sites[site].min;
        settle(&mut places, at, sized);
    }
    place_internet(layout, &mut places);
    inside::place_outside(topology, layout, &mut places);
    place_loose(topology, layout, &mut places);
    places
}

fn size_of_site(
    topology: &Topology,
    site: &SiteId,
    layout: &BTreeMap<Slot, Position>,
    order: &[GroupId],
    room: Room,
) -> Sized {
    let mut segments: Vec<_> = topology.segments.iter().filter(|(_, s)| s.site == *site).collect();
    // The perimeter stands nearer to the Internet.
    segments.sort_by_key(|(id, s)| (s.kind != SegmentKind::Perimeter, *id));
    let many = segments.len() > 1;
    let empty = segments.iter().all(|(id, _)| inside::is_empty(topology, id));
    let least = if empty { EMPTY_SITE } else { SITE_LEAST.0 } - 2.0 * SITE_EDGE;
    let placed: Vec<(SegmentId, Inside)> = segments
        .into_iter()
        .map(|(id, _)| (id.clone(), inside::place(topology, id, layout, (order, room), least)))
        .collect();
    let width = placed.iter().map(|(_, inside)| inside.size.0).fold(least, f32::max);
    let mut y = SITE_HEAD;
    let mut out = Vec::new();
    for (id, inside) in placed {
        if many {
            y += SEGMENT_HEAD;
        }
        let height = inside.size.1.max(SEGMENT_LEAST);
        out.push((id, area(SITE_EDGE, y, width, height), inside));
        y += height + if many { 14.0 } else { 0.0 };
    }
    let size = (width + 2.0 * SITE_EDGE, (y + SITE_EDGE - 4.0).max(SITE_LEAST.1));
    Sized { size, segments: out }
}

/// Puts the sites on the sheet: first those that a person placed, then rows of the others.
fn arrange(
    sized: &mut BTreeMap<SiteId, Sized>,
    layout: &BTreeMap<Slot, Position>,
    order: &[SiteId],
    room: Room,
    places: &mut Places,
) {
    let slot = |id: &SiteId| Slot::on_sheet(ObjectId::Site(id.clone()));
    let mut pinned: Vec<(SiteId, Area)> = sized
        .iter()
        .filter_map(|(id, s)| {
            let at = layout.get(&slot(id))?;
            Some((id.clone(), area(at.x as f32, at.y as f32, s.size.0, s.size.1)))
        })
        .collect();
    pinned.sort_by(|(a, p), (b, q)| {
        (p.min.x, p.min.y).partial_cmp(&(q.min.x, q.min.y)).unwrap_or_else(|| a.cmp(b))
    });
    for (id, mut at) in pinned {
        // A site that grew into its neighbour pushes it aside.
        while let Some(other) = places.sites.values().find(|o| o.grown(12.0).overlaps(at)) {
            at = at.moved(other.max.x + 24.0 - at.min.x, 0.0);
        }
        places.sites.insert(id, at);
    }
    let free: Vec<&SiteId> = order.iter().filter(|id| !places.sites.contains_key(id)).collect();
    let columns = columns_of(free.len());
    let mut y = places.sites.values().map(|a| a.max.y + ROW_GAP).fold(0.0, f32::max);
    let free: Vec<SiteId> =
        free.into_iter().filter(|id| sized.contains_key(*id)).cloned().collect();
    for row in free.chunks(columns) {
        let height = row.iter().map(|id| sized[id].size.1).fold(0.0, f32::max);
        let mut x = 0.0;
        for id in row {
            let width = sized[id].size.0;
            places.sites.insert(id.clone(), area(x, y, width, height));
            x += width + room.between_sites;
        }
        y += height + ROW_GAP;
    }
}

/// How many of so many sites stand side by side: about as wide as a screen, eight in two rows of four.
pub fn columns_of(count: usize) -> usize {
    (3..=count.max(3)).find(|n| n * n * 5 >= count * 7).unwrap_or(3)
}

fn settle(places: &mut Places, at: Point, sized: &Sized) {
    let site_height = sized.size.1;
    let last = sized.segments.len().saturating_sub(1);
    for (i, (id, within, inside)) in sized.segments.iter().enumerate() {
        let mut within = within.moved(at.x, at.y);
        if i == last {
            within.max.y = within.max.y.max(at.y + site_height - SITE_EDGE + 4.0);
        }
        for (object, card) in &inside.cards {
            places.cards.insert(object.clone(), card.moved(within.min.x, within.min.y));
        }
        for (group, block) in &inside.blocks {
            let block = block.moved(within.min.x, within.min.y);
            places.blocks.insert((group.clone(), id.clone()), block);
        }
        places.segments.insert(id.clone(), within);
    }
}

/// The cloud stands where a person put it, or above the middle of the uppermost sites.
fn place_internet(layout: &BTreeMap<Slot, Position>, places: &mut Places) {
    if let Some(at) = layout.get(&Slot::on_sheet(Drawn::Internet)) {
        places.internet = area(at.x as f32, at.y as f32, CLOUD.0, CLOUD.1);
        return;
    }
    let all = places.sites.values().copied().reduce(Area::with);
    let Some(all) = all else {
        places.internet = area(-CLOUD.0 / 2.0, 0.0, CLOUD.0, CLOUD.1);
        return;
    };
    let x = all.centre().x - CLOUD.0 / 2.0;
    places.internet = area(x, all.min.y - CLOUD.1 - 58.0, CLOUD.0, CLOUD.1);
}

/// What stands nowhere is kept in a row below everything, so that it is not lost.
fn place_loose(topology: &Topology, layout: &BTreeMap<Slot, Position>, places: &mut Places) {
    const COLUMNS: usize = 4;
    let below = places.sites.values().chain(places.cards.values()).map(|a| a.max.y);
    let y = below.fold(places.internet.max.y, f32::max) + 60.0;
    let left = places.sites.values().map(|a| a.min.x).fold(f32::INFINITY, f32::min);
    let left = if left.is_finite() { left } else { places.internet.min.x };
    let mut x = left;
    for id in topology.groups.keys() {
        if topology.servers.values().any(|s| s.group.as_ref() == Some(id)) {
            continue;
        }
        let slot = Slot::on_sheet(ObjectId::Group(id.clone()));
        let at = layout.get(&slot).map_or(pt(x, y), |at| pt(at.x as f32, at.y as f32));
        if !layout.contains_key(&slot) {
            x += EMPTY_GROUP.0 + 24.0;
        }
        places.empty_groups.insert(id.clone(), area(at.x, at.y, EMPTY_GROUP.0, EMPTY_GROUP.1));
    }
    let y = if x > left { y + EMPTY_GROUP.1 + 24.0 } else { y };
    let loose = topology.mailboxes.iter().filter(|(_, m)| {
        let home = m.home.as_ref().is_some_and(|id| topology.servers.contains_key(id));
        let site = m.users_at.as_ref().is_some_and(|id| topology.sites.contains_key(id));
        !home && !site
    });
    for (i, (id, _)) in loose.enumerate() {
        let (row, column) = ((i / COLUMNS) as f32, (i % COLUMNS) as f32);
        let chip = area(left + column * (CHIP.0 + 16.0), y + row * (CHIP.1 + 10.0), CHIP.0, CHIP.1);
        places.loose_mailboxes.insert(id.clone(), chip);
    }
}
