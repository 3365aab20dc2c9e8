//! What a domain asks of those who send to it: MTA-STS, TLS reports, DANE, CAA; and BIMI (A9 to A14).

use super::{
    answers::{Answers, Judged, both, each},
    signature::tags,
};
use crate::{
    probe::{
        judge::Verdict,
        spf::Stop,
        wire::{How, Rr},
    },
    sim::expected::Study,
};

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

/// The policy itself lies on a web server, which this program does not ask.
pub(super) fn mta_sts(study: &Study, answers: &Answers<'_>) -> Judged {
    let (at, list, ttl) = versioned(study, answers, "_mta-sts", "v=stsv1")?;
    let remedy =
        format!("leave one record: `{at}. IN TXT \"v=STSv1; id=<time of the last change>\"`");
    Ok(match list.as_slice() {
        [] => Verdict::not_applicable("the domain has no MTA-STS"),
        [text] => match tags(text).and_then(|tags| tags.get("id").cloned()) {
            Some(id) if id.len() <= 32 && id.bytes().all(|b| b.is_ascii_alphanumeric()) && !id.is_empty() => {
                let reason = format!("the record is well; whether https://mta-sts.{}/.well-known/mta-sts.txt names every exchanger was not asked", study.name);
                Verdict::info(reason)
            }
            _ => Verdict::fail("the MTA-STS record has no id that reads: senders ignore it").remedy(remedy),
        }
        .got([text])
        .ttl(ttl),
        many => Verdict::fail("several MTA-STS records: senders ignore all of them").got(many).remedy(remedy),
    })
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
