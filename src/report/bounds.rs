//! Plans that nobody would print whole: texts of megabytes, tables of tens of thousands of rows. They are cut,
//! and the document says how much of what stands in the plan alone.

use super::document::{Block, Document, Table};
use crate::model::Project;
use serde_json::Value;

/// Texts up to this length, in characters, are printed whole as long as there are not too many of them.
const LONG: usize = 20_000;
/// All texts of more than [`SHORT`] characters together may have so many.
const LONG_TOGETHER: usize = 200_000;
/// Texts up to this length are never cut.
const SHORT: usize = 200;
/// The most rows of one table.
const ROWS: usize = 5_000;

/// What was cut of the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// How many texts.
    texts: usize,
    /// From which length on, in characters.
    length: usize,
}

/// The project with its longest texts cut; none: nothing is too long.
///
/// Names stand in dozens of tables each, so that they are cut before a document is made, not after.
pub(super) fn cut(project: &Project) -> Option<(Project, Cut)> {
    let mut value = serde_json::to_value(project).ok()?;
    let mut lengths = Vec::new();
    each(&mut value, &mut |text| {
        // Bytes are an upper bound of characters, and counting those of megabytes takes time.
        if text.len() > SHORT {
            lengths.push(text.chars().count());
        }
    });
    let length = limit(&lengths);
    let texts = lengths.iter().filter(|known| **known > length).count();
    if texts == 0 {
        return None;
    }
    each(&mut value, &mut |text| {
        if text.len() > length && text.chars().count() > length {
            *text = text.chars().take(length).chain("…".chars()).collect();
        }
    });
    Some((serde_json::from_value(value).ok()?, Cut { texts, length }))
}

/// The length to which texts are cut, so that they fit together.
fn limit(lengths: &[usize]) -> usize {
    let together = |most: usize| lengths.iter().map(|length| (*length).min(most)).sum::<usize>();
    let (mut low, mut high) = (SHORT, LONG);
    if together(high) <= LONG_TOGETHER {
        return high;
    }
    while low + 1 < high {
        let middle = usize::midpoint(low, high);
        if together(middle) > LONG_TOGETHER { high = middle } else { low = middle }
    }
    low
}

/// Every text that is no key.
fn each(value: &mut Value, f: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => f(text),
        Value::Array(list) => list.iter_mut().for_each(|one| each(one, f)),
        Value::Object(map) => map.values_mut().for_each(|one| each(one, f)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Cuts tables that are too long, and says what was cut.
pub(super) fn finish(document: &mut Document, cut: Option<Cut>) {
    for section in &mut document.sections {
        let mut blocks = Vec::with_capacity(section.blocks.len());
        for mut block in std::mem::take(&mut section.blocks) {
            let more = match &mut block {
                Block::Table(Table { rows, .. }) => trim(rows),
                Block::List(list) => trim(list),
                Block::Facts(list) => trim(list),
                Block::Steps(list) => trim(list),
                Block::Checklist(list) => trim(&mut list.items),
                _ => 0,
            };
            blocks.push(block);
            if more > 0 {
                blocks.push(Block::Remark(
                    format!("{more} more stand in the plan: too many to be printed.").into(),
                ));
            }
        }
        section.blocks = blocks;
    }
    if let (Some(Cut { texts, length }), Some(first)) = (cut, document.sections.first_mut()) {
        let said = format!(
            "{texts} texts of this plan have more than {length} characters and are cut here; the plan has them whole."
        );
        first.blocks.insert(0, Block::Remark(said.into()));
    }
}

fn trim<T>(list: &mut Vec<T>) -> usize {
    let more = list.len().saturating_sub(ROWS);
    list.truncate(ROWS);
    more
}
