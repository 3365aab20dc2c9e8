//! Certificates with their end, accounts with the place of their secrets; never the secrets.

use crate::report::{
    context::Context,
    days,
    document::{Block, Mark, Text},
};

/// As many days before its end a certificate is warned of.
const SOON: i64 = 60;

/// The section.
pub fn blocks(context: &Context<'_>, _: &str) -> Vec<Block> {
    let dossier = &context.analysis.project.dossier;
    let mut table =
        super::control::rows(&dossier.certificates, "No certificate was entered in the dossier");
    if let Some(at) = table.columns.iter().position(|column| column.title == "Expires") {
        for row in &mut table.rows {
            let cell = &mut row[at];
            let date = cell.lines.first().map(Text::plain).unwrap_or_default();
            let (mark, said) = expiry(&context.options.date, &date);
            cell.mark = Some(mark);
            cell.lines.push(Text::weak(said));
        }
    }
    let accounts = super::control::rows(&dossier.accounts, "No account was entered in the dossier");
    vec![
        Block::Table(table),
        super::heading("Accounts"),
        Block::Remark(
            "An account is named with the place where its secret is kept. No secret stands in this \
             document, nor in the plan."
                .into(),
        ),
        Block::Table(accounts),
    ]
}

/// How an end stands on a day.
pub(super) fn expiry(today: &str, date: &str) -> (Mark, String) {
    match (days(today), days(date)) {
        (Some(today), Some(end)) if end < today => {
            (Mark::Error, format!("ended {} days ago", today - end))
        }
        (Some(today), Some(end)) if end - today <= SOON => {
            (Mark::Warning, format!("ends in {} days", end - today))
        }
        (Some(_), Some(_)) => (Mark::Pass, "in force by its date; not measured".to_owned()),
        _ if date.is_empty() => (Mark::Unknown, "not entered".to_owned()),
        _ => (Mark::Unknown, "no date that can be read".to_owned()),
    }
}
