//! The handover in the window: its pages are those of the file, follow the plan, and are written only
//! where somebody said.

use super::*;
use bridgehead::{
    gui::{handover::Print, state::Plan},
    model::change::Change,
    report::{
        self, Audience, ReportOptions, markdown,
        pdf::{PdfOptions, render},
    },
};
use std::path::PathBuf;

fn plan(window: &Window) -> &Plan {
    window.state().state.plan.as_ref().expect("a plan is open")
}

fn opened() -> Window {
    let mut window = window_with(Command::NewFrom("two-sites-exchange-2003"));
    window.key_press_modifiers(Modifiers::COMMAND, Key::P);
    settle(&mut window);
    enter(&mut window, "Date, YYYY-MM-DD", "2026-11-24");
    window
}

fn pages(window: &Window) -> usize {
    let (_, laid) = plan(window).handover.laid.as_ref().expect("it is laid out");
    laid.book.sheets().len()
}

fn document(window: &Window, audience: Audience) -> report::document::Document {
    let analysis = bridgehead::analysis::analyse(plan(window).workspace.project());
    let date = "2026-11-24".to_owned();
    let plan_sha256 = file::sha256(text(window).as_bytes());
    let options = ReportOptions { date, audience, plan_sha256, ..ReportOptions::default() };
    report::build(&analysis, &options)
}

fn free(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    drop(std::fs::remove_file(&path));
    path
}

#[test]
fn the_pages_are_those_of_the_file() {
    let mut window = opened();
    let printed = render(&document(&window, Audience::Internal), &PdfOptions::default());
    let printed = printed.expect("it prints");
    assert_eq!(pages(&window), printed.pages);
    assert!(has(&window, &format!("Page 1 of {}", printed.pages)));
    assert!(has(&window, &format!("Page 1 of {}, as it is printed", printed.pages)));
    for page in 0..printed.pages {
        give(&mut window, Command::HandoverPage(page));
        assert!(has(&window, &format!("Page {} of {}", page + 1, printed.pages)));
    }
    click(&mut window, "Previous page");
    assert!(has(&window, &format!("Page {} of {}", printed.pages - 1, printed.pages)));
    click(&mut window, "Whole page");
    click(&mut window, "Previous page");
    assert!(has(&window, &format!("Page {} of {}", printed.pages - 2, printed.pages)));

    let path = free("preview.pdf");
    click(&mut window, "Save as PDF…");
    enter(&mut window, "Path of the file", &path.display().to_string());
    click(&mut window, "Save");
    assert!(std::fs::read(&path).expect("it is written") == printed.bytes, "the same bytes");
    assert!(has_part(&window, &format!("{} pages", printed.pages)));

    std::fs::write(&path, "something else").expect("it can be written");
    give(&mut window, Command::SaveHandoverTo(Print::Pdf, path.clone()));
    assert!(has(&window, "Replace the file?"));
    click(&mut window, "Cancel");
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), "something else");
    give(&mut window, Command::SaveHandoverTo(Print::Pdf, path.clone()));
    click(&mut window, "Replace");
    assert!(std::fs::read(&path).expect("it is written") == printed.bytes);
}

#[test]
fn markdown_is_that_of_the_command_line_for_the_audience_that_is_chosen() {
    let mut window = opened();
    click(&mut window, "The client");
    let path = free("preview.md");
    click(&mut window, "Save as Markdown…");
    let without_ending = path.with_extension("");
    enter(&mut window, "Path of the file", &without_ending.display().to_string());
    click(&mut window, "Save");
    let expected = markdown::markdown(&document(&window, Audience::Client));
    assert_eq!(std::fs::read_to_string(&path).expect("it is written"), expected);
}

#[test]
fn the_pages_follow_the_plan_and_wait_for_a_date() {
    let mut window = opened();
    let name = || Change::Name("Another name".to_owned());
    let command = Command::Apply { label: "Rename the plan".to_owned(), change: name() };
    give(&mut window, command);
    let subtitle = |window: &Window| {
        let (_, laid) = plan(window).handover.laid.as_ref().expect("it is laid out");
        laid.document.subtitle.clone()
    };
    assert_eq!(subtitle(&window), "Another name");
    give(&mut window, Command::Undo);
    assert_ne!(subtitle(&window), "Another name");
    enter(&mut window, "Date, YYYY-MM-DD", "2026-02-30");
    assert!(has(&window, "This is no date") && has(&window, "The pages wait for a date"));
    give(&mut window, Command::SaveHandoverTo(Print::Pdf, free("none.pdf")));
    assert!(has(&window, "Not written: the date is none"));
    click(&mut window, "Back to the drawing");
    assert!(has(&window, "Drawing"));
    give(&mut window, Command::Handover);
    assert!(!has(&window, "Drawing"));
    window.key_press(Key::Escape);
    settle(&mut window);
    assert!(has(&window, "Drawing"));
}

#[test]
fn a_plan_with_nothing_in_it_is_shown_too() {
    let mut window = window_with(Command::New);
    give(&mut window, Command::Handover);
    assert!(pages(&window) >= 3);
    assert!(has(&window, &format!("Page 1 of {}", pages(&window))));
}

#[test]
fn the_details_are_filled_in_refuse_a_password_and_are_undone() {
    let mut window = opened();
    let before = text(&window);
    click(&mut window, "Handover details…");
    enter(&mut window, "Client", "Hartwell & Finch");
    click(&mut window, "Accounts");
    click(&mut window, "Add a row");
    enter(&mut window, "Account, row 1", "svc-backup");
    enter(&mut window, "Secret kept in, row 1", "Tr0ub4dor&3");
    click(&mut window, "Save the details");
    assert!(has_part(&window, "looks like a password"));
    enter(&mut window, "Secret kept in, row 1", "safe, 2nd floor");
    click(&mut window, "Save the details");
    assert!(!has(&window, "Save the details"));
    let dossier = &plan(&window).workspace.project().dossier;
    assert_eq!(dossier.accounts[0].vault, "safe, 2nd floor");
    assert_eq!(dossier.client, "Hartwell & Finch");
    let (_, laid) = plan(&window).handover.laid.as_ref().expect("it is laid out");
    assert_eq!(laid.document.client, "Hartwell & Finch");
    give(&mut window, Command::Undo);
    assert_eq!(text(&window), before);
}

#[test]
fn sections_are_chosen_revisions_compared_and_tables_copied() {
    let mut window = opened();
    let path = free("earlier.ron");
    std::fs::write(&path, text(&window)).expect("it can be written");
    let whole = pages(&window);
    click(&mut window, "Sections: all");
    click(&mut window, "Print F Glossary");
    assert!(pages(&window) < whole);
    let name = Change::Name("Another name".to_owned());
    give(&mut window, Command::Apply { label: "Rename".to_owned(), change: name });
    give(&mut window, Command::CompareHandover);
    enter(&mut window, "Path of the file", &path.display().to_string());
    click(&mut window, "Compare");
    assert!(has(&window, "Marked: what differs from earlier.ron"));
    let marked = |window: &Window| {
        let (_, laid) = plan(window).handover.laid.as_ref().expect("it is laid out");
        laid.document.sections.iter().any(|section| !section.changed.is_empty())
    };
    assert!(marked(&window));
    click(&mut window, "Mark nothing");
    assert!(!marked(&window));
    click(&mut window, "Copy a table…");
    assert!(has_part(&window, "9 DNS, inside and outside"));
    window.key_press(Key::Escape);
    settle(&mut window);
}
