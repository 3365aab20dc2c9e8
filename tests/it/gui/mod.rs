//! The window, by the names that its widgets give to those who listen: no picture is compared here.

mod chance;
mod draw;
mod editor;
mod failures;
mod handover;
mod inspect;
mod plans;
mod validation;

use bridgehead::{
    file,
    gui::{
        app::{App, Options},
        command::Command,
        theme,
    },
};
use eframe::egui::{Key, Modifiers, Ui, vec2};
use egui_kittest::{Harness, Node, kittest::Queryable as _};

type Window = Harness<'static, App>;

/// A window of the common size, with what it starts with.
fn window(options: Options) -> Window {
    let app = App::new(options);
    let draw = |ui: &mut Ui, app: &mut App| {
        app.think(ui.ctx());
        app.show(ui);
    };
    let mut window = Harness::builder()
        .with_size(vec2(1440.0, 900.0))
        .with_max_steps(24)
        .with_context_setup(theme::install_fonts)
        .build_ui_state(draw, app);
    window.run();
    window
}

/// A window in which something was asked for at once.
fn window_with(command: Command) -> Window {
    let mut window = window(Options::default());
    give(&mut window, command);
    window
}

/// Gives a command as a shortcut would.
fn give(window: &mut Window, command: Command) {
    window.state_mut().request(command);
    settle(window);
}

/// Runs until nothing is asked for any more, tasks included.
fn settle(window: &mut Window) {
    loop {
        window.run();
        if window.state().running().is_empty() {
            return;
        }
        let ctx = window.ctx.clone();
        window.state_mut().finish_tasks(&ctx);
    }
}

/// Clicks on what bears the name: of several, the one in front.
fn click(window: &mut Window, label: &str) {
    front(window, label).scroll_to_me();
    window.run();
    front(window, label).click();
    settle(window);
}

/// What bears the name; a dialog stands behind everything else in the tree and before it on screen.
fn front<'w>(window: &'w Window, label: &'w str) -> Node<'w> {
    let found = window.query_all_by_label(label).last();
    found.unwrap_or_else(|| panic!("nothing is called `{label}`"))
}

/// Opens a menu and chooses from it.
fn choose(window: &mut Window, menu: &str, item: &str) {
    click(window, menu);
    window.get_by(|node| node.label().is_some_and(|l| l.starts_with(item))).click();
    settle(window);
}

/// Types a text into a field, in place of what stands there.
fn enter(window: &mut Window, label: &str, text: &str) {
    front(window, label).scroll_to_me();
    front(window, label).focus();
    window.run();
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.run();
    if text.is_empty() {
        window.key_press(Key::Delete);
    } else {
        front(window, label).type_text(text);
    }
    settle(window);
}

/// Chooses from a combo box.
fn pick(window: &mut Window, label: &str, choice: &str) {
    click(window, label);
    click(window, choice);
}

/// The plan's text as it would be saved.
fn text(window: &Window) -> String {
    file::save(window.state().state.plan.as_ref().expect("a plan is open").workspace.project())
}

fn has(window: &Window, label: &str) -> bool {
    window.query_all_by_label(label).next().is_some()
}

fn has_part(window: &Window, part: &str) -> bool {
    window.query_all_by_label_contains(part).next().is_some()
}
