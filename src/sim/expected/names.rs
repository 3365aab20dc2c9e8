//! The planned names: which records each side gives for them.

use super::{Ask, Asking, Collected, Draft, Expected, Side};
use crate::{
    model::{
        ObjectId, Subject,
        dns::{RecordData, RecordId, RecordKind, reverse_name},
        id::SiteId,
        name::Fqdn,
    },
    net::{
        lookup::{Answer, Asker, LookupStep},
        world::{ServerIx, World},
    },
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// The names that matter, each with what needs it.
type Wanted = BTreeMap<(Fqdn, RecordKind), BTreeSet<Subject>>;

/// What one side says to a name.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) expected: Expected,
    subject: Subject,
    ttl_s: Option<u32>,
}

/// Asks each name of each side.
pub(super) fn collect(world: &World<'_>, asking: &Asking<'_>, collected: &mut Collected) {
    for ((name, kind), needed_by) in wanted(world, asking) {
        if let Some(told) = told(world, Asker::Outside, &name, kind) {
            collected.push(draft(Side::Outside, &name, kind, told, &needed_by, &collected.place));
        }
        let inside: Vec<(&SiteId, Told)> = asking
            .sites
            .iter()
            .filter_map(|s| Some((s.id, told_at(world, s.host, &name, kind)?)))
            .collect();
        if let Some(told) = agreed(&inside) {
            collected.push(draft(Side::Inside, &name, kind, told, &needed_by, &collected.place));
        }
    }
}

fn draft(
    side: Side,
    name: &Fqdn,
    kind: RecordKind,
    told: Told,
    needed_by: &BTreeSet<Subject>,
    place: &str,
) -> Draft {
    let at = if side == Side::Inside { place } else { "" };
    let mut also = needed_by.clone();
    also.remove(&told.subject);
    Draft {
        ask: Ask::Name { side, name: name.clone(), kind },
        expected: told.expected,
        subject: told.subject,
        also,
        ttl_s: told.ttl_s,
        text: format!("{name} {}, {}{at}", kind.name().to_uppercase(), side.name()),
        purpose: None,
    }
}

/// The one answer of all sites; where they are told different things, which.
fn agreed(inside: &[(&SiteId, Told)]) -> Option<Told> {
    let (_, first) = inside.first()?;
    if inside.iter().all(|(_, told)| told.expected == first.expected) {
        return Some(first.clone());
    }
    let answers = inside
        .iter()
        .map(|(site, told)| match &told.expected {
            Expected::Records(set) => ((*site).clone(), set.clone()),
            _ => ((*site).clone(), BTreeSet::new()),
        })
        .collect();
    Some(Told { expected: Expected::Varies(answers), ..first.clone() })
}

fn told_at(world: &World<'_>, host: ServerIx, name: &Fqdn, kind: RecordKind) -> Option<Told> {
    told(world, Asker::Server(host), name, kind)
}

/// What an asker is told, as far as the plan knows and a record of that name decides it.
pub(super) fn told(world: &World<'_>, asker: Asker, name: &Fqdn, kind: RecordKind) -> Option<Told> {
    let lookup = world.ask(asker, name, kind);
    // What an alias leads to is asked by its own name, and the alias as a record of its own.
    if lookup.steps.iter().any(|step| matches!(step, LookupStep::Alias(..))) {
        return None;
    }
    match &lookup.answer {
        Answer::Found(id, set) => Some(Told {
            expected: Expected::Records(lines(&set.data)),
            subject: ObjectId::Record((*id).clone()).into(),
            ttl_s: set.ttl_s,
        }),
        Answer::NoSuchName | Answer::NoData => {
            let zone = lookup.steps.iter().rev().find_map(|step| match step {
                LookupStep::Zone(zone) => Some(world.zone(*zone).id),
                _ => None,
            })?;
            let subject = ObjectId::Zone(zone.clone()).into();
            Some(Told { expected: Expected::Nothing, subject, ttl_s: None })
        }
        Answer::Temporary | Answer::Unknown(_) => None,
    }
}

/// The records of a set as they are compared: without order.
pub(super) fn lines(data: &RecordData) -> BTreeSet<String> {
    data.lines().into_iter().collect()
}

/// Every name that the plan leans on: what listeners greet with, what computers are called, where
/// mail for the domains goes, what the egress addresses are called, and every record that is drawn.
fn wanted(world: &World<'_>, asking: &Asking<'_>) -> Wanted {
    let mut wanted = Wanted::new();
    let mut want = |name: &Fqdn, kind: RecordKind, by: Option<Subject>| {
        if !name.is_single_label() && !name.is_root() {
            wanted.entry((name.clone(), kind)).or_default().extend(by);
        }
    };
    for id in world.topology.records.keys() {
        want(&id.name, id.kind, None);
    }
    for node in &world.listeners {
        let subject = Subject::from(ObjectId::Listener(node.id.clone()));
        for kind in families(&world.server(node.server).object.addresses) {
            if let Some(name) = &node.greeting {
                want(name, kind, Some(subject.clone()));
            }
        }
    }
    for ix in world.server_ixs().filter(|ix| !asking.hosts.contains(ix)) {
        let node = world.server(ix);
        let subject = Subject::from(ObjectId::Server(node.id.clone()));
        for kind in families(&node.object.addresses) {
            if let Some(name) = &node.computer {
                want(name, kind, Some(subject.clone()));
            }
        }
    }
    for (id, domain) in &world.topology.domains {
        want(&domain.name, RecordKind::Mx, Some(ObjectId::Domain(id.clone()).into()));
    }
    for (id, exchange) in exchangers(world) {
        want(exchange, RecordKind::A, Some(ObjectId::Record(id.clone()).into()));
    }
    for (address, line) in egress_addresses(world) {
        want(&reverse_name(address), RecordKind::Ptr, Some(line));
    }
    wanted
}

/// The types of address record that a host with these addresses needs; A where none is entered.
fn families(addresses: &[IpAddr]) -> Vec<RecordKind> {
    let v6 = addresses.iter().any(IpAddr::is_ipv6);
    let v4 = !v6 || addresses.iter().any(IpAddr::is_ipv4);
    let kinds = [(v4, RecordKind::A), (v6, RecordKind::Aaaa)];
    kinds.into_iter().filter(|(wanted, _)| *wanted).map(|(_, kind)| kind).collect()
}

/// The exchangers of the drawn MX records that are names, each with the record that names it.
fn exchangers<'w>(world: &'w World<'_>) -> impl Iterator<Item = (&'w RecordId, &'w Fqdn)> {
    world.topology.records.iter().flat_map(|(id, set)| {
        let list = match &set.data {
            RecordData::Mx(list) => list.as_slice(),
            _ => &[],
        };
        let names = list.iter().map(|mx| &mx.exchange);
        names.filter(|name| name.as_str().parse::<IpAddr>().is_err()).map(move |name| (id, name))
    })
}

/// The addresses by which mail leaves, each with its line: those that a firewall translates to and
/// the first of each line and family.
pub(super) fn egress_addresses(world: &World<'_>) -> BTreeMap<IpAddr, Subject> {
    let mut found = BTreeMap::new();
    for (id, line) in &world.topology.lines {
        let subject = || Subject::from(ObjectId::Line(id.clone()));
        let firewall = line.firewall.as_ref().and_then(|id| world.topology.firewalls.get(id));
        let translated = firewall.into_iter().flat_map(|f| f.source_addresses.values());
        let first = |v4: bool| line.addresses.iter().find(move |a| a.is_ipv4() == v4);
        for address in translated.chain(first(true)).chain(first(false)) {
            found.entry(*address).or_insert_with(subject);
        }
    }
    found
}
