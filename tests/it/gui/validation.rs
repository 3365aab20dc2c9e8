//! Live checks in the window: nobody is contacted before somebody says so; what comes is listed, shown
//! on the drawing, kept as evidence and taken out again; what the plan no longer says is stale.

use super::*;
use crate::{
    probe::served::{serve_inside, serve_outside},
    support::name_servers::{NameServer, free_address},
};
use bridgehead::{
    gui::{
        command::Panel,
        validation::{is_listed, rows},
    },
    model::{Subject, Topology, unfold::unfold},
};
use std::{
    io::ErrorKind,
    net::{SocketAddr, TcpListener, UdpSocket},
};

const INCIDENT: &str = "two-sites-exchange-2003";
/// The phase in which Leeds asks for the name from Leeds.
const PHASE: usize = 4;

fn topology() -> Topology {
    let template = bridgehead::templates::find(INCIDENT).expect("it is there");
    unfold(&template.plan).swap_remove(PHASE)
}

/// Name servers that serve the incident as it is drawn.
fn serve() -> (NameServer, NameServer) {
    let topology = topology();
    let outside = serve_outside(&topology);
    let inside = serve_inside(&topology, outside.address);
    (inside, outside)
}

/// The panel, with resolvers filled in, and Leeds as the site that asks.
fn panel(inside: SocketAddr, outside: SocketAddr) -> Window {
    let mut window = window_with(Command::NewFrom(INCIDENT));
    give(&mut window, Command::Phase(PHASE));
    give(&mut window, Command::Panel(Panel::Validation));
    pick(&mut window, "Asked from the site", "Leeds");
    enter(&mut window, "Inside resolver, IP:PORT", &inside.to_string());
    enter(&mut window, "Outside resolver, IP:PORT", &outside.to_string());
    window
}

fn list(window: &mut Window) {
    click(window, "List what will be contacted…");
    assert!(has(window, "These will be contacted"));
}

/// Says yes to the list, and starts no more than that.
fn send(window: &mut Window) {
    let button = window.query_all_by_label_contains("Send ").last().expect("there is somebody");
    button.click();
    window.step();
    window.step();
    assert_eq!(window.state().running(), ["asking the network"]);
}

/// Waits for all that runs.
fn end(window: &mut Window) {
    let ctx = window.ctx.clone();
    window.state_mut().finish_tasks(&ctx);
    settle(window);
}

fn plan(window: &Window) -> &bridgehead::gui::state::Plan {
    window.state().state.plan.as_ref().expect("a plan is open")
}

#[test]
fn nobody_is_contacted_before_the_list_was_shown_and_confirmed() {
    let address = free_address();
    let udp = UdpSocket::bind(address).expect("it is free");
    let tcp = TcpListener::bind(address).expect("it is free");
    udp.set_nonblocking(true).expect("it can");
    tcp.set_nonblocking(true).expect("it can");
    let silent = || {
        let mut buffer = [0; 512];
        let packet = udp.recv_from(&mut buffer).expect_err("nothing was sent").kind();
        let connection = tcp.accept().expect_err("nobody has connected").kind();
        assert_eq!([packet, connection], [ErrorKind::WouldBlock; 2]);
    };
    let mut window = panel(address, address);
    click(&mut window, "Hold a session with the SMTP listeners");
    click(&mut window, "Ask the zones' own name servers");
    let map = "10.1.0.10=ADDRESS\n10.1.0.11=ADDRESS\n10.2.0.10=ADDRESS\n10.2.0.11=ADDRESS";
    let map = map.replace("ADDRESS", &address.to_string());
    enter(&mut window, "Test addresses, PLANNED=TEST:PORT, one a line", &map);
    silent();
    list(&mut window);
    silent();
    let text = address.to_string();
    assert!(window.query_all_by_label(&text).count() >= 3, "inside, outside, SMTP");
    for part in
        ["Inside resolver", "Outside resolver", "SMTP session: ", "in place of 10.2.0.11:25"]
    {
        assert!(has_part(&window, part), "{part}");
    }
    let servers = "The name servers of hartwell.example, at the addresses that ";
    assert!(has_part(&window, servers), "whoever the resolver will name");
    click(&mut window, "Cancel");
    silent();
    window.key_press(Key::F9);
    settle(&mut window);
    window.key_press(Key::Escape);
    settle(&mut window);
    assert!(!has(&window, "These will be contacted"));
    silent();
    assert!(plan(&window).workspace.project().evidence.is_empty());
    assert!(plan(&window).validation.run.is_none());
}

#[test]
fn what_does_not_read_is_said_where_it_stands_and_cannot_be_listed() {
    let nobody = free_address();
    let mut window = panel(nobody, nobody);
    enter(&mut window, "Inside resolver, IP:PORT", "nowhere");
    assert!(has_part(&window, "`nowhere` is no address with a port"));
    click(&mut window, "List what will be contacted…");
    assert!(!has(&window, "These will be contacted"));
    enter(&mut window, "Inside resolver, IP:PORT", "");
    enter(&mut window, "Test addresses, PLANNED=TEST:PORT, one a line", "10.1.0.1");
    assert!(has_part(&window, "is no pair of addresses"));
}

#[test]
fn the_incident_fails_at_the_asking_site_and_the_answers_are_evidence() {
    let (inside, outside) = serve();
    let mut window = panel(inside.address, outside.address);
    let before = text(&window);
    list(&mut window);
    send(&mut window);
    end(&mut window);
    let question = "mail1.hartwell.example A, inside, as Leeds to London asks for it in Leeds";
    let reason = "203.0.113.10 is no address of the server that is meant";
    let row = format!("Fail: {question}; {reason}; expected 10.1.0.11; got 203.0.113.10; of ");
    assert!(has_part(&window, &row));
    assert!(has_part(&window, "Live checks of Leeds to London: 1 fail"));
    assert!(has_part(&window, "; kept as evidence"));
    assert!(has_part(&window, "1 fail") && has_part(&window, " pass"));

    let measured = text(&window);
    let saved = file::load(measured.as_bytes()).expect("it reads").project;
    let failed: Vec<_> = saved
        .evidence
        .values()
        .filter(|e| e.outcome == bridgehead::model::beside::Outcome::Fail)
        .collect();
    assert_eq!(failed.len(), 1, "{failed:#?}");
    assert_eq!(failed[0].question, question);
    assert_eq!(failed[0].asked, inside.address.to_string());

    give(&mut window, Command::Undo);
    assert_eq!(text(&window), before, "byte for byte");
    assert!(!has_part(&window, "Live checks of "));
    assert!(has_part(&window, "Nothing has been asked of the live network"));
    give(&mut window, Command::Redo);
    assert_eq!(text(&window), measured);

    give(&mut window, Command::ToggleOutcomes);
    assert!(!has_part(&window, "Live checks of "));
    give(&mut window, Command::ToggleOutcomes);

    let row = format!("Fail: {question}");
    window.query_all_by_label_contains(&row).last().expect("it is listed").click();
    settle(&mut window);
    let connector: Subject = "connector:leeds-london".parse().expect("it reads");
    assert_eq!(plan(&window).selection, [connector].into());
    assert!(has(&window, "Asked live") && has(&window, question));
    stale(&mut window, question);
}

/// After an edit of the planned address the evidence is stale, in words, everywhere.
fn stale(window: &mut Window, question: &str) {
    assert!(!has_part(window, "Stale"));
    let server: Subject = "server:lon-fe1".parse().expect("it reads");
    give(window, Command::Select([server].into()));
    enter(window, "Addresses, one a line", "10.1.0.12");
    assert!(has_part(window, &format!("Stale, was Fail: {question}")));
    let connector: Subject = "connector:leeds-london".parse().expect("it reads");
    give(window, Command::Select([connector].into()));
    assert!(has(window, "Stale: the plan says something else by now"));
    assert!(has(window, "Live checks of Leeds to London: 1 stale"));
    give(window, Command::Undo);
    assert!(!has_part(window, "Stale"), "the plan says again what it said");
}

#[test]
fn a_run_that_is_stopped_keeps_what_had_answered_and_says_so() {
    let (inside, _outside) = serve();
    // Takes everything and says nothing.
    let mute = free_address();
    let udp = UdpSocket::bind(mute).expect("it is free");
    let tcp = TcpListener::bind(mute).expect("it is free");
    let mut window = panel(inside.address, mute);
    let before = text(&window);
    list(&mut window);
    send(&mut window);
    let answered =
        |window: &Window| plan(window).validation.run.as_ref().map_or(0, |run| run.checks.len());
    while answered(&window) == 0 {
        window.step();
    }
    window.state_mut().request(Command::Cancel("asking the network".to_owned()));
    window.step();
    end(&mut window);
    let evidence = &plan(&window).workspace.project().evidence;
    assert!(!evidence.is_empty());
    assert!(evidence.values().all(|e| e.reason != "the run was cancelled"));
    let said = format!("The run was cancelled: {} of ", evidence.len());
    assert!(has_part(&window, &said));
    assert!(has_part(&window, " had answered and are kept"));
    give(&mut window, Command::Undo);
    assert_eq!(text(&window), before);
    drop((udp, tcp));
}

#[test]
fn evidence_that_was_gathered_elsewhere_is_taken_in_and_out_again() {
    let (inside, outside) = serve();
    let mut there = panel(inside.address, outside.address);
    list(&mut there);
    send(&mut there);
    end(&mut there);
    let evidence = plan(&there).workspace.project().evidence.clone();
    let path = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("gathered-elsewhere.ron");
    std::fs::write(
        &path,
        file::evidence::save(file::evidence::Gathered { of: None, evidence: evidence.clone() }),
    )
    .expect("it can be written");

    let mut here = window_with(Command::NewFrom(INCIDENT));
    give(&mut here, Command::Phase(PHASE));
    let before = text(&here);
    give(&mut here, Command::TakeEvidence);
    enter(&mut here, "Path of the file", &path.display().to_string());
    click(&mut here, "Take");
    assert_eq!(plan(&here).workspace.project().evidence, evidence);
    assert!(has_part(&here, "Taken: 1 fail"));
    give(&mut here, Command::DropEvidence(PHASE));
    assert_eq!(text(&here), before);
    give(&mut here, Command::Undo);
    give(&mut here, Command::Undo);
    assert_eq!(text(&here), before);
    std::fs::write(&path, "(format: 1, evidence: {\"a\": 1})").expect("it can be written");
    give(&mut here, Command::TakeEvidenceFrom(vec![path]));
    assert!(has(&here, "The evidence cannot be taken") && has_part(&here, "elsewhere.ron: 1:"));
}

/// The keys of the answers that are listed.
fn listed(window: &Window) -> Vec<String> {
    let plan = plan(window);
    let all = rows(plan).into_iter().filter(|row| is_listed(&plan.validation, row));
    all.map(|row| row.key.to_owned()).collect()
}

#[test]
fn a_second_run_tells_what_it_changed_and_from_where() {
    let (inside, outside) = serve();
    let mut window = panel(free_address(), outside.address);
    list(&mut window);
    send(&mut window);
    end(&mut window);
    assert!(has_part(&window, " unknown"));
    enter(&mut window, "Inside resolver, IP:PORT", &inside.address.to_string());
    list(&mut window);
    send(&mut window);
    end(&mut window);
    let changed = &plan(&window).validation.changed;
    assert!(changed.keys().any(|key| key.contains(" inside@leeds ")));
    let unknown = Some(bridgehead::model::beside::Outcome::Unknown);
    assert!(changed.values().any(|was| was.outcome == unknown), "{changed:#?}");
    let keys: Vec<String> = changed.keys().cloned().collect();
    let only = format!("Show only {} changed", changed.len());
    assert!(listed(&window).iter().any(|key| key.contains(" outside@leeds ")));
    click(&mut window, &only);
    assert!(listed(&window).iter().all(|key| keys.contains(key)));
    click(&mut window, &only);
    // What the names gave stands at their servers.
    give(&mut window, Command::Lens(bridgehead::gui::command::Lens::Dns));
    let answers = "mail1.hartwell.example: inside, Leeds 203.0.113.10; outside 203.0.113.10";
    assert!(has_part(&window, &format!("Answers: {answers}")));

    pick(&mut window, "Asked from the site", "London");
    list(&mut window);
    send(&mut window);
    end(&mut window);
    assert!(listed(&window).iter().any(|key| key.contains("@leeds ")));
    let leeds = plan(&window).workspace.project().evidence.values();
    let leeds = leeds.filter(|e| e.from.as_ref().is_some_and(|site| site.as_str() == "leeds"));
    let chip = format!("Show {} from Leeds", leeds.count());
    click(&mut window, &chip);
    assert!(!listed(&window).iter().any(|key| key.contains("@leeds ")));
    assert!(listed(&window).iter().any(|key| key.contains("@london ")));
    assert!(has_part(&window, " · just now"));
}

#[test]
fn a_watch_asks_again_until_it_is_stopped_and_keeps_the_last_round() {
    let (inside, outside) = serve();
    let mut window = panel(inside.address, outside.address);
    click(&mut window, "Watch until all agree");
    list(&mut window);
    assert!(has_part(&window, "asked again every 30 seconds"));
    send(&mut window);
    let rounds = |window: &Window| plan(window).validation.run.as_ref().map_or(0, |run| run.rounds);
    while rounds(&window) == 0 {
        window.step();
    }
    window.step();
    assert!(has_part(&window, "Watched for 1 round: "));
    window.state_mut().request(Command::Cancel("asking the network".to_owned()));
    window.step();
    end(&mut window);
    assert!(!plan(&window).workspace.project().evidence.is_empty());
    assert!(has_part(&window, "had answered and are kept"));
}
