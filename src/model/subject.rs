//! Subjects: what a finding, a failure or a verdict is about, written `kind:id`.

use super::{
    id::{AssumptionId, ConnectorId, IdError, NoteId, PhaseId, PromiseId, serde_as_text},
    topology::{ObjectId, Topology},
};
use std::{fmt, str::FromStr};

/// What a finding, a failure or a verdict is about.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// An object of the drawing. Both kinds of connector are written `connector:…`.
    Object(ObjectId),
    /// A connector whose kind is not told by its text.
    Connector(ConnectorId),
    /// A promise.
    Promise(PromiseId),
    /// An assumption.
    Assumption(AssumptionId),
    /// A phase.
    Phase(PhaseId),
    /// A note on the drawing.
    Note(NoteId),
}

impl From<ObjectId> for Subject {
    fn from(id: ObjectId) -> Self {
        match id {
            ObjectId::GroupConnector(id) | ObjectId::SmtpConnector(id) => Self::Connector(id),
            other => Self::Object(other),
        }
    }
}

impl Subject {
    /// The object of the drawing that is meant, if the drawing has it.
    pub fn object(&self, topology: &Topology) -> Option<ObjectId> {
        let id = match self {
            Self::Object(id) => id.clone(),
            Self::Connector(id) if topology.group_connectors.contains_key(id) => {
                ObjectId::GroupConnector(id.clone())
            }
            Self::Connector(id) => ObjectId::SmtpConnector(id.clone()),
            Self::Promise(_) | Self::Assumption(_) | Self::Phase(_) | Self::Note(_) => return None,
        };
        topology.contains(&id).then_some(id)
    }
}

impl FromStr for Subject {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let (kind, id) = text.split_once(':').unwrap_or((text, ""));
        Ok(match kind {
            "connector" => Self::Connector(id.parse()?),
            "promise" => Self::Promise(id.parse()?),
            "assumption" => Self::Assumption(id.parse()?),
            "phase" => Self::Phase(id.parse()?),
            "note" => Self::Note(id.parse()?),
            _ => ObjectId::from_parts(kind, id)
                .map_err(|e| match e {
                    IdError::Form { kind: "object", .. } => IdError::Form {
                        kind: "subject",
                        text: text.to_owned(),
                        form: "kind:id, as in `server:lon-be1`",
                    },
                    other => other,
                })?
                .into(),
        })
    }
}
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(id) => write!(f, "{id}"),
            Self::Connector(id) => write!(f, "connector:{id}"),
            Self::Promise(id) => write!(f, "promise:{id}"),
            Self::Assumption(id) => write!(f, "assumption:{id}"),
            Self::Phase(id) => write!(f, "phase:{id}"),
            Self::Note(id) => write!(f, "note:{id}"),
        }
    }
}
impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
serde_as_text!(Subject);
