//! The real network: [`dns`] asks name servers, [`smtp`] holds sessions at SMTP ports, [`https`] fetches
//! MTA-STS policies, over [`tcp`] and [`tls`]; [`older`] tells versions before TLS 1.2. The only files of the program that open client sockets.
#![expect(clippy::disallowed_methods, reason = "this is where the network and the clock are asked")]

pub mod conversation;
pub mod dns;
pub mod https;
pub mod older;
pub mod smtp;
pub mod tcp;
pub mod tls;
pub mod watch;

use super::wire::How;
use super::{
    Cancel, Check, Greet, GreetReply, Job, Lookup, Manners, Progress, Query, Reply, Timed, run,
};
use crate::sim::expected::{Ask, Expected};
use smtp::Talk;
use std::{
    collections::BTreeSet,
    future::Future,
    io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, SystemTime},
};

/// How long the real network is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For a name server's answer, over UDP and again over TCP.
    pub name: Duration,
    /// For a TCP connection to open.
    pub connect: Duration,
    /// For an SMTP greeting, and for the answer to each command.
    pub greeting: Duration,
    /// For a whole SMTP session, its connection included; shorter than [`Manners::each`], so that
    /// what was heard is kept.
    pub session: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            name: Duration::from_secs(2),
            connect: Duration::from_secs(5),
            greeting: Duration::from_secs(10),
            session: Duration::from_secs(18),
        }
    }
}

/// The real network.
#[derive(Debug, Default)]
pub struct Network {
    patience: Patience,
    relay_test: bool,
    /// Whose certificates web servers may have.
    trust: tls::Trust,
    /// Where only the greeting is read: nobody ought to listen there.
    quiet: BTreeSet<SocketAddr>,
}

impl Network {
    /// The network, waited for that long.
    pub fn new(patience: Patience) -> Self {
        Self { patience, ..Self::default() }
    }

    /// The same, with other authorities that vouch for web servers than the public ones.
    #[must_use]
    pub fn trusting(self, trust: tls::Trust) -> Self {
        Self { trust, ..self }
    }

    /// The network for a job: how far its sessions go.
    pub fn of(job: &Job) -> Self {
        let silent = job.questions.iter().filter(|q| q.expected == Expected::Silence);
        let quiet = silent.filter_map(|question| match question.ask {
            Ask::Greeting { at, .. } => Some(job.route.mapped(at)),
            Ask::Name { .. } | Ask::Study(_) => None,
        });
        Self {
            patience: Patience::default(),
            relay_test: job.route.relay_test,
            trust: tls::Trust::default(),
            quiet: quiet.collect(),
        }
    }
}

impl Lookup for Network {
    async fn whole(&self, query: &Query) -> Timed<Reply> {
        match query.how {
            How::Policy => timed(https::policy(query, &self.patience, &self.trust)).await,
            _ => timed(dns::ask(query, &self.patience)).await,
        }
    }
}

impl Greet for Network {
    async fn greet(&self, at: SocketAddr) -> Timed<GreetReply> {
        let talk = match (self.quiet.contains(&at), self.relay_test) {
            (true, _) => Talk::Greeting,
            (false, false) => Talk::Session,
            (false, true) => Talk::Relay,
        };
        timed(smtp::open(at, talk, &self.patience)).await
    }
}

async fn timed<T>(asked: impl Future<Output = T>) -> Timed<T> {
    let begun = std::time::Instant::now();
    let reply = asked.await;
    Timed { reply, took: Some(begun.elapsed()) }
}

/// Runs the questions until the end, and judges the answers on the calling thread; meant for a thread in
/// the background. The sockets have a thread of their own, so that no answer waits for a judgement before
/// the next question goes out.
///
/// # Errors
/// When the system gives no event queue.
pub fn run_here(
    job: Job,
    manners: Manners,
    cancel: &Cancel,
    progress: impl FnMut(Progress<'_>),
) -> io::Result<Vec<Check>> {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(1).enable_all().build()?;
    let network = Arc::new(Network::of(&job));
    Ok(runtime.block_on(run(network, job, manners, cancel, utc, progress)))
}

/// The resolver that this machine asks: the first one that the system names.
///
/// # Errors
/// Why it is not known.
pub fn system_resolver() -> Result<SocketAddr, String> {
    let (config, _) = hickory_resolver::system_conf::read_system_conf()
        .map_err(|error| format!("the system's resolver is not known: {error}"))?;
    let first = config.name_servers().first().map(|server| {
        let port = server.connections.first().map_or(53, |connection| connection.port);
        SocketAddr::new(server.ip, port)
    });
    first.ok_or_else(|| "the system names no resolver".to_owned())
}

/// The time as evidence writes it: `2026-11-24T14:02:31Z`.
pub fn utc() -> String {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    utc_text(since.as_secs())
}

/// Seconds since 1970 as date and time (the days by H. Hinnant's `civil_from_days`).
pub fn utc_text(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Seconds from 1970 to a time as people type it, `2026-11-24T18:00Z` or with seconds.
pub fn utc_seconds(text: &str) -> Option<u64> {
    let (date, time) = text.trim().strip_suffix('Z')?.split_once('T')?;
    let numbers = |text: &str, sign: char| -> Option<Vec<u64>> {
        text.split(sign).map(|part| part.parse().ok()).collect()
    };
    let date = numbers(date, '-')?;
    let time = numbers(time, ':')?;
    let ([year, month @ 1..=12, day @ 1..=31], [hour @ 0..24, minute @ 0..60, rest @ ..]) =
        (date.as_slice(), time.as_slice())
    else {
        return None;
    };
    let second = match rest {
        [] => 0,
        [second @ 0..60] => *second,
        _ => return None,
    };
    let shifted_year = if *month > 2 { *year } else { year.checked_sub(1)? };
    let month_from_march = (month + 9) % 12;
    let of_era = shifted_year % 400;
    let of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let days = shifted_year / 400 * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    Some((days.checked_sub(719_468)?) * 86_400 + hour * 3_600 + minute * 60 + second)
}

/// Seconds from now until a time in seconds since 1970; below 0 when it is past.
pub fn seconds_until(then: u64) -> i64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let signed = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX);
    signed(then) - signed(now.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_right_around_leap_days() {
        let days = |days: u64| utc_text(days * 86_400);
        assert_eq!(days(0), "1970-01-01T00:00:00Z");
        assert_eq!(days(11_016), "2000-02-29T00:00:00Z");
        assert_eq!(days(11_017), "2000-03-01T00:00:00Z");
        assert_eq!(days(47_540), "2100-02-28T00:00:00Z");
        assert_eq!(days(47_541), "2100-03-01T00:00:00Z");
        assert_eq!(utc_text(1_795_528_951), "2026-11-24T14:02:31Z");
    }

    #[test]
    fn times_read_as_they_are_written() {
        for seconds in [0, 951_782_400, 1_795_528_951, 4_107_542_399, 4_107_542_400] {
            assert_eq!(utc_seconds(&utc_text(seconds)), Some(seconds));
        }
        assert_eq!(utc_seconds("2026-11-24T14:02Z"), Some(1_795_528_920));
        for wrong in ["2026-11-24", "2026-13-01T00:00Z", "2026-11-24T24:00Z", "yesterday"] {
            assert_eq!(utc_seconds(wrong), None, "{wrong}");
        }
    }
}
