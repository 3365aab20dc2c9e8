//! The answers of a voice, out of the zones of its views: exact names, aliases, wildcards, names that
//! exist only because something stands beneath them. Knows no socket.

use super::{Beyond, Voice};
use crate::{
    model::{
        Topology,
        dns::{RecordData, RecordSet, ZoneId},
        name::Fqdn,
    },
    net::lookup::{ALIASES_MAX, FORWARDS_MAX},
};
use hickory_net::proto::{
    op::{Edns, Message, MessageType, OpCode, Query, ResponseCode},
    rr::{
        Name, RData, Record, RecordType,
        rdata::{A, AAAA, CNAME, MX, NS, PTR, SOA, TXT},
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// TTL of records to which the plan gives none, in seconds.
const TTL_S: u32 = 3_600;
/// How long a missing name may be remembered where the plan does not say, in seconds.
const NEGATIVE_TTL_S: u32 = 300;
/// The longest string in a TXT record, in bytes (RFC 1035 section 3.3).
const STRING_MAX: usize = 255;
/// The largest answer over UDP, in bytes (RFC 9715).
const PAYLOAD: u16 = 1232;
/// The same for who says nothing of it (RFC 1035 section 4.2.1).
const PAYLOAD_PLAIN: u16 = 512;

/// A zone as it is served.
#[derive(Debug)]
struct Zone {
    origin: Name,
    sets: BTreeMap<(Name, RecordType), Vec<Record>>,
    /// Every name that exists, also by what stands beneath it.
    names: BTreeSet<Name>,
    soa: Record,
}

/// What all voices say.
#[derive(Debug)]
pub struct Answers {
    voices: Vec<Voice>,
    zones: Vec<Vec<Zone>>,
    root: Record,
}

/// Where a name is held.
enum Held<'z> {
    Zone(&'z Zone),
    /// In no drawn zone, and nothing is beyond.
    Nowhere,
    /// Nobody can say.
    Unknown,
}

/// What one zone says.
enum Found {
    Records(Vec<Record>),
    Alias(Box<(Record, Name)>),
    Referral(Vec<Record>),
    NoData,
    NoSuchName,
}

impl Answers {
    /// The answers of the voices of a topology.
    pub fn new(topology: &Topology, voices: &[Voice]) -> Self {
        let zones = voices.iter().map(|voice| zones_of(topology, voice)).collect();
        let root = soa(&Name::root(), NEGATIVE_TTL_S);
        Self { voices: voices.to_vec(), zones, root }
    }

    /// The answer to a packet, as a packet; none: it is no question. `limit`: whether an answer that
    /// is too long for UDP is cut short.
    pub fn answer(&self, voice: usize, packet: &[u8], limit: bool) -> Option<Vec<u8>> {
        let request = Message::from_vec(packet).ok()?;
        if request.metadata.message_type != MessageType::Query {
            return None;
        }
        let mut response = Message::response(request.metadata.id, request.metadata.op_code);
        response.metadata.recursion_desired = request.metadata.recursion_desired;
        response.metadata.recursion_available = true;
        match (&request.queries[..], request.metadata.op_code) {
            ([query], OpCode::Query) => {
                response.add_query(query.clone());
                self.fill(voice, query, &mut response);
            }
            _ => response.metadata.response_code = ResponseCode::NotImp,
        }
        let plain = request.edns.is_none();
        if !plain {
            let mut edns = Edns::new();
            edns.set_max_payload(PAYLOAD);
            response.set_edns(edns);
        }
        let most = if plain { PAYLOAD_PLAIN } else { request.max_payload().min(PAYLOAD) };
        let bytes = response.to_vec().ok()?;
        if limit && bytes.len() > usize::from(most) {
            return response.truncate().to_vec().ok();
        }
        Some(bytes)
    }

    /// Looks a question up, aliases included.
    fn fill(&self, voice: usize, query: &Query, response: &mut Message) {
        let mut name = query.name().clone();
        for step in 0..=ALIASES_MAX {
            let zone = match self.zone_of(voice, &name, 0) {
                Held::Zone(zone) => zone,
                Held::Nowhere => return self.beyond(&name, query.query_type(), response),
                Held::Unknown => {
                    response.metadata.response_code = ResponseCode::ServFail;
                    return;
                }
            };
            response.metadata.authoritative = step == 0 || response.metadata.authoritative;
            match zone.find(&name, query.query_type()) {
                Found::Records(records) => {
                    response.add_answers(records);
                    return;
                }
                Found::Alias(step) => {
                    let (alias, target) = *step;
                    response.add_answer(alias);
                    name = target;
                }
                Found::Referral(servers) => {
                    response.metadata.authoritative = false;
                    response.add_authorities(servers);
                    return;
                }
                Found::NoData => {
                    response.add_authority(zone.soa.clone());
                    return;
                }
                Found::NoSuchName => {
                    response.metadata.response_code = ResponseCode::NXDomain;
                    response.add_authority(zone.soa.clone());
                    return;
                }
            }
        }
        response.metadata.response_code = ResponseCode::ServFail;
    }

    /// What is said of a name beyond all drawn zones.
    fn beyond(&self, name: &Name, kind: RecordType, response: &mut Message) {
        if !name.is_root() {
            response.metadata.response_code = ResponseCode::NXDomain;
            response.add_authority(self.root.clone());
        } else if kind == RecordType::SOA {
            response.add_answer(self.root.clone());
        } else {
            response.add_authority(self.root.clone());
        }
    }

    /// The zone that holds a name for a voice.
    fn zone_of(&self, voice: usize, name: &Name, depth: usize) -> Held<'_> {
        if depth > FORWARDS_MAX {
            return Held::Unknown;
        }
        let own = self.zones[voice].iter().filter(|zone| zone.origin.zone_of(name));
        if let Some(zone) = own.max_by_key(|zone| zone.origin.num_labels()) {
            return Held::Zone(zone);
        }
        let conditional = self.voices[voice].conditional.iter().filter_map(|(suffix, to)| {
            let suffix = whole(suffix)?;
            suffix.zone_of(name).then_some((suffix.num_labels(), *to))
        });
        if let Some((_, to)) = conditional.max() {
            return self.zone_of(to, name, depth + 1);
        }
        match self.voices[voice].forward {
            Beyond::Voice(to) => self.zone_of(to, name, depth + 1),
            Beyond::Nothing => Held::Nowhere,
            Beyond::Nowhere => Held::Unknown,
        }
    }
}

impl Zone {
    fn find(&self, name: &Name, kind: RecordType) -> Found {
        if let Some(servers) = self.delegation(name) {
            return Found::Referral(servers);
        }
        if self.names.contains(name) {
            return self.at(name, name, kind);
        }
        // RFC 4592: the wildcard that counts stands below the closest name that exists.
        let mut parent = name.base_name();
        while !self.names.contains(&parent) && parent != self.origin && !parent.is_root() {
            parent = parent.base_name();
        }
        match parent.prepend_label("*") {
            Ok(wildcard) if self.names.contains(&wildcard) => self.at(&wildcard, name, kind),
            _ => Found::NoSuchName,
        }
    }

    /// What stands at a name, told as that of `asked`.
    fn at(&self, name: &Name, asked: &Name, kind: RecordType) -> Found {
        let as_asked = |record: &Record| {
            let mut record = record.clone();
            record.name = asked.clone();
            record
        };
        if let Some(set) = self.sets.get(&(name.clone(), kind)) {
            return Found::Records(set.iter().map(as_asked).collect());
        }
        if kind == RecordType::SOA && *name == self.origin {
            return Found::Records(vec![self.soa.clone()]);
        }
        if kind == RecordType::NS && *name == self.origin {
            let server = Record::from_rdata(name.clone(), TTL_S, RData::NS(NS(loopback_name())));
            return Found::Records(vec![server]);
        }
        let alias = self.sets.get(&(name.clone(), RecordType::CNAME)).and_then(|set| set.first());
        match alias.map(|record| (as_asked(record), &record.data)) {
            Some((alias, RData::CNAME(target))) => {
                Found::Alias(Box::new((alias, target.0.clone())))
            }
            _ => Found::NoData,
        }
    }

    /// The servers of a zone that is delegated away between the apex and the name.
    fn delegation(&self, name: &Name) -> Option<Vec<Record>> {
        let mut at = name.clone();
        while at != self.origin && !at.is_root() {
            if let Some(servers) = self.sets.get(&(at.clone(), RecordType::NS)) {
                return Some(servers.clone());
            }
            at = at.base_name();
        }
        None
    }
}

/// The zones of a voice's views; of several with one name that of the first view.
fn zones_of(topology: &Topology, voice: &Voice) -> Vec<Zone> {
    let mut seen = BTreeSet::new();
    let mut zones = Vec::new();
    for view in &voice.views {
        for id in topology.zones.keys().filter(|id| id.view == *view) {
            if seen.insert(&id.origin) {
                zones.extend(zone(topology, id));
            }
        }
    }
    zones
}

fn zone(topology: &Topology, id: &ZoneId) -> Option<Zone> {
    let origin = whole(&id.origin)?;
    let facts = topology.zones.get(id)?;
    let mut zone = Zone {
        soa: soa(&origin, facts.negative_ttl_s.unwrap_or(NEGATIVE_TTL_S)),
        names: BTreeSet::from([origin.clone()]),
        origin,
        sets: BTreeMap::new(),
    };
    for (record, set) in topology.records.iter().filter(|(record, _)| record.zone == *id) {
        let Some(name) = whole(&record.name) else { continue };
        let ttl = set.ttl_s.or(facts.ttl_s).unwrap_or(TTL_S);
        let mut parent = name.clone();
        while parent != zone.origin && !parent.is_root() {
            zone.names.insert(parent.clone());
            parent = parent.base_name();
        }
        for data in data(set) {
            let record = Record::from_rdata(name.clone(), ttl, data);
            zone.sets.entry((name.clone(), record.record_type())).or_default().push(record);
        }
    }
    Some(zone)
}

fn data(set: &RecordSet) -> Vec<RData> {
    match &set.data {
        RecordData::A(list) => list.iter().map(|a| RData::A(A(*a))).collect(),
        RecordData::Aaaa(list) => list.iter().map(|a| RData::AAAA(AAAA(*a))).collect(),
        RecordData::Cname(name) => {
            whole(name).map(|n| RData::CNAME(CNAME(n))).into_iter().collect()
        }
        RecordData::Mx(list) => list
            .iter()
            .filter_map(|mx| Some(RData::MX(MX::new(mx.preference, whole(&mx.exchange)?))))
            .collect(),
        RecordData::Ns(list) => list.iter().filter_map(whole).map(|n| RData::NS(NS(n))).collect(),
        RecordData::Ptr(list) => {
            list.iter().filter_map(whole).map(|n| RData::PTR(PTR(n))).collect()
        }
        RecordData::Txt(list) => list
            .iter()
            .map(|text| {
                let strings: Vec<&[u8]> = text.as_bytes().chunks(STRING_MAX).collect();
                RData::TXT(TXT::from_bytes(strings))
            })
            .collect(),
    }
}

fn soa(origin: &Name, negative_ttl_s: u32) -> Record {
    let person = loopback_name();
    let data = SOA::new(loopback_name(), person, 1, 3_600, 600, 86_400, negative_ttl_s);
    Record::from_rdata(origin.clone(), negative_ttl_s, RData::SOA(data))
}

/// Who serves the rehearsal.
fn loopback_name() -> Name {
    whole_text("rehearsal.localhost").unwrap_or_else(Name::root)
}

fn whole(name: &Fqdn) -> Option<Name> {
    whole_text(name.as_str())
}

fn whole_text(text: &str) -> Option<Name> {
    let mut name = Name::from_ascii(text).ok()?;
    name.set_fqdn(true);
    Some(name.to_lowercase())
}
