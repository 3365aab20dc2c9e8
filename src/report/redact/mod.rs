//! The client's copy: inside names, addresses, versions and notes are taken out of the *model*, before
//! anything is laid out, so that drawing, alternative texts and outline have them neither.
//!
//! Two passes. [`model`] gives objects other names and empties what is the consultants' own; what
//! was proved is not proved again, for a name decides nothing. [`scrub`] then goes over every text of the
//! document for what is left of ids, names of hosts and addresses. What is not known to be public is
//! withheld.

mod model;
mod names;
mod public;
mod scrub;

use super::document::{Block, Cell, Document, Table, Text};
use crate::analysis::Analysis;
use names::Names;
use public::Public;
use scrub::Scrub;
use std::{collections::BTreeMap, sync::Arc};

/// What was withheld: how many of which kind, never which.
pub(super) type Withheld = BTreeMap<&'static str, usize>;

/// The analysis with the names of the client's copy.
pub(super) struct Redacted {
    /// For the words: names are others, notes are gone.
    pub(super) analysis: Analysis,
    /// For the drawing: addresses are gone too.
    pub(super) drawn: Analysis,
    scrub: Scrub,
    withheld: Withheld,
}

/// Makes the client's copy of an analysis.
pub(super) fn redacted(analysis: &Analysis) -> Redacted {
    let names = Names::new(analysis);
    let public = Public::new(analysis);
    let mut withheld = names.counts();
    let mut analysis_of_client = model::renamed(analysis, &names, &mut withheld);
    let mut scrub = Scrub::new(analysis, &names, public);
    notes(&mut analysis_of_client, &mut scrub);
    let drawn = model::without_addresses(&analysis_of_client);
    Redacted { analysis: analysis_of_client, drawn, scrub, withheld }
}

/// Notes are broken into lines when they are drawn, and a name that is broken in two is not found any
/// more: so before.
fn notes(analysis: &mut Analysis, scrub: &mut Scrub) {
    if analysis.project.notes.is_empty() {
        return;
    }
    let project = Arc::make_mut(&mut analysis.project);
    for note in project.notes.values_mut() {
        let plain = note.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut scrubbed = plain.clone();
        scrub.string(&mut scrubbed);
        if scrubbed != plain {
            note.text = scrubbed;
        }
    }
}

/// Takes out of a document what is left, and lists what was withheld.
pub(super) fn finish(document: &mut Document, mut redacted: Redacted) {
    redacted.scrub.document(document);
    for (kind, number) in redacted.scrub.counts() {
        *redacted.withheld.entry(kind).or_default() += number;
    }
    let Some(section) = document.sections.iter_mut().find(|s| s.key == "control") else { return };
    let mut table = Table::new(&["Kind", "How many", "Stands for them"], "Nothing was withheld");
    table.columns[1].right = true;
    for (kind, number) in redacted.withheld.iter().filter(|(_, number)| **number > 0) {
        table.rows.push(vec![
            Cell::from(*kind),
            Cell::from(number.to_string()),
            Cell::from(stands_for(kind)),
        ]);
    }
    section.blocks.push(Block::Remark(Text::from(
        "The same name stands for the same thing throughout this copy. What was proved, was proved of \
         the plan with its own names.",
    )));
    section.blocks.push(Block::Table(table));
}

fn stands_for(kind: &str) -> &'static str {
    match kind {
        "inside addresses and subnets" => "address 1, address 2",
        "names of inside hosts and domains" => "names that end in .inside",
        "versions and editions" | "notes, accounts and lessons of the consultants" => "nothing",
        "texts that were measured" => "withheld",
        _ => "a word and a letter, such as server A",
    }
}
