//! Coverage columns beside the columns that they are taken from, by their headers.

use super::shares::percent_of;
use super::table::{Column, Table, only_number};
use crate::audit::numbers::{Sign, is_any};
use crate::audit::reading::{Ledger, Reading};

pub(super) fn judge(reading: &Reading<'_>, table: &Table<'_>, ledger: &mut Ledger) {
    let header = |column: usize, list: &[&str]| {
        let words: Vec<_> = table
            .cell(0, column)
            .into_iter()
            .flat_map(|cell| reading.words(cell))
            .collect();
        let named = words.iter().any(|word| is_any(word, list));
        named
            && words
                .iter()
                .all(|word| is_any(word, list) || is_any(word, UNITS) || is_any(word, &["total"]))
    };
    let only = |wanted: &dyn Fn(usize) -> bool| {
        let mut found = (0..table.columns.len()).filter(|column| wanted(*column));
        found.next().filter(|_| found.next().is_none())
    };
    let part = only(&|column| header(column, &["tested", "covered", "hit", "executed"]));
    let whole = only(&|column| {
        header(column, UNITS) && !header(column, &["tested", "covered", "hit", "executed"])
    });
    let rate = only(&|column| matches!(table.columns[column], Column::Coverage | Column::Percent));
    let (Some(part), Some(whole), Some(rate)) = (part, whole, rate) else {
        return;
    };
    for row in table.rows() {
        let number = |column| {
            table
                .cell(row, column)
                .and_then(|cell| only_number(reading, cell))
        };
        let (Some((k, part)), Some((n, whole)), Some((p, percent))) =
            (number(part), number(whole), number(rate))
        else {
            continue;
        };
        let counts =
            part.is_plain_count() && whole.is_plain_count() && part.is_exact() && whole.is_exact();
        let plain = percent.is_percent() && percent.sign == Sign::None && percent.is_exact();
        if !counts || !plain || part.value > whole.value {
            continue;
        }
        let judged = percent_of(reading, k, n, p, reading.number_span(p)).numbers([k, n, p]);
        ledger.push(judged);
    }
}

const UNITS: &[&str] = &[
    "statements",
    "stmts",
    "lines",
    "loc",
    "functions",
    "branches",
];

#[cfg(test)]
mod tests {
    use crate::audit::audit;

    #[test]
    fn a_wrong_row_among_few() {
        let text = "| Unit | Coverage | Statements | Tested |\n|---|---|---|---|\n| a | 38% | 100 | 38 |\n| b | 19% | 100 | 17 |\n| c | 15% | 40 | 6 |\n";
        let audit = audit(text);
        let found: Vec<_> = audit
            .inconsistent()
            .map(|finding| (finding.line, finding.expected.as_str()))
            .collect();
        assert_eq!(found, [(4, "17%")]);
    }
}
