//! A case on Exchange 2003: the servers at sites run it, those on the Internet stay what they are.

use super::{
    super::case::{Case, Message, Server},
    derive::{self, Outward, Way},
    groups::{self, Groups},
    ids,
};
use bridgehead::model::{
    Topology,
    assumption::Behaviour,
    connector::{Group, GroupConnector, GroupKind},
    name::Fqdn,
    server::{Platform, SmartHost},
};
use std::collections::{BTreeMap, BTreeSet};

/// Makes the drawn Postfix servers at sites Exchange servers that do the same.
pub(crate) fn draw(
    case: &Case,
    topology: &mut Topology,
    behaviours: &mut BTreeMap<Behaviour, bool>,
) -> Result<(), String> {
    check(case)?;
    let ways = derive::ways(case);
    let servers: Vec<String> =
        case.servers.iter().filter(|(_, s)| !s.on_internet()).map(|(id, _)| id.clone()).collect();
    let groups = groups::find(&servers, &ways)?;
    check_names(case, &groups)?;
    draw_groups(&groups, topology)?;
    for id in &servers {
        draw_server(case, id, &groups, topology)?;
    }
    let bound = |id: &String| case.servers.get(id).is_some_and(|s| s.bound().is_some());
    let named = groups.by_name.iter().any(bound);
    if named && !groups.by_address.is_empty() {
        return Err("bound servers are found by address and by name".to_owned());
    }
    if named {
        behaviours.insert(Behaviour::BindingSparesLookup, false);
    }
    if groups.connectors.values().any(Option::is_some) {
        // A next hop of the laboratory stays what it is; Exchange could take another way.
        behaviours.insert(Behaviour::LinkStateReroutes, false);
    }
    Ok(())
}

fn check(case: &Case) -> Result<(), String> {
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    let mut at_sites = 0;
    for (id, server) in &case.servers {
        at_sites += usize::from(!server.on_internet());
        if !server.on_internet() && server.defer_name_errors {
            return Err(format!(
                "{id} keeps mail for domains that do not exist, too: Exchange returns that"
            ));
        }
        if let Some(other) = names.insert(server.greeting(id), id) {
            return Err(format!(
                "{other} and {id} greet with one name: only Postfix is known to take that for a loop"
            ));
        }
    }
    if at_sites == 0 { Err("no server stands at a site".to_owned()) } else { Ok(()) }
}

/// A name that is not a server's greeting may become its listener's FQDN as long as nobody else
/// greets so: the greeting is then another word that no one acts upon. A bare name is asked as it is
/// only by a server that is in no directory domain.
fn check_names(case: &Case, groups: &Groups) -> Result<(), String> {
    let greetings: BTreeSet<String> = case.servers.iter().map(|(id, s)| s.greeting(id)).collect();
    for (id, name) in &groups.listeners {
        if greetings.contains(name.as_str()) {
            return Err(format!("{name}, by which {id} is found, is another's greeting"));
        }
    }
    let bare = groups.computers.values().chain(groups.listeners.values());
    let bare = bare.filter(|name| name.is_single_label()).count();
    if bare > 0 && groups.computers.values().any(|name| !name.is_single_label()) {
        return Err(
            "some servers are found by bare names, others have directory domains".to_owned()
        );
    }
    Ok(())
}

fn draw_groups(groups: &Groups, topology: &mut Topology) -> Result<(), String> {
    for group in groups.of.values() {
        let id = ids::read(&format!("group-{group}"))?;
        topology.groups.insert(
            id,
            Group {
                name: format!("Group of {group}"),
                kind: GroupKind::RoutingGroup,
                hub: false,
                master: None,
            },
        );
    }
    for ((from, target), source) in &groups.connectors {
        let to = groups.of.get(target).ok_or_else(|| format!("{target} is in no group"))?;
        let connector = GroupConnector {
            name: format!("{from} to {target}"),
            from: ids::read(&format!("group-{from}"))?,
            to: ids::read(&format!("group-{to}"))?,
            cost: None,
            sources: source.iter().map(|id| ids::listener(id)).collect::<Result<_, _>>()?,
            targets: [ids::listener(target)?].into(),
        };
        topology.group_connectors.insert(ids::read(&format!("{from}-to-{target}"))?, connector);
    }
    Ok(())
}

fn draw_server(
    case: &Case,
    id: &str,
    groups: &Groups,
    topology: &mut Topology,
) -> Result<(), String> {
    let lab = case.servers.get(id).ok_or_else(|| format!("no server `{id}`"))?;
    let key = ids::server(id)?;
    let server = topology.servers.get_mut(&key).ok_or_else(|| format!("{id} is not drawn"))?;
    server.platform = Some(Platform::Exchange2003);
    server.routes.clear();
    let group = groups.of.get(id).ok_or_else(|| format!("{id} is in no group"))?;
    server.group = Some(ids::read(&format!("group-{group}"))?);
    let computer = match groups.computers.get(id) {
        Some(name) => name.clone(),
        None => ids::read(id)?,
    };
    let (name, domain) = split(&computer)?;
    server.computer_name = Some(name);
    server.directory_domain = domain;
    let key = ids::listener(id)?;
    let listener = topology.listeners.get_mut(&key).ok_or_else(|| format!("{id} is not drawn"))?;
    if let Some(name) = groups.listeners.get(id) {
        listener.fqdn = Some(name.clone());
    }
    if let Outward::SmartHost(host) = derive::by_default(lab, id) {
        listener.smart_host = Some(match host.parse() {
            Ok(ip) => SmartHost::Address(ip),
            Err(_) => SmartHost::Name(ids::read(&host)?),
        });
    }
    Ok(())
}

/// A computer's name and its directory domain.
fn split(name: &Fqdn) -> Result<(Fqdn, Option<Fqdn>), String> {
    match name.as_str().split_once('.') {
        Some((computer, domain)) => Ok((ids::read(computer)?, Some(ids::read(domain)?))),
        None => Ok((name.clone(), None)),
    }
}

/// Why a message, of which the laboratory says `told`, cannot be asked about on Exchange.
pub(crate) fn unlike(case: &Case, message: &Message, told: &Told<'_>) -> Option<String> {
    let home = case.home(&message.to);
    let ways = derive::ways(case);
    for (index, id) in told.path.iter().enumerate() {
        let server = case.servers.get(id).filter(|server| !server.on_internet());
        let Some(server) = server.filter(|_| home != Some(id)) else { continue };
        let last = index + 1 == told.path.len();
        let name_error = last && told.code == Some("name-not-found");
        let mine = server.organisation(id);
        let reason = if case.domains_of(&mine).contains(&message.domain()) {
            inward(&ways, (id, server), home, message, name_error)
        } else {
            outward(server, id, message, name_error)
        };
        if reason.is_some() {
            return reason;
        }
        let ours =
            |id: &&String| case.servers.get(*id).is_some_and(|peer| peer.organisation(id) == mine);
        if last && told.denied_by.iter().any(|id| ours(&id)) {
            return Some(format!("Exchange servers of its organisation relay for {id}"));
        }
    }
    None
}

/// What the laboratory says of a message.
pub(crate) struct Told<'a> {
    pub(crate) path: &'a [String],
    pub(crate) code: Option<&'a str>,
    /// The servers that refused to relay it.
    pub(crate) denied_by: &'a [String],
}

const KEPT: &str = "Postfix returns what Exchange is assumed to keep: a next hop without address";

fn inward(
    ways: &BTreeMap<(String, String), Way>,
    (id, server): (&str, &Server),
    home: Option<&str>,
    message: &Message,
    name_error: bool,
) -> Option<String> {
    let address = message.to.to_lowercase();
    if server.routes.contains_key(&address) {
        return Some(format!("{id} has a route for the mailbox {address} alone"));
    }
    match ways.get(&(id.to_owned(), home?.to_owned()))? {
        Way::Unlike(why) => Some(why.clone()),
        _ => name_error.then(|| KEPT.to_owned()),
    }
}

fn outward(server: &Server, id: &str, message: &Message, name_error: bool) -> Option<String> {
    let address = message.to.to_lowercase();
    match derive::outward(server, id, &address, &message.domain()) {
        Outward::Exchangers => None,
        Outward::SmartHost(_) => name_error.then(|| KEPT.to_owned()),
        Outward::Unlike(why) => Some(why),
    }
}
