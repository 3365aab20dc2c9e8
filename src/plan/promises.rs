//! Checking promises: kept, broken with a counterexample, not to be told, or not yet due.

use crate::{
    model::{
        Project, Subject, Topology,
        id::{LinkId, PromiseId, SiteId},
        name::Fqdn,
        promise::{Demand, End, Promise},
        unfold::{Note, promise_notes},
    },
    net::{
        reach::Reach,
        world::{Inputs, World},
    },
    sim::{
        deliver::{self, Sent},
        trace::Disposition,
        walk::{LegEnd, Simulator, Walk},
    },
};
use std::collections::BTreeSet;

/// How a promise stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It holds.
    Kept,
    /// It does not.
    Broken,
    /// A fact is missing.
    CannotTell,
    /// It does not hold yet.
    NotApplicable,
}

impl State {
    /// The word, as the command line writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Broken => "broken",
            Self::CannotTell => "cannot-tell",
            Self::NotApplicable => "not-applicable",
        }
    }
}

/// A promise in one phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The promise.
    pub id: PromiseId,
    /// How it stands.
    pub state: State,
    /// The message that breaks it, or that cannot be told: its ends.
    pub counterexample: Option<(End, End)>,
}

/// All promises of a project in one phase, in the order of their ids.
pub fn check(
    project: &Project,
    phase: usize,
    topology: &Topology,
    inputs: &Inputs,
    simulator: &Simulator<'_, '_>,
) -> Vec<Verdict> {
    let due = |promise: &Promise| match &promise.from_phase {
        None => true,
        // A phase that is gone leaves the promise due from the start: nothing is silently dropped.
        Some(id) => project.phase_of(id).is_none_or(|from| phase >= from),
    };
    let lost: BTreeSet<PromiseId> = promise_notes(project)
        .into_iter()
        .filter_map(|note| match note {
            Note::Promise { promise, .. } => Some(promise),
            _ => None,
        })
        .collect();
    project
        .promises
        .iter()
        .map(|(id, promise)| {
            let (state, counterexample) = if lost.contains(id) {
                // It speaks of what is nowhere: whether it holds, nobody can tell.
                (State::CannotTell, None)
            } else if due(promise) {
                one(&promise.demand, topology, inputs, simulator)
            } else {
                (State::NotApplicable, None)
            };
            Verdict { id: id.clone(), state, counterexample }
        })
        .collect()
}

/// What failed meanwhile, for a promise that is made for a failure.
pub fn given(demand: &Demand) -> BTreeSet<Subject> {
    match demand {
        Demand::Delivered { given, .. } | Demand::DeliveredOrQueued { given, .. } => given.clone(),
        Demand::AvoidsLink { .. } | Demand::HidesInternalNames { .. } => BTreeSet::new(),
    }
}

type Outcome = (State, Option<(End, End)>);

fn one(
    demand: &Demand,
    topology: &Topology,
    inputs: &Inputs,
    simulator: &Simulator<'_, '_>,
) -> Outcome {
    match demand {
        Demand::Delivered { from, to, given } => {
            with_failures(topology, inputs, simulator, given, |simulator| {
                over_pairs(from, to, |from, to| {
                    arrival(deliver::disposition(simulator, from, to), Disposition::arrived)
                })
            })
        }
        Demand::DeliveredOrQueued { from, to, given } => {
            let waits = |d: Disposition| {
                d.arrived() || matches!(d, Disposition::Queued | Disposition::NoRoute)
            };
            with_failures(topology, inputs, simulator, given, |simulator| {
                over_pairs(from, to, |from, to| {
                    arrival(deliver::disposition(simulator, from, to), waits)
                })
            })
        }
        Demand::AvoidsLink { from, to, link, toward } => over_pairs(from, to, |from, to| {
            over_walks(simulator, from, to, |walk| {
                crosses(simulator.world, walk, link, toward.as_ref())
            })
        }),
        Demand::HidesInternalNames { from } => {
            over_pairs(from, &[End::Internet].into(), |from, to| {
                over_walks(simulator, from, to, |walk| shows_internal_name(simulator.world, walk))
            })
        }
    }
}

fn with_failures(
    topology: &Topology,
    inputs: &Inputs,
    simulator: &Simulator<'_, '_>,
    given: &BTreeSet<Subject>,
    check: impl Fn(&Simulator<'_, '_>) -> Outcome,
) -> Outcome {
    if given.is_empty() {
        return check(simulator);
    }
    let world = World::new(topology, inputs, given);
    check(&Simulator::new(&world))
}

fn arrival(disposition: Disposition, good: impl Fn(Disposition) -> bool) -> State {
    match disposition {
        Disposition::CannotTell => State::CannotTell,
        d if good(d) => State::Kept,
        _ => State::Broken,
    }
}

/// The worst over all pairs: broken before not to be told before kept.
fn over_pairs(
    from: &BTreeSet<End>,
    to: &BTreeSet<End>,
    check: impl Fn(&End, &End) -> State,
) -> Outcome {
    let mut outcome = (State::Kept, None);
    for a in from {
        for b in to {
            if *a == End::Internet && *b == End::Internet {
                continue;
            }
            match check(a, b) {
                State::Broken => return (State::Broken, Some((a.clone(), b.clone()))),
                State::CannotTell if outcome.0 == State::Kept => {
                    outcome = (State::CannotTell, Some((a.clone(), b.clone())));
                }
                _ => {}
            }
        }
    }
    outcome
}

/// Whether any message from one end to the other does what it must not.
fn over_walks(
    simulator: &Simulator<'_, '_>,
    from: &End,
    to: &End,
    breaks: impl Fn(&Walk<'_>) -> bool,
) -> State {
    let mut state = State::Kept;
    for sent in deliver::all(simulator, from, to) {
        if let Sent::Walked(_, walk) = &sent
            && breaks(walk)
        {
            return State::Broken;
        }
        if sent.disposition(simulator) == Disposition::CannotTell {
            state = State::CannotTell;
        }
    }
    state
}

/// Whether a message crosses a link, in the direction that counts.
fn crosses(world: &World<'_>, walk: &Walk<'_>, link: &LinkId, toward: Option<&SiteId>) -> bool {
    let tries = walk.legs.iter().filter_map(|leg| leg.attempt.as_ref()).flat_map(|a| &a.tries);
    tries
        .flat_map(|this| {
            let inside =
                this.reach.iter().filter(|(_, r)| r.end.is_ok()).flat_map(|(_, r)| r.links());
            let outside = this.outside.iter().filter(|r| r.end.is_ok()).flat_map(Reach::links);
            inside.chain(outside).collect::<Vec<_>>()
        })
        .any(|(ix, site)| {
            world.link(ix).id == link && toward.is_none_or(|toward| world.site(site).id == toward)
        })
}

/// Whether a message that leaves shows an internal name in a greeting or a Received line: each server
/// on its way greets the next one and is named by it.
fn shows_internal_name(world: &World<'_>, walk: &Walk<'_>) -> bool {
    if !matches!(walk.legs.last().map(|leg| &leg.end), Some(LegEnd::Left(_))) {
        return false;
    }
    names_shown(world, walk).iter().any(|name| is_internal(world, name))
}

/// The names that a message bears: what each server greets with, and what each greets as.
pub fn names_shown(world: &World<'_>, walk: &Walk<'_>) -> Vec<Fqdn> {
    let mut names = Vec::new();
    for leg in &walk.legs {
        let first = leg.server.and_then(|ix| world.server(ix).listeners.first().copied());
        let own = first.and_then(|ix| world.listener(ix).greeting.clone());
        let computer = leg.server.and_then(|ix| world.server(ix).computer.clone());
        names.extend(own.or(computer));
        if let LegEnd::Taken(opened) = &leg.end {
            names.extend(world.listener(opened.listener).greeting.clone());
        }
    }
    names
}

/// Whether a name lies under a directory domain, or is a bare computer name.
fn is_internal(world: &World<'_>, name: &Fqdn) -> bool {
    name.is_single_label()
        || world
            .topology
            .organisations
            .values()
            .flat_map(|organisation| &organisation.directory_domains)
            .any(|domain| name.is_within(domain))
}
