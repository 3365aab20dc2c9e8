//! Foreign name servers for tests: BIND and NSD on loopback, one process a view. They are found
//! where the system has them, or unpacked under `target/` without being installed, so that no
//! service starts. Where neither can be had the test says so and fails.
#![expect(clippy::unwrap_used, reason = "a server that cannot be set up fails its test")]

use super::root;
use std::{
    collections::BTreeSet,
    io::{BufRead as _, BufReader},
    net::{SocketAddr, TcpListener, UdpSocket},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU16, Ordering},
        mpsc,
    },
    time::Duration,
};

/// How long a server may take until it serves.
const PATIENCE: Duration = Duration::from_secs(30);

/// A program that was found, and where its libraries lie if not in the system's places.
pub(super) struct Program {
    path: PathBuf,
    libraries: Option<PathBuf>,
}

/// What Debian calls a program, and the packages with the libraries that it may lack.
pub(super) struct Package {
    pub(super) program: &'static str,
    pub(super) name: &'static str,
    pub(super) libraries: &'static [&'static str],
}

const NSD: Package = Package {
    program: "nsd",
    name: "nsd",
    libraries: &["libevent-2.1-7", "libfstrm0", "libprotobuf-c1"],
};

const BIND: Package = Package {
    program: "named",
    name: "bind9",
    libraries: &[
        "bind9-libs",
        "libfstrm0",
        "libjemalloc2",
        "libjson-c5",
        "liblmdb0",
        "libmaxminddb0",
        "libnghttp2-14",
        "libprotobuf-c1",
        "libuv1",
        "libxml2",
    ],
};

fn nsd() -> &'static Program {
    static FOUND: OnceLock<Program> = OnceLock::new();
    FOUND.get_or_init(|| find(&NSD))
}

fn bind() -> &'static Program {
    static FOUND: OnceLock<Program> = OnceLock::new();
    FOUND.get_or_init(|| find(&BIND))
}

pub(super) fn find(package: &Package) -> Program {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> = std::env::split_paths(&path).collect();
    places.extend(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    if let Some(path) =
        places.iter().map(|place| place.join(package.program)).find(|path| path.is_file())
    {
        return Program { path, libraries: None };
    }
    let unpacked = root().join("target/peers").join(package.name);
    let path = unpacked.join("usr/sbin").join(package.program);
    if !path.is_file() {
        unpack(package.program, &[package.name], &unpacked);
    }
    let mut program = Program { path, libraries: None };
    if lacks_libraries(&program) {
        let libraries = unpacked.join("usr/lib").join(triplet());
        program.libraries = Some(libraries);
        if lacks_libraries(&program) {
            unpack(package.program, package.libraries, &unpacked);
        }
    }
    assert!(
        program.path.is_file() && !lacks_libraries(&program),
        "{}: unpacked at {}, and it does not run: install the package {}",
        package.program,
        unpacked.display(),
        package.name
    );
    program
}

pub(super) fn triplet() -> String {
    format!("{}-linux-gnu", std::env::consts::ARCH)
}

fn lacks_libraries(program: &Program) -> bool {
    let mut ldd = Command::new("ldd");
    ldd.arg(&program.path);
    if let Some(libraries) = &program.libraries {
        ldd.env("LD_LIBRARY_PATH", libraries);
    }
    let listed = ldd.output().expect("ldd is there");
    String::from_utf8_lossy(&listed.stdout).contains("not found")
}

/// Unpacks Debian packages without installing them.
pub(super) fn unpack(what: &str, names: &[&str], into: &Path) {
    let archives = into.join("archives");
    std::fs::create_dir_all(&archives).unwrap();
    let download = || {
        let mut apt = Command::new("apt-get");
        apt.args(["download", "-q"]).args(names).current_dir(&archives);
        apt.output().is_ok_and(|output| output.status.success())
    };
    let update = || Command::new("apt-get").args(["update", "-q"]).output();
    assert!(
        download() || (update().is_ok() && download()),
        "\n*** NOTHING TO TEST AGAINST: `{what}` is not there, and `apt-get download {}` fails.\n\
         *** Install it, or make its archive reachable.\n",
        names.join(" "),
    );
    for archive in std::fs::read_dir(&archives).unwrap() {
        let done =
            Command::new("dpkg").arg("-x").arg(archive.unwrap().path()).arg(into).status().unwrap();
        assert!(done.success(), "dpkg -x fails in {}", into.display());
    }
}

/// A loopback address with a port that nobody has, below those that the system gives to clients.
pub(crate) fn free_address() -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = 20_000 + u16::try_from(std::process::id() % 10_000).unwrap();
    for _ in 0..10_000 {
        let step = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = 20_000 + (start - 20_000 + step) % 10_000;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        if UdpSocket::bind(address).is_ok() && TcpListener::bind(address).is_ok() {
            return address;
        }
    }
    panic!("no free port");
}

/// A zone as it is served.
#[derive(Clone, Debug)]
pub(crate) struct ServedZone {
    /// The name at its apex.
    pub(crate) origin: String,
    /// Its records, one a line, without SOA and NS. None: a file that does not load.
    pub(crate) lines: Option<Vec<String>>,
}

impl ServedZone {
    pub(super) fn text(&self) -> String {
        let Some(lines) = &self.lines else { return "this is no zone file\n".to_owned() };
        let origin = format!("{}.", self.origin);
        let (server, person) = ("ns.name-server.test.", "person.name-server.test.");
        let mut text = vec![
            "$TTL 3600".to_owned(),
            format!("{origin} IN SOA {server} {person} 1 3600 600 86400 300"),
            format!("{origin} IN NS {server}"),
        ];
        text.extend(lines.iter().cloned());
        text.join("\n") + "\n"
    }

    pub(super) fn file(&self) -> String {
        format!("{}.zone", self.origin)
    }
}

/// A name server that runs, stopped when it is dropped.
pub(crate) struct NameServer {
    /// Where it answers.
    pub(crate) address: SocketAddr,
    child: Child,
    folder: PathBuf,
}

impl Drop for NameServer {
    fn drop(&mut self) {
        // By its pid and politely, so that NSD takes its children along.
        drop(Command::new("kill").arg(self.child.id().to_string()).status());
        drop(self.child.wait());
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// NSD with these zones, authoritative and nothing else.
pub(crate) fn start_nsd(zones: &[ServedZone]) -> NameServer {
    let address = free_address();
    let folder = folder(address, zones);
    let place = folder.display();
    // Without `rrl-ratelimit: 0` Debian's NSD drops what comes too fast.
    let mut conf = format!(
        "server:\n ip-address: {}@{}\n username: \"\"\n zonesdir: \"{place}\"\n database: \"\"\n \
         pidfile: \"{place}/pid\"\n xfrdfile: \"{place}/xfrd\"\n xfrdir: \"{place}\"\n \
         zonelistfile: \"{place}/list\"\n server-count: 1\n rrl-ratelimit: 0\n\
         remote-control:\n control-enable: no\n",
        address.ip(),
        address.port()
    );
    conf.extend(
        zones.iter().map(|z| format!("zone:\n name: {}\n zonefile: {}\n", z.origin, z.file())),
    );
    let file = folder.join("nsd.conf");
    std::fs::write(&file, conf).unwrap();
    let mut command = command(nsd());
    command.arg("-d").arg("-c").arg(&file);
    start(command, "nsd started", address, folder)
}

/// BIND with these zones, asking on for all other names; it remembers nothing.
pub(crate) fn start_bind(zones: &[ServedZone], forwarder: Option<SocketAddr>) -> NameServer {
    start_bind_with(zones, forwarder, "")
}

/// The same with more options.
pub(crate) fn start_bind_with(
    zones: &[ServedZone],
    forwarder: Option<SocketAddr>,
    options: &str,
) -> NameServer {
    let address = free_address();
    let folder = folder(address, zones);
    let place = folder.display();
    let on = match forwarder {
        Some(to) => {
            format!(
                "recursion yes; forward only; forwarders {{ {} port {}; }};",
                to.ip(),
                to.port()
            )
        }
        None => "recursion no;".to_owned(),
    };
    // The built-in empty zones would shadow the planned reverse zones.
    let mut conf = format!(
        "options {{ directory \"{place}\"; pid-file none; session-keyfile \"{place}/key\"; \
         managed-keys-directory \"{place}\"; listen-on port {} {{ {}; }}; listen-on-v6 {{ none; }}; \
         dnssec-validation no; empty-zones-enable no; max-cache-ttl 0; max-ncache-ttl 0; \
         max-cache-size 16m; check-names primary ignore; {on} {options} }};\ncontrols {{ }};\n",
        address.port(),
        address.ip()
    );
    conf.extend(zones.iter().map(|zone| {
        let (origin, file) = (&zone.origin, zone.file());
        format!("zone \"{origin}\" {{ type primary; file \"{file}\"; }};\n")
    }));
    let file = folder.join("named.conf");
    std::fs::write(&file, conf).unwrap();
    let mut command = command(bind());
    command.args(["-g", "-n", "1", "-c"]).arg(&file);
    start(command, " running", address, folder)
}

pub(super) fn folder(address: SocketAddr, zones: &[ServedZone]) -> PathBuf {
    let name = format!("name-server-{}-{}", std::process::id(), address.port());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    let folder = folder.canonicalize().unwrap();
    let mut seen = BTreeSet::new();
    for zone in zones {
        assert!(seen.insert(&zone.origin), "{} is served twice", zone.origin);
        std::fs::write(folder.join(zone.file()), zone.text()).unwrap();
    }
    folder
}

pub(super) fn command(program: &Program) -> Command {
    let mut command = Command::new(&program.path);
    if let Some(libraries) = &program.libraries {
        command.env("LD_LIBRARY_PATH", libraries);
    }
    command
}

/// Starts a server and waits until it says that it serves.
pub(super) fn start(
    mut command: Command,
    ready: &'static str,
    address: SocketAddr,
    folder: PathBuf,
) -> NameServer {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let log = BufReader::new(child.stderr.take().unwrap());
    let (say, heard) = mpsc::channel();
    // Reads to the end, so that the server never waits for somebody to read its log.
    std::thread::spawn(move || {
        for line in log.lines().map_while(Result::ok) {
            drop(say.send(line));
        }
    });
    let server = NameServer { address, child, folder };
    let mut lines = Vec::new();
    loop {
        match heard.recv_timeout(PATIENCE) {
            Ok(line) if line.ends_with(ready) || line.contains(ready) => return server,
            Ok(line) => lines.push(line),
            Err(ended) => panic!("{command:?}: {ended}:\n{}", lines.join("\n")),
        }
    }
}
