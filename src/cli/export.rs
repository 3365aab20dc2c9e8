//! `bridgehead export`: a plan in a form for other programs.

use super::{
    Answer, Exit, Format, plan,
    report::{AudienceKind, date},
};
use crate::{
    analysis::analyse,
    diagram::{build::build, raster, scene::Lens, svg},
    file,
    report::{self, ReportOptions, markdown},
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
    /// The form: `svg` or `png` (the drawing of a phase), `markdown` (the handover up to a phase)
    #[arg(long = "as", value_name = "KIND")]
    kind: String,
    /// The phase, by number or title; default: the last
    #[arg(long, value_name = "N")]
    phase: Option<String>,
    /// The date that the handover bears; default: today
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<String>,
    /// For whom the handover is
    #[arg(long, value_enum, default_value = "internal")]
    audience: AudienceKind,
    #[command(flatten)]
    output: plan::Output,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

/// The forms that there are.
const KINDS: &[&str] = &["svg", "png", "markdown"];
/// The dots of a picture to a world unit: sharp on paper and on fine screens.
const PNG_SCALE: f32 = 2.0;

/// Writes the plan in that form.
pub(super) fn run(args: &Args) -> anyhow::Result<Answer> {
    if !KINDS.contains(&args.kind.as_str()) {
        bail!("`{}` cannot be written: there are {}", args.kind, KINDS.join(", "));
    }
    let project = plan::read(&args.plan)?;
    let phase = plan::phase(&project, args.phase.as_deref())?;
    let title = format!("{}: phase {phase}, {}", project.name, project.phase_title(phase));
    let bytes = if args.kind == "markdown" {
        let project = project.until(phase);
        let options = ReportOptions {
            date: date(args.date.as_deref())?,
            audience: args.audience.into(),
            plan_sha256: file::sha256(file::save(&project).as_bytes()),
            ..ReportOptions::default()
        };
        markdown::markdown(&report::build(&analyse(&project), &options)).into_bytes()
    } else {
        let scene = build(&analyse(&project), phase, Lens::Mail);
        match args.kind.as_str() {
            "png" => raster::png(&scene, PNG_SCALE)?,
            _ => svg::svg(&scene, &title).into_bytes(),
        }
    };
    disk::write(&args.output.path, &bytes, args.output.force)?;
    let path = args.output.path.display().to_string();
    Ok(Answer {
        json: json!({ "as": args.kind, "path": path, "phase": phase }),
        text: format!("{path}: {title}"),
        exit: Exit::Fine,
    })
}
