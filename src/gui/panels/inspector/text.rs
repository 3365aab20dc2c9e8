//! Values that are typed: a text, a name, a number, lists one a line. What does not read stays in
//! the draft, marked, and the last good value stays in the plan.

use super::value::{Cx, Value};
use crate::{
    gui::{
        drafts::Draft,
        insert::{explained, lines, record_data},
        panels::compare::NOT_ENTERED,
        widgets::{self, Symbol},
    },
    model::{
        ObjectId, Topology,
        address::Subnet,
        connector::AddressSpace,
        dns::RecordData,
        name::{Fqdn, MailAddress},
        server::SmartHost,
    },
};
use eframe::egui::{
    FontSelection, Key, Label, Margin, RichText, Stroke, StrokeKind, TextEdit, TextStyle, Ui,
};
use std::{collections::BTreeSet, fmt::Display, net::IpAddr, str::FromStr};

/// How a text field looks.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    /// Rows, for lists; one line otherwise.
    pub(super) rows: Option<usize>,
    /// What stands there while it is empty.
    pub(super) hint: &'a str,
    /// Whether it is in the typewriter's face.
    pub(super) mono: bool,
}

/// A text field over a draft: gives the value when what was typed reads.
pub(super) fn parsed<T>(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    part: &str,
    current: &str,
    look: Look<'_>,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Option<T> {
    let key = cx.key(part);
    let mut draft = cx.drafts.take(&key);
    let mut text = draft
        .as_ref()
        .and_then(|d| d.cells.first()?.first().cloned())
        .unwrap_or_else(|| current.to_owned());
    let wrong = draft.as_ref().is_some_and(|d| d.error.is_some());
    let font: FontSelection =
        if look.mono { TextStyle::Monospace.into() } else { TextStyle::Body.into() };
    let edit = match look.rows {
        Some(rows) => TextEdit::multiline(&mut text).desired_rows(rows),
        None => TextEdit::singleline(&mut text),
    };
    let id = ui.scope_id().with(&key);
    let edit = edit
        .id(id)
        .hint_text(RichText::new(look.hint).color(cx.theme.weak))
        .font(font)
        .margin(Margin::symmetric(8, 5))
        .desired_width(f32::INFINITY);
    // What stands there while it is empty would count as the field's name.
    let response = ui.add(edit).labelled_by(cx.label_id);
    if part != "value" {
        let name = format!("{}: {part}", cx.label);
        ui.ctx().accesskit_node_builder(id, |node| node.set_label(name));
    }
    if cx.focus {
        response.request_focus();
        cx.focus = false;
    }
    let colour = if wrong { Some(cx.theme.err) } else { cx.mark };
    if let Some(colour) = colour {
        let line = Stroke::new(1.6, colour);
        ui.painter().rect_stroke(response.rect, 4.0, line, StrokeKind::Inside);
    }
    let mut found = None;
    if response.changed() {
        cx.typed = true;
        let error = match parse(&text) {
            Ok(value) => {
                found = Some(value);
                None
            }
            Err(error) => Some(error),
        };
        draft = Some(Draft { cells: vec![vec![text]], error, row: None });
    }
    if response.has_focus() && ui.input(|i| i.key_pressed(Key::Escape)) {
        draft = None;
    }
    if let Some(draft) = draft {
        if let Some(error) = &draft.error {
            wrong_ui(ui, cx, error);
        }
        if response.has_focus() || response.changed() || draft.error.is_some() {
            cx.drafts.put(&key, draft);
        }
    }
    found
}

/// What is wrong with what was typed, beside where it stands.
pub(super) fn wrong_ui(ui: &mut Ui, cx: &Cx<'_>, error: &str) {
    ui.horizontal_top(|ui| {
        widgets::symbol(ui, cx.theme, 6.0, Symbol::Octagon);
        let text = RichText::new(crate::gui::words::sentence(error)).size(11.5).color(cx.theme.err);
        ui.add(Label::new(text).wrap());
    });
}

/// Values one a line.
pub(super) fn list<T>(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    part: &str,
    current: &[String],
) -> Option<Vec<T>>
where
    T: FromStr,
    T::Err: Display,
{
    let rows = Some(current.len().clamp(1, 6));
    let look = Look { rows, hint: "none", mono: true };
    parsed(ui, cx, part, &current.join("\n"), look, lines)
}

/// Texts of things that have one.
pub(super) fn texts<'v, T: ToString + 'v>(list: impl IntoIterator<Item = &'v T>) -> Vec<String> {
    list.into_iter().map(ToString::to_string).collect()
}

/// Texts in one line.
pub(super) fn joined(list: &[String]) -> String {
    if list.is_empty() { "none".to_owned() } else { list.join(", ") }
}

fn one<T>(text: &str) -> Result<T, String>
where
    T: FromStr,
    T::Err: Display,
{
    let text = text.trim();
    text.parse().map_err(|error: T::Err| explained(text, &error))
}

impl Value for String {
    fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
        let needed = cx.name == "name";
        let look = Look { rows: None, hint: NOT_ENTERED, mono: false };
        parsed(ui, cx, "value", self, look, |text| match text.trim() {
            "" if needed => Err("it needs a name".to_owned()),
            text => Ok(text.to_owned()),
        })
    }

    fn text(&self, _: &Topology) -> String {
        if self.is_empty() { NOT_ENTERED.to_owned() } else { self.clone() }
    }
}

impl Value for Fqdn {
    fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
        let look = Look { rows: None, hint: "", mono: true };
        parsed(ui, cx, "value", self.as_str(), look, one)
    }

    fn text(&self, _: &Topology) -> String {
        self.to_string()
    }
}

impl Value for u32 {
    fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
        let look = Look { rows: None, hint: "0", mono: true };
        parsed(ui, cx, "value", &self.to_string(), look, |text| match text.trim() {
            "" => Ok(0),
            text => one(text),
        })
    }

    fn text(&self, _: &Topology) -> String {
        self.to_string()
    }
}

/// What an empty field means where that is known.
fn meaning(cx: &Cx<'_>) -> &'static str {
    match (cx.id, cx.name) {
        (ObjectId::Listener(_), "fqdn") => "the computer's name",
        (ObjectId::Listener(_), "port") => "25",
        (ObjectId::Listener(_), "smart_host") => "none",
        (ObjectId::GroupConnector(_), "cost") => "1",
        (ObjectId::SiteLink(_), "cost") => "100",
        (ObjectId::SiteLink(_), "exchange_cost") => "that of the directory",
        (ObjectId::Record(_), "ttl_s") => "the zone's",
        _ => NOT_ENTERED,
    }
}

macro_rules! optional {
    ($($type:ty)*) => {$(
        impl Value for Option<$type> {
            fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
                let current = self.as_ref().map(ToString::to_string).unwrap_or_default();
                let look = Look { rows: None, hint: meaning(cx), mono: true };
                parsed(ui, cx, "value", &current, look, |text| match text.trim() {
                    "" => Ok(None),
                    text => one(text).map(Some),
                })
            }

            fn text(&self, _: &Topology) -> String {
                self.as_ref().map_or_else(|| NOT_ENTERED.to_owned(), ToString::to_string)
            }
        }
    )*};
}
optional!(Fqdn u32 u16 SmartHost);

macro_rules! many {
    ($($type:ty)*) => {$(
        impl Value for $type {
            fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
                list(ui, cx, "value", &texts(self)).map(|list| list.into_iter().collect())
            }

            fn text(&self, _: &Topology) -> String {
                joined(&texts(self))
            }
        }
    )*};
}
many!(Vec<IpAddr> BTreeSet<Fqdn> BTreeSet<Subnet> BTreeSet<MailAddress> BTreeSet<AddressSpace>);

impl Value for RecordData {
    fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
        let current = self.lines();
        let rows = Some(current.len().clamp(1, 8));
        let kind = self.kind();
        let look = Look { rows, hint: "", mono: true };
        parsed(ui, cx, "value", &current.join("\n"), look, |text| {
            let texts: Vec<&str> =
                text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            record_data(kind, &texts)
        })
    }

    fn text(&self, _: &Topology) -> String {
        joined(&self.lines())
    }
}
