//! What the collector wrote, held against the plan as it is now. The file may come from Windows
//! PowerShell 5.1: UTF-16 or UTF-8, with a mark or without, and a list of one may be no list.

use super::{
    GreetReply, NameReply, NoAnswer,
    judge::{self, Verdict},
    session::Session,
};
use crate::{
    model::{
        Project,
        beside::{Evidence, Origin},
        dns::RecordKind,
        id::SiteId,
        name::shortened,
        unfold::unfold,
    },
    net::world::Inputs,
    probe::evidence::{of_another, phase_key},
    sim::expected::{Ask, Question, questions},
};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// What is taken from a collector's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collected {
    /// The evidence, by its keys.
    pub evidence: BTreeMap<String, Evidence>,
    /// The keys of answers to questions that the plan no longer asks.
    pub unasked: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    collector: u32,
    #[serde(default)]
    plan: Option<String>,
    phase_key: String,
    from: String,
    answers: Value,
}

#[derive(Deserialize)]
struct Answer {
    key: String,
    #[serde(default)]
    asked: String,
    status: String,
    #[serde(default)]
    lines: Value,
    #[serde(default)]
    ttl: Option<u32>,
    #[serde(default)]
    rtt_ms: Option<u32>,
    #[serde(default)]
    note: Option<String>,
    utc: String,
}

/// Whether bytes are JSON, as the collector writes, and not the evidence that `probe` writes.
pub fn is_json(bytes: &[u8]) -> bool {
    text(bytes).is_ok_and(|text| text.trim_start().starts_with('{'))
}

/// Reads a collector's file and judges each answer by the plan as it is now.
///
/// # Errors
/// When the bytes are no such file, its phase or site is none of the plan, or it was made for another.
pub fn read(project: &Project, bytes: &[u8]) -> Result<Collected, String> {
    let text = text(bytes)?;
    let file: File = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    if file.collector != 1 {
        return Err(format!("a collector's file of format {}; 1 is known", file.collector));
    }
    let from: SiteId = file.from.parse().ok().ok_or_else(|| no_site(&file.from))?;
    let topologies = unfold(project);
    let phase = (0..topologies.len()).find(|at| phase_key(project, *at) == file.phase_key);
    let phase = phase.ok_or_else(|| {
        format!("the plan has no phase `{}`, which was asked about", shortened(&file.phase_key))
    })?;
    let topology = &topologies[phase];
    if !topology.sites.contains_key(&from) {
        return Err(no_site(&file.from));
    }
    let all = questions(topology, &Inputs::of(project), Some(&from));
    let asked: BTreeMap<&str, &Question> = all.iter().map(|q| (q.key.as_str(), q)).collect();
    let mut collected = Collected { evidence: BTreeMap::new(), unasked: Vec::new() };
    for answer in list(file.answers) {
        let answer: Answer = serde_json::from_value(answer).map_err(|error| error.to_string())?;
        if !is_utc(&answer.utc) {
            return Err(format!("`{}` is no time", shortened(&answer.utc)));
        }
        match asked.get(answer.key.as_str()) {
            Some(question) => {
                let key = format!("{} {}", file.phase_key, question.key);
                collected.evidence.insert(key, evidence(question, phase, answer));
            }
            None => collected.unasked.push(answer.key),
        }
    }
    let of = file.plan.map(|plan| Origin { plan, phase: String::new(), questions: String::new() });
    let known = collected.evidence.len();
    let keys: Vec<String> = collected.evidence.keys().chain(&collected.unasked).cloned().collect();
    match of_another(project, of.as_ref(), known, keys.iter()) {
        Some(why) if !keys.is_empty() => Err(why),
        _ => Ok(collected),
    }
}

fn no_site(text: &str) -> String {
    format!("the plan has no site `{}` in the phase that was asked about", shortened(text))
}

fn evidence(question: &Question, phase: usize, answer: Answer) -> Evidence {
    let verdict = verdict(question, &answer);
    Evidence {
        question: question.text.clone(),
        subject: question.subject.clone(),
        phase,
        from: question.from.clone(),
        asked: shortened(&answer.asked),
        expected: question.expected.lines(),
        got: verdict.got,
        outcome: verdict.outcome,
        reason: verdict.reason,
        utc: answer.utc,
        ttl: verdict.ttl,
        rtt_ms: answer.rtt_ms,
        facts: question.facts.clone(),
        check: String::new(),
        reference: String::new(),
        remedy: verdict.remedy,
        raw: Vec::new(),
    }
}

fn verdict(question: &Question, answer: &Answer) -> Verdict {
    let note = answer.note.as_deref().unwrap_or_default();
    let none = match answer.status.as_str() {
        "timeout" => Some(NoAnswer::TimedOut),
        "no-route" => Some(NoAnswer::NoRoute),
        "closed" => Some(NoAnswer::Closed),
        "server-failure" => Some(NoAnswer::ServerFailure),
        "error" => Some(NoAnswer::Network(format!("it could not be asked: {}", shortened(note)))),
        _ => None,
    };
    let lines: Vec<String> = list(answer.lines.clone()).iter().filter_map(plain).collect();
    match &question.ask {
        Ask::Name { kind, .. } => {
            let reply = match (none, answer.status.as_str()) {
                (Some(why), _) => NameReply::None(why),
                (None, "records") if !lines.is_empty() => NameReply::Records {
                    lines: lines.iter().map(|line| record(*kind, line)).collect(),
                    ttl: answer.ttl.unwrap_or(0),
                },
                (None, "no-such-name") => NameReply::NoSuchName,
                (None, "no-data") => NameReply::NoData,
                (None, "refused") => NameReply::None(NoAnswer::Refused),
                (None, other) => NameReply::None(strange(other)),
            };
            judge::name(question, &reply)
        }
        Ask::Greeting { .. } => {
            let reply = match (none, answer.status.as_str(), lines.first()) {
                (Some(why), ..) => GreetReply::None(why),
                (None, "said", Some(line)) => {
                    GreetReply::Talked(Box::new(Session::greeted(line.clone())))
                }
                (None, "mute", _) => GreetReply::Mute,
                (None, "refused", _) => GreetReply::Refused,
                (None, other, _) => GreetReply::None(strange(other)),
            };
            judge::greeting(question, &reply)
        }
        // The script is not asked such questions.
        Ask::Study(_) => Verdict::unknown(&strange(&answer.status)),
    }
}

fn strange(status: &str) -> NoAnswer {
    NoAnswer::Network(format!("the collector wrote `{}`", shortened(status)))
}

/// A record as the plan writes it: names in lower case without the final dot.
fn record(kind: RecordKind, line: &str) -> String {
    let name = |text: &str| {
        let text = text.trim().to_ascii_lowercase();
        match text.strip_suffix('.').unwrap_or(&text) {
            "" => ".".to_owned(),
            short => short.to_owned(),
        }
    };
    match kind {
        RecordKind::Txt => line.to_owned(),
        RecordKind::A | RecordKind::Aaaa => match line.trim().parse::<std::net::IpAddr>() {
            Ok(address) => address.to_string(),
            Err(_) => line.trim().to_owned(),
        },
        RecordKind::Mx => match line.trim_start().split_once(' ') {
            Some((preference, exchange)) => format!("{preference} {}", name(exchange)),
            None => format!("{} .", line.trim()),
        },
        _ => name(line),
    }
}

/// A list; `ConvertTo-Json` of PowerShell 5.1 may write a list of one as its element, and a list with
/// notes of its own as an object with `value` and `Count`.
fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(list) => list,
        Value::Null => Vec::new(),
        Value::Object(mut object) if object.contains_key("Count") => {
            object.remove("value").map(list).unwrap_or_default()
        }
        one => vec![one],
    }
}

fn plain(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    Some(text.chars().map(|c| if c.is_control() { '?' } else { c }).collect())
}

/// Whether a text is a time as evidence writes it: `2026-11-24T14:02:31Z`.
fn is_utc(text: &str) -> bool {
    let form = b"0000-00-00T00:00:00Z";
    let fits = |(have, want): (u8, &u8)| match want {
        b'0' => have.is_ascii_digit(),
        want => have == *want,
    };
    text.len() == form.len() && text.bytes().zip(form).all(fits)
}

/// The text of bytes in UTF-8 or, with its mark, UTF-16.
fn text(bytes: &[u8]) -> Result<String, String> {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16(&units).map_err(|error| format!("it is no UTF-16: {error}"))
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] | rest => String::from_utf8(rest.to_vec())
            .map_err(|error| format!("byte {} is not UTF-8", error.utf8_error().valid_up_to())),
    }
}
