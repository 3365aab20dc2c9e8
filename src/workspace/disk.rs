//! Plans on the disk: read whole, written whole or not at all.
#![expect(clippy::disallowed_methods, reason = "this is the one place that reads and writes plans")]

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

/// Why a file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    /// The system says why.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It is there, and nobody said that it may be replaced.
    #[error("{}: it exists; `--force` replaces it", .0.display())]
    Exists(PathBuf),
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> DiskError {
    let path = path.to_owned();
    move |source| DiskError::Io { path, source }
}

/// Reads a file, but not more than one byte over `limit`.
///
/// # Errors
/// When it cannot be read.
pub fn read(path: &Path, limit: usize) -> Result<Vec<u8>, DiskError> {
    let file = File::open(path).map_err(at(path))?;
    if file.metadata().map_err(at(path))?.is_dir() {
        let source = io::Error::new(io::ErrorKind::IsADirectory, "it is a folder");
        return Err(DiskError::Io { path: path.to_owned(), source });
    }
    let mut bytes = Vec::new();
    let limit = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    file.take(limit).read_to_end(&mut bytes).map_err(at(path))?;
    Ok(bytes)
}

/// Writes a file so that a crash leaves the old one or the new one, never half of either: beside
/// it first, flushed, then in its place. A file that is there is replaced only with `force`.
///
/// # Errors
/// When it cannot be written, or is there and may not be replaced.
pub fn write(path: &Path, bytes: &[u8], force: bool) -> Result<(), DiskError> {
    if !force && fs::symlink_metadata(path).is_ok() {
        return Err(DiskError::Exists(path.to_owned()));
    }
    // A link is followed, so that the file that it names is replaced and not the link.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let beside = target.with_file_name(format!(".{name}.{}.new", std::process::id()));
    let written = write_new(&beside, bytes)
        .and_then(|()| keep_permissions(&target, &beside))
        .and_then(|()| fs::rename(&beside, &target));
    if let Err(source) = written {
        // The half-written neighbour is of no use to anybody; that it may be gone already is fine.
        drop(fs::remove_file(&beside));
        return Err(DiskError::Io { path: path.to_owned(), source });
    }
    Ok(())
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn keep_permissions(from: &Path, to: &Path) -> io::Result<()> {
    match fs::metadata(from) {
        Ok(old) => fs::set_permissions(to, old.permissions()),
        Err(_) => Ok(()),
    }
}
