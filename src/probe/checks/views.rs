//! The two views side by side, judged against the plan (R7, W1 to W5). The study has the names that
//! both views know, each with what the plan lets either say.

use super::{
    answers::{Answers, Halt, Judged, Looked, both, each},
    names::is_public_address,
};
use crate::{
    model::dns::RecordKind,
    probe::{NoAnswer, judge::Verdict, spf::Stop},
    sim::expected::{Pair, Side, Study},
};
use std::{collections::BTreeSet, net::IpAddr};

/// A name with what either side gave.
type Seen<'s> = (&'s Pair, (Looked, Looked));

fn seen<'s>(
    study: &'s Study,
    answers: &Answers<'_>,
) -> Result<(Vec<Seen<'s>>, Option<NoAnswer>), Halt> {
    each(study.pairs.iter().map(|pair| {
        let of = |side| answers.look(side, pair.name.as_str(), pair.kind.into());
        (pair, both(of(Side::Inside), of(Side::Outside)))
    }))
}

fn what(pair: &Pair) -> String {
    format!("{} {}", pair.name, pair.kind.name().to_uppercase())
}

fn list(set: &BTreeSet<String>) -> String {
    if set.is_empty() {
        "no record".to_owned()
    } else {
        set.iter().cloned().collect::<Vec<_>>().join(" ")
    }
}

fn difference((pair, (inside, outside)): &Seen<'_>) -> String {
    let (inside, outside) = (inside.texts(), outside.texts());
    let relation = match (inside.is_empty(), outside.is_empty()) {
        (true, true) => "in neither view",
        (false, true) => "only inside",
        (true, false) => "only outside",
        _ if inside == outside => "equal",
        _ => "differs",
    };
    format!("{}: {relation}; inside {}, outside {}", what(pair), list(&inside), list(&outside))
}

/// A good verdict only where everything was answered.
fn unless(why: Option<NoAnswer>, good: impl FnOnce() -> Verdict) -> Judged {
    why.map_or_else(|| Ok(good()), |why| Err(Stop::None(why)))
}

pub(super) fn two_views(study: &Study, answers: &Answers<'_>) -> Judged {
    let (all, why) = seen(study, answers)?;
    let planned: Vec<&Seen<'_>> =
        all.iter().filter(|(pair, _)| pair.inside != pair.outside).collect();
    if planned.is_empty() {
        return unless(why, || Verdict::not_applicable("the plan gives both views the same here"));
    }
    let differs = |seen: &&&Seen<'_>| {
        let (_, (inside, outside)) = seen;
        inside.texts() != outside.texts()
    };
    if let Some(seen) = planned.iter().find(differs) {
        return Ok(Verdict::pass("the two resolvers give two views").got([difference(seen)]));
    }
    unless(why, || {
        Verdict::fail("both resolvers give the same for every name that is to differ: one view, asked twice, or the inside one forwards everything")
            .got(planned.iter().map(|seen| difference(seen)))
            .remedy("name the resolver that the site's servers ask; if that was it, give it the inside zone")
    })
}

pub(super) fn table(study: &Study, answers: &Answers<'_>) -> Judged {
    let (all, why) = seen(study, answers)?;
    unless(why, || {
        let differ = all.iter().filter(|(_, (a, b))| a.texts() != b.texts()).count();
        let reason = format!("{differ} of {} names differ between the views", all.len());
        Verdict::info(reason).got(all.iter().map(difference))
    })
}

pub(super) fn as_planned(study: &Study, answers: &Answers<'_>) -> Judged {
    let (all, why) = seen(study, answers)?;
    let wrong: Vec<&Seen<'_>> = all
        .iter()
        .filter(|(pair, (inside, outside))| {
            (pair.inside == pair.outside) != (inside.texts() == outside.texts())
        })
        .collect();
    let Some((pair, _)) = wrong.first() else {
        return unless(why, || {
            Verdict::pass("the views differ where the plan wants it, and only there")
        });
    };
    let name = what(pair);
    let reason = if pair.inside == pair.outside {
        format!("{name} differs between the views, and is planned to be the same")
    } else {
        format!("{name} is the same in both views, and is planned to differ")
    };
    let side = |side: &str, set: &Option<BTreeSet<String>>| {
        format!("{side}: {name} {}", set.as_ref().map(list).unwrap_or_default())
    };
    let remedy =
        format!("set {}; {}", side("inside", &pair.inside), side("outside", &pair.outside));
    Ok(Verdict::fail(reason).got(wrong.iter().map(|seen| difference(seen))).remedy(remedy))
}

/// A public name that the plan lets the inside see, and that an inside zone hides.
pub(super) fn shadowed(study: &Study, answers: &Answers<'_>) -> Judged {
    let (all, why) = seen(study, answers)?;
    let hidden: Vec<&Seen<'_>> = all
        .iter()
        .filter(|(pair, (inside, outside))| {
            let wanted = pair.inside.as_ref().is_some_and(|set| !set.is_empty());
            wanted && inside.records.is_empty() && !outside.records.is_empty()
        })
        .collect();
    let Some((pair, (inside, outside))) = hidden.first() else {
        return unless(why, || Verdict::pass("every public name that is wanted inside is there"));
    };
    let by = if inside.authoritative {
        "an inside zone hides it"
    } else {
        "the inside resolver has none"
    };
    let reason = format!("{} exists outside only: {by}", what(pair));
    let planned = pair.inside.as_ref().map_or_else(|| list(&outside.texts()), list);
    let remedy = format!(
        "in the inside zone add `{}. IN {} {planned}`",
        pair.name,
        pair.kind.name().to_uppercase()
    );
    Ok(Verdict::fail(reason).got(hidden.iter().map(|seen| difference(seen))).remedy(remedy))
}

/// No private address outside, and inside none of the outside where the plan has an inside one.
pub(super) fn addresses(study: &Study, answers: &Answers<'_>) -> Judged {
    let (all, why) = seen(study, answers)?;
    let mut any = false;
    for (pair, (inside, outside)) in &all {
        if !matches!(pair.kind, RecordKind::A | RecordKind::Aaaa) {
            continue;
        }
        any = true;
        let name = what(pair);
        if let Some(private) = outside.addresses().into_iter().find(|a| !is_public_address(*a)) {
            let planned = pair.outside.as_ref().map(list).unwrap_or_default();
            let reason = format!("{name} gives the private address {private} outside");
            let remedy = format!("outside publish {name} {planned}");
            return Ok(Verdict::fail(reason).got([list(&outside.texts())]).remedy(remedy));
        }
        let is_private =
            |text: &String| text.parse::<IpAddr>().is_ok_and(|a| !is_public_address(a));
        let planned_private = pair.inside.as_ref().is_some_and(|set| set.iter().any(is_private));
        let public = inside.addresses().into_iter().find(|a| is_public_address(*a));
        if let (true, Some(public)) = (planned_private, public) {
            let planned = pair.inside.as_ref().map(list).unwrap_or_default();
            let reason = format!(
                "{name} gives the public address {public} inside: the way leads out through the firewall"
            );
            let remedy = format!(
                "in the inside zone set `{}. IN {} {planned}`",
                pair.name,
                pair.kind.name().to_uppercase()
            );
            return Ok(Verdict::fail(reason).got([list(&inside.texts())]).remedy(remedy));
        }
    }
    unless(why, || {
        if any {
            Verdict::pass("addresses fit the view that gives them")
        } else {
            Verdict::not_applicable("no name with an address is in both views")
        }
    })
}

pub(super) fn outside_only(study: &Study, answers: &Answers<'_>) -> Judged {
    let (all, why) = seen(study, answers)?;
    let wrong: Vec<&Seen<'_>> = all
        .iter()
        .filter(|(pair, (inside, _))| {
            pair.inside.as_ref().is_some_and(BTreeSet::is_empty) && !inside.records.is_empty()
        })
        .collect();
    let Some((pair, _)) = wrong.first() else {
        return unless(why, || {
            Verdict::pass("the inside answers to nothing that is meant for outside only")
        });
    };
    let reason = format!("{} is answered inside, and the plan has it outside only", what(pair));
    let remedy = format!("take {} out of the inside zone", what(pair));
    Ok(Verdict::warn(reason).got(wrong.iter().map(|seen| difference(seen))).remedy(remedy))
}
