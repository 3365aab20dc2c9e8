//! All pairs: servers with mailboxes, and the Internet.
//!
//! [`Matrix`] holds the dispositions alone and is made on every edit: for one recipient every server has
//! one next hop, so the messages of all senders share their ways, and messages to all servers of
//! another routing group share their next hop. [`matrix`] walks each message and tells its path too; a
//! test holds the two together.

use super::{
    deliver::{Sent, worst},
    ends,
    trace::Disposition,
    walk::{LegEnd, Message, Simulator, Start},
};
use crate::{
    model::{Subject, id::ServerId, name::Fqdn, promise::End, server::Platform},
    net::world::{ServerIx, Spot, World},
    platform::{Mailbox, Recipient},
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

/// The dispositions of all pairs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// The ends: the servers with mailboxes, then the Internet.
    pub ends: Vec<End>,
    dispositions: Vec<Option<Disposition>>,
}

impl Matrix {
    /// The dispositions of all pairs of a world.
    pub fn new(simulator: &Simulator<'_, '_>) -> Self {
        let world = simulator.world;
        let ends = ends(world);
        let count = ends.len();
        let starts: Vec<_> = ends.iter().map(|end| ends::starts(world, end)).collect();
        let mut fates = Fates::new(simulator);
        let mut dispositions: Vec<Option<Disposition>> = vec![None; count * count];
        for (column, to) in ends.iter().enumerate() {
            let Ok(recipients) = ends::recipients(world, to) else { continue };
            for recipient in &recipients {
                fates.begin(recipient);
                for (row, starts) in starts.iter().enumerate() {
                    let cell = &mut dispositions[row * count + column];
                    for start in starts {
                        let fate = match start {
                            Ok(start) => fates.of(*start, recipient),
                            Err(_) => Disposition::CannotTell,
                        };
                        if cell.is_none_or(|worst| fate.rank() > worst.rank()) {
                            *cell = Some(fate);
                        }
                    }
                }
            }
        }
        Self { ends, dispositions }
    }

    /// What becomes of mail from one end to another, by their places in [`Self::ends`].
    pub fn get(&self, from: usize, to: usize) -> Disposition {
        // Nothing was sent where no mailboxes are: nobody can tell.
        self.dispositions[from * self.ends.len() + to].unwrap_or(Disposition::CannotTell)
    }
}

/// What one server does next with mail for one recipient.
#[derive(Clone, Copy)]
enum Next {
    To(ServerIx),
    End(Disposition),
    /// A connector was found down on the way: what follows depends on it, so the message is walked.
    Walk,
}

/// The fates of mail for one recipient, from every server.
struct Fates<'s, 'w, 'a> {
    simulator: &'s Simulator<'w, 'a>,
    known: Vec<Option<Disposition>>,
    /// Next hops that all recipients of a routing group and one domain share, by server and group.
    shared: Vec<Option<Next>>,
    /// The domain that they are for.
    domain: Option<Fqdn>,
    way: Vec<usize>,
}

impl<'s, 'w, 'a> Fates<'s, 'w, 'a> {
    fn new(simulator: &'s Simulator<'w, 'a>) -> Self {
        Self { simulator, known: Vec::new(), shared: Vec::new(), domain: None, way: Vec::new() }
    }

    /// Forgets the fates of the last recipient, and what is shared when the domain is another.
    fn begin(&mut self, to: &Recipient) {
        let world = self.simulator.world;
        self.known.clear();
        self.known.resize(world.servers.len() + 1, None);
        if self.shared.is_empty() || self.domain != to.domain {
            self.domain.clone_from(&to.domain);
            self.shared.clear();
            self.shared.resize(world.servers.len() * world.groups.len(), None);
        }
    }

    fn of(&mut self, start: Start, to: &Recipient) -> Disposition {
        // One buffer for all: a way is short, and there is one for every server and recipient.
        let mut way = std::mem::take(&mut self.way);
        let mut at = start;
        let fate = loop {
            let place = match at {
                Start::Server(server) => server.at(),
                Start::Outside => self.known.len() - 1,
            };
            if let Some(known) = self.known[place] {
                break known;
            }
            if way.contains(&place) {
                break Disposition::Loop;
            }
            way.push(place);
            match self.next(at, to) {
                Next::To(server) => at = Start::Server(server),
                Next::End(disposition) => break disposition,
                Next::Walk => {
                    let message = Message { from: at, to: to.clone() };
                    break self.simulator.walk(&message).disposition(self.simulator.world);
                }
            }
        };
        for place in way.drain(..) {
            self.known[place] = Some(fate);
        }
        self.way = way;
        fate
    }

    fn next(&mut self, at: Start, to: &Recipient) -> Next {
        let Some(place) = self.shared_place(at, to) else { return self.next_anew(at, to) };
        if let Some(known) = self.shared[place] {
            return known;
        }
        let next = self.next_anew(at, to);
        self.shared[place] = Some(next);
        next
    }

    /// Where a next hop stands that does not depend on the very mailbox: at an Exchange server, that
    /// of mail for mailboxes in another routing group.
    fn shared_place(&self, at: Start, to: &Recipient) -> Option<usize> {
        let (Start::Server(server), Mailbox::On(home)) = (at, &to.mailbox) else { return None };
        let world = self.simulator.world;
        let node = world.server(server);
        let group = world.server(*home).group?;
        let home = world.server(*home).object.platform;
        let shares = match node.object.platform {
            Some(Platform::Exchange2003) => true,
            Some(own) if own.by_directory_site() => home.is_some_and(Platform::by_directory_site),
            _ => false,
        };
        let fits = shares && node.group.is_some_and(|own| own != group);
        fits.then(|| server.at() * world.groups.len() + group.at())
    }

    fn next_anew(&self, at: Start, to: &Recipient) -> Next {
        let world = self.simulator.world;
        let leg = self.simulator.leg(at, to, &[]);
        match leg.end {
            LegEnd::Taken(opened) => Next::To(opened.server),
            LegEnd::Left(_) => Next::End(Disposition::LeftForInternet),
            LegEnd::InMailbox => match leg.server.map(|ix| world.server(ix).spot) {
                Some(Spot::Internet) => Next::End(Disposition::LeftForInternet),
                _ => Next::End(Disposition::Delivered),
            },
            LegEnd::Rerouted(_) => Next::Walk,
            LegEnd::Stopped(stopped) => Next::End(stopped.disposition),
        }
    }
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
