//! What the words around two numbers say of their belonging together.

use super::table::{Column, Table};
use crate::audit::numbers::{Unit, is_any, noun, outcome, stem};
use crate::audit::reading::Reading;

/// Whether the headers let a percentage be the share that the ratio beside it states: it is no
/// weight, note or target, and no coverage beside counts of tests.
pub(super) fn tells_share(
    reading: &Reading<'_>,
    table: &Table<'_>,
    row: usize,
    ratio: usize,
    percent: usize,
) -> bool {
    let says = |cell: Option<usize>, list: &[&str]| {
        cell.is_some_and(|cell| reading.words(cell).any(|word| is_any(word, list)))
    };
    let own = &[
        "weight",
        "weighting",
        "note",
        "notes",
        "comment",
        "comments",
        "details",
        "target",
    ];
    let (header, label) = (table.cell(0, percent), table.cell(row, 0));
    let rate = table.columns[percent] == Column::Percent;
    let coverage = says(header, &["coverage"]) || says(label, &["coverage"]);
    let tests = [table.cell(0, ratio), label]
        .into_iter()
        .flatten()
        .any(|cell| {
            reading.words(cell).any(|word| {
                noun(word) == Some("test") || outcome(word).is_some() || is_any(word, &["unit"])
            })
        });
    let hours = &["hours", "time", "days", "effort", "estimate", "duration"];
    let spent = says(table.cell(0, ratio), hours);
    let foreign = coverage && tests && !rate;
    !(spent || foreign || says(header, own))
}

/// Quantities that counts of other things do not give.
const MEASURES: &[&str] = &[
    "size",
    "memory",
    "throughput",
    "cost",
    "line",
    "code",
    "time",
    "complexity",
];
const ERRORS: &[&str] = &["error", "errors", "failure", "failures", "bug", "defect"];

/// Whether a percentage is followed by a quantity that the ends before it do not give: sizes where
/// they count files, errors where they are rates of success.
pub(super) fn of_another_measure(
    reading: &Reading<'_>,
    passage: usize,
    at: usize,
    end: usize,
) -> bool {
    let next = reading.word(passage, at + 1);
    let end = reading.number(end);
    is_any(next, MEASURES) && end.unit == Unit::Count || is_any(next, ERRORS) && end.is_percent()
}

/// Whether ends or claim count different things: `50 links → 2,500 users (3x)`,
/// `9 files → 7 files, -569 lines`, `3 → 15 brands, 70% fewer revisions`.
pub(super) fn of_different_things(
    reading: &Reading<'_>,
    passage: usize,
    ends: (usize, usize),
    claim: usize,
) -> bool {
    const PLAIN: &[&str] = &[
        "in",
        "of",
        "than",
        "overall",
        "from",
        "total",
        "on",
        "per",
        "to",
        "and",
        "with",
        "for",
        "max",
        "now",
        "total",
        "remaining",
    ];
    let count = |at: usize| {
        reading
            .number_at(passage, at)
            .is_some_and(|id| reading.number(id).unit == Unit::Count)
    };
    let nouns = |at: usize| -> Vec<String> {
        let words = (at..at + 3).map(|at| reading.word(passage, at));
        let words = words.take_while(|word| !word.is_empty() && !is_any(word, PLAIN));
        words
            .filter(|word| outcome(word).is_none())
            .map(stem)
            .collect()
    };
    let differ = |a: &[String], b: &[String]| {
        !a.is_empty() && !b.is_empty() && !a.iter().any(|word| b.contains(word))
    };
    let (first, last) = (nouns(ends.0 + 1), nouns(ends.1 + 1));
    let signed = count(claim) && differ(&last, &nouns(claim + 1));
    let worded = is_any(reading.word(passage, claim + 1), &["fewer", "more", "less"])
        && differ(&last, &nouns(claim + 2));
    count(ends.0) && count(ends.1) && claim > ends.1 && (differ(&first, &last) || signed || worded)
}
