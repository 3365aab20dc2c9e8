//! The answers of the live network at the servers whose names were asked: inside and outside, side by
//! side. Like the badges of [`super::measured`] they lie over the scene and are no part of it.

use super::{
    geometry::{Point, pt},
    scene::Scene,
};
use crate::model::{
    ObjectId, Topology,
    beside::{Evidence, Outcome},
    name::Fqdn,
};
use std::collections::{BTreeMap, BTreeSet};

/// What one side said to a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// `inside`, with the site where it was asked, or `outside`.
    pub side: String,
    /// What came, or why nothing did.
    pub got: String,
    /// The worst outcome; none: all of it is stale.
    pub worst: Option<Outcome>,
}

/// The answers to a server's names.
#[derive(Clone, Debug, PartialEq)]
pub struct Plate {
    /// Where it hangs: below its server.
    pub at: Point,
    /// The names with their answers.
    pub names: Vec<(Fqdn, Vec<Said>)>,
    /// In words.
    pub spoken: String,
}

/// The plates of a scene, from evidence with whether it is stale.
pub fn plates<'e>(
    scene: &Scene,
    topology: &Topology,
    evidence: impl IntoIterator<Item = (&'e Evidence, bool)>,
) -> Vec<Plate> {
    let all: Vec<(&Evidence, bool)> = evidence.into_iter().collect();
    let plate = |(id, names): (_, BTreeSet<Fqdn>)| {
        let item = scene.item(&ObjectId::Server(id).into())?;
        let names: Vec<(Fqdn, Vec<Said>)> = names
            .into_iter()
            .map(|name| (said(topology, &name, &all), name))
            .filter(|(said, _)| !said.is_empty())
            .map(|(said, name)| (name, said))
            .collect();
        let list = |(name, said): &(Fqdn, Vec<Said>)| {
            let each: Vec<_> = said.iter().map(|s| format!("{} {}", s.side, s.got)).collect();
            format!("{name}: {}", each.join("; "))
        };
        let spoken = names.iter().map(list).collect::<Vec<_>>().join(". ");
        let at = pt(item.bounds.min.x + 6.0, item.bounds.max.y + 4.0);
        (!names.is_empty()).then_some(Plate { at, names, spoken })
    };
    names(topology).into_iter().filter_map(plate).collect()
}

/// The names that each server's listeners greet with.
fn names(topology: &Topology) -> BTreeMap<crate::model::id::ServerId, BTreeSet<Fqdn>> {
    let mut names: BTreeMap<_, BTreeSet<Fqdn>> = BTreeMap::new();
    for (id, listener) in &topology.listeners {
        let Some(server) = topology.servers.get(&id.server) else { continue };
        let name = listener.fqdn.clone().or_else(|| server.computer_fqdn());
        names.entry(id.server.clone()).or_default().extend(name);
    }
    names
}

/// What each side said to the addresses of a name; of several questions of one side the worst.
fn said(topology: &Topology, name: &Fqdn, all: &[(&Evidence, bool)]) -> Vec<Said> {
    let mut sides: BTreeMap<String, (Option<u8>, Said)> = BTreeMap::new();
    for (evidence, stale) in all {
        let rest = evidence.question.strip_prefix(name.as_str());
        let rest = rest.and_then(|rest| rest.strip_prefix(" AAAA, ").or(rest.strip_prefix(" A, ")));
        let Some(rest) = rest else { continue };
        let side = if rest.starts_with("inside") { "inside" } else { "outside" };
        let site = evidence.from.as_ref().and_then(|site| topology.sites.get(site));
        let side = match site {
            Some(site) if side == "inside" => format!("inside, {}", site.name),
            _ => side.to_owned(),
        };
        let worst = (!stale).then_some(evidence.outcome);
        let got = match (evidence.got.is_empty(), evidence.outcome) {
            (true, Outcome::Unknown) => "no answer".to_owned(),
            (true, _) => "nothing".to_owned(),
            (false, _) => evidence.got.join(", "),
        };
        let rank = worst.map(super::measured::rank);
        let new = (rank, Said { side: side.clone(), got, worst });
        match sides.get(&side) {
            // What is stale stands back behind what is not.
            Some((known, _)) if known.map_or(u8::MAX, |k| k) <= rank.map_or(u8::MAX, |r| r) => {}
            _ => drop(sides.insert(side, new)),
        }
    }
    agreed(sides.into_values().map(|(_, said)| said).collect())
}

/// Where all sites are told the same, and to the same effect, they are one side.
fn agreed(mut said: Vec<Said>) -> Vec<Said> {
    let outside = said.pop_if(|said| said.side == "outside");
    let same = |a: &Said, b: &Said| (&a.got, a.worst) == (&b.got, b.worst);
    if said.len() > 1 && said.iter().all(|one| same(one, &said[0])) {
        said.truncate(1);
        "inside".clone_into(&mut said[0].side);
    }
    said.extend(outside);
    said
}
