//! A project that is worked on: undo to the last byte, saving, and what a crash leaves behind.

use bridgehead::{
    file,
    model::{
        Project, beside::Position, change::Change, edit::Edit, editing::edit, server::ServerField,
        topology::Field,
    },
    templates,
    workspace::{Workspace, disk, history::MergeKey, journal},
};
use std::{path::PathBuf, sync::Arc};

fn project() -> Project {
    templates::find("two-sites-exchange-2003").expect("the template is there").plan
}

/// A folder of its own for each test, empty at its beginning.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("workspace").join(name);
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).expect("it is there");
    folder
}

fn rename(workspace: &Workspace, phase: usize, name: &str) -> Change {
    let field =
        Field::Server("lon-be1".parse().expect("it is there"), ServerField::Name(name.to_owned()));
    edit(workspace.project(), phase, Edit::Set(field)).expect("it is there")
}

#[test]
fn undoing_everything_gives_the_same_bytes() {
    let before = file::save(&project());
    let mut workspace = Workspace::new(project(), None, None);
    for (phase, name) in [(3, "A"), (4, "B"), (1, "C"), (3, "D")] {
        let change = rename(&workspace, phase, name);
        assert!(workspace.apply("Rename", change, None).expect("it is there"));
    }
    let after = file::save(workspace.project());
    assert_ne!(before, after);
    while workspace.undo().is_some() {}
    assert_eq!(file::save(workspace.project()), before);
    assert!(!workspace.is_dirty());
    while workspace.redo().is_some() {}
    assert_eq!(file::save(workspace.project()), after);
}

#[test]
fn typing_in_one_field_is_one_step() {
    let mut workspace = Workspace::new(project(), None, None);
    for name in ["L", "LO", "LON"] {
        let change = rename(&workspace, 4, name);
        let key = Some(MergeKey("4 server:lon-be1 name".to_owned()));
        workspace.apply("Rename", change, key).expect("it is there");
    }
    assert_eq!(workspace.history().labels().0.len(), 1);
    workspace.undo();
    assert_eq!(**workspace.project(), project());
}

#[test]
fn a_layout_change_proves_nothing_anew() {
    let mut workspace = Workspace::new(project(), None, None);
    let slot = "server:lon-mail in segment:lon-lan".parse().expect("it is there");
    let to = Some(Position { x: 1, y: 2, pinned: false });
    workspace.apply("Move", Change::Place { slot, to }, None).expect("it is there");
    assert!(workspace.is_analysed());
    assert_eq!(workspace.revisions().layout, 1);
    assert_eq!(workspace.revisions().topology, 0);
}

#[test]
fn a_crash_loses_nothing() {
    let folder = folder("crash");
    let mut workspace = Workspace::new(project(), None, Some(folder.clone()));
    let change = rename(&workspace, 4, "X");
    workspace.apply("Rename", change, None).expect("it is there");
    let change = rename(&workspace, 5, "Y");
    workspace.apply("Rename again", change, None).expect("it is there");
    workspace.undo();
    let expected = workspace.project().clone();
    assert!(journal::left_behind(&folder).is_empty(), "a running window's journal is its own");
    drop(workspace);

    let found = journal::left_behind(&folder);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].project(), *expected);
    let recovered = Workspace::recover(&found[0], None);
    assert_eq!(*recovered.project(), expected);
    assert!(recovered.is_dirty());
}

#[test]
fn a_journal_that_was_cut_off_still_recovers_what_is_whole() {
    let folder = folder("cut");
    let mut workspace = Workspace::new(project(), None, Some(folder.clone()));
    for name in ["X", "Y"] {
        let change = rename(&workspace, 4, name);
        workspace.apply("Rename", change, None).expect("it is there");
    }
    drop(workspace);
    let path = disk::files(&folder, journal::ENDING).remove(0);
    let bytes = std::fs::read(&path).expect("it is there");
    std::fs::write(&path, &bytes[..bytes.len() - 7]).expect("it is there");
    let found = journal::read(&path).expect("it is there");
    assert_eq!(found.changes.len(), 1);
}

#[test]
fn saving_or_closing_leaves_no_journal() {
    let folder = folder("clean");
    let plan = folder.join("plan.ron");
    std::fs::write(&plan, file::save(&project())).expect("it is there");
    let mut workspace = Workspace::new(project(), Some(plan.clone()), Some(folder.clone()));
    let change = rename(&workspace, 4, "X");
    workspace.apply("Rename", change, None).expect("it is there");
    assert!(disk::exists(&journal::beside(&plan)), "the journal lies beside the plan");
    workspace.save(&plan).expect("it is there");
    assert!(!disk::exists(&journal::beside(&plan)));
    assert!(!workspace.is_dirty());
    assert_eq!(
        std::fs::read_to_string(&plan).expect("it is there"),
        file::save(workspace.project())
    );
    let change = rename(&workspace, 4, "Y");
    workspace.apply("Rename", change, None).expect("it is there");
    workspace.close().expect("it is there");
    assert!(!disk::exists(&journal::beside(&plan)));
}

/// A disk that is really full: a file system in memory of six pages, which nobody else sees.
#[test]
fn on_a_full_disk_the_old_file_stays_whole_and_the_reason_is_told() {
    let folder = folder("full");
    let script = "mount -t tmpfs -o size=24k none \"$1\" || exit 9
        \"$2\" new --template two-sites-exchange-2003 -o \"$1/plan.ron\" || exit 8
        before=$(cksum < \"$1/plan.ron\")
        \"$2\" new --template two-sites-exchange-2003 --force -o \"$1/plan.ron\"; echo \"code $?\"
        [ \"$before\" = \"$(cksum < \"$1/plan.ron\")\" ] && echo same
        ls -A \"$1\"";
    let ran = std::process::Command::new("unshare")
        .args(["--mount", "--propagation", "private", "sh", "-c", script, "sh"])
        .arg(&folder)
        .arg(env!("CARGO_BIN_EXE_bridgehead"))
        .output()
        .expect("util-linux has unshare");
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(
        out.ends_with("code 2\nsame\nplan.ron\n"),
        "needs root, as the mail servers do: {out}{err}"
    );
    assert!(err.contains("No space left on device"), "{err}");
}

#[test]
fn where_things_are_drawn_is_known_without_a_new_proof() {
    let mut workspace = Workspace::new(project(), None, None);
    let before = workspace.analysis().clone();
    let slot = "site:london".parse().expect("it reads");
    let to = Some(Position { x: 17, y: 4, pinned: false });
    workspace.apply("Move London", Change::Place { slot, to }, None).expect("it fits");
    assert!(workspace.is_analysed());
    let after = workspace.analysis();
    assert_eq!(after.project.layout, workspace.project().layout);
    let same = |(a, b): (&Arc<_>, &Arc<_>)| Arc::ptr_eq(a, b);
    assert!(before.phases.iter().zip(&after.phases).all(same), "nothing was proved anew");
}
