//! Addresses: subnets, and what a packet filter says of them. IPv4 and IPv6 alike.

use super::id::serde_as_text;
use serde::{Deserialize, Serialize};
use std::{fmt, net::IpAddr, str::FromStr};

/// A subnet, as `10.1.0.0/16` or `2001:db8:1::/48`; a bare address is a subnet of one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subnet {
    address: IpAddr,
    prefix: u8,
}

/// Why a text is no subnet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no subnet: expected an address and a prefix length, as in `10.1.0.0/16`")]
pub struct SubnetError(String);

impl Subnet {
    /// A subnet with its host bits cleared; `prefix` in bits, cut to the family's length.
    pub fn new(address: IpAddr, prefix: u8) -> Self {
        let prefix = prefix.min(if address.is_ipv4() { 32 } else { 128 });
        Self { address: masked(address, prefix), prefix }
    }

    /// Whether `address` lies in the subnet; never true across families.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.address.is_ipv4() == address.is_ipv4() && masked(address, self.prefix) == self.address
    }

    /// The length of the prefix in bits.
    pub fn prefix(&self) -> u8 {
        self.prefix
    }

    /// The first address of the subnet.
    pub fn address(&self) -> IpAddr {
        self.address
    }
}

fn masked(address: IpAddr, prefix: u8) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(prefix.min(32))).unwrap_or(0);
            IpAddr::V4((u32::from(v4) & mask).into())
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(prefix.min(128))).unwrap_or(0);
            IpAddr::V6((u128::from(v6) & mask).into())
        }
    }
}

impl FromStr for Subnet {
    type Err = SubnetError;
    fn from_str(text: &str) -> Result<Self, SubnetError> {
        let bad = || SubnetError(super::name::shortened(text));
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().ok().ok_or_else(bad)?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(prefix) => prefix.trim().parse().ok().filter(|p| *p <= longest).ok_or_else(bad)?,
            None => longest,
        };
        Ok(Self::new(address, prefix))
    }
}
impl fmt::Display for Subnet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}
impl fmt::Debug for Subnet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
serde_as_text!(Subnet);

/// Whether no router on the Internet carries packets to `address` (RFC 1918, 4193, 3927, 6598
/// and loopback). Documentation addresses (RFC 5737) count as public: plans are drawn with them.
pub fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_private()
                || v4.is_link_local()
                || v4.is_loopback()
                || (a == 100 && b & 0xC0 == 64)
        }
        IpAddr::V6(v6) => {
            let first = v6.segments()[0];
            v6.is_loopback() || first & 0xFE00 == 0xFC00 || first & 0xFFC0 == 0xFE80
        }
    }
}

/// What becomes of a packet that a rule stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Blocked {
    /// Dropped without a word: the sender sees a time-out.
    Drop,
    /// Answered with a TCP reset: the sender sees a refusal.
    Reject,
}

/// What a filter rule does with a packet that it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Action {
    /// Lets it pass.
    Allow,
    /// Drops it without a word.
    Drop,
    /// Answers with a TCP reset.
    Reject,
}

/// One rule of a packet filter; an absent part matches everything.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilterRule {
    /// Where the connection comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Subnet>,
    /// Where it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Subnet>,
    /// The TCP port that it opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// What is done with it.
    pub action: Action,
}

/// What passes a link or a boundary between segments.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Filter {
    /// Everything passes.
    Open,
    /// The first rule that matches decides; what no rule matches is dropped.
    Rules(Vec<FilterRule>),
}

impl Filter {
    /// What the filter does with a connection from `from` to `to` at TCP port `port`. The unspecified
    /// address stands for some public one that is not drawn: only rules for all addresses fit it.
    pub fn action(&self, from: IpAddr, to: IpAddr, port: u16) -> Action {
        let Self::Rules(rules) = self else { return Action::Allow };
        rules
            .iter()
            .find(|rule| {
                rule.from.is_none_or(|net| fits(net, from))
                    && rule.to.is_none_or(|net| fits(net, to))
                    && rule.port.is_none_or(|p| p == port)
            })
            .map_or(Action::Drop, |rule| rule.action)
    }
}

fn fits(net: Subnet, address: IpAddr) -> bool {
    if address.is_unspecified() { net.prefix() == 0 } else { net.contains(address) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn subnets_contain_their_own_addresses_in_both_families() {
        let v4: Subnet = "10.1.7.9/16".parse().unwrap();
        assert_eq!(v4.to_string(), "10.1.0.0/16");
        assert!(v4.contains(ip("10.1.255.1")) && !v4.contains(ip("10.2.0.1")));
        let v6: Subnet = "2001:db8:1::/48".parse().unwrap();
        assert!(v6.contains(ip("2001:db8:1:ffff::1")) && !v6.contains(ip("2001:db8:2::1")));
        assert!(!v6.contains(ip("10.1.0.1")));
        let all: Subnet = "0.0.0.0/0".parse().unwrap();
        assert!(all.contains(ip("203.0.113.1")) && !all.contains(ip("::1")));
        assert!("10.1.0.0/33".parse::<Subnet>().is_err() && "x".parse::<Subnet>().is_err());
    }

    #[test]
    fn the_first_matching_rule_decides_and_the_rest_is_dropped() {
        let rule = |to: &str, port, action| FilterRule {
            from: None,
            to: Some(to.parse().unwrap()),
            port,
            action,
        };
        let filter = Filter::Rules(vec![
            rule("10.1.0.10", Some(25), Action::Allow),
            rule("10.1.0.0/16", Some(25), Action::Reject),
        ]);
        let from = ip("10.2.0.1");
        assert_eq!(filter.action(from, ip("10.1.0.10"), 25), Action::Allow);
        assert_eq!(filter.action(from, ip("10.1.0.11"), 25), Action::Reject);
        assert_eq!(filter.action(from, ip("10.1.0.11"), 53), Action::Drop);
        assert_eq!(Filter::Open.action(from, ip("10.1.0.11"), 53), Action::Allow);
    }
}
