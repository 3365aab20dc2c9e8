//! Exchange 2000 and 2003: routing groups, connectors, SMTP virtual servers.
//!
//! Within a routing group servers find each other by computer name; across a connector a server asks
//! for the FQDN of the target virtual server, unless that one is bound to an address. This pair of
//! habits is the incident: one group works by the one name, the second group needs the other.
//! Routes are least-cost (Microsoft, "Exchange Server Transport and Routing Guide"); for foreign
//! domains the most specific address space wins whatever its cost. What rests on one source or none
//! is a [`Behaviour`] that a project can switch off.

use super::{
    Decision, Hop, OnNoName, Platform, Recipient, Target, Targets, local,
    retry::{self, Retries},
    verdict::{Code, Disposition, Stopped, Why},
};
use crate::{
    model::{
        assumption::Behaviour,
        connector::{Delivery, GroupKind, Scope},
        name::Fqdn,
        server::{self, Bindings, SmartHost},
    },
    net::{
        unknown::Unknown,
        world::{ConnectorIx, GroupIx, ListenerIx, ServerIx, SmtpIx, World},
    },
};

/// Exchange 2000 and 2003.
pub struct Exchange2003;

impl Platform for Exchange2003 {
    fn name(&self) -> &'static str {
        "Exchange 2003"
    }

    fn decide(
        &self,
        world: &World<'_>,
        server: ServerIx,
        to: &Recipient,
        without: &[ConnectorIx],
    ) -> Decision {
        match local(world, server, to) {
            Some(Ok(home)) if home == server => Decision::Mailbox,
            Some(Ok(home)) => to_home(world, server, home, without),
            Some(Err(stopped)) => Decision::Stop(stopped),
            None => to_foreign(world, server, to, without),
        }
    }

    fn targets(&self, world: &World<'_>, server: ServerIx, hop: Hop, to: &Recipient) -> Targets {
        match hop {
            Hop::Home(home) => to_computer(world, server, home),
            Hop::Connector(connector) => over_connector(world, server, connector),
            Hop::Bridgeheads(connector) => {
                to_bridgeheads(world, server, &world.connector(connector).sources)
            }
            Hop::SmtpBridgeheads(connector) => {
                to_bridgeheads(world, server, &world.smtp(connector).sources)
            }
            Hop::Smtp(connector) => out_by(world, server, connector, to),
            Hop::OwnServer | Hop::Route(_) | Hop::Mx | Hop::Towards { .. } => {
                let first = world.server(server).listeners.first();
                let smart = first.and_then(|ix| world.listener(*ix).object.smart_host.as_ref());
                match smart {
                    Some(host) => Targets {
                        list: vec![to_smart_host(world, server, host)],
                        assumed: Vec::new(),
                    },
                    None => by_dns(world, to),
                }
            }
        }
    }

    fn own_greeting_is_loop(&self) -> Option<bool> {
        None
    }

    fn trusts(&self, world: &World<'_>, server: ServerIx, peer: ServerIx) -> bool {
        let (own, other) = (world.server(server).object, world.server(peer).object);
        other.platform.is_some_and(server::Platform::is_exchange)
            && own.organisation.is_some()
            && own.organisation == other.organisation
    }

    fn has_link_state(&self) -> bool {
        true
    }

    fn retries(&self) -> &'static Retries {
        &retry::EXCHANGE_2003
    }

    fn queue_text(&self) -> &'static str {
        "it is tried again after 10, 10, 10 min, then every 15 min; delay notice after 12 h, returned after 48 h"
    }
}

fn unknown(unknown: Unknown) -> Decision {
    Decision::Stop(Stopped::unknown(unknown))
}

fn to_home(
    world: &World<'_>,
    server: ServerIx,
    home: ServerIx,
    without: &[ConnectorIx],
) -> Decision {
    let Some(own) = world.server(server).group else {
        return unknown(Unknown::Group(server));
    };
    let Some(group) = world.server(home).group else {
        return unknown(Unknown::Group(home));
    };
    if is_same(world, own, group) {
        let assumed = Vec::new();
        return Decision::Send { hop: Hop::Home(home), cost: Some(0), assumed };
    }
    to_group(world, server, own, group, without)
}

/// Whether two groups are one to servers of 2003: all AD sites are one routing group to them.
fn is_same(world: &World<'_>, one: GroupIx, other: GroupIx) -> bool {
    let is_site = |group| world.group(group).object.kind == GroupKind::DirectorySite;
    one == other || is_site(one) && is_site(other)
}

/// The next hop on the least-cost route to another group.
fn to_group(
    world: &World<'_>,
    server: ServerIx,
    own: GroupIx,
    group: GroupIx,
    without: &[ConnectorIx],
) -> Decision {
    let Some(route) = world.route(own, group, without) else {
        return Decision::Stop(Stopped::new(
            Disposition::NoRoute,
            Code::NoConnector,
            Why::NoConnector(own, group),
        ));
    };
    let mut assumed = Vec::new();
    if route.tie {
        if !world.on(Behaviour::EqualCostFirstByName) {
            return unknown(Unknown::EqualCost(server));
        }
        assumed.push(Behaviour::EqualCostFirstByName);
    }
    if !without.is_empty() {
        assumed.push(Behaviour::LinkStateReroutes);
    }
    let connector = world.connector(route.connector);
    let sends = connector.object.sources.is_empty() || is_source(world, server, &connector.sources);
    let hop =
        if sends { Hop::Connector(route.connector) } else { Hop::Bridgeheads(route.connector) };
    Decision::Send { hop, cost: Some(route.cost), assumed }
}

pub(super) fn is_source(world: &World<'_>, server: ServerIx, sources: &[ListenerIx]) -> bool {
    sources.iter().any(|listener| world.listener(*listener).server == server)
}

/// How mail for a domain outside the organisation leaves.
fn to_foreign(
    world: &World<'_>,
    server: ServerIx,
    to: &Recipient,
    without: &[ConnectorIx],
) -> Decision {
    let own = world.server(server).group;
    let mut best: Option<(usize, Vec<(SmtpIx, u16)>)> = None;
    for (ix, fit, cost) in in_scope(world, own, to) {
        match &mut best {
            Some((most, list)) if *most == fit => list.push((ix, cost)),
            Some((most, _)) if *most > fit => {}
            _ => best = Some((fit, vec![(ix, cost)])),
        }
    }
    let Some((_, fitting)) = best else {
        if !world.on(Behaviour::OwnServerWithoutConnector) {
            return no_smtp_connector(server);
        }
        let assumed = vec![Behaviour::OwnServerWithoutConnector];
        return Decision::Send { hop: Hop::OwnServer, cost: None, assumed };
    };
    let Some(own) = own else {
        return unknown(Unknown::Group(server));
    };
    let usable = fitting.into_iter().filter_map(|(ix, space)| {
        let connector = world.smtp(ix);
        let route = world.cost(own, connector.group, without)?;
        let source = is_source(world, server, &connector.sources);
        let key = (
            route + u32::from(space),
            !source,
            !is_same(world, connector.group, own),
            connector.rank,
        );
        (!world.is_down(connector.failed)).then_some((key, ix))
    });
    let Some(((cost, elsewhere, ..), ix)) = usable.min() else {
        return no_smtp_connector(server);
    };
    let connector = world.smtp(ix);
    if connector.sources.is_empty() {
        return unknown(Unknown::Sources(ix));
    }
    let assumed = Vec::new();
    if !elsewhere {
        return Decision::Send { hop: Hop::Smtp(ix), cost: Some(cost), assumed };
    }
    if is_same(world, connector.group, own) {
        return Decision::Send { hop: Hop::SmtpBridgeheads(ix), cost: Some(cost), assumed };
    }
    to_group(world, server, own, connector.group, without)
}

pub(super) fn no_smtp_connector(server: ServerIx) -> Decision {
    Decision::Stop(Stopped::new(
        Disposition::NoRoute,
        Code::NoConnector,
        Why::NoSmtpConnector(server),
    ))
}

/// The SMTP connectors that a server of that group may use for the recipient, each with how exactly
/// it fits and the least cost of its address spaces that fit so.
fn in_scope<'w>(
    world: &'w World<'_>,
    own: Option<GroupIx>,
    to: &'w Recipient,
) -> impl Iterator<Item = (SmtpIx, usize, u16)> + 'w {
    world.smtp.iter().enumerate().filter_map(move |(at, connector)| {
        if connector.object.scope == Scope::Group && own != Some(connector.group) {
            return None;
        }
        let fits = connector.object.spaces.iter().filter_map(|space| {
            let fit = match &to.domain {
                Some(domain) => space.pattern.fit(domain),
                None => (space.pattern == crate::model::connector::Pattern::All).then_some(0),
            };
            fit.map(|fit| (fit, space.cost))
        });
        let (fit, std::cmp::Reverse(cost)) =
            fits.map(|(fit, cost)| (fit, std::cmp::Reverse(cost))).max()?;
        Some((SmtpIx::new(at), fit, cost))
    })
}

pub(super) fn on_no_name(world: &World<'_>) -> OnNoName {
    let behaviour = Behaviour::ConnectorNameErrorQueues;
    OnNoName { keep: world.on(behaviour), assumed: Some(behaviour) }
}

/// The name as the server asks for it: a bare label is completed with its own domain.
pub(super) fn completed(world: &World<'_>, server: ServerIx, name: &Fqdn) -> Fqdn {
    match &world.server(server).object.directory_domain {
        Some(domain) if name.is_single_label() => {
            domain.child(name.as_str()).unwrap_or_else(|_| name.clone())
        }
        _ => name.clone(),
    }
}

fn host(
    world: &World<'_>,
    server: ServerIx,
    name: &Fqdn,
    meant: Option<ServerIx>,
    listener: Option<ListenerIx>,
) -> Target {
    Target::Host {
        name: completed(world, server, name),
        meant,
        listener,
        mx_uncertain: true,
        service: None,
        on_no_name: on_no_name(world),
    }
}

/// To a server of the same group.
fn to_computer(world: &World<'_>, server: ServerIx, home: ServerIx) -> Targets {
    let node = world.server(home);
    let by_computer = world.on(Behaviour::SameGroupByComputerName);
    let listener = node.listeners.first().copied().filter(|_| !by_computer);
    let fqdn = listener.and_then(|ix| world.listener(ix).object.fqdn.as_ref());
    let target = match fqdn.or(node.computer.as_ref()) {
        Some(name) => host(world, server, name, Some(home), listener),
        None => Target::Unknown(Unknown::ComputerName(home)),
    };
    let assumed = if by_computer { vec![Behaviour::SameGroupByComputerName] } else { vec![] };
    Targets { list: vec![target], assumed }
}

/// To the source bridgeheads of a connector, by computer name.
fn to_bridgeheads(world: &World<'_>, server: ServerIx, sources: &[ListenerIx]) -> Targets {
    let mut servers: Vec<ServerIx> = Vec::new();
    for listener in sources {
        let bridgehead = world.listener(*listener).server;
        if !servers.contains(&bridgehead) {
            servers.push(bridgehead);
        }
    }
    let list = servers
        .into_iter()
        .map(|bridgehead| match &world.server(bridgehead).computer {
            Some(name) => host(world, server, name, Some(bridgehead), None),
            None => Target::Unknown(Unknown::ComputerName(bridgehead)),
        })
        .collect();
    Targets { list, assumed: Vec::new() }
}

/// Over a routing group connector: each remote bridgehead by its address when it is bound to one,
/// else by its FQDN.
fn over_connector(world: &World<'_>, server: ServerIx, connector: ConnectorIx) -> Targets {
    let mut targets = Targets::default();
    for ix in &world.connector(connector).targets {
        let listener = world.listener(*ix);
        let bound = match &listener.object.bindings {
            Bindings::Addresses(set) if !set.is_empty() => Some(set),
            _ => None,
        };
        if let Some(set) = bound.filter(|_| world.on(Behaviour::BindingSparesLookup)) {
            targets.assumed.push(Behaviour::BindingSparesLookup);
            let address = |address: &_| Target::Address { address: *address, bound: Some(*ix) };
            targets.list.extend(set.iter().map(address));
            continue;
        }
        targets.list.push(match &listener.greeting {
            Some(name) => host(world, server, name, Some(listener.server), Some(*ix)),
            None => Target::Unknown(Unknown::ComputerName(listener.server)),
        });
    }
    if targets.list.is_empty() {
        targets.list.push(Target::Unknown(Unknown::Targets(connector)));
    }
    targets
}

/// Out by an SMTP connector, of any version: its smart hosts, or the mail exchangers of the domain.
pub(super) fn out_by(world: &World<'_>, server: ServerIx, ix: SmtpIx, to: &Recipient) -> Targets {
    match &world.smtp(ix).object.delivery {
        Delivery::SmartHosts(hosts) => Targets {
            list: hosts.iter().map(|host| to_smart_host(world, server, host)).collect(),
            assumed: Vec::new(),
        },
        Delivery::Dns => by_dns(world, to),
    }
}

fn to_smart_host(world: &World<'_>, server: ServerIx, to: &SmartHost) -> Target {
    match to {
        SmartHost::Address(address) => Target::Address { address: *address, bound: None },
        SmartHost::Name(name) => host(world, server, name, None, None),
    }
}

fn by_dns(world: &World<'_>, to: &Recipient) -> Targets {
    let behaviour = Behaviour::InternetNameErrorReturns;
    let target = Target::Mx {
        domain: to.domain.clone(),
        on_no_name: OnNoName { keep: !world.on(behaviour), assumed: Some(behaviour) },
        odd: Some(Behaviour::OddMxAsPostfix),
    };
    Targets { list: vec![target], assumed: Vec::new() }
}
