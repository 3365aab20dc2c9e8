//! Something new beside what is there, with what joins the two: by a key, or where a line that is being
//! drawn is let go on nothing.

use super::{
    CanvasInput,
    arrange::{Draft, position, slot},
    connect::{self, End},
    create::{self, Stamp, free_stamp, fresh_id},
    pick,
};
use crate::{
    diagram::{
        geometry::{Area, Point},
        layout::{CARD, EMPTY_GROUP},
        scene::Scene,
    },
    gui::command::{Command, Side, Tool},
    model::{
        ObjectId, Subject,
        connector::{GroupConnector, GroupKind, SiteLink},
        dns::Place,
        edit::Edit,
        id::{ConnectorId, GroupId, LinkId, ServerId, SiteId, SiteLinkId},
        server::ListenerId,
        site::Link,
        topology::{Field, Object},
    },
};

/// What a new thing has to do with one that is there.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum With {
    /// A site, joined by a WAN link.
    Site(SiteId),
    /// A server like that one, in the same segment and routing group.
    Like(ServerId),
    /// A server in that routing group.
    In(GroupId),
    /// A server in a routing group of its own, or a routing group, to which a connector leads from there.
    From(GroupId, Option<ListenerId>),
}

/// Something that may be made where a line was let go.
pub(super) enum Choice {
    /// It is put down and waits for its name.
    Put(Box<Stamp>),
    /// It is made at once.
    Make(Vec<Command>),
}

/// The neighbour of what is selected on a side; or why there is none.
pub(super) fn beside(
    input: &CanvasInput<'_>,
    scene: &Scene,
    side: Side,
) -> Result<Stamp, &'static str> {
    const NONE: &str = "select one site, server or routing group first";
    let mut selected = input.selection.iter();
    let (Some(Subject::Object(id)), None) = (selected.next(), selected.next()) else {
        return Err(NONE);
    };
    let (tool, with, area, gap) = match id {
        ObjectId::Site(id) => {
            let area = scene.places.sites.get(id).copied().ok_or(NONE)?;
            (Tool::Site, With::Site(id.clone()), area, 180.0)
        }
        ObjectId::Server(id) => {
            let card = scene.places.cards.get(&ObjectId::Server(id.clone()));
            (Tool::Server, With::Like(id.clone()), card.copied().ok_or(NONE)?, 36.0)
        }
        ObjectId::Group(id) => {
            let area =
                scene.item(&Subject::Object(ObjectId::Group(id.clone()))).ok_or(NONE)?.bounds;
            (Tool::Group, With::From(id.clone(), None), area, 120.0)
        }
        _ => return Err(NONE),
    };
    let size = match tool {
        Tool::Server => CARD,
        Tool::Group => EMPTY_GROUP,
        _ => (300.0, 230.0),
    };
    let centre = area.centre();
    let (x, y) = match side {
        Side::Right => (area.max.x + gap + size.0 / 2.0, centre.y),
        Side::Left => (area.min.x - gap - size.0 / 2.0, centre.y),
        Side::Above => (centre.x, area.min.y - gap - size.1 / 2.0),
        Side::Below => (centre.x, area.max.y + gap + size.1 / 2.0),
    };
    free_stamp(input, scene, tool, crate::diagram::geometry::pt(x, y), with).ok_or(NONE)
}

/// What may be made where a line from `from` was let go; with what it is called.
pub(super) fn choices(
    input: &CanvasInput<'_>,
    scene: &Scene,
    from: &End,
    at: Point,
) -> Vec<(String, Choice)> {
    let topology = &input.now().topology;
    let put = |words: String, tool, with| {
        let stamp = free_stamp(input, scene, tool, at, with)?;
        Some((words, Choice::Put(Box::new(stamp))))
    };
    let site = pick::site_at(scene, at);
    let mut all = Vec::new();
    if let End::Site(from) = from {
        if site.is_none() {
            let words = "A site, joined by a WAN link".to_owned();
            all.extend(put(words, Tool::Site, With::Site(from.clone())));
            all.push((
                "An Internet line of the site, with a firewall".to_owned(),
                Choice::Make(create::line(input, from)),
            ));
        }
        return all;
    }
    let Ok((group, source)) = connect::member(topology, from) else { return all };
    let name = topology.groups.get(&group).map_or("", |g| &g.name).to_owned();
    let kind = topology.groups.get(&group).map_or(GroupKind::RoutingGroup, |g| g.kind);
    let (kind, joined) = match kind {
        GroupKind::RoutingGroup => ("routing group", "a connector"),
        GroupKind::DirectorySite => ("AD site", "a site link"),
    };
    let with = With::From(group.clone(), source.clone());
    if let Some((site, _)) = site {
        let site = topology.sites.get(&site).map_or("", |s| &s.name);
        all.extend(put(
            format!("A server in {site}, in {name}"),
            Tool::Server,
            With::In(group.clone()),
        ));
        all.extend(put(
            format!("A server in {site}, in its own {kind}, with {joined} to it"),
            Tool::Server,
            with,
        ));
        return all;
    }
    all.extend(put(format!("A {kind}, with {joined} to it"), Tool::Group, with));
    if let Ok(wire) = connect::wire(topology, from, &End::Internet) {
        let words = "An SMTP connector to the Internet".to_owned();
        all.push((words, Choice::Make(connect::make(input, &wire))));
    }
    all
}

/// What comes to be of a stamp with a neighbour, under a name.
pub(super) fn make(
    input: &CanvasInput<'_>,
    scene: &Scene,
    (tool, at, place): (Tool, Point, Area),
    with: &With,
    name: &str,
) -> Vec<Command> {
    match (tool, with) {
        (Tool::Site, With::Site(from)) => {
            let (mut draft, id) = create::site_draft(input, scene, place, name);
            link(input, from, &id, name, &mut draft);
            create::finish(draft, input, format!("Add {name} with a link"), ObjectId::Site(id))
        }
        (Tool::Server, With::Like(like)) => server_like(input, scene, place, like, name),
        (Tool::Server, With::In(group)) => {
            let (mut draft, id) = create::server_draft(input, scene, at, name);
            join(&mut draft, &id, group);
            create::finish(draft, input, format!("Add {name}"), ObjectId::Server(id))
        }
        (Tool::Server, With::From(from, source)) => {
            let (mut draft, id) = create::server_draft(input, scene, at, name);
            let group = create::group_edit(input, from, name, &mut draft);
            join(&mut draft, &id, &group);
            let target = ListenerId { server: id.clone(), number: 1 };
            lead(input, (from, source.as_ref()), (&group, Some(target), name), &mut draft);
            create::finish(draft, input, format!("Add {name}"), ObjectId::Server(id))
        }
        (Tool::Group, With::From(from, source)) => {
            let mut draft = Draft::default();
            let group = create::group_edit(input, from, name, &mut draft);
            let object = ObjectId::Group(group.clone());
            let there = crate::model::beside::Slot::on_sheet(object.clone());
            draft.places.insert(there, position(place.min, crate::diagram::geometry::pt(0.0, 0.0)));
            lead(input, (from, source.as_ref()), (&group, None, name), &mut draft);
            create::finish(draft, input, format!("Add {name}"), object)
        }
        _ => Vec::new(),
    }
}

fn join(draft: &mut Draft, server: &ServerId, group: &GroupId) {
    for edit in &mut draft.edits {
        if let Edit::Add(object @ Object::Server(..)) = edit {
            let field = crate::model::server::ServerField::Group(Some(group.clone()));
            object.set(Field::Server(server.clone(), field));
        }
    }
}

fn link(input: &CanvasInput<'_>, from: &SiteId, to: &SiteId, name: &str, draft: &mut Draft) {
    let from_name = input.now().topology.sites.get(from).map_or("", |s| &s.name);
    let words = format!("{from_name} to {name}");
    let id: LinkId = fresh_id(input, &words, "link", ObjectId::Link);
    let link = Link {
        name: words.clone(),
        a: from.clone(),
        b: to.clone(),
        bandwidth_kbit: None,
        latency_ms: None,
        filter: None,
    };
    draft.edits.push(Edit::Add(Object::Link(id, link)));
    draft.said.push(format!("the link {words} is added; its bandwidth is not entered yet"));
}

/// A connector from one group to a new one; between AD sites a site link.
fn lead(
    input: &CanvasInput<'_>,
    (from, source): (&GroupId, Option<&ListenerId>),
    (to, target, name): (&GroupId, Option<ListenerId>, &str),
    draft: &mut Draft,
) {
    let group = input.now().topology.groups.get(from);
    let words = format!("{} to {name}", group.map_or("", |g| &g.name));
    if group.is_some_and(|g| g.kind == GroupKind::DirectorySite) {
        let id: SiteLinkId = fresh_id(input, &words, "site-link", ObjectId::SiteLink);
        let sites = [from.clone(), to.clone()].into();
        let link = SiteLink { name: words.clone(), sites, cost: None, exchange_cost: None };
        draft.edits.push(Edit::Add(Object::SiteLink(id, link)));
        draft.said.push(format!("the site link {words} is added, both ways"));
        return;
    }
    let id: ConnectorId = fresh_id(input, &words, "connector", ObjectId::GroupConnector);
    let connector = GroupConnector {
        name: words.clone(),
        from: from.clone(),
        to: to.clone(),
        cost: None,
        sources: source.cloned().into_iter().collect(),
        targets: target.into_iter().collect(),
    };
    draft.edits.push(Edit::Add(Object::GroupConnector(id, connector)));
    draft.said.push(format!(
        "the connector {words} is added, one way; the way back is a connector of its own"
    ));
}

/// A server with the platform, role and group of another, in the same place; its addresses are its own.
fn server_like(
    input: &CanvasInput<'_>,
    scene: &Scene,
    area: Area,
    like: &ServerId,
    name: &str,
) -> Vec<Command> {
    let topology = &input.now().topology;
    let Some(pattern) = topology.servers.get(like) else { return Vec::new() };
    let id: ServerId = fresh_id(input, name, "server", ObjectId::Server);
    let object = ObjectId::Server(id.clone());
    let mut draft = Draft::default();
    match &pattern.place {
        Place::Segment(segment) => {
            if let Some(within) = scene.places.segments.get(segment) {
                draft.pin_cards(input, scene, segment);
                draft.places.insert(slot(&object, Some(segment)), position(area.min, within.min));
            }
        }
        Place::Internet => {
            let corner = crate::diagram::geometry::pt(0.0, 0.0);
            draft.places.insert(slot(&object, None), position(area.min, corner));
        }
    }
    let mut server = create::new_server(name, pattern.place.clone());
    server.role = pattern.role;
    server.platform = pattern.platform;
    server.edition.clone_from(&pattern.edition);
    server.organisation.clone_from(&pattern.organisation);
    server.directory_domain.clone_from(&pattern.directory_domain);
    server.resolvers.clone_from(&pattern.resolvers);
    server.group.clone_from(&pattern.group);
    draft.edits.push(Edit::Add(Object::Server(id.clone(), server)));
    draft.edits.push(Edit::Add(create::new_listener(&id)));
    draft.said.push(format!(
        "Added {name} like {}; its addresses and names are not entered yet",
        pattern.name
    ));
    create::finish(draft, input, format!("Add {name}"), object)
}
