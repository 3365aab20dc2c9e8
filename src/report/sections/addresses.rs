//! Addresses and their translation: segments, links, lines, what firewalls publish; who has which
//! address, with its reverse name.

use crate::{
    model::{
        ObjectId, Topology,
        dns::{RecordKind, ViewKind, reverse_name},
    },
    report::{
        context::Context,
        document::{Block, Cell, Style, Table, Text},
        phases::{life, told, when},
        values,
    },
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// The section.
pub fn blocks(context: &Context<'_>, _: &str) -> Vec<Block> {
    let kind = |kind: &str| -> BTreeSet<ObjectId> {
        let phases = context.analysis.phases.iter();
        phases.flat_map(|p| p.topology.ids()).filter(|id| id.kind() == kind).collect()
    };
    vec![
        Block::Table(hosts(context.last())),
        super::heading("Segments"),
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
    ]
}

/// Who has which address once all phases are done, as whom it is seen outside, and its reverse name.
fn hosts(topology: &Topology) -> Table {
    let mut table = Table::new(
        &["Host", "Site, segment", "Inside", "Seen outside as", "Reverse name outside"],
        "No host has an address",
    );
    let servers = topology.servers.values().map(|s| (&s.name, &s.place, &s.addresses));
    let resolvers = topology.resolvers.values().map(|r| (&r.name, &r.place, &r.addresses));
    let mut pointers: BTreeMap<&str, String> = BTreeMap::new();
    for (id, set) in &topology.records {
        let outside =
            topology.views.get(&id.zone.view).is_some_and(|v| v.kind == ViewKind::Outside);
        if outside && id.kind == RecordKind::Ptr {
            pointers.insert(id.name.as_str(), set.data.lines().join(", "));
        }
    }
    for (name, place, addresses) in servers.chain(resolvers) {
        for address in addresses {
            let sources =
                topology.firewalls.values().filter_map(|f| f.source_addresses.get(address));
            let published = topology.firewalls.values().flat_map(|f| &f.published);
            let published = published.filter(|p| p.to == *address).map(|p| &p.public);
            let seen: BTreeSet<IpAddr> = sources.chain(published).copied().collect();
            let names = seen.iter().map(|a| match pointers.get(reverse_name(*a).as_str()) {
                Some(name) => Text::mono(name.as_str()),
                None => Text::weak("none is drawn"),
            });
            table.rows.push(vec![
                Cell::from(Text::strong(name.as_str())),
                Cell::from(values::place(topology, place)),
                Cell::mono([address]),
                Cell::mono(&seen),
                Cell::lines(names.collect()),
            ]);
        }
    }
    table
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
