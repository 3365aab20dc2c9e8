//! From an analysis to a scene: one phase, through one lens.

mod cards;
mod connectors;
mod ground;
mod groups;
mod lines;
mod notes;
pub mod parts;
mod places;
mod signs;

use super::{
    difference,
    geometry::{Area, Point, area, pt},
    ink::{GROUP_INKS, Ink},
    labels::Taken,
    layout::{self, Places, Room},
    scene::{Align, Drawn, Item, Kind, Lens, Level, Mark, Scene, Seen, Shape, Words},
    symbols::{Sign, sign},
    text::{Cut, Face, fitted, width},
    verdicts::{At, Verdict, verdicts},
};
use crate::{
    analysis::Analysis,
    model::{
        ObjectId, Subject, Topology,
        beside::{Position, Slot},
        id::{GroupId, ServerId, SiteId},
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// What the parts of the scene are built from.
struct Draft<'a> {
    /// What is drawn; through the lens for differences also what goes in this phase.
    topology: &'a Topology,
    lens: Lens,
    places: Places,
    verdicts: BTreeMap<At, Verdict>,
    /// What is said of cards that stand for several servers.
    counts: BTreeMap<ServerId, String>,
    marks: BTreeMap<ObjectId, Mark>,
    inks: BTreeMap<GroupId, Ink>,
    taken: Taken,
    items: Vec<Item>,
}

/// The scene of a phase. `phase` is an index into the analysis; one beyond the last is the last.
pub fn build(analysis: &Analysis, phase: usize, lens: Lens) -> Scene {
    let Some(last) = analysis.phases.len().checked_sub(1) else { return Scene::default() };
    let phase = phase.min(last);
    let now = &analysis.phases[phase].topology;
    let before = phase.checked_sub(1).map(|before| &analysis.phases[before].topology);
    let marks = before.map(|before| difference::marks(before, now)).unwrap_or_default();
    let with_gone;
    let topology = match before {
        Some(before) if lens == Lens::Difference => {
            with_gone = with_gone_objects(before, now, &marks);
            &with_gone
        }
        _ => now,
    };
    let columns = layout::Columns::default();
    let whole = Shown { topology, layout: &analysis.project.layout, columns, part: None };
    drafted(analysis, phase, lens, (whole, marks))
}

/// The scene of a part of a phase, for paper: what a person placed on the whole does not hold there.
pub fn build_part(analysis: &Analysis, phase: usize, part: &parts::Part) -> Scene {
    let shown = Shown {
        topology: &part.topology,
        layout: &BTreeMap::new(),
        columns: part.columns,
        part: Some(part),
    };
    drafted(analysis, phase, Lens::Mail, (shown, BTreeMap::new()))
}

/// What is drawn, and where a person placed it.
struct Shown<'a> {
    topology: &'a Topology,
    layout: &'a BTreeMap<Slot, Position>,
    columns: layout::Columns,
    part: Option<&'a parts::Part>,
}

fn drafted(
    analysis: &Analysis,
    phase: usize,
    lens: Lens,
    (shown, marks): (Shown<'_>, BTreeMap<ObjectId, Mark>),
) -> Scene {
    let Shown { topology, layout, columns, part } = shown;
    let inks = group_inks(analysis);
    let groups: Vec<GroupId> = inks.iter().map(|(id, _)| id.clone()).collect();
    let order = layout::Order { sites: &site_order(analysis), groups: &groups };
    let places = layout::place(topology, layout, order, room(topology, columns));
    let mut draft = Draft {
        topology,
        lens,
        places,
        verdicts: part.map_or_else(
            || verdicts(analysis, phase),
            |part| gathered(verdicts(analysis, phase), &part.stands),
        ),
        counts: part.map(|part| part.counts.clone()).unwrap_or_default(),
        marks,
        inks: inks.into_iter().collect(),
        taken: Taken::default(),
        items: Vec::new(),
    };
    places::draw(&mut draft);
    cards::draw(&mut draft);
    lines::draw(&mut draft);
    groups::draw(&mut draft);
    connectors::draw(&mut draft);
    signs::draw(&mut draft);
    if part.is_none() {
        notes::draw(&mut draft, &analysis.project, phase);
    }
    finish(draft)
}

/// The verdicts with those of counted servers at the card that stands for them.
fn gathered(
    all: BTreeMap<At, Verdict>,
    stands: &BTreeMap<ServerId, ServerId>,
) -> BTreeMap<At, Verdict> {
    let mut out: BTreeMap<At, Verdict> = BTreeMap::new();
    for (at, verdict) in all {
        let at = match &at {
            At::Subject(Subject::Object(ObjectId::Server(id))) => match stands.get(id) {
                Some(stand) => At::Subject(ObjectId::Server(stand.clone()).into()),
                None => at,
            },
            _ => at,
        };
        out.entry(at).and_modify(|known| known.join(verdict)).or_insert(verdict);
    }
    out
}

/// The topology with what goes in this phase put back in.
fn with_gone_objects(
    before: &Topology,
    now: &Topology,
    marks: &BTreeMap<ObjectId, Mark>,
) -> Topology {
    let mut all = now.clone();
    for (id, _) in marks.iter().filter(|(_, mark)| **mark == Mark::Removed) {
        if let Some(object) = before.get(id) {
            all.insert(object);
        }
    }
    all
}

/// Where the sites come to stand when all that is not in `layout` is left to the program and linked sites stand
/// near each other; none where that is the usual order.
pub fn arranged(
    analysis: &Analysis,
    phase: usize,
    layout: &BTreeMap<Slot, Position>,
) -> Option<BTreeMap<SiteId, Area>> {
    let usual = site_order(analysis);
    let topologies: Vec<&Topology> = analysis.phases.iter().map(|p| &p.topology).collect();
    let order = super::order::near(&topologies, &usual);
    if order == usual {
        return None;
    }
    let topology = &analysis.phases.get(phase)?.topology;
    let groups: Vec<GroupId> = group_inks(analysis).into_iter().map(|(id, _)| id).collect();
    let order = layout::Order { sites: &order, groups: &groups };
    let room = room(topology, layout::Columns::default());
    Some(layout::place(topology, layout, order, room).sites)
}

/// The sites with most users come first, counted over all phases so that no phase moves them.
fn site_order(analysis: &Analysis) -> Vec<SiteId> {
    let mut users: BTreeMap<SiteId, u32> = BTreeMap::new();
    for phase in &analysis.phases {
        for id in phase.topology.sites.keys() {
            users.entry(id.clone()).or_default();
        }
        let mut here: BTreeMap<&SiteId, u32> = BTreeMap::new();
        for mailboxes in phase.topology.mailboxes.values() {
            if let Some(site) = &mailboxes.users_at {
                let sum = here.entry(site).or_default();
                *sum = sum.saturating_add(mailboxes.count);
            }
        }
        for (site, count) in here {
            let most = users.entry(site.clone()).or_default();
            *most = (*most).max(count);
        }
    }
    let mut order: Vec<(SiteId, u32)> = users.into_iter().collect();
    order.sort_by(|(a, m), (b, n)| n.cmp(m).then_with(|| a.cmp(b)));
    order.into_iter().map(|(id, _)| id).collect()
}

/// Every group keeps its colour through all phases.
fn group_inks(analysis: &Analysis) -> Vec<(GroupId, Ink)> {
    let mut inks: Vec<(GroupId, Ink)> = Vec::new();
    for phase in &analysis.phases {
        for id in phase.topology.groups.keys() {
            if !inks.iter().any(|(known, _)| known == id) {
                let number = inks.len() % usize::from(GROUP_INKS);
                inks.push((id.clone(), Ink::Group(u8::try_from(number).unwrap_or(0))));
            }
        }
    }
    inks
}

fn room(topology: &Topology, columns: layout::Columns) -> Room {
    let pills = topology
        .group_connectors
        .keys()
        .map(|id| connectors::pill_width(topology, &ObjectId::GroupConnector(id.clone())));
    let site_links = topology
        .site_links
        .keys()
        .map(|id| connectors::pill_width(topology, &ObjectId::SiteLink(id.clone())));
    let widest = pills.chain(site_links).fold(0.0, f32::max);
    let between_groups = if widest > 0.0 { widest + 36.0 } else { 40.0 };
    // The pill, the sign behind it, and a little of the line on both sides.
    Room { between_sites: (widest + 56.0).max(156.0), between_groups, columns }
}

impl Draft<'_> {
    /// What is found at an object, where the lens shows it.
    fn verdict(&self, subject: &Subject) -> Option<Verdict> {
        self.verdicts.get(&At::Subject(subject.clone())).copied()
    }

    fn mark(&self, id: &ObjectId) -> Mark {
        self.marks.get(id).copied().unwrap_or_default()
    }

    /// An item for an object, with its name and its mark.
    fn item(&self, kind: Kind, id: &ObjectId, bounds: Area) -> Item {
        let subject: Subject = id.clone().into();
        let mut item = Item::new(kind, Some(subject), &self.topology.name(id), bounds);
        item.mark = self.mark(id);
        item
    }

    /// Completes an item and takes it in. `said` follows its kind and name.
    fn push(&mut self, mut item: Item, word: &str, said: &[String]) {
        let mut spoken = format!("{word} {}", item.name);
        if item.kind == Kind::Internet {
            word.clone_into(&mut spoken);
        }
        for part in said.iter().filter(|part| !part.is_empty()) {
            spoken.push_str(", ");
            spoken.push_str(part);
        }
        let verdict = match &item.subject {
            Some(subject) => self.verdict(subject),
            None => self.verdicts.get(&At::Internet).copied(),
        };
        if let Some(verdict) = verdict {
            spoken.push_str(", ");
            spoken.push_str(&verdict.spoken());
        }
        if let Some(mark) = item.mark.name() {
            spoken.push_str(", ");
            spoken.push_str(mark);
        }
        item.spoken = spoken;
        item.quiet = self.is_quiet(&item, verdict);
        if self.lens == Lens::Difference {
            draw_mark(&mut item);
        }
        self.items.push(item);
    }

    fn is_quiet(&self, item: &Item, verdict: Option<Verdict>) -> bool {
        match self.lens {
            Lens::Physical => matches!(item.kind, Kind::Group | Kind::Connector),
            Lens::Mail => false,
            Lens::Dns => {
                matches!(item.kind, Kind::Group | Kind::Connector | Kind::Link | Kind::Line)
            }
            Lens::Findings => verdict.is_none() && item.kind != Kind::Site,
            Lens::Difference => item.mark == Mark::Same && item.kind != Kind::Site,
        }
    }
}

/// The edge and the sign of what a phase changes.
fn draw_mark(item: &mut Item) {
    let (at, radius) = (pt(item.label.min.x, item.label.min.y), 8.0);
    let which = match item.mark {
        Mark::Same => return,
        Mark::Added => Sign::Plus,
        Mark::Removed => Sign::Minus,
        Mark::Changed => Sign::Delta,
    };
    if item.mark == Mark::Removed {
        strike(item);
    }
    let boxed = matches!(item.kind, Kind::Server | Kind::Resolver);
    let at = if boxed || item.kind == Kind::Firewall {
        item.bounds.min
    } else {
        at.moved(-10.0, item.label.height() / 2.0)
    };
    if boxed {
        let dash = match item.mark {
            Mark::Added => None,
            Mark::Removed => Some((5.0, 4.0)),
            _ => Some((2.0, 3.0)),
        };
        let stroke = super::scene::Stroke { ink: which.ink(), width: 2.2, dash };
        item.draw(Shape::Box { area: item.bounds, radius: 8.0, fill: None, stroke: Some(stroke) });
    }
    for shape in sign(which, at, radius, false) {
        item.draw(shape);
    }
}

/// Strikes the name of what goes through, so that it is told without colour.
fn strike(item: &mut Item) {
    let through = |drawn: &Drawn| match &drawn.shape {
        Shape::Words(words) if words.face == Face::SemiBold => {
            let area = words.bounds();
            let y = area.centre().y + 1.0;
            let ends = vec![pt(area.min.x - 2.0, y), pt(area.max.x + 2.0, y)];
            let stroke = super::scene::line(Ink::Text, 1.4);
            Some(Drawn { seen: drawn.seen, shape: super::scene::polyline(ends, stroke) })
        }
        _ => None,
    };
    let lines: Vec<Drawn> = item.shapes.iter().filter_map(through).collect();
    item.shapes.extend(lines);
}

fn finish(draft: Draft<'_>) -> Scene {
    let mut items = draft.items;
    items.sort_by_key(|item| item.kind);
    let mut bounds = items.iter().map(|item| item.bounds).reduce(Area::with).unwrap_or_default();
    for item in &items {
        for drawn in &item.shapes {
            if let Shape::Words(words) = &drawn.shape {
                bounds = bounds.with(words.bounds());
            }
        }
    }
    let group_inks = draft.inks.into_iter().collect();
    Scene { items, bounds, group_inks, places: draft.places }
}

/// Words that are cut to a width.
fn words(text: &str, at: Point, look: (Face, f32, Ink), most: f32, cut: Cut) -> Words {
    let (face, size, ink) = look;
    let text = fitted(text, face, size, most, cut);
    Words { at, align: Align::Start, text, face, size, ink }
}

/// Where names that are too long are cut so that they can be told apart: as usual, or the other way where
/// only that tells. Each name comes with its room.
fn telling<'a>(
    names: impl Iterator<Item = (&'a str, f32)>,
    (face, size): (Face, f32),
    usual: Cut,
) -> Cut {
    let long: Vec<_> = names.filter(|(name, room)| width(name, face, size) > *room).collect();
    let tells = |cut: Cut| {
        let cut: BTreeSet<String> =
            long.iter().map(|(name, room)| fitted(name, face, size, *room, cut)).collect();
        cut.len() == long.len()
    };
    let other = if usual == Cut::End { Cut::Middle } else { Cut::End };
    if !tells(usual) && tells(other) { other } else { usual }
}

/// A pill: a rounded label around words. Gives its shapes for that box.
fn pill(within: Area, text: &str, ink: Ink, ground: Ink, edge: f32) -> Vec<Drawn> {
    let shape = Shape::Box {
        area: within,
        radius: within.height() / 2.0,
        fill: super::scene::solid(ground),
        stroke: Some(super::scene::line(ink, edge)),
    };
    let at = pt(within.centre().x, within.centre().y + 4.0);
    let text = fitted(text, Face::SemiBold, PILL_SIZE, within.width() - 12.0, Cut::Middle);
    let words =
        Words { at, align: Align::Middle, text, face: Face::SemiBold, size: PILL_SIZE, ink };
    vec![
        Drawn { seen: Seen::From(Level::Near), shape },
        Drawn { seen: Seen::From(Level::Near), shape: Shape::Words(words) },
    ]
}

/// The font size in pills.
const PILL_SIZE: f32 = 11.5;

/// The size of a pill around a text, at most that wide.
fn pill_size(text: &str, most: f32) -> (f32, f32) {
    ((width(text, Face::SemiBold, PILL_SIZE) + 20.0).min(most), 22.0)
}

/// A box from its middle and its size.
fn centred(at: Point, (width, height): (f32, f32)) -> Area {
    area(at.x - width / 2.0, at.y - height / 2.0, width, height)
}
