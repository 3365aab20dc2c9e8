//! `bridgehead collector`: a read-only PowerShell script that asks a site's questions.

use super::{Answer, Exit, Format, plan};
use crate::{
    model::{id::SiteId, unfold::unfold},
    probe::collector::script,
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
    /// The site where it will be run
    #[arg(long, value_name = "SITE")]
    from: SiteId,
    /// The phase's number or title; default: the last
    #[arg(long, value_name = "N")]
    phase: Option<String>,
    /// The file to write
    #[arg(short = 'o', long = "output", value_name = "FILE.ps1")]
    output: PathBuf,
    /// Replace the file if it exists
    #[arg(long)]
    force: bool,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

/// Writes the script.
pub(super) fn run(args: &Args) -> anyhow::Result<Answer> {
    let project = plan::read(&args.plan)?;
    let phase = plan::phase(&project, args.phase.as_deref())?;
    let topology = &unfold(&project)[phase];
    if !topology.sites.contains_key(&args.from) {
        bail!("no site `{}` in this phase", args.from);
    }
    let text = script(&project, topology, phase, &args.from);
    disk::write(&args.output, text.as_bytes(), args.force)?;
    let path = args.output.display().to_string();
    let text = format!(
        "{path}: run it in {} with -OutsideResolver ADDRESS, and take what it writes with: \
         bridgehead evidence PLAN evidence-{}.json -o OUT",
        args.from, args.from
    );
    let json = json!({ "path": path, "phase": phase, "from": args.from.to_string() });
    Ok(Answer { json, text, exit: Exit::Fine })
}
