//! BH201: a server sends to the Internet from an address that has no reverse name.

use crate::{
    model::{
        ObjectId, Topology,
        dns::{RecordKind, reverse_name},
        id::ServerId,
        promise::End,
    },
    net::{
        lookup::{Answer, Asker},
        world::{ServerIx, World},
    },
    rules::{
        finding::Finding,
        rule::{Check, Rule, Severity},
        wanted::Wanted,
    },
    sim::{
        ends, matrix,
        walk::{LegEnd, Message, Simulator, Start},
    },
};
use std::{collections::BTreeMap, net::IpAddr};

/// The rule.
pub static RULE: Rule = Rule {
    code: "BH201",
    name: "missing-reverse-name",
    article: include_str!("missing_reverse_name.md"),
    symptoms: &["reverse dns", "ptr", "reverse hostname", "5.7.25", "client host rejected"],
    check: Check::Drawn(check),
    cures,
};

fn check(simulator: &Simulator<'_, '_>) -> Vec<Finding> {
    let world = simulator.world;
    let mut found: BTreeMap<(ServerIx, IpAddr), End> = BTreeMap::new();
    for (from, server, seen) in egresses(simulator) {
        found.entry((server, seen)).or_insert(from);
    }
    found
        .into_iter()
        .filter_map(|((server, seen), from)| finding(world, server, seen, from))
        .collect()
}

/// By which server and which public address mail leaves, for each server with mailboxes.
fn egresses(simulator: &Simulator<'_, '_>) -> Vec<(End, ServerIx, IpAddr)> {
    let world = simulator.world;
    let Ok(recipients) = ends::recipients(world, &End::Internet) else { return vec![] };
    let Some(to) = recipients.into_iter().next() else { return vec![] };
    let mut found = Vec::new();
    for from in matrix::ends(world) {
        let End::Server(id) = &from else { continue };
        let Some(start) = world.server_ix(id) else { continue };
        let walk = simulator.walk(&Message { from: Start::Server(start), to: to.clone() });
        if let Some(last) = walk.legs.last()
            && let (Some(server), LegEnd::Left(Some(seen))) = (last.server, &last.end)
        {
            found.push((from, server, *seen));
        }
    }
    found
}

fn finding(world: &World<'_>, server: ServerIx, seen: IpAddr, from: End) -> Option<Finding> {
    let lookup = world.ask(Asker::Outside, &reverse_name(seen), RecordKind::Ptr);
    let node = world.server(server);
    let (severity, message) = match &lookup.answer {
        Answer::Found(..) => return None,
        Answer::NoSuchName | Answer::NoData | Answer::Temporary => (
            Severity::Warning,
            format!(
                "{} sends to the Internet as {seen}, which has no reverse name: some receivers will refuse its mail",
                node.object.name
            ),
        ),
        Answer::Unknown(_) => (
            Severity::CannotTell,
            format!(
                "{} sends to the Internet as {seen}, and no outside zone is drawn that holds its reverse name",
                node.object.name
            ),
        ),
    };
    let line = world.line_of(seen).map(|ix| ObjectId::Line(world.line(ix).id.clone()).into());
    Some(Finding {
        rule: &RULE,
        severity,
        subject: ObjectId::Server(node.id.clone()).into(),
        also: line.into_iter().collect(),
        message,
        evidence: Some((from, End::Internet)),
        observed: None,
    })
}

fn cures(topology: &Topology, finding: &Finding) -> Vec<Wanted> {
    let Some(ObjectId::Server(id)) = finding.subject.object(topology) else { return vec![] };
    let Some(name) = greeting(topology, &id) else { return vec![] };
    // A reverse name is public: an internal name has no place there.
    let mut internal = topology.organisations.values().flat_map(|o| &o.directory_domains);
    if name.is_single_label() || internal.any(|domain| name.is_within(domain)) {
        return vec![];
    }
    let Some(server) = topology.servers.get(&id) else { return vec![] };
    let Some(ObjectId::Line(line)) = finding.also.first().and_then(|s| s.object(topology)) else {
        return vec![];
    };
    let Some(line) = topology.lines.get(&line) else { return vec![] };
    let firewall = line.firewall.as_ref().and_then(|f| topology.firewalls.get(f));
    let translated = server
        .addresses
        .iter()
        .find_map(|a| firewall.and_then(|f| f.source_addresses.get(a)).copied());
    let seen = translated.or_else(|| line.addresses.first().copied());
    seen.map(|address| Wanted::ReverseName(address, name)).into_iter().collect()
}

/// The name that the server's first listener greets with.
fn greeting(topology: &Topology, id: &ServerId) -> Option<crate::model::name::Fqdn> {
    let first = topology.listeners.iter().find(|(l, _)| l.server == *id);
    let fqdn = first.and_then(|(_, l)| l.fqdn.clone());
    fqdn.or_else(|| topology.servers.get(id)?.computer_fqdn())
}
