//! One server tries one next hop: which names it asks, which addresses it is told, which of them
//! answers, and whether the peer that answers is taken for itself.

use crate::{
    model::{assumption::Behaviour, dns::RecordData, dns::RecordKind, name::Fqdn},
    net::{
        lookup::{Answer, Asker, Lookup, NameFailure},
        reach::{Opened, Reach},
        unknown::Unknown,
        world::{ServerIx, World},
    },
    platform::{
        OnNoName, Platform, Target, Targets, exchange_site,
        verdict::{Code, Disposition, Stopped, Why},
    },
};
use std::{
    net::{IpAddr, Ipv4Addr},
    rc::Rc,
};

/// The TCP port of SMTP: connectors and mail exchangers are asked there (RFC 5321 section 4.5.4.2).
pub const SMTP_PORT: u16 = 25;

/// An attempt: all that was tried, and how it ended.
#[derive(Debug)]
pub struct Attempt<'a> {
    /// What was tried, in order.
    pub tries: Vec<Try<'a>>,
    /// The assumptions that it leans on.
    pub assumed: Vec<Behaviour>,
    /// How it ended.
    pub end: AttemptEnd,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttemptEnd {
    /// A peer answered.
    Open(Opened),
    /// Somebody on the Internet who is not drawn answered; with the source address that is seen there.
    Outside(Option<IpAddr>),
    /// Nobody did.
    Stopped(Stopped),
}

/// One name or address that was tried.
#[derive(Debug, Default)]
pub struct Try<'a> {
    /// The place in the list of targets.
    pub target: usize,
    /// The mail exchanger lookup, where one was made.
    pub mx: Option<Rc<Lookup<'a>>>,
    /// The name that was asked.
    pub name: Option<Fqdn>,
    /// The lookups of its addresses.
    pub lookups: Vec<Rc<Lookup<'a>>>,
    /// The connection to one address.
    pub reach: Option<(IpAddr, Reach<'a>)>,
    /// The way to somebody on the Internet who is not drawn.
    pub outside: Option<Reach<'a, Option<IpAddr>>>,
    /// Why it did not do.
    pub failure: Option<Stopped>,
}

/// The sender of an attempt.
#[derive(Clone, Copy)]
pub struct Sender {
    /// Who asks and connects.
    pub asker: Asker,
    /// Its platform; none: anybody on the Internet.
    pub platform: Option<&'static dyn Platform>,
}

struct Course<'w, 'a> {
    world: &'w World<'a>,
    sender: Sender,
    tries: Vec<Try<'a>>,
    assumed: Vec<Behaviour>,
    last: Option<Stopped>,
    /// The port at which peers of the target must prove to be Exchange; none: port 25, no proof.
    service: Option<u16>,
}

/// An address to be tried.
struct Candidate {
    address: IpAddr,
    best: bool,
}

/// Tries the targets of a hop in order.
pub fn attempt<'a>(world: &World<'a>, sender: Sender, targets: &Targets) -> Attempt<'a> {
    let mut course = Course {
        world,
        sender,
        tries: Vec::new(),
        assumed: targets.assumed.clone(),
        last: None,
        service: None,
    };
    let mut end = None;
    for (at, target) in targets.list.iter().enumerate() {
        end = course.target(at, target);
        if end.is_some() {
            break;
        }
    }
    let end = end.unwrap_or_else(|| match course.last.take() {
        Some(stopped) => AttemptEnd::Stopped(stopped),
        None => AttemptEnd::Stopped(Stopped::new(
            Disposition::NoRoute,
            Code::NoConnector,
            Why::Unknown(Unknown::NothingDrawn(IpAddr::V4(Ipv4Addr::UNSPECIFIED))),
        )),
    });
    course.assumed.sort_unstable();
    course.assumed.dedup();
    Attempt { tries: course.tries, assumed: course.assumed, end }
}

impl<'a> Course<'_, 'a> {
    /// Tries one target. Some: the attempt ends here.
    fn target(&mut self, at: usize, target: &Target) -> Option<AttemptEnd> {
        let mut this = Try { target: at, ..Try::default() };
        self.service = match target {
            Target::Host { service, .. } => *service,
            _ => None,
        };
        match target {
            Target::Unknown(unknown) => self.stop(this, Stopped::unknown(unknown.clone())),
            Target::Nowhere => {
                let server = self.server()?;
                let why = Why::NoRoute(server);
                self.stop(this, Stopped::new(Disposition::NoRoute, Code::NoConnector, why))
            }
            Target::Address { address, .. } => {
                self.addresses(this, &[Candidate { address: *address, best: true }])
            }
            Target::Host { name, mx_uncertain, on_no_name, .. } => {
                this.name = Some(name.clone());
                if *mx_uncertain {
                    let mx = self.world.ask(self.sender.asker, name, RecordKind::Mx);
                    let unknown = match &mx.answer {
                        Answer::Found(record, _) => Some(Unknown::MxOnHostName((*record).clone())),
                        Answer::Unknown(unknown) => Some(unknown.clone()),
                        _ => None,
                    };
                    if let Some(unknown) = unknown {
                        this.mx = Some(mx);
                        return self.stop(this, Stopped::unknown(unknown));
                    }
                }
                self.host(this, name, *on_no_name)
            }
            Target::Mx { domain: None, .. } => self.outside(this),
            Target::Mx { domain: Some(domain), on_no_name, odd } => {
                self.exchangers(this, domain, *on_no_name, *odd)
            }
        }
    }

    fn server(&self) -> Option<ServerIx> {
        match self.sender.asker {
            Asker::Server(ix) => Some(ix),
            Asker::Outside => None,
        }
    }

    /// Ends the attempt for good.
    fn stop(&mut self, mut this: Try<'a>, stopped: Stopped) -> Option<AttemptEnd> {
        this.failure = Some(stopped.clone());
        self.tries.push(this);
        Some(AttemptEnd::Stopped(stopped))
    }

    /// Notes a failure and goes on.
    fn fail(&mut self, mut this: Try<'a>, stopped: Stopped) {
        this.failure = Some(stopped.clone());
        self.last = Some(stopped);
        self.tries.push(this);
    }

    fn name_failure(&mut self, name: &Fqdn, failure: NameFailure, rule: OnNoName) -> Stopped {
        match failure {
            NameFailure::Unknown(unknown) => Stopped::unknown(unknown),
            NameFailure::Temporary => {
                Stopped::new(Disposition::Queued, Code::NameTemporary, Why::NoAnswer(name.clone()))
            }
            NameFailure::NoName => {
                self.assumed.extend(rule.assumed);
                let disposition =
                    if rule.keep { Disposition::Queued } else { Disposition::Bounced };
                Stopped::new(disposition, Code::NameNotFound, Why::NoName(name.clone()))
            }
        }
    }

    fn host(&mut self, mut this: Try<'a>, name: &Fqdn, rule: OnNoName) -> Option<AttemptEnd> {
        let found = self.world.addresses(self.sender.asker, name);
        this.lookups = found.lookups;
        match found.failure {
            None => {
                let list: Vec<_> = found
                    .list
                    .iter()
                    .map(|address| Candidate { address: *address, best: true })
                    .collect();
                self.addresses(this, &list)
            }
            Some(failure) => {
                let stopped = self.name_failure(name, failure, rule);
                if stopped.disposition == Disposition::CannotTell {
                    return self.stop(this, stopped);
                }
                self.fail(this, stopped);
                None
            }
        }
    }

    /// Tries addresses in turn; the lookups that gave them are told with the first.
    fn addresses(&mut self, mut this: Try<'a>, list: &[Candidate]) -> Option<AttemptEnd> {
        for candidate in list {
            let port = self.service.unwrap_or(SMTP_PORT);
            let reach = self.world.connect(self.sender.asker, candidate.address, port);
            let end = reach.end.clone();
            let next = Try { target: this.target, name: this.name.clone(), ..Try::default() };
            let mut this = std::mem::replace(&mut this, next);
            this.reach = Some((candidate.address, reach));
            match end {
                Ok(opened) => match self.greeting(&opened, candidate.best) {
                    Ok(()) => {
                        self.tries.push(this);
                        return Some(AttemptEnd::Open(opened));
                    }
                    Err((true, stopped)) => return self.stop(this, stopped),
                    Err((false, stopped)) => self.fail(this, stopped),
                },
                Err(stop) => {
                    let stopped = Stopped::from(stop);
                    if stopped.disposition == Disposition::CannotTell {
                        return self.stop(this, stopped);
                    }
                    self.fail(this, stopped);
                }
            }
        }
        None
    }

    /// Whether the peer is taken for the sender itself; with whether the attempt ends there.
    fn greeting(&self, opened: &Opened, best: bool) -> Result<(), (bool, Stopped)> {
        let Some(server) = self.server() else { return Ok(()) };
        if opened.server == server {
            let why = Why::ToItself(server);
            return Err((true, Stopped::new(Disposition::Loop, Code::LoopSelf, why)));
        }
        if self.service.is_some() {
            let proof = exchange_site::proof(self.world, server, opened);
            return proof.map_err(|why| (why.disposition == Disposition::CannotTell, why));
        }
        let first = self.world.server(server).listeners.first();
        let own = first.and_then(|ix| self.world.listener(*ix).greeting.as_ref());
        let peer = self.world.listener(opened.listener).greeting.as_ref();
        let Some(name) = own.filter(|own| Some(*own) == peer) else { return Ok(()) };
        match self.sender.platform.and_then(Platform::own_greeting_is_loop) {
            Some(true) => {
                let why = Why::OwnGreeting(server, name.clone());
                Err((best, Stopped::new(Disposition::Loop, Code::LoopSelf, why)))
            }
            Some(false) => Ok(()),
            None => {
                let unknown = Unknown::SameGreeting(server, name.clone());
                Err((true, Stopped::unknown(unknown)))
            }
        }
    }

    /// To somebody on the Internet who is not drawn: the public DNS must be within reach, and a way
    /// out open.
    fn outside(&mut self, mut this: Try<'a>) -> Option<AttemptEnd> {
        let Some(server) = self.server() else {
            self.tries.push(this);
            return Some(AttemptEnd::Outside(None));
        };
        let stopped = if let Some(failure) = self.world.public_dns_failure(self.sender.asker) {
            let rule = OnNoName { keep: false, assumed: None };
            self.name_failure(&Fqdn::root(), failure, rule)
        } else {
            let reach = self.world.connect_outside(server);
            let end = reach.end.clone();
            this.outside = Some(reach);
            match end {
                Ok(seen) => {
                    self.tries.push(this);
                    return Some(AttemptEnd::Outside(seen));
                }
                Err(stop) => stop.into(),
            }
        };
        if stopped.disposition == Disposition::CannotTell {
            return self.stop(this, stopped);
        }
        self.fail(this, stopped);
        None
    }

    /// The mail exchangers of a domain, the lowest preference first; its own address when it has
    /// none (RFC 5321 section 5.1).
    fn exchangers(
        &mut self,
        mut this: Try<'a>,
        domain: &Fqdn,
        rule: OnNoName,
        odd: Option<Behaviour>,
    ) -> Option<AttemptEnd> {
        let lookup = self.world.ask(self.sender.asker, domain, RecordKind::Mx);
        this.mx = Some(Rc::clone(&lookup));
        let failure = match &lookup.answer {
            Answer::Found(_, set) => {
                let RecordData::Mx(list) = &set.data else { return None };
                let mut list: Vec<(u16, Fqdn)> =
                    list.iter().map(|mx| (mx.preference, mx.exchange.clone())).collect();
                list.sort_by_key(|(preference, _)| *preference);
                return self.exchanger_list(this, domain, list, rule, odd);
            }
            Answer::NoData => {
                if self.own_preference(&[(0, domain.clone())]).is_some() {
                    let why = Why::ToItself(self.server()?);
                    let stopped = Stopped::new(Disposition::Loop, Code::LoopSelf, why);
                    return self.stop(this, stopped);
                }
                this.name = Some(domain.clone());
                return self.host(this, domain, rule);
            }
            Answer::NoSuchName => NameFailure::NoName,
            Answer::Temporary => NameFailure::Temporary,
            Answer::Unknown(unknown) => NameFailure::Unknown(unknown.clone()),
        };
        let stopped = self.name_failure(domain, failure, rule);
        if stopped.disposition == Disposition::CannotTell {
            return self.stop(this, stopped);
        }
        self.fail(this, stopped);
        None
    }

    fn exchanger_list(
        &mut self,
        this: Try<'a>,
        domain: &Fqdn,
        mut list: Vec<(u16, Fqdn)>,
        rule: OnNoName,
        odd: Option<Behaviour>,
    ) -> Option<AttemptEnd> {
        let is_odd = list.iter().any(|(_, name)| name.is_root() || literal(name).is_some());
        if is_odd && let Some(behaviour) = odd {
            if !self.world.on(behaviour) {
                return self.stop(this, Stopped::unknown(Unknown::OddMx(domain.clone())));
            }
            self.assumed.push(behaviour);
        }
        if list.len() == 1 && list[0].1.is_root() {
            // Another next hop of the list may still do.
            let why = Why::NullMx(domain.clone());
            self.fail(this, Stopped::new(Disposition::Bounced, Code::NullMx, why));
            return None;
        }
        let own = self.own_preference(&list);
        if let Some(own) = own {
            list.retain(|(preference, _)| *preference < own);
            if list.is_empty() {
                let why = Why::ToItself(self.server()?);
                return self.stop(this, Stopped::new(Disposition::Loop, Code::LoopSelf, why));
            }
        }
        self.try_exchangers(this, domain, &list, rule, own.is_some())
    }

    /// The lowest preference at which the sender itself is a mail exchanger: it and what comes after
    /// it would send the mail in circles (RFC 5321 section 5.1). Itself are the addresses that it
    /// listens on, not all that it has (the laboratory's Postfix).
    fn own_preference(&self, list: &[(u16, Fqdn)]) -> Option<u16> {
        let server = self.server()?;
        let is_own = |name: &Fqdn| {
            let list = match literal(name) {
                Some(address) => vec![address],
                None => self.world.addresses(self.sender.asker, name).list,
            };
            list.iter().any(|address| self.world.listens_on(server, *address))
        };
        list.iter().find(|(_, name)| is_own(name)).map(|(preference, _)| *preference)
    }

    fn try_exchangers(
        &mut self,
        mut this: Try<'a>,
        domain: &Fqdn,
        list: &[(u16, Fqdn)],
        rule: OnNoName,
        is_exchanger: bool,
    ) -> Option<AttemptEnd> {
        let lowest = list.first().map(|(preference, _)| *preference);
        let (mut any_address, mut any_temporary) = (false, false);
        for (preference, name) in list {
            let best = Some(*preference) == lowest;
            let mut next = Try { target: this.target, mx: this.mx.take(), ..Try::default() };
            next.name = Some(name.clone());
            let addresses = if let Some(address) = literal(name) {
                vec![address]
            } else {
                let found = self.world.addresses(self.sender.asker, name);
                next.lookups = found.lookups;
                if let Some(failure) = found.failure {
                    any_temporary |= failure == NameFailure::Temporary;
                    let stopped = self.name_failure(name, failure, rule);
                    if stopped.disposition == Disposition::CannotTell {
                        return self.stop(next, stopped);
                    }
                    let last = self.last.take();
                    self.fail(next, stopped);
                    // A name without address counts only when no exchanger has one.
                    self.last = last;
                    continue;
                }
                found.list
            };
            any_address = true;
            let list: Vec<_> =
                addresses.into_iter().map(|address| Candidate { address, best }).collect();
            let end = self.addresses(next, &list);
            if end.is_some() {
                return end;
            }
        }
        if !any_address && is_exchanger {
            // A better exchanger than the sender itself is named and has no address: mail is kept for
            // it (the laboratory's Postfix: "unable to find primary relay").
            let why = Why::NoName(domain.clone());
            self.last = Some(Stopped::new(Disposition::Queued, Code::Other, why));
        } else if !any_address {
            let failure = if any_temporary { NameFailure::Temporary } else { NameFailure::NoName };
            self.last = Some(self.name_failure(domain, failure, rule));
        }
        None
    }
}

/// The address, where somebody wrote one in place of a mail exchanger's name.
fn literal(name: &Fqdn) -> Option<IpAddr> {
    name.as_str().parse::<Ipv4Addr>().ok().map(IpAddr::V4)
}
