//! Copying, pasting, duplicating: objects with their parts, under new ids.

use super::{apply, stamp};
use crate::{
    gui::{command::Command, insert, state::State, words},
    model::{
        ObjectId, Project, Subject, Topology,
        change::Change,
        dns::{Place, RecordId, ZoneId},
        edit::Edit,
        editing::edit_all,
        id::{SegmentId, SiteId},
        reference::with_parts,
        server::ListenerId,
        topology::Object,
    },
};
use eframe::egui::Context;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn run(state: &mut State, ctx: &Context, command: &Command) {
    match command {
        Command::Copy => {
            let objects = selected(state);
            if !objects.is_empty() {
                ctx.copy_text(readable(&objects));
                let count = words::count(objects.len(), "object", "objects");
                state.status = format!("Copied {count}");
                state.clipboard = objects;
            }
        }
        Command::Duplicate => {
            let objects = selected(state);
            paste(state, &objects, "Duplicate");
        }
        Command::Paste => {
            let objects = state.clipboard.clone();
            paste(state, &objects, "Paste");
        }
        _ => {}
    }
}

/// What is selected with its parts, each once, owners first.
fn selected(state: &State) -> Vec<Object> {
    let Some(plan) = &state.plan else { return vec![] };
    let topology = plan.topology();
    let mut seen = BTreeSet::new();
    let mut objects = Vec::new();
    for subject in &plan.selection {
        let Some(id) = subject.object(topology) else { continue };
        for part in with_parts(topology, &id) {
            if seen.insert(part.clone()) {
                objects.extend(topology.get(&part));
            }
        }
    }
    for id in stamp::groups_of(topology, &seen) {
        if seen.insert(id.clone()) {
            let object = topology.get(&id);
            // Servers refer to their groups, connectors to servers.
            match &id {
                ObjectId::Group(_) => objects.splice(0..0, object).for_each(drop),
                _ => objects.extend(object),
            }
        }
    }
    // A part that was selected by itself may stand before its owner.
    let mut ordered: Vec<Object> = Vec::new();
    while !objects.is_empty() {
        let waits =
            |o: &Object| stamp::needs(o).iter().any(|w| objects.iter().any(|x| x.id() == *w));
        let at = objects.iter().position(|o| !waits(o)).unwrap_or(0);
        ordered.push(objects.remove(at));
    }
    ordered
}

/// What other programs get: the objects as a plan writes them.
fn readable(objects: &[Object]) -> String {
    let lines: Vec<_> = objects.iter().map(crate::file::one_line).collect();
    lines.join("\n")
}

fn paste(state: &mut State, objects: &[Object], verb: &str) {
    let Some(plan) = &state.plan else { return };
    let project = plan.workspace.project();
    let mut draft = Topology::default();
    let mut ids = BTreeMap::new();
    for object in objects {
        if let Some(id) = new_id(project, plan.workspace.topologies(), &draft, &ids, object) {
            let mut probe = object.clone();
            rename(&mut probe, &id);
            ids.insert(object.id(), id.clone());
            draft.insert(moved(&probe, &ids, &id));
        }
    }
    // A group may come after the servers in it: references are changed when all ids are known.
    let renamed: Vec<Object> = ids.values().filter_map(|id| draft.get(id)).collect();
    for object in renamed {
        let id = object.id();
        draft.insert(moved(&object, &ids, &id));
    }
    // What was cut out is in earlier phases still, and may keep what it had.
    let shown = plan.workspace.topologies().get(plan.phase..).unwrap_or_default();
    let taken = stamp::Taken::of(shown);
    let made = objects.iter().filter_map(|o| ids.get(&o.id())).filter_map(|id| draft.get(id));
    let made: Vec<Object> = made.map(|object| taken.without(object)).collect();
    if made.is_empty() {
        "There is nothing here that can be copied".clone_into(&mut state.status);
        return;
    }
    let selection: BTreeSet<Subject> = made.iter().map(|o| o.id().into()).collect();
    let edits = made.into_iter().map(|o| (plan.phase, Edit::Add(o))).collect();
    let label = format!("{verb} {}", words::count(selection.len(), "object", "objects"));
    let places = stamp::places(plan, &ids);
    match edit_all(project, edits) {
        Ok(change) => {
            let change = Change::Batch([vec![change], places].concat());
            apply(state, &label, change, None);
            if let Some(plan) = &mut state.plan {
                super::select(plan, selection);
            }
        }
        Err(error) => state.status = format!("Not done: {error}"),
    }
}

/// A free id for the copy of an object; none for what cannot be there twice.
fn new_id(
    project: &Project,
    topologies: &[Topology],
    draft: &Topology,
    ids: &BTreeMap<ObjectId, ObjectId>,
    object: &Object,
) -> Option<ObjectId> {
    let old = object.id();
    let free = |id: &ObjectId| !insert::in_use(project, topologies, id) && !draft.contains(id);
    match &old {
        ObjectId::Listener(listener) => {
            let server = match ids.get(&ObjectId::Server(listener.server.clone())) {
                Some(ObjectId::Server(server)) => server.clone(),
                _ => listener.server.clone(),
            };
            (1..u16::MAX)
                .map(|number| ObjectId::Listener(ListenerId { server: server.clone(), number }))
                .find(free)
        }
        ObjectId::Zone(zone) => {
            let view = match ids.get(&ObjectId::View(zone.view.clone()))? {
                ObjectId::View(view) => view.clone(),
                _ => return None,
            };
            Some(ObjectId::Zone(ZoneId { view, origin: zone.origin.clone() }))
        }
        ObjectId::Record(record) => {
            let zone = match ids.get(&ObjectId::Zone(record.zone.clone()))? {
                ObjectId::Zone(zone) => zone.clone(),
                _ => return None,
            };
            Some(ObjectId::Record(RecordId { zone, ..record.clone() }))
        }
        _ => {
            let kind = old.kind();
            let name = old.id();
            (2_u32..1000)
                .filter_map(|n| ObjectId::from_parts(kind, &format!("{name}-{n}")).ok())
                .find(free)
        }
    }
}

/// The same object under another id, its references to what was copied along changed too.
fn moved(object: &Object, ids: &BTreeMap<ObjectId, ObjectId>, id: &ObjectId) -> Object {
    let site = |old: &mut SiteId| {
        if let Some(ObjectId::Site(new)) = ids.get(&ObjectId::Site(old.clone())) {
            old.clone_from(new);
        }
    };
    let place = |place: &mut Place| {
        if let Place::Segment(old) = place
            && let Some(ObjectId::Segment(new)) = ids.get(&ObjectId::Segment(SegmentId::clone(old)))
        {
            old.clone_from(new);
        }
    };
    match (object.clone(), id.clone()) {
        (Object::Organisation(_, o), ObjectId::Organisation(id)) => Object::Organisation(id, o),
        (Object::Domain(_, o), ObjectId::Domain(id)) => Object::Domain(id, o),
        (Object::Site(_, o), ObjectId::Site(id)) => Object::Site(id, o),
        (Object::Segment(_, mut o), ObjectId::Segment(id)) => {
            site(&mut o.site);
            Object::Segment(id, o)
        }
        (Object::Line(_, mut o), ObjectId::Line(id)) => {
            site(&mut o.site);
            if let Some(ObjectId::Firewall(new)) =
                o.firewall.as_ref().and_then(|f| ids.get(&ObjectId::Firewall(f.clone())))
            {
                o.firewall = Some(new.clone());
            }
            Object::Line(id, o)
        }
        (Object::Firewall(_, mut o), ObjectId::Firewall(id)) => {
            site(&mut o.site);
            Object::Firewall(id, o)
        }
        (Object::Link(_, mut o), ObjectId::Link(id)) => {
            site(&mut o.a);
            site(&mut o.b);
            Object::Link(id, o)
        }
        (Object::View(_, o), ObjectId::View(id)) => Object::View(id, o),
        (Object::Zone(_, o), ObjectId::Zone(id)) => Object::Zone(id, o),
        (Object::Record(_, o), ObjectId::Record(id)) => Object::Record(id, o),
        (Object::Resolver(_, mut o), ObjectId::Resolver(id)) => {
            place(&mut o.place);
            Object::Resolver(id, o)
        }
        (Object::Server(_, mut o), ObjectId::Server(id)) => {
            place(&mut o.place);
            if let Some(group) = &mut o.group {
                stamp::group(ids, group);
            }
            Object::Server(id, o)
        }
        (Object::Listener(_, o), ObjectId::Listener(id)) => Object::Listener(id, o),
        (Object::Group(_, mut o), ObjectId::Group(id)) => {
            // A copy has a master of its own, which nobody has named yet.
            o.master = None;
            Object::Group(id, o)
        }
        (Object::SiteLink(_, o), ObjectId::SiteLink(id)) => Object::SiteLink(id, o),
        (Object::GroupConnector(_, o), ObjectId::GroupConnector(id)) => {
            Object::GroupConnector(id, stamp::connector(ids, o))
        }
        (Object::SmtpConnector(_, o), ObjectId::SmtpConnector(id)) => {
            Object::SmtpConnector(id, stamp::smtp_connector(ids, o))
        }
        (Object::Mailboxes(_, o), ObjectId::Mailboxes(id)) => Object::Mailboxes(id, o),
        (same, _) => same,
    }
}

/// Gives the copy a name of its own, so that the two can be told apart.
fn rename(object: &mut Object, id: &ObjectId) {
    let text = id.id();
    let number = text.rsplit('-').next().unwrap_or_default().to_owned();
    let name = match object {
        Object::Site(_, o) => &mut o.name,
        Object::Line(_, o) => &mut o.name,
        Object::Firewall(_, o) => &mut o.name,
        Object::Link(_, o) => &mut o.name,
        Object::Resolver(_, o) => &mut o.name,
        Object::Server(_, o) => &mut o.name,
        Object::Group(_, o) => &mut o.name,
        Object::SiteLink(_, o) => &mut o.name,
        Object::GroupConnector(_, o) => &mut o.name,
        Object::SmtpConnector(_, o) => &mut o.name,
        Object::Mailboxes(_, o) => &mut o.name,
        Object::View(_, o) => &mut o.name,
        Object::Organisation(_, o) => &mut o.name,
        _ => return,
    };
    name.push(' ');
    name.push_str(&number);
}
