//! Firewall rules, one a line: what has to pass, what is translated, and whether anybody tried.

use crate::{
    model::{
        ObjectId, Subject, Topology,
        address::{Action, Filter},
        site::Outbound,
    },
    report::{
        context::Context,
        document::{Block, Cell, Mark, Table, Text},
        values,
    },
};

/// The section.
pub fn blocks(context: &Context<'_>, _: &str) -> Vec<Block> {
    let project = &context.analysis.project;
    let requests = super::control::rows(
        &project.dossier.change_requests,
        "No change was asked of others, or none was noted",
    );
    vec![
        Block::Remark(
            "The rules as they stand once all phases are done. A rule is tested when somebody opened \
             the port from where it says; until then it is not measured."
                .into(),
        ),
        Block::Table(rules(context)),
        super::heading("What each firewall does besides"),
        Block::Table(habits(context.last())),
        super::heading("Change requests"),
        Block::Table(requests),
    ]
}

/// A rule's line: from, to, port, what is translated, and the object that it belongs to.
struct Line {
    at: ObjectId,
    from: String,
    to: String,
    port: String,
    nat: String,
    passes: bool,
}

fn rules(context: &Context<'_>) -> Table {
    let topology = context.last();
    let mut table = Table::new(
        &["No", "At", "From", "To", "Port", "Translated", "Verdict", "Tested"],
        "No firewall, link or segment says what passes",
    );
    let mut lines = Vec::new();
    for (id, firewall) in &topology.firewalls {
        let at = || ObjectId::Firewall(id.clone());
        for one in &firewall.published {
            let to_port = one.to_port.unwrap_or(one.port);
            lines.push(Line {
                at: at(),
                from: "Internet".to_owned(),
                to: one.public.to_string(),
                port: format!("TCP {}", one.port),
                nat: format!("to {} port {to_port}", one.to),
                passes: true,
            });
        }
        let sources: Vec<String> = match &firewall.outbound_25 {
            None => vec![],
            Some(Outbound::All) => vec!["every host".to_owned()],
            Some(Outbound::Only(list)) => list.iter().map(ToString::to_string).collect(),
        };
        for from in sources {
            let source = firewall.source_addresses.iter().find(|(k, _)| k.to_string() == from);
            lines.push(Line {
                at: at(),
                nat: source.map_or("as the line says".to_owned(), |(_, to)| format!("from {to}")),
                from,
                to: "Internet".to_owned(),
                port: "TCP 25".to_owned(),
                passes: true,
            });
        }
    }
    for (id, link) in &topology.links {
        filtered(&mut lines, &ObjectId::Link(id.clone()), link.filter.as_ref());
    }
    for (id, segment) in &topology.segments {
        filtered(&mut lines, &ObjectId::Segment(id.clone()), segment.from_segments.as_ref());
    }
    for (number, line) in lines.into_iter().enumerate() {
        let (mark, said) = context.measured(&Subject::from(line.at.clone()));
        table.rows.push(vec![
            Cell::from(Text::strong(format!("W-{}", number + 1))),
            Cell::from(topology.name(&line.at)),
            Cell::from(Text::mono(line.from)),
            Cell::from(Text::mono(line.to)),
            Cell::from(line.port),
            Cell::from(Text::mono(line.nat)),
            Cell::from(if line.passes { "allow" } else { "stop" }),
            Cell::marked(mark, said),
        ]);
    }
    table
}

fn filtered(lines: &mut Vec<Line>, at: &ObjectId, filter: Option<&Filter>) {
    let mut line = |from: String, to: String, port: String, passes: bool| {
        lines.push(Line { at: at.clone(), from, to, port, nat: String::new(), passes });
    };
    let any = || "any".to_owned();
    match filter {
        None => {}
        Some(Filter::Open) => line(any(), any(), any(), true),
        Some(Filter::Rules(rules)) => {
            for rule in rules {
                line(
                    rule.from.map_or_else(any, |net| net.to_string()),
                    rule.to.map_or_else(any, |net| net.to_string()),
                    rule.port.map_or_else(any, |port| format!("TCP {port}")),
                    rule.action == Action::Allow,
                );
            }
            line(any(), any(), any(), false);
        }
    }
}

fn habits(topology: &Topology) -> Table {
    let mut table = Table::new(
        &["Firewall", "Port 25 out", "Hairpin", "What it stops is"],
        "No firewall is drawn",
    );
    for firewall in topology.firewalls.values() {
        let unknown = |known: bool, text: String| {
            if known { Cell::from(text) } else { Cell::marked(Mark::Unknown, text) }
        };
        let out = values::outbound(firewall.outbound_25.as_ref());
        table.rows.push(vec![
            Cell::from(Text::strong(firewall.name.as_str())),
            unknown(firewall.outbound_25.is_some(), out.join(", ")),
            unknown(firewall.hairpin.is_some(), values::yes_no(firewall.hairpin).to_owned()),
            unknown(firewall.blocked.is_some(), values::blocked(firewall.blocked).to_owned()),
        ]);
    }
    table
}
