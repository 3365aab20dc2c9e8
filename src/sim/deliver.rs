//! From one named end to another: the worst of the messages that it stands for.

use super::{
    ends, render,
    trace::{Disposition, Trace},
    walk::{Message, Simulator, Walk},
};
use crate::{
    model::promise::End,
    net::{unknown::Unknown, world::World},
};

/// What becomes of mail from one end to another: the trace of the worst message.
pub fn trace(world: &World<'_>, from: &End, to: &End) -> Trace {
    trace_with(&Simulator::new(world), from, to)
}

/// The same, with what a simulator already knows.
pub fn trace_with(simulator: &Simulator<'_, '_>, from: &End, to: &End) -> Trace {
    match worst(simulator, from, to) {
        Sent::Walked(message, walk) => render::trace(simulator.world, from, to, &message, &walk),
        Sent::Unknown(unknown) => render::cannot_start(simulator.world, from, to, &unknown),
    }
}

/// What becomes of mail from one end to another, without its steps.
pub fn disposition(simulator: &Simulator<'_, '_>, from: &End, to: &End) -> Disposition {
    worst(simulator, from, to).disposition(simulator)
}

/// A message between two ends.
#[derive(Debug)]
pub enum Sent<'a> {
    /// It was followed.
    Walked(Message, Walk<'a>),
    /// It cannot be told who sends, or who gets it.
    Unknown(Unknown),
}

impl Sent<'_> {
    /// What becomes of it.
    pub fn disposition(&self, simulator: &Simulator<'_, '_>) -> Disposition {
        match self {
            Self::Walked(_, walk) => walk.disposition(simulator.world),
            Self::Unknown(_) => Disposition::CannotTell,
        }
    }
}

/// The worst message from one end to another; the first among equals.
pub fn worst<'a>(simulator: &Simulator<'_, 'a>, from: &End, to: &End) -> Sent<'a> {
    let mut worst: Option<(u8, Sent<'a>)> = None;
    for sent in all(simulator, from, to) {
        let rank = sent.disposition(simulator).rank();
        if worst.as_ref().is_none_or(|(worst, _)| rank > *worst) {
            worst = Some((rank, sent));
        }
    }
    worst.map_or_else(|| Sent::Unknown(Unknown::NoMailboxes(to.clone())), |(_, sent)| sent)
}

/// All messages from one end to another, and their ways.
pub fn all<'a>(simulator: &Simulator<'_, 'a>, from: &End, to: &End) -> Vec<Sent<'a>> {
    let recipients = match ends::recipients(simulator.world, to) {
        Ok(recipients) => recipients,
        Err(unknown) => return vec![Sent::Unknown(unknown)],
    };
    let mut found = Vec::with_capacity(recipients.len());
    for start in ends::starts(simulator.world, from) {
        let start = match start {
            Ok(start) => start,
            Err(unknown) => {
                found.push(Sent::Unknown(unknown));
                continue;
            }
        };
        for recipient in &recipients {
            let message = Message { from: start, to: recipient.clone() };
            let walk = simulator.walk(&message);
            found.push(Sent::Walked(message, walk));
        }
    }
    found
}
