//! A trace as data: the same one is drawn, printed and explained.

use crate::model::{
    Subject,
    id::{AssumptionId, ServerId},
};
pub use crate::platform::verdict::{Code, Disposition};

/// What became of a message, hop by hop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The end that sent, as it was named.
    pub from: String,
    /// The end that was meant, as it was named.
    pub to: String,
    /// What became of the message.
    pub disposition: Disposition,
    /// Why it stopped, in the laboratory's words.
    pub code: Option<Code>,
    /// The server where it stopped or arrived, or `internet`; none where it never started.
    pub at: Option<String>,
    /// The verdict as a sentence.
    pub reason: String,
    /// The object to look at.
    pub subject: Option<Subject>,
    /// Its attribute.
    pub attribute: Option<&'static str>,
    /// The assumptions that the verdict leans on, sorted.
    pub assumptions: Vec<AssumptionId>,
    /// The hops.
    pub hops: Vec<Hop>,
    /// The servers that held the message, first to last.
    pub path: Vec<ServerId>,
}

/// One hop of a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// The server that sends, or `internet`.
    pub from: String,
    /// The server that takes it; where none does, the one that was meant.
    pub to: Option<String>,
    /// The steps.
    pub steps: Vec<Step>,
}

/// One step of a hop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What kind of step.
    pub kind: StepKind,
    /// False only where the message stops.
    pub ok: bool,
    /// Whether it led astray, though it did not stop the message.
    pub doubt: bool,
    /// The step as a sentence.
    pub text: String,
    /// The object to look at.
    pub subject: Option<Subject>,
}

/// The kind of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepKind {
    /// The route that was chosen.
    Route,
    /// Who sends to whom.
    Bridgehead,
    /// The name that is asked, or the address that needs none.
    Name,
    /// What the name servers say.
    Answer,
    /// The way of the packets.
    Path,
    /// An address is translated.
    Nat,
    /// A firewall or filter decides.
    Firewall,
    /// A listener answers, or none.
    Listener,
    /// The SMTP session.
    Session,
    /// The mailbox.
    Mailbox,
    /// The mail waits.
    Queue,
    /// The mail goes back.
    Bounce,
}

impl StepKind {
    /// The word, as the command line writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Route => "route",
            Self::Bridgehead => "bridgehead",
            Self::Name => "name",
            Self::Answer => "answer",
            Self::Path => "path",
            Self::Nat => "nat",
            Self::Firewall => "firewall",
            Self::Listener => "listener",
            Self::Session => "session",
            Self::Mailbox => "mailbox",
            Self::Queue => "queue",
            Self::Bounce => "bounce",
        }
    }
}
