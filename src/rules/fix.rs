//! Fixes: cures that were proved before they are offered.
//!
//! A cure is carried out on a draft, in the phase asked for and in every later one that needs an edit
//! of its own; then all phases are checked anew. It is offered only if the finding is gone from that
//! phase on and no phase has an error that it did not have before. Where the live network contradicts the
//! drawing, drawing what was observed is offered as well: it is proved to end the contradiction and to
//! show no error but those that the finding tells of. A cure outside of the plan is shown unproved.

use super::{check, finding::Finding, rule::Severity, seen, wanted::Wanted};
use crate::{
    model::{
        Project, Subject, Topology,
        change::{ChangeError, apply},
        edit::Edit,
        editing::edit_all,
        unfold::unfold,
    },
    net::world::{Inputs, World},
    sim::walk::Simulator,
};
use std::collections::BTreeSet;

/// How far a fix may be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// It changes nothing else.
    Safe,
    /// It leans on an assumption, or changes what others see: read it first.
    Review,
    /// It is shown, not applied: somebody else has to do it.
    ShowOnly,
}

impl Trust {
    /// The word, as the command line writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Review => "review",
            Self::ShowOnly => "show-only",
        }
    }
}

/// A fix that is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it makes hold.
    pub wanted: Wanted,
    /// What is done.
    pub title: String,
    /// How far it may be trusted.
    pub trust: Trust,
    /// The earliest phase in which it can stand.
    pub earliest: usize,
}

/// A finding in the phase in which it was made, with its project.
pub struct Case<'p> {
    /// The project.
    pub project: &'p Project,
    /// What is taken for granted.
    pub inputs: &'p Inputs,
    /// The topology of each phase.
    pub topologies: &'p [Topology],
    /// The phase's index.
    pub phase: usize,
    /// Whether a phase with another topology keeps what it kept before: the promises, which rules do
    /// not know.
    pub keeps: &'p dyn Fn(usize, &Topology) -> bool,
}

/// The fixes of a finding, each proved to stand where it says.
pub fn fixes(case: &Case<'_>, finding: &Finding) -> Vec<Fix> {
    let before: Vec<_> = case.topologies.iter().map(|t| errors(t, case.inputs)).collect();
    (finding.rule.cures)(&case.topologies[case.phase], finding)
        .into_iter()
        .filter_map(|wanted| {
            if let Wanted::AsDrawn(_) = wanted {
                // Nothing of the plan changes, so nothing is to be proved.
                let title = wanted.title(&case.topologies[case.phase]);
                let (trust, earliest) = (Trust::ShowOnly, case.phase);
                return Some(Fix { wanted, title, trust, earliest });
            }
            let proved = |phase: usize| proves(case, finding, &wanted, phase, &before);
            if !proved(case.phase) {
                return None;
            }
            let before = if is_observed(&wanted) { 0 } else { case.phase };
            let earliest = (0..before)
                .find(|phase| wanted.possible(&case.topologies[*phase]) && proved(*phase))
                .unwrap_or(case.phase);
            let title = wanted.title(&case.topologies[case.phase]);
            let trust = trust(&wanted);
            Some(Fix { wanted, title, trust, earliest })
        })
        .collect()
}

fn trust(wanted: &Wanted) -> Trust {
    match wanted {
        Wanted::InsideName(_) => Trust::Safe,
        Wanted::Bound(_) | Wanted::InsideZone(..) | Wanted::AsObserved(..) => Trust::Review,
        // The provider's zone: the client can only ask for it.
        Wanted::ReverseName(..) | Wanted::AsDrawn(_) => Trust::ShowOnly,
    }
}

/// Whether it draws what was observed, which was asked about one phase and says nothing of others.
fn is_observed(wanted: &Wanted) -> bool {
    matches!(wanted, Wanted::AsObserved(..))
}

/// The edits of a fix when it is made in that phase, each with the phase that receives it: later
/// phases get edits of their own where they would undo it.
///
/// # Errors
/// When an edit does not fit the project.
pub fn edits(
    project: &Project,
    wanted: &Wanted,
    phase: usize,
) -> Result<Vec<(usize, Edit)>, ChangeError> {
    let mut draft = project.clone();
    let mut made = BTreeSet::new();
    let mut all = Vec::new();
    let end = if is_observed(wanted) { phase + 1 } else { project.phase_count() };
    for at in phase..end {
        let topologies = unfold(&draft);
        let edits: Vec<_> =
            wanted.edits(&topologies[at], &mut made).into_iter().map(|e| (at, e)).collect();
        if edits.is_empty() {
            continue;
        }
        let change = edit_all(&draft, edits.clone())?;
        apply(&mut draft, change)?;
        all.extend(edits);
    }
    Ok(all)
}

fn proves(
    case: &Case<'_>,
    finding: &Finding,
    wanted: &Wanted,
    phase: usize,
    before: &[BTreeSet<(&'static str, Subject)>],
) -> bool {
    let Ok(edits) = edits(case.project, wanted, phase) else { return false };
    if edits.is_empty() {
        return false;
    }
    let mut draft = case.project.clone();
    let carried_out = edit_all(case.project, edits).and_then(|change| apply(&mut draft, change));
    if carried_out.is_err() {
        return false;
    }
    // What the live network does already is no new error when the drawing says so too.
    let known = finding.observed.as_ref().map(|o| o.brings.clone()).unwrap_or_default();
    let draws = is_observed(wanted);
    unfold(&draft).iter().enumerate().all(|(at, topology)| {
        if at == phase && draws && seen::contradicts(&draft, at, topology, case.inputs, finding) {
            return false;
        }
        let world = World::new(topology, case.inputs, &BTreeSet::new());
        let findings = check(&Simulator::new(&world));
        let gone = at < phase || !findings.iter().any(|f| is_same_fault(f, finding));
        let mut errors = error_keys(&findings);
        if draws {
            errors.retain(|error| !known.contains(error));
        }
        gone && errors.is_subset(&before[at]) && (draws || (case.keeps)(at, topology))
    })
}

/// Whether two findings are of the same fault: about the same subject, and where one of its targets is
/// at fault, about the same target. A later phase that puts another one in its place has its own.
fn is_same_fault(a: &Finding, b: &Finding) -> bool {
    a.rule.code == b.rule.code && a.subject == b.subject && a.also.first() == b.also.first()
}

fn errors(topology: &Topology, inputs: &Inputs) -> BTreeSet<(&'static str, Subject)> {
    let world = World::new(topology, inputs, &BTreeSet::new());
    error_keys(&check(&Simulator::new(&world)))
}

fn error_keys(findings: &[Finding]) -> BTreeSet<(&'static str, Subject)> {
    findings
        .iter()
        .filter(|f| f.severity == Severity::Error)
        .map(|f| (f.rule.code, f.subject.clone()))
        .collect()
}
