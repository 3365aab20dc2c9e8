//! Every template reads, is canonical, and shows exactly what it declares; and the incident's template
//! tells the incident as the field report does.

use crate::support::{self, disposition, path};
use bridgehead::{
    analysis::{Analysis, analyse},
    file,
    model::{promise::End, unfold},
    plan::promises::State,
    sim::trace::{Code, Disposition, StepKind},
    templates::{TEMPLATES, Template, read},
};
use std::collections::BTreeSet;

fn each() -> impl Iterator<Item = (&'static str, Template)> {
    TEMPLATES.iter().map(|(name, text)| {
        let (template, loaded) = read(text).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(loaded.notes, [], "{name} dangles");
        (*name, Template { plan: loaded.project, ..template })
    })
}

/// What an analysis shows, in the form in which a template declares it.
fn shown(analysis: &Analysis, phase: usize) -> (BTreeSet<String>, BTreeSet<String>) {
    let this = &analysis.phases[phase];
    let findings = this
        .findings
        .iter()
        .map(|f| format!("{} {} {}", f.rule.code, f.severity.name(), f.subject))
        .collect();
    let broken = this.promises.iter().filter(|v| v.state == State::Broken);
    (findings, broken.map(|v| v.id.to_string()).collect())
}

#[test]
fn every_template_shows_what_it_declares_and_nothing_else() {
    for (name, template) in each() {
        let analysis = analyse(&template.plan);
        for phase in 0..template.plan.phase_count() {
            let declared = template.expected.iter().find(|e| e.phase == phase);
            let findings: BTreeSet<String> = declared
                .iter()
                .flat_map(|e| &e.findings)
                .map(|(code, severity, subject)| format!("{code} {severity} {subject}"))
                .collect();
            let broken: BTreeSet<String> =
                declared.iter().flat_map(|e| &e.broken).map(ToString::to_string).collect();
            assert_eq!(shown(&analysis, phase), (findings, broken), "{name}, phase {phase}");
        }
    }
}

#[test]
fn no_promise_of_a_template_is_left_open() {
    for (name, template) in each() {
        let analysis = analyse(&template.plan);
        for (phase, this) in analysis.phases.iter().enumerate() {
            let open: Vec<_> =
                this.promises.iter().filter(|v| v.state == State::CannotTell).collect();
            assert!(open.is_empty(), "{name}, phase {phase}: {open:?}");
        }
        let last = analysis.phases.last().expect("phase 0 is always there");
        assert!(
            last.promises.iter().all(|v| v.state == State::Kept),
            "{name}: {:?}",
            last.promises
        );
    }
}

#[test]
fn a_plan_made_from_a_template_is_saved_as_it_was_read() {
    for (name, template) in each() {
        let text = file::save(&template.plan);
        let again = file::load(text.as_bytes()).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(again.project, template.plan, "{name}");
        assert_eq!(file::save(&again.project), text, "{name}");
    }
}

/// The four dispositions that the incident is told by, in one phase of the incident's template.
fn between_the_groups(phase: usize) -> [Disposition; 4] {
    let plan = support::template("two-sites-exchange-2003");
    let ends = ["lds-be1", "lon-be1"].map(support::server);
    let [leeds, london] = &ends;
    [
        disposition(&plan, phase, leeds, london),
        disposition(&plan, phase, london, leeds),
        disposition(&plan, phase, &End::Internet, leeds),
        disposition(&plan, phase, london, &End::Internet),
    ]
}

#[test]
fn mail_from_the_second_group_to_the_first_queues_only_after_the_split() {
    use Disposition::{Delivered, LeftForInternet, Queued};
    assert_eq!(between_the_groups(2), [Delivered, Delivered, Delivered, LeftForInternet]);
    assert_eq!(between_the_groups(3), [Queued, Delivered, Delivered, LeftForInternet]);
    for phase in [4, 5] {
        let shown = between_the_groups(phase);
        assert_eq!(shown, [Delivered, Delivered, Delivered, LeftForInternet], "phase {phase}");
    }
}

#[test]
fn the_incident_is_explained_by_name_view_forwarder_answer_and_firewall() {
    let plan = support::template("two-sites-exchange-2003");
    let [leeds, london] = ["lds-be1", "lon-be1"].map(support::server);
    let trace = support::trace(&plan, 3, &leeds, &london);
    assert_eq!(trace.code.map(Code::name), Some("timeout"));
    assert_eq!(trace.at.as_deref(), Some("lds-be1"));
    assert_eq!(trace.subject.as_ref().map(ToString::to_string).as_deref(), Some("firewall:lon-fw"));
    assert_eq!(trace.attribute, Some("hairpin"));
    let steps: Vec<_> = trace.hops.iter().flat_map(|hop| &hop.steps).collect();
    let text = |kind| -> String {
        let of_kind = steps.iter().filter(|s| s.kind == kind);
        of_kind.map(|s| s.text.as_str()).collect::<Vec<_>>().join(" | ")
    };
    assert!(text(StepKind::Name).contains("mail1.hartwell.example"), "{}", text(StepKind::Name));
    let answer = text(StepKind::Answer);
    for word in ["LON-DC1", "forwarded", "203.0.113.10", "public"] {
        assert!(answer.contains(word), "`{word}` is not in: {answer}");
    }
    assert!(text(StepKind::Firewall).contains("203.0.113.10"), "{}", text(StepKind::Firewall));
    let failing: Vec<_> = steps.iter().filter(|s| !s.ok).collect();
    assert_eq!(failing.len(), 1, "only the step at which it stops is not ok: {failing:?}");
    assert!(steps.iter().any(|s| s.doubt && s.kind == StepKind::Answer), "the answer led astray");
}

#[test]
fn after_the_move_the_second_group_reaches_the_first_by_way_of_the_internet() {
    let plan = support::template("two-sites-exchange-2003");
    let [leeds, london] = ["lds-be1", "lon-be1"].map(support::server);
    for phase in [4, 5] {
        let trace = support::trace(&plan, phase, &leeds, &london);
        assert_eq!(path(&trace), ["lds-be1", "lon-fe1", "lon-be1"]);
        let text: String =
            trace.hops.iter().flat_map(|h| &h.steps).map(|s| s.text.as_str()).collect();
        assert!(text.contains("over the Internet, in by London line"), "phase {phase}: {text}");
        assert!(!text.contains("WAN link"), "phase {phase}: {text}");
    }
}

#[test]
fn unfolding_a_template_skips_nothing() {
    for (name, template) in each() {
        assert_eq!(unfold::notes(&template.plan), [], "{name}");
    }
}
