//! What printing needs of the machine, for the command line and the window alike: the consultant's
//! profile, fonts for other scripts, the plan as it is attached.

use crate::{
    file,
    model::Project,
    report::{
        Audience, Copy,
        document::Document,
        pdf::{self, Book, FontFile, PdfOptions, Profile, ProfileFile, RenderError, is_invisible},
    },
    workspace::{disk, fonts},
};
use anyhow::{Context as _, bail};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The largest profile, logo and font that are read, in bytes.
const PROFILE_MAX: usize = 1 << 16;
const LOGO_MAX: usize = 1 << 23;
const FONT_MAX: usize = 1 << 27;
/// As many characters are named where fonts lack them.
const NAMED_MAX: usize = 6;

/// Reads a profile and the logo that it names.
pub(crate) fn profile(path: &Path) -> anyhow::Result<Profile> {
    let bytes = disk::read(path, PROFILE_MAX)?;
    let text = String::from_utf8(bytes).ok().filter(|text| text.len() <= PROFILE_MAX);
    let text = text.with_context(|| format!("{}: no profile", path.display()))?;
    let told = |error| match error {
        // `file:line:column` is what editors jump to.
        pdf::ProfileError::Syntax { .. } => anyhow::anyhow!("{}:{error}", path.display()),
        other => anyhow::anyhow!("{}: {other}", path.display()),
    };
    let file = ProfileFile::from_ron(&text).map_err(told)?;
    let logo = if file.logo.is_empty() {
        None
    } else {
        let beside = path.parent().unwrap_or(Path::new("")).join(&file.logo);
        Some(disk::read(&beside, LOGO_MAX)?)
    };
    file.profile(logo.as_deref()).map_err(told)
}

/// Reads fonts that somebody named.
pub(crate) fn fonts(paths: &[PathBuf]) -> anyhow::Result<Vec<FontFile>> {
    let read = |path: &PathBuf| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = disk::read(path, FONT_MAX)?;
        Ok(FontFile { name, bytes: bytes.into(), index: 0 })
    };
    paths.iter().map(read).collect()
}

/// The plan as a record copy takes it along: nobody but the consultants is given all of it.
pub(crate) fn attached(project: &Project, audience: Audience, copy: Copy) -> Option<Arc<[u8]>> {
    (audience == Audience::Internal && copy == Copy::Record)
        .then(|| file::save(project).into_bytes().into())
}

/// Lays a document out; where the fonts at hand lack characters, those of this machine are asked.
pub(crate) fn lay_out(document: &Document, options: &PdfOptions) -> Result<Book, RenderError> {
    let book = pdf::lay_out(document, options)?;
    let missing = lacking(&book);
    if missing.is_empty() {
        return Ok(book);
    }
    let found = fonts::covering(&missing);
    if found.is_empty() {
        return Ok(book);
    }
    let mut options = options.clone();
    let file = |font: fonts::SystemFont| FontFile {
        name: font.name,
        bytes: font.bytes,
        index: font.index,
    };
    options.fonts.extend(found.into_iter().map(file));
    pdf::lay_out(document, &options)
}

/// The characters that no font has and that would be seen.
pub(crate) fn lacking(book: &Book) -> BTreeSet<char> {
    book.missing().iter().copied().filter(|c| !is_invisible(*c)).collect()
}

/// Refuses a document with characters that no font has.
pub(crate) fn refuse_lacking(book: &Book) -> anyhow::Result<()> {
    let lacking = lacking(book);
    if lacking.is_empty() {
        return Ok(());
    }
    let named = lacking.iter().take(NAMED_MAX).map(|c| format!("`{c}` (U+{:04X})", u32::from(*c)));
    let named = named.collect::<Vec<_>>().join(", ");
    let more = lacking.len().saturating_sub(NAMED_MAX);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    bail!("no font here has {named}{more}")
}
