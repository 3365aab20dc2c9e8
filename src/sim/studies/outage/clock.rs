//! The clock: mail is sent, tried again, warned about and returned, event by event.

use super::{
    Account, Outage, OutageError, Queue,
    actions::Viewer,
    flows::{Flows, KINDS},
    log::{Holder, Log},
    states::{Place, States, Step},
};
use crate::{
    platform::retry::Retries,
    sim::studies::{Go, Progress, Stopped},
};
use rustc_hash::FxHashMap;
use std::{cmp::Reverse, collections::BinaryHeap};

/// More servers than any message passes (RFC 5321 section 6.3 stops at 100).
const HOPS_MAX: u16 = 100;
/// Mail that takes longer is late, in minutes.
const LATE_MIN: u32 = 15;
/// How long the longest sender keeps trying, in minutes.
const LONGEST_MIN: u32 = 5 * 24 * 60;

/// Some messages that share everything.
#[derive(Clone, Copy)]
struct Parcel {
    /// When they were sent.
    born: u32,
    /// Since when the present holder has them.
    since: u32,
    count: u64,
    /// Whether their senders have been told that they are late.
    noticed: bool,
    /// How many servers have taken them over, from the first on: what two servers hand to each other, and
    /// keep for a while in between, ends here as well.
    hops: u16,
}

impl Parcel {
    /// The next server has them from now on.
    fn moved(&mut self, minute: u32) {
        (self.since, self.noticed) = (minute, false);
        self.hops += 1;
    }
}

/// Parcels that wait at one place and are tried together.
struct Unit {
    place: Place,
    recipient: usize,
    viewer: Viewer,
    /// Which of [`KINDS`] holds them, outside.
    kind: usize,
    parcels: Vec<Parcel>,
    failed: usize,
}

/// What is due at a minute, in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Try(usize),
    Send,
}

pub(super) struct Clock<'c, 's, 'w, 'a> {
    states: &'c States<'s, 'w, 'a>,
    flows: &'c Flows,
    minutes: u32,
    /// Mail is sent in parcels of so many minutes.
    bucket: u32,
    /// Senders outside differ in what they remember.
    quarters: u8,
    due: BinaryHeap<Reverse<(u32, Due)>>,
    units: Vec<Unit>,
    /// The queues of servers that try everything together.
    open: FxHashMap<(Place, usize), usize>,
    held: Vec<u64>,
    log: Log,
    account: Account,
    accounts: Vec<Account>,
    queues: Vec<Queue>,
    next_look: u32,
    look: u32,
    unsent: u64,
    delayed: u64,
    delay_notices: u64,
    longest_wait_min: u32,
    last: Option<u32>,
}

impl<'c, 's, 'w, 'a> Clock<'c, 's, 'w, 'a> {
    pub(super) fn new(
        states: &'c States<'s, 'w, 'a>,
        flows: &'c Flows,
        minutes: u32,
        log: Log,
    ) -> Self {
        let places = states.outside() + 1;
        let remembers = states.plan.steps.iter().any(|step| step.memory_s > 0);
        let queue =
            |place| Queue { server: states.name(place), minute: Vec::new(), messages: Vec::new() };
        Self {
            states,
            flows,
            minutes,
            bucket: (minutes / 720).clamp(1, 60),
            quarters: if remembers { 4 } else { 1 },
            due: BinaryHeap::from([Reverse((0, Due::Send))]),
            units: Vec::new(),
            open: FxHashMap::default(),
            held: vec![0; places],
            log,
            account: Account::default(),
            accounts: Vec::new(),
            queues: (0..places).map(queue).collect(),
            next_look: 0,
            look: (minutes / 120).max(5),
            unsent: 0,
            delayed: 0,
            delay_notices: 0,
            longest_wait_min: 0,
            last: None,
        }
    }

    pub(super) fn run(mut self, go: &mut Go<'_>) -> Result<Outage, OutageError> {
        let total = (self.minutes + LONGEST_MIN) as usize;
        let mut now = 0;
        while let Some(Reverse((minute, due))) = self.due.pop() {
            while self.next_look < minute {
                self.look_at(self.next_look);
                self.next_look += self.look;
                if !go(Progress { done: (minute as usize).min(total), total }) {
                    return Err(Stopped.into());
                }
            }
            now = minute;
            match due {
                Due::Send => self.send(minute),
                Due::Try(unit) => self.try_again(minute, unit),
            }
        }
        self.look_at(now.max(self.minutes));
        Ok(self.finish())
    }

    fn finish(self) -> Outage {
        let mut queues = self.queues;
        queues.retain(|queue| queue.messages.iter().any(|messages| *messages > 0));
        queues.sort_by(|a, b| a.server.cmp(&b.server));
        Outage {
            events: self.log.events(self.last),
            queues,
            accounts: self.accounts,
            unsent: self.unsent,
            delayed: self.delayed,
            delay_notices: self.delay_notices,
            longest_wait_min: self.longest_wait_min,
            last_delivered_minute: self.last,
            flags: Vec::new(),
            assumed: Vec::new(),
        }
    }

    /// Notes how things stand; what waits is counted anew, not reckoned from the rest.
    fn look_at(&mut self, minute: u32) {
        let parcels = self.units.iter().flat_map(|unit| &unit.parcels);
        self.account.queued = parcels.map(|parcel| parcel.count).sum();
        self.account.minute = minute;
        self.accounts.push(self.account);
        for (queue, held) in self.queues.iter_mut().zip(&self.held) {
            queue.minute.push(minute);
            queue.messages.push(*held);
        }
    }

    /// Sends what is due in the minutes that begin now.
    fn send(&mut self, minute: u32) {
        let end = (minute + self.bucket).min(self.minutes);
        let outside = self.states.outside();
        let flows = self.flows;
        for flow in &flows.list {
            let (before, after) = (flow.before(minute), flow.before(end));
            match flow.from {
                None => {
                    self.account.submitted += after - before;
                    self.account.unknown += after - before;
                }
                Some(place) if place == outside => {
                    let shares = KINDS.len() as u64 * u64::from(self.quarters);
                    for share in 0..shares {
                        let count = dealt(after, share, shares) - dealt(before, share, shares);
                        let kind = usize::try_from(share).unwrap_or(0) % KINDS.len();
                        let quarter = u8::try_from(share / KINDS.len() as u64).unwrap_or(0);
                        let viewer = Viewer::Quarter(quarter.min(3));
                        self.submit(minute, (place, flow.recipient), (viewer, kind), count);
                    }
                }
                Some(place) if self.states.is_down(minute, place) => self.unsent += after - before,
                Some(place) => {
                    let of = (Viewer::Server, 0);
                    self.submit(minute, (place, flow.recipient), of, after - before);
                }
            }
        }
        if end < self.minutes {
            self.due.push(Reverse((end, Due::Send)));
        }
    }

    fn submit(
        &mut self,
        minute: u32,
        (place, recipient): (Place, usize),
        of: (Viewer, usize),
        count: u64,
    ) {
        if count == 0 {
            return;
        }
        self.account.submitted += count;
        let parcel = Parcel { born: minute, since: minute, count, noticed: false, hops: 0 };
        self.travel(minute, (place, recipient), of, parcel);
    }

    /// Lets a parcel go as far as it gets.
    fn travel(
        &mut self,
        minute: u32,
        (mut place, recipient): (Place, usize),
        (mut viewer, kind): (Viewer, usize),
        mut parcel: Parcel,
    ) {
        while parcel.hops < HOPS_MAX {
            let state = self.states.at(minute, viewer);
            match self.states.step(state, place, &self.flows.recipients, recipient) {
                Step::To(next) => {
                    (place, viewer) = (next, Viewer::Server);
                    parcel.moved(minute);
                }
                Step::Arrived => return self.arrive(minute, parcel),
                Step::Held(at) => {
                    if at != place {
                        (place, viewer) = (at, Viewer::Server);
                        parcel.moved(minute);
                    }
                    return self.hold(minute, (place, recipient), (viewer, kind), parcel);
                }
                Step::Returned => {
                    let holder = self.holder(place, kind);
                    self.log.refused(minute, holder, parcel.count);
                    self.account.returned += parcel.count;
                    return;
                }
                Step::Unknown => {
                    self.account.unknown += parcel.count;
                    return;
                }
            }
        }
        self.account.returned += parcel.count;
    }

    fn arrive(&mut self, minute: u32, parcel: Parcel) {
        let wait = minute - parcel.born;
        self.account.delivered += parcel.count;
        self.last = Some(minute);
        self.longest_wait_min = self.longest_wait_min.max(wait);
        if wait > LATE_MIN {
            self.delayed += parcel.count;
            self.log.late(minute, parcel.count);
        }
    }

    fn hold(
        &mut self,
        minute: u32,
        (place, recipient): (Place, usize),
        (viewer, kind): (Viewer, usize),
        parcel: Parcel,
    ) {
        self.held[place] += parcel.count;
        self.log.waits(minute, self.holder(place, kind));
        let together = place != self.states.outside() && self.states.retries(place).together;
        if together && let Some(unit) = self.open.get(&(place, recipient)) {
            self.units[*unit].parcels.push(parcel);
            return;
        }
        let number = self.units.len();
        let parcels = vec![parcel];
        self.units.push(Unit { place, recipient, viewer, kind, parcels, failed: 1 });
        if together {
            self.open.insert((place, recipient), number);
        }
        let gap = self.retries(place, kind).gap(1);
        self.due.push(Reverse((self.next_try(minute, place, gap), Due::Try(number))));
    }

    /// When a place tries again: after the gap, or when it comes up, if it is down.
    fn next_try(&self, minute: u32, place: Place, gap: u32) -> u32 {
        if !self.states.is_down(minute, place) {
            return minute + gap;
        }
        let breaks = self.states.plan.breaks();
        let up = breaks.into_iter().find(|at| *at > minute && !self.states.is_down(*at, place));
        up.unwrap_or(minute + gap)
    }

    fn try_again(&mut self, minute: u32, number: usize) {
        let (place, recipient) = (self.units[number].place, self.units[number].recipient);
        let (viewer, kind) = (self.units[number].viewer, self.units[number].kind);
        let state = self.states.at(minute, viewer);
        let step = self.states.step(state, place, &self.flows.recipients, recipient);
        let stays = step == Step::Held(place);
        if stays && !self.states.is_down(minute, place) {
            self.give_up(minute, number);
            self.units[number].failed += 1;
        }
        if !stays || self.units[number].parcels.is_empty() {
            let parcels = std::mem::take(&mut self.units[number].parcels);
            if self.open.get(&(place, recipient)) == Some(&number) {
                self.open.remove(&(place, recipient));
            }
            for parcel in parcels {
                self.held[place] -= parcel.count;
                self.travel(minute, (place, recipient), (viewer, kind), parcel);
            }
            self.log.left(minute, &self.holder(place, kind), self.held[place]);
            return;
        }
        let gap = self.retries(place, kind).gap(self.units[number].failed);
        self.due.push(Reverse((self.next_try(minute, place, gap), Due::Try(number))));
    }

    /// Warns about what is late, and returns what is too late.
    fn give_up(&mut self, minute: u32, number: usize) {
        let unit = &mut self.units[number];
        let (place, kind) = (unit.place, unit.kind);
        let retries = retries(self.states, place, kind);
        let (mut warned, mut returned) = (0, 0);
        unit.parcels.retain_mut(|parcel| {
            let age = minute - parcel.since;
            if age >= retries.expiry_min {
                returned += parcel.count;
                return false;
            }
            if retries.notice_min.is_some_and(|notice| age >= notice && !parcel.noticed) {
                parcel.noticed = true;
                warned += parcel.count;
            }
            true
        });
        self.held[place] -= returned;
        self.account.returned += returned;
        self.delay_notices += warned;
        let holder = self.holder(place, kind);
        self.log.warned(minute, &holder, warned);
        self.log.expired(minute, &holder, returned);
    }

    fn retries(&self, place: Place, kind: usize) -> &'static Retries {
        retries(self.states, place, kind)
    }

    fn holder(&self, place: Place, kind: usize) -> Holder {
        if place == self.states.outside() {
            Holder::Senders(KINDS[kind].name)
        } else {
            Holder::Server(self.states.name(place))
        }
    }
}

fn retries(states: &States<'_, '_, '_>, place: Place, kind: usize) -> &'static Retries {
    if place == states.outside() { KINDS[kind].retries } else { states.retries(place) }
}

/// How many of so many messages fall to one share, when they are dealt in turn.
fn dealt(messages: u64, share: u64, shares: u64) -> u64 {
    (messages + shares - 1 - share) / shares
}
