//! What panels need of the analysis, made once a revision and phase: headlines of findings.

use super::{panels::inspector::resolves::Told, state::Plan, words};
use crate::{
    model::{Topology, promise::End},
    net::world::{Inputs, World},
    rules::{finding::Finding, rule::Severity},
    sim::{deliver, trace::Disposition, walk::Simulator},
};
use std::collections::BTreeSet;

/// What a finding says: the consequence first, then the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headline {
    /// The consequence.
    pub title: String,
    /// The reason with its facts; empty where the title says all.
    pub reason: String,
}

/// The headlines of one phase's findings.
#[derive(Default)]
pub struct Derived {
    key: Option<(u64, usize)>,
    /// One a finding, in the analysis's order.
    pub headlines: Vec<Headline>,
    /// What the listener's name that was shown last resolves to, by revision, phase and name.
    pub(super) resolved: Option<((u64, usize, String), Vec<Told>)>,
}

/// Makes what is missing.
pub(super) fn refresh(plan: &mut Plan) {
    let phase = plan.phase.min(plan.analysis().phases.len() - 1);
    let key = Some((plan.workspace.analysed_revision(), phase));
    if plan.derived.key == key {
        return;
    }
    let analysis = plan.analysis();
    let found = &analysis.phases[phase];
    let headlines = headlines(&found.topology, &analysis.inputs, &found.findings);
    plan.derived = Derived { key, headlines, resolved: None };
}

fn headlines(topology: &Topology, inputs: &Inputs, findings: &[Finding]) -> Vec<Headline> {
    let failures = BTreeSet::new();
    let world = World::new(topology, inputs, &failures);
    let simulator = Simulator::new(&world);
    let fate = |from: &End, to: &End| deliver::disposition(&simulator, from, to);
    findings.iter().map(|finding| headline(topology, finding, fate)).collect()
}

fn headline(
    topology: &Topology,
    finding: &Finding,
    fate: impl Fn(&End, &End) -> Disposition,
) -> Headline {
    if matches!(finding.severity, Severity::Error | Severity::CannotTell)
        && let Some((from, to)) = &finding.evidence
    {
        let disposition = fate(from, to);
        if !disposition.arrived() {
            let title = format!(
                "Mail from {} to {} {}",
                place(topology, from),
                place(topology, to),
                words::fate(disposition)
            );
            return Headline { title, reason: finding.message.clone() };
        }
    }
    let message = &finding.message;
    let cut = [": ", "; ", ", so "].iter().filter_map(|mark| Some((message.find(mark)?, *mark)));
    match cut.min_by_key(|(at, _)| *at) {
        Some((at, mark)) if at > 12 => {
            let rest = message[at + mark.len()..].trim();
            let rest = if mark == ", so " { format!("so {rest}") } else { rest.to_owned() };
            Headline { title: message[..at].to_owned(), reason: words::sentence(&rest) }
        }
        _ => Headline { title: message.clone(), reason: String::new() },
    }
}

/// An end by the place where its server stands, so that the headline reads as people speak; by its
/// own name where that says less.
fn place(topology: &Topology, end: &End) -> String {
    words::end(topology, end)
}
