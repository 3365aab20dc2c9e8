//! Carrying a phase out: the next step large, with where to click, what is to be seen then and the way
//! back; what was measured; who did it when. The list beside it ticks and takes ticks back.

use super::bottom;
use crate::{
    gui::{
        command::Command,
        state::{Plan, State},
        theme::Theme,
        validation,
        widgets::{self, Symbol, paragraph, primary, strong, weak},
        words,
    },
    model::{
        Subject,
        beside::{Outcome, StepKey, StepNote},
        change::Change,
        edit::EditKey,
        project::Phase,
    },
    report::{
        actions::{Action, Around, action},
        document::Text,
    },
};
use eframe::egui::{RichText, ScrollArea, TextEdit, Ui, WidgetInfo, accesskit::Role};

/// A step of the phase that is shown.
pub(in crate::gui) struct Step {
    /// What its note is keyed by.
    pub(in crate::gui) key: StepKey,
    /// As an instruction.
    action: Action,
    /// What is noted about it.
    pub(in crate::gui) note: StepNote,
}

/// The steps of the phase that is shown, in their order.
pub(in crate::gui) fn steps(plan: &Plan) -> Vec<Step> {
    let project = plan.workspace.project();
    let Some(at) = plan.phase.checked_sub(1) else { return Vec::new() };
    let Some(phase) = project.phases.get(at) else { return Vec::new() };
    let topologies = plan.workspace.topologies();
    let around = Around { before: &topologies[at], after: &topologies[at + 1] };
    let mut complete: Phase = phase.clone();
    complete.complete_steps();
    let step = |key: &EditKey| {
        let edit = phase.edits.get(key)?;
        let mark = StepKey { phase: phase.id.clone(), edit: key.clone() };
        let note = project.step_notes.get(&mark).cloned().unwrap_or_default();
        Some(Step { key: mark, action: action(around, edit), note })
    };
    complete.steps.iter().filter_map(step).collect()
}

/// How many steps of the phase that is shown are done, and how many there are.
pub(super) fn progress(plan: &Plan) -> (usize, usize) {
    let project = plan.workspace.project();
    let phase = plan.phase.checked_sub(1).and_then(|at| project.phases.get(at));
    let Some(phase) = phase else { return (0, 0) };
    let of_phase = |(key, note): &(&StepKey, &StepNote)| {
        note.done && key.phase == phase.id && phase.edits.contains_key(&key.edit)
    };
    (project.step_notes.iter().filter(of_phase).count(), phase.edits.len())
}

pub(super) fn carry_out_ui(
    ui: &mut Ui,
    theme: &Theme,
    state: &mut State,
    commands: &mut Vec<Command>,
) {
    let Some(plan) = &state.plan else { return };
    let steps = steps(plan);
    if steps.is_empty() {
        ui.add_space(12.0);
        let text = match plan.phase {
            0 => "Phase 0 is the system as it is: choose the phase that is carried out",
            _ => "This phase has no steps",
        };
        ui.horizontal(|ui| {
            ui.add_space(14.0);
            paragraph(ui, weak(theme, text));
        });
        return;
    }
    let next = steps.iter().position(|step| !step.note.done);
    let shown = plan.looked_at.filter(|at| *at < steps.len()).or(next);
    let initials = &mut state.settings.initials;
    let mut from_list = Vec::new();
    bottom::halves(
        ui,
        theme,
        0.6,
        |ui| {
            ScrollArea::vertical().id_salt("step").auto_shrink([false, false]).show(ui, |ui| {
                match shown {
                    Some(at) => step_ui(ui, theme, plan, (&steps, at, next), initials, commands),
                    None => all_done_ui(ui, theme, steps.len()),
                }
            });
        },
        |ui| list_ui(ui, theme, &steps, shown, &mut from_list),
    );
    commands.append(&mut from_list);
}

fn all_done_ui(ui: &mut Ui, theme: &Theme, count: usize) {
    ui.horizontal(|ui| {
        widgets::symbol(ui, theme, 11.0, Symbol::Tick);
        let steps = words::count(count, "step is done", "steps are done");
        ui.label(strong(format!("All of this phase: {steps}"), 18.0));
    });
    paragraph(ui, weak(theme, "Hold the network against the plan (F9) before you leave"));
}

fn step_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &Plan,
    (steps, at, next): (&[Step], usize, Option<usize>),
    initials: &mut String,
    commands: &mut Vec<Command>,
) {
    let step = &steps[at];
    let done = steps.iter().filter(|step| step.note.done).count();
    let head = match (step.note.done, next == Some(at)) {
        (true, _) => format!("Step {} of {}, done", at + 1, steps.len()),
        (_, true) => format!("Next: step {} of {}, {done} done", at + 1, steps.len()),
        _ => format!("Step {} of {}, out of turn", at + 1, steps.len()),
    };
    ui.label(weak(theme, head));
    let large = eframe::egui::Label::new(strong(&step.action.action, 20.0)).wrap();
    ui.add(large);
    for place in &step.action.place {
        paragraph(ui, RichText::new(plain(place)).size(14.5));
    }
    let expect = plain(&step.action.expect);
    if !expect.is_empty() {
        paragraph(ui, RichText::new(format!("Then: {expect}")).size(13.5));
    }
    paragraph(ui, weak(theme, format!("Way back: {}", step.action.back)));
    if !step.note.note.is_empty() {
        paragraph(ui, RichText::new(format!("Note: {}", step.note.note)).size(13.0));
    }
    drift_ui(ui, theme, plan, &step.key);
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        let label = ui.label("Measured");
        let mut measured = step.note.measured.clone();
        let edit = TextEdit::singleline(&mut measured).desired_width(150.0);
        if ui.add(edit).labelled_by(label.id).changed() {
            let to = Some(StepNote { measured, ..step.note.clone() });
            commands.push(Command::ApplyTyping {
                label: format!("Measure at step {}", at + 1),
                change: Change::StepNote { key: step.key.clone(), to },
                key: format!("measured {}", step.key),
            });
        }
        let label = ui.label("Your initials");
        let edit = TextEdit::singleline(initials).desired_width(48.0).char_limit(8);
        ui.add(edit).labelled_by(label.id);
        if step.note.done {
            let text = format!("Take the tick of step {} back", at + 1);
            if widgets::secondary(ui, &text).clicked() {
                commands.push(Command::Tick(at));
            }
        } else if primary(ui, theme, "Done").clicked() {
            commands.push(Command::Tick(at));
        }
    });
}

/// Where a live answer contradicts what the step is about.
fn drift_ui(ui: &mut Ui, theme: &Theme, plan: &Plan, key: &StepKey) {
    let subject = Subject::from(key.edit.object.clone());
    let rows = validation::rows(plan).into_iter().filter(|row| {
        let worse = matches!(row.evidence.outcome, Outcome::Fail | Outcome::Warn);
        worse && !row.stale && row.evidence.subject == subject
    });
    for row in rows {
        ui.horizontal_top(|ui| {
            widgets::symbol(ui, theme, 7.0, Symbol::outcome(row.evidence.outcome));
            let got = row.evidence.got.join(", ");
            let got = if got.is_empty() { "nothing".to_owned() } else { got };
            let text = format!("Drift from the plan: {}: got {got}", row.evidence.question);
            paragraph(ui, RichText::new(text).size(12.5));
        });
    }
}

fn list_ui(
    ui: &mut Ui,
    theme: &Theme,
    steps: &[Step],
    shown: Option<usize>,
    commands: &mut Vec<Command>,
) {
    ScrollArea::vertical().id_salt("steps").auto_shrink([false, false]).show(ui, |ui| {
        for (at, step) in steps.iter().enumerate() {
            ui.horizontal_top(|ui| {
                let mut done = step.note.done;
                let tick = ui.checkbox(&mut done, "");
                let name = format!("Step {}: {}", at + 1, step.action.action);
                tick.widget_info(|| {
                    WidgetInfo::selected(Role::CheckBox, true, step.note.done, name.as_str())
                });
                if tick.changed() {
                    commands.push(Command::Tick(at));
                }
                ui.vertical(|ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    let mut text = RichText::new(format!("{}. {}", at + 1, step.action.action));
                    text = text.size(12.5);
                    if step.note.done {
                        text = text.color(theme.weak);
                    }
                    if shown == Some(at) {
                        text = text.color(theme.accent).family(widgets::strong_family());
                    }
                    let label = eframe::egui::Label::new(text).wrap();
                    let label = label.sense(eframe::egui::Sense::click());
                    if ui.add(label).clicked() {
                        commands.push(Command::LookAtStep(at));
                    }
                    let said = [step.note.when.as_str(), &step.note.by, &step.note.measured];
                    let said: Vec<&str> = said.into_iter().filter(|s| !s.is_empty()).collect();
                    if !said.is_empty() {
                        ui.label(weak(theme, said.join(", ")));
                    }
                });
            });
        }
    });
}

/// The words of a text, without their styles.
fn plain(text: &Text) -> String {
    text.0.iter().map(|span| span.text.as_str()).collect()
}
