//! From blocks to strips. Sizes and spaces are in points and follow one scale.

use super::{
    boxes, figure,
    fonts::{Face, Fonts},
    marks, palette,
    steps::steps,
    strip::{Anchor, GridCell, Item, Padding, Strip, row},
    table::table,
    tags::{ARTIFACT, Role, TagId, Tags},
    text::{Line, Look, line, wrap},
};
use crate::report::{
    Copy,
    document::{Block, Fact, Heading, Section, Text},
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

pub(super) fn strong(size: f32, leading: f32) -> Look {
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
    /// The width and height of a body that is wider than high, where a block may turn its page.
    pub(super) wide: Option<[f32; 2]>,
    /// What everything is, in reading order.
    pub(super) tags: Tags,
    /// To what end.
    pub(super) copy: Copy,
}

impl Layout<'_> {
    /// The lines of a text, each with its look.
    pub(super) fn lines(&mut self, text: &Text, look: Look, width: f32) -> Vec<(Arc<Line>, Look)> {
        wrap(self.fonts, text, &look, width).into_iter().map(|line| (line, look)).collect()
    }

    /// A paragraph; its first two and its last two lines stay together.
    pub(super) fn text(&mut self, text: &Text, look: Look, x: f32, before: f32) -> &mut [Strip] {
        let tag = self.tags.leaf(Role::P);
        self.tagged(text, look, (x, before), tag)
    }

    /// Lines as strips; the first two and the last two stay together.
    pub(super) fn tagged(
        &mut self,
        text: &Text,
        look: Look,
        (x, before): (f32, f32),
        tag: TagId,
    ) -> &mut [Strip] {
        let lines = wrap(self.fonts, text, &look, self.width - x);
        let (first, count) = (self.strips.len(), lines.len());
        for (at, line) in lines.into_iter().enumerate() {
            self.strips.push(Strip {
                height: look.leading,
                before: if at == 0 { before } else { 0.0 },
                items: vec![Item::Tag(tag), Item::Words { at: [x, look.base_line()], line }],
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
        let tag = self.tags.heading(anchor.level);
        let title = Text::from(anchor.title.as_str());
        let strips = self.tagged(&title, look, (indent, before), tag);
        for strip in strips.iter_mut() {
            strip.keep = true;
        }
        if let Some(strip) = self.strips.get_mut(first) {
            if numbered {
                // Before the title, so that text that is taken out of the file reads in order.
                strip.items.insert(1, Item::Words { at: [0.0, look.base_line()], line: number });
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
        let outside = self.tags.enter(Role::Sect);
        self.headed(anchor, strong(22.0, 29.0), 34.0, section.new_page);
        for (at, block) in section.blocks.iter().enumerate() {
            let first = self.strips.len();
            self.block(block);
            if section.changed.contains(&at) {
                for strip in &mut self.strips[first..] {
                    let bar = marks::rule([-9.0, 0.0], [-9.0, strip.height], palette::ACCENT, 2.2);
                    // First: what stands before any word of what it is, is an artifact.
                    strip.items.insert(0, bar);
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
        self.tags.go(outside);
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
            Block::Facts(facts) => self.facts(facts, 5.0),
            Block::KeyValue(pairs) => self.key_value(pairs),
            Block::Table(data) => table(self, data),
            Block::Checklist(list) if list.title.is_empty() => boxes::tasks(self, list),
            Block::Checklist(list) => boxes::pause(self, list),
            Block::Steps(list) => steps(self, list),
            Block::Figure(data) => figure::figure(self, data),
            Block::Note(note) => boxes::note(self, note),
            Block::Code(lines) => boxes::code(self, lines),
            Block::SignOff(roles) => boxes::sign_off(self, roles),
        }
    }

    fn list(&mut self, items: &[Text]) {
        let outside = self.tags.enter(Role::L);
        let list = self.tags.here();
        for text in items {
            let item = self.tags.add(Role::Li, list);
            let (label, body) = (self.tags.add(Role::Lbl, item), self.tags.add(Role::LBody, item));
            let bullet = line(self.fonts, &Text::from("•"), &BODY.in_color(palette::ACCENT));
            let strips = self.tagged(text, BODY, (12.0, 4.0), body);
            if let Some(strip) = strips.first_mut() {
                let bullet = Item::Words { at: [1.0, BODY.base_line()], line: bullet };
                strip.items.splice(0..0, [Item::Tag(label), bullet]);
            }
        }
        self.tags.go(outside);
    }

    /// Verdicts, each a row of a table with the mark before its head.
    pub(super) fn facts(&mut self, facts: &[Fact], before: f32) {
        let table = self.tags.leaf(Role::Table);
        for fact in facts {
            self.fact(fact, before, table);
        }
    }

    fn fact(&mut self, fact: &Fact, before: f32, table: TagId) {
        let [head, cell] = self.headed_row(table);
        let label_look = strong(10.0, 13.5);
        let value_look = Look { size: 10.0, leading: 13.5, ..BODY };
        let label = self.lines(&Text::from(fact.label.as_str()), label_look, 112.0);
        let value = self.lines(&fact.value, value_look, self.width - 162.0);
        let cells = [
            GridCell { tag: head, x: 32.0, right: None, lines: label },
            GridCell { tag: cell, x: 150.0, right: None, lines: value },
        ];
        let padding = Padding { top: 6.5, bottom: 6.5, least: 26.0 };
        for (at, mut strip) in row(&cells, padding, self.body).into_iter().enumerate() {
            let size = [self.width, strip.height];
            let mut items = vec![marks::panel([0.0, 0.0], size, 3.0, palette::GROUND, None)];
            if at == 0 {
                let mark = self.tags.spoken(Role::Figure, head, marks::spoken(fact.mark));
                items.push(Item::Tag(mark));
                items.extend(marks::mark(fact.mark, [15.0, 13.0], 6.4));
                items.push(Item::Tag(ARTIFACT));
                strip.before = before;
            }
            items.append(&mut strip.items);
            self.strips.push(Strip { items, ..strip });
        }
    }

    /// A row of a table whose first cell is the head of it.
    fn headed_row(&mut self, table: TagId) -> [TagId; 2] {
        let row = self.tags.add(Role::Tr, table);
        [self.tags.add(Role::ThRow, row), self.tags.add(Role::Td, row)]
    }

    /// Labels and values.
    pub(super) fn key_value(&mut self, pairs: &[(String, Text)]) {
        let table = self.tags.leaf(Role::Table);
        for (label, value) in pairs {
            let [head, cell] = self.headed_row(table);
            let label = Text::from(label.as_str());
            let label = self.lines(&label, BODY.in_color(palette::WEAK), 138.0);
            let value = self.lines(value, BODY, self.width - 150.0);
            let cells = [
                GridCell { tag: head, x: 0.0, right: None, lines: label },
                GridCell { tag: cell, x: 150.0, right: None, lines: value },
            ];
            self.ruled(&cells, Padding { top: 4.0, bottom: 4.5, least: 0.0 }, None);
        }
    }

    /// The strips from `first` on stand on a page that is wider than high, and with them what
    /// introduces them.
    pub(super) fn turn(&mut self, first: usize) {
        let introduces = |strip: &&mut Strip| strip.keep;
        self.strips[first..].iter_mut().for_each(|strip| strip.landscape = true);
        for strip in self.strips[..first].iter_mut().rev().take_while(introduces) {
            strip.landscape = true;
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
}
