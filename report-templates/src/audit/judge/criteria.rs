//! Targets and results in a table: a tick beside a target that was missed.

use super::table::{Column, Table, only_number};
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Bound, Mark, Number, TokenKind, Unit, is_any};
use crate::audit::reading::{Judged, Ledger, Reading};

pub(super) fn judge(reading: &Reading<'_>, table: &Table<'_>, ledger: &mut Ledger) {
    let target = table.find(Column::Target);
    let actual = table
        .find(Column::Actual)
        .or_else(|| table.find(Column::After))
        .or_else(|| table.find(Column::Percent))
        .or_else(|| table.find(Column::Coverage));
    let (Some(target), Some(actual), Some(status)) = (target, actual, table.find(Column::Status))
    else {
        return;
    };
    for row in table.rows() {
        let cells = (
            table.cell(row, target),
            table.cell(row, actual),
            table.cell(row, status),
        );
        let (Some(goal), Some(result), Some(status)) = cells else {
            continue;
        };
        let (Some((t, goal)), Some((a, result))) =
            (only_number(reading, goal), only_number(reading, result))
        else {
            continue;
        };
        let Some(label) = table.cell(row, 0) else {
            continue;
        };
        if !says_met(reading, status)
            || goal.unit != result.unit
            || goal.upper.is_some()
            || result.upper.is_some()
        {
            continue;
        }
        let Some(upward) = upward(reading, label, goal) else {
            continue;
        };
        let met = if upward {
            result.signed() >= goal.signed()
        } else {
            result.signed() <= goal.signed()
        };
        // `✅ 100%` beside a target and a result speaks of a third thing.
        // `87% reduction` is not measured against `<50% of the files`.
        let change = |cell: usize| {
            let words = &[
                "reduction",
                "reduced",
                "saved",
                "savings",
                "improvement",
                "increase",
                "fewer",
                "less",
            ];
            reading.words(cell).any(|word| is_any(word, words))
        };
        let unlike = change(cells.0.unwrap_or(status)) != change(cells.1.unwrap_or(status));
        let third = unlike || reading.numbers_in(status).next().is_some();
        let near = third || result.bound != Bound::Exact || goal.bound == Bound::About;
        let verdict = match (met, near) {
            (true, _) => Verdict::Consistent,
            (false, true) => Verdict::Unresolved,
            (false, false) => Verdict::Inconsistent,
        };
        let sign = if goal.is_percent() { "%" } else { "" };
        let side = if upward { "below" } else { "above" };
        let why = if met {
            format!(
                "{}{sign} meets the target of {}{sign}",
                result.value, goal.value
            )
        } else {
            format!(
                "{}{sign} is {side} the target of {}{sign}, yet the row is marked as met",
                result.value, goal.value
            )
        };
        let span = reading.whole(status);
        ledger.push(
            Judged::new(Kind::Contradiction, verdict, span)
                .expected(if met { "met" } else { "not met" })
                .why(why)
                .numbers([t, a])
                .decision(true),
        );
    }
}

pub(super) fn says_met(reading: &Reading<'_>, cell: usize) -> bool {
    let met = &[
        "met",
        "achieved",
        "pass",
        "passed",
        "exceeded",
        "complete",
        "completed",
        "yes",
        "done",
        "ok",
        "success",
    ];
    let denied = &[
        "not",
        "partial",
        "partially",
        "below",
        "missed",
        "almost",
        "nearly",
        "close",
        "no",
        "in",
        "progress",
        "pending",
        "near",
    ];
    if reading.numbers_in(cell).next().is_some() {
        // `🟢 80%` says how far it is.
        return false;
    }
    let (mut done, mut foreign) = (false, false);
    for token in reading.tokens(cell) {
        match token.kind {
            TokenKind::Mark(Mark::Done) => done = true,
            TokenKind::Mark(_) => return false,
            TokenKind::Word if is_any(reading.text(cell, token), denied) => return false,
            TokenKind::Word if is_any(reading.text(cell, token), met) => done = true,
            TokenKind::Word => foreign = true,
            _ => {}
        }
    }
    done && !foreign
}

/// Whether more is better; `None` where neither the bound nor the label says.
fn upward(reading: &Reading<'_>, label: usize, goal: &Number) -> Option<bool> {
    const DOWN: &[&str] = &[
        "error",
        "errors",
        "failure",
        "failures",
        "fail",
        "failed",
        "failing",
        "overhead",
        "cpu",
        "memory",
        "usage",
        "latency",
        "flaky",
        "miss",
        "loss",
        "vulnerabilities",
        "debt",
        "duplication",
        "bugs",
        "warnings",
        "issues",
        "defects",
        "downtime",
        "time",
        "complexity",
        "skipped",
        "violations",
        "size",
        "regressions",
        "cost",
        "churn",
        "drift",
        "false",
        "gap",
    ];
    const UP: &[&str] = &[
        "coverage",
        "tests",
        "rate",
        "passing",
        "pass",
        "success",
        "accuracy",
        "completion",
        "uptime",
        "precision",
        "recall",
        "compliance",
        "documentation",
    ];
    let has = |list: &[&str]| reading.words(label).any(|word| is_any(word, list));
    match goal.bound {
        Bound::AtLeast => return Some(true),
        Bound::AtMost => return Some(false),
        _ => {}
    }
    if has(DOWN) {
        return (goal.value.is_zero()).then_some(false);
    }
    (has(UP) && matches!(goal.unit, Unit::Percent | Unit::Count)).then_some(true)
}
