//! Plans to draw: the template, an empty one, one with many servers, one with long names.

use bridgehead::{
    file,
    model::{
        Project, Topology,
        connector::{Group, GroupConnector, GroupKind},
        dns::{Forward, Place, Resolver},
        id::{GroupId, SegmentId, ServerId, SiteId},
        server::{Bindings, Listener, ListenerId, Platform, Role, Server},
        site::{Firewall, Line, Link, Segment, SegmentKind, Site},
    },
    templates,
};
use std::collections::{BTreeMap, BTreeSet};

/// The template of the incident.
pub(crate) fn template() -> Project {
    templates::find("two-sites-exchange-2003").expect("it is there").plan
}

fn id<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().expect("it is an id")
}

/// A server without facts.
pub(crate) fn server(name: &str, place: Place, role: Role, group: Option<GroupId>) -> Server {
    Server {
        name: name.to_owned(),
        place,
        role,
        platform: Some(Platform::Exchange2003),
        edition: String::new(),
        organisation: None,
        computer_name: None,
        directory_domain: None,
        addresses: Vec::new(),
        resolvers: None,
        group,
        routes: Vec::new(),
        relay_domains: BTreeSet::new(),
        relay_from: None,
        keeps_on_name_error: false,
    }
}

fn listener() -> Listener {
    Listener {
        name: "Default SMTP Virtual Server".to_owned(),
        fqdn: None,
        bindings: Bindings::All,
        port: None,
        smart_host: None,
    }
}

/// Eight sites with sixty servers, each site a routing group with a connector to the next one; every
/// name runs through `name`.
pub(crate) fn sixty(name: impl Fn(&str) -> String) -> Project {
    let mut project = Project::new("Sixty servers");
    let t = &mut project.as_is;
    for s in 0..8_u8 {
        let (site, segment): (SiteId, SegmentId) = (id(&format!("s{s}")), id(&format!("s{s}-lan")));
        let group: GroupId = id(&format!("g{s}"));
        site_of(t, (s, &site, &segment, &group), &name);
        line(t, s, &site, &name);
    }
    for s in 0..8_u8 {
        let to = (s + 1) % 8;
        t.links.insert(
            id(&format!("l{s}")),
            Link {
                name: name(&format!("Link {s}")),
                a: id(&format!("s{s}")),
                b: id(&format!("s{to}")),
                bandwidth_kbit: Some(2000),
                latency_ms: None,
                filter: None,
            },
        );
        t.group_connectors.insert(
            id(&format!("c{s}")),
            GroupConnector {
                name: name(&format!("Group {s} to {to}")),
                from: id(&format!("g{s}")),
                to: id(&format!("g{to}")),
                cost: None,
                sources: BTreeSet::new(),
                targets: [ListenerId { server: id(&format!("s{to}-n1")), number: 1 }].into(),
            },
        );
    }
    file::load(file::save(&project).as_bytes()).expect("it holds").project
}

/// The same eight sites with a connector from every group to every other one, in both directions.
pub(crate) fn mesh() -> Project {
    let mut project = sixty(ToOwned::to_owned);
    let t = &mut project.as_is;
    t.group_connectors.clear();
    for (s, to) in
        (0..8_u8).flat_map(|s| (0..8_u8).filter(move |to| *to != s).map(move |to| (s, to)))
    {
        t.group_connectors.insert(
            id(&format!("c{s}-{to}")),
            GroupConnector {
                name: format!("Group {s} to {to}"),
                from: id(&format!("g{s}")),
                to: id(&format!("g{to}")),
                cost: None,
                sources: [ListenerId { server: id(&format!("s{s}-n1")), number: 1 }].into(),
                targets: [ListenerId { server: id(&format!("s{to}-n1")), number: 1 }].into(),
            },
        );
    }
    project
}

/// A site with its segments, group, servers and resolver.
fn site_of(
    t: &mut Topology,
    (s, site, segment, group): (u8, &SiteId, &SegmentId, &GroupId),
    name: &impl Fn(&str) -> String,
) {
    t.sites.insert(
        site.clone(),
        Site {
            name: name(&format!("Site {s}")),
            resolvers: Some(vec![id(&format!("s{s}-dns"))]),
            internet: None,
        },
    );
    let of_segment = |kind| Segment {
        name: name("LAN"),
        site: site.clone(),
        kind,
        subnets: [format!("10.{s}.0.0/16").parse().expect("a subnet")].into(),
        from_segments: None,
    };
    t.segments.insert(segment.clone(), of_segment(SegmentKind::Lan));
    if s % 3 == 0 {
        t.segments.insert(id(&format!("s{s}-dmz")), of_segment(SegmentKind::Perimeter));
    }
    t.groups.insert(
        group.clone(),
        Group {
            name: name(&format!("Group {s}")),
            kind: GroupKind::RoutingGroup,
            hub: false,
            master: None,
        },
    );
    for n in 0..if s < 4 { 8_u8 } else { 7 } {
        let server_id: ServerId = id(&format!("s{s}-n{n}"));
        let role = [Role::FrontEnd, Role::BackEnd, Role::BackEnd, Role::Other][usize::from(n) % 4];
        let group = (n < 6).then(|| group.clone());
        let mut server =
            server(&name(&format!("S{s}-N{n}")), Place::Segment(segment.clone()), role, group);
        server.addresses = vec![format!("10.{s}.0.{}", n + 10).parse().expect("an address")];
        t.servers.insert(server_id.clone(), server);
        t.listeners.insert(ListenerId { server: server_id, number: 1 }, listener());
    }
    t.resolvers.insert(
        id(&format!("s{s}-dns")),
        Resolver {
            name: name(&format!("DNS {s}")),
            place: Place::Segment(segment.clone()),
            addresses: vec![format!("10.{s}.0.2").parse().expect("an address")],
            serves: Vec::new(),
            forwards: Some(Forward::Internet),
            conditional: BTreeMap::new(),
        },
    );
}

fn line(t: &mut Topology, s: u8, site: &SiteId, name: &impl Fn(&str) -> String) {
    t.firewalls.insert(
        id(&format!("f{s}")),
        Firewall {
            name: name(&format!("Firewall {s}")),
            site: site.clone(),
            published: BTreeSet::new(),
            source_addresses: BTreeMap::new(),
            hairpin: None,
            outbound_25: None,
            blocked: None,
        },
    );
    t.lines.insert(
        id(&format!("i{s}")),
        Line {
            name: name(&format!("Line {s}")),
            site: site.clone(),
            addresses: Vec::new(),
            firewall: Some(id(&format!("f{s}"))),
            bandwidth_kbit: None,
        },
    );
}

/// A name that fits nowhere, with what markup and fonts stumble over.
pub(crate) fn long(short: &str) -> String {
    format!(
        "{short} <the \"very\" long & winding name of something in Llanfairpwllgwyngyll> {short}"
    )
}
