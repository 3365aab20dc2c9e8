//! A plan that is too large for one drawing in parts: an overview, on which the servers of a place and
//! group are one card with their number, and sheets with the servers of a site.

use crate::{
    diagram::layout::Columns,
    model::{
        Topology,
        connector::Delivery,
        dns::Place,
        id::{GroupId, SegmentId, ServerId, SiteId},
        server::{ListenerId, Role, SmartHost},
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// The most servers on a sheet, so that they can be read on paper.
const SHEET: usize = 18;
/// The most routing groups on a sheet: beside each other they would be too wide for print of 6 points.
const GROUPS: usize = 1;
/// The cards that stand side by side on a sheet, over all its groups.
const ABREAST: usize = 6;

/// A part of a topology, to be drawn by itself.
#[derive(Clone, Debug)]
pub struct Part {
    /// What is drawn.
    pub topology: Topology,
    /// The card that stands for a server in its place.
    pub stands: BTreeMap<ServerId, ServerId>,
    /// What the cards that stand for several say below their number: how many of which role.
    pub counts: BTreeMap<ServerId, String>,
    /// How cards are arranged.
    pub columns: Columns,
}

/// A sheet with servers of one site.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The site; none: servers that stand on the Internet.
    pub site: Option<SiteId>,
    /// Which of the site's sheets it is, from 1, and how many there are.
    pub number: (usize, usize),
    /// The servers on it.
    pub servers: Vec<ServerId>,
    /// What is drawn.
    pub part: Part,
}

/// The overview: sites, groups, links, lines and connectors as they are, servers counted.
pub fn overview(whole: &Topology) -> Part {
    let mut alike: BTreeMap<(&Place, Option<&GroupId>), Vec<&ServerId>> = BTreeMap::new();
    for (id, server) in &whole.servers {
        alike.entry((&server.place, server.group.as_ref())).or_default().push(id);
    }
    let mut part = Part {
        topology: whole.clone(),
        stands: BTreeMap::new(),
        counts: BTreeMap::new(),
        columns: Columns::default(),
    };
    for members in alike.values().filter(|members| members.len() > 1) {
        count(&mut part, whole, members);
    }
    let stands = &part.stands;
    let moved = |set: &mut BTreeSet<ListenerId>| {
        *set = std::mem::take(set).into_iter().map(|id| stand_in(stands, id)).collect();
    };
    for connector in part.topology.group_connectors.values_mut() {
        moved(&mut connector.sources);
        moved(&mut connector.targets);
    }
    for connector in part.topology.smtp_connectors.values_mut() {
        moved(&mut connector.sources);
        if let Delivery::SmartHosts(hosts) = &mut connector.delivery {
            for host in hosts {
                by_address(whole, host);
            }
        }
    }
    for mailboxes in part.topology.mailboxes.values_mut() {
        if let Some(stand) = mailboxes.home.as_ref().and_then(|home| stands.get(home)) {
            mailboxes.home = Some(stand.clone());
        }
    }
    part
}

/// Puts one card in the place of several servers.
fn count(part: &mut Part, whole: &Topology, members: &[&ServerId]) {
    let stand = members[0];
    let mut roles: BTreeMap<&str, usize> = BTreeMap::new();
    let mut addresses = Vec::new();
    for id in members {
        let server = &whole.servers[*id];
        addresses.extend(server.addresses.iter().copied());
        let role = match server.role {
            Role::FrontEnd => "front",
            Role::BackEnd => "back",
            Role::DomainController => "DC",
            Role::Relay => "relay",
            Role::Other => "other",
        };
        *roles.entry(role).or_default() += 1;
        part.stands.insert((*id).clone(), stand.clone());
        if *id != stand {
            part.topology.servers.remove(*id);
        }
    }
    if let Some(card) = part.topology.servers.get_mut(stand) {
        card.name = format!("{} servers", members.len());
        // A smart host is found by any of them.
        card.addresses = addresses;
    }
    let words: Vec<String> = roles.iter().map(|(role, n)| format!("{n} {role}")).collect();
    part.counts.insert(stand.clone(), words.join(", "));
}

fn stand_in(stands: &BTreeMap<ServerId, ServerId>, id: ListenerId) -> ListenerId {
    match stands.get(&id.server) {
        Some(server) => ListenerId { server: server.clone(), number: id.number },
        None => id,
    }
}

/// Names a smart host by its address, which the card that stands for it has as well.
fn by_address(whole: &Topology, host: &mut SmartHost) {
    let SmartHost::Name(name) = &*host else { return };
    let meant = whole.servers.iter().find(|(id, server)| {
        let mut own = whole.listeners.iter().filter(|(l, _)| l.server == **id);
        server.computer_fqdn().as_ref() == Some(name)
            || own.any(|(_, l)| l.fqdn.as_ref() == Some(name))
    });
    if let Some(address) = meant.and_then(|(_, server)| server.addresses.first()) {
        *host = SmartHost::Address(*address);
    }
}

/// The sheets, site by site, each with its servers group by group.
pub fn sheets(whole: &Topology) -> Vec<Sheet> {
    let site_of = |place: &Place| match place {
        Place::Internet => Some(None),
        Place::Segment(id) => whole.segments.get(id).map(|segment| Some(segment.site.clone())),
    };
    let mut by_site: BTreeMap<Option<SiteId>, Vec<ServerId>> = BTreeMap::new();
    for (id, server) in &whole.servers {
        if let Some(site) = site_of(&server.place) {
            by_site.entry(site).or_default().push(id.clone());
        }
    }
    let mut all = Vec::new();
    for (site, mut servers) in by_site {
        servers.sort_by_key(|id| {
            let server = &whole.servers[id];
            (&server.place, server.group.is_none(), server.group.clone(), id.clone())
        });
        let chunks = chunks(whole, servers);
        let of = chunks.len();
        for (at, servers) in chunks.into_iter().enumerate() {
            let part = sheet(whole, site.as_ref(), &servers, at == 0);
            all.push(Sheet { site: site.clone(), number: (at + 1, of), servers, part });
        }
    }
    all
}

/// As many servers as a sheet takes, in their order.
fn chunks(whole: &Topology, servers: Vec<ServerId>) -> Vec<Vec<ServerId>> {
    let mut all: Vec<Vec<ServerId>> = Vec::new();
    let mut groups: BTreeSet<(&Place, Option<&GroupId>)> = BTreeSet::new();
    for id in servers {
        let server = &whole.servers[&id];
        let group = (&server.place, server.group.as_ref());
        let full = all.last().is_none_or(|sheet| sheet.len() == SHEET)
            || (!groups.contains(&group) && groups.len() == GROUPS);
        if full {
            all.push(Vec::new());
            groups.clear();
        }
        groups.insert(group);
        if let Some(sheet) = all.last_mut() {
            sheet.push(id);
        }
    }
    all
}

/// What of a topology stands on a sheet; the resolvers on the first one of the site.
fn sheet(whole: &Topology, site: Option<&SiteId>, servers: &[ServerId], first: bool) -> Part {
    let mut topology = Topology::default();
    topology.sites.extend(site.and_then(|id| whole.sites.get_key_value(id)).map(owned));
    for id in servers {
        topology.servers.extend(whole.servers.get_key_value(id).map(owned));
    }
    let on = |place: &Place| topology.servers.values().any(|server| server.place == *place);
    let own = |place: &Place| match place {
        Place::Internet => site.is_none(),
        Place::Segment(id) => whole.segments.get(id).map(|s| &s.site) == site,
    };
    let resolvers = whole.resolvers.iter().filter(|(_, r)| first && own(&r.place));
    let resolvers: BTreeMap<_, _> = resolvers.map(owned).collect();
    let used = |id: &SegmentId| {
        let place = Place::Segment(id.clone());
        on(&place) || resolvers.values().any(|resolver| resolver.place == place)
    };
    let segments: BTreeMap<_, _> = whole
        .segments
        .iter()
        .filter(|(id, segment)| Some(&segment.site) == site && used(id))
        .map(owned)
        .collect();
    let member = |id: &GroupId| topology.servers.values().any(|s| s.group.as_ref() == Some(id));
    let groups: BTreeMap<_, _> =
        whole.groups.iter().filter(|(id, _)| member(id)).map(owned).collect();
    let among = |id: &GroupId| groups.contains_key(id);
    let connectors = whole.group_connectors.iter().filter(|(_, c)| among(&c.from) && among(&c.to));
    topology.group_connectors = connectors.map(owned).collect();
    let home = |m: &crate::model::organisation::Mailboxes| {
        m.home.as_ref().is_some_and(|id| topology.servers.contains_key(id))
    };
    topology.mailboxes = whole.mailboxes.iter().filter(|(_, m)| home(m)).map(owned).collect();
    let walls = whole.firewalls.iter().filter(|(_, f)| first && Some(&f.site) == site);
    topology.firewalls = walls.map(owned).collect();
    topology.views.clone_from(&whole.views);
    let beside = topology.servers.values().map(|s| (&s.place, &s.group)).collect::<BTreeSet<_>>();
    let columns = (ABREAST / beside.len().max(1)).max(1);
    (topology.segments, topology.groups, topology.resolvers) = (segments, groups, resolvers);
    let columns = Columns { most: columns, row_gap: 12.0 };
    Part { topology, stands: BTreeMap::new(), counts: BTreeMap::new(), columns }
}

fn owned<K: Clone, V: Clone>((key, value): (&K, &V)) -> (K, V) {
    (key.clone(), value.clone())
}
