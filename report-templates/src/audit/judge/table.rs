//! A table as its header names its columns.

use crate::audit::claims::label_outcome;
use crate::audit::document::Table as Shape;
use crate::audit::numbers::{Mark, Number, Outcome, TokenKind, is_any};
use crate::audit::reading::Reading;

/// What a column holds, by its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Outcome(Outcome),
    /// What is covered, done or migrated: the part of a share, but of no outcome sum.
    Part,
    Percent,
    /// A percentage of what failed or is missing.
    PercentLeft,
    /// A coverage: never the share of passed tests.
    Coverage,
    Before,
    After,
    Change,
    Target,
    Actual,
    Status,
    /// An average, a rank, an index: never added up.
    NotAdditive,
    Other,
}

pub(super) struct Table<'a> {
    pub(super) shape: &'a Shape,
    pub(super) columns: Vec<Column>,
}

pub(super) fn tables<'a>(reading: &'a Reading<'_>) -> Vec<Table<'a>> {
    let shapes = reading
        .document
        .tables
        .iter()
        .filter(|table| table.rows.len() > 1);
    shapes
        .map(|shape| {
            let columns = shape.rows[0].iter().enumerate();
            let columns = columns
                .map(|(index, cell)| named_only(reading, shape, index, column(reading, *cell)))
                .collect();
            let columns = without_lone_new(reading, shape, columns);
            Table { shape, columns }
        })
        .collect()
}

/// `New` is the state after only beside `Old`; otherwise it counts what was added.
fn without_lone_new(reading: &Reading<'_>, shape: &Shape, mut columns: Vec<Column>) -> Vec<Column> {
    let says = |cell: usize, word: &str| {
        reading
            .words(cell)
            .any(|known| known.eq_ignore_ascii_case(word))
    };
    let old = shape.rows[0].iter().any(|cell| says(*cell, "old"));
    for (column, cell) in columns.iter_mut().zip(&shape.rows[0]) {
        if *column == Column::After && !old && says(*cell, "new") {
            *column = Column::Other;
        }
    }
    columns
}

/// `Test Suite` over names is no count of suites.
fn named_only(reading: &Reading<'_>, shape: &Shape, index: usize, column: Column) -> Column {
    let counts = || {
        shape.rows[1..]
            .iter()
            .filter_map(|row| row.get(index))
            .any(|cell| reading.numbers_in(*cell).next().is_some())
    };
    match column {
        Column::Outcome(_) | Column::Part if !counts() => Column::Other,
        other => other,
    }
}

impl Table<'_> {
    pub(super) fn find(&self, column: Column) -> Option<usize> {
        self.columns.iter().position(|known| *known == column)
    }

    /// The cell of a row (1 is the first below the header).
    pub(super) fn cell(&self, row: usize, column: usize) -> Option<usize> {
        self.shape.rows.get(row)?.get(column).copied()
    }

    pub(super) fn rows(&self) -> std::ops::Range<usize> {
        1..self.shape.rows.len()
    }
}

fn column(reading: &Reading<'_>, cell: usize) -> Column {
    const BEFORE: &[&str] = &[
        "before", "old", "initial", "baseline", "previous", "start", "starting", "original",
        "prior", "was",
    ];
    const AFTER: &[&str] = &[
        "after",
        "new",
        "final",
        "end",
        "now",
        "optimized",
        "improved",
    ];
    const CHANGE: &[&str] = &[
        "change",
        "improvement",
        "delta",
        "diff",
        "difference",
        "gain",
        "increase",
        "reduction",
        "growth",
        "δ",
        "Δ",
        "diff.",
    ];
    const FIGURE: &[&str] = &[
        "rate",
        "percentage",
        "percent",
        "coverage",
        "progress",
        "completion",
        "share",
        "pct",
        "complete",
    ];
    const PART: &[&str] = &[
        "covered",
        "hit",
        "completed",
        "complete",
        "done",
        "implemented",
        "migrated",
        "resolved",
        "closed",
    ];
    const ODD: &[&str] = &[
        "average",
        "avg",
        "mean",
        "median",
        "min",
        "max",
        "p50",
        "p95",
        "p99",
        "score",
        "ratio",
        "priority",
        "phase",
        "version",
        "day",
        "id",
        "line",
        "year",
        "port",
        "level",
        "rank",
        "index",
        "weight",
        "threshold",
        "date",
        "peak",
        "latency",
        "size",
        "cumulative",
        "running",
        "per",
        "unique",
    ];
    let words: Vec<_> = reading.words(cell).collect();
    let has = |list: &[&str]| words.iter().any(|word| is_any(word, list));
    let symbol = |wanted: char| {
        reading
            .tokens(cell)
            .iter()
            .any(|token| token.kind == TokenKind::Symbol(wanted))
    };
    if has(&["status", "verdict", "result", "met", "outcome", "achieved"])
        && !has(BEFORE)
        && words.len() <= 2
    {
        return if has(&["achieved"]) {
            Column::Actual
        } else {
            Column::Status
        };
    }
    if has(&[
        "target",
        "goal",
        "required",
        "requirement",
        "threshold",
        "objective",
    ]) {
        return Column::Target;
    }
    if has(&["actual", "current", "measured"]) {
        return Column::Actual;
    }
    if has(CHANGE) {
        return Column::Change;
    }
    if has(BEFORE) {
        return Column::Before;
    }
    if has(AFTER) {
        return Column::After;
    }
    if symbol('%') || has(FIGURE) {
        let left = has(&["failure", "fail", "failed", "error", "missing", "remaining"]);
        let coverage = has(&["coverage", "cov"]) && !has(&["rate"]);
        return match (left, coverage) {
            (true, _) => Column::PercentLeft,
            (_, true) => Column::Coverage,
            _ => Column::Percent,
        };
    }
    if has(ODD) || symbol('#') && words.is_empty() {
        return Column::NotAdditive;
    }
    if let Some((outcome, _)) = label_outcome(words.iter().copied()) {
        return Column::Outcome(outcome);
    }
    if has(&["total"]) && words.len() <= 3 && !has(&["time", "duration", "hours", "cost"]) {
        return Column::Outcome(Outcome::Total);
    }
    if has(PART) && words.len() <= 2 {
        return Column::Part;
    }
    let mut marks = reading
        .tokens(cell)
        .iter()
        .filter_map(|token| match token.kind {
            TokenKind::Mark(mark) => Some(mark),
            _ => None,
        });
    match marks.next_back() {
        Some(Mark::Done) if words.is_empty() => Column::Outcome(Outcome::Passed),
        Some(Mark::Failed) if words.is_empty() => Column::Outcome(Outcome::Failed),
        _ => Column::Other,
    }
}

/// The only number of a cell, when it has exactly one.
pub(super) fn only_number<'a>(
    reading: &'a Reading<'_>,
    cell: usize,
) -> Option<(usize, &'a Number)> {
    let mut numbers = reading.numbers_in(cell);
    let (_, id) = numbers.next()?;
    numbers.next().is_none().then(|| (id, reading.number(id)))
}

/// Whether a cell holds a dash or nothing: zero in a column of counts.
pub(super) fn is_blank(reading: &Reading<'_>, cell: usize) -> bool {
    reading
        .tokens(cell)
        .iter()
        .all(|token| matches!(token.kind, TokenKind::Symbol('-')))
        || reading
            .passage(cell)
            .flat
            .text
            .trim()
            .eq_ignore_ascii_case("n/a")
}

/// Whether a row's label says that the row adds up the others.
pub(super) fn is_total_label(reading: &Reading<'_>, cell: usize) -> bool {
    let words: Vec<_> = reading.words(cell).collect();
    let total = &[
        "total",
        "totals",
        "overall",
        "sum",
        "subtotal",
        "sum:",
        "grand",
        "combined",
        "all",
        "总计",
        "合计",
        "總計",
        "合計",
        "小计",
        "gesamt",
        "summe",
        "insgesamt",
        "итого",
        "всего",
        "totale",
    ];
    let named = words.iter().any(|word| is_any(word, total));
    let only = words.iter().all(|word| is_any(word, total));
    // `Phase 1 Total`
    let ends = words.len() > 1
        && words.len() <= 4
        && words
            .last()
            .is_some_and(|word| is_any(word, &["total", "subtotal"]));
    named && (only || ends) && reading.numbers_in(cell).next().is_none()
}
