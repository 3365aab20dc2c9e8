//! How long the old state is remembered around the cut-over (T1 to T4).

use super::{
    answers::{Answers, Judged},
    servers,
};
use crate::{
    probe::{judge::Verdict, spf::Stop},
    sim::expected::Study,
};

fn minutes(seconds: i64) -> String {
    let seconds = seconds.unsigned_abs();
    if seconds < 7_200 { format!("{} min", seconds / 60) } else { format!("{} h", seconds / 3_600) }
}

/// Seconds until the cut-over, and the type of record; both are given with every such study.
fn about(study: &Study) -> (i64, crate::probe::wire::Rr) {
    let kind = study.kind.unwrap_or(crate::model::dns::RecordKind::A);
    (study.cutover_s.unwrap_or_default(), kind.into())
}

/// T1: what is there now must have run out everywhere when the new record counts.
pub(super) fn runs_out(study: &Study, answers: &Answers<'_>) -> Judged {
    let (left, kind) = about(study);
    if left < 0 {
        return Ok(Verdict::not_applicable("the cut-over is past"));
    }
    // The full TTL is what the zone's own server gives; a cache counts it down.
    let looked = match servers::authoritative_answer(study, answers, kind) {
        Ok(Some(looked)) => looked,
        Ok(None) => answers.look(study.side, study.name.as_str(), kind)?,
        Err(stop) => return Err(stop),
    };
    let Some(ttl) = looked.ttl.filter(|_| !looked.records.is_empty()) else {
        return Ok(Verdict::not_applicable("the record is not there yet"));
    };
    let got = looked.texts();
    Ok(if i64::from(ttl) <= left {
        let reason = format!("the record lives {ttl} s, the cut-over is in {}", minutes(left));
        Verdict::pass(reason).got(got).ttl(Some(ttl))
    } else {
        let reason = format!(
            "the record lives {ttl} s, but the cut-over is in {}: caches keep the old answer past it",
            minutes(left)
        );
        let remedy = format!(
            "set the TTL of {} {} to 300 s now, and change it {} s later",
            study.name,
            kind.name(),
            ttl
        );
        Verdict::fail(reason).got(got).remedy(remedy).ttl(Some(ttl))
    })
}

/// T2: the study has the TTL that the record had before.
pub(super) fn has_run_out(study: &Study, _: &Answers<'_>) -> Judged {
    let (left, _) = about(study);
    let Some(old) = study.planned.first().and_then(|ttl| ttl.parse::<i64>().ok()) else {
        return Ok(Verdict::not_applicable("the plan does not say how long the old record lived"));
    };
    Ok(if left > 0 {
        Verdict::not_applicable("the cut-over is still to come")
    } else if -left >= old {
        Verdict::pass(format!("the old record lived {old} s, and {} have passed", minutes(left)))
    } else {
        let rest = old + left;
        Verdict::warn(format!("caches may hold the old record for {} more", minutes(rest)))
            .remedy(format!("leave the old system running for another {}", minutes(rest)))
    })
}

/// T3: a new name may be remembered as missing.
pub(super) fn absence(study: &Study, answers: &Answers<'_>) -> Judged {
    let (left, kind) = about(study);
    let looked = answers.look(study.side, study.name.as_str(), kind)?;
    if !looked.records.is_empty() {
        return Ok(Verdict::pass("the name is there already").got(looked.texts()).ttl(looked.ttl));
    }
    let Some(ttl) = looked.ttl else {
        return Ok(Verdict::info(
            "the name is not there yet; how long that is remembered was not said",
        ));
    };
    Ok(if i64::from(ttl) <= left.max(0) || (left < 0 && i64::from(ttl) <= 300) {
        Verdict::pass(format!("that the name is missing is remembered for {ttl} s only"))
            .ttl(Some(ttl))
    } else {
        let reason = format!(
            "that the name is missing is remembered for {ttl} s: those who ask before the cut-over do not see it after"
        );
        let remedy =
            "set the SOA's last number (minimum) and its TTL to 300, or publish the name early";
        Verdict::warn(reason).got(["no record"]).remedy(remedy).ttl(Some(ttl))
    })
}

/// T4: the study has the records that were there before.
pub(super) fn stale(study: &Study, answers: &Answers<'_>) -> Judged {
    let (left, kind) = about(study);
    if left > 0 {
        return Ok(Verdict::not_applicable("the cut-over is still to come"));
    }
    let looked = answers.look(study.side, study.name.as_str(), kind)?;
    let old = study.planned.iter().cloned().collect();
    if looked.texts() != old || looked.records.is_empty() {
        return Ok(Verdict::pass("the old record is no longer given")
            .got(looked.texts())
            .ttl(looked.ttl));
    }
    match servers::authoritative_answer(study, answers, kind) {
        Ok(Some(source)) if source.texts() != old => {
            let ttl = looked.ttl.unwrap_or_default();
            let reason =
                format!("this resolver still gives the old record, for at most {ttl} s more");
            Ok(Verdict::warn(reason)
                .got(looked.texts())
                .remedy("flush its cache, or wait")
                .ttl(looked.ttl))
        }
        Err(Stop::Missing) => Err(Stop::Missing),
        _ => Ok(Verdict::fail("the old record is still there, after the cut-over")
            .got(looked.texts())
            .remedy("change the record at the zone's own server")
            .ttl(looked.ttl)),
    }
}
