//! IBM Plex: shaped, measured, and at the end cut down to the glyphs that were used.
//!
//! Words are shaped once and remembered: the same host names recur on every page. Glyphs are numbered
//! in the order of their first use, so equal documents give equal fonts.

use super::RenderError;
use rustc_hash::FxHashMap;
use rustybuzz::{Direction, UnicodeBuffer};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use subsetter::GlyphRemapper;

/// A face.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Face {
    /// IBM Plex Sans.
    #[default]
    Regular,
    /// IBM Plex Sans, semi-bold.
    Strong,
    /// IBM Plex Mono.
    Mono,
}

impl Face {
    /// All faces.
    pub(super) const ALL: [Self; 3] = [Self::Regular, Self::Strong, Self::Mono];

    fn program(self) -> &'static [u8] {
        match self {
            Self::Regular => include_bytes!("../../../assets/fonts/IBMPlexSans-Regular.ttf"),
            Self::Strong => include_bytes!("../../../assets/fonts/IBMPlexSans-SemiBold.ttf"),
            Self::Mono => include_bytes!("../../../assets/fonts/IBMPlexMono-Regular.ttf"),
        }
    }

    /// The name in the file. The six letters say that it is cut down (ISO 32000-1, 9.6.4).
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Regular => "BHPLXR+IBMPlexSans-Regular",
            Self::Strong => "BHPLXS+IBMPlexSans-SemiBold",
            Self::Mono => "BHPLXM+IBMPlexMono-Regular",
        }
    }
}

/// A glyph of a shaped word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Glyph {
    /// Its number in the font that is embedded.
    pub(super) gid: u16,
    /// How far the next one stands, in thousandths of the size.
    pub(super) advance: f32,
    /// How far it would stand without kerning.
    pub(super) natural: f32,
    /// The first character that it stands for.
    pub(super) first: char,
    /// Whether a line may end before it: it begins what a reader takes for a character.
    pub(super) begins: bool,
}

/// A shaped word.
#[derive(Debug, Default)]
pub(super) struct Word {
    /// The face in which it is set: another one where the one that was asked for lacks a character.
    pub(super) face: Face,
    /// The glyphs.
    pub(super) glyphs: Vec<Glyph>,
    /// The width in thousandths of the size.
    pub(super) width: f32,
}

struct Loaded {
    face: rustybuzz::Face<'static>,
    remapper: GlyphRemapper,
    /// What each glyph stands for, by its new number.
    stands_for: BTreeMap<u16, String>,
}

/// The faces in use, and what was shaped with them.
pub(super) struct Fonts {
    faces: Vec<Loaded>,
    /// One table a face, so that a word is looked up without a copy of it.
    words: [FxHashMap<Box<str>, Arc<Word>>; 3],
    missing: BTreeSet<char>,
}

impl Fonts {
    /// Loads the faces.
    pub(super) fn load() -> Result<Self, RenderError> {
        let load = |face: Face| {
            let parsed = rustybuzz::Face::from_slice(face.program(), 0)
                .ok_or(RenderError::Font { face: face.name() })?;
            let remapper = GlyphRemapper::new();
            Ok(Loaded { face: parsed, remapper, stands_for: BTreeMap::new() })
        };
        let faces = Face::ALL.into_iter().map(load).collect::<Result<_, RenderError>>()?;
        Ok(Self { faces, words: Default::default(), missing: BTreeSet::new() })
    }

    /// Forgets the words: nothing more is set.
    pub(super) fn forget_words(&mut self) {
        self.words = Default::default();
    }

    /// Characters that no face has; they are printed as `[U+4E2D]`.
    pub(super) fn missing(&self) -> &BTreeSet<char> {
        &self.missing
    }

    /// A word without spaces, shaped.
    pub(super) fn word(&mut self, face: Face, text: &str) -> Arc<Word> {
        if let Some(word) = self.words[face as usize].get(text) {
            return Arc::clone(word);
        }
        let (set_in, clean) = self.printable(face, text);
        let word = Arc::new(self.shape(set_in, &clean));
        self.words[face as usize].insert(text.into(), Arc::clone(&word));
        word
    }

    /// The text as a face can print it, and that face.
    fn printable(&mut self, face: Face, text: &str) -> (Face, String) {
        let has = |this: &Self, face: Face, c: char| {
            this.faces[face as usize].face.glyph_index(c).is_some_and(|g| g.0 != 0)
        };
        let all = |this: &Self, face: Face| text.chars().all(|c| has(this, face, c));
        if all(self, face) {
            return (face, text.to_owned());
        }
        let face = if all(self, Face::Regular) { Face::Regular } else { face };
        let mut clean = String::with_capacity(text.len());
        for c in text.chars() {
            if has(self, face, c) {
                clean.push(c);
            } else {
                self.missing.insert(c);
                clean.extend(format!("[U+{:04X}]", u32::from(c)).chars());
            }
        }
        (face, clean)
    }

    fn shape(&mut self, face: Face, text: &str) -> Word {
        let loaded = &mut self.faces[face as usize];
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_direction(Direction::LeftToRight);
        buffer.guess_segment_properties();
        buffer.set_direction(Direction::LeftToRight);
        let scale = 1000.0 / loaded.face.units_per_em() as f32;
        let shaped = rustybuzz::shape(&loaded.face, &[], buffer);
        let (infos, positions) = (shaped.glyph_infos(), shaped.glyph_positions());
        let mut word = Word { face, glyphs: Vec::with_capacity(infos.len()), width: 0.0 };
        for (at, (info, position)) in infos.iter().zip(positions).enumerate() {
            let start = info.cluster as usize;
            let next = infos[at + 1..].iter().find(|i| i.cluster != info.cluster);
            let end = next.map_or(text.len(), |i| i.cluster as usize);
            let begins = at == 0 || infos[at - 1].cluster != info.cluster;
            let stands_for = if begins { text.get(start..end).unwrap_or("") } else { "" };
            let old = u16::try_from(info.glyph_id).unwrap_or(0);
            let gid = loaded.remapper.remap(old);
            if !stands_for.is_empty() {
                loaded.stands_for.entry(gid).or_insert_with(|| stands_for.to_owned());
            }
            let natural = loaded.face.glyph_hor_advance(rustybuzz::ttf_parser::GlyphId(old));
            let advance = position.x_advance as f32 * scale;
            word.width += advance;
            word.glyphs.push(Glyph {
                gid,
                advance,
                natural: f32::from(natural.unwrap_or(0)) * scale,
                first: stands_for.chars().next().unwrap_or(' '),
                begins,
            });
        }
        word
    }

    /// What a glyph stands for, so that text can be taken out of the file again.
    pub(super) fn stands_for(&self, face: Face, gid: u16) -> Option<&str> {
        self.faces[face as usize].stands_for.get(&gid).map(String::as_str)
    }

    /// The face cut down to the glyphs that were used.
    pub(super) fn program(&self, face: Face) -> Result<Vec<u8>, RenderError> {
        subsetter::subset(face.program(), 0, &self.faces[face as usize].remapper)
            .map_err(|error| RenderError::Subset { face: face.name(), why: error.to_string() })
    }
}
