//! Phases of a random plan: edits as a person would make them, each valid where it stands.

use super::{Draft, Era, network::wan_rules, of, routing, servers, sites};
use bridgehead::model::{
    ObjectId, Project,
    change::{Change, apply},
    connector::{GroupConnectorField, Scope, SmtpConnectorField},
    dns::{Forward, Place, RecordData, RecordField, RecordId, RecordSet, ResolverField},
    edit::Edit,
    editing::edit,
    id::{ServerId, SiteId},
    organisation::MailboxesField,
    project::Phase,
    server::{Listener, ListenerField, ListenerId, Platform, ServerField},
    site::{
        FirewallField, InternetAccess, LineField, Link, LinkField, Outbound, SegmentField,
        SiteField,
    },
    topology::{Field, Object},
    unfold::unfold,
};
use std::collections::BTreeSet;

/// Adds 1 to 4 phases with a few edits each. An edit that does not fit is left out.
pub(super) fn add_phases(draft: &mut Draft, project: &mut Project) {
    for number in 1..=draft.random.between(1, 4) {
        let phase = Phase::new(of(&format!("phase-{number}")), &format!("Phase {number}"));
        let at = usize::from(number) - 1;
        let change = Change::InsertPhase { at, phase };
        apply(project, change).expect("a new phase fits");
        for _ in 0..draft.random.between(1, 6) {
            let index = usize::from(number);
            draft.topology = unfold(project).swap_remove(index);
            for one in some_edits(draft) {
                if let Ok(change) = edit(project, index, one) {
                    apply(project, change).expect("a change made from an edit fits");
                }
            }
        }
    }
}

/// One operation, of one or a few edits.
fn some_edits(draft: &mut Draft) -> Vec<Edit> {
    match draft.random.below(100) {
        0..30 => edit_server(draft),
        30..42 => edit_listener(draft).into_iter().collect(),
        42..60 => edit_network(draft).into_iter().collect(),
        60..72 => edit_names(draft).into_iter().collect(),
        72..84 => edit_routing(draft).into_iter().collect(),
        84..90 => add_server(draft),
        90..95 => remove_something(draft).into_iter().collect(),
        _ => edit_mailboxes(draft).into_iter().collect(),
    }
}

fn keys<K: Clone, V>(map: &std::collections::BTreeMap<K, V>) -> Vec<K> {
    map.keys().cloned().collect()
}

fn edit_server(draft: &mut Draft) -> Vec<Edit> {
    let Some(id) = draft.random.pick(&keys(&draft.topology.servers)) else { return vec![] };
    let set = |field| vec![Edit::Set(Field::Server(id.clone(), field))];
    match draft.random.below(10) {
        0 | 1 => readdress(draft, &id),
        2 => move_server(draft, &id),
        3 => set(ServerField::Name(format!("renamed {id}"))),
        4 => set(ServerField::ComputerName(Some(of(&format!("new-{id}"))))),
        5 => {
            let groups = keys(&draft.topology.groups);
            set(ServerField::Group(draft.random.pick(&groups)))
        }
        6 => {
            let platforms = match draft.era {
                Era::Groups => &[Platform::Exchange2003, Platform::Postfix][..],
                _ => &Platform::ALL,
            };
            set(ServerField::Platform(draft.random.pick(platforms)))
        }
        7 => {
            let clients = [of("10.0.0.0/8"), of("203.0.113.0/24")];
            set(ServerField::RelayFrom(Some(clients.into())))
        }
        8 => {
            let resolvers = keys(&draft.topology.resolvers);
            set(ServerField::Resolvers(draft.random.pick(&resolvers).map(|one| vec![one])))
        }
        _ => {
            let domains: BTreeSet<_> = [of("corp.example"), of("partner.example")].into();
            set(ServerField::RelayDomains(domains))
        }
    }
}

/// A new address, mostly with the DNS and the bindings following, as a careful person does.
fn readdress(draft: &mut Draft, id: &ServerId) -> Vec<Edit> {
    let server = draft.topology.servers[id].clone();
    let Place::Segment(segment) = &server.place else { return vec![] };
    let Some(subnet) = draft.topology.segments[segment].subnets.first() else { return vec![] };
    let base = subnet.address().to_string();
    let Some((net, _)) = base.rsplit_once('.') else { return vec![] };
    let new = of(&format!("{net}.{}", draft.random.between(50, 90)));
    let mut edits = vec![Edit::Set(Field::Server(id.clone(), ServerField::Addresses(vec![new])))];
    let careful = draft.random.chance(60);
    for (record, set) in draft.topology.records.iter().filter(|_| careful) {
        if set.data.addresses().iter().any(|a| server.addresses.contains(a)) && new.is_ipv4() {
            let data = RecordData::address(new);
            if data.kind() == record.kind {
                edits.push(Edit::Set(Field::Record(record.clone(), RecordField::Data(data))));
            }
        }
    }
    edits
}

/// The server goes to another segment, with an address of that segment.
fn move_server(draft: &mut Draft, id: &ServerId) -> Vec<Edit> {
    let Some(to) = draft.random.pick(&keys(&draft.topology.segments)) else { return vec![] };
    let mut edits =
        vec![Edit::Set(Field::Server(id.clone(), ServerField::Place(Place::Segment(to.clone()))))];
    let Some(subnet) = draft.topology.segments[&to].subnets.first() else { return edits };
    let base = subnet.address().to_string();
    if let (Some((net, _)), true) = (base.rsplit_once('.'), draft.random.chance(80)) {
        let new = of(&format!("{net}.{}", draft.random.between(100, 140)));
        edits.push(Edit::Set(Field::Server(id.clone(), ServerField::Addresses(vec![new]))));
    }
    edits
}

fn edit_listener(draft: &mut Draft) -> Option<Edit> {
    let id = draft.random.pick(&keys(&draft.topology.listeners))?;
    let own = draft.topology.servers[&id.server].addresses.clone();
    let field = match draft.random.below(10) {
        0..4 => ListenerField::Bindings(servers::bindings(draft, &own)),
        4..8 => {
            let number = draft.random.between(1, 4);
            ListenerField::Fqdn(
                draft.random.chance(80).then(|| of(&format!("mail{number}.corp.example"))),
            )
        }
        8 => ListenerField::SmartHost(Some(routing::smart_host(draft))),
        _ => ListenerField::Port(draft.random.pick(&[None, Some(25), Some(2525)]).flatten()),
    };
    Some(Edit::Set(Field::Listener(id, field)))
}

fn edit_network(draft: &mut Draft) -> Option<Edit> {
    match draft.random.below(8) {
        0..4 => {
            let id = draft.random.pick(&keys(&draft.topology.firewalls))?;
            let field = match draft.random.below(3) {
                0 => FirewallField::Hairpin(draft.random.pick(&[Some(true), Some(false), None])?),
                1 => {
                    let few = Outbound::Only([of("10.1.0.11"), of("10.2.0.11")].into());
                    let all = Outbound::All;
                    FirewallField::Outbound25(draft.random.pick(&[Some(all), Some(few), None])?)
                }
                _ => FirewallField::Published(BTreeSet::new()),
            };
            Some(Edit::Set(Field::Firewall(id, field)))
        }
        4 => {
            let id = draft.random.pick(&keys(&draft.topology.links))?;
            let filter = wan_rules(draft);
            Some(Edit::Set(Field::Link(id, LinkField::Filter(Some(filter)))))
        }
        5 => add_link(draft),
        6 => {
            let id = draft.random.pick(&keys(&draft.topology.lines))?;
            let addresses = vec![of(&format!("203.0.113.{}", draft.random.between(100, 120)))];
            Some(Edit::Set(Field::Line(id, LineField::Addresses(addresses))))
        }
        _ => edit_site(draft),
    }
}

fn edit_site(draft: &mut Draft) -> Option<Edit> {
    let id = draft.random.pick(&keys(&draft.topology.sites))?;
    let other = draft.random.pick(&keys(&draft.topology.sites))?;
    let resolvers = keys(&draft.topology.resolvers);
    let field = match draft.random.below(4) {
        0 => SiteField::Internet(Some(InternetAccess::Through(other))),
        1 => SiteField::Internet(None),
        2 => SiteField::Resolvers(draft.random.pick(&resolvers).map(|one| vec![one])),
        _ => {
            let segment = draft.random.pick(&keys(&draft.topology.segments))?;
            let open = bridgehead::model::address::Filter::Open;
            let field = SegmentField::FromSegments(draft.random.chance(80).then_some(open));
            return Some(Edit::Set(Field::Segment(segment, field)));
        }
    };
    Some(Edit::Set(Field::Site(id, field)))
}

fn add_link(draft: &mut Draft) -> Option<Edit> {
    let sites: Vec<SiteId> = keys(&draft.topology.sites);
    let (a, b) = (draft.random.pick(&sites)?, draft.random.pick(&sites)?);
    let id = of(&format!("wan-new-{}", draft.random.between(0, 99)));
    let filter = Some(wan_rules(draft));
    let name = format!("{a} to {b}, new");
    let link =
        Link { name, a: a.clone(), b: b.clone(), bandwidth_kbit: None, latency_ms: None, filter };
    (a != b).then_some(Edit::Add(Object::Link(id, link)))
}

fn edit_names(draft: &mut Draft) -> Option<Edit> {
    let records: Vec<RecordId> = keys(&draft.topology.records);
    let id = draft.random.pick(&records)?;
    match draft.random.below(6) {
        0 => Some(Edit::Remove(ObjectId::Record(id))),
        1 | 2 => {
            let address =
                draft.random.pick(&["203.0.113.16", "10.1.0.11", "10.2.0.12", "192.0.2.80"])?;
            let data = RecordData::A(vec![of(address)]);
            let id = RecordId { kind: data.kind(), ..id };
            let there = draft.topology.records.contains_key(&id);
            Some(if there {
                Edit::Set(Field::Record(id, RecordField::Data(data)))
            } else {
                Edit::Add(Object::Record(id, RecordSet { data, ttl_s: None }))
            })
        }
        _ => {
            let id = draft.random.pick(&keys(&draft.topology.resolvers))?;
            let other = draft.random.pick(&keys(&draft.topology.resolvers))?;
            let views = keys(&draft.topology.views);
            let field = match draft.random.below(4) {
                0 => ResolverField::Forwards(Some(Forward::To(vec![other]))),
                1 => ResolverField::Forwards(Some(Forward::Internet)),
                2 => ResolverField::Serves(draft.random.pick(&views).into_iter().collect()),
                _ => ResolverField::Conditional([(of("corp.example"), vec![other])].into()),
            };
            Some(Edit::Set(Field::Resolver(id, field)))
        }
    }
}

fn edit_routing(draft: &mut Draft) -> Option<Edit> {
    if draft.era != Era::Groups && draft.random.chance(60) {
        return sites::edit(draft);
    }
    let connectors = keys(&draft.topology.group_connectors);
    let exits = keys(&draft.topology.smtp_connectors);
    match draft.random.below(6) {
        0 => {
            let (id, cost) = (draft.random.pick(&connectors)?, draft.random.between(1, 5).into());
            let field = GroupConnectorField::Cost(Some(cost));
            Some(Edit::Set(Field::GroupConnector(id, field)))
        }
        1 | 2 => {
            let id = draft.random.pick(&connectors)?;
            let old = draft.topology.group_connectors[&id].clone();
            let new = routing::group_connector(draft, &old.from, &old.to);
            let field = if draft.random.chance(50) {
                GroupConnectorField::Sources(new.sources)
            } else {
                GroupConnectorField::Targets(new.targets)
            };
            Some(Edit::Set(Field::GroupConnector(id, field)))
        }
        3 => {
            let id = draft.random.pick(&exits)?;
            let field =
                SmtpConnectorField::Scope(draft.random.pick(&[Scope::Organisation, Scope::Group])?);
            Some(Edit::Set(Field::SmtpConnector(id, field)))
        }
        4 => {
            let id = draft.random.pick(&exits)?;
            let new = routing::smtp_connector(draft)?;
            Some(Edit::Set(Field::SmtpConnector(id, SmtpConnectorField::Delivery(new.delivery))))
        }
        _ => {
            let id = of(&format!("smtp-new-{}", draft.random.between(0, 99)));
            routing::smtp_connector(draft).map(|new| Edit::Add(Object::SmtpConnector(id, new)))
        }
    }
}

/// A new server beside an old one, with a listener and mostly with a record.
fn add_server(draft: &mut Draft) -> Vec<Edit> {
    let Some(like) = draft.random.pick(&keys(&draft.topology.servers)) else { return vec![] };
    let id: ServerId = of(&format!("new-{}", draft.random.between(0, 99)));
    let old = draft.topology.servers[&like].clone();
    let Some(address) = old.addresses.first().map(ToString::to_string) else { return vec![] };
    let Some((net, _)) = address.rsplit_once('.') else { return vec![] };
    let address = of(&format!("{net}.{}", draft.random.between(150, 190)));
    let mut server = servers::blank(id.as_str(), old.place.clone());
    server.platform = old.platform;
    server.organisation.clone_from(&old.organisation);
    server.group.clone_from(&old.group);
    server.directory_domain.clone_from(&old.directory_domain);
    server.computer_name = Some(of(id.as_str()));
    server.addresses = vec![address];
    server.relay_from = Some(BTreeSet::new());
    let name = server.computer_fqdn();
    let bindings = servers::bindings(draft, &server.addresses);
    let listener = ListenerId { server: id.clone(), number: 1 };
    let new =
        Listener { name: "smtp".to_owned(), fqdn: None, bindings, port: None, smart_host: None };
    let mut edits =
        vec![Edit::Add(Object::Server(id, server)), Edit::Add(Object::Listener(listener, new))];
    for zone in draft.topology.zones.keys() {
        if let Some(name) = name.clone().filter(|n| n.is_within(&zone.origin)) {
            let data = RecordData::address(address);
            let record = RecordId { zone: zone.clone(), name, kind: data.kind() };
            edits.push(Edit::Add(Object::Record(record, RecordSet { data, ttl_s: None })));
        }
    }
    edits
}

fn remove_something(draft: &mut Draft) -> Option<Edit> {
    let removable = |id: &ObjectId| {
        matches!(
            id,
            ObjectId::Server(_)
                | ObjectId::Listener(_)
                | ObjectId::Link(_)
                | ObjectId::Line(_)
                | ObjectId::Resolver(_)
                | ObjectId::SiteLink(_)
                | ObjectId::GroupConnector(_)
                | ObjectId::SmtpConnector(_)
        )
    };
    let ids: Vec<ObjectId> = draft.topology.ids().into_iter().filter(removable).collect();
    draft.random.pick(&ids).map(Edit::Remove)
}

fn edit_mailboxes(draft: &mut Draft) -> Option<Edit> {
    let id = draft.random.pick(&keys(&draft.topology.mailboxes))?;
    let home = draft.random.pick(&keys(&draft.topology.servers));
    Some(Edit::Set(Field::Mailboxes(id, MailboxesField::Home(home))))
}
