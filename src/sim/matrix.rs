//! All pairs: servers with mailboxes, and the Internet.

use super::{
    deliver::{Sent, worst},
    trace::Disposition,
    walk::Simulator,
};
use crate::{
    model::{Subject, id::ServerId, promise::End},
    net::world::World,
};
use std::collections::BTreeSet;

/// What becomes of mail from one end of the matrix to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The sender.
    pub from: End,
    /// The recipient.
    pub to: End,
    /// The worst that becomes of a message.
    pub disposition: Disposition,
    /// The servers that held it.
    pub path: Vec<ServerId>,
    /// The object to look at, where it stopped.
    pub subject: Option<Subject>,
}

/// The ends of a matrix: the servers with mailboxes, then the Internet.
pub fn ends(world: &World<'_>) -> Vec<End> {
    let homes: BTreeSet<&ServerId> =
        world.topology.mailboxes.values().filter_map(|m| m.home.as_ref()).collect();
    let there = homes.into_iter().filter(|id| world.server_ix(id).is_some());
    there.cloned().map(End::Server).chain([End::Internet]).collect()
}

/// All pairs of different ends, and each server to itself.
pub fn matrix(simulator: &Simulator<'_, '_>) -> Vec<Pair> {
    let ends = ends(simulator.world);
    let mut pairs = Vec::with_capacity(ends.len() * ends.len());
    for from in &ends {
        for to in &ends {
            if from == to && *from == End::Internet {
                continue;
            }
            pairs.push(pair(simulator, from, to));
        }
    }
    pairs
}

fn pair(simulator: &Simulator<'_, '_>, from: &End, to: &End) -> Pair {
    let world = simulator.world;
    let (disposition, path, subject) = match worst(simulator, from, to) {
        Sent::Walked(_, walk) => (
            walk.disposition(world),
            walk.path().into_iter().map(|ix| world.server(ix).id.clone()).collect(),
            walk.stopped().and_then(|stopped| stopped.why.blame(world).0),
        ),
        Sent::Unknown(unknown) => (Disposition::CannotTell, Vec::new(), unknown.subject(world)),
    };
    Pair { from: from.clone(), to: to.clone(), disposition, path, subject }
}
