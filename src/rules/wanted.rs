//! What a cure wants to hold, said once for all phases: it yields the edits that make it hold in
//! the topology of any one phase, so that a cure outlives later phases that move or rename things.

use crate::model::{
    Topology,
    dns::{
        RecordData, RecordField, RecordId, RecordKind, RecordSet, ResolverField, View, ViewKind,
        Zone, ZoneId, reverse_name,
    },
    edit::Edit,
    id::{ConnectorId, ResolverId, ServerId, ViewId, slug_from_name},
    name::Fqdn,
    server::{Bindings, ListenerField, ListenerId, Server},
    topology::{Field, Object},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// What a cure wants to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The listener is bound to its server's own addresses.
    Bound(ListenerId),
    /// The resolvers that the connector's senders ask answer the listener's name with its inside
    /// addresses; by a zone for the one name where they have no zone that holds it.
    InsideName(InsideAnswer),
    /// The same, by a whole zone with all that the outside zone says.
    InsideZone(InsideAnswer, Fqdn),
    /// The address has a reverse name in the outside view.
    ReverseName(IpAddr, Fqdn),
    /// The drawing says what the live network answered: the title and the edits, for the one phase that
    /// was asked about.
    AsObserved(String, Vec<Edit>),
    /// The live network says what is drawn: no edit of the plan, somebody's work.
    AsDrawn(String),
}

/// Who is to be told what inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsideAnswer {
    /// The connector whose senders ask.
    pub connector: ConnectorId,
    /// The senders in the phase of the finding.
    pub senders: BTreeSet<ServerId>,
    /// The listener that they have to find.
    pub listener: ListenerId,
    /// Its name.
    pub name: Fqdn,
}

impl Wanted {
    /// What is to be done, as a title for a button or a step.
    pub fn title(&self, topology: &Topology) -> String {
        let server = |id: &ListenerId| {
            topology.servers.get(&id.server).map_or(id.server.to_string(), |s| s.name.clone())
        };
        match self {
            Self::Bound(id) => {
                let addresses = free_addresses(topology, id);
                let list: Vec<_> = addresses.iter().map(ToString::to_string).collect();
                format!("Bind {} to {}", server(id), list.join(", "))
            }
            Self::InsideName(answer) => {
                format!("Add {} to the inside view", answer.name)
            }
            Self::InsideZone(answer, zone) => format!(
                "Add the zone {zone} to the inside view, with all outside names and {} inside",
                answer.name
            ),
            Self::ReverseName(address, name) => {
                format!("Have the provider set the reverse name of {address} to {name}")
            }
            Self::AsObserved(title, _) => title.clone(),
            Self::AsDrawn(remedy) => format!("In the live network: {remedy}; then check again"),
        }
    }

    /// Whether the cure can be made in this topology: what it speaks of is there.
    pub fn possible(&self, topology: &Topology) -> bool {
        match self {
            Self::Bound(id) => {
                topology.listeners.contains_key(id) && !free_addresses(topology, id).is_empty()
            }
            Self::InsideName(answer) | Self::InsideZone(answer, _) => {
                answer.holder(topology).is_some() && !answer.resolvers(topology).is_empty()
            }
            Self::ReverseName(address, _) => {
                topology.lines.values().any(|line| line.addresses.contains(address))
                    && reverse_zone(topology, *address).is_some()
            }
            Self::AsObserved(..) => true,
            Self::AsDrawn(_) => false,
        }
    }

    /// The edits that make it hold in this topology; none where it holds or is not possible.
    /// `made`: what this cure itself made in earlier phases.
    pub fn edits(&self, topology: &Topology, made: &mut BTreeSet<ZoneId>) -> Vec<Edit> {
        if !self.possible(topology) {
            return match self {
                Self::InsideName(_) => orphaned(topology, None, made),
                Self::InsideZone(_, zone) => orphaned(topology, Some(zone), made),
                _ => vec![],
            };
        }
        match self {
            Self::Bound(id) => bound(topology, id),
            Self::InsideName(answer) => answer.edits(topology, None, made),
            Self::InsideZone(answer, zone) => answer.edits(topology, Some(zone), made),
            Self::ReverseName(address, name) => {
                let Some(zone) = reverse_zone(topology, *address) else { return vec![] };
                let id = RecordId { zone, name: reverse_name(*address), kind: RecordKind::Ptr };
                if topology.records.contains_key(&id) {
                    return vec![];
                }
                let set = RecordSet { data: RecordData::Ptr(vec![name.clone()]), ttl_s: None };
                vec![Edit::Add(Object::Record(id, set))]
            }
            Self::AsObserved(_, edits) => edits.clone(),
            Self::AsDrawn(_) => vec![],
        }
    }
}

/// The server's addresses that no other listener claims on the same port.
fn free_addresses(topology: &Topology, id: &ListenerId) -> BTreeSet<IpAddr> {
    let Some(listener) = topology.listeners.get(id) else { return BTreeSet::new() };
    let Some(server) = topology.servers.get(&id.server) else { return BTreeSet::new() };
    let claimed = |address: &IpAddr| {
        topology.listeners.iter().any(|(other, o)| {
            other != id
                && other.server == id.server
                && o.port() == listener.port()
                && matches!(&o.bindings, Bindings::Addresses(set) if set.contains(address))
        })
    };
    server.addresses.iter().filter(|a| !claimed(a)).copied().collect()
}

fn bound(topology: &Topology, id: &ListenerId) -> Vec<Edit> {
    let Some(listener) = topology.listeners.get(id) else { return vec![] };
    let own = free_addresses(topology, id);
    let stale = match &listener.bindings {
        Bindings::All => true,
        Bindings::Addresses(set) => !set.is_subset(&own),
    };
    if !stale {
        return vec![];
    }
    let field = ListenerField::Bindings(Bindings::Addresses(own));
    vec![Edit::Set(Field::Listener(id.clone(), field))]
}

/// The outside zone in which an address's reverse name would stand.
fn reverse_zone(topology: &Topology, address: IpAddr) -> Option<ZoneId> {
    let name = reverse_name(address);
    outside_zones(topology)
        .filter(|zone| name.is_within(&zone.origin))
        .max_by_key(|zone| zone.origin.as_str().len())
        .cloned()
}

fn outside_zones(topology: &Topology) -> impl Iterator<Item = &ZoneId> {
    topology.zones.keys().filter(|zone| {
        topology.views.get(&zone.view).is_some_and(|view| view.kind == ViewKind::Outside)
    })
}

impl InsideAnswer {
    /// The server that bears the name: the listener's own while it does, else whoever else does, as
    /// when a later phase puts another machine in its place. None: nobody, or nobody with an address.
    fn holder<'t>(&self, topology: &'t Topology) -> Option<&'t Server> {
        let bears = |id: &ListenerId| {
            let server = topology.servers.get(&id.server)?;
            let own = topology.listeners.get(id)?.fqdn.clone();
            let name = own.or_else(|| server.computer_fqdn())?;
            (name == self.name && !server.addresses.is_empty()).then_some(server)
        };
        bears(&self.listener).or_else(|| topology.listeners.keys().find_map(bears))
    }

    fn addresses(&self, topology: &Topology) -> Vec<IpAddr> {
        self.holder(topology).map_or_else(Vec::new, |server| server.addresses.clone())
    }

    /// Whether a resolver that the senders ask already has an inside zone that holds the name.
    pub fn has_inside_zone(&self, topology: &Topology) -> bool {
        self.resolvers(topology).iter().any(|id| {
            let serves = &topology.resolvers[id].serves;
            let inside = serves.iter().filter(|view| {
                topology.views.get(*view).is_some_and(|view| view.kind == ViewKind::Inside)
            });
            let views: BTreeSet<&ViewId> = inside.collect();
            topology
                .zones
                .keys()
                .any(|zone| views.contains(&zone.view) && self.name.is_within(&zone.origin))
        })
    }

    /// The resolvers that the senders ask in this topology.
    fn resolvers(&self, topology: &Topology) -> BTreeSet<ResolverId> {
        let mut senders = self.senders.clone();
        if let Some(connector) = topology.group_connectors.get(&self.connector) {
            if connector.sources.is_empty() {
                let in_group = |s: &Server| s.group.as_ref() == Some(&connector.from);
                senders.extend(
                    topology.servers.iter().filter(|(_, s)| in_group(s)).map(|(id, _)| id.clone()),
                );
            } else {
                senders.extend(connector.sources.iter().map(|l| l.server.clone()));
            }
        }
        let mut resolvers = BTreeSet::new();
        for id in &senders {
            let Some(server) = topology.servers.get(id) else { continue };
            let site = match &server.place {
                crate::model::dns::Place::Segment(segment) => {
                    topology.segments.get(segment).and_then(|s| topology.sites.get(&s.site))
                }
                crate::model::dns::Place::Internet => None,
            };
            let list = server.resolvers.as_ref().or(site.and_then(|s| s.resolvers.as_ref()));
            resolvers.extend(list.into_iter().flatten().cloned());
        }
        resolvers.retain(|id| topology.resolvers.contains_key(id));
        resolvers
    }

    fn edits(
        &self,
        topology: &Topology,
        whole: Option<&Fqdn>,
        made: &mut BTreeSet<ZoneId>,
    ) -> Vec<Edit> {
        let mut edits = Vec::new();
        for view in self.views(topology, &mut edits) {
            let holding = topology
                .zones
                .keys()
                .filter(|zone| zone.view == view && self.name.is_within(&zone.origin))
                .max_by_key(|zone| zone.origin.as_str().len());
            let origin = whole.unwrap_or(&self.name);
            let own = ZoneId { view: view.clone(), origin: origin.clone() };
            let zone = match holding {
                Some(zone) if !made.contains(zone) || *zone == own => zone.clone(),
                _ => own.clone(),
            };
            if !topology.zones.contains_key(&zone) {
                let object = Zone { ttl_s: None, negative_ttl_s: None };
                edits.push(Edit::Add(Object::Zone(zone.clone(), object)));
                made.insert(zone.clone());
            }
            let mut records = match whole {
                Some(_) if made.contains(&zone) => copied(topology, &zone, Some(&self.name)),
                _ => BTreeMap::new(),
            };
            self.own_records(topology, &zone, &mut records);
            // Nothing may stand beside an alias (RFC 1034 section 3.6.2).
            let alias =
                RecordId { zone: zone.clone(), name: self.name.clone(), kind: RecordKind::Cname };
            if topology.records.contains_key(&alias) {
                edits.push(Edit::Remove(crate::model::ObjectId::Record(alias)));
            }
            if whole.is_some() && made.contains(&zone) {
                edits.extend(follow(topology, &zone, records));
            } else {
                edits
                    .extend(records.into_iter().filter_map(|(id, set)| to_hold(topology, id, set)));
            }
        }
        edits
    }

    /// The inside views of the resolvers; a resolver without one is given one.
    fn views(&self, topology: &Topology, edits: &mut Vec<Edit>) -> BTreeSet<ViewId> {
        let inside = |id: &&ViewId| {
            topology.views.get(*id).is_some_and(|view| view.kind == ViewKind::Inside)
        };
        let mut views = BTreeSet::new();
        let mut new: Option<ViewId> = None;
        for id in self.resolvers(topology) {
            let resolver = &topology.resolvers[&id];
            if let Some(view) = resolver.serves.iter().find(inside) {
                views.insert(view.clone());
                continue;
            }
            let first = topology.views.iter().find(|(_, v)| v.kind == ViewKind::Inside);
            let view = new.clone().or_else(|| first.map(|(id, _)| id.clone()));
            let view = view.unwrap_or_else(|| {
                let taken = |slug: &str| topology.views.keys().any(|id| id.as_str() == slug);
                let slug = slug_from_name("inside", "inside", taken);
                let id: ViewId = slug.parse().unwrap_or_else(|_| unreachable!("a slug"));
                let object = View { name: "Inside".to_owned(), kind: ViewKind::Inside };
                edits.push(Edit::Add(Object::View(id.clone(), object)));
                id
            });
            new = Some(view.clone());
            let mut serves = resolver.serves.clone();
            serves.push(view.clone());
            edits.push(Edit::Set(Field::Resolver(id, ResolverField::Serves(serves))));
            views.insert(view);
        }
        views
    }

    fn own_records(
        &self,
        topology: &Topology,
        zone: &ZoneId,
        records: &mut BTreeMap<RecordId, RecordSet>,
    ) {
        for address in self.addresses(topology) {
            let data = RecordData::address(address);
            let id = RecordId { zone: zone.clone(), name: self.name.clone(), kind: data.kind() };
            let fresh = RecordSet { data: data.clone(), ttl_s: None };
            let set = records.entry(id).or_insert(fresh);
            match (&mut set.data, data) {
                (RecordData::A(list), RecordData::A(more)) if !list.contains(&more[0]) => {
                    list.extend(more);
                }
                (RecordData::Aaaa(list), RecordData::Aaaa(more)) if !list.contains(&more[0]) => {
                    list.extend(more);
                }
                _ => {}
            }
        }
    }
}

/// What becomes of the zones that the cure made when nobody bears the name any more: a zone for
/// the one name goes; a whole zone goes on to say what the outside says.
fn orphaned(topology: &Topology, whole: Option<&Fqdn>, made: &mut BTreeSet<ZoneId>) -> Vec<Edit> {
    let there: Vec<ZoneId> =
        made.iter().filter(|zone| topology.zones.contains_key(zone)).cloned().collect();
    if whole.is_none() {
        made.clear();
        return there
            .into_iter()
            .map(|zone| Edit::Remove(crate::model::ObjectId::Zone(zone)))
            .collect();
    }
    there.iter().flat_map(|zone| follow(topology, zone, copied(topology, zone, None))).collect()
}

/// All that the outside zones at and below a zone's apex say, as records of that zone; apart from one
/// name.
fn copied(
    topology: &Topology,
    zone: &ZoneId,
    without: Option<&Fqdn>,
) -> BTreeMap<RecordId, RecordSet> {
    let outside: BTreeSet<&ZoneId> =
        outside_zones(topology).filter(|o| o.origin.is_within(&zone.origin)).collect();
    let wanted = |id: &RecordId| {
        outside.contains(&id.zone) && id.kind != RecordKind::Ns && Some(&id.name) != without
    };
    let all = topology.records.iter().filter(|(id, _)| wanted(id));
    all.map(|(id, set)| {
        let id = RecordId { zone: zone.clone(), name: id.name.clone(), kind: id.kind };
        (id, set.clone())
    })
    .collect()
}

/// The edits after which a zone holds just these records.
fn follow(topology: &Topology, zone: &ZoneId, records: BTreeMap<RecordId, RecordSet>) -> Vec<Edit> {
    let gone = topology.records.keys().filter(|id| id.zone == *zone && !records.contains_key(*id));
    let mut edits: Vec<Edit> =
        gone.map(|id| Edit::Remove(crate::model::ObjectId::Record(id.clone()))).collect();
    edits.extend(records.into_iter().filter_map(|(id, set)| to_hold(topology, id, set)));
    edits
}

/// The edit that makes a record set hold, if it does not.
fn to_hold(topology: &Topology, id: RecordId, set: RecordSet) -> Option<Edit> {
    match topology.records.get(&id) {
        None => Some(Edit::Add(Object::Record(id, set))),
        Some(there) if there.data == set.data => None,
        Some(_) => Some(Edit::Set(Field::Record(id, RecordField::Data(set.data)))),
    }
}
