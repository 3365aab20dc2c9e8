//! Answers of a live network planted in a plan as evidence, judged as a probe judges them.

use bridgehead::{
    model::{Project, beside::Evidence, unfold::unfold},
    net::world::Inputs,
    probe::{GreetReply, NameReply, judge},
    sim::expected::{Ask, questions},
};

/// Plants `PHASE KEY = ANSWER`: the question's own key, and lines with `; ` between them, `no such
/// name`, or of a greeting `refused` or its first line.
pub(crate) fn observe(project: &mut Project, words: &str) -> Result<(), String> {
    let (question, answer) =
        words.split_once(" = ").ok_or_else(|| format!("`{words}`: no ` = `"))?;
    let (phase, key) = question.split_once(' ').ok_or_else(|| format!("`{words}`: no key"))?;
    let phase = project.phase_index(phase).ok_or_else(|| format!("no phase `{phase}`"))?;
    let site = key.split(' ').next().and_then(|word| word.split_once('@')).map(|(_, site)| site);
    let site = site.map(|id| id.parse().map_err(|e| format!("`{id}`: {e}"))).transpose()?;
    let topology = &unfold(project)[phase];
    let all = questions(topology, &Inputs::of(project), site.as_ref());
    let Some(question) = all.iter().find(|question| question.key == key) else {
        let keys: Vec<&str> = all.iter().map(|question| question.key.as_str()).collect();
        return Err(format!("no question `{key}` among {keys:#?}"));
    };
    let verdict = match &question.ask {
        Ask::Greeting { .. } if answer == "refused" => {
            judge::greeting(question, &GreetReply::Refused)
        }
        Ask::Greeting { .. } => judge::greeting(question, &GreetReply::Said(answer.to_owned())),
        _ if answer == "no such name" => judge::name(question, &NameReply::NoSuchName),
        _ => {
            let lines = answer.split("; ").map(str::to_owned).collect();
            judge::name(question, &NameReply::Records { lines, ttl: 300 })
        }
    };
    let evidence = Evidence {
        question: question.text.clone(),
        subject: question.subject.clone(),
        phase,
        from: question.from.clone(),
        asked: "192.0.2.53:53".to_owned(),
        expected: question.expected.lines(),
        got: verdict.got,
        outcome: verdict.outcome,
        reason: verdict.reason,
        utc: "2026-11-24T14:02:31Z".to_owned(),
        ttl: verdict.ttl,
        rtt_ms: None,
        facts: question.facts.clone(),
        check: String::new(),
        reference: String::new(),
        remedy: verdict.remedy,
        raw: Vec::new(),
    };
    let key = format!("{} {key}", project.evidence_key(phase));
    project.evidence.insert(key, evidence);
    Ok(())
}
