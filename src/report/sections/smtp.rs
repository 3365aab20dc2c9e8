//! What answers on which address under which name, and which connector leads to it.

use crate::{
    model::{ObjectId, Topology, server::Bindings},
    report::{
        context::Context,
        document::{Block, Cell, Mark, Style, Table, Text},
        phases::{life, told, when},
        values,
    },
};
use std::collections::BTreeSet;

/// The section.
pub fn blocks(context: &Context<'_>, _: &str) -> Vec<Block> {
    vec![
        Block::Remark(
            "A virtual server that is bound to an address is found by its peers without a lookup; \
             one that listens on all addresses is found by its FQDN."
                .into(),
        ),
        Block::Table(listeners(context)),
        super::heading("Routing group connectors"),
        Block::Table(group_connectors(context)),
        super::heading("SMTP connectors"),
        Block::Table(smtp_connectors(context)),
    ]
}

fn listeners(context: &Context<'_>) -> Table {
    let analysis = context.analysis;
    let mut table = Table::new(
        &["Server", "Virtual server", "Greets and is found as", "Listens on", "Port"],
        "No virtual server is drawn",
    );
    table.columns[4].right = true;
    let ids: BTreeSet<_> =
        analysis.phases.iter().flat_map(|p| p.topology.listeners.keys()).collect();
    for id in ids {
        let whole = life(analysis, |t| t.listeners.contains_key(id));
        let tell = |style, value: &dyn Fn(&Topology) -> Option<Vec<String>>| {
            Cell::lines(told(analysis, style, whole, value))
        };
        let mut server = tell(Style::Strong, &|t| {
            t.listeners.get(id)?;
            Some(vec![values::name_of_server(t, &id.server)])
        });
        let there = when(analysis, whole.0, whole.1);
        if !there.is_empty() {
            server.lines.push(Text::weak(there));
        }
        let at_last = &analysis.phases[whole.1].topology;
        let free = at_last.listeners.get(id).is_some_and(|l| l.bindings == Bindings::All);
        let mut bound =
            tell(Style::Mono, &|t| Some(values::bindings(&t.listeners.get(id)?.bindings)));
        bound.mark = Some(if free { Mark::Warning } else { Mark::Pass });
        table.rows.push(vec![
            server,
            tell(Style::Plain, &|t| Some(vec![t.listeners.get(id)?.name.clone()])),
            tell(Style::Mono, &|t| {
                let own = t.listeners.get(id)?.fqdn.clone();
                let name = own.or_else(|| t.servers.get(&id.server)?.computer_fqdn());
                Some(vec![name.map_or(values::NOT_ENTERED.to_owned(), |n| n.to_string())])
            }),
            bound,
            tell(Style::Plain, &|t| Some(vec![t.listeners.get(id)?.port().to_string()])),
        ]);
    }
    table
}

fn group_connectors(context: &Context<'_>) -> Table {
    let analysis = context.analysis;
    let mut table = Table::new(
        &["Connector", "From → to", "Sends", "Remote bridgehead", "Cost"],
        "No routing group connector is drawn",
    );
    table.columns[4].right = true;
    let ids: BTreeSet<_> =
        analysis.phases.iter().flat_map(|p| p.topology.group_connectors.keys()).collect();
    for id in ids {
        let whole = life(analysis, |t| t.group_connectors.contains_key(id));
        let tell = |style, value: &dyn Fn(&Topology) -> Option<Vec<String>>| {
            Cell::lines(told(analysis, style, whole, value))
        };
        let group =
            |t: &Topology, id: &_| t.name(&ObjectId::Group(crate::model::id::GroupId::clone(id)));
        let mut name =
            tell(Style::Strong, &|t| Some(vec![t.group_connectors.get(id)?.name.clone()]));
        let there = when(analysis, whole.0, whole.1);
        if !there.is_empty() {
            name.lines.push(Text::weak(there));
        }
        table.rows.push(vec![
            name,
            tell(Style::Plain, &|t| {
                let c = t.group_connectors.get(id)?;
                Some(vec![format!("{} → {}", group(t, &c.from), group(t, &c.to))])
            }),
            tell(Style::Plain, &|t| {
                let c = t.group_connectors.get(id)?;
                let list: Vec<_> =
                    c.sources.iter().map(|l| values::name_of_listener(t, l)).collect();
                Some(if list.is_empty() { vec!["any local server".to_owned()] } else { list })
            }),
            tell(Style::Plain, &|t| {
                let c = t.group_connectors.get(id)?;
                let list: Vec<_> =
                    c.targets.iter().map(|l| values::name_of_listener(t, l)).collect();
                Some(if list.is_empty() { vec![values::NOT_ENTERED.to_owned()] } else { list })
            }),
            tell(Style::Plain, &|t| Some(vec![t.group_connectors.get(id)?.cost().to_string()])),
        ]);
    }
    table
}

fn smtp_connectors(context: &Context<'_>) -> Table {
    let analysis = context.analysis;
    let mut table = Table::new(
        &["Connector", "Routing group", "Address spaces", "Sends", "Next hop"],
        "No SMTP connector is drawn",
    );
    let ids: BTreeSet<_> =
        analysis.phases.iter().flat_map(|p| p.topology.smtp_connectors.keys()).collect();
    for id in ids {
        let whole = life(analysis, |t| t.smtp_connectors.contains_key(id));
        let field = |style, name: &str| {
            let object = ObjectId::SmtpConnector(id.clone());
            Cell::lines(told(analysis, style, whole, |t| {
                Some(values::field(t, &t.field(&object, name)?).1)
            }))
        };
        let mut name = field(Style::Strong, "name");
        let there = when(analysis, whole.0, whole.1);
        if !there.is_empty() {
            name.lines.push(Text::weak(there));
        }
        table.rows.push(vec![
            name,
            field(Style::Plain, "group"),
            field(Style::Mono, "spaces"),
            field(Style::Plain, "sources"),
            field(Style::Plain, "delivery"),
        ]);
    }
    table
}
