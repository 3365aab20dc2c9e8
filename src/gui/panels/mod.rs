//! The panels around the canvas. Each reads the state and pushes commands.

mod assumptions;
mod bottom;
pub(super) mod carry_out;
mod compare;
pub(super) mod ends;
mod failures;
mod findings;
mod handover;
mod history;
pub(super) mod inspector;
mod menu;
mod outline;
pub mod palette;
mod phase_bar;
mod promises;
pub(super) mod shortcuts;
pub(super) mod start;
mod status;
mod tool_rail;
pub(super) mod tour;
mod trace;
mod validation;

use super::{
    canvas::{self, CanvasInput},
    command::Command,
    entries::{Context, Entry, entries},
    state::{Plan, State},
    theme::Theme,
    widgets,
};
use eframe::egui::{CentralPanel, Frame, Margin, Panel, Ui};

/// The whole window.
pub(super) fn window_ui(
    ui: &mut Ui,
    theme: &Theme,
    state: &mut State,
    tasks: &[String],
    commands: &mut Vec<Command>,
) {
    let top = widgets::panel(theme, Margin::symmetric(10, 0));
    Panel::top("menu").exact_size(34.0).frame(top).show(ui, |ui| {
        menu::menu_ui(ui, theme, state, commands);
    });
    let line = widgets::panel(theme, Margin::symmetric(14, 2));
    // As high as a link, so that nothing moves when one comes or goes.
    Panel::bottom("status").exact_size(32.0).frame(line).show(ui, |ui| {
        status::status_ui(ui, theme, state, tasks, commands);
    });
    if state.plan.is_none() {
        CentralPanel::default().frame(Frame::new().fill(theme.bg)).show(ui, |ui| {
            start::start_ui(ui, theme, state, commands);
        });
        return;
    }
    if state.plan.as_ref().is_some_and(|plan| plan.handover.open) {
        handover::handover_ui(ui, theme, state, commands);
        return;
    }
    Panel::top("phases")
        .exact_size(50.0)
        .frame(widgets::panel(theme, Margin::symmetric(14, 0)))
        .show(ui, |ui| phase_bar::phase_bar_ui(ui, theme, state, commands));
    Panel::left("tools")
        .exact_size(48.0)
        .resizable(false)
        .frame(widgets::panel(theme, Margin::same(0)))
        .show(ui, |ui| tool_rail::tool_rail_ui(ui, theme, state.tool, commands));
    if state.show.bottom {
        let height = ui.ctx().content_rect().height();
        Panel::bottom("bottom")
            .resizable(true)
            .default_size((height * 0.25).clamp(190.0, 240.0))
            .size_range(120.0..=height * 0.6)
            .frame(widgets::panel(theme, Margin::same(0)))
            .show(ui, |ui| {
                widgets::filling(ui, |ui| bottom::bottom_ui(ui, theme, state, commands));
            });
    }
    side_panels(ui, theme, state, commands);
    CentralPanel::default().frame(Frame::new().fill(theme.canvas)).show(ui, |ui| {
        drawing_ui(ui, theme, state, commands);
    });
    tour::tour_ui(ui, theme, state, commands);
}

fn side_panels(ui: &mut Ui, theme: &Theme, state: &mut State, commands: &mut Vec<Command>) {
    let Some(plan) = &mut state.plan else { return };
    let frame = || widgets::panel(theme, Margin { left: 16, right: 8, top: 14, bottom: 8 });
    if state.show.outline {
        Panel::left("outline")
            .resizable(true)
            .default_size(240.0)
            .size_range(180.0..=420.0)
            .frame(frame())
            .show(ui, |ui| {
                widgets::filling(ui, |ui| outline::outline_ui(ui, theme, plan, commands));
            });
    }
    if state.show.inspector {
        Panel::right("inspector")
            .resizable(true)
            .default_size(320.0)
            .size_range(260.0..=520.0)
            .frame(frame())
            .show(ui, |ui| {
                widgets::filling(ui, |ui| inspector::inspector_ui(ui, theme, plan, commands));
            });
    }
}

/// The canvas, with what it needs to know.
fn drawing_ui(ui: &mut Ui, theme: &Theme, state: &mut State, commands: &mut Vec<Command>) {
    let (tool, lens) = (state.tool, state.lens);
    let Some(plan) = &mut state.plan else { return };
    let mut canvas_state = std::mem::take(&mut plan.canvas);
    let reduced_motion = ui.style().animation_time == 0.0;
    let switches = (reduced_motion, state.show.outcomes, state.show.snap);
    let input = input(plan, theme, tool, lens, switches);
    let response = canvas::canvas_ui(ui, &input, &mut canvas_state, commands);
    plan.canvas = canvas_state;
    if let Some(response) = response {
        response.context_menu(|ui| {
            ui.spacing_mut().interact_size.y = 24.0;
            menu::entries_ui(ui, context_entries(state).iter(), commands);
        });
    }
}

/// What the menu of the drawing offers: what can be done with the selection, else what can be put down.
fn context_entries(state: &State) -> Vec<Entry> {
    let some = state.plan.as_ref().is_some_and(|plan| !plan.selection.is_empty());
    let wanted = |entry: &Entry| match entry.context {
        Some(Context::Selection) => some && entry.refused.is_none(),
        Some(Context::Sheet) => !some && entry.refused.is_none(),
        Some(Context::Both) => entry.refused.is_none(),
        None => false,
    };
    entries(state).into_iter().filter(wanted).collect()
}

fn input<'a>(
    plan: &'a Plan,
    theme: &'a Theme,
    tool: super::command::Tool,
    lens: super::command::Lens,
    (reduced_motion, outcomes, snap): (bool, bool, bool),
) -> CanvasInput<'a> {
    let analysis = plan.analysis();
    CanvasInput {
        analysis,
        phase: plan.phase.min(analysis.phases.len() - 1),
        selection: &plan.selection,
        tool,
        lens,
        trace: plan.shown_trace(),
        finding: plan.open(),
        measured: if outcomes {
            let rows = super::validation::rows(plan).into_iter();
            rows.map(|row| (row.evidence, row.stale)).collect()
        } else {
            Vec::new()
        },
        lost: lost(plan),
        theme,
        reduced_motion,
        snap,
    }
}

/// How many pairs each single failure loses, while its panel is open.
fn lost(plan: &Plan) -> Vec<(crate::model::Subject, usize)> {
    let swept = plan.swept().filter(|_| plan.panel == super::command::Panel::Failures);
    let single = swept.into_iter().flat_map(|faults| &faults.single);
    let worst = single.filter(|failure| !failure.loss.lost.is_empty());
    worst.map(|failure| (failure.subject.clone(), failure.loss.lost.len())).collect()
}
