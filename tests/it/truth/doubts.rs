//! What keeps one message of a case from being compared: things that the laboratory did to it and
//! that a plan has no words for.

use super::{
    case::{Case, Message, Record as DnsRecord, Server},
    result::Expected,
};
use bridgehead::model::address::Subnet;
use serde_json::Value;
use std::{collections::BTreeSet, net::IpAddr};

/// What the laboratory has on record about a message.
pub(crate) struct Record<'a> {
    pub(crate) case: &'a Case,
    pub(crate) tried: &'a Value,
    pub(crate) message: &'a Message,
    pub(crate) expected: &'a Expected,
}

/// A connection that the laboratory saw.
struct Attempt<'a> {
    by: &'a str,
    ip: IpAddr,
    outcome: &'a str,
}

impl<'a> Attempt<'a> {
    fn read(value: &'a Value) -> Option<Self> {
        let ip = value["ip"].as_str()?.parse().ok()?;
        Some(Self { by: value["by"].as_str()?, ip, outcome: value["outcome"].as_str()? })
    }
}

impl Record<'_> {
    fn attempts(&self) -> Vec<Attempt<'_>> {
        let all = self.tried["messages"][&self.message.id]["tried"].as_array();
        all.map_or(&[][..], Vec::as_slice).iter().filter_map(Attempt::read).collect()
    }

    /// The servers that refused to relay the message for the one that held it last.
    pub(crate) fn denied_by(&self) -> Vec<String> {
        let attempts = self.attempts();
        let denied =
            attempts.iter().filter(|a| a.by == self.expected.at && a.outcome == "relay-denied");
        denied.filter_map(|a| answering(self.case, a.ip).cloned()).collect()
    }

    /// Whether a firewall turned the message back to an address that it publishes itself.
    pub(crate) fn turned_back(&self) -> bool {
        self.attempts().iter().any(|attempt| {
            let server = self.case.servers.get(attempt.by);
            let site = server.and_then(|server| self.case.sites.get(&server.site));
            site.is_some_and(|site| site.firewall.hairpin && site.public.contains(&attempt.ip))
        })
    }

    /// Whether a server that held the message asks dnsmasq.
    pub(crate) fn asks_dnsmasq(&self) -> bool {
        let servers = self.expected.path.iter().filter_map(|id| self.case.servers.get(id));
        let mut sites = servers.filter_map(|server| self.case.sites.get(&server.site));
        sites.any(|site| site.dns.software.as_deref() == Some("dnsmasq"))
    }

    /// Why the message cannot be compared.
    pub(crate) fn doubt(&self, down: &BTreeSet<String>) -> Option<String> {
        let path = &self.expected.path;
        if let Some(host) = path.iter().find(|id| down.contains(&format!("host:{id}"))) {
            return Some(format!("{host} goes on working with its cable pulled"));
        }
        let attempts = self.attempts();
        let peers = attempts.iter().filter_map(|attempt| answering(self.case, attempt.ip));
        for id in path.iter().chain(peers) {
            let settings = self.case.servers.get(id).map(|server| &server.postfix);
            if let Some(parameter) = settings.and_then(|all| all.keys().next()) {
                return Some(format!("{id} has a setting of Postfix's own, `{parameter}`"));
            }
        }
        for attempt in &attempts {
            let edge = |id: &&String| self.case.sites[*id].lan_address(1) == attempt.ip;
            if let Some(site) = self.case.sites.keys().find(edge) {
                return Some(format!("{site}'s firewall itself has the address {}", attempt.ip));
            }
        }
        path.iter().find_map(|id| self.catches_its_own(id))
    }

    /// A route for a server's own domain is asked before its mailboxes are.
    fn catches_its_own(&self, id: &String) -> Option<String> {
        let server = self.case.servers.get(id)?;
        let domain = self.message.domain();
        let own = self.case.domains_of(&server.organisation(id)).contains(&domain);
        let home = self.case.home(&self.message.to);
        let caught = home.is_none_or(|home| home == id);
        (own && caught && server.routes.contains_key(&domain))
            .then(|| format!("{id}'s route for its own domain {domain} comes before its mailboxes"))
    }
}

/// The server that answers at an address, its own or one that is published for it.
fn answering(case: &Case, ip: IpAddr) -> Option<&String> {
    let published = case.sites.values().flat_map(|site| &site.firewall.publish);
    let behind = published.filter(|rule| rule.public == ip).map(|rule| &rule.to).next_back();
    let answers = |id: &String, server: &Server| server.ips().contains(&ip) || behind == Some(id);
    case.servers.iter().find(|(id, server)| answers(id, server)).map(|(id, _)| id)
}

/// The same case where firewalls hide all hosts of their LAN behind their own inside address, as the
/// laboratory's do when they turn a connection back. Which address that is a plan does not say.
pub(crate) fn hidden_by_firewalls(case: &Case) -> Case {
    let mut hidden = case.clone();
    for site in case.sites.values() {
        for server in hidden.servers.values_mut() {
            let Some(list) = &mut server.relay_from else { continue };
            let nets: Vec<Subnet> = list.iter().filter_map(|net| net.parse().ok()).collect();
            if nets.iter().any(|net| net.contains(site.lan_address(1))) {
                list.push(site.lan.to_string());
            } else {
                let outside = |net: &Subnet| !site.lan.contains(net.address());
                *list = nets.into_iter().filter(outside).map(|net| net.to_string()).collect();
            }
        }
    }
    hidden
}

/// Whether some zone hands names on to other name servers.
pub(crate) fn delegates(case: &Case) -> bool {
    let inside = case.sites.values().flat_map(|site| &site.dns.zones);
    let mut zones =
        inside.map(|(zone, lines)| (zone.as_str(), lines)).chain([(".", &case.public_dns)]);
    zones.any(|(zone, lines)| {
        let records = lines.iter().filter_map(|line| DnsRecord::parse(line).ok());
        records.into_iter().any(|record| record.kind == "NS" && record.name.as_str() != zone)
    })
}

/// The same case with the public addresses of their targets in place of public aliases: so dnsmasq
/// takes them, while BIND asks for the target anew, first in its own zones.
pub(crate) fn without_aliases(case: &Case) -> Case {
    let records: Vec<_> = case.public_dns.iter().map(|line| DnsRecord::parse(line)).collect();
    let of = |name: &str, kind: &str| -> Vec<String> {
        let all = records.iter().flatten().filter(|r| r.name.as_str() == name && r.kind == kind);
        all.map(|r| r.data.trim_end_matches('.').to_lowercase()).collect()
    };
    let mut plain = case.clone();
    plain.public_dns.clear();
    for (line, record) in case.public_dns.iter().zip(&records) {
        let alias = record.as_ref().ok().filter(|record| record.kind == "CNAME");
        let Some(alias) = alias else {
            plain.public_dns.push(line.clone());
            continue;
        };
        let mut target = alias.name.to_string();
        for _ in 0..8 {
            target = of(&target, "CNAME").pop().unwrap_or(target);
        }
        let addresses = of(&target, "A").into_iter();
        plain.public_dns.extend(addresses.map(|ip| format!("{} A {ip}", alias.name)));
    }
    plain
}
