//! Literate cases: an incident in prose, a plan as template plus edits, and what must and must not
//! come of it.
//!
//! ````text
//! ## A title
//! Prose.
//! ```plan two-sites-exchange-2003
//! 3: Set(Listener("lon-fe1/1", Bindings(Addresses(["10.1.0.11"]))))
//! assume off binding-spares-lookup
//! observe 3 inside@london mail1.hartwell.example a = 203.0.113.10
//! ```
//! ```trace phase=3 from=lds-be1 to=lon-be1 fail=link:wan
//! queued timeout at lds-be1
//! path lds-be1
//! says "no hairpin"
//! ```
//! ```outage phase=0 hours=30 fail=server:lon-mail
//! do 20m switch record:outside/hartwell.example/client/a=192.0.2.60
//! returned 0
//! event 24h to 25h "is returned"
//! ```
//! ```findings phase=3
//! must: BH101 error connector:leeds-london
//! must not: connector-target-out-of-reach
//! ```
//! ````

use super::{observed, story, template};
use bridgehead::{
    analysis::{self, analyse},
    model::{
        Project, Subject,
        assumption::{About, Assumption, Behaviour},
        change::apply,
        edit::Edit,
        editing::edit,
        promise::End,
        unfold::unfold,
    },
    net::world::Inputs,
    sim::trace::Code,
};
use ron::{Options, extensions::Extensions};
use std::collections::BTreeSet;

/// One case of a literate file.
pub(crate) struct Case {
    /// Its heading.
    pub(crate) title: String,
    project: Project,
    blocks: Vec<(String, Vec<String>)>,
}

/// The cases of a file, one a heading that has a plan.
pub(crate) fn cases(text: &str) -> Result<Vec<Case>, String> {
    let mut cases: Vec<Case> = Vec::new();
    let mut title = String::new();
    let mut block: Option<(String, Vec<String>)> = None;
    for line in text.lines() {
        match (&mut block, line.strip_prefix("```")) {
            (None, Some(head)) => block = Some((head.trim().to_owned(), Vec::new())),
            (Some(_), Some(_)) => {
                let (head, lines) = block.take().unwrap_or_default();
                if let Some(name) = head.strip_prefix("plan ") {
                    let project = plan(name, &lines)?;
                    cases.push(Case { title: title.clone(), project, blocks: Vec::new() });
                } else {
                    let case = cases.last_mut().ok_or("a block before any plan")?;
                    case.blocks.push((head, lines));
                }
            }
            (Some((_, lines)), None) => lines.push(line.to_owned()),
            (None, None) => {
                if let Some(heading) = line.strip_prefix('#') {
                    heading.trim_start_matches('#').trim().clone_into(&mut title);
                }
            }
        }
    }
    if block.is_some() {
        return Err("a block that does not end".to_owned());
    }
    match cases.iter().find(|case| case.blocks.is_empty()) {
        Some(case) => Err(format!("`{}` expects nothing", case.title)),
        None => Ok(cases),
    }
}

fn plan(name: &str, lines: &[String]) -> Result<Project, String> {
    let mut project = template(name);
    for line in lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()) {
        if let Some(words) = line.strip_prefix("assume ") {
            assume(&mut project, words)?;
            continue;
        }
        if let Some(words) = line.strip_prefix("observe ") {
            observed::observe(&mut project, words)?;
            continue;
        }
        let (phase, ron) = line.split_once(": ").ok_or_else(|| format!("no phase in `{line}`"))?;
        let phase = phase.parse().map_err(|e| format!("`{line}`: {e}"))?;
        let options = Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
        let made: Edit = options.from_str(ron).map_err(|e| format!("`{line}`: {e}"))?;
        let change = edit(&project, phase, made).map_err(|e| format!("`{line}`: {e}"))?;
        apply(&mut project, change).map_err(|e| format!("`{line}`: {e}"))?;
    }
    Ok(project)
}

fn assume(project: &mut Project, words: &str) -> Result<(), String> {
    let (state, name) = words.split_once(' ').ok_or_else(|| format!("`assume {words}`"))?;
    let id: bridgehead::model::id::AssumptionId =
        name.parse().map_err(|e| format!("`{name}`: {e}"))?;
    if let Some(assumption) = project.assumptions.get_mut(&id) {
        assumption.on = state == "on";
        return Ok(());
    }
    let behaviour = Behaviour::ALL.into_iter().find(|b| b.name() == name);
    let behaviour = behaviour.ok_or_else(|| format!("no assumption `{name}`"))?;
    let assumption = Assumption {
        text: name.to_owned(),
        about: About::Behaviour(behaviour),
        on: state == "on",
        checked: None,
    };
    project.assumptions.insert(id, assumption);
    Ok(())
}

fn value<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.split(' ').find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
}

impl Case {
    /// Whether a findings block wants, or forbids, findings of a rule.
    pub(crate) fn expects_finding(&self, rule: &str, wanted: bool) -> bool {
        let code = bridgehead::rules::find(rule).map_or("", |rule| rule.code);
        let start = if wanted { "must: " } else { "must not: " };
        self.blocks.iter().filter(|(head, _)| head.starts_with("findings")).any(|(_, lines)| {
            lines
                .iter()
                .filter_map(|line| line.strip_prefix(start))
                .any(|rest| rest.split(' ').next().is_some_and(|word| word == code || word == rule))
        })
    }

    /// The plan alone.
    pub(crate) fn into_project(self) -> Project {
        self.project
    }

    /// Runs the case.
    pub(crate) fn run(&self) -> Result<(), String> {
        for (head, lines) in &self.blocks {
            let result = match head.split(' ').next() {
                Some("trace") => self.trace(head, lines),
                Some("findings") => self.findings(head, lines),
                Some("outage") => self.outage(head, lines),
                _ => Err(format!("no block is called `{head}`")),
            };
            result.map_err(|e| format!("```{head}: {e}"))?;
        }
        Ok(())
    }

    fn phase(&self, head: &str) -> Result<usize, String> {
        let name = value(head, "phase").ok_or("no phase")?;
        self.project.phase_index(name).ok_or_else(|| format!("no phase `{name}`"))
    }

    fn trace(&self, head: &str, lines: &[String]) -> Result<(), String> {
        let phase = self.phase(head)?;
        let topologies = unfold(&self.project);
        let end = |name: &str| -> Result<End, String> {
            let text = value(head, name).ok_or_else(|| format!("no `{name}`"))?;
            if let Ok(id) = text.parse()
                && topologies[phase].servers.contains_key(&id)
            {
                return Ok(End::Server(id));
            }
            text.parse().map_err(|e| format!("{e}"))
        };
        let failures: BTreeSet<Subject> = head
            .split(' ')
            .filter_map(|word| word.strip_prefix("fail="))
            .map(|text| text.parse().map_err(|e| format!("{e}")))
            .collect::<Result<_, String>>()?;
        let inputs = Inputs::of(&self.project);
        let trace =
            analysis::trace(&topologies[phase], &inputs, &end("from")?, &end("to")?, &failures);
        let code = trace.code.map(Code::name).unwrap_or_default();
        let at = trace.at.clone().unwrap_or_default();
        let verdict = format!("{} {code} at {at}", trace.disposition.name()).replace("  ", " ");
        let path: Vec<_> = trace.path.iter().map(ToString::to_string).collect();
        let path = format!("path {}", path.join(" "));
        let steps = trace.hops.iter().flat_map(|h| &h.steps).map(|s| s.text.as_str());
        let text: String = steps.collect::<Vec<_>>().join("\n");
        for line in lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()) {
            let holds = if let Some(words) = line.strip_prefix("says ") {
                text.contains(words.trim_matches('"'))
            } else if let Some(words) = line.strip_prefix("does not say ") {
                !text.contains(words.trim_matches('"'))
            } else if let Some(name) = line.strip_prefix("assumes ") {
                trace.assumptions.iter().any(|id| id.as_str() == name)
            } else if line.starts_with("path") {
                line == path
            } else {
                line == verdict || Some(line) == verdict.split(" at ").next()
            };
            if !holds {
                return Err(format!("`{line}` does not hold: {verdict}; {path}\n{text}"));
            }
        }
        Ok(())
    }

    fn outage(&self, head: &str, lines: &[String]) -> Result<(), String> {
        let phase = match value(head, "phase") {
            Some(_) => self.phase(head)?,
            None => self.project.phase_count() - 1,
        };
        let failures: Vec<&str> =
            head.split(' ').filter_map(|word| word.strip_prefix("fail=")).collect();
        let hours = value(head, "hours").ok_or("no hours")?;
        story::holds(&self.project, phase, &failures, hours, lines)
    }

    fn findings(&self, head: &str, lines: &[String]) -> Result<(), String> {
        let analysis = analyse(&self.project);
        let found = &analysis.phases[self.phase(head)?].findings;
        for line in lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()) {
            let (wanted, words) = if let Some(words) = line.strip_prefix("must: ") {
                (true, words)
            } else if let Some(words) = line.strip_prefix("must not: ") {
                (false, words)
            } else {
                return Err(format!("`{line}` begins with neither `must: ` nor `must not: `"));
            };
            let words: Vec<&str> = words.split(' ').collect();
            let fits = found.iter().any(|f| {
                let subject = f.subject.to_string();
                words.iter().all(|word| {
                    [f.rule.code, f.rule.name, f.severity.name(), &subject].contains(word)
                })
            });
            if fits != wanted {
                return Err(format!("`{line}` does not hold: {found:#?}"));
            }
        }
        Ok(())
    }
}
