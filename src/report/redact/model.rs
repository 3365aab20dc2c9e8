//! The model of the client's copy. Each field of project, dossier, evidence and notes is named here, so
//! that a new one does not compile until somebody has decided whether a client sees it.

use super::{Withheld, names::Names, scrub};
use crate::{
    analysis::{Analysis, PhaseAnalysis},
    model::{
        Project, Topology,
        beside::{Evidence, StepNote},
        connector::{GroupConnectorField, GroupField, SiteLinkField, SmtpConnectorField},
        dns::{RecordData, RecordField, ResolverField, ViewField, ViewKind},
        dossier::{Dossier, Row as _},
        edit::Edit,
        organisation::{MailboxesField, OrganisationField},
        server::{ListenerField, ServerField},
        site::{FirewallField, LineField, LinkField, SegmentField, SiteField},
        topology::{Field, Object},
        unfold::unfold,
    },
    net::world::{Inputs, World},
    rules,
    sim::walk::Simulator,
};
use std::{collections::BTreeSet, sync::Arc};

/// What stands where a text was withheld.
pub(super) const WITHHELD: &str = "withheld";
/// Up to so many servers what was found is said anew, with the other names.
const SERVERS_SAID_ANEW: usize = 120;

/// The analysis with other names; what was proved stays as it was proved.
pub(super) fn renamed(analysis: &Analysis, names: &Names, withheld: &mut Withheld) -> Analysis {
    let project = project(&analysis.project, names, withheld);
    let topologies = unfold(&project);
    versions(analysis, names, withheld);
    let phases = analysis.phases.iter().zip(topologies);
    let phases = phases.map(|(phase, topology)| {
        let mut phase = (**phase).clone();
        phase.topology = topology;
        say_anew(&mut phase, &analysis.inputs);
        Arc::new(phase)
    });
    Analysis {
        phases: phases.collect(),
        inputs: Arc::clone(&analysis.inputs),
        project: Arc::new(project),
    }
}

/// The sentences of findings, made of the names that the topology has now.
fn say_anew(phase: &mut PhaseAnalysis, inputs: &Inputs) {
    for finding in phase.findings.iter_mut().filter(|finding| finding.observed.is_some()) {
        // The answer names what is withheld; so would its cures.
        let name = finding.subject.object(&phase.topology).map(|id| phase.topology.name(&id));
        let about = name.map(|name| format!(" of {name}")).unwrap_or_default();
        finding.message = format!("A live answer contradicts the drawing{about}");
        finding.observed = None;
    }
    if phase.findings.is_empty() || phase.topology.servers.len() > SERVERS_SAID_ANEW {
        return;
    }
    let said = {
        let world = World::new(&phase.topology, inputs, &BTreeSet::new());
        rules::check(&Simulator::new(&world))
    };
    for finding in &mut phase.findings {
        let same = |other: &&rules::finding::Finding| other.sort_key() == finding.sort_key();
        if let Some(other) = said.iter().find(same) {
            finding.message.clone_from(&other.message);
        }
    }
}

/// The same without the addresses that stand on the cards of a drawing, where they may be cut short.
pub(super) fn without_addresses(analysis: &Analysis) -> Analysis {
    let hide = analysis.project.dossier.withhold.addresses;
    let phases = analysis.phases.iter().map(|phase| {
        if !hide {
            return Arc::clone(phase);
        }
        let mut phase = (**phase).clone();
        let topology = &mut phase.topology;
        topology.servers.values_mut().for_each(|s| s.addresses.clear());
        topology.resolvers.values_mut().for_each(|r| r.addresses.clear());
        topology.segments.values_mut().for_each(|s| s.subnets.clear());
        Arc::new(phase)
    });
    Analysis {
        phases: phases.collect(),
        inputs: Arc::clone(&analysis.inputs),
        project: Arc::clone(&analysis.project),
    }
}

fn project(from: &Project, names: &Names, withheld: &mut Withheld) -> Project {
    // Decided of each field: those that are not treated below are shown, or not printed at all.
    let Project {
        name: _,
        as_is_title: _,
        as_is,
        phases,
        promises: _,
        assumptions: _,
        waivers: _,
        layout: _,
        evidence,
        step_notes,
        item_notes,
        notes,
        saved_views: _,
        dossier,
    } = from;
    let mut phases = phases.clone();
    for edit in phases.iter_mut().flat_map(|phase| phase.edits.values_mut()) {
        renamed_edit(edit, names, from);
    }
    let mut as_is = as_is.clone();
    names.put_all(&mut as_is);
    inside_texts(&mut as_is, names, withheld);
    let mut note = |note: &StepNote| without_note(note, names, withheld);
    let step_notes = step_notes.iter().map(|(key, one)| (key.clone(), note(one))).collect();
    let item_notes = item_notes.iter().map(|(key, one)| (key.clone(), note(one))).collect();
    let mut notes = notes.clone();
    let before = notes.len();
    notes.retain(|_, note| note.for_client);
    *withheld.entry(NOTES).or_default() += before - notes.len();
    let evidence = evidence.iter();
    let evidence = evidence.map(|(key, one)| (key.clone(), measured(one, names, withheld)));
    Project {
        as_is,
        phases,
        evidence: evidence.collect(),
        step_notes,
        item_notes,
        notes,
        dossier: client_dossier(dossier, names.withhold.notes, withheld),
        ..from.clone()
    }
}

/// Who did it when, and what was measured, is shown; what else was noted is not.
fn without_note(from: &StepNote, names: &Names, withheld: &mut Withheld) -> StepNote {
    let StepNote { done: _, by: _, when: _, measured: _, note } = from;
    if note.is_empty() || !names.withhold.notes {
        return from.clone();
    }
    *withheld.entry(NOTES).or_default() += 1;
    StepNote { note: String::new(), ..from.clone() }
}

const NOTES: &str = "notes, accounts and lessons of the consultants";

fn versions(analysis: &Analysis, names: &Names, withheld: &mut Withheld) {
    let topologies = analysis.phases.iter().map(|phase| &phase.topology);
    let servers = topologies.flat_map(|topology| &topology.servers);
    let told = servers.filter(|(_, server)| !server.edition.is_empty());
    let number = told.map(|(id, _)| id).collect::<BTreeSet<_>>().len();
    if names.withhold.versions && number > 0 {
        *withheld.entry("versions and editions").or_default() += number;
    }
}

/// The texts of a record that a client does not see.
fn withheld_texts(list: &mut [String]) {
    for text in list {
        WITHHELD.clone_into(text);
    }
}

/// Texts of inside zones: whoever asks inside may read them, a client's desk need not.
fn inside_texts(topology: &mut Topology, names: &Names, withheld: &mut Withheld) {
    if !names.withhold.names {
        return;
    }
    let outside: BTreeSet<_> = topology
        .views
        .iter()
        .filter(|(_, view)| view.kind == ViewKind::Outside)
        .map(|(id, _)| id.clone())
        .collect();
    for (id, set) in &mut topology.records {
        if let RecordData::Txt(list) = &mut set.data
            && !outside.contains(&id.zone.view)
        {
            *withheld.entry("texts of inside zones").or_default() += list.len();
            withheld_texts(list);
        }
    }
}

fn client_dossier(from: &Dossier, notes: bool, withheld: &mut Withheld) -> Dossier {
    let Dossier {
        client: _,
        contact: _,
        consultant: _,
        firm: _,
        reference: _,
        version: _,
        background: _,
        status: _,
        review: _,
        profile: _,
        contacts: _,
        distribution: _,
        history: _,
        certificates: _,
        accounts,
        change_requests: _,
        outstanding: _,
        operations: _,
        lessons: _,
        own_lessons,
        sign_off: _,
        windows: _,
        withhold: _,
    } = from;
    let own = accounts.iter().filter(|row| !row.is_blank()).count()
        + own_lessons.iter().filter(|row| !row.is_blank()).count();
    if notes && own > 0 {
        *withheld.entry(NOTES).or_default() += own;
    }
    let accounts = if notes { vec![] } else { accounts.clone() };
    Dossier { accounts, own_lessons: vec![], ..from.clone() }
}

/// A measurement: texts that came from the network are shown only where every word of them is public.
fn measured(one: &Evidence, names: &Names, withheld: &mut Withheld) -> Evidence {
    let Evidence {
        question,
        subject: _,
        phase: _,
        from: _,
        asked,
        expected,
        got,
        outcome: _,
        reason,
        utc,
        ttl: _,
        rtt_ms: _,
        facts: _,
        check: _,
        reference: _,
        remedy,
        raw,
    } = one;
    let mut hidden = 0;
    let mut shown = |text: &String| {
        if !names.withhold.names || scrub::is_plain(text) {
            return text.clone();
        }
        hidden += 1;
        WITHHELD.to_owned()
    };
    let is_time = utc.chars().all(|c| c.is_ascii_digit() || "-:TZ".contains(c));
    let left = Evidence {
        question: shown(question),
        asked: shown(asked),
        expected: expected.iter().map(&mut shown).collect(),
        got: got.iter().map(&mut shown).collect(),
        remedy: if remedy.is_empty() { String::new() } else { shown(remedy) },
        raw: raw.iter().map(&mut shown).collect(),
        utc: if is_time { utc.clone() } else { WITHHELD.to_owned() },
        reason: if names.withhold.notes { String::new() } else { shown(reason) },
        ..one.clone()
    };
    if hidden > 0 {
        *withheld.entry("texts that were measured").or_default() += hidden;
    }
    left
}

/// An edit with other names. A name that is set is told from the one before.
fn renamed_edit(edit: &mut Edit, names: &Names, project: &Project) {
    match edit {
        Edit::Add(object) => {
            names.put(object);
            if let Object::Record(id, set) = object
                && let RecordData::Txt(list) = &mut set.data
                && names.withhold.names
                && !is_outside(project, &id.zone.view)
            {
                withheld_texts(list);
            }
        }
        Edit::Remove(_) => {}
        Edit::Set(field) => set(field, names, project),
    }
}

fn is_outside(project: &Project, view: &crate::model::id::ViewId) -> bool {
    project.as_is.views.get(view).is_some_and(|view| view.kind == ViewKind::Outside)
}

fn set(field: &mut Field, names: &Names, project: &Project) {
    let other = names.of(&field.object()).map(str::to_owned);
    let name: &mut String = match field {
        Field::Organisation(_, OrganisationField::Name(name)) => name,
        Field::Site(_, SiteField::Name(name)) => name,
        Field::Segment(_, SegmentField::Name(name)) => name,
        Field::Line(_, LineField::Name(name)) => name,
        Field::Firewall(_, FirewallField::Name(name)) => name,
        Field::Link(_, LinkField::Name(name)) => name,
        Field::SiteLink(_, SiteLinkField::Name(name)) => name,
        Field::View(_, ViewField::Name(name)) => name,
        Field::Resolver(_, ResolverField::Name(name)) => name,
        Field::Server(_, ServerField::Name(name)) => name,
        Field::Server(_, ServerField::Edition(edition)) => {
            if names.withhold.versions {
                WITHHELD.clone_into(edition);
            }
            return;
        }
        Field::Listener(_, ListenerField::Name(name)) => name,
        Field::Group(_, GroupField::Name(name)) => name,
        Field::GroupConnector(_, GroupConnectorField::Name(name)) => name,
        Field::SmtpConnector(_, SmtpConnectorField::Name(name)) => name,
        Field::Mailboxes(_, MailboxesField::Name(name)) => name,
        Field::Record(id, RecordField::Data(RecordData::Txt(list))) => {
            if names.withhold.names && !is_outside(project, &id.zone.view) {
                withheld_texts(list);
            }
            return;
        }
        _ => return,
    };
    if let Some(other) = other {
        *name = other;
    }
}
