//! AD sites and site links of a random plan, and what joins them to routing groups.

use super::{Draft, Era, of, routing};
use bridgehead::model::{
    ObjectId,
    connector::{Group, GroupField, GroupKind, SiteLink, SiteLinkField, SmtpConnectorField},
    edit::Edit,
    id::{GroupId, SiteLinkId},
    server::{ListenerId, Platform},
    topology::{Field, Object},
};
use std::collections::BTreeSet;

/// Names in another order than the ids that they are given to: names decide between equal paths.
const NAMES: [&str; 8] = ["Ashby", "Bath", "Crewe", "Derby", "Ely", "Frome", "Goole", "Hull"];

/// Draws AD sites, in a plan of both kinds routing groups too, and who stands where.
pub(super) fn draw(draft: &mut Draft) {
    let mut names = NAMES;
    draft.random.shuffle(&mut names);
    let mut names = names.into_iter();
    let mut sites: Vec<GroupId> = Vec::new();
    for spot in 0..draft.spots.len() {
        let one = draft.one_group && spot > 0;
        let id = match sites.first() {
            Some(first) if one => first.clone(),
            _ => of(&format!("ad-{}", draft.spots[spot].site)),
        };
        if !one {
            sites.push(id.clone());
            draw_site(draft, &id, names.next());
        }
        place_servers(draft, spot, &id);
    }
    for number in 0..draft.random.between(0, 2) {
        // Without servers: a site that mail can only pass.
        let id =
            of(&format!("{}-empty-{number}", draft.random.pick(&["aa", "zz"]).unwrap_or("aa")));
        draw_site(draft, &id, names.next());
        sites.push(id);
    }
    draw_site_links(draft, &mut sites);
    if draft.era == Era::Both {
        draw_coexistence(draft, &sites);
    }
}

fn draw_site(draft: &mut Draft, id: &GroupId, name: Option<&str>) {
    // The same name twice, now and then.
    let name = if draft.random.chance(6) { Some("Crewe") } else { name };
    let group = Group {
        name: name.unwrap_or("Ilkley").to_owned(),
        kind: GroupKind::DirectorySite,
        hub: draft.random.chance(22),
        master: None,
    };
    draft.insert(Object::Group(id.clone(), group));
}

/// Servers into their groups: newer ones into the AD site, older ones into one of two routing groups.
fn place_servers(draft: &mut Draft, spot: usize, site: &GroupId) {
    let older: GroupId = of(if spot.is_multiple_of(2) { "rg-first" } else { "rg-second" });
    for id in draft.spots[spot].servers.clone() {
        let kind = draft.topology.servers[&id].platform.and_then(Platform::group_kind);
        let group = match kind {
            _ if draft.fault(2) => None,
            _ if draft.fault(2) => routing::any_group(draft),
            Some(GroupKind::RoutingGroup) => {
                let name = older.to_string();
                let kind = GroupKind::RoutingGroup;
                draft.insert(Object::Group(
                    older.clone(),
                    Group { name, kind, hub: false, master: None },
                ));
                Some(older.clone())
            }
            Some(GroupKind::DirectorySite) => Some(site.clone()),
            None => None,
        };
        if let Some(server) = draft.topology.servers.get_mut(&id) {
            server.group = group;
        }
    }
}

/// Site links: a star or a chain with some more, with gaps; some join more than two sites.
fn draw_site_links(draft: &mut Draft, sites: &mut [GroupId]) {
    draft.random.shuffle(sites);
    let star = draft.random.chance(40);
    for at in 1..sites.len() {
        let other = if star { 0 } else { at - 1 };
        if draft.random.chance(96) {
            draw_site_link(draft, [sites[other].clone(), sites[at].clone()].into());
        }
    }
    for _ in 0..3 {
        let mut some = sites.to_vec();
        draft.random.shuffle(&mut some);
        some.truncate(draft.random.weighted(&[(70, 2), (20, 3), (10, 4)]));
        if draft.random.chance(45) {
            draw_site_link(draft, some.into_iter().collect());
        }
    }
}

fn draw_site_link(draft: &mut Draft, sites: BTreeSet<GroupId>) {
    let number = draft.topology.site_links.len();
    let id = of(&format!("link-{}-{number}", draft.random.between(10, 99)));
    let link = site_link(draft, sites);
    draft.insert(Object::SiteLink(id, link));
}

/// A site link whose cost is often another one's, so that paths cost the same.
fn site_link(draft: &mut Draft, sites: BTreeSet<GroupId>) -> SiteLink {
    let few = [(50, Some(100)), (25, None), (25, Some(50)), (10, Some(200)), (3, Some(0))];
    SiteLink {
        name: format!("{sites:?}"),
        sites,
        cost: draft.random.weighted(&few),
        exchange_cost: if draft.random.chance(15) { draft.random.weighted(&few) } else { None },
    }
}

/// Connectors between routing groups and AD sites, and among the routing groups.
fn draw_coexistence(draft: &mut Draft, sites: &[GroupId]) {
    let mut older: Vec<GroupId> = draft.topology.groups.keys().cloned().collect();
    older.retain(|id| draft.topology.groups[id].kind == GroupKind::RoutingGroup);
    if older.len() > 1 && draft.random.chance(70) {
        routing::draw_group_connectors(draft, &older);
    }
    for group in &older {
        for _ in 0..draft.random.between(1, 2) {
            let mut near = with_servers(draft, Some(GroupKind::DirectorySite));
            if near.is_empty() || draft.random.chance(8) {
                near = sites.to_vec();
            }
            let Some(site) = draft.random.pick(&near) else { continue };
            if !draft.fault(4) {
                routing::draw_group_connector(draft, &site, group);
            }
            if !draft.fault(4) {
                routing::draw_group_connector(draft, group, &site);
            }
        }
    }
}

/// The groups in which servers stand, of one kind or of both.
fn with_servers(draft: &Draft, kind: Option<GroupKind>) -> Vec<GroupId> {
    let fits = |id: &GroupId| kind.is_none_or(|kind| draft.topology.groups[id].kind == kind);
    let of_servers = draft.topology.servers.values().filter_map(|server| server.group.clone());
    of_servers.filter(fits).collect::<BTreeSet<_>>().into_iter().collect()
}

/// A group for a connector: one with servers, mostly; connectors of a plan are mostly of one kind.
pub(super) fn exit_group(draft: &mut Draft) -> Option<GroupId> {
    if draft.random.chance(4) {
        return routing::any_group(draft);
    }
    let alike = draft.topology.smtp_connectors.values().next().map(|c| c.group.clone());
    let kind = alike.map(|group| draft.topology.groups[&group].kind);
    let kind = kind.filter(|_| draft.random.chance(80));
    let with = with_servers(draft, kind);
    draft.random.pick(&with)
}

/// The source servers of a send connector; now and then in more than one AD site.
pub(super) fn exit_sources(draft: &mut Draft, group: &GroupId) -> BTreeSet<ListenerId> {
    let mut sources = routing::listeners_of(draft, group);
    if draft.random.chance(25)
        && let Some(other) = routing::any_group(draft)
    {
        sources.extend(routing::listeners_of(draft, &other));
    }
    sources
}

/// An edit of AD sites, of what joins them, or of a send connector.
pub(super) fn edit(draft: &mut Draft) -> Option<Edit> {
    let groups: Vec<GroupId> = draft.topology.groups.keys().cloned().collect();
    let links: Vec<SiteLinkId> = draft.topology.site_links.keys().cloned().collect();
    let group = draft.random.pick(&groups)?;
    let set = |field| Some(Edit::Set(Field::Group(group.clone(), field)));
    match draft.random.below(12) {
        0..3 => {
            let hub = draft.topology.groups[&group].hub;
            set(GroupField::Hub(!hub))
        }
        3 => set(GroupField::Name(draft.random.pick(&NAMES)?.to_owned())),
        4 if draft.random.chance(30) => {
            let kinds = [GroupKind::DirectorySite, GroupKind::RoutingGroup];
            set(GroupField::Kind(draft.random.pick(&kinds)?))
        }
        5 if draft.random.chance(40) => Some(Edit::Remove(ObjectId::Group(group))),
        4..6 => {
            let exits: Vec<_> = draft.topology.smtp_connectors.keys().cloned().collect();
            let id = draft.random.pick(&exits)?;
            let sources = exit_sources(draft, &group);
            Some(Edit::Set(Field::SmtpConnector(id, SmtpConnectorField::Sources(sources))))
        }
        6..10 => {
            let id = draft.random.pick(&links)?;
            let other = draft.random.pick(&groups)?;
            let mut new = site_link(draft, [group, other].into());
            let field = match draft.random.below(3) {
                0 => SiteLinkField::Cost(new.cost),
                1 => SiteLinkField::ExchangeCost(new.cost),
                _ => {
                    new.sites.extend(draft.topology.site_links[&id].sites.iter().cloned());
                    SiteLinkField::Sites(new.sites)
                }
            };
            Some(Edit::Set(Field::SiteLink(id, field)))
        }
        _ => {
            let other = draft.random.pick(&groups)?;
            let id = of(&format!("link-new-{}", draft.random.between(0, 99)));
            let new = site_link(draft, [group.clone(), other.clone()].into());
            (group != other).then_some(Edit::Add(Object::SiteLink(id, new)))
        }
    }
}
