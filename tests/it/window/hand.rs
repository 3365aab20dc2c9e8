//! A hand with a mouse and a keyboard: in the harness, which knows by its names where everything stands,
//! and, where asked for, in the real window, in which the mouse goes to the same place.

use super::display::Real;
use crate::support::program::Folder;
use bridgehead::{
    file,
    gui::{
        app::{App, Options},
        theme,
    },
};
use eframe::egui::{Event, Key, Modifiers, Pos2, Rect, Ui, UiBuilder, Vec2, pos2, vec2};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use std::path::PathBuf;

/// The size of the window: all fields of the inspector are in view.
const SIZE: Vec2 = vec2(1440.0, 1300.0);

/// A window and a hand.
pub(super) struct Hand {
    window: Harness<'static, App>,
    real: Option<Real>,
}

impl Hand {
    /// Opens the harness, and the real window where asked for.
    pub(super) fn open(real: bool) -> Self {
        let draw = |ui: &mut Ui, app: &mut App| {
            app.think(ui.ctx());
            // All of the window: the harness keeps a margin, which the real one does not have.
            let whole = ui.ctx().viewport_rect();
            ui.set_clip_rect(whole);
            ui.scope_builder(UiBuilder::new().max_rect(whole), |ui| app.show(ui));
        };
        let window = Harness::builder()
            .with_size(SIZE)
            .with_max_steps(40)
            .with_context_setup(theme::install_fonts)
            .build_ui_state(draw, App::new(Options::default()));
        let mut twin = Self { window, real: real.then(|| Real::start(SIZE)) };
        twin.settle();
        twin
    }

    fn settle(&mut self) {
        loop {
            self.window.run();
            if self.window.state().running().is_empty() {
                return;
            }
            let ctx = self.window.ctx.clone();
            self.window.state_mut().finish_tasks(&ctx);
        }
    }

    /// The middle of what bears the name; of several, of the one in front.
    pub(super) fn at(&self, label: &str) -> Pos2 {
        let all: Vec<_> = self.window.query_all_by_label(label).collect();
        let node = all
            .last()
            .unwrap_or_else(|| panic!("nothing is called `{label}`: {:?}", self.names("")));
        node.rect().center()
    }

    /// The middle of the first whose name begins so.
    pub(super) fn at_start(&self, label: &str) -> Pos2 {
        self.box_of(label).center()
    }

    /// Where the first stands whose name begins so; of a site, where its title is.
    pub(super) fn box_of(&self, label: &str) -> Rect {
        let begins = |node: &egui_kittest::kittest::AccessKitNode<'_>| {
            node.label().is_some_and(|l| l.starts_with(label))
        };
        let mut all = self.window.query_all_by(begins);
        let first = all.next();
        first.unwrap_or_else(|| panic!("nothing is called `{label}…`: {:?}", self.names(""))).rect()
    }

    /// All names that contain a text, to say what is there instead.
    pub(super) fn names(&self, part: &str) -> Vec<String> {
        let all = self.window.query_all_by_label_contains(part);
        all.filter_map(|node| node.accesskit_node().label()).collect()
    }

    /// Clicks there; on whole points, as a real pointer does.
    pub(super) fn click_at(&mut self, at: Pos2) {
        let at = at.round();
        self.window.hover_at(at);
        self.settle();
        self.window.drag_at(at);
        self.window.drop_at(at);
        self.settle();
        if let Some(real) = &mut self.real {
            real.click(at);
        }
    }

    /// Clicks on what bears the name.
    pub(super) fn click(&mut self, label: &str) {
        self.click_at(self.at(label));
    }

    /// Drags from one place to another.
    pub(super) fn drag(&mut self, from: Pos2, to: Pos2) {
        let along: Vec<Pos2> =
            (0..=3_u8).map(|step| from.lerp(to, f32::from(step) / 3.0).round()).collect();
        self.window.hover_at(along[0]);
        self.settle();
        self.window.drag_at(along[0]);
        self.settle();
        for at in &along[1..] {
            self.window.hover_at(*at);
            self.settle();
        }
        self.window.drop_at(along[3]);
        self.settle();
        if let Some(real) = &mut self.real {
            real.drag(&along);
        }
    }

    /// Types.
    pub(super) fn write(&mut self, text: &str) {
        self.window.event(Event::Text(text.to_owned()));
        self.settle();
        if let Some(real) = &mut self.real {
            real.write(text, false);
        }
    }

    /// Presses a key.
    pub(super) fn key(&mut self, modifiers: Modifiers, key: Key) {
        self.window.key_press_modifiers(modifiers, key);
        self.settle();
        if let Some(real) = &mut self.real {
            let key = match key {
                Key::Enter => "Return".to_owned(),
                other => other.name().to_lowercase(),
            };
            let held = if modifiers.command { "ctrl+" } else { "" };
            real.key(&format!("{held}{key}"));
        }
    }

    /// Types in place of what stands in a field.
    pub(super) fn fill(&mut self, label: &str, text: &str) {
        self.click(label);
        self.window.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.settle();
        self.window.event(Event::Text(text.to_owned()));
        self.settle();
        if let Some(real) = &mut self.real {
            real.write(text, true);
        }
    }

    /// Chooses from a list that opens.
    pub(super) fn pick(&mut self, label: &str, choice: &str) {
        self.click(label);
        self.click(choice);
    }

    /// Chooses from a menu.
    pub(super) fn choose(&mut self, menu: &str, item: &str) {
        self.click(menu);
        self.click_at(self.at_start(item));
    }

    /// What would be saved.
    pub(super) fn text(&self) -> String {
        let plan = self.window.state().state.plan.as_ref().expect("a plan is open");
        file::save(plan.workspace.project())
    }

    /// Saves under a name; gives what was written, once both windows have written the same.
    pub(super) fn save_as(&mut self, name: &str, folder: &Folder) -> String {
        self.click("File");
        self.click_at(self.at_start("Save as"));
        let [first, rest @ ..] = &self.save_to(name, folder)[..] else {
            panic!("nothing was saved")
        };
        let read = |path: &PathBuf| {
            std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
        };
        let text = read(first);
        for real in rest.iter().map(read) {
            let line = real.lines().zip(text.lines()).position(|(a, b)| a != b);
            let line = line.and_then(|n| real.lines().nth(n));
            assert!(
                real == text,
                "{name}: the window saved something else, from {line:?}:\n{real}"
            );
        }
        text
    }

    /// Tells the dialog that is open where to save; gives where each window saved.
    pub(super) fn save_to(&mut self, name: &str, folder: &Folder) -> Vec<PathBuf> {
        let path = folder.file(name);
        self.click("Path of the file");
        self.window.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.settle();
        self.window.event(Event::Text(path.display().to_string()));
        self.settle();
        let real = self.real.as_mut().map(|real| {
            let saved = real.file(name);
            real.write(&saved.display().to_string(), true);
            saved
        });
        self.click("Save");
        [path].into_iter().chain(real).collect()
    }

    /// The processor time that the real window uses in about a second at rest, in nanoseconds.
    pub(super) fn idle(&mut self) -> u64 {
        self.real.as_mut().map_or(0, Real::idle)
    }

    /// Keeps a picture of the real window.
    pub(super) fn picture(&self, name: &str) {
        if let Some(real) = &self.real {
            real.picture(name);
        }
    }
}

/// A place in the window.
pub(super) fn spot(x: f32, y: f32) -> Pos2 {
    pos2(x, y)
}
