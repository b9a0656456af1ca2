//! A heading's count against the rows of the table right under it.

use super::counted::lone_count;
use super::listing::PARTIAL;
use super::table::{Table, is_total_label};
use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Decimal, is_any, stem};
use crate::audit::reading::{Judged, Ledger, Reading};

pub(super) fn judge(reading: &Reading<'_>, table: &Table<'_>, ledger: &mut Ledger) {
    let Some(lead) = table
        .shape
        .lead
        .filter(|lead| matches!(reading.passage(*lead).role, Role::Heading | Role::Line))
    else {
        return;
    };
    let Some((at, id)) = lone_count(reading, lead) else {
        return;
    };
    let rows: Vec<_> = table
        .rows()
        .filter(|row| {
            table
                .cell(*row, 0)
                .is_some_and(|cell| !is_total_label(reading, cell))
        })
        .collect();
    let value = reading.number(id).value;
    let right = value == Decimal::whole(rows.len() as i128);
    let more = rows
        .iter()
        .filter_map(|row| table.cell(*row, 0))
        .any(|cell| {
            reading
                .words(cell)
                .any(|word| is_any(word, &["more", "others", "other"]))
                || reading.passage(cell).flat.text.contains("...")
        });
    // A table of fewer rows may be an extract, unless the heading is about nothing else.
    let extract =
        Decimal::whole(rows.len() as i128) < value && !is_counter(reading.word(lead, at + 1));
    if !right && (more || extract) {
        return;
    }
    if !right && !countable(reading, lead, at, table) || rows.len() < 2 && right {
        return;
    }
    let verdict = if right {
        Verdict::Consistent
    } else {
        Verdict::Inconsistent
    };
    ledger.push(
        Judged::new(Kind::ChecklistCount, verdict, reading.span(lead, at, at))
            .expected(rows.len().to_string())
            .why(format!(
                "{} rows in the table below, printed {value}",
                rows.len()
            ))
            .related(
                rows.iter()
                    .filter_map(|row| table.cell(*row, 0))
                    .map(|cell| reading.whole(cell).start),
            )
            .numbers([id]),
    );
}

/// The rows are what the heading counts: its unit is a mere counter or the name of the first column.
fn countable(reading: &Reading<'_>, lead: usize, at: usize, table: &Table<'_>) -> bool {
    if reading.words(lead).any(|word| is_any(word, PARTIAL)) {
        return false;
    }
    let numeric = table.rows().any(|row| {
        (1..table.columns.len()).any(|column| {
            table
                .cell(row, column)
                .is_some_and(|cell| super::table::only_number(reading, cell).is_some())
        })
    });
    let named = table.rows().all(|row| {
        table
            .cell(row, 0)
            .is_some_and(|cell| !reading.tokens(cell).is_empty())
    });
    let unit = reading.word(lead, at + 1);
    let counter = is_counter(unit) || is_any(unit, &["total", "items", "entries"]);
    let column = table
        .cell(0, 0)
        .is_some_and(|header| reading.words(header).any(|word| stem(word) == stem(unit)));
    let lists = table
        .rows()
        .flat_map(|row| &table.shape.rows[row])
        .any(|cell| {
            let commas = (0..reading.tokens(*cell).len().min(40))
                .filter(|at| reading.symbol_at(*cell, *at) == Some(','));
            commas.count() > 2
        });
    if lists {
        return false;
    }
    // A table with figures may sum to the count instead.
    named && !numeric && (counter || column)
}

/// No noun at all, or a counter of a language that has them.
fn is_counter(unit: &str) -> bool {
    unit.is_empty() || is_any(unit, &["个", "個", "项", "項", "件", "개"])
}
