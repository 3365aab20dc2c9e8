//! From blocks to strips. Sizes and spaces are in points and follow one scale.

use super::{
    figure,
    fonts::{Face, Fonts},
    marks, palette,
    steps::steps,
    strip::{Anchor, GridCell, Item, Padding, Strip, row},
    table::table,
    text::{Line, Look, line, wrap},
};
use crate::report::document::{
    Block, Checklist, Cover, Document, Fact, Heading, Note, Section, Signature, Text,
};
use std::sync::Arc;

/// Running text.
pub(super) const BODY: Look =
    Look { face: Face::Regular, size: 9.5, leading: 13.2, color: palette::TEXT };
/// Text in tables.
pub(super) const SMALL: Look =
    Look { face: Face::Regular, size: 8.5, leading: 11.6, color: palette::TEXT };
/// Text below something, set back.
pub(super) const CAPTION: Look =
    Look { face: Face::Regular, size: 8.0, leading: 11.0, color: palette::WEAK };

fn strong(size: f32, leading: f32) -> Look {
    Look { face: Face::Strong, size, leading, color: palette::TEXT }
}

/// The column under the pen, and what stands in it so far.
pub(super) struct Layout<'f> {
    /// The faces.
    pub(super) fonts: &'f mut Fonts,
    /// The strips so far.
    pub(super) strips: Vec<Strip>,
    /// The width of the column in points.
    pub(super) width: f32,
    /// The height of a page's body in points.
    pub(super) body: f32,
}

impl Layout<'_> {
    /// The lines of a text, each with its look.
    pub(super) fn lines(&mut self, text: &Text, look: Look, width: f32) -> Vec<(Arc<Line>, Look)> {
        wrap(self.fonts, text, &look, width).into_iter().map(|line| (line, look)).collect()
    }

    /// Lines as strips; the first two and the last two stay together.
    fn text(&mut self, text: &Text, look: Look, x: f32, before: f32) -> &mut [Strip] {
        let lines = wrap(self.fonts, text, &look, self.width - x);
        let (first, count) = (self.strips.len(), lines.len());
        for (at, line) in lines.into_iter().enumerate() {
            self.strips.push(Strip {
                height: look.leading,
                before: if at == 0 { before } else { 0.0 },
                items: vec![Item::Words { at: [x, look.base_line()], line }],
                keep: count > 1 && (at == 0 || at + 2 == count),
                ..Strip::default()
            });
        }
        &mut self.strips[first..]
    }

    /// A heading with its number before it, in lines that stay together and with what follows.
    fn headed(&mut self, anchor: Anchor, look: Look, before: f32, new_page: bool) {
        let first = self.strips.len();
        let numbered = !anchor.number.is_empty();
        let number = Text::from(anchor.number.as_str());
        let number = line(self.fonts, &number, &look.in_color(palette::ACCENT));
        let indent = if numbered { number.width + look.size * 0.45 } else { 0.0 };
        let strips = self.text(&Text::from(anchor.title.as_str()), look, indent, before);
        for strip in strips.iter_mut() {
            strip.keep = true;
        }
        if let Some(strip) = self.strips.get_mut(first) {
            if numbered {
                // Before the title, so that text that is taken out of the file reads in order.
                strip.items.insert(0, Item::Words { at: [0.0, look.base_line()], line: number });
            }
            strip.new_page = new_page;
            strip.anchor = Some(anchor);
        }
    }

    fn heading(&mut self, heading: &Heading) {
        let anchor = Anchor {
            level: heading.level + 1,
            number: heading.number.clone(),
            title: heading.text.clone(),
        };
        match heading.level {
            1 => self.headed(anchor, strong(19.0, 25.0), 26.0, heading.new_page),
            2 => self.headed(anchor, strong(12.0, 16.0), 20.0, heading.new_page),
            _ => self.headed(anchor, strong(10.5, 14.0), 14.0, heading.new_page),
        }
        if heading.level > 2
            && let Some(strip) = self.strips.iter_mut().rev().find(|s| s.anchor.is_some())
        {
            strip.anchor = None;
        }
    }

    /// A section with its heading.
    pub(super) fn section(&mut self, section: &Section) {
        let anchor =
            Anchor { level: 1, number: section.number.clone(), title: section.title.clone() };
        self.headed(anchor, strong(22.0, 29.0), 34.0, section.new_page);
        for (at, block) in section.blocks.iter().enumerate() {
            let first = self.strips.len();
            self.block(block);
            if section.changed.contains(&at) {
                for strip in &mut self.strips[first..] {
                    let bar = marks::rule([-9.0, 0.0], [-9.0, strip.height], palette::ACCENT, 2.2);
                    strip.items.push(bar);
                }
            }
            // What introduces a table is not left behind on the page before.
            let introduces =
                matches!(block, Block::Remark(_) | Block::Facts(_) | Block::KeyValue(_));
            let next = section.blocks.get(at + 1);
            if introduces
                && matches!(next, Some(Block::Table(_) | Block::Steps(_) | Block::Checklist(_)))
                && let Some(strip) = self.strips.last_mut()
            {
                strip.keep = true;
            }
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(heading) => self.heading(heading),
            Block::Lead(text) => {
                let strips = self.text(text, strong(13.0, 17.5), 0.0, 8.0);
                for strip in strips {
                    strip.keep = true;
                }
            }
            Block::Paragraph(text) => {
                self.text(text, BODY, 0.0, 6.0);
            }
            Block::Remark(text) => {
                self.text(text, BODY.in_color(palette::WEAK), 0.0, 5.0);
            }
            Block::List(items) => self.list(items),
            Block::Facts(facts) => facts.iter().for_each(|fact| self.fact(fact, 5.0)),
            Block::KeyValue(pairs) => self.key_value(pairs),
            Block::Table(data) => table(self, data),
            Block::Checklist(list) if list.title.is_empty() => self.tasks(list),
            Block::Checklist(list) => self.pause(list),
            Block::Steps(list) => steps(self, list),
            Block::Figure(data) => figure::figure(self, data),
            Block::Note(note) => self.note(note),
            Block::Code(lines) => self.code(lines),
            Block::SignOff(roles) => self.sign_off(roles),
        }
    }

    fn list(&mut self, items: &[Text]) {
        for text in items {
            let bullet = line(self.fonts, &Text::from("•"), &BODY.in_color(palette::ACCENT));
            let strips = self.text(text, BODY, 12.0, 4.0);
            if let Some(strip) = strips.first_mut() {
                strip.items.insert(0, Item::Words { at: [1.0, BODY.base_line()], line: bullet });
            }
        }
    }

    fn fact(&mut self, fact: &Fact, before: f32) {
        let label_look = strong(10.0, 13.5);
        let value_look = Look { size: 10.0, leading: 13.5, ..BODY };
        let label = self.lines(&Text::from(fact.label.as_str()), label_look, 112.0);
        let value = self.lines(&fact.value, value_look, self.width - 162.0);
        let cells = [
            GridCell { x: 32.0, right: None, lines: label },
            GridCell { x: 150.0, right: None, lines: value },
        ];
        let padding = Padding { top: 6.5, bottom: 6.5, least: 26.0 };
        for (at, mut strip) in row(&cells, padding, self.body).into_iter().enumerate() {
            let size = [self.width, strip.height];
            let mut items = vec![marks::panel([0.0, 0.0], size, 3.0, palette::GROUND, None)];
            if at == 0 {
                items.extend(marks::mark(fact.mark, [15.0, 13.0], 6.4));
                strip.before = before;
            }
            items.append(&mut strip.items);
            self.strips.push(Strip { items, ..strip });
        }
    }

    fn key_value(&mut self, pairs: &[(String, Text)]) {
        for (label, value) in pairs {
            let label = Text::from(label.as_str());
            let label = self.lines(&label, BODY.in_color(palette::WEAK), 138.0);
            let value = self.lines(value, BODY, self.width - 150.0);
            let cells = [
                GridCell { x: 0.0, right: None, lines: label },
                GridCell { x: 150.0, right: None, lines: value },
            ];
            self.ruled(&cells, Padding { top: 4.0, bottom: 4.5, least: 0.0 }, None);
        }
    }

    /// A row with a hairline below it; `extras` are painted on its first strip.
    pub(super) fn ruled(
        &mut self,
        cells: &[GridCell],
        padding: Padding,
        mut extras: Option<Vec<Item>>,
    ) {
        let strips = row(cells, padding, self.body);
        let last = strips.len() - 1;
        for (at, mut strip) in strips.into_iter().enumerate() {
            if at == last {
                let y = strip.height;
                strip.items.push(marks::rule([0.0, y], [self.width, y], palette::RULE, 0.6));
            }
            strip.items.extend(extras.take().into_iter().flatten());
            self.strips.push(strip);
        }
    }

    /// Boxes to tick, numbered, with who and by when at the right.
    fn tasks(&mut self, list: &Checklist) {
        let weak = Look { size: 9.0, ..BODY.in_color(palette::WEAK) };
        for (at, item) in list.items.iter().enumerate() {
            let aside = if item.who.is_empty() && item.when.is_empty() { 0.0 } else { 190.0 };
            let number = Text::from((at + 1).to_string());
            let number = self.lines(&number, weak.in_face(Face::Strong), 20.0);
            let text = self.lines(&item.text, BODY, self.width - 34.0 - aside);
            let who = self.lines(&Text::from(item.who.as_str()), weak, 86.0);
            let when = self.lines(&Text::from(item.when.as_str()), weak, 88.0);
            let cells = [
                GridCell { x: 17.0, right: None, lines: number },
                GridCell { x: 34.0, right: None, lines: text },
                GridCell { x: self.width - 182.0, right: None, lines: who },
                GridCell { x: 0.0, right: Some(self.width), lines: when },
            ];
            let drawn = marks::tick_box([0.5, 5.8], 9.0, item.done);
            self.ruled(&cells, Padding { top: 4.0, bottom: 4.2, least: 20.0 }, Some(drawn));
            if at == 0
                && list.items.len() > 1
                && let Some(strip) = self.strips.last_mut()
            {
                strip.keep = true;
            }
        }
    }

    /// The box that is read aloud before the first step.
    fn pause(&mut self, list: &Checklist) {
        let title =
            self.lines(&Text::from(list.title.as_str()), strong(10.5, 14.0), self.width * 0.7);
        let aside = self.lines(&Text::from(list.aside.as_str()), CAPTION, self.width * 0.26);
        let head = [
            GridCell { x: 12.0, right: None, lines: title },
            GridCell { x: 0.0, right: Some(self.width - 12.0), lines: aside },
        ];
        let mut inner = row(&head, Padding { top: 9.0, bottom: 3.0, least: 0.0 }, self.body);
        for item in &list.items {
            let text = self.lines(&item.text, BODY, self.width - 42.0);
            let cells = [GridCell { x: 29.0, right: None, lines: text }];
            let padding = Padding { top: 1.8, bottom: 1.8, least: 0.0 };
            let mut strips = row(&cells, padding, self.body - 20.0);
            strips[0].items.extend(marks::tick_box([12.5, 4.0], 8.5, item.done));
            inner.append(&mut strips);
        }
        inner.push(Strip { height: 8.0, ..Strip::default() });
        self.boxed(inner, 10.0, |size| marks::panel([0.0, 0.0], size, 4.0, palette::GROUND, None));
    }

    /// Strips on one ground: as a single strip where it fits on a page, strip by strip otherwise.
    fn boxed(&mut self, inner: Vec<Strip>, before: f32, ground: impl Fn([f32; 2]) -> Item) {
        let room = self.body;
        let mut whole = Strip { before, ..Strip::default() };
        let mut items = Vec::new();
        let mut finish = |whole: &mut Strip, items: &mut Vec<Item>| {
            let mut all = vec![ground([self.width, whole.height])];
            all.append(items);
            self.strips.push(Strip { items: all, ..std::mem::take(whole) });
        };
        for strip in inner {
            if whole.height + strip.height > room {
                finish(&mut whole, &mut items);
            }
            items.extend(strip.items.into_iter().map(|item| item.moved([0.0, whole.height])));
            whole.height += strip.height;
        }
        finish(&mut whole, &mut items);
    }

    fn note(&mut self, note: &Note) {
        let look = Look { size: 9.0, leading: 12.8, ..BODY };
        let title_look = Look { color: palette::ACCENT, ..strong(9.5, 13.0) };
        let title = self.lines(&Text::from(note.title.as_str()), title_look, self.width - 24.0);
        let cell = |lines| [GridCell { x: 12.0, right: None, lines }];
        let padding = Padding { top: 9.0, bottom: 1.0, least: 0.0 };
        let mut inner = row(&cell(title), padding, self.body);
        for text in &note.lines {
            for line in self.lines(text, look, self.width - 24.0) {
                let padding = Padding { top: 0.0, bottom: 0.0, least: 0.0 };
                inner.extend(row(&cell(vec![line]), padding, self.body));
            }
            inner.push(Strip { height: 2.0, ..Strip::default() });
        }
        inner.push(Strip { height: 7.0, ..Strip::default() });
        self.boxed(inner, 12.0, |size| {
            let edge = Some((palette::ACCENT, 1.0));
            marks::panel([0.5, 0.0], [size[0] - 1.0, size[1]], 4.0, palette::WHITE, edge)
        });
    }

    fn code(&mut self, lines: &[String]) {
        let look = Look { face: Face::Mono, size: 8.0, leading: 11.6, color: palette::TEXT };
        let mut inner = vec![Strip { height: 6.0, ..Strip::default() }];
        for text in lines {
            for line in self.lines(&Text::from(text.as_str()), look, self.width - 20.0) {
                let cells = [GridCell { x: 10.0, right: None, lines: vec![line] }];
                let padding = Padding { top: 0.0, bottom: 0.0, least: 0.0 };
                inner.extend(row(&cells, padding, self.body));
            }
        }
        inner.push(Strip { height: 6.0, ..Strip::default() });
        self.boxed(inner, 6.0, |size| marks::panel([0.0, 0.0], size, 3.0, palette::GROUND, None));
    }

    fn sign_off(&mut self, roles: &[Signature]) {
        let gap = 28.0;
        let count = roles.len().max(1) as f32;
        let width = (self.width - gap * (count - 1.0)) / count;
        let mut strip = Strip { height: 136.0, before: 14.0, ..Strip::default() };
        for (at, role) in roles.iter().enumerate() {
            let x = at as f32 * (width + gap);
            let title = line(self.fonts, &Text::strong(role.party.as_str()), &BODY);
            strip.items.push(Item::Words { at: [x, BODY.base_line()], line: title });
            for (row, field) in role.fields.iter().enumerate() {
                let y = 42.0 + row as f32 * 29.0;
                let label = line(self.fonts, &Text::from(field.label.as_str()), &CAPTION);
                strip.items.push(Item::Words { at: [x, y - 3.0], line: label });
                if let Some((value, look)) =
                    self.lines(&Text::from(field.value.as_str()), BODY, width - 50.0).first()
                {
                    let at = [x + 52.0, y - look.leading + look.base_line()];
                    strip.items.push(Item::Words { at, line: Arc::clone(value) });
                }
                let from = [x + 50.0, y];
                strip.items.push(marks::rule(from, [x + width, y], palette::WRITE, 0.7));
            }
        }
        self.strips.push(strip);
    }

    /// The cover.
    pub(super) fn cover(&mut self, document: &Document, cover: &Cover) {
        self.strips.push(Strip { height: 56.0, ..Strip::default() });
        let client = Look { size: 11.0, leading: 15.0, ..BODY.in_color(palette::ACCENT) };
        if document.client != document.subtitle {
            self.text(&Text::strong(document.client.as_str()), client, 0.0, 0.0);
        }
        self.text(&Text::from(document.title.as_str()), strong(30.0, 37.0), 0.0, 6.0);
        let subtitle = Look { size: 15.0, leading: 20.0, ..BODY.in_color(palette::WEAK) };
        self.text(&Text::from(document.subtitle.as_str()), subtitle, 0.0, 4.0);
        self.fact(&cover.verdict, 26.0);
        self.strips.push(Strip { height: 18.0, ..Strip::default() });
        self.key_value(&cover.facts);
    }

    /// The list of contents: the anchors of all strips that stand after it.
    pub(super) fn contents(&mut self, entries: &[(usize, Anchor)]) {
        let anchor = Strip { height: 30.0, ..Strip::default() };
        self.strips.push(anchor);
        self.text(&Text::from("Contents"), strong(12.0, 16.0), 0.0, 0.0);
        self.strips.push(Strip { height: 4.0, keep: true, ..Strip::default() });
        for (index, entry) in entries {
            let top = entry.level == 1;
            let look = if top { Look { size: 9.5, leading: 13.0, ..BODY } } else { SMALL };
            let look = if top { look } else { look.in_color(palette::WEAK) };
            let (number_x, x) = if top { (0.0, 24.0) } else { (24.0, 52.0) };
            let number = Text::from(entry.number.as_str());
            let number = self.lines(&number, look.in_color(palette::ACCENT), 40.0);
            let title = self.lines(&Text::from(entry.title.as_str()), look, self.width - x - 40.0);
            let mut cells = vec![GridCell { x, right: None, lines: title }];
            if !entry.number.is_empty() {
                cells.push(GridCell { x: number_x, right: None, lines: number });
            }
            // Many entries stand closer, so that they end on the page.
            let air = if entries.len() > 20 { 1.3 } else { 2.6 };
            let padding = Padding { top: if top { air } else { 0.6 }, bottom: 0.6, least: 0.0 };
            let mut strips = row(&cells, padding, self.body);
            let at = [self.width, padding.top + look.base_line()];
            strips[0].items.push(Item::PageOf { at, anchor: *index, look });
            self.strips.append(&mut strips);
        }
    }
}
