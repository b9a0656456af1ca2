//! Rates with a line, item or row of their own: `Pass Rate: 93.1%` beside the total and what passed.

use super::shares::percent_of;
use super::table::{Table, only_number};
use crate::audit::claims::{Claims, label_outcome};
use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Decimal, Outcome, Sign, Unit, is_any};
use crate::audit::reading::{Judged, Ledger, Reading};
use std::collections::BTreeMap;

/// What one block says of one set of tests, each at most once.
#[derive(Default)]
struct Block {
    counts: BTreeMap<Outcome, Vec<usize>>,
    rates: Vec<usize>,
    ratios: Vec<(usize, usize)>,
}

pub(super) fn judge(
    reading: &Reading<'_>,
    claims: &Claims,
    tables: &[Table<'_>],
    ledger: &mut Ledger,
) {
    let mut blocks: BTreeMap<usize, Block> = BTreeMap::new();
    for stated in claims.stated.iter().filter(|stated| stated.noun == "test") {
        let passage = reading.passage(stated.passage);
        if matches!(passage.role, Role::Line | Role::ItemHead | Role::Output) {
            let block = blocks.entry(passage.group).or_default();
            block
                .counts
                .entry(stated.outcome)
                .or_default()
                .push(stated.number);
        }
    }
    for passage in 0..reading.document.passages.len() {
        let shape = reading.passage(passage);
        if !matches!(shape.role, Role::Line | Role::ItemHead | Role::Output) {
            continue;
        }
        if let Some(rate) = labelled_rate(reading, claims, passage) {
            blocks.entry(shape.group).or_default().rates.push(rate);
        }
        missed(reading, passage, ledger);
    }
    for block in blocks.values() {
        settle(reading, block, ledger);
    }
    for table in tables {
        metrics(reading, claims, table, ledger);
    }
}

/// `Pass Rate: 93.1%` with no other number.
fn labelled_rate(reading: &Reading<'_>, claims: &Claims, passage: usize) -> Option<usize> {
    let mut numbers = reading.numbers_in(passage);
    let (at, id) = numbers.next()?;
    let label = at > 1 && reading.symbol_at(passage, at - 1) == Some(':');
    let words: Vec<_> = (0..at)
        .map(|i| reading.word(passage, i))
        .filter(|word| !word.is_empty())
        .collect();
    let alone = numbers.next().is_none() && claims.ratios_in(passage).is_empty();
    let rest = (at + 1..at + 4)
        .map(|i| reading.word(passage, i))
        .find(|word| !word.is_empty());
    let own = rest.is_none_or(|word| is_any(word, &["pass", "passed", "passing", "success"]));
    (label && alone && own && is_rate(&words) && is_plain(reading, id)).then_some(id)
}

fn is_plain(reading: &Reading<'_>, id: usize) -> bool {
    let number = reading.number(id);
    number.is_percent() && number.sign == Sign::None && number.is_exact()
}

/// `Pass Rate`, `Test Success Rate`, `Overall Pass Rate`.
fn is_rate(words: &[&str]) -> bool {
    const RATE: &[&str] = &[
        "pass",
        "success",
        "passing",
        "rate",
        "test",
        "tests",
        "overall",
        "total",
        "percentage",
        "the",
        "current",
    ];
    let has = |list: &[&str]| words.iter().any(|word| is_any(word, list));
    has(&["rate", "percentage"])
        && has(&["pass", "success", "passing"])
        && words.iter().all(|word| is_any(word, RATE))
}

/// One rate, one total and one count of what passed belong together.
fn settle(reading: &Reading<'_>, block: &Block, ledger: &mut Ledger) {
    let [rate] = block.rates.as_slice() else {
        return;
    };
    let only = |outcome| match block.counts.get(&outcome).map(Vec::as_slice) {
        Some([id]) => Some(*id),
        _ => None,
    };
    let value = |id: usize| reading.number(id).value;
    let ratio = match block.ratios.as_slice() {
        [ratio] => Some(*ratio),
        _ => only(Outcome::Passed).zip(only(Outcome::Total)),
    };
    let Some((part, whole)) = ratio.filter(|(part, whole)| value(*part) <= value(*whole)) else {
        return;
    };
    let exact = reading.number(part).is_exact() && reading.number(whole).is_exact();
    if value(whole).is_zero() || !exact {
        return;
    }
    // Skipped tests may be left out of the whole.
    let run = only(Outcome::Skipped).map(|id| value(whole).sub(value(id)));
    let failed = only(Outcome::Failed).map(|id| value(part).add(value(id)));
    let without = run.into_iter().chain(failed).any(|whole| {
        whole >= value(part) && !whole.is_zero() && {
            use crate::audit::numbers::percent::{Fit, fit};
            fit(value(part), whole, value(*rate)) == Fit::Rounded
        }
    });
    let judged = percent_of(reading, part, whole, *rate, reading.number_span(*rate));
    let verdict = match judged.verdict {
        Verdict::Inconsistent if without => Verdict::Unresolved,
        other => other,
    };
    let related = [part, whole].map(|id| reading.number_span(id).start);
    ledger.push(
        Judged { verdict, ..judged }
            .numbers([part, whole, *rate])
            .related(related),
    );
}

/// A table of two columns, `Metric` and `Value`, whose rows are total, passed, failed and the rate.
fn metrics(reading: &Reading<'_>, claims: &Claims, table: &Table<'_>, ledger: &mut Ledger) {
    let named = |column: usize, list: &[&str]| {
        let cell = table.cell(0, column);
        cell.is_some_and(|cell| reading.words(cell).all(|word| is_any(word, list)))
    };
    let label = named(
        0,
        &[
            "metric",
            "measure",
            "item",
            "category",
            "statistic",
            "result",
            "type",
        ],
    );
    let values = named(
        1,
        &[
            "value", "count", "result", "number", "tests", "total", "status",
        ],
    );
    if !label || !values {
        return;
    }
    let mut block = Block::default();
    for row in table.rows() {
        let (Some(name), Some(cell)) = (table.cell(row, 0), table.cell(row, 1)) else {
            continue;
        };
        let words: Vec<_> = reading.words(name).collect();
        if let [ratio] = claims.ratios_in(cell) {
            let tests = label_outcome(words.iter().copied()).is_some_and(|(outcome, noun)| {
                outcome != Outcome::Failed && outcome != Outcome::Skipped && noun == "test"
            });
            if tests && reading.numbers_in(cell).count() == 2 {
                block.ratios.push((ratio.part, ratio.whole));
            }
            continue;
        }
        let Some((id, number)) = only_number(reading, cell) else {
            continue;
        };
        if is_rate(&words) && is_plain(reading, id) {
            block.rates.push(id);
        } else if let Some((outcome, "test")) = label_outcome(words.iter().copied())
            && number.is_plain_count()
            && reading.numbers_in(name).next().is_none()
        {
            block.counts.entry(outcome).or_default().push(id);
        }
    }
    settle(reading, &block, ledger);
    whole_of(reading, &block, ledger);
}

/// Passed, failed and skipped rows against the row of the total.
fn whole_of(reading: &Reading<'_>, block: &Block, ledger: &mut Ledger) {
    let once = block.counts.values().all(|ids| ids.len() == 1);
    let first = |outcome| {
        block
            .counts
            .get(&outcome)
            .and_then(|ids| ids.first().copied())
    };
    let (Some(total), Some(passed), Some(failed)) = (
        first(Outcome::Total),
        first(Outcome::Passed),
        first(Outcome::Failed),
    ) else {
        return;
    };
    let ids: Vec<_> = [passed, failed]
        .into_iter()
        .chain(first(Outcome::Skipped))
        .collect();
    let exact = ids
        .iter()
        .chain([&total])
        .all(|id| reading.number(*id).is_exact());
    if !once || !exact {
        return;
    }
    let sum = super::carried::sum(reading, ids.iter().copied());
    let printed = reading.number(total).value;
    let verdict = if sum == printed {
        Verdict::Consistent
    } else if sum > printed || ids.len() == 3 {
        Verdict::Inconsistent
    } else {
        Verdict::Unresolved
    };
    ledger.push(
        Judged::new(Kind::Sum, verdict, reading.number_span(total))
            .expected(sum.to_string())
            .why(format!(
                "the rows for each outcome add up to {sum}, printed {printed}"
            ))
            .related(ids.iter().map(|id| reading.number_span(*id).start))
            .numbers(ids.iter().copied().chain([total])),
    );
}

/// `68.9% (2,873 statements, 822 missing)`.
fn missed(reading: &Reading<'_>, passage: usize, ledger: &mut Ledger) {
    const LEFT: &[&str] = &["missing", "missed", "uncovered", "untested"];
    const RUN: &[&str] = &["statements", "lines", "branches", "functions", "stmts"];
    let numbers: Vec<_> = reading.numbers_in(passage).take(4).collect();
    let [(p, rate), (n, whole), (m, left)] = numbers.as_slice() else {
        return;
    };
    let open = reading.symbol_at(passage, n - 1) == Some('(') && n - p == 2;
    let shape = is_any(reading.word(passage, n + 1), RUN)
        && is_any(reading.word(passage, m + 1), LEFT)
        && m - n <= 3;
    let coverage = reading
        .words(passage)
        .any(|word| is_any(word, &["coverage", "covered"]));
    let counts = [*whole, *left]
        .iter()
        .all(|id| reading.number(*id).is_plain_count() && reading.number(*id).is_exact());
    let value = |id: usize| reading.number(id).value;
    if !open
        || !shape
        || !coverage
        || !counts
        || !is_plain(reading, *rate)
        || value(*left) > value(*whole)
        || value(*whole).is_zero()
    {
        return;
    }
    use crate::audit::numbers::percent::{Fit, expected, fit};
    let covered = value(*whole).sub(value(*left));
    let right = expected(covered, value(*whole), value(*rate));
    let off = right.sub(value(*rate)).abs();
    let verdict = match fit(covered, value(*whole), value(*rate)) {
        Fit::Rounded => Verdict::Consistent,
        // Coverage by branch is counted in with the lines by some tools.
        _ if off <= Decimal::whole(1) => Verdict::Unresolved,
        _ => Verdict::Inconsistent,
    };
    ledger.push(
        Judged::new(Kind::RatioPercent, verdict, reading.number_span(*rate))
            .expected(format!("{right}%"))
            .why(format!(
                "{} - {} = {covered} of {}, which is {right}%",
                value(*whole),
                value(*left),
                value(*whole)
            ))
            .numbers([*rate, *whole, *left]),
    );
    debug_assert!(reading.number(*rate).unit == Unit::Percent);
}

#[cfg(test)]
mod tests {
    use crate::audit::{Verdict, audit};

    fn wrong(text: &str) -> Vec<(usize, String)> {
        let audit = audit(text);
        let found = audit
            .inconsistent()
            .map(|finding| (finding.line, finding.expected.clone()));
        found.collect()
    }

    #[test]
    fn a_rate_in_a_line_of_its_own() {
        let text = |rate: &str| {
            format!("- Total Tests: 40\n- Passed: 31\n- Failed: 9\n- Pass Rate: {rate}\n")
        };
        assert_eq!(wrong(&text("87.5%")), [(4, "77.5%".to_owned())]);
        assert!(wrong(&text("77.5%")).is_empty());
    }

    #[test]
    fn a_table_of_metrics() {
        let text = |rate: &str| {
            format!(
                "| Metric | Value |\n|---|---|\n| Tests passed | 31/40 |\n| Pass rate | {rate} |\n"
            )
        };
        assert_eq!(wrong(&text("90%")), [(4, "78%".to_owned())]);
        assert!(wrong(&text("78%")).is_empty());
        let sums = "| Metric | Count |\n|---|---|\n| Total Tests | 40 |\n| Passed | 31 |\n| Failed | 12 |\n";
        assert_eq!(wrong(sums), [(3, "43".to_owned())]);
    }

    #[test]
    fn coverage_beside_what_is_missed() {
        assert_eq!(
            wrong("Test coverage: 80% (500 statements, 150 missing)\n"),
            [(1, "70%".to_owned())]
        );
        assert_eq!(
            audit("Coverage: 70% (500 statements, 150 missing)\n").findings[0].verdict,
            Verdict::Consistent
        );
    }
}
