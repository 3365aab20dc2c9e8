//! SMTP greetings and sessions, against listeners in this process on loopback that `map` stands in for the plan's.

use super::{questions_of, topology};
use bridgehead::{
    model::{Topology, beside::Outcome},
    probe::{
        Cancel, Check, GreetReply, Job, Manners, NoAnswer, Route,
        live::{
            self, Patience,
            smtp::{self, Talk},
        },
    },
};
use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{IpAddr, SocketAddr, TcpListener, TcpStream},
    sync::mpsc,
    time::Duration,
};

const RIGHT: &str = "two-sites-done-right";

/// A listener that greets each client with these bytes, closes after its first command, and tells
/// what it said.
fn greets(bytes: &'static [u8]) -> (SocketAddr, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (say, heard) = mpsc::channel();
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let Ok(mut client) = client else { return };
            let said = converse(&mut client, bytes).unwrap_or_default();
            if say.send(said).is_err() {
                return;
            }
        }
    });
    (address, heard)
}

fn converse(client: &mut TcpStream, greeting: &[u8]) -> std::io::Result<String> {
    client.write_all(greeting)?;
    let mut said = String::new();
    BufReader::new(client.try_clone()?).read_line(&mut said)?;
    client.write_all(b"421 bye\r\n")?;
    Ok(said)
}

/// An address that refuses connections.
fn refuses() -> SocketAddr {
    crate::support::name_servers::free_address()
}

/// The SMTP questions of a topology, put to these addresses in place of the planned ones.
fn open(topology: &Topology, map: &[(&str, SocketAddr)]) -> Vec<Check> {
    let map = map.iter().map(|(from, to)| (from.parse::<IpAddr>().unwrap(), *to)).collect();
    let route = Route { smtp: true, map, ..Route::default() };
    let mut questions = route.wanted(questions_of(RIGHT, topology));
    questions.retain(|q| q.key.starts_with("smtp"));
    let job = Job { phase: 5, phase_key: "retired".to_owned(), questions, route };
    live::run_here(job, Manners::default(), &Cancel::default(), |_| {}).unwrap()
}

fn verdict<'c>(checks: &'c [Check], key: &str) -> (Outcome, &'c str) {
    let check = checks.iter().find(|check| check.key == format!("retired smtp {key}")).unwrap();
    (check.evidence.outcome, &check.evidence.reason)
}

#[test]
fn greetings_are_held_against_the_plan() {
    let mut topology = topology(RIGHT, 5);
    let server = topology.servers.get_mut(&"lon-fe1".parse().unwrap()).unwrap();
    server.addresses.extend(["10.1.0.12", "10.1.0.13"].map(|a| a.parse::<IpAddr>().unwrap()));
    let (right, said) = greets(b"220-Mail1.Hartwell.Example ESMTP\r\n220 at your service\r\n");
    let (wrong, _said_wrong) = greets(b"220 lon-be1.lon.hartwell.local Microsoft ESMTP\r\n");
    let (away, _said_away) = greets(b"554 no service\r\n");
    let (late, _said_late) = greets(b"421 too many connections\r\n");
    let (open_too, said_too) = greets(b"220 mail1.hartwell.example\r\n");
    let checks = open(
        &topology,
        &[
            ("10.1.0.11", right),
            ("10.1.0.12", refuses()),
            ("10.1.0.13", open_too),
            ("10.1.0.10", wrong),
            ("10.2.0.10", away),
            ("10.2.0.11", late),
        ],
    );
    assert_eq!(verdict(&checks, "10.1.0.11:25"), (Outcome::Pass, "as planned"));
    // Only where a listener is planned is more said than farewell.
    assert_eq!(said.recv().unwrap(), "EHLO [127.0.0.1]\r\n");
    assert_eq!(said_too.recv().unwrap(), "QUIT\r\n");
    let hello = "it asks to come again later: 421 bye";
    assert_eq!(verdict(&checks, "10.1.0.11:25 ehlo"), (Outcome::Unknown, hello));
    let silent = "as planned: nobody listens there";
    assert_eq!(verdict(&checks, "10.1.0.12:25"), (Outcome::Pass, silent));
    let too = "somebody greets where no listener is planned";
    assert_eq!(verdict(&checks, "10.1.0.13:25"), (Outcome::Fail, too));
    let other = "it greets as lon-be1.lon.hartwell.local instead of out1.hartwell.example";
    assert_eq!(verdict(&checks, "10.1.0.10:25"), (Outcome::Fail, other));
    assert_eq!(verdict(&checks, "10.2.0.10:25"), (Outcome::Fail, "it turns us away with 554"));
    let later = "it asks to come again later: 421 too many connections";
    assert_eq!(verdict(&checks, "10.2.0.11:25"), (Outcome::Unknown, later));
    // Six greetings, and EHLO where the greeting was a welcome of a planned listener.
    assert_eq!(checks.len(), 8);
    let asked: Vec<&str> = checks.iter().map(|c| c.evidence.asked.as_str()).collect();
    assert!(asked.iter().all(|asked| asked.starts_with("127.0.0.1:")), "{asked:?}");
}

#[test]
fn a_planned_listener_that_refuses_is_a_fault_and_no_riddle() {
    let all = ["10.1.0.10", "10.1.0.11", "10.2.0.10", "10.2.0.11"];
    let map: Vec<_> = all.iter().map(|planned| (*planned, refuses())).collect();
    for check in open(&topology(RIGHT, 5), &map) {
        assert_eq!(check.evidence.outcome, Outcome::Fail);
        assert_eq!(check.evidence.reason, "the connection was refused: nobody listens there");
        assert_eq!(check.evidence.got, ["connection refused"]);
    }
}

/// What came of opening a port, waited for only briefly.
fn opened(at: SocketAddr) -> GreetReply {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let patience = Patience { greeting: Duration::from_millis(300), ..Patience::default() };
    runtime.block_on(smtp::open(at, Talk::Session, &patience))
}

#[test]
fn a_server_that_takes_the_connection_and_says_nothing_is_mute() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let reader = std::thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut all = String::new();
        client.read_to_string(&mut all).map(|_| all)
    });
    assert_eq!(opened(address), GreetReply::Mute);
    // Even then it takes its leave.
    assert_eq!(reader.join().unwrap().unwrap(), "QUIT\r\n");
}

#[test]
fn a_server_that_hangs_up_at_once_is_closed_and_not_silent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let closer = std::thread::spawn(move || drop(listener.accept().unwrap()));
    assert_eq!(opened(address), GreetReply::None(NoAnswer::Closed));
    closer.join().unwrap();
}

#[test]
fn a_flood_is_read_only_so_far() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let flood = std::thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        // Ends when the other side has gone away.
        while client.write_all(&[b'x'; 4096]).is_ok() {}
    });
    let GreetReply::Said(line) = opened(address) else { panic!("nothing was read") };
    assert!(line.len() <= 16 * 1024, "{}", line.len());
    flood.join().unwrap();
}
