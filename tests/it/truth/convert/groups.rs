//! Routing groups and connectors, reconstructed from what servers do.

use super::derive::Way;
use bridgehead::model::name::Fqdn;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Routing groups, connectors and names of an organisation's servers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Groups {
    /// Each server's group, which bears the name of its first server.
    pub(crate) of: BTreeMap<String, String>,
    /// Computer names that are asked.
    pub(crate) computers: BTreeMap<String, Fqdn>,
    /// Names by which connectors ask for a listener, where it is not the greeting of the case.
    pub(crate) listeners: BTreeMap<String, Fqdn>,
    /// (group that sends, server that is sent to) → the only server that sends; none: all do.
    pub(crate) connectors: BTreeMap<(String, String), Option<String>>,
    /// Whether a connector's target is found by the address that it is bound to, and whether by
    /// name although it is bound.
    pub(crate) by_address: BTreeSet<String>,
    pub(crate) by_name: BTreeSet<String>,
}

type Ways = BTreeMap<(String, String), Way>;

/// Finds groups and connectors that make each server do what the case says.
///
/// # Errors
/// When no groups and connectors do, and why.
pub(crate) fn find(servers: &[String], ways: &Ways) -> Result<Groups, String> {
    let mut groups = Groups { of: united(servers, ways), ..Groups::default() };
    for ((from, to), way) in ways {
        if let Way::SameGroup(name) = way {
            claim(&mut groups.computers, to, name)?;
        }
        if let Way::OtherName(peer, name) = way {
            let same = groups.of.get(from) == groups.of.get(peer);
            let names = if same { &mut groups.computers } else { &mut groups.listeners };
            claim(names, peer, name)?;
        }
    }
    for ((from, to), way) in ways {
        connect(&mut groups, ways, from, to, way)?;
    }
    for ((from, to), way) in ways {
        check(&groups, from, to, way)?;
    }
    Ok(groups)
}

/// Servers that send to each other by computer name are in one group.
fn united(servers: &[String], ways: &Ways) -> BTreeMap<String, String> {
    let mut of: BTreeMap<String, String> =
        servers.iter().map(|id| (id.clone(), id.clone())).collect();
    for ((from, to), way) in ways {
        if !matches!(way, Way::SameGroup(_)) {
            continue;
        }
        let (Some(a), Some(b)) = (of.get(from).cloned(), of.get(to).cloned()) else { continue };
        let (keep, gone) = if a <= b { (a, b) } else { (b, a) };
        of.values_mut().filter(|group| **group == gone).for_each(|group| group.clone_from(&keep));
    }
    of
}

fn claim(names: &mut BTreeMap<String, Fqdn>, server: &str, name: &Fqdn) -> Result<(), String> {
    let known = names.entry(server.to_owned()).or_insert_with(|| name.clone());
    if known == name {
        return Ok(());
    }
    Err(format!("{server} is found by two names, {known} and {name}"))
}

fn connect(
    groups: &mut Groups,
    ways: &Ways,
    from: &str,
    to: &str,
    way: &Way,
) -> Result<(), String> {
    let group = groups.of.get(from).cloned().unwrap_or_default();
    let (peer, by_greeting) = match way {
        Way::Greeting(peer) => (peer, true),
        Way::OtherName(peer, _) => (peer, false),
        Way::Address(peer) => {
            groups.by_address.insert(peer.clone());
            (peer, false)
        }
        Way::SameGroup(_) | Way::None | Way::Unlike(_) => return Ok(()),
    };
    if groups.of.get(peer) == Some(&group) {
        return hand_over(groups, ways, from, to, way);
    }
    if !matches!(way, Way::Address(_)) {
        groups.by_name.insert(peer.clone());
    }
    if by_greeting && groups.listeners.contains_key(peer) {
        return Err(format!("{peer} is found by its greeting and by another name"));
    }
    let key = (group, peer.clone());
    match groups.connectors.get(&key) {
        None => {
            groups.connectors.insert(key, None);
        }
        Some(Some(only)) if only != from => {
            return Err(format!("{from} sends to {peer} itself, others of its group by {only}"));
        }
        Some(_) => {}
    }
    Ok(())
}

/// A server hands mail for another group to the server of its own group that sends it.
fn hand_over(
    groups: &mut Groups,
    ways: &Ways,
    from: &str,
    to: &str,
    way: &Way,
) -> Result<(), String> {
    let Way::OtherName(peer, _) = way else {
        return Err(format!("{from} sends to a server of its own group by the name of a listener"));
    };
    let Some(Way::Greeting(target) | Way::OtherName(target, _) | Way::Address(target)) =
        ways.get(&(peer.clone(), to.to_owned()))
    else {
        return Err(format!("{from} hands mail for {to} to {peer}, which has no connector"));
    };
    let group = groups.of.get(from).cloned().unwrap_or_default();
    let senders = ways.iter().filter(|((sender, home), _)| {
        home == to && sender != peer && groups.of.get(sender) == Some(&group)
    });
    for ((sender, _), other) in senders {
        let likewise = matches!(other, Way::OtherName(by, _) if by == peer);
        if !likewise && !matches!(other, Way::Unlike(_)) {
            return Err(format!("{sender} sends to {to} itself, {from} by {peer}"));
        }
    }
    let sources = groups.connectors.entry((group, target.clone())).or_insert(None);
    match sources {
        Some(only) if only != peer => {
            Err(format!("two servers, {only} and {peer}, send to {target}"))
        }
        _ => {
            *sources = Some(peer.clone());
            Ok(())
        }
    }
}

/// Whether a least-cost way leads where the case says.
fn check(groups: &Groups, from: &str, to: &str, way: &Way) -> Result<(), String> {
    let group = |server: &str| groups.of.get(server).map(String::as_str).unwrap_or_default();
    let (here, there) = (group(from), group(to));
    let same = here == there;
    let peer = match way {
        Way::Unlike(_) => return Ok(()),
        Way::SameGroup(_) if same => return Ok(()),
        Way::SameGroup(_) => return Err(format!("{from} and {to} are in two groups")),
        _ if same => return Err(format!("{from} and {to} are in one group")),
        Way::None if distance(groups, here, there).is_some() => {
            return Err(format!("{from} has no connector to {to}, its group has one"));
        }
        Way::None => return Ok(()),
        Way::Greeting(peer) | Way::OtherName(peer, _) | Way::Address(peer) => peer,
    };
    let mut first: Vec<(usize, &str)> = groups
        .connectors
        .keys()
        .filter(|(source, _)| source == here)
        .filter_map(|(_, target)| Some((distance(groups, group(target), there)?, target.as_str())))
        .collect();
    first.sort_unstable();
    let best: Vec<&str> = first
        .iter()
        .filter(|(cost, _)| Some(cost) == first.first().map(|(cost, _)| cost))
        .map(|(_, target)| *target)
        .collect();
    let handed = |target: &str| {
        let key = (here.to_owned(), target.to_owned());
        groups.connectors.get(&key).is_some_and(|source| source.as_ref() == Some(peer))
    };
    match best.as_slice() {
        [only] if only == peer || (group(peer) == here && handed(only)) => Ok(()),
        _ => Err(format!("the connectors lead from {from} to {to} by another way than {peer}")),
    }
}

/// How many connectors lead from one group to another.
fn distance(groups: &Groups, from: &str, to: &str) -> Option<usize> {
    let mut known = BTreeMap::from([(from.to_owned(), 0)]);
    let mut todo = VecDeque::from([from.to_owned()]);
    while let Some(here) = todo.pop_front() {
        let steps = known.get(&here).copied().unwrap_or_default();
        if here == to {
            return Some(steps);
        }
        for (source, target) in groups.connectors.keys() {
            let Some(next) = groups.of.get(target).filter(|_| *source == here) else { continue };
            if !known.contains_key(next) {
                known.insert(next.clone(), steps + 1);
                todo.push_back(next.clone());
            }
        }
    }
    None
}
