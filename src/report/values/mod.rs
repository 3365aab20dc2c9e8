//! What fields are called and how their values read: the words of the console and of the field, so
//! that a step can be carried out by somebody who has never seen the plan file.

mod fields;

pub use fields::field;

use crate::model::{
    ObjectId, Topology,
    address::{Action, Blocked, Filter},
    dns::{Forward, Place, ViewKind},
    id::{ResolverId, ServerId, SiteId},
    server::{Bindings, ListenerId, Platform, Role},
    site::{Outbound, Published},
};
use std::net::SocketAddr;

/// Said where a fact has not been entered.
pub const NOT_ENTERED: &str = "not entered";

fn one<T: ToString + ?Sized>(value: &T) -> Vec<String> {
    vec![value.to_string()]
}

fn all<T: ToString>(values: impl IntoIterator<Item = T>) -> Vec<String> {
    let list: Vec<String> = values.into_iter().map(|v| v.to_string()).collect();
    if list.is_empty() { vec!["none".to_owned()] } else { list }
}

fn optional<T: ToString>(value: Option<T>) -> Vec<String> {
    vec![value.map_or(NOT_ENTERED.to_owned(), |v| v.to_string())]
}

fn seconds(value: Option<u32>) -> Vec<String> {
    optional(value.map(|v| format!("{} s", grouped(u64::from(v)))))
}

/// A whole number with thin groups of three: `86 400`.
pub fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    text
}

/// A bandwidth in the unit in which people say it.
pub fn bandwidth(kbit: Option<u32>) -> String {
    match kbit {
        None => NOT_ENTERED.to_owned(),
        Some(kbit) if kbit >= 1000 && kbit.is_multiple_of(1000) => {
            format!("{} Mbit/s", kbit / 1000)
        }
        Some(kbit) => format!("{} kbit/s", grouped(u64::from(kbit))),
    }
}

/// The name of a server.
pub fn name_of_server(topology: &Topology, id: &ServerId) -> String {
    topology.name(&ObjectId::Server(id.clone()))
}

/// The name of a site.
pub fn name_of_site(topology: &Topology, id: &SiteId) -> String {
    topology.name(&ObjectId::Site(id.clone()))
}

/// The name of a resolver.
pub fn name_of_resolver(topology: &Topology, id: &ResolverId) -> String {
    topology.name(&ObjectId::Resolver(id.clone()))
}

/// A listener by its server; with its own name where the server has several.
pub fn name_of_listener(topology: &Topology, id: &ListenerId) -> String {
    let server = name_of_server(topology, &id.server);
    let several = topology.listeners.keys().filter(|l| l.server == id.server).count() > 1;
    if several {
        format!("{server} ({})", topology.name(&ObjectId::Listener(id.clone())))
    } else {
        server
    }
}

/// Where something stands: segment and site.
pub fn place(topology: &Topology, place: &Place) -> String {
    match place {
        Place::Internet => "on the Internet".to_owned(),
        Place::Segment(id) => {
            let segment = topology.name(&ObjectId::Segment(id.clone()));
            match topology.segments.get(id) {
                Some(s) => format!("{}, {segment}", name_of_site(topology, &s.site)),
                None => segment,
            }
        }
    }
}

/// A server's role.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::FrontEnd => "front-end",
        Role::BackEnd => "back-end",
        Role::DomainController => "domain controller",
        Role::Relay => "relay",
        Role::Other => "other",
    }
}

/// A mail system.
pub fn platform(platform: Option<Platform>) -> &'static str {
    platform.map_or(NOT_ENTERED, Platform::name)
}

/// Whom a view is for.
pub fn view_kind(kind: ViewKind) -> &'static str {
    match kind {
        ViewKind::Inside => "inside",
        ViewKind::Outside => "outside",
    }
}

/// What a listener answers on, in the words of its console.
pub fn bindings(bindings: &Bindings) -> Vec<String> {
    match bindings {
        Bindings::All => vec!["(All Unassigned)".to_owned()],
        Bindings::Addresses(set) => all(set),
    }
}

/// A service that a firewall publishes.
pub fn published(p: &Published) -> String {
    let public = SocketAddr::new(p.public, p.port);
    match p.to_port {
        Some(port) => format!("{public} → {}", SocketAddr::new(p.to, port)),
        None => format!("{public} → {}", p.to),
    }
}

/// What a link or boundary lets pass.
pub fn filter(filter: Option<&Filter>) -> Vec<String> {
    match filter {
        None => vec![NOT_ENTERED.to_owned()],
        Some(Filter::Open) => vec!["everything".to_owned()],
        Some(Filter::Rules(rules)) => {
            let mut lines: Vec<String> = rules
                .iter()
                .map(|rule| {
                    let net = |net: Option<_>| {
                        net.map_or("any".to_owned(), |n: crate::model::address::Subnet| {
                            n.to_string()
                        })
                    };
                    let port = rule.port.map_or(String::new(), |p| format!(" port {p}"));
                    let action = match rule.action {
                        Action::Allow => "allow",
                        Action::Drop => "drop",
                        Action::Reject => "reject",
                    };
                    format!("{action} {} → {}{port}", net(rule.from), net(rule.to))
                })
                .collect();
            lines.push("drop the rest".to_owned());
            lines
        }
    }
}

/// A yes, a no, or not entered.
pub fn yes_no(value: Option<bool>) -> &'static str {
    match value {
        Some(true) => "yes",
        Some(false) => "no",
        None => NOT_ENTERED,
    }
}

/// Who may open port 25 to the Internet.
pub fn outbound(outbound: Option<&Outbound>) -> Vec<String> {
    match outbound {
        None => vec![NOT_ENTERED.to_owned()],
        Some(Outbound::All) => vec!["every host".to_owned()],
        Some(Outbound::Only(set)) => all(set),
    }
}

/// What becomes of what a firewall stops.
pub fn blocked(blocked: Option<Blocked>) -> &'static str {
    match blocked {
        Some(Blocked::Drop) => "dropped without a word",
        Some(Blocked::Reject) => "refused",
        None => NOT_ENTERED,
    }
}

/// Where a resolver asks on.
pub fn forwards(topology: &Topology, forwards: Option<&Forward>) -> Vec<String> {
    match forwards {
        None => vec![NOT_ENTERED.to_owned()],
        Some(Forward::Internet) => vec!["the public DNS".to_owned()],
        Some(Forward::Nowhere) => vec!["nobody".to_owned()],
        Some(Forward::To(list)) => all(list.iter().map(|id| name_of_resolver(topology, id))),
    }
}

/// A list of resolvers with their addresses.
pub fn resolvers(topology: &Topology, list: Option<&[ResolverId]>) -> Vec<String> {
    let Some(list) = list else { return vec![NOT_ENTERED.to_owned()] };
    all(list.iter().map(|id| {
        let name = name_of_resolver(topology, id);
        match topology.resolvers.get(id).and_then(|r| r.addresses.first()) {
            Some(address) => format!("{name} ({address})"),
            None => name,
        }
    }))
}
