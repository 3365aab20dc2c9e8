//! The list of all objects of the phase that is shown, by kind, searchable.

use crate::{
    gui::{
        command::{Command, Kind},
        state::Plan,
        theme::Theme,
        widgets::{link, strong, weak},
        words,
    },
    model::{ObjectId, Subject},
};
use eframe::egui::{Button, CollapsingHeader, ScrollArea, TextEdit, Ui};
use std::collections::BTreeMap;

pub(super) fn outline_ui(ui: &mut Ui, theme: &Theme, plan: &mut Plan, commands: &mut Vec<Command>) {
    ui.label(strong("All objects", 14.0));
    let edit =
        TextEdit::singleline(&mut plan.search).hint_text("Search").desired_width(f32::INFINITY);
    ui.add(edit).accessible_name("Search the objects");
    ui.add_space(4.0);
    let topology = plan.topology();
    let wanted = plan.search.trim().to_lowercase();
    let mut by_kind: BTreeMap<Kind, Vec<(ObjectId, String)>> = BTreeMap::new();
    for id in topology.ids() {
        let name = words::object(topology, &id);
        if wanted.is_empty() || name.to_lowercase().contains(&wanted) {
            by_kind.entry(words::kind_of(&id)).or_default().push((id, name));
        }
    }
    ScrollArea::vertical().id_salt("outline").auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().interact_size.y = 20.0;
        ui.spacing_mut().item_spacing.y = 2.0;
        for kind in Kind::ALL {
            let list = by_kind.remove(&kind).unwrap_or_default();
            if list.is_empty() && !wanted.is_empty() {
                continue;
            }
            let title = format!("{} ({})", words::kind_plural(kind), list.len());
            let open = (!wanted.is_empty()).then_some(true);
            CollapsingHeader::new(title).id_salt(kind).open(open).default_open(false).show(
                ui,
                |ui| {
                    for (id, name) in list {
                        let subject = Subject::from(id);
                        let on = plan.selection.contains(&subject);
                        let button = Button::new(name.as_str()).selected(on).frame(on).truncate();
                        if ui.add(button).clicked() {
                            commands.push(Command::Locate(subject));
                        }
                    }
                    let add = format!("Add: {}", words::inside(words::kind_title(kind)));
                    if link(ui, theme, &add).clicked() {
                        commands.push(Command::Insert(kind));
                    }
                },
            );
        }
        if by_kind.is_empty() && topology.ids().is_empty() {
            ui.label(weak(theme, "The drawing is empty"));
        }
    });
}
