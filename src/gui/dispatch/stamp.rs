//! Copies of whole sites: with the routing groups that stand wholly in them, their connectors, and the
//! places of their cards, so that a second site is stamped as the first was drawn.

use crate::{
    diagram::scene::Scene,
    gui::state::Plan,
    model::{
        ObjectId, Topology,
        address::Subnet,
        beside::{Drawn, Position, Slot},
        change::Change,
        connector::{GroupConnector, SmtpConnector},
        id::{GroupId, SiteId},
        name::Fqdn,
        reference::{owners, references},
        server::{Bindings, ListenerId},
        site::Outbound,
        topology::Object,
    },
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// How far a stamped site stands beside the others, in world units.
const BESIDE: i32 = 160;

/// Addresses, subnets and names that there can be only once, as the plan has them.
#[derive(Default)]
pub(super) struct Taken {
    addresses: BTreeSet<IpAddr>,
    subnets: BTreeSet<Subnet>,
    names: BTreeSet<Fqdn>,
}

impl Taken {
    /// What the phases that are shown have.
    pub(super) fn of(topologies: &[Topology]) -> Self {
        let mut taken = Self::default();
        for t in topologies {
            taken.addresses.extend(t.servers.values().flat_map(|s| &s.addresses));
            taken.addresses.extend(t.resolvers.values().flat_map(|r| &r.addresses));
            taken.addresses.extend(t.lines.values().flat_map(|l| &l.addresses));
            taken.subnets.extend(t.segments.values().flat_map(|s| &s.subnets));
            taken.names.extend(t.servers.values().filter_map(|s| s.computer_name.clone()));
            taken.names.extend(t.listeners.values().filter_map(|l| l.fqdn.clone()));
        }
        taken
    }

    /// A copy without what only the original can have: that is not entered yet.
    pub(super) fn without(&self, mut copy: Object) -> Object {
        let free = |address: &IpAddr| !self.addresses.contains(address);
        let is_new = |name: &Fqdn| !self.names.contains(name);
        match &mut copy {
            Object::Server(_, o) => {
                o.addresses.retain(free);
                o.computer_name = o.computer_name.take().filter(is_new);
            }
            Object::Resolver(_, o) => o.addresses.retain(free),
            Object::Line(_, o) => o.addresses.retain(free),
            Object::Segment(_, o) => o.subnets.retain(|subnet| !self.subnets.contains(subnet)),
            Object::Firewall(_, o) => {
                o.published.retain(|p| free(&p.public));
                o.source_addresses.retain(|_, public| free(public));
                if matches!(&o.outbound_25, Some(Outbound::Only(hosts)) if !hosts.iter().all(free))
                {
                    o.outbound_25 = None;
                }
            }
            Object::Listener(_, o) => {
                o.fqdn = o.fqdn.take().filter(is_new);
                if let Bindings::Addresses(bound) = &mut o.bindings {
                    bound.retain(free);
                    if bound.is_empty() {
                        o.bindings = Bindings::All;
                    }
                }
            }
            _ => {}
        }
        copy
    }
}

/// The routing groups all of whose servers are copied with a site, and the connectors between what is
/// copied.
pub(super) fn groups_of(topology: &Topology, copied: &BTreeSet<ObjectId>) -> Vec<ObjectId> {
    if !copied.iter().any(|id| matches!(id, ObjectId::Site(_))) {
        return Vec::new();
    }
    let whole = |group: &GroupId| {
        let mut members =
            topology.servers.iter().filter(|(_, s)| s.group.as_ref() == Some(group)).peekable();
        members.peek().is_some()
            && members.all(|(id, _)| copied.contains(&ObjectId::Server(id.clone())))
    };
    let groups: BTreeSet<GroupId> =
        topology.groups.keys().filter(|id| whole(id)).cloned().collect();
    let between = topology
        .group_connectors
        .iter()
        .filter(|(_, c)| groups.contains(&c.from) && groups.contains(&c.to))
        .map(|(id, _)| ObjectId::GroupConnector(id.clone()));
    let outward = topology
        .smtp_connectors
        .iter()
        .filter(|(_, c)| groups.contains(&c.group))
        .map(|(id, _)| ObjectId::SmtpConnector(id.clone()));
    let own = groups.iter().cloned().map(ObjectId::Group);
    own.chain(between).chain(outward).collect()
}

/// What has to be there before a copy of an object: what it is part of, and those that it refers to whose
/// copies its own copy refers to.
pub(super) fn needs(object: &Object) -> Vec<ObjectId> {
    let mut all = owners(object);
    let copied_along = |id: &ObjectId| match object {
        Object::Line(..) => matches!(id, ObjectId::Firewall(_)),
        Object::Server(..) => matches!(id, ObjectId::Group(_)),
        Object::GroupConnector(..) | Object::SmtpConnector(..) => true,
        _ => false,
    };
    all.extend(references(object).into_iter().filter(copied_along));
    all
}

/// A copy's group: the copy of the group, where that was copied too.
pub(super) fn group(ids: &BTreeMap<ObjectId, ObjectId>, old: &mut GroupId) {
    if let Some(ObjectId::Group(new)) = ids.get(&ObjectId::Group(old.clone())) {
        old.clone_from(new);
    }
}

fn listeners(
    ids: &BTreeMap<ObjectId, ObjectId>,
    all: &BTreeSet<ListenerId>,
) -> BTreeSet<ListenerId> {
    let copy = |old: &ListenerId| match ids.get(&ObjectId::Listener(old.clone())) {
        Some(ObjectId::Listener(new)) => new.clone(),
        _ => old.clone(),
    };
    all.iter().map(copy).collect()
}

/// A connector between copies.
pub(super) fn connector(
    ids: &BTreeMap<ObjectId, ObjectId>,
    mut o: GroupConnector,
) -> GroupConnector {
    group(ids, &mut o.from);
    group(ids, &mut o.to);
    o.sources = listeners(ids, &o.sources);
    o.targets = listeners(ids, &o.targets);
    o
}

/// An SMTP connector of a copy.
pub(super) fn smtp_connector(
    ids: &BTreeMap<ObjectId, ObjectId>,
    mut o: SmtpConnector,
) -> SmtpConnector {
    group(ids, &mut o.group);
    o.sources = listeners(ids, &o.sources);
    o
}

/// Where the copies stand: cards as in the original, a site to the right of all others.
pub(super) fn places(plan: &Plan, ids: &BTreeMap<ObjectId, ObjectId>) -> Vec<Change> {
    let project = plan.workspace.project();
    let mut places: BTreeMap<Slot, Position> = BTreeMap::new();
    for (slot, at) in &project.layout {
        let (Drawn::Object(object), Some(container)) = (&slot.object, &slot.container) else {
            continue;
        };
        if let (Some(object), Some(container)) = (ids.get(object), ids.get(container)) {
            let object = object.clone().into();
            places.insert(Slot { object, container: Some(container.clone()) }, *at);
        }
    }
    let new: Vec<(&SiteId, &SiteId)> = ids
        .iter()
        .filter_map(|(old, new)| match (old, new) {
            (ObjectId::Site(old), ObjectId::Site(new)) => Some((old, new)),
            _ => None,
        })
        .collect();
    if let (Some(scene), false) = (plan.canvas.scene(), new.is_empty()) {
        stay(&project.layout, scene, &mut places);
        let mut x = scene.places.sites.values().map(|a| whole(a.max.x)).max().unwrap_or(0);
        for (old, new) in new {
            let Some(area) = scene.places.sites.get(old) else { continue };
            x += BESIDE;
            let at = Position { x, y: whole(area.min.y), pinned: false };
            places.insert(Slot::on_sheet(ObjectId::Site(new.clone())), at);
            x += whole(area.width());
        }
    }
    places.into_iter().map(|(slot, at)| Change::Place { slot, to: Some(at) }).collect()
}

/// The sites and the cloud that nobody has placed stay where they are.
fn stay(known: &BTreeMap<Slot, Position>, scene: &Scene, places: &mut BTreeMap<Slot, Position>) {
    let sites = scene.places.sites.iter();
    let sites = sites.map(|(id, area)| (Slot::on_sheet(ObjectId::Site(id.clone())), area.min));
    let cloud = (Slot::on_sheet(Drawn::Internet), scene.places.internet.min);
    for (slot, at) in sites.chain([cloud]) {
        if !known.contains_key(&slot) {
            places.insert(slot, Position { x: whole(at.x), y: whole(at.y), pinned: false });
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a drawing is far smaller than 2^31")]
fn whole(v: f32) -> i32 {
    v.round() as i32
}
