//! What changed since an earlier revision of the plan; the same is marked in the margin.

use crate::report::{
    context::Context,
    document::{Block, Text},
};

/// The section. The list itself is made when both documents are there, in `report::since`.
pub fn blocks(context: &Context<'_>, _: &str) -> Vec<Block> {
    let revisions = &context.analysis.project.dossier.history;
    let mut blocks = Vec::new();
    if context.options.since.is_none() {
        blocks.push(Block::Paragraph(Text::weak(
            "Not compared: no earlier revision of the plan was chosen.",
        )));
    }
    if let Some(last) = revisions.last() {
        blocks.push(Block::Paragraph(
            format!("Noted of version {}: {}", last.version, last.note).into(),
        ));
    }
    blocks
}
