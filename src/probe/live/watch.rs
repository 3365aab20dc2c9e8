//! Polls the servers that are watched, and finds the authoritative ones of the plan's public zones.

use super::{
    super::{
        Cancel, Job, Manners, NameReply, NoAnswer, Route, Timed,
        checks::{self, Known},
        watch::{Watch, Watched},
        wire::{How, Query, Rr},
    },
    Network, Patience, dns, utc,
};
use crate::{
    model::{dns::RecordKind, name::Fqdn},
    probe::run,
    sim::expected::Side,
};
use std::{
    collections::BTreeSet,
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::{Duration, SystemTime},
};

/// The most authoritative servers of a zone that are watched.
const SERVERS_MAX: usize = 16;

/// The most rounds of questions along the aliases of a name.
const ALIASES_MAX: usize = 8;

/// Seconds since 1970.
#[expect(clippy::disallowed_methods, reason = "this is where the clock is asked")]
pub fn now_s() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// Asks every server once and tells the watch.
///
/// # Errors
/// When the system gives no event queue.
pub fn poll(watch: &mut Watch, phase: usize, phase_key: &str, cancel: &Cancel) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for at in 0..watch.servers.len() {
        if cancel.is_cancelled() {
            break;
        }
        let address = Some(watch.servers[at].address);
        let route = match watch.servers[at].side {
            Side::Inside => Route { inside: address, ..Route::default() },
            Side::Outside => Route { outside: address, ..Route::default() },
        };
        let questions = watch.questions_for(at);
        let job = Job { phase, phase_key: phase_key.to_owned(), questions, route };
        let network = Arc::new(Network::default());
        let checks = runtime.block_on(run(network, job, Manners::default(), cancel, utc, |_| {}));
        watch.take(at, &checks, now_s());
    }
    Ok(())
}

/// Waits until the next poll; true: cancelled meanwhile. `signals`: Ctrl-C cancels too.
///
/// # Errors
/// When the system gives no event queue.
pub fn pause(every: Duration, cancel: &Cancel, signals: bool) -> io::Result<bool> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        // Where the system gives no signals, only the time ends the wait.
        let stopped = async {
            if !signals || tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = cancel.cancelled() => {}
            () = stopped => cancel.cancel(),
            () = tokio::time::sleep(every) => {}
        }
    });
    Ok(cancel.is_cancelled())
}

/// The servers of public zones, as a resolver names them, and why some are not known. `mapped`: what
/// stands for an address.
///
/// # Errors
/// When the system gives no event queue.
pub fn authorities(
    zones: &BTreeSet<Fqdn>,
    resolver: SocketAddr,
    mapped: impl Fn(SocketAddr) -> SocketAddr,
) -> io::Result<(Vec<Watched>, Vec<String>)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let patience = Patience::default();
    let ask = |name: &Fqdn, kind| runtime.block_on(records(resolver, name, kind, &patience));
    let (mut found, mut unknown) = (BTreeSet::new(), Vec::new());
    for zone in zones {
        let names = match ask(zone, RecordKind::Ns) {
            NameReply::Records { lines, .. } => lines,
            NameReply::None(why) => {
                unknown.push(format!("the servers of {zone} are not known: {why}"));
                continue;
            }
            NameReply::NoData | NameReply::NoSuchName => {
                unknown.push(format!("the servers of {zone} are not known: it names none"));
                continue;
            }
        };
        for name in names.iter().take(SERVERS_MAX).filter_map(|name| name.parse::<Fqdn>().ok()) {
            let mut addresses = Vec::new();
            for kind in [RecordKind::A, RecordKind::Aaaa] {
                if let NameReply::Records { lines, .. } = ask(&name, kind) {
                    addresses.extend(lines.iter().filter_map(|line| line.parse::<IpAddr>().ok()));
                }
            }
            if addresses.is_empty() {
                unknown.push(format!("{name}, a server of {zone}, has no address"));
            }
            found.extend(addresses.into_iter().map(|ip| mapped(SocketAddr::new(ip, 53))));
        }
    }
    let watched = |address| Watched { address, side: Side::Outside, authoritative: true };
    Ok((found.into_iter().map(watched).collect(), unknown))
}

/// The records of a name as a resolver gives them, along aliases.
async fn records(
    resolver: SocketAddr,
    name: &Fqdn,
    kind: RecordKind,
    patience: &Patience,
) -> NameReply {
    let first =
        Query { server: resolver, name: name.to_string(), kind: Rr::from(kind), how: How::Plain };
    let (mut known, route) = (Known::new(), Route::default());
    for _ in 0..ALIASES_MAX {
        match checks::reply(&first, &known, &route) {
            Ok(told) => return told.reply,
            Err(missing) => {
                for query in missing {
                    let reply = dns::ask(&query, patience).await;
                    known.insert(query, Timed { reply, took: None });
                }
            }
        }
    }
    NameReply::None(NoAnswer::Network("the aliases do not end".to_owned()))
}
