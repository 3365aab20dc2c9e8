//! `bridgehead report` as a person types it.

use super::tools::Scratch;
use std::process::{Command, Output};

fn bridgehead(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bridgehead")).args(arguments).output().unwrap()
}

#[test]
fn a_handover_is_written_once_and_replaced_only_by_force() {
    let (plan, pdf) = (Scratch::new("ron"), Scratch::new("pdf"));
    let (plan, out) = (plan.0.to_str().unwrap(), pdf.0.to_str().unwrap());
    let made = bridgehead(&["new", "--template", "two-sites-exchange-2003", "-o", plan]);
    assert!(made.status.success(), "{made:?}");
    let first = bridgehead(&["report", plan, "-o", out, "--date", "2026-11-24"]);
    assert_eq!(first.status.code(), Some(1), "the plan is broken: {first:?}");
    let bytes = std::fs::read(out).unwrap();
    assert!(bytes.starts_with(b"%PDF-1.7"));
    let second = bridgehead(&["report", plan, "-o", out, "--date", "2026-11-24"]);
    assert_eq!(second.status.code(), Some(2), "{second:?}");
    let forced = bridgehead(&[
        "report",
        plan,
        "-o",
        out,
        "--date",
        "2026-11-24",
        "--force",
        "--format",
        "json",
    ]);
    assert_eq!(forced.status.code(), Some(1), "{forced:?}");
    assert!(String::from_utf8_lossy(&forced.stdout).contains("\"decision\": \"Not ready\""));
    assert!(std::fs::read(out).unwrap() == bytes, "same plan and date, same bytes");
    drop(std::fs::remove_file(plan));
}

#[test]
fn a_date_that_is_none_is_refused() {
    let (plan, pdf) = (Scratch::new("ron"), Scratch::new("pdf"));
    let (plan, out) = (plan.0.to_str().unwrap(), pdf.0.to_str().unwrap());
    bridgehead(&["new", "--template", "two-sites-done-right", "-o", plan]);
    let refused = bridgehead(&["report", plan, "-o", out, "--date", "2026-02-30"]);
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    assert!(!std::path::Path::new(out).exists());
    drop(std::fs::remove_file(plan));
}

#[test]
fn the_handover_is_exported_as_markdown_up_to_a_phase() {
    let (plan, out) = (Scratch::new("ron"), Scratch::new("md"));
    let (plan, path) = (plan.0.to_str().unwrap(), out.0.to_str().unwrap());
    bridgehead(&["new", "--template", "two-sites-exchange-2003", "-o", plan]);
    let export = |more: &[&str]| {
        let base = ["export", plan, "--as", "markdown", "-o", path, "--date", "2026-11-24"];
        bridgehead(&[&base[..], more].concat())
    };
    let whole = export(&["--format", "json"]);
    assert_eq!(whole.status.code(), Some(0), "{whole:?}");
    let answer: serde_json::Value = serde_json::from_slice(&whole.stdout).unwrap();
    assert_eq!((&answer["as"], &answer["phase"]), (&"markdown".into(), &5.into()));
    let analysis = super::template("two-sites-exchange-2003");
    let saved = bridgehead::file::save(&analysis.project);
    let plan_sha256 = bridgehead::file::sha256(saved.as_bytes());
    let options = bridgehead::report::ReportOptions { plan_sha256, ..super::options() };
    let document = bridgehead::report::build(&analysis, &options);
    let text = std::fs::read_to_string(path).unwrap();
    assert_eq!(text, bridgehead::report::markdown::markdown(&document));

    assert_eq!(export(&[]).status.code(), Some(2), "not replaced");
    let early = export(&["--phase", "2", "--force"]);
    assert_eq!(early.status.code(), Some(0), "{early:?}");
    let early = std::fs::read_to_string(path).unwrap();
    let later = "Two routing groups";
    assert!(text.contains(later) && !early.contains(later), "{early}");
    assert_eq!(export(&["--phase", "9", "--force"]).status.code(), Some(2));
    let refused = bridgehead(&["export", plan, "--as", "parchment", "-o", path, "--force"]);
    assert_eq!(refused.status.code(), Some(2));
    drop(std::fs::remove_file(plan));
}

#[test]
fn what_no_font_has_is_refused_by_name_and_a_profile_says_where_it_is_wrong() {
    let (plan, pdf, profile) = (Scratch::new("ron"), Scratch::new("pdf"), Scratch::new("ron"));
    let (plan, out) = (plan.0.to_str().unwrap(), pdf.0.to_str().unwrap());
    bridgehead(&["new", "--template", "two-sites-done-right", "-o", plan]);
    let text = std::fs::read_to_string(plan).unwrap();
    // No character stands at that place in Unicode, so no font of any machine has it.
    let named = text.replacen("name: \"", "name: \"\u{378}", 1);
    assert_ne!(text, named);
    std::fs::write(plan, named).unwrap();
    let report = |more: &[&str]| {
        bridgehead(&[&["report", plan, "-o", out, "--date", "2026-11-24"][..], more].concat())
    };
    let refused = report(&[]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    assert!(said.lines().count() == 1 && said.contains("U+0378"), "{said}");
    assert!(!std::path::Path::new(out).exists());
    assert_eq!(report(&["--spell-out"]).status.code(), Some(0));

    let own = profile.0.to_str().unwrap();
    for (text, wanted) in [
        ("(accent: \"#FFEE00\")", "contrast"),
        ("(accent: 5)", ":1:"),
        ("(logo: \"no.png\")", "no.png"),
    ] {
        std::fs::write(own, text).unwrap();
        let refused = report(&["--force", "--spell-out", "--profile", own]);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(refused.status.code() == Some(2) && said.contains(wanted), "{said}");
    }
}

#[test]
fn a_record_copy_opens_as_a_plan_and_a_working_copy_is_taken_in() {
    let (plan, record) = (Scratch::new("ron"), Scratch::new("pdf"));
    let (working, done) = (Scratch::new("pdf"), Scratch::new("ron"));
    let (plan, record) = (plan.0.to_str().unwrap(), record.0.to_str().unwrap());
    let (working, done) = (working.0.to_str().unwrap(), done.0.to_str().unwrap());
    bridgehead(&["new", "--template", "two-sites-done-right", "-o", plan]);
    let report = |out: &str, copy: &str| {
        bridgehead(&["report", plan, "-o", out, "--copy", copy, "--date", "2026-11-24"])
    };
    assert_eq!(report(record, "record").status.code(), Some(0));
    assert_eq!(report(working, "working").status.code(), Some(0));
    let diff = bridgehead(&["diff", plan, record, "--format", "json"]);
    assert_eq!(diff.status.code(), Some(0), "{diff:?}");
    let refused = bridgehead(&["check", working]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(2) && said.contains("no plan is attached"), "{said}");
    let taken = bridgehead(&["evidence", plan, working, "-o", done, "--format", "json"]);
    let answer: serde_json::Value = serde_json::from_slice(&taken.stdout).unwrap();
    assert_eq!((&answer["ticks"], &answer["taken"]), (&0.into(), &0.into()), "nobody has ticked");
    assert_eq!(std::fs::read(done).unwrap(), std::fs::read(plan).unwrap());
}
