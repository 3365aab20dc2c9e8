//! Arranging, neighbours, boxes and pins: what a hand or a key does to places, in one step each.

use super::*;
use bridgehead::{
    gui::command::{Arrange, Side},
    model::beside::{Position, Slot},
};

fn subject(text: &str) -> Subject {
    text.parse().expect("a subject")
}

fn ask(harness: &mut Harness<'_, Bench>, request: CanvasRequest) {
    harness.state_mut().canvas.request(request);
    harness.run();
}

/// Undoes everything and holds the plan against what it was.
fn undone(harness: &mut Harness<'_, Bench>, before: &Project) {
    while let Some(change) = harness.state_mut().undo.pop() {
        apply(&mut harness.state_mut().project, change).expect("it can be undone");
    }
    assert_eq!(harness.state().project, *before);
}

#[test]
fn a_box_to_the_left_selects_what_it_touches_and_one_to_the_right_what_it_holds() {
    let mut harness = harness(Bench::new(template(), 0));
    let card = harness.get_by_label_contains("Server LON-MAIL").rect();
    let site = harness.get_by_label_contains("Site London").rect();
    let outside = pos2(site.min.x - 30.0, card.center().y + 4.0);
    let inside = pos2(card.center().x, card.center().y + 12.0);
    drag(&mut harness, Tool::Select, outside, inside);
    assert!(harness.state().selection.is_empty(), "{:?}", harness.state().selection);
    // From inside a site a drag would move the site: shift begins a box.
    let below = pos2(card.center().x + 8.0, card.max.y + 20.0);
    harness.state_mut().tool = Tool::Select;
    harness.event(eframe::egui::Event::PointerMoved(below));
    harness.event(eframe::egui::Event::ModifiersChanged(Modifiers::SHIFT));
    let button = |pos: Pos2, pressed: bool| eframe::egui::Event::PointerButton {
        pos,
        button: eframe::egui::PointerButton::Primary,
        pressed,
        modifiers: Modifiers::SHIFT,
    };
    harness.event(button(below, true));
    harness.run();
    for step in 1..=4_u8 {
        let to = below + (card.center() - vec2(10.0, 0.0) - below) * (f32::from(step) / 4.0);
        harness.event(eframe::egui::Event::PointerMoved(to));
        harness.run();
    }
    harness.event(button(card.center() - vec2(10.0, 0.0), false));
    harness.run();
    assert_eq!(harness.state().selection, [subject("server:lon-mail")].into());
}

#[test]
fn servers_come_into_line_and_are_spread_in_one_step_each() {
    let mut harness = harness(Bench::new(template(), 5));
    let before = harness.state().project.clone();
    harness.state_mut().selection =
        ["server:lon-fe1", "server:lon-be1"].map(subject).into_iter().collect();
    ask(&mut harness, CanvasRequest::Arrange(Arrange::Left));
    let (a, b) = (
        harness.get_by_label_contains("Server LON-FE1").rect(),
        harness.get_by_label_contains("Server LON-BE1").rect(),
    );
    assert!((a.min.x - b.min.x).abs() < 1.5, "{a:?} {b:?}");
    assert!(harness.state().undo.len() <= 1, "one step at most");
    ask(&mut harness, CanvasRequest::Arrange(Arrange::Across));
    assert!(harness.state().status.contains("at least 3"), "{}", harness.state().status);
    undone(&mut harness, &before);
}

#[test]
fn a_neighbour_of_a_site_is_joined_by_a_link() {
    let mut harness = harness(Bench::new(template(), 0));
    let before = harness.state().project.clone();
    harness.state_mut().selection = [subject("site:london")].into();
    ask(&mut harness, CanvasRequest::Neighbour(Side::Left));
    harness.get_by_label("Name").type_text("Bath");
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    let topology = harness.state().topology();
    let site = &topology.sites[&"bath".parse().expect("an id")];
    assert_eq!(site.name, "Bath");
    let link = topology.links.values().find(|l| l.name == "London to Bath").expect("the link");
    assert_eq!((link.a.as_str(), link.b.as_str()), ("london", "bath"));
    assert_eq!(link.bandwidth_kbit, None, "nobody entered it");
    assert_eq!(harness.state().undo.len(), 1, "one step");
    undone(&mut harness, &before);
}

#[test]
fn a_neighbour_of_a_server_is_like_it_and_has_no_addresses() {
    let mut harness = harness(Bench::new(template(), 5));
    harness.state_mut().selection = [subject("server:lon-be1")].into();
    ask(&mut harness, CanvasRequest::Neighbour(Side::Right));
    harness.get_by_label("Name").type_text("LON-BE2");
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    let servers = &harness.state().topology().servers;
    let (old, new) = (
        &servers[&"lon-be1".parse().expect("an id")],
        &servers[&"lon-be2".parse().expect("an id")],
    );
    assert_eq!((new.role, new.platform, &new.group), (old.role, old.platform, &old.group));
    assert_eq!((&new.place, new.addresses.len()), (&old.place, 0));
    assert!(
        harness.state().topology().listeners.contains_key(&"lon-be2/1".parse().expect("an id"))
    );
}

#[test]
fn a_line_let_go_on_nothing_asks_what_to_create() {
    let mut harness = harness(Bench::new(template(), 5));
    let before = harness.state().project.clone();
    let server = at(&harness, "Server LDS-BE1");
    let edge = harness.get_by_label_contains("Site Leeds").rect();
    let nowhere = pos2((edge.max.x + 24.0).min(1060.0), 40.0);
    drag(&mut harness, Tool::Connector, server, nowhere);
    assert!(harness.state().undo.is_empty(), "nothing is made yet");
    harness.key_press(Key::Escape);
    harness.run();
    assert!(harness.query_by_label("Create what?").is_none());
    drag(&mut harness, Tool::Connector, server, nowhere);
    harness.get_by_label("A routing group, with a connector to it").click();
    harness.run();
    harness.get_by_label("Name").type_text("Bath");
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    let connectors = &harness.state().topology().group_connectors;
    let made = connectors.values().find(|c| c.name == "Leeds to Bath").expect("the connector");
    assert_eq!((made.to.as_str(), made.sources.len()), ("bath", 1));
    undone(&mut harness, &before);
}

#[test]
fn laying_out_leaves_what_is_pinned() {
    let mut harness = harness(Bench::new(template(), 5));
    harness.state_mut().selection = [subject("site:leeds")].into();
    ask(&mut harness, CanvasRequest::Pin(true));
    let slot: Slot = "site:leeds".parse().expect("a slot");
    let pinned = harness.state().project.layout[&slot];
    assert!(pinned.pinned);
    let loose =
        Slot::on_sheet("site:london".parse::<bridgehead::model::ObjectId>().expect("an id"));
    assert!(!harness.state().project.layout[&loose].pinned);
    let server = at(&harness, "Server LON-BE1");
    drag(&mut harness, Tool::Select, server, server + vec2(60.0, 30.0));
    let places = harness.state().project.layout.len();
    assert!(places > 2);
    let steps = harness.state().undo.len();
    ask(&mut harness, CanvasRequest::LayOut);
    assert_eq!(harness.state().undo.len(), steps + 1, "one step");
    assert_eq!(harness.state().project.layout, [(slot.clone(), pinned)].into());
    let text = bridgehead::file::save(&harness.state().project);
    assert!(text.contains("pinned: true"));
    let again = bridgehead::file::load(text.as_bytes()).expect("a plan").project;
    assert_eq!(again.layout[&slot], Position { pinned: true, ..pinned });
    harness.state_mut().selection = [subject("site:leeds")].into();
    ask(&mut harness, CanvasRequest::Pin(false));
    assert!(!harness.state().project.layout[&slot].pinned);
}
