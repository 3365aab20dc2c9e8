//! A content stream as it is written: numbers in hundredths, and only what changes.

use super::fonts::Glyph;
use crate::report::document::{Rgb, Stroke};

/// The name under which pages know the consultant's logo.
pub(super) const LOGO: &str = "Logo";

/// What stands until it is set anew.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Standing {
    fill: Option<Rgb>,
    stroke: Option<Rgb>,
    width: Option<f32>,
}

/// A stream under the pen.
#[derive(Debug, Default)]
pub(super) struct Stream {
    /// What is written so far.
    pub(super) bytes: Vec<u8>,
    standing: Standing,
    saved: Vec<Standing>,
}

impl Stream {
    /// A line as it is.
    pub(super) fn line(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.bytes.push(b'\n');
    }

    /// What is set from here on is forgotten by [`Self::restore`].
    pub(super) fn save(&mut self) {
        self.saved.push(self.standing);
        self.line("q");
    }

    /// Back to what stood at the last [`Self::save`].
    pub(super) fn restore(&mut self) {
        self.standing = self.saved.pop().unwrap_or_default();
        self.line("Q");
    }

    /// The colour of grounds and letters.
    pub(super) fn fill(&mut self, color: Rgb) {
        if self.standing.fill != Some(color) {
            self.standing.fill = Some(color);
            self.color(color, "rg");
        }
    }

    /// How edges are drawn.
    pub(super) fn stroke(&mut self, stroke: &Stroke) {
        if self.standing.stroke != Some(stroke.color) {
            self.standing.stroke = Some(stroke.color);
            self.color(stroke.color, "RG");
        }
        if self.standing.width != Some(stroke.width) {
            self.standing.width = Some(stroke.width);
            self.number(stroke.width);
            self.line("w");
        }
        if stroke.round {
            self.line("1 J");
            self.line("1 j");
        }
        if !stroke.dash.is_empty() {
            self.bytes.push(b'[');
            for length in &stroke.dash {
                self.number(*length);
            }
            self.line("] 0 d");
        }
    }

    fn color(&mut self, color: Rgb, operator: &str) {
        for part in color {
            let thousandths = (u32::from(part) * 1000 + 127) / 255;
            self.decimal(i64::from(thousandths), 1000);
        }
        self.line(operator);
    }

    /// An operator with points.
    pub(super) fn points(&mut self, operator: &str, points: &[[f32; 2]]) {
        for [x, y] in points {
            self.number(*x);
            self.number(*y);
        }
        self.line(operator);
    }

    /// The face and size of the letters that follow.
    pub(super) fn font(&mut self, key: &str, size: f32) {
        self.bytes.push(b'/');
        self.bytes.extend_from_slice(key.as_bytes());
        self.bytes.push(b' ');
        self.number(size);
        self.line("Tf");
    }

    /// Where the letters begin.
    pub(super) fn position(&mut self, [x, y]: [f32; 2]) {
        self.number(x);
        self.number(y);
        self.line("Td");
    }

    /// Letters, each where shaping put it.
    pub(super) fn glyphs(&mut self, glyphs: &[Glyph]) {
        const HEX: &[u8; 16] = b"0123456789ABCDEF";
        self.bytes.extend_from_slice(b"[<");
        for (at, glyph) in glyphs.iter().enumerate() {
            for shift in [12, 8, 4, 0] {
                self.bytes.push(HEX[usize::from((glyph.gid >> shift) & 15)]);
            }
            let kern = kern(glyph.natural, glyph.advance);
            if kern != 0 && at + 1 < glyphs.len() {
                self.bytes.push(b'>');
                self.whole(kern);
                self.bytes.push(b'<');
            }
        }
        self.line(">] TJ");
    }

    /// The logo in a rectangle.
    pub(super) fn image(&mut self, [x, y, width, height]: [f32; 4]) {
        self.save();
        for value in [width, 0.0, 0.0, height, x, y] {
            self.number(value);
        }
        self.line("cm");
        self.line(&format!("/{LOGO} Do"));
        self.restore();
    }

    /// A hundredth of a point is finer than any printer.
    fn number(&mut self, value: f32) {
        // Far beyond any page, and no number at all becomes 0.
        let hundredths = (f64::from(value) * 100.0).round().clamp(-1e9, 1e9);
        #[expect(clippy::cast_possible_truncation, reason = "clamped just now")]
        self.decimal(hundredths as i64, 100);
    }

    /// A number of parts of `whole`, with a space after it.
    fn decimal(&mut self, parts: i64, whole: i64) {
        if parts < 0 {
            self.bytes.push(b'-');
        }
        let parts = parts.abs();
        self.whole(parts / whole);
        let mut rest = parts % whole;
        let mut unit = whole / 10;
        if rest > 0 {
            self.bytes.push(b'.');
        }
        while rest > 0 {
            self.whole(rest / unit);
            rest %= unit;
            unit /= 10;
        }
        self.bytes.push(b' ');
    }

    fn whole(&mut self, value: i64) {
        if value < 0 {
            self.bytes.push(b'-');
        }
        let mut digits = [0_u8; 20];
        let mut at = digits.len();
        let mut rest = value.unsigned_abs();
        loop {
            at -= 1;
            digits[at] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.bytes.extend_from_slice(&digits[at..]);
    }
}

/// What moves the next glyph from where the font's widths would put it to where shaping puts it.
fn kern(natural: f32, advance: f32) -> i64 {
    let kern = natural - advance;
    #[expect(clippy::cast_possible_truncation, reason = "thousandths of an em: some thousands")]
    if kern.abs() < 0.5 { 0 } else { kern.round() as i64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_exact_to_a_hundredth() {
        let mut out = Stream::default();
        for value in [0.0, 1.0, -0.5, 595.28, 12.05, -12.345, 0.004, f32::NAN] {
            out.number(value);
        }
        assert_eq!(String::from_utf8_lossy(&out.bytes), "0 1 -0.5 595.28 12.05 -12.35 0 0 ");
    }

    #[test]
    fn what_stands_is_not_set_again() {
        let mut out = Stream::default();
        out.fill([255, 0, 0]);
        out.fill([255, 0, 0]);
        out.save();
        out.fill([0, 0, 0]);
        out.restore();
        out.fill([255, 0, 0]);
        assert_eq!(String::from_utf8_lossy(&out.bytes), "1 0 0 rg\nq\n0 0 0 rg\nQ\n");
    }
}
