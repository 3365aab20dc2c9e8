//! The display list: semantic items in world units, each with what it shows at which distance.
//!
//! A scene knows nothing of windows. Selection, ports, guides and ghosts are overlays of the canvas,
//! not of the scene.

use super::{
    geometry::{Area, Point},
    ink::Ink,
    layout::Places,
    text::Face,
};
use crate::model::{Subject, id::GroupId};

/// Which aspect of the system is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lens {
    /// Sites, lines, addresses.
    Physical,
    /// Routing groups and connectors.
    #[default]
    Mail,
    /// Who is asked for names.
    Dns,
    /// What is wrong.
    Findings,
    /// What this phase changes.
    Difference,
}

/// What an item shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A site's box.
    Site,
    /// A segment's area, where a site has several.
    Segment,
    /// A WAN link, a pipe.
    Link,
    /// An Internet line, a pipe.
    Line,
    /// The Internet.
    Internet,
    /// A routing group's hull.
    Group,
    /// A firewall on its site's edge.
    Firewall,
    /// A server's card.
    Server,
    /// A resolver's card.
    Resolver,
    /// A connector.
    Connector,
    /// A count of mailboxes.
    Mailboxes,
    /// A note.
    Note,
    /// A sign at what has findings.
    Finding,
}

/// What a phase makes of an object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// It is as before.
    #[default]
    Same,
    /// It is new in this phase.
    Added,
    /// It goes in this phase.
    Removed,
    /// A field of it, or of its parts, becomes different in this phase.
    Changed,
}

impl Mark {
    /// The word.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Same => None,
            Self::Added => Some("added in this phase"),
            Self::Removed => Some("removed in this phase"),
            Self::Changed => Some("changed in this phase"),
        }
    }
}

/// From how far a shape is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The whole sheet of a large plan: boxes, signs, large names.
    Far,
    /// Names can be read.
    Middle,
    /// Everything.
    Near,
}

impl Level {
    /// The level at a zoom (1 is 100 %).
    pub fn of_zoom(zoom: f32) -> Self {
        if zoom < 0.34 {
            Self::Far
        } else if zoom < 0.56 {
            Self::Middle
        } else {
            Self::Near
        }
    }
}

/// A set of levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// At every level.
    Always,
    /// At this level and nearer.
    From(Level),
    /// At this level and farther.
    Until(Level),
    /// At this level alone.
    Only(Level),
}

impl Seen {
    /// Whether it is seen at that level.
    pub fn at(self, level: Level) -> bool {
        match self {
            Self::Always => true,
            Self::From(from) => level >= from,
            Self::Until(until) => level <= until,
            Self::Only(only) => level == only,
        }
    }
}

/// A line's look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    /// The colour.
    pub ink: Ink,
    /// The width in world units.
    pub width: f32,
    /// Lengths of dash and gap in world units; none: unbroken.
    pub dash: Option<(f32, f32)>,
}

/// A stroke without dashes.
pub const fn line(ink: Ink, width: f32) -> Stroke {
    Stroke { ink, width, dash: None }
}

/// A stroke with dashes.
pub const fn dashed(ink: Ink, width: f32, on: f32, off: f32) -> Stroke {
    Stroke { ink, width, dash: Some((on, off)) }
}

/// What a shape is filled with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fill {
    /// The colour.
    pub ink: Ink,
    /// How much it covers, 0 to 1.
    pub cover: f32,
}

/// A fill that covers.
pub const fn solid(ink: Ink) -> Option<Fill> {
    Some(Fill { ink, cover: 1.0 })
}

/// Where a text stands, seen from its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// It begins there.
    Start,
    /// Its middle is there.
    Middle,
    /// It ends there.
    End,
}

/// Words in one line.
#[derive(Clone, Debug, PartialEq)]
pub struct Words {
    /// The point on the baseline.
    pub at: Point,
    /// Where the text stands, seen from there.
    pub align: Align,
    /// What is written; already cut to what fits.
    pub text: String,
    /// The face.
    pub face: Face,
    /// The font size in world units.
    pub size: f32,
    /// The colour.
    pub ink: Ink,
}

impl Words {
    /// The box around the letters.
    pub fn bounds(&self) -> Area {
        let width = super::text::width(&self.text, self.face, self.size);
        let left = match self.align {
            Align::Start => 0.0,
            Align::Middle => width / 2.0,
            Align::End => width,
        };
        super::geometry::area(
            self.at.x - left,
            self.at.y - self.size * 0.8,
            width,
            self.size * 1.05,
        )
    }
}

/// A shape.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A box with rounded corners.
    Box {
        /// Where.
        area: Area,
        /// The corners' radius.
        radius: f32,
        /// The ground.
        fill: Option<Fill>,
        /// The edge.
        stroke: Option<Stroke>,
    },
    /// A disc.
    Disc {
        /// The middle.
        centre: Point,
        /// The radius.
        radius: f32,
        /// The ground.
        fill: Option<Fill>,
        /// The edge.
        stroke: Option<Stroke>,
    },
    /// A polyline or polygon; only convex ones are filled.
    Line {
        /// The points.
        points: Vec<Point>,
        /// Whether the last point is joined to the first.
        closed: bool,
        /// The ground.
        fill: Option<Fill>,
        /// The line.
        stroke: Option<Stroke>,
    },
    /// Words.
    Words(Words),
}

/// An open polyline.
pub fn polyline(points: Vec<Point>, stroke: Stroke) -> Shape {
    Shape::Line { points, closed: false, fill: None, stroke: Some(stroke) }
}

/// A shape with the levels at which it is seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// When it is seen.
    pub seen: Seen,
    /// What.
    pub shape: Shape,
}

/// One thing on the drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What it shows.
    pub kind: Kind,
    /// The object; none for the Internet.
    pub subject: Option<Subject>,
    /// The box around it.
    pub bounds: Area,
    /// Where its name is written, or would be; renaming happens there.
    pub label: Area,
    /// The whole name, also where the drawing has room for less.
    pub name: String,
    /// What is said of it.
    pub spoken: String,
    /// What this phase makes of it.
    pub mark: Mark,
    /// Whether it stands back behind what the lens is about.
    pub quiet: bool,
    /// How pipes and connectors run, from their first end to their second; more than one where a
    /// connector has several targets.
    pub routes: Vec<Vec<Point>>,
    /// The boxes that a hull is made of.
    pub parts: Vec<Area>,
    /// What is drawn.
    pub shapes: Vec<Drawn>,
}

impl Item {
    /// An item that shows nothing yet.
    pub fn new(kind: Kind, subject: Option<Subject>, name: &str, bounds: Area) -> Self {
        Self {
            kind,
            subject,
            bounds,
            label: bounds,
            name: name.to_owned(),
            spoken: name.to_owned(),
            mark: Mark::Same,
            quiet: false,
            routes: Vec::new(),
            parts: Vec::new(),
            shapes: Vec::new(),
        }
    }

    /// Adds a shape that is always seen.
    pub fn draw(&mut self, shape: Shape) {
        self.shapes.push(Drawn { seen: Seen::Always, shape });
    }

    /// Adds a shape that is seen at some levels.
    pub fn draw_at(&mut self, seen: Seen, shape: Shape) {
        self.shapes.push(Drawn { seen, shape });
    }
}

/// A drawing of one phase, its items in the order in which they are painted.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    /// The items.
    pub items: Vec<Item>,
    /// The box around all of them.
    pub bounds: Area,
    /// The colours of the routing groups.
    pub group_inks: Vec<(GroupId, Ink)>,
    /// Where everything stands.
    pub places: Places,
}

impl Scene {
    /// The item that shows an object, which is never its sign.
    pub fn item(&self, subject: &Subject) -> Option<&Item> {
        let shows =
            |item: &&Item| item.kind != Kind::Finding && item.subject.as_ref() == Some(subject);
        self.items.iter().find(shows)
    }

    /// The Internet.
    pub fn internet(&self) -> Option<&Item> {
        self.items.iter().find(|item| item.kind == Kind::Internet)
    }
}
