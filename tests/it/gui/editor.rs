//! What makes an editor: the history, notes, views, the phase as it is carried out, pictures of the drawing,
//! and a disk that does not do as it is told.

use super::*;
use bridgehead::{
    gui::command::{Panel, Picture, Tool},
    model::Subject,
    workspace::disk,
};
use std::path::{Path, PathBuf};

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("editor").join(name);
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).expect("it is there");
    folder
}

/// A window that keeps journals and histories in a folder.
fn keeping(state: &Path, plan: Option<PathBuf>) -> Window {
    let mut window =
        window(Options { journals: Some(state.to_owned()), plan, ..Options::default() });
    settle(&mut window);
    window
}

fn plan(window: &Window) -> &bridgehead::gui::state::Plan {
    window.state().state.plan.as_ref().expect("a plan is open")
}

fn rename(window: &mut Window, name: &str) {
    let label = format!("Rename to {name}");
    let change = bridgehead::model::change::Change::Name(name.to_owned());
    give(window, Command::Apply { label, change });
}

#[test]
fn the_history_goes_anywhere_and_outlives_save_and_restart() {
    let folder = folder("history");
    let (state, file) = (folder.join("state"), folder.join("plan.ron"));
    let mut window = keeping(&state, None);
    give(&mut window, Command::NewFrom("two-sites-exchange-2003"));
    let start = text(&window);
    for name in ["A", "B", "C"] {
        rename(&mut window, name);
    }
    give(&mut window, Command::Panel(Panel::History));
    assert!(has(&window, "Step 3, here: Rename to C"));
    click(&mut window, "Step 1, done: Rename to A");
    assert_eq!(plan(&window).workspace.project().name, "A");
    click(&mut window, "Step 3, undone: Rename to C");
    assert_eq!(plan(&window).workspace.project().name, "C");
    give(&mut window, Command::SaveTo(file.clone()));
    assert!(!plan(&window).workspace.is_dirty());
    let beside: Vec<_> = std::fs::read_dir(&folder).expect("a folder").collect();
    assert_eq!(beside.len(), 2, "the plan and the state folder, and nothing beside the plan");
    drop(window);
    let mut again = keeping(&state, Some(file.clone()));
    give(&mut again, Command::Panel(Panel::History));
    assert!(has(&again, "Step 3, here: Rename to C"), "after a restart");
    give(&mut again, Command::GoTo(0));
    assert_eq!(text(&again), start, "behind the save and the start");
    give(&mut again, Command::GoTo(3));
    assert!(!plan(&again).workspace.is_dirty(), "as it was saved");
    drop(again);
    // Another program wrote the file: its steps are not ours.
    let other = std::fs::read_to_string(&file).expect("the plan").replace("\"C\"", "\"D\"");
    std::fs::write(&file, other).expect("it can be written");
    let last = keeping(&state, Some(file));
    assert_eq!(plan(&last).workspace.history().place(), (0, 0));
}

#[test]
fn a_file_that_cannot_be_written_is_told_and_nothing_is_lost() {
    let folder = folder("disk");
    let (state, file) = (folder.join("state"), folder.join("plan.ron"));
    let mut window = keeping(&state, None);
    give(&mut window, Command::NewFrom("two-sites-exchange-2003"));
    give(&mut window, Command::SaveTo(file.clone()));
    rename(&mut window, "Mine");
    std::fs::write(&file, "somebody else's").expect("it can be written");
    give(&mut window, Command::Save);
    assert!(has_part(&window, "another program has changed it"));
    assert!(has_part(&window, "Nothing is lost"));
    assert_eq!(std::fs::read_to_string(&file).expect("it is there"), "somebody else's");
    click(&mut window, "Cancel");
    give(&mut window, Command::Save);
    click(&mut window, "Replace it");
    assert!(!plan(&window).workspace.is_dirty());
    assert!(std::fs::read_to_string(&file).expect("it is there").contains("Mine"));
    let mut rights = std::fs::metadata(&file).expect("it is there").permissions();
    rights.set_readonly(true);
    std::fs::set_permissions(&file, rights).expect("they can be set");
    rename(&mut window, "Again");
    give(&mut window, Command::Save);
    assert!(has_part(&window, "it is read-only"));
    click(&mut window, "Cancel");
    assert_eq!(plan(&window).workspace.project().name, "Again");
    let gone = folder.join("gone");
    std::fs::create_dir(&gone).expect("a folder");
    give(&mut window, Command::SaveTo(gone.join("plan.ron")));
    std::fs::remove_dir_all(&gone).expect("it goes");
    rename(&mut window, "Once more");
    give(&mut window, Command::Save);
    assert!(has_part(&window, "its folder is not there any more"));
    click(&mut window, "Cancel");
    assert!(plan(&window).workspace.is_dirty(), "still open, still unsaved");
    let source = std::io::Error::from(std::io::ErrorKind::StorageFull);
    let full = disk::DiskError::Io { path: file, source };
    assert!(full.words().ends_with("the disk is full"), "{}", full.words());
}

#[test]
fn a_note_is_written_on_the_drawing_saved_and_printed() {
    let mut window = window_with(Command::NewFrom("two-sites-exchange-2003"));
    let before = text(&window);
    give(&mut window, Command::SelectNone);
    give(&mut window, Command::Put(Tool::Note));
    enter(&mut window, "Name", "Ask the client");
    window.key_press(Key::Enter);
    settle(&mut window);
    assert!(has_part(&window, "Note: Ask the client"));
    enter(&mut window, "Text", "Ask the client about the firewall");
    pick(&mut window, "Is about", "WAN link");
    let saved = text(&window);
    assert!(saved.contains("Ask the client about the firewall"), "{saved}");
    assert!(saved.contains("about: \"link:wan\""), "{saved}");
    assert!(has_part(&window, "Note: Ask the client about the firewall, about WAN link"));
    let analysis =
        bridgehead::analysis::analyse(&file::load(saved.as_bytes()).expect("it opens").project);
    let scene =
        bridgehead::diagram::build::build(&analysis, 0, bridgehead::diagram::scene::Lens::Mail);
    let svg = bridgehead::diagram::svg::svg(&scene, "Plan");
    assert!(svg.contains("data-subject=\"note:ask-the-client\""));
    give(&mut window, Command::Delete);
    assert!(!has_part(&window, "Note: Ask"));
    while plan(&window).workspace.is_dirty() {
        give(&mut window, Command::Undo);
    }
    assert_eq!(text(&window), before);
}

#[test]
fn a_view_is_saved_and_come_back_to() {
    let mut window = window_with(Command::NewFrom("two-sites-exchange-2003"));
    give(&mut window, Command::Phase(4));
    give(&mut window, Command::Lens(bridgehead::gui::command::Lens::Dns));
    give(&mut window, Command::ZoomIn);
    let zoom = plan(&window).canvas.zoom();
    give(&mut window, Command::SaveView);
    enter(&mut window, "Name of the view", "Names after the split");
    click(&mut window, "Save the view");
    give(&mut window, Command::Phase(0));
    give(&mut window, Command::Lens(bridgehead::gui::command::Lens::Mail));
    give(&mut window, Command::Fit);
    choose(&mut window, "View", "View: Names after the split");
    assert_eq!(plan(&window).phase, 4);
    assert_eq!(window.state().state.lens, bridgehead::gui::command::Lens::Dns);
    assert!((plan(&window).canvas.zoom() - zoom).abs() < 0.02);
    choose(&mut window, "View", "Forget the view Names after the split");
    assert!(plan(&window).workspace.project().saved_views.is_empty());
}

#[test]
fn a_phase_is_carried_out_step_by_step() {
    let mut window = window_with(Command::NewFrom("two-sites-exchange-2003"));
    let before = text(&window);
    give(&mut window, Command::Phase(1));
    give(&mut window, Command::Panel(Panel::CarryOut));
    assert!(has_part(&window, "Next: step 1 of "));
    enter(&mut window, "Your initials", "AB");
    enter(&mut window, "Measured", "26 ms");
    click(&mut window, "Done");
    assert!(has_part(&window, "Next: step 2 of "));
    let notes = &plan(&window).workspace.project().step_notes;
    let note = notes.values().find(|note| note.done).expect("a tick");
    assert_eq!((note.by.as_str(), note.measured.as_str()), ("AB", "26 ms"));
    assert!(note.when.contains("UTC"), "{}", note.when);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    settle(&mut window);
    assert!(has_part(&window, "Next: step 3 of ") || has_part(&window, "All of this phase"));
    while plan(&window).workspace.is_dirty() {
        give(&mut window, Command::Undo);
    }
    assert_eq!(text(&window), before);
}

#[test]
fn the_drawing_is_saved_as_a_picture() {
    let folder = folder("drawing");
    let mut window = window_with(Command::NewFrom("two-sites-exchange-2003"));
    for picture in Picture::ALL {
        let path = folder.join(format!("drawing.{}", picture.ending()));
        give(&mut window, Command::SaveDrawingTo(picture, path.clone()));
        let bytes = std::fs::read(&path).expect("it was written");
        let begins: &[u8] = if picture == Picture::Png { b"\x89PNG\r\n" } else { b"<svg" };
        assert!(bytes.starts_with(begins) && bytes.len() > 10_000, "{}", bytes.len());
        give(&mut window, Command::SaveDrawingTo(picture, path));
        assert!(has(&window, "Replace the file?"));
        click(&mut window, "Replace");
    }
}

#[test]
fn the_menu_of_the_drawing_offers_what_can_be_done_there() {
    let mut window = window_with(Command::NewFrom("two-sites-exchange-2003"));
    give(&mut window, Command::Phase(0));
    window.get_by_label_contains("Server LON-MAIL").click_secondary();
    settle(&mut window);
    let subject: Subject = "server:lon-mail".parse().expect("a subject");
    assert_eq!(plan(&window).selection, [subject].into(), "what is under the pointer is meant");
    for entry in ["Rename", "Duplicate", "New neighbour to the right", "Pin to its place"] {
        assert!(has_part(&window, entry), "{entry}");
    }
    window
        .get_by(|node| {
            node.label().is_some_and(|l| l.starts_with("Delete") && l != "Delete the server")
        })
        .click();
    settle(&mut window);
    assert!(!has_part(&window, "Server LON-MAIL"));
}

#[test]
fn high_contrast_is_chosen_and_remembered() {
    let folder = folder("contrast");
    let options = || Options { config: Some(folder.clone()), ..Options::default() };
    let mut first = window(options());
    give(&mut first, Command::Appearance(bridgehead::gui::command::Appearance::Contrast));
    drop(first);
    let again = window(options());
    assert_eq!(
        again.state().state.settings.appearance,
        bridgehead::gui::command::Appearance::Contrast
    );
}

#[test]
fn several_objects_are_edited_at_once_and_say_what_is_mixed() {
    let mut window = window_with(Command::NewFrom("two-sites-exchange-2003"));
    give(&mut window, Command::Phase(5));
    let before = text(&window);
    let servers = ["server:lon-fe1", "server:lon-be1", "server:lds-be1"];
    let chosen = servers.map(|s| s.parse().expect("a subject")).into_iter().collect();
    give(&mut window, Command::Select(chosen));
    assert!(has(&window, "3 objects") && has(&window, "mixed"));
    enter(&mut window, "Edition", "SP2, build 7638");
    let at = plan(&window).phase;
    let topology = &plan(&window).workspace.topologies()[at];
    for id in ["lon-fe1", "lon-be1", "lds-be1"] {
        let server = &topology.servers[&id.parse().expect("an id")];
        assert_eq!(server.edition, "SP2, build 7638", "{id}");
    }
    click(&mut window, "Role: mixed, set for all");
    pick(&mut window, "Role", "relay");
    let topology = &plan(&window).workspace.topologies()[at];
    let role = topology.servers[&"lds-be1".parse().expect("an id")].role;
    assert_eq!(role, bridgehead::model::server::Role::Relay);
    assert_eq!(plan(&window).workspace.history().place().0, 2, "two edits, two steps");
    while plan(&window).workspace.is_dirty() {
        give(&mut window, Command::Undo);
    }
    assert_eq!(text(&window), before);
}

#[test]
fn findings_are_searched_and_stand_by_rule_or_object() {
    let mut window = window_with(Command::NewFrom("two-sites-exchange-2003"));
    give(&mut window, Command::Phase(3));
    click(&mut window, "By rule");
    assert!(has_part(&window, "BH101 Connector name resolves outside ("));
    click(&mut window, "By object");
    assert!(has_part(&window, "Leeds to London ("));
    enter(&mut window, "Filter the findings", "no such words");
    assert!(has_part(&window, "are filtered out"));
    enter(&mut window, "Filter the findings", "bh101");
    assert!(has_part(&window, "BH101, error: Mail from LDS-BE1 to LON-BE1 will queue"));
}

#[test]
fn a_table_out_of_a_spreadsheet_becomes_objects_in_one_step() {
    let mut window = window_with(Command::NewFrom("two-sites-exchange-2003"));
    give(&mut window, Command::Phase(0));
    let before = text(&window);
    let rows = "Name\tSite\tAddresses\nLON-A\tLondon\t10.1.0.71\nLON-B\tMars\t10.1.0.72\nLDS-A\tLeeds\t10.2.0.71\n";
    window.event(eframe::egui::Event::Paste(rows.to_owned()));
    settle(&mut window);
    assert!(has(&window, "Row 3: no site is called `Mars`"));
    click(&mut window, "Add the 2 that read");
    assert!(has_part(&window, "Server LON-A") && has_part(&window, "Server LDS-A"));
    give(&mut window, Command::Undo);
    assert_eq!(text(&window), before, "one step");
}

#[test]
fn rows_are_pasted_into_a_table_of_the_inspector() {
    let mut window = window_with(Command::NewFrom("two-sites-exchange-2003"));
    give(&mut window, Command::Phase(0));
    let firewall: Subject = "firewall:lon-fw".parse().expect("a subject");
    give(&mut window, Command::Select([firewall].into()));
    let cell = |window: &Window| {
        let begins = |label: &str| label.starts_with("Publ") && label.ends_with("row 1, Public");
        let node = window.get_by(|node| node.label().is_some_and(|l| begins(&l)));
        node.focus();
    };
    cell(&window);
    settle(&mut window);
    let rows = "203.0.113.9\t25\t10.1.0.5\n203.0.113.9\t443\t10.1.0.5\n";
    window.event(eframe::egui::Event::Paste(rows.to_owned()));
    settle(&mut window);
    let topology = &plan(&window).workspace.topologies()[0];
    let published = &topology.firewalls[&"lon-fw".parse().expect("an id")].published;
    assert_eq!(published.len(), 2, "{published:?}");
    assert!(window.state().state.dialog.is_none(), "it is not taken for a table of objects");
}

#[test]
fn the_tour_leads_from_the_drawing_to_the_cure() {
    let mut window = window(Options::default());
    click(&mut window, "Tour in five steps");
    assert!(has(&window, "Tour, step 1 of 5"));
    let shows = [
        "Show me London",
        "Show me the phase that breaks",
        "Show me the first finding",
        "Apply the first fix",
        "Show me the history",
    ];
    for (at, show) in shows.into_iter().enumerate() {
        assert!(has(&window, &format!("Tour, step {} of 5", at + 1)));
        click(&mut window, show);
        match at {
            0 => assert!(!plan(&window).selection.is_empty()),
            1 => assert_eq!(plan(&window).phase, 3),
            2 => assert!(plan(&window).open().is_some()),
            3 => assert_eq!(plan(&window).workspace.history().place(), (1, 1), "the fix"),
            _ => assert_eq!(plan(&window).panel, Panel::History),
        }
        click(&mut window, if at == 4 { "Finish" } else { "Next" });
    }
    assert!(!has_part(&window, "Tour, step"));
}

#[test]
fn a_whole_site_is_stamped_with_its_groups_connectors_and_places() {
    let mut window = window_with(Command::NewFrom("two-sites-exchange-2003"));
    give(&mut window, Command::Phase(4));
    let before = text(&window);
    let at = plan(&window).phase;
    let count = |window: &Window| {
        let topology = &plan(window).workspace.topologies()[at];
        (topology.sites.len(), topology.groups.len(), topology.servers.len())
    };
    let (sites, groups, servers) = count(&window);
    let leeds: Subject = "site:leeds".parse().expect("a subject");
    give(&mut window, Command::Select([leeds].into()));
    give(&mut window, Command::Duplicate);
    let now = count(&window);
    assert_eq!((now.0, now.1), (sites + 1, groups + 1), "{}", window.state().state.status);
    let topology = &plan(&window).workspace.topologies()[at];
    let group = "leeds-2".parse().expect("an id");
    let members = topology.servers.values().filter(|s| s.group.as_ref() == Some(&group)).count();
    assert_eq!(members, now.2 - servers, "the copies are in the copied group");
    let scene = plan(&window).canvas.scene().expect("it is drawn");
    let areas: Vec<_> = scene.places.sites.values().copied().collect();
    for (i, a) in areas.iter().enumerate() {
        assert!(areas[i + 1..].iter().all(|b| !a.overlaps(*b)), "{areas:?}");
    }
    give(&mut window, Command::Undo);
    assert_eq!(text(&window), before);
}
