//! `bridgehead probe` and `bridgehead evidence` as people and scripts call them.

use super::{
    served::{serve_inside, serve_outside},
    topology,
};
use crate::support::{
    name_servers::free_address,
    program::{Folder, arg, bridgehead},
};
use serde_json::Value;

const RIGHT: &str = "two-sites-done-right";
const INCIDENT: &str = "two-sites-exchange-2003";

/// The plan of a template, as a file.
fn plan(folder: &Folder, template: &str) -> String {
    let path = arg(&folder.file("plan.ron"));
    let made = bridgehead(["new", "--template", template, "-o", &path]);
    assert_eq!(made.code, 0, "{made:?}");
    path
}

fn checks<'v>(answer: &'v Value, outcome: &str) -> Vec<&'v Value> {
    answer["checks"].as_array().unwrap().iter().filter(|c| c["outcome"] == outcome).collect()
}

#[test]
fn the_command_line_keeps_its_contract() {
    let folder = Folder::new();
    let plan = plan(&folder, RIGHT);
    let topology = topology(RIGHT, 5);
    let outside_server = serve_outside(&topology);
    let inside_server = serve_inside(&topology, outside_server.address);
    let inside = inside_server.address.to_string();
    let outside = outside_server.address.to_string();
    let evidence = arg(&folder.file("evidence.ron"));
    let asked = ["probe", &plan, "--inside", &inside, "--outside", &outside, "--from", "leeds"];

    let found = bridgehead([&asked[..], &["--format", "json", "-o", &evidence]].concat());
    assert_eq!(found.code, 0, "{found:?}");
    assert!(found.err.is_empty(), "{found:?}");
    let answer = found.json();
    let all = answer["checks"].as_array().unwrap();
    // Every drawn record passes; the catalogue has no more than advice for it.
    let drawn = all.iter().filter(|c| c["check"] == "");
    assert!(drawn.clone().count() > 20 && drawn.clone().all(|c| c["outcome"] == "pass"));
    let totals = answer["totals"].as_object().unwrap();
    assert!(!totals.contains_key("fail") && !totals.contains_key("unknown"), "{totals:?}");
    let advice = all.iter().filter(|c| c["outcome"] == "warn");
    assert!(advice.clone().count() > 0);
    for check in advice {
        let told = |field: &str| !check[field].as_str().unwrap().is_empty();
        assert!(told("check") && told("reference") && told("remedy"), "{check}");
        assert!(!check["raw"].as_array().unwrap().is_empty(), "{check}");
    }
    let first = all.iter().find(|c| c["id"] == "retired inside@leeds mail1.hartwell.example a");
    let first = first.unwrap();
    assert_eq!(first["question"], "mail1.hartwell.example A, inside at Leeds");
    assert_eq!(first["subject"], "record:inside/mail1.hartwell.example/@/a");
    assert_eq!(first["from"], "leeds");
    assert_eq!(first["asked"], inside.as_str());
    assert_eq!(first["expected"], serde_json::json!(["10.1.0.11"]));
    assert_eq!(first["got"], first["expected"]);
    assert_eq!(first["outcome"], "pass");
    assert!(first["ttl"].is_u64() && first["rtt_ms"].is_u64() && first["reason"].is_string());
    let utc = first["utc"].as_str().unwrap();
    assert!(utc.len() == 20 && utc.ends_with('Z') && utc.as_bytes()[10] == b'T', "{utc}");

    // Written once; a second time only with --force, and nobody is contacted before that is known.
    let again = bridgehead([&asked[..], &["-o", &evidence]].concat());
    assert_eq!(again.code, 2);
    let said = again.err;
    assert!(said.starts_with("bridgehead: ") && said.contains("evidence.ron"), "{said}");
    let forced = bridgehead([&asked[..], &["-o", &evidence, "--force"]].concat());
    assert_eq!(forced.code, 0, "{forced:?}");

    let taken = arg(&folder.file("taken.ron"));
    let took = bridgehead(["evidence", &plan, &evidence, "-o", &taken, "--format", "json"]);
    assert_eq!(took.code, 0, "{took:?}");
    let took = took.json();
    assert_eq!(took["taken"].as_u64(), Some(all.len() as u64));
    assert_eq!(took["stale"], serde_json::json!([]));
    let text = std::fs::read_to_string(&taken).unwrap();
    assert!(text.contains("retired inside@leeds mail1.hartwell.example a"), "{text}");
    // The plan itself is as it was, and the evidence changes nothing that is proved.
    let compared = bridgehead(["diff", &plan, &taken]);
    assert_eq!(compared.out.trim(), "no difference");
}

#[test]
fn the_incident_ends_with_1_and_names_the_connector() {
    let folder = Folder::new();
    let plan = plan(&folder, INCIDENT);
    let topology = topology(INCIDENT, 3);
    let outside = serve_outside(&topology);
    let inside = serve_inside(&topology, outside.address);
    let (i, o) = (inside.address.to_string(), outside.address.to_string());
    let asked = ["probe", &plan, "--phase", "3", "--inside", &i, "--outside", &o];
    let found = bridgehead([&asked[..], &["--format", "json"]].concat());
    assert_eq!(found.code, 1, "{found:?}");
    let answer = found.json();
    let failed = checks(&answer, "fail");
    assert_eq!(failed.len(), 1, "{failed:#?}");
    assert_eq!(failed[0]["subject"], "connector:leeds-london");
    assert_eq!(failed[0]["expected"], serde_json::json!(["10.1.0.11"]));
    assert_eq!(failed[0]["got"], serde_json::json!(["203.0.113.10"]));
    // A failed answer that is taken into the plan decides there as well.
    let (evidence, taken) = (arg(&folder.file("evidence.ron")), arg(&folder.file("taken.ron")));
    assert_eq!(bridgehead([&asked[..], &["-o", &evidence]].concat()).code, 1);
    let took = bridgehead(["evidence", &plan, &evidence, "-o", &taken, "--format", "json"]);
    assert_eq!((took.code, took.json()["totals"]["fail"].as_u64()), (1, Some(1)));
    let text = bridgehead(asked).out;
    assert!(text.contains("✖ fail mail1.hartwell.example A, inside, as Leeds to London"), "{text}");
    assert!(text.contains("203.0.113.10 is no address of the server that is meant"), "{text}");
}

#[test]
fn without_answers_it_ends_with_3_and_every_reason() {
    let folder = Folder::new();
    let plan = plan(&folder, RIGHT);
    let nobody = free_address().to_string();
    let found = bridgehead(["probe", &plan, "--inside", &nobody, "--format", "json"]);
    assert_eq!(found.code, 3, "{found:?}");
    let answer = found.json();
    let all = answer["checks"].as_array().unwrap();
    assert_eq!(answer["totals"]["unknown"].as_u64(), Some(all.len() as u64));
    for check in all {
        let wanted = match check["asked"].as_str().unwrap() {
            "" => "no outside resolver was named",
            _ => "connection refused: no name server listens there",
        };
        assert_eq!(check["reason"], wanted, "{check}");
    }
    let text = bridgehead(["probe", &plan, "--inside", &nobody]).out;
    assert!(text.contains("no outside resolver was named"), "{text}");
}

#[test]
fn smtp_hosts_are_contacted_only_when_that_is_asked_for() {
    let folder = Folder::new();
    let plan = plan(&folder, RIGHT);
    let nobody = free_address().to_string();
    let mut asked = vec!["probe", &plan, "--inside", &nobody, "--format", "json"];
    let maps: Vec<String> = ["10.1.0.10", "10.1.0.11", "10.2.0.10", "10.2.0.11"]
        .iter()
        .map(|planned| format!("{planned}={}", free_address()))
        .collect();
    for map in &maps {
        asked.extend(["--map", map]);
    }
    assert!(checks(&bridgehead(&asked).json(), "fail").is_empty());
    asked.push("--smtp");
    let found = bridgehead(&asked);
    assert_eq!(found.code, 1);
    let answer = found.json();
    let failed = checks(&answer, "fail");
    assert_eq!(failed.len(), 4, "{failed:#?}");
    for check in failed {
        assert!(check["subject"].as_str().unwrap().starts_with("listener:"), "{check}");
        assert!(check["asked"].as_str().unwrap().starts_with("127.0.0.1:"), "{check}");
    }
}

#[test]
fn what_cannot_be_done_ends_with_2_and_one_line() {
    let folder = Folder::new();
    let plan = plan(&folder, RIGHT);
    let no_evidence = arg(&folder.file("none.ron"));
    std::fs::write(&no_evidence, "(format: 1, evidence: {\"a\": 1})\n").unwrap();
    let out = arg(&folder.file("out.ron"));
    let other = arg(&folder.file("other.ron"));
    let text = "(format: 1, plan: (name: \"Other\", as_is_title: \"As it is\", as_is: ()))\n";
    std::fs::write(&other, text).unwrap();
    let nobody = free_address().to_string();
    let evidence = arg(&folder.file("evidence.ron"));
    bridgehead(["probe", &plan, "--inside", &nobody, "-o", &evidence]);
    let cases: [(&[&str], &str); 11] = [
        (&["evidence", &other, &evidence, "-o", &out], "evidence.ron: none of its "),
        (
            &["probe", &plan, "--inside", &nobody, "--map", "10.1.0.99=127.0.0.1:2525"],
            "no question of this phase goes to `10.1.0.99`; they go to 10.1.0.10, 10.1.0.11, ",
        ),
        (
            &["probe", &plan, "--inside", &nobody, "--map", "10.1.0.11:26=127.0.0.1:2525"],
            "no question of this phase goes to `10.1.0.11:26`; they go to 10.1.0.11:25",
        ),
        (
            &[
                "probe",
                &plan,
                "--phase",
                "0",
                "--inside",
                &nobody,
                "--map",
                "10.2.0.11=127.0.0.1:25",
            ],
            "no question of this phase goes to `10.2.0.11`",
        ),
        (&["probe", &plan, "--inside", "nowhere"], "`nowhere` is no address with a port"),
        (&["probe", &plan, "--map", "10.1.0.1"], "is no pair of addresses"),
        (&["probe", &plan, "--from", "paris"], "no site `paris`"),
        (&["probe", &plan, "--phase", "9"], "no phase `9`"),
        (&["probe", &no_evidence], "none.ron"),
        (&["evidence", &plan, &no_evidence, "-o", &out], "none.ron:1:"),
        (&["evidence", &plan, &plan, "-o", &out], "plan.ron"),
    ];
    for (args, wanted) in cases {
        let refused = bridgehead(args);
        assert_eq!(refused.code, 2, "{args:?} {refused:?}");
        let said = refused.err;
        assert!(said.starts_with("bridgehead: ") && said.contains(wanted), "{said}");
        assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    }
    assert!(!std::path::Path::new(&out).exists());
}

#[test]
fn evidence_that_no_longer_fits_is_taken_and_called_stale() {
    let folder = Folder::new();
    let plan = plan(&folder, RIGHT);
    let nobody = free_address().to_string();
    let evidence = arg(&folder.file("evidence.ron"));
    bridgehead(["probe", &plan, "--inside", &nobody, "-o", &evidence]);
    let changed = arg(&folder.file("changed.ron"));
    let text = std::fs::read_to_string(&plan).unwrap();
    std::fs::write(&changed, text.replace("192.0.2.80", "192.0.2.81")).unwrap();
    let out = arg(&folder.file("out.ron"));
    let took = bridgehead(["evidence", &changed, &evidence, "-o", &out, "--format", "json"]);
    assert_eq!(took.code, 3, "nobody answered, and some answers are stale: {took:?}");
    let took = took.json();
    let counted: u64 = took["totals"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
    let (taken, old) = (took["taken"].as_u64().unwrap(), took["stale"].as_array().unwrap().len());
    assert_eq!(counted, taken - old as u64, "stale answers are none");
    let stale = ["retired inside www.hartwell.example a", "retired outside www.hartwell.example a"];
    let all = took["stale"].as_array().unwrap().iter().map(|key| key.as_str().unwrap());
    // What compares the two views leans on the record too.
    let (views, records): (Vec<&str>, Vec<&str>) = all.partition(|key| key.contains(" check "));
    assert_eq!(records, stale);
    assert!(views.contains(&"retired check W2 inside hartwell.example"), "{views:?}");
}
