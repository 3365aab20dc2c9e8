//! Mail domains and mailboxes of a random plan.

use super::{Draft, of};
use bridgehead::model::{
    id::{DomainId, ServerId, SiteId},
    organisation::{MailDomain, Mailboxes},
    topology::Object,
};
use std::collections::BTreeSet;

/// Draws the domains of each organisation and who has a mailbox where.
pub(super) fn draw(draft: &mut Draft) {
    draw_domain(draft, "corp", "corp.example", "corp");
    draw_domain(draft, "partner", "partner.example", "partner");
    let second = draft.random.chance(30);
    if second {
        draw_domain(draft, "corp2", "corp2.example", "corp");
    }
    if draft
        .topology
        .organisations
        .contains_key(&of::<bridgehead::model::id::OrganisationId>("other"))
    {
        draw_domain(draft, "other", "other.example", "other");
    }
    for spot in 0..draft.spots.len() {
        let servers = draft.spots[spot].servers.clone();
        // The first server of several is a front-end, mostly without mailboxes.
        let from = usize::from(servers.len() > 1 && draft.random.chance(85));
        for home in &servers[from..] {
            draw_group(draft, spot, home, second);
        }
    }
    let friends = Mailboxes {
        name: "friends".to_owned(),
        domain: of("partner"),
        users_at: None,
        home: Some(of("partner")),
        count: 10,
        from_internet_per_day: None,
        to_internet_per_day: None,
        inside_per_day: None,
        addresses: BTreeSet::new(),
    };
    draft.insert(Object::Mailboxes(of("friends"), friends));
}

fn draw_domain(draft: &mut Draft, id: &str, name: &str, organisation: &str) {
    let domain = MailDomain { name: of(name), organisation: of(organisation) };
    draft.insert(Object::Domain(of(id), domain));
}

fn draw_group(draft: &mut Draft, spot: usize, home: &ServerId, second: bool) {
    let other = draft.topology.servers[home].organisation == Some(of("other"));
    let domain: DomainId = match other {
        true => of("other"),
        false if second && draft.random.chance(30) => of("corp2"),
        false => of("corp"),
    };
    let sites: Vec<SiteId> = draft.spots.iter().map(|s| s.site.clone()).collect();
    let here = draft.spots[spot].site.clone();
    let users_at = match draft.random.below(100) {
        0..75 => Some(here),
        75..90 => draft.random.pick(&sites),
        _ => None,
    };
    let name = draft.topology.domains[&domain].name.clone();
    let addresses = match draft.random.below(100) {
        0..40 => [of(&format!("{home}@{name}"))].into(),
        40..55 => [of(&format!("{home}@{name}")), of(&format!("anna@{name}"))].into(),
        _ => BTreeSet::new(),
    };
    let home = if draft.fault(3) { None } else { Some(home.clone()) };
    let id = of(&format!("box-{}", draft.topology.mailboxes.len()));
    let group = Mailboxes {
        name: format!("{id:?}"),
        domain,
        users_at,
        home,
        count: 50,
        from_internet_per_day: None,
        to_internet_per_day: None,
        inside_per_day: None,
        addresses,
    };
    draft.insert(Object::Mailboxes(id, group));
}
