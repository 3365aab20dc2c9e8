//! Background and requirements: the facts as found, and what the client requires, as promises with their verdict in each phase and the message that breaks
//! them.

use crate::{
    model::promise::{Demand, Promise},
    plan::promises::State,
    report::{
        context::{Context, end, of_state},
        document::{Block, Cell, Column, Fact, Heading, Mark, Style, Table, Text},
        values,
    },
};

/// The section.
pub fn blocks(context: &Context<'_>, _: &str) -> Vec<Block> {
    let project = &context.analysis.project;
    let mut blocks = background(context);
    blocks.push(super::heading("Requirements, each with the promise that proves it"));
    if project.promises.is_empty() {
        blocks.push(Block::Paragraph(
            "No requirement was written down as a promise, so none could be checked.".into(),
        ));
        return blocks;
    }
    blocks.extend([
        Block::Remark(
            "Each requirement of the client is a promise that is checked in every phase from which \
             it is due."
                .into(),
        ),
        Block::Table(table(context)),
        Block::Remark(legend()),
    ]);
    blocks.extend(counterexamples(context));
    blocks
}

/// The facts as found.
fn background(context: &Context<'_>) -> Vec<Block> {
    let project = &context.analysis.project;
    let topology = &project.as_is;
    let text = &project.dossier.background;
    let mut blocks: Vec<Block> = if text.is_empty() {
        vec![Block::Paragraph(Text::weak("No background was written down."))]
    } else {
        text.split("\n\n").map(|paragraph| Block::Paragraph(paragraph.into())).collect()
    };
    let users = |id: &crate::model::id::SiteId| -> u32 {
        let here = topology.mailboxes.values().filter(|m| m.users_at.as_ref() == Some(id));
        here.map(|m| m.count.to_string().parse::<u32>().unwrap_or(0)).sum()
    };
    let list = |all: Vec<String>| match all.len() {
        0 => Text::weak("none is drawn"),
        1..=12 => Text::from(all.join(", ")),
        more => Text::from(format!("{} and {} more", all[..12].join(", "), more - 12)),
    };
    let sites = topology.sites.iter().map(|(id, s)| format!("{} ({} users)", s.name, users(id)));
    let links = topology.links.values().map(|l| {
        let latency = l.latency_ms.map_or(String::new(), |ms| format!(", {ms} ms"));
        format!("{} ({}{latency})", l.name, values::bandwidth(l.bandwidth_kbit))
    });
    let domains = topology.domains.values().map(|d| d.name.to_string());
    let servers = topology.servers.values().filter(|s| s.platform.is_some());
    let pair = |label: &str, value: Text| (label.to_owned(), value);
    blocks.push(Block::KeyValue(vec![
        pair("Sites as found", list(sites.collect())),
        pair("WAN links", list(links.collect())),
        pair("Mail domains", list(domains.collect())),
        pair("Mail servers", list(servers.map(|s| s.name.clone()).collect())),
    ]));
    blocks
}

fn legend() -> Text {
    "Tick: kept. Octagon: broken. Question mark: a fact is missing. Dash: not yet due. Phase 0 is \
     the system as found."
        .into()
}

fn table(context: &Context<'_>) -> Table {
    let project = &context.analysis.project;
    let mut table = Table::new(&["No", "Requirement", "Promise that proves it"], "");
    let phases = context.analysis.phases.len();
    table.columns.extend((0..phases).map(|at| Column { title: at.to_string(), right: false }));
    for (number, (id, promise)) in project.promises.iter().enumerate() {
        let mut row = vec![
            Cell::from(Text::strong(format!("Q-{}", number + 1))),
            Cell::from(promise.text.as_str()),
            demand(context, promise).into(),
        ];
        for phase in &context.analysis.phases {
            let state = phase.promises.iter().find(|v| v.id == *id).map(|v| v.state);
            let mark = of_state(state.unwrap_or(State::NotApplicable));
            row.push(Cell { mark: Some(mark), lines: vec![] });
        }
        table.rows.push(row);
    }
    table
}

fn demand(context: &Context<'_>, promise: &Promise) -> Text {
    let topology = context.last();
    let ends = |set: &std::collections::BTreeSet<_>| {
        let names: Vec<String> = set.iter().map(|e| end(topology, e)).collect();
        names.join(", ")
    };
    let given = |given: &std::collections::BTreeSet<crate::model::Subject>| {
        let names: Vec<String> = given
            .iter()
            .map(|s| s.object(topology).map_or(s.to_string(), |id| topology.name(&id)))
            .collect();
        if names.is_empty() { String::new() } else { format!(", with {} failed", names.join(", ")) }
    };
    Text::weak(match &promise.demand {
        Demand::Delivered { from, to, given: g } => {
            format!("{} → {}: delivered{}", ends(from), ends(to), given(g))
        }
        Demand::DeliveredOrQueued { from, to, given: g } => {
            format!("{} → {}: delivered or kept{}", ends(from), ends(to), given(g))
        }
        Demand::AvoidsLink { from, to, link, toward } => {
            let link = topology.name(&crate::model::ObjectId::Link(link.clone()));
            let toward = toward.as_ref();
            let toward = toward.map(|s| format!(" toward {}", values::name_of_site(topology, s)));
            format!(
                "{} → {}: never over {link}{}",
                ends(from),
                ends(to),
                toward.unwrap_or_default()
            )
        }
        Demand::HidesInternalNames { from } => {
            format!("{} → the Internet: no internal name shown", ends(from))
        }
    })
}

fn counterexamples(context: &Context<'_>) -> Vec<Block> {
    let project = &context.analysis.project;
    let mut facts = Vec::new();
    for (at, phase) in context.analysis.phases.iter().enumerate() {
        for verdict in &phase.promises {
            if !matches!(verdict.state, State::Broken | State::CannotTell) {
                continue;
            }
            let Some(promise) = project.promises.get(&verdict.id) else { continue };
            let trace = context.analysis.counterexample(at, &verdict.id);
            let ends = verdict.counterexample.as_ref().map(|(from, to)| {
                format!("{} → {}: ", end(&phase.topology, from), end(&phase.topology, to))
            });
            let why = trace.map_or_else(
                || verdict.state.name().to_owned(),
                |t| format!("{}: {}", t.disposition.name(), t.reason),
            );
            let value = Text::strong(promise.text.as_str())
                .and(Style::Plain, format!(". {}{why}", ends.unwrap_or_default()));
            let mark = if verdict.state == State::Broken { Mark::Error } else { Mark::Unknown };
            facts.push(Fact { mark, label: format!("Phase {at}"), value });
        }
    }
    if facts.is_empty() {
        return vec![];
    }
    vec![
        Block::Heading(Heading {
            number: String::new(),
            text: "The messages that break them".to_owned(),
            level: 2,
            new_page: false,
        }),
        Block::Facts(facts),
    ]
}
