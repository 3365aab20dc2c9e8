//! What was checked and found in order: counted in the findings, listed here.

use crate::{
    model::beside::Outcome,
    plan::promises::State,
    report::{
        context::Context,
        document::{Block, Cell, Mark, Table, Text},
        phases,
    },
    rules::{RULES, rule::Check},
};
use std::collections::BTreeSet;

/// As many passed live checks are listed.
const CHECKS_MAX: usize = 200;

/// The section.
pub fn blocks(context: &Context<'_>, _: &str) -> Vec<Block> {
    let mut table = Table::new(&["Checked", "How", "Verdict"], "Nothing was checked");
    let found: BTreeSet<&str> = context.cases.iter().map(|case| case.finding.rule.code).collect();
    let last = context.analysis.phases.len() - 1;
    let answers = context.fresh().filter(|e| e.check.is_empty()).count();
    for rule in RULES.iter().filter(|rule| !found.contains(rule.code)) {
        let how = match rule.check {
            Check::Drawn(_) => format!("by rule, phases 0 to {last}"),
            // Without an answer nothing was looked at, so nothing passed.
            Check::Observed(_) if answers == 0 => continue,
            Check::Observed(_) => format!("by rule, on {answers} live answers"),
        };
        table.rows.push(vec![
            Cell::from(format!("{} {}", rule.code, super::findings::fault(rule.name))),
            Cell::from(how),
            Cell::marked(Mark::Pass, "not found"),
        ]);
    }
    for (id, promise) in &context.analysis.project.promises {
        let states: Vec<(usize, State)> = context
            .analysis
            .phases
            .iter()
            .enumerate()
            .filter_map(|(at, p)| Some((at, p.promises.iter().find(|v| v.id == *id)?.state)))
            .filter(|(_, state)| *state != State::NotApplicable)
            .collect();
        if states.is_empty() || states.iter().any(|(_, state)| *state != State::Kept) {
            continue;
        }
        let at: Vec<usize> = states.iter().map(|(at, _)| *at).collect();
        table.rows.push(vec![
            Cell::from(promise.text.as_str()),
            Cell::from(format!("by simulation, phases {}", phases::list(&at))),
            Cell::marked(Mark::Pass, State::Kept.name()),
        ]);
    }
    let passed: Vec<_> = context.fresh().filter(|e| e.outcome == Outcome::Pass).collect();
    for one in passed.iter().take(CHECKS_MAX) {
        table.rows.push(vec![
            Cell::from(one.question.as_str()),
            Cell::lines(vec![Text::mono(one.asked.as_str()), Text::weak(one.utc.as_str())]),
            Cell::marked(Mark::Pass, one.outcome.name()),
        ]);
    }
    let mut blocks = vec![Block::Table(table)];
    if passed.len() > CHECKS_MAX {
        let left = format!("{} more live checks passed.", passed.len() - CHECKS_MAX);
        blocks.push(Block::Remark(left.into()));
    }
    blocks
}
