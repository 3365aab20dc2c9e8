//! What an operator does meanwhile, and when the world learns of it.

use super::{ACTIONS_MAX, OutageError};
use crate::model::{
    Subject, Topology,
    dns::{Mx, RecordData, RecordId, RecordSet, ViewKind},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// What fails, for how long, and what is done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// What fails.
    pub failures: BTreeSet<Subject>,
    /// For how many minutes.
    pub minutes: u32,
    /// What is done meanwhile.
    pub actions: Vec<Action>,
}

/// Something that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Minutes since the outage began.
    pub minute: u32,
    /// What is done.
    pub what: What,
}

/// What can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A record gets another address.
    Switch(RecordId, IpAddr),
    /// A domain gets other mail exchangers.
    Mx(RecordId, Vec<Mx>),
    /// One of the failures is mended before the others.
    Start(Subject),
}

impl What {
    /// It as a sentence without its full stop.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Switch(record, address) => format!("record:{record} is switched to {address}"),
            Self::Mx(record, list) => {
                let list: Vec<_> = list.iter().map(ToString::to_string).collect();
                format!("record:{record} becomes {}", list.join(", "))
            }
            Self::Start(subject) => format!("{subject} is started"),
        }
    }
}

/// Whose eyes the world is seen with: records reach them at different times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Viewer {
    /// Senders outside, in quarters by the age of the answer that they remember.
    Quarter(u8),
    /// The plan's own servers: the worst case, a remembered answer of no age.
    Server,
}

/// All of them.
pub(super) const VIEWERS: [Viewer; 5] = [
    Viewer::Quarter(0),
    Viewer::Quarter(1),
    Viewer::Quarter(2),
    Viewer::Quarter(3),
    Viewer::Server,
];

/// A state of the world: whether the outage lasts, and which actions have been seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    pub(super) lasts: bool,
    seen: u32,
}

/// An action with the seconds for which an older answer may be remembered.
pub(super) struct Step {
    pub(super) action: Action,
    pub(super) memory_s: u32,
    set: Option<RecordSet>,
}

/// A scenario that can be carried out.
pub(super) struct Plan {
    pub(super) failed: BTreeSet<Subject>,
    pub(super) minutes: u32,
    pub(super) steps: Vec<Step>,
}

/// Holds a scenario against the drawing.
pub(super) fn plan(topology: &Topology, scenario: &Scenario) -> Result<Plan, OutageError> {
    if scenario.actions.len() > ACTIONS_MAX {
        return Err(OutageError::TooMany);
    }
    let mut actions = scenario.actions.clone();
    actions.sort_by_key(|action| action.minute);
    let mut steps: Vec<Step> = Vec::new();
    // What earlier actions made of a record is what later ones change.
    let mut records = topology.records.clone();
    for action in actions {
        let (memory_s, set) = match &action.what {
            What::Start(subject) if !scenario.failures.contains(subject) => {
                return Err(OutageError::NotFailed(subject.clone()));
            }
            What::Start(_) => (0, None),
            What::Switch(record, address) => {
                let data = RecordData::address(*address);
                if data.kind() != record.kind {
                    return Err(OutageError::Family(record.clone()));
                }
                let step = change(topology, &records, record, data)?;
                (step.0, Some(step.1))
            }
            What::Mx(record, list) => {
                let step = change(topology, &records, record, RecordData::Mx(list.clone()))?;
                (step.0, Some(step.1))
            }
        };
        if let (What::Switch(record, _) | What::Mx(record, _), Some(set)) = (&action.what, &set) {
            records.insert(record.clone(), set.clone());
        }
        steps.push(Step { action, memory_s, set });
    }
    Ok(Plan { failed: scenario.failures.clone(), minutes: scenario.minutes, steps })
}

/// How long the old answer may be remembered, and the new record set.
fn change(
    topology: &Topology,
    records: &BTreeMap<RecordId, RecordSet>,
    id: &RecordId,
    data: RecordData,
) -> Result<(u32, RecordSet), OutageError> {
    let zone = topology.zones.get(&id.zone).ok_or_else(|| OutageError::NoZone(id.clone()))?;
    let outside =
        topology.views.get(&id.zone.view).is_some_and(|view| view.kind == ViewKind::Outside);
    let old = records.get(id);
    let memory_s = match old {
        // Inside, the servers' own resolvers hold the zone, and remember nothing of it.
        _ if !outside => 0,
        Some(set) => set.ttl_s.or(zone.ttl_s).ok_or_else(|| OutageError::NoTtl(id.clone()))?,
        None => zone.negative_ttl_s.ok_or_else(|| OutageError::NoNegativeTtl(id.clone()))?,
    };
    Ok((memory_s, RecordSet { data, ttl_s: old.and_then(|set| set.ttl_s) }))
}

impl Step {
    /// When a viewer sees it: a remembered answer is of any age, so that the quarters see it one after
    /// the other, the last one after the whole TTL.
    pub(super) fn seen_at(&self, viewer: Viewer) -> u32 {
        let quarters = match viewer {
            Viewer::Quarter(quarter) => u32::from(quarter) + 1,
            Viewer::Server => 4,
        };
        let quarter_s = u64::from(self.memory_s) * u64::from(quarters);
        self.action.minute + u32::try_from(quarter_s.div_ceil(4 * 60)).unwrap_or(0)
    }
}

impl Plan {
    /// The state that a viewer sees.
    pub(super) fn key(&self, minute: u32, viewer: Viewer) -> Key {
        let seen = self.steps.iter().enumerate().filter(|(_, s)| s.seen_at(viewer) <= minute);
        Key { lasts: minute < self.minutes, seen: seen.map(|(at, _)| 1 << at).sum() }
    }

    /// The minutes at which anybody sees anything change, the beginning first.
    pub(super) fn breaks(&self) -> Vec<u32> {
        let mut all: BTreeSet<u32> = BTreeSet::from([0, self.minutes]);
        for step in &self.steps {
            all.extend(VIEWERS.iter().map(|viewer| step.seen_at(*viewer)));
        }
        all.into_iter().collect()
    }

    /// All states that anybody ever sees; the first is the beginning of the outage.
    pub(super) fn keys(&self) -> Vec<Key> {
        let first = self.key(0, Viewer::Server);
        let mut keys = vec![first];
        for minute in self.breaks() {
            for viewer in VIEWERS {
                let key = self.key(minute, viewer);
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        keys
    }

    fn seen(&self, key: Key) -> impl Iterator<Item = &Step> {
        self.steps
            .iter()
            .enumerate()
            .filter(move |(at, _)| key.seen & (1 << at) != 0)
            .map(|(_, s)| s)
    }

    /// The drawing in a state.
    pub(super) fn topology(&self, before: &Topology, key: Key) -> Topology {
        let mut topology = before.clone();
        for step in self.seen(key) {
            if let (What::Switch(id, _) | What::Mx(id, _), Some(set)) =
                (&step.action.what, &step.set)
            {
                topology.records.insert(id.clone(), set.clone());
            }
        }
        topology
    }

    /// What is down in a state.
    pub(super) fn failures(&self, key: Key) -> BTreeSet<Subject> {
        if !key.lasts {
            return BTreeSet::new();
        }
        let mut failed = self.failed.clone();
        for step in self.seen(key) {
            if let What::Start(subject) = &step.action.what {
                failed.remove(subject);
            }
        }
        failed
    }
}
