//! `13 crates at 95%+` against the rows that are at or above it.

use super::table::{Column, Table, is_total_label, only_number};
use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Bound, Decimal, Sign, is_any, stem};
use crate::audit::reading::{Judged, Ledger, Reading};
use std::collections::{BTreeMap, HashSet};

/// Claims that are held against all rows.
const MOST: usize = 32;

/// The rows of all tables whose first column names one sort of thing.
#[derive(Default)]
struct Rows {
    rates: Vec<usize>,
    names: HashSet<String>,
    /// A name twice, a row without a rate, or two columns of rates.
    torn: bool,
}

pub(super) fn judge(reading: &Reading<'_>, tables: &[Table<'_>], ledger: &mut Ledger) {
    let mut kinds: BTreeMap<String, Rows> = BTreeMap::new();
    for table in tables {
        collect(reading, table, &mut kinds);
    }
    if kinds.is_empty() {
        return;
    }
    let mut held = 0;
    for passage in 0..reading.document.passages.len() {
        if held == MOST {
            return;
        }
        if let Some((at, count, noun, bound)) = claim(reading, passage)
            && let Some(rows) = kinds
                .get(&noun)
                .filter(|rows| !rows.torn && rows.rates.len() > 2)
        {
            held += 1;
            hold(reading, (passage, at), count, bound, rows, ledger);
        }
    }
}

fn collect(reading: &Reading<'_>, table: &Table<'_>, kinds: &mut BTreeMap<String, Rows>) {
    let name = table
        .cell(0, 0)
        .filter(|cell| reading.tokens(*cell).len() == 1);
    let rates = table.columns.iter().enumerate();
    let mut rates =
        rates.filter(|(_, column)| matches!(column, Column::Coverage | Column::Percent));
    let (Some(name), Some((column, _)), None) = (name, rates.next(), rates.next()) else {
        return;
    };
    let rows = kinds.entry(stem(reading.word(name, 0))).or_default();
    for row in table.rows() {
        let Some(label) = table.cell(row, 0) else {
            continue;
        };
        if is_total_label(reading, label) {
            continue;
        }
        let fresh = rows
            .names
            .insert(reading.passage(label).flat.text.trim().to_lowercase());
        let rate = table
            .cell(row, column)
            .and_then(|cell| only_number(reading, cell));
        match rate.filter(|(_, number)| {
            number.is_percent() && number.is_exact() && number.sign == Sign::None
        }) {
            Some((id, _)) if fresh => rows.rates.push(id),
            _ => rows.torn = true,
        }
    }
}

/// `N things at P%+`, `N things above P%`, `N things with 100% coverage`.
fn claim(reading: &Reading<'_>, passage: usize) -> Option<(usize, usize, String, usize)> {
    if !matches!(reading.passage(passage).role, Role::Line | Role::ItemHead) {
        return None;
    }
    let mut numbers = reading.numbers_in(passage);
    let ((at, count), (end, bound)) = (numbers.next()?, numbers.next()?);
    let start = (0..at).all(|i| reading.word(passage, i).is_empty());
    let noun = reading.word(passage, at + 1);
    let words = (at + 2..end)
        .map(|i| reading.word(passage, i))
        .filter(|word| !word.is_empty());
    let tied = words
        .clone()
        .all(|word| is_any(word, &["at", "with", "above", "over", "have", "reach"]));
    let number = reading.number(bound);
    let open = matches!(number.bound, Bound::AtLeast)
        || number.is_exact() && number.value == Decimal::whole(100);
    let plain =
        number.is_percent() && number.sign == Sign::None && reading.number(count).is_plain_count();
    let alone = numbers.next().is_none() && reading.number(count).is_exact();
    (start && alone && plain && open && tied && words.count() > 0 && !noun.is_empty())
        .then(|| (at, count, stem(noun), bound))
}

fn hold(
    reading: &Reading<'_>,
    (passage, at): (usize, usize),
    count: usize,
    bound: usize,
    rows: &Rows,
    ledger: &mut Ledger,
) {
    let value = |id: &usize| reading.number(*id).value;
    let (least, printed) = (value(&bound), value(&count));
    let hundred = Decimal::whole(100);
    let reached: Vec<_> = rows
        .rates
        .iter()
        .copied()
        .filter(|id| value(id) >= least)
        .collect();
    let perfect = reached.iter().filter(|id| value(id) == hundred).count();
    let fits = |count: usize| printed == Decimal::whole(count as i128);
    // Those at 100 % may be counted apart.
    let right = fits(reached.len()) || fits(reached.len() - perfect);
    let verdict = match (right, Decimal::whole(rows.rates.len() as i128) < printed) {
        (true, _) => Verdict::Consistent,
        (false, true) => Verdict::Unresolved,
        (false, false) => Verdict::Inconsistent,
    };
    ledger.push(
        Judged::new(Kind::ChecklistCount, verdict, reading.span(passage, at, at))
            .expected(reached.len().to_string())
            .why(format!(
                "{} rows of the tables are at {least}% or more, printed {printed}",
                reached.len()
            ))
            .related(reached.iter().map(|id| reading.number_span(*id).start))
            .numbers(reached.iter().copied().chain([count, bound])),
    );
}

#[cfg(test)]
mod tests {
    use crate::audit::audit;

    #[test]
    fn things_above_a_bound_are_counted() {
        let wrong = |count: u32| {
            let text = format!(
                "- **{count} crates at 90%+**\n\n| Crate | Coverage |\n|---|---|\n| a | 100% |\n| b | 93% |\n| c | 91.5% |\n| d | 70% |\n"
            );
            audit(&text)
                .inconsistent()
                .map(|finding| (finding.line, finding.expected.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(wrong(4), [(1, "3".to_owned())]);
        assert!(wrong(3).is_empty());
        assert!(wrong(2).is_empty());
    }
}
