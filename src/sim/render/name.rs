//! The steps that tell which name is asked and what the name servers say.

use super::{server_name, step, subject};
use crate::{
    model::{ObjectId, assumption::Behaviour, dns::RecordKind},
    net::{
        lookup::{Answer, Lookup, LookupStep},
        world::{Spot, World},
    },
    platform::Target,
    sim::{
        attempt::Try,
        trace::{Step, StepKind},
        walk::Leg,
    },
};
use std::net::IpAddr;

/// The steps of one try up to its address.
pub(super) fn steps(
    world: &World<'_>,
    leg: &Leg<'_>,
    target: &Target,
    this: &Try<'_>,
    steps: &mut Vec<Step>,
) {
    if let Some(mx) = &this.mx {
        let about = match &mx.answer {
            Answer::Found(record, _) => subject(ObjectId::Record((*record).clone())),
            _ => None,
        };
        steps.push(step(StepKind::Answer, told(world, mx, "MX"), about));
    }
    // The name is told once, with the first of its addresses.
    let first = !this.lookups.is_empty() || this.reach.is_none();
    match target {
        Target::Host { .. } if first => name_step(world, target, this, steps),
        Target::Address { address, bound: Some(listener) } => {
            let node = world.listener(*listener);
            let text = format!(
                "{} is bound to {address}, so nothing is looked up ({})",
                server_name(world, node.server),
                Behaviour::BindingSparesLookup.name()
            );
            let about = subject(ObjectId::Listener(node.id.clone()));
            steps.push(step(StepKind::Name, text, about));
        }
        Target::Address { address, bound: None } => {
            let text = format!("the next hop is the address {address}, so nothing is looked up");
            steps.push(step(StepKind::Name, text, None));
        }
        Target::Mx { .. } if first => {
            if let Some(name) = &this.name {
                let text = format!("the mail exchanger {name} is asked for");
                steps.push(step(StepKind::Name, text, None));
            }
        }
        _ => {}
    }
    for lookup in &this.lookups {
        answer_step(world, leg, target, lookup, steps);
    }
}

fn name_step(world: &World<'_>, target: &Target, this: &Try<'_>, steps: &mut Vec<Step>) {
    let Some(name) = &this.name else { return };
    let (text, about) = match target {
        Target::Host { listener: Some(listener), .. } => {
            let node = world.listener(*listener);
            let why = match &node.object.bindings {
                crate::model::server::Bindings::All => "listens on all addresses",
                crate::model::server::Bindings::Addresses(_) => "is bound to an address",
            };
            let text =
                format!("{} {why}, and its FQDN is asked: {name}", server_name(world, node.server));
            (text, subject(ObjectId::Listener(node.id.clone())))
        }
        Target::Host { meant: Some(server), .. } => (
            format!("{} is asked for by its computer name: {name}", server_name(world, *server)),
            subject(ObjectId::Server(world.server(*server).id.clone())),
        ),
        _ => (format!("the host is asked for: {name}"), None),
    };
    steps.push(step(StepKind::Name, text, about));
}

fn answer_step(
    world: &World<'_>,
    leg: &Leg<'_>,
    target: &Target,
    lookup: &Lookup<'_>,
    steps: &mut Vec<Step>,
) {
    // A family that has no records is worth a word only when the other has none either.
    let empty = matches!(lookup.answer, Answer::NoData | Answer::NoSuchName);
    let kind = match &lookup.answer {
        Answer::Found(record, _) => record.kind,
        _ => RecordKind::A,
    };
    if empty && steps.last().is_some_and(|s| s.kind == StepKind::Answer) {
        return;
    }
    let about = match &lookup.answer {
        Answer::Found(record, _) => subject(ObjectId::Record((*record).clone())),
        _ => None,
    };
    let inside = leg.server.is_some_and(|ix| world.server(ix).spot != Spot::Internet);
    let meant = matches!(target, Target::Host { meant: Some(_), .. });
    let public = lookup.addresses().iter().any(|address| is_public(world, *address));
    let what = if kind == RecordKind::Aaaa { "AAAA" } else { "A" };
    let mut answer = step(StepKind::Answer, told(world, lookup, what), about);
    answer.doubt = inside && meant && public;
    steps.push(answer);
}

/// Whether an address is one of a drawn line's, or of a host on the Internet.
fn is_public(world: &World<'_>, address: IpAddr) -> bool {
    world.line_at.contains_key(&address) || world.internet_server_at.contains_key(&address)
}

/// What the name servers said, and by what way.
fn told(world: &World<'_>, lookup: &Lookup<'_>, what: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for this in &lookup.steps {
        let resolver = |ix| world.resolver(ix).object.name.as_str();
        words.push(match this {
            LookupStep::Silent(ix) => format!("{} does not answer", resolver(*ix)),
            LookupStep::Asked(ix) => format!("{} is asked", resolver(*ix)),
            LookupStep::Zone(ix) => format!("zone {} ({})", world.zone(*ix).id.origin, {
                let view = world.topology.views.get(world.zone(*ix).view);
                view.map_or_else(
                    || world.zone(*ix).view.to_string(),
                    |v| format!("view {}", v.name),
                )
            }),
            LookupStep::Forwarded(None) => {
                "no such name inside, so it is forwarded to the public DNS".to_owned()
            }
            LookupStep::Forwarded(Some(ix)) => {
                format!("no such name there, so it is forwarded to {}", resolver(*ix))
            }
            LookupStep::NoForwarder => "no such zone and no forwarder".to_owned(),
            LookupStep::Public => continue,
            LookupStep::Alias(_, target) => format!("an alias of {target}"),
            LookupStep::Wildcard(_) => "a wildcard".to_owned(),
        });
    }
    let answer = match &lookup.answer {
        Answer::Found(_, set) => {
            let lines = set.data.lines().join(", ");
            let outside = set.data.addresses().iter().any(|a| is_public(world, *a));
            format!("{lines}{}", if outside { " (public)" } else { "" })
        }
        Answer::NoSuchName => "no such name".to_owned(),
        Answer::NoData => format!("no {what} record"),
        Answer::Temporary => "no answer".to_owned(),
        Answer::Unknown(unknown) => unknown.text(world),
    };
    if words.is_empty() { answer } else { format!("{}: {answer}", words.join("; ")) }
}
