//! An outage on a clock: what waits where over time, a slider for the minute, and what happens.

use crate::{
    gui::{
        state::Plan,
        theme::Theme,
        widgets::{paragraph, strong, weak},
        words,
    },
    sim::studies::outage::{Account, Outage, Queue},
};
use eframe::egui::{Color32, Slider, TextEdit, Ui, vec2};
use egui_plot::{Legend, Line, Plot, PlotPoints, VLine};

/// The height of the chart in points.
const CHART: f32 = 150.0;
/// How many events are listed around the minute that is looked at.
const EVENTS: usize = 12;

pub(super) fn clock_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &Plan,
    (typed, minute): (&mut String, &mut u32),
) {
    ui.horizontal(|ui| {
        let name = ui.label("For how many hours");
        let edit = TextEdit::singleline(typed).desired_width(56.0);
        ui.add(edit).labelled_by(name.id);
        if let Err(expected) = plan.outage_minutes() {
            ui.colored_label(theme.err, format!("expected {expected}"));
        }
    });
    match plan.timed() {
        None if plan.failures.timing.is_some() => {
            paragraph(ui, weak(theme, "The outage is being worked out"));
        }
        None => {}
        Some(Err(why)) => {
            paragraph(ui, eframe::egui::RichText::new(words::sentence(why)).color(theme.err));
        }
        Some(Ok(outage)) => outage_ui(ui, theme, plan, outage, minute),
    }
}

fn outage_ui(ui: &mut Ui, theme: &Theme, plan: &Plan, outage: &Outage, minute: &mut u32) {
    let total = outage.total();
    let mut facts = vec![
        format!("{} sent", total.submitted),
        format!("{} arrived", total.delivered),
        format!("{} late", outage.delayed),
        format!("{} returned", total.returned),
        format!("{} lost", total.lost),
    ];
    if total.unknown > 0 {
        facts.push(format!("of {} it cannot be told", total.unknown));
    }
    if outage.unsent > 0 {
        facts.push(format!("{} could not be sent", outage.unsent));
    }
    paragraph(ui, facts.join(" · "));
    for flag in &outage.flags {
        paragraph(ui, eframe::egui::RichText::new(words::sentence(&flag.text)).color(theme.warn));
    }
    let end = outage.accounts.last().map_or(0, |account| account.minute).max(1);
    *minute = (*minute).min(end);
    chart_ui(ui, theme, plan, outage, *minute);
    ui.horizontal(|ui| {
        let name = ui.label("After");
        ui.spacing_mut().slider_width = (ui.available_width() - 110.0).max(120.0);
        let slider = Slider::new(minute, 0..=end)
            .custom_formatter(|value, _| time(value))
            .custom_parser(|text| text.trim().parse::<f64>().ok().map(|hours| hours * 60.0));
        ui.add(slider).labelled_by(name.id);
    });
    paragraph(ui, strong(then(plan, outage, *minute), 12.5));
    let near = outage.events.iter().filter(|event| event.minute <= *minute);
    let near: Vec<_> = near.collect();
    for event in near.iter().rev().take(EVENTS) {
        let text = format!("{}  {}", time(f64::from(event.minute)), words::sentence(&event.text));
        paragraph(ui, weak(theme, text));
    }
}

/// A number of minutes as hours and minutes.
fn time(minutes: f64) -> String {
    let (hours, rest) = ((minutes / 60.0).floor(), minutes.rem_euclid(60.0));
    format!("{hours:.0} h {rest:02.0} min")
}

/// What waits where at a minute.
fn then(plan: &Plan, outage: &Outage, minute: u32) -> String {
    let waits: Vec<String> = outage
        .queues
        .iter()
        .map(|queue| (queue, waiting(queue, minute)))
        .filter(|(_, count)| *count > 0)
        .map(|(queue, count)| format!("{count} with {}", holder(plan, &queue.server)))
        .collect();
    let account = outage.accounts.iter().rev().find(|account| account.minute <= minute);
    let Account { delivered, returned, .. } = account.copied().unwrap_or_default();
    let waits = if waits.is_empty() { "nothing waits".to_owned() } else { waits.join(", ") };
    format!("Then {waits}; {delivered} arrived and {returned} returned so far")
}

fn waiting(queue: &Queue, minute: u32) -> u64 {
    let at = queue.minute.partition_point(|known| *known <= minute);
    at.checked_sub(1).and_then(|at| queue.messages.get(at)).copied().unwrap_or(0)
}

fn holder(plan: &Plan, server: &str) -> String {
    match server {
        "internet" => "senders on the Internet".to_owned(),
        id => words::hop_end(plan.topology(), id),
    }
}

/// Chart points are drawn with a pixel's exactness: counts need no more.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn points(queue: &Queue) -> Vec<[f64; 2]> {
    let both = queue.minute.iter().zip(&queue.messages);
    both.map(|(minute, count)| [f64::from(*minute) / 60.0, *count as f64]).collect()
}

fn chart_ui(ui: &mut Ui, theme: &Theme, plan: &Plan, outage: &Outage, minute: u32) {
    let inks: [Color32; 5] = [theme.accent, theme.warn, theme.err, theme.ok, theme.info];
    let size = vec2(ui.available_width(), CHART);
    let plot = Plot::new("queues")
        .legend(Legend::default())
        .height(size.y)
        .width(size.x)
        .include_y(0.0)
        .include_x(0.0)
        .allow_scroll(false)
        .allow_zoom(false)
        .allow_drag(false)
        .allow_boxed_zoom(false)
        .x_axis_label("hours since it began")
        .y_axis_label("messages that wait");
    plot.show(ui, |plot| {
        for (queue, ink) in outage.queues.iter().zip(inks.iter().cycle()) {
            let name = words::sentence(&holder(plan, &queue.server));
            let line = Line::new(name, PlotPoints::from(points(queue))).color(*ink).width(2.0);
            plot.line(line);
        }
        plot.vline(VLine::new("", f64::from(minute) / 60.0).color(theme.weak));
    });
}
