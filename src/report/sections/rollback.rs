//! The way back, phase by phase: when it is taken, by whose word, until when, and what undoes each step,
//! from the last to the first.

use crate::{
    model::{
        Topology,
        dns::{RecordId, ViewKind},
        edit::Edit,
        project::Phase,
        topology::{Field, Object, ObjectId},
    },
    report::{
        actions::{Around, action},
        context::Context,
        document::{Block, Cell, Heading, Mark, Table, Text},
    },
};

/// The section.
pub fn blocks(context: &Context<'_>, number: &str) -> Vec<Block> {
    let phases = &context.analysis.project.phases;
    if phases.is_empty() {
        return vec![Block::Paragraph("No phase is planned, so nothing can be taken back.".into())];
    }
    let mut blocks = vec![Block::Remark(
        "Taken when a pause or a step shows something else than is expected and the cause is not \
         found at once. Steps are undone from the last that was done to the first."
            .into(),
    )];
    for (at, phase) in phases.iter().enumerate() {
        blocks.push(Block::Heading(Heading {
            number: format!("{number}.{}", at + 1),
            text: format!("Back from phase {}: {}", at + 1, phase.title),
            level: 2,
            new_page: false,
        }));
        blocks.push(Block::KeyValue(terms(context, phase)));
        blocks.push(Block::Table(ways(context, at + 1, phase)));
    }
    blocks
}

fn terms(context: &Context<'_>, phase: &Phase) -> Vec<(String, Text)> {
    let dossier = &context.analysis.project.dossier;
    let window = dossier.windows.get(&phase.id);
    let entered = |value: Option<&String>| match value.filter(|text| !text.is_empty()) {
        Some(text) => Text::from(text.as_str()),
        None => Text::weak("not entered: to be written here before the phase begins"),
    };
    let decides = dossier.contacts.iter().find(|c| c.role.to_lowercase().contains("decide"));
    let decides = decides.map(|c| format!("{} {}", c.name, c.telephone).trim().to_owned());
    vec![
        ("May be taken until".to_owned(), entered(window.map(|w| &w.back_until))),
        ("Who decides".to_owned(), entered(decides.as_ref())),
    ]
}

fn ways(context: &Context<'_>, at: usize, phase: &Phase) -> Table {
    let around = Around {
        before: &context.analysis.phases[at - 1].topology,
        after: &context.analysis.phases[at].topology,
    };
    let mut complete = phase.clone();
    complete.complete_steps();
    let mut table =
        Table::new(&["No", "Undoes", "How", "Seen by all"], "The phase changes nothing");
    for (number, key) in complete.steps.iter().enumerate().rev() {
        let Some(edit) = phase.edits.get(key) else { continue };
        let told = action(around, edit);
        let (mark, seen) = effect(around, edit);
        table.rows.push(vec![
            Cell::from(Text::strong(format!("R-{}", number + 1))),
            Cell::from(told.action),
            Cell::from(told.back),
            Cell { mark, lines: vec![Text::weak(seen)] },
        ]);
    }
    table
}

/// When everybody knows of the way back: a record is remembered as long as its TTL says.
fn effect(around: Around<'_>, edit: &Edit) -> (Option<Mark>, String) {
    let record = match edit {
        Edit::Set(Field::Record(id, _)) | Edit::Add(Object::Record(id, _)) => Some(id),
        Edit::Remove(ObjectId::Record(id)) => Some(id),
        Edit::Remove(ObjectId::Server(_)) => {
            return (Some(Mark::Warning), "cannot be undone: set up anew, from the backup".into());
        }
        _ => None,
    };
    let Some(id) = record else { return (None, "at once".to_owned()) };
    let outside =
        |t: &Topology| t.views.get(&id.zone.view).is_some_and(|v| v.kind == ViewKind::Outside);
    if !(outside(around.after) || outside(around.before)) {
        return (None, "when the caches inside are cleared".to_owned());
    }
    match ttl(around.after, id).or_else(|| ttl(around.before, id)) {
        Some(ttl) => (None, format!("after its TTL, {ttl} s")),
        None => (Some(Mark::Unknown), "after its TTL, which is not entered".to_owned()),
    }
}

fn ttl(topology: &Topology, id: &RecordId) -> Option<u32> {
    let own = topology.records.get(id).and_then(|r| r.ttl_s);
    own.or_else(|| topology.zones.get(&id.zone)?.ttl_s)
}
