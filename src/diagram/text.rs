//! How wide words are, with the shipped font and without any window; and what is left of those that
//! do not fit.

use rustybuzz::UnicodeBuffer;
use std::{cell::RefCell, collections::HashMap, sync::OnceLock};

/// The shipped faces, as embedded: Sans, Sans semi-bold, Sans italic, Mono.
pub const SANS: &[u8] = include_bytes!("../../assets/fonts/IBMPlexSans-Regular.ttf");
/// See [`SANS`].
pub const SANS_SEMI_BOLD: &[u8] = include_bytes!("../../assets/fonts/IBMPlexSans-SemiBold.ttf");
/// See [`SANS`].
pub const SANS_ITALIC: &[u8] = include_bytes!("../../assets/fonts/IBMPlexSans-Italic.ttf");
/// See [`SANS`].
pub const MONO: &[u8] = include_bytes!("../../assets/fonts/IBMPlexMono-Regular.ttf");

/// A face of the shipped font.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Face {
    /// IBM Plex Sans.
    Sans,
    /// IBM Plex Sans, semi-bold.
    SemiBold,
    /// IBM Plex Mono.
    Mono,
}

impl Face {
    fn index(self) -> usize {
        match self {
            Self::Sans => 0,
            Self::SemiBold => 1,
            Self::Mono => 2,
        }
    }
}

fn faces() -> &'static [Option<rustybuzz::Face<'static>>; 3] {
    static FACES: OnceLock<[Option<rustybuzz::Face<'static>>; 3]> = OnceLock::new();
    FACES.get_or_init(|| {
        [SANS, SANS_SEMI_BOLD, MONO].map(|data| rustybuzz::Face::from_slice(data, 0))
    })
}

/// The width of a text in world units, at a font size in world units.
pub fn width(text: &str, face: Face, size: f32) -> f32 {
    thread_local! {
        /// Widths in thousandths of the font size, by face and text.
        static KNOWN: RefCell<HashMap<(Face, String), f32>> = RefCell::new(HashMap::new());
    }
    const KEPT: usize = 20_000;
    let known = KNOWN.with_borrow(|known| known.get(&(face, text.to_owned())).copied());
    let ems = known.unwrap_or_else(|| {
        let ems = shaped(text, face);
        KNOWN.with_borrow_mut(|known| {
            if known.len() >= KEPT {
                known.clear();
            }
            known.insert((face, text.to_owned()), ems);
        });
        ems
    });
    ems * size
}

/// The width in font sizes.
fn shaped(text: &str, face: Face) -> f32 {
    let Some(font) = &faces()[face.index()] else {
        // Cannot be: the faces are embedded and a test reads them.
        return text.chars().count() as f32 * 0.6;
    };
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    let glyphs = rustybuzz::shape(font, &[], buffer);
    let advance: i32 = glyphs.glyph_positions().iter().map(|p| p.x_advance).sum();
    // A glyph that the font lacks (Greek, Chinese) is drawn by another font, rarely wider than high.
    let missing = glyphs.glyph_infos().iter().filter(|g| g.glyph_id == 0).count();
    (advance as f32) / (font.units_per_em() as f32) + missing as f32 * 0.5
}

/// A letter of a text: where it stands in font sizes from the text's beginning, and its outline.
pub struct Glyph<'a> {
    /// To the right.
    pub x: f32,
    /// Up.
    pub y: f32,
    /// The size of a unit of the outline in font sizes.
    pub em: f32,
    font: &'a rustybuzz::Face<'static>,
    id: u16,
}

impl Glyph<'_> {
    /// Draws its outline, in units of the font, upward.
    pub fn draw(&self, builder: &mut dyn rustybuzz::ttf_parser::OutlineBuilder) {
        // A letter without an outline is a space.
        self.font.outline_glyph(rustybuzz::ttf_parser::GlyphId(self.id), builder);
    }
}

/// Goes over the letters of a text, as they are set.
pub fn glyphs(text: &str, face: Face, mut each: impl FnMut(&Glyph<'_>)) {
    let Some(font) = &faces()[face.index()] else { return };
    let em = 1.0 / font.units_per_em() as f32;
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    let shaped = rustybuzz::shape(font, &[], buffer);
    let mut x = 0.0;
    for (info, at) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
        let id = u16::try_from(info.glyph_id).unwrap_or_default();
        let (dx, dy) = (at.x_offset as f32 * em, at.y_offset as f32 * em);
        each(&Glyph { x: x + dx, y: dy, em, font, id });
        // As `width` counts them: what the font lacks is drawn half as wide as it is high again.
        x += at.x_advance as f32 * em + if id == 0 { 0.5 } else { 0.0 };
    }
}

/// Where an over-long text loses its letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// At the end: prose.
    End,
    /// In the middle: names, of which beginning and end tell most.
    Middle,
}

/// More letters than that are wider than `most`, however narrow they are.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float becomes the nearest number that there is"
)]
fn letters_max(size: f32, most: f32) -> usize {
    // The narrowest letter of the faces is a fifth of the font's size wide.
    (most / size.max(0.1) * 8.0).clamp(64.0, 100_000.0) as usize
}

/// The text, or as much of it as fits into `most` world units with `…` where letters are left out.
pub fn fitted(text: &str, face: Face, size: f32, most: f32, cut: Cut) -> String {
    let one_line = |c: char| if c.is_control() { ' ' } else { c };
    let mut letters: Vec<char> = text.chars().map(one_line).collect();
    let room = letters_max(size, most);
    if letters.len() <= room {
        let whole: String = letters.iter().collect();
        if width(&whole, face, size) <= most {
            return whole;
        }
    } else if cut == Cut::Middle {
        // What lies between cannot be seen; measuring it would only cost time.
        letters.drain(room / 2..letters.len() - room / 2);
    } else {
        letters.truncate(room);
    }
    let with = |kept: usize| -> String {
        let tail = if cut == Cut::Middle { kept / 2 } else { 0 };
        let head: String = letters[..kept - tail].iter().collect();
        let tail: String = letters[letters.len() - tail..].iter().collect();
        format!("{}…{}", head.trim_end(), tail.trim_start())
    };
    let (mut low, mut high) = (0, letters.len().saturating_sub(1));
    while low < high {
        let middle = (low + high).div_ceil(2);
        if shaped(&with(middle), face) * size <= most {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    with(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_faces_are_read() {
        assert!(faces().iter().all(Option::is_some));
        assert!((width("0000", Face::Mono, 10.0) - 24.0).abs() < 0.01, "600 units a digit");
        assert!(width("Wi", Face::SemiBold, 13.0) > width("ii", Face::SemiBold, 13.0));
    }

    #[test]
    fn what_does_not_fit_is_cut() {
        let name = "the-very-long-name-of-a-server-in-a-far-away-place-BE1";
        for cut in [Cut::End, Cut::Middle] {
            for most in [20.0, 84.0, 200.0] {
                let kept = fitted(name, Face::SemiBold, 13.0, most, cut);
                assert!(kept.contains('…') && width(&kept, Face::SemiBold, 13.0) <= most, "{kept}");
            }
        }
        let kept = fitted(name, Face::SemiBold, 13.0, 100.0, Cut::Middle);
        assert!(kept.starts_with("the") && kept.ends_with("BE1"), "{kept}");
        assert_eq!(fitted("LON-BE1", Face::SemiBold, 13.0, 84.0, Cut::Middle), "LON-BE1");
        assert_eq!(fitted("a\nb", Face::Sans, 10.0, 84.0, Cut::End), "a b");
    }
}
