//! Scripts that are read from right to left: which pieces of a text run to the left, and in which
//! order the runs of a line stand (Unicode Standard Annex 9). A paragraph itself runs to the right.

use super::text::Line;
use crate::report::document::Text;
use unicode_bidi::{BidiInfo, Level};

/// The level of each byte of a text; nothing where all of it runs to the right.
pub(super) struct Levels(Vec<Level>);

impl Levels {
    /// The levels of a text.
    pub(super) fn of(text: &Text) -> Self {
        if !text.0.iter().any(|span| span.text.chars().any(may_run_left)) {
            return Self(Vec::new());
        }
        let plain: String = text.plain().chars().map(tame).collect();
        Self(BidiInfo::new(&plain, Some(Level::ltr())).levels)
    }

    /// The level at a byte.
    pub(super) fn at(&self, at: usize) -> u8 {
        self.0.get(at).map_or(0, Level::number)
    }

    /// A text that begins at a byte, in pieces of one level each.
    pub(super) fn pieces<'t>(
        &self,
        at: usize,
        text: &'t str,
    ) -> impl Iterator<Item = (&'t str, u8)> {
        let mut rest = text;
        let mut from = at;
        let levels = &self.0;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let level = levels.get(from).copied();
            let other = |(i, _): &(usize, char)| levels.get(from + i).copied() != level;
            let end = rest.char_indices().find(other).map_or(rest.len(), |(i, _)| i);
            let (piece, after) = rest.split_at(end);
            (rest, from) = (after, from + end);
            Some((piece, level.map_or(0, |level| level.number())))
        })
    }
}

/// What ends paragraphs or turns text round by command becomes a sign of the same length that does
/// neither: it is spelled out where it stands, and must not make a name read as another one.
fn tame(c: char) -> char {
    match c {
        '\n' | '\r' | '\u{1C}'..='\u{1E}' => ' ',
        '\u{85}' | '\u{61C}' => '\u{A6}',
        '\u{2029}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}' => '\u{FFFC}',
        c => c,
    }
}

/// Whether a character may make text run to the left: Hebrew, Arabic and their neighbours, their
/// presentation forms.
fn may_run_left(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}' | '\u{10800}'..='\u{10FFF}'
        | '\u{1E800}'..='\u{1EFFF}')
}

/// Puts the runs of a line where they stand (rule L2): from the highest level down to the lowest odd
/// one, what is on it or above is turned round.
pub(super) fn arrange(line: &mut Line) {
    let highest = line.runs.iter().map(|run| run.level).max().unwrap_or(0);
    if highest == 0 {
        return;
    }
    for level in (1..=highest).rev() {
        for stretch in line.runs.chunk_by_mut(|a, b| (a.level >= level) == (b.level >= level)) {
            if stretch.iter().all(|run| run.level >= level) {
                stretch.reverse();
            }
        }
    }
    let mut x = 0.0;
    for run in &mut line.runs {
        run.x = x;
        x += run.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>() * run.size / 1000.0;
    }
}
