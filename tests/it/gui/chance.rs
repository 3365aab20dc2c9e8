//! Commands by chance: whatever was done, undoing all of it gives the start, byte for byte, and making it
//! again gives the end.

use super::*;
use bridgehead::{
    gui::command::{Arrange, Lens, Panel, Side, Tool},
    model::Subject,
};

/// A generator that gives the same numbers on every machine.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % most.max(1)
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        (!all.is_empty()).then(|| all[self.below(all.len())].clone())
    }
}

fn subjects(window: &Window) -> Vec<Subject> {
    let plan = window.state().state.plan.as_ref().expect("a plan");
    let notes = plan.workspace.project().notes.keys().cloned().map(Subject::Note);
    plan.topology().ids().into_iter().map(Subject::from).chain(notes).collect()
}

fn any(chance: &mut Chance, window: &Window) -> Command {
    let phase = window.state().state.plan.as_ref().expect("a plan").phase;
    let all = subjects(window);
    let mut pick = || chance.of(&all);
    let some: std::collections::BTreeSet<Subject> =
        [pick(), pick(), pick()].into_iter().flatten().collect();
    let one: std::collections::BTreeSet<Subject> = pick().into_iter().collect();
    match chance.below(26) {
        0..=3 => Command::Select(some),
        4..=6 => Command::Select(one),
        7 => Command::Delete,
        8 => Command::Duplicate,
        9 => Command::Copy,
        10 => Command::Paste,
        11 | 12 => Command::Arrange(Arrange::ALL[chance.below(8)]),
        13 => Command::LayOut,
        14 => Command::Pin(chance.below(2) == 0),
        15 => Command::Put([Tool::Site, Tool::Server, Tool::Group, Tool::Note][chance.below(4)]),
        16 => Command::Neighbour(Side::ALL[chance.below(4)]),
        17 => Command::DuplicatePhase(phase),
        18 => Command::MovePhase(phase, if chance.below(2) == 0 { -1 } else { 1 }),
        19 => Command::DeletePhase(phase),
        20 => Command::Phase(chance.below(6)),
        21 => Command::Tick(chance.below(4)),
        22 => Command::SaveViewAs("Here".to_owned()),
        23 => Command::Lens(Lens::ALL[chance.below(5)]),
        24 => Command::Undo,
        _ => Command::Panel(Panel::ALL[chance.below(9)]),
    }
}

#[test]
fn whatever_is_done_can_be_undone_byte_for_byte_and_made_again() {
    for seed in 1..=3_u64 {
        let mut window = window_with(Command::NewFrom("two-sites-exchange-2003"));
        let start = text(&window);
        let mut chance = Chance(seed);
        let mut done = Vec::new();
        for _ in 0..45 {
            let command = any(&mut chance, &window);
            done.push(format!("{command:?}"));
            give(&mut window, command);
            // What waits for a name gets the one that is suggested.
            if has(&window, "Name") {
                window.key_press(Key::Enter);
                settle(&mut window);
            }
            window.state_mut().state.dialog = None;
        }
        let end = text(&window);
        let steps = |window: &Window| {
            window.state().state.plan.as_ref().expect("a plan").workspace.history().place()
        };
        let (at, _) = steps(&window);
        assert!(at > 5, "seed {seed}: {at} steps");
        give(&mut window, Command::GoTo(0));
        assert_eq!(text(&window), start, "seed {seed}: {done:#?}");
        give(&mut window, Command::GoTo(at));
        assert_eq!(text(&window), end, "seed {seed}: {done:#?}");
        let again = file::load(end.as_bytes()).expect("it opens again").project;
        assert_eq!(file::save(&again), end, "seed {seed}: saved and opened");
    }
}
