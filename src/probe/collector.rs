//! The collector: a PowerShell script that asks a site's questions where no strange program may run.
//! It only reads; what it writes, [`super::collected`] takes in.

use crate::{
    model::{Project, Topology, id::SiteId},
    net::world::Inputs,
    probe::evidence::phase_key,
    sim::expected::{Ask, Question, questions},
};
use serde_json::{Value, json};

const SCRIPT: &str = include_str!("collector.ps1");

/// The script for a site in a phase, with the line ends that Windows expects.
pub fn script(project: &Project, topology: &Topology, phase: usize, from: &SiteId) -> String {
    let all = questions(topology, &Inputs::of(project), Some(from));
    let job = json!({
        "plan": project.name,
        "phase_key": phase_key(project, phase),
        "from": from.to_string(),
        "questions": all.iter().filter_map(question).collect::<Vec<_>>(),
    });
    // A here-string ends at a line that begins with `'@`; lines of JSON begin with blanks or braces.
    let text = SCRIPT
        .replace("__JOB__", &ascii(&format!("{job:#}")))
        .replace("__OUTPUT__", &format!("evidence-{from}.json"));
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

/// A question as the script reads it; none: it takes more than one answer, which scripts do not judge.
fn question(question: &Question) -> Option<Value> {
    Some(match &question.ask {
        Ask::Name { side, name, kind } => json!({
            "key": question.key,
            "kind": "name",
            "side": side.name(),
            "name": name.as_str(),
            "type": kind.name().to_uppercase(),
        }),
        Ask::Greeting { at, .. } => json!({
            "key": question.key,
            "kind": "smtp",
            "address": at.ip().to_string(),
            "port": at.port(),
        }),
        Ask::Study(_) => return None,
    })
}

/// JSON in ASCII: Windows PowerShell 5.1 reads a script without a mark in the machine's own code page.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() {
            text.push(c);
            continue;
        }
        let mut units = [0; 2];
        for unit in c.encode_utf16(&mut units) {
            text.extend(format!("\\u{unit:04x}").chars());
        }
    }
    text
}
