//! Done-marks: what is ticked, measured, timed and initialled on a copy of the handover, and how a
//! filled copy comes back into the plan.
//!
//! A box or field of the document has an id that tells a reader nothing ([`id_of`]); [`filled`] finds
//! what it stands for among the keys that the document of the same plan has.

use super::{
    beside::{StepKey, StepNote},
    change::Change,
    dossier::Signatory,
    id::{IdError, PhaseId, serde_as_text},
    name::shortened,
    project::Project,
};
use std::{collections::BTreeMap, fmt, str::FromStr};

/// An item of a checklist that is no edit: of a pause, or of what comes before phase 1. Written
/// `phase-id item`, `@start item`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemKey {
    /// The phase; none: before the first.
    pub phase: Option<PhaseId>,
    /// What is to be so, as words without spaces.
    pub item: String,
}

impl ItemKey {
    /// The key of an item from its words, which stay the same as long as the item says the same.
    pub fn of(phase: Option<&PhaseId>, words: &str) -> Self {
        let item = words.split_whitespace().collect::<Vec<_>>().join("-");
        Self { phase: phase.cloned(), item: item.chars().take(200).collect() }
    }
}

impl FromStr for ItemKey {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let (phase, item) = text.split_once(' ').ok_or_else(|| IdError::Form {
            kind: "item",
            text: shortened(text),
            form: "phase item",
        })?;
        let phase = if phase == "@start" { None } else { Some(phase.parse()?) };
        Ok(Self { phase, item: item.to_owned() })
    }
}
impl fmt::Display for ItemKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.phase {
            Some(phase) => write!(f, "{phase} {}", self.item),
            None => write!(f, "@start {}", self.item),
        }
    }
}
serde_as_text!(ItemKey);

/// What a box, or the fields beside it, stand for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKey {
    /// A step of a phase.
    Step(StepKey),
    /// An item of a checklist.
    Item(ItemKey),
    /// A signatory, by its place among them.
    SignOff(usize),
}

/// A field's part of what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// What was measured.
    Measured,
    /// When.
    Time,
    /// By whom, as initials.
    Initials,
    /// The signatory's name.
    Name,
    /// The signatory's role.
    Role,
    /// When it was signed.
    Date,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Measured, Self::Time, Self::Initials, Self::Name, Self::Role, Self::Date];

    /// The word at the end of a field's id.
    pub fn word(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Time => "time",
            Self::Initials => "initials",
            Self::Name => "name",
            Self::Role => "role",
            Self::Date => "date",
        }
    }
}

/// The id of a box in the document: 16 hexadecimal digits, the same for the same step whatever else
/// changes, and without a name in it.
pub fn id_of(key: &MarkKey) -> String {
    let text = match key {
        MarkKey::Step(key) => format!("step {key}"),
        MarkKey::Item(key) => format!("item {key}"),
        MarkKey::SignOff(at) => format!("sign-off {at}"),
    };
    let start = 0xcbf2_9ce4_8422_2325_u64;
    let hash = text
        .bytes()
        .fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{hash:016x}")
}

/// The id of a field: the box's id and the part's word.
pub fn field_id(key: &MarkKey, part: Part) -> String {
    format!("{}-{}", id_of(key), part.word())
}

/// What a filled copy comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// What it changes in the plan: a batch, empty where it says what the plan says already.
    pub change: Change,
    /// How many steps, items and signatories become different.
    pub taken: usize,
    /// The ids that mean nothing in this plan: filled in for another one, or an older state of it.
    pub unknown: Vec<String>,
}

/// What was ticked and written on a copy: boxes with their state, fields with their texts, by the ids
/// that the document has; `keys` are those of the document of this plan.
pub fn filled(
    project: &Project,
    keys: &[MarkKey],
    boxes: &BTreeMap<String, bool>,
    fields: &BTreeMap<String, String>,
) -> Filled {
    let mut notes: BTreeMap<&MarkKey, StepNote> = BTreeMap::new();
    let mut signatories = project.dossier.sign_off.clone();
    let known: BTreeMap<String, &MarkKey> = keys.iter().map(|key| (id_of(key), key)).collect();
    let mut unknown = Vec::new();
    for (id, done) in boxes {
        match known.get(id) {
            Some(key) => note(project, &mut notes, key).done = *done,
            None => unknown.push(id.clone()),
        }
    }
    for (id, text) in fields {
        let parts = id.rsplit_once('-').and_then(|(id, word)| {
            let part = Part::ALL.into_iter().find(|part| part.word() == word)?;
            Some((*known.get(id)?, part))
        });
        let text = text.trim().to_owned();
        match parts {
            Some((MarkKey::SignOff(at), part)) => sign(&mut signatories, *at, part, text),
            Some((key, part)) => {
                let note = note(project, &mut notes, key);
                match part {
                    Part::Measured => note.measured = text,
                    Part::Time => note.when = text,
                    Part::Initials => note.by = text,
                    Part::Name | Part::Role | Part::Date => unknown.push(id.clone()),
                }
            }
            None => unknown.push(id.clone()),
        }
    }
    let mut changes: Vec<Change> =
        notes.into_iter().filter_map(|(key, note)| change(project, key, note)).collect();
    if signatories != project.dossier.sign_off {
        let dossier = super::dossier::Dossier { sign_off: signatories, ..project.dossier.clone() };
        changes.push(Change::Dossier(dossier));
    }
    Filled { taken: changes.len(), change: Change::Batch(changes), unknown }
}

/// What the plan notes of it so far.
pub fn noted<'p>(project: &'p Project, key: &MarkKey) -> Option<&'p StepNote> {
    match key {
        MarkKey::Step(key) => project.step_notes.get(key),
        MarkKey::Item(key) => project.item_notes.get(key),
        MarkKey::SignOff(_) => None,
    }
}

fn note<'n, 'k>(
    project: &Project,
    notes: &'n mut BTreeMap<&'k MarkKey, StepNote>,
    key: &'k MarkKey,
) -> &'n mut StepNote {
    notes.entry(key).or_insert_with(|| noted(project, key).cloned().unwrap_or_default())
}

fn sign(list: &mut Vec<Signatory>, at: usize, part: Part, text: String) {
    if text.is_empty() && at >= list.len() {
        return;
    }
    while list.len() <= at {
        let party = DEFAULT_PARTIES.get(list.len()).map_or("", |party| *party).to_owned();
        list.push(Signatory { party, ..Signatory::default() });
    }
    let one = &mut list[at];
    match part {
        Part::Name => one.name = text,
        Part::Role => one.role = text,
        Part::Date => one.date = text,
        Part::Measured | Part::Time | Part::Initials => {}
    }
}

/// Who signs where the dossier names nobody.
pub const DEFAULT_PARTIES: [&str; 2] = ["For the client", "For the consultant"];

fn change(project: &Project, key: &MarkKey, note: StepNote) -> Option<Change> {
    if noted(project, key).cloned().unwrap_or_default() == note {
        return None;
    }
    let to = (note != StepNote::default()).then_some(note);
    match key {
        MarkKey::Step(key) => Some(Change::StepNote { key: key.clone(), to }),
        MarkKey::Item(key) => Some(Change::ItemNote { key: key.clone(), to }),
        MarkKey::SignOff(_) => None,
    }
}
