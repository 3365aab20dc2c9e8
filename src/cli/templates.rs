//! `bridgehead templates`: the templates that come with the program.

use super::{Answer, Exit, Format};
use crate::templates::{TEMPLATES, find};
use serde_json::json;

/// The arguments.
#[derive(clap::Args)]
pub(super) struct Args {
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

/// Lists them.
pub(super) fn run(_args: &Args) -> Answer {
    let mut text = String::new();
    let mut list = Vec::new();
    for (name, _) in TEMPLATES {
        let Some(template) = find(name) else { continue };
        say!(text, "{name}\n  {}\n  {}\n", template.title, template.summary);
        list.push(json!({
            "name": name,
            "title": template.title,
            "summary": template.summary,
        }));
    }
    Answer { json: json!({ "templates": list }), text, exit: Exit::Fine }
}
