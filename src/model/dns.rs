//! The DNS as planned: views, zones, record sets, and the resolvers that hosts ask.

use super::{
    id::{IdError, ResolverId, SegmentId, ViewId, serde_as_text},
    name::Fqdn,
    object::object,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

object! {
    /// A view: what one audience is told by the DNS.
    pub struct View, ViewField {
        required {
            /// The name that people use.
            name: String => Name,
        }
        optional {
            /// Inside, or the public DNS.
            kind: ViewKind => Kind,
        }
    }
}

/// Whose questions a view answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ViewKind {
    /// Those of the resolvers that serve it.
    #[default]
    Inside,
    /// Those of everybody on the Internet.
    Outside,
}

/// A zone of a view, written `inside/hartwell.example`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ZoneId {
    /// The view.
    pub view: ViewId,
    /// The name at the zone's apex.
    pub origin: Fqdn,
}

impl FromStr for ZoneId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let bad = || IdError::Form { kind: "zone", text: text.to_owned(), form: "view/zone name" };
        let (view, origin) = text.split_once('/').ok_or_else(bad)?;
        Ok(Self { view: view.parse()?, origin: origin.parse().ok().ok_or_else(bad)? })
    }
}
impl fmt::Display for ZoneId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.view, self.origin)
    }
}
serde_as_text!(ZoneId);

object! {
    /// A zone. Its record sets are objects of their own.
    pub struct Zone, ZoneField {
        required {}
        optional {
            /// TTL of records that have none of their own, in seconds; none: not entered.
            ttl_s: Option<u32> => TtlS,
            /// How long a missing name may be remembered, in seconds (RFC 2308); none: not entered.
            negative_ttl_s: Option<u32> => NegativeTtlS,
        }
    }
}

/// The type of a record set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordKind {
    /// IPv4 addresses.
    A,
    /// IPv6 addresses.
    Aaaa,
    /// An alias.
    Cname,
    /// Mail exchangers.
    Mx,
    /// Name servers, i.e. a delegation when below the apex.
    Ns,
    /// Names of an address.
    Ptr,
    /// Text.
    Txt,
}

impl RecordKind {
    /// All types, in the order of their names.
    pub const ALL: [Self; 7] =
        [Self::A, Self::Aaaa, Self::Cname, Self::Mx, Self::Ns, Self::Ptr, Self::Txt];

    /// The type's name in lower case, as subjects write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::Aaaa => "aaaa",
            Self::Cname => "cname",
            Self::Mx => "mx",
            Self::Ns => "ns",
            Self::Ptr => "ptr",
            Self::Txt => "txt",
        }
    }
}

/// A record set, written `inside/hartwell.example/mail1/a`; the apex is `@`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RecordId {
    /// The zone that holds it.
    pub zone: ZoneId,
    /// The whole name of the record set.
    pub name: Fqdn,
    /// Its type.
    pub kind: RecordKind,
}

impl RecordId {
    /// The name relative to the zone; `@` at the apex.
    pub fn owner(&self) -> &str {
        let (name, origin) = (self.name.as_str(), self.zone.origin.as_str());
        if name == origin {
            "@"
        } else if origin == "." {
            name
        } else {
            name.strip_suffix(origin).and_then(|o| o.strip_suffix('.')).unwrap_or(name)
        }
    }
}

impl FromStr for RecordId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let bad = || IdError::Form {
            kind: "record",
            text: text.to_owned(),
            form: "view/zone name/owner/type",
        };
        let (rest, kind) = text.rsplit_once('/').ok_or_else(bad)?;
        let (zone, owner) = rest.rsplit_once('/').ok_or_else(bad)?;
        let zone: ZoneId = zone.parse()?;
        let name = if owner == "@" {
            zone.origin.clone()
        } else {
            zone.origin.child(owner).ok().ok_or_else(bad)?
        };
        let kind = RecordKind::ALL.into_iter().find(|k| k.name() == kind).ok_or_else(bad)?;
        Ok(Self { zone, name, kind })
    }
}
impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.zone, self.owner(), self.kind.name())
    }
}
serde_as_text!(RecordId);

object! {
    /// All records of one name and type in a zone.
    pub struct RecordSet, RecordField {
        required {
            /// The records.
            data: RecordData => Data,
        }
        optional {
            /// TTL in seconds; none: the zone's.
            ttl_s: Option<u32> => TtlS,
        }
    }
}

/// The records of a set, in the order in which a server gives them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecordData {
    /// IPv4 addresses.
    A(Vec<Ipv4Addr>),
    /// IPv6 addresses.
    Aaaa(Vec<Ipv6Addr>),
    /// An alias.
    Cname(Fqdn),
    /// Mail exchangers; the lone exchanger `.` refuses all mail (RFC 7505).
    Mx(Vec<Mx>),
    /// Name servers.
    Ns(Vec<Fqdn>),
    /// Names of an address.
    Ptr(Vec<Fqdn>),
    /// Text.
    Txt(Vec<String>),
}

/// A mail exchanger, written `10 mail1.hartwell.example`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mx {
    /// Preference: the lowest is tried first (RFC 5321 section 5.1).
    pub preference: u16,
    /// The host.
    pub exchange: Fqdn,
}

impl FromStr for Mx {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let bad =
            || IdError::Form { kind: "mail exchanger", text: text.to_owned(), form: "10 host" };
        let (preference, exchange) = text.trim().split_once(' ').ok_or_else(bad)?;
        Ok(Self {
            preference: preference.parse().ok().ok_or_else(bad)?,
            exchange: exchange.trim().parse().ok().ok_or_else(bad)?,
        })
    }
}
impl fmt::Display for Mx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.preference, self.exchange)
    }
}
serde_as_text!(Mx);

impl RecordData {
    /// The type of these records.
    pub fn kind(&self) -> RecordKind {
        match self {
            Self::A(_) => RecordKind::A,
            Self::Aaaa(_) => RecordKind::Aaaa,
            Self::Cname(_) => RecordKind::Cname,
            Self::Mx(_) => RecordKind::Mx,
            Self::Ns(_) => RecordKind::Ns,
            Self::Ptr(_) => RecordKind::Ptr,
            Self::Txt(_) => RecordKind::Txt,
        }
    }

    /// The addresses in it, none for other types.
    pub fn addresses(&self) -> Vec<IpAddr> {
        match self {
            Self::A(list) => list.iter().copied().map(IpAddr::V4).collect(),
            Self::Aaaa(list) => list.iter().copied().map(IpAddr::V6).collect(),
            _ => Vec::new(),
        }
    }

    /// A set of one address, of the type that fits its family.
    pub fn address(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(v4) => Self::A(vec![v4]),
            IpAddr::V6(v6) => Self::Aaaa(vec![v6]),
        }
    }

    /// The records as a zone file would list them, each its own text.
    pub fn lines(&self) -> Vec<String> {
        fn all<T: ToString>(list: &[T]) -> Vec<String> {
            list.iter().map(ToString::to_string).collect()
        }
        match self {
            Self::A(list) => all(list),
            Self::Aaaa(list) => all(list),
            Self::Cname(name) => vec![name.to_string()],
            Self::Mx(list) => all(list),
            Self::Ns(list) | Self::Ptr(list) => all(list),
            Self::Txt(list) => list.clone(),
        }
    }
}

/// The name under which an address's PTR records stand (RFC 1035 section 3.5, RFC 3596 section 2.5).
pub fn reverse_name(address: IpAddr) -> Fqdn {
    let text = match address {
        IpAddr::V4(v4) => {
            let [a, b, c, d] = v4.octets();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa")
        }
        IpAddr::V6(v6) => {
            let nibbles = v6.octets().into_iter().rev();
            let labels: Vec<_> =
                nibbles.map(|byte| format!("{:x}.{:x}", byte & 15, byte >> 4)).collect();
            format!("{}.ip6.arpa", labels.join("."))
        }
    };
    text.parse().unwrap_or_else(|_| Fqdn::root())
}

/// Where a host stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Place {
    /// In a segment of a site.
    Segment(SegmentId),
    /// On the Internet, beyond every drawn line.
    Internet,
}

object! {
    /// A DNS server as hosts ask it: it answers from the zones of its views and forwards the rest.
    pub struct Resolver, ResolverField {
        required {
            /// The name that people use.
            name: String => Name,
            /// Where it stands.
            place: Place => Place,
        }
        optional {
            /// Its addresses.
            addresses: Vec<IpAddr> => Addresses,
            /// The views whose zones it serves; of two zones that fit, the longer name answers.
            serves: Vec<ViewId> => Serves,
            /// Where it asks for all other names. None: not entered.
            forwards: Option<Forward> => Forwards,
            /// Conditional forwarders: names under this zone are asked there.
            conditional: BTreeMap<Fqdn, Vec<ResolverId>> => Conditional,
        }
    }
}

/// Where a resolver asks for the names that it has no zone for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Forward {
    /// The public DNS, by a provider's resolver or by the root hints.
    Internet,
    /// These resolvers, in this order.
    To(Vec<ResolverId>),
    /// Nobody: it answers that it cannot say.
    Nowhere,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn record_ids_read_as_they_are_written() {
        for text in
            ["inside/hartwell.example/mail1/a", "outside/hartwell.example/@/mx", "o/./a.b/a"]
        {
            assert_eq!(text.parse::<RecordId>().unwrap().to_string(), text);
        }
        let id: RecordId = "inside/hartwell.example/mail1/a".parse().unwrap();
        assert_eq!(id.name.as_str(), "mail1.hartwell.example");
        assert!("inside/hartwell.example/mail1/xx".parse::<RecordId>().is_err());
    }

    #[test]
    fn reverse_names_follow_the_rfcs() {
        let name = |ip: &str| reverse_name(ip.parse().unwrap()).to_string();
        assert_eq!(name("203.0.113.10"), "10.113.0.203.in-addr.arpa");
        assert!(name("2001:db8::1").starts_with("1.0.0.0."));
        assert!(name("2001:db8::1").ends_with("8.b.d.0.1.0.0.2.ip6.arpa"));
    }
}
