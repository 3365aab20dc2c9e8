//! Drawings as display lists: paths and words in points.

/// A display list in points, its origin at the upper left.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
    /// What is drawn, from the back to the front.
    pub items: Vec<Drawn>,
}

/// A colour: red, green, blue.
pub type Rgb = [u8; 3];

/// An item of a drawing.
#[derive(Clone, Debug, PartialEq)]
pub enum Drawn {
    /// A path.
    Path {
        /// The contours.
        contours: Vec<Contour>,
        /// What it is filled with.
        fill: Option<Rgb>,
        /// What its edge is drawn with.
        stroke: Option<Stroke>,
        /// What it stands for, e.g. `link`, so that drawn things can be counted.
        tag: Option<&'static str>,
    },
    /// A line of text.
    Words {
        /// Where it stands: the left end, middle or right end of its base line.
        at: [f32; 2],
        /// The words.
        text: String,
        /// Size in points.
        size: f32,
        /// Semibold.
        strong: bool,
        /// The typewriter face.
        mono: bool,
        /// Which end `at` is.
        anchor: Anchor,
        /// Colour.
        color: Rgb,
    },
}

/// Where a text hangs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Anchor {
    /// Its left end.
    #[default]
    Start,
    /// Its middle.
    Middle,
    /// Its right end.
    End,
}

/// A contour.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contour {
    /// Where it begins.
    pub start: [f32; 2],
    /// How it goes on.
    pub segments: Vec<Segment>,
    /// Whether it leads back to its beginning.
    pub closed: bool,
}

/// A piece of a contour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Segment {
    /// A straight line to there.
    Line([f32; 2]),
    /// A cubic Bézier curve by two handles to there.
    Curve([f32; 2], [f32; 2], [f32; 2]),
}

/// How an edge is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Stroke {
    /// Colour.
    pub color: Rgb,
    /// Width in points.
    pub width: f32,
    /// Lengths of dash and gap in points; empty: solid.
    pub dash: Vec<f32>,
    /// Whether ends and corners are round.
    pub round: bool,
}

impl Contour {
    /// Moves every point.
    pub fn map(&mut self, to: impl Fn([f32; 2]) -> [f32; 2]) {
        self.start = to(self.start);
        for segment in &mut self.segments {
            *segment = match *segment {
                Segment::Line(end) => Segment::Line(to(end)),
                Segment::Curve(a, b, end) => Segment::Curve(to(a), to(b), to(end)),
            };
        }
    }
}
