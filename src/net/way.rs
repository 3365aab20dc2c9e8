//! Ways between sites and out to the Internet, as packets of DNS and mail alike take them.

use super::{
    cause::Cause,
    unknown::Unknown,
    world::{LineIx, LinkIx, SiteIx, World},
};
use crate::model::{address::Action, assumption::About, id::AssumptionId, site::InternetAccess};
use std::net::{IpAddr, Ipv4Addr};

/// What stops a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Nothing comes back.
    Timeout(Cause),
    /// A reset comes back.
    Refused(Cause),
    /// The network says that there is no way.
    Unreachable(Cause),
    /// It is stopped, and whether a reset comes back has not been entered.
    Stopped(Cause),
    /// It cannot be told.
    Unknown(Unknown),
}

/// A connection as filters see it.
#[derive(Clone, Copy, Debug)]
pub struct Flow {
    /// The source address; none: somebody on the Internet who is not drawn.
    pub from: Option<IpAddr>,
    /// The target address; the unspecified one: somebody on the Internet who is not drawn.
    pub to: IpAddr,
    /// The target port.
    pub port: u16,
}

/// A way that is open: its links in travelling order, and the assumptions that it leans on.
#[derive(Clone, Debug, Default)]
pub struct Way<'a> {
    /// The links, each with the site that it leads to.
    pub links: Vec<(LinkIx, SiteIx)>,
    /// The assumptions that it leans on.
    pub assumed: Vec<&'a AssumptionId>,
}

impl<'a> World<'a> {
    /// Walks the WAN from one site to another. None: no link leads there.
    ///
    /// # Errors
    /// What stops the packet.
    pub fn wan(&self, from: SiteIx, to: SiteIx, flow: Flow) -> Option<Result<Way<'a>, Stop>> {
        let path = self.network.path(from, to)?;
        Some(self.walk(from, path, flow))
    }

    fn walk(&self, from: SiteIx, path: Vec<(LinkIx, SiteIx)>, flow: Flow) -> Result<Way<'a>, Stop> {
        let mut assumed = Vec::new();
        let mut here = from;
        for (link, next) in &path {
            let node = self.link(*link);
            if self.is_down(node.failed) {
                return Err(Stop::Timeout(Cause::LinkDown(*link)));
            }
            for site in [here, *next] {
                if self.is_down(self.site(site).failed) {
                    return Err(Stop::Timeout(Cause::SiteDown(site)));
                }
            }
            match &node.object.filter {
                None => match self.assumed(&About::LinkOpen(node.id.clone())) {
                    Some(id) => assumed.push(id),
                    None => return Err(Stop::Unknown(Unknown::LinkFilter(*link))),
                },
                Some(filter) => {
                    let cause = Cause::LinkFilter(*link);
                    let from = flow.from.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
                    match filter.action(from, flow.to, flow.port) {
                        Action::Allow => {}
                        Action::Drop => return Err(Stop::Timeout(cause)),
                        Action::Reject => return Err(Stop::Refused(cause)),
                    }
                }
            }
            here = *next;
        }
        Ok(Way { links: path, assumed })
    }

    /// The line by which a site reaches the Internet, and the way over the WAN to it.
    ///
    /// # Errors
    /// What stops the packet.
    pub fn way_out(&self, site: SiteIx, flow: Flow) -> Result<(LineIx, Way<'a>), Stop> {
        let mut way = Way::default();
        let mut here = site;
        // A circle of sites that reach the Internet through one another ends here.
        for _ in 0..=self.sites.len() {
            let node = self.site(here);
            if self.is_down(node.failed) {
                return Err(Stop::Timeout(Cause::SiteDown(here)));
            }
            let lines = match &node.object.internet {
                Some(InternetAccess::Lines(ids)) => {
                    let known = |id| node.lines.iter().copied().find(|l| self.line(*l).id == id);
                    ids.iter().filter_map(known).collect()
                }
                Some(InternetAccess::Nowhere) => {
                    return Err(Stop::Unreachable(Cause::NoWay(here, flow.to)));
                }
                Some(InternetAccess::Through(id)) => {
                    let next = self.sites.iter().position(|s| s.id == id).map(SiteIx::new);
                    let Some(next) = next else {
                        return Err(Stop::Unknown(Unknown::SiteInternet(here)));
                    };
                    let Some(onward) = self.wan(here, next, flow) else {
                        return Err(Stop::Unreachable(Cause::NoWay(here, flow.to)));
                    };
                    let onward = onward?;
                    way.links.extend(onward.links);
                    way.assumed.extend(onward.assumed);
                    here = next;
                    continue;
                }
                None if node.lines.len() == 1 => node.lines.clone(),
                None => {
                    return Err(match self.assumed(&About::NoInternet(node.id.clone())) {
                        Some(_) => Stop::Unreachable(Cause::NoWay(here, flow.to)),
                        None => Stop::Unknown(Unknown::SiteInternet(here)),
                    });
                }
            };
            return self.line_up(here, &lines).map(|line| (line, way));
        }
        Err(Stop::Unreachable(Cause::NoWay(site, flow.to)))
    }

    /// The first line that is up, or why none is.
    fn line_up(&self, site: SiteIx, lines: &[LineIx]) -> Result<LineIx, Stop> {
        let mut cause = Cause::SiteDown(site);
        for ix in lines {
            let line = self.line(*ix);
            if self.is_down(line.failed) {
                cause = Cause::LineDown(*ix);
            } else if let Some(firewall) =
                line.firewall.filter(|f| self.is_down(self.firewall(*f).failed))
            {
                cause = Cause::FirewallDown(firewall);
            } else {
                return Ok(*ix);
            }
        }
        match lines {
            [] => Err(Stop::Unknown(Unknown::SiteInternet(site))),
            _ => Err(Stop::Timeout(cause)),
        }
    }
}
