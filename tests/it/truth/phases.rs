//! The laboratory's changes between phases: the case as it stands in each phase, what is down then,
//! and what the laboratory's caches may still remember.
//!
//! Changes are carried out on the case's JSON exactly as the laboratory does on its own copy.

use super::case::{Case, Phase, Record};
use bridgehead::model::name::Fqdn;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The system while the messages of a phase are on their way.
#[derive(Clone)]
pub(crate) struct Moment {
    pub(crate) case: Case,
    /// What is down, as `internet:A`, `wan:A-B`, `site:A`, `host:be-a` or `stop:be-a`.
    pub(crate) down: BTreeSet<String>,
    /// The public records as the laboratory's caching resolvers may still have them.
    pub(crate) remembered: Option<Remembered>,
    /// Why a plan cannot say what happens in this phase.
    pub(crate) unexpressed: Option<String>,
}

/// Public records that have been changed.
#[derive(Clone)]
pub(crate) struct Remembered {
    /// The public records as they were.
    pub(crate) public_dns: Vec<String>,
    /// Whether one of them may be kept for longer than a phase lasts.
    pub(crate) long: bool,
}

/// The TTL, in seconds, of records that have none of their own.
const DEFAULT_TTL_S: u32 = 2;

/// Carries the changes of all phases out; `waited` says whether a phase lasted long enough for
/// records with the default TTL to be forgotten.
pub(crate) fn moments(
    case: &Value,
    phases: &[Phase],
    waited: impl Fn(usize) -> bool,
) -> Result<Vec<Moment>, String> {
    let mut stage = Stage::new(case.clone())?;
    let mut moments = Vec::new();
    for (index, phase) in phases.iter().enumerate() {
        for change in &phase.changes {
            if let Err(reason) = stage.change(change, index) {
                stage.unexpressed.get_or_insert(format!("phase `{}`: {reason}", phase.label));
            }
        }
        moments.push(stage.moment()?);
        if waited(index) && stage.remembered.as_ref().is_some_and(|r| !r.long) {
            stage.remembered = None;
        }
    }
    Ok(moments)
}

struct Stage {
    case: Value,
    down: BTreeSet<String>,
    remembered: Option<Remembered>,
    unexpressed: Option<String>,
    /// What each server knew of its organisation's mailboxes when it was last set up.
    directories: BTreeMap<String, Vec<(String, String)>>,
}

fn typed(case: &Value) -> Result<Case, String> {
    serde_json::from_value(case.clone()).map_err(|error| format!("no case: {error}"))
}

/// The mailboxes and domains of a server's organisation, each with its home.
fn directory(case: &Case, server: &str) -> Vec<(String, String)> {
    let Some(me) = case.servers.get(server) else { return vec![] };
    let mine = me.organisation(server);
    let mut known: Vec<_> =
        case.domains_of(&mine).into_iter().map(|d| (d, String::new())).collect();
    for (id, other) in case.servers.iter().filter(|(id, s)| s.organisation(id) == mine) {
        known.extend(other.mailboxes.iter().map(|b| (b.to_lowercase(), id.clone())));
    }
    known
}

impl Stage {
    fn new(case: Value) -> Result<Self, String> {
        let start = typed(&case)?;
        let directories =
            start.servers.keys().map(|id| (id.clone(), directory(&start, id))).collect();
        Ok(Self { case, down: BTreeSet::new(), remembered: None, unexpressed: None, directories })
    }

    fn moment(&self) -> Result<Moment, String> {
        let case = typed(&self.case)?;
        let stale = self.directories.iter().find(|(id, known)| **known != directory(&case, id));
        let stale = stale.map(|(id, _)| {
            format!("{id} has not been told that its organisation's mailboxes have changed")
        });
        Ok(Moment {
            case,
            down: self.down.clone(),
            remembered: self.remembered.clone(),
            unexpressed: self.unexpressed.clone().or(stale),
        })
    }

    fn change(&mut self, change: &Value, phase: usize) -> Result<(), String> {
        let what = change["what"].as_str().unwrap_or_default();
        match change["do"].as_str().unwrap_or_default() {
            "down" if change["how"] == json!("reject") => {
                Err(format!("{what} answers with ICMP while it is down; a failure is silent"))
            }
            "down" => {
                self.down.insert(what.to_owned());
                Ok(())
            }
            "up" => {
                self.down.remove(what);
                self.down.remove(&turned(what));
                Ok(())
            }
            "stop" => {
                self.down.insert(format!("stop:{what}"));
                Ok(())
            }
            "start" => {
                self.down.remove(&format!("stop:{what}"));
                Ok(())
            }
            "server" => self.set_server(what, &change["set"]),
            "firewall" => {
                let firewall = object(&mut self.case["sites"][what]["firewall"]);
                firewall.extend(change["set"].as_object().cloned().unwrap_or_default());
                Ok(())
            }
            "dns" => self.set_dns(what, change, phase),
            other => Err(format!("unknown change `{other}`")),
        }
    }

    fn set_server(&mut self, what: &str, set: &Value) -> Result<(), String> {
        let mut set = set.as_object().cloned().unwrap_or_default();
        for fixed in ["ip", "site", "resolver"] {
            if set.contains_key(fixed) {
                return Err(format!(
                    "the laboratory does not carry out a change of {what}'s {fixed}"
                ));
            }
        }
        let server = object(&mut self.case["servers"][what]);
        if let Some(Value::Object(routes)) = set.remove("routes") {
            object(server.entry("routes").or_insert_with(|| json!({}))).extend(routes);
        }
        server.extend(set);
        let known = directory(&typed(&self.case)?, what);
        self.directories.insert(what.to_owned(), known);
        Ok(())
    }

    fn set_dns(&mut self, what: &str, change: &Value, phase: usize) -> Result<(), String> {
        let set = texts(&change["set"]);
        let mut gone = BTreeSet::new();
        for line in set.iter().chain(&texts(&change["delete"])) {
            let record = Record::parse(line)?;
            gone.insert((record.name, record.kind));
        }
        if what == "public" {
            let before = texts(&self.case["public_dns"]);
            if phase > 0 {
                self.remember(&before, &gone)?;
            }
            let mut after = without(&before, &gone)?;
            after.extend(set);
            self.case["public_dns"] = json!(after);
            return Ok(());
        }
        let dns = object(&mut self.case["sites"][what]["dns"]);
        let zones = object(dns.entry("zones").or_insert_with(|| json!({})));
        let mut zones: BTreeMap<String, Vec<String>> =
            zones.iter().map(|(zone, lines)| (zone.clone(), texts(lines))).collect();
        if let Some(new) = change["zones"].as_object() {
            zones.extend(new.iter().map(|(zone, lines)| (zone.clone(), texts(lines))));
        }
        zones.retain(|zone, _| !texts(&change["remove_zones"]).contains(zone));
        for lines in zones.values_mut() {
            *lines = without(lines, &gone)?;
        }
        for line in set {
            let name = Record::parse(&line)?.name;
            let fits = |zone: &&String| zone.parse().is_ok_and(|zone| name.is_within(&zone));
            let best = zones.keys().filter(fits).max_by_key(|zone| zone.len()).cloned();
            let best = best.ok_or_else(|| format!("no zone at {what} for `{line}`"))?;
            zones.entry(best).or_default().push(line);
        }
        self.case["sites"][what]["dns"]["zones"] = json!(zones);
        Ok(())
    }

    fn remember(
        &mut self,
        before: &[String],
        gone: &BTreeSet<(Fqdn, String)>,
    ) -> Result<(), String> {
        let mut long = false;
        for line in before {
            let record = Record::parse(line)?;
            let kept = record.ttl_s.unwrap_or(DEFAULT_TTL_S) > DEFAULT_TTL_S;
            long |= kept && gone.contains(&(record.name, record.kind));
        }
        let old = self
            .remembered
            .get_or_insert_with(|| Remembered { public_dns: before.to_vec(), long: false });
        old.long |= long;
        Ok(())
    }
}

/// `wan:A-B` as `wan:B-A`.
fn turned(what: &str) -> String {
    let ends = what.strip_prefix("wan:").and_then(|ends| ends.split_once('-'));
    ends.map_or_else(|| what.to_owned(), |(a, b)| format!("wan:{b}-{a}"))
}

fn without(lines: &[String], gone: &BTreeSet<(Fqdn, String)>) -> Result<Vec<String>, String> {
    let mut left = Vec::new();
    for line in lines {
        let record = Record::parse(line)?;
        if !gone.contains(&(record.name, record.kind)) {
            left.push(line.clone());
        }
    }
    Ok(left)
}

fn texts(value: &Value) -> Vec<String> {
    let list = value.as_array().map_or(&[][..], Vec::as_slice);
    list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The object in a value, which becomes one if it is none.
fn object(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = json!({});
    }
    match value {
        Value::Object(map) => map,
        _ => unreachable!("it has just become an object"),
    }
}
