//! What a click with a tool creates, once it has its name: ids are made from first names, so the name
//! comes first. Facts that nobody has entered stay unknown.

use super::{
    CanvasInput,
    arrange::{Draft, Target, free_spot, lan, least_corner, position, slot, target},
    neighbour::{self, With},
    pick,
};
use crate::{
    diagram::{
        geometry::{Area, Point, area, pt},
        layout::{CARD, EMPTY_GROUP, RESOLVER},
        scene::{Kind, Scene},
    },
    gui::{
        command::{Command, Tool},
        insert,
    },
    model::{
        ObjectId, Subject, Topology,
        beside::{Drawn, Slot},
        change::Change,
        connector::Group,
        dns::{Place, Resolver},
        edit::Edit,
        id::{FirewallId, GroupId, LineId, NoteId, ResolverId, ServerId, SiteId, slug_from_name},
        note::Note,
        server::{Bindings, Listener, ListenerId, Role, Server, ServerField},
        site::{Firewall, Line, Site},
        topology::{Field, Object},
    },
};
use std::{
    collections::{BTreeMap, BTreeSet},
    str::FromStr,
};

/// An id that no object of that kind bears in any phase.
pub(super) fn fresh_id<I: FromStr + Clone>(
    input: &CanvasInput<'_>,
    name: &str,
    fallback: &str,
    object: fn(I) -> ObjectId,
) -> I
where
    I::Err: std::fmt::Debug,
{
    let taken = |slug: &str| {
        let Ok(id) = slug.parse::<I>() else { return true };
        let id = object(id);
        let connector = |t: &Topology| match &id {
            ObjectId::GroupConnector(id) | ObjectId::SmtpConnector(id) => t.has_connector(id),
            _ => false,
        };
        input.analysis.phases.iter().any(|p| p.topology.contains(&id) || connector(&p.topology))
    };
    let slug = slug_from_name(name, fallback, taken);
    // A slug made from a name is a slug; the fallback is one as it stands.
    slug.parse().or_else(|_| fallback.parse()).expect_slug()
}

/// A slug that `slug_from_name` made is always one.
trait ExpectSlug<I> {
    fn expect_slug(self) -> I;
}
impl<I, E: std::fmt::Debug> ExpectSlug<I> for Result<I, E> {
    fn expect_slug(self) -> I {
        match self {
            Ok(id) => id,
            Err(error) => unreachable!("a slug made from a name is no slug: {error:?}"),
        }
    }
}

/// The first of `Site 1`, `Site 2` … that no object of that kind bears in any phase.
pub(super) fn fresh_name(
    input: &CanvasInput<'_>,
    word: &str,
    names: fn(&Topology) -> Vec<&str>,
) -> String {
    let taken: BTreeSet<&str> =
        input.analysis.phases.iter().flat_map(|p| names(&p.topology)).collect();
    (1..=taken.len() + 1)
        .map(|n| format!("{word} {n}"))
        .find(|name| !taken.contains(name.as_str()))
        .unwrap_or_else(|| word.to_owned())
}

/// Something that a tool has put down, and that comes to be when it has its name.
pub(super) struct Stamp {
    tool: Tool,
    at: Point,
    /// The servers of a new routing group.
    servers: Vec<ServerId>,
    /// What it has to do with something that is there.
    with: Option<With>,
    /// What it is called unless somebody says otherwise.
    pub(super) name: String,
    /// Where it is going to stand.
    pub(super) place: Area,
}

/// What a click with a tool at a world point puts down; none for tools that draw lines.
pub(super) fn stamp(
    input: &CanvasInput<'_>,
    scene: &Scene,
    tool: Tool,
    at: Point,
) -> Option<Stamp> {
    let (word, names, place): (_, fn(&Topology) -> Vec<&str>, _) = match tool {
        Tool::Site => ("Site", |t| texts(t.sites.values().map(|s| &s.name)), site_place(scene, at)),
        Tool::Server => {
            ("Server", |t| texts(t.servers.values().map(|s| &s.name)), card_place(scene, at, false))
        }
        Tool::Resolver => (
            "Resolver",
            |t| texts(t.resolvers.values().map(|r| &r.name)),
            card_place(scene, at, true),
        ),
        Tool::Group => return Some(group_stamp(input, scene, server_at(scene, at), at)),
        Tool::Note => {
            let place = area(at.x, at.y, crate::model::note::WIDTH as f32, 40.0);
            let (servers, name) = (Vec::new(), "Note".to_owned());
            return Some(Stamp { tool, at, servers, with: None, name, place });
        }
        Tool::Select | Tool::Link | Tool::Line | Tool::Connector => return None,
    };
    let name = fresh_name(input, word, names);
    Some(Stamp { tool, at, servers: Vec::new(), with: None, name, place })
}

/// The same, with a neighbour: never made of what happens to be under it.
pub(super) fn free_stamp(
    input: &CanvasInput<'_>,
    scene: &Scene,
    tool: Tool,
    at: Point,
    with: With,
) -> Option<Stamp> {
    let stamp = match tool {
        Tool::Group => group_stamp(input, scene, Vec::new(), at),
        _ => stamp(input, scene, tool, at)?,
    };
    Some(Stamp { with: Some(with), ..stamp })
}

fn texts<'a>(names: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    names.map(String::as_str).collect()
}

/// A routing group of these servers, or an empty one at a world point.
pub(super) fn group_stamp(
    input: &CanvasInput<'_>,
    scene: &Scene,
    servers: Vec<ServerId>,
    at: Point,
) -> Stamp {
    let name = fresh_name(input, "Routing group", |t| texts(t.groups.values().map(|g| &g.name)));
    let cards = servers
        .iter()
        .filter_map(|id| scene.places.cards.get(&ObjectId::Server(id.clone())).copied());
    let around = cards.reduce(Area::with).map(|area| area.grown(14.0));
    let empty = at.moved(-EMPTY_GROUP.0 / 2.0, -EMPTY_GROUP.1 / 2.0);
    let place = around.unwrap_or_else(|| area(empty.x, empty.y, EMPTY_GROUP.0, EMPTY_GROUP.1));
    Stamp { tool: Tool::Group, at, servers, with: None, name, place }
}

fn server_at(scene: &Scene, at: Point) -> Vec<ServerId> {
    match pick::at(scene, at, 4.0).as_ref().and_then(pick::Spot::object) {
        Some(ObjectId::Server(id)) => vec![id.clone()],
        _ => Vec::new(),
    }
}

/// What comes to be of a stamp under a name.
pub(super) fn make(
    input: &CanvasInput<'_>,
    scene: &Scene,
    stamp: &Stamp,
    name: &str,
) -> Vec<Command> {
    if let Some(with) = &stamp.with {
        return neighbour::make(input, scene, (stamp.tool, stamp.at, stamp.place), with, name);
    }
    match stamp.tool {
        Tool::Site => site(input, scene, stamp.place, name),
        Tool::Server => server(input, scene, stamp.at, name),
        Tool::Resolver => resolver(input, scene, stamp.at, name),
        Tool::Group => group(input, stamp, name),
        Tool::Note => note(input, scene, stamp, name),
        Tool::Select | Tool::Link | Tool::Line | Tool::Connector => Vec::new(),
    }
}

/// What a click with a tool that draws lines makes, or how the tool is used.
pub(super) fn click(input: &CanvasInput<'_>, scene: &Scene, tool: Tool, at: Point) -> Vec<Command> {
    match tool {
        Tool::Line => match pick::site_at(scene, at) {
            Some((site, _)) => line(input, &site),
            None => vec![Command::Status("Click a site to give it an Internet line".to_owned())],
        },
        Tool::Link => vec![Command::Status("Drag from one site to another".to_owned())],
        Tool::Connector => vec![Command::Status(
            "Drag from a routing group or a server to another, or to the Internet".to_owned(),
        )],
        _ => Vec::new(),
    }
}

/// The commands of a draft, after which what came to be is selected.
pub(super) fn finish(
    draft: Draft,
    input: &CanvasInput<'_>,
    label: String,
    select: ObjectId,
) -> Vec<Command> {
    let mut commands = draft.commands(input, label);
    if commands.iter().any(|c| matches!(c, Command::Apply { .. })) {
        commands.push(Command::Select([Subject::from(select)].into()));
    }
    commands
}

/// Where a new site stands: its title under the pointer, clear of others.
fn site_place(scene: &Scene, at: Point) -> Area {
    const NEW: (f32, f32) = (300.0, 230.0);
    let others: Vec<Area> = scene.places.sites.values().copied().collect();
    let wanted = area(at.x - NEW.0 / 2.0, at.y - 30.0, NEW.0, NEW.1);
    free_spot(wanted.grown(20.0), &others, None).grown(-20.0)
}

fn site(input: &CanvasInput<'_>, scene: &Scene, place: Area, name: &str) -> Vec<Command> {
    let (draft, id) = site_draft(input, scene, place, name);
    finish(draft, input, format!("Add {name}"), ObjectId::Site(id))
}

/// A new site with a LAN.
pub(super) fn site_draft(
    input: &CanvasInput<'_>,
    scene: &Scene,
    place: Area,
    name: &str,
) -> (Draft, SiteId) {
    let id: SiteId = fresh_id(input, name, "site", ObjectId::Site);
    let mut draft = Draft::default();
    let site = Site { name: name.to_owned(), resolvers: None, internet: None };
    draft.edits.push(Edit::Add(Object::Site(id.clone(), site)));
    let (_, segment) = lan(input, &id);
    draft.edits.push(Edit::Add(segment));
    draft.pin_sites(input, scene);
    let slot = Slot::on_sheet(ObjectId::Site(id.clone()));
    draft.places.insert(slot, position(place.min, pt(0.0, 0.0)));
    draft.said.push(format!("Added {name} with a LAN; its subnets are not entered yet"));
    (draft, id)
}

/// The only organisation, where there is just one: whose server it is.
fn only_organisation(topology: &Topology) -> Option<crate::model::id::OrganisationId> {
    let mut all = topology.organisations.keys();
    let first = all.next()?;
    all.next().is_none().then(|| first.clone())
}

/// Where a new card stands: centred under the pointer, clear of others.
fn card_place(scene: &Scene, at: Point, resolver: bool) -> Area {
    let (w, h) = if resolver { RESOLVER } else { CARD };
    let others: Vec<Area> = scene.places.cards.values().copied().collect();
    let least = least_corner(scene, at, resolver);
    free_spot(area(at.x - w / 2.0, at.y - h / 2.0, w, h), &others, least)
}

/// Puts a new card in what is under the pointer.
fn stand(
    input: &CanvasInput<'_>,
    scene: &Scene,
    at: Point,
    id: &ObjectId,
    draft: &mut Draft,
) -> Place {
    let card = card_place(scene, at, matches!(id, ObjectId::Resolver(_)));
    match target(input, scene, at, draft) {
        Target::Segment(segment, corner) => {
            draft.pin_cards(input, scene, &segment);
            draft.places.insert(slot(id, Some(&segment)), position(card.min, corner));
            Place::Segment(segment)
        }
        Target::Internet => {
            draft.places.insert(slot(id, None), position(card.min, pt(0.0, 0.0)));
            Place::Internet
        }
    }
}

fn where_words(input: &CanvasInput<'_>, place: &Place) -> String {
    let topology = &input.now().topology;
    match place {
        Place::Internet => "on the Internet".to_owned(),
        Place::Segment(id) => topology
            .segments
            .get(id)
            .and_then(|s| topology.sites.get(&s.site))
            .map_or_else(|| "in the site".to_owned(), |site| format!("in {}", site.name)),
    }
}

fn server(input: &CanvasInput<'_>, scene: &Scene, at: Point, name: &str) -> Vec<Command> {
    let (draft, id) = server_draft(input, scene, at, name);
    finish(draft, input, format!("Add {name}"), ObjectId::Server(id))
}

/// A new server with a listener, in what is under a world point.
pub(super) fn server_draft(
    input: &CanvasInput<'_>,
    scene: &Scene,
    at: Point,
    name: &str,
) -> (Draft, ServerId) {
    let id: ServerId = fresh_id(input, name, "server", ObjectId::Server);
    let object = ObjectId::Server(id.clone());
    let mut draft = Draft::default();
    let place = stand(input, scene, at, &object, &mut draft);
    let inside = place != Place::Internet;
    draft.said.push(format!(
        "Added {name} {}; its addresses are not entered yet",
        where_words(input, &place)
    ));
    let mut server = new_server(name, place);
    server.organisation = only_organisation(&input.now().topology).filter(|_| inside);
    draft.edits.push(Edit::Add(Object::Server(id.clone(), server)));
    draft.edits.push(Edit::Add(new_listener(&id)));
    (draft, id)
}

/// A server of which only name and place are known.
pub(super) fn new_server(name: &str, place: Place) -> Server {
    Server {
        name: name.to_owned(),
        place,
        role: Role::Other,
        platform: None,
        edition: String::new(),
        organisation: None,
        computer_name: None,
        directory_domain: None,
        addresses: Vec::new(),
        resolvers: None,
        group: None,
        routes: Vec::new(),
        relay_domains: BTreeSet::new(),
        relay_from: None,
        keeps_on_name_error: false,
    }
}

/// The listener that every mail server has.
pub(super) fn new_listener(server: &ServerId) -> Object {
    let listener = Listener {
        name: "Default SMTP Virtual Server".to_owned(),
        fqdn: None,
        bindings: Bindings::All,
        port: None,
        smart_host: None,
    };
    Object::Listener(ListenerId { server: server.clone(), number: 1 }, listener)
}

fn resolver(input: &CanvasInput<'_>, scene: &Scene, at: Point, name: &str) -> Vec<Command> {
    let id: ResolverId = fresh_id(input, name, "resolver", ObjectId::Resolver);
    let object = ObjectId::Resolver(id.clone());
    let mut draft = Draft::default();
    let place = stand(input, scene, at, &object, &mut draft);
    draft.said.push(format!(
        "Added {name} {}; whom it forwards to is not entered yet",
        where_words(input, &place)
    ));
    let resolver = Resolver {
        name: name.to_owned(),
        place,
        addresses: Vec::new(),
        serves: Vec::new(),
        forwards: None,
        conditional: BTreeMap::new(),
    };
    draft.edits.push(Edit::Add(Object::Resolver(id, resolver)));
    finish(draft, input, format!("Add {name}"), object)
}

/// An Internet line of a site with its firewall.
pub(super) fn line(input: &CanvasInput<'_>, site: &SiteId) -> Vec<Command> {
    let topology = &input.now().topology;
    let place = topology.sites.get(site).map_or("", |s| &s.name);
    let number = topology.lines.values().filter(|l| l.site == *site).count() + 1;
    let suffix = if number > 1 { format!(" {number}") } else { String::new() };
    let (line_name, wall_name) =
        (format!("{place} line{suffix}"), format!("{place} firewall{suffix}"));
    let id: LineId = fresh_id(input, &line_name, "line", ObjectId::Line);
    let wall: FirewallId = fresh_id(input, &wall_name, "firewall", ObjectId::Firewall);
    let firewall = Firewall {
        name: wall_name,
        site: site.clone(),
        published: BTreeSet::new(),
        source_addresses: BTreeMap::new(),
        hairpin: None,
        outbound_25: None,
        blocked: None,
    };
    let line = Line {
        name: line_name.clone(),
        site: site.clone(),
        addresses: Vec::new(),
        firewall: Some(wall.clone()),
        bandwidth_kbit: None,
    };
    let mut draft = Draft::default();
    draft.edits.push(Edit::Add(Object::Firewall(wall, firewall)));
    draft.edits.push(Edit::Add(Object::Line(id.clone(), line)));
    draft.said.push(format!(
        "Added {line_name} with a firewall; its addresses and what it lets pass are not entered yet"
    ));
    finish(draft, input, format!("Add {line_name}"), ObjectId::Line(id))
}

fn group(input: &CanvasInput<'_>, stamp: &Stamp, name: &str) -> Vec<Command> {
    let servers = stamp.servers.clone();
    let id: GroupId = fresh_id(input, name, "group", ObjectId::Group);
    let mut draft = Draft::default();
    let kind = insert::group_kind(&input.now().topology, &servers);
    let group = Group { name: name.to_owned(), kind, hub: false, master: None };
    draft.edits.push(Edit::Add(Object::Group(id.clone(), group)));
    let object = ObjectId::Group(id.clone());
    let said = match servers.len() {
        0 => "without servers yet: drag some into it".to_owned(),
        1 => "with 1 server".to_owned(),
        n => format!("with {n} servers"),
    };
    draft.said.push(format!("Added {name} {said}"));
    if servers.is_empty() {
        let slot = Slot::on_sheet(object.clone());
        draft.places.insert(slot, position(stamp.place.min, pt(0.0, 0.0)));
    }
    for server in servers {
        draft.edits.push(Edit::Set(Field::Server(server, ServerField::Group(Some(id.clone())))));
    }
    finish(draft, input, format!("Add {name}"), object)
}

/// A note, about what it was put down on.
fn note(input: &CanvasInput<'_>, scene: &Scene, stamp: &Stamp, text: &str) -> Vec<Command> {
    let notes = &input.project().notes;
    let taken = |slug: &str| notes.keys().any(|id| id.as_str() == slug);
    let Ok(id) = slug_from_name(text, "note", taken).parse::<NoteId>() else { return Vec::new() };
    let about = pick::at(scene, stamp.at, 4.0).filter(|spot| spot.kind != Kind::Site);
    let mut note = Note::new(text);
    note.about = about.and_then(|spot| spot.subject).filter(|s| !matches!(s, Subject::Note(_)));
    // Beside what it is about, not over it.
    let corner = match note.about.as_ref().and_then(|about| scene.item(about)) {
        Some(item) => pt(item.bounds.max.x + 24.0, item.bounds.min.y - 24.0),
        None => stamp.place.min,
    };
    let slot = Slot::on_sheet(Drawn::Note(id.clone()));
    let place = Some(position(corner, pt(0.0, 0.0)));
    let change = Change::Batch(vec![
        Change::Note { id: id.clone(), to: Some(note) },
        Change::Place { slot, to: place },
    ]);
    vec![
        Command::Apply { label: "Add a note".to_owned(), change },
        Command::Select([Subject::Note(id)].into()),
    ]
}

/// A new group of the kind of another.
pub(super) fn group_edit(
    input: &CanvasInput<'_>,
    like: &GroupId,
    name: &str,
    draft: &mut Draft,
) -> GroupId {
    let id: GroupId = fresh_id(input, name, "group", ObjectId::Group);
    let kind = input.now().topology.groups.get(like).map(|g| g.kind).unwrap_or_default();
    let group = Group { name: name.to_owned(), kind, hub: false, master: None };
    draft.edits.push(Edit::Add(Object::Group(id.clone(), group)));
    draft.said.push(format!("Added the {} {name}", kind.words()));
    id
}
