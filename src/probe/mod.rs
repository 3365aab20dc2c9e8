//! Live checks: [`crate::sim::expected`]'s questions are carried to the network, and what comes back
//! is held against the plan and kept as evidence.
//!
//! [`Lookup`] and [`Greet`] are all that is wanted of a network; [`live`] is the real one and the
//! only one that opens sockets. [`run`] has the manners (how many at once, how fast, how long),
//! [`judge`] the verdicts on single records and listeners, [`session`] those on SMTP sessions,
//! [`checks`] the catalogue over many answers, [`evidence`] what is kept and when it is stale. [`watch`]
//! follows a cut-over; [`collector`] asks by a script where this program may not run, and [`collected`]
//! takes in what that wrote. Nobody is contacted but the resolvers that were named, the plan's own hosts
//! ([`Route::contacts`] lists them all), and for a watch or where [`Route::authoritative`] says so the
//! name servers of the plan's outside zones, and where [`Route::policies`] says so the hosts of the mail domains'
//! MTA-STS policies ([`Route::delegates`]). A question that got no answer is `unknown`, with its reason, never "missing".

pub mod checks;
pub mod collected;
pub mod collector;
pub mod evidence;
mod flight;
pub mod judge;
pub mod live;
pub mod policy;
pub mod route;
pub mod run;
pub mod session;
pub mod spf;
pub mod watch;
pub mod wire;

pub use route::{Contact, Delegates, Route, Target};
pub use run::{Cancel, Check, Job, Manners, Progress, run};
pub use wire::{Query, Reply};

use std::{fmt, future::Future, net::SocketAddr, time::Duration};

/// Why there was no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// Nothing came in time.
    TimedOut,
    /// SERVFAIL: the server could not say.
    ServerFailure,
    /// REFUSED: the server does not answer this, or not to us.
    Refused,
    /// Another response code.
    Code(String),
    /// The server knows only whom else to ask.
    Referred,
    /// No name server listens there: the connection was refused.
    NoServer,
    /// The network says that there is no way there.
    NoRoute,
    /// The connection was closed before anything was said.
    Closed,
    /// It answers, but asks to come again later (SMTP 4xx).
    Later(String),
    /// Something else went wrong on the way.
    Network(String),
    /// Nobody said whom to ask.
    NotNamed(String),
    /// The time for the whole run was over.
    Deadline,
    /// The run was cancelled.
    Cancelled,
}

impl NoAnswer {
    /// Whether asking again may help.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::TimedOut | Self::ServerFailure | Self::Network(_))
    }
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut => f.write_str("time-out: nothing came in time"),
            Self::ServerFailure => f.write_str("SERVFAIL: the name server could not say"),
            Self::Refused => f.write_str("REFUSED: the name server does not answer this"),
            Self::Code(code) => write!(f, "the name server answered {code}"),
            Self::Referred => f.write_str(
                "referral: the name server only says whom else to ask; it does not resolve",
            ),
            Self::NoServer => f.write_str("connection refused: no name server listens there"),
            Self::NoRoute => f.write_str("no route: the network says that there is no way there"),
            Self::Closed => f.write_str("the connection was closed before anything was said"),
            Self::Later(line) => write!(f, "it asks to come again later: {line}"),
            Self::Network(what) => f.write_str(what),
            Self::NotNamed(what) => f.write_str(what),
            Self::Deadline => f.write_str("the time for the whole run was over"),
            Self::Cancelled => f.write_str("the run was cancelled"),
        }
    }
}

/// What a name server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameReply {
    /// Records of the type that was asked, as [`crate::model::dns::RecordData::lines`] writes them.
    Records {
        /// The records, in the order of the answer.
        lines: Vec<String>,
        /// The lowest TTL among them, in seconds.
        ttl: u32,
    },
    /// The name does not exist (NXDOMAIN): a real answer.
    NoSuchName,
    /// The name has no record of that type (NODATA): a real answer.
    NoData,
    /// There was no answer.
    None(NoAnswer),
}

/// What came of opening an SMTP port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GreetReply {
    /// It greeted, with this first line.
    Said(String),
    /// It greeted, and a session was held.
    Talked(Box<session::Session>),
    /// It took the connection and said nothing in time.
    Mute,
    /// The connection was refused: nobody listens there.
    Refused,
    /// There was no answer.
    None(NoAnswer),
}

/// A reply with how long it took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timed<T> {
    /// The reply.
    pub reply: T,
    /// From question to reply; none: not measured.
    pub took: Option<Duration>,
}

/// Asks name servers.
pub trait Lookup: Send + Sync + 'static {
    /// A name server's whole answer to one question.
    fn whole(&self, query: &Query) -> impl Future<Output = Timed<Reply>> + Send;
}

/// Opens SMTP ports, reads the greeting, may hold a session, and takes its leave.
pub trait Greet: Send + Sync + 'static {
    /// What was said at an address.
    fn greet(&self, at: SocketAddr) -> impl Future<Output = Timed<GreetReply>> + Send;
}
