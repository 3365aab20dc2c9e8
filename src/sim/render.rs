//! The wording of a trace, made from a walk on demand.
//!
//! Every step is a sentence with its reason. A step is not `ok` only where the message stops; a step
//! that led astray without stopping it (a public answer to an inside question, a first mail exchanger
//! that is down) bears a doubt.

mod name;
mod way;

use super::{
    trace::{Disposition, Hop, Step, StepKind, Trace},
    walk::{Leg, LegEnd, Message, Simulator, Walk},
};
use crate::{
    model::{ObjectId, Subject, connector::GroupKind, id::AssumptionId, promise::End},
    net::{
        unknown::Unknown,
        world::{ConnectorIx, GroupIx, ServerIx, SmtpIx, World},
    },
    platform::{
        self, Decision, Goal, Hop as NextHop, Targets,
        verdict::{Stopped, Why},
    },
};
use std::collections::BTreeSet;

/// The trace of a message.
pub fn trace(
    simulator: &Simulator<'_, '_>,
    from: &End,
    to: &End,
    message: &Message,
    walk: &Walk<'_>,
) -> Trace {
    let world = simulator.world;
    let disposition = walk.disposition(world);
    let stopped = walk.stopped();
    let (subject, attribute) = stopped.map_or((None, None), |s| s.why.blame(world));
    let last = walk.legs.last();
    let at = match last.map(|leg| (&leg.end, leg.server)) {
        Some((LegEnd::Left(_), _) | (_, None)) => "internet".to_owned(),
        Some((_, Some(server))) => world.server(server).id.to_string(),
        None => String::new(),
    };
    Trace {
        from: from.to_string(),
        to: to.to_string(),
        disposition,
        code: stopped.and_then(|s| s.code),
        reason: reason(world, disposition, stopped, last),
        at: Some(at),
        subject,
        attribute,
        assumptions: assumptions(walk),
        hops: walk.legs.iter().map(|leg| hop(simulator, message, leg)).collect(),
        path: walk.path().into_iter().map(|ix| world.server(ix).id.clone()).collect(),
    }
}

/// The trace of a message that cannot even start.
pub fn cannot_start(world: &World<'_>, from: &End, to: &End, unknown: &Unknown) -> Trace {
    Trace {
        from: from.to_string(),
        to: to.to_string(),
        disposition: Disposition::CannotTell,
        code: None,
        at: None,
        reason: unknown.text(world),
        subject: unknown.subject(world),
        attribute: unknown.attribute(),
        assumptions: Vec::new(),
        hops: Vec::new(),
        path: Vec::new(),
    }
}

fn reason(
    world: &World<'_>,
    disposition: Disposition,
    stopped: Option<&Stopped>,
    last: Option<&Leg<'_>>,
) -> String {
    match (stopped, last.and_then(|leg| leg.server)) {
        (Some(stopped), _) => stopped.why.text(world),
        (None, Some(server)) if disposition == Disposition::Delivered => {
            format!("it lies in the mailbox on {}", world.server(server).object.name)
        }
        (None, Some(server)) => {
            format!("{} handed it to a server on the Internet", world.server(server).object.name)
        }
        (None, None) => "it never touches the plan".to_owned(),
    }
}

/// The assumptions that a walk leans on, sorted.
pub fn assumptions(walk: &Walk<'_>) -> Vec<AssumptionId> {
    let mut ids: BTreeSet<AssumptionId> = BTreeSet::new();
    for leg in &walk.legs {
        if let Decision::Send { assumed, .. } = &leg.decision {
            ids.extend(assumed.iter().map(|b| b.id()));
        }
        let Some(attempt) = &leg.attempt else { continue };
        ids.extend(attempt.assumed.iter().map(|b| b.id()));
        for this in &attempt.tries {
            let inside = this.reach.iter().flat_map(|(_, reach)| &reach.assumed);
            let outside = this.outside.iter().flat_map(|reach| &reach.assumed);
            ids.extend(inside.chain(outside).map(|id| (*id).clone()));
        }
    }
    ids.into_iter().collect()
}

fn subject(id: ObjectId) -> Option<Subject> {
    Some(id.into())
}

fn server_name<'w>(world: &'w World<'_>, ix: ServerIx) -> &'w str {
    &world.server(ix).object.name
}

/// A step that is all right.
fn step(kind: StepKind, text: String, subject: Option<Subject>) -> Step {
    Step { kind, ok: true, doubt: false, text, subject }
}

fn hop(simulator: &Simulator<'_, '_>, message: &Message, leg: &Leg<'_>) -> Hop {
    let world = simulator.world;
    let targets = simulator.targets(leg, &message.to);
    let mut steps = Vec::new();
    if let Decision::Send { hop, cost, .. } = &leg.decision {
        route_steps(world, message, leg, *hop, *cost, &mut steps);
    }
    if let Some(attempt) = &leg.attempt {
        for (at, this) in attempt.tries.iter().enumerate() {
            let target = &targets.list[this.target.min(targets.list.len() - 1)];
            name::steps(world, leg, target, this, &mut steps);
            way::steps(world, leg, target, this, &mut steps);
            let last = at + 1 == attempt.tries.len();
            if let Some(failure) = &this.failure
                && !last
            {
                failed_step(world, failure, &mut steps);
            }
        }
    }
    end_steps(world, message, leg, &mut steps);
    let from = leg.server.map_or("internet".to_owned(), |ix| world.server(ix).id.to_string());
    Hop { from, to: taker(world, leg, &targets), steps }
}

/// The server that took the message, or the one that was meant to.
fn taker(world: &World<'_>, leg: &Leg<'_>, targets: &Targets) -> Option<String> {
    match &leg.end {
        LegEnd::Taken(opened) => Some(world.server(opened.server).id.to_string()),
        LegEnd::Left(_) => Some("internet".to_owned()),
        LegEnd::InMailbox => None,
        LegEnd::Rerouted(_) | LegEnd::Stopped(_) => {
            let meant = targets.list.iter().find_map(|target| match target {
                platform::Target::Host { meant, .. } => *meant,
                platform::Target::Address { bound, .. } => {
                    bound.map(|ix| world.listener(ix).server)
                }
                _ => None,
            });
            meant.map(|ix| world.server(ix).id.to_string())
        }
    }
}

fn route_steps(
    world: &World<'_>,
    message: &Message,
    leg: &Leg<'_>,
    hop: NextHop,
    cost: Option<u32>,
    steps: &mut Vec<Step>,
) {
    let domain = || match &message.to.domain {
        Some(domain) => domain.to_string(),
        None => "a domain on the Internet".to_owned(),
    };
    let cost = cost.map(|cost| format!(", cost {cost}")).unwrap_or_default();
    let (text, about) = match hop {
        NextHop::Towards { site, goal } => towards_step(world, leg, (site, goal), &cost, &domain()),
        NextHop::Home(home) => (
            format!("{} is in the same {}", server_name(world, home), group_words(world, home)),
            subject(ObjectId::Server(world.server(home).id.clone())),
        ),
        NextHop::Connector(ix) | NextHop::Bridgeheads(ix) => {
            let node = world.connector(ix);
            let text = format!(
                "{} → {} over {}{cost}",
                world.group(node.from).object.name,
                world.group(node.to).object.name,
                node.object.name
            );
            (text, subject(ObjectId::GroupConnector(node.id.clone())))
        }
        NextHop::Smtp(ix) | NextHop::SmtpBridgeheads(ix) => {
            let node = world.smtp(ix);
            let text = format!("{} takes {}{cost}", node.object.name, domain());
            (text, subject(ObjectId::SmtpConnector(node.id.clone())))
        }
        NextHop::OwnServer => {
            (format!("no SMTP connector takes {}, so its own virtual server sends", domain()), None)
        }
        NextHop::Route(at) => (
            format!("line {} of the transport table", at + 1),
            leg.server.and_then(|ix| subject(ObjectId::Server(world.server(ix).id.clone()))),
        ),
        NextHop::Mx => (format!("by the mail exchangers of {}", domain()), None),
    };
    steps.push(step(StepKind::Route, text, about));
    bridgehead_step(world, leg, hop, steps);
}

/// What a server's group is called.
fn group_words(world: &World<'_>, server: ServerIx) -> &'static str {
    let group = world.server(server).group;
    group.map_or(GroupKind::RoutingGroup, |group| world.group(group).object.kind).words()
}

/// Into another AD site: what is sought there, and by which sites the path leads.
fn towards_step(
    world: &World<'_>,
    leg: &Leg<'_>,
    (site, goal): (GroupIx, Goal),
    cost: &str,
    domain: &str,
) -> (String, Option<Subject>) {
    let name = |ix: GroupIx| world.group(ix).object.name.as_str();
    let own = leg.server.and_then(|server| world.server(server).group);
    let path = own.and_then(|own| world.site_path(own, site)).map(|path| path.sites);
    let between: Vec<&str> =
        path.iter().flatten().filter(|s| **s != site).map(|s| name(*s)).collect();
    let by = match between[..] {
        [] => String::new(),
        _ => format!(", by the site links over {}", between.join(", ")),
    };
    let hub = if world.group(site).object.hub { " (a hub site)" } else { "" };
    let what = match goal {
        Goal::Site => String::new(),
        Goal::Smtp(ix) => format!("{} takes {domain}: ", world.smtp(ix).object.name),
        Goal::Connector(ix) => format!("{} leads there: ", world.connector(ix).object.name),
    };
    let text = format!("{what}straight to AD site {}{hub}{by}{cost}", name(site));
    (text, subject(ObjectId::Group(world.group(site).id.clone())))
}

fn bridgehead_step(world: &World<'_>, leg: &Leg<'_>, hop: NextHop, steps: &mut Vec<Step>) {
    let Some(server) = leg.server else { return };
    let who = server_name(world, server);
    let names = |list: &[crate::net::world::ListenerIx]| {
        let mut names: Vec<&str> = Vec::new();
        for listener in list {
            let name = server_name(world, world.listener(*listener).server);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(", ")
    };
    let connector =
        |ix: ConnectorIx| subject(ObjectId::GroupConnector(world.connector(ix).id.clone()));
    let smtp = |ix: SmtpIx| subject(ObjectId::SmtpConnector(world.smtp(ix).id.clone()));
    let (text, about) = match hop {
        NextHop::Connector(ix) => {
            let node = world.connector(ix);
            let any = if node.object.sources.is_empty() { " (any local server may)" } else { "" };
            (format!("{who} sends{any} to {}", names(&node.targets)), connector(ix))
        }
        NextHop::Bridgeheads(ix) => {
            let sources = names(&world.connector(ix).sources);
            (format!("{who} hands it to the local bridgehead {sources}"), connector(ix))
        }
        NextHop::SmtpBridgeheads(ix) => {
            let sources = names(&world.smtp(ix).sources);
            (format!("{who} hands it to the local bridgehead {sources}"), smtp(ix))
        }
        NextHop::Smtp(ix) => (format!("{who} is the local bridgehead"), smtp(ix)),
        _ => return,
    };
    steps.push(step(StepKind::Bridgehead, text, about));
}

/// A try that failed, where another one follows.
fn failed_step(world: &World<'_>, failure: &Stopped, steps: &mut Vec<Step>) {
    let (about, _) = failure.why.blame(world);
    let text = format!("{}; the next is tried", failure.why.text(world));
    steps.push(Step { kind: kind_of(failure), ok: true, doubt: true, text, subject: about });
}

/// The kind of step at which a message fails.
fn kind_of(failure: &Stopped) -> StepKind {
    use crate::net::cause::Cause;
    match &failure.why {
        Why::Connection(cause) => match cause {
            Cause::LinkFilter(_)
            | Cause::SegmentFilter(_)
            | Cause::NotPublished(..)
            | Cause::NoHairpin(..)
            | Cause::Outbound25(_)
            | Cause::FirewallDown(_) => StepKind::Firewall,
            Cause::NoInside(..) => StepKind::Nat,
            Cause::ServerDown(_)
            | Cause::ListenerDown(_)
            | Cause::NoListener(..)
            | Cause::NotMail(_) => StepKind::Listener,
            _ => StepKind::Path,
        },
        Why::Unknown(unknown) => match unknown {
            Unknown::LinkFilter(_)
            | Unknown::SegmentFilter(_)
            | Unknown::LineFirewall(_)
            | Unknown::Hairpin(_)
            | Unknown::Outbound25(_) => StepKind::Firewall,
            Unknown::SiteResolvers(_)
            | Unknown::Forwards(_)
            | Unknown::OutsideZone(_)
            | Unknown::Delegated(_)
            | Unknown::MxOnHostName(_)
            | Unknown::AliasBeside(_)
            | Unknown::OddMx(_) => StepKind::Answer,
            Unknown::ComputerName(_) | Unknown::OlderName(_) => StepKind::Name,
            Unknown::RelayFrom(_) | Unknown::MaskedClient(_) | Unknown::SameGreeting(..) => {
                StepKind::Session
            }
            Unknown::SiteInternet(_)
            | Unknown::NothingDrawn(_)
            | Unknown::OutsideSubnets(_)
            | Unknown::Place(_) => StepKind::Path,
            Unknown::Home(_) | Unknown::NoMailboxes(_) => StepKind::Mailbox,
            _ => StepKind::Route,
        },
        Why::NoName(_) | Why::NoAnswer(_) | Why::NullMx(_) => StepKind::Answer,
        Why::NoConnector(..) | Why::NoSmtpConnector(_) | Why::NoRoute(_) | Why::Circle(_) => {
            StepKind::Route
        }
        Why::ToItself(_)
        | Why::OwnGreeting(..)
        | Why::RelayDenied(_)
        | Why::NotExchange(_)
        | Why::ForeignFqdn(_) => StepKind::Session,
        Why::UnknownUser(_) => StepKind::Session,
        Why::HolderDown(_) => StepKind::Queue,
    }
}

fn end_steps(world: &World<'_>, message: &Message, leg: &Leg<'_>, steps: &mut Vec<Step>) {
    match &leg.end {
        LegEnd::Taken(opened) => {
            let node = world.server(opened.server);
            let seen = opened.seen.map(|a| format!(", which sees {a}")).unwrap_or_default();
            let text = format!("{} takes the message{seen}", node.object.name);
            let about = subject(ObjectId::Server(node.id.clone()));
            steps.push(step(StepKind::Session, text, about));
        }
        LegEnd::Left(seen) => {
            let seen = seen.map(|a| format!(", seen there as {a}")).unwrap_or_default();
            let text = format!("a server on the Internet takes the message{seen}");
            steps.push(step(StepKind::Session, text, None));
        }
        LegEnd::InMailbox => {
            let about = leg.server.map(|ix| ObjectId::Server(world.server(ix).id.clone()).into());
            let name = leg.server.map_or("the server", |ix| server_name(world, ix));
            steps.push(step(StepKind::Mailbox, format!("{name} holds the mailbox"), about));
        }
        LegEnd::Rerouted(connector) => {
            let node = world.connector(*connector);
            let text =
                format!("link state marks {} down, and another route is taken", node.object.name);
            let about = subject(ObjectId::GroupConnector(node.id.clone()));
            steps.push(Step { kind: StepKind::Route, ok: true, doubt: true, text, subject: about });
        }
        LegEnd::Stopped(stopped) => stopped_steps(world, message, leg, stopped, steps),
    }
}

fn stopped_steps(
    world: &World<'_>,
    message: &Message,
    leg: &Leg<'_>,
    stopped: &Stopped,
    steps: &mut Vec<Step>,
) {
    let (about, _) = stopped.why.blame(world);
    let text = stopped.why.text(world);
    steps.push(Step { kind: kind_of(stopped), ok: false, doubt: false, text, subject: about });
    let own = leg.server.and_then(|ix| world.server(ix).object.platform);
    let queue = own.map(|name| platform::of(name).queue_text());
    match stopped.disposition {
        Disposition::Queued | Disposition::NoRoute => {
            let text = queue.unwrap_or("its sender tries again, for one to five days");
            steps.push(step(StepKind::Queue, text.to_owned(), None));
        }
        Disposition::Bounced | Disposition::Refused | Disposition::Loop => {
            let whom = match message.from {
                super::walk::Start::Outside => "the sender on the Internet",
                super::walk::Start::Server(_) => "its sender",
            };
            steps.push(step(StepKind::Bounce, format!("the message is returned to {whom}"), None));
        }
        _ => {}
    }
}
