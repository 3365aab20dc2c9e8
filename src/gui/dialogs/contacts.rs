//! What will be contacted, shown before anybody is: only here a run can be confirmed.

use super::{Outcome, foot, heading};
use crate::{
    gui::{
        command::Command,
        theme::Theme,
        validation::Prepared,
        widgets::{self, Symbol, paragraph, strong, weak},
        words,
    },
    probe::Job,
};
use eframe::egui::{Grid, Label, RichText, ScrollArea, Ui};
use std::sync::Arc;

/// A run whose contacts were shown and confirmed. Nothing but this dialog makes one, and nothing is
/// asked of the network without one.
#[derive(Clone, Debug)]
pub struct Confirmed(Arc<Prepared>);

impl PartialEq for Confirmed {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Confirmed {
    /// What was shown.
    pub fn prepared(&self) -> &Prepared {
        &self.0
    }

    /// What is to be done.
    pub fn job(&self) -> Job {
        self.0.job.clone()
    }
}

pub(super) fn contacts_ui(ui: &mut Ui, theme: &Theme, prepared: &Arc<Prepared>) -> Outcome {
    heading(ui, "These will be contacted");
    let asked: usize = prepared.contacts.iter().map(|contact| contact.questions).sum();
    let intro = format!(
        "Phase {}. Nothing has been sent yet, and nobody else is contacted",
        prepared.phase
    );
    paragraph(ui, weak(theme, intro));
    if prepared.watch {
        let text =
            "All of it is asked again every 30 seconds until all is as planned, or you stop it";
        paragraph(ui, weak(theme, text));
    }
    if prepared.job.route.relay_test {
        let text =
            "The listeners are asked to relay from a stranger to a stranger; no mail is sent";
        paragraph(ui, weak(theme, text));
    }
    if prepared.contacts.is_empty() {
        paragraph(ui, "Nobody: no question has anybody to go to");
    } else {
        list(ui, prepared);
    }
    for delegates in &prepared.delegates {
        paragraph(ui, words::sentence(&delegates.to_string()));
    }
    for (why, count) in &prepared.unasked {
        ui.horizontal_top(|ui| {
            widgets::symbol(ui, theme, 7.0, Symbol::Question);
            let count = words::count(*count, "question is", "questions are");
            paragraph(ui, weak(theme, format!("{count} asked of nobody: {why}")));
        });
    }
    let done = if prepared.contacts.is_empty() {
        "Keep them as unknown".to_owned()
    } else {
        format!("Send {}", words::count(asked, "question", "questions"))
    };
    match foot(ui, theme, &done, false) {
        Some(true) => Outcome::does(Command::Contact(Confirmed(Arc::clone(prepared)))),
        Some(false) => Outcome::closed(),
        None => Outcome::default(),
    }
}

fn list(ui: &mut Ui, prepared: &Prepared) {
    let height = ui.ctx().content_rect().height() * 0.45;
    ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
        Grid::new("contacts").num_columns(3).striped(true).spacing([18.0, 6.0]).show(ui, |ui| {
            for head in ["Address", "What for", "Questions"] {
                ui.label(strong(head, 12.5));
            }
            ui.end_row();
            for contact in &prepared.contacts {
                ui.label(RichText::new(contact.address.to_string()).monospace().size(12.0));
                ui.scope(|ui| {
                    ui.set_min_width(300.0);
                    ui.set_max_width(300.0);
                    ui.add(Label::new(RichText::new(&contact.what).size(12.5)).wrap());
                });
                ui.label(RichText::new(contact.questions.to_string()).monospace().size(12.0));
                ui.end_row();
            }
        });
    });
}
