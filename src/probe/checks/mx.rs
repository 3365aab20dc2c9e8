//! Mail exchangers (M1 to M11, M15) and IPv6 parity (Z10).

use super::{
    answers::{Answers, Halt, Judged, Looked, both, each},
    names::{is_host_name, is_public_address},
    resolver::NOBODY,
};
use crate::{
    probe::{NoAnswer, judge::Verdict, spf::Stop, wire::Rr},
    sim::expected::{Side, Study},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// A switch has to take effect within this time where the plan says nothing, in seconds.
const SWITCH_MAX: u32 = 600;

/// The domain's exchangers with their preferences; the null MX stands as `.`.
fn exchangers(study: &Study, answers: &Answers<'_>) -> Result<(Vec<(u16, String)>, Looked), Halt> {
    let looked = answers.look(study.side, study.name.as_str(), Rr::Mx)?;
    let mut list: Vec<(u16, String)> =
        looked.records.iter().filter_map(|r| r.mx().map(|(p, h)| (p, h.to_owned()))).collect();
    list.sort();
    Ok((list, looked))
}

/// The hosts alone, each once, the null MX left out.
fn hosts(study: &Study, answers: &Answers<'_>) -> Result<Vec<String>, Halt> {
    let mut seen = BTreeSet::new();
    let (list, _) = exchangers(study, answers)?;
    Ok(list
        .into_iter()
        .map(|(_, host)| host)
        .filter(|host| host != "." && seen.insert(host.clone()))
        .collect())
}

fn lines(list: &[(u16, String)]) -> Vec<String> {
    list.iter().map(|(preference, host)| format!("{preference} {host}")).collect()
}

/// The plan's MX records, as a zone file has them.
fn planned_lines(study: &Study) -> String {
    let all: Vec<String> =
        study.planned.iter().map(|mx| format!("{}. IN MX {mx}.", study.name)).collect();
    if all.is_empty() { format!("{}. IN MX 10 <host>.", study.name) } else { all.join("; ") }
}

/// Nothing to judge without an exchanger: that is M1's.
fn none_there() -> Verdict {
    Verdict::not_applicable("the domain has no mail exchanger to look at")
}

pub(super) fn present(study: &Study, answers: &Answers<'_>) -> Judged {
    let (list, looked) = exchangers(study, answers)?;
    let remedy = format!("publish {}", planned_lines(study));
    let refuses = study.planned == ["0 ."];
    Ok(if list.is_empty() {
        let what = if looked.no_such_name {
            "the domain does not exist"
        } else {
            "the domain has no MX record"
        };
        let got = if looked.no_such_name { "no such name" } else { "no record" };
        Verdict::fail(format!("{what}: it gets no mail by it")).got([got]).remedy(remedy)
    } else if list.iter().all(|(_, host)| host == ".") && !refuses {
        Verdict::fail("the domain says that it takes no mail").got(lines(&list)).remedy(remedy)
    } else {
        Verdict::pass("the domain names its mail exchangers").got(lines(&list)).ttl(looked.ttl)
    })
}

pub(super) fn no_alias(study: &Study, answers: &Answers<'_>) -> Judged {
    let hosts = hosts(study, answers)?;
    if hosts.is_empty() {
        return Ok(none_there());
    }
    let asked = hosts.iter().map(|h| (h.clone(), answers.look(study.side, h, Rr::Cname)));
    let (came, why) = each(asked)?;
    let aliases: Vec<(String, String)> = came
        .into_iter()
        .filter_map(|(host, looked)| Some((host, looked.records.first()?.text.clone())))
        .collect();
    let Some((host, target)) = aliases.first() else {
        return unless(why, || Verdict::pass("no exchanger is an alias").got(&hosts));
    };
    let reason = format!("the exchanger {host} is an alias of {target}: some senders refuse that");
    let got = aliases.iter().map(|(host, target)| format!("{host} CNAME {target}"));
    let remedy = format!("let the MX record name {target} itself, or give {host} its own address");
    Ok(Verdict::fail(reason).got(got).remedy(remedy))
}

/// A good verdict only where everything was answered.
fn unless(why: Option<NoAnswer>, good: impl FnOnce() -> Verdict) -> Judged {
    why.map_or_else(|| Ok(good()), |why| Err(Stop::None(why)))
}

pub(super) fn host_name(study: &Study, answers: &Answers<'_>) -> Judged {
    let hosts = hosts(study, answers)?;
    if hosts.is_empty() {
        return Ok(none_there());
    }
    let wrong: Vec<&String> = hosts.iter().filter(|host| !is_host_name(host)).collect();
    Ok(match wrong.first() {
        None => Verdict::pass("every exchanger is a host name").got(&hosts),
        Some(host) => {
            let what = if host.parse::<IpAddr>().is_ok() { "an address" } else { "no host name" };
            Verdict::fail(format!("the exchanger {host} is {what}"))
                .got(&wrong)
                .remedy("give the host an A record, and let the MX record name it")
        }
    })
}

/// The addresses of each exchanger; and why some are not known.
type Addressed = (Vec<(String, Vec<IpAddr>)>, Option<NoAnswer>);

fn addressed(study: &Study, answers: &Answers<'_>) -> Result<Addressed, Halt> {
    let hosts = hosts(study, answers)?;
    each(hosts.iter().map(|host| (host.clone(), answers.addresses(study.side, host))))
}

fn shown(came: &[(String, Vec<IpAddr>)]) -> Vec<String> {
    came.iter()
        .map(|(host, list)| {
            let list: Vec<String> = list.iter().map(ToString::to_string).collect();
            let list = if list.is_empty() { "no address".to_owned() } else { list.join(" ") };
            format!("{host} {list}")
        })
        .collect()
}

pub(super) fn has_address(study: &Study, answers: &Answers<'_>) -> Judged {
    let (came, why) = addressed(study, answers)?;
    if came.is_empty() && why.is_none() {
        return Ok(none_there());
    }
    let without: Vec<&String> =
        came.iter().filter(|(_, list)| list.is_empty()).map(|(host, _)| host).collect();
    let Some(host) = without.first() else {
        return unless(why, || Verdict::pass("every exchanger has an address").got(shown(&came)));
    };
    let reason = format!("the exchanger {host} has no address");
    let remedy = format!("publish `{host}. IN A <address>`, or take it out of the MX records");
    let verdict = if without.len() == came.len() && why.is_none() {
        Verdict::fail(format!("{reason}, and no other one has: mail finds no way in"))
    } else {
        Verdict::warn(format!("{reason}: mail comes in by the others only"))
    };
    Ok(verdict.got(shown(&came)).remedy(remedy))
}

fn private_one(came: &[(String, Vec<IpAddr>)]) -> Option<(&String, IpAddr)> {
    came.iter().find_map(|(host, list)| {
        list.iter().find(|address| !is_public_address(**address)).map(|address| (host, *address))
    })
}

pub(super) fn is_public(study: &Study, answers: &Answers<'_>) -> Judged {
    let (came, why) = addressed(study, answers)?;
    if came.is_empty() && why.is_none() {
        return Ok(none_there());
    }
    let Some((host, address)) = private_one(&came) else {
        return unless(why, || Verdict::pass("every address is a public one").got(shown(&came)));
    };
    let reason = format!(
        "the exchanger {host} has the address {address} outside: the Internet cannot reach it"
    );
    let remedy = format!(
        "publish the public address of {host} in the outside view; {address} belongs into the inside view only"
    );
    Ok(Verdict::fail(reason).got(shown(&came)).remedy(remedy))
}

pub(super) fn distinct(study: &Study, answers: &Answers<'_>) -> Judged {
    let (list, looked) = exchangers(study, answers)?;
    if list.is_empty() {
        return Ok(none_there());
    }
    let mut named: BTreeMap<&String, usize> = BTreeMap::new();
    for (_, host) in &list {
        *named.entry(host).or_default() += 1;
    }
    if let Some((host, _)) = named.iter().find(|(_, n)| **n > 1) {
        let reason = format!("the exchanger {host} is named twice");
        let remedy = format!("leave one MX record for {host}");
        return Ok(Verdict::warn(reason).got(lines(&list)).remedy(remedy));
    }
    let equal = |list: &[u16]| list.iter().collect::<BTreeSet<_>>().len() < list.len();
    let live: Vec<u16> = list.iter().map(|(p, _)| *p).collect();
    let planned: Vec<u16> =
        study.planned.iter().filter_map(|mx| mx.split_once(' ')?.0.parse().ok()).collect();
    let verdict = if !equal(&live) {
        Verdict::pass("every exchanger has its own name and preference")
    } else if equal(&planned) {
        Verdict::info("equal preferences, as planned: senders share the load")
    } else {
        Verdict::warn("two exchangers have the same preference, which is not planned")
            .remedy(format!("publish {}", planned_lines(study)))
    };
    Ok(verdict.got(lines(&list)).ttl(looked.ttl))
}

pub(super) fn null_alone(study: &Study, answers: &Answers<'_>) -> Judged {
    let (list, _) = exchangers(study, answers)?;
    let null: Vec<&(u16, String)> = list.iter().filter(|(_, host)| host == ".").collect();
    let remedy = format!("leave exactly `{}. IN MX 0 .`, or take it out", study.name);
    Ok(match null.as_slice() {
        [] => Verdict::not_applicable("the domain has no null MX"),
        _ if null.len() < list.len() => Verdict::fail(
            "beside the null MX stand other exchangers: senders disagree on what holds",
        )
        .got(lines(&list))
        .remedy(remedy),
        [(0, _)] => {
            Verdict::pass("the domain takes no mail, and says so rightly").got(lines(&list))
        }
        _ => Verdict::warn("the null MX has another preference than 0")
            .got(lines(&list))
            .remedy(remedy),
    })
}

pub(super) fn no_wildcard(study: &Study, answers: &Answers<'_>) -> Judged {
    let name = format!("{NOBODY}.{}", study.name);
    let looked = answers.look(study.side, &name, Rr::Mx)?;
    Ok(if looked.records.is_empty() {
        Verdict::pass("a name below it that nobody has gets no exchanger").got(["no record"])
    } else {
        Verdict::warn("every name below the domain has exchangers: a wildcard")
            .got(looked.texts())
            .remedy(format!(
                "take out `*.{}. IN MX`, and list the hosts that want mail",
                study.name
            ))
    })
}

pub(super) fn not_implicit(study: &Study, answers: &Answers<'_>) -> Judged {
    let (mx, addresses) =
        both(exchangers(study, answers), answers.addresses(study.side, study.name.as_str()))?;
    if !mx.0.is_empty() {
        return Ok(Verdict::pass("mail goes where the MX records say").got(lines(&mx.0)));
    }
    Ok(if addresses.is_empty() {
        Verdict::not_applicable("neither MX record nor address: nothing takes mail by accident")
    } else {
        let got: Vec<String> = addresses.iter().map(ToString::to_string).collect();
        Verdict::warn("without MX records mail goes to the domain's own address")
            .got(got)
            .remedy(format!("publish {}, or `MX 0 .` to take no mail", planned_lines(study)))
    })
}

/// The study's name is the standby host; the one that it stands by for is planned.
pub(super) fn standby(study: &Study, answers: &Answers<'_>) -> Judged {
    let Some(first) = study.planned.first() else { return Ok(none_there()) };
    let (own, of_first) = both(
        answers.addresses(Side::Outside, study.name.as_str()),
        answers.addresses(Side::Outside, first),
    )?;
    let texts = |list: &[IpAddr]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
    let (a, b): (BTreeSet<IpAddr>, BTreeSet<IpAddr>) =
        (own.iter().copied().collect(), of_first.iter().copied().collect());
    Ok(if a == b && !a.is_empty() {
        Verdict::pass(format!("it has the address of {first}, as while all is well"))
            .got(texts(&own))
    } else {
        let reason = format!(
            "it has another address than {first}: mail is already diverted, or the dynamic update is stale"
        );
        let remedy = format!("update {} to {}", study.name, texts(&of_first).join(", "));
        Verdict::fail(reason).got(texts(&own)).remedy(remedy)
    })
}

pub(super) fn switchable(study: &Study, answers: &Answers<'_>) -> Judged {
    let looked = answers.look(Side::Outside, study.name.as_str(), Rr::A)?;
    let Some(ttl) = looked.ttl.filter(|_| !looked.records.is_empty()) else {
        return Ok(Verdict::not_applicable("the standby exchanger has no IPv4 address"));
    };
    let verdict = if ttl <= SWITCH_MAX {
        Verdict::pass(format!("a switch is seen everywhere within {ttl} s"))
    } else {
        Verdict::warn(format!("a switch is seen everywhere only after {ttl} s"))
            .remedy(format!("set the TTL of {} to 300 s", study.name))
    };
    Ok(verdict.got(looked.texts()).ttl(Some(ttl)))
}

pub(super) fn spread(study: &Study, answers: &Answers<'_>) -> Judged {
    let (came, why) = addressed(study, answers)?;
    let networks: BTreeSet<Vec<u8>> =
        came.iter().flat_map(|(_, list)| list).map(|address| network(*address)).collect();
    if came.len() < 2 {
        return unless(why, || Verdict::not_applicable("there is only one exchanger"));
    }
    if networks.len() > 1 {
        return Ok(Verdict::pass("the exchangers stand in several networks").got(shown(&came)));
    }
    unless(why, || {
        Verdict::warn("all exchangers stand in one network: one failure takes all of them")
            .got(shown(&came))
            .remedy("place a second exchanger at another site or line")
    })
}

/// The /24 or /48 that an address lies in.
fn network(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(v4) => v4.octets()[..3].to_vec(),
        IpAddr::V6(v6) => v6.octets()[..6].to_vec(),
    }
}

/// An exchanger with an IPv6 address needs a name for it, as for the other (Z10).
pub(super) fn parity(study: &Study, answers: &Answers<'_>) -> Judged {
    let (came, why) = addressed(study, answers)?;
    let v6: Vec<IpAddr> =
        came.iter().flat_map(|(_, list)| list).copied().filter(IpAddr::is_ipv6).collect();
    if v6.is_empty() {
        return unless(why, || Verdict::not_applicable("no exchanger has an IPv6 address"));
    }
    let asked = v6.iter().map(|address| {
        let name = crate::model::dns::reverse_name(*address);
        (*address, answers.look(study.side, name.as_str(), Rr::Ptr))
    });
    let (named, unnamed) = each(asked)?;
    match named.iter().find(|(_, looked)| looked.records.is_empty()) {
        Some((address, _)) => {
            let reason = format!(
                "{address} has no name, though the exchanger has it: many receivers refuse IPv6 senders without one"
            );
            let remedy = format!("ask the provider of {address} for a PTR record");
            Ok(Verdict::warn(reason).got(shown(&came)).remedy(remedy))
        }
        None => unless(why.or(unnamed), || {
            Verdict::pass("the IPv6 addresses have names").got(shown(&came))
        }),
    }
}
