//! BH103: a connector's senders do not get through to its target, for another reason than BH101's.

use crate::{
    model::{ObjectId, Subject, Topology, promise::End},
    net::world::{ConnectorIx, ServerIx, World},
    platform::verdict::Stopped,
    rules::{
        dns::connector_name_resolves_outside,
        finding::Finding,
        rule::{Check, Rule, Severity},
        senders,
        wanted::Wanted,
    },
    sim::walk::Simulator,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "BH103",
    name: "connector-target-out-of-reach",
    article: include_str!("connector_target_out_of_reach.md"),
    symptoms: &[
        "974",
        "the remote server did not respond to a connection attempt",
        "connection refused",
        "connection timed out",
        "host not found",
        "4.4.7",
    ],
    check: Check::Drawn(check),
    cures,
};

fn check(simulator: &Simulator<'_, '_>) -> Vec<Finding> {
    let world = simulator.world;
    (0..world.connectors.len())
        .map(ConnectorIx::new)
        .filter(|ix| !world.is_down(world.connector(*ix).failed))
        .filter_map(|ix| finding(simulator, ix))
        .collect()
}

fn finding(simulator: &Simulator<'_, '_>, connector: ConnectorIx) -> Option<Finding> {
    let world = simulator.world;
    let mut worst: Option<(Severity, ServerIx, Stopped)> = None;
    for (server, attempt) in senders::attempts(simulator, connector) {
        let Some(stopped) = senders::stopped(&attempt) else { continue };
        if connector_name_resolves_outside::is_led(world, connector, server, &attempt) {
            continue;
        }
        let severity = if stopped.code.is_none() { Severity::CannotTell } else { Severity::Error };
        if worst.as_ref().is_none_or(|(known, ..)| severity < *known) {
            worst = Some((severity, server, stopped.clone()));
        }
    }
    let (severity, server, stopped) = worst?;
    Some(describe(world, connector, severity, server, &stopped))
}

fn describe(
    world: &World<'_>,
    connector: ConnectorIx,
    severity: Severity,
    server: ServerIx,
    stopped: &Stopped,
) -> Finding {
    let node = world.connector(connector);
    let sender = world.server(server);
    let why = stopped.why.text(world);
    let message = match severity {
        Severity::CannotTell => format!(
            "Whether {} gets through over {} cannot be told: {why}",
            sender.object.name, node.object.name
        ),
        _ => format!(
            "{} does not get through over {}: {why}; mail {}",
            sender.object.name,
            node.object.name,
            senders::fate(stopped)
        ),
    };
    let blamed = stopped.why.blame(world).0;
    let mut also: Vec<Subject> = vec![ObjectId::Server(sender.id.clone()).into()];
    also.extend(blamed);
    let home = world.topology.mailboxes.values().filter_map(|m| m.home.as_ref()).find(|home| {
        world.server_ix(home).is_some_and(|ix| world.server(ix).group == Some(node.to))
    });
    Finding {
        rule: &RULE,
        severity,
        subject: Subject::Connector(node.id.clone()),
        also,
        message,
        evidence: home.map(|home| (End::Server(sender.id.clone()), End::Server(home.clone()))),
        observed: None,
    }
}

/// What is out of reach has as many cures as causes; the trace shows where to look.
fn cures(_topology: &Topology, _finding: &Finding) -> Vec<Wanted> {
    vec![]
}
