//! Postfix and Exim for tests: unpacked under `target/`, never installed (Debian's exclude each other,
//! and an installed one starts a service), and run in a private mount and process namespace with
//! accounts of their own. Where that is refused the test says so loudly and fails.
#![expect(clippy::unwrap_used, reason = "a server that cannot be set up fails its test")]

use super::{
    name_servers::{free_address, triplet, unpack},
    program::Folder,
    root,
};
use std::{
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    time::Duration,
};

/// How long the servers may take until they serve.
const PATIENCE: Duration = Duration::from_mins(1);
/// Accounts in the namespace only.
const POSTFIX: u32 = 60_001;
const POSTDROP: u32 = 60_002;
const EXIM: u32 = 60_003;

/// The servers that run, stopped when this is dropped.
pub(crate) struct MailServers {
    /// Postfix as it should be: `mail1.hartwell.example`, SIZE 5000000, ETRN, STARTTLS.
    pub(crate) postfix: SocketAddr,
    /// Postfix that relays for anybody, without TLS and ETRN, SIZE 1000000.
    pub(crate) open: SocketAddr,
    /// Exim: `exim.hartwell.example`, SIZE 2000000, STARTTLS, ETRN, relays for anybody.
    pub(crate) exim: SocketAddr,
    child: Child,
    _folder: Folder,
}

impl Drop for MailServers {
    fn drop(&mut self) {
        // The namespace dies with it, and all servers in it.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A package's files, unpacked.
fn unpacked(name: &str, program: &str) -> PathBuf {
    let into = root().join("target/peers").join(name);
    if !into.join(program).is_file() {
        unpack(name, &[name], &into);
    }
    into
}

/// Where the libraries lie, those included that the system lacks.
fn libraries(of: &Path, programs: &[&str], own: Option<&str>) -> String {
    let folder = of.join("usr/lib").join(triplet());
    let mut path = folder.display().to_string();
    if let Some(own) = own {
        path = format!("{}:{path}", of.join(own).display());
    }
    let lacks = |program: &&str| {
        let mut ldd = Command::new("ldd");
        let listed = ldd.arg(of.join(program)).env("LD_LIBRARY_PATH", &path).output().unwrap();
        String::from_utf8_lossy(&listed.stdout).contains("not found")
    };
    if programs.iter().any(&lacks) {
        let all = [
            "libdb5.3",
            "libgnutls-dane0",
            "libicu72",
            "libidn12",
            "libnsl2",
            "libpcre2-8-0",
            "libsasl2-2",
            "libssl3",
            "libtirpc3",
            "libunbound8",
        ];
        unpack("libraries of mail servers", &all, of);
    }
    assert!(!programs.iter().any(&lacks), "{} does not run", of.display());
    path
}

/// Starts all three.
pub(crate) fn start() -> MailServers {
    let postfix = unpacked("postfix", "usr/lib/postfix/sbin/master");
    let exim = unpacked("exim4-daemon-light", "usr/sbin/exim4");
    let own = "usr/lib/postfix";
    let programs = ["usr/lib/postfix/sbin/master", "usr/lib/postfix/sbin/smtpd"];
    let postfix_libraries = libraries(&postfix, &programs, Some(own));
    let exim_libraries = libraries(&exim, &["usr/sbin/exim4"], None);
    let folder = Folder::new();
    let place = folder.file("");
    let [first, open, third] = [(); 3].map(|()| free_address());
    certificates(&folder);
    accounts(&folder);
    postfix_files(&folder, &postfix, &postfix_libraries, (first, open));
    exim_files(&folder, third);
    let place = place.display();
    let wait = |at: SocketAddr| {
        let port = at.port();
        format!("until (exec 3<>/dev/tcp/127.0.0.1/{port}) 2>/dev/null; do sleep 0.1; done\n")
    };
    let script = format!(
        "set -e\nmount --bind {place}/passwd /etc/passwd\nmount --bind {place}/group /etc/group\n\
         chown -R {EXIM} {place}/exim\nchown {POSTFIX} {place}/data {place}/queue/*\n\
         chown 0 {place}/queue/pid\nchown {POSTFIX}:{POSTDROP} {place}/queue/maildrop {place}/queue/public\n\
         chmod 700 {place}/data\nchmod 710 {place}/queue/public\nchmod 730 {place}/queue/maildrop\n\
         LD_LIBRARY_PATH={postfix_libraries} {}/usr/lib/postfix/sbin/master -c {place}/etc &\n\
         LD_LIBRARY_PATH={exim_libraries} {}/usr/sbin/exim4 -C {place}/exim.conf -bdf &\n\
         {}{}{}echo serves\nwait\n",
        postfix.display(),
        exim.display(),
        wait(first),
        wait(open),
        wait(third),
    );
    let script = folder.write("go.sh", script);
    let child = in_namespace(&script);
    MailServers { postfix: first, open, exim: third, child, _folder: folder }
}

/// Runs a script where its mounts and processes are nobody else's, until it says that it serves.
fn in_namespace(script: &Path) -> Child {
    let mut child = Command::new("unshare")
        .args(["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child"])
        .args(["--mount-proc", "bash"])
        .arg(script)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("util-linux has unshare");
    let (say, heard) = mpsc::channel();
    let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let also = say.clone();
    std::thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            drop(say.send(line));
        }
    });
    std::thread::spawn(move || {
        for line in BufReader::new(err).lines().map_while(Result::ok) {
            drop(also.send(line));
        }
    });
    let mut lines = Vec::new();
    loop {
        match heard.recv_timeout(PATIENCE) {
            Ok(line) if line == "serves" => return child,
            Ok(line) => lines.push(line),
            Err(ended) => {
                drop(child.kill());
                panic!(
                    "\n*** NO MAIL SERVER TO TEST AGAINST: Postfix and Exim run only in a private mount\n\
                     *** and process namespace, which needs root (`unshare --mount --pid`): {ended}\n{}\n",
                    lines.join("\n")
                );
            }
        }
    }
}

fn certificates(folder: &Folder) {
    let made = rcgen::generate_simple_self_signed(vec!["mail1.hartwell.example".to_owned()]);
    let made = made.unwrap();
    std::fs::create_dir_all(folder.file("exim")).unwrap();
    for place in ["", "exim/"] {
        folder.write(&format!("{place}cert.pem"), pem("CERTIFICATE", made.cert.der()));
        let key = folder.write(
            &format!("{place}key.pem"),
            pem("PRIVATE KEY", &made.signing_key.serialize_der()),
        );
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(key, mode).unwrap();
    }
}

/// RFC 7468.
fn pem(label: &str, der: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for part in der.chunks(3) {
        let bits =
            (0..3).fold(0_u32, |bits, at| bits << 8 | u32::from(*part.get(at).unwrap_or(&0)));
        for at in 0..4 {
            let digit = usize::try_from(bits >> (18 - 6 * at) & 63).unwrap();
            text.push(if at <= part.len() { char::from(DIGITS[digit]) } else { '=' });
        }
    }
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// The machine's accounts and those of the servers.
fn accounts(folder: &Folder) {
    let with = |file: &str, more: String| {
        let text = std::fs::read_to_string(file).unwrap();
        // An account of the same name would be found first.
        let others = text.lines().filter(|line| {
            !["postfix:", "postdrop:", "Debian-exim:"].iter().any(|own| line.starts_with(own))
        });
        others.collect::<Vec<_>>().join("\n") + "\n" + &more
    };
    let nobody = "::/nonexistent:/usr/sbin/nologin";
    let users =
        format!("postfix:x:{POSTFIX}:{POSTFIX}{nobody}\nDebian-exim:x:{EXIM}:{EXIM}{nobody}\n");
    let groups = format!("postfix:x:{POSTFIX}:\npostdrop:x:{POSTDROP}:\nDebian-exim:x:{EXIM}:\n");
    folder.write("passwd", with("/etc/passwd", users));
    folder.write("group", with("/etc/group", groups));
}

fn postfix_files(
    folder: &Folder,
    unpacked: &Path,
    libraries: &str,
    (first, open): (SocketAddr, SocketAddr),
) {
    let (place, unpacked) = (folder.file(""), unpacked.display());
    let place = place.display();
    for queue in [
        "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming",
        "maildrop", "pid", "private", "public", "saved", "trace",
    ] {
        std::fs::create_dir_all(folder.file(&format!("queue/{queue}"))).unwrap();
    }
    std::fs::create_dir_all(folder.file("data")).unwrap();
    std::fs::create_dir_all(folder.file("etc")).unwrap();
    let main = format!(
        "compatibility_level = 3.6\nmyhostname = mail1.hartwell.example\nmydestination = $myhostname\n\
         mail_owner = postfix\nsetgid_group = postdrop\n\
         daemon_directory = {unpacked}/usr/lib/postfix/sbin\ncommand_directory = {unpacked}/usr/sbin\n\
         shlib_directory = {unpacked}/usr/lib/postfix\nqueue_directory = {place}/queue\n\
         data_directory = {place}/data\n\
         import_environment = MAIL_CONFIG TZ LANG=C LD_LIBRARY_PATH={libraries}\n\
         inet_interfaces = all\ninet_protocols = ipv4\nmynetworks =\nlocal_recipient_maps =\n\
         alias_maps =\nalias_database =\nsmtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\n\
         smtpd_client_connection_count_limit = 0\nsmtpd_peername_lookup = no\n\
         message_size_limit = 5000000\nsmtpd_tls_security_level = may\n\
         smtpd_tls_cert_file = {place}/cert.pem\nsmtpd_tls_key_file = {place}/key.pem\n\
         smtpd_tls_session_cache_database =\nsmtputf8_enable = no\n"
    );
    folder.write("etc/main.cf", main);
    let master = format!(
        "{first} inet n - n - - smtpd\n{open} inet n - n - - smtpd\n\
         \x20 -o smtpd_tls_security_level=none -o message_size_limit=1000000\n\
         \x20 -o mynetworks=127.0.0.0/8 -o smtpd_discard_ehlo_keywords=etrn\n\
         cleanup unix n - n - 0 cleanup\nrewrite unix - - n - - trivial-rewrite\n\
         tlsmgr unix - - n 1000? 1 tlsmgr\nanvil unix - - n - 1 anvil\nproxymap unix - - n - - proxymap\n"
    );
    folder.write("etc/master.cf", master);
}

fn exim_files(folder: &Folder, at: SocketAddr) {
    let place = folder.file("exim");
    let place = place.display();
    let conf = format!(
        "primary_hostname = exim.hartwell.example\nspool_directory = {place}/spool\n\
         log_file_path = {place}/%slog\npid_file_path = {place}/pid\nmessage_size_limit = 2000000\n\
         tls_advertise_hosts = *\ntls_certificate = {place}/cert.pem\ntls_privatekey = {place}/key.pem\n\
         acl_smtp_rcpt = accept\nacl_smtp_etrn = accept\nhost_lookup =\nrfc1413_query_timeout = 0s\n\
         daemon_smtp_ports = {}\nlocal_interfaces = {}\nnever_users = root\n\
         smtp_banner = exim.hartwell.example ESMTP\nbegin acl\nbegin routers\nbegin transports\n",
        at.port(),
        at.ip()
    );
    folder.write("exim.conf", conf);
}
