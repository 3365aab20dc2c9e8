//! The pages that the window shows: word for word what stands on the pages of the file.

use super::{
    TEMPLATES, options, template,
    tools::{Scratch, run},
};
use bridgehead::report::{
    build,
    pdf::{Painted, PdfOptions, file, lay_out},
};

/// The letters of a text, sorted: order and spaces are those of whoever reads the file.
fn letters(text: &str) -> String {
    let mut letters: Vec<char> =
        text.chars().filter(|c| !c.is_whitespace() && *c != '\u{c}').collect();
    letters.sort_unstable();
    letters.into_iter().collect()
}

#[test]
fn every_page_shows_the_words_of_the_file() {
    for name in TEMPLATES {
        let document = build(&template(name), &options());
        let book = lay_out(&document, &PdfOptions::default()).unwrap();
        let pdf = Scratch::with(&file(&book, &document).unwrap());
        let path = pdf.0.to_str().unwrap();
        let listed = run("qpdf", &["--show-npages", path]).stdout;
        let count: usize = String::from_utf8_lossy(&listed).trim().parse().unwrap();
        assert_eq!(book.sheets().len(), count, "{name}");
        for page in 0..count {
            let number = (page + 1).to_string();
            let printed = run("pdftotext", &["-f", &number, "-l", &number, path, "-"]).stdout;
            let mut shown = String::new();
            for painted in book.painted(page) {
                if let Painted::Word { text, at, width, .. } = painted {
                    let [right, low] = book.sheets()[page].size;
                    assert!(at[0] >= 0.0 && at[0] + width <= right && at[1] <= low, "{text}");
                    shown.push_str(&text);
                }
            }
            let printed = String::from_utf8_lossy(&printed);
            assert_eq!(letters(&shown), letters(&printed), "{name}, page {number}");
        }
    }
}
