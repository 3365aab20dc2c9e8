//! Following a message from server to server. Attempts are remembered, because most messages share
//! most of their hops; what is remembered cannot be seen from outside (a test compares).

use super::attempt::{Attempt, AttemptEnd, Sender, attempt};
use crate::{
    model::{assumption::Behaviour, name::Fqdn},
    net::{
        lookup::Asker,
        reach::Opened,
        unknown::Unknown,
        watch::Memo,
        world::{ConnectorIx, ServerIx, Spot, World},
    },
    platform::{
        self, Decision, Hop, Mailbox, OnNoName, Platform, Recipient, Target, Targets,
        verdict::{Code, Disposition, Stopped, Why},
    },
};
use std::rc::Rc;

/// Where a message starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// At a server.
    Server(ServerIx),
    /// With anybody on the Internet.
    Outside,
}

/// A message on its way.
#[derive(Clone, Debug)]
pub struct Message {
    /// Where it starts.
    pub from: Start,
    /// Whom it is for.
    pub to: Recipient,
}

/// What one server did with a message.
#[derive(Debug)]
pub struct Leg<'a> {
    /// The server; none: the sender on the Internet.
    pub server: Option<ServerIx>,
    /// What it decided.
    pub decision: Decision,
    /// What came of it, where it sent.
    pub attempt: Option<Rc<Attempt<'a>>>,
    /// How it ended there.
    pub end: LegEnd,
}

/// How a message left a server, or stayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LegEnd {
    /// A peer took it.
    Taken(Opened),
    /// Somebody on the Internet took it; with the source address that is seen there.
    Left(Option<std::net::IpAddr>),
    /// It lies in a mailbox here.
    InMailbox,
    /// The connector was found down, and another route is tried.
    Rerouted(ConnectorIx),
    /// It stopped here.
    Stopped(Stopped),
}

/// A message's whole way.
#[derive(Debug)]
pub struct Walk<'a> {
    /// Leg by leg.
    pub legs: Vec<Leg<'a>>,
}

impl Walk<'_> {
    /// What became of the message.
    pub fn disposition(&self, world: &World<'_>) -> Disposition {
        match self.legs.last().map(|leg| (&leg.end, leg.server)) {
            Some((LegEnd::InMailbox, Some(server))) => match world.server(server).spot {
                Spot::Internet => Disposition::LeftForInternet,
                _ => Disposition::Delivered,
            },
            Some((LegEnd::Left(_), _)) => Disposition::LeftForInternet,
            Some((LegEnd::Stopped(stopped), _)) => stopped.disposition,
            _ => Disposition::CannotTell,
        }
    }

    /// Why it stopped, if it did.
    pub fn stopped(&self) -> Option<&Stopped> {
        match self.legs.last().map(|leg| &leg.end) {
            Some(LegEnd::Stopped(stopped)) => Some(stopped),
            _ => None,
        }
    }

    /// The servers that held it, first to last.
    pub fn path(&self) -> Vec<ServerIx> {
        let mut path: Vec<ServerIx> = Vec::new();
        for leg in &self.legs {
            if let Some(server) = leg.server
                && path.last() != Some(&server)
            {
                path.push(server);
            }
        }
        path
    }
}

type AttemptKey = (Option<ServerIx>, Hop, Option<Fqdn>);

/// A world with what was tried in it.
pub struct Simulator<'w, 'a> {
    /// The world.
    pub world: &'w World<'a>,
    attempts: Memo<AttemptKey, Rc<Attempt<'a>>>,
}

impl<'w, 'a> Simulator<'w, 'a> {
    /// A simulator of a world.
    pub fn new(world: &'w World<'a>) -> Self {
        Self { world, attempts: Memo::default() }
    }

    /// Follows a message to its end.
    pub fn walk(&self, message: &Message) -> Walk<'a> {
        let mut legs = Vec::new();
        let mut visited: Vec<(ServerIx, usize)> = Vec::new();
        let mut without: Vec<ConnectorIx> = Vec::new();
        let mut at = message.from;
        loop {
            if let Start::Server(server) = at {
                // The same server with the same connectors left: it would go on for ever.
                if visited.contains(&(server, without.len())) {
                    let why = Why::Circle(server);
                    let stopped = Stopped::new(Disposition::Loop, Code::TooManyHops, why);
                    legs.push(Leg::ended(server, LegEnd::Stopped(stopped)));
                    return Walk { legs };
                }
                visited.push((server, without.len()));
            }
            let leg = self.leg(at, &message.to, &without);
            let end = leg.end.clone();
            legs.push(leg);
            match end {
                LegEnd::Taken(opened) => at = Start::Server(opened.server),
                LegEnd::Rerouted(connector) => without.push(connector),
                LegEnd::Left(_) | LegEnd::InMailbox | LegEnd::Stopped(_) => return Walk { legs },
            }
        }
    }

    /// What one server does with a message.
    pub fn leg(&self, at: Start, to: &Recipient, without: &[ConnectorIx]) -> Leg<'a> {
        let (server, platform) = match at {
            Start::Outside => return self.leg_outside(to),
            Start::Server(server) => match self.platform(server) {
                Ok(platform) => (server, platform),
                Err(stopped) => return Leg::ended(server, LegEnd::Stopped(stopped)),
            },
        };
        let decision = platform.decide(self.world, server, to, without);
        let hop = match &decision {
            Decision::Mailbox => return Leg::decided(server, decision, LegEnd::InMailbox),
            Decision::Stop(stopped) => {
                let end = LegEnd::Stopped(stopped.clone());
                return Leg::decided(server, decision, end);
            }
            Decision::Send { hop, .. } => *hop,
        };
        let attempt = self.attempt(Some(server), hop, to, Some(platform));
        let mut end = self.session(Some(server), &attempt, to);
        if let (LegEnd::Stopped(stopped), Hop::Connector(connector)) = (&end, hop)
            && stopped.disposition == Disposition::Queued
            && self.reroutes(connector, server, to, without)
        {
            end = LegEnd::Rerouted(connector);
        }
        Leg { server: Some(server), decision, attempt: Some(attempt), end }
    }

    /// Whom a leg's hop tried; made again, since only a trace that is told needs it.
    pub fn targets(&self, leg: &Leg<'_>, to: &Recipient) -> Targets {
        let Decision::Send { hop, .. } = &leg.decision else { return Targets::default() };
        let system = leg.server.and_then(|server| self.world.server(server).object.platform);
        self.targets_of(leg.server, *hop, to, system.map(platform::of))
    }

    fn targets_of(
        &self,
        server: Option<ServerIx>,
        hop: Hop,
        to: &Recipient,
        platform: Option<&'static dyn Platform>,
    ) -> Targets {
        if let (Some(server), Some(platform)) = (server, platform) {
            return platform.targets(self.world, server, hop, to);
        }
        let on_no_name = OnNoName { keep: false, assumed: None };
        let target = Target::Mx { domain: to.domain.clone(), on_no_name, odd: None };
        Targets { list: vec![target], assumed: Vec::new() }
    }

    /// What comes of one hop of one server.
    pub fn try_hop(
        &self,
        server: ServerIx,
        system: crate::model::server::Platform,
        hop: Hop,
        to: &Recipient,
    ) -> Rc<Attempt<'a>> {
        self.attempt(Some(server), hop, to, Some(platform::of(system)))
    }

    fn platform(&self, server: ServerIx) -> Result<&'static dyn Platform, Stopped> {
        let node = self.world.server(server);
        if self.world.is_down(node.failed) {
            let why = Why::HolderDown(server);
            return Err(Stopped::new(Disposition::Queued, Code::Other, why));
        }
        match node.object.platform {
            Some(name) => Ok(platform::of(name)),
            None => Err(Stopped::unknown(Unknown::Platform(server))),
        }
    }

    fn leg_outside(&self, to: &Recipient) -> Leg<'a> {
        let attempt = self.attempt(None, Hop::Mx, to, None);
        let end = self.session(None, &attempt, to);
        let decision = Decision::Send { hop: Hop::Mx, cost: None, assumed: Vec::new() };
        Leg { server: None, decision, attempt: Some(attempt), end }
    }

    fn attempt(
        &self,
        server: Option<ServerIx>,
        hop: Hop,
        to: &Recipient,
        platform: Option<&'static dyn Platform>,
    ) -> Rc<Attempt<'a>> {
        let domain = if hop.by_domain() { to.domain.clone() } else { None };
        let key = (server, hop, domain);
        self.attempts.get_or(&self.world.watch, key, || {
            let asker = server.map_or(Asker::Outside, Asker::Server);
            let targets = self.targets_of(server, hop, to, platform);
            Rc::new(attempt(self.world, Sender { asker, platform }, &targets))
        })
    }

    /// Whether the peer that answered takes the message.
    fn session(&self, server: Option<ServerIx>, attempt: &Attempt<'a>, to: &Recipient) -> LegEnd {
        let opened = match &attempt.end {
            AttemptEnd::Stopped(stopped) => return LegEnd::Stopped(stopped.clone()),
            AttemptEnd::Outside(seen) => return LegEnd::Left(*seen),
            AttemptEnd::Open(opened) => *opened,
        };
        match self.accepts(server, &opened, to) {
            Ok(None) => LegEnd::Taken(opened),
            Err(unknown) => LegEnd::Stopped(Stopped::unknown(unknown)),
            Ok(Some((code, why))) => {
                let outside = server.is_none_or(|ix| self.world.server(ix).spot == Spot::Internet);
                let disposition = if outside { Disposition::Refused } else { Disposition::Bounced };
                LegEnd::Stopped(Stopped::new(disposition, code, why))
            }
        }
    }

    /// A peer's refusal for good, if it refuses.
    fn accepts(
        &self,
        from: Option<ServerIx>,
        opened: &Opened,
        to: &Recipient,
    ) -> Result<Option<(Code, Why)>, Unknown> {
        let peer = opened.server;
        let node = self.world.server(peer);
        let platform = match node.object.platform {
            Some(name) => platform::of(name),
            None => return Err(Unknown::Platform(peer)),
        };
        if let Some(domain) = &to.domain {
            if self.world.is_local(peer, domain.as_str()) {
                let known = to.mailbox != Mailbox::Unknown;
                return Ok((!known).then_some((Code::UnknownUser, Why::UnknownUser(peer))));
            }
            if node.object.relay_domains.contains(domain) {
                return Ok(None);
            }
        }
        if from.is_some_and(|from| platform.trusts(self.world, peer, from)) {
            return Ok(None);
        }
        if node.object.relay_from.is_some() && opened.masked {
            return Err(Unknown::MaskedClient(peer));
        }
        match (&node.object.relay_from, opened.seen) {
            (None, _) => Err(Unknown::RelayFrom(peer)),
            (Some(nets), Some(seen)) if nets.iter().any(|net| net.contains(seen)) => Ok(None),
            (Some(_), _) => Ok(Some((Code::RelayDenied, Why::RelayDenied(peer)))),
        }
    }

    /// Whether link state takes mail around a connector that does not deliver: one with named source
    /// bridgeheads, when any other way is left. (A connector that any local server may use, or one
    /// without an alternative, is never marked down.)
    fn reroutes(
        &self,
        connector: ConnectorIx,
        server: ServerIx,
        to: &Recipient,
        without: &[ConnectorIx],
    ) -> bool {
        let node = self.world.connector(connector);
        if !self.platform(server).is_ok_and(Platform::has_link_state) {
            return false;
        }
        if node.object.sources.is_empty() || !self.world.on(Behaviour::LinkStateReroutes) {
            return false;
        }
        let mut without = without.to_vec();
        without.push(connector);
        let platform = self.platform(server);
        platform.is_ok_and(|platform| match platform.decide(self.world, server, to, &without) {
            Decision::Stop(stopped) => stopped.disposition != Disposition::NoRoute,
            Decision::Mailbox | Decision::Send { .. } => true,
        })
    }
}

impl Leg<'_> {
    fn ended(server: ServerIx, end: LegEnd) -> Self {
        Self::decided(server, Decision::Mailbox, end)
    }

    fn decided(server: ServerIx, decision: Decision, end: LegEnd) -> Self {
        Self { server: Some(server), decision, attempt: None, end }
    }
}
