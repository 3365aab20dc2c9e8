//! `bridgehead faults`: what every failure loses.

use super::{Answer, Exit, Format, plan, progress::Line};
use crate::{
    model::{Subject, promise::End, unfold::unfold},
    net::world::Inputs,
    sim::studies::faults::{Cell, Depth, Faults, Loss, faults},
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::PathBuf};

/// The arguments.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The plan
    plan: PathBuf,
    /// The phase's number or title; default: the last
    #[arg(long, value_name = "N")]
    phase: Option<String>,
    /// Let every two fail together, too
    #[arg(long)]
    double: bool,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

/// Lets everything fail in turn.
pub(super) fn run(args: &Args) -> anyhow::Result<Answer> {
    let project = plan::read(&args.plan)?;
    let phase = plan::phase(&project, args.phase.as_deref())?;
    let topologies = unfold(&project);
    let depth = if args.double { Depth::Double } else { Depth::Single };
    let mut line = Line::new("failures");
    let found = faults(&topologies[phase], &Inputs::of(&project), depth, &mut |at| line.show(at))?;
    drop(line);
    // That something fails which is made to fail is no error; that it cannot be told what then is.
    let exit = if found.is_open() { Exit::CannotTell } else { Exit::Fine };
    Ok(Answer { json: json(&found, depth), text: text(&found, depth), exit })
}

fn name(found: &Faults, end: u32) -> String {
    match found.ends.get(end as usize) {
        Some(End::Server(id)) => id.to_string(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

fn pairs(found: &Faults, cells: &[Cell]) -> Vec<Value> {
    let pair = |(from, to): &Cell| json!({ "from": name(found, *from), "to": name(found, *to) });
    cells.iter().map(pair).collect()
}

fn texts<'s>(subjects: impl IntoIterator<Item = &'s Subject>) -> Vec<String> {
    subjects.into_iter().map(ToString::to_string).collect()
}

fn json(found: &Faults, depth: Depth) -> Value {
    let failures: Vec<Value> = found
        .single
        .iter()
        .map(|failure| {
            json!({
                "subject": failure.subject.to_string(),
                "lost": pairs(found, &failure.loss.lost),
                "unknown": pairs(found, &failure.loss.unknown),
                "rerouted": failure.rerouted,
                "user_hours_per_hour": failure.loss.user_hours_per_hour,
            })
        })
        .collect();
    let points = found.single_points();
    let points = points.iter().map(|((from, to), subjects)| {
        json!({
            "from": name(found, *from),
            "to": name(found, *to),
            "subjects": texts(subjects.iter().copied()),
        })
    });
    let mut answer = json!({
        "ends": (0..).zip(&found.ends).map(|(end, _)| name(found, end)).collect::<Vec<_>>(),
        "delivered": pairs(found, &found.delivered),
        "unknown": pairs(found, &found.open),
        "failures": failures,
        "single_points": points.collect::<Vec<_>>(),
        "uncounted": found.uncounted.iter().map(ToString::to_string).collect::<Vec<_>>(),
    });
    if depth == Depth::Double {
        let doubles = found.double.iter().map(|double| {
            json!({
                "subjects": texts(&double.subjects),
                "lost": pairs(found, &double.loss.lost),
                "unknown": pairs(found, &double.loss.unknown),
                "user_hours_per_hour": double.loss.user_hours_per_hour,
            })
        });
        answer["doubles"] = doubles.collect();
        answer["cuts"] = cuts(found);
    }
    answer
}

/// For each pair the smallest sets of failures that lose it: one, or two of which neither would do.
fn cuts(found: &Faults) -> Value {
    let mut all: BTreeMap<Cell, Vec<Vec<String>>> = BTreeMap::new();
    for (cell, subjects) in found.single_points() {
        all.entry(cell).or_default().extend(subjects.iter().map(|s| vec![s.to_string()]));
    }
    for (cell, doubles) in found.cuts() {
        all.entry(cell).or_default().extend(doubles.into_iter().map(texts));
    }
    let list = all.into_iter().map(|((from, to), cuts)| {
        json!({ "from": name(found, from), "to": name(found, to), "cuts": cuts })
    });
    list.collect()
}

fn text(found: &Faults, depth: Depth) -> String {
    let mut text = String::new();
    let all = found.ends.len() * found.ends.len() - 1;
    if all == 0 {
        return "no mailboxes are drawn in this phase".to_owned();
    }
    let open = match found.open.len() {
        0 => String::new(),
        open => format!(", of {open} it cannot be told"),
    };
    say!(text, "{} of {all} pairs arrive while nothing has failed{open}", found.delivered.len());
    say!(text, "");
    say!(text, "{HEAD}");
    let (idle, bad): (Vec<_>, Vec<_>) =
        found.single.iter().partition(|f| f.loss.lost.is_empty() && f.loss.unknown.is_empty());
    for failure in bad {
        row(&mut text, &failure.loss, Some(failure.rerouted), &failure.subject.to_string());
    }
    let (around, idle): (Vec<_>, Vec<_>) = idle.into_iter().partition(|f| f.rerouted > 0);
    for failure in around {
        row(&mut text, &failure.loss, Some(failure.rerouted), &failure.subject.to_string());
    }
    if !idle.is_empty() {
        let idle: Vec<_> = idle.iter().map(|failure| failure.subject.to_string()).collect();
        say!(text, "nothing changes without: {}", idle.join(", "));
    }
    single_points(&mut text, found);
    if depth == Depth::Double {
        say!(text, "");
        say!(text, "Two that lose together what arrives with either alone");
        say!(text, "{HEAD}");
        for double in &found.double {
            row(&mut text, &double.loss, None, &texts(&double.subjects).join(" + "));
        }
        if found.double.is_empty() {
            say!(text, "none");
        }
    }
    if !found.uncounted.is_empty() {
        let list: Vec<_> = found.uncounted.iter().map(|id| format!("mailboxes:{id}")).collect();
        say!(text, "");
        say!(text, "no count is entered, so they weigh nothing: {}", list.join(", "));
    }
    text
}

const HEAD: &str = "user-hours/h   lost   cannot tell   another way   without";

fn row(text: &mut String, loss: &Loss, rerouted: Option<usize>, subject: &str) {
    let Loss { lost, unknown, user_hours_per_hour } = loss;
    let (lost, unknown) = (lost.len(), unknown.len());
    let rerouted = rerouted.map_or_else(|| "–".to_owned(), |number| number.to_string());
    say!(text, "{user_hours_per_hour:>12.1} {lost:>6} {unknown:>13} {rerouted:>13}   {subject}");
}

/// The single points of failure, pairs with the same ones together.
fn single_points(text: &mut String, found: &Faults) {
    let mut by_points: BTreeMap<Vec<String>, Vec<String>> = BTreeMap::new();
    for ((from, to), subjects) in found.single_points() {
        let (from, to) = (name(found, from), name(found, to));
        let of_ends = [format!("server:{from}"), format!("server:{to}")];
        let points: Vec<_> =
            texts(subjects).into_iter().filter(|subject| !of_ends.contains(subject)).collect();
        if !points.is_empty() {
            by_points.entry(points).or_default().push(format!("{from} → {to}"));
        }
    }
    say!(text, "");
    say!(text, "Single points of failure, besides the servers at the ends");
    for (points, pairs) in &by_points {
        say!(text, "{}: {}", pairs.join(", "), points.join(", "));
    }
    if by_points.is_empty() {
        say!(text, "none");
    }
}
