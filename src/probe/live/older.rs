//! Versions of TLS before 1.2, which the TLS crate does not speak: one `ClientHello` that asks for TLS 1.1
//! at most (RFC 4346), and the version that the server chooses. No session is made of it, and no secret.

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    time::{Instant, timeout_at},
};

/// The most bytes of the server's first record that are read: its version stands at the beginning.
const RECORD_START: usize = 11;
/// Suites with RSA and with (elliptic) Diffie-Hellman, AES, 3DES and RC4, as servers of that time have.
const SUITES: [u16; 14] = [
    0xC014, 0xC013, 0xC00A, 0xC009, 0x0039, 0x0033, 0x0035, 0x002F, 0xC012, 0x0016, 0x000A, 0x0005,
    0x0004, 0x00FF,
];

/// The version that a server chooses who is offered TLS 1.1 at most; none: it chooses none.
pub async fn version<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    end: Instant,
) -> Option<String> {
    let mut start = [0; RECORD_START];
    let asked = async {
        stream.write_all(&hello()).await?;
        stream.read_exact(&mut start).await
    };
    timeout_at(end, asked).await.ok()?.ok()?;
    chosen(&start)
}

/// The version of a `ServerHello`: the record's head of 5 bytes, the handshake's of 4, the version.
fn chosen(start: &[u8; RECORD_START]) -> Option<String> {
    let [22, _, _, _, _, 2, _, _, _, major, minor] = *start else { return None };
    match (major, minor) {
        (3, 0) => Some("SSL 3.0".to_owned()),
        (3, 1) => Some("TLS 1.0".to_owned()),
        (3, 2) => Some("TLS 1.1".to_owned()),
        _ => None,
    }
}

/// A `ClientHello` in one record.
fn hello() -> Vec<u8> {
    let mut body = vec![3, 2];
    // Its random number protects nothing here: the handshake ends with the answer.
    body.extend([0x42; 32]);
    body.push(0);
    body.extend(length(SUITES.len() * 2));
    body.extend(SUITES.iter().flat_map(|suite| suite.to_be_bytes()));
    body.extend([1, 0]);
    // The curves P-256, P-384 and P-521, and points that are not compressed (RFC 8422).
    let extensions = [0, 10, 0, 8, 0, 6, 0, 23, 0, 24, 0, 25, 0, 11, 0, 2, 1, 0];
    body.extend(length(extensions.len()));
    body.extend(extensions);
    let mut handshake = vec![1, 0];
    handshake.extend(length(body.len()));
    handshake.extend(body);
    let mut record = vec![22, 3, 1];
    record.extend(length(handshake.len()));
    record.extend(handshake);
    record
}

/// A length in two bytes; what is said here is far shorter than 64 KiB.
fn length(bytes: usize) -> [u8; 2] {
    u16::try_from(bytes).unwrap_or(u16::MAX).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_server_hello_tells_a_version() {
        let start = |version: u8| [22, 3, 1, 0, 90, 2, 0, 0, 86, 3, version];
        assert_eq!(chosen(&start(1)).as_deref(), Some("TLS 1.0"));
        assert_eq!(chosen(&start(2)).as_deref(), Some("TLS 1.1"));
        assert_eq!(chosen(&start(3)), None);
        assert_eq!(chosen(&[21, 3, 1, 0, 2, 2, 70, 0, 0, 3, 1]), None);
        assert_eq!(chosen(b"220 mail.ex"), None);
    }

    #[test]
    fn the_lengths_of_the_hello_are_those_of_its_parts() {
        let hello = hello();
        assert_eq!(usize::from(u16::from_be_bytes([hello[3], hello[4]])), hello.len() - 5);
        assert_eq!(usize::from(u16::from_be_bytes([hello[7], hello[8]])), hello.len() - 9);
    }
}
