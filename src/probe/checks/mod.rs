//! The catalogue of checks: what is made of the answers, one file a family, pure. Knows no network.
//!
//! Each check has an id, a title and its reference here, and a judge in its family's file; which
//! of them a plan gives cause for is [`crate::sim::expected::studies`]'s. A check that gets no answer
//! is `unknown` with the reason, never "missing".

mod answers;
mod clients;
mod lifetime;
mod lists;
mod mx;
mod names;
mod resolver;
mod sender;
mod servers;
mod signature;
mod transport;
mod views;

pub use answers::{Answers, Halt, Judged, Known, Looked};

use super::{NameReply, NoAnswer, Route, judge::Verdict, spf::Stop, wire::Query};
use crate::{model::beside::Outcome, sim::expected::Study};
use std::collections::BTreeSet;

/// A check of the catalogue.
pub struct Definition {
    /// Its id.
    pub id: &'static str,
    /// What it checks, in a few words.
    pub title: &'static str,
    /// Where the rule stands.
    pub reference: &'static str,
    judge: fn(&Study, &Answers<'_>) -> Judged,
}

const fn check(
    id: &'static str,
    title: &'static str,
    reference: &'static str,
    judge: fn(&Study, &Answers<'_>) -> Judged,
) -> Definition {
    Definition { id, title, reference, judge }
}

/// Every check that holds several answers together.
pub const CHECKS: &[Definition] = &[
    check("R1", "resolver answers", "RFC 1035 section 4.2.1", resolver::answers),
    check("R2", "resolver answers over TCP as over UDP", "RFC 7766 section 5", resolver::over_tcp),
    check("R3", "resolver asks on", "RFC 1034 section 4.3.1", resolver::recursive),
    check("R4", "resolver knows EDNS", "RFC 6891 sections 6 and 7", resolver::edns),
    check("R6", "resolver checks signatures", "RFC 4035 section 3.2.3", resolver::validates),
    check("R7", "two resolvers are two views", "RFC 9499, split DNS", views::two_views),
    check("R8", "resolver rewrites no", "RFC 8020", resolver::rewrites),
    check("M1", "mail exchangers", "RFC 5321 section 5.1", mx::present),
    check("M2", "exchanger is no alias", "RFC 2181 section 10.3", mx::no_alias),
    check("M3", "exchanger is a host name", "RFC 5321 section 2.3.5", mx::host_name),
    check("M4", "exchanger has an address", "RFC 5321 section 5.1", mx::has_address),
    check("M5", "exchanger's address is public", "RFC 6890", mx::is_public),
    check("M6", "exchangers differ", "RFC 5321 section 5.1", mx::distinct),
    check("M7", "null MX stands alone", "RFC 7505 section 3", mx::null_alone),
    check("M8", "no wildcard MX", "RFC 1912 section 2.7", mx::no_wildcard),
    check("M9", "no implicit MX", "RFC 5321 section 5.1", mx::not_implicit),
    check("M10", "standby exchanger has the address", "RFC 5321 section 5.1", mx::standby),
    check("M11", "standby exchanger can be switched", "RFC 1035 section 3.2.1", mx::switchable),
    check("M14", "same MX on every name server", "RFC 1034 section 4.3.5", servers::same_mx),
    check("M15", "exchangers in several networks", "RFC 2182 section 3.1, by analogy", mx::spread),
    check("N1", "address has a name", "RFC 1912 section 2.1", names::has_pointer),
    check("N2", "name leads back to the address", "RFC 8601 section 2.7.3", names::confirmed),
    check("N3", "greeting is the address's name", "RFC 5321 section 4.1.4", names::greeting),
    check("N6", "name is no provider's pool name", "RFC 1912 section 2.1", names::own_name),
    check("N7", "no inside name in MX", "RFC 6762", names::no_inside_name),
    check("A1", "one SPF record", "RFC 7208 sections 3.2 and 4.5", sender::record),
    check("A1-NS", "same SPF on every name server", "RFC 1034 section 4.3.5", servers::same_spf),
    check("A2", "SPF within its limits", "RFC 7208 section 4.6.4", sender::limits),
    check("A3", "SPF ends in a word", "RFC 7208 sections 4.7 and 5.1", sender::ending),
    check("A4", "SPF lets the address send", "RFC 7208 section 4", sender::egress),
    check("A5", "greeting's name has SPF", "RFC 7208 section 2.3", sender::greeting),
    check("A6", "DKIM key", "RFC 6376 section 3.6.1, RFC 8301 section 3.2", signature::key),
    check("A7", "DMARC policy", "RFC 9989 (before: RFC 7489)", signature::policy),
    check("A8", "DMARC reports elsewhere are allowed", "RFC 9990", signature::reports),
    check("A9", "MTA-STS", "RFC 8461 section 3", transport::mta_sts),
    check("A10", "TLS reports", "RFC 8460 section 3", transport::tls_reports),
    check("A11", "DANE", "RFC 7672 section 3.1", transport::dane),
    check("A12", "BIMI", "draft-brand-indicators-for-message-identification", transport::bimi),
    check("A13", "block lists", "RFC 5782 section 2", lists::listed),
    check("A14", "CAA", "RFC 8659", transport::caa),
    check("C1", "autodiscover", "Microsoft: Autodiscover for Exchange", clients::autodiscover),
    check("C2", "submission and IMAP by SRV", "RFC 6186, RFC 8314", clients::services),
    check("Z1", "name servers", "RFC 2182 section 5", servers::enough),
    check("Z2", "no lame name server", "RFC 1912 section 2.8", servers::none_lame),
    check(
        "Z3",
        "parent and zone name the same servers",
        "RFC 1034 section 4.2.2",
        servers::delegation,
    ),
    check("Z4", "same serial on every name server", "RFC 1034 section 4.3.5", servers::serials),
    check("Z5", "SOA timers", "RFC 1912 section 2.2", servers::timers),
    check("Z6", "name servers know TCP and EDNS", "RFC 7766", servers::over_tcp),
    check("Z7", "signatures hold", "RFC 4035 section 5", resolver::signed),
    check("Z10", "IPv6 as IPv4", "RFC 6724", mx::parity),
    check(
        "T1",
        "record runs out before the cut-over",
        "RFC 1035 section 3.2.1",
        lifetime::runs_out,
    ),
    check("T2", "old record has run out", "RFC 1035 section 3.2.1", lifetime::has_run_out),
    check(
        "T3",
        "absence is forgotten before the cut-over",
        "RFC 2308 section 5",
        lifetime::absence,
    ),
    check("T4", "resolver no longer gives the old record", "RFC 8767", lifetime::stale),
    check("W1", "the two views side by side", "RFC 9499, split DNS", views::table),
    check(
        "W2",
        "the views differ where the plan wants it",
        "RFC 9499, split DNS",
        views::as_planned,
    ),
    check("W3", "no public name is hidden inside", "RFC 1034 section 4.3.2", views::shadowed),
    check("W4", "addresses fit the view", "RFC 1918 section 5", views::addresses),
    check("W5", "no outside-only name inside", "RFC 9499, split DNS", views::outside_only),
];

/// A check by its id.
pub fn definition(id: &str) -> Option<&'static Definition> {
    CHECKS.iter().find(|check| check.id == id)
}

/// A verdict with where it comes from.
pub struct Finished {
    /// The verdict.
    pub verdict: Verdict,
    /// Who was asked first.
    pub asked: String,
    /// How long the slowest answer took, in milliseconds.
    pub rtt_ms: Option<u32>,
    /// The answers.
    pub raw: Vec<String>,
}

/// The records of one name, as a question about a record wants them, with where they come from.
///
/// # Errors
/// What has to be asked first; never nothing.
pub fn reply(query: &Query, known: &Known, route: &Route) -> Result<Told, BTreeSet<Query>> {
    let answers = Answers::new(known, route);
    let reply = match answers.look_at(query.server, query.how, &query.name, query.kind) {
        Ok(looked) if !looked.records.is_empty() => NameReply::Records {
            lines: looked.records.into_iter().map(|rec| rec.text).collect(),
            ttl: looked.ttl.unwrap_or_default(),
        },
        Ok(looked) if looked.no_such_name => NameReply::NoSuchName,
        Ok(_) => NameReply::NoData,
        Err(Stop::None(why)) => NameReply::None(why),
        Err(Stop::Missing) => return Err(answers.missing()),
    };
    let (_, rtt_ms, raw) = answers.sources(false);
    Ok(Told { reply, rtt_ms, raw })
}

/// Records with where they come from.
pub struct Told {
    /// The records, or why there are none.
    pub reply: NameReply,
    /// How long the slowest answer took, in milliseconds.
    pub rtt_ms: Option<u32>,
    /// The answers.
    pub raw: Vec<String>,
}

/// Judges a study by what is known.
///
/// # Errors
/// What has to be asked first; never nothing.
pub fn judge(study: &Study, known: &Known, route: &Route) -> Result<Finished, BTreeSet<Query>> {
    let answers = Answers::new(known, route);
    let judged = match definition(study.check) {
        Some(definition) => (definition.judge)(study, &answers),
        None => Err(Stop::None(NoAnswer::Network(format!("there is no check `{}`", study.check)))),
    };
    let verdict = match judged {
        Ok(verdict) => verdict,
        Err(Stop::None(why)) => Verdict::unknown(&why),
        Err(Stop::Missing) => {
            let missing = answers.missing();
            if !missing.is_empty() {
                return Err(missing);
            }
            Verdict::unknown(&NoAnswer::Network("the check waits for nothing".to_owned()))
        }
    };
    let (asked, rtt_ms, raw) = answers.sources(verdict.outcome == Outcome::Unknown);
    Ok(Finished { verdict, asked, rtt_ms, raw })
}
