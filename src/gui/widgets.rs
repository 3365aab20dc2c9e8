//! Small parts that the panels share: symbols of verdicts, chips, headings, buttons.

use super::theme::Theme;
use crate::{
    model::beside::Outcome,
    plan::promises::State,
    rules::rule::Severity,
    sim::trace::{Disposition, Step},
};
use eframe::egui::{
    Align, Align2, Button, Color32, CornerRadius, CursorIcon, FontFamily, FontId, Frame, Label,
    Layout, Margin, Painter, Pos2, Rect, Response, RichText, Sense, Shape, Stroke, Ui, UiBuilder,
    Vec2, WidgetInfo, accesskit::Role, pos2, vec2,
};

/// A symbol of the verdicts' language: the shape says it, the colour repeats it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Symbol {
    /// It fails.
    Octagon,
    /// It works today.
    Triangle,
    /// Worth knowing.
    Circle,
    /// It holds.
    Tick,
    /// A fact is missing.
    Question,
    /// Not looked at.
    Dash,
    /// Something that just happens.
    Dot,
}

impl Symbol {
    /// Of a finding.
    pub(super) fn severity(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Octagon,
            Severity::Warning => Self::Triangle,
            Severity::CannotTell => Self::Question,
            Severity::Note => Self::Circle,
        }
    }

    /// Of a promise.
    pub(super) fn state(state: State) -> Self {
        match state {
            State::Kept => Self::Tick,
            State::Broken => Self::Octagon,
            State::CannotTell => Self::Question,
            State::NotApplicable => Self::Dash,
        }
    }

    /// Of a trace.
    pub(super) fn disposition(disposition: Disposition) -> Self {
        match disposition {
            Disposition::Delivered => Self::Tick,
            Disposition::LeftForInternet => Self::Circle,
            Disposition::CannotTell => Self::Question,
            _ => Self::Octagon,
        }
    }

    /// Of a live check.
    pub(super) fn outcome(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Pass => Self::Tick,
            Outcome::Info => Self::Circle,
            Outcome::Warn => Self::Triangle,
            Outcome::Fail => Self::Octagon,
            Outcome::Unknown => Self::Question,
            Outcome::NotApplicable => Self::Dash,
        }
    }

    /// Of a step of a trace.
    pub(super) fn step(step: &Step, disposition: Disposition) -> Self {
        match (step.ok, step.doubt) {
            (false, _) if disposition == Disposition::CannotTell => Self::Question,
            (false, _) => Self::Octagon,
            (true, true) => Self::Triangle,
            (true, false) => Self::Tick,
        }
    }

    /// Its colour.
    pub(super) fn colour(self, theme: &Theme) -> Color32 {
        match self {
            Self::Octagon => theme.err,
            Self::Triangle => theme.warn,
            Self::Circle | Self::Question => theme.info,
            Self::Tick => theme.ok,
            Self::Dash | Self::Dot => theme.weak,
        }
    }

    /// The colour behind a chip with it.
    pub(super) fn behind(self, theme: &Theme) -> Color32 {
        match self {
            Self::Octagon => theme.err_bg,
            Self::Triangle => theme.warn_bg,
            Self::Tick => theme.ok_bg,
            _ => theme.field,
        }
    }

    /// Its word, as it is spoken.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Octagon => "error",
            Self::Triangle => "warning",
            Self::Circle => "note",
            Self::Tick => "fine",
            Self::Question => "cannot tell",
            Self::Dash => "not applicable",
            Self::Dot => "step",
        }
    }
}

/// Paints a symbol around a point; `mark` replaces the sign in it, e.g. by a count.
pub(super) fn paint_symbol(
    painter: &Painter,
    theme: &Theme,
    at: Pos2,
    radius: f32,
    symbol: Symbol,
    mark: Option<&str>,
) {
    let colour = symbol.colour(theme);
    let sign = |text: &str, lift: f32| {
        let font = FontId::new(radius * 1.3, strong_family());
        painter.text(at + vec2(0.0, lift), Align2::CENTER_CENTER, text, font, theme.panel);
    };
    match symbol {
        Symbol::Octagon => {
            let corner = |i: u8| {
                let angle = (22.5 + 45.0 * f32::from(i)).to_radians();
                at + radius * vec2(angle.cos(), angle.sin())
            };
            let points = (0..8).map(corner).collect();
            painter.add(Shape::convex_polygon(points, colour, Stroke::NONE));
            sign(mark.unwrap_or("!"), 0.0);
        }
        Symbol::Triangle => {
            let points = vec![
                at + vec2(0.0, -radius),
                at + vec2(radius, radius * 0.85),
                at + vec2(-radius, radius * 0.85),
            ];
            painter.add(Shape::convex_polygon(points, colour, Stroke::NONE));
            sign(mark.unwrap_or("!"), radius * 0.2);
        }
        Symbol::Circle => {
            painter.circle_filled(at, radius * 0.92, colour);
            sign(mark.unwrap_or("i"), 0.0);
        }
        Symbol::Question => {
            painter.circle_filled(at, radius * 0.92, colour);
            sign(mark.unwrap_or("?"), 0.0);
        }
        Symbol::Tick => {
            let s = radius / 8.0;
            let points = vec![
                at + vec2(-4.5 * s, 0.5 * s),
                at + vec2(-1.2 * s, 4.0 * s),
                at + vec2(5.0 * s, -4.0 * s),
            ];
            painter.add(Shape::line(points, Stroke::new(1.8 * s.max(0.8), colour)));
        }
        Symbol::Dash => {
            let half = vec2(radius * 0.55, 0.0);
            painter.line_segment([at - half, at + half], Stroke::new(1.8, colour));
        }
        Symbol::Dot => {
            painter.circle_filled(at, radius * 0.4, colour);
        }
    }
}

/// A symbol in the line of a layout, with its word for those who listen.
pub(super) fn symbol(ui: &mut Ui, theme: &Theme, radius: f32, symbol: Symbol) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(radius * 2.0 + 2.0), Sense::hover());
    paint_symbol(ui.painter(), theme, rect.center(), radius, symbol, None);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, symbol.word()));
    response
}

/// The family of the semibold face.
pub(super) fn strong_family() -> FontFamily {
    FontFamily::Name("semibold".into())
}

/// A text in the semibold face.
pub(super) fn strong(text: impl Into<String>, size: f32) -> RichText {
    RichText::new(text).font(FontId::new(size, strong_family()))
}

/// A text that stands back.
pub(super) fn weak(theme: &Theme, text: impl Into<String>) -> RichText {
    RichText::new(text).color(theme.weak).size(12.0)
}

/// A small rounded label.
pub(super) fn chip(ui: &mut Ui, text: &str, colour: Color32, behind: Color32) -> Response {
    let font = FontId::new(11.5, strong_family());
    let galley = ui.painter().layout_no_wrap(text.to_owned(), font, colour);
    let size = vec2(galley.size().x + 14.0, 20.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    ui.painter().rect_filled(rect, CornerRadius::same(10), behind);
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, colour);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    response
}

/// The button that a person most likely wants.
pub(super) fn primary(ui: &mut Ui, theme: &Theme, text: &str) -> Response {
    let inside = if theme.dark { theme.bg } else { theme.panel };
    let button = Button::new(strong(text, 12.5).color(inside))
        .fill(theme.accent)
        .stroke(Stroke::new(1.0, theme.accent))
        .min_size(vec2(0.0, 26.0));
    ui.add(button)
}

/// A button.
pub(super) fn secondary(ui: &mut Ui, text: &str) -> Response {
    ui.add(Button::new(text).min_size(vec2(0.0, 26.0)))
}

/// A button that looks like a link.
pub(super) fn link(ui: &mut Ui, theme: &Theme, text: &str) -> Response {
    let text = strong(text, 12.5).color(theme.accent);
    ui.add(Button::new(text).frame(false)).on_hover_cursor(CursorIcon::PointingHand)
}

/// The frame of a card.
pub(super) fn card(fill: Color32) -> Frame {
    Frame::new().fill(fill).corner_radius(8).inner_margin(Margin::symmetric(12, 8))
}

/// The frame of a panel.
pub(super) fn panel(theme: &Theme, margin: Margin) -> Frame {
    Frame::new().fill(theme.panel).inner_margin(margin)
}

/// A line over the whole width.
pub(super) fn hairline(ui: &mut Ui, theme: &Theme) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(1.0, theme.line));
}

/// A text that wraps.
pub(super) fn paragraph(ui: &mut Ui, text: impl Into<RichText>) -> Response {
    ui.add(Label::new(text.into()).wrap())
}

/// Draws into a rectangle that does not grow with what is drawn, and cuts what is too large.
pub(super) fn within<R>(
    ui: &mut Ui,
    rect: Rect,
    layout: Layout,
    draw: impl FnOnce(&mut Ui) -> R,
) -> R {
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).layout(layout));
    child.set_clip_rect(rect.intersect(ui.clip_rect()));
    let result = draw(&mut child);
    ui.advance_cursor_after_rect(rect);
    result
}

/// Draws into all of a panel: its size stays what somebody dragged it to.
pub(super) fn filling<R>(ui: &mut Ui, draw: impl FnOnce(&mut Ui) -> R) -> R {
    let rect = ui.available_rect_before_wrap();
    within(ui, rect, Layout::top_down(Align::Min), draw)
}

/// The width of a row of exclusive choices.
pub(super) fn segmented_width<T: PartialEq>(ui: &Ui, choices: &[(T, &str)], chosen: &T) -> f32 {
    let padding = ui.spacing().button_padding.x * 2.0;
    let width = |(value, title): &(T, &str)| {
        let family = if value == chosen { strong_family() } else { FontFamily::Proportional };
        let font = FontId::new(12.5, family);
        let galley = ui.painter().layout_no_wrap((*title).to_owned(), font, Color32::WHITE);
        galley.size().x + padding
    };
    choices.iter().map(width).sum::<f32>() + 2.0
}

/// A row of exclusive choices, one of them chosen; gives the one that was clicked.
pub(super) fn segmented<T: Copy + PartialEq>(
    ui: &mut Ui,
    theme: &Theme,
    choices: &[(T, &str)],
    chosen: T,
) -> Option<T> {
    let mut clicked = None;
    let frame = Frame::new().fill(theme.field).stroke(Stroke::new(1.0, theme.line));
    frame.corner_radius(6).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            for (value, title) in choices {
                let on = *value == chosen;
                let inside = if theme.dark { theme.bg } else { theme.panel };
                let text = if on {
                    strong(*title, 12.5).color(inside)
                } else {
                    RichText::new(*title).size(12.5)
                };
                let fill = if on { theme.accent } else { Color32::TRANSPARENT };
                let button = Button::new(text).fill(fill).stroke(Stroke::NONE).corner_radius(6);
                let response = ui.add(button.min_size(vec2(0.0, 24.0)));
                response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, on, *title));
                if response.clicked() {
                    clicked = Some(*value);
                }
            }
        });
    });
    clicked
}

/// The middle of the right edge of a rectangle, moved inwards.
pub(super) fn right_middle(rect: Rect, inwards: f32) -> Pos2 {
    pos2(rect.right() - inwards, rect.center().y)
}

/// Marks all letters of a text field, so that typing replaces them.
pub(super) fn select_all(ui: &Ui, id: eframe::egui::Id, letters: usize) {
    use eframe::egui::text::{CCursor, CCursorRange};
    let mut state = eframe::egui::TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
    let all = CCursorRange::two(CCursor::new(0), CCursor::new(letters));
    state.cursor.set_char_range(Some(all));
    eframe::egui::TextEdit::store_state(ui.ctx(), id, state);
}
