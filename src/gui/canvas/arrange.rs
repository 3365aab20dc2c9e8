//! Moving things: what a drag or a nudge of cards, sites and empty groups makes of the model and of
//! the layout, all of it one change.

use super::{CanvasInput, pick};
use crate::{
    diagram::{
        geometry::{Area, Point, pt},
        layout::{self, SITE_HEAD},
        scene::Scene,
    },
    gui::command::Command,
    model::{
        ObjectId, Subject, Topology,
        beside::{Drawn, Position, Slot},
        change::Change,
        dns::{Place, ResolverField},
        edit::Edit,
        editing::edit_all,
        id::{SegmentId, SiteId},
        server::ServerField,
        site::{Segment, SegmentKind},
        topology::{Field, Object},
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// Edits, places on the drawing and what is said of them, before they become one change.
#[derive(Default)]
pub(super) struct Draft {
    /// The edits, in order.
    pub(super) edits: Vec<Edit>,
    /// The places.
    pub(super) places: BTreeMap<Slot, Position>,
    /// What the status line says.
    pub(super) said: Vec<String>,
}

impl Draft {
    /// The commands: one change, and what is said; or why it cannot be.
    pub(super) fn commands(self, input: &CanvasInput<'_>, label: String) -> Vec<Command> {
        let project = input.project();
        let edits = self.edits.into_iter().map(|edit| (input.phase, edit)).collect();
        let mut changes = match edit_all(project, edits) {
            Ok(Change::Batch(changes)) => changes,
            Ok(change) => vec![change],
            Err(error) => return vec![Command::Status(format!("Not done: {error}"))],
        };
        let new = |(slot, at): &(Slot, Position)| project.layout.get(slot) != Some(at);
        // What is pinned stays pinned where a hand puts it.
        let places = self.places.into_iter().map(|(slot, at)| {
            let pinned = project.layout.get(&slot).is_some_and(|known| known.pinned);
            (slot, Position { pinned: pinned || at.pinned, ..at })
        });
        let places = places.filter(new);
        changes.extend(places.map(|(slot, at)| Change::Place { slot, to: Some(at) }));
        if changes.is_empty() {
            return Vec::new();
        }
        let mut commands = vec![Command::Apply { label, change: Change::Batch(changes) }];
        if !self.said.is_empty() {
            commands.push(Command::Status(self.said.join(" · ")));
        }
        commands
    }

    /// Keeps the cloud and all sites that nobody has placed where they are, so that none jumps.
    pub(super) fn pin_sites(&mut self, input: &CanvasInput<'_>, scene: &Scene) {
        let cloud = Slot::on_sheet(Drawn::Internet);
        let there = position(scene.places.internet.min, pt(0.0, 0.0));
        self.places.entry(cloud).or_insert(there);
        for (id, area) in &scene.places.sites {
            let slot = Slot::on_sheet(ObjectId::Site(id.clone()));
            if input.now().topology.sites.contains_key(id) && !self.places.contains_key(&slot) {
                self.places.insert(slot, position(area.min, pt(0.0, 0.0)));
            }
        }
    }

    /// Keeps where they are all cards of a segment.
    pub(super) fn pin_cards(
        &mut self,
        input: &CanvasInput<'_>,
        scene: &Scene,
        segment: &SegmentId,
    ) {
        let Some(within) = scene.places.segments.get(segment) else { return };
        for (id, card) in &scene.places.cards {
            if place_of(&input.now().topology, id) != Some(&Place::Segment(segment.clone())) {
                continue;
            }
            let slot = slot(id, Some(segment));
            self.places.entry(slot).or_insert_with(|| position(card.min, within.min));
        }
    }
}

/// A world point as a position relative to a corner.
#[expect(clippy::cast_possible_truncation, reason = "a drawing is far smaller than 2^31")]
pub(super) fn position(at: Point, corner: Point) -> Position {
    let whole = |v: f32| v.round() as i32;
    Position { x: whole(at.x - corner.x), y: whole(at.y - corner.y), pinned: false }
}

/// The slot of a card in a segment, or on the Internet.
pub(super) fn slot(id: &ObjectId, segment: Option<&SegmentId>) -> Slot {
    Slot { object: id.clone().into(), container: segment.map(|s| ObjectId::Segment(s.clone())) }
}

fn place_of<'a>(topology: &'a Topology, id: &ObjectId) -> Option<&'a Place> {
    match id {
        ObjectId::Server(id) => topology.servers.get(id).map(|s| &s.place),
        ObjectId::Resolver(id) => topology.resolvers.get(id).map(|r| &r.place),
        _ => None,
    }
}

/// Whether something stands on the sheet itself, and in nothing.
fn on_sheet(drawn: &Drawn) -> bool {
    matches!(
        drawn,
        Drawn::Internet | Drawn::Note(_) | Drawn::Object(ObjectId::Site(_) | ObjectId::Group(_))
    )
}

/// Whether the automatic layout arranges others around it.
fn anchors(drawn: &Drawn) -> bool {
    matches!(drawn, Drawn::Internet | Drawn::Object(ObjectId::Site(_)))
}

/// What something is called.
pub(super) fn name(topology: &Topology, drawn: &Drawn) -> String {
    match drawn {
        Drawn::Object(id) => topology.name(id),
        Drawn::Internet => "the Internet".to_owned(),
        Drawn::Note(_) => "the note".to_owned(),
    }
}

/// What of the selection can be moved, with where it is.
pub(super) fn movable(input: &CanvasInput<'_>, scene: &Scene) -> BTreeMap<Drawn, Area> {
    let topology = &input.now().topology;
    let objects = input.selection.iter().filter_map(|s| s.object(topology));
    let all: BTreeMap<ObjectId, Area> =
        objects.filter_map(|id| area_of(scene, &id).map(|area| (id, area))).collect();
    // What stands in a site that moves goes with it.
    let sites: BTreeSet<SiteId> = all
        .keys()
        .filter_map(|id| if let ObjectId::Site(id) = id { Some(id.clone()) } else { None })
        .collect();
    let notes = input.selection.iter().filter_map(|subject| match subject {
        Subject::Note(id) => Some((Drawn::Note(id.clone()), *scene.places.notes.get(id)?)),
        _ => None,
    });
    let objects = all
        .into_iter()
        .filter(|(id, _)| match place_of(topology, id) {
            Some(Place::Segment(segment)) => {
                topology.segments.get(segment).is_none_or(|s| !sites.contains(&s.site))
            }
            _ => true,
        })
        .map(|(id, area)| (Drawn::Object(id), area));
    objects.chain(notes).collect()
}

/// What a drag of something moves, if it can be moved.
pub(super) fn dragged(scene: &Scene, subject: &Subject) -> BTreeMap<Drawn, Area> {
    let found = match subject {
        Subject::Object(id) => area_of(scene, id).map(|area| (id.clone().into(), area)),
        Subject::Note(id) => {
            scene.places.notes.get(id).map(|area| (Drawn::Note(id.clone()), *area))
        }
        _ => None,
    };
    found.into_iter().collect()
}

/// Where something that can be moved is.
pub(super) fn area_of(scene: &Scene, id: &ObjectId) -> Option<Area> {
    match id {
        ObjectId::Site(id) => scene.places.sites.get(id).copied(),
        ObjectId::Group(id) => scene.places.empty_groups.get(id).copied(),
        other => scene.places.cards.get(other).copied(),
    }
}

/// What a drop makes. `leaves` says that servers leave their routing group, too.
pub(super) fn drop_all(
    input: &CanvasInput<'_>,
    scene: &Scene,
    moved: &BTreeMap<Drawn, Area>,
    leaves: bool,
) -> Vec<Command> {
    let mut draft = Draft::default();
    for (drawn, area) in moved {
        match drawn {
            Drawn::Object(id) if !on_sheet(drawn) => {
                drop_card(input, scene, (id, *area), moved, leaves, &mut draft);
            }
            _ => {
                let slot = Slot::on_sheet(drawn.clone());
                draft.places.insert(slot, position(area.min, pt(0.0, 0.0)));
            }
        }
    }
    if moved.keys().any(anchors) {
        draft.pin_sites(input, scene);
    }
    let topology = &input.now().topology;
    let names: Vec<String> = moved.keys().map(|drawn| name(topology, drawn)).collect();
    let what = match &names[..] {
        [one] => one.clone(),
        many => format!("{} objects", many.len()),
    };
    if draft.edits.is_empty() {
        draft.said = vec![format!("Moved {what} on the drawing; the plan is unchanged")];
    }
    draft.commands(input, format!("Move {what}"))
}

fn drop_card(
    input: &CanvasInput<'_>,
    scene: &Scene,
    (id, area): (&ObjectId, Area),
    moved: &BTreeMap<Drawn, Area>,
    leaves: bool,
    draft: &mut Draft,
) {
    let topology = &input.now().topology;
    let name = topology.name(id);
    let target = target(input, scene, area.centre(), draft);
    let others: Vec<Area> = scene
        .places
        .cards
        .iter()
        .filter(|(other, _)| !moved.contains_key(&Drawn::Object((*other).clone())))
        .map(|(_, area)| *area)
        .collect();
    let dropped = area;
    let least = least_corner(scene, area.centre(), matches!(id, ObjectId::Resolver(_)));
    let area = free_spot(area, &others, least);
    let (place, corner, segment) = match &target {
        Target::Segment(segment, corner) => {
            (Place::Segment(segment.clone()), *corner, Some(segment))
        }
        Target::Internet => (Place::Internet, pt(0.0, 0.0), None),
    };
    let before = place_of(topology, id);
    if let Some(Place::Segment(from)) = before {
        draft.pin_cards(input, scene, from);
    }
    if let Some(segment) = segment {
        draft.pin_cards(input, scene, segment);
    }
    draft.places.insert(slot(id, segment), position(area.min, corner));
    if before != Some(&place) {
        draft.said.push(format!("{name} now stands {}", words(topology, scene, &place, draft)));
        draft.edits.push(Edit::Set(match id {
            ObjectId::Resolver(id) => Field::Resolver(id.clone(), ResolverField::Place(place)),
            ObjectId::Server(id) => Field::Server(id.clone(), ServerField::Place(place)),
            _ => return,
        }));
    }
    join(input, scene, (id, dropped), leaves, draft);
}

/// A server that is dropped on the hull of another routing group joins it.
fn join(
    input: &CanvasInput<'_>,
    scene: &Scene,
    (id, area): (&ObjectId, Area),
    leaves: bool,
    draft: &mut Draft,
) {
    let ObjectId::Server(server) = id else { return };
    let topology = &input.now().topology;
    let Some(this) = topology.servers.get(server) else { return };
    let name = &this.name;
    let hull = pick::group_at(scene, area.centre()).and_then(|item| item.subject.clone());
    let group = match hull {
        Some(Subject::Object(ObjectId::Group(group))) => Some(group),
        _ => None,
    };
    let to = if leaves && group.as_ref().is_none_or(|g| Some(g) == this.group.as_ref()) {
        None
    } else if group.is_some() {
        group
    } else {
        return;
    };
    if to == this.group {
        return;
    }
    draft.said.push(match &to {
        Some(group) => {
            let group = topology.groups.get(group).map_or("", |g| &g.name);
            format!("{name} is now in routing group {group}")
        }
        None => format!("{name} is now in no routing group"),
    });
    draft.edits.push(Edit::Set(Field::Server(server.clone(), ServerField::Group(to))));
}

fn words(topology: &Topology, scene: &Scene, place: &Place, draft: &Draft) -> String {
    let Place::Segment(id) = place else { return "on the Internet".to_owned() };
    let new = draft.edits.iter().find_map(|edit| match edit {
        Edit::Add(Object::Segment(of, segment)) if of == id => Some(segment),
        _ => None,
    });
    let Some(segment) = topology.segments.get(id).or(new) else { return String::new() };
    let site = topology.sites.get(&segment.site).map_or("", |s| &s.name);
    let several = scene.places.segments.len() > 1
        && topology.segments.values().filter(|s| s.site == segment.site).count() > 1;
    if several { format!("in {} of {site}", segment.name) } else { format!("in {site}") }
}

/// Where a card comes to stand.
pub(super) enum Target {
    /// In a segment whose upper left corner is there.
    Segment(SegmentId, Point),
    /// On the Internet.
    Internet,
}

/// What a world point is in; a site without segments gets a LAN.
pub(super) fn target(
    input: &CanvasInput<'_>,
    scene: &Scene,
    at: Point,
    draft: &mut Draft,
) -> Target {
    if let Some(id) = pick::segment_at(scene, at) {
        let corner = scene.places.segments.get(&id).map_or(at, |area| area.min);
        return Target::Segment(id, corner);
    }
    let Some((site, area)) = pick::site_at(scene, at) else { return Target::Internet };
    let corner = area.min.moved(16.0, SITE_HEAD);
    let known = draft.edits.iter().find_map(|edit| match edit {
        Edit::Add(Object::Segment(id, segment)) if segment.site == site => Some(id.clone()),
        _ => None,
    });
    if let Some(known) = known {
        return Target::Segment(known, corner);
    }
    let (id, object) = lan(input, &site);
    draft.edits.push(Edit::Add(object));
    Target::Segment(id, corner)
}

/// A LAN of a site, without subnets, which nobody has entered.
pub(super) fn lan(input: &CanvasInput<'_>, site: &SiteId) -> (SegmentId, Object) {
    let id: SegmentId =
        super::create::fresh_id(input, &format!("{site}-lan"), "lan", ObjectId::Segment);
    let segment = Segment {
        name: "LAN".to_owned(),
        site: site.clone(),
        kind: SegmentKind::Lan,
        subnets: BTreeSet::new(),
        from_segments: None,
    };
    (id.clone(), Object::Segment(id, segment))
}

/// The corner that a card must not go beyond in what is under a world point: its hull and label would
/// leave the segment. None on the Internet.
pub(super) fn least_corner(scene: &Scene, at: Point, resolver: bool) -> Option<Point> {
    let segment = pick::segment_at(scene, at).and_then(|id| scene.places.segments.get(&id));
    let corner = match segment {
        Some(area) => area.min,
        None => pick::site_at(scene, at)?.1.min.moved(16.0, SITE_HEAD),
    };
    let (x, y) = layout::least(resolver);
    Some(corner.moved(x, y))
}

/// The place nearest to where a card was dropped at which it covers no other, and goes beyond no corner.
pub(super) fn free_spot(card: Area, others: &[Area], least: Option<Point>) -> Area {
    const STEP: f32 = 14.0;
    let within = |card: &Area| least.is_none_or(|l| card.min.x >= l.x && card.min.y >= l.y);
    let free =
        |card: &Area| within(card) && !others.iter().any(|other| other.overlaps(card.grown(6.0)));
    let least = least.unwrap_or(card.min);
    let card = card.moved((least.x - card.min.x).max(0.0), (least.y - card.min.y).max(0.0));
    if free(&card) {
        return card;
    }
    for ring in 1..40_u8 {
        let away = f32::from(ring) * STEP;
        let ways = [(1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)];
        for (x, y) in ways {
            let there = card.moved(
                away * f32::from(i8::from(x > 0) - i8::from(x < 0)),
                away * f32::from(i8::from(y > 0) - i8::from(y < 0)),
            );
            if free(&there) {
                return there;
            }
        }
    }
    card
}

/// What arrow keys and aligning make: places alone, never another container.
pub(super) fn place(
    input: &CanvasInput<'_>,
    scene: &Scene,
    moved: &BTreeMap<Drawn, Area>,
    label: &str,
) -> Vec<Command> {
    placed(input, scene, moved).commands(input, label.to_owned())
}

pub(super) fn placed(
    input: &CanvasInput<'_>,
    scene: &Scene,
    moved: &BTreeMap<Drawn, Area>,
) -> Draft {
    let topology = &input.now().topology;
    let mut draft = Draft::default();
    for (drawn, area) in moved {
        let segment = match drawn {
            Drawn::Object(id) => place_of(topology, id).map(|place| (id, place)),
            Drawn::Internet | Drawn::Note(_) => None,
        };
        let (slot, corner) = match segment {
            Some((id, Place::Segment(segment))) => {
                let Some(within) = scene.places.segments.get(segment) else { continue };
                draft.pin_cards(input, scene, segment);
                (slot(id, Some(segment)), within.min)
            }
            _ => (Slot::on_sheet(drawn.clone()), pt(0.0, 0.0)),
        };
        draft.places.insert(slot, position(area.min, corner));
    }
    if moved.keys().any(anchors) {
        draft.pin_sites(input, scene);
    }
    draft
}
