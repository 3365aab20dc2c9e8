//! Small things that all parts of a file are made of.

use flate2::{Compress, Compression, FlushCompress, Status};
use lopdf::{Dictionary, Document, Object, Stream, StringFormat};
use std::{cell::RefCell, cmp::Reverse, thread};

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

/// Presses all streams that are not yet pressed, on all cores. What comes out does not depend on who
/// pressed it.
pub(super) fn press_all(file: &mut Document) {
    const HANDS_MAX: usize = 8;
    let hands = thread::available_parallelism().map_or(1, usize::from).min(HANDS_MAX);
    let streams = file.objects.values_mut().filter_map(|object| match object {
        Object::Stream(stream) => Some(stream),
        _ => None,
    });
    let mut streams: Vec<&mut Stream> = streams.collect();
    // The long ones are dealt first, so that all hands have as much to do.
    streams.sort_by_key(|stream| Reverse(stream.content.len()));
    let mut dealt: Vec<Vec<&mut Stream>> = (0..hands).map(|_| Vec::new()).collect();
    for (at, stream) in streams.into_iter().enumerate() {
        dealt[at % hands].push(stream);
    }
    let own = dealt.pop().unwrap_or_default();
    thread::scope(|scope| {
        for hand in dealt {
            scope.spawn(|| hand.into_iter().for_each(press_stream));
        }
        own.into_iter().for_each(press_stream);
    });
}

/// Presses what is in a stream that is not yet pressed.
fn press_stream(stream: &mut Stream) {
    if stream.allows_compression
        && stream.dict.get(b"Filter").is_err()
        && let Some(pressed) = press(&stream.content)
        && pressed.len() < stream.content.len()
    {
        stream.dict.set("Filter", name("FlateDecode"));
        stream.set_content(pressed);
    }
}

thread_local! {
    /// What presses: its tables are large beside most streams, so they are made once a thread.
    static PRESS: RefCell<Compress> = RefCell::new(Compress::new(Compression::new(LEVEL), true));
}

fn press(content: &[u8]) -> Option<Vec<u8>> {
    PRESS.with_borrow_mut(|press| {
        press.reset();
        let mut out = Vec::with_capacity(content.len() / 2 + 64);
        loop {
            let taken = usize::try_from(press.total_in()).ok()?;
            let rest = content.get(taken..)?;
            if press.compress_vec(rest, &mut out, FlushCompress::Finish).ok()? == Status::StreamEnd
            {
                return Some(out);
            }
            out.reserve(content.len() / 2 + 64);
        }
    })
}

/// FNV-1a: names content, guards nothing.
pub(super) fn fingerprint(bytes: &[u8], start: u64) -> u64 {
    bytes.iter().fold(start, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}
