//! In which order sites stand so that those with much between them stand near each other: lines are short
//! then, and few of them cross.

use super::layout::columns_of;
use crate::model::{
    Topology,
    dns::Place,
    id::{GroupId, SiteId},
};
use std::collections::{BTreeMap, BTreeSet};

/// With more sites than that the order stays as it is: nobody waits for it.
const MOST: usize = 80;
/// How often all pairs are looked through at most.
const PASSES: usize = 40;
/// What a step down counts against a step aside: rows stand farther from each other.
const DOWN: u32 = 2;

/// How much there is between two sites, by their places in a list.
type Weights = BTreeMap<(usize, usize), u32>;

/// The sites in an order in which linked ones stand near each other; `start` where that is no worse.
pub fn near(topologies: &[&Topology], start: &[SiteId]) -> Vec<SiteId> {
    let count = start.len();
    if !(3..=MOST).contains(&count) {
        return start.to_vec();
    }
    let weights = weights(topologies, start);
    let columns = columns_of(count);
    let usual: Vec<usize> = (0..count).collect();
    let walked = walk(&weights, count);
    let there_and_back = bent(&walked, columns);
    // The usual order comes first: of equal ones it is kept.
    let tried = [usual, walked, there_and_back].map(|order| climbed(&weights, order, columns));
    let best = tried.into_iter().min_by_key(|(cost, _)| *cost);
    let order = best.map(|(_, order)| order).unwrap_or_default();
    order.into_iter().map(|site| start[site].clone()).collect()
}

/// The order that small changes lead to, with what it costs.
fn climbed(weights: &Weights, mut order: Vec<usize>, columns: usize) -> (u32, Vec<usize>) {
    let count = order.len();
    let mut best = cost(weights, &order, columns);
    for _ in 0..PASSES {
        let before = best;
        for a in 0..count {
            for b in 0..count {
                for change in [swapped, shifted] {
                    let tried = change(&order, a, b);
                    let now = cost(weights, &tried, columns);
                    if now < best {
                        (best, order) = (now, tried);
                    }
                }
            }
        }
        if best == before {
            break;
        }
    }
    (best, order)
}

/// From the site with the fewest links always on to the one with most in common with the last.
fn walk(weights: &Weights, count: usize) -> Vec<usize> {
    let between = |a: usize, b: usize| weights.get(&(a.min(b), a.max(b))).copied().unwrap_or(0);
    let links = |a: usize| (0..count).filter(|b| between(a, *b) > 0).count();
    let mut left: Vec<usize> = (0..count).collect();
    left.sort_by_key(|site| (links(*site), *site));
    let mut order = vec![left.remove(0)];
    while !left.is_empty() {
        let last = order[order.len() - 1];
        let next = (0..left.len()).max_by_key(|at| (between(last, left[*at]), count - *at));
        order.push(left.remove(next.unwrap_or(0)));
    }
    order
}

/// The same, every other row from right to left.
fn bent(order: &[usize], columns: usize) -> Vec<usize> {
    let mut bent = order.to_vec();
    for row in bent.chunks_mut(columns).skip(1).step_by(2) {
        row.reverse();
    }
    bent
}

/// The two change places.
fn swapped(order: &[usize], a: usize, b: usize) -> Vec<usize> {
    let mut order = order.to_vec();
    order.swap(a, b);
    order
}

/// One goes somewhere else, and those between move up.
fn shifted(order: &[usize], from: usize, to: usize) -> Vec<usize> {
    let mut order = order.to_vec();
    let one = order.remove(from);
    order.insert(to, one);
    order
}

/// How far all links go, each as often as it counts.
fn cost(weights: &Weights, order: &[usize], columns: usize) -> u32 {
    let mut at = vec![0; order.len()];
    order.iter().enumerate().for_each(|(place, site)| at[*site] = place);
    let apart = |a: usize, b: usize| {
        let aside = (a % columns).abs_diff(b % columns);
        let down = (a / columns).abs_diff(b / columns);
        u32::try_from(aside).unwrap_or(u32::MAX) + DOWN * u32::try_from(down).unwrap_or(0)
    };
    weights.iter().map(|((a, b), weight)| weight * apart(at[*a], at[*b])).sum()
}

/// A pipe counts for two, a connector for one; over all phases, so that no phase moves the sites.
fn weights(topologies: &[&Topology], sites: &[SiteId]) -> Weights {
    let index: BTreeMap<&SiteId, usize> = sites.iter().enumerate().map(|(i, id)| (id, i)).collect();
    let mut weights = Weights::new();
    let mut add = |a: &SiteId, b: &SiteId, weight: u32| {
        if let (Some(a), Some(b)) = (index.get(a), index.get(b))
            && a != b
        {
            *weights.entry((*a.min(b), *a.max(b))).or_default() += weight;
        }
    };
    for topology in topologies {
        for link in topology.links.values() {
            add(&link.a, &link.b, 2);
        }
        let of_group = sites_of_groups(topology);
        let none = BTreeSet::new();
        let sites = |id: &GroupId| of_group.get(id).unwrap_or(&none);
        for connector in topology.group_connectors.values() {
            for a in sites(&connector.from) {
                for b in sites(&connector.to) {
                    add(a, b, 1);
                }
            }
        }
        for link in topology.site_links.values() {
            let groups: Vec<&GroupId> = link.sites.iter().collect();
            for (i, a) in groups.iter().enumerate() {
                for b in &groups[i + 1..] {
                    for a in sites(a) {
                        for b in sites(b) {
                            add(a, b, 1);
                        }
                    }
                }
            }
        }
    }
    weights
}

/// The sites in which the servers of each group stand.
fn sites_of_groups(topology: &Topology) -> BTreeMap<&GroupId, BTreeSet<&SiteId>> {
    let mut all: BTreeMap<&GroupId, BTreeSet<&SiteId>> = BTreeMap::new();
    for server in topology.servers.values() {
        let Place::Segment(segment) = &server.place else { continue };
        if let (Some(group), Some(segment)) = (&server.group, topology.segments.get(segment)) {
            all.entry(group).or_default().insert(&segment.site);
        }
    }
    all
}
