//! The verdicts on what a session told beyond its greeting: EHLO, SIZE, ETRN, STARTTLS, the
//! certificate, postmaster, relaying. Of a session that broke off no second verdict is derived.

use super::{Broken, Certificate, Reply, Session, Tls, Told};
use crate::{
    model::{
        beside::Outcome,
        name::{Fqdn, shortened},
    },
    probe::run::Check,
};

/// Days before the end of a certificate from which on it is worth a warning.
const EXPIRES_SOON_DAYS: i64 = 30;

/// A verdict in the making.
struct Draft {
    what: &'static str,
    words: &'static str,
    expected: String,
    got: Vec<String>,
    outcome: Outcome,
    reason: String,
}

impl Draft {
    fn new(what: &'static str, words: &'static str, expected: impl Into<String>) -> Self {
        let (got, reason) = (Vec::new(), "as planned".to_owned());
        Self { what, words, expected: expected.into(), got, outcome: Outcome::Pass, reason }
    }

    fn got(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.got = lines.into_iter().map(|line| shortened(&line)).collect();
        self
    }

    fn with(mut self, outcome: Outcome, reason: impl Into<String>) -> Self {
        self.outcome = outcome;
        self.reason = reason.into();
        self
    }

    fn broken(self, broken: &Broken) -> Self {
        match broken {
            Broken::No(why) => self.with(Outcome::Unknown, why.to_string()),
            Broken::Wrong(why) => self.with(Outcome::Fail, shortened(why)),
        }
    }
}

/// The checks that a session gives beside that of its greeting, each made like that one.
/// `planned`: the name that the listener greets with, if the plan says one.
pub fn more(greeting: &Check, planned: Option<&Fqdn>, session: &Session) -> Vec<Check> {
    let Some(hello) = &session.hello else { return Vec::new() };
    let mut drafts = vec![ehlo(hello, planned)];
    if matches!(hello, Ok(reply) if reply.is_yes()) {
        drafts.push(size(session));
        drafts.push(etrn(session));
        drafts.extend(starttls(&session.tls));
        drafts.extend(certificate(&session.tls, planned));
        drafts.extend(session.postmaster.as_ref().map(postmaster));
        drafts.extend(session.relay.as_ref().map(relay));
    }
    drafts.into_iter().map(|draft| check(greeting, draft)).collect()
}

fn check(greeting: &Check, draft: Draft) -> Check {
    let mut check = greeting.clone();
    check.key = format!("{} {}", greeting.key, draft.what);
    let place = greeting.evidence.question.trim_start_matches("greeting");
    check.evidence.question = format!("{}{place}", draft.words);
    check.evidence.expected = vec![draft.expected];
    check.evidence.got = draft.got;
    check.evidence.outcome = draft.outcome;
    check.evidence.reason = draft.reason;
    check.evidence.rtt_ms = None;
    check
}

fn short(reply: &Reply) -> String {
    shortened(&reply.to_string())
}

fn later(reply: &Reply) -> String {
    format!("it asks to come again later: {}", short(reply))
}

fn ehlo(hello: &Told, planned: Option<&Fqdn>) -> Draft {
    let draft = Draft::new("ehlo", "EHLO", "250 with the name of the greeting");
    let reply = match hello {
        Ok(reply) => reply,
        Err(broken) => return draft.broken(broken),
    };
    let draft = draft.got(reply.lines.iter().cloned());
    if reply.is_later() {
        return draft.with(Outcome::Unknown, later(reply));
    }
    if reply.code != 250 {
        let reply = short(reply);
        let why =
            format!("it answers EHLO with `{reply}`: no extended SMTP, so no SIZE and no TLS");
        return draft.with(Outcome::Fail, why);
    }
    if let Some(masked) = reply.lines.iter().skip(1).find(|line| is_masked(line)) {
        let why = format!(
            "`{}`: a firewall on the way masks the commands; disable its SMTP inspection",
            shortened(masked)
        );
        return draft.with(Outcome::Fail, why);
    }
    let said = reply.lines.first().and_then(|line| line.split_whitespace().next()).unwrap_or("");
    match planned {
        Some(name) if !said.trim_end_matches('.').eq_ignore_ascii_case(name.as_str()) => {
            let said = shortened(said);
            draft.with(Outcome::Warn, format!("it calls itself {said} in EHLO, not {name}"))
        }
        _ => draft,
    }
}

/// An inspecting firewall replaces what it does not know by X (Cisco `fixup`, `inspect esmtp`).
fn is_masked(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or("");
    word.len() >= 4 && word.bytes().all(|byte| byte == b'X')
}

fn size(session: &Session) -> Draft {
    let draft = Draft::new("size", "SIZE", "a limit (RFC 1870)");
    match session.extension("SIZE") {
        None => draft.with(
            Outcome::Warn,
            "no SIZE is announced: a message that is too large is refused only once it was sent",
        ),
        Some(limit) => {
            let line = format!("SIZE {limit}").trim_end().to_owned();
            let draft = draft.got([line]);
            match limit.parse::<u64>() {
                Ok(0) => draft.with(Outcome::Pass, "SIZE is announced, without a limit"),
                Ok(bytes) => {
                    draft.with(Outcome::Pass, format!("messages of up to {bytes} bytes are taken"))
                }
                Err(_) if limit.is_empty() => {
                    draft.with(Outcome::Pass, "SIZE is announced, without a limit")
                }
                Err(_) => draft.with(Outcome::Warn, "the limit of SIZE is no number"),
            }
        }
    }
}

fn etrn(session: &Session) -> Draft {
    let draft = Draft::new("etrn", "ETRN", "whether it is offered (RFC 1985)");
    match session.extension("ETRN") {
        Some(_) => draft
            .got(["ETRN".to_owned()])
            .with(Outcome::Pass, "ETRN is offered: mail that waits here can be asked for"),
        None => draft.with(
            Outcome::Info,
            "ETRN is not offered: mail that waits here leaves only at the next retry",
        ),
    }
}

fn starttls(tls: &Tls) -> Option<Draft> {
    let draft = Draft::new("starttls", "STARTTLS", "an encrypted session, if it is offered");
    Some(match tls {
        Tls::NotTried => return None,
        Tls::NotOffered => draft.with(
            Outcome::Info,
            "STARTTLS is not offered, or somebody on the way strips it: mail passes in clear text",
        ),
        Tls::Refused(reply) if reply.is_later() => {
            draft.got([reply.to_string()]).with(Outcome::Unknown, later(reply))
        }
        Tls::Refused(reply) => draft
            .got([reply.to_string()])
            .with(Outcome::Fail, "STARTTLS is offered, and refused when it is asked for"),
        Tls::Broken(broken) => draft.broken(broken),
        Tls::NoHandshake { why, old: true } => {
            let why = format!(
                "no encrypted session: {why}; a server that is older than TLS 1.2 may answer so, and \
                 asked for TLS 1.1 it did not say"
            );
            draft.with(Outcome::Unknown, why)
        }
        Tls::Outdated { why, version } => {
            let why = format!(
                "it speaks {version} at best ({why}): peers that are up to date send in clear text, or \
                 not at all where they insist on encryption (RFC 8996); enable TLS 1.2"
            );
            draft.got([version.clone()]).with(Outcome::Warn, why)
        }
        Tls::NoHandshake { why, old: false } => {
            let why = format!("STARTTLS is offered, and the handshake fails: {why}");
            draft.with(Outcome::Fail, why)
        }
        Tls::Secured(secured) => match &secured.hello {
            Ok(reply) if reply.is_yes() => draft.got([secured.version.clone()]),
            Ok(reply) => {
                let why = format!("under TLS it answers EHLO with `{}`", short(reply));
                draft.got([secured.version.clone()]).with(Outcome::Fail, why)
            }
            Err(broken) => draft.got([secured.version.clone()]).broken(broken),
        },
    })
}

fn certificate(tls: &Tls, planned: Option<&Fqdn>) -> Option<Draft> {
    let Tls::Secured(secured) = tls else { return None };
    let expected = planned.map_or("a certificate".to_owned(), |name| format!("one for {name}"));
    let draft = Draft::new("certificate", "certificate", expected);
    let certificate = match &secured.certificate {
        Ok(certificate) => certificate,
        Err(why) => {
            let why = format!("the certificate does not read: {}", shortened(why));
            return Some(draft.with(Outcome::Fail, why));
        }
    };
    let draft = draft.got(lines(certificate));
    let faults = faults(certificate, planned);
    Some(match (faults.is_empty(), &certificate.distrust) {
        (false, _) => draft.with(Outcome::Warn, faults.join("; ")),
        (true, Some(why)) => {
            let why = shortened(why);
            let why = format!(
                "no public authority vouches for it ({why}): a peer that checks refuses it"
            );
            draft.with(Outcome::Info, why)
        }
        (true, None) => draft,
    })
}

fn faults(certificate: &Certificate, planned: Option<&Fqdn>) -> Vec<String> {
    let mut faults = Vec::new();
    match certificate.days_left {
        left if left < 0 => faults.push(format!("it expired on {}", certificate.not_after)),
        left if left < EXPIRES_SOON_DAYS => {
            faults.push(format!("it expires in {left} days, on {}", certificate.not_after));
        }
        _ => {}
    }
    if let Some(name) = planned
        && !certificate.is_for(name.as_str())
    {
        faults.push(format!("it is not for {name}: a peer that checks names refuses it"));
    }
    faults
}

fn lines(certificate: &Certificate) -> Vec<String> {
    vec![
        format!("for {}", certificate.names.join(", ")),
        format!("issued by {}", certificate.issuer),
        format!("until {}", certificate.not_after),
    ]
}

fn postmaster(told: &Told) -> Draft {
    let draft = Draft::new("postmaster", "recipient postmaster", "250 (RFC 5321 section 4.5.1)");
    recipient(draft, told, |draft, reply| {
        if reply.is_yes() {
            draft.with(Outcome::Pass, "mail for postmaster is taken; none was sent")
        } else {
            let why = format!("mail for postmaster is refused with `{}`", short(reply));
            draft.with(Outcome::Fail, why)
        }
    })
}

fn relay(told: &Told) -> Draft {
    let draft = Draft::new("relay", "relaying for strangers", "a refusal");
    recipient(draft, told, |draft, reply| {
        if reply.is_yes() {
            let why = "it takes mail from a foreign sender for a foreign recipient: asked from here it \
                       is an open relay (no mail was sent)";
            draft.with(Outcome::Fail, why)
        } else {
            draft.with(Outcome::Pass, "a foreign recipient is refused")
        }
    })
}

fn recipient(draft: Draft, told: &Told, judge: impl FnOnce(Draft, &Reply) -> Draft) -> Draft {
    match told {
        Err(broken) => draft.broken(broken),
        Ok(reply) => {
            let draft = draft.got([reply.to_string()]);
            match reply.code {
                code if code / 100 == 4 => draft.with(Outcome::Unknown, later(reply)),
                530 => draft.with(
                    Outcome::Unknown,
                    "it wants the session encrypted or somebody logged in first",
                ),
                _ => judge(draft, reply),
            }
        }
    }
}
