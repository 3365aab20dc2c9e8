//! Document control: what this document is, which plan it was made from, who has it.

use crate::{
    model::dossier::Row,
    report::{
        Audience,
        context::{Context, count},
        copy_in_words, date_in_words,
        document::{Block, Cell, Column, Table, Text},
    },
    rules::RULES,
};

/// The section.
pub fn blocks(context: &Context<'_>, _: &str) -> Vec<Block> {
    let dossier = &context.analysis.project.dossier;
    let mut blocks = vec![
        Block::KeyValue(identity(context)),
        super::heading("SHA-256 of the plan's file"),
        super::hash(context),
        super::heading("Versions"),
        Block::Table(rows(&dossier.history, "No version was noted")),
        super::heading("Distribution"),
        Block::Table(rows(&dossier.distribution, "Nobody was named who gets this document")),
        super::heading("What this copy withholds"),
    ];
    // Of the client's copy the list is made when it is known what was withheld.
    if context.options.audience == Audience::Internal {
        blocks.push(Block::Paragraph("Nothing: this is the consultants' copy.".into()));
    }
    blocks
}

fn identity(context: &Context<'_>) -> Vec<(String, Text)> {
    let project = &context.analysis.project;
    let dossier = &project.dossier;
    let mut pairs = Vec::new();
    let mut pair = |label: &str, value: Text| pairs.push((label.to_owned(), value));
    let entered = |value: &str| match value {
        "" => Text::weak("not entered"),
        value => Text::from(value),
    };
    pair("Document number", entered(&dossier.reference));
    pair("Version", entered(&dossier.version));
    pair("Status", dossier.status.name().into());
    let date = date_in_words(&context.options.date);
    pair("Copy, date", format!("{}, {date}", copy_in_words(context.options)).into());
    let author = [dossier.consultant.as_str(), dossier.firm.as_str()].join(", ");
    pair("Author", entered(author.trim_matches([',', ' '])));
    pair("To be read again", entered(&date_in_words(&dossier.review)));
    pair("Plan", project.name.as_str().into());
    let program = concat!("Bridgehead ", env!("CARGO_PKG_VERSION"));
    let rules = format!("{program}; {}, set {}", count(RULES.len(), "rule"), rule_set());
    pair("Program and rules", rules.into());
    pair("Measured", measured(context));
    pairs
}

fn measured(context: &Context<'_>) -> Text {
    let evidence = &context.analysis.project.evidence;
    let times = evidence.values().map(|e| e.utc.as_str());
    match (times.clone().min(), times.max()) {
        (Some(first), Some(last)) => {
            let said = |utc: &str| utc.replace('T', " ").trim_end_matches('Z').to_owned();
            let number = count(evidence.len(), "answer");
            format!("{number}, from {} to {} UTC", said(first), said(last)).into()
        }
        _ => Text::weak("not measured: nothing was asked of the live network"),
    }
}

/// Which rules they were: told apart by what they say.
fn rule_set() -> String {
    let texts = RULES.iter().flat_map(|rule| [rule.code, rule.name, rule.article]);
    format!("{:08x}", crate::report::fingerprint(texts.flat_map(str::bytes)))
}

/// A list of the dossier as a table; what is blank in all rows has no column.
pub(super) fn rows<R: Row>(list: &[R], empty: &str) -> Table {
    let list: Vec<&R> = list.iter().filter(|row| !row.is_blank()).collect();
    let used = |at: &usize| list.iter().any(|row| !row.cells()[*at].trim().is_empty());
    let columns: Vec<usize> = (0..R::COLUMNS.len()).filter(used).collect();
    let mut table = Table::new(&[], empty);
    table.columns = columns
        .iter()
        .map(|at| Column { title: R::COLUMNS[*at].to_owned(), right: false })
        .collect();
    for row in list {
        let cells = row.cells();
        table.rows.push(columns.iter().map(|at| Cell::from(cells[*at])).collect());
    }
    table
}
