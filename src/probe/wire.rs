//! A name server's whole answer, as checks read it: header, sections, records as text. Knows no
//! network and no crate that has one.

use super::{NoAnswer, policy::Fetched};
use std::{fmt, net::IpAddr, net::SocketAddr};

/// The type of a record on the wire: more than the plan draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rr {
    /// IPv4 address.
    A,
    /// IPv6 address.
    Aaaa,
    /// Certification authorities that may issue (RFC 8659).
    Caa,
    /// An alias.
    Cname,
    /// A key of a signed zone (RFC 4034).
    Dnskey,
    /// The parent's word on a signed zone's key (RFC 4034).
    Ds,
    /// Mail exchanger.
    Mx,
    /// Name server.
    Ns,
    /// Name of an address.
    Ptr,
    /// A signature (RFC 4034).
    Rrsig,
    /// Start of a zone.
    Soa,
    /// Where a service is (RFC 2782).
    Srv,
    /// A server's certificate (RFC 6698).
    Tlsa,
    /// Text.
    Txt,
    /// Any other.
    Other,
}

impl Rr {
    /// The type's name as zone files write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
            Self::Caa => "CAA",
            Self::Cname => "CNAME",
            Self::Dnskey => "DNSKEY",
            Self::Ds => "DS",
            Self::Mx => "MX",
            Self::Ns => "NS",
            Self::Ptr => "PTR",
            Self::Rrsig => "RRSIG",
            Self::Soa => "SOA",
            Self::Srv => "SRV",
            Self::Tlsa => "TLSA",
            Self::Txt => "TXT",
            Self::Other => "other",
        }
    }
}

impl From<crate::model::dns::RecordKind> for Rr {
    fn from(kind: crate::model::dns::RecordKind) -> Self {
        use crate::model::dns::RecordKind as Kind;
        match kind {
            Kind::A => Self::A,
            Kind::Aaaa => Self::Aaaa,
            Kind::Cname => Self::Cname,
            Kind::Mx => Self::Mx,
            Kind::Ns => Self::Ns,
            Kind::Ptr => Self::Ptr,
            Kind::Txt => Self::Txt,
        }
    }
}

/// How a question is put.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// Over UDP with EDNS, over TCP where that is cut short; recursion desired.
    #[default]
    Plain,
    /// Over TCP alone.
    Tcp,
    /// As plain, with the wish for DNSSEC data (DO, RFC 3225).
    Signed,
    /// As signed, and unchecked: what a validating resolver would keep back (CD, RFC 4035).
    Unchecked,
    /// Over UDP without recursion, as one resolver asks an authoritative server.
    Iterative,
    /// Over HTTPS, of a web server: the MTA-STS policy of the host that the name is (RFC 8461).
    Policy,
}

/// A question to one name server. Equal ones are put once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Query {
    /// Whom.
    pub server: SocketAddr,
    /// The name in lower case without the final dot; `.` is the root.
    pub name: String,
    /// The type.
    pub kind: Rr,
    /// How.
    pub how: How,
}

/// A record of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rec {
    /// Whose it is, in lower case without the final dot.
    pub name: String,
    /// Its type.
    pub kind: Rr,
    /// How long it may be remembered, in seconds.
    pub ttl: u32,
    /// What it says: names in lower case without the final dot, a text's strings joined.
    pub text: String,
}

impl Rec {
    /// The address of an A or AAAA record.
    pub fn address(&self) -> Option<IpAddr> {
        matches!(self.kind, Rr::A | Rr::Aaaa).then(|| self.text.parse().ok()).flatten()
    }

    /// Preference and exchanger of an MX record.
    pub fn mx(&self) -> Option<(u16, &str)> {
        let (preference, exchange) = self.text.split_once(' ').filter(|_| self.kind == Rr::Mx)?;
        Some((preference.parse().ok()?, exchange))
    }

    /// The numbers of an SOA record: serial, refresh, retry, expire, minimum, in seconds but the first.
    pub fn soa(&self) -> Option<[u32; 5]> {
        let mut numbers = [0; 5];
        let mut words = self.text.split(' ').filter(|_| self.kind == Rr::Soa).skip(2);
        for number in &mut numbers {
            *number = words.next()?.parse().ok()?;
        }
        Some(numbers)
    }
}

impl fmt::Display for Rec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = crate::model::name::shortened(&self.text);
        match self.kind {
            Rr::Txt => write!(f, "{}. {} TXT \"{text}\"", self.name, self.ttl),
            kind => write!(f, "{}. {} {} {text}", self.name, self.ttl, kind.name()),
        }
    }
}

/// Response codes that checks tell apart (RFC 1035 section 4.1.1).
pub mod code {
    /// NOERROR.
    pub const NO_ERROR: u16 = 0;
    /// SERVFAIL.
    pub const SERVER_FAILURE: u16 = 2;
    /// NXDOMAIN.
    pub const NO_SUCH_NAME: u16 = 3;
    /// REFUSED.
    pub const REFUSED: u16 = 5;
}

/// A whole answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The response code.
    pub code: u16,
    /// The server speaks for the zone itself (AA).
    pub authoritative: bool,
    /// The answer is cut short (TC).
    pub truncated: bool,
    /// The server asks on for its clients (RA).
    pub recursive: bool,
    /// The server has checked signatures (AD).
    pub authentic: bool,
    /// The answer has an EDNS record (RFC 6891).
    pub edns: bool,
    /// Whether it came over TCP in the end.
    pub over_tcp: bool,
    /// The answer section.
    pub answers: Vec<Rec>,
    /// The authority section.
    pub authority: Vec<Rec>,
    /// The additional section, without the EDNS record.
    pub additional: Vec<Rec>,
    /// What a web server gave instead.
    pub policy: Option<Fetched>,
}

impl Message {
    /// What of it is no answer to the question at all.
    pub fn no_answer(&self) -> Option<NoAnswer> {
        match self.code {
            code::NO_ERROR | code::NO_SUCH_NAME => None,
            code::SERVER_FAILURE => Some(NoAnswer::ServerFailure),
            code::REFUSED => Some(NoAnswer::Refused),
            1 => Some(NoAnswer::Code("FORMERR".to_owned())),
            4 => Some(NoAnswer::Code("NOTIMP".to_owned())),
            other => Some(NoAnswer::Code(format!("response code {other}"))),
        }
    }

    /// Whether it only says whom else to ask (RFC 1034 section 4.3.1).
    pub fn is_referral(&self) -> bool {
        self.code == code::NO_ERROR
            && !self.authoritative
            && self.answers.is_empty()
            && self.authority.iter().any(|rec| rec.kind == Rr::Ns)
            && !self.authority.iter().any(|rec| rec.kind == Rr::Soa)
    }

    /// The zone's SOA in the authority section of a no (RFC 2308).
    pub fn negative_soa(&self) -> Option<&Rec> {
        self.authority.iter().find(|rec| rec.kind == Rr::Soa)
    }

    /// How long the no may be remembered, in seconds (RFC 2308 section 5).
    pub fn negative_ttl(&self) -> Option<u32> {
        let soa = self.negative_soa()?;
        Some(soa.ttl.min(soa.soa()?[4]))
    }

    /// The answer in a few lines: header, then records.
    pub fn lines(&self) -> Vec<String> {
        if let Some(policy) = &self.policy {
            return policy.lines();
        }
        let code = match self.code {
            code::NO_ERROR => "NOERROR".to_owned(),
            code::SERVER_FAILURE => "SERVFAIL".to_owned(),
            code::NO_SUCH_NAME => "NXDOMAIN".to_owned(),
            code::REFUSED => "REFUSED".to_owned(),
            other => format!("code {other}"),
        };
        let flags = [
            (self.authoritative, "aa"),
            (self.truncated, "tc"),
            (self.recursive, "ra"),
            (self.authentic, "ad"),
            (self.edns, "edns"),
            (self.over_tcp, "tcp"),
        ];
        let set: Vec<&str> = flags.iter().filter(|(on, _)| *on).map(|(_, flag)| *flag).collect();
        let mut lines = vec![format!("{code} {}", set.join(" ")).trim_end().to_owned()];
        lines.extend(self.answers.iter().map(ToString::to_string));
        if self.answers.is_empty() {
            lines.extend(self.authority.iter().map(ToString::to_string));
        }
        lines
    }
}

/// A whole answer, or why there is none.
pub type Reply = Result<Message, NoAnswer>;
