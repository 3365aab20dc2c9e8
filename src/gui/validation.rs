//! Live checks in the window: what is filled in, what would be contacted, what runs, what came.
//! Nothing is sent from here: [`super::tasks`] sends, and only what somebody has confirmed.

use super::{state::Plan, words};
use crate::{
    model::{
        ObjectId, Project, Subject, Topology,
        beside::{Evidence, Outcome},
        id::SiteId,
    },
    net::world::Inputs,
    probe::{
        Check, Delegates, Job, NoAnswer, Route,
        evidence::{Facts, Was, phase_key, seconds},
        live, route,
    },
    sim::expected::{self, Ask, Occasion, Question, Side, catalogue},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::Arc,
};

/// The outcomes, the worst first: the order of the list, and what a badge shows.
pub const WORST_FIRST: [Outcome; 6] = [
    Outcome::Fail,
    Outcome::Warn,
    Outcome::Unknown,
    Outcome::Info,
    Outcome::Pass,
    Outcome::NotApplicable,
];

/// What the validation panel holds.
#[derive(Default)]
pub struct Validation {
    /// What is filled in.
    pub draft: Draft,
    /// The run that goes on.
    pub run: Option<Run>,
    /// How the last run ended.
    pub said: String,
    /// Outcomes that are not listed.
    pub hidden: BTreeSet<Outcome>,
    /// Whether stale evidence is left out of the list.
    pub hide_stale: bool,
    /// What the last run changed, by the question's key.
    pub changed: BTreeMap<String, Was>,
    /// Whether only what the last run changed is listed.
    pub only_changed: bool,
    /// Places from which nothing is listed; none: the place was not said.
    pub hidden_places: BTreeSet<Option<SiteId>>,
    /// The answer that is open, by its key.
    pub open: Option<String>,
    /// What the plan says by now, of which revision.
    pub facts: Option<(u64, Facts)>,
    /// The revision whose facts are being made.
    pub facts_pending: Option<u64>,
}

/// What is filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The site where this is run; none: not said.
    pub from: Option<SiteId>,
    /// The inside resolver; empty: the one that this machine asks.
    pub inside: String,
    /// The outside resolver; empty: outside questions are not asked.
    pub outside: String,
    /// Whether sessions are held with the plan's SMTP listeners.
    pub smtp: bool,
    /// Whether they are asked as well to relay for a stranger.
    pub relay_test: bool,
    /// Whether the outside zones' own name servers are asked as well.
    pub authoritative: bool,
    /// Whether the MTA-STS policies are fetched from their web servers.
    pub policies: bool,
    /// Whether it is asked again and again until all is as planned.
    pub watch: bool,
    /// Planned addresses and the test addresses that stand for them, one pair a line.
    pub map: String,
}

/// A run that goes on.
#[derive(Debug)]
pub struct Run {
    /// The phase that is asked about.
    pub phase: usize,
    /// The phase's key.
    pub phase_key: String,
    /// All questions.
    pub total: usize,
    /// Those that have their verdict.
    pub checks: Vec<Check>,
    /// Whether somebody has cancelled it.
    pub cancelled: bool,
    /// How often all was asked already, while it is watched.
    pub rounds: usize,
    /// Whether the next verdict is the first of a new round.
    pub anew: bool,
    /// What the last round said.
    pub told: String,
}

/// A run that waits to be confirmed: what would be contacted, and nothing else.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The plan's workspace.
    pub serial: u64,
    /// The phase in words.
    pub phase: String,
    /// What would be done.
    pub job: Job,
    /// The drawing that is asked about.
    pub topology: Arc<Topology>,
    /// Whether it would be done until all is as planned.
    pub watch: bool,
    /// Everybody who would be contacted.
    pub contacts: Vec<Contacted>,
    /// The zones' own name servers who would be contacted as well.
    pub delegates: Vec<Delegates>,
    /// Questions that nobody is asked, by the reason.
    pub unasked: BTreeMap<String, usize>,
}

/// Somebody who would be contacted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contacted {
    /// Address and port.
    pub address: SocketAddr,
    /// What for, and for whom it stands.
    pub what: String,
    /// How many questions go there.
    pub questions: usize,
}

impl Draft {
    /// The inside resolver.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn inside(&self) -> Result<Option<SocketAddr>, String> {
        read(&self.inside)
    }

    /// The outside resolver.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn outside(&self) -> Result<Option<SocketAddr>, String> {
        read(&self.outside)
    }

    /// Whom planned addresses stand for: a route with nothing but its mappings.
    ///
    /// # Errors
    /// What is expected instead, or which address is told twice.
    pub fn map(&self) -> Result<Route, String> {
        let mut route = Route::default();
        for line in self.map.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if route.map_to(route::mapping(line)?) {
                let planned = line.split('=').next().unwrap_or(line);
                return Err(format!("{planned} is mapped twice"));
            }
        }
        Ok(route)
    }
}

fn read(text: &str) -> Result<Option<SocketAddr>, String> {
    let text = text.trim();
    if text.is_empty() { Ok(None) } else { route::resolver(text).map(Some) }
}

/// What would be asked of whom if the draft were carried out now. Contacts nobody: at most the
/// system's settings are read for its resolver.
///
/// # Errors
/// When something is filled in that does not read, or nothing is planned that could be asked.
pub fn prepare(plan: &Plan) -> Result<Prepared, String> {
    let draft = &plan.validation.draft;
    let (inside, outside, mapped) = (draft.inside()?, draft.outside()?, draft.map()?);
    let (project, topology) = (plan.workspace.project(), plan.topology());
    let from = draft.from.as_ref().filter(|site| topology.sites.contains_key(*site));
    if draft.from.is_some() && from.is_none() {
        return Err("the site where this is run is not in this phase".to_owned());
    }
    let authoritative = draft.authoritative;
    let occasion = Occasion { authoritative, ..Occasion::default() };
    let all = catalogue(topology, &Inputs::of(project), from, &occasion);
    let asks_inside = |q: &Question| q.ask.side() == Some(Side::Inside);
    let (inside, no_inside) = match inside {
        Some(address) => (Some(address), String::new()),
        None if !all.iter().any(asks_inside) => (None, String::new()),
        None => match live::system_resolver() {
            Ok(address) => (Some(address), String::new()),
            Err(why) => (None, format!("no inside resolver was named, and {why}")),
        },
    };
    let (smtp, relay_test, policies) = (draft.smtp, draft.smtp && draft.relay_test, draft.policies);
    let route =
        Route { inside, no_inside, outside, smtp, relay_test, authoritative, policies, ..mapped };
    if let Some(idle) = route.idle(&expected::questions(topology, &Inputs::of(project), None)) {
        return Err(idle);
    }
    let questions = route.wanted(all);
    if questions.is_empty() {
        return Err("nothing is planned in this phase that could be asked".to_owned());
    }
    let contacts = contacts(topology, &route, &questions);
    let delegates = route.delegates(&questions);
    let mut unasked: BTreeMap<String, usize> = BTreeMap::new();
    for why in questions.iter().filter_map(|question| route.target(question).err()) {
        *unasked.entry(why.to_string()).or_default() += 1;
    }
    let phase_key = phase_key(project, plan.phase);
    Ok(Prepared {
        serial: plan.serial(),
        phase: words::phase(project, plan.phase),
        job: Job { phase: plan.phase, phase_key, questions, route },
        topology: Arc::new(topology.clone()),
        watch: draft.watch,
        contacts,
        delegates,
        unasked,
    })
}

/// Everybody who would be contacted, with whose planned address it is.
fn contacts(topology: &Topology, route: &Route, questions: &[Question]) -> Vec<Contacted> {
    let mut hosts: BTreeMap<SocketAddr, BTreeSet<String>> = BTreeMap::new();
    for question in questions {
        if let (Ask::Greeting { server, at }, Ok(target)) = (&question.ask, route.target(question))
        {
            let name = topology.servers.get(server).map_or(server.as_str(), |s| s.name.as_str());
            let stands = if target.address() == *at {
                name.to_owned()
            } else {
                format!("{name}, in place of {at}")
            };
            hosts.entry(target.address()).or_default().insert(stands);
        }
    }
    let whose = |what: &str, address: SocketAddr| match hosts.get(&address) {
        Some(names) if what == "SMTP session" => {
            format!("{what}: {}", names.iter().cloned().collect::<Vec<_>>().join("; "))
        }
        _ => what.to_owned(),
    };
    let all = route.contacts(questions).into_iter();
    all.map(|contact| Contacted {
        address: contact.address,
        what: words::sentence(&whose(contact.what, contact.address)),
        questions: contact.questions,
    })
    .collect()
}

/// An answer in the list.
#[derive(Clone, Copy, Debug)]
pub struct Row<'p> {
    /// Its key.
    pub key: &'p str,
    /// The evidence.
    pub evidence: &'p Evidence,
    /// Whether the plan says something else by now.
    pub stale: bool,
}

impl Validation {
    /// Whether the plan says something else by now than when the evidence was gathered. As long as
    /// that is being compared, none is called stale, and the panel says so.
    fn is_stale(&self, evidence: &Evidence) -> bool {
        self.facts.as_ref().is_some_and(|(_, facts)| facts.are_stale_in(evidence))
    }
}

/// The evidence of the phase that is shown; while a run of it goes on, what has answered so far.
pub fn rows(plan: &Plan) -> Vec<Row<'_>> {
    let project = plan.workspace.project();
    let own = format!("{} ", phase_key(project, plan.phase));
    if let Some(run) = plan.validation.run.as_ref().filter(|run| own.trim_end() == run.phase_key) {
        return sorted(run.checks.iter().map(|c| Row {
            key: &c.key,
            evidence: &c.evidence,
            stale: false,
        }));
    }
    sorted(kept(project, &own).map(|(key, evidence)| Row {
        key,
        evidence,
        stale: plan.validation.is_stale(evidence),
    }))
}

/// Whether a row is listed, by what is filtered.
pub fn is_listed(state: &Validation, row: &Row<'_>) -> bool {
    let by_outcome =
        if row.stale { !state.hide_stale } else { !state.hidden.contains(&row.evidence.outcome) };
    let by_change = !state.only_changed || state.changed.contains_key(row.key);
    by_outcome && by_change && !state.hidden_places.contains(&row.evidence.from)
}

/// What a round of a watch says: how much is not yet as planned, and until when it may be remembered.
pub fn round_told(checks: &[Check]) -> String {
    let open = |check: &&Check| {
        matches!(check.evidence.outcome, Outcome::Fail | Outcome::Warn | Outcome::Unknown)
    };
    let open: Vec<&Check> = checks.iter().filter(open).collect();
    let end = |check: &&Check| Some(seconds(&check.evidence.utc)? + u64::from(check.evidence.ttl?));
    let text = words::count(open.len(), "answer is", "answers are");
    match open.iter().filter_map(end).max() {
        Some(end) => {
            let end = words::utc(&live::utc_text(end));
            format!("{text} not as planned; what was told may be remembered until {end}")
        }
        None => format!("{text} not as planned"),
    }
}

/// Whether there is evidence of the phase that is shown.
pub fn is_measured(plan: &Plan) -> bool {
    let project = plan.workspace.project();
    kept(project, &format!("{} ", phase_key(project, plan.phase))).next().is_some()
}

/// The evidence whose keys begin so.
fn kept<'p>(project: &'p Project, own: &str) -> impl Iterator<Item = (&'p String, &'p Evidence)> {
    let own = own.to_owned();
    let from = project.evidence.range(own.clone()..);
    from.take_while(move |(key, _)| key.starts_with(&own))
}

fn sorted<'p>(rows: impl Iterator<Item = Row<'p>>) -> Vec<Row<'p>> {
    let mut rows: Vec<Row<'p>> = rows.collect();
    rows.sort_by_key(|row| {
        let at = WORST_FIRST.iter().position(|outcome| *outcome == row.evidence.outcome);
        // What is stale has to be asked anew: it is not hidden behind what passes, and what failed
        // stays where it was.
        let stale = WORST_FIRST.iter().position(|outcome| *outcome == Outcome::Unknown);
        // What mail leans on by itself comes before the records that it leans on.
        let record = matches!(row.evidence.subject, Subject::Object(ObjectId::Record(_)));
        (if row.stale { at.min(stale) } else { at }, !row.stale, record, row.key)
    });
    rows
}

/// What of a run that was cancelled or broke off is kept: what had answered, and what would not
/// answer; not what nobody waited for.
pub fn answered(checks: Vec<Check>) -> Vec<Check> {
    let cancelled = NoAnswer::Cancelled.to_string();
    let given_up = |check: &Check| {
        check.evidence.outcome == Outcome::Unknown && check.evidence.reason == cancelled
    };
    checks.into_iter().filter(|check| !given_up(check)).collect()
}
