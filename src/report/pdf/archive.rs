//! What a file says of itself, and what makes it one to keep (PDF/A-3, ISO 19005-3): properties twice,
//! as an information dictionary and as XMP; the colour space that is meant; the plan as an attachment.

use super::{
    PdfOptions,
    objects::{name, pressed, text},
};
use crate::report::{Copy, document::Document};
use lopdf::{Document as File, Object, ObjectId, Stream, dictionary};

/// The sRGB profile, made for the public domain by the Compact ICC Profiles project.
const SRGB: &[u8] = include_bytes!("../../../assets/icc/sRGB-v2-magic.icc");
const PROGRAM: &str = concat!("Bridgehead ", env!("CARGO_PKG_VERSION"));
/// The name of the plan in a record copy.
pub(super) const PLAN: &str = "plan.ron";

/// The date as both forms have it; none where the document bears none.
fn dates(document: &Document) -> Option<(String, String)> {
    let digits: String = document.date.chars().filter(char::is_ascii_digit).collect();
    (digits.len() == 8).then(|| {
        let (year, month, day) = (&digits[..4], &digits[4..6], &digits[6..]);
        (format!("D:{digits}000000Z"), format!("{year}-{month}-{day}T00:00:00Z"))
    })
}

fn title(document: &Document) -> String {
    format!("{}: {}", document.title, document.subtitle)
}

/// The information dictionary.
pub(super) fn information(file: &mut File, document: &Document) -> ObjectId {
    let mut info = dictionary! {
        "Title" => text(&title(document)),
        "Author" => text(&document.author),
        "Subject" => text(&document.client),
        "Creator" => text(PROGRAM),
        "Producer" => text(PROGRAM),
    };
    if let Some((date, _)) = dates(document) {
        info.set("CreationDate", Object::string_literal(date.clone()));
        info.set("ModDate", Object::string_literal(date));
    }
    file.add_object(info)
}

/// The same as XMP (ISO 16684-1).
pub(super) fn metadata(file: &mut File, document: &Document, copy: Copy) -> ObjectId {
    let mut said = String::new();
    let mut say = |xml: &str| {
        said.push_str("   ");
        said.push_str(xml);
        said.push('\n');
    };
    let tag = |name: &str, value: &str| format!("<{name}>{}</{name}>", escaped(value));
    let alt = |name: &str, value: &str| {
        let li = format!("<rdf:li xml:lang=\"x-default\">{}</rdf:li>", escaped(value));
        format!("<{name}><rdf:Alt>{li}</rdf:Alt></{name}>")
    };
    say("<dc:format>application/pdf</dc:format>");
    say(&alt("dc:title", &title(document)));
    if !document.client.is_empty() {
        say(&alt("dc:description", &document.client));
    }
    if !document.author.is_empty() {
        let li = format!("<rdf:li>{}</rdf:li>", escaped(&document.author));
        say(&format!("<dc:creator><rdf:Seq>{li}</rdf:Seq></dc:creator>"));
    }
    let language = escaped(&document.language);
    say(&format!("<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>"));
    say(&tag("pdf:Producer", PROGRAM));
    say(&tag("xmp:CreatorTool", PROGRAM));
    if let Some((_, date)) = dates(document) {
        say(&tag("xmp:CreateDate", &date));
        say(&tag("xmp:ModifyDate", &date));
        say(&tag("xmp:MetadataDate", &date));
    }
    if copy == Copy::Record {
        say("<pdfaid:part>3</pdfaid:part>");
        say("<pdfaid:conformance>B</pdfaid:conformance>");
    }
    let packet = format!(
        "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n \
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n  \
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" \
         xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\n{said}  \
         </rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>"
    );
    let dict = dictionary! { "Type" => name("Metadata"), "Subtype" => name("XML") };
    // Spelled out, so that programs that know nothing of PDF find it.
    file.add_object(Stream::new(dict, packet.into_bytes()).with_compression(false))
}

/// Text within XML; what XML has no place for is left out.
fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c if u32::from(c) < 0x20 || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {}
            c => out.push(c),
        }
    }
    out
}

/// The colour space that all colours are meant in.
pub(super) fn intent(file: &mut File) -> Object {
    let profile = file.add_object(pressed(dictionary! { "N" => 3 }, SRGB));
    Object::Array(vec![Object::Dictionary(dictionary! {
        "Type" => name("OutputIntent"),
        "S" => name("GTS_PDFA1"),
        "OutputConditionIdentifier" => text("sRGB"),
        "Info" => text("sRGB IEC61966-2.1"),
        "RegistryName" => text("http://www.color.org"),
        "DestOutputProfile" => profile,
    })])
}

/// Attaches the plan; gives back the file's entry.
pub(super) fn attach(
    file: &mut File,
    document: &Document,
    options: &PdfOptions,
) -> Option<ObjectId> {
    let plan = options.plan.as_ref().filter(|_| options.copy == Copy::Record)?;
    let mut sizes = dictionary! { "Size" => i64::try_from(plan.len()).unwrap_or(i64::MAX) };
    if let Some((date, _)) = dates(document) {
        sizes.set("ModDate", Object::string_literal(date));
    }
    let dict = dictionary! {
        "Type" => name("EmbeddedFile"), "Subtype" => name("text/plain"), "Params" => sizes,
    };
    let stream = file.add_object(pressed(dict, plan));
    Some(file.add_object(dictionary! {
        "Type" => name("Filespec"), "F" => text(PLAN), "UF" => text(PLAN),
        "EF" => dictionary! { "F" => stream, "UF" => stream },
        // The document was made from it (ISO 32000-2, 7.11.3).
        "AFRelationship" => name("Source"),
        "Desc" => text("The plan that this handover was printed from"),
    }))
}
