//! A finding: which rule, how bad, about what, in a sentence.

use super::rule::{Rule, Severity};
use crate::model::{Subject, edit::Edit, id::SiteId, promise::End};
use std::collections::BTreeSet;

/// A finding.
#[derive(Clone)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about.
    pub subject: Subject,
    /// What else has to do with it, the most telling first.
    pub also: Vec<Subject>,
    /// The sentence: the element, the consequence, the evidence.
    pub message: String,
    /// The message whose trace is the evidence, where there is one.
    pub evidence: Option<(End, End)>,
    /// The answer of the live network that is the evidence, where there is one.
    pub observed: Option<Box<Observed>>,
}

/// An answer of the live network that contradicts the drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// What the question is known by within its phase.
    pub key: String,
    /// The question in words.
    pub question: String,
    /// What the plan says.
    pub expected: Vec<String>,
    /// What came.
    pub got: Vec<String>,
    /// Who was asked, as `address:port`.
    pub asked: String,
    /// The site where it was asked; none: not said.
    pub from: Option<SiteId>,
    /// When, as `2026-11-24T14:02:31Z`.
    pub utc: String,
    /// What is to be set in the live network, where the drawing is right.
    pub remedy: String,
    /// How the drawing would say what was observed: the title and the edits; none where it cannot.
    pub draw: Option<(String, Vec<Edit>)>,
    /// The errors that the drawing has once it says so: the finding tells of them already.
    pub brings: BTreeSet<(&'static str, Subject)>,
}

impl Finding {
    /// By severity, code, subject: the order in which findings are listed.
    pub fn sort_key(&self) -> (Severity, &'static str, &Subject) {
        (self.severity, self.rule.code, &self.subject)
    }
}

impl std::fmt::Debug for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let severity = self.severity.name();
        write!(f, "{} {severity} {}: {}", self.rule.code, self.subject, self.message)
    }
}

impl PartialEq for Finding {
    fn eq(&self, other: &Self) -> bool {
        self.rule.code == other.rule.code
            && self.severity == other.severity
            && self.subject == other.subject
            && self.also == other.also
            && self.message == other.message
            && self.evidence == other.evidence
            && self.observed == other.observed
    }
}
