//! The evidence: what was asked of the live network, of whom, what was expected, what came.

use crate::{
    model::beside::{Evidence, Outcome},
    report::{
        context::{Context, of_outcome},
        document::{Block, Cell, Mark, Style, Table, Text},
        values,
    },
};

/// The section.
pub fn blocks(context: &Context<'_>, _: &str) -> Vec<Block> {
    let evidence = &context.analysis.project.evidence;
    if evidence.is_empty() {
        return vec![Block::Paragraph(
            "Not measured: nothing has been asked of the live network. What is not measured is not \
             a pass."
                .into(),
        )];
    }
    let mut table = Table::new(
        &["What was asked", "Outcome", "Expected", "Measured", "Of whom, when (UTC)"],
        "",
    );
    let mut list: Vec<(&String, &Evidence)> = evidence.iter().collect();
    // What differs first.
    list.sort_by_key(|(key, e)| match e.outcome {
        _ if context.is_stale(key) => 2,
        Outcome::Fail => 0,
        Outcome::Warn => 1,
        Outcome::Unknown => 2,
        Outcome::Info => 3,
        Outcome::Pass => 4,
        Outcome::NotApplicable => 5,
    });
    for (key, one) in list {
        table.rows.push(row(context, one, context.is_stale(key)));
    }
    vec![
        Block::Remark(
            "Each answer is held against the plan of the phase that is named. No answer is \
             unknown, never missing and never a pass."
                .into(),
        ),
        Block::Table(table),
    ]
}

fn row(context: &Context<'_>, one: &Evidence, stale: bool) -> Vec<Cell> {
    let from = one.from.as_ref().map_or(String::new(), |site| {
        format!(", asked in {}", values::name_of_site(context.last(), site))
    });
    let style = if one.outcome == Outcome::Fail && !stale { Style::Bad } else { Style::Mono };
    let measured = if one.got.is_empty() {
        vec![Text::weak("nothing")]
    } else {
        one.got.iter().map(|got| Text::styled(style, got.as_str())).collect()
    };
    let time = one.rtt_ms.map_or(String::new(), |ms| format!(" · {ms} ms"));
    vec![
        Cell::lines(vec![
            Text::from(one.question.as_str()),
            Text::weak(format!("phase {}{from}", one.phase)),
        ]),
        if stale {
            let was = format!("was {}; the plan says something else by now", one.outcome.name());
            Cell { mark: Some(Mark::Unknown), lines: vec![Text::from("stale"), Text::weak(was)] }
        } else {
            let lines = vec![Text::from(one.outcome.name()), Text::weak(one.reason.as_str())];
            Cell { mark: Some(of_outcome(one.outcome)), lines }
        },
        Cell::mono(&one.expected),
        Cell::lines(measured),
        Cell::lines(vec![
            Text::mono(one.asked.as_str()),
            Text::weak(format!("{}{time}", one.utc.replace('T', " ").trim_end_matches('Z'))),
        ]),
    ]
}
