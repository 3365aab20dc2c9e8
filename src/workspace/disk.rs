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
    /// Another program has written it since it was read.
    #[error("{}: another program has changed it since it was opened", .0.display())]
    Changed(PathBuf),
    /// It may not be written.
    #[error("{}: it is read-only", .0.display())]
    ReadOnly(PathBuf),
}

impl DiskError {
    /// What happened, in words for people, where the system's own are none.
    pub fn words(&self) -> String {
        use io::ErrorKind as Kind;
        let Self::Io { path, source } = self else { return self.to_string() };
        let why = match source.kind() {
            Kind::StorageFull | Kind::QuotaExceeded => "the disk is full",
            Kind::ReadOnlyFilesystem => "the disk can only be read",
            Kind::PermissionDenied => "you may not write there",
            Kind::NotFound => "its folder is not there any more",
            _ => return self.to_string(),
        };
        format!("{}: {why}", path.display())
    }
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

/// Makes a folder with all above it.
///
/// # Errors
/// When it cannot be made.
pub fn make_folder(path: &Path) -> Result<(), DiskError> {
    fs::create_dir_all(path).map_err(at(path))
}

/// Removes a file; that it is not there is fine.
///
/// # Errors
/// When it is there and stays.
pub fn remove(path: &Path) -> Result<(), DiskError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(DiskError::Io { path: path.to_owned(), source })
        }
        _ => Ok(()),
    }
}

/// Whether a file is there that may not be written.
pub fn is_read_only(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|data| data.permissions().readonly())
}

/// Whether something is there.
pub fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// The files of a folder with that ending, sorted; none where there is no such folder.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .collect();
    found.sort();
    found
}

/// A file that only grows, held by one process at a time.
#[derive(Debug)]
pub struct Growing {
    path: PathBuf,
    file: File,
}

impl Growing {
    /// Begins the file anew and takes hold of it.
    ///
    /// # Errors
    /// When it cannot be written, or another process holds it.
    pub fn create(path: &Path) -> Result<Self, DiskError> {
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(false).open(path).map_err(at(path))?;
        hold(&file).map_err(at(path))?;
        file.set_len(0).map_err(at(path))?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// Adds bytes at the end; they are with the system when this returns.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), DiskError> {
        self.file.write_all(bytes).and_then(|()| self.file.sync_data()).map_err(at(&self.path))
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Whether a running process holds the file.
pub fn is_held(path: &Path) -> bool {
    match OpenOptions::new().write(true).open(path) {
        Ok(file) => hold(&file).is_err(),
        Err(_) => false,
    }
}

fn hold(file: &File) -> io::Result<()> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(fs::TryLockError::WouldBlock) => {
            Err(io::Error::new(io::ErrorKind::WouldBlock, "another window holds it"))
        }
        // Some file systems know no locks; that is no reason to keep no journal.
        Err(fs::TryLockError::Error(_)) => Ok(()),
    }
}
