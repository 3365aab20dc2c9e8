//! Typed ids: short slugs made from an object's first name, never changed by renaming.
//!
//! An id is what a file, a git difference and the command line show (`server:lon-be1`). It knows
//! nothing of the object behind it. Compound ids (listener, zone, record) live in [`super::dns`]
//! and [`super::listener`], beside what they name.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr, sync::Arc};

/// The longest slug that is accepted, in characters.
pub const SLUG_MAX: usize = 64;

/// Why a text is no id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Neither empty nor over-long, and only the characters of a slug.
    #[error("`{0}` is no id: 1 to {SLUG_MAX} of a-z, 0-9, `-`, `.`, `_`")]
    Slug(String),
    /// A compound id lacks a part.
    #[error("`{text}` is no {kind}: expected {form}")]
    Form {
        /// What was expected, in the words of the command line.
        kind: &'static str,
        /// The text that was given.
        text: String,
        /// The form that is expected.
        form: &'static str,
    },
}

/// Whether `text` may stand as a slug.
pub fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= SLUG_MAX
        && text.bytes().all(|b| {
            b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.' | b'_')
        })
}

/// A slug made from a name that a person typed: `London BE 1` gives `london-be-1`.
///
/// `taken` says which slugs are in use; a number is appended until the slug is free.
pub fn slug_from_name(name: &str, fallback: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut slug = String::new();
    for c in name.chars() {
        if slug.len() >= SLUG_MAX - 8 {
            break;
        }
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    let slug = if slug.is_empty() { fallback } else { slug };
    if !taken(slug) {
        return slug.to_owned();
    }
    let numbered = (2..u32::MAX).map(|n| format!("{slug}-{n}"));
    numbered.into_iter().find(|candidate| !taken(candidate)).unwrap_or_else(|| slug.to_owned())
}

/// Serde by way of `Display` and `FromStr`, for ids and names that a file writes as text.
macro_rules! serde_as_text {
    ($type:ty) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use serde_as_text;

macro_rules! slug_ids {
    ($($(#[$doc:meta])* $id:ident,)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $id(Arc<str>);

        impl $id {
            /// The slug.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl FromStr for $id {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                if is_slug(text) { Ok(Self(text.into())) } else { Err(IdError::Slug(text.to_owned())) }
            }
        }
        impl fmt::Display for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl fmt::Debug for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &*self.0)
            }
        }
        impl Serialize for $id {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
        impl<'de> Deserialize<'de> for $id {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    )+};
}

slug_ids! {
    /// An organisation: one directory, one set of mail domains.
    OrganisationId,
    /// A place with users or servers.
    SiteId,
    /// A network segment of a site.
    SegmentId,
    /// An Internet line of a site.
    LineId,
    /// A firewall of a site.
    FirewallId,
    /// A WAN link between two sites.
    LinkId,
    /// A DNS server, as hosts ask it.
    ResolverId,
    /// A view: what one audience is told by the DNS.
    ViewId,
    /// A server.
    ServerId,
    /// A routing group or AD site.
    GroupId,
    /// An AD IP site link.
    SiteLinkId,
    /// A routing group connector or SMTP connector (one space of ids).
    ConnectorId,
    /// A mail domain.
    DomainId,
    /// A group of mailboxes.
    MailboxesId,
    /// A promise.
    PromiseId,
    /// An assumption.
    AssumptionId,
    /// A phase.
    PhaseId,
    /// A note on the drawing.
    NoteId,
    /// A view to come back to.
    SavedViewId,
}
