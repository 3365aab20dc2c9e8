//! The findings with their evidence: each fault of each object once, with the phases in which it
//! stands, the way of the message that shows it, and its cures.

use crate::{
    model::Topology,
    report::{
        cases::{Case, who},
        context::{Context, end, of_disposition, of_severity, of_step, subject},
        document::{Block, Cell, Fact, Heading, Style, Table, Text},
        phases, values,
    },
    rules::rule::{Check, Rule, Severity},
    sim::trace::Trace,
};
use std::collections::BTreeSet;

/// The section.
pub fn blocks(context: &Context<'_>, _: &str) -> Vec<Block> {
    if context.cases.is_empty() {
        let measured = context.fresh().any(|evidence| evidence.check.is_empty());
        let applied = |rule: &&&Rule| measured || matches!(rule.check, Check::Drawn(_));
        let rules = crate::rules::RULES.iter().filter(applied).count();
        return vec![Block::Paragraph(Text::from(format!(
            "No finding in any phase. {rules} rules were checked in {} phases.",
            context.analysis.phases.len()
        )))];
    }
    let mut blocks = vec![Block::Table(overview(context))];
    for case in &context.cases {
        if case.finding.severity != Severity::Note && case.waived.is_none() {
            blocks.extend(card(context, case));
        }
    }
    blocks
}

/// All cases in a line each.
fn overview(context: &Context<'_>) -> Table {
    let mut table = Table::new(&["No", "Severity", "Rule", "What", "Phases"], "");
    for case in &context.cases {
        let mark = if case.waived.is_some() {
            crate::report::document::Mark::Dash
        } else {
            of_severity(case.finding.severity)
        };
        let word = if case.waived.is_some() { "waived" } else { case.finding.severity.name() };
        let mut lines = vec![Text::from(case.finding.message.as_str())];
        for (severity, message, at) in &case.others {
            let phases = if at.len() == 1 { "phase" } else { "phases" };
            lines.push(Text::weak(format!(
                "in {phases} {} {}: {message}",
                phases::list(at),
                severity.name()
            )));
        }
        if let Some(reason) = &case.waived {
            lines.push(Text::weak(format!("waived: {reason}")));
        }
        table.rows.push(vec![
            Cell::from(Text::strong(case.number.as_str())),
            Cell::marked(mark, word),
            Cell::from(case.finding.rule.code),
            Cell::lines(lines),
            Cell::from(phases::list(&case.phases)),
        ]);
    }
    table
}

fn card(context: &Context<'_>, case: &Case) -> Vec<Block> {
    let finding = &case.finding;
    let topology = &context.analysis.phases[case.worst].topology;
    let named = |one: &crate::model::Subject| subject(topology, one);
    let mut also = BTreeSet::new();
    let others: Vec<String> =
        finding.also.iter().map(named).filter(|name| also.insert(name.clone())).collect();
    let mut pairs = vec![
        ("Stands in".to_owned(), stands_in(context, case)),
        (
            "About".to_owned(),
            Text::from(named(&finding.subject)).and(Style::Weak, format!("  {}", finding.subject)),
        ),
    ];
    if let Some(observed) = &finding.observed {
        let from = observed.from.as_ref().and_then(|id| topology.sites.get(id));
        let from = from.map(|site| format!(", asked in {}", site.name)).unwrap_or_default();
        let drawn = observed.expected.join(", ");
        pairs.push(("Asked".to_owned(), format!("{}{from}", observed.question).into()));
        pairs.push(("Drawn".to_owned(), drawn.into()));
        let came =
            format!("{} from {} on {}", observed.got.join(", "), observed.asked, observed.utc);
        pairs.push(("Came".to_owned(), came.into()));
    }
    if !others.is_empty() {
        pairs.push(("Has to do with".to_owned(), others.join(", ").into()));
    }
    let mut blocks = vec![
        Block::Heading(Heading {
            number: case.number.clone(),
            text: format!("{}: {}", named(&finding.subject), fault(finding.rule.name)),
            level: 2,
            new_page: false,
        }),
        Block::Facts(vec![Fact {
            mark: of_severity(finding.severity),
            label: format!("{} {}", finding.rule.code, finding.severity.name()),
            value: finding.message.as_str().into(),
        }]),
        Block::KeyValue(pairs),
    ];
    if let Some((from, to)) = &finding.evidence {
        let trace = context.analysis.trace(case.worst, from, to, &BTreeSet::new());
        let ends = format!("{} → {}", end(topology, from), end(topology, to));
        blocks.push(small_heading("Evidence: the way of a message"));
        blocks.push(Block::Facts(vec![Fact {
            mark: of_disposition(trace.disposition),
            label: ends,
            value: Text::strong(trace.disposition.name())
                .and(Style::Plain, format!(": {}", trace.reason)),
        }]));
        blocks.push(Block::Table(steps(topology, &trace)));
        if !trace.assumptions.is_empty() {
            let names: Vec<String> = trace.assumptions.iter().map(ToString::to_string).collect();
            blocks.push(Block::Remark(format!("Taken for granted: {}", names.join(", ")).into()));
        }
    }
    if !case.fixes.is_empty() {
        blocks.push(small_heading("Cures, each proved against every phase"));
        blocks.push(Block::Table(cures(case)));
    }
    blocks
}

fn small_heading(text: &str) -> Block {
    Block::Heading(Heading {
        number: String::new(),
        text: text.to_owned(),
        level: 3,
        new_page: false,
    })
}

/// A rule's name as words: `connector name resolves outside`.
pub(super) fn fault(name: &str) -> String {
    name.replace('-', " ")
}

fn stands_in(context: &Context<'_>, case: &Case) -> Text {
    let last = context.analysis.phases.len() - 1;
    match &case.phases[..] {
        [one] => Text::from(context.phase(*one)),
        several if several.len() == last + 1 => Text::from("all phases"),
        several => Text::from(format!("phases {}", phases::list(several)))
            .and(Style::Weak, format!("  shown as in {}", context.phase(case.worst))),
    }
}

/// A trace, step by step.
fn steps(topology: &Topology, trace: &Trace) -> Table {
    let name = |id: &str| match id.parse() {
        Ok(id) => values::name_of_server(topology, &id),
        Err(_) => id.to_owned(),
    };
    let mut table = Table::new(&["Hop", "Step", "What happens"], "The message never starts");
    for hop in &trace.hops {
        let to = hop.to.as_deref().map_or(String::new(), |to| format!(" → {}", name(to)));
        let mut first = Some(format!("{}{to}", name(&hop.from)));
        for step in &hop.steps {
            table.rows.push(vec![
                Cell::from(Text::strong(first.take().unwrap_or_default())),
                Cell::marked(of_step(step), step.kind.name()),
                Cell::from(if step.ok {
                    Text::from(step.text.as_str())
                } else {
                    Text::styled(Style::Bad, step.text.as_str())
                }),
            ]);
        }
    }
    table
}

fn cures(case: &Case) -> Table {
    let mut table = Table::new(&["", "Cure", "By", "Trust", "Possible"], "");
    for (at, fix) in case.fixes.iter().enumerate() {
        table.rows.push(vec![
            Cell::from((at + 1).to_string()),
            Cell::from(fix.title.as_str()),
            Cell::from(who(&fix.wanted)),
            Cell::from(fix.trust.name()),
            Cell::from(match fix.earliest {
                0 => "now".to_owned(),
                phase => format!("from phase {phase}"),
            }),
        ]);
    }
    table
}
