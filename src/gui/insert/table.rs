//! Rows of a spreadsheet as objects: each row is a form that is filled in, all of them one change.

use super::{InsertDraft, edits};
use crate::{
    gui::command::Kind,
    model::{
        ObjectId, Project, Topology,
        change::{Change, apply},
        dns::RecordKind,
        editing::edit,
        unfold::unfold,
    },
};

/// More rows are refused: a plan of that size is imported.
pub const ROWS_MAX: usize = 500;

/// The kinds that come out of a table, each with its columns; those in brackets may be left out.
pub const KINDS: [(Kind, &[&str]); 7] = [
    (Kind::Site, &["Name", "(Subnets)"]),
    (Kind::Server, &["Name", "Site", "(Addresses)", "(FQDN)"]),
    (Kind::Resolver, &["Name", "Site", "(Addresses)"]),
    (Kind::Record, &["Name", "Type", "Data", "(Zone)"]),
    (Kind::Group, &["Name"]),
    (Kind::GroupConnector, &["From group", "To group"]),
    (Kind::Mailboxes, &["Name", "Server", "(Domain)"]),
];

/// What a row comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its number in the table, from 1.
    pub number: usize,
    /// What it adds; or what is wrong with it.
    pub outcome: Result<String, String>,
}

/// Reads a table; the change adds every row that reads.
pub fn read(project: &Project, phase: usize, kind: Kind, text: &str) -> (Vec<Row>, Change) {
    let mut draft = project.clone();
    let (mut rows, mut changes) = (Vec::new(), Vec::new());
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    for (number, line) in lines.take(ROWS_MAX) {
        let cells = cells(line);
        if rows.is_empty() && is_heading(kind, &cells) {
            continue;
        }
        let outcome = one(&mut draft, phase, kind, &cells, &mut changes);
        rows.push(Row { number: number + 1, outcome });
    }
    (rows, Change::Batch(changes))
}

/// The cells of a line: split at tabs, else at semicolons.
fn cells(line: &str) -> Vec<String> {
    let at = if line.contains('\t') { '\t' } else { ';' };
    let bare = |cell: &str| cell.trim().trim_matches('"').trim().to_owned();
    line.split(at).map(bare).collect()
}

fn is_heading(kind: Kind, cells: &[String]) -> bool {
    let columns = KINDS.iter().find(|(known, _)| *known == kind).map_or(&[][..], |(_, c)| c);
    let first = columns.first().map_or("", |column| column.trim_matches(['(', ')']));
    cells.first().is_some_and(|cell| cell.eq_ignore_ascii_case(first))
}

fn one(
    project: &mut Project,
    phase: usize,
    kind: Kind,
    cells: &[String],
    changes: &mut Vec<Change>,
) -> Result<String, String> {
    let topologies = unfold(project);
    let topology = topologies.get(phase).ok_or("there is no such phase")?;
    let filled = filled(topology, kind, cells)?;
    let (edits, _, label) = edits(project, phase, &filled)?;
    let before = project.clone();
    let mut made = Vec::new();
    for one in edits {
        let done = edit(project, phase, one)
            .and_then(|change| apply(project, change.clone()).map(|_| change));
        match done {
            Ok(change) => made.push(change),
            Err(error) => {
                *project = before;
                return Err(error.to_string());
            }
        }
    }
    changes.append(&mut made);
    Ok(label)
}

/// A form that is filled in from the cells of a row.
fn filled(topology: &Topology, kind: Kind, cells: &[String]) -> Result<InsertDraft, String> {
    let cell = |at: usize| cells.get(at).map_or("", String::as_str);
    let mut draft = InsertDraft::new(kind, topology, None);
    draft.platform = None;
    cell(0).clone_into(&mut draft.name);
    let list = |text: &str| text.replace([',', ' '], "\n");
    match kind {
        Kind::Site => draft.lines = list(cell(1)),
        Kind::Server | Kind::Resolver => {
            draft.first = segment(topology, cell(1))?;
            draft.lines = list(cell(2));
            cell(3).clone_into(&mut draft.fqdn);
        }
        Kind::Record => {
            let known = RecordKind::ALL.iter().find(|k| k.name().eq_ignore_ascii_case(cell(1)));
            draft.record = *known.ok_or_else(|| format!("`{}` is no type of a record", cell(1)))?;
            cell(2).clone_into(&mut draft.lines);
            if !cell(3).is_empty() {
                draft.first = Some(named(topology, cell(3), "zone")?);
            }
        }
        Kind::GroupConnector => {
            draft.name = String::new();
            draft.first = Some(named(topology, cell(0), "group")?);
            draft.second = Some(named(topology, cell(1), "group")?);
        }
        Kind::Mailboxes => {
            draft.second = Some(named(topology, cell(1), "server")?);
            if !cell(2).is_empty() {
                draft.first = Some(named(topology, cell(2), "domain")?);
            }
        }
        _ => {}
    }
    Ok(draft)
}

/// The object of a kind that bears a name, or that id.
fn named(topology: &Topology, name: &str, kind: &str) -> Result<ObjectId, String> {
    let of_kind = |id: &ObjectId| id.kind() == kind;
    let fits = |id: &ObjectId| topology.name(id).eq_ignore_ascii_case(name) || id.id() == name;
    let mut found = topology.ids().into_iter().filter(of_kind).filter(fits);
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(format!("no {kind} is called `{name}`")),
        (Some(_), Some(_)) => Err(format!("more than one {kind} is called `{name}`")),
    }
}

/// The segment of a site, or the segment of that name; nothing is said: the Internet.
fn segment(topology: &Topology, name: &str) -> Result<Option<ObjectId>, String> {
    if name.is_empty() || name.eq_ignore_ascii_case("internet") {
        return Ok(None);
    }
    let site = |site: &crate::model::id::SiteId| {
        topology.sites.get(site).is_some_and(|s| s.name.eq_ignore_ascii_case(name))
            || site.as_str() == name
    };
    let of_site = topology.segments.iter().find(|(_, segment)| site(&segment.site));
    if let Some((id, _)) = of_site {
        return Ok(Some(ObjectId::Segment(id.clone())));
    }
    match named(topology, name, "segment") {
        Ok(id) => Ok(Some(id)),
        Err(_) => Err(format!("no site is called `{name}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::templates;

    #[test]
    fn rows_become_objects_and_those_that_do_not_read_say_why() {
        let project = templates::find("two-sites-exchange-2003").expect("the template").plan;
        let text = "Name\tSite\tAddresses\tFQDN\nLON-X\tLondon\t10.1.0.77\tx.hartwell.example\nLDS-X\tNowhere\t10.2.0.9\nBAD\tLeeds\t10.2.0.999\n";
        let (rows, change) = read(&project, 0, Kind::Server, text);
        assert_eq!(rows.iter().map(|r| r.number).collect::<Vec<_>>(), [2, 3, 4]);
        assert_eq!(rows[0].outcome, Ok("Add the server LON-X".to_owned()));
        assert_eq!(rows[1].outcome, Err("no site is called `Nowhere`".to_owned()));
        assert!(rows[2].outcome.is_err(), "{:?}", rows[2]);
        let mut after = project.clone();
        let undo = apply(&mut after, change).expect("it fits");
        let server = &after.as_is.servers[&"lon-x".parse().expect("an id")];
        assert_eq!(server.platform, None, "nobody entered it");
        assert_eq!(server.addresses.len(), 1);
        apply(&mut after, undo).expect("it is undone");
        assert_eq!(after, project);
    }
}
