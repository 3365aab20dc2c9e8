//! A case's sites, lines, firewalls and WAN links.

use super::{
    super::case::{Case, Firewall, Site, WanRule, WordOr},
    ids,
};
use bridgehead::model::{
    Topology,
    address::{Action, Blocked, Filter, FilterRule, Subnet},
    site::{self, InternetAccess, Line, Link, Outbound, Published, Segment, SegmentKind},
};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    net::IpAddr,
};

/// Draws the network of a case.
pub(crate) fn draw(case: &Case, topology: &mut Topology) -> Result<(), String> {
    for (name, site) in &case.sites {
        draw_site(case, name, site, topology)?;
    }
    for (index, wan) in case.wan.iter().enumerate() {
        let [a, b] = &wan.sites;
        let link = Link {
            name: format!("{a} - {b}"),
            a: ids::site(a)?,
            b: ids::site(b)?,
            bandwidth_kbit: None,
            latency_ms: None,
            filter: Some(filter(case, [a, b])?),
        };
        topology.links.insert(ids::link(index)?, link);
    }
    same_way_back(case)
}

fn draw_site(case: &Case, name: &str, site: &Site, topology: &mut Topology) -> Result<(), String> {
    let id = ids::site(name)?;
    let internet = if site.public.is_empty() {
        InternetAccess::Nowhere
    } else {
        InternetAccess::Lines(vec![ids::line(name)?])
    };
    let drawn = site::Site {
        name: name.to_owned(),
        resolvers: Some(vec![ids::site_resolver(name)?]),
        internet: Some(internet),
    };
    if topology.sites.insert(id.clone(), drawn).is_some() {
        return Err(format!("two sites have the id `{id}`"));
    }
    let lan = Segment {
        name: format!("LAN of {name}"),
        site: id.clone(),
        kind: SegmentKind::Lan,
        subnets: [site.lan].into(),
        from_segments: Some(Filter::Open),
    };
    topology.segments.insert(ids::segment(name)?, lan);
    if site.public.is_empty() {
        return Ok(());
    }
    let line = Line {
        name: format!("Line of {name}"),
        site: id,
        addresses: site.public.clone(),
        firewall: Some(ids::firewall(name)?),
        bandwidth_kbit: None,
    };
    topology.lines.insert(ids::line(name)?, line);
    topology.firewalls.insert(ids::firewall(name)?, firewall(case, name, &site.firewall)?);
    Ok(())
}

fn blocked(firewall: &Firewall) -> Blocked {
    match firewall.blocked.as_deref() {
        Some("reject") => Blocked::Reject,
        _ => Blocked::Drop,
    }
}

fn addresses(case: &Case, server: &str) -> Result<Vec<IpAddr>, String> {
    let server = case.servers.get(server).ok_or_else(|| format!("no server `{server}`"))?;
    Ok(server.ips())
}

fn firewall(case: &Case, site: &str, lab: &Firewall) -> Result<site::Firewall, String> {
    let mut published = BTreeMap::new();
    let mut source_addresses = BTreeMap::new();
    for rule in &lab.publish {
        let first = || addresses(case, &rule.to).map(|list| list.first().copied());
        let to = rule.to_ip.map_or_else(first, |ip| Ok(Some(ip)))?;
        let to = to.ok_or_else(|| format!("`{}` has no address", rule.to))?;
        let port = rule.port.unwrap_or(25);
        // The first of two rules for one address and port is the one that a packet meets.
        published.entry((rule.public, port)).or_insert(to);
        if rule.snat.unwrap_or(true) {
            source_addresses.entry(to).or_insert(rule.public);
        }
    }
    for rule in &lab.snat {
        for address in addresses(case, &rule.from)? {
            source_addresses.entry(address).or_insert(rule.public);
        }
    }
    let published = published.into_iter();
    let outbound_25 = match &lab.outbound25 {
        Some(WordOr::List(servers)) => {
            let lists =
                servers.iter().map(|id| addresses(case, id)).collect::<Result<Vec<_>, _>>()?;
            Outbound::Only(lists.into_iter().flatten().collect())
        }
        Some(WordOr::Word(_)) | None => Outbound::All,
    };
    Ok(site::Firewall {
        name: format!("Firewall of {site}"),
        site: ids::site(site)?,
        published: published
            .map(|((public, port), to)| Published { public, port, to, to_port: None })
            .collect(),
        source_addresses,
        hairpin: Some(lab.hairpin),
        outbound_25: Some(outbound_25),
        blocked: Some(blocked(lab)),
    })
}

/// What a WAN link lets pass: the laboratory filters what enters a LAN, at that LAN's own edge.
fn filter(case: &Case, ends: [&String; 2]) -> Result<Filter, String> {
    let mut rules = Vec::new();
    for end in ends {
        let site = case.sites.get(end).ok_or_else(|| format!("no site `{end}`"))?;
        let Some(WordOr::List(allowed)) = &site.firewall.wan_in else { continue };
        for rule in allowed {
            rules.extend(allowing(case, site, rule)?);
        }
        let stopped = match blocked(&site.firewall) {
            Blocked::Drop => Action::Drop,
            Blocked::Reject => Action::Reject,
        };
        let to = Some(site.lan);
        rules.push(FilterRule { from: None, to, port: Some(25), action: stopped });
        rules.push(FilterRule { from: None, to, port: None, action: Action::Drop });
    }
    if rules.is_empty() {
        return Ok(Filter::Open);
    }
    rules.push(FilterRule { from: None, to: None, port: None, action: Action::Allow });
    Ok(Filter::Rules(rules))
}

fn allowing(case: &Case, site: &Site, rule: &WanRule) -> Result<Vec<FilterRule>, String> {
    let port = rule.port.unwrap_or(25);
    if port == 53 {
        // The laboratory's rules are for TCP; questions to a name server go by UDP.
        return Ok(vec![]);
    }
    let from = nets(case, rule.from.as_deref())?;
    let to = nets(case, rule.to.as_deref())?;
    let mut rules = Vec::new();
    for to in to {
        let to = match to {
            None => site.lan,
            Some(net) if site.lan.contains(net.address()) && net.prefix() >= site.lan.prefix() => {
                net
            }
            Some(net) if net.contains(site.lan.address()) => site.lan,
            Some(_) => continue,
        };
        rules.extend(from.iter().map(|from| FilterRule {
            from: *from,
            to: Some(to),
            port: Some(port),
            action: Action::Allow,
        }));
    }
    Ok(rules)
}

/// Whom a rule names: a server, a site, a network; none in the list: anybody.
fn nets(case: &Case, who: Option<&str>) -> Result<Vec<Option<Subnet>>, String> {
    let Some(who) = who.filter(|who| *who != "any") else { return Ok(vec![None]) };
    if let Some(server) = case.servers.get(who) {
        return Ok(server.ips().iter().map(|ip| ids::read(&ip.to_string()).ok()).collect());
    }
    match case.sites.get(who) {
        Some(site) => Ok(vec![Some(site.lan)]),
        None => Ok(vec![Some(ids::read(who)?)]),
    }
}

/// The laboratory's routers know the first link of each way, the simulator the whole way. Where
/// several ways are equally short these can differ, or the answer comes back on another one.
fn same_way_back(case: &Case) -> Result<(), String> {
    let sites: BTreeSet<&str> = case.sites.keys().map(String::as_str).collect();
    for from in &sites {
        for to in &sites {
            let there = link_by_link(case, from, to);
            let mut back = link_by_link(case, to, from);
            back.reverse();
            if there != back || there != way(case, from, to) {
                return Err(format!("equally short ways by WAN from {from} to {to}"));
            }
        }
    }
    Ok(())
}

/// The links of the way by fewest links, tried in the order of the list.
fn way(case: &Case, from: &str, to: &str) -> Vec<usize> {
    let mut ways: BTreeMap<&str, Vec<usize>> = [(from, vec![])].into();
    let mut todo = VecDeque::from([from]);
    while let Some(here) = todo.pop_front() {
        for (index, wan) in case.wan.iter().enumerate() {
            let [a, b] = &wan.sites;
            let next = if a == here { b } else { a };
            if (a != here && b != here) || ways.contains_key(next.as_str()) {
                continue;
            }
            let mut way = ways.get(here).cloned().unwrap_or_default();
            way.push(index);
            ways.insert(next, way);
            todo.push_back(next);
        }
    }
    ways.remove(to).unwrap_or_default()
}

fn link_by_link<'a>(case: &'a Case, from: &'a str, to: &str) -> Vec<usize> {
    let mut links = Vec::new();
    let mut here = from;
    while here != to && links.len() <= case.wan.len() {
        let Some(first) = way(case, here, to).first().copied() else { break };
        let Some(wan) = case.wan.get(first) else { break };
        let [a, b] = &wan.sites;
        here = if a == here { b } else { a };
        links.push(first);
    }
    links
}
