//! What the drawing crate leaves undone: outline with levels, language, title, dates, an identifier
//! made from the content. Nothing here looks at a clock or a random number.

use super::flow::Place;
use crate::report::document::Document;
use lopdf::{Dictionary, Document as File, Object, ObjectId, StringFormat, dictionary};

/// Text as PDF has it outside of pages: UTF-16 with a byte order mark.
fn text(value: &str) -> Object {
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend(value.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}

/// Completes the file; `top_of` says how high above its lower edge a page's body begins, in points.
pub(super) fn finish(
    file: &mut File,
    document: &Document,
    places: &[Place],
    top_of: impl Fn(usize) -> f32,
) {
    "1.7".clone_into(&mut file.version);
    let pages: Vec<ObjectId> = file.get_pages().into_values().collect();
    tidy_pages(file, &pages);
    let outline = outline(file, places, &pages, |place| top_of(place.page) - place.y + 12.0);
    let info = information(document);
    let info = file.add_object(info);
    file.trailer.set("Info", info);
    if let Ok(catalog) = file.catalog_mut() {
        catalog.set("Lang", text(&document.language));
        catalog.set("PageMode", Object::Name(b"UseNone".to_vec()));
        catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });
        if let Some(outline) = outline {
            catalog.set("Outlines", outline);
            catalog.set("PageMode", Object::Name(b"UseOutlines".to_vec()));
        }
    }
    file.prune_objects();
    file.renumber_objects();
    file.compress();
}

/// The identifier of a finished file, from its bytes without one.
pub(super) fn identify(file: &mut File, bytes: &[u8]) {
    let mut id = fingerprint(bytes, 0xcbf2_9ce4_8422_2325).to_be_bytes().to_vec();
    id.extend(fingerprint(bytes, 0x6c62_272e_07bb_0142).to_be_bytes());
    let id = Object::String(id, StringFormat::Hexadecimal);
    file.trailer.set("ID", Object::Array(vec![id.clone(), id]));
}

/// FNV-1a: names content, guards nothing.
pub(super) fn fingerprint(bytes: &[u8], start: u64) -> u64 {
    bytes.iter().fold(start, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

/// Empty dictionaries and lists say nothing, and strict readers mind them.
fn tidy_pages(file: &mut File, pages: &[ObjectId]) {
    for id in pages {
        let Ok(page) = file.get_object_mut(*id).and_then(Object::as_dict_mut) else { continue };
        page.remove(b"Annots");
        let resources = page.get(b"Resources").and_then(Object::as_reference);
        let Ok(resources) = resources else { continue };
        if let Ok(resources) = file.get_object_mut(resources).and_then(Object::as_dict_mut) {
            for key in ["XObject", "ExtGState", "Shading"] {
                resources.remove(key.as_bytes());
            }
        }
    }
}

fn information(document: &Document) -> Dictionary {
    let mut info = dictionary! {
        "Title" => text(&format!("{}: {}", document.title, document.subtitle)),
        "Author" => text(&document.author),
        "Subject" => text(&document.client),
        "Creator" => text(concat!("Bridgehead ", env!("CARGO_PKG_VERSION"))),
        "Producer" => text(concat!("Bridgehead ", env!("CARGO_PKG_VERSION"))),
    };
    let date: String = document.date.chars().filter(char::is_ascii_digit).collect();
    if date.len() == 8 {
        let date = Object::string_literal(format!("D:{date}000000Z"));
        info.set("CreationDate", date.clone());
        info.set("ModDate", date);
    }
    info
}

/// The outline, two levels deep; none where nothing has an anchor.
fn outline(
    file: &mut File,
    places: &[Place],
    pages: &[ObjectId],
    y_of: impl Fn(&Place) -> f32,
) -> Option<ObjectId> {
    if places.is_empty() {
        return None;
    }
    let root = file.new_object_id();
    let ids: Vec<ObjectId> = places.iter().map(|_| file.new_object_id()).collect();
    let is_top = |at: usize| places[at].anchor.level <= 1 || at == 0;
    let tops: Vec<usize> = (0..places.len()).filter(|at| is_top(*at)).collect();
    let mut entries: Vec<Dictionary> = places
        .iter()
        .map(|place| {
            let page = pages.get(place.page).or_else(|| pages.last()).copied().unwrap_or(root);
            let at = Object::Real(y_of(place).round());
            let dest = vec![page.into(), "XYZ".into(), Object::Null, at, Object::Null];
            let title = [place.anchor.number.as_str(), place.anchor.title.as_str()].join(" ");
            dictionary! { "Title" => text(title.trim()), "Dest" => dest }
        })
        .collect();
    link(&mut entries, &ids, &tops, root);
    for (nth, top) in tops.iter().enumerate() {
        let end = tops.get(nth + 1).copied().unwrap_or(places.len());
        let below: Vec<usize> = (top + 1..end).collect();
        if let (Some(first), Some(last)) = (below.first(), below.last()) {
            link(&mut entries, &ids, &below, ids[*top]);
            entries[*top].set("First", ids[*first]);
            entries[*top].set("Last", ids[*last]);
            // Negative: closed until somebody opens it.
            entries[*top].set("Count", -i64::try_from(below.len()).unwrap_or(0));
        }
    }
    for (id, entry) in ids.iter().zip(entries) {
        file.objects.insert(*id, Object::Dictionary(entry));
    }
    let (first, last) = (tops.first()?, tops.last()?);
    let all = dictionary! {
        "Type" => "Outlines",
        "First" => ids[*first],
        "Last" => ids[*last],
        "Count" => i64::try_from(tops.len()).unwrap_or(0),
    };
    file.objects.insert(root, Object::Dictionary(all));
    Some(root)
}

fn link(entries: &mut [Dictionary], ids: &[ObjectId], siblings: &[usize], parent: ObjectId) {
    for (nth, at) in siblings.iter().enumerate() {
        entries[*at].set("Parent", parent);
        if nth > 0 {
            entries[*at].set("Prev", ids[siblings[nth - 1]]);
        }
        if let Some(next) = siblings.get(nth + 1) {
            entries[*at].set("Next", ids[*next]);
        }
    }
}
