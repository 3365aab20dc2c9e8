//! A second, naive implementation of the simulator, and the tests that hold the engine against it.
//!
//! [`check`] is the reference: plain recursion over the drawing's maps, written from the rules of mail
//! flow alone, without a look at the engine. [`generate`] makes plans that are worth comparing.

mod case;
mod check;
mod connect;
mod dns;
mod exchange;
mod exchange_site;
pub(crate) mod generate;
mod next_hop;
mod people;
mod random;
mod site_paths;

use bridgehead::{
    model::{
        ObjectId, Project, Subject, Topology,
        name::MailAddress,
        promise::End,
        unfold::{notes, unfold},
    },
    net::world::{Inputs, World},
    sim::{
        deliver::trace,
        matrix::{Matrix, matrix},
        trace::{Code, Disposition},
        walk::Simulator,
    },
};
use check::{Verdict, verdict};
use random::Random;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

/// How many plans with routing groups are compared.
const SEEDS: u64 = 200;
/// How many plans with AD sites are compared.
const SITE_SEEDS: u64 = 150;

/// The first plans of each kind, with their names and seeds.
pub(crate) fn plans(groups: u64, sites: u64) -> impl Iterator<Item = (String, u64, Project)> {
    let older = (0..groups).map(|seed| (format!("seed {seed}"), seed, generate::plan(seed)));
    let newer =
        (0..sites).map(|seed| (format!("site seed {seed}"), seed, generate::site_plan(seed)));
    older.chain(newer)
}

/// Ends worth asking about in a topology: senders, then recipients.
fn ends(topology: &Topology) -> (Vec<End>, Vec<End>) {
    let mut addresses: BTreeSet<MailAddress> = BTreeSet::new();
    for domain in topology.domains.values() {
        addresses.extend(["anna", "nobody"].map(|user| address(user, domain.name.as_str())));
    }
    let named = topology.mailboxes.values().filter_map(|m| m.addresses.first().cloned());
    addresses.extend(named.take(2));
    let mut foreign = generate::names::odd_domains(topology);
    foreign.truncate(3);
    addresses.extend(foreign.iter().map(|domain| address("user", domain.as_str())));
    addresses.insert(address("friend", "undrawn.example"));
    let mut common = vec![End::Internet];
    let sites = topology.mailboxes.values().filter_map(|m| m.users_at.clone());
    common.extend(sites.collect::<BTreeSet<_>>().into_iter().map(End::Site));
    let homes: BTreeSet<_> = topology.mailboxes.values().filter_map(|m| m.home.clone()).collect();
    let mut from = common.clone();
    from.extend(topology.servers.keys().cloned().map(End::Server));
    from.push(End::Address(address("anna", "corp.example")));
    from.push(End::Address(address("friend", "partner.example")));
    let mut to = common;
    to.extend(homes.into_iter().map(End::Server));
    to.extend(addresses.into_iter().map(End::Address));
    (from, to)
}

fn address(user: &str, domain: &str) -> MailAddress {
    format!("{user}@{domain}").parse().expect("a mail address")
}

/// Three objects that may fail, each alone.
fn single_failures(random: &mut Random, topology: &Topology) -> Vec<BTreeSet<Subject>> {
    let may_fail = |id: &ObjectId| {
        !matches!(id, ObjectId::Organisation(_) | ObjectId::Domain(_) | ObjectId::Mailboxes(_))
    };
    let ids: Vec<ObjectId> = topology.ids().into_iter().filter(may_fail).collect();
    let mut kinds: Vec<&str> = ids.iter().map(ObjectId::kind).collect();
    kinds.dedup();
    // Kinds first: most objects are records, and a failed line says more than a failed record.
    let one = |random: &mut Random| {
        let kind = random.pick(&kinds)?;
        let of_kind: Vec<_> = ids.iter().filter(|id| id.kind() == kind).cloned().collect();
        random.pick(&of_kind)
    };
    let picked: Vec<ObjectId> = (0..3).filter_map(|_| one(random)).collect();
    picked.into_iter().map(|id| [Subject::from(id)].into()).collect()
}

/// Everything that is asked about one plan: of each phase all pairs, then some pairs with failures.
fn each_question(
    seed: u64,
    project: &Project,
    mut ask: impl FnMut(usize, &Topology, &BTreeSet<Subject>, &[(End, End)]),
) {
    let mut random = Random::new(seed ^ 0x5EED);
    for (phase, topology) in unfold(project).iter().enumerate() {
        let (from, to) = ends(topology);
        let pairs: Vec<(End, End)> =
            from.iter().flat_map(|f| to.iter().map(|t| (f.clone(), t.clone()))).collect();
        ask(phase, topology, &BTreeSet::new(), &pairs);
        for failures in single_failures(&mut random, topology) {
            let some: Vec<_> = pairs.iter().filter(|_| random.chance(30)).cloned().collect();
            ask(phase, topology, &failures, &some);
        }
    }
}

/// What the comparison of all plans found.
#[derive(Default)]
struct Comparison {
    disagreements: Vec<String>,
    dispositions: BTreeMap<Disposition, usize>,
    codes: BTreeMap<Code, usize>,
    lengths: BTreeMap<usize, usize>,
}

impl Comparison {
    fn count(&mut self, wanted: &Verdict) {
        *self.dispositions.entry(wanted.disposition).or_default() += 1;
        *self.lengths.entry(wanted.path.len()).or_default() += 1;
        if let Some(code) = wanted.code {
            *self.codes.entry(code).or_default() += 1;
        }
    }

    fn of(&self, disposition: Disposition) -> usize {
        self.dispositions.get(&disposition).copied().unwrap_or(0)
    }
}

/// All plans, compared once for the tests that look at it.
fn compared() -> &'static Comparison {
    static COMPARED: OnceLock<Comparison> = OnceLock::new();
    COMPARED.get_or_init(|| {
        let mut all = Comparison::default();
        for (name, seed, project) in plans(SEEDS, SITE_SEEDS) {
            let inputs = Inputs::of(&project);
            each_question(seed, &project, |phase, topology, failures, pairs| {
                let world = World::new(topology, &inputs, failures);
                for (from, to) in pairs {
                    let wanted = verdict(topology, &inputs, failures, from, to);
                    let found = trace(&world, from, to);
                    all.count(&wanted);
                    let same = wanted.disposition == found.disposition
                        && wanted.code == found.code
                        && wanted.path == found.path;
                    if !same {
                        all.disagreements.push(format!(
                            "{name}, phase {phase}, failed {failures:?}: {from} to {to}\n  \
                             naive:  {:?} {:?} {:?}\n  engine: {:?} {:?} {:?} ({})",
                            wanted.disposition,
                            wanted.code,
                            wanted.path,
                            found.disposition,
                            found.code,
                            found.path,
                            found.reason,
                        ));
                    }
                }
            });
        }
        all
    })
}

#[test]
fn generated_plans_agree() {
    let all = compared();
    let disagreements = &all.disagreements;
    let first = disagreements.iter().take(8).cloned().collect::<Vec<_>>().join("\n");
    let (count, of) = (disagreements.len(), all.dispositions.values().sum::<usize>());
    assert!(count == 0, "{count} of {of} verdicts disagree, first ones:\n{first}");
}

/// The code that other servers give and that no drawn one does: nothing here answers a 5xx that is not
/// about the user or about relaying.
const NEVER: [Code; 1] = [Code::Rejected];

#[test]
fn generated_plans_reach_every_verdict() {
    let reached = compared();
    let Comparison { dispositions, codes, lengths, .. } = reached;
    println!("{dispositions:#?}\n{codes:#?}\npath lengths {lengths:?}");
    let all: usize = dispositions.values().sum();
    let arrived = reached.of(Disposition::Delivered) + reached.of(Disposition::LeftForInternet);
    assert!((20..=50).contains(&(arrived * 100 / all)), "{arrived} of {all} arrive");
    for (disposition, enough) in every_disposition() {
        assert!(reached.of(disposition) >= enough, "{disposition:?} is rare: {dispositions:?}");
    }
    for code in every_code() {
        let seen = codes.get(&code).copied().unwrap_or(0);
        assert_eq!(seen > 0, !NEVER.contains(&code), "{code:?} stands {seen} times: {codes:?}");
    }
    // A receive connector with a foreign name: it must come up often, not by chance.
    assert!(codes[&Code::RemoteTemporary] >= 500, "{codes:?}");
}

fn every_disposition() -> [(Disposition, usize); 8] {
    [
        (Disposition::Delivered, 1000),
        (Disposition::LeftForInternet, 1000),
        (Disposition::Queued, 1000),
        (Disposition::Bounced, 1000),
        (Disposition::Refused, 100),
        (Disposition::Loop, 100),
        (Disposition::NoRoute, 100),
        (Disposition::CannotTell, 1000),
    ]
}

fn every_code() -> [Code; 14] {
    [
        Code::Timeout,
        Code::Refused,
        Code::Unreachable,
        Code::NameNotFound,
        Code::NameTemporary,
        Code::NullMx,
        Code::LoopSelf,
        Code::TooManyHops,
        Code::RelayDenied,
        Code::UnknownUser,
        Code::Rejected,
        Code::RemoteTemporary,
        Code::NoConnector,
        Code::Other,
    ]
}

#[test]
fn generated_plans_are_sound_and_the_same_each_time() {
    for ((name, _, project), (_, _, again)) in
        plans(SEEDS, SITE_SEEDS).zip(plans(SEEDS, SITE_SEEDS))
    {
        assert_eq!(project, again, "{name}");
        assert_eq!(notes_that_matter(&project), Vec::<String>::new(), "{name}");
        assert!((2..=5).contains(&project.phase_count()), "{name}");
        assert!((2..=4).contains(&project.as_is.sites.len()), "{name}");
    }
}

/// Circles of forwarding are drawn on purpose; a dangling reference would be a slip of the generator.
fn notes_that_matter(project: &Project) -> Vec<String> {
    use bridgehead::model::unfold::Note;
    let all = notes(project).into_iter();
    all.filter(|note| !matches!(note, Note::Circle { .. })).map(|note| note.to_string()).collect()
}

#[test]
fn the_quick_matrix_says_what_the_walked_one_says() {
    for (name, _, project) in plans(60, 40) {
        let inputs = Inputs::of(&project);
        for (phase, topology) in unfold(&project).iter().enumerate() {
            let world = World::new(topology, &inputs, &BTreeSet::new());
            let simulator = Simulator::new(&world);
            let quick = Matrix::new(&simulator);
            for pair in matrix(&simulator) {
                let place = |end: &End| quick.ends.iter().position(|e| e == end);
                let (from, to) = (place(&pair.from), place(&pair.to));
                let shown = from.zip(to).map(|(from, to)| quick.get(from, to));
                assert_eq!(shown, Some(pair.disposition), "{name}, phase {phase}: {pair:?}");
            }
        }
    }
}
