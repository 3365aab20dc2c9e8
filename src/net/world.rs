//! The world of one phase: every object with a dense index, its references resolved, its failures
//! marked. Built once per topology ([`super::build`]), then read by lookups, connections and mail.

use super::{
    directory::DirectoryGraph,
    lookup::{Lookup, LookupKey},
    routing::{NetworkGraph, RoutingGraph},
    watch::{Memo, Switch, Watch},
};
use crate::model::{
    Project, Topology,
    address::Subnet,
    assumption::{About, Behaviour},
    connector::{Group, GroupConnector, SmtpConnector},
    dns::{RecordId, RecordKind, RecordSet, Resolver, ZoneId},
    id::{
        AssumptionId, ConnectorId, FirewallId, GroupId, LineId, LinkId, OrganisationId, ResolverId,
        SegmentId, ServerId, SiteId, ViewId,
    },
    name::Fqdn,
    server::{Bindings, Listener, ListenerId, Server},
    site::{Firewall, Line, Link, Segment, Site},
};
use rustc_hash::FxHashMap;
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    rc::Rc,
};

macro_rules! indexes {
    ($($(#[$doc:meta])* $ix:ident,)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $ix(pub(crate) u32);
        impl $ix {
            /// The place in the world's list.
            pub(crate) fn at(self) -> usize {
                self.0 as usize
            }
            /// The index of a place in the world's list.
            pub(crate) fn new(at: usize) -> Self {
                Self(u32::try_from(at).unwrap_or(u32::MAX))
            }
        }
    )+};
}

indexes! {
    /// A server of this world.
    ServerIx,
    /// A listener of this world.
    ListenerIx,
    /// A site of this world.
    SiteIx,
    /// A segment of this world.
    SegmentIx,
    /// An Internet line of this world.
    LineIx,
    /// A firewall of this world.
    FirewallIx,
    /// A WAN link of this world.
    LinkIx,
    /// A resolver of this world.
    ResolverIx,
    /// A zone of this world.
    ZoneIx,
    /// A routing group of this world.
    GroupIx,
    /// A routing group connector of this world.
    ConnectorIx,
    /// An SMTP connector of this world.
    SmtpIx,
}

/// What a simulation takes for granted. Date and lessons come in here too, once rules use them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inputs {
    /// The behaviours that are on.
    pub behaviours: BTreeSet<Behaviour>,
    /// The facts that assumptions fill.
    pub facts: BTreeMap<About, AssumptionId>,
}

impl Inputs {
    /// What a project takes for granted.
    pub fn of(project: &Project) -> Self {
        Self { behaviours: project.behaviours(), facts: project.assumed_facts() }
    }

    /// Whether a behaviour is taken for granted.
    pub fn on(&self, behaviour: Behaviour) -> bool {
        self.behaviours.contains(&behaviour)
    }
}

/// Where a host stands, resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Spot {
    /// In a segment of a site.
    Inside(SiteIx, SegmentIx),
    /// On the Internet.
    Internet,
    /// In a segment that is not there.
    Nowhere,
}

/// A server with its references resolved.
#[derive(Debug)]
pub struct ServerNode<'a> {
    /// Its id.
    pub id: &'a ServerId,
    /// Its properties.
    pub object: &'a Server,
    /// Where it stands.
    pub spot: Spot,
    /// Its listeners, by number.
    pub listeners: Vec<ListenerIx>,
    /// Its routing group.
    pub group: Option<GroupIx>,
    /// Its resolvers: its own, or its site's; none: not entered.
    pub resolvers: Option<Vec<ResolverIx>>,
    /// The computer's name with its domain.
    pub computer: Option<Fqdn>,
    /// Which servers ask the same resolvers from the same place.
    pub asker: u32,
    /// Whether it has failed.
    pub failed: Switch,
}

/// A listener with its references resolved.
#[derive(Debug)]
pub struct ListenerNode<'a> {
    /// Its id.
    pub id: &'a ListenerId,
    /// Its properties.
    pub object: &'a Listener,
    /// Its server.
    pub server: ServerIx,
    /// The name that it greets with: its FQDN, or the computer's.
    pub greeting: Option<Fqdn>,
    /// Whether it has failed.
    pub failed: bool,
}

/// A site with its references resolved.
#[derive(Debug)]
pub struct SiteNode<'a> {
    /// Its id.
    pub id: &'a SiteId,
    /// Its properties.
    pub object: &'a Site,
    /// Its segments.
    pub segments: Vec<SegmentIx>,
    /// Its lines.
    pub lines: Vec<LineIx>,
    /// Whether it is cut off.
    pub failed: Switch,
}

macro_rules! nodes {
    ($($(#[$doc:meta])* $node:ident, $id:ty, $object:ty, { $($(#[$fdoc:meta])* $f:ident: $fty:ty,)* };)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $node<'a> {
            /// Its id.
            pub id: &'a $id,
            /// Its properties.
            pub object: &'a $object,
            $($(#[$fdoc])* pub $f: $fty,)*
            /// Whether it has failed.
            pub failed: Switch,
        }
    )+};
}

nodes! {
    /// A segment with its references resolved.
    SegmentNode, SegmentId, Segment, {
        /// Its site.
        site: SiteIx,
    };
    /// An Internet line with its references resolved.
    LineNode, LineId, Line, {
        /// Its site.
        site: SiteIx,
        /// The firewall before it; none: not entered.
        firewall: Option<FirewallIx>,
    };
    /// A firewall with its references resolved.
    FirewallNode, FirewallId, Firewall, {};
    /// A link with its references resolved.
    LinkNode, LinkId, Link, {
        /// Its ends.
        ends: [SiteIx; 2],
    };
    /// A resolver with its references resolved.
    ResolverNode, ResolverId, Resolver, {
        /// Where it stands.
        spot: Spot,
        /// The server of the plan that it runs on: one with its address at its place.
        host: Option<ServerIx>,
        /// The zones of its views, the longest names first.
        zones: Vec<ZoneIx>,
    };
    /// A routing group connector with its references resolved.
    ConnectorNode, ConnectorId, GroupConnector, {
        /// The group whose servers send.
        from: GroupIx,
        /// The group that it leads to.
        to: GroupIx,
        /// Its local bridgeheads that are there.
        sources: Vec<ListenerIx>,
        /// Its remote bridgeheads that are there.
        targets: Vec<ListenerIx>,
        /// Its place when all are sorted by name.
        rank: u32,
    };
    /// An SMTP connector with its references resolved.
    SmtpNode, ConnectorId, SmtpConnector, {
        /// The group that it belongs to.
        group: GroupIx,
        /// Its local bridgeheads that are there.
        sources: Vec<ListenerIx>,
        /// Its place when all are sorted by name.
        rank: u32,
    };
}

/// A routing group or AD site.
#[derive(Debug)]
pub struct GroupNode<'a> {
    /// Its id.
    pub id: &'a GroupId,
    /// Its properties.
    pub object: &'a Group,
    /// Its servers that route by AD sites.
    pub members: Vec<ServerIx>,
}

/// A zone.
#[derive(Debug)]
pub struct ZoneNode<'a> {
    /// Its id.
    pub id: &'a ZoneId,
    /// Its view.
    pub view: &'a ViewId,
    /// Whether it, or its view, has failed: its servers cannot answer from it.
    pub failed: bool,
}

/// The record sets of one name in one zone; none at all for a name that others lie below.
#[derive(Clone, Copy, Debug, Default)]
pub struct Records<'a> {
    /// By [`RecordKind`]'s order.
    pub(crate) sets: [Option<(&'a RecordId, &'a RecordSet)>; RecordKind::ALL.len()],
}

impl<'a> Records<'a> {
    /// The set of a type.
    pub fn get(&self, kind: RecordKind) -> Option<(&'a RecordId, &'a RecordSet)> {
        self.sets[kind as usize]
    }
}

/// What stands at an inside address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// A server.
    Server(ServerIx),
    /// A resolver that is no server of the plan.
    Resolver(ResolverIx),
}

/// The world of one phase.
pub struct World<'a> {
    /// The drawing.
    pub topology: &'a Topology,
    /// What is taken for granted.
    pub inputs: &'a Inputs,
    pub(crate) servers: Vec<ServerNode<'a>>,
    pub(crate) listeners: Vec<ListenerNode<'a>>,
    pub(crate) sites: Vec<SiteNode<'a>>,
    pub(crate) segments: Vec<SegmentNode<'a>>,
    pub(crate) lines: Vec<LineNode<'a>>,
    pub(crate) firewalls: Vec<FirewallNode<'a>>,
    pub(crate) links: Vec<LinkNode<'a>>,
    pub(crate) resolvers: Vec<ResolverNode<'a>>,
    pub(crate) zones: Vec<ZoneNode<'a>>,
    pub(crate) groups: Vec<GroupNode<'a>>,
    pub(crate) connectors: Vec<ConnectorNode<'a>>,
    pub(crate) smtp: Vec<SmtpNode<'a>>,
    /// The zones of outside views, the longest names first.
    pub(crate) public_zones: Vec<ZoneIx>,
    pub(crate) names: FxHashMap<(ZoneIx, &'a str), Records<'a>>,
    pub(crate) line_at: FxHashMap<IpAddr, LineIx>,
    pub(crate) internet_server_at: FxHashMap<IpAddr, ServerIx>,
    pub(crate) host_at: FxHashMap<(SegmentIx, IpAddr), Host>,
    pub(crate) organisation_of: FxHashMap<&'a str, &'a OrganisationId>,
    /// The sites and links as a graph.
    pub network: NetworkGraph,
    /// The routing groups and their connectors as a graph.
    pub routing: RoutingGraph,
    /// The AD sites and their links as a graph.
    pub directory: DirectoryGraph,
    pub(crate) server_by_id: FxHashMap<&'a ServerId, ServerIx>,
    pub(crate) segments_at: RefCell<FxHashMap<IpAddr, Rc<[SegmentIx]>>>,
    pub(crate) lookups: Memo<LookupKey, Rc<Lookup<'a>>>,
    /// What is down, and who looked.
    pub watch: Watch,
}

macro_rules! getters {
    ($($name:ident, $list:ident, $ix:ty, $node:ident;)+) => {
        impl<'a> World<'a> {
            $(
                /// The object at an index.
                pub fn $name(&self, ix: $ix) -> &$node<'a> {
                    &self.$list[ix.at()]
                }
            )+
        }
    };
}

getters! {
    server, servers, ServerIx, ServerNode;
    listener, listeners, ListenerIx, ListenerNode;
    site, sites, SiteIx, SiteNode;
    segment, segments, SegmentIx, SegmentNode;
    line, lines, LineIx, LineNode;
    firewall, firewalls, FirewallIx, FirewallNode;
    link, links, LinkIx, LinkNode;
    resolver, resolvers, ResolverIx, ResolverNode;
    zone, zones, ZoneIx, ZoneNode;
    group, groups, GroupIx, GroupNode;
    connector, connectors, ConnectorIx, ConnectorNode;
    smtp, smtp, SmtpIx, SmtpNode;
}

impl<'a> World<'a> {
    /// Whether something is down.
    #[inline]
    pub fn is_down(&self, switch: Switch) -> bool {
        self.watch.is_down(switch)
    }

    /// The line that bears a public address.
    pub fn line_of(&self, address: IpAddr) -> Option<LineIx> {
        self.line_at.get(&address).copied()
    }

    /// Whether an address is a drawn line's.
    pub fn is_line_address(&self, address: IpAddr) -> bool {
        self.line_at.contains_key(&address)
    }

    /// The index of a server.
    pub fn server_ix(&self, id: &ServerId) -> Option<ServerIx> {
        self.server_by_id.get(id).copied()
    }

    /// All servers.
    pub fn server_ixs(&self) -> impl Iterator<Item = ServerIx> + use<> {
        (0..self.servers.len()).map(ServerIx::new)
    }

    /// The organisation that receives mail for a domain, if one is drawn.
    pub fn organisation_of(&self, domain: &str) -> Option<&'a OrganisationId> {
        self.organisation_of.get(domain).copied()
    }

    /// Whether a domain is local to a server: it is one of its organisation's.
    pub fn is_local(&self, server: ServerIx, domain: &str) -> bool {
        let own = self.server(server).object.organisation.as_ref();
        own.is_some() && self.organisation_of(domain) == own
    }

    /// The assumption that fills a fact, if one is taken.
    pub fn assumed(&self, about: &About) -> Option<&'a AssumptionId> {
        self.inputs.facts.get(about)
    }

    /// Whether a behaviour is taken for granted.
    pub fn on(&self, behaviour: Behaviour) -> bool {
        self.inputs.on(behaviour)
    }

    /// The segments that hold an address, the longest prefix first.
    pub fn segments_of(&self, address: IpAddr) -> Rc<[SegmentIx]> {
        if let Some(known) = self.segments_at.borrow().get(&address) {
            return Rc::clone(known);
        }
        let mut found: Vec<(u8, SegmentIx)> = self
            .segments
            .iter()
            .enumerate()
            .filter_map(|(at, node)| {
                let fits = node.object.subnets.iter().filter(|net| net.contains(address));
                fits.map(Subnet::prefix).max().map(|prefix| (prefix, SegmentIx::new(at)))
            })
            .collect();
        found.sort_by_key(|(prefix, ix)| (std::cmp::Reverse(*prefix), *ix));
        let found: Rc<[SegmentIx]> = found.into_iter().map(|(_, ix)| ix).collect();
        self.segments_at.borrow_mut().insert(address, Rc::clone(&found));
        found
    }

    /// Whether an address is a server's own and one of its listeners answers on it, on any port.
    pub fn listens_on(&self, server: ServerIx, address: IpAddr) -> bool {
        let node = self.server(server);
        node.object.addresses.contains(&address)
            && node.listeners.iter().any(|ix| match &self.listener(*ix).object.bindings {
                Bindings::All => true,
                Bindings::Addresses(set) => set.contains(&address),
            })
    }

    /// The first address of a server that is of the family of `like`.
    pub fn source_address(&self, server: ServerIx, like: IpAddr) -> Option<IpAddr> {
        let addresses = &self.server(server).object.addresses;
        addresses.iter().copied().find(|a| a.is_ipv4() == like.is_ipv4())
    }
}
