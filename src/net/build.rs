//! Building a [`World`]: ids become indexes, references that dangle are left out.

use super::{
    directory::DirectoryGraph,
    routing::{NetworkGraph, RoutingGraph},
    watch::{Memo, Switch, Watch},
    world::{
        ConnectorIx, ConnectorNode, FirewallIx, FirewallNode, GroupIx, GroupNode, Host, Inputs,
        LineIx, LineNode, LinkNode, ListenerIx, ListenerNode, Records, ResolverIx, ResolverNode,
        SegmentIx, SegmentNode, ServerIx, ServerNode, SiteIx, SiteNode, SmtpNode, Spot, World,
        ZoneIx, ZoneNode,
    },
};
use crate::model::{
    ObjectId, Subject, Topology,
    connector::GroupKind,
    dns::{Place, ViewKind},
    id::{GroupId, ResolverId, SegmentId, SiteId},
    server::{ListenerId, Platform, Server},
};
use rustc_hash::FxHashMap;
use std::{
    cell::{Cell, RefCell},
    cmp::Reverse,
    collections::BTreeSet,
};

/// What has failed from the start, and the numbers given so far.
struct Failures<'f> {
    set: &'f BTreeSet<Subject>,
    numbers: Cell<u32>,
}

impl Failures<'_> {
    fn has(&self, id: impl FnOnce() -> ObjectId) -> bool {
        !self.set.is_empty() && self.set.contains(&Subject::from(id()))
    }

    /// The switch of the next object.
    fn switch(&self, id: impl FnOnce() -> ObjectId) -> Switch {
        self.switch_if(self.has(id))
    }

    fn switch_if(&self, failed: bool) -> Switch {
        let number = self.numbers.get();
        self.numbers.set(number + 1);
        Switch::new(number, failed)
    }
}

impl<'a> World<'a> {
    /// The world of a topology, with these failures.
    pub fn new(topology: &'a Topology, inputs: &'a Inputs, failures: &BTreeSet<Subject>) -> Self {
        Self::build(topology, inputs, failures, Watch::idle())
    }

    /// The same; answers are kept with what they looked at, so that one thing more can be made to
    /// fail ([`Watch::flip`]) and what does not depend on it is not worked out again.
    pub fn watched(
        topology: &'a Topology,
        inputs: &'a Inputs,
        failures: &BTreeSet<Subject>,
    ) -> Self {
        Self::build(topology, inputs, failures, Watch::taking_notes())
    }

    fn build(
        topology: &'a Topology,
        inputs: &'a Inputs,
        failures: &BTreeSet<Subject>,
        watch: Watch,
    ) -> Self {
        let failed = Failures { set: failures, numbers: Cell::new(0) };
        let site_ix: FxHashMap<&SiteId, SiteIx> = index(topology.sites.keys(), SiteIx::new);
        let segments: Vec<SegmentNode<'a>> = topology
            .segments
            .iter()
            .filter_map(|(id, object)| {
                let site = *site_ix.get(&object.site)?;
                Some(SegmentNode {
                    id,
                    object,
                    site,
                    failed: failed.switch(|| ObjectId::Segment(id.clone())),
                })
            })
            .collect();
        let mut world = World {
            topology,
            inputs,
            servers: Vec::new(),
            listeners: Vec::new(),
            sites: sites(topology, &failed),
            segments,
            lines: Vec::new(),
            firewalls: topology
                .firewalls
                .iter()
                .map(|(id, object)| FirewallNode {
                    id,
                    object,
                    failed: failed.switch(|| ObjectId::Firewall(id.clone())),
                })
                .collect(),
            links: Vec::new(),
            resolvers: Vec::new(),
            zones: zones(topology, &failed),
            groups: groups(topology),
            connectors: Vec::new(),
            smtp: Vec::new(),
            public_zones: Vec::new(),
            names: FxHashMap::default(),
            line_at: FxHashMap::default(),
            internet_server_at: FxHashMap::default(),
            host_at: FxHashMap::default(),
            organisation_of: topology
                .domains
                .values()
                .map(|domain| (domain.name.as_str(), &domain.organisation))
                .collect(),
            network: NetworkGraph::default(),
            routing: RoutingGraph::default(),
            directory: DirectoryGraph::default(),
            server_by_id: FxHashMap::default(),
            segments_at: RefCell::default(),
            lookups: Memo::default(),
            watch,
        };
        world.add_lines(&site_ix, &failed);
        world.add_links(&site_ix, &failed);
        world.add_names(&failed);
        world.add_resolvers(&failed);
        world.add_servers(&failed);
        world.host_resolvers();
        world.add_connectors(&failed);
        world.network = NetworkGraph::new(&world.sites, &world.links);
        world.routing = RoutingGraph::new(&world.groups, &world.connectors);
        let names = world.groups.iter().map(|g| (g.object.name.to_lowercase(), g.id));
        world.directory = DirectoryGraph::new(topology, &world.groups, ranks(names));
        world
    }

    fn add_lines(&mut self, site_ix: &FxHashMap<&SiteId, SiteIx>, failed: &Failures<'_>) {
        let firewall_ix: FxHashMap<_, FirewallIx> =
            index(self.topology.firewalls.keys(), FirewallIx::new);
        for (at, segment) in self.segments.iter().enumerate() {
            self.sites[segment.site.at()].segments.push(SegmentIx::new(at));
        }
        for (id, object) in &self.topology.lines {
            let Some(site) = site_ix.get(&object.site).copied() else { continue };
            let ix = LineIx::new(self.lines.len());
            let firewall = object.firewall.as_ref().and_then(|id| firewall_ix.get(id).copied());
            for address in &object.addresses {
                self.line_at.entry(*address).or_insert(ix);
            }
            self.sites[site.at()].lines.push(ix);
            let failed = failed.switch(|| ObjectId::Line(id.clone()));
            self.lines.push(LineNode { id, object, site, firewall, failed });
        }
    }

    fn add_links(&mut self, site_ix: &FxHashMap<&SiteId, SiteIx>, failed: &Failures<'_>) {
        for (id, object) in &self.topology.links {
            let (Some(a), Some(b)) = (site_ix.get(&object.a), site_ix.get(&object.b)) else {
                continue;
            };
            let failed = failed.switch(|| ObjectId::Link(id.clone()));
            self.links.push(LinkNode { id, object, ends: [*a, *b], failed });
        }
    }

    fn add_names(&mut self, failed: &Failures<'_>) {
        let zone_ix: FxHashMap<_, ZoneIx> =
            self.zones.iter().enumerate().map(|(at, zone)| (zone.id, ZoneIx::new(at))).collect();
        self.names.reserve(self.topology.records.len() * 2);
        for (at, zone) in self.zones.iter().enumerate() {
            self.names.insert((ZoneIx::new(at), zone.id.origin.as_str()), Records::default());
        }
        for (id, set) in &self.topology.records {
            let Some(zone) = zone_ix.get(&id.zone).copied() else { continue };
            if failed.has(|| ObjectId::Record(id.clone())) {
                continue;
            }
            let name = id.name.as_str();
            let origin = self.zones[zone.at()].id.origin.as_str();
            self.names.entry((zone, name)).or_default().sets[id.kind as usize] = Some((id, set));
            // Names between the record and the apex exist too, without records of their own.
            let mut rest = name;
            while let Some((_, parent)) = rest.split_once('.') {
                if parent.len() <= origin.len() && origin != "." {
                    break;
                }
                self.names.entry((zone, parent)).or_default();
                rest = parent;
            }
        }
        let mut public: Vec<ZoneIx> = (0..self.zones.len())
            .map(ZoneIx::new)
            .filter(|ix| {
                let view = self.topology.views.get(self.zones[ix.at()].view);
                view.is_some_and(|view| view.kind == ViewKind::Outside)
            })
            .collect();
        public.sort_by_key(|ix| self.longest_first(*ix));
        self.public_zones = public;
    }

    /// Sorts zones so that the first one that fits a name is the one that answers.
    fn longest_first(&self, ix: ZoneIx) -> (Reverse<usize>, ZoneIx) {
        let origin = &self.zones[ix.at()].id.origin;
        (Reverse(if origin.is_root() { 0 } else { origin.as_str().len() }), ix)
    }

    fn add_resolvers(&mut self, failed: &Failures<'_>) {
        let segment_ix = self.segment_ix();
        for (id, object) in &self.topology.resolvers {
            let spot = self.spot(&object.place, &segment_ix);
            let ix = ResolverIx::new(self.resolvers.len());
            let mut zones: Vec<(Reverse<usize>, usize, ZoneIx)> = Vec::new();
            for (order, view) in object.serves.iter().enumerate() {
                for (at, zone) in self.zones.iter().enumerate() {
                    if zone.view == view {
                        let zone = ZoneIx::new(at);
                        zones.push((self.longest_first(zone).0, order, zone));
                    }
                }
            }
            zones.sort();
            if let Spot::Inside(_, segment) = spot {
                for address in &object.addresses {
                    self.host_at.entry((segment, *address)).or_insert(Host::Resolver(ix));
                }
            }
            let zones = zones.into_iter().map(|(.., zone)| zone).collect();
            let failed = failed.switch(|| ObjectId::Resolver(id.clone()));
            self.resolvers.push(ResolverNode { id, object, spot, host: None, zones, failed });
        }
    }

    /// Resolvers that run on a server of the plan fail with it.
    fn host_resolvers(&mut self) {
        for at in 0..self.resolvers.len() {
            let node = &self.resolvers[at];
            let host = node.object.addresses.iter().find_map(|address| match node.spot {
                Spot::Inside(_, segment) => match self.host_at.get(&(segment, *address)) {
                    Some(Host::Server(server)) => Some(*server),
                    _ => None,
                },
                Spot::Internet => self.internet_server_at.get(address).copied(),
                Spot::Nowhere => None,
            });
            self.resolvers[at].host = host;
        }
    }

    fn segment_ix(&self) -> FxHashMap<&'a SegmentId, SegmentIx> {
        self.segments.iter().enumerate().map(|(at, s)| (s.id, SegmentIx::new(at))).collect()
    }

    fn spot(&self, place: &Place, segment_ix: &FxHashMap<&'a SegmentId, SegmentIx>) -> Spot {
        match place {
            Place::Internet => Spot::Internet,
            Place::Segment(id) => match segment_ix.get(id) {
                Some(ix) => Spot::Inside(self.segments[ix.at()].site, *ix),
                None => Spot::Nowhere,
            },
        }
    }

    fn add_servers(&mut self, failed: &Failures<'_>) {
        let segment_ix = self.segment_ix();
        let group_ix: FxHashMap<_, GroupIx> = index(self.topology.groups.keys(), GroupIx::new);
        let resolver_ix: FxHashMap<_, ResolverIx> =
            index(self.topology.resolvers.keys(), ResolverIx::new);
        let mut askers: FxHashMap<(Spot, Option<Vec<ResolverIx>>), u32> = FxHashMap::default();
        for (id, object) in &self.topology.servers {
            let ix = ServerIx::new(self.servers.len());
            let spot = self.spot(&object.place, &segment_ix);
            let entered = object.resolvers.as_ref().or_else(|| match spot {
                Spot::Inside(site, _) => self.sites[site.at()].object.resolvers.as_ref(),
                Spot::Internet | Spot::Nowhere => None,
            });
            let resolvers = entered.map(|list| known(list, &resolver_ix));
            let next = u32::try_from(askers.len() + 1).unwrap_or(u32::MAX);
            let asker = *askers.entry((spot, resolvers.clone())).or_insert(next);
            self.place_server(ix, object, spot);
            self.server_by_id.insert(id, ix);
            let group = object.group.as_ref().and_then(|id: &GroupId| group_ix.get(id).copied());
            // An AD site that is said to fail takes its servers along: to routing it is nothing else.
            let in_failed = group.filter(|_| by_directory_site(object)).is_some_and(|group| {
                self.groups[group.at()].members.push(ix);
                self.groups[group.at()].object.kind == GroupKind::DirectorySite
                    && failed.has(|| ObjectId::Group(self.groups[group.at()].id.clone()))
            });
            let down = failed.has(|| ObjectId::Server(id.clone())) || in_failed;
            self.servers.push(ServerNode {
                id,
                object,
                spot,
                listeners: Vec::new(),
                group,
                resolvers,
                computer: object.computer_fqdn(),
                asker,
                failed: failed.switch_if(down),
            });
        }
        for (id, object) in &self.topology.listeners {
            let Some(server) = self.server_by_id.get(&id.server).copied() else { continue };
            let ix = ListenerIx::new(self.listeners.len());
            let node = &mut self.servers[server.at()];
            node.listeners.push(ix);
            let greeting = object.fqdn.clone().or_else(|| node.computer.clone());
            let failed = failed.has(|| ObjectId::Listener(id.clone()));
            self.listeners.push(ListenerNode { id, object, server, greeting, failed });
        }
    }

    /// Of several servers with one address the first by id has it, before any resolver.
    fn place_server(&mut self, ix: ServerIx, object: &Server, spot: Spot) {
        for address in &object.addresses {
            match spot {
                Spot::Inside(_, segment) => {
                    let host = self.host_at.entry((segment, *address)).or_insert(Host::Server(ix));
                    if matches!(host, Host::Resolver(_)) {
                        *host = Host::Server(ix);
                    }
                }
                Spot::Internet => {
                    self.internet_server_at.entry(*address).or_insert(ix);
                }
                Spot::Nowhere => {}
            }
        }
    }

    fn add_connectors(&mut self, failed: &Failures<'_>) {
        let group_ix: FxHashMap<_, GroupIx> = index(self.topology.groups.keys(), GroupIx::new);
        let listener_ix: FxHashMap<&ListenerId, ListenerIx> = self
            .listeners
            .iter()
            .enumerate()
            .map(|(at, listener)| (listener.id, ListenerIx::new(at)))
            .collect();
        let there = |set: &BTreeSet<ListenerId>| -> Vec<ListenerIx> {
            set.iter().filter_map(|id| listener_ix.get(id).copied()).collect()
        };
        let group_failed =
            |ix: GroupIx| failed.has(|| ObjectId::Group(self.groups[ix.at()].id.clone()));
        let mut connectors = Vec::new();
        for (id, object) in &self.topology.group_connectors {
            let (Some(from), Some(to)) = (group_ix.get(&object.from), group_ix.get(&object.to))
            else {
                continue;
            };
            let down = failed.has(|| ObjectId::GroupConnector(id.clone()))
                || group_failed(*from)
                || group_failed(*to);
            connectors.push(ConnectorNode {
                id,
                object,
                from: *from,
                to: *to,
                sources: there(&object.sources),
                targets: there(&object.targets),
                rank: 0,
                failed: failed.switch_if(down),
            });
        }
        let ranks = ranks(connectors.iter().map(|c| (&c.object.name, c.id)));
        for (connector, rank) in connectors.iter_mut().zip(ranks) {
            connector.rank = rank;
        }
        let mut smtp = Vec::new();
        for (id, object) in &self.topology.smtp_connectors {
            let Some(group) = group_ix.get(&object.group).copied() else { continue };
            let down = failed.has(|| ObjectId::SmtpConnector(id.clone())) || group_failed(group);
            let (sources, failed) = (there(&object.sources), failed.switch_if(down));
            smtp.push(SmtpNode { id, object, group, sources, rank: 0, failed });
        }
        let ranks = self::ranks(smtp.iter().map(|c| (&c.object.name, c.id)));
        for (connector, rank) in smtp.iter_mut().zip(ranks) {
            connector.rank = rank;
        }
        self.connectors = connectors;
        self.smtp = smtp;
    }

    /// The index of a routing group connector.
    pub fn connector_ix(&self, id: &crate::model::id::ConnectorId) -> Option<ConnectorIx> {
        self.connectors.iter().position(|c| c.id == id).map(ConnectorIx::new)
    }
}

fn by_directory_site(server: &Server) -> bool {
    server.platform.is_some_and(Platform::by_directory_site)
}

fn sites<'a>(topology: &'a Topology, failed: &Failures<'_>) -> Vec<SiteNode<'a>> {
    topology
        .sites
        .iter()
        .map(|(id, object)| SiteNode {
            id,
            object,
            segments: Vec::new(),
            lines: Vec::new(),
            failed: failed.switch(|| ObjectId::Site(id.clone())),
        })
        .collect()
}

fn groups(topology: &Topology) -> Vec<GroupNode<'_>> {
    let node = |(id, object)| GroupNode { id, object, members: Vec::new() };
    topology.groups.iter().map(node).collect()
}

fn zones<'a>(topology: &'a Topology, failed: &Failures<'_>) -> Vec<ZoneNode<'a>> {
    topology
        .zones
        .keys()
        .filter(|id| topology.views.contains_key(&id.view))
        .map(|id| ZoneNode {
            id,
            view: &id.view,
            failed: failed.has(|| ObjectId::Zone(id.clone()))
                || failed.has(|| ObjectId::View(id.view.clone())),
        })
        .collect()
}

fn index<'k, K: std::hash::Hash + Eq + 'k, I>(
    keys: impl Iterator<Item = &'k K>,
    new: impl Fn(usize) -> I,
) -> FxHashMap<&'k K, I> {
    keys.enumerate().map(|(at, key)| (key, new(at))).collect()
}

fn known(list: &[ResolverId], index: &FxHashMap<&ResolverId, ResolverIx>) -> Vec<ResolverIx> {
    list.iter().filter_map(|id| index.get(id).copied()).collect()
}

/// The place of each when all are sorted.
fn ranks<T: Ord>(items: impl Iterator<Item = T>) -> Vec<u32> {
    let items: Vec<T> = items.collect();
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by(|a, b| items[*a].cmp(&items[*b]));
    let mut ranks = vec![0; items.len()];
    for (rank, at) in order.into_iter().enumerate() {
        ranks[at] = u32::try_from(rank).unwrap_or(u32::MAX);
    }
    ranks
}
