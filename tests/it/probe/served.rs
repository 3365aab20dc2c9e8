//! What a topology's views hold, as zones for foreign name servers.

use crate::support::name_servers::{NameServer, ServedZone, start_bind, start_nsd};
use bridgehead::model::{
    Topology,
    dns::{RecordData, RecordId, RecordSet, ViewKind, ZoneId},
};
use std::net::SocketAddr;

/// The zones of the views of a kind, as they are drawn. Of one origin in two views the first is served.
pub(crate) fn zones(topology: &Topology, kind: ViewKind) -> Vec<ServedZone> {
    let mut served: Vec<ServedZone> = Vec::new();
    for id in topology.zones.keys() {
        let view = &topology.views[&id.view];
        let origin = id.origin.to_string();
        if view.kind == kind && served.iter().all(|zone| zone.origin != origin) {
            served.push(ServedZone { origin, lines: Some(lines(topology, id)) });
        }
    }
    served
}

fn lines(topology: &Topology, zone: &ZoneId) -> Vec<String> {
    let of_zone = topology.records.iter().filter(|(id, _)| id.zone == *zone);
    of_zone.flat_map(|(id, set)| record_lines(topology, id, set)).collect()
}

fn record_lines(topology: &Topology, id: &RecordId, set: &RecordSet) -> Vec<String> {
    let ttl = set.ttl_s.or(topology.zones[&id.zone].ttl_s).unwrap_or(3600);
    let data: Vec<String> = match &set.data {
        RecordData::Txt(list) => list.iter().map(|text| quoted(text)).collect(),
        RecordData::A(_) | RecordData::Aaaa(_) => set.data.lines(),
        // The null MX is whole already.
        other => {
            let whole = |line: String| if line.ends_with('.') { line } else { format!("{line}.") };
            other.lines().into_iter().map(whole).collect()
        }
    };
    let kind = id.kind.name().to_uppercase();
    data.into_iter().map(|data| format!("{}. {ttl} IN {kind} {data}", id.name)).collect()
}

/// A text in strings of at most 255 characters (RFC 1035 section 3.3).
fn quoted(text: &str) -> String {
    let escaped = |part: &[u8]| {
        let part = String::from_utf8_lossy(part);
        format!("\"{}\"", part.replace('\\', "\\\\").replace('"', "\\\""))
    };
    text.as_bytes().chunks(200).map(escaped).collect::<Vec<_>>().join(" ")
}

/// The outside views on NSD.
pub(crate) fn serve_outside(topology: &Topology) -> NameServer {
    start_nsd(&zones(topology, ViewKind::Outside))
}

/// The inside views on BIND, which asks the outside server for all other names.
pub(crate) fn serve_inside(topology: &Topology, outside: SocketAddr) -> NameServer {
    start_bind(&zones(topology, ViewKind::Inside), Some(outside))
}
