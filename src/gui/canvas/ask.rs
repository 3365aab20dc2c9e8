//! The question what is to be made where a line was let go on nothing: a short list at that place, for
//! pointer and keyboard.

use super::{CanvasState, gesture::Scope, neighbour::Choice, rename::Rename};
use crate::{
    diagram::geometry::Point,
    gui::command::{Command, Tool},
};
use eframe::egui::{Area, Button, Frame, Key, Order, Stroke, Ui, WidgetInfo, accesskit::Role};

/// The question that is open.
pub(super) struct Ask {
    at: Point,
    choices: Vec<(String, Choice)>,
    /// Whether its first choice has had the keyboard yet.
    begun: bool,
}

impl Ask {
    /// The question at a world point; none where nothing can be made.
    pub(super) fn new(at: Point, choices: Vec<(String, Choice)>) -> Option<Self> {
        (!choices.is_empty()).then_some(Self { at, choices, begun: false })
    }
}

/// Draws it, and does what was chosen.
pub(super) fn ask_ui(
    ui: &Ui,
    scope: &Scope<'_>,
    state: &mut CanvasState,
    commands: &mut Vec<Command>,
) {
    let Some(mut ask) = state.ask.take() else { return };
    let theme = scope.input.theme;
    let at = state.camera.screen_from_world(scope.view, ask.at);
    let mut chosen = None;
    let area = Area::new(ui.scope_id().with("create what")).order(Order::Foreground);
    let shown = area.fixed_pos(at).constrain_to(scope.view).show(ui.ctx(), |ui| {
        let frame = Frame::popup(ui.style()).fill(theme.panel).stroke(Stroke::new(1.0, theme.line));
        frame.show(ui, |ui| {
            ui.label(crate::gui::widgets::weak(theme, "Create what?"));
            for (index, (words, _)) in ask.choices.iter().enumerate() {
                let response = ui.add(Button::new(words.as_str()).frame(false));
                response.widget_info(|| WidgetInfo::labeled(Role::MenuItem, true, words.as_str()));
                if index == 0 && !ask.begun {
                    response.request_focus();
                }
                if response.clicked() {
                    chosen = Some(index);
                }
            }
            let nothing = ui.add(Button::new("Nothing").frame(false));
            if nothing.clicked() {
                chosen = Some(usize::MAX);
            }
        });
    });
    let first = !std::mem::replace(&mut ask.begun, true);
    let elsewhere = !first
        && ui.input(|i| {
            let pressed = i.pointer.any_pressed();
            pressed && i.pointer.latest_pos().is_some_and(|p| !shown.response.rect.contains(p))
        });
    let escaped = ui.input(|i| i.key_pressed(Key::Escape));
    match chosen {
        Some(index) if index < ask.choices.len() => {
            carry_out(state, ask.choices.swap_remove(index).1, commands);
        }
        Some(_) => {}
        None if escaped || elsewhere => {}
        None => state.ask = Some(ask),
    }
}

fn carry_out(state: &mut CanvasState, choice: Choice, commands: &mut Vec<Command>) {
    match choice {
        Choice::Put(stamp) => {
            commands.push(Command::Tool(Tool::Select));
            let hint = "Type its name; Enter adds it, Escape does not";
            commands.push(Command::Status(hint.to_owned()));
            state.rename = Some(Rename::new(*stamp));
        }
        Choice::Make(made) => {
            commands.push(Command::Tool(Tool::Select));
            commands.extend(made);
        }
    }
}
