//! The two petgraph views of a world: sites with WAN links, routing groups with connectors.
//!
//! petgraph stores and walks; the shortest-path kernels are ours, because ties must be decided by
//! documented rules and because parallel connectors must all be seen.

use super::world::{ConnectorIx, ConnectorNode, GroupIx, LinkIx, LinkNode, SiteIx, SiteNode};
use petgraph::{
    Direction,
    graph::{DiGraph, NodeIndex, UnGraph},
    visit::EdgeRef as _,
};
use rustc_hash::FxHashMap;
use std::{
    cell::RefCell,
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
    rc::Rc,
};

/// Sites and the WAN links between them.
#[derive(Default)]
pub struct NetworkGraph {
    graph: UnGraph<(), LinkIx>,
    /// From a site: the link and site by which each other site is reached last.
    trees: RefCell<FxHashMap<SiteIx, Rc<Tree>>>,
}

type Tree = Vec<Option<(LinkIx, SiteIx)>>;

impl NetworkGraph {
    pub(super) fn new(sites: &[SiteNode<'_>], links: &[LinkNode<'_>]) -> Self {
        let mut graph = UnGraph::with_capacity(sites.len(), links.len());
        let nodes: Vec<NodeIndex> = sites.iter().map(|_| graph.add_node(())).collect();
        for (at, link) in links.iter().enumerate() {
            graph.add_edge(nodes[link.ends[0].at()], nodes[link.ends[1].at()], LinkIx::new(at));
        }
        Self { graph, trees: RefCell::default() }
    }

    /// The links from one site to another in travelling order, each with the site that it leads to:
    /// the fewest links, as static routes are set, failures or not. None: no way.
    pub fn path(&self, from: SiteIx, to: SiteIx) -> Option<Vec<(LinkIx, SiteIx)>> {
        let tree = self.tree(from);
        let mut path = Vec::new();
        let mut at = to;
        while at != from {
            let (link, before) = (*tree.get(at.at())?)?;
            path.push((link, at));
            at = before;
        }
        path.reverse();
        Some(path)
    }

    fn tree(&self, from: SiteIx) -> Rc<Tree> {
        if let Some(tree) = self.trees.borrow().get(&from) {
            return Rc::clone(tree);
        }
        let mut tree: Tree = vec![None; self.graph.node_count()];
        let mut seen = vec![false; self.graph.node_count()];
        let mut todo = VecDeque::from([NodeIndex::new(from.at())]);
        seen[from.at()] = true;
        while let Some(here) = todo.pop_front() {
            // Links in the order of their ids, so that of two ways the same one is always taken.
            let mut links: Vec<_> =
                self.graph.edges(here).map(|e| (*e.weight(), e.target())).collect();
            links.sort_by_key(|(link, _)| *link);
            for (link, there) in links {
                if !seen[there.index()] {
                    seen[there.index()] = true;
                    tree[there.index()] = Some((link, SiteIx::new(here.index())));
                    todo.push_back(there);
                }
            }
        }
        let tree = Rc::new(tree);
        self.trees.borrow_mut().insert(from, Rc::clone(&tree));
        tree
    }
}

/// Routing groups and the connectors between them that are usable.
#[derive(Default)]
pub struct RoutingGraph {
    graph: DiGraph<(), (ConnectorIx, u32, u32)>,
    /// To a group: the least cost from every other.
    costs: RefCell<FxHashMap<GroupIx, Rc<Vec<u32>>>>,
}

/// No way; never enters arithmetic.
const FAR: u32 = u32::MAX;

/// The first connector of a least-cost route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The connector that the mail takes next.
    pub connector: ConnectorIx,
    /// The cost of the whole route.
    pub cost: u32,
    /// Whether another connector would do for the same cost.
    pub tie: bool,
}

impl RoutingGraph {
    pub(super) fn new(groups: usize, connectors: &[ConnectorNode<'_>]) -> Self {
        let mut graph = DiGraph::with_capacity(groups, connectors.len());
        let nodes: Vec<NodeIndex> = (0..groups).map(|_| graph.add_node(())).collect();
        for (at, c) in connectors.iter().enumerate().filter(|(_, c)| !c.failed) {
            let weight = (ConnectorIx::new(at), c.object.cost(), c.rank);
            graph.add_edge(nodes[c.from.at()], nodes[c.to.at()], weight);
        }
        Self { graph, costs: RefCell::default() }
    }

    /// The least-cost route between two different groups, without the connectors in `without`.
    /// Of several first connectors the one that comes first by name is given.
    pub fn route(&self, from: GroupIx, to: GroupIx, without: &[ConnectorIx]) -> Option<Route> {
        let costs = if without.is_empty() { self.costs_to(to) } else { self.dijkstra(to, without) };
        let best = costs[from.at()];
        if best == FAR || from == to {
            return None;
        }
        let mut found: Option<(u32, ConnectorIx)> = None;
        let mut tie = false;
        for edge in self.graph.edges(NodeIndex::new(from.at())) {
            let (connector, cost, rank) = *edge.weight();
            let rest = costs[edge.target().index()];
            if rest == FAR || cost + rest != best || without.contains(&connector) {
                continue;
            }
            tie |= found.is_some();
            if found.is_none_or(|(lowest, _)| rank < lowest) {
                found = Some((rank, connector));
            }
        }
        found.map(|(_, connector)| Route { connector, cost: best, tie })
    }

    /// The cost of the least-cost route; 0 within a group.
    pub fn cost(&self, from: GroupIx, to: GroupIx, without: &[ConnectorIx]) -> Option<u32> {
        if from == to {
            return Some(0);
        }
        self.route(from, to, without).map(|route| route.cost)
    }

    fn costs_to(&self, to: GroupIx) -> Rc<Vec<u32>> {
        if let Some(costs) = self.costs.borrow().get(&to) {
            return Rc::clone(costs);
        }
        let costs = self.dijkstra(to, &[]);
        self.costs.borrow_mut().insert(to, Rc::clone(&costs));
        costs
    }

    fn dijkstra(&self, to: GroupIx, without: &[ConnectorIx]) -> Rc<Vec<u32>> {
        let mut costs = vec![FAR; self.graph.node_count()];
        costs[to.at()] = 0;
        let mut heap = BinaryHeap::from([(Reverse(0_u32), NodeIndex::new(to.at()))]);
        while let Some((Reverse(cost), here)) = heap.pop() {
            if cost > costs[here.index()] {
                continue;
            }
            for edge in self.graph.edges_directed(here, Direction::Incoming) {
                let (connector, step, _) = *edge.weight();
                if without.contains(&connector) {
                    continue;
                }
                let total = cost.saturating_add(step);
                if total < costs[edge.source().index()] {
                    costs[edge.source().index()] = total;
                    heap.push((Reverse(total), edge.source()));
                }
            }
        }
        Rc::new(costs)
    }
}
