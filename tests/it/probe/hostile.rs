//! Peers that mean no good, in memory and with a clock that is turned by hand: bounded in time and in
//! bytes, with a reason, and never a verdict that the answer does not bear.

use bridgehead::{
    model::dns::RecordKind,
    probe::{
        GreetReply, NameReply, NoAnswer, Route, Timed,
        checks::{self, Known},
        live::{
            Patience, dns,
            smtp::{Talk, hold},
        },
        session::{Broken, Session, Tls},
        wire::{How, Query, Rr},
    },
};
use std::{
    io::{Read as _, Write as _},
    net::{IpAddr, SocketAddr, TcpListener, UdpSocket},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream, duplex},
    time::Instant,
};

/// The most that is read of one line or greeting, with what a buffer may hold beyond.
const READ_MAX: usize = 64 * 1024;

/// Holds a session with a peer that says what `script` answers to each line, `None` for the greeting.
async fn session(script: impl Fn(Option<&str>) -> Vec<u8> + Send + 'static) -> GreetReply {
    let (ours, theirs) = duplex(4096);
    tokio::spawn(async move {
        let mut stream = BufReader::new(theirs);
        let mut line = String::new();
        let mut said = None;
        loop {
            let answer = script(said);
            if answer.is_empty() || stream.get_mut().write_all(&answer).await.is_err() {
                return;
            }
            line.clear();
            match stream.read_line(&mut line).await {
                Ok(0) | Err(_) => return,
                Ok(_) => said = Some(line.trim_end()),
            }
        }
    });
    held(ours).await
}

async fn held(stream: DuplexStream) -> GreetReply {
    let patience = Patience::default();
    let end = Instant::now() + patience.session;
    hold(stream, IpAddr::from([127, 0, 0, 1]), Talk::Session, &patience, end).await
}

fn talked(reply: GreetReply) -> Session {
    match reply {
        GreetReply::Talked(session) => *session,
        other => panic!("no session: {other:?}"),
    }
}

fn wrong<T: std::fmt::Debug>(told: Result<T, Broken>) -> String {
    match told {
        Err(Broken::Wrong(why)) => why,
        other => panic!("nothing wrong: {other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_greeting_of_a_hundred_megabytes_is_read_only_so_far() {
    let (ours, mut theirs) = duplex(4096);
    let sent = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&sent);
    tokio::spawn(async move {
        let part = [b'x'; 4096];
        while count.load(Ordering::SeqCst) < 100_000_000 && theirs.write_all(&part).await.is_ok() {
            count.fetch_add(part.len(), Ordering::SeqCst);
        }
    });
    let GreetReply::Said(line) = held(ours).await else { panic!("nothing was read") };
    assert!(line.starts_with("(a line of more than 4096 bytes) xxx"), "{line}");
    assert!(line.len() <= 5 * 1024, "{}", line.len());
    assert!(sent.load(Ordering::SeqCst) < READ_MAX, "{sent:?}");
}

#[tokio::test(start_paused = true)]
async fn one_byte_a_second_ends_when_the_patience_does() {
    let begun = Instant::now();
    let (ours, mut theirs) = duplex(64);
    tokio::spawn(async move {
        for byte in b"220 mail1.hartwell.example and so on and on and on".iter().cycle() {
            if theirs.write_all(&[*byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    // Half a greeting is none: neither the right name nor a wrong one is made of it.
    assert_eq!(held(ours).await, GreetReply::Mute);
    assert!(begun.elapsed() <= Patience::default().session + Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_falls_silent_gives_no_second_verdict() {
    let script = |said: Option<&str>| match said {
        None => b"220 mail.example\r\n".to_vec(),
        Some(_) => b"250-mail.exa".to_vec(),
    };
    let session = talked(session(script).await);
    assert_eq!(session.hello, Some(Err(Broken::No(NoAnswer::TimedOut))));
    assert_eq!((session.tls, session.postmaster), (Tls::NotTried, None));
}

#[tokio::test(start_paused = true)]
async fn nul_bytes_and_invalid_utf8_are_told_and_do_no_harm() {
    let script = |said: Option<&str>| match said {
        None => b"220 a\0b\xff\xfe\x1b[2J\r\n".to_vec(),
        Some(_) => b"250-\0\xff\r\n250 \x07SIZE\0 1\r\n".to_vec(),
    };
    let session = talked(session(script).await);
    assert_eq!(session.greeting, "220 a?b\u{fffd}\u{fffd}?[2J");
    let Some(Ok(hello)) = session.hello else { panic!("no reply") };
    assert!(hello.lines.iter().all(|line| !line.chars().any(char::is_control)), "{hello:?}");
    let script = |_: Option<&str>| b"\0\0\0\0\n".to_vec();
    assert_eq!(self::session(script).await, GreetReply::Said("????".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn replies_without_end_are_cut_off() {
    let endless = |said: Option<&str>| match said {
        None => b"220 mail.example\r\n".to_vec(),
        Some(line) if line.starts_with("EHLO") => b"250-more\r\n".repeat(10_000),
        Some(_) => b"250 ok\r\n".to_vec(),
    };
    let ended = talked(session(endless).await);
    assert_eq!(wrong(ended.hello.unwrap()), "a reply of more than 64 lines");
    let long = |said: Option<&str>| match said {
        None => b"220 mail.example\r\n".to_vec(),
        Some(_) => b"250 ".iter().copied().chain(vec![b'y'; 1_000_000]).collect(),
    };
    let ended = talked(session(long).await);
    assert_eq!(wrong(ended.hello.unwrap()), "a line of more than 4096 bytes");
    let greeting = |_: Option<&str>| b"220-more\r\n".repeat(10_000);
    let said = GreetReply::Said("(a reply of more than 64 lines) 220-more".to_owned());
    assert_eq!(session(greeting).await, said);
}

#[tokio::test(start_paused = true)]
async fn what_is_no_reply_is_wrong_and_not_a_yes() {
    for (answer, why) in [
        (&b"HTTP/1.1 200 OK\r\n"[..], "`HTTP/1.1 200 OK` is no SMTP reply"),
        (b"250-a\r\n350 b\r\n", "the lines of one reply have different codes"),
        (b"999 x\r\n", "`999 x` is no SMTP reply"),
    ] {
        let script = move |said: Option<&str>| match said {
            None => b"220 mail.example\r\n".to_vec(),
            Some(_) => answer.to_vec(),
        };
        assert_eq!(wrong(talked(session(script).await).hello.unwrap()), why);
    }
}

/// A peer that offers STARTTLS and answers it so.
async fn starttls(answer: &'static [u8]) -> Tls {
    let script = move |said: Option<&str>| match said {
        None => b"220 mail.example\r\n".to_vec(),
        Some(line) if line.starts_with("EHLO") => b"250-mail.example\r\n250 STARTTLS\r\n".to_vec(),
        Some("STARTTLS") => answer.to_vec(),
        Some(_) => b"250 ok\r\n".to_vec(),
    };
    talked(session(script).await).tls
}

#[tokio::test(start_paused = true)]
async fn clear_text_that_is_injected_after_starttls_is_never_taken_for_an_answer() {
    let injected = starttls(b"220 go ahead\r\n250 mail.example\r\n").await;
    let Tls::Broken(Broken::Wrong(why)) = injected else { panic!("{injected:?}") };
    assert!(why.starts_with("clear text was injected"), "{why}");
    // Garbage where the handshake ought to be.
    let garbage = starttls(b"220 go ahead\r\n").await;
    assert!(!matches!(garbage, Tls::Secured(_)), "{garbage:?}");
    assert!(matches!(starttls(b"454 not now\r\n").await, Tls::Refused(reply) if reply.is_later()));
}

#[tokio::test(start_paused = true)]
async fn starttls_that_is_stripped_is_called_not_offered() {
    let script = |said: Option<&str>| match said {
        None => b"220 mail.example\r\n".to_vec(),
        Some(line) if line.starts_with("EHLO") => b"250-mail.example\r\n250 XXXXXXXA\r\n".to_vec(),
        Some(_) => b"250 ok\r\n".to_vec(),
    };
    assert_eq!(talked(session(script).await).tls, Tls::NotOffered);
}

/// A name server that answers each question with these bytes after its id, and counts.
fn name_server(answer: impl Fn(&[u8]) -> Vec<u8> + Send + 'static) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    std::thread::spawn(move || {
        let mut packet = [0; 4096];
        while let Ok((read, peer)) = socket.recv_from(&mut packet) {
            drop(socket.send_to(&answer(&packet[..read]), peer));
        }
    });
    address
}

fn asked(server: SocketAddr) -> NameReply {
    asked_for(server, RecordKind::A)
}

fn asked_for(server: SocketAddr, kind: RecordKind) -> NameReply {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let patience = Patience { name: Duration::from_millis(700), ..Patience::default() };
    let name = "mail1.hartwell.example".to_owned();
    let query = Query { server, name, kind: Rr::from(kind), how: How::Plain };
    let mut known = Known::new();
    loop {
        match checks::reply(&query, &known, &Route::default()) {
            Ok(told) => return told.reply,
            Err(missing) => {
                for query in missing {
                    let reply = runtime.block_on(dns::ask(&query, &patience));
                    known.insert(query, Timed { reply, took: None });
                }
            }
        }
    }
}

/// The question's own bytes with the flags and counts of an answer, then what follows.
fn answering(query: &[u8], counts: [u8; 6], more: &[u8]) -> Vec<u8> {
    let end = 12 + query[12..].iter().position(|byte| *byte == 0).unwrap() + 5;
    let mut packet = query[..2].to_vec();
    packet.extend([0x81, 0x80, 0, 1]);
    packet.extend(counts);
    packet.extend(&query[12..end]);
    packet.extend(more);
    packet
}

/// `192.0.2.66` for whatever name the bytes say.
fn address_record(name: &[u8]) -> Vec<u8> {
    let mut record = name.to_vec();
    record.extend([0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 66]);
    record
}

#[test]
fn answers_that_are_not_to_the_question_are_not_taken() {
    // Another name's address, in an answer that is otherwise in order.
    let other = |query: &[u8]| {
        answering(query, [0, 1, 0, 0, 0, 0], &address_record(b"\x04evil\x07example\0"))
    };
    let reply = asked(name_server(other));
    assert!(!matches!(reply, NameReply::Records { .. }), "{reply:?}");
    // Another question with another question's answer.
    let question = |query: &[u8]| {
        let mut packet = query[..2].to_vec();
        packet.extend([0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
        packet.extend(b"\x04evil\x07example\0\0\x01\0\x01");
        packet.extend(address_record(&[0xC0, 12]));
        packet
    };
    assert!(matches!(asked(name_server(question)), NameReply::None(_)));
    // Another id.
    let id = |query: &[u8]| {
        let mut packet = answering(query, [0, 1, 0, 0, 0, 0], &address_record(&[0xC0, 12]));
        packet[0] ^= 0xFF;
        packet
    };
    assert!(matches!(asked(name_server(id)), NameReply::None(_)));
}

#[test]
fn compression_loops_and_garbage_end_with_a_reason() {
    let looped = |query: &[u8]| {
        // A pointer that points at itself, behind the question.
        let at = answering(query, [0, 1, 0, 0, 0, 0], &[]).len();
        let pointer = [0xC0 | u8::try_from(at >> 8).unwrap(), u8::try_from(at & 0xFF).unwrap()];
        answering(query, [0, 1, 0, 0, 0, 0], &address_record(&pointer))
    };
    assert!(matches!(asked(name_server(looped)), NameReply::None(_)));
    assert!(matches!(asked(name_server(|_| vec![0xFF; 3000])), NameReply::None(_)));
    assert!(matches!(asked(name_server(|query| query[..5].to_vec())), NameReply::None(_)));
}

#[test]
fn sixty_four_kilobytes_of_text_are_read_whole_over_tcp() {
    let at = crate::support::name_servers::free_address();
    let (udp, tcp) = (UdpSocket::bind(at).unwrap(), TcpListener::bind(at).unwrap());
    std::thread::spawn(move || {
        let mut packet = [0; 4096];
        while let Ok((read, peer)) = udp.recv_from(&mut packet) {
            let mut cut_short = answering(&packet[..read], [0; 6], &[]);
            cut_short[2] |= 0x02;
            drop(udp.send_to(&cut_short, peer));
        }
    });
    std::thread::spawn(move || {
        let (mut client, _) = tcp.accept().unwrap();
        let mut length = [0; 2];
        client.read_exact(&mut length).unwrap();
        let mut query = vec![0; usize::from(u16::from_be_bytes(length))];
        client.read_exact(&mut query).unwrap();
        let string = [&[255][..], &[b't'; 255]].concat();
        let text = string.repeat(253);
        let size = u16::try_from(text.len()).unwrap().to_be_bytes();
        let head = [0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 60, size[0], size[1]];
        let answer = answering(&query, [0, 1, 0, 0, 0, 0], &[&head, &text[..]].concat());
        client.write_all(&u16::try_from(answer.len()).unwrap().to_be_bytes()).unwrap();
        client.write_all(&answer).unwrap();
    });
    let NameReply::Records { lines, .. } = asked_for(at, RecordKind::Txt) else {
        panic!("no records")
    };
    assert_eq!(lines.iter().map(String::len).collect::<Vec<_>>(), [255 * 253]);
}
