//! The fonts: shaped, measured, and at the end cut down to the glyphs that were used. IBM Plex comes
//! with the program; others are handed in for the scripts that it lacks.
//!
//! Words are shaped once and remembered: the same host names recur on every page. Glyphs are numbered
//! in the order of their first use, so equal documents give equal fonts.

use super::{RenderError, face::FontFile, is_invisible};
use rustc_hash::FxHashMap;
use rustybuzz::{Direction, Script, ShapePlan, UnicodeBuffer, ttf_parser::GlyphId};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use subsetter::GlyphRemapper;

pub(super) use super::face::Face;

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

/// A shaped word, or a part of one.
#[derive(Debug, Default)]
pub(super) struct Word {
    /// The face in which it is set: another one where the one that was asked for lacks a character.
    pub(super) face: Face,
    /// The glyphs, from left to right.
    pub(super) glyphs: Vec<Glyph>,
    /// The width in thousandths of the size.
    pub(super) width: f32,
    /// Whether it is read from right to left.
    pub(super) leftward: bool,
}

struct Loaded {
    /// The face, where it is one that comes with the program.
    face: Option<rustybuzz::Face<'static>>,
    /// The file of any other.
    file: Option<FontFile>,
    remapper: GlyphRemapper,
    /// What each glyph stands for, by its new number.
    stands_for: BTreeMap<u16, String>,
}

/// The words that were shaped, whole: a table for each face and direction, so that a word is looked
/// up without a copy of it.
type Shaped = FxHashMap<Box<str>, Arc<[Arc<Word>]>>;

/// The faces in use, and what was shaped with them.
pub(super) struct Fonts {
    faces: Vec<Loaded>,
    keys: Vec<String>,
    words: [Shaped; 6],
    /// How words are shaped, by the face's place, the script, and whether they run leftward.
    plans: FxHashMap<(usize, Script, bool), ShapePlan>,
    missing: BTreeSet<char>,
}

impl Fonts {
    /// Loads the faces; `others` are asked, in their order, for what Plex lacks.
    pub(super) fn load(others: &[FontFile]) -> Result<Self, RenderError> {
        let mut faces = Vec::new();
        for face in Face::SHIPPED {
            let parsed = face.program().and_then(|program| rustybuzz::Face::from_slice(program, 0));
            let parsed = parsed.ok_or_else(|| RenderError::Font { face: face.name(&[]) })?;
            let remapper = GlyphRemapper::new();
            let stands_for = BTreeMap::new();
            faces.push(Loaded { face: Some(parsed), file: None, remapper, stands_for });
        }
        for file in others.iter().take(usize::from(u8::MAX)) {
            if file.parsed().is_none() {
                return Err(RenderError::Font { face: file.name.clone() });
            }
            let remapper = GlyphRemapper::new();
            let stands_for = BTreeMap::new();
            faces.push(Loaded { face: None, file: Some(file.clone()), remapper, stands_for });
        }
        let keys = (0..faces.len()).map(|at| Face::at(at).key()).collect();
        Ok(Self {
            faces,
            keys,
            words: Default::default(),
            plans: FxHashMap::default(),
            missing: BTreeSet::new(),
        })
    }

    /// All faces.
    pub(super) fn faces(&self) -> impl Iterator<Item = Face> + use<> {
        (0..self.faces.len()).map(Face::at)
    }

    /// The name under which pages know a face.
    pub(super) fn key(&self, face: Face) -> &str {
        &self.keys[face.index()]
    }

    /// The name of a face in the file.
    pub(super) fn name(&self, face: Face) -> String {
        let others: Vec<&str> =
            self.faces.iter().filter_map(|f| f.file.as_ref()).map(|f| f.name.as_str()).collect();
        face.name(&others)
    }

    /// Forgets the words: nothing more is set.
    pub(super) fn forget_words(&mut self) {
        self.words = Default::default();
    }

    /// Characters that no face has; they are printed as `[U+4E2D]`.
    pub(super) fn missing(&self) -> &BTreeSet<char> {
        &self.missing
    }

    /// A word without spaces, shaped: in one part, or in several where no face has all of it, in the
    /// order in which they are read.
    pub(super) fn word(&mut self, face: Face, text: &str, leftward: bool) -> Arc<[Arc<Word>]> {
        let table = face.index().min(2) + if leftward { 3 } else { 0 };
        if let Some(word) = self.words[table].get(text) {
            return Arc::clone(word);
        }
        let parts = self.parts(face, text);
        let shaped: Arc<[Arc<Word>]> = parts
            .into_iter()
            .map(|(face, part)| Arc::new(self.shape(face, &part, leftward)))
            .collect();
        self.words[table].insert(text.into(), Arc::clone(&shaped));
        shaped
    }

    /// Whether a face shows a character. What shows nothing by itself no face shows, but for what joins
    /// letters and parts them in scripts that need it.
    fn has(&self, face: Face, c: char) -> bool {
        if is_invisible(c) && !matches!(c, '\u{200C}' | '\u{200D}') {
            return false;
        }
        let loaded = &self.faces[face.index()];
        match (&loaded.face, &loaded.file) {
            (Some(face), _) => face.glyph_index(c).is_some_and(|g| g.0 != 0),
            (None, Some(file)) => file.has(c),
            (None, None) => false,
        }
    }

    /// The text in parts that each have a face.
    fn parts(&mut self, face: Face, text: &str) -> Vec<(Face, String)> {
        let wanted = [face, Face::Regular].into_iter();
        let order: Vec<Face> = wanted.chain(self.faces().skip(Face::SHIPPED.len())).collect();
        let whole = order.iter().find(|face| text.chars().all(|c| self.has(**face, c)));
        if let Some(whole) = whole {
            return vec![(*whole, text.to_owned())];
        }
        let mut parts: Vec<(Face, String)> = Vec::new();
        for c in text.chars() {
            // A mark stays with the letter before it where that face has it.
            let last = parts.last().map(|(face, _)| *face);
            let fit = last.into_iter().chain(order.iter().copied()).find(|f| self.has(*f, c));
            let (set_in, letters) = if let Some(fit) = fit {
                (fit, c.to_string())
            } else {
                self.missing.insert(c);
                (face, format!("[U+{:04X}]", u32::from(c)))
            };
            match parts.last_mut() {
                Some((face, part)) if *face == set_in => part.push_str(&letters),
                _ => parts.push((set_in, letters)),
            }
        }
        parts
    }

    fn shape(&mut self, set_in: Face, text: &str, leftward: bool) -> Word {
        let loaded = &mut self.faces[set_in.index()];
        let parsed = loaded.file.as_ref().and_then(FontFile::parsed);
        let Some(face) = loaded.face.as_ref().or(parsed.as_ref()) else { return Word::default() };
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        let direction = if leftward { Direction::RightToLeft } else { Direction::LeftToRight };
        buffer.set_direction(direction);
        let scale = 1000.0 / face.units_per_em() as f32;
        let script = buffer.script();
        let key = (set_in.index(), script, leftward);
        let plan = self.plans.entry(key).or_insert_with(|| {
            // As `rustybuzz::shape` does, which makes a plan for each word.
            let script = (script != rustybuzz::script::UNKNOWN).then_some(script);
            ShapePlan::new(face, direction, script, buffer.language().as_ref(), &[])
        });
        let shaped = rustybuzz::shape_with_plan(face, plan, buffer);
        let (infos, positions) = (shaped.glyph_infos(), shaped.glyph_positions());
        let mut starts: Vec<usize> = infos.iter().map(|info| info.cluster as usize).collect();
        starts.sort_unstable();
        let mut word = Word { face: set_in, leftward, ..Word::default() };
        word.glyphs.reserve(infos.len());
        for (at, (info, position)) in infos.iter().zip(positions).enumerate() {
            let start = info.cluster as usize;
            let end = starts.get(starts.partition_point(|s| *s <= start)).copied();
            let begins = at == 0 || infos[at - 1].cluster != info.cluster;
            let stands_for =
                if begins { text.get(start..end.unwrap_or(text.len())).unwrap_or("") } else { "" };
            let old = u16::try_from(info.glyph_id).unwrap_or(0);
            let gid = loaded.remapper.remap(old);
            if !stands_for.is_empty() {
                loaded.stands_for.entry(gid).or_insert_with(|| stands_for.to_owned());
            }
            let natural = f32::from(face.glyph_hor_advance(GlyphId(old)).unwrap_or(0));
            let advance = position.x_advance as f32 * scale;
            word.width += advance;
            word.glyphs.push(Glyph {
                gid,
                advance,
                // The file holds whole thousandths.
                natural: (natural * scale).trunc(),
                first: stands_for.chars().next().unwrap_or(' '),
                begins,
            });
        }
        word
    }

    /// What a glyph stands for, so that text can be taken out of the file again.
    pub(super) fn stands_for(&self, face: Face, gid: u16) -> Option<&str> {
        self.faces[face.index()].stands_for.get(&gid).map(String::as_str)
    }

    /// All glyphs of a face that are used, with what each stands for.
    pub(super) fn used(&self, face: Face) -> impl Iterator<Item = (u16, &str)> {
        let loaded = &self.faces[face.index()];
        (0..loaded.remapper.num_gids())
            .map(|gid| (gid, loaded.stands_for.get(&gid).map_or("", String::as_str)))
    }

    /// The face cut down to the glyphs that were used; none where none was.
    pub(super) fn program(&self, face: Face) -> Result<Option<Vec<u8>>, RenderError> {
        let loaded = &self.faces[face.index()];
        // The first glyph, that for what is missing, is always there.
        if loaded.remapper.num_gids() <= 1 {
            return Ok(None);
        }
        let (program, index) = match &loaded.file {
            Some(file) => (&*file.bytes, file.index),
            None => (face.program().unwrap_or(&[]), 0),
        };
        subsetter::subset(program, index, &loaded.remapper)
            .map(Some)
            .map_err(|error| RenderError::Subset { face: self.name(face), why: error.to_string() })
    }
}
