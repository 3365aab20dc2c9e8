//! What servers of every kind try: mail exchangers, named hosts; and how Postfix chooses.

use super::{
    case::{CANNOT_TELL, Case, NO_ROUTE, Outcome, bounced, queued},
    dns::{Answer, NoAddress, addresses, ask, public_dns_answers},
    exchange::name_error_of_own_routing,
    people::Recipient,
};
use bridgehead::{
    model::{
        assumption::Behaviour,
        dns::{Mx, RecordData, RecordKind},
        id::{ConnectorId, ServerId},
        name::Fqdn,
        server::{NextHop, Platform, RouteMatch, Server},
    },
    sim::trace::{Code, Disposition},
};
use std::net::{IpAddr, Ipv4Addr};

/// One thing that a server tries, in its turn.
#[derive(Clone, Debug)]
pub(super) enum Try {
    /// Connecting to port 25 of an address.
    Connect {
        /// The address.
        address: IpAddr,
        /// Whether no better exchanger is left: there the sender's own name is a loop.
        best: bool,
    },
    /// Connecting to another Exchange server of the organisation, as servers of 2007 to SE do.
    Peer {
        /// The address.
        address: IpAddr,
        /// The TCP port.
        port: u16,
    },
    /// Connecting to some public address that is not drawn.
    Leave,
    /// It fails at once; the next one is tried, and this counts if it was the last.
    Fail(Outcome),
    /// It ends here, whatever comes behind.
    Stop(Outcome),
}

/// What a server makes of a message that it holds.
#[derive(Clone, Debug)]
pub(super) enum Decision {
    /// It ends here.
    End(Outcome),
    /// It tries these. With a connector: this one is marked down when none of them answers, if
    /// another way to the group is left.
    Send(Vec<Try>, Option<ConnectorId>),
}

/// How Postfix, or another server with a transport table, handles a message.
pub(super) fn postfix(case: &Case, id: &ServerId, to: &Recipient) -> Decision {
    let server = case.server(id);
    let local = to.is_local_to(server);
    if local {
        if !to.known {
            return Decision::End(bounced(Code::UnknownUser));
        }
        match &to.home {
            None => return Decision::End(CANNOT_TELL),
            Some(home) if home == id => return Decision::End(mailbox(case, id)),
            Some(_) => {}
        }
    }
    let via = route(server, to, local);
    Decision::Send(via.iter().flat_map(|hop| one_hop(case, id, to, hop)).collect(), None)
}

/// The message is at the server that holds the mailbox.
pub(super) fn mailbox(case: &Case, id: &ServerId) -> Outcome {
    match case.segment_of(id) {
        Some(_) => (Disposition::Delivered, None),
        None => (Disposition::LeftForInternet, None),
    }
}

/// The next hops of the most exact route: address, home, domain, all; without one, the exchangers.
fn route(server: &Server, to: &Recipient, local: bool) -> Vec<NextHop> {
    let of = |fits: &dyn Fn(&RouteMatch) -> bool| server.routes.iter().find(|r| fits(&r.to));
    let found = of(&|m| matches!(m, RouteMatch::Address(a) if to.address.as_ref() == Some(a)))
        .or_else(|| {
            of(&|m| matches!(m, RouteMatch::Home(h) if local && to.home.as_ref() == Some(h)))
        })
        .or_else(|| of(&|m| matches!(m, RouteMatch::Domain(d) if to.domain.as_ref() == Some(d))))
        .or_else(|| of(&|m| matches!(m, RouteMatch::All)));
    match found {
        Some(route) if !route.via.is_empty() => route.via.clone(),
        _ => vec![NextHop::Mx],
    }
}

fn one_hop(case: &Case, id: &ServerId, to: &Recipient, hop: &NextHop) -> Vec<Try> {
    match hop {
        NextHop::Address(address) => vec![Try::Connect { address: *address, best: true }],
        NextHop::Unreachable => vec![Try::Stop(NO_ROUTE)],
        NextHop::Mx => exchangers(case, Some(id), to.domain.as_ref()),
        NextHop::MxOf(domain) => exchangers(case, Some(id), Some(domain)),
        NextHop::Host(name) => match addresses(case, Some(id), name) {
            Ok(list) => list.into_iter().map(|a| Try::Connect { address: a, best: true }).collect(),
            Err(NoAddress::NameError) => vec![Try::Fail(domain_name_error(case, Some(id)))],
            Err(NoAddress::Temporary) => vec![Try::Fail(queued(Code::NameTemporary))],
            Err(NoAddress::CannotTell) => vec![Try::Stop(CANNOT_TELL)],
        },
    }
}

/// What a mail domain (or Postfix's next hop) that does not exist does to the message.
fn domain_name_error(case: &Case, from: Option<&ServerId>) -> Outcome {
    let server = from.map(|id| case.server(id));
    let keeps = match server.map(|s| (s.platform, s.keeps_on_name_error)) {
        Some((Some(platform), _)) if platform.is_exchange() => {
            !case.on(Behaviour::InternetNameErrorReturns)
        }
        Some((_, keeps)) => keeps,
        None => false,
    };
    if keeps { queued(Code::NameNotFound) } else { bounced(Code::NameNotFound) }
}

/// Whether the server's ways with an odd exchanger are known.
fn knows_odd_exchangers(case: &Case, from: Option<&ServerId>) -> bool {
    let exchange = |id| case.server(id).platform.is_some_and(Platform::is_exchange);
    !from.is_some_and(exchange) || case.on(Behaviour::OddMxAsPostfix)
}

/// The mail exchangers of a domain as a server (none: somebody on the Internet) tries them; without
/// a domain: those of some domain that is not drawn.
pub(super) fn exchangers(case: &Case, from: Option<&ServerId>, domain: Option<&Fqdn>) -> Vec<Try> {
    let Some(domain) = domain else { return undrawn_exchangers(case, from) };
    let list = match ask(case, from, domain, RecordKind::Mx) {
        Answer::Found(RecordData::Mx(list)) => list,
        Answer::NoData => return implicit_exchanger(case, from, domain),
        Answer::Found(_) | Answer::NoSuchName => {
            return vec![Try::Fail(domain_name_error(case, from))];
        }
        Answer::Temporary => return vec![Try::Fail(queued(Code::NameTemporary))],
        Answer::CannotTell => return vec![Try::Stop(CANNOT_TELL)],
    };
    if list.len() == 1 && list[0].exchange.is_root() {
        return if knows_odd_exchangers(case, from) {
            vec![Try::Fail(bounced(Code::NullMx))]
        } else {
            vec![Try::Stop(CANNOT_TELL)]
        };
    }
    let mut sorted: Vec<Mx> = list;
    sorted.sort_by_key(|mx| mx.preference);
    let hosts =
        sorted.into_iter().map(|mx| (mx.preference, host_of(case, from, &mx.exchange))).collect();
    by_preference(case, from, hosts)
}

/// A domain without an exchanger is its own (RFC 5321 section 5.1).
fn implicit_exchanger(case: &Case, from: Option<&ServerId>, domain: &Fqdn) -> Vec<Try> {
    by_preference(case, from, vec![(0, addresses(case, from, domain))])
}

fn host_of(
    case: &Case,
    from: Option<&ServerId>,
    exchange: &Fqdn,
) -> Result<Vec<IpAddr>, NoAddress> {
    match exchange.as_str().parse::<Ipv4Addr>() {
        Ok(_) if !knows_odd_exchangers(case, from) => Err(NoAddress::CannotTell),
        Ok(address) => Ok(vec![address.into()]),
        Err(_) => addresses(case, from, exchange),
    }
}

/// Exchangers in the order of preference, without the server itself and those no better than it.
fn by_preference(
    case: &Case,
    from: Option<&ServerId>,
    mut hosts: Vec<(u16, Result<Vec<IpAddr>, NoAddress>)>,
) -> Vec<Try> {
    let own = |host: &Result<Vec<IpAddr>, NoAddress>| {
        host.as_ref().is_ok_and(|list| list.iter().any(|a| case.is_own(from, *a)))
    };
    let limit = hosts.iter().find(|(_, host)| own(host)).map(|(preference, _)| *preference);
    if let Some(limit) = limit {
        hosts.retain(|(preference, _)| *preference < limit);
    }
    if hosts.is_empty() {
        return vec![Try::Stop((Disposition::Loop, Some(Code::LoopSelf)))];
    }
    let lowest = hosts.iter().find(|(_, host)| host.is_ok()).map(|(preference, _)| *preference);
    let mut tries = Vec::new();
    for (preference, host) in &hosts {
        match host {
            Err(NoAddress::CannotTell) => tries.push(Try::Stop(CANNOT_TELL)),
            Err(_) => {}
            Ok(list) => tries.extend(list.iter().map(|address| Try::Connect {
                address: *address,
                best: Some(*preference) == lowest,
            })),
        }
    }
    if tries.is_empty() {
        let temporary = hosts.iter().any(|(_, host)| *host == Err(NoAddress::Temporary));
        // A better exchanger than the server itself exists and has no address: Postfix is "unable to
        // find primary relay" and keeps the mail.
        let why = if limit.is_some() {
            queued(Code::Other)
        } else if temporary {
            queued(Code::NameTemporary)
        } else {
            domain_name_error(case, from)
        };
        tries.push(Try::Fail(why));
    }
    tries
}

/// Mail for somebody whose domain is not drawn: the public DNS must answer, the way out be open.
fn undrawn_exchangers(case: &Case, from: Option<&ServerId>) -> Vec<Try> {
    match from.map(|id| public_dns_answers(case, id)) {
        Some(Answer::CannotTell) => vec![Try::Stop(CANNOT_TELL)],
        Some(Answer::Temporary) => vec![Try::Fail(queued(Code::NameTemporary))],
        _ => vec![Try::Leave],
    }
}

/// A host by its name, as Exchange's own routing and its smart hosts name it.
pub(super) fn named_host(case: &Case, from: &ServerId, name: &Fqdn) -> Vec<Try> {
    let whole = whole_name(case, from, name);
    // What Exchange does with the exchanger of a host that it knows by name is not known.
    match ask(case, Some(from), &whole, RecordKind::Mx) {
        Answer::Found(_) | Answer::CannotTell => return vec![Try::Stop(CANNOT_TELL)],
        Answer::NoData | Answer::NoSuchName | Answer::Temporary => {}
    }
    addresses_of(case, from, &whole, |address| Try::Connect { address, best: true })
}

/// A name as it is asked for: a bare one with the asking computer's domain.
pub(super) fn whole_name(case: &Case, from: &ServerId, name: &Fqdn) -> Fqdn {
    let domain = case.server(from).directory_domain.as_ref().filter(|_| name.is_single_label());
    domain.and_then(|d| d.child(name.as_str()).ok()).unwrap_or_else(|| name.clone())
}

/// What is tried at each address of a name that Exchange's own routing or a smart host names.
pub(super) fn addresses_of(
    case: &Case,
    from: &ServerId,
    name: &Fqdn,
    at: impl Fn(IpAddr) -> Try,
) -> Vec<Try> {
    match addresses(case, Some(from), name) {
        Ok(list) => list.into_iter().map(at).collect(),
        Err(NoAddress::NameError) => vec![Try::Fail(name_error_of_own_routing(case))],
        Err(NoAddress::Temporary) => vec![Try::Fail(queued(Code::NameTemporary))],
        Err(NoAddress::CannotTell) => vec![Try::Stop(CANNOT_TELL)],
    }
}
