//! Holds the simulator's verdicts against the laboratory's.

use super::{
    case::{self, Case, Message, Tried},
    convert::{self, Plan, exchange},
    doubts::{self, Record},
    phases::{self, Moment},
    result::{self, Expected},
};
use bridgehead::{
    model::{Project, Subject, Topology, promise::End, server::Platform, unfold::unfold},
    net::world::{Inputs, World},
    sim::{
        deliver,
        trace::{Code, Disposition, Trace},
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// What came of holding one case against its result on one platform.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// How many messages were compared.
    pub(crate) compared: usize,
    /// Where the simulator says something else, hop by hop.
    pub(crate) disagreements: Vec<String>,
    /// What a plan cannot say, and why.
    pub(crate) unexpressed: Vec<String>,
}

/// Both platforms of the simulator, with their names in the table of what is not expressed.
pub(crate) const PLATFORMS: [(Platform, &str); 2] =
    [(Platform::Postfix, "Postfix"), (Platform::Exchange2003, "Exchange 2003")];

/// Holds a case against its result.
///
/// # Errors
/// When the case cannot be read as one.
pub(crate) fn examine(tried: &Tried, platform: Platform) -> Result<Report, String> {
    let case: Case = serde_json::from_value(tried.case.clone())
        .map_err(|error| format!("{}: {error}", tried.name))?;
    let phases = case.all_phases();
    let waited = |index| result::waited(&tried.result, index);
    let moments = phases::moments(&tried.case, &phases, waited)?;
    let mut report = Report::default();
    let plan = match convert::plan(&tried.name, &moments, platform) {
        Ok(plan) => plan,
        Err(reason) => {
            report.unexpressed.push(reason);
            return Ok(report);
        }
    };
    let mut reasons: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (index, (moment, topology)) in moments.iter().zip(unfold(&plan.project)).enumerate() {
        let stage = Stage { tried, platform, plan: &plan, moment, topology: &topology, index };
        let sent = phases.get(index).map_or(&[][..], |phase| &phase.send);
        for message in case.messages.iter().filter(|m| sent.contains(&m.id)) {
            match stage.compare(message) {
                Err(reason) => reasons.entry(reason).or_default().push(&message.id),
                Ok(disagreement) => {
                    report.compared += 1;
                    report.disagreements.extend(disagreement);
                }
            }
        }
    }
    for (reason, messages) in reasons {
        report.unexpressed.push(format!("{}: {reason}", messages.join(", ")));
    }
    Ok(report)
}

/// One phase of a case on one platform.
struct Stage<'a> {
    tried: &'a Tried,
    platform: Platform,
    plan: &'a Plan,
    moment: &'a Moment,
    topology: &'a Topology,
    index: usize,
}

impl Stage<'_> {
    /// The disagreement about a message, if there is one.
    ///
    /// # Errors
    /// The reason why a plan cannot say what becomes of it.
    fn compare(&self, message: &Message) -> Result<Option<String>, String> {
        if let Some(reason) = &self.moment.unexpressed {
            return Err(reason.clone());
        }
        let case = &self.moment.case;
        let state = result::state(&self.tried.result, message, self.index)?;
        let expected = result::expected(case, &self.tried.result, message, state);
        let record = Record { case, tried: &self.tried.result, message, expected: &expected };
        if let Some(reason) = record.doubt(&self.moment.down) {
            return Err(reason);
        }
        if self.platform == Platform::Exchange2003 {
            let told = exchange::Told {
                path: &expected.path,
                code: expected.code.as_deref(),
                denied_by: &record.denied_by(),
            };
            if let Some(reason) = exchange::unlike(case, message, &told) {
                return Err(reason);
            }
        }
        let failures = self.plan.failures.get(self.index).cloned().unwrap_or_default();
        let trace = ask(&self.plan.project, self.topology, &failures, message)?;
        self.certain(&record, &failures, &trace)?;
        Ok(differences(&trace, &expected).map(|text| {
            format!("{} on {:?}, {}: {text}", self.tried.name, self.platform, message.id)
        }))
    }

    /// Whether the verdict hangs on what the laboratory leaves to chance or to a cache.
    fn certain(
        &self,
        record: &Record<'_>,
        failures: &BTreeSet<Subject>,
        trace: &Trace,
    ) -> Result<(), String> {
        let message = record.message;
        let differs = |case: &Case| -> Result<Option<Trace>, String> {
            let drawn = convert::draw(case, self.platform)?;
            let project = convert::project(&self.tried.name, &drawn);
            let other = ask(&project, &drawn.topology, failures, message)?;
            Ok((verdict(&other) != verdict(trace)).then_some(other))
        };
        if differs(&reversed(&self.moment.case))?.is_some() {
            return Err("the order of equal records is chance".to_owned());
        }
        if record.turned_back()
            && differs(&doubts::hidden_by_firewalls(&self.moment.case))?.is_some()
        {
            return Err(
                "who may relay hangs on the address that a firewall shows inside".to_owned()
            );
        }
        if record.asks_dnsmasq() && differs(&doubts::without_aliases(&self.moment.case))?.is_some()
        {
            return Err("dnsmasq does not look for the target of an alias inside".to_owned());
        }
        if trace.disposition == Disposition::CannotTell && doubts::delegates(&self.moment.case) {
            return Err("names are handed on to other name servers".to_owned());
        }
        let long = |line: &String| {
            case::Record::parse(line).is_ok_and(|r| r.ttl_s.is_some_and(|ttl| ttl > 2))
        };
        let unanswered = trace.code == Some(Code::NameTemporary);
        if self.index > 0 && unanswered && self.moment.case.public_dns.iter().any(long) {
            return Err("resolvers may remember what nobody answers any more".to_owned());
        }
        let Some(remembered) = &self.moment.remembered else { return Ok(()) };
        let mut before = self.moment.case.clone();
        before.public_dns.clone_from(&remembered.public_dns);
        match differs(&before)? {
            Some(other) if remembered.long || other.disposition != Disposition::Queued => {
                Err("resolvers may remember the records as they were".to_owned())
            }
            _ => Ok(()),
        }
    }
}

/// The same case with the records of each set in the other order: BIND gives them in any.
fn reversed(case: &Case) -> Case {
    let mut case = case.clone();
    case.public_dns.reverse();
    let zones = case.sites.values_mut().flat_map(|site| site.dns.zones.values_mut());
    zones.for_each(|lines| lines.reverse());
    case
}

/// What the simulator says of a message.
fn ask(
    project: &Project,
    topology: &Topology,
    failures: &BTreeSet<Subject>,
    message: &Message,
) -> Result<Trace, String> {
    let inputs = Inputs::of(project);
    let world = World::new(topology, &inputs, failures);
    let from = End::Server(convert::ids::server(&message.from)?);
    let to = End::Address(convert::ids::read(&message.to)?);
    Ok(deliver::trace(&world, &from, &to))
}

fn verdict(trace: &Trace) -> (Disposition, Option<Code>, &Option<String>, Vec<String>) {
    let path = trace.path.iter().map(ToString::to_string).collect();
    (trace.disposition, trace.code, &trace.at, path)
}

/// What differs, with the simulator's way; none when all agrees.
fn differences(trace: &Trace, expected: &Expected) -> Option<String> {
    let arrived =
        matches!(trace.disposition, Disposition::Delivered | Disposition::LeftForInternet);
    let code = trace.code.filter(|_| !arrived).map(|code| code.name().to_owned());
    let mut path: Vec<String> = trace.path.iter().map(ToString::to_string).collect();
    let mut at = trace.at.clone().unwrap_or_default();
    if trace.code == Some(Code::TooManyHops) {
        path = round_and_round(&path);
        at = path.last().cloned().unwrap_or_default();
    }
    let same_path = if expected.in_order {
        path == expected.path
    } else {
        let members = |path: &[String]| path.iter().cloned().collect::<BTreeSet<_>>();
        path.first() == expected.path.first() && members(&path) == members(&expected.path)
    };
    let agrees = trace.disposition == expected.disposition
        && code == expected.code
        && at == expected.at
        && same_path;
    if agrees {
        return None;
    }
    let way = |path: &[String]| path.join(" > ");
    let text = format!(
        "the laboratory says {:?} {} at {} [{}], the simulator {:?} {} at {at} [{}]",
        expected.disposition,
        expected.code.as_deref().unwrap_or("-"),
        expected.at,
        way(&expected.path),
        trace.disposition,
        code.as_deref().unwrap_or("-"),
        way(&path),
    );
    let steps = trace.hops.iter().flat_map(|hop| hop.steps.iter().map(move |step| (hop, step)));
    let steps = steps.map(|(hop, step)| format!("{} {:?}: {}", hop.from, step.kind, step.text));
    Some([vec![text], steps.collect()].concat().join("\n    "))
}

/// How many servers hold a message before Postfix finds that it has made too many hops: it refuses
/// the message that bears its fiftieth Received line (`hopcount_limit`).
const HOPS: usize = 49;

/// The way of a message that goes round until Postfix stops it. The simulator stops where a server
/// sees it for the second time; the laboratory's servers pass it on until the limit.
fn round_and_round(path: &[String]) -> Vec<String> {
    let Some((last, before)) = path.split_last() else { return vec![] };
    let Some(start) = before.iter().position(|id| id == last) else { return path.to_vec() };
    let round = &before[start..];
    let way = before[..start].iter().chain(round.iter().cycle());
    way.take(HOPS).cloned().collect()
}
