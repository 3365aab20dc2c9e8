//! Texts that are being typed: as long as one does not read as a value, the last good value stays in
//! the plan and the text stays here, with what is wrong with it.

use std::collections::BTreeMap;

/// What is typed in one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The text, or the cells of a table row by row.
    pub cells: Vec<Vec<String>>,
    /// What is wrong with it.
    pub error: Option<String>,
    /// The row that is wrong.
    pub row: Option<usize>,
}

/// All of them, by what they are typed for.
#[derive(Clone, Debug, Default)]
pub struct Drafts {
    map: BTreeMap<String, Draft>,
}

impl Drafts {
    /// What is typed there.
    pub fn get(&self, key: &str) -> Option<&Draft> {
        self.map.get(key)
    }

    /// Takes what is typed there out, to be changed and put back.
    pub fn take(&mut self, key: &str) -> Option<Draft> {
        self.map.remove(key)
    }

    /// Keeps what is typed there.
    pub fn put(&mut self, key: &str, draft: Draft) {
        self.map.insert(key.to_owned(), draft);
    }

    /// Forgets everything: the plan was changed by other means.
    pub fn clear(&mut self) {
        self.map.clear();
    }

    /// Whether any of them does not read.
    pub fn any_wrong(&self) -> bool {
        self.map.values().any(|draft| draft.error.is_some())
    }
}
