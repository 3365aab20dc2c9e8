//! Lines of an SMTP conversation, read with bounds: so long a line, so many lines, so long a wait.
//! Knows no verdicts and no socket: whatever can be read and written will do.

use super::super::{
    NoAnswer,
    session::{Broken, Reply, Told},
};
use super::tcp;
use std::time::Duration;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    time::{Instant, timeout_at},
};

/// The longest line that is read, in bytes (RFC 5321 section 4.5.3.1.5 allows 512).
const LINE_MAX: usize = 4 * 1024;
/// The most lines of one reply.
const LINES_MAX: usize = 64;

/// One end of a conversation.
#[derive(Debug)]
pub struct Conversation<S> {
    stream: S,
    /// What was read and not yet taken.
    held: Vec<u8>,
    /// When all has to be over.
    end: Instant,
}

/// A line of a reply.
enum Line {
    More(u16, String),
    Last(u16, String),
}

impl<S: AsyncRead + AsyncWrite + Unpin> Conversation<S> {
    /// A conversation that is over at `end`, whatever happens.
    pub fn new(stream: S, end: Instant) -> Self {
        Self { stream, held: Vec::new(), end }
    }

    /// Says a command and reads the reply.
    pub async fn say(&mut self, command: &str, patience: Duration) -> Told {
        let line = format!("{command}\r\n");
        let until = self.until(patience);
        match timeout_at(until, self.stream.write_all(line.as_bytes())).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(Broken::No(tcp::no_answer(&error))),
            Err(_) => return Err(Broken::No(NoAnswer::TimedOut)),
        }
        self.reply(patience).await
    }

    /// Reads a whole reply.
    pub async fn reply(&mut self, patience: Duration) -> Told {
        let until = self.until(patience);
        match timeout_at(until, self.read_reply()).await {
            Ok(told) => told,
            Err(_) => Err(Broken::No(NoAnswer::TimedOut)),
        }
    }

    /// The greeting's first line, once the whole greeting was read. What breaks the protocol is told
    /// with why, in parentheses, so that nobody takes it for a greeting; what did not come to its end
    /// is none.
    ///
    /// # Errors
    /// Why there is no greeting.
    pub async fn greeting(&mut self, patience: Duration) -> Result<String, NoAnswer> {
        let until = self.until(patience);
        let mut first = None;
        let read = timeout_at(until, async {
            for _ in 0..LINES_MAX {
                let bytes = self.line().await?;
                let is_last = !matches!(parse(&bytes), Some(Line::More(..)));
                first.get_or_insert_with(|| clean(&bytes));
                if is_last {
                    return Ok(());
                }
            }
            Err(too_many())
        })
        .await;
        match read {
            Ok(Ok(())) => Ok(first.unwrap_or_default()),
            Ok(Err(Broken::Wrong(why))) => {
                let said = first.unwrap_or_else(|| clean(&self.held));
                Ok(format!("({why}) {said}"))
            }
            Ok(Err(Broken::No(why))) => Err(why),
            Err(_) => Err(NoAnswer::TimedOut),
        }
    }

    /// Whether something came that nobody has asked for yet.
    pub fn holds_more(&self) -> bool {
        !self.held.is_empty()
    }

    /// The stream itself.
    pub fn into_inner(self) -> S {
        self.stream
    }

    /// Says `QUIT`, waits for the answer a little, and closes.
    pub async fn leave(mut self, patience: Duration) {
        // Whether the farewell arrives changes nothing about what was heard.
        drop(self.say("QUIT", patience).await);
        drop(timeout_at(self.until(patience), self.stream.shutdown()).await);
    }

    fn until(&self, patience: Duration) -> Instant {
        self.end.min(Instant::now() + patience)
    }

    async fn read_reply(&mut self) -> Told {
        let mut lines = Vec::new();
        let mut code = None;
        while lines.len() < LINES_MAX {
            let bytes = self.line().await?;
            let (of_line, text, is_last) = match parse(&bytes) {
                Some(Line::More(code, text)) => (code, text, false),
                Some(Line::Last(code, text)) => (code, text, true),
                None => {
                    let said = crate::model::name::shortened(&clean(&bytes));
                    return Err(Broken::Wrong(format!("`{said}` is no SMTP reply")));
                }
            };
            if *code.get_or_insert(of_line) != of_line {
                return Err(Broken::Wrong("the lines of one reply have different codes".into()));
            }
            lines.push(text);
            if is_last {
                return Ok(Reply { code: of_line, lines });
            }
        }
        Err(too_many())
    }

    /// The next line without its end.
    async fn line(&mut self) -> Result<Vec<u8>, Broken> {
        let mut part = [0; 1024];
        loop {
            if let Some(end) = self.held.iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.held.drain(..=end).collect();
                line.pop();
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return Ok(line);
            }
            if self.held.len() > LINE_MAX {
                let why = format!("a line of more than {LINE_MAX} bytes");
                return Err(Broken::Wrong(why));
            }
            match self.stream.read(&mut part).await {
                Ok(0) => return Err(Broken::No(NoAnswer::Closed)),
                Ok(read) => self.held.extend_from_slice(&part[..read]),
                Err(error) => return Err(Broken::No(tcp::no_answer(&error))),
            }
        }
    }
}

fn too_many() -> Broken {
    Broken::Wrong(format!("a reply of more than {LINES_MAX} lines"))
}

/// A line of a reply (RFC 5321 section 4.2): three digits, then `-` and more to come, or the end.
fn parse(line: &[u8]) -> Option<Line> {
    let code = line.get(..3)?;
    if !matches!(code[0], b'2'..=b'5') || !code.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = code.iter().fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'));
    let text = clean(line.get(4..).unwrap_or_default());
    match line.get(3) {
        Some(b'-') => Some(Line::More(number, text)),
        Some(b' ') | None => Some(Line::Last(number, text)),
        Some(_) => None,
    }
}

/// A text with nothing in it that a terminal would obey.
pub fn clean(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(LINE_MAX)]);
    text.trim_end().chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_do_not_get_through() {
        assert_eq!(clean(b"220 a\x1b[2J b\0 \r"), "220 a?[2J b?");
        assert_eq!(clean(b"\xff\xfe"), "\u{fffd}\u{fffd}");
    }

    #[test]
    fn a_reply_line_has_three_digits_and_a_hyphen_or_an_end() {
        assert!(matches!(parse(b"250-SIZE 10"), Some(Line::More(250, text)) if text == "SIZE 10"));
        assert!(matches!(parse(b"250 ok"), Some(Line::Last(250, _))));
        assert!(matches!(parse(b"250"), Some(Line::Last(250, _))));
        assert!(parse(b"SSH-2.0").is_none() && parse(b"2500").is_none() && parse(b"99").is_none());
    }
}
