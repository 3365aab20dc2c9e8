//! What a server is told when it looks a name up: resolvers, forwarding, zones, aliases, wildcards.

use super::{
    case::Case,
    connect::{Packet, Stop, guard, walk_to, way_out},
};
use bridgehead::model::{
    ObjectId,
    assumption::Behaviour,
    dns::{Forward, Place, RecordData, RecordId, RecordKind, Resolver, ViewKind, ZoneId},
    id::{ResolverId, SegmentId, ServerId},
    name::Fqdn,
};
use std::{cell::RefCell, net::IpAddr, rc::Rc};

/// How many forwardings and how many aliases one question may meet.
const DEEPEST: usize = 8;

/// What comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Records.
    Found(RecordData),
    /// The name is there, such a record is not.
    NoData,
    /// The name is not there.
    NoSuchName,
    /// No answer, or a failure that may pass.
    Temporary,
    /// A fact is missing.
    CannotTell,
}

/// Why a name gives no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoAddress {
    /// It has none, or is not there.
    NameError,
    /// Nobody could say just now.
    Temporary,
    /// A fact is missing.
    CannotTell,
}

/// What is asked. Without a name: any name that no zone and no conditional forwarder fits.
#[derive(Clone)]
struct Question {
    name: Option<Fqdn>,
    kind: RecordKind,
    aliases: usize,
    /// The targets of the aliases that were met, in order.
    trail: Rc<RefCell<Vec<Fqdn>>>,
}

impl Question {
    fn new(name: Option<Fqdn>, kind: RecordKind) -> Self {
        Self { name, kind, aliases: 0, trail: Rc::default() }
    }
}

/// Who asks: a host in a segment, or on the Internet.
struct Asker<'a> {
    segment: Option<&'a SegmentId>,
    address: Option<IpAddr>,
}

/// A server (none: somebody on the Internet) looks a record up.
pub(super) fn ask(case: &Case, from: Option<&ServerId>, name: &Fqdn, kind: RecordKind) -> Answer {
    ask_for(case, from, &Question::new(Some(name.clone()), kind))
}

/// Whether a server gets any answer from the public DNS: only temporary and unknown mean no.
pub(super) fn public_dns_answers(case: &Case, from: &ServerId) -> Answer {
    ask_for(case, Some(from), &Question::new(None, RecordKind::Mx))
}

/// The addresses of a name, as far as the asking server can use their family.
pub(super) fn addresses(
    case: &Case,
    from: Option<&ServerId>,
    name: &Fqdn,
) -> Result<Vec<IpAddr>, NoAddress> {
    let own = from.map(|id| &case.server(id).addresses);
    let has = |v4: bool| own.is_none_or(|list| list.iter().any(|a| a.is_ipv4() == v4));
    let mut found = Vec::new();
    let mut temporary = false;
    for (kind, v4) in [(RecordKind::A, true), (RecordKind::Aaaa, false)] {
        if !has(v4) {
            continue;
        }
        match ask(case, from, name, kind) {
            Answer::Found(data) => found.extend(data.addresses()),
            Answer::CannotTell => return Err(NoAddress::CannotTell),
            Answer::Temporary => temporary = true,
            Answer::NoData | Answer::NoSuchName => {}
        }
    }
    match found.is_empty() {
        false => Ok(found),
        true if temporary => Err(NoAddress::Temporary),
        true => Err(NoAddress::NameError),
    }
}

fn ask_for(case: &Case, from: Option<&ServerId>, question: &Question) -> Answer {
    let Some(id) = from else { return public(case, question) };
    let server = case.server(id);
    let segment = case.segment_of(id);
    let of_site = || case.topology.sites[case.site_of(segment?)].resolvers.as_ref();
    let asker = Asker { segment, address: server.addresses.first().copied() };
    match (server.resolvers.as_ref().or_else(of_site), segment) {
        (Some(list), _) => ask_in_turn(case, &asker, list, question, 1),
        (None, None) => public(case, question),
        (None, Some(_)) => Answer::CannotTell,
    }
}

/// Several resolvers, the next one where one does not answer or fails.
fn ask_in_turn(
    case: &Case,
    asker: &Asker,
    list: &[ResolverId],
    question: &Question,
    depth: usize,
) -> Answer {
    if depth > DEEPEST {
        return Answer::Temporary;
    }
    for id in list {
        let Some(resolver) = case.topology.resolvers.get(id) else { continue };
        match reach(case, asker, id, resolver) {
            Err(Stop::CannotTell) => return Answer::CannotTell,
            Err(_) => continue,
            Ok(()) => {}
        }
        match at_resolver(case, resolver, question, depth) {
            Answer::Temporary => {}
            answer => return answer,
        }
    }
    Answer::Temporary
}

/// Whether the resolver runs on a server of the plan, one with its address at its place, that failed.
fn on_failed_server(case: &Case, resolver: &Resolver) -> bool {
    let servers = &case.topology.servers;
    let host = resolver.addresses.iter().find_map(|address| {
        servers.iter().find(|(_, s)| s.place == resolver.place && s.addresses.contains(address))
    });
    host.is_some_and(|(id, _)| case.server_failed(id))
}

/// Whether a question comes through to a resolver and its answer back.
fn reach(case: &Case, asker: &Asker, id: &ResolverId, resolver: &Resolver) -> Result<(), Stop> {
    if case.failed(ObjectId::Resolver(id.clone())) || on_failed_server(case, resolver) {
        return Err(Stop::Timeout);
    }
    let first = resolver.addresses.first().copied();
    let packet = Packet { source: asker.address, target: first, port: 53 };
    let cut = |s: &SegmentId| case.failed(ObjectId::Segment(s.clone()));
    match (asker.segment, &resolver.place) {
        (None, Place::Internet) => Ok(()),
        (None, Place::Segment(_)) => Err(Stop::Unreachable),
        (Some(here), _) if cut(here) => Err(Stop::Timeout),
        (Some(here), Place::Internet) => {
            way_out(case, case.site_of(here), packet, &mut vec![]).map(|_| ())
        }
        (Some(_), Place::Segment(there)) if cut(there) => Err(Stop::Timeout),
        (Some(here), Place::Segment(there)) => {
            let (from, to) = (case.site_of(here), case.site_of(there));
            match (from == to, here == there) {
                (true, true) => Ok(()),
                (true, false) => guard(case, there, packet),
                (false, _) => walk_to(case, from, to, packet),
            }
        }
    }
}

/// The zone of a resolver's views that holds a name: the longest, of the first view that has it.
fn own_zone<'c>(case: &'c Case, resolver: &Resolver, name: Option<&Fqdn>) -> Option<&'c ZoneId> {
    let mut best: Option<&ZoneId> = None;
    for view in &resolver.serves {
        for zone in case.topology.zones.keys().filter(|zone| zone.view == *view) {
            let longer = best.is_none_or(|b| labels(&zone.origin) > labels(&b.origin));
            if longer && name.is_some_and(|name| name.is_within(&zone.origin)) {
                best = Some(zone);
            }
        }
    }
    best
}

/// A resolver's answer: from its own zones, else from where it forwards. What it is told there by way
/// of an alias, it looks up in its own zones first, if it has one for the alias's target.
fn at_resolver(case: &Case, resolver: &Resolver, question: &Question, depth: usize) -> Answer {
    let again = |next: &Question| at_resolver(case, resolver, next, depth);
    let own = own_zone(case, resolver, question.name.as_ref());
    if let (Some(zone), Some(name)) = (own, &question.name) {
        return from_zone(case, zone, name, question, again);
    }
    let onward = Question { trail: Rc::default(), ..question.clone() };
    let answer = forwarded(case, resolver, &onward, depth);
    let trail = onward.trail.borrow().clone();
    let mine = trail.iter().position(|target| own_zone(case, resolver, Some(target)).is_some());
    match (answer, mine) {
        (Answer::Found(_) | Answer::NoData | Answer::NoSuchName, Some(at)) => {
            question.trail.borrow_mut().extend(trail[..=at].iter().cloned());
            again(&Question { name: Some(trail[at].clone()), ..question.clone() })
        }
        (answer, _) => {
            question.trail.borrow_mut().extend(trail);
            answer
        }
    }
}

/// What a resolver is told where it forwards.
fn forwarded(case: &Case, resolver: &Resolver, question: &Question, depth: usize) -> Answer {
    let asker = Asker {
        segment: match &resolver.place {
            Place::Segment(id) => Some(id),
            Place::Internet => None,
        },
        address: resolver.addresses.first().copied(),
    };
    let conditional = resolver.conditional.iter().filter(|(key, _)| fits(question, key));
    if let Some((_, list)) = conditional.max_by_key(|(key, _)| labels(key)) {
        return ask_in_turn(case, &asker, list, question, depth + 1);
    }
    match &resolver.forwards {
        None => Answer::CannotTell,
        Some(Forward::Nowhere) => Answer::Temporary,
        Some(Forward::To(list)) => ask_in_turn(case, &asker, list, question, depth + 1),
        Some(Forward::Internet) => {
            let packet = Packet { source: asker.address, target: None, port: 53 };
            let out = |s: &SegmentId| way_out(case, case.site_of(s), packet, &mut vec![]);
            match asker.segment.map(out) {
                None | Some(Ok(_)) => public(case, question),
                Some(Err(Stop::CannotTell)) => Answer::CannotTell,
                Some(Err(_)) => Answer::Temporary,
            }
        }
    }
}

/// What everybody on the Internet is told.
fn public(case: &Case, question: &Question) -> Answer {
    let Some(name) = &question.name else { return Answer::NoSuchName };
    let mut best: Option<&ZoneId> = None;
    for (id, _) in case.topology.views.iter().filter(|(_, v)| v.kind == ViewKind::Outside) {
        for zone in case.topology.zones.keys().filter(|zone| zone.view == *id) {
            let longer = best.is_none_or(|b| labels(&zone.origin) > labels(&b.origin));
            if longer && name.is_within(&zone.origin) {
                best = Some(zone);
            }
        }
    }
    match best {
        Some(zone) => from_zone(case, zone, name, question, |next| public(case, next)),
        None if case.on(Behaviour::InternetIsDrawn) => Answer::NoSuchName,
        None => Answer::CannotTell,
    }
}

fn fits(question: &Question, zone: &Fqdn) -> bool {
    question.name.as_ref().is_some_and(|name| name.is_within(zone))
}

fn labels(name: &Fqdn) -> usize {
    if name.is_root() { 0 } else { name.as_str().split('.').count() }
}

/// The authoritative answer of a zone; an alias is asked for by `again`, where the zone was found.
fn from_zone(
    case: &Case,
    zone: &ZoneId,
    name: &Fqdn,
    question: &Question,
    again: impl Fn(&Question) -> Answer,
) -> Answer {
    let (in_zone, in_view) = (ObjectId::Zone(zone.clone()), ObjectId::View(zone.view.clone()));
    if case.failed(in_zone) || case.failed(in_view) {
        return Answer::Temporary;
    }
    let live = |id: &&RecordId| id.zone == *zone && !case.failed(ObjectId::Record((*id).clone()));
    let records: Vec<&RecordId> = case.topology.records.keys().filter(live).collect();
    let delegated = |id: &&RecordId| {
        id.kind == RecordKind::Ns && id.name != zone.origin && name.is_within(&id.name)
    };
    if records.iter().any(delegated) {
        return Answer::CannotTell;
    }
    let Some(owner) = owner_of(&records, zone, name) else { return Answer::NoSuchName };
    let data = |kind| {
        let id = records.iter().find(|id| id.name == owner && id.kind == kind)?;
        Some(case.topology.records[*id].data.clone())
    };
    let beside = records.iter().filter(|id| id.name == owner).count() > 1;
    if beside && data(RecordKind::Cname).is_some() {
        return Answer::CannotTell;
    }
    if let Some(found) = data(question.kind) {
        return Answer::Found(found);
    }
    match data(RecordKind::Cname) {
        Some(RecordData::Cname(_)) if question.aliases == DEEPEST => Answer::Temporary,
        Some(RecordData::Cname(target)) => {
            question.trail.borrow_mut().push(target.clone());
            again(&Question {
                name: Some(target),
                aliases: question.aliases + 1,
                ..question.clone()
            })
        }
        _ => Answer::NoData,
    }
}

/// Whose records answer for a name: its own, or those of the wildcard at its closest ancestor.
fn owner_of(records: &[&RecordId], zone: &ZoneId, name: &Fqdn) -> Option<Fqdn> {
    let exists = |n: &Fqdn| *n == zone.origin || records.iter().any(|r| r.name.is_within(n));
    if exists(name) {
        return Some(name.clone());
    }
    let mut ancestor = parent(name);
    while !exists(&ancestor) {
        ancestor = parent(&ancestor);
    }
    let wildcard = ancestor.child("*").ok()?;
    records.iter().any(|r| r.name == wildcard).then_some(wildcard)
}

fn parent(name: &Fqdn) -> Fqdn {
    let rest = name.as_str().split_once('.').map(|(_, rest)| rest);
    rest.and_then(|text| text.parse().ok()).unwrap_or_else(Fqdn::root)
}
