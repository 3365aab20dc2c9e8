//! Findings made of live answers: they show on the command line, their fixes end them, and the workspace
//! follows new evidence.

use crate::support::{
    observed::observe,
    program::{Folder, arg, bridgehead},
    template,
};
use bridgehead::{
    analysis::{Analyzer, analyse},
    file,
    model::{
        Project,
        change::{Change, apply},
        editing::edit_all,
        unfold::unfold,
    },
    net::world::Inputs,
    report::{Audience, ReportOptions, build, markdown::markdown},
    rules::{
        finding::Finding,
        fix::{Trust, edits},
        rule::Severity,
    },
    workspace::Workspace,
};
use std::sync::Arc;

/// The incident with the name told inside by the drawing, and live it is not.
fn wrong() -> Project {
    let mut project = template("two-sites-exchange-2003");
    let analysis = analyse(&project);
    let fault = finding(&project, 3, "BH101").expect("the incident");
    let fixes = analysis.fixes(3, &fault);
    let made = edits(&project, &fixes[0].wanted, 3).expect("it can be made");
    let change = edit_all(&project, made).expect("its edits fit");
    apply(&mut project, change).expect("its change fits");
    let words = "3 inside@london mail1.hartwell.example a = 203.0.113.10";
    observe(&mut project, words).expect("it is asked");
    project
}

fn finding(project: &Project, phase: usize, code: &str) -> Option<Finding> {
    let analysis = analyse(project);
    analysis.phases[phase].findings.iter().find(|f| f.rule.code == code).cloned()
}

#[test]
fn the_cured_incident_probed_wrong_is_found_and_its_fix_ends_it() {
    let mut project = wrong();
    let found = finding(&project, 3, "BH801").expect("the live name leads outside");
    assert_eq!(found.severity, Severity::Error);
    assert!(finding(&project, 3, "BH101").is_none(), "the drawing is cured");
    for part in ["192.0.2.53:53", "203.0.113.10", "2026-11-24T14:02:31Z", "10.1.0.11", "queues"] {
        assert!(found.message.contains(part), "{part}: {}", found.message);
    }
    let fixes = analyse(&project).fixes(3, &found);
    let [draw, live] = fixes.as_slice() else { panic!("drawn or set right: {fixes:?}") };
    assert_eq!((draw.trust, draw.earliest), (Trust::Review, 3));
    assert_eq!(live.trust, Trust::ShowOnly);
    assert!(live.title.contains("`mail1.hartwell.example. IN A 10.1.0.11`"), "{}", live.title);
    let made = edits(&project, &draw.wanted, 3).expect("it can be made");
    assert!(made.iter().all(|(phase, _)| *phase == 3), "{made:?}");
    let change = edit_all(&project, made).expect("its edits fit");
    apply(&mut project, change).expect("its change fits");
    assert!(finding(&project, 3, "BH801").is_none(), "the drawing says what was observed");
    assert!(finding(&project, 3, "BH101").is_some(), "and shows what follows from it");
}

#[test]
fn a_new_answer_takes_the_place_of_the_old_one() {
    let mut project = wrong();
    let right = "3 inside@london mail1.hartwell.example a = 10.1.0.11";
    observe(&mut project, right).expect("it is asked");
    assert!(finding(&project, 3, "BH801").is_none());
}

#[test]
fn new_evidence_proves_nothing_anew_that_is_drawn_and_equals_a_fresh_analysis() {
    let wrong = wrong();
    let mut plain = wrong.clone();
    plain.evidence.clear();
    let inputs = Inputs::of(&wrong);
    let mut analyzer = Analyzer::new();
    let before = analyzer.update(&plain, &inputs);
    let after = analyzer.update(&wrong, &inputs);
    assert_eq!(after.phases, analyse(&wrong).phases);
    for (phase, (a, b)) in before.phases.iter().zip(&after.phases).enumerate() {
        assert_eq!(Arc::ptr_eq(a, b), phase != 3, "phase {phase}");
    }
    assert_eq!(analyzer.update(&plain, &inputs).phases, before.phases);
}

#[test]
fn the_workspace_analyses_again_when_answers_come() {
    let wrong = wrong();
    let mut plain = wrong.clone();
    plain.evidence.clear();
    let mut workspace = Workspace::new(plain, None, None);
    let shows = |workspace: &Workspace| {
        workspace.analysis().phases[3].findings.iter().any(|f| f.rule.code == "BH801")
    };
    let (key, evidence) = wrong.evidence.iter().next().expect("one answer");
    let change = Change::Evidence { key: key.clone(), to: Some(evidence.clone()) };
    workspace.apply("Take evidence", change, None).expect("it fits");
    assert!(!workspace.is_analysed());
    workspace.analyse();
    assert!(shows(&workspace));
    workspace.undo().expect("a step");
    workspace.analyse();
    assert!(!shows(&workspace));
    assert_eq!(unfold(workspace.project()).len(), 6);
}

#[test]
fn it_shows_on_the_command_line() {
    let folder = Folder::new();
    let plan = folder.write("plan.ron", file::save(&wrong()));
    let ran = bridgehead(["check", &arg(&plan), "--phase", "3", "--format", "json"]);
    assert_eq!(ran.code, 1);
    let json = ran.json();
    let list = json["phases"][0]["findings"].as_array().expect("findings");
    let found = list.iter().find(|f| f["code"] == "BH801").expect("the finding");
    assert_eq!(found["observed"]["asked"], "192.0.2.53:53");
    assert_eq!(found["observed"]["got"][0], "203.0.113.10");
    assert_eq!(found["observed"]["expected"][0], "10.1.0.11");
    assert_eq!(found["fixes"].as_array().map(Vec::len), Some(2));
    let ran = bridgehead(["check", &arg(&plan), "--phase", "3"]);
    assert!(ran.out.contains("BH801") && ran.out.contains("203.0.113.10"), "{ran:?}");
    let cured = folder.file("cured.ron");
    let ran = bridgehead(["fix", &arg(&plan), "--code", "BH801", "-o", &arg(&cured)]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let ran = bridgehead(["check", &arg(&cured), "--phase", "3"]);
    assert!(!ran.out.contains("BH801") && ran.out.contains("BH101"), "{ran:?}");
    let ran = bridgehead(["explain", "BH801"]);
    assert!(ran.out.contains("What it does not see"), "{ran:?}");
}

#[test]
fn the_handover_tells_what_came_and_the_clients_copy_gives_nothing_away() {
    let analysis = analyse(&wrong());
    let of = |audience| {
        let date = "2026-11-24".to_owned();
        markdown(&build(&analysis, &ReportOptions { date, audience, ..ReportOptions::default() }))
    };
    let internal = of(Audience::Internal);
    assert!(internal.contains("203.0.113.10 from 192.0.2.53:53 on 2026-11-24T14:02:31Z"));
    assert!(internal.contains("#### BH801 answers otherwise"), "its article");
    let client = of(Audience::Client);
    assert!(client.contains("A live answer contradicts the drawing"));
    assert!(!client.contains("from 192.0.2.53:53 on"));
}
