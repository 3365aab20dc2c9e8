//! Name servers by address and port: UDP, then TCP where the answer was cut short or did not come.
//!
//! The raw client and not the resolver: that one answers some names by itself, and hides what kind of
//! no a no was. A fresh socket for each question, so that its port cannot be guessed.

use super::{
    super::{
        NoAnswer,
        wire::{How, Message, Query, Rec, Reply, Rr},
    },
    Patience, tcp,
};
use hickory_net::{
    DnsHandle as _, NetError,
    client::Client,
    proto::{
        op::{self, DnsRequest, DnsRequestOptions, DnsResponse, Edns, MessageType, OpCode},
        rr::{Name, RData, Record, RecordType},
    },
    runtime::TokioRuntimeProvider,
    tcp::TcpClientStream,
    udp::UdpClientStream,
    xfer::{DnsRequestSender as _, FirstAnswer as _},
};

/// The largest answer over UDP, in bytes (RFC 9715).
const PAYLOAD: u16 = 1232;

/// Puts a question; over TCP again where the answer was cut short or did not come.
pub async fn ask(query: &Query, patience: &Patience) -> Reply {
    let Some(request) = request(query) else {
        return Err(NoAnswer::Network(format!("`{}` cannot be asked", query.name)));
    };
    if query.how == How::Tcp {
        let response = over_tcp(query, request, patience).await;
        return response.map(|r| read(&r, true)).map_err(|error| no_answer(&error));
    }
    match over_udp(query, request.clone(), patience).await {
        Ok(response) if !response.metadata.truncation => Ok(read(&response, false)),
        Ok(response) => match over_tcp(query, request, patience).await {
            Ok(whole) => Ok(read(&whole, true)),
            Err(_) => Ok(read(&response, false)),
        },
        // A closed UDP port looks like silence; TCP tells "nobody there" from "filtered".
        Err(NetError::Timeout) => {
            let response = over_tcp(query, request, patience).await;
            response.map(|r| read(&r, true)).map_err(|error| no_answer(&error))
        }
        Err(error) => Err(no_answer(&error)),
    }
}

fn request(query: &Query) -> Option<DnsRequest> {
    let mut name = Name::from_ascii(&query.name).ok()?;
    name.set_fqdn(true);
    let mut message = op::Message::new(fresh_id(), MessageType::Query, OpCode::Query);
    message.metadata.recursion_desired = query.how != How::Iterative;
    message.metadata.checking_disabled = query.how == How::Unchecked;
    message.add_query(op::Query::query(name, record_type(query.kind)?));
    let mut edns = Edns::new();
    edns.set_max_payload(PAYLOAD);
    edns.set_version(0);
    edns.set_dnssec_ok(matches!(query.how, How::Signed | How::Unchecked));
    message.set_edns(edns);
    let mut options = DnsRequestOptions::default();
    options.edns_payload_len = PAYLOAD;
    Some(DnsRequest::new(message, options))
}

/// The client gives each request an id of its own; this one is only for the type.
fn fresh_id() -> u16 {
    op::Message::query().metadata.id
}

async fn over_udp(
    query: &Query,
    request: DnsRequest,
    patience: &Patience,
) -> Result<DnsResponse, NetError> {
    let provider = TokioRuntimeProvider::default();
    let mut stream =
        UdpClientStream::builder(query.server, provider).with_timeout(Some(patience.name)).build();
    stream.send_message(request).first_answer().await
}

async fn over_tcp(
    query: &Query,
    request: DnsRequest,
    patience: &Patience,
) -> Result<DnsResponse, NetError> {
    let provider = TokioRuntimeProvider::default();
    let (opening, handle) = TcpClientStream::new(query.server, None, Some(patience.name), provider);
    let stream = opening.await?;
    let (client, background) =
        Client::<TokioRuntimeProvider>::with_timeout(stream, handle, patience.name);
    let background = tokio::spawn(background);
    let response = client.send(request).first_answer().await;
    background.abort();
    response
}

fn record_type(kind: Rr) -> Option<RecordType> {
    Some(match kind {
        Rr::A => RecordType::A,
        Rr::Aaaa => RecordType::AAAA,
        Rr::Caa => RecordType::CAA,
        Rr::Cname => RecordType::CNAME,
        Rr::Dnskey => RecordType::DNSKEY,
        Rr::Ds => RecordType::DS,
        Rr::Mx => RecordType::MX,
        Rr::Ns => RecordType::NS,
        Rr::Ptr => RecordType::PTR,
        Rr::Rrsig => RecordType::RRSIG,
        Rr::Soa => RecordType::SOA,
        Rr::Srv => RecordType::SRV,
        Rr::Tlsa => RecordType::TLSA,
        Rr::Txt => RecordType::TXT,
        Rr::Other => return None,
    })
}

fn kind_of(kind: RecordType) -> Rr {
    match kind {
        RecordType::A => Rr::A,
        RecordType::AAAA => Rr::Aaaa,
        RecordType::CAA => Rr::Caa,
        RecordType::CNAME => Rr::Cname,
        RecordType::DNSKEY => Rr::Dnskey,
        RecordType::DS => Rr::Ds,
        RecordType::MX => Rr::Mx,
        RecordType::NS => Rr::Ns,
        RecordType::PTR => Rr::Ptr,
        RecordType::RRSIG => Rr::Rrsig,
        RecordType::SOA => Rr::Soa,
        RecordType::SRV => Rr::Srv,
        RecordType::TLSA => Rr::Tlsa,
        RecordType::TXT => Rr::Txt,
        _ => Rr::Other,
    }
}

fn read(response: &DnsResponse, over_tcp: bool) -> Message {
    let records = |list: &[Record]| list.iter().map(record).collect();
    let header = &response.metadata;
    Message {
        code: header.response_code.into(),
        authoritative: header.authoritative,
        truncated: header.truncation,
        recursive: header.recursion_available,
        authentic: header.authentic_data,
        edns: response.edns.is_some(),
        over_tcp,
        answers: records(&response.answers),
        authority: records(&response.authorities),
        additional: records(&response.additionals),
        policy: None,
    }
}

fn record(record: &Record) -> Rec {
    Rec {
        name: text(&record.name),
        kind: kind_of(record.record_type()),
        ttl: record.ttl,
        text: data(&record.data),
    }
}

fn data(data: &RData) -> String {
    match data {
        RData::A(address) => address.0.to_string(),
        RData::AAAA(address) => address.0.to_string(),
        RData::CNAME(name) => text(&name.0),
        RData::NS(name) => text(&name.0),
        RData::PTR(name) => text(&name.0),
        RData::MX(mx) => format!("{} {}", mx.preference, text(&mx.exchange)),
        RData::SRV(srv) => {
            let target = text(&srv.target);
            format!("{} {} {} {target}", srv.priority, srv.weight, srv.port)
        }
        RData::SOA(soa) => format!(
            "{} {} {} {} {} {} {}",
            text(&soa.mname),
            text(&soa.rname),
            soa.serial,
            soa.refresh,
            soa.retry,
            soa.expire,
            soa.minimum
        ),
        RData::TXT(parts) => {
            let all: Vec<u8> =
                parts.txt_data.iter().flat_map(|part| part.iter().copied()).collect();
            String::from_utf8_lossy(&all).into_owned()
        }
        RData::CAA(caa) => {
            let critical = u8::from(caa.issuer_critical) << 7;
            format!("{critical} {} \"{}\"", caa.tag, String::from_utf8_lossy(&caa.value))
        }
        RData::TLSA(tlsa) => {
            let [usage, selector, matching]: [u8; 3] =
                [tlsa.cert_usage.into(), tlsa.selector.into(), tlsa.matching.into()];
            let hash = tlsa.cert_data.iter().fold(String::new(), |mut hash, byte| {
                hash.extend(
                    [byte >> 4, byte & 15].map(|n| char::from_digit(n.into(), 16).unwrap_or('?')),
                );
                hash
            });
            format!("{usage} {selector} {matching} {hash}")
        }
        other => other.to_string(),
    }
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

/// A name in lower case without the final dot; the root is `.`.
fn text(name: &Name) -> String {
    let text = name.to_ascii().to_ascii_lowercase();
    match text.strip_suffix('.') {
        Some("") | None => text,
        Some(short) => short.to_owned(),
    }
}
