//! How Exchange 2007 to SE chooses the next hop: AD sites, site links, hub sites, send connectors.

use super::{
    case::{CANNOT_TELL, Case, NO_ROUTE, bounced},
    check::within_organisation,
    exchange::{deliver_by, distances, is_source, node, servers_of, space},
    next_hop::{Decision, Try, addresses_of, mailbox, named_host, whole_name},
    people::Recipient,
};
use bridgehead::{
    model::{
        connector::{GroupConnector, Scope, SmtpConnector},
        id::{ConnectorId, GroupId, ServerId},
        server::{ListenerId, Platform},
    },
    sim::trace::Code,
};
use std::collections::BTreeSet;

/// How a server that routes by AD sites handles a message.
pub(super) fn exchange_site(case: &Case, id: &ServerId, to: &Recipient) -> Decision {
    if !to.is_local_to(case.server(id)) {
        return to_the_outside(case, id, to);
    }
    if !to.known {
        return Decision::End(bounced(Code::UnknownUser));
    }
    let Some(home) = &to.home else { return Decision::End(CANNOT_TELL) };
    if home == id {
        return Decision::End(mailbox(case, id));
    }
    let Some(here) = site_of(case, id) else { return Decision::End(CANNOT_TELL) };
    match case.server(home).platform {
        None | Some(Platform::Postfix) => Decision::End(CANNOT_TELL),
        Some(Platform::Exchange2003) => {
            match case.server(home).group.as_ref().filter(|g| !case.is_directory_site(g)) {
                Some(there) => to_routing_group(case, id, here, there),
                None => Decision::End(CANNOT_TELL),
            }
        }
        Some(platform) => match site_of(case, home) {
            None => Decision::End(CANNOT_TELL),
            Some(there) if there == here => {
                let port = platform.own_ports().last().copied().unwrap_or(25);
                Decision::Send(peer(case, id, home, port), None)
            }
            Some(there) => towards(case, id, here, there, None),
        },
    }
}

/// The AD site of a server, where it is entered and is one.
fn site_of<'a>(case: &Case<'a>, id: &ServerId) -> Option<&'a GroupId> {
    case.server(id).group.as_ref().filter(|group| case.is_directory_site(group))
}

/// Another Exchange server, by its computer's name.
fn peer(case: &Case, id: &ServerId, other: &ServerId, port: u16) -> Vec<Try> {
    match case.server(other).computer_fqdn() {
        Some(name) => {
            let name = whole_name(case, id, &name);
            addresses_of(case, id, &name, |address| Try::Peer { address, port })
        }
        None => vec![Try::Stop(CANNOT_TELL)],
    }
}

/// Several servers in turn, at the port of their transport service.
fn peers(case: &Case, id: &ServerId, others: &[&ServerId]) -> Vec<Try> {
    let mut tries = Vec::new();
    for other in others {
        let ports = case.server(other).platform.map_or(&[][..], Platform::own_ports);
        tries.extend(peer(case, id, other, if ports.contains(&2525) { 2525 } else { 25 }));
    }
    tries
}

/// The other servers of an AD site that carry mail for the same organisation.
fn transport_servers<'a>(case: &Case<'a>, id: &ServerId, site: &GroupId) -> Vec<&'a ServerId> {
    let own = &case.server(id).organisation;
    let all = case.topology.servers.iter();
    let fitting = all.filter(|(other, server)| {
        *other != id
            && server.group.as_ref() == Some(site)
            && server.platform.is_some_and(Platform::by_directory_site)
            && own.is_some()
            && server.organisation == *own
    });
    fitting.map(|(other, _)| other).collect()
}

/// A way over site links: its cost, and the AD sites from the first to the last.
type Way = (u32, Vec<GroupId>);

/// All ways between two AD sites that pass none twice.
fn ways(case: &Case, way: Way, there: &GroupId, all: &mut Vec<Way>) {
    let (cost, sites) = &way;
    let Some(last) = sites.last() else { return };
    if last == there {
        all.push(way);
        return;
    }
    for link in case.topology.site_links.values().filter(|link| link.sites.contains(last)) {
        for next in link.sites.iter().filter(|next| case.is_directory_site(next)) {
            if !sites.contains(next) {
                let longer = [sites.clone(), vec![next.clone()]].concat();
                ways(case, (cost + link.cost(), longer), there, all);
            }
        }
    }
}

/// The way that mail takes: of least cost, then of fewest links, then the one whose names, read from
/// the target backward, come first.
pub(super) fn site_path(case: &Case, here: &GroupId, there: &GroupId) -> Option<Way> {
    let mut all = Vec::new();
    ways(case, (0, vec![here.clone()]), there, &mut all);
    let names = |sites: &[GroupId]| -> Vec<(String, GroupId)> {
        let name = |site: &GroupId| (case.topology.groups[site].name.clone(), site.clone());
        sites.iter().rev().map(name).collect()
    };
    all.into_iter().min_by_key(|(cost, sites)| (*cost, sites.len(), names(sites)))
}

/// Towards another AD site: straight to the first hub site on the way, else to the site itself; there
/// to `at_end` (any server where it is none). If nobody answers, back along the way.
fn towards(
    case: &Case,
    id: &ServerId,
    here: &GroupId,
    there: &GroupId,
    at_end: Option<Vec<&ServerId>>,
) -> Decision {
    let Some((_, path)) = site_path(case, here, there) else { return Decision::End(CANNOT_TELL) };
    let end = path.len() - 1;
    let hub = (1..=end).find(|at| case.topology.groups[&path[*at]].hub);
    let sought = hub.unwrap_or(end);
    let first = match at_end {
        Some(few) if sought == end => few,
        _ => transport_servers(case, id, &path[sought]),
    };
    if first.is_empty() {
        return Decision::End(CANNOT_TELL);
    }
    let mut tries = peers(case, id, &first);
    for site in path[1..sought].iter().rev() {
        tries.extend(peers(case, id, &transport_servers(case, id, site)));
    }
    Decision::Send(tries, None)
}

/// The nearest of several AD sites and the cost of the way there.
fn nearest<'a>(case: &Case, here: &GroupId, sites: &[&'a GroupId]) -> Option<(u32, &'a GroupId)> {
    let reached = sites.iter().filter_map(|site| Some((site_path(case, here, site)?.0, *site)));
    reached.min_by_key(|(cost, _)| *cost)
}

/// Whether the ways to all of these sites are known, and there is one.
fn all_reached(case: &Case, here: &GroupId, sites: &[&GroupId]) -> bool {
    !sites.is_empty() && sites.iter().all(|site| site_path(case, here, site).is_some())
}

/// The AD sites of the servers of these listeners.
fn sites_of<'a>(case: &Case<'a>, listeners: &BTreeSet<ListenerId>) -> Vec<&'a GroupId> {
    servers_of(case, listeners).iter().filter_map(|id| site_of(case, id)).collect()
}

/// The servers of these listeners that stand in an AD site.
fn servers_in<'a>(
    case: &Case,
    listeners: &'a BTreeSet<ListenerId>,
    site: &GroupId,
) -> Vec<&'a ServerId> {
    let mut all = servers_of(case, listeners);
    all.retain(|id| site_of(case, id) == Some(site));
    all
}

/// The servers of these listeners in an AD site, without those that are no Exchange servers of the same
/// organisation: nobody would send there.
fn ours_in<'a>(
    case: &Case,
    id: &ServerId,
    listeners: &'a BTreeSet<ListenerId>,
    site: &GroupId,
) -> Vec<&'a ServerId> {
    let mut all = servers_in(case, listeners, site);
    all.retain(|other| within_organisation(case, Some(id), other));
    all
}

/// To a routing group of 2003: by a connector that leads out of the AD sites, the cost in the older
/// routing before the cost of the site links. Whether the connector itself is up is not looked at.
fn to_routing_group(case: &Case, id: &ServerId, here: &GroupId, there: &GroupId) -> Decision {
    let costs = distances(case, there, &BTreeSet::new());
    let (mut unweighed, mut ranked): (Option<u32>, _) = (None, Vec::new());
    for (name, connector) in &case.topology.group_connectors {
        let out = case.is_directory_site(&connector.from) && !case.is_directory_site(&connector.to);
        let rest = costs.get(&node(case, &connector.to)).filter(|_| out);
        let Some(rest) = rest else { continue };
        let starts = if connector.sources.is_empty() {
            vec![&connector.from]
        } else {
            sites_of(case, &connector.sources)
        };
        if !all_reached(case, here, &starts) {
            let cost = rest + connector.cost();
            unweighed = Some(unweighed.map_or(cost, |known: u32| known.min(cost)));
        }
        if let Some((way, site)) = nearest(case, here, &starts) {
            let order: (u32, u32, &String, &ConnectorId) =
                (rest + connector.cost(), way, &connector.name, name);
            ranked.push((order, connector, site));
        }
    }
    let best = ranked.into_iter().min_by_key(|(order, ..)| *order);
    // What cannot be weighed might be the one, unless the older cost rules it out.
    let least = best.as_ref().map(|((cost, ..), ..)| *cost);
    if unweighed.is_some_and(|cost| least.is_none_or(|least| cost <= least)) {
        return Decision::End(CANNOT_TELL);
    }
    let Some((_, connector, site)) = best else { return Decision::End(NO_ROUTE) };
    let any = connector.sources.is_empty();
    if (any && connector.from == *here) || is_source(id, &connector.sources) {
        return Decision::Send(to_targets(case, id, connector), None);
    }
    if site == here {
        return Decision::Send(peers(case, id, &servers_of(case, &connector.sources)), None);
    }
    let at_end = (!any).then(|| ours_in(case, id, &connector.sources, site));
    towards(case, id, here, site, at_end)
}

/// To the older servers at the other end of a connector.
fn to_targets(case: &Case, id: &ServerId, connector: &GroupConnector) -> Vec<Try> {
    let mut tries = Vec::new();
    for target in &connector.targets {
        let Some(listener) = case.topology.listeners.get(target) else { continue };
        let computer = case.server(&target.server).computer_fqdn();
        // Whether the listener's name or the computer's is asked for is not documented.
        let undecided = listener.fqdn.is_some() && listener.fqdn != computer;
        match computer.filter(|_| !undecided) {
            None => tries.push(Try::Stop(CANNOT_TELL)),
            Some(name) => tries.extend(named_host(case, id, &name).into_iter().map(|t| match t {
                Try::Connect { address, .. } => Try::Peer { address, port: 25 },
                other => other,
            })),
        }
    }
    if tries.is_empty() { vec![Try::Stop(CANNOT_TELL)] } else { tries }
}

/// A connector that takes the domain, with its fit and cost.
type Fitting<'a> = (usize, u32, &'a ConnectorId, &'a SmtpConnector);

/// Mail for a domain that is not the server's own organisation's.
fn to_the_outside(case: &Case, id: &ServerId, to: &Recipient) -> Decision {
    let Some(here) = site_of(case, id) else { return Decision::End(CANNOT_TELL) };
    let mut fitting: Vec<Fitting> = Vec::new();
    for (name, connector) in &case.topology.smtp_connectors {
        let in_scope = match connector.scope {
            Scope::Organisation => true,
            Scope::Group => {
                is_source(id, &connector.sources)
                    || sites_of(case, &connector.sources).contains(&here)
            }
        };
        if let (true, Some((fit, cost))) = (in_scope, space(connector, to.domain.as_ref())) {
            fitting.push((fit, u32::from(cost), name, connector));
        }
    }
    let best = fitting.iter().map(|(fit, ..)| *fit).max();
    fitting.retain(|(fit, ..)| Some(*fit) == best);
    let newer = fitting.iter().filter(|(.., c)| case.is_directory_site(&c.group)).count();
    match (newer, fitting.len()) {
        (_, 0) => Decision::End(NO_ROUTE),
        (0, _) => by_older_connector(case, id, here, &fitting),
        (newer, all) if newer < all => Decision::End(CANNOT_TELL),
        _ => by_send_connector(case, id, to, here, &fitting),
    }
}

/// All connectors that fit are of routing groups: to the group of the cheapest.
fn by_older_connector(case: &Case, id: &ServerId, here: &GroupId, fitting: &[Fitting]) -> Decision {
    let mut ranked = Vec::new();
    for (_, cost, name, connector) in fitting {
        let costs = distances(case, &connector.group, &BTreeSet::new());
        if let Some(way) = costs.get(&node(case, here)) {
            ranked.push(((way + cost, &connector.name, *name), *connector));
        }
    }
    match ranked.into_iter().min_by_key(|(order, _)| *order) {
        Some((_, connector)) => to_routing_group(case, id, here, &connector.group),
        None => Decision::End(NO_ROUTE),
    }
}

/// All connectors that fit are send connectors: by the one of least cost, the nearest, the first.
fn by_send_connector(
    case: &Case,
    id: &ServerId,
    to: &Recipient,
    here: &GroupId,
    fitting: &[Fitting],
) -> Decision {
    let mut ranked = Vec::new();
    for (_, cost, name, connector) in fitting {
        let starts = sites_of(case, &connector.sources);
        let known = nearest(case, here, &starts).filter(|_| all_reached(case, here, &starts));
        let Some((way, site)) = known else { return Decision::End(CANNOT_TELL) };
        let far = (!is_source(id, &connector.sources), site != here);
        ranked.push(((way + cost, far, &connector.name, *name), *connector, site));
    }
    let Some((order, connector, site)) = ranked.into_iter().min_by_key(|(order, ..)| *order) else {
        return Decision::End(NO_ROUTE);
    };
    if case.smtp_connector_failed(order.3) {
        return Decision::End(NO_ROUTE);
    }
    if is_source(id, &connector.sources) {
        return Decision::Send(deliver_by(case, id, to, connector), None);
    }
    if site == here {
        let there = servers_in(case, &connector.sources, site);
        return Decision::Send(peers(case, id, &there), None);
    }
    towards(case, id, here, site, Some(ours_in(case, id, &connector.sources, site)))
}
