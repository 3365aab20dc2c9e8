//! What the plan says to all that may be asked of it: what tells fresh evidence from stale.

use super::{Occasion, Question, catalogue};
use crate::{
    model::{Project, Topology, beside::Evidence, unfold::unfold},
    net::world::Inputs,
};
use std::collections::BTreeSet;

/// What the present plan says, phase by phase, to all that may be asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    phases: Vec<BTreeSet<String>>,
}

impl Facts {
    /// The facts of a project, of all phases and asked from everywhere.
    pub fn of(project: &Project) -> Self {
        let topologies = unfold(project);
        Self::of_phases(&topologies.iter().collect::<Vec<_>>(), &Inputs::of(project))
    }

    /// The same where the phases are unfolded already, in their order.
    pub fn of_phases(topologies: &[&Topology], inputs: &Inputs) -> Self {
        let facts = |(phase, topology): (usize, &&Topology)| {
            let before = phase.checked_sub(1).and_then(|before| topologies.get(before).copied());
            let occasion = Occasion::complete(before);
            all_of(topology, inputs, &occasion).map(|question| question.facts).collect()
        };
        Self { phases: topologies.iter().enumerate().map(facts).collect() }
    }

    /// Whether the plan no longer says what it said when the evidence was gathered.
    pub fn are_stale_in(&self, evidence: &Evidence) -> bool {
        self.phases.get(evidence.phase).is_none_or(|facts| !facts.contains(&evidence.facts))
    }
}

/// All that may be asked of a topology, from each site and from nowhere in particular.
pub fn all_of<'a>(
    topology: &'a Topology,
    inputs: &'a Inputs,
    occasion: &'a Occasion<'a>,
) -> impl Iterator<Item = Question> + 'a {
    let sites = topology.sites.keys().map(Some).chain([None]);
    sites.flat_map(|from| catalogue(topology, inputs, from, occasion))
}
