//! What the live network answered, kept in the plan as evidence, and what follows where it contradicts
//! the drawing.
//!
//! Only an answer that is fresh counts, of the phase that it was asked for: the plan still says to the
//! question what it said then. What follows is worked out, not guessed: a draft of the topology says
//! what was observed, and the rules and all pairs are proved on it. An answer that changes nothing
//! there makes no finding; it stands among the live checks.

use super::{
    check,
    finding::{Finding, Observed},
    rule::{Rule, Severity},
};
use crate::{
    model::{
        Project, Subject, Topology,
        beside::{Evidence, Outcome},
        id::SiteId,
        promise::End,
    },
    net::world::{Inputs, World},
    sim::{
        expected::{Question, questions},
        matrix::Matrix,
        trace::Disposition,
        walk::Simulator,
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// An answer that contradicts the plan as it stands.
pub struct Answer<'e> {
    /// What was asked, with what the plan says.
    pub question: Question,
    /// What came.
    pub evidence: &'e Evidence,
}

/// What rules on observations see of one phase.
pub struct Seen<'s> {
    /// The phase's topology.
    pub topology: &'s Topology,
    /// What is taken for granted.
    pub inputs: &'s Inputs,
    /// What the drawing alone shows.
    pub drawn: &'s [Finding],
    /// What becomes of mail by the drawing.
    pub pairs: &'s Matrix,
    /// The answers that contradict it, by the keys of their questions.
    pub answers: Vec<Answer<'s>>,
}

/// The evidence of a phase that was not as planned when it was gathered, by the question's own key.
/// Verdicts of the catalogue's checks, which judge many answers together, are left out.
pub fn of_phase(project: &Project, phase: usize) -> BTreeMap<String, Evidence> {
    let start = format!("{} ", project.evidence_key(phase));
    let differs = |evidence: &Evidence| {
        evidence.phase == phase
            && evidence.check.is_empty()
            && matches!(evidence.outcome, Outcome::Fail | Outcome::Warn)
    };
    let of_it = project.evidence.range(start.clone()..);
    of_it
        .map_while(|(key, evidence)| Some((key.strip_prefix(&start)?, evidence)))
        .filter(|(_, evidence)| differs(evidence))
        .map(|(key, evidence)| (key.to_owned(), evidence.clone()))
        .collect()
}

/// What of it is fresh: the plan still asks the question and says the same to it.
pub fn answers<'e>(
    topology: &Topology,
    inputs: &Inputs,
    evidence: &'e BTreeMap<String, Evidence>,
) -> Vec<Answer<'e>> {
    let sites: BTreeSet<Option<&SiteId>> = evidence.values().map(|e| e.from.as_ref()).collect();
    let asked =
        sites.into_iter().filter(|site| site.is_none_or(|id| topology.sites.contains_key(id)));
    let fresh = |question: Question| {
        let evidence = evidence.get(&question.key)?;
        (evidence.facts == question.facts).then_some(Answer { question, evidence })
    };
    let all = asked.flat_map(|site| questions(topology, inputs, site));
    let mut found: BTreeMap<String, Answer<'e>> = BTreeMap::new();
    for answer in all.filter_map(fresh) {
        found.insert(answer.question.key.clone(), answer);
    }
    found.into_values().collect()
}

/// Whether the answer of a finding still contradicts a phase.
pub fn contradicts(
    project: &Project,
    phase: usize,
    topology: &Topology,
    inputs: &Inputs,
    finding: &Finding,
) -> bool {
    let Some(observed) = &finding.observed else { return false };
    let evidence = of_phase(project, phase);
    answers(topology, inputs, &evidence).iter().any(|a| a.question.key == observed.key)
}

/// What is otherwise in a topology that says what was observed.
pub struct Changes {
    /// How bad it is.
    pub severity: Severity,
    /// In words, as the end of a sentence.
    pub text: String,
    /// What it is about.
    pub also: BTreeSet<Subject>,
    /// The errors that are new.
    pub brings: BTreeSet<(&'static str, Subject)>,
    /// The pairs whose mail no longer arrives.
    pub lost: Lost,
}

/// Pairs whose mail no longer arrives, by the places of their ends in [`Seen::pairs`].
pub type Lost = BTreeSet<(usize, usize)>;

impl Seen<'_> {
    /// What is otherwise in a draft; none: no conclusion changes.
    pub fn changes(&self, draft: &Topology) -> Option<Changes> {
        let failures = BTreeSet::new();
        let world = World::new(draft, self.inputs, &failures);
        let simulator = Simulator::new(&world);
        let pairs = self.pairs(&Matrix::new(&simulator), &Lost::new());
        let findings = check(&simulator);
        let is_new = |f: &&Finding| {
            !self.drawn.iter().any(|d| {
                d.rule.code == f.rule.code && d.subject == f.subject && d.severity <= f.severity
            })
        };
        let new: Vec<&Finding> = findings.iter().filter(is_new).collect();
        let errors = || new.iter().filter(|f| f.severity == Severity::Error);
        let warning = new.iter().find(|f| f.severity == Severity::Warning);
        let worst = errors().next().or(warning);
        let severity = if pairs.lost.is_some() || errors().next().is_some() {
            Severity::Error
        } else if pairs.gained.is_some() || warning.is_some() {
            Severity::Warning
        } else if pairs.open.is_some() {
            Severity::CannotTell
        } else {
            return None;
        };
        let mut says: Vec<String> =
            [&pairs.lost, &pairs.gained, &pairs.open].into_iter().flatten().cloned().collect();
        says.truncate(1);
        says.extend(worst.map(|f| format!("{} ({})", f.message, f.rule.code)));
        Some(Changes {
            severity,
            text: format!("with that, {}", says.join("; ")),
            also: worst.map(|f| f.subject.clone()).into_iter().collect(),
            brings: errors().map(|f| (f.rule.code, f.subject.clone())).collect(),
            lost: pairs.all_lost,
        })
    }

    /// What a draft of several observations loses beyond what is known to be lost by some of them.
    pub fn loses_more(&self, draft: &Topology, known: &Lost) -> Option<Changes> {
        let failures = BTreeSet::new();
        let world = World::new(draft, self.inputs, &failures);
        let pairs = self.pairs(&Matrix::new(&Simulator::new(&world)), known);
        Some(Changes {
            severity: Severity::Error,
            text: format!("with all of that, {}", pairs.lost?),
            also: BTreeSet::new(),
            brings: BTreeSet::new(),
            lost: pairs.all_lost,
        })
    }

    /// The pairs of which something else becomes, but for those that are known to be lost.
    fn pairs(&self, after: &Matrix, known: &Lost) -> Pairs {
        let mut all_lost = Lost::new();
        let mut counted: [(usize, Option<String>); 3] = Default::default();
        let place = |end: &End| self.pairs.ends.iter().position(|known| known == end);
        for (row, from) in after.ends.iter().enumerate() {
            for (column, to) in after.ends.iter().enumerate() {
                let (Some(a), Some(b)) = (place(from), place(to)) else { continue };
                let (was, is) = (self.pairs.get(a, b), after.get(row, column));
                let open = |d: Disposition| d == Disposition::CannotTell;
                let which = match (was.arrived(), is.arrived()) {
                    (true, false) if open(is) => 2,
                    (true, false) => 0,
                    (false, true) => 1,
                    (false, false) if open(was) && !open(is) => 0,
                    _ => continue,
                };
                if which == 0 {
                    all_lost.insert((a, b));
                    if known.contains(&(a, b)) {
                        continue;
                    }
                }
                let (count, first) = &mut counted[which];
                *count += 1;
                let mail = || {
                    let (from, to) = (self.end(from), self.end(to));
                    format!("mail from {from} to {to} {}", fate(is))
                };
                first.get_or_insert_with(mail);
            }
        }
        let [lost, gained, open] = counted.map(|(count, first)| match (count, first) {
            (0 | 1, first) => first,
            (2, first) => first.map(|text| format!("{text} (and 1 more way)")),
            (more, first) => first.map(|text| format!("{text} (and {} more ways)", more - 1)),
        });
        let gained = gained.map(|text| format!("{text}, though by the drawing it does not"));
        Pairs { lost, gained, open, all_lost }
    }

    fn end(&self, end: &End) -> String {
        match end {
            End::Server(id) => {
                self.topology.servers.get(id).map_or(id.to_string(), |s| s.name.clone())
            }
            End::Internet => "the Internet".to_owned(),
            other => other.to_string(),
        }
    }
}

/// The first pair of each sort, with the number of the others.
struct Pairs {
    lost: Option<String>,
    gained: Option<String>,
    open: Option<String>,
    all_lost: Lost,
}

/// What becomes of mail, as a verb.
fn fate(disposition: Disposition) -> &'static str {
    match disposition {
        Disposition::Delivered | Disposition::LeftForInternet => "arrives",
        Disposition::Queued => "queues",
        Disposition::Bounced => "is returned",
        Disposition::Refused => "is refused",
        Disposition::Loop => "goes in circles",
        Disposition::NoRoute => "has no route",
        Disposition::CannotTell => "can no longer be told",
    }
}

/// How a rule words an answer.
pub struct Words {
    /// What contradicts what, before the evidence.
    pub head: String,
    /// What is to be set in the live network, where the drawing is right.
    pub remedy: String,
    /// How the drawing would say what was observed.
    pub draw: Option<(String, Vec<crate::model::edit::Edit>)>,
}

/// The finding on an answer that changes a conclusion.
pub fn finding(
    rule: &'static Rule,
    answer: &Answer<'_>,
    changes: Changes,
    words: Words,
) -> Finding {
    let Answer { question, evidence } = answer;
    let Words { head, remedy, draw } = words;
    let list = |lines: &[String]| lines.join(", ");
    let message = format!(
        "{head}: {} gave {} on {}, drawn is {}; {}",
        evidence.asked,
        list(&evidence.got),
        evidence.utc,
        list(&question.expected.lines()),
        changes.text
    );
    let mut also: BTreeSet<Subject> = changes.also;
    also.extend(question.also.iter().cloned());
    also.remove(&question.subject);
    Finding {
        rule,
        severity: changes.severity,
        subject: question.subject.clone(),
        also: also.into_iter().collect(),
        message,
        evidence: None,
        observed: Some(Box::new(Observed {
            key: question.key.clone(),
            question: question.text.clone(),
            expected: question.expected.lines(),
            got: evidence.got.clone(),
            asked: evidence.asked.clone(),
            from: evidence.from.clone(),
            utc: evidence.utc.clone(),
            remedy,
            draw,
            brings: changes.brings,
        })),
    }
}

/// One finding for each subject: a waiver is about all that a rule says of it. The worst stays, with
/// the number of the others.
pub fn one_each(findings: Vec<Finding>) -> Vec<Finding> {
    let mut by_subject: BTreeMap<Subject, Vec<Finding>> = BTreeMap::new();
    for finding in findings {
        by_subject.entry(finding.subject.clone()).or_default().push(finding);
    }
    let merged = |mut all: Vec<Finding>| {
        all.sort_by_key(|finding| finding.severity);
        let others = all.len() - 1;
        let mut worst = all.into_iter().next()?;
        if others > 0 {
            let answers = if others == 1 { "answer" } else { "answers" };
            worst.message = format!("{} (and {others} more {answers} about it)", worst.message);
        }
        Some(worst)
    };
    by_subject.into_values().filter_map(merged).collect()
}

/// What would end such a finding: drawing what was observed, or setting the live network right.
pub fn cures(finding: &Finding) -> Vec<super::wanted::Wanted> {
    use super::wanted::Wanted;
    let Some(observed) = &finding.observed else { return vec![] };
    let draw = observed.draw.clone().map(|(title, edits)| Wanted::AsObserved(title, edits));
    let live = Some(observed.remedy.clone()).filter(|r| !r.is_empty()).map(Wanted::AsDrawn);
    draw.into_iter().chain(live).collect()
}
