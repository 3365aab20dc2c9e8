//! What a document says that the document of an earlier revision did not: block by block, found by what
//! stands in them.

use super::document::{Block, Cell, Document, Style, Table, Text};
use crate::model::Project;
use std::{collections::BTreeSet, sync::Arc};

/// An earlier revision of the plan.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// What it is called: a file's name.
    pub name: String,
    /// The plan as it was.
    pub project: Arc<Project>,
}

impl PartialEq for Earlier {
    /// The same revision: a plan that was read twice is another one, which costs a layout and no truth.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && Arc::ptr_eq(&self.project, &other.project)
    }
}
impl Eq for Earlier {}

/// Marks what differs, and lists it in the section of changes.
pub(super) fn mark(document: &mut Document, before: &Document, name: &str) {
    let mut table = Table::new(
        &["Section", "Blocks that are new or different", "Blocks that are gone"],
        "Nothing differs",
    );
    for column in &mut table.columns[1..] {
        column.right = true;
    }
    for section in &mut document.sections {
        let old = before.sections.iter().find(|old| old.key == section.key);
        let known: BTreeSet<String> =
            old.into_iter().flat_map(|old| &old.blocks).map(said).collect();
        let now: Vec<String> = section.blocks.iter().map(said).collect();
        section.changed = (0..now.len()).filter(|at| !known.contains(&now[*at])).collect();
        let kept: BTreeSet<&String> = now.iter().collect();
        let gone = known.iter().filter(|old| !kept.contains(old)).count();
        if section.changed.len() + gone > 0 {
            table.rows.push(vec![
                Cell::from(Text::strong(format!("{} {}", section.number, section.title))),
                Cell::from(section.changed.len().to_string()),
                Cell::from(gone.to_string()),
            ]);
        }
    }
    if let Some(section) = document.sections.iter_mut().find(|s| s.key == "changes") {
        section.changed.clear();
        let intro = Text::from("Compared with ").and(Style::Mono, name).and(
            Style::Plain,
            ". What is new or different bears a line in the margin; what is gone can bear none.",
        );
        section.blocks.insert(0, Block::Paragraph(intro));
        section.blocks.insert(1, Block::Table(table));
    }
}

/// What a block says, without what it looks like.
fn said(block: &Block) -> String {
    match block {
        // A drawing is compared by what it shows, not by where it shows it.
        Block::Figure(figure) => format!("{}\n{}", figure.caption, figure.alt),
        other => super::markdown::block_text(other),
    }
}
