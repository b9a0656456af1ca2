//! The total row of a table against the rows above it.

use super::rows::cell_ratio;
use super::table::{Column, Table, is_blank, is_total_label, only_number};
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Bound, Decimal, Number, TokenKind, Unit, is_any, stem};
use crate::audit::reading::{Judged, Ledger, Reading};

pub(super) fn judge(reading: &Reading<'_>, table: &Table<'_>, ledger: &mut Ledger) {
    let mut first = 1;
    for row in table.rows() {
        let Some(label) = table.cell(row, 0) else {
            continue;
        };
        if !is_total_label(reading, label) {
            continue;
        }
        if row >= first + 2 {
            for column in 1..table.columns.len() {
                column_sum(reading, table, first..row, row, column, ledger);
            }
        }
        first = row + 1;
    }
}

fn column_sum(
    reading: &Reading<'_>,
    table: &Table<'_>,
    rows: std::ops::Range<usize>,
    total_row: usize,
    column: usize,
    ledger: &mut Ledger,
) {
    if matches!(
        table.columns[column],
        Column::Percent
            | Column::PercentLeft
            | Column::Coverage
            | Column::NotAdditive
            | Column::Status
    ) {
        return;
    }
    if let Some((_, k, n)) = cell_ratio(reading, table, total_row, column) {
        let cells: Option<Vec<_>> = rows
            .clone()
            .map(|row| cell_ratio(reading, table, row, column))
            .collect();
        // Ratios out of one and the same number are scores, and their total is an average.
        let value = |id: usize| reading.number(id).value;
        let scores = cells
            .as_ref()
            .is_some_and(|cells| cells.iter().all(|(_, _, whole)| value(*whole) == value(n)));
        if let Some(cells) = cells.filter(|_| !scores) {
            let parts = cells.iter().map(|(_, k, _)| *k).collect();
            let wholes = cells.iter().map(|(_, _, n)| *n).collect();
            report(reading, parts, k, false, ledger);
            report(reading, wholes, n, false, ledger);
        }
        return;
    }
    let Some((total, printed)) = table
        .cell(total_row, column)
        .and_then(|cell| only_number(reading, cell))
    else {
        return;
    };
    let words = |cell: usize, list: &[&str]| reading.words(cell).any(|word| is_any(word, list));
    let other = table.cell(total_row, column).is_some_and(|cell| {
        words(
            cell,
            &[
                "unique", "distinct", "average", "avg", "mean", "max", "min", "net", "peak",
            ],
        )
    });
    let named = table
        .cell(total_row, column)
        .is_some_and(|cell| is_named_value(reading, cell));
    if !additive(printed) || other || named {
        return;
    }
    let partial = table
        .cell(total_row, 0)
        .is_some_and(|label| words(label, &["subtotal"]));
    let (mut ids, mut indented, mut blank) = (Vec::new(), false, 0);
    for row in rows.clone() {
        let Some(cell) = table.cell(row, column) else {
            return;
        };
        match only_number(reading, cell) {
            Some((id, number)) if number.unit == printed.unit && number.upper.is_none() => {
                ids.push(id)
            }
            None if is_blank(reading, cell) => blank += 1,
            _ => return,
        }
        indented |= table
            .cell(row, 0)
            .is_some_and(|label| is_indented(reading, label));
    }
    let header = table.cell(0, column);
    let clock = header.is_some_and(|cell| {
        reading
            .words(cell)
            .any(|w| is_any(w, &["time", "duration", "elapsed", "runtime"]))
    });
    let selects = selects(reading, table, rows.clone(), column, total);
    let wordy = table
        .cell(total_row, column)
        .is_some_and(|cell| reading.words(cell).count() > 2);
    let open = wordy
        || indented
        || partial
        || selects
        || other_things(reading, table, rows, column, total_row)
        || blank > ids.len()
        || clock && matches!(printed.unit, Unit::Measured(_));
    if ids.len() > 1 {
        report(reading, ids, total, open, ledger);
    }
}

/// Whether a cell counts what the total's cell does not name: `28 additional` under `36 components`.
fn other_things(
    reading: &Reading<'_>,
    table: &Table<'_>,
    mut rows: std::ops::Range<usize>,
    column: usize,
    total_row: usize,
) -> bool {
    let words = |row: usize| -> Vec<String> {
        let cell = table.cell(row, column);
        cell.map_or_else(Vec::new, |cell| reading.words(cell).map(stem).collect())
    };
    let named = words(total_row);
    rows.any(|row| {
        let own = words(row);
        !own.is_empty() && own.iter().all(|word| !named.contains(word))
    })
}

/// Whether the total leaves out the rows that are behind, or adds up one level of a nest only.
fn selects(
    reading: &Reading<'_>,
    table: &Table<'_>,
    rows: std::ops::Range<usize>,
    column: usize,
    total: usize,
) -> bool {
    let behind = &[
        "completed",
        "complete",
        "done",
        "finished",
        "skipped",
        "deferred",
        "cancelled",
        "optional",
        "excluded",
        "archived",
        "removed",
    ];
    let bold = |cell: usize| !reading.passage(cell).flat.strong.is_empty();
    let sum = |wanted: &dyn Fn(usize) -> bool| {
        let cells = rows
            .clone()
            .filter(|row| table.cell(*row, 0).is_some_and(wanted));
        cells
            .filter_map(|row| only_number(reading, table.cell(row, column)?))
            .fold(Decimal::ZERO, |sum, (_, number)| sum.add(number.signed()))
    };
    let printed = reading.number(total).signed();
    let present = |cell: usize| !reading.words(cell).any(|word| is_any(word, behind));
    let levels = [sum(&present), sum(&bold), sum(&|cell| !bold(cell))];
    !printed.is_zero() && levels.contains(&printed)
}

/// `p=0.007` is a figure of its own.
fn is_named_value(reading: &Reading<'_>, cell: usize) -> bool {
    let tokens = reading.tokens(cell).iter();
    tokens
        .take(8)
        .any(|token| token.kind == TokenKind::Symbol('='))
}

fn additive(number: &Number) -> bool {
    number.upper.is_none() && matches!(number.unit, Unit::Count | Unit::Measured(_))
}

/// A label that starts like a part of the row above.
fn is_indented(reading: &Reading<'_>, label: usize) -> bool {
    let first = reading.tokens(label).first();
    first.is_some_and(|token| matches!(token.kind, TokenKind::Symbol('-' | '→' | '|')))
        || reading
            .passage(label)
            .flat
            .text
            .starts_with(['└', '├', '↳'])
}

/// Judges `total` as the sum of `parts`; `open` where the scope is not certain.
pub(super) fn report(
    reading: &Reading<'_>,
    parts: Vec<usize>,
    total: usize,
    open: bool,
    ledger: &mut Ledger,
) {
    let printed = reading.number(total);
    let sum = parts.iter().fold(Decimal::ZERO, |sum, id| {
        sum.add(reading.number(*id).signed())
    });
    let off = sum.sub(printed.signed()).abs();
    let exact = parts
        .iter()
        .chain([&total])
        .all(|id| reading.number(*id).bound == Bound::Exact);
    let measured = matches!(printed.unit, Unit::Measured(_));
    let slack = if measured {
        rounding(reading, &parts, printed)
    } else {
        Decimal::ZERO
    };
    // Subtotals among the rows count everything twice.
    let many = Decimal::whole(parts.len() as i128);
    let product = Decimal {
        mantissa: printed.signed().mantissa * parts.len() as i128,
        ..printed.signed()
    };
    // A measured total may hold small things that are not listed.
    let minor = measured
        && Decimal {
            mantissa: off.mantissa * 50,
            ..off
        } <= printed.value
        && sum < printed.signed();
    let values = || parts.iter().map(|id| reading.number(*id).signed());
    let between =
        values().min() < Some(printed.signed()) && values().max() > Some(printed.signed());
    let average = parts.len() > 2 && between && sum.sub(product).abs() <= many;
    let twice = sum == printed.signed().add(printed.signed());
    let largest =
        parts.iter().map(|id| reading.number(*id).signed()).max() == Some(printed.signed());
    let tenth = Decimal {
        mantissa: printed.value.mantissa,
        decimals: printed.value.decimals + 1,
    };
    let floors = parts
        .iter()
        .all(|id| matches!(reading.number(*id).bound, Bound::Exact | Bound::AtLeast));
    let verdict = if off.is_zero() {
        Verdict::Consistent
    } else if !exact && floors && sum > printed.signed() && printed.bound == Bound::Exact && !open {
        // Even at their least the parts are more than the total.
        Verdict::Inconsistent
    } else if off <= slack || !exact && off <= tenth {
        Verdict::Approximate
    } else if printed.bound == Bound::AtLeast && sum >= printed.value {
        Verdict::Consistent
    } else if !exact || open || largest || twice || average || minor {
        Verdict::Unresolved
    } else {
        Verdict::Inconsistent
    };
    let addends: Vec<_> = parts
        .iter()
        .map(|id| reading.number(*id).signed().to_string())
        .collect();
    ledger.push(
        Judged::new(Kind::Sum, verdict, reading.number_span(total))
            .expected(sum.to_string())
            .why(format!(
                "{} = {sum}, printed {}",
                addends.join(" + "),
                printed.signed()
            ))
            .related(parts.iter().map(|id| reading.number_span(*id).start))
            .numbers(parts.iter().copied().chain([total])),
    );
}

/// What rounding of the parts and of the total may add up to.
fn rounding(reading: &Reading<'_>, parts: &[usize], total: &Number) -> Decimal {
    let half = |value: Decimal| Decimal {
        mantissa: 5,
        decimals: value.decimals + 1,
    };
    parts.iter().fold(half(total.value), |slack, id| {
        slack.add(half(reading.number(*id).value))
    })
}
