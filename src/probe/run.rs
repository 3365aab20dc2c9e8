//! Carrying questions to a network, with manners: so many at once, so many a second, at most two
//! connections to a host, each question once, an end to it all.

use super::{
    Greet, GreetReply, Lookup, NameReply, NoAnswer, Route, Target, Timed,
    judge::{self, Verdict},
    session,
};
use crate::{
    model::{
        Subject,
        beside::{Evidence, Outcome},
    },
    sim::expected::{Expected, Question},
};
use std::{
    collections::{BTreeMap, VecDeque},
    future::Future,
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::{Semaphore, watch},
    task::JoinSet,
    time::{MissedTickBehavior, interval, sleep, timeout},
};

/// Connections to one SMTP host at the same time; some servers take no more from one client.
const CONNECTIONS_PER_HOST: usize = 2;
/// How often the permits of [`Manners::per_second`] are given out.
const TICK: Duration = Duration::from_millis(10);

/// How a run behaves towards the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manners {
    /// Questions that are under way at the same time.
    pub in_flight: usize,
    /// Questions that are begun in a second, at most.
    pub per_second: NonZeroU32,
    /// How long one question may take.
    pub each: Duration,
    /// How often a name is asked again when no answer came. An SMTP port is opened once.
    pub retries: u32,
    /// How long to wait before asking again.
    pub pause: Duration,
    /// How long the whole run may take.
    pub deadline: Duration,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            in_flight: 64,
            per_second: NonZeroU32::new(2_400).unwrap_or(NonZeroU32::MIN),
            each: Duration::from_secs(20),
            retries: 1,
            pause: Duration::from_millis(250),
            deadline: Duration::from_mins(2),
        }
    }
}

/// Ends a run from wherever it is called; clones end the same run.
#[derive(Clone, Debug)]
pub struct Cancel(Arc<watch::Sender<bool>>);

impl Default for Cancel {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Cancel {
    /// Ends the run: what has no answer yet is `unknown`.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was called.
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it was called.
    pub async fn cancelled(&self) {
        let mut seen = self.0.subscribe();
        // The sender lives as long as `self`, so this ends only by the call.
        if seen.wait_for(|called| *called).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// How far a run is.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// Questions with a verdict.
    pub done: usize,
    /// All questions.
    pub total: usize,
    /// The verdict that has just come.
    pub check: &'a Check,
}

/// A question with its verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What the evidence is kept by.
    pub key: String,
    /// What else leans on the answer.
    pub also: Vec<Subject>,
    /// The evidence.
    pub evidence: Evidence,
}

/// What is asked of which phase of which plan.
#[derive(Clone, Debug)]
pub struct Job {
    /// The phase's index.
    pub phase: usize,
    /// The phase's key, as [`super::evidence::phase_key`] gives it.
    pub phase_key: String,
    /// The questions.
    pub questions: Vec<Question>,
    /// Whom they go to.
    pub route: Route,
}

/// Puts the questions and judges the answers; the checks come in the order of the questions.
///
/// `utc` tells the time as evidence writes it. `progress` is called for each verdict as it comes.
/// A question that gets no answer, for whatever reason, has the outcome `unknown`.
pub async fn run<N: Lookup + Greet>(
    network: Arc<N>,
    job: Job,
    manners: Manners,
    cancel: &Cancel,
    utc: impl Fn() -> String,
    mut progress: impl FnMut(Progress<'_>),
) -> Vec<Check> {
    let total = job.questions.len();
    let mut checks: Vec<Option<Check>> = vec![None; total];
    // What an SMTP session told beyond its greeting, by the question of the greeting.
    let mut further: BTreeMap<usize, Vec<Check>> = BTreeMap::new();
    let mut done = 0;
    let mut settle = |at: usize, asked: &str, heard: &Heard| {
        let check = check(&job, at, asked, heard, utc());
        done += 1;
        progress(Progress { done, total, check: &check });
        for more in session_checks(&job.questions[at], &check, heard) {
            progress(Progress { done, total, check: &more });
            further.entry(at).or_default().push(more);
        }
        checks[at] = Some(check);
    };
    let mut asking: BTreeMap<Target, Vec<usize>> = BTreeMap::new();
    for (at, question) in job.questions.iter().enumerate() {
        match job.route.target(question) {
            Ok(target) => asking.entry(target).or_default().push(at),
            Err(why) => settle(at, "", &Heard::none(why)),
        }
    }
    let mut flight = Flight::new(network, manners, asking);
    let end = async {
        tokio::select! {
            () = cancel.cancelled() => NoAnswer::Cancelled,
            () = sleep(manners.deadline) => NoAnswer::Deadline,
        }
    };
    tokio::pin!(end);
    let over = loop {
        tokio::select! {
            biased;
            why = &mut end => break why,
            next = flight.next() => match next {
                Some((target, heard)) => {
                    let asked = target.address().to_string();
                    for at in flight.settled(&target) {
                        settle(at, &asked, &heard);
                    }
                }
                None => break NoAnswer::Network("the check broke off".to_owned()),
            },
        }
    };
    for (target, list) in flight.give_up() {
        let asked = target.address().to_string();
        for at in list {
            settle(at, &asked, &Heard::none(over.clone()));
        }
    }
    let with_further =
        |(at, check)| std::iter::once(check).chain(further.remove(&at).unwrap_or_default());
    let settled = checks.into_iter().enumerate().filter_map(|(at, check)| Some((at, check?)));
    settled.flat_map(with_further).collect()
}

/// The checks that an SMTP session gives beside that of its greeting.
fn session_checks(question: &Question, greeting: &Check, heard: &Heard) -> Vec<Check> {
    match (heard, &question.expected) {
        (
            Heard::Greeting(Timed { reply: GreetReply::Talked(session), .. }),
            Expected::Greets(name),
        ) => session::judge::more(greeting, name.as_ref(), session),
        _ => Vec::new(),
    }
}

/// What came back.
#[derive(Clone, Debug)]
enum Heard {
    Name(Timed<NameReply>),
    Greeting(Timed<GreetReply>),
}

impl Heard {
    fn none(why: NoAnswer) -> Self {
        Self::Name(Timed { reply: NameReply::None(why), took: None })
    }
}

fn check(job: &Job, at: usize, asked: &str, heard: &Heard, utc: String) -> Check {
    let question = &job.questions[at];
    let (Verdict { outcome, got, reason, ttl }, took) = match heard {
        Heard::Name(timed) => (judge::name(question, &timed.reply), timed.took),
        Heard::Greeting(timed) => (judge::greeting(question, &timed.reply), timed.took),
    };
    let took = took.filter(|_| outcome != Outcome::Unknown);
    Check {
        key: format!("{} {}", job.phase_key, question.key),
        also: question.also.clone(),
        evidence: Evidence {
            question: question.text.clone(),
            subject: question.subject.clone(),
            phase: job.phase,
            from: question.from.clone(),
            asked: asked.to_owned(),
            expected: question.expected.lines(),
            got,
            outcome,
            reason,
            utc,
            ttl,
            rtt_ms: took.map(|took| u32::try_from(took.as_millis()).unwrap_or(u32::MAX)),
            facts: question.facts.clone(),
        },
    }
}

/// The questions that are under way and those that wait.
struct Flight<N> {
    network: Arc<N>,
    manners: Manners,
    waiting: VecDeque<Target>,
    asking: BTreeMap<Target, Vec<usize>>,
    under_way: JoinSet<(Target, Heard)>,
    /// One a host, so that a server with several addresses is one.
    hosts: BTreeMap<String, Arc<Semaphore>>,
    gate: Gate,
}

impl<N: Lookup + Greet> Flight<N> {
    fn new(network: Arc<N>, manners: Manners, asking: BTreeMap<Target, Vec<usize>>) -> Self {
        Self {
            network,
            manners,
            waiting: asking.keys().cloned().collect(),
            asking,
            under_way: JoinSet::new(),
            hosts: BTreeMap::new(),
            gate: Gate::new(manners.per_second),
        }
    }

    /// The next answer; none: no more will come. Nothing is lost when the future is dropped.
    async fn next(&mut self) -> Option<(Target, Heard)> {
        loop {
            let room = self.under_way.len() < self.manners.in_flight.max(1);
            let landed = if room && !self.waiting.is_empty() {
                tokio::select! {
                    biased;
                    () = self.gate.pass() => None,
                    Some(landed) = self.under_way.join_next() => Some(landed),
                }
            } else {
                Some(self.under_way.join_next().await?)
            };
            match landed {
                Some(Ok(heard)) => return Some(heard),
                // A question that broke off is settled by `give_up`.
                Some(Err(_)) => {}
                None => {
                    if let Some(target) = self.waiting.pop_front() {
                        self.start(target);
                    }
                }
            }
        }
    }

    fn start(&mut self, target: Target) {
        let (network, manners) = (Arc::clone(&self.network), self.manners);
        match &target {
            Target::Name(server, name, kind) => {
                let (server, name, kind) = (*server, name.clone(), *kind);
                self.under_way.spawn(async move {
                    let heard = ask_name(&*network, &manners, server, &name, kind).await;
                    (Target::Name(server, name, kind), Heard::Name(heard))
                });
            }
            Target::Greeting(at, host) => {
                let one = || Arc::new(Semaphore::new(CONNECTIONS_PER_HOST));
                let door = Arc::clone(self.hosts.entry(host.clone()).or_insert_with(one));
                let at = *at;
                self.under_way.spawn(async move {
                    let heard = open(&*network, &manners, &door, at).await;
                    (target, Heard::Greeting(heard))
                });
            }
        }
    }

    /// The questions that an answer settles.
    fn settled(&mut self, target: &Target) -> Vec<usize> {
        self.asking.remove(target).unwrap_or_default()
    }

    /// Ends everything and gives what was not settled.
    fn give_up(&mut self) -> BTreeMap<Target, Vec<usize>> {
        self.under_way.abort_all();
        self.waiting.clear();
        std::mem::take(&mut self.asking)
    }
}

async fn ask_name<N: Lookup>(
    network: &N,
    manners: &Manners,
    server: std::net::SocketAddr,
    name: &crate::model::name::Fqdn,
    kind: crate::model::dns::RecordKind,
) -> Timed<NameReply> {
    let mut again = manners.retries;
    loop {
        let heard = within(manners.each, network.lookup(server, name, kind), NameReply::None).await;
        match &heard.reply {
            NameReply::None(why) if why.is_passing() && again > 0 => again -= 1,
            _ => return heard,
        }
        sleep(manners.pause).await;
    }
}

async fn open<N: Greet>(
    network: &N,
    manners: &Manners,
    door: &Semaphore,
    at: std::net::SocketAddr,
) -> Timed<GreetReply> {
    // The semaphore is never closed; without a permit one connection more does no harm.
    let _permit = door.acquire().await.ok();
    within(manners.each, network.greet(at), GreetReply::None).await
}

async fn within<T>(
    limit: Duration,
    asked: impl Future<Output = Timed<T>>,
    none: impl FnOnce(NoAnswer) -> T,
) -> Timed<T> {
    let late = || Timed { reply: none(NoAnswer::TimedOut), took: None };
    timeout(limit, asked).await.unwrap_or_else(|_| late())
}

/// Lets so many pass a second.
struct Gate {
    tick: tokio::time::Interval,
    a_tick: u32,
    left: u32,
}

impl Gate {
    fn new(per_second: NonZeroU32) -> Self {
        // Below a hundred a second one passes at each tick, and the ticks come farther apart.
        let a_tick = (per_second.get() / 100).max(1);
        let mut tick = interval(TICK.max(Duration::from_secs(1) * a_tick / per_second.get()));
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { tick, a_tick, left: 0 }
    }

    async fn pass(&mut self) {
        if self.left == 0 {
            self.tick.tick().await;
            self.left = self.a_tick;
        }
        self.left -= 1;
    }
}
