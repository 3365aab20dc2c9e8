//! The inspector: every field of what is selected, with the phase in which it was set, and what the
//! findings say of it, where it stands.

mod choice;
mod doubt;
mod measured;
mod modes;
mod note;
mod parts;
pub(in crate::gui) mod resolves;
mod several;
mod tables;
mod text;
mod value;

use crate::{
    gui::{
        command::Command,
        state::{Plan, ServerTab},
        theme::Theme,
        widgets::{self, link, paragraph, primary, strong, weak},
        words,
    },
    model::{
        ObjectId, Project, Subject, Topology,
        edit::{Edit, EditKey},
        editing::{edit, inherit},
        topology::Field,
    },
};
use eframe::egui::{
    Align, Button, Id, Layout, RichText, ScrollArea, Stroke, Ui, WidgetInfo, accesskit::Role, vec2,
};
use value::Cx;

/// A field's value in words.
pub(super) fn text_of(topology: &Topology, field: &Field) -> String {
    value::text(topology, field)
}

pub(super) fn inspector_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &mut Plan,
    commands: &mut Vec<Command>,
) {
    ScrollArea::vertical().id_salt("inspector").auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        ui.spacing_mut().interact_size.y = 26.0;
        ui.set_max_width(ui.available_width() - 6.0);
        let object = plan.selected().and_then(|s| s.object(plan.topology()));
        let note = match plan.selected() {
            Some(Subject::Note(id)) => Some(id.clone()),
            _ => None,
        };
        if let Some(id) = note {
            return note::note_ui(ui, theme, plan, &id, commands);
        }
        match object {
            Some(id) => object_ui(ui, theme, plan, &id, commands),
            None if plan.selection.len() > 1 => several::several_ui(ui, theme, plan, commands),
            None => plan_ui(ui, theme, plan, commands),
        }
    });
}

/// What is shown when nothing is selected: the plan itself.
fn plan_ui(ui: &mut Ui, theme: &Theme, plan: &Plan, commands: &mut Vec<Command>) {
    let project = plan.workspace.project();
    ui.label(strong(&project.name, 17.0));
    let text = words::phase(project, plan.phase);
    paragraph(ui, weak(theme, format!("Phase {text}")));
    if link(ui, theme, "Rename the plan…").clicked() {
        commands.push(Command::RenamePlan);
    }
    ui.add_space(8.0);
    let topology = plan.topology();
    if topology.ids().is_empty() {
        paragraph(
            ui,
            "The drawing is empty. Begin with a site, then its lines, resolvers and servers",
        );
        if primary(ui, theme, "Add a site").clicked() {
            commands.push(Command::Insert(crate::gui::command::Kind::Site));
        }
        return;
    }
    if plan.phase > 0 {
        edits_ui(ui, theme, plan, commands);
    }
    ui.add_space(8.0);
    parts::dns_ui(ui, theme, topology, commands);
}

/// What the phase changes, each with a way to the object.
fn edits_ui(ui: &mut Ui, theme: &Theme, plan: &Plan, commands: &mut Vec<Command>) {
    let project = plan.workspace.project();
    let Some(phase) = project.phases.get(plan.phase - 1) else { return };
    let count = words::count(phase.edits.len(), "change", "changes");
    ui.label(strong(format!("{count} in this phase"), 13.5));
    for key in &phase.steps {
        let Some(edit) = phase.edits.get(key) else { continue };
        // What goes, and what is renamed, is named as it was.
        let was = matches!(edit, Edit::Remove(_))
            || matches!(edit, Edit::Set(field) if field.name() == "name");
        let topology = &plan.workspace.topologies()[plan.phase - usize::from(was)];
        let text = words::sentence(&super::compare::edit_text(topology, edit));
        let label = eframe::egui::Label::new(RichText::new(text).size(12.0))
            .wrap()
            .sense(eframe::egui::Sense::click());
        if ui.add(label).clicked() {
            commands.push(Command::Locate(key.object.clone().into()));
        }
    }
    if phase.edits.is_empty() {
        paragraph(ui, weak(theme, "What is changed from here on belongs to this phase"));
    }
}

fn object_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &mut Plan,
    id: &ObjectId,
    commands: &mut Vec<Command>,
) {
    head_ui(ui, theme, plan, id, commands);
    match id {
        ObjectId::Server(server) => {
            tabs_ui(ui, theme, plan);
            ui.add_space(4.0);
            match plan.tab {
                ServerTab::Server => fields_ui(ui, theme, plan, id, commands),
                ServerTab::Listeners => {
                    parts::listeners_ui(ui, theme, plan, server, commands, fields_ui);
                }
                ServerTab::Mailboxes => parts::mailboxes_ui(ui, theme, plan, server, commands),
            }
        }
        ObjectId::Listener(listener) => {
            fields_ui(ui, theme, plan, id, commands);
            resolves::resolves_ui(ui, theme, plan, listener);
        }
        _ => {
            fields_ui(ui, theme, plan, id, commands);
            parts::parts_ui(ui, theme, plan.topology(), id, commands);
        }
    }
    measured::measured_ui(ui, theme, plan, id);
    foot_ui(ui, theme, plan, id, commands);
}

/// Name, kind, and what the findings say of the object as a whole.
fn head_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &mut Plan,
    id: &ObjectId,
    commands: &mut Vec<Command>,
) {
    let topology = plan.topology();
    let name = eframe::egui::Label::new(strong(topology.name(id), 17.0)).wrap();
    ui.add(name);
    paragraph(ui, weak(theme, subtitle(topology, id)));
    if let Some(phase) = added_in(plan.workspace.project(), plan.phase, id) {
        ui.label(weak(theme, format!("added in phase {phase}")));
    }
    doubt::doubts_ui(ui, theme, plan, id, None, commands);
    ui.add_space(2.0);
}

/// Kind and edition, as people name such a thing.
fn subtitle(topology: &Topology, id: &ObjectId) -> String {
    use value::Value as _;
    match id {
        ObjectId::Server(server) => match topology.servers.get(server) {
            Some(o) => {
                let system = match o.platform {
                    Some(platform) => platform.name(),
                    None => "Server",
                };
                let edition =
                    if o.edition.is_empty() { String::new() } else { format!(" {}", o.edition) };
                let role = match o.role {
                    crate::model::server::Role::Other => String::new(),
                    role => format!(", {}", role.text(topology)),
                };
                format!("{system}{edition}{role}")
            }
            None => "Server".to_owned(),
        },
        ObjectId::Listener(l) => format!(
            "SMTP virtual server {} on {}",
            l.number,
            topology.name(&ObjectId::Server(l.server.clone()))
        ),
        ObjectId::Record(_) | ObjectId::Zone(_) => {
            format!("{} in {}", words::kind(id), words::object(topology, id))
        }
        ObjectId::Group(group) => {
            let kind = topology.groups.get(group).map(|g| g.kind).unwrap_or_default();
            words::sentence(kind.words())
        }
        _ => words::kind(id).to_owned(),
    }
}

fn tabs_ui(ui: &mut Ui, theme: &Theme, plan: &mut Plan) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 18.0;
        let tabs = [
            (ServerTab::Server, "Server"),
            (ServerTab::Listeners, "Listeners"),
            (ServerTab::Mailboxes, "Mailboxes"),
        ];
        for (tab, title) in tabs {
            let on = plan.tab == tab;
            let text = if on {
                strong(title, 12.5).color(theme.accent)
            } else {
                RichText::new(title).size(12.5)
            };
            let response = ui.add(Button::new(text).frame(false).min_size(vec2(0.0, 24.0)));
            if on {
                let rect = response.rect;
                ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(2.5, theme.accent));
            }
            response.widget_info(|| WidgetInfo::selected(Role::Tab, true, on, title));
            if response.clicked() {
                plan.tab = tab;
            }
        }
    });
    widgets::hairline(ui, theme);
}

/// All fields of an object.
fn fields_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &mut Plan,
    id: &ObjectId,
    commands: &mut Vec<Command>,
) {
    for name in id.fields() {
        let Some(field) = plan.topology().field(id, name) else { continue };
        field_ui(ui, theme, plan, id, name, &field, commands);
    }
}

fn field_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &mut Plan,
    id: &ObjectId,
    name: &'static str,
    field: &Field,
    commands: &mut Vec<Command>,
) {
    let label = words::field(words::kind_of(id), name);
    ui.add_space(6.0);
    let label_id = label_ui(ui, theme, plan, (id, name), &label, commands);
    let mark = doubt::mark(theme, plan, id, name);
    let mut drafts = std::mem::take(&mut plan.drafts);
    let focus = name == "name" && std::mem::take(&mut plan.focus_name);
    let mut cx = Cx {
        topology: plan.topology(),
        id,
        name,
        label: &label,
        label_id,
        theme,
        drafts: &mut drafts,
        mark,
        typed: false,
        focus,
    };
    let changed = ui
        .push_id((id, name), |ui| {
            ui.label_inputs_by(label_id, |ui| value::edit(ui, &mut cx, field))
        })
        .inner;
    let typed = cx.typed;
    plan.drafts = drafts;
    if let Some(field) = changed {
        commands.push(command(plan, id, &label, field, typed));
    }
    doubt::doubts_ui(ui, theme, plan, id, Some(name), commands);
}

/// The label, and the phase in which the value was set.
fn label_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &Plan,
    (id, name): (&ObjectId, &'static str),
    label: &str,
    commands: &mut Vec<Command>,
) -> Id {
    let project = plan.workspace.project();
    let set = set_in(project, plan.phase, id, name);
    let row = vec2(ui.available_width(), 18.0);
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().interact_size.y = 16.0;
        let response = ui.label(weak(theme, label));
        if let Some(phase) = set {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if phase == plan.phase {
                    let inherit_name = format!("Inherit: {}", words::inside(label));
                    let button = Button::new(RichText::new("inherit").size(11.5)).small();
                    let hint = "Take the change of this phase out again";
                    let response = ui.add(button).accessible_name(inherit_name).on_hover_text(hint);
                    if response.clicked() {
                        let key = EditKey { object: id.clone(), field: Some(name) };
                        if let Ok(change) = inherit(project, plan.phase, &key) {
                            let label = format!("Inherit: {}", words::inside(label));
                            commands.push(Command::Apply { label, change });
                        }
                    }
                }
                let text = format!("set in phase {phase}");
                ui.label(RichText::new(text).size(11.5).color(theme.accent))
                    .on_hover_text(project.phase_title(phase));
            });
        }
        response.id
    })
    .inner
}

/// The last phase, up to this one, that sets the field.
fn set_in(project: &Project, phase: usize, id: &ObjectId, name: &'static str) -> Option<usize> {
    let key = EditKey { object: id.clone(), field: Some(name) };
    (1..=phase).rev().find(|p| project.phases[p - 1].edits.contains_key(&key))
}

/// The phase that adds the object.
fn added_in(project: &Project, phase: usize, id: &ObjectId) -> Option<usize> {
    let key = EditKey { object: id.clone(), field: None };
    (1..=phase).rev().find(|p| matches!(project.phases[p - 1].edits.get(&key), Some(Edit::Add(_))))
}

/// The command that sets a field in the phase that is shown.
fn command(plan: &Plan, id: &ObjectId, label: &str, field: Field, typed: bool) -> Command {
    let key = format!("{} {} {}", plan.phase, id, field.name());
    let name = words::object(plan.topology(), id);
    let label = format!("Set {} of {name}", words::inside(label));
    match edit(plan.workspace.project(), plan.phase, Edit::Set(field)) {
        Ok(change) if typed => Command::ApplyTyping { label, change, key },
        Ok(change) => Command::Apply { label, change },
        Err(error) => Command::Status(format!("not done: {error}")),
    }
}

fn foot_ui(ui: &mut Ui, theme: &Theme, plan: &Plan, id: &ObjectId, commands: &mut Vec<Command>) {
    ui.add_space(10.0);
    widgets::hairline(ui, theme);
    ui.horizontal_wrapped(|ui| {
        let what = words::inside(words::kind(id));
        let text = format!("Delete the {what}");
        if widgets::secondary(ui, &text).clicked() {
            commands.push(Command::Select([Subject::from(id.clone())].into()));
            commands.push(Command::Delete);
        }
        if plan.phase > 0 {
            ui.label(weak(theme, "in this phase"));
        }
    });
    ui.label(weak(theme, id.to_string()).monospace().size(11.0));
}
