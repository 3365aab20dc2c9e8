//! Connections: whether a host may open a TCP port of an address, and by what way.
//!
//! From the inside out: own address, own segment, other segments, the site's own public addresses
//! (hairpin), other sites over the WAN, the Internet by the site's line; there the published
//! services of other lines. The first thing that stops it is named.

use super::{
    cause::Cause,
    lookup::Asker,
    unknown::Unknown,
    way::{Flow, Stop},
    world::{
        FirewallIx, Host, LineIx, LinkIx, ListenerIx, SegmentIx, ServerIx, SiteIx, Spot, World,
    },
};
use crate::model::{
    address::{Action, Blocked, is_private},
    assumption::{About, Behaviour},
    id::AssumptionId,
    server::Bindings,
    site::Outbound,
};
use std::net::{IpAddr, Ipv4Addr};

/// One stage of a connection's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// To one of the host's own addresses.
    Own,
    /// Within a segment.
    Segment(SegmentIx),
    /// From one segment of a site into another.
    Boundary(SegmentIx),
    /// Over a link, to a site.
    Link(LinkIx, SiteIx),
    /// Out by a line, with that address as its source.
    Out(LineIx, Option<IpAddr>),
    /// To a public address of the site's own line, from inside.
    OwnPublic(LineIx),
    /// In by a line.
    In(LineIx),
    /// A firewall hands it to an inside address and port.
    Translated(FirewallIx, IpAddr, u16),
    /// To a host on the Internet.
    OnInternet,
}

/// The end of a connection that was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The server that answers.
    pub server: ServerIx,
    /// The listener that answers.
    pub listener: ListenerIx,
    /// The client address that it sees; none: not known.
    pub seen: Option<IpAddr>,
    /// The port that Exchange answers by itself, where no listener is drawn for it (`listener` is the first
    /// then).
    pub own_port: Option<u16>,
    /// Whether a firewall that turned the connection back shows an address of its own instead, which
    /// nobody entered (the laboratory's does).
    pub masked: bool,
}

/// A connection: its way and its end.
#[derive(Clone, Debug)]
pub struct Reach<'a, T = Opened> {
    /// The stages that were passed.
    pub stages: Vec<Stage>,
    /// The assumptions that it leans on.
    pub assumed: Vec<&'a AssumptionId>,
    /// Who answers, or what stops it.
    pub end: Result<T, Stop>,
}

impl<T> Reach<'_, T> {
    /// Whether the way leads by way of a public address of a drawn line.
    pub fn by_public_address(&self) -> bool {
        self.stages.iter().any(|s| {
            matches!(s, Stage::Out(..) | Stage::OwnPublic(_) | Stage::In(_) | Stage::OnInternet)
        })
    }

    /// The links that the way crosses, each with the site that it leads to.
    pub fn links(&self) -> impl Iterator<Item = (LinkIx, SiteIx)> + '_ {
        self.stages.iter().filter_map(|stage| match stage {
            Stage::Link(link, site) => Some((*link, *site)),
            _ => None,
        })
    }
}

/// The way under construction.
struct Course<'w, 'a> {
    world: &'w World<'a>,
    port: u16,
    stages: Vec<Stage>,
    assumed: Vec<&'a AssumptionId>,
}

impl<'a> World<'a> {
    /// Opens a TCP port of an address.
    pub fn connect(&self, from: Asker, to: IpAddr, port: u16) -> Reach<'a> {
        let mut course = Course { world: self, port, stages: Vec::new(), assumed: Vec::new() };
        let end = course.run(from, to);
        Reach { stages: course.stages, assumed: course.assumed, end }
    }

    /// Opens port 25 of somebody on the Internet who is not drawn: the source address that is seen
    /// there, or what stops it.
    pub fn connect_outside(&self, from: ServerIx) -> Reach<'a, Option<IpAddr>> {
        let mut course = Course { world: self, port: 25, stages: Vec::new(), assumed: Vec::new() };
        let end = course.out_of(from);
        Reach { stages: course.stages, assumed: course.assumed, end }
    }
}

impl<'a> Course<'_, 'a> {
    fn run(&mut self, from: Asker, to: IpAddr) -> Result<Opened, Stop> {
        let Asker::Server(server) = from else {
            // Anybody outside: the address that is seen is none of the plan's.
            return self.on_internet(None, to);
        };
        let node = self.world.server(server);
        let Some(source) = self.world.source_address(server, to) else {
            return Err(Stop::Unreachable(Cause::NoFamily(server, to)));
        };
        if node.object.addresses.contains(&to) {
            self.stages.push(Stage::Own);
            return self.listener(server, to, self.port, Some(source));
        }
        match node.spot {
            Spot::Nowhere => Err(Stop::Unknown(Unknown::Place(server))),
            Spot::Internet => self.on_internet(Some(source), to),
            Spot::Inside(site, segment) => self.leave_segment(server, (site, segment), source, to),
        }
    }

    fn leave_segment(
        &mut self,
        server: ServerIx,
        (site, segment): (SiteIx, SegmentIx),
        source: IpAddr,
        to: IpAddr,
    ) -> Result<Opened, Stop> {
        if self.world.is_down(self.world.segment(segment).failed) {
            return Err(Stop::Timeout(Cause::SegmentDown(segment)));
        }
        self.at_home(server, segment, source)?;
        let candidates = self.world.segments_of(to);
        let here = candidates.iter().copied().find(|s| self.world.segment(*s).site == site);
        if let Some(target) = here {
            if target == segment {
                self.stages.push(Stage::Segment(target));
            } else {
                self.boundary(target, source, to)?;
            }
            return self.host(target, to, self.port, Some(source));
        }
        if let Some(line) = self.world.line_at.get(&to).copied()
            && self.world.line(line).site == site
        {
            return self.own_public(line, source, to);
        }
        let flow = Flow { from: Some(source), to, port: self.port };
        if let Some(target) = candidates.first().copied()
            && let Some(walked) = self.world.wan(site, self.world.segment(target).site, flow)
        {
            self.links(walked)?;
            return self.host(target, to, self.port, Some(source));
        }
        let (line, way) = self.world.way_out(site, flow)?;
        self.links(Ok(way))?;
        if let Some(public) = self.world.line_at.get(&to).copied()
            && self.world.line(public).site == self.world.line(line).site
        {
            return self.own_public(public, source, to);
        }
        let seen = self.out(line, source)?;
        self.on_internet(seen, to)
    }

    /// Whether answers find their way to a host: its address lies in a subnet of its segment. Where no
    /// subnets are entered nothing is held against it.
    fn at_home(&self, server: ServerIx, segment: SegmentIx, source: IpAddr) -> Result<(), Stop> {
        let subnets = &self.world.segment(segment).object.subnets;
        if subnets.is_empty() || subnets.iter().any(|net| net.contains(source)) {
            return Ok(());
        }
        Err(Stop::Unknown(Unknown::OutsideSubnets(server)))
    }

    /// Out of a server's site to nobody in particular: the source address that is seen there.
    fn out_of(&mut self, server: ServerIx) -> Result<Option<IpAddr>, Stop> {
        let node = self.world.server(server);
        let Spot::Inside(site, segment) = node.spot else {
            return match node.spot {
                Spot::Internet => {
                    self.stages.push(Stage::OnInternet);
                    Ok(node.object.addresses.first().copied())
                }
                _ => Err(Stop::Unknown(Unknown::Place(server))),
            };
        };
        if self.world.is_down(self.world.segment(segment).failed) {
            return Err(Stop::Timeout(Cause::SegmentDown(segment)));
        }
        let Some(source) = node.object.addresses.first().copied() else {
            let nowhere = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
            return Err(Stop::Unreachable(Cause::NoFamily(server, nowhere)));
        };
        self.at_home(server, segment, source)?;
        let to = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        let flow = Flow { from: Some(source), to, port: self.port };
        let (line, way) = self.world.way_out(site, flow)?;
        self.links(Ok(way))?;
        let seen = self.out(line, source)?;
        self.stages.push(Stage::OnInternet);
        Ok(seen)
    }

    fn links(&mut self, walked: Result<super::way::Way<'a>, Stop>) -> Result<(), Stop> {
        let way = walked?;
        self.stages.extend(way.links.iter().map(|(link, site)| Stage::Link(*link, *site)));
        self.assumed.extend(way.assumed);
        Ok(())
    }

    fn boundary(&mut self, target: SegmentIx, source: IpAddr, to: IpAddr) -> Result<(), Stop> {
        let node = self.world.segment(target);
        let about = || About::SegmentOpen(node.id.clone());
        let cause = Cause::SegmentFilter(target);
        match &node.object.from_segments {
            None => match self.world.assumed(&about()) {
                Some(id) => self.assumed.push(id),
                None => return Err(Stop::Unknown(Unknown::SegmentFilter(target))),
            },
            Some(filter) => match filter.action(source, to, self.port) {
                Action::Allow => {}
                Action::Drop => return Err(Stop::Timeout(cause)),
                Action::Reject => return Err(Stop::Refused(cause)),
            },
        }
        self.stages.push(Stage::Boundary(target));
        Ok(())
    }

    /// Out by a line: the source address that is seen on the Internet.
    fn out(&mut self, line: LineIx, source: IpAddr) -> Result<Option<IpAddr>, Stop> {
        let node = self.world.line(line);
        let Some(ix) = node.firewall else {
            return Err(Stop::Unknown(Unknown::LineFirewall(line)));
        };
        let firewall = self.world.firewall(ix);
        if self.port == 25 {
            match &firewall.object.outbound_25 {
                None => match self.world.assumed(&About::OutboundOpen(firewall.id.clone())) {
                    Some(id) => self.assumed.push(id),
                    None => return Err(Stop::Unknown(Unknown::Outbound25(ix))),
                },
                Some(Outbound::Only(set)) if !set.contains(&source) => {
                    return Err(self.blocked(ix, Cause::Outbound25(ix)));
                }
                Some(Outbound::All | Outbound::Only(_)) => {}
            }
        }
        let translated = firewall.object.source_addresses.get(&source).copied();
        let first = || {
            let of_family = |a: &&IpAddr| a.is_ipv4() == source.is_ipv4();
            node.object.addresses.iter().find(of_family).copied()
        };
        let seen = translated.or_else(first).or((!is_private(source)).then_some(source));
        if seen.is_none() && !node.object.addresses.is_empty() {
            return Err(Stop::Unreachable(Cause::NoFamilyOnLine(line, source)));
        }
        self.stages.push(Stage::Out(line, seen));
        Ok(seen)
    }

    /// A connection from inside to a public address of the site's own line.
    fn own_public(&mut self, line: LineIx, source: IpAddr, to: IpAddr) -> Result<Opened, Stop> {
        self.stages.push(Stage::OwnPublic(line));
        let Some(ix) = self.world.line(line).firewall else {
            return Err(Stop::Unknown(Unknown::LineFirewall(line)));
        };
        let firewall = self.world.firewall(ix);
        if self.world.is_down(firewall.failed) {
            return Err(Stop::Timeout(Cause::FirewallDown(ix)));
        }
        let (inside, port) = self.published(ix, to)?;
        let turned = if let Some(turned) = firewall.object.hairpin {
            turned
        } else {
            let yes = self.world.assumed(&About::Hairpin(firewall.id.clone()));
            let no = self.world.assumed(&About::NoHairpin(firewall.id.clone()));
            match (yes, no) {
                (Some(id), _) => {
                    self.assumed.push(id);
                    true
                }
                (None, Some(id)) => {
                    self.assumed.push(id);
                    false
                }
                (None, None) => return Err(Stop::Unknown(Unknown::Hairpin(ix))),
            }
        };
        if !turned {
            return Err(self.blocked(ix, Cause::NoHairpin(ix, to)));
        }
        self.stages.push(Stage::Translated(ix, inside, port));
        let opened =
            self.inside(ix, self.world.line(line).site, None, (inside, port), Some(source))?;
        Ok(Opened { seen: None, masked: true, ..opened })
    }

    fn on_internet(&mut self, seen: Option<IpAddr>, to: IpAddr) -> Result<Opened, Stop> {
        if let Some(line) = self.world.line_at.get(&to).copied() {
            return self.inbound(line, seen, to);
        }
        if let Some(server) = self.world.internet_server_at.get(&to).copied() {
            self.stages.push(Stage::OnInternet);
            return self.server(server, to, self.port, seen);
        }
        if is_private(to) || self.world.on(Behaviour::InternetIsDrawn) {
            return Err(Stop::Unreachable(Cause::NotOnInternet(to)));
        }
        Err(Stop::Unknown(Unknown::NothingDrawn(to)))
    }

    fn inbound(&mut self, line: LineIx, seen: Option<IpAddr>, to: IpAddr) -> Result<Opened, Stop> {
        let node = self.world.line(line);
        if self.world.is_down(self.world.site(node.site).failed) {
            return Err(Stop::Timeout(Cause::SiteDown(node.site)));
        }
        if self.world.is_down(node.failed) {
            return Err(Stop::Timeout(Cause::LineDown(line)));
        }
        let Some(ix) = node.firewall else {
            return Err(Stop::Unknown(Unknown::LineFirewall(line)));
        };
        if self.world.is_down(self.world.firewall(ix).failed) {
            return Err(Stop::Timeout(Cause::FirewallDown(ix)));
        }
        self.stages.push(Stage::In(line));
        let (inside, port) = self.published(ix, to)?;
        self.stages.push(Stage::Translated(ix, inside, port));
        self.inside(ix, node.site, Some(line), (inside, port), seen)
    }

    fn published(&self, ix: FirewallIx, to: IpAddr) -> Result<(IpAddr, u16), Stop> {
        let firewall = self.world.firewall(ix);
        let found =
            firewall.object.published.iter().find(|p| p.public == to && p.port == self.port);
        match found {
            Some(p) => Ok((p.to, p.to_port.unwrap_or(p.port))),
            None => Err(self.blocked(ix, Cause::NotPublished(ix, to, self.port))),
        }
    }

    fn blocked(&self, ix: FirewallIx, cause: Cause) -> Stop {
        match self.world.firewall(ix).object.blocked {
            Some(Blocked::Drop) => Stop::Timeout(cause),
            Some(Blocked::Reject) => Stop::Refused(cause),
            None => Stop::Stopped(cause),
        }
    }

    /// From a firewall to an inside address of its site, or of a site behind it. `by`: the line by
    /// which it came in, when it came from the Internet.
    fn inside(
        &mut self,
        firewall: FirewallIx,
        site: SiteIx,
        by: Option<LineIx>,
        (to, port): (IpAddr, u16),
        seen: Option<IpAddr>,
    ) -> Result<Opened, Stop> {
        let candidates = self.world.segments_of(to);
        let here = candidates.iter().copied().find(|s| self.world.segment(*s).site == site);
        let flow = Flow { from: seen, to, port };
        let target = match (here, candidates.first().copied()) {
            (Some(target), _) => target,
            (None, Some(target)) => {
                let there = self.world.segment(target).site;
                let Some(walked) = self.world.wan(site, there, flow) else {
                    return Err(Stop::Unreachable(Cause::NoInside(firewall, to)));
                };
                self.links(walked)?;
                if let Some(line) = by {
                    self.way_back(there, line, flow)?;
                }
                target
            }
            (None, None) => return Err(Stop::Unreachable(Cause::NoInside(firewall, to))),
        };
        self.host(target, to, port, seen)
    }

    /// Whether the answer to somebody on the Internet leaves by the line by which the question came:
    /// otherwise it bears another address, and the connection is never opened.
    fn way_back(&self, from: SiteIx, by: LineIx, flow: Flow) -> Result<(), Stop> {
        match self.world.way_out(from, flow) {
            Ok((line, _)) if line == by => Ok(()),
            Err(Stop::Unknown(unknown)) => Err(Stop::Unknown(unknown)),
            _ => Err(Stop::Timeout(Cause::OtherWayBack(from, by))),
        }
    }

    fn host(
        &mut self,
        segment: SegmentIx,
        to: IpAddr,
        port: u16,
        seen: Option<IpAddr>,
    ) -> Result<Opened, Stop> {
        if self.world.is_down(self.world.segment(segment).failed) {
            return Err(Stop::Timeout(Cause::SegmentDown(segment)));
        }
        match self.world.host_at.get(&(segment, to)).copied() {
            Some(Host::Server(server)) => self.server(server, to, port, seen),
            Some(Host::Resolver(resolver)) => Err(Stop::Refused(Cause::NotMail(resolver))),
            None => Err(Stop::Unreachable(Cause::NoHost(segment, to))),
        }
    }

    fn server(
        &self,
        server: ServerIx,
        to: IpAddr,
        port: u16,
        seen: Option<IpAddr>,
    ) -> Result<Opened, Stop> {
        if self.world.is_down(self.world.server(server).failed) {
            // Nobody answers for its address on the segment, and the last router says so.
            return Err(Stop::Unreachable(Cause::ServerDown(server)));
        }
        self.listener(server, to, port, seen)
    }

    fn listener(
        &self,
        server: ServerIx,
        to: IpAddr,
        port: u16,
        seen: Option<IpAddr>,
    ) -> Result<Opened, Stop> {
        let node = self.world.server(server);
        let first = node.listeners.first().copied();
        let on_port = |ix: &&ListenerIx| self.world.listener(**ix).object.port() == port;
        let bound = |ix: &&ListenerIx| match &self.world.listener(**ix).object.bindings {
            Bindings::Addresses(set) => set.contains(&to),
            Bindings::All => false,
        };
        let all = |ix: &&ListenerIx| self.world.listener(**ix).object.bindings == Bindings::All;
        let own = node.object.platform.is_some_and(|p| p.own_ports().contains(&port));
        if let (true, Some(first)) = (own && !node.listeners.iter().any(|ix| on_port(&ix)), first) {
            return Ok(Opened {
                server,
                listener: first,
                seen,
                own_port: Some(port),
                masked: false,
            });
        }
        let found = node.listeners.iter().filter(on_port).find(bound);
        match found.or_else(|| node.listeners.iter().filter(on_port).find(all)) {
            None => Err(Stop::Refused(Cause::NoListener(server, to, port))),
            Some(ix) if self.world.listener(*ix).failed => {
                Err(Stop::Refused(Cause::ListenerDown(*ix)))
            }
            Some(ix) => Ok(Opened { server, listener: *ix, seen, own_port: None, masked: false }),
        }
    }
}
