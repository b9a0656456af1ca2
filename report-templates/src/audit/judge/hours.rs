//! Effort in a heading (`8-10 hours`) against the efforts of its subsections.

use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Bound, Decimal, Measure, Number, Unit, is_any};
use crate::audit::reading::{Judged, Ledger, Reading};

const LABELS: &[&str] = &[
    "time",
    "effort",
    "duration",
    "estimate",
    "estimated",
    "eta",
    "expected",
    "est",
];

pub(super) fn judge(reading: &Reading<'_>, ledger: &mut Ledger) {
    let sections = &reading.document.sections;
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); sections.len()];
    for (index, section) in sections.iter().enumerate().skip(1) {
        children[section.parent].push(index);
    }
    let mut efforts: Vec<Vec<usize>> = vec![Vec::new(); sections.len()];
    for passage in 0..reading.document.passages.len() {
        if let Some(id) = labelled(reading, passage) {
            efforts[reading.passage(passage).section].push(id);
        }
    }
    for (index, section) in sections.iter().enumerate().skip(1) {
        let Some((heading, claim)) = section
            .heading
            .and_then(|heading| Some((heading, in_heading(reading, heading)?)))
        else {
            continue;
        };
        let each: Option<Vec<usize>> = children[index]
            .iter()
            .map(|child| match efforts[*child].as_slice() {
                [id] => Some(*id),
                _ => None,
            })
            .collect();
        let each = each.filter(|each| each.len() > 1 && efforts[index].is_empty());
        let parallel = reading
            .words(heading)
            .any(|word| is_any(word, &["parallel", "concurrent", "each", "per"]));
        if let Some(each) = each {
            compare(reading, claim, &each, parallel, ledger);
        }
    }
}

fn in_heading(reading: &Reading<'_>, heading: usize) -> Option<usize> {
    let mut times = reading
        .numbers_in(heading)
        .map(|(_, id)| id)
        .filter(|id| minutes(reading.number(*id)).is_some());
    times.next().filter(|_| times.next().is_none())
}

/// `Expected Time: 4-5 hours`.
fn labelled(reading: &Reading<'_>, passage: usize) -> Option<usize> {
    let mut numbers = reading.numbers_in(passage);
    let (at, id) = numbers.next()?;
    let label = at > 0 && reading.symbol_at(passage, at - 1) == Some(':');
    let words = (0..at).any(|i| is_any(reading.word(passage, i), LABELS));
    (label && words && at <= 4 && numbers.next().is_none() && minutes(reading.number(id)).is_some())
        .then_some(id)
}

/// Lower and upper end in minutes.
fn minutes(number: &Number) -> Option<(Decimal, Decimal)> {
    let scale = match number.unit {
        Unit::Measured(Measure::Minutes) => 1,
        Unit::Measured(Measure::Hours) => 60,
        _ => return None,
    };
    let scaled = |value: Decimal| Decimal {
        mantissa: value.mantissa * scale,
        ..value
    };
    Some((
        scaled(number.value),
        scaled(number.upper.unwrap_or(number.value)),
    ))
}

fn compare(reading: &Reading<'_>, claim: usize, each: &[usize], open: bool, ledger: &mut Ledger) {
    let printed = reading.number(claim);
    let Some((low, high)) = minutes(printed) else {
        return;
    };
    let ends: Vec<_> = each
        .iter()
        .filter_map(|id| minutes(reading.number(*id)))
        .collect();
    let least = ends.iter().fold(Decimal::ZERO, |sum, end| sum.add(end.0));
    let most = ends.iter().fold(Decimal::ZERO, |sum, end| sum.add(end.1));
    let verdict = if least <= high && low <= most {
        if least == low && most == high {
            Verdict::Consistent
        } else {
            Verdict::Approximate
        }
    } else if open || printed.bound != Bound::Exact {
        Verdict::Unresolved
    } else {
        Verdict::Inconsistent
    };
    let hours =
        |minutes: Decimal| crate::audit::numbers::decimal::divide(minutes, Decimal::whole(60), 1);
    let expected = format!("{}-{} hours", hours(least), hours(most));
    ledger.push(
        Judged::new(Kind::Sum, verdict, reading.number_span(claim))
            .why(format!(
                "the efforts of the {} subsections add up to {expected}",
                each.len()
            ))
            .expected(expected)
            .related(each.iter().map(|id| reading.number_span(*id).start))
            .numbers(each.iter().copied().chain([claim])),
    );
}
