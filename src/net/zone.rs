//! Answers from one zone: exact names, aliases, wildcards, delegations, names that exist only because
//! others lie below them.

use super::{
    lookup::{Answer, LookupStep},
    unknown::Unknown,
    world::{Records, World, ZoneIx},
};
use crate::model::{
    dns::{RecordData, RecordId, RecordKind, RecordSet},
    name::Fqdn,
};

impl<'a> World<'a> {
    /// Of zones that are sorted the longest first, the one that holds a name.
    pub(super) fn zone_for(&self, zones: &[ZoneIx], name: &Fqdn) -> Option<ZoneIx> {
        zones.iter().copied().find(|zone| name.is_within(&self.zone(*zone).id.origin))
    }

    /// What a zone says of a name that it holds.
    pub(super) fn in_zone(
        &self,
        zone: ZoneIx,
        name: &Fqdn,
        kind: RecordKind,
        steps: &mut Vec<LookupStep<'a>>,
    ) -> Told<'a> {
        let node = self.zone(zone);
        if node.failed {
            return Told::Answer(Answer::Temporary);
        }
        let origin = node.id.origin.as_str();
        if let Some(delegation) = self.delegation(zone, origin, name.as_str()) {
            return Told::Answer(Answer::Unknown(Unknown::Delegated(delegation.clone())));
        }
        if let Some(records) = self.names.get(&(zone, name.as_str())) {
            return told(records, kind, steps);
        }
        // RFC 4592: the wildcard that counts stands below the closest name that exists.
        let mut rest = name.as_str();
        while let Some(parent) = parent_of(rest, origin) {
            rest = parent;
            if self.names.contains_key(&(zone, rest)) {
                break;
            }
        }
        let wildcard = if rest == "." { "*".to_owned() } else { format!("*.{rest}") };
        match self.names.get(&(zone, wildcard.as_str())) {
            Some(records) => {
                let any = records.sets.iter().flatten().next();
                steps.extend(any.map(|(id, _)| LookupStep::Wildcard(id)));
                told(records, kind, steps)
            }
            None => Told::Answer(Answer::NoSuchName),
        }
    }

    /// The NS set below the apex under which the name lies, if there is one.
    fn delegation(&self, zone: ZoneIx, origin: &str, name: &str) -> Option<&'a RecordId> {
        let mut found = None;
        let mut rest = name;
        while rest != origin {
            let records = self.names.get(&(zone, rest));
            found = records.and_then(|r| r.get(RecordKind::Ns)).map(|(id, _)| id).or(found);
            rest = parent_of(rest, origin)?;
        }
        found
    }
}

/// What a zone says: an answer, or the target of an alias.
pub(super) enum Told<'a> {
    /// An answer.
    Answer(Answer<'a>),
    /// An alias of that name.
    Alias(&'a Fqdn),
}

fn told<'a>(records: &Records<'a>, kind: RecordKind, steps: &mut Vec<LookupStep<'a>>) -> Told<'a> {
    if let Some((id, _)) = records.get(RecordKind::Cname)
        && records.sets.iter().flatten().count() > 1
    {
        return Told::Answer(Answer::Unknown(Unknown::AliasBeside(id.clone())));
    }
    if let Some((id, set)) = records.get(kind) {
        return Told::Answer(Answer::Found(id, set));
    }
    if let Some((id, RecordSet { data: RecordData::Cname(target), .. })) =
        records.get(RecordKind::Cname)
    {
        steps.push(LookupStep::Alias(id, target));
        return Told::Alias(target);
    }
    Told::Answer(Answer::NoData)
}

/// The name above `name`, not above `origin`.
fn parent_of<'n>(name: &'n str, origin: &'n str) -> Option<&'n str> {
    if name == origin {
        return None;
    }
    match name.split_once('.') {
        Some((_, parent)) if parent.len() >= origin.len() || origin == "." => Some(parent),
        _ => (origin == ".").then_some("."),
    }
}
