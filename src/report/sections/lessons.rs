//! The three lessons of the incident, word by word, and what each means for this plan.

use crate::{
    model::dossier::Row as _,
    report::{
        Audience,
        context::Context,
        document::{Block, Note},
    },
};

/// The section.
pub fn blocks(context: &Context<'_>, _: &str) -> Vec<Block> {
    let lesson = |title: &str, text: &str| {
        Block::Note(Note { title: title.to_owned(), lines: vec![text.into()] })
    };
    let mut blocks = vec![
        Block::Remark(
            "From the incident with which this began: set up everything that you need before you \
             start; bind to an address unless there is a reason not to; don't presume that this \
             network is like others."
                .into(),
        ),
        lesson(
            "Set up everything that you need before you start.",
            "The names, records and bindings that a later phase leans on can stand from the first \
             one. What is missing shows on the day on which it is too late: on one LAN all is well, \
             and mail queues the hour the routing groups are split.",
        ),
        lesson(
            "Bind to an address unless there is a reason not to.",
            "A virtual server that listens on all addresses is found by its FQDN, and then every \
             peer's DNS decides. One that is bound to its address is found without a lookup.",
        ),
        lesson(
            "Don't presume that this network is like others.",
            "Split DNS, hairpin, open ports: what the last client's network did, this one may not \
             do. What nobody has checked stands in section Assumptions, and is not a fact.",
        ),
    ];
    let dossier = &context.analysis.project.dossier;
    let own = dossier.own_lessons.iter().filter(|_| context.options.audience == Audience::Internal);
    for one in dossier.lessons.iter().chain(own).filter(|lesson| !lesson.is_blank()) {
        blocks.push(lesson(&one.title, &one.text));
    }
    blocks
}
