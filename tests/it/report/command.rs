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
