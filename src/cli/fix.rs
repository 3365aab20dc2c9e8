//! `bridgehead fix`: applies the fix of a finding and writes the plan elsewhere.

use super::{Answer, Exit, Format, plan, plan::Output};
use crate::{
    analysis::{Analysis, analyse},
    model::{Subject, change::apply, editing::edit_all},
    rules::{
        self,
        finding::Finding,
        fix::{Trust, edits},
    },
};
use anyhow::{Context as _, bail};
use serde_json::json;
use std::path::PathBuf;

/// The arguments.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The plan
    plan: PathBuf,
    /// The rule's code
    #[arg(long, value_name = "CODE")]
    code: String,
    /// What the finding is about, where several have the code
    #[arg(long, value_name = "SUBJECT")]
    subject: Option<Subject>,
    /// Which of its fixes, from 1
    #[arg(long, value_name = "K", default_value = "1")]
    choice: usize,
    /// The phase whose finding is meant and which receives the edits; default: the first that shows the code
    #[arg(long, value_name = "N")]
    phase: Option<String>,
    /// Make the edits in the earliest phase in which the fix can stand
    #[arg(long)]
    earliest: bool,
    #[command(flatten)]
    output: Output,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

/// Applies the fix.
pub(super) fn run(args: &Args) -> anyhow::Result<Answer> {
    let mut project = plan::read(&args.plan)?;
    let rule = rules::find(&args.code).with_context(|| format!("no rule `{}`", args.code))?;
    let analysis = analyse(&project);
    let (phase, finding) = chosen(args, &analysis, rule.code)?;
    let fixes = analysis.fixes(phase, &finding);
    if fixes.is_empty() {
        bail!("{} has no fix for {} in phase {phase}", rule.code, finding.subject);
    }
    let fix = args.choice.checked_sub(1).and_then(|at| fixes.get(at)).with_context(|| {
        format!("no choice {}: {} has choices 1 to {}", args.choice, rule.code, fixes.len())
    })?;
    if fix.trust == Trust::ShowOnly {
        bail!("`{}` is for somebody else to do; it cannot be applied", fix.title);
    }
    let at = if args.earliest { fix.earliest } else { phase };
    let made = edits(&project, &fix.wanted, at)?;
    let change = edit_all(&project, made.clone())?;
    apply(&mut project, change)?;
    args.output.write(&project)?;
    let path = args.output.path.display().to_string();
    let mut text = format!("{path}: {}\n", fix.title);
    for (phase, edit) in &made {
        say!(text, "  phase {phase}: {}", edit.key());
    }
    let list: Vec<_> = made
        .iter()
        .map(|(phase, edit)| json!({ "phase": phase, "edit": edit.key().to_string() }))
        .collect();
    let json = json!({
        "code": rule.code,
        "subject": finding.subject.to_string(),
        "title": fix.title,
        "trust": fix.trust.name(),
        "phase": at,
        "edits": list,
        "path": path,
    });
    Ok(Answer { json, text, exit: Exit::Fine })
}

/// The one finding that is meant, and its phase.
fn chosen(args: &Args, analysis: &Analysis, code: &str) -> anyhow::Result<(usize, Finding)> {
    let fits = |finding: &&Finding| {
        finding.rule.code == code && args.subject.as_ref().is_none_or(|s| *s == finding.subject)
    };
    let about = args.subject.as_ref().map(|s| format!(" about `{s}`")).unwrap_or_default();
    let phase = match &args.phase {
        Some(name) => plan::phase(&analysis.project, Some(name))?,
        None => (0..analysis.phases.len())
            .find(|phase| analysis.phases[*phase].findings.iter().any(|f| fits(&f)))
            .with_context(|| format!("no phase shows {code}{about}"))?,
    };
    let found: Vec<_> = analysis.phases[phase].findings.iter().filter(fits).collect();
    match found.as_slice() {
        [] => bail!("phase {phase} does not show {code}{about}"),
        [one] => Ok((phase, (*one).clone())),
        several => {
            let subjects: Vec<_> = several.iter().map(|f| f.subject.to_string()).collect();
            bail!(
                "phase {phase} shows {code} several times, name one with `--subject`: {}",
                subjects.join(", ")
            )
        }
    }
}
