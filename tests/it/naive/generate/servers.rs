//! Servers and listeners of a random plan, and what firewalls publish of them.

use super::{Draft, Era, of};
use bridgehead::model::{
    address::Subnet,
    dns::Place,
    id::{OrganisationId, ServerId},
    name::Fqdn,
    organisation::Organisation,
    server::{Bindings, Listener, ListenerId, Platform, Role, Server},
    site::{Outbound, Published},
    topology::Object,
};
use std::{collections::BTreeSet, net::IpAddr};

/// Draws 1 to 3 servers a site, and a few on the Internet.
pub(super) fn draw(draft: &mut Draft) {
    for (id, domain) in [("corp", draft.directory.clone()), ("partner", of("partner.example"))] {
        let directory_domains = [domain].into();
        draft.insert(Object::Organisation(
            of(id),
            Organisation { name: id.to_owned(), directory_domains },
        ));
    }
    let foreign = draft.random.chance(15).then(|| draft.random.below(draft.spots.len()));
    for spot in 0..draft.spots.len() {
        let organisation = of(if foreign == Some(spot) { "other" } else { "corp" });
        if foreign == Some(spot) {
            let other =
                Organisation { name: "other".to_owned(), directory_domains: BTreeSet::new() };
            draft.insert(Object::Organisation(of("other"), other));
        }
        let count = draft.random.between(1, 3);
        for number in 1..=count {
            draw_server(draft, spot, number, count, &organisation);
        }
        publish(draft, spot);
    }
    draw_outside(draft);
}

fn draw_server(
    draft: &mut Draft,
    spot: usize,
    number: u8,
    count: u8,
    organisation: &OrganisationId,
) {
    let front = number == 1 && count > 1;
    let site = draft.spots[spot].site.to_string();
    // Names in no order, because first-by-name decides in places.
    let letter = draft.random.pick(&['a', 'k', 'x']).unwrap_or('a');
    let id: ServerId = of(&format!("{letter}-{site}-{number}"));
    let mut server =
        blank(&format!("{site} {number}"), Place::Segment(draft.spots[spot].lan.clone()));
    let mut subnet = format!("10.{}.0", draft.spots[spot].number);
    let exposed = front && draft.random.chance(60);
    if let Some(dmz) = draft.spots[spot].perimeter.clone().filter(|_| exposed) {
        let net = draft.topology.segments[&dmz].subnets.first().map(Subnet::address);
        subnet = net.map_or(subnet, |n| n.to_string().trim_end_matches(".0").to_owned());
        server.place = Place::Segment(dmz);
    }
    server.addresses = vec![of(&format!("{subnet}.{}", 10 + number))];
    if draft.random.chance(8) {
        server.addresses.push(of(&format!("{subnet}.{}", 30 + number)));
    }
    if draft.ipv6 && draft.random.chance(70) {
        server.addresses.push(of(&format!("fd00:{}::{number}", draft.spots[spot].number)));
    }
    server.role = if front { Role::FrontEnd } else { Role::BackEnd };
    server.platform = platform(draft);
    server.organisation =
        if draft.random.chance(2) || draft.fault(4) { None } else { Some(organisation.clone()) };
    server.computer_name = if draft.fault(4) { None } else { Some(of(id.as_str())) };
    server.directory_domain = if draft.fault(4) { None } else { Some(draft.directory.clone()) };
    server.relay_from = relay_from(draft);
    server.keeps_on_name_error = draft.random.chance(30);
    draft.insert(Object::Server(id.clone(), server));
    draft.spots[spot].servers.push(id.clone());
    draw_listeners(draft, spot, &id, number == 1);
}

fn platform(draft: &mut Draft) -> Option<Platform> {
    let (old, other) = match draft.era {
        Era::Groups => (78, 20),
        Era::Sites => (0, 6),
        Era::Both => (42, 5),
    };
    let weights =
        [(old, Some(Platform::Exchange2003)), (other, Some(Platform::Postfix)), (2, None)];
    if draft.era == Era::Groups {
        return draft.random.weighted(&weights);
    }
    let newer = Platform::ALL.into_iter().filter(|platform| platform.by_directory_site());
    let newer = newer.map(|platform| (10, Some(platform)));
    draft.random.weighted(&weights.into_iter().chain(newer).collect::<Vec<_>>())
}

/// A server of which nothing but name and place is entered.
pub(in crate::naive) fn blank(name: &str, place: Place) -> Server {
    Server {
        name: name.to_owned(),
        place,
        role: Role::Other,
        platform: None,
        edition: String::new(),
        organisation: None,
        computer_name: None,
        directory_domain: None,
        addresses: Vec::new(),
        resolvers: None,
        group: None,
        routes: Vec::new(),
        relay_domains: BTreeSet::new(),
        relay_from: None,
        keeps_on_name_error: false,
    }
}

fn relay_from(draft: &mut Draft) -> Option<BTreeSet<Subnet>> {
    if draft.fault(4) {
        return None;
    }
    let nets: &[&str] = draft.random.weighted(&[
        (55, &["10.0.0.0/8", "172.16.0.0/16", "fd00::/16"][..]),
        (15, &["10.1.0.0/16"]),
        // Another site's first public address: who bears it when it comes from the Internet?
        (6, &["203.0.113.16", "203.0.113.32", "203.0.113.48"]),
        (4, &["203.0.113.0/24", "2001:db8::/32"]),
        (20, &[]),
    ]);
    Some(nets.iter().map(|net| of(net)).collect())
}

fn draw_listeners(draft: &mut Draft, spot: usize, id: &ServerId, shown: bool) {
    let own = draft.topology.servers[id].addresses.clone();
    let fqdn = greeting(draft, spot, id, shown);
    let bindings = bindings(draft, &own);
    let smart_host = draft.fault(6).then(|| of("[192.0.2.25]"));
    let first = Listener { name: "Default".to_owned(), fqdn, bindings, port: None, smart_host };
    draft.insert(Object::Listener(ListenerId { server: id.clone(), number: 1 }, first));
    let more = if draft.era == Era::Groups { 18 } else { 30 };
    if draft.random.chance(more) {
        let fqdn = greeting(draft, spot, id, shown);
        let one: BTreeSet<IpAddr> = draft.random.pick(&own).into_iter().collect();
        let (bindings, port) = match draft.era {
            // What setup makes behind the front end of 2013 to SE, drawn.
            Era::Sites | Era::Both if draft.random.chance(60) => {
                let bound = draft.random.chance(20);
                (if bound { Bindings::Addresses(one) } else { Bindings::All }, Some(2525))
            }
            _ => match draft.random.below(3) {
                0 => (Bindings::Addresses(one), None),
                1 => (Bindings::All, None),
                _ => (Bindings::All, Some(2525)),
            },
        };
        let second = Listener { name: "Second".to_owned(), fqdn, bindings, port, smart_host: None };
        draft.insert(Object::Listener(ListenerId { server: id.clone(), number: 2 }, second));
    }
}

fn greeting(draft: &mut Draft, spot: usize, id: &ServerId, shown: bool) -> Option<Fqdn> {
    let named_after = if draft.random.chance(8) || draft.fault(6) { 0 } else { spot };
    let public = draft.public_name(named_after);
    let inside = draft.topology.servers[id].computer_fqdn();
    let other = of(&format!("smtp-{id}.corp.example"));
    match draft.random.below(100) {
        0..45 if shown => Some(public),
        45..50 => Some(other),
        50..60 => inside,
        _ => None,
    }
}

/// What a listener answers on: everything, its own address, or (a slip) another's.
pub(super) fn bindings(draft: &mut Draft, own: &[IpAddr]) -> Bindings {
    if draft.fault(3) {
        return Bindings::Addresses([of("10.1.0.99")].into());
    }
    match draft.random.below(100) {
        0..70 => Bindings::All,
        70..85 => Bindings::Addresses(own.iter().copied().collect()),
        85..98 => Bindings::Addresses(own.first().copied().into_iter().collect()),
        _ => Bindings::Addresses(BTreeSet::new()),
    }
}

/// Publishes a site's first server at its first public address, and sets who may send out.
fn publish(draft: &mut Draft, spot: usize) {
    let Some(front) = draft.front(spot) else { return };
    let to = draft.topology.servers[&front].addresses.clone();
    let public = draft.spots[spot].public.clone();
    let mut published = BTreeSet::new();
    for (public, to) in family_pairs(&public, &to) {
        if draft.fault(6) {
            continue;
        }
        let to = published_host(draft, to);
        let port = if draft.fault(2) { 2525 } else { 25 };
        let to_port = draft.random.chance(4).then_some(2525);
        published.insert(Published { public, port, to, to_port });
        if draft.random.chance(4) {
            let elsewhere = draft.random.pick(&[25, 2525]);
            published.insert(Published { public, port: 26, to, to_port: elsewhere });
        }
    }
    let only = draft.random.chance(12);
    let translated = draft.random.chance(40);
    for (at, id) in draft.spots[spot].firewalls.iter().enumerate() {
        let Some(firewall) = draft.topology.firewalls.get_mut(id) else { continue };
        if at == 0 {
            firewall.published.clone_from(&published);
            if translated {
                firewall.source_addresses =
                    to.iter().copied().zip(public.iter().rev().copied()).collect();
            }
        }
        if only && firewall.outbound_25.is_some() {
            firewall.outbound_25 = Some(Outbound::Only(to.iter().copied().collect()));
        }
    }
}

/// The host that is published; by a slip nobody, a resolver, or another site's server.
fn published_host(draft: &mut Draft, right: IpAddr) -> IpAddr {
    if draft.random.chance(8) {
        return of("10.2.0.11");
    }
    if !draft.fault(5) {
        return right;
    }
    of(draft
        .random
        .pick(&["10.1.0.99", "10.1.0.2", "10.2.0.11", "10.1.0.11"])
        .unwrap_or("10.1.0.2"))
}

/// The first address of each family on both sides.
fn family_pairs(public: &[IpAddr], inside: &[IpAddr]) -> Vec<(IpAddr, IpAddr)> {
    let first = |list: &[IpAddr], v4: bool| list.iter().copied().find(|a| a.is_ipv4() == v4);
    [true, false].into_iter().filter_map(|v4| first(public, v4).zip(first(inside, v4))).collect()
}

/// A partner's server, a backup exchanger, and somebody of whom little is known.
fn draw_outside(draft: &mut Draft) {
    let mut partner = blank("partner", Place::Internet);
    partner.platform = Some(Platform::Postfix);
    partner.organisation = Some(of("partner"));
    partner.addresses = vec![of("192.0.2.25")];
    if draft.ipv6 {
        partner.addresses.push(of("2001:db8:ffff::25"));
    }
    // Some of the client's public addresses may send by the partner, by contract.
    let clients: &[&str] = draft.random.weighted(&[
        (50, &["192.0.2.0/24"][..]),
        (25, &["203.0.113.16", "203.0.113.32"]),
        (25, &["203.0.113.17", "203.0.113.33", "203.0.113.0/28"]),
    ]);
    partner.relay_from = Some(clients.iter().map(|net| of(net)).collect());
    outside_server(draft, "partner", partner, "mx.partner.example");
    if draft.random.chance(45) {
        let mut backup = blank("backup", Place::Internet);
        backup.platform = Some(Platform::Postfix);
        backup.addresses = vec![of("192.0.2.80")];
        backup.relay_domains = [of("corp.example"), of("null.example")].into();
        backup.relay_from = Some(BTreeSet::new());
        backup.resolvers = draft.random.chance(10).then(|| vec![of("isp")]);
        backup.keeps_on_name_error = true;
        outside_server(draft, "backup", backup, "backup.isp.example");
    }
    if draft.random.chance(20) {
        let mut hosted = blank("hosted", Place::Internet);
        hosted.addresses = vec![of("192.0.2.90")];
        outside_server(draft, "hosted", hosted, "hosted.isp.example");
    }
}

fn outside_server(draft: &mut Draft, id: &str, server: Server, fqdn: &str) {
    let id: ServerId = of(id);
    draft.insert(Object::Server(id.clone(), server));
    let listener = Listener {
        name: "smtp".to_owned(),
        fqdn: Some(of(fqdn)),
        bindings: Bindings::All,
        port: None,
        smart_host: None,
    };
    draft.insert(Object::Listener(ListenerId { server: id, number: 1 }, listener));
}
