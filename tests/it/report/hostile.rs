//! Documents that nobody would write, measured on the layout: no word leaves its page, whatever stands
//! in a name, a cell, a box or a drawing; other scripts are shown or named.

use super::tools::{Scratch, run};
use bridgehead::report::{
    Copy,
    document::{
        Anchor, Block, Cell, CheckItem, Checklist, Column, Cover, Document, Drawing, Drawn, Fact,
        Field, Figure, Heading, Mark, Note, Section, Signature, Step, Style, Table, Text,
    },
    pdf::{FontFile, Painted, Paper, PdfOptions, file, is_invisible, lay_out},
};

/// Left of the body, in points.
const LEFT: f32 = 57.0;
/// A bar in the margin, and what rounding adds.
const SLACK: f32 = 0.6;

/// A step with a text in every place.
fn step(words: &str, number: usize) -> Step {
    let field =
        |id: &str| Field { id: id.to_owned(), label: words.to_owned(), value: words.to_owned() };
    Step {
        id: format!("{number:016x}"),
        fields: vec![field("a-measured"), field("b-time"), field("c-initials")],
        number,
        done: Some(words.to_owned()),
        action: words.to_owned(),
        place: vec![words.into()],
        expect: words.into(),
        back: words.into(),
    }
}

/// A drawing that is much wider than high.
fn wide_drawing() -> Drawing {
    Drawing {
        width: 4000.0,
        height: 300.0,
        items: vec![Drawn::Words {
            at: [100.0, 100.0],
            text: "narrow".to_owned(),
            size: 40.0,
            strong: false,
            mono: false,
            anchor: Anchor::default(),
            color: [0, 0, 0],
        }],
    }
}

/// A document with a text in every place that takes one.
fn full_of(words: &str, rows: usize) -> Document {
    let text = || Text::from(words).and(Style::Mono, words).and(Style::Bad, words);
    let own = || words.to_owned();
    let field = |id: &str| Field { id: id.to_owned(), label: own(), value: own() };
    let mut table = Table::new(&[words, "Address", words], words);
    table.columns.push(Column { title: own(), right: true });
    for _ in 0..rows {
        let cell = || Cell { mark: Some(Mark::Error), lines: vec![text(); 3] };
        table.rows.push(vec![cell(), Cell::mono([words]), cell(), Cell::from(words)]);
    }
    let step = |number| step(words, number);
    let item = || CheckItem { id: own(), who: own(), when: own(), ..CheckItem::from(text()) };
    let list = |title: &str| Checklist {
        title: title.to_owned(),
        aside: own(),
        items: vec![item(), item(), item()],
    };
    let heading = |level| {
        let number = "1.1".to_owned();
        Block::Heading(Heading { number, text: own(), level, new_page: level == 1 })
    };
    let fact = || Fact { mark: Mark::Warning, label: own(), value: text() };
    let blocks = vec![
        Block::Lead(text()),
        heading(3),
        heading(1),
        Block::Paragraph(text()),
        Block::Remark(text()),
        Block::List(vec![text(), text()]),
        Block::Facts(vec![fact(), fact()]),
        Block::KeyValue(vec![(own(), text())]),
        Block::Table(table),
        Block::Table(Table::new(&[words], words)),
        Block::Checklist(list(words)),
        Block::Checklist(list("")),
        Block::Steps(vec![step(1), step(2), step(3)]),
        Block::Figure(Figure { caption: own(), alt: own(), drawing: wide_drawing(), high: None }),
        Block::Note(Note { title: own(), lines: vec![text()] }),
        Block::Code(vec![own()]),
        Block::SignOff(vec![Signature { party: own(), fields: vec![field("d")] }; 4]),
    ];
    let section = |landscape| Section {
        number: "1".to_owned(),
        title: own(),
        landscape,
        blocks: blocks.clone(),
        changed: (0..20).collect(),
        ..Section::default()
    };
    Document {
        title: own(),
        subtitle: own(),
        client: own(),
        author: own(),
        footer: own(),
        date: "2026-11-24".to_owned(),
        language: "en-GB".to_owned(),
        cover: Cover { verdict: fact(), facts: vec![(own(), text())] },
        sections: vec![section(false), section(true)],
        ..Document::default()
    }
}

/// Every word stands within the body's sides, and above the foot's lower edge.
fn within(document: &Document, options: &PdfOptions, what: &str) {
    let book = lay_out(document, options).unwrap();
    for (at, sheet) in book.sheets().iter().enumerate() {
        let [width, height] = sheet.size;
        for painted in book.painted(at) {
            let Painted::Word { at: [x, y], text, width: wide, .. } = painted else { continue };
            let inside = x >= LEFT - SLACK
                && x + wide <= width - LEFT + SLACK
                && (30.0..=height - 30.0).contains(&y);
            assert!(inside, "{what}: page {}: `{text}` at {x} {y}, {wide} wide", at + 1);
        }
    }
}

#[test]
fn nothing_leaves_its_page_whatever_stands_in_it() {
    let long = "n".repeat(5000);
    let lines = "a line\n".repeat(200);
    let hostile = [
        ("a long name", long.as_str(), 2),
        ("200 lines", lines.as_str(), 2),
        ("right to left", "שרת 12 דואר (ראשי) a.b.example שלום", 4),
        ("signs", "100 % (sic) <b> & \\ \u{1F600} a\u{200b}b \u{202e}x \0 \u{7f} \u{feff}", 4),
        ("nothing", "", 3),
        ("a space", " ", 3),
    ];
    for (what, words, rows) in hostile {
        let document = full_of(words, rows);
        for (paper, copy) in [(Paper::A4, Copy::Working), (Paper::Letter, Copy::Record)] {
            let options = PdfOptions { paper, copy, ..PdfOptions::default() };
            within(&document, &options, what);
        }
    }
    let many = full_of("lon-be1.hartwell.example", 3000);
    within(&many, &PdfOptions::default(), "3 000 rows");
}

#[test]
fn a_hostile_file_reads_and_is_the_same_each_time() {
    let document = full_of("100 % (sic) \\ \u{1F600} \u{202e}x\0 é שלום", 3);
    for copy in [Copy::Working, Copy::Record] {
        let options = PdfOptions { copy, ..PdfOptions::default() };
        let print = || file(&lay_out(&document, &options).unwrap(), &document).unwrap();
        let bytes = print();
        assert!(bytes == print(), "twice in one process");
        let scratch = Scratch::with(&bytes);
        let check = run("qpdf", &["--check", scratch.0.to_str().unwrap()]);
        assert!(check.status.success(), "{copy:?}: {check:?}");
    }
}

fn font(path: &str) -> FontFile {
    let bytes =
        std::fs::read(path).unwrap_or_else(|e| panic!("{path}: {e}; tests/run installs it"));
    FontFile { name: "Other".to_owned(), bytes: bytes.into(), index: 0 }
}

#[test]
fn other_scripts_are_shown_in_fonts_that_are_handed_in() {
    let fonts = vec![
        font("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
        font("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf"),
    ];
    let name = "会社 שרת עולם عالم Ελλάδα Привет";
    let document = full_of(name, 2);
    let options = PdfOptions { fonts, ..PdfOptions::default() };
    let book = lay_out(&document, &options).unwrap();
    assert!(book.missing().is_empty(), "{:?}", book.missing());
    let pdf = Scratch::with(&file(&book, &document).unwrap());
    let path = pdf.0.to_str().unwrap();
    let text = run("pdftotext", &["-f", "1", "-l", "1", path, "-"]).stdout;
    let text = String::from_utf8_lossy(&text).into_owned();
    for word in ["会社", "שרת", "עולם", "عالم", "Ελλάδα", "Привет"] {
        assert!(text.contains(word), "`{word}` does not come out again: {text}");
    }
    // Hebrew stands from right to left: the word that is read first stands further right.
    let place = |word: &str| {
        let words = book.painted(0).into_iter().filter_map(|painted| match painted {
            Painted::Word { at, text, .. } => Some((at, text)),
            _ => None,
        });
        let reversed: String = word.chars().rev().collect();
        let [x, y] = words.clone().find(|(_, text)| text.contains(&reversed)).unwrap().0;
        (x, y)
    };
    let (first, second) = (place("שרת"), place("עולם"));
    assert!(first.1 < second.1 || first.0 > second.0, "{first:?} {second:?}");
}

#[test]
fn what_shows_nothing_is_told_apart_from_what_lacks_a_font() {
    for c in ['\u{200b}', '\u{202e}', '\u{feff}', '\0', '\u{ad}', '\u{fe0f}', '\u{e000}'] {
        assert!(is_invisible(c), "U+{:04X}", u32::from(c));
    }
    for c in ['a', '会', 'ש', '\u{1F600}', '\u{378}', '–'] {
        assert!(!is_invisible(c), "U+{:04X}", u32::from(c));
    }
}
