//! Undo and redo: what was done, with its label, and the exact way back.

use crate::model::change::Change;

/// Steps that belong together: consecutive edits of one field while somebody types in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeKey(pub String);

/// One step.
#[derive(Clone, Debug)]
struct Entry {
    label: String,
    undo: Change,
    redo: Change,
    merge: Option<MergeKey>,
}

/// What was done, in its order, and how much of it stands.
#[derive(Clone, Debug, Default)]
pub struct History {
    entries: Vec<Entry>,
    /// How many entries stand; those behind are undone.
    at: usize,
    /// The number of entries that stood when the plan was saved; none: that state is out of reach.
    saved: Option<usize>,
}

impl History {
    /// A history without entries, of a plan that is saved or not.
    pub fn new(saved: bool) -> Self {
        Self { saved: saved.then_some(0), ..Self::default() }
    }

    /// The history of a plan that was saved with these steps (label, undo, redo), of which `at` stand.
    pub fn of(steps: Vec<(String, Change, Change)>, at: usize) -> Self {
        let entries: Vec<Entry> = steps
            .into_iter()
            .map(|(label, undo, redo)| Entry { label, undo, redo, merge: None })
            .collect();
        let at = at.min(entries.len());
        Self { entries, at, saved: Some(at) }
    }

    /// All steps (label, undo, redo), the oldest first, and how many of them stand.
    pub fn steps(&self) -> (impl Iterator<Item = (&str, &Change, &Change)>, usize) {
        (self.entries.iter().map(|e| (e.label.as_str(), &e.undo, &e.redo)), self.at)
    }

    /// How many steps stand, and how many there are.
    pub fn place(&self) -> (usize, usize) {
        (self.at, self.entries.len())
    }

    /// The label of a step, by its index.
    pub fn label(&self, index: usize) -> Option<&str> {
        self.entries.get(index).map(|entry| entry.label.as_str())
    }

    /// How many steps stood when the plan was saved; none: that state is out of reach.
    pub fn saved(&self) -> Option<usize> {
        self.saved
    }

    /// Notes a step: what was carried out, and its inverse.
    pub fn push(&mut self, label: &str, redo: Change, undo: Change, merge: Option<MergeKey>) {
        if self.saved.is_some_and(|saved| saved > self.at) {
            self.saved = None;
        }
        self.entries.truncate(self.at);
        let sealed = self.saved == Some(self.at);
        if let Some(last) = self.entries.last_mut()
            && !sealed
            && merge.is_some()
            && last.merge == merge
        {
            label.clone_into(&mut last.label);
            last.redo = joined(last.redo.clone(), redo);
            last.undo = joined(undo, last.undo.clone());
            return;
        }
        self.entries.push(Entry { label: label.to_owned(), undo, redo, merge });
        self.at = self.entries.len();
    }

    /// The label of what would be undone.
    pub fn undo_label(&self) -> Option<&str> {
        Some(&self.entries.get(self.at.checked_sub(1)?)?.label)
    }

    /// The label of what would be redone.
    pub fn redo_label(&self) -> Option<&str> {
        Some(&self.entries.get(self.at)?.label)
    }

    /// The change that undoes the last step, and its label. The step counts as undone.
    pub fn undo(&mut self) -> Option<(String, Change)> {
        let entry = self.entries.get(self.at.checked_sub(1)?)?;
        let found = (entry.label.clone(), entry.undo.clone());
        self.at -= 1;
        self.seal();
        Some(found)
    }

    /// The change that makes the next step again, and its label.
    pub fn redo(&mut self) -> Option<(String, Change)> {
        let entry = self.entries.get(self.at)?;
        let found = (entry.label.clone(), entry.redo.clone());
        self.at += 1;
        self.seal();
        Some(found)
    }

    /// Ends the step at hand: what comes next is a step of its own.
    pub fn seal(&mut self) {
        if let Some(last) = self.at.checked_sub(1).and_then(|at| self.entries.get_mut(at)) {
            last.merge = None;
        }
    }

    /// The plan was saved as it stands.
    pub fn mark_saved(&mut self) {
        self.saved = Some(self.at);
        self.seal();
    }

    /// Whether the plan differs from what was saved.
    pub fn is_dirty(&self) -> bool {
        self.saved != Some(self.at)
    }

    /// The labels of all steps, the oldest first, and how many of them stand.
    pub fn labels(&self) -> (Vec<&str>, usize) {
        (self.entries.iter().map(|entry| entry.label.as_str()).collect(), self.at)
    }
}

/// Both, one after the other.
fn joined(first: Change, second: Change) -> Change {
    let parts = |change| match change {
        Change::Batch(list) => list,
        one => vec![one],
    };
    let mut all = parts(first);
    all.extend(parts(second));
    Change::Batch(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Change {
        Change::Name(text.to_owned())
    }

    #[test]
    fn typing_is_one_step_until_it_is_sealed() {
        let mut history = History::new(true);
        let key = || Some(MergeKey("name".to_owned()));
        history.push("Rename", name("a"), name(""), key());
        history.push("Rename", name("ab"), name("a"), key());
        assert_eq!(history.labels(), (vec!["Rename"], 1));
        let (_, undo) = history.undo().unwrap();
        assert_eq!(undo, Change::Batch(vec![name("a"), name("")]));
        let (_, redo) = history.redo().unwrap();
        assert_eq!(redo, Change::Batch(vec![name("a"), name("ab")]));
        history.push("Rename", name("abc"), name("ab"), key());
        assert_eq!(history.labels().1, 2, "what was undone and redone is not added to");
    }

    #[test]
    fn a_plan_is_edited_until_it_is_as_it_was_saved() {
        let mut history = History::new(true);
        assert!(!history.is_dirty());
        history.push("Rename", name("a"), name(""), None);
        assert!(history.is_dirty());
        history.undo();
        assert!(!history.is_dirty());
        history.redo();
        history.mark_saved();
        history.undo();
        assert!(history.is_dirty());
        history.push("Rename", name("b"), name(""), None);
        history.undo();
        assert!(history.is_dirty(), "the saved state is out of reach");
    }
}
