//! The trace tool: a message from one end to another, a sentence a step.

use super::{bottom, ends};
use crate::{
    gui::{
        command::Command,
        state::Plan,
        theme::Theme,
        widgets::{self, Symbol, chip, link, paragraph, strong, weak},
        words,
    },
    sim::trace::{Step, Trace},
};
use eframe::egui::{Align, Label, Layout, RichText, ScrollArea, Ui, vec2};

pub(super) fn trace_ui(ui: &mut Ui, theme: &Theme, plan: &mut Plan, commands: &mut Vec<Command>) {
    let mut tool = plan.trace.clone();
    let shown = &*plan;
    let mut changed = false;
    let mut failed = false;
    let mut clear = false;
    bottom::halves(
        ui,
        theme,
        0.36,
        |ui| {
            ScrollArea::vertical().id_salt("trace tool").auto_shrink([false, false]).show(
                ui,
                |ui| {
                    ui.spacing_mut().item_spacing.y = 8.0;
                    let topology = shown.topology();
                    let [from, to] = &mut tool.typed;
                    changed |= ends::end_ui(ui, topology, "From", &mut tool.from, from);
                    changed |= ends::end_ui(ui, topology, "To", &mut tool.to, to);
                    failed = ends::failures_ui(
                        ui,
                        theme,
                        shown,
                        "While this has failed",
                        &mut tool.failures,
                    );
                    ui.horizontal(|ui| {
                        if link(ui, theme, "The other way round").clicked() {
                            std::mem::swap(&mut tool.from, &mut tool.to);
                            tool.typed.swap(0, 1);
                            changed = true;
                        }
                        if shown.shown_trace().is_some()
                            && link(ui, theme, "Take it off the drawing").clicked()
                        {
                            clear = true;
                        }
                    });
                },
            );
        },
        |ui| shown_ui(ui, theme, shown, "Choose who sends and who is to get the message", commands),
    );
    if clear {
        commands.push(Command::ClearTrace);
    }
    if failed {
        commands.push(Command::TraceFailures(tool.failures.clone()));
    }
    plan.trace.typed = tool.typed;
    plan.trace.from.clone_from(&tool.from);
    plan.trace.to.clone_from(&tool.to);
    if let (true, Some(from), Some(to)) = (changed, tool.from, tool.to) {
        commands.push(Command::Trace { from, to });
    }
}

/// The trace that is shown, or what to do to see one.
pub(super) fn shown_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &Plan,
    otherwise: &str,
    commands: &mut Vec<Command>,
) {
    let Some(trace) = plan.shown_trace() else {
        paragraph(ui, weak(theme, otherwise));
        return;
    };
    ScrollArea::vertical().id_salt("trace").auto_shrink([false, false]).show(ui, |ui| {
        head(ui, theme, plan, trace);
        for hop in &trace.hops {
            ui.add_space(2.0);
            if trace.hops.len() > 1 {
                let topology = plan.topology();
                let from = words::hop_end(topology, &hop.from);
                let text = match &hop.to {
                    Some(to) => format!("{from} → {}", words::hop_end(topology, to)),
                    None => from,
                };
                ui.label(strong(words::sentence(&text), 12.5).color(theme.weak));
            }
            for step in &hop.steps {
                step_ui(ui, theme, trace, step, commands);
            }
        }
        assumptions(ui, theme, plan, trace, commands);
    });
}

fn head(ui: &mut Ui, theme: &Theme, plan: &Plan, trace: &Trace) {
    let topology = plan.topology();
    let name = |text: &str, end: Option<&crate::model::promise::End>| match end {
        Some(end) if end.to_string() == text || end.to_string().ends_with(&format!(":{text}")) => {
            words::end(topology, end)
        }
        _ => match text.parse() {
            Ok(end) => words::end(topology, &end),
            Err(_) => words::hop_end(topology, text),
        },
    };
    let title = format!(
        "Trace: {} → {}",
        name(&trace.from, plan.trace.from.as_ref()),
        name(&trace.to, plan.trace.to.as_ref())
    );
    ui.horizontal(|ui| {
        let symbol = Symbol::disposition(trace.disposition);
        let word = trace.disposition.name().replace('-', " ");
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(8.0);
            chip(ui, &word, symbol.colour(theme), symbol.behind(theme));
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(Label::new(strong(title, 13.0)).truncate());
            });
        });
    });
    paragraph(ui, RichText::new(words::sentence(&trace.reason)).size(12.5));
    ui.add_space(2.0);
}

fn step_ui(ui: &mut Ui, theme: &Theme, trace: &Trace, step: &Step, commands: &mut Vec<Command>) {
    ui.horizontal_top(|ui| {
        let symbol = match step.kind {
            crate::sim::trace::StepKind::Queue | crate::sim::trace::StepKind::Bounce if step.ok => {
                Symbol::Dot
            }
            _ => Symbol::step(step, trace.disposition),
        };
        widgets::symbol(ui, theme, 7.0, symbol);
        ui.allocate_ui_with_layout(vec2(76.0, 18.0), Layout::left_to_right(Align::Min), |ui| {
            ui.set_width(76.0);
            ui.label(strong(words::sentence(step.kind.name()), 12.5));
        });
        let colour = if step.ok { theme.text } else { theme.err };
        let text = RichText::new(words::sentence(&step.text)).size(12.5).color(colour);
        let label = Label::new(text).wrap();
        match &step.subject {
            Some(subject) => {
                let label = label.sense(eframe::egui::Sense::click());
                let response = ui.add(label).on_hover_text("Show it on the drawing");
                if response.clicked() {
                    commands.push(Command::Locate(subject.clone()));
                }
            }
            None => {
                ui.add(label);
            }
        }
    });
}

fn assumptions(
    ui: &mut Ui,
    theme: &Theme,
    plan: &Plan,
    trace: &Trace,
    commands: &mut Vec<Command>,
) {
    if trace.assumptions.is_empty() {
        return;
    }
    ui.add_space(4.0);
    ui.horizontal_wrapped(|ui| {
        ui.label(weak(theme, "Taken for granted"));
        for id in &trace.assumptions {
            let text = super::assumptions::text(plan.workspace.project(), id);
            if link(ui, theme, &text).clicked() {
                commands.push(Command::EditAssumption(Some(id.clone())));
            }
        }
    });
}
