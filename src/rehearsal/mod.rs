//! The future on loopback: the plan's zones, as each resolver of the plan would answer from them, and
//! its listeners, which greet and take no mail. So `probe` and foreign tools can be pointed at a phase
//! before it exists. Serves nobody but this machine.

pub mod dns;
pub mod serve;
pub mod smtp;
pub mod zones;

use crate::{
    model::{
        Topology,
        dns::{Forward, ViewKind},
        id::{ResolverId, SiteId, ViewId},
        name::Fqdn,
    },
    net::world::Inputs,
    sim::expected::{Ask, Expected, questions},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
};

/// What is served.
#[derive(Clone, Debug)]
pub struct Stage {
    /// What an audience is told by the DNS; the first is the public DNS.
    pub voices: Vec<Voice>,
    /// The listeners that greet, by their planned addresses.
    pub listeners: Vec<Listener>,
    /// Planned addresses and ports where nobody listens.
    pub silent: Vec<SocketAddr>,
}

/// What one audience is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voice {
    /// The views whose zones are served; of two zones of one name that of the first view.
    pub views: Vec<ViewId>,
    /// Where other names are asked for.
    pub forward: Beyond,
    /// Names under these zones are asked of another voice.
    pub conditional: Vec<(Fqdn, usize)>,
    /// The sites whose hosts hear it.
    pub sites: BTreeSet<SiteId>,
}

/// Where a voice asks for the names that it has no zone for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// Another voice.
    Voice(usize),
    /// Nowhere: it cannot say.
    Nowhere,
    /// There is nothing beyond: what is not drawn does not exist.
    Nothing,
}

/// A listener that greets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// Its planned address and port.
    pub at: SocketAddr,
    /// The name that it greets with.
    pub name: String,
    /// The server's id.
    pub server: String,
}

/// What is to be served of a topology.
pub fn stage(topology: &Topology, inputs: &Inputs) -> Stage {
    let (mut listeners, mut silent) = (Vec::new(), Vec::new());
    for question in questions(topology, inputs, None) {
        let Ask::Greeting { server, at } = &question.ask else { continue };
        match question.expected {
            Expected::Greets(name) => listeners.push(Listener {
                at: *at,
                name: name.map_or_else(|| server.to_string(), |name| name.to_string()),
                server: server.to_string(),
            }),
            _ => silent.push(*at),
        }
    }
    Stage { voices: voices(topology), listeners, silent }
}

/// The public DNS, and one voice for all resolvers that say the same.
fn voices(topology: &Topology) -> Vec<Voice> {
    let outside = |id: &&ViewId| topology.views[*id].kind == ViewKind::Outside;
    let public = Voice {
        views: topology.views.keys().filter(outside).cloned().collect(),
        forward: Beyond::Nothing,
        conditional: Vec::new(),
        sites: BTreeSet::new(),
    };
    // First a voice each, since they name one another; then the same ones are one.
    let places: BTreeMap<&ResolverId, usize> =
        topology.resolvers.keys().enumerate().map(|(at, id)| (id, at + 1)).collect();
    let place = |list: &[ResolverId]| list.iter().find_map(|id| places.get(id).copied());
    let mut voices = vec![public];
    for resolver in topology.resolvers.values() {
        let forward = match &resolver.forwards {
            Some(Forward::Internet) => Beyond::Voice(0),
            Some(Forward::To(list)) => place(list).map_or(Beyond::Nowhere, Beyond::Voice),
            Some(Forward::Nowhere) | None => Beyond::Nowhere,
        };
        let conditional = resolver
            .conditional
            .iter()
            .filter_map(|(name, list)| Some((name.clone(), place(list)?)));
        voices.push(Voice {
            views: resolver.serves.clone(),
            forward,
            conditional: conditional.collect(),
            sites: BTreeSet::new(),
        });
    }
    for site in topology.sites.keys() {
        if let Some(at) = first_resolver(topology, site).and_then(|id| places.get(&id).copied()) {
            voices[at].sites.insert(site.clone());
        }
    }
    merged(voices)
}

/// Voices that say the same become one, until nothing changes; those that no site hears and that
/// nobody asks stay out.
fn merged(mut voices: Vec<Voice>) -> Vec<Voice> {
    loop {
        let same = |a: &Voice, b: &Voice| {
            (&a.views, a.forward, &a.conditional) == (&b.views, b.forward, &b.conditional)
        };
        let pair = (1..voices.len()).find_map(|later| {
            (1..later)
                .find(|first| same(&voices[*first], &voices[later]))
                .map(|first| (first, later))
        });
        let Some((first, later)) = pair else { return voices };
        let gone = voices.remove(later);
        voices[first].sites.extend(gone.sites);
        let moved = |at: usize| match at.cmp(&later) {
            std::cmp::Ordering::Less => at,
            std::cmp::Ordering::Equal => first,
            std::cmp::Ordering::Greater => at - 1,
        };
        for voice in &mut voices {
            if let Beyond::Voice(at) = &mut voice.forward {
                *at = moved(*at);
            }
            for (_, at) in &mut voice.conditional {
                *at = moved(*at);
            }
        }
    }
}

/// The resolver that a site's hosts ask first: the site's own, else that of its first server that
/// names some.
fn first_resolver(topology: &Topology, site: &SiteId) -> Option<ResolverId> {
    let own = topology.sites.get(site).and_then(|site| site.resolvers.clone());
    let list = own.or_else(|| {
        topology.servers.values().find_map(|server| {
            let crate::model::dns::Place::Segment(segment) = &server.place else { return None };
            let there = topology.segments.get(segment).is_some_and(|s| s.site == *site);
            server.resolvers.clone().filter(|_| there)
        })
    });
    list.and_then(|list| list.into_iter().next())
}
