//! Whether one host may open a port of another: segments, WAN links, lines, firewalls, listeners.

use super::case::Case;
use bridgehead::model::{
    ObjectId,
    address::{Action, Blocked, Filter, is_private},
    assumption::{About, Behaviour},
    dns::Place,
    id::{LineId, LinkId, SegmentId, ServerId, SiteId},
    server::{Bindings, ListenerId},
    site::{Firewall, InternetAccess, Outbound},
};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why a connection does not come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// Nobody answers.
    Timeout,
    /// A reset comes back.
    Refused,
    /// No route, or nobody there.
    Unreachable,
    /// A firewall stops it, nobody knows how.
    Other,
    /// A fact is missing.
    CannotTell,
}

/// Where a connection arrived.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    /// The listener that answered.
    pub(super) listener: ListenerId,
    /// The client address that it sees; none: some public address that is not drawn.
    pub(super) seen: Option<IpAddr>,
    /// Whether a firewall that turned the connection back shows some address of its own instead.
    pub(super) masked: bool,
    /// Whether a drawn listener answered; if not, Exchange itself did, at a port of its own.
    pub(super) drawn: bool,
}

/// What filters look at; an absent address is some public one that is not drawn.
#[derive(Clone, Copy)]
pub(super) struct Packet {
    /// Where it comes from.
    pub(super) source: Option<IpAddr>,
    /// Where it goes.
    pub(super) target: Option<IpAddr>,
    /// The TCP or UDP port.
    pub(super) port: u16,
}

/// A server (none: somebody on the Internet) opens a TCP port at an address.
pub(super) fn connect(
    case: &Case,
    from: Option<&ServerId>,
    target: IpAddr,
    port: u16,
) -> Result<Arrival, Stop> {
    let Some(from) = from else { return on_the_internet(case, None, target, port) };
    let own = &case.server(from).addresses;
    let source = own.iter().copied().find(|a| a.is_ipv4() == target.is_ipv4());
    let source = source.ok_or(Stop::Unreachable)?;
    if own.contains(&target) {
        return listener_check(case, from, target, port, Some(source));
    }
    match case.segment_of(from) {
        None => on_the_internet(case, Some(source), target, port),
        Some(segment) => from_segment(case, segment, source, target, port),
    }
}

/// A server connects to some public address that is not drawn.
pub(super) fn leave_for_internet(case: &Case, from: &ServerId) -> Result<(), Stop> {
    let own = &case.server(from).addresses;
    let source = own.iter().find(|a| a.is_ipv4()).or(own.first()).ok_or(Stop::Unreachable)?;
    let Some(segment) = case.segment_of(from) else { return Ok(()) };
    if case.failed(ObjectId::Segment(segment.clone())) {
        return Err(Stop::Timeout);
    }
    at_home(case, segment, *source)?;
    let packet = Packet { source: Some(*source), target: None, port: 25 };
    exit(case, case.site_of(segment), packet).map(|_| ())
}

/// A host whose address lies in no subnet of its segment gets no answer; whether it is mistyped there
/// or a subnet is missing, nobody can tell.
fn at_home(case: &Case, segment: &SegmentId, source: IpAddr) -> Result<(), Stop> {
    let subnets = &case.topology.segments[segment].subnets;
    let known = subnets.is_empty() || subnets.iter().any(|subnet| subnet.contains(source));
    if known { Ok(()) } else { Err(Stop::CannotTell) }
}

fn from_segment(
    case: &Case,
    segment: &SegmentId,
    source: IpAddr,
    target: IpAddr,
    port: u16,
) -> Result<Arrival, Stop> {
    if case.failed(ObjectId::Segment(segment.clone())) {
        return Err(Stop::Timeout);
    }
    at_home(case, segment, source)?;
    let site = case.site_of(segment);
    let packet = Packet { source: Some(source), target: Some(target), port };
    if let Some(there) = segment_at(case, target, |s| s == site) {
        if there != segment {
            guard(case, there, packet)?;
        }
        return host_check(case, there, target, port, Some(source));
    }
    if let Some(line) = line_at(case, target, |s| s == site) {
        return inside_hit(case, line, target, port, source);
    }
    let routed = |s: &SiteId| s != site && wan_path(case, site, s).is_some();
    if let Some(there) = segment_at(case, target, routed) {
        walk_to(case, site, case.site_of(there), packet)?;
        return host_check(case, there, target, port, Some(source));
    }
    match exit(case, site, packet)? {
        Exit::InsideHit(line) => inside_hit(case, &line, target, port, source),
        Exit::Gone(seen) => on_the_internet(case, seen, target, port),
    }
}

/// The segment to which an address belongs, among the sites that are asked about.
fn segment_at<'a>(
    case: &Case<'a>,
    address: IpAddr,
    sites: impl Fn(&SiteId) -> bool,
) -> Option<&'a SegmentId> {
    let mut best: Option<(u8, &SegmentId)> = None;
    for (id, segment) in &case.topology.segments {
        for subnet in segment.subnets.iter().filter(|s| s.contains(address)) {
            if sites(&segment.site) && best.is_none_or(|(prefix, _)| subnet.prefix() > prefix) {
                best = Some((subnet.prefix(), id));
            }
        }
    }
    best.map(|(_, id)| id)
}

/// The first line by id that has the address, among the sites that are asked about.
fn line_at<'a>(
    case: &Case<'a>,
    address: IpAddr,
    sites: impl Fn(&SiteId) -> bool,
) -> Option<&'a LineId> {
    let mut lines = case.topology.lines.iter();
    lines.find(|(_, line)| sites(&line.site) && line.addresses.contains(&address)).map(|(id, _)| id)
}

/// What guards a segment against the other segments of its site.
pub(super) fn guard(case: &Case, segment: &SegmentId, packet: Packet) -> Result<(), Stop> {
    match &case.topology.segments[segment].from_segments {
        Some(filter) => pass(filter, packet),
        None if case.assumed(&About::SegmentOpen(segment.clone())) => Ok(()),
        None => Err(Stop::CannotTell),
    }
}

fn pass(filter: &Filter, packet: Packet) -> Result<(), Stop> {
    // An address that is not drawn lies in no subnet that a rule names, short of "everything".
    let nowhere = match packet.source.or(packet.target) {
        Some(IpAddr::V6(_)) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        _ => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
    };
    let (from, to) = (packet.source.unwrap_or(nowhere), packet.target.unwrap_or(nowhere));
    match filter.action(from, to, packet.port) {
        Action::Allow => Ok(()),
        Action::Drop => Err(Stop::Timeout),
        Action::Reject => Err(Stop::Refused),
    }
}

/// The first path of fewest links, links in the order of their ids. Grows all paths by one link at
/// a time, in order, so that the first one to arrive is the one that a breadth-first search finds.
pub(super) fn wan_path(case: &Case, from: &SiteId, to: &SiteId) -> Option<Vec<LinkId>> {
    let mut paths: Vec<(SiteId, Vec<LinkId>)> = vec![(from.clone(), vec![])];
    for _ in 0..=case.topology.sites.len() {
        if let Some((_, path)) = paths.iter().find(|(site, _)| site == to) {
            return Some(path.clone());
        }
        let mut longer = Vec::new();
        for (site, path) in &paths {
            for (id, link) in &case.topology.links {
                let far = match site {
                    s if *s == link.a => &link.b,
                    s if *s == link.b => &link.a,
                    _ => continue,
                };
                if !path.contains(id) {
                    longer.push((far.clone(), [path.clone(), vec![id.clone()]].concat()));
                }
            }
        }
        paths = longer;
    }
    None
}

/// Whether a packet passes the WAN from one site to another; no path: unreachable.
pub(super) fn walk_to(case: &Case, from: &SiteId, to: &SiteId, packet: Packet) -> Result<(), Stop> {
    for id in wan_path(case, from, to).ok_or(Stop::Unreachable)? {
        let link = &case.topology.links[&id];
        let dead = [
            ObjectId::Link(id.clone()),
            ObjectId::Site(link.a.clone()),
            ObjectId::Site(link.b.clone()),
        ];
        if dead.into_iter().any(|object| case.failed(object)) {
            return Err(Stop::Timeout);
        }
        match &link.filter {
            Some(filter) => pass(filter, packet)?,
            None if case.assumed(&About::LinkOpen(id.clone())) => {}
            None => return Err(Stop::CannotTell),
        }
    }
    Ok(())
}

/// How a packet leaves a site for the Internet.
enum Exit {
    /// It does not: its target is an address of the very line that it would leave by.
    InsideHit(LineId),
    /// It does, and bears this address from then on.
    Gone(Option<IpAddr>),
}

fn exit(case: &Case, site: &SiteId, packet: Packet) -> Result<Exit, Stop> {
    let id = way_out(case, site, packet, &mut vec![])?;
    let line = &case.topology.lines[&id];
    if let Some(hit) = packet.target.and_then(|t| line_at(case, t, |s| *s == line.site)) {
        return Ok(Exit::InsideHit(hit.clone()));
    }
    let (firewall_id, firewall) = case.firewall(line.firewall.as_ref()).ok_or(Stop::CannotTell)?;
    if packet.port == 25 {
        match &firewall.outbound_25 {
            Some(Outbound::All) => {}
            Some(Outbound::Only(few)) => {
                if packet.source.is_none_or(|source| !few.contains(&source)) {
                    return Err(blocked(firewall));
                }
            }
            None if case.assumed(&About::OutboundOpen(firewall_id.clone())) => {}
            None => return Err(Stop::CannotTell),
        }
    }
    let family = packet.target.or(packet.source).is_none_or(|a| a.is_ipv4());
    let translated = packet.source.and_then(|source| firewall.source_addresses.get(&source));
    let first = line.addresses.iter().find(|a| a.is_ipv4() == family);
    // A public address that nothing translates goes out as it is; a private one that nothing
    // translates goes nowhere, unless the line's addresses are not entered at all.
    let routed = packet.source.filter(|source| !is_private(*source));
    match translated.or(first).copied().or(routed) {
        None if !line.addresses.is_empty() => Err(Stop::Unreachable),
        seen => Ok(Exit::Gone(seen)),
    }
}

/// The line by which a site reaches the Internet, its own or another site's.
pub(super) fn way_out(
    case: &Case,
    site: &SiteId,
    packet: Packet,
    passed: &mut Vec<SiteId>,
) -> Result<LineId, Stop> {
    if case.failed(ObjectId::Site(site.clone())) {
        return Err(Stop::Timeout);
    }
    if passed.contains(site) {
        return Err(Stop::Unreachable);
    }
    passed.push(site.clone());
    let lines = &case.topology.lines;
    let own: Vec<_> = lines.iter().filter(|(_, l)| l.site == *site).map(|(id, _)| id).collect();
    match &case.topology.sites[site].internet {
        Some(InternetAccess::Lines(list)) => first_that_is_up(case, list),
        Some(InternetAccess::Nowhere) => Err(Stop::Unreachable),
        Some(InternetAccess::Through(other)) => {
            walk_to(case, site, other, packet)?;
            way_out(case, other, packet, passed)
        }
        None if own.len() == 1 => first_that_is_up(case, &[own[0].clone()]),
        None if case.assumed(&About::NoInternet(site.clone())) => Err(Stop::Unreachable),
        None => Err(Stop::CannotTell),
    }
}

fn first_that_is_up(case: &Case, list: &[LineId]) -> Result<LineId, Stop> {
    for id in list {
        let Some(line) = case.topology.lines.get(id) else { continue };
        let walled = line.firewall.clone().is_some_and(|f| case.failed(ObjectId::Firewall(f)));
        if !walled && !case.failed(ObjectId::Line(id.clone())) {
            return Ok(id.clone());
        }
    }
    Err(Stop::Timeout)
}

fn blocked(firewall: &Firewall) -> Stop {
    match firewall.blocked {
        Some(Blocked::Drop) => Stop::Timeout,
        Some(Blocked::Reject) => Stop::Refused,
        None => Stop::Other,
    }
}

/// An inside host calls a public address of the line behind which it sits.
fn inside_hit(
    case: &Case,
    line: &LineId,
    target: IpAddr,
    port: u16,
    source: IpAddr,
) -> Result<Arrival, Stop> {
    let line = &case.topology.lines[line];
    let (id, firewall) = case.firewall(line.firewall.as_ref()).ok_or(Stop::CannotTell)?;
    if case.failed(ObjectId::Firewall(id.clone())) {
        return Err(Stop::Timeout);
    }
    let (to, to_port) = published(firewall, target, port).ok_or_else(|| blocked(firewall))?;
    let turned_back = match firewall.hairpin {
        Some(known) => known,
        None if case.assumed(&About::Hairpin(id.clone())) => true,
        None if case.assumed(&About::NoHairpin(id.clone())) => false,
        None => return Err(Stop::CannotTell),
    };
    if !turned_back {
        return Err(blocked(firewall));
    }
    let arrival = inside_delivery(case, &line.site, to, to_port, Some(source))?;
    Ok(Arrival { seen: None, masked: true, ..arrival })
}

fn published(firewall: &Firewall, public: IpAddr, port: u16) -> Option<(IpAddr, u16)> {
    let mut all = firewall.published.iter();
    let found = all.find(|p| p.public == public && p.port == port)?;
    Some((found.to, found.to_port.unwrap_or(port)))
}

/// A packet is out on the Internet.
fn on_the_internet(
    case: &Case,
    seen: Option<IpAddr>,
    target: IpAddr,
    port: u16,
) -> Result<Arrival, Stop> {
    if let Some(id) = line_at(case, target, |_| true) {
        return inbound(case, id, seen, target, port);
    }
    for (id, server) in &case.topology.servers {
        if server.place == Place::Internet && server.addresses.contains(&target) {
            return server_check(case, id, target, port, seen);
        }
    }
    if is_private(target) || case.on(Behaviour::InternetIsDrawn) {
        return Err(Stop::Unreachable);
    }
    Err(Stop::CannotTell)
}

/// A packet from the Internet comes to a line.
fn inbound(
    case: &Case,
    line_id: &LineId,
    seen: Option<IpAddr>,
    target: IpAddr,
    port: u16,
) -> Result<Arrival, Stop> {
    let line = &case.topology.lines[line_id];
    let site_failed = case.failed(ObjectId::Site(line.site.clone()));
    if site_failed || case.failed(ObjectId::Line(line_id.clone())) {
        return Err(Stop::Timeout);
    }
    let (id, firewall) = case.firewall(line.firewall.as_ref()).ok_or(Stop::CannotTell)?;
    if case.failed(ObjectId::Firewall(id.clone())) {
        return Err(Stop::Timeout);
    }
    let (to, to_port) = published(firewall, target, port).ok_or_else(|| blocked(firewall))?;
    let arrival = inside_delivery(case, &line.site, to, to_port, seen);
    if segment_at(case, to, |s| *s == line.site).is_some() {
        return arrival;
    }
    // The answer has to leave by the same line, or the sender never sees it. What stops the way in
    // comes first: the host itself, as the last on it, does not.
    let routed = |s: &SiteId| *s != line.site && wan_path(case, &line.site, s).is_some();
    let Some(there) = segment_at(case, to, routed) else { return arrival };
    let packet = Packet { source: seen, target: Some(to), port: to_port };
    walk_to(case, &line.site, case.site_of(there), packet)?;
    match way_out(case, case.site_of(there), packet, &mut vec![]) {
        Ok(back) if back == *line_id => arrival,
        Err(Stop::CannotTell) => Err(Stop::CannotTell),
        _ => Err(Stop::Timeout),
    }
}

/// A firewall hands a packet on to an inside address.
fn inside_delivery(
    case: &Case,
    site: &SiteId,
    target: IpAddr,
    port: u16,
    seen: Option<IpAddr>,
) -> Result<Arrival, Stop> {
    if let Some(there) = segment_at(case, target, |s| s == site) {
        return host_check(case, there, target, port, seen);
    }
    let routed = |s: &SiteId| s != site && wan_path(case, site, s).is_some();
    let there = segment_at(case, target, routed).ok_or(Stop::Unreachable)?;
    let packet = Packet { source: seen, target: Some(target), port };
    walk_to(case, site, case.site_of(there), packet)?;
    host_check(case, there, target, port, seen)
}

/// A packet is in the segment to which its target belongs.
fn host_check(
    case: &Case,
    segment: &SegmentId,
    target: IpAddr,
    port: u16,
    seen: Option<IpAddr>,
) -> Result<Arrival, Stop> {
    if case.failed(ObjectId::Segment(segment.clone())) {
        return Err(Stop::Timeout);
    }
    let here = Place::Segment(segment.clone());
    for (id, server) in &case.topology.servers {
        if server.place == here && server.addresses.contains(&target) {
            return server_check(case, id, target, port, seen);
        }
    }
    let mut resolvers = case.topology.resolvers.values();
    if resolvers.any(|r| r.place == here && r.addresses.contains(&target)) {
        Err(Stop::Refused)
    } else {
        Err(Stop::Unreachable)
    }
}

fn server_check(
    case: &Case,
    server: &ServerId,
    target: IpAddr,
    port: u16,
    seen: Option<IpAddr>,
) -> Result<Arrival, Stop> {
    if case.server_failed(server) {
        return Err(Stop::Unreachable);
    }
    listener_check(case, server, target, port, seen)
}

/// Which listener of a server answers at an address: the one that claims it before "all unassigned".
fn listener_check(
    case: &Case,
    server: &ServerId,
    target: IpAddr,
    port: u16,
    seen: Option<IpAddr>,
) -> Result<Arrival, Stop> {
    let all = case.listeners(server);
    let own_port = case.server(server).platform.is_some_and(|p| p.own_ports().contains(&port));
    if let (true, false, Some((id, _))) =
        (own_port, all.iter().any(|(_, l)| l.port() == port), all.first())
    {
        return Ok(Arrival { listener: (*id).clone(), seen, masked: false, drawn: false });
    }
    let claims = |bindings: &Bindings| match bindings {
        Bindings::Addresses(few) => few.contains(&target),
        Bindings::All => false,
    };
    let with_port = || all.iter().filter(|(_, l)| l.port() == port);
    let (id, _) = with_port()
        .find(|(_, l)| claims(&l.bindings))
        .or_else(|| with_port().find(|(_, l)| l.bindings == Bindings::All))
        .ok_or(Stop::Refused)?;
    if case.failed(ObjectId::Listener((*id).clone())) {
        return Err(Stop::Refused);
    }
    Ok(Arrival { listener: (*id).clone(), seen, masked: false, drawn: true })
}
