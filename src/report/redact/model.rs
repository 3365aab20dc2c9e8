//! The model of the client's copy. Each field of project, dossier, evidence and notes is named here, so
//! that a new one does not compile until somebody has decided whether a client sees it.

use super::{Withheld, names::Names, public::Public, scrub};
use crate::{
    analysis::{Analysis, PhaseAnalysis},
    model::{
        ObjectId, Project, Topology,
        beside::{Evidence, StepNote},
        connector::{GroupConnectorField, GroupField, SmtpConnectorField},
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
pub(super) fn renamed(
    analysis: &Analysis,
    names: &Names,
    public: &Public,
    withheld: &mut Withheld,
) -> Analysis {
    let project = project(&analysis.project, names, public, withheld);
    let topologies = unfold(&project);
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

fn project(from: &Project, names: &Names, public: &Public, withheld: &mut Withheld) -> Project {
    let Project {
        name,
        as_is_title,
        as_is,
        phases,
        promises,
        assumptions,
        waivers,
        layout,
        evidence,
        step_notes,
        item_notes,
        dossier,
    } = from;
    let notes = names.withhold.notes;
    let mut phases = phases.clone();
    for edit in phases.iter_mut().flat_map(|phase| phase.edits.values_mut()) {
        renamed_edit(edit, names, from);
    }
    let mut as_is = as_is.clone();
    versions(&as_is, names, withheld);
    names.put_all(&mut as_is);
    inside_texts(&mut as_is, names, withheld);
    let note = |note: &StepNote, withheld: &mut Withheld| {
        let StepNote { done, by, when, measured, note } = note.clone();
        let mut left = StepNote { done, by, when, measured, note };
        if notes && !(left.note.is_empty() && left.measured.is_empty()) {
            *withheld.entry(NOTES).or_default() += 1;
            left.note.clear();
            left.measured.clear();
        }
        left
    };
    Project {
        name: name.clone(),
        as_is_title: as_is_title.clone(),
        as_is,
        phases,
        promises: promises.clone(),
        assumptions: assumptions.clone(),
        waivers: waivers.clone(),
        layout: layout.clone(),
        evidence: evidence
            .iter()
            .map(|(key, one)| (key.clone(), measured(one, names, public, withheld)))
            .collect(),
        step_notes: step_notes.iter().map(|(k, n)| (k.clone(), note(n, withheld))).collect(),
        item_notes: item_notes.iter().map(|(k, n)| (k.clone(), note(n, withheld))).collect(),
        dossier: client_dossier(dossier, notes, withheld),
    }
}

const NOTES: &str = "notes, accounts and lessons of the consultants";

fn versions(topology: &Topology, names: &Names, withheld: &mut Withheld) {
    let number = topology.servers.values().filter(|s| !s.edition.is_empty()).count();
    if names.withhold.versions && number > 0 {
        *withheld.entry("versions and editions").or_default() += number;
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
            list.iter_mut().for_each(|text| WITHHELD.clone_into(text));
        }
    }
}

fn client_dossier(from: &Dossier, notes: bool, withheld: &mut Withheld) -> Dossier {
    let Dossier {
        client,
        contact,
        consultant,
        firm,
        reference,
        version,
        background,
        status,
        review,
        profile,
        contacts,
        distribution,
        history,
        certificates,
        accounts,
        change_requests,
        outstanding,
        operations,
        lessons,
        own_lessons,
        sign_off,
        windows,
        withhold,
    } = from.clone();
    let own = accounts.iter().filter(|row| !row.is_blank()).count()
        + own_lessons.iter().filter(|row| !row.is_blank()).count();
    if notes && own > 0 {
        *withheld.entry(NOTES).or_default() += own;
    }
    Dossier {
        client,
        contact,
        consultant,
        firm,
        reference,
        version,
        background,
        status,
        review,
        profile,
        contacts,
        distribution,
        history,
        certificates,
        accounts: if notes { vec![] } else { accounts },
        change_requests,
        outstanding,
        operations,
        lessons,
        own_lessons: vec![],
        sign_off,
        windows,
        withhold,
    }
}

/// A measurement: texts that came from the network are shown only where every word of them is public.
fn measured(from: &Evidence, names: &Names, public: &Public, withheld: &mut Withheld) -> Evidence {
    let Evidence {
        question,
        subject,
        phase,
        from,
        asked,
        expected,
        got,
        outcome,
        reason,
        utc,
        ttl,
        rtt_ms,
        facts,
    } = from.clone();
    let mut hidden = 0;
    let mut shown = |text: String| {
        if !names.withhold.names || scrub::is_plain(&text, public) {
            return text;
        }
        hidden += 1;
        WITHHELD.to_owned()
    };
    let question = shown(question);
    let asked = shown(asked);
    let expected = expected.into_iter().map(&mut shown).collect();
    let got = got.into_iter().map(&mut shown).collect();
    let utc = if utc.chars().all(|c| c.is_ascii_digit() || "-:TZ".contains(c)) {
        utc
    } else {
        WITHHELD.to_owned()
    };
    let reason = if names.withhold.notes { String::new() } else { shown(reason) };
    if hidden > 0 {
        *withheld.entry("texts that were measured").or_default() += hidden;
    }
    Evidence {
        question,
        subject,
        phase,
        from,
        asked,
        expected,
        got,
        outcome,
        reason,
        utc,
        ttl,
        rtt_ms,
        facts,
    }
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
                list.iter_mut().for_each(|text| WITHHELD.clone_into(text));
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
                list.iter_mut().for_each(|text| WITHHELD.clone_into(text));
            }
            return;
        }
        _ => return,
    };
    if let Some(other) = other {
        *name = other;
    }
}

/// The ids that stand for something with another name.
pub(super) fn id_text(id: &ObjectId) -> String {
    id.id()
}
