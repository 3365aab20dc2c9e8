//! Other names for what is drawn: a word and a letter, the same throughout one copy, in the order of the
//! ids, so that what is first by name stays first.

use super::Withheld;
use crate::{
    analysis::Analysis,
    model::{ObjectId, Topology, dossier::Withhold, topology::Object},
};
use std::collections::{BTreeMap, BTreeSet};

/// Words of the program itself: a name that is one of them says nothing, and to replace it would make the
/// sentences of the program unreadable.
const WORDS: &[&str] = &[
    "a",
    "all",
    "and",
    "any",
    "back",
    "backup",
    "client",
    "cloud",
    "connector",
    "default",
    "dns",
    "drop",
    "edge",
    "exchange",
    "first",
    "firewall",
    "front",
    "gateway",
    "group",
    "host",
    "hub",
    "in",
    "inside",
    "internal",
    "internet",
    "is",
    "lan",
    "line",
    "link",
    "mail",
    "mailbox",
    "mailboxes",
    "main",
    "mx",
    "name",
    "network",
    "new",
    "no",
    "of",
    "old",
    "on",
    "open",
    "organisation",
    "out",
    "outside",
    "phase",
    "port",
    "public",
    "queue",
    "record",
    "relay",
    "resolver",
    "router",
    "segment",
    "server",
    "site",
    "smtp",
    "test",
    "the",
    "to",
    "user",
    "users",
    "view",
    "wan",
    "zone",
    "virtual",
    "routing",
    "default smtp virtual server",
    "first routing group",
    "default-first-site-name",
    "wan link",
    "internal network",
];

/// Whether a name is one of the program's own words.
pub(super) fn is_word(name: &str) -> bool {
    WORDS.contains(&name.to_lowercase().as_str())
}

/// The other names.
pub(super) struct Names {
    /// What is withheld.
    pub(super) withhold: Withhold,
    by_id: BTreeMap<ObjectId, String>,
    /// The names that each object had, over the phases.
    had: BTreeMap<ObjectId, BTreeSet<String>>,
}

/// The word for objects of a kind and what they are counted as; none: their names are shown.
fn word(id: &ObjectId, withhold: Withhold) -> Option<(&'static str, &'static str)> {
    let (word, counted, hidden) = match id {
        ObjectId::Server(_) => ("server", "servers", withhold.names),
        ObjectId::Resolver(_) => ("resolver", "DNS servers", withhold.names),
        ObjectId::Firewall(_) => ("firewall", "firewalls", withhold.names),
        ObjectId::Segment(_) => ("segment", "segments", withhold.names),
        ObjectId::Listener(_) => ("virtual server", "virtual servers", withhold.names),
        ObjectId::Group(_) => ("group", "routing groups", withhold.names),
        ObjectId::GroupConnector(_) | ObjectId::SmtpConnector(_) => {
            ("connector", "connectors", withhold.names)
        }
        ObjectId::Mailboxes(_) => ("mailboxes", "groups of mailboxes", withhold.names),
        ObjectId::View(_) => ("view", "views", withhold.names),
        ObjectId::Site(_) => ("site", "sites", withhold.sites),
        ObjectId::Link(_) => ("WAN link", "WAN links", withhold.sites),
        ObjectId::SiteLink(_) => ("site link", "site links", withhold.names),
        ObjectId::Line(_) => ("Internet line", "Internet lines", withhold.sites),
        // The client's own name; and what has names of the DNS, for which see `public`.
        ObjectId::Organisation(_) => return None,
        ObjectId::Domain(_) | ObjectId::Zone(_) | ObjectId::Record(_) => return None,
    };
    hidden.then_some((word, counted))
}

impl Names {
    /// The other names for all that is drawn in any phase.
    pub(super) fn new(analysis: &Analysis) -> Self {
        let withhold = analysis.project.dossier.withhold;
        let mut had: BTreeMap<ObjectId, BTreeSet<String>> = BTreeMap::new();
        for phase in &analysis.phases {
            for id in phase.topology.ids() {
                let name = phase.topology.name(&id);
                had.entry(id).or_default().insert(name);
            }
        }
        let telling = |id: &ObjectId| {
            let names = had.get(id);
            names.is_some_and(|names| names.iter().any(|name| !is_word(name)))
        };
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for id in had.keys().filter(|id| telling(id)) {
            if let Some((word, _)) = word(id, withhold) {
                *counts.entry(word).or_default() += 1;
            }
        }
        let mut used: BTreeMap<&str, usize> = BTreeMap::new();
        let mut by_id = BTreeMap::new();
        for id in had.keys().filter(|id| telling(id)) {
            let Some((word, _)) = word(id, withhold) else { continue };
            let at = used.entry(word).or_default();
            let letters = letters(*at, counts.get(word).copied().unwrap_or(1));
            *at += 1;
            by_id.insert(id.clone(), format!("{word} {letters}"));
        }
        Self { withhold, by_id, had }
    }

    /// How many of which kind have other names.
    pub(super) fn counts(&self) -> Withheld {
        let mut counts = Withheld::new();
        for id in self.by_id.keys() {
            if let Some((_, counted)) = word(id, self.withhold) {
                *counts.entry(counted).or_default() += 1;
            }
        }
        counts
    }

    /// The other name of an object; none: its own is shown.
    pub(super) fn of(&self, id: &ObjectId) -> Option<&str> {
        self.by_id.get(id).map(String::as_str)
    }

    /// The objects with other names, each with the names that it has in the plan.
    pub(super) fn all(&self) -> impl Iterator<Item = (&ObjectId, &str, &BTreeSet<String>)> {
        self.by_id.iter().filter_map(|(id, other)| Some((id, other.as_str(), self.had.get(id)?)))
    }

    /// The names that are shown.
    pub(super) fn shown(&self) -> impl Iterator<Item = &String> {
        // Where an organisation is called like a server, the server's name is what is hidden.
        let of_dns = |id: &ObjectId| {
            matches!(
                id,
                ObjectId::Domain(_)
                    | ObjectId::Zone(_)
                    | ObjectId::Record(_)
                    | ObjectId::Organisation(_)
            )
        };
        let shown =
            self.had.iter().filter(move |(id, _)| !of_dns(id) && !self.by_id.contains_key(id));
        shown.flat_map(|(_, names)| names)
    }

    /// Gives an object its other name, and takes its edition away.
    pub(super) fn put(&self, object: &mut Object) {
        let id = object.id();
        let versions = self.withhold.versions;
        let other = self.of(&id).map(str::to_owned);
        let name: &mut String = match object {
            Object::Organisation(_, o) => &mut o.name,
            Object::Site(_, o) => &mut o.name,
            Object::Segment(_, o) => &mut o.name,
            Object::Line(_, o) => &mut o.name,
            Object::Firewall(_, o) => &mut o.name,
            Object::Link(_, o) => &mut o.name,
            Object::SiteLink(_, o) => &mut o.name,
            Object::View(_, o) => &mut o.name,
            Object::Resolver(_, o) => &mut o.name,
            Object::Server(_, o) => {
                if versions {
                    o.edition.clear();
                }
                &mut o.name
            }
            Object::Listener(_, o) => &mut o.name,
            Object::Group(_, o) => &mut o.name,
            Object::GroupConnector(_, o) => &mut o.name,
            Object::SmtpConnector(_, o) => &mut o.name,
            Object::Mailboxes(_, o) => &mut o.name,
            Object::Domain(..) | Object::Zone(..) | Object::Record(..) => return,
        };
        if let Some(other) = other {
            *name = other;
        }
    }

    /// Gives all objects of a topology their other names.
    pub(super) fn put_all(&self, topology: &mut Topology) {
        for id in topology.ids() {
            if let Some(mut object) = topology.remove(&id) {
                self.put(&mut object);
                topology.insert(object);
            }
        }
    }
}

/// The letters of the object at that place of so many: all of the same length, so that their order is
/// that of the places.
fn letters(at: usize, of: usize) -> String {
    let mut length = 1;
    let mut room = 26_usize;
    while room < of {
        length += 1;
        room = room.saturating_mul(26);
    }
    let mut left = at;
    let mut letters = vec!['A'; length];
    for letter in letters.iter_mut().rev() {
        let number = u8::try_from(left % 26).unwrap_or(0);
        *letter = char::from(b'A' + number);
        left /= 26;
    }
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn letters_keep_the_order_of_places() {
        assert_eq!((letters(0, 3), letters(25, 26)), ("A".into(), "Z".into()));
        let all: Vec<String> = (0..700).map(|at| letters(at, 700)).collect();
        assert!(all.windows(2).all(|pair| pair[0] < pair[1]), "{all:?}");
    }
}
