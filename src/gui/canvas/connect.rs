//! Lines drawn by hand: WAN links, Internet lines, connectors. What cannot be joined says why.

use super::{CanvasInput, arrange::Draft, create, pick};
use crate::{
    diagram::{
        geometry::Point,
        scene::{Kind, Scene},
    },
    gui::command::{Command, Tool},
    model::{
        ObjectId, Subject, Topology,
        connector::{
            AddressSpace, Delivery, GroupConnector, GroupKind, Pattern, Scope, SiteLink,
            SmtpConnector,
        },
        edit::Edit,
        id::{ConnectorId, GroupId, LinkId, ServerId, SiteId, SiteLinkId},
        server::ListenerId,
        site::Link,
        topology::Object,
    },
};
use std::collections::BTreeSet;

/// An end of a line that is being drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum End {
    /// A site.
    Site(SiteId),
    /// A server.
    Server(ServerId),
    /// A routing group.
    Group(GroupId),
    /// The Internet.
    Internet,
}

/// What joins two ends.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wire {
    /// A WAN link.
    Link(SiteId, SiteId),
    /// An Internet line.
    Line(SiteId),
    /// A routing group connector with its local and remote bridgeheads, where they are told.
    Groups { from: GroupId, to: GroupId, source: Option<ListenerId>, target: Option<ListenerId> },
    /// An AD site link.
    Sites(GroupId, GroupId),
    /// An SMTP connector to the Internet with its bridgehead.
    Smtp { group: GroupId, source: Option<ListenerId> },
}

/// The end at a world point for a line that starts from `from`; without one, for a new line by tool.
pub(super) fn end_at(scene: &Scene, at: Point, from: Option<&End>, tool: Tool) -> Option<End> {
    let sites = match from {
        Some(End::Site(_)) => true,
        Some(_) => false,
        None => matches!(tool, Tool::Link | Tool::Line),
    };
    let spot = pick::at(scene, at, 6.0);
    if spot.as_ref().is_some_and(|s| s.kind == Kind::Internet) {
        return Some(End::Internet);
    }
    if sites {
        return pick::site_at(scene, at).map(|(id, _)| End::Site(id));
    }
    match spot.as_ref().and_then(pick::Spot::object) {
        Some(ObjectId::Server(id)) => return Some(End::Server(id.clone())),
        Some(ObjectId::Group(id)) => return Some(End::Group(id.clone())),
        _ => {}
    }
    match pick::group_at(scene, at).and_then(|item| item.subject.clone()) {
        Some(Subject::Object(ObjectId::Group(id))) => Some(End::Group(id)),
        _ => pick::site_at(scene, at).map(|(id, _)| End::Site(id)),
    }
}

/// What joins two ends, or why nothing does.
pub(super) fn wire(topology: &Topology, from: &End, to: &End) -> Result<Wire, String> {
    match (from, to) {
        (End::Site(a), End::Site(b)) if a == b => {
            Err("a link joins two different sites".to_owned())
        }
        (End::Site(a), End::Site(b)) => Ok(Wire::Link(a.clone(), b.clone())),
        (End::Site(site), End::Internet) | (End::Internet, End::Site(site)) => {
            Ok(Wire::Line(site.clone()))
        }
        (End::Internet, _) => Err("a connector starts at a routing group or a server".to_owned()),
        (End::Site(_), _) | (_, End::Site(_)) => {
            Err("a connector leads to a routing group, a server or the Internet".to_owned())
        }
        (_, End::Internet) => {
            let (group, source) = member(topology, from)?;
            Ok(Wire::Smtp { group, source })
        }
        _ => {
            let (from, source) = member(topology, from)?;
            let (to_group, target) = member(topology, to)?;
            let kind = |id| topology.groups.get(id).map_or(GroupKind::RoutingGroup, |g| g.kind);
            if from == to_group {
                let name = topology.groups.get(&from).map_or("", |g| &g.name);
                let what = kind(&from).words();
                return Err(format!(
                    "both are in {name}: servers of one {what} send to each other directly"
                ));
            }
            if [kind(&from), kind(&to_group)] == [GroupKind::DirectorySite; 2] {
                return Ok(Wire::Sites(from, to_group));
            }
            let target = target.or_else(|| spokesman(topology, &to_group));
            Ok(Wire::Groups { from, to: to_group, source, target })
        }
    }
}

/// The routing group of an end, and its listener where the end is a server.
pub(super) fn member(
    topology: &Topology,
    end: &End,
) -> Result<(GroupId, Option<ListenerId>), String> {
    match end {
        End::Group(id) => Ok((id.clone(), None)),
        End::Server(id) => {
            let server = topology.servers.get(id);
            let name = server.map_or("", |s| &s.name);
            let group = server.and_then(|s| s.group.clone());
            let group = group.ok_or_else(|| format!("{name} is in no routing group yet"))?;
            Ok((group, listener(topology, id)))
        }
        End::Site(_) | End::Internet => Err("no routing group is there".to_owned()),
    }
}

fn listener(topology: &Topology, server: &ServerId) -> Option<ListenerId> {
    topology.listeners.keys().find(|l| l.server == *server).cloned()
}

/// The listener that a group's connector leads to when nobody says: its only server's, or its
/// master's.
fn spokesman(topology: &Topology, group: &GroupId) -> Option<ListenerId> {
    let members: Vec<&ServerId> = topology
        .servers
        .iter()
        .filter(|(_, s)| s.group.as_ref() == Some(group))
        .map(|(id, _)| id)
        .collect();
    let chosen = match members[..] {
        [only] => Some(only),
        _ => topology.groups.get(group).and_then(|g| g.master.as_ref()),
    };
    chosen.and_then(|id| listener(topology, id))
}

/// The commands that make a line.
pub(super) fn make(input: &CanvasInput<'_>, wire: &Wire) -> Vec<Command> {
    let topology = &input.now().topology;
    let mut draft = Draft::default();
    let (name, object) = match wire {
        Wire::Line(site) => return create::line(input, site),
        Wire::Link(a, b) => link(input, topology, (a, b), &mut draft),
        Wire::Sites(a, b) => site_link(input, topology, (a, b), &mut draft),
        Wire::Groups { from, to, source, target } => {
            groups(input, topology, (from, to), (source.as_ref(), target.as_ref()), &mut draft)
        }
        Wire::Smtp { group, source } => smtp(input, topology, group, source.as_ref(), &mut draft),
    };
    let mut commands = draft.commands(input, format!("Add {name}"));
    if commands.iter().any(|c| matches!(c, Command::Apply { .. })) {
        commands.push(Command::Select([Subject::from(object)].into()));
    }
    commands
}

fn link(
    input: &CanvasInput<'_>,
    topology: &Topology,
    (a, b): (&SiteId, &SiteId),
    draft: &mut Draft,
) -> (String, ObjectId) {
    let site = |id: &SiteId| topology.sites.get(id).map_or("", |s| s.name.as_str());
    let name = format!("{} to {}", site(a), site(b));
    let id: LinkId = create::fresh_id(input, &name, "link", ObjectId::Link);
    let link = Link {
        name: name.clone(),
        a: a.clone(),
        b: b.clone(),
        bandwidth_kbit: None,
        latency_ms: None,
        filter: None,
    };
    draft.edits.push(Edit::Add(Object::Link(id.clone(), link)));
    draft.said.push(format!(
        "Added the link {name}; its bandwidth and what it lets pass are not entered yet"
    ));
    (name, ObjectId::Link(id))
}

fn site_link(
    input: &CanvasInput<'_>,
    topology: &Topology,
    (a, b): (&GroupId, &GroupId),
    draft: &mut Draft,
) -> (String, ObjectId) {
    let site = |id: &GroupId| topology.groups.get(id).map_or("", |g| g.name.as_str());
    let name = format!("{} to {}", site(a), site(b));
    let id: SiteLinkId = create::fresh_id(input, &name, "site-link", ObjectId::SiteLink);
    let sites = [a.clone(), b.clone()].into();
    let link = SiteLink { name: name.clone(), sites, cost: None, exchange_cost: None };
    draft.edits.push(Edit::Add(Object::SiteLink(id.clone(), link)));
    draft.said.push(format!("Added the AD site link {name}, both ways, with the cost 100"));
    (name, ObjectId::SiteLink(id))
}

fn groups(
    input: &CanvasInput<'_>,
    topology: &Topology,
    (from, to): (&GroupId, &GroupId),
    (source, target): (Option<&ListenerId>, Option<&ListenerId>),
    draft: &mut Draft,
) -> (String, ObjectId) {
    let group = |id: &GroupId| topology.groups.get(id).map_or("", |g| g.name.as_str());
    let server = |l: &ListenerId| topology.servers.get(&l.server).map_or("", |s| s.name.as_str());
    let name = format!("{} to {}", group(from), group(to));
    let id: ConnectorId = create::fresh_id(input, &name, "connector", ObjectId::GroupConnector);
    let connector = GroupConnector {
        name: name.clone(),
        from: from.clone(),
        to: to.clone(),
        cost: None,
        sources: source.cloned().into_iter().collect(),
        targets: target.cloned().into_iter().collect(),
    };
    draft.edits.push(Edit::Add(Object::GroupConnector(id.clone(), connector)));
    let sender = source.map_or_else(|| "any server of it".to_owned(), |l| server(l).to_owned());
    let taker = target
        .map_or_else(|| "a server that is not entered yet".to_owned(), |l| server(l).to_owned());
    draft.said.push(format!(
        "Added the connector {name}, one way: {sender} sends to {taker}; the way back is a connector of its own"
    ));
    (name, ObjectId::GroupConnector(id))
}

fn smtp(
    input: &CanvasInput<'_>,
    topology: &Topology,
    group: &GroupId,
    source: Option<&ListenerId>,
    draft: &mut Draft,
) -> (String, ObjectId) {
    let of = topology.groups.get(group).map_or("", |g| g.name.as_str());
    let name = format!("Internet ({of})");
    let id: ConnectorId = create::fresh_id(input, &name, "internet", ObjectId::SmtpConnector);
    let source = source.cloned().or_else(|| spokesman(topology, group));
    let connector = SmtpConnector {
        name: name.clone(),
        group: group.clone(),
        spaces: BTreeSet::from([AddressSpace { pattern: Pattern::All, cost: 1 }]),
        scope: Scope::Organisation,
        sources: source.into_iter().collect(),
        delivery: Delivery::Dns,
    };
    draft.edits.push(Edit::Add(Object::SmtpConnector(id.clone(), connector)));
    draft.said.push(format!("Added the SMTP connector {name} for all domains, by the DNS"));
    (name, ObjectId::SmtpConnector(id))
}
