//! The verdict on an answer: pass, info, warn, fail; `unknown` where there was none.

use super::{GreetReply, NameReply, NoAnswer};
use crate::{
    model::{
        beside::Outcome,
        dns::RecordKind,
        name::{Fqdn, shortened},
    },
    sim::expected::{Ask, Expected, Question},
};
use std::collections::BTreeSet;

/// A verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The outcome.
    pub outcome: Outcome,
    /// What came, as evidence writes it.
    pub got: Vec<String>,
    /// Why, as a sentence without its full stop.
    pub reason: String,
    /// TTL of the answer in seconds.
    pub ttl: Option<u32>,
    /// What to do about it: the record line or the setting; empty: nothing.
    pub remedy: String,
}

impl Verdict {
    fn new(outcome: Outcome, got: &[&str], reason: impl Into<String>) -> Self {
        let got = got.iter().map(|line| shortened(line)).collect();
        Self { outcome, got, reason: reason.into(), ttl: None, remedy: String::new() }
    }

    /// As wanted.
    pub fn pass(reason: impl Into<String>) -> Self {
        Self::new(Outcome::Pass, &[], reason)
    }

    /// Worth knowing.
    pub fn info(reason: impl Into<String>) -> Self {
        Self::new(Outcome::Info, &[], reason)
    }

    /// Differs, and may do harm.
    pub fn warn(reason: impl Into<String>) -> Self {
        Self::new(Outcome::Warn, &[], reason)
    }

    /// Differs, and does harm.
    pub fn fail(reason: impl Into<String>) -> Self {
        Self::new(Outcome::Fail, &[], reason)
    }

    /// Nothing of the kind is wanted or there.
    pub fn not_applicable(reason: impl Into<String>) -> Self {
        Self::new(Outcome::NotApplicable, &[], reason)
    }

    /// With what came.
    #[must_use]
    pub fn got<T: AsRef<str>>(mut self, lines: impl IntoIterator<Item = T>) -> Self {
        self.got = lines.into_iter().map(|line| shortened(line.as_ref())).collect();
        self
    }

    /// With what to do about it.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = remedy.into();
        self
    }

    /// With how long it may be remembered.
    #[must_use]
    pub fn ttl(mut self, ttl: Option<u32>) -> Self {
        self.ttl = ttl;
        self
    }

    /// No answer.
    pub fn unknown(why: &NoAnswer) -> Self {
        Self::new(Outcome::Unknown, &[], why.to_string())
    }
}

/// Holds a name server's answer against the plan.
pub fn name(question: &Question, reply: &NameReply) -> Verdict {
    let kind = match &question.ask {
        Ask::Name { kind, .. } => *kind,
        Ask::Greeting { .. } | Ask::Study(_) => RecordKind::A,
    };
    match reply {
        NameReply::None(why) => Verdict::unknown(why),
        NameReply::NoSuchName => nothing(question, "no such name", "the name does not exist"),
        NameReply::NoData => {
            let why = format!("the name has no {} record", kind.name().to_uppercase());
            nothing(question, "no record", &why)
        }
        NameReply::Records { lines, ttl } => {
            let got: BTreeSet<String> = lines.iter().cloned().collect();
            let (outcome, reason) = records(question, kind, &got, *ttl);
            let got = got.into_iter().collect();
            let remedy = remedy(question, outcome);
            Verdict { outcome, got, reason, ttl: Some(*ttl), remedy }
        }
    }
}

fn nothing(question: &Question, got: &str, why: &str) -> Verdict {
    match question.expected {
        Expected::Nothing => Verdict::new(Outcome::Pass, &[got], "as planned"),
        _ => Verdict::new(Outcome::Fail, &[got], why).remedy(remedy(question, Outcome::Fail)),
    }
}

/// The record lines that make it as planned.
fn remedy(question: &Question, outcome: Outcome) -> String {
    let Ask::Name { side, name, kind } = &question.ask else { return String::new() };
    let (view, kind) = (side.name(), kind.name().to_uppercase());
    let ttl = question.ttl_s.map(|ttl| format!("{ttl} ")).unwrap_or_default();
    match (outcome, &question.expected) {
        (Outcome::Fail | Outcome::Warn, Expected::Records(set) | Expected::Within(set)) => {
            let quoted = |line: &String| match kind.as_str() {
                "TXT" => format!("\"{line}\""),
                "A" | "AAAA" => line.clone(),
                _ => format!("{line}."),
            };
            let lines = set.iter().map(|line| format!("`{name}. {ttl}IN {kind} {}`", quoted(line)));
            let lines: Vec<String> = lines.collect();
            let or = if matches!(question.expected, Expected::Within(_)) { " or " } else { "; " };
            format!("in the {view} view publish {}", lines.join(or))
        }
        (Outcome::Warn, Expected::Nothing) => {
            format!("take `{name}. {kind}` out of the {view} view, or draw it")
        }
        _ => String::new(),
    }
}

fn records(
    question: &Question,
    kind: RecordKind,
    got: &BTreeSet<String>,
    ttl: u32,
) -> (Outcome, String) {
    match &question.expected {
        Expected::Records(expected) if expected == got => lifetime(question, ttl),
        Expected::Records(expected) => (Outcome::Fail, difference(expected, got)),
        Expected::Within(own) if got.is_subset(own) => (Outcome::Pass, "as planned".to_owned()),
        Expected::Within(own) => {
            let strange: Vec<&str> = got.difference(own).map(String::as_str).collect();
            let why = format!("{} is no address of the server that is meant", strange.join(", "));
            (Outcome::Fail, why)
        }
        Expected::Nothing => {
            // A name that the plan does not have may be one that nobody drew.
            let outcome = if kind == RecordKind::Ptr { Outcome::Info } else { Outcome::Warn };
            (outcome, "the plan has no such record".to_owned())
        }
        Expected::Varies(_) | Expected::Greets(_) | Expected::Silence | Expected::Holds(_) => {
            (Outcome::NotApplicable, "nothing is planned there".to_owned())
        }
    }
}

/// The records are as planned; whether they also live as long as planned. A cache only shortens it.
fn lifetime(question: &Question, ttl: u32) -> (Outcome, String) {
    match question.ttl_s {
        Some(planned) if ttl > planned => (
            Outcome::Warn,
            format!("the records are as planned, but live {ttl} s instead of {planned} s"),
        ),
        _ => (Outcome::Pass, "as planned".to_owned()),
    }
}

fn difference(expected: &BTreeSet<String>, got: &BTreeSet<String>) -> String {
    let list = |a: &BTreeSet<String>, b: &BTreeSet<String>| {
        let lines: Vec<String> = a.difference(b).map(|line| shortened(line)).collect();
        (!lines.is_empty()).then(|| lines.join(", "))
    };
    match (list(expected, got), list(got, expected)) {
        (Some(missing), Some(strange)) => format!("{strange} instead of {missing}"),
        (Some(missing), None) => format!("{missing} is missing"),
        (None, Some(strange)) => format!("{strange} is not planned"),
        (None, None) => "as planned".to_owned(),
    }
}

/// Holds an SMTP greeting against the plan.
pub fn greeting(question: &Question, reply: &GreetReply) -> Verdict {
    let silence = question.expected == Expected::Silence;
    match reply {
        GreetReply::None(why) => Verdict::unknown(why),
        GreetReply::Refused if silence => {
            Verdict::new(Outcome::Pass, &["connection refused"], "as planned: nobody listens there")
        }
        GreetReply::Refused => {
            let why = "the connection was refused: nobody listens there";
            Verdict::new(Outcome::Fail, &["connection refused"], why)
        }
        GreetReply::Mute if silence => {
            let why = "somebody takes connections where no listener is planned";
            Verdict::new(Outcome::Fail, &["a connection, no greeting"], why)
        }
        GreetReply::Mute => {
            let why = "time-out: the connection was taken, but no greeting came";
            Verdict::new(Outcome::Unknown, &[], why)
        }
        GreetReply::Talked(session) => {
            greeting(question, &GreetReply::Said(session.greeting.clone()))
        }
        GreetReply::Said(line) if silence => {
            Verdict::new(Outcome::Fail, &[line], "somebody greets where no listener is planned")
        }
        GreetReply::Said(line) => said(question, line),
    }
}

/// The code and the name of a greeting's first line (RFC 5321 section 4.2).
fn said(question: &Question, line: &str) -> Verdict {
    let (code, rest) = line.split_at_checked(3).unwrap_or((line, ""));
    let name = rest.trim_start_matches(['-', ' ']).split_whitespace().next().unwrap_or("");
    match (code, &question.expected) {
        ("220", Expected::Greets(None)) => Verdict::new(Outcome::Pass, &[line], "as planned"),
        ("220", Expected::Greets(Some(planned))) if is_name(name, planned) => {
            Verdict::new(Outcome::Pass, &[line], "as planned")
        }
        ("220", Expected::Greets(Some(planned))) => {
            let why = match name {
                "" => format!("it greets without a name instead of as {planned}"),
                name => format!("it greets as {} instead of {planned}", shortened(name)),
            };
            Verdict::new(Outcome::Fail, &[line], why)
        }
        (code, _) if code.starts_with('4') && is_code(code) => {
            Verdict::unknown(&NoAnswer::Later(shortened(line)))
        }
        (code, _) if code.starts_with('5') && is_code(code) => {
            let why = format!("it turns us away with {code}");
            Verdict::new(Outcome::Fail, &[line], why)
        }
        _ => Verdict::new(Outcome::Fail, &[line], "what answers there does not speak SMTP"),
    }
}

fn is_code(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|b| b.is_ascii_digit())
}

fn is_name(said: &str, planned: &Fqdn) -> bool {
    said.trim_end_matches('.').eq_ignore_ascii_case(planned.as_str())
}
