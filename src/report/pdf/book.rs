//! A document laid out: pages of positioned words and paths. The file and the window's preview are
//! painted from it, so that neither can show what the other does not.

use super::{
    PdfOptions,
    flow::{Page, Pages, Place},
    fonts::{Face, Fonts, Glyph},
    frame, palette,
    profile::Logo,
    strip::{Item, shifted},
    tags::Tags,
    turned,
};
use crate::report::document::{Contour, Document, Rgb, Stroke};
use std::collections::BTreeSet;

/// A document laid out.
pub struct Book {
    pub(super) fonts: Fonts,
    pub(super) places: Vec<Place>,
    pub(super) tags: Tags,
    pub(super) options: PdfOptions,
    sheets: Vec<Sheet>,
}

/// A page.
#[derive(Debug)]
pub struct Sheet {
    /// Width and height in points.
    pub size: [f32; 2],
    /// What stands on it, in the order of painting; each layer with the point that it measures from.
    pub(super) layers: Vec<([f32; 2], Vec<Item>)>,
}

/// Something on a page, in points from its upper left corner; y points down.
#[derive(Clone, Debug)]
pub enum Painted<'b> {
    /// A word, its base line beginning at `at`.
    Word {
        /// Where.
        at: [f32; 2],
        /// The face.
        face: Face,
        /// The size in points.
        size: f32,
        /// The colour.
        color: Rgb,
        /// The word.
        text: String,
        /// How wide it is on the page, in points.
        width: f32,
    },
    /// A path, moved by `by`.
    Path {
        /// How far it is moved.
        by: [f32; 2],
        /// The contours.
        contours: &'b [Contour],
        /// What it is filled with.
        fill: Option<Rgb>,
        /// What its edge is drawn with.
        stroke: Option<&'b Stroke>,
    },
    /// The consultant's logo.
    Logo {
        /// Left, top, width, height.
        rect: [f32; 4],
    },
}

impl Book {
    pub(super) fn new(
        (mut fonts, tags): (Fonts, Tags),
        document: &Document,
        mut pages: Pages,
        options: &PdfOptions,
    ) -> Self {
        let size = options.paper.size();
        let count = pages.pages.len();
        let size_of = |page: &Page| turned(size, page.landscape);
        let around =
            |at: usize| frame::frame(&mut fonts, document, &pages, at, size_of(&pages.pages[at]));
        let frames: Vec<_> = (0..count).map(around).collect();
        for page in &mut pages.pages {
            frame::number(&mut fonts, &pages.places, page);
        }
        fonts.forget_words();
        let [left, top] = frame::ORIGIN;
        let sheets = pages.pages.into_iter().zip(frames);
        let mut sheets: Vec<Sheet> = sheets
            .map(|(page, frame)| {
                let size = size_of(&page);
                let body = page.placed.into_iter().map(|(y, items)| ([left, top + y], items));
                let mut layers = vec![([0.0, 0.0], frame)];
                layers.extend(body);
                Sheet { size, layers }
            })
            .collect();
        if let Some(accent) = options.profile.accent {
            let items = sheets.iter_mut().flat_map(|sheet| &mut sheet.layers);
            items
                .flat_map(|(_, items)| items)
                .for_each(|item| item.recolour(palette::ACCENT, accent));
        }
        Self { fonts, places: pages.places, tags, options: options.clone(), sheets }
    }

    /// The pages.
    pub fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// Characters that the fonts lack; each is printed as `[U+4E2D]`.
    pub fn missing(&self) -> &BTreeSet<char> {
        self.fonts.missing()
    }

    /// The headings with their levels (1: section) and the pages, from 0, on which they stand.
    pub fn headings(&self) -> impl Iterator<Item = (u8, String, usize)> {
        self.places.iter().map(|place| {
            let title = [place.anchor.number.as_str(), place.anchor.title.as_str()].join(" ");
            (place.anchor.level, title.trim().to_owned(), place.page)
        })
    }

    /// The consultant's logo.
    pub fn logo(&self) -> Option<&Logo> {
        self.options.profile.logo.as_ref()
    }

    /// What stands on a page, in the order of painting.
    pub fn painted(&self, page: usize) -> Vec<Painted<'_>> {
        let mut painted = Vec::new();
        let layers = self.sheets.get(page).map_or(&[][..], |sheet| &sheet.layers);
        for (origin, items) in layers {
            for item in items {
                self.item(item, *origin, &mut painted);
            }
        }
        painted
    }

    fn item<'b>(&'b self, item: &'b Item, [dx, dy]: [f32; 2], painted: &mut Vec<Painted<'b>>) {
        match item {
            Item::Words { at: [x, y], line } => {
                for run in &line.runs {
                    let at = [x + dx + run.x, y + dy];
                    let look = (run.face, run.size, run.color);
                    self.words(&run.glyphs, at, look, painted);
                }
            }
            Item::Shape(shape) => painted.push(Painted::Path {
                by: [dx, dy],
                contours: &shape.contours,
                fill: shape.fill,
                stroke: shape.stroke.as_ref(),
            }),
            Item::Field { rect: [x, y, ..], field } => {
                for item in field.seen() {
                    self.item(item, [x + dx, y + dy], painted);
                }
            }
            Item::Logo { rect } => painted.push(Painted::Logo { rect: shifted(*rect, [dx, dy]) }),
            // Numbers of pages are made words before they are painted.
            Item::PageOf { .. } | Item::Tag(_) | Item::Link { .. } => {}
        }
    }

    /// The words of a run, each where it begins.
    fn words<'b>(
        &'b self,
        glyphs: &[Glyph],
        [left, base]: [f32; 2],
        (face, size, color): (Face, f32, Rgb),
        painted: &mut Vec<Painted<'b>>,
    ) {
        let scale = size / 1000.0;
        let blank = |glyph: &Glyph| glyph.begins && glyph.first == ' ';
        let mut x = left;
        for word in glyphs.chunk_by(|a, b| blank(a) == blank(b)) {
            let width = word.iter().map(|glyph| glyph.advance).sum::<f32>() * scale;
            let letters = word.iter().filter(|glyph| glyph.begins);
            let text: String = letters.filter_map(|g| self.fonts.stands_for(face, g.gid)).collect();
            if !text.trim().is_empty() {
                painted.push(Painted::Word { at: [x, base], face, size, color, text, width });
            }
            x += width;
        }
    }
}
