//! The verdicts on a session, and the limits along a path.

use super::topology;
use bridgehead::{
    model::{
        beside::{Evidence, Outcome},
        name::Fqdn,
    },
    probe::{
        Check, NoAnswer,
        session::{Broken, Certificate, Reply, Secured, Session, Tls, judge::more, sizes},
    },
};

fn greeting(listener: &str, address: &str) -> Check {
    let evidence = Evidence {
        question: format!("greeting of X at {address} port 25"),
        subject: format!("listener:{listener}").parse().unwrap(),
        phase: 5,
        from: None,
        asked: format!("{address}:25"),
        expected: vec!["220 mail1.hartwell.example".to_owned()],
        got: vec!["220 mail1.hartwell.example".to_owned()],
        outcome: Outcome::Pass,
        reason: "as planned".to_owned(),
        utc: "2026-11-24T14:02:31Z".to_owned(),
        ttl: None,
        rtt_ms: Some(3),
        facts: "0".to_owned(),
        check: String::new(),
        reference: String::new(),
        remedy: String::new(),
        raw: Vec::new(),
    };
    Check { key: format!("retired smtp {address}:25"), also: Vec::new(), evidence }
}

fn reply(code: u16, lines: &[&str]) -> Reply {
    Reply { code, lines: lines.iter().map(|line| (*line).to_owned()).collect() }
}

fn certificate() -> Certificate {
    Certificate {
        names: vec!["*.hartwell.example".to_owned()],
        subject: "CN=mail1".to_owned(),
        issuer: "CN=somebody".to_owned(),
        not_after: "2027-11-24T00:00:00Z".to_owned(),
        days_left: 365,
        distrust: None,
    }
}

fn session() -> Session {
    let hello = reply(250, &["mail1.hartwell.example", "SIZE 10240000", "ETRN", "STARTTLS"]);
    Session {
        hello: Some(Ok(hello.clone())),
        tls: Tls::Secured(Box::new(Secured {
            version: "TLS 1.3".to_owned(),
            certificate: Ok(certificate()),
            hello: Ok(hello),
        })),
        postmaster: Some(Ok(reply(250, &["ok"]))),
        relay: Some(Ok(reply(550, &["no"]))),
        ..Session::greeted("220 mail1.hartwell.example".to_owned())
    }
}

/// The outcomes of a session, each by what was asked.
fn outcomes(session: &Session) -> Vec<(String, Outcome, String)> {
    let planned: Fqdn = "mail1.hartwell.example".parse().unwrap();
    let base = greeting("lon-fe1/1", "10.1.0.11");
    let checks = more(&base, Some(&planned), session);
    let what = |check: &Check| check.key.rsplit(' ').next().unwrap().to_owned();
    checks.iter().map(|c| (what(c), c.evidence.outcome, c.evidence.reason.clone())).collect()
}

fn of(session: &Session, what: &str) -> (Outcome, String) {
    let all = outcomes(session);
    let (_, outcome, reason) = all.iter().find(|(own, ..)| own == what).unwrap();
    (*outcome, reason.clone())
}

#[test]
fn a_session_as_it_should_be_passes_everything() {
    let all = outcomes(&session());
    let names: Vec<_> = all.iter().map(|(what, ..)| what.as_str()).collect();
    let wanted = ["ehlo", "size", "etrn", "starttls", "certificate", "postmaster", "relay"];
    assert_eq!(names, wanted);
    assert!(all.iter().all(|(_, outcome, _)| *outcome == Outcome::Pass), "{all:#?}");
}

#[test]
fn each_fault_has_its_verdict() {
    let changed = |change: fn(&mut Session)| {
        let mut session = session();
        change(&mut session);
        session
    };
    let open = changed(|s| s.relay = Some(Ok(reply(250, &["ok"]))));
    assert_eq!(of(&open, "relay").0, Outcome::Fail);
    let grey = changed(|s| s.postmaster = Some(Ok(reply(450, &["greylisted"]))));
    assert_eq!(of(&grey, "postmaster").0, Outcome::Unknown);
    let none = changed(|s| s.postmaster = Some(Ok(reply(550, &["unknown user"]))));
    assert_eq!(of(&none, "postmaster").0, Outcome::Fail);
    let stripped = changed(|s| s.tls = Tls::NotOffered);
    assert_eq!(of(&stripped, "starttls").0, Outcome::Info);
    assert!(outcomes(&stripped).iter().all(|(what, ..)| what != "certificate"));
    let old = changed(|s| s.tls = Tls::NoHandshake { why: "x".into(), old: true });
    assert_eq!(of(&old, "starttls").0, Outcome::Unknown);
    let injected = changed(|s| s.tls = Tls::Broken(Broken::Wrong("injected".into())));
    assert_eq!(of(&injected, "starttls").0, Outcome::Fail);
    let masked = changed(|s| s.hello = Some(Ok(reply(250, &["mail1.hartwell.example", "XXXX"]))));
    assert_eq!(of(&masked, "ehlo").0, Outcome::Fail);
    let other = changed(|s| s.hello = Some(Ok(reply(250, &["lon-fe1.hartwell.local"]))));
    assert_eq!(of(&other, "ehlo").0, Outcome::Warn);
    assert_eq!(of(&changed(|s| s.hello = Some(Ok(reply(502, &["?"])))), "ehlo").0, Outcome::Fail);
    let silent = changed(|s| s.hello = Some(Err(Broken::No(NoAnswer::TimedOut))));
    assert_eq!(of(&silent, "ehlo").0, Outcome::Unknown);
    assert_eq!(outcomes(&silent).len(), 1, "no second verdict");
}

#[test]
fn certificates_are_held_against_name_and_time() {
    let with = |change: fn(&mut Certificate)| {
        let mut certificate = certificate();
        change(&mut certificate);
        let mut session = session();
        let Tls::Secured(secured) = &mut session.tls else { panic!("it is secured") };
        secured.certificate = Ok(certificate);
        of(&session, "certificate")
    };
    assert_eq!(with(|_| ()).0, Outcome::Pass);
    assert_eq!(with(|c| c.days_left = 3).0, Outcome::Warn);
    assert!(with(|c| c.days_left = -1).1.contains("it expired on 2027-11-24"));
    assert_eq!(with(|c| c.names = vec!["other.example".to_owned()]).0, Outcome::Warn);
    // A wildcard stands for one label.
    assert_eq!(with(|c| c.names = vec!["*.example".to_owned()]).0, Outcome::Warn);
    assert_eq!(with(|c| c.distrust = Some("unknown issuer".to_owned())).0, Outcome::Info);
}

#[test]
fn a_next_hop_that_takes_less_is_named_with_its_connector() {
    let topology = topology("two-sites-done-right", 5);
    let heard = |listener: &str, address: &str, size: &str| {
        let mut check = greeting(listener, address);
        check.key.push_str(" size");
        check.evidence.got = vec![size.to_owned()];
        check
    };
    let checks = [
        heard("lon-fe1/1", "10.1.0.11", "SIZE 5000000"),
        heard("lds-be1/1", "10.2.0.10", "SIZE 10240000"),
        heard("lds-fe1/1", "10.2.0.11", "SIZE"),
    ];
    let along = sizes::along(&topology, &checks);
    let told: Vec<_> =
        along.iter().map(|c| (c.evidence.question.as_str(), c.evidence.outcome)).collect();
    assert_eq!(
        told,
        [
            ("SIZE from lds-be1 to lon-fe1 by Leeds to London", Outcome::Fail),
            ("SIZE from lds-fe1 to lon-fe1 by Leeds to London", Outcome::Fail),
            ("SIZE from lon-fe1 to lds-fe1 by London to Leeds", Outcome::Pass),
        ]
    );
    assert_eq!(along[0].evidence.subject.to_string(), "connector:leeds-london");
}
