//! `bridgehead export`: a plan in a form for other programs.

use super::{Answer, Exit, Format, plan};
use crate::{
    analysis::analyse,
    diagram::{build::build, scene::Lens, svg},
    workspace::disk,
};
use anyhow::bail;
use serde_json::json;
use std::path::PathBuf;

/// The arguments.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The plan
    plan: PathBuf,
    /// The form: `svg`
    #[arg(long = "as", value_name = "KIND")]
    kind: String,
    /// The phase, by number or title; default: the last
    #[arg(long, value_name = "N")]
    phase: Option<String>,
    #[command(flatten)]
    output: plan::Output,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

/// The forms that there are.
const KINDS: &[&str] = &["svg"];

/// Writes the plan in that form.
pub(super) fn run(args: &Args) -> anyhow::Result<Answer> {
    if !KINDS.contains(&args.kind.as_str()) {
        bail!("`{}` cannot be written: there is {}", args.kind, KINDS.join(", "));
    }
    let project = plan::read(&args.plan)?;
    let phase = plan::phase(&project, args.phase.as_deref())?;
    let analysis = analyse(&project);
    let title = format!("{}: phase {phase}, {}", project.name, project.phase_title(phase));
    let text = svg::svg(&build(&analysis, phase, Lens::Mail), &title);
    disk::write(&args.output.path, text.as_bytes(), args.output.force)?;
    let path = args.output.path.display().to_string();
    Ok(Answer {
        json: json!({ "as": args.kind, "path": path, "phase": phase }),
        text: format!("{path}: {title}"),
        exit: Exit::Fine,
    })
}
