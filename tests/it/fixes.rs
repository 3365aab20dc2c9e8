//! Fixes: each cure of the incident, here and at the earliest phase, ends it in that and every later
//! phase; a binding cures exactly the direction whose target is bound; no fix makes a new error.

use crate::{
    naive::generate,
    support::{self, disposition},
};
use bridgehead::{
    analysis::{Analysis, analyse},
    model::{
        Project,
        change::apply,
        edit::Edit,
        editing::{edit, edit_all},
        promise::End,
        server::{Bindings, ListenerField},
        topology::Field,
    },
    rules::{
        finding::Finding,
        fix::{Fix, edits},
        rule::Severity,
        wanted::Wanted,
    },
    sim::trace::Disposition,
};
use std::collections::BTreeSet;

fn finding(analysis: &Analysis, phase: usize, code: &str) -> Finding {
    let found = analysis.phases[phase].findings.iter().find(|f| f.rule.code == code);
    found.unwrap_or_else(|| panic!("phase {phase} does not show {code}")).clone()
}

fn applied(project: &Project, fix: &Fix, phase: usize) -> Project {
    let mut cured = project.clone();
    let made = edits(project, &fix.wanted, phase).expect("a fix that is offered can be made");
    assert!(made.iter().all(|(at, _)| *at >= phase), "a fix touches no earlier phase: {made:?}");
    let change = edit_all(project, made).expect("its edits fit");
    apply(&mut cured, change).expect("its change fits");
    cured
}

fn errors(analysis: &Analysis, phase: usize) -> BTreeSet<(String, String)> {
    analysis.phases[phase]
        .findings
        .iter()
        .filter(|f| f.severity == Severity::Error)
        .map(|f| (f.rule.code.to_owned(), f.subject.to_string()))
        .collect()
}

#[test]
fn each_cure_ends_the_incident_here_and_at_the_earliest_phase() {
    let plan = support::template("two-sites-exchange-2003");
    let analysis = analyse(&plan);
    let fault = finding(&analysis, 3, "BH101");
    let fixes = analysis.fixes(3, &fault);
    let kinds: Vec<_> = fixes.iter().map(|f| f.title.as_str()).collect();
    assert_eq!(fixes.len(), 3, "a name, a zone, a binding: {kinds:?}");
    assert!(matches!(fixes[0].wanted, Wanted::InsideName(_)), "{kinds:?}");
    assert!(matches!(fixes[1].wanted, Wanted::InsideZone(..)), "{kinds:?}");
    assert!(matches!(fixes[2].wanted, Wanted::Bound(_)), "{kinds:?}");
    for fix in &fixes {
        assert_eq!(fix.earliest, 1, "{}: possible as soon as the server stands", fix.title);
        for start in [3, fix.earliest] {
            let cured = applied(&plan, fix, start);
            let after = analyse(&cured);
            for phase in start..cured.phase_count() {
                let left = after.phases[phase].findings.iter().any(|f| f.rule.code == "BH101");
                assert!(!left, "{} in phase {start}: phase {phase} still shows it", fix.title);
            }
            assert_mail_takes_the_wan(&cured, &fix.title);
        }
    }
}

fn assert_mail_takes_the_wan(cured: &Project, what: &str) {
    let [leeds, london] = ["lds-be1", "lon-be1"].map(support::server);
    assert_eq!(disposition(cured, 3, &leeds, &london), Disposition::Delivered, "{what}");
    for phase in [4, 5] {
        let trace = support::trace(cured, phase, &leeds, &london);
        assert_eq!(trace.disposition, Disposition::Delivered, "{what}, phase {phase}");
        let text: String =
            trace.hops.iter().flat_map(|h| &h.steps).map(|s| s.text.as_str()).collect();
        assert!(text.contains("over WAN link to London"), "{what}, phase {phase}: {text}");
        assert!(!text.contains("Internet"), "{what}, phase {phase}: {text}");
    }
}

/// The incident as in laboratory case 01: all four virtual servers bear public names, and the second
/// front-end's name is known outside while all stand on one LAN.
fn all_renamed() -> Project {
    let mut plan = support::template("two-sites-exchange-2003");
    let change = |plan: &mut Project, phase, made: Edit| {
        let change = edit(plan, phase, made).expect("the edit fits");
        apply(plan, change).expect("the change fits");
    };
    let name = "mail2.hartwell.example".parse().expect("a name");
    let listener = || "lds-fe1/1".parse().expect("a listener");
    let fqdn = ListenerField::Fqdn(Some(name));
    change(&mut plan, 1, Edit::Set(Field::Listener(listener(), fqdn)));
    plan
}

#[test]
fn a_binding_cures_exactly_the_direction_whose_target_is_bound() {
    let plan = all_renamed();
    let ends = ["lds-be1", "lon-be1"].map(support::server);
    let [leeds, london] = &ends;
    let verdicts =
        |plan: &Project| [disposition(plan, 4, leeds, london), disposition(plan, 4, london, leeds)];
    // Over the Internet both arrive in phase 4; what differs is the way, so cut the lines' NAT.
    let by_wan = |plan: &Project, from: &End, to: &End| {
        let trace = support::trace(plan, 4, from, to);
        trace.hops.iter().flat_map(|h| &h.steps).any(|s| s.text.contains("over WAN link"))
    };
    assert_eq!(verdicts(&plan), [Disposition::Delivered; 2]);
    assert!(!by_wan(&plan, leeds, london) && !by_wan(&plan, london, leeds));
    for (listener, cured) in [("lon-fe1/1", [true, false]), ("lds-fe1/1", [false, true])] {
        let id: bridgehead::model::server::ListenerId = listener.parse().expect("a listener");
        let wanted = Wanted::Bound(id);
        let made = edits(&plan, &wanted, 3).expect("a binding");
        let mut bound = plan.clone();
        let change = edit_all(&plan, made).expect("its edits fit");
        apply(&mut bound, change).expect("its change fits");
        let way = [by_wan(&bound, leeds, london), by_wan(&bound, london, leeds)];
        assert_eq!(way, cured, "{listener} bound");
    }
}

#[test]
fn a_binding_follows_the_server_when_a_later_phase_gives_it_another_address() {
    let plan = support::template("two-sites-exchange-2003");
    let wanted = Wanted::Bound("lds-fe1/1".parse().expect("a listener"));
    let mut bound = plan.clone();
    let change = edit_all(&plan, edits(&plan, &wanted, 1).expect("a binding")).expect("fits");
    apply(&mut bound, change).expect("fits");
    let topologies = bridgehead::model::unfold::unfold(&bound);
    let bindings = |phase: usize| {
        topologies[phase].listeners[&"lds-fe1/1".parse().expect("a listener")].bindings.clone()
    };
    let to = |ip: &str| Bindings::Addresses([ip.parse().expect("an address")].into());
    assert_eq!(bindings(1), to("10.1.0.21"));
    assert_eq!(bindings(3), to("10.1.0.21"));
    assert_eq!(bindings(4), to("10.2.0.11"));
}

#[test]
fn no_fix_of_a_generated_plan_makes_a_new_error_in_any_phase() {
    let mut offered = 0;
    for seed in 0..60 {
        let plan = generate::plan(seed);
        let before = analyse(&plan);
        for (phase, this) in before.phases.iter().enumerate() {
            for finding in this.findings.iter().filter(|f| f.severity != Severity::Note) {
                for fix in before.fixes(phase, finding) {
                    for start in BTreeSet::from([phase, fix.earliest]) {
                        let after = analyse(&applied(&plan, &fix, start));
                        for at in 0..plan.phase_count() {
                            let new: Vec<_> = errors(&after, at)
                                .difference(&errors(&before, at))
                                .cloned()
                                .collect();
                            assert!(new.is_empty(), "seed {seed}: {} makes {new:?}", fix.title);
                        }
                        offered += 1;
                    }
                }
            }
        }
    }
    assert!(offered > 20, "only {offered} fixes were offered: the property says little");
}

/// The incident with more edits, each in its phase.
fn incident_with(edits: &[(usize, &str)]) -> Project {
    let lines: Vec<_> = edits.iter().map(|(phase, edit)| format!("{phase}: {edit}\n")).collect();
    let text = format!(
        "```plan two-sites-exchange-2003\n{}```\n```trace phase=0 from=internet to=site:london\n```\n",
        lines.concat()
    );
    let mut cases = support::literate::cases(&text).unwrap_or_else(|e| panic!("{e}"));
    cases.remove(0).into_project()
}

/// All cures of the fault in phase 3, each made there.
fn cured(plan: &Project) -> Vec<(Fix, Project)> {
    let analysis = analyse(plan);
    let fault = finding(&analysis, 3, "BH101");
    let fixes = analysis.fixes(3, &fault);
    fixes.into_iter().map(|fix| (fix.clone(), applied(plan, &fix, 3))).collect()
}

fn inside(plan: &Project, phase: usize, name: &str) -> Option<Vec<String>> {
    let topology = bridgehead::model::unfold::unfold(plan).remove(phase);
    let name: bridgehead::model::name::Fqdn = name.parse().expect("a name");
    let found = topology.records.iter().find(|(id, set)| {
        id.zone.view.as_str() == "inside" && id.name == name && !set.data.addresses().is_empty()
    });
    found.map(|(_, set)| set.data.lines())
}

/// Phase 5 puts another machine in the first front-end's place, under the same name.
const SWAP: &[(usize, &str)] = &[
    (
        5,
        r#"Add(Server("lon-fe2", (name: "LON-FE2", place: Segment("lon-lan"), role: FrontEnd, platform: Exchange2003, organisation: "hartwell", computer_name: "lon-fe2", directory_domain: "lon.hartwell.local", addresses: ["10.1.0.12"], group: "london")))"#,
    ),
    (
        5,
        r#"Add(Listener("lon-fe2/1", (name: "Default SMTP Virtual Server", fqdn: "mail1.hartwell.example")))"#,
    ),
    (5, r#"Set(GroupConnector("leeds-london", Targets(["lon-fe2/1"])))"#),
    (5, r#"Remove("server:lon-fe1")"#),
];

#[test]
fn a_cure_outlives_the_server_that_it_was_made_for() {
    let plan = incident_with(SWAP);
    let all = cured(&plan);
    assert_eq!(all.len(), 3, "{:?}", all.iter().map(|(f, _)| &f.title).collect::<Vec<_>>());
    for (fix, cured) in all.iter().take(2) {
        assert_eq!(
            inside(cured, 5, "mail1.hartwell.example"),
            Some(vec!["10.1.0.12".to_owned()]),
            "{}",
            fix.title
        );
    }
}

#[test]
fn a_name_that_nobody_bears_any_more_is_no_longer_answered_inside() {
    let plan = incident_with(&[
        (5, r#"Set(GroupConnector("leeds-london", Targets(["lon-be1/1"])))"#),
        (5, r#"Remove("server:lon-fe1")"#),
        (5, r#"Set(Record("outside/hartwell.example/www/a", Data(A(["192.0.2.81"]))))"#),
        (5, r#"Add(Record("outside/hartwell.example/shop/a", (data: A(["192.0.2.82"]))))"#),
    ]);
    let all = cured(&plan);
    let by_kind = |wanted: fn(&Wanted) -> bool| {
        all.iter().find(|(fix, _)| wanted(&fix.wanted)).map(|(_, plan)| plan).expect("a cure")
    };
    let name = by_kind(|w| matches!(w, Wanted::InsideName(_)));
    assert_eq!(inside(name, 4, "mail1.hartwell.example"), Some(vec!["10.1.0.11".to_owned()]));
    assert_eq!(inside(name, 5, "mail1.hartwell.example"), None);
    let zone = by_kind(|w| matches!(w, Wanted::InsideZone(..)));
    assert_eq!(inside(zone, 5, "mail1.hartwell.example"), Some(vec!["203.0.113.10".to_owned()]));
    assert_eq!(inside(zone, 5, "www.hartwell.example"), Some(vec!["192.0.2.81".to_owned()]));
    assert_eq!(inside(zone, 5, "shop.hartwell.example"), Some(vec!["192.0.2.82".to_owned()]));
}

#[test]
fn a_cure_takes_an_alias_out_of_its_way() {
    let plan = incident_with(&[
        (0, r#"Add(Zone("inside/hartwell.example", ()))"#),
        (
            0,
            r#"Add(Record("inside/hartwell.example/mail1/cname", (data: Cname("outside.hartwell.net"))))"#,
        ),
        (0, r#"Add(Zone("outside/hartwell.net", ()))"#),
        (0, r#"Add(Record("outside/hartwell.net/outside/a", (data: A(["203.0.113.10"]))))"#),
    ]);
    let all = cured(&plan);
    let (_, cured) =
        all.iter().find(|(f, _)| matches!(f.wanted, Wanted::InsideName(_))).expect("a cure");
    let topology = bridgehead::model::unfold::unfold(cured).remove(3);
    let alias = "inside/hartwell.example/mail1/cname".parse().expect("a record");
    assert!(!topology.records.contains_key(&alias), "nothing stands beside an alias");
    assert_eq!(inside(cured, 3, "mail1.hartwell.example"), Some(vec!["10.1.0.11".to_owned()]));
}

#[test]
fn a_cure_that_a_later_phase_brings_too_late_is_brought_forward() {
    let plan = incident_with(&[
        (4, r#"Add(Zone("inside/mail1.hartwell.example", (ttl_s: 600)))"#),
        (4, r#"Add(Record("inside/mail1.hartwell.example/@/a", (data: A(["10.1.0.11"]))))"#),
    ]);
    let all = cured(&plan);
    assert!(matches!(all[0].0.wanted, Wanted::InsideName(_)), "{}", all[0].0.title);
    assert_eq!(inside(&all[0].1, 3, "mail1.hartwell.example"), Some(vec!["10.1.0.11".to_owned()]));
    let topology = bridgehead::model::unfold::unfold(&all[0].1).remove(4);
    let zone = "inside/mail1.hartwell.example".parse().expect("a zone");
    assert_eq!(
        topology.zones[&zone].ttl_s,
        Some(600),
        "what else the later phase says still holds"
    );
}

#[test]
fn a_cure_that_breaks_a_promise_is_not_offered() {
    // A relay in Leeds that the WAN's filter keeps out reaches the first front-end by its public name.
    let relay = r#"Add(Server("app", (name: "APP", place: Segment("lds-lan"), role: Relay, platform: Postfix, addresses: ["10.2.0.30"], routes: [(to: Domain("hartwell.example"), via: [Host("mail1.hartwell.example")])])))"#;
    let mut plan = incident_with(&[
        (4, relay),
        (
            4,
            r#"Set(Link("wan", Filter(Rules([(from: "10.2.0.30/32", action: Drop), (action: Allow)]))))"#,
        ),
    ]);
    let promise = bridgehead::model::promise::Promise {
        text: "the application's mail reaches London".to_owned(),
        from_phase: Some("shipped".parse().expect("a phase")),
        demand: bridgehead::model::promise::Demand::Delivered {
            from: [support::server("app")].into(),
            to: ["site:london".parse().expect("an end")].into(),
            given: BTreeSet::new(),
        },
    };
    plan.promises.insert("app".parse().expect("an id"), promise);
    let analysis = analyse(&plan);
    let kept = |analysis: &Analysis| {
        let verdict = analysis.phases[4].promises.iter().find(|v| v.id.as_str() == "app");
        verdict.expect("the promise").state
    };
    assert_eq!(kept(&analysis), bridgehead::plan::promises::State::Kept);
    for (fix, cured) in cured(&plan) {
        assert_eq!(
            kept(&analyse(&cured)),
            bridgehead::plan::promises::State::Kept,
            "{}",
            fix.title
        );
    }
}
