//! The two petgraph views of a world: sites with WAN links, routing groups with connectors.
//!
//! petgraph stores and walks; the shortest-path kernels are ours, because ties must be decided by
//! documented rules and because parallel connectors must all be seen.

use super::{
    watch::{FaultNumber, Memo, Switch, Watch},
    world::{
        ConnectorIx, ConnectorNode, GroupIx, GroupNode, LinkIx, LinkNode, SiteIx, SiteNode, World,
    },
};
use crate::model::connector::GroupKind;
use petgraph::{
    Direction,
    graph::{DiGraph, EdgeIndex, NodeIndex, UnGraph},
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
    graph: DiGraph<(), Arc>,
    edge_of: FxHashMap<FaultNumber, EdgeIndex>,
    /// The place of each group: to Exchange 2003 all AD sites are one routing group.
    places: Vec<GroupIx>,
    /// To a group: the least cost from every other.
    costs: Memo<GroupIx, Rc<Vec<u32>>>,
    routes: Memo<(GroupIx, GroupIx), Option<Route>>,
}

/// A connector as the graph sees it.
#[derive(Clone, Copy)]
struct Arc {
    connector: ConnectorIx,
    cost: u32,
    rank: u32,
    switch: Switch,
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

impl World<'_> {
    /// The least-cost route between two different groups, without the connectors in `without`.
    /// Of several first connectors the one that comes first by name is given.
    pub fn route(&self, from: GroupIx, to: GroupIx, without: &[ConnectorIx]) -> Option<Route> {
        self.routing.route(&self.watch, from, to, without)
    }

    /// The cost of the least-cost route; 0 within a group.
    pub fn cost(&self, from: GroupIx, to: GroupIx, without: &[ConnectorIx]) -> Option<u32> {
        if self.routing.places[from.at()] == self.routing.places[to.at()] {
            return Some(0);
        }
        self.route(from, to, without).map(|route| route.cost)
    }
}

impl RoutingGraph {
    pub(super) fn new(groups: &[GroupNode<'_>], connectors: &[ConnectorNode<'_>]) -> Self {
        let mut graph = DiGraph::with_capacity(groups.len(), connectors.len());
        let mut edge_of = FxHashMap::default();
        let own: Vec<NodeIndex> = groups.iter().map(|_| graph.add_node(())).collect();
        let is_site = |group: &GroupNode<'_>| group.object.kind == GroupKind::DirectorySite;
        let first_site = groups.iter().position(is_site);
        let places: Vec<GroupIx> = groups
            .iter()
            .enumerate()
            .map(|(at, group)| GroupIx::new(first_site.filter(|_| is_site(group)).unwrap_or(at)))
            .collect();
        let nodes: Vec<NodeIndex> = places.iter().map(|place| own[place.at()]).collect();
        for (at, c) in connectors.iter().enumerate().filter(|(_, c)| !c.failed.failed_before()) {
            let (connector, cost) = (ConnectorIx::new(at), c.object.cost());
            let arc = Arc { connector, cost, rank: c.rank, switch: c.failed };
            let edge = graph.add_edge(nodes[c.from.at()], nodes[c.to.at()], arc);
            edge_of.insert(c.failed.number(), edge);
        }
        Self { graph, edge_of, places, ..Self::default() }
    }

    fn route(
        &self,
        watch: &Watch,
        from: GroupIx,
        to: GroupIx,
        without: &[ConnectorIx],
    ) -> Option<Route> {
        let (from, to) = (self.places[from.at()], self.places[to.at()]);
        if from == to {
            return None;
        }
        if without.is_empty() && watch.takes_notes() {
            return self
                .routes
                .get_or(watch, (from, to), || self.route_anew(watch, from, to, without));
        }
        self.route_anew(watch, from, to, without)
    }

    fn route_anew(
        &self,
        watch: &Watch,
        from: GroupIx,
        to: GroupIx,
        without: &[ConnectorIx],
    ) -> Option<Route> {
        // A connector that is left out because it is flipped was looked at, too.
        if let Some(down) = watch.flipped().filter(|down| self.edge_of.contains_key(down)) {
            watch.note(down);
        }
        let costs = if without.is_empty() {
            self.costs_to(watch, to)
        } else {
            self.dijkstra(watch.flipped(), to, without)
        };
        let best = costs[from.at()];
        if best == FAR {
            return None;
        }
        let mut found: Option<Arc> = None;
        let mut tie = false;
        for arc in self.least(watch.flipped(), from, &costs, without).map(|(arc, _)| arc) {
            tie |= found.is_some();
            if found.is_none_or(|lowest| arc.rank < lowest.rank) {
                found = Some(arc);
            }
        }
        if watch.takes_notes() {
            self.note_least(watch, from, &costs, without);
        }
        found.map(|arc| Route { connector: arc.connector, cost: best, tie })
    }

    /// The connectors of a group that begin a least-cost route, each with the group it leads to.
    fn least<'g>(
        &'g self,
        flipped: Option<FaultNumber>,
        from: GroupIx,
        costs: &'g [u32],
        without: &'g [ConnectorIx],
    ) -> impl Iterator<Item = (Arc, GroupIx)> + 'g {
        let best = costs[from.at()];
        self.graph.edges(NodeIndex::new(from.at())).filter_map(move |edge| {
            let arc = *edge.weight();
            let rest = costs[edge.target().index()];
            let usable = flipped != Some(arc.switch.number()) && !without.contains(&arc.connector);
            let fits = rest != FAR && arc.cost + rest == best && usable;
            fits.then(|| (arc, GroupIx::new(edge.target().index())))
        })
    }

    /// Notes all connectors on any least-cost route. Others may fail unseen: that makes no route
    /// cheaper, and leaves these as they are.
    fn note_least(&self, watch: &Watch, from: GroupIx, costs: &[u32], without: &[ConnectorIx]) {
        let mut due = vec![from];
        let mut reached = vec![from];
        while let Some(here) = due.pop().filter(|here| costs[here.at()] > 0) {
            for (arc, next) in self.least(watch.flipped(), here, costs, without) {
                watch.note(arc.switch.number());
                if !reached.contains(&next) && costs[next.at()] > 0 {
                    reached.push(next);
                    due.push(next);
                }
            }
        }
    }

    fn costs_to(&self, watch: &Watch, to: GroupIx) -> Rc<Vec<u32>> {
        // Costs are kept for what is down from the start; they note nobody, because the routes that
        // are read from them do.
        let flipped = watch.flipped();
        let Some(down) = flipped else {
            return self.costs.get_or(watch, to, || self.dijkstra(None, to, &[]));
        };
        let settled = self.costs.get_base(&to);
        let costs = settled.unwrap_or_else(|| {
            let costs = self.dijkstra(None, to, &[]);
            self.costs.put_base(to, &costs);
            costs
        });
        if self.matters(down, &costs) { self.dijkstra(flipped, to, &[]) } else { costs }
    }

    /// Whether a connector is the only one by which some group has its least cost.
    fn matters(&self, down: FaultNumber, costs: &[u32]) -> bool {
        let edge = self.edge_of.get(&down).copied();
        let ends = edge.and_then(|edge| Some((edge, self.graph.edge_endpoints(edge)?)));
        ends.is_some_and(|(edge, (from, to))| {
            let (from, rest) = (from.index(), costs[to.index()]);
            let is_least = rest != FAR && self.graph[edge].cost + rest == costs[from];
            is_least && self.least(Some(down), GroupIx::new(from), costs, &[]).next().is_none()
        })
    }

    fn dijkstra(
        &self,
        flipped: Option<FaultNumber>,
        to: GroupIx,
        without: &[ConnectorIx],
    ) -> Rc<Vec<u32>> {
        let mut costs = vec![FAR; self.graph.node_count()];
        costs[to.at()] = 0;
        let mut heap = BinaryHeap::from([(Reverse(0_u32), NodeIndex::new(to.at()))]);
        while let Some((Reverse(cost), here)) = heap.pop() {
            if cost > costs[here.index()] {
                continue;
            }
            for edge in self.graph.edges_directed(here, Direction::Incoming) {
                let arc = edge.weight();
                if without.contains(&arc.connector) || flipped == Some(arc.switch.number()) {
                    continue;
                }
                let total = cost.saturating_add(arc.cost);
                if total < costs[edge.source().index()] {
                    costs[edge.source().index()] = total;
                    heap.push((Reverse(total), edge.source()));
                }
            }
        }
        Rc::new(costs)
    }
}
