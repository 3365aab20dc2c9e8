//! Exchange 2007 to SE: AD sites, hub sites, send connectors.
//!
//! The path over the site links is fixed by costs; whether anything on it is up is never considered
//! ([`crate::net::directory`]). A server hands mail straight to the target's site, or to the first hub
//! site on the path; when nobody there answers it goes back along the same path, site by site, and the
//! mail waits in the queue nearest to the fault (Microsoft, "Understanding Message Routing", bb232193).
//! There is no link state and no other route. Peers are found by computer name, and prove to each other
//! that they are Exchange servers: a receive connector that greets with another name than its server's
//! breaks that, which is today's form of the incident.
//!
//! Among older servers all AD sites are one routing group. A connector to it is chosen by the cost in the
//! older routing first, the cost over the site links second.

use super::{
    Decision, Goal, Hop, Platform, Recipient, Target, Targets,
    exchange_2003::{completed, is_source, no_smtp_connector, on_no_name, out_by},
    local,
    retry::{self, Retries},
    verdict::{Code, Disposition, Stopped, Why},
};
use crate::{
    model::{
        connector::{GroupKind, Pattern, Scope},
        server,
    },
    net::{
        reach::Opened,
        unknown::Unknown,
        world::{ConnectorIx, GroupIx, ListenerIx, ServerIx, SmtpIx, World},
    },
};

/// Exchange 2007 to SE, which of them.
pub struct ExchangeSite(pub server::Platform);

impl Platform for ExchangeSite {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn decide(
        &self,
        world: &World<'_>,
        server: ServerIx,
        to: &Recipient,
        _without: &[ConnectorIx],
    ) -> Decision {
        match local(world, server, to) {
            Some(Ok(home)) if home == server => Decision::Mailbox,
            Some(Ok(home)) => to_home(world, server, home),
            Some(Err(stopped)) => Decision::Stop(stopped),
            None => to_foreign(world, server, to),
        }
    }

    fn targets(&self, world: &World<'_>, server: ServerIx, hop: Hop, to: &Recipient) -> Targets {
        let list = match hop {
            Hop::Home(home) => vec![peer(world, server, home, delivery_port(world, home))],
            Hop::Towards { site, goal } => towards(world, server, site, goal),
            Hop::Connector(connector) => world
                .connector(connector)
                .targets
                .iter()
                .map(|listener| older(world, server, *listener))
                .collect(),
            Hop::Bridgeheads(connector) => {
                let sources = sources_in(world, &world.connector(connector).sources, None);
                sources.into_iter().map(|source| transport(world, server, source)).collect()
            }
            Hop::SmtpBridgeheads(connector) => {
                let own = world.server(server).group;
                let sources = sources_in(world, &world.smtp(connector).sources, own);
                sources.into_iter().map(|source| transport(world, server, source)).collect()
            }
            Hop::Smtp(connector) => return out_by(world, server, connector, to),
            Hop::OwnServer | Hop::Route(_) | Hop::Mx => vec![],
        };
        let nobody = list.is_empty();
        let unknown = || match hop {
            Hop::Connector(connector) => Target::Unknown(Unknown::Targets(connector)),
            Hop::Towards { site, .. } => Target::Unknown(Unknown::Transport(site)),
            _ => Target::Nowhere,
        };
        Targets { list: if nobody { vec![unknown()] } else { list }, assumed: Vec::new() }
    }

    fn own_greeting_is_loop(&self) -> Option<bool> {
        None
    }

    fn trusts(&self, world: &World<'_>, server: ServerIx, peer: ServerIx) -> bool {
        is_own(world, server, peer)
    }

    fn retries(&self) -> &'static Retries {
        &retry::EXCHANGE_2007
    }

    fn queue_text(&self) -> &'static str {
        "it is tried again 4 times after 1 min, 6 times after 5 min, then every 10 min; delay notice after 4 h, returned after 48 h"
    }
}

/// Whether a peer is an Exchange server of the same organisation.
fn is_own(world: &World<'_>, server: ServerIx, peer: ServerIx) -> bool {
    let (own, other) = (world.server(server).object, world.server(peer).object);
    other.platform.is_some_and(server::Platform::is_exchange)
        && own.organisation.is_some()
        && own.organisation == other.organisation
}

/// Whether the server that answered proves to be an Exchange server of the sender's organisation.
///
/// # Errors
/// When it is none, when its receive connector bears a foreign name (`AuthMechanism` with
/// `ExchangeServer` needs the server's FQDN, its short name or none), or when that cannot be told.
pub fn proof(world: &World<'_>, server: ServerIx, opened: &Opened) -> Result<(), Stopped> {
    let queued = |why| Err(Stopped::new(Disposition::Queued, Code::RemoteTemporary, why));
    if world.server(opened.server).object.platform.is_none() {
        return Err(Stopped::unknown(Unknown::Platform(opened.server)));
    }
    if !is_own(world, server, opened.server) {
        return queued(Why::NotExchange(opened.server));
    }
    let Some(fqdn) = &world.listener(opened.listener).object.fqdn else { return Ok(()) };
    if opened.own_port.is_some() {
        return Ok(());
    }
    let node = world.server(opened.server);
    let Some(computer) = &node.computer else {
        return Err(Stopped::unknown(Unknown::ComputerName(opened.server)));
    };
    let is_short = computer.as_str().split('.').next() == Some(fqdn.as_str());
    if fqdn == computer || is_short { Ok(()) } else { queued(Why::ForeignFqdn(opened.listener)) }
}

fn unknown(unknown: Unknown) -> Decision {
    Decision::Stop(Stopped::unknown(unknown))
}

fn send(hop: Hop, cost: u32) -> Decision {
    Decision::Send { hop, cost: Some(cost), assumed: Vec::new() }
}

fn is_site(world: &World<'_>, group: GroupIx) -> bool {
    world.group(group).object.kind == GroupKind::DirectorySite
}

/// The AD site of a server; an error: which one is not entered.
fn site_of(world: &World<'_>, server: ServerIx) -> Result<GroupIx, Decision> {
    let group = world.server(server).group.filter(|group| is_site(world, *group));
    group.ok_or_else(|| unknown(Unknown::Group(server)))
}

fn to_home(world: &World<'_>, server: ServerIx, home: ServerIx) -> Decision {
    let own = match site_of(world, server) {
        Ok(own) => own,
        Err(stop) => return stop,
    };
    let platform = world.server(home).object.platform;
    if platform == Some(server::Platform::Exchange2003) {
        return match world.server(home).group.filter(|group| !is_site(world, *group)) {
            Some(group) => to_older(world, server, own, group),
            None => unknown(Unknown::Group(home)),
        };
    }
    if !platform.is_some_and(server::Platform::by_directory_site) {
        return unknown(Unknown::Platform(home));
    }
    match site_of(world, home) {
        Ok(site) if site == own => send(Hop::Home(home), 0),
        Ok(site) => to_site(world, own, site, Goal::Site, None),
        Err(stop) => stop,
    }
}

/// Towards another AD site; `cost`: of the whole route, where it is more than the path's.
fn to_site(
    world: &World<'_>,
    own: GroupIx,
    site: GroupIx,
    goal: Goal,
    cost: Option<u32>,
) -> Decision {
    let path = world.site_path(own, site);
    let (Some(path), Some((next, _))) = (path, world.site_hop(own, site)) else {
        return unknown(Unknown::SiteLinks(own, site));
    };
    let goal = if next == site { goal } else { Goal::Site };
    send(Hop::Towards { site: next, goal }, cost.unwrap_or(path.cost))
}

/// To the routing group of an older server: the connector with the least cost in the older routing, of
/// equal ones that whose source servers are nearest over the site links, then the first by name.
fn to_older(world: &World<'_>, server: ServerIx, own: GroupIx, group: GroupIx) -> Decision {
    let mut best: Option<((u32, u32, u32), ConnectorIx, GroupIx)> = None;
    let mut unweighed: Option<(u32, Unknown)> = None;
    for (at, connector) in world.connectors.iter().enumerate() {
        if !is_site(world, connector.from) || is_site(world, connector.to) {
            continue;
        }
        let Some(rest) = world.cost(connector.to, group, &[]) else { continue };
        let older = rest.saturating_add(connector.object.cost());
        let sources = if connector.sources.is_empty() {
            vec![connector.from]
        } else {
            sites_of(world, &connector.sources)
        };
        let mut cannot_weigh = |missing| {
            if unweighed.as_ref().is_none_or(|(known, _)| older < *known) {
                unweighed = Some((older, missing));
            }
        };
        if let (true, Some(first)) = (sources.is_empty(), connector.sources.first()) {
            cannot_weigh(Unknown::Group(world.listener(*first).server));
        }
        for site in sources {
            let Some(path) = world.site_path(own, site) else {
                cannot_weigh(Unknown::SiteLinks(own, site));
                continue;
            };
            let key = (older, path.cost, connector.rank);
            if best.as_ref().is_none_or(|(known, ..)| key < *known) {
                best = Some((key, ConnectorIx::new(at), site));
            }
        }
    }
    // A connector to which the way is not entered might be the one, where the older cost does not rule it
    // out.
    if let Some((cost, missing)) = unweighed
        && best.as_ref().is_none_or(|((least, ..), ..)| cost <= *least)
    {
        return unknown(missing);
    }
    let Some(((older, over_sites, _), ix, site)) = best else {
        let why = Why::NoConnector(own, group);
        return Decision::Stop(Stopped::new(Disposition::NoRoute, Code::NoConnector, why));
    };
    let connector = world.connector(ix);
    let cost = older.saturating_add(over_sites);
    if is_source(world, server, &connector.sources) || connector.sources.is_empty() && site == own {
        return send(Hop::Connector(ix), cost);
    }
    if site == own {
        return send(Hop::Bridgeheads(ix), cost);
    }
    to_site(world, own, site, Goal::Connector(ix), Some(cost))
}

/// The AD sites of source servers, each once.
fn sites_of(world: &World<'_>, sources: &[ListenerIx]) -> Vec<GroupIx> {
    let mut sites: Vec<GroupIx> = Vec::new();
    for listener in sources {
        let group = world.server(world.listener(*listener).server).group;
        if let Some(site) = group.filter(|group| is_site(world, *group) && !sites.contains(group)) {
            sites.push(site);
        }
    }
    sites
}

/// The source servers of a connector, each once; in one AD site, where one is named.
fn sources_in(world: &World<'_>, sources: &[ListenerIx], site: Option<GroupIx>) -> Vec<ServerIx> {
    let mut servers: Vec<ServerIx> = Vec::new();
    for listener in sources {
        let server = world.listener(*listener).server;
        let fits = site.is_none() || world.server(server).group == site;
        if fits && !servers.contains(&server) {
            servers.push(server);
        }
    }
    servers
}

/// How a send connector compares, the lowest first: its cost with the path to it, whether the server is none of
/// its source servers, whether it stands in another AD site, its place by name.
type Nearness = (u32, bool, bool, u32);

/// How mail for a domain outside the organisation leaves: by the send connector with the most specific
/// address space, of equal ones the least cost, the nearest, the first by name (bb232045).
fn to_foreign(world: &World<'_>, server: ServerIx, to: &Recipient) -> Decision {
    let own = match site_of(world, server) {
        Ok(own) => own,
        Err(stop) => return stop,
    };
    let fitting = most_specific(world, server, own, to);
    if fitting.is_empty() {
        return no_smtp_connector(server);
    }
    let of_older = fitting.iter().filter(|(ix, _)| !is_site(world, world.smtp(*ix).group)).count();
    if of_older == fitting.len() {
        return by_older_connector(world, server, own, &fitting);
    }
    if of_older > 0 {
        return unknown(Unknown::MixedConnectors(server));
    }
    let mut best: Option<(Nearness, SmtpIx, GroupIx)> = None;
    let mut missing = None;
    for (ix, space) in fitting {
        let connector = world.smtp(ix);
        let sites = sites_of(world, &connector.sources);
        if sites.is_empty() {
            missing = Some(Unknown::Sources(ix));
        }
        for site in sites {
            let Some(path) = world.site_path(own, site) else {
                missing = Some(Unknown::SiteLinks(own, site));
                continue;
            };
            let elsewhere = !is_source(world, server, &connector.sources);
            let cost = path.cost.saturating_add(u32::from(space));
            let key = (cost, elsewhere, site != own, connector.rank);
            if best.as_ref().is_none_or(|(known, ..)| key < *known) {
                best = Some((key, ix, site));
            }
        }
    }
    // A connector that cannot be weighed might be the cheaper one.
    let ((cost, elsewhere, remote, _), ix, site) = match (missing, best) {
        (Some(missing), _) => return unknown(missing),
        (None, Some(best)) => best,
        (None, None) => return unknown(Unknown::Group(server)),
    };
    // Routing does not look whether a connector works; one that fails keeps its mail.
    if world.is_down(world.smtp(ix).failed) {
        return no_smtp_connector(server);
    }
    match (elsewhere, remote) {
        (false, _) => send(Hop::Smtp(ix), cost),
        (true, false) => send(Hop::SmtpBridgeheads(ix), cost),
        (true, true) => to_site(world, own, site, Goal::Smtp(ix), Some(cost)),
    }
}

/// The connectors that a server may use for the recipient with the most specific address space, each with
/// that space's cost.
fn most_specific(
    world: &World<'_>,
    server: ServerIx,
    own: GroupIx,
    to: &Recipient,
) -> Vec<(SmtpIx, u16)> {
    let mut best: Option<(usize, Vec<(SmtpIx, u16)>)> = None;
    for (at, connector) in world.smtp.iter().enumerate() {
        let scoped = connector.object.scope == Scope::Group;
        let in_scope = !scoped
            || sites_of(world, &connector.sources).contains(&own)
            || is_source(world, server, &connector.sources);
        if !in_scope {
            continue;
        }
        for space in &connector.object.spaces {
            let fit = match &to.domain {
                Some(domain) => space.pattern.fit(domain),
                None => (space.pattern == Pattern::All).then_some(0),
            };
            let Some(fit) = fit else { continue };
            let this = (SmtpIx::new(at), space.cost);
            match &mut best {
                Some((most, list)) if *most == fit => list.push(this),
                Some((most, _)) if *most > fit => {}
                _ => best = Some((fit, vec![this])),
            }
        }
    }
    best.map(|(_, list)| list).unwrap_or_default()
}

/// Out by an SMTP connector of an older routing group.
fn by_older_connector(
    world: &World<'_>,
    server: ServerIx,
    own: GroupIx,
    fitting: &[(SmtpIx, u16)],
) -> Decision {
    let key = |(ix, space): &(SmtpIx, u16)| {
        let connector = world.smtp(*ix);
        let cost = world.cost(own, connector.group, &[])?;
        Some((cost.saturating_add(u32::from(*space)), connector.rank, connector.group))
    };
    if let Some((_, _, group)) = fitting.iter().filter_map(key).min() {
        return to_older(world, server, own, group);
    }
    no_smtp_connector(server)
}

/// Whom a hop into another AD site tries: those who are sought there, then the transport servers of the
/// sites before it, backward along the path. In each site the first by name; which one Exchange picks is
/// by chance.
fn towards(world: &World<'_>, server: ServerIx, site: GroupIx, goal: Goal) -> Vec<Target> {
    let members = |site: GroupIx| world.group(site).members.clone();
    let usable = |peer: &ServerIx| *peer != server && is_own(world, server, *peer);
    let mut servers = match goal {
        Goal::Site => members(site),
        Goal::Smtp(ix) => sources_in(world, &world.smtp(ix).sources, Some(site)),
        Goal::Connector(ix) => {
            let connector = world.connector(ix);
            let sources = sources_in(world, &connector.sources, Some(site));
            if connector.sources.is_empty() { members(site) } else { sources }
        }
    };
    servers.retain(usable);
    if servers.is_empty() {
        return vec![];
    }
    if let Some(own) = world.server(server).group {
        let before = world.site_path(own, site).map(|path| path.sites).unwrap_or_default();
        for site in before.into_iter().rev().filter(|before| *before != site) {
            servers.extend(members(site).into_iter().filter(usable));
        }
    }
    servers.into_iter().map(|peer| transport(world, server, peer)).collect()
}

/// The port on which the transport service of a server takes mail from Exchange servers.
fn transport_port(platform: Option<server::Platform>) -> u16 {
    let own = platform.map(server::Platform::own_ports).unwrap_or_default();
    if own.contains(&2525) { 2525 } else { 25 }
}

/// The port on which a server takes mail for its own mailboxes from transport servers of its site.
fn delivery_port(world: &World<'_>, home: ServerIx) -> u16 {
    let platform = world.server(home).object.platform;
    let own = platform.map(server::Platform::own_ports).unwrap_or_default();
    own.last().copied().unwrap_or(25)
}

fn transport(world: &World<'_>, server: ServerIx, other: ServerIx) -> Target {
    peer(world, server, other, transport_port(world.server(other).object.platform))
}

/// An Exchange server of 2007 or later, by its computer name.
fn peer(world: &World<'_>, server: ServerIx, other: ServerIx, port: u16) -> Target {
    match &world.server(other).computer {
        Some(name) => Target::Host {
            name: completed(world, server, name),
            meant: Some(other),
            listener: None,
            mx_uncertain: false,
            on_no_name: on_no_name(world),
            service: Some(port),
        },
        None => Target::Unknown(Unknown::ComputerName(other)),
    }
}

/// A remote bridgehead of a connector to older servers. Which name is asked where the virtual server's
/// FQDN is not its computer's is not documented. It too must prove to be Exchange (`451 5.7.3`).
fn older(world: &World<'_>, server: ServerIx, listener: ListenerIx) -> Target {
    let node = world.listener(listener);
    let computer = &world.server(node.server).computer;
    match (computer, &node.object.fqdn) {
        (None, _) => Target::Unknown(Unknown::ComputerName(node.server)),
        (Some(name), Some(fqdn)) if name != fqdn => Target::Unknown(Unknown::OlderName(listener)),
        (Some(name), _) => Target::Host {
            name: completed(world, server, name),
            meant: Some(node.server),
            listener: None,
            mx_uncertain: true,
            on_no_name: on_no_name(world),
            service: Some(25),
        },
    }
}
