//! Values with particulars: first which way, then the particulars of that way.

use super::{
    choice::{Reference as _, choice, combo, names, several},
    tables,
    text::{joined, list, texts},
    value::{Cx, Value},
};
use crate::{
    gui::panels::compare::NOT_ENTERED,
    model::{
        ObjectId, Topology,
        address::{Filter, Subnet},
        connector::Delivery,
        dns::Forward,
        id::{LineId, ResolverId, SiteId},
        server::Bindings,
        site::{InternetAccess, Outbound},
    },
};
use eframe::egui::Ui;
use std::{collections::BTreeSet, net::IpAddr};

/// Which way; gives its place when it was chosen anew.
fn mode(ui: &mut Ui, cx: &Cx<'_>, words: &[&str], at: usize) -> Option<usize> {
    let words: Vec<String> = words.iter().map(ToString::to_string).collect();
    combo(ui, cx, "way", &words, Some(at))
}

impl Value for Bindings {
    fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
        let at = usize::from(*self != Self::All);
        match mode(ui, cx, &["All unassigned", "These addresses"], at) {
            Some(0) => return Some(Self::All),
            Some(_) => return Some(Self::Addresses(own_addresses(cx))),
            None => {}
        }
        let Self::Addresses(set) = self else { return None };
        list(ui, cx, "addresses", &texts(set)).map(|l| Self::Addresses(l.into_iter().collect()))
    }

    fn text(&self, _: &Topology) -> String {
        match self {
            Self::All => "All unassigned".to_owned(),
            Self::Addresses(set) => joined(&texts(set)),
        }
    }
}

fn own_addresses(cx: &Cx<'_>) -> BTreeSet<IpAddr> {
    let ObjectId::Listener(id) = cx.id else { return BTreeSet::new() };
    let server = cx.topology.servers.get(&id.server);
    server.map(|s| s.addresses.iter().copied().collect()).unwrap_or_default()
}

impl Value for Delivery {
    fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
        let at = usize::from(*self != Self::Dns);
        match mode(ui, cx, &["By the recipient's mail exchangers (DNS)", "By smart hosts"], at) {
            Some(0) => return Some(Self::Dns),
            Some(_) => return Some(Self::SmartHosts(vec![])),
            None => {}
        }
        let Self::SmartHosts(hosts) = self else { return None };
        list(ui, cx, "smart hosts, one a line", &texts(hosts)).map(Self::SmartHosts)
    }

    fn text(&self, _: &Topology) -> String {
        match self {
            Self::Dns => "by DNS".to_owned(),
            Self::SmartHosts(hosts) => format!("by smart hosts: {}", joined(&texts(hosts))),
        }
    }
}

impl Value for Option<Outbound> {
    fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
        let at = match self {
            None => 0,
            Some(Outbound::All) => 1,
            Some(Outbound::Only(_)) => 2,
        };
        match mode(ui, cx, &[NOT_ENTERED, "Every host of the site", "Only these addresses"], at) {
            Some(0) => return Some(None),
            Some(1) => return Some(Some(Outbound::All)),
            Some(_) => return Some(Some(Outbound::Only(BTreeSet::new()))),
            None => {}
        }
        let Some(Outbound::Only(set)) = self else { return None };
        list(ui, cx, "addresses", &texts(set))
            .map(|l| Some(Outbound::Only(l.into_iter().collect())))
    }

    fn text(&self, _: &Topology) -> String {
        match self {
            None => NOT_ENTERED.to_owned(),
            Some(Outbound::All) => "every host".to_owned(),
            Some(Outbound::Only(set)) => format!("only {}", joined(&texts(set))),
        }
    }
}

impl Value for Option<BTreeSet<Subnet>> {
    fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
        let at = usize::from(self.is_some());
        match mode(ui, cx, &[NOT_ENTERED, "Only these subnets"], at) {
            Some(0) => return Some(None),
            Some(_) => return Some(Some(BTreeSet::new())),
            None => {}
        }
        let set = self.as_ref()?;
        list(ui, cx, "subnets", &texts(set)).map(|l| Some(l.into_iter().collect()))
    }

    fn text(&self, _: &Topology) -> String {
        self.as_ref().map_or_else(|| NOT_ENTERED.to_owned(), |set| joined(&texts(set)))
    }
}

impl Value for Option<Forward> {
    fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
        let at = match self {
            None => 0,
            Some(Forward::Internet) => 1,
            Some(Forward::To(_)) => 2,
            Some(Forward::Nowhere) => 3,
        };
        let ways = [NOT_ENTERED, "The public DNS", "These resolvers", "Nobody"];
        match mode(ui, cx, &ways, at) {
            Some(0) => return Some(None),
            Some(1) => return Some(Some(Forward::Internet)),
            Some(2) => return Some(Some(Forward::To(vec![]))),
            Some(_) => return Some(Some(Forward::Nowhere)),
            None => {}
        }
        let Some(Forward::To(list)) = self else { return None };
        let own = cx.id.clone();
        let mut all = ResolverId::all(cx.topology);
        all.retain(|id| id.object() != own);
        several(ui, cx, list, &all, true).map(|list| Some(Forward::To(list)))
    }

    fn text(&self, topology: &Topology) -> String {
        match self {
            None => NOT_ENTERED.to_owned(),
            Some(Forward::Internet) => "the public DNS".to_owned(),
            Some(Forward::To(list)) => names(topology, list),
            Some(Forward::Nowhere) => "nobody".to_owned(),
        }
    }
}

impl Value for Option<InternetAccess> {
    fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
        let ObjectId::Site(site) = cx.id else { return None };
        let lines: Vec<LineId> = cx
            .topology
            .lines
            .iter()
            .filter(|(_, line)| line.site == *site)
            .map(|(id, _)| id.clone())
            .collect();
        let others: Vec<SiteId> =
            SiteId::all(cx.topology).into_iter().filter(|s| s != site).collect();
        let at = match self {
            None => 0,
            Some(InternetAccess::Lines(_)) => 1,
            Some(InternetAccess::Through(_)) => 2,
            Some(InternetAccess::Nowhere) => 3,
        };
        let none = if lines.len() == 1 { "Not entered: by its one line" } else { NOT_ENTERED };
        let ways = [none, "By its own lines", "By the WAN, through another site", "Not at all"];
        match mode(ui, cx, &ways, at) {
            Some(0) => return Some(None),
            Some(1) => return Some(Some(InternetAccess::Lines(lines))),
            Some(2) => return others.first().cloned().map(|s| Some(InternetAccess::Through(s))),
            Some(_) => return Some(Some(InternetAccess::Nowhere)),
            None => {}
        }
        match self {
            Some(InternetAccess::Lines(list)) => {
                several(ui, cx, list, &lines, true).map(|list| Some(InternetAccess::Lines(list)))
            }
            Some(InternetAccess::Through(through)) => {
                let choices: Vec<_> =
                    others.iter().map(|s| (s.clone(), s.name(cx.topology))).collect();
                choice(ui, cx, "through", &choices, through)
                    .map(|s| Some(InternetAccess::Through(s)))
            }
            _ => None,
        }
    }

    fn text(&self, topology: &Topology) -> String {
        match self {
            None => NOT_ENTERED.to_owned(),
            Some(InternetAccess::Lines(list)) => names(topology, list),
            Some(InternetAccess::Through(site)) => format!("through {}", site.name(topology)),
            Some(InternetAccess::Nowhere) => "not at all".to_owned(),
        }
    }
}

impl Value for Option<Filter> {
    fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self> {
        let at = match self {
            None => 0,
            Some(Filter::Open) => 1,
            Some(Filter::Rules(_)) => 2,
        };
        match mode(ui, cx, &[NOT_ENTERED, "Everything passes", "What these rules allow"], at) {
            Some(0) => return Some(None),
            Some(1) => return Some(Some(Filter::Open)),
            Some(_) => return Some(Some(Filter::Rules(vec![]))),
            None => {}
        }
        let Some(Filter::Rules(rules)) = self else { return None };
        tables::filter_rules(ui, cx, rules).map(|rules| Some(Filter::Rules(rules)))
    }

    fn text(&self, _: &Topology) -> String {
        match self {
            None => NOT_ENTERED.to_owned(),
            Some(Filter::Open) => "everything passes".to_owned(),
            Some(Filter::Rules(rules)) => joined(&tables::rule_texts(rules)),
        }
    }
}
