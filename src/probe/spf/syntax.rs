//! The grammar of an SPF record (RFC 7208 section 12): what it says, or that it breaks a rule.

use super::macros::{self, MacroString};
use std::net::{Ipv4Addr, Ipv6Addr};

/// What a mechanism that matches says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Qualifier {
    /// `+`, or nothing.
    Pass,
    /// `-`.
    Fail,
    /// `~`.
    SoftFail,
    /// `?`.
    Neutral,
}

/// How many bits of an address count, for each family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Prefix {
    pub(super) v4: u8,
    pub(super) v6: u8,
}

/// What is matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mechanism {
    All,
    Include(MacroString),
    A(Option<MacroString>, Prefix),
    Mx(Option<MacroString>, Prefix),
    Ptr(Option<MacroString>),
    Ip4(Ipv4Addr, u8),
    Ip6(Ipv6Addr, u8),
    Exists(MacroString),
}

/// A record, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// Mechanisms in their order, each with its text.
    pub(super) directives: Vec<(Qualifier, Mechanism, String)>,
    /// Where to go on if none matches.
    pub(super) redirect: Option<MacroString>,
}

/// Whether a text is an SPF record at all (section 4.5).
pub fn is_record(text: &str) -> bool {
    let version = text.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("v=spf1"));
    version && matches!(text.as_bytes().get(6), None | Some(b' '))
}

/// Takes a record apart.
///
/// # Errors
/// The term that breaks the grammar, or a sentence.
pub(super) fn parse(text: &str) -> Result<Record, String> {
    if !text.is_ascii() {
        return Err("it holds other characters than ASCII".to_owned());
    }
    let mut record = Record::default();
    let mut explained = false;
    for term in text[6..].split(' ').filter(|term| !term.is_empty()) {
        let bad = || format!("`{term}`");
        match modifier(term) {
            Some((name, value)) if name.eq_ignore_ascii_case("redirect") => {
                let spec = domain_spec(value).ok_or_else(bad)?;
                if record.redirect.replace(spec).is_some() {
                    return Err("`redirect=` stands twice".to_owned());
                }
            }
            Some((name, value)) if name.eq_ignore_ascii_case("exp") => {
                domain_spec(value).ok_or_else(bad)?;
                if std::mem::replace(&mut explained, true) {
                    return Err("`exp=` stands twice".to_owned());
                }
            }
            Some((_, value)) => drop(macros::parse(value, false).ok_or_else(bad)?),
            None => {
                let (qualifier, mechanism) = directive(term).ok_or_else(bad)?;
                record.directives.push((qualifier, mechanism, term.to_owned()));
            }
        }
    }
    Ok(record)
}

fn modifier(term: &str) -> Option<(&str, &str)> {
    let (name, value) = term.split_once('=')?;
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let named = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(good);
    named.then_some((name, value))
}

fn domain_spec(text: &str) -> Option<MacroString> {
    let pieces = macros::parse(text, false)?;
    macros::ends_well(text).then_some(pieces)
}

fn directive(term: &str) -> Option<(Qualifier, Mechanism)> {
    let (qualifier, rest) = match term.as_bytes().first()? {
        b'+' => (Qualifier::Pass, &term[1..]),
        b'-' => (Qualifier::Fail, &term[1..]),
        b'~' => (Qualifier::SoftFail, &term[1..]),
        b'?' => (Qualifier::Neutral, &term[1..]),
        _ => (Qualifier::Pass, term),
    };
    let end = rest.find([':', '/']).unwrap_or(rest.len());
    let (name, argument) = rest.split_at(end);
    let value = argument.strip_prefix(':');
    let mechanism = match name.to_ascii_lowercase().as_str() {
        "all" if argument.is_empty() => Mechanism::All,
        "include" => Mechanism::Include(domain_spec(value?)?),
        "exists" => Mechanism::Exists(domain_spec(value?)?),
        "ptr" if argument.is_empty() => Mechanism::Ptr(None),
        "ptr" => Mechanism::Ptr(Some(domain_spec(value?)?)),
        "a" => {
            let (spec, prefix) = host(argument)?;
            Mechanism::A(spec, prefix)
        }
        "mx" => {
            let (spec, prefix) = host(argument)?;
            Mechanism::Mx(spec, prefix)
        }
        "ip4" => {
            let (address, bits) = network(value?, 32)?;
            Mechanism::Ip4(address.parse().ok()?, bits)
        }
        "ip6" => {
            let (address, bits) = network(value?, 128)?;
            Mechanism::Ip6(address.parse().ok()?, bits)
        }
        _ => return None,
    };
    Some((qualifier, mechanism))
}

/// `[:domain-spec][/bits][//bits]`.
fn host(argument: &str) -> Option<(Option<MacroString>, Prefix)> {
    let mut rest = argument;
    let mut prefix = Prefix { v4: 32, v6: 128 };
    if let Some((before, v6)) = rest.rsplit_once("//") {
        prefix.v6 = bits(v6, 128)?;
        rest = before;
    }
    // A slash may also be a delimiter of a macro, or part of an odd name.
    let is_length = |at: &usize| rest[at + 1..].bytes().all(|b| b.is_ascii_digit());
    if let Some(at) = rest.rfind('/').filter(is_length) {
        prefix.v4 = bits(&rest[at + 1..], 32)?;
        rest = &rest[..at];
    }
    match rest.strip_prefix(':') {
        Some(spec) => Some((Some(domain_spec(spec)?), prefix)),
        None => rest.is_empty().then_some((None, prefix)),
    }
}

fn network(value: &str, most: u8) -> Option<(&str, u8)> {
    match value.split_once('/') {
        Some((address, length)) => Some((address, bits(length, most)?)),
        None => Some((value, most)),
    }
}

fn bits(text: &str, most: u8) -> Option<u8> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|n| plain && *n <= most)
}
