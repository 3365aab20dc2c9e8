//! The PDF as foreign programs read it.

use super::{
    TEMPLATES, boxes, options, printed, template,
    tools::{Scratch, fonts, run, spelled_out, squash, squashed},
};
use bridgehead::{
    report::{
        ReportOptions, build,
        document::{Block, Document},
        pdf::{Paper, PdfOptions, render},
    },
    templates,
};

#[test]
fn qpdf_finds_nothing_wrong() {
    for name in TEMPLATES {
        for paper in [Paper::A4, Paper::Letter] {
            let document = build(&template(name), &options());
            let options = PdfOptions { paper, ..PdfOptions::default() };
            let file = Scratch::with(&render(&document, &options).unwrap().bytes);
            let output = run("qpdf", &["--check", file.0.to_str().unwrap()]);
            assert!(output.status.success(), "{name} on {paper:?}: {output:?}");
        }
    }
}

/// The text of a section: from its heading to the next one's.
fn section<'t>(text: &'t str, document: &Document, title: &str) -> &'t str {
    let mut from = 0;
    let mut found = None;
    for section in &document.sections {
        let heading = squash(&format!("{} {}", section.number, section.title));
        let at = from + text[from..].find(&heading).unwrap_or_else(|| panic!("no {heading}"));
        if let Some(start) = found {
            return &text[start..at];
        }
        if section.title == title {
            found = Some(at);
        }
        from = at + heading.len();
    }
    &text[found.expect("no such section")..]
}

fn expect(text: &str, wanted: &str, what: &str) {
    assert!(text.contains(&squash(wanted)), "{what}: `{wanted}` is not in it");
}

#[test]
fn every_server_address_step_and_finding_stands_in_its_section() {
    for name in TEMPLATES {
        let project = templates::find(name).unwrap().plan;
        let (document, bytes) = printed(&project);
        let analysis = template(name);
        let text = squashed(&Scratch::with(&bytes));
        let part = |title: &str| section(&text, &document, title);
        for phase in &analysis.phases {
            let topology = &phase.topology;
            for server in topology.servers.values() {
                expect(part("Servers"), &server.name, "servers");
                for address in &server.addresses {
                    expect(part("Servers"), &address.to_string(), "servers");
                }
            }
            for listener in topology.listeners.values().filter_map(|l| l.fqdn.as_ref()) {
                expect(part("SMTP"), listener.as_str(), "bindings");
            }
            for line in topology.lines.values() {
                for address in &line.addresses {
                    expect(part("Addresses and translation"), &address.to_string(), "addresses");
                }
            }
            for published in topology.firewalls.values().flat_map(|f| &f.published) {
                let public = std::net::SocketAddr::new(published.public, published.port);
                let wanted = format!("{public} → {}", published.to);
                expect(part("Addresses and translation"), &wanted, "firewalls");
            }
            for (id, set) in &topology.records {
                expect(part("DNS, inside and outside"), id.name.as_str(), "DNS");
                for value in set.data.lines() {
                    expect(part("DNS, inside and outside"), &value, "DNS");
                }
            }
            for finding in &phase.findings {
                expect(part("Findings"), &finding.message, "findings");
            }
        }
        for promise in project.promises.values() {
            expect(part("Background and requirements"), &promise.text, "promises");
        }
        for assumption in project.assumptions.values() {
            expect(part("Assumptions"), &assumption.text, "assumptions");
        }
        for block in document.sections.iter().flat_map(|section| &section.blocks) {
            let Block::Steps(steps) = block else { continue };
            for step in steps {
                expect(part("Migration phases"), &step.action, "phases");
                expect(part("Migration phases"), &step.back.plain(), "way back");
            }
        }
        for lesson in [
            "set up everything that you need before you start",
            "bind to an address unless there is a reason not to",
            "don't presume that this network is like others",
        ] {
            expect(part("Lessons learned"), lesson, "lessons");
        }
    }
}

#[test]
fn the_usual_tests_pass_beside_the_one_that_fails() {
    let (document, bytes) = printed(&templates::find("two-sites-exchange-2003").unwrap().plan);
    let text = squashed(&Scratch::with(&bytes));
    let part = section(&text, &document, "The usual tests");
    for wanted in [
        "ping 10.1.0.11",
        "ping LON-FE1",
        "nslookup lon-fe1.lon.hartwell.local 10.1.0.2",
        "nslookup mail1.hartwell.example 10.1.0.2",
        "203.0.113.10, not 10.1.0.11",
    ] {
        expect(part, wanted, "usual tests");
    }
}

/// Squares in the pages' operators: a closed path of four corners with equal sides of a box's size.
fn squares(spelled_out: &str) -> usize {
    let lines: Vec<&str> = spelled_out.lines().map(str::trim).collect();
    let point = |line: &str, operator: &str| -> Option<[f32; 2]> {
        let parts: Vec<&str> = line.split_whitespace().collect();
        let [x, y, op] = parts[..] else { return None };
        (op == operator).then_some([x.parse().ok()?, y.parse().ok()?])
    };
    let is_square = |five: &[&str]| -> Option<bool> {
        let a = point(five[0], "m")?;
        let (b, c, d) = (point(five[1], "l")?, point(five[2], "l")?, point(five[3], "l")?);
        let (width, height) = (b[0] - a[0], a[1] - d[1]);
        let closed = five[4] == "h" && (c[0] - b[0]).abs() < 0.02 && (c[1] - d[1]).abs() < 0.02;
        Some(closed && (width - height).abs() < 0.05 && (8.0..=10.5).contains(&width))
    };
    lines.windows(5).filter(|five| is_square(five).unwrap_or(false)).count()
}

#[test]
fn as_many_boxes_are_drawn_as_there_is_to_tick() {
    for name in TEMPLATES {
        let (document, bytes) = printed(&templates::find(name).unwrap().plan);
        let drawn = squares(&spelled_out(&Scratch::with(&bytes)));
        assert_eq!(drawn, boxes(&document), "{name}");
    }
}

#[test]
fn the_drawing_is_made_of_paths_and_shows_every_link() {
    for name in TEMPLATES {
        let analysis = template(name);
        let (document, bytes) = printed(&analysis.project);
        let text = spelled_out(&Scratch::with(&bytes));
        assert!(!text.contains("/Subtype /Image") && !text.contains("/Image"), "{name}");
        let blocks = document.sections.iter().flat_map(|section| &section.blocks);
        let figures = blocks.filter(|block| matches!(block, Block::Figure(_))).count();
        let links = analysis.phases[0].topology.links.len();
        assert!(figures >= 2 && links > 0);
        // The templates have the same links in every phase.
        assert_eq!(text.matches("/Link BMC").count(), figures * links, "{name}");
    }
}

#[test]
fn the_fonts_are_embedded_cut_down_and_readable() {
    let (_, bytes) = printed(&templates::find(TEMPLATES[1]).unwrap().plan);
    let table = fonts(&Scratch::with(&bytes));
    let rows: Vec<&str> = table.lines().skip(2).collect();
    // Beside them what viewers set letters and ticks in while somebody types: it is in every viewer.
    let (own, theirs): (Vec<&str>, Vec<&str>) = rows.iter().partition(|row| row.contains('+'));
    assert!(theirs.iter().all(|row| row.contains("Helvetica") || row.contains("ZapfDingbats")));
    assert_eq!(own.len(), 3, "{table}");
    for row in own {
        assert!(row.contains("IBMPlex") && row.contains("yes yes yes"), "{table}");
    }
    assert!(bytes.len() < 400_000, "{} bytes", bytes.len());
}

#[test]
fn the_same_plan_and_date_give_the_same_bytes() {
    let project = templates::find(TEMPLATES[1]).unwrap().plan;
    let (_, first) = printed(&project);
    let (_, second) = printed(&project);
    assert!(first == second);
    let later = ReportOptions { date: "2026-11-25".to_owned(), ..options() };
    let document = build(&template(TEMPLATES[1]), &later);
    assert!(render(&document, &PdfOptions::default()).unwrap().bytes != first);
}

#[test]
fn the_file_says_what_it_is() {
    let (document, bytes) = printed(&templates::find(TEMPLATES[1]).unwrap().plan);
    let file = Scratch::with(&bytes);
    let output = run("pdfinfo", &[file.0.to_str().unwrap()]);
    let info = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(info.contains(&format!("{}: {}", document.title, document.subtitle)), "{info}");
    let text = spelled_out(&file);
    assert!(text.contains("/PageMode /UseOutlines") && text.contains("/DisplayDocTitle true"));
    let entries = text.matches("/Dest [").count();
    assert!(entries > document.sections.len(), "{entries} entries in the outline");
    assert!(text.contains("/Lang <feff0065006e002d00470042>") || text.contains("/Lang (en-GB)"));
}
