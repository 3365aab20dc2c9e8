//! `bridgehead outage`: an outage on a clock.

use super::{Answer, Exit, Format, plan, progress::Line};
use crate::{
    model::{Subject, Topology, dns::RecordId, dns::RecordKind, unfold::unfold},
    net::world::Inputs,
    sim::studies::outage::{Action, Event, Outage, Queue, Scenario, What, outage},
};
use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use std::path::PathBuf;

/// The arguments.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The plan
    plan: PathBuf,
    /// What fails, as kind:id; may be given several times
    #[arg(long = "fail", value_name = "SUBJECT", required = true)]
    failures: Vec<String>,
    /// For how many hours
    #[arg(long, value_name = "H")]
    hours: f64,
    /// The phase's number or title; default: the last
    #[arg(long, value_name = "N")]
    phase: Option<String>,
    /// What is done meanwhile, and when: `2h switch record:VIEW/ZONE/NAME/a=ADDRESS`, `90m mx
    /// VIEW/ZONE=10 HOST,20 HOST`, `1h30m start SUBJECT` (one of those that failed); may be given several
    /// times
    #[arg(long = "do", value_name = "ACTION")]
    actions: Vec<String>,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

/// Works the outage out.
pub(super) fn run(args: &Args) -> anyhow::Result<Answer> {
    let project = plan::read(&args.plan)?;
    let phase = plan::phase(&project, args.phase.as_deref())?;
    let topologies = unfold(&project);
    let topology = &topologies[phase];
    let actions = args.actions.iter().map(|text| action(topology, text));
    let scenario = Scenario {
        failures: plan::failures(topology, &args.failures)?,
        minutes: minutes(args.hours)?,
        actions: actions.collect::<anyhow::Result<_>>()?,
    };
    let mut line = Line::new("minutes");
    let found = outage(topology, &Inputs::of(&project), &scenario, &mut |at| line.show(at))?;
    drop(line);
    let total = found.total();
    let exit = match (total.returned + total.lost, total.unknown) {
        (0, 0) => Exit::Fine,
        (0, _) => Exit::CannotTell,
        _ => Exit::Broken,
    };
    Ok(Answer { json: json(&found), text: text(&found), exit })
}

/// Whole minutes.
fn minutes(hours: f64) -> anyhow::Result<u32> {
    let minutes = (hours * 60.0).round();
    if !(1.0..=60_000_000.0).contains(&minutes) {
        bail!("`--hours {hours}`: expected a number of hours, at least a minute");
    }
    // In range, whole and positive: nothing is cut off.
    format!("{minutes:.0}").parse().context("a number of minutes")
}

const FORM: &str = "expected `2h switch record:…=ADDRESS`, `2h mx VIEW/ZONE=10 HOST,20 HOST` or `2h start SUBJECT`";

/// An action, with its time in front.
fn action(topology: &Topology, text: &str) -> anyhow::Result<Action> {
    let form = || format!("`--do {text}`: {FORM}");
    let (time, rest) = text.trim().split_once(' ').with_context(form)?;
    let (word, rest) = rest.trim().split_once(' ').with_context(form)?;
    let minute = time_of(time).with_context(form)?;
    let rest = rest.trim();
    let what = match word {
        "switch" => {
            let (record, address) = rest.rsplit_once('=').with_context(form)?;
            let record = record.strip_prefix("record:").unwrap_or(record).trim();
            let record: RecordId = record.parse().with_context(form)?;
            What::Switch(record, address.trim().parse().with_context(form)?)
        }
        "mx" => {
            let (zone, list) = rest.split_once('=').with_context(form)?;
            let zone: crate::model::dns::ZoneId = zone.trim().parse().with_context(form)?;
            let name = zone.origin.clone();
            let list = list.split(',').map(|mx| mx.trim().parse());
            let list = list.collect::<Result<Vec<_>, _>>().with_context(form)?;
            What::Mx(RecordId { zone, name, kind: RecordKind::Mx }, list)
        }
        "start" => {
            let subject: Subject = rest.parse().with_context(form)?;
            What::Start(subject)
        }
        _ => bail!(form()),
    };
    if let What::Switch(record, _) | What::Mx(record, _) = &what
        && !topology.zones.contains_key(&record.zone)
    {
        bail!("`--do {text}`: no `zone:{}` in this phase", record.zone);
    }
    Ok(Action { minute, what })
}

/// `2h`, `90m`, `1h30m` in minutes.
fn time_of(text: &str) -> Option<u32> {
    let (hours, rest) = match text.split_once('h') {
        Some((hours, rest)) => (hours.parse::<u32>().ok()?, rest),
        None => (0, text),
    };
    let minutes = match rest {
        "" if text.contains('h') => 0,
        rest => rest.strip_suffix('m')?.parse::<u32>().ok()?,
    };
    hours.checked_mul(60)?.checked_add(minutes).filter(|minutes| *minutes <= 60_000_000)
}

fn json(found: &Outage) -> Value {
    let total = found.total();
    let event = |event: &Event| json!({ "minute": event.minute, "text": event.text });
    let queue = |queue: &Queue| json!({ "server": queue.server, "minute": queue.minute, "messages": queue.messages });
    let flags = found.flags.iter().map(|flag| {
        json!({
            "kind": flag.kind.name(),
            "subject": flag.subject.to_string(),
            "text": flag.text,
        })
    });
    let assumed = found.assumed.iter().map(|a| json!({ "name": a.name, "text": a.text }));
    json!({
        "events": found.events.iter().map(event).collect::<Vec<_>>(),
        "queues": found.queues.iter().map(queue).collect::<Vec<_>>(),
        "submitted": total.submitted,
        "delivered": total.delivered,
        "queued": total.queued,
        "returned": total.returned,
        "lost": total.lost,
        "unknown": total.unknown,
        "unsent": found.unsent,
        "delayed": found.delayed,
        "delay_notices": found.delay_notices,
        "longest_wait_min": found.longest_wait_min,
        "last_delivered_minute": found.last_delivered_minute,
        "flags": flags.collect::<Vec<_>>(),
        "assumed": assumed.collect::<Vec<_>>(),
    })
}

fn clock(minute: u32) -> String {
    format!("{}:{:02} h", minute / 60, minute % 60)
}

fn text(found: &Outage) -> String {
    let mut text = String::new();
    for event in &found.events {
        say!(text, "{:>10}  {}", clock(event.minute), event.text);
    }
    let total = found.total();
    say!(text, "");
    say!(text, "sent while it lasts    {:>9}", total.submitted);
    say!(text, "  delivered            {:>9}", total.delivered);
    say!(text, "    of these late      {:>9}", found.delayed);
    say!(text, "  waiting              {:>9}", total.queued);
    say!(text, "  returned             {:>9}", total.returned);
    say!(text, "  lost                 {:>9}", total.lost);
    say!(text, "  cannot tell          {:>9}", total.unknown);
    say!(text, "could not be sent      {:>9}", found.unsent);
    say!(text, "notices of delay       {:>9}", found.delay_notices);
    say!(text, "longest way            {:>9}", clock(found.longest_wait_min));
    if !found.queues.is_empty() {
        say!(text, "");
        say!(text, "most that waits");
    }
    for queue in &found.queues {
        let most = queue
            .minute
            .iter()
            .zip(&queue.messages)
            .max_by_key(|(minute, messages)| (**messages, std::cmp::Reverse(**minute)));
        if let Some((minute, messages)) = most {
            let name = match queue.server.as_str() {
                "internet" => "with senders outside",
                server => server,
            };
            say!(text, "{messages:>9}  {name}, at {}", clock(*minute));
        }
    }
    for flag in &found.flags {
        say!(text, "▲ {}", flag.text);
    }
    for assumed in &found.assumed {
        say!(text, "taken for granted ({}): {}", assumed.name, assumed.text);
    }
    text
}
