//! The file: the PDF crate makes the frame of pages and fonts, the pages' content is written beside it,
//! and one pass adds what the crate leaves undone. Nothing here looks at a clock or a random number.

use super::{
    RenderError, annotations, archive,
    book::Book,
    draw::{self, PaintedPage},
    flow::Place,
    frame,
    objects::{self, fingerprint, name, pressed, text},
    outline::outline,
    profile::Logo,
    stream,
    structure::structure,
};
use crate::report::{Copy, document::Document};
use lopdf::{Document as File, Object, ObjectId, SaveOptions, Stream, StringFormat, dictionary};
use printpdf::{
    Codepoint, FontId, Op, ParsedFont, PdfDocument, PdfFont, PdfFontHandle, PdfPage,
    PdfSaveOptions, Pt, TextItem,
};

impl Book {
    /// How high above its page's lower edge a place is, in points.
    pub(super) fn height_of(&self, place: &Place) -> f32 {
        let height = self.sheets().get(place.page).map_or(0.0, |sheet| sheet.size[1]);
        height - frame::ORIGIN[1] - place.y + 12.0
    }
}

/// The file of a document that is laid out.
///
/// # Errors
/// When a font cannot be cut down or the PDF crate refuses.
pub fn file(book: &Book, document: &Document) -> Result<Vec<u8>, RenderError> {
    let painted: Vec<PaintedPage> =
        book.sheets().iter().map(|sheet| draw::page(&book.fonts, &book.tags, sheet)).collect();
    let mut file = skeleton(book, document)?;
    "1.7".clone_into(&mut file.version);
    let pages: Vec<ObjectId> = file.get_pages().into_values().collect();
    let resources = contents(&mut file, book, &painted, &pages);
    let (attached, fields) = annotations::annotations(&mut file, book, &painted, &pages, resources);
    let tree = structure(&mut file, &book.tags, &painted, &pages, &attached);
    let outline = outline(&mut file, &book.places, &pages, |place| book.height_of(place));
    let form = annotations::form(&mut file, &fields);
    let info = archive::information(&mut file, document);
    let metadata = archive::metadata(&mut file, document, book.options.copy);
    let plan = archive::attach(&mut file, document, &book.options);
    let intent = (book.options.copy == Copy::Record).then(|| archive::intent(&mut file));
    if let Ok(crates) = file.trailer.get(b"Info").and_then(Object::as_reference) {
        file.objects.remove(&crates);
    }
    file.trailer.set("Info", info);
    if let Ok(catalog) = file.catalog_mut() {
        catalog.set("Lang", text(&document.language));
        catalog.set("PageMode", name(if outline.is_some() { "UseOutlines" } else { "UseNone" }));
        catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });
        let decimal = dictionary! { "S" => name("D") };
        catalog.set("PageLabels", dictionary! { "Nums" => vec![0.into(), decimal.into()] });
        catalog.set("MarkInfo", dictionary! { "Marked" => true });
        catalog.set("StructTreeRoot", tree);
        catalog.set("Metadata", metadata);
        if let Some(outline) = outline {
            catalog.set("Outlines", outline);
        }
        if let Some(form) = form {
            catalog.set("AcroForm", form);
        }
        if let Some(intent) = intent {
            catalog.set("OutputIntents", intent);
        }
        if let Some(plan) = plan {
            let names = vec![text(archive::PLAN), plan.into()];
            let names = dictionary! { "EmbeddedFiles" => dictionary! { "Names" => names } };
            catalog.set("Names", names);
            catalog.set("AF", vec![plan.into()]);
        }
    }
    finished(file, book, document, &painted)
}

/// Pages without content, and the fonts with the glyphs that are used. The crate embeds a font with
/// the glyphs that it finds on pages, so the first page names them all until its content comes.
fn skeleton(book: &Book, document: &Document) -> Result<File, RenderError> {
    let mut pdf = PdfDocument::new(&document.title);
    let mut glyphs = Vec::new();
    for face in book.fonts.faces() {
        let Some(program) = book.fonts.program(face)? else { continue };
        let face_name = book.fonts.name(face);
        let mut parsed = ParsedFont::from_bytes(&program, 0, &mut Vec::new())
            .ok_or_else(|| RenderError::Font { face: face_name.clone() })?;
        parsed.font_name = Some(face_name);
        let id = FontId(book.fonts.key(face).to_owned());
        pdf.resources.fonts.map.insert(id.clone(), PdfFont::new(parsed));
        let used = book.fonts.used(face).map(|(gid, text)| Codepoint {
            gid,
            offset: 0.0,
            cid: (!text.is_empty()).then(|| text.to_owned()),
        });
        let items = vec![TextItem::GlyphIds(used.collect())];
        let font = PdfFontHandle::External(id);
        glyphs.extend([Op::SetFont { font, size: Pt(1.0) }, Op::ShowText { items }]);
    }
    pdf.pages = book
        .sheets()
        .iter()
        .map(|sheet| {
            let [width, height] = sheet.size;
            PdfPage::new(Pt(width).into(), Pt(height).into(), std::mem::take(&mut glyphs))
        })
        .collect();
    Ok(pdf.to_lopdf_document(&PdfSaveOptions::default(), &mut Vec::new()))
}

/// Puts the content on the pages; all of them share one dictionary of fonts and pictures.
fn contents(file: &mut File, book: &Book, painted: &[PaintedPage], pages: &[ObjectId]) -> ObjectId {
    let dict_of = |file: &File, id: ObjectId, key: &[u8]| {
        file.get_dictionary(id).and_then(|d| d.get(key)).and_then(Object::as_reference).ok()
    };
    let first = pages.first().and_then(|page| dict_of(file, *page, b"Resources"));
    let fonts = first.and_then(|resources| dict_of(file, resources, b"Font"));
    let mut resources = dictionary! {};
    if let Some(fonts) = fonts {
        resources.set("Font", fonts);
    }
    if let Some(logo) = book.logo() {
        let logo = picture(file, logo);
        resources.set("XObject", dictionary! { stream::LOGO => logo });
    }
    let resources = file.add_object(resources);
    for (page, id) in painted.iter().zip(pages) {
        let own = dict_of(file, *id, b"Contents");
        let content = Object::Stream(Stream::new(dictionary! {}, page.content.clone()));
        if let Some(own) = own {
            file.objects.insert(own, content);
        } else {
            let own = file.add_object(content);
            if let Ok(page) = file.get_object_mut(*id).and_then(Object::as_dict_mut) {
                page.set("Contents", own);
            }
        }
        let crates = dict_of(file, *id, b"Resources");
        if let Some(crates) = crates {
            file.objects.remove(&crates);
        }
        if let Ok(page) = file.get_object_mut(*id).and_then(Object::as_dict_mut) {
            page.set("Resources", resources);
        }
    }
    resources
}

fn picture(file: &mut File, logo: &Logo) -> ObjectId {
    let dict = |space: &str| {
        dictionary! {
            "Type" => name("XObject"), "Subtype" => name("Image"),
            "Width" => i64::from(logo.width), "Height" => i64::from(logo.height),
            "ColorSpace" => name(space), "BitsPerComponent" => 8,
        }
    };
    let mut colours = dict("DeviceRGB");
    if let Some(alpha) = &logo.alpha {
        let mask = file.add_object(pressed(dict("DeviceGray"), alpha));
        colours.set("SMask", mask);
    }
    file.add_object(pressed(colours, &logo.rgb))
}

/// Presses, numbers, names and writes the file.
fn finished(
    mut file: File,
    book: &Book,
    document: &Document,
    painted: &[PaintedPage],
) -> Result<Vec<u8>, RenderError> {
    objects::press_all(&mut file);
    file.trailer.set("ID", identifier(book, document, painted));
    let mut bytes = Vec::new();
    let options = SaveOptions::builder()
        .use_object_streams(true)
        .use_xref_streams(true)
        .max_objects_per_stream(200)
        .compression_level(5)
        .build();
    file.save_with_options(&mut bytes, options)
        .map_err(|error| RenderError::Write(error.to_string()))?;
    Ok(bytes)
}

/// The identifier, from what the file shows and says.
fn identifier(book: &Book, document: &Document, painted: &[PaintedPage]) -> Object {
    let plan = book.options.plan.as_deref().unwrap_or_default();
    let said = [&document.title, &document.subtitle, &document.author, &document.date];
    let said = said.map(String::as_str).join("\0");
    let parts = || {
        let pages = painted.iter().map(|page| page.content.as_slice());
        pages.chain([said.as_bytes(), plan])
    };
    let of = |start| parts().fold(start, |hash, part| fingerprint(part, hash)).to_be_bytes();
    let id = [of(0xcbf2_9ce4_8422_2325), of(0x6c62_272e_07bb_0142)].concat();
    let id = Object::String(id, StringFormat::Hexadecimal);
    Object::Array(vec![id.clone(), id])
}
