//! BH104: two servers that can reach each other have one address.

use crate::{
    model::{
        ObjectId, Topology,
        dns::Place,
        id::{ServerId, SiteId},
    },
    rules::{
        finding::Finding,
        rule::{Check, Rule, Severity},
    },
    sim::walk::Simulator,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "BH104",
    name: "address-used-twice",
    article: include_str!("address_used_twice.md"),
    symptoms: &["address conflict", "duplicate address", "event 4199"],
    check: Check::Drawn(check),
    cures: |_, _| Vec::new(),
};

/// Sites that are joined by WAN links, and the Internet: in one of them an address is one host's.
type Net<'a> = Option<&'a SiteId>;

fn check(simulator: &Simulator<'_, '_>) -> Vec<Finding> {
    let topology = simulator.world.topology;
    let joined = joined(topology);
    let mut at: BTreeMap<(IpAddr, Net<'_>), Vec<&ServerId>> = BTreeMap::new();
    for (id, server) in &topology.servers {
        let net = match &server.place {
            Place::Internet => None,
            Place::Segment(segment) => {
                let Some(segment) = topology.segments.get(segment) else { continue };
                Some(joined.get(&segment.site).copied().unwrap_or(&segment.site))
            }
        };
        let own: BTreeSet<IpAddr> = server.addresses.iter().copied().collect();
        for address in own {
            at.entry((address, net)).or_default().push(id);
        }
    }
    let shared = at.into_iter().filter(|(_, servers)| servers.len() > 1);
    shared.map(|((address, _), servers)| finding(topology, address, &servers)).collect()
}

/// Each site that has WAN links, with the first by name of all that it is joined with.
fn joined(topology: &Topology) -> BTreeMap<&SiteId, &SiteId> {
    let mut first: BTreeMap<&SiteId, &SiteId> = BTreeMap::new();
    for link in topology.links.values() {
        let of = |site| first.get(site).copied().unwrap_or(site);
        let (a, b) = (of(&link.a), of(&link.b));
        let (low, high) = (a.min(b), a.max(b));
        first.values_mut().filter(|named| **named == high).for_each(|named| *named = low);
        first.extend([(&link.a, low), (&link.b, low), (high, low), (low, low)]);
    }
    first
}

fn finding(topology: &Topology, address: IpAddr, servers: &[&ServerId]) -> Finding {
    let object = |id: &ServerId| ObjectId::Server(id.clone());
    let names: Vec<String> = servers.iter().map(|id| topology.name(&object(id))).collect();
    let names = match &names[..] {
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
        [] => String::new(),
    };
    Finding {
        rule: &RULE,
        severity: Severity::Warning,
        subject: object(servers[1]).into(),
        also: vec![object(servers[0]).into()],
        message: format!(
            "{names} have the same address {address}: which of them answers changes from hour to hour, and what is proved for one holds only while the other is silent"
        ),
        evidence: None,
        observed: None,
    }
}
