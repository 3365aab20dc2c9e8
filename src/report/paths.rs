//! Numbered mail paths of a phase: who sends to whom, over which servers, by which name, with what
//! verdict. The same numbers stand on the drawing and in the table that says it in words.

use super::{
    context::of_disposition,
    document::{Cell, Table, Text},
    values,
};
use crate::{
    analysis::Analysis,
    model::{Topology, id::SiteId, promise::End},
    sim::trace::{Disposition, StepKind, Trace},
};
use std::collections::BTreeSet;

/// As many paths are numbered; more crowd the drawing.
pub(super) const PATHS_MAX: usize = 12;
/// As many are looked at for those that do not arrive.
const LOOKED_AT: usize = 600;
/// As many lines has the table.
const ROWS_MAX: usize = 30;

/// A mail path.
pub(super) struct MailPath {
    /// What it is: `inbound London`, `London → Leeds`.
    pub(super) what: String,
    /// The way.
    pub(super) trace: Trace,
}

/// The paths of a phase: first those that do not arrive, then those of which it cannot be told, then the
/// others; each time inbound of every site with users, between sites, outbound.
pub(super) fn paths(analysis: &Analysis, phase: usize) -> Vec<MailPath> {
    let topology = &analysis.phases[phase].topology;
    let sites: BTreeSet<&SiteId> =
        topology.mailboxes.values().filter_map(|m| m.users_at.as_ref()).collect();
    let site = |id: &SiteId| End::Site(id.clone());
    let mut ends: Vec<(String, End, End)> = Vec::new();
    let name = |id: &SiteId| values::name_of_site(topology, id);
    for id in &sites {
        ends.push((format!("inbound {}", name(id)), End::Internet, site(id)));
    }
    for a in &sites {
        for b in sites.iter().filter(|b| *b != a) {
            ends.push((format!("{} → {}", name(a), name(b)), site(a), site(b)));
        }
    }
    for id in &sites {
        ends.push((format!("outbound {}", name(id)), site(id), End::Internet));
    }
    if ends.len() > LOOKED_AT {
        // Inbound and outbound tell most: each site once, before the pairs.
        ends.sort_by_key(|(_, from, to)| *from != End::Internet && *to != End::Internet);
        ends.truncate(LOOKED_AT);
    }
    let nothing = BTreeSet::new();
    let traced = ends.into_iter().map(|(what, from, to)| MailPath {
        what,
        trace: analysis.trace(phase, &from, &to, &nothing),
    });
    let mut paths: Vec<MailPath> = traced.collect();
    paths.sort_by_key(|path| match path.trace.disposition {
        Disposition::Delivered | Disposition::LeftForInternet => 2,
        Disposition::CannotTell => 1,
        _ => 0,
    });
    paths.truncate(ROWS_MAX);
    paths
}

/// How many paths of a phase are not told: between very many sites there are too many.
pub(super) fn untold(topology: &Topology) -> usize {
    let sites: BTreeSet<&SiteId> =
        topology.mailboxes.values().filter_map(|m| m.users_at.as_ref()).collect();
    (sites.len() * (sites.len() + 1)).saturating_sub(ROWS_MAX)
}

/// The paths in words.
pub(super) fn table(topology: &Topology, paths: &[MailPath]) -> Table {
    let mut table = Table::new(
        &["No", "Path", "Over", "Name that is asked, and what it gives", "Verdict"],
        "Nobody has a mailbox, so that no mail has a path",
    );
    for (at, path) in paths.iter().enumerate() {
        let trace = &path.trace;
        let over: Vec<String> =
            trace.path.iter().map(|id| values::name_of_server(topology, id)).collect();
        let asked: Vec<Text> = trace
            .hops
            .iter()
            .flat_map(|hop| &hop.steps)
            .filter(|step| matches!(step.kind, StepKind::Name | StepKind::Answer))
            .take(6)
            .map(|step| Text::weak(step.text.as_str()))
            .collect();
        let arrived =
            matches!(trace.disposition, Disposition::Delivered | Disposition::LeftForInternet);
        let mut verdict = vec![Text::from(trace.disposition.name())];
        if !arrived {
            verdict.push(Text::weak(trace.reason.as_str()));
        }
        table.rows.push(vec![
            Cell::from(Text::strong((at + 1).to_string())),
            Cell::from(path.what.as_str()),
            Cell::from(over.join(" → ")),
            Cell::lines(asked),
            Cell { mark: Some(of_disposition(trace.disposition)), lines: verdict },
        ]);
    }
    table
}

/// What the numbers on a drawing are, in a line: the paths that do not arrive with what they come to.
pub(super) fn verdicts(paths: &[MailPath]) -> String {
    let drawn = paths.iter().take(PATHS_MAX).enumerate();
    let (fine, wrong): (Vec<_>, Vec<_>) =
        drawn.partition(|(_, path)| path.trace.disposition.arrived());
    let told = |(at, path): &(usize, &MailPath)| format!("{} {}", at + 1, path.what);
    let mut parts: Vec<String> = Vec::new();
    for (at, path) in wrong.iter().take(4) {
        let stands = path.trace.disposition.name();
        parts.push(format!("{} {}: {stands}, {}.", at + 1, path.what, path.trace.reason));
    }
    if wrong.len() > 4 {
        parts.push(format!("{} more do not arrive.", wrong.len() - 4));
    }
    if !fine.is_empty() {
        let list: Vec<String> = fine.iter().map(told).collect();
        parts.push(format!("Arrive: {}.", list.join(", ")));
    }
    parts.join(" ")
}

/// The paths in a sentence each: what the drawing says to those who cannot see it.
pub(super) fn spoken(topology: &Topology, paths: &[MailPath]) -> String {
    let said = paths.iter().take(PATHS_MAX).enumerate().map(|(at, path)| {
        let over = path.trace.path.iter().map(|id| values::name_of_server(topology, id));
        let over = over.collect::<Vec<_>>().join(", ");
        let verdict = path.trace.disposition.name();
        let way = if over.is_empty() { String::new() } else { format!(" over {over}") };
        format!("Path {}, {}{way}: {verdict}.", at + 1, path.what)
    });
    said.collect::<Vec<_>>().join(" ")
}
