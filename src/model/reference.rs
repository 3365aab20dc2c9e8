//! Which objects an object is part of, and which it refers to.
//!
//! Removing an object takes its parts along and takes it out of every reference; DNS records stay,
//! because nobody's DNS forgets a name when a server is switched off.

use super::{
    connector::{GroupConnectorField, GroupField, SiteLinkField, SmtpConnectorField},
    dns::{Forward, Place, ResolverField},
    id::{ConnectorId, GroupId},
    organisation::MailboxesField,
    server::{ListenerId, RouteMatch, ServerField},
    site::{InternetAccess, LineField, SiteField},
    topology::{Field, Object, ObjectId, Topology},
};
use std::collections::BTreeSet;

/// What an object is part of: without any one of these it cannot stand.
pub fn owners(object: &Object) -> Vec<ObjectId> {
    let in_place = |place: &Place| match place {
        Place::Segment(id) => vec![ObjectId::Segment(id.clone())],
        Place::Internet => vec![],
    };
    match object {
        Object::Organisation(..) | Object::Site(..) | Object::View(..) | Object::Group(..) => {
            vec![]
        }
        Object::Domain(_, o) => vec![ObjectId::Organisation(o.organisation.clone())],
        Object::Mailboxes(_, o) => vec![ObjectId::Domain(o.domain.clone())],
        Object::Segment(_, o) => vec![ObjectId::Site(o.site.clone())],
        Object::Line(_, o) => vec![ObjectId::Site(o.site.clone())],
        Object::Firewall(_, o) => vec![ObjectId::Site(o.site.clone())],
        Object::Link(_, o) => vec![ObjectId::Site(o.a.clone()), ObjectId::Site(o.b.clone())],
        Object::Zone(id, _) => vec![ObjectId::View(id.view.clone())],
        Object::Record(id, _) => vec![ObjectId::Zone(id.zone.clone())],
        Object::Resolver(_, o) => in_place(&o.place),
        Object::Server(_, o) => in_place(&o.place),
        Object::Listener(id, _) => vec![ObjectId::Server(id.server.clone())],
        Object::GroupConnector(_, o) => {
            vec![ObjectId::Group(o.from.clone()), ObjectId::Group(o.to.clone())]
        }
        Object::SmtpConnector(_, o) => vec![ObjectId::Group(o.group.clone())],
        // With one of two sites gone nothing is joined; of more the rest stay joined.
        Object::SiteLink(_, o) if o.sites.len() <= 2 => {
            o.sites.iter().cloned().map(ObjectId::Group).collect()
        }
        Object::SiteLink(..) => vec![],
    }
}

/// What an object refers to besides its owners.
pub fn references(object: &Object) -> Vec<ObjectId> {
    let resolvers = |list: &[super::id::ResolverId]| {
        list.iter().cloned().map(ObjectId::Resolver).collect::<Vec<_>>()
    };
    let listeners = |set: &BTreeSet<ListenerId>| {
        set.iter().cloned().map(ObjectId::Listener).collect::<Vec<_>>()
    };
    match object {
        Object::Site(_, o) => {
            let mut all = o.resolvers.as_deref().map(resolvers).unwrap_or_default();
            match &o.internet {
                Some(InternetAccess::Lines(lines)) => {
                    all.extend(lines.iter().cloned().map(ObjectId::Line));
                }
                Some(InternetAccess::Through(site)) => all.push(ObjectId::Site(site.clone())),
                Some(InternetAccess::Nowhere) | None => {}
            }
            all
        }
        Object::Line(_, o) => o.firewall.iter().cloned().map(ObjectId::Firewall).collect(),
        Object::Resolver(_, o) => {
            let mut all: Vec<_> = o.serves.iter().cloned().map(ObjectId::View).collect();
            if let Some(Forward::To(list)) = &o.forwards {
                all.extend(resolvers(list));
            }
            all.extend(o.conditional.values().flat_map(|list| resolvers(list)));
            all
        }
        Object::Server(_, o) => {
            let mut all = o.resolvers.as_deref().map(resolvers).unwrap_or_default();
            all.extend(o.organisation.iter().cloned().map(ObjectId::Organisation));
            all.extend(o.group.iter().cloned().map(ObjectId::Group));
            all.extend(o.routes.iter().filter_map(|route| match &route.to {
                RouteMatch::Home(server) => Some(ObjectId::Server(server.clone())),
                _ => None,
            }));
            all
        }
        Object::Group(_, o) => o.master.iter().cloned().map(ObjectId::Server).collect(),
        Object::GroupConnector(_, o) => [listeners(&o.sources), listeners(&o.targets)].concat(),
        Object::SmtpConnector(_, o) => listeners(&o.sources),
        Object::SiteLink(_, o) if o.sites.len() > 2 => {
            o.sites.iter().cloned().map(ObjectId::Group).collect()
        }
        Object::Mailboxes(_, o) => {
            let mut all: Vec<_> = o.users_at.iter().cloned().map(ObjectId::Site).collect();
            all.extend(o.home.iter().cloned().map(ObjectId::Server));
            all
        }
        _ => vec![],
    }
}

/// The object and everything that is part of it, the parts last. Records count as parts of a zone
/// and a zone of its view, never of a server.
pub fn with_parts(topology: &Topology, id: &ObjectId) -> Vec<ObjectId> {
    let mut gone = vec![id.clone()];
    let mut known: BTreeSet<ObjectId> = [id.clone()].into();
    let all: Vec<Object> = topology.ids().iter().filter_map(|id| topology.get(id)).collect();
    loop {
        let before = gone.len();
        for object in &all {
            let id = object.id();
            if !known.contains(&id) && owners(object).iter().any(|owner| known.contains(owner)) {
                known.insert(id.clone());
                gone.push(id);
            }
        }
        if gone.len() == before {
            return gone;
        }
    }
}

/// The fields of `object` that refer to something in `gone`, as they become without it.
pub fn detached(object: &Object, gone: &BTreeSet<ObjectId>) -> Vec<Field> {
    if !references(object).iter().any(|id| gone.contains(id)) {
        return vec![];
    }
    let stays_listener = |id: &&ListenerId| !gone.contains(&ObjectId::Listener((*id).clone()));
    let stays_resolver =
        |id: &&super::id::ResolverId| !gone.contains(&ObjectId::Resolver((*id).clone()));
    let mut fields = Vec::new();
    match object {
        Object::Site(id, o) => {
            let mut push = |field| fields.push(Field::Site(id.clone(), field));
            if let Some(list) = &o.resolvers {
                let left: Vec<_> = list.iter().filter(stays_resolver).cloned().collect();
                push(SiteField::Resolvers((!left.is_empty()).then_some(left)));
            }
            match &o.internet {
                Some(InternetAccess::Lines(lines)) => {
                    let left: Vec<_> = lines
                        .iter()
                        .filter(|line| !gone.contains(&ObjectId::Line((*line).clone())))
                        .cloned()
                        .collect();
                    push(SiteField::Internet(
                        (!left.is_empty()).then_some(InternetAccess::Lines(left)),
                    ));
                }
                Some(InternetAccess::Through(site))
                    if gone.contains(&ObjectId::Site(site.clone())) =>
                {
                    push(SiteField::Internet(None));
                }
                _ => {}
            }
        }
        Object::Line(id, _) => fields.push(Field::Line(id.clone(), LineField::Firewall(None))),
        Object::Resolver(id, o) => detach_resolver(id, o, gone, &mut fields),
        Object::Server(id, o) => detach_server(id, o, gone, &mut fields),
        Object::Group(id, _) => fields.push(Field::Group(id.clone(), GroupField::Master(None))),
        Object::GroupConnector(id, o) => {
            let field = |f| Field::GroupConnector(ConnectorId::clone(id), f);
            let sources = o.sources.iter().filter(stays_listener).cloned().collect();
            let targets = o.targets.iter().filter(stays_listener).cloned().collect();
            fields.push(field(GroupConnectorField::Sources(sources)));
            fields.push(field(GroupConnectorField::Targets(targets)));
        }
        Object::SmtpConnector(id, o) => {
            let sources = o.sources.iter().filter(stays_listener).cloned().collect();
            fields.push(Field::SmtpConnector(id.clone(), SmtpConnectorField::Sources(sources)));
        }
        Object::SiteLink(id, o) => {
            let stays = |id: &&GroupId| !gone.contains(&ObjectId::Group((*id).clone()));
            let sites = o.sites.iter().filter(stays).cloned().collect();
            fields.push(Field::SiteLink(id.clone(), SiteLinkField::Sites(sites)));
        }
        Object::Mailboxes(id, o) => {
            let mut push = |field| fields.push(Field::Mailboxes(id.clone(), field));
            if o.users_at.as_ref().is_some_and(|s| gone.contains(&ObjectId::Site(s.clone()))) {
                push(MailboxesField::UsersAt(None));
            }
            if o.home.as_ref().is_some_and(|s| gone.contains(&ObjectId::Server(s.clone()))) {
                push(MailboxesField::Home(None));
            }
        }
        _ => {}
    }
    fields
}

fn detach_resolver(
    id: &super::id::ResolverId,
    o: &super::dns::Resolver,
    gone: &BTreeSet<ObjectId>,
    fields: &mut Vec<Field>,
) {
    let stays = |id: &&super::id::ResolverId| !gone.contains(&ObjectId::Resolver((*id).clone()));
    let mut push = |field| fields.push(Field::Resolver(id.clone(), field));
    let serves = o
        .serves
        .iter()
        .filter(|view| !gone.contains(&ObjectId::View((*view).clone())))
        .cloned()
        .collect();
    push(ResolverField::Serves(serves));
    if let Some(Forward::To(list)) = &o.forwards {
        let left: Vec<_> = list.iter().filter(stays).cloned().collect();
        push(ResolverField::Forwards((!left.is_empty()).then_some(Forward::To(left))));
    }
    let conditional = o
        .conditional
        .iter()
        .map(|(zone, list)| (zone.clone(), list.iter().filter(stays).cloned().collect::<Vec<_>>()))
        .filter(|(_, list)| !list.is_empty())
        .collect();
    push(ResolverField::Conditional(conditional));
}

fn detach_server(
    id: &super::id::ServerId,
    o: &super::server::Server,
    gone: &BTreeSet<ObjectId>,
    fields: &mut Vec<Field>,
) {
    let mut push = |field| fields.push(Field::Server(id.clone(), field));
    if let Some(list) = &o.resolvers {
        let left: Vec<_> = list
            .iter()
            .filter(|r| !gone.contains(&ObjectId::Resolver((*r).clone())))
            .cloned()
            .collect();
        push(ServerField::Resolvers((!left.is_empty()).then_some(left)));
    }
    if o.organisation.as_ref().is_some_and(|x| gone.contains(&ObjectId::Organisation(x.clone()))) {
        push(ServerField::Organisation(None));
    }
    if o.group.as_ref().is_some_and(|x| gone.contains(&ObjectId::Group(x.clone()))) {
        push(ServerField::Group(None));
    }
    let routes = o
        .routes
        .iter()
        .filter(|route| match &route.to {
            RouteMatch::Home(server) => !gone.contains(&ObjectId::Server(server.clone())),
            _ => true,
        })
        .cloned()
        .collect();
    push(ServerField::Routes(routes));
}
