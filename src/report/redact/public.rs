//! What the Internet knows already: names of outside views and mail domains, addresses of lines, of
//! outside records, of hosts that stand on the Internet.

use crate::{
    analysis::Analysis,
    model::{
        Topology,
        dns::{Place, RecordData, ViewKind},
        name::is_within,
        server::Server,
    },
};
use std::{collections::BTreeSet, net::IpAddr};

/// What is public.
#[derive(Default)]
pub(super) struct Public {
    zones: BTreeSet<String>,
    names: BTreeSet<String>,
    addresses: BTreeSet<IpAddr>,
    /// Names that only inside views and computers have, and zones that only inside views have.
    inside_names: BTreeSet<String>,
    inside_zones: BTreeSet<String>,
    /// Addresses and subnets that inside hosts have.
    inside: BTreeSet<IpAddr>,
    subnets: Vec<crate::model::address::Subnet>,
}

impl Public {
    /// What is public in any phase.
    pub(super) fn new(analysis: &Analysis) -> Self {
        let mut public = Self::default();
        for phase in &analysis.phases {
            public.take(&phase.topology);
        }
        public.addresses.retain(|address| !public.inside.contains(address));
        public.inside_names.retain(|name| !public.names.contains(name));
        public.inside_zones.retain(|zone| !public.zones.contains(zone));
        public
    }

    fn take(&mut self, topology: &Topology) {
        self.zones.extend(topology.domains.values().map(|d| d.name.to_string()));
        let outside = |id| topology.views.get(id).is_some_and(|v| v.kind == ViewKind::Outside);
        for zone in topology.zones.keys().filter(|zone| outside(&zone.view)) {
            self.zones.insert(zone.origin.to_string());
        }
        for (id, set) in topology.records.iter().filter(|(id, _)| outside(&id.zone.view)) {
            self.names.insert(id.name.to_string());
            self.addresses.extend(set.data.addresses());
            match &set.data {
                RecordData::Cname(name) => drop(self.names.insert(name.to_string())),
                RecordData::Mx(list) => self.names.extend(list.iter().map(|mx| {
                    mx.to_string().split_whitespace().last().unwrap_or_default().to_owned()
                })),
                RecordData::Ns(list) | RecordData::Ptr(list) => {
                    self.names.extend(list.iter().map(ToString::to_string));
                }
                RecordData::A(_) | RecordData::Aaaa(_) | RecordData::Txt(_) => {}
            }
        }
        let inside = |id| topology.views.get(id).is_some_and(|v| v.kind == ViewKind::Inside);
        for zone in topology.zones.keys().filter(|zone| inside(&zone.view)) {
            self.inside_zones.insert(zone.origin.to_string());
        }
        for id in topology.records.keys().filter(|id| inside(&id.zone.view)) {
            self.inside_names.insert(id.name.to_string());
        }
        let computers = topology.servers.values().filter(|s| matches!(s.place, Place::Segment(_)));
        self.inside_names
            .extend(computers.filter_map(Server::computer_fqdn).map(|n| n.to_string()));
        for line in topology.lines.values() {
            self.addresses.extend(&line.addresses);
        }
        for firewall in topology.firewalls.values() {
            self.addresses.extend(firewall.published.iter().map(|p| p.public));
            self.addresses.extend(firewall.source_addresses.values());
        }
        let servers = topology.servers.values().map(|s| (&s.place, &s.addresses));
        let resolvers = topology.resolvers.values().map(|r| (&r.place, &r.addresses));
        for (place, addresses) in servers.chain(resolvers) {
            match place {
                Place::Internet => self.addresses.extend(addresses),
                Place::Segment(_) => self.inside.extend(addresses),
            }
        }
        self.subnets.extend(topology.segments.values().flat_map(|s| &s.subnets).copied());
        self.subnets.sort_unstable();
        self.subnets.dedup();
    }

    /// Whether a name of the DNS is public: one that the Internet is told, or one of a public zone that
    /// nobody inside has for himself.
    pub(super) fn name(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let name = name.trim_end_matches('.');
        let longest = |zones: &BTreeSet<String>| {
            let of = zones.iter().filter(|zone| *zone != "." && is_within(name, zone));
            of.map(String::len).max()
        };
        if self.names.contains(name) || self.zones.contains(name) {
            return true;
        }
        if self.inside_names.contains(name) {
            return false;
        }
        let public = longest(&self.zones);
        public.is_some() && public >= longest(&self.inside_zones)
    }

    /// Whether an address may be shown: it is public, or nothing says that it is inside.
    pub(super) fn address(&self, address: IpAddr) -> bool {
        if self.addresses.contains(&address) || address.is_unspecified() || address.is_loopback() {
            return true;
        }
        let inside = self.inside.contains(&address)
            || self.subnets.iter().any(|subnet| subnet.contains(address))
            || crate::model::address::is_private(address);
        !inside
    }
}
