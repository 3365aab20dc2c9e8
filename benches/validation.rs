//! How fast the live checks are: the whole DNS catalogue for 1 000 domains in two views behind 30 ms
//! of delay, plain questions on loopback, and with `--peers` checkdmarc and dnspython beside it, all
//! against the same NSD. Goals: 85 % of the bound (questions in flight ÷ round trip), 50 s at 64 in
//! flight, 15 s at 256, 300 MiB; 10 000 plain questions a second. Linux only: it starts NSD and reads
//! its own memory from /proc.
#![expect(clippy::disallowed_methods, reason = "a benchmark starts processes and reads the clock")]
#![expect(clippy::print_stdout, reason = "its result")]

use bridgehead::{
    model::{
        Topology,
        dns::{Mx, RecordData, RecordId, RecordSet, ViewKind},
        organisation::MailDomain,
        unfold::unfold,
    },
    net::world::Inputs,
    probe::{Cancel, Job, Manners, Route, live},
    sim::expected::{Ask, Expected, Occasion, Question, Side, catalogue},
    templates,
};
use std::{
    fmt::Write as _,
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::net::UdpSocket;

const DOMAINS: usize = 1_000;
const DELAY: Duration = Duration::from_millis(30);
const PLAIN: usize = 20_000;

fn main() {
    let topology = plan();
    let folder = std::env::temp_dir().join(format!("bridgehead-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let inside = Nsd::start(&folder, "inside", &topology, ViewKind::Inside);
    let outside = Nsd::start(&folder, "outside", &topology, ViewKind::Outside);
    let (near, far) = (Relay::start(inside.address, None), Relay::start(outside.address, None));
    for in_flight in [64, 256] {
        full(&topology, in_flight, &near, &far);
    }
    plain(outside.address);
    if std::env::args().any(|argument| argument == "--peers") {
        // checkdmarc asks port 53 alone.
        let relay = Relay::start(outside.address, Some("127.0.53.1:53"));
        peers(relay.address);
    }
    drop((inside, outside));
    drop(std::fs::remove_dir_all(&folder));
}

/// The template done right, with 1 000 mail domains in both views.
fn plan() -> Topology {
    let template = templates::find("two-sites-done-right").expect("the template").plan;
    let mut topology = unfold(&template).pop().expect("its last phase");
    let own = topology.domains.values().next().expect("its domain").clone();
    for n in 0..DOMAINS {
        let name = format!("d{n}.hartwell.example").parse().expect("a name");
        let domain = MailDomain { name, organisation: own.organisation.clone() };
        topology.domains.insert(format!("d{n}").parse().expect("an id"), domain);
        let mut add = |owner: &str, kind: &str, data: RecordData| {
            let id: RecordId =
                format!("outside/hartwell.example/{owner}/{kind}").parse().expect("an id");
            topology.records.insert(id, RecordSet { data, ttl_s: Some(300) });
        };
        let mx =
            |preference, host: String| Mx { preference, exchange: host.parse().expect("a host") };
        let host = |k: usize| format!("mx{k}.d{n}.hartwell.example");
        add(&format!("d{n}"), "mx", RecordData::Mx(vec![mx(10, host(1)), mx(20, host(2))]));
        for k in [1, 2] {
            let address = format!("203.0.{}.{}", n / 250, n % 250 + k).parse().expect("an address");
            add(&format!("mx{k}.d{n}"), "a", RecordData::A(vec![address]));
        }
        let spf = "v=spf1 mx ip4:203.0.113.0/24 ip4:198.51.100.0/24 -all".to_owned();
        add(&format!("d{n}"), "txt", RecordData::Txt(vec![spf]));
        add(&format!("_dmarc.d{n}"), "txt", RecordData::Txt(vec!["v=DMARC1; p=reject".to_owned()]));
    }
    topology
}

fn route(inside: SocketAddr, outside: SocketAddr) -> Route {
    Route { inside: Some(inside), outside: Some(outside), ..Route::default() }
}

fn manners(in_flight: usize) -> Manners {
    Manners {
        in_flight,
        per_second: NonZeroU32::new(1_000_000).unwrap_or(NonZeroU32::MIN),
        deadline: Duration::from_mins(10),
        ..Manners::default()
    }
}

fn full(topology: &Topology, in_flight: usize, near: &Relay, far: &Relay) {
    let inputs = Inputs::of(&templates::find("two-sites-done-right").expect("the template").plan);
    let begun = Instant::now();
    let questions = catalogue(topology, &inputs, None, &Occasion::default());
    let (planned, checks) = (begun.elapsed(), questions.len());
    let route = route(near.address, far.address);
    let job = Job { phase: 0, phase_key: "bench".to_owned(), questions, route };
    let before = near.count() + far.count();
    let begun = Instant::now();
    let found = live::run_here(job, manners(in_flight), &Cancel::default(), |_| {}).expect("a run");
    let took = begun.elapsed().as_secs_f64();
    let asked = near.count() + far.count() - before;
    let bound = asked as f64 * DELAY.as_secs_f64() / in_flight as f64;
    let unknown = found
        .iter()
        .filter(|c| c.evidence.outcome == bridgehead::model::beside::Outcome::Unknown)
        .count();
    println!(
        "{in_flight} in flight: {checks} checks (derived in {planned:.1?}), {asked} questions in {took:.1} s, {:.0}/s, \
         {:.0} % of the bound ({bound:.1} s), {unknown} unknown, {} MiB at most",
        asked as f64 / took,
        100.0 * bound / took,
        memory()
    );
}

fn plain(server: SocketAddr) {
    let topology = plan();
    let inputs = Inputs::of(&templates::find("two-sites-done-right").expect("the template").plan);
    let all = catalogue(&topology, &inputs, None, &Occasion::default());
    let like = all.iter().find(|q| matches!(q.ask, Ask::Name { .. })).expect("a question");
    let questions: Vec<Question> = (0..PLAIN)
        .map(|n| {
            let name = format!("n{n}.hartwell.example").parse().expect("a name");
            let kind = bridgehead::model::dns::RecordKind::A;
            Question {
                key: format!("outside n{n} a"),
                ask: Ask::Name { side: Side::Outside, name, kind },
                expected: Expected::Nothing,
                ..like.clone()
            }
        })
        .collect();
    let job =
        Job { phase: 0, phase_key: "bench".to_owned(), questions, route: route(server, server) };
    let begun = Instant::now();
    let found = live::run_here(job, manners(64), &Cancel::default(), |_| {}).expect("a run");
    let took = begun.elapsed().as_secs_f64();
    println!("{} plain questions on loopback: {:.0}/s", found.len(), PLAIN as f64 / took);
}

fn peers(server: SocketAddr) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/validation.py");
    let ran = Command::new("python3").arg(script).arg(server.ip().to_string()).status();
    println!("peers: {}", ran.map_or_else(|e| e.to_string(), |status| status.to_string()));
}

/// The most memory that this process had, in MiB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or_default()
        / 1024
}

/// NSD with one view's zones.
struct Nsd {
    address: SocketAddr,
    child: Child,
}

impl Drop for Nsd {
    fn drop(&mut self) {
        drop(Command::new("kill").arg(self.child.id().to_string()).status());
        drop(self.child.wait());
    }
}

impl Nsd {
    fn start(folder: &Path, view: &str, topology: &Topology, kind: ViewKind) -> Self {
        let place = folder.join(view);
        std::fs::create_dir_all(&place).expect("a folder");
        let address = std::net::UdpSocket::bind("127.0.0.1:0").and_then(|s| s.local_addr());
        let address = address.expect("a port");
        let dir = place.display();
        let mut conf = format!(
            "server:\n ip-address: 127.0.0.1@{}\n username: \"\"\n zonesdir: \"{dir}\"\n database: \"\"\n pidfile: \"{dir}/pid\"\n \
             xfrdfile: \"{dir}/xfrd\"\n xfrdir: \"{dir}\"\n zonelistfile: \"{dir}/list\"\n server-count: 1\n rrl-ratelimit: 0\n\
             remote-control:\n control-enable: no\n",
            address.port()
        );
        for (origin, text) in zones(topology, kind) {
            std::fs::write(place.join(&origin), text).expect("a zone file");
            writeln!(conf, "zone:\n name: {origin}\n zonefile: {origin}").expect("a string");
        }
        let file = place.join("nsd.conf");
        std::fs::write(&file, conf).expect("a configuration");
        let unpacked = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers/nsd/usr/sbin/nsd");
        let program = if unpacked.exists() { unpacked } else { PathBuf::from("nsd") };
        let mut command = Command::new(program);
        command.env(
            "LD_LIBRARY_PATH",
            concat!(env!("CARGO_MANIFEST_DIR"), "/target/peers/nsd/usr/lib/x86_64-linux-gnu"),
        );
        command.arg("-d").arg("-c").arg(&file).stderr(Stdio::null());
        let child = command.spawn().expect("NSD: install the package nsd");
        let asker = std::net::UdpSocket::bind("127.0.0.1:0").expect("a port");
        asker.set_read_timeout(Some(Duration::from_millis(200))).expect("a limit");
        // The root's NS: NSD refuses it, and so says that it is there.
        let query = [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1];
        let up = (0..100).any(|_| {
            drop(asker.send_to(&query, address));
            asker.recv(&mut [0; 512]).is_ok()
        });
        assert!(up, "NSD does not answer");
        Self { address, child }
    }
}

/// The zones of a side; the inside one has the outside's names too, as behind a forwarder.
fn zones(topology: &Topology, kind: ViewKind) -> Vec<(String, String)> {
    let of = |view: &bridgehead::model::id::ViewId| topology.views[view].kind;
    let mut zones: Vec<(String, String)> = Vec::new();
    let all = topology.zones.keys().filter(|id| of(&id.view) == kind || kind == ViewKind::Inside);
    for id in all {
        if zones.iter().any(|(origin, _)| *origin == id.origin.to_string()) {
            continue;
        }
        let origin = id.origin.to_string();
        let mut text = format!(
            "{origin}. 300 IN SOA ns.test. a.test. 1 3600 600 864000 300\n{origin}. 300 IN NS ns.test.\n"
        );
        for (record, set) in topology.records.iter().filter(|(record, _)| record.zone == *id) {
            for line in set.data.lines() {
                let data = match &set.data {
                    RecordData::Txt(_) => format!("\"{line}\""),
                    RecordData::A(_) | RecordData::Aaaa(_) => line,
                    _ => format!("{line}."),
                };
                let kind = record.kind.name().to_uppercase();
                writeln!(text, "{}. 300 IN {kind} {data}", record.name).expect("a string");
            }
        }
        zones.push((origin, text));
    }
    zones
}

/// Passes UDP on to a server, and the answers back after [`DELAY`]; counts.
struct Relay {
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
}

impl Relay {
    fn start(to: SocketAddr, at: Option<&str>) -> Self {
        let socket = std::net::UdpSocket::bind(at.unwrap_or("127.0.0.1:0")).expect("a port");
        socket.set_nonblocking(true).expect("a socket");
        let address = socket.local_addr().expect("an address");
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&asked);
        let tcp = std::net::TcpListener::bind(address).expect("a port");
        std::thread::spawn(move || pass_tcp(&tcp, to));
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async move {
                let front = Arc::new(UdpSocket::from_std(socket).expect("a socket"));
                let mut part = vec![0; 4096];
                while let Ok((length, from)) = front.recv_from(&mut part).await {
                    counter.fetch_add(1, Ordering::Relaxed);
                    let (query, front) = (part[..length].to_vec(), Arc::clone(&front));
                    tokio::spawn(async move {
                        let local = (IpAddr::from([127, 0, 0, 1]), 0);
                        let Ok(back) = UdpSocket::bind(local).await else { return };
                        if back.send_to(&query, to).await.is_err() {
                            return;
                        }
                        let mut answer = vec![0; 4096];
                        let begun = tokio::time::Instant::now();
                        if let Ok(length) = back.recv(&mut answer).await {
                            tokio::time::sleep_until(begun + DELAY).await;
                            drop(front.send_to(&answer[..length], from).await);
                        }
                    });
                }
            });
        });
        Self { address, asked }
    }

    fn count(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

/// A few questions go over TCP; they are passed on as they are.
fn pass_tcp(listener: &std::net::TcpListener, to: SocketAddr) {
    for stream in listener.incoming().map_while(Result::ok) {
        let Ok(back) = std::net::TcpStream::connect(to) else { continue };
        let pair = (stream.try_clone(), back.try_clone());
        let (Ok(stream_too), Ok(back_too)) = pair else { continue };
        for (mut from, mut into) in [(stream, back), (back_too, stream_too)] {
            std::thread::spawn(move || drop(std::io::copy(&mut from, &mut into)));
        }
    }
}
