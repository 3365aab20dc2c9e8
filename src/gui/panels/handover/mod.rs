//! The handover, page by page, as it will be printed: on the left what it is made for and what stands
//! in it, in the middle the pages.

mod choices;
mod pages;
mod sheet;
mod thumbnails;

use crate::{
    cli::printing::lacking,
    gui::{
        command::Command,
        handover::{Handover, PageZoom, Print},
        state::State,
        theme::Theme,
        widgets::{self, Symbol, link, paragraph, primary, secondary, segmented, strong, weak},
        words,
    },
    report::{Audience, Copy, document::Mark, pdf::Paper},
    workspace::Revisions,
};
use eframe::egui::{
    Align, Button, CentralPanel, Frame, Label, Layout, Margin, Panel, RichText, ScrollArea,
    TextEdit, Ui, WidgetInfo, accesskit::Role, vec2,
};

/// The height of a line of the contents, in points.
const CONTENTS_ROW: f32 = 22.0;

pub(super) fn handover_ui(
    ui: &mut Ui,
    theme: &Theme,
    state: &mut State,
    commands: &mut Vec<Command>,
) {
    let Some(plan) = &mut state.plan else { return };
    let revisions = plan.workspace.revisions();
    let handover = &mut plan.handover;
    Panel::left("handover")
        .resizable(true)
        .default_size(290.0)
        .size_range(250.0..=420.0)
        .frame(widgets::panel(theme, Margin { left: 16, right: 10, top: 14, bottom: 8 }))
        .show(ui, |ui| {
            widgets::filling(ui, |ui| side_ui(ui, theme, handover, revisions, commands));
        });
    let bar = widgets::panel(theme, Margin::symmetric(14, 0));
    Panel::top("handover bar").exact_size(44.0).frame(bar).show(ui, |ui| {
        bar_ui(ui, theme, handover, revisions, commands);
    });
    let room = widgets::panel(theme, Margin { left: 12, right: 4, top: 12, bottom: 8 });
    Panel::right("thumbnails").resizable(false).exact_size(112.0).frame(room).show(ui, |ui| {
        thumbnails::thumbnails_ui(ui, theme, handover, commands);
    });
    CentralPanel::default().frame(Frame::new().fill(theme.bg)).show(ui, |ui| {
        pages::pages_ui(ui, theme, handover, revisions);
    });
}

fn side_ui(
    ui: &mut Ui,
    theme: &Theme,
    handover: &mut Handover,
    revisions: Revisions,
    commands: &mut Vec<Command>,
) {
    ui.spacing_mut().item_spacing.y = 5.0;
    ui.label(strong("Handover", 17.0));
    decision_ui(ui, theme, handover);
    ui.add_space(4.0);
    let ready = handover.wanted(revisions).is_some();
    ui.horizontal_wrapped(|ui| {
        ui.add_enabled_ui(ready, |ui| {
            if primary(ui, theme, "Save as PDF…").clicked() {
                commands.push(Command::SaveHandover(Print::Pdf));
            }
            if secondary(ui, "Save as Markdown…").clicked() {
                commands.push(Command::SaveHandover(Print::Markdown));
            }
        });
    });
    ui.add_space(6.0);
    options_ui(ui, theme, handover);
    ui.add_space(4.0);
    choices::choices_ui(ui, theme, handover, commands);
    own_ui(ui, theme, handover);
    ui.add_space(8.0);
    widgets::hairline(ui, theme);
    contents_ui(ui, theme, handover, commands);
}

/// What the cover says.
fn decision_ui(ui: &mut Ui, theme: &Theme, handover: &Handover) {
    let Some((_, laid)) = &handover.laid else { return };
    let verdict = &laid.document.cover.verdict;
    ui.horizontal_top(|ui| {
        let symbol = match verdict.mark {
            Mark::Error => Symbol::Octagon,
            Mark::Warning => Symbol::Triangle,
            Mark::Unknown => Symbol::Question,
            Mark::Note => Symbol::Circle,
            Mark::Pass => Symbol::Tick,
            Mark::Dash => Symbol::Dash,
        };
        widgets::symbol(ui, theme, 8.0, symbol);
        paragraph(ui, strong(verdict.value.plain(), 13.0));
    });
    for missing in laid.book.missing().iter().take(6) {
        let code = u32::from(*missing);
        let text = format!("The fonts lack `{missing}`: printed as [U+{code:04X}]");
        paragraph(ui, weak(theme, text));
    }
}

fn options_ui(ui: &mut Ui, theme: &Theme, handover: &mut Handover) {
    let label = ui.label(weak(theme, "Date, YYYY-MM-DD"));
    let edit = TextEdit::singleline(&mut handover.date).desired_width(110.0);
    ui.add(edit).labelled_by(label.id);
    if !crate::report::is_date(handover.date.trim()) {
        ui.horizontal(|ui| {
            widgets::symbol(ui, theme, 6.0, Symbol::Octagon);
            ui.label(RichText::new("This is no date").color(theme.err).size(12.0));
        });
    }
    ui.label(weak(theme, "For whom"));
    let choices = [(Audience::Internal, "The consultants"), (Audience::Client, "The client")];
    if let Some(chosen) = segmented(ui, theme, &choices, handover.audience) {
        handover.audience = chosen;
    }
    ui.label(weak(theme, "To what end"));
    let choices = [(Copy::Working, "Working copy"), (Copy::Record, "Record copy")];
    if let Some(chosen) = segmented(ui, theme, &choices, handover.copy) {
        handover.copy = chosen;
    }
    ui.label(weak(theme, "Paper"));
    let choices = [(Paper::A4, "A4"), (Paper::Letter, "Letter")];
    if let Some(chosen) = segmented(ui, theme, &choices, handover.paper) {
        handover.paper = chosen;
    }
}

/// What is a consultant's own, and what is done with characters that no font has.
fn own_ui(ui: &mut Ui, theme: &Theme, handover: &mut Handover) {
    let label = ui.label(weak(theme, "Profile: a RON file with colour and logo"));
    let edit = TextEdit::singleline(&mut handover.profile).desired_width(f32::INFINITY);
    ui.add(edit).labelled_by(label.id);
    let lacks = handover.laid.as_ref().is_some_and(|(_, laid)| !lacking(&laid.book).is_empty());
    if lacks || handover.spell_out {
        ui.checkbox(&mut handover.spell_out, "Spell out characters that no font has");
    }
}

/// The headings, each a way to its page.
fn contents_ui(ui: &mut Ui, theme: &Theme, handover: &Handover, commands: &mut Vec<Command>) {
    let Some((_, laid)) = &handover.laid else { return };
    let headings: Vec<_> = laid.book.headings().filter(|(level, ..)| *level <= 2).collect();
    // The last heading that stands on the page or before it.
    let here = headings.iter().rposition(|(_, _, page)| *page <= handover.page);
    let area = ScrollArea::vertical().id_salt("contents").auto_shrink([false, false]);
    ui.spacing_mut().item_spacing.y = 1.0;
    area.show_rows(ui, CONTENTS_ROW, headings.len(), |ui, range| {
        for at in range {
            let (level, title, page) = &headings[at];
            entry_ui(ui, theme, (*level, title, *page), here == Some(at), commands);
        }
    });
}

fn entry_ui(
    ui: &mut Ui,
    theme: &Theme,
    (level, title, page): (u8, &str, usize),
    here: bool,
    commands: &mut Vec<Command>,
) {
    let row = vec2(ui.available_width(), CONTENTS_ROW);
    ui.allocate_ui_with_layout(row, Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().interact_size.y = CONTENTS_ROW - 2.0;
        ui.add_space(8.0);
        ui.label(weak(theme, (page + 1).to_string()));
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.add_space(if level > 1 { 14.0 } else { 0.0 });
            let size = if level > 1 { 12.0 } else { 12.5 };
            let text = match (here, level) {
                (true, _) => strong(title, size).color(theme.accent),
                (false, 1) => RichText::new(title).size(size),
                (false, _) => RichText::new(title).size(size).color(theme.weak),
            };
            let response = ui.add(Button::new(text).frame(false).truncate());
            let name = format!("Go to {title}, page {}", page + 1);
            response.widget_info(|| WidgetInfo::labeled(Role::Link, true, &name));
            if response.clicked() {
                commands.push(Command::HandoverPage(page));
            }
        });
    });
}

/// Which page, how large, and the way back.
fn bar_ui(
    ui: &mut Ui,
    theme: &Theme,
    handover: &mut Handover,
    revisions: Revisions,
    commands: &mut Vec<Command>,
) {
    let count = handover.laid.as_ref().map_or(0, |(_, laid)| laid.book.sheets().len());
    let page = handover.page.min(count.saturating_sub(1));
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        let mut go = |ui: &mut Ui, text: &str, name: &str, to: Option<usize>| {
            let button = Button::new(text).min_size(vec2(28.0, 26.0));
            let response = ui.add_enabled(to.is_some(), button).accessible_name(name);
            if let (true, Some(to)) = (response.on_hover_text(name).clicked(), to) {
                commands.push(Command::HandoverPage(to));
            }
        };
        go(ui, "‹", "Previous page", page.checked_sub(1));
        go(ui, "›", "Next page", Some(page + 1).filter(|next| *next < count));
        if count > 0 {
            ui.label(format!("Page {} of {count}", page + 1));
        }
        state_ui(ui, theme, handover, revisions);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if secondary(ui, "Back to the drawing").clicked() {
                commands.push(Command::CloseHandover);
            }
            ui.add_space(10.0);
            zoom_ui(ui, theme, handover);
        });
    });
}

/// Whether what is shown is what would be printed now.
fn state_ui(ui: &mut Ui, theme: &Theme, handover: &Handover, revisions: Revisions) {
    ui.add_space(10.0);
    let wanted = handover.wanted(revisions);
    if wanted.is_none() {
        ui.add(Label::new(weak(theme, "The pages wait for a date")).truncate());
    } else if let Some((_, why)) =
        handover.failure.as_ref().filter(|(key, _)| Some(key) == wanted.as_ref())
    {
        let text = words::sentence(why);
        ui.add(Label::new(RichText::new(text).color(theme.err).size(12.0)).truncate());
    } else if handover.current(revisions).is_none() {
        ui.add(Label::new(weak(theme, "The pages are being laid out")).truncate());
    }
}

fn zoom_ui(ui: &mut Ui, theme: &Theme, handover: &mut Handover) {
    // From the right.
    let mut by = None;
    if link(ui, theme, "+").on_hover_text("Larger").clicked() {
        by = Some(1.2);
    }
    if link(ui, theme, "–").on_hover_text("Smaller").clicked() {
        by = Some(1.0 / 1.2);
    }
    if by.is_some() {
        handover.scale_by = by;
    }
    let choices = [(PageZoom::Width, "Fit the width"), (PageZoom::Page, "Whole page")];
    if let Some(chosen) = segmented(ui, theme, &choices, handover.zoom) {
        handover.zoom = chosen;
        handover.go_to = Some(handover.page);
    }
}
