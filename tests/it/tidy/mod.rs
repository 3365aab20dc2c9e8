//! The tree holds to the design: layers, confined crates and effects, the shape of files, folders
//! against tables, words.
//!
//! Each check is a pure function over texts, with tests of its own in which a planted violation is
//! found; here they are run over the files of the repository.

mod layers;
mod shape;
mod tables;
mod tokens;
mod words;

use crate::support::root;
use std::fmt;
use std::process::Command;
use tables::{Folder, folder_equals_table};

/// A file of the repository; the path is relative to it, with slashes.
struct Source {
    path: String,
    text: String,
}

/// What is wrong, and where.
#[derive(Debug)]
struct Violation {
    path: String,
    line: usize,
    rule: String,
}

impl Violation {
    fn new(path: &str, line: usize, rule: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, rule: rule.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.rule)
    }
}

/// Each folder that must agree with a table.
const FOLDERS: &[Folder] = &[
    Folder { by_area: true, ..folder("src/rules", "src/rules/mod.rs", "RULES") },
    Folder {
        helpers: &["retry", "verdict"],
        ..folder("src/platform", "src/platform/mod.rs", "of")
    },
    folder("src/import", "src/import/mod.rs", "IMPORTERS"),
    folder("src/export", "src/export/mod.rs", "EXPORTERS"),
    folder("src/report/sections", "src/report/sections/mod.rs", "SECTIONS"),
    Folder {
        helpers: &["plan", "printing", "progress", "symbols"],
        ..folder("src/cli", "src/cli/mod.rs", "Command")
    },
];

const fn folder(folder: &'static str, file: &'static str, table: &'static str) -> Folder {
    Folder { folder, by_area: false, file, table, helpers: &[] }
}

/// The texts among the files that git knows or would take in; what is not UTF-8 (a font, a picture)
/// is left out.
fn tracked() -> Vec<Source> {
    let listed = Command::new("git")
        .args([
            "-c",
            "safe.directory=*",
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root())
        .output()
        .expect("git is there");
    assert!(listed.status.success(), "git ls-files: {}", String::from_utf8_lossy(&listed.stderr));
    let names = String::from_utf8(listed.stdout).expect("names are UTF-8");
    let mut paths: Vec<&str> = names.split('\0').filter(|name| !name.is_empty()).collect();
    paths.sort_unstable();
    paths.dedup();
    let read = |path: &str| std::fs::read_to_string(root().join(path)).ok();
    paths
        .into_iter()
        .filter_map(|path| Some(Source { path: path.to_owned(), text: read(path)? }))
        .collect()
}

fn rust_files(under: &[&str]) -> Vec<Source> {
    let mut sources = tracked();
    sources.retain(|source| {
        source.path.ends_with(".rs") && under.iter().any(|folder| source.path.starts_with(folder))
    });
    assert!(!sources.is_empty(), "no Rust file under {under:?}");
    sources
}

fn document(path: &str) -> Source {
    let found = tracked().into_iter().find(|source| source.path == path);
    found.unwrap_or_else(|| panic!("there is no {path}"))
}

/// Fails with one line for each violation.
fn demand_none(violations: impl IntoIterator<Item = Violation>) {
    let lines: Vec<String> =
        violations.into_iter().map(|violation| violation.to_string()).collect();
    assert!(lines.is_empty(), "{} violations:\n{}\n", lines.len(), lines.join("\n"));
}

#[test]
fn modules_depend_upward_only() {
    demand_none(layers::layer_violations(&rust_files(&["src/"])));
}

#[test]
fn crates_and_effects_stay_where_they_belong() {
    demand_none(layers::confined_violations(&rust_files(&["src/"])));
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    demand_none(shape::shape_violations(&rust_files(&["src/", "tests/", "benches/"])));
}

#[test]
fn no_file_is_dead() {
    demand_none(shape::dead_files(&rust_files(&["src/"]), &["src/lib.rs", "src/main.rs"]));
    demand_none(shape::dead_files(&rust_files(&["tests/it/"]), &["tests/it/main.rs"]));
}

#[test]
fn folders_agree_with_their_tables() {
    let sources = rust_files(&["src/"]);
    demand_none(FOLDERS.iter().flat_map(|folder| folder_equals_table(&sources, folder)));
}

#[test]
fn no_banned_word_is_tracked() {
    demand_none(words::banned_words(&tracked()));
}

#[test]
fn the_newest_change_is_of_this_version() {
    demand_none(words::changelog_violation(&document("CHANGELOG.md"), env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_readme_names_both_commands() {
    demand_none(words::readme_violations(&document("README.md")));
}
