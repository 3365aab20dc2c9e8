//! Values over time: what holds in which phases.

use super::document::{Style, Text};
use crate::{analysis::Analysis, model::Topology};

/// Phases in a row with one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span<T> {
    /// The value.
    pub(super) value: T,
    /// The first phase.
    pub(super) from: usize,
    /// The last phase.
    pub(super) to: usize,
}

/// What holds when: equal values of neighbouring phases are one.
pub(super) fn over<T: PartialEq>(
    analysis: &Analysis,
    value: impl Fn(&Topology) -> Option<T>,
) -> Vec<Span<T>> {
    let mut spans: Vec<Span<T>> = Vec::new();
    for (at, phase) in analysis.phases.iter().enumerate() {
        let Some(value) = value(&phase.topology) else { continue };
        match spans.last_mut() {
            Some(last) if last.value == value && last.to + 1 == at => last.to = at,
            _ => spans.push(Span { value, from: at, to: at }),
        }
    }
    spans
}

/// When, in words that stay on one line; empty for all phases.
pub(super) fn when(analysis: &Analysis, from: usize, to: usize) -> String {
    let last = analysis.phases.len() - 1;
    match (from, to) {
        (0, to) if to == last => String::new(),
        (0, 0) => "as\u{a0}found".to_owned(),
        (0, to) => format!("until\u{a0}phase\u{a0}{to}"),
        (from, to) if to == last => format!("from\u{a0}phase\u{a0}{from}"),
        (from, to) if from == to => format!("in\u{a0}phase\u{a0}{from}"),
        (from, to) => format!("in\u{a0}phases\u{a0}{from}\u{a0}to\u{a0}{to}"),
    }
}

/// A value that may change: one paragraph a value, each followed by when it holds. `whole` is when
/// the object itself is there: a value that holds as long is not told apart.
pub(super) fn told(
    analysis: &Analysis,
    style: Style,
    whole: (usize, usize),
    value: impl Fn(&Topology) -> Option<Vec<String>>,
) -> Vec<Text> {
    let mut lines = Vec::new();
    for span in over(analysis, value) {
        let when = if (span.from, span.to) == whole {
            String::new()
        } else {
            when(analysis, span.from, span.to)
        };
        let count = span.value.len();
        // Several lines stand below their time, a single one before it.
        if count > 1 && !when.is_empty() {
            lines.push(Text::weak(format!("{when}:")));
        }
        for line in span.value {
            let text = Text::styled(style, line);
            lines.push(if count == 1 && !when.is_empty() {
                text.and(Style::Weak, format!(" {when}"))
            } else {
                text
            });
        }
    }
    lines
}

/// The first and the last phase in which something is there.
pub(super) fn life(analysis: &Analysis, there: impl Fn(&Topology) -> bool) -> (usize, usize) {
    let mut phases = analysis
        .phases
        .iter()
        .enumerate()
        .filter(|(_, phase)| there(&phase.topology))
        .map(|(at, _)| at);
    let from = phases.next().unwrap_or(0);
    (from, phases.last().unwrap_or(from))
}

/// Numbers of phases as people list them: `3`, `3 and 4`, `1, 3 to 5`.
pub(super) fn list(phases: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for phase in phases {
        match runs.last_mut() {
            Some((_, to)) if *to + 1 == *phase => *to = *phase,
            _ => runs.push((*phase, *phase)),
        }
    }
    let parts: Vec<String> = runs
        .into_iter()
        .map(|(from, to)| if from == to { from.to_string() } else { format!("{from} to {to}") })
        .collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_are_listed_as_people_do() {
        assert_eq!(list(&[3]), "3");
        assert_eq!(list(&[1, 3, 4, 5]), "1, 3 to 5");
    }
}
