//! The templates that come with the program, embedded.
//!
//! A template file wraps a plan with its title, a summary, and what is expected of it: the findings
//! and broken promises of each phase. A test demands that they are exactly those.

use crate::{
    file::{self, LoadError, Loaded},
    model::{Project, id::PromiseId, subject::Subject},
};
use serde::{Deserialize, Serialize};

/// A template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// The format of the plan in it.
    pub format: u32,
    /// The title.
    pub title: String,
    /// What it shows, in a sentence or two.
    pub summary: String,
    /// What is expected of it, phase by phase; phases without anything may be left out.
    pub expected: Vec<Expected>,
    /// The plan.
    pub plan: Project,
}

/// What is expected of a template in one phase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// The phase's index.
    pub phase: usize,
    /// The findings, each as code, severity and subject: `("BH101", "error", "connector:…")`.
    #[serde(default)]
    pub findings: Vec<(String, String, Subject)>,
    /// The promises that are broken.
    #[serde(default)]
    pub broken: Vec<PromiseId>,
}

/// Name (the file's stem) and text of every template.
pub const TEMPLATES: &[(&str, &str)] = &[
    ("three-ad-sites-exchange-se", include_str!("../templates/three-ad-sites-exchange-se.ron")),
    ("two-sites-done-right", include_str!("../templates/two-sites-done-right.ron")),
    ("two-sites-exchange-2003", include_str!("../templates/two-sites-exchange-2003.ron")),
];

/// Reads a template's text.
///
/// # Errors
/// When the text is no template.
pub fn read(text: &str) -> Result<(Template, Loaded), LoadError> {
    file::check_format(text)?;
    let template: Template = file::options().from_str(text).map_err(|e| file::syntax(&e))?;
    let loaded = file::check(template.plan)?;
    Ok((Template { plan: loaded.project.clone(), ..template }, loaded))
}

/// The template of that name.
pub fn find(name: &str) -> Option<Template> {
    let (_, text) = TEMPLATES.iter().find(|(known, _)| *known == name)?;
    // A test reads every template, so one that is embedded reads.
    read(text).ok().map(|(template, _)| template)
}
