//! The palette: searches commands, objects, findings and phases as one types.

use crate::gui::{
    command::Command,
    entries,
    state::State,
    theme::Theme,
    widgets::{paragraph, weak},
    words,
};
use eframe::egui::{
    Align2, Area, Button, Context, Frame, Id, Key, Margin, Modal, Modifiers, Order, ScrollArea,
    Stroke, TextEdit, Ui, vec2,
};

/// The search, while it is open.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    text: String,
    at: usize,
}

struct Row {
    title: String,
    kind: String,
    keys: String,
    command: Command,
    refused: Option<&'static str>,
}

/// The most rows that are shown.
const ROWS_MAX: usize = 60;

pub(in crate::gui) fn palette_ui(
    ctx: &Context,
    theme: &Theme,
    state: &mut State,
    commands: &mut Vec<Command>,
) {
    let Some(mut palette) = state.palette.take() else { return };
    let rows = rows(ctx, state, &palette.text);
    palette.at = palette.at.min(rows.len().saturating_sub(1));
    let (down, up) = ctx.input_mut(|i| {
        (
            i.count_and_consume_key(Modifiers::NONE, Key::ArrowDown),
            i.count_and_consume_key(Modifiers::NONE, Key::ArrowUp),
        )
    });
    palette.at = (palette.at + down).saturating_sub(up).min(rows.len().saturating_sub(1));
    let frame = Frame::new()
        .fill(theme.panel)
        .stroke(Stroke::new(1.0, theme.line))
        .corner_radius(10)
        .inner_margin(Margin::same(10));
    let area = Area::new(Id::unique("palette area"))
        .order(Order::Foreground)
        .anchor(Align2::CENTER_TOP, vec2(0.0, 60.0));
    let modal = Modal::new(Id::unique("palette")).frame(frame).area(area);
    let mut chosen = None;
    let moved = down + up > 0;
    let shown = modal.show(ctx, |ui| {
        ui.set_width(560.0_f32.min(ctx.content_rect().width() - 80.0));
        chosen = content(ui, theme, &mut palette, &rows, moved);
    });
    let enter = ctx.input(|i| i.key_pressed(Key::Enter));
    if enter && chosen.is_none() {
        chosen = rows.get(palette.at).filter(|row| row.refused.is_none()).map(|_| palette.at);
    }
    if let Some(row) = chosen.and_then(|at| rows.get(at)) {
        commands.push(row.command.clone());
        return;
    }
    let escaped = ctx.input(|i| i.key_pressed(Key::Escape));
    let again = ctx.input_mut(|i| i.consume_key(Modifiers::COMMAND, Key::K));
    if !escaped && !again && !shown.should_close() {
        state.palette = Some(palette);
    }
}

fn content(
    ui: &mut Ui,
    theme: &Theme,
    palette: &mut Palette,
    rows: &[Row],
    moved: bool,
) -> Option<usize> {
    let edit = TextEdit::singleline(&mut palette.text)
        .hint_text("Search or run a command")
        .desired_width(f32::INFINITY)
        .margin(Margin::symmetric(8, 6));
    let response = ui.add(edit).accessible_name("Search");
    response.request_focus();
    if response.changed() {
        palette.at = 0;
    }
    ui.add_space(6.0);
    if rows.is_empty() {
        paragraph(ui, weak(theme, "Nothing of that name"));
    }
    let mut chosen = None;
    ScrollArea::vertical().max_height(360.0).auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        for (at, row) in rows.iter().enumerate() {
            let button = Button::new(row.title.as_str())
                .selected(at == palette.at)
                .frame(at == palette.at)
                .min_size(vec2(ui.available_width(), 26.0))
                .shortcut_text(weak(theme, format!("{}  {}", row.kind, row.keys).trim()));
            let response = ui.add_enabled(row.refused.is_none(), button);
            if at == palette.at && moved {
                response.scroll_to_me(None);
            }
            if response.clicked() {
                chosen = Some(at);
            }
            if let Some(why) = row.refused {
                response.on_disabled_hover_text(why);
            }
        }
    });
    chosen
}

fn rows(ctx: &Context, state: &State, text: &str) -> Vec<Row> {
    let mut all: Vec<Row> = entries::entries(state)
        .into_iter()
        .filter(|entry| entry.command != Command::Palette)
        .map(|entry| Row {
            keys: entry.keys.first().map(|k| ctx.format_shortcut(k)).unwrap_or_default(),
            kind: entry.menu.title().to_owned(),
            title: entry.title,
            command: entry.command,
            refused: entry.refused,
        })
        .collect();
    if let Some(plan) = &state.plan {
        let plain = |title: String, kind: &str, command: Command| Row {
            title,
            kind: kind.to_owned(),
            keys: String::new(),
            command,
            refused: None,
        };
        for index in 0..plan.workspace.project().phase_count() {
            let title = words::phase(plan.workspace.project(), index);
            all.push(plain(title, "Phase", Command::Phase(index)));
        }
        for (index, headline) in plan.derived.headlines.iter().enumerate() {
            let command = Command::ShowFinding(index);
            all.push(plain(headline.title.clone(), "Finding", command));
        }
        // Objects only once something is typed: there may be thousands.
        if !text.trim().is_empty() {
            for id in plan.topology().ids() {
                let title = words::object(plan.topology(), &id);
                let kind = words::kind(&id);
                all.push(plain(title, kind, Command::Locate(id.into())));
            }
        }
    }
    let wanted = text.trim().to_lowercase();
    let mut ranked: Vec<(usize, Row)> = all
        .into_iter()
        .filter_map(|row| Some((rank(&row.title.to_lowercase(), &wanted)?, row)))
        .collect();
    ranked.sort_by_key(|(rank, row)| (*rank, if wanted.is_empty() { 0 } else { row.title.len() }));
    ranked.into_iter().map(|(_, row)| row).take(ROWS_MAX).collect()
}

/// How well a title fits: at its beginning, at a word's, anywhere, or letter by letter.
fn rank(title: &str, wanted: &str) -> Option<usize> {
    if wanted.is_empty() || title.starts_with(wanted) {
        return Some(0);
    }
    if title.split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(wanted)) {
        return Some(1);
    }
    if title.contains(wanted) {
        return Some(2);
    }
    let mut letters = title.chars();
    wanted.chars().filter(|c| !c.is_whitespace()).all(|c| letters.any(|l| l == c)).then_some(3)
}

#[cfg(test)]
mod tests {
    use super::rank;

    #[test]
    fn the_beginning_of_a_word_comes_before_letters_here_and_there() {
        assert_eq!(rank("add a phase", "add"), Some(0));
        assert_eq!(rank("add a phase", "phase"), Some(1));
        assert_eq!(rank("add a phase", "hase"), Some(2));
        assert_eq!(rank("add a phase", "adps"), Some(3));
        assert_eq!(rank("add a phase", "xyz"), None);
    }
}
