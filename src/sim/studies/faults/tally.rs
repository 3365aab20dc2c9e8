//! Counting: which pairs are lost, which are open, which go another way, and how many users that is.

use super::{Cell, Failure, Loss, base::Base, sweep::Changed};
use crate::{model::Subject, sim::trace::Disposition};
use rustc_hash::FxHashMap;

/// What the account needs of the pairs while nothing has failed.
pub(super) struct Tally {
    count: usize,
    arrived: Vec<bool>,
    /// How many pairs of each end were delivered.
    pairs: Vec<u32>,
    users: Vec<u64>,
}

impl Tally {
    /// `users`: the mailboxes at each end.
    pub(super) fn new(base: &Base<'_>, users: Vec<u64>) -> Self {
        let count = base.ends.len();
        let (mut arrived, mut pairs) = (vec![false; count * count], vec![0; count]);
        for cell in base.cells().filter(|cell| base.cell(*cell).arrived()) {
            let (from, to) = (cell.0 as usize, cell.1 as usize);
            arrived[from * count + to] = true;
            count_in(&mut pairs, cell, |number| *number += 1);
        }
        Self { count, arrived, pairs, users }
    }

    fn had(&self, (from, to): Cell) -> bool {
        self.arrived[from as usize * self.count + to as usize]
    }

    /// What one failure does.
    pub(super) fn failure(&self, subject: Subject, changed: &[Changed]) -> Failure {
        let (mut lost, mut unknown, mut rerouted) = (Vec::new(), Vec::new(), 0);
        let mut lost_pairs = vec![0; self.count];
        for Changed { cell, now } in changed.iter().copied().filter(|c| self.had(c.cell)) {
            match now {
                now if now.arrived() => rerouted += 1,
                Disposition::CannotTell => unknown.push(cell),
                _ => {
                    lost.push(cell);
                    count_in(&mut lost_pairs, cell, |number| *number += 1);
                }
            }
        }
        lost.sort_unstable();
        unknown.sort_unstable();
        let user_hours_per_hour = self.user_hours(&lost_pairs);
        Failure { subject, loss: Loss { lost, unknown, user_hours_per_hour }, rerouted }
    }

    fn user_hours(&self, lost: &[u32]) -> f64 {
        let ends = self.users.iter().zip(&self.pairs).zip(lost);
        let shares = ends.filter(|((_, pairs), _)| **pairs > 0);
        shares
            .map(|((users, pairs), lost)| *users as f64 * f64::from(*lost) / f64::from(*pairs))
            .sum()
    }

    /// The account with one failure, to which others are added.
    pub(super) fn with<'t>(&'t self, first: &[Changed]) -> With<'t> {
        let mut lost = vec![0; self.count];
        let mut after = FxHashMap::default();
        for Changed { cell, now } in first.iter().copied().filter(|c| self.had(c.cell)) {
            after.insert(cell, now);
            if is_lost(now) {
                count_in(&mut lost, cell, |number| *number += 1);
            }
        }
        With { tally: self, after, lost }
    }
}

/// The account with one failure.
pub(super) struct With<'t> {
    tally: &'t Tally,
    /// The pairs that it changes, of those that were delivered.
    after: FxHashMap<Cell, Disposition>,
    lost: Vec<u32>,
}

impl With<'_> {
    /// What two failures do together: `changed` from where the first stands, `second` by itself.
    pub(super) fn double(&self, changed: &[Changed], second: &[Changed]) -> Loss {
        let mut lost_pairs = self.lost.clone();
        let (mut lost, mut unknown) = (Vec::new(), Vec::new());
        let mut alone: Option<FxHashMap<Cell, Disposition>> = None;
        for Changed { cell, now } in changed.iter().copied().filter(|c| self.tally.had(c.cell)) {
            let before = self.after.get(&cell).copied();
            match (before.is_some_and(is_lost), is_lost(now)) {
                (true, false) => count_in(&mut lost_pairs, cell, |number| *number -= 1),
                (false, true) => count_in(&mut lost_pairs, cell, |number| *number += 1),
                _ => {}
            }
            if now.arrived() || before.is_some_and(|before| !before.arrived()) {
                continue;
            }
            let alone = alone.get_or_insert_with(|| {
                second.iter().map(|changed| (changed.cell, changed.now)).collect()
            });
            if alone.get(&cell).is_none_or(|now| now.arrived()) {
                if is_lost(now) { lost.push(cell) } else { unknown.push(cell) }
            }
        }
        lost.sort_unstable();
        unknown.sort_unstable();
        let user_hours_per_hour = self.tally.user_hours(&lost_pairs);
        Loss { lost, unknown, user_hours_per_hour }
    }
}

fn is_lost(now: Disposition) -> bool {
    !now.arrived() && now != Disposition::CannotTell
}

/// Counts a pair at both of its ends, once where they are one.
fn count_in(ends: &mut [u32], (from, to): Cell, mut count: impl FnMut(&mut u32)) {
    count(&mut ends[from as usize]);
    if from != to {
        count(&mut ends[to as usize]);
    }
}
