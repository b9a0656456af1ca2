//! `16 tests (6 unit tests, 10 integration tests)`: parts in a bracket, all in the unit of the whole.

use super::columns::report;
use crate::audit::numbers::{noun, stem};
use crate::audit::reading::{Ledger, Reading};

pub(super) fn judge(reading: &Reading<'_>, ledger: &mut Ledger) {
    for passage in 0..reading.document.passages.len() {
        let numbers: Vec<_> = reading.numbers_in(passage).collect();
        let mut index = 0;
        while index + 2 < numbers.len() {
            let taken = bracket(reading, passage, &numbers[index..], ledger);
            index += taken.max(1);
        }
    }
}

/// Judges a bracket that follows the first number; returns how many numbers it used.
fn bracket(
    reading: &Reading<'_>,
    passage: usize,
    numbers: &[(usize, usize)],
    ledger: &mut Ledger,
) -> usize {
    let (at, total) = numbers[0];
    let Some(open) = (at + 1..at + 4).find(|i| reading.symbol_at(passage, *i) == Some('(')) else {
        return 0;
    };
    if !reading.number(total).is_plain_count()
        || numbers[1].0 != open + 1
        || (at + 1..open).any(|i| reading.word(passage, i).is_empty())
    {
        return 0;
    }
    let Some(whole) = unit(reading, passage, at + 1, open) else {
        return 0;
    };
    let mut parts = Vec::new();
    for (index, (at, id)) in numbers.iter().enumerate().skip(1) {
        let end = (at + 1..at + 6)
            .find(|i| reading.word(passage, *i).is_empty())
            .unwrap_or(at + 6);
        let same = unit(reading, passage, at + 1, end).is_some_and(|part| part == whole);
        if !same || !reading.number(*id).is_plain_count() {
            return 0;
        }
        parts.push(*id);
        match reading.symbol_at(passage, end) {
            Some(',') => {}
            Some(')') if parts.len() > 1 => {
                report(reading, parts, total, false, ledger);
                return index + 1;
            }
            _ => return 0,
        }
    }
    0
}

/// The counter or noun between two token indices.
fn unit(reading: &Reading<'_>, passage: usize, from: usize, end: usize) -> Option<String> {
    let first = reading.word(passage, from);
    let counter = first
        .chars()
        .next()
        .filter(|c| "个個项項件条條名次개".contains(*c));
    if let Some(counter) = counter {
        return Some(counter.to_string());
    }
    let last = reading.word(passage, end.checked_sub(1)?);
    (!last.is_empty()).then(|| noun(last).map_or_else(|| stem(last), str::to_owned))
}
