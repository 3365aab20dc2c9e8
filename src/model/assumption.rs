//! Assumptions: what is taken for granted, by name, so that it can be checked or switched off.
//!
//! Two kinds. A *behaviour* of a mail system that rests on one source or none: it is on unless the
//! project switches it off, and every trace that leans on it says so. A *fact* of the client's
//! network that nobody has entered: it fills the gap only while the assumption is on.

use super::id::{AssumptionId, FirewallId, LinkId, SegmentId, SiteId};
use serde::{Deserialize, Serialize};

/// An assumption of the project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assumption {
    /// What is assumed, as a sentence.
    pub text: String,
    /// What it stands for in the simulation.
    pub about: About,
    /// Whether it is taken.
    pub on: bool,
    /// Who has checked it; none: nobody yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<Checked>,
}

/// Who checked an assumption.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checked {
    /// Who.
    pub by: String,
    /// How, e.g. `telnet from LDS-FE1 to port 25 of a host outside`.
    pub how: String,
    /// When, as `YYYY-MM-DD`.
    pub when: String,
}

/// What an assumption stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum About {
    /// How a mail system behaves.
    Behaviour(Behaviour),
    /// All hosts behind this firewall may open port 25 to the Internet.
    OutboundOpen(FirewallId),
    /// This firewall turns inside connections to its published addresses back.
    Hairpin(FirewallId),
    /// This firewall does not turn inside connections back.
    NoHairpin(FirewallId),
    /// This link lets everything pass.
    LinkOpen(LinkId),
    /// The other segments of the site may open everything in this one.
    SegmentOpen(SegmentId),
    /// This site has no way to the Internet.
    NoInternet(SiteId),
    /// Nothing that the simulation asks: a line in the register of what is to be checked.
    Note,
}

/// A behaviour that rests on one source or none. Its kebab-case name is the assumption's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Behaviour {
    /// A connector's target that is bound to an address is found by that address: nothing is
    /// looked up. Off: its FQDN is asked all the same.
    BindingSparesLookup,
    /// Servers of one routing group find each other by computer name. Off: by the listener's FQDN.
    SameGroupByComputerName,
    /// Without an SMTP connector in scope a server sends Internet mail by its own virtual server,
    /// by DNS. Off: such mail has no route.
    OwnServerWithoutConnector,
    /// A next hop of Exchange's own routing whose name does not exist keeps the mail in the queue.
    /// Off: the mail is returned.
    ConnectorNameErrorQueues,
    /// An Internet domain that does not exist returns the mail (5.4.0). Off: it stays in the queue.
    InternetNameErrorReturns,
    /// Exchange treats an odd mail exchanger (null MX, an address for a name) as Postfix does.
    /// Off: cannot tell.
    OddMxAsPostfix,
    /// Of routes with equal cost the one whose connector comes first by name is used. Off: cannot tell
    /// when there are several.
    EqualCostFirstByName,
    /// A connector with named source bridgeheads that cannot deliver is marked down, and mail takes
    /// the next route. Off: mail waits for it.
    LinkStateReroutes,
    /// Everything on the Internet that matters is drawn: other names do not exist there and other
    /// addresses answer nothing. Off unless the project switches it on.
    InternetIsDrawn,
}

impl Behaviour {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::BindingSparesLookup,
        Self::SameGroupByComputerName,
        Self::OwnServerWithoutConnector,
        Self::ConnectorNameErrorQueues,
        Self::InternetNameErrorReturns,
        Self::OddMxAsPostfix,
        Self::EqualCostFirstByName,
        Self::LinkStateReroutes,
        Self::InternetIsDrawn,
    ];

    /// The behaviour's name, as traces and subjects write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::BindingSparesLookup => "binding-spares-lookup",
            Self::SameGroupByComputerName => "same-group-by-computer-name",
            Self::OwnServerWithoutConnector => "own-server-without-connector",
            Self::ConnectorNameErrorQueues => "connector-name-error-queues",
            Self::InternetNameErrorReturns => "internet-name-error-returns",
            Self::OddMxAsPostfix => "odd-mx-as-postfix",
            Self::EqualCostFirstByName => "equal-cost-first-by-name",
            Self::LinkStateReroutes => "link-state-reroutes",
            Self::InternetIsDrawn => "internet-is-drawn",
        }
    }

    /// Whether it holds where the project says nothing of it.
    pub fn default_on(self) -> bool {
        self != Self::InternetIsDrawn
    }

    /// The id under which traces name it.
    pub fn id(self) -> AssumptionId {
        self.name().parse().unwrap_or_else(|_| unreachable!("names of behaviours are slugs"))
    }
}
