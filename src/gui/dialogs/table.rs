//! A table out of a spreadsheet: what each row adds, before it is added.

use super::{Outcome, foot, heading, text_lines};
use crate::{
    gui::{
        command::{Command, Kind},
        insert::table::{KINDS, ROWS_MAX, Row, read},
        state::State,
        theme::Theme,
        widgets::{self, Symbol, paragraph, weak},
        words,
    },
    model::change::Change,
};
use eframe::egui::{ComboBox, RichText, ScrollArea, Ui};

/// A table as it is being pasted.
#[derive(Clone, Debug)]
pub struct TableDraft {
    kind: Kind,
    text: String,
    /// What was read, and of what.
    read: Option<(Kind, String, Vec<Row>, Change)>,
}

impl TableDraft {
    /// A table with this text.
    pub(in crate::gui) fn new(text: &str) -> Self {
        Self { kind: Kind::Server, text: text.to_owned(), read: None }
    }
}

pub(super) fn table_ui(
    ui: &mut Ui,
    theme: &Theme,
    state: &State,
    draft: &mut TableDraft,
) -> Outcome {
    heading(ui, "Paste a table");
    let label = ui.label("Each row is a");
    let combo = ComboBox::from_id_salt("kind").selected_text(words::kind_title(draft.kind));
    let shown = combo.show_ui(ui, |ui| {
        for (kind, _) in KINDS {
            ui.selectable_value(&mut draft.kind, kind, words::kind_title(kind));
        }
    });
    shown.response.labelled_by(label.id);
    let columns = KINDS.iter().find(|(kind, _)| *kind == draft.kind).map_or(&[][..], |(_, c)| c);
    paragraph(ui, weak(theme, format!("Columns: {}", columns.join(" · "))));
    text_lines(ui, "Rows, as a spreadsheet copies them", &mut draft.text, 6);
    let Some(plan) = &state.plan else { return Outcome::closed() };
    let known = draft.read.as_ref().is_some_and(|(k, t, ..)| *k == draft.kind && *t == draft.text);
    if !known {
        let project = plan.workspace.project();
        let (rows, change) = read(project, plan.phase, draft.kind, &draft.text);
        draft.read = Some((draft.kind, draft.text.clone(), rows, change));
    }
    let Some((_, _, rows, change)) = &draft.read else { return Outcome::default() };
    rows_ui(ui, theme, rows);
    let wrong = rows.iter().filter(|row| row.outcome.is_err()).count();
    let good = rows.len() - wrong;
    let text = match wrong {
        _ if rows.is_empty() => "Add".to_owned(),
        0 => format!("Add {}", words::count(good, "row", "rows")),
        _ => format!("Add the {good} that read"),
    };
    let Some(answer) = foot(ui, theme, &text, false) else { return Outcome::default() };
    if !answer || good == 0 {
        return Outcome::closed();
    }
    let label = format!("Paste a table of {}", words::count(good, "row", "rows"));
    Outcome::does(Command::Apply { label, change: change.clone() })
}

fn rows_ui(ui: &mut Ui, theme: &Theme, rows: &[Row]) {
    ScrollArea::vertical().max_height(180.0).auto_shrink([false, true]).show(ui, |ui| {
        for row in rows {
            ui.horizontal_top(|ui| {
                let (symbol, text) = match &row.outcome {
                    Ok(text) => (Symbol::Tick, format!("Row {}: {text}", row.number)),
                    Err(why) => (Symbol::Octagon, format!("Row {}: {why}", row.number)),
                };
                widgets::symbol(ui, theme, 6.0, symbol);
                paragraph(ui, RichText::new(text).size(12.5));
            });
        }
        if rows.len() >= ROWS_MAX {
            paragraph(ui, weak(theme, format!("No more than {ROWS_MAX} rows are read")));
        }
    });
}
