//! The story: what happens when, told once each.

use super::{
    Event,
    actions::{Plan, VIEWERS},
};
use crate::model::{Subject, Topology};
use std::collections::BTreeMap;

/// Who holds mail.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holder {
    /// Senders outside, of that kind.
    Senders(&'static str),
    /// A server.
    Server(String),
}

impl Holder {
    fn text(&self) -> String {
        match self {
            Self::Senders(kind) => format!("senders on {kind}"),
            Self::Server(id) => format!("server:{id}"),
        }
    }
}

/// What is known of one holder.
#[derive(Default)]
struct Seen {
    waits: Option<u32>,
    empty: Option<u32>,
    warned: Option<u32>,
    expired: Option<(u32, u32, u64)>,
    refused: Option<(u32, u64)>,
}

pub(super) struct Log {
    events: Vec<Event>,
    minutes: u32,
    holders: BTreeMap<Holder, Seen>,
    /// Late messages that arrived in the first hour after the outage.
    wave: u64,
}

impl Log {
    /// The story's frame: failures, actions, the end.
    pub(super) fn new(plan: &Plan, topology: &Topology) -> Self {
        let mut events = Vec::new();
        let mut add = |minute, text| events.push(Event { minute, text });
        let named = |subject: &Subject| {
            let name = subject.object(topology).map(|id| topology.name(&id));
            name.map_or_else(|| subject.to_string(), |name| format!("{subject} ({name})"))
        };
        for subject in &plan.failed {
            add(0, format!("{} fails", named(subject)));
        }
        for step in &plan.steps {
            add(step.action.minute, step.action.what.text());
            let seen = VIEWERS.iter().map(|viewer| step.seen_at(*viewer)).max().unwrap_or(0);
            if step.memory_s > 0 {
                let ttl = step.memory_s;
                add(seen, format!("nobody remembers the old answer any more ({ttl} s)"));
            }
        }
        add(plan.minutes, "all that failed is back".to_owned());
        Self { events, minutes: plan.minutes, holders: BTreeMap::new(), wave: 0 }
    }

    fn seen(&mut self, holder: &Holder) -> &mut Seen {
        if !self.holders.contains_key(holder) {
            self.holders.insert(holder.clone(), Seen::default());
        }
        self.holders.entry(holder.clone()).or_default()
    }

    /// Mail begins to wait.
    pub(super) fn waits(&mut self, minute: u32, holder: Holder) {
        let seen = self.holders.entry(holder).or_default();
        seen.waits.get_or_insert(minute);
    }

    /// Mail leaves; `held` is what the place still keeps.
    pub(super) fn left(&mut self, minute: u32, holder: &Holder, held: u64) {
        if held == 0 {
            self.seen(holder).empty = Some(minute);
        }
    }

    /// Late mail arrives.
    pub(super) fn late(&mut self, minute: u32, count: u64) {
        if (self.minutes..self.minutes + 60).contains(&minute) {
            self.wave += count;
        }
    }

    /// Senders are told that their mail is late.
    pub(super) fn warned(&mut self, minute: u32, holder: &Holder, count: u64) {
        if count > 0 {
            self.seen(holder).warned.get_or_insert(minute);
        }
    }

    /// Mail is returned because it is too old.
    pub(super) fn expired(&mut self, minute: u32, holder: &Holder, count: u64) {
        if count > 0 {
            let (_, last, all) = self.seen(holder).expired.get_or_insert((minute, minute, 0));
            *last = minute;
            *all += count;
        }
    }

    /// Mail is returned at once.
    pub(super) fn refused(&mut self, minute: u32, holder: Holder, count: u64) {
        let (_, all) = self.holders.entry(holder).or_default().refused.get_or_insert((minute, 0));
        *all += count;
    }

    /// The whole story, in order.
    pub(super) fn events(mut self, last: Option<u32>) -> Vec<Event> {
        for (holder, seen) in std::mem::take(&mut self.holders) {
            let who = holder.text();
            let mut add = |minute, text| self.events.push(Event { minute, text });
            if let Some(minute) = seen.waits {
                add(minute, format!("mail begins to wait with {who}"));
            }
            if let Some(minute) = seen.warned {
                add(minute, format!("{who}: the first notice that mail is late"));
            }
            if let Some((first, end, all)) = seen.expired {
                add(first, format!("{who}: the first message is returned as too old"));
                add(end, format!("{who}: {all} messages have been returned as too old"));
            }
            if let Some((minute, all)) = seen.refused {
                add(minute, format!("{who}: mail is returned at once, {all} messages in all"));
            }
            if let (Some(minute), Holder::Server(_)) = (seen.empty, &holder) {
                add(minute, format!("nothing waits at {who} any more"));
            }
        }
        if self.wave > 0 {
            let text =
                format!("{} late messages have come in since the end of the outage", self.wave);
            self.events.push(Event { minute: self.minutes + 60, text });
        }
        if let Some(minute) = last.filter(|minute| *minute >= self.minutes) {
            let text = "the last message of the outage arrives".to_owned();
            self.events.push(Event { minute, text });
        }
        // A stable sort: what happens at one minute stays in the order in which it was told.
        self.events.sort_by_key(|event| event.minute);
        self.events
    }
}
