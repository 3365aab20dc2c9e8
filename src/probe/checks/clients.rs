//! How mail programs find their server (C1, C2), each in the view where it is asked.

use super::answers::{Answers, Judged, both, each};
use crate::{
    model::dns::RecordKind,
    probe::{judge::Verdict, spf::Stop, wire::Rr},
    sim::expected::Study,
};
use std::collections::BTreeSet;

/// The study has what the plan lets `autodiscover` say.
pub(super) fn autodiscover(study: &Study, answers: &Answers<'_>) -> Judged {
    let name = format!("autodiscover.{}", study.name);
    let service = format!("_autodiscover._tcp.{}", study.name);
    let kind = study.kind.unwrap_or(RecordKind::A);
    let own = answers.look(study.side, &name, kind.into());
    let srv = answers.look(study.side, &service, Rr::Srv);
    let (own, srv) = both(own, srv)?;
    let planned: BTreeSet<String> = study.planned.iter().cloned().collect();
    let lines: Vec<String> = study
        .planned
        .iter()
        .map(|line| format!("`{name}. IN {} {line}`", kind.name().to_uppercase()))
        .collect();
    let remedy = format!("in the {} view publish {}", study.side.name(), lines.join("; "));
    let got = own.texts();
    Ok(if got != planned {
        let why = if got.is_empty() { "is not there" } else { "leads elsewhere" };
        Verdict::fail(format!("{name} {why}: mail programs there do not find their server"))
            .got(got)
            .remedy(remedy)
    } else if srv.records.is_empty() {
        Verdict::pass("as planned").got(got).ttl(own.ttl)
    } else {
        Verdict::warn("beside the planned record stands an SRV record: which one a program takes is its own choice")
            .got(got.into_iter().chain(srv.texts()))
            .remedy(format!("take out {service}"))
    })
}

pub(super) fn services(study: &Study, answers: &Answers<'_>) -> Judged {
    let names = ["_submission._tcp", "_submissions._tcp", "_imap._tcp", "_imaps._tcp"];
    let asked = names.map(|label| {
        let at = format!("{label}.{}", study.name);
        (label, answers.look(study.side, &at, Rr::Srv))
    });
    let (came, why) = each(asked)?;
    let found: Vec<String> = came
        .iter()
        .flat_map(|(label, looked)| looked.texts().into_iter().map(move |t| format!("{label} {t}")))
        .collect();
    if found.is_empty() {
        return why.map_or_else(
            || Ok(Verdict::not_applicable("the domain announces no service by SRV")),
            |why| Err(Stop::None(why)),
        );
    }
    Ok(Verdict::info("the domain announces services; `0 0 0 .` says that there is none").got(found))
}
