//! Live checks: what is to be asked of whom, and what came, held against the plan. Nothing is sent
//! from the panel: it asks for the list of contacts, and that list asks whether to send.

mod options;
mod table;

use super::{bottom, findings::toggle};
use crate::{
    gui::{
        command::Command,
        state::Plan,
        theme::Theme,
        validation::{WORST_FIRST, rows},
        widgets::{Symbol, chip},
    },
    model::{beside::Outcome, id::SiteId},
};
use eframe::egui::{Align, Layout, Ui, UiBuilder};
use std::collections::BTreeMap;

/// How much of the width the options take.
const SHARE: f32 = 0.27;

pub(super) fn validation_ui(
    ui: &mut Ui,
    theme: &Theme,
    plan: &mut Plan,
    outcomes: bool,
    commands: &mut Vec<Command>,
) {
    let area = ui.available_rect_before_wrap();
    // Both halves write to the panel's own drafts, so they are drawn one after the other.
    let mut rest =
        ui.new_child(UiBuilder::new().max_rect(area).layout(Layout::top_down(Align::Min)));
    bottom::halves(
        ui,
        theme,
        SHARE,
        |ui| options::options_ui(ui, theme, plan, outcomes, commands),
        |_| {},
    );
    bottom::halves(
        &mut rest,
        theme,
        SHARE,
        |_| {},
        |ui| table::table_ui(ui, theme, plan, commands),
    );
}

/// The chip beside the tab: how many passed of how many.
pub(super) fn count_ui(ui: &mut Ui, theme: &Theme, plan: &Plan) {
    let all = rows(plan);
    let Some(first) = all.first() else { return };
    if first.stale {
        chip(ui, "stale", theme.warn, theme.warn_bg);
        return;
    }
    let fresh = all.iter().filter(|row| !row.stale);
    let passed = fresh.clone().filter(|row| row.evidence.outcome == Outcome::Pass).count();
    let symbol = Symbol::outcome(first.evidence.outcome);
    let text = format!("{passed} of {}", fresh.count());
    chip(ui, &text, symbol.colour(theme), symbol.behind(theme));
}

/// From which sites answers are listed, where there are several.
fn places_ui(ui: &mut Ui, theme: &Theme, plan: &mut Plan) {
    let mut places: BTreeMap<Option<SiteId>, usize> = BTreeMap::new();
    for row in rows(plan) {
        *places.entry(row.evidence.from.clone()).or_default() += 1;
    }
    if places.len() < 2 {
        return;
    }
    for (place, count) in places.into_iter().rev() {
        let name = match &place {
            Some(site) => {
                plan.topology().sites.get(site).map_or(site.to_string(), |s| s.name.clone())
            }
            None => "no site".to_owned(),
        };
        let mut on = !plan.validation.hidden_places.contains(&place);
        toggle(ui, theme, &mut on, &format!("{count} from {name}"), Symbol::Dash);
        if on {
            plan.validation.hidden_places.remove(&place);
        } else {
            plan.validation.hidden_places.insert(place);
        }
    }
}

/// Which outcomes are listed.
pub(super) fn filter_ui(ui: &mut Ui, theme: &Theme, plan: &mut Plan) {
    let (mut counts, mut stale) = ([0_usize; WORST_FIRST.len()], 0);
    for row in rows(plan) {
        match WORST_FIRST.iter().position(|outcome| *outcome == row.evidence.outcome) {
            _ if row.stale => stale += 1,
            Some(at) => counts[at] += 1,
            None => {}
        }
    }
    // From the right: the row is laid out towards the left.
    ui.spacing_mut().item_spacing.x = 4.0;
    places_ui(ui, theme, plan);
    if !plan.validation.changed.is_empty() {
        let count = plan.validation.changed.len();
        let mut on = plan.validation.only_changed;
        toggle(ui, theme, &mut on, &format!("only {count} changed"), Symbol::Triangle);
        plan.validation.only_changed = on;
    }
    if stale > 0 {
        let mut on = !plan.validation.hide_stale;
        toggle(ui, theme, &mut on, &format!("{stale} stale"), Symbol::Dash);
        plan.validation.hide_stale = !on;
    }
    for (outcome, count) in WORST_FIRST.into_iter().zip(counts).rev() {
        if count == 0 {
            continue;
        }
        let mut on = !plan.validation.hidden.contains(&outcome);
        let text = format!("{count} {}", outcome.name().replace('-', " "));
        toggle(ui, theme, &mut on, &text, Symbol::outcome(outcome));
        if on {
            plan.validation.hidden.remove(&outcome);
        } else {
            plan.validation.hidden.insert(outcome);
        }
    }
}
