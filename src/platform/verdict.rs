//! Verdicts on a message, in the words that window, command line and report share, and why.

use crate::{
    model::{ObjectId, Subject, name::Fqdn},
    net::{
        cause::Cause,
        unknown::Unknown,
        way::Stop,
        world::{GroupIx, ListenerIx, ServerIx, World},
    },
};

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Disposition {
    /// It lies in the mailbox.
    Delivered,
    /// It was taken by a server on the Internet.
    LeftForInternet,
    /// It waits in a queue and will be tried again.
    Queued,
    /// It was returned to its sender.
    Bounced,
    /// The organisation refused it to a sender on the Internet.
    Refused,
    /// It would go round in circles.
    Loop,
    /// It waits because no connector leads where it has to go.
    NoRoute,
    /// A fact is missing.
    CannotTell,
}

impl Disposition {
    /// The word, as the command line writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::LeftForInternet => "left-for-internet",
            Self::Queued => "queued",
            Self::Bounced => "bounced",
            Self::Refused => "refused",
            Self::Loop => "loop",
            Self::NoRoute => "no-route",
            Self::CannotTell => "cannot-tell",
        }
    }

    /// Whether the message arrived.
    pub fn arrived(self) -> bool {
        matches!(self, Self::Delivered | Self::LeftForInternet)
    }

    /// How bad it is, for the worst of several: lost is worse than late, late worse than unknown.
    pub fn rank(self) -> u8 {
        match self {
            Self::Delivered => 0,
            Self::LeftForInternet => 1,
            Self::CannotTell => 2,
            Self::Queued => 3,
            Self::NoRoute => 4,
            Self::Refused => 5,
            Self::Bounced => 6,
            Self::Loop => 7,
        }
    }
}

/// Why a message stopped, in the laboratory's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// The peer did not answer.
    Timeout,
    /// The peer's host refused the connection.
    Refused,
    /// The network has no way there.
    Unreachable,
    /// The name does not exist or has no address.
    NameNotFound,
    /// The name servers gave no answer.
    NameTemporary,
    /// The domain says that it takes no mail.
    NullMx,
    /// The mail comes back to the server that sends it.
    LoopSelf,
    /// The mail passed a server twice.
    TooManyHops,
    /// The peer does not relay for this client.
    RelayDenied,
    /// The peer knows no such mailbox.
    UnknownUser,
    /// Another refusal for good.
    Rejected,
    /// A refusal for now.
    RemoteTemporary,
    /// No connector leads there.
    NoConnector,
    /// Anything else.
    Other,
}

impl Code {
    /// The word, as the command line writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::NameNotFound => "name-not-found",
            Self::NameTemporary => "name-temporary",
            Self::NullMx => "null-mx",
            Self::LoopSelf => "loop-self",
            Self::TooManyHops => "too-many-hops",
            Self::RelayDenied => "relay-denied",
            Self::UnknownUser => "unknown-user",
            Self::Rejected => "rejected",
            Self::RemoteTemporary => "remote-temporary",
            Self::NoConnector => "no-connector",
            Self::Other => "other",
        }
    }
}

/// What a message failed at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// A connection was not opened.
    Connection(Cause),
    /// A fact is missing.
    Unknown(Unknown),
    /// No connector leads from one group to the other.
    NoConnector(GroupIx, GroupIx),
    /// No SMTP connector is usable for the domain.
    NoSmtpConnector(ServerIx),
    /// The transport table says that nothing leads there.
    NoRoute(ServerIx),
    /// The name has no address.
    NoName(Fqdn),
    /// The name servers gave no answer.
    NoAnswer(Fqdn),
    /// The domain takes no mail (RFC 7505).
    NullMx(Fqdn),
    /// The server would send to itself.
    ToItself(ServerIx),
    /// The peer greets with the sender's own name.
    OwnGreeting(ServerIx, Fqdn),
    /// The mail passed that server before.
    Circle(ServerIx),
    /// The mailbox is not known there.
    UnknownUser(ServerIx),
    /// The server does not relay for this client.
    RelayDenied(ServerIx),
    /// The server that holds the mail is down.
    HolderDown(ServerIx),
    /// The server that answers is no Exchange server of the sender's organisation.
    NotExchange(ServerIx),
    /// The receive connector greets with a name that is not its server's, so that Exchange servers cannot
    /// prove themselves to each other.
    ForeignFqdn(ListenerIx),
}

/// Where a message ended that did not arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// What became of it.
    pub disposition: Disposition,
    /// In the laboratory's words; none when it cannot be told.
    pub code: Option<Code>,
    /// What it failed at.
    pub why: Why,
}

impl Stopped {
    /// A message whose fate cannot be told.
    pub fn unknown(unknown: Unknown) -> Self {
        Self { disposition: Disposition::CannotTell, code: None, why: Why::Unknown(unknown) }
    }

    /// A message that stopped.
    pub fn new(disposition: Disposition, code: Code, why: Why) -> Self {
        Self { disposition, code: Some(code), why }
    }
}

impl From<Stop> for Stopped {
    fn from(stop: Stop) -> Self {
        let (code, cause) = match stop {
            Stop::Timeout(cause) => (Code::Timeout, cause),
            Stop::Refused(cause) => (Code::Refused, cause),
            Stop::Unreachable(cause) => (Code::Unreachable, cause),
            Stop::Stopped(cause) => (Code::Other, cause),
            Stop::Unknown(unknown) => return Self::unknown(unknown),
        };
        Self::new(Disposition::Queued, code, Why::Connection(cause))
    }
}

impl Why {
    /// The object to look at, and its attribute.
    pub fn blame(&self, world: &World<'_>) -> (Option<Subject>, Option<&'static str>) {
        let server = |ix: &ServerIx| -> Option<Subject> {
            Some(ObjectId::Server(world.server(*ix).id.clone()).into())
        };
        match self {
            Self::Connection(cause) => cause.blame(world),
            Self::Unknown(unknown) => (unknown.subject(world), unknown.attribute()),
            Self::NoConnector(from, _) => {
                (Some(ObjectId::Group(world.group(*from).id.clone()).into()), None)
            }
            Self::NoSmtpConnector(ix) => (server(ix), Some("group")),
            Self::NoRoute(ix) => (server(ix), Some("routes")),
            Self::NoName(_) | Self::NoAnswer(_) | Self::NullMx(_) => (None, None),
            Self::ToItself(ix)
            | Self::Circle(ix)
            | Self::UnknownUser(ix)
            | Self::NotExchange(ix)
            | Self::HolderDown(ix) => (server(ix), None),
            Self::ForeignFqdn(ix) => {
                (Some(ObjectId::Listener(world.listener(*ix).id.clone()).into()), Some("fqdn"))
            }
            Self::OwnGreeting(ix, _) => {
                let node = world.server(*ix);
                match node.listeners.first() {
                    Some(first) => (
                        Some(ObjectId::Listener(world.listener(*first).id.clone()).into()),
                        Some("fqdn"),
                    ),
                    None => (server(ix), None),
                }
            }
            Self::RelayDenied(ix) => (server(ix), Some("relay_from")),
        }
    }

    /// The reason as a sentence without its full stop.
    pub fn text(&self, world: &World<'_>) -> String {
        let server = |ix: &ServerIx| world.server(*ix).object.name.as_str();
        match self {
            Self::Connection(cause) => cause.text(world),
            Self::Unknown(unknown) => unknown.text(world),
            Self::NoConnector(from, to) => format!(
                "no connector leads from {} to {}",
                world.group(*from).object.name,
                world.group(*to).object.name
            ),
            Self::NoSmtpConnector(ix) => {
                format!("no connector that {} may use takes the domain", server(ix))
            }
            Self::NoRoute(ix) => format!("the routes of {} lead nowhere for it", server(ix)),
            Self::NoName(name) => format!("{name} has no address"),
            Self::NoAnswer(name) => format!("no name server answers for {name}"),
            Self::NullMx(domain) => format!("{domain} says that it takes no mail"),
            Self::ToItself(ix) => format!("{} would send it to itself", server(ix)),
            Self::OwnGreeting(ix, name) => {
                format!("the peer greets as {name}, which is the name of {} itself", server(ix))
            }
            Self::Circle(ix) => format!("it comes back to {}", server(ix)),
            Self::UnknownUser(ix) => format!("{} knows no such mailbox", server(ix)),
            Self::RelayDenied(ix) => format!("{} does not relay for this client", server(ix)),
            Self::HolderDown(ix) => format!("{} is down and sends nothing", server(ix)),
            Self::NotExchange(ix) => format!(
                "{} answers, which is no Exchange server of the organisation: 451 5.7.3 cannot achieve Exchange Server authentication",
                server(ix)
            ),
            Self::ForeignFqdn(ix) => {
                let node = world.listener(*ix);
                let name = node.object.fqdn.as_ref().map(ToString::to_string).unwrap_or_default();
                format!(
                    "{} of {} greets as {name}, which is not its server's name: 451 5.7.3 cannot achieve Exchange Server authentication",
                    node.object.name,
                    server(&node.server)
                )
            }
        }
    }
}
