//! Operations: what is looked at again and again, and what ends when.

use crate::report::{
    context::Context,
    document::{Block, Cell, Table, Text},
};

/// The section.
pub fn blocks(context: &Context<'_>, _: &str) -> Vec<Block> {
    let dossier = &context.analysis.project.dossier;
    let mut blocks = vec![];
    let routines = super::control::rows(
        &dossier.operations,
        "No routine was agreed. What an Exchange organisation asks for at least is listed below",
    );
    let agreed = !routines.rows.is_empty();
    blocks.push(Block::Table(routines));
    if !agreed {
        blocks.push(Block::Table(usual()));
    }
    blocks.push(super::heading("What ends when"));
    let mut table = Table::new(&["What", "Ends", "How it stands"], "No end was entered");
    let mut ends: Vec<(&str, &str, &str)> = dossier
        .certificates
        .iter()
        .map(|c| ("Certificate", c.subject.as_str(), c.expires.as_str()))
        .collect();
    if !dossier.review.is_empty() {
        ends.push(("Next review of", "this document", &dossier.review));
    }
    ends.sort_by_key(|(_, _, date)| (date.is_empty(), *date));
    for (kind, what, date) in ends {
        let (mark, said) = super::certificates::expiry(&context.options.date, date);
        table.rows.push(vec![
            Cell::from(Text::strong(format!("{kind} {what}"))),
            Cell::from(date),
            Cell::marked(mark, said),
        ]);
    }
    blocks.push(Block::Table(table));
    blocks
}

/// What is looked at where nobody agreed on anything; said to be no agreement.
fn usual() -> Table {
    let mut table = Table::new(&["Check", "How often", "By"], "");
    for (what, often) in [
        ("Queues on every server that handles mail: none grows, none waits for a name", "daily"),
        ("The backup ended well, and its log files were removed", "daily"),
        ("Free space of disks with stores and queues", "weekly"),
        ("A mailbox restored from the backup, as a test", "every three months"),
        ("The live network held against this plan: names, greetings, certificates", "monthly"),
    ] {
        let by = Text::weak("not agreed");
        table.rows.push(vec![Cell::from(what), Cell::from(often), Cell::from(by)]);
    }
    table
}
