//! One failure after the other, from all pairs of a world: only legs that looked at what fails are
//! worked out again, and only mail that passes one which turned out otherwise.

use super::{
    Cell,
    base::{Base, Leg, NONE, Next, Place},
};
use crate::{
    net::{reach::Stage, watch::FaultNumber, world::ServerIx},
    sim::{trace::Disposition, walk::Simulator},
};
use rustc_hash::FxHashMap;

/// A pair whose mail goes another way, or ends otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Changed {
    /// The pair.
    pub(super) cell: Cell,
    /// What becomes of its mail now.
    pub(super) now: Disposition,
}

/// The state of one place for the recipient that is looked at.
#[derive(Clone, Copy, Default)]
struct Mark {
    /// In which round the place was found to be affected.
    affected: u32,
    /// In which round its leg was found to be another one, and which.
    changed: u32,
    leg: u32,
    /// In which round its fate was found, and what it is.
    known: u32,
    fate: Option<Disposition>,
}

/// Sweeps over failures.
pub(super) struct Sweep<'s, 'w, 'a> {
    base: &'s Base<'a>,
    simulator: &'s Simulator<'w, 'a>,
    marks: Vec<Mark>,
    round: u32,
    /// Legs that are otherwise under the failure that is looked at.
    fresh: Vec<Leg<'a>>,
    /// Where they stand: recipient, place, leg.
    changes: Vec<(u32, u32, u32)>,
    /// Legs at places where no mail of that recipient came before.
    detours: FxHashMap<(usize, Place), u32>,
    affected: Vec<Place>,
    way: Vec<Place>,
    /// For the column that is looked at: recipient's place in it, row, fate.
    found: Vec<(u32, u32, Disposition)>,
}

impl<'s, 'w, 'a> Sweep<'s, 'w, 'a> {
    pub(super) fn new(base: &'s Base<'a>, simulator: &'s Simulator<'w, 'a>) -> Self {
        Self {
            base,
            simulator,
            marks: vec![Mark::default(); base.places],
            round: 0,
            fresh: Vec::new(),
            changes: Vec::new(),
            detours: FxHashMap::default(),
            affected: Vec::new(),
            way: Vec::new(),
            found: Vec::new(),
        }
    }

    /// What changes when one thing more fails: pairs sorted by column, then row.
    pub(super) fn fail(&mut self, number: FaultNumber) -> Vec<Changed> {
        self.simulator.world.watch.flip(Some(number));
        self.fresh.clear();
        self.detours.clear();
        self.changes.clear();
        for leg in self.base.by_fault.get(number as usize).into_iter().flatten() {
            self.again(*leg);
        }
        self.changes.sort_unstable();
        let changes = std::mem::take(&mut self.changes);
        let mut changed = Vec::new();
        let mut rest = changes.as_slice();
        while let Some((recipient, ..)) = rest.first() {
            let column = self.base.column_of[*recipient as usize];
            let end = rest.partition_point(|(r, ..)| self.base.column_of[*r as usize] <= column);
            self.column(column, &rest[..end], &mut changed);
            rest = &rest[end..];
        }
        self.changes = changes;
        self.simulator.world.watch.flip(None);
        changed
    }

    /// Works a leg out again, and notes where it is otherwise.
    fn again(&mut self, number: u32) {
        let base = self.base;
        let (place, users) = &base.uses[number as usize];
        let before = &base.legs[number as usize];
        let mut shared: Option<u32> = None;
        for recipient in users {
            let at = if let Some(at) = shared {
                at
            } else {
                let (leg, alone) = base.leg(self.simulator, *place, *recipient as usize);
                match (before.is_like(&leg), alone) {
                    (true, false) => return,
                    (true, true) => continue,
                    (false, _) => {}
                }
                let at = u32::try_from(self.fresh.len()).unwrap_or(NONE);
                self.fresh.push(leg);
                if !alone {
                    shared = Some(at);
                }
                at
            };
            self.changes.push((*recipient, u32::try_from(*place).unwrap_or(NONE), at));
        }
    }

    /// One column: of each recipient in it, the mail that changes; then the worst for each row.
    fn column(&mut self, column: u32, changes: &[(u32, u32, u32)], changed: &mut Vec<Changed>) {
        self.found.clear();
        let mut rest = changes;
        while let Some((recipient, ..)) = rest.first().copied() {
            let end = rest.partition_point(|(r, ..)| *r <= recipient);
            self.recipient(recipient as usize, &rest[..end]);
            rest = &rest[end..];
        }
        let range = self.base.columns[column as usize].clone();
        if range.len() == 1 {
            self.found.sort_unstable_by_key(|(_, row, _)| *row);
            changed.extend(
                self.found
                    .iter()
                    .map(|(_, row, fate)| Changed { cell: (*row, column), now: *fate }),
            );
            return;
        }
        let mut rows: Vec<u32> = self.found.iter().map(|(_, row, _)| *row).collect();
        rows.sort_unstable();
        rows.dedup();
        let found: FxHashMap<(u32, u32), Disposition> =
            self.found.iter().map(|(recipient, row, fate)| ((*recipient, *row), *fate)).collect();
        for row in rows {
            let start = self.base.start(row as usize);
            let fates = range.clone().filter_map(|recipient| {
                let key = (u32::try_from(recipient).unwrap_or(NONE), row);
                found.get(&key).copied().or_else(|| self.base.fate(recipient, start))
            });
            if let Some(now) = fates.max_by_key(|fate| fate.rank()) {
                changed.push(Changed { cell: (row, column), now });
            }
        }
    }

    /// One recipient: who is affected, and what becomes of their mail.
    fn recipient(&mut self, recipient: usize, changes: &[(u32, u32, u32)]) {
        self.round += 1;
        self.affected.clear();
        for (_, place, leg) in changes {
            let mark = &mut self.marks[*place as usize];
            mark.changed = self.round;
            mark.leg = *leg;
            if mark.affected != self.round {
                mark.affected = self.round;
                self.affected.push(*place as usize);
            }
        }
        let mut at = 0;
        while at < self.affected.len() {
            for sender in self.base.senders(recipient, self.affected[at]) {
                let mark = &mut self.marks[*sender as usize];
                if mark.affected != self.round {
                    mark.affected = self.round;
                    self.affected.push(*sender as usize);
                }
            }
            at += 1;
        }
        // A leg that is the rest of the way may stand for several others, and the other way round.
        let mixed = changes.iter().any(|(_, place, leg)| {
            let before = self.base.leg_at(recipient, *place as usize);
            self.fresh[*leg as usize].is_whole != before.is_some_and(|leg| leg.is_whole)
        });
        for at in 0..self.affected.len() {
            let place = self.affected[at];
            let row = self.base.row_of[place];
            if row == NONE {
                continue;
            }
            let fate = self.fate(recipient, place);
            let is_same = mixed && fate.arrived() && self.keeps_way(recipient, place, fate);
            if !is_same {
                self.found.push((u32::try_from(recipient).unwrap_or(NONE), row, fate));
            }
        }
    }

    /// Whether mail that arrives goes the whole way that it went before.
    fn keeps_way(&mut self, recipient: usize, from: Place, fate: Disposition) -> bool {
        if self.base.fate(recipient, from) != Some(fate) {
            return false;
        }
        // Legs at places where nothing came before are made first.
        let mut at = from;
        while let Next::To(server) = self.next(recipient, at) {
            at = server.at();
        }
        let before = whole(from, |place| self.base.leg_at(recipient, place));
        let now = whole(from, |place| self.now(recipient, place));
        before == now
    }

    /// The leg at a place under the failure that is looked at.
    fn now(&self, recipient: usize, at: Place) -> Option<&Leg<'a>> {
        let mark = self.marks[at];
        if mark.changed == self.round {
            return self.fresh.get(mark.leg as usize);
        }
        self.base.leg_at(recipient, at).or_else(|| {
            self.detours.get(&(recipient, at)).and_then(|leg| self.fresh.get(*leg as usize))
        })
    }

    fn fate(&mut self, recipient: usize, from: Place) -> Disposition {
        let mut way = std::mem::take(&mut self.way);
        let mut at = from;
        let fate = loop {
            let mark = self.marks[at];
            if mark.known == self.round
                && let Some(fate) = mark.fate
            {
                break fate;
            }
            let before = self.base.fate(recipient, at);
            if mark.affected != self.round
                && let Some(fate) = before
            {
                break fate;
            }
            if way.contains(&at) {
                break Disposition::Loop;
            }
            way.push(at);
            match self.next(recipient, at) {
                Next::To(server) => at = server.at(),
                Next::End(disposition) => break disposition,
            }
        };
        for place in way.drain(..) {
            self.marks[place].known = self.round;
            self.marks[place].fate = Some(fate);
        }
        self.way = way;
        fate
    }

    fn next(&mut self, recipient: usize, at: Place) -> Next {
        if let Some(leg) = self.now(recipient, at) {
            return leg.next;
        }
        let (leg, _) = self.base.leg(self.simulator, at, recipient);
        let next = leg.next;
        self.detours.insert((recipient, at), u32::try_from(self.fresh.len()).unwrap_or(NONE));
        self.fresh.push(leg);
        next
    }
}

/// Who takes mail that arrives, from a place to its end, and by which stages.
fn whole<'l, 'a: 'l>(
    from: Place,
    leg: impl Fn(Place) -> Option<&'l Leg<'a>>,
) -> Vec<(Option<ServerIx>, Vec<Stage>)> {
    let mut tracks = Vec::new();
    let mut at = from;
    while let Some(leg) = leg(at) {
        tracks.extend(leg.tracks().map(|(server, stages)| (server, stages.to_vec())));
        match leg.next {
            Next::To(server) => at = server.at(),
            Next::End(_) => break,
        }
    }
    tracks
}
