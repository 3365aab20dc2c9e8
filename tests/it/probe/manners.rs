//! The manners of a run, against a network in memory with its own clock.

use super::{questions_of, topology};
use bridgehead::{
    model::{beside::Outcome, dns::RecordKind, name::Fqdn},
    probe::{
        Cancel, Check, Greet, GreetReply, Job, Lookup, Manners, NameReply, NoAnswer, Query, Reply,
        Route, Timed, run,
        wire::{Message, Rec, code},
    },
    sim::expected::{Ask, Expected, Question, Side},
};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    num::NonZeroU32,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::time::Instant;

const NIGHT: Duration = Duration::from_secs(1_000_000);

/// A network that gives each question the same answer after a delay, and counts.
struct Fake {
    delay: Duration,
    reply: fn(u32) -> NameReply,
    under_way: AtomicUsize,
    most: AtomicUsize,
    asked: Mutex<BTreeMap<String, u32>>,
    begun: Mutex<Vec<Instant>>,
}

impl Fake {
    fn new(delay: Duration, reply: fn(u32) -> NameReply) -> Arc<Self> {
        Arc::new(Self {
            delay,
            reply,
            under_way: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
            asked: Mutex::default(),
            begun: Mutex::default(),
        })
    }

    /// Counts one in, waits, counts it out; how often that has been asked, this time included.
    async fn serve(&self, what: String) -> u32 {
        let now = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        self.begun.lock().unwrap().push(Instant::now());
        let times = {
            let mut asked = self.asked.lock().unwrap();
            let times = asked.entry(what).or_default();
            *times += 1;
            *times
        };
        tokio::time::sleep(self.delay).await;
        self.under_way.fetch_sub(1, Ordering::SeqCst);
        times
    }

    fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}

impl Lookup for Fake {
    async fn whole(&self, query: &Query) -> Timed<Reply> {
        let Query { server, name, kind, .. } = query;
        let times = self.serve(format!("{server} {name} {}", kind.name())).await;
        let said = |code, answers| Ok(Message { code, answers, ..Message::default() });
        let reply = match (self.reply)(times) {
            NameReply::Records { lines, ttl } => {
                let of = |text| Rec { name: name.clone(), kind: *kind, ttl, text };
                said(code::NO_ERROR, lines.into_iter().map(of).collect())
            }
            NameReply::NoSuchName => said(code::NO_SUCH_NAME, Vec::new()),
            NameReply::NoData => said(code::NO_ERROR, Vec::new()),
            NameReply::None(why) => Err(why),
        };
        Timed { reply, took: Some(self.delay) }
    }
}

impl Greet for Fake {
    async fn greet(&self, at: SocketAddr) -> Timed<GreetReply> {
        self.serve(at.to_string()).await;
        Timed { reply: GreetReply::Said("220 x".to_owned()), took: Some(self.delay) }
    }
}

fn found(_: u32) -> NameReply {
    NameReply::Records { lines: vec!["192.0.2.1".to_owned()], ttl: 60 }
}

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

/// So many questions about names, each another.
fn names(count: usize) -> Vec<Question> {
    let all = questions_of("two-sites-done-right", &topology("two-sites-done-right", 5));
    let like = all.into_iter().find(|q| q.key.starts_with("inside")).unwrap();
    (0..count)
        .map(|n| {
            let name: Fqdn = format!("n{n}.example").parse().unwrap();
            Question {
                key: format!("inside {name} a"),
                ask: Ask::Name { side: Side::Inside, name, kind: RecordKind::A },
                expected: Expected::Records(["192.0.2.1".to_owned()].into()),
                ttl_s: None,
                ..like.clone()
            }
        })
        .collect()
}

fn job(questions: Vec<Question>) -> Job {
    let inside = Some(address("192.0.2.53:53"));
    let route = Route { inside, smtp: true, ..Route::default() };
    Job { phase: 0, phase_key: "@as-is".to_owned(), questions, route }
}

async fn carry(network: &Arc<Fake>, questions: Vec<Question>, manners: Manners) -> Vec<Check> {
    let utc = || "2026-11-24T14:02:31Z".to_owned();
    run(Arc::clone(network), job(questions), manners, &Cancel::default(), utc, |_| {}).await
}

fn all(checks: &[Check], outcome: Outcome, reason: &str) {
    for check in checks {
        assert_eq!(check.evidence.outcome, outcome, "{check:#?}");
        assert!(check.evidence.reason.starts_with(reason), "{check:#?}");
    }
}

#[tokio::test(start_paused = true)]
async fn sixty_four_are_under_way_and_a_thousand_take_half_a_second() {
    let network = Fake::new(Duration::from_millis(30), found);
    let begun = Instant::now();
    let checks = carry(&network, names(1_000), Manners::default()).await;
    assert_eq!(network.most(), 64);
    assert!(begun.elapsed() < Duration::from_millis(600), "{:?}", begun.elapsed());
    assert_eq!(checks.len(), 1_000);
    all(&checks, Outcome::Pass, "as planned");
    assert_eq!(checks[0].evidence.rtt_ms, Some(30));
    let keys: Vec<_> = checks.iter().take(2).map(|check| check.key.as_str()).collect();
    assert_eq!(keys, ["@as-is inside n0.example a", "@as-is inside n1.example a"]);
}

#[tokio::test(start_paused = true)]
async fn no_more_are_begun_in_a_second_than_is_polite() {
    for per_second in [7, 100, 250] {
        let network = Fake::new(Duration::from_millis(1), found);
        let per_second = NonZeroU32::new(per_second).unwrap();
        let manners = Manners { per_second, deadline: NIGHT, ..Manners::default() };
        carry(&network, names(600), manners).await;
        let begun = network.begun.lock().unwrap();
        let limit = usize::try_from(per_second.get()).unwrap();
        for (at, first) in begun.iter().enumerate() {
            let within = |t: &&Instant| t.duration_since(*first) < Duration::from_secs(1);
            let count = begun[at..].iter().take_while(within).count();
            // A tick's worth more, because the second may begin in the middle of one.
            assert!(count <= limit + limit.div_ceil(100), "{count} in a second, not {limit}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_passing_failure_is_asked_again_once_and_a_real_answer_is_not() {
    let at_second = |times| if times == 1 { NameReply::None(NoAnswer::TimedOut) } else { found(1) };
    let network = Fake::new(Duration::from_millis(30), at_second);
    all(&carry(&network, names(3), Manners::default()).await, Outcome::Pass, "as planned");

    let network = Fake::new(Duration::ZERO, |_| NameReply::None(NoAnswer::ServerFailure));
    all(&carry(&network, names(3), Manners::default()).await, Outcome::Unknown, "SERVFAIL");
    assert!(network.asked.lock().unwrap().values().all(|times| *times == 2));

    for (reply, outcome) in [
        ((|_| NameReply::NoSuchName) as fn(u32) -> NameReply, Outcome::Fail),
        (|_| NameReply::NoData, Outcome::Fail),
        (|_| NameReply::None(NoAnswer::Refused), Outcome::Unknown),
    ] {
        let network = Fake::new(Duration::ZERO, reply);
        all(&carry(&network, names(3), Manners::default()).await, outcome, "");
        assert!(network.asked.lock().unwrap().values().all(|times| *times == 1));
    }
}

#[tokio::test(start_paused = true)]
async fn what_never_answers_is_a_time_out() {
    let network = Fake::new(NIGHT, found);
    let manners = Manners { deadline: NIGHT, ..Manners::default() };
    all(&carry(&network, names(70), manners).await, Outcome::Unknown, "time-out");
}

#[tokio::test(start_paused = true)]
async fn the_deadline_ends_a_run_and_keeps_what_has_come() {
    let network = Fake::new(Duration::from_secs(3), found);
    let deadline = Duration::from_secs(10);
    let begun = Instant::now();
    let manners = Manners { in_flight: 4, deadline, ..Manners::default() };
    let checks = carry(&network, names(20), manners).await;
    assert_eq!(begun.elapsed(), deadline);
    let (passed, rest): (Vec<Check>, Vec<Check>) =
        checks.into_iter().partition(|check| check.evidence.outcome == Outcome::Pass);
    assert_eq!((passed.len(), rest.len()), (12, 8));
    all(&rest, Outcome::Unknown, "the time for the whole run was over");
}

#[tokio::test(start_paused = true)]
async fn cancelling_ends_a_run_at_once_and_progress_counts_every_verdict() {
    let network = Fake::new(Duration::from_secs(1), found);
    let cancel = Cancel::default();
    let handle = cancel.clone();
    let mut seen = Vec::new();
    let manners = Manners { in_flight: 5, ..Manners::default() };
    let begun = Instant::now();
    let progress = |p: bridgehead::probe::Progress<'_>| {
        seen.push((p.done, p.total, p.check.evidence.outcome));
        if p.done == 10 {
            handle.cancel();
        }
    };
    let checks = run(network, job(names(30)), manners, &cancel, String::new, progress).await;
    assert!(cancel.is_cancelled());
    assert_eq!(begun.elapsed(), Duration::from_secs(2));
    assert_eq!(seen.len(), 30);
    assert!(seen.iter().enumerate().all(|(at, (done, total, _))| (*done, *total) == (at + 1, 30)));
    let unknown = checks.iter().filter(|c| c.evidence.reason == "the run was cancelled").count();
    assert_eq!(unknown, 20);
}

#[tokio::test(start_paused = true)]
async fn the_same_question_for_two_purposes_is_asked_once() {
    let network = Fake::new(Duration::ZERO, found);
    let mut questions = names(1);
    questions.push(Question {
        key: "inside n0.example a for connector:x".to_owned(),
        expected: Expected::Within(["192.0.2.7".to_owned()].into()),
        ..questions[0].clone()
    });
    let checks = carry(&network, questions, Manners::default()).await;
    let outcomes: Vec<Outcome> = checks.iter().map(|check| check.evidence.outcome).collect();
    assert_eq!(outcomes, [Outcome::Pass, Outcome::Fail]);
    assert_eq!(checks[1].evidence.reason, "192.0.2.1 is no address of the server that is meant");
    assert_eq!(network.asked.lock().unwrap().values().sum::<u32>(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_host_has_at_most_two_connections_however_many_addresses_it_has() {
    let all = questions_of("two-sites-done-right", &topology("two-sites-done-right", 5));
    let like = all.into_iter().find(|q| q.key.starts_with("smtp")).unwrap();
    let Ask::Greeting { server, .. } = &like.ask else { panic!("{like:?}") };
    let questions: Vec<Question> = (1..=9)
        .map(|n| {
            let at = address(&format!("10.1.0.{n}:25"));
            let ask = Ask::Greeting { server: server.clone(), at };
            Question { key: format!("smtp {at}"), ask, ..like.clone() }
        })
        .collect();
    let network = Fake::new(Duration::from_secs(1), found);
    let checks = carry(&network, questions, Manners::default()).await;
    assert_eq!(checks.len(), 9);
    assert_eq!(network.most(), 2);
    assert!(network.asked.lock().unwrap().values().all(|times| *times == 1));
}
