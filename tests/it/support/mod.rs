//! Helpers that several areas of the tests share. No tests here.

pub(crate) mod further_name_servers;
pub(crate) mod literate;
pub(crate) mod mail_servers;
pub(crate) mod name_servers;
pub(crate) mod observed;
pub(crate) mod program;
mod story;

use bridgehead::{
    analysis,
    model::{Project, promise::End, unfold::unfold},
    net::world::Inputs,
    sim::trace::{Disposition, Trace},
    templates,
};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// The folder of the repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The plan of a template.
pub(crate) fn template(name: &str) -> Project {
    templates::find(name).unwrap_or_else(|| panic!("no template {name}")).plan
}

/// A server as an end.
pub(crate) fn server(id: &str) -> End {
    End::Server(id.parse().unwrap_or_else(|e| panic!("{id}: {e}")))
}

/// What becomes of a message in a phase.
pub(crate) fn trace(project: &Project, phase: usize, from: &End, to: &End) -> Trace {
    let topologies = unfold(project);
    analysis::trace(&topologies[phase], &Inputs::of(project), from, to, &BTreeSet::new())
}

/// The same, in a word.
pub(crate) fn disposition(project: &Project, phase: usize, from: &End, to: &End) -> Disposition {
    trace(project, phase, from, to).disposition
}

/// The servers that held a message.
pub(crate) fn path(trace: &Trace) -> Vec<&str> {
    trace.path.iter().map(bridgehead::model::id::ServerId::as_str).collect()
}

/// The files under a folder that end so, sorted.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.expect("a folder that can be listed").path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}
