//! What every failure loses, in the window, and the outage on a clock.

use super::*;
use bridgehead::{
    gui::{command::Panel, failures::rows},
    model::{Subject, promise::End, unfold::unfold},
    net::world::Inputs,
    sim::studies::{
        faults::{Depth, faults},
        outage::{Scenario, outage},
    },
};
use std::collections::BTreeSet;

const PLAN: &str = "two-sites-exchange-2003";
const PHASE: usize = 4;

fn plan(window: &Window) -> &bridgehead::gui::state::Plan {
    window.state().state.plan.as_ref().expect("a plan is open")
}

fn subject(text: &str) -> Subject {
    text.parse().expect("a subject")
}

/// The panel of the shipped phase, with everything tried.
fn panel() -> Window {
    let mut window = window_with(Command::NewFrom(PLAN));
    give(&mut window, Command::Phase(PHASE));
    give(&mut window, Command::Panel(Panel::Failures));
    window
}

#[test]
fn the_panel_lists_what_the_study_finds_and_the_drawing_bears_the_numbers() {
    let window = panel();
    let project = plan(&window).workspace.project();
    let topologies = unfold(project);
    let inputs = Inputs::of(project);
    let found =
        faults(&topologies[PHASE], &inputs, Depth::Single, &mut |_| true).expect("not stopped");
    assert_eq!(**plan(&window).swept().expect("it was tried"), found);
    let worst = &rows(&found)[0];
    let name =
        topologies[PHASE].name(&worst.subjects[0].object(&topologies[PHASE]).expect("drawn"));
    let lost = worst.lost.len();
    assert!(lost > 0);
    let row = format!("Without {name}");
    assert!(has_part(&window, &row), "{row}");
    assert!(has_part(&window, &format!("Without {name}: {lost} pairs lost")));
}

#[test]
fn a_failure_that_is_chosen_shows_its_pairs_its_trace_and_the_outage_on_a_clock() {
    let mut window = panel();
    let before = text(&window);
    let failed = BTreeSet::from([subject("server:lon-be1")]);
    give(&mut window, Command::ShowFailure(failed.clone()));
    let project = plan(&window).workspace.project().clone();
    let topologies = unfold(&project);
    let inputs = Inputs::of(&project);
    let scenario = |minutes| Scenario { failures: failed.clone(), minutes, actions: vec![] };
    let at = |minutes| {
        outage(&topologies[PHASE], &inputs, &scenario(minutes), &mut |_| true).expect("worked out")
    };
    let shown = |window: &Window| {
        let timed = plan(window).timed().expect("it was worked out");
        timed.as_ref().expect("nothing is missing").clone()
    };
    assert_eq!(*shown(&window), at(30 * 60));
    enter(&mut window, "For how many hours", "60");
    assert_eq!(*shown(&window), at(60 * 60));
    let returned = at(60 * 60).total().returned;
    assert!(returned > 0);
    assert!(has_part(&window, &format!("{returned} returned")));
    enter(&mut window, "For how many hours", "many");
    assert!(has_part(&window, "expected a number of hours"));
    assert!(plan(&window).timed().is_none());
    click(&mut window, "The Internet → LON-BE1");
    let trace = plan(&window).shown_trace().expect("it is followed");
    assert!(!trace.disposition.arrived());
    assert_eq!(plan(&window).trace.failures, failed);
    assert_eq!(plan(&window).trace.from, Some(End::Internet));
    assert_eq!(text(&window), before, "looking changes nothing");
}

#[test]
fn the_list_follows_the_phase_and_an_edit() {
    let mut window = panel();
    let first = plan(&window).swept().expect("it was tried").clone();
    give(&mut window, Command::Phase(0));
    let second = plan(&window).swept().expect("it was tried again").clone();
    assert_ne!(first, second);
    give(&mut window, Command::Phase(PHASE));
    give(&mut window, Command::Select([subject("server:lon-be1")].into()));
    give(&mut window, Command::Delete);
    let third = plan(&window).swept().expect("and again").clone();
    assert!(third.single.iter().all(|one| one.subject != subject("server:lon-be1")));
    give(&mut window, Command::Undo);
    assert_eq!(*plan(&window).swept().expect("as before").clone(), *first);
}

#[test]
fn two_together_are_tried_where_somebody_asks_for_it() {
    let mut window = panel();
    assert!(plan(&window).swept().expect("it was tried").double.is_empty());
    click(&mut window, "Two fail together");
    let both = plan(&window).swept().expect("it was tried");
    assert!(!both.double.is_empty());
    let two = rows(both).iter().find(|row| row.subjects.len() == 2).map(|row| row.lost.len());
    assert!(two.is_some_and(|lost| lost > 0));
}
