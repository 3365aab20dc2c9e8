//! Sites and their network: segments, Internet lines, firewalls, WAN links.
//!
//! A fact that a consultant has not entered is `None` and stays unknown: hairpin, outbound port 25,
//! what a link lets pass. The simulator says "cannot tell" where it needs one.

use super::{
    address::{Blocked, Filter, Subnet},
    id::{FirewallId, LineId, ResolverId, SiteId},
    object::object,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

object! {
    /// A place with users or servers.
    pub struct Site, SiteField {
        required {
            /// The name that people use.
            name: String => Name,
        }
        optional {
            /// The resolvers that the site's hosts ask, in this order; none: not entered.
            resolvers: Option<Vec<ResolverId>> => Resolvers,
            /// How the site reaches the Internet. None: by its own line when just one is drawn,
            /// otherwise not entered.
            internet: Option<InternetAccess> => Internet,
        }
    }
}

/// How a site reaches the Internet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InternetAccess {
    /// By its own lines: the first one that is up.
    Lines(Vec<LineId>),
    /// By the WAN and another site's line.
    Through(SiteId),
    /// Not at all.
    Nowhere,
}

object! {
    /// A network segment of a site.
    pub struct Segment, SegmentField {
        required {
            /// The name that people use.
            name: String => Name,
            /// The site that it belongs to.
            site: SiteId => Site,
        }
        optional {
            /// LAN or perimeter network.
            kind: SegmentKind => Kind,
            /// The subnets in use on it.
            subnets: BTreeSet<Subnet> => Subnets,
            /// What may be opened from another segment of the site into this one.
            from_segments: Option<Filter> => FromSegments,
        }
    }
}

/// What a segment is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SegmentKind {
    /// The inside network.
    #[default]
    Lan,
    /// A perimeter network (DMZ).
    Perimeter,
}

object! {
    /// An Internet line of a site.
    pub struct Line, LineField {
        required {
            /// The name that people use.
            name: String => Name,
            /// The site that it belongs to.
            site: SiteId => Site,
        }
        optional {
            /// Its public addresses; the first is the source of outbound connections unless the
            /// firewall says otherwise.
            addresses: Vec<IpAddr> => Addresses,
            /// The firewall between the line and the site; none: not entered.
            firewall: Option<FirewallId> => Firewall,
            /// Bandwidth in kbit/s; none: not entered.
            bandwidth_kbit: Option<u32> => BandwidthKbit,
        }
    }
}

object! {
    /// A firewall with its address translation, between a site's segments and its lines.
    pub struct Firewall, FirewallField {
        required {
            /// The name that people use.
            name: String => Name,
            /// The site that it belongs to.
            site: SiteId => Site,
        }
        optional {
            /// What it publishes to the Internet.
            published: BTreeSet<Published> => Published,
            /// Inside address → public address that it bears on the Internet.
            source_addresses: BTreeMap<IpAddr, IpAddr> => SourceAddresses,
            /// Whether an inside host reaches a published service by its public address (hairpin NAT,
            /// NAT reflection, RFC 4787 section 6). None: not entered.
            hairpin: Option<bool> => Hairpin,
            /// Who may open TCP port 25 to the Internet. None: not entered.
            outbound_25: Option<Outbound> => Outbound25,
            /// What becomes of what it stops. None: not entered; the sender waits either way.
            blocked: Option<Blocked> => Blocked,
        }
    }
}

/// A public address and port that a firewall hands to an inside address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// The public address.
    pub public: IpAddr,
    /// The TCP port on the public side.
    pub port: u16,
    /// The inside address. Equal to `public` where nothing is translated.
    pub to: IpAddr,
    /// The TCP port on the inside; absent: the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_port: Option<u16>,
}

/// Who may open TCP port 25 to the Internet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outbound {
    /// Every host of the site.
    All,
    /// These inside addresses only.
    Only(BTreeSet<IpAddr>),
}

object! {
    /// A WAN link between two sites.
    pub struct Link, LinkField {
        required {
            /// The name that people use.
            name: String => Name,
            /// One end.
            a: SiteId => A,
            /// The other end.
            b: SiteId => B,
        }
        optional {
            /// Bandwidth in kbit/s; none: not entered.
            bandwidth_kbit: Option<u32> => BandwidthKbit,
            /// Latency one way in milliseconds; none: not entered.
            latency_ms: Option<u32> => LatencyMs,
            /// What the link lets pass; none: not entered.
            filter: Option<Filter> => Filter,
        }
    }
}
