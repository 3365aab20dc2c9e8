//! Names: DNS names, computer names and mail addresses, parsed once and valid from then on.

use super::id::serde_as_text;
use std::{fmt, str::FromStr, sync::Arc};

/// The longest DNS name, in characters without the final dot (RFC 1035 section 3.1).
pub const NAME_MAX: usize = 253;
/// The longest label of a DNS name, in characters (RFC 1035 section 2.3.4).
pub const LABEL_MAX: usize = 63;

/// Why a text is no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// A DNS name that breaks a rule of RFC 1035.
    #[error("`{text}` is no DNS name: {why}")]
    Dns {
        /// The text that was given.
        text: String,
        /// The rule that it breaks.
        why: &'static str,
    },
    /// No mail address.
    #[error("`{0}` is no mail address: expected name@domain")]
    Address(String),
}

/// A DNS name in lower case without the final dot; `.` is the root.
///
/// One label (`mail`) is allowed: people type such names, and what a server makes of them is for
/// the simulator to say. Labels may hold letters, digits, `-` and `_`, and `*` as the first one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fqdn(Arc<str>);

impl Fqdn {
    /// The root of the DNS.
    pub fn root() -> Self {
        Self(".".into())
    }

    /// The name's text, in lower case, without the final dot.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the name is the root.
    pub fn is_root(&self) -> bool {
        &*self.0 == "."
    }

    /// Whether the name is a single label, as a computer name without its domain is.
    pub fn is_single_label(&self) -> bool {
        !self.is_root() && !self.0.contains('.')
    }

    /// Whether the name is `zone` or lies under it.
    pub fn is_within(&self, zone: &Self) -> bool {
        is_within(&self.0, &zone.0)
    }

    /// The name in front of this one, as `child.self`.
    ///
    /// # Errors
    /// When the result is longer than a DNS name may be.
    pub fn child(&self, label: &str) -> Result<Self, NameError> {
        if self.is_root() { label.parse() } else { format!("{label}.{}", self.0).parse() }
    }
}

/// Whether `name` is `zone` or lies under it, both as [`Fqdn::as_str`] gives them.
pub fn is_within(name: &str, zone: &str) -> bool {
    zone == "."
        || name == zone
        || (name.len() > zone.len()
            && name.ends_with(zone)
            && name.as_bytes()[name.len() - zone.len() - 1] == b'.')
}

impl FromStr for Fqdn {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        if text == "." {
            return Ok(Self::root());
        }
        let name = text.strip_suffix('.').unwrap_or(text);
        let bad = |why| Err(NameError::Dns { text: shortened(text), why });
        if name.is_empty() {
            return bad("it is empty");
        }
        if name.len() > NAME_MAX {
            return bad("it is longer than 253 characters");
        }
        for (at, label) in name.split('.').enumerate() {
            if label.is_empty() {
                return bad("a label is empty");
            }
            if label.len() > LABEL_MAX {
                return bad("a label is longer than 63 characters");
            }
            if label == "*" && at == 0 {
                continue;
            }
            if !label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
                return bad("a label holds other characters than letters, digits, `-` and `_`");
            }
            if label.starts_with('-') || label.ends_with('-') {
                return bad("a label begins or ends with `-`");
            }
        }
        Ok(Self(name.to_ascii_lowercase().into()))
    }
}

/// The text as an error message may quote it: not more than its first 80 characters.
pub fn shortened(text: &str) -> String {
    if text.chars().count() <= 80 {
        text.to_owned()
    } else {
        text.chars().take(80).chain("…".chars()).collect()
    }
}

impl fmt::Display for Fqdn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for Fqdn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}
serde_as_text!(Fqdn);

/// A mail address: the part before the `@` as typed, the domain as a DNS name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct MailAddress {
    /// The part before the `@`, in lower case (Exchange and Postfix compare it so).
    pub local: String,
    /// The part after the `@`.
    pub domain: Fqdn,
}

impl FromStr for MailAddress {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        let bad = || NameError::Address(shortened(text));
        let (local, domain) = text.rsplit_once('@').ok_or_else(bad)?;
        if local.is_empty() || local.len() > 64 || local.chars().any(char::is_whitespace) {
            return Err(bad());
        }
        Ok(Self { local: local.to_lowercase(), domain: domain.parse()? })
    }
}
impl fmt::Display for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.local, self.domain)
    }
}
serde_as_text!(MailAddress);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_normalised_and_bad_ones_refused() {
        let name: Fqdn = "Mail1.Hartwell.Example.".parse().unwrap();
        assert_eq!(name.as_str(), "mail1.hartwell.example");
        for bad in ["", "..", "a..b", "-a.b", "a b.c", "a.b-", &"x".repeat(64), &"a.".repeat(200)] {
            assert!(bad.parse::<Fqdn>().is_err(), "{bad:?} was accepted");
        }
        assert!("*.example".parse::<Fqdn>().is_ok());
        assert!("a.*.example".parse::<Fqdn>().is_err());
    }

    #[test]
    fn a_name_lies_within_a_zone_only_at_a_label_boundary() {
        let zone: Fqdn = "hartwell.example".parse().unwrap();
        let within = |text: &str| text.parse::<Fqdn>().unwrap().is_within(&zone);
        assert!(within("hartwell.example") && within("mail1.hartwell.example"));
        assert!(!within("nothartwell.example") && !within("example"));
        assert!(zone.is_within(&Fqdn::root()));
    }
}
