//! What an object is made of, each with a way to it: a site's segments and lines, a zone's records, a
//! server's listeners and mailboxes.

use super::resolves;
use crate::{
    gui::{
        command::{Command, Kind},
        state::Plan,
        theme::Theme,
        widgets::{link, paragraph, strong, weak},
        words,
    },
    model::{
        ObjectId, Topology,
        id::ServerId,
        reference::{owners, references},
    },
};
use eframe::egui::{Label, RichText, Ui};

/// The direct parts of an object, and what else refers to it.
pub(super) fn parts_ui(
    ui: &mut Ui,
    theme: &Theme,
    topology: &Topology,
    id: &ObjectId,
    commands: &mut Vec<Command>,
) {
    let mut parts = Vec::new();
    let mut users = Vec::new();
    for other in topology.ids() {
        let Some(object) = topology.get(&other) else { continue };
        if owners(&object).contains(id) {
            parts.push(other);
        } else if references(&object).contains(id) {
            users.push(other);
        }
    }
    list(ui, theme, topology, "Parts", &parts, commands);
    for kind in kinds_within(id) {
        let text = format!("Add: {}", words::inside(words::kind_title(*kind)));
        if link(ui, theme, &text).clicked() {
            commands.push(Command::Insert(*kind));
        }
    }
    list(ui, theme, topology, "Used by", &users, commands);
}

/// What is often added to such an object.
fn kinds_within(id: &ObjectId) -> &'static [Kind] {
    match id {
        ObjectId::Site(_) => &[Kind::Server, Kind::Line, Kind::Resolver, Kind::Segment],
        ObjectId::View(_) => &[Kind::Zone],
        ObjectId::Zone(_) => &[Kind::Record],
        ObjectId::Organisation(_) => &[Kind::Domain],
        ObjectId::Domain(_) => &[Kind::Mailboxes],
        ObjectId::Group(_) => &[Kind::GroupConnector, Kind::SiteLink, Kind::SmtpConnector],
        _ => &[],
    }
}

fn list(
    ui: &mut Ui,
    theme: &Theme,
    topology: &Topology,
    title: &str,
    ids: &[ObjectId],
    commands: &mut Vec<Command>,
) {
    if ids.is_empty() {
        return;
    }
    ui.add_space(8.0);
    ui.label(strong(title, 13.0));
    for id in ids {
        ui.horizontal(|ui| {
            let name = words::object(topology, id);
            let name = if matches!(id, ObjectId::Record(_) | ObjectId::Segment(_)) {
                name.split_once(": ").map_or(name.clone(), |(_, rest)| rest.to_owned())
            } else {
                name
            };
            if link(ui, theme, &name).clicked() {
                commands.push(Command::Locate(id.clone().into()));
            }
            let detail = match id {
                ObjectId::Record(_) => {
                    topology.field(id, "data").map(|f| super::text_of(topology, &f))
                }
                _ => Some(words::inside(words::kind(id))),
            };
            ui.add(Label::new(weak(theme, detail.unwrap_or_default())).truncate());
        });
    }
}

/// Things of the plan that have no place on the drawing.
pub(super) fn dns_ui(ui: &mut Ui, theme: &Theme, topology: &Topology, commands: &mut Vec<Command>) {
    let views: Vec<_> = topology.views.keys().cloned().map(ObjectId::View).collect();
    let domains: Vec<_> = topology.domains.keys().cloned().map(ObjectId::Domain).collect();
    let boxes: Vec<_> = topology.mailboxes.keys().cloned().map(ObjectId::Mailboxes).collect();
    list(ui, theme, topology, "DNS views", &views, commands);
    list(ui, theme, topology, "Mail domains", &domains, commands);
    list(ui, theme, topology, "Mailboxes", &boxes, commands);
    ui.add_space(6.0);
    if link(ui, theme, "All objects").clicked() {
        commands.push(Command::ToggleOutline);
    }
}

type Fields = fn(&mut Ui, &Theme, &mut Plan, &ObjectId, &mut Vec<Command>);

/// A server's listeners, each with its fields and with what its name resolves to.
pub(super) fn listeners_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &mut Plan,
    server: &ServerId,
    commands: &mut Vec<Command>,
    fields: Fields,
) {
    let listeners: Vec<_> =
        plan.topology().listeners.keys().filter(|l| l.server == *server).cloned().collect();
    if listeners.is_empty() {
        paragraph(ui, weak(theme, "Nothing on it answers port 25"));
    }
    for listener in listeners {
        let id = ObjectId::Listener(listener.clone());
        ui.push_id(&id, |ui| {
            let name = plan.topology().name(&id);
            ui.label(strong(name, 13.5));
            super::doubt::doubts_ui(ui, theme, plan, &id, None, commands);
            fields(ui, theme, plan, &id, commands);
            resolves::resolves_ui(ui, theme, plan, &listener);
        });
        ui.add_space(10.0);
    }
    if link(ui, theme, "Add: SMTP virtual server").clicked() {
        commands.push(Command::Insert(Kind::Listener));
    }
}

/// The mailboxes on a server.
pub(super) fn mailboxes_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &Plan,
    server: &ServerId,
    commands: &mut Vec<Command>,
) {
    let topology = plan.topology();
    let mut total = 0_u32;
    for (id, mailboxes) in &topology.mailboxes {
        if mailboxes.home.as_ref() != Some(server) {
            continue;
        }
        total += mailboxes.count;
        ui.horizontal(|ui| {
            if link(ui, theme, &mailboxes.name).clicked() {
                commands.push(Command::Locate(ObjectId::Mailboxes(id.clone()).into()));
            }
            let domain = topology.name(&ObjectId::Domain(mailboxes.domain.clone()));
            ui.label(RichText::new(mailboxes.count.to_string()).monospace());
            ui.add(Label::new(weak(theme, domain)).truncate());
        });
    }
    paragraph(ui, weak(theme, words::count(total as usize, "mailbox in all", "mailboxes in all")));
    if link(ui, theme, "Add: mailboxes").clicked() {
        commands.push(Command::Insert(Kind::Mailboxes));
    }
}
