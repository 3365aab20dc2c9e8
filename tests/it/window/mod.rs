//! The program's own window under Xvfb, by mouse and keyboard; and the same hand in the harness.

mod display;
mod twin;

use crate::support::program::{Folder, arg, bridgehead};
use eframe::egui::{Key, Modifiers};
use std::path::Path;
use twin::{Twin, spot};

/// Where the two sites are drawn: their titles stand a little above.
const LONDON: (f32, f32) = (300.0, 420.0);
const LEEDS: (f32, f32) = (860.0, 420.0);

/// Draws with a tool and names what came.
fn stamp(twin: &mut Twin, tool: &str, (x, y): (f32, f32), name: &str) {
    twin.click(&format!("Tool: {tool}"));
    twin.click_at(spot(x, y));
    twin.write(name);
    twin.key(Modifiers::NONE, Key::Enter);
}

/// Two sites with a WAN link, lines with firewalls, and a resolver with its forwarder.
fn network(twin: &mut Twin) {
    stamp(twin, "Site", LONDON, "London");
    stamp(twin, "Site", LEEDS, "Leeds");
    for (site, net, public) in
        [("London", "10.1.0.0/16", "203.0.113.10"), ("Leeds", "10.2.0.0/16", "198.51.100.20")]
    {
        twin.click_at(twin.at_start(&format!("Site {site}")));
        twin.click("LAN");
        twin.fill("Subnets, one a line", net);
        twin.click("Tool: Internet line");
        twin.drag(twin.at_start(&format!("Site {site}")), twin.at("Internet"));
        twin.fill("Addresses, one a line", public);
        twin.click_at(twin.at_start(&format!("Firewall {site} firewall")));
        twin.pick("Turns inside connections back (hairpin)", "no");
        twin.pick("Who may open port 25 to the Internet", "Every host of the site");
    }
    twin.click("Tool: WAN link");
    twin.drag(twin.at_start("Site London"), twin.at_start("Site Leeds"));
    twin.pick("What passes", "Everything passes");
    stamp(twin, "Resolver", (LONDON.0 - 80.0, LONDON.1 + 130.0), "DC1");
    twin.fill("Addresses, one a line", "10.1.0.2");
    twin.pick("Asks for other names", "The public DNS");
    for site in ["London", "Leeds"] {
        twin.click_at(twin.at_start(&format!("Site {site}")));
        twin.pick("Resolvers", "DC1");
    }
}

/// What has no place on the drawing: by the Insert menu.
fn names(twin: &mut Twin) {
    twin.choose("Insert", "DNS view…");
    twin.fill("Name", "Outside");
    twin.click("What everybody on the Internet is told");
    twin.click("Add");
    twin.choose("Insert", "DNS zone…");
    twin.fill("Name of the zone", "hartwell.example");
    twin.click("Add");
    twin.choose("Insert", "DNS record…");
    twin.fill("Name, or @ for the zone itself", "mail1");
    twin.fill("Records, one a line", "203.0.113.10");
    twin.click("Add");
    twin.choose("Insert", "Organisation…");
    twin.fill("Name", "Hartwell");
    twin.click("Add");
    twin.choose("Insert", "Mail domain…");
    twin.fill("Domain", "hartwell.example");
    twin.click("Add");
}

/// A front-end and a back-end server in each site, by the tool; what is known of them, by the inspector.
fn servers(twin: &mut Twin) {
    for (site, title) in [("LON", "Site London"), ("LDS", "Site Leeds")] {
        let corner = twin.box_of(title).min;
        stamp(twin, "Server", (corner.x + 110.0, corner.y + 110.0), &format!("{site}-FE1"));
        facts(twin, site, "FE1", "11");
        let right = twin.box_of(title).max.x;
        stamp(twin, "Server", (right - 30.0, corner.y + 110.0), &format!("{site}-BE1"));
        twin.click("Server");
        facts(twin, site, "BE1", "10");
        let people = if site == "LON" { "London users" } else { "Leeds users" };
        twin.choose("Insert", "Mailboxes…");
        twin.fill("Name", people);
        twin.pick("On the server", &format!("{site}-BE1"));
        twin.click("Add");
    }
}

fn facts(twin: &mut Twin, site: &str, kind: &str, host: &str) {
    let (net, number) = if site == "LON" { ("10.1.0", "1") } else { ("10.2.0", "2") };
    let name = format!("{site}-{kind}");
    twin.pick("Platform", "Exchange 2000 or 2003");
    twin.fill("Computer name", &name.to_lowercase());
    twin.fill("Addresses, one a line", &format!("{net}.{host}"));
    if kind == "FE1" {
        twin.click("Listeners");
        twin.fill("FQDN", &format!("mail{number}.hartwell.example"));
    }
}

/// A box around the servers of each site makes a routing group; a line between two groups a connector.
fn routing(twin: &mut Twin) {
    for (name, site) in [("London", "LON"), ("Leeds", "LDS")] {
        let first = twin.box_of(&format!("Server {site}-FE1"));
        let second = twin.box_of(&format!("Server {site}-BE1"));
        let around = first.union(second).expand(10.0);
        twin.click("Tool: Routing group");
        twin.drag(around.min, around.max);
        twin.write(&format!("{name} group"));
        twin.key(Modifiers::NONE, Key::Enter);
    }
    for (from, to) in [("LDS-FE1", "LON-FE1"), ("LON-FE1", "LDS-FE1")] {
        twin.click("Tool: Connector");
        let end = |name: &str| twin.at_start(&format!("Server {name}"));
        twin.drag(end(from), end(to));
    }
}

/// The codes of the findings that the command line reports.
fn codes(plan: &Path) -> Vec<String> {
    let ran = bridgehead(["check", &arg(plan), "--phase", "0", "--format", "json"]);
    let findings = ran.json()["phases"][0]["findings"].as_array().expect("a list").clone();
    findings.iter().map(|f| f["code"].as_str().expect("a code").to_owned()).collect()
}

/// Cures the first finding of the code with what the window offers first, until none is left.
fn cure(twin: &mut Twin, code: &str) {
    while let Some(finding) = twin.names(code).into_iter().next() {
        twin.click(&finding);
        twin.click("Bind LON-FE1 to 10.1.0.11");
    }
}

/// Three phases; what is entered in the third is not there before.
fn later(twin: &mut Twin, folder: &Folder) {
    for title in ["Order", "Build", "Split"] {
        twin.click("+ Phase");
        twin.fill("Title", title);
        twin.click("Rename");
    }
    let seen = |twin: &mut Twin| -> Vec<Vec<String>> {
        let phase = |n: usize| format!("Phase {n} ");
        (0..3)
            .map(|n| {
                twin.click_at(twin.at_start(&phase(n)));
                let all = twin.names("");
                let drawing = all.iter().position(|name| name == "Drawing");
                all[drawing.expect("it is there")..].to_vec()
            })
            .collect()
    };
    let before = seen(twin);
    twin.click_at(twin.at_start("Phase 3 "));
    twin.click_at(twin.at_start("Link London to Leeds"));
    twin.fill("Bandwidth, kbit/s", "2048");
    assert_eq!(twin.names("London and Leeds, 2048 kbit/s").len(), 1, "{:?}", twin.names("Link"));
    assert_eq!(seen(twin), before, "phases 0 to 2 look as before");
    let text = twin.save_as("later.ron", folder);
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

fn whole_way(real: bool) {
    let folder = Folder::new();
    let mut twin = Twin::open(real);
    twin.click("New empty plan");
    let empty = twin.save_as("empty.ron", &folder);
    network(&mut twin);
    names(&mut twin);
    servers(&mut twin);
    routing(&mut twin);
    twin.picture("window-drawn");
    let drawn = twin.save_as("drawn.ron", &folder);
    let drawn = folder.write("drawn", drawn);
    assert!(codes(&drawn).contains(&"BH101".to_owned()), "{:?}", codes(&drawn));
    twin.picture("window-drawn");
    cure(&mut twin, "BH101");
    let cured = twin.save_as("cured.ron", &folder);
    let cured = folder.write("cured", cured);
    assert!(!codes(&cured).contains(&"BH101".to_owned()), "{:?}", codes(&cured));
    later(&mut twin, &folder);
    twin.picture("window-later");
    // The keyboard is the drawing's, so that a field does not undo its own letters.
    twin.click_at(spot(90.0, 110.0));
    for _ in 0..300 {
        if twin.text() == empty {
            break;
        }
        twin.key(Modifiers::COMMAND, Key::Z);
    }
    assert_eq!(twin.save_as("undone.ron", &folder), empty, "byte for byte");
}

#[test]
fn drawn_with_the_mouse_in_the_harness() {
    whole_way(false);
}

#[test]
fn drawn_with_the_mouse_on_a_display() {
    whole_way(true);
}
