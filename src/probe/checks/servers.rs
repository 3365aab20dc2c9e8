//! A zone's own name servers, each asked itself (Z1 to Z6, M14, A1-NS): all must say the same.

use super::answers::{Answers, Halt, Judged, Looked, each};
use crate::{
    probe::{
        NoAnswer,
        judge::Verdict,
        spf::{Stop, is_record},
        wire::{How, Message, Query, Rec, Rr},
    },
    sim::expected::{Side, Study},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// A name server: its name, and one of its addresses.
type Server = (String, IpAddr);
/// What one name server said.
type Said<'a> = (Server, Result<&'a Message, NoAnswer>);

/// The zone's NS records, as the resolver gives them.
fn named(answers: &Answers<'_>, zone: &str) -> Result<Vec<String>, Halt> {
    let looked = answers.look(Side::Outside, zone, Rr::Ns)?;
    Ok(looked.texts().into_iter().collect())
}

/// The addresses of name servers; and why some are not known.
type Addressed = (Vec<(String, Vec<IpAddr>)>, Option<NoAnswer>);

fn addressed(answers: &Answers<'_>, names: &[String]) -> Result<Addressed, Halt> {
    each(names.iter().map(|name| (name.clone(), answers.addresses(Side::Outside, name))))
}

/// Asks every address of every name server.
fn ask_all<'a>(
    answers: &Answers<'a>,
    servers: &[(String, Vec<IpAddr>)],
    name: &str,
    kind: Rr,
    how: How,
) -> Result<Vec<Said<'a>>, Halt> {
    let mut said = Vec::new();
    let mut missing = false;
    for (server, address) in servers.iter().flat_map(|(n, list)| list.iter().map(move |a| (n, *a)))
    {
        let query = Query { server: answers.place(address), name: name.to_owned(), kind, how };
        match answers.message(query) {
            Ok(message) => said.push(((server.clone(), address), Ok(message))),
            Err(Stop::None(why)) => said.push(((server.clone(), address), Err(why))),
            Err(Stop::Missing) => missing = true,
        }
    }
    if missing { Err(Stop::Missing) } else { Ok(said) }
}

/// Every name server of the study's zone, asked for a type at the zone's apex.
fn all_of<'a>(
    study: &Study,
    answers: &Answers<'a>,
    kind: Rr,
    how: How,
) -> Result<(Vec<Said<'a>>, Option<NoAnswer>), Halt> {
    let zone = study.name.as_str();
    let names = named(answers, zone)?;
    let (servers, why) = addressed(answers, &names)?;
    let said = ask_all(answers, &servers, zone, kind, how)?;
    Ok((said, why))
}

fn label((name, address): &Server) -> String {
    format!("{name} ({address})")
}

/// Why nothing can be said, where nobody answered.
fn nobody(why: Option<NoAnswer>) -> Halt {
    let none = "the zone's name servers are not known".to_owned();
    Stop::None(why.unwrap_or(NoAnswer::NotNamed(none)))
}

/// What the zone's own servers say to the study's name, where they may be asked.
pub(super) fn authoritative_answer(
    study: &Study,
    answers: &Answers<'_>,
    kind: Rr,
) -> Result<Option<Looked>, Halt> {
    if !answers.may_ask_servers() || study.side == Side::Inside {
        return Ok(None);
    }
    let mut zone = study.name.as_str();
    let names = loop {
        let names = named(answers, zone)?;
        match zone.split_once('.') {
            Some((_, rest)) if names.is_empty() => zone = rest,
            _ => break names,
        }
    };
    let (servers, _) = addressed(answers, &names)?;
    let Some(address) = servers.iter().find_map(|(_, list)| list.first()) else { return Ok(None) };
    let server = answers.place(*address);
    match answers.look_at(server, How::Iterative, study.name.as_str(), kind) {
        Ok(looked) => Ok(Some(looked)),
        Err(Stop::Missing) => Err(Stop::Missing),
        Err(Stop::None(_)) => Ok(None),
    }
}

pub(super) fn enough(study: &Study, answers: &Answers<'_>) -> Judged {
    let zone = study.name.as_str();
    let names = named(answers, zone)?;
    let remedy = format!("enter a second name server for {zone}, at another place");
    if names.is_empty() {
        return Ok(Verdict::fail("the zone has no name server").got(["no record"]).remedy(remedy));
    }
    let alias = |name: &String| (name.clone(), answers.look(Side::Outside, name, Rr::Cname));
    let aliases = each(names.iter().map(alias));
    let (servers, why) = addressed(answers, &names)?;
    let (aliases, _) = aliases?;
    if let Some((name, _)) = aliases.iter().find(|(_, looked)| !looked.records.is_empty()) {
        let reason = format!("the name server {name} is an alias: some resolvers refuse that");
        let remedy = format!("let the NS record name the server itself, not {name}");
        return Ok(Verdict::fail(reason).got(&names).remedy(remedy));
    }
    let empty = servers.iter().find(|(_, list)| list.is_empty());
    if let Some((name, _)) = empty {
        let reason = format!("the name server {name} has no address");
        let remedy = format!("publish `{name}. IN A <address>`, or take it out of the NS records");
        return Ok(Verdict::warn(reason).got(&names).remedy(remedy));
    }
    let mut seen: BTreeMap<IpAddr, &String> = BTreeMap::new();
    for (name, list) in &servers {
        for address in list {
            if let Some(other) = seen.insert(*address, name).filter(|other| *other != name) {
                let reason = format!("{other} and {name} have one address, {address}");
                return Ok(Verdict::warn(reason).got(&names).remedy(remedy));
            }
        }
    }
    match (names.len(), why) {
        (_, Some(why)) => Err(Stop::None(why)),
        (1, None) => {
            let reason =
                "the zone has a single name server: when it is down, mail is lost or bounces";
            Ok(Verdict::warn(reason).got(&names).remedy(remedy))
        }
        _ => Ok(Verdict::pass("several name servers with addresses of their own").got(&names)),
    }
}

pub(super) fn none_lame(study: &Study, answers: &Answers<'_>) -> Judged {
    let (said, why) = all_of(study, answers, Rr::Soa, How::Iterative)?;
    if said.is_empty() {
        return Err(nobody(why));
    }
    let mut silent = why;
    for (server, answer) in &said {
        let fault = match answer {
            Ok(message) => match message.no_answer() {
                Some(why) => Some(why.to_string()),
                None if !message.authoritative => Some("it does not speak for the zone".to_owned()),
                None => None,
            },
            // A server that is not there is no proof of a wrong delegation.
            Err(why) => {
                silent = silent.or(Some(why.clone()));
                None
            }
        };
        if let Some(fault) = fault {
            let reason = format!("{} is named for the zone, but {fault}", label(server));
            let remedy =
                format!("set the zone up on {}, or take it out of the delegation", server.0);
            return Ok(Verdict::fail(reason)
                .got(said.iter().map(|(s, _)| label(s)))
                .remedy(remedy));
        }
    }
    silent.map_or_else(
        || Ok(Verdict::pass("each one speaks for the zone").got(said.iter().map(|(s, _)| label(s)))),
        |why| Err(Stop::None(why)),
    )
}

/// The nearest zone above that has name servers of its own.
fn parent(answers: &Answers<'_>, zone: &str) -> Result<Vec<String>, Halt> {
    let mut above = zone;
    loop {
        above = above.split_once('.').map_or(".", |(_, rest)| rest);
        let names = named(answers, above)?;
        if !names.is_empty() || above == "." {
            return Ok(names);
        }
    }
}

pub(super) fn delegation(study: &Study, answers: &Answers<'_>) -> Judged {
    let zone = study.name.as_str();
    let above = parent(answers, zone)?;
    let (servers, why) = addressed(answers, &above)?;
    let at_parent = ask_all(answers, &servers, zone, Rr::Ns, How::Iterative)?;
    let (at_zone, _) = all_of(study, answers, Rr::Ns, How::Iterative)?;
    let ns = |message: &Message| -> BTreeSet<String> {
        let all = message.answers.iter().chain(&message.authority);
        all.filter(|r| r.kind == Rr::Ns && r.name == zone).map(|r| r.text.clone()).collect()
    };
    let of = |said: &[Said<'_>]| -> BTreeSet<String> {
        said.iter().filter_map(|(_, answer)| answer.as_ref().ok()).flat_map(|m| ns(m)).collect()
    };
    let (parent, child) = (of(&at_parent), of(&at_zone));
    if parent.is_empty() || child.is_empty() {
        let silent = at_parent.iter().chain(&at_zone).find_map(|(_, a)| a.as_ref().err().cloned());
        return Err(nobody(why.or(silent)));
    }
    let show = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(" ");
    let got = [format!("parent: {}", show(&parent)), format!("zone: {}", show(&child))];
    let remedy = format!("have the parent of {zone} delegate to {}", show(&child));
    if parent == child {
        return glue(answers, &at_parent, &child, zone).map(|told| match told {
            Some(verdict) => verdict,
            None => Verdict::pass("the parent names the zone's own servers").got(got),
        });
    }
    Ok(if parent.is_disjoint(&child) {
        Verdict::fail("the parent names other servers than the zone itself").got(got).remedy(remedy)
    } else {
        Verdict::warn("the parent and the zone do not name the same servers")
            .got(got)
            .remedy(remedy)
    })
}

/// Whether the parent's glue tells the addresses that the zone's servers have by their own zone; none:
/// it does, or it has none (RFC 1034 section 4.2.1).
fn glue(
    answers: &Answers<'_>,
    at_parent: &[Said<'_>],
    names: &BTreeSet<String>,
    zone: &str,
) -> Result<Option<Verdict>, Halt> {
    let mut told: BTreeMap<&String, BTreeSet<IpAddr>> = BTreeMap::new();
    let referrals = at_parent.iter().filter_map(|(_, answer)| answer.as_ref().ok());
    // A server that speaks for the zone as well tells its own addresses, not the delegation's.
    for message in referrals.filter(|message| !message.authoritative) {
        for (rec, name) in message.additional.iter().filter_map(|r| Some((r, names.get(&r.name)?)))
        {
            told.entry(name).or_default().extend(rec.address());
        }
    }
    let glued: Vec<String> = told.keys().map(|name| (*name).clone()).collect();
    let (own, why) = addressed(answers, &glued)?;
    let list = |all: &BTreeSet<IpAddr>| {
        let texts: Vec<String> = all.iter().map(ToString::to_string).collect();
        if texts.is_empty() { "no address".to_owned() } else { texts.join(" ") }
    };
    let mut extra = None;
    for (name, own) in own {
        let own: BTreeSet<IpAddr> = own.into_iter().collect();
        let Some(glue) = told.get(&name) else { continue };
        let got = [format!("glue of {name}: {}", list(glue)), format!("its zone: {}", list(&own))];
        if !glue.is_subset(&own) {
            let reason = format!("the parent's glue gives other addresses of {name} than its zone");
            let remedy = format!("have the parent of {zone} change the glue of {name}");
            return Ok(Some(Verdict::warn(reason).got(got).remedy(remedy)));
        }
        if *glue != own && extra.is_none() {
            let reason = format!("{name} has addresses that the parent's glue lacks");
            extra = Some(Verdict::info(reason).got(got));
        }
    }
    why.map_or(Ok(extra), |why| Err(Stop::None(why)))
}

/// What the servers of a zone say to a type.
struct Compared {
    /// Each server that speaks for the zone, with what it says as one text.
    texts: Vec<(Server, String)>,
    /// Servers that answer, but do not speak for the zone.
    lame: Vec<Server>,
    /// Why one did not answer.
    why: Option<NoAnswer>,
}

fn compared(
    study: &Study,
    answers: &Answers<'_>,
    kind: Rr,
    text: impl Fn(&Message) -> String,
) -> Result<Compared, Halt> {
    let (said, mut why) = all_of(study, answers, kind, How::Iterative)?;
    let (mut texts, mut lame) = (Vec::new(), Vec::new());
    for (server, answer) in said {
        match answer {
            Ok(message) => match message.no_answer() {
                None if message.authoritative => texts.push((server, text(message))),
                None => lame.push(server),
                Some(reason) => why = why.or(Some(reason)),
            },
            Err(reason) => why = why.or(Some(reason)),
        }
    }
    if texts.is_empty() { Err(nobody(why)) } else { Ok(Compared { texts, lame, why }) }
}

fn shown(texts: &[(Server, String)]) -> Vec<String> {
    let empty = |text: &str| if text.is_empty() { "no record".to_owned() } else { text.to_owned() };
    texts.iter().map(|(server, text)| format!("{}: {}", label(server), empty(text))).collect()
}

/// Whether all say the same; who did not answer leaves it open.
fn same(
    Compared { texts, lame, why }: Compared,
    good: &str,
    differ: impl FnOnce(&[(Server, String)]) -> Verdict,
) -> Judged {
    let distinct: BTreeSet<&String> = texts.iter().map(|(_, text)| text).collect();
    if distinct.len() > 1 {
        return Ok(differ(&texts).got(shown(&texts)));
    }
    if let Some(server) = lame.first() {
        let reason = format!("{} answers, but does not speak for the zone", label(server));
        let remedy = format!("set the zone up on {}, or take it out of the delegation", server.0);
        return Ok(Verdict::warn(reason).got(shown(&texts)).remedy(remedy));
    }
    why.map_or_else(|| Ok(Verdict::pass(good).got(shown(&texts))), |why| Err(Stop::None(why)))
}

fn joined(message: &Message, kind: Rr, wanted: impl Fn(&str) -> bool) -> String {
    let texts: BTreeSet<&str> = message
        .answers
        .iter()
        .filter(|rec| rec.kind == kind && wanted(&rec.text))
        .map(|rec| rec.text.as_str())
        .collect();
    texts.into_iter().collect::<Vec<_>>().join(", ")
}

pub(super) fn serials(study: &Study, answers: &Answers<'_>) -> Judged {
    let serial = |message: &Message| {
        let soa = message.answers.iter().find_map(Rec::soa);
        soa.map(|[serial, ..]| serial.to_string()).unwrap_or_default()
    };
    let compared = compared(study, answers, Rr::Soa, serial)?;
    same(compared, "every name server has the same serial", |_| {
        Verdict::warn("the name servers have different serials: some still give an older zone")
            .remedy(format!("have the secondaries of {} fetch the zone, and ask again", study.name))
    })
}

pub(super) fn same_mx(study: &Study, answers: &Answers<'_>) -> Judged {
    let compared = compared(study, answers, Rr::Mx, |m| joined(m, Rr::Mx, |_| true))?;
    same(compared, "every name server gives the same MX records", |texts| {
        let behind = &texts.last().map(|(server, _)| label(server)).unwrap_or_default();
        Verdict::fail("the name servers give different MX records: where mail goes is chance")
            .remedy(format!("transfer {} anew, e.g. on {behind}", study.name))
    })
}

pub(super) fn same_spf(study: &Study, answers: &Answers<'_>) -> Judged {
    let compared = compared(study, answers, Rr::Txt, |m| joined(m, Rr::Txt, is_record))?;
    same(compared, "every name server gives the same SPF record", |_| {
        Verdict::fail("the name servers give different SPF records")
            .remedy(format!("transfer {} anew", study.name))
    })
}

pub(super) fn timers(study: &Study, answers: &Answers<'_>) -> Judged {
    let looked = answers.look(Side::Outside, study.name.as_str(), Rr::Soa)?;
    let Some([_, refresh, retry, expire, minimum]) = looked.records.first().and_then(Rec::soa)
    else {
        return Ok(Verdict::fail("the zone has no SOA record").got(["no record"]));
    };
    let got = [format!("refresh {refresh}, retry {retry}, expire {expire}, minimum {minimum}")];
    // RFC 1912 section 2.2; the minimum is RFC 2308's life of a no.
    let wrong = if retry >= refresh {
        Some("a secondary tries again later than it looks for news: retry is not below refresh")
    } else if expire < 604_800 {
        Some("secondaries give the zone up within a week of silence: expire is low")
    } else if minimum > 86_400 {
        Some("that a name is missing is remembered for more than a day: minimum is high")
    } else {
        None
    };
    Ok(match wrong {
        Some(wrong) => Verdict::warn(wrong)
            .remedy("in the SOA set refresh 7200, retry 1800, expire 1209600, minimum 300"),
        None => Verdict::pass("the timers are sound"),
    }
    .got(got)
    .ttl(looked.ttl))
}

pub(super) fn over_tcp(study: &Study, answers: &Answers<'_>) -> Judged {
    let udp = all_of(study, answers, Rr::Soa, How::Iterative);
    let tcp = all_of(study, answers, Rr::Soa, How::Tcp);
    let ((udp, why), (tcp, _)) = super::answers::both(udp, tcp)?;
    if udp.is_empty() {
        return Err(nobody(why));
    }
    let mut silent = why;
    for ((server, over_udp), (_, over_tcp)) in udp.iter().zip(&tcp) {
        let name = label(server);
        match (over_udp, over_tcp) {
            (Ok(_), Err(why)) => {
                let reason = format!(
                    "{name} answers over UDP, but not over TCP ({why}): large answers are lost"
                );
                let remedy = format!("open TCP port 53 to {}", server.0);
                return Ok(Verdict::fail(reason).remedy(remedy));
            }
            (Ok(message), Ok(_)) if !message.edns => {
                let reason =
                    format!("{name} answers without EDNS: answers above 512 bytes go over TCP");
                return Ok(
                    Verdict::warn(reason).remedy("let EDNS pass the firewall in front of it")
                );
            }
            (Err(why), _) => silent = silent.or(Some(why.clone())),
            _ => {}
        }
    }
    silent.map_or_else(
        || Ok(Verdict::pass("each one answers over UDP with EDNS, and over TCP")),
        |why| Err(Stop::None(why)),
    )
}
