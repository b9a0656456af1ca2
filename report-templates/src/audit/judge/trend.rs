//! Before, after and change in a table; and a change column against the row above.

use super::differ::{Wording, difference};
use super::rows::cell_ratio;
use super::table::{Column, Table, only_number};
use crate::audit::findings::Verdict;
use crate::audit::numbers::{Number, Outcome, Sign, TokenKind, Unit, is_any, stem};
use crate::audit::reading::{Judged, Ledger, Reading};

pub(super) fn judge(reading: &Reading<'_>, table: &Table<'_>, ledger: &mut Ledger) {
    let Some(change) = table.find(Column::Change) else {
        return;
    };
    let before = table.find(Column::Before);
    let after = table
        .find(Column::After)
        .or_else(|| table.find(Column::Actual));
    match (before, after) {
        // `Old | New | Total`: what is new is an addition.
        (Some(before), Some(after)) if adds_up(reading, table, before, after) => {}
        (Some(_), Some(after)) if stages(reading, table, after, change) => {}
        (Some(before), Some(after)) => {
            for row in table.rows() {
                between(reading, table, row, (before, after, change), ledger);
            }
        }
        (None, None) => running(reading, table, change, ledger),
        _ => {}
    }
}

/// Whether further columns of the same sort stand between the end and the change.
fn stages(reading: &Reading<'_>, table: &Table<'_>, after: usize, change: usize) -> bool {
    (after + 1..change).any(|column| {
        matches!(
            table.columns[column],
            Column::Other | Column::After | Column::Actual
        ) && table
            .rows()
            .filter(|row| {
                table
                    .cell(*row, column)
                    .is_some_and(|cell| reading.numbers_in(cell).next().is_some())
            })
            .count()
            * 2
            > table.rows().len()
    })
}

/// Whether a total column holds the sum of the two ends in most rows.
fn adds_up(reading: &Reading<'_>, table: &Table<'_>, before: usize, after: usize) -> bool {
    let Some(total) = table.find(Column::Outcome(Outcome::Total)) else {
        return false;
    };
    let value = |row: usize, column: usize| {
        let (_, number) = only_number(reading, table.cell(row, column)?)?;
        Some(number.value)
    };
    let holds = |row: &usize| {
        let ends = value(*row, before).zip(value(*row, after));
        ends.is_some_and(|(a, b)| value(*row, total) == Some(a.add(b)))
    };
    table.rows().filter(holds).count() * 2 > table.rows().len()
}

fn between(
    reading: &Reading<'_>,
    table: &Table<'_>,
    row: usize,
    columns: (usize, usize, usize),
    ledger: &mut Ledger,
) {
    let (before, after, change) = columns;
    let Some(cell) = table.cell(row, change) else {
        return;
    };
    let mut wording = wording(reading, cell);
    let label = table.cell(row, 0);
    wording.speed |= label.is_some_and(|label| {
        reading
            .words(label)
            .any(|w| is_any(w, &["speed", "throughput", "performance"]))
    });
    let foreign = reading.words(cell).any(|w| {
        is_any(
            w,
            &[
                "of",
                "to",
                "target",
                "from",
                "vs",
                "per",
                "goal",
                "remaining",
                "total",
                "overall",
                "cumulative",
                "same",
                "but",
                "initially",
                "expected",
                "planned",
                "fix",
            ],
        )
    });
    if foreign {
        return;
    }
    // `405 error` and `200 success` are no two sizes of one thing.
    let nouns = |column: usize| -> Vec<String> {
        let cell = table.cell(row, column);
        cell.map_or_else(Vec::new, |cell| reading.words(cell).map(stem).collect())
    };
    let (from, to) = (nouns(before), nouns(after));
    if !from.is_empty() && !to.is_empty() && !from.iter().any(|word| to.contains(word)) {
        return;
    }
    for (_, claim) in reading.numbers_in(cell) {
        let number = reading.number(claim);
        let ends = (
            end(reading, table, row, before, number),
            end(reading, table, row, after, number),
        );
        let (Some(a), Some(b)) = ends else { continue };
        let marked = reading
            .tokens(cell)
            .iter()
            .any(|token| matches!(token.kind, TokenKind::Mark(_)));
        if marked
            && number.sign == Sign::None
            && number.unit != Unit::Factor
            && reading.words(cell).next().is_none()
        {
            continue;
        }
        let plain = number.sign == Sign::None
            && number.unit == Unit::Count
            && reading.words(cell).count() > 2;
        if plain {
            continue;
        }
        if let Some(found) = difference(reading.number(a), reading.number(b), number, wording) {
            let judged = Judged::new(found.kind, found.verdict, reading.number_span(claim));
            ledger.push(
                judged
                    .expected(found.expected)
                    .why(found.why)
                    .numbers([a, b, claim]),
            );
        }
    }
}

fn wording(reading: &Reading<'_>, cell: usize) -> Wording {
    let has = |list: &[&str]| reading.words(cell).any(|word| is_any(word, list));
    Wording {
        speed: has(&[
            "faster",
            "speedup",
            "speed",
            "quicker",
            "throughput",
            "better",
            "improvement",
        ]),
        relative: has(&["relative"]),
        bare_points: true,
    }
}

/// The number of a cell that a change of this unit is about.
fn end(
    reading: &Reading<'_>,
    table: &Table<'_>,
    row: usize,
    column: usize,
    claim: &Number,
) -> Option<usize> {
    let cell = table.cell(row, column)?;
    if let Some((id, _)) = only_number(reading, cell) {
        return Some(id);
    }
    let percent = matches!(claim.unit, Unit::Percent | Unit::Points);
    let ids: Vec<_> = reading.numbers_in(cell).map(|(_, id)| id).collect();
    let mut percents = ids
        .iter()
        .copied()
        .filter(|id| reading.number(*id).is_percent());
    if percent {
        return percents.next().filter(|_| percents.next().is_none());
    }
    let slash = reading
        .tokens(cell)
        .iter()
        .any(|token| token.kind == TokenKind::Symbol('/'));
    let part = ids
        .first()
        .copied()
        .filter(|id| reading.number(*id).is_plain_count());
    part.filter(|_| slash && ids.len() <= 3 || cell_ratio(reading, table, row, column).is_some())
}

/// A change column without ends: each row against the row above, in the column where that holds.
fn running(reading: &Reading<'_>, table: &Table<'_>, change: usize, ledger: &mut Ledger) {
    let mut best: Option<(usize, Vec<Judged>)> = None;
    for column in (0..table.columns.len().min(10)).filter(|column| *column != change) {
        let judged: Vec<_> = (2..table.shape.rows.len())
            .filter_map(|row| step(reading, table, row, column, change))
            .collect();
        let right = judged
            .iter()
            .filter(|claim| claim.verdict == Verdict::Consistent)
            .count();
        let telling = right >= 2 && right * 3 >= judged.len() * 2;
        if telling && best.as_ref().is_none_or(|(known, _)| right > *known) {
            best = Some((right, judged));
        }
    }
    for judged in best.into_iter().flat_map(|(_, judged)| judged) {
        ledger.push(judged);
    }
}

fn step(
    reading: &Reading<'_>,
    table: &Table<'_>,
    row: usize,
    column: usize,
    change: usize,
) -> Option<Judged> {
    let (claim, number) = only_number(reading, table.cell(row, change)?)?;
    if reading
        .words(table.cell(row, change)?)
        .any(|word| is_any(word, &["total", "overall", "cumulative"]))
    {
        return None;
    }
    let a = end(reading, table, row - 1, column, number)?;
    let b = end(reading, table, row, column, number)?;
    let found = difference(
        reading.number(a),
        reading.number(b),
        number,
        wording(reading, table.cell(row, change)?),
    )?;
    let judged = Judged::new(found.kind, found.verdict, reading.number_span(claim));
    let above = reading.number_span(a).start;
    Some(
        judged
            .expected(found.expected)
            .why(found.why)
            .numbers([a, b, claim])
            .related([above]),
    )
}
