//! The document as Markdown: for reading without a printer, and for comparing two documents.

use super::document::{
    Block, Cell, Checklist, Document, Fact, Heading, Note, Step, Style, Table, Text,
};

/// The document as Markdown.
pub fn markdown(document: &Document) -> String {
    let mut out = String::new();
    line(&mut out, &format!("# {}: {}", document.title, document.subtitle));
    line(&mut out, &format!("{}  \n{}", document.client, document.footer));
    fact(&mut out, &document.cover.verdict);
    for (label, value) in &document.cover.facts {
        put_line(&mut out, &format!("- {label}: {}", text(value)));
    }
    for section in &document.sections {
        line(&mut out, &format!("\n## {} {}", section.number, section.title));
        for one in &section.blocks {
            block(&mut out, one);
        }
    }
    // Every paragraph brings the line before it.
    let mut tidy = String::with_capacity(out.len());
    for row in out.lines() {
        if !(row.trim().is_empty() && tidy.ends_with("\n\n")) {
            tidy.push_str(row.trim_end_matches(['\t', '\r']));
            tidy.push('\n');
        }
    }
    tidy
}

/// One block as Markdown.
pub fn block_text(one: &Block) -> String {
    let mut out = String::new();
    block(&mut out, one);
    out
}

fn put(out: &mut String, words: &str) {
    out.push_str(words);
}

fn put_line(out: &mut String, words: &str) {
    out.push_str(words);
    out.push('\n');
}

fn line(out: &mut String, words: &str) {
    put_line(out, &format!("{words}\n"));
}

fn block(out: &mut String, block: &Block) {
    match block {
        Block::Heading(one) => heading(out, one),
        Block::Lead(one) => line(out, &format!("**{}**", text(one))),
        Block::Paragraph(one) | Block::Remark(one) => line(out, &text(one)),
        Block::List(items) => {
            for item in items {
                put_line(out, &format!("- {}", text(item)));
            }
            out.push('\n');
        }
        Block::Facts(facts) => {
            for one in facts {
                fact(out, one);
            }
            out.push('\n');
        }
        Block::KeyValue(pairs) => {
            for (label, value) in pairs {
                put_line(out, &format!("- {label}: {}", text(value)));
            }
            out.push('\n');
        }
        Block::Table(one) => table(out, one),
        Block::Checklist(one) => checklist(out, one),
        Block::Steps(list) => {
            for one in list {
                step(out, one);
            }
            out.push('\n');
        }
        Block::Figure(one) => line(out, &format!("*{}*", escaped(&one.alt))),
        Block::Note(one) => note(out, one),
        Block::Code(lines) => line(out, &format!("```\n{}\n```", lines.join("\n"))),
        Block::SignOff(roles) => {
            for one in roles {
                let fields = one.fields.iter().map(|field| {
                    let label = escaped(&field.label.to_lowercase());
                    if field.value.is_empty() {
                        label
                    } else {
                        format!("{label} {}", escaped(&field.value))
                    }
                });
                let fields = fields.collect::<Vec<_>>().join(", ");
                put_line(out, &format!("- {}: {fields}", escaped(&one.party)));
            }
            out.push('\n');
        }
    }
}

fn heading(out: &mut String, one: &Heading) {
    let level = "#".repeat(usize::from(one.level).clamp(1, 4) + 2);
    let words = [one.number.as_str(), one.text.as_str()].join(" ");
    line(out, &format!("{level} {}", escaped(words.trim())));
}

fn fact(out: &mut String, one: &Fact) {
    put_line(
        out,
        &format!("- {} {}: {}", one.mark.symbol(), escaped(&one.label), text(&one.value)),
    );
}

fn table(out: &mut String, one: &Table) {
    if one.rows.is_empty() {
        return line(out, &one.empty);
    }
    let titles: Vec<String> = one.columns.iter().map(|c| escaped(&c.title)).collect();
    put_line(out, &format!("| {} |", titles.join(" | ")));
    let rules = one.columns.iter().map(|c| if c.right { "---:" } else { "---" });
    put_line(out, &format!("|{}|", rules.collect::<Vec<_>>().join("|")));
    for row in &one.rows {
        let cells: Vec<String> = row.iter().map(cell).collect();
        put_line(out, &format!("| {} |", cells.join(" | ")));
    }
    out.push('\n');
}

fn cell(one: &Cell) -> String {
    let lines: Vec<String> = one.lines.iter().map(text).filter(|l| !l.is_empty()).collect();
    let words = lines.join("<br>");
    match one.mark {
        Some(mark) => format!("{} {words}", mark.symbol()).trim_end().to_owned(),
        None => words,
    }
}

fn checklist(out: &mut String, one: &Checklist) {
    if !one.title.is_empty() {
        line(out, &format!("**{}** ({})", escaped(&one.title), escaped(&one.aside)));
    }
    for item in &one.items {
        let aside: Vec<&str> =
            [item.who.as_str(), item.when.as_str()].into_iter().filter(|t| !t.is_empty()).collect();
        let aside =
            if aside.is_empty() { String::new() } else { format!(" ({})", aside.join(", ")) };
        let tick = if item.done { "x" } else { " " };
        put_line(out, &format!("- [{tick}] {}{}", text(&item.text), escaped(&aside)));
    }
    out.push('\n');
}

fn step(out: &mut String, one: &Step) {
    let tick = if one.done.is_some() { "x" } else { " " };
    put_line(out, &format!("- [{tick}] {}. **{}**", one.number, escaped(&one.action)));
    for place in &one.place {
        put_line(out, &format!("  - {}", text(place)));
    }
    put_line(out, &format!("  - expect: {}", text(&one.expect)));
    put_line(out, &format!("  - back: {}", text(&one.back)));
    for field in one.fields.iter().filter(|field| !field.value.is_empty()) {
        put_line(
            out,
            &format!("  - {}: {}", escaped(&field.label.to_lowercase()), escaped(&field.value)),
        );
    }
}

fn note(out: &mut String, one: &Note) {
    put_line(out, &format!("> **{}**", escaped(&one.title)));
    for words in &one.lines {
        put_line(out, &format!(">\n> {}", text(words)));
    }
    out.push('\n');
}

/// A text with its styles.
fn text(one: &Text) -> String {
    let mut out = String::new();
    for span in &one.0 {
        let words = escaped(&span.text);
        match span.style {
            _ if words.trim().is_empty() => out.push_str(&words),
            Style::Plain | Style::Weak => out.push_str(&words),
            Style::Strong | Style::Bad => {
                put(&mut out, &format!("**{words}**"));
            }
            Style::Mono => {
                put(
                    &mut out,
                    &format!("`{}`", span.text.replace(['`', '\n'], "'").replace('|', "\\|")),
                );
            }
        }
    }
    out
}

/// What would be taken for Markdown is told apart from it.
fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '|' | '*' | '`' | '<' | '>' | '[' | ']' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}
