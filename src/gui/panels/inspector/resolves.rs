//! What a listener's name resolves to, asked as each site's servers are told it, and as the Internet is.

use crate::{
    gui::{
        state::Plan,
        theme::Theme,
        widgets::{Symbol, strong, symbol, weak},
    },
    model::{Topology, dns::RecordKind, name::Fqdn, server::ListenerId},
    net::{
        lookup::{Answer, Asker},
        world::{Inputs, ServerIx, Spot, World},
    },
};
use eframe::egui::{Align, Label, Layout, RichText, Ui};
use std::{collections::BTreeSet, net::IpAddr};

/// One row: who asks, what is told, and whether it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::gui) struct Told {
    who: String,
    what: String,
    fine: bool,
    known: bool,
}

pub(super) fn resolves_ui(ui: &mut Ui, theme: &Theme, plan: &mut Plan, listener: &ListenerId) {
    let topology = plan.topology();
    let Some(server) = topology.servers.get(&listener.server) else { return };
    let own = topology.listeners.get(listener).and_then(|l| l.fqdn.clone());
    let Some(name) = own.or_else(|| server.computer_fqdn()) else { return };
    let addresses = server.addresses.clone();
    let key = (plan.workspace.revisions().topology, plan.phase, name.to_string());
    if plan.derived.resolved.as_ref().map(|(known, _)| known) != Some(&key) {
        let told = ask(plan.topology(), &plan.analysis().inputs, &name, &addresses);
        plan.derived.resolved = Some((key, told));
    }
    let Some((_, told)) = &plan.derived.resolved else { return };
    ui.add_space(8.0);
    ui.add(Label::new(strong(format!("{name} resolves"), 13.0)).wrap());
    for row in told {
        ui.horizontal(|ui| {
            ui.label(weak(theme, &row.who));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let kind = match (row.known, row.fine) {
                    (false, _) => Symbol::Question,
                    (true, true) => Symbol::Tick,
                    (true, false) => Symbol::Triangle,
                };
                symbol(ui, theme, 7.0, kind);
                let text = RichText::new(&row.what).monospace().size(12.0);
                ui.add(Label::new(text).truncate());
            });
        });
    }
    ui.label(weak(theme, "as the plan has it; nothing was asked live").size(11.0));
}

/// Asks as one server of each site does, and as the Internet.
fn ask(topology: &Topology, inputs: &Inputs, name: &Fqdn, own: &[IpAddr]) -> Vec<Told> {
    let failures = BTreeSet::new();
    let world = World::new(topology, inputs, &failures);
    let mut seen = BTreeSet::new();
    let mut told = Vec::new();
    for ix in world.server_ixs() {
        let Spot::Inside(site, _) = world.server(ix).spot else { continue };
        if seen.insert(site) {
            let who = format!("at {}, inside", world.site(site).object.name);
            told.push(one(&world, Asker::Server(ix), who, name, Some(own)));
        }
    }
    told.push(one(&world, Asker::Outside, "on the Internet".to_owned(), name, None));
    told
}

fn one(world: &World<'_>, asker: Asker, who: String, name: &Fqdn, own: Option<&[IpAddr]>) -> Told {
    let kinds = match asker {
        Asker::Server(ix) => families(world, ix),
        Asker::Outside => vec![RecordKind::A],
    };
    let mut addresses: Vec<IpAddr> = Vec::new();
    let mut why = None;
    for kind in kinds {
        let lookup = world.ask(asker, name, kind);
        addresses.extend(lookup.addresses());
        let (text, known) = match &lookup.answer {
            Answer::Found(..) => continue,
            Answer::NoSuchName => ("no such name", true),
            Answer::NoData => ("no address", true),
            Answer::Temporary => ("no answer", true),
            Answer::Unknown(_) => ("cannot tell", false),
        };
        why.get_or_insert((text, known));
    }
    if addresses.is_empty() {
        let (text, known) = why.unwrap_or(("no address", true));
        return Told { who, what: text.to_owned(), fine: false, known };
    }
    let fine = own.is_none_or(|own| addresses.iter().any(|a| own.contains(a)));
    let what: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    Told { who, what: what.join(", "), fine, known: true }
}

/// The record types that a server asks for: those of the families that it has itself.
fn families(world: &World<'_>, ix: ServerIx) -> Vec<RecordKind> {
    let addresses = &world.server(ix).object.addresses;
    let mut kinds = Vec::new();
    if addresses.is_empty() || addresses.iter().any(IpAddr::is_ipv4) {
        kinds.push(RecordKind::A);
    }
    if addresses.iter().any(IpAddr::is_ipv6) {
        kinds.push(RecordKind::Aaaa);
    }
    kinds
}
