//! `bridgehead explain`: a rule's article, or what a symptom points to.
#![expect(clippy::disallowed_methods, reason = "a symptom may come on standard input")]

use super::{Answer, Exit, Format, plan};
use crate::{
    analysis::analyse,
    rules::{self, RULES, rule::Rule},
};
use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use std::{io::Read as _, path::PathBuf};

/// The arguments.
#[derive(clap::Args)]
pub(super) struct Args {
    /// A rule's code or name
    code: Option<String>,
    /// The text of a queue error, event or bounce; `-` reads it from standard input
    #[arg(long, value_name = "TEXT", conflicts_with = "code")]
    symptom: Option<String>,
    /// A plan in which to look for what the symptom points to
    #[arg(long, value_name = "PLAN", requires = "symptom")]
    plan: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

/// The longest symptom that is read, in bytes.
const SYMPTOM_MAX: u64 = 1 << 20;

/// Explains.
pub(super) fn run(args: &Args) -> anyhow::Result<Answer> {
    match (&args.code, &args.symptom) {
        (Some(code), _) => article(code),
        (None, Some(text)) if text == "-" => {
            let mut read = String::new();
            std::io::stdin()
                .take(SYMPTOM_MAX)
                .read_to_string(&mut read)
                .context("standard input")?;
            symptom(&read, args)
        }
        (None, Some(text)) => symptom(text, args),
        (None, None) => bail!("name a rule's code, or a symptom with `--symptom`"),
    }
}

fn article(code: &str) -> anyhow::Result<Answer> {
    let rule = rules::find(code).with_context(|| {
        let codes: Vec<_> = RULES.iter().map(|rule| rule.code).collect();
        format!("no rule `{code}`: there are {}", codes.join(", "))
    })?;
    Ok(Answer { json: rule_json(rule), text: rule_text(rule), exit: Exit::Fine })
}

fn rule_json(rule: &Rule) -> Value {
    json!({ "code": rule.code, "rule": rule.name, "article": rule.article })
}

fn rule_text(rule: &Rule) -> String {
    format!("# {} {}\n\n{}", rule.code, rule.name, rule.article)
}

fn symptom(text: &str, args: &Args) -> anyhow::Result<Answer> {
    let lower = text.to_lowercase();
    let rules: Vec<&Rule> =
        RULES.iter().copied().filter(|r| r.symptoms.iter().any(|s| lower.contains(s))).collect();
    let mut answer = String::new();
    for rule in &rules {
        say!(answer, "{} {}", rule.code, rule.name);
    }
    if rules.is_empty() {
        answer.push_str("no rule knows this symptom\n");
    }
    let mut found = Vec::new();
    if let Some(path) = &args.plan {
        let analysis = analyse(&plan::read(path)?);
        for (index, phase) in analysis.phases.iter().enumerate() {
            let fits = |code: &str| rules.iter().any(|rule| rule.code == code);
            for finding in phase.findings.iter().filter(|f| fits(f.rule.code)) {
                say!(answer, "  phase {index}: {}: {}", finding.subject, finding.message);
                found.push(json!({
                    "phase": index,
                    "code": finding.rule.code,
                    "severity": finding.severity.name(),
                    "subject": finding.subject.to_string(),
                    "message": finding.message,
                }));
            }
        }
    }
    let exit = if rules.is_empty() { Exit::CannotTell } else { Exit::Fine };
    let rules: Vec<Value> = rules.into_iter().map(rule_json).collect();
    Ok(Answer { json: json!({ "rules": rules, "findings": found }), text: answer, exit })
}
