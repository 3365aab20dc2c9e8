//! Foreign readers of PDF, and files for them.

use std::{
    path::PathBuf,
    process::{Command, Output},
    sync::atomic::{AtomicUsize, Ordering},
};

/// A file that is gone after the test.
pub(super) struct Scratch(pub(super) PathBuf);

impl Scratch {
    pub(super) fn new(ending: &str) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("bridgehead-report-{}-{number}.{ending}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    pub(super) fn with(bytes: &[u8]) -> Self {
        let file = Self::new("pdf");
        std::fs::write(&file.0, bytes).unwrap();
        file
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

/// Runs a program; it comes from a Debian package that `tests/run` installs.
pub(crate) fn run(program: &str, arguments: &[&str]) -> Output {
    let output = Command::new(program).args(arguments).output();
    output.unwrap_or_else(|error| {
        panic!("{program}: {error}; tests/run installs the packages qpdf and poppler-utils")
    })
}

fn text_of(program: &str, arguments: &[&str]) -> String {
    let output = run(program, arguments);
    assert!(output.status.success(), "{program} {arguments:?}: {output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The text of all pages but the first (cover and contents), in the order in which it was painted,
/// without white space: a name that is broken over lines reads as one.
pub(super) fn squashed(file: &Scratch) -> String {
    squash(&text_of("pdftotext", &["-raw", "-f", "2", file.0.to_str().unwrap(), "-"]))
}

pub(super) fn squash(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The file with its streams spelled out.
pub(super) fn spelled_out(file: &Scratch) -> String {
    let path = file.0.to_str().unwrap();
    text_of("qpdf", &["--qdf", "--object-streams=disable", path, "-"])
}

pub(super) fn fonts(file: &Scratch) -> String {
    text_of("pdffonts", &[file.0.to_str().unwrap()])
}

/// Width and height of each page, and the boxes of its words: left, top, right, bottom.
pub(super) fn word_boxes(file: &Scratch) -> Vec<([f32; 2], Vec<[f32; 4]>)> {
    let text = text_of("pdftotext", &["-bbox", file.0.to_str().unwrap(), "-"]);
    let mut pages = Vec::new();
    for line in text.lines().map(str::trim) {
        let number = |name: &str| -> f32 {
            let rest = line.split_once(&format!("{name}=\"")).unwrap().1;
            rest.split_once('"').unwrap().0.parse().unwrap()
        };
        if line.starts_with("<page ") {
            pages.push(([number("width"), number("height")], Vec::new()));
        } else if line.starts_with("<word ") {
            let word = [number("xMin"), number("yMin"), number("xMax"), number("yMax")];
            pages.last_mut().unwrap().1.push(word);
        }
    }
    pages
}
