//! The handover in the window: what it is made for, the pages that are shown, and whether they are
//! those of the plan as it stands. Layout happens in [`super::tasks`].

use crate::{
    analysis::Analysis,
    cli::printing,
    file,
    report::{
        self, Audience, Copy, ReportOptions,
        document::Document,
        markdown,
        pdf::{self, Book, Paper, PdfOptions},
        since::Earlier,
    },
    workspace::Revisions,
};
use std::{collections::BTreeSet, fmt::Write as _, path::PathBuf, sync::Arc};

/// A form in which the handover is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Print {
    /// PDF.
    Pdf,
    /// Markdown.
    Markdown,
}

impl Print {
    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Markdown => "Markdown",
        }
    }

    /// How its files end.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Markdown => "md",
        }
    }
}

/// What pages are made of: when all of it is the same, the pages are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandoverKey {
    /// The project as it stood.
    pub revisions: Revisions,
    /// What the handover is made for.
    pub options: ReportOptions,
    /// The paper.
    pub paper: Paper,
    /// The consultant's profile.
    pub profile: Option<PathBuf>,
}

/// The handover, laid out.
pub struct Laid {
    /// What stands in it.
    pub document: Document,
    /// Its pages.
    pub book: Book,
}

/// How large the pages are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum PageZoom {
    /// As wide as there is room.
    #[default]
    Width,
    /// A whole page.
    Page,
    /// So many screen points a point on paper.
    Scale(f32),
}

/// The handover as the window shows it.
#[derive(Default)]
pub struct Handover {
    /// Whether it is shown.
    pub open: bool,
    /// The date that it bears, as it is typed.
    pub date: String,
    /// For whom.
    pub audience: Audience,
    /// To what end.
    pub copy: Copy,
    /// The paper.
    pub paper: Paper,
    /// The keys of sections that are left out.
    pub leave_out: BTreeSet<String>,
    /// The earlier revision that it is compared with.
    pub since: Option<Earlier>,
    /// Whether the list of sections is open.
    pub choosing: bool,
    /// The consultant's profile, as its path is typed; empty: none.
    pub profile: String,
    /// Whether characters that no font has are printed as `[U+4E2D]`.
    pub spell_out: bool,
    /// The pages, with what they were made of.
    pub laid: Option<(HandoverKey, Arc<Laid>)>,
    /// Why there are no pages of what is wanted.
    pub failure: Option<(HandoverKey, String)>,
    /// What is being laid out.
    pub pending: Option<HandoverKey>,
    /// How large the pages are shown.
    pub zoom: PageZoom,
    /// The page, from 0, that is at the top.
    pub page: usize,
    /// The page that is to be brought to the top.
    pub go_to: Option<usize>,
    /// How far the pages are scrolled, in screen points.
    pub offset: f32,
    /// By how much the pages become larger with the next pass.
    pub scale_by: Option<f32>,
}

impl Handover {
    /// What pages of the project as it stands would be made of; none while the date is none.
    pub fn wanted(&self, revisions: Revisions) -> Option<HandoverKey> {
        let date = self.date.trim().to_owned();
        if !report::is_date(&date) {
            return None;
        }
        let options = ReportOptions {
            date,
            audience: self.audience,
            copy: self.copy,
            leave_out: self.leave_out.clone(),
            since: self.since.clone(),
            // Made with the pages: it takes the whole plan.
            plan_sha256: String::new(),
        };
        let profile = self.profile.trim();
        let profile = (!profile.is_empty()).then(|| PathBuf::from(profile));
        Some(HandoverKey { revisions, options, paper: self.paper, profile })
    }

    /// What is to be laid out now: one at a time, and only what nobody has yet.
    pub fn next(&self, revisions: Revisions) -> Option<HandoverKey> {
        let wanted = self.wanted(revisions).filter(|_| self.open && self.pending.is_none())?;
        let known = self.laid.as_ref().is_some_and(|(key, _)| *key == wanted);
        let failed = self.failure.as_ref().is_some_and(|(key, _)| *key == wanted);
        (!known && !failed).then_some(wanted)
    }

    /// Takes pages in; those that nobody wants any more are dropped.
    pub fn take(
        &mut self,
        revisions: Revisions,
        key: HandoverKey,
        laid: Result<Arc<Laid>, String>,
    ) {
        self.pending = None;
        if self.wanted(revisions).as_ref() != Some(&key) {
            return;
        }
        match laid {
            Ok(laid) => {
                self.page = self.page.min(laid.book.sheets().len().saturating_sub(1));
                self.laid = Some((key, laid));
                self.failure = None;
            }
            Err(why) => self.failure = Some((key, why)),
        }
    }

    /// The layout is gone and nothing more will come of it.
    pub fn broke_off(&mut self) {
        if let Some(key) = self.pending.take() {
            self.failure = Some((key, "the layout broke off".to_owned()));
        }
    }

    /// The pages, if they are of the project as it stands.
    pub fn current(&self, revisions: Revisions) -> Option<&Arc<Laid>> {
        let wanted = self.wanted(revisions)?;
        self.laid.as_ref().filter(|(key, _)| *key == wanted).map(|(_, laid)| laid)
    }
}

/// Lays the handover out.
pub(super) fn lay_out(analysis: &Analysis, key: &HandoverKey) -> Result<Laid, String> {
    let plan_sha256 = file::sha256(file::save(&analysis.project).as_bytes());
    let options = ReportOptions { plan_sha256, ..key.options.clone() };
    let document = report::build(analysis, &options);
    let profile = key.profile.as_deref().map(printing::profile).transpose();
    let ReportOptions { audience, copy, .. } = key.options;
    let options = PdfOptions {
        paper: key.paper,
        copy,
        profile: profile.map_err(|error| format!("{error:#}"))?.unwrap_or_default(),
        fonts: Vec::new(),
        plan: printing::attached(&analysis.project, audience, copy),
    };
    let book = printing::lay_out(&document, &options);
    Ok(Laid { book: book.map_err(|error| error.to_string())?, document })
}

/// The bytes of the handover in a form, and what there is to say of them.
pub(super) fn print(
    laid: &Laid,
    what: Print,
    spell_out: bool,
) -> Result<(Vec<u8>, String), String> {
    match what {
        Print::Markdown => {
            Ok((markdown::markdown(&laid.document).into_bytes(), "as Markdown".to_owned()))
        }
        Print::Pdf => {
            if !spell_out {
                let refused = printing::refuse_lacking(&laid.book);
                refused.map_err(|why| {
                    format!("{why}; tick `Spell out` to have their numbers printed instead")
                })?;
            }
            let bytes = pdf::file(&laid.book, &laid.document).map_err(|error| error.to_string())?;
            let mut said = super::words::count(laid.book.sheets().len(), "page", "pages");
            for missing in laid.book.missing() {
                let code = u32::from(*missing);
                write!(said, "; the fonts lack `{missing}`, printed as [U+{code:04X}]")
                    .map_err(|error| error.to_string())?;
            }
            Ok((bytes, said))
        }
    }
}
