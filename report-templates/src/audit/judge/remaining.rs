//! What is left: to the whole, and to a target; and progress towards a target.

use crate::audit::claims::{Claims, Ratio, Standing, Stated, standing};
use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::decimal::divide;
use crate::audit::numbers::{Bound, Decimal, Outcome, Sign, is_any, noun, outcome};
use crate::audit::reading::{Judged, Ledger, Reading};
use std::collections::HashMap;

pub(super) fn judge(reading: &Reading<'_>, claims: &Claims, ledger: &mut Ledger) {
    beside_ratios(reading, claims, ledger);
    super::subjects::judge(reading, claims, ledger);
    if let Some(state) = State::read(reading, claims) {
        for passage in 0..reading.document.passages.len() {
            to_target(reading, passage, &state, ledger);
            progress(reading, passage, &state, ledger);
        }
        rest(reading, claims, &state, ledger);
    }
}

/// `84/127 passing` and `43 failing` in one line, list or table row.
fn beside_ratios(reading: &Reading<'_>, claims: &Claims, ledger: &mut Ledger) {
    let mut ratios: HashMap<(usize, usize), Vec<&Ratio>> = HashMap::new();
    for ratio in &claims.ratios {
        ratios
            .entry(place(reading, ratio.passage))
            .or_default()
            .push(ratio);
    }
    let failed = claims
        .stated
        .iter()
        .filter(|stated| stated.outcome == Outcome::Failed);
    for stated in failed {
        let Some([ratio]) = ratios
            .get(&place(reading, stated.passage))
            .map(Vec::as_slice)
        else {
            continue;
        };
        let passing = reading
            .words(ratio.passage)
            .any(|word| outcome(word) == Some(Outcome::Passed))
            || matches!(reading.passage(ratio.passage).role, Role::Cell { .. });
        let past = (stated.at + 1..stated.at + 5).any(|at| {
            is_any(
                reading.word(stated.passage, at),
                &["were", "was", "had", "now"],
            )
        });
        if passing && !past && stated.noun == "test" {
            left_over(reading, ratio, stated, ledger);
        }
    }
}

/// Passages that speak of one thing: a line, a list, one row of a table.
fn place(reading: &Reading<'_>, passage: usize) -> (usize, usize) {
    let shape = reading.passage(passage);
    match shape.role {
        Role::Cell { row, .. } => (shape.group, row),
        Role::Heading => (usize::MAX, passage),
        _ => (shape.group, 0),
    }
}

fn left_over(reading: &Reading<'_>, ratio: &Ratio, stated: &Stated, ledger: &mut Ledger) {
    let value = |id: usize| reading.number(id).value;
    let rest = value(ratio.whole).sub(value(ratio.part));
    let printed = value(stated.number);
    let verdict = if rest == printed {
        Verdict::Consistent
    } else if printed > rest
        && stated.passage == ratio.passage
        && reading.number(stated.number).is_exact()
    {
        Verdict::Inconsistent
    } else {
        Verdict::Unresolved
    };
    let span = reading.span(stated.passage, stated.at, stated.at);
    let why = format!(
        "{} - {} = {rest}, printed {printed}",
        value(ratio.whole),
        value(ratio.part)
    );
    ledger.push(
        Judged::new(Kind::Remaining, verdict, span)
            .expected(rest.to_string())
            .why(why)
            .related([reading.number_span(ratio.part).start])
            .numbers([ratio.part, ratio.whole, stated.number]),
    );
}

/// Where the document says that its largest set stands.
struct State {
    part: usize,
    whole: usize,
    start: Option<usize>,
    /// The percentage named as target most often.
    target: Option<usize>,
}

impl State {
    fn read(reading: &Reading<'_>, claims: &Claims) -> Option<Self> {
        let value = |id: usize| reading.number(id).value;
        let whole = claims
            .ratios
            .iter()
            .map(|ratio| value(ratio.whole))
            .max()
            .filter(|whole| *whole >= Decimal::whole(10))?;
        let of_whole = claims
            .ratios
            .iter()
            .filter(|ratio| value(ratio.whole) == whole && value(ratio.part) <= whole);
        let (mut current, mut start) = (Vec::new(), Vec::new());
        for ratio in of_whole {
            match standing(reading, ratio) {
                Standing::Current => current.push(*ratio),
                Standing::Start => start.push(*ratio),
                Standing::Target => {}
            }
        }
        let first = *current.first()?;
        let one = current
            .iter()
            .all(|ratio| value(ratio.part) == value(first.part));
        let start = start
            .first()
            .filter(|s| start.iter().all(|other| value(other.part) == value(s.part)));
        one.then(|| Self {
            part: first.part,
            whole: first.whole,
            start: start.map(|s| s.part),
            target: target(reading),
        })
    }
}

fn target(reading: &Reading<'_>) -> Option<usize> {
    let mut votes: HashMap<(i128, u32), (usize, usize)> = HashMap::new();
    for passage in 0..reading.document.passages.len() {
        for (at, id) in reading.numbers_in(passage) {
            let number = reading.number(id);
            let near = (at.saturating_sub(3)..at + 4)
                .any(|i| is_any(reading.word(passage, i), &["target", "goal", "reach", "to"]));
            if number.is_percent() && number.sign == Sign::None && near {
                let vote = votes.entry((number.value.at(4), 4)).or_insert((0, id));
                vote.0 += 1;
            }
        }
    }
    let best = votes.values().max_by_key(|vote| vote.0)?;
    let tie = votes.values().filter(|vote| vote.0 == best.0).count() > 1;
    (!tie && best.0 > 1).then_some(best.1)
}

/// The smallest count that reaches `percent` of `whole`.
fn needed(percent: Decimal, whole: Decimal) -> Option<i128> {
    let product = percent.mantissa * whole.integer()?;
    let unit = 100 * 10i128.pow(percent.decimals);
    Some((product + unit - 1).div_euclid(unit))
}

/// `142 tests remaining to reach 90 %`.
fn to_target(reading: &Reading<'_>, passage: usize, state: &State, ledger: &mut Ledger) {
    let numbers: Vec<_> = reading.numbers_in(passage).collect();
    let words = |list: &[&str]| reading.words(passage).any(|word| is_any(word, list));
    let [(at, left), (_, goal)] = numbers.as_slice() else {
        return;
    };
    let plain = reading.number(*left).is_count() && reading.number(*goal).is_percent();
    let reach = words(&["reach", "reaching", "achieve", "hit", "target", "goal"])
        && words(&["remaining", "more", "additional", "left", "needed", "need"]);
    let tests = reading
        .words(passage)
        .any(|word| noun(word) == Some("test"));
    if !plain || !reach || !tests {
        return;
    }
    let value = |id: usize| reading.number(id).value;
    let Some(needed) = needed(value(*goal), value(state.whole)) else {
        return;
    };
    let expected = Decimal::whole(needed).sub(value(state.part));
    let printed = value(*left);
    let off = expected.sub(printed).abs();
    let close = Decimal {
        mantissa: off.mantissa * 10,
        ..off
    } <= printed;
    let verdict = match (off.is_zero(), reading.number(*left).bound) {
        (true, _) => Verdict::Consistent,
        (_, Bound::Exact) => Verdict::Inconsistent,
        (_, Bound::About) if close => Verdict::Approximate,
        _ => Verdict::Unresolved,
    };
    let (k, n, goal_value) = (value(state.part), value(state.whole), value(*goal));
    ledger.push(
        Judged::new(Kind::Remaining, verdict, reading.span(passage, *at, *at))
            .expected(expected.to_string())
            .why(format!("{goal_value}% of {n} needs {needed}, {k} are there: {expected} remain, printed {printed}"))
            .related([reading.number_span(state.part).start])
            .numbers([*left, *goal, state.part, state.whole]),
    );
}

/// `85% progress toward the goal`.
fn progress(reading: &Reading<'_>, passage: usize, state: &State, ledger: &mut Ledger) {
    let numbers: Vec<_> = reading.numbers_in(passage).collect();
    let [(at, claim)] = numbers.as_slice() else {
        return;
    };
    let words = |list: &[&str]| reading.words(passage).any(|word| is_any(word, list));
    let towards = words(&["toward", "towards", "to"])
        && words(&["goal", "target", "objective"])
        && words(&["progress", "way", "there"]);
    let (Some(start), Some(target)) = (state.start, state.target) else {
        return;
    };
    if !reading.number(*claim).is_percent() || reading.number(*claim).sign != Sign::None || !towards
    {
        return;
    }
    let value = |id: usize| reading.number(id).value;
    let Some(needed) = needed(value(target), value(state.whole)).map(Decimal::whole) else {
        return;
    };
    let (k, from, printed) = (value(state.part), value(start), reading.number(*claim));
    let places = printed.value.decimals;
    let share = |part: Decimal, whole: Decimal| {
        (whole > Decimal::ZERO).then(|| {
            divide(
                Decimal {
                    mantissa: part.mantissa * 100,
                    ..part
                },
                whole,
                places,
            )
        })
    };
    let Some(expected) = share(k.sub(from), needed.sub(from)) else {
        return;
    };
    let readings = [
        Some(expected),
        share(k, needed),
        share(k, value(state.whole)),
    ];
    let fits = readings
        .into_iter()
        .flatten()
        .any(|reading| reading == printed.value);
    let verdict = match (fits, printed.bound) {
        (true, _) => Verdict::Consistent,
        (false, Bound::Exact) => Verdict::Inconsistent,
        _ => Verdict::Unresolved,
    };
    ledger.push(
        Judged::new(Kind::Progress, verdict, reading.span(passage, *at, *at))
            .expected(format!("{expected}%"))
            .why(format!(
                "({k} - {from}) / ({needed} - {from}) = {expected}%, printed {}%",
                printed.value
            ))
            .related([
                reading.number_span(state.part).start,
                reading.number_span(start).start,
            ])
            .numbers([*claim, state.part, start, target]),
    );
}

/// `117 failing tests` where 738 - 621 are left: agreement is noted, disagreement may have other reasons.
fn rest(reading: &Reading<'_>, claims: &Claims, state: &State, ledger: &mut Ledger) {
    let rest = reading
        .number(state.whole)
        .value
        .sub(reading.number(state.part).value);
    for stated in claims
        .stated
        .iter()
        .filter(|stated| stated.outcome == Outcome::Failed)
    {
        if reading.number(stated.number).value == rest && !rest.is_zero() {
            let span = reading.span(stated.passage, stated.at, stated.at);
            let judged =
                Judged::new(Kind::Remaining, Verdict::Consistent, span).expected(rest.to_string());
            ledger.push(judged.why("what is left of the whole").numbers([
                stated.number,
                state.part,
                state.whole,
            ]));
        }
    }
}
