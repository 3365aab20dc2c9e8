//! A case as a plan, in each phase and on each platform where it can be said.
//!
//! On Postfix everything is a translation word by word. On Exchange 2003 routing groups and
//! connectors are reconstructed from the next hops that the case gives its servers
//! ([`exchange`]). What a plan cannot say is an `Err` with the reason; nothing is bent until it fits.

pub(crate) mod derive;
pub(crate) mod exchange;
pub(crate) mod groups;
pub(crate) mod ids;
pub(crate) mod names;
pub(crate) mod network;
pub(crate) mod servers;

use super::{case::Case, phases::Moment};
use bridgehead::model::{
    Project, Subject, Topology,
    assumption::{About, Assumption, Behaviour},
    edit::Edit,
    project::Phase,
    server::Platform,
    topology::ObjectId,
    unfold::unfold,
};
use std::collections::{BTreeMap, BTreeSet};

/// A case at one moment: what is drawn, and which behaviours are taken for granted otherwise than
/// they are by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Drawn {
    pub(crate) topology: Topology,
    pub(crate) behaviours: BTreeMap<Behaviour, bool>,
}

/// A case as a plan: phase `k` of the project is the case's phase `k`.
pub(crate) struct Plan {
    pub(crate) project: Project,
    pub(crate) failures: Vec<BTreeSet<Subject>>,
}

/// Draws a case on a platform.
pub(crate) fn draw(case: &Case, platform: Platform) -> Result<Drawn, String> {
    servers::check(case)?;
    let mut topology = Topology::default();
    network::draw(case, &mut topology)?;
    names::draw(case, &mut topology)?;
    servers::draw(case, &mut topology)?;
    let mut behaviours = BTreeMap::from([(Behaviour::InternetIsDrawn, true)]);
    if platform == Platform::Exchange2003 {
        exchange::draw(case, &mut topology, &mut behaviours)?;
    }
    Ok(Drawn { topology, behaviours })
}

/// Draws all moments of a case as one project: the first is the system as it is, each further one
/// a phase of edits.
pub(crate) fn plan(name: &str, moments: &[Moment], platform: Platform) -> Result<Plan, String> {
    let drawn = moments.iter().map(|moment| draw(&moment.case, platform));
    let drawn = drawn.collect::<Result<Vec<_>, _>>()?;
    let mut all = drawn.iter();
    let first = all.next().ok_or("no phase")?;
    let mut project = project(name, first);
    let mut before = first;
    for (index, after) in all.enumerate() {
        if after.behaviours != before.behaviours {
            return Err("the phases take different things for granted".to_owned());
        }
        let title = format!("Phase {}", index + 1);
        let mut phase = Phase::new(ids::read(&format!("phase-{}", index + 1))?, &title);
        phase.edits = edits(&before.topology, &after.topology)
            .into_iter()
            .map(|edit| (edit.key(), edit))
            .collect();
        phase.complete_steps();
        project.phases.push(phase);
        before = after;
    }
    for (unfolded, drawn) in unfold(&project).iter().zip(&drawn) {
        assert_eq!(*unfolded, drawn.topology, "{name}: the edits lead elsewhere");
    }
    let drawn = drawn.iter().map(|drawn| &drawn.topology);
    let failures = moments.iter().zip(drawn).map(|(moment, topology)| failures(moment, topology));
    let failures = failures.collect::<Result<_, _>>()?;
    Ok(Plan { project, failures })
}

/// A project without phases.
pub(crate) fn project(name: &str, drawn: &Drawn) -> Project {
    let mut project = Project::new(name);
    project.as_is = drawn.topology.clone();
    for (behaviour, on) in &drawn.behaviours {
        let assumption = Assumption {
            text: format!("{} as in the laboratory", behaviour.name()),
            about: About::Behaviour(*behaviour),
            on: *on,
            checked: None,
        };
        project.assumptions.insert(behaviour.id(), assumption);
    }
    project
}

/// What is down at a moment; a site without a line has none that could be cut.
fn failures(moment: &Moment, topology: &Topology) -> Result<BTreeSet<Subject>, String> {
    let links: Vec<_> = moment.case.wan.iter().map(|w| w.sites.clone()).enumerate().collect();
    let mut all = BTreeSet::new();
    for down in &moment.down {
        all.extend(ids::failures(down, &links)?);
    }
    all.retain(|subject| subject.object(topology).is_some());
    Ok(all)
}

/// The edits that make one topology the other.
fn edits(before: &Topology, after: &Topology) -> Vec<Edit> {
    let ids: BTreeSet<ObjectId> = before.ids().into_iter().chain(after.ids()).collect();
    let mut edits = Vec::new();
    for id in ids {
        match (before.get(&id), after.get(&id)) {
            (Some(_), None) => edits.push(Edit::Remove(id)),
            (None, Some(object)) => edits.push(Edit::Add(object)),
            _ => {
                let fields = id.fields().iter().filter_map(|name| after.field(&id, name));
                edits.extend(fields.filter(|field| !before.has(field)).map(Edit::Set));
            }
        }
    }
    edits
}
