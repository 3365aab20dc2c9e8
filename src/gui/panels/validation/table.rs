//! What came, the worst first: two lines an answer. A click shows its object on the drawing, and the
//! whole answer in the inspector.

use crate::{
    gui::{
        command::Command,
        state::Plan,
        theme::Theme,
        validation::{Row, is_listed, rows},
        widgets::{self, Symbol, paragraph, strong, weak},
        words,
    },
    model::{Topology, beside::Evidence},
    probe::{
        evidence::{Was, seconds},
        live::watch::now_s,
    },
};
use eframe::egui::{
    Align, Label, Layout, Rect, RichText, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo,
    accesskit::Role, pos2, vec2,
};
use std::collections::BTreeMap;

/// The height of an answer in points.
const HEIGHT: f32 = 40.0;
/// How much of the width each column takes: outcome, question, expected and got, of whom and when.
const COLUMNS: [f32; 4] = [0.10, 0.36, 0.23, 0.31];

pub(super) fn table_ui(ui: &mut Ui, theme: &Theme, plan: &mut Plan, commands: &mut Vec<Command>) {
    let all = rows(plan);
    if all.is_empty() {
        nothing_ui(ui, theme, plan);
        return;
    }
    let state = &plan.validation;
    let shown: Vec<&Row<'_>> = all.iter().filter(|row| is_listed(state, row)).collect();
    // Beside what is measured stands how old it is; the clock is read when the panel is drawn.
    let seen = Seen { topology: plan.topology(), changed: &state.changed, now: now_s() };
    if state.facts_pending.is_some() {
        paragraph(ui, weak(theme, "Whether the plan still says the same is being compared"));
    }
    if shown.is_empty() {
        let text = words::count(all.len(), "answer is", "answers are");
        paragraph(ui, format!("Nothing of what is listed; {text} filtered out"));
        return;
    }
    heads_ui(ui, theme);
    let mut opened = None;
    let area = ScrollArea::vertical().id_salt("outcomes").auto_shrink([false, false]);
    ui.spacing_mut().item_spacing.y = 2.0;
    area.show_rows(ui, HEIGHT, shown.len(), |ui, range| {
        for row in &shown[range] {
            let open = state.open.as_deref() == Some(row.key);
            if row_ui(ui, theme, &seen, row, open) {
                opened = Some((row.key.to_owned(), row.evidence.subject.clone()));
            }
        }
    });
    if let Some((key, subject)) = opened {
        plan.validation.open = Some(key);
        commands.push(Command::Locate(subject));
    }
}

fn nothing_ui(ui: &mut Ui, theme: &Theme, plan: &Plan) {
    ui.add_space(6.0);
    if plan.validation.run.is_some() {
        paragraph(ui, "Nothing has answered yet");
        return;
    }
    let phase = words::phase(plan.workspace.project(), plan.phase);
    ui.horizontal(|ui| {
        widgets::symbol(ui, theme, 8.0, Symbol::Question);
        ui.label(format!("Nothing has been asked of the live network about phase {phase}"));
    });
    paragraph(ui, weak(theme, "What is not measured is not a pass"));
}

/// The columns of a row.
fn columns(row: Rect) -> [Rect; 4] {
    let mut left = row.left() + 8.0;
    let whole = row.width() - 16.0;
    COLUMNS.map(|share| {
        let width = whole * share;
        let column =
            Rect::from_min_max(pos2(left, row.top()), pos2(left + width - 10.0, row.bottom()));
        left += width;
        column
    })
}

fn heads_ui(ui: &mut Ui, theme: &Theme) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width() - 12.0, 18.0), Sense::hover());
    let heads = ["Outcome", "What was asked, and why so", "Expected, got", "Of whom, when"];
    for (column, head) in columns(rect).into_iter().zip(heads) {
        widgets::within(ui, column, Layout::left_to_right(Align::Center), |ui| {
            ui.add(Label::new(strong(head, 12.0).color(theme.weak)).truncate());
        });
    }
}

/// What a row is seen against.
struct Seen<'p> {
    topology: &'p Topology,
    changed: &'p BTreeMap<String, Was>,
    /// Seconds since 1970.
    now: u64,
}

fn row_ui(ui: &mut Ui, theme: &Theme, seen: &Seen<'_>, row: &Row<'_>, open: bool) -> bool {
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width() - 12.0, HEIGHT), Sense::click());
    if !ui.is_rect_visible(rect) {
        return false;
    }
    let lit = response.hovered() || response.has_focus();
    let fill = match (open, lit) {
        (true, _) => theme.accent_bg,
        (false, true) => theme.field,
        (false, false) => theme.panel,
    };
    ui.painter().rect_filled(rect, 6.0, fill);
    let evidence = row.evidence;
    let symbol = if row.stale { Symbol::Dash } else { Symbol::outcome(evidence.outcome) };
    let word = words::sentence(&evidence.outcome.name().replace('-', " "));
    let [outcome, question, values, whom] = columns(rect);
    let at = pos2(outcome.left() + 8.0, outcome.top() + 12.0);
    widgets::paint_symbol(ui.painter(), theme, at, 7.5, symbol, None);
    let beside = Rect::from_min_max(pos2(outcome.left() + 22.0, outcome.top()), outcome.max);
    if row.stale {
        let was = weak(theme, format!("was {}", evidence.outcome.name().replace('-', " ")));
        lines(ui, beside, strong("Stale", 12.5).color(theme.warn), was);
    } else {
        let was = seen.changed.get(row.key).map(was).unwrap_or_default();
        lines(ui, beside, strong(word.as_str(), 12.5), weak(theme, was));
    }
    let why = if row.stale {
        "the plan says something else by now".to_owned()
    } else {
        evidence.reason.clone()
    };
    lines(ui, question, strong(&evidence.question, 12.5), weak(theme, words::sentence(&why)));
    let (expected, got) = (list(&evidence.expected), list(&evidence.got));
    let mono = |text: &str| RichText::new(text).monospace().size(11.5);
    let expected_text = mono(&expected).color(theme.weak);
    let got_text = if evidence.got.is_empty() { mono(&got).color(theme.weak) } else { mono(&got) };
    lines(ui, values, expected_text, got_text);
    let whom_text = if evidence.asked.is_empty() { "nobody" } else { evidence.asked.as_str() };
    lines(ui, whom, mono(whom_text), weak(theme, when(evidence, seen, false)).size(11.5));
    let spoken = if row.stale { format!("Stale, was {word}") } else { word };
    let label = format!(
        "{spoken}: {}; {why}; expected {expected}; got {got}; of {whom_text}, {}",
        evidence.question,
        when(evidence, seen, true)
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, label.as_str()));
    let hover = match evidence.remedy.as_str() {
        "" => label,
        remedy => format!("{label}\nRemedy: {remedy}"),
    };
    response.on_hover_text(hover).clicked()
}

/// Two lines of text, each cut where the column ends.
fn lines(ui: &mut Ui, column: Rect, first: RichText, second: RichText) {
    let mut child =
        ui.new_child(UiBuilder::new().max_rect(column).layout(Layout::top_down(Align::Min)));
    child.set_clip_rect(column.intersect(ui.clip_rect()));
    child.spacing_mut().item_spacing.y = 1.0;
    child.add_space(3.0);
    for text in [first, second] {
        child.add(Label::new(text).truncate().selectable(false));
    }
}

fn list(lines: &[String]) -> String {
    if lines.is_empty() { "nothing".to_owned() } else { lines.join(", ") }
}

/// What was known before the last run.
fn was(was: &Was) -> String {
    match was.outcome {
        Some(outcome) => format!("was {}", outcome.name().replace('-', " ")),
        None => "new".to_owned(),
    }
}

/// Where it was asked and when, how old that is, how long it may be remembered, how long it took.
/// `whole`: with the time itself, for which a column has no room.
fn when(evidence: &Evidence, seen: &Seen<'_>, whole: bool) -> String {
    let utc = words::utc(&evidence.utc);
    let age = seconds(&evidence.utc).map(|then| words::age(seen.now.saturating_sub(then)));
    let mut text = match age {
        Some(age) if whole => format!("{utc} · {age}"),
        Some(age) => age,
        None => utc,
    };
    if let Some(site) = &evidence.from {
        let name = seen.topology.sites.get(site).map_or(site.as_str(), |s| s.name.as_str());
        text = format!("{name} · {text}");
    }
    if let Some(ttl) = evidence.ttl {
        text = format!("{text} · TTL {ttl}");
    }
    if let Some(ms) = evidence.rtt_ms {
        text = format!("{text} · {ms} ms");
    }
    text
}
