//! The editor of a promise: the client's words, and what is checked for them.

use super::{Outcome, error_line, foot, heading, text_line};
use crate::{
    gui::{
        command::Command,
        panels::ends,
        state::{Plan, State},
        theme::Theme,
        widgets::{paragraph, weak},
        words,
    },
    model::{
        ObjectId, Project, Subject,
        change::Change,
        id::{PhaseId, PromiseId, slug_from_name},
        promise::{Demand, End, Promise},
    },
};
use eframe::egui::{ComboBox, Ui};
use std::collections::BTreeSet;

/// What is demanded, without its particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DemandKind {
    /// Mail arrives.
    Delivered,
    /// Mail arrives or waits.
    DeliveredOrQueued,
    /// Mail does not cross a link.
    AvoidsLink,
    /// Mail shows no internal name.
    HidesInternalNames,
}

impl DemandKind {
    const ALL: [Self; 4] =
        [Self::Delivered, Self::DeliveredOrQueued, Self::AvoidsLink, Self::HidesInternalNames];

    fn title(self) -> &'static str {
        match self {
            Self::Delivered => "The mail arrives",
            Self::DeliveredOrQueued => "The mail arrives or waits in a queue",
            Self::AvoidsLink => "The mail does not cross a WAN link",
            Self::HidesInternalNames => "Mail to the Internet shows no internal name",
        }
    }
}

/// A promise as it is being filled in.
#[derive(Clone, Debug)]
pub struct PromiseDraft {
    /// The promise that is edited; none: a new one.
    id: Option<PromiseId>,
    text: String,
    from_phase: Option<PhaseId>,
    kind: DemandKind,
    from: BTreeSet<End>,
    to: BTreeSet<End>,
    given: BTreeSet<Subject>,
    link: Option<ObjectId>,
    toward: Option<ObjectId>,
    typed: [String; 2],
    error: Option<String>,
}

impl PromiseDraft {
    /// The form of a promise, or an empty one.
    pub(in crate::gui) fn new(project: &Project, id: Option<PromiseId>, phase: usize) -> Self {
        let from_phase =
            phase.checked_sub(1).and_then(|i| project.phases.get(i)).map(|p| p.id.clone());
        let mut draft = Self {
            id: id.clone(),
            text: String::new(),
            from_phase,
            kind: DemandKind::Delivered,
            from: BTreeSet::new(),
            to: BTreeSet::new(),
            given: BTreeSet::new(),
            link: None,
            toward: None,
            typed: [String::new(), String::new()],
            error: None,
        };
        if let Some(promise) = id.and_then(|id| project.promises.get(&id)) {
            draft.text.clone_from(&promise.text);
            draft.from_phase.clone_from(&promise.from_phase);
            draft.read(&promise.demand);
        }
        draft
    }

    fn read(&mut self, demand: &Demand) {
        match demand {
            Demand::Delivered { from, to, given }
            | Demand::DeliveredOrQueued { from, to, given } => {
                self.kind = match demand {
                    Demand::Delivered { .. } => DemandKind::Delivered,
                    _ => DemandKind::DeliveredOrQueued,
                };
                (self.from, self.to, self.given) = (from.clone(), to.clone(), given.clone());
            }
            Demand::AvoidsLink { from, to, link, toward } => {
                self.kind = DemandKind::AvoidsLink;
                (self.from, self.to) = (from.clone(), to.clone());
                self.link = Some(ObjectId::Link(link.clone()));
                self.toward = toward.clone().map(ObjectId::Site);
            }
            Demand::HidesInternalNames { from } => {
                self.kind = DemandKind::HidesInternalNames;
                self.from.clone_from(from);
            }
        }
    }

    fn demand(&self) -> Result<Demand, &'static str> {
        if self.from.is_empty() {
            return Err("it needs a sender");
        }
        if self.to.is_empty() && self.kind != DemandKind::HidesInternalNames {
            return Err("it needs a recipient");
        }
        let (from, to, given) = (self.from.clone(), self.to.clone(), self.given.clone());
        Ok(match self.kind {
            DemandKind::Delivered => Demand::Delivered { from, to, given },
            DemandKind::DeliveredOrQueued => Demand::DeliveredOrQueued { from, to, given },
            DemandKind::HidesInternalNames => Demand::HidesInternalNames { from },
            DemandKind::AvoidsLink => {
                let Some(ObjectId::Link(link)) = self.link.clone() else {
                    return Err("it needs a link");
                };
                let toward = match self.toward.clone() {
                    Some(ObjectId::Site(site)) => Some(site),
                    _ => None,
                };
                Demand::AvoidsLink { from, to, link, toward }
            }
        })
    }

    fn command(&self, project: &Project) -> Result<Command, &'static str> {
        let text = self.text.trim();
        if text.is_empty() {
            return Err("it needs the client's words");
        }
        let demand = self.demand()?;
        let promise =
            Promise { text: text.to_owned(), from_phase: self.from_phase.clone(), demand };
        let taken = |slug: &str| project.promises.keys().any(|id| id.as_str() == slug);
        let (id, verb) = if let Some(id) = &self.id {
            (id.clone(), "Change")
        } else {
            let slug = slug_from_name(text, "promise", taken);
            (slug.parse().ok().ok_or("its words give no id")?, "Add")
        };
        let label = format!("{verb} the promise \u{201c}{text}\u{201d}");
        Ok(Command::Apply { label, change: Change::Promise { id, to: Some(promise) } })
    }
}

pub(super) fn promise_ui(
    ui: &mut Ui,
    theme: &Theme,
    state: &State,
    draft: &mut PromiseDraft,
) -> Outcome {
    let Some(plan) = &state.plan else { return Outcome::closed() };
    heading(ui, if draft.id.is_some() { "Promise" } else { "Add a promise" });
    text_line(ui, "What the client requires, in the client's words", &mut draft.text, true);
    phase_combo(ui, plan.workspace.project(), &mut draft.from_phase);
    kind_combo(ui, &mut draft.kind);
    particulars(ui, theme, plan, draft);
    error_line(ui, theme, draft.error.as_deref());
    let done = if draft.id.is_some() { "Save the promise" } else { "Add the promise" };
    match foot(ui, theme, done, false) {
        None => Outcome::default(),
        Some(false) => Outcome::closed(),
        Some(true) => match draft.command(plan.workspace.project()) {
            Ok(command) => Outcome::does(command),
            Err(error) => {
                draft.error = Some(error.to_owned());
                Outcome::default()
            }
        },
    }
}

fn particulars(ui: &mut Ui, theme: &Theme, plan: &Plan, draft: &mut PromiseDraft) {
    let topology = plan.topology();
    let [from, to] = &mut draft.typed;
    ends::ends_ui(ui, theme, topology, "Senders", &mut draft.from, from);
    if draft.kind != DemandKind::HidesInternalNames {
        ends::ends_ui(ui, theme, topology, "Recipients", &mut draft.to, to);
    }
    match draft.kind {
        DemandKind::Delivered | DemandKind::DeliveredOrQueued => {
            ends::failures_ui(ui, theme, plan, "While this has failed", &mut draft.given);
        }
        DemandKind::AvoidsLink => {
            let links: Vec<_> = topology.links.keys().cloned().map(ObjectId::Link).collect();
            let sites: Vec<_> = topology.sites.keys().cloned().map(ObjectId::Site).collect();
            if draft.link.is_none() {
                draft.link = links.first().cloned();
            }
            super::insert::object(ui, topology, "WAN link", &links, &mut draft.link, None);
            let both = Some("Either direction");
            super::insert::object(ui, topology, "Toward", &sites, &mut draft.toward, both);
        }
        DemandKind::HidesInternalNames => {
            let text = "In greetings and Received lines: no name under a directory domain, no bare computer name";
            paragraph(ui, weak(theme, text));
        }
    }
}

fn phase_combo(ui: &mut Ui, project: &Project, chosen: &mut Option<PhaseId>) {
    let name = ui.label("Holds from phase");
    let index = chosen.as_ref().and_then(|id| project.phase_of(id)).unwrap_or(0);
    let combo = ComboBox::from_id_salt("Holds from phase").width(ui.available_width());
    let response = combo.selected_text(words::phase(project, index)).show_ui(ui, |ui| {
        ui.selectable_value(chosen, None, words::phase(project, 0));
        for (at, phase) in project.phases.iter().enumerate() {
            let text = words::phase(project, at + 1);
            ui.selectable_value(chosen, Some(phase.id.clone()), text);
        }
    });
    response.response.labelled_by(name.id);
}

fn kind_combo(ui: &mut Ui, kind: &mut DemandKind) {
    let name = ui.label("What is checked");
    let combo = ComboBox::from_id_salt("What is checked").width(ui.available_width());
    let response = combo.selected_text(kind.title()).show_ui(ui, |ui| {
        for one in DemandKind::ALL {
            ui.selectable_value(kind, one, one.title());
        }
    });
    response.response.labelled_by(name.id);
}
