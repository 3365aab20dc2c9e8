//! Several objects of one kind at once: what they have in common, what is mixed, and one edit for all.

use super::value::{self, Cx};
use crate::{
    gui::{
        command::Command,
        state::Plan,
        theme::Theme,
        widgets::{link, paragraph, secondary, strong, weak},
        words,
    },
    model::{ObjectId, Subject, edit::Edit, editing::edit_all, topology::Field},
};
use eframe::egui::{Id, Ui};
use std::collections::BTreeMap;

/// What no two of them have in common.
const OWN: [&str; 3] = ["name", "computer_name", "addresses"];

pub(super) fn several_ui(ui: &mut Ui, theme: &Theme, plan: &mut Plan, commands: &mut Vec<Command>) {
    let count = plan.selection.len();
    ui.label(strong(format!("{count} objects"), 17.0));
    let ids: Vec<ObjectId> =
        plan.selection.iter().filter_map(|s| s.object(plan.topology())).collect();
    let kind = ids.first().map(ObjectId::kind);
    let alike = ids.len() == count && ids.iter().all(|id| Some(id.kind()) == kind);
    if let (true, Some(first)) = (alike, ids.first()) {
        let kind = words::inside(words::kind_plural(words::kind_of(first)));
        paragraph(ui, weak(theme, format!("What is set here is set for all of these {kind}")));
        for name in first.fields().iter().filter(|name| !OWN.contains(name)) {
            field_ui(ui, theme, plan, &ids, name, commands);
        }
    } else {
        paragraph(ui, weak(theme, "Objects of one kind can be edited together; select only"));
        kinds_ui(ui, theme, &ids, commands);
    }
    ui.add_space(8.0);
    ui.collapsing("The objects", |ui| {
        for subject in &plan.selection {
            let name = words::subject(plan.workspace.project(), plan.topology(), subject);
            if link(ui, theme, &name).clicked() {
                commands.push(Command::Select([subject.clone()].into()));
            }
        }
    });
    if secondary(ui, "Delete them").clicked() {
        commands.push(Command::Delete);
    }
}

/// A way to those of one kind.
fn kinds_ui(ui: &mut Ui, theme: &Theme, ids: &[ObjectId], commands: &mut Vec<Command>) {
    let mut kinds: BTreeMap<&str, Vec<&ObjectId>> = BTreeMap::new();
    for id in ids {
        kinds.entry(words::kind_plural(words::kind_of(id))).or_default().push(id);
    }
    for (kind, of_kind) in kinds {
        if link(ui, theme, &format!("{kind} ({})", of_kind.len())).clicked() {
            let subjects = of_kind.into_iter().cloned().map(Subject::from);
            commands.push(Command::Select(subjects.collect()));
        }
    }
}

/// One field of all of them.
fn field_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &mut Plan,
    ids: &[ObjectId],
    name: &'static str,
    commands: &mut Vec<Command>,
) {
    let topology = plan.topology();
    let all: Vec<Field> = ids.iter().filter_map(|id| topology.field(id, name)).collect();
    let (Some(id), Some(field)) = (ids.first(), all.first()) else { return };
    let of_first = |field: &Field| field.clone().of(id);
    let mixed = all.iter().any(|other| of_first(other).as_ref() != Some(field));
    let label = words::field(words::kind_of(id), name);
    ui.add_space(6.0);
    let label_id = ui.label(weak(theme, &label)).id;
    let opened = Id::unique(("set for all", name));
    let serial = plan.serial();
    let key = (serial, ids.to_vec());
    let open = ui.data(|data| data.get_temp::<(u64, Vec<ObjectId>)>(opened)) == Some(key.clone());
    if mixed && !open {
        ui.horizontal(|ui| {
            ui.label("mixed").on_hover_ui(|ui| {
                for (id, field) in ids.iter().zip(&all) {
                    let text = value::text(plan.topology(), field);
                    ui.label(format!("{}: {text}", words::object(plan.topology(), id)));
                }
            });
            let set = ui.small_button("Set for all…");
            let spoken = format!("{label}: mixed, set for all");
            if set.accessible_name(spoken).clicked() {
                ui.data_mut(|data| data.insert_temp(opened, key));
            }
        });
        return;
    }
    let mut drafts = std::mem::take(&mut plan.drafts);
    let mut cx = Cx {
        topology: plan.topology(),
        id,
        name,
        label: &label,
        label_id,
        theme,
        drafts: &mut drafts,
        mark: None,
        typed: false,
        focus: false,
    };
    let changed = ui
        .push_id(("several", name), |ui| {
            ui.label_inputs_by(label_id, |ui| value::edit(ui, &mut cx, field))
        })
        .inner;
    let typed = cx.typed;
    plan.drafts = drafts;
    if let Some(to) = changed {
        commands.push(command(plan, ids, &label, &to, typed));
    }
}

/// The command that sets a field of all of them, in the phase that is shown.
fn command(plan: &Plan, ids: &[ObjectId], label: &str, to: &Field, typed: bool) -> Command {
    let name = to.name();
    let fields = ids.iter().filter_map(|id| to.clone().of(id));
    let edits = fields.map(|field| (plan.phase, Edit::Set(field))).collect();
    let text = format!("Set {} of {} objects", words::inside(label), ids.len());
    match edit_all(plan.workspace.project(), edits) {
        Ok(change) if typed => {
            let ids: Vec<String> =
                ids.iter().map(|id| Subject::from(id.clone()).to_string()).collect();
            let key = format!("{} {} {name}", plan.phase, ids.join(" "));
            Command::ApplyTyping { label: text, change, key }
        }
        Ok(change) => Command::Apply { label: text, change },
        Err(error) => Command::Status(format!("not done: {error}")),
    }
}
