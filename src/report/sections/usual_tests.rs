//! The usual tests beside the ones that tell: a ping, a NetBIOS name and a computer name say nothing
//! of the name that a connector asks for. Each test is carried out in the simulation.

use crate::{
    model::{
        ObjectId,
        dns::Place,
        id::{ResolverId, ServerId},
        name::Fqdn,
        server::{Listener, ListenerId, Server},
    },
    net::{
        lookup::{Addresses, Asker},
        world::{ServerIx, World},
    },
    report::{
        cases::Case,
        context::{Context, count},
        document::{Block, Cell, Heading, Mark, Style, Table, Text},
    },
    rules::rule::Severity,
};
use std::{collections::BTreeSet, net::IpAddr};

/// As many cases as this are shown with all their tests.
const CASES_MAX: usize = 12;

/// The section.
pub fn blocks(context: &Context<'_>, number: &str) -> Vec<Block> {
    let mut blocks = vec![Block::Remark(
        "A ping of the address, a NetBIOS name and a computer name can all be answered while mail \
         queues: none of them asks for the name that the connector asks for. The commands are for \
         the command prompt of the server that sends."
            .into(),
    )];
    let mut shown = 0;
    let led = |case: &&Case| {
        case.waived.is_none()
            && matches!(case.finding.severity, Severity::Error | Severity::Warning)
            && case.finding.evidence.is_some()
    };
    for case in context.cases.iter().filter(led).take(CASES_MAX) {
        let Some(table) = tests(context, case) else { continue };
        shown += 1;
        blocks.push(Block::Heading(Heading {
            number: format!("{number}.{shown}"),
            text: format!("{}, in {}", case.number, context.phase(case.worst)),
            level: 2,
            new_page: false,
        }));
        blocks.push(Block::Table(table));
    }
    if shown == 0 {
        blocks.push(Block::Paragraph(
            "In this plan no message fails that these tests would hide.".into(),
        ));
    }
    blocks.push(super::heading("The tests that tell"));
    blocks.push(Block::Remark(
        "For each connector, once all phases are done: what its senders have to be told, and where \
         the target has to answer."
            .into(),
    ));
    blocks.push(Block::Table(telling(context)));
    blocks
}

/// A sender and a target in the world of a phase.
struct Pair<'w, 'a> {
    world: &'w World<'a>,
    sender: ServerIx,
    target: &'a Server,
    listener: &'a Listener,
    /// The name that is asked.
    name: Fqdn,
}

/// One test: what it is called, the command, what it shows, and whether that looks well.
struct Test {
    what: &'static str,
    command: String,
    shows: String,
    well: bool,
    /// Whether it says something of the mail.
    tells: bool,
}

fn tests(context: &Context<'_>, case: &Case) -> Option<Table> {
    let phase = &context.analysis.phases[case.worst];
    let world = World::new(&phase.topology, &context.analysis.inputs, &BTreeSet::new());
    let pair = pair(context, case, &world)?;
    let mut table = Table::new(&["Test", "Command", "Shows", "Says of mail"], "");
    let mut all = usual(&pair);
    all.extend(telling_tests(&pair));
    for test in all {
        let mark = if test.well { Mark::Pass } else { Mark::Error };
        let aside = match (test.tells, test.well) {
            (false, _) => "nothing",
            (true, true) => "it arrives",
            (true, false) => "it fails",
        };
        let style = if test.well { Style::Plain } else { Style::Bad };
        table.rows.push(vec![
            Cell::marked(mark, test.what),
            Cell::from(Text::mono(test.command)),
            Cell::from(Text::styled(style, test.shows)),
            Cell::from(Text::weak(aside)),
        ]);
    }
    Some(table)
}

/// The hop that went wrong, or astray: who sends, and whom it means.
fn pair<'w, 'a>(context: &Context<'_>, case: &Case, world: &'w World<'a>) -> Option<Pair<'w, 'a>> {
    let (from, to) = case.finding.evidence.as_ref()?;
    let trace = context.analysis.trace(case.worst, from, to, &BTreeSet::new());
    let wrong = |hop: &&crate::sim::trace::Hop| hop.steps.iter().any(|s| !s.ok || s.doubt);
    let hop = trace.hops.iter().find(wrong)?;
    let sender: ServerId = hop.from.parse().ok()?;
    let target: ServerId = hop.to.as_ref()?.parse().ok()?;
    let topology = world.topology;
    let meant = case.finding.also.iter().find_map(|s| match s.object(topology) {
        Some(ObjectId::Listener(id)) if id.server == target => Some(id),
        _ => None,
    });
    let first = topology.listeners.keys().find(|id| id.server == target).cloned();
    let id: ListenerId = meant.or(first)?;
    let (listener, server) = (topology.listeners.get(&id)?, topology.servers.get(&target)?);
    let name = listener.fqdn.clone().or_else(|| server.computer_fqdn())?;
    Some(Pair { world, sender: world.server_ix(&sender)?, target: server, listener, name })
}

impl Pair<'_, '_> {
    fn sender(&self) -> &Server {
        self.world.server(self.sender).object
    }

    /// The address of the first resolver that the sender asks.
    fn resolver(&self) -> String {
        let first = self.world.server(self.sender).resolvers.as_ref().and_then(|r| r.first());
        let object = first.map(|ix| self.world.resolver(*ix).object);
        object.and_then(|r| r.addresses.first()).map_or(String::new(), |a| format!(" {a}"))
    }

    fn told(&self, name: &Fqdn) -> Addresses<'_> {
        self.world.addresses(Asker::Server(self.sender), name)
    }

    /// What the sender is told, and whether that is one of the target's own addresses.
    fn asks(&self, name: &Fqdn) -> (String, bool) {
        let told = self.told(name);
        let own = told.list.iter().any(|a| self.target.addresses.contains(a));
        let list: Vec<String> = told.list.iter().map(ToString::to_string).collect();
        let shows = if list.is_empty() { "no address".to_owned() } else { list.join(", ") };
        (shows, own)
    }

    /// Whether the target itself answers when this address is opened, and what is seen if not.
    fn opens(&self, address: IpAddr) -> (String, bool) {
        let reach = self.world.connect(Asker::Server(self.sender), address, self.listener.port());
        match reach.end {
            Ok(opened) => {
                let listener = self.world.listener(opened.listener);
                let greets = listener.greeting.as_ref().map_or(String::new(), ToString::to_string);
                (format!("220 {greets}"), true)
            }
            Err(_) => ("no answer".to_owned(), false),
        }
    }
}

/// What people try first.
fn usual(pair: &Pair<'_, '_>) -> Vec<Test> {
    let mut tests = Vec::new();
    if let Some(address) = pair.target.addresses.first() {
        let (_, well) = pair.opens(*address);
        let shows = if well { format!("reply from {address}") } else { "no reply".to_owned() };
        tests.push(Test {
            what: "Ping of the address",
            command: format!("ping {address}"),
            shows,
            well,
            tells: false,
        });
    }
    if let Some(computer) = pair.target.computer_fqdn() {
        let label = computer.as_str().split('.').next().unwrap_or_default().to_uppercase();
        let (_, by_suffix) = pair.asks(&computer);
        // By broadcast on one network, by WINS or the list of suffixes elsewhere.
        let well = pair.sender().place == pair.target.place || by_suffix;
        let address = pair.target.addresses.first().map_or(String::new(), ToString::to_string);
        tests.push(Test {
            what: "NetBIOS name",
            command: format!("ping {label}"),
            shows: if well { format!("reply from {address}") } else { "not found".to_owned() },
            well,
            tells: false,
        });
        let (shows, well) = pair.asks(&computer);
        tests.push(Test {
            what: "Computer name",
            command: format!("nslookup {computer}{}", pair.resolver()),
            shows,
            well,
            tells: false,
        });
    }
    if let Some(address) = pair.target.addresses.first() {
        let (shows, well) = pair.opens(*address);
        tests.push(Test {
            what: "Port 25 of the address",
            command: format!("telnet {address} {}", pair.listener.port()),
            shows,
            well,
            tells: false,
        });
    }
    tests
}

/// What asks for what the connector asks for.
fn telling_tests(pair: &Pair<'_, '_>) -> Vec<Test> {
    let (shows, well) = pair.asks(&pair.name);
    let planned: Vec<String> = pair.target.addresses.iter().map(ToString::to_string).collect();
    let wanted = if well { String::new() } else { format!(", not {}", planned.join(", ")) };
    let mut tests = vec![Test {
        what: "The name that is asked",
        command: format!("nslookup {}{}", pair.name, pair.resolver()),
        shows: format!("{shows}{wanted}"),
        well,
        tells: true,
    }];
    let told = pair.told(&pair.name).list;
    let (shows, well) =
        told.first().map_or(("no address".to_owned(), false), |address| pair.opens(*address));
    tests.push(Test {
        what: "Port 25 of that name",
        command: format!("telnet {} {}", pair.name, pair.listener.port()),
        shows,
        well,
        tells: true,
    });
    tests
}

/// For each connector of the last phase: the question, who is asked, the address that is planned.
fn telling(context: &Context<'_>) -> Table {
    let topology = context.last();
    let mut table = Table::new(
        &["Connector", "On the server", "Command", "Has to show"],
        "No routing group connector is drawn",
    );
    for connector in topology.group_connectors.values() {
        for target in &connector.targets {
            let Some(server) = topology.servers.get(&target.server) else { continue };
            let own = topology.listeners.get(target).and_then(|l| l.fqdn.clone());
            let Some(name) = own.or_else(|| server.computer_fqdn()) else { continue };
            let planned: Vec<String> = server.addresses.iter().map(ToString::to_string).collect();
            let in_group = |s: &&Server| s.group.as_ref() == Some(&connector.from);
            let senders: Vec<&Server> = if connector.sources.is_empty() {
                topology.servers.values().filter(in_group).collect()
            } else {
                let ids: BTreeSet<_> = connector.sources.iter().map(|l| &l.server).collect();
                ids.into_iter().filter_map(|id| topology.servers.get(id)).collect()
            };
            let Some(first) = senders.first() else { continue };
            let who = match senders.len() {
                1 => first.name.clone(),
                several => format!("{} and {}", first.name, count(several - 1, "other")),
            };
            let resolver = resolver_of(context, first);
            table.rows.push(vec![
                Cell::from(Text::strong(connector.name.as_str())),
                Cell::from(who),
                Cell::mono([format!("nslookup {name}{resolver}"), format!("telnet {name} 25")]),
                Cell::mono([planned.join(", "), format!("220 {name}")]),
            ]);
        }
    }
    table
}

fn resolver_of(context: &Context<'_>, server: &Server) -> String {
    let topology = context.last();
    let site = match &server.place {
        Place::Segment(id) => topology.segments.get(id).and_then(|s| topology.sites.get(&s.site)),
        Place::Internet => None,
    };
    let list: Option<&Vec<ResolverId>> =
        server.resolvers.as_ref().or(site.and_then(|s| s.resolvers.as_ref()));
    let first = list.and_then(|l| l.first()).and_then(|id| topology.resolvers.get(id));
    let address = first.and_then(|r| r.addresses.first());
    address.map_or_else(String::new, |a| format!(" {a}"))
}
