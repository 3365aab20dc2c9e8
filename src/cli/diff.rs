//! `bridgehead diff`: what one plan has and another has not, field by field and edit by edit.

use super::{Answer, Exit, Format, plan};
use crate::model::{
    Project, Topology,
    edit::{Edit, EditKey},
    topology::Object,
};
use serde::Serialize;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

/// The arguments.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The one plan
    a: PathBuf,
    /// The other
    b: PathBuf,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

/// One difference.
struct Difference {
    place: String,
    what: String,
    a: Option<String>,
    b: Option<String>,
}

/// Compares.
pub(super) fn run(args: &Args) -> anyhow::Result<Answer> {
    let (a, b) = (plan::read(&args.a)?, plan::read(&args.b)?);
    let differences = compare(&a, &b);
    let mut text = String::new();
    for d in &differences {
        say!(text, "{}: {}", d.place, d.what);
        if let Some(a) = &d.a {
            say!(text, "  - {a}");
        }
        if let Some(b) = &d.b {
            say!(text, "  + {b}");
        }
    }
    if differences.is_empty() {
        text.push_str("no difference");
    }
    let list: Vec<Value> = differences
        .iter()
        .map(|d| json!({ "in": d.place, "what": d.what, "a": d.a, "b": d.b }))
        .collect();
    Ok(Answer { json: json!({ "differences": list }), text, exit: Exit::Fine })
}

fn compare(a: &Project, b: &Project) -> Vec<Difference> {
    let mut found = Vec::new();
    let one = |place: &str, what: &str, a: &str, b: &str, found: &mut Vec<Difference>| {
        if a != b {
            found.push(Difference {
                place: place.to_owned(),
                what: what.to_owned(),
                a: Some(a.to_owned()),
                b: Some(b.to_owned()),
            });
        }
    };
    one("plan", "name", &a.name, &b.name, &mut found);
    one("phase 0", "title", &a.as_is_title, &b.as_is_title, &mut found);
    topologies(&a.as_is, &b.as_is, &mut found);
    maps("promises", &a.promises, &b.promises, &mut found);
    maps("assumptions", &a.assumptions, &b.assumptions, &mut found);
    maps("waivers", &a.waivers, &b.waivers, &mut found);
    maps("notes", &a.notes, &b.notes, &mut found);
    let phases: BTreeSet<_> = a.phases.iter().chain(&b.phases).map(|p| &p.id).collect();
    for id in phases {
        let side = |p: &Project| p.phases.iter().position(|phase| phase.id == *id);
        let place = format!("phase {id}");
        let (at_a, at_b) = (side(a), side(b));
        let title = |p: &Project, at: Option<usize>| {
            at.map(|at| format!("{}. {}", at + 1, p.phases[at].title)).unwrap_or_default()
        };
        one(&place, "place and title", &title(a, at_a), &title(b, at_b), &mut found);
        let edits = |p: &Project, at: Option<usize>| -> BTreeMap<EditKey, Edit> {
            at.map(|at| p.phases[at].edits.clone()).unwrap_or_default()
        };
        maps(&place, &edits(a, at_a), &edits(b, at_b), &mut found);
        let steps = |p: &Project, at: Option<usize>| -> String {
            let steps = at.map(|at| p.phases[at].steps.as_slice()).unwrap_or_default();
            steps.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        };
        if edits(a, at_a).keys().eq(edits(b, at_b).keys()) {
            one(&place, "order of steps", &steps(a, at_a), &steps(b, at_b), &mut found);
        }
    }
    found
}

/// Objects field by field; an object that only one side has as a whole.
fn topologies(a: &Topology, b: &Topology, found: &mut Vec<Difference>) {
    let ids: BTreeSet<_> = a.ids().into_iter().chain(b.ids()).collect();
    for id in ids {
        if !a.contains(&id) || !b.contains(&id) {
            found.push(Difference {
                place: "phase 0".to_owned(),
                what: id.to_string(),
                a: a.get(&id).as_ref().map(object),
                b: b.get(&id).as_ref().map(object),
            });
            continue;
        }
        for field in id.fields() {
            let (x, y) = (a.field(&id, field), b.field(&id, field));
            if x != y {
                found.push(Difference {
                    place: "phase 0".to_owned(),
                    what: format!("{id} {field}"),
                    a: x.as_ref().map(ron),
                    b: y.as_ref().map(ron),
                });
            }
        }
    }
}

fn object(object: &Object) -> String {
    ron(object)
}

fn maps<K: Ord + Clone + ToString, V: PartialEq + Serialize>(
    place: &str,
    a: &BTreeMap<K, V>,
    b: &BTreeMap<K, V>,
    found: &mut Vec<Difference>,
) {
    let keys: BTreeSet<K> = a.keys().chain(b.keys()).cloned().collect();
    for key in keys {
        let (x, y) = (a.get(&key), b.get(&key));
        if x != y {
            found.push(Difference {
                place: place.to_owned(),
                what: key.to_string(),
                a: x.map(ron),
                b: y.map(ron),
            });
        }
    }
}

/// A value on one line, as files write it.
fn ron<T: Serialize>(value: &T) -> String {
    crate::file::one_line(value)
}
