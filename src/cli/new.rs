//! `bridgehead new`: a plan from a template.

use super::{Answer, Exit, Format, plan::Output};
use crate::templates::{TEMPLATES, find};
use anyhow::Context as _;
use serde_json::json;

/// The arguments.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The template's name
    #[arg(long, value_name = "NAME")]
    template: String,
    #[command(flatten)]
    output: Output,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

/// Writes the plan, without what the template wraps it in.
pub(super) fn run(args: &Args) -> anyhow::Result<Answer> {
    let template = find(&args.template).with_context(|| {
        let names: Vec<_> = TEMPLATES.iter().map(|(name, _)| *name).collect();
        format!("no template `{}`: there are {}", args.template, names.join(", "))
    })?;
    args.output.write(&template.plan)?;
    let path = args.output.path.display().to_string();
    Ok(Answer {
        json: json!({ "template": args.template, "path": path }),
        text: format!("{path}: {}", template.title),
        exit: Exit::Fine,
    })
}
