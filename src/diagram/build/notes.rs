//! Notes: what people wrote on the drawing, each with a line to what it is about.

use super::Draft;
use crate::{
    diagram::{
        geometry::{Area, Point, area, pt},
        ink::Ink,
        scene::{Align, Item, Kind, Level, Seen, Shape, Words, dashed, line, polyline, solid},
        text::{Face, width},
    },
    model::{
        Project, Subject,
        beside::{Drawn, Slot},
        note::{Note, WIDTHS},
    },
};

const SIZE: f32 = 12.0;
const LINE: f32 = 16.0;
const EDGE: f32 = 10.0;

/// Draws the notes that this phase shows.
pub(super) fn draw(draft: &mut Draft<'_>, project: &Project, phase: usize) {
    let all = draft.items.iter().map(|item| item.bounds).reduce(Area::with).unwrap_or_default();
    let mut free = pt(all.min.x, all.max.y + 40.0);
    for (id, note) in &project.notes {
        if note.phase.as_ref().is_some_and(|p| project.phase_of(p) != Some(phase)) {
            continue;
        }
        let wide = note.width.clamp(WIDTHS.0, WIDTHS.1) as f32;
        let lines = wrapped(&note.text, wide - 2.0 * EDGE);
        let high = lines.len().max(1) as f32 * LINE + 2.0 * EDGE - 4.0;
        let placed = project.layout.get(&Slot::on_sheet(Drawn::Note(id.clone())));
        let at = placed.map_or(free, |at| pt(at.x as f32, at.y as f32));
        if placed.is_none() {
            free = free.moved(wide + 24.0, 0.0);
        }
        let bounds = area(at.x, at.y, wide, high);
        draft.places.notes.insert(id.clone(), bounds);
        let target = note.about.as_ref().and_then(|about| {
            let shows =
                |item: &&Item| item.kind != Kind::Finding && item.subject.as_ref() == Some(about);
            draft.items.iter().find(shows)
        });
        let item = item(Subject::Note(id.clone()), note, bounds, &lines, target);
        draft.items.push(item);
    }
}

fn item(
    subject: Subject,
    note: &Note,
    bounds: Area,
    lines: &[String],
    target: Option<&Item>,
) -> Item {
    let mut item = Item::new(Kind::Note, Some(subject), note.title(), bounds);
    item.spoken = format!("Note: {}", note.text.replace('\n', " "));
    if let Some(target) = target {
        item.spoken.push_str(", about ");
        item.spoken.push_str(&target.name);
        let to = touching(target, bounds.centre());
        let from = edge(bounds, to);
        item.draw(polyline(vec![from, to], dashed(Ink::Weak, 1.2, 4.0, 3.0)));
        item.draw(Shape::Disc { centre: to, radius: 2.6, fill: solid(Ink::Weak), stroke: None });
    }
    let shape = Shape::Box {
        area: bounds,
        radius: 3.0,
        fill: solid(Ink::WarningGround),
        stroke: Some(line(Ink::Weak, 1.0)),
    };
    item.draw(shape);
    // A turned-down corner tells a note from a card, without any colour.
    let corner = bounds.max;
    let fold = vec![pt(corner.x - 12.0, corner.y), pt(corner.x, corner.y - 12.0)];
    item.draw(polyline(fold, line(Ink::Weak, 1.0)));
    for (index, text) in lines.iter().enumerate() {
        let at = pt(bounds.min.x + EDGE, bounds.min.y + EDGE + 10.0 + index as f32 * LINE);
        let words = Words {
            at,
            align: Align::Start,
            text: text.clone(),
            face: Face::Sans,
            size: SIZE,
            ink: Ink::Text,
        };
        item.draw_at(Seen::From(Level::Middle), Shape::Words(words));
    }
    item
}

/// Where a line to an item ends: on its way where it is a line, else on its edge.
fn touching(target: &Item, from: Point) -> Point {
    let on_way = target.routes.first().and_then(|way| {
        let whole = crate::diagram::geometry::length(way);
        crate::diagram::geometry::along(way, whole / 2.0).map(|(at, _)| at)
    });
    on_way.unwrap_or_else(|| edge(target.bounds, from))
}

/// The point on the edge of a box that is nearest to another point.
fn edge(within: Area, to: Point) -> Point {
    let inside = pt(to.x.clamp(within.min.x, within.max.x), to.y.clamp(within.min.y, within.max.y));
    if !within.contains(to) {
        return inside;
    }
    pt(to.x, within.min.y)
}

/// A text in lines of at most that width; words that are longer are broken.
fn wrapped(text: &str, most: f32) -> Vec<String> {
    let fits = |text: &str| width(text, Face::Sans, SIZE) <= most;
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut now = String::new();
        for word in paragraph.split_whitespace() {
            let longer = if now.is_empty() { word.to_owned() } else { format!("{now} {word}") };
            if fits(&longer) {
                now = longer;
                continue;
            }
            if !now.is_empty() {
                lines.push(std::mem::take(&mut now));
            }
            for letter in word.chars() {
                now.push(letter);
                if !fits(&now) && now.chars().count() > 1 {
                    now.pop();
                    lines.push(std::mem::replace(&mut now, letter.to_string()));
                }
            }
        }
        lines.push(now);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_wrapped_and_long_ones_broken() {
        let lines = wrapped("Ask the client\nwhetherthisverylongwordwillfitintotheline", 90.0);
        assert!(lines.len() > 3, "{lines:?}");
        assert!(lines.iter().all(|l| width(l, Face::Sans, SIZE) <= 90.0), "{lines:?}");
        assert_eq!(lines.concat().replace(' ', "").len(), 12 + 41, "nothing is lost: {lines:?}");
    }
}
