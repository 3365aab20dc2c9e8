//! Postfix, and other SMTP servers that are steered by a transport table.
//!
//! The next hop is the most exact route that fits (address, home of the mailbox, domain, all), else
//! the mail exchangers of the domain. `[brackets]` mean a host's address and never an MX
//! (transport(5)). A next hop without an address returns the mail at once, a silent or refusing one
//! keeps it; a peer that greets with one's own name is a loop. All of it was seen in the laboratory.

use super::{
    Decision, Hop, OnNoName, Platform, Recipient, Target, Targets, local,
    retry::{self, Retries},
    verdict::{Code, Disposition, Stopped, Why},
};
use crate::{
    model::server::{NextHop, RouteMatch},
    net::world::{ConnectorIx, ServerIx, World},
};

/// Postfix.
pub struct Postfix;

impl Platform for Postfix {
    fn name(&self) -> &'static str {
        "Postfix"
    }

    fn decide(
        &self,
        world: &World<'_>,
        server: ServerIx,
        to: &Recipient,
        _without: &[ConnectorIx],
    ) -> Decision {
        let home = match local(world, server, to) {
            Some(Ok(home)) if home == server => return Decision::Mailbox,
            Some(Ok(home)) => Some(home),
            Some(Err(stopped)) => return Decision::Stop(stopped),
            None => None,
        };
        let hop = match route(world, server, to, home) {
            Some(at) => {
                let via = &world.server(server).object.routes[at].via;
                if via.first() == Some(&NextHop::Unreachable) {
                    return Decision::Stop(Stopped::new(
                        Disposition::NoRoute,
                        Code::NoConnector,
                        Why::NoRoute(server),
                    ));
                }
                match u16::try_from(at) {
                    Ok(at) if !via.is_empty() => Hop::Route(at),
                    _ => Hop::Mx,
                }
            }
            None => Hop::Mx,
        };
        Decision::Send { hop, cost: None, assumed: Vec::new() }
    }

    fn targets(&self, world: &World<'_>, server: ServerIx, hop: Hop, to: &Recipient) -> Targets {
        let object = world.server(server).object;
        let on_no_name = OnNoName { keep: object.keeps_on_name_error, assumed: None };
        let mx = |domain| Target::Mx { domain, on_no_name, odd: None };
        let via = match hop {
            Hop::Route(at) => object.routes.get(usize::from(at)).map(|route| &route.via),
            _ => None,
        };
        let list = match via {
            None => vec![mx(to.domain.clone())],
            Some(via) => via
                .iter()
                .map(|next| match next {
                    NextHop::Host(name) => Target::Host {
                        name: name.clone(),
                        meant: None,
                        listener: None,
                        mx_uncertain: false,
                        service: None,
                        on_no_name,
                    },
                    NextHop::Address(address) => Target::Address { address: *address, bound: None },
                    NextHop::Mx => mx(to.domain.clone()),
                    NextHop::MxOf(domain) => mx(Some(domain.clone())),
                    NextHop::Unreachable => Target::Nowhere,
                })
                .collect(),
        };
        Targets { list, assumed: Vec::new() }
    }

    fn own_greeting_is_loop(&self) -> Option<bool> {
        Some(true)
    }

    fn trusts(&self, _world: &World<'_>, _server: ServerIx, _peer: ServerIx) -> bool {
        false
    }

    fn retries(&self) -> &'static Retries {
        &retry::POSTFIX
    }

    fn queue_text(&self) -> &'static str {
        "it is tried again after 5 min, then ever more rarely up to every 67 min; it is returned after 5 days"
    }
}

/// The most exact route that fits.
fn route(
    world: &World<'_>,
    server: ServerIx,
    to: &Recipient,
    home: Option<ServerIx>,
) -> Option<usize> {
    let routes = &world.server(server).object.routes;
    let home = home.map(|ix| world.server(ix).id);
    let rank = |fits: &RouteMatch| match fits {
        RouteMatch::Address(address) => (Some(address) == to.address.as_ref()).then_some(0),
        RouteMatch::Home(id) => (Some(id) == home).then_some(1),
        RouteMatch::Domain(domain) => (Some(domain) == to.domain.as_ref()).then_some(2),
        RouteMatch::All => Some(3),
    };
    routes
        .iter()
        .enumerate()
        .filter_map(|(at, route)| rank(&route.to).map(|rank| (rank, at)))
        .min()
        .map(|(_, at)| at)
}
