//! The answers that a check is made of: what is there, and what has to be asked first.
//!
//! A check is a pure function over answers. Where one is missing it is noted, the check stops, and
//! is begun again once the answer has come; so a check may follow what it hears, from exchanger to
//! address, and nothing is asked that nobody wants to know.

use crate::{
    net::lookup::ALIASES_MAX,
    probe::{
        NoAnswer, Route, Timed,
        judge::Verdict,
        policy::Fetched,
        spf::{self, Stop},
        wire::{How, Message, Query, Rec, Reply, Rr, code},
    },
    sim::expected::Side,
};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, SocketAddr},
};

/// Lines of whole answers that are kept beside a verdict.
const RAW_MAX: usize = 24;

/// Why a check does not go on.
pub type Halt = Stop<NoAnswer>;
/// What becomes of a check: a verdict, or it does not go on.
pub type Judged = Result<Verdict, Halt>;
/// What was answered so far.
pub type Known = BTreeMap<Query, Timed<Reply>>;

/// The records of a name, with the aliases on the way to it followed.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    /// The records of the type that was asked; none: a real no.
    pub records: Vec<Rec>,
    /// The aliases' targets, in their order.
    pub aliases: Vec<String>,
    /// Whether the name does not exist at all.
    pub no_such_name: bool,
    /// The shortest life on the way, in seconds; of a no, how long that may be remembered.
    pub ttl: Option<u32>,
    /// Whether the one who answered speaks for the zone.
    pub authoritative: bool,
}

impl Looked {
    /// The addresses among the records.
    pub fn addresses(&self) -> Vec<IpAddr> {
        self.records.iter().filter_map(Rec::address).collect()
    }

    /// The records' texts, sorted.
    pub fn texts(&self) -> BTreeSet<String> {
        self.records.iter().map(|rec| rec.text.clone()).collect()
    }
}

/// The answers that a check may use.
pub struct Answers<'a> {
    known: &'a Known,
    route: &'a Route,
    missing: RefCell<BTreeSet<Query>>,
    used: RefCell<Vec<Query>>,
}

impl<'a> Answers<'a> {
    /// These answers, with whom the sides are.
    pub fn new(known: &'a Known, route: &'a Route) -> Self {
        Self { known, route, missing: RefCell::default(), used: RefCell::default() }
    }

    /// What has to be asked first.
    pub fn missing(&self) -> BTreeSet<Query> {
        self.missing.take()
    }

    /// Whom a side is.
    ///
    /// # Errors
    /// When nobody was named.
    pub fn server(&self, side: Side) -> Result<SocketAddr, Halt> {
        self.route.server(side).map_err(Stop::None)
    }

    /// Whether the zones' own name servers may be asked.
    pub fn may_ask_servers(&self) -> bool {
        self.route.authoritative
    }

    /// Whether MTA-STS policies may be fetched.
    pub fn may_fetch_policies(&self) -> bool {
        self.route.policies
    }

    /// Where a name server is asked: at the test address that stands for it, else on port 53.
    pub fn place(&self, address: IpAddr) -> SocketAddr {
        self.route.map.get(&address).copied().unwrap_or(SocketAddr::new(address, 53))
    }

    /// What the web server at an address gives for the MTA-STS policy of a host.
    ///
    /// # Errors
    /// When it is not there, or there was none.
    pub fn policy(&self, address: IpAddr, host: &str) -> Result<&'a Fetched, Halt> {
        let server = self.route.mapped(SocketAddr::new(address, 443));
        let (name, kind, how) = (host.to_owned(), Rr::Txt, How::Policy);
        let message = self.message(Query { server, name, kind, how })?;
        let none = || Stop::None(NoAnswer::Network("it is no web server's answer".to_owned()));
        message.policy.as_ref().ok_or_else(none)
    }

    /// A whole answer.
    ///
    /// # Errors
    /// When it is not there, or there was none.
    pub fn message(&self, query: Query) -> Result<&'a Message, Halt> {
        let Some(heard) = self.known.get(&query) else {
            self.missing.borrow_mut().insert(query);
            return Err(Stop::Missing);
        };
        self.used.borrow_mut().push(query);
        heard.reply.as_ref().map_err(|why| Stop::None(why.clone()))
    }

    /// A whole answer of a side, whatever its response code.
    ///
    /// # Errors
    /// When it is not there, or there was none.
    pub fn of(&self, side: Side, name: &str, kind: Rr, how: How) -> Result<&'a Message, Halt> {
        let server = self.server(side)?;
        self.message(Query { server, name: name.to_owned(), kind, how })
    }

    /// The records of a name, as a side gives them, with aliases followed at the same server.
    ///
    /// # Errors
    /// When an answer is not there, or there was none: a failure is never "no such record".
    pub fn look(&self, side: Side, name: &str, kind: Rr) -> Result<Looked, Halt> {
        self.look_at(self.server(side)?, How::Plain, name, kind)
    }

    /// The same, of one server.
    ///
    /// # Errors
    /// When an answer is not there, or there was none.
    pub fn look_at(
        &self,
        server: SocketAddr,
        how: How,
        name: &str,
        kind: Rr,
    ) -> Result<Looked, Halt> {
        let mut looked = Looked::default();
        let mut name = name.to_owned();
        for _ in 0..=ALIASES_MAX {
            let query = Query { server, name: name.clone(), kind, how };
            let message = self.message(query)?;
            if let Some(why) = message.no_answer() {
                return Err(Stop::None(why));
            }
            if message.truncated {
                let why = "the answer was cut short, and the name server does not answer over TCP";
                return Err(Stop::None(NoAnswer::Network(why.to_owned())));
            }
            if message.is_referral() {
                return Err(Stop::None(NoAnswer::Referred));
            }
            let begun = looked.aliases.len();
            follow(message, &mut name, kind, &mut looked);
            looked.authoritative = message.authoritative;
            if !looked.records.is_empty() {
                return Ok(looked);
            }
            let new_alias = looked.aliases.len() > begun;
            if !new_alias || message.negative_soa().is_some() || message.code == code::NO_SUCH_NAME
            {
                looked.no_such_name = message.code == code::NO_SUCH_NAME;
                looked.ttl = message.negative_ttl();
                return Ok(looked);
            }
        }
        Err(Stop::None(NoAnswer::Network(format!("more than {ALIASES_MAX} aliases in a row"))))
    }

    /// The addresses of a name, of both families.
    ///
    /// # Errors
    /// When an answer is not there, or there was none.
    pub fn addresses(&self, side: Side, name: &str) -> Result<Vec<IpAddr>, Halt> {
        let (v4, v6) = (self.look(side, name, Rr::A), self.look(side, name, Rr::Aaaa));
        let (v4, v6) = both(v4, v6)?;
        Ok(v4.addresses().into_iter().chain(v6.addresses()).collect())
    }

    /// Who was asked first, how long the slowest answer took in milliseconds, and the answers. Where
    /// nothing could be told, it is who gave no answer.
    pub fn sources(&self, is_unknown: bool) -> (String, Option<u32>, Vec<String>) {
        let used = self.used.take();
        let mut lines: Vec<String> = Vec::new();
        let mut seen = BTreeSet::new();
        let mut slowest = None;
        for query in used.iter().filter(|query| seen.insert((*query).clone())) {
            let Some(heard) = self.known.get(query) else { continue };
            slowest = slowest.max(heard.took);
            let head = match query.how {
                How::Policy => format!("https://{} @{}:", query.name, query.server),
                _ => format!("{} {} @{}:", query.name, query.kind.name(), query.server),
            };
            match &heard.reply {
                Ok(message) => {
                    let mut all = message.lines().into_iter();
                    lines.push(format!("{head} {}", all.next().unwrap_or_default()));
                    lines.extend(all.map(|line| format!("  {line}")));
                }
                Err(why) => lines.push(format!("{head} {why}")),
            }
        }
        let more = lines.len().saturating_sub(RAW_MAX);
        lines.truncate(RAW_MAX);
        if more > 0 {
            lines.push(format!("… {more} lines more"));
        }
        let gave_none = |query: &&Query| {
            let heard = self.known.get(*query).map(|heard| &heard.reply);
            heard.is_some_and(|reply| reply.as_ref().map_or(true, |m| m.no_answer().is_some()))
        };
        let silent = used.iter().find(gave_none).filter(|_| is_unknown);
        let asked = silent.or(used.first()).map(|query| query.server.to_string());
        let asked = asked.unwrap_or_default();
        let ms = slowest.map(|took| u32::try_from(took.as_millis()).unwrap_or(u32::MAX));
        (asked, ms, lines)
    }
}

/// Follows the aliases in a message to the records of a type.
fn follow(message: &Message, name: &mut String, kind: Rr, looked: &mut Looked) {
    let shortest = |ttl: Option<u32>, more: u32| Some(ttl.map_or(more, |ttl| ttl.min(more)));
    for _ in 0..=ALIASES_MAX {
        let found: Vec<Rec> = message
            .answers
            .iter()
            .filter(|rec| rec.kind == kind && rec.name == *name)
            .cloned()
            .collect();
        if !found.is_empty() {
            looked.ttl = found.iter().map(|rec| rec.ttl).fold(looked.ttl, shortest);
            looked.records = found;
            return;
        }
        let is_alias = |rec: &&Rec| rec.kind == Rr::Cname && rec.name == *name;
        let Some(alias) = message.answers.iter().find(is_alias) else { return };
        looked.ttl = shortest(looked.ttl, alias.ttl);
        looked.aliases.push(alias.text.clone());
        *name = alias.text.clone();
    }
}

/// Two answers, both asked before either is judged.
///
/// # Errors
/// When one of them is missing, or one got no answer.
pub(super) fn both<A, B>(a: Result<A, Halt>, b: Result<B, Halt>) -> Result<(A, B), Halt> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(Stop::Missing), _) | (_, Err(Stop::Missing)) => Err(Stop::Missing),
        (Err(stop), _) | (_, Err(stop)) => Err(stop),
    }
}

/// The answers that came, each with what it is about; and why one of the rest did not.
pub(super) type Came<K, T> = (Vec<(K, T)>, Option<NoAnswer>);

/// Some answers, all asked before any is judged: those that came, and why one of the rest did not.
///
/// # Errors
/// When one is missing.
pub(super) fn each<K, T>(
    asked: impl IntoIterator<Item = (K, Result<T, Halt>)>,
) -> Result<Came<K, T>, Halt> {
    let (mut came, mut why, mut missing) = (Vec::new(), None, false);
    for (key, answer) in asked {
        match answer {
            Ok(answer) => came.push((key, answer)),
            Err(Stop::Missing) => missing = true,
            Err(Stop::None(reason)) => why = why.or(Some(reason)),
        }
    }
    if missing { Err(Stop::Missing) } else { Ok((came, why)) }
}

/// The answers of a side, as the SPF evaluator asks them.
pub(super) struct OfSide<'a, 'b> {
    /// The answers.
    pub(super) answers: &'b Answers<'a>,
    /// Whose.
    pub(super) side: Side,
}

impl spf::Records for OfSide<'_, '_> {
    type Why = NoAnswer;

    fn texts(&self, name: &str) -> Result<Vec<String>, Halt> {
        let looked = self.answers.look(self.side, name, Rr::Txt)?;
        Ok(looked.records.into_iter().map(|rec| rec.text).collect())
    }

    fn addresses(&self, name: &str, v4: bool) -> Result<Vec<IpAddr>, Halt> {
        let kind = if v4 { Rr::A } else { Rr::Aaaa };
        Ok(self.answers.look(self.side, name, kind)?.addresses())
    }

    fn exchangers(&self, name: &str) -> Result<Vec<String>, Halt> {
        let looked = self.answers.look(self.side, name, Rr::Mx)?;
        Ok(looked.records.iter().filter_map(|r| r.mx().map(|(_, host)| host.to_owned())).collect())
    }

    fn pointers(&self, name: &str) -> Result<Vec<String>, Halt> {
        let looked = self.answers.look(self.side, name, Rr::Ptr)?;
        Ok(looked.records.into_iter().map(|rec| rec.text).collect())
    }
}
