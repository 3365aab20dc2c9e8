//! Values that are tables: published ports, source addresses, filter rules, transport tables,
//! conditional forwarders. A row that does not read yet is marked and keeps the last good table.

use super::{
    text::{joined, texts, wrong_ui},
    value::{Cx, Value},
};
use crate::{
    gui::{drafts::Draft, insert::explained, widgets::weak},
    model::{
        Topology,
        address::{Action, FilterRule},
        id::ResolverId,
        name::Fqdn,
        server::{NextHop, Route, RouteMatch},
        site::Published,
    },
};
use eframe::egui::{ComboBox, Event, FontId, Id, Margin, Stroke, StrokeKind, TextEdit, Ui, vec2};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
    net::IpAddr,
    str::FromStr,
};

/// A column of a table.
struct Column {
    head: &'static str,
    /// Its share of the width.
    share: f32,
    /// What can be chosen; none: it is typed.
    choices: &'static [&'static str],
}

const fn typed(head: &'static str, share: f32) -> Column {
    Column { head, share, choices: &[] }
}

/// A table over a draft: gives its rows when something was changed and all of them read.
fn table<T>(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    columns: &[Column],
    current: Vec<Vec<String>>,
    parse: impl Fn(&[String]) -> Result<T, String>,
) -> Option<Vec<T>> {
    let key = cx.key("table");
    let mut draft =
        cx.drafts.take(&key).unwrap_or(Draft { cells: current, error: None, row: None });
    let room = ui.available_width() - 36.0;
    let mut changed = pasted(ui, &key, columns, &mut draft.cells);
    let mut focused = None;
    let mut gone = None;
    ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
    if !draft.cells.is_empty() {
        ui.horizontal(|ui| {
            for column in columns {
                let width = room * column.share - 4.0;
                ui.allocate_ui(vec2(width, 16.0), |ui| {
                    ui.set_width(width);
                    ui.label(weak(cx.theme, column.head).size(11.0));
                });
            }
        });
    }
    let wrong = draft.row;
    for (at, row) in draft.cells.iter_mut().enumerate() {
        ui.horizontal(|ui| {
            let marked = wrong == Some(at);
            for (column, cell) in columns.iter().zip(row.iter_mut()) {
                let place = (at, room * column.share - 4.0);
                let (typed, has_keyboard) = cell_ui(ui, cx, column, place, marked, cell);
                changed |= typed;
                if has_keyboard {
                    focused = Some(at);
                }
            }
            let name = format!("{}: take out row {}", cx.label, at + 1);
            if ui.small_button("×").accessible_name(name).clicked() {
                gone = Some(at);
            }
        });
    }
    ui.data_mut(|data| data.insert_temp(Id::unique(("row with the keyboard", &key)), focused));
    if let Some(at) = gone {
        draft.cells.remove(at);
        changed = true;
    }
    let mut found = None;
    if changed {
        cx.typed = gone.is_none();
        let rows: Vec<_> = draft.cells.iter().map(|row| parse(row)).collect();
        draft.row = rows.iter().position(Result::is_err);
        match rows.into_iter().collect::<Result<Vec<T>, String>>() {
            Ok(rows) => {
                draft.error = None;
                found = Some(rows);
            }
            Err(error) => draft.error = Some(error),
        }
    }
    if let Some(error) = &draft.error {
        wrong_ui(ui, cx, error);
    }
    let add = ui.small_button("Add a row").accessible_name(format!("{}: add a row", cx.label));
    if add.clicked() {
        let blank = |column: &Column| column.choices.first().map_or("", |c| c).to_owned();
        draft.cells.push(columns.iter().map(blank).collect());
        draft.row = None;
    }
    cx.drafts.put(&key, draft);
    found
}

fn cell_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    column: &Column,
    (row, width): (usize, f32),
    marked: bool,
    cell: &mut String,
) -> (bool, bool) {
    let name = format!("{}, row {}, {}", cx.label, row + 1, column.head);
    if column.choices.is_empty() {
        let edit = TextEdit::singleline(cell)
            .font(FontId::monospace(11.0))
            .margin(Margin::symmetric(4, 4))
            .desired_width(width);
        let response = ui.add(edit).accessible_name(name);
        if marked {
            let line = Stroke::new(1.6, cx.theme.err);
            ui.painter().rect_stroke(response.rect, 4.0, line, StrokeKind::Inside);
        }
        return (response.changed(), response.has_focus());
    }
    let before = cell.clone();
    let combo = ComboBox::from_id_salt(&name).width(width).selected_text(cell.as_str());
    let response = combo.show_ui(ui, |ui| {
        for choice in column.choices {
            ui.selectable_value(cell, (*choice).to_owned(), *choice);
        }
    });
    response.response.accessible_name(name);
    (*cell != before, false)
}

/// Rows that a spreadsheet copied go into the rows from the one with the keyboard on.
fn pasted(ui: &Ui, key: &str, columns: &[Column], cells: &mut Vec<Vec<String>>) -> bool {
    let known = Id::unique(("row with the keyboard", key));
    let Some(from) = ui.data(|data| data.get_temp::<Option<usize>>(known)).flatten() else {
        return false;
    };
    let several = |text: &str| text.contains('\t') || text.trim_end().contains('\n');
    let text = ui.input_mut(|input| {
        let at = input.events.iter().position(|event| match event {
            Event::Paste(text) => several(text),
            _ => false,
        })?;
        match input.events.remove(at) {
            Event::Paste(text) => Some(text),
            _ => None,
        }
    });
    let Some(text) = text else { return false };
    let blank = |column: &Column| column.choices.first().map_or("", |c| c).to_owned();
    for (row, line) in text.lines().filter(|line| !line.trim().is_empty()).enumerate() {
        if cells.len() <= from + row {
            cells.push(columns.iter().map(blank).collect());
        }
        for (cell, new) in cells[from + row].iter_mut().zip(line.split('\t')) {
            new.trim().clone_into(cell);
        }
    }
    true
}

fn read<T>(text: &str, what: &str) -> Result<T, String>
where
    T: FromStr,
    T::Err: Display,
{
    match text.trim() {
        "" => Err(format!("{what} is missing")),
        text => text.parse().map_err(|error: T::Err| explained(text, &error)),
    }
}

fn optional<T>(text: &str) -> Result<Option<T>, String>
where
    T: FromStr,
    T::Err: Display,
{
    match text.trim() {
        "" | "any" => Ok(None),
        text => read(text, "").map(Some),
    }
}

fn cell<T: ToString>(value: Option<&T>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

impl Value for BTreeSet<Published> {
    fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
        let columns =
            [typed("Public", 0.38), typed("Port", 0.13), typed("To", 0.36), typed("Port", 0.13)];
        let rows = self
            .iter()
            .map(|p| {
                vec![
                    p.public.to_string(),
                    p.port.to_string(),
                    p.to.to_string(),
                    cell(p.to_port.as_ref()),
                ]
            })
            .collect();
        let parse = |row: &[String]| {
            Ok(Published {
                public: read(&row[0], "the public address")?,
                port: read(&row[1], "the port")?,
                to: read(&row[2], "the inside address")?,
                to_port: optional(&row[3])?,
            })
        };
        table(ui, cx, &columns, rows, parse).map(|rows| rows.into_iter().collect())
    }

    fn text(&self, _: &Topology) -> String {
        let text = |p: &Published| {
            let port = p.to_port.map(|port| format!(":{port}")).unwrap_or_default();
            format!("{}:{} → {}{port}", p.public, p.port, p.to)
        };
        joined(&self.iter().map(text).collect::<Vec<_>>())
    }
}

impl Value for BTreeMap<IpAddr, IpAddr> {
    fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
        let columns = [typed("Inside", 0.5), typed("Bears outside", 0.5)];
        let rows = self.iter().map(|(a, b)| vec![a.to_string(), b.to_string()]).collect();
        let parse = |row: &[String]| {
            Ok((read(&row[0], "the inside address")?, read(&row[1], "the public address")?))
        };
        table(ui, cx, &columns, rows, parse).map(|rows| rows.into_iter().collect())
    }

    fn text(&self, _: &Topology) -> String {
        joined(&self.iter().map(|(a, b)| format!("{a} → {b}")).collect::<Vec<_>>())
    }
}

const ACTIONS: [&str; 3] = ["allow", "drop", "reject"];

/// The rules of a filter.
pub(super) fn filter_rules(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    rules: &[FilterRule],
) -> Option<Vec<FilterRule>> {
    let columns = [
        typed("From", 0.3),
        typed("To", 0.3),
        typed("Port", 0.14),
        Column { head: "Action", share: 0.26, choices: &ACTIONS },
    ];
    let action = |action: Action| match action {
        Action::Allow => ACTIONS[0],
        Action::Drop => ACTIONS[1],
        Action::Reject => ACTIONS[2],
    };
    let rows = rules
        .iter()
        .map(|r| {
            let (from, to, port) =
                (cell(r.from.as_ref()), cell(r.to.as_ref()), cell(r.port.as_ref()));
            vec![from, to, port, action(r.action).to_owned()]
        })
        .collect();
    table(ui, cx, &columns, rows, |row| {
        Ok(FilterRule {
            from: optional(&row[0])?,
            to: optional(&row[1])?,
            port: optional(&row[2])?,
            action: match row[3].as_str() {
                "drop" => Action::Drop,
                "reject" => Action::Reject,
                _ => Action::Allow,
            },
        })
    })
}

/// The rules of a filter in words.
pub(super) fn rule_texts(rules: &[FilterRule]) -> Vec<String> {
    let any = |text: String| if text.is_empty() { "any".to_owned() } else { text };
    rules
        .iter()
        .map(|r| {
            let action = match r.action {
                Action::Allow => "allow",
                Action::Drop => "drop",
                Action::Reject => "reject",
            };
            let (from, to) = (any(cell(r.from.as_ref())), any(cell(r.to.as_ref())));
            format!("{action} {from} → {to} port {}", any(cell(r.port.as_ref())))
        })
        .collect()
}

const MATCHES: [&str; 4] = ["all", "domain", "address", "mailboxes on"];

impl Value for Vec<Route> {
    fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
        let columns = [
            Column { head: "Mail to", share: 0.3, choices: &MATCHES },
            typed("Which", 0.33),
            typed("Goes to", 0.37),
        ];
        let rows = self.iter().map(route_row).collect();
        let found = table(ui, cx, &columns, rows, route);
        ui.label(
            weak(
                cx.theme,
                "Next hops, separated by commas: [host], [10.1.0.5], domain, mx or nowhere",
            )
            .size(11.0),
        );
        found
    }

    fn text(&self, _: &Topology) -> String {
        let text = |route: &Route| {
            let row = route_row(route);
            format!("{} {} → {}", row[0], row[1], row[2]).replace("  ", " ")
        };
        joined(&self.iter().map(text).collect::<Vec<_>>())
    }
}

fn route_row(route: &Route) -> Vec<String> {
    let (kind, which) = match &route.to {
        RouteMatch::All => (MATCHES[0], String::new()),
        RouteMatch::Domain(domain) => (MATCHES[1], domain.to_string()),
        RouteMatch::Address(address) => (MATCHES[2], address.to_string()),
        RouteMatch::Home(server) => (MATCHES[3], server.to_string()),
    };
    let hop = |hop: &NextHop| match hop {
        NextHop::Host(name) => format!("[{name}]"),
        NextHop::Address(address) => format!("[{address}]"),
        NextHop::Mx => "mx".to_owned(),
        NextHop::MxOf(name) => name.to_string(),
        NextHop::Unreachable => "nowhere".to_owned(),
    };
    let via: Vec<String> = route.via.iter().map(hop).collect();
    vec![kind.to_owned(), which, via.join(", ")]
}

fn route(row: &[String]) -> Result<Route, String> {
    let which = row[1].as_str();
    let to = match row[0].as_str() {
        "domain" => RouteMatch::Domain(read(which, "the domain")?),
        "address" => RouteMatch::Address(read(which, "the address")?),
        "mailboxes on" => RouteMatch::Home(read(which, "the server's id")?),
        _ => RouteMatch::All,
    };
    let hops = row[2].split(',').map(str::trim).filter(|hop| !hop.is_empty());
    let via = hops.map(next_hop).collect::<Result<Vec<_>, _>>()?;
    if via.is_empty() {
        return Err("where its mail goes is missing".to_owned());
    }
    Ok(Route { to, via })
}

fn next_hop(text: &str) -> Result<NextHop, String> {
    match text {
        "mx" => Ok(NextHop::Mx),
        "nowhere" => Ok(NextHop::Unreachable),
        text => match text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
            Some(host) => match host.parse::<IpAddr>() {
                Ok(address) => Ok(NextHop::Address(address)),
                Err(_) => read(host, "the host").map(NextHop::Host),
            },
            None => read(text, "the domain").map(NextHop::MxOf),
        },
    }
}

impl Value for BTreeMap<Fqdn, Vec<ResolverId>> {
    fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
        let columns = [typed("Names under", 0.5), typed("Ask, by name", 0.5)];
        let topology = cx.topology;
        let rows = self.iter().map(|(zone, list)| vec![zone.to_string(), named(topology, list)]);
        let parse = |row: &[String]| {
            let zone: Fqdn = read(&row[0], "the zone")?;
            let list = row[1].split(',').map(str::trim).filter(|name| !name.is_empty());
            let list = list.map(|name| resolver(topology, name)).collect::<Result<Vec<_>, _>>()?;
            if list.is_empty() {
                return Err("the resolver is missing".to_owned());
            }
            Ok((zone, list))
        };
        table(ui, cx, &columns, rows.collect(), parse).map(|rows| rows.into_iter().collect())
    }

    fn text(&self, topology: &Topology) -> String {
        let text =
            |(zone, list): (&Fqdn, &Vec<ResolverId>)| format!("{zone} → {}", named(topology, list));
        joined(&self.iter().map(text).collect::<Vec<_>>())
    }
}

fn named(topology: &Topology, list: &[ResolverId]) -> String {
    let name = |id: &ResolverId| {
        topology.resolvers.get(id).map_or_else(|| id.to_string(), |r| r.name.clone())
    };
    list.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn resolver(topology: &Topology, name: &str) -> Result<ResolverId, String> {
    let fits = |(id, r): &(&ResolverId, &crate::model::dns::Resolver)| {
        r.name.eq_ignore_ascii_case(name) || id.as_str() == name
    };
    let found = topology.resolvers.iter().find(fits).map(|(id, _)| id.clone());
    found.ok_or_else(|| {
        let known = texts(topology.resolvers.values().map(|r| &r.name));
        format!("no resolver `{name}`; there are {}", joined(&known))
    })
}
