//! What stopped a connection: the object and the attribute to look at, and a sentence.

use super::world::{
    FirewallIx, LineIx, LinkIx, ListenerIx, ResolverIx, SegmentIx, ServerIx, SiteIx, World,
};
use crate::model::{ObjectId, Subject, address::Blocked};
use std::net::IpAddr;

/// What stopped a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The site is cut off.
    SiteDown(SiteIx),
    /// The segment is dead.
    SegmentDown(SegmentIx),
    /// The Internet line is down.
    LineDown(LineIx),
    /// The link is down.
    LinkDown(LinkIx),
    /// The firewall is down.
    FirewallDown(FirewallIx),
    /// The server does not answer.
    ServerDown(ServerIx),
    /// The listener is stopped.
    ListenerDown(ListenerIx),
    /// A rule of the link stops it.
    LinkFilter(LinkIx),
    /// A rule between segments stops it.
    SegmentFilter(SegmentIx),
    /// The firewall publishes nothing on that address and port.
    NotPublished(FirewallIx, IpAddr, u16),
    /// The firewall does not turn inside connections back.
    NoHairpin(FirewallIx, IpAddr),
    /// The host may not open port 25 to the Internet.
    Outbound25(FirewallIx),
    /// No listener answers on that address.
    NoListener(ServerIx, IpAddr, u16),
    /// A DNS server stands there, which does not speak SMTP.
    NotMail(ResolverIx),
    /// Nobody has that address.
    NoHost(SegmentIx, IpAddr),
    /// The site has no way there.
    NoWay(SiteIx, IpAddr),
    /// Nobody announces that address on the Internet.
    NotOnInternet(IpAddr),
    /// The server has no address of that family.
    NoFamily(ServerIx, IpAddr),
    /// The answer leaves by another line than the one by which the question came.
    OtherWayBack(SiteIx, LineIx),
    /// The line has no address of the family that would carry a private source.
    NoFamilyOnLine(LineIx, IpAddr),
    /// The published inside address lies in no segment.
    NoInside(FirewallIx, IpAddr),
}

impl Cause {
    /// The object to look at, and its attribute.
    pub fn blame(self, world: &World<'_>) -> (Option<Subject>, Option<&'static str>) {
        let (object, attribute) = match self {
            Self::SiteDown(ix) => (ObjectId::Site(world.site(ix).id.clone()), None),
            Self::SegmentDown(ix) => (ObjectId::Segment(world.segment(ix).id.clone()), None),
            Self::LineDown(ix) => (ObjectId::Line(world.line(ix).id.clone()), None),
            Self::LinkDown(ix) => (ObjectId::Link(world.link(ix).id.clone()), None),
            Self::FirewallDown(ix) => (ObjectId::Firewall(world.firewall(ix).id.clone()), None),
            Self::ServerDown(ix) => (ObjectId::Server(world.server(ix).id.clone()), None),
            Self::ListenerDown(ix) => (ObjectId::Listener(world.listener(ix).id.clone()), None),
            Self::LinkFilter(ix) => (ObjectId::Link(world.link(ix).id.clone()), Some("filter")),
            Self::SegmentFilter(ix) => {
                (ObjectId::Segment(world.segment(ix).id.clone()), Some("from_segments"))
            }
            Self::NotPublished(ix, ..) | Self::NoInside(ix, _) => {
                (ObjectId::Firewall(world.firewall(ix).id.clone()), Some("published"))
            }
            Self::NoHairpin(ix, _) => {
                (ObjectId::Firewall(world.firewall(ix).id.clone()), Some("hairpin"))
            }
            Self::Outbound25(ix) => {
                (ObjectId::Firewall(world.firewall(ix).id.clone()), Some("outbound_25"))
            }
            Self::NoListener(ix, ..) => {
                let node = world.server(ix);
                match node.listeners.first() {
                    Some(first) => {
                        (ObjectId::Listener(world.listener(*first).id.clone()), Some("bindings"))
                    }
                    None => (ObjectId::Server(node.id.clone()), None),
                }
            }
            Self::NotMail(ix) => {
                (ObjectId::Resolver(world.resolver(ix).id.clone()), Some("addresses"))
            }
            Self::NoHost(ix, _) => (ObjectId::Segment(world.segment(ix).id.clone()), None),
            Self::NoWay(ix, _) => (ObjectId::Site(world.site(ix).id.clone()), Some("internet")),
            Self::NoFamilyOnLine(ix, _) => {
                (ObjectId::Line(world.line(ix).id.clone()), Some("addresses"))
            }
            Self::OtherWayBack(ix, _) => {
                (ObjectId::Site(world.site(ix).id.clone()), Some("internet"))
            }
            Self::NotOnInternet(_) => return (None, None),
            Self::NoFamily(ix, _) => {
                (ObjectId::Server(world.server(ix).id.clone()), Some("addresses"))
            }
        };
        (Some(object.into()), attribute)
    }

    /// The cause as a sentence without its full stop.
    pub fn text(self, world: &World<'_>) -> String {
        match self {
            Self::SiteDown(ix) => format!("{} is cut off", world.site(ix).object.name),
            Self::SegmentDown(ix) => format!("{} is down", world.segment(ix).object.name),
            Self::LineDown(ix) => format!("{} is down", world.line(ix).object.name),
            Self::LinkDown(ix) => format!("{} is down", world.link(ix).object.name),
            Self::FirewallDown(ix) => format!("{} is down", world.firewall(ix).object.name),
            Self::ServerDown(ix) => format!("{} is down", world.server(ix).object.name),
            Self::ListenerDown(ix) => {
                format!("the SMTP service {} is stopped", world.listener(ix).id)
            }
            Self::LinkFilter(ix) => {
                format!("a rule of {} stops it", world.link(ix).object.name)
            }
            Self::SegmentFilter(ix) => {
                format!("{} does not let it in", world.segment(ix).object.name)
            }
            Self::NotPublished(ix, address, port) => format!(
                "{} publishes nothing on {address} port {port}, so it {}",
                world.firewall(ix).object.name,
                stopped(world, ix)
            ),
            Self::NoHairpin(ix, address) => format!(
                "{} does not turn inside connections to {address} back (no hairpin), so it {}",
                world.firewall(ix).object.name,
                stopped(world, ix)
            ),
            Self::Outbound25(ix) => format!(
                "{} does not let this host open port 25 to the Internet, so it {}",
                world.firewall(ix).object.name,
                stopped(world, ix)
            ),
            Self::NoListener(ix, address, port) => format!(
                "no listener of {} answers on {address} port {port}: refused",
                world.server(ix).object.name
            ),
            Self::NotMail(ix) => format!(
                "{} stands at that address and has no SMTP service: refused",
                world.resolver(ix).object.name
            ),
            Self::NoHost(ix, address) => {
                format!("nobody has the address {address} in {}", world.segment(ix).object.name)
            }
            Self::NoWay(ix, address) => {
                format!("{} has no way to {address}", world.site(ix).object.name)
            }
            Self::NotOnInternet(address) => {
                format!("nobody announces {address} on the Internet")
            }
            Self::NoFamily(ix, address) => format!(
                "{} has no address of the family of {address}",
                world.server(ix).object.name
            ),
            Self::NoFamilyOnLine(ix, address) => format!(
                "{} has no address of the family of {address}, which is private and goes no further",
                world.line(ix).object.name
            ),
            Self::OtherWayBack(ix, line) => format!(
                "the answer from {} does not leave by {}, by which the question came",
                world.site(ix).object.name,
                world.line(line).object.name
            ),
            Self::NoInside(ix, address) => format!(
                "{} hands it to {address}, which lies in no segment that it reaches",
                world.firewall(ix).object.name
            ),
        }
    }
}

/// What a firewall does with what it stops, as the end of a sentence.
fn stopped(world: &World<'_>, firewall: FirewallIx) -> &'static str {
    match world.firewall(firewall).object.blocked {
        Some(Blocked::Drop) => "is dropped",
        Some(Blocked::Reject) => "is refused",
        None => "is dropped or refused",
    }
}
