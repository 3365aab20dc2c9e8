//! `bridgehead probe`: the live network held against the plan.
//!
//! The only subcommand, beside `watch`, that contacts anybody: the resolvers that were named, and
//! with `--smtp` the plan's own mail servers.

use super::{Answer, Exit, Format, plan, symbols};
use crate::{
    file,
    model::{
        Topology,
        beside::{Evidence, Outcome},
        id::SiteId,
        name::Fqdn,
        unfold::unfold,
    },
    net::world::Inputs,
    probe::{
        Cancel, Check, Job, Manners, Progress, Route, evidence, live,
        route::{self, Mapping},
        session,
    },
    sim::expected::{Occasion, Question, Side, catalogue, questions},
    workspace::disk::{self, DiskError},
};
use anyhow::bail;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::{IsTerminal as _, Write as _},
    net::SocketAddr,
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

/// The arguments.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The plan
    plan: PathBuf,
    /// The phase's number or title; default: the last
    #[arg(long, value_name = "N")]
    phase: Option<String>,
    /// The site where this is run; default: not said, and the inside questions of all sites are put
    #[arg(long, value_name = "SITE")]
    from: Option<SiteId>,
    /// The inside resolver; default: the one that this machine asks
    #[arg(long, value_name = "IP:PORT", value_parser = route::resolver)]
    inside: Option<SocketAddr>,
    /// A resolver that gives the public DNS; default: outside questions are not asked
    #[arg(long, value_name = "IP:PORT", value_parser = route::resolver)]
    outside: Option<SocketAddr>,
    /// Hold an SMTP session with the plan's servers too: greeting, EHLO, STARTTLS, postmaster; no mail is sent
    #[arg(long)]
    smtp: bool,
    /// Ask them as well whether a stranger may relay to a stranger; no mail is sent
    #[arg(long, requires = "smtp")]
    relay_test: bool,
    /// Contact this address and port in place of a planned address, or of a planned address and port; may be given several times
    #[arg(long = "map", value_name = "ADDRESS=ADDRESS:PORT", value_parser = route::mapping)]
    map: Vec<Mapping>,
    /// Ask the name servers of the plan's outside zones too, wherever they stand
    #[arg(long)]
    authoritative: bool,
    /// Fetch the MTA-STS policies of the plan's mail domains from their web servers
    #[arg(long)]
    policies: bool,
    /// When the phase goes live, as 2026-11-24T18:00Z: lifetimes are held against it
    #[arg(long, value_name = "UTC", value_parser = cutover)]
    cutover: Option<u64>,
    /// Ask this block list about the addresses by which mail leaves; may be given several times
    #[arg(long = "block-list", value_name = "ZONE")]
    block_list: Vec<Fqdn>,
    /// Questions under way at the same time
    #[arg(long, value_name = "N", default_value = "64")]
    in_flight: NonZeroUsize,
    /// Write the evidence there
    #[arg(short = 'o', long = "output", value_name = "EVIDENCE")]
    output: Option<PathBuf>,
    /// Replace the file if it exists
    #[arg(long, requires = "output")]
    force: bool,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

/// Probes.
pub(super) fn run(args: &Args) -> anyhow::Result<Answer> {
    let project = plan::read(&args.plan)?;
    let phase = plan::phase(&project, args.phase.as_deref())?;
    let topologies = unfold(&project);
    let topology = &topologies[phase];
    if let Some(site) = &args.from
        && !topology.sites.contains_key(site)
    {
        bail!("no site `{site}` in this phase");
    }
    if let Some(path) = &args.output {
        refuse_early(path, args.force)?;
    }
    let occasion = Occasion {
        before: phase.checked_sub(1).and_then(|before| topologies.get(before)),
        cutover_s: args.cutover.map(live::seconds_until),
        lists: args.block_list.clone(),
        authoritative: args.authoritative,
    };
    let all = catalogue(topology, &Inputs::of(&project), args.from.as_ref(), &occasion);
    let route = route_of(args, &all);
    if !args.map.is_empty()
        && let Some(idle) = route.idle(&questions(topology, &Inputs::of(&project), None))
    {
        bail!("--map: {idle}");
    }
    let questions = route.wanted(all);
    announce(&route, &questions);
    let job = Job { phase, phase_key: evidence::phase_key(&project, phase), questions, route };
    let manners = Manners { in_flight: args.in_flight.get(), ..Manners::default() };
    let mut checks = live::run_here(job, manners, &Cancel::default(), progress())?;
    checks.extend(session::sizes::along(topology, &checks));
    if let Some(path) = &args.output {
        let of = Some(evidence::origin(&project, phase));
        let gathered = file::evidence::Gathered { of, evidence: evidence::kept(&checks) };
        let text = file::evidence::save(gathered);
        disk::write(path, text.as_bytes(), args.force)?;
    }
    let title = format!("phase {phase}: {}", project.phase_title(phase));
    Ok(Answer { json: json(&checks), text: text(&title, topology, &checks), exit: exit(&checks) })
}

/// Seconds from 1970 to a time as people type it.
fn cutover(text: &str) -> Result<u64, String> {
    live::utc_seconds(text).ok_or_else(|| format!("`{text}` is no time, as in 2026-11-24T18:00Z"))
}

/// Says before anybody is contacted that the evidence could not be written.
#[expect(clippy::disallowed_methods, reason = "looks whether a file is there, as disk does later")]
fn refuse_early(path: &Path, force: bool) -> anyhow::Result<()> {
    if !force && std::fs::exists(path).unwrap_or(true) {
        return Err(DiskError::Exists(path.to_owned()).into());
    }
    Ok(())
}

/// Whom the questions go to; the system is asked for its resolver only where it is needed.
fn route_of(args: &Args, questions: &[Question]) -> Route {
    let inside = |q: &Question| q.ask.side() == Some(Side::Inside);
    let (inside, no_inside) = match args.inside {
        Some(address) => (Some(address), String::new()),
        None if !questions.iter().any(inside) => (None, String::new()),
        None => match live::system_resolver() {
            Ok(address) => (Some(address), String::new()),
            Err(why) => (None, format!("no inside resolver was named, and {why}")),
        },
    };
    let (smtp, relay_test, authoritative) = (args.smtp, args.relay_test, args.authoritative);
    let (outside, policies) = (args.outside, args.policies);
    let mut route = Route {
        inside,
        no_inside,
        outside,
        smtp,
        relay_test,
        authoritative,
        policies,
        ..Route::default()
    };
    for mapping in &args.map {
        route.map_to(*mapping);
    }
    route
}

/// Lists who will be contacted, for a person at a terminal.
fn announce(route: &Route, questions: &[Question]) {
    if !std::io::stderr().is_terminal() {
        return;
    }
    for contact in route.contacts(questions) {
        let n = contact.questions;
        let what = if n == 1 { "1 question".to_owned() } else { format!("{n} questions") };
        eprintln!("bridgehead: contacts {} ({}): {what}", contact.address, contact.what);
    }
    for delegates in route.delegates(questions) {
        eprintln!("bridgehead: contacts {delegates}");
    }
}

/// Shows how far it is, for a person at a terminal.
fn progress() -> impl FnMut(Progress<'_>) {
    let shown = std::io::stderr().is_terminal();
    move |progress| {
        if !shown {
            return;
        }
        let end = if progress.done == progress.total { "\r\x1b[K" } else { "" };
        eprint!("\r{} of {} answered{end}", progress.done, progress.total);
        // A terminal that has gone away needs no progress.
        drop(std::io::stderr().flush());
    }
}

/// A check as JSON.
fn check_json(check: &Check) -> Value {
    let Evidence { question, subject, from, asked, expected, got, outcome, reason, utc, .. } =
        &check.evidence;
    json!({
        "id": check.key,
        "question": question,
        "subject": subject.to_string(),
        "also": check.also.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "from": from.as_ref().map(ToString::to_string),
        "asked": asked,
        "expected": expected,
        "got": got,
        "outcome": outcome.name(),
        "reason": reason,
        "utc": utc,
        "ttl": check.evidence.ttl,
        "rtt_ms": check.evidence.rtt_ms,
        "check": check.evidence.check,
        "reference": check.evidence.reference,
        "remedy": check.evidence.remedy,
        "raw": check.evidence.raw,
    })
}

fn json(checks: &[Check]) -> Value {
    let totals = totals(checks.iter().map(|check| check.evidence.outcome));
    let totals: BTreeMap<_, _> = totals.iter().map(|(o, n)| (o.name(), *n)).collect();
    json!({ "checks": checks.iter().map(check_json).collect::<Vec<_>>(), "totals": totals })
}

/// How many of each outcome, those with none left out.
pub(super) fn totals(outcomes: impl Iterator<Item = Outcome>) -> BTreeMap<Outcome, usize> {
    let mut totals = BTreeMap::new();
    for outcome in outcomes {
        *totals.entry(outcome).or_default() += 1;
    }
    totals
}

/// The totals on one line.
pub(super) fn totals_text(totals: &BTreeMap<Outcome, usize>) -> String {
    let parts: Vec<String> = totals
        .iter()
        .map(|(outcome, n)| format!("{} {n} {}", symbols::outcome(*outcome), outcome.name()))
        .collect();
    parts.join("   ")
}

/// What is not as planned, each with what was expected and what came; what got no answer, by the
/// reason; then the totals.
fn text(title: &str, topology: &Topology, checks: &[Check]) -> String {
    let mut lines = vec![title.to_owned()];
    let mut silent: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for check in checks {
        let Evidence { question, outcome, reason, asked, .. } = &check.evidence;
        match outcome {
            Outcome::Pass | Outcome::NotApplicable => {}
            Outcome::Unknown => silent.entry((reason, asked)).or_default().push(question),
            _ => lines.extend(check_lines(topology, &check.evidence)),
        }
    }
    for ((reason, asked), questions) in silent {
        let whom = if asked.is_empty() { String::new() } else { format!(" (asked {asked})") };
        let symbol = symbols::outcome(Outcome::Unknown);
        lines.push(format!("  {symbol} unknown: {reason}{whom}"));
        lines.extend(questions.iter().map(|question| format!("      {question}")));
    }
    let totals = totals(checks.iter().map(|check| check.evidence.outcome));
    lines.push(if totals.is_empty() {
        "  nothing is planned that could be asked".to_owned()
    } else {
        totals_text(&totals)
    });
    lines.join("\n")
}

fn check_lines(topology: &Topology, evidence: &Evidence) -> Vec<String> {
    let Evidence { question, subject, expected, got, outcome, reason, asked, .. } = evidence;
    let name = subject.object(topology).map(|id| topology.name(&id)).unwrap_or_default();
    let named = if question.contains(&name) { String::new() } else { format!(" ({name})") };
    let mut lines = vec![
        format!("  {} {} {question}", symbols::outcome(*outcome), outcome.name()),
        format!("      {reason}; {subject}{named}"),
    ];
    let mut add = |what: &str, text: String| {
        if !text.is_empty() {
            lines.push(format!("      {what}: {text}"));
        }
    };
    add("planned", expected.join(", "));
    let from = if asked.is_empty() { String::new() } else { format!(" from {asked}") };
    add("got", if got.is_empty() { String::new() } else { got.join(", ") + &from });
    add("remedy", evidence.remedy.clone());
    add("see", evidence.reference.clone());
    lines
}

fn exit(checks: &[Check]) -> Exit {
    checks.iter().fold(Exit::Fine, |exit, check| {
        exit.and(match check.evidence.outcome {
            Outcome::Fail => Exit::Broken,
            Outcome::Unknown => Exit::CannotTell,
            _ => Exit::Fine,
        })
    })
}
