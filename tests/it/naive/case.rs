//! What the reference checker is asked about: a topology, what is taken for granted, what has failed.
//!
//! Nothing is prepared or indexed: every question goes to the maps of the topology themselves.

use bridgehead::{
    model::{
        ObjectId, Subject, Topology,
        assumption::{About, Behaviour},
        connector::GroupKind,
        dns::Place,
        id::{ConnectorId, FirewallId, GroupId, SegmentId, ServerId, SiteId},
        name::Fqdn,
        server::{Bindings, Listener, ListenerId, Platform, Server},
        site::Firewall,
    },
    net::world::Inputs,
    sim::trace::{Code, Disposition},
};
use std::{collections::BTreeSet, net::IpAddr};

/// Where a message ends, and with which code.
pub(super) type Outcome = (Disposition, Option<Code>);

/// A fact is missing.
pub(super) const CANNOT_TELL: Outcome = (Disposition::CannotTell, None);
/// No way leads on.
pub(super) const NO_ROUTE: Outcome = (Disposition::NoRoute, Some(Code::NoConnector));

/// The message waits, for this reason.
pub(super) fn queued(code: Code) -> Outcome {
    (Disposition::Queued, Some(code))
}

/// The message is returned, for this reason.
pub(super) fn bounced(code: Code) -> Outcome {
    (Disposition::Bounced, Some(code))
}

/// A question to the checker, without the two ends.
pub(super) struct Case<'a> {
    /// The drawing.
    pub(super) topology: &'a Topology,
    /// What is taken for granted.
    pub(super) inputs: &'a Inputs,
    /// What has failed.
    pub(super) failures: &'a BTreeSet<Subject>,
}

impl<'a> Case<'a> {
    /// Whether this very object has failed.
    pub(super) fn failed(&self, object: ObjectId) -> bool {
        self.failures.contains(&Subject::from(object))
    }

    /// Whether a behaviour is taken for granted.
    pub(super) fn on(&self, behaviour: Behaviour) -> bool {
        self.inputs.behaviours.contains(&behaviour)
    }

    /// Whether a fact of the network is filled by an assumption.
    pub(super) fn assumed(&self, about: &About) -> bool {
        self.inputs.facts.contains_key(about)
    }

    /// A server; callers only hold ids that they found in the drawing.
    pub(super) fn server(&self, id: &ServerId) -> &'a Server {
        &self.topology.servers[id]
    }

    /// Whether a group is an AD site.
    pub(super) fn is_directory_site(&self, id: &GroupId) -> bool {
        let group = self.topology.groups.get(id);
        group.is_some_and(|group| group.kind == GroupKind::DirectorySite)
    }

    /// Whether a server has failed, by itself or, where it routes by AD sites, with its site.
    pub(super) fn server_failed(&self, id: &ServerId) -> bool {
        let server = self.server(id);
        let by_site = server.platform.is_some_and(Platform::by_directory_site);
        let site = server.group.as_ref().filter(|group| self.is_directory_site(group));
        self.failed(ObjectId::Server(id.clone()))
            || (by_site && site.is_some_and(|site| self.group_failed(site)))
    }

    /// A server's listeners by number.
    pub(super) fn listeners(&self, server: &ServerId) -> Vec<(&'a ListenerId, &'a Listener)> {
        self.topology.listeners.iter().filter(|(id, _)| id.server == *server).collect()
    }

    /// The segment in which a server stands; none on the Internet.
    pub(super) fn segment_of(&self, server: &ServerId) -> Option<&'a SegmentId> {
        match &self.server(server).place {
            Place::Segment(id) => Some(id),
            Place::Internet => None,
        }
    }

    /// The site of a segment.
    pub(super) fn site_of(&self, segment: &SegmentId) -> &'a SiteId {
        &self.topology.segments[segment].site
    }

    /// The firewall that a line names, when it is drawn.
    pub(super) fn firewall(
        &self,
        id: Option<&'a FirewallId>,
    ) -> Option<(&'a FirewallId, &'a Firewall)> {
        id.and_then(|id| self.topology.firewalls.get_key_value(id))
    }

    /// Whether an address is one of the server's own.
    pub(super) fn is_own(&self, server: Option<&ServerId>, address: IpAddr) -> bool {
        server.is_some_and(|id| {
            let answers = |l: &Listener| match &l.bindings {
                Bindings::All => true,
                Bindings::Addresses(few) => few.contains(&address),
            };
            self.server(id).addresses.contains(&address)
                && self.listeners(id).iter().any(|(_, l)| answers(l))
        })
    }

    /// Whether a routing group connector has failed, by itself or with one of its groups.
    pub(super) fn group_connector_failed(&self, id: &ConnectorId) -> bool {
        let connector = &self.topology.group_connectors[id];
        self.failed(ObjectId::GroupConnector(id.clone()))
            || self.group_failed(&connector.from)
            || self.group_failed(&connector.to)
    }

    /// Whether an SMTP connector has failed, by itself or with its group.
    pub(super) fn smtp_connector_failed(&self, id: &ConnectorId) -> bool {
        self.failed(ObjectId::SmtpConnector(id.clone()))
            || self.group_failed(&self.topology.smtp_connectors[id].group)
    }

    fn group_failed(&self, id: &GroupId) -> bool {
        self.failed(ObjectId::Group(id.clone()))
    }

    /// The name with which a listener greets: its own, else the computer's.
    pub(super) fn greeting(&self, id: &ListenerId) -> Option<Fqdn> {
        let listener = self.topology.listeners.get(id)?;
        listener.fqdn.clone().or_else(|| self.server(&id.server).computer_fqdn())
    }
}
