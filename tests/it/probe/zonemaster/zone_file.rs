//! A zone file as Zonemaster's are written: names relative to the origin, brackets, comments, times
//! with units, `$INCLUDE`.

use bridgehead::probe::wire::{Rec, Rr};
use std::path::Path;

/// The records of a zone file.
pub(super) fn read(path: &Path, origin: &str) -> Vec<Rec> {
    let mut reader = Reader {
        origin: origin.to_owned(),
        ttl: 3600,
        owner: origin.to_owned(),
        records: Vec::new(),
    };
    reader.file(path);
    reader.records
}

/// One record in the form of a line.
pub(super) fn record(line: &str, origin: &str) -> Rec {
    let mut reader =
        Reader { origin: origin.to_owned(), ttl: 3600, owner: String::new(), records: Vec::new() };
    reader.line(line);
    reader.records.pop().unwrap_or_else(|| panic!("no record: {line}"))
}

struct Reader {
    origin: String,
    ttl: u32,
    owner: String,
    records: Vec<Rec>,
}

impl Reader {
    fn file(&mut self, path: &Path) {
        let bytes =
            std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let mut whole = String::new();
        for line in text.lines() {
            whole.push_str(uncommented(line));
            if whole.matches('(').count() > whole.matches(')').count() {
                whole.push(' ');
                continue;
            }
            let line = std::mem::take(&mut whole).replace(['(', ')'], " ");
            if let Some(file) = line.strip_prefix("$INCLUDE ") {
                self.file(&path.parent().unwrap().join(file.trim()));
            } else {
                self.line(&line);
            }
        }
    }

    fn line(&mut self, line: &str) {
        let mut words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [] => return,
            ["$ORIGIN", origin] if !origin.ends_with('.') => {
                self.origin = self.name(origin);
                return;
            }
            ["$ORIGIN", origin] => {
                self.origin = origin.trim_end_matches('.').to_lowercase();
                if self.origin.is_empty() {
                    ".".clone_into(&mut self.origin);
                }
                return;
            }
            ["$TTL", ttl] => {
                self.ttl = seconds(ttl);
                return;
            }
            _ => {}
        }
        if !line.starts_with([' ', '\t']) {
            self.owner = self.name(words.remove(0));
        }
        let mut ttl = self.ttl;
        while let Some(word) = words.first() {
            if word.starts_with(|c: char| c.is_ascii_digit()) {
                ttl = seconds(word);
            } else if !word.eq_ignore_ascii_case("IN") {
                break;
            }
            words.remove(0);
        }
        let kind = words.remove(0);
        let (kind, text) = self.data(&kind.to_uppercase(), &words, line);
        self.records.push(Rec { name: self.owner.clone(), kind, ttl, text });
    }

    fn data(&self, kind: &str, words: &[&str], line: &str) -> (Rr, String) {
        match kind {
            "A" => (Rr::A, words[0].to_owned()),
            "AAAA" => {
                let address: std::net::Ipv6Addr = words[0].parse().unwrap();
                (Rr::Aaaa, address.to_string())
            }
            "NS" => (Rr::Ns, self.name(words[0])),
            "CNAME" => (Rr::Cname, self.name(words[0])),
            "MX" => (Rr::Mx, format!("{} {}", words[0], self.name(words[1]))),
            "SOA" => {
                let numbers: Vec<String> =
                    words[2..7].iter().map(|word| seconds(word).to_string()).collect();
                let (first, person) = (self.name(words[0]), self.name(words[1]));
                (Rr::Soa, format!("{first} {person} {}", numbers.join(" ")))
            }
            "TXT" => (Rr::Txt, strings(&line[line.find("TXT").unwrap() + 3..])),
            _ => (Rr::Other, words.join(" ")),
        }
    }

    fn name(&self, word: &str) -> String {
        let word = word.to_lowercase();
        match word.strip_suffix('.') {
            Some("") => ".".to_owned(),
            Some(whole) => whole.to_owned(),
            None if word == "@" => self.origin.clone(),
            None if self.origin == "." => word,
            None => format!("{word}.{}", self.origin),
        }
    }
}

/// A line without its comment; a `;` in a text is none.
fn uncommented(line: &str) -> &str {
    let mut quoted = false;
    for (at, c) in line.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ';' if !quoted => return &line[..at],
            _ => {}
        }
    }
    line
}

/// The strings between quotation marks, joined, with `\\ddd` taken for what it stands for.
fn strings(text: &str) -> String {
    let mut bytes = Vec::new();
    let parts: Vec<&str> = text.split('"').collect();
    for part in parts.iter().skip(1).step_by(2) {
        let mut rest = part.bytes();
        while let Some(byte) = rest.next() {
            if byte != b'\\' {
                bytes.push(byte);
                continue;
            }
            let digits: Vec<u8> = rest.by_ref().take(3).collect();
            let number = std::str::from_utf8(&digits).ok().and_then(|d| d.parse().ok());
            bytes.push(number.unwrap_or(b'?'));
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn seconds(word: &str) -> u32 {
    let unit = match word.chars().last() {
        Some('m') => 60,
        Some('h') => 3_600,
        Some('d') => 86_400,
        Some('w') => 604_800,
        _ => 1,
    };
    let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
    digits.parse::<u32>().unwrap() * unit
}
