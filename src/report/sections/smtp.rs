//! What answers on which address under which name, and which connector leads to it.

use crate::{
    model::{
        ObjectId, Topology,
        connector::{GroupKind, SiteLink},
        server::{Bindings, Platform},
    },
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
    let is_there =
        |there: fn(&Topology) -> bool| context.analysis.phases.iter().any(|p| there(&p.topology));
    let stands_in = |t: &Topology, kind| {
        t.servers.values().any(|s| s.platform.and_then(Platform::group_kind) == Some(kind))
    };
    let mut blocks = Vec::new();
    if context.analysis.phases.iter().any(|p| stands_in(&p.topology, GroupKind::RoutingGroup)) {
        blocks.push(Block::Remark(
            "Exchange 2000 and 2003: a virtual server that is bound to an address is found by its peers \
             without a lookup; one that listens on all addresses is found by the FQDN that it greets with."
                .into(),
        ));
    }
    if context.analysis.phases.iter().any(|p| stands_in(&p.topology, GroupKind::DirectorySite)) {
        blocks.push(Block::Remark(
            "Exchange 2007 to SE: servers find each other by their computer names in the DNS, whatever \
             name their connectors greet with and whatever they listen on."
                .into(),
        ));
    }
    blocks.extend([
        Block::Table(listeners(context)),
        super::heading("Routing groups and AD sites"),
        Block::Table(groups(context)),
    ]);
    let links = is_there(|t| !t.site_links.is_empty());
    if links {
        let text = "Between AD sites mail takes the path of least cost over these links, counted with the \
                    Exchange cost where one is set; it is relayed on the way only at hub sites.";
        let table = Block::Table(site_links(context));
        blocks.extend([super::heading("AD site links"), Block::Remark(text.into()), table]);
    }
    if !links || is_there(|t| !t.group_connectors.is_empty()) {
        blocks.push(super::heading("Routing group connectors"));
        blocks.push(Block::Table(group_connectors(context)));
    }
    blocks.push(super::heading("SMTP connectors and send connectors"));
    blocks.push(Block::Table(smtp_connectors(context)));
    blocks
}

/// Each group with its servers, and what makes one server or site of it special.
fn groups(context: &Context<'_>) -> Table {
    let analysis = context.analysis;
    let mut table = Table::new(
        &["Name", "Kind", "Servers", "Hub site or master"],
        "No routing group and no AD site is drawn",
    );
    let ids: BTreeSet<_> = analysis.phases.iter().flat_map(|p| p.topology.groups.keys()).collect();
    for id in ids {
        let whole = life(analysis, |t| t.groups.contains_key(id));
        let tell = |style, value: &dyn Fn(&Topology) -> Option<Vec<String>>| {
            Cell::lines(told(analysis, style, whole, value))
        };
        table.rows.push(vec![
            named(context, whole, &|t| Some(t.groups.get(id)?.name.clone())),
            tell(Style::Plain, &|t| Some(vec![t.groups.get(id)?.kind.words().to_owned()])),
            tell(Style::Plain, &|t| {
                t.groups.get(id)?;
                let members = t.servers.iter().filter(|(_, s)| s.group.as_ref() == Some(id));
                let names: Vec<_> = members.map(|(id, _)| values::name_of_server(t, id)).collect();
                Some(if names.is_empty() { vec!["none".to_owned()] } else { names })
            }),
            tell(Style::Plain, &|t| {
                let group = t.groups.get(id)?;
                let text = match (group.kind, &group.master) {
                    (GroupKind::DirectorySite, _) if group.hub => "hub site".to_owned(),
                    (GroupKind::DirectorySite, _) => "–".to_owned(),
                    (GroupKind::RoutingGroup, Some(master)) => {
                        format!("master: {}", values::name_of_server(t, master))
                    }
                    (GroupKind::RoutingGroup, None) => "master not entered".to_owned(),
                };
                Some(vec![text])
            }),
        ]);
    }
    table
}

fn site_links(context: &Context<'_>) -> Table {
    let analysis = context.analysis;
    let mut table = Table::new(
        &["Site link", "Joins", "Cost in the directory", "Exchange cost", "Counts as"],
        "No site link is drawn",
    );
    for at in 2..5 {
        table.columns[at].right = true;
    }
    let ids: BTreeSet<_> =
        analysis.phases.iter().flat_map(|p| p.topology.site_links.keys()).collect();
    for id in ids {
        let whole = life(analysis, |t| t.site_links.contains_key(id));
        let tell = |value: &dyn Fn(&Topology, &SiteLink) -> Vec<String>| {
            let value = |t: &Topology| Some(value(t, t.site_links.get(id)?));
            Cell::lines(told(analysis, Style::Plain, whole, value))
        };
        table.rows.push(vec![
            named(context, whole, &|t| Some(t.site_links.get(id)?.name.clone())),
            tell(&|t, link| {
                link.sites.iter().map(|site| t.name(&ObjectId::Group(site.clone()))).collect()
            }),
            tell(&|_, link| {
                vec![link.cost.map_or("100 (default)".to_owned(), |cost| cost.to_string())]
            }),
            tell(&|_, link| {
                vec![link.exchange_cost.map_or("–".to_owned(), |cost| cost.to_string())]
            }),
            tell(&|_, link| vec![link.cost().to_string()]),
        ]);
    }
    table
}

/// The first cell of a row: the name, and when the object is there if that is not always.
fn named(
    context: &Context<'_>,
    whole: (usize, usize),
    name: &dyn Fn(&Topology) -> Option<String>,
) -> Cell {
    let value = |t: &Topology| Some(vec![name(t)?]);
    let mut cell = Cell::lines(told(context.analysis, Style::Strong, whole, value));
    let there = when(context.analysis, whole.0, whole.1);
    if !there.is_empty() {
        cell.lines.push(Text::weak(there));
    }
    cell
}

fn listeners(context: &Context<'_>) -> Table {
    let analysis = context.analysis;
    let mut table = Table::new(
        &["Server", "Virtual server", "Greets as", "Listens on", "Port"],
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
        let platform = at_last.servers.get(&id.server).and_then(|server| server.platform);
        // To servers of AD sites it makes no difference.
        let found_so = platform.and_then(Platform::group_kind) != Some(GroupKind::DirectorySite);
        bound.mark = found_so.then_some(if free { Mark::Warning } else { Mark::Pass });
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
        table.rows.push(vec![
            named(context, whole, &|t| Some(t.group_connectors.get(id)?.name.clone())),
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
        &["Connector", "Group or AD site", "Address spaces", "Sends", "Next hop"],
        "No SMTP connector and no send connector is drawn",
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
        table.rows.push(vec![
            named(context, whole, &|t| Some(t.smtp_connectors.get(id)?.name.clone())),
            field(Style::Plain, "group"),
            field(Style::Mono, "spaces"),
            field(Style::Plain, "sources"),
            field(Style::Plain, "delivery"),
        ]);
    }
    table
}
