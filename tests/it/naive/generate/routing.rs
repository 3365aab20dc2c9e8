//! Routing groups, connectors and transport tables of a random plan.

use super::{Draft, Era, of, sites};
use bridgehead::model::{
    connector::{AddressSpace, Delivery, Group, GroupConnector, GroupKind, Scope, SmtpConnector},
    id::{GroupId, ServerId},
    server::{ListenerId, NextHop, Platform, Route, RouteMatch, SmartHost},
    topology::Object,
};
use std::{collections::BTreeSet, net::IpAddr};

/// Draws how mail is routed.
pub(super) fn draw(draft: &mut Draft) {
    if draft.era == Era::Groups {
        draw_groups(draft);
        let groups: Vec<GroupId> = draft.topology.groups.keys().cloned().collect();
        draw_group_connectors(draft, &groups);
    } else {
        sites::draw(draft);
    }
    draw_smtp_connectors(draft);
    draw_routes(draft);
}

fn draw_groups(draft: &mut Draft) {
    for spot in 0..draft.spots.len() {
        let text = if draft.one_group { "first" } else { draft.spots[spot].site.as_str() };
        let id: GroupId = of(&format!("rg-{text}"));
        draft.insert(Object::Group(
            id.clone(),
            Group { name: id.to_string(), kind: GroupKind::RoutingGroup, hub: false, master: None },
        ));
        for server in draft.spots[spot].servers.clone() {
            let exchange = draft.topology.servers[&server].platform != Some(Platform::Postfix);
            let group = match draft.random.below(100) {
                _ if draft.fault(3) => None,
                _ if !exchange && draft.random.chance(40) => None,
                _ if draft.fault(3) => any_group(draft),
                _ => Some(id.clone()),
            };
            if let Some(server) = draft.topology.servers.get_mut(&server) {
                server.group = group;
            }
        }
    }
}

pub(super) fn any_group(draft: &mut Draft) -> Option<GroupId> {
    let ids: Vec<GroupId> = draft.topology.groups.keys().cloned().collect();
    draft.random.pick(&ids)
}

/// Connectors between groups, there and back: a full mesh or a star, with gaps and doubles.
pub(super) fn draw_group_connectors(draft: &mut Draft, groups: &[GroupId]) {
    let hub = draft.random.chance(40).then(|| draft.random.below(groups.len()));
    for (i, from) in groups.iter().enumerate() {
        for (j, to) in groups.iter().enumerate() {
            let in_star = hub.is_none_or(|hub| hub == i || hub == j);
            if i == j || !in_star || draft.fault(5) {
                continue;
            }
            draw_group_connector(draft, from, to);
            if draft.random.chance(10) {
                draw_group_connector(draft, from, to);
            }
        }
    }
}

pub(super) fn draw_group_connector(draft: &mut Draft, from: &GroupId, to: &GroupId) {
    let number = draft.topology.group_connectors.len();
    let id = of(&format!("rgc-{}-{number}", draft.random.between(10, 99)));
    let connector = group_connector(draft, from, to);
    draft.insert(Object::GroupConnector(id, connector));
}

/// A routing group connector with some cost and some bridgeheads.
pub(super) fn group_connector(draft: &mut Draft, from: &GroupId, to: &GroupId) -> GroupConnector {
    let sources = if draft.random.chance(60) { listeners_of(draft, from) } else { BTreeSet::new() };
    let targets = if draft.fault(3) { BTreeSet::new() } else { listeners_of(draft, to) };
    GroupConnector {
        // The same name twice, now and then: the id then decides.
        name: format!("{} {from} to {to}", draft.random.between(1, 3)),
        from: from.clone(),
        to: to.clone(),
        cost: draft.random.weighted(&[(30, None), (30, Some(1)), (20, Some(2)), (20, Some(10))]),
        sources,
        targets,
    }
}

/// Some of the listeners in a group: mostly those of one server.
pub(super) fn listeners_of(draft: &mut Draft, group: &GroupId) -> BTreeSet<ListenerId> {
    let mut list: Vec<ListenerId> = Vec::new();
    for id in draft.topology.listeners.keys() {
        let there = draft.topology.servers[&id.server].group.as_ref() == Some(group);
        if there && (id.number == 1 || draft.mess > 0) {
            list.push(id.clone());
        }
    }
    draft.random.shuffle(&mut list);
    let keep = draft.random.weighted(&[(65, 1), (25, 2), (10, 3)]);
    list.into_iter().take(keep).collect()
}

fn draw_smtp_connectors(draft: &mut Draft) {
    let count = draft.random.weighted(&[(15, 0), (50, 1), (25, 2), (10, 3)]);
    for number in 0..count {
        let id = of(&format!("smtp-{}-{number}", draft.random.between(10, 99)));
        let Some(connector) = smtp_connector(draft) else { continue };
        draft.insert(Object::SmtpConnector(id, connector));
    }
}

/// An SMTP connector of some group, for everything or for a domain.
pub(super) fn smtp_connector(draft: &mut Draft) -> Option<SmtpConnector> {
    let group = if draft.era == Era::Groups { any_group(draft) } else { sites::exit_group(draft) }?;
    let sets: &[&str] = draft.random.weighted(&[
        (40, &["*;1"][..]),
        (15, &["*;2"]),
        (5, &["*;3", "*;8"]),
        (10, &["*;1", "partner.example;5"]),
        (10, &["partner.example;1"]),
        (8, &["*.example;10"]),
        (6, &["*;10", "*.example;2"]),
        (6, &["null.example;1", "*;3"]),
    ]);
    let spaces: BTreeSet<AddressSpace> = sets.iter().map(|text| of(text)).collect();
    let delivery = if draft.random.chance(62) {
        Delivery::Dns
    } else {
        let count = draft.random.between(1, 2);
        Delivery::SmartHosts((0..count).map(|_| smart_host(draft)).collect())
    };
    Some(SmtpConnector {
        name: format!("{} Internet", draft.random.between(1, 3)),
        sources: if draft.fault(3) {
            BTreeSet::new()
        } else if draft.era == Era::Groups {
            listeners_of(draft, &group)
        } else {
            sites::exit_sources(draft, &group)
        },
        group,
        spaces,
        scope: if draft.random.chance(75) { Scope::Organisation } else { Scope::Group },
        delivery,
    })
}

/// A smart host: somebody outside, a front of a site, or any server at all.
pub(super) fn smart_host(draft: &mut Draft) -> SmartHost {
    let servers: Vec<ServerId> = draft.topology.servers.keys().cloned().collect();
    let some = draft.random.pick(&servers).map(|id| draft.topology.servers[&id].clone());
    let address: IpAddr = some
        .as_ref()
        .and_then(|s| s.addresses.first().copied())
        .unwrap_or_else(|| of("192.0.2.25"));
    match draft.random.below(100) {
        0..40 => SmartHost::Name(of("mx.partner.example")),
        40..50 => SmartHost::Address(of("192.0.2.25")),
        50..60 => SmartHost::Name(of("mail1.corp.example")),
        60..80 => SmartHost::Address(address),
        80..85 => SmartHost::Name(of("gone.partner.example")),
        85..90 => SmartHost::Name(of("smarthost")),
        _ => match some.and_then(|s| s.computer_fqdn()) {
            Some(name) => SmartHost::Name(name),
            None => SmartHost::Address(address),
        },
    }
}

/// Transport tables of the Postfix servers inside, and now and then of the partner's.
fn draw_routes(draft: &mut Draft) {
    let ids: Vec<ServerId> = draft.topology.servers.keys().cloned().collect();
    for id in &ids {
        if draft.topology.servers[id].platform != Some(Platform::Postfix) {
            continue;
        }
        let inside = draft.topology.servers[id].organisation == Some(of("corp"));
        let mut routes = Vec::new();
        if inside {
            for home in &ids {
                let corp = draft.topology.servers[home].organisation == Some(of("corp"));
                if home != id && corp && draft.random.chance(85) {
                    let via = vec![to_server(draft, home)];
                    routes.push(Route { to: RouteMatch::Home(home.clone()), via });
                }
            }
        }
        if inside && draft.random.chance(45) {
            let count = draft.random.between(0, 3);
            let via = (0..count).map(|_| next_hop(draft)).collect();
            let to = route_match(draft);
            routes.push(Route { to, via });
        }
        let own = draft.topology.servers[id].computer_fqdn();
        if let Some(own) = own.filter(|_| inside && draft.random.chance(12)) {
            // Its own exchanger first: mail that comes back to the server is tried nowhere else.
            let via = vec![NextHop::MxOf(own), NextHop::Host(of("mx.partner.example"))];
            routes.push(Route { to: RouteMatch::All, via });
        }
        if let Some(server) = draft.topology.servers.get_mut(id) {
            server.routes = routes;
        }
    }
}

fn to_server(draft: &mut Draft, id: &ServerId) -> NextHop {
    let server = draft.topology.servers[id].clone();
    match (server.computer_fqdn(), server.addresses.first()) {
        (Some(name), _) if draft.random.chance(65) => NextHop::Host(name),
        (_, Some(address)) => NextHop::Address(*address),
        _ => NextHop::Mx,
    }
}

fn route_match(draft: &mut Draft) -> RouteMatch {
    match draft.random.below(100) {
        0..55 => RouteMatch::All,
        55..70 => RouteMatch::Domain(of("partner.example")),
        70..85 => RouteMatch::Domain(of("corp.example")),
        _ => RouteMatch::Address(of("anna@corp.example")),
    }
}

/// A next hop of any kind.
pub(super) fn next_hop(draft: &mut Draft) -> NextHop {
    let servers: Vec<ServerId> = draft.topology.servers.keys().cloned().collect();
    match draft.random.below(100) {
        0..20 => NextHop::Mx,
        20..35 => NextHop::Host(of("mx.partner.example")),
        35..45 => NextHop::MxOf(of("partner.example")),
        45..49 => NextHop::MxOf(of("corp.example")),
        49..52 => NextHop::MxOf(of("null.example")),
        52..58 => NextHop::Unreachable,
        58..64 => NextHop::Host(of("gone.partner.example")),
        64..70 => NextHop::Address(of("10.1.0.99")),
        _ => match draft.random.pick(&servers) {
            Some(id) => to_server(draft, &id),
            None => NextHop::Mx,
        },
    }
}
