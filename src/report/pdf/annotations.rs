//! What a page does when it is clicked: links to other places, boxes that tick, lines that are written
//! on (ISO 32000-1, 12.5 and 12.7).

use super::{
    book::Book,
    draw::{PaintedPage, appearance},
    form::{Field, State},
    objects::{name, pressed, rectangle, text},
    outline::dest,
    structure::Attached,
};
use lopdf::{Dictionary, Document as File, Object, ObjectId, dictionary};
use std::collections::BTreeMap;

/// Set on paper and on the screen alike (the flag Print).
const PRINTED: i64 = 4;

/// Adds links and fields to their pages. Gives back which node each belongs to, and the fields.
pub(super) fn annotations(
    file: &mut File,
    book: &Book,
    painted: &[PaintedPage],
    pages: &[ObjectId],
    resources: ObjectId,
) -> (Vec<Attached>, Vec<ObjectId>) {
    let (mut attached, mut fields) = (Vec::new(), Vec::new());
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for (page, id) in painted.iter().zip(pages) {
        let mut own: Vec<Object> = Vec::new();
        for (rect, anchor, tag) in &page.links {
            let Some(place) = book.places.get(*anchor) else { continue };
            let title = [place.anchor.number.as_str(), place.anchor.title.as_str()].join(" ");
            let link = dictionary! {
                "Type" => name("Annot"), "Subtype" => name("Link"), "F" => PRINTED, "P" => *id,
                "Rect" => corners(*rect), "Border" => vec![0.into(), 0.into(), 0.into()],
                "Contents" => text(title.trim()),
                "Dest" => dest(place, pages, |place| book.height_of(place)),
            };
            let link = file.add_object(link);
            attached.push((*tag, link));
            own.push(link.into());
        }
        for (rect, field, tag) in &page.fields {
            let again = names.entry(field.id.clone()).or_insert(0);
            *again += 1;
            let id_in_file = match *again {
                1 => partial_name(&field.id),
                nth => format!("{}#{nth}", partial_name(&field.id)),
            };
            let mut widget = dictionary! {
                "Type" => name("Annot"), "Subtype" => name("Widget"), "F" => PRINTED, "P" => *id,
                "Rect" => corners(*rect), "T" => text(&id_in_file), "TU" => text(&field.tip),
            };
            state(file, book, field, *rect, resources, &mut widget);
            let widget = file.add_object(widget);
            attached.push((*tag, widget));
            fields.push(widget);
            own.push(widget.into());
        }
        if let Ok(page) = file.get_object_mut(*id).and_then(Object::as_dict_mut) {
            if own.is_empty() {
                page.remove(b"Annots");
            } else {
                page.set("Annots", own);
            }
        }
    }
    (attached, fields)
}

/// The form, where there are fields.
pub(super) fn form(file: &mut File, fields: &[ObjectId]) -> Option<Dictionary> {
    if fields.is_empty() {
        return None;
    }
    // What a viewer sets letters and ticks in while somebody types; both are in every viewer.
    let letters = file.add_object(dictionary! {
        "Type" => name("Font"), "Subtype" => name("Type1"), "BaseFont" => name("Helvetica"),
        "Encoding" => name("WinAnsiEncoding"),
    });
    let ticks = file.add_object(dictionary! {
        "Type" => name("Font"), "Subtype" => name("Type1"), "BaseFont" => name("ZapfDingbats"),
    });
    Some(dictionary! {
        "Fields" => fields.iter().map(|id| Object::Reference(*id)).collect::<Vec<_>>(),
        "DA" => text("/Helv 8 Tf 0 g"),
        "DR" => dictionary! { "Font" => dictionary! { "Helv" => letters, "ZaDb" => ticks } },
    })
}

/// What a field holds and how it looks.
fn state(
    file: &mut File,
    book: &Book,
    field: &Field,
    [_, _, width, height]: [f32; 4],
    resources: ObjectId,
    widget: &mut Dictionary,
) {
    let form = |file: &mut File, content: &[u8]| {
        let dict = dictionary! {
            "Type" => name("XObject"), "Subtype" => name("Form"), "Resources" => resources,
            "BBox" => rectangle([0.0, 0.0, width, height]),
        };
        file.add_object(pressed(dict, content))
    };
    let drawn = appearance(&book.fonts, &book.tags, &field.shown, height);
    match &field.state {
        State::Box(ticked) => {
            let (yes, off) = (form(file, &drawn), form(file, b""));
            let now = name(if *ticked { "Yes" } else { "Off" });
            widget.set("FT", name("Btn"));
            widget.set("V", now.clone());
            // As it was printed: only what differs from it comes back into the plan.
            widget.set("DV", now.clone());
            widget.set("AS", now);
            widget.set("MK", dictionary! { "CA" => text("4") });
            widget.set("DA", text("/ZaDb 0 Tf 0 g"));
            widget.set("AP", dictionary! { "N" => dictionary! { "Yes" => yes, "Off" => off } });
        }
        State::Line(written) => {
            let content = [b"/Tx BMC\n".as_slice(), &drawn, b"EMC\n"].concat();
            let shown = form(file, &content);
            widget.set("FT", name("Tx"));
            widget.set("V", text(written));
            widget.set("DV", text(written));
            widget.set("DA", text("/Helv 8 Tf 0 g"));
            widget.set("AP", dictionary! { "N" => shown });
        }
    }
}

fn corners([x, y, width, height]: [f32; 4]) -> Object {
    rectangle([x, y, x + width, y + height])
}

/// A field's name as the file has it: plain letters, without full stops, which would make it the name
/// of a field within a field (ISO 32000-1, 12.7.3.2).
fn partial_name(id: &str) -> String {
    let letter = |byte: u8| match byte {
        b'.' | b'%' | b'#' | ..=b' ' | 0x7F.. => format!("%{byte:02X}"),
        plain => char::from(plain).to_string(),
    };
    id.bytes().map(letter).collect()
}

/// The field's name behind the one in the file; none where it was not made by [`partial_name`].
pub(super) fn whole_name(partial: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(partial.len());
    let mut rest = partial.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                let digits = std::str::from_utf8(&digits).ok()?;
                bytes.push(u8::from_str_radix(digits, 16).ok()?);
            }
            // One of several fields of the same name.
            b'#' => break,
            plain => bytes.push(plain),
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back_whole() {
        for id in ["step/p1 record:inside/a.b.example/mail/a data/done", "100 %", "Zürich.1", ""] {
            let partial = partial_name(id);
            assert!(!partial.contains('.') && partial.is_ascii(), "{partial}");
            assert_eq!(whole_name(&partial).as_deref(), Some(id));
        }
        assert_eq!(whole_name("step/x#2").as_deref(), Some("step/x"));
    }
}
