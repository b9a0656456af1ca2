//! Headlines that the figures under them deny: targets said to be met, `all` over failures.

use super::table::Table;
use crate::audit::claims::{Claims, Standing, standing};
use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Decimal, Outcome, Sign, is_any, outcome};
use crate::audit::reading::{Judged, Ledger, Reading};

const ACHIEVED: &[&str] = &[
    "accomplished",
    "achieved",
    "achievement",
    "reached",
    "met",
    "exceeded",
    "attained",
    "surpassed",
];
const NOT_YET: &[&str] = &[
    "toward",
    "towards",
    "path",
    "roadmap",
    "next",
    "almost",
    "nearly",
    "not",
    "will",
    "plan",
    "if",
    "once",
    "when",
    "until",
    "remaining",
    "previous",
    "previously",
    "partially",
    "progress",
];

pub(super) fn judge(
    reading: &Reading<'_>,
    claims: &Claims,
    tables: &[Table<'_>],
    ledger: &mut Ledger,
) {
    for passage in 0..reading.document.passages.len() {
        if reading.passage(passage).role == Role::Heading {
            reached(reading, claims, passage, ledger);
            objective(reading, passage, ledger);
        }
    }
    super::all_of::judge(reading, claims, tables, ledger);
    super::outdated::judge(reading, claims, ledger);
    super::applied::judge(reading, claims, ledger);
}

pub(super) fn has(reading: &Reading<'_>, passage: usize, list: &[&str]) -> bool {
    reading.words(passage).any(|word| is_any(word, list))
}

/// What a rate is a rate of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Metric {
    Coverage,
    PassRate,
}

fn metric(reading: &Reading<'_>, passage: usize) -> Option<Metric> {
    let coverage = has(reading, passage, &["coverage"]);
    let pass = reading
        .words(passage)
        .any(|word| outcome(word) == Some(Outcome::Passed))
        || has(reading, passage, &["success"]);
    match (coverage, pass) {
        (true, false) => Some(Metric::Coverage),
        (false, true) => Some(Metric::PassRate),
        _ => None,
    }
}

/// `90%+ Test Pass Rate Achieved` over a measured 84.1 %.
fn reached(reading: &Reading<'_>, claims: &Claims, heading: usize, ledger: &mut Ledger) {
    if !has(reading, heading, ACHIEVED) || has(reading, heading, NOT_YET) {
        return;
    }
    let mut goals = reading
        .numbers_in(heading)
        .filter(|(_, id)| reading.number(*id).is_percent());
    let (Some((_, goal)), None, Some(metric)) =
        (goals.next(), goals.next(), metric(reading, heading))
    else {
        return;
    };
    if reading.number(goal).sign != Sign::None || !speaks_for_all(reading, heading) {
        return;
    }
    let target = reading.number(goal).value;
    let measured = measured(reading, claims, metric);
    let Some(best) = measured
        .iter()
        .max_by_key(|(_, value)| *value)
        .filter(|(_, value)| *value < target)
    else {
        return;
    };
    let related = measured
        .iter()
        .map(|(id, _)| reading.number_span(*id).start);
    ledger.push(
        Judged::new(
            Kind::Contradiction,
            Verdict::Inconsistent,
            reading.whole(heading),
        )
        .expected(format!("{}%", best.1))
        .why(format!(
            "the heading says that {target}% is reached; the largest set measured stands at {}%",
            best.1
        ))
        .related(related)
        .numbers([goal])
        .decision(true),
    );
}

/// A headline high up whose words before the percentage name no part of the project.
fn speaks_for_all(reading: &Reading<'_>, heading: usize) -> bool {
    let section = reading.passage(heading).section;
    let high = reading.document.sections[section].level <= 2;
    let at = reading.numbers_in(heading).next().map_or(0, |(at, _)| at);
    let plain = &[
        "mission",
        "target",
        "goal",
        "objective",
        "overall",
        "final",
        "test",
        "tests",
        "project",
        "we",
        "success",
        "milestone",
        "status",
    ];
    let words = (0..at)
        .map(|i| reading.word(heading, i))
        .filter(|word| word.is_ascii());
    high && words
        .filter(|word| !word.is_empty())
        .all(|word| is_any(word, plain) || is_any(word, ACHIEVED))
}

/// Current shares of the largest sets that speak of this metric.
fn measured(reading: &Reading<'_>, claims: &Claims, wanted: Metric) -> Vec<(usize, Decimal)> {
    let mut found: Vec<(Decimal, usize, Decimal)> = Vec::new();
    for share in &claims.shares {
        let ratio = &claims.ratios[share.ratio];
        let passage = ratio.passage;
        let cell = matches!(reading.passage(passage).role, Role::Cell { .. });
        if cell || standing(reading, ratio) != Standing::Current || share.target || share.complement
        {
            continue;
        }
        let own = metric(reading, passage);
        let above = || {
            reading
                .document
                .headings_above(passage)
                .find_map(|heading| metric(reading, heading))
        };
        if own.or_else(above) == Some(wanted) {
            found.push((
                reading.number(ratio.whole).value,
                share.percent,
                reading.number(share.percent).value,
            ));
        }
    }
    let largest = found
        .iter()
        .map(|(whole, _, _)| *whole)
        .max()
        .unwrap_or(Decimal::ZERO);
    found.retain(|(whole, _, _)| whole.add(*whole) >= largest);
    found
        .into_iter()
        .map(|(_, id, value)| (id, value))
        .collect()
}

/// `OBJECTIVE ACHIEVED` over a target and a result below it.
fn objective(reading: &Reading<'_>, heading: usize, ledger: &mut Ledger) {
    let aim = &[
        "objective",
        "objectives",
        "target",
        "targets",
        "goal",
        "goals",
        "mission",
    ];
    if !has(reading, heading, aim)
        || !has(reading, heading, ACHIEVED)
        || has(reading, heading, NOT_YET)
    {
        return;
    }
    let section = &reading.document.sections[reading.passage(heading).section];
    let own = (heading + 1..section.end).take(10).take_while(|passage| {
        reading.passage(*passage).section == reading.passage(heading).section
    });
    let (mut target, mut result) = (None, None);
    for passage in own {
        let label = reading.word(passage, 0);
        let percents: Vec<_> = reading
            .numbers_in(passage)
            .map(|(_, id)| id)
            .filter(|id| reading.number(*id).is_percent())
            .collect();
        if is_any(label, &["target", "goal", "objective"]) {
            target = target.or(percents.last().copied());
        } else if is_any(
            label,
            &["result", "actual", "achieved", "current", "outcome"],
        ) {
            result = result.or(percents.first().copied());
        }
    }
    let (Some(target), Some(result)) = (target, result) else {
        return;
    };
    let (goal, actual) = (reading.number(target).value, reading.number(result).value);
    if actual >= goal || reading.number(result).sign != Sign::None {
        return;
    }
    ledger.push(
        Judged::new(
            Kind::Contradiction,
            Verdict::Inconsistent,
            reading.whole(heading),
        )
        .expected("not achieved")
        .why(format!("the target is {goal}%, the result {actual}%"))
        .related([
            reading.number_span(target).start,
            reading.number_span(result).start,
        ])
        .numbers([target, result])
        .decision(true),
    );
}
