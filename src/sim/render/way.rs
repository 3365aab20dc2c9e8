//! The steps that tell the way of a connection: segments, links, lines, firewalls, the listener.

use super::{server_name, step, subject};
use crate::{
    model::{ObjectId, server::Bindings},
    net::{
        reach::{Opened, Stage},
        world::World,
    },
    platform::Target,
    sim::{
        attempt::Try,
        trace::{Step, StepKind},
        walk::Leg,
    },
};
use std::net::IpAddr;

/// The steps of one try's connection.
pub(super) fn steps(
    world: &World<'_>,
    leg: &Leg<'_>,
    target: &Target,
    this: &Try<'_>,
    steps: &mut Vec<Step>,
) {
    let inside = leg.server.is_some();
    if let Some((address, reach)) = &this.reach {
        stage_steps(world, &reach.stages, Some(*address), inside, steps);
        if let Ok(opened) = &reach.end {
            listener_step(world, target, opened, steps);
        }
    }
    if let Some(reach) = &this.outside {
        stage_steps(world, &reach.stages, None, inside, steps);
    }
}

fn stage_steps(
    world: &World<'_>,
    stages: &[Stage],
    address: Option<IpAddr>,
    inside: bool,
    steps: &mut Vec<Step>,
) {
    for stage in stages {
        let (kind, text, about) = match stage {
            Stage::Own => (StepKind::Path, "to its own address".to_owned(), None),
            Stage::Segment(ix) => {
                let node = world.segment(*ix);
                let site = &world.site(node.site).object.name;
                let text = format!("straight over {} of {site}", node.object.name);
                (StepKind::Path, text, subject(ObjectId::Segment(node.id.clone())))
            }
            Stage::Boundary(ix) => {
                let node = world.segment(*ix);
                let text = format!("{} lets it in", node.object.name);
                (StepKind::Firewall, text, subject(ObjectId::Segment(node.id.clone())))
            }
            Stage::Link(ix, site) => {
                let node = world.link(*ix);
                let text =
                    format!("over {} to {}", node.object.name, world.site(*site).object.name);
                (StepKind::Path, text, subject(ObjectId::Link(node.id.clone())))
            }
            Stage::Out(ix, seen) => {
                let node = world.line(*ix);
                let seen = seen.map(|a| format!(", seen outside as {a}")).unwrap_or_default();
                let text = format!("out by {}{seen}", node.object.name);
                (StepKind::Nat, text, subject(ObjectId::Line(node.id.clone())))
            }
            Stage::OwnPublic(ix) => {
                let node = world.line(*ix);
                let site = &world.site(node.site).object.name;
                let address = address.map(|a| a.to_string()).unwrap_or_default();
                let text =
                    format!("{address} is a public address of {site}'s own {}", node.object.name);
                let about = subject(ObjectId::Line(node.id.clone()));
                let mut this = step(StepKind::Path, text, about);
                this.doubt = inside;
                steps.push(this);
                continue;
            }
            Stage::In(ix) => {
                let node = world.line(*ix);
                let site = &world.site(node.site).object.name;
                let text = format!("over the Internet, in by {} of {site}", node.object.name);
                (StepKind::Path, text, subject(ObjectId::Line(node.id.clone())))
            }
            Stage::Translated(ix, to, port) => {
                let node = world.firewall(*ix);
                let text = format!("{} hands it to {to} port {port}", node.object.name);
                (StepKind::Nat, text, subject(ObjectId::Firewall(node.id.clone())))
            }
            Stage::OnInternet => (StepKind::Path, "over the Internet".to_owned(), None),
        };
        steps.push(step(kind, text, about));
    }
}

fn listener_step(world: &World<'_>, target: &Target, opened: &Opened, steps: &mut Vec<Step>) {
    let node = world.listener(opened.listener);
    let server = server_name(world, opened.server);
    if let Some(port) = opened.own_port {
        let text = format!("Exchange itself answers on port {port} of {server}");
        let about = subject(ObjectId::Server(world.server(opened.server).id.clone()));
        steps.push(doubted(world, target, opened, step(StepKind::Listener, text, about)));
        return;
    }
    let how = match &node.object.bindings {
        Bindings::All => "all addresses",
        Bindings::Addresses(_) => "that address",
    };
    let text = format!("{} of {server} answers on {how}", node.object.name);
    let this = step(StepKind::Listener, text, subject(ObjectId::Listener(node.id.clone())));
    steps.push(doubted(world, target, opened, this));
}

/// The step, with a doubt where another server was meant.
fn doubted(world: &World<'_>, target: &Target, opened: &Opened, mut this: Step) -> Step {
    if let Target::Host { meant: Some(meant), .. } = target
        && *meant != opened.server
    {
        this.text = format!("{}, though {} was meant", this.text, server_name(world, *meant));
        this.doubt = true;
    }
    this
}
