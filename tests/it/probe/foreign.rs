//! Against foreign name servers: a network that is as planned passes, and each record that is not is
//! named, and no other; what does not answer is `unknown`, with its reason.

use super::{
    ask, questions_at, questions_of,
    served::{serve_inside, serve_outside, zones},
    topology, with,
};
use crate::support::name_servers::{free_address, start_bind, start_bind_with, start_nsd};
use bridgehead::model::{
    ObjectId, Subject, Topology,
    beside::Outcome,
    dns::{Mx, RecordData, RecordId, RecordSet, ViewKind, Zone},
};
use std::collections::BTreeSet;

const RIGHT: &str = "two-sites-done-right";
const INCIDENT: &str = "two-sites-exchange-2003";

/// The template done right in its last phase, with a record of each further type.
fn richer() -> Topology {
    let mut topology = topology(RIGHT, 5);
    let mut add = |id: &str, data: RecordData| {
        let id: RecordId = id.parse().unwrap();
        topology.records.insert(id, RecordSet { data, ttl_s: Some(600) });
    };
    let long = format!("v=spf1 {}-all", "ip4:203.0.113.10 ip4:203.0.113.11 ".repeat(12));
    add("outside/hartwell.example/@/txt", RecordData::Txt(vec![long, "second \"one\"".into()]));
    add(
        "outside/hartwell.example/autodiscover/cname",
        RecordData::Cname("mail1.hartwell.example".parse().unwrap()),
    );
    add(
        "outside/hartwell.example/mail1/aaaa",
        RecordData::Aaaa(vec!["2001:db8::10".parse().unwrap()]),
    );
    add("outside/hartwell.example/www/txt", RecordData::Txt(vec!["two".into(), "texts".into()]));
    add(
        "inside/lon.hartwell.local/lon-be1/aaaa",
        RecordData::Aaaa(vec!["fd00:1::10".parse().unwrap()]),
    );
    topology
}

#[test]
fn a_network_as_planned_passes_everything() {
    for topology in [topology(RIGHT, 5), richer()] {
        let outside = serve_outside(&topology);
        let inside = serve_inside(&topology, outside.address);
        let checks = ask(questions_of(RIGHT, &topology), inside.address, Some(outside.address));
        let not_passed: Vec<_> =
            checks.iter().filter(|c| c.evidence.outcome != Outcome::Pass).collect();
        assert!(not_passed.is_empty(), "{not_passed:#?}");
        for id in topology.records.keys() {
            let subject = Subject::from(ObjectId::Record(id.clone()));
            let own = checks.iter().filter(|check| check.evidence.subject == subject);
            assert_eq!(own.count(), sides(&topology, id).len(), "{id}");
        }
    }
}

#[test]
fn every_phase_of_the_template_done_right_passes() {
    for phase in 0..6 {
        let topology = topology(RIGHT, phase);
        let outside = serve_outside(&topology);
        let inside = serve_inside(&topology, outside.address);
        let checks = ask(questions_of(RIGHT, &topology), inside.address, Some(outside.address));
        assert!(checks.iter().all(|c| c.evidence.outcome == Outcome::Pass), "{phase}: {checks:#?}");
    }
}

/// One way in which a record is not as planned.
type Falsify = fn(&RecordData) -> Option<RecordData>;

fn changed(data: &RecordData) -> Option<RecordData> {
    let name = || "elsewhere.hartwell.example".parse().unwrap();
    Some(match data {
        RecordData::A(_) => RecordData::A(vec!["192.0.2.99".parse().unwrap()]),
        RecordData::Aaaa(_) => RecordData::Aaaa(vec!["2001:db8::99".parse().unwrap()]),
        RecordData::Cname(_) => RecordData::Cname("www.hartwell.example".parse().unwrap()),
        RecordData::Mx(list) => {
            let other = |mx: &Mx| Mx { preference: mx.preference + 1, ..mx.clone() };
            RecordData::Mx(list.iter().map(other).collect())
        }
        RecordData::Ns(_) => RecordData::Ns(vec![name()]),
        RecordData::Ptr(_) => RecordData::Ptr(vec![name()]),
        RecordData::Txt(_) => RecordData::Txt(vec!["something else".to_owned()]),
    })
}

fn longer(data: &RecordData) -> Option<RecordData> {
    let more = changed(data)?;
    let mut data = data.clone();
    match (&mut data, more) {
        (RecordData::A(list), RecordData::A(more)) => list.extend(more),
        (RecordData::Aaaa(list), RecordData::Aaaa(more)) => list.extend(more),
        (RecordData::Mx(list), RecordData::Mx(more)) => list.extend(more),
        (RecordData::Ptr(list), RecordData::Ptr(more)) => list.extend(more),
        (RecordData::Txt(list), RecordData::Txt(more)) => list.extend(more),
        // A name has one alias, or none.
        _ => return None,
    }
    Some(data)
}

/// The topology with one record set falsified; `to` none: removed.
fn falsified(topology: &Topology, id: &RecordId, to: Option<RecordData>) -> Topology {
    let mut topology = topology.clone();
    match to {
        Some(data) => topology.records.get_mut(id).unwrap().data = data,
        None => drop(topology.records.remove(id)),
    }
    topology
}

/// The sides on which a record answers: outside its own, and inside unless a zone there holds the name.
fn sides(topology: &Topology, id: &RecordId) -> BTreeSet<String> {
    let inside =
        |zone: &bridgehead::model::dns::ZoneId| topology.views[&zone.view].kind == ViewKind::Inside;
    if inside(&id.zone) {
        return ["inside".to_owned()].into();
    }
    let shadowed = topology.zones.keys().any(|z| inside(z) && id.name.is_within(&z.origin));
    let mut sides = BTreeSet::from(["outside".to_owned()]);
    if !shadowed {
        sides.insert("inside".to_owned());
    }
    sides
}

/// Falsifies each record of the views of a kind in turn and demands that it is named, wherever it
/// answers, and no other.
fn each_falsified_record_is_named(kind: ViewKind) {
    let planned = richer();
    let questions = questions_of(RIGHT, &planned);
    let outside = serve_outside(&planned);
    let ways: [(&str, Falsify); 3] =
        [("changed", changed), ("removed", |_| None), ("one more", longer)];
    let mut tried = 0;
    for (id, set) in
        planned.records.iter().filter(|(id, _)| planned.views[&id.zone.view].kind == kind)
    {
        for (what, falsify) in ways {
            let data = falsify(&set.data);
            if data.is_none() && what != "removed" {
                continue;
            }
            let live = falsified(&planned, id, data);
            let checks = match kind {
                ViewKind::Inside => {
                    let inside = serve_inside(&live, outside.address);
                    ask(questions.clone(), inside.address, Some(outside.address))
                }
                // A new inside server each time: BIND remembers within a second even a TTL of 0.
                ViewKind::Outside => {
                    let outside = serve_outside(&live);
                    let inside = serve_inside(&live, outside.address);
                    ask(questions.clone(), inside.address, Some(outside.address))
                }
            };
            let failed = with(Outcome::Fail, &checks);
            let subject = Subject::from(ObjectId::Record(id.clone())).to_string();
            assert!(failed.iter().all(|(s, _)| *s == subject), "{id} {what}: {failed:?}");
            let named: BTreeSet<String> = failed
                .iter()
                .map(|(_, question)| question.rsplit(", ").next().unwrap().to_owned())
                .collect();
            assert_eq!(named, sides(&planned, id), "{id} {what}");
            let passed = with(Outcome::Pass, &checks).len();
            assert_eq!(passed + failed.len(), checks.len(), "{id} {what}: {checks:#?}");
            tried += 1;
        }
    }
    assert!(tried >= 20, "{tried}");
}

#[test]
fn each_falsified_inside_record_is_named_and_no_other() {
    each_falsified_record_is_named(ViewKind::Inside);
}

#[test]
fn each_falsified_outside_record_is_named_inside_too_where_it_is_forwarded() {
    each_falsified_record_is_named(ViewKind::Outside);
}

#[test]
fn the_incident_served_as_drawn_fails_for_the_name_that_the_connector_asks() {
    for (phase, site) in [(3, "London"), (4, "Leeds"), (5, "Leeds")] {
        let topology = topology(INCIDENT, phase);
        let outside = serve_outside(&topology);
        let inside = serve_inside(&topology, outside.address);
        let at = questions_at(INCIDENT, &topology, &site.to_lowercase());
        let checks = ask(at, inside.address, Some(outside.address));
        let question =
            format!("mail1.hartwell.example A, inside, as Leeds to London asks for it in {site}");
        assert_eq!(
            with(Outcome::Fail, &checks),
            [("connector:leeds-london".to_owned(), question.clone())],
            "phase {phase}"
        );
        assert!(with(Outcome::Unknown, &checks).is_empty(), "phase {phase}");
        let failed = checks.iter().find(|check| check.evidence.question == question).unwrap();
        assert_eq!(failed.evidence.expected, ["10.1.0.11"]);
        assert_eq!(failed.evidence.got, ["203.0.113.10"]);
        // The drawn forwarder answers as drawn: the record by itself is no fault.
        let drawn = with(Outcome::Pass, &checks);
        let record = "record:outside/hartwell.example/mail1/a".to_owned();
        let asked_there = format!("mail1.hartwell.example A, inside at {site}");
        assert!(drawn.contains(&(record, asked_there)), "{drawn:#?}");
    }
}

#[test]
fn the_connectors_name_asked_nowhere_in_particular_is_unknown_where_sites_ask_different_resolvers()
{
    let topology = topology(INCIDENT, 4);
    let outside = serve_outside(&topology);
    // A resolver that would satisfy Leeds, asked by somebody who does not say where it stands.
    let mut cured = topology.clone();
    let zone = "inside/mail1.hartwell.example".parse().unwrap();
    cured.zones.insert(zone, Zone { ttl_s: None, negative_ttl_s: None });
    let record = RecordSet { data: RecordData::A(vec!["10.1.0.11".parse().unwrap()]), ttl_s: None };
    cured.records.insert("inside/mail1.hartwell.example/@/a".parse().unwrap(), record);
    let inside = serve_inside(&cured, outside.address);
    let checks = ask(questions_of(INCIDENT, &topology), inside.address, Some(outside.address));
    let connector = "connector:leeds-london".parse::<Subject>().unwrap();
    let check = checks.iter().find(|check| check.evidence.subject == connector).unwrap();
    assert_eq!(check.evidence.outcome, Outcome::Unknown, "{check:#?}");
    assert!(check.evidence.reason.contains("name the site"), "{check:#?}");
}

/// Demands that all checks of a side are `unknown` for that reason, and none of the other.
fn all_unknown(checks: &[bridgehead::probe::Check], side: &str, reason: &str) {
    for check in checks {
        let e = &check.evidence;
        let here = check.key.contains(&format!(" {side} "));
        assert_eq!(here, e.outcome == Outcome::Unknown, "{}: {e:#?}", check.key);
        assert!(!here || e.reason.starts_with(reason), "{}: {}", check.key, e.reason);
        assert!(!here || e.got.is_empty(), "{}: {:?}", check.key, e.got);
    }
    assert!(checks.iter().any(|check| check.evidence.outcome == Outcome::Unknown));
}

#[test]
fn a_stopped_server_is_unknown_and_says_that_nobody_listens() {
    let topology = topology(RIGHT, 5);
    let outside = serve_outside(&topology);
    let inside = serve_inside(&topology, outside.address);
    let stopped = serve_outside(&topology);
    let address = stopped.address;
    drop(stopped);
    let checks = ask(questions_of(RIGHT, &topology), inside.address, Some(address));
    all_unknown(&checks, "outside", "connection refused");
}

#[test]
fn a_server_that_never_answers_is_unknown_and_says_time_out() {
    let topology = topology(RIGHT, 5);
    let outside = serve_outside(&topology);
    // Sockets that take everything and say nothing.
    let address = free_address();
    let udp = std::net::UdpSocket::bind(address).unwrap();
    let tcp = std::net::TcpListener::bind(address).unwrap();
    let checks = ask(questions_of(RIGHT, &topology), address, Some(outside.address));
    all_unknown(&checks, "inside", "time-out");
    drop((udp, tcp));
}

#[test]
fn a_zone_that_does_not_load_is_unknown_and_says_servfail() {
    let topology = topology(RIGHT, 5);
    let mut broken = zones(&topology, ViewKind::Outside);
    for zone in &mut broken {
        zone.lines = None;
    }
    let (outside, sound) = (start_nsd(&broken), serve_outside(&topology));
    let inside = serve_inside(&topology, sound.address);
    let checks = ask(questions_of(RIGHT, &topology), inside.address, Some(outside.address));
    all_unknown(&checks, "outside", "SERVFAIL");
}

#[test]
fn one_zone_that_does_not_load_makes_only_its_names_unknown() {
    let topology = topology(RIGHT, 5);
    let outside = serve_outside(&topology);
    let mut zones = zones(&topology, ViewKind::Inside);
    let broken = zones.iter_mut().find(|zone| zone.origin == "lds.hartwell.local").unwrap();
    broken.lines = None;
    let inside = start_bind(&zones, Some(outside.address));
    let checks = ask(questions_of(RIGHT, &topology), inside.address, Some(outside.address));
    let unknown = with(Outcome::Unknown, &checks);
    let subjects: Vec<&str> = unknown.iter().map(|(subject, _)| subject.as_str()).collect();
    assert_eq!(
        subjects,
        [
            "record:inside/lds.hartwell.local/lds-be1/a",
            "record:inside/lds.hartwell.local/lds-fe1/a"
        ]
    );
    assert!(with(Outcome::Fail, &checks).is_empty());
}

#[test]
fn a_server_that_refuses_is_unknown_and_says_refused() {
    let topology = topology(RIGHT, 5);
    let outside = serve_outside(&topology);
    let zones = zones(&topology, ViewKind::Inside);
    let inside = start_bind_with(&zones, Some(outside.address), "allow-query { none; };");
    let checks = ask(questions_of(RIGHT, &topology), inside.address, Some(outside.address));
    all_unknown(&checks, "inside", "REFUSED");
}

#[test]
fn an_inside_server_that_does_not_forward_is_unknown_for_outside_names() {
    let topology = topology(RIGHT, 5);
    let outside = serve_outside(&topology);
    let inside = start_nsd(&zones(&topology, ViewKind::Inside));
    let checks = ask(questions_of(RIGHT, &topology), inside.address, Some(outside.address));
    for check in &checks {
        let e = &check.evidence;
        let forwarded =
            check.key.contains(" inside ") && e.subject.to_string().contains(":outside/");
        let wanted = if forwarded { Outcome::Unknown } else { Outcome::Pass };
        assert_eq!(e.outcome, wanted, "{}: {}", check.key, e.reason);
        assert!(!forwarded || e.reason.starts_with("REFUSED"), "{}: {}", check.key, e.reason);
    }
}

#[test]
fn without_an_outside_resolver_the_outside_questions_say_so() {
    let topology = topology(RIGHT, 5);
    let outside = serve_outside(&topology);
    let inside = serve_inside(&topology, outside.address);
    let checks = ask(questions_of(RIGHT, &topology), inside.address, None);
    all_unknown(&checks, "outside", "no outside resolver was named");
}

#[test]
fn an_answer_too_long_for_udp_is_taken_over_tcp() {
    let mut topology = topology(RIGHT, 5);
    let id: RecordId = "outside/hartwell.example/many/txt".parse().unwrap();
    let texts = (0..40).map(|n| format!("{n} {}", "x".repeat(90))).collect();
    topology.records.insert(id, RecordSet { data: RecordData::Txt(texts), ttl_s: None });
    let outside = serve_outside(&topology);
    let inside = serve_inside(&topology, outside.address);
    let checks = ask(questions_of(RIGHT, &topology), inside.address, Some(outside.address));
    let many: Vec<_> = checks.iter().filter(|c| c.evidence.question.starts_with("many.")).collect();
    assert_eq!(many.len(), 2);
    for check in many {
        assert_eq!(check.evidence.outcome, Outcome::Pass, "{:#?}", check.evidence);
        assert_eq!(check.evidence.got.len(), 40);
    }
}

#[test]
fn records_that_live_longer_than_planned_are_a_warning() {
    let mut planned = topology(RIGHT, 5);
    let id: RecordId = "outside/hartwell.example/mail2/a".parse().unwrap();
    let live = planned.clone();
    planned.records.get_mut(&id).unwrap().ttl_s = Some(300);
    let outside = serve_outside(&live);
    let inside = serve_inside(&live, outside.address);
    let checks = ask(questions_of(RIGHT, &planned), inside.address, Some(outside.address));
    let warned = with(Outcome::Warn, &checks);
    assert_eq!(warned, [(format!("record:{id}"), "mail2.hartwell.example A, outside".to_owned())]);
}

#[test]
fn a_name_that_the_plan_does_not_have_is_a_warning_where_it_answers() {
    let planned = topology(RIGHT, 3);
    let mut live = planned.clone();
    let id: RecordId = "outside/hartwell.example/mail2/a".parse().unwrap();
    let data = RecordData::A(vec!["198.51.100.20".parse().unwrap()]);
    live.records.insert(id, RecordSet { data, ttl_s: None });
    let outside = serve_outside(&live);
    let inside = serve_inside(&live, outside.address);
    let checks = ask(questions_of(RIGHT, &planned), inside.address, Some(outside.address));
    assert!(with(Outcome::Fail, &checks).is_empty());
    assert_eq!(
        with(Outcome::Warn, &checks),
        [(
            "zone:outside/hartwell.example".to_owned(),
            "mail2.hartwell.example A, outside".to_owned()
        )]
    );
}
