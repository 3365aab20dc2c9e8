//! What the live network answered about the object that is selected, with what is stale.

use crate::{
    gui::{
        state::Plan,
        theme::Theme,
        validation::{Row, rows},
        widgets::{self, Symbol, paragraph, strong, weak},
        words,
    },
    model::{ObjectId, Subject, topology::ObjectId as Id},
};
use eframe::egui::{RichText, Ui};

/// More answers than this are left to the panel.
const MOST: usize = 12;

pub(super) fn measured_ui(ui: &mut Ui, theme: &Theme, plan: &Plan, id: &ObjectId) {
    let all: Vec<Row<'_>> =
        rows(plan).into_iter().filter(|row| is_about(&row.evidence.subject, id)).collect();
    if all.is_empty() {
        return;
    }
    ui.add_space(10.0);
    ui.label(strong("Asked live", 13.5));
    for row in all.iter().take(MOST) {
        row_ui(ui, theme, row);
    }
    if let Some(more) = all.len().checked_sub(MOST).filter(|more| *more > 0) {
        let text = words::count(more, "answer more stands", "answers more stand");
        paragraph(ui, weak(theme, format!("{text} in the panel Validation")));
    }
}

/// Whether a subject is the object or a part of it.
fn is_about(subject: &Subject, id: &ObjectId) -> bool {
    match (subject, id) {
        (Subject::Object(Id::Listener(listener)), Id::Server(server)) => listener.server == *server,
        (Subject::Object(Id::Record(record)), Id::Zone(zone)) => record.zone == *zone,
        _ => *subject == Subject::from(id.clone()),
    }
}

fn row_ui(ui: &mut Ui, theme: &Theme, row: &Row<'_>) {
    let evidence = row.evidence;
    ui.horizontal_top(|ui| {
        let symbol = if row.stale { Symbol::Dash } else { Symbol::outcome(evidence.outcome) };
        widgets::symbol(ui, theme, 7.0, symbol);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            paragraph(ui, RichText::new(&evidence.question).size(12.5));
            let got = if evidence.got.is_empty() {
                "nothing".to_owned()
            } else {
                evidence.got.join(", ")
            };
            let text = format!("{}: got {got}", words::sentence(evidence.outcome.name()));
            paragraph(ui, weak(theme, format!("{text}; {}", evidence.reason)));
            if !evidence.remedy.is_empty() {
                let see = match evidence.reference.as_str() {
                    "" => String::new(),
                    reference => format!(" ({reference})"),
                };
                let text = format!("Remedy: {}{see}", evidence.remedy);
                paragraph(ui, RichText::new(text).size(12.5));
            }
            let ttl = evidence.ttl.map_or_else(String::new, |ttl| format!(", TTL {ttl}"));
            let asked = if evidence.asked.is_empty() { "nobody" } else { &evidence.asked };
            let when = words::utc(&evidence.utc);
            paragraph(ui, weak(theme, format!("Asked {asked}, {when}{ttl}")));
            if row.stale {
                let text = "Stale: the plan says something else by now";
                paragraph(ui, RichText::new(text).color(theme.warn).size(12.0));
            }
        });
    });
}
