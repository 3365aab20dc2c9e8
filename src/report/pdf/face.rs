//! Faces: the three that come with the program, and those that are handed in for other scripts.

use std::sync::Arc;

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
    /// One that was handed in, by its place among them.
    Other(u8),
}

impl Face {
    /// The faces that come with the program.
    pub(super) const SHIPPED: [Self; 3] = [Self::Regular, Self::Strong, Self::Mono];

    /// The face at a place among all.
    pub(super) fn at(index: usize) -> Self {
        match Self::SHIPPED.get(index) {
            Some(face) => *face,
            None => Self::Other(u8::try_from(index - Self::SHIPPED.len()).unwrap_or(u8::MAX)),
        }
    }

    /// Its place among all.
    pub(super) fn index(self) -> usize {
        match self {
            Self::Regular => 0,
            Self::Strong => 1,
            Self::Mono => 2,
            Self::Other(at) => Self::SHIPPED.len() + usize::from(at),
        }
    }

    /// The file, where it comes with the program.
    pub(super) fn program(self) -> Option<&'static [u8]> {
        match self {
            Self::Regular => Some(include_bytes!("../../../assets/fonts/IBMPlexSans-Regular.ttf")),
            Self::Strong => Some(include_bytes!("../../../assets/fonts/IBMPlexSans-SemiBold.ttf")),
            Self::Mono => Some(include_bytes!("../../../assets/fonts/IBMPlexMono-Regular.ttf")),
            Self::Other(_) => None,
        }
    }

    /// Six letters: the name under which pages know it, and the mark of a font that is cut down
    /// (ISO 32000-1, 9.6.4).
    pub(super) fn key(self) -> String {
        match self {
            Self::Regular => "BHPLXR".to_owned(),
            Self::Strong => "BHPLXS".to_owned(),
            Self::Mono => "BHPLXM".to_owned(),
            Self::Other(at) => {
                let letter = |n: u8| char::from(b'A' + n % 26);
                format!("BHOT{}{}", letter(at / 26), letter(at))
            }
        }
    }

    /// The name in the file.
    pub(super) fn name(self, others: &[&str]) -> String {
        let name = match self {
            Self::Regular => "IBMPlexSans-Regular",
            Self::Strong => "IBMPlexSans-SemiBold",
            Self::Mono => "IBMPlexMono-Regular",
            Self::Other(at) => others.get(usize::from(at)).copied().unwrap_or("Other"),
        };
        let plain: String =
            name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        format!("{}+{}", self.key(), if plain.is_empty() { "Font" } else { &plain })
    }
}

/// A font that is handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FontFile {
    /// Its name.
    pub name: String,
    /// The file: TrueType, OpenType, or a collection of them.
    pub bytes: Arc<[u8]>,
    /// Which font of a collection.
    pub index: u32,
}

impl FontFile {
    /// The font for shaping; none where it does not read.
    pub(super) fn parsed(&self) -> Option<rustybuzz::Face<'_>> {
        rustybuzz::Face::from_slice(&self.bytes, self.index)
    }

    /// Whether it has a glyph for a character.
    pub fn has(&self, c: char) -> bool {
        let face = rustybuzz::ttf_parser::Face::parse(&self.bytes, self.index);
        face.is_ok_and(|face| face.glyph_index(c).is_some_and(|glyph| glyph.0 != 0))
    }
}
