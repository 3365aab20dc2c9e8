//! The settings of `CoreDNS`, as far as Zonemaster's scenarios use them: files, templates, dropped types,
//! a cleared AA bit.

use super::zone_file;
use bridgehead::probe::wire::{Message, Rec, Rr, code};
use std::{net::IpAddr, path::Path};

/// A server block.
#[derive(Default)]
pub(super) struct Block {
    pub(super) names: Vec<String>,
    pub(super) binds: Vec<IpAddr>,
    pub(super) zones: Vec<(String, Vec<Rec>)>,
    templates: Vec<Template>,
    drops: Vec<(String, String)>,
    clear_aa: bool,
}

#[derive(Default)]
struct Template {
    kind: String,
    zone: String,
    pattern: Option<String>,
    answers: Vec<Rec>,
    authority: Vec<Rec>,
    code: Option<u16>,
}

fn lower(name: &str) -> String {
    match name.trim_end_matches('.').to_lowercase() {
        name if name.is_empty() => ".".to_owned(),
        name => name,
    }
}

fn is_within(name: &str, zone: &str) -> bool {
    zone == "." || name == zone || name.ends_with(&format!(".{zone}"))
}

/// The blocks of a file; zone files are named relative to `base`.
pub(super) fn read(path: &Path, base: &Path) -> Vec<Block> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut blocks: Vec<Block> = Vec::new();
    let mut inside: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or("").trim();
        let words: Vec<&str> = line.split_whitespace().collect();
        match (inside.len(), words.as_slice()) {
            (_, []) => {}
            (_, ["}"]) => drop(inside.pop()),
            (0, [names @ .., "{"]) => {
                let name = |name: &&str| lower(name.trim_end_matches(':').trim_end_matches(":53"));
                blocks.push(Block { names: names.iter().map(name).collect(), ..Block::default() });
                inside.push("server".to_owned());
            }
            (_, words) => {
                let block = blocks.last_mut().unwrap();
                block.take(words, line, inside.last().unwrap(), base);
                if words.last() == Some(&"{") {
                    inside.push(words[0].to_owned());
                }
            }
        }
    }
    blocks
}

impl Block {
    fn take(&mut self, words: &[&str], line: &str, inside: &str, base: &Path) {
        match (inside, words) {
            ("server", ["bind", address]) => self.binds.push(address.parse().unwrap()),
            ("server", ["file", path, origins @ ..]) => {
                for origin in origins {
                    let origin = lower(origin);
                    self.zones.push((origin.clone(), zone_file::read(&base.join(path), &origin)));
                }
            }
            ("server", ["template", _, kind, zones @ .., "{"]) => {
                let zone = lower(zones.first().unwrap_or(&"."));
                let kind = (*kind).to_owned();
                self.templates.push(Template { kind, zone, ..Template::default() });
            }
            ("server", ["acl", zone, ..]) => self.drops.push((lower(zone), String::new())),
            ("acl", ["drop", "type", kind]) => {
                if let Some(last) = self.drops.last_mut() {
                    (*kind).clone_into(&mut last.1);
                }
            }
            ("acl", ["drop"]) => {
                if let Some(last) = self.drops.last_mut() {
                    "ANY".clone_into(&mut last.1);
                }
            }
            ("header", ["response", "clear", "aa"]) => self.clear_aa = true,
            ("template", ["match", ..]) => {
                let pattern = line[5..].trim().trim_matches('"').replace('\\', "");
                self.templates.last_mut().unwrap().pattern = Some(lower(&pattern));
            }
            ("template", ["answer" | "authority", ..]) => {
                let text = line.split('"').nth(1).unwrap_or("");
                let record = zone_file::record(text, ".");
                let template = self.templates.last_mut().unwrap();
                if words[0] == "answer" {
                    template.answers.push(record);
                } else {
                    template.authority.push(record);
                }
            }
            ("template", ["rcode", code]) => {
                let code = match *code {
                    "SERVFAIL" => code::SERVER_FAILURE,
                    "REFUSED" => code::REFUSED,
                    "NXDOMAIN" => code::NO_SUCH_NAME,
                    "NOTIMP" => 4,
                    _ => code::NO_ERROR,
                };
                self.templates.last_mut().unwrap().code = Some(code);
            }
            _ => {}
        }
    }

    /// Whether the block answers for a name.
    pub(super) fn fits(&self, name: &str) -> bool {
        self.names.iter().any(|zone| is_within(name, zone))
    }

    /// The answer; none: nothing comes.
    pub(super) fn answer(&self, name: &str, kind: Rr) -> Option<Message> {
        let dropped = |(zone, dropped): &&(String, String)| {
            is_within(name, zone) && (dropped == "ANY" || dropped == kind.name())
        };
        if self.drops.iter().any(|drop| dropped(&drop)) {
            return None;
        }
        let mut message = self.template(name, kind).unwrap_or_else(|| self.zone_answer(name, kind));
        if self.clear_aa {
            message.authoritative = false;
        }
        message.edns = true;
        Some(message)
    }

    fn template(&self, name: &str, kind: Rr) -> Option<Message> {
        let fits = |t: &&Template| {
            let kind = t.kind == kind.name() || t.kind == "ANY";
            let pattern = t.pattern.as_deref().is_none_or(|pattern| name.contains(pattern));
            // A template without a pattern answers for every name below; its records name the apex.
            let own = t.answers.is_empty() || t.answers.iter().any(|rec| rec.name == name);
            kind && is_within(name, &t.zone) && pattern && own
        };
        let template = self.templates.iter().find(fits)?;
        Some(Message {
            code: template.code.unwrap_or(code::NO_ERROR),
            authoritative: true,
            answers: template.answers.clone(),
            authority: template.authority.clone(),
            ..Message::default()
        })
    }

    fn zone_answer(&self, name: &str, kind: Rr) -> Message {
        let of_name = self.zones.iter().filter(|(zone, _)| is_within(name, zone));
        match of_name.max_by_key(|(zone, _)| zone.len()) {
            Some((zone, records)) => from_zone(zone, records, name, kind),
            None => Message { code: code::REFUSED, ..Message::default() },
        }
    }
}

fn from_zone(zone: &str, records: &[Rec], name: &str, kind: Rr) -> Message {
    let mut message = Message { authoritative: true, ..Message::default() };
    let cut = records
        .iter()
        .filter(|r| r.kind == Rr::Ns && r.name != zone && is_within(name, &r.name))
        .map(|r| r.name.clone())
        .min_by_key(String::len);
    if let Some(cut) = cut {
        message.authoritative = false;
        message.authority =
            records.iter().filter(|r| r.kind == Rr::Ns && r.name == cut).cloned().collect();
        let named = |r: &&Rec| {
            matches!(r.kind, Rr::A | Rr::Aaaa)
                && message.authority.iter().any(|ns| ns.text == r.name)
        };
        message.additional = records.iter().filter(named).cloned().collect();
        return message;
    }
    let own: Vec<&Rec> = records.iter().filter(|r| r.name == name).collect();
    let wanted = |r: &&&Rec| r.kind == kind || (r.kind == Rr::Cname && kind != Rr::Cname);
    message.answers = own.iter().filter(wanted).map(|r| (*r).clone()).collect();
    if message.answers.is_empty() {
        message.authority = records.iter().filter(|r| r.kind == Rr::Soa).cloned().collect();
        let exists = records.iter().any(|r| is_within(&r.name, name));
        message.code = if exists { code::NO_ERROR } else { code::NO_SUCH_NAME };
    }
    message
}
