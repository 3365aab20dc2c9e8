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
    let simulator = Simulator::new(world);
    trace_with(&simulator, from, to)
}

/// The same, with what a simulator already knows.
pub fn trace_with(simulator: &Simulator<'_, '_>, from: &End, to: &End) -> Trace {
    match worst(simulator, from, to) {
        Ok((message, walk)) => render::trace(simulator.world, from, to, &message, &walk),
        Err(unknown) => render::cannot_start(simulator.world, from, to, &unknown),
    }
}

/// What becomes of mail from one end to another, without its steps.
pub fn disposition(simulator: &Simulator<'_, '_>, from: &End, to: &End) -> Disposition {
    match worst(simulator, from, to) {
        Ok((_, walk)) => walk.disposition(simulator.world),
        Err(_) => Disposition::CannotTell,
    }
}

/// The worst message from one end to another, and its way; the first among equals.
///
/// # Errors
/// When it cannot be told who sends or who gets.
pub fn worst<'a>(
    simulator: &Simulator<'_, 'a>,
    from: &End,
    to: &End,
) -> Result<(Message, Walk<'a>), Unknown> {
    let mut worst: Option<(u8, Message, Walk<'a>)> = None;
    for (message, walk) in all(simulator, from, to)? {
        let rank = walk.disposition(simulator.world).rank();
        if worst.as_ref().is_none_or(|(worst, ..)| rank > *worst) {
            worst = Some((rank, message, walk));
        }
    }
    worst.map(|(_, message, walk)| (message, walk)).ok_or_else(|| Unknown::NoMailboxes(to.clone()))
}

/// All messages from one end to another, and their ways.
///
/// # Errors
/// When it cannot be told who sends or who gets.
pub fn all<'a>(
    simulator: &Simulator<'_, 'a>,
    from: &End,
    to: &End,
) -> Result<Vec<(Message, Walk<'a>)>, Unknown> {
    let starts = ends::starts(simulator.world, from)?;
    let recipients = ends::recipients(simulator.world, to)?;
    let mut found = Vec::with_capacity(starts.len() * recipients.len());
    for start in &starts {
        for recipient in &recipients {
            let message = Message { from: *start, to: recipient.clone() };
            let walk = simulator.walk(&message);
            found.push((message, walk));
        }
    }
    Ok(found)
}
