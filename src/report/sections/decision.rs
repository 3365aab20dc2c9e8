//! The decision: ready or not, the numbers behind it, and what has to be done first.
//!
//! "Not measured" is never a pass: a plan that holds on paper is ready *once* it has been measured.

use crate::{
    model::{beside::Outcome, marks::MarkKey},
    plan::promises::State,
    report::{
        cases::{left_after, who},
        context::{Context, count},
        document::{Block, Cell, CheckItem, Checklist, Fact, Figure, Mark, Table, Text},
        paths::{self, MailPath},
        phases, scene,
    },
    rules::{finding::Finding, rule::Severity},
    sim::trace::Trace,
};
use std::collections::BTreeSet;

/// The decision stays on one page: more than this stands in section Findings.
const ITEMS_MAX: usize = 14;
/// With more to be done first there is no room for a drawing.
const LINES_WITH_DRAWING: usize = 7;
/// So many letters of an item stand on a line, nearly.
const LETTERS: usize = 52;
/// With more paths only those are drawn that do not arrive.
const PATHS_WITH_ALL: usize = 6;
/// The room for it, in points.
const DRAWING: [f32; 2] = [460.0, 210.0];

/// How the plan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Ready,
    Conditions,
    NotReady,
}

/// The verdict in a line, for the cover.
pub(in crate::report) fn verdict(context: &Context<'_>) -> Fact {
    let (mark, value) = match stand(context) {
        Verdict::Ready => (Mark::Pass, "Ready"),
        Verdict::Conditions => (Mark::Warning, "Ready on paper; something has to be done first"),
        Verdict::NotReady => (Mark::Error, "Not ready"),
    };
    Fact { mark, label: "Decision".to_owned(), value: value.into() }
}

/// The section.
pub fn blocks(context: &Context<'_>, _: &str) -> Vec<Block> {
    let first = super::phases::items(context, 0, "start", before_you_start(context));
    let mut blocks = vec![Block::Lead(lead(context, first.len()).into())];
    if let Some(remark) = remark(context) {
        blocks.push(Block::Remark(remark.into()));
    }
    blocks.push(Block::Facts(vec![
        promises(context),
        findings(context),
        live_checks(context),
        assumptions(context),
        way_back(context),
    ]));
    let lines = first.iter().map(|item| item.text.plain().chars().count().div_ceil(LETTERS)).sum();
    blocks.extend(drawing(context, lines));
    blocks.push(super::heading("Before you start"));
    if first.is_empty() {
        blocks.push(Block::Paragraph(
            "Nothing is left to be done before phase 1 but what its own pause asks for.".into(),
        ));
    } else {
        blocks.push(Block::Remark("Set up everything that you need before you start.".into()));
        blocks.push(Block::Checklist(Checklist {
            title: String::new(),
            aside: String::new(),
            items: first,
        }));
    }
    blocks.extend(cut_over(context));
    blocks
}

/// The phase in which mail fails first, else the last, with its mail paths, where the page has the room.
fn drawing(context: &Context<'_>, lines: usize) -> Vec<Block> {
    const SERVERS_MAX: usize = 12;
    let project = &context.analysis.project;
    let failing = failing_phases(context).first().copied();
    let at = failing.unwrap_or(context.analysis.phases.len() - 1);
    let topology = &context.analysis.phases[at].topology;
    let crowded = lines > LINES_WITH_DRAWING || !project.dossier.windows.is_empty();
    if crowded || topology.servers.is_empty() || topology.servers.len() > SERVERS_MAX {
        return vec![];
    }
    let mut paths = paths::paths(context.analysis, at);
    let fails = |paths: &[MailPath]| paths.iter().any(|path| !path.trace.disposition.arrived());
    if failing.is_some() && !fails(&paths) {
        // No mail between sites fails, but that of a promise does.
        let lost = lost(context, at).into_iter().map(|(what, trace)| MailPath { what, trace });
        paths.splice(0..0, lost.take(3));
    }
    let failing = failing.filter(|_| fails(&paths));
    // Where there are many, those that arrive are left to section 6: the others stand first.
    let arrive = paths.iter().filter(|path| path.trace.disposition.arrived()).count();
    let hidden = if paths.len() > PATHS_WITH_ALL { arrive } else { 0 };
    let paths = &paths[..paths.len() - hidden];
    let drawn = &context.drawn().phases[at].topology;
    let drawing = scene::with_paths(context.scene(at), drawn, paths, DRAWING);
    let title = match (failing, at) {
        (Some(_), at) => format!("Where mail fails: {}", context.phase(at)),
        (None, 0) => "The system as it is".to_owned(),
        (None, at) => format!("The system after {}", context.phase(at)),
    };
    let others = match (hidden, paths.is_empty()) {
        (0, _) => String::new(),
        (n, true) => format!("{} arrive; section 6 shows them.", count(n, "mail path")),
        (n, false) => format!(" {} more arrive; section 6 shows them.", count(n, "path")),
    };
    let caption = format!("{}{others}", paths::verdicts(paths));
    let alt = format!("{title}. {} {}", paths::spoken(topology, paths), others.trim());
    let alt = alt.trim_end().to_owned();
    let figure = Figure { caption, alt, drawing, high: Some(DRAWING[1]) };
    vec![super::heading(&title), Block::Figure(figure)]
}

/// When each phase is carried out, and who decides: only what somebody entered.
fn cut_over(context: &Context<'_>) -> Vec<Block> {
    let project = &context.analysis.project;
    let mut table = Table::new(&["Phase", "Begins", "Called by", "Way back until"], "");
    for (at, phase) in project.phases.iter().enumerate() {
        let Some(window) = project.dossier.windows.get(&phase.id) else { continue };
        table.rows.push(vec![
            Cell::from(Text::strong(format!("{} {}", at + 1, phase.title))),
            Cell::from(window.begins.as_str()),
            Cell::from(window.caller.as_str()),
            Cell::from(window.back_until.as_str()),
        ]);
    }
    if table.rows.is_empty() {
        return vec![];
    }
    vec![super::heading("Cut-over"), Block::Table(table)]
}

fn stand(context: &Context<'_>) -> Verdict {
    let live = |outcome| context.fresh().any(|e| e.outcome == outcome);
    let promise =
        |state| context.analysis.phases.iter().flat_map(|p| &p.promises).any(|p| p.state == state);
    let open = |severity| context.open(severity).next().is_some();
    if promise(State::Broken) || open(Severity::Error) || live(Outcome::Fail) {
        return Verdict::NotReady;
    }
    let unchecked = context.analysis.project.assumptions.values();
    let unchecked = unchecked.filter(|a| a.on && a.checked.is_none()).count();
    if promise(State::CannotTell)
        || open(Severity::CannotTell)
        || unchecked > 0
        || live(Outcome::Unknown)
        || context.stale_count() > 0
        || !unmeasured(context).is_empty()
    {
        return Verdict::Conditions;
    }
    Verdict::Ready
}

/// The messages of broken promises of a phase that do not arrive, each with its promise.
fn lost(context: &Context<'_>, at: usize) -> Vec<(String, Trace)> {
    let analysis = context.analysis;
    let broken = analysis.phases[at].promises.iter().filter(|p| p.state == State::Broken);
    let traced = broken.filter_map(|verdict| {
        let (from, to) = verdict.counterexample.as_ref()?;
        let text = &analysis.project.promises.get(&verdict.id)?.text;
        Some((text.clone(), analysis.trace(at, from, to, &BTreeSet::new())))
    });
    traced.filter(|(_, trace)| !trace.disposition.arrived()).collect()
}

/// The phases in which mail fails: by an error, or by a promise whose message does not arrive.
fn failing_phases(context: &Context<'_>) -> Vec<usize> {
    let analysis = context.analysis;
    let error = |at: usize| {
        let open = |f: &&Finding| f.severity == Severity::Error && analysis.waived(f).is_none();
        analysis.phases[at].findings.iter().any(|f| open(&f))
    };
    let broken = broken_phases(context).into_iter();
    broken.filter(|at| error(*at) || !lost(context, *at).is_empty()).collect()
}

/// The texts of the promises that are broken in some phase.
fn broken_promises<'a>(context: &Context<'a>) -> Vec<&'a str> {
    let analysis = context.analysis;
    let broken: BTreeSet<_> = analysis
        .phases
        .iter()
        .flat_map(|phase| &phase.promises)
        .filter(|verdict| verdict.state == State::Broken)
        .map(|verdict| &verdict.id)
        .collect();
    let promises = broken.into_iter().filter_map(|id| analysis.project.promises.get(id));
    promises.map(|promise| promise.text.as_str()).collect()
}

/// The phases in which something is broken.
fn broken_phases(context: &Context<'_>) -> Vec<usize> {
    (0..context.analysis.phases.len())
        .filter(|at| context.analysis.worst(*at) == crate::analysis::Worst::Broken)
        .collect()
}

fn lead(context: &Context<'_>, conditions: usize) -> String {
    let (broken, failing) = (broken_phases(context), failing_phases(context));
    match stand(context) {
        Verdict::NotReady if broken.is_empty() => {
            "Not ready: what was measured differs from the plan.".to_owned()
        }
        Verdict::NotReady if failing.is_empty() => {
            let told: Vec<_> = broken_promises(context).into_iter().take(1).collect();
            format!(
                "Not ready: mail arrives, but a promise is broken in {}: “{}”.",
                if broken.len() == 1 {
                    context.phase(broken[0])
                } else {
                    format!("phases {}", phases::list(&broken))
                },
                told.concat().trim_end_matches('.'),
            )
        }
        Verdict::NotReady if failing.len() == 1 => {
            format!("Not ready: mail fails in {}.", context.phase(failing[0]))
        }
        Verdict::NotReady => format!("Not ready: mail fails in phases {}.", phases::list(&failing)),
        Verdict::Conditions if conditions == 1 => {
            "Ready to begin phase 1, once one thing is done.".to_owned()
        }
        Verdict::Conditions => {
            format!("Ready to begin phase 1, once {} are done.", count(conditions, "thing"))
        }
        Verdict::Ready => "Ready to begin phase 1.".to_owned(),
    }
}

/// What the cures would make of it: proved on a copy of the plan.
fn remark(context: &Context<'_>) -> Option<String> {
    if broken_phases(context).is_empty() {
        let kept = if context.analysis.project.promises.is_empty() {
            "No promise was written down, so none could be checked"
        } else {
            "Every promise holds in every phase from which it is due, on paper"
        };
        return Some(if context.fresh().next().is_none() {
            format!("{kept}; nothing has been measured on the live network yet.")
        } else {
            format!("{kept}.")
        });
    }
    let errors: Vec<_> = context.open(Severity::Error).collect();
    if errors.is_empty() {
        return None;
    }
    Some(match left_after(context.analysis, &errors) {
        Some(0) => {
            "With the cures below made first, every promise holds in every phase from which \
                    it is due: that was proved on a copy of this plan."
                .to_owned()
        }
        Some(left) => format!(
            "The cures below are not enough: {} or broken promises would be left.",
            count(left, "error")
        ),
        None => "Not every error has a cure that could be proved; section Findings says which."
            .to_owned(),
    })
}

fn promises(context: &Context<'_>) -> Fact {
    let project = &context.analysis.project;
    let phases = &context.analysis.phases;
    let with = |state| -> BTreeSet<_> {
        phases
            .iter()
            .flat_map(|p| &p.promises)
            .filter(|p| p.state == state)
            .map(|p| p.id.clone())
            .collect()
    };
    let (broken, open) = (with(State::Broken), with(State::CannotTell));
    let total = project.promises.len();
    let kept = total - broken.union(&open).count();
    let mut value = if total == 0 {
        "none was written down".to_owned()
    } else {
        format!("{kept} of {total} in every phase")
    };
    if !broken.is_empty() {
        value = format!("{value} · {} broken in at least one", broken.len());
    }
    if !open.is_empty() {
        value = format!("{value} · {} cannot be told", open.len());
    }
    let mark = match (broken.is_empty(), open.is_empty() && total > 0) {
        (false, _) => Mark::Error,
        (true, false) => Mark::Unknown,
        (true, true) => Mark::Pass,
    };
    Fact { mark, label: "Promises kept".to_owned(), value: value.into() }
}

fn findings(context: &Context<'_>) -> Fact {
    let number = |severity| context.open(severity).count();
    let parts = [
        (number(Severity::Error), "error"),
        (number(Severity::Warning), "warning"),
        (number(Severity::Note), "note"),
    ];
    let mut said: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| count(*n, word)).collect();
    let unknown = number(Severity::CannotTell);
    if unknown > 0 {
        said.push(format!("{unknown} cannot be told"));
    }
    let waived = context.cases.iter().filter(|case| case.waived.is_some()).count();
    if waived > 0 {
        said.push(format!("{waived} waived"));
    }
    let mark = if parts[0].0 > 0 {
        Mark::Error
    } else if parts[1].0 > 0 {
        Mark::Warning
    } else if unknown > 0 {
        Mark::Unknown
    } else {
        Mark::Pass
    };
    let value = if said.is_empty() { "none".to_owned() } else { said.join(" · ") };
    Fact { mark, label: "Findings open".to_owned(), value: value.into() }
}

/// Phases as a sentence names them: `phase 3`, `phases 1, 3 to 5`.
fn named(list: &[usize]) -> String {
    let word = if list.len() == 1 { "phase" } else { "phases" };
    format!("{word} {}", phases::list(list))
}

/// The phases about which nothing was asked that still holds.
fn unmeasured(context: &Context<'_>) -> Vec<usize> {
    let asked: BTreeSet<usize> = context.fresh().map(|evidence| evidence.phase).collect();
    (0..context.analysis.phases.len()).filter(|at| !asked.contains(at)).collect()
}

fn live_checks(context: &Context<'_>) -> Fact {
    let number = |outcome: Outcome| context.fresh().filter(|e| e.outcome == outcome).count();
    let (none, stale) = (context.fresh().next().is_none(), context.stale_count());
    let mark =
        if none || stale > 0 || number(Outcome::Unknown) > 0 { Mark::Unknown } else { Mark::Pass };
    let mark = if number(Outcome::Warn) > 0 { Mark::Warning } else { mark };
    let mark = if number(Outcome::Fail) > 0 { Mark::Error } else { mark };
    let outcomes = [Outcome::Pass, Outcome::Fail, Outcome::Warn, Outcome::Info, Outcome::Unknown];
    let mut said: Vec<String> = outcomes
        .into_iter()
        .filter(|outcome| number(*outcome) > 0)
        .map(|outcome| format!("{} {}", number(outcome), outcome.name()))
        .collect();
    if stale > 0 {
        said.push(format!("{stale} stale: the plan says something else by now"));
    }
    let unmeasured = unmeasured(context);
    let mark = if mark == Mark::Pass && !unmeasured.is_empty() { Mark::Unknown } else { mark };
    if !none && !unmeasured.is_empty() {
        said.push(format!("nothing was asked about {}", named(&unmeasured)));
    }
    let value = if said.is_empty() {
        "not measured: nothing was asked of the live network".to_owned()
    } else {
        said.join(" · ")
    };
    Fact { mark, label: "Live checks".to_owned(), value: value.into() }
}

fn assumptions(context: &Context<'_>) -> Fact {
    let taken = context.analysis.project.assumptions.values().filter(|a| a.on);
    let taken: Vec<_> = taken.collect();
    let unchecked = taken.iter().filter(|a| a.checked.is_none()).count();
    let value = match (taken.len(), unchecked) {
        (0, _) => "none about the client's network".to_owned(),
        (all, 0) => format!("{all} taken, all checked"),
        (all, unchecked) => format!("{all} taken, {unchecked} of them unchecked"),
    };
    let mark = if unchecked > 0 { Mark::Unknown } else { Mark::Pass };
    Fact { mark, label: "Assumptions".to_owned(), value: value.into() }
}

fn way_back(context: &Context<'_>) -> Fact {
    let steps: usize = context.analysis.project.phases.iter().map(|p| p.edits.len()).sum();
    let phases = context.analysis.project.phases.len();
    let value = if steps == 0 {
        "no step is planned".to_owned()
    } else {
        format!("beside each of {} in {}", count(steps, "step"), count(phases, "phase"))
    };
    Fact { mark: Mark::Pass, label: "Way back".to_owned(), value: value.into() }
}

/// Cures at the earliest phase in which they can stand, then what nobody has checked.
fn before_you_start(context: &Context<'_>) -> Vec<CheckItem> {
    let mut items = Vec::new();
    let mut seen = BTreeSet::new();
    for severity in [Severity::Error, Severity::Warning] {
        for case in context.open(severity) {
            let Some(fix) = case.fixes.first() else { continue };
            if seen.insert(fix.title.clone()) {
                items.push(CheckItem {
                    text: Text::from(fix.title.as_str()),
                    who: who(&fix.wanted).to_owned(),
                    when: if fix.earliest == 0 {
                        "now".to_owned()
                    } else {
                        format!("in phase {}", fix.earliest)
                    },
                    ..CheckItem::default()
                });
            }
        }
    }
    for case in context.open(Severity::CannotTell) {
        items.push(CheckItem {
            text: Text::from(format!("Find out: {}", case.finding.message)),
            who: "Consultant".to_owned(),
            when: format!("before phase {}", case.phases[0].max(1)),
            ..CheckItem::default()
        });
    }
    let project = &context.analysis.project;
    for assumption in project.assumptions.values().filter(|a| a.on && a.checked.is_none()) {
        items.push(CheckItem {
            text: Text::from(format!("Check: {}", assumption.text)),
            who: "Consultant".to_owned(),
            when: "before phase 1".to_owned(),
            ..CheckItem::default()
        });
    }
    items.extend(to_be_asked(context));
    if items.len() > ITEMS_MAX {
        let more = items.len() - ITEMS_MAX + 1;
        items.truncate(ITEMS_MAX - 1);
        items.push(CheckItem {
            text: format!("{more} more, in sections Findings and Assumptions").into(),
            ..CheckItem::default()
        });
    }
    items
}

/// What has to be asked of the live network, first or again.
fn to_be_asked(context: &Context<'_>) -> Vec<CheckItem> {
    let mut items = Vec::new();
    let no_answer = context.fresh().filter(|e| e.outcome == Outcome::Unknown).count();
    let not_measured = no_answer + context.stale_count();
    if context.fresh().next().is_none() {
        items.push(CheckItem {
            text: "Ask the live network what the plan says it answers".into(),
            who: "Consultant".to_owned(),
            when: "before phase 1".to_owned(),
            ..CheckItem::default()
        });
    } else if not_measured > 0 {
        items.push(CheckItem {
            text: Text::from(format!(
                "Ask again: {} of the live network got no answer, or one that is stale",
                count(not_measured, "question")
            )),
            who: "Consultant".to_owned(),
            when: "before phase 1".to_owned(),
            ..CheckItem::default()
        });
    }
    let unmeasured = unmeasured(context);
    if context.fresh().next().is_some() && !unmeasured.is_empty() {
        items.push(CheckItem {
            text: Text::from(format!(
                "Ask the live network about {} as well, once it is set up",
                named(&unmeasured)
            )),
            who: "Consultant".to_owned(),
            when: "before each phase ends".to_owned(),
            ..CheckItem::default()
        });
    }
    items
}

/// What the boxes stand for.
pub(in crate::report) fn marks(context: &Context<'_>) -> Vec<MarkKey> {
    before_you_start(context)
        .iter()
        .map(|item| super::phases::key(context, 0, "start", item))
        .collect()
}
