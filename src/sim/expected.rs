//! What the live network says if it is as planned: which answer each view gives to each planned
//! name, and which listener greets on which address.
//!
//! Pure, and asked of nobody: [`crate::sim`] derives the questions, the probe carries them out. A
//! question whose answer the plan does not know is not asked: nothing is promised there, and an
//! inside name is no business of a resolver outside.
//!
//! One question has another measure than the drawn records. Where a server finds a peer by name, as
//! a routing group connector does, the name must give an address of that peer *at the site of the
//! server that asks*. A zone can be served exactly as drawn and fail this one: that is the incident.

mod facts;
mod listeners;
mod names;
mod peers;
mod studies;

pub use facts::{Facts, all_of};
pub use studies::{Occasion, Pair, Study, studies};

use crate::{
    model::{
        Subject, Topology,
        dns::{Place, RecordKind},
        id::{SegmentId, ServerId, SiteId, slug_from_name},
        name::Fqdn,
        server::{Role, Server},
    },
    net::world::{Inputs, ServerIx, World},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

/// Whose answer is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// That of the resolver which a site's hosts ask.
    Inside,
    /// That of the public DNS.
    Outside,
}

impl Side {
    /// The word, as questions and keys write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Inside => "inside",
            Self::Outside => "outside",
        }
    }
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ask {
    /// The records of a name.
    Name {
        /// Whose answer is wanted.
        side: Side,
        /// The name.
        name: Fqdn,
        /// The type.
        kind: RecordKind,
    },
    /// The SMTP greeting on an address.
    Greeting {
        /// The server that has the address.
        server: ServerId,
        /// Address and port.
        at: SocketAddr,
    },
    /// Several answers that are judged together.
    Study(Box<Study>),
}

impl Ask {
    /// Whose answer is wanted; none: that of no name server.
    pub fn side(&self) -> Option<Side> {
        match self {
            Self::Name { side, .. } => Some(*side),
            Self::Study(study) => Some(study.side),
            Self::Greeting { .. } => None,
        }
    }
}

/// What the plan says to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Expected {
    /// These records, all of them and no others, in any order.
    Records(BTreeSet<String>),
    /// At least one of these addresses, and no others: those of the server that is meant.
    Within(BTreeSet<String>),
    /// No record of that type.
    Nothing,
    /// The sites are told different things, and nobody said at which one is asked: each with its answer.
    Varies(Vec<(SiteId, BTreeSet<String>)>),
    /// A greeting with that name; none: with whichever.
    Greets(Option<Fqdn>),
    /// Nobody listens.
    Silence,
    /// What a check of the catalogue wants; the lines are what the plan has to say to it.
    Holds(Vec<String>),
}

impl Expected {
    /// As evidence writes it.
    pub fn lines(&self) -> Vec<String> {
        match self {
            Self::Records(set) | Self::Within(set) => set.iter().cloned().collect(),
            Self::Nothing => vec!["no record".to_owned()],
            Self::Varies(sites) => sites
                .iter()
                .map(|(site, set)| {
                    let list: Vec<_> = set.iter().map(String::as_str).collect();
                    format!(
                        "{site}: {}",
                        if list.is_empty() { "no record".into() } else { list.join(", ") }
                    )
                })
                .collect(),
            Self::Greets(Some(name)) => vec![format!("220 {name}")],
            Self::Greets(None) => vec!["220".to_owned()],
            Self::Silence => vec!["no listener".to_owned()],
            Self::Holds(lines) => lines.clone(),
        }
    }
}

/// A question to the live network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What it is known by: the same for the same question, whatever the plan's answer.
    pub key: String,
    /// In words, e.g. `mail1.hartwell.example A, inside`.
    pub text: String,
    /// What it is about: the record that answers, the listener, the connector.
    pub subject: Subject,
    /// What else leans on the answer, sorted.
    pub also: Vec<Subject>,
    /// The site where it is asked; none: not said.
    pub from: Option<SiteId>,
    /// What is asked.
    pub ask: Ask,
    /// What the plan says.
    pub expected: Expected,
    /// The TTL that the plan gives the answer, in seconds.
    pub ttl_s: Option<u32>,
    /// A hash of what is asked and what the plan says: another one means that the plan has changed.
    pub facts: String,
}

/// The questions to a network that is as this topology says, sorted by their keys, each once.
///
/// `from`: the site where they are asked. Without one the inside questions of all sites are put,
/// and [`Expected::Varies`] where the sites are told different things.
pub fn questions(topology: &Topology, inputs: &Inputs, from: Option<&SiteId>) -> Vec<Question> {
    collected(topology, inputs, from, |world, asking, collected| {
        names::collect(world, asking, collected);
        peers::collect(world, asking, collected);
        listeners::collect(world, asking, collected);
    })
}

/// The questions and the studies, sorted by their keys, each once.
pub fn catalogue(
    topology: &Topology,
    inputs: &Inputs,
    from: Option<&SiteId>,
    occasion: &Occasion<'_>,
) -> Vec<Question> {
    let mut all = questions(topology, inputs, from);
    all.extend(studies(topology, inputs, from, occasion));
    all.sort_by(|a, b| a.key.cmp(&b.key));
    all
}

/// What some code collects in the world of a topology, with a host at each site to ask from.
fn collected(
    topology: &Topology,
    inputs: &Inputs,
    from: Option<&SiteId>,
    collect: impl FnOnce(&World<'_>, &Asking<'_>, &mut Collected),
) -> Vec<Question> {
    let (peopled, hosts) = peopled(topology);
    let world = World::new(&peopled, inputs, &BTreeSet::new());
    let name = |id: &SiteId| topology.sites.get(id).map_or(id.to_string(), |s| s.name.clone());
    let place = from.map(|id| format!(" at {}", name(id))).unwrap_or_default();
    let mut collected = Collected { from: from.cloned(), place, questions: BTreeMap::new() };
    let asking = Asking::new(&world, &hosts, from);
    collect(&world, &asking, &mut collected);
    collected.questions.into_values().collect()
}

/// The questions so far.
struct Collected {
    from: Option<SiteId>,
    /// ` at ` and the site's name; nothing where none was named.
    place: String,
    questions: BTreeMap<String, Question>,
}

/// A question without what is the same for all.
struct Draft {
    ask: Ask,
    expected: Expected,
    subject: Subject,
    also: BTreeSet<Subject>,
    ttl_s: Option<u32>,
    /// In words.
    text: String,
    /// What tells it from another question that asks the same.
    purpose: Option<Subject>,
}

impl Collected {
    /// Where it is asked, as the end of a sentence.
    fn place(&self) -> String {
        self.place.clone()
    }

    /// The key of a question.
    fn key(&self, ask: &Ask, purpose: Option<&Subject>) -> String {
        let at = self.from.as_ref().map(|site| format!("@{site}")).unwrap_or_default();
        let key = match ask {
            Ask::Name { side, name, kind } => format!("{}{at} {name} {}", side.name(), kind.name()),
            Ask::Greeting { at: address, .. } => format!("smtp{at} {address}"),
            Ask::Study(study) if study.side == Side::Inside => format!("check{at} {}", study.key()),
            Ask::Study(study) => format!("check {}", study.key()),
        };
        match purpose {
            Some(purpose) => format!("{key} for {purpose}"),
            None => key,
        }
    }

    /// Takes a question in; one with the same key is there already where two servers share an address.
    fn push(&mut self, draft: Draft) {
        let key = self.key(&draft.ask, draft.purpose.as_ref());
        let facts = facts(&draft);
        self.questions.entry(key.clone()).or_insert_with(|| Question {
            key,
            text: draft.text,
            subject: draft.subject,
            also: draft.also.into_iter().collect(),
            from: self.from.clone(),
            ask: draft.ask,
            expected: draft.expected,
            ttl_s: draft.ttl_s,
            facts,
        });
    }
}

/// A hash of what is asked, what the plan says and what it is about.
fn facts(draft: &Draft) -> String {
    let ask = match &draft.ask {
        Ask::Name { side, name, kind } => format!("{} {name} {}", side.name(), kind.name()),
        Ask::Greeting { server, at } => format!("{server} {at}"),
        Ask::Study(study) => study.plan_text(),
    };
    let kind = match &draft.expected {
        Expected::Records(_) => "records",
        Expected::Within(_) => "within",
        Expected::Nothing => "nothing",
        Expected::Varies(_) => "varies",
        Expected::Greets(_) => "greets",
        Expected::Silence => "silence",
        Expected::Holds(_) => "holds",
    };
    let ttl = draft.ttl_s.map(|ttl| ttl.to_string()).unwrap_or_default();
    let lines = draft.expected.lines();
    let subject = draft.subject.to_string();
    let mut all = vec![ask.as_str(), kind, ttl.as_str(), subject.as_str()];
    all.extend(lines.iter().map(String::as_str));
    hash(&all)
}

/// A hash of some texts, as 16 hexadecimal digits (FNV-1a).
pub fn hash(parts: &[&str]) -> String {
    format!("{:016x}", fnv1a(parts))
}

/// FNV-1a, 64 bits, over the parts with a separator: the same on every machine and in every version.
fn fnv1a(parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0x1F]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// A place at which inside names are asked.
struct AskingSite<'a> {
    id: &'a SiteId,
    /// The host that asks there.
    host: ServerIx,
}

/// Who asks.
struct Asking<'a> {
    /// The site that was named.
    from: Option<SiteId>,
    /// The sites whose resolvers are known.
    sites: Vec<AskingSite<'a>>,
    /// The host that asks where the site was named.
    here: Option<ServerIx>,
    /// The hosts that were put in only to ask.
    hosts: BTreeSet<ServerIx>,
}

impl<'a> Asking<'a> {
    fn new(
        world: &'a World<'_>,
        hosts: &'a BTreeMap<SiteId, ServerId>,
        from: Option<&SiteId>,
    ) -> Self {
        let at = |site: &SiteId| hosts.get(site).and_then(|host| world.server_ix(host));
        let sites = hosts
            .keys()
            .filter(|site| from.is_none_or(|from| from == *site))
            .filter_map(|id| Some(AskingSite { id, host: at(id)? }))
            .filter(|site| world.server(site.host).resolvers.is_some())
            .collect();
        Self {
            from: from.cloned(),
            sites,
            here: from.and_then(at),
            hosts: hosts.values().filter_map(|host| world.server_ix(host)).collect(),
        }
    }
}

/// The topology with a host at each site from which to ask, as the person's own machine stands
/// there: it uses the site's resolvers and is nobody's peer.
fn peopled(topology: &Topology) -> (Topology, BTreeMap<SiteId, ServerId>) {
    let mut peopled = topology.clone();
    let mut hosts = BTreeMap::new();
    for site in topology.sites.keys() {
        let Some((segment, _)) = topology.segments.iter().find(|(_, s)| s.site == *site) else {
            continue;
        };
        let taken =
            |slug: &str| slug.parse().is_ok_and(|id: ServerId| peopled.servers.contains_key(&id));
        let Ok(id) = slug_from_name(&format!("asks at {site}"), "asks", taken).parse::<ServerId>()
        else {
            continue;
        };
        let mut host = host_in(segment);
        host.addresses = free_address(topology, segment).into_iter().collect();
        host.resolvers = resolvers_of(topology, site);
        peopled.servers.insert(id.clone(), host);
        hosts.insert(site.clone(), id);
    }
    (peopled, hosts)
}

/// A host in a segment, of which nothing else is known.
fn host_in(segment: &SegmentId) -> Server {
    Server {
        name: String::new(),
        place: Place::Segment(segment.clone()),
        role: Role::Other,
        platform: None,
        edition: String::new(),
        organisation: None,
        computer_name: None,
        directory_domain: None,
        addresses: Vec::new(),
        resolvers: None,
        group: None,
        routes: Vec::new(),
        relay_domains: BTreeSet::new(),
        relay_from: None,
        keeps_on_name_error: false,
    }
}

/// The resolvers that a site's hosts ask: the site's own, or where it has none those of its first
/// server that names some.
pub fn resolvers_of(
    topology: &Topology,
    site: &SiteId,
) -> Option<Vec<crate::model::id::ResolverId>> {
    let own = topology.sites.get(site).and_then(|site| site.resolvers.clone());
    own.or_else(|| {
        topology.servers.values().find_map(|server| {
            let Place::Segment(segment) = &server.place else { return None };
            let there = topology.segments.get(segment).is_some_and(|s| s.site == *site);
            server.resolvers.clone().filter(|_| there)
        })
    })
}

/// An address of a segment that nobody has.
fn free_address(topology: &Topology, segment: &SegmentId) -> Option<IpAddr> {
    let subnet = topology.segments.get(segment)?.subnets.first()?;
    let servers = topology.servers.values().flat_map(|server| &server.addresses);
    let resolvers = topology.resolvers.values().flat_map(|resolver| &resolver.addresses);
    let used: BTreeSet<&IpAddr> = servers.chain(resolvers).collect();
    (1..=used.len() as u128 + 1).find_map(|step| {
        let address = match subnet.address() {
            IpAddr::V4(v4) => {
                IpAddr::V4(Ipv4Addr::from(u32::from(v4).checked_add(u32::try_from(step).ok()?)?))
            }
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from(u128::from(v6).checked_add(step)?)),
        };
        (subnet.contains(address) && !used.contains(&address)).then_some(address)
    })
}
