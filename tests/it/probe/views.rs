//! The catalogue against foreign name servers: what is as planned gets advice at most, each planted
//! fault is named by its check, and a failure is never a verdict.

use super::{
    served::{serve_inside, serve_outside, zones},
    topology,
};
use crate::support::{
    further_name_servers::{start_dnsmasq, start_knot, start_testns, start_unbound},
    name_servers::{ServedZone, start_bind_with, start_nsd},
    template,
};
use bridgehead::{
    model::{
        Project, Topology,
        beside::Outcome,
        dns::{RecordData, RecordId, RecordSet, ViewKind},
    },
    net::world::Inputs,
    probe::{
        Cancel, Check, Job, Manners, NoAnswer, Query, Route,
        evidence::phase_key,
        live::{self, Patience, dns},
        wire::{How, Rr},
    },
    sim::expected::{Occasion, catalogue},
};
use std::{collections::BTreeMap, net::SocketAddr};

const RIGHT: &str = "two-sites-done-right";
const INCIDENT: &str = "two-sites-exchange-2003";

/// The whole catalogue for a topology, put to these two resolvers.
fn ask(planned: &Topology, inside: SocketAddr, outside: SocketAddr) -> Vec<Check> {
    ask_on(planned, inside, outside, &Occasion::default(), BTreeMap::new())
}

fn ask_on(
    planned: &Topology,
    inside: SocketAddr,
    outside: SocketAddr,
    occasion: &Occasion<'_>,
    map: BTreeMap<std::net::IpAddr, SocketAddr>,
) -> Vec<Check> {
    let questions = catalogue(planned, &Inputs::of(&template(RIGHT)), None, occasion);
    let authoritative = occasion.authoritative;
    let (inside, outside) = (Some(inside), Some(outside));
    let route = Route { inside, outside, authoritative, map, ..Route::default() };
    let questions = route.wanted(questions);
    let job = Job { phase: 0, phase_key: phase_key(&Project::new("test"), 0), questions, route };
    live::run_here(job, Manners::default(), &Cancel::default(), |_| {}).unwrap()
}

/// The checks of the catalogue with an outcome, as id and subject.
fn with(outcome: Outcome, checks: &[Check]) -> Vec<String> {
    let found = checks.iter().map(|c| &c.evidence).filter(|e| e.outcome == outcome);
    found.map(|e| format!("{} {}: {}", e.check, e.question, e.reason)).collect()
}

fn none(outcome: Outcome, checks: &[Check]) {
    let found = with(outcome, checks);
    assert!(found.is_empty(), "{found:#?}");
}

fn of<'c>(checks: &'c [Check], id: &str, part: &str) -> &'c Check {
    let mut all = checks.iter().filter(|c| c.evidence.check == id);
    all.find(|c| c.evidence.question.contains(part)).unwrap_or_else(|| panic!("no {id} on {part}"))
}

fn set(topology: &mut Topology, id: &str, data: RecordData) {
    let id: RecordId = id.parse().unwrap();
    topology.records.insert(id, RecordSet { data, ttl_s: Some(300) });
}

fn txt(text: &str) -> RecordData {
    RecordData::Txt(vec![text.to_owned()])
}

fn address(text: &str) -> RecordData {
    RecordData::address(text.parse().unwrap())
}

fn mx(list: &[&str]) -> RecordData {
    RecordData::Mx(list.iter().map(|mx| mx.parse().unwrap()).collect())
}

/// A plan with what the catalogue looks for, and all of it well.
fn well() -> Topology {
    let mut topology = topology(RIGHT, 5);
    let spf = "v=spf1 mx ip4:203.0.113.0/24 ip4:198.51.100.0/24 -all";
    set(&mut topology, "outside/hartwell.example/@/txt", txt(spf));
    let dmarc = "v=DMARC1; p=reject; rua=mailto:dmarc@hartwell.example";
    set(&mut topology, "outside/hartwell.example/_dmarc/txt", txt(dmarc));
    let key = format!("v=DKIM1; k=rsa; p={}", "A".repeat(392));
    set(&mut topology, "outside/hartwell.example/s1._domainkey/txt", txt(&key));
    set(&mut topology, "outside/hartwell.example/_mta-sts/txt", txt("v=STSv1; id=20261124"));
    let reports = "v=TLSRPTv1; rua=mailto:tls@hartwell.example";
    set(&mut topology, "outside/hartwell.example/_smtp._tls/txt", txt(reports));
    topology
}

#[test]
fn a_network_as_planned_gets_advice_at_most_in_every_phase() {
    for phase in 0..6 {
        let topology = topology(RIGHT, phase);
        let outside = serve_outside(&topology);
        let inside = serve_inside(&topology, outside.address);
        let checks = ask(&topology, inside.address, outside.address);
        none(Outcome::Fail, &checks);
        none(Outcome::Unknown, &checks);
    }
}

/// A fault: the record, what it becomes, and the check that must fail or warn.
type Fault = (&'static str, Option<RecordData>, &'static str, Outcome);

fn faults() -> Vec<Fault> {
    vec![
        ("outside/hartwell.example/@/mx", None, "M1", Outcome::Fail),
        ("outside/hartwell.example/mail2/a", None, "M4", Outcome::Warn),
        ("outside/hartwell.example/mail2/a", Some(address("10.2.0.11")), "M5", Outcome::Fail),
        ("outside/hartwell.example/mail2/a", Some(address("10.2.0.11")), "W4", Outcome::Fail),
        (
            "outside/hartwell.example/@/mx",
            Some(mx(&["10 mail1.hartwell.example", "10 mail2.hartwell.example"])),
            "M6",
            Outcome::Warn,
        ),
        (
            "outside/hartwell.example/@/mx",
            Some(mx(&["10 mail1.hartwell.example", "0 ."])),
            "M7",
            Outcome::Fail,
        ),
        (
            "outside/hartwell.example/*/mx",
            Some(mx(&["10 mail1.hartwell.example"])),
            "M8",
            Outcome::Warn,
        ),
        (
            "outside/hartwell.example/@/mx",
            Some(mx(&["10 lon-be1.lon.hartwell.local"])),
            "N7",
            Outcome::Warn,
        ),
        (
            "outside/hartwell.example/@/txt",
            Some(txt("v=spf1 ip4:203.0.113.10 -all")),
            "A4",
            Outcome::Fail,
        ),
        (
            "outside/hartwell.example/@/txt",
            Some(txt("v=spf1 ip4:203.0.113.999 -all")),
            "A1",
            Outcome::Fail,
        ),
        (
            "outside/hartwell.example/@/txt",
            Some(RecordData::Txt(vec!["v=spf1 -all".into(), "v=spf1 mx -all".into()])),
            "A1",
            Outcome::Fail,
        ),
        ("outside/hartwell.example/@/txt", Some(txt("v=spf1 +all")), "A3", Outcome::Fail),
        (
            "outside/hartwell.example/@/txt",
            Some(txt("v=spf1 a:1.hartwell.example a:2.hartwell.example a:3.hartwell.example -all")),
            "A2",
            Outcome::Fail,
        ),
        ("outside/hartwell.example/_dmarc/txt", Some(txt("v=DMARC1; p=none")), "A7", Outcome::Warn),
        (
            "outside/hartwell.example/_dmarc/txt",
            Some(txt("v=DMARC1; p=sometimes")),
            "A7",
            Outcome::Fail,
        ),
        (
            "outside/hartwell.example/s1._domainkey/txt",
            Some(txt("v=DKIM1; p=")),
            "A6",
            Outcome::Fail,
        ),
        ("outside/hartwell.example/s1._domainkey/txt", None, "A6", Outcome::Fail),
        ("outside/hartwell.example/_mta-sts/txt", Some(txt("v=STSv1; id=")), "A9", Outcome::Fail),
        ("outside/hartwell.example/_smtp._tls/txt", None, "A10", Outcome::Warn),
    ]
}

#[test]
fn each_planted_fault_is_named_by_its_check_with_a_remedy() {
    let planned = well();
    let outside = serve_outside(&planned);
    let inside = serve_inside(&planned, outside.address);
    let checks = ask(&planned, inside.address, outside.address);
    none(Outcome::Fail, &checks);
    none(Outcome::Unknown, &checks);
    for id in ["A1", "A2", "A3", "A4", "A6", "A7", "A10", "M1", "M4", "N1", "N2", "R7", "W2"] {
        assert!(
            checks.iter().any(|c| c.evidence.check == id && c.evidence.outcome == Outcome::Pass),
            "{id}"
        );
    }
    for (id, to, check, wanted) in faults() {
        let mut live = planned.clone();
        let record: RecordId = id.parse().unwrap();
        match to {
            Some(data) => drop(live.records.insert(record, RecordSet { data, ttl_s: Some(300) })),
            None => drop(live.records.remove(&record)),
        }
        let outside = serve_outside(&live);
        let inside = serve_inside(&live, outside.address);
        let checks = ask(&planned, inside.address, outside.address);
        let mut own = checks.iter().map(|c| &c.evidence).filter(|e| e.check == check);
        let named = own.find(|e| e.outcome == wanted);
        let e = named.unwrap_or_else(|| {
            let all: Vec<_> =
                checks.iter().map(|c| &c.evidence).filter(|e| e.check == check).collect();
            panic!("{check} on {id}: {all:#?}")
        });
        assert!(!e.remedy.is_empty() && !e.reference.is_empty() && !e.raw.is_empty(), "{e:#?}");
        // The outside knows no inside name, and says so by refusing.
        if check != "N7" {
            none(Outcome::Unknown, &checks);
        }
    }
}

#[test]
fn the_incident_and_its_cure_between_unbound_knot_and_dnsmasq() {
    let topology = topology(INCIDENT, 3);
    let outside = start_knot(&zones(&topology, ViewKind::Outside));
    let own = start_nsd(&zones(&topology, ViewKind::Inside));
    let stub = |zone: &ServedZone, to| (zone.origin.clone(), to);
    let mut stubs: Vec<(String, SocketAddr)> =
        zones(&topology, ViewKind::Inside).iter().map(|z| stub(z, own.address)).collect();
    let outer = zones(&topology, ViewKind::Outside);
    stubs.extend(outer.iter().map(|z| stub(z, outside.address)));
    let unbound = start_unbound(&stubs);
    let connector = |checks: &[Check]| {
        let of = |c: &&Check| c.evidence.subject.to_string() == "connector:leeds-london";
        checks.iter().find(of).map(|c| c.evidence.outcome)
    };
    let checks = ask(&topology, unbound.address, outside.address);
    assert_eq!(connector(&checks), Some(Outcome::Fail), "{:#?}", with(Outcome::Fail, &checks));
    assert_eq!(of(&checks, "R3", "inside").evidence.outcome, Outcome::Fail, "it refuses the root");
    // Split DNS: the small site's dnsmasq gets the name with its inside address.
    let lines = [
        "host-record=mail1.hartwell.example,10.1.0.11".to_owned(),
        "local=/mail1.hartwell.example/".to_owned(),
    ];
    let dnsmasq = start_dnsmasq(&lines, unbound.address);
    let checks = ask(&topology, dnsmasq.address, outside.address);
    assert_eq!(connector(&checks), Some(Outcome::Pass), "{:#?}", with(Outcome::Fail, &checks));
}

#[test]
fn the_zones_own_name_servers_are_compared() {
    let planned = well();
    let mut other = planned.clone();
    let id: RecordId = "outside/hartwell.example/@/mx".parse().unwrap();
    other.records.get_mut(&id).unwrap().data = mx(&["10 mail1.hartwell.example"]);
    let extra = [
        "hartwell.example. 300 IN NS ns1.hartwell.example.",
        "hartwell.example. 300 IN NS ns2.hartwell.example.",
        "ns1.hartwell.example. 300 IN A 192.0.2.61",
        "ns2.hartwell.example. 300 IN A 192.0.2.62",
        "ns.name-server.test. 300 IN A 192.0.2.63",
    ];
    let serve = |topology: &Topology| {
        let mut zones = zones(topology, ViewKind::Outside);
        let zone = zones.iter_mut().find(|zone| zone.origin == "hartwell.example").unwrap();
        zone.lines.as_mut().unwrap().extend(extra[..4].iter().map(|line| (*line).to_owned()));
        let lines = Some(vec![extra[4].to_owned()]);
        zones.push(ServedZone { origin: "name-server.test".to_owned(), lines });
        zones
    };
    let first = start_nsd(&serve(&planned));
    let second = start_knot(&serve(&other));
    let inside = serve_inside(&planned, first.address);
    let occasion = Occasion { authoritative: true, ..Occasion::default() };
    let ask = |second: SocketAddr| {
        let map =
            [("192.0.2.61", first.address), ("192.0.2.62", second), ("192.0.2.63", first.address)];
        let map = map.map(|(planned, live)| (planned.parse().unwrap(), live)).into();
        ask_on(&planned, inside.address, first.address, &occasion, map)
    };
    let checks = ask(second.address);
    assert_eq!(of(&checks, "M14", "hartwell").evidence.outcome, Outcome::Fail);
    for (id, outcome) in [
        ("Z1", Outcome::Pass),
        ("Z2", Outcome::Pass),
        ("Z4", Outcome::Pass),
        ("Z5", Outcome::Warn),
        ("Z6", Outcome::Pass),
        ("A1-NS", Outcome::Pass),
    ] {
        let e = &of(&checks, id, "hartwell").evidence;
        assert_eq!(e.outcome, outcome, "{e:#?}");
    }
    // One that is not there is unknown, and no difference.
    let nobody = crate::support::name_servers::free_address();
    let checks = ask(nobody);
    for id in ["M14", "Z2", "Z4"] {
        assert_eq!(of(&checks, id, "hartwell").evidence.outcome, Outcome::Unknown, "{id}");
    }
    none(Outcome::Fail, &checks);
}

#[test]
fn lifetimes_are_held_against_the_cut_over() {
    let (before, planned) = (topology(RIGHT, 3), topology(RIGHT, 5));
    let outside = serve_outside(&before);
    let inside = serve_inside(&before, outside.address);
    let at = |cutover_s| {
        let occasion =
            Occasion { before: Some(&before), cutover_s: Some(cutover_s), ..Occasion::default() };
        let checks = ask_on(&planned, inside.address, outside.address, &occasion, BTreeMap::new());
        let timed = |c: &Check| c.evidence.check.starts_with('T');
        checks.into_iter().filter(timed).collect::<Vec<_>>()
    };
    let soon = at(60);
    assert!(
        soon.iter().any(|c| c.evidence.check == "T1" && c.evidence.outcome == Outcome::Fail),
        "{soon:#?}"
    );
    assert!(
        soon.iter().any(|c| c.evidence.check == "T3" && c.evidence.outcome == Outcome::Warn),
        "{soon:#?}"
    );
    let far = at(1_000_000);
    assert!(
        far.iter().all(|c| !matches!(c.evidence.outcome, Outcome::Fail | Outcome::Warn)),
        "{far:#?}"
    );
    let past = at(-10);
    assert!(
        past.iter().any(|c| c.evidence.check == "T4" && c.evidence.outcome == Outcome::Fail),
        "{past:#?}"
    );
}

#[test]
fn a_resolver_that_fails_truncates_or_sends_garbage_gives_no_verdict() {
    let planned = topology(RIGHT, 5);
    let outside = serve_outside(&planned);
    // Each type is failed in another way: cut short over UDP and TCP, garbage, SERVFAIL.
    let answers = "\
$ORIGIN hartwell.example.
ENTRY_BEGIN
MATCH opcode qtype
ADJUST copy_id copy_query
REPLY QR TC NOERROR
SECTION QUESTION
@ IN MX
ENTRY_END
ENTRY_BEGIN
MATCH opcode qtype
ADJUST copy_id
REPLY QR NOERROR
SECTION QUESTION
@ IN TXT
HEX_ANSWER_BEGIN
00 00 81 80 00 01 ff ff 00 00 00 00 c0 0c c0 0c
HEX_ANSWER_END
ENTRY_END
ENTRY_BEGIN
MATCH opcode
ADJUST copy_id copy_query
REPLY QR SERVFAIL
SECTION QUESTION
@ IN A
ENTRY_END
";
    let failing = start_testns(answers);
    let checks = ask(&planned, failing.address, outside.address);
    let inside: Vec<&Check> = checks.iter().filter(|c| c.key.contains(" inside ")).collect();
    assert!(inside.len() > 10);
    for check in inside {
        let e = &check.evidence;
        let fine = matches!(e.outcome, Outcome::Unknown | Outcome::Info | Outcome::NotApplicable);
        assert!(fine, "{e:#?}");
    }
    let said = |part: &str| checks.iter().any(|c| c.evidence.reason.contains(part));
    assert!(said("SERVFAIL") && said("cut short"), "{:#?}", with(Outcome::Unknown, &checks));
}

#[test]
fn a_late_answer_is_waited_for_only_so_long_and_garbage_is_none() {
    let answers = "\
$ORIGIN hartwell.example.
ENTRY_BEGIN
MATCH opcode qtype
ADJUST copy_id copy_query sleep=1
REPLY QR AA NOERROR
SECTION QUESTION
@ IN A
SECTION ANSWER
@ 60 IN A 192.0.2.7
ENTRY_END
ENTRY_BEGIN
MATCH opcode qtype
ADJUST copy_id
REPLY QR NOERROR
SECTION QUESTION
@ IN TXT
HEX_ANSWER_BEGIN
00 00 81 80 00 01 ff ff 00 00 00 00 c0 0c c0 0c
HEX_ANSWER_END
ENTRY_END
";
    let late_server = start_testns(answers);
    let server = late_server.address;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let asked = |kind: Rr, ms: u64| {
        let name = "hartwell.example".to_owned();
        let patience =
            Patience { name: std::time::Duration::from_millis(ms), ..Patience::default() };
        runtime.block_on(dns::ask(&Query { server, name, kind, how: How::Plain }, &patience))
    };
    let garbage = asked(Rr::Txt, 300);
    assert!(garbage.is_err(), "{garbage:?}");
    let late = asked(Rr::A, 5_000).unwrap();
    assert_eq!(late.answers[0].text, "192.0.2.7");
    assert_eq!(asked(Rr::A, 100), Err(NoAnswer::TimedOut));
}

#[test]
fn a_resolver_that_makes_up_addresses_is_found() {
    let planned = topology(RIGHT, 5);
    let outside = serve_outside(&planned);
    let mut all = zones(&planned, ViewKind::Inside);
    let lines = Some(vec!["*.com. 60 IN A 192.0.2.80".to_owned()]);
    all.push(ServedZone { origin: "com".to_owned(), lines });
    let inside = start_bind_with(&all, Some(outside.address), "");
    let checks = ask(&planned, inside.address, outside.address);
    let e = &of(&checks, "R8", "inside").evidence;
    assert_eq!(e.outcome, Outcome::Fail, "{e:#?}");
    assert_eq!(e.got, ["192.0.2.80"]);
}
