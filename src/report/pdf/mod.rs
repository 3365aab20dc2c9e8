//! The printed handover: the document set in IBM Plex on A4 or Letter.
//!
//! Blocks become strips ([`blocks`], [`table`], [`steps`], [`figure`]), strips become pages ([`flow`]),
//! pages become a [`Book`] of positioned words and paths, which is what the window's preview paints too;
//! [`draw`] makes operators of it and [`finish`] adds what makes a file of them. Only this folder knows
//! the PDF crates. The same document gives the same bytes.

mod blocks;
mod book;
mod draw;
mod figure;
mod finish;
mod flow;
mod fonts;
mod frame;
mod marks;
mod palette;
mod steps;
mod strip;
mod table;
mod text;

use super::document::Document;
use blocks::Layout;
pub use book::{Book, Painted, Sheet};
use draw::{font_id, operators};
use flow::{Bodies, Pages};
pub use fonts::Face;
use fonts::Fonts;
use printpdf::{ParsedFont, PdfDocument, PdfFont, PdfPage, PdfSaveOptions, Pt};
use std::collections::BTreeSet;
use strip::{Anchor, Strip};

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PdfOptions {
    /// The paper.
    pub paper: Paper,
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
    /// A font that comes with the program does not read.
    #[error("the font `{face}` does not read")]
    Font {
        /// The face.
        face: &'static str,
    },
    /// A font could not be cut down.
    #[error("the font `{face}` cannot be cut down: {why}")]
    Subset {
        /// The face.
        face: &'static str,
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
/// When a font that comes with the program does not read.
pub fn lay_out(document: &Document, options: &PdfOptions) -> Result<Book, RenderError> {
    let mut fonts = Fonts::load()?;
    let size = options.paper.size();
    let pages = paginated(&mut fonts, document, size);
    Ok(Book::new(fonts, document, pages, size))
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

/// Cover, contents and sections as pages.
fn paginated(fonts: &mut Fonts, document: &Document, size: [f32; 2]) -> Pages {
    let (body, wide) = (frame::body(size), frame::body(turned(size, true)));
    let mut layout = Layout { fonts, strips: Vec::new(), width: body[0], body: body[1] };
    for section in &document.sections {
        [layout.width, layout.body] = if section.landscape { wide } else { body };
        let first = layout.strips.len();
        layout.section(section);
        for strip in &mut layout.strips[first..] {
            strip.landscape = section.landscape;
        }
    }
    let sections = std::mem::take(&mut layout.strips);
    let anchors = sections.iter().filter_map(|strip| strip.anchor.clone()).enumerate();
    let entries: Vec<(usize, Anchor)> = anchors.collect();
    [layout.width, layout.body] = body;
    layout.cover(document, &document.cover);
    layout.contents(&listed(entries));
    let mut strips = std::mem::take(&mut layout.strips);
    let first = strips.len();
    strips.extend(sections);
    if let Some(strip) = strips.get_mut(first) {
        *strip = Strip { new_page: true, ..std::mem::take(strip) };
    }
    flow::paginate(strips, Bodies { portrait: body[1], landscape: wide[1] })
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

/// The file of a document that is laid out.
///
/// # Errors
/// When a font cannot be cut down or the PDF crate refuses.
pub fn file(book: &Book, document: &Document) -> Result<Vec<u8>, RenderError> {
    let mut pdf = PdfDocument::new(&document.title);
    for face in Face::ALL {
        let program = book.fonts.program(face)?;
        let mut parsed = ParsedFont::from_bytes(&program, 0, &mut Vec::new())
            .ok_or(RenderError::Font { face: face.name() })?;
        parsed.font_name = Some(face.name().to_owned());
        pdf.resources.fonts.map.insert(font_id(face), PdfFont::new(parsed));
    }
    pdf.pages = book
        .sheets()
        .iter()
        .map(|sheet| {
            let [width, height] = sheet.size;
            PdfPage::new(Pt(width).into(), Pt(height).into(), operators(&book.fonts, sheet))
        })
        .collect();
    // `secure` would leave out the operators that are spelled out.
    let options = PdfSaveOptions { secure: false, ..PdfSaveOptions::default() };
    let mut file = pdf.to_lopdf_document(&options, &mut Vec::new());
    let top_of = |page: usize| {
        let height = book.sheets().get(page).map_or(0.0, |sheet| sheet.size[1]);
        height - frame::ORIGIN[1]
    };
    finish::finish(&mut file, document, &book.places, top_of);
    file.trailer.remove(b"ID");
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).map_err(|error| RenderError::Write(error.to_string()))?;
    finish::identify(&mut file, &bytes);
    bytes.clear();
    file.save_to(&mut bytes).map_err(|error| RenderError::Write(error.to_string()))?;
    Ok(bytes)
}
