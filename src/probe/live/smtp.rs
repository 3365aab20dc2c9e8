//! The SMTP greeting: one connection, the lines up to the end of the greeting, `QUIT`, and away.
//! Nothing is asked of the server that it would have to work for.

use super::{
    super::{GreetReply, NoAnswer},
    Patience,
    tcp::{self, NotOpened},
};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// The longest greeting that is read, in bytes (RFC 5321 section 4.5.3.1.5 allows 512 a line).
const GREETING_MAX: usize = 8 * 1024;
/// How long the answer to `QUIT` is waited for.
const FAREWELL: Duration = Duration::from_secs(1);

/// The greeting's first line at an address.
pub async fn greeting(at: SocketAddr, patience: &Patience) -> GreetReply {
    let mut stream = match tcp::connect(at, patience.connect).await {
        Ok(stream) => stream,
        Err(NotOpened::Refused) => return GreetReply::Refused,
        Err(NotOpened::None(why)) => return GreetReply::None(why),
    };
    let mut heard = Vec::new();
    let read = timeout(patience.greeting, read_greeting(&mut stream, &mut heard)).await;
    let reply = match (first_line(&heard), read) {
        (Some(line), _) => GreetReply::Said(line),
        (None, Ok(Err(why))) => GreetReply::None(why),
        (None, _) => GreetReply::Mute,
    };
    // Whether the farewell arrives changes nothing about what was heard.
    drop(timeout(FAREWELL, take_leave(&mut stream)).await);
    reply
}

/// Reads until the last line of a greeting, the end or the limit.
async fn read_greeting(stream: &mut TcpStream, heard: &mut Vec<u8>) -> Result<(), NoAnswer> {
    let mut part = [0; 1024];
    while heard.len() < GREETING_MAX && !is_whole(heard) {
        match stream.read(&mut part).await {
            Ok(0) => return Err(NoAnswer::Closed),
            Ok(read) => heard.extend_from_slice(&part[..read]),
            Err(error) => return Err(tcp::no_answer(&error)),
        }
    }
    Ok(())
}

/// Whether a greeting has its last line: one whose code is not followed by `-`, or that has no code.
fn is_whole(heard: &[u8]) -> bool {
    let complete = heard.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    heard[..complete].split_inclusive(|byte| *byte == b'\n').any(|line| {
        let code = line.len() > 3 && line[..3].iter().all(u8::is_ascii_digit);
        !(code && line[3] == b'-')
    })
}

/// The first line, with nothing in it that a terminal would obey.
fn first_line(heard: &[u8]) -> Option<String> {
    if heard.is_empty() {
        return None;
    }
    let end = heard.iter().position(|byte| *byte == b'\n').unwrap_or(heard.len());
    let text = String::from_utf8_lossy(&heard[..end]);
    Some(text.trim_end().chars().map(|c| if c.is_control() { '?' } else { c }).collect())
}

async fn take_leave(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(b"QUIT\r\n").await?;
    let mut part = [0; 512];
    // A server closes after its 221; a chatty one is left after a few lines.
    for _ in 0..4 {
        if stream.read(&mut part).await? == 0 {
            break;
        }
    }
    stream.shutdown().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greeting_ends_with_the_line_that_has_no_hyphen() {
        assert!(!is_whole(b"220-mail.example first\r\n220 mail.exa"));
        assert!(is_whole(b"220-mail.example first\r\n220 mail.example last\r\n"));
        assert!(is_whole(b"SSH-2.0-x\r\n") && !is_whole(b"220 mail"));
    }

    #[test]
    fn control_characters_do_not_get_through() {
        assert_eq!(first_line(b"220 a\x1b[2J b\r\nc").as_deref(), Some("220 a?[2J b"));
        assert_eq!(first_line(b""), None);
    }
}
