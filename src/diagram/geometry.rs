//! Points and boxes in world units (one is a point at 100 %), y downward.

/// A point.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Down.
    pub y: f32,
}

/// A point from its coordinates.
pub const fn pt(x: f32, y: f32) -> Point {
    Point { x, y }
}

impl Point {
    /// The point moved.
    #[must_use]
    pub fn moved(self, x: f32, y: f32) -> Self {
        pt(self.x + x, self.y + y)
    }

    /// The distance to another point.
    pub fn distance(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The point on the way to another, `t` from 0 to 1.
    #[must_use]
    pub fn towards(self, other: Self, t: f32) -> Self {
        pt(self.x + (other.x - self.x) * t, self.y + (other.y - self.y) * t)
    }
}

/// A box with its sides along the axes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Area {
    /// The upper left corner.
    pub min: Point,
    /// The lower right corner.
    pub max: Point,
}

/// A box from its upper left corner and its size.
pub const fn area(x: f32, y: f32, width: f32, height: f32) -> Area {
    Area { min: pt(x, y), max: pt(x + width, y + height) }
}

impl Area {
    /// The width.
    pub fn width(self) -> f32 {
        self.max.x - self.min.x
    }

    /// The height.
    pub fn height(self) -> f32 {
        self.max.y - self.min.y
    }

    /// The middle.
    pub fn centre(self) -> Point {
        self.min.towards(self.max, 0.5)
    }

    /// The box with each side moved outward.
    #[must_use]
    pub fn grown(self, by: f32) -> Self {
        Self { min: self.min.moved(-by, -by), max: self.max.moved(by, by) }
    }

    /// The box moved.
    #[must_use]
    pub fn moved(self, x: f32, y: f32) -> Self {
        Self { min: self.min.moved(x, y), max: self.max.moved(x, y) }
    }

    /// The smallest box around both.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            min: pt(self.min.x.min(other.min.x), self.min.y.min(other.min.y)),
            max: pt(self.max.x.max(other.max.x), self.max.y.max(other.max.y)),
        }
    }

    /// How far a point is from the box; 0 within.
    pub fn off(self, p: Point) -> f32 {
        let past = |v: f32, low: f32, high: f32| (low - v).max(v - high).max(0.0);
        past(p.x, self.min.x, self.max.x).hypot(past(p.y, self.min.y, self.max.y))
    }

    /// Whether the point is inside or on a side.
    pub fn contains(self, p: Point) -> bool {
        p.x >= self.min.x && p.x <= self.max.x && p.y >= self.min.y && p.y <= self.max.y
    }

    /// Whether the other box is wholly inside.
    pub fn holds(self, other: Self) -> bool {
        self.contains(other.min) && self.contains(other.max)
    }

    /// Whether both have an area in common; boxes that only touch do not.
    pub fn overlaps(self, other: Self) -> bool {
        self.min.x < other.max.x
            && other.min.x < self.max.x
            && self.min.y < other.max.y
            && other.min.y < self.max.y
    }

    /// The corners, clockwise from the upper left one.
    pub fn corners(self) -> [Point; 4] {
        [self.min, pt(self.max.x, self.min.y), self.max, pt(self.min.x, self.max.y)]
    }

    /// Whether a segment has a point in the inside.
    pub fn is_crossed(self, a: Point, b: Point) -> bool {
        let (mut from, mut to) = (0.0_f32, 1.0_f32);
        let axes = [(a.x, b.x, self.min.x, self.max.x), (a.y, b.y, self.min.y, self.max.y)];
        for (start, end, low, high) in axes {
            let step = end - start;
            if step.abs() < f32::EPSILON {
                if start <= low || start >= high {
                    return false;
                }
                continue;
            }
            let (near, far) = ((low - start) / step, (high - start) / step);
            from = from.max(near.min(far));
            to = to.min(near.max(far));
        }
        from < to
    }
}

/// The smallest box around points; none for none.
pub fn around(points: &[Point]) -> Option<Area> {
    let first = *points.first()?;
    Some(
        points
            .iter()
            .fold(Area { min: first, max: first }, |a, p| a.with(Area { min: *p, max: *p })),
    )
}

/// The length of a polyline.
pub fn length(line: &[Point]) -> f32 {
    line.windows(2).map(|pair| pair[0].distance(pair[1])).sum()
}

/// The point at that distance from the start of a polyline, and the direction there (a unit vector).
pub fn along(line: &[Point], distance: f32) -> Option<(Point, Point)> {
    let mut left = distance.max(0.0);
    let mut last = None;
    for pair in line.windows(2) {
        let step = pair[0].distance(pair[1]);
        if step <= f32::EPSILON {
            continue;
        }
        let way = pt((pair[1].x - pair[0].x) / step, (pair[1].y - pair[0].y) / step);
        if left <= step {
            return Some((pair[0].towards(pair[1], left / step), way));
        }
        left -= step;
        last = Some((pair[1], way));
    }
    last
}

/// The distance from a point to a polyline, and how far along its nearest point is.
pub fn nearest(line: &[Point], p: Point) -> (f32, f32) {
    let mut best = (f32::INFINITY, 0.0);
    let mut gone = 0.0;
    for pair in line.windows(2) {
        let step = pair[0].distance(pair[1]);
        let t = if step <= f32::EPSILON {
            0.0
        } else {
            let dot = (p.x - pair[0].x) * (pair[1].x - pair[0].x)
                + (p.y - pair[0].y) * (pair[1].y - pair[0].y);
            (dot / (step * step)).clamp(0.0, 1.0)
        };
        let away = pair[0].towards(pair[1], t).distance(p);
        if away < best.0 {
            best = (away, gone + t * step);
        }
        gone += step;
    }
    best
}

/// A polyline with its corners rounded by arcs of up to `radius`.
pub fn rounded(line: &[Point], radius: f32) -> Vec<Point> {
    if line.len() < 3 {
        return line.to_vec();
    }
    let mut out = vec![line[0]];
    for corner in line.windows(3) {
        push_corner(&mut out, [corner[0], corner[1], corner[2]], radius);
    }
    out.push(line[line.len() - 1]);
    out
}

/// A closed polygon with its corners rounded.
pub fn rounded_loop(corners: &[Point], radius: f32) -> Vec<Point> {
    let n = corners.len();
    let mut out = Vec::new();
    for i in 0..n {
        let corner = [corners[(i + n - 1) % n], corners[i], corners[(i + 1) % n]];
        push_corner(&mut out, corner, radius);
    }
    out
}

fn push_corner(out: &mut Vec<Point>, [before, at, after]: [Point; 3], radius: f32) {
    const STEPS: u8 = 6;
    let (a, b) = (before.distance(at), at.distance(after));
    let cut = radius.min(a / 2.0).min(b / 2.0);
    if cut < 0.5 {
        out.push(at);
        return;
    }
    let (start, end) = (at.towards(before, cut / a), at.towards(after, cut / b));
    for i in 0..=STEPS {
        let t = f32::from(i) / f32::from(STEPS);
        out.push(start.towards(at, t).towards(at.towards(end, t), t));
    }
}

/// A cubic curve as a polyline, without its first point.
pub fn cubic(from: Point, c1: Point, c2: Point, to: Point) -> Vec<Point> {
    const STEPS: u8 = 20;
    (1..=STEPS)
        .map(|i| {
            let t = f32::from(i) / f32::from(STEPS);
            let (a, b, c) = (from.towards(c1, t), c1.towards(c2, t), c2.towards(to, t));
            a.towards(b, t).towards(b.towards(c, t), t)
        })
        .collect()
}
