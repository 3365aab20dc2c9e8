//! The inspector: values, bad input, the phase in which a value was set, doubtful values.

use super::*;
use bridgehead::model::{Subject, topology::ObjectId};

fn subject(text: &str) -> Subject {
    text.parse().expect("it is there")
}

fn template() -> Window {
    let mut window = window_with(Command::NewFrom("two-sites-exchange-2003"));
    give(&mut window, Command::Phase(3));
    window
}

fn field(window: &Window, phase: usize, object: &str, name: &str) -> String {
    let plan = window.state().state.plan.as_ref().expect("it is there");
    let id: ObjectId = object.parse().expect("it is there");
    let field = plan.workspace.topologies()[phase].field(&id, name).expect("it is there");
    file::one_line(&field)
}

#[test]
fn an_edit_in_phase_3_leaves_the_phases_before_it_as_they_are() {
    let mut window = template();
    let before: Vec<_> = (0..3).map(|p| topology(&window, p)).collect();
    give(&mut window, Command::Select([subject("server:lon-be1")].into()));
    enter(&mut window, "Edition", "Enterprise SP3");
    assert!(field(&window, 3, "server:lon-be1", "edition").contains("SP3"));
    assert!(has(&window, "set in phase 3"));
    assert_eq!((0..3).map(|p| topology(&window, p)).collect::<Vec<_>>(), before);
    let saved = file::load(text(&window).as_bytes()).expect("it is there").project;
    let again = bridgehead::model::unfold::unfold(&saved);
    assert_eq!(again[..3].iter().map(file::one_line).collect::<Vec<_>>(), before);

    give(&mut window, Command::Phase(2));
    assert!(has(&window, "Edition") && !has(&window, "set in phase 3"));
    give(&mut window, Command::Phase(3));
    click(&mut window, "Inherit: edition");
    assert!(!field(&window, 3, "server:lon-be1", "edition").contains("SP3"));
    assert!(!has(&window, "set in phase 3"));
}

fn topology(window: &Window, phase: usize) -> String {
    let plan = window.state().state.plan.as_ref().expect("it is there");
    file::one_line(&plan.workspace.topologies()[phase])
}

#[test]
fn what_does_not_read_is_marked_and_the_last_good_value_stays() {
    let mut window = template();
    give(&mut window, Command::Select([subject("listener:lon-fe1/1")].into()));
    enter(&mut window, "FQDN", "mail one");
    assert!(has_part(&window, "is no DNS name"));
    assert!(field(&window, 3, "listener:lon-fe1/1", "fqdn").contains("mail1.hartwell.example"));
    enter(&mut window, "FQDN", "mail9.hartwell.example");
    assert!(!has_part(&window, "is no DNS name"));
    assert!(field(&window, 3, "listener:lon-fe1/1", "fqdn").contains("mail9"));
    enter(&mut window, "FQDN", "");
    assert!(field(&window, 3, "listener:lon-fe1/1", "fqdn").contains("None"));
    give(&mut window, Command::Undo);
    give(&mut window, Command::Undo);
    let unchanged = text(&window_with(Command::NewFrom("two-sites-exchange-2003")));
    while window.state().state.plan.as_ref().expect("it is there").workspace.is_dirty() {
        give(&mut window, Command::Undo);
    }
    assert_eq!(text(&window), unchanged);
}

#[test]
fn a_doubtful_value_is_marked_where_it_stands_and_cured_there() {
    let mut window = template();
    give(&mut window, Command::Select([subject("listener:lon-fe1/1")].into()));
    assert!(has_part(&window, "LON-FE1 listens on all addresses, so"));
    assert!(has(&window, "mail1.hartwell.example resolves"));
    assert!(has(&window, "at London, inside") && has(&window, "on the Internet"));
    click(&mut window, "Bind LON-FE1 to 10.1.0.11");
    assert!(field(&window, 3, "listener:lon-fe1/1", "bindings").contains("10.1.0.11"));
    assert!(!has_part(&window, "LON-FE1 listens on all addresses, so"));
}

#[test]
fn tables_take_rows_and_keep_the_last_good_table() {
    let mut window = template();
    give(&mut window, Command::Select([subject("firewall:lon-fw")].into()));
    click(&mut window, "Published ports: add a row");
    enter(&mut window, "Published ports, row 3, Public", "203.0.113.11");
    assert!(has_part(&window, "is missing"));
    assert!(!field(&window, 3, "firewall:lon-fw", "published").contains("203.0.113.11"));
    window.get_all_by_label("Published ports, row 3, Port").next().expect("it is there").focus();
    window.run();
    window
        .get_all_by_label("Published ports, row 3, Port")
        .next()
        .expect("it is there")
        .type_text("25");
    settle(&mut window);
    enter(&mut window, "Published ports, row 3, To", "10.1.0.10");
    assert!(field(&window, 3, "firewall:lon-fw", "published").contains("203.0.113.11"));
    click(&mut window, "Published ports: take out row 3");
    assert!(!field(&window, 3, "firewall:lon-fw", "published").contains("203.0.113.11"));
}

#[test]
fn every_object_of_every_kind_shows_all_its_fields() {
    for (name, _) in bridgehead::templates::TEMPLATES {
        let mut window = window_with(Command::NewFrom(name));
        give(&mut window, Command::Phase(4));
        let plan = window.state().state.plan.as_ref().expect("it is there");
        for id in plan.workspace.topologies()[4].ids() {
            give(&mut window, Command::Select([Subject::from(id.clone())].into()));
            assert!(has(&window, &id.to_string()), "{id}: its foot is shown");
        }
    }
}
