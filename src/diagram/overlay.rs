//! The way of one message over a scene: dotted along cards, lines and links, with a mark where it
//! stops and the reason in a word or two.

use super::{
    geometry::{Area, Point, area, length, nearest, pt, rounded},
    ink::Ink,
    labels::Taken,
    route,
    scene::{Align, Kind, Scene, Seen, Shape, Words, dashed, line, polyline, solid},
    scene::{Drawn, Item},
    symbols::{Sign, arrow_head, sign},
    text::{Face, width},
};
use crate::{
    model::{ObjectId, Subject, Topology},
    sim::trace::{Code, Disposition, Hop, Step, StepKind, Trace},
};

/// The way of a message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overlay {
    /// The way, which is drawn on top of the scene but under its labels.
    pub under: Vec<Drawn>,
    /// The mark and the words, on top of everything.
    pub shapes: Vec<Drawn>,
    /// The stretches of the way, one a hop.
    pub ways: Vec<Vec<Point>>,
    /// Where the message stops, if it does.
    pub stop: Option<Point>,
    /// The box of the words beside the stop.
    pub pill: Option<Area>,
    /// The words.
    pub words: String,
}

/// The way of a trace over a scene of the same phase.
pub fn of_trace(scene: &Scene, topology: &Topology, trace: &Trace) -> Overlay {
    let mut overlay = Overlay::default();
    let ink = match trace.disposition {
        Disposition::Delivered | Disposition::LeftForInternet => Ink::Good,
        Disposition::CannotTell => Ink::Weak,
        _ => Ink::Error,
    };
    for hop in &trace.hops {
        let walk = Walk::of_hop(scene, topology, hop);
        if walk.points.len() > 1 {
            overlay.ways.push(walk.points.clone());
        }
        if let Some(stop) = walk.stop {
            overlay.stop = Some(stop);
        }
    }
    let last = trace.hops.last();
    if !trace.disposition.arrived() && overlay.stop.is_none() {
        let stuck = last.and_then(|hop| anchor(scene, &hop.from));
        let blamed = trace.subject.as_ref().and_then(|s| shown(scene, topology, s));
        overlay.stop = stuck.or(blamed.map(|item| item.bounds)).map(Area::centre);
    }
    overlay.words = words(trace);
    draw(&mut overlay, scene, trace, ink);
    overlay
}

/// What stops the message, in a word or two.
fn words(trace: &Trace) -> String {
    let text = match (trace.disposition, trace.code) {
        (Disposition::Delivered, _) => "delivered",
        (Disposition::LeftForInternet, _) => "left for the Internet",
        (Disposition::CannotTell, _) => "cannot tell",
        (Disposition::Loop, _) => "goes round in circles",
        (Disposition::NoRoute, _) => "no route",
        (_, Some(Code::Timeout)) => "dropped here",
        (_, Some(Code::Refused)) => "refused here",
        (_, Some(Code::Unreachable)) => "no way from here",
        (_, Some(Code::NameNotFound)) => "name not found",
        (_, Some(Code::NameTemporary)) => "no answer from the DNS",
        (_, Some(Code::NullMx)) => "domain takes no mail",
        (_, Some(Code::RelayDenied)) => "relay denied here",
        (_, Some(Code::UnknownUser)) => "mailbox unknown here",
        (_, Some(Code::Rejected | Code::RemoteTemporary)) => "turned away here",
        (Disposition::Queued, _) => "queued here",
        (Disposition::Bounced, _) => "bounced here",
        (Disposition::Refused, _) => "refused here",
    };
    text.to_owned()
}

/// The box of a hop's end: a server's card, or the Internet.
fn anchor(scene: &Scene, name: &str) -> Option<Area> {
    if name == "internet" {
        return scene.internet().map(|item| item.bounds);
    }
    let id = name.parse().ok()?;
    scene.item(&Subject::Object(ObjectId::Server(id))).map(|item| item.bounds)
}

/// The item on which a subject is shown.
fn shown<'a>(scene: &'a Scene, topology: &Topology, subject: &Subject) -> Option<&'a Item> {
    if let Some(item) = scene.item(subject) {
        return Some(item);
    }
    match subject.object(topology)? {
        ObjectId::Listener(id) => scene.item(&Subject::Object(ObjectId::Server(id.server))),
        ObjectId::Record(id) => serving(scene, topology, &id.zone.view),
        ObjectId::Zone(id) => serving(scene, topology, &id.view),
        ObjectId::View(id) => serving(scene, topology, &id),
        _ => None,
    }
}

fn serving<'a>(
    scene: &'a Scene,
    topology: &Topology,
    view: &crate::model::id::ViewId,
) -> Option<&'a Item> {
    let serves = topology.resolvers.iter().find(|(_, r)| r.serves.contains(view));
    match serves {
        Some((id, _)) => scene.item(&Subject::Object(ObjectId::Resolver(id.clone()))),
        None => scene.internet(),
    }
}

/// A piece of the way of a hop.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Leg {
    /// From one box to another, past what lies between them; a box may be a point.
    Over(Area, Area),
    /// Along an Internet line or a WAN link.
    Along(Vec<Point>),
}

/// The pieces of the ways of a trace, hop by hop, and where it stops, if it does.
pub(super) fn legs(scene: &Scene, topology: &Topology, trace: &Trace) -> (Vec<Leg>, Option<Point>) {
    let mut all = Vec::new();
    let mut stop = None;
    for hop in &trace.hops {
        let walk = Walk::of_hop(scene, topology, hop);
        all.extend(walk.legs);
        stop = walk.stop.or(stop);
    }
    (all, stop)
}

/// The way of a hop while it is put together.
struct Walk {
    points: Vec<Point>,
    legs: Vec<Leg>,
    stop: Option<Point>,
    outside: bool,
}

impl Walk {
    fn of_hop(scene: &Scene, topology: &Topology, hop: &Hop) -> Self {
        let start = anchor(scene, &hop.from);
        let outside = hop.from == "internet";
        let mut walk = Self { points: Vec::new(), legs: Vec::new(), stop: None, outside };
        let Some(start) = start else { return walk };
        let to = hop.to.as_deref().and_then(|to| anchor(scene, to));
        let mut went = false;
        for step in &hop.steps {
            if is_way(step) {
                went |= walk.step(scene, topology, step, start);
            }
            if !step.ok {
                walk.fail(scene, topology, step, start, to, went);
                return walk;
            }
        }
        if let Some(to) = to {
            match walk.points.last().copied() {
                Some(from) => walk.lead(scene, dot(from), to),
                None => walk.lead(scene, start, to),
            }
        } else if let (Some(cloud), [_, .., last]) = (scene.internet(), &walk.points[..])
            && (hop.to.is_some() || hop.steps.iter().any(|s| s.kind == StepKind::Nat))
        {
            let last = *last;
            walk.go(edge(cloud.bounds, last));
        }
        walk
    }

    fn go(&mut self, to: Point) {
        if self.points.last().is_none_or(|last| last.distance(to) > 1.0) {
            self.points.push(to);
        }
    }

    fn lead(&mut self, scene: &Scene, from: Area, to: Area) {
        self.legs.push(Leg::Over(from, to));
        for p in lead(scene, from, to) {
            self.go(p);
        }
    }

    fn along(&mut self, way: Vec<Point>) {
        for p in &way {
            self.go(*p);
        }
        self.legs.push(Leg::Along(way));
    }

    /// Goes along one step of the way. False when it leads nowhere on the drawing.
    fn step(&mut self, scene: &Scene, topology: &Topology, step: &Step, start: Area) -> bool {
        let Some(item) = step.subject.as_ref().and_then(|s| shown(scene, topology, s)) else {
            return false;
        };
        let from = self.points.last().map_or(start, |p| dot(*p));
        match item.kind {
            Kind::Line => {
                // Lines are drawn from the cloud to the site.
                let Some(mut route) = item.routes.first().cloned() else { return false };
                let out = step.kind == StepKind::Nat;
                if !out && !self.outside {
                    // To a public address of the own line: no farther than the firewall.
                    if let Some(end) = route.last().filter(|_| self.points.is_empty()) {
                        self.lead(scene, from, dot(*end));
                    }
                    return true;
                }
                if out {
                    route.reverse();
                    self.lead(scene, from, dot(route[0]));
                }
                self.outside = out;
                self.along(route);
                true
            }
            Kind::Link => {
                let Some(mut route) = item.routes.first().cloned() else { return false };
                let here = from.centre();
                let (Some(a), Some(b)) = (route.first(), route.last()) else { return false };
                if b.distance(here) < a.distance(here) {
                    route.reverse();
                }
                self.lead(scene, from, dot(route[0]));
                self.along(route);
                true
            }
            Kind::Firewall => {
                if self.points.is_empty() {
                    self.lead(scene, from, item.bounds);
                } else if let Some(route) = line_behind(scene, topology, item)
                    && self.outside
                {
                    self.outside = false;
                    self.along(route);
                }
                self.go(item.bounds.centre());
                true
            }
            _ => false,
        }
    }

    /// Where the message stops.
    fn fail(
        &mut self,
        scene: &Scene,
        topology: &Topology,
        step: &Step,
        start: Area,
        to: Option<Area>,
        went: bool,
    ) {
        let blamed = step.subject.as_ref().and_then(|s| shown(scene, topology, s));
        let at = match blamed {
            Some(item) if matches!(item.kind, Kind::Line) => {
                // The packets end where the line meets the site.
                item.routes.first().and_then(|r| r.last()).copied()
            }
            Some(item)
                if matches!(
                    item.kind,
                    Kind::Connector | Kind::Group | Kind::Segment | Kind::Site
                ) =>
            {
                (!went).then(|| edge(start, item.label.centre()))
            }
            Some(item) => Some(item.bounds.centre()),
            None => None,
        };
        let at = at
            .or_else(|| self.points.last().copied())
            .or_else(|| to.map(|to| edge(to, start.centre())));
        let Some(at) = at else { return };
        let own = start.contains(at);
        if self.points.is_empty() && !own {
            self.lead(scene, start, dot(at));
        }
        let at = match blamed {
            Some(item) if matches!(item.kind, Kind::Server | Kind::Resolver) && !own => {
                edge(item.bounds, self.points.last().copied().unwrap_or(start.centre()))
            }
            _ if own => pt(start.max.x - 10.0, start.min.y),
            _ => at,
        };
        if !own {
            self.go(at);
        }
        self.stop = Some(at);
    }
}

/// The Internet line that ends at a firewall, from the cloud to the site.
fn line_behind(scene: &Scene, topology: &Topology, firewall: &Item) -> Option<Vec<Point>> {
    let Some(Subject::Object(ObjectId::Firewall(id))) = &firewall.subject else { return None };
    let line = topology.lines.iter().find(|(_, line)| line.firewall.as_ref() == Some(id))?.0;
    scene.item(&Subject::Object(ObjectId::Line(line.clone())))?.routes.first().cloned()
}

/// Whether a step tells the way of the packets.
fn is_way(step: &Step) -> bool {
    matches!(step.kind, StepKind::Path | StepKind::Nat | StepKind::Firewall)
}

/// A box around nothing but a point.
fn dot(at: Point) -> Area {
    Area { min: at, max: at }
}

/// From one box to another past the cards between them.
fn lead(scene: &Scene, from: Area, to: Area) -> Vec<Point> {
    let (out, into) = route::facing(from, to);
    let cards: Vec<Area> = scene.places.cards.values().copied().collect();
    let way = route::route(route::port(from, out, 0.0), route::port(to, into, 0.0), &cards);
    rounded(&way, 26.0)
}

/// The point on the edge of a box that faces another point.
fn edge(of: Area, to: Point) -> Point {
    let centre = of.centre();
    let (x, y) = (to.x - centre.x, to.y - centre.y);
    if x.abs() < 0.01 && y.abs() < 0.01 {
        return centre;
    }
    let (w, h) = (of.width() / 2.0, of.height() / 2.0);
    let scale = (w / x.abs().max(0.001)).min(h / y.abs().max(0.001));
    if scale >= 1.0 { to } else { centre.moved(x * scale, y * scale) }
}

fn draw(overlay: &mut Overlay, scene: &Scene, trace: &Trace, ink: Ink) {
    let always = |shape| Drawn { seen: Seen::Always, shape };
    for way in &overlay.ways {
        overlay.under.push(always(polyline(way.clone(), dashed(ink, 3.0, 2.0, 6.0))));
    }
    if overlay.stop.is_none()
        && let Some([.., before, tip]) = overlay.ways.last().map(|way| &way[..])
    {
        let step = before.distance(*tip).max(0.01);
        let along = pt((tip.x - before.x) / step, (tip.y - before.y) / step);
        overlay.under.push(always(polyline(arrow_head(*tip, along, 11.0), line(ink, 2.6))));
    }
    if let Some(stop) = overlay.stop {
        let which =
            if trace.disposition == Disposition::CannotTell { Sign::Question } else { Sign::Cross };
        overlay.shapes.extend(sign(which, stop, 10.0, false).into_iter().map(always));
    }
    pill(overlay, scene, ink);
}

fn pill(overlay: &mut Overlay, scene: &Scene, ink: Ink) {
    let end = overlay.stop.or_else(|| overlay.ways.last().and_then(|way| way.last()).copied());
    let Some(at) = end else { return };
    let ground = match ink {
        Ink::Good => Ink::GoodGround,
        Ink::Error => Ink::ErrorGround,
        _ => Ink::Field,
    };
    let (w, h) = (width(&overlay.words, Face::SemiBold, 11.5) + 20.0, 22.0);
    let mut taken = Taken::default();
    for item in &scene.items {
        match item.kind {
            Kind::Server | Kind::Resolver | Kind::Firewall | Kind::Finding | Kind::Internet => {
                taken.take(item.bounds);
            }
            Kind::Connector | Kind::Group => taken.take(item.label),
            _ => {}
        }
        if matches!(item.kind, Kind::Line | Kind::Site | Kind::Link) {
            for drawn in &item.shapes {
                if let Shape::Words(words) = &drawn.shape {
                    taken.take(words.bounds());
                }
            }
        }
    }
    taken.take(area(at.x - 10.0, at.y - 10.0, 20.0, 20.0));
    for way in &overlay.ways {
        if let Some((near, _)) = way.first().map(|_| nearest(way, at))
            && near < 60.0
            && length(way) > 1.0
        {
            for pair in way.windows(2) {
                taken.take(
                    Area { min: pair[0], max: pair[0] }
                        .with(Area { min: pair[1], max: pair[1] })
                        .grown(2.0),
                );
            }
        }
    }
    let beside = [
        area(at.x - w - 18.0, at.y - h - 12.0, w, h),
        area(at.x + 18.0, at.y - h - 12.0, w, h),
        area(at.x - w - 18.0, at.y + 12.0, w, h),
        area(at.x + 18.0, at.y + 12.0, w, h),
        area(at.x - w / 2.0, at.y + 18.0, w, h),
        area(at.x - w / 2.0, at.y - h - 18.0, w, h),
        area(at.x - w - 18.0, at.y - h - 40.0, w, h),
        area(at.x + 18.0, at.y - h - 40.0, w, h),
    ];
    let Some(place) = taken.first_free(beside) else { return };
    let shape = Shape::Box {
        area: place,
        radius: h / 2.0,
        fill: solid(ground),
        stroke: Some(line(ink, 1.2)),
    };
    let words = Words {
        at: pt(place.centre().x, place.centre().y + 4.0),
        align: Align::Middle,
        text: overlay.words.clone(),
        face: Face::SemiBold,
        size: 11.5,
        ink,
    };
    overlay.pill = Some(place);
    overlay.shapes.push(Drawn { seen: Seen::Always, shape });
    overlay.shapes.push(Drawn { seen: Seen::Always, shape: Shape::Words(words) });
}
