//! Checks of the catalogue that hold several answers together: which of them a plan gives cause for.
//!
//! What they ask, and what they make of it, is the probe's; here stands only what the plan says: the
//! domains it receives mail for, the addresses it sends from, the names that two views share, what
//! becomes different at the cut-over.

use super::{
    Ask, Asking, Collected, Draft, Expected, Question, Side,
    names::{egress_addresses, told},
};
use crate::{
    model::{
        ObjectId, Subject, Topology,
        dns::{RecordData, RecordKind, ViewKind, ZoneId, reverse_name},
        id::SiteId,
        name::Fqdn,
    },
    net::{
        lookup::Asker,
        world::{Inputs, World},
    },
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// A name that both sides may know, with what the plan lets each of them say; none: it does not know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair {
    /// The name.
    pub name: Fqdn,
    /// The type.
    pub kind: RecordKind,
    /// The inside answer; an empty set: no such record.
    pub inside: Option<BTreeSet<String>>,
    /// The outside answer.
    pub outside: Option<BTreeSet<String>>,
}

/// A check of the catalogue on one object of the plan.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Study {
    /// The check's id in the catalogue, e.g. `M4`.
    pub check: &'static str,
    /// Whose answers it is made of.
    pub side: Side,
    /// The domain, the zone or the host.
    pub name: Fqdn,
    /// The address it is about.
    pub address: Option<IpAddr>,
    /// The type of record it is about.
    pub kind: Option<RecordKind>,
    /// Records that the plan has for it, as text.
    pub planned: Vec<String>,
    /// Names of both views.
    pub pairs: Vec<Pair>,
    /// Seconds until the cut-over, below 0 after it. No fact of the plan.
    pub cutover_s: Option<i64>,
    /// Block lists that are asked. No fact of the plan.
    pub lists: Vec<Fqdn>,
}

impl Study {
    /// Whether it asks the name servers of its zone themselves.
    pub fn asks_name_servers(&self) -> bool {
        OF_SERVERS.contains(&self.check)
    }

    /// Whether it fetches a policy from a web server, where it may.
    pub fn fetches_policy(&self) -> bool {
        self.check == "A9"
    }

    /// A check on a name, with nothing planned for it.
    pub fn new(check: &'static str, side: Side, name: &Fqdn) -> Self {
        Self {
            check,
            side,
            name: name.clone(),
            address: None,
            kind: None,
            planned: Vec::new(),
            pairs: Vec::new(),
            cutover_s: None,
            lists: Vec::new(),
        }
    }

    /// What it is known by among the studies of a plan.
    pub(super) fn key(&self) -> String {
        let mut key = format!("{} {} {}", self.check, self.side.name(), self.name);
        if let Some(kind) = self.kind {
            key = format!("{key} {}", kind.name());
        }
        match self.address {
            Some(address) => format!("{key} {address}"),
            None => key,
        }
    }

    /// What the plan says, for the hash that tells stale evidence.
    pub(super) fn plan_text(&self) -> String {
        format!("{} {:?} {:?}", self.key(), self.planned, self.pairs)
    }
}

/// What is known beside the plan.
#[derive(Clone, Debug, Default)]
pub struct Occasion<'a> {
    /// The phase before this one: what differs is changed at the cut-over.
    pub before: Option<&'a Topology>,
    /// Seconds until the cut-over, below 0 after it; none: not said.
    pub cutover_s: Option<i64>,
    /// Block lists that may be asked about the plan's addresses.
    pub lists: Vec<Fqdn>,
    /// Whether the zones' own name servers may be asked, wherever they stand.
    pub authoritative: bool,
}

impl<'a> Occasion<'a> {
    /// One that gives cause for every study there is, for comparing facts.
    pub fn complete(before: Option<&'a Topology>) -> Self {
        Self { before, cutover_s: Some(0), lists: vec![Fqdn::root()], authoritative: true }
    }
}

/// The studies of a topology, sorted by their keys.
pub fn studies(
    topology: &Topology,
    inputs: &Inputs,
    from: Option<&SiteId>,
    occasion: &Occasion<'_>,
) -> Vec<Question> {
    super::collected(topology, inputs, from, |world, asking, collected| {
        let mut found = Found { world, asking, collected, occasion };
        found.resolvers();
        for (id, domain) in &world.topology.domains {
            found.domain(&domain.name, &ObjectId::Domain(id.clone()).into());
        }
        found.egress();
        found.hosts();
        for id in world.topology.zones.keys() {
            found.zone(id);
        }
        if let Some(before) = occasion.before {
            found.changes(before);
        }
    })
}

/// The checks on a resolver.
const OF_RESOLVER: [&str; 6] = ["R1", "R2", "R3", "R4", "R6", "R8"];
/// The checks on a mail domain that either side may answer.
const OF_DOMAIN: [&str; 9] = ["M1", "M2", "M3", "M4", "M6", "M7", "M8", "A1", "A7"];
/// The checks on a mail domain as the Internet sees it.
const OF_DOMAIN_OUTSIDE: [&str; 14] =
    ["M5", "M9", "M15", "A2", "A3", "A8", "A9", "A10", "A11", "A12", "A14", "C2", "Z7", "Z10"];
/// The checks on a zone's own name servers.
const OF_SERVERS: [&str; 8] = ["Z1", "Z2", "Z3", "Z4", "Z5", "Z6", "M14", "A1-NS"];
/// The checks on the names that two views share.
const OF_VIEWS: [&str; 6] = ["R7", "W1", "W2", "W3", "W4", "W5"];

struct Found<'f, 'w> {
    world: &'f World<'w>,
    asking: &'f Asking<'f>,
    collected: &'f mut Collected,
    occasion: &'f Occasion<'f>,
}

impl Found<'_, '_> {
    fn push(&mut self, study: Study, subject: &Subject, what: &str) {
        let at = if study.side == Side::Inside { self.collected.place() } else { String::new() };
        let text = format!("{}: {what}, {}{at}", study.check, study.side.name());
        let expected = Expected::Holds(study.planned.clone());
        self.collected.push(Draft {
            ask: Ask::Study(Box::new(study)),
            expected,
            subject: subject.clone(),
            also: BTreeSet::new(),
            ttl_s: None,
            text,
            purpose: None,
        });
    }

    fn each(&mut self, checks: &[&'static str], like: &Study, subject: &Subject, what: &str) {
        for check in checks {
            self.push(Study { check, ..like.clone() }, subject, what);
        }
    }

    /// A name of the plan that a side can answer, by which its resolver is tried.
    fn known_name(&self, side: Side) -> Option<(Fqdn, Subject)> {
        let kind = if side == Side::Inside { ViewKind::Inside } else { ViewKind::Outside };
        let topology = self.world.topology;
        let of_side = |id: &&ZoneId| topology.views.get(&id.view).is_some_and(|v| v.kind == kind);
        let zone = topology.zones.keys().filter(of_side).find(|id| !id.origin.is_root())?;
        Some((zone.origin.clone(), ObjectId::View(zone.view.clone()).into()))
    }

    fn resolvers(&mut self) {
        for side in [Side::Inside, Side::Outside] {
            if side == Side::Inside && self.asking.sites.is_empty() {
                continue;
            }
            if let Some((name, subject)) = self.known_name(side) {
                let what = format!("the {} resolver, by {name}", side.name());
                self.each(&OF_RESOLVER, &Study::new("", side, &name), &subject, &what);
            }
        }
    }

    /// What a side says to a name; for the inside only where all sites are told the same.
    fn told(&self, side: Side, name: &Fqdn, kind: RecordKind) -> Option<BTreeSet<String>> {
        let of = |asker| match told(self.world, asker, name, kind)?.expected {
            Expected::Records(set) => Some(set),
            Expected::Nothing => Some(BTreeSet::new()),
            _ => None,
        };
        if side == Side::Outside {
            return of(Asker::Outside);
        }
        let mut all = self.asking.sites.iter().map(|site| of(Asker::Server(site.host)));
        let first = all.next()??;
        all.all(|other| other.as_ref() == Some(&first)).then_some(first)
    }

    fn domain(&mut self, name: &Fqdn, subject: &Subject) {
        for side in [Side::Outside, Side::Inside] {
            let Some(planned) = self.told(side, name, RecordKind::Mx) else { continue };
            // An inside zone without MX is nobody's way in.
            if side == Side::Inside && planned.is_empty() {
                continue;
            }
            let planned: Vec<String> = planned.into_iter().collect();
            let like = Study { planned: planned.clone(), ..Study::new("", side, name) };
            self.each(&OF_DOMAIN, &like, subject, name.as_str());
            if side == Side::Outside {
                self.each(&OF_DOMAIN_OUTSIDE, &like, subject, name.as_str());
                self.standby(name, &planned, subject);
            }
            self.autodiscover(side, name, subject);
        }
        for (id, _) in
            self.world.topology.records.iter().filter(|(id, _)| {
                id.name.is_within(name) && id.name.as_str().contains("._domainkey.")
            })
        {
            let side = self.side_of(&id.zone);
            let subject = ObjectId::Record(id.clone()).into();
            self.push(Study::new("A6", side, &id.name), &subject, id.name.as_str());
        }
    }

    fn side_of(&self, zone: &ZoneId) -> Side {
        let kind = self.world.topology.views.get(&zone.view).map(|view| view.kind);
        if kind == Some(ViewKind::Outside) { Side::Outside } else { Side::Inside }
    }

    /// A later exchanger with the addresses of an earlier one stands by for it.
    fn standby(&mut self, domain: &Fqdn, planned: &[String], subject: &Subject) {
        let mut hosts: Vec<(u16, Fqdn)> = planned
            .iter()
            .filter_map(|line| {
                let (preference, host) = line.split_once(' ')?;
                Some((preference.parse().ok()?, host.parse().ok()?))
            })
            .collect();
        hosts.sort();
        let addresses = |host: &Fqdn| self.told(Side::Outside, host, RecordKind::A);
        let with: Vec<(Fqdn, Option<BTreeSet<String>>)> =
            hosts.into_iter().map(|(_, host)| (host.clone(), addresses(&host))).collect();
        let mut found = Vec::new();
        for (at, (later, set)) in with.iter().enumerate() {
            let same = |(_, other): &&(Fqdn, Option<BTreeSet<String>>)| other == set;
            let Some((first, _)) = with[..at].iter().find(same) else { continue };
            if set.as_ref().is_some_and(|set| !set.is_empty()) {
                found.push((later.clone(), first.clone()));
            }
        }
        for (later, first) in found {
            let planned = vec![first.to_string()];
            let like = Study { planned, ..Study::new("", Side::Outside, &later) };
            let what = format!("{later} stands by for {first} of {domain}");
            self.each(&["M10", "M11"], &like, subject, &what);
        }
    }

    /// Only where the plan draws it.
    fn autodiscover(&mut self, side: Side, domain: &Fqdn, subject: &Subject) {
        let Ok(name) = domain.child("autodiscover") else { return };
        let kinds = [RecordKind::Cname, RecordKind::A];
        let drawn = |kind: &RecordKind| self.told(side, &name, *kind).filter(|s| !s.is_empty());
        if let Some((kind, set)) = kinds.into_iter().find_map(|k| Some((k, drawn(&k)?))) {
            let planned = set.into_iter().collect();
            let study = Study { planned, kind: Some(kind), ..Study::new("C1", side, domain) };
            self.push(study, subject, name.as_str());
        }
    }

    /// The addresses by which mail leaves: their names, and whether each domain lets them send.
    fn egress(&mut self) {
        let domains: Vec<Fqdn> =
            self.world.topology.domains.values().map(|domain| domain.name.clone()).collect();
        for (address, line) in egress_addresses(self.world) {
            let about = |check, name: &Fqdn| Study {
                address: Some(address),
                ..Study::new(check, Side::Outside, name)
            };
            let root = Fqdn::root();
            // As with records: where the plan has no reverse zone, it knows nothing to ask for.
            let names = self.told(Side::Outside, &reverse_name(address), RecordKind::Ptr);
            if let Some(names) = &names {
                let planned: Vec<String> = names.iter().cloned().collect();
                for check in ["N1", "N2", "N6"] {
                    let study = Study { planned: planned.clone(), ..about(check, &root) };
                    self.push(study, &line, &format!("the name of {address}"));
                }
            }
            if let Some(name) = self.greeting_of(address).filter(|_| names.is_some()) {
                for check in ["N3", "A5"] {
                    self.push(about(check, &name), &line, &format!("{address} as {name}"));
                }
            }
            if !self.occasion.lists.is_empty() {
                let lists = self.occasion.lists.clone();
                let study = Study { lists, ..about("A13", &root) };
                self.push(study, &line, &format!("block lists, {address}"));
            }
            for domain in &domains {
                if self.told(Side::Outside, domain, RecordKind::Mx).is_some() {
                    let what = format!("mail from {domain} by {address}");
                    self.push(about("A4", domain), &line, &what);
                }
            }
        }
    }

    /// What the server that bears an address on the Internet greets with.
    fn greeting_of(&self, public: IpAddr) -> Option<Fqdn> {
        let firewalls = self.world.topology.firewalls.values();
        let inside: BTreeSet<IpAddr> = firewalls
            .flat_map(|firewall| &firewall.source_addresses)
            .filter(|(_, to)| **to == public)
            .map(|(from, _)| *from)
            .collect();
        self.world.listeners.iter().find_map(|listener| {
            let server = self.world.server(listener.server).object;
            let sends = server.addresses.iter().any(|a| inside.contains(a) || *a == public);
            listener.greeting.clone().filter(|_| sends)
        })
    }

    /// Names that the Internet is shown by MX records: none of them may be an inside one.
    fn hosts(&mut self) {
        let directory: Vec<String> = self
            .world
            .topology
            .organisations
            .values()
            .flat_map(|o| o.directory_domains.iter().map(ToString::to_string))
            .collect();
        let domains: Vec<(Fqdn, Subject)> = self
            .world
            .topology
            .domains
            .iter()
            .map(|(id, d)| (d.name.clone(), ObjectId::Domain(id.clone()).into()))
            .collect();
        for (name, subject) in domains {
            if self.told(Side::Outside, &name, RecordKind::Mx).is_some() {
                let planned = directory.clone();
                let study = Study { planned, ..Study::new("N7", Side::Outside, &name) };
                self.push(study, &subject, name.as_str());
            }
        }
    }

    fn zone(&mut self, id: &ZoneId) {
        let side = self.side_of(id);
        let subject: Subject = ObjectId::Zone(id.clone()).into();
        let name = &id.origin;
        if self.occasion.authoritative && side == Side::Outside && !is_reverse(name) {
            let like = Study::new("", side, name);
            self.each(&OF_SERVERS, &like, &subject, &format!("the name servers of {name}"));
        }
        if side == Side::Outside && !self.asking.sites.is_empty() && !is_reverse(name) {
            let pairs = self.pairs(id);
            if pairs.is_empty() {
                return;
            }
            let like = Study { pairs, ..Study::new("", Side::Inside, name) };
            self.each(&OF_VIEWS, &like, &subject, &format!("{name} in the two views"));
        }
    }

    /// The names of an outside zone, and of inside zones below it, with both answers.
    fn pairs(&self, zone: &ZoneId) -> Vec<Pair> {
        let names: BTreeSet<(Fqdn, RecordKind)> = self
            .world
            .topology
            .records
            .keys()
            .filter(|id| id.name.is_within(&zone.origin) && id.kind != RecordKind::Ns)
            .map(|id| (id.name.clone(), id.kind))
            .collect();
        names
            .into_iter()
            .map(|(name, kind)| Pair {
                inside: self.told(Side::Inside, &name, kind),
                outside: self.told(Side::Outside, &name, kind),
                name,
                kind,
            })
            .filter(|pair| pair.inside.is_some() && pair.outside.is_some())
            .collect()
    }

    /// What the cut-over changes: how long what was there before is remembered.
    fn changes(&mut self, before: &Topology) {
        let Some(seconds) = self.occasion.cutover_s else { return };
        let mut found: BTreeMap<String, (Study, Subject)> = BTreeMap::new();
        for (id, set) in &self.world.topology.records {
            let old = before.records.get(id);
            if old.is_some_and(|old| old.data == set.data) {
                continue;
            }
            let side = self.side_of(&id.zone);
            let subject: Subject = ObjectId::Record(id.clone()).into();
            let like = Study {
                kind: Some(id.kind),
                cutover_s: Some(seconds),
                ..Study::new("", side, &id.name)
            };
            let checks: &[&'static str] = if old.is_some() { &["T1", "T2", "T4"] } else { &["T3"] };
            for check in checks {
                let planned = match *check {
                    "T2" => {
                        old.map(|old| ttl_line(before, &id.zone, old.ttl_s)).unwrap_or_default()
                    }
                    "T4" => old.map(|old| lines_of(&old.data)).unwrap_or_default(),
                    _ => Vec::new(),
                };
                let study = Study { check, planned, ..like.clone() };
                found.insert(study.key(), (study, subject.clone()));
            }
        }
        for (study, subject) in found.into_values() {
            let kind = study.kind.map(|kind| kind.name().to_uppercase()).unwrap_or_default();
            let what = format!("{} {kind} at the cut-over", study.name);
            self.push(study, &subject, &what);
        }
    }
}

fn lines_of(data: &RecordData) -> Vec<String> {
    data.lines()
}

/// The TTL that a record had in the plan before, where it is known.
fn ttl_line(before: &Topology, zone: &ZoneId, own: Option<u32>) -> Vec<String> {
    let of_zone = || before.zones.get(zone).and_then(|zone| zone.ttl_s);
    own.or_else(of_zone).map(|ttl| vec![ttl.to_string()]).unwrap_or_default()
}

fn is_reverse(name: &Fqdn) -> bool {
    name.as_str().ends_with(".arpa")
}
