//! The phases as checklists: a pause with what kills, the steps in their order with the way back
//! beside each, and a pause before leaving.

use crate::{
    model::{
        ObjectId, Topology,
        dns::{RecordField, ViewKind},
        edit::Edit,
        project::Phase,
        server::{Listener, Server, ServerField},
        topology::{Field, Object},
    },
    plan::promises::State,
    report::{
        actions::{Around, action},
        context::{Context, count},
        document::{Block, CheckItem, Checklist, Fact, Heading, Mark, Note, Step, Style, Text},
    },
    rules::rule::Severity,
};
use std::collections::BTreeSet;

/// A pause is read aloud in a minute: more than this is skipped by people.
const ITEMS_MAX: usize = 9;

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
        Block::Remark(
            format!(
                "{} · caller: ____________ · begins: ____________ · way back until: ____________",
                count(steps.len(), "step")
            )
            .into(),
        ),
        Block::Facts(verdict(context, at)),
        Block::Checklist(Checklist {
            title: "Pause. Confirm aloud before the first step".to_owned(),
            aside: "90 seconds".to_owned(),
            items: before(context, at, phase),
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
        items: after(context, at),
    }));
    blocks
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
        let note = project
            .step_notes
            .get(&crate::model::beside::StepKey { phase: phase.id.clone(), edit: key.clone() });
        let mut place = told.place;
        if let Some(note) = note.filter(|note| !note.note.is_empty()) {
            place.push(Text::from(format!("note: {}", note.note)));
        }
        steps.push(Step {
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

/// What kills, before the first step: five to nine items.
fn before(context: &Context<'_>, at: usize, phase: &Phase) -> Vec<CheckItem> {
    let topology = &context.analysis.phases[at - 1].topology;
    let touched = touched(phase, topology);
    let mut items: Vec<String> = vec![if at == 1 {
        "Everything under Before you start is ticked".to_owned()
    } else {
        format!("Every box of phase {} is ticked, and its way back is still known", at - 1)
    }];
    items.extend(unfit(context, at));
    let servers = if touched.is_empty() {
        topology.servers.values().map(|s| s.name.clone()).collect()
    } else {
        touched
    };
    let servers = listed(&servers);
    items.push(format!(
        "The last full backup of {servers} is younger than 24 hours and was test-restored"
    ));
    items.push(format!("Queues are empty on {}", listed(&exchange(topology))));
    items.extend(names(context, at));
    items.extend(ttls(phase, topology));
    items.extend(moves(phase, topology));
    let open = context.analysis.project.assumptions.values();
    let open = open.filter(|a| a.on && a.checked.is_none()).count();
    if open > 0 && items.len() + 2 < ITEMS_MAX {
        items.push(format!(
            "{} of section Assumptions checked",
            match open {
                1 => "The open line is".to_owned(),
                several => format!("The {several} open lines are"),
            }
        ));
    }
    items.truncate(ITEMS_MAX - 1);
    items.push(
        "The way back was read through, and it is written above until when it may be taken"
            .to_owned(),
    );
    if items.len() < 5 {
        items.push("Somebody at each site can be reached by telephone".to_owned());
    }
    items.into_iter().map(CheckItem::from).collect()
}

/// What must not be forgotten where the plan itself says that mail will fail.
fn unfit(context: &Context<'_>, at: usize) -> Option<String> {
    let mut errors: BTreeSet<&str> = BTreeSet::new();
    for case in context.open(Severity::Error).filter(|case| case.phases.contains(&at)) {
        errors.insert(&case.number);
    }
    if errors.is_empty() {
        return None;
    }
    let list: Vec<&str> = errors.into_iter().take(5).collect();
    Some(format!("Finding {} is cured: the plan was changed and checked again", list.join(", ")))
}

/// Names of servers, the first four of them.
fn listed(names: &[String]) -> String {
    match names {
        [] => "every server".to_owned(),
        few if few.len() <= 4 => match few.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
            None => String::new(),
        },
        many => format!("{} and {}", many[..3].join(", "), count(many.len() - 3, "other server")),
    }
}

fn exchange(topology: &Topology) -> Vec<String> {
    let handles = |s: &&Server| s.platform.is_some() && s.organisation.is_some();
    topology.servers.values().filter(handles).map(|s| s.name.clone()).collect()
}

/// The servers that were there before and are changed, by name.
fn touched(phase: &Phase, before: &Topology) -> Vec<String> {
    let mut ids = BTreeSet::new();
    for key in phase.edits.keys() {
        match &key.object {
            ObjectId::Server(id) => ids.insert(id.clone()),
            ObjectId::Listener(id) => ids.insert(id.server.clone()),
            _ => false,
        };
    }
    for edit in phase.edits.values() {
        if let Edit::Set(Field::Mailboxes(id, _)) = edit {
            ids.extend(before.mailboxes.get(id).and_then(|m| m.home.clone()));
        }
    }
    ids.iter().filter_map(|id| before.servers.get(id)).map(|s| s.name.clone()).collect()
}

/// The names by which connectors of the phase find their targets.
fn names(context: &Context<'_>, at: usize) -> Vec<String> {
    let topology = &context.analysis.phases[at].topology;
    let mut seen = BTreeSet::new();
    let mut items = Vec::new();
    for target in topology.group_connectors.values().flat_map(|c| &c.targets) {
        let Some(listener): Option<&Listener> = topology.listeners.get(target) else { continue };
        let Some(server) = topology.servers.get(&target.server) else { continue };
        let Some(name) = listener.fqdn.clone().or_else(|| server.computer_fqdn()) else { continue };
        let Some(address) = server.addresses.first() else { continue };
        if seen.insert(name.clone()) {
            items.push(format!("{name} answers {address} on every server that sends to it"));
        }
    }
    items.truncate(3);
    items
}

/// Records that change and may still be remembered elsewhere.
fn ttls(phase: &Phase, before: &Topology) -> Option<String> {
    let mut names = BTreeSet::new();
    let mut longest = None;
    for edit in phase.edits.values() {
        let Edit::Set(Field::Record(id, RecordField::Data(_))) = edit else { continue };
        if before.views.get(&id.zone.view).is_some_and(|v| v.kind == ViewKind::Outside) {
            names.insert(format!("{} {}", id.name, id.kind.name().to_uppercase()));
            let own = before.records.get(id).and_then(|r| r.ttl_s);
            longest = longest.max(own.or_else(|| before.zones.get(&id.zone)?.ttl_s));
        }
    }
    if names.is_empty() {
        return None;
    }
    let list: Vec<String> = names.into_iter().take(2).collect();
    let since = longest.map_or("its old TTL".to_owned(), |ttl| format!("{ttl} s"));
    Some(format!("The TTL of {} was lowered to 300 s more than {since} ago", list.join(" and ")))
}

/// Servers that are carried to another place.
fn moves(phase: &Phase, before: &Topology) -> Option<String> {
    let moved: Vec<String> = phase
        .edits
        .values()
        .filter_map(|edit| match edit {
            Edit::Set(Field::Server(id, ServerField::Place(_))) => before.servers.get(id),
            _ => None,
        })
        .map(|s| s.name.clone())
        .collect();
    let new: Vec<String> = phase
        .edits
        .values()
        .filter_map(|edit| match edit {
            Edit::Add(Object::Server(_, server)) => Some(server.name.clone()),
            _ => None,
        })
        .collect();
    match (moved.is_empty(), new.is_empty()) {
        (false, _) => Some(format!(
            "Somebody with a key waits where {} will stand; rack, power and network were tested",
            listed(&moved)
        )),
        (true, false) => {
            Some(format!("Hardware, licences and media for {} are at hand", listed(&new)))
        }
        (true, true) => None,
    }
}

/// What has to be seen before anybody leaves.
fn after(context: &Context<'_>, at: usize) -> Vec<CheckItem> {
    let topology = &context.analysis.phases[at].topology;
    let sites: BTreeSet<&crate::model::id::SiteId> =
        topology.mailboxes.values().filter_map(|m| m.users_at.as_ref()).collect();
    let names: Vec<String> =
        sites.into_iter().map(|s| super::super::values::name_of_site(topology, s)).collect();
    let between = match names.len() {
        0 | 1 => "A message from one mailbox to another arrived".to_owned(),
        _ => format!("A message each way between the mailboxes of {} arrived", listed(&names)),
    };
    let mut items: Vec<CheckItem> = vec![
        between.into(),
        "A message from outside arrived, and one to outside; its headers were read".into(),
        format!("Queues are empty on {}", listed(&exchange(topology))).into(),
    ];
    if !topology.group_connectors.is_empty() {
        items.push("No event 974 or 958 in the last 10 minutes on any bridgehead".into());
    }
    items.push(CheckItem::from(
        Text::from("The live network answers as planned: ")
            .and(Style::Mono, format!("bridgehead probe PLAN --phase {at}")),
    ));
    items
}
