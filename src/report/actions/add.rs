//! What is added: how it is set up.

use super::{Action, Around, check, console, details};
use crate::{
    model::{
        ObjectId,
        connector::{GroupConnector, SmtpConnector},
        dns::{RecordId, RecordKind, RecordSet, Resolver},
        id::ServerId,
        server::{Bindings, Listener, ListenerId, Server},
        topology::Object,
    },
    report::{document::Text, values},
};

/// An added object as an instruction.
pub(super) fn add(around: Around<'_>, object: &Object) -> Action {
    let id = object.id();
    match object {
        Object::Server(id, server) => add_server(around, id, server),
        Object::Listener(id, listener) => add_listener(around, id, listener),
        Object::Record(id, set) => add_record(around, id, set),
        Object::Zone(zone, _) => Action {
            action: format!("Create the zone {} in the {}", zone.origin, around.view(&zone.view)),
            place: vec![around.zone_console(zone)],
            expect: Text::from("it is listed"),
            back: "delete the zone".to_owned(),
        },
        Object::Resolver(_, resolver) => add_resolver(around, resolver),
        Object::Group(_, group) => Action {
            action: format!("Create the routing group {}", group.name),
            place: [
                console(around, &id),
                group
                    .master
                    .as_ref()
                    .map(|master| Text::from(format!("{}: Set as Master", around.server(master)))),
            ]
            .into_iter()
            .flatten()
            .collect(),
            expect: Text::from("the group is listed"),
            back: "delete the group once it is empty".to_owned(),
        },
        Object::GroupConnector(_, connector) => add_group_connector(around, &id, connector),
        Object::SmtpConnector(_, connector) => add_smtp_connector(around, &id, connector),
        Object::Mailboxes(_, mailboxes) => Action {
            action: format!("Create the mailboxes {} ({})", mailboxes.name, mailboxes.count),
            place: details(around.after, &id, &["name", "count"]),
            expect: Text::from(format!("{} mailboxes", mailboxes.count)),
            back: "delete the mailboxes".to_owned(),
        },
        Object::Firewall(..) | Object::Line(..) | Object::Link(..) => Action {
            action: format!("Take {} into service", around.thing(&id)),
            place: details(around.after, &id, &["name"]),
            expect: Text::from("it works as entered here"),
            back: "take it out of service".to_owned(),
        },
        _ => Action {
            action: format!("Set up {}", around.thing(&id)),
            place: details(around.after, &id, &["name"]),
            expect: Text::from("it is there"),
            back: "take it away again".to_owned(),
        },
    }
}

fn add_server(around: Around<'_>, id: &ServerId, server: &Server) -> Action {
    let place = values::place(around.after, &server.place);
    let mut what = vec![values::role(server.role).to_owned()];
    if server.platform.is_some() {
        what.push(values::platform(server.platform).to_owned());
    }
    if !server.edition.is_empty() {
        what.push(server.edition.clone());
    }
    let addresses: Vec<String> = server.addresses.iter().map(ToString::to_string).collect();
    let mut known = Vec::new();
    known.extend(server.computer_fqdn().map(|name| name.to_string()));
    if !addresses.is_empty() {
        known.push(addresses.join(", "));
    }
    if let Some(group) = &server.group {
        known.push(format!("routing group {}", around.name(&ObjectId::Group(group.clone()))));
    }
    let mut lines = vec![Text::from(what.join(" · "))];
    if !known.is_empty() {
        lines.push(Text::from(known.join(" · ")));
    }
    let expect = if around.has_console(id) {
        Text::from("it is listed under ESM › Servers")
    } else {
        Text::from("it answers")
    };
    if let Some(address) = addresses.first() {
        lines.push(check(&format!("ping {address}")));
    }
    Action {
        action: format!("Set up {} in {place}", server.name).replace(" in on ", " on "),
        place: lines,
        expect,
        back: format!("take {} out of service", server.name),
    }
}

fn add_listener(around: Around<'_>, id: &ListenerId, listener: &Listener) -> Action {
    let server = around.after.servers.get(&id.server);
    let computer = server.and_then(Server::computer_fqdn);
    let fqdn = match (&listener.fqdn, &computer) {
        (Some(fqdn), _) => format!("FQDN {fqdn}"),
        (None, Some(computer)) => format!("FQDN stays {computer}"),
        (None, None) => "FQDN stays the computer's name".to_owned(),
    };
    let bound = values::bindings(&listener.bindings).join(", ");
    let mut place = vec![
        Text(around.listener_console(id, "Delivery › Advanced: ").0).and_plain(&fqdn),
        Text::from(format!("… › General: IP address {bound}, TCP port {}", listener.port())),
    ];
    place.extend(
        listener
            .smart_host
            .as_ref()
            .map(|host| Text::from(format!("… › Delivery › Advanced: smart host {host}"))),
    );
    let first = match &listener.bindings {
        Bindings::Addresses(set) => set.first().copied(),
        Bindings::All => server.and_then(|s| s.addresses.first().copied()),
    };
    if let Some(address) = first {
        place.push(check(&format!("telnet {address} {}", listener.port())));
    }
    let greeting = listener.fqdn.clone().or(computer);
    Action {
        action: format!("Set up {} on {}", listener.name, around.server(&id.server)),
        place,
        expect: greeting
            .map_or(Text::from("it greets"), |name| Text::from(format!("220 {name} …"))),
        back: "set FQDN and IP address back to their defaults".to_owned(),
    }
}

fn add_record(around: Around<'_>, id: &RecordId, set: &RecordSet) -> Action {
    let kind = id.kind.name().to_uppercase();
    let data = set.data.lines().join(", ");
    Action {
        action: format!("Add {} {kind} {data} to the {}", id.name, around.view(&id.zone.view)),
        place: vec![
            Text(around.zone_console(&id.zone).0).and_plain(new_record(around, id)),
            around.lookup(id),
        ],
        expect: Text::mono(data),
        back: "delete the record".to_owned(),
    }
}

/// The menu's word for a new record of that type, in the console of the inside view.
fn new_record(around: Around<'_>, id: &RecordId) -> &'static str {
    if around.is_outside(&id.zone.view) {
        return "";
    }
    match id.kind {
        RecordKind::A | RecordKind::Aaaa => " › New Host",
        RecordKind::Cname => " › New Alias (CNAME)",
        RecordKind::Mx => " › New Mail Exchanger (MX)",
        RecordKind::Ptr => " › New Pointer (PTR)",
        RecordKind::Ns | RecordKind::Txt => " › Other New Records",
    }
}

fn add_resolver(around: Around<'_>, resolver: &Resolver) -> Action {
    let addresses: Vec<String> = resolver.addresses.iter().map(ToString::to_string).collect();
    let views: Vec<String> = resolver.serves.iter().map(|view| around.view(view)).collect();
    let views = if views.is_empty() { "no view".to_owned() } else { views.join(", ") };
    let forwards = values::forwards(around.after, resolver.forwards.as_ref()).join(", ");
    let mut place = vec![Text::from(format!("serves the {views}; asks on: {forwards}"))];
    let zone = around.after.zones.keys().find(|zone| resolver.serves.contains(&zone.view));
    if let (Some(address), Some(zone)) = (addresses.first(), zone) {
        place.push(check(&format!("nslookup -type=soa {} {address}", zone.origin)));
    }
    let at = values::place(around.after, &resolver.place);
    Action {
        action: format!(
            "Set up the DNS server {} ({}) in {at}",
            resolver.name,
            addresses.join(", ")
        )
        .replace(" in on ", " on "),
        place,
        expect: Text::from("it answers for its zones"),
        back: format!("take {} out of service", resolver.name),
    }
}

fn add_group_connector(around: Around<'_>, id: &ObjectId, c: &GroupConnector) -> Action {
    let group = |id: &_| around.name(&ObjectId::Group(crate::model::id::GroupId::clone(id)));
    let bridgeheads = |set: &std::collections::BTreeSet<ListenerId>, none: &str| {
        let names: Vec<_> = set.iter().map(|l| values::name_of_listener(around.after, l)).collect();
        if names.is_empty() { none.to_owned() } else { names.join(", ") }
    };
    let mut place: Vec<Text> = console(around, id).into_iter().collect();
    place.push(Text::from(format!(
        "remote bridgehead {}; local: {}; cost {}",
        bridgeheads(&c.targets, values::NOT_ENTERED),
        bridgeheads(&c.sources, "any local server can send"),
        c.cost()
    )));
    Action {
        action: format!("Create the connector {}: {} → {}", c.name, group(&c.from), group(&c.to)),
        place,
        expect: Text::from("its queue is Active or Ready"),
        back: "delete the connector".to_owned(),
    }
}

fn add_smtp_connector(around: Around<'_>, id: &ObjectId, c: &SmtpConnector) -> Action {
    let mut place: Vec<Text> = console(around, id).into_iter().collect();
    place.extend(details(around.after, id, &["name", "group"]));
    Action {
        action: format!("Create the SMTP connector {}", c.name),
        place,
        expect: Text::from("its queue is Active or Ready"),
        back: "delete the connector".to_owned(),
    }
}

impl Text {
    fn and_plain(self, text: &str) -> Self {
        self.and(crate::report::document::Style::Plain, text)
    }
}
