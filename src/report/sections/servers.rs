//! The servers, over all phases.

use crate::{
    model::{ObjectId, Topology, id::ServerId, server::Server},
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
    let analysis = context.analysis;
    let ids: BTreeSet<&ServerId> =
        analysis.phases.iter().flat_map(|p| p.topology.servers.keys()).collect();
    let mut table = Table::new(
        &["Server", "System", "Place", "Addresses", "Routing group"],
        "No server is drawn",
    );
    for id in ids {
        let whole = life(analysis, |t| t.servers.contains_key(id));
        let tell = |style, value: &dyn Fn(&Topology, &Server) -> Option<Vec<String>>| {
            Cell::lines(told(analysis, style, whole, |t| value(t, t.servers.get(id)?)))
        };
        let mut name = tell(Style::Strong, &|_, s| Some(vec![s.name.clone()]));
        let computer = tell(Style::Mono, &|_, s| {
            let name = s.computer_fqdn().map(|name| name.to_string());
            Some(vec![name.unwrap_or_else(|| "computer name not entered".to_owned())])
        });
        name.lines.extend(computer.lines);
        let there = when(analysis, whole.0, whole.1);
        if !there.is_empty() {
            name.lines.push(Text::weak(there));
        }
        table.rows.push(vec![
            name,
            tell(Style::Plain, &|_, s| {
                let mut lines =
                    vec![values::role(s.role).to_owned(), values::platform(s.platform).to_owned()];
                if !s.edition.is_empty() {
                    lines.push(s.edition.clone());
                }
                Some(lines)
            }),
            tell(Style::Plain, &|t, s| Some(vec![values::place(t, &s.place)])),
            tell(Style::Mono, &|_, s| Some(s.addresses.iter().map(ToString::to_string).collect())),
            tell(Style::Plain, &|t, s| {
                let group = s.group.as_ref()?;
                Some(vec![t.name(&ObjectId::Group(group.clone()))])
            }),
        ]);
    }
    let mut blocks = vec![Block::Table(table)];
    blocks.extend(mailboxes(context));
    blocks
}

fn mailboxes(context: &Context<'_>) -> Vec<Block> {
    let analysis = context.analysis;
    let ids: BTreeSet<_> =
        analysis.phases.iter().flat_map(|p| p.topology.mailboxes.keys()).collect();
    if ids.is_empty() {
        return vec![];
    }
    let mut table = Table::new(&["Mailboxes", "Count", "Users at", "Home server"], "");
    table.columns[1].right = true;
    for id in ids {
        let whole = life(analysis, |t| t.mailboxes.contains_key(id));
        let tell = |value: &dyn Fn(&Topology) -> Option<String>| {
            Cell::lines(told(analysis, Style::Plain, whole, |t| value(t).map(|v| vec![v])))
        };
        table.rows.push(vec![
            tell(&|t| Some(t.mailboxes.get(id)?.name.clone())),
            tell(&|t| Some(t.mailboxes.get(id)?.count.to_string())),
            tell(&|t| {
                let site = t.mailboxes.get(id)?.users_at.as_ref()?;
                Some(values::name_of_site(t, site))
            }),
            tell(&|t| {
                let home = t.mailboxes.get(id)?.home.as_ref()?;
                Some(values::name_of_server(t, home))
            }),
        ]);
    }
    vec![super::heading("Mailboxes"), Block::Table(table)]
}
