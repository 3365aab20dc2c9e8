//! Small things that all parts of a file are made of.

use flate2::{Compression, write::ZlibEncoder};
use lopdf::{Dictionary, Object, Stream, StringFormat};
use std::io::Write as _;

/// How hard streams are pressed: beyond this it takes much longer and gains next to nothing.
const LEVEL: u32 = 5;

/// Text as PDF has it outside of pages: plain where it is ASCII, else UTF-16 with a byte order mark.
pub(super) fn text(value: &str) -> Object {
    if value.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        return Object::String(value.as_bytes().to_vec(), StringFormat::Literal);
    }
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend(value.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}

/// A name.
pub(super) fn name(value: &str) -> Object {
    Object::Name(value.as_bytes().to_vec())
}

/// Numbers as a rectangle: left, low, right, high.
pub(super) fn rectangle(values: [f32; 4]) -> Object {
    Object::Array(values.map(|value| Object::Real((value * 100.0).round() / 100.0)).to_vec())
}

/// A stream, pressed.
pub(super) fn pressed(mut dict: Dictionary, content: &[u8]) -> Stream {
    match press(content) {
        Some(pressed) if pressed.len() < content.len() => {
            dict.set("Filter", name("FlateDecode"));
            Stream::new(dict, pressed).with_compression(false)
        }
        _ => Stream::new(dict, content.to_vec()).with_compression(false),
    }
}

/// Presses what is in a stream that is not yet pressed.
pub(super) fn press_stream(stream: &mut Stream) {
    if stream.allows_compression
        && stream.dict.get(b"Filter").is_err()
        && let Some(pressed) = press(&stream.content)
        && pressed.len() < stream.content.len()
    {
        stream.dict.set("Filter", name("FlateDecode"));
        stream.set_content(pressed);
    }
}

fn press(content: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(LEVEL));
    encoder.write_all(content).ok()?;
    encoder.finish().ok()
}

/// FNV-1a: names content, guards nothing.
pub(super) fn fingerprint(bytes: &[u8], start: u64) -> u64 {
    bytes.iter().fold(start, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}
