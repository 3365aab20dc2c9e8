//! What an SMTP session told, as data: [`crate::probe::live`] reads it, [`judge`] holds it against the
//! plan, [`sizes`] compares the sessions along a message's path. Knows no socket.

pub mod judge;
pub mod sizes;

use super::NoAnswer;
use std::fmt;

/// An SMTP reply (RFC 5321 section 4.2): one code, one or more lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The code, 200 to 599.
    pub code: u16,
    /// The texts of its lines without the code, with nothing in them that a terminal would obey.
    pub lines: Vec<String>,
}

impl Reply {
    /// Whether the code is 2xx.
    pub fn is_yes(&self) -> bool {
        self.code / 100 == 2
    }

    /// Whether it asks to come again later (4xx).
    pub fn is_later(&self) -> bool {
        self.code / 100 == 4
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.lines.first().map_or("", String::as_str);
        write!(f, "{} {first}", self.code)
    }
}

/// Why a reply did not come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// Nothing came, or not all of it: no verdict can be given.
    No(NoAnswer),
    /// What came breaks the protocol.
    Wrong(String),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::No(why) => write!(f, "{why}"),
            Self::Wrong(why) => f.write_str(why),
        }
    }
}

/// A reply, or why there is none.
pub type Told = Result<Reply, Broken>;

/// What a session told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The greeting's first line.
    pub greeting: String,
    /// The reply to `EHLO`; none: it was not said, as the greeting was no welcome.
    pub hello: Option<Told>,
    /// What came of `STARTTLS`.
    pub tls: Tls,
    /// The reply to a recipient `postmaster`; none: it was not asked.
    pub postmaster: Option<Told>,
    /// The reply to a foreign recipient from a foreign sender; none: it was not asked.
    pub relay: Option<Told>,
}

impl Session {
    /// A session of which nothing is known but the greeting.
    pub fn greeted(greeting: String) -> Self {
        Self { greeting, hello: None, tls: Tls::NotTried, postmaster: None, relay: None }
    }

    /// The extensions that were offered in plain text, without the line that greets.
    pub fn extensions(&self) -> &[String] {
        match &self.hello {
            Some(Ok(reply)) if reply.is_yes() => reply.lines.get(1..).unwrap_or_default(),
            _ => &[],
        }
    }

    /// The parameters of an extension that was offered, in plain text or under TLS.
    pub fn extension(&self, keyword: &str) -> Option<&str> {
        let secured = match &self.tls {
            Tls::Secured(secured) => match &secured.hello {
                Ok(reply) if reply.is_yes() => reply.lines.get(1..).unwrap_or_default(),
                _ => &[],
            },
            _ => &[],
        };
        self.extensions().iter().chain(secured).find_map(|line| parameters(line, keyword))
    }
}

/// The parameters of an extension's line, if it is that extension.
fn parameters<'l>(line: &'l str, keyword: &str) -> Option<&'l str> {
    let (word, rest) = line.split_once([' ', '=']).unwrap_or((line, ""));
    word.eq_ignore_ascii_case(keyword).then_some(rest.trim())
}

/// What came of `STARTTLS` (RFC 3207).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// The session did not come so far.
    NotTried,
    /// It is not offered.
    NotOffered,
    /// It is offered, and refused when it is asked for.
    Refused(Reply),
    /// The reply to it did not come, or something came with it that must not.
    Broken(Broken),
    /// The handshake did not succeed. `old`: as with servers that speak only versions before TLS 1.2.
    NoHandshake {
        /// What went wrong.
        why: String,
        /// Whether an old version may be the reason.
        old: bool,
    },
    /// The handshake did not succeed, and asked once more the server chose a version before TLS 1.2.
    Outdated {
        /// What went wrong.
        why: String,
        /// The best version that it speaks, as in `TLS 1.0`.
        version: String,
    },
    /// The session is encrypted.
    Secured(Box<Secured>),
}

/// An encrypted session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secured {
    /// The protocol's version, as in `TLS 1.3`.
    pub version: String,
    /// The server's certificate, or why it does not read.
    pub certificate: Result<Certificate, String>,
    /// The reply to `EHLO` under TLS.
    pub hello: Told,
}

/// A server's certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The names that it is for, in lower case.
    pub names: Vec<String>,
    /// Whom it is made out to.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// The end of its time, as `2026-11-24T14:02:31Z`.
    pub not_after: String,
    /// Days until then; negative: it is over.
    pub days_left: i64,
    /// Why no public authority vouches for it; none: one does.
    pub distrust: Option<String>,
}

impl Certificate {
    /// Whether it is for a name (RFC 9525: a wildcard stands for one label, the first).
    pub fn is_for(&self, name: &str) -> bool {
        self.names.iter().any(|own| matches_name(own, name))
    }
}

/// Whether a pattern in lower case, whose first label may be `*`, stands for a name.
pub fn matches_name(pattern: &str, name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    match pattern.strip_prefix("*.") {
        Some(parent) => name.split_once('.').is_some_and(|(_, rest)| rest == parent),
        None => *pattern == *name,
    }
}
