//! The command line as a contract: names, JSON fields, spellings, exit codes.

use crate::support::{
    self,
    program::{Folder, Ran, arg, bridgehead},
};
use serde_json::Value;
use std::path::{Path, PathBuf};

const TEMPLATE: &str = "two-sites-exchange-2003";

fn new(folder: &Folder, template: &str) -> PathBuf {
    let path = folder.file(&format!("{template}.ron"));
    let ran = bridgehead(["new", "--template", template, "-o", &arg(&path)]);
    assert_eq!(ran.code, 0, "{ran:?}");
    path
}

fn run(words: &str, plan: &Path) -> Ran {
    bridgehead(words.split(' ').map(|word| word.replace("PLAN", &arg(plan))))
}

/// The object has these fields, and each field's value is of the kind that its letter says:
/// `s`tring, `n`umber, `b`ool, `l`ist, `o`bject, `?` anything, upper case: or null.
fn has(object: &Value, fields: &[(&str, char)]) {
    for (name, kind) in fields {
        let value = object.get(name).unwrap_or_else(|| panic!("no field `{name}` in {object}"));
        let fits = match kind.to_ascii_lowercase() {
            's' => value.is_string(),
            'n' => value.is_u64(),
            'b' => value.is_boolean(),
            'l' => value.is_array(),
            'o' => value.is_object(),
            _ => true,
        };
        let null = kind.is_ascii_uppercase() && value.is_null();
        assert!(fits || null, "`{name}` is {value}, expected {kind}");
    }
}

fn list<'v>(value: &'v Value, name: &str) -> &'v Vec<Value> {
    value[name].as_array().unwrap_or_else(|| panic!("no list `{name}` in {value}"))
}

fn is_trace(trace: &Value) {
    has(
        trace,
        &[
            ("from", 's'),
            ("to", 's'),
            ("disposition", 's'),
            ("code", 'S'),
            ("at", 'S'),
            ("reason", 's'),
            ("subject", 'S'),
            ("attribute", 'S'),
            ("assumptions", 'l'),
            ("hops", 'l'),
        ],
    );
    for hop in list(trace, "hops") {
        has(hop, &[("from", 's'), ("to", 'S'), ("steps", 'l')]);
        for step in list(hop, "steps") {
            has(
                step,
                &[("kind", 's'), ("ok", 'b'), ("doubt", 'b'), ("text", 's'), ("subject", 'S')],
            );
        }
    }
}

/// Keys sorted at every level, as scripts that compare answers rely on.
fn is_sorted(value: &Value) {
    match value {
        Value::Object(map) => {
            assert!(map.keys().is_sorted(), "{:?}", map.keys().collect::<Vec<_>>());
            map.values().for_each(is_sorted);
        }
        Value::Array(list) => list.iter().for_each(is_sorted),
        _ => {}
    }
}

#[test]
fn templates_are_listed() {
    let ran = bridgehead(["templates", "--format", "json"]);
    assert_eq!(ran.code, 0);
    let json = ran.json();
    for template in list(&json, "templates") {
        has(template, &[("name", 's'), ("title", 's'), ("summary", 's')]);
    }
    let names: Vec<_> = list(&json, "templates").iter().map(|t| t["name"].clone()).collect();
    assert!(names.contains(&Value::from(TEMPLATE)), "{names:?}");
    assert!(bridgehead(["templates"]).out.contains(TEMPLATE));
}

#[test]
fn new_writes_the_plan_only_and_never_over_another() {
    let folder = Folder::new();
    let path = new(&folder, TEMPLATE);
    let text = std::fs::read_to_string(&path).expect("written");
    assert!(!text.contains("summary:") && !text.contains("expected:"));
    let again = bridgehead(["new", "--template", TEMPLATE, "-o", &arg(&path)]);
    assert_eq!(again.code, 2, "{again:?}");
    assert!(again.err.contains("--force"), "{}", again.err);
    let forced = bridgehead(["new", "--template", TEMPLATE, "-o", &arg(&path), "--force"]);
    assert_eq!(forced.code, 0, "{forced:?}");
    let unknown = bridgehead(["new", "--template", "nothing", "-o", &arg(&folder.file("x"))]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains(TEMPLATE), "it says which there are: {}", unknown.err);
}

#[test]
fn check_answers_with_findings_and_promises() {
    let folder = Folder::new();
    let plan = new(&folder, TEMPLATE);
    let ran = run("check PLAN --all-phases --format json", &plan);
    assert_eq!(ran.code, 1, "an error finding: {}", ran.err);
    let json = ran.json();
    is_sorted(&json);
    assert_eq!(list(&json, "phases").len(), 6);
    for phase in list(&json, "phases") {
        has(phase, &[("index", 'n'), ("title", 's'), ("findings", 'l'), ("promises", 'l')]);
        for finding in list(phase, "findings") {
            let fields = [
                ("code", 's'),
                ("rule", 's'),
                ("severity", 's'),
                ("subject", 's'),
                ("also", 'l'),
                ("message", 's'),
                ("fixes", 'l'),
                ("waived", 'S'),
            ];
            has(finding, &fields);
            for (at, fix) in list(finding, "fixes").iter().enumerate() {
                has(fix, &[("choice", 'n'), ("title", 's'), ("trust", 's'), ("phase", 'n')]);
                assert_eq!(fix["choice"], at + 1, "choices count from 1");
            }
        }
        for promise in list(phase, "promises") {
            let fields = [
                ("id", 's'),
                ("text", 's'),
                ("from_phase", 'n'),
                ("state", 's'),
                ("counterexample", 'O'),
            ];
            has(promise, &fields);
            if promise["counterexample"].is_object() {
                is_trace(&promise["counterexample"]);
            }
        }
    }
    let third = &list(&json, "phases")[3];
    let fault = &list(third, "findings")[0];
    assert_eq!((&fault["code"], &fault["severity"]), (&"BH101".into(), &"error".into()));
    assert_eq!(fault["subject"], "connector:leeds-london");
    let also: Vec<_> = list(fault, "also").iter().filter_map(Value::as_str).collect();
    assert!(also.contains(&"listener:lon-fe1/1"), "{also:?}");
    assert!(also.contains(&"record:outside/hartwell.example/mail1/a"), "{also:?}");
}

#[test]
fn the_exit_code_of_check_is_that_of_the_phases_that_it_shows() {
    let folder = Folder::new();
    let plan = new(&folder, TEMPLATE);
    let code = |words: &str| run(words, &plan).code;
    assert_eq!(code("check PLAN --phase 0"), 0, "notes only");
    assert_eq!(code("check PLAN --phase 3"), 1, "an error");
    assert_eq!(code("check PLAN --phase 4"), 0, "warnings only");
    assert_eq!(code("check PLAN"), 0, "the last phase");
    assert_eq!(
        bridgehead(["check", &arg(&plan), "--phase", "two routing groups"]).code,
        1,
        "by title"
    );
    assert_eq!(code("check PLAN --phase 9"), 2);
    assert_eq!(code("check PLAN --phase 3 --all-phases"), 2);
    let right = new(&folder, "two-sites-done-right");
    assert_eq!(run("check PLAN --all-phases", &right).code, 0);
}

#[test]
fn what_cannot_be_told_exits_with_3_and_a_waiver_takes_an_error_off_the_account() {
    let folder = Folder::new();
    let mut plan = support::template(TEMPLATE);
    plan.promises.clear();
    let key = "BH101 connector:leeds-london".parse().expect("a waiver");
    plan.waivers.insert(key, "the client knows".to_owned());
    let waived = folder.write("waived.ron", bridgehead::file::save(&plan));
    let ran = run("check PLAN --phase 3 --format json", &waived);
    assert_eq!(ran.code, 0, "{}", ran.out);
    let json = ran.json();
    let fault = list(&list(&json, "phases")[0], "findings")[0].clone();
    assert_eq!(fault["waived"], "the client knows");

    let mut unknown = support::template(TEMPLATE);
    unknown.promises.clear();
    let firewall = "lon-fw".parse().expect("an id");
    unknown.as_is.firewalls.get_mut(&firewall).expect("a firewall").hairpin = None;
    let path = folder.write("unknown.ron", bridgehead::file::save(&unknown));
    let ran = run("check PLAN --phase 3 --format json", &path);
    assert_eq!(ran.code, 3, "{}", ran.out);
    let json = ran.json();
    let findings = list(&list(&json, "phases")[0], "findings");
    let fault = findings.iter().find(|f| f["code"] == "BH101").expect("BH101");
    assert_eq!(fault["severity"], "cannot-tell", "the firewall's fact is missing");
}

#[test]
fn the_drawing_is_exported_as_lines_and_as_dots() {
    let folder = Folder::new();
    let plan = new(&folder, "two-sites-exchange-2003");
    let mut made = Vec::new();
    for (kind, begins) in [("svg", &b"<svg"[..]), ("png", b"\x89PNG\r\n"), ("png", b"\x89PNG\r\n")]
    {
        let out = folder.file(&format!("{}.{kind}", made.len()));
        let ran = run(&format!("export PLAN --as {kind} --phase 3 -o {}", arg(&out)), &plan);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let bytes = std::fs::read(&out).expect("it was written");
        assert!(bytes.starts_with(begins));
        made.push(bytes);
    }
    assert_eq!(made[1], made[2], "the same drawing gives the same bytes");
    let side = |at: usize| u32::from_be_bytes(made[1][at..at + 4].try_into().expect("4 bytes"));
    assert!(side(16) > 1500 && side(20) > 800, "{} x {}", side(16), side(20));
}

#[test]
fn sarif_is_offered() {
    let folder = Folder::new();
    let plan = new(&folder, TEMPLATE);
    let json = run("check PLAN --phase 3 --format sarif", &plan).json();
    assert_eq!(json["version"], "2.1.0");
    let run = &list(&json, "runs")[0];
    let known: Vec<_> = list(&run["tool"]["driver"], "rules").iter().map(|r| &r["id"]).collect();
    for result in list(run, "results") {
        assert!(known.contains(&&result["ruleId"]), "{result}");
    }
}

#[test]
fn trace_answers_hop_by_hop() {
    let folder = Folder::new();
    let plan = new(&folder, TEMPLATE);
    for (from, to, phase, disposition, code) in [
        ("lds-be1", "lon-be1", "3", "queued", 1),
        ("leeds", "london", "3", "queued", 1),
        ("site:leeds", "server:lon-be1", "3", "queued", 1),
        ("london", "leeds", "3", "delivered", 0),
        ("internet", "leeds", "3", "delivered", 0),
        ("lon-be1", "internet", "3", "left-for-internet", 0),
        ("internet", "anna@hartwell.example", "3", "delivered", 0),
        ("lon-be1", "anna@elsewhere.example", "3", "cannot-tell", 3),
    ] {
        let words = format!("trace PLAN --from {from} --to {to} --phase {phase} --format json");
        let ran = run(&words, &plan);
        let json = ran.json();
        is_trace(&json);
        is_sorted(&json);
        assert_eq!(json["disposition"], disposition, "{words}: {json}");
        assert_eq!(ran.code, code, "{words}");
        assert_eq!((&json["from"], &json["to"]), (&from.into(), &to.into()));
        assert_eq!(run(&words.replace(" --format json", ""), &plan).code, code, "{words} as text");
    }
}

#[test]
fn failures_are_taken_into_account_and_must_exist() {
    let folder = Folder::new();
    let plan = new(&folder, "two-sites-done-right");
    let trace = |fail: &str| {
        run(&format!("trace PLAN --from leeds --to london --fail {fail} --format json"), &plan)
    };
    for (fail, code) in [
        ("link:wan", "timeout"),
        ("site:london", "timeout"),
        ("server:lon-fe1", "unreachable"),
        ("listener:lon-fe1/1", "refused"),
        ("connector:leeds-london", "no-connector"),
        ("resolver:lon-dns", "name-temporary"),
    ] {
        let ran = trace(fail);
        assert_eq!(ran.code, 1, "{fail}: {ran:?}");
        assert_eq!(ran.json()["code"], code, "{fail}");
    }
    for nothing in ["server:nobody", "server", "promise:sites", "listener:lon-fe1/7"] {
        let ran = trace(nothing);
        assert_eq!(ran.code, 2, "{nothing}: {ran:?}");
        assert!(ran.err.starts_with("bridgehead: ") && ran.out.is_empty());
    }
}

#[test]
fn matrix_answers_all_pairs() {
    let folder = Folder::new();
    let plan = new(&folder, TEMPLATE);
    let ran = run("matrix PLAN --phase 3 --format json", &plan);
    assert_eq!(ran.code, 1);
    let json = ran.json();
    is_sorted(&json);
    assert_eq!(json["ends"], serde_json::json!(["lds-be1", "lon-be1", "internet"]));
    for pair in list(&json, "pairs") {
        has(
            pair,
            &[("from", 's'), ("to", 's'), ("disposition", 's'), ("hops", 'l'), ("subject", 'S')],
        );
    }
    let stuck: Vec<_> =
        list(&json, "pairs").iter().filter(|p| p["disposition"] == "queued").collect();
    assert_eq!(stuck.len(), 1);
    assert_eq!((&stuck[0]["from"], &stuck[0]["to"]), (&"lds-be1".into(), &"lon-be1".into()));
    assert_eq!(run("matrix PLAN --phase 4", &plan).code, 0);
}

#[test]
fn fix_applies_each_choice_here_and_earliest_and_leaves_the_plan_alone() {
    let folder = Folder::new();
    let plan = new(&folder, TEMPLATE);
    let before = std::fs::read(&plan).expect("the plan");
    for choice in ["1", "2", "3"] {
        for earliest in [false, true] {
            let out = folder.file(&format!("cured-{choice}-{earliest}.ron"));
            let mut words =
                format!("fix PLAN --code BH101 --choice {choice} --format json -o {}", arg(&out));
            if earliest {
                words.push_str(" --earliest");
            }
            let ran = run(&words, &plan);
            assert_eq!(ran.code, 0, "{ran:?}");
            assert_eq!(ran.json()["phase"], if earliest { 1 } else { 3 });
            let after = run("check PLAN --all-phases --format json", &out).json();
            let left = list(&after, "phases").iter().flat_map(|p| list(p, "findings"));
            assert!(left.into_iter().all(|f| f["code"] != "BH101"), "choice {choice}");
        }
    }
    assert_eq!(std::fs::read(&plan).expect("the plan"), before, "without -o nothing changes");
}

#[test]
fn fix_refuses_what_is_not_clear() {
    let folder = Folder::new();
    let plan = new(&folder, TEMPLATE);
    let out = folder.file("out.ron");
    let fix = |words: &str| run(&format!("fix PLAN {words} -o {}", arg(&out)), &plan);
    let several = fix("--code BH102 --phase 1");
    assert_eq!(several.code, 2);
    for subject in ["listener:lon-fe1/1", "listener:lds-be1/1"] {
        assert!(several.err.contains(subject), "it names them: {}", several.err);
    }
    for words in [
        "--code BH999",
        "--code BH101 --phase 0",
        "--code BH101 --choice 9",
        "--code BH101 --choice 0",
        "--code BH101 --subject server:lon-fe1",
        "--code BH101 --subject nonsense",
    ] {
        let ran = fix(words);
        assert_eq!(ran.code, 2, "{words}: {ran:?}");
        assert_eq!(ran.err.lines().count(), 1, "{words}: {}", ran.err);
    }
    assert!(!out.exists(), "nothing was written");
    assert_eq!(fix("--code BH102 --phase 1 --subject listener:lon-fe1/1").code, 0);
}

#[test]
fn explain_gives_the_article_and_what_a_symptom_points_to() {
    let folder = Folder::new();
    let plan = new(&folder, TEMPLATE);
    let article = bridgehead(["explain", "BH101"]);
    assert_eq!(article.code, 0);
    for heading in bridgehead::rules::rule::HEADINGS {
        assert!(article.out.contains(heading), "no `{heading}`");
    }
    assert_eq!(bridgehead(["explain", "bh101", "--format", "json"]).json()["code"], "BH101");
    assert_eq!(bridgehead(["explain", "BH999"]).code, 2);
    assert_eq!(bridgehead(["explain"]).code, 2);
    let symptom = "The remote server did not respond to a connection attempt.";
    let words = ["explain", "--symptom", symptom, "--plan", &arg(&plan), "--format", "json"];
    let json = bridgehead(words).json();
    let found: Vec<_> = list(&json, "findings").iter().map(|f| &f["subject"]).collect();
    assert!(found.contains(&&"connector:leeds-london".into()), "{found:?}");
    assert_eq!(bridgehead(["explain", "--symptom", "my chair squeaks"]).code, 3);
}

#[test]
fn diff_names_what_changed_and_nothing_else() {
    let folder = Folder::new();
    let plan = new(&folder, TEMPLATE);
    let same = bridgehead(["diff", &arg(&plan), &arg(&plan), "--format", "json"]);
    assert_eq!(same.code, 0);
    assert!(list(&same.json(), "differences").is_empty());
    let out = folder.file("bound.ron");
    let ran = run(&format!("fix PLAN --code BH101 --choice 3 -o {}", arg(&out)), &plan);
    assert_eq!(ran.code, 0, "{ran:?}");
    let json = bridgehead(["diff", &arg(&plan), &arg(&out), "--format", "json"]).json();
    let found = list(&json, "differences");
    assert_eq!(found.len(), 1, "{json}");
    has(&found[0], &[("in", 's'), ("what", 's'), ("a", 'S'), ("b", 'S')]);
    assert_eq!(found[0]["what"], "listener:lon-fe1/1 bindings");
    assert_eq!(found[0]["in"], "phase two-groups");
}

#[test]
fn usage_errors_are_one_line_and_exit_with_2() {
    for words in ["frobnicate", "check", "trace x --from a", "check x --format xml", "new"] {
        let ran = bridgehead(words.split(' '));
        assert_eq!(ran.code, 2, "{words}: {ran:?}");
        assert!(ran.err.starts_with("bridgehead: "), "{words}: {}", ran.err);
        assert_eq!(ran.err.lines().count(), 1, "{words}: {}", ran.err);
        assert_eq!(ran.out, "", "{words}");
    }
    let absent = bridgehead(["check", "/no/such/plan.ron"]);
    assert_eq!(absent.code, 2);
    assert!(absent.err.contains("plan.ron"), "{}", absent.err);
    assert_eq!(bridgehead(["--help"]).code, 0);
    assert_eq!(bridgehead(["--version"]).code, 0);
}
