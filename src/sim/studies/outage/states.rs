//! What a holder does with a message in each state of the world; worked out once.

use super::actions::{Key, Plan, Viewer};
use crate::{
    net::world::ServerIx,
    platform::{self, Recipient, retry, retry::Retries},
    sim::{
        trace::Disposition,
        walk::{LegEnd, Message, Simulator, Start, Walk},
    },
};
use rustc_hash::FxHashMap;
use std::cell::RefCell;

/// Who holds a message: a server by its index, or, after the last one, its sender outside.
pub(super) type Place = usize;

/// What comes of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Another server has it.
    To(Place),
    /// It has arrived.
    Arrived,
    /// It waits there.
    Held(Place),
    /// It goes back to its sender.
    Returned,
    /// That cannot be told.
    Unknown,
}

/// The states, and what was worked out in them.
pub(super) struct States<'s, 'w, 'a> {
    pub(super) plan: &'s Plan,
    keys: &'s [Key],
    pub(super) simulators: &'s [Simulator<'w, 'a>],
    steps: RefCell<FxHashMap<(usize, Place, usize), Step>>,
}

impl<'s, 'w, 'a> States<'s, 'w, 'a> {
    pub(super) fn new(
        plan: &'s Plan,
        keys: &'s [Key],
        simulators: &'s [Simulator<'w, 'a>],
    ) -> Self {
        Self { plan, keys, simulators, steps: RefCell::default() }
    }

    /// The place of senders outside.
    pub(super) fn outside(&self) -> Place {
        self.simulators[0].world.servers.len()
    }

    /// A holder's name, as the answer writes it.
    pub(super) fn name(&self, place: Place) -> String {
        match self.simulators[0].world.servers.get(place) {
            Some(node) => node.id.to_string(),
            None => "internet".to_owned(),
        }
    }

    /// The state that a viewer sees at a minute.
    pub(super) fn at(&self, minute: u32, viewer: Viewer) -> usize {
        let key = self.plan.key(minute, viewer);
        // Every minute at which anything changes gave its key.
        self.keys.iter().position(|known| *known == key).unwrap_or(0)
    }

    /// Whether a server is down.
    pub(super) fn is_down(&self, minute: u32, place: Place) -> bool {
        let world = self.simulators[self.at(minute, Viewer::Server)].world;
        world.servers.get(place).is_some_and(|node| world.is_down(node.failed))
    }

    /// The habits of a server's queue.
    pub(super) fn retries(&self, place: Place) -> &'static Retries {
        let node = self.simulators[0].world.servers.get(place);
        // Where no platform is entered nothing waits: that cannot be told.
        let system = node.and_then(|node| node.object.platform);
        system.map_or(&retry::POSTFIX, |system| platform::of(system).retries())
    }

    /// What comes of an attempt.
    pub(super) fn step(
        &self,
        state: usize,
        place: Place,
        recipients: &[Recipient],
        recipient: usize,
    ) -> Step {
        let key = (state, place, recipient);
        if let Some(known) = self.steps.borrow().get(&key) {
            return *known;
        }
        let step = self.step_anew(&self.simulators[state], place, &recipients[recipient]);
        self.steps.borrow_mut().insert(key, step);
        step
    }

    fn step_anew(&self, simulator: &Simulator<'_, '_>, place: Place, to: &Recipient) -> Step {
        let start = if place == self.outside() {
            Start::Outside
        } else {
            Start::Server(ServerIx::new(place))
        };
        match simulator.leg(start, to, &[]).end {
            LegEnd::Taken(opened) => Step::To(opened.server.at()),
            LegEnd::Left(_) | LegEnd::InMailbox => Step::Arrived,
            LegEnd::Stopped(stopped) => ended(stopped.disposition, place),
            LegEnd::Rerouted(_) => {
                let walk = simulator.walk(&Message { from: start, to: to.clone() });
                ended(walk.disposition(simulator.world), last(&walk).unwrap_or(place))
            }
        }
    }
}

fn last(walk: &Walk<'_>) -> Option<Place> {
    walk.path().last().map(|server| server.at())
}

fn ended(disposition: Disposition, place: Place) -> Step {
    match disposition {
        Disposition::Delivered | Disposition::LeftForInternet => Step::Arrived,
        Disposition::Queued | Disposition::NoRoute => Step::Held(place),
        Disposition::Bounced | Disposition::Refused | Disposition::Loop => Step::Returned,
        Disposition::CannotTell => Step::Unknown,
    }
}
