//! The panels at the bottom: tabs with their counts, and the panel that is chosen.

use super::{
    assumptions, carry_out, compare, failures, findings, history, promises, trace, validation,
};
use crate::{
    gui::{
        command::{Command, Panel},
        state::{Plan, State},
        theme::Theme,
        widgets::{self, chip, strong},
    },
    plan::promises::State as Kept,
};
use eframe::egui::{
    Align, Button, Frame, Layout, Margin, RichText, Stroke, Ui, WidgetInfo, accesskit::Role, vec2,
};

pub(super) fn bottom_ui(
    ui: &mut Ui,
    theme: &Theme,
    state: &mut State,
    commands: &mut Vec<Command>,
) {
    let Some(plan) = &mut state.plan else { return };
    tabs(ui, theme, plan, commands);
    widgets::hairline(ui, theme);
    ui.spacing_mut().interact_size.y = 18.0;
    ui.spacing_mut().item_spacing.y = 4.0;
    if plan.panel == Panel::CarryOut {
        return carry_out::carry_out_ui(ui, theme, state, commands);
    }
    match plan.panel {
        Panel::CarryOut => {}
        Panel::Findings => findings::findings_ui(ui, theme, plan, commands),
        Panel::Trace => trace::trace_ui(ui, theme, plan, commands),
        Panel::Promises => promises::promises_ui(ui, theme, plan, commands),
        Panel::Compare => compare::compare_ui(ui, theme, plan, commands),
        Panel::Assumptions => assumptions::assumptions_ui(ui, theme, plan, commands),
        Panel::Failures => failures::failures_ui(ui, theme, plan, commands),
        Panel::History => history::history_ui(ui, theme, plan, commands),
        Panel::Validation => {
            validation::validation_ui(ui, theme, plan, state.show.outcomes, commands);
        }
    }
}

fn tabs(ui: &mut Ui, theme: &Theme, plan: &mut Plan, commands: &mut Vec<Command>) {
    let row = vec2(ui.available_width(), 34.0);
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(12.0);
        ui.spacing_mut().item_spacing.x = 6.0;
        for panel in Panel::ALL {
            let on = panel == plan.panel;
            let text = if on {
                strong(panel.title(), 13.0).color(theme.accent)
            } else {
                RichText::new(panel.title()).size(13.0)
            };
            let start = ui.cursor().left();
            let response = ui.add(Button::new(text).frame(false).min_size(vec2(0.0, 30.0)));
            response.widget_info(|| WidgetInfo::selected(Role::Tab, true, on, panel.title()));
            if response.clicked() {
                commands.push(Command::Panel(panel));
            }
            count(ui, theme, plan, panel);
            if on {
                let end = ui.min_rect().right();
                let bottom = ui.max_rect().bottom() - 1.0;
                ui.painter().hline(start..=end, bottom, Stroke::new(2.5, theme.accent));
            }
            ui.add_space(14.0);
        }
        let filter = match plan.panel {
            Panel::Findings => findings::filter_ui,
            Panel::Validation => validation::filter_ui,
            Panel::Failures => failures::filter_ui,
            _ => return,
        };
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(12.0);
            filter(ui, theme, plan);
        });
    });
}

/// The chip beside a tab.
fn count(ui: &mut Ui, theme: &Theme, plan: &Plan, panel: Panel) {
    match panel {
        Panel::Findings => {
            let phase = plan.derived_phase();
            let live = phase.findings.iter().filter(|f| plan.analysis().waived(f).is_none());
            let (mut number, mut worst) = (0_usize, None);
            for finding in live {
                number += 1;
                worst = Some(worst.map_or(finding.severity, |w: crate::rules::rule::Severity| {
                    w.min(finding.severity)
                }));
            }
            if let Some(worst) = worst {
                let symbol = widgets::Symbol::severity(worst);
                chip(ui, &number.to_string(), symbol.colour(theme), symbol.behind(theme));
            }
        }
        Panel::Promises => {
            let verdicts = &plan.derived_phase().promises;
            let broken = verdicts.iter().filter(|v| v.state == Kept::Broken).count();
            let unknown = verdicts.iter().filter(|v| v.state == Kept::CannotTell).count();
            if broken > 0 {
                chip(ui, &format!("{broken} broken"), theme.err, theme.err_bg);
            } else if unknown > 0 {
                chip(ui, &format!("{unknown} cannot tell"), theme.info, theme.field);
            }
        }
        Panel::Trace => {
            if let Some(trace) = plan.shown_trace() {
                let symbol = widgets::Symbol::disposition(trace.disposition);
                let text = trace.disposition.name().replace('-', " ");
                chip(ui, &text, symbol.colour(theme), symbol.behind(theme));
            }
        }
        Panel::Validation => validation::count_ui(ui, theme, plan),
        Panel::CarryOut => {
            let (done, all) = carry_out::progress(plan);
            if done > 0 {
                let text = format!("{done} of {all}");
                chip(ui, &text, theme.ok, theme.ok_bg);
            }
        }
        Panel::Compare | Panel::Assumptions | Panel::Failures | Panel::History => {}
    }
}

/// Two halves beside each other with a line between them.
pub(super) fn halves(
    ui: &mut Ui,
    theme: &Theme,
    share: f32,
    left: impl FnOnce(&mut Ui),
    right: impl FnOnce(&mut Ui),
) {
    let area = ui.available_rect_before_wrap();
    let middle = area.left() + area.width() * share;
    let frame = |margin: Margin| Frame::new().inner_margin(margin);
    let (mut one, mut other) = (area, area);
    one.set_right(middle);
    other.set_left(middle + 1.0);
    ui.painter().vline(middle, area.y_range(), Stroke::new(1.0, theme.line));
    let down = Layout::top_down(Align::Min);
    widgets::within(ui, one, down, |ui| {
        frame(Margin { left: 10, right: 6, top: 8, bottom: 0 }).show(ui, left);
    });
    widgets::within(ui, other, down, |ui| {
        frame(Margin { left: 16, right: 10, top: 10, bottom: 0 }).show(ui, right);
    });
    ui.advance_cursor_after_rect(area);
}
