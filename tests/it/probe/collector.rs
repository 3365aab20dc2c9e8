//! The collector's script and what is taken from the file that it writes.

use crate::support::{
    program::{Folder, arg, bridgehead},
    template,
};
use bridgehead::{
    model::{Project, beside::Outcome, unfold::unfold},
    probe::{collected, collector::script, evidence::Facts},
};
use serde_json::{Value, json};

const RIGHT: &str = "two-sites-done-right";

fn made() -> (Project, String) {
    let project = template(RIGHT);
    let topology = unfold(&project).pop().unwrap();
    let text = script(&project, &topology, 5, &"leeds".parse().unwrap());
    (project, text)
}

/// The questions that are written into the script.
fn job(script: &str) -> Value {
    let from = script.find("@'\r\n").unwrap() + 4;
    let to = from + script[from..].find("\r\n'@").unwrap();
    serde_json::from_str(&script[from..to]).unwrap()
}

/// What the collector would write if all were as planned, but for what `change` does to an answer.
fn written(script: &str, change: impl Fn(&mut Value)) -> Value {
    let job = job(script);
    let project = template(RIGHT);
    let topology = unfold(&project).pop().unwrap();
    let all = bridgehead::sim::expected::questions(
        &topology,
        &bridgehead::net::world::Inputs::of(&project),
        Some(&"leeds".parse().unwrap()),
    );
    let answers: Vec<Value> = job["questions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|question| {
            let planned = all.iter().find(|q| q.key == question["key"].as_str().unwrap()).unwrap();
            let lines = planned.expected.lines();
            let status = match (question["kind"] == "smtp", lines[0].as_str()) {
                (_, "no record") => "no-data",
                (true, "no listener") => "refused",
                (true, _) => "said",
                (false, _) => "records",
            };
            let mut answer = json!({
                "key": question["key"], "asked": "10.2.0.2", "status": status, "lines": lines,
                "ttl": 60, "rtt_ms": 12, "note": "", "utc": "2026-11-24T14:02:31Z",
            });
            change(&mut answer);
            answer
        })
        .collect();
    json!({
        "collector": 1, "plan": job["plan"], "phase_key": job["phase_key"], "from": job["from"],
        "computer": "LDS-DC1", "powershell": "5.1", "utc": "2026-11-24T14:02:31Z",
        "answers": answers,
    })
}

#[test]
fn the_script_asks_the_sites_questions_and_changes_nothing() {
    let (_, script) = made();
    assert!(script.is_ascii() && !script.replace("\r\n", "").contains(['\r', '\n']));
    let job = job(&script);
    assert_eq!((&job["phase_key"], &job["from"]), (&json!("retired"), &json!("leeds")));
    let questions = job["questions"].as_array().unwrap();
    let mail1 = questions.iter().find(|q| q["key"] == "inside@leeds mail1.hartwell.example a");
    assert_eq!(mail1.unwrap()["type"], "A");
    assert!(questions.iter().any(|q| q["kind"] == "smtp" && q["address"] == "10.1.0.11"));
    // Nothing in it that changes a machine; the one file that it writes is its answer.
    let verbs =
        ["Set-", "Remove-", "Add-Content", "Install-", "Start-", "Stop-", "Invoke-", "DATA"];
    for verb in verbs.iter().filter(|verb| **verb != "Set-") {
        assert!(!script.contains(verb), "{verb}");
    }
    let set: Vec<&str> = script.lines().filter(|line| line.contains("Set-")).collect();
    assert_eq!(set, ["Set-StrictMode -Version 2.0"]);
    assert_eq!(script.matches("WriteAllText").count(), 1);
    for asked in ["Resolve-DnsName", "Test-NetConnection", "Net.Sockets.TcpClient"] {
        assert!(script.contains(asked), "{asked}");
    }
}

#[test]
fn what_it_writes_is_judged_like_a_probe_from_that_site() {
    let (project, script) = made();
    let bytes = written(&script, |_| ()).to_string().into_bytes();
    assert!(collected::is_json(&bytes));
    let taken = collected::read(&project, &bytes).unwrap();
    assert!(taken.unasked.is_empty() && taken.evidence.len() > 30);
    let facts = Facts::of(&project);
    for (key, evidence) in &taken.evidence {
        assert_eq!(evidence.outcome, Outcome::Pass, "{key}: {evidence:#?}");
        assert!(!facts.are_stale_in(evidence), "{key}");
        assert_eq!(evidence.from.as_ref().unwrap().as_str(), "leeds");
    }
}

#[test]
fn no_answer_is_unknown_and_a_wrong_one_fails() {
    let (project, script) = made();
    let outcome = |status: &str, lines: Value| {
        let file = written(&script, |answer| {
            if answer["key"] == "inside@leeds mail1.hartwell.example a" {
                answer["status"] = json!(status);
                answer["lines"] = lines.clone();
            }
        });
        let taken = collected::read(&project, file.to_string().as_bytes()).unwrap();
        taken.evidence["retired inside@leeds mail1.hartwell.example a"].outcome
    };
    for silent in ["timeout", "server-failure", "refused", "error", "no-route", "anything"] {
        assert_eq!(outcome(silent, json!([])), Outcome::Unknown, "{silent}");
    }
    assert_eq!(outcome("records", json!(["203.0.113.10"])), Outcome::Fail);
    assert_eq!(outcome("no-such-name", json!([])), Outcome::Fail);
    // As ConvertTo-Json of PowerShell 5.1 may write a list.
    assert_eq!(outcome("records", json!("10.1.0.11")), Outcome::Pass);
    assert_eq!(outcome("records", json!({"value": ["10.1.0.11"], "Count": 1})), Outcome::Pass);
}

#[test]
fn every_encoding_of_windows_powershell_reads() {
    let (project, script) = made();
    let text = format!("{:#}", written(&script, |_| ())).replace('\n', "\r\n");
    let wide = |mark: u16, unit: fn(u16) -> [u8; 2]| {
        std::iter::once(mark).chain(text.encode_utf16()).flat_map(unit).collect::<Vec<u8>>()
    };
    let plain = collected::read(&project, text.as_bytes()).unwrap();
    let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    for bytes in [marked, wide(0xFEFF, u16::to_le_bytes), wide(0xFEFF, u16::to_be_bytes)] {
        assert!(collected::is_json(&bytes));
        assert_eq!(collected::read(&project, &bytes).unwrap(), plain);
    }
    for (bytes, why) in [
        (&b"{}"[..], "missing field"),
        (
            b"{\"collector\": 2, \"phase_key\": \"x\", \"from\": \"leeds\", \"answers\": []}",
            "format 2",
        ),
        (
            b"{\"collector\": 1, \"phase_key\": \"x\", \"from\": \"leeds\", \"answers\": []}",
            "no phase",
        ),
        (
            b"{\"collector\": 1, \"phase_key\": \"retired\", \"from\": \"x\", \"answers\": []}",
            "no site",
        ),
        (b"\xFF\xFE\x00\xD8", "no UTF-16"),
        (b"\x80", "is not UTF-8"),
    ] {
        let said = collected::read(&project, bytes).unwrap_err();
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn the_command_line_writes_it_and_takes_what_it_wrote() {
    let folder = Folder::new();
    let plan = arg(&folder.file("plan.ron"));
    assert_eq!(bridgehead(["new", "--template", RIGHT, "-o", &plan]).code, 0);
    let collector = arg(&folder.file("leeds.ps1"));
    let asked = ["collector", &plan, "--from", "leeds", "-o", &collector];
    let ran = bridgehead(asked);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(bridgehead(asked).code, 2, "it exists");
    assert_eq!(bridgehead(["collector", &plan, "--from", "x", "-o", &collector]).code, 2);
    let script = std::fs::read_to_string(&collector).unwrap();
    let file = written(&script, |answer| {
        if answer["key"] == "inside@leeds www.hartwell.example a" {
            answer["key"] = json!("inside@leeds gone.hartwell.example a");
        }
    });
    let answers = arg(&folder.write("evidence-leeds.json", file.to_string()));
    let out = arg(&folder.file("checked.ron"));
    let took = bridgehead(["evidence", &plan, &answers, "-o", &out, "--format", "json"]);
    assert_eq!(took.code, 0, "{took:?}");
    let took = took.json();
    assert_eq!(took["unasked"], json!(["inside@leeds gone.hartwell.example a"]));
    assert!(took["taken"].as_u64().unwrap() > 30);
    assert!(std::fs::read_to_string(&out).unwrap().contains("retired inside@leeds mail1"));
}

/// What PowerShell's grammar makes of a script: `error LINE:COLUMN`, `command NAME`, `type [NAME]`.
fn parsed(script: &str) -> Vec<String> {
    let target = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let python = target.join("pdf-tools/bin/python");
    assert!(python.exists(), "{} is missing: tests/run makes it", python.display());
    let folder = Folder::new();
    let file = folder.write("collector.ps1", script);
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/probe/grammar.py");
    let ran = std::process::Command::new(python).arg(program).arg(file).output().unwrap();
    assert!(ran.status.success(), "{ran:?}");
    String::from_utf8(ran.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// Commands of the script that are not its own functions: they read, or write to the console.
const CMDLETS: [&str; 11] = [
    "ConvertFrom-Json",
    "ConvertTo-Json",
    "ForEach-Object",
    "Measure-Object",
    "New-Object",
    "Resolve-DnsName",
    "Set-StrictMode",
    "Test-NetConnection",
    "Where-Object",
    "Write-Host",
    "",
];

#[test]
fn the_script_parses_and_has_no_command_that_is_not_on_the_list() {
    let (_, script) = made();
    let told = parsed(&script);
    assert!(told.iter().all(|line| !line.starts_with("error")), "{told:#?}");
    let functions: Vec<&str> = script
        .lines()
        .filter_map(|line| line.strip_prefix("function "))
        .map(|line| line.split(['(', ' ']).next().unwrap())
        .collect();
    assert_eq!(functions.len(), 9, "{functions:?}");
    let commands: Vec<&str> =
        told.iter().filter_map(|line| line.strip_prefix("command ")).collect();
    let unknown: Vec<&&str> = commands
        .iter()
        .filter(|name| !CMDLETS.contains(name) && !functions.contains(name))
        .collect();
    assert!(unknown.is_empty() && commands.len() >= 18, "{unknown:?} of {commands:?}");
    // The one type that could write a file is used once, for the answers.
    let types: Vec<&str> = told.iter().filter_map(|line| line.strip_prefix("type ")).collect();
    let writing = types.iter().filter(|name| name.contains("IO.") || name.contains("Process"));
    assert_eq!(writing.collect::<Vec<_>>(), [&"[IO.File]"]);
    assert_eq!(script.matches("[IO.File]::").count(), 1);
    // The grammar is one that says no.
    for broken in ["function x {\r\n", "if ($a { 1 }\r\n", "$a = @(1, 2\r\n"] {
        let told = parsed(&format!("{script}{broken}"));
        assert!(told.iter().any(|line| line.starts_with("error")), "{broken}");
    }
}

#[test]
fn another_plans_answers_are_refused_and_a_renamed_plans_are_taken() {
    let (mut project, script) = made();
    let bytes = written(&script, |_| ()).to_string().into_bytes();
    project.name = "Hartwell, second draft".to_owned();
    assert!(collected::read(&project, &bytes).is_ok());
    let other = written(&script, |answer| {
        let key = answer["key"].as_str().unwrap().replace("hartwell", "elsewhere");
        answer["key"] = json!(key);
    });
    let why = collected::read(&project, other.to_string().as_bytes()).unwrap_err();
    assert!(why.contains("gathered for the plan `"), "{why}");
}
