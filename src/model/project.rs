//! The project: the system as it is, the phases of its change, and what is promised and assumed.

use super::{
    assumption::{About, Assumption, Behaviour},
    beside::{Evidence, Position, Slot, StepKey, StepNote},
    carry_out,
    dossier::Dossier,
    edit::{Edit, EditKey},
    id::{AssumptionId, NoteId, PhaseId, PromiseId, SavedViewId, serde_as_text},
    marks::ItemKey,
    name::shortened,
    note::{Note, SavedView},
    object::is_default,
    promise::Promise,
    subject::Subject,
    topology::{Topology, unique_map},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};

/// A project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// The name that people use.
    pub name: String,
    /// The title of phase 0.
    #[serde(default = "as_is_title")]
    pub as_is_title: String,
    /// Phase 0: the system as it is.
    #[serde(default)]
    pub as_is: Topology,
    /// Phases 1 and up, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<Phase>,
    /// What the client requires.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "unique_map")]
    pub promises: BTreeMap<PromiseId, Promise>,
    /// What is taken for granted, beside the behaviours that are on by themselves.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "unique_map")]
    pub assumptions: BTreeMap<AssumptionId, Assumption>,
    /// Findings that somebody decided to live with, and why.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "unique_map")]
    pub waivers: BTreeMap<WaiverKey, String>,
    /// Where things are drawn.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "unique_map")]
    pub layout: BTreeMap<Slot, Position>,
    /// What was measured, by the question's key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "unique_map")]
    pub evidence: BTreeMap<String, Evidence>,
    /// What is noted about steps.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "unique_map")]
    pub step_notes: BTreeMap<StepKey, StepNote>,
    /// What is noted about other items of checklists.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "unique_map")]
    pub item_notes: BTreeMap<ItemKey, StepNote>,
    /// What people wrote on the drawing.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "unique_map")]
    pub notes: BTreeMap<NoteId, Note>,
    /// Views to come back to.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "unique_map")]
    pub saved_views: BTreeMap<SavedViewId, SavedView>,
    /// What the handover says of client and consultant.
    #[serde(default, skip_serializing_if = "is_default")]
    pub dossier: Dossier,
}

fn as_is_title() -> String {
    "As it is".to_owned()
}

impl Project {
    /// An empty project of that name.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), as_is_title: as_is_title(), ..Self::default() }
    }

    /// How many phases there are, phase 0 included.
    pub fn phase_count(&self) -> usize {
        self.phases.len() + 1
    }

    /// The title of a phase by its index.
    pub fn phase_title(&self, index: usize) -> &str {
        match index.checked_sub(1) {
            None => &self.as_is_title,
            Some(i) => self.phases.get(i).map_or("", |phase| &phase.title),
        }
    }

    /// The index of a phase from its number or its title.
    pub fn phase_index(&self, text: &str) -> Option<usize> {
        if let Ok(number) = text.parse::<usize>() {
            return (number < self.phase_count()).then_some(number);
        }
        (0..self.phase_count()).find(|i| self.phase_title(*i).eq_ignore_ascii_case(text))
    }

    /// The index of a phase from its id.
    pub fn phase_of(&self, id: &PhaseId) -> Option<usize> {
        self.phases.iter().position(|phase| phase.id == *id).map(|i| i + 1)
    }

    /// The project as if it ended with that phase: later phases are gone, with the promises that hold
    /// only from them on, and what was noted and measured of them.
    #[must_use]
    pub fn until(&self, phase: usize) -> Self {
        let mut project = self.clone();
        project.phases.truncate(phase);
        let kept: BTreeSet<PhaseId> = project.phases.iter().map(|phase| phase.id.clone()).collect();
        project.promises.retain(|_, promise| {
            promise.from_phase.as_ref().is_none_or(|from| kept.contains(from))
        });
        project.step_notes.retain(|key, _| kept.contains(&key.phase));
        project.item_notes.retain(|key, _| key.phase.as_ref().is_none_or(|p| kept.contains(p)));
        project.notes.retain(|_, note| note.phase.as_ref().is_none_or(|p| kept.contains(p)));
        project.saved_views.retain(|_, view| view.phase.as_ref().is_none_or(|p| kept.contains(p)));
        project.dossier.windows.retain(|phase, _| kept.contains(phase));
        project.evidence.retain(|_, evidence| evidence.phase <= phase);
        project
    }

    /// What a phase's evidence is keyed by, before the question's own key: the phase's id.
    pub fn evidence_key(&self, phase: usize) -> String {
        match phase.checked_sub(1).and_then(|at| self.phases.get(at)) {
            Some(phase) => phase.id.to_string(),
            // No slug begins so.
            None => "@as-is".to_owned(),
        }
    }

    /// The behaviours that this project takes for granted.
    pub fn behaviours(&self) -> BTreeSet<Behaviour> {
        let mut on: BTreeSet<_> = Behaviour::ALL.into_iter().filter(|b| b.default_on()).collect();
        for assumption in self.assumptions.values() {
            if let About::Behaviour(behaviour) = &assumption.about {
                if assumption.on {
                    on.insert(*behaviour);
                } else {
                    on.remove(behaviour);
                }
            }
        }
        on
    }

    /// The facts that assumptions fill, each with the assumption's id.
    pub fn assumed_facts(&self) -> BTreeMap<About, AssumptionId> {
        self.assumptions
            .iter()
            .filter(|(_, a)| a.on && !matches!(a.about, About::Behaviour(_) | About::Note))
            .map(|(id, a)| (a.about.clone(), id.clone()))
            .collect()
    }
}

/// A phase of the migration: what becomes different, and in which order it is carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// The id, unchanged by renaming and reordering.
    pub id: PhaseId,
    /// The title.
    pub title: String,
    /// The edits, one a key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", with = "edit_list")]
    pub edits: BTreeMap<EditKey, Edit>,
    /// The order in which they are carried out: every key of `edits` once. Where a file leaves it out, or
    /// gives the order of the keys though that cannot be carried out, it is that of [`super::carry_out`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<EditKey>,
}

impl Phase {
    /// A phase without edits.
    pub fn new(id: PhaseId, title: &str) -> Self {
        Self { id, title: title.to_owned(), edits: BTreeMap::new(), steps: Vec::new() }
    }

    /// Makes `steps` hold every key of `edits` once, keeping the order of those that it has.
    pub fn complete_steps(&mut self) {
        let mut seen = BTreeSet::new();
        self.steps.retain(|key| self.edits.contains_key(key) && seen.insert(key.clone()));
        if self.steps.is_sorted() && !carry_out::can_be(&self.steps, &self.edits) {
            seen.clear();
            self.steps.clear();
        }
        let order = carry_out::order(&self.edits);
        self.steps.extend(order.into_iter().filter(|key| !seen.contains(key)));
    }
}

/// A file lists the edits; their keys are in them.
mod edit_list {
    use super::{BTreeMap, Edit, EditKey};
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(
        edits: &BTreeMap<EditKey, Edit>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(edits.values())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<EditKey, Edit>, D::Error> {
        let mut edits = BTreeMap::new();
        for edit in Vec::<Edit>::deserialize(deserializer)? {
            let key = edit.key();
            if edits.contains_key(&key) {
                return Err(D::Error::custom(format_args!("`{key}` stands twice in one phase")));
            }
            edits.insert(key, edit);
        }
        Ok(edits)
    }
}

/// What a waiver is keyed by, written `BH101 connector:leeds-london`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WaiverKey {
    /// The rule's code.
    pub code: String,
    /// What the finding is about.
    pub subject: Subject,
}

impl FromStr for WaiverKey {
    type Err = super::id::IdError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (code, subject) = text.split_once(' ').ok_or_else(|| super::id::IdError::Form {
            kind: "waiver",
            text: shortened(text),
            form: "code subject",
        })?;
        Ok(Self { code: code.to_owned(), subject: subject.parse()? })
    }
}
impl fmt::Display for WaiverKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.subject)
    }
}
serde_as_text!(WaiverKey);
