//! Within a table row: a percentage against its counts, a total against its outcomes.

use super::neighbours::tells_share;
use super::shares::percent_of;
use super::table::{Column, Table, only_number};
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::percent::{Fit, fit};
use crate::audit::numbers::{Decimal, Outcome, is_any, outcome};
use crate::audit::reading::{Judged, Ledger, Reading};

pub(super) fn judge(reading: &Reading<'_>, table: &Table<'_>, ledger: &mut Ledger) {
    shares(reading, table, ledger);
    ratio_cells(reading, table, ledger);
    outcome_sums(reading, table, ledger);
    plain_sums(reading, table, ledger);
}

/// The number of a cell, when the cell holds one plain count.
fn count(reading: &Reading<'_>, table: &Table<'_>, row: usize, column: usize) -> Option<usize> {
    let (id, number) = only_number(reading, table.cell(row, column)?)?;
    number.is_plain_count().then_some(id)
}

fn percent(reading: &Reading<'_>, table: &Table<'_>, row: usize, column: usize) -> Option<usize> {
    let (id, number) = only_number(reading, table.cell(row, column)?)?;
    (number.is_percent() && number.sign == crate::audit::numbers::Sign::None).then_some(id)
}

/// Percentage columns against the columns that they are computed from.
fn shares(reading: &Reading<'_>, table: &Table<'_>, ledger: &mut Ledger) {
    let figures = table
        .columns
        .iter()
        .filter(|column| {
            matches!(
                column,
                Column::Percent | Column::PercentLeft | Column::Coverage
            )
        })
        .count();
    let Some(at) = table
        .find(Column::Percent)
        .or_else(|| table.find(Column::PercentLeft))
        .or_else(|| table.find(Column::Coverage))
        .filter(|_| figures == 1)
    else {
        return;
    };
    let named = named_columns(table, at);
    let inferred = named.is_none();
    // What is done in part counts in part.
    let partial = (0..table.columns.len())
        .filter_map(|column| table.cell(0, column))
        .any(|cell| {
            reading
                .words(cell)
                .any(|word| is_any(word, &["partial", "partially", "progress", "wip"]))
                && table.cell(0, at) != Some(cell)
        });
    let Some((part, whole)) = named.or_else(|| inferred_columns(reading, table, at)) else {
        return;
    };
    for row in table.rows() {
        let cells = (
            count(reading, table, row, part),
            count(reading, table, row, whole),
            percent(reading, table, row, at),
        );
        let (Some(k), Some(n), Some(p)) = cells else {
            continue;
        };
        if inferred && !reading.number(p).is_exact() {
            continue;
        }
        let judged = percent_of(reading, k, n, p, reading.number_span(p)).numbers([k, n, p]);
        // `0 (config only)` is a count with a reservation.
        let qualified = table.cell(row, part).is_some_and(|cell| {
            let bracket = |at: &usize| reading.symbol_at(cell, *at) == Some('(');
            (0..reading.tokens(cell).len()).any(|at| bracket(&at))
        });
        // `4 files, 2 migrated, 0 remaining`: the rest needed none.
        let left = (0..table.columns.len())
            .filter(|column| {
                table.cell(0, *column).is_some_and(|cell| {
                    reading
                        .words(cell)
                        .any(|word| is_any(word, &["remaining", "left"]))
                })
            })
            .find_map(|column| count(reading, table, row, column));
        let value = |id: usize| reading.number(id).value;
        let unneeded = left.is_some_and(|left| value(k).add(value(left)) < value(n));
        let open =
            qualified || unneeded || partial || reading.number(k).value > reading.number(n).value;
        ledger.push(if open && judged.verdict == Verdict::Inconsistent {
            Judged {
                verdict: Verdict::Unresolved,
                ..judged
            }
        } else {
            judged
        });
    }
}

fn named_columns(table: &Table<'_>, at: usize) -> Option<(usize, usize)> {
    let whole = table.find(Column::Outcome(Outcome::Total))?;
    let part = match table.columns[at] {
        Column::PercentLeft => table.find(Column::Outcome(Outcome::Failed)),
        Column::Coverage => table.find(Column::Part),
        _ => table
            .find(Column::Outcome(Outcome::Passed))
            .or_else(|| table.find(Column::Part)),
    };
    part.map(|part| (part, whole))
}

/// The pair of columns that explains the percentage in nearly all rows.
fn inferred_columns(reading: &Reading<'_>, table: &Table<'_>, at: usize) -> Option<(usize, usize)> {
    let width = table.columns.len().min(8);
    let mut best: Option<(usize, (usize, usize))> = None;
    for (part, whole) in (0..width).flat_map(|a| (0..width).map(move |b| (a, b))) {
        let outcomes = [part, whole]
            .iter()
            .all(|column| matches!(table.columns[*column], Column::Outcome(_)));
        if part == whole
            || part == at
            || whole == at
            || outcomes && table.columns[at] == Column::Coverage
        {
            continue;
        }
        let (mut fits, mut seen, mut telling) = (0, 0, 0);
        for row in table.rows() {
            let cells = (
                count(reading, table, row, part),
                count(reading, table, row, whole),
                percent(reading, table, row, at),
            );
            let (Some(k), Some(n), Some(p)) = cells else {
                continue;
            };
            let (k, n, p) = (
                reading.number(k).value,
                reading.number(n).value,
                reading.number(p).value,
            );
            if n.is_zero() {
                continue;
            }
            seen += 1;
            if fit(k, n, p) == Fit::Rounded {
                fits += 1;
                telling += usize::from(!k.is_zero() && k != n);
            }
        }
        if telling >= 2 && fits * 4 >= seen * 3 && best.is_none_or(|(known, _)| fits > known) {
            best = Some((fits, (part, whole)));
        }
    }
    best.map(|(_, columns)| columns)
}

/// A cell with one ratio beside a cell with one percentage.
fn ratio_cells(reading: &Reading<'_>, table: &Table<'_>, ledger: &mut Ledger) {
    let mut found = Vec::new();
    for row in table.rows() {
        let ratios: Vec<_> = (0..table.columns.len())
            .filter_map(|column| cell_ratio(reading, table, row, column))
            .collect();
        let percents: Vec<_> = (0..table.columns.len())
            .filter(|column| {
                !matches!(
                    table.columns[*column],
                    Column::Change | Column::Target | Column::Before | Column::PercentLeft
                )
            })
            .filter_map(|column| percent(reading, table, row, column).map(|id| (column, id)))
            .collect();
        if let ([(at, k, n)], [(column, p)]) = (ratios.as_slice(), percents.as_slice())
            && (*column == at + 1
                || *column + 1 == *at && table.columns[*column] == Column::Percent)
            && table
                .cell(row, *column)
                .is_some_and(|cell| reading.words(cell).all(|word| outcome(word).is_some()))
        {
            let judged =
                percent_of(reading, *k, *n, *p, reading.number_span(*p)).numbers([*k, *n, *p]);
            let (part, whole, printed) = (
                reading.number(*k).value,
                reading.number(*n).value,
                reading.number(*p).value,
            );
            // `0/8` left beside `100%` done.
            let reversed = part.is_zero() && printed == Decimal::whole(100)
                || part == whole && printed.is_zero();
            let open = part > whole || reversed || !tells_share(reading, table, row, *at, *column);
            found.push(if open && judged.verdict == Verdict::Inconsistent {
                Judged {
                    verdict: Verdict::Unresolved,
                    ..judged
                }
            } else {
                judged
            });
        }
    }
    // Neighbours that agree in no row have nothing to do with each other.
    let coverage = table.find(Column::Coverage).is_some() && table.find(Column::Percent).is_none();
    let agree = found
        .iter()
        .filter(|claim| claim.verdict != Verdict::Inconsistent)
        .count();
    // A single ratio in a column of other things belongs to no percentage.
    let stray = found.len() == 1 && table.rows().len() > 2;
    if stray {
        found.retain(|claim| claim.verdict != Verdict::Inconsistent);
    }
    let enough = if coverage {
        agree * 2 > found.len()
    } else {
        agree * 4 >= found.len() || found.len() < 3
    };
    if enough {
        ledger.judged.extend(found);
    }
}

/// The two numbers of a cell that holds `k/n` and nothing else with digits.
pub(super) fn cell_ratio(
    reading: &Reading<'_>,
    table: &Table<'_>,
    row: usize,
    column: usize,
) -> Option<(usize, usize, usize)> {
    let cell = table.cell(row, column)?;
    let numbers: Vec<_> = reading.numbers_in(cell).collect();
    let [(first, k), (second, n)] = numbers.as_slice() else {
        return None;
    };
    let joined = *second == first + 2
        && (reading.symbol_at(cell, first + 1) == Some('/')
            || reading.word(cell, first + 1).eq_ignore_ascii_case("of"));
    (joined && reading.number(*k).is_plain_count() && reading.number(*n).is_plain_count())
        .then_some((column, *k, *n))
}

/// Passed + failed + skipped against the total of the row.
fn outcome_sums(reading: &Reading<'_>, table: &Table<'_>, ledger: &mut Ledger) {
    let Some(total) = table.find(Column::Outcome(Outcome::Total)) else {
        return;
    };
    let of = |outcome| {
        (0..table.columns.len()).filter(move |c| table.columns[*c] == Column::Outcome(outcome))
    };
    let parts: Vec<_> = of(Outcome::Passed)
        .chain(of(Outcome::Failed))
        .chain(of(Outcome::Skipped))
        .collect();
    let closed = of(Outcome::Passed).count() == 1 && of(Outcome::Failed).count() == 1;
    let skips = of(Outcome::Skipped).count();
    if parts.len() < 2 || of(Outcome::Total).count() > 1 || of(Outcome::Passed).count() > 1 {
        return;
    }
    let sums: Vec<_> = table
        .rows()
        .filter_map(|row| RowSum::read(reading, table, row, total, &parts))
        .collect();
    let equal = sums.iter().filter(|sum| sum.sum == sum.printed).count();
    // A further column of counts may hold the rest under a name of its own.
    let others = (1..table.columns.len()).any(|column| {
        table.columns[column] == Column::Other
            && table
                .rows()
                .any(|row| count(reading, table, row, column).is_some())
    });
    let habit = equal * 2 > sums.len() && !others;
    for sum in &sums {
        let wrong = sum.sum > sum.printed || closed && (skips > 0 || habit);
        // A column of what was executed leaves out what was skipped.
        let executed = skips > 0 && sum.first(reading, parts.len() - skips) == sum.printed;
        let verdict = match sum.sum == sum.printed {
            true => Verdict::Consistent,
            false if wrong && !executed => Verdict::Inconsistent,
            false => Verdict::Unresolved,
        };
        sum.report(reading, verdict, ledger);
    }
}

/// A `Total` column that is the sum of all the other counts in nearly every row.
fn plain_sums(reading: &Reading<'_>, table: &Table<'_>, ledger: &mut Ledger) {
    let Some(total) = table.find(Column::Outcome(Outcome::Total)) else {
        return;
    };
    let others: Vec<_> = (1..table.columns.len())
        .filter(|column| *column != total && matches!(table.columns[*column], Column::Other))
        .filter(|column| {
            table
                .rows()
                .all(|row| count(reading, table, row, *column).is_some())
        })
        .collect();
    if others.len() < 2 {
        return;
    }
    let sums: Vec<_> = table
        .rows()
        .filter_map(|row| RowSum::read(reading, table, row, total, &others))
        .collect();
    let equal = sums.iter().filter(|sum| sum.sum == sum.printed).count();
    if equal < 2 || equal * 4 < sums.len() * 3 {
        return;
    }
    for sum in &sums {
        let verdict = if sum.sum == sum.printed {
            Verdict::Consistent
        } else {
            Verdict::Inconsistent
        };
        sum.report(reading, verdict, ledger);
    }
}

struct RowSum {
    total: usize,
    parts: Vec<usize>,
    sum: Decimal,
    printed: Decimal,
}

impl RowSum {
    fn read(
        reading: &Reading<'_>,
        table: &Table<'_>,
        row: usize,
        total: usize,
        parts: &[usize],
    ) -> Option<Self> {
        let total = count(reading, table, row, total)?;
        let mut ids = Vec::new();
        for column in parts {
            match count(reading, table, row, *column) {
                Some(id) => ids.push(id),
                None if super::table::is_blank(reading, table.cell(row, *column)?) => {}
                None => return None,
            }
        }
        let exact = ids
            .iter()
            .chain([&total])
            .all(|id| reading.number(*id).is_exact());
        let sum = ids
            .iter()
            .fold(Decimal::ZERO, |sum, id| sum.add(reading.number(*id).value));
        let printed = reading.number(total).value;
        (exact && ids.len() > 1).then_some(Self {
            total,
            parts: ids,
            sum,
            printed,
        })
    }

    /// The sum of the first parts.
    fn first(&self, reading: &Reading<'_>, many: usize) -> Decimal {
        let parts = self.parts.iter().take(many);
        parts.fold(Decimal::ZERO, |sum, id| sum.add(reading.number(*id).value))
    }

    fn report(&self, reading: &Reading<'_>, verdict: Verdict, ledger: &mut Ledger) {
        let addends: Vec<_> = self
            .parts
            .iter()
            .map(|id| reading.number(*id).value.to_string())
            .collect();
        ledger.push(
            Judged::new(Kind::Sum, verdict, reading.number_span(self.total))
                .expected(self.sum.to_string())
                .why(format!(
                    "{} = {}, printed {} in the same row",
                    addends.join(" + "),
                    self.sum,
                    self.printed
                ))
                .numbers(self.parts.iter().copied().chain([self.total])),
        );
    }
}
