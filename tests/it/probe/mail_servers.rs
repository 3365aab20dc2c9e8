//! Against Postfix and Exim with chosen banner, SIZE, STARTTLS, ETRN and an open relay.

use super::{questions_of, topology};
use crate::support::mail_servers::start;
use bridgehead::{
    model::{Topology, beside::Outcome},
    probe::{Cancel, Check, Job, Manners, Route, live, session::sizes},
};
use std::net::SocketAddr;

const RIGHT: &str = "two-sites-done-right";

fn ask(topology: &Topology, map: &[(&str, SocketAddr)], relay_test: bool) -> Vec<Check> {
    let map = map.iter().map(|(from, to)| (from.parse().unwrap(), *to)).collect();
    let route = Route { smtp: true, relay_test, map, ..Route::default() };
    let mut questions = route.wanted(questions_of(RIGHT, topology));
    questions.retain(|q| q.key.starts_with("smtp"));
    let job = Job { phase: 5, phase_key: "retired".to_owned(), questions, route };
    let mut checks = live::run_here(job, Manners::default(), &Cancel::default(), |_| {}).unwrap();
    checks.extend(sizes::along(topology, &checks));
    checks
}

fn told(checks: &[Check], address: &str, what: &str) -> (Outcome, String, Vec<String>) {
    let key = format!("retired smtp {address}:25{what}");
    let check = checks.iter().find(|check| check.key == key);
    let evidence = &check.unwrap_or_else(|| panic!("no {key} in {checks:#?}")).evidence;
    (evidence.outcome, evidence.reason.clone(), evidence.got.clone())
}

#[test]
fn postfix_and_exim_are_told_apart_by_what_they_are() {
    let servers = start();
    let nobody = crate::support::name_servers::free_address();
    // London's front end as it should be, its back end an open relay, Leeds's front end Exim.
    let map = [
        ("10.1.0.11", servers.postfix),
        ("10.1.0.10", servers.open),
        ("10.2.0.11", servers.exim),
        ("10.2.0.10", nobody),
    ];
    let checks = ask(&topology(RIGHT, 5), &map, true);
    let is = |address: &str, what: &str| told(&checks, address, what).0;

    for what in ["", " ehlo", " size", " etrn", " starttls", " postmaster", " relay"] {
        assert_eq!(is("10.1.0.11", what), Outcome::Pass, "{what}: {checks:#?}");
    }
    assert_eq!(told(&checks, "10.1.0.11", " size").2, ["SIZE 5000000"]);
    assert!(told(&checks, "10.1.0.11", " starttls").2[0].starts_with("TLS 1."));
    // Made for this test, so that nobody vouches for it; the name fits.
    let (outcome, reason, got) = told(&checks, "10.1.0.11", " certificate");
    assert_eq!(outcome, Outcome::Info, "{reason}");
    assert_eq!(got[0], "for mail1.hartwell.example");

    let (outcome, reason, _) = told(&checks, "10.1.0.10", "");
    assert_eq!(outcome, Outcome::Fail);
    assert_eq!(reason, "it greets as mail1.hartwell.example instead of out1.hartwell.example");
    assert_eq!(is("10.1.0.10", " relay"), Outcome::Fail);
    assert_eq!(is("10.1.0.10", " starttls"), Outcome::Info);
    assert_eq!(is("10.1.0.10", " etrn"), Outcome::Info);
    assert_eq!(told(&checks, "10.1.0.10", " size").2, ["SIZE 1000000"]);

    assert_eq!(is("10.2.0.11", " ehlo"), Outcome::Warn);
    assert_eq!(is("10.2.0.11", " relay"), Outcome::Fail);
    assert_eq!(is("10.2.0.11", " etrn"), Outcome::Pass);
    let (outcome, reason, _) = told(&checks, "10.2.0.11", " certificate");
    assert_eq!(outcome, Outcome::Warn);
    assert_eq!(reason, "it is not for mail2.hartwell.example: a peer that checks names refuses it");
    assert_eq!(is("10.2.0.10", ""), Outcome::Fail);

    // London takes more than Leeds does, and it is Leeds that the connector leads to.
    let narrower: Vec<_> = checks
        .iter()
        .filter(|c| c.evidence.subject.to_string() == "connector:london-leeds")
        .map(|c| (c.evidence.question.as_str(), c.evidence.outcome))
        .collect();
    let wanted = [
        ("SIZE from lon-be1 to lds-fe1 by London to Leeds", Outcome::Pass),
        ("SIZE from lon-fe1 to lds-fe1 by London to Leeds", Outcome::Fail),
    ];
    assert_eq!(narrower, wanted);

    // Unless it is asked for, nobody is asked to relay.
    let checks = ask(&topology(RIGHT, 5), &map, false);
    assert!(checks.iter().all(|check| !check.key.ends_with(" relay")));
}
