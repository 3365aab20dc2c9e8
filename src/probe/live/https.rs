//! MTA-STS policies over HTTPS (RFC 8461 section 3.3): one `GET` to one address, no redirect followed,
//! bounded in bytes and in time. Nothing secret is sent, so that what is given is read whatever the
//! certificate says, and what the certificate says is told.

use super::{
    super::{
        NoAnswer,
        policy::{Fetched, response},
        session::{Broken, Secured, Tls},
        wire::{Message, Query, Reply},
    },
    Patience,
    tcp::{self, NotOpened},
    tls::{self, Trust},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    time::{Instant, timeout_at},
};

/// Fetches the policy of the host that the query names, at the address that it names.
pub async fn policy(query: &Query, patience: &Patience, trust: &Trust) -> Reply {
    let end = Instant::now() + patience.session;
    let stream = match tcp::connect(query.server, patience.connect).await {
        Ok(stream) => stream,
        Err(NotOpened::Refused) => {
            let why = "connection refused: no web server listens there";
            return Err(NoAnswer::Network(why.to_owned()));
        }
        Err(NotOpened::None(why)) => return Err(why),
    };
    let host = query.name.as_str();
    let shaken = tls::handshake(stream, host, patience.greeting, end, trust).await;
    let (stream, secured) = shaken.map_err(|tls| no_session(&tls))?;
    let fetched = match timeout_at(end, get(stream, host)).await {
        Ok(fetched) => fetched?,
        Err(_) => return Err(NoAnswer::TimedOut),
    };
    let policy = Fetched { distrust: distrust(&secured, host), ..fetched };
    Ok(Message { policy: Some(policy), over_tcp: true, ..Message::default() })
}

fn no_session(tls: &Tls) -> NoAnswer {
    match tls {
        Tls::Broken(Broken::No(why)) => why.clone(),
        Tls::NoHandshake { why, .. } => NoAnswer::Network(format!("no encrypted session: {why}")),
        _ => NoAnswer::Network("no encrypted session".to_owned()),
    }
}

/// Why a sender would not take the certificate for the host's.
fn distrust(secured: &Secured, host: &str) -> Option<String> {
    match &secured.certificate {
        Err(why) => Some(format!("it does not read: {why}")),
        Ok(certificate) if !certificate.is_for(host) => {
            Some(format!("it is for {}, not for {host}", certificate.names.join(", ")))
        }
        Ok(certificate) => certificate.distrust.clone(),
    }
}

async fn get<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    host: &str,
) -> Result<Fetched, NoAnswer> {
    let request = format!(
        "GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: {host}\r\nUser-Agent: bridgehead\r\n\
         Accept: text/plain\r\nConnection: close\r\n\r\n"
    );
    let failed = |error: std::io::Error| tcp::no_answer(&error);
    stream.write_all(request.as_bytes()).await.map_err(failed)?;
    let (mut bytes, mut part) = (Vec::new(), vec![0; 4096]);
    loop {
        // A server that closes without a farewell of TLS has ended its answer too; what is missing
        // of it shows by its length.
        let read = stream.read(&mut part).await.unwrap_or(0);
        bytes.extend_from_slice(&part[..read]);
        match response(&bytes, read == 0) {
            Ok(Some(fetched)) => return Ok(fetched),
            Ok(None) => {}
            Err(why) => return Err(NoAnswer::Network(why)),
        }
    }
}
