//! Folders against tables: what lies in a folder has its line in the table that the program goes
//! by, and a forgotten line is found.

use super::tokens::{Token, paths, tokens};
use super::{Source, Violation};

/// A folder whose files (or folders) must each be named in a table.
pub(super) struct Folder {
    /// The folder: each file in it but `mod.rs`, and each folder with a `mod.rs`, is an entry.
    pub(super) folder: &'static str,
    /// Whether the entries lie one folder deeper, by area (`rules/<area>/<fault>.rs`).
    pub(super) by_area: bool,
    /// The file with the table, and the name of the constant, enum or function that is the table.
    pub(super) file: &'static str,
    pub(super) table: &'static str,
    /// Helpers beside the entries, that have no line.
    pub(super) helpers: &'static [&'static str],
}

/// Entries of the folder that its table does not name. A folder that does not exist (yet) has none.
pub(super) fn folder_equals_table(sources: &[Source], folder: &Folder) -> Vec<Violation> {
    let entries = entries(sources, folder);
    let Some((first, _)) = entries.first() else { return Vec::new() };
    let Some(file) = sources.iter().find(|source| source.path == folder.file) else {
        return vec![Violation::new(
            first,
            1,
            format!("there is no {} with the table {}", folder.file, folder.table),
        )];
    };
    let tokens = tokens(&file.text);
    let Some(body) = table_body(&tokens, folder.table) else {
        return vec![Violation::new(
            &file.path,
            1,
            format!("there is no table {} for {}", folder.table, folder.folder),
        )];
    };
    let named = paths(body);
    let missing = entries.iter().filter(|(_, entry)| {
        let last = entry.last().copied();
        !named.iter().any(|path| {
            path.segments.windows(entry.len()).any(|part| part == entry.as_slice())
                || (path.segments.len() > 1 && path.segments.first().copied() == last)
        })
    });
    missing
        .map(|(path, entry)| {
            Violation::new(
                path,
                1,
                format!(
                    "`{}` has no line in the table {} of {}",
                    entry.join("::"),
                    folder.table,
                    folder.file
                ),
            )
        })
        .collect()
}

/// The entries of a folder: the file, and its name with that of its area.
fn entries<'a>(sources: &'a [Source], folder: &Folder) -> Vec<(&'a str, Vec<&'a str>)> {
    let depth = if folder.by_area { 2 } else { 1 };
    let mut found = Vec::new();
    for source in sources {
        let Some(inside) =
            source.path.strip_prefix(folder.folder).and_then(|rest| rest.strip_prefix('/'))
        else {
            continue;
        };
        let parts: Vec<&str> = inside.trim_end_matches(".rs").split('/').collect();
        let entry = match parts.as_slice() {
            [entry @ .., "mod"] => entry,
            entry => entry,
        };
        let helper = entry.last().is_some_and(|name| folder.helpers.contains(name));
        if entry.len() == depth && !helper {
            found.push((source.path.as_str(), entry.to_vec()));
        }
    }
    found
}

/// The tokens of `const NAME: … = …;`, `static NAME …;`, `enum NAME { … }` or `fn NAME(…) … { … }`.
fn table_body<'t, 'a>(tokens: &'t [Token<'a>], name: &str) -> Option<&'t [Token<'a>]> {
    let start = tokens.windows(2).position(|pair| {
        matches!(pair[0].text, "const" | "static" | "enum" | "fn") && pair[1].text == name
    })?;
    let ends_with_brace = matches!(tokens[start].text, "enum" | "fn");
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(start + 2) {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        let end = if ends_with_brace { token.text == "}" } else { token.text == ";" };
        if end && depth == 0 {
            return Some(&tokens[start..at]);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Folder = Folder {
        folder: "src/rules",
        by_area: true,
        file: "src/rules/mod.rs",
        table: "RULES",
        helpers: &["support"],
    };
    const COMMANDS: Folder = Folder {
        folder: "src/cli",
        by_area: false,
        file: "src/cli/mod.rs",
        table: "Command",
        helpers: &[],
    };

    fn tree(files: &[(&str, &str)]) -> Vec<Source> {
        files
            .iter()
            .map(|(path, text)| Source { path: (*path).to_owned(), text: (*text).to_owned() })
            .collect()
    }

    fn missing(files: &[(&str, &str)], folder: &Folder) -> Vec<String> {
        folder_equals_table(&tree(files), folder)
            .into_iter()
            .map(|violation| violation.to_string())
            .collect()
    }

    #[test]
    fn a_forgotten_rule_is_found() {
        let files = [
            (
                "src/rules/mod.rs",
                "use x::lost; static RULES: [&Rule; 2] = [&dns::one::RULE, &two::RULE]; // dns::lost",
            ),
            ("src/rules/rule.rs", ""),
            ("src/rules/dns/mod.rs", ""),
            ("src/rules/dns/one.rs", ""),
            ("src/rules/dns/lost.rs", ""),
            ("src/rules/dns/support.rs", ""),
            ("src/rules/smtp/two.rs", ""),
            ("src/rules/smtp/one.rs", ""),
        ];
        let found = missing(&files, &RULES);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found[0].starts_with("src/rules/dns/lost.rs:1: `dns::lost` has no line"),
            "{found:?}"
        );
        assert!(
            found[1].starts_with("src/rules/smtp/one.rs:1: `smtp::one` has no line"),
            "{found:?}"
        );
    }

    #[test]
    fn a_forgotten_subcommand_is_found() {
        let table =
            "enum Command { Check(check::Args), Trace { args: trace::Args } } use diff::Args;";
        let files = [
            ("src/cli/mod.rs", table),
            ("src/cli/check.rs", ""),
            ("src/cli/trace/mod.rs", ""),
            ("src/cli/trace/text.rs", ""),
            ("src/cli/diff.rs", ""),
        ];
        assert_eq!(
            missing(&files, &COMMANDS),
            ["src/cli/diff.rs:1: `diff` has no line in the table Command of src/cli/mod.rs"]
        );
    }

    #[test]
    fn a_match_can_be_the_table() {
        let table = "fn of(p: P) -> &'static dyn X { match p { P::One => &one::One } } use two::Y;";
        let files = [("src/platform/mod.rs", table), ("src/platform/one.rs", "")];
        let folder =
            Folder { folder: "src/platform", file: "src/platform/mod.rs", table: "of", ..COMMANDS };
        assert!(missing(&files, &folder).is_empty());
        let lost = [files[0], files[1], ("src/platform/two.rs", "")];
        assert_eq!(missing(&lost, &folder).len(), 1);
    }

    #[test]
    fn a_folder_without_its_table_is_found_and_no_folder_is_fine() {
        assert_eq!(missing(&[("src/cli/check.rs", "")], &COMMANDS).len(), 1);
        assert_eq!(
            missing(&[("src/cli/check.rs", ""), ("src/cli/mod.rs", "")], &COMMANDS).len(),
            1
        );
        assert!(missing(&[("src/model/mod.rs", "")], &COMMANDS).is_empty());
    }
}
