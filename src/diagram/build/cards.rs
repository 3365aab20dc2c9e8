//! The cards of servers and resolvers, and the counts of mailboxes.

use super::{Draft, centred, words};
use crate::{
    diagram::{
        geometry::{Area, area, pt},
        ink::Ink,
        layout::CHIP,
        scene::{Align, Item, Kind, Lens, Level, Mark, Seen, Shape, Words, dashed, line, solid},
        symbols,
        text::{Cut, Face, fitted, width},
    },
    model::{
        ObjectId,
        dns::Place,
        id::{MailboxesId, ResolverId, ServerId},
        server::{Platform, Role},
    },
    rules::rule::Severity,
};

pub(super) fn draw(draft: &mut Draft<'_>) {
    for (id, bounds) in draft.places.cards.clone() {
        draft.taken.take(bounds);
        match &id {
            ObjectId::Server(server) => server_card(draft, server, bounds),
            ObjectId::Resolver(resolver) => resolver_card(draft, resolver, bounds),
            _ => {}
        }
    }
    for (id, bounds) in draft.places.loose_mailboxes.clone() {
        chip(draft, &id, bounds, "no home entered");
    }
    at_sites(draft);
}

/// The role's words.
fn role_words(role: Role, platform: Option<Platform>) -> &'static str {
    match (role, platform) {
        (Role::FrontEnd, _) => "front end",
        (Role::BackEnd, _) => "back end",
        (Role::DomainController, _) => "domain controller",
        (Role::Relay, _) => "relay",
        (Role::Other, Some(platform)) => platform.name(),
        (Role::Other, None) => "role not entered",
    }
}

fn place_words(draft: &Draft<'_>, place: &Place) -> String {
    match place {
        Place::Internet => "on the Internet".to_owned(),
        Place::Segment(id) => {
            let segment = draft.topology.segments.get(id);
            let site = segment.and_then(|s| draft.topology.sites.get(&s.site));
            site.map_or_else(String::new, |site| format!("in {}", site.name))
        }
    }
}

fn frame(item: &mut Item, lens: Lens, radius: f32) {
    let gone = lens == Lens::Difference && item.mark == Mark::Removed;
    let stroke = if gone { dashed(Ink::SiteLine, 1.2, 5.0, 4.0) } else { line(Ink::SiteLine, 1.2) };
    item.draw(Shape::Box {
        area: item.bounds,
        radius,
        fill: solid(Ink::Node),
        stroke: Some(stroke),
    });
}

fn server_card(draft: &mut Draft<'_>, id: &ServerId, bounds: Area) {
    let Some(server) = draft.topology.servers.get(id) else { return };
    let mut item = draft.item(Kind::Server, &ObjectId::Server(id.clone()), bounds);
    frame(&mut item, draft.lens, 8.0);
    let worst = item.subject.as_ref().and_then(|s| draft.verdict(s)).map(|v| v.worst);
    let lamp = match worst {
        Some(Severity::Error) => Ink::Error,
        Some(Severity::Warning) => Ink::Warning,
        _ => Ink::Good,
    };
    let (x, y) = (bounds.min.x, bounds.min.y);
    let near = Seen::From(Level::Near);
    for shape in symbols::server(pt(x + 20.0, y + 26.0), lamp) {
        item.draw_at(near, shape);
    }
    let room = bounds.width() - 38.0 - 14.0;
    let full = item.name.clone();
    let short = host_where_it_tells(draft, &full);
    let name_in = |face: (Face, f32), room: f32| {
        if width(&full, face.0, face.1) <= room { full.as_str() } else { short }
    };
    let name = words(
        name_in((Face::SemiBold, 13.0), room),
        pt(x + 38.0, y + 22.0),
        (Face::SemiBold, 13.0, Ink::Text),
        room,
        Cut::Middle,
    );
    item.label = area(x + 34.0, y + 8.0, room + 8.0, 20.0);
    item.draw_at(near, Shape::Words(name));
    let counted = draft.counts.get(id).cloned();
    let far = name_in((Face::SemiBold, 25.0), bounds.width() - 16.0);
    from_afar(&mut item, far, counted.is_some());
    let role = counted.as_deref().unwrap_or(role_words(server.role, server.platform));
    let boxes = mailboxes_of(draft, id);
    let taken = boxes.iter().map(|(_, w)| w + 8.0).sum::<f32>();
    let fact = if counted.is_some() { Some(String::new()) } else { bottom_fact(draft, id) };
    let (look, known) = match &fact {
        Some(_) => ((Face::Mono, 11.0, Ink::Weak), true),
        None => ((Face::Sans, 11.0, Ink::Weak), false),
    };
    let missing = if draft.lens == Lens::Dns { "no name entered" } else { "no address entered" };
    let mut text = fact.unwrap_or_else(|| missing.to_owned());
    let most = bounds.width() - 22.0 - taken;
    let mut second = (role.to_owned(), Face::Sans);
    // Names are what the lens of the DNS is for: a long one takes the role's line as well.
    if draft.lens == Lens::Dns
        && known
        && width(&text, Face::Mono, 11.0) > most
        && let Some((host, domain)) = text.split_once('.')
    {
        second = (format!("{host}."), Face::Mono);
        text = domain.to_owned();
    }
    let (above, face) = second;
    let above =
        words(&above, pt(x + 38.0, y + 38.0), (face, 11.0, Ink::Weak), room + 8.0, Cut::Middle);
    item.draw_at(near, Shape::Words(above));
    let cut = if known { Cut::Middle } else { Cut::End };
    item.draw_at(near, Shape::Words(words(&text, pt(x + 12.0, y + 64.0), look, most, cut)));
    let group = server.group.as_ref().and_then(|g| draft.topology.groups.get(g));
    let said = [
        role.to_owned(),
        place_words(draft, &server.place),
        group.map(|g| format!("{} {}", g.kind.words(), g.name)).unwrap_or_default(),
    ];
    draft.push(item, "Server", &said);
    badges(draft, id, bounds, &boxes);
}

/// What is kept of a server's name that is too long: its host, unless another server has the same host in
/// another domain.
fn host_where_it_tells<'a>(draft: &Draft<'_>, name: &'a str) -> &'a str {
    let host = |name: &'a str| name.split_once('.').map_or(name, |(host, _)| host);
    let own = host(name);
    let same = |other: &str| other.split('.').next() == Some(own);
    let alike = draft.topology.servers.values().filter(|s| same(&s.name)).count();
    if alike > 1 || own.is_empty() { name } else { own }
}

/// What is read of a server from afar. The number of a card that stands for several is not cut: it stands
/// above what is counted.
fn from_afar(item: &mut Item, name: &str, counted: bool) {
    let at = item.bounds.min;
    let room = item.bounds.width() - 16.0;
    let mut large = |text: &str, y: f32| {
        let look = (Face::SemiBold, 25.0, Ink::Text);
        let words = words(text, at.moved(8.0, y), look, room, Cut::Middle);
        item.draw_at(Seen::Until(Level::Middle), Shape::Words(words));
    };
    match name.split_once(' ').filter(|_| counted) {
        Some((number, what)) => {
            large(number, 34.0);
            large(what, 62.0);
        }
        None => large(name, 48.0),
    }
}

fn bottom_fact(draft: &Draft<'_>, id: &ServerId) -> Option<String> {
    let server = draft.topology.servers.get(id)?;
    if draft.lens == Lens::Dns {
        let mut own = draft.topology.listeners.iter().filter(|(l, _)| l.server == *id);
        let named = own.find_map(|(_, l)| l.fqdn.as_ref()).cloned();
        return named.or_else(|| server.computer_fqdn()).map(|name| name.to_string());
    }
    server.addresses.first().map(ToString::to_string)
}

/// The mailboxes on a server, each with its badge's width.
fn mailboxes_of(draft: &Draft<'_>, id: &ServerId) -> Vec<(MailboxesId, f32)> {
    let all = draft.topology.mailboxes.iter().filter(|(_, m)| m.home.as_ref() == Some(id));
    let all: Vec<_> = all.collect();
    if all.len() > 1 {
        // One badge with the sum; the others stand behind it.
        let sum: u64 = all.iter().map(|(_, m)| u64::from(m.count)).sum();
        let wide = badge_width(&sum.to_string());
        return all
            .iter()
            .enumerate()
            .map(|(i, (id, _))| ((*id).clone(), if i == 0 { wide } else { -8.0 }))
            .collect();
    }
    all.into_iter().map(|(id, m)| (id.clone(), badge_width(&m.count.to_string()))).collect()
}

fn badge_width(count: &str) -> f32 {
    width(count, Face::SemiBold, 11.0) + 15.0
}

/// The counts in the lower right corner of a card.
fn badges(draft: &mut Draft<'_>, server: &ServerId, card: Area, boxes: &[(MailboxesId, f32)]) {
    let mut right = card.max.x - 10.0;
    let sum: u64 = draft
        .topology
        .mailboxes
        .values()
        .filter(|m| m.home.as_ref() == Some(server))
        .map(|m| u64::from(m.count))
        .sum();
    let summed = boxes.iter().any(|(_, w)| *w < 0.0);
    let mut last = area(right - 30.0, card.max.y - 27.0, 30.0, 18.0);
    for (id, wide) in boxes {
        let behind = *wide < 0.0;
        if !behind {
            last = area(right - wide, card.max.y - 27.0, *wide, 18.0);
            right -= wide + 8.0;
        }
        let mut item = draft.item(Kind::Mailboxes, &ObjectId::Mailboxes(id.clone()), last);
        let count = draft.topology.mailboxes.get(id).map_or(0, |m| m.count);
        if !behind {
            let text = if summed { sum.to_string() } else { count.to_string() };
            for shape in symbols::person(pt(last.min.x + 5.0, last.centre().y - 1.5), Ink::Weak) {
                item.draw_at(Seen::From(Level::Near), shape);
            }
            let at = pt(last.max.x, card.min.y + 64.0);
            let words = Words {
                at,
                align: Align::End,
                text,
                face: Face::SemiBold,
                size: 11.0,
                ink: Ink::Text,
            };
            item.draw_at(Seen::From(Level::Near), Shape::Words(words));
        }
        draft.push(item, "Mailboxes", &[format!("{count} mailboxes")]);
    }
}

fn resolver_card(draft: &mut Draft<'_>, id: &ResolverId, bounds: Area) {
    let Some(resolver) = draft.topology.resolvers.get(id) else { return };
    let mut item = draft.item(Kind::Resolver, &ObjectId::Resolver(id.clone()), bounds);
    frame(&mut item, draft.lens, 8.0);
    let (x, y) = (bounds.min.x, bounds.min.y);
    let room = bounds.width() - 48.0;
    let near = Seen::From(Level::Near);
    for shape in symbols::resolver(pt(x + 20.0, y + 20.0)) {
        item.draw_at(near, shape);
    }
    let name = words(
        &item.name,
        pt(x + 38.0, y + 17.0),
        (Face::SemiBold, 12.0, Ink::Text),
        room,
        Cut::Middle,
    );
    item.label = area(x + 34.0, y + 3.0, room + 8.0, 20.0);
    item.draw_at(near, Shape::Words(name));
    let far = words(
        &item.name,
        pt(x + 8.0, y + 29.0),
        (Face::SemiBold, 25.0, Ink::Text),
        bounds.width() - 16.0,
        Cut::Middle,
    );
    item.draw_at(Seen::Until(Level::Middle), Shape::Words(far));
    let views: Vec<&str> = resolver
        .serves
        .iter()
        .filter_map(|v| draft.topology.views.get(v))
        .map(|v| v.name.as_str())
        .collect();
    let serves =
        if views.is_empty() { String::new() } else { format!("serves {}", views.join(", ")) };
    let address = resolver.addresses.first().map(ToString::to_string);
    let (text, face) = match (draft.lens, address) {
        (Lens::Dns, _) if !serves.is_empty() => (serves.clone(), Face::Sans),
        (_, Some(address)) => (address, Face::Mono),
        (_, None) => ("no address entered".to_owned(), Face::Sans),
    };
    let below = words(&text, pt(x + 38.0, y + 31.0), (face, 10.5, Ink::Weak), room, Cut::End);
    item.draw_at(near, Shape::Words(below));
    let said = [place_words(draft, &resolver.place), serves];
    draft.push(item, "Resolver", &said);
}

/// A chip for mailboxes that are not on a server of the drawing.
fn chip(draft: &mut Draft<'_>, id: &MailboxesId, bounds: Area, why: &str) {
    let mut item = draft.item(Kind::Mailboxes, &ObjectId::Mailboxes(id.clone()), bounds);
    let count = draft.topology.mailboxes.get(id).map_or(0, |m| m.count);
    item.draw(Shape::Box {
        area: bounds,
        radius: bounds.height() / 2.0,
        fill: solid(Ink::Field),
        stroke: Some(line(Ink::Line, 1.0)),
    });
    for shape in symbols::person(pt(bounds.min.x + 14.0, bounds.centre().y - 1.5), Ink::Weak) {
        item.draw_at(Seen::From(Level::Near), shape);
    }
    let text = format!("{} · {count}, {why}", item.name);
    let text = fitted(&text, Face::Sans, 11.0, bounds.width() - 34.0, Cut::End);
    let at = pt(bounds.min.x + 24.0, bounds.centre().y + 4.0);
    let words =
        Words { at, align: Align::Start, text, face: Face::Sans, size: 11.0, ink: Ink::Text };
    item.draw_at(Seen::From(Level::Near), Shape::Words(words));
    draft.push(item, "Mailboxes", &[format!("{count} mailboxes"), why.to_owned()]);
}

/// Mailboxes whose users have a site but whose home is not entered stand in the site's lower edge.
fn at_sites(draft: &mut Draft<'_>) {
    for (site, bounds) in draft.places.sites.clone() {
        let without_home = draft.topology.mailboxes.iter().filter(|(_, m)| {
            let home = m.home.as_ref().is_some_and(|id| draft.topology.servers.contains_key(id));
            !home && m.users_at.as_ref() == Some(&site)
        });
        let ids: Vec<MailboxesId> = without_home.map(|(id, _)| id.clone()).collect();
        for (i, id) in ids.iter().enumerate() {
            let at = pt(
                bounds.min.x + 16.0 + CHIP.0 / 2.0,
                bounds.max.y + 20.0 + i as f32 * (CHIP.1 + 8.0),
            );
            let place = centred(at, CHIP);
            draft.taken.take(place);
            chip(draft, id, place, "no home entered");
        }
    }
}
