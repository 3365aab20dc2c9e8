//! AD sites and the IP site links between them, as Exchange 2007 to SE routes over them.
//!
//! One path from a site to another, whatever is up or down: the lowest cost, of equal ones the fewest
//! links, of these the one whose site next to the target comes first by name, and so backward from the
//! target (Microsoft, "Understanding Message Routing", bb232193 and bb123696).

use super::world::{GroupIx, GroupNode, World};
use crate::model::{Topology, connector::GroupKind, id::GroupId};
use rustc_hash::FxHashMap;
use std::{
    cell::RefCell,
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    rc::Rc,
};

/// AD sites and their links. Places are those of the world's list of groups; routing groups stay alone.
#[derive(Default)]
pub struct DirectoryGraph {
    /// From each site: its neighbours, each with the cost of the cheapest link.
    neighbours: Vec<BTreeMap<usize, u32>>,
    /// The place of each when all are sorted by name.
    rank: Vec<u32>,
    trees: RefCell<FxHashMap<GroupIx, Rc<Tree>>>,
}

/// From one site: how each other is reached; none: it is not.
type Tree = Vec<Option<Reached>>;

#[derive(Clone, Copy)]
struct Reached {
    cost: u32,
    links: u32,
    before: usize,
}

/// A path between two AD sites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SitePath {
    /// The sites in travelling order, without the one that it starts from.
    pub sites: Vec<GroupIx>,
    /// Its cost.
    pub cost: u32,
}

impl DirectoryGraph {
    pub(super) fn new(topology: &Topology, groups: &[GroupNode<'_>], rank: Vec<u32>) -> Self {
        let at: FxHashMap<&GroupId, usize> = groups
            .iter()
            .enumerate()
            .filter(|(_, group)| group.object.kind == GroupKind::DirectorySite)
            .map(|(at, group)| (group.id, at))
            .collect();
        let mut neighbours = vec![BTreeMap::new(); groups.len()];
        for link in topology.site_links.values() {
            let sites: Vec<usize> =
                link.sites.iter().filter_map(|id| at.get(id).copied()).collect();
            for from in &sites {
                for to in sites.iter().filter(|to| *to != from) {
                    let cost = neighbours[*from].entry(*to).or_insert(u32::MAX);
                    *cost = (*cost).min(link.cost());
                }
            }
        }
        Self { neighbours, rank, trees: RefCell::default() }
    }

    fn path(&self, from: GroupIx, to: GroupIx) -> Option<SitePath> {
        let tree = self.tree(from);
        let cost = (*tree.get(to.at())?)?.cost;
        let mut sites = Vec::new();
        let mut at = to.at();
        while at != from.at() {
            sites.push(GroupIx::new(at));
            at = tree[at]?.before;
        }
        sites.reverse();
        Some(SitePath { sites, cost })
    }

    fn tree(&self, from: GroupIx) -> Rc<Tree> {
        if let Some(tree) = self.trees.borrow().get(&from) {
            return Rc::clone(tree);
        }
        let tree = Rc::new(self.grow(from.at()));
        self.trees.borrow_mut().insert(from, Rc::clone(&tree));
        tree
    }

    fn grow(&self, from: usize) -> Tree {
        let mut tree: Tree = vec![None; self.neighbours.len()];
        let mut settled = vec![false; self.neighbours.len()];
        tree[from] = Some(Reached { cost: 0, links: 0, before: from });
        let mut heap = BinaryHeap::from([Reverse((0_u32, 0_u32, from))]);
        while let Some(Reverse((cost, links, here))) = heap.pop() {
            if std::mem::replace(&mut settled[here], true) {
                continue;
            }
            for (there, step) in &self.neighbours[here] {
                let next =
                    Reached { cost: cost.saturating_add(*step), links: links + 1, before: here };
                if tree[*there].is_none_or(|known| self.better(next, known)) {
                    tree[*there] = Some(next);
                    heap.push(Reverse((next.cost, next.links, *there)));
                }
            }
        }
        tree
    }

    /// Whether a way to a site is to be preferred. All sites on a shorter way are settled by then, since
    /// no link costs nothing.
    fn better(&self, this: Reached, known: Reached) -> bool {
        let key = |way: Reached| (way.cost, way.links, self.rank[way.before]);
        key(this) < key(known)
    }
}

impl World<'_> {
    /// The path from one AD site to another; none: no links lead there. Of a site to itself: empty.
    pub fn site_path(&self, from: GroupIx, to: GroupIx) -> Option<SitePath> {
        self.directory.path(from, to)
    }

    /// Where mail from one AD site to another is handed over first: the first hub site on the path, else
    /// the target itself, with the sites before it in travelling order (the last first to fall back to).
    pub fn site_hop(&self, from: GroupIx, to: GroupIx) -> Option<(GroupIx, Vec<GroupIx>)> {
        let mut sites = self.site_path(from, to)?.sites;
        let is_hub = |site: &GroupIx| self.group(*site).object.hub;
        if let Some(hub) = sites.iter().position(is_hub) {
            sites.truncate(hub + 1);
        }
        let next = sites.pop()?;
        Some((next, sites))
    }
}
