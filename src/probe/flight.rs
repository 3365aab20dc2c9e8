//! Questions under way: so many at once, so many a second, at most two connections to a host.

use super::{Greet, GreetReply, Lookup, Manners, NoAnswer, Target, Timed, wire};
use std::{
    collections::{BTreeMap, VecDeque},
    future::{Future, ready},
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{MissedTickBehavior, interval, sleep, timeout},
};

/// Connections to one SMTP host at the same time; some servers take no more from one client.
const CONNECTIONS_PER_HOST: usize = 2;
/// How often the permits of [`Manners::per_second`] are given out.
const TICK: Duration = Duration::from_millis(10);

/// What came back.
#[derive(Clone, Debug)]
pub(super) enum Heard {
    Greeting(Timed<GreetReply>),
    Whole(Timed<wire::Reply>),
}

/// The questions that are under way and those that wait.
pub(super) struct Flight<N> {
    network: Arc<N>,
    manners: Manners,
    waiting: VecDeque<Target>,
    asking: BTreeMap<Target, Vec<usize>>,
    under_way: JoinSet<(Target, Heard)>,
    /// What came and is not judged yet.
    landed: VecDeque<(Target, Heard)>,
    /// One a host, so that a server with several addresses is one.
    hosts: BTreeMap<String, Arc<Semaphore>>,
    gate: Gate,
}

impl<N: Lookup + Greet> Flight<N> {
    pub(super) fn new(network: Arc<N>, manners: Manners) -> Self {
        Self {
            network,
            manners,
            waiting: VecDeque::new(),
            asking: BTreeMap::new(),
            under_way: JoinSet::new(),
            landed: VecDeque::new(),
            hosts: BTreeMap::new(),
            gate: Gate::new(manners.per_second),
        }
    }

    /// The next answer; none: no more will come. Nothing is lost when the future is dropped.
    pub(super) async fn next(&mut self) -> Option<(Target, Heard)> {
        loop {
            // What has landed makes room at once; it is judged when all that may go out has gone.
            // A question that broke off is settled by `give_up`.
            while let Some(landed) = self.under_way.try_join_next() {
                self.landed.extend(landed.ok());
            }
            let room = self.under_way.len() < self.manners.in_flight.max(1);
            if room && !self.waiting.is_empty() {
                let passed = tokio::select! {
                    biased;
                    () = self.gate.pass() => true,
                    () = ready(()), if !self.landed.is_empty() => false,
                    Some(landed) = self.under_way.join_next() => {
                        self.landed.extend(landed.ok());
                        false
                    }
                };
                if passed {
                    if let Some(target) = self.waiting.pop_front() {
                        self.start(target);
                    }
                    continue;
                }
            }
            if let Some(heard) = self.landed.pop_front() {
                return Some(heard);
            }
            self.landed.extend(self.under_way.join_next().await?.ok());
        }
    }

    fn start(&mut self, target: Target) {
        let (network, manners) = (Arc::clone(&self.network), self.manners);
        match &target {
            Target::Whole(query) => {
                let query = query.clone();
                self.under_way.spawn(async move {
                    let heard = ask_whole(&*network, &manners, &query).await;
                    (target, Heard::Whole(heard))
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

    /// Wants an answer for a question; one that is under way already is not begun again.
    pub(super) fn want(&mut self, target: Target, question: usize) {
        let waiters = self.asking.entry(target.clone()).or_default();
        if waiters.is_empty() {
            self.waiting.push_back(target);
        }
        waiters.push(question);
    }

    /// The questions that an answer settles.
    pub(super) fn settled(&mut self, target: &Target) -> Vec<usize> {
        self.asking.remove(target).unwrap_or_default()
    }

    /// Ends everything; gives whom each question that has no verdict was waiting for.
    pub(super) fn give_up(&mut self) -> BTreeMap<usize, Target> {
        self.under_way.abort_all();
        self.waiting.clear();
        let mut left = BTreeMap::new();
        for (target, questions) in std::mem::take(&mut self.asking) {
            for question in questions {
                left.entry(question).or_insert_with(|| target.clone());
            }
        }
        left
    }
}

async fn ask_whole<N: Lookup>(
    network: &N,
    manners: &Manners,
    query: &wire::Query,
) -> Timed<wire::Reply> {
    let mut again = manners.retries;
    loop {
        let heard = within(manners.each, network.whole(query), Err).await;
        let why = match &heard.reply {
            Ok(message) => message.no_answer(),
            Err(why) => Some(why.clone()),
        };
        // A server that has just started takes UDP before it takes TCP.
        let starting = |why: &NoAnswer| query.how == wire::How::Tcp && *why == NoAnswer::NoServer;
        if again == 0 || !why.is_some_and(|why| why.is_passing() || starting(&why)) {
            return heard;
        }
        again -= 1;
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
