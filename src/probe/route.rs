//! Whom a question is put to: the resolvers that were named, the plan's own hosts, and the test
//! addresses that stand for them. Nobody else.

use super::{
    NoAnswer,
    wire::{How, Query, Rr},
};
use crate::sim::expected::{Ask, Expected, Question, Side};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    net::{IpAddr, SocketAddr},
};

/// How many planned addresses are named where a mapped one is none of them.
const TOLD: usize = 6;

/// Whom the questions go to.
#[derive(Clone, Debug, Default)]
pub struct Route {
    /// The resolver that a site's hosts ask; or why there is none.
    pub inside: Option<SocketAddr>,
    /// Why there is no inside resolver.
    pub no_inside: String,
    /// The resolver that knows the public DNS.
    pub outside: Option<SocketAddr>,
    /// Whether SMTP hosts may be contacted.
    pub smtp: bool,
    /// Whether a listener is asked to relay from a stranger to a stranger; no mail is sent.
    pub relay_test: bool,
    /// Whether the zones' own name servers may be asked, wherever they stand.
    pub authoritative: bool,
    /// Whether the mail domains' MTA-STS policies may be fetched from their web servers.
    pub policies: bool,
    /// Planned addresses and the test addresses that stand for them, whatever the port.
    pub map: BTreeMap<IpAddr, SocketAddr>,
    /// Planned addresses with their ports and what stands for them; asked before `map`.
    pub map_ports: BTreeMap<SocketAddr, SocketAddr>,
}

/// What is asked of whom; equal ones are asked once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// An SMTP port, and the planned host whose it is.
    Greeting(SocketAddr, String),
    /// A name server, whose whole answer is wanted.
    Whole(Query),
}

impl Target {
    /// The address and port that are contacted.
    pub fn address(&self) -> SocketAddr {
        match self {
            Self::Greeting(address, _) => *address,
            Self::Whole(query) => query.server,
        }
    }
}

/// Somebody who will be contacted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contact {
    /// Address and port.
    pub address: SocketAddr,
    /// What for.
    pub what: &'static str,
    /// How many questions go there.
    pub questions: usize,
}

/// Hosts that will be contacted at addresses which nobody knows before a resolver was asked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Delegates {
    /// Which hosts.
    pub whose: Whose,
    /// The zone or mail domain whose they are.
    pub zone: String,
    /// Who is asked for their names and addresses.
    pub resolver: SocketAddr,
}

/// Which hosts of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// Those that serve it.
    NameServers,
    /// The web server of its MTA-STS policy.
    Policy,
}

impl fmt::Display for Delegates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { whose, zone, resolver } = self;
        match whose {
            Whose::NameServers => {
                write!(
                    f,
                    "the name servers of {zone}, at the addresses that {resolver} gives for them"
                )
            }
            Whose::Policy => write!(
                f,
                "the web server mta-sts.{zone}, at the address that {resolver} gives for it, if the domain has an MTA-STS record"
            ),
        }
    }
}

impl Route {
    /// The questions that are put at all: those about SMTP only where it was asked for.
    pub fn wanted(&self, mut questions: Vec<Question>) -> Vec<Question> {
        questions.retain(|question| self.smtp || !matches!(question.ask, Ask::Greeting { .. }));
        questions
    }

    /// Whom a side is.
    ///
    /// # Errors
    /// When nobody was named.
    pub fn server(&self, side: Side) -> Result<SocketAddr, NoAnswer> {
        let (server, why) = match side {
            Side::Inside => (self.inside, self.no_inside.as_str()),
            Side::Outside => (self.outside, "no outside resolver was named"),
        };
        server.ok_or_else(|| NoAnswer::NotNamed(why.to_owned()))
    }

    /// Whom a question is put to.
    ///
    /// # Errors
    /// Why it is put to nobody.
    pub fn target(&self, question: &Question) -> Result<Target, NoAnswer> {
        if let Expected::Varies(_) = question.expected {
            let why = "the plan's sites ask different resolvers: name the site where this is asked";
            return Err(NoAnswer::NotNamed(why.to_owned()));
        }
        match &question.ask {
            Ask::Name { side, name, kind } => {
                let (name, kind) = (name.to_string(), Rr::from(*kind));
                let query = |server| Query { server, name, kind, how: How::Plain };
                self.server(*side).map(|server| Target::Whole(query(server)))
            }
            Ask::Greeting { server, at } => {
                Ok(Target::Greeting(self.mapped(*at), server.to_string()))
            }
            // What it asks turns out on the way; this is where it begins.
            Ask::Study(study) => {
                let name = study.name.to_string();
                let query = |server| Query { server, name, kind: Rr::Other, how: How::Plain };
                self.server(study.side).map(|server| Target::Whole(query(server)))
            }
        }
    }

    /// What stands for a planned address and port.
    pub fn mapped(&self, at: SocketAddr) -> SocketAddr {
        let by_port = self.map_ports.get(&at).copied();
        by_port.or_else(|| self.map.get(&at.ip()).copied()).unwrap_or(at)
    }

    /// Takes a mapping in; true: there was one for the same address already.
    pub fn map_to(&mut self, mapping: Mapping) -> bool {
        match mapping {
            Mapping::Address(from, to) => self.map.insert(from, to).is_some(),
            Mapping::Port(from, to) => self.map_ports.insert(from, to).is_some(),
        }
    }

    /// The first mapping that none of a phase's questions would use, in words. Where the zones' own name
    /// servers are asked or policies fetched, any address may turn out to be one of theirs, so that none is
    /// refused there.
    ///
    /// `questions` are all that the phase has, asked from anywhere.
    pub fn idle(&self, questions: &[Question]) -> Option<String> {
        let asked = |question: &Question| match &question.ask {
            Ask::Greeting { at, .. } => Some(*at),
            Ask::Name { .. } | Ask::Study(_) => None,
        };
        let planned: BTreeSet<SocketAddr> = questions.iter().filter_map(asked).collect();
        let hosts: BTreeSet<IpAddr> = planned.iter().map(SocketAddr::ip).collect();
        let of_policy = |at: &SocketAddr| self.policies && at.port() == 443;
        let port = self.map_ports.keys().find(|at| !planned.contains(at) && !of_policy(at));
        let any = self.authoritative || self.policies;
        let host = self.map.keys().find(|at| !any && !hosts.contains(at));
        let idle = port.map(ToString::to_string).or_else(|| host.map(ToString::to_string))?;
        let known: Vec<String> = match port.filter(|at| hosts.contains(&at.ip())) {
            Some(at) => {
                planned.iter().filter(|p| p.ip() == at.ip()).map(ToString::to_string).collect()
            }
            None => hosts.iter().map(ToString::to_string).collect(),
        };
        let more = known.len().saturating_sub(TOLD);
        let told = known.into_iter().take(TOLD).collect::<Vec<_>>().join(", ");
        Some(match (told.is_empty(), more) {
            (true, _) => {
                format!("no question of this phase goes to `{idle}`, nor to any other mail server")
            }
            (_, 0) => format!("no question of this phase goes to `{idle}`; they go to {told}"),
            _ => format!(
                "no question of this phase goes to `{idle}`; they go to {told} and {more} more"
            ),
        })
    }

    /// The zones' own name servers, and the web servers of policies, that will be contacted beside
    /// [`Self::contacts`], sorted.
    pub fn delegates(&self, questions: &[Question]) -> Vec<Delegates> {
        let Some(resolver) = self.outside else { return Vec::new() };
        let found: BTreeSet<Delegates> = questions
            .iter()
            .filter_map(|question| match &question.ask {
                Ask::Study(study) if self.authoritative && study.asks_name_servers() => {
                    Some((Whose::NameServers, study))
                }
                Ask::Study(study) if self.policies && study.fetches_policy() => {
                    Some((Whose::Policy, study))
                }
                _ => None,
            })
            .map(|(whose, study)| Delegates { whose, zone: study.name.to_string(), resolver })
            .collect();
        found.into_iter().collect()
    }

    /// Everybody whose address is known who will be contacted, sorted. See [`Self::delegates`] for the
    /// others.
    pub fn contacts(&self, questions: &[Question]) -> Vec<Contact> {
        let mut found: BTreeMap<(SocketAddr, &'static str), usize> = BTreeMap::new();
        for question in questions {
            let Ok(target) = self.target(question) else { continue };
            let what = match &question.ask {
                Ask::Name { side: Side::Inside, .. } => "inside resolver",
                Ask::Name { side: Side::Outside, .. } => "outside resolver",
                Ask::Greeting { .. } => "SMTP session",
                Ask::Study(study) if study.side == Side::Inside => "inside resolver",
                Ask::Study(_) => "outside resolver",
            };
            *found.entry((target.address(), what)).or_default() += 1;
        }
        found
            .into_iter()
            .map(|((address, what), questions)| Contact { address, what, questions })
            .collect()
    }
}

/// A resolver's address as people type it: `192.0.2.53:5353`, `[2001:db8::53]:53`; without a port it is 53.
///
/// # Errors
/// What is expected instead.
pub fn resolver(text: &str) -> Result<SocketAddr, String> {
    let address = |text: &str| text.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 53));
    text.parse().or_else(|_| address(text)).map_err(|error| {
        format!("`{text}` is no address with a port, as in 192.0.2.53:53 ({error})")
    })
}

/// A planned address and the test address that stands for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mapping {
    /// On all ports.
    Address(IpAddr, SocketAddr),
    /// On one port.
    Port(SocketAddr, SocketAddr),
}

/// A planned address, with its port or without, and the test address that stands for it, as people
/// type them: `10.1.0.11=127.0.0.2:2525`, `10.1.0.11:587=127.0.0.2:2587`.
///
/// # Errors
/// What is expected instead.
pub fn mapping(text: &str) -> Result<Mapping, String> {
    let parsed = text.split_once('=').and_then(|(from, to)| {
        let (from, to) = (from.trim(), to.trim().parse().ok()?);
        let by_port = from.parse().ok().map(|from| Mapping::Port(from, to));
        by_port.or_else(|| Some(Mapping::Address(from.parse().ok()?, to)))
    });
    parsed
        .ok_or_else(|| format!("`{text}` is no pair of addresses, as in 10.1.0.11=127.0.0.2:2525"))
}
