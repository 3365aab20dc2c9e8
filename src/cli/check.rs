//! `bridgehead check`: findings and promises, phase by phase; as text, JSON or SARIF.

use super::{Answer, Exit, Format, plan, symbols, trace};
use crate::{
    analysis::{Analysis, Worst, analyse},
    rules::{
        RULES,
        finding::{Finding, Observed},
        fix::Fix,
        rule::Severity,
    },
};
use clap::ValueEnum;
use serde_json::{Value, json};
use std::path::PathBuf;

/// The arguments.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The plan
    plan: PathBuf,
    /// The phase's number or title; default: the last
    #[arg(long, value_name = "N", conflicts_with = "all_phases")]
    phase: Option<String>,
    /// All phases
    #[arg(long)]
    all_phases: bool,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: CheckFormat,
}

/// How a check is printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CheckFormat {
    /// For people
    Text,
    /// One JSON object
    Json,
    /// SARIF 2.1.0, for code hosts
    Sarif,
}

/// Checks the plan.
pub(super) fn run(args: &Args) -> anyhow::Result<(Answer, Format)> {
    let project = plan::read(&args.plan)?;
    let analysis = analyse(&project);
    let phases = if args.all_phases {
        (0..project.phase_count()).collect()
    } else {
        vec![plan::phase(&project, args.phase.as_deref())?]
    };
    let exit = phases.iter().fold(Exit::Fine, |exit, phase| {
        exit.and(match analysis.worst(*phase) {
            Worst::Fine => Exit::Fine,
            Worst::CannotTell => Exit::CannotTell,
            Worst::Broken => Exit::Broken,
        })
    });
    Ok(match args.format {
        CheckFormat::Text => {
            let text = text(&analysis, &phases);
            (Answer { json: Value::Null, text, exit }, Format::Text)
        }
        CheckFormat::Json => {
            let list: Vec<Value> = phases.iter().map(|phase| json(&analysis, *phase)).collect();
            let json = json!({ "phases": list });
            (Answer { json, text: String::new(), exit }, Format::Json)
        }
        CheckFormat::Sarif => {
            let json = sarif(&analysis, &phases, &args.plan.display().to_string());
            (Answer { json, text: String::new(), exit }, Format::Json)
        }
    })
}

fn json(analysis: &Analysis, phase: usize) -> Value {
    let this = &analysis.phases[phase];
    let findings: Vec<Value> = this
        .findings
        .iter()
        .map(|finding| {
            let fixes = analysis.fixes(phase, finding);
            let fixes: Vec<Value> = fixes.iter().enumerate().map(fix).collect();
            json!({
                "code": finding.rule.code,
                "rule": finding.rule.name,
                "severity": finding.severity.name(),
                "subject": finding.subject.to_string(),
                "also": finding.also.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "message": finding.message,
                "observed": finding.observed.as_deref().map(observed),
                "fixes": fixes,
                "waived": analysis.waived(finding),
            })
        })
        .collect();
    let promises: Vec<Value> = this
        .promises
        .iter()
        .filter_map(|verdict| {
            let promise = analysis.project.promises.get(&verdict.id)?;
            let from = promise.from_phase.as_ref().and_then(|id| analysis.project.phase_of(id));
            let counterexample = analysis.counterexample(phase, &verdict.id);
            Some(json!({
                "id": verdict.id.to_string(),
                "text": promise.text,
                "from_phase": from.unwrap_or(0),
                "state": verdict.state.name(),
                "counterexample": counterexample.as_ref().map(trace::json),
            }))
        })
        .collect();
    json!({
        "index": phase,
        "title": analysis.project.phase_title(phase),
        "findings": findings,
        "promises": promises,
    })
}

fn fix((at, fix): (usize, &Fix)) -> Value {
    json!({
        "choice": at + 1,
        "title": fix.title,
        "trust": fix.trust.name(),
        "phase": fix.earliest,
    })
}

fn text(analysis: &Analysis, phases: &[usize]) -> String {
    let mut text = String::new();
    for phase in phases {
        say!(text, "Phase {phase}: {}", analysis.project.phase_title(*phase));
        let this = &analysis.phases[*phase];
        for finding in &this.findings {
            finding_text(analysis, *phase, finding, &mut text);
        }
        for verdict in &this.promises {
            let Some(promise) = analysis.project.promises.get(&verdict.id) else { continue };
            let symbol = symbols::state(verdict.state);
            say!(text, "  {symbol} {}: {}", verdict.state.name(), promise.text);
            if let Some(trace) = analysis.counterexample(*phase, &verdict.id) {
                let word = trace.disposition.name();
                say!(text, "      {} → {}: {word}: {}", trace.from, trace.to, trace.reason);
            }
        }
        if this.findings.is_empty() && this.promises.is_empty() {
            say!(text, "  nothing found, and nothing was promised");
        }
        text.push('\n');
    }
    text
}

fn finding_text(analysis: &Analysis, phase: usize, finding: &Finding, text: &mut String) {
    let symbol = symbols::severity(finding.severity);
    let (code, severity) = (finding.rule.code, finding.severity.name());
    if let Some(reason) = analysis.waived(finding) {
        say!(text, "  – {code} waived {}: {reason}", finding.subject);
        return;
    }
    say!(text, "  {symbol} {code} {severity} {}", finding.subject);
    say!(text, "      {}", finding.message);
    // Notes are many and mild; `check --format json` lists their fixes too.
    if finding.severity == Severity::Note {
        return;
    }
    for (at, fix) in analysis.fixes(phase, finding).iter().enumerate() {
        let earliest = if fix.earliest < phase {
            format!(", possible from phase {}", fix.earliest)
        } else {
            String::new()
        };
        say!(text, "      fix {}: {} ({}{earliest})", at + 1, fix.title, fix.trust.name());
    }
}

/// The live answer that a finding was made of.
fn observed(observed: &Observed) -> Value {
    let Observed { key, question, expected, got, asked, from, utc, .. } = observed;
    json!({
        "id": key,
        "question": question,
        "expected": expected,
        "got": got,
        "asked": asked,
        "from": from.as_ref().map(ToString::to_string),
        "utc": utc,
    })
}

/// SARIF 2.1.0 (OASIS): one run, one result a finding and phase.
fn sarif(analysis: &Analysis, phases: &[usize], path: &str) -> Value {
    let rules: Vec<Value> = RULES
        .iter()
        .map(|rule| {
            json!({
                "id": rule.code,
                "name": rule.name,
                "help": { "text": rule.article, "markdown": rule.article },
            })
        })
        .collect();
    let mut results = Vec::new();
    for phase in phases {
        for finding in &analysis.phases[*phase].findings {
            let level = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::CannotTell | Severity::Note => "note",
            };
            let suppressions: Vec<Value> = analysis
                .waived(finding)
                .map(|reason| json!({ "kind": "external", "justification": reason }))
                .into_iter()
                .collect();
            results.push(json!({
                "ruleId": finding.rule.code,
                "level": level,
                "message": { "text": format!("phase {phase}: {}", finding.message) },
                "locations": [{
                    "physicalLocation": { "artifactLocation": { "uri": path } },
                    "logicalLocations": [{ "fullyQualifiedName": finding.subject.to_string() }],
                }],
                "suppressions": suppressions,
            }));
        }
    }
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "bridgehead",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "results": results,
        }],
    })
}
