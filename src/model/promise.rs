//! Promises: what the client requires, so written that it can be checked in every phase.

use super::{
    id::{IdError, LinkId, PhaseId, ServerId, SiteId, serde_as_text},
    name::MailAddress,
    subject::Subject,
    topology::ObjectId,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt, str::FromStr};

/// An end of a message's way.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum End {
    /// The mailboxes on a server, or the server itself as a sender.
    Server(ServerId),
    /// The mailboxes of the users who sit at a site, wherever their server stands.
    Site(SiteId),
    /// Anybody on the Internet.
    Internet,
    /// One mail address.
    Address(MailAddress),
}

impl FromStr for End {
    type Err = IdError;
    /// Reads an end where its kind is written (`site:london`), as files do. The command line takes
    /// bare ids too, with the topology at hand.
    fn from_str(text: &str) -> Result<Self, IdError> {
        if text == "internet" {
            return Ok(Self::Internet);
        }
        if let Some(id) = text.strip_prefix("server:") {
            return Ok(Self::Server(id.parse()?));
        }
        if let Some(id) = text.strip_prefix("site:") {
            return Ok(Self::Site(id.parse()?));
        }
        text.parse().ok().map(Self::Address).ok_or_else(|| IdError::Form {
            kind: "end",
            text: super::name::shortened(text),
            form: "`server:id`, `site:id`, `internet` or a mail address",
        })
    }
}
impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(id) => write!(f, "server:{id}"),
            Self::Site(id) => write!(f, "site:{id}"),
            Self::Internet => f.write_str("internet"),
            Self::Address(address) => write!(f, "{address}"),
        }
    }
}
serde_as_text!(End);

/// A promise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// The client's requirement in the client's words.
    pub text: String,
    /// The phase from which it holds; none: from the system as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_phase: Option<PhaseId>,
    /// What is checked.
    pub demand: Demand,
}

/// What a promise demands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Demand {
    /// Mail from each of `from` to each of `to` arrives, also with these failures.
    Delivered {
        /// The senders.
        from: BTreeSet<End>,
        /// The recipients.
        to: BTreeSet<End>,
        /// What has failed meanwhile.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        given: BTreeSet<Subject>,
    },
    /// Such mail arrives or waits in a queue; it is never returned, refused or lost.
    DeliveredOrQueued {
        /// The senders.
        from: BTreeSet<End>,
        /// The recipients.
        to: BTreeSet<End>,
        /// What has failed meanwhile.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        given: BTreeSet<Subject>,
    },
    /// Such mail never crosses a WAN link.
    AvoidsLink {
        /// The senders.
        from: BTreeSet<End>,
        /// The recipients.
        to: BTreeSet<End>,
        /// The link.
        link: LinkId,
        /// Only the direction that leads to this site; none: both.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        toward: Option<SiteId>,
    },
    /// Mail that these senders send to the Internet shows no internal name in a greeting or a
    /// Received line: no name under a directory domain, no bare computer name.
    HidesInternalNames {
        /// The senders.
        from: BTreeSet<End>,
    },
}

impl Demand {
    /// The objects of the drawing that it speaks of.
    pub fn objects(&self) -> Vec<ObjectId> {
        let mut objects = Vec::new();
        let mut ends = |set: &BTreeSet<End>| {
            objects.extend(set.iter().filter_map(|end| match end {
                End::Server(id) => Some(ObjectId::Server(id.clone())),
                End::Site(id) => Some(ObjectId::Site(id.clone())),
                End::Internet | End::Address(_) => None,
            }));
        };
        match self {
            Self::Delivered { from, to, given } | Self::DeliveredOrQueued { from, to, given } => {
                ends(from);
                ends(to);
                objects.extend(given.iter().filter_map(|subject| match subject {
                    Subject::Object(id) => Some(id.clone()),
                    _ => None,
                }));
            }
            Self::AvoidsLink { from, to, link, toward } => {
                ends(from);
                ends(to);
                objects.push(ObjectId::Link(link.clone()));
                objects.extend(toward.iter().cloned().map(ObjectId::Site));
            }
            Self::HidesInternalNames { from } => ends(from),
        }
        objects
    }
}
