//! Goes over every text of a document for what may not stand there: ids and names of what has another
//! name, inside names of the DNS, inside addresses. Every kind of block is named, so that a new one does
//! not compile until it is gone over too.

use super::{
    Withheld,
    names::{Names, is_word},
    public::Public,
};
use crate::{
    analysis::Analysis,
    model::{ObjectId, dossier::Withhold, name::Fqdn, server::Server},
    report::document::{Block, CheckItem, Document, Drawn, Fact, Field, Step, Text},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// What is looked for, and what stands in its place.
pub(super) struct Scrub {
    withhold: Withhold,
    public: Public,
    /// By the first run of letters and digits in lower case: the whole, in lower case, the longest first.
    needles: BTreeMap<String, Vec<(String, String)>>,
    hosts: BTreeMap<String, String>,
    addresses: BTreeMap<String, usize>,
    shown_mail: BTreeSet<String>,
}

impl Scrub {
    /// What is to be looked for in documents of a plan.
    pub(super) fn new(analysis: &Analysis, names: &Names, public: Public) -> Self {
        let withhold = names.withhold;
        let mut scrub = Self {
            withhold,
            public,
            needles: BTreeMap::new(),
            hosts: BTreeMap::new(),
            addresses: BTreeMap::new(),
            shown_mail: shown_mail(analysis),
        };
        if withhold.names {
            scrub.take_hosts(analysis);
        }
        let shown: BTreeSet<String> = names.shown().map(|name| name.to_lowercase()).collect();
        let mut all: BTreeMap<String, String> = BTreeMap::new();
        for (id, other, had) in names.all() {
            let own = [id.id()];
            for name in had.iter().chain(&own) {
                all.entry(name.trim().to_lowercase()).or_insert_with(|| other.to_owned());
            }
            if let ObjectId::Server(server) = id {
                for phase in &analysis.phases {
                    let computer = phase.topology.servers.get(server);
                    let computer = computer.and_then(|s| s.computer_name.as_ref());
                    let label = computer.and_then(|name| name.as_str().split('.').next());
                    if let Some(label) = label {
                        all.entry(label.to_owned()).or_insert_with(|| other.to_owned());
                    }
                }
            }
        }
        for (name, other) in all {
            let known = shown.contains(&name) || is_word(&name);
            // A single letter says nothing, and stands in every other name.
            let number = name.chars().count() < 2 || name.chars().all(|c| c.is_ascii_digit());
            if let (false, Some(first)) = (known || number, first_run(&name)) {
                scrub.needles.entry(first).or_default().push((name, other));
            }
        }
        for list in scrub.needles.values_mut() {
            list.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.0.cmp(&b.0)));
        }
        scrub
    }

    /// Every name of the DNS that the plan holds and the Internet does not know.
    fn take_hosts(&mut self, analysis: &Analysis) {
        let mut found: BTreeSet<String> = BTreeSet::new();
        let value = serde_json::to_value(&*analysis.project).unwrap_or_default();
        let mut texts = Vec::new();
        leaves(&value, &mut texts);
        for text in &texts {
            for token in text.split(|c: char| !is_host(c)) {
                let token = token.trim_matches(|c| matches!(c, '.' | '-')).to_ascii_lowercase();
                if is_name(&token) && !self.public.name(&token) {
                    found.insert(token);
                }
            }
        }
        for phase in &analysis.phases {
            let names = phase.topology.servers.values().filter_map(Server::computer_fqdn);
            let zones = phase.topology.zones.keys().map(|zone| zone.origin.clone());
            let records = phase.topology.records.keys().map(|id| id.name.clone());
            let all = names.chain(zones).chain(records).map(|name: Fqdn| name.to_string());
            found.extend(all.filter(|name| name.contains('.') && !self.public.name(name)));
        }
        for (at, name) in found.into_iter().enumerate() {
            self.hosts.insert(name, format!("name-{}.inside", at + 1));
        }
    }

    /// How much of it there was.
    pub(super) fn counts(&self) -> Withheld {
        let mut counts = Withheld::new();
        counts.insert("names of inside hosts and domains", self.hosts.len());
        counts.insert("inside addresses and subnets", self.addresses.len());
        counts
    }

    /// Goes over a document.
    pub(super) fn document(&mut self, document: &mut Document) {
        let Document {
            title,
            subtitle,
            client,
            author,
            footer,
            date: _,
            language: _,
            cover,
            sections,
            marks: _,
        } = document;
        for text in [title, subtitle, client, author, footer] {
            self.string(text);
        }
        self.fact(&mut cover.verdict);
        for (label, value) in &mut cover.facts {
            self.string(label);
            self.text(value);
        }
        for section in sections {
            self.string(&mut section.title);
            section.blocks.iter_mut().for_each(|block| self.block(block));
        }
    }

    fn block(&mut self, block: &mut Block) {
        match block {
            Block::Heading(one) => self.string(&mut one.text),
            Block::Lead(one) | Block::Paragraph(one) | Block::Remark(one) => self.text(one),
            Block::List(list) => list.iter_mut().for_each(|one| self.text(one)),
            Block::Facts(list) => list.iter_mut().for_each(|one| self.fact(one)),
            Block::KeyValue(pairs) => {
                for (label, value) in pairs {
                    self.string(label);
                    self.text(value);
                }
            }
            Block::Table(table) => {
                table.columns.iter_mut().for_each(|column| self.string(&mut column.title));
                for cell in table.rows.iter_mut().flatten() {
                    cell.lines.iter_mut().for_each(|line| self.text(line));
                }
                self.string(&mut table.empty);
            }
            Block::Checklist(list) => {
                self.string(&mut list.title);
                self.string(&mut list.aside);
                for CheckItem { id: _, done: _, text, who, when } in &mut list.items {
                    self.text(text);
                    self.string(who);
                    self.string(when);
                }
            }
            Block::Steps(steps) => steps.iter_mut().for_each(|step| self.step(step)),
            Block::Figure(figure) => {
                self.string(&mut figure.caption);
                self.string(&mut figure.alt);
                for item in &mut figure.drawing.items {
                    if let Drawn::Words { text, .. } = item {
                        self.drawn(text);
                    }
                }
            }
            Block::Note(note) => {
                self.string(&mut note.title);
                note.lines.iter_mut().for_each(|line| self.text(line));
            }
            Block::Code(lines) => lines.iter_mut().for_each(|line| self.string(line)),
            Block::SignOff(list) => {
                for one in list {
                    self.string(&mut one.party);
                    one.fields.iter_mut().for_each(|field| self.field(field));
                }
            }
        }
    }

    fn step(&mut self, step: &mut Step) {
        let Step { id: _, fields, number: _, done, action, place, expect, back } = step;
        for field in fields {
            self.field(field);
        }
        if let Some(done) = done {
            self.string(done);
        }
        self.string(action);
        for one in place {
            self.text(one);
        }
        self.text(expect);
        self.text(back);
    }

    fn field(&mut self, Field { id: _, label, value }: &mut Field) {
        self.string(label);
        self.string(value);
    }

    fn fact(&mut self, Fact { mark: _, label, value }: &mut Fact) {
        self.string(label);
        self.text(value);
    }

    fn text(&mut self, text: &mut Text) {
        text.0.iter_mut().for_each(|span| self.string(&mut span.text));
    }

    /// Words of the drawing. A name that was cut short would be found by nobody: the word goes. Addresses
    /// were taken away, which is not the same as that none is entered.
    fn drawn(&mut self, text: &mut String) {
        if text.starts_with("no address") && self.withhold.addresses {
            "address withheld".clone_into(text);
            return;
        }
        if text.contains('…') && (self.withhold.names || self.withhold.addresses) {
            let words = text.split(' ').map(|word| if word.contains('…') { "…" } else { word });
            *text = words.collect::<Vec<_>>().join(" ");
        }
        self.string(text);
    }

    pub(super) fn string(&mut self, text: &mut String) {
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        let mut before = None;
        while let Some(first) = rest.chars().next() {
            let starts = before.is_none_or(|c: char| !c.is_alphanumeric());
            if !(first.is_alphanumeric() && starts) {
                out.push(first);
                before = Some(first);
                rest = &rest[first.len_utf8()..];
                continue;
            }
            let (length, other) = self.at(rest);
            match other {
                Some(other) => out.push_str(&other),
                None => out.push_str(&rest[..length]),
            }
            before = rest[..length].chars().next_back();
            rest = &rest[length..];
        }
        if out != *text {
            *text = out;
        }
    }

    /// How much of the text is taken, and what stands in its place; none: itself.
    fn at(&mut self, text: &str) -> (usize, Option<String>) {
        if let Some(found) = self.needle(text) {
            return found;
        }
        let token = text.find(|c: char| !is_host(c) && c != ':').unwrap_or(text.len());
        let address = text[..token].trim_end_matches([':', '.', '-']);
        if let Some(found) = self.address(text, address) {
            return found;
        }
        let host = text.find(|c: char| !is_host(c)).unwrap_or(text.len());
        let host = text[..host].trim_end_matches(['.', '-']);
        if self.withhold.names && host.contains('.') && is_name(host) {
            let lower = host.to_ascii_lowercase();
            if let Some(other) = self.hosts.get(&lower) {
                return (host.len(), Some(other.clone()));
            }
            if lower.ends_with(".arpa") && !self.public.name(&lower) {
                return (host.len(), Some("reverse name".to_owned()));
            }
            if self.public.name(&lower) {
                return (host.len(), None);
            }
        }
        if self.withhold.names && text[host.len()..].starts_with('@') {
            let whole = text.find(|c: char| !is_host(c) && c != '@').unwrap_or(text.len());
            let whole = text[..whole].trim_end_matches(['.', '-']);
            if self.shown_mail.contains(&whole.to_lowercase()) {
                return (whole.len(), None);
            }
            return (host.len(), Some("mailbox".to_owned()));
        }
        let run = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
        (run.max(1), None)
    }

    fn needle(&self, text: &str) -> Option<(usize, Option<String>)> {
        let first = first_run(text)?;
        // A public name of the DNS may begin with the same label.
        let host = text.find(|c: char| !is_host(c)).unwrap_or(text.len());
        let host = text[..host].trim_end_matches(['.', '-']);
        if host.contains('.')
            && (self.public.name(host) || self.hosts.contains_key(&host.to_ascii_lowercase()))
        {
            return None;
        }
        for (name, other) in self.needles.get(&first)? {
            let mut taken = 0;
            let mut chars = text.chars();
            let same = name.chars().all(|wanted| {
                chars.next().is_some_and(|c| {
                    taken += c.len_utf8();
                    c.to_lowercase().eq(wanted.to_lowercase())
                })
            });
            if same && !text[taken..].chars().next().is_some_and(char::is_alphanumeric) {
                return Some((taken, Some(other.clone())));
            }
        }
        None
    }

    /// An address, a subnet or an address with its port.
    fn address(&mut self, text: &str, token: &str) -> Option<(usize, Option<String>)> {
        let (address, length) = parsed(token)?;
        if !self.withhold.addresses {
            return Some((length, None));
        }
        let prefix: String = text[length..]
            .strip_prefix('/')
            .map(|rest| rest.chars().take_while(char::is_ascii_digit).collect())
            .unwrap_or_default();
        if self.public.address(address) {
            return Some((length, None));
        }
        let whole = if prefix.is_empty() { length } else { length + 1 + prefix.len() };
        let next = self.addresses.len() + 1;
        let number = *self.addresses.entry(text[..whole].to_owned()).or_insert(next);
        let word = if prefix.is_empty() { "address" } else { "subnet" };
        Some((whole, Some(format!("{word} {number}"))))
    }
}

/// Whether a text that was measured holds nothing but names of the DNS and addresses, of which the pass
/// over the document replaces those that are inside, numbers, and words of questions.
pub(super) fn is_plain(text: &str) -> bool {
    const KINDS: &[&str] = &[
        "a", "aaaa", "cname", "mx", "ns", "ptr", "txt", "inside", "outside", "at", "port",
        "greeting", "of", "no", "listener", "none", "nothing", "address",
    ];
    text.split_whitespace().all(|word| {
        let word = word.trim_matches(|c| matches!(c, ',' | '.' | ';' | '"' | '[' | ']'));
        let port = |rest: &str| rest.chars().all(|c| c == ':' || c.is_ascii_digit());
        KINDS.contains(&word.to_lowercase().as_str())
            || word.chars().all(|c| c.is_ascii_digit())
            || parsed(word).is_some_and(|(_, length)| port(&word[length..]))
            || is_name(word)
    })
}

/// The address at the beginning of a token, with or without a port, and how long it is.
fn parsed(token: &str) -> Option<(IpAddr, usize)> {
    if let Ok(address) = token.parse() {
        return Some((address, token.len()));
    }
    let (address, port) = token.rsplit_once(':')?;
    let is_port = !port.is_empty() && port.chars().all(|c| c.is_ascii_digit());
    let address: IpAddr = address.parse().ok().filter(|_| is_port)?;
    Some((address, token.len() - port.len() - 1))
}

/// The mail addresses that the dossier shows: contacts are there to be written to.
fn shown_mail(analysis: &Analysis) -> BTreeSet<String> {
    let dossier = &analysis.project.dossier;
    let texts = dossier.contacts.iter().map(|contact| contact.mail.as_str());
    let texts = texts.chain([dossier.contact.as_str()]);
    texts
        .flat_map(str::split_whitespace)
        .map(|word| word.trim_matches(|c| matches!(c, ',' | '.' | '<' | '>' | ';')).to_lowercase())
        .filter(|word| word.contains('@'))
        .collect()
}

fn leaves<'v>(value: &'v serde_json::Value, into: &mut Vec<&'v str>) {
    match value {
        serde_json::Value::String(text) => into.push(text),
        serde_json::Value::Array(list) => list.iter().for_each(|one| leaves(one, into)),
        serde_json::Value::Object(map) => {
            for (key, one) in map {
                into.push(key);
                leaves(one, into);
            }
        }
        _ => {}
    }
}

fn is_host(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')
}

/// Whether a token is a name of the DNS with several labels: the last has letters and no digit alone.
fn is_name(token: &str) -> bool {
    let last = token.rsplit('.').next().unwrap_or_default();
    token.contains('.')
        && last.len() > 1
        && last.chars().any(|c| c.is_ascii_alphabetic())
        && token.parse::<Fqdn>().is_ok()
}

/// The first run of letters and digits, in lower case.
fn first_run(text: &str) -> Option<String> {
    let run: String = text.chars().take_while(|c| c.is_alphanumeric()).collect();
    (!run.is_empty()).then(|| run.to_lowercase())
}
