//! Random plans: whole mail systems that mostly work, with the mistakes and gaps that real ones have.
//!
//! The same seed gives the same plan. A plan's *mess* decides how often something is wrong, missing or
//! unknown, so that some plans are tidy and some are not.

mod edits;
mod mail;
pub(super) mod names;
mod network;
mod routing;
pub(super) mod servers;
mod sites;

use super::random::Random;
use bridgehead::model::{
    ObjectId, Project, Topology,
    assumption::{About, Assumption, Behaviour},
    id::{FirewallId, LineId, ResolverId, SegmentId, ServerId, SiteId},
    name::Fqdn,
    topology::Object,
};
use std::{fmt::Debug, net::IpAddr, str::FromStr};

/// The plan of this seed: the system as it is and 1 to 4 phases of random edits. Exchange 2003, Postfix.
pub(crate) fn plan(seed: u64) -> Project {
    draw(seed, Random::new(seed), Era::Groups)
}

/// A plan with Exchange 2007 to SE and AD sites; in some of them next to Exchange 2003.
pub(crate) fn site_plan(seed: u64) -> Project {
    let mut random = Random::new(seed ^ 0x0517E);
    let era = random.weighted(&[(55, Era::Sites), (45, Era::Both)]);
    draw(seed, random, era)
}

/// Which kinds of Exchange a plan has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Era {
    /// Exchange 2003: routing groups.
    Groups,
    /// Exchange 2007 to SE: AD sites.
    Sites,
    /// Both, in one organisation.
    Both,
}

fn draw(seed: u64, mut random: Random, era: Era) -> Project {
    let mess = random.weighted(&[(30, 0), (45, 1), (25, 3)]);
    let mut draft = Draft {
        era,
        ipv6: random.chance(15),
        one_group: random.chance(20),
        site_views: random.chance(25),
        directory: of(if random.chance(25) { "corp.example" } else { "ad.example" }),
        random,
        mess,
        topology: Topology::default(),
        spots: Vec::new(),
    };
    network::draw(&mut draft);
    servers::draw(&mut draft);
    names::draw(&mut draft);
    routing::draw(&mut draft);
    mail::draw(&mut draft);
    let mut project = Project::new(&format!("plan {seed}"));
    project.as_is = std::mem::take(&mut draft.topology);
    assume(&mut draft, &mut project);
    edits::add_phases(&mut draft, &mut project);
    project
}

/// A plan that is being drawn.
pub(super) struct Draft {
    random: Random,
    era: Era,
    /// 0 to 3: how often things are wrong.
    mess: usize,
    /// Whether hosts have an IPv6 address too.
    ipv6: bool,
    /// Whether all servers share one routing group.
    one_group: bool,
    /// Whether each site has an inside view of its own.
    site_views: bool,
    /// The AD domain.
    directory: Fqdn,
    topology: Topology,
    spots: Vec<Spot>,
}

/// A site with what stands there, for the parts that are drawn later.
pub(super) struct Spot {
    number: u8,
    site: SiteId,
    lan: SegmentId,
    perimeter: Option<SegmentId>,
    lines: Vec<LineId>,
    firewalls: Vec<FirewallId>,
    /// The public addresses of its first line.
    public: Vec<IpAddr>,
    resolver: Option<ResolverId>,
    servers: Vec<ServerId>,
}

impl Draft {
    /// True in so many of a hundred cases, the more the messier the plan; never in a tidy one.
    fn fault(&mut self, percent: usize) -> bool {
        let percent = percent * self.mess;
        self.random.chance(percent)
    }

    fn insert(&mut self, object: Object) {
        self.topology.insert(object);
    }

    /// The public name of the server that a site shows to the Internet.
    fn public_name(&self, spot: usize) -> Fqdn {
        of(&format!("mail{}.corp.example", self.spots[spot].number))
    }

    /// The server that a site shows to the Internet: its first one.
    fn front(&self, spot: usize) -> Option<ServerId> {
        self.spots[spot].servers.first().cloned()
    }
}

/// An id, name or address from a text that is known to be one.
fn of<T: FromStr>(text: &str) -> T
where
    T::Err: Debug,
{
    text.parse().unwrap_or_else(|error| panic!("`{text}`: {error:?}"))
}

/// Switches assumptions: behaviours off or on, gaps of the network filled.
fn assume(draft: &mut Draft, project: &mut Project) {
    for behaviour in Behaviour::ALL {
        let (percent, on) = match behaviour {
            Behaviour::InternetIsDrawn => (60, true),
            _ => (12, false),
        };
        if draft.random.chance(percent) {
            add_assumption(project, behaviour.name(), About::Behaviour(behaviour), on);
        }
    }
    for id in project.as_is.ids() {
        let facts = match &id {
            ObjectId::Firewall(id) => vec![
                About::OutboundOpen(id.clone()),
                About::Hairpin(id.clone()),
                About::NoHairpin(id.clone()),
            ],
            ObjectId::Link(id) => vec![About::LinkOpen(id.clone())],
            ObjectId::Segment(id) => vec![About::SegmentOpen(id.clone())],
            ObjectId::Site(id) => vec![About::NoInternet(id.clone())],
            _ => vec![],
        };
        for about in facts {
            if draft.random.chance(25) {
                let on = draft.random.chance(85);
                let name = format!("assumed-{}", project.assumptions.len());
                add_assumption(project, &name, about, on);
            }
        }
    }
}

fn add_assumption(project: &mut Project, id: &str, about: About, on: bool) {
    let text = format!("{about:?}");
    project.assumptions.insert(of(id), Assumption { text, about, on, checked: None });
}
