//! Views, zones, records and resolvers of a random plan, with the slips that zones are made of.

use super::{Draft, of};
use bridgehead::model::{
    Topology,
    dns::{
        Forward, Mx, Place, RecordData, RecordId, RecordSet, Resolver, View, ViewKind, Zone,
        ZoneId, reverse_name,
    },
    id::{ResolverId, ServerId, ViewId},
    name::Fqdn,
    topology::Object,
};
use std::{collections::BTreeMap, net::IpAddr};

/// Domains on the Internet whose mail exchangers are odd; a plan draws some of them.
const ODD: [&str; 12] = [
    "null.example",
    "nomx.example",
    "literal.example",
    "alias.example",
    "lame.example",
    "gone.example",
    "private.example",
    "wild.example",
    "circle.example",
    "half.example",
    "hosted.example",
    "shared.example",
];

/// Draws the DNS.
pub(super) fn draw(draft: &mut Draft) {
    let inside: Vec<ViewId> = if draft.site_views {
        draft.spots.iter().map(|s| of(&format!("inside-{}", s.site))).collect()
    } else {
        vec![of("inside")]
    };
    for id in &inside {
        draft.insert(view(id, ViewKind::Inside));
        draw_inside(draft, id);
    }
    let outside: ViewId = of("outside");
    draft.insert(view(&outside, ViewKind::Outside));
    draw_outside(draft, &outside);
    if draft.random.chance(10) {
        // A second public view: of the same zone the first view's answers count.
        let id: ViewId = of(if draft.random.chance(50) { "a-public" } else { "public" });
        draft.insert(view(&id, ViewKind::Outside));
        let zone = zone(draft, &id, "partner.example");
        put(
            draft,
            &zone,
            &of("partner.example"),
            RecordData::Mx(vec![mx(10, "mx.partner.example")]),
        );
    }
    draw_resolvers(draft, &inside);
}

fn view(id: &ViewId, kind: ViewKind) -> Object {
    Object::View(id.clone(), View { name: id.to_string(), kind })
}

fn zone(draft: &mut Draft, view: &ViewId, origin: &str) -> ZoneId {
    let id = ZoneId { view: view.clone(), origin: of(origin) };
    draft.insert(Object::Zone(id.clone(), Zone { ttl_s: Some(3600), negative_ttl_s: None }));
    id
}

fn put(draft: &mut Draft, zone: &ZoneId, name: &Fqdn, data: RecordData) {
    let id = RecordId { zone: zone.clone(), name: name.clone(), kind: data.kind() };
    draft.insert(Object::Record(id, RecordSet { data, ttl_s: None }));
}

fn mx(preference: u16, exchange: &str) -> Mx {
    Mx { preference, exchange: of(exchange) }
}

/// The address records of a name: missing, wrong, or another's, when the plan is messy.
fn put_addresses(draft: &mut Draft, zone: &ZoneId, name: &Fqdn, right: &[IpAddr], slip: &[IpAddr]) {
    if draft.fault(4) {
        return;
    }
    let list = match draft.random.below(100) {
        _ if !draft.fault(6) => right.to_vec(),
        0..40 => slip.to_vec(),
        40..80 => vec![of("10.1.0.99")],
        _ => [right, slip].concat(),
    };
    let v4: Vec<_> =
        list.iter().filter_map(|a| if let IpAddr::V4(v4) = a { Some(*v4) } else { None }).collect();
    let v6: Vec<_> =
        list.iter().filter_map(|a| if let IpAddr::V6(v6) = a { Some(*v6) } else { None }).collect();
    if !v4.is_empty() {
        put(draft, zone, name, RecordData::A(v4));
    }
    if !v6.is_empty() {
        put(draft, zone, name, RecordData::Aaaa(v6));
    }
}

/// An inside view: the directory's computer names, and perhaps the public domain as seen inside.
fn draw_inside(draft: &mut Draft, view: &ViewId) {
    let directory = draft.directory.clone();
    let computers = zone(draft, view, directory.as_str());
    let split = draft.random.chance(60);
    let shared =
        (split && directory.as_str() != "corp.example").then(|| zone(draft, view, "corp.example"));
    let servers: Vec<ServerId> = draft.spots.iter().flat_map(|s| s.servers.clone()).collect();
    for id in &servers {
        let server = &draft.topology.servers[id];
        let (right, name) = (server.addresses.clone(), server.computer_fqdn());
        let Some(name) = name.filter(|n| n.is_within(&directory)) else { continue };
        put_addresses(draft, &computers, &name, &right, &[]);
        let greeting: Fqdn = of(&format!("smtp-{id}.corp.example"));
        if let Some(shared) = &shared {
            put_addresses(draft, shared, &greeting, &right, &[]);
        }
    }
    // Where the directory bears the public name, its zone shadows the public one.
    let public =
        if directory.as_str() == "corp.example" { Some(&computers) } else { shared.as_ref() };
    let Some(public) = public.cloned() else { return };
    for spot in 0..draft.spots.len() {
        let Some(front) = draft.front(spot) else { continue };
        let right = draft.topology.servers[&front].addresses.clone();
        let (name, slip) = (draft.public_name(spot), draft.spots[spot].public.clone());
        put_addresses(draft, &public, &name, &right, &slip);
    }
    if draft.random.chance(35) {
        let exchangers = exchangers(draft, false);
        put(draft, &public, &of("corp.example"), RecordData::Mx(exchangers));
    }
    inside_oddities(draft, &public);
}

fn inside_oddities(draft: &mut Draft, zone: &ZoneId) {
    if draft.fault(4) {
        let spot = draft.random.below(draft.spots.len());
        let name = draft.public_name(spot);
        put(draft, zone, &name, RecordData::Mx(vec![mx(10, "mail1.corp.example")]));
    }
    if draft.fault(4) {
        let all = of("*.corp.example");
        put(draft, zone, &all, RecordData::A(vec![of("10.1.0.11")]));
    }
    if draft.fault(2) {
        let target = draft.directory.clone();
        put(draft, zone, &of("mail2.corp.example"), RecordData::Cname(target));
    }
}

/// The exchangers of the client's domain: the sites that are published, in some order.
fn exchangers(draft: &mut Draft, with_backup: bool) -> Vec<Mx> {
    let mut list = Vec::new();
    for spot in 0..draft.spots.len() {
        if !draft.spots[spot].public.is_empty() && draft.random.chance(80) {
            let preference = draft.random.pick(&[10, 10, 20, 30]).unwrap_or(10);
            list.push(Mx { preference, exchange: draft.public_name(spot) });
        }
    }
    if with_backup && draft.topology.servers.contains_key(&of::<ServerId>("backup")) {
        list.push(mx(50, "backup.isp.example"));
    }
    if list.is_empty() {
        list.push(mx(10, "mail1.corp.example"));
    }
    list
}

/// The public DNS: the client, the partner, the provider, and some odd domains.
fn draw_outside(draft: &mut Draft, view: &ViewId) {
    let client = zone(draft, view, "corp.example");
    let list = exchangers(draft, true);
    if !draft.fault(3) {
        put(draft, &client, &of("corp.example"), RecordData::Mx(list));
    }
    for spot in 0..draft.spots.len() {
        let (name, public) = (draft.public_name(spot), draft.spots[spot].public.clone());
        let first: Vec<IpAddr> = [true, false]
            .iter()
            .filter_map(|v4| public.iter().copied().find(|a| a.is_ipv4() == *v4))
            .collect();
        put_addresses(draft, &client, &name, &first, &[of("203.0.113.200")]);
    }
    if draft.random.chance(50) {
        for name in ["corp2.example", "other.example"] {
            let zone = zone(draft, view, name);
            let list = exchangers(draft, false);
            put(draft, &zone, &of(name), RecordData::Mx(list));
        }
    }
    let partner = zone(draft, view, "partner.example");
    put(
        draft,
        &partner,
        &of("partner.example"),
        RecordData::Mx(vec![mx(10, "mx.partner.example")]),
    );
    put(draft, &partner, &of("mx.partner.example"), RecordData::A(vec![of("192.0.2.25")]));
    if draft.ipv6 {
        let v6 = of("2001:db8:ffff::25");
        put(draft, &partner, &of("mx.partner.example"), RecordData::Aaaa(vec![v6]));
    }
    let provider = zone(draft, view, "isp.example");
    for (name, address) in [("backup", "192.0.2.80"), ("hosted", "192.0.2.90")] {
        let name = of(&format!("{name}.isp.example"));
        put(draft, &provider, &name, RecordData::A(vec![of(address)]));
    }
    for name in ODD {
        if draft.random.chance(35) {
            draw_odd(draft, view, name);
        }
    }
    if draft.random.chance(20) {
        let reverse = zone(draft, view, "113.0.203.in-addr.arpa");
        let owner = reverse_name(of("203.0.113.16"));
        put(draft, &reverse, &owner, RecordData::Ptr(vec![of("mail1.corp.example")]));
    }
}

/// A domain whose mail has something odd about it, each in its own way.
fn draw_odd(draft: &mut Draft, view: &ViewId, name: &str) {
    let zone = zone(draft, view, name);
    let apex: Fqdn = of(name);
    let mail: Fqdn = of(&format!("mail.{name}"));
    let at_mail = |preference| Mx { preference, exchange: mail.clone() };
    let exchangers = |list| RecordData::Mx(list);
    let good = mx(20, "mx.partner.example");
    let (at_apex, at_host) = match name {
        "null.example" => (exchangers(vec![Mx { preference: 0, exchange: Fqdn::root() }]), None),
        "nomx.example" => (RecordData::A(vec![of("192.0.2.25")]), None),
        "literal.example" => (exchangers(vec![mx(10, "192.0.2.25")]), None),
        "alias.example" => {
            (exchangers(vec![at_mail(10)]), Some(RecordData::Cname(of("mx.partner.example"))))
        }
        "lame.example" => {
            (exchangers(vec![at_mail(10)]), Some(RecordData::Ns(vec![of("ns.isp.example")])))
        }
        "gone.example" => (exchangers(vec![at_mail(10)]), None),
        "private.example" => {
            (exchangers(vec![at_mail(10)]), Some(RecordData::A(vec![of("10.99.0.1")])))
        }
        "wild.example" => {
            let any = of("*.wild.example");
            put(draft, &zone, &any, RecordData::A(vec![of("192.0.2.25")]));
            (exchangers(vec![at_mail(10)]), None)
        }
        "circle.example" => (exchangers(vec![at_mail(10)]), Some(RecordData::Cname(mail.clone()))),
        "half.example" => (exchangers(vec![at_mail(10), good]), None),
        "hosted.example" => (exchangers(vec![mx(10, "hosted.isp.example")]), None),
        // The client's own servers stand in the list: each drops itself and what is behind it.
        _ => (exchangers(vec![mx(20, "mail1.corp.example"), mx(10, "mail2.corp.example")]), None),
    };
    put(draft, &zone, &apex, at_apex);
    if let Some(data) = at_host {
        put(draft, &zone, &mail, data);
    }
}

/// A resolver a site, one at the provider, and who asks whom.
fn draw_resolvers(draft: &mut Draft, inside: &[ViewId]) {
    draft.insert(resolver("isp", Place::Internet, "192.0.2.53"));
    set_forward(draft, &of("isp"), Some(Forward::Internet));
    for spot in 0..draft.spots.len() {
        let id: ResolverId = of(&format!("dns-{}", draft.spots[spot].site));
        let place = Place::Segment(draft.spots[spot].lan.clone());
        let address = format!("10.{}.0.2", draft.spots[spot].number);
        draft.insert(resolver(id.as_str(), place, &address));
        draft.spots[spot].resolver = Some(id);
    }
    for spot in 0..draft.spots.len() {
        wire_resolver(draft, spot, inside);
        let list = asked_by_site(draft, spot);
        let site = draft.spots[spot].site.clone();
        if let Some(site) = draft.topology.sites.get_mut(&site) {
            site.resolvers = list;
        }
        for id in draft.spots[spot].servers.clone() {
            if draft.random.chance(8) {
                let own = asked_by_site(draft, spot);
                if let Some(server) = draft.topology.servers.get_mut(&id) {
                    server.resolvers = own;
                }
            }
        }
    }
}

fn resolver(id: &str, place: Place, address: &str) -> Object {
    let resolver = Resolver {
        name: id.to_owned(),
        place,
        addresses: vec![of(address)],
        serves: Vec::new(),
        forwards: None,
        conditional: BTreeMap::new(),
    };
    Object::Resolver(of(id), resolver)
}

fn set_forward(draft: &mut Draft, id: &ResolverId, to: Option<Forward>) {
    if let Some(resolver) = draft.topology.resolvers.get_mut(id) {
        resolver.forwards = to;
    }
}

fn wire_resolver(draft: &mut Draft, spot: usize, inside: &[ViewId]) {
    let Some(id) = draft.spots[spot].resolver.clone() else { return };
    let other = any_resolver(draft);
    let forward = match draft.random.below(100) {
        _ if draft.fault(3) => None,
        _ if draft.fault(3) => Some(Forward::Nowhere),
        0..80 => Some(Forward::Internet),
        80..90 => Some(Forward::To(vec![of("isp")])),
        _ => Some(Forward::To(vec![other, of("isp")])),
    };
    set_forward(draft, &id, forward);
    let mut serves = vec![inside.get(spot).unwrap_or(&inside[0]).clone()];
    if draft.random.chance(6) {
        serves.insert(0, of("outside"));
    }
    if draft.random.chance(6) {
        serves.extend(draft.random.pick(inside));
    }
    if draft.fault(4) {
        serves.clear();
    }
    let asked = any_resolver(draft);
    let domain = draft.random.pick(&["ad.example", "partner.example", "corp.example", "example"]);
    let conditional =
        draft.random.chance(10).then(|| (of(domain.unwrap_or("example")), vec![asked]));
    if let Some(resolver) = draft.topology.resolvers.get_mut(&id) {
        resolver.serves = serves;
        resolver.conditional = conditional.into_iter().collect();
    }
}

fn any_resolver(draft: &mut Draft) -> ResolverId {
    let ids: Vec<ResolverId> = draft.topology.resolvers.keys().cloned().collect();
    draft.random.pick(&ids).unwrap_or_else(|| of("isp"))
}

fn asked_by_site(draft: &mut Draft, spot: usize) -> Option<Vec<ResolverId>> {
    if draft.fault(3) {
        return None;
    }
    let mut list: Vec<ResolverId> = draft.spots[spot].resolver.iter().cloned().collect();
    match draft.random.below(100) {
        0..75 => {}
        75..90 => list.push(any_resolver(draft)),
        90..95 => list.insert(0, any_resolver(draft)),
        _ => list = vec![any_resolver(draft)],
    }
    Some(list)
}

/// The foreign domains that a topology's public DNS knows, for tests to send mail to.
pub(crate) fn odd_domains(topology: &Topology) -> Vec<Fqdn> {
    let outside: ViewId = of("outside");
    let zones = ODD.iter().map(|name| ZoneId { view: outside.clone(), origin: of(name) });
    zones.filter(|id| topology.zones.contains_key(id)).map(|id| id.origin).collect()
}
