//! What the laboratory says became of a message, in the simulator's words (by CLI.md's mapping).

use super::case::{Case, Message};
use bridgehead::sim::trace::Disposition;
use serde_json::Value;

/// What became of a message by the end of a phase, in the laboratory's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) word: String,
    pub(crate) at: String,
    pub(crate) code: String,
    pub(crate) path: Vec<String>,
}

/// What the simulator has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) disposition: Disposition,
    pub(crate) code: Option<String>,
    pub(crate) at: String,
    pub(crate) path: Vec<String>,
    /// A returned message has left no headers: of its way the laboratory knows the first and the
    /// last server, and in no order those between.
    pub(crate) in_order: bool,
}

impl State {
    /// Reads a line of `after_phase`; `from` is the server where the message started.
    pub(crate) fn parse(summary: &str, from: &str) -> Option<Self> {
        if let Some(way) = summary.strip_prefix("delivered ") {
            let servers = way.split_whitespace().filter(|word| !word.starts_with('('));
            let path: Vec<String> = servers.map(str::to_owned).collect();
            let at = path.last()?.clone();
            return Some(Self { word: "delivered".to_owned(), at, code: String::new(), path });
        }
        let (word, rest) = summary.split_once(" at ")?;
        let (at, rest) = rest.split_once(": ")?;
        let (reason, path) = match rest.split_once('[') {
            Some((reason, path)) => {
                let path = path.trim_end_matches(']').split(" > ");
                (reason, path.map(str::to_owned).collect())
            }
            None => (rest, vec![from.to_owned()]),
        };
        let code = reason.split_whitespace().next().unwrap_or_default().to_owned();
        Some(Self { word: word.to_owned(), at: at.to_owned(), code, path })
    }

    /// The state at the end of the last phase, from the result's own fields.
    pub(crate) fn last(report: &Value) -> Option<Self> {
        let text = |key: &str| report[key].as_str().unwrap_or_default().to_owned();
        let path = report["path"].as_array()?.iter().filter_map(Value::as_str);
        let path = path.map(str::to_owned).collect();
        let state = Self { word: text("disposition"), at: text("at"), code: text("code"), path };
        ["delivered", "queued", "bounced"].contains(&state.word.as_str()).then_some(state)
    }
}

/// What became of a message by the end of phase `phase`.
///
/// # Errors
/// The reason why the laboratory does not say it.
pub(crate) fn state(result: &Value, message: &Message, phase: usize) -> Result<State, String> {
    if let Some(error) = result["error"].as_str() {
        return Err(format!("the laboratory could not build the case: {error}"));
    }
    let report = &result["messages"][&message.id];
    let summaries = report["after_phase"].as_array().map_or(&[][..], Vec::as_slice);
    let summary = summaries.get(phase).and_then(Value::as_str).unwrap_or("no state");
    let parsed = State::parse(summary, &message.from);
    let found = if phase + 1 == summaries.len() { State::last(report) } else { parsed };
    found.ok_or_else(|| format!("the laboratory says `{summary}`"))
}

/// Whether some message waits in a queue at the end of a phase, which then has lasted six seconds
/// and more (the laboratory waits for two retries).
pub(crate) fn waited(result: &Value, phase: usize) -> bool {
    let states = result["phases"][phase]["state"].as_object();
    states.is_some_and(|s| s.values().any(|v| v.as_str().unwrap_or("").starts_with("queued")))
}

/// The laboratory's verdict as the simulator has to give it.
pub(crate) fn expected(case: &Case, result: &Value, message: &Message, state: State) -> Expected {
    let State { word, at, code, path } = state;
    let on_internet = case.servers.get(&at).is_some_and(super::case::Server::on_internet);
    let reason = result["messages"][&message.id]["reason"].as_str().unwrap_or_default();
    let told_by_peer = reason.contains("said: 5");
    let disposition = match (word.as_str(), code.as_str()) {
        ("delivered", _) if on_internet => Disposition::LeftForInternet,
        ("delivered", _) => Disposition::Delivered,
        (_, "loop-self" | "too-many-hops") => Disposition::Loop,
        ("queued", "no-connector") => Disposition::NoRoute,
        ("queued", _) => Disposition::Queued,
        _ if on_internet && told_by_peer => Disposition::Refused,
        _ => Disposition::Bounced,
    };
    let in_order = word != "bounced";
    let code = (word != "delivered").then_some(code);
    Expected { disposition, code, at, path, in_order }
}
