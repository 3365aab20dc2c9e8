//! An outage on a clock: who keeps which mail, until when, and what comes back to its senders.
//!
//! Mail is sent in parcels of some minutes, counted whole, and each parcel goes the ways of
//! [`crate::sim::walk`] in the world as it is at that minute: with what has failed, and with the records
//! as the asker has been told them (an outside answer is remembered for its TTL, a missing name for the
//! zone's negative TTL). Where it waits it is tried again, warned about and returned by the holder's habits
//! ([`crate::platform::retry`]). Mail is sent while the outage lasts; then the clock runs until nothing
//! waits. At each minute: submitted = delivered + queued + returned + lost + unknown. Nothing is *lost*: a
//! server that fails keeps its queues and sends them when it is back.
//!
//! What is not in the model, and not told: saturation of links and lines, attempts by hand, a limit to
//! connections, different hours of the day.

mod actions;
mod clock;
mod flags;
mod flows;
mod log;
mod states;

pub use actions::{Action, Scenario, What};
pub use flags::{Flag, Kind};

use super::{Go, Stopped};
use crate::{
    model::{Subject, Topology, dns::RecordId},
    net::world::{Inputs, World},
    sim::walk::Simulator,
};
use std::collections::BTreeSet;

/// Why an outage is not worked out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutageError {
    /// It was stopped.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// Nobody can tell when the world learns of the change.
    #[error("no TTL is entered for `record:{0}`, so nobody can tell when a change of it is seen")]
    NoTtl(RecordId),
    /// Nobody can tell when the world learns of the new name.
    #[error(
        "`record:{0}` is not there, and its zone has no negative TTL entered, so nobody can tell when it is seen"
    )]
    NoNegativeTtl(RecordId),
    /// The zone is not there.
    #[error("no zone for `record:{0}` in this phase")]
    NoZone(RecordId),
    /// It holds addresses of the other family, or none.
    #[error("`record:{0}` does not hold an address of that family")]
    Family(RecordId),
    /// It has not failed.
    #[error("`{0}` is none of the failures, so it cannot be started")]
    NotFailed(Subject),
    /// An operator has no so many hands.
    #[error("no more than {ACTIONS_MAX} actions")]
    TooMany,
    /// Longer than any sender waits.
    #[error("an outage of 1 minute to {HOURS_MAX} hours")]
    Hours,
}

/// The most actions of one outage.
pub const ACTIONS_MAX: usize = 16;
/// The longest outage, in hours: a year.
pub const HOURS_MAX: u32 = 8784;

/// Something that happens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    /// Minutes since the outage began.
    pub minute: u32,
    /// What happens, as a sentence without its full stop.
    pub text: String,
}

/// How many messages a holder keeps, over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// The server's id, or `internet` for the senders outside.
    pub server: String,
    /// When it was looked at, in minutes since the outage began.
    pub minute: Vec<u32>,
    /// How many messages waited then.
    pub messages: Vec<u64>,
}

/// The account at one minute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Minutes since the outage began.
    pub minute: u32,
    /// Sent so far.
    pub submitted: u64,
    /// Arrived.
    pub delivered: u64,
    /// Waiting.
    pub queued: u64,
    /// Returned to their senders.
    pub returned: u64,
    /// Gone without a word.
    pub lost: u64,
    /// Of which that cannot be told.
    pub unknown: u64,
}

impl Account {
    /// Whether it adds up.
    pub fn adds_up(&self) -> bool {
        self.submitted == self.delivered + self.queued + self.returned + self.lost + self.unknown
    }
}

/// Something that was taken for granted, for want of an entered fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assumed {
    /// Its name.
    pub name: &'static str,
    /// It as a sentence.
    pub text: &'static str,
}

/// What an outage does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outage {
    /// What happens, in order.
    pub events: Vec<Event>,
    /// The queues that held anything, by name.
    pub queues: Vec<Queue>,
    /// The account whenever the queues were looked at, and at the end.
    pub accounts: Vec<Account>,
    /// Messages that users could not send, because their own server was down: not submitted.
    pub unsent: u64,
    /// Messages that arrived more than a quarter of an hour late.
    pub delayed: u64,
    /// Notices of delay that senders got.
    pub delay_notices: u64,
    /// The longest that a message took that arrived, in minutes.
    pub longest_wait_min: u32,
    /// When the last message arrived.
    pub last_delivered_minute: Option<u32>,
    /// What goes on behind the client's back.
    pub flags: Vec<Flag>,
    /// What was taken for granted.
    pub assumed: Vec<Assumed>,
}

impl Outage {
    /// The account at the end.
    pub fn total(&self) -> Account {
        self.accounts.last().copied().unwrap_or_default()
    }
}

/// Works an outage out.
///
/// # Errors
/// When an action cannot be carried out, a fact is missing without which nobody can tell when it
/// works, or `go` says so.
pub fn outage(
    topology: &Topology,
    inputs: &Inputs,
    scenario: &Scenario,
    go: &mut Go<'_>,
) -> Result<Outage, OutageError> {
    if scenario.minutes == 0 || scenario.minutes > HOURS_MAX * 60 {
        return Err(OutageError::Hours);
    }
    let plan = actions::plan(topology, scenario)?;
    let keys = plan.keys();
    let topologies: Vec<Topology> = keys.iter().map(|key| plan.topology(topology, *key)).collect();
    let worlds: Vec<World<'_>> = keys
        .iter()
        .zip(&topologies)
        .map(|(key, topology)| World::new(topology, inputs, &plan.failures(*key)))
        .collect();
    let simulators: Vec<Simulator<'_, '_>> = worlds.iter().map(Simulator::new).collect();
    let states = states::States::new(&plan, &keys, &simulators);
    let quiet = World::new(topology, inputs, &BTreeSet::new());
    let quiet = Simulator::new(&quiet);
    let (flows, assumed) = flows::flows(&simulators[0]);
    let log = log::Log::new(&plan, topology);
    let clock = clock::Clock::new(&states, &flows, plan.minutes, log);
    let mut outage = clock.run(go)?;
    outage.flags = flags::flags(&states, &quiet);
    outage.assumed = assumed;
    Ok(outage)
}
