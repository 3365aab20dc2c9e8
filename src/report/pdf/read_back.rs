//! What comes back from a file that was printed: the plan out of a record copy, what was filled in out
//! of a working copy. The file may have been saved by any viewer since, so nothing in it is trusted:
//! sizes are bounded, and what is not ours is left alone.

use super::{annotations::whole_name, archive::PLAN};
use flate2::read::ZlibDecoder;
use lopdf::{Dictionary, Document as File, Object, ObjectId, decode_text_string};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read as _,
};

/// As many fields as this are read.
const FIELDS_MAX: usize = 200_000;
/// As many characters of a line are taken.
const WRITTEN_MAX: usize = 1000;

/// Why nothing comes back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadBackError {
    /// It is no PDF, or a damaged one.
    #[error("the PDF does not read: {0}")]
    Syntax(String),
    /// It needs a password.
    #[error("the PDF is encrypted; save it without a password first")]
    Encrypted,
    /// It holds no plan.
    #[error("no plan is attached to the PDF: only internal record copies take it along")]
    Plan,
    /// The plan in it is larger than a plan may be.
    #[error("the plan that is attached is larger than {0} bytes")]
    Size(usize),
    /// It has no fields.
    #[error("the PDF has no fields that are filled in: only working copies have them")]
    Fields,
}

/// What was filled in since the copy was printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// Boxes by their ids: ticked or not.
    pub boxes: BTreeMap<String, bool>,
    /// What is written on lines, by their ids.
    pub fields: BTreeMap<String, String>,
    /// How many boxes and lines stand as they were printed.
    pub untouched: usize,
}

/// Whether bytes begin as a PDF does.
pub fn is_pdf(bytes: &[u8]) -> bool {
    bytes.starts_with(b"%PDF-")
}

/// The plan that is attached to a record copy, as it was saved; at most `limit` bytes.
///
/// # Errors
/// When the file does not read, is encrypted, or holds no plan.
pub fn plan(bytes: &[u8], limit: usize) -> Result<Vec<u8>, ReadBackError> {
    let file = load(bytes)?;
    let catalog = file.catalog().ok().ok_or(ReadBackError::Plan)?;
    let attached = resolved(&file, catalog.get(b"AF").ok()).and_then(|o| o.as_array().ok());
    let attached = attached.ok_or(ReadBackError::Plan)?;
    let specs = attached.iter().filter_map(|o| dict(&file, Some(o)));
    for spec in specs {
        let named = resolved(&file, spec.get(b"UF").ok()).and_then(|o| decode_text_string(o).ok());
        if named.as_deref() != Some(PLAN) {
            continue;
        }
        let files = dict(&file, spec.get(b"EF").ok());
        let stream = files.and_then(|files| resolved(&file, files.get(b"F").ok()));
        if let Some(Object::Stream(stream)) = stream {
            return unpacked(&stream.dict, &stream.content, limit);
        }
    }
    Err(ReadBackError::Plan)
}

/// What was filled in on a working copy. What stands as it was printed says nothing: another copy of
/// the same plan may have been ticked meanwhile.
///
/// # Errors
/// When the file does not read, is encrypted, or has no fields.
pub fn filled(bytes: &[u8]) -> Result<Filled, ReadBackError> {
    let file = load(bytes)?;
    let catalog = file.catalog().ok().ok_or(ReadBackError::Fields)?;
    let form = dict(&file, catalog.get(b"AcroForm").ok()).ok_or(ReadBackError::Fields)?;
    let fields = resolved(&file, form.get(b"Fields").ok()).and_then(|o| o.as_array().ok());
    let mut open: Vec<&Object> = fields.ok_or(ReadBackError::Fields)?.iter().collect();
    let mut seen: BTreeSet<ObjectId> = BTreeSet::new();
    let mut found = Filled::default();
    while let Some(object) = open.pop() {
        // A tree that leads back to itself ends here.
        if object.as_reference().is_ok_and(|id| !seen.insert(id)) || seen.len() > FIELDS_MAX {
            continue;
        }
        let Some(field) = dict(&file, Some(object)) else { continue };
        if let Some(kids) = resolved(&file, field.get(b"Kids").ok()).and_then(|o| o.as_array().ok())
        {
            open.extend(kids);
        }
        take(&file, field, &mut found);
    }
    let all = found.boxes.len() + found.fields.len() + found.untouched;
    if all == 0 { Err(ReadBackError::Fields) } else { Ok(found) }
}

/// Takes a field in, if it is one of ours.
fn take(file: &File, field: &Dictionary, found: &mut Filled) -> Option<()> {
    let partial = resolved(file, field.get(b"T").ok()).and_then(|o| decode_text_string(o).ok())?;
    let name = whole_name(&partial)?;
    let value = resolved(file, field.get(b"V").ok());
    let printed = resolved(file, field.get(b"DV").ok());
    match resolved(file, field.get(b"FT").ok())?.as_name().ok()? {
        b"Btn" => {
            // Some viewers write only how it looks, others only what it is.
            let state = value.or_else(|| resolved(file, field.get(b"AS").ok()));
            let ticked = |state: Option<&Object>| {
                state.and_then(|o| o.as_name().ok()).is_some_and(|name| name != b"Off")
            };
            if ticked(state) == ticked(printed) {
                found.untouched += 1;
            } else {
                found.boxes.insert(name, ticked(state));
            }
        }
        b"Tx" => {
            let text = |o: Option<&Object>| written(o.and_then(|o| decode_text_string(o).ok()));
            if text(value) == text(printed) {
                found.untouched += 1;
            } else {
                found.fields.insert(name, text(value));
            }
        }
        _ => {}
    }
    Some(())
}

/// What was written, as one line of a length that a plan can hold.
fn written(text: Option<String>) -> String {
    let text = text.unwrap_or_default();
    let line = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(WRITTEN_MAX);
    line.collect::<String>().trim().to_owned()
}

fn load(bytes: &[u8]) -> Result<File, ReadBackError> {
    let file = File::load_mem(bytes).map_err(|e| ReadBackError::Syntax(e.to_string()))?;
    if file.is_encrypted() { Err(ReadBackError::Encrypted) } else { Ok(file) }
}

fn resolved<'f>(file: &'f File, object: Option<&'f Object>) -> Option<&'f Object> {
    file.dereference(object?).ok().map(|(_, object)| object)
}

fn dict<'f>(file: &'f File, object: Option<&'f Object>) -> Option<&'f Dictionary> {
    resolved(file, object)?.as_dict().ok()
}

/// The content of a stream, at most `limit` bytes of it.
fn unpacked(dict: &Dictionary, content: &[u8], limit: usize) -> Result<Vec<u8>, ReadBackError> {
    let mut bytes = Vec::new();
    if dict.has(b"Filter") {
        let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        let read = ZlibDecoder::new(content).take(most).read_to_end(&mut bytes);
        read.map_err(|e| ReadBackError::Syntax(e.to_string()))?;
    } else {
        bytes.extend_from_slice(content);
    }
    if bytes.len() > limit { Err(ReadBackError::Size(limit)) } else { Ok(bytes) }
}
