//! What makes a handover a consultant's own: one colour and a logo, from a small RON file.

use crate::report::document::Rgb;
use serde::Deserialize;
use std::sync::Arc;

/// What makes a handover a consultant's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// The colour of numbers, notes and the client's name on the cover.
    pub accent: Option<Rgb>,
    /// The logo on the cover.
    pub logo: Option<Logo>,
}

/// A picture in red, green and blue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Three bytes a pixel.
    pub rgb: Arc<[u8]>,
    /// How opaque each pixel is, where not all of them are.
    pub alpha: Option<Arc<[u8]>>,
    /// What is said in its place.
    pub alt: String,
}

/// A profile as its file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProfileFile {
    /// The firm: what is said in the logo's place.
    pub firm: String,
    /// The colour, as `#0072B2`.
    pub accent: String,
    /// The logo: a PNG file, its path counted from the profile's folder.
    pub logo: String,
}

/// Why a profile is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// It is no RON, or has other fields.
    #[error("{line}:{column}: {why}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What the reader says.
        why: String,
    },
    /// The colour is none.
    #[error("`{0}` is no colour: expected `#` and six hexadecimal digits")]
    Colour(String),
    /// The colour is too pale.
    #[error("`{colour}` has a contrast of {contrast} to 1 on white paper; text needs 4.5 to 1")]
    Pale {
        /// The colour.
        colour: String,
        /// The contrast, with one decimal.
        contrast: String,
    },
    /// The logo does not read.
    #[error("the logo is no PNG file that can be read: {0}")]
    Logo(String),
    /// The logo is larger than any printer shows on a cover.
    #[error("the logo has {width} × {height} pixels; at most {most} × {most} are taken")]
    Size {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
        /// The largest side.
        most: u32,
    },
}

/// The largest side of a logo in pixels.
const SIDE_MAX: u32 = 4096;
/// What text needs on paper (WCAG 2.1, 1.4.3).
const CONTRAST_MIN: f32 = 4.5;

impl ProfileFile {
    /// Reads a profile's file.
    ///
    /// # Errors
    /// When it is no RON or has unknown fields.
    pub fn from_ron(text: &str) -> Result<Self, ProfileError> {
        ron::from_str(text).map_err(|error| ProfileError::Syntax {
            line: error.span.start.line,
            column: error.span.start.col,
            why: error.code.to_string(),
        })
    }

    /// The profile, with the bytes of its logo.
    ///
    /// # Errors
    /// When the colour is none or too pale, or the logo does not read.
    pub fn profile(&self, logo: Option<&[u8]>) -> Result<Profile, ProfileError> {
        let accent = if self.accent.is_empty() { None } else { Some(accent(&self.accent)?) };
        let alt = if self.firm.is_empty() { "Logo" } else { &self.firm };
        let logo = logo.map(|bytes| read_png(bytes, alt)).transpose()?;
        Ok(Profile { accent, logo })
    }
}

fn accent(text: &str) -> Result<Rgb, ProfileError> {
    let digits = text.strip_prefix('#').filter(|d| d.len() == 6 && d.is_ascii());
    let part = |at: usize| digits.and_then(|d| u8::from_str_radix(&d[at..at + 2], 16).ok());
    let (Some(r), Some(g), Some(b)) = (part(0), part(2), part(4)) else {
        return Err(ProfileError::Colour(text.to_owned()));
    };
    let contrast = 1.05 / (luminance([r, g, b]) + 0.05);
    if contrast < CONTRAST_MIN {
        let contrast = format!("{contrast:.1}");
        return Err(ProfileError::Pale { colour: text.to_owned(), contrast });
    }
    Ok([r, g, b])
}

/// The relative luminance (WCAG 2.1).
fn luminance(color: Rgb) -> f32 {
    let linear = |part: u8| {
        let part = f32::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    let [r, g, b] = color.map(linear);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn read_png(bytes: &[u8], alt: &str) -> Result<Logo, ProfileError> {
    let refuse = |error: png::DecodingError| ProfileError::Logo(error.to_string());
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(refuse)?;
    let (width, height) = (reader.info().width, reader.info().height);
    if width.max(height) > SIDE_MAX {
        return Err(ProfileError::Size { width, height, most: SIDE_MAX });
    }
    let size = reader.output_buffer_size();
    let size = size.ok_or_else(|| ProfileError::Logo("it is too large".to_owned()))?;
    let mut pixels = vec![0; size];
    let info = reader.next_frame(&mut pixels).map_err(refuse)?;
    let samples = info.color_type.samples();
    let count = width as usize * height as usize;
    let mut rgb = Vec::with_capacity(count * 3);
    let mut alpha = Vec::with_capacity(count);
    for pixel in pixels[..info.buffer_size()].chunks_exact(samples) {
        match *pixel {
            [grey] => rgb.extend([grey; 3]),
            [grey, _] => rgb.extend([grey; 3]),
            [r, g, b, ..] => rgb.extend([r, g, b]),
            [] => {}
        }
        alpha.push(if samples.is_multiple_of(2) { pixel[samples - 1] } else { u8::MAX });
    }
    let opaque = alpha.iter().all(|a| *a == u8::MAX);
    let alpha = (!opaque).then(|| alpha.into());
    Ok(Logo { width, height, rgb: rgb.into(), alpha, alt: alt.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(text: &str) -> Result<Profile, ProfileError> {
        ProfileFile::from_ron(text).and_then(|file| file.profile(None))
    }

    #[test]
    fn a_colour_that_cannot_be_read_on_paper_is_refused() {
        assert_eq!(profile("(accent: \"#0072B2\")").map(|p| p.accent), Ok(Some([0, 0x72, 0xB2])));
        assert!(matches!(profile("(accent: \"#FFD000\")"), Err(ProfileError::Pale { .. })));
        assert!(matches!(profile("(accent: \"blue\")"), Err(ProfileError::Colour(_))));
        assert!(matches!(profile("(colour: \"#000000\")"), Err(ProfileError::Syntax { .. })));
    }
}
