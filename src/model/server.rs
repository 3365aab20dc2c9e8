//! Servers and their SMTP listeners (SMTP virtual servers).

use super::{
    address::Subnet,
    connector::GroupKind,
    dns::Place,
    id::{GroupId, IdError, OrganisationId, ResolverId, ServerId, serde_as_text},
    name::{Fqdn, MailAddress},
    object::object,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt, net::IpAddr, str::FromStr};

object! {
    /// A server.
    pub struct Server, ServerField {
        required {
            /// The name that people use.
            name: String => Name,
            /// Where it stands.
            place: Place => Place,
        }
        optional {
            /// What it is for.
            role: Role => Role,
            /// The mail system that runs on it; none: not entered.
            platform: Option<Platform> => Platform,
            /// Edition and service pack, as people write it.
            edition: String => Edition,
            /// The organisation whose mail it handles; none: nobody's of this plan.
            organisation: Option<OrganisationId> => Organisation,
            /// Computer name without its domain; none: not entered.
            computer_name: Option<Fqdn> => ComputerName,
            /// The AD domain that it is a member of; none: not entered.
            directory_domain: Option<Fqdn> => DirectoryDomain,
            /// Its addresses.
            addresses: Vec<IpAddr> => Addresses,
            /// The resolvers that it asks, in this order; none: its site's, or on the Internet the public DNS.
            resolvers: Option<Vec<ResolverId>> => Resolvers,
            /// Its routing group (Exchange 2000 and 2003) or AD site (2007 to SE).
            group: Option<GroupId> => Group,
            /// How it chooses the next hop (generic SMTP servers): transport table, relayhost.
            routes: Vec<Route> => Routes,
            /// Foreign domains that it accepts mail for and passes on (backup MX).
            relay_domains: BTreeSet<Fqdn> => RelayDomains,
            /// Clients that may relay to any domain; none: not entered.
            relay_from: Option<BTreeSet<Subnet>> => RelayFrom,
            /// Keeps mail whose next hop has no address, instead of returning it (generic SMTP servers).
            keeps_on_name_error: bool => KeepsOnNameError,
        }
    }
}

impl Server {
    /// The computer's name with its domain, as the directory knows it; the bare name outside a domain.
    pub fn computer_fqdn(&self) -> Option<Fqdn> {
        let name = self.computer_name.as_ref()?;
        match &self.directory_domain {
            Some(domain) if name.is_single_label() => domain.child(name.as_str()).ok(),
            _ => Some(name.clone()),
        }
    }
}

/// What a server is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// Takes the connections of clients and the Internet, holds no mailboxes.
    FrontEnd,
    /// Holds mailboxes.
    BackEnd,
    /// A domain controller, with or without DNS.
    DomainController,
    /// Passes mail on.
    Relay,
    /// Anything else.
    #[default]
    Other,
}

/// The mail system that runs on a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Platform {
    /// Exchange 2000 or 2003: routing groups, SMTP virtual servers.
    Exchange2003,
    /// Exchange 2007 with the Hub Transport role: AD sites, receive and send connectors.
    Exchange2007,
    /// Exchange 2010 with the Hub Transport role.
    Exchange2010,
    /// Exchange 2013 with all roles.
    Exchange2013,
    /// Exchange 2016.
    Exchange2016,
    /// Exchange 2019.
    Exchange2019,
    /// Exchange Subscription Edition.
    ExchangeSe,
    /// Postfix, or another SMTP server that is steered by a transport table.
    Postfix,
}

impl Platform {
    /// All of them, the oldest Exchange first.
    pub const ALL: [Self; 8] = [
        Self::Exchange2003,
        Self::Exchange2007,
        Self::Exchange2010,
        Self::Exchange2013,
        Self::Exchange2016,
        Self::Exchange2019,
        Self::ExchangeSe,
        Self::Postfix,
    ];

    /// Its name, as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exchange2003 => "Exchange 2003",
            Self::Exchange2007 => "Exchange 2007",
            Self::Exchange2010 => "Exchange 2010",
            Self::Exchange2013 => "Exchange 2013",
            Self::Exchange2016 => "Exchange 2016",
            Self::Exchange2019 => "Exchange 2019",
            Self::ExchangeSe => "Exchange SE",
            Self::Postfix => "Postfix",
        }
    }

    /// Whether it is an Exchange server, of any version.
    pub fn is_exchange(self) -> bool {
        self != Self::Postfix
    }

    /// Whether it routes by AD sites (Exchange 2007 to SE).
    pub fn by_directory_site(self) -> bool {
        self.is_exchange() && self != Self::Exchange2003
    }

    /// The TCP ports on which it answers its own kind whatever listeners are drawn: RPC of the mailbox store
    /// (2007, 2010), the transport service behind the front end and mailbox delivery (2013 to SE). Setup
    /// makes them, and nobody draws them.
    pub fn own_ports(self) -> &'static [u16] {
        match self {
            Self::Exchange2003 | Self::Postfix => &[],
            Self::Exchange2007 | Self::Exchange2010 => &[135],
            Self::Exchange2013 | Self::Exchange2016 | Self::Exchange2019 | Self::ExchangeSe => {
                &[2525, 475]
            }
        }
    }

    /// Which kind of group its servers stand in; none: in no group.
    pub fn group_kind(self) -> Option<GroupKind> {
        match self {
            Self::Postfix => None,
            Self::Exchange2003 => Some(GroupKind::RoutingGroup),
            _ => Some(GroupKind::DirectorySite),
        }
    }
}

/// One line of a transport table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Which recipients it is for.
    pub to: RouteMatch,
    /// Where their mail goes: the first next hop that answers.
    pub via: Vec<NextHop>,
}

/// Which recipients a route is for. The most exact one that fits is used: address, home, domain, all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RouteMatch {
    /// One address.
    Address(MailAddress),
    /// Recipients whose mailbox is on that server (as a virtual alias map sorts them).
    Home(ServerId),
    /// Recipients in that domain.
    Domain(Fqdn),
    /// Everyone (the relayhost).
    All,
}

/// Where a route leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NextHop {
    /// A host: its address is looked up, never an MX (Postfix: `[host]`).
    Host(Fqdn),
    /// An address: nothing is looked up.
    Address(IpAddr),
    /// The mail exchangers of the recipient's domain.
    Mx,
    /// The mail exchangers of that domain, or its address when it has none (Postfix: `domain`).
    MxOf(Fqdn),
    /// Nowhere: mail is kept.
    Unreachable,
}

/// A listener, written `lon-be1/1`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ListenerId {
    /// The server.
    pub server: ServerId,
    /// Its number on the server, from 1, as Exchange counts virtual servers.
    pub number: u16,
}

impl FromStr for ListenerId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let bad =
            || IdError::Form { kind: "listener", text: text.to_owned(), form: "server/number" };
        let (server, number) = text.rsplit_once('/').ok_or_else(bad)?;
        Ok(Self { server: server.parse()?, number: number.parse().ok().ok_or_else(bad)? })
    }
}
impl fmt::Display for ListenerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.server, self.number)
    }
}
serde_as_text!(ListenerId);

object! {
    /// An SMTP virtual server: what answers on a server's addresses, and greets with a name.
    pub struct Listener, ListenerField {
        required {
            /// The name that people use.
            name: String => Name,
        }
        optional {
            /// The name that it greets with and by which connectors find it; none: the computer's name.
            fqdn: Option<Fqdn> => Fqdn,
            /// The addresses that it answers on.
            bindings: Bindings => Bindings,
            /// TCP port; none: 25.
            port: Option<u16> => Port,
            /// Where it sends all mail that leaves the organisation and that no connector takes.
            smart_host: Option<SmartHost> => SmartHost,
        }
    }
}

impl Listener {
    /// The TCP port.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(25)
    }
}

/// The addresses that a listener answers on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Bindings {
    /// All of the server's that no other listener claims on the same port ("All Unassigned").
    #[default]
    All,
    /// These.
    Addresses(BTreeSet<IpAddr>),
}

/// A smart host, written `mail.provider.example` or `[192.0.2.25]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SmartHost {
    /// A name, which is looked up.
    Name(Fqdn),
    /// An address in brackets, which is not.
    Address(IpAddr),
}

impl FromStr for SmartHost {
    type Err = super::name::NameError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let literal = text.strip_prefix('[').and_then(|t| t.strip_suffix(']'));
        match literal.map(str::parse::<IpAddr>) {
            Some(Ok(address)) => Ok(Self::Address(address)),
            Some(Err(_)) => literal.unwrap_or(text).parse().map(Self::Name),
            None => text.parse().map(Self::Name),
        }
    }
}
impl fmt::Display for SmartHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "{name}"),
            Self::Address(address) => write!(f, "[{address}]"),
        }
    }
}
serde_as_text!(SmartHost);
