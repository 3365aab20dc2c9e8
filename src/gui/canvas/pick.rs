//! What is under the pointer. Cards before lines, lines before boxes; a hull only by its edge and
//! label, so that what stands in it can be reached.

use crate::{
    diagram::{
        geometry::{Area, Point, nearest, pt},
        scene::{Item, Kind, Scene},
    },
    model::{ObjectId, Subject, id::SegmentId},
};

/// What was hit.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spot {
    /// What it shows.
    pub(super) kind: Kind,
    /// The object; none for the Internet.
    pub(super) subject: Option<Subject>,
    /// The box around it.
    pub(super) bounds: Area,
}

impl Spot {
    fn of(item: &Item) -> Self {
        Self { kind: item.kind, subject: item.subject.clone(), bounds: item.bounds }
    }

    /// The object, where its kind is told.
    pub(super) fn object(&self) -> Option<&ObjectId> {
        match &self.subject {
            Some(Subject::Object(id)) => Some(id),
            _ => None,
        }
    }
}

/// What is at a world point. `reach` is how near a line must be, in world units.
pub(super) fn at(scene: &Scene, p: Point, reach: f32) -> Option<Spot> {
    // The last painted is on top; boxes come last because they are painted first.
    scene.items.iter().rev().find(|item| hits(item, p, reach)).map(Spot::of)
}

fn hits(item: &Item, p: Point, reach: f32) -> bool {
    match item.kind {
        Kind::Line | Kind::Link | Kind::Connector => {
            let wide = if item.kind == Kind::Connector { reach } else { reach + 3.0 };
            let on = item.routes.iter().any(|route| nearest(route, p).0 <= wide);
            on || (item.kind != Kind::Line && item.label != item.bounds && item.label.contains(p))
        }
        Kind::Group => {
            let on_label = item.label.contains(p);
            let inside = |by: f32| item.parts.iter().any(|part| part.grown(by).contains(p));
            on_label || (inside(reach) && !inside(-reach))
        }
        // Segments and counts are reached by way of what they belong to, and by the keyboard.
        Kind::Segment => {
            item.label.height() < 21.0 && item.label.contains(p) && !item.shapes.is_empty()
        }
        Kind::Finding | Kind::Mailboxes => {
            item.bounds.contains(p) && item.subject.is_some() && !item.shapes.is_empty()
        }
        _ => item.bounds.contains(p),
    }
}

/// The segment under a world point; in a site, the nearest of its segments.
pub(super) fn segment_at(scene: &Scene, p: Point) -> Option<SegmentId> {
    let places = &scene.places;
    let inside = places.segments.iter().find(|(_, area)| area.contains(p));
    if let Some((id, _)) = inside {
        return Some(id.clone());
    }
    let (_, site) = places.sites.iter().find(|(_, area)| area.contains(p))?;
    let of_site = places.segments.iter().filter(|(_, area)| site.contains(area.centre()));
    let away = |area: &Area| {
        let x = p.x.clamp(area.min.x, area.max.x);
        let y = p.y.clamp(area.min.y, area.max.y);
        pt(x, y).distance(p)
    };
    of_site.min_by(|a, b| away(a.1).total_cmp(&away(b.1))).map(|(id, _)| id.clone())
}

/// The site under a world point.
pub(super) fn site_at(scene: &Scene, p: Point) -> Option<(crate::model::id::SiteId, Area)> {
    scene
        .places
        .sites
        .iter()
        .find(|(_, area)| area.contains(p))
        .map(|(id, area)| (id.clone(), *area))
}

/// The group whose hull a world point is in, the smallest first.
pub(super) fn group_at(scene: &Scene, p: Point) -> Option<&Item> {
    let groups = scene.items.iter().filter(|item| item.kind == Kind::Group);
    let inside = groups.filter(|item| item.parts.iter().any(|part| part.contains(p)));
    let size = |item: &Item| item.bounds.width() * item.bounds.height();
    inside.min_by(|a, b| size(a).total_cmp(&size(b)))
}
