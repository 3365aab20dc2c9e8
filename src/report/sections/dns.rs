//! The DNS: what each name says inside and outside, side by side.

use crate::{
    model::{
        ObjectId, Subject, Topology,
        dns::{RecordId, RecordKind, ViewKind},
    },
    report::{
        context::Context,
        document::{Block, Cell, Style, Table, Text},
        phases::{life, told, when},
        values,
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// The section.
pub fn blocks(context: &Context<'_>, _: &str) -> Vec<Block> {
    vec![
        Block::Remark(
            "A name that says one thing inside and another outside is split DNS. Where the inside \
             column is empty, who asks inside is told what is said outside, if the resolver forwards."
                .into(),
        ),
        Block::Table(records(context)),
        super::heading("Who is asked"),
        Block::Table(resolvers(context)),
        super::heading("Zones"),
        Block::Table(zones(context)),
    ]
}

fn records(context: &Context<'_>) -> Table {
    let mut table = Table::new(
        &["Name", "Type", "Inside", "Measured inside", "Outside", "Measured outside"],
        "No record is drawn",
    );
    // All records of a name and type are gathered once: a plan may have very many names.
    let mut names: BTreeMap<(Vec<&str>, RecordKind), BTreeSet<&RecordId>> = BTreeMap::new();
    for id in context.analysis.phases.iter().flat_map(|p| p.topology.records.keys()) {
        // By the labels from the right, so that a zone's names stand together.
        let labels = id.name.as_str().rsplit('.').collect();
        names.entry((labels, id.kind)).or_default().insert(id);
    }
    for ((_, kind), ids) in names {
        let name = ids.first().map_or("", |id| id.name.as_str());
        table.rows.push(vec![
            Cell::from(Text::mono(name)),
            Cell::from(kind.name().to_uppercase()),
            side(context, &ids, ViewKind::Inside),
            measured(context, &ids, ViewKind::Inside),
            side(context, &ids, ViewKind::Outside),
            measured(context, &ids, ViewKind::Outside),
        ]);
    }
    table
}

/// What the records of a name say on one side, over the phases.
fn side(context: &Context<'_>, ids: &BTreeSet<&RecordId>, side: ViewKind) -> Cell {
    let analysis = context.analysis;
    let all = (0, analysis.phases.len() - 1);
    let lines = told(analysis, Style::Mono, all, |t| {
        let several = t.views.values().filter(|v| v.kind == side).count() > 1;
        let mut lines = Vec::new();
        for id in ids {
            let Some(view) = t.views.get(&id.zone.view).filter(|view| view.kind == side) else {
                continue;
            };
            let Some(set) = t.records.get(*id) else { continue };
            let ttl = set.ttl_s.map_or(String::new(), |ttl| format!(" (TTL {ttl} s)"));
            lines.extend(set.data.lines().into_iter().map(|line| {
                if several { format!("{}: {line}{ttl}", view.name) } else { format!("{line}{ttl}") }
            }));
        }
        (!lines.is_empty()).then_some(lines)
    });
    if lines.is_empty() { Cell::from(Text::weak("–")) } else { Cell::lines(lines) }
}

/// What came when the records of a name were asked for on one side: the worst that still holds.
fn measured(context: &Context<'_>, ids: &BTreeSet<&RecordId>, side: ViewKind) -> Cell {
    let topology = context.last();
    let of_side =
        |id: &&&RecordId| topology.views.get(&id.zone.view).is_some_and(|view| view.kind == side);
    let planned: Vec<_> = ids.iter().filter(of_side).collect();
    let Some(first) = planned.first() else { return Cell::from(Text::weak("–")) };
    let object = |id: &RecordId| Subject::Object(ObjectId::Record(id.clone()));
    let asked = planned.iter().find(|id| !context.evidence(&object(id)).is_empty());
    let (mark, said) = context.measured(&object(asked.unwrap_or(first)));
    Cell::marked(mark, said)
}

fn resolvers(context: &Context<'_>) -> Table {
    let analysis = context.analysis;
    let mut table = Table::new(
        &["DNS server", "Addresses", "Place", "Serves", "Asks on", "Asked by"],
        "No DNS server is drawn",
    );
    let ids: BTreeSet<_> =
        analysis.phases.iter().flat_map(|p| p.topology.resolvers.keys()).collect();
    for id in ids {
        let whole = life(analysis, |t| t.resolvers.contains_key(id));
        let tell = |style, value: &dyn Fn(&Topology) -> Option<Vec<String>>| {
            Cell::lines(told(analysis, style, whole, value))
        };
        let object = ObjectId::Resolver(id.clone());
        let field = |style, name: &str| {
            tell(style, &|t| Some(values::field(t, &t.field(&object, name)?).1))
        };
        let mut name = field(Style::Strong, "name");
        let there = when(analysis, whole.0, whole.1);
        if !there.is_empty() {
            name.lines.push(Text::weak(there));
        }
        let mut onward = field(Style::Plain, "forwards");
        let conditional = tell(Style::Plain, &|t| {
            let resolver = t.resolvers.get(id)?;
            (!resolver.conditional.is_empty())
                .then(|| values::field(t, &t.field(&object, "conditional")?).1.into())
                .flatten()
        });
        onward.lines.extend(conditional.lines);
        table.rows.push(vec![
            name,
            field(Style::Mono, "addresses"),
            field(Style::Plain, "place"),
            field(Style::Plain, "serves"),
            onward,
            tell(Style::Plain, &|t| {
                t.resolvers.get(id)?;
                let sites = t.sites.values();
                let asks = |list: &Option<Vec<_>>| list.as_ref().is_some_and(|l| l.contains(id));
                let mut names: Vec<String> =
                    sites.filter(|s| asks(&s.resolvers)).map(|s| s.name.clone()).collect();
                let servers = t.servers.values().filter(|s| asks(&s.resolvers));
                names.extend(servers.map(|s| s.name.clone()));
                Some(if names.is_empty() { vec!["nobody".to_owned()] } else { names })
            }),
        ]);
    }
    table
}

fn zones(context: &Context<'_>) -> Table {
    let analysis = context.analysis;
    let mut table =
        Table::new(&["Zone", "View", "TTL", "Missing names are remembered"], "No zone is drawn");
    let ids: BTreeSet<_> = analysis.phases.iter().flat_map(|p| p.topology.zones.keys()).collect();
    for id in ids {
        let whole = life(analysis, |t| t.zones.contains_key(id));
        let object = ObjectId::Zone(id.clone());
        let field = |name: &str| {
            Cell::lines(told(analysis, Style::Plain, whole, |t| {
                Some(values::field(t, &t.field(&object, name)?).1)
            }))
        };
        let mut origin = Cell::from(Text::mono(id.origin.as_str()));
        let there = when(analysis, whole.0, whole.1);
        if !there.is_empty() {
            origin.lines.push(Text::weak(there));
        }
        let view = Cell::lines(told(analysis, Style::Plain, whole, |t| {
            t.zones.get(id)?;
            Some(vec![t.views.get(&id.view).map_or(id.view.to_string(), |v| v.name.clone())])
        }));
        table.rows.push(vec![origin, view, field("ttl_s"), field("negative_ttl_s")]);
    }
    table
}
