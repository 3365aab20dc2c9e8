//! Connectors: thin lines with an arrow from the servers that send to those that take, each with a
//! pill.

use super::{Draft, ground::Ground, pill, pill_size};
use crate::{
    diagram::{
        geometry::{Area, Point, along, around, length, pt},
        ink::Ink,
        labels::{Boxes, on_line},
        route::{Port, Side, facing, port},
        scene::{Item, Kind, Lens, Level, Mark, Seen, Stroke, dashed, line, polyline},
        symbols::arrow_head,
    },
    model::{
        ObjectId, Topology,
        connector::Delivery,
        dns::Place,
        id::GroupId,
        server::{ListenerId, SmartHost},
        subject::Subject,
    },
    rules::rule::Severity,
};
use std::collections::{BTreeMap, BTreeSet};

/// The widest pill.
const PILL_MOST: f32 = 210.0;
/// How far parallel connectors stand apart.
const FAN: f32 = 30.0;

pub(super) fn draw(draft: &mut Draft<'_>) {
    if draft.lens == Lens::Dns {
        forwards(draft);
    }
    let ends = ends(draft);
    let fans = fans(&ends);
    let mut ground = Ground::new(draft, ends.len());
    let routes = all_ways(draft, &mut ground, &ends, &fans);
    let mut lines = Boxes::default();
    // Among very many lines there is no place that is clear of all of them.
    for (i, ways) in routes.iter().enumerate().filter(|_| ground.search) {
        for piece in ways.iter().flat_map(|way| way.windows(2)).filter_map(around) {
            lines.add(piece, i);
        }
    }
    for (i, (end, routes)) in ends.iter().zip(routes).enumerate() {
        connector(draft, end, routes, (&lines, i), if ground.search { usize::MAX } else { 9 });
    }
}

/// The ways of all connectors; short ones are laid first, since they have the least choice.
fn all_ways(
    draft: &Draft<'_>,
    ground: &mut Ground,
    ends: &[Ends],
    fans: &[f32],
) -> Vec<Vec<Vec<Point>>> {
    let away = |i: &usize| ends[*i].from[0].centre().distance(ends[*i].to[0].centre());
    let mut order: Vec<usize> = (0..ends.len()).collect();
    order.sort_by(|a, b| away(a).total_cmp(&away(b)));
    let mut all = vec![Vec::new(); ends.len()];
    for i in order {
        all[i] = ways(draft, ground, i, &ends[i], fans[i]);
    }
    all
}

/// All ways of a connector: from its first source to its first target, then the further ones.
fn ways(
    draft: &Draft<'_>,
    ground: &mut Ground,
    line: usize,
    end: &Ends,
    fan: f32,
) -> Vec<Vec<Point>> {
    let mut lay = |from: Area, to: Area, first: Option<&Vec<Point>>| {
        ground.lay(line, from, to, fan).unwrap_or_else(|| match first {
            Some(first) => branch(ground, first, to),
            None => way(draft, ground, from, to, fan),
        })
    };
    let first = lay(end.from[0], end.to[0], None);
    let others: Vec<_> =
        end.to[1..].iter().map(|other| lay(end.from[0], *other, Some(&first))).collect();
    let sources: Vec<_> = end.from[1..].iter().map(|other| lay(*other, end.to[0], None)).collect();
    std::iter::once(first).chain(others).chain(sources).collect()
}

/// What a connector says in its pill.
fn text(topology: &Topology, id: &ObjectId) -> String {
    match id {
        ObjectId::GroupConnector(id) => topology
            .group_connectors
            .get(id)
            .map(|c| format!("{} · cost {}", c.name, c.cost()))
            .unwrap_or_default(),
        ObjectId::SmtpConnector(id) => {
            topology.smtp_connectors.get(id).map(|c| c.name.clone()).unwrap_or_default()
        }
        ObjectId::SiteLink(id) => topology
            .site_links
            .get(id)
            .map(|link| format!("{} · cost {}", link.name, link.cost()))
            .unwrap_or_default(),
        _ => String::new(),
    }
}

/// How wide a connector's pill is.
pub(super) fn pill_width(topology: &Topology, id: &ObjectId) -> f32 {
    pill_size(&text(topology, id), PILL_MOST).0
}

/// What a connector joins.
struct Ends {
    id: ObjectId,
    from: Vec<Area>,
    to: Vec<Area>,
    /// Which two things it joins, in one order for both directions.
    pair: (String, String),
}

fn ends(draft: &Draft<'_>) -> Vec<Ends> {
    let topology = draft.topology;
    let cards = |listeners: &BTreeSet<ListenerId>| -> Vec<Area> {
        let servers: BTreeSet<_> =
            listeners.iter().map(|l| ObjectId::Server(l.server.clone())).collect();
        servers.iter().filter_map(|id| draft.places.cards.get(id)).copied().collect()
    };
    let or_group = |cards: Vec<Area>, group: &GroupId, other: Option<Area>| -> Vec<Area> {
        if !cards.is_empty() {
            return cards;
        }
        hull_part(draft, group, other).into_iter().collect()
    };
    let mut all = Vec::new();
    for (id, c) in &topology.group_connectors {
        let (mut from, mut to) = (cards(&c.sources), cards(&c.targets));
        let target = to.first().copied();
        from = or_group(from, &c.from, target);
        let source = from.first().copied();
        to = or_group(to, &c.to, source);
        let (a, b) = (c.from.to_string(), c.to.to_string());
        let pair = if a < b { (a, b) } else { (b, a) };
        all.push(Ends { id: ObjectId::GroupConnector(id.clone()), from, to, pair });
    }
    for (id, c) in &topology.smtp_connectors {
        let to = smart_host(draft, &c.delivery)
            .or_else(|| way_out(draft, &c.sources, &c.group))
            .unwrap_or(draft.places.internet);
        let from = or_group(cards(&c.sources), &c.group, Some(to));
        let pair = (c.group.to_string(), format!("{to:?}"));
        all.push(Ends { id: ObjectId::SmtpConnector(id.clone()), from, to: vec![to], pair });
    }
    for (id, link) in &topology.site_links {
        let Some((first, others)) =
            link.sites.iter().next().map(|f| (f, link.sites.iter().skip(1)))
        else {
            continue;
        };
        let to: Vec<Area> = others
            .clone()
            .filter_map(|site| hull_part(draft, site, hull_part(draft, first, None)))
            .collect();
        let from = hull_part(draft, first, to.first().copied()).into_iter().collect();
        let pair = (first.to_string(), others.map(ToString::to_string).collect::<String>());
        all.push(Ends { id: ObjectId::SiteLink(id.clone()), from, to, pair });
    }
    all.retain(|end| !end.from.is_empty() && !end.to.is_empty());
    all
}

/// The part of a group's hull that is nearest to something.
fn hull_part(draft: &Draft<'_>, group: &GroupId, other: Option<Area>) -> Option<Area> {
    let subject: Subject = ObjectId::Group(group.clone()).into();
    let hull = draft
        .items
        .iter()
        .find(|i| i.kind == Kind::Group && i.subject.as_ref() == Some(&subject))?;
    let large = || hull.parts.iter().filter(|p| p.width() > 60.0 && p.height() > 60.0).copied();
    match other {
        Some(other) => {
            let away = |a: &Area| a.centre().distance(other.centre());
            large().min_by(|a, b| away(a).total_cmp(&away(b)))
        }
        None => large().next(),
    }
    .or(hull.parts.first().copied())
}

/// The firewall of the site from which a connector sends: there its mail leaves for the Internet.
fn way_out(draft: &Draft<'_>, sources: &BTreeSet<ListenerId>, group: &GroupId) -> Option<Area> {
    let topology = draft.topology;
    let sender = match sources.first() {
        Some(listener) => topology.servers.get(&listener.server),
        None => topology.servers.values().find(|s| s.group.as_ref() == Some(group)),
    };
    let Place::Segment(segment) = &sender?.place else { return None };
    let site = &topology.segments.get(segment)?.site;
    let line = topology.lines.values().find(|l| l.site == *site)?;
    let subject: Subject = ObjectId::Firewall(line.firewall.clone()?).into();
    let shown = |i: &&Item| i.kind == Kind::Firewall && i.subject.as_ref() == Some(&subject);
    draft.items.iter().find(shown).map(|i| i.bounds)
}

/// The card of the server that is a smart host, where it is drawn.
fn smart_host(draft: &Draft<'_>, delivery: &Delivery) -> Option<Area> {
    let Delivery::SmartHosts(hosts) = delivery else { return None };
    let servers = &draft.topology.servers;
    let meant = |host: &SmartHost| {
        servers.iter().find(|(id, s)| match host {
            SmartHost::Address(address) => s.addresses.contains(address),
            SmartHost::Name(name) => {
                let listens = draft.topology.listeners.iter();
                let mut own = listens.filter(|(l, _)| l.server == **id);
                s.computer_fqdn().as_ref() == Some(name)
                    || own.any(|(_, l)| l.fqdn.as_ref() == Some(name))
            }
        })
    };
    let (id, _) = hosts.iter().find_map(meant)?;
    draft.places.cards.get(&ObjectId::Server(id.clone())).copied()
}

/// How far each connector stands from the middle, so that those between the same two run side by
/// side.
fn fans(ends: &[Ends]) -> Vec<f32> {
    let mut counts: BTreeMap<&(String, String), (u16, u16)> = BTreeMap::new();
    for end in ends {
        counts.entry(&end.pair).or_default().0 += 1;
    }
    ends.iter()
        .map(|end| {
            let (count, next) = counts.entry(&end.pair).or_default();
            *next += 1;
            (f32::from(*next) - 1.0 - (f32::from(*count) - 1.0) / 2.0) * FAN
        })
        .collect()
}

/// The colours of a connector: its line and the ground of its pill.
fn inks(draft: &Draft<'_>, subject: Option<&Subject>) -> (Ink, Ink) {
    match subject.and_then(|s| draft.verdict(s)).map(|v| v.worst) {
        Some(Severity::Error) => (Ink::Error, Ink::ErrorGround),
        Some(Severity::Warning) => (Ink::Warning, Ink::WarningGround),
        Some(Severity::CannotTell) => (Ink::Weak, Ink::Field),
        Some(Severity::Note) | None => (Ink::Good, Ink::GoodGround),
    }
}

fn stroke(draft: &Draft<'_>, item: &Item, ink: Ink) -> Stroke {
    match (draft.lens, item.mark) {
        (Lens::Difference, Mark::Removed) => dashed(Ink::Error, 2.0, 4.0, 5.0),
        (Lens::Difference, Mark::Same) => line(ink, 1.6),
        _ => line(ink, 2.2),
    }
}

fn connector(
    draft: &mut Draft<'_>,
    end: &Ends,
    routes: Vec<Vec<Point>>,
    (lines, own): (&Boxes, usize),
    tries: usize,
) {
    let points: Vec<Point> = routes.concat();
    let mut item =
        draft.item(Kind::Connector, &end.id, around(&points).unwrap_or_default().grown(5.0));
    let (ink, ground) = inks(draft, item.subject.as_ref());
    let stroke = stroke(draft, &item, ink);
    for route in &routes {
        item.draw(polyline(route.clone(), stroke));
        // A site link leads both ways.
        if let [.., before, tip] = route[..]
            && !matches!(end.id, ObjectId::SiteLink(_))
        {
            let step = before.distance(tip).max(0.01);
            let along = pt((tip.x - before.x) / step, (tip.y - before.y) / step);
            let head = polyline(arrow_head(tip, along, 10.0), line(stroke.ink, stroke.width));
            item.draw_at(Seen::From(Level::Middle), head);
        }
    }
    let words = text(draft.topology, &end.id);
    let size = pill_size(&words, PILL_MOST);
    // Room for the sign behind the pill, on lines that are not its own.
    let signed = item.subject.as_ref().and_then(|s| draft.verdict(s)).is_some();
    let sign = if signed { 22.0 } else { 0.0 };
    let places = on_line(&routes[0], (size.0 + sign, size.1)).into_iter().take(tries);
    if let Some(place) = draft.taken.first_free_beside(places, lines, own) {
        let place = Area { min: place.min, max: place.max.moved(-sign, 0.0) };
        for drawn in pill(place, &words, ink, ground, 1.2) {
            item.draw_at(drawn.seen, drawn.shape);
        }
        item.label = place;
        item.bounds = item.bounds.with(place);
    } else if let Some((middle, _)) = along(&routes[0], length(&routes[0]) / 2.0) {
        // Its sign stands on the line then.
        item.label = Area { min: middle, max: middle };
    }
    item.routes = routes;
    let said = said(draft.topology, &end.id);
    draft.push(item, "Connector", &said);
}

fn said(topology: &Topology, id: &ObjectId) -> Vec<String> {
    let group = |id: &GroupId| topology.groups.get(id).map_or("", |g| g.name.as_str()).to_owned();
    match id {
        ObjectId::GroupConnector(id) => topology
            .group_connectors
            .get(id)
            .map(|c| {
                vec![
                    format!("from {} to {}", group(&c.from), group(&c.to)),
                    format!("cost {}", c.cost()),
                ]
            })
            .unwrap_or_default(),
        ObjectId::SmtpConnector(id) => topology
            .smtp_connectors
            .get(id)
            .map(|c| {
                let spaces: Vec<String> = c.spaces.iter().map(ToString::to_string).collect();
                let of = topology.groups.get(&c.group).map(|g| g.kind.words());
                let of = of.unwrap_or("routing group");
                vec![format!("of {of} {}", group(&c.group)), spaces.join(", ")]
            })
            .unwrap_or_default(),
        ObjectId::SiteLink(id) => topology
            .site_links
            .get(id)
            .map(|link| {
                let sites: Vec<String> = link.sites.iter().map(group).collect();
                vec![
                    format!("AD site link of {}", sites.join(", ")),
                    format!("cost {}", link.cost()),
                ]
            })
            .unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn way(draft: &Draft<'_>, ground: &Ground, from: Area, to: Area, fan: f32) -> Vec<Point> {
    let below = to == draft.places.internet && from.min.y > to.max.y + 30.0;
    let to_wall = to.height() < 30.0 && from.min.y > to.max.y;
    let upward = below || to_wall;
    let (out, into) = if upward { (Side::Top, Side::Bottom) } else { facing(from, to) };
    if below {
        return to_cloud(ground, from, to, fan);
    }
    between(ground, from, to, (out, into), fan)
}

/// Up to the cloud: each meets its lower edge at a place of its own, those from the left on the left.
fn to_cloud(ground: &Ground, from: Area, to: Area, fan: f32) -> Vec<Point> {
    let towards = (from.centre().x - to.centre().x).clamp(-48.0, 48.0);
    // Not at the middle of the card's edge, where the line into the site often comes down.
    let aside = if from.centre().x < to.centre().x { 44.0 } else { -44.0 };
    let start = port(from, Side::Top, aside + fan);
    let target = port(to, Side::Bottom, towards + fan * 0.5);
    ground.route(start, target)
}

fn between(ground: &Ground, from: Area, to: Area, sides: (Side, Side), fan: f32) -> Vec<Point> {
    let (out, into) = sides;
    // A hull has room on its whole side: the line leaves it where the target's card is.
    let along = |own: Area, other: Area, side: Side| {
        let (middle, aim, room) = if side.is_upright() {
            (own.centre().y, other.centre().y, own.height() / 2.0 - 16.0)
        } else {
            (own.centre().x, other.centre().x, own.width() / 2.0 - 16.0)
        };
        if room > 50.0 { (aim - middle).clamp(-room, room) } else { 0.0 }
    };
    let small = |a: Area| a.height() < 100.0 && a.width() < 160.0;
    let up = out == Side::Top && to.height() < 30.0;
    let (a, b) = match (small(from), small(to)) {
        (false, true) => (along(from, to, out), 0.0),
        (true, false) => (0.0, along(to, from, into)),
        _ => (0.0, 0.0),
    };
    let spread = |side: Side| if side.is_upright() { fan } else { fan * 1.2 };
    // Up to the firewall, from the part of the card that is below it.
    let a = if up { (to.centre().x - from.centre().x).clamp(-52.0, 52.0) } else { a };
    let start = port(from, out, a + spread(out));
    let end: Port = port(to, into, b + spread(into));
    ground.route(start, end)
}

/// A further target: from the middle of the first way.
fn branch(ground: &Ground, way: &[Point], to: Area) -> Vec<Point> {
    let Some((at, _)) = along(way, length(way) * 0.7) else {
        return way.to_vec();
    };
    let dot = Area { min: at, max: at };
    let (out, into) = facing(dot, to);
    ground.route(Port { at, side: out }, port(to, into, 0.0))
}

/// Through the lens of the DNS: whom each resolver asks for what it does not know.
fn forwards(draft: &mut Draft<'_>) {
    use crate::model::dns::Forward;
    let topology = draft.topology;
    let mut ground = Ground::new(draft, topology.resolvers.len());
    for (number, (id, resolver)) in topology.resolvers.iter().enumerate() {
        let object = ObjectId::Resolver(id.clone());
        let Some(from) = draft.places.cards.get(&object).copied() else { continue };
        let targets: Vec<Area> = match &resolver.forwards {
            Some(Forward::Internet) => vec![draft.places.internet],
            Some(Forward::To(list)) => list
                .iter()
                .filter_map(|r| draft.places.cards.get(&ObjectId::Resolver(r.clone())).copied())
                .collect(),
            Some(Forward::Nowhere) | None => Vec::new(),
        };
        let ways: Vec<Vec<Point>> = targets
            .into_iter()
            .map(|to| {
                ground
                    .lay(number, from, to, 0.0)
                    .unwrap_or_else(|| between(&ground, from, to, facing(from, to), 0.0))
            })
            .collect();
        let subject: Subject = object.into();
        let item = draft
            .items
            .iter_mut()
            .find(|i| i.kind == Kind::Resolver && i.subject.as_ref() == Some(&subject));
        let Some(item) = item else { continue };
        for way in ways {
            if let [.., before, tip] = way[..] {
                let step = before.distance(tip).max(0.01);
                let along = pt((tip.x - before.x) / step, (tip.y - before.y) / step);
                item.draw(polyline(arrow_head(tip, along, 8.0), line(Ink::Info, 1.6)));
            }
            item.draw(polyline(way.clone(), dashed(Ink::Info, 1.6, 5.0, 4.0)));
            item.routes.push(way);
        }
    }
}
