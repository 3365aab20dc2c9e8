//! What is down, which answers depend on it, and what would be if one thing more failed.
//!
//! Every object that may break bears a [`Switch`]; it is read through [`Watch::is_down`] alone, which
//! notes who was looked at. An answer that never looked at an object is the same when that object
//! fails: computing is deterministic, so no claim about mail is needed for it. [`Memo`] keeps answers
//! with what they looked at, so that after [`Watch::flip`] only the others are worked out again. A
//! connector that was not looked at may lie on no least-cost route ([`super::routing`] notes them all).

use rustc_hash::FxHashMap;
use std::{
    cell::{Cell, RefCell},
    hash::Hash,
    rc::Rc,
};

/// The number of an object that may fail, dense within a world.
pub type FaultNumber = u32;

/// What of an object says whether it has failed.
#[derive(Clone, Copy, Debug)]
pub struct Switch {
    pub(super) number: FaultNumber,
    failed: bool,
}

impl Switch {
    pub(super) fn new(number: FaultNumber, failed: bool) -> Self {
        Self { number, failed }
    }

    /// Whether it failed before anything was flipped.
    pub(super) fn failed_before(self) -> bool {
        self.failed
    }

    /// Its number.
    pub fn number(self) -> FaultNumber {
        self.number
    }
}

/// No number.
const NONE: FaultNumber = FaultNumber::MAX;

/// What is down beside what failed from the start, and who was looked at.
#[derive(Debug)]
pub struct Watch {
    notes: bool,
    flipped: Cell<FaultNumber>,
    seen: RefCell<Vec<FaultNumber>>,
}

impl Watch {
    /// One that takes no notes: nothing can be flipped.
    pub(super) fn idle() -> Self {
        Self { notes: false, flipped: Cell::new(NONE), seen: RefCell::default() }
    }

    /// One that takes notes.
    pub(super) fn taking_notes() -> Self {
        Self { notes: true, ..Self::idle() }
    }

    /// Whether something is down. Looking is noted.
    #[inline]
    pub fn is_down(&self, switch: Switch) -> bool {
        if self.notes && !switch.failed {
            self.note(switch.number);
        }
        switch.failed || switch.number == self.flipped.get()
    }

    /// Whether notes are taken.
    pub(super) fn takes_notes(&self) -> bool {
        self.notes
    }

    /// Lets one thing fail beside those that failed from the start; none: nothing beside them.
    ///
    /// # Panics
    /// Without notes: answers from before would be given again.
    pub fn flip(&self, number: Option<FaultNumber>) {
        assert!(self.notes, "a world without notes cannot tell which answers still hold");
        self.flipped.set(number.unwrap_or(NONE));
        self.seen.borrow_mut().clear();
    }

    /// What is flipped.
    pub(super) fn flipped(&self) -> Option<FaultNumber> {
        Some(self.flipped.get()).filter(|number| *number != NONE)
    }

    /// Notes that something was looked at.
    pub(super) fn note(&self, number: FaultNumber) {
        self.seen.borrow_mut().push(number);
    }

    fn note_all(&self, numbers: &[FaultNumber]) {
        if !numbers.is_empty() {
            self.seen.borrow_mut().extend_from_slice(numbers);
        }
    }

    /// Where the notes end now.
    pub fn mark(&self) -> usize {
        self.seen.borrow().len()
    }

    /// What was looked at since, each once, sorted. It stays noted for whoever set an earlier mark.
    pub fn since(&self, mark: usize) -> Rc<[FaultNumber]> {
        if !self.notes {
            return Rc::default();
        }
        let mut seen = self.seen.borrow_mut();
        let fresh = &mut seen[mark..];
        fresh.sort_unstable();
        let mut kept = 0;
        for at in 0..fresh.len() {
            if at == 0 || fresh[at] != fresh[kept - 1] {
                fresh[kept] = fresh[at];
                kept += 1;
            }
        }
        seen.truncate(mark + kept);
        seen[mark..].into()
    }

    /// What was looked at since; forgotten with that.
    pub fn take_since(&self, mark: usize) -> Rc<[FaultNumber]> {
        let taken = self.since(mark);
        self.seen.borrow_mut().truncate(mark);
        taken
    }
}

/// An answer with what it looked at; none: no notes were taken.
type Kept<V> = (V, Option<Rc<[FaultNumber]>>);

/// Answers by question, each with what it looked at.
#[derive(Debug)]
pub struct Memo<K, V> {
    base: RefCell<FxHashMap<K, Kept<V>>>,
    /// Those that hold only while this is flipped.
    beside: RefCell<(FaultNumber, FxHashMap<K, Kept<V>>)>,
}

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self { base: RefCell::default(), beside: RefCell::new((NONE, FxHashMap::default())) }
    }
}

impl<K: Hash + Eq, V: Clone> Memo<K, V> {
    /// The answer, from memory where it still holds.
    pub fn get_or(&self, watch: &Watch, key: K, make: impl FnOnce() -> V) -> V {
        if !watch.notes {
            if let Some(known) = self.get_base(&key) {
                return known;
            }
            let value = make();
            self.base.borrow_mut().insert(key, (value.clone(), None));
            return value;
        }
        let flipped = watch.flipped.get();
        if let Some(known) = self.known(watch, flipped, &key) {
            return known;
        }
        let mark = watch.mark();
        let value = make();
        let used = watch.since(mark);
        if depends(&used, flipped) {
            let mut beside = self.beside.borrow_mut();
            if beside.0 != flipped {
                beside.1.clear();
                beside.0 = flipped;
            }
            beside.1.insert(key, (value.clone(), Some(used)));
        } else {
            self.base.borrow_mut().insert(key, (value.clone(), Some(used)));
        }
        value
    }

    /// What is known without anything flipped.
    pub(super) fn get_base(&self, key: &K) -> Option<V> {
        self.base.borrow().get(key).map(|(value, _)| value.clone())
    }

    /// Remembers what holds without anything flipped, and whatever is.
    pub(super) fn put_base(&self, key: K, value: &V) {
        self.base.borrow_mut().insert(key, (value.clone(), None));
    }

    fn known(&self, watch: &Watch, flipped: FaultNumber, key: &K) -> Option<V> {
        if let Some((value, used)) = self.base.borrow().get(key)
            && !depends(used.as_deref().unwrap_or_default(), flipped)
        {
            watch.note_all(used.as_deref().unwrap_or_default());
            return Some(value.clone());
        }
        if flipped == NONE {
            return None;
        }
        let beside = self.beside.borrow();
        if beside.0 != flipped {
            return None;
        }
        beside.1.get(key).map(|(value, used)| {
            watch.note_all(used.as_deref().unwrap_or_default());
            value.clone()
        })
    }
}

/// Whether an answer that looked at these may change with that one.
fn depends(used: &[FaultNumber], flipped: FaultNumber) -> bool {
    flipped != NONE && used.binary_search(&flipped).is_ok()
}
