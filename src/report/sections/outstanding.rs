//! What is left to be done when the document is signed, and what acceptance hangs on.

use crate::{
    model::beside::Outcome,
    report::{
        context::{Context, count, of_severity},
        document::{Block, Cell, Mark, Table, Text},
    },
    rules::rule::Severity,
};

/// As many findings are listed by themselves.
const FINDINGS_MAX: usize = 12;

/// The section.
pub fn blocks(context: &Context<'_>, _: &str) -> Vec<Block> {
    let mut table = Table::new(
        &["No", "Item", "Owner", "Due", "Condition for acceptance", "Done"],
        "Nothing is outstanding",
    );
    for item in &context.analysis.project.dossier.outstanding {
        let cells = [&item.owner, &item.due, &item.condition, &item.done];
        let mark = if item.done.is_empty() { Mark::Unknown } else { Mark::Pass };
        push(&mut table, Cell::marked(mark, item.item.as_str()), cells.map(String::as_str));
    }
    for request in &context.analysis.project.dossier.change_requests {
        if request.state.to_lowercase().contains("done") {
            continue;
        }
        let what = format!("Change request {}: {}", request.reference, request.what);
        let cells = [request.owner.as_str(), &request.due, &request.state, ""];
        push(&mut table, Cell::marked(Mark::Unknown, what), cells);
    }
    from_analysis(context, &mut table);
    vec![
        Block::Remark(
            "Nothing is signed without this list. What stands here is accepted as open, with its \
             condition, or it is not accepted."
                .into(),
        ),
        Block::Table(table),
    ]
}

/// What the plan itself says is open.
fn from_analysis(context: &Context<'_>, table: &mut Table) {
    let severities = [Severity::Error, Severity::CannotTell, Severity::Warning];
    let open: Vec<_> = severities.into_iter().flat_map(|s| context.open(s)).collect();
    for case in open.iter().take(FINDINGS_MAX) {
        let what = format!("Finding {}: {}", case.number, case.finding.message);
        let mark = of_severity(case.finding.severity);
        push(table, Cell::marked(mark, what), ["", "", "cured or waived", ""]);
    }
    if open.len() > FINDINGS_MAX {
        let what =
            format!("{} more, in section Findings", count(open.len() - FINDINGS_MAX, "finding"));
        push(table, Cell::marked(Mark::Note, what), ["", "", "cured or waived", ""]);
    }
    let assumptions = context.analysis.project.assumptions.values();
    let unchecked = assumptions.filter(|a| a.on && a.checked.is_none()).count();
    if unchecked > 0 {
        let what = format!("{} nobody has checked", count(unchecked, "assumption"));
        push(table, Cell::marked(Mark::Unknown, what), ["", "", "checked, and noted by whom", ""]);
    }
    let unmeasured = context.fresh().next().is_none();
    let open = context.fresh().filter(|e| e.outcome == Outcome::Unknown).count();
    if unmeasured {
        let what = "Nothing was asked of the live network";
        push(table, Cell::marked(Mark::Unknown, what), ["", "", "measured; no check fails", ""]);
    } else if open + context.stale_count() > 0 {
        let what = format!(
            "{} without an answer that still holds",
            count(open + context.stale_count(), "check")
        );
        push(table, Cell::marked(Mark::Unknown, what), ["", "", "asked again", ""]);
    }
}

fn push(table: &mut Table, item: Cell, rest: [&str; 4]) {
    let number = Text::strong(format!("O-{}", table.rows.len() + 1));
    let mut row = vec![Cell::from(number), item];
    row.extend(rest.into_iter().map(Cell::from));
    table.rows.push(row);
}
