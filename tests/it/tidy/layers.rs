//! Who may know whom: the modules of the design, and the crates and effects that are confined to a
//! few of them.

use super::tokens::{Path, paths, tokens};
use super::{Source, Violation};
use std::collections::BTreeSet;

/// The modules in the design's order, each with those that it uses; it may also use what they may
/// use, and nothing below.
const LAYERS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("net", &["model"]),
    ("platform", &["model", "net"]),
    ("sim", &["platform"]),
    ("rules", &["sim"]),
    ("plan", &["rules"]),
    ("analysis", &["plan"]),
    ("diagram", &["analysis"]),
    ("report", &["diagram"]),
    ("file", &["model"]),
    ("import", &["model"]),
    ("export", &["diagram"]),
    ("templates", &["file"]),
    ("probe", &["sim"]),
    ("rehearsal", &["sim"]),
    ("workspace", &["analysis", "file"]),
    ("cli", &["report", "import", "export", "templates", "probe", "rehearsal", "workspace"]),
    ("gui", &["cli"]),
];

/// Crates and effects that only some files may name.
struct Confined {
    rule: &'static str,
    /// Names that are enough by themselves, wherever they stand in the code; a trailing `*` stands
    /// for any ending.
    names: &'static [&'static str],
    /// Paths that are meant with everything below them.
    paths: &'static [&'static [&'static str]],
    /// Files or folders, without `.rs`.
    allowed: &'static [&'static str],
}

const SHELL: &[&str] =
    &["src/workspace/disk", "src/probe/live", "src/rehearsal", "src/cli", "src/gui"];

const CONFINED: &[Confined] = &[
    Confined {
        rule: "only gui knows egui",
        names: &["egui", "eframe", "egui_*", "epaint", "emath", "ecolor"],
        paths: &[],
        allowed: &["src/gui", "src/main"],
    },
    Confined {
        rule: "only report/pdf knows printpdf and lopdf",
        names: &["printpdf", "lopdf"],
        paths: &[],
        allowed: &["src/report/pdf"],
    },
    Confined {
        rule: "only probe/live and rehearsal know hickory",
        names: &["hickory_*"],
        paths: &[],
        allowed: &["src/probe/live", "src/rehearsal"],
    },
    Confined {
        rule: "only workspace/disk, probe/live, rehearsal, cli and gui touch files, sockets, clock",
        names: &[
            "TcpStream",
            "TcpListener",
            "UdpSocket",
            "UnixStream",
            "SystemTime",
            "Instant",
            "disallowed_methods",
        ],
        paths: &[&["std", "fs"], &["tokio", "fs"], &["tokio", "net"]],
        allowed: SHELL,
    },
];

/// Every reference from one module to another that the design does not allow.
pub(super) fn layer_violations(sources: &[Source]) -> Vec<Violation> {
    sources.iter().flat_map(|source| layer_violations_in(source, LAYERS)).collect()
}

fn layer_violations_in(source: &Source, layers: &[(&str, &[&str])]) -> Vec<Violation> {
    let home = module_path(&source.path);
    let Some(own) = home.first() else {
        return unknown_modules(source, layers);
    };
    let allowed = allowed_from(own, layers);
    let tokens = tokens(&source.text);
    paths(&tokens)
        .into_iter()
        .filter_map(|path| Some((top_module(&path, &home)?, path.line)))
        .filter(|(target, _)| target != own && layers.iter().any(|(module, _)| module == target))
        .filter(|(target, _)| !allowed.contains(target.as_str()))
        .map(|(target, line)| {
            Violation::new(
                &source.path,
                line,
                format!("`{own}` may not use `{target}` (DESIGN, the shape of the code)"),
            )
        })
        .collect()
}

/// For `lib.rs`: each module that it declares has a place in the table.
fn unknown_modules(source: &Source, layers: &[(&str, &[&str])]) -> Vec<Violation> {
    let tokens = tokens(&source.text);
    let declared = tokens.windows(2).filter(|pair| pair[0].text == "mod").map(|pair| pair[1]);
    declared
        .filter(|name| !layers.iter().any(|(module, _)| *module == name.text))
        .map(|name| {
            let rule = format!(
                "`{}` has no line in the table LAYERS of tests/it/tidy/layers.rs",
                name.text
            );
            Violation::new(&source.path, name.line, rule)
        })
        .collect()
}

/// What a module may use, directly and through what it uses.
fn allowed_from<'a>(module: &str, layers: &'a [(&str, &[&str])]) -> BTreeSet<&'a str> {
    let mut allowed = BTreeSet::new();
    let mut open = vec![module];
    while let Some(next) = open.pop() {
        let uses = layers.iter().find(|(name, _)| *name == next).map_or(&[][..], |(_, uses)| uses);
        for used in uses {
            if allowed.insert(*used) {
                open.push(used);
            }
        }
    }
    allowed
}

/// `src/a/b.rs` is `[a, b]`, `src/a/mod.rs` is `[a]`; `lib.rs` and `main.rs` are the root.
fn module_path(path: &str) -> Vec<String> {
    let inside = path.trim_start_matches("src/").trim_end_matches(".rs");
    let mut parts: Vec<String> = inside.split('/').map(String::from).collect();
    if matches!(parts.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        parts.pop();
    }
    parts
}

/// The top-level module that a path leads to, if it starts at this crate.
fn top_module(path: &Path<'_>, home: &[String]) -> Option<String> {
    let mut here: Vec<&str> = home.iter().map(String::as_str).chain(path.inline.clone()).collect();
    let mut segments = path.segments.iter().copied().peekable();
    match *segments.peek()? {
        "crate" => {
            segments.next();
            here.clear();
        }
        "self" | "super" => {
            while let Some(step) = segments.next_if(|step| matches!(*step, "self" | "super")) {
                if step == "super" {
                    here.pop()?;
                }
            }
        }
        _ => return None,
    }
    here.into_iter().chain(segments).next().map(String::from)
}

/// Every mention of a confined crate or effect in a file that may not know it.
pub(super) fn confined_violations(sources: &[Source]) -> Vec<Violation> {
    let pairs = sources.iter().flat_map(|source| CONFINED.iter().map(move |rule| (source, rule)));
    pairs.flat_map(|(source, confined)| confined_in(source, confined)).collect()
}

fn confined_in(source: &Source, confined: &Confined) -> Vec<Violation> {
    if confined.allowed.iter().any(|place| lies_in(&source.path, place)) {
        return Vec::new();
    }
    let tokens = tokens(&source.text);
    let named =
        tokens.iter().filter(|token| confined.names.iter().any(|name| matches(name, token.text)));
    let named = named.map(|token| (token.line, token.text.to_owned()));
    let all = paths(&tokens);
    let reached = all
        .iter()
        .filter(|path| confined.paths.iter().any(|below| path.segments.starts_with(below)));
    let reached = reached.map(|path| (path.line, path.segments.join("::")));
    let lines: BTreeSet<(usize, String)> = named.chain(reached).collect();
    lines
        .into_iter()
        .map(|(line, what)| {
            Violation::new(&source.path, line, format!("`{what}`: {}", confined.rule))
        })
        .collect()
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == pattern,
    }
}

/// Whether a file is `place.rs` or lies in the folder `place/`.
fn lies_in(path: &str, place: &str) -> bool {
    path.strip_prefix(place).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    fn layers(path: &str, text: &str) -> Vec<String> {
        let found = layer_violations(&[source(path, text)]);
        found.into_iter().map(|violation| violation.to_string()).collect()
    }

    fn confined(path: &str, text: &str) -> usize {
        confined_violations(&[source(path, text)]).len()
    }

    #[test]
    fn modules_use_only_those_above_them() {
        for (place, (_, uses)) in LAYERS.iter().enumerate() {
            for used in *uses {
                assert!(
                    LAYERS[..place].iter().any(|(above, _)| above == used),
                    "`{used}` is not above"
                );
            }
        }
    }

    #[test]
    fn a_planted_reference_downward_is_found() {
        let planted = "use crate::{model::Site, sim};\nfn f() { crate::rules::check(); }";
        let found = layers("src/net/world.rs", planted);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("src/net/world.rs:1: `net` may not use `sim`"), "{found:?}");
        assert!(found[1].starts_with("src/net/world.rs:2: `net` may not use `rules`"), "{found:?}");
    }

    #[test]
    fn a_planted_reference_through_super_is_found() {
        assert_eq!(layers("src/rules/dns/x.rs", "use super::super::super::gui::App;").len(), 1);
        assert_eq!(layers("src/net/mod.rs", "use super::sim::Trace;").len(), 1);
        assert!(layers("src/net/mod.rs", "mod tests { use super::sim::Trace; }").is_empty());
    }

    #[test]
    fn references_upward_and_in_comments_are_allowed() {
        assert!(
            layers("src/plan/mod.rs", "use crate::{model, net, sim::Trace, rules::Finding};")
                .is_empty()
        );
        assert!(
            layers(
                "src/model/site.rs",
                "//! See `crate::gui`.\n/// [`crate::sim`]\nconst X: &str = \"crate::gui\";"
            )
            .is_empty()
        );
        assert_eq!(layers("src/import/zone.rs", "use crate::analysis::Analysis;").len(), 1);
        assert_eq!(layers("src/cli/check.rs", "use crate::gui::App;").len(), 1);
    }

    #[test]
    fn a_module_without_a_place_is_found() {
        assert_eq!(layers("src/lib.rs", "pub mod model;\npub mod helpers;").len(), 1);
    }

    #[test]
    fn planted_crates_and_effects_are_found() {
        assert_eq!(confined("src/report/document.rs", "use eframe::egui;\nuse printpdf::Op;"), 3);
        assert_eq!(confined("src/probe/run.rs", "use hickory_resolver::TokioResolver;"), 1);
        assert_eq!(
            confined("src/net/world.rs", "use std::{collections::BTreeMap, fs::{self, File}};"),
            2
        );
        assert_eq!(confined("src/sim/deliver.rs", "let t = std::time::Instant::now();"), 1);
        assert_eq!(confined("src/sim/deliver.rs", "let s = tokio::net::lookup_host(x);"), 1);
        assert_eq!(
            confined("src/rules/mod.rs", "#![expect(clippy::disallowed_methods, reason = \"x\")]"),
            1
        );
    }

    #[test]
    fn the_shell_may() {
        assert_eq!(confined("src/workspace/disk.rs", "use std::fs;"), 0);
        assert_eq!(
            confined("src/probe/live/dns.rs", "use hickory_net::X; use tokio::net::UdpSocket;"),
            0
        );
        assert_eq!(confined("src/gui/theme.rs", "use egui::Color32;"), 0);
        assert_eq!(confined("src/net/reach.rs", "use std::net::IpAddr; // std::fs"), 0);
        assert_eq!(confined("src/guide.rs", "use egui::Color32;"), 1);
    }
}
