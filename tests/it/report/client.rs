//! The client's copy: what is planted in any field of a plan, and is not for the client, stands nowhere in
//! it, neither in Markdown nor in a text of the PDF.

use super::{
    planted::planted,
    template,
    tools::{Scratch, run, spelled_out},
};
use bridgehead::{
    analysis::analyse,
    model::{
        Project,
        dns::{Place, ViewKind},
    },
    report::{
        Audience, ReportOptions, build,
        document::{Block, Document, Drawn},
        markdown::markdown,
        pdf::{PdfOptions, render},
    },
};

/// Fields that are written for the client. Everything else is not, a new field included.
const FOR_THE_CLIENT: &[&str] = &[
    "name",
    "as_is_title",
    "as_is/organisations/*/name",
    "phases/*/title",
    "promises/*/text",
    "assumptions/*/text",
    "assumptions/*/checked/",
    "waivers/*",
    "notes/*/text",
    "step_notes/*/by",
    "step_notes/*/when",
    "step_notes/*/measured",
    "item_notes/*/by",
    "item_notes/*/measured",
    "item_notes/*/when",
    "dossier/client",
    "dossier/contact",
    "dossier/consultant",
    "dossier/firm",
    "dossier/reference",
    "dossier/version",
    "dossier/background",
    "dossier/review",
    "dossier/contacts/",
    "dossier/distribution/",
    "dossier/history/",
    "dossier/certificates/",
    "dossier/change_requests/",
    "dossier/outstanding/",
    "dossier/operations/",
    "dossier/lessons/",
    "dossier/sign_off/",
    "dossier/windows/*/",
];

fn options(audience: Audience) -> ReportOptions {
    ReportOptions { audience, ..super::options() }
}

fn for_client(project: &Project) -> Document {
    build(&analyse(project), &options(Audience::Client))
}

fn is_for_the_client(path: &str) -> bool {
    FOR_THE_CLIENT.iter().any(|one| match one.strip_suffix('/') {
        Some(folder) => path.starts_with(folder),
        None => path == *one,
    })
}

/// As many choices as it takes to have every kind of object among the edits.
const CHOICES: usize = 54;

#[test]
fn what_is_planted_in_any_field_is_nowhere_in_the_clients_copy() {
    for choice in 0..CHOICES {
        let planted = planted(choice, None);
        let text = markdown(&for_client(&planted.project)).to_lowercase();
        for (path, secret) in &planted.texts {
            let unique = secret.starts_with("Zq");
            // The kind of object that this choice adds is an organisation: the client's own.
            let own = choice / 3 == 0 && path.starts_with("phases/*/edits/");
            // Texts that everybody on the Internet may ask for.
            let public = choice % 2 == 1 && path.ends_with("/data/*");
            if unique && !own && !public && !is_for_the_client(path) {
                let secret = secret.to_lowercase();
                assert!(!text.contains(&secret), "plan {choice}: {path} leaks `{secret}`");
            }
        }
        for secret in secrets(&planted.project) {
            let at = text.find(secret);
            let around = at.map(|at| text[..at].lines().last().unwrap_or_default().to_owned());
            assert!(at.is_none(), "plan {choice} leaks `{secret}` after {around:?}");
        }
    }
}

/// What typed fields hold; names of outside views and addresses of hosts on the Internet are no secret.
fn secrets(project: &Project) -> Vec<&'static str> {
    let analysis = analyse(project);
    let topologies = || analysis.phases.iter().map(|phase| &phase.topology);
    let outside =
        topologies().flat_map(|t| t.views.values()).any(|view| view.kind == ViewKind::Outside);
    let there = topologies().flat_map(|t| t.servers.values()).any(|s| s.place == Place::Internet);
    let mut secrets = vec!["zqid", "zqperson"];
    if !outside {
        secrets.extend(["zqcorp", "zqhost", "zqmx"]);
    }
    if !outside && !there {
        secrets.extend(["10.77.", "fd77:"]);
    }
    secrets
}

/// The name of a server, written into every text of the plan, those for the client included.
#[test]
fn a_secret_name_in_every_text_is_nowhere_in_the_file() {
    const SECRET: &str = "Zqsecret Host";
    for choice in [0, 18, 36] {
        let planted = planted(choice, Some(SECRET));
        let document = for_client(&planted.project);
        let text = markdown(&document).to_lowercase();
        assert!(!text.contains("zqsecret"), "plan {choice}: {}", around(&text, "zqsecret"));
        let bytes = render(&document, &PdfOptions::default()).unwrap().bytes;
        let file = Scratch::with(&bytes);
        let words = run("pdftotext", &["-raw", file.0.to_str().unwrap(), "-"]);
        let words = String::from_utf8_lossy(&words.stdout).to_lowercase();
        let inside = spelled_out(&file).to_lowercase();
        for secret in ["zqsecret", "zqid", "zqcorp", "zqhost", "10.77.3"] {
            assert!(!words.contains(secret), "plan {choice}: {}", around(&words, secret));
            assert!(!inside.contains(secret), "plan {choice}: {}", around(&inside, secret));
            for hex in [hex8(secret), hex16(secret)] {
                assert!(!inside.contains(&hex), "plan {choice}: {secret} as {hex}");
            }
        }
    }
}

/// A note is printed with the drawing; the client sees it only where it is meant for the client, and then
/// without a name that is withheld, however its lines are broken.
#[test]
fn notes_are_printed_for_those_who_are_meant() {
    let mut project = bridgehead::templates::find("two-sites-exchange-2003").unwrap().plan;
    let words = |project: &Project, audience| -> String {
        let document = build(&analyse(project), &options(audience));
        let figures = document.sections.iter().flat_map(|s| &s.blocks).filter_map(|b| match b {
            Block::Figure(figure) => Some(figure),
            _ => None,
        });
        let drawn = figures.flat_map(|f| &f.drawing.items).filter_map(|item| match item {
            Drawn::Words { text, .. } => Some(text.as_str()),
            Drawn::Path { .. } => None,
        });
        let drawn = drawn.collect::<Vec<_>>().join(" ");
        format!("{} {drawn}", markdown(&document)).to_lowercase()
    };
    let mut note = bridgehead::model::note::Note::new("Zqnote about LDS-BE1 and its queue");
    note.width = 100;
    let id: bridgehead::model::id::NoteId = "a-note".parse().unwrap();
    project.notes.insert(id.clone(), note.clone());
    assert!(words(&project, Audience::Internal).contains("zqnote"));
    assert!(!words(&project, Audience::Client).contains("zqnote"));
    note.for_client = true;
    project.notes.insert(id, note);
    let client = words(&project, Audience::Client);
    assert!(client.contains("zqnote"));
    assert!(!client.contains("lds-be1"), "{}", around(&client, "lds-be1"));
}

fn around(text: &str, secret: &str) -> String {
    let at = text.find(secret).unwrap_or(0);
    text.chars().skip(text[..at].chars().count().saturating_sub(80)).take(200).collect()
}

fn hex8(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

fn hex16(text: &str) -> String {
    text.encode_utf16().map(|unit| format!("{unit:04x}")).collect::<Vec<_>>().concat()
}

#[test]
fn the_clients_copy_says_the_same_with_other_names() {
    let mut project = template("two-sites-exchange-2003").project.as_ref().clone();
    project.dossier.background =
        "LON-BE1 at 10.1.0.10 is full; www.hartwell.example is not.".to_owned();
    let analysis = analyse(&project);
    let client = build(&analysis, &options(Audience::Client));
    let internal = build(&analysis, &options(Audience::Internal));
    let text = markdown(&client);
    for secret in ["LON-BE1", "lon-be1", "10.1.0.", "hartwell.local", "SP2", "LDS-DC1"] {
        assert!(!text.contains(secret), "{}", around(&text, secret));
        assert!(markdown(&internal).contains(secret), "{secret} is in the consultants' copy");
    }
    for shown in ["mail1.hartwell.example", "203.0.113.10", "London", "server A", "Leeds"] {
        assert!(text.contains(shown), "{shown}");
    }
    assert_eq!(client.cover.verdict, internal.cover.verdict);
    let background = text.lines().find(|line| line.contains("is full")).unwrap();
    assert!(background.contains("www.hartwell.example is not"), "{background}");
    assert_eq!(client.sections.len(), internal.sections.len());
    assert!(text.contains("| servers | 5 | a word and a letter"), "what was withheld is counted");
    assert!(!markdown(&internal).contains("How many"), "nothing is withheld from the consultants");
}

/// A finding's and a promise's verdicts do not hang on names.
#[test]
fn each_box_of_the_clients_copy_is_the_same_as_in_the_consultants() {
    let analysis = template("two-sites-exchange-2003");
    let client = build(&analysis, &options(Audience::Client));
    let internal = build(&analysis, &options(Audience::Internal));
    assert_eq!(super::boxes(&client), super::boxes(&internal));
    let steps = |document: &Document| -> Vec<String> {
        use bridgehead::report::document::Block;
        let blocks = document.sections.iter().flat_map(|section| &section.blocks);
        blocks
            .filter_map(|block| match block {
                Block::Steps(steps) => Some(steps.iter().map(|step| step.id.clone())),
                _ => None,
            })
            .flatten()
            .collect()
    };
    assert_eq!(steps(&client), steps(&internal));
}

#[test]
fn names_that_only_the_inside_has_are_withheld_below_a_public_domain_too() {
    let project = template("three-ad-sites-exchange-se").project.clone();
    let options = |audience| ReportOptions { audience, ..super::options() };
    let internal = build(&analyse(&project), &options(Audience::Internal));
    assert!(markdown(&internal).contains("she-ex1.ad.merrow.example"), "the test is of no use");
    let client = for_client(&project);
    let text = markdown(&client);
    assert!(!text.contains("ad.merrow.example") && !text.contains("der-ex1"), "{text}");
    // What senders see stays.
    assert!(text.contains("mail.merrow.example"), "{text}");
    let printed = render(&client, &PdfOptions::default()).unwrap();
    let words = spelled_out(&Scratch::with(&printed.bytes));
    assert!(!words.contains("ad.merrow"), "{words}");
}
