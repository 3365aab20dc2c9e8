//! Files that are no plans, or not quite: an error that says where, or a note, never a panic, and
//! the file untouched.

use crate::support::{
    self,
    program::{Folder, arg, bridgehead},
};
use bridgehead::file::{LoadError, LoadNote, load, save};

fn template() -> String {
    save(&support::template("two-sites-exchange-2003"))
}

/// Runs `check` on these bytes: exit 2 with one line that names the file, and the file as it was.
fn refused(name: &str, bytes: &[u8]) -> String {
    let folder = Folder::new();
    let path = folder.write(name, bytes);
    let ran = bridgehead(["check", &arg(&path)]);
    assert_eq!(ran.code, 2, "{name}: {ran:?}");
    assert_eq!(ran.out, "", "{name}");
    assert_eq!(ran.err.lines().count(), 1, "{name}: {}", ran.err);
    assert!(ran.err.starts_with("bridgehead: "), "{name}: {}", ran.err);
    assert!(ran.err.contains(name), "{name}: {}", ran.err);
    assert_eq!(std::fs::read(&path).expect("still there"), bytes, "{name} is untouched");
    ran.err
}

#[test]
fn a_truncated_file_is_refused_wherever_it_ends() {
    let text = template();
    // Every length would be thousands of runs; these fall into each kind of place.
    for at in (1..text.len() - 2).step_by(211) {
        let end = (at..text.len()).find(|i| text.is_char_boundary(*i)).expect("a boundary");
        let error = load(&text.as_bytes()[..end]).expect_err("half a file is no plan");
        assert!(matches!(error, LoadError::Syntax { .. }), "at {end}: {error}");
    }
    let error = refused("half.ron", &text.as_bytes()[..text.len() / 2]);
    let place = error.split("half.ron:").nth(1).expect("file:line:column");
    assert!(place.starts_with(|c: char| c.is_ascii_digit()), "{error}");
}

#[test]
fn empty_binary_and_foreign_files_are_refused() {
    refused("empty.ron", b"");
    refused("binary.ron", &[0x7F, b'E', b'L', b'F', 0xFF, 0xFE, 0, 1]);
    refused("json.ron", br#"{"format": 1}"#);
    refused("list.ron", b"[1, 2, 3]");
    refused("deep.ron", "(".repeat(100_000).as_bytes());
    refused("deep2.ron", format!("(format: 1, plan: {}", "[".repeat(50_000)).as_bytes());
}

#[test]
fn a_file_of_another_format_is_refused_by_its_number() {
    let text = template().replacen("format: 1", "format: 7", 1);
    assert_eq!(load(text.as_bytes()), Err(LoadError::Format(7)));
    assert!(refused("later.ron", text.as_bytes()).contains("format 7"));
}

#[test]
fn an_unknown_field_and_a_bad_value_are_refused_with_their_place() {
    for (from, to) in [
        ("name: \"London\"", "nmae: \"London\""),
        ("\"10.1.0.0/16\"", "\"10.1.0.0/61\""),
        ("\"mail1.hartwell.example\"", "\"mail1..example\""),
        ("\"lon-mail/1\"", "\"lon-mail\""),
    ] {
        let text = template().replacen(from, to, 1);
        let error = load(text.as_bytes()).expect_err(to);
        let LoadError::Syntax { line, .. } = error else { panic!("{to}: {error}") };
        assert!(line > 1, "{to}: line {line}");
    }
}

#[test]
fn an_id_that_stands_twice_is_refused() {
    let text = template();
    let twice = text.replacen(
        "      sites: {\n",
        "      sites: {\n        \"london\": (\n          name: \"Other\",\n        ),\n",
        1,
    );
    assert_ne!(text, twice, "the template is laid out as this test thinks");
    let error = refused("twice.ron", twice.as_bytes());
    assert!(error.contains("london") && error.contains("twice"), "{error}");
    let edit = "Set(Group(\"london\", Name(\"London\"))),";
    let twice = text.replacen(edit, &format!("{edit}\n{edit}"), 1);
    assert_ne!(text, twice, "the template is laid out as this test thinks");
    assert!(refused("edit.ron", twice.as_bytes()).contains("stands twice"));
    let phase = text.replacen("id: \"mailboxes\"", "id: \"shipped\"", 1);
    assert!(refused("phase.ron", phase.as_bytes()).contains("shipped"));
}

#[test]
fn what_dangles_is_noted_and_skipped() {
    let text = template()
        .replace("Set(Server(\"lds-fe1\", Addresses(", "Set(Server(\"nobody\", Addresses(");
    let loaded = load(text.as_bytes()).expect("it reads");
    let notes: Vec<_> = loaded.notes.iter().map(ToString::to_string).collect();
    assert!(
        notes.iter().any(|n| n.contains("server:nobody addresses") && n.contains("skipped")),
        "{notes:?}"
    );
    let folder = Folder::new();
    let path = folder.write("dangling.ron", &text);
    let ran = bridgehead(["check", &arg(&path), "--all-phases"]);
    assert!(ran.code != 2 && ran.err.contains("note:"), "{ran:?}");
    assert_eq!(std::fs::read_to_string(&path).expect("still there"), text);
}

#[test]
fn circles_are_noted_and_end() {
    let text =
        template().replacen("forwards: Internet", "forwards: To([\"lon-dns\"])", 1).replacen(
            "          name: \"Leeds\",\n",
            "          name: \"Leeds\",\n          internet: Through(\"leeds\"),\n",
            1,
        );
    let loaded = load(text.as_bytes()).expect("it reads");
    let circles: Vec<_> = loaded
        .notes
        .iter()
        .filter(|n| matches!(n, LoadNote::Dangling(note) if note.to_string().contains("itself")))
        .collect();
    assert_eq!(circles.len(), 2, "{:?}", loaded.notes);
    // It ends, with a verdict.
    let analysis = bridgehead::analysis::analyse(&loaded.project);
    assert_eq!(analysis.phases.len(), 6);
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_are_read() {
    let text = format!("\u{feff}{}", template().replace('\n', "\r\n"));
    let loaded = load(text.as_bytes()).expect("it reads");
    assert_eq!(loaded.project, support::template("two-sites-exchange-2003"));
}

#[test]
fn random_damage_never_panics() {
    let text = template().into_bytes();
    let mut state = 0x9E37_79B9_u64;
    let mut next = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % below
    };
    for _ in 0..300 {
        let mut bytes = text.clone();
        for _ in 0..=next(3) {
            let at = next(bytes.len());
            match next(3) {
                0 => bytes[at] = u8::try_from(next(256)).expect("a byte"),
                1 => drop(bytes.drain(at..(at + next(40)).min(bytes.len()))),
                _ => {
                    let piece = bytes[at..(at + next(40)).min(bytes.len())].to_vec();
                    let to = next(bytes.len());
                    bytes.splice(to..to, piece);
                }
            }
        }
        if let Ok(loaded) = load(&bytes) {
            let analysis = bridgehead::analysis::analyse(&loaded.project);
            assert_eq!(analysis.phases.len(), loaded.project.phase_count());
        }
    }
}
