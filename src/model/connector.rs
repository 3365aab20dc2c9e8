//! Routing groups (Exchange 2000 and 2003) and AD sites (2007 to SE), and what connects them.

use super::{
    id::{GroupId, IdError, ServerId, serde_as_text},
    object::object,
    server::{ListenerId, SmartHost},
};
use crate::model::name::Fqdn;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt, str::FromStr};

object! {
    /// A routing group or an AD site: servers that send to each other directly.
    pub struct Group, GroupField {
        required {
            /// The name that people use.
            name: String => Name,
        }
        optional {
            /// Which of the two.
            kind: GroupKind => Kind,
            /// Whether it is a hub site: mail whose least-cost path crosses it is relayed there (AD sites).
            hub: bool => Hub,
            /// The routing group master; none: not entered.
            master: Option<ServerId> => Master,
        }
    }
}

/// What holds servers together for routing.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum GroupKind {
    /// A routing group (Exchange 2000 and 2003).
    #[default]
    RoutingGroup,
    /// An AD site (Exchange 2007 to SE). To older servers all of them are one routing group,
    /// `Exchange Routing Group (DWBGZMFD01QNBJR)`.
    DirectorySite,
}

impl GroupKind {
    /// What it is called, as it stands inside a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::RoutingGroup => "routing group",
            Self::DirectorySite => "AD site",
        }
    }
}

object! {
    /// An AD IP site link: all sites that it joins reach each other at its cost.
    pub struct SiteLink, SiteLinkField {
        required {
            /// The name that people use.
            name: String => Name,
            /// The AD sites that it joins.
            sites: BTreeSet<GroupId> => Sites,
        }
        optional {
            /// The cost in the directory; none: 100, the directory's default.
            cost: Option<u32> => Cost,
            /// The cost that Exchange is told to use instead (`Set-AdSiteLink -ExchangeCost`); none: none.
            exchange_cost: Option<u32> => ExchangeCost,
        }
    }
}

impl SiteLink {
    /// The cost that Exchange counts with: its own before the directory's; there is none below 1.
    pub fn cost(&self) -> u32 {
        self.exchange_cost.or(self.cost).unwrap_or(100).max(1)
    }
}

object! {
    /// A routing group connector: one way, from one group to another.
    pub struct GroupConnector, GroupConnectorField {
        required {
            /// The name that people use.
            name: String => Name,
            /// The group whose servers send.
            from: GroupId => From,
            /// The group that it leads to.
            to: GroupId => To,
        }
        optional {
            /// Cost, 1 to 100; none: 1, Exchange's default.
            cost: Option<u16> => Cost,
            /// Local bridgeheads; none: any local server may send.
            sources: BTreeSet<ListenerId> => Sources,
            /// Remote bridgeheads: whom it sends to.
            targets: BTreeSet<ListenerId> => Targets,
        }
    }
}

impl GroupConnector {
    /// The cost; Exchange knows none below 1.
    pub fn cost(&self) -> u32 {
        u32::from(self.cost.unwrap_or(1)).max(1)
    }
}

object! {
    /// An SMTP connector (2007 to SE: send connector): mail for its address spaces leaves the organisation
    /// here.
    pub struct SmtpConnector, SmtpConnectorField {
        required {
            /// The name that people use.
            name: String => Name,
            /// The group that it belongs to.
            group: GroupId => Group,
        }
        optional {
            /// The domains that it takes, each with a cost.
            spaces: BTreeSet<AddressSpace> => Spaces,
            /// Who may use it.
            scope: Scope => Scope,
            /// Its local bridgeheads: the servers that send.
            sources: BTreeSet<ListenerId> => Sources,
            /// How it finds the next hop.
            delivery: Delivery => Delivery,
        }
    }
}

/// Who may use an SMTP connector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scope {
    /// Every server of the organisation.
    #[default]
    Organisation,
    /// The servers of its routing group; of a send connector those of its source servers' AD sites.
    Group,
}

/// How an SMTP connector finds the next hop.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Delivery {
    /// By the DNS: the mail exchangers of the recipient's domain.
    #[default]
    Dns,
    /// By smart hosts, the first that answers.
    SmartHosts(Vec<SmartHost>),
}

/// An address space with its cost, written `*;1`, `*.example;10` or `partner.example;1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AddressSpace {
    /// What it covers.
    pub pattern: Pattern,
    /// Cost, 1 to 100.
    pub cost: u16,
}

/// Which domains an address space covers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pattern {
    /// All domains.
    All,
    /// The domain's subdomains, not the domain itself.
    Under(Fqdn),
    /// Just that domain.
    Domain(Fqdn),
}

impl Pattern {
    /// How exactly the pattern fits `domain`: the higher the more exact; none: not at all.
    pub fn fit(&self, domain: &Fqdn) -> Option<usize> {
        match self {
            Self::All => Some(0),
            Self::Under(parent) => {
                (domain != parent && domain.is_within(parent)).then(|| 1 + parent.as_str().len())
            }
            Self::Domain(name) => (domain == name).then_some(usize::MAX),
        }
    }
}

impl FromStr for AddressSpace {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let bad =
            || IdError::Form { kind: "address space", text: text.to_owned(), form: "domain;cost" };
        let (domain, cost) = text.split_once(';').unwrap_or((text, "1"));
        let cost = cost.trim().parse().ok().ok_or_else(bad)?;
        let pattern = match domain.trim() {
            "*" => Pattern::All,
            under if under.starts_with("*.") => {
                Pattern::Under(under[2..].parse().ok().ok_or_else(bad)?)
            }
            name => Pattern::Domain(name.parse().ok().ok_or_else(bad)?),
        };
        Ok(Self { pattern, cost })
    }
}
impl fmt::Display for AddressSpace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.pattern {
            Pattern::All => write!(f, "*;{}", self.cost),
            Pattern::Under(parent) => write!(f, "*.{parent};{}", self.cost),
            Pattern::Domain(name) => write!(f, "{name};{}", self.cost),
        }
    }
}
serde_as_text!(AddressSpace);
