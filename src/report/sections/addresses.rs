//! Addresses: segments, links, lines, what firewalls translate and let pass.

use crate::{
    model::{ObjectId, Topology},
    report::{
        context::Context,
        document::{Block, Cell, Style, Table, Text},
        phases::{life, told, when},
        values,
    },
};
use std::collections::BTreeSet;

/// The section.
pub fn blocks(context: &Context<'_>, _: &str) -> Vec<Block> {
    let kind = |kind: &str| -> BTreeSet<ObjectId> {
        let phases = context.analysis.phases.iter();
        phases.flat_map(|p| p.topology.ids()).filter(|id| id.kind() == kind).collect()
    };
    vec![
        Block::Table(objects(
            context,
            &kind("segment"),
            &[
                ("Segment", "name", Style::Strong),
                ("Site", "site", Style::Plain),
                ("Kind", "kind", Style::Plain),
                ("Subnets", "subnets", Style::Mono),
                ("Other segments may open", "from_segments", Style::Plain),
            ],
            "No segment is drawn",
        )),
        super::heading("WAN links"),
        Block::Table(objects(
            context,
            &kind("link"),
            &[
                ("Link", "name", Style::Strong),
                ("From", "a", Style::Plain),
                ("To", "b", Style::Plain),
                ("Bandwidth", "bandwidth_kbit", Style::Plain),
                ("Latency", "latency_ms", Style::Plain),
                ("Lets pass", "filter", Style::Plain),
            ],
            "No WAN link is drawn",
        )),
        super::heading("Internet lines"),
        Block::Table(objects(
            context,
            &kind("line"),
            &[
                ("Line", "name", Style::Strong),
                ("Site", "site", Style::Plain),
                ("Public addresses", "addresses", Style::Mono),
                ("Bandwidth", "bandwidth_kbit", Style::Plain),
                ("Firewall", "firewall", Style::Plain),
            ],
            "No Internet line is drawn",
        )),
        super::heading("Firewalls and address translation"),
        Block::Table(objects(
            context,
            &kind("firewall"),
            &[
                ("Firewall", "name", Style::Strong),
                ("Publishes", "published", Style::Mono),
                ("Source addresses", "source_addresses", Style::Mono),
            ],
            "No firewall is drawn",
        )),
        super::heading("What firewalls let pass"),
        Block::Table(objects(
            context,
            &kind("firewall"),
            &[
                ("Firewall", "name", Style::Strong),
                ("Port 25 out", "outbound_25", Style::Plain),
                ("Hairpin", "hairpin", Style::Plain),
                ("What it stops is", "blocked", Style::Plain),
            ],
            "No firewall is drawn",
        )),
    ]
}

/// Objects of one kind with some of their fields, as they change over the phases.
fn objects(
    context: &Context<'_>,
    ids: &BTreeSet<ObjectId>,
    fields: &[(&str, &str, Style)],
    empty: &str,
) -> Table {
    let titles: Vec<&str> = fields.iter().map(|(title, _, _)| *title).collect();
    let mut table = Table::new(&titles, empty);
    let analysis = context.analysis;
    for id in ids {
        let whole = life(analysis, |t: &Topology| t.contains(id));
        let mut row: Vec<Cell> = fields
            .iter()
            .map(|(_, name, style)| {
                Cell::lines(told(analysis, *style, whole, |t| {
                    Some(values::field(t, &t.field(id, name)?).1)
                }))
            })
            .collect();
        let there = when(analysis, whole.0, whole.1);
        if !there.is_empty()
            && let Some(first) = row.first_mut()
        {
            first.lines.push(Text::weak(there));
        }
        table.rows.push(row);
    }
    table
}
