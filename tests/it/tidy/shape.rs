//! The shape of the files: how long, how they open, and that each is part of the program. How long
//! a function may be is clippy's.

use super::tokens::{Token, tokens};
use super::{Source, Violation};
use std::collections::BTreeSet;

const LINES_MAX: usize = 500;
const MAIN_LINES_MAX: usize = 40;

/// Files that are too long or that do not say what they are for.
pub(super) fn shape_violations(sources: &[Source]) -> Vec<Violation> {
    sources.iter().flat_map(shape_of).collect()
}

fn shape_of(source: &Source) -> Vec<Violation> {
    let mut found = Vec::new();
    let lines = source.text.lines().count();
    let most = if source.path == "src/main.rs" { MAIN_LINES_MAX } else { LINES_MAX };
    if lines > most {
        found.push(Violation::new(
            &source.path,
            most + 1,
            format!("{lines} lines; at most {most} are allowed"),
        ));
    }
    let head = source.text.trim_start_matches("#!/usr/bin/env").trim_start();
    if !head.starts_with("//!") {
        found.push(Violation::new(
            &source.path,
            1,
            "starts without `//!`: what the file is for, and what it may not know",
        ));
    }
    if source.path == "src/lib.rs" {
        found.extend(code_in_lib(source));
    }
    found
}

/// `lib.rs` is the map of the code: `pub mod` lines and attributes, nothing else.
fn code_in_lib(source: &Source) -> Option<Violation> {
    let tokens = tokens(&source.text);
    let mut rest = &tokens[..];
    while let Some(first) = rest.first() {
        rest = match rest {
            [public, keyword, name, end, rest @ ..]
                if (public.text, keyword.text, end.text) == ("pub", "mod", ";")
                    && name.is_word() =>
            {
                rest
            }
            [hash, rest @ ..] if hash.text == "#" => after_attribute(rest),
            _ => {
                return Some(Violation::new(
                    &source.path,
                    first.line,
                    "lib.rs holds only `pub mod` lines and prose",
                ));
            }
        };
    }
    None
}

fn after_attribute<'t, 'a>(tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            "[" => depth += 1,
            "]" if depth == 1 => return &tokens[at + 1..],
            "]" => depth -= 1,
            _ => {}
        }
    }
    &[]
}

/// Files under the folder of the first root that no `mod` line leads to from any of the `roots`.
pub(super) fn dead_files(sources: &[Source], roots: &[&str]) -> Vec<Violation> {
    let mut alive = BTreeSet::new();
    let mut found = Vec::new();
    let mut open: Vec<String> = roots.iter().map(ToString::to_string).collect();
    while let Some(path) = open.pop() {
        let Some(source) = sources.iter().find(|source| source.path == path) else { continue };
        if !alive.insert(path) {
            continue;
        }
        let tokens = tokens(&source.text);
        if let Some(line) = path_attribute(&tokens) {
            found.push(Violation::new(
                &source.path,
                line,
                "`#[path]`: a module lies where its name says",
            ));
        }
        open.extend(children(&source.path, &tokens));
    }
    let folder =
        roots.first().and_then(|root| root.rsplit_once('/')).map_or("", |(folder, _)| folder);
    let inside = sources.iter().filter(|source| source.path.starts_with(&format!("{folder}/")));
    let dead = inside.filter(|source| !alive.contains(&source.path));
    found.extend(
        dead.map(|source| Violation::new(&source.path, 1, "no `mod` line leads to this file")),
    );
    found
}

fn path_attribute(tokens: &[Token<'_>]) -> Option<usize> {
    let attribute = tokens
        .windows(3)
        .find(|three| three[0].text == "#" && three[1].text == "[" && three[2].text == "path")?;
    Some(attribute[0].line)
}

/// Where the modules that a file declares may lie; inline modules add a folder.
fn children(path: &str, tokens: &[Token<'_>]) -> Vec<String> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let base = match name {
        "lib.rs" | "main.rs" | "mod.rs" => folder.to_owned(),
        _ => format!("{folder}/{}", name.trim_end_matches(".rs")),
    };
    let mut found = Vec::new();
    let mut open: Vec<Option<&str>> = Vec::new();
    for at in 0..tokens.len() {
        let declared = at > 0 && tokens[at - 1].text == "mod" && tokens[at].is_word();
        match tokens[at].text {
            "{" if at > 1 && tokens[at - 2].text == "mod" => open.push(Some(tokens[at - 1].text)),
            "{" => open.push(None),
            "}" => drop(open.pop()),
            name if declared && tokens.get(at + 1).is_some_and(|end| end.text == ";") => {
                let folders: Vec<&str> =
                    std::iter::once(base.as_str()).chain(open.iter().copied().flatten()).collect();
                let place = folders.join("/");
                found.extend([format!("{place}/{name}.rs"), format!("{place}/{name}/mod.rs")]);
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_file_that_is_too_long_or_says_nothing_is_found() {
        let long = format!("//! x\n{}", "\n".repeat(LINES_MAX));
        assert_eq!(shape_of(&source("src/a.rs", &long)).len(), 1);
        assert_eq!(
            shape_of(&source("src/main.rs", &"//! x\n".repeat(MAIN_LINES_MAX + 1))).len(),
            1
        );
        assert_eq!(shape_of(&source("src/a.rs", "use x;\n")).len(), 1);
        assert!(shape_of(&source("src/a.rs", "//! x\nuse x;\n")).is_empty());
    }

    #[test]
    fn code_in_lib_is_found() {
        let found =
            shape_of(&source("src/lib.rs", "//! x\n#![cfg(y[0])]\npub mod a;\nfn f() {}\n"));
        assert_eq!(found.into_iter().map(|v| v.line).collect::<Vec<_>>(), [4]);
        assert!(
            shape_of(&source("src/lib.rs", "//! x\n/// y\npub mod a;\npub mod b;\n")).is_empty()
        );
    }

    #[test]
    fn a_dead_file_is_found() {
        let sources = [
            source("src/lib.rs", "pub mod a;\npub mod b { pub mod c; }\n// mod dead;"),
            source("src/a/mod.rs", "mod e;"),
            source("src/a/e.rs", "mod f;"),
            source("src/a/e/f.rs", ""),
            source("src/b/c.rs", ""),
            source("src/dead.rs", ""),
            source("src/a/f.rs", ""),
            source("src/main.rs", ""),
        ];
        let found = dead_files(&sources, &["src/lib.rs", "src/main.rs"]);
        assert_eq!(
            found.into_iter().map(|v| v.path).collect::<Vec<_>>(),
            ["src/dead.rs", "src/a/f.rs"]
        );
    }

    #[test]
    fn a_module_that_lies_elsewhere_is_found() {
        assert_eq!(
            dead_files(&[source("src/lib.rs", "#[path = \"x.rs\"]\nmod y;")], &["src/lib.rs"])
                .len(),
            1
        );
    }
}
