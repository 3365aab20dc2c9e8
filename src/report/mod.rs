//! The printed handover: what was analysed, measured and decided, as a document for a client's desk.
//!
//! [`build`] makes the [`document::Document`] from an analysis, one file a section; `redact` makes the
//! client's copy of it, [`since`] marks what differs from an earlier revision; [`markdown`] and [`pdf`] print it. Nothing here computes what becomes of a message, and nothing knows the clock:
//! the date comes in.

pub mod actions;
mod bounds;
mod cases;
mod context;
pub mod document;
pub mod markdown;
mod paths;
pub mod pdf;
mod phases;
pub mod read_back;
mod redact;
mod scene;
pub mod sections;
pub mod since;
pub mod values;

use crate::analysis::Analysis;
use context::Context;
use document::{Cover, Document, Section};
use since::Earlier;
use std::collections::BTreeSet;

/// For whom the handover is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Audience {
    /// For the consultants who carry it out.
    #[default]
    Internal,
    /// For the client's desk.
    Client,
}

/// Whether it is worked on or kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Copy {
    /// To be carried out from.
    #[default]
    Working,
    /// To be kept.
    Record,
}

/// What the handover is made for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportOptions {
    /// The date, as `YYYY-MM-DD`.
    pub date: String,
    /// For whom.
    pub audience: Audience,
    /// To what end.
    pub copy: Copy,
    /// SHA-256 of the plan's file as it is saved, in hexadecimal digits; empty: not known.
    pub plan_sha256: String,
    /// The keys of sections that are left out.
    pub leave_out: BTreeSet<String>,
    /// An earlier revision: what differs from it is marked.
    pub since: Option<Earlier>,
}

impl ReportOptions {
    /// Whether a section is printed. Nobody signs without what is outstanding.
    pub fn prints(&self, key: &str) -> bool {
        let out = |key: &str| self.leave_out.contains(key);
        !out(key) || (key == "outstanding" && !out("sign-off"))
    }
}

/// The handover of a plan.
pub fn build(analysis: &Analysis, options: &ReportOptions) -> Document {
    let mut document = copy(analysis, options);
    if let Some(earlier) = &options.since {
        let before = copy(&crate::analysis::analyse(&earlier.project), options);
        since::mark(&mut document, &before, &earlier.name);
    }
    document
}

/// The document of one audience, compared with nothing.
fn copy(analysis: &Analysis, options: &ReportOptions) -> Document {
    let (mut document, cut) = match bounds::cut(&analysis.project) {
        Some((project, cut)) => (whole(&crate::analysis::analyse(&project), options), Some(cut)),
        None => (whole(analysis, options), None),
    };
    bounds::finish(&mut document, cut);
    document
}

fn whole(analysis: &Analysis, options: &ReportOptions) -> Document {
    match options.audience {
        Audience::Internal => assembled(&Context::new(analysis, None, options)),
        Audience::Client => {
            let redacted = redact::redacted(analysis);
            let context = Context::new(&redacted.analysis, Some(&redacted.drawn), options);
            let mut document = assembled(&context);
            redact::finish(&mut document, redacted);
            document
        }
    }
}

fn assembled(context: &Context<'_>) -> Document {
    let project = &context.analysis.project;
    let dossier = &project.dossier;
    let printed = sections::SECTIONS.iter().filter(|section| context.options.prints(section.key));
    let sections: Vec<Section> = printed
        .map(|section| Section {
            key: section.key,
            title: section.title.to_owned(),
            new_page: section.new_page,
            landscape: section.landscape,
            blocks: (section.blocks)(context, section.number),
            number: section.number.to_owned(),
            changed: BTreeSet::new(),
        })
        .collect();
    let client = if dossier.client.is_empty() { &project.name } else { &dossier.client };
    let mut document = Document {
        title: "Mail migration handover".to_owned(),
        subtitle: project.name.clone(),
        client: client.clone(),
        author: [dossier.consultant.as_str(), dossier.firm.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", "),
        date: context.options.date.clone(),
        language: "en-GB".to_owned(),
        cover: Cover { verdict: sections::decision::verdict(context), facts: cover(context) },
        sections,
        footer: String::new(),
        marks: sections::marks(context),
    };
    document.footer = footer(context, &document);
    document
}

fn cover(context: &Context<'_>) -> Vec<(String, document::Text)> {
    let project = &context.analysis.project;
    let dossier = &project.dossier;
    let mut facts = Vec::new();
    let mut fact = |label: &str, value: &str| {
        if !value.is_empty() {
            facts.push((label.to_owned(), value.into()));
        }
    };
    fact("Reference", &dossier.reference);
    fact("Version", &dossier.version);
    fact("Date", &date_in_words(&context.options.date));
    fact("Prepared by", [&*dossier.consultant, &*dossier.firm].join(", ").trim_matches([',', ' ']));
    fact("Client's contact", &dossier.contact);
    fact("Copy", copy_in_words(context.options));
    fact("Phases", &format!("{} after the system as found", context.analysis.phases.len() - 1));
    facts
}

fn copy_in_words(options: &ReportOptions) -> &'static str {
    match (options.audience, options.copy) {
        (Audience::Internal, Copy::Working) => "internal, working copy",
        (Audience::Internal, Copy::Record) => "internal, record copy",
        (Audience::Client, Copy::Working) => "client's, working copy",
        (Audience::Client, Copy::Record) => "client's, record copy",
    }
}

/// `2026-11-24` as `24 November 2026`; anything else as it stands.
pub fn date_in_words(date: &str) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts[..] else { return date.to_owned() };
    let month = month.parse::<usize>().ok().and_then(|m| MONTHS.get(m.checked_sub(1)?));
    match (month, day.parse::<u8>()) {
        (Some(month), Ok(day)) => format!("{day} {month} {year}"),
        _ => date.to_owned(),
    }
}

/// Whether a text is a date of the calendar.
pub fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    let digits =
        |part: &str, count: usize| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
    if !(digits(year, 4) && digits(month, 2) && digits(day, 2)) {
        return false;
    }
    let number = |part: &str| part.parse::<u32>().unwrap_or(0);
    let (year, month, day) = (number(year), number(month), number(day));
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => 0,
    };
    (1..=days).contains(&day)
}

fn footer(context: &Context<'_>, document: &Document) -> String {
    let dossier = &context.analysis.project.dossier;
    let mut parts = vec![document.title.clone()];
    if !dossier.reference.is_empty() {
        parts.push(dossier.reference.clone());
    }
    if !dossier.version.is_empty() {
        parts.push(format!("version {}", dossier.version));
    }
    parts.push(date_in_words(&context.options.date));
    parts.push(copy_in_words(context.options).replace(", ", " "));
    // Two copies that look alike are told apart by the plan that they were made from.
    parts.extend(context.options.plan_sha256.get(..8).map(str::to_owned));
    parts.join(" · ")
}

/// FNV-1a in 32 bits: tells copies apart, guards nothing.
fn fingerprint(bytes: impl Iterator<Item = u8>) -> u32 {
    bytes.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The days from 1 January 1970 to a date of the calendar (Howard Hinnant, "chrono-compatible low-level
/// date algorithms", `days_from_civil`).
fn days(date: &str) -> Option<i64> {
    if !is_date(date) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| date.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let year = if month <= 2 { year - 1 } else { year };
    let (era, month) = (year.div_euclid(400), (month + 9) % 12);
    let of_era = year - era * 400;
    let of_year = (153 * month + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(days("1970-01-01"), Some(0));
        assert_eq!(days("2026-11-24"), Some(20_781));
        assert_eq!(days("2000-02-29"), Some(11_016));
        assert_eq!(days("2026-02-30"), None);
    }

    #[test]
    fn what_is_no_date_is_refused() {
        assert!(is_date("2026-11-24") && is_date("2024-02-29"));
        for bad in ["2026-02-29", "2026-13-01", "2026-1-1", "24.11.2026", "", "2026-11-00"] {
            assert!(!is_date(bad), "{bad} was taken for a date");
        }
    }
}
