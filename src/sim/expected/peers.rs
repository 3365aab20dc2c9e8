//! The names by which servers find each other: a connector's remote bridgehead, a server of the same
//! routing group. What counts is the address of the peer, not what the zone holds.

use super::{Ask, Asking, Collected, Draft, Expected, Side};
use crate::{
    model::{ObjectId, Subject, dns::RecordKind, id::SiteId, name::Fqdn, server::Platform},
    net::{
        lookup::{Answer, Asker, Lookup},
        world::{ConnectorIx, ServerIx, Spot, World},
    },
    platform::{self, Hop, Mailbox, Recipient, Target},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// What a server asks for to find a peer.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Wanted {
    name: Fqdn,
    kind: RecordKind,
    /// Whose way it is: the connector, or the peer in the same group.
    subject: Subject,
}

/// The peer, and who asks for it where.
struct Peer {
    addresses: BTreeSet<IpAddr>,
    server: Subject,
    way: String,
    sites: BTreeSet<SiteId>,
    /// Whether an answer as drawn gives the peer's address everywhere.
    as_drawn: bool,
}

/// Asks for each peer at the site of the server that looks for it; where the drawn records lead
/// there anyhow, the question about the record is enough and is marked with who leans on it.
pub(super) fn collect(world: &World<'_>, asking: &Asking<'_>, collected: &mut Collected) {
    let mut wanted: BTreeMap<Wanted, Peer> = BTreeMap::new();
    for sender in world.server_ixs() {
        let Some(site) = asking_site(world, asking, sender) else { continue };
        for (hop, subject, way) in hops(world, sender) {
            gather(world, sender, &site, (hop, subject, way), &mut wanted);
        }
    }
    for (wanted, peer) in wanted {
        if !peer.as_drawn {
            collected.push(draft(world, asking, wanted, peer));
            continue;
        }
        let ask = Ask::Name { side: Side::Inside, name: wanted.name, kind: wanted.kind };
        let key = collected.key(&ask, None);
        if let Some(question) = collected.questions.get_mut(&key)
            && !question.also.contains(&wanted.subject)
        {
            question.also.push(wanted.subject);
            question.also.sort();
        }
    }
}

/// The site at which a server asks, if the probe may ask there: a server with resolvers of its own
/// asks elsewhere than the site's hosts.
fn asking_site(world: &World<'_>, asking: &Asking<'_>, sender: ServerIx) -> Option<SiteId> {
    let node = world.server(sender);
    let Spot::Inside(site, _) = node.spot else { return None };
    let id = world.site(site).id;
    let here = asking.sites.iter().find(|known| known.id == id);
    match here {
        Some(here) => (world.server(here.host).resolvers == node.resolvers).then(|| id.clone()),
        // Nobody entered the site's resolvers; whoever stands there knows them.
        None => asking.from.as_ref().is_none_or(|from| from == id).then(|| id.clone()),
    }
}

/// The ways by which a server sends to a peer that it finds by name.
fn hops(world: &World<'_>, sender: ServerIx) -> Vec<(Hop, Subject, String)> {
    let node = world.server(sender);
    let (Some(platform), Some(group)) = (node.object.platform, node.group) else {
        return vec![];
    };
    if !platform.is_exchange() {
        return vec![];
    }
    let sends = |ix: &ConnectorIx| {
        let connector = world.connector(*ix);
        let source = |l: &_| world.listener(*l).server == sender;
        connector.from == group
            && (connector.object.sources.is_empty() || connector.sources.iter().any(source))
    };
    let mut hops: Vec<(Hop, Subject, String)> = (0..world.connectors.len())
        .map(ConnectorIx::new)
        .filter(sends)
        .map(|ix| {
            let connector = world.connector(ix);
            let subject = Subject::Connector(connector.id.clone());
            (Hop::Connector(ix), subject, connector.object.name.clone())
        })
        .collect();
    for peer in world.server_ixs().filter(|peer| *peer != sender) {
        let other = world.server(peer);
        // Within a routing group, and between all newer servers of the organisation, by computer name.
        let by_name = match other.object.platform {
            Some(Platform::Exchange2003) => {
                platform == Platform::Exchange2003 && other.group == Some(group)
            }
            Some(newer) => {
                newer.by_directory_site()
                    && platform.by_directory_site()
                    && other.object.organisation == node.object.organisation
            }
            None => false,
        };
        let way = other.group.filter(|_| by_name).map(|group| &world.group(group).object.name);
        if let Some(way) = way {
            let subject = ObjectId::Server(other.id.clone()).into();
            hops.push((Hop::Home(peer), subject, way.clone()));
        }
    }
    hops
}

fn gather(
    world: &World<'_>,
    sender: ServerIx,
    site: &SiteId,
    (hop, subject, way): (Hop, Subject, String),
    wanted: &mut BTreeMap<Wanted, Peer>,
) {
    let Some(platform) = world.server(sender).object.platform.map(platform::of) else { return };
    let to = Recipient { domain: None, mailbox: Mailbox::Foreign, address: None };
    for target in platform.targets(world, sender, hop, &to).list {
        let Target::Host { name, meant: Some(meant), .. } = target else { continue };
        if name.is_single_label() {
            continue;
        }
        let peer = world.server(meant);
        let answers: Vec<(RecordKind, std::rc::Rc<Lookup<'_>>)> = kinds(world, sender, meant)
            .into_iter()
            .map(|kind| (kind, world.ask(Asker::Server(sender), &name, kind)))
            .collect();
        let leads = |lookup: &Lookup<'_>| {
            let list = lookup.addresses();
            !list.is_empty() && list.iter().all(|a| peer.object.addresses.contains(a))
        };
        let any = answers.iter().any(|(_, lookup)| leads(lookup));
        for (kind, lookup) in &answers {
            let found = matches!(lookup.answer, Answer::Found(..));
            // Of two families one is enough, as long as the other does not lead astray.
            let as_drawn = leads(lookup) || (!found && any);
            let key = Wanted { name: name.clone(), kind: *kind, subject: subject.clone() };
            let entry = wanted.entry(key).or_insert_with(|| Peer {
                addresses: peer.object.addresses.iter().copied().collect(),
                server: ObjectId::Server(peer.id.clone()).into(),
                way: way.clone(),
                sites: BTreeSet::new(),
                as_drawn: true,
            });
            entry.sites.insert(site.clone());
            entry.as_drawn &= as_drawn;
        }
    }
}

/// The types of address record that a sender asks for a peer: of the families that both have.
fn kinds(world: &World<'_>, sender: ServerIx, peer: ServerIx) -> Vec<RecordKind> {
    let both = |v4: bool| {
        [sender, peer]
            .iter()
            .all(|ix| world.server(*ix).object.addresses.iter().any(|a| a.is_ipv4() == v4))
    };
    let kinds = [(both(true), RecordKind::A), (both(false), RecordKind::Aaaa)];
    kinds.into_iter().filter(|(wanted, _)| *wanted).map(|(_, kind)| kind).collect()
}

/// Whether nobody said at which site is asked, though the sites ask different resolvers: what one of them
/// answers says nothing about the others.
fn somewhere(world: &World<'_>, asking: &Asking<'_>) -> bool {
    let resolvers: BTreeSet<_> =
        asking.sites.iter().map(|site| &world.server(site.host).resolvers).collect();
    asking.from.is_none() && resolvers.len() > 1
}

fn draft(world: &World<'_>, asking: &Asking<'_>, wanted: Wanted, peer: Peer) -> Draft {
    let Wanted { name, kind, subject } = wanted;
    let v4 = kind == RecordKind::A;
    let addresses = peer.addresses.iter().filter(|a| a.is_ipv4() == v4);
    let sites: Vec<&str> = peer
        .sites
        .iter()
        .map(|id| world.topology.sites.get(id).map_or(id.as_str(), |site| site.name.as_str()))
        .collect();
    let text = format!(
        "{name} {}, inside, as {} asks for it in {}",
        kind.name().to_uppercase(),
        peer.way,
        sites.join(", ")
    );
    let addresses: BTreeSet<String> = addresses.map(ToString::to_string).collect();
    let expected = if somewhere(world, asking) {
        let at = |site: &SiteId| (site.clone(), addresses.clone());
        Expected::Varies(peer.sites.iter().map(at).collect())
    } else {
        Expected::Within(addresses)
    };
    let mut also: BTreeSet<Subject> = [peer.server].into();
    also.remove(&subject);
    Draft {
        ask: Ask::Name { side: Side::Inside, name, kind },
        expected,
        also,
        ttl_s: None,
        text,
        purpose: Some(subject.clone()),
        subject,
    }
}
