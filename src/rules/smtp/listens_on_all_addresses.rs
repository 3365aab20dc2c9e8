//! BH102: an SMTP virtual server listens on all addresses.

use crate::{
    model::{
        ObjectId, Topology,
        server::{Bindings, Platform},
    },
    net::world::{ListenerIx, World},
    rules::{
        finding::Finding,
        rule::{Check, Rule, Severity},
        wanted::Wanted,
    },
    sim::walk::Simulator,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "BH102",
    name: "listens-on-all-addresses",
    article: include_str!("listens_on_all_addresses.md"),
    symptoms: &[],
    check: Check::Drawn(check),
    cures,
};

fn check(simulator: &Simulator<'_, '_>) -> Vec<Finding> {
    let world = simulator.world;
    let all = (0..world.listeners.len()).map(ListenerIx::new);
    all.filter_map(|ix| finding(world, ix)).collect()
}

fn finding(world: &World<'_>, ix: ListenerIx) -> Option<Finding> {
    let node = world.listener(ix);
    let server = world.server(node.server);
    let exchange = server.object.platform == Some(Platform::Exchange2003);
    if !exchange || node.object.bindings != Bindings::All {
        return None;
    }
    let renamed = node.object.fqdn.as_ref().filter(|fqdn| server.computer.as_ref() != Some(*fqdn));
    let connector = world.connectors.iter().find(|c| c.targets.contains(&ix));
    let name = &server.object.name;
    let (severity, message) = match (connector, renamed) {
        (Some(connector), Some(fqdn)) => (
            Severity::Warning,
            format!(
                "{name} listens on all addresses, so {} has to ask for {fqdn}, which is not its computer's name: what that resolves to decides whether mail arrives",
                connector.object.name
            ),
        ),
        _ => (
            Severity::Note,
            format!(
                "{name} listens on all addresses: bind to an address unless there is a reason not to"
            ),
        ),
    };
    Some(Finding {
        rule: &RULE,
        severity,
        subject: ObjectId::Listener(node.id.clone()).into(),
        also: vec![ObjectId::Server(server.id.clone()).into()],
        message,
        evidence: None,
        observed: None,
    })
}

fn cures(topology: &Topology, finding: &Finding) -> Vec<Wanted> {
    match finding.subject.object(topology) {
        Some(ObjectId::Listener(id)) => vec![Wanted::Bound(id)],
        _ => vec![],
    }
}
