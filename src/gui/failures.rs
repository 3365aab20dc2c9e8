//! What fails, in the window: the sweep over all single failures (and pairs of them) of the phase that
//! is shown, and one of them on a clock. Both are worked out by [`super::tasks`] and follow the plan while
//! the panel is open.

use super::state::Plan;
use crate::{
    model::{Subject, promise::End},
    sim::studies::{
        faults::{Cell, Depth, Faults},
        outage::{HOURS_MAX, Outage, Scenario},
    },
};
use std::{collections::BTreeSet, sync::Arc};

/// What a sweep is of: the revision of the topology, the phase, whether pairs fail too.
pub type SweepKey = (u64, usize, Depth);

/// What a clock is of: the revision of the topology, the phase, what fails, for how many minutes.
pub type ClockKey = (u64, usize, BTreeSet<Subject>, u32);

/// What the panel holds.
pub struct Failures {
    /// Whether every two fail together, too.
    pub depth: Depth,
    /// The sweep that was finished last.
    pub swept: Option<(SweepKey, Arc<Faults>)>,
    /// The sweep that goes on, and how far it has come.
    pub sweeping: Option<(SweepKey, usize, usize)>,
    /// A sweep that somebody stopped: it does not begin again by itself.
    pub stopped: Option<SweepKey>,
    /// What is looked at: one failure, or two.
    pub chosen: BTreeSet<Subject>,
    /// For how many hours it lasts, as typed.
    pub hours: String,
    /// The outage that was worked out last, or why it was not.
    pub clock: Option<(ClockKey, Result<Arc<Outage>, String>)>,
    /// The outage that is being worked out.
    pub timing: Option<ClockKey>,
    /// The minute that is looked at.
    pub minute: u32,
}

impl Default for Failures {
    fn default() -> Self {
        Self {
            depth: Depth::Single,
            swept: None,
            sweeping: None,
            stopped: None,
            chosen: BTreeSet::new(),
            hours: "30".to_owned(),
            clock: None,
            timing: None,
            minute: 0,
        }
    }
}

/// A failure in the list.
pub struct Row<'f> {
    /// What fails.
    pub subjects: Vec<&'f Subject>,
    /// The pairs that it loses.
    pub lost: &'f [Cell],
    /// The pairs of which that cannot be told.
    pub unknown: &'f [Cell],
    /// How many go another way; of two together it is not counted.
    pub rerouted: Option<usize>,
    /// Users without mail, in user-hours an hour.
    pub user_hours_per_hour: f64,
}

/// The rows of a sweep, the worst first.
pub fn rows(faults: &Faults) -> Vec<Row<'_>> {
    let single = faults.single.iter().map(|one| Row {
        subjects: vec![&one.subject],
        lost: &one.loss.lost,
        unknown: &one.loss.unknown,
        rerouted: Some(one.rerouted),
        user_hours_per_hour: one.loss.user_hours_per_hour,
    });
    let double = faults.double.iter().map(|two| Row {
        subjects: two.subjects.iter().collect(),
        lost: &two.loss.lost,
        unknown: &two.loss.unknown,
        rerouted: None,
        user_hours_per_hour: two.loss.user_hours_per_hour,
    });
    let mut all: Vec<Row<'_>> = single.chain(double).collect();
    // Both lists are sorted; a stable sort keeps one failure before two that weigh the same.
    all.sort_by(|a, b| {
        let hours = b.user_hours_per_hour.total_cmp(&a.user_hours_per_hour);
        hours.then(b.lost.len().cmp(&a.lost.len())).then(b.unknown.len().cmp(&a.unknown.len()))
    });
    all
}

/// The two ends of a pair.
pub fn pair(faults: &Faults, (from, to): Cell) -> Option<(&End, &End)> {
    Some((faults.ends.get(from as usize)?, faults.ends.get(to as usize)?))
}

impl Plan {
    /// The sweep that the panel wants now.
    fn sweep_key(&self) -> SweepKey {
        (self.workspace.revisions().topology, self.phase, self.failures.depth)
    }

    /// The sweep of the phase that is shown, if it is up to date.
    pub fn swept(&self) -> Option<&Arc<Faults>> {
        let key = self.sweep_key();
        self.failures.swept.as_ref().filter(|(of, _)| *of == key).map(|(_, faults)| faults)
    }

    /// The sweep that has to be begun.
    pub fn sweep_wanted(&self) -> Option<SweepKey> {
        let key = self.sweep_key();
        let failures = &self.failures;
        let begun = failures.sweeping.as_ref().is_some_and(|(of, ..)| *of == key);
        let known = self.swept().is_some() || begun || failures.stopped == Some(key);
        (!known).then_some(key)
    }

    /// The minutes that are typed.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn outage_minutes(&self) -> Result<u32, String> {
        let text = self.failures.hours.trim().replace(',', ".");
        let hours: f64 =
            text.parse().ok().ok_or_else(|| "a number of hours, e.g. 30".to_owned())?;
        let minutes = (hours * 60.0).round();
        if !(1.0..=f64::from(HOURS_MAX) * 60.0).contains(&minutes) {
            return Err(format!("from a minute up to {HOURS_MAX} hours"));
        }
        // In range, whole and positive.
        format!("{minutes:.0}").parse().ok().ok_or_else(|| "a number of hours".to_owned())
    }

    /// The clock that the panel wants now; none: nothing is chosen, or no time.
    pub fn clock_key(&self) -> Option<ClockKey> {
        let chosen = &self.failures.chosen;
        let there = |subject: &Subject| subject.object(self.topology()).is_some();
        if chosen.is_empty() || !chosen.iter().all(there) {
            return None;
        }
        let minutes = self.outage_minutes().ok()?;
        Some((self.workspace.revisions().topology, self.phase, chosen.clone(), minutes))
    }

    /// The clock that has to be begun, with what is to be worked out.
    pub fn clock_wanted(&self) -> Option<(ClockKey, Scenario)> {
        let key = self.clock_key()?;
        let known = self.failures.clock.as_ref().is_some_and(|(of, _)| *of == key);
        if known || self.failures.timing.as_ref() == Some(&key) {
            return None;
        }
        let (.., failures, minutes) = key.clone();
        Some((key, Scenario { failures, minutes, actions: Vec::new() }))
    }

    /// The outage of what is chosen, if it is up to date.
    pub fn timed(&self) -> Option<&Result<Arc<Outage>, String>> {
        let key = self.clock_key()?;
        self.failures.clock.as_ref().filter(|(of, _)| *of == key).map(|(_, outage)| outage)
    }
}
