//! Internet lines with their firewalls on the sites' upper edges, and WAN links between sites.

use super::{Draft, centred};
use crate::{
    diagram::{
        geometry::{Area, Point, area, around, cubic, pt, rounded},
        ink::Ink,
        labels::on_line,
        roads::{End, Roads, Terrain},
        route::{Port, Side, facing, is_clear, port, route},
        scene::{Align, Item, Kind, Lens, Level, Mark, Seen, Shape, Words, dashed, line, polyline},
        symbols,
        text::{Cut, Face, fitted, width},
    },
    model::{
        ObjectId,
        id::{FirewallId, LineId, LinkId, SiteId},
    },
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

pub(super) fn draw(draft: &mut Draft<'_>) {
    let ends = ends(draft);
    for (id, at) in &ends.firewalls {
        firewall(draft, id, *at);
    }
    for at in ends.sockets.values() {
        draft.taken.take(centred(*at, (16.0, 16.0)));
    }
    let lines: Vec<LineId> = draft.topology.lines.keys().cloned().collect();
    for id in lines {
        internet_line(draft, &id, &ends);
    }
    links(draft);
}

/// Where lines and firewalls stand on the upper edges of their sites.
struct Ends {
    firewalls: BTreeMap<FirewallId, Point>,
    sockets: BTreeMap<LineId, Point>,
}

fn ends(draft: &Draft<'_>) -> Ends {
    let topology = draft.topology;
    let mut ends = Ends { firewalls: BTreeMap::new(), sockets: BTreeMap::new() };
    for (site, bounds) in &draft.places.sites {
        let firewalls: Vec<_> =
            topology.firewalls.iter().filter(|(_, f)| f.site == *site).map(|(id, _)| id).collect();
        let bare: Vec<_> = topology
            .lines
            .iter()
            .filter(|(_, l)| {
                let stands = |f: &FirewallId| topology.firewalls.contains_key(f);
                l.site == *site && !l.firewall.as_ref().is_some_and(stands)
            })
            .map(|(id, _)| id)
            .collect();
        let slots = (firewalls.len() + bare.len()) as f32;
        let at = |i: usize| {
            // A single one keeps off the heading, which is on the left.
            let share = if slots < 1.5 { 0.66 } else { (i as f32 + 1.0) / (slots + 1.0) };
            pt(bounds.min.x + bounds.width() * share, bounds.min.y)
        };
        for (i, id) in firewalls.iter().enumerate() {
            ends.firewalls.insert((*id).clone(), at(i));
        }
        for (i, id) in bare.iter().enumerate() {
            ends.sockets.insert((*id).clone(), at(firewalls.len() + i));
        }
    }
    ends
}

fn firewall(draft: &mut Draft<'_>, id: &FirewallId, at: Point) {
    let bounds = centred(at, (26.0, 20.0));
    let mut item = draft.item(Kind::Firewall, &ObjectId::Firewall(id.clone()), bounds);
    item.label = area(at.x - 60.0, at.y - 34.0, 120.0, 20.0);
    for shape in symbols::firewall(at) {
        item.draw(shape);
    }
    draft.taken.take(bounds);
    let site = draft.topology.firewalls.get(id).and_then(|f| draft.topology.sites.get(&f.site));
    let said = site.map(|site| format!("in {}", site.name)).unwrap_or_default();
    draft.push(item, "Firewall", &[said]);
}

/// The stroke of a pipe.
fn pipe(draft: &Draft<'_>, item: &Item, wide: f32) -> crate::diagram::scene::Stroke {
    match (draft.lens, item.mark) {
        (Lens::Difference, Mark::Added) => line(Ink::Good, wide * 0.6),
        (Lens::Difference, Mark::Removed) => dashed(Ink::Error, wide * 0.5, 6.0, 5.0),
        (Lens::Difference, Mark::Changed) => line(Ink::Accent, wide * 0.6),
        _ => line(Ink::Pipe, wide),
    }
}

fn internet_line(draft: &mut Draft<'_>, id: &LineId, ends: &Ends) {
    let Some(this) = draft.topology.lines.get(id) else { return };
    let firewall = this.firewall.as_ref().and_then(|f| ends.firewalls.get(f));
    let at = match (firewall, ends.sockets.get(id)) {
        (Some(at), _) => {
            // Lines that share a firewall come in side by side.
            let shared = draft.topology.lines.iter().filter(|(_, l)| l.firewall == this.firewall);
            let ids: Vec<_> = shared.map(|(id, _)| id).collect();
            let i = ids.iter().position(|other| *other == id).unwrap_or(0) as f32;
            at.moved((i - (ids.len() as f32 - 1.0) / 2.0) * 12.0, -10.0)
        }
        (None, Some(at)) => at.moved(0.0, -7.0),
        (None, None) => return,
    };
    let way = way_to_cloud(draft, at, &this.site);
    let bounds = around(&way).unwrap_or_default().grown(4.0);
    let mut item = draft.item(Kind::Line, &ObjectId::Line(id.clone()), bounds);
    item.draw(polyline(way.clone(), pipe(draft, &item, 7.0)));
    if firewall.is_none() {
        for shape in symbols::socket(at.moved(0.0, 7.0)) {
            item.draw(shape);
        }
    }
    let facts = line_facts(draft, id);
    let mut text = facts.join(" · ");
    let site = draft.places.sites.get(&this.site).copied().unwrap_or_default();
    let most = (site.max.x - at.x + 120.0).clamp(120.0, 340.0);
    // Whole facts or their number, never half of one.
    if let [speed, services @ ..] = &facts[..]
        && services.len() > 1
        && width(&text, Face::Mono, 11.0) > most
    {
        text = format!("{speed} · NAT to {} servers", services.len());
    }
    let text = fitted(&text, Face::Mono, 11.0, most, Cut::End);
    let size = (width(&text, Face::Mono, 11.0), 14.0);
    let right = area(at.x + 22.0, at.y - 16.0, size.0, size.1);
    let left = area(at.x - 22.0 - size.0, at.y - 16.0, size.0, size.1);
    let places = [right, left, right.moved(0.0, -18.0), left.moved(0.0, -18.0)];
    if let Some(place) = draft.taken.first_free(places) {
        item.label =
            area(place.min.x - 4.0, place.min.y - 4.0, place.width().max(120.0) + 8.0, 22.0);
        let at = pt(place.min.x, place.max.y - 3.0);
        let words =
            Words { at, align: Align::Start, text, face: Face::Mono, size: 11.0, ink: Ink::Weak };
        item.draw_at(Seen::From(Level::Near), Shape::Words(words));
    }
    item.routes = vec![way];
    let place = draft.topology.sites.get(&this.site);
    let mut said = vec![place.map(|site| format!("in {}", site.name)).unwrap_or_default()];
    said.extend(facts);
    draft.push(item, "Internet line", &said);
}

fn line_facts(draft: &Draft<'_>, id: &LineId) -> Vec<String> {
    let topology = draft.topology;
    let Some(this) = topology.lines.get(id) else { return Vec::new() };
    let mut facts = vec![match this.bandwidth_kbit {
        Some(kbit) => bandwidth(kbit),
        None => "bandwidth not entered".to_owned(),
    }];
    let firewall = this.firewall.as_ref().and_then(|f| topology.firewalls.get(f));
    let mut seen = BTreeSet::new();
    for published in firewall.into_iter().flat_map(|f| &f.published) {
        let server = topology.servers.values().find(|s| s.addresses.contains(&published.to));
        let to = server.map_or_else(|| published.to.to_string(), |s| s.name.clone());
        let text = format!("NAT {} → {to}", last_part(published.public));
        if seen.insert(text.clone()) {
            facts.push(text);
        }
    }
    if this.firewall.is_none() {
        facts.push("no firewall entered".to_owned());
    }
    facts
}

/// The last part of an address, as in `.10`; IPv6 addresses whole.
fn last_part(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => format!(".{}", v4.octets()[3]),
        IpAddr::V6(v6) => v6.to_string(),
    }
}

/// A bandwidth in words.
pub(super) fn bandwidth(kbit: u32) -> String {
    if kbit >= 1_000_000 && kbit.is_multiple_of(100_000) {
        format!("{} Gbit/s", f64::from(kbit) / 1_000_000.0)
    } else if kbit >= 1000 && kbit.is_multiple_of(100) {
        format!("{} Mbit/s", f64::from(kbit) / 1000.0)
    } else {
        format!("{kbit} kbit/s")
    }
}

/// From the cloud to a site's edge: a bow where nothing stands in the way, else in right angles.
fn way_to_cloud(draft: &Draft<'_>, end: Point, site: &SiteId) -> Vec<Point> {
    let cloud = draft.places.internet;
    let own = draft.places.sites.get(site).copied().unwrap_or_default();
    let others: Vec<Area> = draft
        .places
        .sites
        .iter()
        .filter(|(id, _)| *id != site)
        .map(|(_, bounds)| *bounds)
        .chain(draft.places.cards.values().copied())
        .collect();
    let above = end.y - 10.0 >= cloud.max.y;
    let inner = area(cloud.min.x + 26.0, cloud.min.y, cloud.width() - 52.0, cloud.height());
    if above && end.x > inner.min.x && end.x < inner.max.x {
        let way = vec![pt(end.x, cloud.max.y - 6.0), end];
        if is_clear(&way, &others) {
            return way;
        }
    }
    if above {
        let right = end.x > cloud.centre().x;
        let x = if right { cloud.max.x - 14.0 } else { cloud.min.x + 14.0 };
        let start = pt(x, cloud.max.y - 14.0);
        let lean = (end.x - start.x) * 0.72;
        let mut way = vec![start];
        way.extend(cubic(start, start.moved(lean, 0.0), pt(end.x, start.y + 4.0), end));
        if is_clear(&way, &others) && (end.x - start.x).abs() > 12.0 {
            return way;
        }
    }
    let to = Port { at: end, side: Side::Top };
    let obstacles =
        [&others[..], &[Area { min: own.min.moved(0.0, 12.0), max: own.max }, cloud.grown(-6.0)]]
            .concat();
    let from = if end.y >= cloud.max.y {
        port(cloud, Side::Bottom, ((end.x - cloud.centre().x) * 0.1).clamp(-60.0, 60.0))
    } else {
        let side = if end.x > cloud.centre().x { Side::Right } else { Side::Left };
        port(cloud, side, 20.0)
    };
    rounded(&route(from, to, &obstacles), 22.0)
}

/// Lays the WAN links, short ones first, beside each other and around other sites.
fn links(draft: &mut Draft<'_>) {
    let sites = &draft.places.sites;
    let mut ends: Vec<(LinkId, Area, Area)> = draft
        .topology
        .links
        .iter()
        .filter_map(|(id, l)| Some((id.clone(), *sites.get(&l.a)?, *sites.get(&l.b)?)))
        .collect();
    let away = |(_, a, b): &(LinkId, Area, Area)| a.centre().distance(b.centre());
    ends.sort_by(|p, q| away(p).total_cmp(&away(q)));
    let mut roads = Roads::new(terrain(draft), ends.len());
    let mut used: BTreeMap<(SiteId, Side), u8> = BTreeMap::new();
    let ways: Vec<(LinkId, Vec<Point>)> = (1..)
        .zip(ends)
        .map(|(number, (id, a, b))| {
            // Low on the sides, where connectors seldom are.
            let end = |of: Area| {
                let aim = pt(of.centre().x - 60.0, of.max.y - 40.0);
                End { of, sides: &Side::ALL, aim }
            };
            let laid = roads.as_mut().and_then(|roads| roads.lay(number, end(a), end(b)));
            let way = laid.unwrap_or_else(|| alone(draft, &id, &mut used));
            (id, rounded(&way, 18.0))
        })
        .collect();
    // Captions keep off all links, not only off those that were drawn before.
    for pair in ways.iter().flat_map(|(_, way)| way.windows(2)) {
        let piece = Area { min: pair[0], max: pair[0] }.with(Area { min: pair[1], max: pair[1] });
        draft.taken.take(piece.grown(6.0));
    }
    for (id, way) in ways {
        link(draft, &id, way);
    }
}

/// What WAN links run over.
fn terrain(draft: &Draft<'_>) -> Terrain {
    let sites = draft.places.sites.values().copied();
    let walls: Vec<Area> = sites.clone().chain([draft.places.internet]).collect();
    let lines = draft.items.iter().filter(|i| i.kind == Kind::Line);
    let rails = lines.flat_map(|i| i.routes.iter().flat_map(|way| way.windows(2)));
    Terrain {
        bounds: walls.iter().copied().reduce(Area::with).unwrap_or_default().grown(120.0),
        anchors: sites.map(|s| pt(s.centre().x - 60.0, s.max.y - 40.0)).collect(),
        rails: rails.map(|pair| (pair[0], pair[1])).collect(),
        walls,
        pitch: 24.0,
        clear: 14.0,
        ..Terrain::default()
    }
}

/// A way that looks at no other link, for drawings with very many or with sites that nearly touch.
fn alone(draft: &Draft<'_>, id: &LinkId, used: &mut BTreeMap<(SiteId, Side), u8>) -> Vec<Point> {
    let (this, sites) = (&draft.topology.links[id], &draft.places.sites);
    let (a, b) = (sites[&this.a], sites[&this.b]);
    let (side_a, side_b) = facing(a, b);
    let mut slot = |site: &SiteId, side| {
        let n = used.entry((site.clone(), side)).or_default();
        *n = n.saturating_add(1);
        f32::from(*n - 1)
    };
    let (na, nb) = (slot(&this.a, side_a), slot(&this.b, side_b));
    let (from, to) = if side_a.is_upright() {
        let low = a.max.y.min(b.max.y) - 40.0 - na.max(nb) * 44.0;
        let high = a.min.y.max(b.min.y) + 20.0;
        if low > high {
            (at_height(a, side_a, low), at_height(b, side_b, low))
        } else {
            (port(a, side_a, a.height()), port(b, side_b, b.height()))
        }
    } else {
        (port(a, side_a, na * 50.0 - 60.0), port(b, side_b, nb * 50.0 - 60.0))
    };
    let obstacles: Vec<Area> =
        sites.values().copied().chain(draft.places.cards.values().copied()).collect();
    route(from, to, &obstacles)
}

fn at_height(site: Area, side: Side, y: f32) -> Port {
    let x = if side == Side::Left { site.min.x } else { site.max.x };
    Port { at: pt(x, y), side }
}

/// How wide a link's caption may be: not wider than the gap that the link spans.
fn caption_room(way: &[Point]) -> f32 {
    let piece = way.windows(2).max_by(|p, q| p[0].distance(p[1]).total_cmp(&q[0].distance(q[1])));
    let flat = piece.filter(|p| (p[0].y - p[1].y).abs() < 1.0);
    flat.map_or(150.0, |p| (p[0].distance(p[1]) - 10.0).clamp(80.0, 150.0))
}

fn link(draft: &mut Draft<'_>, id: &LinkId, way: Vec<Point>) {
    let Some(this) = draft.topology.links.get(id) else { return };
    let bounds = around(&way).unwrap_or_default().grown(7.0);
    let mut item = draft.item(Kind::Link, &ObjectId::Link(id.clone()), bounds);
    item.draw(polyline(way.clone(), pipe(draft, &item, 12.0)));
    let latency = this.latency_ms.map(|ms| format!("{ms} ms"));
    let speed = this.bandwidth_kbit.map_or_else(|| "bandwidth not entered".to_owned(), bandwidth);
    let facts: Vec<String> = std::iter::once(speed).chain(latency).collect();
    let most = caption_room(&way);
    let text = fitted(&facts.join(" · "), Face::Sans, 11.5, most, Cut::End);
    let name = fitted(&item.name, Face::Sans, 11.0, most, Cut::Middle);
    let wide = width(&text, Face::Sans, 11.5).max(width(&name, Face::Sans, 11.0));
    let size = (wide + 4.0, 30.0);
    let beside = |place: Area| [place.moved(0.0, 25.0), place.moved(0.0, -25.0)];
    let places = on_line(&way, size).into_iter().take(11).flat_map(beside);
    let sideways = on_line(&way, size).into_iter().take(11).flat_map(|p| {
        [p.moved(p.width() / 2.0 + 12.0, 0.0), p.moved(-p.width() / 2.0 - 12.0, 0.0)]
    });
    if let Some(place) = draft.taken.first_free(places.chain(sideways)) {
        item.label = place;
        item.bounds = item.bounds.with(place);
        let centre = place.centre();
        let row = |y: f32, text: &str, size: f32| {
            Shape::Words(Words {
                at: pt(centre.x, y),
                align: Align::Middle,
                text: text.to_owned(),
                face: Face::Sans,
                size,
                ink: Ink::Weak,
            })
        };
        item.draw_at(Seen::From(Level::Near), row(place.min.y + 11.0, &text, 11.5));
        item.draw_at(Seen::From(Level::Near), row(place.min.y + 26.0, &name, 11.0));
    }
    let names = [&this.a, &this.b].map(|s| draft.topology.sites.get(s).map_or("", |s| &s.name));
    item.routes = vec![way];
    let mut said = vec![format!("between {} and {}", names[0], names[1])];
    said.extend(facts);
    draft.push(item, "Link", &said);
}
