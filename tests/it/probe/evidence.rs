//! Evidence: kept with the plan, written and read the same, and stale as soon as the plan says
//! something else.

use super::topology;
use crate::support::template;
use bridgehead::{
    file::{self, evidence::Gathered},
    model::{
        Project,
        beside::{Evidence, Outcome},
        change::apply,
        dns::{RecordData, RecordId},
        unfold::unfold,
    },
    net::world::Inputs,
    probe::evidence::{Facts, change, foreign, origin, phase_key, stale},
    sim::expected::{Question, questions},
};
use std::collections::BTreeMap;

const RIGHT: &str = "two-sites-done-right";

fn evidence(question: &Question, phase: usize, utc: &str) -> Evidence {
    Evidence {
        question: question.text.clone(),
        subject: question.subject.clone(),
        phase,
        from: question.from.clone(),
        asked: "192.0.2.53:53".to_owned(),
        expected: question.expected.lines(),
        got: question.expected.lines(),
        outcome: Outcome::Pass,
        reason: "as planned".to_owned(),
        utc: utc.to_owned(),
        ttl: Some(300),
        rtt_ms: None,
        facts: question.facts.clone(),
        check: String::new(),
        reference: String::new(),
        remedy: String::new(),
        raw: Vec::new(),
    }
}

fn gathered(project: &Project, phase: usize, site: Option<&str>) -> BTreeMap<String, Evidence> {
    let site = site.map(|site| site.parse().unwrap());
    let topology = &unfold(project)[phase];
    let questions = questions(topology, &Inputs::of(project), site.as_ref());
    let key = phase_key(project, phase);
    let one =
        |q: &Question| (format!("{key} {}", q.key), evidence(q, phase, "2026-11-24T14:02:31Z"));
    questions.iter().map(one).collect()
}

#[test]
fn evidence_is_fresh_until_the_plan_says_something_else() {
    let mut project = template(RIGHT);
    let mut all = gathered(&project, 5, None);
    all.extend(gathered(&project, 5, Some("leeds")));
    all.extend(gathered(&project, 0, Some("london")));
    let facts = Facts::of(&project);
    assert!(all.values().all(|evidence| !facts.are_stale_in(evidence)));
    let id: RecordId = "outside/hartwell.example/gw1/a".parse().unwrap();
    project.as_is.records.get_mut(&id).unwrap().data =
        RecordData::A(vec!["203.0.113.2".parse().unwrap()]);
    for (key, evidence) in &all {
        let about_it = evidence.subject.to_string() == format!("record:{id}");
        assert_eq!(stale(evidence, &project), about_it, "{key}");
    }
}

#[test]
fn evidence_of_a_phase_that_is_gone_is_stale() {
    let mut project = template(RIGHT);
    let all = gathered(&project, 5, None);
    project.phases.clear();
    assert!(all.values().all(|evidence| stale(evidence, &project)));
}

#[test]
fn evidence_is_written_and_read_the_same() {
    let all = gathered(&template(RIGHT), 5, Some("leeds"));
    let project = template(RIGHT);
    let all = Gathered { of: Some(origin(&project, 5)), evidence: all };
    let text = file::evidence::save(all.clone());
    assert_eq!(file::evidence::load(text.as_bytes()).unwrap(), all);
    // What was written before files said which plan they were made for.
    let old = Gathered { of: None, ..all.clone() };
    let without = file::evidence::save(old.clone());
    assert!(!without.contains("of: "), "{without}");
    assert_eq!(file::evidence::load(without.as_bytes()).unwrap(), old);
    assert_eq!(file::evidence::save(file::evidence::load(text.as_bytes()).unwrap()), text);
    let other = text.replacen("format: 1", "format: 99", 1);
    let refused = file::evidence::load(other.as_bytes()).unwrap_err();
    assert!(refused.to_string().contains("format 99"), "{refused}");
    let twice = "(format: 1, evidence: {\"a\": x, \"a\": x})";
    assert!(file::evidence::load(twice.as_bytes()).is_err());
    assert!(file::evidence::load(b"\xff\xfe").is_err());
}

#[test]
fn the_later_answer_stays_and_the_change_has_its_inverse() {
    let mut project = template(RIGHT);
    let topology = topology(RIGHT, 5);
    let question = questions(&topology, &Inputs::of(&project), None).swap_remove(0);
    let take = |project: &mut Project, utc: &str| {
        let new = BTreeMap::from([("key".to_owned(), evidence(&question, 5, utc))]);
        let change = change(project, new);
        apply(project, change).unwrap()
    };
    let before = project.clone();
    let undo = take(&mut project, "2026-11-24T14:00:00Z");
    take(&mut project, "2026-11-23T09:00:00Z");
    assert_eq!(project.evidence["key"].utc, "2026-11-24T14:00:00Z");
    let newer = take(&mut project, "2026-11-25T09:00:00Z");
    assert_eq!(project.evidence["key"].utc, "2026-11-25T09:00:00Z");
    apply(&mut project, newer).unwrap();
    apply(&mut project, undo).unwrap();
    assert_eq!(project, before);
}

#[test]
fn phases_are_told_apart_by_their_ids() {
    let project = template(RIGHT);
    assert_eq!(phase_key(&project, 0), "@as-is");
    assert_eq!(phase_key(&project, 5), "retired");
}

/// A file of this plan's evidence, from Leeds.
fn file_of(project: &Project) -> Gathered {
    Gathered { of: Some(origin(project, 5)), evidence: gathered(project, 5, Some("leeds")) }
}

#[test]
fn a_plan_takes_its_own_evidence_after_it_was_edited_or_renamed() {
    let project = template(RIGHT);
    let file = file_of(&project);
    assert_eq!(foreign(&project, &file), None);
    assert_eq!(foreign(&project, &Gathered { of: None, ..file.clone() }), None);
    // Nearly all of it drawn anew: what is left of its own questions is enough, some of it stale.
    let mut edited = project.clone();
    edited.as_is.zones.retain(|id, _| id.origin.as_str() != "hartwell.example");
    edited.as_is.records.retain(|id, _| id.zone.origin.as_str() != "hartwell.example");
    for phase in &mut edited.phases {
        phase.edits.retain(|key, edit| !format!("{key:?} {edit:?}").contains("hartwell.example"));
    }
    assert!(file.evidence.values().any(|evidence| stale(evidence, &edited)));
    assert_eq!(foreign(&edited, &file), None);
    let mut renamed = project;
    renamed.name = "Hartwell, second draft".to_owned();
    assert_eq!(foreign(&renamed, &file), None);
}

#[test]
fn another_plans_evidence_is_refused_though_some_questions_coincide() {
    let project = template(RIGHT);
    let file = file_of(&project);
    // The other client's network has the same private addresses, and nothing else in common.
    let mut other = project.clone();
    other.name = "Another client".to_owned();
    other.as_is.zones.clear();
    other.as_is.records.clear();
    for phase in &mut other.phases {
        phase.edits.retain(|key, edit| {
            let text = format!("{key:?} {edit:?}");
            !text.contains("Record(") && !text.contains("Zone(")
        });
    }
    let own: Vec<String> = gathered(&other, 5, Some("leeds")).into_keys().collect();
    let coincide = file.evidence.keys().filter(|key| own.contains(key)).count();
    assert!(coincide > 0 && coincide * 2 <= file.evidence.len(), "{coincide}");
    let why = foreign(&other, &file).unwrap();
    assert!(why.contains("gathered for the plan `") && why.contains(&project.name), "{why}");
    // A name that nobody has chosen tells nothing.
    let mut unnamed = file.clone();
    if let Some(of) = &mut unnamed.of {
        of.plan = "New plan".to_owned();
    }
    other.name = "New plan".to_owned();
    assert!(foreign(&other, &unnamed).unwrap().contains("gathered for another plan"));
    // An older file does not say whose it is: one question was enough, and is.
    assert_eq!(foreign(&other, &Gathered { of: None, ..file }), None);
}
