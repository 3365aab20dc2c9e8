//! The least-cost path over site links against all ways that there are, on small random directories.

use super::{case::Case, exchange_site::site_path, generate::servers::blank, random::Random};
use bridgehead::{
    model::{
        Topology,
        connector::{Group, GroupKind, SiteLink},
        dns::Place,
        id::GroupId,
        server::Platform,
        topology::Object,
    },
    net::world::{GroupIx, Inputs, World},
};
use std::collections::{BTreeMap, BTreeSet};

/// 2 to 6 AD sites, one server in each, and site links of few different costs.
fn directory(random: &mut Random) -> Topology {
    let mut topology = Topology::default();
    let mut names = ["Ashby", "Bath", "Crewe", "Derby", "Ely", "Frome"];
    random.shuffle(&mut names);
    let count = usize::from(random.between(2, 6));
    let ids: Vec<GroupId> =
        (0..count).map(|number| format!("site-{number}").parse().expect("an id")).collect();
    for (id, name) in ids.iter().zip(names) {
        let name = if random.chance(10) { "Crewe" } else { name }.to_owned();
        let group = Group { name, kind: GroupKind::DirectorySite, hub: false, master: None };
        topology.insert(Object::Group(id.clone(), group));
        let mut server = blank(id.as_str(), Place::Internet);
        server.platform = Some(Platform::ExchangeSe);
        server.group = Some(id.clone());
        topology.insert(Object::Server(id.as_str().parse().expect("an id"), server));
    }
    for number in 0..random.below(10) {
        let mut sites = ids.clone();
        random.shuffle(&mut sites);
        sites.truncate(random.weighted(&[(75, 2), (20, 3), (5, 4)]));
        let cost = random.weighted(&[(30, None), (25, Some(100)), (30, Some(50)), (15, Some(1))]);
        let exchange_cost = if random.chance(15) { Some(150) } else { None };
        let sites = sites.into_iter().collect();
        let link = SiteLink { name: format!("Link {number}"), sites, cost, exchange_cost };
        topology.insert(Object::SiteLink(format!("l{number}").parse().expect("an id"), link));
    }
    topology
}

#[test]
fn the_path_over_site_links_is_the_best_of_all_ways() {
    let mut random = Random::new(2007);
    let (mut alike, mut none) = (0, 0);
    let (inputs, nothing) = (Inputs::default(), BTreeSet::new());
    for number in 0..600 {
        let topology = directory(&mut random);
        let world = World::new(&topology, &inputs, &nothing);
        let case = Case { topology: &topology, inputs: &inputs, failures: &nothing };
        let servers = world.server_ixs().map(|ix| world.server(ix));
        let sites: BTreeMap<GroupIx, &GroupId> = servers
            .map(|server| server.group.expect("each server stands in a site"))
            .map(|ix| (ix, world.group(ix).id))
            .collect();
        for (from, here) in &sites {
            for (to, there) in &sites {
                let wanted = site_path(&case, here, there);
                let found = world.site_path(*from, *to).map(|path| {
                    // The engine leaves out the site that the path starts from.
                    let ids = path.sites.iter().map(|ix| world.group(*ix).id.clone());
                    (path.cost, std::iter::once((*here).clone()).chain(ids).collect::<Vec<_>>())
                });
                assert_eq!(found, wanted, "directory {number}: {here} to {there}");
                none += usize::from(wanted.is_none());
                alike += usize::from(wanted.is_some_and(|(_, sites)| sites.len() > 2));
            }
        }
    }
    assert!(alike > 500 && none > 500, "{alike} paths pass a site, {none} pairs have none");
}
