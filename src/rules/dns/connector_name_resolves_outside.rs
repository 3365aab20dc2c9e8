//! BH101: a connector asks for a name that gives its sender a public address.

use crate::model::{
    dns::{RecordId, ViewKind},
    name::Fqdn,
};
use crate::{
    model::{ObjectId, Subject, Topology, address::is_private, promise::End},
    net::{
        lookup::Answer,
        world::{ConnectorIx, ListenerIx, ServerIx, Spot, World},
    },
    platform::Target,
    rules::{
        finding::Finding,
        rule::{Check, Rule, Severity},
        senders,
        wanted::{InsideAnswer, Wanted},
    },
    sim::{
        attempt::{Attempt, AttemptEnd, Try},
        walk::Simulator,
    },
};
use std::net::IpAddr;

/// The rule.
pub static RULE: Rule = Rule {
    code: "BH101",
    name: "connector-name-resolves-outside",
    article: include_str!("connector_name_resolves_outside.md"),
    symptoms: &[
        "unable to bind to the destination server in dns",
        "974",
        "the remote server did not respond to a connection attempt",
        "connection was dropped by the remote host",
        "4.4.7",
    ],
    check: Check::Drawn(check),
    cures,
};

/// One sender that is led outside.
struct Led {
    severity: Severity,
    server: ServerIx,
    listener: ListenerIx,
    name: Fqdn,
    record: RecordId,
    address: IpAddr,
    why: String,
}

fn check(simulator: &Simulator<'_, '_>) -> Vec<Finding> {
    (0..simulator.world.connectors.len())
        .map(ConnectorIx::new)
        .filter(|ix| !simulator.world.is_down(simulator.world.connector(*ix).failed))
        .filter_map(|ix| finding(simulator, ix))
        .collect()
}

fn finding(simulator: &Simulator<'_, '_>, connector: ConnectorIx) -> Option<Finding> {
    let world = simulator.world;
    let worst = senders::attempts(simulator, connector)
        .iter()
        .filter_map(|(server, attempt)| led(world, connector, *server, attempt))
        .min_by_key(|led| led.severity)?;
    let node = world.connector(connector);
    let listener = world.listener(worst.listener);
    let message = format!(
        "{} finds {} by {}, which {} is told is the public address {}: {}",
        node.object.name,
        world.server(listener.server).object.name,
        worst.name,
        world.server(worst.server).object.name,
        worst.address,
        worst.why
    );
    Some(Finding {
        rule: &RULE,
        severity: worst.severity,
        subject: Subject::Connector(node.id.clone()),
        also: vec![
            ObjectId::Listener(listener.id.clone()).into(),
            ObjectId::Record(worst.record).into(),
            ObjectId::Server(world.server(worst.server).id.clone()).into(),
        ],
        message,
        evidence: evidence(world, connector, worst.server),
        observed: None,
    })
}

/// A message that takes the connector: from the sender to mailboxes in the group that it leads to.
fn evidence(world: &World<'_>, connector: ConnectorIx, server: ServerIx) -> Option<(End, End)> {
    let group = world.connector(connector).to;
    let home = world.topology.mailboxes.values().filter_map(|m| m.home.as_ref()).find(|home| {
        world.server_ix(home).is_some_and(|ix| world.server(ix).group == Some(group))
    })?;
    Some((End::Server(world.server(server).id.clone()), End::Server(home.clone())))
}

/// Whether a sender is led outside by a connector's name.
pub fn is_led(
    world: &World<'_>,
    connector: ConnectorIx,
    server: ServerIx,
    attempt: &Attempt<'_>,
) -> bool {
    led(world, connector, server, attempt).is_some()
}

/// The sender's first try that asks for a listener's name and is given a public address.
fn led(
    world: &World<'_>,
    connector: ConnectorIx,
    server: ServerIx,
    attempt: &Attempt<'_>,
) -> Option<Led> {
    if world.server(server).spot == Spot::Internet {
        return None;
    }
    // Most senders are told inside addresses: nothing more is worked out for them.
    let outside = |a: &IpAddr| world.is_line_address(*a) || !is_private(*a);
    let told = attempt.tries.iter().flat_map(|t| &t.lookups);
    if !told.into_iter().any(|lookup| lookup.addresses().iter().any(outside)) {
        return None;
    }
    let platform = crate::platform::of(world.server(server).object.platform?);
    let to = crate::platform::Recipient {
        domain: None,
        mailbox: crate::platform::Mailbox::Foreign,
        address: None,
    };
    let targets = platform.targets(world, server, crate::platform::Hop::Connector(connector), &to);
    for this in &attempt.tries {
        let Some(Target::Host { name, listener: Some(listener), .. }) =
            targets.list.get(this.target)
        else {
            continue;
        };
        let Some((record, address)) = outside_answer(world, *listener, this) else { continue };
        let (severity, why) = consequence(world, attempt);
        return Some(Led {
            severity,
            server,
            listener: *listener,
            name: name.clone(),
            record,
            address,
            why,
        });
    }
    None
}

/// The first public address in the answers that is none of the target's own.
fn outside_answer(
    world: &World<'_>,
    listener: ListenerIx,
    this: &Try<'_>,
) -> Option<(RecordId, IpAddr)> {
    let own = world.server(world.listener(listener).server);
    if own.spot == Spot::Internet {
        return None;
    }
    this.lookups.iter().find_map(|lookup| {
        let Answer::Found(record, set) = &lookup.answer else { return None };
        let public = |a: &IpAddr| {
            !own.object.addresses.contains(a) && (world.is_line_address(*a) || !is_private(*a))
        };
        set.data.addresses().into_iter().find(public).map(|address| ((*record).clone(), address))
    })
}

fn consequence(world: &World<'_>, attempt: &Attempt<'_>) -> (Severity, String) {
    match &attempt.end {
        AttemptEnd::Stopped(stopped) if stopped.code.is_none() => {
            (Severity::CannotTell, stopped.why.text(world))
        }
        AttemptEnd::Stopped(stopped) => {
            let text = format!("{}; mail {}", stopped.why.text(world), senders::fate(stopped));
            (Severity::Error, text)
        }
        AttemptEnd::Open(_) | AttemptEnd::Outside(_) => (
            Severity::Warning,
            "mail arrives only by way of the public address, over the Internet line".to_owned(),
        ),
    }
}

fn cures(topology: &Topology, finding: &Finding) -> Vec<Wanted> {
    let Subject::Connector(connector) = &finding.subject else { return vec![] };
    let object = |at: usize| finding.also.get(at).and_then(|s| s.object(topology));
    let (Some(ObjectId::Listener(listener)), Some(server)) = (object(0), object(2)) else {
        return vec![];
    };
    let ObjectId::Server(sender) = server else { return vec![] };
    let own = topology.listeners.get(&listener).and_then(|l| l.fqdn.clone());
    let computer = || topology.servers.get(&listener.server)?.computer_fqdn();
    let Some(name) = own.or_else(computer) else { return vec![] };
    let answer = InsideAnswer {
        connector: connector.clone(),
        senders: [sender].into(),
        listener: listener.clone(),
        name,
    };
    // The zone of the name itself, which an alias may have led away from.
    let holding = topology.zones.keys().filter(|zone| {
        let view = topology.views.get(&zone.view);
        view.is_some_and(|view| view.kind == ViewKind::Outside)
            && answer.name.is_within(&zone.origin)
    });
    let origin = holding.map(|zone| &zone.origin).max_by_key(|origin| origin.as_str().len());
    let mut cures = vec![Wanted::InsideName(answer.clone())];
    if let Some(origin) = origin
        && *origin != answer.name
        && !origin.is_root()
        && !answer.has_inside_zone(topology)
    {
        cures.push(Wanted::InsideZone(answer, origin.clone()));
    }
    cures.push(Wanted::Bound(listener));
    cures
}
