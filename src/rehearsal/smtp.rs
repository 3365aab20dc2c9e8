//! A listener of the rehearsal: it greets with its planned name, offers SIZE, ETRN and STARTTLS with a
//! throw-away certificate, would take mail for `postmaster`, and takes no message from anybody.

use std::{io, sync::Arc, time::Duration};
use tokio::{
    io::{
        AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _,
        BufReader,
    },
    net::TcpListener,
    time::timeout,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer},
};

/// The announced limit in bytes.
const SIZE: u64 = 10_240_000;
/// How long a client may be silent.
const IDLE: Duration = Duration::from_mins(5);
/// The longest command, in bytes (RFC 5321 section 4.5.3.1.4).
const COMMAND_MAX: u64 = 512;
/// The most commands of a session.
const COMMANDS_MAX: usize = 200;

/// Greets until the end.
pub async fn greet(listener: TcpListener, name: Arc<str>, tls: Option<TlsAcceptor>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (name, tls) = (Arc::clone(&name), tls.clone());
        // A client that goes away ends its own session and nothing else.
        tokio::spawn(async move { drop(session(stream, &name, tls).await) });
    }
}

/// A certificate for a name that nobody vouches for, made for this run.
///
/// # Errors
/// When the name cannot stand in a certificate.
pub fn throw_away(name: &str) -> Result<TlsAcceptor, String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let made =
        rcgen::generate_simple_self_signed(vec![name.to_owned()]).map_err(|error| text(&error))?;
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| text(&error))?
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .map_err(|error| text(&error))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

async fn session<S>(mut stream: S, name: &str, tls: Option<TlsAcceptor>) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let banner = format!("220 {name} ESMTP rehearsal: no mail is taken here\r\n");
    stream.write_all(banner.as_bytes()).await?;
    let mut buffered = BufReader::new(stream);
    if commands(&mut buffered, name, tls.is_some()).await?
        && let Some(tls) = tls
    {
        // What came in clear text before the handshake is dropped with the buffer (RFC 3207).
        let stream = tls.accept(buffered.into_inner()).await?;
        commands(&mut BufReader::new(stream), name, false).await?;
    }
    Ok(())
}

/// Answers commands; true: the client is to shake hands now.
async fn commands<S>(stream: &mut BufReader<S>, name: &str, offers_tls: bool) -> io::Result<bool>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    for _ in 0..COMMANDS_MAX {
        let mut line = String::new();
        let mut limited = (&mut *stream).take(COMMAND_MAX);
        match timeout(IDLE, limited.read_line(&mut line)).await {
            Ok(Ok(0)) | Err(_) => return Ok(false),
            Ok(read) => drop(read?),
        }
        let command = line.trim_end().to_ascii_uppercase();
        if offers_tls && command == "STARTTLS" {
            stream.write_all(b"220 2.0.0 go ahead\r\n").await?;
            return Ok(true);
        }
        let answer = answer(&command, name, offers_tls);
        stream.write_all(answer.as_bytes()).await?;
        if command == "QUIT" {
            stream.shutdown().await?;
            return Ok(false);
        }
    }
    stream.write_all(b"421 4.7.0 too many commands\r\n").await?;
    Ok(false)
}

fn answer(command: &str, name: &str, offers_tls: bool) -> String {
    let verb = command.split([' ', ':']).next().unwrap_or("");
    match verb {
        "EHLO" => {
            let tls = if offers_tls { "250-STARTTLS\r\n" } else { "" };
            format!("250-{name}\r\n250-SIZE {SIZE}\r\n250-ETRN\r\n{tls}250 8BITMIME\r\n")
        }
        "HELO" => format!("250 {name}\r\n"),
        "MAIL" | "RSET" | "NOOP" => "250 2.0.0 ok\r\n".to_owned(),
        "RCPT" if is_postmaster(command) => "250 2.1.5 ok\r\n".to_owned(),
        "RCPT" => "550 5.7.1 this is a rehearsal: no mail is taken here\r\n".to_owned(),
        "DATA" | "BDAT" => "554 5.3.2 this is a rehearsal: no mail is taken here\r\n".to_owned(),
        "ETRN" => "458 4.3.0 nothing waits here\r\n".to_owned(),
        "VRFY" => "252 2.1.5 cannot say\r\n".to_owned(),
        "QUIT" => format!("221 2.0.0 {name} closes\r\n"),
        _ => "502 5.5.1 not known here\r\n".to_owned(),
    }
}

/// Whether a recipient is the postmaster, of whichever domain (RFC 5321 section 4.5.1).
fn is_postmaster(command: &str) -> bool {
    let path = command.split_once('<').map_or("", |(_, rest)| rest);
    path.starts_with("POSTMASTER>") || path.starts_with("POSTMASTER@")
}
