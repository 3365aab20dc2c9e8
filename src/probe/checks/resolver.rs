//! Health of a resolver (R1 to R8) and whether signatures hold (Z7).

use super::answers::{Answers, Halt, Judged, both};
use crate::{
    probe::{
        judge::Verdict,
        spf::Stop,
        wire::{How, Message, Rr, code},
    },
    sim::expected::Study,
};

/// A label that nobody has: no zone should answer for it.
pub(super) const NOBODY: &str = "bh-nobody-7f3k2q9x";

/// The zone's SOA, as the resolver gives it.
fn soa<'a>(study: &Study, answers: &Answers<'a>, how: How) -> Result<&'a Message, Halt> {
    answers.of(study.side, study.name.as_str(), Rr::Soa, how)
}

/// A message that is an answer at all.
fn answered(message: &Message) -> Result<&Message, Halt> {
    message.no_answer().map_or(Ok(message), |why| Err(Stop::None(why)))
}

pub(super) fn answers(study: &Study, answers: &Answers<'_>) -> Judged {
    let message = answered(soa(study, answers, How::Plain)?)?;
    let lines = message.lines();
    Ok(Verdict::pass("it answers").got(lines.iter().take(2)))
}

pub(super) fn over_tcp(study: &Study, answers: &Answers<'_>) -> Judged {
    let (udp, tcp) = (soa(study, answers, How::Plain), soa(study, answers, How::Tcp));
    if matches!((&udp, &tcp), (Err(Stop::Missing), _) | (_, Err(Stop::Missing))) {
        return Err(Stop::Missing);
    }
    let remedy = "open TCP port 53 to the resolver, beside UDP";
    let udp = answered(udp?)?;
    let tcp = match tcp {
        Ok(tcp) => tcp,
        Err(Stop::None(why)) => {
            let reason =
                format!("it answers over UDP, but not over TCP ({why}): large answers are lost");
            return Ok(Verdict::fail(reason).got([why.to_string()]).remedy(remedy));
        }
        Err(stop) => return Err(stop),
    };
    if let Some(why) = tcp.no_answer() {
        let reason = format!("it answers over UDP, but over TCP it says {why}");
        return Ok(Verdict::fail(reason).got([why.to_string()]).remedy(remedy));
    }
    let of = |message: &Message| {
        let mut texts: Vec<String> = message.answers.iter().map(|r| r.text.clone()).collect();
        texts.sort();
        texts
    };
    Ok(if of(udp) == of(tcp) {
        Verdict::pass("TCP and UDP give the same").got(of(tcp))
    } else {
        let remedy = "ask why: a load balancer or a firewall may answer one of the two";
        Verdict::warn("TCP and UDP give different answers").got(of(tcp)).remedy(remedy)
    })
}

/// Differs from the catalogue on purpose: an authoritative server may be named as the outside
/// resolver, so that alone is a warning; what it then cannot answer is `unknown` where it is asked.
pub(super) fn recursive(study: &Study, answers: &Answers<'_>) -> Judged {
    let root = answers.of(study.side, ".", Rr::Ns, How::Plain);
    let own = soa(study, answers, How::Plain);
    let (root, own) = both(root, own)?;
    let own = answered(own)?;
    let remedy = "name the server that asks on for its clients, or let this client ask it";
    Ok(match (own.recursive, root.code) {
        (true, code::NO_ERROR | code::NO_SUCH_NAME) => {
            Verdict::pass("it asks on for its clients").got(["ra"])
        }
        (true, code::REFUSED) => {
            Verdict::fail("it refuses what is not its own, though it offers to ask on")
                .got(["ra, REFUSED"])
                .remedy(remedy)
        }
        // A closed network has no way to the root; that is no fault of the resolver.
        (true, _) => Verdict::info("it offers to ask on, but does not get to the root's servers")
            .got(["ra, SERVFAIL"]),
        (false, _) => {
            let reason = "it answers from its own zones only: hosts that use it find no other name";
            Verdict::warn(reason).got(["no ra"]).remedy(remedy)
        }
    })
}

pub(super) fn edns(study: &Study, answers: &Answers<'_>) -> Judged {
    let message = soa(study, answers, How::Plain)?;
    let remedy = "let EDNS and fragments pass the firewall; a payload of 1232 bytes is safe";
    answered(message)?;
    Ok(match (message.edns, message.truncated) {
        (_, true) => Verdict::fail("the answer is cut short, and TCP does not help")
            .got(["tc"])
            .remedy(remedy),
        (true, false) => Verdict::pass("it answers with EDNS").got(["edns"]),
        (false, false) => {
            Verdict::warn("it answers without EDNS: answers above 512 bytes go over TCP")
                .got(["no edns"])
                .remedy(remedy)
        }
    })
}

pub(super) fn validates(study: &Study, answers: &Answers<'_>) -> Judged {
    let signed = answers.of(study.side, ".", Rr::Soa, How::Signed)?;
    Ok(if signed.authentic {
        Verdict::pass("it checks signatures: the root is authentic").got(["ad"])
    } else if signed.no_answer().is_some() {
        Verdict::info(
            "whether it checks signatures cannot be seen: it does not answer for the root",
        )
        .got(signed.lines().iter().take(1))
    } else {
        Verdict::warn("it does not check signatures: a forged answer is passed on")
            .got(["no ad"])
            .remedy("switch DNSSEC validation on in the resolver")
    })
}

pub(super) fn rewrites(study: &Study, answers: &Answers<'_>) -> Judged {
    let own = format!("{NOBODY}.{}", study.name);
    let other = format!("{NOBODY}.com");
    let own = answers.look(study.side, &own, Rr::A);
    let other = answers.look(study.side, &other, Rr::A);
    if matches!((&own, &other), (Err(Stop::Missing), _) | (_, Err(Stop::Missing))) {
        return Err(Stop::Missing);
    }
    let remedy = "use a resolver that says no where there is nothing";
    if let Ok(looked) = &other
        && !looked.records.is_empty()
    {
        let reason = "it makes up an address for a name that does not exist";
        return Ok(Verdict::fail(reason).got(looked.texts()).remedy(remedy));
    }
    let own = own?;
    Ok(if own.records.is_empty() {
        Verdict::pass("a name that does not exist gets no address").got(["no such name"])
    } else {
        let reason = format!(
            "every name under {} has an address: a wildcard, or a resolver that makes one up",
            study.name
        );
        let remedy = format!("remove the wildcard `*.{}`, or: {remedy}", study.name);
        Verdict::warn(reason).got(own.texts()).remedy(remedy)
    })
}

/// Whether the resolver keeps the domain back because its signatures are wrong (Z7).
pub(super) fn signed(study: &Study, answers: &Answers<'_>) -> Judged {
    let message = soa(study, answers, How::Signed)?;
    if message.code == code::SERVER_FAILURE {
        let unchecked = soa(study, answers, How::Unchecked)?;
        if unchecked.no_answer().is_none() {
            let reason = "its signatures do not hold: a resolver that checks them gives nothing";
            let remedy =
                format!("sign {} anew, or take its DS record out at the parent", study.name);
            return Ok(Verdict::fail(reason).got(["SERVFAIL; an answer unchecked"]).remedy(remedy));
        }
    }
    answered(message)?;
    Ok(if message.authentic {
        Verdict::pass("signed, and the signatures hold").got(["ad"])
    } else if message.answers.iter().any(|rec| rec.kind == Rr::Rrsig) {
        Verdict::info("signed, but this resolver does not check signatures").got(["no ad"])
    } else {
        Verdict::info("not signed").got(["no ad"])
    })
}
