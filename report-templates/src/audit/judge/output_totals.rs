//! The `TOTAL` line of a table drawn in plain text.

use super::columns::report;
use crate::audit::document::Role;
use crate::audit::numbers::{TokenKind, Unit, is_any};
use crate::audit::reading::{Ledger, Reading};

pub(super) fn judge(reading: &Reading<'_>, ledger: &mut Ledger) {
    let passages = &reading.document.passages;
    let mut first = 0;
    for index in 0..passages.len() {
        let fresh = index == 0
            || passages[index].group != passages[index - 1].group
            || passages[index].role != Role::Output;
        if fresh {
            first = index;
        }
        if passages[index].role == Role::Output && is_total_line(reading, index) {
            total(reading, first..index, index, ledger);
            first = index + 1;
        }
    }
}

/// The line starts with `TOTAL` and its first number follows with no other word between.
fn is_total_line(reading: &Reading<'_>, passage: usize) -> bool {
    let words: Vec<_> = (0..3)
        .map(|at| reading.word(passage, at))
        .take_while(|word| !word.is_empty())
        .collect();
    let total = &["total", "totals", "sum", "overall", "grand"];
    !words.is_empty() && words.iter().all(|word| is_any(word, total))
}

/// The first number of a line, when a label of words stands before it.
fn first_number(reading: &Reading<'_>, passage: usize) -> Option<usize> {
    let (at, id) = reading.numbers_in(passage).next()?;
    let label = reading.tokens(passage)[..at]
        .iter()
        .any(|token| matches!(token.kind, TokenKind::Word | TokenKind::Name));
    let sliced = reading.symbol_at(passage, at + 1) == Some('/')
        || at > 0 && reading.symbol_at(passage, at - 1) == Some('(');
    let gap = at > 0 && {
        let before = reading.tokens(passage)[at - 1].at.end;
        let text = &reading.passage(passage).flat.text;
        text[before..reading.tokens(passage)[at].at.start].starts_with("  ")
    };
    let measured = matches!(reading.number(id).unit, Unit::Measured(_));
    // Counts must stand in a column of their own, or any line with a figure would be an addend.
    let columnar = measured || gap && reading.number(id).is_plain_count();
    (label && !sliced && columnar).then_some(id)
}

fn total(reading: &Reading<'_>, lines: std::ops::Range<usize>, last: usize, ledger: &mut Ledger) {
    let Some(total) = first_number(reading, last) else {
        return;
    };
    let unit = reading.number(total).unit;
    let ids: Option<Vec<_>> = lines
        .filter(|line| {
            !reading
                .tokens(*line)
                .iter()
                .all(|token| matches!(token.kind, TokenKind::Symbol(_)))
        })
        .map(|line| {
            first_number(reading, line).filter(|id| {
                reading.number(*id).unit == unit && reading.number(*id).upper.is_none()
            })
        })
        .collect();
    let additive = matches!(unit, Unit::Count | Unit::Measured(_));
    if let Some(ids) = ids.filter(|ids| ids.len() > 1 && additive) {
        report(reading, ids, total, false, ledger);
    }
}
