//! Name servers by address and port: UDP, then TCP where the answer was cut short or did not come.
//!
//! The raw client and not the resolver: that one answers some names by itself, and hides what kind of
//! no a no was. Aliases are followed at the same server, as [`crate::net::lookup`] has it.

use super::{
    super::{NameReply, NoAnswer},
    Patience, tcp,
};
use crate::{
    model::{dns::RecordKind, name::Fqdn},
    net::lookup::ALIASES_MAX,
};
use hickory_net::{
    DnsHandle as _, NetError,
    client::Client,
    proto::{
        op::{DnsRequest, DnsRequestOptions, DnsResponse, Query, ResponseCode},
        rr::{Name, RData, Record, RecordType},
    },
    runtime::TokioRuntimeProvider,
    tcp::TcpClientStream,
    udp::UdpClientStream,
    xfer::{DnsRequestSender as _, FirstAnswer as _},
};
use std::net::SocketAddr;

/// The largest answer over UDP, in bytes (RFC 9715).
const PAYLOAD: u16 = 1232;

/// The records of a name, as that server gives them.
pub async fn ask(
    server: SocketAddr,
    name: &Fqdn,
    kind: RecordKind,
    patience: &Patience,
) -> NameReply {
    let Ok(mut asked) = dns_name(name) else {
        return NameReply::None(NoAnswer::Network(format!("`{name}` cannot be asked")));
    };
    let mut lowest = u32::MAX;
    for _ in 0..=ALIASES_MAX {
        let query = Query::query(asked.clone(), record_type(kind));
        let response = match exchange(server, query, patience).await {
            Ok(response) => response,
            Err(why) => return NameReply::None(why),
        };
        match read(&response, &asked, kind, &mut lowest) {
            Read::Reply(reply) => return reply,
            Read::Alias(target) => asked = target,
        }
    }
    NameReply::None(NoAnswer::Network(format!("more than {ALIASES_MAX} aliases in a row")))
}

/// One question, over UDP and where that is not enough over TCP.
async fn exchange(
    server: SocketAddr,
    query: Query,
    patience: &Patience,
) -> Result<DnsResponse, NoAnswer> {
    let cut_short = match over_udp(server, query.clone(), patience).await {
        Ok(response) if !response.metadata.truncation => return Ok(response),
        Ok(_) => true,
        Err(NetError::Timeout) => false,
        Err(error) => return Err(no_answer(&error)),
    };
    // A closed UDP port looks like silence; TCP tells "nobody there" from "filtered".
    match over_tcp(server, query, patience).await {
        Ok(response) => Ok(response),
        Err(_) if cut_short => Err(NoAnswer::Network(
            "the answer was cut short, and the name server does not answer over TCP".to_owned(),
        )),
        Err(error) => Err(no_answer(&error)),
    }
}

/// A fresh socket for each question, so that its port cannot be guessed.
async fn over_udp(
    server: SocketAddr,
    query: Query,
    patience: &Patience,
) -> Result<DnsResponse, NetError> {
    let provider = TokioRuntimeProvider::default();
    let mut stream =
        UdpClientStream::builder(server, provider).with_timeout(Some(patience.name)).build();
    stream.send_message(DnsRequest::from_query(query, options())).first_answer().await
}

async fn over_tcp(
    server: SocketAddr,
    query: Query,
    patience: &Patience,
) -> Result<DnsResponse, NetError> {
    let provider = TokioRuntimeProvider::default();
    let (opening, handle) = TcpClientStream::new(server, None, Some(patience.name), provider);
    let stream = opening.await?;
    let (client, background) =
        Client::<TokioRuntimeProvider>::with_timeout(stream, handle, patience.name);
    let background = tokio::spawn(background);
    let response = client.lookup(query, options()).first_answer().await;
    background.abort();
    response
}

fn options() -> DnsRequestOptions {
    let mut options = DnsRequestOptions::default();
    options.edns_payload_len = PAYLOAD;
    options
}

/// What an error means. A refusal can only come over TCP.
fn no_answer(error: &NetError) -> NoAnswer {
    match error {
        NetError::Timeout => NoAnswer::TimedOut,
        NetError::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            NoAnswer::NoServer
        }
        NetError::Io(error) => tcp::no_answer(error),
        other => NoAnswer::Network(other.to_string()),
    }
}

/// What a response says.
enum Read {
    Reply(NameReply),
    /// The name is an alias, and the server says no more than that.
    Alias(Name),
}

fn read(response: &DnsResponse, asked: &Name, kind: RecordKind, lowest: &mut u32) -> Read {
    let none = |why| Read::Reply(NameReply::None(why));
    match response.metadata.response_code {
        ResponseCode::NoError | ResponseCode::NXDomain => {}
        ResponseCode::ServFail => return none(NoAnswer::ServerFailure),
        ResponseCode::Refused => return none(NoAnswer::Refused),
        other => return none(NoAnswer::Code(other.to_string())),
    }
    let (end, aliased) = chain(&response.answers, asked, kind, lowest);
    let found: Vec<&Record> =
        response.answers.iter().filter(|r| r.name == end && is_of(r, kind)).collect();
    if !found.is_empty() {
        *lowest = found.iter().map(|r| r.ttl).fold(*lowest, u32::min);
        let lines = found.iter().filter_map(|record| line(&record.data)).collect();
        return Read::Reply(NameReply::Records { lines, ttl: *lowest });
    }
    if response.metadata.response_code == ResponseCode::NXDomain {
        return Read::Reply(NameReply::NoSuchName);
    }
    let soa = |r: &Record| matches!(r.data, RData::SOA(_));
    if aliased && !response.authorities.iter().any(soa) {
        return Read::Alias(end);
    }
    let ns = |r: &Record| matches!(r.data, RData::NS(_));
    let referred = !response.metadata.authoritative
        && !response.authorities.iter().any(soa)
        && response.authorities.iter().any(ns);
    if referred { none(NoAnswer::Referred) } else { Read::Reply(NameReply::NoData) }
}

/// The name at the end of a response's aliases, and whether there is any.
fn chain(answers: &[Record], asked: &Name, kind: RecordKind, lowest: &mut u32) -> (Name, bool) {
    let mut end = asked.clone();
    if kind == RecordKind::Cname {
        return (end, false);
    }
    for step in 0..=ALIASES_MAX {
        let alias = answers.iter().find_map(|record| match &record.data {
            RData::CNAME(target) if record.name == end => Some((target.0.clone(), record.ttl)),
            _ => None,
        });
        let Some((target, ttl)) = alias else { return (end, step > 0) };
        *lowest = ttl.min(*lowest);
        end = target;
    }
    (end, true)
}

fn is_of(record: &Record, kind: RecordKind) -> bool {
    record.record_type() == record_type(kind)
}

fn record_type(kind: RecordKind) -> RecordType {
    match kind {
        RecordKind::A => RecordType::A,
        RecordKind::Aaaa => RecordType::AAAA,
        RecordKind::Cname => RecordType::CNAME,
        RecordKind::Mx => RecordType::MX,
        RecordKind::Ns => RecordType::NS,
        RecordKind::Ptr => RecordType::PTR,
        RecordKind::Txt => RecordType::TXT,
    }
}

/// A whole name: nothing is appended to it.
fn dns_name(name: &Fqdn) -> Result<Name, hickory_net::proto::ProtoError> {
    let mut whole = Name::from_ascii(name.as_str())?;
    whole.set_fqdn(true);
    Ok(whole)
}

/// A record as the plan writes it.
fn line(data: &RData) -> Option<String> {
    Some(match data {
        RData::A(address) => address.0.to_string(),
        RData::AAAA(address) => address.0.to_string(),
        RData::CNAME(name) => text(&name.0),
        RData::NS(name) => text(&name.0),
        RData::PTR(name) => text(&name.0),
        RData::MX(mx) => format!("{} {}", mx.preference, text(&mx.exchange)),
        RData::TXT(parts) => {
            let all: Vec<u8> =
                parts.txt_data.iter().flat_map(|part| part.iter().copied()).collect();
            String::from_utf8_lossy(&all).into_owned()
        }
        _ => return None,
    })
}

/// A name in lower case without the final dot; the root is `.`.
fn text(name: &Name) -> String {
    let text = name.to_ascii().to_ascii_lowercase();
    match text.strip_suffix('.') {
        Some("") | None => text,
        Some(short) => short.to_owned(),
    }
}
