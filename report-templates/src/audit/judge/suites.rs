//! Rows that are marked as passed although some of their tests are not.

use super::rows::cell_ratio;
use super::table::{Column, Table};
use crate::audit::claims::Claims;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Mark, Outcome, TokenKind, noun, outcome};
use crate::audit::reading::{Judged, Ledger, Reading};

pub(super) fn judge(
    reading: &Reading<'_>,
    claims: &Claims,
    table: &Table<'_>,
    ledger: &mut Ledger,
) {
    let Some(status) = table.find(Column::Status) else {
        return;
    };
    let tests = |column: &usize| {
        table.cell(0, *column).is_some_and(|cell| {
            let mut words = reading.words(cell);
            words.next().is_some_and(|word| {
                noun(word) == Some("test") || outcome(word) == Some(Outcome::Passed)
            }) && words.next().is_none()
        })
    };
    let Some(column) = (1..table.columns.len()).find(tests) else {
        return;
    };
    let rows = table.rows().filter_map(|row| {
        let (_, part, whole) = cell_ratio(reading, table, row, column)?;
        Some((row, part, whole))
    });
    let rows: Vec<_> = rows.collect();
    let value = |id: usize| reading.number(id).value;
    // Out of one and the same number: marks, or steps of one plan.
    let marks = rows
        .windows(2)
        .all(|pair| value(pair[0].2) == value(pair[1].2));
    if marks {
        return;
    }
    for (row, part, whole) in rows {
        let Some(cell) = table
            .cell(row, status)
            .filter(|cell| is_pass(reading, *cell))
        else {
            continue;
        };
        if !claims.ratios_in(cell).is_empty() || value(part) > value(whole) {
            continue;
        }
        let all = value(part) == value(whole);
        let verdict = if all {
            Verdict::Consistent
        } else {
            Verdict::Inconsistent
        };
        ledger.push(
            Judged::new(Kind::Contradiction, verdict, reading.whole(cell))
                .expected(if all { "passed" } else { "not passed" })
                .why(format!(
                    "{} of {} tests of the row pass",
                    value(part),
                    value(whole)
                ))
                .numbers([part, whole])
                .decision(true),
        );
    }
}

/// `✅ PASS`, and nothing that takes it back.
fn is_pass(reading: &Reading<'_>, cell: usize) -> bool {
    let tokens = reading.tokens(cell);
    let plain = tokens.iter().all(|token| match token.kind {
        TokenKind::Mark(mark) => mark == Mark::Done,
        TokenKind::Word => outcome(reading.text(cell, token)) == Some(Outcome::Passed),
        _ => false,
    });
    plain && reading.words(cell).next().is_some()
}

#[cfg(test)]
mod tests {
    use crate::audit::audit;

    #[test]
    fn a_row_that_passes_with_failures() {
        let text = "| Suite | Tests | Status |\n|---|---|---|\n| a | 4/4 | ✅ PASS |\n| b | 5/7 | ✅ PASS |\n| c | 1/3 | ❌ FAIL |\n";
        let audit = audit(text);
        let found: Vec<_> = audit.inconsistent().map(|finding| finding.line).collect();
        assert_eq!(found, [4]);
    }
}
