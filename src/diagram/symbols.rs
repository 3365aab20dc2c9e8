//! The program's own signs, as lines, so that screen, SVG and PDF show the same.

use super::{
    geometry::{Area, Point, area, pt},
    ink::Ink,
    scene::{Shape, line, polyline, solid},
};

/// A sign for a verdict, or for what a phase does to a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// An error.
    Octagon,
    /// A warning.
    Triangle,
    /// Worth knowing.
    Circle,
    /// Fine.
    Tick,
    /// Cannot tell.
    Question,
    /// Waived, not applicable.
    Dash,
    /// Added.
    Plus,
    /// Removed.
    Minus,
    /// Changed.
    Delta,
    /// Stopped.
    Cross,
}

impl Sign {
    /// The colour that goes with it.
    pub fn ink(self) -> Ink {
        match self {
            Self::Octagon | Self::Minus | Self::Cross => Ink::Error,
            Self::Triangle => Ink::Warning,
            Self::Circle => Ink::Info,
            Self::Tick | Self::Plus => Ink::Good,
            Self::Question | Self::Dash => Ink::Weak,
            Self::Delta => Ink::Accent,
        }
    }
}

fn ring(centre: Point, radius: f32, corners: u8, turn: f32) -> Vec<Point> {
    let step = std::f32::consts::TAU / f32::from(corners);
    (0..corners)
        .map(|i| {
            let angle = turn + step * f32::from(i);
            centre.moved(radius * angle.cos(), radius * angle.sin())
        })
        .collect()
}

fn filled(points: Vec<Point>, ink: Ink) -> Shape {
    Shape::Line { points, closed: true, fill: solid(ink), stroke: None }
}

fn disc(centre: Point, radius: f32, ink: Ink) -> Shape {
    Shape::Disc { centre, radius, fill: solid(ink), stroke: None }
}

fn stroke(points: &[(f32, f32)], at: Point, scale: f32, ink: Ink, width: f32) -> Shape {
    let points = points.iter().map(|(x, y)| at.moved(x * scale, y * scale)).collect();
    polyline(points, line(ink, width * scale))
}

/// A sign around a middle. `bare` leaves out the `!`, for a count in its place.
pub fn sign(sign: Sign, at: Point, radius: f32, bare: bool) -> Vec<Shape> {
    let (r, ink, on) = (radius, sign.ink(), Ink::OnSign);
    let mark = |points: &[(f32, f32)]| stroke(points, at, r, on, 0.2);
    let mut shapes = match sign {
        Sign::Octagon => vec![filled(ring(at, r, 8, std::f32::consts::FRAC_PI_8), ink)],
        Sign::Triangle => vec![filled(
            vec![at.moved(0.0, -r), at.moved(r, r * 0.85), at.moved(-r, r * 0.85)],
            ink,
        )],
        Sign::Tick => {
            return vec![stroke(&[(-0.6, 0.0), (-0.15, 0.5), (0.7, -0.55)], at, r, ink, 0.26)];
        }
        _ => vec![disc(at, r, ink)],
    };
    if bare {
        return shapes;
    }
    match sign {
        Sign::Octagon => {
            shapes.push(mark(&[(0.0, -0.55), (0.0, 0.12)]));
            shapes.push(disc(at.moved(0.0, r * 0.48), r * 0.14, on));
        }
        Sign::Triangle => {
            shapes.push(mark(&[(0.0, -0.4), (0.0, 0.26)]));
            shapes.push(disc(at.moved(0.0, r * 0.58), r * 0.12, on));
        }
        Sign::Circle => {
            shapes.push(disc(at.moved(0.0, -r * 0.46), r * 0.13, on));
            shapes.push(mark(&[(0.0, -0.12), (0.0, 0.54)]));
        }
        Sign::Question => {
            let bow = [(-0.3, -0.28), (-0.22, -0.5), (0.0, -0.58), (0.24, -0.5), (0.32, -0.26)];
            let bow = [&bow[..], &[(0.2, -0.06), (0.0, 0.1), (0.0, 0.24)]].concat();
            shapes.push(mark(&bow));
            shapes.push(disc(at.moved(0.0, r * 0.54), r * 0.13, on));
        }
        Sign::Dash | Sign::Minus => shapes.push(mark(&[(-0.45, 0.0), (0.45, 0.0)])),
        Sign::Plus => {
            shapes.push(mark(&[(-0.5, 0.0), (0.5, 0.0)]));
            shapes.push(mark(&[(0.0, -0.5), (0.0, 0.5)]));
        }
        Sign::Delta => {
            let way = [(0.0, -0.5), (0.5, 0.38), (-0.5, 0.38), (0.0, -0.5)];
            shapes.push(stroke(&way, at, r, on, 0.16));
        }
        Sign::Cross => {
            shapes.push(mark(&[(-0.4, -0.4), (0.4, 0.4)]));
            shapes.push(mark(&[(-0.4, 0.4), (0.4, -0.4)]));
        }
        Sign::Tick => {}
    }
    shapes
}

/// A server: a case with drives and a lamp. The middle of it, 18 × 28.
pub fn server(at: Point, lamp: Ink) -> Vec<Shape> {
    let drive = |y: f32| polyline(vec![at.moved(-5.0, y), at.moved(5.0, y)], line(Ink::Text, 1.3));
    vec![
        Shape::Box {
            area: area(at.x - 9.0, at.y - 14.0, 18.0, 28.0),
            radius: 2.5,
            fill: None,
            stroke: Some(line(Ink::Text, 1.5)),
        },
        drive(-8.0),
        drive(-3.0),
        disc(at.moved(4.0, 8.0), 1.7, lamp),
    ]
}

/// A resolver: a magnifier on a list of names. The middle of it, 20 × 20.
pub fn resolver(at: Point) -> Vec<Shape> {
    let row =
        |y: f32, x: f32| polyline(vec![at.moved(-9.0, y), at.moved(x, y)], line(Ink::Text, 1.4));
    vec![
        row(-7.0, 7.0),
        row(-1.5, -2.0),
        row(4.0, -3.0),
        Shape::Disc {
            centre: at.moved(4.5, 2.0),
            radius: 4.2,
            fill: None,
            stroke: Some(line(Ink::Text, 1.5)),
        },
        polyline(vec![at.moved(7.6, 5.2), at.moved(11.0, 8.8)], line(Ink::Text, 1.7)),
    ]
}

/// A firewall: a piece of brick wall. The middle of it, 26 × 20.
pub fn firewall(at: Point) -> Vec<Shape> {
    let joint = |x1: f32, y1: f32, x2: f32, y2: f32| {
        polyline(vec![at.moved(x1, y1), at.moved(x2, y2)], line(Ink::Weak, 1.2))
    };
    vec![
        Shape::Box {
            area: area(at.x - 13.0, at.y - 10.0, 26.0, 20.0),
            radius: 3.0,
            fill: solid(Ink::Node),
            stroke: Some(line(Ink::Weak, 1.4)),
        },
        joint(-13.0, -3.0, 13.0, -3.0),
        joint(-13.0, 4.0, 13.0, 4.0),
        joint(-4.0, -10.0, -4.0, -3.0),
        joint(5.0, -3.0, 5.0, 4.0),
        joint(-4.0, 4.0, -4.0, 10.0),
    ]
}

/// A line's end without a firewall: a socket. The middle of it.
pub fn socket(at: Point) -> Vec<Shape> {
    vec![Shape::Disc {
        centre: at,
        radius: 7.0,
        fill: solid(Ink::Node),
        stroke: Some(line(Ink::Weak, 1.6)),
    }]
}

/// A cloud that fills a box.
pub fn cloud(within: Area) -> Vec<Shape> {
    let (w, h) = (within.width(), within.height());
    let at = |x: f32, y: f32| pt(within.min.x + x * w, within.min.y + y * h);
    let puffs = [
        (at(0.14, 0.66), 0.34 * h),
        (at(0.34, 0.42), 0.42 * h),
        (at(0.62, 0.36), 0.36 * h),
        (at(0.85, 0.64), 0.36 * h),
    ];
    let base = Area { min: at(0.12, 0.5), max: at(0.86, 1.0) };
    let mut shapes = Vec::new();
    for (ink, by) in [(Ink::SiteLine, 0.7), (Ink::Net, -0.7)] {
        let ground =
            Shape::Box { area: base.grown(by), radius: 12.0, fill: solid(ink), stroke: None };
        shapes.push(ground);
        shapes.extend(puffs.iter().map(|(centre, r)| disc(*centre, r + by, ink)));
    }
    shapes
}

/// The head of an arrow that comes along `way` (a unit vector) and ends in `tip`.
pub fn arrow_head(tip: Point, way: Point, size: f32) -> Vec<Point> {
    let back = tip.moved(-way.x * size, -way.y * size);
    let (x, y) = (-way.y * size * 0.6, way.x * size * 0.6);
    vec![back.moved(x, y), tip, back.moved(-x, -y)]
}

/// A person: a head and shoulders, 8 × 9, for a count of mailboxes.
pub fn person(at: Point, ink: Ink) -> Vec<Shape> {
    let shoulders = ring(at.moved(0.0, 5.0), 4.0, 16, 0.0);
    let upper: Vec<Point> = shoulders.into_iter().filter(|p| p.y <= at.y + 5.01).collect();
    vec![disc(at.moved(0.0, -1.6), 2.1, ink), filled(upper, ink)]
}
