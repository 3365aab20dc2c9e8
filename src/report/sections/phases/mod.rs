//! The phases as checklists: a pause with what kills, the steps in their order with the way back
//! beside each, and a pause before leaving.

mod pauses;

use crate::{
    model::{
        ObjectId,
        beside::{StepKey, StepNote},
        edit::EditKey,
        marks::{ItemKey, MarkKey, Part, field_id, id_of, noted},
        project::Phase,
    },
    plan::promises::State,
    report::{
        actions::{Around, action},
        context::{Context, count},
        document::{
            Block, CheckItem, Checklist, Fact, Field, Heading, Mark, Note, Step, Style, Text,
        },
    },
    rules::rule::Severity,
};
use pauses::{ITEMS_MAX, after, before};

/// The section.
pub fn blocks(context: &Context<'_>, number: &str) -> Vec<Block> {
    let phases = &context.analysis.project.phases;
    let mut blocks = vec![Block::Remark(
        "Each phase begins with a pause: the caller reads the items aloud and nobody goes on before \
         all are ticked. Then the steps, in this order. The way back undoes one step; steps are \
         undone from the last to the first. ESM is Exchange System Manager."
            .into(),
    )];
    if phases.is_empty() {
        blocks.push(Block::Paragraph("No phase is planned.".into()));
    }
    for (at, phase) in phases.iter().enumerate() {
        blocks.extend(one(context, at + 1, phase, &format!("{number}.{}", at + 1)));
    }
    blocks
}

fn one(context: &Context<'_>, at: usize, phase: &Phase, number: &str) -> Vec<Block> {
    let steps = steps(context, at, phase);
    let mut blocks = vec![
        Block::Heading(Heading {
            number: number.to_owned(),
            text: format!("Phase {at}: {}", phase.title),
            level: 1,
            new_page: at > 1,
        }),
        Block::Remark(terms(context, phase, steps.len())),
        Block::Facts(verdict(context, at)),
        Block::Checklist(Checklist {
            title: "Pause. Confirm aloud before the first step".to_owned(),
            aside: "90 seconds".to_owned(),
            items: items(context, at, "before", before(context, at, phase)),
        }),
    ];
    if steps.is_empty() {
        blocks.push(Block::Paragraph("This phase changes nothing.".into()));
    } else {
        blocks.push(Block::Steps(steps));
    }
    if phase.edits.keys().any(|key| matches!(key.object, ObjectId::GroupConnector(_))) {
        blocks.push(Block::Note(Note {
            title: "Lesson that this phase carries".to_owned(),
            lines: vec![
                "A routing group connector finds its peer by the FQDN of the virtual server. Where \
                 that name means another address inside than outside, set up split DNS first, and \
                 bind to an address unless there is a reason not to."
                    .into(),
            ],
        }));
    }
    blocks.push(Block::Checklist(Checklist {
        title: "Pause. Confirm aloud before leaving".to_owned(),
        aside: "60 seconds".to_owned(),
        items: items(context, at, "after", after(context, at)),
    }));
    blocks
}

/// When it is carried out and who calls it, or room to write that.
fn terms(context: &Context<'_>, phase: &Phase, steps: usize) -> Text {
    let window =
        context.analysis.project.dossier.windows.get(&phase.id).cloned().unwrap_or_default();
    let room = |value: String| match value.as_str() {
        "" => "____________".to_owned(),
        _ => value,
    };
    let goal = if window.goal.is_empty() { String::new() } else { format!("{} · ", window.goal) };
    format!(
        "{goal}{} · caller: {} · begins: {} · way back until: {}",
        count(steps, "step"),
        room(window.caller),
        room(window.begins),
        room(window.back_until)
    )
    .into()
}

/// Items with their boxes' ids and states; phase 0 is before the first, `list` tells lists of a phase
/// apart.
pub(super) fn items(
    context: &Context<'_>,
    at: usize,
    list: &str,
    mut items: Vec<CheckItem>,
) -> Vec<CheckItem> {
    let project = &context.analysis.project;
    for item in &mut items {
        let mark = key(context, at, list, item);
        item.id = id_of(&mark);
        item.done = noted(project, &mark).is_some_and(|note| note.done);
    }
    items
}

/// What an item's box stands for.
pub(super) fn key(context: &Context<'_>, at: usize, list: &str, item: &CheckItem) -> MarkKey {
    let phases = &context.analysis.project.phases;
    let phase = at.checked_sub(1).and_then(|i| phases.get(i)).map(|phase| &phase.id);
    MarkKey::Item(ItemKey::of(phase, &format!("{list}: {}", item.text.plain())))
}

/// What the boxes and fields of all phases stand for.
pub(in crate::report) fn marks(context: &Context<'_>) -> Vec<MarkKey> {
    let mut marks = Vec::new();
    for (at, phase) in context.analysis.project.phases.iter().enumerate() {
        let at = at + 1;
        marks.extend(before(context, at, phase).iter().map(|i| key(context, at, "before", i)));
        marks.extend(after(context, at).iter().map(|i| key(context, at, "after", i)));
        let step = |edit: &EditKey| StepKey { phase: phase.id.clone(), edit: edit.clone() };
        marks.extend(phase.edits.keys().map(|edit| MarkKey::Step(step(edit))));
    }
    marks
}

/// How the phase stands: its promises and its open findings.
fn verdict(context: &Context<'_>, at: usize) -> Vec<Fact> {
    let phase = &context.analysis.phases[at];
    let number = |state| phase.promises.iter().filter(|p| p.state == state).count();
    let due = phase.promises.len() - number(State::NotApplicable);
    let mut facts = vec![Fact {
        mark: match (number(State::Broken), number(State::CannotTell)) {
            (0, 0) => Mark::Pass,
            (0, _) => Mark::Unknown,
            _ => Mark::Error,
        },
        label: "Promises kept".to_owned(),
        value: format!("{} of {due} that are due", number(State::Kept)).into(),
    }];
    let open = |severity: Severity| -> Vec<&str> {
        context
            .open(severity)
            .filter(|case| case.phases.contains(&at))
            .map(|case| case.number.as_str())
            .collect()
    };
    let here = |severity| {
        phase
            .findings
            .iter()
            .filter(move |f| f.severity == severity && context.analysis.waived(f).is_none())
    };
    let (errors, warnings) = (here(Severity::Error).count(), here(Severity::Warning).count());
    let mut numbers: Vec<&str> = open(Severity::Error);
    numbers.extend(open(Severity::Warning));
    if errors + warnings > 0 {
        numbers.truncate(ITEMS_MAX);
        let said: Vec<String> = [(errors, "error"), (warnings, "warning")]
            .into_iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, word)| count(n, word))
            .collect();
        facts.push(Fact {
            mark: if errors > 0 { Mark::Error } else { Mark::Warning },
            label: "Findings open".to_owned(),
            value: Text::from(said.join(" · "))
                .and(Style::Weak, format!("  {}", numbers.join(", "))),
        });
    }
    facts
}

fn steps(context: &Context<'_>, at: usize, phase: &Phase) -> Vec<Step> {
    let project = &context.analysis.project;
    let around = Around {
        before: &context.analysis.phases[at - 1].topology,
        after: &context.analysis.phases[at].topology,
    };
    // A plan that was made in the program has every edit among its steps; a file may have not.
    let mut complete = phase.clone();
    complete.complete_steps();
    let mut steps = Vec::new();
    for key in &complete.steps {
        let Some(edit) = phase.edits.get(key) else { continue };
        let number = steps.len() + 1;
        let told = action(around, edit);
        let mark = MarkKey::Step(StepKey { phase: phase.id.clone(), edit: key.clone() });
        let note = noted(project, &mark);
        let mut place = told.place;
        if let Some(note) = note.filter(|note| !note.note.is_empty()) {
            place.push(Text::from(format!("note: {}", note.note)));
        }
        steps.push(Step {
            id: id_of(&mark),
            fields: fields(&mark, note),
            number,
            done: note.filter(|note| note.done).map(|note| {
                let parts = [note.by.as_str(), note.when.as_str()];
                let said: Vec<&str> = parts.into_iter().filter(|p| !p.is_empty()).collect();
                if said.is_empty() {
                    "done".to_owned()
                } else {
                    format!("done: {}", said.join(", "))
                }
            }),
            action: told.action,
            place,
            expect: told.expect,
            back: Text::from(format!("R-{number}: {}", told.back)),
        });
    }
    steps
}

/// Room for what was measured, when and by whom.
fn fields(mark: &MarkKey, note: Option<&StepNote>) -> Vec<Field> {
    let field = |label: &str, part, value: Option<&String>| Field {
        id: field_id(mark, part),
        label: label.to_owned(),
        value: value.cloned().unwrap_or_default(),
    };
    vec![
        field("Measured", Part::Measured, note.map(|n| &n.measured)),
        field("Time", Part::Time, note.map(|n| &n.when)),
        field("Initials", Part::Initials, note.map(|n| &n.by)),
    ]
}
