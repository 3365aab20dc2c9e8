//! What is lost when something fails: every single failure, and on demand every pair of them.
//!
//! What fails is what breaks by itself: sites, segments, Internet lines, firewalls, WAN links, DNS
//! servers (and the resolvers on a server that fails), servers, connectors. Groups, zones and records
//! are settings, and wrong ones are the rules' business. What several of these share (power, a
//! provider) is drawn nowhere; a site that is cut off is the nearest.
//!
//! *Lost* is a pair that was delivered before and then is known not to be. A pair of which that
//! cannot be told is neither lost nor kept, and stands apart. *Rerouted* is a pair that still arrives,
//! through other servers or over other lines and links. The answers equal those of
//! [`crate::sim::deliver`] with the same failures (a test compares each pair).

mod base;
mod sweep;
mod tally;

use super::{Go, Progress, Stopped};
use crate::{
    model::{
        ObjectId, Subject, Topology,
        id::{MailboxesId, ServerId},
        promise::End,
    },
    net::{
        watch::FaultNumber,
        world::{Inputs, World},
    },
    sim::{trace::Disposition, walk::Simulator},
};
use base::Base;
use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};
use sweep::{Changed, Sweep};
use tally::Tally;

/// A pair of ends, by their places in [`Faults::ends`].
pub type Cell = (u32, u32);

/// Which failures are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Each alone.
    Single,
    /// Each alone and each with each other.
    Double,
}

/// What a failure takes away.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// The pairs that were delivered and are not; of two failures those that arrive with either alone.
    pub lost: Vec<Cell>,
    /// The pairs that were delivered and of which it cannot be told whether they still are; of two
    /// failures those that arrive with either alone.
    pub unknown: Vec<Cell>,
    /// Users without mail, in user-hours an hour: for each server with mailboxes their count times the
    /// share of its pairs (to it, from it, and to itself) that were delivered and are lost. Of two
    /// failures all that is lost counts, not only what arrives with either alone.
    pub user_hours_per_hour: f64,
}

/// What one failure does.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// What fails.
    pub subject: Subject,
    /// What it takes away.
    pub loss: Loss,
    /// How many pairs still arrive, by another way.
    pub rerouted: usize,
}

/// What two failures do together that neither does alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Double {
    /// What fails, sorted.
    pub subjects: [Subject; 2],
    /// What they take away.
    pub loss: Loss,
}

/// What the failures do, the worst first.
#[derive(Clone, Debug, PartialEq)]
pub struct Faults {
    /// The ends: the servers with mailboxes, then the Internet.
    pub ends: Vec<End>,
    /// The pairs that arrive while nothing has failed.
    pub delivered: Vec<Cell>,
    /// The pairs of which that cannot be told.
    pub open: Vec<Cell>,
    /// The single failures: by user-hours, then by pairs lost, then by name.
    pub single: Vec<Failure>,
    /// The double failures that lose a pair, or leave it open, which arrives with either alone; in the
    /// same order.
    pub double: Vec<Double>,
    /// The mailboxes whose count is not entered: they weigh nothing.
    pub uncounted: Vec<MailboxesId>,
}

impl Faults {
    /// For each pair that some single failure loses: which ones, sorted. Made on demand: in a large
    /// plan it is most of the answer.
    pub fn single_points(&self) -> BTreeMap<Cell, Vec<&Subject>> {
        let mut points: BTreeMap<Cell, Vec<&Subject>> = BTreeMap::new();
        for failure in &self.single {
            for cell in &failure.loss.lost {
                points.entry(*cell).or_default().push(&failure.subject);
            }
        }
        for subjects in points.values_mut() {
            subjects.sort_unstable();
        }
        points
    }

    /// For each pair that some two failures lose and neither alone: which ones, sorted.
    pub fn cuts(&self) -> BTreeMap<Cell, Vec<&[Subject; 2]>> {
        let mut cuts: BTreeMap<Cell, Vec<&[Subject; 2]>> = BTreeMap::new();
        for double in &self.double {
            for cell in &double.loss.lost {
                cuts.entry(*cell).or_default().push(&double.subjects);
            }
        }
        for pairs in cuts.values_mut() {
            pairs.sort_unstable();
        }
        cuts
    }

    /// Whether some answer cannot be told.
    pub fn is_open(&self) -> bool {
        let losses = self.single.iter().map(|one| &one.loss);
        let mut losses = losses.chain(self.double.iter().map(|two| &two.loss));
        !self.open.is_empty() || losses.any(|loss| !loss.unknown.is_empty())
    }
}

/// What may break, with its number in a world of this topology.
pub fn breakable(world: &World<'_>) -> Vec<(FaultNumber, Subject)> {
    let mut all: Vec<(FaultNumber, ObjectId)> = Vec::new();
    macro_rules! each {
        ($($list:ident $kind:ident),+) => {$(
            all.extend(world.$list.iter().map(|node| {
                (node.failed.number(), ObjectId::$kind(node.id.clone()))
            }));
        )+};
    }
    each!(sites Site, segments Segment, lines Line, firewalls Firewall, links Link);
    each!(resolvers Resolver, servers Server, connectors GroupConnector, smtp SmtpConnector);
    all.sort_unstable();
    all.into_iter().map(|(number, id)| (number, Subject::from(id))).collect()
}

/// Lets everything fail.
///
/// # Errors
/// When `go` says so.
pub fn faults(
    topology: &Topology,
    inputs: &Inputs,
    depth: Depth,
    go: &mut Go<'_>,
) -> Result<Faults, Stopped> {
    let world = World::watched(topology, inputs, &BTreeSet::new());
    let simulator = Simulator::new(&world);
    let base = Base::new(&simulator);
    let subjects = breakable(&world);
    let count = subjects.len();
    let total = match depth {
        Depth::Single => count,
        Depth::Double => count * 2,
    };
    let tally = Tally::new(&base, users(topology, &base.ends));
    let mut sweep = Sweep::new(&base, &simulator);
    let mut singles: Vec<Failure> = Vec::with_capacity(count);
    let mut changes: Vec<Vec<Changed>> = Vec::with_capacity(count);
    for (at, (number, subject)) in subjects.iter().enumerate() {
        let changed = sweep.fail(*number);
        singles.push(tally.failure(subject.clone(), &changed));
        if depth == Depth::Double {
            changes.push(changed);
        }
        if !go(Progress { done: at + 1, total }) {
            return Err(Stopped);
        }
    }
    let mut double = Vec::new();
    let case = Case { topology, inputs, subjects: &subjects, tally: &tally };
    if depth == Depth::Double {
        for first in 0..count {
            doubles(&case, &changes, first, &mut double);
            if !go(Progress { done: count + first + 1, total }) {
                return Err(Stopped);
            }
        }
    }
    Ok(assemble(topology, &base, singles, double))
}

/// What the double failures share.
struct Case<'c> {
    topology: &'c Topology,
    inputs: &'c Inputs,
    subjects: &'c [(FaultNumber, Subject)],
    tally: &'c Tally,
}

/// One failure with each later one: the world in which the first has failed, and the others in turn.
fn doubles(case: &Case<'_>, singles: &[Vec<Changed>], first: usize, into: &mut Vec<Double>) {
    let subject = &case.subjects[first].1;
    let world = World::watched(case.topology, case.inputs, &BTreeSet::from([subject.clone()]));
    let simulator = Simulator::new(&world);
    let base = Base::new(&simulator);
    let mut sweep = Sweep::new(&base, &simulator);
    let with = case.tally.with(&singles[first]);
    for ((number, other), alone) in case.subjects.iter().zip(singles).skip(first + 1) {
        let changed = sweep.fail(*number);
        if changed.is_empty() {
            continue;
        }
        let loss = with.double(&changed, alone);
        if !loss.lost.is_empty() || !loss.unknown.is_empty() {
            let mut subjects = [subject.clone(), other.clone()];
            subjects.sort_unstable();
            into.push(Double { subjects, loss });
        }
    }
}

fn assemble(
    topology: &Topology,
    base: &Base<'_>,
    mut single: Vec<Failure>,
    mut double: Vec<Double>,
) -> Faults {
    single.sort_by(|a, b| a.loss.worse(&b.loss).then_with(|| a.subject.cmp(&b.subject)));
    double.sort_by(|a, b| a.loss.worse(&b.loss).then_with(|| a.subjects.cmp(&b.subjects)));
    let cells = |wanted: fn(Disposition) -> bool| -> Vec<Cell> {
        base.cells().filter(|cell| wanted(base.cell(*cell))).collect()
    };
    let uncounted = topology.mailboxes.iter().filter(|(_, m)| m.count == 0);
    Faults {
        ends: base.ends.clone(),
        delivered: cells(Disposition::arrived),
        open: cells(|disposition| disposition == Disposition::CannotTell),
        single,
        double,
        uncounted: uncounted.map(|(id, _)| id.clone()).collect(),
    }
}

impl Loss {
    /// Sorts the worse one first.
    fn worse(&self, other: &Self) -> Ordering {
        let hours = other.user_hours_per_hour.total_cmp(&self.user_hours_per_hour);
        hours
            .then(other.lost.len().cmp(&self.lost.len()))
            .then(other.unknown.len().cmp(&self.unknown.len()))
    }
}

/// The mailboxes at each end.
fn users(topology: &Topology, ends: &[End]) -> Vec<u64> {
    let mut at: BTreeMap<&ServerId, u64> = BTreeMap::new();
    for mailboxes in topology.mailboxes.values() {
        if let Some(home) = &mailboxes.home {
            *at.entry(home).or_default() += u64::from(mailboxes.count);
        }
    }
    let of = |end: &End| match end {
        End::Server(id) => at.get(id).copied().unwrap_or(0),
        _ => 0,
    };
    ends.iter().map(of).collect()
}
