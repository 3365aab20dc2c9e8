//! What the findings say of a value, beside it: the text, and the first cures as buttons.

use crate::{
    gui::{
        command::Command,
        state::{FixesKey, Plan},
        theme::Theme,
        widgets::{Symbol, link, symbol},
    },
    model::ObjectId,
    rules::{
        finding::Finding,
        fix::{Fix, Trust},
        rule::Severity,
    },
};
use eframe::egui::{Color32, Label, RichText, Ui};

/// The field of an object that a finding is about; none: the object as a whole.
fn field_of(finding: &Finding, id: &ObjectId) -> Option<&'static str> {
    match (finding.rule.name, id) {
        ("listens-on-all-addresses", ObjectId::Listener(_)) => Some("bindings"),
        ("connector-name-resolves-outside", ObjectId::Listener(_)) => Some("fqdn"),
        ("connector-name-resolves-outside", ObjectId::Record(_)) => Some("data"),
        (
            "connector-name-resolves-outside" | "connector-target-out-of-reach",
            ObjectId::GroupConnector(_),
        ) => Some("targets"),
        _ => None,
    }
}

/// The findings of this phase that name the object and mean that field.
fn about(plan: &Plan, id: &ObjectId, field: Option<&str>) -> Vec<(usize, Finding)> {
    let topology = plan.topology();
    let names = |finding: &Finding| {
        let is = |s: &crate::model::Subject| s.object(topology).as_ref() == Some(id);
        is(&finding.subject)
            || (finding.severity <= Severity::Warning && finding.also.iter().any(is))
    };
    plan.derived_phase()
        .findings
        .iter()
        .enumerate()
        .filter(|(_, f)| {
            plan.analysis().waived(f).is_none() && names(f) && field_of(f, id) == field
        })
        .map(|(at, f)| (at, f.clone()))
        .collect()
}

/// The colour in which a value is marked.
pub(super) fn mark(theme: &Theme, plan: &Plan, id: &ObjectId, field: &str) -> Option<Color32> {
    let found = about(plan, id, Some(field));
    let worst = found.iter().map(|(_, f)| f.severity).min()?;
    (worst != Severity::Note).then(|| Symbol::severity(worst).colour(theme))
}

/// The findings themselves.
pub(super) fn doubts_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &mut Plan,
    id: &ObjectId,
    field: Option<&str>,
    commands: &mut Vec<Command>,
) {
    for (index, finding) in about(plan, id, field) {
        let kind = Symbol::severity(finding.severity);
        let headline = plan.derived.headlines.get(index);
        let own = finding.subject.object(plan.topology()).as_ref() == Some(id);
        let text = match headline {
            Some(headline) if field.is_none() || !own => headline.title.clone(),
            _ => finding.message.clone(),
        };
        ui.horizontal_top(|ui| {
            symbol(ui, theme, 7.0, kind);
            let text = RichText::new(text).size(11.5).color(kind.colour(theme));
            ui.add(Label::new(text).wrap());
        });
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().interact_size.y = 18.0;
            if field.is_some() && own {
                let key = FixesKey::of(plan.workspace.analysed_revision(), plan.phase, &finding);
                let fixes = plan.fixes.of(&key).map(<[Fix]>::to_vec).unwrap_or_default();
                for (choice, fix) in fixes.iter().enumerate() {
                    if fix.trust != Trust::ShowOnly && link(ui, theme, &fix.title).clicked() {
                        commands.push(Command::Fix { finding: index, choice, earliest: false });
                    }
                }
            }
            let more = format!("{}: show", finding.rule.code);
            if link(ui, theme, &more).clicked() {
                commands.push(Command::ShowFinding(index));
            }
        });
    }
}
