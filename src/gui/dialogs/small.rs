//! The small dialogs: a title, a reason, a path, a question.

use super::{Outcome, Purpose, error_line, foot, heading, text_line, text_lines};
use crate::{
    gui::{
        command::{Command, Picture},
        handover::Print,
        state::State,
        theme::Theme,
        widgets::{paragraph, primary, secondary, strong, weak},
        words,
    },
    model::{change::Change, project::WaiverKey},
    rules,
};
use eframe::egui::{RichText, ScrollArea, Ui};
use std::path::Path;

pub(super) fn phase_ui(
    ui: &mut Ui,
    theme: &Theme,
    state: &State,
    index: usize,
    text: &mut String,
) -> Outcome {
    heading(ui, &format!("Rename phase {index}"));
    text_line(ui, "Title", text, true);
    let Some(answer) = foot(ui, theme, "Rename", true) else { return Outcome::default() };
    let title = text.trim().to_owned();
    let Some(plan) = state.plan.as_ref().filter(|_| answer && !title.is_empty()) else {
        return Outcome::closed();
    };
    let phase = index.checked_sub(1).and_then(|i| plan.workspace.project().phases.get(i));
    let change = Change::PhaseTitle { phase: phase.map(|p| p.id.clone()), to: title.clone() };
    Outcome::does(Command::Apply { label: format!("Rename the phase to {title}"), change })
}

pub(super) fn plan_ui(ui: &mut Ui, theme: &Theme, text: &mut String) -> Outcome {
    heading(ui, "Rename the plan");
    text_line(ui, "Name of the plan", text, true);
    let Some(answer) = foot(ui, theme, "Rename", true) else { return Outcome::default() };
    let name = text.trim().to_owned();
    if !answer || name.is_empty() {
        return Outcome::closed();
    }
    let change = Change::Name(name);
    Outcome::does(Command::Apply { label: "Rename the plan".to_owned(), change })
}

pub(super) fn view_ui(ui: &mut Ui, theme: &Theme, text: &mut String) -> Outcome {
    heading(ui, "Save this view");
    paragraph(
        ui,
        weak(theme, "Phase, lens, place and zoom; View in the menu bar comes back to it"),
    );
    text_line(ui, "Name of the view", text, true);
    let Some(answer) = foot(ui, theme, "Save the view", true) else { return Outcome::default() };
    let name = text.trim().to_owned();
    if !answer || name.is_empty() {
        return Outcome::closed();
    }
    Outcome::does(Command::SaveViewAs(name))
}

pub(super) fn waive_ui(
    ui: &mut Ui,
    theme: &Theme,
    key: &WaiverKey,
    title: &str,
    reason: &mut String,
) -> Outcome {
    heading(ui, "Waive the finding");
    paragraph(ui, title);
    paragraph(
        ui,
        weak(theme, "It no longer counts, in any phase; the handover lists it with the reason"),
    );
    text_lines(ui, "Reason", reason, 3);
    let Some(answer) = foot(ui, theme, "Waive", false) else { return Outcome::default() };
    if !answer {
        return Outcome::closed();
    }
    let text = reason.trim().to_owned();
    if text.is_empty() {
        return Outcome {
            close: false,
            commands: vec![Command::Status("a waiver needs a reason".to_owned())],
        };
    }
    let change = Change::Waiver { key: key.clone(), to: Some(text) };
    Outcome::does(Command::Apply { label: format!("Waive {}", key.code), change })
}

pub(super) fn article_ui(ui: &mut Ui, theme: &Theme, code: &str) -> Outcome {
    let Some(rule) = rules::find(code) else { return Outcome::closed() };
    heading(ui, &format!("{} {}", rule.code, words::sentence(&rule.name.replace('-', " "))));
    let height = ui.ctx().content_rect().height() * 0.6;
    ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
        markdown(ui, rule.article);
    });
    ui.add_space(4.0);
    if primary(ui, theme, "Close").clicked() { Outcome::closed() } else { Outcome::default() }
}

/// An article: headings, paragraphs and lists; code marks are left as they are.
fn markdown(ui: &mut Ui, text: &str) {
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            ui.add_space(6.0);
            ui.label(strong(title, 13.5));
        } else if let Some(item) = line.strip_prefix("- ") {
            ui.horizontal_top(|ui| {
                ui.label("•");
                paragraph(ui, item.replace('`', ""));
            });
        } else if !line.trim().is_empty() {
            paragraph(ui, line.replace('`', ""));
        }
    }
}

pub(super) fn about_ui(ui: &mut Ui, theme: &Theme) -> Outcome {
    heading(ui, &format!("Bridgehead {}", env!("CARGO_PKG_VERSION")));
    paragraph(ui, env!("CARGO_PKG_DESCRIPTION"));
    paragraph(
        ui,
        weak(
            theme,
            "Nothing is contacted until you have seen whom and said yes: what you see is computed from the drawing alone",
        ),
    );
    paragraph(ui, weak(theme, concat!("Licence: ", env!("CARGO_PKG_LICENSE"))));
    if primary(ui, theme, "Close").clicked() { Outcome::closed() } else { Outcome::default() }
}

pub(super) fn unsaved_ui(ui: &mut Ui, theme: &Theme, state: &State, then: &Command) -> Outcome {
    let name = state.plan.as_ref().map_or("", |plan| &plan.workspace.project().name);
    heading(ui, "Save the changes?");
    paragraph(ui, format!("{name} has changes that are not saved"));
    let mut outcome = Outcome::default();
    ui.horizontal(|ui| {
        if primary(ui, theme, "Save").clicked() {
            outcome =
                Outcome { close: true, commands: vec![Command::SaveThen(Box::new(then.clone()))] };
        }
        if secondary(ui, "Do not save").clicked() {
            outcome = Outcome::does(Command::DiscardThen(Box::new(then.clone())));
        }
        if secondary(ui, "Cancel").clicked() {
            outcome = Outcome::closed();
        }
    });
    outcome
}

pub(super) fn not_saved_ui(ui: &mut Ui, theme: &Theme, text: &str, over: Option<&Path>) -> Outcome {
    heading(ui, "The plan was not saved");
    paragraph(ui, text);
    paragraph(ui, weak(theme, "Nothing is lost: the plan is open, and every step is kept"));
    let mut outcome = Outcome::default();
    ui.horizontal(|ui| {
        if primary(ui, theme, "Save as another file…").clicked() {
            outcome = Outcome::does(Command::SaveAs);
        }
        if let Some(path) = over
            && secondary(ui, "Replace it").clicked()
        {
            outcome = Outcome::does(Command::ReplaceAt(path.to_owned()));
        }
        if secondary(ui, "Cancel").clicked() {
            outcome = Outcome::closed();
        }
    });
    outcome
}

pub(super) fn path_ui(
    ui: &mut Ui,
    theme: &Theme,
    purpose: Purpose,
    text: &mut String,
    error: Option<&str>,
    then: Option<&Command>,
) -> Outcome {
    let (title, done) = match purpose {
        Purpose::Open => ("Open a plan", "Open"),
        Purpose::Save => ("Save the plan", "Save"),
        Purpose::Evidence => ("Take evidence", "Take"),
        Purpose::Earlier => ("Mark what changed since an earlier revision", "Compare"),
        Purpose::Ticks => ("Take ticks from a filled copy", "Take"),
        Purpose::Drawing(Picture::Svg) => ("Save the drawing as SVG", "Save"),
        Purpose::Drawing(Picture::Png) => ("Save the drawing as PNG", "Save"),
        Purpose::Handover(Print::Pdf) => ("Save the handover as PDF", "Save"),
        Purpose::Handover(Print::Markdown) => ("Save the handover as Markdown", "Save"),
    };
    heading(ui, title);
    text_line(ui, "Path of the file", text, true);
    error_line(ui, theme, error);
    let Some(answer) = foot(ui, theme, done, true) else { return Outcome::default() };
    let path = text.trim();
    if !answer || path.is_empty() {
        return Outcome::closed();
    }
    let path = purpose.ended(Path::new(path).to_owned());
    let mut outcome = Outcome::does(match purpose {
        Purpose::Open => Command::OpenPath(path),
        Purpose::Save => Command::SaveTo(path),
        Purpose::Evidence => Command::TakeEvidenceFrom(vec![path]),
        Purpose::Earlier => Command::CompareHandoverWith(path),
        Purpose::Ticks => Command::TakeTicksFrom(path),
        Purpose::Drawing(picture) => Command::SaveDrawingTo(picture, path),
        Purpose::Handover(print) => Command::SaveHandoverTo(print, path),
    });
    outcome.commands.extend(then.cloned());
    outcome
}

pub(super) fn left_ui(ui: &mut Ui, theme: &Theme, journal: &Path, steps: usize) -> Outcome {
    heading(ui, "Recover what was not saved?");
    let steps = words::count(steps, "step", "steps");
    paragraph(
        ui,
        format!(
            "The window was not closed when the plan was last worked on: {steps} can be recovered"
        ),
    );
    let mut outcome = Outcome::default();
    ui.horizontal(|ui| {
        if primary(ui, theme, "Recover").clicked() {
            outcome = Outcome::does(Command::Recover(journal.to_owned()));
        }
        if secondary(ui, "Throw away").clicked() {
            outcome = Outcome::does(Command::Discard(journal.to_owned()));
        }
        if secondary(ui, "Decide later").clicked() {
            outcome = Outcome::closed();
        }
    });
    outcome
}

pub(super) fn replace_ui(ui: &mut Ui, theme: &Theme, path: &Path, then: &Command) -> Outcome {
    heading(ui, "Replace the file?");
    paragraph(ui, RichText::new(format!("{} is there already", path.display())));
    match foot(ui, theme, "Replace", false) {
        Some(true) => Outcome::does(then.clone()),
        Some(false) => Outcome::closed(),
        None => Outcome::default(),
    }
}

pub(super) fn message_ui(ui: &mut Ui, theme: &Theme, title: &str, text: &str) -> Outcome {
    heading(ui, title);
    let height = ui.ctx().content_rect().height() * 0.5;
    ScrollArea::vertical().max_height(height).show(ui, |ui| paragraph(ui, text));
    if primary(ui, theme, "Close").clicked() { Outcome::closed() } else { Outcome::default() }
}
