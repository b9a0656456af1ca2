//! Times in several units (`80 min`, `2 hours`) against the total under them.

use super::table::{Table, is_total_label, only_number};
use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Decimal, Measure, Number, Sign, Unit, decimal::divide, is_any};
use crate::audit::reading::{Judged, Ledger, Reading};

pub(super) fn judge(reading: &Reading<'_>, table: &Table<'_>, ledger: &mut Ledger) {
    let rows: Vec<_> = table.rows().collect();
    let Some((last, above)) = rows.split_last() else {
        return;
    };
    let total = |row: usize| {
        let label = table.cell(row, 0);
        label.is_some_and(|cell| is_total_label(reading, cell))
    };
    if above.iter().any(|row| total(*row)) {
        return;
    }
    if total(*last) {
        for column in 1..table.columns.len() {
            let claim = table
                .cell(*last, column)
                .and_then(|cell| time(reading, cell));
            if let (Some(claim), Some(times)) = (claim, times(reading, table, above, column)) {
                hold(reading, claim, &times, ledger);
            }
        }
    } else if let Some(claim) = line_after(reading, table) {
        let columns = (1..table.columns.len()).filter_map(|at| times(reading, table, &rows, at));
        if let [times] = columns.collect::<Vec<_>>().as_slice() {
            hold(reading, claim, times, ledger);
        }
    }
}

/// The times of a column, when every row has exactly one.
fn times(
    reading: &Reading<'_>,
    table: &Table<'_>,
    rows: &[usize],
    column: usize,
) -> Option<Vec<usize>> {
    let header = table.cell(0, column)?;
    let other = [
        "average",
        "avg",
        "max",
        "min",
        "elapsed",
        "timeout",
        "interval",
        "estimated",
    ];
    if reading.words(header).any(|word| is_any(word, &other)) {
        return None;
    }
    let each = rows
        .iter()
        .map(|row| time(reading, table.cell(*row, column)?));
    each.collect::<Option<Vec<_>>>()
        .filter(|times| times.len() > 1)
}

/// The only number of a cell, when it is an exact time.
fn time(reading: &Reading<'_>, cell: usize) -> Option<usize> {
    let (id, number) = only_number(reading, cell)?;
    let plain = number.is_exact() && number.sign == Sign::None;
    (plain && seconds(number).is_some()).then_some(id)
}

fn seconds(number: &Number) -> Option<Decimal> {
    let scale = match number.unit {
        Unit::Measured(Measure::Seconds) => 1,
        Unit::Measured(Measure::Minutes) => 60,
        Unit::Measured(Measure::Hours) => 3600,
        _ => return None,
    };
    Some(Decimal {
        mantissa: number.value.mantissa * scale,
        ..number.value
    })
}

/// `Total Team Hours: 5.75 hours` right under the table.
fn line_after(reading: &Reading<'_>, table: &Table<'_>) -> Option<usize> {
    let next = table.shape.rows.last()?.last()? + 1;
    let passage = reading.document.passages.get(next)?;
    let header = reading.passage(table.cell(0, 0)?);
    let total = passage.role == Role::Line && is_any(reading.word(next, 0), &["total"]);
    let here = passage.section == header.section;
    let saved = reading
        .words(next)
        .any(|word| is_any(word, &["saved", "remaining", "elapsed", "calendar"]));
    time(reading, next).filter(|_| total && here && !saved)
}

fn hold(reading: &Reading<'_>, claim: usize, times: &[usize], ledger: &mut Ledger) {
    let printed = reading.number(claim);
    // Times in one unit are added up as any other column.
    let mixed = times
        .iter()
        .any(|id| reading.number(*id).unit != printed.unit);
    let in_seconds = |id: &usize| seconds(reading.number(*id));
    let Some(each) = times.iter().map(in_seconds).collect::<Option<Vec<_>>>() else {
        return;
    };
    let Some((stated, unit)) = seconds(printed).zip(unit(printed)).filter(|_| mixed) else {
        return;
    };
    let sum = each.iter().fold(Decimal::ZERO, |sum, time| sum.add(*time));
    let right = divide(sum, Decimal::whole(unit), printed.value.decimals.max(1));
    let off = sum.sub(stated).abs();
    let tenth = Decimal {
        decimals: stated.decimals + 1,
        ..stated
    };
    let verdict = if off.is_zero() {
        Verdict::Consistent
    } else if off <= tenth {
        Verdict::Approximate
    } else {
        Verdict::Inconsistent
    };
    ledger.push(
        Judged::new(Kind::Sum, verdict, reading.number_span(claim))
            .expected(right.to_string())
            .why(format!(
                "the {} times of the column add up to {right}, printed {}",
                times.len(),
                printed.value
            ))
            .related(times.iter().map(|id| reading.number_span(*id).start))
            .numbers(times.iter().copied().chain([claim])),
    );
}

/// Seconds in the unit of a time.
fn unit(number: &Number) -> Option<i128> {
    match number.unit {
        Unit::Measured(Measure::Seconds) => Some(1),
        Unit::Measured(Measure::Minutes) => Some(60),
        Unit::Measured(Measure::Hours) => Some(3600),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::audit;

    #[test]
    fn minutes_and_hours_are_added() {
        let wrong = |total: &str| {
            let text = format!(
                "| Job | Time |\n|---|---|\n| a | 90 min |\n| b | 2 hours |\n| c | 30 min |\n| **Total** | {total} |\n"
            );
            let audit = audit(&text);
            let found = audit.inconsistent();
            found
                .map(|finding| (finding.line, finding.expected.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(wrong("3 hours"), [(6, "4.0".to_owned())]);
        assert!(wrong("4 hours").is_empty());
    }
}
