//! Who takes this over.

use crate::report::{context::Context, document::Block};

/// The section.
pub fn blocks(_: &Context<'_>, _: &str) -> Vec<Block> {
    vec![
        Block::Paragraph(
            "Taken over with the findings, assumptions and evidence of this document.".into(),
        ),
        Block::SignOff(vec!["For the client".to_owned(), "For the consultant".to_owned()]),
    ]
}
