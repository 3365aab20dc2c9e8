//! Each field's name in words, and how its value reads.

use super::{
    NOT_ENTERED, all, bandwidth, bindings, blocked, filter, forwards, name_of_listener,
    name_of_resolver, name_of_server, name_of_site, one, optional, outbound, place, platform,
    published, resolvers, role, seconds, view_kind, yes_no,
};
use crate::model::{
    ObjectId, Topology,
    connector::{
        Delivery, GroupConnectorField, GroupField, Scope, SiteLinkField, SmtpConnectorField,
    },
    dns::{RecordField, ResolverField, ViewField, ZoneField},
    organisation::{MailDomainField, MailboxesField, OrganisationField},
    server::{ListenerField, ListenerId, NextHop, Route, RouteMatch, ServerField},
    site::{
        FirewallField, InternetAccess, LineField, LinkField, SegmentField, SegmentKind, SiteField,
    },
    topology::Field,
};

/// A field's name in words, and its value, one text a line.
pub fn field(topology: &Topology, field: &Field) -> (&'static str, Vec<String>) {
    match field {
        Field::Organisation(_, f) => organisation(topology, f),
        Field::Domain(_, f) => match f {
            MailDomainField::Name(v) => ("name", one(v)),
            MailDomainField::Organisation(v) => {
                ("organisation", vec![topology.name(&ObjectId::Organisation(v.clone()))])
            }
        },
        Field::Site(_, f) => site(topology, f),
        Field::Segment(_, f) => segment(topology, f),
        Field::Line(_, f) => line(topology, f),
        Field::Firewall(_, f) => firewall(topology, f),
        Field::Link(_, f) => link(topology, f),
        Field::View(_, f) => match f {
            ViewField::Name(v) => ("name", one(v)),
            ViewField::Kind(v) => ("audience", vec![view_kind(*v).to_owned()]),
        },
        Field::Zone(_, f) => match f {
            ZoneField::TtlS(v) => ("TTL", seconds(*v)),
            ZoneField::NegativeTtlS(v) => ("negative TTL", seconds(*v)),
        },
        Field::Record(_, f) => match f {
            RecordField::Data(v) => ("data", v.lines()),
            RecordField::TtlS(v) => {
                ("TTL", v.map_or(vec!["the zone's".to_owned()], |v| seconds(Some(v))))
            }
        },
        Field::Resolver(_, f) => resolver(topology, f),
        Field::Server(_, f) => server(topology, f),
        Field::Listener(_, f) => listener(f),
        Field::Group(_, f) => match f {
            GroupField::Name(v) => ("name", one(v)),
            GroupField::Kind(v) => ("kind", vec![v.words().to_owned()]),
            GroupField::Hub(v) => ("hub site", one(&yes_no(Some(*v)))),
            GroupField::Master(v) => (
                "routing group master",
                optional(v.as_ref().map(|id| name_of_server(topology, id))),
            ),
        },
        Field::SiteLink(_, f) => match f {
            SiteLinkField::Name(v) => ("name", one(v)),
            SiteLinkField::Sites(v) => {
                ("joins", all(v.iter().map(|id| topology.name(&ObjectId::Group(id.clone())))))
            }
            SiteLinkField::Cost(v) => {
                ("cost", v.map_or(vec!["100 (the directory's default)".to_owned()], |v| one(&v)))
            }
            SiteLinkField::ExchangeCost(v) => ("Exchange cost", optional(v.map(|v| v.to_string()))),
        },
        Field::GroupConnector(_, f) => group_connector(topology, f),
        Field::SmtpConnector(_, f) => smtp_connector(topology, f),
        Field::Mailboxes(_, f) => mailboxes(topology, f),
    }
}

fn organisation(_: &Topology, f: &OrganisationField) -> (&'static str, Vec<String>) {
    match f {
        OrganisationField::Name(v) => ("name", one(v)),
        OrganisationField::DirectoryDomains(v) => ("directory domains", all(v)),
    }
}

fn site(topology: &Topology, f: &SiteField) -> (&'static str, Vec<String>) {
    match f {
        SiteField::Name(v) => ("name", one(v)),
        SiteField::Resolvers(v) => ("resolvers", resolvers(topology, v.as_deref())),
        SiteField::Internet(v) => (
            "way to the Internet",
            match v {
                None => vec!["by its own line".to_owned()],
                Some(InternetAccess::Nowhere) => vec!["none".to_owned()],
                Some(InternetAccess::Through(site)) => {
                    vec![format!("through {}", name_of_site(topology, site))]
                }
                Some(InternetAccess::Lines(list)) => {
                    all(list.iter().map(|id| topology.name(&ObjectId::Line(id.clone()))))
                }
            },
        ),
    }
}

fn segment(topology: &Topology, f: &SegmentField) -> (&'static str, Vec<String>) {
    match f {
        SegmentField::Name(v) => ("name", one(v)),
        SegmentField::Site(v) => ("site", vec![name_of_site(topology, v)]),
        SegmentField::Kind(v) => (
            "kind",
            vec![match v {
                SegmentKind::Lan => "LAN".to_owned(),
                SegmentKind::Perimeter => "perimeter network".to_owned(),
            }],
        ),
        SegmentField::Subnets(v) => ("subnets", all(v)),
        SegmentField::FromSegments(v) => ("what other segments may open", filter(v.as_ref())),
    }
}

fn line(topology: &Topology, f: &LineField) -> (&'static str, Vec<String>) {
    match f {
        LineField::Name(v) => ("name", one(v)),
        LineField::Site(v) => ("site", vec![name_of_site(topology, v)]),
        LineField::Addresses(v) => ("public addresses", all(v)),
        LineField::Firewall(v) => (
            "firewall",
            optional(v.as_ref().map(|id| topology.name(&ObjectId::Firewall(id.clone())))),
        ),
        LineField::BandwidthKbit(v) => ("bandwidth", vec![bandwidth(*v)]),
    }
}

fn firewall(topology: &Topology, f: &FirewallField) -> (&'static str, Vec<String>) {
    match f {
        FirewallField::Name(v) => ("name", one(v)),
        FirewallField::Site(v) => ("site", vec![name_of_site(topology, v)]),
        FirewallField::Published(v) => ("published services", all(v.iter().map(published))),
        FirewallField::SourceAddresses(v) => {
            ("source addresses", all(v.iter().map(|(from, to)| format!("{from} → {to}"))))
        }
        FirewallField::Hairpin(v) => ("hairpin", one(&yes_no(*v))),
        FirewallField::Outbound25(v) => ("port 25 to the Internet", outbound(v.as_ref())),
        FirewallField::Blocked(v) => ("what it stops is", one(&blocked(*v))),
    }
}

fn link(topology: &Topology, f: &LinkField) -> (&'static str, Vec<String>) {
    match f {
        LinkField::Name(v) => ("name", one(v)),
        LinkField::A(v) => ("one end", vec![name_of_site(topology, v)]),
        LinkField::B(v) => ("other end", vec![name_of_site(topology, v)]),
        LinkField::BandwidthKbit(v) => ("bandwidth", vec![bandwidth(*v)]),
        LinkField::LatencyMs(v) => ("latency", optional(v.map(|v| format!("{v} ms")))),
        LinkField::Filter(v) => ("what passes", filter(v.as_ref())),
    }
}

fn resolver(topology: &Topology, f: &ResolverField) -> (&'static str, Vec<String>) {
    match f {
        ResolverField::Name(v) => ("name", one(v)),
        ResolverField::Place(v) => ("place", vec![place(topology, v)]),
        ResolverField::Addresses(v) => ("addresses", all(v)),
        ResolverField::Serves(v) => {
            ("views", all(v.iter().map(|id| topology.name(&ObjectId::View(id.clone())))))
        }
        ResolverField::Forwards(v) => ("forwarders", forwards(topology, v.as_ref())),
        ResolverField::Conditional(v) => (
            "conditional forwarders",
            all(v.iter().map(|(zone, list)| {
                let names: Vec<_> = list.iter().map(|id| name_of_resolver(topology, id)).collect();
                format!("{zone} → {}", names.join(", "))
            })),
        ),
    }
}

fn server(topology: &Topology, f: &ServerField) -> (&'static str, Vec<String>) {
    match f {
        ServerField::Name(v) => ("name", one(v)),
        ServerField::Place(v) => ("place", vec![place(topology, v)]),
        ServerField::Role(v) => ("role", one(&role(*v))),
        ServerField::Platform(v) => ("mail system", one(&platform(*v))),
        ServerField::Edition(v) => ("edition", one(v)),
        ServerField::Organisation(v) => (
            "organisation",
            optional(v.as_ref().map(|id| topology.name(&ObjectId::Organisation(id.clone())))),
        ),
        ServerField::ComputerName(v) => ("computer name", optional(v.as_ref())),
        ServerField::DirectoryDomain(v) => ("AD domain", optional(v.as_ref())),
        ServerField::Addresses(v) => ("addresses", all(v)),
        ServerField::Resolvers(v) => (
            "resolvers",
            match v {
                None => vec!["its site's".to_owned()],
                Some(list) => resolvers(topology, Some(list)),
            },
        ),
        ServerField::Group(v) => (
            "routing group",
            optional(v.as_ref().map(|id| topology.name(&ObjectId::Group(id.clone())))),
        ),
        ServerField::Routes(v) => ("transport table", all(v.iter().map(|r| route(topology, r)))),
        ServerField::RelayDomains(v) => ("relay domains", all(v)),
        ServerField::RelayFrom(v) => {
            ("clients that may relay", v.as_ref().map_or(vec![NOT_ENTERED.to_owned()], all))
        }
        ServerField::KeepsOnNameError(v) => ("keeps mail on name errors", one(&yes_no(Some(*v)))),
    }
}

fn route(topology: &Topology, route: &Route) -> String {
    let to = match &route.to {
        RouteMatch::Address(address) => address.to_string(),
        RouteMatch::Home(server) => format!("mailboxes on {}", name_of_server(topology, server)),
        RouteMatch::Domain(domain) => domain.to_string(),
        RouteMatch::All => "all".to_owned(),
    };
    let via: Vec<String> = route
        .via
        .iter()
        .map(|hop| match hop {
            NextHop::Host(name) => format!("[{name}]"),
            NextHop::Address(address) => format!("[{address}]"),
            NextHop::Mx => "by MX".to_owned(),
            NextHop::MxOf(name) => name.to_string(),
            NextHop::Unreachable => "kept".to_owned(),
        })
        .collect();
    format!("{to} → {}", via.join(", "))
}

fn listener(f: &ListenerField) -> (&'static str, Vec<String>) {
    match f {
        ListenerField::Name(v) => ("name", one(v)),
        ListenerField::Fqdn(v) => {
            ("FQDN", vec![v.as_ref().map_or("the computer's name".to_owned(), ToString::to_string)])
        }
        ListenerField::Bindings(v) => ("IP address", bindings(v)),
        ListenerField::Port(v) => ("TCP port", one(&v.unwrap_or(25))),
        ListenerField::SmartHost(v) => {
            ("smart host", vec![v.as_ref().map_or("none".to_owned(), ToString::to_string)])
        }
    }
}

fn listeners<'a>(
    topology: &Topology,
    set: impl IntoIterator<Item = &'a ListenerId>,
    none: &str,
) -> Vec<String> {
    let list: Vec<String> = set.into_iter().map(|id| name_of_listener(topology, id)).collect();
    if list.is_empty() { vec![none.to_owned()] } else { list }
}

fn group_connector(topology: &Topology, f: &GroupConnectorField) -> (&'static str, Vec<String>) {
    let group =
        |id: &_| vec![topology.name(&ObjectId::Group(crate::model::id::GroupId::clone(id)))];
    match f {
        GroupConnectorField::Name(v) => ("name", one(v)),
        GroupConnectorField::From(v) => ("from the routing group", group(v)),
        GroupConnectorField::To(v) => ("to the routing group", group(v)),
        GroupConnectorField::Cost(v) => ("cost", one(&v.unwrap_or(1))),
        GroupConnectorField::Sources(v) => {
            ("local bridgeheads", listeners(topology, v, "any local server"))
        }
        GroupConnectorField::Targets(v) => {
            ("remote bridgeheads", listeners(topology, v, NOT_ENTERED))
        }
    }
}

fn smtp_connector(topology: &Topology, f: &SmtpConnectorField) -> (&'static str, Vec<String>) {
    match f {
        SmtpConnectorField::Name(v) => ("name", one(v)),
        SmtpConnectorField::Group(v) => {
            ("routing group", vec![topology.name(&ObjectId::Group(v.clone()))])
        }
        SmtpConnectorField::Spaces(v) => ("address spaces", all(v)),
        SmtpConnectorField::Scope(v) => (
            "scope",
            vec![match v {
                Scope::Organisation => "entire organisation".to_owned(),
                Scope::Group => "routing group".to_owned(),
            }],
        ),
        SmtpConnectorField::Sources(v) => {
            ("local bridgeheads", listeners(topology, v, NOT_ENTERED))
        }
        SmtpConnectorField::Delivery(v) => (
            "delivery",
            match v {
                Delivery::Dns => vec!["by DNS".to_owned()],
                Delivery::SmartHosts(list) => all(list),
            },
        ),
    }
}

fn mailboxes(topology: &Topology, f: &MailboxesField) -> (&'static str, Vec<String>) {
    match f {
        MailboxesField::Name(v) => ("name", one(v)),
        MailboxesField::Domain(v) => ("domain", vec![topology.name(&ObjectId::Domain(v.clone()))]),
        MailboxesField::UsersAt(v) => {
            ("users at", optional(v.as_ref().map(|id| name_of_site(topology, id))))
        }
        MailboxesField::Home(v) => {
            ("home server", optional(v.as_ref().map(|id| name_of_server(topology, id))))
        }
        MailboxesField::Count(v) => ("count", one(v)),
        MailboxesField::FromInternetPerDay(v) => ("from the Internet a day", optional(*v)),
        MailboxesField::ToInternetPerDay(v) => ("to the Internet a day", optional(*v)),
        MailboxesField::InsidePerDay(v) => ("to other mailboxes a day", optional(*v)),
        MailboxesField::Addresses(v) => ("addresses", all(v)),
    }
}
