//! The handover: what stands in the document, and that the PDF shows all of it, whole, and twice the
//! same. The files are read with foreign programs (qpdf, pdftotext).
#![expect(clippy::unwrap_used, reason = "helpers of tests: a test that cannot go on panics")]

mod bounds;
mod client;
mod command;
mod document;
mod dossier;
mod foreign;
mod hostile;
mod large;
mod pages;
mod pdf;
mod planted;
pub(crate) mod tools;

use bridgehead::{
    analysis::{Analysis, analyse},
    model::Project,
    report::{
        ReportOptions, build,
        document::{Block, Document},
        pdf::{PdfOptions, render},
    },
    templates,
};
use std::sync::Arc;

/// The templates that are printed in these tests.
const TEMPLATES: [&str; 2] = ["two-sites-done-right", "two-sites-exchange-2003"];

fn options() -> ReportOptions {
    ReportOptions { date: "2026-11-24".to_owned(), ..ReportOptions::default() }
}

fn template(name: &str) -> Arc<Analysis> {
    analyse(&templates::find(name).unwrap().plan)
}

fn printed(project: &Project) -> (Document, Vec<u8>) {
    let document = build(&analyse(project), &options());
    let bytes = render(&document, &PdfOptions::default()).unwrap().bytes;
    (document, bytes)
}

/// How many boxes a document asks to tick.
fn boxes(document: &Document) -> usize {
    let blocks = document.sections.iter().flat_map(|section| &section.blocks);
    let of = |block: &Block| match block {
        Block::Checklist(list) => list.items.len(),
        Block::Steps(steps) => steps.len(),
        _ => 0,
    };
    blocks.map(of).sum()
}
