//! Finds room for labels: the first of several places that covers nothing, else the one that covers
//! least.

use super::geometry::{Area, Point, along, area, length};
use std::collections::HashMap;

/// Boxes by the cells of a grid that they touch, each with a number.
#[derive(Default)]
pub(super) struct Boxes {
    all: Vec<(Area, usize)>,
    cells: HashMap<(i32, i32), Vec<usize>>,
}

impl Boxes {
    /// Adds a box.
    pub(super) fn add(&mut self, place: Area, number: usize) {
        let at = self.all.len();
        self.all.push((place, number));
        for cell in cells(place) {
            self.cells.entry(cell).or_default().push(at);
        }
    }

    /// The boxes that share a cell with a place, each once.
    fn near(&self, place: Area) -> Vec<(Area, usize)> {
        let mut found: Vec<usize> =
            cells(place).filter_map(|cell| self.cells.get(&cell)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|at| self.all[at]).collect()
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a drawing is far smaller than 2^31")]
fn cells(place: Area) -> impl Iterator<Item = (i32, i32)> {
    const CELL: f32 = 160.0;
    let cell = |v: f32| (v / CELL).floor() as i32;
    let (left, right) = (cell(place.min.x), cell(place.max.x));
    let (top, bottom) = (cell(place.min.y), cell(place.max.y));
    (left..=right).flat_map(move |x| (top..=bottom).map(move |y| (x, y)))
}

/// What is taken already.
#[derive(Default)]
pub(super) struct Taken(Boxes);

impl Taken {
    /// Takes a place.
    pub(super) fn take(&mut self, place: Area) {
        self.0.add(place, 0);
    }

    /// The best of several places, which is then taken.
    pub(super) fn first_free(&mut self, places: impl IntoIterator<Item = Area>) -> Option<Area> {
        self.first_free_beside(places, &Boxes::default(), 0)
    }

    /// The same, which also keeps off lines that are not its own, by their number.
    pub(super) fn first_free_beside(
        &mut self,
        places: impl IntoIterator<Item = Area>,
        lines: &Boxes,
        own: usize,
    ) -> Option<Area> {
        let mut best: Option<(f32, Area)> = None;
        for place in places {
            let crossed = lines
                .near(place)
                .into_iter()
                .filter(|(line, number)| *number != own && line.grown(1.5).overlaps(place))
                .count();
            // A line behind a pill does less harm than words under words.
            let covered = self.covered(place.grown(2.0)) + crossed as f32 * 40.0;
            if best.is_none_or(|(least, _)| covered < least) {
                best = Some((covered, place));
            }
            if covered <= 0.0 {
                break;
            }
        }
        let (_, place) = best?;
        self.take(place);
        Some(place)
    }

    fn covered(&self, place: Area) -> f32 {
        let shared = |other: Area| {
            let x = place.max.x.min(other.max.x) - place.min.x.max(other.min.x);
            let y = place.max.y.min(other.max.y) - place.min.y.max(other.min.y);
            if x > 0.0 && y > 0.0 { x * y } else { 0.0 }
        };
        self.0.near(place).into_iter().map(|(other, _)| shared(other)).sum()
    }
}

/// How far along a line labels are tried.
const SHARES: [f32; ON_THE_LINE] =
    [0.5, 0.42, 0.58, 0.35, 0.65, 0.28, 0.72, 0.2, 0.8, 0.14, 0.86, 0.1, 0.9, 0.06, 0.94];

/// How many of the first places of [`on_line`] are on the line itself.
pub(super) const ON_THE_LINE: usize = 15;

/// Places for a label on a line: from its middle outward, on it, then a little beside it.
pub(super) fn on_line(line: &[Point], (width, height): (f32, f32)) -> Vec<Area> {
    let whole = length(line);
    let mut places = Vec::new();
    for beside in [0.0, 14.0, -14.0, 26.0, -26.0, 40.0, -40.0] {
        for share in SHARES {
            if let Some((at, way)) = along(line, whole * share) {
                let at = at.moved(-way.y * beside, way.x * beside);
                places.push(area(at.x - width / 2.0, at.y - height / 2.0, width, height));
            }
        }
    }
    places
}
