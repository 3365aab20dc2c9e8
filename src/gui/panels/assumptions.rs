//! The register of assumptions: what is taken for granted, whether anybody has checked it, and how
//! mail systems are taken to behave.

use crate::{
    gui::{
        command::Command,
        dialogs::assumption::{about, sentence},
        state::Plan,
        theme::Theme,
        widgets::{chip, link, primary, strong, weak},
        words,
    },
    model::{
        ObjectId, Project, Topology,
        assumption::{About, Assumption, Behaviour},
        change::Change,
        id::AssumptionId,
    },
};
use eframe::egui::{Label, ScrollArea, Ui};

/// An assumption in words, by its id.
pub(super) fn text(project: &Project, id: &AssumptionId) -> String {
    let behaviour = || Behaviour::ALL.into_iter().find(|b| b.id() == *id);
    match project.assumptions.get(id) {
        Some(assumption) => assumption.text.clone(),
        None => behaviour().map_or_else(|| id.to_string(), |b| sentence(b).to_owned()),
    }
}

pub(super) fn assumptions_ui(ui: &mut Ui, theme: &Theme, plan: &Plan, commands: &mut Vec<Command>) {
    eframe::egui::Frame::new().inner_margin(10).show(ui, |ui| {
        ScrollArea::vertical().id_salt("assumptions").auto_shrink([false, false]).show(ui, |ui| {
            let project = plan.workspace.project();
            ui.horizontal(|ui| {
                ui.label(strong("About the client's network", 13.0));
                if primary(ui, theme, "Add an assumption").clicked() {
                    commands.push(Command::EditAssumption(None));
                }
            });
            ui.add_space(4.0);
            for (id, assumption) in &project.assumptions {
                if !matches!(assumption.about, About::Behaviour(_)) {
                    row(ui, theme, plan, id, assumption, commands);
                }
            }
            ui.add_space(10.0);
            ui.label(strong("About how mail systems behave", 13.0));
            ui.add_space(4.0);
            for behaviour in Behaviour::ALL {
                let id = behaviour.id();
                let known = project.assumptions.get(&id).cloned();
                let assumption = known.unwrap_or_else(|| Assumption {
                    text: sentence(behaviour).to_owned(),
                    about: About::Behaviour(behaviour),
                    on: behaviour.default_on(),
                    checked: None,
                });
                row(ui, theme, plan, &id, &assumption, commands);
            }
        });
    });
}

/// The phase that is shown, or the last one that has what an assumption speaks of.
fn where_it_stands<'p>(plan: &'p Plan, about: &About) -> &'p Topology {
    let id = match about {
        About::OutboundOpen(id) | About::Hairpin(id) | About::NoHairpin(id) => {
            ObjectId::Firewall(id.clone())
        }
        About::LinkOpen(id) => ObjectId::Link(id.clone()),
        About::SegmentOpen(id) => ObjectId::Segment(id.clone()),
        About::NoInternet(id) => ObjectId::Site(id.clone()),
        About::Behaviour(_) | About::Note => return plan.topology(),
    };
    let mut all = std::iter::once(plan.topology()).chain(plan.workspace.topologies().iter().rev());
    all.find(|topology| topology.contains(&id)).unwrap_or_else(|| plan.topology())
}

fn row(
    ui: &mut Ui,
    theme: &Theme,
    plan: &Plan,
    id: &AssumptionId,
    assumption: &Assumption,
    commands: &mut Vec<Command>,
) {
    ui.push_id(id, |ui| {
        ui.horizontal_wrapped(|ui| {
            let mut on = assumption.on;
            if ui.checkbox(&mut on, assumption.text.as_str()).changed() {
                let to = Assumption { on, ..assumption.clone() };
                let verb = if on { "Take for granted" } else { "Do not take for granted" };
                let label = format!("{verb}: {}", words::inside(&assumption.text));
                let change = Change::Assumption { id: id.clone(), to: Some(to) };
                commands.push(Command::Apply { label, change });
            }
            match &assumption.checked {
                Some(checked) => {
                    let text = format!("checked by {}, {}", checked.by, checked.when);
                    chip(ui, &text, theme.ok, theme.ok_bg).on_hover_text(&checked.how);
                }
                None if matches!(assumption.about, About::Behaviour(_)) => {}
                None => {
                    chip(ui, "not checked", theme.warn, theme.warn_bg);
                }
            }
            if !matches!(assumption.about, About::Behaviour(_)) {
                let stands = about(where_it_stands(plan, &assumption.about), &assumption.about);
                ui.add(Label::new(weak(theme, stands)).wrap());
            }
            let edit = link(ui, theme, "Edit");
            if edit.clicked() {
                commands.push(Command::EditAssumption(Some(id.clone())));
            }
            if plan.workspace.project().assumptions.contains_key(id)
                && link(ui, theme, "Delete").clicked()
            {
                let change = Change::Assumption { id: id.clone(), to: None };
                commands.push(Command::Apply { label: "Delete the assumption".to_owned(), change });
            }
        });
    });
}
