//! A program that is killed in the middle of its work leaves everything behind that was done.

use super::display::Real;
use bridgehead::workspace::{Workspace, journal};
use eframe::egui::{pos2, vec2};

/// The site's tool, a click on the empty canvas, its name: one step.
fn draws(real: &mut Real, x: f32, name: &str) {
    real.key("s");
    real.click(pos2(x, 380.0));
    real.write(name, true);
    real.key("Return");
}

#[test]
fn killed_in_the_middle_nothing_is_lost_that_was_done() {
    let mut real = Real::start(vec2(1280.0, 800.0));
    real.key("ctrl+n");
    draws(&mut real, 300.0, "London");
    draws(&mut real, 700.0, "Leeds");
    real.kill();
    let left = journal::left_behind(&real.file("state").join("bridgehead"));
    assert_eq!(left.len(), 1, "one plan was open");
    let found = &left[0];
    assert_eq!(found.changes.len(), 2, "{:?}", found.changes);
    let workspace = Workspace::recover(found, None);
    let names: Vec<&str> =
        workspace.project().as_is.sites.values().map(|site| site.name.as_str()).collect();
    assert_eq!(names, ["Leeds", "London"]);
    assert_eq!(workspace.history().place(), (2, 2), "and can be undone");
}
