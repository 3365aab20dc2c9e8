//! SPF (RFC 7208): whether a domain allows an address to send in its name. An evaluator over
//! answers that are there already; what is missing is named, asked and the evaluation begun again.

mod macros;
mod syntax;

pub use syntax::{Qualifier, is_record};

use crate::model::dns::reverse_name;
use std::net::IpAddr;
use syntax::{Mechanism, Prefix};

/// Terms that ask the DNS, at most (section 4.6.4).
pub const LOOKUPS_MAX: usize = 10;
/// Look-ups without an answer, at most (section 4.6.4).
pub const VOIDS_MAX: usize = 2;

/// Why an evaluation does not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop<W> {
    /// An answer is not there yet.
    Missing,
    /// There was no answer, and why.
    None(W),
}

/// What the evaluator asks; an empty list: no such record.
pub trait Records {
    /// Why there was no answer.
    type Why;
    /// Texts of a name, each with its strings joined.
    fn texts(&self, name: &str) -> Result<Vec<String>, Stop<Self::Why>>;
    /// Addresses of a name, of one family.
    fn addresses(&self, name: &str, v4: bool) -> Result<Vec<IpAddr>, Stop<Self::Why>>;
    /// Mail exchangers of a name.
    fn exchangers(&self, name: &str) -> Result<Vec<String>, Stop<Self::Why>>;
    /// Names that the reverse name of an address gives.
    fn pointers(&self, name: &str) -> Result<Vec<String>, Stop<Self::Why>>;
}

/// Whose message it is.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    /// The address that connects.
    pub address: IpAddr,
    /// The part before the `@`.
    pub local: &'a str,
    /// The part after the `@`.
    pub domain: &'a str,
    /// The name that the server greets with.
    pub helo: &'a str,
}

/// A result (section 2.6), with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<W> {
    /// No SPF record.
    None,
    /// The record says so on purpose, or no term matched.
    Neutral,
    /// Allowed, by which term.
    Pass(String),
    /// Not allowed, by which term.
    Fail(String),
    /// Probably not allowed, by which term.
    SoftFail(String),
    /// A look-up got no answer.
    TempError(W),
    /// The record cannot be used, and why.
    PermError(String),
}

impl<W> Answer<W> {
    /// The word of section 2.6.
    pub fn name(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Neutral => "neutral",
            Self::Pass(_) => "pass",
            Self::Fail(_) => "fail",
            Self::SoftFail(_) => "softfail",
            Self::TempError(_) => "temperror",
            Self::PermError(_) => "permerror",
        }
    }
}

/// What an evaluation costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Terms that asked the DNS.
    pub lookups: usize,
    /// Look-ups without an answer.
    pub voids: usize,
}

/// An answer of [`check`] with its cost; none: something has to be asked first.
pub type Checked<W> = (Answer<W>, Cost);

/// Whether the sender's domain allows the address (section 4). None: an answer is missing, and the
/// [`Records`] know which.
pub fn check<R: Records>(records: &R, sender: &Sender<'_>) -> Option<Checked<R::Why>> {
    let local = if sender.local.is_empty() { "postmaster" } else { sender.local };
    let address = match sender.address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(sender.address, IpAddr::V4),
        IpAddr::V4(_) => sender.address,
    };
    let sender = Sender { address, local, ..*sender };
    let mut run = Run { records, sender, cost: Cost::default() };
    match run.domain(sender.domain) {
        Ok(answer) => Some((answer, run.cost)),
        Err(Stop::Missing) => None,
        Err(Stop::None(why)) => Some((Answer::TempError(why), run.cost)),
    }
}

/// What is wrong with a record's text; none: it reads.
pub fn wrong(text: &str) -> Option<String> {
    syntax::parse(text).err()
}

struct Run<'a, R: Records> {
    records: &'a R,
    sender: Sender<'a>,
    cost: Cost,
}

/// A permanent error inside an evaluation, or a stop.
enum Broken<W> {
    Perm(String),
    Stop(Stop<W>),
}

impl<W> From<Stop<W>> for Broken<W> {
    fn from(stop: Stop<W>) -> Self {
        Self::Stop(stop)
    }
}

/// Whether a name can be asked at all (section 4.3).
fn is_askable(name: &str) -> bool {
    let labels = || name.split('.');
    name.len() <= 253 && labels().all(|label| (1..=63).contains(&label.len()))
}

impl<R: Records> Run<'_, R> {
    fn domain(&mut self, domain: &str) -> Result<Answer<R::Why>, Stop<R::Why>> {
        let domain = domain.strip_suffix('.').unwrap_or(domain).to_ascii_lowercase();
        let literal = domain.starts_with('[');
        if literal || !domain.contains('.') || !is_askable(&domain) {
            return Ok(Answer::None);
        }
        let mut found: Vec<String> = self.records.texts(&domain)?;
        found.retain(|text| is_record(text));
        let [text] = found.as_slice() else {
            return Ok(match found.len() {
                0 => Answer::None,
                n => Answer::PermError(format!("{domain} has {n} SPF records instead of one")),
            });
        };
        match self.record(&domain, text) {
            Ok(answer) => Ok(answer),
            Err(Broken::Perm(why)) => Ok(Answer::PermError(why)),
            Err(Broken::Stop(stop)) => Err(stop),
        }
    }

    fn record(&mut self, domain: &str, text: &str) -> Result<Answer<R::Why>, Broken<R::Why>> {
        let record = syntax::parse(text)
            .map_err(|why| Broken::Perm(format!("the SPF record of {domain} is wrong: {why}")))?;
        for (qualifier, mechanism, term) in &record.directives {
            if self.matches(domain, mechanism)? {
                return Ok(match qualifier {
                    Qualifier::Pass => Answer::Pass(term.clone()),
                    Qualifier::Fail => Answer::Fail(term.clone()),
                    Qualifier::SoftFail => Answer::SoftFail(term.clone()),
                    Qualifier::Neutral => Answer::Neutral,
                });
            }
        }
        let Some(redirect) = &record.redirect else { return Ok(Answer::Neutral) };
        self.count()?;
        let target = self.expand(redirect, domain)?;
        match self.domain(&target)? {
            Answer::None => {
                Err(Broken::Perm(format!("`redirect=` leads to {target}, which has no SPF record")))
            }
            answer => Ok(answer),
        }
    }

    fn matches(&mut self, domain: &str, mechanism: &Mechanism) -> Result<bool, Broken<R::Why>> {
        let sender = self.sender.address;
        match mechanism {
            Mechanism::All => Ok(true),
            Mechanism::Ip4(net, bits) => Ok(in_network(sender, IpAddr::V4(*net), *bits)),
            Mechanism::Ip6(net, bits) => Ok(in_network(sender, IpAddr::V6(*net), *bits)),
            Mechanism::Include(spec) => {
                self.count()?;
                let target = self.expand(spec, domain)?;
                match self.domain(&target)? {
                    Answer::Pass(_) => Ok(true),
                    Answer::Fail(_) | Answer::SoftFail(_) | Answer::Neutral => Ok(false),
                    Answer::TempError(why) => Err(Broken::Stop(Stop::None(why))),
                    Answer::PermError(why) => Err(Broken::Perm(why)),
                    Answer::None => {
                        let why = format!("`include:{target}` has no SPF record");
                        Err(Broken::Perm(why))
                    }
                }
            }
            Mechanism::A(spec, prefix) => {
                self.count()?;
                let target = self.target(spec.as_ref(), domain)?;
                self.host(&target, *prefix, true)
            }
            Mechanism::Mx(spec, prefix) => {
                self.count()?;
                let target = self.target(spec.as_ref(), domain)?;
                self.exchangers(&target, *prefix)
            }
            Mechanism::Exists(spec) => {
                self.count()?;
                let target = self.expand(spec, domain)?;
                if !is_askable(&target) {
                    return Ok(false);
                }
                let found = self.records.addresses(&target, true)?;
                self.void(found.is_empty())?;
                Ok(!found.is_empty())
            }
            Mechanism::Ptr(spec) => {
                self.count()?;
                let target = self.target(spec.as_ref(), domain)?;
                let names = self.validated(&target, true)?;
                Ok(names.iter().any(|name| is_under(name, &target)))
            }
        }
    }

    fn target(
        &mut self,
        spec: Option<&macros::MacroString>,
        domain: &str,
    ) -> Result<String, Broken<R::Why>> {
        spec.map_or_else(|| Ok(domain.to_owned()), |spec| self.expand(spec, domain))
    }

    fn expand(
        &mut self,
        spec: &macros::MacroString,
        domain: &str,
    ) -> Result<String, Broken<R::Why>> {
        let mut name = "unknown".to_owned();
        if macros::wants_validated(spec) {
            let names = self.validated(domain, false)?;
            let best = names
                .iter()
                .find(|n| *n == domain)
                .or_else(|| names.iter().find(|n| is_under(n, domain)))
                .or(names.first());
            if let Some(best) = best {
                name.clone_from(best);
            }
        }
        Ok(macros::expand(spec, &self.sender, domain, &name))
    }

    fn host(&mut self, name: &str, prefix: Prefix, counted: bool) -> Result<bool, Broken<R::Why>> {
        if !is_askable(name) {
            return Ok(false);
        }
        let v4 = self.sender.address.is_ipv4();
        let found = self.records.addresses(name, v4)?;
        self.void(counted && found.is_empty())?;
        let bits = if v4 { prefix.v4 } else { prefix.v6 };
        Ok(found.iter().any(|a| in_network(self.sender.address, *a, bits)))
    }

    fn exchangers(&mut self, name: &str, prefix: Prefix) -> Result<bool, Broken<R::Why>> {
        if !is_askable(name) {
            return Ok(false);
        }
        let found = self.records.exchangers(name)?;
        self.void(found.is_empty())?;
        if found.len() > LOOKUPS_MAX {
            let why = format!(
                "`mx` of {name} names {} hosts; at most {LOOKUPS_MAX} are allowed",
                found.len()
            );
            return Err(Broken::Perm(why));
        }
        // All are asked before any is judged, so that a run asks them at the same time.
        let v4 = self.sender.address.is_ipv4();
        let asked: Vec<_> = found.iter().map(|host| self.records.addresses(host, v4)).collect();
        if asked.iter().any(|found| matches!(found, Err(Stop::Missing))) {
            return Err(Broken::Stop(Stop::Missing));
        }
        for host in &found {
            if self.host(host, prefix, true)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The sender's names that lead back to its address (section 5.5), those under `domain` first.
    fn validated(&mut self, domain: &str, counted: bool) -> Result<Vec<String>, Broken<R::Why>> {
        let reverse = reverse_name(self.sender.address);
        let mut names = match self.records.pointers(reverse.as_str()) {
            Ok(names) => names,
            Err(Stop::Missing) => return Err(Broken::Stop(Stop::Missing)),
            // A failing reverse look-up is no match, not an error (section 5.5).
            Err(Stop::None(_)) => return Ok(Vec::new()),
        };
        self.void(counted && names.is_empty())?;
        names.truncate(LOOKUPS_MAX);
        names.sort_by_key(|name| !is_under(name, domain));
        let v4 = self.sender.address.is_ipv4();
        let asked: Vec<_> = names.iter().map(|name| self.records.addresses(name, v4)).collect();
        let mut validated = Vec::new();
        for (name, found) in names.into_iter().zip(asked) {
            match found {
                Ok(list) if list.contains(&self.sender.address) => validated.push(name),
                Err(Stop::Missing) => return Err(Broken::Stop(Stop::Missing)),
                _ => {}
            }
        }
        Ok(validated)
    }

    fn count(&mut self) -> Result<(), Broken<R::Why>> {
        self.cost.lookups += 1;
        if self.cost.lookups > LOOKUPS_MAX {
            let why = format!("more than {LOOKUPS_MAX} terms ask the DNS");
            return Err(Broken::Perm(why));
        }
        Ok(())
    }

    fn void(&mut self, is_void: bool) -> Result<(), Broken<R::Why>> {
        self.cost.voids += usize::from(is_void);
        if self.cost.voids > VOIDS_MAX {
            let why = format!("more than {VOIDS_MAX} look-ups find nothing");
            return Err(Broken::Perm(why));
        }
        Ok(())
    }
}

fn is_under(name: &str, domain: &str) -> bool {
    crate::model::name::is_within(name, domain)
}

/// Whether an address lies in a network of the same family.
fn in_network(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    let bits = u32::from(bits);
    match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(b)) => {
            (u32::from(a) ^ u32::from(b)).checked_shr(32 - bits).unwrap_or(0) == 0
        }
        (IpAddr::V6(a), IpAddr::V6(b)) => {
            (u128::from(a) ^ u128::from(b)).checked_shr(128 - bits).unwrap_or(0) == 0
        }
        _ => false,
    }
}
