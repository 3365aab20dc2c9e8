//! What is set: to which value, and which value stood there.

use super::{Action, Around, check, console, path};
use crate::{
    model::{
        ObjectId,
        dns::RecordField,
        id::{FirewallId, GroupId, MailboxesId, ServerId},
        organisation::MailboxesField,
        server::{Listener, ListenerField, ListenerId, Server, ServerField},
        site::{FirewallField, SiteField},
        topology::Field,
    },
    report::{document::Text, values},
};
use std::collections::BTreeSet;

/// A field and its new value as an instruction.
pub(super) fn set(around: Around<'_>, field: &Field) -> Action {
    let id = field.object();
    let mut action = match field {
        Field::Server(server, f) => set_server(around, server, f),
        Field::Listener(listener, f) => set_listener(around, listener, f),
        Field::Firewall(firewall, f) => set_firewall(around, firewall, f),
        Field::Record(record, RecordField::Data(data)) => {
            let data = data.lines().join(", ");
            Some(Action {
                action: format!("Change {} to {data}", around.thing(&id)),
                place: vec![around.zone_console(&record.zone), around.lookup(record)],
                expect: Text::mono(data),
                back: String::new(),
            })
        }
        Field::Mailboxes(mailboxes, MailboxesField::Home(Some(home))) => {
            move_mailboxes(around, mailboxes, home)
        }
        Field::Group(group, crate::model::connector::GroupField::Name(name)) => {
            let was = around.before.groups.get(group).map_or(name.clone(), |g| g.name.clone());
            Some(Action {
                action: format!("Rename the routing group {was} to {name}"),
                place: console(around, &id).into_iter().collect(),
                expect: Text::from("the new name is listed"),
                back: String::new(),
            })
        }
        Field::Group(_, crate::model::connector::GroupField::Master(Some(master))) => {
            Some(Action {
                action: format!(
                    "Make {} the master of {}",
                    around.server(master),
                    around.thing(&id)
                ),
                place: vec![Text::from(format!(
                    "{} › Members › {} › Set as Master",
                    console(around, &id).map_or(String::new(), |t| t.plain()),
                    around.server(master)
                ))],
                expect: Text::from("it is listed as master"),
                back: String::new(),
            })
        }
        Field::Site(site, SiteField::Resolvers(Some(_))) => Some(Action {
            action: format!(
                "Have the hosts of {} ask {}",
                values::name_of_site(around.after, site),
                values::field(around.after, field).1.join(", ")
            ),
            place: vec![
                Text::from("DHCP option 006 and the network settings of the servers"),
                check("ipconfig /all"),
            ],
            expect: Text::from("these DNS servers, in this order"),
            back: String::new(),
        }),
        _ => None,
    }
    .unwrap_or_else(|| generic(around, &id, field));
    if action.back.is_empty() {
        action.back = back(around, &id, field);
    }
    action
}

fn generic(around: Around<'_>, id: &ObjectId, field: &Field) -> Action {
    let (label, list) = values::field(around.after, field);
    let value = list.join(", ");
    Action {
        action: format!("Set the {label} of {} to {value}", around.thing(id)),
        place: console(around, id).into_iter().collect(),
        expect: Text::from(value),
        back: String::new(),
    }
}

/// The inverse edit in words.
fn back(around: Around<'_>, id: &ObjectId, field: &Field) -> String {
    match around.before.field(id, field.name()) {
        Some(was) => match values::field(around.before, &was).1.join(", ") {
            value if value.is_empty() || value == values::NOT_ENTERED => {
                "clear it again".to_owned()
            }
            value => format!("set it back to {value}"),
        },
        None => "set it back".to_owned(),
    }
}

fn set_server(around: Around<'_>, id: &ServerId, field: &ServerField) -> Option<Action> {
    let name = around.server(id);
    Some(match field {
        ServerField::Place(place) => {
            let at = values::place(around.after, place);
            Action {
                action: format!("Move {name} to {at}").replace(" to on ", " onto "),
                place: vec![Text::from("shut down, ship, connect, start")],
                expect: Text::from("it runs there"),
                back: String::new(),
            }
        }
        ServerField::Addresses(addresses) => {
            let list: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            let first = list.first().cloned().unwrap_or_default();
            Action {
                action: format!("Give {name} the address {}", list.join(", ")),
                place: vec![
                    path(&["Network Connections", "Local Area Connection", "Internet Protocol"]),
                    check(&format!("ping {first}")),
                ],
                expect: Text::from(format!("{first} answers")),
                back: String::new(),
            }
        }
        ServerField::Group(Some(group)) => move_to_group(around, &name, id, group),
        _ => return None,
    })
}

fn move_to_group(around: Around<'_>, name: &str, id: &ServerId, group: &GroupId) -> Action {
    let to = ObjectId::Group(group.clone());
    let was = around.before.servers.get(id).and_then(|s| s.group.as_ref());
    let members = around.after.servers.values().filter(|s| s.group.as_ref() == Some(group)).count();
    let drag = console(around, &to).map_or(String::new(), |t| t.plain());
    Action {
        action: format!("Move {name} to the routing group {}", around.name(&to)),
        place: vec![Text::from(format!("drag it under {drag} › Members"))],
        expect: Text::from(format!("{members} in the group once all have moved")),
        back: was.map_or("take it out of the group".to_owned(), |was| {
            let was = ObjectId::Group(was.clone());
            format!("drag it back under {}", around.before.name(&was))
        }),
    }
}

fn set_listener(around: Around<'_>, id: &ListenerId, field: &ListenerField) -> Option<Action> {
    let thing = around.thing(&ObjectId::Listener(id.clone()));
    let server = around.after.servers.get(&id.server);
    let address = server.and_then(|s| s.addresses.first()).map(ToString::to_string);
    let telnet = |port: u16| {
        address.iter().map(|a| check(&format!("telnet {a} {port}"))).collect::<Vec<_>>()
    };
    let port = around.after.listeners.get(id).map_or(25, Listener::port);
    Some(match field {
        ListenerField::Fqdn(fqdn) => {
            let computer = server.and_then(Server::computer_fqdn);
            let name = fqdn.clone().or(computer);
            let name = name.map_or("the computer's name".to_owned(), |n| n.to_string());
            let mut place = vec![around.listener_console(id, "Delivery › Advanced")];
            place.extend(telnet(port));
            Action {
                action: format!("Set the FQDN of {thing} to {name}"),
                place,
                expect: Text::from(format!("220 {name} …")),
                back: String::new(),
            }
        }
        ListenerField::Bindings(bindings) => {
            let list = values::bindings(bindings).join(", ");
            let mut place = vec![around.listener_console(id, "General")];
            place.extend(telnet(port));
            Action {
                action: format!("Set the IP address of {thing} to {list}"),
                place,
                expect: Text::from("it greets there, and nowhere else"),
                back: String::new(),
            }
        }
        _ => return None,
    })
}

fn set_firewall(around: Around<'_>, id: &FirewallId, field: &FirewallField) -> Option<Action> {
    let name = around.thing(&ObjectId::Firewall(id.clone()));
    let was = around.before.firewalls.get(id);
    let (what, before, now): (&str, BTreeSet<String>, BTreeSet<String>) = match field {
        FirewallField::Published(set) => (
            "published services",
            was.into_iter().flat_map(|f| &f.published).map(values::published).collect(),
            set.iter().map(values::published).collect(),
        ),
        FirewallField::SourceAddresses(map) => {
            let lines = |map: &std::collections::BTreeMap<_, _>| -> BTreeSet<String> {
                map.iter()
                    .map(|(from, to): (&std::net::IpAddr, &std::net::IpAddr)| {
                        format!("{from} → {to}")
                    })
                    .collect()
            };
            let before = was.map(|f| lines(&f.source_addresses)).unwrap_or_default();
            ("source addresses", before, lines(map))
        }
        _ => return None,
    };
    let mut place = Vec::new();
    place.extend(now.difference(&before).map(|line| Text::from(format!("add {line}"))));
    place.extend(before.difference(&now).map(|line| Text::from(format!("remove {line}"))));
    let mut undo = Vec::new();
    undo.extend(now.difference(&before).map(|line| format!("remove {line}")));
    undo.extend(before.difference(&now).map(|line| format!("add {line}")));
    let expect = match now.len() {
        0 => "none is left".to_owned(),
        1 => now.first().cloned().unwrap_or_default(),
        count => format!("{count} in all"),
    };
    Some(Action {
        action: format!("Change the {what} of {name}"),
        place,
        expect: Text::from(expect),
        back: undo.join("; "),
    })
}

fn move_mailboxes(around: Around<'_>, id: &MailboxesId, home: &ServerId) -> Option<Action> {
    let mailboxes = around.after.mailboxes.get(id)?;
    let to = around.server(home);
    let was = around.before.mailboxes.get(id).and_then(|m| m.home.as_ref());
    Some(Action {
        action: format!("Move the mailboxes {} ({}) to {to}", mailboxes.name, mailboxes.count),
        place: vec![path(&[
            "Active Directory Users and Computers",
            "Exchange Tasks",
            "Move Mailbox",
            &to,
        ])],
        expect: Text::from(format!("{} mailboxes on {to}", mailboxes.count)),
        back: was.map_or("move them away again".to_owned(), |was| {
            format!("move them back to {}", around.server(was))
        }),
    })
}
