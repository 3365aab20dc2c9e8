//! The cheapest way over the lanes: A* with the direction in which a node was reached in the state, so
//! that bends cost.

use super::{Gate, Roads};
use crate::diagram::{geometry::Area, route::Port};
use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
};

/// What a bend costs, in world units of way.
const BEND: f32 = 60.0;
/// What crossing another line costs.
const CROSSING: f32 = 36.0;
/// How much of its cost a piece keeps where the same line runs already.
const AGAIN: f32 = 0.3;

/// One search for a way.
pub(super) struct Search<'a> {
    pub(super) roads: &'a Roads,
    /// The line's number.
    pub(super) line: u32,
    /// Which rooms the line ends in.
    pub(super) homes: &'a [bool],
    /// The box that it leads to.
    pub(super) to: Area,
    /// Whether a part of the line is laid already.
    pub(super) shares: bool,
}

impl Search<'_> {
    /// The cheapest way from one of the gates to another: the port, the nodes, the port.
    pub(super) fn run(&self, starts: &[Gate], ends: &[Gate]) -> Option<(Port, Vec<usize>, Port)> {
        const NOWHERE: usize = usize::MAX;
        let roads = self.roads;
        let states = roads.nodes() * 2;
        let mut best = vec![f32::INFINITY; states];
        let mut came = vec![NOWHERE; states];
        let mut first: HashMap<usize, Port> = HashMap::new();
        let mut goals: HashMap<usize, Vec<Gate>> = HashMap::new();
        for gate in ends {
            goals.entry(gate.node).or_default().push(*gate);
        }
        // The costs are positive, and the bits of positive floats have their order.
        let mut waiting: BinaryHeap<Reverse<(u32, usize)>> = BinaryHeap::new();
        for gate in starts {
            let state = gate.node * 2 + usize::from(!gate.port.side.is_upright());
            if gate.cost < best[state] {
                best[state] = gate.cost;
                first.insert(state, gate.port);
                waiting.push(Reverse(((gate.cost + self.left(gate.node)).to_bits(), state)));
            }
        }
        let mut finish: Option<(f32, usize, Port)> = None;
        while let Some(Reverse((bits, state))) = waiting.pop() {
            let (node, cost) = (state / 2, best[state]);
            let least = f32::from_bits(bits);
            if finish.is_some_and(|(known, ..)| known <= least) {
                break;
            }
            if cost + self.left(node) < least {
                continue;
            }
            for gate in goals.get(&node).into_iter().flatten() {
                let axis = usize::from(!gate.port.side.is_upright());
                let all = cost + gate.cost + if axis == state % 2 { 0.0 } else { BEND };
                if finish.is_none_or(|(known, ..)| all < known) {
                    finish = Some((all, state, gate.port));
                }
            }
            for (next, more) in self.steps(state) {
                if cost + more < best[next] {
                    best[next] = cost + more;
                    came[next] = state;
                    first.remove(&next);
                    let whole = cost + more + self.left(next / 2);
                    waiting.push(Reverse((whole.to_bits(), next)));
                }
            }
        }
        let (_, last, end) = finish?;
        let mut way = vec![last];
        while came[way[way.len() - 1]] != NOWHERE {
            way.push(came[way[way.len() - 1]]);
        }
        let start = *first.get(&way[way.len() - 1])?;
        way.reverse();
        Some((start, way.into_iter().map(|state| state / 2).collect(), end))
    }

    /// What is left at least from a node.
    fn left(&self, node: usize) -> f32 {
        let (p, to) = (self.roads.at(node), self.to);
        let x = (to.min.x - p.x).max(p.x - to.max.x).max(0.0);
        let y = (to.min.y - p.y).max(p.y - to.max.y).max(0.0);
        (x + y) * if self.shares { AGAIN } else { 1.0 }
    }

    /// The states that can be reached next, with what that costs.
    fn steps(&self, state: usize) -> impl Iterator<Item = (usize, f32)> {
        let (node, axis) = (state / 2, state % 2);
        let roads = self.roads;
        let (columns, rows) = (roads.xs.len(), roads.ys.len());
        let (x, y) = (node % columns, node / columns);
        let nodes = roads.nodes();
        [
            (x > 0).then(|| (node - 1, node - 1, 0)),
            (x + 1 < columns).then(|| (node + 1, node, 0)),
            (y > 0).then(|| (node - columns, nodes + node - columns, 1)),
            (y + 1 < rows).then(|| (node + columns, nodes + node, 1)),
        ]
        .into_iter()
        .flatten()
        .filter_map(move |(next, piece, along)| {
            let piece_cost = self.piece(piece, roads.at(node).distance(roads.at(next)))?;
            let bend = if along == axis { 0.0 } else { BEND };
            let own = roads.owner[piece] == self.line;
            let crossed = if own { 0.0 } else { f32::from(roads.passes[next][1 - along]) };
            Some((next * 2 + along, piece_cost + bend + crossed * CROSSING))
        })
    }

    /// What a piece of that length costs; none where it is blocked.
    fn piece(&self, piece: usize, length: f32) -> Option<f32> {
        let roads = self.roads;
        let extra = roads.extra[piece];
        if extra.is_infinite() {
            return None;
        }
        let strange = |number: u16| {
            let i = usize::from(number).checked_sub(1)?;
            (!self.homes[i]).then_some(roads.terrain.rooms[i].1)
        };
        let rooms: f32 = roads.rooms[piece].into_iter().filter_map(strange).sum();
        if roads.owner[piece] == self.line {
            return Some(length * AGAIN);
        }
        Some(length * (1.0 + extra + rooms + roads.used[piece]))
    }
}
