//! Ends of messages and failures, as they are chosen in the trace tool and in promises.

use crate::{
    gui::{state::Plan, theme::Theme, words},
    model::{ObjectId, Subject, Topology, promise::End},
};
use eframe::egui::{ComboBox, RichText, Stroke, TextEdit, Ui};
use std::collections::BTreeSet;

/// All ends that a topology offers: sites, servers, the Internet.
pub(in crate::gui) fn choices(topology: &Topology) -> Vec<End> {
    let mut all = vec![End::Internet];
    all.extend(topology.sites.keys().cloned().map(End::Site));
    all.extend(topology.servers.keys().cloned().map(End::Server));
    all
}

/// An end as a choice names it.
pub(in crate::gui) fn title(topology: &Topology, end: &End) -> String {
    match end {
        End::Site(_) => format!("{}: users there", words::end(topology, end)),
        End::Server(_) => format!("{}: mailboxes on it", words::end(topology, end)),
        _ => words::sentence(&words::end(topology, end)),
    }
}

/// One end: a combo box, and a field for a mail address.
pub(in crate::gui) fn end_ui(
    ui: &mut Ui,
    topology: &Topology,
    label: &str,
    chosen: &mut Option<End>,
    typed: &mut String,
) -> bool {
    let before = chosen.clone();
    ui.horizontal(|ui| {
        let size = eframe::egui::vec2(34.0, 18.0);
        let left = eframe::egui::Layout::left_to_right(eframe::egui::Align::Center);
        let name = ui.allocate_ui_with_layout(size, left, |ui| {
            ui.set_width(size.x);
            ui.label(label)
        });
        let name = name.inner;
        let text = chosen.as_ref().map_or_else(|| "Choose".to_owned(), |e| title(topology, e));
        let combo = ComboBox::from_id_salt(label).width(210.0).selected_text(text);
        let response = combo.show_ui(ui, |ui| {
            for end in choices(topology) {
                let text = title(topology, &end);
                ui.selectable_value(chosen, Some(end), text);
            }
        });
        response.response.labelled_by(name.id);
        let edit = TextEdit::singleline(typed).hint_text("or a mail address").desired_width(150.0);
        let response = ui.add(edit).accessible_name(format!("{label}, as a mail address"));
        if response.changed()
            && let Ok(address) = typed.trim().parse()
        {
            *chosen = Some(End::Address(address));
        }
    });
    if !matches!(chosen, Some(End::Address(_))) && *chosen != before {
        typed.clear();
    }
    *chosen != before
}

/// Several ends: those chosen with a way to take them out, and a combo box to add one.
pub(in crate::gui) fn ends_ui(
    ui: &mut Ui,
    theme: &Theme,
    topology: &Topology,
    label: &str,
    chosen: &mut BTreeSet<End>,
    typed: &mut String,
) {
    let name = ui.label(label);
    let mut gone = None;
    ui.horizontal_wrapped(|ui| {
        for end in chosen.iter() {
            if removable(ui, theme, &title(topology, end)) {
                gone = Some(end.clone());
            }
        }
    });
    if let Some(end) = gone {
        chosen.remove(&end);
    }
    ui.horizontal(|ui| {
        let combo = ComboBox::from_id_salt(label).width(210.0).selected_text("Add");
        let response = combo.show_ui(ui, |ui| {
            for end in choices(topology)
                .into_iter()
                .filter(|end| !chosen.contains(end))
                .collect::<Vec<_>>()
            {
                if ui.selectable_label(false, title(topology, &end)).clicked() {
                    chosen.insert(end);
                }
            }
        });
        response.response.labelled_by(name.id);
        let edit = TextEdit::singleline(typed).hint_text("or a mail address").desired_width(170.0);
        ui.add(edit).accessible_name(format!("{label}, as a mail address"));
        let address = typed.trim().parse();
        let add = ui.add_enabled(address.is_ok(), eframe::egui::Button::new("Add the address"));
        if add.clicked()
            && let Ok(address) = address
        {
            chosen.insert(End::Address(address));
            typed.clear();
        }
    });
}

/// What has failed: those chosen with a way to take them out, and a combo box to add one.
pub(in crate::gui) fn failures_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &Plan,
    label: &str,
    chosen: &mut BTreeSet<Subject>,
) -> bool {
    let before = chosen.len();
    let topology = plan.topology();
    let text = |s: &Subject| match s.object(topology) {
        Some(id) => format!("{} {}", words::kind(&id), words::object(topology, &id)),
        None => s.to_string(),
    };
    ui.horizontal_wrapped(|ui| {
        let name = ui.label(label);
        let mut gone = None;
        for subject in chosen.iter() {
            if removable(ui, theme, &text(subject)) {
                gone = Some(subject.clone());
            }
        }
        if let Some(subject) = gone {
            chosen.remove(&subject);
        }
        let combo = ComboBox::from_id_salt(label).width(120.0).selected_text("Nothing else");
        let response = combo.show_ui(ui, |ui| {
            for id in can_fail(topology) {
                let subject = Subject::from(id);
                if !chosen.contains(&subject)
                    && ui.selectable_label(false, text(&subject)).clicked()
                {
                    chosen.insert(subject);
                }
            }
        });
        response.response.labelled_by(name.id);
    });
    chosen.len() != before
}

/// What can fail.
fn can_fail(topology: &Topology) -> Vec<ObjectId> {
    let fails = |id: &ObjectId| {
        matches!(
            id,
            ObjectId::Site(_)
                | ObjectId::Line(_)
                | ObjectId::Link(_)
                | ObjectId::Server(_)
                | ObjectId::Resolver(_)
                | ObjectId::Firewall(_)
                | ObjectId::Listener(_)
                | ObjectId::GroupConnector(_)
                | ObjectId::SmtpConnector(_)
        )
    };
    topology.ids().into_iter().filter(fails).collect()
}

/// A chosen thing that can be taken out; whether it was.
pub(in crate::gui) fn removable(ui: &mut Ui, theme: &Theme, text: &str) -> bool {
    let shown = RichText::new(format!("{text}  ×")).size(12.0);
    let button = eframe::egui::Button::new(shown)
        .fill(theme.field)
        .stroke(Stroke::new(1.0, theme.line))
        .corner_radius(10);
    let response = ui.add(button);
    response.widget_info(|| {
        eframe::egui::WidgetInfo::labeled(
            eframe::egui::accesskit::Role::Button,
            true,
            format!("Take out {text}"),
        )
    });
    let response = response.on_hover_text(format!("Take out {text}"));
    response.clicked()
}
