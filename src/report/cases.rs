//! Findings of all phases, each once: the same fault of the same object is one case with its phases.

use crate::{
    analysis::Analysis,
    model::{Project, Subject, change::apply, editing::edit_all},
    plan::promises::State,
    rules::{
        finding::Finding,
        fix::{self, Fix},
        rule::Severity,
        wanted::Wanted,
    },
};
use std::collections::BTreeMap;

/// Proving a cure checks every phase anew, so that a plan with very many findings has only those of
/// its worst cases proved here.
const CASES_WITH_CURES: usize = 16;
/// The number of servers up to which cures are proved for all these cases.
const SERVERS_WITH_CURES: usize = 60;

/// A finding with the phases in which it stands.
#[derive(Clone, Debug)]
pub(super) struct Case {
    /// Its number in the document.
    pub(super) number: String,
    /// The finding, where it is worst.
    pub(super) finding: Finding,
    /// The phase in which it is worst.
    pub(super) worst: usize,
    /// What it says in other phases, and in which.
    pub(super) others: Vec<(Severity, String, Vec<usize>)>,
    /// All phases in which it stands.
    pub(super) phases: Vec<usize>,
    /// Why somebody decided to live with it.
    pub(super) waived: Option<String>,
    /// What would cure it, proved.
    pub(super) fixes: Vec<Fix>,
}

/// All cases: the worst first, then the earliest.
pub(super) fn cases(analysis: &Analysis) -> Vec<Case> {
    let mut found: BTreeMap<(&'static str, Subject), Case> = BTreeMap::new();
    for (at, phase) in analysis.phases.iter().enumerate() {
        for finding in &phase.findings {
            let key = (finding.rule.code, finding.subject.clone());
            let case = found.entry(key).or_insert_with(|| Case {
                number: String::new(),
                finding: finding.clone(),
                worst: at,
                others: Vec::new(),
                phases: Vec::new(),
                waived: analysis.waived(finding).map(str::to_owned),
                fixes: Vec::new(),
            });
            case.phases.push(at);
            let said = (finding.severity, finding.message.as_str());
            match case.others.iter_mut().find(|(s, m, _)| (*s, &**m) == said) {
                Some((_, _, phases)) => phases.push(at),
                None => case.others.push((finding.severity, finding.message.clone(), vec![at])),
            }
            if finding.severity < case.finding.severity {
                case.finding = finding.clone();
                case.worst = at;
            }
        }
    }
    let mut cases: Vec<Case> = found.into_values().collect();
    for case in &mut cases {
        let worst = &case.finding;
        case.others.retain(|(s, m, _)| *s != worst.severity || *m != worst.message);
    }
    cases.sort_by_key(|case| (case.waived.is_some(), case.finding.severity, case.phases[0]));
    let servers = analysis.phases.iter().map(|p| p.topology.servers.len()).max().unwrap_or(0);
    let proved = if servers <= SERVERS_WITH_CURES { CASES_WITH_CURES } else { 1 };
    for (at, case) in cases.iter_mut().enumerate() {
        case.number = format!("F-{}", at + 1);
        let worth = matches!(case.finding.severity, Severity::Error | Severity::Warning);
        if at < proved && worth && case.waived.is_none() {
            case.fixes = analysis.fixes(case.worst, &case.finding);
        }
    }
    cases
}

/// What is left once the first cure of each of these cases has been made: broken promises and
/// errors, over all phases. None where one of them has no cure or the cures do not go together.
pub(super) fn left_after(analysis: &Analysis, cases: &[&Case]) -> Option<usize> {
    let mut draft: Project = (*analysis.project).clone();
    for case in cases {
        let fix = case.fixes.first()?;
        let edits = fix::edits(&draft, &fix.wanted, fix.earliest).ok()?;
        let change = edit_all(&draft, edits).ok()?;
        apply(&mut draft, change).ok()?;
    }
    let cured = crate::analysis::analyse(&draft);
    let left = cured.phases.iter().map(|phase| {
        let broken = phase.promises.iter().filter(|p| p.state == State::Broken).count();
        let errors = phase
            .findings
            .iter()
            .filter(|f| f.severity == Severity::Error && cured.waived(f).is_none());
        broken + errors.count()
    });
    Some(left.sum())
}

/// Who has to carry a cure out.
pub(super) fn who(wanted: &Wanted) -> &'static str {
    match wanted {
        Wanted::ReverseName(..) => "Internet provider",
        Wanted::Bound(_) | Wanted::AsObserved(..) => "Consultant",
        Wanted::InsideName(_) | Wanted::InsideZone(..) => "Who runs the DNS",
        Wanted::AsDrawn(_) => "Who runs what answers",
    }
}
