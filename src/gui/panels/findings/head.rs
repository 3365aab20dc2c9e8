//! Which findings are listed, and how they stand together.

use crate::{
    gui::{
        state::{Grouping, Plan},
        words,
    },
    rules::{finding::Finding, rule::Severity},
};
use eframe::egui::{TextEdit, Ui};
use std::collections::BTreeMap;

/// With fewer findings nobody has to search.
const FEW: usize = 4;

/// The search, and how the findings stand together.
pub(super) fn head_ui(ui: &mut Ui, plan: &mut Plan, count: usize) {
    let set = plan.filter.grouping != Grouping::Flat || !plan.filter.text.is_empty();
    if count < FEW && !set {
        return;
    }
    ui.horizontal(|ui| {
        let edit = TextEdit::singleline(&mut plan.filter.text).hint_text("Filter");
        ui.add(edit.desired_width(150.0)).accessible_name("Filter the findings");
        for (grouping, word) in [
            (Grouping::Flat, "The worst first"),
            (Grouping::Rule, "By rule"),
            (Grouping::Object, "By object"),
        ] {
            if ui.selectable_label(plan.filter.grouping == grouping, word).clicked() {
                plan.filter.grouping = grouping;
            }
        }
    });
}

/// The findings that are listed, by their index, in groups with their titles.
pub(super) fn groups(plan: &Plan, findings: &[Finding]) -> Vec<(String, Vec<usize>)> {
    let listed = (0..findings.len()).filter(|index| passes(plan, *index, &findings[*index]));
    if plan.filter.grouping == Grouping::Flat {
        return vec![(String::new(), listed.collect())];
    }
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for index in listed {
        groups.entry(title(plan, &findings[index])).or_default().push(index);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    // The group with the worst finding comes first; findings are sorted by severity.
    groups.sort_by_key(|(_, indexes)| indexes.first().copied());
    groups
}

fn title(plan: &Plan, finding: &Finding) -> String {
    if plan.filter.grouping == Grouping::Rule {
        let name = words::sentence(&finding.rule.name.replace('-', " "));
        return format!("{} {name}", finding.rule.code);
    }
    words::subject(plan.workspace.project(), plan.topology(), &finding.subject)
}

fn passes(plan: &Plan, index: usize, finding: &Finding) -> bool {
    let filter = &plan.filter;
    let severity = match finding.severity {
        Severity::Error => filter.errors,
        Severity::Warning => filter.warnings,
        Severity::CannotTell => filter.unknown,
        Severity::Note => filter.notes,
    };
    let waived = plan.analysis().waived(finding).is_some();
    severity && (!waived || filter.waived) && fits(plan, index, finding)
}

/// Whether the words of a finding hold what is searched for.
fn fits(plan: &Plan, index: usize, finding: &Finding) -> bool {
    let wanted = plan.filter.text.trim().to_lowercase();
    if wanted.is_empty() {
        return true;
    }
    let (project, topology) = (plan.workspace.project(), plan.topology());
    let title = plan.derived.headlines.get(index).map_or("", |h| h.title.as_str());
    let mut all = vec![finding.rule.code.to_owned(), finding.rule.name.replace('-', " ")];
    all.extend([title.to_owned(), finding.message.clone()]);
    all.push(words::subject(project, topology, &finding.subject));
    all.extend(finding.also.iter().map(|s| words::subject(project, topology, s)));
    all.iter().any(|text| text.to_lowercase().contains(&wanted))
}
