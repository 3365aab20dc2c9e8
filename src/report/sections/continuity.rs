//! Failure and continuity: what each failure loses, how mail waits while a site is down, when not to act,
//! whom to ring. Worked out here for plans of a usual size; left out, and said so, for larger ones.

use crate::{
    model::{ObjectId, Subject, Topology, server::Platform},
    platform::retry,
    report::{
        context::{Context, count, end, subject},
        document::{Block, Cell, Column, Mark, Table, Text},
        values::grouped,
    },
    sim::studies::{
        faults::{Depth, Faults, faults},
        outage::{Outage, Scenario, outage},
    },
};

/// Up to so many servers and so many things that may fail the studies are worked out here.
const SERVERS_MAX: usize = 24;
const OBJECTS_MAX: usize = 90;
/// As many sites are put on the clock.
const SITES_MAX: usize = 4;
/// For so many hours each.
const HOURS: u32 = 8;
/// As many failures are listed.
const FAILURES_MAX: usize = 20;

/// The section.
pub fn blocks(context: &Context<'_>, _: &str) -> Vec<Block> {
    let topology = context.last();
    let mut blocks = vec![Block::Remark(
        "As it stands once all phases are done. A failed site is cut off from everything; nothing is \
         repaired meanwhile."
            .into(),
    )];
    let size = topology.servers.len();
    let objects = topology.ids().len();
    if size == 0 {
        blocks.push(Block::Paragraph("No server is drawn, so nothing can fail.".into()));
    } else if size > SERVERS_MAX || objects > OBJECTS_MAX * 4 {
        blocks.push(Block::Paragraph(
            Text::from(format!(
                "Left out: with {} the failures take longer than a document may. These say it: ",
                count(size, "server")
            ))
            .and(crate::report::document::Style::Mono, "bridgehead faults PLAN")
            .and(crate::report::document::Style::Plain, " and ")
            .and(
                crate::report::document::Style::Mono,
                format!("bridgehead outage PLAN --fail site:… --hours {HOURS}"),
            ),
        ));
    } else {
        studies(context, topology, &mut blocks);
    }
    blocks.push(super::heading("How long mail waits"));
    blocks.push(Block::Table(waits(topology)));
    blocks.push(super::heading("When not to act"));
    blocks.push(Block::List(vec![
        "A short power cut or a restart: mail waits with whoever sends it and comes by itself. \
         Changing records then makes it worse, for the change is remembered for its TTL."
            .into(),
        "A queue that is long but moves: attempts go on by themselves; the table above says how often."
            .into(),
        "A second mail exchanger that does not know the mailboxes is no cure: it takes mail that nobody \
         can deliver."
            .into(),
    ]));
    blocks.push(super::heading("Whom to ring"));
    let contacts = &context.analysis.project.dossier.contacts;
    blocks.push(Block::Table(super::control::rows(contacts, "No contact was entered")));
    blocks
}

fn studies(context: &Context<'_>, topology: &Topology, blocks: &mut Vec<Block>) {
    let inputs = &context.analysis.inputs;
    blocks.push(super::heading("What each failure loses"));
    match faults(topology, inputs, Depth::Single, &mut |_| true) {
        Ok(found) => blocks.push(Block::Table(losses(topology, &found))),
        Err(stopped) => blocks.push(Block::Paragraph(stopped.to_string().into())),
    }
    blocks.push(super::heading(&format!("A site is down for {HOURS} hours")));
    let sites: Vec<_> = topology
        .sites
        .keys()
        .filter(|site| topology.mailboxes.values().any(|m| m.users_at.as_ref() == Some(*site)))
        .collect();
    let mut table = Table::new(
        &["Site", "Sent", "Arrives", "Late", "Returned", "Lost", "Cannot tell", "Longest way"],
        "No site has users whose mail could wait",
    );
    for column in &mut table.columns[1..] {
        column.right = true;
    }
    for site in sites.iter().take(SITES_MAX) {
        let failed = Subject::Object(ObjectId::Site((*site).clone()));
        let scenario =
            Scenario { failures: [failed].into(), minutes: HOURS * 60, actions: Vec::new() };
        let name = topology.name(&ObjectId::Site((*site).clone()));
        match outage(topology, inputs, &scenario, &mut |_| true) {
            Ok(found) => table.rows.push(clocked(name, &found)),
            Err(error) => {
                let mut row = vec![Cell::from(Text::strong(name)), Cell::from(error.to_string())];
                row.resize(table.columns.len(), Cell::default());
                table.rows.push(row);
            }
        }
    }
    let more = sites.len().saturating_sub(SITES_MAX);
    blocks.push(Block::Table(table));
    if more > 0 {
        let left = format!("{more} more sites were not put on the clock.");
        blocks.push(Block::Remark(left.into()));
    }
    blocks.push(Block::Remark(
        "Messages, by the counts of mailboxes and the usual numbers of messages; saturation of lines \
         and different hours of the day are not in the model."
            .into(),
    ));
}

fn losses(topology: &Topology, found: &Faults) -> Table {
    let mut table = Table::new(
        &["Fails", "Mail that no longer arrives", "Goes another way", "User-hours an hour"],
        "Nothing that is drawn may fail",
    );
    table.columns[2] = Column { right: true, ..table.columns[2].clone() };
    table.columns[3] = Column { right: true, ..table.columns[3].clone() };
    let name = |at: u32| found.ends.get(at as usize).map_or(String::new(), |e| end(topology, e));
    for failure in found.single.iter().take(FAILURES_MAX) {
        let lost = &failure.loss.lost;
        let mut pairs: Vec<String> =
            lost.iter().take(4).map(|(a, b)| format!("{} → {}", name(*a), name(*b))).collect();
        if lost.len() > 4 {
            pairs.push(format!("{} more", lost.len() - 4));
        }
        let (mark, said) = match (lost.is_empty(), failure.loss.unknown.len()) {
            (false, _) => (Mark::Error, pairs.join(", ")),
            (true, 0) => (Mark::Pass, "nothing".to_owned()),
            (true, open) => (Mark::Unknown, format!("cannot be told of {}", count(open, "pair"))),
        };
        table.rows.push(vec![
            Cell::from(Text::strong(subject(topology, &failure.subject))),
            Cell::marked(mark, said),
            Cell::from(failure.rerouted.to_string()),
            Cell::from(format!("{:.0}", failure.loss.user_hours_per_hour)),
        ]);
    }
    if found.single.len() > FAILURES_MAX {
        let left = format!("{} more, each of them milder", found.single.len() - FAILURES_MAX);
        let mut row = vec![Cell::from(Text::weak(left))];
        row.resize(table.columns.len(), Cell::default());
        table.rows.push(row);
    }
    table
}

fn clocked(name: String, found: &Outage) -> Vec<Cell> {
    let total = found.total();
    let bad = |number: u64| match number {
        0 => Cell::from("0"),
        number => Cell::marked(Mark::Error, grouped(number)),
    };
    vec![
        Cell::from(Text::strong(name)),
        Cell::from(grouped(total.submitted)),
        Cell::from(grouped(total.delivered)),
        Cell::from(grouped(found.delayed)),
        bad(total.returned),
        bad(total.lost),
        match total.unknown {
            0 => Cell::from("0"),
            number => Cell::marked(Mark::Unknown, grouped(number)),
        },
        Cell::from(format!("{}:{:02} h", found.longest_wait_min / 60, found.longest_wait_min % 60)),
    ]
}

fn waits(topology: &Topology) -> Table {
    let mut table = Table::new(
        &["Mail system", "Tries again every", "Tells the sender after", "Returns it after"],
        "No mail system is entered",
    );
    let systems = [
        (Platform::Exchange2003, "Exchange 2003", &retry::EXCHANGE_2003),
        (Platform::Postfix, "Postfix", &retry::POSTFIX),
    ];
    for (platform, name, habits) in systems {
        if !topology.servers.values().any(|s| s.platform == Some(platform)) {
            continue;
        }
        let last = habits.gaps.last().copied().unwrap_or_default();
        let notice = habits.notice_min.map_or("never".to_owned(), |m| format!("{} h", m / 60));
        table.rows.push(vec![
            Cell::from(Text::strong(name)),
            Cell::from(format!("{last} min, sooner at first")),
            Cell::from(notice),
            Cell::from(format!("{} h", habits.expiry_min / 60)),
        ]);
    }
    table
}
