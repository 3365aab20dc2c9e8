//! Who sends and who receives, from the two ends of a question.

use super::case::Case;
use bridgehead::model::{
    id::{DomainId, OrganisationId, ServerId},
    name::{Fqdn, MailAddress},
    organisation::Mailboxes,
    promise::End,
    server::Server,
};

/// Where a message starts.
#[derive(Clone, Debug)]
pub(super) enum Sender {
    /// At this server.
    Server(ServerId),
    /// Somewhere on the Internet.
    Internet,
    /// Nobody can say.
    CannotTell,
}

/// To whom it goes.
#[derive(Clone, Debug)]
pub(super) struct Recipient {
    /// The part after the `@`; none: some domain that is not drawn.
    pub(super) domain: Option<Fqdn>,
    /// Whose domain it is; none: that of nobody who is drawn.
    pub(super) organisation: Option<OrganisationId>,
    /// The address, where it was named.
    pub(super) address: Option<MailAddress>,
    /// The server that holds the mailbox; none: not entered.
    pub(super) home: Option<ServerId>,
    /// Whether the domain's organisation knows the user.
    pub(super) known: bool,
}

impl Recipient {
    /// Whether the server receives mail for the domain as its own.
    pub(super) fn is_local_to(&self, server: &Server) -> bool {
        server.organisation.is_some() && server.organisation == self.organisation
    }
}

/// All senders that an end stands for, in the order of the mailboxes' ids.
pub(super) fn senders(case: &Case, end: &End) -> Vec<Sender> {
    let groups = match end {
        End::Internet => return vec![Sender::Internet],
        End::Server(id) if case.topology.servers.contains_key(id) => {
            return vec![Sender::Server(id.clone())];
        }
        End::Server(_) => return vec![Sender::CannotTell],
        End::Site(site) => mailboxes(case, |m| m.users_at.as_ref() == Some(site)),
        End::Address(address) => match drawn(case, &address.domain) {
            None => return vec![Sender::Internet],
            Some(domain) => holders(case, domain, address),
        },
    };
    let homes = groups.iter().map(|group| match &group.home {
        Some(id) if case.topology.servers.contains_key(id) => Sender::Server(id.clone()),
        _ => Sender::CannotTell,
    });
    // Nobody sits there, or nobody has that address: who would send?
    if groups.is_empty() { vec![Sender::CannotTell] } else { homes.collect() }
}

/// All recipients that an end stands for, in the order of the mailboxes' ids; none: cannot tell.
pub(super) fn recipients(case: &Case, end: &End) -> Vec<Recipient> {
    let groups = match end {
        End::Internet => return vec![stranger(None)],
        End::Server(id) => mailboxes(case, |m| m.home.as_ref() == Some(id)),
        End::Site(id) => mailboxes(case, |m| m.users_at.as_ref() == Some(id)),
        End::Address(address) => return recipients_of_address(case, address),
    };
    groups.into_iter().map(|group| member(case, group, None)).collect()
}

fn recipients_of_address(case: &Case, address: &MailAddress) -> Vec<Recipient> {
    let Some(domain) = drawn(case, &address.domain) else { return vec![stranger(Some(address))] };
    let groups = holders(case, domain, address);
    if groups.is_empty() {
        let organisation = Some(case.topology.domains[domain].organisation.clone());
        return vec![Recipient { organisation, known: false, ..stranger(Some(address)) }];
    }
    groups.into_iter().map(|group| member(case, group, Some(address))).collect()
}

/// Somebody in a domain that is not drawn.
fn stranger(address: Option<&MailAddress>) -> Recipient {
    Recipient {
        domain: address.map(|a| a.domain.clone()),
        organisation: None,
        address: address.cloned(),
        home: None,
        known: true,
    }
}

fn member(case: &Case, group: &Mailboxes, address: Option<&MailAddress>) -> Recipient {
    let domain = case.topology.domains.get(&group.domain);
    let home = group.home.clone().filter(|id| case.topology.servers.contains_key(id));
    Recipient {
        domain: domain.map(|d| d.name.clone()),
        organisation: domain.map(|d| d.organisation.clone()),
        address: address.cloned(),
        home,
        known: true,
    }
}

fn mailboxes<'a>(case: &Case<'a>, wanted: impl Fn(&Mailboxes) -> bool) -> Vec<&'a Mailboxes> {
    case.topology.mailboxes.values().filter(|m| wanted(m)).collect()
}

/// The first drawn domain of that name.
fn drawn<'a>(case: &Case<'a>, name: &Fqdn) -> Option<&'a DomainId> {
    case.topology.domains.iter().find(|(_, d)| d.name == *name).map(|(id, _)| id)
}

/// The groups of a domain that name the address; else those that name none.
fn holders<'a>(case: &Case<'a>, domain: &DomainId, address: &MailAddress) -> Vec<&'a Mailboxes> {
    let named = mailboxes(case, |m| m.domain == *domain && m.addresses.contains(address));
    if named.is_empty() {
        mailboxes(case, |m| m.domain == *domain && m.addresses.is_empty())
    } else {
        named
    }
}
