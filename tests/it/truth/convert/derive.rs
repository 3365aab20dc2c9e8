//! How a server of the laboratory finds another, in the words of Exchange 2003.
//!
//! A case says to which next hop each server sends mail for each home server. Read backwards: a next
//! hop that is the home's own computer name is what a server does within its routing group; the name
//! that another server greets with, or the address that it is bound to, is what a connector does;
//! `unreachable` is a connector that is not there.

use super::{
    super::case::{Case, Server, Texts},
    names,
};
use bridgehead::model::name::Fqdn;
use std::{collections::BTreeMap, net::IpAddr};

/// What a server does with mail for a home server of its organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// It sends straight to it, by this computer name.
    SameGroup(Fqdn),
    /// It sends to this server by the name that it greets with.
    Greeting(String),
    /// It sends to this server by another name, which is not its greeting.
    OtherName(String, Fqdn),
    /// It sends to this server by the address that it is bound to.
    Address(String),
    /// No connector leads there.
    None,
    /// Exchange would not do such a thing, and why.
    Unlike(String),
}

/// The ways of all pairs (sender, home) of servers of one organisation at sites.
pub(crate) fn ways(case: &Case) -> BTreeMap<(String, String), Way> {
    let at_sites = || case.servers.iter().filter(|(_, server)| !server.on_internet());
    let mut ways = BTreeMap::new();
    for (from, sender) in at_sites() {
        let mine = sender.organisation(from);
        let homes = case.servers.iter().filter(|(id, home)| {
            *id != from && !home.mailboxes.is_empty() && home.organisation(id) == mine
        });
        for (to, home) in homes {
            ways.insert((from.clone(), to.clone()), way(case, from, to, home));
        }
    }
    across_groups(&mut ways);
    ways
}

/// Where the way back leads through connectors, or nowhere, the two servers are in two groups, and
/// so are a server and one that it finds as a connector finds its target. The name by which such a
/// server is found is that of its listener, not of its computer.
fn across_groups(ways: &mut BTreeMap<(String, String), Way>) {
    let before = ways.clone();
    for ((from, to), way) in ways {
        let Way::SameGroup(name) = way else { continue };
        let back = before.get(&(to.clone(), from.clone()));
        let apart = !matches!(back, None | Some(Way::SameGroup(_) | Way::Unlike(_)));
        let targets = before.iter().any(|((sender, _), way)| {
            sender == to && matches!(way, Way::Greeting(peer) | Way::Address(peer) if peer == from)
        });
        if apart || targets {
            *way = Way::OtherName(to.clone(), name.clone());
        }
    }
}

fn way(case: &Case, from: &str, to: &str, home: &Server) -> Way {
    let unlike = |why: String| Way::Unlike(why);
    let Some(sender) = case.servers.get(from) else { return unlike(format!("no server {from}")) };
    if home.on_internet() {
        return unlike(format!("{to} stands on the Internet, in no routing group"));
    }
    let Some(value) = sender.routes.get(to) else {
        return unlike(format!(
            "{from} has no route of its own to {to}: Postfix falls back to others"
        ));
    };
    match value {
        Texts::One(word) if word == "unreachable" => Way::None,
        Texts::One(word) if word == "mx" || word.starts_with("mx:") => {
            unlike(format!("{from} sends to {to} by MX, which Exchange does not do inside"))
        }
        Texts::One(word) => by_word(case, sender, from, to, word.trim_matches(['[', ']'])),
        Texts::Many(_) => unlike(format!("{from} has a list of next hops to {to}")),
    }
}

fn by_word(case: &Case, sender: &Server, from: &str, to: &str, word: &str) -> Way {
    let mine = sender.organisation(from);
    let peers = || {
        case.servers
            .iter()
            .filter(|(id, server)| !server.on_internet() && server.organisation(id) == mine)
    };
    if let Ok(ip) = word.parse::<IpAddr>() {
        let bound = peers().find(|(_, server)| server.bound() == Some(vec![ip]));
        return bound.map_or_else(
            || Way::Unlike(format!("{from} sends to {ip}, to which no server is bound alone")),
            |(id, _)| Way::Address(id.clone()),
        );
    }
    let Ok(name) = word.parse::<Fqdn>() else { return Way::Unlike(format!("`{word}` is no name")) };
    if names::has_exchanger(case, &name) {
        return Way::Unlike(format!("the next hop {name} has an MX of its own"));
    }
    if let Some((id, _)) = peers().find(|(id, server)| server.greeting(id) == name.as_str()) {
        return if id == from {
            Way::Unlike(format!("{from} sends to {to} by its own name"))
        } else {
            Way::Greeting(id.clone())
        };
    }
    let addresses = names::addresses(case, sender, &name);
    let has = |server: &Server| server.ips().iter().any(|ip| addresses.contains(ip));
    let first_label = name.as_str().split('.').next().unwrap_or_default();
    if case.servers.get(to).is_some_and(has) || (addresses.is_empty() && first_label == to) {
        return Way::SameGroup(name);
    }
    let published = case.sites.values().flat_map(|site| &site.firewall.publish);
    let behind: Vec<_> =
        published.filter(|rule| addresses.contains(&rule.public)).map(|rule| &rule.to).collect();
    let peer = peers().find(|(id, server)| has(server) || behind.contains(id));
    match peer.map(|(id, _)| id) {
        Some(id) if id == from => Way::Unlike(format!("{from} sends to {to} by its own name")),
        Some(id) => Way::OtherName(id.clone(), name),
        None if first_label == to => Way::SameGroup(name),
        None => {
            Way::Unlike(format!("{from} sends to {name}, which is no server of its organisation"))
        }
    }
}

/// What a server does with mail for a domain that its organisation does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outward {
    /// It sends by the DNS.
    Exchangers,
    /// It hands it to one host.
    SmartHost(String),
    /// Exchange has no such thing without connectors that the case does not show, and why.
    Unlike(String),
}

/// What a server does with mail for the address at a domain of strangers.
pub(crate) fn outward(server: &Server, id: &str, address: &str, domain: &str) -> Outward {
    for key in [address, domain] {
        match server.routes.get(key) {
            None => {}
            Some(Texts::One(word)) if word == "mx" && !server.routes.contains_key("*") => {
                return Outward::Exchangers;
            }
            Some(_) => return Outward::Unlike(format!("{id} has a route for {key} alone")),
        }
    }
    by_default(server, id)
}

/// What a server does with mail for strangers, whoever they are.
pub(crate) fn by_default(server: &Server, id: &str) -> Outward {
    match server.routes.get("*") {
        None => Outward::Exchangers,
        Some(Texts::One(word)) if word == "mx" => Outward::Exchangers,
        Some(Texts::One(word)) if word == "unreachable" || word.starts_with("mx:") => {
            Outward::Unlike(format!("{id} sends all mail for strangers to `{word}`"))
        }
        Some(Texts::One(word)) => Outward::SmartHost(word.trim_matches(['[', ']']).to_owned()),
        Some(Texts::Many(_)) => Outward::Unlike(format!("{id} has a list of smart hosts")),
    }
}
