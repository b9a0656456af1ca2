//! Text that still gives the old value of a row whose table has a new one.

use super::table::{Column, Table, only_number};
use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Sign, TokenKind, is_any, stem};
use crate::audit::reading::{Judged, Ledger, Reading};
use std::collections::HashMap;

const PRESENT: &[&str] = &[
    "current",
    "currently",
    "now",
    "today",
    "only",
    "remains",
    "still",
    "stands",
];
const PAST: &[&str] = &[
    "before",
    "was",
    "were",
    "from",
    "previous",
    "previously",
    "initial",
    "initially",
    "baseline",
    "started",
    "starting",
    "up",
    "increased",
    "improved",
    "target",
    "goal",
    "reduced",
    "decreased",
    "originally",
];

pub(super) fn judge(reading: &Reading<'_>, tables: &[Table<'_>], ledger: &mut Ledger) {
    let rows = rows(reading, tables);
    if rows.is_empty() {
        return;
    }
    for passage in 0..reading.document.passages.len() {
        let shape = reading.passage(passage);
        let text = matches!(shape.role, Role::Line | Role::ItemHead);
        let words = |list: &[&str]| reading.words(passage).any(|word| is_any(word, list));
        let arrow = reading
            .tokens(passage)
            .iter()
            .any(|token| token.kind == TokenKind::Symbol('→'));
        if text && words(PRESENT) && !words(PAST) && !arrow {
            let close = |at: usize| {
                (at.saturating_sub(4)..at).any(|i| is_any(reading.word(passage, i), PRESENT))
            };
            for (at, id) in reading.numbers_in(passage).filter(|(at, _)| close(*at)) {
                compare(reading, passage, (at, id), &rows, ledger);
            }
        }
    }
}

struct Row {
    label: Vec<String>,
    before: usize,
    after: usize,
}

/// Rows with an old and a new value, by the last word of their label.
fn rows(reading: &Reading<'_>, tables: &[Table<'_>]) -> HashMap<String, Vec<Row>> {
    let mut rows: HashMap<String, Vec<Row>> = HashMap::new();
    for table in tables {
        let after = table
            .find(Column::After)
            .or_else(|| table.find(Column::Actual));
        let (Some(before), Some(after)) = (table.find(Column::Before), after) else {
            continue;
        };
        for row in table.rows() {
            let number = |column| {
                only_number(reading, table.cell(row, column)?).filter(|(_, n)| n.is_exact())
            };
            let (Some((before, a)), Some((after, b)), Some(label)) =
                (number(before), number(after), table.cell(row, 0))
            else {
                continue;
            };
            let label: Vec<_> = reading.words(label).map(stem).collect();
            if a.unit == b.unit && a.value != b.value && label.len() > 1 {
                let last = label[label.len() - 1].clone();
                let known = rows.entry(last).or_default();
                if known.len() < 8 {
                    known.push(Row {
                        label,
                        before,
                        after,
                    });
                }
            }
        }
    }
    rows
}

/// The words right after or before the number must be the label.
fn compare(
    reading: &Reading<'_>,
    passage: usize,
    (at, id): (usize, usize),
    rows: &HashMap<String, Vec<Row>>,
    ledger: &mut Ledger,
) {
    let number = reading.number(id);
    let behind: Vec<_> = (at + 1..at + 6)
        .map(|i| reading.word(passage, i))
        .take_while(|word| !word.is_empty())
        .map(stem)
        .collect();
    let candidates = behind.iter().filter_map(|word| rows.get(word)).flatten();
    for row in candidates {
        let named = behind
            .windows(row.label.len())
            .any(|window| window == row.label.as_slice());
        let (old, new) = (reading.number(row.before), reading.number(row.after));
        if !named || number.unit != old.unit || number.sign != Sign::None || !number.is_exact() {
            continue;
        }
        if number.value == old.value {
            ledger.push(
                Judged::new(
                    Kind::Contradiction,
                    Verdict::Inconsistent,
                    reading.span(passage, at, at),
                )
                .expected(new.value.to_string())
                .why(format!(
                    "given as current, but the table has {} before and {} after",
                    old.value, new.value
                ))
                .related([reading.number_span(row.before).start])
                .numbers([id, row.before, row.after]),
            );
            return;
        }
    }
}
