//! The listeners: which one greets on which address of its server, and which addresses are silent.

use super::{Ask, Asking, Collected, Draft, Expected};
use crate::{
    model::{ObjectId, Subject, server::Bindings},
    net::{
        lookup::Asker,
        way::Stop,
        world::{ListenerIx, ServerIx, World},
    },
};
use std::{
    collections::BTreeSet,
    net::{IpAddr, SocketAddr},
};

/// Asks each address of each server with listeners, on each of their ports.
pub(super) fn collect(world: &World<'_>, asking: &Asking<'_>, collected: &mut Collected) {
    for server in world.server_ixs() {
        let node = world.server(server);
        let ports: BTreeSet<u16> =
            node.listeners.iter().map(|l| world.listener(*l).object.port()).collect();
        for port in ports {
            let on_port: Vec<ListenerIx> = node
                .listeners
                .iter()
                .copied()
                .filter(|l| world.listener(*l).object.port() == port)
                .collect();
            for address in addresses(world, server, &on_port) {
                if let Some(draft) = draft(world, asking, &on_port, SocketAddr::new(address, port))
                {
                    collected.push(draft);
                }
            }
        }
    }
}

/// The server's addresses and those that its listeners are bound to.
fn addresses(world: &World<'_>, server: ServerIx, listeners: &[ListenerIx]) -> BTreeSet<IpAddr> {
    let mut all: BTreeSet<IpAddr> = world.server(server).object.addresses.iter().copied().collect();
    for listener in listeners {
        if let Bindings::Addresses(bound) = &world.listener(*listener).object.bindings {
            all.extend(bound);
        }
    }
    all
}

/// The listener that answers at an address: the one that is bound to it, else the first on all.
fn answering(world: &World<'_>, listeners: &[ListenerIx], address: IpAddr) -> Option<ListenerIx> {
    let bindings = |ix: &ListenerIx| &world.listener(*ix).object.bindings;
    let bound = |ix: &&ListenerIx| matches!(bindings(ix), Bindings::Addresses(set) if set.contains(&address));
    let all = |ix: &&ListenerIx| matches!(bindings(ix), Bindings::All);
    listeners.iter().find(bound).or_else(|| listeners.iter().find(all)).copied()
}

fn draft(
    world: &World<'_>,
    asking: &Asking<'_>,
    listeners: &[ListenerIx],
    at: SocketAddr,
) -> Option<Draft> {
    if !reaches(world, asking, at) {
        return None;
    }
    let answering = answering(world, listeners, at.ip());
    let listener = world.listener(answering.or(listeners.first().copied())?);
    let server = world.server(listener.server);
    let (address, port, name) = (at.ip(), at.port(), &server.object.name);
    let (expected, text) = match answering {
        Some(_) => (
            Expected::Greets(listener.greeting.clone()),
            format!("greeting of {name} at {address} port {port}"),
        ),
        None => (Expected::Silence, format!("no listener of {name} at {address} port {port}")),
    };
    Some(Draft {
        ask: Ask::Greeting { server: server.id.clone(), at },
        expected,
        subject: ObjectId::Listener(listener.id.clone()).into(),
        also: BTreeSet::from([Subject::from(ObjectId::Server(server.id.clone()))]),
        ttl_s: None,
        text,
        purpose: None,
    })
}

/// Whether the plan lets somebody at the named site reach the host; where no site was named, or it
/// is not known, the question is put.
fn reaches(world: &World<'_>, asking: &Asking<'_>, at: SocketAddr) -> bool {
    let Some(host) = asking.here else { return asking.from.is_none() };
    match world.connect(Asker::Server(host), at.ip(), at.port()).end {
        Ok(_) | Err(Stop::Refused(_) | Stop::Unknown(_)) => true,
        Err(Stop::Timeout(_) | Stop::Unreachable(_) | Stop::Stopped(_)) => false,
    }
}
