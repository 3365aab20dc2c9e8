//! Two phases beside each other: what one has and the other has not, in words.

use crate::{
    gui::{
        command::Command,
        state::Plan,
        theme::Theme,
        widgets::{link, paragraph, strong, weak},
        words,
    },
    model::{
        ObjectId, Topology,
        edit::Edit,
        topology::{Field, Object},
    },
};
use eframe::egui::{ComboBox, Grid, Label, RichText, ScrollArea, Ui};

/// One difference between two topologies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::gui) struct Difference {
    /// The object.
    pub(in crate::gui) id: ObjectId,
    /// What it is about: a field, or the object itself.
    pub(in crate::gui) what: String,
    /// What the first has.
    pub(in crate::gui) before: String,
    /// What the second has.
    pub(in crate::gui) after: String,
}

/// All differences, object by object, field by field.
pub(in crate::gui) fn differences(a: &Topology, b: &Topology) -> Vec<Difference> {
    let mut ids = a.ids();
    ids.extend(b.ids());
    ids.sort();
    ids.dedup();
    let mut found = Vec::new();
    for id in ids {
        let whole = |t: &Topology| t.get(&id).map_or(String::new(), |o| summary(t, &o));
        if !a.contains(&id) || !b.contains(&id) {
            let what = if a.contains(&id) { "Removed" } else { "Added" };
            let (before, after) = (whole(a), whole(b));
            found.push(Difference { id, what: what.to_owned(), before, after });
            continue;
        }
        for name in id.fields() {
            let (x, y) = (a.field(&id, name), b.field(&id, name));
            if let (Some(x), Some(y)) = (&x, &y)
                && x != y
            {
                found.push(Difference {
                    id: id.clone(),
                    what: words::field(words::kind_of(&id), name),
                    before: value_text(a, x),
                    after: value_text(b, y),
                });
            }
        }
    }
    found
}

/// A field's value in words.
pub(in crate::gui) fn value_text(topology: &Topology, field: &Field) -> String {
    super::inspector::text_of(topology, field)
}

/// An object by what is entered in it.
fn summary(topology: &Topology, object: &Object) -> String {
    let id = object.id();
    let parts = id.fields().iter().filter(|name| **name != "name").filter_map(|name| {
        let mut one = Topology::default();
        one.insert(object.clone());
        let field = one.field(&id, name)?;
        let text = value_text(topology, &field);
        (!text.is_empty() && text != NOT_ENTERED && text != "no" && text != "none")
            .then(|| format!("{} {text}", short(&id, name)))
    });
    parts.take(4).collect::<Vec<_>>().join(", ")
}

/// A field's label as it stands inside a sentence.
fn short(id: &ObjectId, name: &str) -> String {
    let label = words::field(words::kind_of(id), name);
    words::inside(label.split(", one a line").next().unwrap_or(&label))
}

/// What stands where nobody has entered anything.
pub(in crate::gui) const NOT_ENTERED: &str = "not entered";

/// An edit as a sentence.
pub(in crate::gui) fn edit_text(topology: &Topology, edit: &Edit) -> String {
    let named = |id: &ObjectId| {
        let name = words::object(topology, id);
        format!("{} {name}", words::inside(words::kind(id)))
    };
    match edit {
        Edit::Add(object) => {
            let mut with = topology.clone();
            with.insert(object.clone());
            let id = object.id();
            let name = words::object(&with, &id);
            let what = summary(&with, object);
            let colon = if what.is_empty() { "" } else { ": " };
            format!("add the {} {name}{colon}{what}", words::inside(words::kind(&id)))
        }
        Edit::Remove(id) => format!("remove the {}", named(id)),
        Edit::Set(field) => {
            let id = field.object();
            format!("{}, {}: {}", named(&id), short(&id, field.name()), value_text(topology, field))
        }
    }
}

pub(super) fn compare_ui(ui: &mut Ui, theme: &Theme, plan: &mut Plan, commands: &mut Vec<Command>) {
    let (mut a, mut b) = plan.compare;
    eframe::egui::Frame::new().inner_margin(10).show(ui, |ui| {
        ui.horizontal(|ui| {
            phase_combo(ui, plan, "Compare phase", &mut a);
            phase_combo(ui, plan, "with phase", &mut b);
        });
        ui.add_space(6.0);
        let topologies = plan.workspace.topologies();
        let list = differences(&topologies[a], &topologies[b]);
        ScrollArea::both().id_salt("compare").auto_shrink([false, false]).show(ui, |ui| {
            if list.is_empty() {
                paragraph(ui, weak(theme, "There is no difference"));
            } else {
                table(ui, theme, plan, (a, b), &list, commands);
            }
        });
    });
    plan.compare = (a, b);
}

fn table(
    ui: &mut Ui,
    theme: &Theme,
    plan: &Plan,
    (a, b): (usize, usize),
    list: &[Difference],
    commands: &mut Vec<Command>,
) {
    let topologies = plan.workspace.topologies();
    let project = plan.workspace.project();
    let column = (ui.available_width() - 60.0) / 4.0;
    Grid::new("differences").num_columns(4).striped(true).spacing([16.0, 5.0]).show(ui, |ui| {
        for head in ["Object", "What", &words::phase(project, a), &words::phase(project, b)] {
            ui.label(strong(head, 12.5));
        }
        ui.end_row();
        for difference in list {
            let there = if topologies[b].contains(&difference.id) { b } else { a };
            let name = words::object(&topologies[there], &difference.id);
            if link(ui, theme, &name).on_hover_text(words::kind(&difference.id)).clicked() {
                commands.push(Command::Phase(there));
                commands.push(Command::Locate(difference.id.clone().into()));
            }
            ui.label(&difference.what);
            for text in [&difference.before, &difference.after] {
                ui.scope(|ui| {
                    ui.set_max_width(column.max(160.0));
                    ui.add(Label::new(RichText::new(text).size(12.0)).wrap());
                });
            }
            ui.end_row();
        }
    });
}

fn phase_combo(ui: &mut Ui, plan: &Plan, label: &str, chosen: &mut usize) {
    let project = plan.workspace.project();
    let name = ui.label(label);
    let combo = ComboBox::from_id_salt(label).width(220.0);
    let response = combo.selected_text(words::phase(project, *chosen)).show_ui(ui, |ui| {
        for index in 0..project.phase_count() {
            ui.selectable_value(chosen, index, words::phase(project, index));
        }
    });
    response.response.labelled_by(name.id);
}
