//! A case's servers as the laboratory runs them: Postfix, steered by transport tables.

use super::{
    super::case::{Case, Server, Texts},
    ids, names,
};
use bridgehead::model::{
    Topology,
    address::Subnet,
    id::{DomainId, MailboxesId},
    name::{Fqdn, MailAddress},
    organisation::{MailDomain, Mailboxes, Organisation},
    server::{self, Bindings, Listener, NextHop, Platform, Role, Route, RouteMatch},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// Draws the servers, organisations and mailboxes of a case.
pub(crate) fn draw(case: &Case, topology: &mut Topology) -> Result<(), String> {
    for (id, server) in &case.servers {
        draw_organisation(case, id, server, topology)?;
        draw_server(case, id, server, topology)?;
    }
    for (id, server) in &case.servers {
        draw_mailboxes(id, server, topology)?;
    }
    Ok(())
}

fn draw_organisation(
    case: &Case,
    id: &str,
    server: &Server,
    topology: &mut Topology,
) -> Result<(), String> {
    let name = server.organisation(id);
    let organisation = ids::organisation(&name)?;
    let new = Organisation { name: name.clone(), directory_domains: BTreeSet::new() };
    let drawn = topology.organisations.entry(organisation.clone()).or_insert(new);
    if drawn.name != name {
        return Err(format!("the organisations `{name}` and `{}` have one id", drawn.name));
    }
    for domain in case.domains_of(&name) {
        let new = MailDomain { name: ids::read(&domain)?, organisation: organisation.clone() };
        let drawn = topology.domains.entry(domain_id(&domain)?).or_insert(new);
        if drawn.organisation != organisation {
            return Err(format!("two organisations receive mail for {domain}"));
        }
    }
    Ok(())
}

fn domain_id(domain: &str) -> Result<DomainId, String> {
    ids::read(domain)
}

fn draw_server(case: &Case, id: &str, lab: &Server, topology: &mut Topology) -> Result<(), String> {
    let mut addresses = lab.ips();
    let bound = lab.bound();
    // A Postfix that listens on one address sends from that one, too.
    if let Some([only]) = bound.as_deref()
        && let Some(at) = addresses.iter().position(|ip| ip == only)
    {
        addresses[..=at].rotate_right(1);
    }
    let drawn = server::Server {
        name: id.to_owned(),
        place: ids::place(lab)?,
        role: Role::Other,
        platform: Some(Platform::Postfix),
        edition: String::new(),
        organisation: Some(ids::organisation(&lab.organisation(id))?),
        computer_name: None,
        directory_domain: None,
        addresses,
        resolvers: Some(names::asked_by(case, lab, topology)?),
        group: None,
        routes: routes(case, lab)?,
        relay_domains: relay_domains(case, lab)?,
        relay_from: Some(relay_from(case, lab)?),
        keeps_on_name_error: lab.defer_name_errors,
    };
    topology.servers.insert(ids::server(id)?, drawn);
    let listener = Listener {
        name: "SMTP".to_owned(),
        fqdn: Some(ids::read(&lab.greeting(id))?),
        bindings: bound
            .map_or(Bindings::All, |list| Bindings::Addresses(list.into_iter().collect())),
        port: None,
        smart_host: None,
    };
    topology.listeners.insert(ids::listener(id)?, listener);
    Ok(())
}

/// Postfix takes a relay domain's subdomains along; a plan lists domains one by one.
fn relay_domains(case: &Case, lab: &Server) -> Result<BTreeSet<Fqdn>, String> {
    let mut domains = BTreeSet::new();
    for domain in &lab.relay_for {
        let domain: Fqdn = ids::read(domain)?;
        for message in &case.messages {
            let name: Fqdn = ids::read(&message.domain())?;
            if name.is_within(&domain) {
                domains.insert(name);
            }
        }
        domains.insert(domain);
    }
    Ok(domains)
}

fn relay_from(case: &Case, lab: &Server) -> Result<BTreeSet<Subnet>, String> {
    match &lab.relay_from {
        Some(list) => list.iter().map(|net| ids::read(net)).collect(),
        None if lab.on_internet() => Ok(BTreeSet::new()),
        None => Ok(case.sites.values().map(|site| site.lan).collect()),
    }
}

fn routes(case: &Case, lab: &Server) -> Result<Vec<Route>, String> {
    let mut routes = Vec::new();
    for (key, value) in &lab.routes {
        if value.list().iter().all(|text| text.is_empty()) {
            continue;
        }
        let to = match key.as_str() {
            "*" => RouteMatch::All,
            home if case.servers.contains_key(home) => RouteMatch::Home(ids::server(home)?),
            address if address.contains('@') => RouteMatch::Address(ids::read(address)?),
            under if under.starts_with('.') => {
                return Err(format!("a route for all domains under `{under}`"));
            }
            domain => RouteMatch::Domain(ids::read(domain)?),
        };
        routes.push(Route { to, via: next_hops(value)? });
    }
    let nowhere = |texts: &Texts| texts.list() == ["unreachable"];
    if lab.routes.get("*").is_some_and(nowhere) {
        // `unreachable` is the default of mail for strangers; domains that the server relays for
        // keep going by their exchangers.
        for domain in relay_domains(case, lab)? {
            if !lab.routes.contains_key(domain.as_str()) {
                routes.push(Route { to: RouteMatch::Domain(domain), via: vec![NextHop::Mx] });
            }
        }
    }
    Ok(routes)
}

/// A route's value as next hops.
pub(crate) fn next_hops(value: &Texts) -> Result<Vec<NextHop>, String> {
    match value {
        Texts::One(word) if word == "mx" => Ok(vec![NextHop::Mx]),
        Texts::One(word) if word == "unreachable" => Ok(vec![NextHop::Unreachable]),
        Texts::One(word) => match word.strip_prefix("mx:") {
            Some(domain) => Ok(vec![NextHop::MxOf(ids::read(domain)?)]),
            None => Ok(vec![host(word)?]),
        },
        Texts::Many(list) => list.iter().map(|word| host(word)).collect(),
    }
}

fn host(word: &str) -> Result<NextHop, String> {
    let word = word.trim_matches(['[', ']']);
    match word.parse::<IpAddr>() {
        Ok(ip) => Ok(NextHop::Address(ip)),
        Err(_) => Ok(NextHop::Host(ids::read(word)?)),
    }
}

fn draw_mailboxes(id: &str, lab: &Server, topology: &mut Topology) -> Result<(), String> {
    let mut by_domain: BTreeMap<String, BTreeSet<MailAddress>> = BTreeMap::new();
    for text in &lab.mailboxes {
        let address: MailAddress = ids::read(text)?;
        let taken = topology.mailboxes.values().any(|m| m.addresses.contains(&address));
        if taken {
            return Err(format!("{address} is on two servers"));
        }
        by_domain.entry(address.domain.to_string()).or_default().insert(address);
    }
    for (index, (domain, addresses)) in by_domain.into_iter().enumerate() {
        let mailboxes = Mailboxes {
            name: format!("{domain} on {id}"),
            domain: domain_id(&domain)?,
            users_at: None,
            home: Some(ids::server(id)?),
            count: u32::try_from(addresses.len()).unwrap_or(u32::MAX),
            from_internet_per_day: None,
            to_internet_per_day: None,
            inside_per_day: None,
            addresses,
        };
        let key: MailboxesId = ids::read(&format!("{id}-{index}"))?;
        topology.mailboxes.insert(key, mailboxes);
    }
    Ok(())
}

/// Whether each address is one server's and lies where the server stands.
pub(crate) fn check(case: &Case) -> Result<(), String> {
    let mut taken = BTreeSet::new();
    for (id, server) in &case.servers {
        let site = case.sites.get(&server.site);
        for ip in server.ips() {
            if site.is_some_and(|site| !site.lan.contains(ip)) {
                return Err(format!("{id} has the address {ip}, which is not of its LAN"));
            }
            if !taken.insert(ip) {
                return Err(format!("{ip} is the address of two servers"));
            }
        }
    }
    Ok(())
}
