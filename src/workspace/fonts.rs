//! Fonts of this machine, for characters that the program's own font lacks.

use fontdb::{Database, FaceInfo, Style, Weight};
use rustybuzz::ttf_parser::Face;
use std::{collections::BTreeSet, sync::Arc};

/// Families that are well drawn and quiet beside IBM Plex, the best first; any other comes after them.
const FAMILIES: [&str; 12] = [
    "Noto Sans",
    "Segoe UI",
    "Yu Gothic",
    "Microsoft YaHei",
    "Malgun Gothic",
    "Arial",
    "DejaVu Sans",
    "Droid Sans",
    "Hiragino",
    "PingFang",
    "WenQuanYi",
    "Liberation Sans",
];
/// More than this many fonts no document needs.
const FONTS_MAX: usize = 6;

/// A font of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemFont {
    /// Its name.
    pub name: String,
    /// The file.
    pub bytes: Arc<[u8]>,
    /// Which font of a collection.
    pub index: u32,
}

/// Fonts that together have as many of the characters as any here have: the same fonts on the same
/// machine for the same characters.
pub fn covering(wanted: &BTreeSet<char>) -> Vec<SystemFont> {
    let mut database = Database::new();
    database.load_system_fonts();
    let mut faces: Vec<&FaceInfo> =
        database.faces().filter(|face| face.style == Style::Normal && !face.monospaced).collect();
    faces.sort_by_key(|face| order(face));
    let has: Vec<(&FaceInfo, BTreeSet<char>)> = faces
        .into_iter()
        .map(|face| (face, had(&database, face, wanted)))
        .filter(|(_, had)| !had.is_empty())
        .collect();
    let mut left = wanted.clone();
    let mut found = Vec::new();
    while !left.is_empty() && found.len() < FONTS_MAX {
        // The one with the most; of several the one that stands first.
        let best = has
            .iter()
            .enumerate()
            .max_by_key(|(at, (_, had))| (had.intersection(&left).count(), std::cmp::Reverse(*at)));
        let Some((_, (face, had))) = best.filter(|(_, (_, had))| !had.is_disjoint(&left)) else {
            break;
        };
        let bytes = database.with_face_data(face.id, |data, _| Arc::from(data));
        if let Some(bytes) = bytes {
            let name = face.post_script_name.clone();
            found.push(SystemFont { name, bytes, index: face.index });
        }
        left.retain(|c| !had.contains(c));
    }
    found
}

/// Regular weights first, then the families, then by name.
fn order(face: &FaceInfo) -> (u16, usize, String, u32) {
    let weight = face.weight.0.abs_diff(Weight::NORMAL.0);
    let family = face.families.first().map_or("", |(name, _)| name.as_str());
    let rank = FAMILIES.iter().position(|known| family.starts_with(known));
    (weight, rank.unwrap_or(FAMILIES.len()), face.post_script_name.clone(), face.index)
}

fn had(database: &Database, face: &FaceInfo, wanted: &BTreeSet<char>) -> BTreeSet<char> {
    let parsed = database.with_face_data(face.id, |data, index| {
        let face = Face::parse(data, index).ok()?;
        // Fonts of pictures have no outlines that could be embedded.
        let tables = face.tables();
        if tables.glyf.is_none() && tables.cff.is_none() {
            return None;
        }
        let has = |c: &char| face.glyph_index(*c).is_some_and(|glyph| glyph.0 != 0);
        Some(wanted.iter().copied().filter(has).collect())
    });
    parsed.flatten().unwrap_or_default()
}
