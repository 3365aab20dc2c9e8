//! What is not known: each variant is a fact that somebody could enter, or a behaviour that nobody
//! has proved. "Cannot tell" always carries one.

use super::world::{
    ConnectorIx, FirewallIx, GroupIx, LineIx, LinkIx, ListenerIx, ResolverIx, SegmentIx, ServerIx,
    SiteIx, SmtpIx, World,
};
use crate::model::{
    ObjectId, Subject, assumption::Behaviour, dns::RecordId, id::MailboxesId, name::Fqdn,
    promise::End, server::Platform,
};
use std::net::IpAddr;

/// A fact that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// Which resolvers a site's hosts ask.
    SiteResolvers(SiteIx),
    /// How a site reaches the Internet.
    SiteInternet(SiteIx),
    /// What a link lets pass.
    LinkFilter(LinkIx),
    /// What a segment lets in from its site's other segments.
    SegmentFilter(SegmentIx),
    /// Which firewall stands before a line.
    LineFirewall(LineIx),
    /// Whether a firewall turns inside connections back.
    Hairpin(FirewallIx),
    /// Who may open port 25 to the Internet.
    Outbound25(FirewallIx),
    /// Where a resolver asks for what it does not know.
    Forwards(ResolverIx),
    /// No outside zone is drawn for the name.
    OutsideZone(Fqdn),
    /// The name lies in a delegated zone.
    Delegated(RecordId),
    /// Nothing is drawn at a public address.
    NothingDrawn(IpAddr),
    /// The mail system of a server.
    Platform(ServerIx),
    /// The routing group of a server.
    Group(ServerIx),
    /// The computer name of a server.
    ComputerName(ServerIx),
    /// Who may relay through a server.
    RelayFrom(ServerIx),
    /// Which client address a firewall shows to a server when it turns a connection back.
    MaskedClient(ServerIx),
    /// A server's address lies in none of its segment's subnets: no answer finds it.
    OutsideSubnets(ServerIx),
    /// An alias stands beside other records of its name, and no name server loads such a zone.
    AliasBeside(RecordId),
    /// Where a server stands.
    Place(ServerIx),
    /// The remote bridgeheads of a routing group connector.
    Targets(ConnectorIx),
    /// The local bridgeheads of an SMTP connector.
    Sources(SmtpIx),
    /// A host name that a server has to find bears an MX record.
    MxOnHostName(RecordId),
    /// Which server holds the mailboxes.
    Home(MailboxesId),
    /// No mailboxes stand there.
    NoMailboxes(End),
    /// Several routes cost the same, and which one is used is not documented.
    EqualCost(ServerIx),
    /// The mail exchanger is odd, and what Exchange makes of it is not documented.
    OddMx(Fqdn),
    /// No site links lead from one AD site to the other.
    SiteLinks(GroupIx, GroupIx),
    /// No Exchange server stands in an AD site that mail is sent to.
    Transport(GroupIx),
    /// Connectors of older routing groups and send connectors fit alike, and which is used is not documented.
    MixedConnectors(ServerIx),
    /// The FQDN of an older bridgehead is not its computer's name, and which one newer servers ask for is
    /// not documented.
    OlderName(ListenerIx),
    /// The peer greets with the sender's own name, and what Exchange makes of it is not documented.
    SameGreeting(ServerIx, Fqdn),
}

impl Unknown {
    /// The object whose fact is missing.
    pub fn subject(&self, world: &World<'_>) -> Option<Subject> {
        let object: ObjectId = match self {
            Self::SiteResolvers(site) | Self::SiteInternet(site) => {
                ObjectId::Site(world.site(*site).id.clone())
            }
            Self::LinkFilter(link) => ObjectId::Link(world.link(*link).id.clone()),
            Self::SegmentFilter(segment) => ObjectId::Segment(world.segment(*segment).id.clone()),
            Self::LineFirewall(line) => ObjectId::Line(world.line(*line).id.clone()),
            Self::Hairpin(firewall) | Self::Outbound25(firewall) => {
                ObjectId::Firewall(world.firewall(*firewall).id.clone())
            }
            Self::Forwards(resolver) => ObjectId::Resolver(world.resolver(*resolver).id.clone()),
            Self::Delegated(record) | Self::MxOnHostName(record) | Self::AliasBeside(record) => {
                ObjectId::Record(record.clone())
            }
            Self::Platform(server)
            | Self::Group(server)
            | Self::ComputerName(server)
            | Self::RelayFrom(server)
            | Self::Place(server)
            | Self::MaskedClient(server)
            | Self::OutsideSubnets(server)
            | Self::EqualCost(server)
            | Self::MixedConnectors(server)
            | Self::SameGreeting(server, _) => ObjectId::Server(world.server(*server).id.clone()),
            Self::Targets(connector) => {
                ObjectId::GroupConnector(world.connector(*connector).id.clone())
            }
            Self::SiteLinks(site, _) | Self::Transport(site) => {
                ObjectId::Group(world.group(*site).id.clone())
            }
            Self::OlderName(listener) => ObjectId::Listener(world.listener(*listener).id.clone()),
            Self::Sources(connector) => ObjectId::SmtpConnector(world.smtp(*connector).id.clone()),
            Self::Home(mailboxes) => ObjectId::Mailboxes(mailboxes.clone()),
            Self::OutsideZone(_)
            | Self::NothingDrawn(_)
            | Self::NoMailboxes(_)
            | Self::OddMx(_) => {
                return None;
            }
        };
        Some(object.into())
    }

    /// The field that is missing, by its name in files.
    pub fn attribute(&self) -> Option<&'static str> {
        Some(match self {
            Self::SiteResolvers(_) => "resolvers",
            Self::SiteInternet(_) => "internet",
            Self::LinkFilter(_) => "filter",
            Self::SegmentFilter(_) => "from_segments",
            Self::LineFirewall(_) => "firewall",
            Self::Hairpin(_) => "hairpin",
            Self::Outbound25(_) => "outbound_25",
            Self::Forwards(_) => "forwards",
            Self::Platform(_) => "platform",
            Self::Group(_) => "group",
            Self::ComputerName(_) => "computer_name",
            Self::RelayFrom(_) => "relay_from",
            Self::Place(_) => "place",
            Self::OutsideSubnets(_) => "addresses",
            Self::Targets(_) => "targets",
            Self::Sources(_) => "sources",
            Self::Home(_) => "home",
            Self::OlderName(_) => "fqdn",
            _ => return None,
        })
    }

    /// The missing fact as a sentence without its full stop.
    pub fn text(&self, world: &World<'_>) -> String {
        let site = |ix: &SiteIx| world.site(*ix).object.name.as_str();
        match self {
            Self::SiteResolvers(ix) => {
                format!("which resolvers the hosts of {} ask is not entered", site(ix))
            }
            Self::SiteInternet(ix) => {
                format!("how {} reaches the Internet is not entered", site(ix))
            }
            Self::LinkFilter(ix) => {
                format!("what {} lets pass is not entered", world.link(*ix).object.name)
            }
            Self::SegmentFilter(ix) => format!(
                "what {} lets in from other segments is not entered",
                world.segment(*ix).object.name
            ),
            Self::LineFirewall(ix) => {
                format!("the firewall before {} is not entered", world.line(*ix).object.name)
            }
            Self::Hairpin(ix) => format!(
                "whether {} turns inside connections to its public addresses back (hairpin) is not entered",
                world.firewall(*ix).object.name
            ),
            Self::Outbound25(ix) => format!(
                "whom {} lets open port 25 to the Internet is not entered",
                world.firewall(*ix).object.name
            ),
            Self::Forwards(ix) => format!(
                "where {} asks for names that it does not serve is not entered",
                world.resolver(*ix).object.name
            ),
            Self::OutsideZone(name) => format!("no outside zone is drawn that holds {name}"),
            Self::Delegated(record) => {
                format!("{} is delegated to name servers that are not simulated", record.name)
            }
            Self::NothingDrawn(address) => format!("nothing is drawn at {address}"),
            other => other.text_of_mail(world),
        }
    }

    /// The rest of [`Self::text`]: what is missing of servers, connectors and mailboxes.
    fn text_of_mail(&self, world: &World<'_>) -> String {
        let server = |ix: &ServerIx| world.server(*ix).object.name.as_str();
        match self {
            Self::Platform(ix) => format!("the mail system of {} is not entered", server(ix)),
            Self::Group(ix) => {
                let platform = world.server(*ix).object.platform;
                let site = platform.is_some_and(Platform::by_directory_site);
                let what = if site { "AD site" } else { "routing group" };
                format!("the {what} of {} is not entered", server(ix))
            }
            Self::ComputerName(ix) => format!("the computer name of {} is not entered", server(ix)),
            Self::RelayFrom(ix) => format!("who may relay through {} is not entered", server(ix)),
            Self::Place(ix) => format!("where {} stands is not entered", server(ix)),
            Self::Targets(ix) => {
                format!(
                    "the remote bridgeheads of {} are not entered",
                    world.connector(*ix).object.name
                )
            }
            Self::Sources(ix) => {
                format!("the local bridgeheads of {} are not entered", world.smtp(*ix).object.name)
            }
            Self::MxOnHostName(record) => format!(
                "{} bears an MX record, and whether a connector follows it is not known",
                record.name
            ),
            Self::Home(mailboxes) => {
                format!("the home server of the mailboxes {mailboxes} is not entered")
            }
            Self::NoMailboxes(end) => format!("no mailboxes are drawn at {end}"),
            Self::EqualCost(ix) => format!(
                "several routes from {} cost the same ({} is switched off)",
                server(ix),
                Behaviour::EqualCostFirstByName.name()
            ),
            Self::OddMx(domain) => format!(
                "the mail exchanger of {domain} is odd ({} is switched off)",
                Behaviour::OddMxAsPostfix.name()
            ),
            Self::SameGreeting(ix, name) => format!(
                "{} and its peer both greet as {name}, and what Exchange makes of that is not known",
                server(ix)
            ),
            Self::MaskedClient(ix) => format!(
                "the firewall turns the connection back and shows {} an address of its own, which is not entered",
                server(ix)
            ),
            Self::OutsideSubnets(ix) => {
                format!("the address of {} lies in none of its segment's subnets", server(ix))
            }
            Self::AliasBeside(record) => {
                format!(
                    "an alias stands beside other records of {}: no server loads such a zone",
                    record.name
                )
            }
            other => other.text_of_sites(world),
        }
    }

    /// The rest of [`Self::text_of_mail`]: what is missing of AD sites.
    fn text_of_sites(&self, world: &World<'_>) -> String {
        let server = |ix: &ServerIx| world.server(*ix).object.name.as_str();
        match self {
            Self::SiteLinks(from, to) => format!(
                "no site links that lead from {} to {} are entered",
                world.group(*from).object.name,
                world.group(*to).object.name
            ),
            Self::Transport(site) => {
                format!("no other Exchange server of {} is entered", world.group(*site).object.name)
            }
            Self::MixedConnectors(ix) => format!(
                "an SMTP connector of an older routing group and a send connector fit alike, and which one {} uses is not documented",
                server(ix)
            ),
            Self::OlderName(ix) => {
                let node = world.listener(*ix);
                format!(
                    "{} of {} has an FQDN that is not its computer's name, and which of the two newer servers ask for is not documented",
                    node.object.name,
                    server(&node.server)
                )
            }
            _ => "a fact is missing".to_owned(),
        }
    }
}
