//! An MTA-STS policy (RFC 8461): what a web server gave for it, and what that says. Knows no socket.

use super::session::matches_name;

/// The most bytes of a web server's head that are read.
const HEAD_MAX: usize = 16 * 1024;
/// The most bytes of a policy (RFC 8461 section 3.3).
const BODY_MAX: usize = 64 * 1024;
/// The longest life of a policy, in seconds (RFC 8461 section 3.2).
const MAX_AGE_MAX_S: u32 = 31_557_600;
/// Lines of a policy that are kept beside a verdict.
const LINES_MAX: usize = 12;

/// What a web server gave where a policy ought to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// The status, as in 200.
    pub status: u16,
    /// The type of the content, in lower case and without parameters.
    pub kind: String,
    /// The content.
    pub body: String,
    /// Why a sender does not trust the web server's certificate; none: it does.
    pub distrust: Option<String>,
}

impl Fetched {
    /// The answer in a few lines.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("HTTP {} {}", self.status, self.kind).trim_end().to_owned()];
        lines.extend(self.distrust.iter().map(|why| format!("certificate: {why}")));
        let said = self.body.lines().filter(|line| !line.trim().is_empty());
        lines.extend(said.take(LINES_MAX).map(crate::model::name::shortened));
        lines
    }
}

/// What the bytes of an HTTP/1.1 answer hold; none: more has to come. `ended`: nothing more will.
///
/// # Errors
/// Why they are no answer that can be used.
pub fn response(bytes: &[u8], ended: bool) -> Result<Option<Fetched>, String> {
    let head_end = bytes.windows(4).take(HEAD_MAX).position(|four| four == b"\r\n\r\n");
    let Some(at) = head_end else {
        let is_none = ended || bytes.len() > HEAD_MAX;
        return if is_none { Err("what came is no HTTP answer".to_owned()) } else { Ok(None) };
    };
    let head = String::from_utf8_lossy(&bytes[..at]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(status).ok_or("what came is no HTTP answer")?;
    let header = |name: &str| {
        lines.clone().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_ascii_lowercase())
        })
    };
    let rest = &bytes[at + 4..];
    let chunked = header("transfer-encoding").is_some_and(|coding| coding == "chunked");
    let length = header("content-length").and_then(|text| text.parse::<usize>().ok());
    let whole = match (chunked, length) {
        (true, _) => unchunked(rest)?,
        (false, Some(length)) if length > BODY_MAX => return Err(too_long()),
        (false, Some(length)) => rest.get(..length).map(<[u8]>::to_vec),
        (false, None) => ended.then(|| rest.to_vec()),
    };
    match whole {
        Some(body) if body.len() <= BODY_MAX => Ok(Some(Fetched {
            status,
            kind: header("content-type")
                .and_then(|kind| kind.split(';').next().map(|kind| kind.trim().to_owned()))
                .unwrap_or_default(),
            body: String::from_utf8_lossy(&body).into_owned(),
            distrust: None,
        })),
        None if ended => Err("the web server hung up before the end of its answer".to_owned()),
        None if rest.len() <= 2 * BODY_MAX => Ok(None),
        _ => Err(too_long()),
    }
}

fn too_long() -> String {
    format!("the answer is longer than {BODY_MAX} bytes")
}

fn status(line: &str) -> Option<u16> {
    let code = line.strip_prefix("HTTP/1.")?.split(' ').nth(1)?;
    code.parse().ok().filter(|code| (100..600).contains(code))
}

/// A body in chunks (RFC 9112 section 7.1) put together; none: more has to come.
fn unchunked(mut rest: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let wrong = || "the web server's chunks do not read".to_owned();
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = std::str::from_utf8(&rest[..end]).ok().and_then(|text| {
            usize::from_str_radix(text.split(';').next().unwrap_or_default().trim(), 16).ok()
        });
        let size = size.ok_or_else(wrong)?;
        if size == 0 {
            return Ok(Some(body));
        }
        if size > BODY_MAX || body.len() + size > BODY_MAX {
            return Err(too_long());
        }
        rest = &rest[end + 2..];
        let Some(part) = rest.get(..size) else { return Ok(None) };
        body.extend_from_slice(part);
        match rest.get(size..size + 2) {
            Some(b"\r\n") => rest = &rest[size + 2..],
            Some(_) => return Err(wrong()),
            None => return Ok(None),
        }
    }
    if rest.len() > HEAD_MAX { Err(wrong()) } else { Ok(None) }
}

/// What senders do who find no fitting exchanger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// They do not deliver.
    Enforce,
    /// They deliver, and report.
    Testing,
    /// There is no policy any more.
    None,
}

/// A policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its mode.
    pub mode: Mode,
    /// The exchangers that it names, in lower case; the first label may be `*`.
    pub exchangers: Vec<String>,
    /// How long senders keep to it, in seconds.
    pub max_age_s: u32,
}

impl Policy {
    /// Whether it names an exchanger (RFC 8461 section 4.1).
    pub fn names(&self, host: &str) -> bool {
        self.exchangers.iter().any(|pattern| matches_name(pattern, host))
    }
}

/// Reads a policy (RFC 8461 section 3.2). Of a field that stands twice the first counts.
///
/// # Errors
/// What it lacks: senders take it for none.
pub fn read(body: &str) -> Result<Policy, String> {
    let fields = || {
        body.lines().filter_map(|line| {
            let (key, value) = line.split_once(':')?;
            Some((key.trim(), value.trim().to_ascii_lowercase()))
        })
    };
    let field = |name: &str| fields().find(|(key, _)| *key == name).map(|(_, value)| value);
    if field("version").as_deref() != Some("stsv1") {
        return Err("it does not begin with `version: STSv1`".to_owned());
    }
    let mode = match field("mode").as_deref() {
        Some("enforce") => Mode::Enforce,
        Some("testing") => Mode::Testing,
        Some("none") => Mode::None,
        _ => return Err("its mode is none of enforce, testing and none".to_owned()),
    };
    let age = field("max_age").and_then(|age| age.parse().ok());
    let max_age_s = age.filter(|age| *age <= MAX_AGE_MAX_S);
    let max_age_s = max_age_s.ok_or("it has no max_age that reads")?;
    let exchangers: Vec<String> = fields()
        .filter(|(key, _)| *key == "mx")
        .map(|(_, host)| host.trim_end_matches('.').to_owned())
        .collect();
    if exchangers.is_empty() && mode != Mode::None {
        return Err("it names no exchanger".to_owned());
    }
    Ok(Policy { mode, exchangers, max_age_s })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_reads_by_length_by_chunks_and_by_its_end() {
        let body = |bytes: &[u8], ended| response(bytes, ended).map(|f| f.map(|f| f.body));
        let by_length = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\nab";
        assert_eq!(body(by_length, false), Ok(Some("ab".to_owned())));
        assert_eq!(
            response(by_length, false).unwrap_or_default().unwrap_or_default().kind,
            "text/plain"
        );
        assert_eq!(body(&by_length[..by_length.len() - 1], false), Ok(None));
        assert!(body(&by_length[..by_length.len() - 1], true).is_err());
        let chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x=y\r\na\r\n2\r\nbc\r\n0\r\n\r\n";
        assert_eq!(body(chunks, false), Ok(Some("abc".to_owned())));
        assert_eq!(body(&chunks[..chunks.len() - 6], false), Ok(None));
        let to_the_end = b"HTTP/1.0 404 no\r\n\r\nabc";
        assert_eq!(
            (body(to_the_end, false), body(to_the_end, true)),
            (Ok(None), Ok(Some("abc".into())))
        );
    }

    #[test]
    fn what_is_too_long_or_no_answer_ends() {
        assert!(response(&vec![b'x'; HEAD_MAX + 8], false).is_err());
        assert!(response(b"220 mail.example\r\n\r\n", true).is_err());
        for head in ["Content-Length: 9999999", "Transfer-Encoding: chunked"] {
            let mut bytes = format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\nfffffff\r\n").into_bytes();
            assert!(response(&bytes, false).is_err());
            bytes.extend(vec![b'x'; 3 * BODY_MAX]);
            assert!(response(&bytes, false).is_err());
        }
        let mut endless = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
        endless.extend(vec![b'x'; 3 * BODY_MAX]);
        assert!(response(&endless, false).is_err() && response(&endless, true).is_err());
    }

    #[test]
    fn a_policy_has_version_mode_age_and_exchangers() {
        let text = "version: STSv1\r\nmode: enforce\r\nmx: mail1.hartwell.example\r\nmx: *.backup.example\r\nmax_age: 604800\r\n";
        let policy = read(text).unwrap_or_else(|why| panic!("{why}"));
        assert_eq!((policy.mode, policy.max_age_s), (Mode::Enforce, 604_800));
        assert!(policy.names("MAIL1.hartwell.example") && policy.names("a.backup.example"));
        assert!(!policy.names("a.b.backup.example") && !policy.names("backup.example"));
        for (from, to) in [
            ("STSv1", "STSv2"),
            ("enforce", "sometimes"),
            ("604800", "99999999"),
            ("mx: mail1.hartwell.example\r\nmx: *.backup.example\r\n", ""),
        ] {
            assert!(read(&text.replace(from, to)).is_err(), "{from}");
        }
        assert!(read("version: STSv1\nmode: none\nmax_age: 1\n").is_ok());
    }
}
