//! A case's DNS: the public zone, the zones inside, and who asks whom.

use super::{
    super::case::{Case, Record, Server, Site},
    ids,
};
use bridgehead::model::{
    Topology,
    dns::{
        Forward, Place, RecordData, RecordId, RecordKind, RecordSet, Resolver, View, ViewKind,
        Zone, ZoneId,
    },
    id::{ResolverId, ViewId},
    name::Fqdn,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// The laboratory's server of the public zone.
const PUBLIC_DNS: [u8; 4] = [192, 0, 2, 53];
/// The laboratory's resolver for hosts on the Internet.
const PROVIDER_DNS: [u8; 4] = [192, 0, 2, 54];

/// Draws the views, zones, records and resolvers of a case.
pub(crate) fn draw(case: &Case, topology: &mut Topology) -> Result<(), String> {
    let public = ids::public_view()?;
    let view = View { name: "The Internet".to_owned(), kind: ViewKind::Outside };
    topology.views.insert(public.clone(), view);
    draw_zone(&public, &Fqdn::root(), &case.public_dns, topology)?;
    let on_internet = |name: &str, ip: [u8; 4], serves, forwards| Resolver {
        name: name.to_owned(),
        place: Place::Internet,
        addresses: vec![IpAddr::from(ip)],
        serves,
        forwards: Some(forwards),
        conditional: BTreeMap::new(),
    };
    let provider = on_internet("The provider's resolver", PROVIDER_DNS, vec![], Forward::Internet);
    topology.resolvers.insert(ids::isp_resolver()?, provider);
    let root = on_internet("The public DNS", PUBLIC_DNS, vec![public], Forward::Nowhere);
    topology.resolvers.insert(ids::root_resolver()?, root);
    for (name, site) in &case.sites {
        draw_inside(name, site, topology)?;
    }
    Ok(())
}

fn draw_inside(name: &str, site: &Site, topology: &mut Topology) -> Result<(), String> {
    let inside = ids::inside_view(name)?;
    let view = View { name: format!("Inside {name}"), kind: ViewKind::Inside };
    topology.views.insert(inside.clone(), view);
    for (zone, lines) in &site.dns.zones {
        draw_zone(&inside, &ids::read(zone)?, lines, topology)?;
    }
    if site.dns.software.as_deref() == Some("dnsmasq") {
        as_a_zone(site)?;
    }
    let resolver = Resolver {
        name: format!("DNS server of {name}"),
        place: Place::Segment(ids::segment(name)?),
        addresses: vec![site.dns_address()],
        serves: vec![inside],
        forwards: Some(Forward::Internet),
        conditional: BTreeMap::new(),
    };
    topology.resolvers.insert(ids::site_resolver(name)?, resolver);
    Ok(())
}

/// Whether dnsmasq answers as a server with such zones would.
fn as_a_zone(site: &Site) -> Result<(), String> {
    let lines = site.dns.zones.values().flatten();
    let records = lines.map(|line| Record::parse(line)).collect::<Result<Vec<_>, _>>()?;
    let names: BTreeSet<&Fqdn> = records.iter().map(|record| &record.name).collect();
    for record in &records {
        if record.name.as_str().starts_with('*') {
            return Err(format!("dnsmasq has no wildcard as `{}`", record.name));
        }
        if record.kind == "CNAME" && !names.contains(&ids::read::<Fqdn>(&record.data)?) {
            return Err(format!("dnsmasq does not ask others for the alias `{}`", record.name));
        }
    }
    Ok(())
}

fn draw_zone(
    view: &ViewId,
    origin: &Fqdn,
    lines: &[String],
    topology: &mut Topology,
) -> Result<(), String> {
    let zone = ZoneId { view: view.clone(), origin: origin.clone() };
    topology.zones.insert(zone.clone(), Zone { ttl_s: None, negative_ttl_s: None });
    for line in lines {
        let record = Record::parse(line)?;
        if record.kind == "DNAME" {
            return Err(format!("`{line}` gives all names below it other names"));
        }
        let kind = kind(&record.kind);
        let id = RecordId { zone: zone.clone(), name: record.name.clone(), kind };
        let set = RecordSet { data: empty(kind), ttl_s: record.ttl_s };
        add(&mut topology.records.entry(id).or_insert(set).data, &record.data)?;
    }
    Ok(())
}

/// The type of a record set. A type that a plan does not know counts as text: that the name
/// exists is all that mail learns from it.
fn kind(name: &str) -> RecordKind {
    let known = RecordKind::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name));
    known.unwrap_or(RecordKind::Txt)
}

fn empty(kind: RecordKind) -> RecordData {
    match kind {
        RecordKind::A => RecordData::A(vec![]),
        RecordKind::Aaaa => RecordData::Aaaa(vec![]),
        RecordKind::Cname => RecordData::Cname(Fqdn::root()),
        RecordKind::Mx => RecordData::Mx(vec![]),
        RecordKind::Ns => RecordData::Ns(vec![]),
        RecordKind::Ptr => RecordData::Ptr(vec![]),
        RecordKind::Txt => RecordData::Txt(vec![]),
    }
}

fn add(data: &mut RecordData, text: &str) -> Result<(), String> {
    match data {
        RecordData::A(list) => list.push(ids::read(text)?),
        RecordData::Aaaa(list) => list.push(ids::read(text)?),
        RecordData::Cname(name) => *name = ids::read(text)?,
        RecordData::Mx(list) => list.push(ids::read(text)?),
        RecordData::Ns(list) | RecordData::Ptr(list) => list.push(ids::read(text)?),
        RecordData::Txt(list) => list.push(text.trim_matches('"').to_owned()),
    }
    Ok(())
}

/// The resolvers that a server asks, in its order.
pub(crate) fn asked_by(
    case: &Case,
    server: &Server,
    topology: &mut Topology,
) -> Result<Vec<ResolverId>, String> {
    let words = server.resolver.as_ref().map_or(vec!["auto"], |texts| texts.list());
    words.into_iter().map(|word| resolver(case, server, word, topology)).collect()
}

fn resolver(
    case: &Case,
    server: &Server,
    word: &str,
    topology: &mut Topology,
) -> Result<ResolverId, String> {
    match word {
        "public" => return ids::isp_resolver(),
        "auto" if server.on_internet() => return ids::isp_resolver(),
        "auto" | "site" => return ids::site_resolver(&server.site),
        _ => {}
    }
    let ip: IpAddr = ids::read(word)?;
    if ip == IpAddr::from(PROVIDER_DNS) {
        return ids::isp_resolver();
    }
    if ip == IpAddr::from(PUBLIC_DNS) {
        return ids::root_resolver();
    }
    if let Some((site, _)) = case.sites.iter().find(|(_, site)| site.dns_address() == ip) {
        return ids::site_resolver(site);
    }
    // Nobody answers there: as a resolver that can say nothing, so that the next one is asked.
    let id: ResolverId = ids::read(&format!("nobody-{ip}"))?;
    let nobody = Resolver {
        name: format!("Nobody at {ip}"),
        place: Place::Internet,
        addresses: vec![],
        serves: vec![],
        forwards: Some(Forward::Nowhere),
        conditional: BTreeMap::new(),
    };
    topology.resolvers.insert(id.clone(), nobody);
    Ok(id)
}

/// The addresses that a name has for a server, as far as the records show: where its first
/// resolver answers from a zone of its own, those of that zone, otherwise the public ones.
pub(crate) fn addresses(case: &Case, server: &Server, name: &Fqdn) -> Vec<IpAddr> {
    let site = case.sites.get(&server.site);
    let mut name = name.clone();
    for _ in 0..8 {
        let zones = site.map(|site| &site.dns.zones).into_iter().flatten();
        let own = zones
            .filter_map(|(zone, lines)| Some((zone.parse::<Fqdn>().ok()?, lines)))
            .filter(|(zone, _)| name.is_within(zone))
            .max_by_key(|(zone, _)| zone.as_str().len());
        let lines = own.map_or(&case.public_dns, |(_, lines)| lines);
        let records: Vec<_> = lines.iter().filter_map(|line| Record::parse(line).ok()).collect();
        let of = |kind: &str| {
            let here = records.iter().filter(|r| r.name == name && r.kind == kind);
            here.map(|r| r.data.clone()).collect::<Vec<_>>()
        };
        if let Some(Ok(target)) = of("CNAME").first().map(|target| target.parse()) {
            name = target;
            continue;
        }
        return of("A").iter().filter_map(|ip| ip.parse().ok()).collect();
    }
    vec![]
}

/// Whether some record says that mail *for* this name goes elsewhere.
pub(crate) fn has_exchanger(case: &Case, name: &Fqdn) -> bool {
    let inside = case.sites.values().flat_map(|site| site.dns.zones.values().flatten());
    inside.chain(&case.public_dns).filter_map(|line| Record::parse(line).ok()).any(|record| {
        let wild = record.name.as_str().strip_prefix("*.").and_then(|parent| parent.parse().ok());
        let covers = wild.is_some_and(|parent: Fqdn| name.is_within(&parent));
        record.kind == "MX" && (record.name == *name || covers)
    })
}
