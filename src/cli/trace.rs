//! `bridgehead trace`: a message hop by hop.

use super::{Answer, Exit, Format, plan, symbols};
use crate::{
    analysis,
    sim::trace::{Code, Disposition, Trace},
};
use serde_json::{Value, json};
use std::path::PathBuf;

/// The arguments.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The plan
    plan: PathBuf,
    /// Who sends: a server id, a site id, `internet`, a mail address
    #[arg(long, value_name = "END")]
    from: String,
    /// Who is to get it
    #[arg(long, value_name = "END")]
    to: String,
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

/// Follows the message.
pub(super) fn run(args: &Args) -> anyhow::Result<Answer> {
    let project = plan::read(&args.plan)?;
    let phase = plan::phase(&project, args.phase.as_deref())?;
    let topologies = crate::model::unfold::unfold(&project);
    let topology = &topologies[phase];
    let from = plan::end(topology, &args.from)?;
    let to = plan::end(topology, &args.to)?;
    let failures = plan::failures(topology, &args.failures)?;
    let inputs = crate::net::world::Inputs::of(&project);
    let mut trace = analysis::trace(topology, &inputs, &from, &to, &failures);
    trace.from.clone_from(&args.from);
    trace.to.clone_from(&args.to);
    Ok(Answer { json: json(&trace), text: text(&trace), exit: exit(trace.disposition) })
}

/// The exit code of a disposition.
pub(super) fn exit(disposition: Disposition) -> Exit {
    match disposition {
        Disposition::Delivered | Disposition::LeftForInternet => Exit::Fine,
        Disposition::CannotTell => Exit::CannotTell,
        _ => Exit::Broken,
    }
}

/// A trace as JSON.
pub(super) fn json(trace: &Trace) -> Value {
    let hops: Vec<Value> = trace
        .hops
        .iter()
        .map(|hop| {
            let steps: Vec<Value> = hop
                .steps
                .iter()
                .map(|step| {
                    json!({
                        "kind": step.kind.name(),
                        "ok": step.ok,
                        "doubt": step.doubt,
                        "text": step.text,
                        "subject": step.subject.as_ref().map(ToString::to_string),
                    })
                })
                .collect();
            json!({ "from": hop.from, "to": hop.to, "steps": steps })
        })
        .collect();
    json!({
        "from": trace.from,
        "to": trace.to,
        "disposition": trace.disposition.name(),
        "code": trace.code.map(Code::name),
        "at": trace.at,
        "reason": trace.reason,
        "subject": trace.subject.as_ref().map(ToString::to_string),
        "attribute": trace.attribute,
        "assumptions": trace.assumptions.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "hops": hops,
    })
}

/// A trace as text.
pub(super) fn text(trace: &Trace) -> String {
    let mut text = String::new();
    let code = trace.code.map(|code| format!(" ({})", code.name())).unwrap_or_default();
    let at = match (&trace.at, trace.disposition) {
        (Some(at), d) if !d.arrived() => format!(" at {at}"),
        _ => String::new(),
    };
    let symbol = symbols::disposition(trace.disposition);
    let word = trace.disposition.name();
    say!(text, "{symbol} {} → {}: {word}{at}{code}", trace.from, trace.to);
    say!(text, "  {}", trace.reason);
    for hop in &trace.hops {
        let to = hop.to.as_deref().map(|to| format!(" → {to}")).unwrap_or_default();
        say!(text, "\n{}{to}", hop.from);
        for step in &hop.steps {
            let symbol = symbols::step(step);
            say!(text, "  {symbol} {:<10}  {}", step.kind.name(), step.text);
        }
    }
    if !trace.assumptions.is_empty() {
        let names: Vec<_> = trace.assumptions.iter().map(ToString::to_string).collect();
        say!(text, "\nTaken for granted: {}", names.join(", "));
    }
    text
}
