//! Mail systems, one file each: how the next hop is chosen, which name is asked, what a peer's
//! answer means, how long a queue keeps mail.
//!
//! A platform answers two questions about a message at one of its servers: [`Platform::decide`]
//! (is the mailbox here, and if not, which hop comes next?) and [`Platform::targets`] (whom does
//! that hop try, in which order, by name or by address?). Names, addresses and connections are
//! [`crate::net`]'s; the loop around it is [`crate::sim`]'s.

pub mod exchange_2003;
pub mod exchange_site;
pub mod postfix;
pub mod retry;
pub mod verdict;

use crate::{
    model::{
        assumption::Behaviour,
        id::MailboxesId,
        name::{Fqdn, MailAddress},
        server,
    },
    net::{
        unknown::Unknown,
        world::{ConnectorIx, GroupIx, ListenerIx, ServerIx, SmtpIx, World},
    },
};
use std::net::IpAddr;
use verdict::Stopped;

/// Whom a message is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The domain of the address; none: somebody on the Internet whose domain is not drawn.
    pub domain: Option<Fqdn>,
    /// The mailbox.
    pub mailbox: Mailbox,
    /// The address, where one was named.
    pub address: Option<MailAddress>,
}

/// What is known of a recipient's mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mailbox {
    /// It is on that server.
    On(ServerIx),
    /// It is drawn, its home is not entered.
    HomeNotEntered(MailboxesId),
    /// The domain is drawn and has no such mailbox.
    Unknown,
    /// The domain is not drawn.
    Foreign,
}

/// The next hop that a server chose. The same hop of the same server leads to the same attempt,
/// whoever the message is for (apart from the domain, where the hop looks it up).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hop {
    /// Straight to the home server, in the same routing group.
    Home(ServerIx),
    /// Over a routing group connector.
    Connector(ConnectorIx),
    /// To the local bridgeheads of a routing group connector.
    Bridgeheads(ConnectorIx),
    /// Into another AD site.
    Towards {
        /// The site: the target's, or a hub site before it.
        site: GroupIx,
        /// Whom the mail seeks there, if the site is the target's.
        goal: Goal,
    },
    /// Out by an SMTP connector.
    Smtp(SmtpIx),
    /// To the bridgeheads of an SMTP connector in the same group.
    SmtpBridgeheads(SmtpIx),
    /// Out by the server's own virtual server.
    OwnServer,
    /// By a line of the transport table.
    Route(u16),
    /// By the mail exchangers of the domain.
    Mx,
}

/// What mail seeks in another AD site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Goal {
    /// Any transport server: the mailbox is there.
    Site,
    /// A source server of a send connector.
    Smtp(SmtpIx),
    /// A source server of a routing group connector to older servers.
    Connector(ConnectorIx),
}

impl Hop {
    /// Whether the attempt depends on the recipient's domain.
    pub fn by_domain(self) -> bool {
        matches!(self, Self::Smtp(_) | Self::OwnServer | Self::Route(_) | Self::Mx)
    }
}

/// What a server does with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It puts it into the mailbox.
    Mailbox,
    /// It sends it on.
    Send {
        /// The next hop.
        hop: Hop,
        /// The cost of the route, where the platform counts one.
        cost: Option<u32>,
        /// The assumptions that the choice leans on.
        assumed: Vec<Behaviour>,
    },
    /// It goes no further.
    Stop(Stopped),
}

/// What a hop tries, in this order.
#[derive(Clone, Debug, Default)]
pub struct Targets {
    /// Whom.
    pub list: Vec<Target>,
    /// The assumptions that the list leans on, whatever happens.
    pub assumed: Vec<Behaviour>,
}

/// One target of a hop.
#[derive(Clone, Debug)]
pub enum Target {
    /// A host by its name.
    Host {
        /// The name.
        name: Fqdn,
        /// The server that is meant, where one is.
        meant: Option<ServerIx>,
        /// The listener whose FQDN it is, where it is one's.
        listener: Option<ListenerIx>,
        /// Whether an MX record on the name makes it uncertain what happens.
        mx_uncertain: bool,
        /// What becomes of the mail when the name has no address.
        on_no_name: OnNoName,
        /// The TCP port, where a server of Exchange 2007 or later sends within its organisation: the peer
        /// must prove there that it is an Exchange server. None: port 25, and it need not.
        service: Option<u16>,
    },
    /// An address.
    Address {
        /// The address.
        address: IpAddr,
        /// The listener that is bound to it, where that is why no name is asked.
        bound: Option<ListenerIx>,
    },
    /// The mail exchangers of a domain.
    Mx {
        /// The domain; none: one that is not drawn.
        domain: Option<Fqdn>,
        /// What becomes of the mail when the domain has no mail exchanger with an address.
        on_no_name: OnNoName,
        /// The assumption that an odd exchanger is treated as Postfix does; none: it is known.
        odd: Option<Behaviour>,
    },
    /// Nowhere: mail is kept.
    Nowhere,
    /// Whom cannot be told.
    Unknown(Unknown),
}

/// What becomes of mail whose next hop has no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnNoName {
    /// Kept in the queue; otherwise returned.
    pub keep: bool,
    /// The behaviour that says so, where it is an assumption.
    pub assumed: Option<Behaviour>,
}

/// A mail system.
pub trait Platform: Sync {
    /// Its name, as people write it.
    fn name(&self) -> &'static str;

    /// What a server does with a message. `without`: connectors that were found down.
    fn decide(
        &self,
        world: &World<'_>,
        server: ServerIx,
        to: &Recipient,
        without: &[ConnectorIx],
    ) -> Decision;

    /// Whom a hop tries.
    fn targets(&self, world: &World<'_>, server: ServerIx, hop: Hop, to: &Recipient) -> Targets;

    /// Whether a peer that greets with the sender's own name is taken for a loop; none: not known.
    fn own_greeting_is_loop(&self) -> Option<bool>;

    /// Whether a server of this platform accepts anything from that peer, whatever the recipient.
    fn trusts(&self, world: &World<'_>, server: ServerIx, peer: ServerIx) -> bool;

    /// Whether connectors that do not deliver are marked down, and mail takes another route.
    fn has_link_state(&self) -> bool {
        false
    }

    /// How a queue retries, warns and gives up.
    fn retries(&self) -> &'static retry::Retries;

    /// The same as a sentence without its full stop.
    fn queue_text(&self) -> &'static str;
}

/// The platform of a mail system's name in the model.
pub fn of(platform: server::Platform) -> &'static dyn Platform {
    match platform {
        server::Platform::Exchange2003 => &exchange_2003::Exchange2003,
        server::Platform::Exchange2007 => {
            &exchange_site::ExchangeSite(server::Platform::Exchange2007)
        }
        server::Platform::Exchange2010 => {
            &exchange_site::ExchangeSite(server::Platform::Exchange2010)
        }
        server::Platform::Exchange2013 => {
            &exchange_site::ExchangeSite(server::Platform::Exchange2013)
        }
        server::Platform::Exchange2016 => {
            &exchange_site::ExchangeSite(server::Platform::Exchange2016)
        }
        server::Platform::Exchange2019 => {
            &exchange_site::ExchangeSite(server::Platform::Exchange2019)
        }
        server::Platform::ExchangeSe => &exchange_site::ExchangeSite(server::Platform::ExchangeSe),
        server::Platform::Postfix => &postfix::Postfix,
    }
}

/// What every platform does first: mailboxes of its own organisation. None: the domain is foreign
/// or the mailbox is elsewhere.
pub fn local(
    world: &World<'_>,
    server: ServerIx,
    to: &Recipient,
) -> Option<Result<ServerIx, Stopped>> {
    use verdict::{Code, Disposition, Why};
    let domain = to.domain.as_ref()?;
    if !world.is_local(server, domain.as_str()) {
        return None;
    }
    Some(match &to.mailbox {
        Mailbox::On(home) => Ok(*home),
        Mailbox::HomeNotEntered(id) => Err(Stopped::unknown(Unknown::Home(id.clone()))),
        Mailbox::Unknown | Mailbox::Foreign => {
            Err(Stopped::new(Disposition::Bounced, Code::UnknownUser, Why::UnknownUser(server)))
        }
    })
}
