//! What all sections share: the analysis, the cases, and the symbols of verdicts.

use super::{
    ReportOptions,
    cases::{self, Case},
    document::{Mark, Style, Text},
};
use crate::{
    analysis::Analysis,
    diagram::{
        self,
        scene::{Lens, Scene},
    },
    model::{
        ObjectId, Subject, Topology,
        beside::{Evidence, Outcome},
        promise::End,
    },
    plan::promises::State,
    rules::rule::Severity,
    sim::{
        expected::Facts,
        trace::{Disposition, Step},
    },
};
use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet},
};

/// What all sections share.
pub struct Context<'a> {
    /// What was analysed.
    pub(super) analysis: &'a Analysis,
    /// What the handover is made for.
    pub(super) options: &'a ReportOptions,
    /// The findings, each once.
    pub(super) cases: Vec<Case>,
    /// The evidence of each object, by its keys.
    about: BTreeMap<&'a Subject, Vec<(&'a String, &'a Evidence)>>,
    /// What is drawn, where that is not what is analysed.
    drawn: Option<&'a Analysis>,
    /// The keys of the evidence that the plan has outgrown: it says something else by now.
    stale: BTreeSet<String>,
    /// The drawing of each phase, made when it is first asked for.
    scenes: Vec<OnceCell<Scene>>,
}

impl<'a> Context<'a> {
    /// The context of a plan.
    pub(super) fn new(
        analysis: &'a Analysis,
        drawn: Option<&'a Analysis>,
        options: &'a ReportOptions,
    ) -> Self {
        let mut about: BTreeMap<&Subject, Vec<(&String, &Evidence)>> = BTreeMap::new();
        for (key, one) in &analysis.project.evidence {
            about.entry(&one.subject).or_default().push((key, one));
        }
        let (cases, stale) = (cases::cases(analysis), stale(analysis));
        let scenes = analysis.phases.iter().map(|_| OnceCell::new()).collect();
        Self { analysis, options, cases, about, drawn, stale, scenes }
    }

    /// The drawing of a phase as the window shows it, with what is drawn for this reader.
    pub(super) fn scene(&self, phase: usize) -> &Scene {
        let build = || diagram::build::build(self.drawn(), phase, Lens::Mail);
        self.scenes[phase].get_or_init(build)
    }

    /// The topology after the last phase.
    pub(super) fn last(&self) -> &'a Topology {
        &self.analysis.phases[self.analysis.phases.len() - 1].topology
    }

    /// What is drawn: for the client with other names.
    pub(super) fn drawn(&self) -> &Analysis {
        self.drawn.unwrap_or(self.analysis)
    }

    /// The evidence about something, the latest of each side and site last.
    pub(super) fn evidence(&self, about: &Subject) -> &[(&'a String, &'a Evidence)] {
        self.about.get(about).map_or(&[], Vec::as_slice)
    }

    /// What was measured of something, with the mark of the worst that still holds; never a pass where
    /// nothing was measured.
    pub(super) fn measured(&self, about: &Subject) -> (Mark, Text) {
        let list = self.evidence(about);
        let fresh: Vec<&Evidence> =
            list.iter().filter(|(key, _)| !self.is_stale(key)).map(|(_, one)| *one).collect();
        let worst = |one: &&&Evidence| match one.outcome {
            Outcome::Fail => 0,
            Outcome::Warn => 1,
            Outcome::Unknown => 2,
            Outcome::Info => 3,
            Outcome::Pass => 4,
            Outcome::NotApplicable => 5,
        };
        match (fresh.iter().min_by_key(worst), list.is_empty()) {
            (Some(one), _) => (of_outcome(one.outcome), told(one)),
            (None, false) => {
                (Mark::Unknown, Text::weak("stale: the plan says something else by now"))
            }
            (None, true) => (Mark::Unknown, Text::weak("not measured")),
        }
    }

    /// Whether a piece of evidence is stale, by its key.
    pub(super) fn is_stale(&self, key: &str) -> bool {
        self.stale.contains(key)
    }

    /// How much evidence is stale.
    pub(super) fn stale_count(&self) -> usize {
        self.stale.len()
    }

    /// The evidence that still speaks of this plan.
    pub(super) fn fresh(&self) -> impl Iterator<Item = &'a Evidence> {
        let all = self.analysis.project.evidence.iter();
        all.filter(|(key, _)| !self.is_stale(key)).map(|(_, evidence)| evidence)
    }

    /// A phase as a sentence names it: `phase 3, Two routing groups`.
    pub(super) fn phase(&self, at: usize) -> String {
        format!("phase {at}, {}", self.analysis.project.phase_title(at))
    }

    /// The cases of that severity that nobody waived.
    pub(super) fn open(&self, severity: Severity) -> impl Iterator<Item = &Case> {
        self.cases
            .iter()
            .filter(move |case| case.waived.is_none() && case.finding.severity == severity)
    }
}

/// What came, from whom, when.
fn told(one: &Evidence) -> Text {
    let got = if one.got.is_empty() { "nothing".to_owned() } else { one.got.join(", ") };
    let utc = one.utc.replace('T', " ").trim_end_matches('Z').to_owned();
    Text::styled(Style::Mono, got).and(Style::Weak, format!(" {}, {utc} UTC", one.asked))
}

/// The keys of the evidence that is stale. What every phase is asked is derived only where there is
/// evidence to hold against it.
fn stale(analysis: &Analysis) -> BTreeSet<String> {
    let evidence = &analysis.project.evidence;
    if evidence.is_empty() {
        return BTreeSet::new();
    }
    let phases: Vec<&Topology> = analysis.phases.iter().map(|phase| &phase.topology).collect();
    let facts = Facts::of_phases(&phases, &analysis.inputs);
    evidence.iter().filter(|(_, e)| facts.are_stale_in(e)).map(|(key, _)| key.clone()).collect()
}

/// The mark of a finding's severity.
pub(super) fn of_severity(severity: Severity) -> Mark {
    match severity {
        Severity::Error => Mark::Error,
        Severity::Warning => Mark::Warning,
        Severity::CannotTell => Mark::Unknown,
        Severity::Note => Mark::Note,
    }
}

/// The mark of a promise.
pub(super) fn of_state(state: State) -> Mark {
    match state {
        State::Kept => Mark::Pass,
        State::Broken => Mark::Error,
        State::CannotTell => Mark::Unknown,
        State::NotApplicable => Mark::Dash,
    }
}

/// The mark of a trace.
pub(super) fn of_disposition(disposition: Disposition) -> Mark {
    match disposition {
        Disposition::Delivered => Mark::Pass,
        Disposition::LeftForInternet => Mark::Note,
        Disposition::CannotTell => Mark::Unknown,
        _ => Mark::Error,
    }
}

/// The mark of a step of a trace.
pub(super) fn of_step(step: &Step) -> Mark {
    match (step.ok, step.doubt) {
        (false, _) => Mark::Error,
        (true, true) => Mark::Warning,
        (true, false) => Mark::Pass,
    }
}

/// The mark of a live check.
pub(super) fn of_outcome(outcome: Outcome) -> Mark {
    match outcome {
        Outcome::Pass => Mark::Pass,
        Outcome::Info => Mark::Note,
        Outcome::Warn => Mark::Warning,
        Outcome::Fail => Mark::Error,
        Outcome::Unknown => Mark::Unknown,
        Outcome::NotApplicable => Mark::Dash,
    }
}

/// An end of a message's way as people say it.
pub(super) fn end(topology: &Topology, end: &End) -> String {
    match end {
        End::Server(id) => super::values::name_of_server(topology, id),
        End::Site(id) => super::values::name_of_site(topology, id),
        End::Internet => "the Internet".to_owned(),
        End::Address(address) => address.to_string(),
    }
}

/// A subject as people say it: a listener with its server, a record with its type.
pub(super) fn subject(topology: &Topology, subject: &Subject) -> String {
    match subject.object(topology) {
        Some(ObjectId::Listener(id)) => {
            let server = super::values::name_of_server(topology, &id.server);
            format!("{server}, {}", topology.name(&ObjectId::Listener(id)))
        }
        Some(ObjectId::Record(id)) => format!("{} {}", id.name, id.kind.name().to_uppercase()),
        Some(id) => topology.name(&id),
        None => subject.to_string(),
    }
}

/// A count with its word: `1 step`, `3 steps`.
pub(super) fn count(number: usize, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
}
