//! What an `outage` block of a literate case expects, held against what the program answers.

use super::program::{Folder, arg, bridgehead};
use bridgehead::{file, model::Project};
use serde_json::Value;

/// Runs the outage and compares, line by line.
pub(super) fn holds(
    project: &Project,
    phase: usize,
    failures: &[&str],
    hours: &str,
    lines: &[String],
) -> Result<(), String> {
    let lines: Vec<&str> = lines.iter().map(|line| line.trim()).filter(|l| !l.is_empty()).collect();
    let folder = Folder::new();
    let plan = folder.write("plan.ron", file::save(project));
    let mut words = vec!["outage".to_owned(), arg(&plan), "--format=json".to_owned()];
    words.extend([format!("--phase={phase}"), format!("--hours={hours}")]);
    words.extend(failures.iter().map(|subject| format!("--fail={subject}")));
    let done = lines.iter().filter_map(|line| line.strip_prefix("do "));
    words.extend(done.map(|action| format!("--do={action}")));
    let ran = bridgehead(&words);
    if ran.code == 2 {
        return Err(ran.err);
    }
    let json = ran.json();
    for line in lines.iter().filter(|line| !line.starts_with("do ")) {
        if !line_holds(&json, line).ok_or_else(|| format!("`{line}` is not understood"))? {
            return Err(format!("`{line}` does not hold: {}", short(&json)));
        }
    }
    Ok(())
}

/// The answer without its long lists of figures.
fn short(json: &Value) -> String {
    let mut json = json.clone();
    for queue in json["queues"].as_array_mut().into_iter().flatten() {
        let most = most(queue);
        queue["minute"] = Value::Null;
        queue["messages"] = most.into();
    }
    format!("{json:#}")
}

fn most(queue: &Value) -> u64 {
    let messages = queue["messages"].as_array().into_iter().flatten();
    messages.filter_map(Value::as_u64).max().unwrap_or(0)
}

fn line_holds(json: &Value, line: &str) -> Option<bool> {
    let (word, rest) = line.split_once(' ')?;
    let list = |name: &str| json[name].as_array().cloned().unwrap_or_default();
    match (word, rest.split_once(' ')) {
        ("no", Some(("event", text))) => {
            let text = text.trim_matches('"');
            let told = |event: &Value| event["text"].as_str().is_some_and(|t| t.contains(text));
            Some(!list("events").iter().any(told))
        }
        ("no", Some(("flag", kind))) => {
            Some(!list("flags").iter().any(|flag| flag["kind"] == kind))
        }
        ("flag", Some((kind, subject))) => Some(
            list("flags").iter().any(|flag| flag["kind"] == kind && flag["subject"] == subject),
        ),
        ("event", Some(_)) => {
            let (times, text) = rest.split_once('"')?;
            let (from, to) = times.trim().split_once(" to ")?;
            let (from, to) = (minutes(from)?, minutes(to)?);
            let text = text.trim_end_matches('"');
            Some(list("events").iter().any(|event| {
                event["text"].as_str().is_some_and(|t| t.contains(text))
                    && event["minute"].as_u64().is_some_and(|m| (from..=to).contains(&m))
            }))
        }
        ("waits", Some(("never", who))) => {
            Some(list("queues").iter().all(|queue| queue["server"] != who || most(queue) == 0))
        }
        ("waits", Some(("most", rest))) => {
            let (range, who) = rest.rsplit_once(' ')?;
            let queue = list("queues").into_iter().find(|queue| queue["server"] == who);
            Some(within(queue.map_or(0, |queue| most(&queue)), range)?)
        }
        ("last", Some(_)) => {
            let (from, to) = rest.split_once(" to ")?;
            let (from, to) = (minutes(from)?, minutes(to)?);
            Some(json["last_delivered_minute"].as_u64().is_some_and(|m| (from..=to).contains(&m)))
        }
        _ => within(json[word].as_u64()?, rest),
    }
}

/// `5` or `3 to 7`.
fn within(number: u64, range: &str) -> Option<bool> {
    let (from, to) = range.split_once(" to ").unwrap_or((range, range));
    Some((from.parse().ok()?..=to.parse().ok()?).contains(&number))
}

/// `90m` or `2h`.
fn minutes(text: &str) -> Option<u64> {
    match text.strip_suffix('h') {
        Some(hours) => Some(hours.parse::<u64>().ok()? * 60),
        None => text.strip_suffix('m')?.parse().ok(),
    }
}
