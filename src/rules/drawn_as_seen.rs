//! The drawing as a name server's answer would have it: as edits of the plan, and as a draft on which
//! to prove what follows.
//!
//! What one site's resolver was heard to say holds for those who ask that resolver. Where its view is
//! served by others too, the draft gives it a view of its own; the edits change the view for all,
//! and are proved before they are offered.

use crate::{
    model::{
        ObjectId, Topology,
        dns::{
            RecordData, RecordField, RecordId, RecordKind, RecordSet, ResolverField, View,
            ViewKind, Zone, ZoneId,
        },
        edit::Edit,
        id::{ResolverId, SiteId, ViewId, slug_from_name},
        name::Fqdn,
        topology::{Field, Object},
    },
    sim::expected::{Side, resolvers_of},
};
use std::collections::BTreeSet;

/// An answer of a name server.
pub struct Told<'a> {
    /// Whose answer it is.
    pub side: Side,
    /// The site where it was asked; none: not said.
    pub from: Option<&'a SiteId>,
    /// The name.
    pub name: &'a Fqdn,
    /// The type.
    pub kind: RecordKind,
    /// The records; none: there is no such record.
    pub data: Option<RecordData>,
}

/// The lines, each read.
fn all<T: std::str::FromStr>(got: &[String]) -> Option<Vec<T>> {
    let list: Option<Vec<T>> = got.iter().map(|line| line.parse().ok()).collect();
    list.filter(|list| !list.is_empty())
}

/// Reads the lines of an answer as evidence keeps them.
///
/// None where they do not read as records of that type, and for types that no message's way depends
/// on.
pub fn data(kind: RecordKind, got: &[String]) -> Option<Option<RecordData>> {
    if let [only] = got
        && (only == "no such name" || only == "no record")
    {
        return Some(None);
    }
    Some(Some(match kind {
        RecordKind::A => RecordData::A(all(got)?),
        RecordKind::Aaaa => RecordData::Aaaa(all(got)?),
        RecordKind::Cname => RecordData::Cname(all::<Fqdn>(got)?.into_iter().next()?),
        RecordKind::Mx => RecordData::Mx(all(got)?),
        RecordKind::Ptr => RecordData::Ptr(all(got)?),
        _ => return None,
    }))
}

impl Told<'_> {
    /// The edits after which the plan says so; empty where it does, none where it has no place for it.
    pub fn edits(&self, topology: &Topology) -> Option<Vec<Edit>> {
        let views = match self.side {
            Side::Outside => of_kind(topology, ViewKind::Outside, |_| true),
            Side::Inside => self.inside_views(topology),
        };
        self.edits_in(topology, &views)
    }

    /// The topology that says so, to those who ask where it was asked.
    pub fn draft(&self, topology: &Topology) -> Option<Topology> {
        let mut draft = topology.clone();
        if self.side == Side::Inside {
            let asked = self.asked(topology);
            for view in self.inside_views(topology) {
                let shares = |(id, r): (&ResolverId, &crate::model::dns::Resolver)| {
                    !asked.contains(id) && r.serves.contains(&view)
                };
                if topology.resolvers.iter().any(shares) {
                    split(&mut draft, &view, &asked);
                }
            }
        }
        let edits = self.edits(&draft)?;
        for edit in &edits {
            edit.apply(&mut draft);
        }
        (!edits.is_empty()).then_some(draft)
    }

    /// The resolvers whose answer it is.
    fn asked(&self, topology: &Topology) -> BTreeSet<ResolverId> {
        let here = topology.sites.keys().filter(|id| self.from.is_none_or(|from| from == *id));
        let all = here.filter_map(|site| resolvers_of(topology, site)).flatten();
        all.filter(|id| topology.resolvers.contains_key(id)).collect()
    }

    fn inside_views(&self, topology: &Topology) -> BTreeSet<ViewId> {
        let asked = self.asked(topology);
        let serves =
            |view: &ViewId| asked.iter().any(|r| topology.resolvers[r].serves.contains(view));
        of_kind(topology, ViewKind::Inside, serves)
    }

    fn edits_in(&self, topology: &Topology, views: &BTreeSet<ViewId>) -> Option<Vec<Edit>> {
        let holding = topology
            .zones
            .keys()
            .filter(|zone| views.contains(&zone.view) && self.name.is_within(&zone.origin))
            .max_by_key(|zone| zone.origin.as_str().len());
        if let Some(zone) = holding {
            return Some(self.record(topology, zone));
        }
        if self.side == Side::Outside {
            return None;
        }
        // The resolver was heard to say more than it is drawn to know.
        let mut edits = Vec::new();
        let view = match views.first() {
            Some(view) => view.clone(),
            None => self.new_view(topology, &mut edits)?,
        };
        let zone = ZoneId { view, origin: self.name.clone() };
        let object = Zone { ttl_s: None, negative_ttl_s: None };
        edits.push(Edit::Add(Object::Zone(zone.clone(), object)));
        edits.extend(self.record(topology, &zone));
        Some(edits)
    }

    /// A view for resolvers that have none of their own.
    fn new_view(&self, topology: &Topology, edits: &mut Vec<Edit>) -> Option<ViewId> {
        let asked = self.asked(topology);
        if asked.is_empty() {
            return None;
        }
        let view = free_view(topology, "inside")?;
        let object = View { name: "Inside".to_owned(), kind: ViewKind::Inside };
        edits.push(Edit::Add(Object::View(view.clone(), object)));
        for id in asked {
            let mut serves = topology.resolvers[&id].serves.clone();
            serves.push(view.clone());
            edits.push(Edit::Set(Field::Resolver(id, ResolverField::Serves(serves))));
        }
        Some(view)
    }

    /// The edits that make the record in its zone.
    fn record(&self, topology: &Topology, zone: &ZoneId) -> Vec<Edit> {
        let id = RecordId { zone: zone.clone(), name: self.name.clone(), kind: self.kind };
        let lines = |data: &RecordData| -> BTreeSet<String> { data.lines().into_iter().collect() };
        match (topology.records.get(&id), &self.data) {
            (None, None) => vec![],
            (Some(_), None) => vec![Edit::Remove(ObjectId::Record(id))],
            (None, Some(data)) => {
                let set = RecordSet { data: data.clone(), ttl_s: None };
                vec![Edit::Add(Object::Record(id, set))]
            }
            (Some(there), Some(data)) if lines(&there.data) == lines(data) => vec![],
            (Some(_), Some(data)) => {
                vec![Edit::Set(Field::Record(id, RecordField::Data(data.clone())))]
            }
        }
    }
}

fn of_kind(
    topology: &Topology,
    kind: ViewKind,
    wanted: impl Fn(&ViewId) -> bool,
) -> BTreeSet<ViewId> {
    let views = topology.views.iter().filter(|(id, view)| view.kind == kind && wanted(id));
    views.map(|(id, _)| id.clone()).collect()
}

fn free_view(topology: &Topology, name: &str) -> Option<ViewId> {
    let taken = |slug: &str| topology.views.keys().any(|id| id.as_str() == slug);
    slug_from_name(name, name, taken).parse().ok()
}

/// Gives these resolvers a view of their own, with all that the shared one holds.
fn split(draft: &mut Topology, view: &ViewId, asked: &BTreeSet<ResolverId>) {
    let Some(own) = free_view(draft, "observed") else { return };
    let Some(shared) = draft.views.get(view).cloned() else { return };
    draft.views.insert(own.clone(), shared);
    let moved = |zone: &ZoneId| ZoneId { view: own.clone(), origin: zone.origin.clone() };
    let zones: Vec<_> = draft.zones.iter().filter(|(id, _)| id.view == *view).collect();
    let zones: Vec<_> = zones.into_iter().map(|(id, zone)| (moved(id), zone.clone())).collect();
    draft.zones.extend(zones);
    let records = draft.records.iter().filter(|(id, _)| id.zone.view == *view);
    let records: Vec<_> = records
        .map(|(id, set)| (RecordId { zone: moved(&id.zone), ..id.clone() }, set.clone()))
        .collect();
    draft.records.extend(records);
    for (_, resolver) in draft.resolvers.iter_mut().filter(|(id, _)| asked.contains(id)) {
        for served in resolver.serves.iter_mut().filter(|served| *served == view) {
            *served = own.clone();
        }
    }
}
