//! The document of `document.py` by this program: seconds from the rows to the bytes, pages, bytes, the
//! peak memory. `benches/peers/run` starts it beside the others.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark looks at the clock, takes a path and says what it saw"
)]

use bridgehead::report::{
    document::{Block, Cell, Document, Mark, Section, Table, Text},
    pdf::{PdfOptions, render},
};
use std::{fs, time::Instant};

const TITLES: [&str; 8] =
    ["Id", "Host", "Address", "Listener", "Expected", "Measured", "When", "Verdict"];

fn row(i: usize) -> Vec<Cell> {
    let plain = |a: String, b: &str| Cell::lines(vec![Text::from(a), Text::weak(b)]);
    let mono = |a: String, b: &str| Cell::lines(vec![Text::mono(a), Text::weak(b)]);
    vec![
        plain(format!("C-{i:04}"), "phase 3"),
        mono(format!("srv{}.lon", i % 97), "London site"),
        mono(format!("10.{}.{}.{}", i % 7, i % 250, i % 199), "port 25"),
        plain("Default SMTP".to_owned(), "virtual server"),
        mono("203.0.113.10".to_owned(), "inside view"),
        mono("203.0.113.10".to_owned(), "by 10.1.0.2"),
        plain("24 Nov 2026".to_owned(), &format!("{:02}:{:02} UTC", i % 24, i % 60)),
        Cell { mark: Some(Mark::Pass), lines: vec!["efficient".into(), Text::weak("agreed")] },
    ]
}

fn main() {
    let out = std::env::args().nth(1).expect("the file to write");
    let began = Instant::now();
    let table = Table { rows: (0..2000).map(row).collect(), ..Table::new(&TITLES, "") };
    let section = Section {
        title: "Rows".to_owned(),
        blocks: vec![Block::Table(table)],
        ..Section::default()
    };
    let document = Document {
        title: "Rows".to_owned(),
        date: "2026-11-24".to_owned(),
        language: "en-GB".to_owned(),
        sections: vec![section],
        ..Document::default()
    };
    let printed = render(&document, &PdfOptions::default()).expect("it prints");
    let took = began.elapsed();
    fs::write(out, &printed.bytes).expect("it is written");
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.and_then(|p| p.trim().trim_end_matches(" kB").parse::<u64>().ok());
    let mib = peak.map_or("?".to_owned(), |kib| (kib / 1024).to_string());
    println!(
        "ours: {:.2} s, {} bytes, {} pages, {mib} MiB at most",
        took.as_secs_f64(),
        printed.bytes.len(),
        printed.pages
    );
}
