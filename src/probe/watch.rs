//! Watching a cut-over: which of the watched name servers agree with the plan, which still give what
//! an earlier phase planned, and until when at the latest. Knows no network and no clock: each poll's
//! checks are told to it with the time.

use super::Check;
use crate::{
    model::{Project, beside::Outcome, id::SiteId, unfold::unfold},
    net::world::Inputs,
    sim::expected::{Ask, Question, Side, questions},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
};

/// A name server that is watched.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Watched {
    /// Its address.
    pub address: SocketAddr,
    /// Whose answer is wanted of it.
    pub side: Side,
    /// Whether it has the zones itself; otherwise it is a resolver, which remembers.
    pub authoritative: bool,
}

/// What a server says to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// What the plan says.
    Agrees,
    /// What an earlier phase's plan says.
    Old {
        /// The last phase that planned it.
        phase: usize,
        /// Until when it may be remembered, in seconds since 1970; none: until it is changed there.
        until: Option<u64>,
    },
    /// Something that no phase plans.
    Other {
        /// As with [`State::Old`].
        until: Option<u64>,
    },
    /// Nothing.
    Unknown(String),
}

/// A question with what one server says to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The question in words.
    pub question: String,
    /// What came.
    pub got: Vec<String>,
    /// How it stands to the plan.
    pub state: State,
}

/// What is watched, and how it stands.
#[derive(Clone, Debug)]
pub struct Watch {
    /// The servers, in the order in which they were named.
    pub servers: Vec<Watched>,
    /// What is asked of them.
    pub questions: Vec<Question>,
    /// What the earlier phases plan, by the question's key, the latest first.
    earlier: BTreeMap<String, Vec<(usize, BTreeSet<String>)>>,
    answers: BTreeMap<(usize, String), Answered>,
    /// The TTL in seconds with which an authoritative server still gives old data.
    given: BTreeMap<(usize, String), u64>,
    /// Until when a cache that asked an authoritative server may still remember what that one no
    /// longer says.
    elsewhere: Option<u64>,
}

impl Watch {
    /// Watches the names of a phase at these servers, as they are asked at a site.
    pub fn new(
        project: &Project,
        phase: usize,
        from: Option<&SiteId>,
        servers: Vec<Watched>,
    ) -> Self {
        let inputs = Inputs::of(project);
        let topologies = unfold(project);
        let names = |at: usize| {
            let from = from.filter(|site| topologies[at].sites.contains_key(*site));
            let mut all = questions(&topologies[at], &inputs, from);
            all.retain(|question| matches!(question.ask, Ask::Name { .. }));
            all
        };
        let mut earlier: BTreeMap<String, Vec<(usize, BTreeSet<String>)>> = BTreeMap::new();
        for at in (0..phase).rev() {
            for question in names(at) {
                let lines = question.expected.lines().into_iter().collect();
                earlier.entry(question.key).or_default().push((at, lines));
            }
        }
        let (answers, given) = (BTreeMap::new(), BTreeMap::new());
        Self { servers, questions: names(phase), earlier, answers, given, elsewhere: None }
    }

    /// The questions that go to a server.
    pub fn questions_for(&self, server: usize) -> Vec<Question> {
        let side = self.servers[server].side;
        let wanted = |question: &&Question| match question.ask {
            Ask::Name { side: own, .. } => own == side,
            Ask::Greeting { .. } | Ask::Study(_) => false,
        };
        self.questions.iter().filter(wanted).cloned().collect()
    }

    /// Takes what a server said in a poll; `now` in seconds since 1970.
    pub fn take(&mut self, server: usize, checks: &[Check], now: u64) {
        let authoritative = self.servers[server].authoritative;
        for check in checks {
            // The checks' keys begin with the phase's.
            let Some((_, key)) = check.key.split_once(' ') else { continue };
            let until = check.evidence.ttl.map(|ttl| now + u64::from(ttl));
            let state = self.state(key, check, until.filter(|_| !authoritative));
            if authoritative {
                self.remember((server, key.to_owned()), &state, check.evidence.ttl, now);
            }
            let question = check.evidence.question.clone();
            let answered = Answered { question, got: check.evidence.got.clone(), state };
            self.answers.insert((server, key.to_owned()), answered);
        }
    }

    /// Remembers what an authoritative server gives that is old. Once it no longer does, a cache may
    /// have asked just before that was seen.
    fn remember(&mut self, of: (usize, String), state: &State, ttl: Option<u32>, now: u64) {
        match state {
            State::Old { .. } | State::Other { .. } => {
                self.given.insert(of, u64::from(ttl.unwrap_or(0)));
            }
            State::Agrees => {
                let end = self.given.remove(&of).map(|ttl| now + ttl);
                self.elsewhere = self.elsewhere.max(end);
            }
            State::Unknown(_) => {}
        }
    }

    fn state(&self, key: &str, check: &Check, until: Option<u64>) -> State {
        let evidence = &check.evidence;
        let got: BTreeSet<String> = evidence.got.iter().cloned().collect();
        let expected: BTreeSet<String> = evidence.expected.iter().cloned().collect();
        match evidence.outcome {
            Outcome::Pass | Outcome::Info | Outcome::NotApplicable => return State::Agrees,
            // Only its lifetime differs.
            Outcome::Warn if got == expected => return State::Agrees,
            Outcome::Unknown => return State::Unknown(evidence.reason.clone()),
            Outcome::Warn | Outcome::Fail => {}
        }
        let is_nothing = ["no such name", "no record"].iter().any(|none| got.contains(*none));
        let fits =
            |lines: &BTreeSet<String>| *lines == got || (is_nothing && lines.contains("no record"));
        let list = self.earlier.get(key);
        let found = list.and_then(|list| list.iter().find(|(_, lines)| fits(lines)));
        match found {
            Some((phase, _)) => State::Old { phase: *phase, until },
            // A name that no earlier phase had did not exist then.
            None if is_nothing && list.is_none() => State::Old { phase: 0, until },
            None => State::Other { until },
        }
    }

    /// What a server said, sorted by question.
    pub fn answers(&self, server: usize) -> impl Iterator<Item = &Answered> {
        self.answers
            .iter()
            .filter(move |((own, _), _)| *own == server)
            .map(|(_, answered)| answered)
    }

    /// Whether all agree with the plan. Who has said nothing does not agree.
    pub fn is_agreed(&self) -> bool {
        let asked: usize = (0..self.servers.len()).map(|at| self.questions_for(at).len()).sum();
        self.answers.len() == asked && self.answers.values().all(|a| a.state == State::Agrees)
    }

    /// Whether somebody says something else than the plan.
    pub fn is_contradicted(&self) -> bool {
        let other = |state: &State| matches!(state, State::Old { .. } | State::Other { .. });
        self.answers.values().any(|answered| other(&answered.state))
    }

    /// Until when at the latest what was seen may be remembered, in seconds since 1970: by the watched
    /// resolvers, and by any cache that asked an authoritative server while it was seen to say
    /// something else. None: nothing old was seen, or some server tells no end. What was changed before
    /// the watch began may be remembered longer by caches that are not watched.
    pub fn latest(&self) -> Option<u64> {
        let old = |answered: &Answered| match answered.state {
            State::Old { until, .. } | State::Other { until } => Some(until),
            State::Agrees | State::Unknown(_) => None,
        };
        let seen: Vec<Option<u64>> = self.answers.values().filter_map(old).collect();
        if seen.contains(&None) {
            return None;
        }
        seen.into_iter().flatten().chain(self.elsewhere).max()
    }
}
