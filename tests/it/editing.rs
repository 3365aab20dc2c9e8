//! Edits and changes: every change has an exact inverse, edits are normalised, later phases are kept
//! in order when an earlier one takes something away, and an edit leaves earlier phases alone.

use crate::{naive::generate, support};
use bridgehead::{
    analysis::{Analyzer, analyse},
    file,
    model::{
        ObjectId, Project,
        change::{Change, apply},
        edit::{Edit, EditKey},
        editing::{edit, inherit, remove_phase},
        name::Fqdn,
        project::Phase,
        server::{ListenerField, ServerField},
        topology::Field,
        unfold::{notes, unfold},
    },
    net::world::Inputs,
};
use proptest::prelude::*;

fn make(project: &mut Project, phase: usize, made: Edit) -> Change {
    let change = edit(project, phase, made).expect("the edit fits");
    apply(project, change).expect("the change fits")
}

fn set_fqdn(name: &str) -> Edit {
    let name: Fqdn = name.parse().expect("a name");
    let id = "lds-fe1/1".parse().expect("a listener");
    Edit::Set(Field::Listener(id, ListenerField::Fqdn(Some(name))))
}

#[test]
fn typing_a_name_is_one_edit_and_typing_the_inherited_one_is_none() {
    let mut plan = support::template("two-sites-done-right");
    let before = plan.phases[1].edits.len();
    for name in ["m.example", "ma.example", "mail9.example"] {
        make(&mut plan, 2, set_fqdn(name));
    }
    assert_eq!(plan.phases[1].edits.len(), before + 1);
    make(&mut plan, 2, set_fqdn("mail2.hartwell.example"));
    assert_eq!(plan.phases[1].edits.len(), before, "the inherited value deletes the override");
}

#[test]
fn an_edit_in_a_phase_leaves_the_earlier_phases_as_they_were() {
    let plan = support::template("two-sites-exchange-2003");
    let mut edited = plan.clone();
    make(&mut edited, 3, set_fqdn("mail9.hartwell.example"));
    assert_eq!(unfold(&edited)[..3], unfold(&plan)[..3]);
    assert_ne!(unfold(&edited)[3], unfold(&plan)[3]);
    let (before, after) = (file::save(&plan), file::save(&edited));
    let head = |text: &str| text[..text.find("id: \"two-groups\"").expect("phase 3")].to_owned();
    assert_eq!(head(&before), head(&after), "the file of phases 0 to 2 is the same, byte for byte");
}

#[test]
fn removing_a_server_takes_its_parts_and_references_and_later_edits_but_not_its_records() {
    let mut plan = support::template("two-sites-exchange-2003");
    let undo = make(&mut plan, 1, Edit::Remove("server:lds-fe1".parse().expect("an id")));
    assert_eq!(notes(&plan), [], "nothing dangles afterwards");
    let last = unfold(&plan).pop().expect("a phase");
    assert!(!last.listeners.keys().any(|l| l.server.as_str() == "lds-fe1"));
    let connector = &last.group_connectors[&"london-leeds".parse().expect("an id")];
    assert!(connector.targets.is_empty(), "the connector lost its target");
    let record = "inside/lds.hartwell.local/lds-fe1/a".parse().expect("a record");
    assert!(last.records.contains_key(&record), "records stay");
    apply(&mut plan, undo).expect("undo");
    assert_eq!(file::save(&plan), file::save(&support::template("two-sites-exchange-2003")));
}

#[test]
fn a_phase_that_goes_takes_the_later_edits_of_what_it_added_along() {
    let original = support::template("two-sites-exchange-2003");
    let mut plan = original.clone();
    let undo = apply(&mut plan, remove_phase(&original, 1).expect("phase 1")).expect("fits");
    assert_eq!(plan.phases.len(), original.phases.len() - 1);
    let dangling: Vec<_> = notes(&plan).iter().map(ToString::to_string).collect();
    assert!(dangling.iter().all(|n| !n.contains("skipped")), "{dangling:?}");
    apply(&mut plan, undo).expect("undo");
    assert_eq!(file::save(&plan), file::save(&original));
}

#[test]
fn an_edit_that_cannot_be_made_says_why_and_changes_nothing() {
    let plan = support::template("two-sites-exchange-2003");
    let no_object = edit(&plan, 0, set_fqdn("a.example")).expect_err("not there in phase 0");
    assert!(no_object.to_string().contains("listener:lds-fe1/1"), "{no_object}");
    let twice = plan.as_is.get(&"server:lon-mail".parse().expect("an id")).expect("a server");
    assert!(edit(&plan, 2, Edit::Add(twice)).is_err(), "an id is used once");
    let group = Some("nobody".parse().expect("a slug"));
    let id = "lon-mail".parse().expect("a slug");
    let dangling = edit(&plan, 0, Edit::Set(Field::Server(id, ServerField::Group(group))));
    assert!(dangling.expect_err("dangles").to_string().contains("group:nobody"));
}

/// A change that a person could make, chosen by numbers.
fn some_change(project: &Project, choice: u8, a: usize, b: usize) -> Option<Change> {
    let phase = a % project.phase_count();
    let topologies = unfold(project);
    let ids = topologies[phase].ids();
    let id: &ObjectId = ids.get(b % ids.len().max(1))?;
    match choice % 9 {
        0 => edit(project, phase, Edit::Remove(id.clone())).ok(),
        1 | 2 => {
            let other = &topologies[b % project.phase_count()];
            let field = id.fields().get(a % id.fields().len().max(1))?;
            edit(project, phase, Edit::Set(other.field(id, field)?)).ok()
        }
        3 => {
            let at = phase.checked_sub(1)?;
            let keys: Vec<&EditKey> = project.phases[at].edits.keys().collect();
            inherit(project, phase, keys.get(b % keys.len().max(1))?).ok()
        }
        4 => remove_phase(project, phase).ok(),
        5 => {
            let id = format!("new-{b}").parse().ok()?;
            Some(Change::InsertPhase { at: a % 7, phase: Phase::new(id, "New") })
        }
        6 => {
            let phase = &project.phases.get(phase.checked_sub(1)?)?.id;
            Some(Change::MovePhase { phase: phase.clone(), to: b % project.phases.len() })
        }
        7 => {
            let phase = project.phases.get(phase.checked_sub(1)?)?;
            let mut to = phase.steps.clone();
            let at = b % to.len().max(1);
            to.rotate_left(at);
            Some(Change::Steps { phase: phase.id.clone(), to })
        }
        _ => Some(Change::Name(format!("name {b}"))),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn undoing_any_sequence_of_changes_gives_the_start_byte_for_byte(
        seed in 0_u64..40,
        choices in prop::collection::vec((any::<u8>(), 0_usize..1000, 0_usize..1000), 1..25),
    ) {
        let start = if seed == 0 {
            support::template("two-sites-exchange-2003")
        } else {
            generate::plan(seed)
        };
        let text = file::save(&start);
        let mut project = start.clone();
        let mut inverses = Vec::new();
        for (choice, a, b) in choices {
            if let Some(change) = some_change(&project, choice, a, b) {
                // A change that does not fit must leave no trace of itself either.
                let before = project.clone();
                if let Ok(inverse) = apply(&mut project, change) {
                    inverses.push(inverse);
                } else {
                    prop_assert_eq!(&before, &project);
                }
            }
        }
        let reached = file::save(&project);
        let again = file::load(reached.as_bytes());
        prop_assert!(again.is_ok(), "what was edited can be read again: {:?}", again.err());
        for inverse in inverses.into_iter().rev() {
            prop_assert!(apply(&mut project, inverse).is_ok());
        }
        prop_assert_eq!(file::save(&project), text);
    }

    #[test]
    fn an_analyzer_that_remembers_answers_as_a_fresh_one(
        choices in prop::collection::vec((any::<u8>(), 0_usize..1000, 0_usize..1000), 1..6),
    ) {
        let mut project = support::template("two-sites-exchange-2003");
        let mut analyzer = Analyzer::new();
        for (choice, a, b) in choices {
            if let Some(change) = some_change(&project, choice, a, b) {
                // One that does not fit leaves the project as it was.
                drop(apply(&mut project, change));
            }
            let kept = analyzer.update(&project, &Inputs::of(&project));
            prop_assert_eq!(&kept.phases, &analyse(&project).phases);
        }
    }
}
