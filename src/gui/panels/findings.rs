//! The findings: the consequence first, then the reason, the evidence, the cures as buttons.

mod head;

use super::{bottom, trace};
use crate::{
    gui::{
        command::Command,
        state::{FixesKey, Plan},
        theme::Theme,
        widgets::{self, Symbol, card, chip, link, paragraph, primary, secondary, strong, weak},
        words,
    },
    rules::{
        finding::Finding,
        fix::{self, Fix, Trust},
        rule::Severity,
    },
};
use eframe::egui::{
    Align, Layout, RichText, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, accesskit::Role, vec2,
};

pub(super) fn findings_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &mut Plan,
    commands: &mut Vec<Command>,
) {
    let area = ui.available_rect_before_wrap();
    let middle = area.left() + area.width() * 0.52;
    let mut list = area;
    list.set_right(middle);
    // Both halves write to the plan's own drafts, so they are drawn one after the other.
    let start = ui.cursor();
    widgets::within(ui, list, Layout::top_down(Align::Min), |ui| {
        list_ui(ui, theme, plan, commands);
    });
    let plan = &*plan;
    let mut rest = ui.new_child(UiBuilder::new().max_rect(area.intersect(start)));
    bottom::halves(
        &mut rest,
        theme,
        0.52,
        |_| {},
        |ui| {
            trace::shown_ui(
                ui,
                theme,
                plan,
                "Choose a finding to see the message that shows it",
                commands,
            );
        },
    );
}

fn list_ui(ui: &mut Ui, theme: &Theme, plan: &mut Plan, commands: &mut Vec<Command>) {
    eframe::egui::Frame::new().inner_margin(8).show(ui, |ui| {
        ScrollArea::vertical().id_salt("findings").auto_shrink([false, false]).show(ui, |ui| {
            let findings = plan.derived_phase().findings.clone();
            head::head_ui(ui, plan, findings.len());
            let open = plan.open_index();
            let groups = head::groups(plan, &findings);
            let shown = groups.iter().map(|group| group.1.len()).sum::<usize>();
            for (title, indexes) in &groups {
                if !title.is_empty() {
                    ui.label(strong(format!("{title} ({})", indexes.len()), 12.5));
                }
                for index in indexes.iter().copied() {
                    let finding = &findings[index];
                    let waived = plan.analysis().waived(finding).map(str::to_owned);
                    if open == Some(index) {
                        let area = ui.scope(|ui| {
                            open_ui(ui, theme, plan, index, finding, waived.as_deref(), commands);
                        });
                        reveal(ui, area.response.rect, (plan.serial(), plan.phase, index));
                    } else {
                        closed_ui(ui, theme, plan, index, finding, waived.is_some(), commands);
                    }
                }
            }
            if shown == 0 {
                nothing_ui(ui, theme, findings.len());
            }
        });
    });
}

/// Brings the finding into view when it is opened, fixes and all; its fixes are proved a little later
/// and make it taller, which is followed as well.
fn reveal(ui: &Ui, area: eframe::egui::Rect, of: (u64, usize, usize)) {
    let id = ui.scope_id().with("revealed");
    let now = (of, area.height().round().to_bits());
    if ui.data(|data| data.get_temp(id)) != Some(now) {
        ui.data_mut(|data| data.insert_temp(id, now));
        // What is taller than the panel is read from its top.
        let tall = area.height() > ui.clip_rect().height();
        ui.scroll_to_rect(area, tall.then_some(Align::Min));
        ui.ctx().request_repaint();
    }
}

fn nothing_ui(ui: &mut Ui, theme: &Theme, hidden: usize) {
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        widgets::symbol(ui, theme, 8.0, Symbol::Tick);
        ui.label(match hidden {
            0 => "Nothing was found in this phase".to_owned(),
            hidden => format!("Nothing of what is listed; {hidden} are filtered out"),
        });
    });
}

pub(super) fn filter_ui(ui: &mut Ui, theme: &Theme, plan: &mut Plan) {
    let count = |severity: Severity| {
        let all = plan.derived_phase().findings.iter();
        all.filter(|f| f.severity == severity).count()
    };
    let numbers = [Severity::Error, Severity::Warning, Severity::CannotTell, Severity::Note]
        .map(|severity| (severity, count(severity)));
    let waived = plan
        .derived_phase()
        .findings
        .iter()
        .filter(|f| plan.analysis().waived(f).is_some())
        .count();
    if numbers.iter().all(|(_, n)| *n == 0) {
        return;
    }
    // From the right: the row is laid out towards the left.
    ui.spacing_mut().item_spacing.x = 4.0;
    if waived > 0 {
        toggle(ui, theme, &mut plan.filter.waived, &format!("{waived} waived"), Symbol::Dash);
    }
    for (severity, number) in numbers.into_iter().rev().filter(|(_, number)| *number > 0) {
        let on = match severity {
            Severity::Error => &mut plan.filter.errors,
            Severity::Warning => &mut plan.filter.warnings,
            Severity::CannotTell => &mut plan.filter.unknown,
            Severity::Note => &mut plan.filter.notes,
        };
        let text = words::severity_plural(severity, number);
        toggle(ui, theme, on, &text, Symbol::severity(severity));
    }
}

/// A switch of a list's filter.
pub(super) fn toggle(ui: &mut Ui, theme: &Theme, on: &mut bool, text: &str, symbol: Symbol) {
    let colour = if *on { symbol.colour(theme) } else { theme.weak };
    let fill = if *on { symbol.behind(theme) } else { theme.panel };
    let button = eframe::egui::Button::new(RichText::new(text).size(11.5).color(colour))
        .fill(fill)
        .stroke(eframe::egui::Stroke::new(1.0, if *on { colour } else { theme.line }))
        .corner_radius(10);
    let response = ui.add(button);
    let state = *on;
    response
        .widget_info(|| WidgetInfo::selected(Role::CheckBox, true, state, format!("Show {text}")));
    if response.clicked() {
        *on = !*on;
    }
}

/// One line: symbol, headline, code.
fn closed_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &Plan,
    index: usize,
    finding: &Finding,
    waived: bool,
    commands: &mut Vec<Command>,
) {
    let title = plan.derived.headlines.get(index).map_or("", |h| h.title.as_str());
    let symbol = if waived { Symbol::Dash } else { Symbol::severity(finding.severity) };
    let builder = UiBuilder::new().sense(Sense::click());
    let inner = ui.scope_builder(builder, |ui| {
        let hovered = ui.response().hovered() || ui.response().has_focus();
        let fill = if hovered { theme.field } else { theme.panel };
        card(fill).inner_margin(vec2_margin(12, 5)).show(ui, |ui| {
            row(ui, theme, symbol, title, finding.rule.code, 13.0, waived);
        });
    });
    let response = inner.response.on_hover_cursor(eframe::egui::CursorIcon::PointingHand);
    let word = if waived { "waived" } else { symbol.word() };
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Button, true, format!("{}, {word}: {title}", finding.rule.code))
    });
    if response.clicked() {
        commands.push(Command::ShowFinding(index));
    }
}

fn vec2_margin(x: i8, y: i8) -> eframe::egui::Margin {
    eframe::egui::Margin::symmetric(x, y)
}

fn row(ui: &mut Ui, theme: &Theme, symbol: Symbol, title: &str, code: &str, size: f32, weak: bool) {
    ui.horizontal_top(|ui| {
        widgets::symbol(ui, theme, 9.0, symbol);
        let width = ui.available_width() - 60.0;
        let text = if weak {
            RichText::new(title).size(size).color(theme.weak)
        } else {
            strong(title, size)
        };
        ui.allocate_ui(vec2(width, 18.0), |ui| {
            ui.set_width(width);
            ui.add(eframe::egui::Label::new(text).wrap().selectable(false));
        });
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            let code = RichText::new(code).monospace().size(11.5).color(theme.weak);
            ui.add(eframe::egui::Label::new(code).selectable(false));
        });
    });
}

/// The open finding: headline, reason, cures.
fn open_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &mut Plan,
    index: usize,
    finding: &Finding,
    waived: Option<&str>,
    commands: &mut Vec<Command>,
) {
    let symbol = if waived.is_some() { Symbol::Dash } else { Symbol::severity(finding.severity) };
    let headline = plan.derived.headlines.get(index).cloned();
    card(symbol.behind(theme)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let title = headline.as_ref().map_or("", |h| h.title.as_str());
        row(ui, theme, symbol, title, finding.rule.code, 14.0, false);
        eframe::egui::Frame::new()
            .inner_margin(eframe::egui::Margin { left: 28, ..Default::default() })
            .show(ui, |ui| {
                if let Some(reason) =
                    headline.as_ref().map(|h| h.reason.as_str()).filter(|r| !r.is_empty())
                {
                    paragraph(ui, RichText::new(reason).size(12.5));
                }
                if let Some(reason) = waived {
                    paragraph(ui, weak(theme, format!("Waived: {reason}")));
                }
                let earlier = fixes_ui(ui, theme, plan, (index, finding), commands);
                ui.horizontal_wrapped(|ui| {
                    ui.spacing_mut().item_spacing.x = 14.0;
                    if link(ui, theme, "Why?").clicked() {
                        commands.push(Command::Article(finding.rule.code));
                    }
                    if waived.is_some() {
                        if link(ui, theme, "Take the waiver back").clicked() {
                            commands.push(Command::Unwaive(index));
                        }
                    } else if link(ui, theme, "Waive…").clicked() {
                        commands.push(Command::Waive(index));
                    }
                    let text = if plan.fixes.preview { "Hide the edits" } else { "Show the edits" };
                    if link(ui, theme, text).clicked() {
                        plan.fixes.preview = !plan.fixes.preview;
                    }
                    if link(ui, theme, "Fold").clicked() {
                        commands.push(Command::CloseFinding);
                    }
                    if earlier {
                        where_ui(ui, theme, plan);
                    }
                });
                if plan.fixes.preview {
                    previews_ui(ui, theme, plan, finding);
                }
                about_ui(ui, theme, plan, finding, commands);
            });
    });
}

/// What has to do with it, each a way to the object.
fn about_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &Plan,
    finding: &Finding,
    commands: &mut Vec<Command>,
) {
    let topology = plan.topology();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 2.0);
        ui.label(weak(theme, "Look at"));
        for subject in std::iter::once(&finding.subject).chain(&finding.also) {
            let Some(id) = subject.object(topology) else { continue };
            let text = words::object(topology, &id);
            if ui.add(eframe::egui::Button::new(RichText::new(&text).size(12.0)).small()).clicked()
            {
                commands.push(Command::Locate(subject.clone()));
            }
        }
    });
}

/// The fixes as buttons; whether one of them can stand earlier.
fn fixes_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &mut Plan,
    (index, finding): (usize, &Finding),
    commands: &mut Vec<Command>,
) -> bool {
    let key = FixesKey::of(plan.workspace.analysed_revision(), plan.phase, finding);
    let Some(fixes) = plan.fixes.of(&key).map(<[Fix]>::to_vec) else {
        paragraph(ui, weak(theme, "The fixes are being proved"));
        return false;
    };
    if fixes.is_empty() {
        paragraph(ui, weak(theme, "No fix is known that would break nothing else"));
        return false;
    }
    let phase = plan.phase;
    let earlier = fixes.iter().any(|fix| fix.earliest < phase);
    let earliest = earlier && plan.fixes.earliest;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 4.0);
        for (choice, fix) in fixes.iter().enumerate() {
            if fix.trust == Trust::ShowOnly {
                ui.label(&fix.title);
                continue;
            }
            let text = shortened(&fix.title);
            let response =
                if choice == 0 { primary(ui, theme, &text) } else { secondary(ui, &text) };
            let response = response.accessible_name(&fix.title);
            let at = if earliest { fix.earliest } else { phase };
            let note = match fix.trust {
                Trust::Review => "; read it first: it leans on an assumption, or others see it",
                _ => "",
            };
            let into = words::phase(plan.workspace.project(), at);
            let hint = format!("{}. Proved; goes into phase {into}{note}", fix.title);
            if response.on_hover_text(hint).clicked() {
                commands.push(Command::Fix { finding: index, choice, earliest });
            }
        }
    });
    earlier
}

/// A title that leaves room for other buttons.
fn shortened(title: &str) -> String {
    if title.chars().count() <= 80 {
        return title.to_owned();
    }
    title.chars().take(78).chain("…".chars()).collect()
}

/// Here, or in the earliest phase in which it can stand.
fn where_ui(ui: &mut Ui, theme: &Theme, plan: &mut Plan) {
    ui.label(weak(theme, "Goes"));
    let here = format!("into phase {}", plan.phase);
    let choices = [(false, here.as_str()), (true, "as early as possible")];
    if let Some(chosen) = widgets::segmented(ui, theme, &choices, plan.fixes.earliest) {
        plan.fixes.earliest = chosen;
    }
}

fn previews_ui(ui: &mut Ui, theme: &Theme, plan: &mut Plan, finding: &Finding) {
    let key = FixesKey::of(plan.workspace.analysed_revision(), plan.phase, finding);
    let fixes = plan.fixes.of(&key).map(<[Fix]>::to_vec).unwrap_or_default();
    for fix in &fixes {
        preview_ui(
            ui,
            theme,
            plan,
            fix,
            if plan.fixes.earliest { fix.earliest } else { plan.phase },
        );
    }
}

/// The edits of a fix, each with its phase.
fn preview_ui(ui: &mut Ui, theme: &Theme, plan: &Plan, fix: &Fix, at: usize) {
    let project = plan.workspace.project();
    ui.horizontal(|ui| {
        ui.label(strong(&fix.title, 12.5));
        if fix.trust == Trust::Review {
            chip(ui, "read it first", theme.warn, theme.warn_bg);
        }
    });
    match fix::edits(project, &fix.wanted, at) {
        Ok(edits) => {
            for (phase, edit) in edits {
                let before = &plan.workspace.topologies()[phase];
                let text = super::compare::edit_text(before, &edit);
                paragraph(ui, weak(theme, format!("Phase {phase}: {text}")));
            }
        }
        Err(error) => {
            paragraph(ui, RichText::new(error.to_string()).color(theme.err));
        }
    }
}
