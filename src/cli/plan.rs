//! What subcommands share: reading a plan, naming a phase, an end, a failure; writing a plan.

use crate::{
    file::{self, Loaded, SIZE_MAX},
    model::{ObjectId, Project, Subject, Topology, promise::End},
    report::pdf::read_back::{self, ReadBackError, is_pdf},
    workspace::disk,
};
use anyhow::{Context as _, bail};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// Where an answer is written.
#[derive(clap::Args)]
pub(super) struct Output {
    /// The file to write
    #[arg(short = 'o', long = "output", value_name = "PATH")]
    pub(super) path: PathBuf,
    /// Replace the file if it exists
    #[arg(long)]
    pub(super) force: bool,
}

impl Output {
    /// Writes a plan there.
    pub(super) fn write(&self, project: &Project) -> anyhow::Result<()> {
        Ok(disk::write(&self.path, file::save(project).as_bytes(), self.force)?)
    }
}

/// Reads a plan; what dangles in it is said on stderr.
pub(super) fn read(path: &Path) -> anyhow::Result<Project> {
    Ok(read_with_hash(path)?.0)
}

/// The same, with SHA-256 of the file.
pub(super) fn read_with_hash(path: &Path) -> anyhow::Result<(Project, String)> {
    let bytes = plan_in(disk::read(path, SIZE_MAX)?)
        .map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
    let Loaded { project, notes } = file::load(&bytes).map_err(|error| match error {
        // `file:line:column` is what editors jump to.
        file::LoadError::Syntax { .. } => anyhow::anyhow!("{}:{error}", path.display()),
        other => anyhow::anyhow!("{}: {other}", path.display()),
    })?;
    for note in notes {
        eprintln!("bridgehead: note: {}: {note}", path.display());
    }
    Ok((project, file::sha256(&bytes)))
}

/// The plan: the file itself, or what is attached to it where it is an internal record copy.
pub(crate) fn plan_in(bytes: Vec<u8>) -> Result<Vec<u8>, ReadBackError> {
    if is_pdf(&bytes) { read_back::plan(&bytes, SIZE_MAX) } else { Ok(bytes) }
}

/// The phase that was named, or the last.
pub(super) fn phase(project: &Project, name: Option<&str>) -> anyhow::Result<usize> {
    match name {
        None => Ok(project.phase_count() - 1),
        Some(name) => project.phase_index(name).with_context(|| {
            format!("no phase `{name}`: there are phases 0 to {}", project.phase_count() - 1)
        }),
    }
}

/// An end that was named: a server, a site, `internet`, a mail address.
pub(super) fn end(topology: &Topology, text: &str) -> anyhow::Result<End> {
    if let Ok(id) = text.parse()
        && topology.servers.contains_key(&id)
    {
        return Ok(End::Server(id));
    }
    if let Ok(id) = text.parse()
        && topology.sites.contains_key(&id)
    {
        return Ok(End::Site(id));
    }
    match text.parse()? {
        End::Server(id) if !topology.servers.contains_key(&id) => {
            bail!("no server `{id}` in this phase")
        }
        End::Site(id) if !topology.sites.contains_key(&id) => bail!("no site `{id}` in this phase"),
        end => Ok(end),
    }
}

/// The failures that were named; each must be there.
pub(super) fn failures(topology: &Topology, list: &[String]) -> anyhow::Result<BTreeSet<Subject>> {
    list.iter()
        .map(|text| {
            let subject: Subject = text.parse()?;
            let can_fail = subject.object(topology).filter(|id| {
                !matches!(
                    id,
                    ObjectId::Mailboxes(_) | ObjectId::Domain(_) | ObjectId::Organisation(_)
                )
            });
            if can_fail.is_none() {
                bail!("no `{subject}` in this phase that could fail");
            }
            Ok(subject)
        })
        .collect()
}
