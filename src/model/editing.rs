//! From an edit that a person makes in a phase to the change that carries it out, normalised: one
//! edit a field, no edit that says what holds anyway, nothing left over that refers to what is gone.

use super::{
    change::{Change, ChangeError, apply},
    edit::{Edit, EditKey},
    project::Project,
    reference,
    topology::{Field, Object, ObjectId, Topology},
    unfold::unfold,
};
use std::collections::BTreeSet;

/// The change that makes `edit` in the phase with this index; phase 0 is the system as it is.
///
/// # Errors
/// When the object is not there in that phase, or is there already, or would dangle.
pub fn edit(project: &Project, phase: usize, edit: Edit) -> Result<Change, ChangeError> {
    edit_all(project, vec![(phase, edit)])
}

/// The change that makes several edits, each in its phase, one after the other.
///
/// # Errors
/// When one of them cannot be made on top of those before it.
pub fn edit_all(project: &Project, edits: Vec<(usize, Edit)>) -> Result<Change, ChangeError> {
    let mut draft = project.clone();
    let mut topologies = unfold(project);
    let mut changes = Vec::new();
    for (phase, edit) in edits {
        if phase >= draft.phase_count() {
            return Err(ChangeError::NoPhase(phase.to_string()));
        }
        for change in one(&draft, &topologies, phase, edit.clone())? {
            apply(&mut draft, change.clone())?;
            changes.push(change);
        }
        follow(&draft, &mut topologies, phase, &edit);
    }
    Ok(Change::Batch(changes))
}

/// Brings the topologies up to date after an edit. What is new, or set nowhere later, shows in every
/// phase from there on as it is; the rest is unfolded anew.
fn follow(draft: &Project, topologies: &mut Vec<Topology>, phase: usize, edit: &Edit) {
    let (object, field) = match edit {
        Edit::Add(object) => (object.id(), None),
        Edit::Set(field) => (field.object(), Some(field)),
        Edit::Remove(id) => (id.clone(), None),
    };
    let later = draft.phases.get(phase..).unwrap_or_default();
    let again = later.iter().any(|p| p.edits.keys().any(|key| key.object == object));
    match (edit, field) {
        (Edit::Add(new), _) if !again => {
            for topology in &mut topologies[phase..] {
                topology.insert(new.clone());
            }
        }
        (Edit::Set(_), Some(field)) if !again => {
            for topology in &mut topologies[phase..] {
                topology.set(field.clone());
            }
        }
        _ => *topologies = unfold(draft),
    }
}

/// The change that lets a field (or an object's existence) be inherited again: the edit goes.
///
/// # Errors
/// When the phase has no such edit.
pub fn inherit(project: &Project, phase: usize, key: &EditKey) -> Result<Change, ChangeError> {
    let found = phase.checked_sub(1).and_then(|i| project.phases.get(i));
    match found.and_then(|p| p.edits.get(key)) {
        Some(Edit::Add(object)) => edit(project, phase, Edit::Remove(object.id())),
        Some(_) => Ok(put_edit(project, phase, key.clone(), None)),
        None => Err(ChangeError::NoObject { object: key.object.clone(), phase }),
    }
}

/// The change that takes a phase out, with all later edits of what it adds.
///
/// # Errors
/// When there is no such phase, or it is phase 0.
pub fn remove_phase(project: &Project, phase: usize) -> Result<Change, ChangeError> {
    let found = phase.checked_sub(1).and_then(|i| project.phases.get(i));
    let found = found.ok_or_else(|| ChangeError::NoPhase(phase.to_string()))?;
    let mut draft = project.clone();
    let mut changes = Vec::new();
    let added: Vec<_> = found.edits.values().filter_map(added_object).map(Object::id).collect();
    for id in added {
        if draft.phases[phase - 1].edits.contains_key(&EditKey { object: id.clone(), field: None })
        {
            let change = edit(&draft, phase, Edit::Remove(id))?;
            apply(&mut draft, change.clone())?;
            changes.push(change);
        }
    }
    changes.push(Change::RemovePhase(found.id.clone()));
    Ok(Change::Batch(changes))
}

fn added_object(edit: &Edit) -> Option<&Object> {
    match edit {
        Edit::Add(object) => Some(object),
        _ => None,
    }
}

fn one(
    project: &Project,
    topologies: &[Topology],
    phase: usize,
    edit: Edit,
) -> Result<Vec<Change>, ChangeError> {
    match edit {
        Edit::Add(object) => add(project, topologies, phase, object).map(|c| vec![c]),
        Edit::Set(field) => set(project, topologies, phase, field).map(|c| c.into_iter().collect()),
        Edit::Remove(id) => remove(project, topologies, phase, &id),
    }
}

fn add(
    project: &Project,
    topologies: &[Topology],
    phase: usize,
    object: Object,
) -> Result<Change, ChangeError> {
    let id = object.id();
    let key = EditKey { object: id.clone(), field: None };
    let added = |p: &super::project::Phase| matches!(p.edits.get(&key), Some(Edit::Add(_)));
    let at = project.phases.iter().position(added).map(|at| at + 1);
    let in_use = project.as_is.contains(&id) || at.is_some_and(|at| at <= phase);
    if in_use || (at.is_none() && connector_in_use(project, &id)) {
        return Err(ChangeError::Exists(id));
    }
    no_dangling(&topologies[phase], phase, &object)?;
    let mut changes = match at {
        Some(at) => brought_forward(project, at, &key, &object),
        None => vec![],
    };
    changes.push(match phase {
        0 => Change::Object { id, to: Some(object) },
        _ => put_edit(project, phase, key, Some(Edit::Add(object))),
    });
    Ok(Change::Batch(changes))
}

/// What is left of a later phase's adding when the object is added earlier: the fields that differ.
fn brought_forward(
    project: &Project,
    later: usize,
    key: &EditKey,
    earlier: &Object,
) -> Vec<Change> {
    let mut changes = vec![put_edit(project, later, key.clone(), None)];
    let Some(Edit::Add(object)) = project.phases[later - 1].edits.get(key) else { return changes };
    let (mut then, mut now) = (Topology::default(), Topology::default());
    then.insert(object.clone());
    now.insert(earlier.clone());
    for name in key.object.fields() {
        let Some(field) = then.field(&key.object, name) else { continue };
        if !now.has(&field) {
            let key = EditKey { object: key.object.clone(), field: Some(field.name()) };
            changes.push(put_edit(project, later, key, Some(Edit::Set(field))));
        }
    }
    changes
}

/// Both kinds of connector share one space of ids, because they share one word in subjects.
fn connector_in_use(project: &Project, id: &ObjectId) -> bool {
    let (ObjectId::GroupConnector(id) | ObjectId::SmtpConnector(id)) = id else { return false };
    project.as_is.has_connector(id)
        || project.phases.iter().flat_map(|p| p.edits.values()).filter_map(added_object).any(|o| {
            matches!(o, Object::GroupConnector(of, _) | Object::SmtpConnector(of, _) if of == id)
        })
}

fn no_dangling(topology: &Topology, phase: usize, object: &Object) -> Result<(), ChangeError> {
    let id = object.id();
    let all = [reference::owners(object), reference::references(object)].concat();
    match all.into_iter().find(|other| *other != id && !topology.contains(other)) {
        Some(missing) => Err(ChangeError::Dangling { object: id, missing, phase }),
        None => Ok(()),
    }
}

fn set(
    project: &Project,
    topologies: &[Topology],
    phase: usize,
    field: Field,
) -> Result<Option<Change>, ChangeError> {
    let id = field.object();
    let missing = || ChangeError::NoObject { object: id.clone(), phase };
    let mut object = topologies[phase].get(&id).ok_or_else(missing)?;
    object.set(field.clone());
    no_dangling(&topologies[phase], phase, &object)?;
    if topologies[phase].has(&field) {
        return Ok(None);
    }
    if phase == 0 {
        return Ok(Some(Change::Object { id, to: Some(object) }));
    }
    let existence = EditKey { object: id.clone(), field: None };
    if let Some(Edit::Add(added)) = project.phases[phase - 1].edits.get(&existence) {
        let mut added = added.clone();
        added.set(field);
        return Ok(Some(put_edit(project, phase, existence, Some(Edit::Add(added)))));
    }
    let key = EditKey { object: id, field: Some(field.name()) };
    let inherited = topologies[phase - 1].has(&field);
    Ok(Some(put_edit(project, phase, key, (!inherited).then_some(Edit::Set(field)))))
}

fn put_edit(project: &Project, phase: usize, key: EditKey, to: Option<Edit>) -> Change {
    Change::Edit { phase: project.phases[phase - 1].id.clone(), key, to, step: None }
}

fn remove(
    project: &Project,
    topologies: &[Topology],
    phase: usize,
    id: &ObjectId,
) -> Result<Vec<Change>, ChangeError> {
    if !topologies[phase].contains(id) {
        return Err(ChangeError::NoObject { object: id.clone(), phase });
    }
    let parts = reference::with_parts(&topologies[phase], id);
    let gone: BTreeSet<ObjectId> = parts.iter().cloned().collect();
    let mut draft = project.clone();
    let mut changes = Vec::new();
    let mut push = |draft: &mut Project, change: Change| -> Result<(), ChangeError> {
        apply(draft, change.clone())?;
        changes.push(change);
        Ok(())
    };
    for other in topologies[phase].ids() {
        if gone.contains(&other) {
            continue;
        }
        let Some(object) = topologies[phase].get(&other) else { continue };
        for field in reference::detached(&object, &gone) {
            let unfolded = unfold(&draft);
            if let Some(change) = set(&draft, &unfolded, phase, field)? {
                push(&mut draft, change)?;
            }
        }
    }
    for part in parts.iter().rev() {
        for change in remove_one(&draft, phase, part) {
            push(&mut draft, change)?;
        }
    }
    for (later, topology) in topologies.iter().enumerate().skip(phase + 1) {
        for change in forget(&draft, later, topology, &gone) {
            push(&mut draft, change)?;
        }
    }
    Ok(changes)
}

/// The changes in the phase itself: its own edits of the object go; what it did not add is removed.
fn remove_one(project: &Project, phase: usize, id: &ObjectId) -> Vec<Change> {
    if phase == 0 {
        return vec![Change::Object { id: id.clone(), to: None }];
    }
    let edits = &project.phases[phase - 1].edits;
    let key = EditKey { object: id.clone(), field: None };
    let added = matches!(edits.get(&key), Some(Edit::Add(_)));
    let mut changes: Vec<_> = edits
        .keys()
        .filter(|k| k.object == *id && (added || k.field.is_some()))
        .map(|k| put_edit(project, phase, k.clone(), None))
        .collect();
    if !added {
        changes.push(put_edit(project, phase, key, Some(Edit::Remove(id.clone()))));
    }
    changes
}

/// The changes in a later phase: edits of what is gone, or of what cannot stand without it, go;
/// edits that refer to it lose the reference.
fn forget(
    project: &Project,
    later: usize,
    topology: &Topology,
    gone: &BTreeSet<ObjectId>,
) -> Vec<Change> {
    let mut gone = gone.clone();
    loop {
        let more: Vec<_> = topology
            .ids()
            .into_iter()
            .filter(|id| !gone.contains(id))
            .filter_map(|id| topology.get(&id))
            .filter(|object| reference::owners(object).iter().any(|o| gone.contains(o)))
            .map(|object| object.id())
            .collect();
        if more.is_empty() {
            break;
        }
        gone.extend(more);
    }
    let edits = &project.phases[later - 1].edits;
    let mut changes = Vec::new();
    for (key, edit) in edits {
        if gone.contains(&key.object) {
            changes.push(put_edit(project, later, key.clone(), None));
            continue;
        }
        let Some(object) = topology.get(&key.object) else { continue };
        let fields = reference::detached(&object, &gone);
        let to = match edit {
            Edit::Add(added) if !fields.is_empty() => {
                let mut added = added.clone();
                for field in fields {
                    added.set(field);
                }
                Edit::Add(added)
            }
            Edit::Set(set) => match fields.into_iter().find(|f| f.name() == set.name()) {
                Some(field) => Edit::Set(field),
                None => continue,
            },
            _ => continue,
        };
        if to != *edit {
            changes.push(put_edit(project, later, key.clone(), Some(to)));
        }
    }
    changes
}
