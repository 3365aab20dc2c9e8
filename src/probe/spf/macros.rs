//! SPF macros (RFC 7208 section 7): what a domain specification says for one message.

use super::Sender;
use std::net::IpAddr;

/// A piece of a macro string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text as it stands.
    Text(String),
    /// `%{…}`.
    Macro { letter: char, digits: usize, reverse: bool, delimiters: String },
}

/// A macro string, taken apart.
pub(super) type MacroString = Vec<Piece>;

/// Takes a macro string apart; none: it breaks the grammar of section 7.1. `explaining`: whether it
/// is the text of an explanation, in which three more letters are allowed.
pub(super) fn parse(text: &str, explaining: bool) -> Option<MacroString> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '%' => match rest.next()? {
                '%' => plain.push('%'),
                '_' => plain.push(' '),
                '-' => plain.push_str("%20"),
                '{' => {
                    let inside: String = rest.by_ref().take_while(|c| *c != '}').collect();
                    // `take_while` eats the brace, or the text ended without one.
                    if !text.contains('}') || !closes(text, &inside) {
                        return None;
                    }
                    if !plain.is_empty() {
                        pieces.push(Piece::Text(std::mem::take(&mut plain)));
                    }
                    pieces.push(expansion(&inside, explaining)?);
                }
                _ => return None,
            },
            '!'..='~' => plain.push(c),
            ' ' if explaining => plain.push(c),
            _ => return None,
        }
    }
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Some(pieces)
}

fn closes(text: &str, inside: &str) -> bool {
    text.contains(&format!("%{{{inside}}}"))
}

fn expansion(inside: &str, explaining: bool) -> Option<Piece> {
    let mut rest = inside.chars();
    let letter = rest.next()?;
    let known = if explaining { "slodiphvcrt" } else { "slodiphv" };
    if !known.contains(letter.to_ascii_lowercase()) {
        return None;
    }
    let rest = rest.as_str();
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let rest = &rest[digits.len()..];
    let count = if digits.is_empty() { 128 } else { digits.parse().ok().filter(|n| *n > 0)? };
    let (reverse, delimiters) = match rest.strip_prefix(['r', 'R']) {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    if !delimiters.chars().all(|c| ".-+,/_=".contains(c)) {
        return None;
    }
    let delimiters = if delimiters.is_empty() { "." } else { delimiters }.to_owned();
    Some(Piece::Macro { letter, digits: count, reverse, delimiters })
}

/// Whether a domain specification ends as one must: in a macro, or in a label of a real top-level
/// domain.
pub(super) fn ends_well(text: &str) -> bool {
    if text.ends_with('}') && text.contains("%{") {
        return true;
    }
    let text = text.strip_suffix('.').unwrap_or(text);
    let Some((_, top)) = text.rsplit_once('.') else { return false };
    let ldh = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let inner = !top.starts_with('-') && !top.ends_with('-');
    let named = top.chars().any(|c| c.is_ascii_alphabetic() || c == '-');
    !top.is_empty() && top.chars().all(ldh) && inner && named
}

/// Whether the string names the sender's validated name, `%{p}`, which costs look-ups.
pub(super) fn wants_validated(pieces: &MacroString) -> bool {
    let is_p =
        |p: &Piece| matches!(p, Piece::Macro { letter, .. } if letter.eq_ignore_ascii_case(&'p'));
    pieces.iter().any(is_p)
}

/// What the string says for a sender at a domain; the name is cut from the left to 253 characters.
pub(super) fn expand(
    pieces: &MacroString,
    sender: &Sender<'_>,
    domain: &str,
    validated: &str,
) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Macro { letter, digits, reverse, delimiters } => {
                let value = value(*letter, sender, domain, validated);
                let mut parts: Vec<&str> = value.split(|c| delimiters.contains(c)).collect();
                if *reverse {
                    parts.reverse();
                }
                let from = parts.len().saturating_sub(*digits);
                let text = parts[from..].join(".");
                if letter.is_ascii_uppercase() {
                    out.push_str(&escaped(&text));
                } else {
                    out.push_str(&text);
                }
            }
        }
    }
    let mut name = out.as_str();
    while name.len() > 253 {
        match name.split_once('.') {
            Some((_, rest)) => name = rest,
            None => break,
        }
    }
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

fn value(letter: char, sender: &Sender<'_>, domain: &str, validated: &str) -> String {
    match letter.to_ascii_lowercase() {
        's' => format!("{}@{}", sender.local, sender.domain),
        'l' => sender.local.to_owned(),
        'o' => sender.domain.to_owned(),
        'd' => domain.to_owned(),
        'i' => dotted(sender.address),
        'p' => validated.to_owned(),
        'v' if sender.address.is_ipv4() => "in-addr".to_owned(),
        'v' => "ip6".to_owned(),
        'h' => sender.helo.to_owned(),
        _ => String::new(),
    }
}

/// An address as macros write it: an IPv6 one by its nibbles (section 7.3).
fn dotted(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let nibbles = v6.octets().into_iter().flat_map(|b| [b >> 4, b & 15]);
            nibbles.map(|n| format!("{n:x}")).collect::<Vec<_>>().join(".")
        }
    }
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(b).to_string()
            }
            _ => format!("%{b:02X}"),
        })
        .collect()
}
