//! The pauses of a phase: what kills if it is not so, before the first step and before leaving.

use crate::{
    model::{
        ObjectId, Topology,
        dns::{RecordField, ViewKind},
        edit::Edit,
        project::Phase,
        server::{Listener, Server, ServerField},
        topology::{Field, Object},
    },
    report::{
        context::{Context, count},
        document::{CheckItem, Style, Text},
        values,
    },
    rules::rule::Severity,
};
use std::collections::BTreeSet;

/// A pause is read aloud in a minute: more than this is skipped by people.
pub(super) const ITEMS_MAX: usize = 9;

/// What kills, before the first step: five to nine items.
pub(super) fn before(context: &Context<'_>, at: usize, phase: &Phase) -> Vec<CheckItem> {
    let topology = &context.analysis.phases[at - 1].topology;
    let touched = touched(phase, topology);
    let mut items: Vec<String> = vec![if at == 1 {
        "Everything under Before you start is ticked".to_owned()
    } else {
        format!("Every box of phase {} is ticked, and its way back is still known", at - 1)
    }];
    items.extend(unfit(context, at));
    let servers = if touched.is_empty() {
        topology.servers.values().map(|s| s.name.clone()).collect()
    } else {
        touched
    };
    let servers = listed(&servers);
    items.push(format!(
        "The last full backup of {servers} is younger than 24 hours and was test-restored"
    ));
    items.push(format!("Queues are empty on {}", listed(&exchange(topology))));
    items.extend(names(context, at));
    items.extend(ttls(phase, topology));
    items.extend(moves(phase, topology));
    let open = context.analysis.project.assumptions.values();
    let open = open.filter(|a| a.on && a.checked.is_none()).count();
    if open > 0 && items.len() + 2 < ITEMS_MAX {
        items.push(format!(
            "{} of section Assumptions checked",
            match open {
                1 => "The open line is".to_owned(),
                several => format!("The {several} open lines are"),
            }
        ));
    }
    items.truncate(ITEMS_MAX - 1);
    items.push(
        "The way back was read through, and it is written above until when it may be taken"
            .to_owned(),
    );
    if items.len() < 5 {
        items.push("Somebody at each site can be reached by telephone".to_owned());
    }
    items.into_iter().map(CheckItem::from).collect()
}

/// What must not be forgotten where the plan itself says that mail will fail.
fn unfit(context: &Context<'_>, at: usize) -> Option<String> {
    let mut errors: BTreeSet<&str> = BTreeSet::new();
    for case in context.open(Severity::Error).filter(|case| case.phases.contains(&at)) {
        errors.insert(&case.number);
    }
    if errors.is_empty() {
        return None;
    }
    let list: Vec<&str> = errors.into_iter().take(5).collect();
    Some(format!("Finding {} is cured: the plan was changed and checked again", list.join(", ")))
}

/// Names of servers, the first four of them.
fn listed(names: &[String]) -> String {
    match names {
        [] => "every server".to_owned(),
        few if few.len() <= 4 => match few.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
            None => String::new(),
        },
        many => format!("{} and {}", many[..3].join(", "), count(many.len() - 3, "other server")),
    }
}

fn exchange(topology: &Topology) -> Vec<String> {
    let handles = |s: &&Server| s.platform.is_some() && s.organisation.is_some();
    topology.servers.values().filter(handles).map(|s| s.name.clone()).collect()
}

/// The servers that were there before and are changed, by name.
fn touched(phase: &Phase, before: &Topology) -> Vec<String> {
    let mut ids = BTreeSet::new();
    for key in phase.edits.keys() {
        match &key.object {
            ObjectId::Server(id) => ids.insert(id.clone()),
            ObjectId::Listener(id) => ids.insert(id.server.clone()),
            _ => false,
        };
    }
    for edit in phase.edits.values() {
        if let Edit::Set(Field::Mailboxes(id, _)) = edit {
            ids.extend(before.mailboxes.get(id).and_then(|m| m.home.clone()));
        }
    }
    ids.iter().filter_map(|id| before.servers.get(id)).map(|s| s.name.clone()).collect()
}

/// The names by which connectors of the phase find their targets.
fn names(context: &Context<'_>, at: usize) -> Vec<String> {
    let topology = &context.analysis.phases[at].topology;
    let mut seen = BTreeSet::new();
    let mut items = Vec::new();
    for target in topology.group_connectors.values().flat_map(|c| &c.targets) {
        let Some(listener): Option<&Listener> = topology.listeners.get(target) else { continue };
        let Some(server) = topology.servers.get(&target.server) else { continue };
        let Some(name) = listener.fqdn.clone().or_else(|| server.computer_fqdn()) else { continue };
        let Some(address) = server.addresses.first() else { continue };
        if seen.insert(name.clone()) {
            items.push(format!("{name} answers {address} on every server that sends to it"));
        }
    }
    items.truncate(3);
    items
}

/// Records that change and may still be remembered elsewhere.
fn ttls(phase: &Phase, before: &Topology) -> Option<String> {
    let mut names = BTreeSet::new();
    let mut longest = None;
    for edit in phase.edits.values() {
        let Edit::Set(Field::Record(id, RecordField::Data(_))) = edit else { continue };
        if before.views.get(&id.zone.view).is_some_and(|v| v.kind == ViewKind::Outside) {
            names.insert(format!("{} {}", id.name, id.kind.name().to_uppercase()));
            let own = before.records.get(id).and_then(|r| r.ttl_s);
            longest = longest.max(own.or_else(|| before.zones.get(&id.zone)?.ttl_s));
        }
    }
    if names.is_empty() {
        return None;
    }
    let list: Vec<String> = names.into_iter().take(2).collect();
    let since = longest.map_or("its old TTL".to_owned(), |ttl| format!("{ttl} s"));
    Some(format!("The TTL of {} was lowered to 300 s more than {since} ago", list.join(" and ")))
}

/// Servers that are carried to another place.
fn moves(phase: &Phase, before: &Topology) -> Option<String> {
    let moved: Vec<String> = phase
        .edits
        .values()
        .filter_map(|edit| match edit {
            Edit::Set(Field::Server(id, ServerField::Place(_))) => before.servers.get(id),
            _ => None,
        })
        .map(|s| s.name.clone())
        .collect();
    let new: Vec<String> = phase
        .edits
        .values()
        .filter_map(|edit| match edit {
            Edit::Add(Object::Server(_, server)) => Some(server.name.clone()),
            _ => None,
        })
        .collect();
    match (moved.is_empty(), new.is_empty()) {
        (false, _) => Some(format!(
            "Somebody with a key waits where {} will stand; rack, power and network were tested",
            listed(&moved)
        )),
        (true, false) => {
            Some(format!("Hardware, licences and media for {} are at hand", listed(&new)))
        }
        (true, true) => None,
    }
}

/// What has to be seen before anybody leaves.
pub(super) fn after(context: &Context<'_>, at: usize) -> Vec<CheckItem> {
    let topology = &context.analysis.phases[at].topology;
    let sites: BTreeSet<&crate::model::id::SiteId> =
        topology.mailboxes.values().filter_map(|m| m.users_at.as_ref()).collect();
    let names: Vec<String> = sites.into_iter().map(|s| values::name_of_site(topology, s)).collect();
    let between = match names.len() {
        0 | 1 => "A message from one mailbox to another arrived".to_owned(),
        _ => format!("A message each way between the mailboxes of {} arrived", listed(&names)),
    };
    let mut items: Vec<CheckItem> = vec![
        between.into(),
        "A message from outside arrived, and one to outside; its headers were read".into(),
        format!("Queues are empty on {}", listed(&exchange(topology))).into(),
    ];
    if !topology.group_connectors.is_empty() {
        items.push("No event 974 or 958 in the last 10 minutes on any bridgehead".into());
    }
    items.push(CheckItem::from(
        Text::from("The live network answers as planned: ")
            .and(Style::Mono, format!("bridgehead probe PLAN --phase {at}")),
    ));
    items
}
