//! The articles of the rules that found something.

use crate::report::{
    context::Context,
    document::{Block, Heading, Text},
};
use std::collections::BTreeMap;

/// The section.
pub fn blocks(context: &Context<'_>, _: &str) -> Vec<Block> {
    let rules: BTreeMap<&str, _> =
        context.cases.iter().map(|case| (case.finding.rule.code, case.finding.rule)).collect();
    if rules.is_empty() {
        return vec![Block::Paragraph("No rule found anything.".into())];
    }
    let mut blocks = Vec::new();
    for (code, rule) in rules {
        blocks.push(Block::Heading(Heading {
            number: code.to_owned(),
            text: super::findings::fault(rule.name),
            level: 2,
            new_page: false,
        }));
        blocks.extend(article(rule.article));
    }
    blocks
}

/// An article: headings, paragraphs and lists.
fn article(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut list: Vec<Text> = Vec::new();
    for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
        if let Some(item) = line.strip_prefix("- ") {
            list.push(Text::from_markdown(item));
            continue;
        }
        if !list.is_empty() {
            blocks.push(Block::List(std::mem::take(&mut list)));
        }
        blocks.push(match line.strip_prefix("## ") {
            Some(heading) => Block::Heading(Heading {
                number: String::new(),
                text: heading.to_owned(),
                level: 3,
                new_page: false,
            }),
            None => Block::Paragraph(Text::from_markdown(line)),
        });
    }
    if !list.is_empty() {
        blocks.push(Block::List(list));
    }
    blocks
}
