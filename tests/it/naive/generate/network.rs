//! Sites, segments, Internet lines, firewalls and WAN links of a random plan.

use super::{Draft, Spot, of};
use bridgehead::model::{
    address::{Action, Blocked, Filter, FilterRule, Subnet},
    id::SiteId,
    site::{Firewall, InternetAccess, Line, Link, Outbound, Segment, SegmentKind, Site},
    topology::Object,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// Draws 2 to 4 sites and what connects them.
pub(super) fn draw(draft: &mut Draft) {
    let mut names = ["leeds", "london", "paris", "york"];
    draft.random.shuffle(&mut names);
    let count = draft.random.between(2, 4);
    for (number, name) in (1..=count).zip(names) {
        draw_site(draft, number, name);
    }
    for spot in 0..draft.spots.len() {
        draw_way_out(draft, spot);
    }
    draw_links(draft);
}

fn draw_site(draft: &mut Draft, number: u8, name: &str) {
    let site: SiteId = of(name);
    draft.insert(Object::Site(
        site.clone(),
        Site { name: name.to_uppercase(), resolvers: None, internet: None },
    ));
    let mut spot = Spot {
        number,
        site: site.clone(),
        lan: of(&format!("{name}-lan")),
        perimeter: None,
        lines: Vec::new(),
        firewalls: Vec::new(),
        public: Vec::new(),
        resolver: None,
        servers: Vec::new(),
    };
    let mut subnets: BTreeSet<Subnet> = [of(&format!("10.{number}.0.0/16"))].into();
    if draft.ipv6 {
        subnets.insert(of(&format!("fd00:{number}::/64")));
    }
    let from_segments = guard(draft, number);
    let segment = |name: String, kind, subnets, from_segments| Segment {
        name,
        site: site.clone(),
        kind,
        subnets,
        from_segments,
    };
    let lan = segment(format!("{name} LAN"), SegmentKind::Lan, subnets, from_segments);
    draft.insert(Object::Segment(spot.lan.clone(), lan));
    if draft.random.chance(35) {
        // Sometimes cut out of the LAN's subnet, so that the longest prefix has to decide.
        let cut_out = draft.random.chance(30);
        let net =
            if cut_out { format!("10.{number}.9.0/24") } else { format!("172.16.{number}.0/24") };
        let id = of(&format!("{name}-dmz"));
        let from_segments = guard(draft, number);
        let subnets = [of(&net)].into();
        let dmz = segment(format!("{name} DMZ"), SegmentKind::Perimeter, subnets, from_segments);
        draft.insert(Object::Segment(Clone::clone(&id), dmz));
        spot.perimeter = Some(id);
    }
    let lines = draft.random.weighted(&[(10, 0_u8), (76, 1), (14, 2)]);
    for line in 1..=lines {
        draw_line(draft, &mut spot, name, line);
    }
    draft.spots.push(spot);
}

/// What may be opened from another segment of the same site.
fn guard(draft: &mut Draft, number: u8) -> Option<Filter> {
    if draft.fault(7) {
        return None;
    }
    if draft.random.chance(65) {
        return Some(Filter::Open);
    }
    let to = of(&format!("10.{number}.0.0/16"));
    let rule = |to, port, action| FilterRule { from: None, to, port, action };
    Some(Filter::Rules(match draft.random.below(3) {
        0 => vec![rule(Some(to), Some(25), Action::Allow)],
        1 => vec![rule(None, Some(25), Action::Allow), rule(None, None, Action::Reject)],
        _ => vec![rule(Some(to), None, Action::Reject), rule(None, None, Action::Allow)],
    }))
}

fn draw_line(draft: &mut Draft, spot: &mut Spot, name: &str, line: u8) {
    let number = spot.number;
    let base = if line == 1 { "203.0.113" } else { "198.51.100" };
    let mut addresses: Vec<IpAddr> = (0..draft.random.between(1, 3))
        .map(|n| of(&format!("{base}.{}", number * 16 + n)))
        .collect();
    if draft.ipv6 {
        addresses.push(of(&format!("2001:db8:{number}::{line}")));
    }
    let firewall_id = of(&format!("{name}-fw{line}"));
    let firewall = Firewall {
        name: format!("{name} firewall {line}"),
        site: spot.site.clone(),
        published: BTreeSet::new(),
        source_addresses: BTreeMap::new(),
        hairpin: if draft.fault(5) { None } else { Some(draft.random.chance(55)) },
        outbound_25: if draft.fault(5) { None } else { Some(Outbound::All) },
        blocked: draft.random.weighted(&[
            (60, Some(Blocked::Drop)),
            (30, Some(Blocked::Reject)),
            (10, None),
        ]),
    };
    draft.insert(Object::Firewall(Clone::clone(&firewall_id), firewall));
    let id = of(&format!("{name}-line{line}"));
    if line == 1 {
        spot.public.clone_from(&addresses);
    }
    let drawn = Line {
        name: format!("{name} line {line}"),
        site: spot.site.clone(),
        addresses,
        firewall: if draft.fault(3) { None } else { Some(Clone::clone(&firewall_id)) },
        bandwidth_kbit: None,
    };
    draft.insert(Object::Line(Clone::clone(&id), drawn));
    spot.lines.push(id);
    spot.firewalls.push(firewall_id);
}

/// How a site reaches the Internet: its lines, another site's line, or not at all.
fn draw_way_out(draft: &mut Draft, spot: usize) {
    let lines = draft.spots[spot].lines.clone();
    let others: Vec<SiteId> = draft.spots.iter().map(|s| s.site.clone()).collect();
    let access = match lines.len() {
        // Itself as the other site, now and then: a circle of one.
        0 if draft.random.chance(80) => draft.random.pick(&others).map(InternetAccess::Through),
        0 if draft.random.chance(50) => Some(InternetAccess::Nowhere),
        1 if draft.random.chance(70) => None,
        1 if draft.fault(6) => draft.random.pick(&others).map(InternetAccess::Through),
        0 => None,
        2 if draft.fault(5) => None,
        _ => {
            let mut list = lines;
            draft.random.shuffle(&mut list);
            Some(InternetAccess::Lines(list))
        }
    };
    let id = draft.spots[spot].site.clone();
    if let Some(site) = draft.topology.sites.get_mut(&id) {
        site.internet = access;
    }
}

fn draw_links(draft: &mut Draft) {
    let sites: Vec<SiteId> = draft.spots.iter().map(|s| s.site.clone()).collect();
    let star = draft.random.chance(50);
    for at in 1..sites.len() {
        let other = if star { 0 } else { at - 1 };
        if draft.random.chance(92) {
            draw_link(draft, &sites[other], &sites[at]);
        }
    }
    for _ in 0..2 {
        let (a, b) = (draft.random.below(sites.len()), draft.random.below(sites.len()));
        if a != b && draft.random.chance(30) {
            draw_link(draft, &sites[a], &sites[b]);
        }
    }
}

fn draw_link(draft: &mut Draft, a: &SiteId, b: &SiteId) {
    // Ids in a random order, because the order of ids decides between paths of equal length.
    let id = of(&format!("wan-{}{}", draft.random.between(10, 99), draft.topology.links.len()));
    let swap = draft.random.chance(50);
    let (a, b) = if swap { (b, a) } else { (a, b) };
    let filter = if draft.fault(6) {
        None
    } else if draft.random.chance(84) {
        Some(Filter::Open)
    } else {
        Some(wan_rules(draft))
    };
    let link = Link {
        name: format!("{a} to {b}"),
        a: a.clone(),
        b: b.clone(),
        bandwidth_kbit: Some(2048),
        latency_ms: None,
        filter,
    };
    draft.insert(Object::Link(id, link));
}

/// The rules of a link: some ports, some directions.
pub(super) fn wan_rules(draft: &mut Draft) -> Filter {
    let net: Subnet = of(&format!("10.{}.0.0/16", draft.random.between(1, 4)));
    let rule = |from, to, port, action| FilterRule { from, to, port, action };
    Filter::Rules(match draft.random.below(5) {
        0 => vec![rule(None, None, Some(25), Action::Allow)],
        1 => vec![
            rule(None, None, Some(25), Action::Allow),
            rule(None, None, Some(53), Action::Allow),
        ],
        2 => vec![
            rule(Some(net), None, Some(25), Action::Reject),
            rule(None, None, None, Action::Allow),
        ],
        3 => vec![
            rule(None, Some(net), Some(25), Action::Drop),
            rule(None, None, None, Action::Allow),
        ],
        _ => vec![rule(None, Some(net), None, Action::Allow)],
    })
}
