//! SIZE along the path: a next hop that takes less than the hop before it has taken refuses mail that
//! was accepted already, which then comes back as a bounce.

use crate::{
    model::{
        ObjectId, Subject, Topology, beside::Outcome, connector::GroupConnector, id::ServerId,
    },
    probe::run::Check,
};
use std::collections::{BTreeMap, BTreeSet};

/// The checks of the routing group connectors between servers whose limits were heard in one run.
pub fn along(topology: &Topology, checks: &[Check]) -> Vec<Check> {
    let limits = limits(checks);
    let mut found = Vec::new();
    for (id, connector) in &topology.group_connectors {
        for from in senders(topology, connector) {
            for to in connector.targets.iter().map(|listener| &listener.server) {
                let (Some((own, _)), Some((next, like))) = (limits.get(&from), limits.get(to))
                else {
                    continue;
                };
                if from != *to {
                    let subject = Subject::Connector(id.clone());
                    let way = (&from, to, connector.name.as_str());
                    found.push(check(like, subject, way, (*own, *next)));
                }
            }
        }
    }
    found
}

/// The lowest limit in bytes that each server announced, with the check that heard it; without a
/// limit it is `u64::MAX`.
fn limits(checks: &[Check]) -> BTreeMap<ServerId, (u64, &Check)> {
    let mut limits: BTreeMap<ServerId, (u64, &Check)> = BTreeMap::new();
    for check in checks.iter().filter(|check| check.key.ends_with(" size")) {
        let Subject::Object(ObjectId::Listener(listener)) = &check.evidence.subject else {
            continue;
        };
        let Some(limit) = check.evidence.got.first().and_then(|line| limit(line)) else { continue };
        let known = limits.entry(listener.server.clone()).or_insert((limit, check));
        if limit < known.0 {
            *known = (limit, check);
        }
    }
    limits
}

fn limit(line: &str) -> Option<u64> {
    match line.strip_prefix("SIZE")?.trim() {
        "" | "0" => Some(u64::MAX),
        number => number.parse().ok(),
    }
}

fn senders(topology: &Topology, connector: &GroupConnector) -> BTreeSet<ServerId> {
    if !connector.sources.is_empty() {
        return connector.sources.iter().map(|listener| listener.server.clone()).collect();
    }
    let own = |group: Option<&_>| group == Some(&connector.from);
    let servers = topology.servers.iter().filter(|(_, server)| own(server.group.as_ref()));
    servers.map(|(id, _)| id.clone()).collect()
}

fn check(
    like: &Check,
    subject: Subject,
    (from, to, way): (&ServerId, &ServerId, &str),
    (own, next): (u64, u64),
) -> Check {
    let text = |limit: u64| {
        if limit == u64::MAX { "no limit".to_owned() } else { format!("{limit} bytes") }
    };
    let mut check = like.clone();
    check.key = format!("{} from {from}", like.key);
    check.also = vec![like.evidence.subject.clone()];
    check.evidence.subject = subject;
    check.evidence.question = format!("SIZE from {from} to {to} by {way}");
    check.evidence.expected = vec![format!("at least {}", text(own))];
    check.evidence.got = vec![text(next)];
    (check.evidence.outcome, check.evidence.reason) = if next >= own {
        (Outcome::Pass, "the next hop takes what this one has taken".to_owned())
    } else {
        let why = format!(
            "{from} takes messages of {}, and {to} refuses more than {}: what lies between comes back",
            text(own),
            text(next)
        );
        (Outcome::Fail, why)
    };
    check
}
