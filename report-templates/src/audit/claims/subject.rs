//! Whether a percentage beside a ratio has a subject of its own.

use super::ratio::Ratio;
use crate::audit::document::Role;
use crate::audit::numbers::{is_any, noun, outcome};
use crate::audit::reading::Reading;

/// Words that a percentage may be followed by without a subject of its own.
const OF_A_SHARE: &[&str] = &[
    "complete",
    "completed",
    "completion",
    "done",
    "passing",
    "passed",
    "pass",
    "passes",
    "success",
    "successful",
    "succeeded",
    "rate",
    "coverage",
    "covered",
    "progress",
    "finished",
    "implemented",
    "ready",
    "migrated",
    "compliance",
    "compliant",
    "accuracy",
    "percent",
    "total",
    "overall",
    "failing",
    "failed",
    "failure",
    "skipped",
    "remaining",
    "functional",
    "working",
    "operational",
    "converted",
    "resolved",
    "fixed",
    "met",
    "achieved",
    "delivered",
    "tested",
    "untested",
    "tests",
    "adoption",
    "of",
    "filled",
    "missing",
    "created",
    "written",
    "verified",
    "validated",
    "approved",
    "closed",
    "statements",
    "lines",
    "routes",
    "tasks",
    "files",
    "features",
    "exact",
    "ui",
    "test",
    "code",
    "line",
    "branch",
    "function",
    "statement",
    "documented",
    "reached",
    "by",
];

const RUNS: &[&str] = &[
    "uptime",
    "running",
    "healthy",
    "online",
    "availability",
    "available",
    "up",
];
const LOAD: &[&str] = &[
    "cpu",
    "utilization",
    "utilisation",
    "load",
    "cores",
    "usage",
];
const VAGUE: &[&str] = &[
    "mostly",
    "partially",
    "partly",
    "nearly",
    "almost",
    "half",
    "plus",
];

/// Whether the line, or the label of its row, has one of these words.
fn about(reading: &Reading<'_>, passage: usize, list: &[&str]) -> bool {
    let mut cells = vec![passage];
    if let Role::Cell { table, row, .. } = reading.passage(passage).role {
        cells.extend(reading.document.tables[table].rows[row].iter().take(2));
    }
    let mut words = cells.iter().flat_map(|cell| reading.words(*cell));
    words.any(|word| is_any(word, list))
}

/// Words between a bracket and the ratio in it that leave the percentage its subject.
fn introduces(word: &str) -> bool {
    const PLAIN: &[&str] = &[
        "only",
        "just",
        "now",
        "all",
        "about",
        "approx",
        "is",
        "are",
        "or",
        "i",
        "e",
        "ie",
        "i.e",
        "the",
        "with",
        "unit",
        "integration",
    ];
    is_any(word, PLAIN)
        || is_any(word, OF_A_SHARE)
        || noun(word).is_some()
        || outcome(word).is_some()
}

/// Whether the percentage says something else than the share.
pub(super) fn foreign(reading: &Reading<'_>, ratio: &Ratio, at: usize) -> bool {
    let passage = ratio.passage;
    let next = reading.word(passage, at + 1);
    let subject = !next.is_empty() && !is_any(next, OF_A_SHARE);
    let word = |at: usize| reading.word(passage, at);
    // `Week 11 of 20` is a place in time.
    let label = ratio.first > 0
        && is_any(
            word(ratio.first - 1),
            &[
                "week", "day", "phase", "sprint", "step", "session", "part", "month", "stage",
                "tier", "tiers", "level", "levels", "type", "option", "priority",
            ],
        );
    // `42% complete (71/71 tests passing)` states two things.
    let between = || {
        (at + 1..ratio.first)
            .map(word)
            .chain((ratio.last + 1..ratio.last + 5).map(word))
    };
    let complete = (at + 1..ratio.first)
        .any(|i| is_any(word(i), &["complete", "completed", "done", "progress"]));
    let passing = between().any(|word| outcome(word).is_some());
    let (part, whole) = (reading.number(ratio.part), reading.number(ratio.whole));
    let score = !part.value.is_whole()
        && whole
            .value
            .integer()
            .is_some_and(|n| matches!(n, 1 | 5 | 10 | 100));
    let all = part.value == whole.value;
    // `43/49 passing (production code 100%)`: the bracket names its own subject.
    let open = (ratio.last + 1..at)
        .rev()
        .find(|i| reading.symbol_at(passage, *i) == Some('('));
    let bracket = open.is_some_and(|open| {
        (open + 1..at)
            .map(word)
            .any(|word| !word.is_empty() && !is_any(word, OF_A_SHARE))
    });
    // `2.8% (Harbour reports 21/22 …)`: the bracket tells of something else.
    let told = (at + 1..ratio.first)
        .rev()
        .find(|i| reading.symbol_at(passage, *i) == Some('('))
        .is_some_and(|open| {
            (open + 1..ratio.first)
                .map(word)
                .any(|w| !w.is_empty() && !introduces(w))
        });
    // `from 52% to 56% (1 of 11 gaps)`: the bracket says what moved it.
    let moved = at > 1
        && word(at - 1).eq_ignore_ascii_case("to")
        && (at.saturating_sub(5)..at).any(|i| word(i).eq_ignore_ascii_case("from"));
    // `5/5 (99%)` of what is running is an availability.
    let available = all && about(reading, passage, RUNS);
    // `Errors: 0.2%  Pool: 8/20`: the ratio has a label of its own.
    let label_of_own = at < ratio.first
        && (at + 1..ratio.first).any(|i| reading.symbol_at(passage, i) == Some(':'))
        && (at + 1..ratio.first)
            .map(word)
            .any(|w| !w.is_empty() && !is_any(w, OF_A_SHARE));
    // `2/8 checked - 100% working`: all of those that were looked at.
    let looked = &[
        "checked",
        "reviewed",
        "audited",
        "attempted",
        "sampled",
        "inspected",
    ];
    let sampled = at > ratio.last
        && !word(at + 1).is_empty()
        && (ratio.last + 1..at).any(|i| is_any(word(i), looked));
    // `12% (10/25 of these + 9/96 of those)`, `400% (2/10 → 10/10)`.
    let joined = (ratio.last + 1..ratio.last + 5)
        .any(|i| matches!(reading.symbol_at(passage, i), Some('+' | '→')));
    // `17% (1 of 5 pages mostly done)` counts more than is finished, a load less than is there.
    let vague = (ratio.first.min(at).saturating_sub(3)..ratio.last.max(at) + 5)
        .any(|i| is_any(word(i), VAGUE));
    let load = about(reading, passage, LOAD);
    // A coverage is no share of passed tests.
    let coverage =
        |range: std::ops::Range<usize>| range.map(word).any(|w| is_any(w, &["coverage"]));
    let rate = (at + 1..ratio.first)
        .map(word)
        .any(|w| is_any(w, &["rate", "success", "passing"]));
    let tests = (ratio.last + 1..ratio.last + 4)
        .map(word)
        .any(|w| noun(w) == Some("test"));
    let round = all
        || whole
            .value
            .integer()
            .is_some_and(|n| matches!(n, 5 | 10 | 100));
    let other = round && at > ratio.last && coverage(at + 1..at + 4) && !coverage(0..ratio.first);
    let covered =
        other || at < ratio.first && tests && !rate && coverage(at.saturating_sub(4)..ratio.first);
    label_of_own
        || sampled
        || joined
        || subject && at > ratio.last
        || label
        || bracket
        || told
        || moved
        || available
        || vague
        || load
        || covered
        || complete && (passing || all)
        || score
}
