//! What every failure loses, the worst first; and, of the one that is chosen, which pairs, and the outage on
//! a clock.

mod clock;

use super::bottom;
use crate::{
    gui::{
        command::Command,
        failures::{Row, pair, rows},
        state::Plan,
        theme::Theme,
        widgets::{self, chip, link, paragraph, strong, weak},
        words,
    },
    model::{Subject, promise::End},
    sim::studies::faults::{Cell, Depth, Faults},
};
use eframe::egui::{
    Align2, FontId, Rect, ScrollArea, Sense, Ui, WidgetInfo, accesskit::Role, pos2, vec2,
};
use std::{collections::BTreeSet, sync::Arc};

/// The height of a row in points.
const HEIGHT: f32 = 24.0;
/// Where the columns of numbers end, from the right edge of the list in points: another way, cannot tell,
/// lost, user-hours an hour.
const COLUMNS: [(f32, &str); 4] =
    [(8.0, "other way"), (84.0, "cannot tell"), (168.0, "pairs lost"), (246.0, "user-hours/h")];
/// How many lost pairs are listed.
const PAIRS: usize = 60;

pub(super) fn failures_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &mut Plan,
    commands: &mut Vec<Command>,
) {
    let swept = plan.swept().cloned();
    let (left, right) = (swept.clone(), swept);
    let mut typed = plan.failures.hours.clone();
    let mut minute = plan.failures.minute;
    let shown = &*plan;
    let mut later = Vec::new();
    bottom::halves(
        ui,
        theme,
        0.52,
        |ui| match &left {
            Some(faults) => list_ui(ui, theme, shown, faults, commands),
            None => waiting_ui(ui, theme, shown, commands),
        },
        |ui| {
            if let Some(faults) = &right {
                chosen_ui(ui, theme, shown, faults, (&mut typed, &mut minute), &mut later);
            }
        },
    );
    commands.append(&mut later);
    plan.failures.hours = typed;
    plan.failures.minute = minute;
}

/// The switch for pairs of failures, beside the tabs.
pub(super) fn filter_ui(ui: &mut Ui, theme: &Theme, plan: &mut Plan) {
    // The row runs from the right.
    let choices = [(Depth::Double, "Two fail together"), (Depth::Single, "One fails")];
    if let Some(depth) = widgets::segmented(ui, theme, &choices, plan.failures.depth) {
        plan.failures.depth = depth;
    }
}

fn waiting_ui(ui: &mut Ui, theme: &Theme, plan: &Plan, commands: &mut Vec<Command>) {
    let failures = &plan.failures;
    if let Some((_, done, total)) = &failures.sweeping {
        ui.label(format!("Everything fails in turn: {done} of {total}"));
        if link(ui, theme, "Stop").clicked() {
            commands.push(Command::StopFailures);
        }
    } else if failures.stopped.is_some() {
        ui.label("Stopped before the end; nothing is said of this phase");
        if link(ui, theme, "Let everything fail in turn").clicked() {
            commands.push(Command::Failures);
        }
    } else {
        paragraph(ui, weak(theme, "Everything fails in turn"));
    }
}

fn list_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &Plan,
    faults: &Arc<Faults>,
    commands: &mut Vec<Command>,
) {
    let all = faults.ends.len() * faults.ends.len();
    if all <= 1 {
        paragraph(
            ui,
            weak(theme, "No mailboxes are drawn in this phase: there is nothing to lose"),
        );
        return;
    }
    let rows = rows(faults);
    let open = match faults.open.len() {
        0 => String::new(),
        open => format!("; of {open} it cannot be told"),
    };
    let arrive = faults.delivered.len();
    paragraph(
        ui,
        weak(theme, format!("{arrive} of {} pairs arrive while nothing fails{open}", all - 1)),
    );
    heads_ui(ui, theme);
    let area = ScrollArea::vertical().id_salt("failures").auto_shrink([false, false]);
    ui.spacing_mut().item_spacing.y = 0.0;
    area.show_rows(ui, HEIGHT, rows.len(), |ui, range| {
        for row in &rows[range] {
            row_ui(ui, theme, plan, row, commands);
        }
    });
}

fn heads_ui(ui: &mut Ui, theme: &Theme) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 18.0), Sense::hover());
    let font = FontId::proportional(11.5);
    let at = pos2(rect.left() + 4.0, rect.center().y);
    ui.painter().text(at, Align2::LEFT_CENTER, "Without", font.clone(), theme.weak);
    for (from_right, title) in COLUMNS {
        let at = pos2(rect.right() - from_right, rect.center().y);
        ui.painter().text(at, Align2::RIGHT_CENTER, title, font.clone(), theme.weak);
    }
}

/// The names of what fails.
fn name(plan: &Plan, subjects: &[&Subject]) -> String {
    let (project, topology) = (plan.workspace.project(), plan.topology());
    let names = subjects.iter().map(|subject| {
        let kind = subject.object(topology).map_or("", |id| words::kind(&id));
        let name = words::subject(project, topology, subject);
        if kind == "Server" { name } else { format!("{name} ({})", words::inside(kind)) }
    });
    names.collect::<Vec<_>>().join(" and ")
}

fn row_ui(ui: &mut Ui, theme: &Theme, plan: &Plan, row: &Row<'_>, commands: &mut Vec<Command>) {
    let size = vec2(ui.available_width(), HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let chosen: BTreeSet<Subject> = row.subjects.iter().map(|s| (*s).clone()).collect();
    let on = plan.failures.chosen == chosen;
    if on || response.hovered() || response.has_focus() {
        let fill = if on { theme.accent_bg } else { theme.field };
        ui.painter().rect_filled(rect, 4.0, fill);
    }
    let text = name(plan, &row.subjects);
    let bad = !row.lost.is_empty();
    let ink = if bad { theme.text } else { theme.weak };
    let room = Rect::from_min_max(rect.min, pos2(rect.right() - 320.0, rect.max.y));
    let mut job = eframe::egui::text::LayoutJob::simple_singleline(
        text.clone(),
        FontId::proportional(13.0),
        ink,
    );
    job.wrap = eframe::egui::text::TextWrapping::truncate_at_width(room.width().max(60.0));
    let galley = ui.painter().layout_job(job);
    let at = pos2(rect.left() + 4.0, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, ink);
    let numbers = [
        row.rerouted.map_or_else(|| "–".to_owned(), |n| n.to_string()),
        row.unknown.len().to_string(),
        row.lost.len().to_string(),
        format!("{:.1}", row.user_hours_per_hour),
    ];
    for ((from_right, _), number) in COLUMNS.iter().zip(&numbers) {
        let at = pos2(rect.right() - from_right, rect.center().y);
        ui.painter().text(at, Align2::RIGHT_CENTER, number, FontId::proportional(12.5), ink);
    }
    let spoken = format!(
        "Without {text}: {} lost, {} of which it cannot be told, {} user-hours an hour",
        words::count(row.lost.len(), "pair", "pairs"),
        row.unknown.len(),
        numbers[3]
    );
    response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, on, spoken.as_str()));
    if response.clicked() {
        commands.push(Command::ShowFailure(chosen));
    }
}

fn chosen_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &Plan,
    faults: &Faults,
    (typed, minute): (&mut String, &mut u32),
    commands: &mut Vec<Command>,
) {
    let rows = rows(faults);
    let chosen = &plan.failures.chosen;
    let row = rows.iter().find(|row| {
        row.subjects.len() == chosen.len() && row.subjects.iter().all(|s| chosen.contains(s))
    });
    let Some(row) = row else {
        paragraph(
            ui,
            weak(theme, "Choose what fails to see which mail is lost, and the outage on a clock"),
        );
        return;
    };
    ScrollArea::vertical().id_salt("failure").auto_shrink([false, false]).show(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.label(strong(format!("Without {}", name(plan, &row.subjects)), 13.5));
            if row.lost.is_empty() && row.unknown.is_empty() {
                chip(ui, "nothing is lost", theme.ok, theme.ok_bg);
            } else if !row.lost.is_empty() {
                let text = words::count(row.lost.len(), "pair lost", "pairs lost");
                chip(ui, &text, theme.err, theme.err_bg);
            }
        });
        clock::clock_ui(ui, theme, plan, (typed, minute));
        ui.add_space(6.0);
        pairs_ui(ui, theme, plan, faults, (row.lost, "Lost"), commands);
        pairs_ui(ui, theme, plan, faults, (row.unknown, "It cannot be told of"), commands);
    });
}

fn pairs_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &Plan,
    faults: &Faults,
    (cells, title): (&[Cell], &str),
    commands: &mut Vec<Command>,
) {
    if cells.is_empty() {
        return;
    }
    let topology = plan.topology();
    let end = |end: &End| words::sentence(&words::end(topology, end));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(12.0, 2.0);
        ui.label(strong(title, 12.5));
        for (from, to) in cells.iter().take(PAIRS).filter_map(|cell| pair(faults, *cell)) {
            let text = format!("{} → {}", end(from), end(to));
            if link(ui, theme, &text).on_hover_text("Follow the message").clicked() {
                commands.push(Command::TraceFailures(plan.failures.chosen.clone()));
                commands.push(Command::Trace { from: from.clone(), to: to.clone() });
            }
        }
        if cells.len() > PAIRS {
            ui.label(weak(theme, format!("and {} more", cells.len() - PAIRS)));
        }
    });
}
