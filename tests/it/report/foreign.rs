//! The copies as foreign programs read them: pikepdf for structure and PDF/A-3b, `PDFium` for boxes that
//! tick and keep their state, poppler and mutool for the rest; and what comes back from a filled copy.
//!
//! `tests/run` puts the Python packages into `target/pdf-tools`.

use super::{
    options, template,
    tools::{Scratch, run},
};
use bridgehead::{
    file,
    model::{Project, change::apply},
    report::{
        Audience, Copy, ReportOptions, build,
        pdf::{self, PdfOptions, ProfileFile, read_back as pdf_back},
        read_back,
    },
    templates,
};
use std::path::{Path, PathBuf};

/// What was said of a file: nothing is tolerated.
fn complained(said: &str) -> Vec<String> {
    said.lines().map(str::to_owned).collect()
}

fn tools() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let python = target.join("pdf-tools/bin/python");
    assert!(python.exists(), "{} is missing: tests/run makes it", python.display());
    python
}

fn copy(project: &Project, copy: Copy, audience: Audience) -> Vec<u8> {
    let analysis = bridgehead::analysis::analyse(project);
    let document = build(&analysis, &ReportOptions { copy, audience, ..options() });
    let plan = (copy == Copy::Record && audience == Audience::Internal)
        .then(|| file::save(project).into_bytes().into());
    let options = PdfOptions { copy, plan, ..PdfOptions::default() };
    pdf::render(&document, &options).unwrap().bytes
}

/// A folder that is gone after the test.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn folder(name: &str) -> Folder {
    let path =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    std::fs::create_dir_all(&path).unwrap();
    Folder(path)
}

/// Runs the checks over files in one process; gives back what is not tolerated.
fn complaints(files: &[PathBuf]) -> Vec<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/report/check.py");
    let mut arguments = vec![script];
    arguments.extend(files.iter().map(|path| path.to_str().unwrap()));
    let output = run(tools().to_str().unwrap(), &arguments);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let all = format!("checked {}", files.len());
    assert!(output.status.success() && said.contains(&all), "{said} {output:?}");
    complained(&said.replace(&all, "")).into_iter().filter(|line| !line.is_empty()).collect()
}

#[test]
fn every_copy_of_every_template_passes_foreign_readers_and_a_ticked_one_comes_back() {
    let folder = folder("copies");
    let mut files = Vec::new();
    for (name, _) in templates::TEMPLATES {
        let project = &templates::find(name).unwrap().plan;
        for (kind, kept) in [(Copy::Working, "working"), (Copy::Record, "record")] {
            for (audience, whose) in [(Audience::Internal, "ours"), (Audience::Client, "client")] {
                let path = folder.0.join(format!("{name}-{whose}-{kept}.pdf"));
                std::fs::write(&path, copy(project, kind, audience)).unwrap();
                files.push(path);
            }
        }
    }
    assert_eq!(complaints(&files), Vec::<String>::new());
    let working = folder.0.join("two-sites-exchange-2003-ours-working.ticked.pdf");
    comes_back(&std::fs::read(working).unwrap());
    let printed = folder.0.join("two-sites-exchange-2003-ours-record.pdf");
    let printed = printed.to_str().unwrap();
    let outline = run("mutool", &["show", printed, "outline"]);
    let shown = String::from_utf8_lossy(&outline.stdout);
    assert!(outline.status.success() && outline.stderr.is_empty(), "{outline:?}");
    assert!(shown.lines().any(|line| line.contains("\t\t")), "no second level: {shown}");
    let info = run("pdfinfo", &["-struct", printed]);
    assert!(info.status.success() && String::from_utf8_lossy(&info.stdout).contains("TH"));
    assert_eq!(complained(&String::from_utf8_lossy(&info.stderr)), Vec::<String>::new());
}

/// The copy in which `PDFium` has ticked every box, taken into the plan.
fn comes_back(bytes: &[u8]) {
    let analysis = template("two-sites-exchange-2003");
    let filled = read_back::ticks(&analysis, bytes).unwrap();
    assert!(filled.unknown.is_empty() && filled.taken > 20, "{filled:?}");
    let mut project = (*analysis.project).clone();
    apply(&mut project, filled.change).unwrap();
    let steps: usize = project.phases.iter().map(|phase| phase.edits.len()).sum();
    assert_eq!(project.step_notes.values().filter(|note| note.done).count(), steps);
    // Once taken, it says nothing new; and a copy that nobody touched says nothing at all.
    let again = read_back::ticks(&bridgehead::analysis::analyse(&project), bytes).unwrap();
    assert_eq!(again.taken, 0);
    let fresh = copy(&project, Copy::Working, Audience::Internal);
    let untouched = pdf_back::filled(&fresh).unwrap();
    assert!(untouched.boxes.is_empty() && untouched.fields.is_empty() && untouched.untouched > 20);
    // In the record copy they are drawn as they stand.
    let kept = copy(&project, Copy::Record, Audience::Internal);
    let text = super::tools::spelled_out(&Scratch::with(&kept));
    assert!(text.contains("(ticked: ") && !text.contains("/Widget"));
}

#[test]
fn an_internal_record_copy_gives_its_plan_back_and_no_other_copy_does() {
    let project = templates::find("two-sites-done-right").unwrap().plan;
    let saved = file::save(&project);
    let record = copy(&project, Copy::Record, Audience::Internal);
    assert_eq!(pdf_back::plan(&record, file::SIZE_MAX).unwrap(), saved.as_bytes());
    assert_eq!(pdf_back::plan(&record, 10), Err(pdf_back::ReadBackError::Size(10)));
    for (kind, audience) in [(Copy::Record, Audience::Client), (Copy::Working, Audience::Internal)]
    {
        let other = copy(&project, kind, audience);
        assert_eq!(pdf_back::plan(&other, file::SIZE_MAX), Err(pdf_back::ReadBackError::Plan));
    }
    assert_eq!(pdf_back::filled(&record), Err(pdf_back::ReadBackError::Fields));
    assert!(matches!(pdf_back::plan(b"%PDF-1.7 no", 10), Err(pdf_back::ReadBackError::Syntax(_))));
}

#[test]
fn a_profile_brings_its_colour_and_its_logo() {
    let logo = include_bytes!("logo.png");
    let file = ProfileFile::from_ron("(firm: \"Postmark\", accent: \"#7A1F5C\", logo: \"l.png\")");
    let profile = file.unwrap().profile(Some(logo)).unwrap();
    let document = build(&template("two-sites-done-right"), &options());
    let options = PdfOptions { profile, copy: Copy::Record, ..PdfOptions::default() };
    let bytes = pdf::render(&document, &options).unwrap().bytes;
    let scratch = Scratch::with(&bytes);
    let text = super::tools::spelled_out(&scratch);
    assert!(text.contains("/Logo Do") && text.contains("0.478 0.122 0.361 rg"));
    assert!(!text.contains("0 0.447 0.698 rg"), "the program's own accent is left somewhere");
    let folder = folder("profile");
    let path = folder.0.join("profile-record.pdf");
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(complaints(&[path]), Vec::<String>::new());
}
