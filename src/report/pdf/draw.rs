//! Paints pages as content streams (ISO 32000-1, 8 and 9), and notes what each marked piece belongs to.
//! Items measure from the upper left, PDF from the lower left.

use super::{
    book::Sheet,
    fonts::Fonts,
    form::Field,
    stream::Stream,
    strip::{Item, Shape},
    tags::{ARTIFACT, Role, TagId, Tags},
    text::{Line, Run},
};
use crate::report::document::Segment;
use std::{collections::BTreeMap, sync::Arc};

/// A page as it goes into the file.
#[derive(Debug, Default)]
pub(super) struct PaintedPage {
    /// The operators.
    pub(super) content: Vec<u8>,
    /// To which node each marked piece belongs, by its number.
    pub(super) owners: Vec<TagId>,
    /// What leads elsewhere: where, to which anchor, the node.
    pub(super) links: Vec<([f32; 4], usize, TagId)>,
    /// What is filled in: where, the field, the node.
    pub(super) fields: Vec<([f32; 4], Arc<Field>, TagId)>,
    /// The bounds of the figures on it: left, low, right, high.
    pub(super) bounds: BTreeMap<TagId, [f32; 4]>,
}

/// Paints a page.
pub(super) fn page(fonts: &Fonts, tags: &Tags, sheet: &Sheet) -> PaintedPage {
    let mut painter = Painter {
        fonts,
        tags,
        height: sheet.size[1],
        out: Stream::default(),
        tag: ARTIFACT,
        open: None,
        page: PaintedPage::default(),
    };
    for (origin, items) in &sheet.layers {
        painter.tag = ARTIFACT;
        for item in items {
            painter.item(item, *origin);
        }
    }
    painter.mark(None);
    painter.page.content = painter.out.bytes;
    painter.page
}

/// What is seen in a field, as operators in a space of its own whose lower left corner is that of the
/// field.
pub(super) fn appearance(fonts: &Fonts, tags: &Tags, items: &[Item], height: f32) -> Vec<u8> {
    let mut painter = Painter {
        fonts,
        tags,
        height,
        out: Stream::default(),
        tag: ARTIFACT,
        // Appearances are no content of the page: nothing in them is marked.
        open: Some(ARTIFACT),
        page: PaintedPage::default(),
    };
    for item in items {
        painter.item(item, [0.0, 0.0]);
    }
    painter.out.bytes
}

/// A page under the brush.
struct Painter<'f> {
    fonts: &'f Fonts,
    tags: &'f Tags,
    /// The height of the page in points.
    height: f32,
    out: Stream,
    /// What the next items belong to.
    tag: TagId,
    /// What the open marked piece belongs to.
    open: Option<TagId>,
    page: PaintedPage,
}

impl Painter<'_> {
    /// Paints an item whose origin is at `origin`.
    fn item(&mut self, item: &Item, [dx, dy]: [f32; 2]) {
        match item {
            Item::Tag(tag) => self.tag = *tag,
            Item::Words { at: [x, y], line } => {
                self.mark(Some(self.tag));
                self.line(line, [x + dx, y + dy]);
            }
            Item::Shape(shape) => {
                self.mark(Some(self.tag));
                self.shape(shape, [dx, dy]);
            }
            Item::Logo { rect } => {
                self.mark(Some(self.tag));
                let [x, y, width, height] = self.upright(*rect, [dx, dy]);
                self.bound([x, y]);
                self.bound([x + width, y + height]);
                self.out.image([x, y, width, height]);
            }
            Item::Link { rect, anchor } => {
                let rect = self.upright(*rect, [dx, dy]);
                self.page.links.push((rect, *anchor, self.tag));
            }
            Item::Field { rect, field } => {
                let rect = self.upright(*rect, [dx, dy]);
                self.page.fields.push((rect, Arc::clone(field), self.tag));
            }
            // Numbers of pages are made words before they are painted.
            Item::PageOf { .. } => {}
        }
    }

    /// A rectangle by its lower left corner, width and height.
    fn upright(&self, [x, y, width, height]: [f32; 4], [dx, dy]: [f32; 2]) -> [f32; 4] {
        [x + dx, self.height - (y + dy) - height, width, height]
    }

    /// Ends the open piece unless it belongs to the same node, and opens one.
    fn mark(&mut self, tag: Option<TagId>) {
        if self.open == tag {
            return;
        }
        if self.open.is_some() {
            self.out.line("EMC");
        }
        self.open = tag;
        match tag {
            None => {}
            Some(ARTIFACT) => self.out.line("/Artifact BMC"),
            Some(tag) => {
                let number = self.page.owners.len();
                let role = self.tags.node(tag).role.name();
                self.out.line(&format!("/{role} <</MCID {number}>> BDC"));
                self.page.owners.push(tag);
            }
        }
    }

    /// Takes a point into the bounds of the figure that is painted.
    fn bound(&mut self, [x, y]: [f32; 2]) {
        if self.tag == ARTIFACT || self.tags.node(self.tag).role != Role::Figure {
            return;
        }
        let bounds = self.page.bounds.entry(self.tag).or_insert([x, y, x, y]);
        *bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x), bounds[3].max(y)];
    }

    /// Paints a line of text, its base line beginning there.
    fn line(&mut self, line: &Line, [x, y]: [f32; 2]) {
        for run in &line.runs {
            self.run(run, [x + run.x, self.height - y]);
        }
    }

    fn run(&mut self, run: &Run, at: [f32; 2]) {
        self.bound(at);
        self.bound([at[0], at[1] + run.size]);
        self.out.fill(run.color);
        self.out.line("BT");
        self.out.font(self.fonts.key(run.face), run.size);
        self.out.position(at);
        self.out.glyphs(&run.glyphs);
        self.out.line("ET");
    }

    fn shape(&mut self, shape: &Shape, [dx, dy]: [f32; 2]) {
        if let Some(tag) = shape.tag {
            self.out.line(&format!("/{tag} BMC"));
        }
        let special = shape.stroke.as_ref().filter(|s| s.round || !s.dash.is_empty());
        if special.is_some() {
            self.out.save();
        }
        if let Some(fill) = shape.fill {
            self.out.fill(fill);
        }
        if let Some(stroke) = &shape.stroke {
            self.out.stroke(stroke);
        }
        let height = self.height;
        let point = |[x, y]: [f32; 2]| [x + dx, height - y - dy];
        for contour in &shape.contours {
            let start = point(contour.start);
            self.bound(start);
            self.out.points("m", &[start]);
            for segment in &contour.segments {
                match *segment {
                    Segment::Line(to) => {
                        self.bound(point(to));
                        self.out.points("l", &[point(to)]);
                    }
                    Segment::Curve(a, b, to) => {
                        self.bound(point(to));
                        self.out.points("c", &[point(a), point(b), point(to)]);
                    }
                }
            }
            if contour.closed {
                self.out.line("h");
            }
        }
        self.out.line(match (shape.fill.is_some(), shape.stroke.is_some()) {
            (true, true) => "B",
            (true, false) => "f",
            (false, true) => "S",
            (false, false) => "n",
        });
        if special.is_some() {
            self.out.restore();
        }
        if shape.tag.is_some() {
            self.out.line("EMC");
        }
    }
}
