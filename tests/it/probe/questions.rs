//! The questions that a plan gives: which names, from where, about what, each once.

use super::{questions_of, topology};
use crate::support::template;
use bridgehead::{
    model::{
        Topology,
        dns::{Forward, RecordData, RecordKind},
        id::SiteId,
        server::Bindings,
        unfold::unfold,
    },
    net::world::Inputs,
    probe::Route,
    sim::expected::{Ask, Expected, Occasion, Question, Side, catalogue, questions},
};
use std::collections::BTreeSet;

const RIGHT: &str = "two-sites-done-right";
const INCIDENT: &str = "two-sites-exchange-2003";

fn from(topology: &Topology, site: &str) -> Vec<Question> {
    let site: SiteId = site.parse().unwrap();
    questions(topology, &Inputs::of(&template(RIGHT)), Some(&site))
}

fn find<'q>(questions: &'q [Question], key: &str) -> &'q Question {
    let keys = || questions.iter().map(|q| q.key.as_str()).collect::<Vec<_>>();
    questions.iter().find(|q| q.key == key).unwrap_or_else(|| panic!("no {key} in {:#?}", keys()))
}

fn records(lines: &[&str]) -> Expected {
    Expected::Records(lines.iter().map(ToString::to_string).collect())
}

#[test]
fn each_question_stands_once_and_in_order() {
    for template in [RIGHT, INCIDENT] {
        for topology in unfold(&crate::support::template(template)) {
            let all = questions_of(template, &topology);
            let keys: Vec<&str> = all.iter().map(|q| q.key.as_str()).collect();
            assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{keys:#?}");
            let asked: BTreeSet<_> = all.iter().map(|q| (&q.ask, &q.expected)).collect();
            assert_eq!(asked.len(), all.len());
        }
    }
}

#[test]
fn every_drawn_record_is_asked_where_it_answers() {
    let topology = topology(RIGHT, 5);
    let all = questions_of(RIGHT, &topology);
    for id in topology.records.keys() {
        let subject = format!("record:{id}");
        assert!(all.iter().any(|q| q.subject.to_string() == subject), "{subject}");
    }
}

#[test]
fn a_name_that_the_inside_forwards_has_the_outside_answer_there() {
    let all = questions_of(RIGHT, &topology(RIGHT, 5));
    let question = find(&all, "inside out1.hartwell.example a");
    assert_eq!(question.expected, records(&["203.0.113.11"]));
    assert_eq!(question.subject.to_string(), "record:outside/hartwell.example/out1/a");
    assert_eq!(
        question.also.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["listener:lon-be1/1"]
    );
    assert_eq!(question.text, "out1.hartwell.example A, inside");
    let split = find(&all, "inside mail1.hartwell.example a");
    assert_eq!(split.expected, records(&["10.1.0.11"]));
}

#[test]
fn inside_names_are_no_business_of_an_outside_resolver() {
    for question in questions_of(RIGHT, &topology(RIGHT, 5)) {
        if let Ask::Name { side: Side::Outside, name, .. } = &question.ask {
            assert!(!name.as_str().ends_with(".local"), "{}", question.key);
        }
    }
}

#[test]
fn egress_addresses_and_mail_domains_are_asked_for() {
    let all = questions_of(RIGHT, &topology(RIGHT, 5));
    let ptr = find(&all, "outside 11.113.0.203.in-addr.arpa ptr");
    assert_eq!(ptr.expected, records(&["out1.hartwell.example"]));
    let mx = find(&all, "outside hartwell.example mx");
    let planned = ["10 mail1.hartwell.example", "20 mail2.hartwell.example"];
    assert_eq!(mx.expected, records(&planned));
    assert!(mx.also.iter().any(|s| s.to_string() == "domain:hartwell"));
}

#[test]
fn a_connectors_name_is_asked_for_itself_only_where_the_drawn_answer_leads_elsewhere() {
    let key = "inside mail1.hartwell.example a for connector:leeds-london";
    let incident = questions_of(INCIDENT, &topology(INCIDENT, 3));
    let question = find(&incident, key);
    assert_eq!(question.expected, Expected::Within(["10.1.0.11".to_owned()].into()));
    assert_eq!(question.subject.to_string(), "connector:leeds-london");
    // Before the groups are split, nobody asks for that name.
    let before = questions_of(INCIDENT, &topology(INCIDENT, 2));
    assert!(before.iter().all(|q| q.key != key));
    // The other connector finds its peer by a name that the inside view holds: that record is asked
    // anyhow, and is marked with who leans on it.
    let other = find(&incident, "inside lds-fe1.lds.hartwell.local a");
    assert!(other.also.iter().any(|s| s.to_string() == "connector:london-leeds"));
    // With the inside name drawn as it should be, the record's own question is enough.
    let mut cured = topology(INCIDENT, 3);
    cured.zones.insert(
        "inside/mail1.hartwell.example".parse().unwrap(),
        topology(RIGHT, 3).zones[&"inside/mail1.hartwell.example".parse().unwrap()].clone(),
    );
    let id = "inside/mail1.hartwell.example/@/a".parse().unwrap();
    cured.records.insert(
        id,
        topology(RIGHT, 3).records[&"inside/mail1.hartwell.example/@/a".parse().unwrap()].clone(),
    );
    let cured = questions_of(INCIDENT, &cured);
    assert!(cured.iter().all(|q| q.key != key));
    let also = &find(&cured, "inside mail1.hartwell.example a").also;
    assert!(also.iter().any(|s| s.to_string() == "connector:leeds-london"), "{also:?}");
}

#[test]
fn a_site_asks_only_for_the_connectors_whose_senders_stand_there() {
    let topology = topology(INCIDENT, 5);
    let led = |all: &[Question]| all.iter().any(|q| q.key.contains(" for connector:leeds-london"));
    assert!(led(&from(&topology, "leeds")) && !led(&from(&topology, "london")));
    for question in from(&topology, "leeds") {
        assert_eq!(question.from, Some("leeds".parse().unwrap()), "{}", question.key);
    }
}

#[test]
fn sites_that_are_told_different_things_must_be_named() {
    let mut topology = topology(RIGHT, 5);
    let leeds = topology.resolvers.get_mut(&"lds-dns".parse().unwrap()).unwrap();
    leeds.serves.clear();
    let key = "inside mail1.hartwell.example a";
    let all = questions_of(RIGHT, &topology);
    let Expected::Varies(sites) = &find(&all, key).expected else {
        panic!("{:?}", find(&all, key))
    };
    assert_eq!(sites.len(), 2);
    let at = |site: &str| {
        let key = key.replacen("inside", &format!("inside@{site}"), 1);
        find(&from(&topology, site), &key).expected.clone()
    };
    assert_eq!(at("leeds"), records(&["203.0.113.10"]));
    assert_eq!(at("london"), records(&["10.1.0.11"]));
}

#[test]
fn what_the_plan_does_not_know_is_not_asked() {
    let mut topology = topology(RIGHT, 5);
    for resolver in topology.resolvers.values_mut() {
        resolver.forwards = None;
    }
    let forwarded =
        |all: &[Question]| all.iter().any(|q| q.key == "inside out1.hartwell.example a");
    assert!(!forwarded(&questions_of(RIGHT, &topology)));
    for resolver in topology.resolvers.values_mut() {
        resolver.forwards = Some(Forward::Internet);
    }
    assert!(forwarded(&questions_of(RIGHT, &topology)));
    for site in topology.sites.values_mut() {
        site.resolvers = None;
    }
    // What is left are the names by which servers must find each other, whoever answers there.
    let inside = |q: &Question| matches!(q.ask, Ask::Name { side: Side::Inside, .. });
    let left: Vec<Question> = questions_of(RIGHT, &topology).into_iter().filter(inside).collect();
    assert_eq!(left.len(), 4, "{left:#?}");
    assert!(left.iter().all(|q| matches!(q.expected, Expected::Within(_))), "{left:#?}");
}

#[test]
fn an_alias_is_asked_as_an_alias_and_its_target_by_its_own_name() {
    let mut topology = topology(RIGHT, 5);
    let mut set = topology.records[&"outside/hartwell.example/www/a".parse().unwrap()].clone();
    set.data = RecordData::Cname("www.hartwell.example".parse().unwrap());
    topology.records.insert("outside/hartwell.example/web/cname".parse().unwrap(), set);
    let all = questions_of(RIGHT, &topology);
    let of_web: Vec<RecordKind> = all
        .iter()
        .filter_map(|q| match &q.ask {
            Ask::Name { side: Side::Outside, name, kind } if name.as_str().starts_with("web.") => {
                Some(*kind)
            }
            _ => None,
        })
        .collect();
    assert_eq!(of_web, [RecordKind::Cname]);
}

#[test]
fn listeners_greet_on_their_addresses_and_are_silent_on_the_others() {
    let mut topology = topology(RIGHT, 5);
    let server = topology.servers.get_mut(&"lon-fe1".parse().unwrap()).unwrap();
    server.addresses.push("10.1.0.12".parse().unwrap());
    let all = questions_of(RIGHT, &topology);
    let bound = find(&all, "smtp 10.1.0.11:25");
    assert_eq!(bound.expected, Expected::Greets(Some("mail1.hartwell.example".parse().unwrap())));
    assert_eq!(bound.subject.to_string(), "listener:lon-fe1/1");
    assert_eq!(find(&all, "smtp 10.1.0.12:25").expected, Expected::Silence);
    let listener = topology.listeners.get_mut(&"lon-fe1/1".parse().unwrap()).unwrap();
    listener.bindings = Bindings::All;
    listener.fqdn = None;
    let all = questions_of(RIGHT, &topology);
    let greets = Expected::Greets(Some("lon-fe1.lon.hartwell.local".parse().unwrap()));
    assert_eq!(find(&all, "smtp 10.1.0.12:25").expected, greets);
}

#[test]
fn a_host_that_the_plan_walls_off_from_the_site_is_left_alone() {
    let mut topology = topology(RIGHT, 5);
    let link = topology.links.get_mut(&"wan".parse().unwrap()).unwrap();
    link.filter = Some(bridgehead::model::address::Filter::Rules(vec![]));
    let hosts: Vec<String> = from(&topology, "leeds")
        .into_iter()
        .filter(|q| q.key.starts_with("smtp"))
        .map(|q| q.subject.to_string())
        .collect();
    assert_eq!(hosts, ["listener:lds-be1/1", "listener:lds-fe1/1"]);
}

#[test]
fn the_hash_changes_with_the_planned_facts_and_with_nothing_else() {
    let before = topology(RIGHT, 5);
    let facts =
        |topology: &Topology, key: &str| find(&questions_of(RIGHT, topology), key).facts.clone();
    let (mail1, mail2) = ("outside mail1.hartwell.example a", "outside mail2.hartwell.example a");
    let mut after = before.clone();
    let record =
        after.records.get_mut(&"outside/hartwell.example/mail1/a".parse().unwrap()).unwrap();
    record.data = RecordData::A(vec!["203.0.113.12".parse().unwrap()]);
    after.servers.get_mut(&"lon-be1".parse().unwrap()).unwrap().name = "Renamed".to_owned();
    assert_ne!(facts(&before, mail1), facts(&after, mail1));
    assert_eq!(facts(&before, mail2), facts(&after, mail2));
    // The same in every version and on every machine: evidence outlives the program that took it.
    assert_eq!(facts(&before, mail1), "4893aacad51ad4cd");
}

#[test]
fn the_zones_own_name_servers_are_listed_where_they_may_be_asked() {
    let (topology, inputs) = (topology(RIGHT, 5), Inputs::of(&template(RIGHT)));
    let occasion = Occasion { authoritative: true, ..Occasion::default() };
    let all = catalogue(&topology, &inputs, None, &occasion);
    let outside = Some("192.0.2.53:53".parse().unwrap());
    let route = Route { outside, authoritative: true, ..Route::default() };
    let listed: Vec<String> = route.delegates(&all).iter().map(ToString::to_string).collect();
    let servers =
        "the name servers of hartwell.example, at the addresses that 192.0.2.53:53 gives for them";
    assert_eq!(listed, [servers]);
    assert!(Route { authoritative: false, ..route.clone() }.delegates(&all).is_empty());
    let without = catalogue(&topology, &inputs, None, &Occasion::default());
    assert!(route.delegates(&without).is_empty(), "nobody asks them");
}
