//! Every rule: its article has the fixed headings, its code is its own, and it says what it must and
//! does not say what it must not in the cases of `tests/rules/<area>/<fault>.md`.

use crate::support::{files, literate, root};
use bridgehead::rules::{RULES, rule::HEADINGS};
use std::collections::BTreeSet;

#[test]
fn every_article_has_the_fixed_headings_in_their_order() {
    for rule in RULES {
        let found: Vec<&str> =
            rule.article.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(found, HEADINGS, "{}", rule.code);
        let mut parts = rule.article.split("## ").skip(1);
        assert!(
            parts.all(|part| part.lines().nth(1).is_some_and(|l| !l.is_empty())),
            "{}",
            rule.code
        );
    }
}

#[test]
fn codes_and_names_are_unique_and_well_formed() {
    let codes: BTreeSet<_> = RULES.iter().map(|r| r.code).collect();
    let names: BTreeSet<_> = RULES.iter().map(|r| r.name).collect();
    assert_eq!((codes.len(), names.len()), (RULES.len(), RULES.len()));
    for rule in RULES {
        let digits = rule.code.strip_prefix("BH").unwrap_or_default();
        assert!(digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit()), "{}", rule.code);
        assert!(rule.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", rule.name);
    }
}

#[test]
fn every_rule_has_cases_with_a_must_and_a_must_not_and_they_hold() {
    let folder = root().join("tests/rules");
    let mut seen = BTreeSet::new();
    for path in files(&folder, ".md") {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("a case file");
        let cases = literate::cases(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        let says = |wanted: bool| cases.iter().any(|case| case.expects_finding(&name, wanted));
        assert!(says(true) && says(false), "{name}: it needs a must and a must not");
        for case in cases {
            case.run().unwrap_or_else(|e| panic!("{name}: {}: {e}", case.title));
        }
        seen.insert(name);
    }
    let rules: BTreeSet<_> = RULES.iter().map(|r| r.name.to_owned()).collect();
    assert_eq!(seen, rules, "one case file a rule");
}

#[test]
fn the_scenarios_hold() {
    let mut count = 0;
    for path in files(&root().join("tests/scenarios"), ".md") {
        let text = std::fs::read_to_string(&path).expect("a scenario");
        let cases = literate::cases(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert!(!cases.is_empty(), "{}: it shows nothing", path.display());
        for case in cases {
            case.run().unwrap_or_else(|e| panic!("{}: {}: {e}", path.display(), case.title));
            count += 1;
        }
    }
    assert!(count >= 10, "only {count} cases were found");
}
