//! What goes on behind the client's back while another server takes the mail.

use super::states::States;
use crate::{
    model::{ObjectId, Subject},
    net::world::ServerIx,
    platform::{Mailbox, Recipient},
    sim::walk::{LegEnd, Simulator, Start},
};
use std::collections::BTreeMap;

/// What is flagged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Mail comes in past the filters of the servers that take it on other days.
    FilteringBypassed,
    /// Mail for mailboxes that do not exist is taken, and returned later, to whoever is named as its sender.
    UnknownRecipientsAccepted,
}

impl Kind {
    /// The word, as the command line writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::FilteringBypassed => "filtering-bypassed",
            Self::UnknownRecipientsAccepted => "unknown-recipients-accepted",
        }
    }
}

/// Something that is flagged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// What.
    pub kind: Kind,
    /// At which server.
    pub subject: Subject,
    /// It as a sentence without its full stop.
    pub text: String,
}

/// All that is to be flagged, sorted.
pub(super) fn flags(states: &States<'_, '_, '_>, quiet: &Simulator<'_, '_>) -> Vec<Flag> {
    let topology = quiet.world.topology;
    let mut found: BTreeMap<(Kind, Subject), String> = BTreeMap::new();
    for domain in topology.domains.values() {
        let to = |mailbox| Recipient { domain: Some(domain.name.clone()), mailbox, address: None };
        let homes = topology.mailboxes.values().filter_map(|m| {
            let own = topology.domains.get(&m.domain).is_some_and(|d| d.name == domain.name);
            m.home.as_ref().filter(|_| own).and_then(|home| quiet.world.server_ix(home))
        });
        let known: Vec<Recipient> = homes.map(|home| to(Mailbox::On(home))).collect();
        let usual: Vec<ServerIx> = known.iter().filter_map(|to| taker(quiet, to)).collect();
        for simulator in states.simulators {
            let world = simulator.world;
            let subject =
                |ix: ServerIx| Subject::from(ObjectId::Server(world.server(ix).id.clone()));
            for server in known.iter().filter_map(|to| taker(simulator, to)) {
                let own = world.server(server).object.organisation.as_ref();
                if usual.contains(&server) || own == Some(&domain.organisation) {
                    continue;
                }
                let name = &world.server(server).object.name;
                let text = format!(
                    "{name} takes the mail for {} meanwhile: what filters where it comes in on other \
                     days is bypassed, and later sees the address of {name} alone",
                    domain.name
                );
                found.insert((Kind::FilteringBypassed, subject(server)), text);
            }
            if let Some(server) = taker(simulator, &to(Mailbox::Unknown)) {
                let name = &world.server(server).object.name;
                let text = format!(
                    "{name} takes mail for any address at {}, and what is for nobody is returned later, \
                     to senders that may be forged",
                    domain.name
                );
                found.insert((Kind::UnknownRecipientsAccepted, subject(server)), text);
            }
        }
    }
    found.into_iter().map(|((kind, subject), text)| Flag { kind, subject, text }).collect()
}

/// The server that takes the Internet's mail for a recipient.
fn taker(simulator: &Simulator<'_, '_>, to: &Recipient) -> Option<ServerIx> {
    match simulator.leg(Start::Outside, to, &[]).end {
        LegEnd::Taken(opened) => Some(opened.server),
        _ => None,
    }
}
