//! Helpers that several areas of the tests share. No tests here.

use std::path::PathBuf;

/// The folder of the repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
