//! What the client requires, as promises with their verdict in each phase and the message that breaks
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
    if project.promises.is_empty() {
        return vec![Block::Paragraph(
            "No requirement was written down as a promise, so none could be checked.".into(),
        )];
    }
    let mut blocks = vec![
        Block::Remark(
            "Each requirement of the client is a promise that is checked in every phase from which \
             it is due."
                .into(),
        ),
        Block::Table(table(context)),
        Block::Remark(legend()),
    ];
    blocks.extend(counterexamples(context));
    blocks
}

fn legend() -> Text {
    "Tick: kept. Octagon: broken. Question mark: a fact is missing. Dash: not yet due. Phase 0 is \
     the system as found."
        .into()
}

fn table(context: &Context<'_>) -> Table {
    let project = &context.analysis.project;
    let mut table = Table::new(&["Promise", "Checked as"], "");
    let phases = context.analysis.phases.len();
    table.columns.extend((0..phases).map(|at| Column { title: at.to_string(), right: false }));
    for (id, promise) in &project.promises {
        let mut row = vec![Cell::from(promise.text.as_str()), demand(context, promise).into()];
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
