//! Plans that are too large for one drawing: an overview with every link, and sheets that can be read.

use super::{
    printed,
    tools::{Scratch, spelled_out, squashed, word_boxes},
};
use bridgehead::{file, model::Project, report::document::Block};
use std::fmt::Write as _;

/// The lowest box that pdftotext draws around print of 6 points.
const READABLE: f32 = 7.0;

/// Sites with a group each, joined to the first by links and connectors, so many servers in each.
fn plan(sites: usize, servers: usize) -> Project {
    let (mut places, mut segments, mut groups) = (String::new(), String::new(), String::new());
    let (mut links, mut connectors, mut hosts) = (String::new(), String::new(), String::new());
    for s in 0..sites {
        write!(places, r#""s{s}": (name: "Site {s}"),"#).expect("a string takes all");
        write!(segments, r#""l{s}": (name: "LAN", site: "s{s}", subnets: ["10.{s}.0.0/16"]),"#)
            .expect("a string takes all");
        write!(groups, r#""g{s}": (name: "Group {s}"),"#).expect("a string takes all");
        if s > 0 {
            write!(
                links,
                r#""w{s}": (name: "WAN {s}", a: "s0", b: "s{s}", bandwidth_kbit: 2000),"#
            )
            .expect("a string takes all");
            write!(connectors, r#""c{s}": (name: "To {s}", from: "g0", to: "g{s}"),"#)
                .expect("a string takes all");
            write!(connectors, r#""d{s}": (name: "From {s}", from: "g{s}", to: "g0"),"#)
                .expect("a string takes all");
        }
        for n in 0..servers {
            let role = if n < 2 { "FrontEnd" } else { "BackEnd" };
            write!(
                hosts,
                r#""h{s}-{n}": (name: "SRV-{s}-{n:02}", place: Segment("l{s}"), role: {role}, platform: Exchange2003, addresses: ["10.{s}.0.{n}"], group: "g{s}"),"#
            ).expect("a string takes all");
        }
    }
    let text = format!(
        r#"(format: {}, plan: (name: "Large", as_is_title: "As it is", as_is: (sites: {{{places}}}, segments: {{{segments}}}, links: {{{links}}}, servers: {{{hosts}}}, groups: {{{groups}}}, group_connectors: {{{connectors}}})))"#,
        file::FORMAT
    );
    file::load(text.as_bytes()).unwrap().project
}

#[test]
fn a_large_plan_has_an_overview_and_sheets_that_can_be_read() {
    let project = plan(6, 10);
    let (document, bytes) = printed(&project);
    let blocks = document.sections.iter().flat_map(|section| &section.blocks);
    let figures: Vec<_> = blocks
        .filter_map(|block| if let Block::Figure(figure) = block { Some(figure) } else { None })
        .collect();
    // One phase: the overview, and a sheet for each site.
    assert_eq!(figures.len(), 7);
    assert!(figures[0].caption.starts_with("Overview"), "{}", figures[0].caption);
    assert!(figures[1..].iter().all(|figure| figure.caption.contains("10 servers")));
    let file = Scratch::with(&bytes);
    let drawn = spelled_out(&file);
    let count = |tag: &str| drawn.matches(&format!("/{tag} BMC")).count();
    assert_eq!(count("Link"), project.as_is.links.len(), "every link, on the overview alone");
    assert_eq!(count("Connector"), project.as_is.group_connectors.len());
    assert_eq!(count("Server"), 6 + 60, "six cards that count, and each server once");
    for (at, (_, words)) in word_boxes(&file).iter().enumerate() {
        let lowest = words.iter().map(|[_, top, _, bottom]| bottom - top).fold(99.0, f32::min);
        assert!(lowest >= READABLE, "page {}: print {lowest} points high", at + 1);
    }
    let text = squashed(&file);
    for server in project.as_is.servers.values() {
        // In the drawing as well as in the table.
        assert!(text.matches(server.name.as_str()).count() >= 2, "{}", server.name);
    }
}
