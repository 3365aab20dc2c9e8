//! Lookups: what a host is told when it asks for a name, and by what way it came to be told.
//!
//! A question goes to the host's resolvers in turn; a resolver answers from the zones of its views,
//! the longest name first (so a zone shadows everything beneath it, RFC 1034 section 4.3.2), or asks
//! on by a conditional forwarder or its forwarder, or the public DNS, which is the outside views.

use super::{
    unknown::Unknown,
    way::{Flow, Stop},
    world::{ResolverIx, SegmentIx, ServerIx, Spot, World, ZoneIx},
    zone::Told,
};
use crate::model::{
    address::Action,
    assumption::{About, Behaviour},
    dns::{Forward, RecordId, RecordKind, RecordSet},
    name::Fqdn,
};
use std::{
    net::{IpAddr, Ipv4Addr},
    rc::Rc,
};

/// The longest chain of aliases that is followed.
pub const ALIASES_MAX: usize = 8;
/// The longest chain of forwarders that is followed.
pub const FORWARDS_MAX: usize = 8;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asker {
    /// A server.
    Server(ServerIx),
    /// Somebody on the Internet, who asks the public DNS.
    Outside,
}

/// What a lookup is remembered by.
pub type LookupKey = (u32, Fqdn, RecordKind);

/// An answer.
#[derive(Clone, Debug)]
pub enum Answer<'a> {
    /// The record set.
    Found(&'a RecordId, &'a RecordSet),
    /// The name does not exist (NXDOMAIN).
    NoSuchName,
    /// The name has no records of that type.
    NoData,
    /// No answer, or SERVFAIL: ask again later.
    Temporary,
    /// It cannot be told.
    Unknown(Unknown),
}

/// One step of a lookup, as a trace tells it.
#[derive(Clone, Debug)]
pub enum LookupStep<'a> {
    /// A resolver was asked and did not answer.
    Silent(ResolverIx),
    /// A resolver was asked.
    Asked(ResolverIx),
    /// It has a zone that holds the name.
    Zone(ZoneIx),
    /// It has no such zone and asks on; none: in the public DNS.
    Forwarded(Option<ResolverIx>),
    /// It has no such zone and nowhere to ask.
    NoForwarder,
    /// The public DNS was asked.
    Public,
    /// The name is an alias.
    Alias(&'a RecordId, &'a Fqdn),
    /// A wildcard answers.
    Wildcard(&'a RecordId),
}

/// A lookup: the answer and how it came about.
#[derive(Clone, Debug)]
pub struct Lookup<'a> {
    /// The answer.
    pub answer: Answer<'a>,
    /// The steps.
    pub steps: Vec<LookupStep<'a>>,
}

impl Lookup<'_> {
    /// Whether the answer was found in an outside view.
    pub fn is_public(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, LookupStep::Public))
    }

    /// The addresses in the answer.
    pub fn addresses(&self) -> Vec<IpAddr> {
        match &self.answer {
            Answer::Found(_, set) => set.data.addresses(),
            _ => Vec::new(),
        }
    }
}

/// What an asker is told of a host's addresses.
#[derive(Clone, Debug)]
pub struct Addresses<'a> {
    /// The addresses of the families that the asker has, IPv4 first.
    pub list: Vec<IpAddr>,
    /// Why there are none, when there are none.
    pub failure: Option<NameFailure>,
    /// The lookups that were made.
    pub lookups: Vec<Rc<Lookup<'a>>>,
}

/// Why a name gives no address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameFailure {
    /// The name does not exist, or has no address.
    NoName,
    /// No answer.
    Temporary,
    /// It cannot be told.
    Unknown(Unknown),
}

impl<'a> World<'a> {
    /// Looks a name up as `asker` is told it. Answers are remembered: hosts that ask the same
    /// resolvers from the same place are told the same.
    pub fn ask(&self, asker: Asker, name: &Fqdn, kind: RecordKind) -> Rc<Lookup<'a>> {
        let class = match asker {
            Asker::Server(ix) => self.server(ix).asker,
            Asker::Outside => 0,
        };
        let key = (class, name.clone(), kind);
        self.lookups.get_or(&self.watch, key, || Rc::new(self.ask_anew(asker, name, kind)))
    }

    /// The addresses of a name as `asker` is told them, of the families that it has itself.
    pub fn addresses(&self, asker: Asker, name: &Fqdn) -> Addresses<'a> {
        let has = |like: IpAddr| match asker {
            Asker::Server(ix) => self.source_address(ix, like).is_some(),
            Asker::Outside => true,
        };
        let v6 = IpAddr::V6(std::net::Ipv6Addr::LOCALHOST);
        let mut found = Addresses { list: Vec::new(), failure: None, lookups: Vec::new() };
        for (wanted, kind) in
            [(has(IpAddr::V4(Ipv4Addr::LOCALHOST)), RecordKind::A), (has(v6), RecordKind::Aaaa)]
        {
            if wanted {
                let lookup = self.ask(asker, name, kind);
                found.list.extend(lookup.addresses());
                found.lookups.push(lookup);
            }
        }
        let failed = |wanted: fn(&Answer<'_>) -> bool| {
            found.lookups.iter().any(|lookup| wanted(&lookup.answer))
        };
        if let Some(unknown) = found.lookups.iter().find_map(|l| match &l.answer {
            Answer::Unknown(unknown) => Some(unknown.clone()),
            _ => None,
        }) {
            found.failure = Some(NameFailure::Unknown(unknown));
        } else if found.list.is_empty() {
            let temporary = failed(|answer| matches!(answer, Answer::Temporary));
            found.failure =
                Some(if temporary { NameFailure::Temporary } else { NameFailure::NoName });
        }
        found
    }

    fn ask_anew(&self, asker: Asker, name: &Fqdn, kind: RecordKind) -> Lookup<'a> {
        let mut steps = Vec::new();
        let Asker::Server(ix) = asker else {
            let answer = self.public(name, kind, &mut steps);
            return Lookup { answer, steps };
        };
        let node = self.server(ix);
        let answer = match (&node.resolvers, node.spot) {
            (None, Spot::Internet) => self.public(name, kind, &mut steps),
            (None, Spot::Inside(site, _)) => Answer::Unknown(Unknown::SiteResolvers(site)),
            (_, Spot::Nowhere) => Answer::Unknown(Unknown::Place(ix)),
            (Some(list), spot) => {
                let from = node.object.addresses.first().copied();
                self.ask_list(spot, from, list, name, kind, 0, &mut steps)
            }
        };
        Lookup { answer, steps }
    }

    /// Asks resolvers in turn: the first answer that is not temporary.
    #[expect(clippy::too_many_arguments, reason = "a question, its place and its depth")]
    fn ask_list(
        &self,
        spot: Spot,
        from: Option<IpAddr>,
        list: &[ResolverIx],
        name: &Fqdn,
        kind: RecordKind,
        depth: usize,
        steps: &mut Vec<LookupStep<'a>>,
    ) -> Answer<'a> {
        for resolver in list {
            match self.reaches_resolver(spot, from, *resolver) {
                Ok(()) => {}
                Err(Some(unknown)) => return Answer::Unknown(unknown),
                Err(None) => {
                    steps.push(LookupStep::Silent(*resolver));
                    continue;
                }
            }
            steps.push(LookupStep::Asked(*resolver));
            match self.at_resolver(*resolver, name, kind, depth, steps) {
                Answer::Temporary => {}
                answer => return answer,
            }
        }
        Answer::Temporary
    }

    /// Whether a host's question reaches a resolver; if not, whether that cannot be told.
    fn reaches_resolver(
        &self,
        spot: Spot,
        from: Option<IpAddr>,
        resolver: ResolverIx,
    ) -> Result<(), Option<Unknown>> {
        let node = self.resolver(resolver);
        let on_dead_server = node.host.is_some_and(|host| self.is_down(self.server(host).failed));
        if self.is_down(node.failed) || on_dead_server {
            return Err(None);
        }
        let to = node.object.addresses.first().copied();
        let flow =
            Flow { from, to: to.or(from).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)), port: 53 };
        if let Spot::Inside(_, segment) = spot
            && self.is_down(self.segment(segment).failed)
        {
            return Err(None);
        }
        match (spot, node.spot) {
            (Spot::Inside(site, _), Spot::Inside(there, segment)) => {
                if self.is_down(self.segment(segment).failed) {
                    return Err(None);
                }
                if site == there {
                    return self.between_segments(spot, segment, flow);
                }
                match self.wan(site, there, flow) {
                    Some(walked) => walked.map(drop).map_err(unknown_of),
                    None => Err(None),
                }
            }
            (Spot::Inside(site, _), Spot::Internet) => {
                self.way_out(site, flow).map(drop).map_err(unknown_of)
            }
            (Spot::Internet, Spot::Internet) => Ok(()),
            _ => Err(None),
        }
    }

    /// Whether a question comes from one segment of a site into another.
    fn between_segments(
        &self,
        from: Spot,
        to: SegmentIx,
        flow: Flow,
    ) -> Result<(), Option<Unknown>> {
        if matches!(from, Spot::Inside(_, own) if own == to) {
            return Ok(());
        }
        let node = self.segment(to);
        match &node.object.from_segments {
            None => match self.assumed(&About::SegmentOpen(node.id.clone())) {
                Some(_) => Ok(()),
                None => Err(Some(Unknown::SegmentFilter(to))),
            },
            Some(filter) => {
                let from = flow.from.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
                match filter.action(from, flow.to, flow.port) {
                    Action::Allow => Ok(()),
                    Action::Drop | Action::Reject => Err(None),
                }
            }
        }
    }

    fn at_resolver(
        &self,
        resolver: ResolverIx,
        name: &Fqdn,
        kind: RecordKind,
        depth: usize,
        steps: &mut Vec<LookupStep<'a>>,
    ) -> Answer<'a> {
        let mut name = name.clone();
        for _ in 0..=ALIASES_MAX {
            match self.at_resolver_once(resolver, &name, kind, depth, steps) {
                Told::Alias(target) => name = target.clone(),
                Told::Answer(answer) => return answer,
            }
        }
        Answer::Temporary
    }

    fn at_resolver_once(
        &self,
        resolver: ResolverIx,
        name: &Fqdn,
        kind: RecordKind,
        depth: usize,
        steps: &mut Vec<LookupStep<'a>>,
    ) -> Told<'a> {
        let node = self.resolver(resolver);
        if let Some(zone) = self.zone_for(&node.zones, name) {
            steps.push(LookupStep::Zone(zone));
            return self.in_zone(zone, name, kind, steps);
        }
        if depth >= FORWARDS_MAX {
            return Told::Answer(Answer::Temporary);
        }
        let from = node.object.addresses.first().copied();
        let conditional = node
            .object
            .conditional
            .iter()
            .filter(|(zone, _)| name.is_within(zone))
            .max_by_key(|(zone, _)| if zone.is_root() { 0 } else { zone.as_str().len() });
        let list = match (conditional, &node.object.forwards) {
            (Some((_, list)), _) | (None, Some(Forward::To(list))) => list,
            (None, None) => return Told::Answer(Answer::Unknown(Unknown::Forwards(resolver))),
            (None, Some(Forward::Nowhere)) => {
                steps.push(LookupStep::NoForwarder);
                return Told::Answer(Answer::Temporary);
            }
            (None, Some(Forward::Internet)) => {
                if let Some(stopped) = self.no_way_to_public(resolver, from) {
                    return Told::Answer(stopped);
                }
                let from = steps.len();
                steps.push(LookupStep::Forwarded(None));
                let answer = self.public(name, kind, steps);
                return self.own_zone_first(resolver, answer, from, steps);
            }
        };
        let known = |id| self.resolvers.iter().position(|r| r.id == id).map(ResolverIx::new);
        let list: Vec<_> = list.iter().filter_map(known).collect();
        let start = steps.len();
        if let Some(first) = list.first() {
            steps.push(LookupStep::Forwarded(Some(*first)));
        }
        let answer = self.ask_list(node.spot, from, &list, name, kind, depth + 1, steps);
        self.own_zone_first(resolver, answer, start, steps)
    }

    /// A forwarder's answer that came by an alias: the resolver looks the alias's target up in its own
    /// zones before it believes what it was told (the laboratory's BIND).
    fn own_zone_first(
        &self,
        resolver: ResolverIx,
        answer: Answer<'a>,
        from: usize,
        steps: &mut Vec<LookupStep<'a>>,
    ) -> Told<'a> {
        let zones = &self.resolver(resolver).zones;
        let own = steps[from..].iter().position(|step| match step {
            LookupStep::Alias(_, target) => self.zone_for(zones, target).is_some(),
            _ => false,
        });
        // A resolver that was told nothing has no alias to follow.
        let told = matches!(answer, Answer::Found(..) | Answer::NoSuchName | Answer::NoData);
        match own.filter(|_| told).map(|at| from + at) {
            Some(at) => {
                let LookupStep::Alias(_, target) = steps[at] else { return Told::Answer(answer) };
                steps.truncate(at + 1);
                Told::Alias(target)
            }
            None => Told::Answer(answer),
        }
    }

    /// Why a resolver does not reach the public DNS, if it does not.
    fn no_way_to_public(&self, resolver: ResolverIx, from: Option<IpAddr>) -> Option<Answer<'a>> {
        let Spot::Inside(site, segment) = self.resolver(resolver).spot else { return None };
        if self.is_down(self.segment(segment).failed) {
            return Some(Answer::Temporary);
        }
        let to = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        match self.way_out(site, Flow { from, to, port: 53 }) {
            Ok(_) => None,
            Err(Stop::Unknown(unknown)) => Some(Answer::Unknown(unknown)),
            Err(_) => Some(Answer::Temporary),
        }
    }

    /// Whether `asker` can ask the public DNS at all, as it must to send to somebody whose domain
    /// is not drawn. None: it can.
    pub fn public_dns_failure(&self, asker: Asker) -> Option<NameFailure> {
        let Asker::Server(ix) = asker else { return None };
        let node = self.server(ix);
        let list = match (&node.resolvers, node.spot) {
            (None, Spot::Internet) => return None,
            (None, Spot::Inside(site, _)) => {
                return Some(NameFailure::Unknown(Unknown::SiteResolvers(site)));
            }
            (_, Spot::Nowhere) => return Some(NameFailure::Unknown(Unknown::Place(ix))),
            (Some(list), _) => list,
        };
        let from = node.object.addresses.first().copied();
        self.list_to_public(node.spot, from, list, 0)
    }

    fn list_to_public(
        &self,
        spot: Spot,
        from: Option<IpAddr>,
        list: &[ResolverIx],
        depth: usize,
    ) -> Option<NameFailure> {
        if depth > FORWARDS_MAX {
            return Some(NameFailure::Temporary);
        }
        for resolver in list {
            match self.reaches_resolver(spot, from, *resolver) {
                Ok(()) => {}
                Err(Some(unknown)) => return Some(NameFailure::Unknown(unknown)),
                Err(None) => continue,
            }
            let node = self.resolver(*resolver);
            let own = node.object.addresses.first().copied();
            let failure = match &node.object.forwards {
                // A root zone of its own answers for every name, so nothing is asked outside.
                _ if self.zone_for(&node.zones, &Fqdn::root()).is_some() => {
                    Some(NameFailure::NoName)
                }
                None => Some(NameFailure::Unknown(Unknown::Forwards(*resolver))),
                Some(Forward::Nowhere) => Some(NameFailure::Temporary),
                Some(Forward::Internet) => match self.no_way_to_public(*resolver, own) {
                    None => None,
                    Some(Answer::Unknown(unknown)) => Some(NameFailure::Unknown(unknown)),
                    Some(_) => Some(NameFailure::Temporary),
                },
                Some(Forward::To(ids)) => {
                    let known =
                        |id| self.resolvers.iter().position(|r| r.id == id).map(ResolverIx::new);
                    let next: Vec<_> = ids.iter().filter_map(known).collect();
                    self.list_to_public(node.spot, own, &next, depth + 1)
                }
            };
            if failure != Some(NameFailure::Temporary) {
                return failure;
            }
        }
        Some(NameFailure::Temporary)
    }

    fn public(&self, name: &Fqdn, kind: RecordKind, steps: &mut Vec<LookupStep<'a>>) -> Answer<'a> {
        steps.push(LookupStep::Public);
        let mut name = name.clone();
        for _ in 0..=ALIASES_MAX {
            let Some(zone) = self.zone_for(&self.public_zones, &name) else {
                return if self.on(Behaviour::InternetIsDrawn) {
                    Answer::NoSuchName
                } else {
                    Answer::Unknown(Unknown::OutsideZone(name))
                };
            };
            steps.push(LookupStep::Zone(zone));
            match self.in_zone(zone, &name, kind, steps) {
                Told::Alias(target) => name = target.clone(),
                Told::Answer(answer) => return answer,
            }
        }
        Answer::Temporary
    }
}

fn unknown_of(stop: Stop) -> Option<Unknown> {
    match stop {
        Stop::Unknown(unknown) => Some(unknown),
        _ => None,
    }
}
