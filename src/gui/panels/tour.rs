//! The tour: five steps through the incident, on a card that lies over the drawing and gets in nobody's
//! way. Each step can be shown by the program or done by hand.

use crate::{
    gui::{
        command::{Command, Panel},
        state::State,
        theme::Theme,
        widgets::{paragraph, primary, secondary, strong, weak},
    },
    model::Subject,
};
use eframe::egui::{Align2, Area, Frame, Margin, Order, RichText, Stroke, Ui, vec2};

/// The template that the tour goes through.
pub(in crate::gui) const TEMPLATE: &str = "two-sites-exchange-2003";

/// A step.
struct Step {
    title: &'static str,
    text: &'static str,
    /// What the button that shows it is called.
    show: &'static str,
}

const STEPS: [Step; 5] = [
    Step {
        title: "The drawing",
        text: "Two sites of a client, joined by a WAN link. The tools on the left draw; Insert in the menu bar does the same by keyboard. What is selected shows its fields on the right, and what nobody has entered stays unknown.",
        show: "Show me London",
    },
    Step {
        title: "The phases",
        text: "Each chevron at the top is a phase of the migration, checked by itself. An octagon means that mail fails in it. What you change belongs to the phase that is shown.",
        show: "Show me the phase that breaks",
    },
    Step {
        title: "A finding",
        text: "The list below says what fails, why, and with which evidence. A click draws the message on its way to where it stops.",
        show: "Show me the first finding",
    },
    Step {
        title: "The cure",
        text: "Each fix was proved before it is offered: it breaks nothing else. It is one step, and Ctrl+Z takes it back.",
        show: "Apply the first fix",
    },
    Step {
        title: "What was done, and what is handed over",
        text: "History lists every step, also after a restart. Carry out leads through a phase step by step on the night itself, and Ctrl+P shows the handover, page by page.",
        show: "Show me the history",
    },
];

fn shown_by(step: usize) -> Option<Command> {
    Some(match step {
        0 => Command::Locate("site:london".parse::<Subject>().ok()?),
        1 => Command::Phase(3),
        2 => Command::ShowFinding(0),
        3 => Command::Fix { finding: 0, choice: 0, earliest: false },
        _ => Command::Panel(Panel::History),
    })
}

pub(super) fn tour_ui(ui: &Ui, theme: &Theme, state: &State, commands: &mut Vec<Command>) {
    let Some(at) = state.tour else { return };
    let (Some(step), true) = (STEPS.get(at), state.plan.is_some()) else { return };
    let area = Area::new(ui.scope_id().with("tour")).order(Order::Middle);
    let above = if state.show.bottom { -290.0 } else { -60.0 };
    area.anchor(Align2::CENTER_BOTTOM, vec2(-60.0, above)).show(ui.ctx(), |ui| {
        let frame = Frame::new()
            .fill(theme.panel)
            .stroke(Stroke::new(1.6, theme.accent))
            .corner_radius(10)
            .inner_margin(Margin::same(16));
        frame.show(ui, |ui| {
            ui.set_width(440.0);
            ui.label(weak(theme, format!("Tour, step {} of {}", at + 1, STEPS.len())));
            ui.label(strong(step.title, 15.0));
            paragraph(ui, RichText::new(step.text).size(13.0));
            ui.horizontal(|ui| {
                if let Some(command) = shown_by(at)
                    && secondary(ui, step.show).clicked()
                {
                    commands.push(command);
                }
                if at > 0 && secondary(ui, "Back").clicked() {
                    commands.push(Command::Tour(Some(at - 1)));
                }
                let last = at + 1 == STEPS.len();
                let next = if last { "Finish" } else { "Next" };
                if primary(ui, theme, next).clicked() {
                    commands.push(Command::Tour((!last).then_some(at + 1)));
                }
                if !last && secondary(ui, "End the tour").clicked() {
                    commands.push(Command::Tour(None));
                }
            });
        });
    });
}
