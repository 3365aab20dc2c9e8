//! `bridgehead matrix`: what becomes of mail between all pairs.

use super::{Answer, Exit, Format, plan, symbols, trace};
use crate::{
    model::{promise::End, unfold::unfold},
    net::world::{Inputs, World},
    sim::{
        matrix::{self, Pair},
        walk::Simulator,
    },
};
use serde_json::{Value, json};
use std::path::PathBuf;

/// The arguments.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The plan
    plan: PathBuf,
    /// The phase's number or title; default: the last
    #[arg(long, value_name = "N")]
    phase: Option<String>,
    /// What has failed, as kind:id; may be given several times
    #[arg(long = "fail", value_name = "SUBJECT")]
    failures: Vec<String>,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

/// Works out all pairs.
pub(super) fn run(args: &Args) -> anyhow::Result<Answer> {
    let project = plan::read(&args.plan)?;
    let phase = plan::phase(&project, args.phase.as_deref())?;
    let topologies = unfold(&project);
    let topology = &topologies[phase];
    let failures = plan::failures(topology, &args.failures)?;
    let inputs = Inputs::of(&project);
    let world = World::new(topology, &inputs, &failures);
    let simulator = Simulator::new(&world);
    let ends: Vec<String> = matrix::ends(&world).iter().map(name).collect();
    let pairs = matrix::matrix(&simulator);
    let exit = pairs.iter().fold(Exit::Fine, |exit, p| exit.and(trace::exit(p.disposition)));
    let list: Vec<Value> = pairs.iter().map(pair).collect();
    Ok(Answer { json: json!({ "ends": ends, "pairs": list }), text: text(&pairs), exit })
}

/// The bare name of an end.
fn name(end: &End) -> String {
    match end {
        End::Server(id) => id.to_string(),
        other => other.to_string(),
    }
}

fn pair(pair: &Pair) -> Value {
    json!({
        "from": name(&pair.from),
        "to": name(&pair.to),
        "disposition": pair.disposition.name(),
        "hops": pair.path.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "subject": pair.subject.as_ref().map(ToString::to_string),
    })
}

fn text(pairs: &[Pair]) -> String {
    let mut text = String::new();
    for pair in pairs {
        let hops: Vec<_> = pair.path.iter().map(ToString::to_string).collect();
        let subject = pair.subject.as_ref().map(|s| format!("  ({s})")).unwrap_or_default();
        let ends = format!("{} → {}", name(&pair.from), name(&pair.to));
        let symbol = symbols::disposition(pair.disposition);
        let word = pair.disposition.name();
        say!(text, "{symbol} {ends:<32} {word:<18} {}{subject}", hops.join(" > "));
    }
    if pairs.is_empty() {
        text.push_str("no mailboxes are drawn in this phase");
    }
    text
}
