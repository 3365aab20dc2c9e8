//! The handover as data: sections of blocks, before anybody says how wide a page is.
//!
//! Markdown and PDF are made from the same document, so that a snapshot of the one guards the other.
//! Nothing here knows a font, a file or the clock.

mod drawing;

use crate::model::marks::MarkKey;
pub use drawing::{Anchor, Contour, Drawing, Drawn, Rgb, Segment, Stroke};
use std::collections::BTreeSet;

/// The handover.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// The title, e.g. `Mail migration handover`.
    pub title: String,
    /// What it is about: the plan's name.
    pub subtitle: String,
    /// The client's name, as the head of each page shows it.
    pub client: String,
    /// Who wrote it, for the file's properties.
    pub author: String,
    /// The foot of each page: document number, version, date, kind of copy.
    pub footer: String,
    /// The date, as `YYYY-MM-DD`.
    pub date: String,
    /// The language, as a tag (`en-GB`).
    pub language: String,
    /// What stands on the cover.
    pub cover: Cover,
    /// The sections, in order.
    pub sections: Vec<Section>,
    /// What the boxes and fields of the document stand for, in order; printed nowhere.
    pub marks: Vec<MarkKey>,
}

/// The cover.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cover {
    /// The verdict.
    pub verdict: Fact,
    /// What identifies the document: label and value.
    pub facts: Vec<(String, Text)>,
}

/// A section.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    /// Its key, by which it is chosen or left out.
    pub key: &'static str,
    /// Its number, e.g. `3`, or a letter for an appendix.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Whether it begins a page.
    pub new_page: bool,
    /// Whether its pages are wider than high.
    pub landscape: bool,
    /// What stands in it.
    pub blocks: Vec<Block>,
    /// The places of blocks that differ from an earlier revision: they are marked in the margin.
    pub changed: BTreeSet<usize>,
}

/// A block.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A heading inside the section.
    Heading(Heading),
    /// The sentence that a reader takes away.
    Lead(Text),
    /// A paragraph.
    Paragraph(Text),
    /// A paragraph of explanation, set back.
    Remark(Text),
    /// A list with bullets.
    List(Vec<Text>),
    /// Verdicts with their marks.
    Facts(Vec<Fact>),
    /// Labels and values.
    KeyValue(Vec<(String, Text)>),
    /// A table.
    Table(Table),
    /// Boxes to tick.
    Checklist(Checklist),
    /// Steps to carry out, each with a box to tick.
    Steps(Vec<Step>),
    /// A drawing.
    Figure(Figure),
    /// A box with a title.
    Note(Note),
    /// Commands or text as typed, line by line.
    Code(Vec<String>),
    /// Lines to sign on: the parties, side by side.
    SignOff(Vec<Signature>),
}

/// A heading inside a section.
#[derive(Clone, Debug, PartialEq)]
pub struct Heading {
    /// Its number, e.g. `11.3`; empty: none.
    pub number: String,
    /// The words.
    pub text: String,
    /// 1: opens a chapter of its own; 2 and 3: below it.
    pub level: u8,
    /// Whether it begins a page.
    pub new_page: bool,
}

/// A verdict: a mark, what it is of, what it says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fact {
    /// The mark.
    pub mark: Mark,
    /// What it is of.
    pub label: String,
    /// What it says.
    pub value: Text,
}

/// The symbol of a verdict; the same shapes as in the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Error, fail, broken: octagon.
    Error,
    /// Warning: triangle.
    Warning,
    /// Cannot tell, unknown: question mark.
    Unknown,
    /// Note, info: circle.
    Note,
    /// Pass, kept, delivered: tick.
    Pass,
    /// Waived, not applicable: dash.
    #[default]
    Dash,
}

impl Mark {
    /// The symbol in text, the same as on the command line.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Error => "✖",
            Self::Warning => "▲",
            Self::Unknown => "?",
            Self::Note => "•",
            Self::Pass => "✔",
            Self::Dash => "–",
        }
    }
}

/// A text: pieces, each in one style.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(pub Vec<Span>);

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The words.
    pub text: String,
    /// The style.
    pub style: Style,
}

/// How a piece of a text is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// As its surroundings.
    #[default]
    Plain,
    /// Weighty.
    Strong,
    /// Names, addresses, commands.
    Mono,
    /// Set back.
    Weak,
    /// Differs from what was planned.
    Bad,
}

impl Text {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Goes on in a style.
    #[must_use]
    pub fn and(mut self, style: Style, text: impl Into<String>) -> Self {
        self.0.push(Span { text: text.into(), style });
        self
    }

    /// A text in one style.
    pub fn styled(style: Style, text: impl Into<String>) -> Self {
        Self::new().and(style, text)
    }

    /// Names, addresses, commands.
    pub fn mono(text: impl Into<String>) -> Self {
        Self::styled(Style::Mono, text)
    }

    /// Weighty.
    pub fn strong(text: impl Into<String>) -> Self {
        Self::styled(Style::Strong, text)
    }

    /// Set back.
    pub fn weak(text: impl Into<String>) -> Self {
        Self::styled(Style::Weak, text)
    }

    /// From a line with `code` between backticks, as the rules' articles have it.
    pub fn from_markdown(line: &str) -> Self {
        let pieces = line.split('`').enumerate().filter(|(_, piece)| !piece.is_empty());
        let style = |at: usize| if at % 2 == 1 { Style::Mono } else { Style::Plain };
        Self(pieces.map(|(at, t)| Span { text: t.to_owned(), style: style(at) }).collect())
    }

    /// The words alone.
    pub fn plain(&self) -> String {
        self.0.iter().map(|span| span.text.as_str()).collect()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|span| span.text.is_empty())
    }
}

impl<T: Into<String>> From<T> for Text {
    fn from(text: T) -> Self {
        Self::styled(Style::Plain, text)
    }
}

/// A table. Its head is one row of the columns' titles, each the head of its column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Whether the first cell of each row is its head.
    pub row_heads: bool,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, each with a cell for every column.
    pub rows: Vec<Vec<Cell>>,
    /// Said where there is no row.
    pub empty: String,
}

/// A column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    /// Its head.
    pub title: String,
    /// Whether its values stand at the right edge.
    pub right: bool,
}

impl Table {
    /// A table without rows.
    pub fn new(titles: &[&str], empty: &str) -> Self {
        let column = |title: &&str| Column { title: (*title).to_owned(), right: false };
        Self {
            row_heads: true,
            columns: titles.iter().map(column).collect(),
            rows: vec![],
            empty: empty.to_owned(),
        }
    }
}

/// A cell: a mark, and paragraphs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// The mark before the text.
    pub mark: Option<Mark>,
    /// The paragraphs.
    pub lines: Vec<Text>,
}

impl Cell {
    /// A cell of several paragraphs.
    pub fn lines(lines: Vec<Text>) -> Self {
        Self { mark: None, lines }
    }

    /// A cell with a mark.
    pub fn marked(mark: Mark, text: impl Into<Text>) -> Self {
        Self { mark: Some(mark), lines: vec![text.into()] }
    }

    /// A cell of names or addresses, one a line.
    pub fn mono<T: ToString>(list: impl IntoIterator<Item = T>) -> Self {
        Self::lines(list.into_iter().map(|t| Text::mono(t.to_string())).collect())
    }
}

impl<T: Into<Text>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self { mark: None, lines: vec![text.into()] }
    }
}

/// Boxes to tick.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checklist {
    /// The title; empty: none, and no box around it.
    pub title: String,
    /// At the right of the title.
    pub aside: String,
    /// The items.
    pub items: Vec<CheckItem>,
}

/// An item of a checklist.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CheckItem {
    /// The id of its box; empty: none that could be read back.
    pub id: String,
    /// Whether it is ticked.
    pub done: bool,
    /// What is to be so.
    pub text: Text,
    /// Who, and by when.
    pub who: String,
    /// By when.
    pub when: String,
}

impl<T: Into<Text>> From<T> for CheckItem {
    fn from(text: T) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

/// Room to write something.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Field {
    /// Its id; empty: a line on paper only, as for a signature.
    pub id: String,
    /// What is written there.
    pub label: String,
    /// What the plan notes of it already.
    pub value: String,
}

/// Where somebody signs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Signature {
    /// For whom.
    pub party: String,
    /// The lines: name, role, signature, date.
    pub fields: Vec<Field>,
}

/// A step of a phase.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// The id of its box; the same step of the plan has the same.
    pub id: String,
    /// Room to write: what was measured, when, by whom.
    pub fields: Vec<Field>,
    /// Its number within the phase.
    pub number: usize,
    /// Whether the plan notes it as done, with what is noted.
    pub done: Option<String>,
    /// What to do, as a sentence.
    pub action: String,
    /// Where to click, or what to type.
    pub place: Vec<Text>,
    /// What is to be seen then.
    pub expect: Text,
    /// The way back.
    pub back: Text,
}

/// A drawing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figure {
    /// What it shows, below it.
    pub caption: String,
    /// What it shows to those who cannot see it.
    pub alt: String,
    /// The drawing.
    pub drawing: Drawing,
    /// How high it may become in points; none: as its page bears.
    pub high: Option<f32>,
}

/// A box with a title.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Note {
    /// The title.
    pub title: String,
    /// The paragraphs.
    pub lines: Vec<Text>,
}
