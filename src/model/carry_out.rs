//! The order in which a phase's edits can be carried out where nobody has given one.
//!
//! What others need comes first (networks, name servers, servers and their names), what the world sees
//! last (mail exchangers), and what goes, goes at the end, the connectors before the servers ("set up
//! everything that you need before you start"). Within that an edit waits for the objects that it names.
//! Whether mail flows between two steps is another question ([`crate::plan`]'s).

use super::{
    connector::{GroupConnectorField, GroupField, SiteLinkField, SmtpConnectorField},
    dns::{Forward, Place, RecordKind, ResolverField},
    edit::{Edit, EditKey},
    organisation::{MailDomainField, MailboxesField},
    reference,
    server::ServerField,
    site::{FirewallField, InternetAccess, LineField, LinkField, SegmentField, SiteField},
    topology::{Field, ObjectId},
};
use std::collections::{BTreeMap, BTreeSet};

/// All keys of `edits`, each once, in an order in which they can be carried out.
pub fn order(edits: &BTreeMap<EditKey, Edit>) -> Vec<EditKey> {
    let mut ranked: Vec<(u8, &EditKey)> =
        edits.iter().map(|(key, edit)| (stage(edit), key)).collect();
    ranked.sort();
    let added: BTreeMap<ObjectId, &EditKey> = edits
        .iter()
        .filter(|(_, edit)| matches!(edit, Edit::Add(_)))
        .map(|(key, _)| (key.object.clone(), key))
        .collect();
    let mut done = BTreeSet::new();
    let mut list = Vec::new();
    for (_, key) in ranked {
        put(edits, &added, key, &mut done, &mut list);
    }
    list
}

/// Whether steps can be carried out in this order: what an edit names is added before it.
pub fn can_be(steps: &[EditKey], edits: &BTreeMap<EditKey, Edit>) -> bool {
    let mut missing: BTreeSet<ObjectId> = edits
        .values()
        .filter(|edit| matches!(edit, Edit::Add(_)))
        .map(|edit| edit.key().object)
        .collect();
    steps.iter().filter_map(|key| edits.get(key)).all(|edit| {
        let own = edit.key().object;
        let adds = matches!(edit, Edit::Add(_));
        let fits = needs(edit).iter().all(|id| (adds && *id == own) || !missing.contains(id));
        if adds {
            missing.remove(&own);
        }
        fits
    })
}

/// Puts an edit into the list, after the adding of all that it names.
fn put<'e>(
    edits: &'e BTreeMap<EditKey, Edit>,
    added: &BTreeMap<ObjectId, &'e EditKey>,
    key: &'e EditKey,
    done: &mut BTreeSet<&'e EditKey>,
    list: &mut Vec<EditKey>,
) {
    // A stack of its own: a chain of owners may be as long as the phase.
    let mut due = vec![(key, false)];
    while let Some((key, ready)) = due.pop() {
        if ready {
            list.push(key.clone());
            continue;
        }
        if !done.insert(key) {
            continue;
        }
        due.push((key, true));
        let needs = edits.get(key).map(needs).unwrap_or_default();
        due.extend(needs.iter().filter_map(|id| added.get(id)).map(|key| (*key, false)));
    }
}

/// When an edit is due, the lower the earlier.
fn stage(edit: &Edit) -> u8 {
    let id = match edit {
        Edit::Remove(id) => return 100 + going(id),
        Edit::Add(object) => object.id(),
        Edit::Set(field) => field.object(),
    };
    let is_move = matches!(edit, Edit::Set(Field::Server(_, ServerField::Place(_))));
    match (&id, edit) {
        (ObjectId::Organisation(_) | ObjectId::Domain(_), _) => 0,
        (ObjectId::Site(_), Edit::Set(Field::Site(_, SiteField::Resolvers(_)))) => 45,
        (ObjectId::Site(_) | ObjectId::Segment(_) | ObjectId::Link(_), _) => 10,
        (ObjectId::Firewall(_), Edit::Set(Field::Firewall(_, FirewallField::Published(_)))) => 60,
        (ObjectId::Firewall(_) | ObjectId::Line(_), _) => 12,
        (ObjectId::View(_) | ObjectId::Zone(_), _) => 20,
        (ObjectId::Group(_), Edit::Set(Field::Group(_, GroupField::Master(_)))) => 52,
        (ObjectId::Group(_) | ObjectId::SiteLink(_), _) => 30,
        _ if is_move => 32,
        (ObjectId::Server(_), Edit::Set(Field::Server(_, ServerField::Group(_)))) => 50,
        (ObjectId::Server(_) | ObjectId::Listener(_), _) => 34,
        (ObjectId::Record(record), _) => match record.kind {
            RecordKind::A | RecordKind::Aaaa | RecordKind::Ptr => 36,
            _ => 80,
        },
        (ObjectId::Resolver(_), _) => 40,
        (ObjectId::GroupConnector(_) | ObjectId::SmtpConnector(_), _) => 54,
        (ObjectId::Mailboxes(_), _) => 70,
    }
}

/// When an object goes, the lower the earlier.
fn going(id: &ObjectId) -> u8 {
    match id {
        ObjectId::Record(record) if record.kind == RecordKind::Mx => 0,
        ObjectId::Mailboxes(_) => 1,
        ObjectId::GroupConnector(_) | ObjectId::SmtpConnector(_) => 2,
        ObjectId::SiteLink(_) | ObjectId::Group(_) => 3,
        ObjectId::Listener(_) => 4,
        ObjectId::Server(_) => 5,
        ObjectId::Resolver(_) => 6,
        ObjectId::Record(_) => 7,
        ObjectId::Zone(_) => 8,
        ObjectId::View(_) => 9,
        ObjectId::Line(_) | ObjectId::Link(_) => 10,
        ObjectId::Firewall(_) | ObjectId::Segment(_) => 11,
        ObjectId::Site(_) => 12,
        ObjectId::Domain(_) | ObjectId::Organisation(_) => 13,
    }
}

/// The objects that must be there before an edit can be carried out.
fn needs(edit: &Edit) -> Vec<ObjectId> {
    match edit {
        Edit::Add(object) => [reference::owners(object), reference::references(object)].concat(),
        Edit::Remove(_) => vec![],
        Edit::Set(field) => {
            let mut all = vec![field.object()];
            all.extend(named(field));
            all
        }
    }
}

/// The objects that a field's new value names.
fn named(field: &Field) -> Vec<ObjectId> {
    let resolvers = |list: &[super::id::ResolverId]| {
        list.iter().cloned().map(ObjectId::Resolver).collect::<Vec<_>>()
    };
    let at = |place: &Place| match place {
        Place::Segment(id) => vec![ObjectId::Segment(id.clone())],
        Place::Internet => vec![],
    };
    let site = |id: &super::id::SiteId| vec![ObjectId::Site(id.clone())];
    let group = |id: &super::id::GroupId| vec![ObjectId::Group(id.clone())];
    let listeners = |set: &BTreeSet<super::server::ListenerId>| {
        set.iter().cloned().map(ObjectId::Listener).collect::<Vec<_>>()
    };
    match field {
        Field::Site(_, SiteField::Resolvers(Some(list))) => resolvers(list),
        Field::Site(_, SiteField::Internet(Some(InternetAccess::Through(id)))) => site(id),
        Field::Site(_, SiteField::Internet(Some(InternetAccess::Lines(list)))) => {
            list.iter().cloned().map(ObjectId::Line).collect()
        }
        Field::Segment(_, SegmentField::Site(id))
        | Field::Line(_, LineField::Site(id))
        | Field::Firewall(_, FirewallField::Site(id))
        | Field::Link(_, LinkField::A(id) | LinkField::B(id))
        | Field::Mailboxes(_, MailboxesField::UsersAt(Some(id))) => site(id),
        Field::Line(_, LineField::Firewall(Some(id))) => vec![ObjectId::Firewall(id.clone())],
        Field::Resolver(_, ResolverField::Place(place))
        | Field::Server(_, ServerField::Place(place)) => at(place),
        Field::Resolver(_, ResolverField::Serves(list)) => {
            list.iter().cloned().map(ObjectId::View).collect()
        }
        Field::Resolver(_, ResolverField::Forwards(Some(Forward::To(list))))
        | Field::Server(_, ServerField::Resolvers(Some(list))) => resolvers(list),
        Field::Resolver(_, ResolverField::Conditional(map)) => {
            map.values().flat_map(|list| resolvers(list)).collect()
        }
        Field::Server(_, ServerField::Organisation(Some(id)))
        | Field::Domain(_, MailDomainField::Organisation(id)) => {
            vec![ObjectId::Organisation(id.clone())]
        }
        Field::Server(_, ServerField::Group(Some(id)))
        | Field::GroupConnector(_, GroupConnectorField::From(id) | GroupConnectorField::To(id))
        | Field::SmtpConnector(_, SmtpConnectorField::Group(id)) => group(id),
        Field::GroupConnector(
            _,
            GroupConnectorField::Sources(set) | GroupConnectorField::Targets(set),
        )
        | Field::SmtpConnector(_, SmtpConnectorField::Sources(set)) => listeners(set),
        Field::SiteLink(_, SiteLinkField::Sites(set)) => {
            set.iter().cloned().map(ObjectId::Group).collect()
        }
        Field::Group(_, GroupField::Master(Some(id)))
        | Field::Mailboxes(_, MailboxesField::Home(Some(id))) => {
            vec![ObjectId::Server(id.clone())]
        }
        Field::Mailboxes(_, MailboxesField::Domain(id)) => vec![ObjectId::Domain(id.clone())],
        _ => vec![],
    }
}
