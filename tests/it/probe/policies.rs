//! MTA-STS policies over HTTPS: a web server in this process with a certificate of an authority of its
//! own, judged as senders judge it; and SMTP servers that are older than TLS 1.2.

use super::{served::serve_outside, topology};
use bridgehead::{
    model::{
        Topology,
        beside::{Evidence, Outcome},
        dns::{RecordData, RecordId, RecordSet},
    },
    net::world::Inputs,
    probe::{
        Cancel, GreetReply, Job, Manners, Route,
        live::{
            Network, Patience,
            smtp::{self, Talk},
            tls::Trust,
        },
        run,
        session::Tls,
    },
    sim::expected::{Occasion, catalogue},
};
use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener},
    sync::Arc,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer},
};

const RIGHT: &str = "two-sites-done-right";
const HOST: &str = "mta-sts.hartwell.example";

/// The template with a policy promised, on a web server at 203.0.113.80.
fn planned() -> Topology {
    let mut topology = topology(RIGHT, 5);
    let mut add = |id: &str, data: RecordData| {
        let id: RecordId = id.parse().unwrap();
        topology.records.insert(id, RecordSet { data, ttl_s: Some(300) });
    };
    let record = RecordData::Txt(vec!["v=STSv1; id=20261124".to_owned()]);
    add("outside/hartwell.example/_mta-sts/txt", record);
    let web = RecordData::A(vec!["203.0.113.80".parse().unwrap()]);
    add("outside/hartwell.example/mta-sts/a", web);
    topology
}

/// A certificate for a name that is its own authority, with who shows it.
fn certified(name: &str) -> (TlsAcceptor, Vec<u8>) {
    let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), made.cert.der().to_vec())
}

/// What A9 says where the web server, with a certificate for that name, sends these bytes.
fn said(name: &str, trusted: bool, sent: Vec<u8>) -> Evidence {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let topology = planned();
        let outside = serve_outside(&topology);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let web = listener.local_addr().unwrap();
        let (acceptor, certificate) = certified(name);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut request = vec![0; 1024];
                let read = stream.read(&mut request).await.unwrap_or(0);
                let asked = String::from_utf8_lossy(&request[..read]).into_owned();
                assert!(asked.starts_with("GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: "));
                drop(stream.write_all(&sent).await);
                drop(stream.shutdown().await);
            }
        });
        let inputs = Inputs::of(&crate::support::template(RIGHT));
        let mut questions = catalogue(&topology, &inputs, None, &Occasion::default());
        questions.retain(|question| question.text.starts_with("A9: hartwell.example"));
        let map = [("203.0.113.80".parse().unwrap(), web)].into();
        let outside_at = Some(outside.address);
        let route = Route { outside: outside_at, policies: true, map, ..Route::default() };
        let told: Vec<String> =
            route.delegates(&questions).iter().map(ToString::to_string).collect();
        assert!(told.iter().any(|line| line.contains(HOST)), "{told:?}");
        let job = Job { phase: 5, phase_key: "retired".to_owned(), questions, route };
        let mut network = Network::of(&job);
        if trusted {
            network = network.trusting(Trust::only(&certificate).unwrap());
        }
        let utc = || "2026-11-24T14:02:31Z".to_owned();
        let manners = Manners { retries: 0, ..Manners::default() };
        let checks = run(Arc::new(network), job, manners, &Cancel::default(), utc, |_| {}).await;
        let [check] = checks.as_slice() else { panic!("{checks:#?}") };
        check.evidence.clone()
    })
}

fn answer(body: &str) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {length}");
    format!("{head}\r\n\r\n{body}").into_bytes()
}

const WELL: &str = "version: STSv1\r\nmode: enforce\r\nmx: mail1.hartwell.example\r\n\
                    mx: mail2.hartwell.example\r\nmax_age: 604800\r\n";

#[test]
fn a_policy_is_judged_as_senders_judge_it() {
    let is = |body: &str| {
        let evidence = said(HOST, true, answer(body));
        (evidence.outcome, evidence.reason)
    };
    let well = said(HOST, true, answer(WELL));
    assert_eq!(well.outcome, Outcome::Pass, "{well:#?}");
    assert!(well.raw.iter().any(|line| line.contains("HTTP 200")), "{well:#?}");
    for (from, to, outcome, why) in [
        ("mx: mail2.hartwell.example\r\n", "", Outcome::Fail, "mail2.hartwell.example"),
        ("enforce", "testing", Outcome::Warn, "for testing"),
        ("604800", "3600", Outcome::Warn, "less than a day"),
        ("enforce", "none", Outcome::Info, "withdraws"),
        ("STSv1", "STSv9", Outcome::Fail, "does not read"),
        ("mail2", "*", Outcome::Pass, "every exchanger"),
    ] {
        let (got, reason) = is(&WELL.replace(from, to));
        assert_eq!(got, outcome, "{to}: {reason}");
        assert!(reason.contains(why), "{reason}");
    }
}

#[test]
fn what_is_no_policy_fails_or_is_unknown_and_is_read_only_so_far() {
    let untrusted = said(HOST, false, answer(WELL));
    assert_eq!(untrusted.outcome, Outcome::Fail, "{untrusted:#?}");
    assert!(untrusted.reason.contains("do not trust"), "{untrusted:#?}");
    let other = said("www.hartwell.example", true, answer(WELL));
    assert_eq!(other.outcome, Outcome::Fail, "{other:#?}");
    assert!(other.reason.contains("www.hartwell.example"), "{other:#?}");
    let moved = said(HOST, true, b"HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n".to_vec());
    assert_eq!(moved.outcome, Outcome::Fail, "{moved:#?}");
    let later = said(HOST, true, b"HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n".to_vec());
    assert_eq!(later.outcome, Outcome::Unknown, "{later:#?}");
    let mut endless = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    endless.extend(vec![b'x'; 1_000_000]);
    let endless = said(HOST, true, endless);
    assert_eq!(endless.outcome, Outcome::Unknown, "{:?}", endless.reason);
    assert!(endless.reason.contains("longer than 65536 bytes"), "{:?}", endless.reason);
    let half = said(HOST, true, b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nversion".to_vec());
    assert_eq!(half.outcome, Outcome::Unknown, "{half:#?}");
}

/// An SMTP server that has STARTTLS and answers the first bytes after it so, to one client after another.
fn answers_hello(answers: Vec<Vec<u8>>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for answer in answers {
            let (mut client, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(client.try_clone().unwrap());
            client.write_all(b"220 mail.example\r\n").unwrap();
            let mut line = String::new();
            while lines.read_line(&mut line).unwrap_or(0) > 0 {
                let reply: &[u8] = match line.trim_end() {
                    hello if hello.starts_with("EHLO") => b"250-mail.example\r\n250 STARTTLS\r\n",
                    "STARTTLS" => b"220 go ahead\r\n",
                    _ => b"250 ok\r\n",
                };
                client.write_all(reply).unwrap();
                if line.starts_with("STARTTLS") {
                    let mut start = [0; 5];
                    lines.read_exact(&mut start).unwrap();
                    client.write_all(&answer).unwrap();
                    break;
                }
                line.clear();
            }
        }
    });
    address
}

#[test]
fn a_server_that_is_older_than_tls_1_2_is_told_with_its_version() {
    let too_old = || vec![21, 3, 1, 0, 2, 2, 70];
    let chooses = |version: u8| vec![22, 3, version, 0, 86, 2, 0, 0, 82, 3, version, 0, 0];
    let tls = |answers: Vec<Vec<u8>>| {
        let at = answers_hello(answers);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        match runtime.block_on(smtp::open(at, Talk::Session, &Patience::default())) {
            GreetReply::Talked(session) => session.tls,
            other => panic!("{other:?}"),
        }
    };
    for (version, name) in [(1, "TLS 1.0"), (2, "TLS 1.1")] {
        let told = tls(vec![too_old(), chooses(version)]);
        assert!(matches!(&told, Tls::Outdated { version, .. } if version == name), "{told:?}");
    }
    // One that chooses nothing then either stays without a verdict.
    let told = tls(vec![too_old(), too_old()]);
    assert!(matches!(&told, Tls::NoHandshake { old: true, .. }), "{told:?}");
}
