//! All pairs of a world, with who is asked on the way: where each message goes next from each
//! server, and what that depends on.

use super::Cell;
use crate::{
    model::{name::Fqdn, promise::End, server::Platform},
    net::{
        reach::Stage,
        watch::FaultNumber,
        world::{ServerIx, Spot},
    },
    platform::{Mailbox, Recipient},
    sim::{
        attempt::{Attempt, AttemptEnd},
        ends, matrix,
        trace::Disposition,
        walk::{LegEnd, Message, Simulator, Start, Walk},
    },
};
use rustc_hash::FxHashMap;
use std::{ops::Range, rc::Rc};

/// No leg, no place, no row.
pub(super) const NONE: u32 = u32::MAX;

/// Where a message is: a server by its index, or, after the last one, anybody on the Internet.
pub(super) type Place = usize;

/// What becomes of a message at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// It goes on to that server.
    To(ServerIx),
    /// It ends.
    End(Disposition),
}

/// What becomes of a message at one place, and how it was sent from there. Where a connector is found
/// down the whole rest of the message's way is one leg: what follows depends on what was tried.
#[derive(Debug)]
pub(super) struct Leg<'a> {
    pub(super) next: Next,
    /// Whether it is the whole rest of the way.
    pub(super) is_whole: bool,
    way: Vec<Rc<Attempt<'a>>>,
    pub(super) used: Rc<[FaultNumber]>,
}

impl Leg<'_> {
    /// Who took a message in turn on this leg, and by which stages it got there.
    pub(super) fn tracks(&self) -> impl Iterator<Item = (Option<ServerIx>, &[Stage])> {
        self.way.iter().map(|attempt| track(attempt))
    }

    /// Whether two legs lead to the same end by the same way.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let same =
            |(a, b): (&Rc<Attempt<'_>>, &Rc<Attempt<'_>>)| Rc::ptr_eq(a, b) || track(a) == track(b);
        self.next == other.next
            && self.way.len() == other.way.len()
            && self.way.iter().zip(&other.way).all(same)
    }
}

/// Who took a message, and by which stages it got there.
fn track<'t>(attempt: &'t Attempt<'_>) -> (Option<ServerIx>, &'t [Stage]) {
    let server = match &attempt.end {
        AttemptEnd::Open(opened) => Some(opened.server),
        AttemptEnd::Outside(_) | AttemptEnd::Stopped(_) => None,
    };
    let last = attempt.tries.last();
    let reach = last.and_then(|t| t.reach.as_ref()).map(|(_, reach)| reach.stages.as_slice());
    let outside = last.and_then(|t| t.outside.as_ref()).map(|reach| reach.stages.as_slice());
    (server, reach.or(outside).unwrap_or_default())
}

/// All pairs of a world.
pub(super) struct Base<'a> {
    /// The ends: the servers with mailboxes, then the Internet.
    pub(super) ends: Vec<End>,
    /// The row of each place whose mail is asked for.
    pub(super) row_of: Vec<u32>,
    starts: Vec<Place>,
    /// The recipients of all ends, and whose they are.
    pub(super) recipients: Vec<Recipient>,
    pub(super) columns: Vec<Range<usize>>,
    pub(super) column_of: Vec<u32>,
    /// How many places there are.
    pub(super) places: usize,
    pub(super) legs: Vec<Leg<'a>>,
    /// Which recipients' mail a leg is of, and at which place.
    pub(super) uses: Vec<(Place, Vec<u32>)>,
    /// The legs that depend on a failure.
    pub(super) by_fault: Vec<Vec<u32>>,
    leg_of: Vec<u32>,
    fates: Vec<Option<Disposition>>,
    /// For each recipient, who sends to a place: places, and where those of each begin.
    senders: Vec<(Vec<u32>, Vec<u32>)>,
    shared: FxHashMap<(usize, usize, Option<Fqdn>), u32>,
    cells: Vec<Option<Disposition>>,
}

impl<'a> Base<'a> {
    pub(super) fn new(simulator: &Simulator<'_, 'a>) -> Self {
        let world = simulator.world;
        let ends = matrix::ends(world);
        let places = world.servers.len() + 1;
        let (mut row_of, mut starts) = (vec![NONE; places], Vec::new());
        for (row, end) in ends.iter().enumerate() {
            let place = match end {
                End::Server(id) => world.server_ix(id).map_or(places - 1, ServerIx::at),
                _ => places - 1,
            };
            row_of[place] = u32::try_from(row).unwrap_or(NONE);
            starts.push(place);
        }
        let mut base = Self {
            row_of,
            starts,
            recipients: Vec::new(),
            columns: Vec::new(),
            column_of: Vec::new(),
            places,
            legs: Vec::new(),
            uses: Vec::new(),
            by_fault: Vec::new(),
            leg_of: Vec::new(),
            fates: Vec::new(),
            senders: Vec::new(),
            shared: FxHashMap::default(),
            cells: Vec::new(),
            ends,
        };
        base.add_columns(simulator);
        base.follow_all(simulator);
        base.invert();
        base.fill_cells();
        base
    }

    fn add_columns(&mut self, simulator: &Simulator<'_, 'a>) {
        for (column, end) in self.ends.iter().enumerate() {
            let first = self.recipients.len();
            self.recipients.extend(ends::recipients(simulator.world, end).unwrap_or_default());
            self.columns.push(first..self.recipients.len());
            self.column_of.resize(self.recipients.len(), u32::try_from(column).unwrap_or(NONE));
        }
        self.leg_of = vec![NONE; self.recipients.len() * self.places];
        self.fates = vec![None; self.recipients.len() * self.places];
    }

    /// Follows each sender's mail for each recipient.
    fn follow_all(&mut self, simulator: &Simulator<'_, 'a>) {
        let mut way: Vec<Place> = Vec::new();
        for recipient in 0..self.recipients.len() {
            let first = recipient * self.places;
            for row in 0..self.starts.len() {
                let mut at = self.starts[row];
                let fate = loop {
                    if let Some(known) = self.fates[first + at] {
                        break known;
                    }
                    if way.contains(&at) {
                        break Disposition::Loop;
                    }
                    way.push(at);
                    let leg = self.find_leg(simulator, at, recipient);
                    match self.legs[leg as usize].next {
                        Next::To(server) => at = server.at(),
                        Next::End(disposition) => break disposition,
                    }
                };
                for place in way.drain(..) {
                    self.fates[first + place] = Some(fate);
                }
            }
        }
    }

    fn find_leg(&mut self, simulator: &Simulator<'_, 'a>, at: Place, recipient: usize) -> u32 {
        let key = self.shared_key(simulator, at, recipient);
        let known = key.as_ref().and_then(|key| self.shared.get(key).copied());
        let leg = known.unwrap_or_else(|| {
            let (leg, alone) = self.leg(simulator, at, recipient);
            let number = u32::try_from(self.legs.len()).unwrap_or(NONE);
            self.legs.push(leg);
            self.uses.push((at, Vec::new()));
            if let Some(key) = key.filter(|_| !alone) {
                self.shared.insert(key, number);
            }
            number
        });
        let user = u32::try_from(recipient).unwrap_or(NONE);
        self.uses[leg as usize].1.push(user);
        self.leg_of[recipient * self.places + at] = leg;
        leg
    }

    /// Whose mail shares a leg: at an Exchange server, that for mailboxes of one domain in another
    /// routing group ([`crate::sim::matrix`] does the same).
    fn shared_key(
        &self,
        simulator: &Simulator<'_, 'a>,
        at: Place,
        recipient: usize,
    ) -> Option<(usize, usize, Option<Fqdn>)> {
        let to = &self.recipients[recipient];
        let node = simulator.world.servers.get(at)?;
        let Mailbox::On(home) = to.mailbox else { return None };
        let group = simulator.world.server(home).group?;
        let home = simulator.world.server(home).object.platform;
        let shares = match node.object.platform {
            Some(Platform::Exchange2003) => true,
            Some(own) if own.by_directory_site() => home.is_some_and(Platform::by_directory_site),
            _ => false,
        };
        let fits = shares && node.group.is_some_and(|own| own != group);
        fits.then(|| (at, group.at(), to.domain.clone()))
    }

    /// A leg as the world is now; with whether it is that recipient's alone.
    pub(super) fn leg(
        &self,
        simulator: &Simulator<'_, 'a>,
        at: Place,
        recipient: usize,
    ) -> (Leg<'a>, bool) {
        let world = simulator.world;
        let to = &self.recipients[recipient];
        let start =
            if at + 1 == self.places { Start::Outside } else { Start::Server(ServerIx::new(at)) };
        let mark = world.watch.mark();
        let leg = simulator.leg(start, to, &[]);
        let next = match &leg.end {
            LegEnd::Taken(opened) => Next::To(opened.server),
            LegEnd::Left(_) => Next::End(Disposition::LeftForInternet),
            LegEnd::InMailbox => match leg.server.map(|ix| world.server(ix).spot) {
                Some(Spot::Internet) => Next::End(Disposition::LeftForInternet),
                _ => Next::End(Disposition::Delivered),
            },
            LegEnd::Stopped(stopped) => Next::End(stopped.disposition),
            LegEnd::Rerouted(_) => {
                let walk = simulator.walk(&Message { from: start, to: to.clone() });
                let next = Next::End(walk.disposition(world));
                let way = ways(&walk);
                let used = world.watch.take_since(mark);
                return (Leg { next, is_whole: true, way, used }, true);
            }
        };
        let way = leg.attempt.into_iter().collect();
        (Leg { next, is_whole: false, way, used: world.watch.take_since(mark) }, false)
    }

    /// What each failure touches, and who sends to whom.
    fn invert(&mut self) {
        for (number, leg) in self.legs.iter().enumerate() {
            for fault in leg.used.iter() {
                let fault = *fault as usize;
                if self.by_fault.len() <= fault {
                    self.by_fault.resize(fault + 1, Vec::new());
                }
                self.by_fault[fault].push(u32::try_from(number).unwrap_or(NONE));
            }
        }
        for recipient in 0..self.recipients.len() {
            let mut starts = vec![0_u32; self.places + 1];
            let next = |place: Place| match self.leg_at(recipient, place).map(|leg| leg.next) {
                Some(Next::To(server)) => Some(server.at()),
                _ => None,
            };
            for to in (0..self.places).filter_map(next) {
                starts[to + 1] += 1;
            }
            for place in 0..self.places {
                starts[place + 1] += starts[place];
            }
            let mut filled = starts.clone();
            let mut list = vec![0_u32; starts[self.places] as usize];
            for place in 0..self.places {
                if let Some(to) = next(place) {
                    list[filled[to] as usize] = u32::try_from(place).unwrap_or(NONE);
                    filled[to] += 1;
                }
            }
            self.senders.push((list, starts));
        }
    }

    fn fill_cells(&mut self) {
        let count = self.ends.len();
        self.cells = vec![None; count * count];
        for recipient in 0..self.recipients.len() {
            for (row, start) in self.starts.iter().enumerate() {
                let fate = self.fate(recipient, *start).unwrap_or(Disposition::CannotTell);
                let cell = &mut self.cells[row * count + self.column_of[recipient] as usize];
                if cell.is_none_or(|worst| fate.rank() > worst.rank()) {
                    *cell = Some(fate);
                }
            }
        }
    }

    /// Where mail for a recipient goes from a place, where any comes there.
    pub(super) fn leg_at(&self, recipient: usize, place: Place) -> Option<&Leg<'a>> {
        self.legs.get(self.leg_of[recipient * self.places + place] as usize)
    }

    /// What becomes of it, where any comes there.
    pub(super) fn fate(&self, recipient: usize, place: Place) -> Option<Disposition> {
        self.fates[recipient * self.places + place]
    }

    /// The places from which mail for a recipient comes straight to a place.
    pub(super) fn senders(&self, recipient: usize, place: Place) -> &[u32] {
        let (list, starts) = &self.senders[recipient];
        &list[starts[place] as usize..starts[place + 1] as usize]
    }

    /// The place where a row's mail starts.
    pub(super) fn start(&self, row: usize) -> Place {
        self.starts[row]
    }

    /// All pairs but the Internet with itself.
    pub(super) fn cells(&self) -> impl Iterator<Item = Cell> + use<> {
        let count = u32::try_from(self.ends.len()).unwrap_or(NONE);
        let all = (0..count).flat_map(move |from| (0..count).map(move |to| (from, to)));
        all.filter(move |cell| *cell != (count - 1, count - 1))
    }

    /// What becomes of a pair's mail; nobody can tell where nothing was sent.
    pub(super) fn cell(&self, (from, to): Cell) -> Disposition {
        let at = from as usize * self.ends.len() + to as usize;
        self.cells[at].unwrap_or(Disposition::CannotTell)
    }
}

/// The attempts by which a message got on.
fn ways<'a>(walk: &Walk<'a>) -> Vec<Rc<Attempt<'a>>> {
    let on = walk.legs.iter().filter(|leg| matches!(leg.end, LegEnd::Taken(_) | LegEnd::Left(_)));
    on.filter_map(|leg| leg.attempt.clone()).collect()
}
