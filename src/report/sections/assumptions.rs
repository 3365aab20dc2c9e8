//! Assumptions, dependencies and exclusions: what is taken for granted, who has checked it, what it does
//! if it is false.

use crate::{
    model::{
        ObjectId,
        assumption::{About, Behaviour},
    },
    report::{
        context::Context,
        document::{Block, Cell, Mark, Table, Text},
    },
};

/// The section.
pub fn blocks(context: &Context<'_>, _: &str) -> Vec<Block> {
    let project = &context.analysis.project;
    let mut table = Table::new(
        &["No", "Assumption", "If it is false", "Checked by", "How", "When"],
        "Nothing was assumed about the client's network",
    );
    // The unchecked ones first: they are what has to be done.
    let mut list: Vec<_> = project.assumptions.iter().collect();
    list.sort_by_key(|(_, a)| (!a.on, a.checked.is_some()));
    for (number, (_, assumption)) in list.into_iter().enumerate() {
        let (mark, by, how, at) = match &assumption.checked {
            _ if !assumption.on => (Mark::Dash, "switched off", String::new(), String::new()),
            None => (Mark::Unknown, "not checked", String::new(), String::new()),
            Some(c) => (Mark::Pass, c.by.as_str(), c.how.clone(), c.when.clone()),
        };
        table.rows.push(vec![
            Cell::from(Text::strong(format!("A-{}", number + 1))),
            Cell::lines(vec![
                Text::from(assumption.text.as_str()),
                Text::weak(about(context, &assumption.about)),
            ]),
            Cell::from(effect(&assumption.about)),
            Cell::marked(mark, by),
            Cell::from(how),
            Cell::from(at),
        ]);
    }
    vec![
        Block::Remark("Don't presume that this network is like others.".into()),
        Block::Table(table),
        super::heading("How the mail systems are taken to behave"),
        Block::Remark(
            "These rest on one source or none. Each can be switched off in the plan, and every trace \
             that leans on one says so."
                .into(),
        ),
        Block::Table(behaviours(context)),
        super::heading("What this document does not speak of"),
        Block::List(vec![
            "Load: whether lines, servers and disks bear the mail of a busy hour.".into(),
            "What is not drawn: clients, public folders, journals, archives, filters of others.".into(),
            "The contents of backups: that they can be restored is confirmed in the pauses.".into(),
        ]),
    ]
}

/// What becomes of the plan if an assumption is false.
fn effect(about: &About) -> &'static str {
    match about {
        About::Behaviour(_) => "Mail that leans on it may queue, be returned or go astray",
        About::OutboundOpen(_) => "Mail to the Internet queues behind this firewall",
        About::Hairpin(_) => "Hosts inside do not reach its public addresses",
        About::NoHairpin(_) => "Hosts inside reach its public addresses after all",
        About::LinkOpen(_) => "Mail across the link queues",
        About::SegmentOpen(_) => "Hosts of other segments do not reach this one",
        About::NoInternet(_) => "Mail leaves or arrives by a way that nobody planned",
        About::Note => "Nothing that is computed",
    }
}

fn about(context: &Context<'_>, about: &About) -> String {
    let topology = context.last();
    let name = |id: ObjectId| topology.name(&id);
    match about {
        About::Behaviour(behaviour) => behaviour.name().replace('-', " "),
        About::OutboundOpen(id) => {
            format!("{}: port 25 out is open", name(ObjectId::Firewall(id.clone())))
        }
        About::Hairpin(id) => format!("{}: hairpin", name(ObjectId::Firewall(id.clone()))),
        About::NoHairpin(id) => format!("{}: no hairpin", name(ObjectId::Firewall(id.clone()))),
        About::LinkOpen(id) => {
            format!("{}: lets everything pass", name(ObjectId::Link(id.clone())))
        }
        About::SegmentOpen(id) => {
            format!("{}: open to other segments", name(ObjectId::Segment(id.clone())))
        }
        About::NoInternet(id) => {
            format!("{}: no way to the Internet", name(ObjectId::Site(id.clone())))
        }
        About::Note => "a note".to_owned(),
    }
}

fn behaviours(context: &Context<'_>) -> Table {
    let mut table = Table::new(&["Behaviour", "Taken"], "");
    for behaviour in Behaviour::ALL {
        let on = context.analysis.inputs.on(behaviour);
        let mark = if on { Mark::Note } else { Mark::Dash };
        table.rows.push(vec![
            Cell::lines(vec![Text::from(meaning(behaviour)), Text::weak(behaviour.name())]),
            Cell::marked(mark, if on { "yes" } else { "no" }),
        ]);
    }
    table
}

fn meaning(behaviour: Behaviour) -> &'static str {
    match behaviour {
        Behaviour::BindingSparesLookup => {
            "A connector's target that is bound to an address is found by that address: nothing is \
             looked up"
        }
        Behaviour::SameGroupByComputerName => {
            "Servers of one routing group find each other by computer name"
        }
        Behaviour::OwnServerWithoutConnector => {
            "Without an SMTP connector in scope a server sends Internet mail by its own virtual \
             server, by DNS"
        }
        Behaviour::ConnectorNameErrorQueues => {
            "A next hop of Exchange's own routing whose name does not exist keeps the mail in the \
             queue"
        }
        Behaviour::InternetNameErrorReturns => {
            "An Internet domain that does not exist returns the mail"
        }
        Behaviour::OddMxAsPostfix => "Exchange treats an odd mail exchanger as Postfix does",
        Behaviour::EqualCostFirstByName => {
            "Of routes with equal cost the one whose connector comes first by name is used"
        }
        Behaviour::LinkStateReroutes => {
            "A connector with named source bridgeheads that cannot deliver is marked down, and mail \
             takes the next route"
        }
        Behaviour::InternetIsDrawn => {
            "Everything on the Internet that matters is drawn: other names do not exist there"
        }
    }
}
