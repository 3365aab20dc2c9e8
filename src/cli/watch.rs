//! `bridgehead watch`: polls name servers during a cut-over until they agree with the plan.

use super::{Answer, Exit, Format, plan};
use crate::{
    model::{dns::ViewKind, id::SiteId, name::Fqdn, unfold::unfold},
    probe::{
        Cancel, Delegates, Route, evidence,
        live::{self, watch as polls},
        route::{self, Mapping, Whose},
        watch::{Answered, State, Watch, Watched},
    },
    sim::expected::Side,
};
use anyhow::bail;
use serde_json::{Value, json};
use std::{
    collections::BTreeSet, io::IsTerminal as _, net::SocketAddr, path::PathBuf, time::Duration,
};

/// The arguments.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The plan
    plan: PathBuf,
    /// The phase's number or title; default: the last
    #[arg(long, value_name = "N")]
    phase: Option<String>,
    /// The site whose inside questions are asked; default: those of all sites
    #[arg(long, value_name = "SITE")]
    from: Option<SiteId>,
    /// An inside resolver; may be given several times
    #[arg(long, value_name = "IP:PORT", value_parser = route::resolver)]
    inside: Vec<SocketAddr>,
    /// A resolver that gives the public DNS; may be given several times
    #[arg(long, value_name = "IP:PORT", value_parser = route::resolver)]
    outside: Vec<SocketAddr>,
    /// A name server of the public zones; default: those that the first outside resolver names
    #[arg(long, value_name = "IP:PORT", value_parser = route::resolver)]
    authoritative: Vec<SocketAddr>,
    /// Contact this address and port in place of a name server's address; may be given several times
    #[arg(long = "map", value_name = "ADDRESS=ADDRESS:PORT", value_parser = route::mapping)]
    map: Vec<Mapping>,
    /// Stop as soon as all agree with the plan
    #[arg(long)]
    until_agreed: bool,
    /// Stop after so many seconds; 0: ask once. Default: when it is stopped
    #[arg(long, value_name = "S")]
    timeout: Option<u64>,
    /// Seconds between two polls
    #[arg(long, value_name = "S", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

/// Watches.
pub(super) fn run(args: &Args) -> anyhow::Result<Answer> {
    let project = plan::read(&args.plan)?;
    let phase = plan::phase(&project, args.phase.as_deref())?;
    let topology = &unfold(&project)[phase];
    if let Some(site) = &args.from
        && !topology.sites.contains_key(site)
    {
        bail!("no site `{site}` in this phase");
    }
    let mut route = Route::default();
    for mapping in &args.map {
        route.map_to(*mapping);
    }
    let outside = |id: &&crate::model::dns::ZoneId| {
        topology.views.get(&id.view).is_some_and(|view| view.kind == ViewKind::Outside)
    };
    let zones = topology.zones.keys().filter(outside).map(|id| id.origin.clone()).collect();
    let (mut servers, unknown) = match args.outside.first() {
        Some(resolver) if args.authoritative.is_empty() => {
            announce_delegates(&zones, *resolver);
            polls::authorities(&zones, *resolver, |at| route.mapped(at))?
        }
        _ => (Vec::new(), Vec::new()),
    };
    let server = |side, authoritative| {
        move |address: &SocketAddr| Watched { address: *address, side, authoritative }
    };
    servers.extend(args.authoritative.iter().map(server(Side::Outside, true)));
    servers.extend(args.outside.iter().map(server(Side::Outside, false)));
    servers.extend(args.inside.iter().map(server(Side::Inside, false)));
    if servers.is_empty() {
        bail!("nobody to watch: name servers by --inside, --outside or --authoritative");
    }
    announce(&servers);
    let mut watch = Watch::new(&project, phase, args.from.as_ref(), servers);
    let key = evidence::phase_key(&project, phase);
    let polls = poll(args, &mut watch, (phase, &key))?;
    let agreed = watch.is_agreed() && unknown.is_empty();
    let exit = match (agreed, watch.is_contradicted()) {
        (true, _) => Exit::Fine,
        (false, true) => Exit::Broken,
        (false, false) => Exit::CannotTell,
    };
    let title = format!("phase {phase}: {}", project.phase_title(phase));
    let json = json(&watch, agreed, polls, &unknown);
    Ok(Answer { json, text: text(&title, &watch, agreed, &unknown), exit })
}

/// Says, before the resolver is asked for them, whose name servers will be contacted.
fn announce_delegates(zones: &BTreeSet<Fqdn>, resolver: SocketAddr) {
    if std::io::stderr().is_terminal() {
        for zone in zones {
            let zone = zone.to_string();
            let delegates = Delegates { whose: Whose::NameServers, zone, resolver };
            eprintln!("bridgehead: contacts {delegates}");
        }
    }
}

/// Lists who will be contacted, for a person at a terminal.
fn announce(servers: &[Watched]) {
    if std::io::stderr().is_terminal() {
        for server in servers {
            eprintln!("bridgehead: contacts {} ({})", server.address, role(server));
        }
    }
}

/// Polls until it is time to stop; how often it was.
fn poll(args: &Args, watch: &mut Watch, (phase, key): (usize, &str)) -> anyhow::Result<usize> {
    let terminal = std::io::stderr().is_terminal();
    let begun = polls::now_s();
    let cancel = Cancel::default();
    let mut count = 0;
    loop {
        polls::poll(watch, phase, key, &cancel)?;
        count += 1;
        if terminal {
            let when = live::utc();
            let agree = (0..watch.servers.len()).filter(|at| agrees(watch, *at)).count();
            eprintln!("bridgehead: {when}: {agree} of {} servers agree", watch.servers.len());
        }
        let passed = polls::now_s().saturating_sub(begun);
        let left = args.timeout.map(|timeout| timeout.saturating_sub(passed));
        if (args.until_agreed && watch.is_agreed()) || left == Some(0) {
            return Ok(count);
        }
        let every = left.map_or(args.every, |left| left.min(args.every));
        if polls::pause(Duration::from_secs(every), &cancel, true)? {
            return Ok(count);
        }
    }
}

fn agrees(watch: &Watch, server: usize) -> bool {
    watch.answers(server).all(|answered| answered.state == State::Agrees)
}

fn role(server: &Watched) -> &'static str {
    match (server.authoritative, server.side) {
        (true, _) => "authoritative",
        (false, Side::Inside) => "inside resolver",
        (false, Side::Outside) => "outside resolver",
    }
}

fn state_text(state: &State) -> String {
    let end = |until: &Option<u64>| match until {
        Some(until) => format!("at the latest until {}", live::utc_text(*until)),
        None => "until it is changed there, or no end is told".to_owned(),
    };
    match state {
        State::Agrees => "agrees".to_owned(),
        State::Old { phase, until } => format!("still as in phase {phase}, {}", end(until)),
        State::Other { until } => format!("as in no phase, {}", end(until)),
        State::Unknown(why) => why.clone(),
    }
}

fn text(title: &str, watch: &Watch, agreed: bool, unknown: &[String]) -> String {
    let mut lines = vec![title.to_owned()];
    for (at, server) in watch.servers.iter().enumerate() {
        let all = watch.answers(at).count();
        let open: Vec<&Answered> =
            watch.answers(at).filter(|answered| answered.state != State::Agrees).collect();
        let (address, role) = (server.address, role(server));
        lines.push(format!("  {address} ({role}): {} of {all} agree", all - open.len()));
        for answered in open {
            let got = answered.got.join(", ");
            let symbol = if matches!(answered.state, State::Unknown(_)) { "?" } else { "✖" };
            let got = if got.is_empty() { String::new() } else { format!(" gives {got};") };
            let state = state_text(&answered.state);
            lines.push(format!("      {symbol} {}:{got} {state}", answered.question));
        }
    }
    lines.extend(unknown.iter().map(|why| format!("  ? {why}")));
    if let Some(latest) = watch.latest() {
        let latest = live::utc_text(latest);
        lines.push(format!("  what is old here is forgotten by {latest} at the latest"));
        lines
            .push("  a cache that is not watched may have asked before the watch began".to_owned());
    }
    lines.push(if agreed { "  all agree with the plan" } else { "  not all agree" }.to_owned());
    lines.join("\n")
}

fn json(watch: &Watch, agreed: bool, polls: usize, unknown: &[String]) -> Value {
    let answer = |answered: &Answered| {
        let (state, phase, until, reason) = match &answered.state {
            State::Agrees => ("agrees", None, None, None),
            State::Old { phase, until } => ("old", Some(*phase), *until, None),
            State::Other { until } => ("other", None, *until, None),
            State::Unknown(why) => ("unknown", None, None, Some(why.as_str())),
        };
        json!({
            "question": answered.question,
            "got": answered.got,
            "state": state,
            "phase": phase,
            "until": until.map(live::utc_text),
            "reason": reason,
        })
    };
    let servers: Vec<Value> = watch
        .servers
        .iter()
        .enumerate()
        .map(|(at, server)| {
            json!({
                "address": server.address.to_string(),
                "role": role(server).replace(' ', "-"),
                "agrees": agrees(watch, at),
                "answers": watch.answers(at).map(answer).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "agreed": agreed,
        "polls": polls,
        "servers": servers,
        "unknown": unknown,
        "latest": watch.latest().map(live::utc_text),
    })
}
