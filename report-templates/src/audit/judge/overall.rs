//! An overall rate must lie between the lowest and the highest of the rates it is taken over.

use super::below::is_label;
use super::table::{Column, Table, is_total_label, only_number};
use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Bound, Decimal, Sign, is_any};
use crate::audit::reading::{Judged, Ledger, Reading};

const OVERALL: &[&str] = &["overall", "average", "avg", "mean", "combined"];
/// Rates of change, goals and extracts.
const OTHER: &[&str] = &[
    "improvement",
    "reduction",
    "increase",
    "gain",
    "growth",
    "target",
    "goal",
    "confidence",
    "threshold",
    "change",
    "savings",
    "lowest",
    "highest",
    "top",
    "worst",
    "below",
    "above",
    "key",
    "critical",
    "new",
    "gaps",
    "remaining",
    "before",
    "after",
    "excluding",
    "total",
    "weight",
    "minimum",
    "expected",
    "estimated",
    "score",
    "improved",
    "priority",
    "areas",
];

/// What a rate is a rate of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Measure {
    Coverage,
    Passing,
    Complete,
}

fn measure(reading: &Reading<'_>, passage: usize) -> Option<Measure> {
    let has = |list: &[&str]| reading.words(passage).any(|word| is_any(word, list));
    if has(&["coverage", "covered"]) {
        Some(Measure::Coverage)
    } else if has(&["pass", "passing", "passed", "success"]) {
        Some(Measure::Passing)
    } else if has(&["complete", "completion", "progress", "done", "completeness"]) {
        Some(Measure::Complete)
    } else {
        None
    }
}

pub(super) fn judge(reading: &Reading<'_>, tables: &[Table<'_>], ledger: &mut Ledger) {
    for table in tables {
        total_row(reading, table, ledger);
        line_after(reading, table, ledger);
    }
    for list in &reading.document.lists {
        let heads: Vec<_> = list
            .items
            .iter()
            .filter_map(|item| reading.document.items[*item].head)
            .collect();
        if let Some(lead) = list
            .lead
            .filter(|lead| reading.passage(*lead).role == Role::Line)
        {
            block(reading, lead, &heads, ledger);
        }
    }
    output(reading, ledger);
}

/// The total row of a column of rates.
fn total_row(reading: &Reading<'_>, table: &Table<'_>, ledger: &mut Ledger) {
    let rows: Vec<_> = table.rows().collect();
    let Some((last, above)) = rows.split_last().filter(|(_, above)| above.len() > 1) else {
        return;
    };
    let total = |row: usize| {
        table.cell(row, 0).is_some_and(|cell| {
            is_total_label(reading, cell)
                || reading.words(cell).all(|word| is_any(word, OVERALL))
                    && reading.words(cell).next().is_some()
        })
    };
    if !total(*last) || above.iter().any(|row| total(*row)) {
        return;
    }
    for column in 1..table.columns.len() {
        if !matches!(table.columns[column], Column::Coverage | Column::Percent) {
            continue;
        }
        let rate = |row: &usize| rate(reading, table.cell(*row, column)?);
        let rates: Option<Vec<_>> = above.iter().map(rate).collect();
        if let (Some(rates), Some(claim)) = (rates, rate(last)) {
            compare(reading, claim, &rates, true, ledger);
        }
    }
}

/// The only number of a cell, when it is a plain rate.
fn rate(reading: &Reading<'_>, cell: usize) -> Option<usize> {
    let (id, number) = only_number(reading, cell)?;
    (number.is_percent() && number.sign == Sign::None).then_some(id)
}

/// `Overall: 100% complete` right under a table with one column of rates.
fn line_after(reading: &Reading<'_>, table: &Table<'_>, ledger: &mut Ledger) {
    let Some(next) = table
        .shape
        .rows
        .last()
        .and_then(|row| row.last())
        .map(|cell| cell + 1)
    else {
        return;
    };
    let Some(passage) = reading.document.passages.get(next) else {
        return;
    };
    let here = table
        .cell(0, 0)
        .is_some_and(|cell| reading.passage(cell).section == passage.section);
    if passage.role != Role::Line || !here {
        return;
    }
    let Some(claim) = overall(reading, next) else {
        return;
    };
    let mut columns = (1..table.columns.len()).filter_map(|column| {
        let rates = table
            .rows()
            .map(|row| rate(reading, table.cell(row, column)?));
        Some((column, rates.collect::<Option<Vec<_>>>()?))
    });
    let (Some((column, rates)), None) = (columns.next(), columns.next()) else {
        return;
    };
    let heading = reading.document.headings_above(next).next();
    let named = table
        .cell(0, column)
        .and_then(|cell| measure(reading, cell));
    let named = named.or_else(|| heading.and_then(|heading| measure(reading, heading)));
    let status = table
        .cell(0, column)
        .is_some_and(|cell| reading.words(cell).any(|word| is_any(word, &["status"])));
    let wanted = measure(reading, next);
    let same = wanted.is_none() || wanted == named || status && wanted == Some(Measure::Complete);
    let extract =
        heading.is_some_and(|heading| reading.words(heading).any(|word| is_any(word, OTHER)));
    if same && !extract && rates.len() > 1 {
        compare(reading, claim, &rates, true, ledger);
    }
}

/// `Overall Coverage: 85%`: one rate, after a label that starts with such a word.
fn overall(reading: &Reading<'_>, passage: usize) -> Option<usize> {
    let mut numbers = reading.numbers_in(passage);
    let (at, id) = numbers.next()?;
    let number = reading.number(id);
    let first = reading
        .words(passage)
        .next()
        .is_some_and(|word| is_any(word, OVERALL));
    let label = at > 1 && matches!(reading.symbol_at(passage, at - 1), Some(':' | '-'));
    let other = reading.words(passage).any(|word| is_any(word, OTHER));
    let alone = numbers.next().is_none() && number.is_percent() && number.sign == Sign::None;
    (first && label && alone && !other).then_some(id)
}

/// An overall rate in a label over items that each start with theirs.
fn block(reading: &Reading<'_>, lead: usize, items: &[usize], ledger: &mut Ledger) {
    let Some(claim) = overall(reading, lead).filter(|_| items.len() > 1) else {
        return;
    };
    let wanted = measure(reading, lead);
    let rates = items.iter().map(|item| {
        let (at, id) = reading.numbers_in(*item).next()?;
        let number = reading.number(id);
        let start = at > 0 && reading.symbol_at(*item, at - 1) == Some(':');
        let own = measure(reading, *item);
        let same = own.is_none() || wanted.is_none() || own == wanted;
        (start && same && number.is_percent() && number.sign == Sign::None).then_some(id)
    });
    if let Some(rates) = rates.collect::<Option<Vec<_>>>() {
        compare(reading, claim, &rates, false, ledger);
    }
}

/// The same in a block of output, where a dash starts an item.
fn output(reading: &Reading<'_>, ledger: &mut Ledger) {
    let passages = &reading.document.passages;
    let item =
        |at: usize| passages[at].role == Role::Output && reading.symbol_at(at, 0) == Some('-');
    let mut at = 0;
    while at < passages.len() {
        let end = (at + 1..passages.len())
            .find(|next| !item(*next) || passages[*next].group != passages[at].group)
            .unwrap_or(passages.len());
        if passages[at].role == Role::Output
            && !item(at)
            && (is_label(reading, at) || overall(reading, at).is_some())
        {
            block(reading, at, &(at + 1..end).collect::<Vec<_>>(), ledger);
        }
        at = end;
    }
}

/// `whole`: the rates are all there are.
fn compare(reading: &Reading<'_>, claim: usize, rates: &[usize], whole: bool, ledger: &mut Ledger) {
    let value = |id: &usize| reading.number(*id).value;
    let (Some(low), Some(high)) = (rates.iter().map(value).min(), rates.iter().map(value).max())
    else {
        return;
    };
    let number = reading.number(claim);
    let sum = super::carried::sum(reading, rates.iter().copied());
    let half = Decimal {
        mantissa: 5,
        decimals: number.value.decimals + 1,
    };
    let hundred = Decimal::whole(100);
    // Shares of one whole add up to their total.
    let shares = sum.sub(number.value).abs() <= Decimal::whole(1) && rates.len() > 1;
    let all = number.value == hundred && low < hundred;
    let above = number.value > high.add(half) || all;
    let below = number.value.add(half) < low;
    let exact = rates.iter().all(|id| reading.number(*id).is_exact());
    let bound = match number.bound {
        Bound::Exact => true,
        Bound::AtLeast => above,
        _ => false,
    };
    let verdict = if shares {
        return;
    } else if !above && !below {
        Verdict::Consistent
    } else if exact && bound && (whole || above) {
        Verdict::Inconsistent
    } else {
        Verdict::Unresolved
    };
    let expected = if all {
        "less than 100%".to_owned()
    } else {
        format!("{low}-{high}%")
    };
    ledger.push(
        Judged::new(Kind::Contradiction, verdict, reading.number_span(claim))
            .expected(expected)
            .why(format!(
                "the rates it is taken over lie between {low}% and {high}%, printed {}%",
                number.value
            ))
            .related(rates.iter().map(|id| reading.number_span(*id).start))
            .numbers(rates.iter().copied().chain([claim])),
    );
}

#[cfg(test)]
mod tests {
    use crate::audit::judge::told::wrong;

    #[test]
    fn an_overall_rate_above_all_of_its_rows() {
        let text = |total: u32| {
            format!(
                "| Crate | Coverage |\n|---|---|\n| a | 61% |\n| b | 72% |\n| Overall | {total}% |\n"
            )
        };
        assert_eq!(wrong(&text(75)), [(5, "61-72%".to_owned())]);
        assert!(wrong(&text(70)).is_empty());
    }

    #[test]
    fn all_complete_under_rows_that_are_not() {
        let text = "| View | Status |\n|---|---|\n| a | 100% |\n| b | 90% |\n\n**Overall Views: 100% complete**\n";
        assert_eq!(wrong(text), [(6, "less than 100%".to_owned())]);
    }

    #[test]
    fn an_overall_rate_in_output() {
        let text = "```\nOverall service coverage: 80%+\n- one: 41%\n- two: 12.5% (in part)\n```\n";
        assert_eq!(wrong(text), [(2, "12.5-41%".to_owned())]);
    }
}
