//! Names of addresses and hosts (N1 to N7). An address here is one by which mail leaves.

use super::answers::{Answers, Halt, Judged, Looked, each};
use crate::{
    model::{dns::reverse_name, name::is_within},
    probe::{judge::Verdict, spf::Stop, wire::Rr},
    sim::expected::Study,
};
use std::net::{IpAddr, Ipv6Addr};

/// Suffixes that no public name has (RFC 6762, RFC 6761, RFC 8375, and what people use).
const INSIDE_SUFFIXES: [&str; 9] =
    ["local", "localdomain", "lan", "internal", "intranet", "corp", "home", "home.arpa", "private"];

/// Whether the Internet can reach an address. The documentation networks of RFC 5737 and RFC 3849
/// count as public: plans and tests stand in them.
pub(super) fn is_public_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            let shared = a == 100 && (64..128).contains(&b); // RFC 6598
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_multicast()
                || v4.is_broadcast()
                || shared
                || a == 0
                || a >= 240)
        }
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(_) => false,
            None => !is_special(v6),
        },
    }
}

fn is_special(v6: Ipv6Addr) -> bool {
    v6.is_loopback()
        || v6.is_unspecified()
        || v6.is_multicast()
        || v6.is_unique_local()
        || v6.is_unicast_link_local()
}

/// Letters, digits and hyphens, at least two labels, the last no number (RFC 5321 section 2.3.5).
pub(super) fn is_host_name(name: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = name.rsplit('.').next().unwrap_or_default();
    name.contains('.') && name.split('.').all(label) && !last.bytes().all(|b| b.is_ascii_digit())
}

/// The address of the study and its names.
fn pointers(study: &Study, answers: &Answers<'_>) -> Result<(IpAddr, Looked), Halt> {
    let address = study.address.ok_or(Stop::None(crate::probe::NoAnswer::NotNamed(
        "the plan has no address there".to_owned(),
    )))?;
    let looked = answers.look(study.side, reverse_name(address).as_str(), Rr::Ptr)?;
    Ok((address, looked))
}

pub(super) fn has_pointer(study: &Study, answers: &Answers<'_>) -> Judged {
    let (address, looked) = pointers(study, answers)?;
    let reason = format!("{address} has no name: large receivers refuse mail from it");
    let wanted = study.planned.first().map_or("<the server's public name>", String::as_str);
    let remedy = format!("ask the provider of {address} for the PTR record `{wanted}.`");
    Ok(match (looked.records.is_empty(), study.planned.is_empty()) {
        (false, _) => Verdict::pass("the address has a name").got(looked.texts()).ttl(looked.ttl),
        // The plan has none either: that is a finding on the drawing, and no surprise here.
        (true, true) => Verdict::warn(reason).got(["no record"]).remedy(remedy),
        (true, false) => Verdict::fail(reason).got(["no record"]).remedy(remedy),
    })
}

pub(super) fn confirmed(study: &Study, answers: &Answers<'_>) -> Judged {
    let (address, looked) = pointers(study, answers)?;
    if looked.records.is_empty() {
        return Ok(Verdict::not_applicable("the address has no name that could lead back"));
    }
    let kind = if address.is_ipv4() { Rr::A } else { Rr::Aaaa };
    let names: Vec<String> = looked.texts().into_iter().collect();
    let asked = names.iter().map(|name| (name.clone(), answers.look(study.side, name, kind)));
    let (came, why) = each(asked)?;
    let back = came.iter().find(|(_, looked)| looked.addresses().contains(&address));
    match (back, why) {
        (Some((name, _)), _) => Ok(Verdict::pass(format!("{name} leads back to it")).got([name])),
        (None, Some(why)) => Err(Stop::None(why)),
        (None, None) => {
            let (name, found) = &came[0];
            let found: Vec<String> = found.texts().into_iter().collect();
            let found = if found.is_empty() { "no address".to_owned() } else { found.join(", ") };
            let kind = kind.name();
            Ok(Verdict::fail(format!("{address} is called {name}, but {name} has {found}"))
                .got(names.iter())
                .remedy(format!(
                    "publish `{name}. IN {kind} {address}`, or have the PTR record changed"
                )))
        }
    }
}

/// The study's name is the planned greeting.
pub(super) fn greeting(study: &Study, answers: &Answers<'_>) -> Judged {
    let (address, looked) = pointers(study, answers)?;
    let name = study.name.as_str();
    let texts = looked.texts();
    if texts.contains(name) {
        return Ok(Verdict::pass("the planned greeting is the address's name").got(texts));
    }
    let kind = if address.is_ipv4() { Rr::A } else { Rr::Aaaa };
    let own = answers.look(study.side, name, kind)?;
    let remedy = match texts.iter().next() {
        Some(pointer) => format!(
            "let the server greet as {pointer}, or have the PTR record of {address} say {name}"
        ),
        None => format!("ask the provider of {address} for the PTR record {name}"),
    };
    Ok(if own.records.is_empty() {
        let reason = format!("the planned greeting {name} has no address on the Internet");
        Verdict::fail(reason)
            .got(texts)
            .remedy(format!("publish `{name}. IN {} {address}`", kind.name()))
    } else {
        Verdict::warn(format!("the planned greeting {name} is not what {address} is called"))
            .got(texts)
            .remedy(remedy)
    })
}

pub(super) fn own_name(study: &Study, answers: &Answers<'_>) -> Judged {
    let (address, looked) = pointers(study, answers)?;
    let texts = looked.texts();
    if texts.is_empty() {
        return Ok(Verdict::not_applicable("the address has no name"));
    }
    Ok(match texts.iter().find(|name| is_pool_name(name, address)) {
        Some(name) => Verdict::warn(format!(
            "{name} looks like a name from a provider's pool: receivers trust it less"
        ))
        .got(&texts)
        .remedy(format!("ask the provider for a PTR record of your own for {address}")),
        None => Verdict::pass("the name is one of its own").got(&texts),
    })
}

/// Whether a name has the address's numbers in it, or says of itself that it is of a pool.
fn is_pool_name(name: &str, address: IpAddr) -> bool {
    let words: Vec<&str> = name.split(['.', '-', '_']).collect();
    let pool = [
        "dyn", "dynamic", "dsl", "adsl", "vdsl", "dhcp", "pool", "ppp", "dialup", "cable", "static",
    ];
    let says = words
        .iter()
        .any(|word| pool.contains(&word.trim_end_matches(|c: char| c.is_ascii_digit())));
    let IpAddr::V4(v4) = address else { return says };
    let octets: Vec<String> = v4.octets().iter().map(ToString::to_string).collect();
    let has = |octet: &String| words.contains(&octet.as_str());
    says || octets.iter().filter(|octet| has(octet)).count() >= 3
}

/// The plan's records of the study are the directory's domains.
pub(super) fn no_inside_name(study: &Study, answers: &Answers<'_>) -> Judged {
    let looked = answers.look(study.side, study.name.as_str(), Rr::Mx)?;
    let hosts: Vec<&str> = looked.records.iter().filter_map(|r| Some(r.mx()?.1)).collect();
    if hosts.is_empty() {
        return Ok(Verdict::not_applicable("the domain has no mail exchanger"));
    }
    let mail_domain = study.name.as_str();
    let inside = |host: &&&str| {
        let directory = |domain: &String| domain != mail_domain && is_within(host, domain);
        INSIDE_SUFFIXES.iter().any(|suffix| is_within(host, suffix))
            || study.planned.iter().any(directory)
    };
    Ok(match hosts.iter().find(inside) {
        Some(host) => {
            Verdict::warn(format!("the MX record shows the inside name {host} to everybody"))
                .got(hosts.iter())
                .remedy("let the MX record name the server's public name")
        }
        None => Verdict::pass("no exchanger bears an inside name").got(hosts.iter()),
    })
}
