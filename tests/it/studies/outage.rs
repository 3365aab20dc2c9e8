//! Outages on a clock: the account adds up at each look, the clock keeps to the habits of the queues, and
//! what nobody knows is not guessed.

use crate::{
    naive::generate,
    support::{
        program::{Folder, arg, bridgehead},
        template,
    },
};
use bridgehead::{
    model::{Project, Subject, Topology, edit::Edit, unfold::unfold},
    net::world::{Inputs, World},
    sim::studies::{
        Stopped,
        faults::breakable,
        outage::{Action, Outage, OutageError, Scenario, What, outage},
    },
};
use proptest::{prelude::*, test_runner::Config};
use std::collections::BTreeSet;

fn subjects(list: &[&str]) -> BTreeSet<Subject> {
    list.iter().map(|text| text.parse().expect("a subject")).collect()
}

fn last(project: &Project) -> (Topology, Inputs) {
    (unfold(project).pop().expect("a phase"), Inputs::of(project))
}

fn run(project: &Project, failures: &[&str], minutes: u32, actions: Vec<Action>) -> Outage {
    let (topology, inputs) = last(project);
    let scenario = Scenario { failures: subjects(failures), minutes, actions };
    outage(&topology, &inputs, &scenario, &mut |_| true).expect("it is worked out")
}

fn adds_up(found: &Outage, case: &str) {
    for account in &found.accounts {
        assert!(account.adds_up(), "{case}: {account:?}");
    }
    let total = found.total();
    assert_eq!((total.queued, total.lost), (0, 0), "{case}: nothing waits for ever");
    assert!(found.accounts.is_sorted_by_key(|account| account.minute), "{case}");
    let grows = |of: fn(&bridgehead::sim::studies::outage::Account) -> u64| {
        found.accounts.iter().map(of).is_sorted()
    };
    assert!(grows(|a| a.submitted) && grows(|a| a.delivered) && grows(|a| a.returned), "{case}");
    for queue in &found.queues {
        assert_eq!(queue.minute.len(), queue.messages.len(), "{case}");
    }
    // What the queues hold is what waits.
    for (at, account) in found.accounts.iter().enumerate() {
        let held: u64 = found.queues.iter().map(|queue| queue.messages[at]).sum();
        assert_eq!(held, account.queued, "{case}: at {}", account.minute);
    }
}

proptest! {
    #![proptest_config(Config { cases: 40, failure_persistence: None, ..Config::default() })]

    #[test]
    fn the_account_adds_up_whatever_fails(
        seed in 0_u64..200,
        picks in prop::collection::vec(0_usize..1000, 1..3),
        hours in 1_u32..80,
    ) {
        let project = generate::plan(seed);
        let (topology, inputs) = last(&project);
        let all: Vec<Subject> = {
            let world = World::new(&topology, &inputs, &BTreeSet::new());
            breakable(&world).into_iter().map(|(_, subject)| subject).collect()
        };
        let failures: BTreeSet<Subject> =
            picks.iter().map(|pick| all[pick % all.len()].clone()).collect();
        let started = Action {
            minute: hours * 20,
            what: What::Start(failures.first().expect("one").clone()),
        };
        let scenario =
            Scenario { failures, minutes: hours * 60, actions: vec![started] };
        let once = outage(&topology, &inputs, &scenario, &mut |_| true).expect("it is worked out");
        adds_up(&once, &format!("seed {seed}, {scenario:?}"));
        let again = outage(&topology, &inputs, &scenario, &mut |_| true).expect("it is worked out");
        prop_assert_eq!(once, again);
    }
}

/// The first attempt of a queue's ladder at or after the end of the outage, for mail that begins to wait
/// at the start.
fn resumes(gaps: &[u32], outage: u32) -> u32 {
    let mut at = 0;
    let mut gaps = gaps.iter().copied();
    let mut gap = 0;
    while at < outage {
        gap = gaps.next().unwrap_or(gap);
        at += gap;
    }
    at
}

#[test]
fn a_queue_resumes_at_the_first_attempt_after_the_end() {
    use bridgehead::platform::retry::EXCHANGE_2003;
    let plan = template("two-sites-done-right");
    for minutes in [1, 2, 4, 30, 110, 601] {
        let found = run(&plan, &["link:wan"], minutes, Vec::new());
        adds_up(&found, &format!("{minutes} min"));
        // Several queues begin to wait within the first minutes; the latest resumes within one gap.
        let due = resumes(EXCHANGE_2003.gaps, minutes);
        let last = found.last_delivered_minute.expect("all arrives");
        assert!((minutes..=due + 15).contains(&last), "{minutes}: due {due}, last {last}");
        assert_eq!(found.total().returned, 0);
    }
    // Closed form for one queue: what waited at the end is what was sent for it meanwhile.
    let found = run(&plan, &["link:wan"], 600, Vec::new());
    let waited = |server: &str| {
        let queue = found.queues.iter().find(|queue| queue.server == server).expect("it waits");
        queue.messages.iter().copied().max().expect("figures")
    };
    // 200 mailboxes in Leeds send 15 a day inside, three fifths of them to London; for 10 hours.
    let sent = 200 * 15 * 3 / 5 * 10 / 24;
    assert!((sent - 10..=sent).contains(&waited("lds-be1")), "{}", waited("lds-be1"));
}

#[test]
fn entered_rates_are_used_and_planning_values_are_named() {
    let mut plan = template("two-sites-done-right");
    let named = |found: &Outage| -> Vec<&str> { found.assumed.iter().map(|a| a.name).collect() };
    let before = run(&plan, &["link:wan"], 60, Vec::new());
    assert!(named(&before).contains(&"average-message-rate"));
    for group in plan.as_is.mailboxes.values_mut() {
        group.from_internet_per_day = Some(0);
        group.to_internet_per_day = Some(24);
        group.inside_per_day = Some(0);
    }
    let after = run(&plan, &["link:wan"], 60, Vec::new());
    assert!(!named(&after).contains(&"average-message-rate"));
    assert_eq!(after.total().submitted, 500, "one an hour from each mailbox, to the Internet");
    assert_eq!(after.total().delivered, 500, "and none of it crosses the link");
}

#[test]
fn what_is_not_known_is_refused_or_told_apart() {
    let plan = template("two-sites-done-right");
    let (topology, inputs) = last(&plan);
    let with = |topology: &Topology, failures: &[&str], what: What, minutes: u32| {
        let actions = vec![Action { minute: 10, what }];
        let scenario = Scenario { failures: subjects(failures), minutes, actions };
        outage(topology, &inputs, &scenario, &mut |_| true).map(|found| found.total())
    };
    let record = |text: &str| text.parse::<bridgehead::model::dns::RecordId>().expect("a record");
    let to = "192.0.2.60".parse().expect("an address");
    let mail = record("outside/hartwell.example/mail1/a");
    let fails = ["server:lon-fe1"];
    let switch = |id: &bridgehead::model::dns::RecordId| What::Switch(id.clone(), to);
    assert!(with(&topology, &fails, switch(&mail), 60).is_ok());
    let mut bare = topology.clone();
    let zone: Edit =
        ron::from_str("Set(Zone(\"outside/hartwell.example\", TtlS(None)))").expect("an edit");
    assert!(zone.apply(&mut bare));
    assert_eq!(with(&bare, &fails, switch(&mail), 60), Err(OutageError::NoTtl(mail.clone())));
    let zone: Edit = ron::from_str("Set(Zone(\"outside/hartwell.example\", NegativeTtlS(None)))")
        .expect("an edit");
    assert!(zone.apply(&mut bare));
    let fresh = record("outside/hartwell.example/new/a");
    let refused = Err(OutageError::NoNegativeTtl(fresh.clone()));
    assert_eq!(with(&bare, &fails, switch(&fresh), 60), refused);
    let six = record("outside/hartwell.example/mail1/aaaa");
    assert_eq!(with(&topology, &fails, switch(&six), 60), Err(OutageError::Family(six)));
    let other = record("outside/elsewhere.example/mail/a");
    assert_eq!(with(&topology, &fails, switch(&other), 60), Err(OutageError::NoZone(other)));
    let wan: Subject = "link:wan".parse().expect("a subject");
    let start = What::Start(wan.clone());
    assert_eq!(with(&topology, &fails, start, 60), Err(OutageError::NotFailed(wan)));
    assert_eq!(with(&topology, &fails, switch(&mail), 0), Err(OutageError::Hours));
    // Outbound 25 is not entered and no longer assumed: mail to the Internet is neither sent nor stuck.
    let mut open = plan.clone();
    for assumption in open.assumptions.values_mut() {
        assumption.on = false;
    }
    let found = run(&open, &["link:wan"], 60, Vec::new());
    adds_up(&found, "without assumptions");
    assert!(found.total().unknown > 0, "{:?}", found.total());
}

#[test]
fn a_server_keeps_its_queues_while_it_is_down() {
    let plan = template("two-sites-done-right");
    let (topology, inputs) = last(&plan);
    let start = |subject: &str, minute| Action {
        minute,
        what: What::Start(subject.parse().expect("a subject")),
    };
    // The front-end takes mail for the dead back-end, and keeps it.
    let failures = subjects(&["server:lon-be1", "link:wan"]);
    let scenario = Scenario { failures, minutes: 240, actions: vec![start("server:lon-be1", 120)] };
    let found = outage(&topology, &inputs, &scenario, &mut |_| true).expect("it is worked out");
    adds_up(&found, "front-end");
    assert_eq!(found.total().returned, 0);
    let queue = found.queues.iter().find(|queue| queue.server == "lon-fe1").expect("it keeps mail");
    assert!(queue.messages.iter().any(|messages| *messages > 1000), "{queue:?}");
    assert!(found.unsent > 0, "the users of the dead server cannot send");
}

#[test]
fn an_outage_can_be_stopped() {
    let (topology, inputs) = last(&template("two-sites-done-right"));
    let scenario =
        Scenario { failures: subjects(&["link:wan"]), minutes: 600, actions: Vec::new() };
    let mut left = 3;
    let stopped = outage(&topology, &inputs, &scenario, &mut |at| {
        assert!(at.done <= at.total);
        left -= 1;
        left > 0
    });
    assert_eq!(stopped, Err(OutageError::Stopped(Stopped)));
}

#[test]
fn the_command_answers_as_its_contract_says_and_refuses_in_one_line() {
    let folder = Folder::new();
    let path = folder.file("plan.ron");
    let new = ["new", "--template", "two-sites-done-right", "-o", &arg(&path)];
    assert_eq!(bridgehead(new).code, 0);
    let plan = arg(&path);
    let base = ["outage", &plan, "--fail", "link:wan", "--hours", "2"];
    let ran = bridgehead(base.iter().copied().chain(["--format", "json"]));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let json = ran.json();
    for name in ["submitted", "delivered", "queued", "returned", "lost", "last_delivered_minute"] {
        assert!(json[name].is_u64(), "{name}: {}", json[name]);
    }
    assert!(json["events"][0]["minute"].is_u64() && json["events"][0]["text"].is_string());
    let queue = &json["queues"][0];
    assert!(queue["server"].is_string() && queue["minute"][0].is_u64(), "{queue}");
    assert!(queue["messages"][0].is_u64(), "{queue}");
    assert!(bridgehead(base).out.contains("sent while it lasts"));
    for action in [
        "2h",
        "soon start link:wan",
        "1h start line:lon-line",
        "1h dance",
        "1h switch record:outside/hartwell.example/mail1/a=nowhere",
        "1h switch record:nowhere/hartwell.example/mail1/a=192.0.2.1",
        "1h mx outside/hartwell.example=mail1",
    ] {
        let ran = bridgehead(base.iter().copied().chain(["--do", action]));
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{action}");
        assert_eq!(ran.err.lines().count(), 1, "{action}: {}", ran.err);
    }
    for hours in ["0", "-1", "much", "1e9"] {
        let hours = format!("--hours={hours}");
        let ran = bridgehead(["outage", &plan, "--fail", "link:wan", &hours]);
        assert_eq!(ran.code, 2, "{hours}");
    }
    assert_eq!(bridgehead(["outage", &plan, "--hours", "2"]).code, 2, "nothing fails");
}
