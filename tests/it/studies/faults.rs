//! Every failure in turn, held against messages that are followed with the same failure.

use crate::{
    naive::plans,
    support::{
        program::{Folder, arg, bridgehead},
        template,
    },
};
use bridgehead::{
    model::{Project, Subject, Topology, promise::End, unfold::unfold},
    net::{
        reach::Stage,
        world::{Inputs, ServerIx, World},
    },
    sim::{
        deliver::{self, Sent},
        matrix,
        studies::{
            Progress, Stopped,
            faults::{Cell, Depth, Faults, breakable, faults},
        },
        trace::Disposition,
        walk::{LegEnd, Simulator, Walk},
    },
};
use std::collections::{BTreeMap, BTreeSet};

fn run(topology: &Topology, inputs: &Inputs, depth: Depth) -> Faults {
    faults(topology, inputs, depth, &mut |_| true).expect("nobody stops it")
}

fn last(project: &Project) -> (Topology, Inputs) {
    (unfold(project).pop().expect("a phase"), Inputs::of(project))
}

/// Who took a message in turn, and by which stages it got there.
type Way = Vec<(Option<ServerIx>, Vec<Stage>)>;

fn way(walk: &Walk<'_>) -> Way {
    let mut way = Vec::new();
    for leg in &walk.legs {
        let to = match &leg.end {
            LegEnd::Taken(opened) => Some(opened.server),
            LegEnd::Left(_) => None,
            _ => continue,
        };
        let last = leg.attempt.as_ref().and_then(|attempt| attempt.tries.last());
        let last = last.expect("somebody took it");
        let stages = match (&last.reach, &last.outside) {
            (Some((_, reach)), _) => reach.stages.clone(),
            (None, Some(reach)) => reach.stages.clone(),
            (None, None) => Vec::new(),
        };
        way.push((to, stages));
    }
    way
}

/// What becomes of each pair, and by which ways, told by following each message.
fn followed(
    topology: &Topology,
    inputs: &Inputs,
    failures: &BTreeSet<Subject>,
) -> BTreeMap<Cell, (Disposition, Vec<Way>)> {
    let world = World::new(topology, inputs, failures);
    let simulator = Simulator::new(&world);
    let ends = matrix::ends(&world);
    let mut found = BTreeMap::new();
    for (row, from) in (0..).zip(&ends) {
        for (column, to) in (0..).zip(&ends) {
            if (from, to) == (&End::Internet, &End::Internet) {
                continue;
            }
            let disposition = deliver::disposition(&simulator, from, to);
            let ways = deliver::all(&simulator, from, to)
                .iter()
                .map(|sent| match sent {
                    Sent::Walked(_, walk) => way(walk),
                    Sent::Unknown(_) => Vec::new(),
                })
                .collect();
            found.insert((row, column), (disposition, ways));
        }
    }
    found
}

#[test]
fn every_single_failure_says_what_followed_messages_say() {
    let (mut compared, mut lost, mut unknown, mut rerouted) = (0, 0, 0, 0);
    for (name, _, project) in plans(50, 12) {
        let inputs = Inputs::of(&project);
        for (phase, topology) in unfold(&project).iter().enumerate() {
            let found = run(topology, &inputs, Depth::Single);
            let before = followed(topology, &inputs, &BTreeSet::new());
            let arrived: Vec<Cell> = cells(&before, Disposition::arrived);
            assert_eq!(found.delivered, arrived, "{name}, phase {phase}");
            assert_eq!(found.open, cells(&before, |d| d == Disposition::CannotTell));
            for failure in &found.single {
                let failures = BTreeSet::from([failure.subject.clone()]);
                let after = followed(topology, &inputs, &failures);
                let had = |cell: &&Cell| before[*cell].0.arrived();
                let now = |wanted: fn(Disposition) -> bool| -> Vec<Cell> {
                    after.keys().filter(had).filter(|c| wanted(after[*c].0)).copied().collect()
                };
                let case = format!("{name}, phase {phase}: {}", failure.subject);
                let gone = now(|d| !d.arrived() && d != Disposition::CannotTell);
                assert_eq!(failure.loss.lost, gone, "lost: {case}");
                let open = now(|d| d == Disposition::CannotTell);
                assert_eq!(failure.loss.unknown, open, "unknown: {case}");
                let arrive = now(Disposition::arrived);
                let otherwise = arrive.iter().filter(|c| before[*c].1 != after[*c].1).count();
                assert_eq!(failure.rerouted, otherwise, "rerouted: {case}");
                compared += after.len();
                (lost, unknown) = (lost + gone.len(), unknown + open.len());
                rerouted += otherwise;
            }
        }
    }
    println!("{compared} pairs: {lost} lost, {unknown} unknown, {rerouted} rerouted");
    assert!(lost > 1000 && unknown > 20 && rerouted > 100, "{lost} {unknown} {rerouted}");
}

fn cells(
    found: &BTreeMap<Cell, (Disposition, Vec<Way>)>,
    wanted: fn(Disposition) -> bool,
) -> Vec<Cell> {
    found.iter().filter(|(_, (d, _))| wanted(*d)).map(|(cell, _)| *cell).collect()
}

#[test]
fn double_failures_lose_what_neither_loses_alone() {
    let mut cuts = 0;
    for (name, _, project) in plans(8, 2) {
        let (topology, inputs) = last(&project);
        let found = run(&topology, &inputs, Depth::Double);
        let world = World::new(&topology, &inputs, &BTreeSet::new());
        let all: Vec<Subject> = breakable(&world).into_iter().map(|(_, subject)| subject).collect();
        let fates = |failures: &[&Subject]| -> BTreeMap<Cell, Disposition> {
            let failures = failures.iter().map(|subject| (*subject).clone()).collect();
            let found = followed(&topology, &inputs, &failures);
            found.into_iter().map(|(cell, (disposition, _))| (cell, disposition)).collect()
        };
        let before = fates(&[]);
        let alone: BTreeMap<&Subject, _> = all.iter().map(|s| (s, fates(&[s]))).collect();
        for (at, first) in all.iter().enumerate() {
            for second in &all[at + 1..] {
                let both = fates(&[first, second]);
                let kept = |cell: &&Cell| {
                    [&before, &alone[first], &alone[second]].iter().all(|f| f[*cell].arrived())
                };
                let lost: Vec<Cell> = both
                    .keys()
                    .filter(kept)
                    .filter(|c| !both[*c].arrived() && both[*c] != Disposition::CannotTell)
                    .copied()
                    .collect();
                let mut pair = [first.clone(), second.clone()];
                pair.sort_unstable();
                let told = found.double.iter().find(|double| double.subjects == pair);
                let told = told.map(|double| double.loss.lost.clone()).unwrap_or_default();
                assert_eq!(told, lost, "{name}: {pair:?}");
                cuts += lost.len();
            }
        }
    }
    assert!(cuts > 50, "{cuts} cuts of two");
}

fn named(found: &Faults, (from, to): Cell) -> String {
    let name = |end: u32| found.ends[end as usize].to_string();
    format!("{} > {}", name(from), name(to))
}

#[test]
fn the_move_done_right_has_these_single_points() {
    let (topology, inputs) = last(&template("two-sites-done-right"));
    let found = run(&topology, &inputs, Depth::Double);
    assert_eq!(found.delivered.len(), 8, "all but the Internet with itself");
    assert!(!found.is_open());
    let of = |name: &str| {
        let subject: Subject = name.parse().expect("a subject");
        found.single.iter().find(|failure| failure.subject == subject).expect("it fails")
    };
    let lost = |name: &str| -> Vec<String> {
        of(name).loss.lost.iter().map(|cell| named(&found, *cell)).collect()
    };
    // The Internet's mail for Leeds comes to London, the first MX, which takes it and keeps it.
    assert_eq!(
        lost("link:wan"),
        [
            "server:lds-be1 > server:lon-be1",
            "server:lon-be1 > server:lds-be1",
            "internet > server:lds-be1"
        ]
    );
    // The second MX and the WAN link carry the Internet's mail for London.
    assert_eq!(lost("line:lon-line"), ["server:lon-be1 > internet"]);
    assert_eq!(of("line:lon-line").rerouted, 2);
    // London has 300 mailboxes, and loses two of five pairs; Leeds has 200, and loses three of five.
    let hours = of("link:wan").loss.user_hours_per_hour;
    assert!((hours - (300.0 * 2.0 / 5.0 + 200.0 * 3.0 / 5.0)).abs() < 1e-9, "{hours}");
    let points = |from: &str, to: &str| {
        let wanted = format!("{from} > {to}");
        let all = found.single_points().into_iter();
        let mut fits = all.filter(|(cell, _)| named(&found, *cell) == wanted);
        fits.next().map(|(_, of)| of.into_iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    let points = points("internet", "server:lds-be1").expect("some");
    for point in ["server:lds-be1", "segment:lds-lan"] {
        assert!(points.contains(&point.to_owned()), "{points:?}");
    }
    assert!(!points.contains(&"line:lds-line".to_owned()), "{points:?}");
    // Both lines together: nobody takes the Internet's mail any more.
    let lines: [Subject; 2] =
        ["line:lds-line", "line:lon-line"].map(|name| name.parse().expect("a subject"));
    let both = found.double.iter().find(|double| double.subjects == lines).expect("a cut");
    assert!(both.loss.lost.iter().any(|cell| named(&found, *cell) == "internet > server:lds-be1"));
}

#[test]
fn a_server_takes_its_name_service_along() {
    let mut plan = template("two-sites-done-right");
    let dns: bridgehead::model::edit::Edit = ron::from_str(
        "Add(Server(\"dc\", (name: \"LON-DC1\", place: Segment(\"lon-lan\"), role: DomainController, addresses: [\"10.1.0.2\"])))",
    )
    .expect("an edit");
    assert!(dns.apply(&mut plan.as_is));
    let (topology, inputs) = last(&plan);
    let found = run(&topology, &inputs, Depth::Single);
    let lost = |name: &str| {
        let subject: Subject = name.parse().expect("a subject");
        let one = found.single.iter().find(|failure| failure.subject == subject);
        one.expect("it fails").loss.lost.clone()
    };
    assert_eq!(lost("server:dc"), lost("resolver:lon-dns"));
    assert!(!lost("server:dc").is_empty());
}

#[test]
fn it_can_be_stopped_and_says_how_far_it_has_come() {
    let (topology, inputs) = last(&template("two-sites-done-right"));
    for depth in [Depth::Single, Depth::Double] {
        let mut seen = Vec::new();
        let whole = faults(&topology, &inputs, depth, &mut |at| {
            seen.push(at);
            true
        });
        assert!(whole.is_ok());
        let total = seen.len();
        assert!(seen.iter().enumerate().all(|(at, s)| *s == Progress { done: at + 1, total }));
        let mut left = 5;
        let stopped = faults(&topology, &inputs, depth, &mut |_| {
            left -= 1;
            left > 0
        });
        assert_eq!((stopped, left), (Err(Stopped), 0));
    }
}

#[test]
fn an_empty_plan_loses_nothing() {
    let project = Project::new("nothing");
    let (topology, inputs) = last(&project);
    let found = run(&topology, &inputs, Depth::Double);
    assert!(found.single.is_empty() && found.delivered.is_empty() && !found.is_open());
}

#[test]
fn the_command_answers_as_its_contract_says() {
    let folder = Folder::new();
    let plan = folder.file("plan.ron");
    let new = ["new", "--template", "two-sites-done-right", "-o", &arg(&plan)];
    assert_eq!(bridgehead(new).code, 0);
    let ran = bridgehead(["faults", &arg(&plan), "--format", "json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let json = ran.json();
    let hours: Vec<f64> = json["failures"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|failure| {
            for pair in failure["lost"].as_array().expect("a list") {
                assert!(pair["from"].is_string() && pair["to"].is_string(), "{pair}");
            }
            assert!(failure["subject"].is_string() && failure["rerouted"].is_u64(), "{failure}");
            failure["user_hours_per_hour"].as_f64().expect("a number")
        })
        .collect();
    assert!(hours.is_sorted_by(|a, b| a >= b) && hours[0] > 0.0, "the worst first: {hours:?}");
    let point = &json["single_points"][0];
    assert!(point["from"].is_string() && point["subjects"][0].is_string(), "{point}");
    assert!(json.get("cuts").is_none() && json.get("doubles").is_none());
    let double = bridgehead(["faults", &arg(&plan), "--double", "--format", "json"]).json();
    assert_eq!(double["failures"], json["failures"]);
    assert!(double["cuts"][0]["cuts"][0].is_array() && double["doubles"][0]["lost"].is_array());
    let text = bridgehead(["faults", &arg(&plan), "--double"]);
    assert!(text.out.contains("Single points of failure"), "{}", text.out);
    assert!(text.out.contains("line:lds-line + line:lon-line"), "{}", text.out);
    assert_eq!(bridgehead(["faults", &arg(&plan), "--phase", "9"]).code, 2);
}

#[test]
fn what_cannot_be_told_is_neither_lost_nor_kept_and_exits_with_3() {
    let folder = Folder::new();
    let mut plan = template("two-sites-done-right");
    for assumption in plan.assumptions.values_mut() {
        assumption.on = false;
    }
    let path = folder.write("open.ron", bridgehead::file::save(&plan));
    let ran = bridgehead(["faults", &arg(&path), "--format", "json"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(!ran.json()["unknown"].as_array().expect("a list").is_empty());
}
