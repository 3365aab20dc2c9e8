//! What live checks say of the objects of a drawing: one badge an object, for the worst. It lies over
//! the scene and is no part of it, because what was measured changes nothing that is drawn.

use super::{
    geometry::{Point, pt},
    scene::{Item, Kind, Scene},
    verdicts::{At, place},
};
use crate::model::{
    Subject, Topology,
    beside::{Evidence, Outcome},
};
use std::collections::BTreeMap;

/// What was measured at one object.
#[derive(Clone, Debug, PartialEq)]
pub struct Badge {
    /// Where it stands.
    pub at: Point,
    /// The worst outcome that is not stale; none: all that does not pass is stale.
    pub worst: Option<Outcome>,
    /// In words, as in "Live checks of LON-FE1: 1 fail, 3 pass".
    pub spoken: String,
}

/// How many of each outcome, the worst first and what is stale last.
type Counts = BTreeMap<(bool, u8), (Outcome, usize)>;

/// How bad an outcome is, the worst first.
pub(super) fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Fail => 0,
        Outcome::Warn => 1,
        Outcome::Unknown => 2,
        Outcome::Info => 3,
        Outcome::Pass => 4,
        Outcome::NotApplicable => 5,
    }
}

/// The badges of a scene, from evidence with whether it is stale.
pub fn badges<'e>(
    scene: &Scene,
    topology: &Topology,
    evidence: impl IntoIterator<Item = (&'e Evidence, bool)>,
) -> Vec<Badge> {
    let mut found: BTreeMap<At, Counts> = BTreeMap::new();
    for (one, stale) in evidence {
        let Some(at) = place(topology, &one.subject) else { continue };
        let counts = found.entry(at).or_default();
        let key = (stale, if stale { 0 } else { rank(one.outcome) });
        counts.entry(key).or_insert((one.outcome, 0)).1 += 1;
    }
    let items: BTreeMap<_, &Item> = scene
        .items
        .iter()
        .rev()
        .filter(|item| item.kind != Kind::Finding)
        .map(|item| (item.subject.as_ref(), item))
        .collect();
    let badge = |(at, counts): (At, Counts)| {
        let item = match &at {
            At::Subject(subject) => items.get(&Some(subject)),
            At::Internet => items.get(&None),
        }?;
        let worst = counts.iter().find(|((stale, _), _)| !stale).map(|(_, (outcome, _))| *outcome);
        // What has to be asked anew is not hidden behind what passes.
        let stale = counts.keys().any(|(stale, _)| *stale);
        let worst = worst.filter(|outcome| !stale || rank(*outcome) < rank(Outcome::Info));
        let words = counts.iter().map(|((stale, _), (outcome, count))| {
            let word = if *stale { "stale".to_owned() } else { outcome.name().replace('-', " ") };
            format!("{count} {word}")
        });
        let spoken =
            format!("Live checks of {}: {}", item.name, words.collect::<Vec<_>>().join(", "));
        Some(Badge { at: corner(item), worst, spoken })
    };
    found.into_iter().filter_map(badge).collect()
}

/// The item on which what is said of a subject is shown: a record at the resolver that serves it, or at
/// the Internet.
pub fn shown<'s>(scene: &'s Scene, topology: &Topology, subject: &Subject) -> Option<&'s Item> {
    scene.item(subject).or_else(|| match place(topology, subject)? {
        At::Subject(subject) => scene.item(&subject),
        At::Internet => scene.internet(),
    })
}

/// Where the badge stands: across from the sign of findings.
fn corner(item: &Item) -> Point {
    let low = pt(item.bounds.min.x + 4.0, item.bounds.max.y - 2.0);
    match item.kind {
        Kind::Connector | Kind::Group => pt(item.label.min.x - 13.0, item.label.centre().y),
        Kind::Link | Kind::Line => pt(item.label.max.x + 6.0, item.label.centre().y),
        Kind::Site => low.moved(16.0, -18.0),
        Kind::Internet => pt(item.bounds.min.x + 34.0, item.bounds.max.y - 3.0),
        Kind::Firewall => pt(item.bounds.min.x, item.bounds.max.y),
        _ => low,
    }
}
