//! Ticks of steps, with the time and who did it.

use super::apply;
use crate::{
    gui::{command::Command, panels::carry_out::steps, state::State, words},
    model::{beside::StepNote, change::Change},
    probe::live::utc,
};

pub(super) fn run(state: &mut State, command: &Command) {
    let Some(plan) = &mut state.plan else { return };
    let steps = steps(plan);
    let at = match command {
        Command::LookAtStep(at) => {
            plan.looked_at = Some(*at);
            return;
        }
        Command::Tick(at) => *at,
        _ => {
            let Some(at) = steps.iter().position(|step| !step.note.done) else {
                "No step of this phase is left".clone_into(&mut state.status);
                return;
            };
            at
        }
    };
    let Some(step) = steps.get(at) else { return };
    let by = state.settings.initials.trim().to_owned();
    let done = !step.note.done;
    let note = if done {
        StepNote { done, by: by.clone(), when: words::utc(&utc()), ..step.note.clone() }
    } else {
        StepNote { done, by: String::new(), when: String::new(), ..step.note.clone() }
    };
    // The next step comes up by itself.
    plan.looked_at = None;
    let to = (note != StepNote::default()).then_some(note);
    let label = if done {
        format!("Tick step {}", at + 1)
    } else {
        format!("Take the tick of step {} back", at + 1)
    };
    apply(state, &label, Change::StepNote { key: step.key.clone(), to }, None);
    if done && by.is_empty() {
        state.status = format!("Step {} is ticked; nobody's initials stand beside it", at + 1);
    }
    if done {
        state.settings.save();
    }
}
