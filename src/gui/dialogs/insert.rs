//! The dialog that adds an object: what its kind needs, nothing more; the rest is the inspector's.

use super::{Outcome, error_line, foot, heading, text_line, text_lines};
use crate::{
    gui::{
        command::{Command, Kind},
        insert::{self, InsertDraft},
        state::State,
        theme::Theme,
        widgets::{paragraph, weak},
        words,
    },
    model::{ObjectId, Topology, dns::RecordKind, editing::edit_all, server::Platform},
};
use eframe::egui::{ComboBox, Ui};

pub(super) fn insert_ui(
    ui: &mut Ui,
    theme: &Theme,
    state: &State,
    draft: &mut InsertDraft,
) -> Outcome {
    let Some(plan) = &state.plan else { return Outcome::closed() };
    let topology = plan.topology();
    heading(ui, &format!("Add: {}", words::inside(words::kind_title(draft.kind))));
    if plan.phase > 0 {
        let phase = words::phase(plan.workspace.project(), plan.phase);
        paragraph(ui, weak(theme, format!("It comes in phase {phase}")));
    }
    form(ui, topology, draft);
    error_line(ui, theme, draft.error.as_deref());
    let single = !ui.memory(|m| m.focused().is_some_and(|id| is_lines(ui, id)));
    let Some(answer) = foot(ui, theme, "Add", single) else { return Outcome::default() };
    if !answer {
        return Outcome::closed();
    }
    let made = insert::edits(plan.workspace.project(), plan.phase, draft);
    let change = made.and_then(|(edits, id, label)| {
        let edits = edits.into_iter().map(|edit| (plan.phase, edit)).collect();
        let change = edit_all(plan.workspace.project(), edits).map_err(|e| e.to_string())?;
        Ok((change, id, label))
    });
    match change {
        Ok((change, id, label)) => Outcome {
            close: true,
            commands: vec![Command::Apply { label, change }, Command::Locate(id.into())],
        },
        Err(error) => {
            draft.error = Some(error);
            Outcome::default()
        }
    }
}

/// Whether the widget with the keyboard takes Enter as a new line.
fn is_lines(ui: &Ui, id: eframe::egui::Id) -> bool {
    ui.ctx().data(|d| d.get_temp::<bool>(id)).unwrap_or(false)
}

fn form(ui: &mut Ui, topology: &Topology, draft: &mut InsertDraft) {
    let (first, second) = insert::choices(draft.kind, topology);
    let label = match draft.kind {
        Kind::Zone => "Name of the zone",
        Kind::Domain => "Domain",
        Kind::Record => "Name, or @ for the zone itself",
        Kind::GroupConnector | Kind::SmtpConnector => "Name; empty: made from the groups",
        _ => "Name",
    };
    text_line(ui, label, &mut draft.name, true);
    match draft.kind {
        Kind::Segment | Kind::Line | Kind::Firewall => {
            object(ui, topology, "Site", &first, &mut draft.first, None);
        }
        Kind::Link => {
            object(ui, topology, "One end", &first, &mut draft.first, None);
            object(ui, topology, "Other end", &second, &mut draft.second, None);
        }
        Kind::Server | Kind::Resolver => {
            object(ui, topology, "Place", &first, &mut draft.first, Some("On the Internet"));
        }
        Kind::Listener => object(ui, topology, "Server", &first, &mut draft.first, None),
        Kind::GroupConnector => {
            object(ui, topology, "From group", &first, &mut draft.first, None);
            object(ui, topology, "To group", &second, &mut draft.second, None);
        }
        Kind::SiteLink => {
            object(ui, topology, "One AD site", &first, &mut draft.first, None);
            object(ui, topology, "Other AD site", &second, &mut draft.second, None);
        }
        Kind::SmtpConnector => {
            object(ui, topology, "Routing group or AD site", &first, &mut draft.first, None);
        }
        Kind::Zone => object(ui, topology, "View", &first, &mut draft.first, None),
        Kind::Record => {
            object(ui, topology, "Zone", &first, &mut draft.first, None);
            record_kind(ui, &mut draft.record);
        }
        Kind::Domain => object(ui, topology, "Organisation", &first, &mut draft.first, None),
        Kind::Mailboxes => {
            object(ui, topology, "Mail domain", &first, &mut draft.first, None);
            object(ui, topology, "On the server", &second, &mut draft.second, Some("Not entered"));
        }
        Kind::Site | Kind::Group | Kind::View | Kind::Organisation => {}
    }
    extra(ui, draft);
}

fn extra(ui: &mut Ui, draft: &mut InsertDraft) {
    match draft.kind {
        Kind::Site => text_lines(ui, "Subnets of its LAN, one a line", &mut draft.lines, 1),
        Kind::Segment => text_lines(ui, "Subnets, one a line", &mut draft.lines, 1),
        Kind::Line => {
            text_lines(ui, "Public addresses, one a line", &mut draft.lines, 2);
            ui.checkbox(&mut draft.option, "Behind a firewall of its own");
        }
        Kind::Server => {
            platform(ui, &mut draft.platform);
            text_lines(ui, "Addresses, one a line", &mut draft.lines, 1);
            if draft.platform.is_some() {
                text_line(ui, "FQDN; empty: the computer's name", &mut draft.fqdn, false);
            }
        }
        Kind::Resolver => text_lines(ui, "Addresses, one a line", &mut draft.lines, 1),
        Kind::SmtpConnector => text_lines(ui, "Address spaces, one a line", &mut draft.lines, 1),
        Kind::Record => text_lines(ui, "Records, one a line", &mut draft.lines, 2),
        Kind::View => {
            ui.checkbox(&mut draft.option, "What everybody on the Internet is told");
        }
        _ => {}
    }
}

/// A choice among objects; `none` is the word for none of them, where that is a choice.
pub(in crate::gui) fn object(
    ui: &mut Ui,
    topology: &Topology,
    label: &str,
    choices: &[ObjectId],
    chosen: &mut Option<ObjectId>,
    none: Option<&str>,
) {
    let name = ui.label(label);
    let text = match chosen {
        Some(id) => words::object(topology, id),
        None => none.unwrap_or("There is none to choose").to_owned(),
    };
    let combo = ComboBox::from_id_salt(label).width(ui.available_width()).selected_text(text);
    let response = combo.show_ui(ui, |ui| {
        if let Some(none) = none {
            ui.selectable_value(chosen, None, none);
        }
        for id in choices {
            ui.selectable_value(chosen, Some(id.clone()), words::object(topology, id));
        }
    });
    response.response.labelled_by(name.id);
}

fn record_kind(ui: &mut Ui, kind: &mut RecordKind) {
    let name = ui.label("Type");
    let text = |kind: RecordKind| kind.name().to_ascii_uppercase();
    let combo = ComboBox::from_id_salt("Type").selected_text(text(*kind));
    let response = combo.show_ui(ui, |ui| {
        for one in RecordKind::ALL {
            ui.selectable_value(kind, one, text(one));
        }
    });
    response.response.labelled_by(name.id);
}

fn platform(ui: &mut Ui, platform: &mut Option<Platform>) {
    let name = ui.label("Mail system");
    let word = |p: &Option<Platform>| match p {
        None => "None, or not entered",
        Some(Platform::Exchange2003) => "Exchange 2000 or 2003",
        Some(Platform::Postfix) => "Postfix, or one like it",
        Some(other) => other.name(),
    };
    let combo = ComboBox::from_id_salt("Mail system").width(ui.available_width());
    let response = combo.selected_text(word(platform)).show_ui(ui, |ui| {
        for one in Platform::ALL.into_iter().map(Some).chain([None]) {
            let text = word(&one);
            ui.selectable_value(platform, one, text);
        }
    });
    response.response.labelled_by(name.id);
}
