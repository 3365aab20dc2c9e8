//! The dossier in plan and document: it survives its file, refuses secrets, and what was filled in on a
//! copy comes back.

use super::{options, template};
use bridgehead::{
    analysis::analyse,
    file,
    model::{
        Project,
        change::{Change, ChangeError, apply},
        dossier::{Account, Contact, Dossier, Revision},
        marks::{MarkKey, Part, field_id, filled, id_of},
    },
    report::{
        ReportOptions, build,
        document::{Block, Document, Mark},
        markdown::markdown,
        since::Earlier,
    },
};
use std::{collections::BTreeMap, sync::Arc};

fn account(vault: &str) -> Dossier {
    let account = Account {
        name: "svc-backup".to_owned(),
        purpose: "backup".to_owned(),
        vault: vault.to_owned(),
    };
    Dossier { accounts: vec![account], ..Dossier::default() }
}

#[test]
fn a_password_is_refused_by_a_change_and_by_a_file() {
    let mut project = Project::new("Plan");
    let wrong = account("Tr0ub4dor&3");
    let refused = apply(&mut project, Change::Dossier(wrong.clone()));
    let Err(ChangeError::Secret(place)) = refused else { panic!("{refused:?}") };
    assert!(place.contains("Secret kept in") && !place.contains("Tr0ub"), "{place}");
    assert_eq!(project, Project::new("Plan"));
    project.dossier = wrong;
    let error = file::load(file::save(&project).as_bytes()).unwrap_err().to_string();
    assert!(error.contains("looks like a password") && !error.contains("Tr0ub"), "{error}");
}

#[test]
fn the_dossier_survives_its_file_and_is_undone_exactly() {
    let mut project = Project::new("Plan");
    let plain = file::save(&project);
    assert!(!plain.contains("dossier") && !plain.contains("item_notes"), "{plain}");
    let mut dossier = account("safe, 2nd floor");
    dossier.contacts.push(Contact { name: "A. Reader".to_owned(), ..Contact::default() });
    dossier.history.push(Revision { version: "2".to_owned(), ..Revision::default() });
    let back = apply(&mut project, Change::Dossier(dossier)).unwrap();
    let text = file::save(&project);
    assert_eq!(file::load(text.as_bytes()).unwrap().project, project);
    apply(&mut project, back).unwrap();
    assert_eq!(file::save(&project), plain);
}

fn document(project: &Project) -> Document {
    build(&analyse(project), &options())
}

#[test]
fn what_is_filled_in_on_a_copy_comes_back_into_the_plan() {
    let mut project = template("two-sites-exchange-2003").project.as_ref().clone();
    let keys = document(&project).marks;
    let step = keys.iter().find(|key| matches!(key, MarkKey::Step(_))).unwrap();
    let item = keys.iter().find(|key| matches!(key, MarkKey::Item(_))).unwrap();
    let boxes: BTreeMap<String, bool> =
        [(id_of(step), true), (id_of(item), true), ("0123456789abcdef".to_owned(), true)].into();
    let fields: BTreeMap<String, String> = [
        (field_id(step, Part::Measured), "10.1.0.10".to_owned()),
        (field_id(step, Part::Time), " 20:14 ".to_owned()),
        (field_id(step, Part::Initials), "AB".to_owned()),
        (field_id(&MarkKey::SignOff(1), Part::Name), "C. Consultant".to_owned()),
    ]
    .into();
    let found = filled(&project, &keys, &boxes, &fields);
    assert_eq!((found.taken, found.unknown.as_slice()), (3, &["0123456789abcdef".to_owned()][..]));
    let before = project.clone();
    let back = apply(&mut project, found.change).unwrap();
    assert_eq!(project.dossier.sign_off[1].name, "C. Consultant");
    let saved = file::load(file::save(&project).as_bytes()).unwrap().project;
    assert_eq!(saved, project);
    let text = markdown(&document(&project));
    for wanted in
        ["- [x] ", "measured: 10.1.0.10", "time: 20:14", "initials: AB", "name C. Consultant"]
    {
        assert!(text.contains(wanted), "{wanted}");
    }
    assert!(
        filled(&project, &document(&project).marks, &boxes, &fields).taken == 0,
        "nothing is new"
    );
    apply(&mut project, back).unwrap();
    assert_eq!(project, before);
}

#[test]
fn every_box_and_field_of_the_document_can_come_back() {
    let document = document(&template("two-sites-exchange-2003").project);
    let known: Vec<String> = document.marks.iter().map(id_of).collect();
    let mut found = 0;
    for block in document.sections.iter().flat_map(|section| &section.blocks) {
        let ids: Vec<&String> = match block {
            Block::Checklist(list) => list.items.iter().map(|item| &item.id).collect(),
            Block::Steps(steps) => steps.iter().map(|step| &step.id).collect(),
            _ => vec![],
        };
        found += ids.len();
        for id in ids {
            assert_eq!(known.iter().filter(|known| *known == id).count(), 1, "{id}: {block:?}");
        }
    }
    assert!(found > 80, "{found}");
}

#[test]
fn sections_stand_in_their_order_and_say_when_they_are_empty() {
    let document = document(&Project::new("Empty"));
    let keys: Vec<&str> = document.sections.iter().map(|section| section.key).collect();
    let order = [
        "control",
        "decision",
        "requirements",
        "assumptions",
        "topology",
        "servers",
        "addresses",
        "dns",
        "smtp",
        "firewall",
        "certificates",
        "findings",
        "phases",
        "rollback",
        "continuity",
        "operations",
        "outstanding",
        "lessons",
        "sign-off",
        "evidence",
        "passed",
        "changes",
        "usual-tests",
        "articles",
        "glossary",
    ];
    assert_eq!(keys, order);
    for section in &document.sections {
        assert!(!section.blocks.is_empty(), "{} is empty", section.title);
        for block in &section.blocks {
            if let Block::Table(table) = block {
                assert!(
                    !table.rows.is_empty() || table.empty.len() > 9,
                    "{}: {table:?}",
                    section.title
                );
            }
        }
    }
}

#[test]
fn sections_are_left_out_but_nobody_signs_without_what_is_outstanding() {
    let analysis = template("two-sites-done-right");
    let leave_out = ["outstanding", "glossary", "phases"].map(str::to_owned).into();
    let options = ReportOptions { leave_out, ..options() };
    let document = build(&analysis, &options);
    let has = |key: &str| document.sections.iter().any(|section| section.key == key);
    assert!(has("outstanding") && has("sign-off") && !has("glossary") && !has("phases"));
    let sign_off = document.sections.iter().find(|section| section.key == "sign-off").unwrap();
    assert_eq!(sign_off.number, "20", "numbers stay");
}

#[test]
fn what_changed_since_an_earlier_revision_is_marked() {
    let analysis = template("two-sites-done-right");
    let earlier =
        Earlier { name: "revision-1.ron".to_owned(), project: Arc::clone(&analysis.project) };
    let mut project = analysis.project.as_ref().clone();
    project.dossier.contacts.push(Contact { name: "A. Reader".to_owned(), ..Contact::default() });
    let changed = |project: &Project| -> Vec<&'static str> {
        let since = Some(earlier.clone());
        let document = build(&analyse(project), &ReportOptions { since, ..options() });
        assert!(markdown(&document).contains("Compared with `revision-1.ron`"));
        let marked = document.sections.iter().filter(|section| !section.changed.is_empty());
        marked.map(|section| section.key).collect()
    };
    assert_eq!(changed(&analysis.project), Vec::<&str>::new());
    assert_eq!(changed(&project), ["continuity"]);
}

#[test]
fn what_was_not_measured_has_a_question_mark() {
    let document = document(&template("two-sites-done-right").project);
    let dns = document.sections.iter().find(|section| section.key == "dns").unwrap();
    let Some(Block::Table(table)) = dns.blocks.iter().find(|b| matches!(b, Block::Table(_))) else {
        panic!("no table")
    };
    let marks = table.rows.iter().flat_map(|row| [row[3].mark, row[5].mark]).flatten();
    let marks: Vec<Mark> = marks.collect();
    assert!(marks.len() >= table.rows.len() && marks.iter().all(|mark| *mark == Mark::Unknown));
}
