//! What is to be asked of whom: the site, the resolvers, the listeners, test addresses.

use crate::{
    gui::{
        command::Command,
        state::Plan,
        tasks::ASKING,
        theme::Theme,
        validation::Draft,
        widgets::{self, Symbol, link, paragraph, primary, weak},
        words,
    },
    model::{ObjectId, Topology},
};
use eframe::egui::{ComboBox, ProgressBar, RichText, ScrollArea, TextEdit, TextStyle, Ui};

pub(super) fn options_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &mut Plan,
    outcomes: bool,
    commands: &mut Vec<Command>,
) {
    let area = ScrollArea::vertical().id_salt("validation options").auto_shrink([false, false]);
    area.show(ui, |ui| {
        ui.set_max_width(ui.available_width() - 8.0);
        ui.spacing_mut().item_spacing.y = 5.0;
        if plan.validation.run.is_some() {
            running_ui(ui, theme, plan, commands);
            return;
        }
        let mut draft = plan.validation.draft.clone();
        let reads = draft.inside().is_ok() && draft.outside().is_ok() && draft.map().is_ok();
        ui.horizontal_wrapped(|ui| {
            ui.add_enabled_ui(reads, |ui| {
                let response = primary(ui, theme, "List what will be contacted…");
                let hint = "Nothing is sent before you have seen the list and said yes";
                if response.on_hover_text(hint).clicked() {
                    commands.push(Command::ListContacts);
                }
            });
            if link(ui, theme, "Take evidence…").clicked() {
                commands.push(Command::TakeEvidence);
            }
        });
        if !plan.validation.said.is_empty() {
            paragraph(ui, weak(theme, &plan.validation.said));
        }
        form_ui(ui, theme, plan.topology(), &mut draft);
        let mut on = outcomes;
        if ui.checkbox(&mut on, "Show the outcomes on the drawing").changed() {
            commands.push(Command::ToggleOutcomes);
        }
        plan.validation.draft = draft;
    });
}

fn running_ui(ui: &mut Ui, theme: &Theme, plan: &Plan, commands: &mut Vec<Command>) {
    let Some(run) = &plan.validation.run else { return };
    let title = words::phase(plan.workspace.project(), run.phase);
    paragraph(ui, weak(theme, format!("The network is asked about phase {title}")));
    // A session with a listener gives more verdicts than it is questions.
    let answered = run.checks.len().min(run.total);
    let text = format!("{answered} of {} answered", run.total);
    let share = answered as f32 / run.total.max(1) as f32;
    ui.add(ProgressBar::new(share).text(RichText::new(text).size(12.0)).fill(theme.accent_bg));
    if run.rounds > 0 {
        let rounds = words::count(run.rounds, "round", "rounds");
        paragraph(ui, weak(theme, format!("Watched for {rounds}: {}", run.told)));
    }
    if run.cancelled {
        paragraph(ui, weak(theme, "It ends: what has answered is kept"));
    } else if widgets::secondary(ui, "Stop").clicked() {
        commands.push(Command::Cancel(ASKING.to_owned()));
    }
}

fn form_ui(ui: &mut Ui, theme: &Theme, topology: &Topology, draft: &mut Draft) {
    site_ui(ui, theme, topology, draft);
    let wrong = [draft.inside().err(), draft.outside().err()];
    ui.columns_const(|[left, right]| {
        line_ui(left, theme, ("Inside resolver", "the system's"), &mut draft.inside);
        line_ui(right, theme, ("Outside resolver", "not asked"), &mut draft.outside);
    });
    for wrong in wrong {
        wrong_ui(ui, theme, wrong);
    }
    let hint = "Greeting, EHLO, STARTTLS with the certificate, postmaster; no mail is sent";
    ui.checkbox(&mut draft.smtp, "Hold a session with the SMTP listeners").on_hover_text(hint);
    if draft.smtp {
        let hint = "A foreign sender and a foreign recipient are named, and no mail is sent";
        ui.checkbox(&mut draft.relay_test, "Ask them whether strangers may relay")
            .on_hover_text(hint);
    }
    let hint =
        "Those that the NS records name, wherever they stand: delegation, serials, lifetimes";
    ui.checkbox(&mut draft.authoritative, "Ask the zones' own name servers").on_hover_text(hint);
    let hint = "One page a mail domain that has an MTA-STS record, at mta-sts.DOMAIN";
    ui.checkbox(&mut draft.policies, "Fetch MTA-STS policies over HTTPS").on_hover_text(hint);
    let hint = "Asks again every 30 seconds until all is as planned, or until you stop it";
    ui.checkbox(&mut draft.watch, "Watch until all agree").on_hover_text(hint);
    let label = ui.label(weak(theme, "Test addresses, PLANNED=TEST:PORT, one a line"));
    let edit = TextEdit::multiline(&mut draft.map)
        .desired_rows(1)
        .desired_width(f32::INFINITY)
        .font(TextStyle::Monospace)
        .hint_text("10.1.0.11=127.0.0.2:2525");
    ui.add(edit).labelled_by(label.id);
    wrong_ui(ui, theme, draft.map().err());
}

fn site_ui(ui: &mut Ui, theme: &Theme, topology: &Topology, draft: &mut Draft) {
    let label = ui.label(weak(theme, "Asked from the site"));
    let name = |id: &crate::model::id::SiteId| topology.name(&ObjectId::Site(id.clone()));
    let none = "Not said";
    let text = match &draft.from {
        Some(id) if topology.sites.contains_key(id) => name(id),
        Some(id) => format!("{id} (not in this phase)"),
        None => none.to_owned(),
    };
    let combo = ComboBox::from_id_salt("asked from").width(ui.available_width() - 4.0);
    let response = combo.selected_text(text).show_ui(ui, |ui| {
        ui.selectable_value(&mut draft.from, None, none);
        for id in topology.sites.keys() {
            ui.selectable_value(&mut draft.from, Some(id.clone()), name(id));
        }
    });
    response.response.labelled_by(label.id);
}

fn line_ui(ui: &mut Ui, theme: &Theme, (label, hint): (&str, &str), text: &mut String) {
    let label = ui.label(weak(theme, format!("{label}, IP:PORT")));
    let edit = TextEdit::singleline(text)
        .desired_width(f32::INFINITY)
        .font(TextStyle::Monospace)
        .hint_text(hint);
    ui.add(edit).labelled_by(label.id);
}

fn wrong_ui(ui: &mut Ui, theme: &Theme, wrong: Option<String>) {
    if let Some(wrong) = wrong {
        ui.horizontal_top(|ui| {
            widgets::symbol(ui, theme, 6.0, Symbol::Octagon);
            paragraph(ui, RichText::new(words::sentence(&wrong)).color(theme.err).size(12.0));
        });
    }
}
