//! DKIM keys and DMARC policies (A6 to A8).

use super::answers::{Answers, Halt, Judged, Looked, each};
use crate::{
    probe::{NoAnswer, judge::Verdict, spf::Stop, wire::Rr},
    sim::expected::Study,
};
use std::collections::BTreeMap;

/// The tags of a record like `v=DMARC1; p=none`, names in lower case (RFC 6376 section 3.2); none:
/// a part has no `=`, or a tag stands twice.
pub(super) fn tags(text: &str) -> Option<BTreeMap<String, String>> {
    let mut tags = BTreeMap::new();
    for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=')?;
        let name = name.trim().to_ascii_lowercase();
        if tags.insert(name, value.trim().to_owned()).is_some() {
            return None;
        }
    }
    Some(tags)
}

/// The bits of an RSA key in a `p=` tag, by the length of its DER form: the modulus is what grows.
fn rsa_bits(base64: &str) -> Option<usize> {
    let symbols = base64.bytes().filter(|b| !b.is_ascii_whitespace() && *b != b'=').count();
    let bytes = symbols * 3 / 4;
    // SubjectPublicKeyInfo of 512, 768, 1024, 1536, 2048, 3072, 4096 bits.
    let sizes =
        [(94, 512), (126, 768), (162, 1024), (226, 1536), (294, 2048), (422, 3072), (550, 4096)];
    sizes.iter().rev().find(|(size, _)| bytes + 2 >= *size).map(|(_, bits)| *bits)
}

pub(super) fn key(study: &Study, answers: &Answers<'_>) -> Judged {
    let name = &study.name;
    let looked = answers.look(study.side, name.as_str(), Rr::Txt)?;
    let texts: Vec<String> = looked.texts().into_iter().collect();
    let missing = format!("publish `{name}. IN TXT \"v=DKIM1; k=rsa; p=<public key>\"`");
    let [text] = texts.as_slice() else {
        let reason = match texts.len() {
            0 => "the key is not there: what is signed with it counts as unsigned".to_owned(),
            n => format!("{n} TXT records instead of one: receivers may take the wrong one"),
        };
        return Ok(Verdict::fail(reason).got(&texts).remedy(missing));
    };
    let Some(tags) = tags(text) else {
        return Ok(Verdict::fail("the key record cannot be read").got(&texts).remedy(missing));
    };
    let key = tags.get("p").map(String::as_str);
    let kind = tags.get("k").map_or("rsa", String::as_str);
    Ok(match (key, kind) {
        (None, _) => Verdict::fail("the record has no key (`p=`)").remedy(missing),
        (Some(""), _) => Verdict::fail("the key is withdrawn (`p=` is empty)").remedy(missing),
        (Some(_), "ed25519") => Verdict::pass("an Ed25519 key"),
        (Some(key), _) => match rsa_bits(key) {
            None | Some(512 | 768) => {
                Verdict::fail("the RSA key is shorter than 1024 bits: receivers ignore it")
                    .remedy("make a key of 2048 bits")
            }
            Some(bits) if bits < 2048 => Verdict::warn(format!("an RSA key of about {bits} bits"))
                .remedy("make a key of 2048 bits"),
            Some(bits) => Verdict::pass(format!("an RSA key of about {bits} bits")),
        },
    }
    .got(&texts)
    .ttl(looked.ttl))
}

/// The DMARC records at a name; texts that are none are left out.
fn records(looked: &Looked) -> Vec<String> {
    let is = |text: &&String| text.trim_start().to_ascii_lowercase().starts_with("v=dmarc1");
    looked.texts().iter().filter(is).cloned().collect()
}

/// The DMARC records that hold for the domain: its own, else those of the names above it, nearest
/// first (RFC 9989 walks the tree; the top-level domain alone is left out).
fn found(study: &Study, answers: &Answers<'_>) -> Result<(String, Vec<String>), Halt> {
    let mut name = study.name.as_str();
    let mut asked = Vec::new();
    while name.contains('.') && asked.len() < 8 {
        let at = format!("_dmarc.{name}");
        let own = asked.is_empty();
        asked.push((at.clone(), answers.look(study.side, &at, Rr::Txt)));
        // The domain's own answer nearly always decides: what lies above it is asked only if not.
        if own {
            let first = records(asked[0].1.as_ref().map_err(Clone::clone)?);
            if !first.is_empty() {
                return Ok((at, first));
            }
        }
        name = name.split_once('.').map_or("", |(_, rest)| rest);
    }
    // What the names above do not say is no fault of the domain.
    let (came, _) = each(asked)?;
    let above = came.into_iter().map(|(at, looked)| (at, records(&looked)));
    Ok(above.into_iter().find(|(_, list)| !list.is_empty()).unwrap_or_default())
}

pub(super) fn policy(study: &Study, answers: &Answers<'_>) -> Judged {
    let name = &study.name;
    let (at, list) = found(study, answers)?;
    let line =
        format!("`_dmarc.{name}. IN TXT \"v=DMARC1; p=quarantine; rua=mailto:postmaster@{name}\"`");
    let text = match list.as_slice() {
        [] => {
            let reason = "the domain has no DMARC policy: large receivers ask for one";
            return Ok(Verdict::warn(reason).got(["no record"]).remedy(format!("publish {line}")));
        }
        [text] => text,
        many => {
            let reason =
                format!("{at} has {} DMARC records: receivers use none of them", many.len());
            return Ok(Verdict::fail(reason).got(many).remedy(format!("leave one: {line}")));
        }
    };
    let tags = tags(text);
    let policy = tags.as_ref().and_then(|tags| tags.get("p")).map(String::as_str);
    let testing = tags.as_ref().is_some_and(|tags| tags.get("t").is_some_and(|t| t == "y"));
    Ok(match policy {
        Some("none") => Verdict::warn("the policy only watches (`p=none`)")
            .remedy(format!("once the reports are clean: {line}")),
        Some("quarantine" | "reject") if testing => {
            Verdict::warn("the policy is marked as a test (`t=y`)")
        }
        Some("quarantine" | "reject") => Verdict::pass(format!("a policy, at {at}")),
        _ => Verdict::fail("the DMARC record has no policy that reads")
            .remedy(format!("publish {line}")),
    }
    .got([text]))
}

/// The domains of the addresses that reports go to.
fn report_domains(text: &str) -> Vec<String> {
    let tags = tags(text).unwrap_or_default();
    let lists = ["rua", "ruf"].iter().filter_map(|tag| tags.get(*tag));
    let mut domains: Vec<String> = lists
        .flat_map(|list| list.split(','))
        .filter_map(|uri| uri.trim().strip_prefix("mailto:"))
        .filter_map(|address| address.rsplit_once('@'))
        .map(|(_, domain)| domain.split('!').next().unwrap_or_default().to_ascii_lowercase())
        .collect();
    domains.sort();
    domains.dedup();
    domains
}

pub(super) fn reports(study: &Study, answers: &Answers<'_>) -> Judged {
    let name = study.name.as_str();
    let (_, list) = found(study, answers)?;
    let [text] = list.as_slice() else {
        return Ok(Verdict::not_applicable("the domain has no DMARC record to look at"));
    };
    let base = |name: &str| name.rsplitn(3, '.').take(2).collect::<Vec<_>>().join(".");
    let other: Vec<String> =
        report_domains(text).into_iter().filter(|domain| base(domain) != base(name)).collect();
    if other.is_empty() {
        return Ok(Verdict::not_applicable("reports go to the domain itself, or nowhere"));
    }
    let asked = other.iter().map(|domain| {
        let at = format!("{name}._report._dmarc.{domain}");
        (at.clone(), answers.look(study.side, &at, Rr::Txt))
    });
    let (came, why): (_, Option<NoAnswer>) = each(asked)?;
    if let Some((at, _)) = came.iter().find(|(_, looked)| records(looked).is_empty()) {
        let reason =
            format!("reports are to go to another domain, which has not agreed: {at} is not there");
        let remedy = format!("ask its owner to publish `{at}. IN TXT \"v=DMARC1\"`");
        return Ok(Verdict::fail(reason).got([text]).remedy(remedy));
    }
    why.map_or_else(
        || Ok(Verdict::pass("the domains that get the reports have agreed").got(&other)),
        |why| Err(Stop::None(why)),
    )
}
