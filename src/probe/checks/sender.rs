//! SPF (A1 to A5): the record, its limits, and whether each address by which mail leaves may send.

use super::answers::{Answers, Halt, Judged, OfSide};
use crate::{
    probe::{
        NoAnswer,
        judge::Verdict,
        spf::{self, Answer, Checked, LOOKUPS_MAX, Sender, Stop, VOIDS_MAX, is_record},
        wire::Rr,
    },
    sim::expected::Study,
};
use std::net::{IpAddr, Ipv4Addr};

/// From so many look-ups on a record is near its limit.
const LOOKUPS_MANY: usize = 8;
/// A longer record may not fit an answer over UDP (RFC 7208 section 3.4), in bytes.
const SIZE_MANY: usize = 450;

/// The SPF records of the domain, and how long they may be remembered.
fn records(study: &Study, answers: &Answers<'_>) -> Result<(Vec<String>, Option<u32>), Halt> {
    let looked = answers.look(study.side, study.name.as_str(), Rr::Txt)?;
    let texts = looked.records.into_iter().map(|rec| rec.text);
    Ok((texts.filter(|text| is_record(text)).collect(), looked.ttl))
}

fn evaluate(
    study: &Study,
    answers: &Answers<'_>,
    address: IpAddr,
) -> Result<Checked<NoAnswer>, Halt> {
    let domain = study.name.as_str();
    let sender = Sender { address, local: "postmaster", domain, helo: domain };
    spf::check(&OfSide { answers, side: study.side }, &sender).ok_or(Stop::Missing)
}

/// An address that nobody lets send, so that every term of a record is gone through.
const STRANGER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 254));

fn none_there(study: &Study) -> Verdict {
    Verdict::warn("the domain has no SPF record: anybody may send in its name unseen")
        .got(["no record"])
        .remedy(format!("publish `{}. IN TXT \"v=spf1 <what sends> -all\"`", study.name))
}

pub(super) fn record(study: &Study, answers: &Answers<'_>) -> Judged {
    let (found, ttl) = records(study, answers)?;
    let text = match found.as_slice() {
        [] => return Ok(none_there(study)),
        [text] => text,
        many => {
            let reason =
                format!("the domain has {} SPF records: receivers use none of them", many.len());
            let remedy = "join them in one TXT record";
            return Ok(Verdict::fail(reason).got(many).remedy(remedy).ttl(ttl));
        }
    };
    if let Some(why) = spf::wrong(text) {
        let reason = format!("the SPF record cannot be read: {why}; receivers use none of it");
        let remedy = "mend the term, e.g. `ip4:203.0.113.10`";
        return Ok(Verdict::fail(reason).got(&found).remedy(remedy).ttl(ttl));
    }
    Ok(if text.len() > SIZE_MANY {
        let reason = format!("the record is {} bytes long and may not fit an answer", text.len());
        let remedy = "move parts of it into an `include:`";
        Verdict::warn(reason).got(&found).remedy(remedy).ttl(ttl)
    } else {
        Verdict::pass("one SPF record that reads").got(&found).ttl(ttl)
    })
}

pub(super) fn limits(study: &Study, answers: &Answers<'_>) -> Judged {
    let (found, _) = records(study, answers)?;
    if found.is_empty() {
        return Ok(Verdict::not_applicable("the domain has no SPF record"));
    }
    let (answer, cost) = evaluate(study, answers, STRANGER)?;
    let got = format!("{} terms ask the DNS, {} find nothing", cost.lookups, cost.voids);
    let remedy = "replace `include:` and `mx` by `ip4:` and `ip6:` where the addresses are fixed";
    Ok(match answer {
        Answer::TempError(why) => return Err(Stop::None(why)),
        Answer::PermError(why) => Verdict::fail(why).got([got]).remedy(remedy),
        _ if cost.lookups >= LOOKUPS_MANY || cost.voids == VOIDS_MAX => {
            let reason = format!("near the limits of {LOOKUPS_MAX} and {VOIDS_MAX}");
            Verdict::warn(reason).got([got]).remedy(remedy)
        }
        _ => Verdict::pass("within the limits").got([got]),
    })
}

pub(super) fn ending(study: &Study, answers: &Answers<'_>) -> Judged {
    let (found, _) = records(study, answers)?;
    if found.is_empty() {
        return Ok(Verdict::not_applicable("the domain has no SPF record"));
    }
    let (answer, _) = evaluate(study, answers, STRANGER)?;
    let remedy =
        format!("end the record of {} with `-all`, or `~all` while you try it", study.name);
    Ok(match answer {
        Answer::TempError(why) => return Err(Stop::None(why)),
        Answer::PermError(_) => Verdict::not_applicable("the record cannot be used; see A1 and A2"),
        Answer::Pass(term) if term.trim_start_matches('+').eq_ignore_ascii_case("all") => {
            Verdict::fail("the record lets everybody send").got(&found).remedy(remedy)
        }
        Answer::Pass(term) => {
            Verdict::fail(format!("a stranger may send, by `{term}`")).got(&found).remedy(remedy)
        }
        Answer::Neutral | Answer::None => {
            Verdict::warn("the record says nothing about strangers").got(&found).remedy(remedy)
        }
        Answer::Fail(_) => Verdict::pass("strangers may not send").got(&found),
        Answer::SoftFail(_) => Verdict::info("strangers are marked, not refused").got(&found),
    })
}

/// The study's address is one by which mail leaves.
pub(super) fn egress(study: &Study, answers: &Answers<'_>) -> Judged {
    let Some(address) = study.address else {
        return Ok(Verdict::not_applicable("the plan has no address there"));
    };
    let (answer, _) = evaluate(study, answers, address)?;
    let family = if address.is_ipv4() { "ip4" } else { "ip6" };
    let remedy =
        format!("add `{family}:{address}` to the SPF record of {}, before its `all`", study.name);
    let got = answer.name();
    Ok(match answer {
        Answer::TempError(why) => return Err(Stop::None(why)),
        Answer::None => Verdict::not_applicable("the domain has no SPF record").got([got]),
        Answer::Pass(term) => Verdict::pass(format!("{address} may send, by `{term}`")).got([got]),
        Answer::Fail(term) | Answer::SoftFail(term) => {
            let reason = format!("mail that leaves by {address} is taken for forged, by `{term}`");
            Verdict::fail(reason).got([got]).remedy(remedy)
        }
        Answer::Neutral => Verdict::fail(format!("the record does not let {address} send"))
            .got([got])
            .remedy(remedy),
        Answer::PermError(why) => {
            Verdict::fail(why).got([got]).remedy("mend the record; see A1 and A2")
        }
    })
}

pub(super) fn greeting(study: &Study, answers: &Answers<'_>) -> Judged {
    let (found, ttl) = records(study, answers)?;
    let Some(address) = study.address.filter(|_| !found.is_empty()) else {
        let remedy = format!("publish `{}. IN TXT \"v=spf1 a -all\"`", study.name);
        let reason =
            "the greeting's name has no SPF record: bounces cannot be told from forged ones";
        return Ok(Verdict::info(reason).got(["no record"]).remedy(remedy));
    };
    let (answer, _) = evaluate(study, answers, address)?;
    Ok(match answer {
        Answer::TempError(why) => return Err(Stop::None(why)),
        Answer::Pass(_) => Verdict::pass("the greeting's name lets the address send"),
        ref other => Verdict::warn(format!("the greeting's own SPF record gives {}", other.name()))
            .remedy(format!("add the address {address} to it")),
    }
    .got(found)
    .ttl(ttl))
}
