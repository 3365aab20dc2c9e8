//! The reference checker: what becomes of a message, by plain recursion over the drawing.
//!
//! It is slow and obvious on purpose, one function a paragraph of the rules, without indexes or
//! caches, so that the engine can be held against it. It shares nothing with the engine but the words
//! for verdicts.

use super::{
    case::{CANNOT_TELL, Case, NO_ROUTE, Outcome, bounced, queued},
    connect::{Arrival, Stop, connect, leave_for_internet},
    exchange::exchange,
    exchange_site::exchange_site,
    next_hop::{Decision, Try, exchangers, postfix},
    people::{Recipient, Sender, recipients, senders},
};
use bridgehead::{
    model::{
        Subject, Topology,
        dns::Place,
        id::{ConnectorId, ServerId},
        promise::End,
        server::Platform,
    },
    net::world::Inputs,
    sim::trace::{Code, Disposition},
};
use std::collections::BTreeSet;

/// What becomes of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// Where it ends.
    pub(super) disposition: Disposition,
    /// Why; none where it arrives or nobody can tell.
    pub(super) code: Option<Code>,
    /// The servers that held it, first to last.
    pub(super) path: Vec<ServerId>,
}

/// What becomes of mail between two ends: the worst of all their senders and recipients.
pub(super) fn verdict(
    topology: &Topology,
    inputs: &Inputs,
    failures: &BTreeSet<Subject>,
    from: &End,
    to: &End,
) -> Verdict {
    let case = Case { topology, inputs, failures };
    let mut worst: Option<Verdict> = None;
    for sender in senders(&case, from) {
        for recipient in recipients(&case, to) {
            let one = carry(&case, &sender, &recipient);
            if worst.as_ref().is_none_or(|w| rank(one.disposition) > rank(w.disposition)) {
                worst = Some(one);
            }
        }
    }
    worst.unwrap_or_else(|| ends(CANNOT_TELL, vec![]))
}

fn rank(disposition: Disposition) -> u8 {
    match disposition {
        Disposition::Loop => 7,
        Disposition::Bounced => 6,
        Disposition::Refused => 5,
        Disposition::NoRoute => 4,
        Disposition::Queued => 3,
        Disposition::CannotTell => 2,
        Disposition::LeftForInternet => 1,
        Disposition::Delivered => 0,
    }
}

fn ends((disposition, code): Outcome, path: Vec<ServerId>) -> Verdict {
    Verdict { disposition, code, path }
}

/// One message from its sender on.
fn carry(case: &Case, sender: &Sender, to: &Recipient) -> Verdict {
    match sender {
        Sender::CannotTell => ends(CANNOT_TELL, vec![]),
        Sender::Server(id) => {
            hold(case, id, to, vec![id.clone()], &BTreeSet::new(), &mut BTreeSet::new())
        }
        Sender::Internet if to.domain.is_none() => {
            ends((Disposition::LeftForInternet, None), vec![])
        }
        Sender::Internet => {
            match attempt(case, None, to, &exchangers(case, None, to.domain.as_ref())) {
                Attempt::Accepted(next) => hold(
                    case,
                    &next,
                    to,
                    vec![next.clone()],
                    &BTreeSet::new(),
                    &mut BTreeSet::new(),
                ),
                Attempt::Exhausted(outcome) | Attempt::Ended(outcome) => ends(outcome, vec![]),
            }
        }
    }
}

type Visited = BTreeSet<(ServerId, BTreeSet<ConnectorId>)>;

/// A server holds the message and decides.
fn hold(
    case: &Case,
    id: &ServerId,
    to: &Recipient,
    path: Vec<ServerId>,
    excluded: &BTreeSet<ConnectorId>,
    visited: &mut Visited,
) -> Verdict {
    if case.server_failed(id) {
        return ends(queued(Code::Other), path);
    }
    if !visited.insert((id.clone(), excluded.clone())) {
        return ends((Disposition::Loop, Some(Code::TooManyHops)), path);
    }
    let decision = match case.server(id).platform {
        None => Decision::End(CANNOT_TELL),
        Some(Platform::Postfix) => postfix(case, id, to),
        Some(Platform::Exchange2003) => exchange(case, id, to, excluded),
        Some(_) => exchange_site(case, id, to),
    };
    let (tries, reroute) = match decision {
        Decision::End(outcome) => return ends(outcome, path),
        Decision::Send(tries, reroute) => (tries, reroute),
    };
    match (attempt(case, Some(id), to, &tries), reroute) {
        (Attempt::Accepted(next), _) => {
            let path = [path, vec![next.clone()]].concat();
            hold(case, &next, to, path, excluded, visited)
        }
        (Attempt::Exhausted(outcome @ (Disposition::Queued, _)), Some(connector)) => {
            // A connector without any alternative stays up, and the mail waits for it.
            let mut more = excluded.clone();
            more.insert(connector);
            match exchange(case, id, to, &more) {
                Decision::End(NO_ROUTE) => ends(outcome, path),
                _ => hold(case, id, to, path, &more, visited),
            }
        }
        (Attempt::Exhausted(outcome) | Attempt::Ended(outcome), _) => ends(outcome, path),
    }
}

/// What comes of trying several next hops.
enum Attempt {
    /// This server took the message.
    Accepted(ServerId),
    /// None answered; the last failure says why.
    Exhausted(Outcome),
    /// It ended otherwise.
    Ended(Outcome),
}

/// Tries next hops in order: the first that answers decides.
fn attempt(case: &Case, from: Option<&ServerId>, to: &Recipient, tries: &[Try]) -> Attempt {
    let mut last = NO_ROUTE;
    for one in tries {
        let stop = match one {
            Try::Stop(outcome) => return Attempt::Ended(*outcome),
            Try::Fail(outcome) => {
                last = *outcome;
                continue;
            }
            Try::Leave => match from.map_or(Ok(()), |id| leave_for_internet(case, id)) {
                Ok(()) => return Attempt::Ended((Disposition::LeftForInternet, None)),
                Err(stop) => stop,
            },
            Try::Connect { address, best } => match connect(case, from, *address, 25) {
                Ok(arrival) => match session(case, from, to, &arrival, *best) {
                    Session::Accepted => return Attempt::Accepted(arrival.listener.server),
                    Session::Ended(outcome) => return Attempt::Ended(outcome),
                    Session::Passed(outcome) => {
                        last = outcome;
                        continue;
                    }
                },
                Err(stop) => stop,
            },
            Try::Peer { address, port } => match connect(case, from, *address, *port) {
                Ok(arrival) => match between_peers(case, from, &arrival) {
                    Session::Accepted => return Attempt::Accepted(arrival.listener.server),
                    Session::Ended(outcome) => return Attempt::Ended(outcome),
                    Session::Passed(outcome) => {
                        last = outcome;
                        continue;
                    }
                },
                Err(stop) => stop,
            },
        };
        last = match stop {
            Stop::Timeout => queued(Code::Timeout),
            Stop::Refused => queued(Code::Refused),
            Stop::Unreachable => queued(Code::Unreachable),
            Stop::Other => queued(Code::Other),
            Stop::CannotTell => return Attempt::Ended(CANNOT_TELL),
        };
    }
    Attempt::Exhausted(last)
}

/// What a listener makes of a message.
enum Session {
    /// It takes it.
    Accepted,
    /// It, or the sender at its greeting, ends it.
    Ended(Outcome),
    /// It does not, for now, and the next one is tried.
    Passed(Outcome),
}

fn session(
    case: &Case,
    from: Option<&ServerId>,
    to: &Recipient,
    arrival: &Arrival,
    best: bool,
) -> Session {
    let id = &arrival.listener.server;
    let loops = (Disposition::Loop, Some(Code::LoopSelf));
    if from == Some(id) {
        return Session::Ended(loops);
    }
    if let Some(from) = from.filter(|from| same_greeting(case, from, arrival)) {
        return match case.server(from).platform {
            Some(Platform::Postfix) if best => Session::Ended(loops),
            // A better exchanger is known.
            Some(Platform::Postfix) => Session::Passed(queued(Code::LoopSelf)),
            _ => Session::Ended(CANNOT_TELL),
        };
    }
    let server = case.server(id);
    if server.platform.is_none() {
        return Session::Ended(CANNOT_TELL);
    }
    if to.is_local_to(server) {
        return if to.known { Session::Accepted } else { rejected(case, from, Code::UnknownUser) };
    }
    if to.domain.as_ref().is_some_and(|domain| server.relay_domains.contains(domain)) {
        return Session::Accepted;
    }
    if within_organisation(case, from, id) {
        return Session::Accepted;
    }
    let Some(clients) = &server.relay_from else { return Session::Ended(CANNOT_TELL) };
    if arrival.masked {
        return Session::Ended(CANNOT_TELL);
    }
    if arrival.seen.is_some_and(|seen| clients.iter().any(|subnet| subnet.contains(seen))) {
        Session::Accepted
    } else {
        rejected(case, from, Code::RelayDenied)
    }
}

fn same_greeting(case: &Case, from: &ServerId, arrival: &Arrival) -> bool {
    let first = case.listeners(from).first().and_then(|(id, _)| case.greeting(id));
    let there = if arrival.drawn {
        case.greeting(&arrival.listener)
    } else {
        case.server(&arrival.listener.server).computer_fqdn()
    };
    first.is_some() && first == there
}

/// What comes of a session in which Exchange servers have to prove themselves to each other: both are
/// of one organisation, and a receive connector that does so bears its computer's own name or none.
fn between_peers(case: &Case, from: Option<&ServerId>, arrival: &Arrival) -> Session {
    let id = &arrival.listener.server;
    if from == Some(id) {
        return Session::Ended((Disposition::Loop, Some(Code::LoopSelf)));
    }
    if case.server(id).platform.is_none() {
        return Session::Ended(CANNOT_TELL);
    }
    let unproven = Session::Passed(queued(Code::RemoteTemporary));
    if !within_organisation(case, from, id) {
        return unproven;
    }
    let fqdn = case.topology.listeners[&arrival.listener].fqdn.as_ref();
    let Some(fqdn) = fqdn.filter(|_| arrival.drawn) else { return Session::Accepted };
    let Some(computer) = case.server(id).computer_fqdn() else {
        return Session::Ended(CANNOT_TELL);
    };
    let short = computer.as_str().split('.').next();
    if *fqdn == computer || Some(fqdn.as_str()) == short { Session::Accepted } else { unproven }
}

/// Exchange servers of one organisation trust each other.
pub(super) fn within_organisation(case: &Case, from: Option<&ServerId>, to: &ServerId) -> bool {
    let Some(from) = from else { return false };
    let (from, to) = (case.server(from), case.server(to));
    [from, to].iter().all(|server| server.platform.is_some_and(Platform::is_exchange))
        && from.organisation.is_some()
        && from.organisation == to.organisation
}

/// A 5xx: a sender on the Internet is refused, one of ours returns the message.
fn rejected(case: &Case, from: Option<&ServerId>, code: Code) -> Session {
    let outside = from.is_none_or(|id| case.server(id).place == Place::Internet);
    Session::Ended(if outside { (Disposition::Refused, Some(code)) } else { bounced(code) })
}
