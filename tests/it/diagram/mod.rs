//! The drawing as data: nothing overlaps, nothing is missing, words fit, the SVG is XML.

pub(crate) mod plans;

use crate::support::root;
use bridgehead::{
    analysis::{Analysis, analyse},
    diagram::{
        build::build,
        geometry::Area,
        overlay,
        scene::{Item, Kind, Lens, Level, Mark, Scene, Shape, Words},
        svg,
    },
    model::{
        ObjectId, Project, Subject,
        beside::{Position, Slot},
    },
};
use plans::{long, mesh, sixty, template};
use std::collections::BTreeSet;
use std::fmt::Write as _;

const LENSES: [Lens; 5] = [Lens::Physical, Lens::Mail, Lens::Dns, Lens::Findings, Lens::Difference];

/// Every plan in every phase through every lens.
fn all_scenes() -> Vec<(String, Analysis, usize, Scene)> {
    let plans = [
        ("template", template()),
        ("empty", Project::new("Empty")),
        ("sixty", sixty(ToOwned::to_owned)),
        ("long", sixty(long)),
    ];
    let mut all = Vec::new();
    for (name, project) in plans {
        let analysis = analyse(&project);
        for phase in 0..analysis.phases.len() {
            for lens in LENSES {
                let scene = build(&analysis, phase, lens);
                all.push((format!("{name} {phase} {lens:?}"), (*analysis).clone(), phase, scene));
            }
        }
    }
    all
}

fn of_kinds<'a>(scene: &'a Scene, kinds: &[Kind]) -> Vec<&'a Item> {
    scene.items.iter().filter(|i| kinds.contains(&i.kind)).collect()
}

fn words(item: &Item, level: Level) -> impl Iterator<Item = &Words> {
    item.shapes.iter().filter(move |d| d.seen.at(level)).filter_map(|d| match &d.shape {
        Shape::Words(words) => Some(words),
        _ => None,
    })
}

#[test]
fn no_two_cards_and_no_two_sites_overlap() {
    for (name, _, _, scene) in all_scenes() {
        for kinds in [&[Kind::Server, Kind::Resolver][..], &[Kind::Site]] {
            let items = of_kinds(&scene, kinds);
            for (i, a) in items.iter().enumerate() {
                for b in &items[i + 1..] {
                    assert!(!a.bounds.overlaps(b.bounds), "{name}: {} on {}", a.name, b.name);
                }
            }
        }
    }
}

#[test]
fn every_object_that_has_a_place_is_drawn() {
    for (name, analysis, phase, scene) in all_scenes() {
        for id in analysis.phases[phase].topology.ids() {
            let drawn = match id {
                ObjectId::Organisation(_) | ObjectId::Domain(_) | ObjectId::View(_) => continue,
                ObjectId::Zone(_) | ObjectId::Record(_) | ObjectId::Listener(_) => continue,
                other => Subject::from(other),
            };
            let item = scene.item(&drawn).unwrap_or_else(|| panic!("{name}: {drawn} is missing"));
            assert!(item.spoken.contains(&item.name), "{name}: {}", item.spoken);
        }
    }
}

#[test]
fn cards_stand_in_their_segments_and_segments_in_their_sites() {
    for (name, analysis, phase, scene) in all_scenes() {
        let topology = &analysis.phases[phase].topology;
        for (id, segment) in &topology.segments {
            let within = scene.places.segments[id];
            assert!(scene.places.sites[&segment.site].holds(within), "{name}: {id}");
            for (server, object) in &topology.servers {
                if object.place == bridgehead::model::dns::Place::Segment(id.clone()) {
                    let card = scene.places.cards[&ObjectId::Server(server.clone())];
                    assert!(within.holds(card), "{name}: {server} in {id}");
                }
            }
        }
    }
}

#[test]
fn words_on_a_card_stay_on_it_and_off_each_other() {
    for (name, _, _, scene) in all_scenes() {
        for item in of_kinds(&scene, &[Kind::Server, Kind::Resolver, Kind::Site]) {
            for level in [Level::Far, Level::Middle, Level::Near] {
                let all: Vec<Area> = words(item, level).map(Words::bounds).collect();
                for (i, a) in all.iter().enumerate() {
                    let room = item.bounds.grown(1.0);
                    assert!(room.holds(*a), "{name}: {} at {level:?}", item.name);
                    assert!(!all[i + 1..].iter().any(|b| b.overlaps(*a)), "{name}: {}", item.name);
                }
            }
        }
        for item in of_kinds(&scene, &[Kind::Connector, Kind::Group]) {
            for text in words(item, Level::Near).filter(|w| w.text != "no servers") {
                assert!(item.label.holds(text.bounds()), "{name}: {}", text.text);
            }
        }
    }
}

#[test]
fn counts_do_not_cover_what_else_is_on_their_card() {
    for (name, _, _, scene) in all_scenes() {
        let cards = of_kinds(&scene, &[Kind::Server]);
        for badge in of_kinds(&scene, &[Kind::Mailboxes]) {
            let on = cards.iter().filter(|card| card.bounds.holds(badge.bounds));
            for text in on.flat_map(|card| words(card, Level::Near)) {
                assert!(
                    !text.bounds().overlaps(badge.bounds),
                    "{name}: {} on {}",
                    badge.name,
                    text.text
                );
            }
        }
    }
}

#[test]
fn connectors_run_through_no_card() {
    for phase in 0..6 {
        let scene = build(&analyse(&template()), phase, Lens::Mail);
        let cards: Vec<Area> = scene.places.cards.values().copied().collect();
        for connector in of_kinds(&scene, &[Kind::Connector]) {
            for pair in connector.routes.iter().flat_map(|route| route.windows(2)) {
                let through =
                    cards.iter().find(|card| card.grown(-1.0).is_crossed(pair[0], pair[1]));
                assert!(through.is_none(), "phase {phase}: {}", connector.name);
            }
        }
        let pills: Vec<Area> =
            of_kinds(&scene, &[Kind::Connector]).iter().map(|i| i.label).collect();
        for (i, pill) in pills.iter().enumerate() {
            assert!(
                !cards.iter().any(|card| card.overlaps(*pill)),
                "phase {phase}: a pill on a card"
            );
            assert!(!pills[i + 1..].iter().any(|p| p.overlaps(*pill)), "phase {phase}: pills");
        }
    }
}

#[test]
fn lines_strike_no_name() {
    for project in [template(), sixty(long), mesh()] {
        let scene = build(&analyse(&project), 0, Lens::Mail);
        let named = [Kind::Site, Kind::Group, Kind::Server, Kind::Resolver, Kind::Internet];
        let names: Vec<(&str, Area)> = of_kinds(&scene, &named)
            .into_iter()
            .flat_map(|item| {
                let at = [Level::Middle, Level::Near].into_iter().flat_map(|l| words(item, l));
                at.map(|words| (item.name.as_str(), words.bounds().grown(-1.0)))
            })
            .collect();
        for line in of_kinds(&scene, &[Kind::Connector, Kind::Link]) {
            for pair in line.routes.iter().flat_map(|route| route.windows(2)) {
                let struck = names.iter().find(|(_, words)| words.is_crossed(pair[0], pair[1]));
                assert!(struck.is_none(), "{}: {} strikes {struck:?}", project.name, line.name);
            }
        }
    }
}

#[test]
fn connectors_run_side_by_side_and_not_on_each_other() {
    let scene = build(&analyse(&mesh()), 0, Lens::Mail);
    let lines = of_kinds(&scene, &[Kind::Connector]);
    assert_eq!(lines.len(), 56);
    let mut upright: Vec<(f32, f32, f32, &str)> = Vec::new();
    for line in &lines {
        for pair in line.routes.iter().flat_map(|route| route.windows(2)) {
            if (pair[0].x - pair[1].x).abs() < 0.01 && (pair[0].y - pair[1].y).abs() > 60.0 {
                let (low, high) = (pair[0].y.min(pair[1].y), pair[0].y.max(pair[1].y));
                upright.push((pair[0].x, low, high, &line.name));
            }
        }
    }
    assert!(upright.len() > 40, "a mesh has many long pieces");
    for (i, (x, low, high, name)) in upright.iter().enumerate() {
        let on = upright[i + 1..].iter().find(|(other_x, from, to, other)| {
            other != name && (x - other_x).abs() < 3.0 && low.max(*from) + 20.0 < high.min(*to)
        });
        assert!(on.is_none(), "{name} runs on {on:?}");
    }
}

#[test]
fn the_same_plan_gives_the_same_drawing() {
    let once = svg::svg(&build(&analyse(&sixty(long)), 0, Lens::Mail), "Plan");
    assert_eq!(once, svg::svg(&build(&analyse(&sixty(long)), 0, Lens::Mail), "Plan"));
}

#[test]
fn svg_is_xml_and_names_every_server() {
    for (name, analysis, phase, scene) in all_scenes() {
        let text = svg::svg(&scene, &long("Title"));
        let mut reader = quick_xml::Reader::from_str(&text);
        let (mut depth, mut said) = (0_i32, String::new());
        loop {
            match reader.read_event().unwrap_or_else(|e| panic!("{name}: {e}")) {
                quick_xml::events::Event::Start(_) => depth += 1,
                quick_xml::events::Event::End(_) => depth -= 1,
                quick_xml::events::Event::Text(t) => {
                    said.push_str(&t.decode().expect("it is UTF-8"));
                }
                quick_xml::events::Event::GeneralRef(r) => {
                    said.push(match &*r.decode().expect("it is UTF-8") {
                        "lt" => '<',
                        "gt" => '>',
                        "amp" => '&',
                        "quot" => '"',
                        other => panic!("{name}: &{other};"),
                    });
                }
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(depth, 0, "{name}");
        for server in analysis.phases[phase].topology.servers.values() {
            assert!(said.contains(&server.name), "{name}: {}", server.name);
        }
    }
}

#[test]
fn a_place_that_somebody_gave_comes_first() {
    let mut project = template();
    let slot: Slot = "server:lon-mail in segment:lon-lan".parse().expect("a slot");
    project.layout.insert(slot, Position { x: 150, y: 60, pinned: false });
    let scene = build(&analyse(&project), 0, Lens::Mail);
    let segment = scene.places.segments[&"lon-lan".parse().expect("an id")];
    let card = scene.places.cards[&"server:lon-mail".parse().expect("an id")];
    assert_eq!((card.min.x - segment.min.x, card.min.y - segment.min.y), (150.0, 60.0));
}

#[test]
fn the_difference_shows_what_a_phase_adds_changes_and_removes() {
    let analysis = analyse(&template());
    let mark = |phase: usize, lens, subject: &str| {
        let scene = build(&analysis, phase, lens);
        scene.item(&subject.parse().expect("a subject")).map(|item| item.mark)
    };
    assert_eq!(mark(1, Lens::Mail, "server:lon-be1"), Some(Mark::Added));
    assert_eq!(mark(3, Lens::Difference, "server:lds-be1"), Some(Mark::Changed));
    assert_eq!(mark(3, Lens::Difference, "server:lon-be1"), Some(Mark::Same));
    assert_eq!(mark(5, Lens::Difference, "server:lon-mail"), Some(Mark::Removed));
    assert_eq!(mark(5, Lens::Mail, "server:lon-mail"), None);
}

#[test]
fn a_message_stops_where_it_fails() {
    let analysis = analyse(&template());
    let from = "site:leeds".parse().expect("an end");
    let to = "site:london".parse().expect("an end");
    let trace = analysis.trace(3, &from, &to, &BTreeSet::new());
    let scene = build(&analysis, 3, Lens::Mail);
    let way = overlay::of_trace(&scene, &analysis.phases[3].topology, &trace);
    let wall = scene.item(&"firewall:lon-fw".parse().expect("a subject")).expect("drawn");
    assert_eq!(way.words, "dropped here");
    assert!(wall.bounds.grown(4.0).contains(way.stop.expect("it stops")));
    assert!(!way.ways.is_empty());
    let trace = analysis.trace(4, &from, &to, &BTreeSet::new());
    let scene = build(&analysis, 4, Lens::Mail);
    let way = overlay::of_trace(&scene, &analysis.phases[4].topology, &trace);
    assert_eq!((way.words.as_str(), way.stop), ("delivered", None));
    let cards: Vec<Area> = scene.places.cards.values().map(|c| c.grown(-2.0)).collect();
    for pair in way.ways.iter().flat_map(|w| w.windows(2)) {
        assert!(!cards.iter().any(|card| card.is_crossed(pair[0], pair[1])), "through a card");
    }
}

#[test]
fn spoken_names_tell_what_and_where() {
    let scene = build(&analyse(&template()), 4, Lens::Mail);
    let said = |subject: &str| {
        scene.item(&subject.parse().expect("a subject")).expect("drawn").spoken.clone()
    };
    assert_eq!(
        said("server:lds-fe1"),
        "Server LDS-FE1, front end, in Leeds, routing group Leeds, 1 warning, changed in this phase"
    );
    assert_eq!(said("link:wan"), "Link WAN link, between Leeds and London, 2 Mbit/s, 18 ms");
    assert!(
        said("connector:leeds-london")
            .starts_with("Connector Leeds to London, from Leeds to London, cost 1, 1 warning")
    );
}

#[test]
fn export_writes_svg_and_refuses_other_kinds() {
    let folder = root().join("target").join("it-export");
    std::fs::create_dir_all(&folder).expect("a folder");
    let (plan, out) = (folder.join("plan.ron"), folder.join("plan.svg"));
    std::fs::write(&plan, bridgehead::file::save(&template())).expect("written");
    let run = |kind: &str| {
        std::process::Command::new(env!("CARGO_BIN_EXE_bridgehead"))
            .arg("export")
            .arg(&plan)
            .args(["--as", kind, "--phase", "3", "--force", "-o"])
            .arg(&out)
            .output()
            .expect("it runs")
    };
    assert!(run("svg").status.success());
    assert!(std::fs::read_to_string(&out).expect("written").contains("LDS-BE1"));
    let refused = run("hologram");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("`hologram` cannot be written"));
}

#[test]
fn linked_sites_stand_near_each_other() {
    use bridgehead::{diagram::order::near, model::id::SiteId};
    // A chain, named so that the usual order mixes it up: a-e-b-f-c-g-d-h.
    let names = ["a", "e", "b", "f", "c", "g", "d", "h"];
    let mut sites = String::new();
    let mut links = String::new();
    for name in names {
        write!(sites, "\"{name}\": (name: \"{name}\"),").expect("text");
    }
    for ends in names.windows(2) {
        let (a, b) = (ends[0], ends[1]);
        write!(links, "\"{a}{b}\": (name: \"{a}{b}\", a: \"{a}\", b: \"{b}\"),").expect("text");
    }
    let text = format!(
        "(format: 1, plan: (name: \"Chain\", as_is: (sites: {{{sites}}}, links: {{{links}}})))"
    );
    let plan = bridgehead::file::load(text.as_bytes()).expect("a plan").project;
    let start: Vec<SiteId> = plan.as_is.sites.keys().cloned().collect();
    let order = near(&[&plan.as_is], &start);
    let length = |order: &[SiteId]| -> usize {
        let at = |id: &SiteId| order.iter().position(|o| o == id).expect("it is there");
        let ends = plan.as_is.links.values().map(|l| (at(&l.a), at(&l.b)));
        ends.map(|(a, b)| (a % 4).abs_diff(b % 4) + 2 * (a / 4).abs_diff(b / 4)).sum()
    };
    assert!(length(&order) < length(&start), "{order:?}");
    assert!(length(&order) <= 9, "{order:?}: {}", length(&order));
    assert_eq!(near(&[&plan.as_is], &order), order, "what is good stays");
}
