//! A finding: which rule, how bad, about what, in a sentence.

use super::rule::{Rule, Severity};
use crate::model::{Subject, promise::End};

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
    }
}
