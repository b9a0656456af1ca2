//! `All`, `fully`, `100%` in a heading over something that did not pass.

use super::headline::has;
use super::table::{Column, Table, only_number};
use crate::audit::claims::{Claims, Standing, standing};
use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Decimal, Outcome, outcome};
use crate::audit::reading::{Judged, Ledger, Reading};

/// How far a heading speaks, in passages.
const REACH: usize = 60;

pub(super) fn judge(
    reading: &Reading<'_>,
    claims: &Claims,
    tables: &[Table<'_>],
    ledger: &mut Ledger,
) {
    for ratio in &claims.ratios {
        let passage = ratio.passage;
        let (part, whole) = (
            reading.number(ratio.part).value,
            reading.number(ratio.whole).value,
        );
        let role = reading.passage(passage).role;
        let passing = reading
            .words(passage)
            .any(|word| outcome(word) == Some(Outcome::Passed));
        let here = passing && !matches!(role, Role::Heading | Role::Cell { .. });
        if here && part < whole && standing(reading, ratio) == Standing::Current {
            let span = reading.span(passage, ratio.first, ratio.last);
            deny(reading, passage, span, &[ratio.part, ratio.whole], ledger);
        }
    }
    for table in tables {
        rows(reading, table, ledger);
    }
}

/// Rows with fewer passed than all, or with failures.
fn rows(reading: &Reading<'_>, table: &Table<'_>, ledger: &mut Ledger) {
    let passed = table.find(Column::Outcome(Outcome::Passed));
    let total = table.find(Column::Outcome(Outcome::Total));
    let (Some(passed), Some(total)) = (passed, total) else {
        return;
    };
    for row in table.rows() {
        let count = |column| {
            only_number(reading, table.cell(row, column)?).filter(|(_, n)| n.is_plain_count())
        };
        let (Some((k, part)), Some((n, whole)), Some(cell)) =
            (count(passed), count(total), table.cell(row, passed))
        else {
            continue;
        };
        if part.value < whole.value {
            deny(reading, cell, reading.number_span(k), &[k, n], ledger);
        }
    }
}

fn deny(
    reading: &Reading<'_>,
    passage: usize,
    span: std::ops::Range<usize>,
    numbers: &[usize],
    ledger: &mut Ledger,
) {
    let document = &reading.document;
    let nearest = document.headings_above(passage).next();
    let excused = &[
        "failing",
        "failed",
        "issues",
        "remaining",
        "known",
        "before",
        "partial",
        "partially",
        "history",
        "previous",
        "initial",
    ];
    if nearest.is_some_and(|heading| has(reading, heading, excused)) {
        return;
    }
    let above = document.headings_above(passage).find(|heading| {
        let level = document.sections[reading.passage(*heading).section].level;
        level > 1 && passage - heading <= REACH && says_all(reading, *heading)
    });
    let Some(heading) = above else { return };
    ledger.push(
        Judged::new(Kind::Contradiction, Verdict::Inconsistent, span)
            .expected("not all passing")
            .why(format!(
                "stands under \"{}\"",
                reading.passage(heading).flat.text.trim()
            ))
            .related([reading.whole(heading).start])
            .numbers(numbers.iter().copied()),
    );
}

/// `All tests passing`, `Fully passing suites`, `100% pass rate`.
fn says_all(reading: &Reading<'_>, heading: usize) -> bool {
    let hundred = reading.numbers_in(heading).any(|(_, id)| {
        let number = reading.number(id);
        number.is_percent() && number.value == Decimal::whole(100)
    });
    let all = hundred || has(reading, heading, &["all", "fully", "every", "everything"]);
    let passing = has(
        reading,
        heading,
        &["passing", "passed", "pass", "passes", "green"],
    );
    let hedged = &[
        "not",
        "almost",
        "nearly",
        "except",
        "to",
        "for",
        "until",
        "partially",
        "make",
        "get",
        "criteria",
        "target",
        "goal",
        "path",
    ];
    all && passing && !has(reading, heading, hedged)
}
