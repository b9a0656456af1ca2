//! Ticked criteria that state their target and a result that misses it.

use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Bound, Decimal, Mark, Number, Sign, TokenKind, is_any};
use crate::audit::reading::{Judged, Ledger, Reading};

const TARGET: &[&str] = &[
    "target",
    "goal",
    "required",
    "requirement",
    "minimum",
    "threshold",
];
const RESULT: &[&str] = &[
    "achieved",
    "actual",
    "actually",
    "result",
    "reached",
    "got",
    "measured",
    "delivered",
    "created",
    "now",
    "current",
];

pub(super) fn judge(reading: &Reading<'_>, ledger: &mut Ledger) {
    for passage in 0..reading.document.passages.len() {
        if !matches!(reading.passage(passage).role, Role::Line | Role::ItemHead)
            || !is_ticked(reading, passage)
        {
            continue;
        }
        let numbers: Vec<_> = reading.numbers_in(passage).collect();
        if let [first, second] = numbers.as_slice()
            && let Some((goal, result)) = roles(reading, passage, *first, *second)
        {
            compare(reading, passage, goal, result, ledger);
        }
    }
}

fn is_ticked(reading: &Reading<'_>, passage: usize) -> bool {
    let shape = reading.passage(passage);
    let boxed = shape.role == Role::ItemHead
        && shape
            .item
            .is_some_and(|item| reading.document.items[item].task == Some(true));
    let marks = || {
        reading
            .tokens(passage)
            .iter()
            .filter_map(|token| match token.kind {
                TokenKind::Mark(mark) => Some(mark),
                _ => None,
            })
    };
    (boxed || marks().any(|mark| mark == Mark::Done)) && marks().all(|mark| mark == Mark::Done)
}

type At = (usize, usize);

/// Which of two numbers is the target and which the result.
fn roles(reading: &Reading<'_>, passage: usize, first: At, second: At) -> Option<(At, At)> {
    let label = |at: usize, list: &[&str]| {
        (at.saturating_sub(3)..at).any(|i| is_any(reading.word(passage, i), list))
    };
    let around = |at: usize, list: &[&str]| {
        label(at, list) || (at + 1..at + 4).any(|i| is_any(reading.word(passage, i), list))
    };
    let arrow = (first.0 + 1..second.0).any(|at| reading.symbol_at(passage, at) == Some('→'));
    let criteria = reading
        .document
        .headings_above(passage)
        .next()
        .is_some_and(|heading| {
            let has = |list: &[&str]| reading.words(heading).any(|word| is_any(word, list));
            has(&["criteria", "targets", "goals", "requirements"])
                && (has(&["met", "achieved", "all"]))
        });
    if arrow && criteria {
        return Some((first, second));
    }
    // `85% required, achieved 90%`.
    let required = |at: usize| {
        is_any(
            reading.word(passage, at + 1),
            &["required", "needed", "minimum"],
        )
    };
    match (required(first.0), required(second.0)) {
        (true, false) => return Some((first, second)),
        (false, true) => return Some((second, first)),
        _ => {}
    }
    let follows = |at: usize| (at + 1..at + 3).any(|i| is_any(reading.word(passage, i), TARGET));
    if follows(first.0) && around(second.0, RESULT) {
        return Some((first, second));
    }
    if label(first.0, TARGET) && around(second.0, RESULT) {
        return Some((first, second));
    }
    if label(second.0, TARGET) && around(first.0, RESULT) {
        return Some((second, first));
    }
    None
}

fn compare(reading: &Reading<'_>, passage: usize, goal: At, result: At, ledger: &mut Ledger) {
    let (target, actual) = (reading.number(goal.1), reading.number(result.1));
    let signed = target.sign != Sign::None || actual.sign != Sign::None;
    if target.unit != actual.unit || target.upper.is_some() || actual.upper.is_some() || signed {
        return;
    }
    let Some(upward) = upward(reading, passage, target) else {
        return;
    };
    let met = if upward {
        actual.value >= target.value
    } else {
        actual.value <= target.value
    };
    let off = actual.value.sub(target.value).abs();
    let tenth = Decimal {
        mantissa: off.mantissa * 10,
        ..off
    } <= target.value;
    let verdict = match (
        met,
        target.bound == Bound::About && tenth || actual.bound == Bound::About,
    ) {
        (true, _) => Verdict::Consistent,
        (false, true) => Verdict::Unresolved,
        (false, false) => Verdict::Inconsistent,
    };
    let why = if met {
        "the result meets the target"
    } else {
        "ticked, but the result misses the target"
    };
    let (first, last) = (goal.0.min(result.0), goal.0.max(result.0));
    ledger.push(
        Judged::new(
            Kind::Contradiction,
            verdict,
            reading.span(passage, first, last),
        )
        .expected(if met { "met" } else { "not met" })
        .why(format!("{why}: {} against {}", actual.value, target.value))
        .numbers([goal.1, result.1])
        .decision(true),
    );
}

/// Whether more is better.
fn upward(reading: &Reading<'_>, passage: usize, target: &Number) -> Option<bool> {
    match target.bound {
        Bound::AtLeast => return Some(true),
        Bound::AtMost => return Some(false),
        _ => {}
    }
    let has = |list: &[&str]| reading.words(passage).any(|word| is_any(word, list));
    let down = has(&[
        "failures",
        "failing",
        "errors",
        "bugs",
        "warnings",
        "issues",
        "latency",
        "overhead",
        "flaky",
        "duplication",
        "time",
        "duration",
        "size",
    ]);
    let up = has(&[
        "coverage",
        "tests",
        "test",
        "passing",
        "rate",
        "success",
        "documentation",
        "endpoints",
        "features",
    ]);
    (up && !down).then_some(true)
}
