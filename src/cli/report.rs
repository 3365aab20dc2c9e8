//! `bridgehead report`: the printed handover.
#![expect(clippy::disallowed_methods, reason = "without a date the handover bears today's")]

use super::{Answer, Exit, Format, plan, printing};
use crate::{
    analysis::{self, Worst},
    report::{
        self, Audience, Copy, ReportOptions,
        pdf::{self, Paper, PdfOptions},
        since::Earlier,
    },
    workspace::disk,
};
use anyhow::{Context as _, ensure};
use clap::ValueEnum;
use serde_json::json;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

/// The arguments.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The plan
    plan: PathBuf,
    /// The PDF to write
    #[arg(short = 'o', long = "output", value_name = "PDF")]
    output: PathBuf,
    /// Replace the file if it exists
    #[arg(long)]
    force: bool,
    /// To work from, or to keep
    #[arg(long, value_enum, default_value = "working")]
    copy: CopyKind,
    /// For the client's desk, or for the consultants
    #[arg(long, value_enum, default_value = "internal")]
    audience: AudienceKind,
    /// The date that it bears; default: today
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<String>,
    /// The paper
    #[arg(long, value_enum, default_value = "a4")]
    paper: PaperKind,
    /// Leaves a section out, by its key: `control`, `decision`, … ; may be given several times
    #[arg(long, value_name = "SECTION")]
    leave_out: Vec<String>,
    /// An earlier revision of the plan: what differs is marked in the margin
    #[arg(long, value_name = "PLAN")]
    since: Option<PathBuf>,
    /// The consultant's colour and logo: a RON file, e.g. `(firm: "…", accent: "#0072B2", logo: "logo.png")`
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,
    /// A font for characters that IBM Plex lacks; without one those of this machine are asked
    #[arg(long, value_name = "FILE")]
    font: Vec<PathBuf>,
    /// Print characters that no font has as `[U+4E2D]`, instead of refusing
    #[arg(long)]
    spell_out: bool,
    /// How to print the answer
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum CopyKind {
    /// To be carried out from
    Working,
    /// To be kept
    Record,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum AudienceKind {
    /// For the client
    Client,
    /// For the consultants
    Internal,
}

impl From<AudienceKind> for Audience {
    fn from(kind: AudienceKind) -> Self {
        match kind {
            AudienceKind::Client => Self::Client,
            AudienceKind::Internal => Self::Internal,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum PaperKind {
    /// 210 × 297 mm
    A4,
    /// 8½ × 11 inches
    Letter,
}

/// Writes the handover.
pub(super) fn run(args: &Args) -> anyhow::Result<Answer> {
    let (project, plan_sha256) = plan::read_with_hash(&args.plan)?;
    let options = ReportOptions {
        plan_sha256,
        leave_out: left_out(&args.leave_out)?,
        since: args.since.as_deref().map(earlier).transpose()?,
        date: date(args.date.as_deref())?,
        copy: match args.copy {
            CopyKind::Working => Copy::Working,
            CopyKind::Record => Copy::Record,
        },
        audience: args.audience.into(),
    };
    let paper = match args.paper {
        PaperKind::A4 => Paper::A4,
        PaperKind::Letter => Paper::Letter,
    };
    let analysis = analysis::analyse(&project);
    let document = report::build(&analysis, &options);
    let profile = args.profile.as_deref().map(printing::profile).transpose()?;
    let pdf_options = PdfOptions {
        paper,
        copy: options.copy,
        profile: profile.unwrap_or_default(),
        fonts: printing::fonts(&args.font)?,
        plan: printing::attached(&project, options.audience, options.copy),
    };
    let book = printing::lay_out(&document, &pdf_options)?;
    if !args.spell_out {
        printing::refuse_lacking(&book)
            .context("`--font FILE` names a font, `--spell-out` prints the numbers instead")?;
    }
    let bytes = pdf::file(&book, &document)?;
    disk::write(&args.output, &bytes, args.force)?;
    for missing in book.missing() {
        eprintln!(
            "bridgehead: note: the fonts lack `{missing}`: printed as [U+{:04X}]",
            u32::from(*missing)
        );
    }
    let path = args.output.display().to_string();
    let worst = (0..analysis.phases.len()).map(|at| analysis.worst(at)).max();
    Ok(Answer {
        json: json!({ "path": path, "pages": book.sheets().len(), "decision": document.cover.verdict.value.plain() }),
        text: format!(
            "{path}: {} pages. {}",
            book.sheets().len(),
            document.cover.verdict.value.plain()
        ),
        exit: match worst {
            Some(Worst::Broken) => Exit::Broken,
            Some(Worst::CannotTell) => Exit::CannotTell,
            _ => Exit::Fine,
        },
    })
}

/// The keys of sections, each of which there is.
fn left_out(keys: &[String]) -> anyhow::Result<BTreeSet<String>> {
    let known: Vec<&str> = report::sections::SECTIONS.iter().map(|section| section.key).collect();
    for key in keys {
        ensure!(
            known.contains(&key.as_str()),
            "no section `{key}`: there are {}",
            known.join(", ")
        );
    }
    Ok(keys.iter().cloned().collect())
}

/// An earlier revision.
fn earlier(path: &Path) -> anyhow::Result<Earlier> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    Ok(Earlier { name, project: Arc::new(plan::read(path)?) })
}

/// The date that was given, or today's.
pub(super) fn date(given: Option<&str>) -> anyhow::Result<String> {
    match given {
        Some(date) => {
            ensure!(report::is_date(date), "`{date}` is no date: expected YYYY-MM-DD");
            Ok(date.to_owned())
        }
        None => today(),
    }
}

/// Today in UTC, as `YYYY-MM-DD`.
fn today() -> anyhow::Result<String> {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .context("the clock stands before 1970; `--date` says the date")?;
    Ok(civil(since.as_secs() / 86_400))
}

/// The date of a day counted from 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date
/// algorithms", `civil_from_days`).
fn civil(days: u64) -> String {
    let z = days + 719_468;
    let (era, doe) = (z / 146_097, z % 146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        assert_eq!(civil(0), "1970-01-01");
        assert_eq!(civil(20_781), "2026-11-24");
        assert_eq!(civil(11_016), "2000-02-29");
    }
}
