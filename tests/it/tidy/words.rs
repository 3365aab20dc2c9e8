//! Words that have no place in what is committed, and the two documents that must say what is true.

use super::{Source, Violation};

/// A text that is not allowed, and why. Written in two halves, so that this file does not name them
/// itself.
struct Banned {
    text: &'static str,
    why: &'static str,
    /// Only as a whole word: not inside a longer one, nor as the middle of a path.
    whole: bool,
}

const BANNED: &[Banned] = &[
    Banned { text: concat!("to", "do!("), why: "a stub", whole: true },
    Banned { text: concat!("unimpl", "emented!("), why: "a stub", whole: true },
    Banned { text: concat!("FIX", "ME"), why: "a stub", whole: true },
    Banned { text: concat!("XX", "X"), why: "a stub", whole: true },
    Banned { text: concat!("#[ig", "nore"), why: "a test that does not run", whole: false },
    Banned { text: concat!("/wo", "rk/"), why: "a path of one machine", whole: true },
    Banned { text: concat!("/ro", "ot/"), why: "a path of one machine", whole: true },
];

/// Every banned text in the files; a lock file is not ours to word.
pub(super) fn banned_words(sources: &[Source]) -> Vec<Violation> {
    let ours = sources.iter().filter(|source| source.path != "Cargo.lock");
    ours.flat_map(|source| {
        let lines = source.text.lines().enumerate();
        lines.flat_map(move |(at, line)| {
            let banned = BANNED.iter().filter(move |banned| stands_in(line, banned));
            banned.map(move |banned| {
                Violation::new(&source.path, at + 1, format!("`{}`: {}", banned.text, banned.why))
            })
        })
    })
    .collect()
}

fn stands_in(line: &str, banned: &Banned) -> bool {
    line.match_indices(banned.text).any(|(at, found)| {
        let joins = |c: Option<char>| {
            c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'))
        };
        let before = joins(line[..at].chars().next_back());
        let after = found.ends_with(char::is_alphanumeric)
            && joins(line[at + found.len()..].chars().next());
        !banned.whole || !(before || after)
    })
}

/// The newest version in the list of changes must be the package's.
pub(super) fn changelog_violation(changelog: &Source, version: &str) -> Option<Violation> {
    let headings = changelog
        .text
        .lines()
        .enumerate()
        .filter_map(|(at, line)| Some((at + 1, line.strip_prefix("## ")?)));
    let newest = headings
        .map(|(line, heading)| (line, heading.trim()))
        .find(|(_, heading)| *heading != "Unreleased");
    match newest {
        Some((_, heading)) if heading.split_whitespace().next() == Some(version) => None,
        Some((line, heading)) => Some(Violation::new(
            &changelog.path,
            line,
            format!("the newest version is `{heading}`, the package's is `{version}`"),
        )),
        None => Some(Violation::new(&changelog.path, 1, "there is no `## VERSION`")),
    }
}

/// The two commands of the design must be in the README.
pub(super) fn readme_violations(readme: &Source) -> Vec<Violation> {
    let missing = ["cargo run --release", "tests/run"]
        .into_iter()
        .filter(|command| !readme.text.contains(command));
    missing
        .map(|command| {
            Violation::new(&readme.path, 1, format!("does not name the command `{command}`"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn each_banned_text_is_found_where_it_is_planted() {
        for banned in BANNED {
            let planted = format!("fine\n    {} x\n", banned.text);
            let found = banned_words(&[source("src/a.rs", &planted)]);
            assert_eq!(found.iter().map(|v| v.line).collect::<Vec<_>>(), [2], "{}", banned.text);
        }
    }

    #[test]
    fn longer_words_and_relative_paths_are_fine() {
        let fine = [
            concat!("mktemp x.XX", "XXXX"),
            concat!("target/wo", "rk/x"),
            concat!("../ro", "ot/x"),
            concat!("PREFIX", "MES"),
        ];
        assert!(banned_words(&[source("a", &fine.join("\n"))]).is_empty());
        assert!(banned_words(&[source("Cargo.lock", concat!("XX", "X"))]).is_empty());
    }

    #[test]
    fn an_old_changelog_is_found() {
        let changes = source(
            "CHANGELOG.md",
            "# Changes\n\n## Unreleased\n\n## 0.2.0 (2030-01-02)\n\n## 0.1.0\n",
        );
        assert!(changelog_violation(&changes, "0.2.0").is_none());
        assert_eq!(changelog_violation(&changes, "0.3.0").map(|v| v.line), Some(5));
        assert!(changelog_violation(&source("CHANGELOG.md", ""), "0.1.0").is_some());
    }

    #[test]
    fn a_readme_without_the_commands_is_found() {
        assert_eq!(readme_violations(&source("README.md", "run `cargo build`")).len(), 2);
        assert!(
            readme_violations(&source("README.md", "`cargo run --release`, `tests/run`"))
                .is_empty()
        );
    }
}
