//! Live checks: the questions that a plan gives, the manners and verdicts of a run, and the whole
//! against foreign name servers and SMTP listeners on loopback.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod catalogue;
mod cli;
mod collector;
mod evidence;
mod foreign;
mod hostile;
mod mail_servers;
mod manners;
mod policies;
mod questions;
mod rehearsal;
pub(crate) mod served;
mod session;
mod smtp;
mod spf;
mod views;
mod watch;
mod zonemaster;

use crate::support::template;
use bridgehead::{
    model::{Project, Topology, beside::Outcome, unfold::unfold},
    net::world::Inputs,
    probe::{Cancel, Check, Job, Manners, Route, evidence::phase_key, live},
    sim::expected::{Question, questions},
};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

/// A folder of the shared material; none, loudly, where that is absent.
#[expect(clippy::print_stderr, reason = "a test that does nothing has to say so")]
fn shared(folder: &str) -> Option<PathBuf> {
    let here = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let path = std::env::var_os("BRIDGEHEAD_SHARED").map_or_else(here, PathBuf::from).join(folder);
    if path.exists() {
        return Some(path);
    }
    eprintln!("\n*** {folder} IS NOT IN THE SHARED MATERIAL: NOTHING IS TESTED WITH IT ***\n");
    let in_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
    assert!(!in_ci, "set BRIDGEHEAD_SHARED to the folder with the shared material");
    None
}

/// The topology of a template after a phase.
fn topology(name: &str, phase: usize) -> Topology {
    unfold(&template(name)).swap_remove(phase)
}

/// The questions of a topology of a template, asked from nowhere in particular.
fn questions_of(name: &str, topology: &Topology) -> Vec<Question> {
    questions(topology, &Inputs::of(&template(name)), None)
}

/// The same, as they are put at a site.
fn questions_at(name: &str, topology: &Topology, site: &str) -> Vec<Question> {
    let site = site.parse().unwrap();
    questions(topology, &Inputs::of(&template(name)), Some(&site))
}

/// Puts the questions about names to these two resolvers.
fn ask(questions: Vec<Question>, inside: SocketAddr, outside: Option<SocketAddr>) -> Vec<Check> {
    let route = Route { inside: Some(inside), outside, ..Route::default() };
    let questions = route.wanted(questions);
    let job = Job { phase: 0, phase_key: phase_key(&Project::new("test"), 0), questions, route };
    live::run_here(job, Manners::default(), &Cancel::default(), |_| {}).unwrap()
}

/// What has an outcome, each as subject and question.
fn with(outcome: Outcome, checks: &[Check]) -> Vec<(String, String)> {
    let found = checks.iter().filter(|check| check.evidence.outcome == outcome);
    found.map(|c| (c.evidence.subject.to_string(), c.evidence.question.clone())).collect()
}
