//! Plans that nobody would draw: very many servers, very long names, characters of other scripts.
//! Nothing leaves its page, and nothing panics.

use super::{
    options, printed, template,
    tools::{Scratch, run, spelled_out, word_boxes},
};
use bridgehead::{
    model::{
        Project,
        dns::Place,
        server::{Listener, ListenerId, Platform, Server, ServerField},
        site::{Segment, SegmentField, Site},
    },
    report::{
        build,
        pdf::{Paper, PdfOptions, render},
    },
};

/// Left and right of the body in points, with a point for the width of glyphs' side bearings.
const MARGIN: f32 = 56.0;

fn within(bytes: &[u8], pages_min: usize) {
    let file = Scratch::with(bytes);
    let check = run("qpdf", &["--check", file.0.to_str().unwrap()]);
    assert!(check.status.success(), "{check:?}");
    let pages = word_boxes(&file);
    assert!(pages.len() >= pages_min, "{} pages", pages.len());
    for (at, ([width, height], words)) in pages.iter().enumerate() {
        for [left, top, right, bottom] in words {
            let inside = *left >= MARGIN
                && *right <= width - MARGIN
                && *top >= 20.0
                && *bottom <= height - 25.0;
            assert!(inside, "page {}: {left} {top} {right} {bottom} of {width}", at + 1);
        }
    }
}

fn server(project: &mut Project, id: &str, name: &str, address: &str) {
    let place = Place::Segment("lan".parse().unwrap());
    let mut server = blank(name, place);
    server.set(ServerField::Platform(Some(Platform::Exchange2003)));
    server.set(ServerField::Addresses(vec![address.parse().unwrap()]));
    project.as_is.servers.insert(id.parse().unwrap(), server);
    let listener = ListenerId { server: id.parse().unwrap(), number: 1 };
    project.as_is.listeners.insert(listener, named_listener("Default SMTP Virtual Server"));
}

/// The smallest server, as a file would hold it.
fn blank(name: &str, place: Place) -> Server {
    Server {
        name: name.to_owned(),
        place,
        role: bridgehead::model::server::Role::BackEnd,
        platform: None,
        edition: String::new(),
        organisation: None,
        computer_name: None,
        directory_domain: None,
        addresses: vec![],
        resolvers: None,
        group: None,
        routes: vec![],
        relay_domains: std::collections::BTreeSet::new(),
        relay_from: None,
        keeps_on_name_error: false,
    }
}

fn named_listener(name: &str) -> Listener {
    Listener {
        name: name.to_owned(),
        fqdn: None,
        bindings: bridgehead::model::server::Bindings::All,
        port: None,
        smart_host: None,
    }
}

fn one_site(name: &str) -> Project {
    let mut project = Project::new(name);
    let site = Site { name: name.to_owned(), resolvers: None, internet: None };
    project.as_is.sites.insert("here".parse().unwrap(), site);
    let mut lan = Segment {
        name: name.to_owned(),
        site: "here".parse().unwrap(),
        kind: bridgehead::model::site::SegmentKind::Lan,
        subnets: std::collections::BTreeSet::new(),
        from_segments: None,
    };
    lan.set(SegmentField::Subnets(["10.0.0.0/8".parse().unwrap()].into()));
    project.as_is.segments.insert("lan".parse().unwrap(), lan);
    project
}

#[test]
fn four_hundred_servers_fit_their_pages() {
    let mut project = one_site("Very many");
    for at in 0..400 {
        let address = format!("10.1.{}.{}", at / 200, at % 200 + 1);
        server(&mut project, &format!("srv-{at}"), &format!("SRV-{at:03}"), &address);
    }
    let (_, bytes) = printed(&project);
    within(&bytes, 20);
    let text = super::tools::squashed(&Scratch::with(&bytes));
    for at in 0..400 {
        assert!(text.contains(&format!("SRV-{at:03}")), "server {at} is missing");
    }
}

#[test]
fn names_of_five_thousand_characters_are_broken_not_cut() {
    let long = "Wörter".repeat(834) + &"x".repeat(5000);
    let mut project = one_site(&long);
    project.dossier.client.clone_from(&long);
    project.dossier.contact.clone_from(&long);
    project.dossier.background = long.clone() + "\n\n" + &long;
    server(&mut project, "srv", &long, "10.1.0.1");
    let (_, bytes) = printed(&project);
    within(&bytes, 5);
    let text = super::tools::squashed(&Scratch::with(&bytes));
    assert!(text.matches("Wörter").count() > 834, "the whole name stands somewhere");
}

#[test]
fn letter_paper_holds_everything_too() {
    let document = build(&template("two-sites-exchange-2003"), &options());
    let printed =
        render(&document, &PdfOptions { paper: Paper::Letter, ..PdfOptions::default() }).unwrap();
    within(&printed.bytes, 20);
}

#[test]
fn characters_without_a_glyph_are_named_and_reported() {
    let project = one_site("会社 \u{202e} \u{1F600} Ελλάδα");
    let document = build(&bridgehead::analysis::analyse(&project), &options());
    let printed = render(&document, &PdfOptions::default()).unwrap();
    assert!(printed.missing.contains(&'会') && printed.missing.contains(&'\u{1F600}'));
    assert!(!printed.missing.contains(&'λ'));
    let text = super::tools::squashed(&Scratch::with(&printed.bytes));
    assert!(text.contains("[U+4F1A]") && text.contains("Ελλάδα"), "{text}");
}

#[test]
fn a_plan_with_nothing_in_it_is_printed() {
    let (document, bytes) = printed(&Project::new("Empty"));
    within(&bytes, 3);
    assert_eq!(
        super::boxes(&document),
        spelled_out(&Scratch::with(&bytes)).matches("/TickBox BMC").count()
    );
}

/// A plan of so many sites, each with a server whose mail nobody has an address for.
fn many_sites(number: usize) -> Project {
    let mut project = one_site("Very many sites");
    for at in 0..number {
        let site = Site { name: format!("Site {at}"), resolvers: None, internet: None };
        project.as_is.sites.insert(format!("site-{at}").parse().unwrap(), site);
        let lan = Segment {
            name: "LAN".to_owned(),
            site: format!("site-{at}").parse().unwrap(),
            kind: bridgehead::model::site::SegmentKind::Lan,
            subnets: std::collections::BTreeSet::new(),
            from_segments: None,
        };
        project.as_is.segments.insert(format!("lan-{at}").parse().unwrap(), lan);
    }
    project
}

#[test]
fn four_hundred_sites_are_printed_for_both_audiences() {
    use bridgehead::report::{Audience, ReportOptions};
    let analysis = bridgehead::analysis::analyse(&many_sites(400));
    for audience in [Audience::Internal, Audience::Client] {
        let document = build(&analysis, &ReportOptions { audience, ..options() });
        let printed = render(&document, &PdfOptions::default()).unwrap();
        assert!((10..200).contains(&printed.pages), "{} pages", printed.pages);
    }
}

#[test]
fn three_thousand_findings_leave_the_decision_on_one_page() {
    use bridgehead::{report::document::Block, rules::rule::Severity};
    let mut analysis = (*template("two-sites-exchange-2003")).clone();
    let mut phase = (*analysis.phases[3]).clone();
    let first = phase.findings.iter().find(|f| f.severity == Severity::Error).unwrap().clone();
    for at in 0..3000 {
        let mut one = first.clone();
        one.subject = format!("server:made-up-{at}").parse().unwrap();
        one.evidence = None;
        phase.findings.push(one);
    }
    analysis.phases[3] = std::sync::Arc::new(phase);
    let document = build(&analysis, &options());
    let section = |key: &str| document.sections.iter().find(|s| s.key == key).unwrap();
    let items = section("decision").blocks.iter().filter_map(|block| match block {
        Block::Checklist(list) => Some(list.items.len()),
        _ => None,
    });
    assert!(items.sum::<usize>() <= 14);
    let outstanding = section("outstanding").blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table.rows.len()),
        _ => None,
    });
    assert!(outstanding.sum::<usize>() < 20);
    let printed = render(&document, &PdfOptions::default()).unwrap();
    assert!(printed.pages < 1500, "{} pages", printed.pages);
}

#[test]
fn texts_of_megabytes_and_very_many_rows_are_cut_and_the_document_says_so() {
    use bridgehead::report::document::Block;
    let mut project = Project::clone(&template("two-sites-done-right").project);
    let promise = project.promises.values_mut().next().unwrap();
    promise.text = "a requirement that somebody pasted in ".repeat(60_000);
    for number in 0..120 {
        let name = format!("{number} {}", "very long name ".repeat(400));
        server(&mut project, &format!("long-{number}"), &name, "10.1.9.9");
    }
    let zone = "outside/hartwell.example";
    for number in 0..6_000_u32 {
        let address = std::net::Ipv4Addr::from(0xC000_0200 + number % 250);
        let id = format!("{zone}/host-{number}/a").parse().unwrap();
        let data = bridgehead::model::dns::RecordData::A(vec![address]);
        project.as_is.records.insert(id, bridgehead::model::dns::RecordSet { data, ttl_s: None });
    }
    let document = build(&bridgehead::analysis::analyse(&project), &options());
    let text = bridgehead::report::markdown::markdown(&document);
    assert!(text.len() < 8_000_000, "{}", text.len());
    assert!(text.contains("characters and are cut here"));
    assert!(text.contains("more stand in the plan: too many to be printed"));
    let rows =
        document.sections.iter().flat_map(|section| &section.blocks).map(|block| match block {
            Block::Table(table) => table.rows.len(),
            _ => 0,
        });
    assert_eq!(rows.max(), Some(5_000));
    // What is long, and not too long, stands whole.
    let mut project = Project::clone(&template("two-sites-done-right").project);
    project.promises.values_mut().next().unwrap().text = "whole ".repeat(3_000);
    let document = build(&bridgehead::analysis::analyse(&project), &options());
    assert!(bridgehead::report::markdown::markdown(&document).contains(&"whole ".repeat(2_999)));
}
