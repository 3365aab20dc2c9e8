//! One hand for two windows: the harness, which knows where everything stands, and the real one, where
//! the mouse goes to the same place.

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
use std::path::Path;

/// The size of both windows: all fields of the inspector are in view.
const SIZE: Vec2 = vec2(1440.0, 1300.0);

/// The two windows.
pub(super) struct Twin {
    mirror: Harness<'static, App>,
    real: Option<Real>,
}

impl Twin {
    /// Opens the harness, and the real window where asked for.
    pub(super) fn open(real: bool) -> Self {
        let draw = |ui: &mut Ui, app: &mut App| {
            app.think(ui.ctx());
            // All of the window: the harness keeps a margin, which the real one does not have.
            let window = ui.ctx().viewport_rect();
            ui.set_clip_rect(window);
            ui.scope_builder(UiBuilder::new().max_rect(window), |ui| app.show(ui));
        };
        let mirror = Harness::builder()
            .with_size(SIZE)
            .with_max_steps(40)
            .with_context_setup(theme::install_fonts)
            .build_ui_state(draw, App::new(Options::default()));
        let mut twin = Self { mirror, real: real.then(|| Real::start(SIZE)) };
        twin.settle();
        twin
    }

    fn settle(&mut self) {
        loop {
            self.mirror.run();
            if self.mirror.state().running().is_empty() {
                return;
            }
            let ctx = self.mirror.ctx.clone();
            self.mirror.state_mut().finish_tasks(&ctx);
        }
    }

    /// The middle of what bears the name; of several, of the one in front.
    pub(super) fn at(&self, label: &str) -> Pos2 {
        let all: Vec<_> = self.mirror.query_all_by_label(label).collect();
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
        let mut all = self.mirror.query_all_by(begins);
        let first = all.next();
        first.unwrap_or_else(|| panic!("nothing is called `{label}…`: {:?}", self.names(""))).rect()
    }

    /// Whether something bears the name.
    pub(super) fn has(&self, label: &str) -> bool {
        self.mirror.query_all_by_label(label).next().is_some()
    }

    /// All names that contain a text, to say what is there instead.
    pub(super) fn names(&self, part: &str) -> Vec<String> {
        let all = self.mirror.query_all_by_label_contains(part);
        all.filter_map(|node| node.accesskit_node().label()).collect()
    }

    /// Clicks there; on whole points, as a real pointer does.
    pub(super) fn click_at(&mut self, at: Pos2) {
        let at = at.round();
        self.mirror.hover_at(at);
        self.settle();
        self.mirror.drag_at(at);
        self.mirror.drop_at(at);
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
        self.mirror.hover_at(along[0]);
        self.settle();
        self.mirror.drag_at(along[0]);
        self.settle();
        for at in &along[1..] {
            self.mirror.hover_at(*at);
            self.settle();
        }
        self.mirror.drop_at(along[3]);
        self.settle();
        if let Some(real) = &mut self.real {
            real.drag(&along);
        }
    }

    /// Types.
    pub(super) fn write(&mut self, text: &str) {
        self.mirror.event(Event::Text(text.to_owned()));
        self.settle();
        if let Some(real) = &mut self.real {
            real.write(text, false);
        }
    }

    /// Presses a key.
    pub(super) fn key(&mut self, modifiers: Modifiers, key: Key) {
        self.mirror.key_press_modifiers(modifiers, key);
        self.settle();
        if let Some(real) = &mut self.real {
            let key = match key {
                Key::Enter => "Return".to_owned(),
                other => other.name().to_lowercase(),
            };
            let ctrl = if modifiers.command { "ctrl+" } else { "" };
            let shift = if modifiers.shift { "shift+" } else { "" };
            real.key(&format!("{ctrl}{shift}{key}"));
        }
    }

    /// Types in place of what stands in a field.
    pub(super) fn fill(&mut self, label: &str, text: &str) {
        self.click(label);
        self.mirror.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.settle();
        self.mirror.event(Event::Text(text.to_owned()));
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

    /// What each window would save, by saving it: the harness's, and the real one's.
    pub(super) fn text(&self) -> String {
        let plan = self.mirror.state().state.plan.as_ref().expect("a plan is open");
        file::save(plan.workspace.project())
    }

    /// Saves in both windows under a name; gives what was written, after both wrote the same.
    pub(super) fn save_as(&mut self, name: &str, folder: &Folder) -> String {
        let mirrored = folder.file(name);
        self.click("File");
        self.click_at(self.at_start("Save as"));
        self.click("Path of the file");
        self.mirror.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.settle();
        self.mirror.event(Event::Text(mirrored.display().to_string()));
        self.settle();
        let saved = self.real.as_mut().map(|real| {
            let saved = real.file(name);
            real.write(&saved.display().to_string(), true);
            saved
        });
        self.click("Save");
        let read = |path: &Path| {
            std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
        };
        let text = read(&mirrored);
        if let Some(saved) = saved {
            assert_eq!(read(&saved), text, "{name}: the window saved something else");
        }
        text
    }

    /// Keeps a picture of the real window.
    pub(super) fn picture(&self, name: &str) {
        if let Some(real) = &self.real {
            real.picture(name);
        }
    }

    /// Whether the harness's plan has what is not saved.
    pub(super) fn is_dirty(&self) -> bool {
        self.mirror.state().state.plan.as_ref().is_some_and(|p| p.workspace.is_dirty())
    }

    /// The real window.
    pub(super) fn real(&mut self) -> Option<&mut Real> {
        self.real.as_mut()
    }
}

/// A place in the window.
pub(super) fn spot(x: f32, y: f32) -> Pos2 {
    pos2(x, y)
}
