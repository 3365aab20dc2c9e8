//! The documents of the templates, word by word, as Markdown.

use super::{TEMPLATES, options, template};
use crate::support::root;
use bridgehead::report::{build, markdown::markdown};

/// `UPDATE=1` writes the files anew; the difference is for a person to read.
#[test]
fn the_templates_documents_are_as_they_were_read() {
    for name in TEMPLATES {
        let text = markdown(&build(&template(name), &options()));
        let path = root().join("tests/report").join(format!("{name}.md"));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        let known = std::fs::read_to_string(&path).unwrap_or_default();
        let differs = text.lines().zip(known.lines()).position(|(a, b)| a != b);
        assert!(
            text == known,
            "{} differs, first in line {:?}; UPDATE=1 writes it anew",
            path.display(),
            differs.map(|at| at + 1)
        );
    }
}

#[test]
fn the_decision_follows_the_analysis() {
    let verdict = |name: &str| build(&template(name), &options()).cover.verdict.value.plain();
    assert_eq!(verdict("two-sites-exchange-2003"), "Not ready");
    // Nothing has been measured, so that it is not simply ready.
    assert!(verdict("two-sites-done-right").starts_with("Ready on paper"));
}

/// The decision of a template's plan with something replaced in its file.
fn decision(name: &str, from: &str, to: &str) -> String {
    let plan = bridgehead::templates::find(name).unwrap().plan;
    let text = bridgehead::file::save(&plan);
    assert!(text.contains(from), "{text}");
    let plan = bridgehead::file::load(text.replace(from, to).as_bytes()).unwrap().project;
    let document = build(&bridgehead::analysis::analyse(&plan), &options());
    let text = markdown(&document);
    let (_, rest) = text.split_once("## 3 Decision").unwrap();
    rest.split_once("\n## ").unwrap().0.to_owned()
}

#[test]
fn the_decision_shows_the_paths_that_fail_however_many_arrive() {
    let both = r#"Only(["10.10.0.21", "10.10.0.22"])"#;
    let text = decision("three-ad-sites-exchange-se", both, r#"Only(["10.10.0.21"])"#);
    assert!(text.contains("Not ready: mail fails in phases 2 to 5."), "{text}");
    let drawn = text.lines().find(|line| line.starts_with("*Where mail fails: phase 2"));
    let drawn = drawn.unwrap_or_else(|| panic!("{text}"));
    for number in 1..=3 {
        let told = drawn.split_once(&format!("Path {number}, outbound ")).unwrap().1;
        assert!(told.split_once('.').unwrap().0.ends_with(": queued"), "{drawn}");
    }
}

#[test]
fn a_broken_promise_whose_mail_arrives_is_not_called_failing_mail() {
    let greets = r#"fqdn: "mail2.hartwell.example""#;
    let text = decision("two-sites-done-right", greets, r#"fqdn: "lds-fe1.lds.hartwell.local""#);
    assert!(text.contains("mail arrives, but a promise is broken in phases 3 to 5"), "{text}");
    assert!(text.contains("No mail to the Internet shows an internal name"), "{text}");
    assert!(!text.contains("mail fails"), "{text}");
}

#[test]
fn what_was_not_measured_is_never_a_pass() {
    let text = markdown(&build(&template("two-sites-done-right"), &options()));
    let line = text.lines().find(|line| line.contains("Live checks")).unwrap();
    assert!(line.starts_with("- ?") && line.contains("not measured"), "{line}");
}

#[test]
fn every_step_has_a_way_back_and_something_to_see() {
    use bridgehead::report::document::Block;
    for name in TEMPLATES {
        let document = build(&template(name), &options());
        let steps: Vec<_> = document
            .sections
            .iter()
            .flat_map(|section| &section.blocks)
            .filter_map(|block| match block {
                Block::Steps(steps) => Some(steps),
                _ => None,
            })
            .flatten()
            .collect();
        let edits: usize = template(name).project.phases.iter().map(|p| p.edits.len()).sum();
        assert_eq!(steps.len(), edits, "{name}");
        for step in steps {
            let back = step.back.plain();
            assert!(
                back.starts_with(&format!("R-{}: ", step.number)) && back.len() > 8,
                "{step:?}"
            );
            assert!(!step.expect.is_empty(), "{step:?}");
        }
    }
}

#[test]
fn a_pause_has_five_to_nine_items() {
    use bridgehead::report::document::Block;
    let document = build(&template("two-sites-exchange-2003"), &options());
    let blocks = document.sections.iter().flat_map(|section| &section.blocks);
    let mut pauses = 0;
    for block in blocks {
        if let Block::Checklist(list) = block
            && list.title.contains("before the first step")
        {
            pauses += 1;
            assert!((5..=9).contains(&list.items.len()), "{list:?}");
        }
    }
    assert_eq!(pauses, 5);
}

/// A pass of the last phase, with the facts of the present plan or with others.
fn evidence(
    facts: &str,
    outcome: bridgehead::model::beside::Outcome,
) -> bridgehead::model::beside::Evidence {
    bridgehead::model::beside::Evidence {
        question: "mail1.hartwell.example A, outside".to_owned(),
        subject: "record:outside/hartwell.example/mail1/a".parse().unwrap(),
        phase: 5,
        from: None,
        asked: "9.9.9.9:53".to_owned(),
        expected: vec!["203.0.113.10".to_owned()],
        got: vec!["203.0.113.10".to_owned()],
        outcome,
        reason: "as planned".to_owned(),
        utc: "2026-11-24T14:02:31Z".to_owned(),
        ttl: Some(3600),
        rtt_ms: Some(18),
        facts: facts.to_owned(),
        check: String::new(),
        reference: String::new(),
        remedy: String::new(),
        raw: Vec::new(),
    }
}

#[test]
fn answers_of_the_whole_catalogue_are_fresh_and_a_failed_check_decides() {
    use bridgehead::{
        model::beside::{Evidence, Outcome},
        sim::expected::{Occasion, all_of},
    };
    let mut project = template("two-sites-done-right").project.as_ref().clone();
    let analysis = bridgehead::analysis::analyse(&project);
    let mut before = None;
    let mut count = 0;
    for (phase, this) in analysis.phases.iter().enumerate() {
        let occasion = Occasion::complete(before);
        for question in all_of(&this.topology, &analysis.inputs, &occasion) {
            let one = Evidence { phase, ..evidence(&question.facts, Outcome::Pass) };
            project.evidence.insert(format!("{phase} {}", question.key), one);
            count += 1;
        }
        before = Some(&this.topology);
    }
    assert!(count > 500, "more than the drawn records is asked: {count}");
    let line = |project: &bridgehead::model::Project| {
        let text = markdown(&build(&bridgehead::analysis::analyse(project), &options()));
        text.lines().find(|line| line.contains("Live checks")).unwrap().to_owned()
    };
    let all = line(&project);
    assert!(all.starts_with("- ✔") && !all.contains("stale"), "{all}");
    let check = project.evidence.iter_mut().find(|(key, _)| key.contains("check M4"));
    check.expect("M4 is asked").1.outcome = Outcome::Fail;
    let failed = line(&project);
    assert!(failed.starts_with("- ✖") && failed.contains("1 fail"), "{failed}");
}

#[test]
fn stale_evidence_is_shown_and_is_no_pass() {
    use bridgehead::{model::beside::Outcome, sim::expected::questions};
    let mut project = template("two-sites-done-right").project.as_ref().clone();
    let analysis = bridgehead::analysis::analyse(&project);
    let asked = questions(&analysis.phases[5].topology, &analysis.inputs, None);
    let facts = asked.first().unwrap().facts.clone();
    let line = |project: &bridgehead::model::Project| {
        let text = markdown(&build(&bridgehead::analysis::analyse(project), &options()));
        let line = text.lines().find(|line| line.contains("Live checks")).unwrap().to_owned();
        (line, text)
    };
    project.evidence.insert("a".to_owned(), evidence(&facts, Outcome::Pass));
    let (part, _) = line(&project);
    assert!(part.starts_with("- ?"), "an answer about one phase is none about the others: {part}");
    assert!(part.contains("1 pass · nothing was asked about phases 0 to 4"), "{part}");
    for phase in 0..5 {
        let asked = questions(&analysis.phases[phase].topology, &analysis.inputs, None);
        let facts = &asked.first().unwrap().facts;
        let of = bridgehead::model::beside::Evidence { phase, ..evidence(facts, Outcome::Pass) };
        project.evidence.insert(format!("a{phase}"), of);
    }
    let (fresh, text) = line(&project);
    assert!(fresh.starts_with("- ✔") && fresh.contains("6 pass"), "{fresh}");
    assert!(text.contains("9.9.9.9:53") && text.contains("2026-11-24 14:02:31"), "{text}");
    project.evidence.insert("b".to_owned(), evidence("of an older plan", Outcome::Fail));
    let (stale, text) = line(&project);
    assert!(stale.starts_with("- ?") && stale.contains("6 pass · 1 stale"), "{stale}");
    assert!(text.contains("? stale<br>was fail"), "{text}");
    project.evidence.insert("c".to_owned(), evidence(&facts, Outcome::Fail));
    let (failed, text) = line(&project);
    assert!(failed.starts_with("- ✖") && failed.contains("1 fail"), "{failed}");
    assert!(text.contains("Not ready: what was measured differs from the plan"), "{text}");
}
