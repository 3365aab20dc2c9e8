//! Objects that have no place on the drawing: views, zones, records, organisations, domains,
//! mailboxes; and how texts one a line read.

use super::Maker;
use crate::{
    gui::command::Kind,
    model::{
        ObjectId,
        dns::{RecordData, RecordId, RecordKind, RecordSet, View, ViewKind, Zone, ZoneId},
        name::Fqdn,
        organisation::{MailDomain, Mailboxes, Organisation},
        topology::Object,
    },
};
use std::{collections::BTreeSet, str::FromStr};

impl Maker<'_> {
    pub(super) fn dns(&self) -> Result<Vec<Object>, String> {
        let draft = self.draft;
        match (draft.kind, &draft.first) {
            (Kind::View, _) => {
                let name = self.name()?;
                let id = self.id("view", &name, ObjectId::View)?;
                let kind = if draft.option { ViewKind::Outside } else { ViewKind::Inside };
                Ok(vec![Object::View(id, View { name, kind })])
            }
            (Kind::Zone, Some(ObjectId::View(view))) => {
                let origin = self.name()?.parse().map_err(said)?;
                let id = ZoneId { view: view.clone(), origin };
                Ok(vec![Object::Zone(id, Zone { ttl_s: None, negative_ttl_s: None })])
            }
            (Kind::Zone, _) => Err("it needs a view: add one first".to_owned()),
            (_, Some(ObjectId::Zone(zone))) => {
                let owner = draft.name.trim();
                let origin = &zone.origin;
                let name = match owner {
                    "" | "@" => origin.clone(),
                    owner => match owner.parse::<Fqdn>() {
                        Ok(whole) if whole.is_within(origin) => whole,
                        Ok(_) => origin.child(owner).map_err(said)?,
                        Err(error) => return Err(error.to_string()),
                    },
                };
                let texts: Vec<&str> =
                    draft.lines.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
                let data = record_data(draft.record, &texts)?;
                let id = RecordId { zone: zone.clone(), name, kind: draft.record };
                Ok(vec![Object::Record(id, RecordSet { data, ttl_s: None })])
            }
            _ => Err("it needs a zone: add one first".to_owned()),
        }
    }

    pub(super) fn people(&self) -> Result<Vec<Object>, String> {
        let name = self.name()?;
        match (self.draft.kind, &self.draft.first) {
            (Kind::Organisation, _) => {
                let id = self.id("organisation", &name, ObjectId::Organisation)?;
                let organisation = Organisation { name, directory_domains: BTreeSet::new() };
                Ok(vec![Object::Organisation(id, organisation)])
            }
            (Kind::Domain, Some(ObjectId::Organisation(organisation))) => {
                let id = self.id("domain", &name, ObjectId::Domain)?;
                let name = name.parse().map_err(said)?;
                let organisation = organisation.clone();
                Ok(vec![Object::Domain(id, MailDomain { name, organisation })])
            }
            (Kind::Domain, _) => Err("it needs an organisation: add one first".to_owned()),
            (_, Some(ObjectId::Domain(domain))) => {
                let id = self.id("mailboxes", &name, ObjectId::Mailboxes)?;
                let home = match &self.draft.second {
                    Some(ObjectId::Server(server)) => Some(server.clone()),
                    _ => None,
                };
                let mailboxes = Mailboxes {
                    name,
                    domain: domain.clone(),
                    users_at: None,
                    home,
                    count: 0,
                    from_internet_per_day: None,
                    to_internet_per_day: None,
                    inside_per_day: None,
                    addresses: BTreeSet::new(),
                };
                Ok(vec![Object::Mailboxes(id, mailboxes)])
            }
            _ => Err("they need a mail domain: add one first".to_owned()),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` gives")]
fn said(error: crate::model::name::NameError) -> String {
    error.to_string()
}

/// Values one a line; empty lines do not count.
///
/// # Errors
/// The first line that does not read, in the parser's words.
pub fn lines<T>(text: &str) -> Result<Vec<T>, String>
where
    T: FromStr,
    T::Err: std::fmt::Display,
{
    let texts = text.lines().map(str::trim).filter(|line| !line.is_empty());
    texts.map(|line| line.parse().map_err(|error: T::Err| explained(line, &error))).collect()
}

/// A parser's message that names the text; those of the standard library do not.
pub fn explained(text: &str, error: &impl std::fmt::Display) -> String {
    let message = error.to_string();
    if message.contains(text) || text.is_empty() {
        message
    } else {
        format!("`{}`: {message}", crate::model::name::shortened(text))
    }
}

/// Records of a type from their texts.
///
/// # Errors
/// When a text does not read, or there is none.
pub fn record_data(kind: RecordKind, texts: &[&str]) -> Result<RecordData, String> {
    let all = texts.join("\n");
    if texts.is_empty() {
        return Err("it needs at least one record".to_owned());
    }
    Ok(match kind {
        RecordKind::A => RecordData::A(lines(&all)?),
        RecordKind::Aaaa => RecordData::Aaaa(lines(&all)?),
        RecordKind::Mx => RecordData::Mx(lines(&all)?),
        RecordKind::Ns => RecordData::Ns(lines(&all)?),
        RecordKind::Ptr => RecordData::Ptr(lines(&all)?),
        RecordKind::Txt => RecordData::Txt(texts.iter().map(ToString::to_string).collect()),
        RecordKind::Cname => match texts {
            [one] => RecordData::Cname(one.parse().map_err(said)?),
            _ => return Err("an alias has just one target".to_owned()),
        },
    })
}
