//! A plan from nothing, by menus, dialogs and inspector; its fault found, cured, and all undone.

use super::*;
use bridgehead::{analysis::analyse, gui::command::Kind, model::Subject};

fn add(window: &mut Window, kind: &str, fields: &[(&str, &str)], picks: &[(&str, &str)]) {
    choose(window, "Insert", &format!("{kind}…"));
    for (label, choice) in picks {
        pick(window, label, choice);
    }
    for (label, text) in fields {
        enter(window, label, text);
    }
    click(window, "Add");
    let open = window.query_by_label("Cancel").is_some();
    assert!(!open, "{kind} {fields:?} was refused");
}

fn select(window: &mut Window, subject: &str) {
    let subject: Subject = subject.parse().expect("it is there");
    give(window, Command::Select([subject].into()));
}

/// Two sites with lines, firewalls and a resolver; four servers; two groups; connectors.
fn draw(window: &mut Window) {
    for (site, net) in [("London", "10.1.0.0/16"), ("Leeds", "10.2.0.0/16")] {
        add(window, "Site", &[("Name", site), ("Subnets of its LAN, one a line", net)], &[]);
    }
    add(window, "WAN link", &[("Name", "WAN")], &[("One end", "London"), ("Other end", "Leeds")]);
    pick(window, "What passes", "Everything passes");
    for (site, public) in [("London", "203.0.113.10"), ("Leeds", "198.51.100.20")] {
        let name = format!("{site} line");
        let fields = [("Name", name.as_str()), ("Public addresses, one a line", public)];
        add(window, "Internet line", &fields, &[("Site", site)]);
        select(window, &format!("firewall:{}-firewall", site.to_lowercase()));
        pick(window, "Turns inside connections back (hairpin)", "no");
        pick(window, "Who may open port 25 to the Internet", "Every host of the site");
    }
    add(
        window,
        "Resolver",
        &[("Name", "DC1"), ("Addresses, one a line", "10.1.0.2")],
        &[("Place", "London: LAN")],
    );
    pick(window, "Asks for other names", "The public DNS");
    for site in ["london", "leeds"] {
        select(window, &format!("site:{site}"));
        pick(window, "Resolvers", "DC1");
    }
    choose(window, "Insert", "DNS view…");
    enter(window, "Name", "Outside");
    click(window, "What everybody on the Internet is told");
    click(window, "Add");
    add(window, "DNS zone", &[("Name of the zone", "hartwell.example")], &[("View", "Outside")]);
    add(
        window,
        "DNS record",
        &[("Name, or @ for the zone itself", "mail1"), ("Records, one a line", "203.0.113.10")],
        &[],
    );
    add(window, "Organisation", &[("Name", "Hartwell")], &[]);
    add(window, "Mail domain", &[("Domain", "hartwell.example")], &[]);
    for group in ["London", "Leeds"] {
        add(window, "Routing group", &[("Name", group)], &[]);
    }
    servers(window);
    add(window, "Routing group connector", &[], &[("From group", "Leeds"), ("To group", "London")]);
    pick(window, "Remote bridgeheads", "LON-FE1: Default SMTP Virtual Server");
    add(window, "Routing group connector", &[], &[("From group", "London"), ("To group", "Leeds")]);
    pick(window, "Remote bridgeheads", "LDS-FE1: Default SMTP Virtual Server");
}

fn servers(window: &mut Window) {
    let all = [
        ("LON-FE1", "London", "10.1.0.11", "mail1.hartwell.example"),
        ("LON-BE1", "London", "10.1.0.10", ""),
        ("LDS-FE1", "Leeds", "10.2.0.11", ""),
        ("LDS-BE1", "Leeds", "10.2.0.10", ""),
    ];
    for (name, site, address, fqdn) in all {
        let mut fields = vec![("Name", name), ("Addresses, one a line", address)];
        if !fqdn.is_empty() {
            fields.push(("FQDN; empty: the computer's name", fqdn));
        }
        let place = format!("{site}: LAN");
        add(window, "Server", &fields, &[("Place", &place)]);
        enter(window, "Computer name", &name.to_lowercase());
        pick(window, "Routing group or AD site", site);
        if name.ends_with("BE1") {
            let people = format!("{site} users");
            let picks = [("On the server", name)];
            add(window, "Mailboxes", &[("Name", people.as_str())], &picks);
        }
    }
}

#[test]
fn from_an_empty_plan_to_the_incident_and_back() {
    let mut window = window_with(Command::New);
    let empty = text(&window);
    draw(&mut window);
    let drawn = text(&window);
    let codes = |text: &str| -> Vec<&str> {
        let project = file::load(text.as_bytes()).expect("it is there").project;
        analyse(&project).phases[0].findings.iter().map(|f| f.rule.code).collect()
    };
    assert!(codes(&drawn).contains(&"BH101"), "{:?}", codes(&drawn));
    let finding = "BH101, error: Mail from LDS-BE1 to LON-BE1 will queue";
    click(&mut window, finding);
    assert!(has(&window, "Trace: LDS-BE1 → LON-BE1"));
    click(&mut window, "Bind LON-FE1 to 10.1.0.11");
    assert!(!codes(&text(&window)).contains(&"BH101"));
    assert!(!has_part(&window, "BH101"));
    give(&mut window, Command::Undo);
    assert_eq!(text(&window), drawn);
    while window.state().state.plan.as_ref().expect("it is there").workspace.is_dirty() {
        give(&mut window, Command::Undo);
    }
    assert_eq!(text(&window), empty, "byte for byte");
}

#[test]
fn an_object_that_needs_another_says_so() {
    let mut window = window_with(Command::New);
    give(&mut window, Command::Insert(Kind::Link));
    enter(&mut window, "Name", "WAN");
    click(&mut window, "Add");
    assert!(has(&window, "a link needs two sites"));
}

#[test]
fn a_site_is_copied_with_what_stands_in_it() {
    let mut window = window_with(Command::NewFrom("two-sites-exchange-2003"));
    give(&mut window, Command::Phase(0));
    let before = text(&window);
    select(&mut window, "site:london");
    give(&mut window, Command::Duplicate);
    let plan = window.state().state.plan.as_ref().expect("it is there");
    let topology = &plan.workspace.topologies()[0];
    assert_eq!(topology.sites.len(), 3);
    assert_eq!(topology.servers.len(), 2);
    assert!(topology.listeners.contains_key(&"lon-mail-2/1".parse().expect("it is there")));
    // What there can be only once is left to be entered.
    let copy = &topology.servers[&"lon-mail-2".parse().expect("an id")];
    assert!(copy.addresses.is_empty() && copy.computer_name.is_none(), "{copy:?}");
    assert!(
        copy.platform.is_some()
            && copy.platform == topology.servers[&"lon-mail".parse().expect("an id")].platform
    );
    give(&mut window, Command::Undo);
    assert_eq!(text(&window), before);
}

#[test]
fn phases_are_added_renamed_moved_compared_and_deleted() {
    let mut window = window_with(Command::NewFrom("two-sites-exchange-2003"));
    let before = text(&window);
    give(&mut window, Command::Phase(5));
    give(&mut window, Command::AddPhase);
    enter(&mut window, "Title", "Clean up");
    click(&mut window, "Rename");
    assert!(has_part(&window, "Phase 6 Clean up"));
    give(&mut window, Command::MovePhase(6, -1));
    assert!(has_part(&window, "Phase 5 Clean up"));
    give(&mut window, Command::Compare(2, 3));
    assert!(has(&window, "Compare phase"));
    assert!(has(&window, "Added"));
    give(&mut window, Command::DeletePhase(5));
    assert!(!has_part(&window, "Clean up: "));
    while window.state().state.plan.as_ref().expect("it is there").workspace.is_dirty() {
        give(&mut window, Command::Undo);
    }
    assert_eq!(text(&window), before);
}

#[test]
fn a_promise_is_added_and_shows_what_breaks_it() {
    let mut window = window_with(Command::NewFrom("two-sites-exchange-2003"));
    give(&mut window, Command::Phase(3));
    give(&mut window, Command::EditPromise(None));
    let words = "What the client requires, in the client's words";
    enter(&mut window, words, "Leeds reaches London");
    pick(&mut window, "Senders", "Leeds: users there");
    pick(&mut window, "Recipients", "London: users there");
    click(&mut window, "Add the promise");
    give(&mut window, Command::Panel(bridgehead::gui::command::Panel::Promises));
    assert!(has(&window, "Leeds reaches London"));
    let plan = window.state().state.plan.as_ref().expect("it is there");
    let id = "leeds-reaches-london".parse().expect("it is there");
    let verdict = plan.derived_phase().promises.iter().find(|v| v.id == id).expect("it is there");
    assert_eq!(verdict.state, bridgehead::plan::promises::State::Broken);
    give(&mut window, Command::Counterexample(id));
    assert!(window.state().state.plan.as_ref().expect("it is there").shown_trace().is_some());
}

#[test]
fn a_waiver_needs_a_reason_and_can_be_taken_back() {
    let mut window = window_with(Command::NewFrom("two-sites-exchange-2003"));
    give(&mut window, Command::Phase(3));
    give(&mut window, Command::ShowFinding(0));
    click(&mut window, "Waive…");
    enter(&mut window, "Reason", "the client knows");
    click(&mut window, "Waive");
    assert!(has(&window, "Waived: the client knows"));
    click(&mut window, "Take the waiver back");
    assert!(!has_part(&window, "Waived: "));
}
