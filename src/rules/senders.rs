//! What each sender of a routing group connector meets: the shared ground of the connector rules.

use crate::{
    model::server::Platform,
    net::world::{ConnectorIx, ServerIx, World},
    platform::{
        Hop, Mailbox, Recipient,
        verdict::{Disposition, Stopped},
    },
    sim::{
        attempt::{Attempt, AttemptEnd},
        walk::Simulator,
    },
};
use std::rc::Rc;

/// The servers that send over a connector: its source bridgeheads, or all Exchange servers of the
/// group that have a listener.
pub fn senders(world: &World<'_>, connector: ConnectorIx) -> Vec<ServerIx> {
    let node = world.connector(connector);
    let mut servers: Vec<ServerIx> = if node.object.sources.is_empty() {
        let of_group = |ix: &ServerIx| {
            let server = world.server(*ix);
            server.group == Some(node.from)
                && server.object.platform.is_some_and(Platform::is_exchange)
                && !server.listeners.is_empty()
        };
        world.server_ixs().filter(of_group).collect()
    } else {
        node.sources.iter().map(|listener| world.listener(*listener).server).collect()
    };
    servers.retain(|ix| !world.is_down(world.server(*ix).failed));
    servers.dedup();
    servers
}

/// What each sender meets.
pub fn attempts<'a>(
    simulator: &Simulator<'_, 'a>,
    connector: ConnectorIx,
) -> Vec<(ServerIx, Rc<Attempt<'a>>)> {
    // Over a connector the attempt does not depend on the recipient.
    let to = Recipient { domain: None, mailbox: Mailbox::Foreign, address: None };
    senders(simulator.world, connector)
        .into_iter()
        .map(|server| {
            let platform = simulator.world.server(server).object.platform;
            let platform = platform.unwrap_or(Platform::Exchange2003);
            (server, simulator.try_hop(server, platform, Hop::Connector(connector), &to))
        })
        .collect()
}

/// Why an attempt stopped, if it did.
pub fn stopped<'t>(attempt: &'t Attempt<'_>) -> Option<&'t Stopped> {
    match &attempt.end {
        AttemptEnd::Stopped(stopped) => Some(stopped),
        AttemptEnd::Open(_) | AttemptEnd::Outside(_) => None,
    }
}

/// What becomes of mail that stopped there, as a verb with its subject "mail".
pub fn fate(stopped: &Stopped) -> &'static str {
    match stopped.disposition {
        Disposition::Bounced => "is returned",
        Disposition::Loop => "goes in circles",
        _ => "queues",
    }
}
