//! A plan probed against its own rehearsal: nothing fails but what the plan itself contradicts. And
//! foreign tools pointed at it.

use super::questions_of;
use crate::{
    naive::generate,
    support::{
        program::{Folder, arg, bridgehead},
        template,
    },
};
use bridgehead::{
    model::{Project, Topology, beside::Outcome, id::SiteId, unfold::unfold},
    net::world::Inputs,
    probe::{Cancel, Check, Job, Manners, Route, live, run, session::sizes},
    rehearsal::{
        serve::{self, Rehearsal, What},
        stage,
    },
    sim::expected::{Ask, Question, Side, questions},
    templates,
};
use std::{
    net::SocketAddr,
    process::{Command, Stdio},
    sync::Arc,
};

/// What is served of a topology.
async fn rehearse(topology: &Topology, inputs: &Inputs) -> Rehearsal {
    serve::open(topology, &stage(topology, inputs), None).await.unwrap()
}

/// Whom the questions go to: the voice that a site's hosts hear, and the listeners.
fn route(rehearsal: &Rehearsal, site: Option<&SiteId>) -> Route {
    let mut route = Route { smtp: true, relay_test: true, ..Route::default() };
    "no resolver is drawn".clone_into(&mut route.no_inside);
    for socket in &rehearsal.sockets {
        match &socket.what {
            What::Outside => route.outside = Some(socket.address),
            What::Inside(voice) if site.is_none_or(|site| voice.sites.contains(site)) => {
                route.inside.get_or_insert(socket.address);
            }
            What::Inside(_) => {}
            What::Listener { at, .. } | What::Silent(at) => {
                route.map_ports.insert(*at, socket.address);
            }
        }
    }
    route
}

async fn ask(topology: &Topology, questions: Vec<Question>, route: Route) -> Vec<Check> {
    let job = Job { phase: 0, phase_key: "@as-is".to_owned(), questions, route };
    let network = Arc::new(live::Network::of(&job));
    let utc = || "2026-11-24T14:02:31Z".to_owned();
    let mut checks = run(network, job, Manners::default(), &Cancel::default(), utc, |_| {}).await;
    checks.extend(sizes::along(topology, &checks));
    checks
}

/// Probes a topology's rehearsal from each of its sites; how many checks passed.
async fn probe(title: &str, project: &Project, topology: &Topology) -> usize {
    let inputs = Inputs::of(project);
    let rehearsal = rehearse(topology, &inputs).await;
    let mut passed = 0;
    for site in topology.sites.keys() {
        let route = route(&rehearsal, Some(site));
        let all = questions(topology, &inputs, Some(site));
        for check in ask(topology, all, route).await {
            let evidence = &check.evidence;
            // How a server finds its peer is the plan's own contradiction where it fails: the zone
            // is as drawn. That is the incident.
            let own_contradiction =
                check.key.contains(" for connector:") || check.key.contains(" for server:");
            let failed = evidence.outcome == Outcome::Fail && !own_contradiction;
            assert!(!failed, "{title}, asked in {site}: {check:#?}");
            passed += usize::from(evidence.outcome == Outcome::Pass);
        }
    }
    passed
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(future)
}

#[test]
fn every_phase_of_every_template_passes_its_own_rehearsal() {
    for (name, _) in templates::TEMPLATES {
        let project = template(name);
        for (phase, topology) in unfold(&project).iter().enumerate() {
            let title = format!("{name} phase {phase}");
            assert!(block_on(probe(&title, &project, topology)) > 10, "{title}");
        }
    }
}

#[test]
fn plans_drawn_otherwise_pass_their_own_rehearsal() {
    let mut passed = 0;
    for seed in 1..=24 {
        let project = generate::plan(seed);
        let last = unfold(&project).pop().unwrap();
        passed += block_on(probe(&format!("plan {seed}"), &project, &last));
    }
    assert!(passed > 500, "{passed}");
}

#[test]
fn the_incident_fails_at_its_rehearsal_and_passes_once_it_is_cured() {
    let incident = template("two-sites-exchange-2003");
    let leeds: SiteId = "leeds".parse().unwrap();
    let failed = |topology: &Topology, project: &Project| {
        block_on(async {
            let inputs = Inputs::of(project);
            let rehearsal = rehearse(topology, &inputs).await;
            let all = questions(topology, &inputs, Some(&leeds));
            let checks = ask(topology, all, route(&rehearsal, Some(&leeds))).await;
            let failed = checks.into_iter().filter(|c| c.evidence.outcome == Outcome::Fail);
            failed.map(|check| check.evidence.question).collect::<Vec<_>>()
        })
    };
    let question = "mail1.hartwell.example A, inside, as Leeds to London asks for it in Leeds";
    assert_eq!(failed(&unfold(&incident)[4], &incident), [question]);
    let right = template("two-sites-done-right");
    for topology in unfold(&right) {
        assert!(failed(&topology, &right).is_empty());
    }
}

#[test]
fn a_falsified_zone_fails_against_the_rehearsal_of_what_was_drawn() {
    let project = template("two-sites-done-right");
    let drawn = unfold(&project).pop().unwrap();
    let mut other = drawn.clone();
    let id = "outside/hartwell.example/mail1/a".parse().unwrap();
    other.records.remove(&id);
    block_on(async {
        let rehearsal = rehearse(&other, &Inputs::of(&project)).await;
        let all = questions_of("two-sites-done-right", &drawn);
        let outside = |q: &Question| matches!(q.ask, Ask::Name { side: Side::Outside, .. });
        let all = all.into_iter().filter(outside).collect();
        let checks = ask(&drawn, all, route(&rehearsal, None)).await;
        let failed: Vec<_> =
            checks.iter().filter(|c| c.evidence.outcome == Outcome::Fail).collect();
        assert_eq!(failed.len(), 1, "{failed:#?}");
        assert_eq!(failed[0].evidence.reason, "the name does not exist");
    });
}

#[test]
fn the_command_line_serves_it_and_says_how_to_probe() {
    let folder = Folder::new();
    let plan = arg(&folder.file("plan.ron"));
    assert_eq!(bridgehead(["new", "--template", "two-sites-done-right", "-o", &plan]).code, 0);
    let mut child = Command::new(env!("CARGO_BIN_EXE_bridgehead"))
        .args(["rehearse", &plan, "--phase", "4", "--format", "json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // One object, told before it is served; nothing follows until it is stopped.
    let told = serde_json::Deserializer::from_reader(child.stdout.take().unwrap());
    let told = told.into_iter::<serde_json::Value>().next().unwrap().unwrap();
    let sockets = told["sockets"].as_array().unwrap();
    let kinds = |kind: &str| sockets.iter().filter(|socket| socket["kind"] == kind).count();
    assert_eq!((kinds("dns"), kinds("smtp")), (2, 5));
    let addresses = sockets.iter().map(|socket| socket["address"].as_str().unwrap());
    assert!({ addresses }.all(|address| address.starts_with("127.0.0.1:")));
    let commands = told["probe"].as_array().unwrap();
    assert_eq!(commands.len(), 1);
    let command = commands[0].as_array().unwrap().iter().map(|word| word.as_str().unwrap());
    let probed = bridgehead(command.chain(["--relay-test", "--format", "json"]));
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(probed.code, 0, "{probed:?}");
    let totals = &probed.json()["totals"];
    assert!(totals["fail"].is_null() && totals["unknown"].is_null(), "{totals}");
    let refused = bridgehead(["rehearse", &plan, "--port-base", "65535"]);
    assert_eq!(refused.code, 2, "no port is left: {refused:?}");
}

/// What a foreign tool says.
fn said(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}: run tests/run once"));
    let (out, err) = (&output.stdout, &output.stderr);
    format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
}

#[test]
fn dig_and_swaks_can_be_pointed_at_it() {
    let project = template("two-sites-done-right");
    let topology = unfold(&project).pop().unwrap();
    let inputs = Inputs::of(&project);
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(1).enable_all().build().unwrap();
    let rehearsal = runtime.block_on(rehearse(&topology, &inputs));
    let of = |wanted: &dyn Fn(&What) -> bool| -> SocketAddr {
        rehearsal.sockets.iter().find(|socket| wanted(&socket.what)).unwrap().address
    };
    let outside = of(&|what| *what == What::Outside).port().to_string();
    let inside = of(&|what| matches!(what, What::Inside(_))).port().to_string();
    let dig = |port: &str, question: &[&str]| {
        let all = [&["@127.0.0.1", "-p", port, "+short", "+tries=1"], question].concat();
        said("dig", &all).trim().to_owned()
    };
    assert_eq!(dig(&outside, &["mail1.hartwell.example", "A"]), "203.0.113.10");
    assert_eq!(dig(&inside, &["mail1.hartwell.example", "A"]), "10.1.0.11");
    assert_eq!(dig(&inside, &["www.hartwell.example", "A"]), "192.0.2.80");
    assert_eq!(dig(&outside, &["-x", "203.0.113.10", "+tcp"]), "mail1.hartwell.example.");
    let mx = dig(&outside, &["hartwell.example", "MX"]);
    assert_eq!(mx.lines().count(), 2, "{mx}");
    let status = said("dig", &["@127.0.0.1", "-p", &outside, "nobody.hartwell.example", "A"]);
    assert!(status.contains("status: NXDOMAIN") && status.contains("SOA"), "{status}");

    let listener =
        of(&|what| matches!(what, What::Listener { at, .. } if at.ip().to_string() == "10.1.0.11"));
    let server = listener.to_string();
    let swaks =
        ["--server", &server, "--from", "a@example.com", "--to", "postmaster@hartwell.example"];
    let talk = said("swaks", &[&swaks[..], &["--tls", "--quit-after", "RCPT"]].concat());
    assert!(talk.contains("220 mail1.hartwell.example ESMTP"), "{talk}");
    assert!(talk.contains("TLS started") && talk.contains("SIZE 10240000"), "{talk}");
    let mail = said("swaks", &swaks);
    let asked_for_mail = mail.lines().any(|line| line.trim_start().starts_with("<-  354"));
    assert!(mail.contains("<** 554") && !asked_for_mail, "no mail is taken: {mail}");
}
