//! Edits: what one field, or the existence of one object, *becomes*. Phases are made of them.

use super::{
    id::{IdError, serde_as_text},
    topology::{Field, Object, ObjectId, Topology},
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// What an object or a field becomes, without what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Edit {
    /// The object comes into being.
    Add(Object),
    /// The object goes, alone; the edits for its parts and for references stand beside this one.
    Remove(ObjectId),
    /// The field becomes this. Moving is setting the place, renaming is setting the name.
    Set(Field),
}

impl Edit {
    /// What the edit is keyed by: a phase holds one edit a key.
    pub fn key(&self) -> EditKey {
        match self {
            Self::Add(object) => EditKey { object: object.id(), field: None },
            Self::Remove(object) => EditKey { object: object.clone(), field: None },
            Self::Set(field) => EditKey { object: field.object(), field: Some(field.name()) },
        }
    }

    /// Carries the edit out. False when it cannot be: the object is already there, or not there.
    pub fn apply(&self, topology: &mut Topology) -> bool {
        match self {
            Self::Add(object) => {
                let free = !topology.contains(&object.id());
                if free {
                    topology.insert(object.clone());
                }
                free
            }
            Self::Remove(id) => topology.remove(id).is_some(),
            Self::Set(field) => topology.set(field.clone()),
        }
    }
}

/// An object's field, or (without a field) its existence; written `server:lon-be1 addresses`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EditKey {
    /// The object.
    pub object: ObjectId,
    /// The field; none: whether the object exists.
    pub field: Option<&'static str>,
}

impl FromStr for EditKey {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let Some((object, field)) = text.split_once(' ') else {
            return Ok(Self { object: text.parse()?, field: None });
        };
        let object: ObjectId = object.parse()?;
        let known = object.fields().iter().find(|name| **name == field);
        let field = *known.ok_or_else(|| IdError::Form {
            kind: "field",
            text: super::name::shortened(text),
            form: "kind:id field",
        })?;
        Ok(Self { object, field: Some(field) })
    }
}
impl fmt::Display for EditKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.field {
            Some(field) => write!(f, "{} {field}", self.object),
            None => write!(f, "{}", self.object),
        }
    }
}
impl fmt::Debug for EditKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
serde_as_text!(EditKey);
