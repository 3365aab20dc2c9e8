//! Which findings stand at which object of the drawing.

use super::symbols::Sign;
use crate::{
    analysis::Analysis,
    model::{ObjectId, Subject, Topology, dns::ViewKind, id::ViewId},
    rules::rule::Severity,
};
use std::collections::BTreeMap;

/// Where a finding is shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum At {
    /// At an object.
    Subject(Subject),
    /// At the Internet: outside names, mail domains.
    Internet,
}

/// What is found at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// The worst.
    pub(super) worst: Severity,
    /// How many are as bad.
    pub(super) count: usize,
}

impl Verdict {
    /// The sign of the worst.
    pub(super) fn sign(self) -> Sign {
        sign_of(self.worst)
    }

    /// Takes in what is found at the same place.
    pub(super) fn join(&mut self, other: Self) {
        match other.worst.cmp(&self.worst) {
            std::cmp::Ordering::Less => *self = other,
            std::cmp::Ordering::Equal => self.count += other.count,
            std::cmp::Ordering::Greater => {}
        }
    }

    /// In words, as in "2 errors".
    pub(super) fn spoken(self) -> String {
        let (one, many) = match self.worst {
            Severity::Error => ("error", "errors"),
            Severity::Warning => ("warning", "warnings"),
            Severity::CannotTell => ("cannot tell", "cannot tell"),
            Severity::Note => ("note", "notes"),
        };
        format!("{} {}", self.count, if self.count == 1 { one } else { many })
    }
}

/// The sign of a severity.
pub(super) fn sign_of(severity: Severity) -> Sign {
    match severity {
        Severity::Error => Sign::Octagon,
        Severity::Warning => Sign::Triangle,
        Severity::CannotTell => Sign::Question,
        Severity::Note => Sign::Circle,
    }
}

/// The findings of a phase by place; waived ones do not count.
pub(super) fn verdicts(analysis: &Analysis, phase: usize) -> BTreeMap<At, Verdict> {
    let this = &analysis.phases[phase];
    let mut all: BTreeMap<At, Verdict> = BTreeMap::new();
    for finding in this.findings.iter().filter(|f| analysis.waived(f).is_none()) {
        let Some(at) = place(&this.topology, &finding.subject) else { continue };
        let known = all.entry(at).or_insert(Verdict { worst: finding.severity, count: 0 });
        match finding.severity.cmp(&known.worst) {
            std::cmp::Ordering::Less => *known = Verdict { worst: finding.severity, count: 1 },
            std::cmp::Ordering::Equal => known.count += 1,
            std::cmp::Ordering::Greater => {}
        }
    }
    all
}

/// Where what is said of a subject is shown.
pub(super) fn place(topology: &Topology, subject: &Subject) -> Option<At> {
    let object = match subject.object(topology)? {
        ObjectId::Listener(id) => ObjectId::Server(id.server),
        ObjectId::View(id) => return of_view(topology, &id),
        ObjectId::Zone(id) => return of_view(topology, &id.view),
        ObjectId::Record(id) => return of_view(topology, &id.zone.view),
        ObjectId::Domain(_) | ObjectId::Organisation(_) => return Some(At::Internet),
        other => other,
    };
    Some(At::Subject(object.into()))
}

/// Inside names are shown at the first resolver that serves them, outside ones at the Internet.
fn of_view(topology: &Topology, view: &ViewId) -> Option<At> {
    let outside = topology.views.get(view).is_some_and(|v| v.kind == ViewKind::Outside);
    if outside {
        return Some(At::Internet);
    }
    let serves = topology.resolvers.iter().find(|(_, r)| r.serves.contains(view));
    serves.map(|(id, _)| At::Subject(ObjectId::Resolver(id.clone()).into()))
}
