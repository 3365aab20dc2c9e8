//! The editor of an assumption: what is taken for granted, and who has checked it.

use super::{Outcome, error_line, foot, heading, text_line};
use crate::{
    gui::{command::Command, state::State, theme::Theme, words},
    model::{
        ObjectId, Project, Topology,
        assumption::{About, Assumption, Behaviour, Checked},
        change::Change,
        id::{AssumptionId, slug_from_name},
    },
};
use eframe::egui::{ComboBox, Ui};

/// An assumption as it is being filled in.
#[derive(Clone, Debug)]
pub struct AssumptionDraft {
    /// The assumption that is edited; none: a new one.
    id: Option<AssumptionId>,
    text: String,
    about: About,
    on: bool,
    by: String,
    how: String,
    when: String,
    error: Option<String>,
}

impl AssumptionDraft {
    /// The form of an assumption, or an empty one.
    pub(in crate::gui) fn new(project: &Project, id: Option<AssumptionId>) -> Self {
        let known = id.as_ref().and_then(|id| project.assumptions.get(id));
        let checked = known.and_then(|a| a.checked.clone());
        let behaviour =
            id.as_ref().and_then(|id| Behaviour::ALL.into_iter().find(|b| b.id() == *id));
        Self {
            text: match (known, behaviour) {
                (Some(known), _) => known.text.clone(),
                (None, Some(behaviour)) => sentence(behaviour).to_owned(),
                _ => String::new(),
            },
            about: match (known, behaviour) {
                (Some(known), _) => known.about.clone(),
                (None, Some(behaviour)) => About::Behaviour(behaviour),
                _ => About::Note,
            },
            on: known.map_or_else(|| behaviour.is_none_or(Behaviour::default_on), |a| a.on),
            by: checked.as_ref().map(|c| c.by.clone()).unwrap_or_default(),
            how: checked.as_ref().map(|c| c.how.clone()).unwrap_or_default(),
            when: checked.map(|c| c.when).unwrap_or_default(),
            error: None,
            id,
        }
    }

    fn command(&self, project: &Project) -> Result<Command, &'static str> {
        let text = self.text.trim();
        if text.is_empty() {
            return Err("it needs a sentence");
        }
        let taken = |slug: &str| {
            project.assumptions.keys().any(|id| id.as_str() == slug)
                || Behaviour::ALL.iter().any(|b| b.name() == slug)
        };
        let id = match (&self.id, &self.about) {
            (Some(id), _) => id.clone(),
            (None, About::Behaviour(behaviour)) => behaviour.id(),
            (None, _) => {
                let slug = slug_from_name(text, "assumption", taken);
                slug.parse().ok().ok_or("its words give no id")?
            }
        };
        let filled = |text: &String| !text.trim().is_empty();
        let checked = [&self.by, &self.how, &self.when].into_iter().any(filled).then(|| Checked {
            by: self.by.trim().to_owned(),
            how: self.how.trim().to_owned(),
            when: self.when.trim().to_owned(),
        });
        let assumption =
            Assumption { text: text.to_owned(), about: self.about.clone(), on: self.on, checked };
        let label = format!("Set the assumption \u{201c}{text}\u{201d}");
        Ok(Command::Apply { label, change: Change::Assumption { id, to: Some(assumption) } })
    }
}

pub(super) fn assumption_ui(
    ui: &mut Ui,
    theme: &Theme,
    state: &State,
    draft: &mut AssumptionDraft,
) -> Outcome {
    let Some(plan) = &state.plan else { return Outcome::closed() };
    heading(ui, if draft.id.is_some() { "Assumption" } else { "Add an assumption" });
    text_line(ui, "What is assumed, as a sentence", &mut draft.text, true);
    let topology = plan.topology();
    let name = ui.label("What it stands for");
    let combo = ComboBox::from_id_salt("about").width(ui.available_width());
    let response = combo.selected_text(about(topology, &draft.about)).show_ui(ui, |ui| {
        for choice in choices(topology) {
            let text = about(topology, &choice);
            ui.selectable_value(&mut draft.about, choice, text);
        }
    });
    response.response.labelled_by(name.id);
    ui.checkbox(&mut draft.on, "It is taken for granted");
    text_line(ui, "Checked by", &mut draft.by, false);
    text_line(ui, "How", &mut draft.how, false);
    text_line(ui, "When, as 2026-11-24", &mut draft.when, false);
    error_line(ui, theme, draft.error.as_deref());
    match foot(ui, theme, "Save the assumption", false) {
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

fn choices(topology: &Topology) -> Vec<About> {
    let mut all = vec![About::Note];
    for id in topology.firewalls.keys() {
        all.push(About::OutboundOpen(id.clone()));
        all.push(About::Hairpin(id.clone()));
        all.push(About::NoHairpin(id.clone()));
    }
    all.extend(topology.links.keys().cloned().map(About::LinkOpen));
    all.extend(topology.segments.keys().cloned().map(About::SegmentOpen));
    all.extend(topology.sites.keys().cloned().map(About::NoInternet));
    all.extend(Behaviour::ALL.into_iter().map(About::Behaviour));
    all
}

/// What an assumption stands for, in words.
pub(in crate::gui) fn about(topology: &Topology, about: &About) -> String {
    let name = |id: ObjectId| words::object(topology, &id);
    match about {
        About::Behaviour(behaviour) => sentence(*behaviour).to_owned(),
        About::OutboundOpen(id) => {
            format!("All hosts behind {} may open port 25", name(ObjectId::Firewall(id.clone())))
        }
        About::Hairpin(id) => {
            format!("{} turns inside connections back", name(ObjectId::Firewall(id.clone())))
        }
        About::NoHairpin(id) => {
            format!("{} turns no inside connection back", name(ObjectId::Firewall(id.clone())))
        }
        About::LinkOpen(id) => {
            format!("{} lets everything pass", name(ObjectId::Link(id.clone())))
        }
        About::SegmentOpen(id) => format!(
            "The site's other segments may open everything in {}",
            name(ObjectId::Segment(id.clone()))
        ),
        About::NoInternet(id) => {
            format!("{} has no way to the Internet", name(ObjectId::Site(id.clone())))
        }
        About::Note => "Nothing that is computed: a line to be checked".to_owned(),
    }
}

/// A behaviour as a sentence.
pub(in crate::gui) fn sentence(behaviour: Behaviour) -> &'static str {
    match behaviour {
        Behaviour::BindingSparesLookup => {
            "A connector finds a target that is bound to an address without a lookup"
        }
        Behaviour::SameGroupByComputerName => {
            "Servers of one routing group find each other by computer name"
        }
        Behaviour::OwnServerWithoutConnector => {
            "Without an SMTP connector a server sends Internet mail itself"
        }
        Behaviour::ConnectorNameErrorQueues => {
            "A next hop whose name does not exist keeps the mail in the queue"
        }
        Behaviour::InternetNameErrorReturns => {
            "Mail to an Internet domain that does not exist is returned"
        }
        Behaviour::OddMxAsPostfix => "Exchange treats an odd mail exchanger as Postfix does",
        Behaviour::EqualCostFirstByName => "Of routes with equal cost the first by name is used",
        Behaviour::LinkStateReroutes => {
            "A connector that cannot deliver is marked down, and mail takes the next route"
        }
        Behaviour::InternetIsDrawn => "Everything on the Internet that matters is drawn",
    }
}
