//! From an edit to something that a person can carry out: a sentence, where to click, what is to be
//! seen then, and the way back.

mod add;
mod set;

use super::{
    document::{Style, Text},
    values,
};
use crate::model::{
    ObjectId, Topology,
    dns::{RecordId, ViewKind, ZoneId},
    edit::Edit,
    id::{ServerId, ViewId},
    server::{ListenerId, Platform},
    topology::Field,
};

/// An edit as an instruction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Action {
    /// What to do.
    pub action: String,
    /// Where to click or what to type, line by line.
    pub place: Vec<Text>,
    /// What is to be seen then.
    pub expect: Text,
    /// What undoes it.
    pub back: String,
}

/// The topologies before and after the phase that an edit belongs to.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// Before it.
    pub before: &'a Topology,
    /// After it.
    pub after: &'a Topology,
}

/// An edit as an instruction.
pub fn action(around: Around<'_>, edit: &Edit) -> Action {
    match edit {
        Edit::Add(object) => add::add(around, object),
        Edit::Remove(id) => remove(around, id),
        Edit::Set(field) => set::set(around, field),
    }
}

impl Around<'_> {
    /// The name of an object, after the phase or, if it is gone by then, before it.
    fn name(&self, id: &ObjectId) -> String {
        let there = if self.after.contains(id) { self.after } else { self.before };
        there.name(id)
    }

    fn server(&self, id: &ServerId) -> String {
        self.name(&ObjectId::Server(id.clone()))
    }

    fn view(&self, id: &ViewId) -> String {
        let view = self.after.views.get(id).or_else(|| self.before.views.get(id));
        let several = |kind| self.after.views.values().filter(|v| v.kind == kind).count() > 1;
        match view {
            Some(view) if several(view.kind) => {
                format!("{} view {}", values::view_kind(view.kind), view.name)
            }
            Some(view) => format!("{} view", values::view_kind(view.kind)),
            None => format!("view {id}"),
        }
    }

    fn is_outside(&self, id: &ViewId) -> bool {
        let view = self.after.views.get(id).or_else(|| self.before.views.get(id));
        view.is_some_and(|view| view.kind == ViewKind::Outside)
    }

    /// The DNS servers that serve a view: name and address.
    fn serving(&self, view: &ViewId) -> Vec<(String, Option<String>)> {
        let serves = self.after.resolvers.values().filter(|r| r.serves.contains(view));
        serves.map(|r| (r.name.clone(), r.addresses.first().map(ToString::to_string))).collect()
    }

    /// Where a zone is edited.
    fn zone_console(&self, zone: &ZoneId) -> Text {
        if self.is_outside(&zone.view) {
            return Text::from(format!("at whoever runs {} on the Internet", zone.origin));
        }
        let reverse = zone.origin.as_str().ends_with(".arpa");
        let folder = if reverse { "Reverse Lookup Zones" } else { "Forward Lookup Zones" };
        let names: Vec<String> =
            self.serving(&zone.view).into_iter().map(|(name, _)| name).collect();
        let server = if names.is_empty() { "the DNS server".to_owned() } else { names.join(", ") };
        path(&["DNS", &server, folder, &zone.origin.to_string()])
    }

    /// How a record is asked for.
    fn lookup(&self, id: &RecordId) -> Text {
        let kind = id.kind.name();
        let server = self.serving(&id.zone.view).into_iter().find_map(|(_, address)| address);
        let command = match server {
            Some(address) if !self.is_outside(&id.zone.view) => {
                format!("nslookup -type={kind} {} {address}", id.name)
            }
            // A resolver of the Internet that anybody may ask, so that no inside view answers.
            _ => format!("nslookup -type={kind} {} 9.9.9.9", id.name),
        };
        check(&command)
    }

    /// Whether a server runs a mail system that is steered by Exchange System Manager.
    fn has_console(&self, id: &ServerId) -> bool {
        let server = self.after.servers.get(id).or_else(|| self.before.servers.get(id));
        server.is_some_and(|s| s.platform == Some(Platform::Exchange2003))
    }

    /// Where a listener is edited, on that tab.
    fn listener_console(&self, id: &ListenerId, tab: &str) -> Text {
        let server = self.server(&id.server);
        let listener = self.name(&ObjectId::Listener(id.clone()));
        if self.has_console(&id.server) {
            path(&["ESM", "Servers", &server, "Protocols", "SMTP", &listener, tab])
        } else {
            Text::from(format!("{listener} on {server}: {tab}"))
        }
    }

    /// An object as a sentence speaks of it.
    fn thing(&self, id: &ObjectId) -> String {
        let name = self.name(id);
        match id {
            ObjectId::Listener(listener) => format!("{name} on {}", self.server(&listener.server)),
            ObjectId::Record(record) => format!(
                "{} {} ({})",
                record.name,
                record.kind.name().to_uppercase(),
                self.view(&record.zone.view)
            ),
            ObjectId::Zone(zone) => format!("the zone {name} ({})", self.view(&zone.view)),
            ObjectId::Group(id) => {
                let group = self.after.groups.get(id).or_else(|| self.before.groups.get(id));
                format!("the {} {name}", group.map_or("routing group", |g| g.kind.words()))
            }
            ObjectId::SiteLink(_) => format!("the AD site link {name}"),
            ObjectId::GroupConnector(_) | ObjectId::SmtpConnector(_) => {
                format!("the connector {name}")
            }
            ObjectId::Site(_) => format!("the site {name}"),
            ObjectId::Segment(_) => format!("the segment {name}"),
            ObjectId::View(_) => format!("the view {name}"),
            ObjectId::Domain(_) => format!("the mail domain {name}"),
            ObjectId::Organisation(_) => format!("the organisation {name}"),
            ObjectId::Mailboxes(_) => format!("the mailboxes {name}"),
            ObjectId::Server(_)
            | ObjectId::Resolver(_)
            | ObjectId::Line(_)
            | ObjectId::Firewall(_)
            | ObjectId::Link(_) => name,
        }
    }
}

/// Where to click.
fn path(parts: &[&str]) -> Text {
    Text::from(parts.join(" › "))
}

/// A command by which to see.
fn check(command: &str) -> Text {
    Text::from("check: ").and(Style::Mono, command)
}

/// What an object's fields say, all that are entered, one a line.
fn details(topology: &Topology, id: &ObjectId, without: &[&str]) -> Vec<Text> {
    let fields = id.fields().iter().filter(|name| !without.contains(name));
    fields
        .filter_map(|name| topology.field(id, name))
        .filter_map(|field| said(topology, &field))
        .map(Text::from)
        .collect()
}

/// A field as `label: value`; none where nothing is entered.
fn said(topology: &Topology, field: &Field) -> Option<String> {
    let (label, list) = values::field(topology, field);
    let text = list.join(", ");
    let nothing = ["", "none", "no", values::NOT_ENTERED].contains(&text.as_str());
    (!nothing).then(|| format!("{label}: {text}"))
}

fn remove(around: Around<'_>, id: &ObjectId) -> Action {
    let thing = around.thing(id);
    let gone = |action: String, place: Vec<Text>, expect: &str, back: String| Action {
        action,
        place,
        expect: Text::from(expect),
        back,
    };
    match id {
        ObjectId::Server(server) => {
            let place = if around.has_console(server) {
                vec![
                    Text::from(
                        "no mailbox, queue or connector is left on it; then uninstall Exchange",
                    ),
                    path(&["ESM", "Servers"]),
                ]
            } else {
                vec![]
            };
            let back = before(around, id, &["name", "role", "platform"]);
            gone(
                format!("Take {thing} out of service"),
                place,
                "it is no longer listed",
                format!("put it into service again: {back}"),
            )
        }
        ObjectId::Listener(listener) => {
            let back = before(around, id, &["name"]);
            gone(
                format!("Stop {thing}"),
                vec![around.listener_console(listener, "Stop")],
                "nothing answers on its port",
                format!("start it again: {back}"),
            )
        }
        ObjectId::Record(record) => {
            let was = around.before.records.get(record).map(|r| r.data.lines().join(", "));
            gone(
                format!("Delete {thing}"),
                vec![around.zone_console(&record.zone), around.lookup(record)],
                "no such name",
                format!("add it again: {}", was.unwrap_or_default()),
            )
        }
        ObjectId::Zone(zone) => gone(
            format!("Delete {thing}"),
            vec![around.zone_console(zone)],
            "it is no longer listed",
            "create it again with its records".to_owned(),
        ),
        _ => gone(
            format!("Remove {thing}"),
            console(around, id).into_iter().collect(),
            "it is no longer listed",
            format!("set it up again: {}", before(around, id, &["name"])),
        ),
    }
}

/// What an object was before the phase.
fn before(around: Around<'_>, id: &ObjectId, without: &[&str]) -> String {
    let list: Vec<String> = details(around.before, id, without).iter().map(Text::plain).collect();
    if list.is_empty() { "as before".to_owned() } else { list.join("; ") }
}

/// Where an object of the routing topology is edited.
fn console(around: Around<'_>, id: &ObjectId) -> Option<Text> {
    const GROUPS: [&str; 4] =
        ["ESM", "Administrative Groups", "First Administrative Group", "Routing Groups"];
    let in_group = |group: &crate::model::id::GroupId, name: &str| {
        let group = around.name(&ObjectId::Group(group.clone()));
        path(&[&GROUPS[..], &[&group, "Connectors", name]].concat())
    };
    let either = |id: &_| {
        around.after.group_connectors.get(id).or_else(|| around.before.group_connectors.get(id))
    };
    let smtp = |id: &_| {
        around.after.smtp_connectors.get(id).or_else(|| around.before.smtp_connectors.get(id))
    };
    match id {
        ObjectId::Group(_) => Some(path(&[&GROUPS[..], &[&around.name(id)]].concat())),
        ObjectId::GroupConnector(c) => either(c).map(|c| in_group(&c.from, &c.name)),
        ObjectId::SmtpConnector(c) => smtp(c).map(|c| in_group(&c.group, &c.name)),
        _ => None,
    }
}
