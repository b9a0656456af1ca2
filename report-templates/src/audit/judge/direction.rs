//! Directions that the numbers deny: `reduced from 11 to 19`, `down from 11 to 19`.

use super::change::Ends;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Sign, is_any};
use crate::audit::reading::{Judged, Ledger, Reading};

const DOWN: &[&str] = &[
    "reduced",
    "decreased",
    "dropped",
    "fell",
    "cut",
    "lowered",
    "declined",
    "shrank",
    "shrunk",
    "down",
];
const UP: &[&str] = &[
    "increased",
    "rose",
    "grew",
    "grown",
    "raised",
    "climbed",
    "up",
    "boosted",
];

/// `reduced from 11 to 19`.
pub(super) fn judge(reading: &Reading<'_>, passage: usize, ends: &[Ends], ledger: &mut Ledger) {
    for pair in ends {
        let from = pair
            .first
            .checked_sub(1)
            .filter(|at| reading.word(passage, *at).eq_ignore_ascii_case("from"));
        let Some(from) = from.filter(|at| *at > 0) else {
            continue;
        };
        let verb = (from.saturating_sub(3)..from)
            .rev()
            .find_map(|at| way(reading.word(passage, at)));
        let (a, b) = (reading.number(pair.a), reading.number(pair.b));
        let Some(upward) = verb.filter(|_| a.unit == b.unit && a.is_exact() && b.is_exact()) else {
            continue;
        };
        against(
            reading,
            passage,
            (pair.first, pair.last),
            (pair.a, pair.b),
            upward,
            ledger,
        );
    }
}

fn way(word: &str) -> Option<bool> {
    match (is_any(word, UP), is_any(word, DOWN)) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

/// `19 failing tests (down from 11)`.
pub(super) fn down_from(reading: &Reading<'_>, passage: usize, ledger: &mut Ledger) {
    let numbers: Vec<_> = reading.numbers_in(passage).collect();
    for pair in numbers.windows(2) {
        let [(first, now), (last, then)] = pair else {
            continue;
        };
        let from = last.checked_sub(2).filter(|at| {
            at > first && reading.word(passage, last - 1).eq_ignore_ascii_case("from")
        });
        let Some(upward) = from.and_then(|at| way(reading.word(passage, at))) else {
            continue;
        };
        let (a, b) = (reading.number(*then), reading.number(*now));
        let next_to = reading.word(passage, last + 1).eq_ignore_ascii_case("to")
            || reading.symbol_at(passage, last + 1) == Some('→');
        let comparable = a.unit == b.unit && a.is_exact() && b.is_exact() && b.sign == Sign::None;
        // `1457 passing, 0 failing (up from 388)`: an earlier count may be the one that rose.
        let other = numbers
            .iter()
            .take_while(|(at, _)| at < first)
            .any(|(_, id)| {
                let earlier = reading.number(*id);
                earlier.unit == a.unit && (earlier.signed() >= a.signed()) == upward
            });
        let holds = (b.signed() >= a.signed()) == upward;
        if comparable && !next_to && last - first <= 10 && (holds || !other) {
            against(
                reading,
                passage,
                (*first, *last),
                (*then, *now),
                upward,
                ledger,
            );
        }
    }
}

fn against(
    reading: &Reading<'_>,
    passage: usize,
    tokens: (usize, usize),
    ends: (usize, usize),
    upward: bool,
    ledger: &mut Ledger,
) {
    let (from, to) = (
        reading.number(ends.0).signed(),
        reading.number(ends.1).signed(),
    );
    let holds = if upward { to >= from } else { to <= from };
    let verdict = if holds {
        Verdict::Consistent
    } else {
        Verdict::Inconsistent
    };
    let said = if upward { "an increase" } else { "a decrease" };
    let is = if holds { "is" } else { "is not" };
    ledger.push(
        Judged::new(
            Kind::Contradiction,
            verdict,
            reading.span(passage, tokens.0, tokens.1),
        )
        .expected(if holds {
            said.to_owned()
        } else {
            format!("not {said}")
        })
        .why(format!("from {from} to {to} {is} {said}"))
        .numbers([ends.0, ends.1]),
    );
}
