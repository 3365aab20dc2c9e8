//! Watching a cut-over: who agrees, who still serves which phase, and until when.

use crate::support::{
    program::{Folder, arg, bridgehead},
    template,
};
use bridgehead::{
    model::{
        Topology,
        beside::{Evidence, Outcome},
        dns::{RecordData, RecordSet},
        unfold::unfold,
    },
    net::world::Inputs,
    probe::{
        Check,
        live::watch::authorities,
        watch::{State, Watch, Watched},
    },
    rehearsal::{
        serve::{self, What},
        stage,
    },
    sim::expected::Side,
};
use std::net::SocketAddr;
use tokio::runtime::{Builder, Runtime};

const RIGHT: &str = "two-sites-done-right";
const MX: &str = "outside hartwell.example mx";
const NOW: u64 = 1_795_528_951;

fn servers() -> Vec<Watched> {
    let server = |address: &str, authoritative| Watched {
        address: address.parse().unwrap(),
        side: Side::Outside,
        authoritative,
    };
    vec![server("192.0.2.1:53", true), server("192.0.2.2:53", false)]
}

/// What a server says to all its questions; `change` for what is not as planned.
fn checks(watch: &Watch, server: usize, change: impl Fn(&mut Evidence, &str)) -> Vec<Check> {
    let all = watch.questions_for(server).into_iter();
    all.map(|question| {
        let mut evidence = Evidence {
            question: question.text.clone(),
            subject: question.subject.clone(),
            phase: 2,
            from: None,
            asked: String::new(),
            expected: question.expected.lines(),
            got: question.expected.lines(),
            outcome: Outcome::Pass,
            reason: "as planned".to_owned(),
            utc: String::new(),
            ttl: Some(3_600),
            rtt_ms: None,
            facts: question.facts.clone(),
            check: String::new(),
            reference: String::new(),
            remedy: String::new(),
            raw: Vec::new(),
        };
        change(&mut evidence, &question.key);
        Check { key: format!("mailboxes {}", question.key), also: Vec::new(), evidence }
    })
    .collect()
}

/// The MX of the phase before, remembered for so long.
fn old(ttl: u32) -> impl Fn(&mut Evidence, &str) {
    move |evidence, key| {
        if key == MX {
            evidence.got = vec!["10 mail.hartwell.example".to_owned()];
            (evidence.outcome, evidence.ttl) = (Outcome::Fail, Some(ttl));
        }
    }
}

fn state(watch: &Watch, server: usize) -> Vec<State> {
    let open = watch.answers(server).filter(|answered| answered.state != State::Agrees);
    open.map(|answered| answered.state.clone()).collect()
}

#[test]
fn old_data_is_told_with_its_phase_and_the_latest_end() {
    let mut watch = Watch::new(&template(RIGHT), 2, None, servers());
    assert!(!watch.is_agreed(), "who has said nothing does not agree");
    for server in [0, 1] {
        let said = checks(&watch, server, old(600));
        watch.take(server, &said, NOW);
    }
    assert_eq!(state(&watch, 0), [State::Old { phase: 1, until: None }]);
    assert_eq!(state(&watch, 1), [State::Old { phase: 1, until: Some(NOW + 600) }]);
    assert_eq!(watch.latest(), None, "an authoritative server still says it");
    // Changed at the source; the resolver's memory runs down, and others may have asked late.
    let said = checks(&watch, 0, |_, _| ());
    watch.take(0, &said, NOW + 100);
    let said = checks(&watch, 1, old(500));
    watch.take(1, &said, NOW + 100);
    assert_eq!(state(&watch, 1), [State::Old { phase: 1, until: Some(NOW + 600) }]);
    assert!(watch.is_contradicted() && !watch.is_agreed());
    // A cache may have asked the source just before it was seen to have changed.
    assert_eq!(watch.latest(), Some(NOW + 700));
    let said = checks(&watch, 1, |_, _| ());
    watch.take(1, &said, NOW + 601);
    assert!(watch.is_agreed() && !watch.is_contradicted());
}

#[test]
fn what_no_phase_planned_and_what_does_not_answer_are_told_apart() {
    let mut watch = Watch::new(&template(RIGHT), 2, None, servers());
    let said = checks(&watch, 0, |evidence, key| {
        if key == MX {
            evidence.got = vec!["5 elsewhere.example".to_owned()];
            evidence.outcome = Outcome::Fail;
        }
    });
    watch.take(0, &said, NOW);
    let silent = checks(&watch, 1, |evidence, _| {
        evidence.got.clear();
        (evidence.outcome, evidence.ttl) = (Outcome::Unknown, None);
        "time-out".clone_into(&mut evidence.reason);
    });
    watch.take(1, &silent, NOW);
    assert_eq!(state(&watch, 0), [State::Other { until: None }]);
    assert!(state(&watch, 1).iter().all(|state| *state == State::Unknown("time-out".into())));
    assert!(!watch.is_agreed());
}

/// The public DNS of a topology, served as long as the runtime lives.
fn served(runtime: &Runtime, topology: &Topology) -> SocketAddr {
    let staged = stage(topology, &Inputs::of(&template(RIGHT)));
    let rehearsal = runtime.block_on(serve::open(topology, &staged, None)).unwrap();
    let outside = rehearsal.sockets.iter().find(|socket| socket.what == What::Outside);
    outside.unwrap().address
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

#[test]
fn the_authoritative_servers_are_those_that_the_zone_names() {
    let runtime = runtime();
    let mut topology = unfold(&template(RIGHT)).swap_remove(2);
    let mut add = |id: &str, data| {
        topology.records.insert(id.parse().unwrap(), RecordSet { data, ttl_s: None });
    };
    let names = ["ns1.hartwell.example", "ns2.hartwell.example"].map(|name| name.parse().unwrap());
    add("outside/hartwell.example/@/ns", RecordData::Ns(names.to_vec()));
    add("outside/hartwell.example/ns1/a", RecordData::A(vec!["192.0.2.53".parse().unwrap()]));
    let zones = ["hartwell.example".parse().unwrap()].into();
    let other: SocketAddr = "127.0.0.1:5353".parse().unwrap();
    let (found, unknown) = authorities(&zones, served(&runtime, &topology), |at| {
        assert_eq!(at, "192.0.2.53:53".parse().unwrap());
        other
    })
    .unwrap();
    assert_eq!(found.iter().map(|server| server.address).collect::<Vec<_>>(), [other]);
    assert_eq!(unknown, ["ns2.hartwell.example, a server of hartwell.example, has no address"]);
}

#[test]
fn the_command_line_watches_until_agreed() {
    let runtime = runtime();
    let phases = unfold(&template(RIGHT));
    let before = served(&runtime, &phases[1]).to_string();
    let after = served(&runtime, &phases[2]).to_string();
    let folder = Folder::new();
    let plan = arg(&folder.file("plan.ron"));
    assert_eq!(bridgehead(["new", "--template", RIGHT, "-o", &plan]).code, 0);
    let asked = |authoritative: &str, resolver: &str, more: &[&str]| {
        let named = ["--authoritative", authoritative, "--outside", resolver];
        bridgehead([&["watch", &plan, "--phase", "2"], &named[..], more].concat())
    };
    let json = ["--timeout", "0", "--format", "json"];
    let ran = asked(&after, &before, &json);
    assert_eq!(ran.code, 1, "{ran:?}");
    let answer = ran.json();
    assert_eq!((&answer["agreed"], &answer["polls"]), (&false.into(), &1.into()));
    assert_eq!(answer["servers"][0]["agrees"], true);
    let resolver = &answer["servers"][1];
    assert_eq!(
        (&resolver["role"], &resolver["agrees"]),
        (&"outside-resolver".into(), &false.into())
    );
    let all = resolver["answers"].as_array().unwrap();
    let old: Vec<_> = all.iter().filter(|answered| answered["state"] == "old").collect();
    assert_eq!(old.len(), 1, "{old:#?}");
    assert_eq!(
        (&old[0]["phase"], &old[0]["got"][0]),
        (&1.into(), &"10 mail.hartwell.example".into())
    );
    assert_eq!(answer["latest"], old[0]["until"], "{answer:#}");
    let text = asked(&after, &before, &["--timeout", "0"]).out;
    assert!(text.contains("still as in phase 1, at the latest until 2"), "{text}");
    let done = asked(&after, &after, &["--until-agreed"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.out.contains("all agree with the plan"), "{done:?}");
    let nobody = bridgehead(["watch", &plan, "--timeout", "0"]);
    assert_eq!(nobody.code, 2);
    assert!(nobody.err.contains("nobody to watch"), "{nobody:?}");
}
