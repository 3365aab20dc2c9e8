//! How Exchange 2000 and 2003 choose the next hop: routing groups, connectors, least cost.

use super::{
    case::{CANNOT_TELL, Case, NO_ROUTE, Outcome, bounced, queued},
    next_hop::{Decision, Try, exchangers, mailbox, named_host},
    people::Recipient,
};
use bridgehead::{
    model::{
        assumption::Behaviour,
        connector::{Delivery, Pattern, Scope, SmtpConnector},
        id::{ConnectorId, GroupId, ServerId},
        name::Fqdn,
        server::{Bindings, ListenerId, SmartHost},
    },
    sim::trace::Code,
};
use std::collections::{BTreeMap, BTreeSet};

/// How an Exchange server handles a message; `excluded` are the connectors marked down on its way.
pub(super) fn exchange(
    case: &Case,
    id: &ServerId,
    to: &Recipient,
    excluded: &BTreeSet<ConnectorId>,
) -> Decision {
    if !to.is_local_to(case.server(id)) {
        return to_the_outside(case, id, to, excluded);
    }
    if !to.known {
        return Decision::End(bounced(Code::UnknownUser));
    }
    let Some(home) = &to.home else { return Decision::End(CANNOT_TELL) };
    if home == id {
        return Decision::End(mailbox(case, id));
    }
    let groups = (&case.server(id).group, &case.server(home).group);
    let (Some(here), Some(there)) = groups else { return Decision::End(CANNOT_TELL) };
    if node(case, here) == node(case, there) {
        return Decision::Send(within_group(case, id, home), None);
    }
    to_group(case, id, here, there, excluded)
}

/// What a next hop of Exchange's own routing that does not exist does to the message.
pub(super) fn name_error_of_own_routing(case: &Case) -> Outcome {
    if case.on(Behaviour::ConnectorNameErrorQueues) {
        queued(Code::NameNotFound)
    } else {
        bounced(Code::NameNotFound)
    }
}

/// Straight to another server of the same routing group.
fn within_group(case: &Case, id: &ServerId, home: &ServerId) -> Vec<Try> {
    let first = case.listeners(home).first().and_then(|(_, listener)| listener.fqdn.clone());
    let asked = first.filter(|_| !case.on(Behaviour::SameGroupByComputerName));
    match asked.or_else(|| case.server(home).computer_fqdn()) {
        Some(name) => named_host(case, id, &name),
        None => vec![Try::Stop(CANNOT_TELL)],
    }
}

/// By a routing group connector, the first one of a cheapest path.
fn to_group(
    case: &Case,
    id: &ServerId,
    here: &GroupId,
    there: &GroupId,
    excluded: &BTreeSet<ConnectorId>,
) -> Decision {
    let mut first = first_connectors(case, here, there, excluded);
    first.sort_by_key(|c| (&case.topology.group_connectors[*c].name, *c));
    let chosen = match first.as_slice() {
        [] => return Decision::End(NO_ROUTE),
        [_, _, ..] if !case.on(Behaviour::EqualCostFirstByName) => {
            return Decision::End(CANNOT_TELL);
        }
        [chosen, ..] => *chosen,
    };
    let connector = &case.topology.group_connectors[chosen];
    if !connector.sources.is_empty() && !is_source(id, &connector.sources) {
        return Decision::Send(to_bridgeheads(case, id, &connector.sources), None);
    }
    let tries = to_targets(case, id, &connector.targets);
    let reroutes = !connector.sources.is_empty() && case.on(Behaviour::LinkStateReroutes);
    Decision::Send(tries, reroutes.then(|| chosen.clone()))
}

/// The connectors with which a cheapest path begins.
fn first_connectors<'a>(
    case: &Case<'a>,
    here: &GroupId,
    there: &GroupId,
    excluded: &BTreeSet<ConnectorId>,
) -> Vec<&'a ConnectorId> {
    let costs = distances(case, there, excluded);
    let mut through = Vec::new();
    for id in usable(case, excluded) {
        let connector = &case.topology.group_connectors[id];
        let rest = costs.get(&node(case, &connector.to));
        if let (true, Some(rest)) = (node(case, &connector.from) == node(case, here), rest) {
            through.push((connector.cost() + rest, id));
        }
    }
    let least = through.iter().map(|(cost, _)| *cost).min();
    through.into_iter().filter(|(cost, _)| Some(*cost) == least).map(|(_, id)| id).collect()
}

/// A group as servers of 2003 know it. None: one and the same for all AD sites, which are one routing
/// group to them.
pub(super) type Node = Option<GroupId>;

/// As what a group stands in the routing of 2003.
pub(super) fn node(case: &Case, group: &GroupId) -> Node {
    (!case.is_directory_site(group)).then(|| group.clone())
}

/// The cost of the cheapest path from every group that has one, by Bellman and Ford.
pub(super) fn distances(
    case: &Case,
    there: &GroupId,
    excluded: &BTreeSet<ConnectorId>,
) -> BTreeMap<Node, u32> {
    let mut costs = BTreeMap::new();
    if case.topology.groups.contains_key(there) {
        costs.insert(node(case, there), 0);
    }
    for _ in &case.topology.groups {
        for id in usable(case, excluded) {
            let connector = &case.topology.group_connectors[id];
            let Some(rest) = costs.get(&node(case, &connector.to)) else { continue };
            let (from, cost) = (node(case, &connector.from), connector.cost() + rest);
            if costs.get(&from).is_none_or(|known| cost < *known) {
                costs.insert(from, cost);
            }
        }
    }
    costs
}

fn usable<'a>(case: &Case<'a>, excluded: &BTreeSet<ConnectorId>) -> Vec<&'a ConnectorId> {
    let groups = &case.topology.groups;
    let mut ids = Vec::new();
    for (id, connector) in &case.topology.group_connectors {
        let ends = groups.contains_key(&connector.from) && groups.contains_key(&connector.to);
        if ends && !excluded.contains(id) && !case.group_connector_failed(id) {
            ids.push(id);
        }
    }
    ids
}

pub(super) fn is_source(server: &ServerId, sources: &BTreeSet<ListenerId>) -> bool {
    sources.iter().any(|listener| listener.server == *server)
}

/// The servers of these listeners, each once.
pub(super) fn servers_of<'a>(
    case: &Case,
    listeners: &'a BTreeSet<ListenerId>,
) -> Vec<&'a ServerId> {
    let mut servers: Vec<&ServerId> = Vec::new();
    for listener in listeners {
        let there = case.topology.servers.contains_key(&listener.server);
        if there && !servers.contains(&&listener.server) {
            servers.push(&listener.server);
        }
    }
    servers
}

/// To the servers that may send over a connector, each once, by their computers' names.
fn to_bridgeheads(case: &Case, id: &ServerId, sources: &BTreeSet<ListenerId>) -> Vec<Try> {
    let mut tries = Vec::new();
    for server in servers_of(case, sources) {
        match case.server(server).computer_fqdn() {
            Some(name) => tries.extend(named_host(case, id, &name)),
            None => tries.push(Try::Stop(CANNOT_TELL)),
        }
    }
    tries
}

/// To the remote bridgeheads of a routing group connector.
fn to_targets(case: &Case, id: &ServerId, targets: &BTreeSet<ListenerId>) -> Vec<Try> {
    let mut tries = Vec::new();
    for target in targets {
        let Some(listener) = case.topology.listeners.get(target) else { continue };
        match &listener.bindings {
            Bindings::Addresses(few)
                if !few.is_empty() && case.on(Behaviour::BindingSparesLookup) =>
            {
                tries.extend(few.iter().map(|a| Try::Connect { address: *a, best: true }));
            }
            _ => match case.greeting(target) {
                Some(name) => tries.extend(named_host(case, id, &name)),
                None => tries.push(Try::Stop(CANNOT_TELL)),
            },
        }
    }
    // No remote bridgehead is entered, or none of them is there any more.
    if tries.is_empty() { vec![Try::Stop(CANNOT_TELL)] } else { tries }
}

/// Mail for a domain that is not the server's own organisation's.
fn to_the_outside(
    case: &Case,
    id: &ServerId,
    to: &Recipient,
    excluded: &BTreeSet<ConnectorId>,
) -> Decision {
    let group = case.server(id).group.as_ref();
    let mut fitting = Vec::new();
    for (connector_id, connector) in &case.topology.smtp_connectors {
        let in_scope = match connector.scope {
            Scope::Organisation => true,
            Scope::Group => Some(&connector.group) == group,
        };
        if let (true, Some((fit, cost))) = (in_scope, space(connector, to.domain.as_ref())) {
            fitting.push((fit, cost, connector_id, connector));
        }
    }
    let Some(best) = fitting.iter().map(|(fit, ..)| *fit).max() else {
        return without_connector(case, id, to);
    };
    let Some(group) = group else { return Decision::End(CANNOT_TELL) };
    let mut ranked = Vec::new();
    for (fit, cost, connector_id, connector) in fitting {
        if fit != best || case.smtp_connector_failed(connector_id) {
            continue;
        }
        let same = node(case, &connector.group) == node(case, group);
        let way = if same {
            Some(0)
        } else {
            distances(case, &connector.group, excluded).get(&node(case, group)).copied()
        };
        if let Some(way) = way {
            let sends = is_source(id, &connector.sources);
            let order = (way + u32::from(cost), !sends, !same, &connector.name, connector_id);
            ranked.push((order, connector));
        }
    }
    match ranked.into_iter().min_by_key(|(order, _)| *order) {
        None => Decision::End(NO_ROUTE),
        Some((_, connector)) => over_smtp_connector(case, id, to, group, connector, excluded),
    }
}

/// The best fit of a connector's address spaces, and the least cost of those that fit so well.
pub(super) fn space(connector: &SmtpConnector, domain: Option<&Fqdn>) -> Option<(usize, u16)> {
    let mut fits = Vec::new();
    for space in &connector.spaces {
        let fit = match domain {
            Some(domain) => space.pattern.fit(domain),
            // A domain that is not drawn is none that a space names.
            None => (space.pattern == Pattern::All).then_some(0),
        };
        fits.extend(fit.map(|fit| (fit, space.cost)));
    }
    let best = fits.iter().map(|(fit, _)| *fit).max()?;
    let costs = fits.iter().filter(|(fit, _)| *fit == best).map(|(_, cost)| *cost);
    costs.min().map(|cost| (best, cost))
}

/// No connector takes the domain: the server's own virtual server does, if such mail has a route.
fn without_connector(case: &Case, id: &ServerId, to: &Recipient) -> Decision {
    if !case.on(Behaviour::OwnServerWithoutConnector) {
        return Decision::End(NO_ROUTE);
    }
    let first = case.listeners(id).first().and_then(|(_, listener)| listener.smart_host.clone());
    let tries = match first {
        Some(host) => smart_host(case, id, &host),
        None => exchangers(case, Some(id), to.domain.as_ref()),
    };
    Decision::Send(tries, None)
}

fn smart_host(case: &Case, id: &ServerId, host: &SmartHost) -> Vec<Try> {
    match host {
        SmartHost::Address(address) => vec![Try::Connect { address: *address, best: true }],
        SmartHost::Name(name) => named_host(case, id, name),
    }
}

fn over_smtp_connector(
    case: &Case,
    id: &ServerId,
    to: &Recipient,
    group: &GroupId,
    connector: &SmtpConnector,
    excluded: &BTreeSet<ConnectorId>,
) -> Decision {
    if connector.sources.is_empty() {
        return Decision::End(CANNOT_TELL);
    }
    if is_source(id, &connector.sources) {
        return Decision::Send(deliver_by(case, id, to, connector), None);
    }
    if node(case, &connector.group) == node(case, group) {
        return Decision::Send(to_bridgeheads(case, id, &connector.sources), None);
    }
    to_group(case, id, group, &connector.group, excluded)
}

/// What a source server of an SMTP connector tries.
pub(super) fn deliver_by(
    case: &Case,
    id: &ServerId,
    to: &Recipient,
    connector: &SmtpConnector,
) -> Vec<Try> {
    match &connector.delivery {
        Delivery::Dns => exchangers(case, Some(id), to.domain.as_ref()),
        Delivery::SmartHosts(list) => {
            list.iter().flat_map(|host| smart_host(case, id, host)).collect()
        }
    }
}
