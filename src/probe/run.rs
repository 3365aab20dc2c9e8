//! Carrying questions to a network, with manners: each question once, so many at once and a second
//! ([`super::flight`]), an end to it all. Studies ask as they go, and each answer serves all of them.

use super::{
    Greet, GreetReply, Lookup, NoAnswer, Route, Target, Timed,
    checks::{self, Finished, Known, Told},
    flight::{Flight, Heard},
    judge::{self, Verdict},
    session,
    wire::Query,
};
use crate::{
    model::{
        Subject,
        beside::{Evidence, Outcome},
    },
    sim::expected::{Ask, Expected, Question},
};
use std::{collections::BTreeMap, num::NonZeroU32, sync::Arc, time::Duration};
use tokio::{sync::watch, time::sleep};

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
    progress: impl FnMut(Progress<'_>),
) -> Vec<Check> {
    let total = job.questions.len();
    let mut settled = Settled {
        job: &job,
        utc,
        progress,
        done: 0,
        checks: vec![None; total],
        further: BTreeMap::new(),
    };
    let mut flight = Flight::new(network, manners);
    let mut studying = Studying { known: Known::new(), missing: vec![0; total] };
    for (at, question) in job.questions.iter().enumerate() {
        match job.route.target(question) {
            Ok(Target::Whole(_)) => studying.advance(at, &mut flight, &mut settled),
            Ok(target) => flight.want(target, at),
            Err(why) => settled.unanswered(at, "", &why),
        }
    }
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
                Some((Target::Whole(query), Heard::Whole(timed))) => {
                    studying.known.insert(query.clone(), timed);
                    for at in flight.settled(&Target::Whole(query)) {
                        studying.arrived(at, &mut flight, &mut settled);
                    }
                }
                Some((target, Heard::Greeting(timed))) => {
                    let asked = target.address().to_string();
                    for at in flight.settled(&target) {
                        settled.greeted(at, &asked, &timed);
                    }
                }
                // Each kind of target is answered in its own kind.
                Some(_) => {}
                None => break NoAnswer::Network("the check broke off".to_owned()),
            },
        }
    };
    for (at, target) in flight.give_up() {
        settled.unanswered(at, &target.address().to_string(), &over);
    }
    let mut further = settled.further;
    let with_further =
        |(at, check)| std::iter::once(check).chain(further.remove(&at).unwrap_or_default());
    let settled = settled.checks.into_iter().enumerate();
    settled.filter_map(|(at, check)| Some((at, check?))).flat_map(with_further).collect()
}

/// The studies that wait for answers.
struct Studying {
    known: Known,
    /// How many answers each question still waits for.
    missing: Vec<usize>,
}

impl Studying {
    /// An answer came that a study waits for.
    fn arrived<N: Lookup + Greet, U: Fn() -> String, P: FnMut(Progress<'_>)>(
        &mut self,
        at: usize,
        flight: &mut Flight<N>,
        settled: &mut Settled<'_, U, P>,
    ) {
        self.missing[at] = self.missing[at].saturating_sub(1);
        if self.missing[at] == 0 {
            self.advance(at, flight, settled);
        }
    }

    /// Judges a study, or asks for what it lacks.
    fn advance<N: Lookup + Greet, U: Fn() -> String, P: FnMut(Progress<'_>)>(
        &mut self,
        at: usize,
        flight: &mut Flight<N>,
        settled: &mut Settled<'_, U, P>,
    ) {
        let job = settled.job;
        let question = &job.questions[at];
        let missing = match (&question.ask, job.route.target(question)) {
            (Ask::Study(study), _) => match checks::judge(study, &self.known, &job.route) {
                Ok(finished) => return settled.finished(at, finished),
                Err(missing) => missing,
            },
            (_, Ok(Target::Whole(query))) => match checks::reply(&query, &self.known, &job.route) {
                Ok(told) => return settled.told(at, &query, told),
                Err(missing) => missing,
            },
            _ => return,
        };
        self.missing[at] = missing.len();
        for query in missing {
            flight.want(Target::Whole(query), at);
        }
    }
}

/// The verdicts so far.
struct Settled<'j, U, P> {
    job: &'j Job,
    utc: U,
    progress: P,
    done: usize,
    checks: Vec<Option<Check>>,
    /// What an SMTP session told beyond its greeting, by the question of the greeting.
    further: BTreeMap<usize, Vec<Check>>,
}

impl<U: Fn() -> String, P: FnMut(Progress<'_>)> Settled<'_, U, P> {
    fn unanswered(&mut self, at: usize, asked: &str, why: &NoAnswer) {
        self.settle(at, asked.to_owned(), Verdict::unknown(why), None, Vec::new());
    }

    fn greeted(&mut self, at: usize, asked: &str, timed: &Timed<GreetReply>) {
        let verdict = judge::greeting(&self.job.questions[at], &timed.reply);
        let took = timed.took.filter(|_| verdict.outcome != Outcome::Unknown);
        let ms = took.map(|took| u32::try_from(took.as_millis()).unwrap_or(u32::MAX));
        self.settle(at, asked.to_owned(), verdict, ms, Vec::new());
        let expected = &self.job.questions[at].expected;
        if let (GreetReply::Talked(session), Expected::Greets(name)) = (&timed.reply, expected)
            && let Some(greeting) = &self.checks[at]
        {
            let total = self.checks.len();
            for check in session::judge::more(greeting, name.as_ref(), session) {
                (self.progress)(Progress { done: self.done, total, check: &check });
                self.further.entry(at).or_default().push(check);
            }
        }
    }

    fn told(&mut self, at: usize, query: &Query, told: Told) {
        let verdict = judge::name(&self.job.questions[at], &told.reply);
        let ms = told.rtt_ms.filter(|_| verdict.outcome != Outcome::Unknown);
        self.settle(at, query.server.to_string(), verdict, ms, told.raw);
    }

    fn finished(&mut self, at: usize, finished: Finished) {
        let Finished { verdict, asked, rtt_ms, raw } = finished;
        self.settle(at, asked, verdict, rtt_ms, raw);
    }

    fn settle(
        &mut self,
        at: usize,
        asked: String,
        verdict: Verdict,
        rtt_ms: Option<u32>,
        raw: Vec<String>,
    ) {
        let question = &self.job.questions[at];
        let definition = match &question.ask {
            Ask::Study(study) => checks::definition(study.check),
            _ => None,
        };
        let text = match definition {
            Some(d) => question.text.replacen(d.id, &format!("{} {}", d.id, d.title), 1),
            None => question.text.clone(),
        };
        let Verdict { outcome, got, reason, ttl, remedy } = verdict;
        let check = Check {
            key: format!("{} {}", self.job.phase_key, question.key),
            also: question.also.clone(),
            evidence: Evidence {
                question: text,
                subject: question.subject.clone(),
                phase: self.job.phase,
                from: question.from.clone(),
                asked,
                expected: question.expected.lines(),
                got,
                outcome,
                reason,
                utc: (self.utc)(),
                ttl,
                rtt_ms,
                facts: question.facts.clone(),
                check: definition.map(|d| d.id.to_owned()).unwrap_or_default(),
                reference: definition.map(|d| d.reference.to_owned()).unwrap_or_default(),
                remedy,
                raw,
            },
        };
        self.done += 1;
        let total = self.checks.len();
        (self.progress)(Progress { done: self.done, total, check: &check });
        self.checks[at] = Some(check);
    }
}
