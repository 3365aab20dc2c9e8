//! From what somebody filled in to the edits that add an object: with the id made from its name, and
//! with the parts that such an object always has. No drawing here.

mod names;
pub mod table;

pub use names::{explained, lines, record_data};

use super::{command::Kind, words};
use crate::model::{
    ObjectId, Project, Topology,
    connector::{Delivery, Group, GroupConnector, GroupKind, Scope, SiteLink, SmtpConnector},
    dns::{Place, RecordKind, Resolver},
    edit::Edit,
    id::{GroupId, OrganisationId, SegmentId, ServerId, SiteId, slug_from_name},
    name::Fqdn,
    server::{Bindings, Listener, ListenerId, Platform, Role, Server},
    site::{Firewall, Line, Link, Segment, SegmentKind, Site},
    topology::Object,
    unfold::unfold,
};
use std::{collections::BTreeSet, str::FromStr};

/// What somebody fills in to add an object.
#[derive(Clone, Debug, PartialEq)]
pub struct InsertDraft {
    /// What is added.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// What it is part of, or its one end.
    pub first: Option<ObjectId>,
    /// Its other end, or what else it refers to.
    pub second: Option<ObjectId>,
    /// Addresses, subnets, records or address spaces, one a line.
    pub lines: String,
    /// The name that a server's SMTP virtual server greets with.
    pub fqdn: String,
    /// The type of a record.
    pub record: RecordKind,
    /// The mail system of a server.
    pub platform: Option<Platform>,
    /// A line's firewall, or that a view is the public one.
    pub option: bool,
    /// Why it cannot be added as it is filled in.
    pub error: Option<String>,
}

impl InsertDraft {
    /// An empty form, with what the selection suggests.
    pub fn new(kind: Kind, topology: &Topology, selected: Option<&ObjectId>) -> Self {
        let choices = choices(kind, topology);
        let suggested = selected.and_then(|id| near(kind, topology, id));
        let first =
            suggested.filter(|id| choices.0.contains(id)).or_else(|| choices.0.first().cloned());
        let second = choices.1.iter().find(|id| Some(*id) != first.as_ref()).cloned();
        Self {
            kind,
            name: if kind == Kind::Listener { LISTENER.to_owned() } else { String::new() },
            first,
            second: if matches!(kind, Kind::Mailboxes) { None } else { second },
            lines: if kind == Kind::SmtpConnector { "*;1".to_owned() } else { String::new() },
            fqdn: String::new(),
            record: RecordKind::A,
            platform: (kind == Kind::Server).then_some(Platform::Exchange2003),
            option: kind == Kind::Line,
            error: None,
        }
    }
}

const LISTENER: &str = "Default SMTP Virtual Server";

/// What a new group is: an AD site for newer Exchange servers, a routing group for older ones; without
/// servers what the plan's Exchange servers stand in.
pub fn group_kind(topology: &Topology, servers: &[ServerId]) -> GroupKind {
    let kind = |s: &Server| s.platform.and_then(Platform::group_kind);
    let of = servers.iter().filter_map(|id| topology.servers.get(id)).find_map(kind);
    let mut all = topology.servers.values().filter_map(kind);
    of.unwrap_or_else(|| match all.next() {
        Some(first) if all.all(|other| other == first) => first,
        _ => GroupKind::RoutingGroup,
    })
}

/// What can be named as the first and the second object of such a form.
pub fn choices(kind: Kind, topology: &Topology) -> (Vec<ObjectId>, Vec<ObjectId>) {
    let sites = || topology.sites.keys().cloned().map(ObjectId::Site).collect();
    let groups = || topology.groups.keys().cloned().map(ObjectId::Group).collect();
    let is_site = |(_, g): &(&GroupId, &Group)| g.kind == GroupKind::DirectorySite;
    let directory_sites = || {
        let sites = topology.groups.iter().filter(is_site);
        sites.map(|(id, _)| ObjectId::Group(id.clone())).collect()
    };
    let servers = || topology.servers.keys().cloned().map(ObjectId::Server).collect();
    let segments = || topology.segments.keys().cloned().map(ObjectId::Segment).collect();
    match kind {
        Kind::Segment | Kind::Line | Kind::Firewall => (sites(), vec![]),
        Kind::Link => (sites(), sites()),
        Kind::Server | Kind::Resolver => (segments(), vec![]),
        Kind::Listener => (servers(), vec![]),
        Kind::GroupConnector => (groups(), groups()),
        Kind::SiteLink => (directory_sites(), directory_sites()),
        Kind::SmtpConnector => (groups(), vec![]),
        Kind::Zone => (topology.views.keys().cloned().map(ObjectId::View).collect(), vec![]),
        Kind::Record => (topology.zones.keys().cloned().map(ObjectId::Zone).collect(), vec![]),
        Kind::Domain => {
            (topology.organisations.keys().cloned().map(ObjectId::Organisation).collect(), vec![])
        }
        Kind::Mailboxes => {
            (topology.domains.keys().cloned().map(ObjectId::Domain).collect(), servers())
        }
        Kind::Site | Kind::Group | Kind::View | Kind::Organisation => (vec![], vec![]),
    }
}

/// What the selected object suggests as the first object of a form.
fn near(kind: Kind, topology: &Topology, selected: &ObjectId) -> Option<ObjectId> {
    let site_of = |id: &ObjectId| match id {
        ObjectId::Site(_) => Some(id.clone()),
        ObjectId::Segment(s) => topology.segments.get(s).map(|s| ObjectId::Site(s.site.clone())),
        ObjectId::Line(l) => topology.lines.get(l).map(|l| ObjectId::Site(l.site.clone())),
        ObjectId::Firewall(f) => topology.firewalls.get(f).map(|f| ObjectId::Site(f.site.clone())),
        _ => None,
    };
    match (kind, selected) {
        (Kind::Server | Kind::Resolver, ObjectId::Site(site)) => topology
            .segments
            .iter()
            .find(|(_, s)| s.site == *site)
            .map(|(id, _)| ObjectId::Segment(id.clone())),
        (Kind::Server | Kind::Resolver, ObjectId::Server(server)) => {
            match &topology.servers.get(server)?.place {
                Place::Segment(segment) => Some(ObjectId::Segment(segment.clone())),
                Place::Internet => None,
            }
        }
        (Kind::Record, ObjectId::Record(record)) => Some(ObjectId::Zone(record.zone.clone())),
        (Kind::Segment | Kind::Line | Kind::Firewall | Kind::Link, id) => site_of(id),
        (_, id) => Some(id.clone()),
    }
}

/// The edits that add what was filled in, the object itself, and what it is called in the menu.
///
/// # Errors
/// When something is missing or does not read: says what.
pub fn edits(
    project: &Project,
    phase: usize,
    draft: &InsertDraft,
) -> Result<(Vec<Edit>, ObjectId, String), String> {
    let topologies = unfold(project);
    let topology = topologies.get(phase).ok_or("there is no such phase")?;
    let maker = Maker { project, topologies: &topologies, topology, draft };
    let mut objects = maker.objects()?;
    let id = objects.first().map(Object::id).ok_or("nothing is to be added")?;
    let what = words::inside(words::kind_title(draft.kind));
    let named = match draft.kind {
        Kind::Record => draft.name.trim().to_owned(),
        _ => match objects.first() {
            Some(object) => {
                let mut one = Topology::default();
                one.insert(object.clone());
                one.name(&id)
            }
            None => String::new(),
        },
    };
    if draft.kind == Kind::Line {
        // The firewall has to be there before the line that refers to it.
        objects.reverse();
    }
    let edits = objects.into_iter().map(Edit::Add).collect();
    Ok((edits, id, format!("Add the {what} {named}")))
}

struct Maker<'a> {
    project: &'a Project,
    topologies: &'a [Topology],
    topology: &'a Topology,
    draft: &'a InsertDraft,
}

impl Maker<'_> {
    fn objects(&self) -> Result<Vec<Object>, String> {
        let draft = self.draft;
        match draft.kind {
            Kind::Site => self.site(),
            Kind::Segment => Ok(vec![self.segment(&self.name()?, self.owner_site()?, "")?]),
            Kind::Line => self.line(),
            Kind::Firewall => Ok(vec![self.firewall(&self.name()?, self.owner_site()?)?]),
            Kind::Link => self.link(),
            Kind::Server => self.server(),
            Kind::Listener => self.listener(),
            Kind::Group => {
                let name = self.name()?;
                let id = self.id("group", &name, ObjectId::Group)?;
                let kind = group_kind(self.topology, &[]);
                Ok(vec![Object::Group(id, Group { name, kind, hub: false, master: None })])
            }
            Kind::SiteLink => self.site_link(),
            Kind::GroupConnector | Kind::SmtpConnector => self.connector(),
            Kind::Resolver => {
                let name = self.name()?;
                let id = self.id("resolver", &name, ObjectId::Resolver)?;
                let addresses = lines(&draft.lines)?;
                let resolver = Resolver {
                    name,
                    place: self.place(),
                    addresses,
                    serves: vec![],
                    forwards: None,
                    conditional: [].into(),
                };
                Ok(vec![Object::Resolver(id, resolver)])
            }
            Kind::View | Kind::Zone | Kind::Record => self.dns(),
            Kind::Organisation | Kind::Domain | Kind::Mailboxes => self.people(),
        }
    }

    fn name(&self) -> Result<String, String> {
        let name = self.draft.name.trim();
        if name.is_empty() { Err("it needs a name".to_owned()) } else { Ok(name.to_owned()) }
    }

    /// A new id from a name, in use in no phase.
    fn id<T: FromStr + Clone>(
        &self,
        fallback: &str,
        name: &str,
        wrap: impl Fn(T) -> ObjectId,
    ) -> Result<T, String> {
        let slug = free_slug(self.project, self.topologies, name, fallback, |slug| {
            slug.parse().ok().map(&wrap)
        });
        slug.parse().ok().ok_or_else(|| format!("`{slug}` is no id"))
    }

    fn owner_site(&self) -> Result<SiteId, String> {
        match &self.draft.first {
            Some(ObjectId::Site(id)) => Ok(id.clone()),
            _ => Err("it needs a site: add one first".to_owned()),
        }
    }

    fn place(&self) -> Place {
        match &self.draft.first {
            Some(ObjectId::Segment(id)) => Place::Segment(id.clone()),
            _ => Place::Internet,
        }
    }

    fn site(&self) -> Result<Vec<Object>, String> {
        let name = self.name()?;
        let id: SiteId = self.id("site", &name, ObjectId::Site)?;
        let site = Site { name, resolvers: None, internet: None };
        let segment = self.segment("LAN", id.clone(), &format!("{id}-lan"))?;
        Ok(vec![Object::Site(id, site), segment])
    }

    fn segment(&self, name: &str, site: SiteId, slug: &str) -> Result<Object, String> {
        let from = if slug.is_empty() { name } else { slug };
        let id: SegmentId = self.id("segment", from, ObjectId::Segment)?;
        let subnets = lines(&self.draft.lines)?.into_iter().collect();
        let kind = SegmentKind::Lan;
        Ok(Object::Segment(
            id,
            Segment { name: name.to_owned(), site, kind, subnets, from_segments: None },
        ))
    }

    fn firewall(&self, name: &str, site: SiteId) -> Result<Object, String> {
        let id = self.id("firewall", name, ObjectId::Firewall)?;
        let firewall = Firewall {
            name: name.to_owned(),
            site,
            published: BTreeSet::new(),
            source_addresses: [].into(),
            hairpin: None,
            outbound_25: None,
            blocked: None,
        };
        Ok(Object::Firewall(id, firewall))
    }

    fn line(&self) -> Result<Vec<Object>, String> {
        let site = self.owner_site()?;
        let name = self.name()?;
        let id = self.id("line", &name, ObjectId::Line)?;
        let place = self.topology.name(&ObjectId::Site(site.clone()));
        let firewall = if self.draft.option {
            Some(self.firewall(&format!("{place} firewall"), site.clone())?)
        } else {
            None
        };
        let behind = match &firewall {
            Some(Object::Firewall(id, _)) => Some(id.clone()),
            _ => None,
        };
        let addresses = lines(&self.draft.lines)?;
        let line = Line { name, site, addresses, firewall: behind, bandwidth_kbit: None };
        Ok([Some(Object::Line(id, line)), firewall].into_iter().flatten().collect())
    }

    fn link(&self) -> Result<Vec<Object>, String> {
        match (&self.draft.first, &self.draft.second) {
            (Some(ObjectId::Site(a)), Some(ObjectId::Site(b))) if a != b => {
                let name = self.name()?;
                let id = self.id("link", &name, ObjectId::Link)?;
                let (a, b) = (a.clone(), b.clone());
                let link =
                    Link { name, a, b, bandwidth_kbit: None, latency_ms: None, filter: None };
                Ok(vec![Object::Link(id, link)])
            }
            _ => Err("a link needs two sites".to_owned()),
        }
    }

    fn site_link(&self) -> Result<Vec<Object>, String> {
        match (&self.draft.first, &self.draft.second) {
            (Some(ObjectId::Group(a)), Some(ObjectId::Group(b))) if a != b => {
                let name = self.name()?;
                let id = self.id("site-link", &name, ObjectId::SiteLink)?;
                let sites = [a.clone(), b.clone()].into();
                let link = SiteLink { name, sites, cost: None, exchange_cost: None };
                Ok(vec![Object::SiteLink(id, link)])
            }
            _ => Err("a site link needs two AD sites".to_owned()),
        }
    }

    fn server(&self) -> Result<Vec<Object>, String> {
        let name = self.name()?;
        let id: ServerId = self.id("server", &name, ObjectId::Server)?;
        let platform = self.draft.platform;
        let server = Server {
            name,
            place: self.place(),
            role: Role::Other,
            platform,
            edition: String::new(),
            organisation: self.only_organisation(),
            computer_name: None,
            directory_domain: None,
            addresses: lines(&self.draft.lines)?,
            resolvers: None,
            group: self.only_group(platform),
            routes: vec![],
            relay_domains: BTreeSet::new(),
            relay_from: None,
            keeps_on_name_error: false,
        };
        let mut objects = vec![Object::Server(id.clone(), server)];
        let fqdn = self.draft.fqdn.trim();
        if platform.is_some() {
            let name = match platform {
                Some(Platform::Postfix) => "smtpd".to_owned(),
                Some(Platform::Exchange2007 | Platform::Exchange2010) => "Default".to_owned(),
                Some(newer) if newer.by_directory_site() => "Default Frontend".to_owned(),
                _ => LISTENER.to_owned(),
            };
            let fqdn: Option<Fqdn> = match fqdn {
                "" => None,
                text => {
                    Some(text.parse().map_err(|e: crate::model::name::NameError| e.to_string())?)
                }
            };
            let listener =
                Listener { name, fqdn, bindings: Bindings::All, port: None, smart_host: None };
            objects.push(Object::Listener(ListenerId { server: id, number: 1 }, listener));
        }
        Ok(objects)
    }

    fn only_organisation(&self) -> Option<OrganisationId> {
        let mut all = self.topology.organisations.keys();
        match (all.next(), all.next()) {
            (Some(one), None) => Some(one.clone()),
            _ => None,
        }
    }

    fn only_group(&self, platform: Option<Platform>) -> Option<GroupId> {
        let kind = platform.and_then(Platform::group_kind)?;
        let mut all = self.topology.groups.iter().filter(|(_, group)| group.kind == kind);
        match (all.next(), all.next()) {
            (Some((one, _)), None) => Some(one.clone()),
            _ => None,
        }
    }

    fn listener(&self) -> Result<Vec<Object>, String> {
        let Some(ObjectId::Server(server)) = &self.draft.first else {
            return Err("it needs a server: add one first".to_owned());
        };
        let used = |number: u16| {
            let id = ListenerId { server: server.clone(), number };
            in_use(self.project, self.topologies, &ObjectId::Listener(id))
        };
        let number = (1..u16::MAX).find(|n| !used(*n)).unwrap_or(u16::MAX);
        let id = ListenerId { server: server.clone(), number };
        let listener = Listener {
            name: self.name()?,
            fqdn: None,
            bindings: Bindings::All,
            port: None,
            smart_host: None,
        };
        Ok(vec![Object::Listener(id, listener)])
    }

    fn connector(&self) -> Result<Vec<Object>, String> {
        let named = |id: &ObjectId| self.topology.name(id);
        let Some(first @ ObjectId::Group(from)) = &self.draft.first else {
            return Err("it needs a routing group: add one first".to_owned());
        };
        let typed = self.draft.name.trim();
        if self.draft.kind == Kind::SmtpConnector {
            let name = match typed {
                "" => format!("Internet ({})", named(first)),
                typed => typed.to_owned(),
            };
            let id = self.id("smtp", &name, ObjectId::SmtpConnector)?;
            let connector = SmtpConnector {
                name,
                group: from.clone(),
                spaces: lines(&self.draft.lines)?.into_iter().collect(),
                scope: Scope::Organisation,
                sources: BTreeSet::new(),
                delivery: Delivery::Dns,
            };
            return Ok(vec![Object::SmtpConnector(id, connector)]);
        }
        match &self.draft.second {
            Some(second @ ObjectId::Group(to)) if to != from => {
                let name = match typed {
                    "" => format!("{} to {}", named(first), named(second)),
                    typed => typed.to_owned(),
                };
                let id = self.id("connector", &name, ObjectId::GroupConnector)?;
                let connector = GroupConnector {
                    name,
                    from: from.clone(),
                    to: to.clone(),
                    cost: None,
                    sources: BTreeSet::new(),
                    targets: BTreeSet::new(),
                };
                Ok(vec![Object::GroupConnector(id, connector)])
            }
            _ => Err("a routing group connector needs two routing groups".to_owned()),
        }
    }
}

/// Whether an id is in use in any phase, as an object that is there or that an edit speaks of.
pub fn in_use(project: &Project, topologies: &[Topology], id: &ObjectId) -> bool {
    let connector = |topology: &Topology| match id {
        ObjectId::GroupConnector(id) | ObjectId::SmtpConnector(id) => topology.has_connector(id),
        _ => false,
    };
    topologies.iter().any(|t| t.contains(id) || connector(t))
        || project.phases.iter().flat_map(|p| p.edits.keys()).any(|key| key.object == *id)
}

/// A slug from a name that is in use in no phase.
pub fn free_slug(
    project: &Project,
    topologies: &[Topology],
    name: &str,
    fallback: &str,
    id: impl Fn(&str) -> Option<ObjectId>,
) -> String {
    slug_from_name(name, fallback, |slug| {
        id(slug).is_none_or(|id| in_use(project, topologies, &id))
    })
}
