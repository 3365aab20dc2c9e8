//! The printed handover: the document set in IBM Plex on A4 or Letter.
//!
//! Blocks become strips ([`blocks`], [`boxes`], [`table`], [`steps`], [`figure`]), strips become pages
//! ([`flow`]), pages become a [`Book`] of positioned words and paths, which is what the window's preview
//! paints too. Beside it grows the tree of what everything is ([`tags`]). [`draw`] makes content streams
//! of the pages, and [`file`] makes a file of them: [`structure`], [`outline`], [`annotations`],
//! [`archive`]. [`read_back`] takes a plan and what was filled in out of such a file again. Only this
//! folder knows the PDF crates. The same document gives the same bytes.

mod annotations;
mod archive;
mod bidi;
mod blocks;
mod book;
mod boxes;
mod cover;
mod draw;
mod face;
mod figure;
mod file;
mod flow;
mod fonts;
mod form;
mod frame;
mod marks;
mod objects;
mod outline;
mod palette;
mod profile;
pub mod read_back;
mod steps;
mod stream;
mod strip;
mod structure;
mod table;
mod tags;
mod text;

use super::{Copy as CopyKind, document::Document};
use blocks::Layout;
pub use book::{Book, Painted, Sheet};
pub use face::{Face, FontFile};
pub use file::file;
use flow::{Bodies, Pages};
use fonts::Fonts;
pub use profile::{Logo, Profile, ProfileError, ProfileFile};
use std::{collections::BTreeSet, sync::Arc};
use strip::{Anchor, Strip};
use tags::{DOCUMENT, Role, Tags};

/// The list of contents stays on the cover's page as long as it is no longer.
const ENTRIES_MAX: usize = 26;

/// The paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paper {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 8½ × 11 inches.
    Letter,
}

impl Paper {
    /// Width and height in points.
    pub fn size(self) -> [f32; 2] {
        match self {
            Self::A4 => [595.28, 841.89],
            Self::Letter => [612.0, 792.0],
        }
    }
}

/// How it is printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PdfOptions {
    /// The paper.
    pub paper: Paper,
    /// A working copy has boxes and lines that a viewer fills in; a record copy is made to be kept
    /// (PDF/A-3b) and shows them as they stand.
    pub copy: CopyKind,
    /// The consultant's colour and logo.
    pub profile: Profile,
    /// Fonts for what IBM Plex lacks, in the order in which they are asked.
    pub fonts: Vec<FontFile>,
    /// The plan as it is saved, for a record copy that takes it along.
    pub plan: Option<Arc<[u8]>>,
}

/// A printed document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// Characters that the fonts lack; each is printed as `[U+4E2D]`.
    pub missing: BTreeSet<char>,
}

/// Why a document could not be printed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// A font does not read.
    #[error("the font `{face}` does not read")]
    Font {
        /// The face.
        face: String,
    },
    /// A font could not be cut down.
    #[error("the font `{face}` cannot be cut down: {why}")]
    Subset {
        /// The face.
        face: String,
        /// What the crate says.
        why: String,
    },
    /// The PDF crate refused.
    #[error("the file cannot be written: {0}")]
    Write(String),
}

/// Lays a document out on pages: what the window shows and the file holds.
///
/// # Errors
/// When a font does not read.
pub fn lay_out(document: &Document, options: &PdfOptions) -> Result<Book, RenderError> {
    let mut fonts = Fonts::load(&options.fonts)?;
    let (pages, tags) = paginated(&mut fonts, document, options);
    Ok(Book::new((fonts, tags), document, pages, options))
}

/// Prints a document.
///
/// # Errors
/// When a font does not read or the PDF crate refuses; neither depends on the plan.
pub fn render(document: &Document, options: &PdfOptions) -> Result<Printed, RenderError> {
    let book = lay_out(document, options)?;
    let bytes = file(&book, document)?;
    Ok(Printed { bytes, pages: book.sheets().len(), missing: book.missing().clone() })
}

/// Whether a character shows nothing by itself: it is spelled out (`[U+200B]`) where it stands, because
/// in a name it would be a fault that nobody sees. The others need a font.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{E000}'..='\u{F8FF}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFC}'
            | '\u{E0000}'..='\u{E0FFF}' | '\u{F0000}'..)
}

/// Cover, contents and sections as pages, and what everything on them is.
fn paginated(fonts: &mut Fonts, document: &Document, options: &PdfOptions) -> (Pages, Tags) {
    let size = options.paper.size();
    let (body, wide) = (frame::body(size), frame::body(turned(size, true)));
    let mut tags = Tags::new();
    // Read first, though it is laid out last: it says where everything stands.
    let front = tags.leaf(Role::Sect);
    let mut layout = Layout {
        fonts,
        strips: Vec::new(),
        width: body[0],
        body: body[1],
        wide: None,
        tags,
        copy: options.copy,
    };
    for section in &document.sections {
        [layout.width, layout.body] = if section.landscape { wide } else { body };
        layout.wide = (!section.landscape).then_some(wide);
        let first = layout.strips.len();
        layout.section(section);
        for strip in &mut layout.strips[first..] {
            strip.landscape |= section.landscape;
        }
    }
    let sections = std::mem::take(&mut layout.strips);
    let anchors = sections.iter().filter_map(|strip| strip.anchor.clone()).enumerate();
    let entries: Vec<(usize, Anchor)> = anchors.collect();
    [layout.width, layout.body] = body;
    layout.wide = None;
    layout.tags.go(front);
    cover::cover(&mut layout, document, options.profile.logo.as_ref());
    cover::contents(&mut layout, &listed(entries));
    layout.tags.go(DOCUMENT);
    let mut strips = std::mem::take(&mut layout.strips);
    let tags = layout.tags;
    let first = strips.len();
    strips.extend(sections);
    if let Some(strip) = strips.get_mut(first) {
        *strip = Strip { new_page: true, ..std::mem::take(strip) };
    }
    (flow::paginate(strips, Bodies { portrait: body[1], landscape: wide[1] }), tags)
}

/// The size of a page, turned where it is wider than high.
fn turned([width, height]: [f32; 2], landscape: bool) -> [f32; 2] {
    if landscape { [height, width] } else { [width, height] }
}

/// What the list of contents has room for: sections always, what has a number of its own if it fits.
fn listed(mut entries: Vec<(usize, Anchor)>) -> Vec<(usize, Anchor)> {
    entries.retain(|(_, anchor)| anchor.level == 1 || !anchor.number.is_empty());
    if entries.len() > ENTRIES_MAX {
        entries.retain(|(_, anchor)| anchor.level <= 2);
    }
    if entries.len() > ENTRIES_MAX {
        entries.retain(|(_, anchor)| anchor.level == 1);
    }
    entries
}
