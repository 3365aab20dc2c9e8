//! What a domain asks of those who send to it: MTA-STS, TLS reports, DANE, CAA; and BIMI (A9 to A14).

use super::{
    answers::{Answers, Judged, both, each},
    signature::tags,
};
use crate::{
    probe::{
        NoAnswer,
        judge::Verdict,
        policy::{self, Mode, Policy},
        session::matches_name,
        spf::Stop,
        wire::{How, Rr},
    },
    sim::expected::Study,
};

/// A day in seconds: a policy that senders forget sooner is worth a warning.
const DAY_S: u32 = 86_400;

/// The texts at a name below the domain that begin with a version.
fn versioned(
    study: &Study,
    answers: &Answers<'_>,
    label: &str,
    version: &str,
) -> Result<(String, Vec<String>, Option<u32>), super::Halt> {
    let at = format!("{label}.{}", study.name);
    let looked = answers.look(study.side, &at, Rr::Txt)?;
    let is = |text: &&String| text.to_ascii_lowercase().starts_with(version);
    let list = looked.texts().iter().filter(is).cloned().collect();
    Ok((at, list, looked.ttl))
}

pub(super) fn mta_sts(study: &Study, answers: &Answers<'_>) -> Judged {
    let (at, list, ttl) = versioned(study, answers, "_mta-sts", "v=stsv1")?;
    let remedy =
        format!("leave one record: `{at}. IN TXT \"v=STSv1; id=<time of the last change>\"`");
    let reads = |id: &String| {
        !id.is_empty() && id.len() <= 32 && id.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    Ok(match list.as_slice() {
        [] => Verdict::not_applicable("the domain has no MTA-STS"),
        [text] => {
            let id = tags(text).and_then(|tags| tags.get("id").cloned());
            if !id.as_ref().is_some_and(reads) {
                let why = "the MTA-STS record has no id that reads: senders ignore it";
                Verdict::fail(why).remedy(remedy).got([text])
            } else if answers.may_fetch_policies() {
                policy(study, answers, text)?
            } else {
                let reason = format!(
                    "the record is well; whether https://mta-sts.{}/.well-known/mta-sts.txt names every exchanger was not asked",
                    study.name
                );
                Verdict::info(reason).got([text])
            }
            .ttl(ttl)
        }
        many => Verdict::fail("several MTA-STS records: senders ignore all of them")
            .got(many)
            .remedy(remedy),
    })
}

/// The policy that the record promises, held against the exchangers (RFC 8461 sections 3.2, 3.3 and 4).
fn policy(study: &Study, answers: &Answers<'_>, record: &str) -> Judged {
    let host = format!("mta-sts.{}", study.name);
    let url = format!("https://{host}/.well-known/mta-sts.txt");
    let found = answers.addresses(study.side, &host);
    let mx = answers.look(study.side, study.name.as_str(), Rr::Mx);
    let (addresses, mx) = both(found, mx)?;
    let Some(address) = addresses.first() else {
        let why =
            format!("the record promises a policy, and {host} has no address: senders find none");
        let remedy = format!("publish `{host}. IN A <web server>` and serve {url}");
        return Ok(Verdict::fail(why).got([record]).remedy(remedy));
    };
    let fetched = answers.policy(*address, &host)?;
    let lines = || std::iter::once(record.to_owned()).chain(fetched.lines());
    let fail = |why: String, remedy: String| Ok(Verdict::fail(why).got(lines()).remedy(remedy));
    if let Some(why) = &fetched.distrust {
        let why =
            format!("senders do not trust the certificate of {host}, and ignore the policy: {why}");
        return fail(why, format!("give {host} a certificate of a public authority for its name"));
    }
    match fetched.status {
        200 => {}
        status @ 500.. => {
            let why = format!("the web server answers {status}");
            return Err(Stop::None(NoAnswer::Later(why)));
        }
        status => {
            let why = format!(
                "the record promises a policy, and {url} answers {status} (senders follow no redirect)"
            );
            return fail(why, format!("serve the policy at {url} itself"));
        }
    }
    let policy = match policy::read(&fetched.body) {
        Ok(policy) => policy,
        Err(why) => {
            let remedy =
                format!("serve at {url} version, mode, mx for each exchanger, and max_age");
            return fail(format!("the policy does not read: {why}"), remedy);
        }
    };
    let exchangers: Vec<&str> = mx.records.iter().filter_map(|rec| Some(rec.mx()?.1)).collect();
    Ok(covers(&policy, &exchangers, &fetched.kind).got(lines()))
}

/// What a policy that reads comes to for a domain's exchangers.
fn covers(policy: &Policy, exchangers: &[&str], kind: &str) -> Verdict {
    let missing: Vec<&str> =
        exchangers.iter().copied().filter(|host| *host != "." && !policy.names(host)).collect();
    let idle = |pattern: &&String| !exchangers.iter().any(|host| matches_name(pattern, host));
    let idle: Vec<&str> = policy.exchangers.iter().filter(idle).map(String::as_str).collect();
    let add = |hosts: &[&str]| {
        let lines: Vec<String> = hosts.iter().map(|host| format!("`mx: {host}`")).collect();
        format!("add {} to the policy, and change the record's id", lines.join(", "))
    };
    if policy.mode == Mode::None {
        return Verdict::info("the policy's mode is none: the domain withdraws from MTA-STS");
    }
    if !missing.is_empty() {
        let hosts = missing.join(", ");
        return match policy.mode {
            Mode::Enforce => Verdict::fail(format!(
                "the policy does not name {hosts}: senders that heed it do not deliver there"
            )),
            _ => Verdict::warn(format!(
                "the policy does not name {hosts}: once it is enforced, nothing is delivered there"
            )),
        }
        .remedy(add(&missing));
    }
    if policy.mode == Mode::Testing {
        return Verdict::warn(
            "the policy is for testing: senders report, and deliver all the same",
        )
        .remedy("set `mode: enforce`, and change the record's id");
    }
    if policy.max_age_s < DAY_S {
        let why =
            format!("senders forget the policy after {} s, less than a day", policy.max_age_s);
        return Verdict::warn(why).remedy("set `max_age: 604800` or more");
    }
    if kind != "text/plain" {
        let why = format!("the policy comes as `{kind}`: some senders take only text/plain");
        return Verdict::warn(why).remedy("serve it as text/plain");
    }
    if !idle.is_empty() {
        let why = format!(
            "the policy is enforced and also names {}, which is no exchanger",
            idle.join(", ")
        );
        return Verdict::info(why);
    }
    Verdict::pass("the policy is enforced and names every exchanger")
}

pub(super) fn tls_reports(study: &Study, answers: &Answers<'_>) -> Judged {
    let reports = versioned(study, answers, "_smtp._tls", "v=tlsrptv1");
    let sts = versioned(study, answers, "_mta-sts", "v=stsv1");
    let ((at, list, ttl), (_, sts, _)) = both(reports, sts)?;
    let remedy =
        format!("publish `{at}. IN TXT \"v=TLSRPTv1; rua=mailto:postmaster@{}\"`", study.name);
    Ok(match list.as_slice() {
        [] if sts.is_empty() => Verdict::not_applicable("neither MTA-STS nor reports about it"),
        [] => Verdict::warn("MTA-STS without reports: nobody hears when senders cannot deliver")
            .remedy(remedy),
        [text] => match tags(text).and_then(|tags| tags.get("rua").cloned()) {
            Some(to) if to.contains("mailto:") || to.contains("https:") => {
                Verdict::pass("reports are asked for")
            }
            _ => Verdict::fail("the record does not say where reports go").remedy(remedy),
        }
        .got([text])
        .ttl(ttl),
        many => {
            Verdict::fail("several records: senders ignore all of them").got(many).remedy(remedy)
        }
    })
}

pub(super) fn dane(study: &Study, answers: &Answers<'_>) -> Judged {
    let mx = answers.look(study.side, study.name.as_str(), Rr::Mx)?;
    let hosts: Vec<String> = mx
        .records
        .iter()
        .filter_map(|rec| Some(rec.mx()?.1.to_owned()))
        .filter(|host| host != ".")
        .collect();
    if hosts.is_empty() {
        return Ok(Verdict::not_applicable("the domain has no mail exchanger"));
    }
    let server = answers.server(study.side)?;
    let asked = hosts.iter().map(|host| {
        let at = format!("_25._tcp.{host}");
        let message = answers.of(study.side, &at, Rr::Tlsa, How::Signed);
        let looked = answers.look_at(server, How::Signed, &at, Rr::Tlsa);
        (at, both(message, looked))
    });
    let (came, why) = each(asked)?;
    let with: Vec<_> = came.iter().filter(|(_, (_, looked))| !looked.records.is_empty()).collect();
    if with.is_empty() {
        return why.map_or_else(
            || Ok(Verdict::not_applicable("no exchanger has a TLSA record")),
            |why| Err(Stop::None(why)),
        );
    }
    let got: Vec<String> = with.iter().flat_map(|(_, (_, looked))| looked.texts()).collect();
    for (at, (message, looked)) in &with {
        let unusable = |text: &String| !text.starts_with('2') && !text.starts_with('3');
        if looked.texts().iter().all(unusable) {
            let remedy = format!("publish `{at}. IN TLSA 3 1 1 <hash of the server's key>`");
            let reason = format!("{at} has no record that mail servers use (usage 2 or 3)");
            return Ok(Verdict::fail(reason).got(&got).remedy(remedy));
        }
        if !message.authentic {
            let reason = format!(
                "the answer for {at} is not authentic: unsigned, or this resolver does not check; DANE counts for nothing without"
            );
            let remedy = "sign the zone, or ask by a resolver that checks signatures";
            return Ok(Verdict::warn(reason).got(&got).remedy(remedy));
        }
    }
    Ok(if with.iter().any(|(_, (_, looked))| looked.records.len() == 1) {
        Verdict::info("one record only: publish the next key's before the certificate is changed")
            .got(&got)
    } else {
        Verdict::pass("signed, with a record to roll over to").got(&got)
    })
}

pub(super) fn bimi(study: &Study, answers: &Answers<'_>) -> Judged {
    let (_, list, ttl) = versioned(study, answers, "default._bimi", "v=bimi1")?;
    Ok(if list.is_empty() {
        Verdict::not_applicable("the domain has no BIMI record")
    } else {
        Verdict::info("the domain shows a logo").got(list).ttl(ttl)
    })
}

pub(super) fn caa(study: &Study, answers: &Answers<'_>) -> Judged {
    let mut name = study.name.as_str();
    let mut asked = Vec::new();
    while name.contains('.') && asked.len() < 8 {
        asked.push((name.to_owned(), answers.look(study.side, name, Rr::Caa)));
        name = name.split_once('.').map_or("", |(_, rest)| rest);
    }
    let (came, why) = each(asked)?;
    let found = came.iter().find(|(_, looked)| !looked.records.is_empty());
    match (found, why) {
        (Some((at, looked)), _) => {
            let reason =
                format!("{at} says who may issue certificates: order the mail server's there");
            Ok(Verdict::info(reason).got(looked.texts()).ttl(looked.ttl))
        }
        (None, Some(why)) => Err(Stop::None(why)),
        (None, None) => {
            Ok(Verdict::info("any authority may issue certificates for the domain")
                .got(["no record"]))
        }
    }
}
