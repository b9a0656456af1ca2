//! Which ratio says where things stand: start, current state or target.

use super::ratio::Ratio;
use crate::audit::document::Role;
use crate::audit::numbers::is_any;
use crate::audit::reading::Reading;

/// What a ratio is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Start,
    Current,
    Target,
}

const START: &[&str] = &[
    "from",
    "before",
    "initial",
    "initially",
    "start",
    "starting",
    "started",
    "baseline",
    "previous",
    "previously",
    "was",
    "were",
    "originally",
    "original",
    "yesterday",
    "old",
    "prior",
];
const TARGET: &[&str] = &[
    "target",
    "goal",
    "reach",
    "aim",
    "objective",
    "should",
    "will",
    "expected",
    "projected",
    "would",
    "planned",
];

/// A headline that says so speaks of the present.
const REACHED: &[&str] = &[
    "achieved",
    "reached",
    "met",
    "exceeded",
    "accomplished",
    "surpassed",
];

/// Words of the passage, of its table row's label, and of the headings above.
pub(crate) fn standing(reading: &Reading<'_>, ratio: &Ratio) -> Standing {
    let passage = ratio.passage;
    let close = |list: &[&str]| {
        (ratio.first.saturating_sub(5)..ratio.first)
            .any(|at| is_any(reading.word(passage, at), list))
    };
    if close(START) {
        return Standing::Start;
    }
    if close(TARGET) {
        return Standing::Target;
    }
    let mut labels = Vec::new();
    if let Role::Cell { table, row, column } = reading.passage(passage).role {
        let rows = &reading.document.tables[table].rows;
        labels.extend(rows[row].first().copied());
        labels.extend(rows[0].get(column).copied());
    }
    labels.extend(reading.document.headings_above(passage).take(1));
    let says = |list: &[&str]| {
        labels
            .iter()
            .any(|label| reading.words(*label).any(|word| is_any(word, list)))
    };
    if says(&[
        "before", "initial", "starting", "start", "baseline", "previous", "original", "old",
    ]) {
        Standing::Start
    } else if says(&[
        "target",
        "goal",
        "criteria",
        "next",
        "milestone",
        "roadmap",
        "plan",
    ]) && !says(REACHED)
    {
        Standing::Target
    } else {
        Standing::Current
    }
}
