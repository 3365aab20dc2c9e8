//! The one entry to everything derived: window, command line and report share it.
//!
//! `Analyzer::update(&Project, &Inputs) -> Arc<Analysis>`. It never fails: what it cannot know is
//! `cannot-tell`. Phases whose topology, promises and inputs are as before are kept; that is a cache
//! and nothing more (a test compares with a fresh analyzer). New evidence re-proves nothing that is drawn:
//! only what it contradicts is worked out. Traces and fixes are made on demand.

use crate::{
    model::{
        Project, Subject, Topology,
        beside::Evidence,
        id::PromiseId,
        project::WaiverKey,
        promise::{End, Promise},
        unfold::unfold,
    },
    net::world::{Inputs, World},
    plan::promises::{self, State, Verdict},
    rules::{
        self,
        finding::Finding,
        fix::{self, Case, Fix},
        rule::Severity,
        seen::{self, Seen},
    },
    sim::{deliver, matrix::Matrix, trace::Trace, walk::Simulator},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Everything derived from a project.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// What was analysed.
    pub project: Arc<Project>,
    /// What was taken for granted.
    pub inputs: Arc<Inputs>,
    /// Phase by phase, phase 0 first.
    pub phases: Vec<Arc<PhaseAnalysis>>,
}

/// Everything derived from one phase.
#[derive(Clone, Debug, PartialEq)]
pub struct PhaseAnalysis {
    /// The topology after the phase.
    pub topology: Topology,
    /// The findings, the worst first.
    pub findings: Vec<Finding>,
    /// The promises.
    pub promises: Vec<Verdict>,
    /// All pairs.
    pub pairs: Matrix,
    due: Vec<bool>,
    /// What the drawing alone shows.
    drawn: Vec<Finding>,
    /// What live answers said otherwise when they were gathered.
    evidence: BTreeMap<String, Evidence>,
}

/// Keeps the last analysis, to use again what has not changed.
#[derive(Default)]
pub struct Analyzer {
    last: Option<Arc<Analysis>>,
}

impl Analyzer {
    /// An analyzer that knows nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Analyses a project.
    pub fn update(&mut self, project: &Project, inputs: &Inputs) -> Arc<Analysis> {
        let kept = self
            .last
            .take()
            .filter(|last| *last.inputs == *inputs && last.project.promises == project.promises);
        let phases = unfold(project)
            .into_iter()
            .enumerate()
            .map(|(index, topology)| {
                let due = due(project, index);
                let same = |p: &&Arc<PhaseAnalysis>| p.topology == topology && p.due == due;
                let known = kept.as_ref().and_then(|last| last.phases.iter().find(same));
                let evidence = seen::of_phase(project, index);
                match known {
                    Some(known) if known.evidence == evidence => Arc::clone(known),
                    // What the drawing shows stays proved.
                    Some(known) => Arc::new(known.as_ref().clone().observed(evidence, inputs)),
                    None => {
                        let drawn = phase(project, index, topology, inputs, due);
                        Arc::new(drawn.observed(evidence, inputs))
                    }
                }
            })
            .collect();
        let analysis = Arc::new(Analysis {
            project: Arc::new(project.clone()),
            inputs: Arc::new(inputs.clone()),
            phases,
        });
        self.last = Some(Arc::clone(&analysis));
        analysis
    }
}

/// Which promises are due in a phase, in the order of their ids.
fn due(project: &Project, phase: usize) -> Vec<bool> {
    let from = |promise: &Promise| {
        promise.from_phase.as_ref().and_then(|id| project.phase_of(id)).unwrap_or(0)
    };
    project.promises.values().map(|promise| phase >= from(promise)).collect()
}

fn phase(
    project: &Project,
    index: usize,
    topology: Topology,
    inputs: &Inputs,
    due: Vec<bool>,
) -> PhaseAnalysis {
    let world = World::new(&topology, inputs, &BTreeSet::new());
    let simulator = Simulator::new(&world);
    let findings = rules::check(&simulator);
    let promises = promises::check(project, index, &topology, inputs, &simulator);
    let pairs = Matrix::new(&simulator);
    drop(simulator);
    drop(world);
    let (drawn, evidence) = (findings.clone(), BTreeMap::new());
    PhaseAnalysis { topology, findings, promises, pairs, due, drawn, evidence }
}

impl PhaseAnalysis {
    /// With the findings that live answers make, in place of those that others made.
    fn observed(mut self, evidence: BTreeMap<String, Evidence>, inputs: &Inputs) -> Self {
        self.findings.clone_from(&self.drawn);
        if !evidence.is_empty() {
            let seen = Seen {
                topology: &self.topology,
                inputs,
                drawn: &self.drawn,
                pairs: &self.pairs,
                answers: seen::answers(&self.topology, inputs, &evidence),
            };
            let more = rules::check_observed(&seen);
            self.findings.extend(more);
            self.findings = rules::sorted(self.findings);
        }
        self.evidence = evidence;
        self
    }
}

/// The trace of a message in one topology, with these failures.
pub fn trace(
    topology: &Topology,
    inputs: &Inputs,
    from: &End,
    to: &End,
    failures: &BTreeSet<Subject>,
) -> Trace {
    deliver::trace(&World::new(topology, inputs, failures), from, to)
}

/// Analyses a project from scratch.
pub fn analyse(project: &Project) -> Arc<Analysis> {
    Analyzer::new().update(project, &Inputs::of(project))
}

/// The worst that a phase shows, for the phase bar and the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Worst {
    /// Nothing worse than a warning.
    Fine,
    /// A fact is missing, and nothing is worse.
    CannotTell,
    /// An error or a broken promise.
    Broken,
}

impl Analysis {
    /// The trace of a message in a phase, with these failures.
    pub fn trace(&self, phase: usize, from: &End, to: &End, failures: &BTreeSet<Subject>) -> Trace {
        trace(&self.phases[phase].topology, &self.inputs, from, to, failures)
    }

    /// The fixes of a finding of a phase, proved.
    pub fn fixes(&self, phase: usize, finding: &Finding) -> Vec<Fix> {
        let topologies: Vec<Topology> = self.phases.iter().map(|p| p.topology.clone()).collect();
        let case = Case {
            project: &self.project,
            inputs: &self.inputs,
            topologies: &topologies,
            phase,
            keeps: &|at, topology| self.keeps_promises(at, topology),
        };
        fix::fixes(&case, finding)
    }

    /// Whether a phase with another topology breaks no promise, and leaves none open that it kept.
    fn keeps_promises(&self, phase: usize, topology: &Topology) -> bool {
        if self.project.promises.is_empty() {
            return true;
        }
        let world = World::new(topology, &self.inputs, &BTreeSet::new());
        let simulator = Simulator::new(&world);
        let after = promises::check(&self.project, phase, topology, &self.inputs, &simulator);
        self.phases[phase].promises.iter().zip(&after).all(|(before, after)| match before.state {
            State::Kept => after.state == State::Kept,
            State::CannotTell => after.state != State::Broken,
            State::Broken | State::NotApplicable => true,
        })
    }

    /// The reason for which a finding is waived, if it is.
    pub fn waived(&self, finding: &Finding) -> Option<&str> {
        let key =
            WaiverKey { code: finding.rule.code.to_owned(), subject: finding.subject.clone() };
        self.project.waivers.get(&key).map(String::as_str)
    }

    /// The worst that a phase shows; waived findings do not count.
    pub fn worst(&self, phase: usize) -> Worst {
        let this = &self.phases[phase];
        let live = || this.findings.iter().filter(|f| self.waived(f).is_none());
        let promise = |state| this.promises.iter().any(|p| p.state == state);
        if live().any(|f| f.severity == Severity::Error) || promise(State::Broken) {
            Worst::Broken
        } else if live().any(|f| f.severity == Severity::CannotTell) || promise(State::CannotTell) {
            Worst::CannotTell
        } else {
            Worst::Fine
        }
    }

    /// The trace that breaks a promise, or shows why it cannot be told.
    pub fn counterexample(&self, phase: usize, id: &PromiseId) -> Option<Trace> {
        let verdict = self.phases[phase].promises.iter().find(|v| v.id == *id)?;
        let (from, to) = verdict.counterexample.as_ref()?;
        let promise: &BTreeMap<PromiseId, Promise> = &self.project.promises;
        let given = promises::given(&promise.get(id)?.demand);
        Some(self.trace(phase, from, to, &given))
    }
}
