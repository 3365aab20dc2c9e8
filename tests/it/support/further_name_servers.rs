//! More foreign name servers: Knot as an authoritative one, Unbound and dnsmasq as resolvers, and
//! `ldns-testns`, which answers what a file tells it to, wrong as it may be.
#![expect(clippy::unwrap_used, reason = "a server that cannot be set up fails its test")]

use super::name_servers::{
    NameServer, Package, Program, ServedZone, command, find, folder, free_address, start,
};
use std::{net::SocketAddr, process::Command, sync::OnceLock};

const KNOT: Package = Package {
    program: "knotd",
    name: "knot",
    libraries: &[
        "libdnssec9",
        "libknot13",
        "libzscanner4",
        "libcap-ng0",
        "libedit2",
        "libgnutls30",
        "liblmdb0",
        "liburcu8",
        "libbpf1",
        "libxdp1",
        "libbsd0",
    ],
};

const UNBOUND: Package = Package {
    program: "unbound",
    name: "unbound",
    libraries: &["libevent-2.1-7", "libnghttp2-14", "libprotobuf-c1", "libpython3.11"],
};

const DNSMASQ: Package = Package {
    program: "dnsmasq",
    name: "dnsmasq-base",
    libraries: &[
        "libdbus-1-3",
        "libgmp10",
        "libhogweed6",
        "libidn2-0",
        "libnetfilter-conntrack3",
        "libnettle8",
        "libnftables1",
        "libnftnl11",
        "libmnl0",
        "libnfnetlink0",
        "libjansson4",
        "libxtables12",
        "libunistring2",
        "libedit2",
        "libbsd0",
    ],
};

const TESTNS: Package = Package {
    program: "../bin/ldns-testns",
    name: "ldnsutils",
    libraries: &["libldns3", "libpcap0.8"],
};

fn found(package: &'static Package, found: &'static OnceLock<Program>) -> &'static Program {
    found.get_or_init(|| find(package))
}

/// Knot with these zones, authoritative and nothing else.
pub(crate) fn start_knot(zones: &[ServedZone]) -> NameServer {
    static PROGRAM: OnceLock<Program> = OnceLock::new();
    let address = free_address();
    let folder = folder(address, zones);
    let place = folder.display();
    let mut conf = format!(
        "server:\n  rundir: {place}\n  listen: {}@{}\n  udp-workers: 1\n  tcp-workers: 1\n  \
         background-workers: 1\nlog:\n  - target: stderr\n    any: info\ndatabase:\n  storage: {place}\n\
         zone:\n",
        address.ip(),
        address.port()
    );
    conf.extend(
        zones.iter().map(|z| format!("  - domain: {}\n    file: {place}/{}\n", z.origin, z.file())),
    );
    let file = folder.join("knot.conf");
    std::fs::write(&file, conf).unwrap();
    let mut command = command(found(&KNOT, &PROGRAM));
    command.arg("-c").arg(&file);
    start(command, "server started", address, folder)
}

/// Unbound that asks these servers for these zones, and fences off all other names, so that nothing
/// leaves the machine.
pub(crate) fn start_unbound(stubs: &[(String, SocketAddr)]) -> NameServer {
    static PROGRAM: OnceLock<Program> = OnceLock::new();
    let address = free_address();
    let folder = folder(address, &[]);
    let place = folder.display();
    let mut conf = format!(
        "server:\n  directory: \"{place}\"\n  chroot: \"\"\n  username: \"\"\n  pidfile: \"{place}/pid\"\n  \
         use-syslog: no\n  logfile: \"\"\n  verbosity: 1\n  do-daemonize: no\n  num-threads: 1\n  \
         interface: {}@{}\n  access-control: 127.0.0.0/8 allow\n  do-not-query-localhost: no\n  \
         module-config: \"iterator\"\n  local-zone: \".\" refuse\n",
        address.ip(),
        address.port()
    );
    conf.extend(stubs.iter().map(|(zone, _)| format!("  local-zone: \"{zone}.\" transparent\n")));
    conf.push_str("remote-control:\n  control-enable: no\n");
    conf.extend(stubs.iter().map(|(zone, to)| {
        format!("stub-zone:\n  name: \"{zone}\"\n  stub-addr: {}@{}\n", to.ip(), to.port())
    }));
    conf.push_str("forward-zone:\n  name: \".\"\n  forward-addr: 127.0.0.1@1\n");
    let file = folder.join("unbound.conf");
    std::fs::write(&file, conf).unwrap();
    let mut command = command(found(&UNBOUND, &PROGRAM));
    command.arg("-d").arg("-c").arg(&file);
    start(command, "start of service", address, folder)
}

/// dnsmasq with these lines of its own configuration, forwarding all other names.
pub(crate) fn start_dnsmasq(lines: &[String], forwarder: SocketAddr) -> NameServer {
    static PROGRAM: OnceLock<Program> = OnceLock::new();
    let address = free_address();
    let folder = folder(address, &[]);
    let mut conf = format!(
        "no-resolv\nno-hosts\nno-daemon\nport={}\nlisten-address={}\nbind-interfaces\ncache-size=0\n\
         user=root\nserver={}#{}\n",
        address.port(),
        address.ip(),
        forwarder.ip(),
        forwarder.port()
    );
    conf.extend(lines.iter().map(|line| format!("{line}\n")));
    let file = folder.join("dnsmasq.conf");
    std::fs::write(&file, conf).unwrap();
    let mut command = command(found(&DNSMASQ, &PROGRAM));
    command.arg("-C").arg(&file);
    start(command, "started, version", address, folder)
}

/// `ldns-testns` with this file of answers.
pub(crate) fn start_testns(answers: &str) -> NameServer {
    static PROGRAM: OnceLock<Program> = OnceLock::new();
    let address = free_address();
    let folder = folder(address, &[]);
    // Where it is unpacked it is found by way of a folder that its package does not have.
    std::fs::create_dir_all(super::root().join("target/peers/ldnsutils/usr/sbin")).unwrap();
    let file = folder.join("answers");
    std::fs::write(&file, answers).unwrap();
    let plain = command(found(&TESTNS, &PROGRAM));
    // It says on its standard output that it serves, and the starting reads the other one.
    let mut command = Command::new("sh");
    command.arg("-c").arg("exec \"$0\" \"$@\" >&2").arg(plain.get_program());
    command.envs(plain.get_envs().filter_map(|(key, value)| Some((key, value?))));
    command.arg("-p").arg(address.port().to_string()).arg(&file);
    start(command, "Listening", address, folder)
}
