//! The phase bar: each phase as a chevron with its verdict, and the lenses.

use crate::{
    analysis::{Analysis, Worst},
    gui::{
        command::{Command, Lens},
        state::{Plan, State},
        theme::Theme,
        widgets::{self, Symbol, strong_family},
        words,
    },
    plan::promises,
    rules::rule::Severity,
};
use eframe::egui::{
    Align, Align2, Button, Color32, FontFamily, FontId, Galley, Layout, Pos2, Rect, Response,
    ScrollArea, Sense, Shape, Stroke, Ui, WidgetInfo, accesskit::Role, pos2, vec2,
};
use std::sync::Arc;

const HEIGHT: f32 = 30.0;
const POINT: f32 = 10.0;
/// What a chevron needs beside its title: number, symbol, point.
const BESIDE: f32 = 66.0;

pub(super) fn phase_bar_ui(ui: &mut Ui, theme: &Theme, state: &State, commands: &mut Vec<Command>) {
    let Some(plan) = &state.plan else { return };
    let bar = ui.max_rect();
    let choices = Lens::ALL.map(|lens| (lens, lens.title()));
    let width = widgets::segmented_width(ui, &choices, &state.lens);
    let row =
        Rect::from_center_size(pos2(bar.right() - width / 2.0, bar.center().y), vec2(width, 30.0));
    let left = Rect::from_min_max(bar.min, pos2(row.left() - 12.0, bar.bottom()));
    widgets::within(ui, left, Layout::left_to_right(Align::Center), |ui| {
        ScrollArea::horizontal().auto_shrink([true, false]).show(ui, |ui| {
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                phases(ui, theme, plan, left.width(), commands);
            });
        });
    });
    let lens = widgets::within(ui, row, Layout::left_to_right(Align::Center), |ui| {
        widgets::segmented(ui, theme, &choices, state.lens)
    });
    if let Some(lens) = lens {
        commands.push(Command::Lens(lens));
    }
}

/// How wide each title may be: its own width where all fit, otherwise the longest are cut.
fn widths(ui: &Ui, plan: &Plan, room: f32) -> Vec<f32> {
    let project = plan.workspace.project();
    let own = |index: usize| {
        let family = if plan.phase == index { strong_family() } else { FontFamily::Proportional };
        let title = project.phase_title(index).to_owned();
        let font = FontId::new(13.0, family);
        ui.painter().layout_no_wrap(title, font, Color32::WHITE).size().x + 1.0
    };
    let all: Vec<f32> = (0..project.phase_count()).map(own).collect();
    // The phase that is shown bears its whole title, up to a third of the bar.
    let limit = |index: usize, most: f32| {
        if index == plan.phase { most.max(room / 3.0) } else { most }
    };
    let cut = |most: f32| all.iter().enumerate().map(|(i, w)| w.min(limit(i, most))).sum::<f32>();
    let (mut low, mut high) = (48.0_f32, 1000.0_f32);
    if cut(high) > room {
        for _ in 0..20 {
            let middle = f32::midpoint(low, high);
            if cut(middle) > room { high = middle } else { low = middle }
        }
    } else {
        low = high;
    }
    all.iter().enumerate().map(|(i, w)| w.min(limit(i, low))).collect()
}

fn phases(ui: &mut Ui, theme: &Theme, plan: &Plan, room: f32, commands: &mut Vec<Command>) {
    ui.spacing_mut().item_spacing.x = -4.0;
    let count = plan.workspace.project().phase_count();
    let widths = widths(ui, plan, room - 96.0 - (BESIDE - 4.0) * count as f32);
    for (index, width) in widths.into_iter().enumerate() {
        let response = chevron(ui, theme, plan, index, width);
        if index == plan.phase && newly_shown(ui, index) {
            response.scroll_to_me(None);
        }
        if response.clicked() {
            commands.push(Command::Phase(index));
        }
        if index == plan.phase && response.double_clicked() {
            commands.push(Command::RenamePhase(index));
        }
        response.context_menu(|ui| context(ui, plan, index, commands));
    }
    ui.add_space(16.0);
    if widgets::link(ui, theme, "+ Phase")
        .on_hover_text("Add a phase behind the one shown")
        .clicked()
    {
        commands.push(Command::AddPhase);
    }
}

/// Whether another phase was shown in the last frame: only then the bar follows, so that it can be
/// scrolled by hand.
fn newly_shown(ui: &Ui, phase: usize) -> bool {
    let key = eframe::egui::Id::unique("phase that the bar shows");
    ui.data_mut(|data| {
        let before = data.get_temp(key);
        data.insert_temp(key, phase);
        before != Some(phase)
    })
}

/// What a phase shows at its end: the symbol, and the number of errors and broken promises.
fn verdict(analysis: &Analysis, index: usize) -> (Symbol, usize) {
    let Some(phase) = analysis.phases.get(index) else { return (Symbol::Dash, 0) };
    let errors = phase
        .findings
        .iter()
        .filter(|f| f.severity == Severity::Error && analysis.waived(f).is_none())
        .count();
    let broken = phase.promises.iter().filter(|p| p.state == promises::State::Broken).count();
    let symbol = match analysis.worst(index) {
        Worst::Broken => Symbol::Octagon,
        Worst::CannotTell => Symbol::Question,
        Worst::Fine => Symbol::Tick,
    };
    (symbol, errors + broken)
}

fn chevron(ui: &mut Ui, theme: &Theme, plan: &Plan, index: usize, most: f32) -> Response {
    let selected = plan.phase == index;
    let title = plan.workspace.project().phase_title(index).to_owned();
    let (symbol, number) = verdict(plan.analysis(), index);
    let family = if selected { strong_family() } else { FontFamily::Proportional };
    let galley = shortened(ui, &title, FontId::new(13.0, family), theme.text, most);
    let width = galley.size().x + BESIDE;
    let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::click());
    let (fill, line) = match (selected, response.hovered()) {
        (true, _) => (theme.accent_bg, Stroke::new(1.6, theme.accent)),
        (false, true) => (theme.field, Stroke::new(1.0, theme.accent)),
        (false, false) => (theme.field, Stroke::new(1.0, theme.line)),
    };
    outline(ui, rect, fill, line, response.has_focus().then_some(theme.accent));
    let middle = rect.center().y;
    let font = FontId::proportional(12.5);
    ui.painter().text(
        pos2(rect.left() + 24.0, middle),
        Align2::CENTER_CENTER,
        index.to_string(),
        font,
        theme.weak,
    );
    let at = pos2(rect.left() + 36.0, middle - galley.size().y / 2.0);
    ui.painter().galley(at, galley, theme.text);
    let mark = match (symbol, number) {
        (Symbol::Octagon, 10..) => Some("+".to_owned()),
        (Symbol::Octagon, 1..) => Some(number.to_string()),
        _ => None,
    };
    let at = widgets::right_middle(rect, 20.0);
    widgets::paint_symbol(ui.painter(), theme, at, 8.0, symbol, mark.as_deref());
    let spoken = match symbol {
        Symbol::Octagon => words::count(number, "error", "errors"),
        Symbol::Question => "cannot tell".to_owned(),
        _ => "fine".to_owned(),
    };
    response.widget_info(|| {
        WidgetInfo::selected(Role::Tab, true, selected, format!("Phase {index} {title}: {spoken}"))
    });
    response.on_hover_text(format!("{title}: {spoken}"))
}

/// The outline of a chevron: filled as two convex halves, because its notch is not convex.
fn outline(ui: &Ui, rect: Rect, fill: Color32, line: Stroke, focus: Option<Color32>) {
    let Rect { min, max } = rect;
    let middle = rect.center().y;
    let notch = pos2(min.x + POINT, middle);
    let tip = pos2(max.x, middle);
    let corner = |x: f32, y: f32| -> Pos2 { pos2(x, y) };
    let upper = vec![corner(min.x, min.y), corner(max.x - POINT, min.y), tip, notch];
    let lower = vec![notch, tip, corner(max.x - POINT, max.y), corner(min.x, max.y)];
    let painter = ui.painter();
    painter.add(Shape::convex_polygon(upper, fill, Stroke::NONE));
    painter.add(Shape::convex_polygon(lower, fill, Stroke::NONE));
    let around = vec![
        corner(min.x, min.y),
        corner(max.x - POINT, min.y),
        tip,
        corner(max.x - POINT, max.y),
        corner(min.x, max.y),
        notch,
    ];
    let line = focus.map_or(line, |colour| Stroke::new(2.0, colour));
    painter.add(Shape::closed_line(around, line));
}

/// A text on one line, cut with an ellipsis where it is longer than `width`.
fn shortened(ui: &Ui, text: &str, font: FontId, colour: Color32, width: f32) -> Arc<Galley> {
    let mut job = eframe::egui::text::LayoutJob::simple_singleline(text.to_owned(), font, colour);
    job.wrap = eframe::egui::text::TextWrapping::truncate_at_width(width.max(24.0));
    ui.painter().layout_job(job)
}

fn context(ui: &mut Ui, plan: &Plan, index: usize, commands: &mut Vec<Command>) {
    let last = plan.workspace.project().phase_count() - 1;
    let mut item = |ui: &mut Ui, text: &str, enabled: bool, command: Command| {
        if ui.add_enabled(enabled, Button::new(text)).clicked() {
            commands.push(command);
            ui.close();
        }
    };
    item(ui, "Rename…", true, Command::RenamePhase(index));
    item(ui, "Duplicate", index > 0, Command::DuplicatePhase(index));
    item(ui, "Move left", index > 1, Command::MovePhase(index, -1));
    item(ui, "Move right", index > 0 && index < last, Command::MovePhase(index, 1));
    item(ui, "Delete", index > 0, Command::DeletePhase(index));
    ui.separator();
    ui.menu_button("Compare with", |ui| {
        for other in (0..=last).filter(|other| *other != index) {
            if ui.button(words::phase(plan.workspace.project(), other)).clicked() {
                commands.push(Command::Compare(other.min(index), other.max(index)));
                ui.close();
            }
        }
    });
}
