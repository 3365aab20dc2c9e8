//! The ends that people name, taken apart into messages: which servers send, which mailboxes get.

use super::walk::Start;
use crate::{
    model::{
        id::{MailboxesId, ServerId},
        name::MailAddress,
        organisation::Mailboxes,
        promise::End,
    },
    net::{unknown::Unknown, world::World},
    platform::{Mailbox, Recipient},
};

/// The recipients behind an end.
///
/// # Errors
/// When no mailboxes are drawn there.
pub fn recipients(world: &World<'_>, end: &End) -> Result<Vec<Recipient>, Unknown> {
    let groups = match end {
        End::Internet => {
            return Ok(vec![Recipient { domain: None, mailbox: Mailbox::Foreign, address: None }]);
        }
        End::Address(address) => return Ok(of_address(world, address)),
        End::Server(id) => groups(world, |m| m.home.as_ref() == Some(id)),
        End::Site(id) => groups(world, |m| m.users_at.as_ref() == Some(id)),
    };
    let found: Vec<_> = groups
        .into_iter()
        .filter_map(|(id, mailboxes)| recipient(world, id, mailboxes, None))
        .collect();
    if found.is_empty() { Err(Unknown::NoMailboxes(end.clone())) } else { Ok(found) }
}

/// The places where a message from an end starts; mailboxes whose home is not entered start where
/// nobody can tell. Never empty.
pub fn starts(world: &World<'_>, end: &End) -> Vec<Result<Start, Unknown>> {
    let groups = match end {
        End::Internet => return vec![Ok(Start::Outside)],
        End::Server(id) => return vec![start(world, id).ok_or_else(none(end))],
        End::Address(address) => match domain_groups(world, address) {
            None => return vec![Ok(Start::Outside)],
            Some(groups) => groups,
        },
        End::Site(id) => groups(world, |m| m.users_at.as_ref() == Some(id)),
    };
    let mut starts = Vec::new();
    for (id, mailboxes) in groups {
        let home = mailboxes.home.as_ref().and_then(|home| start(world, home));
        let home = home.ok_or_else(|| Unknown::Home(id.clone()));
        if !starts.contains(&home) {
            starts.push(home);
        }
    }
    if starts.is_empty() { vec![Err(Unknown::NoMailboxes(end.clone()))] } else { starts }
}

fn none(end: &End) -> impl FnOnce() -> Unknown {
    let end = end.clone();
    move || Unknown::NoMailboxes(end)
}

fn start(world: &World<'_>, id: &ServerId) -> Option<Start> {
    world.server_ix(id).map(Start::Server)
}

type Groups<'a> = Vec<(&'a MailboxesId, &'a Mailboxes)>;

fn groups<'a>(world: &World<'a>, wanted: impl Fn(&Mailboxes) -> bool) -> Groups<'a> {
    world.topology.mailboxes.iter().filter(|(_, m)| wanted(m)).collect()
}

/// The groups of mailboxes that may hold an address: those that name it, else those of the domain
/// that name none. None: the domain is not drawn.
fn domain_groups<'a>(world: &World<'a>, address: &MailAddress) -> Option<Groups<'a>> {
    world.organisation_of(address.domain.as_str())?;
    let in_domain = |m: &Mailboxes| {
        let domain = world.topology.domains.get(&m.domain);
        domain.is_some_and(|domain| domain.name == address.domain)
    };
    let named = groups(world, |m| in_domain(m) && m.addresses.contains(address));
    if !named.is_empty() {
        return Some(named);
    }
    Some(groups(world, |m| in_domain(m) && m.addresses.is_empty()))
}

fn of_address(world: &World<'_>, address: &MailAddress) -> Vec<Recipient> {
    let plain = |mailbox| Recipient {
        domain: Some(address.domain.clone()),
        mailbox,
        address: Some(address.clone()),
    };
    match domain_groups(world, address) {
        None => vec![plain(Mailbox::Foreign)],
        Some(groups) if groups.is_empty() => vec![plain(Mailbox::Unknown)],
        Some(groups) => groups
            .into_iter()
            .filter_map(|(id, mailboxes)| recipient(world, id, mailboxes, Some(address)))
            .collect(),
    }
}

/// The recipient that a group of mailboxes stands for; none where its domain is not drawn.
pub(super) fn recipient(
    world: &World<'_>,
    id: &MailboxesId,
    mailboxes: &Mailboxes,
    address: Option<&MailAddress>,
) -> Option<Recipient> {
    let domain = world.topology.domains.get(&mailboxes.domain)?;
    let home = mailboxes.home.as_ref().and_then(|home| world.server_ix(home));
    let mailbox = home.map_or_else(|| Mailbox::HomeNotEntered(id.clone()), Mailbox::On);
    let address = address.or_else(|| match mailboxes.addresses.len() {
        1 => mailboxes.addresses.first(),
        _ => None,
    });
    Some(Recipient { domain: Some(domain.name.clone()), mailbox, address: address.cloned() })
}
