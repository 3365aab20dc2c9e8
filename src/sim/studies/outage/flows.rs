//! Who sends how much to whom.

use super::{Assumed, states::Place};
use crate::{
    model::organisation::Mailboxes,
    platform::{
        Mailbox, Recipient,
        retry::{EXCHANGE_2007, EXCHANGE_ONLINE, EXIM, POSTFIX, Retries},
    },
    sim::{ends, walk::Simulator},
};

/// A kind of sender outside.
pub(super) struct Kind {
    /// Whose habits these are.
    pub(super) name: &'static str,
    /// The habits.
    pub(super) retries: &'static Retries,
}

/// The kinds of senders outside, each with an equal share of the mail.
pub(super) const KINDS: [Kind; 4] = [
    Kind { name: "Exchange Online", retries: &EXCHANGE_ONLINE },
    Kind { name: "Exchange", retries: &EXCHANGE_2007 },
    Kind { name: "Postfix", retries: &POSTFIX },
    Kind { name: "Exim", retries: &EXIM },
];

/// The planning values of the average profile (Microsoft, Exchange 2003: 30 sent, 75 received a day), of
/// which half of what is sent stays inside; so 15 are got from inside and 60 from the Internet.
const FROM_INTERNET: u32 = 60;
const TO_INTERNET: u32 = 15;
const INSIDE: u32 = 15;

const RATES: Assumed = Assumed {
    name: "average-message-rate",
    text: "mailboxes whose messages a day are not entered get 60 from the Internet, send 15 there and 15 to \
           each other (Microsoft's average profile: 30 sent, 75 received)",
};
const EVEN: Assumed = Assumed {
    name: "even-day",
    text: "mail is sent evenly over the day, and between mailboxes by their number",
};
const SENDERS: Assumed = Assumed {
    name: "senders-in-quarters",
    text: "a quarter each of the Internet's mail comes from Exchange Online (gives up after 24 h), Exchange \
           (48 h), Postfix (5 days) and Exim (4 days)",
};

/// Mail from one place for one recipient.
pub(super) struct Flow {
    /// Where it starts; none: at mailboxes whose server is not entered.
    pub(super) from: Option<Place>,
    /// The recipient.
    pub(super) recipient: usize,
    /// Messages in so many minutes.
    messages: u64,
    minutes: u64,
}

impl Flow {
    /// How many messages have been sent before a minute.
    pub(super) fn before(&self, minute: u32) -> u64 {
        let sent = u128::from(self.messages) * u128::from(minute) / u128::from(self.minutes);
        u64::try_from(sent).unwrap_or(u64::MAX)
    }
}

/// All mail of a plan.
pub(super) struct Flows {
    pub(super) recipients: Vec<Recipient>,
    pub(super) list: Vec<Flow>,
}

const DAY: u64 = 24 * 60;

/// All mail of a plan, and what was taken for granted.
pub(super) fn flows(simulator: &Simulator<'_, '_>) -> (Flows, Vec<Assumed>) {
    let world = simulator.world;
    let outside = world.servers.len();
    let groups: Vec<(&Mailboxes, Recipient)> = world
        .topology
        .mailboxes
        .iter()
        .filter_map(|(id, group)| Some((group, ends::recipient(world, id, group, None)?)))
        .filter(|(group, _)| group.count > 0)
        .collect();
    let all: u64 = groups.iter().map(|(group, _)| u64::from(group.count)).sum();
    let foreign = groups.len();
    let mut list = Vec::new();
    for (at, (group, recipient)) in groups.iter().enumerate() {
        let count = u64::from(group.count);
        let home = match recipient.mailbox {
            Mailbox::On(server) => Some(server.at()),
            _ => None,
        };
        let rate =
            |entered: Option<u32>, planned: u32| u64::from(entered.unwrap_or(planned)) * count;
        let plain = |from, recipient, messages| Flow { from, recipient, messages, minutes: DAY };
        list.push(plain(Some(outside), at, rate(group.from_internet_per_day, FROM_INTERNET)));
        list.push(plain(home, foreign, rate(group.to_internet_per_day, TO_INTERNET)));
        let inside = rate(group.inside_per_day, INSIDE);
        for (to, (other, _)) in groups.iter().enumerate() {
            let messages = inside.saturating_mul(u64::from(other.count));
            list.push(Flow { from: home, recipient: to, messages, minutes: DAY * all });
        }
    }
    let entered = |group: &Mailboxes| {
        let rates = [group.from_internet_per_day, group.to_internet_per_day, group.inside_per_day];
        rates.iter().all(Option::is_some)
    };
    let mut assumed = vec![EVEN, SENDERS];
    if !groups.iter().all(|(group, _)| entered(group)) {
        assumed.insert(0, RATES);
    }
    let mut recipients: Vec<Recipient> = groups.into_iter().map(|(_, to)| to).collect();
    recipients.push(Recipient { domain: None, mailbox: Mailbox::Foreign, address: None });
    list.retain(|flow| flow.messages > 0);
    (Flows { recipients, list }, assumed)
}
