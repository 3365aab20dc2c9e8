//! Values that are chosen: enums as combo boxes, references from the objects that are there, and
//! sets of them.

use super::value::{Cx, Value};
use crate::{
    gui::{
        panels::{compare::NOT_ENTERED, ends::removable},
        widgets::weak,
        words,
    },
    model::{
        ObjectId, Topology,
        address::Blocked,
        connector::{GroupKind, Scope},
        dns::{Place, ViewKind},
        id::{
            DomainId, FirewallId, GroupId, LineId, OrganisationId, ResolverId, ServerId, SiteId,
            ViewId,
        },
        server::{ListenerId, Platform, Role},
        site::SegmentKind,
    },
};
use eframe::egui::{ComboBox, Stroke, StrokeKind, Ui};
use std::collections::BTreeSet;

/// A choice among words; gives the place of the one that was chosen anew.
pub(super) fn combo(
    ui: &mut Ui,
    cx: &Cx<'_>,
    part: &str,
    words: &[String],
    at: Option<usize>,
) -> Option<usize> {
    let mut chosen = None;
    let text = at.and_then(|at| words.get(at)).map_or(NOT_ENTERED, String::as_str);
    let combo = ComboBox::from_id_salt(cx.key(part)).width(ui.available_width());
    let response = combo.selected_text(text).truncate().show_ui(ui, |ui| {
        for (index, word) in words.iter().enumerate() {
            if ui.selectable_label(Some(index) == at, word).clicked() && Some(index) != at {
                chosen = Some(index);
            }
        }
    });
    if let Some(colour) = cx.mark {
        let line = Stroke::new(1.6, colour);
        ui.painter().rect_stroke(response.response.rect, 4.0, line, StrokeKind::Inside);
    }
    chosen
}

/// A choice among values with their words.
pub(super) fn choice<T: Clone + PartialEq>(
    ui: &mut Ui,
    cx: &Cx<'_>,
    part: &str,
    choices: &[(T, String)],
    current: &T,
) -> Option<T> {
    let words: Vec<String> = choices.iter().map(|(_, word)| word.clone()).collect();
    let at = choices.iter().position(|(value, _)| value == current);
    combo(ui, cx, part, &words, at).map(|at| choices[at].0.clone())
}

macro_rules! enums {
    ($($type:ty { $($value:expr => $word:expr,)+ })+) => {$(
        impl Value for $type {
            fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
                let choices = [$(($value, $word.to_owned()),)+];
                choice(ui, cx, "value", &choices, self)
            }

            fn text(&self, _: &Topology) -> String {
                let choices: &[($type, &str)] = &[$(($value, $word),)+];
                choices.iter().find(|(v, _)| v == self).map_or(NOT_ENTERED, |(_, w)| w).to_owned()
            }
        }
    )+};
}

enums! {
    Role {
        Self::FrontEnd => "front end",
        Self::BackEnd => "back end",
        Self::DomainController => "domain controller",
        Self::Relay => "relay",
        Self::Other => "other, or not entered",
    }
    Option<Platform> {
        None => NOT_ENTERED,
        Some(Platform::Exchange2003) => "Exchange 2000 or 2003",
        Some(Platform::Exchange2007) => "Exchange 2007, with Hub Transport",
        Some(Platform::Exchange2010) => "Exchange 2010, with Hub Transport",
        Some(Platform::Exchange2013) => "Exchange 2013, all roles",
        Some(Platform::Exchange2016) => "Exchange 2016",
        Some(Platform::Exchange2019) => "Exchange 2019",
        Some(Platform::ExchangeSe) => "Exchange SE (Subscription Edition)",
        Some(Platform::Postfix) => "Postfix, or one like it",
    }
    GroupKind {
        Self::RoutingGroup => "routing group (Exchange 2000, 2003)",
        Self::DirectorySite => "AD site (Exchange 2007 to SE)",
    }
    SegmentKind {
        Self::Lan => "inside network",
        Self::Perimeter => "perimeter network (DMZ)",
    }
    ViewKind {
        Self::Inside => "inside: for those who ask its resolvers",
        Self::Outside => "outside: for everybody on the Internet",
    }
    Option<Blocked> {
        None => NOT_ENTERED,
        Some(Blocked::Drop) => "dropped without a word",
        Some(Blocked::Reject) => "answered with a refusal",
    }
    Scope {
        Self::Organisation => "every server of the organisation",
        Self::Group => "the servers of its routing group or AD site (scoped)",
    }
    Option<bool> {
        None => NOT_ENTERED,
        Some(true) => "yes",
        Some(false) => "no",
    }
}

impl Value for bool {
    fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
        let mut on = *self;
        let word = if on { "yes" } else { "no" };
        let response = ui.checkbox(&mut on, word);
        let name = cx.label.to_owned();
        response.clone().accessible_name(name);
        response.changed().then_some(on)
    }

    fn text(&self, _: &Topology) -> String {
        if *self { "yes" } else { "no" }.to_owned()
    }
}

/// An id that refers to an object.
pub(super) trait Reference: Clone + PartialEq {
    /// All that could be referred to.
    fn all(topology: &Topology) -> Vec<Self>;
    /// The object.
    fn object(&self) -> ObjectId;

    /// The name of the object.
    fn name(&self, topology: &Topology) -> String {
        words::object(topology, &self.object())
    }
}

macro_rules! references {
    ($($id:ty, $map:ident, $kind:ident;)+) => {$(
        impl Reference for $id {
            fn all(topology: &Topology) -> Vec<Self> {
                topology.$map.keys().cloned().collect()
            }

            fn object(&self) -> ObjectId {
                ObjectId::$kind(self.clone())
            }
        }

        impl Value for $id {
            fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
                let name = |id: &Self| (id.clone(), id.name(cx.topology));
                let choices: Vec<_> = Self::all(cx.topology).iter().map(name).collect();
                choice(ui, cx, "value", &choices, self)
            }

            fn text(&self, topology: &Topology) -> String {
                self.name(topology)
            }
        }

        impl Value for Option<$id> {
            fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
                let name = |id: &$id| (Some(id.clone()), id.name(cx.topology));
                let mut choices = vec![(None, NOT_ENTERED.to_owned())];
                choices.extend(<$id>::all(cx.topology).iter().map(name));
                choice(ui, cx, "value", &choices, self)
            }

            fn text(&self, topology: &Topology) -> String {
                self.as_ref().map_or_else(|| NOT_ENTERED.to_owned(), |id| id.name(topology))
            }
        }
    )+};
}

references! {
    OrganisationId, organisations, Organisation;
    SiteId, sites, Site;
    GroupId, groups, Group;
    DomainId, domains, Domain;
    ServerId, servers, Server;
    FirewallId, firewalls, Firewall;
    ResolverId, resolvers, Resolver;
    ViewId, views, View;
    LineId, lines, Line;
    ListenerId, listeners, Listener;
}

/// Several references in their order: those chosen, with ways to take one out or move it up, and a
/// combo box to add one.
pub(super) fn several<T: Reference>(
    ui: &mut Ui,
    cx: &Cx<'_>,
    current: &[T],
    choices: &[T],
    ordered: bool,
) -> Option<Vec<T>> {
    let mut list = current.to_vec();
    let mut changed = false;
    for (at, one) in current.iter().enumerate() {
        ui.horizontal_wrapped(|ui| {
            let name = one.name(cx.topology);
            if removable(ui, cx.theme, &name) {
                list.remove(at);
                changed = true;
            }
            if ordered
                && at > 0
                && ui.small_button("↑").on_hover_text(format!("Ask {name} earlier")).clicked()
            {
                list.swap(at, at - 1);
                changed = true;
            }
        });
        if changed {
            return Some(list);
        }
    }
    let left: Vec<&T> = choices.iter().filter(|id| !current.contains(id)).collect();
    if left.is_empty() {
        if current.is_empty() {
            ui.label(weak(cx.theme, "there is none to choose"));
        }
        return None;
    }
    let words: Vec<String> = left.iter().map(|id| id.name(cx.topology)).collect();
    let mut chosen = None;
    let combo = ComboBox::from_id_salt(cx.key("add")).width(ui.available_width());
    let hint = if current.is_empty() { "none; add" } else { "Add" };
    combo.selected_text(hint).show_ui(ui, |ui| {
        for (index, word) in words.iter().enumerate() {
            if ui.selectable_label(false, word).clicked() {
                chosen = Some(index);
            }
        }
    });
    list.push((*left.get(chosen?)?).clone());
    Some(list)
}

/// The names of several references.
pub(super) fn names<'v, T: Reference + 'v>(
    topology: &Topology,
    list: impl IntoIterator<Item = &'v T>,
) -> String {
    let names: Vec<String> = list.into_iter().map(|id| id.name(topology)).collect();
    super::text::joined(&names)
}

impl Value for BTreeSet<ListenerId> {
    fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
        let current: Vec<_> = self.iter().cloned().collect();
        let all = bridgeheads(cx);
        several(ui, cx, &current, &all, false).map(|list| list.into_iter().collect())
    }

    fn text(&self, topology: &Topology) -> String {
        names(topology, self)
    }
}

/// The listeners that can be a connector's bridgeheads: those of its group's servers; all of them
/// where no server is in the group yet.
fn bridgeheads(cx: &Cx<'_>) -> Vec<ListenerId> {
    let group = match (cx.id, cx.name) {
        (ObjectId::GroupConnector(id), "targets") => {
            cx.topology.group_connectors.get(id).map(|c| &c.to)
        }
        (ObjectId::GroupConnector(id), _) => cx.topology.group_connectors.get(id).map(|c| &c.from),
        (ObjectId::SmtpConnector(id), _) => cx.topology.smtp_connectors.get(id).map(|c| &c.group),
        _ => None,
    };
    let all = ListenerId::all(cx.topology);
    let fits = |id: &&ListenerId| {
        cx.topology.servers.get(&id.server).is_some_and(|s| s.group.as_ref() == group)
    };
    let found: Vec<_> = all.iter().filter(fits).cloned().collect();
    if found.is_empty() { all } else { found }
}

impl Value for BTreeSet<GroupId> {
    fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
        let current: Vec<_> = self.iter().cloned().collect();
        let is_site = |id: &GroupId| {
            cx.topology.groups.get(id).is_some_and(|g| g.kind == GroupKind::DirectorySite)
        };
        let all: Vec<_> = GroupId::all(cx.topology).into_iter().filter(is_site).collect();
        several(ui, cx, &current, &all, false).map(|list| list.into_iter().collect())
    }

    fn text(&self, topology: &Topology) -> String {
        names(topology, self)
    }
}

impl Value for Vec<ViewId> {
    fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
        several(ui, cx, self, &ViewId::all(cx.topology), true)
    }

    fn text(&self, topology: &Topology) -> String {
        names(topology, self)
    }
}

impl Value for Option<Vec<ResolverId>> {
    fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
        if self.is_none() {
            let text = match cx.id {
                ObjectId::Server(_) => "not entered: it asks its site's",
                _ => NOT_ENTERED,
            };
            ui.label(weak(cx.theme, text));
        }
        let current = self.as_deref().unwrap_or_default();
        several(ui, cx, current, &ResolverId::all(cx.topology), true)
            .map(|list| (!list.is_empty()).then_some(list))
    }

    fn text(&self, topology: &Topology) -> String {
        self.as_ref().map_or_else(|| NOT_ENTERED.to_owned(), |list| names(topology, list))
    }
}

impl Value for Place {
    fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
        let segments = cx.topology.segments.keys().cloned().map(Self::Segment);
        let choices: Vec<_> = segments
            .chain([Self::Internet])
            .map(|place| (place.clone(), place.text(cx.topology)))
            .collect();
        choice(ui, cx, "value", &choices, self)
    }

    fn text(&self, topology: &Topology) -> String {
        match self {
            Self::Segment(id) => words::object(topology, &ObjectId::Segment(id.clone())),
            Self::Internet => "on the Internet".to_owned(),
        }
    }
}
