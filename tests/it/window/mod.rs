//! A plan drawn by mouse and keyboard, from an empty canvas to a cure and back.

mod display;
mod hand;
mod killed;

use crate::{
    probe::served::{serve_inside, serve_outside},
    report::tools::run,
    support::program::{Folder, arg, bridgehead},
};
use bridgehead::{file, model::unfold::unfold};
use eframe::egui::{Key, Modifiers};
use hand::{Hand, spot};
use std::path::Path;

/// Where the two sites are drawn: their titles stand a little above.
const LONDON: (f32, f32) = (300.0, 420.0);
const LEEDS: (f32, f32) = (860.0, 420.0);

/// Draws with a tool and names what came.
fn stamp(hand: &mut Hand, tool: &str, (x, y): (f32, f32), name: &str) {
    hand.click(&format!("Tool: {tool}"));
    hand.click_at(spot(x, y));
    hand.write(name);
    hand.key(Modifiers::NONE, Key::Enter);
}

/// Two sites with a WAN link, lines with firewalls, and a resolver with its forwarder.
fn network(hand: &mut Hand) {
    stamp(hand, "Site", LONDON, "London");
    stamp(hand, "Site", LEEDS, "Leeds");
    for (site, net, public) in
        [("London", "10.1.0.0/16", "203.0.113.10"), ("Leeds", "10.2.0.0/16", "198.51.100.20")]
    {
        hand.click_at(hand.at_start(&format!("Site {site}")));
        hand.click("LAN");
        hand.fill("Subnets, one a line", net);
        hand.click("Tool: Internet line");
        hand.drag(hand.at_start(&format!("Site {site}")), hand.at("Internet"));
        hand.fill("Addresses, one a line", public);
        hand.click_at(hand.at_start(&format!("Firewall {site} firewall")));
        hand.pick("Turns inside connections back (hairpin)", "no");
        hand.pick("Who may open port 25 to the Internet", "Every host of the site");
    }
    hand.click("Tool: WAN link");
    hand.drag(hand.at_start("Site London"), hand.at_start("Site Leeds"));
    hand.pick("What passes", "Everything passes");
    stamp(hand, "Resolver", (LONDON.0 - 80.0, LONDON.1 + 130.0), "DC1");
    hand.fill("Addresses, one a line", "10.1.0.2");
    hand.pick("Asks for other names", "The public DNS");
    for site in ["London", "Leeds"] {
        hand.click_at(hand.at_start(&format!("Site {site}")));
        hand.pick("Resolvers", "DC1");
    }
}

/// What has no place on the drawing: by the Insert menu.
fn names(hand: &mut Hand) {
    hand.choose("Insert", "DNS view…");
    hand.fill("Name", "Outside");
    hand.click("What everybody on the Internet is told");
    hand.click("Add");
    hand.choose("Insert", "DNS zone…");
    hand.fill("Name of the zone", "hartwell.example");
    hand.click("Add");
    hand.choose("Insert", "DNS record…");
    hand.fill("Name, or @ for the zone itself", "mail1");
    hand.fill("Records, one a line", "203.0.113.10");
    hand.click("Add");
    hand.choose("Insert", "Organisation…");
    hand.fill("Name", "Hartwell");
    hand.click("Add");
    hand.choose("Insert", "Mail domain…");
    hand.fill("Domain", "hartwell.example");
    hand.click("Add");
}

/// A front-end and a back-end server in each site, by the tool; what is known of them, by the inspector.
fn servers(hand: &mut Hand) {
    for (site, title) in [("LON", "Site London"), ("LDS", "Site Leeds")] {
        let corner = hand.box_of(title).min;
        stamp(hand, "Server", (corner.x + 110.0, corner.y + 110.0), &format!("{site}-FE1"));
        facts(hand, site, "FE1", "11");
        let right = hand.box_of(title).max.x;
        stamp(hand, "Server", (right - 30.0, corner.y + 110.0), &format!("{site}-BE1"));
        hand.click("Server");
        facts(hand, site, "BE1", "10");
        let people = if site == "LON" { "London users" } else { "Leeds users" };
        hand.choose("Insert", "Mailboxes…");
        hand.fill("Name", people);
        hand.pick("On the server", &format!("{site}-BE1"));
        hand.click("Add");
    }
}

fn facts(hand: &mut Hand, site: &str, kind: &str, host: &str) {
    let (net, number) = if site == "LON" { ("10.1.0", "1") } else { ("10.2.0", "2") };
    let name = format!("{site}-{kind}");
    hand.pick("Platform", "Exchange 2000 or 2003");
    hand.fill("Computer name", &name.to_lowercase());
    hand.fill("Addresses, one a line", &format!("{net}.{host}"));
    if kind == "FE1" {
        hand.click("Listeners");
        hand.fill("FQDN", &format!("mail{number}.hartwell.example"));
    }
}

/// A box around the servers of each site makes a routing group; a line between two groups a connector.
fn routing(hand: &mut Hand) {
    for (name, site) in [("London", "LON"), ("Leeds", "LDS")] {
        let first = hand.box_of(&format!("Server {site}-FE1"));
        let second = hand.box_of(&format!("Server {site}-BE1"));
        let around = first.union(second).expand(10.0);
        hand.click("Tool: Routing group");
        hand.drag(around.min, around.max);
        hand.write(&format!("{name} group"));
        hand.key(Modifiers::NONE, Key::Enter);
    }
    for (from, to) in [("LDS-FE1", "LON-FE1"), ("LON-FE1", "LDS-FE1")] {
        hand.click("Tool: Connector");
        let end = |name: &str| hand.at_start(&format!("Server {name}"));
        hand.drag(end(from), end(to));
    }
}

/// The codes of the findings that the command line reports.
fn codes(plan: &Path) -> Vec<String> {
    let ran = bridgehead(["check", &arg(plan), "--phase", "0", "--format", "json"]);
    let findings = ran.json()["phases"][0]["findings"].as_array().expect("a list").clone();
    findings.iter().map(|f| f["code"].as_str().expect("a code").to_owned()).collect()
}

/// Cures the first finding of the code with what the window offers first, until none is left.
fn cure(hand: &mut Hand, code: &str) {
    while let Some(finding) = hand.names(code).into_iter().next() {
        hand.click(&finding);
        hand.click("Bind LON-FE1 to 10.1.0.11");
    }
}

/// Three phases; what is entered in the third is not there before.
fn later(hand: &mut Hand, folder: &Folder) {
    for title in ["Order", "Build", "Split"] {
        hand.click("+ Phase");
        hand.fill("Title", title);
        hand.click("Rename");
    }
    let seen = |hand: &mut Hand| -> Vec<Vec<String>> {
        let phase = |n: usize| format!("Phase {n} ");
        (0..3)
            .map(|n| {
                hand.click_at(hand.at_start(&phase(n)));
                let all = hand.names("");
                let drawing = all.iter().position(|name| name == "Drawing");
                all[drawing.expect("it is there")..].to_vec()
            })
            .collect()
    };
    let before = seen(hand);
    hand.click_at(hand.at_start("Phase 3 "));
    hand.click_at(hand.at_start("Link London to Leeds"));
    hand.fill("Bandwidth, kbit/s", "2048");
    assert_eq!(hand.names("London and Leeds, 2048 kbit/s").len(), 1, "{:?}", hand.names("Link"));
    assert_eq!(seen(hand), before, "phases 0 to 2 look as before");
    let text = hand.save_as("later.ron", folder);
    let plan = folder.write("later", text);
    for (phase, known) in [("0", false), ("2", false), ("3", true)] {
        let map = folder.file(&format!("{phase}.svg"));
        let ran =
            bridgehead(["export", &arg(&plan), "--as", "svg", "--phase", phase, "-o", &arg(&map)]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let drawn = std::fs::read_to_string(map).expect("it was written");
        assert_eq!(drawn.contains("2048 kbit/s"), known, "phase {phase}");
    }
}

/// Asks name servers of another make, and prints what they said.
fn checked_and_printed(hand: &mut Hand, plan: &str, folder: &Folder) {
    let project = file::load(plan.as_bytes()).expect("it reads").project;
    let topology = unfold(&project).swap_remove(0);
    let outside = serve_outside(&topology);
    let inside = serve_inside(&topology, outside.address);
    hand.click("Validation");
    hand.pick("Asked from the site", "Leeds");
    hand.fill("Inside resolver, IP:PORT", &inside.address.to_string());
    hand.fill("Outside resolver, IP:PORT", &outside.address.to_string());
    hand.click("List what will be contacted…");
    hand.click_at(hand.at_start("Send "));
    hand.picture("window-checked");
    hand.choose("File", "Save as");
    for path in hand.save_to("checked.ron", folder) {
        let text = std::fs::read(&path).expect("it was saved");
        let saved = file::load(&text).expect("it reads").project;
        let mut seen: Vec<_> =
            saved.evidence.values().map(|e| (e.question.as_str(), e.outcome.name())).collect();
        seen.sort_unstable();
        let asked = ["hartwell.example MX", "mail1.hartwell.example A", "mail2.hartwell.example A"];
        let both = |name| [format!("{name}, inside at Leeds"), format!("{name}, outside")];
        let all: Vec<String> = asked.into_iter().flat_map(both).collect();
        let passed: Vec<_> = all.iter().map(|question| (question.as_str(), "pass")).collect();
        let records = seen.iter().filter(|(question, _)| all.iter().any(|one| one == question));
        assert_eq!(records.copied().collect::<Vec<_>>(), passed, "{}", path.display());
        let of = |outcome: &str| -> Vec<&str> {
            seen.iter().filter(|(_, o)| *o == outcome).map(|(question, _)| *question).collect()
        };
        // No mail exchanger was drawn, and the catalogue says so.
        assert_eq!(of("fail"), ["M1 mail exchangers: hartwell.example, outside"]);
        assert_eq!(of("unknown"), Vec::<&str>::new());
    }
    hand.choose("File", "Handover…");
    hand.fill("Date, YYYY-MM-DD", "2026-11-24");
    hand.picture("window-handover");
    hand.click("Save as PDF…");
    for path in hand.save_to("handover.pdf", folder) {
        let path = arg(&path);
        assert!(run("qpdf", &["--check", &path]).status.success(), "{path}");
        let text = run("pdftotext", &["-raw", &path, "-"]).stdout;
        let text = String::from_utf8_lossy(&text).into_owned();
        for name in ["LON-FE1", "LDS-BE1", "mail1.hartwell.example", "BH103"] {
            assert!(text.contains(name), "{name} is not in {path}");
        }
    }
    hand.click("Back to the drawing");
}

fn whole_way(real: bool) {
    let folder = Folder::new();
    let mut hand = Hand::open(real);
    hand.click("New empty plan");
    let empty = hand.save_as("empty.ron", &folder);
    network(&mut hand);
    names(&mut hand);
    servers(&mut hand);
    routing(&mut hand);
    let drawn = hand.save_as("drawn.ron", &folder);
    let drawn = folder.write("drawn", drawn);
    assert!(codes(&drawn).contains(&"BH101".to_owned()), "{:?}", codes(&drawn));
    hand.picture("window-drawn");
    cure(&mut hand, "BH101");
    let cured = hand.save_as("cured.ron", &folder);
    let plan = cured.clone();
    let cured = folder.write("cured", cured);
    assert!(!codes(&cured).contains(&"BH101".to_owned()), "{:?}", codes(&cured));
    later(&mut hand, &folder);
    hand.click_at(hand.at_start("Phase 0 "));
    checked_and_printed(&mut hand, &plan, &folder);
    // The keyboard is the drawing's, so that a field does not undo its own letters.
    hand.click_at(spot(90.0, 110.0));
    for _ in 0..300 {
        if hand.text() == empty {
            break;
        }
        hand.key(Modifiers::COMMAND, Key::Z);
    }
    assert_eq!(hand.save_as("undone.ron", &folder), empty, "byte for byte");
    let used = hand.idle();
    assert!(used < 10_000_000, "an idle window used {used} ns of a second");
}

#[test]
fn drawn_with_the_mouse_in_the_harness() {
    whole_way(false);
}

#[test]
fn drawn_with_the_mouse_on_a_display() {
    whole_way(true);
}
