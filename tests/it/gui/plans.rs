//! Start page, templates, saving, recovering, the question before work is lost.

use super::*;
use std::path::PathBuf;

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("gui").join(name);
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).expect("it is there");
    folder
}

#[test]
fn the_start_page_offers_each_template_and_an_empty_plan() {
    let mut window = window(Options::default());
    assert!(has(&window, "New empty plan") && has(&window, "Open…"));
    click(&mut window, "Template: Two sites, Exchange 2003: the incident");
    assert!(has_part(&window, "Mail from LDS-BE1 to LON-BE1 will queue"));
    assert!(has(&window, "Phase 3 Two routing groups: 2 errors"));
    assert!(has(&window, "Phase 0 As it is: fine"));
}

#[test]
fn a_window_at_rest_asks_for_nothing() {
    let mut window = window_with(Command::NewFrom("two-sites-exchange-2003"));
    click(&mut window, "BH101, error: Mail from LDS-BE1 to LON-BE1 will queue");
    for _ in 0..3 {
        assert_eq!(window.run(), 1, "one pass, and no wish for another");
    }
}

#[test]
fn every_template_phase_and_panel_shows_and_has_names_for_all_it_shows() {
    use bridgehead::gui::command::Panel;
    for (name, _) in bridgehead::templates::TEMPLATES {
        let mut window = window_with(Command::NewFrom(name));
        give(&mut window, Command::ToggleOutline);
        let phases = window
            .state()
            .state
            .plan
            .as_ref()
            .expect("it is there")
            .workspace
            .project()
            .phase_count();
        for phase in 0..phases {
            give(&mut window, Command::Phase(phase));
            for panel in Panel::ALL {
                give(&mut window, Command::Panel(panel));
            }
            give(&mut window, Command::Panel(Panel::Findings));
            give(&mut window, Command::NextFinding);
        }
    }
}

#[test]
fn saving_asks_for_a_path_and_the_mark_goes() {
    let folder = folder("save");
    let mut window = window_with(Command::New);
    assert!(!has(&window, "edited"));
    choose(&mut window, "Insert", "Site…");
    enter(&mut window, "Name", "London");
    click(&mut window, "Add");
    assert!(has(&window, "edited"));
    window.key_press_modifiers(Modifiers::COMMAND, Key::S);
    settle(&mut window);
    let path = folder.join("plan.ron");
    enter(&mut window, "Path of the file", &path.display().to_string());
    click(&mut window, "Save");
    assert!(!has(&window, "edited"));
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), text(&window));
    assert_eq!(window.state().state.settings.recent, [path]);
}

#[test]
fn nothing_is_lost_without_a_question() {
    let mut window = window_with(Command::New);
    choose(&mut window, "Insert", "Site…");
    enter(&mut window, "Name", "London");
    click(&mut window, "Add");
    give(&mut window, Command::Quit);
    assert!(has(&window, "Save the changes?"));
    click(&mut window, "Cancel");
    assert!(window.state().state.plan.is_some() && !window.state().state.may_close);
    give(&mut window, Command::Close);
    click(&mut window, "Do not save");
    assert!(has(&window, "New empty plan"), "the start page is back");
}

#[test]
fn what_a_crash_left_behind_is_offered_and_recovered() {
    let folder = folder("recover");
    let options = Options { journals: Some(folder.clone()), ..Options::default() };
    let mut first = window(options.clone());
    give(&mut first, Command::New);
    choose(&mut first, "Insert", "Site…");
    enter(&mut first, "Name", "London");
    click(&mut first, "Add");
    let expected = text(&first);
    drop(first);

    let mut second = window(options);
    assert!(has_part(&second, "1 step can be recovered"));
    click(&mut second, "Recover");
    assert_eq!(text(&second), expected);
    assert!(has(&second, "edited"));
}

#[test]
fn a_file_that_is_no_plan_is_refused_with_its_place() {
    let folder = folder("bad");
    let path = folder.join("bad.ron");
    std::fs::write(&path, "(format: 1, plan: (name: 5))").expect("it is there");
    let window = window_with(Command::OpenPath(path));
    assert!(has(&window, "The plan cannot be opened"));
    assert!(has_part(&window, "1:25"), "line and column");
}

#[test]
fn every_command_of_the_menus_has_a_name_in_the_palette() {
    let mut window = window_with(Command::NewFrom("two-sites-done-right"));
    window.key_press_modifiers(Modifiers::COMMAND, Key::K);
    settle(&mut window);
    enter(&mut window, "Search", "compare with the");
    window.key_press(Key::ArrowDown);
    window.run();
    window.key_press(Key::ArrowUp);
    window.run();
    window.key_press(Key::Escape);
    settle(&mut window);
    assert!(!has(&window, "Search"));
    window.key_press(Key::F1);
    settle(&mut window);
    assert!(has(&window, "Keyboard shortcuts") && has(&window, "Next finding"));
}

#[test]
fn a_plan_that_a_crash_left_behind_asks_when_it_is_opened() {
    let folder = folder("beside");
    let path = folder.join("plan.ron");
    let template = bridgehead::templates::find("two-sites-exchange-2003").expect("it is there");
    std::fs::write(&path, file::save(&template.plan)).expect("it is there");
    let options = Options {
        plan: Some(path.clone()),
        journals: Some(folder.join("state")),
        ..Options::default()
    };
    let mut first = window(options.clone());
    give(&mut first, Command::RenamePlan);
    enter(&mut first, "Name of the plan", "Another name");
    click(&mut first, "Rename");
    let expected = text(&first);
    drop(first);
    let mut second = window(options);
    assert!(has(&second, "Recover what was not saved?"));
    click(&mut second, "Recover");
    assert_eq!(text(&second), expected);
    second.key_press_modifiers(Modifiers::COMMAND, Key::S);
    settle(&mut second);
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), expected);
    assert!(!has(&second, "edited"));
}
