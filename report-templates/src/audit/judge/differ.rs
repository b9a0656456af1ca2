//! The arithmetic of a change: two ends and what is said of the difference.

use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::decimal::divide;
use crate::audit::numbers::{Bound, Decimal, Measure, Number, Unit};

/// What a change claim amounts to.
pub(super) struct Difference {
    pub(super) kind: Kind,
    pub(super) verdict: Verdict,
    pub(super) expected: String,
    pub(super) why: String,
}

/// Wording around a relative change that decides what it is relative to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wording {
    /// `faster`, `speedup`: may be relative to the end as well.
    pub(super) speed: bool,
    /// `relative`: percentage points are not meant.
    pub(super) relative: bool,
    /// A bare `+10` beside two percentages means points: so in a table, not in prose.
    pub(super) bare_points: bool,
}

/// Judges `claim` as the change from `a` to `b`; `None` where the units do not go together.
pub(super) fn difference(
    a: &Number,
    b: &Number,
    claim: &Number,
    wording: Wording,
) -> Option<Difference> {
    let (from, to, fuzzy) = ends(a, b)?;
    let open = |number: &Number| matches!(number.bound, Bound::AtLeast | Bound::AtMost);
    if open(a) || open(b) || claim.upper.is_some() || a.upper.is_some() || b.upper.is_some() {
        return None;
    }
    let change = to.sub(from);
    let percents = a.is_percent();
    match claim.unit {
        Unit::Percent if percents && !wording.relative => {
            let hedged = a.bound != Bound::Exact || b.bound != Bound::Exact;
            let found = points(from, to, claim, true);
            let open = hedged && found.verdict == Verdict::Inconsistent;
            Some(Difference {
                verdict: if open {
                    Verdict::Unresolved
                } else {
                    found.verdict
                },
                ..found
            })
        }
        Unit::Points if percents => Some(points(from, to, claim, false)),
        Unit::Count if percents && wording.bare_points => Some(points(from, to, claim, false)),
        Unit::Percent => {
            let hedged = a.bound != Bound::Exact || b.bound != Bound::Exact;
            relative(from, to, claim, wording, fuzzy).map(|found| match found.verdict {
                Verdict::Inconsistent if hedged => Difference {
                    verdict: Verdict::Unresolved,
                    ..found
                },
                _ => found,
            })
        }
        // `99.9% → 99.99% (10x)` speaks of what is left.
        Unit::Factor if percents && from.min(to) >= Decimal::whole(90) => None,
        Unit::Factor => factor(from, to, claim),
        unit if unit == a.unit && unit == b.unit => Some(absolute(change, claim, a, b)),
        _ => None,
    }
}

/// Both ends in one unit, and whether they are measured or hedged.
fn ends(a: &Number, b: &Number) -> Option<(Decimal, Decimal, bool)> {
    let hedged = a.bound != Bound::Exact || b.bound != Bound::Exact;
    if a.unit == b.unit {
        let measured = matches!(a.unit, Unit::Measured(_) | Unit::Percent);
        return Some((a.signed(), b.signed(), hedged || measured));
    }
    let (Unit::Measured(x), Unit::Measured(y)) = (a.unit, b.unit) else {
        return None;
    };
    let (sort_a, scale_a) = base(x)?;
    let (sort_b, scale_b) = base(y)?;
    let scaled = |value: Decimal, scale: i128| Decimal {
        mantissa: value.mantissa * scale,
        ..value
    };
    (sort_a == sort_b).then(|| (scaled(a.value, scale_a), scaled(b.value, scale_b), true))
}

/// Sort of a measure and its size in the smallest unit that reports use with it.
fn base(measure: Measure) -> Option<(u8, i128)> {
    Some(match measure {
        Measure::Microseconds => (0, 1),
        Measure::Milliseconds => (0, 1_000),
        Measure::Seconds => (0, 1_000_000),
        Measure::Minutes => (0, 60_000_000),
        Measure::Hours => (0, 3_600_000_000),
        Measure::Kilobytes => (1, 1),
        Measure::Megabytes => (1, 1024),
        Measure::Gigabytes => (1, 1024 * 1024),
        _ => return None,
    })
}

fn points(from: Decimal, to: Decimal, claim: &Number, or_relative: bool) -> Difference {
    let change = to.sub(from).abs();
    let off = change.sub(claim.value).abs();
    // Each end is rounded, so the true difference may be one unit of the coarser end away.
    let slack = if from.decimals <= to.decimals {
        from.ulp()
    } else {
        to.ulp()
    };
    let also =
        (!from.is_zero()).then(|| divide(hundredfold(change), from.abs(), claim.value.decimals));
    // A rise from a few percent depends on the digits that the start was rounded to.
    let room = |value: Decimal| {
        let digits = Decimal::whole(from.mantissa.abs().max(1) * 2);
        match value > Decimal::whole(100) {
            true => divide(value.add(Decimal::whole(100)), digits, 2).max(claim.value.ulp()),
            false => claim.value.ulp(),
        }
    };
    let same_relative =
        or_relative && also.is_some_and(|value| value.sub(claim.value).abs() <= room(value));
    let exactly = off.is_zero() || same_relative && also == Some(claim.value);
    let verdict = if exactly {
        Verdict::Consistent
    } else if off <= slack || same_relative || about(claim, change) {
        Verdict::Approximate
    } else if bounded(claim, change) {
        Verdict::Consistent
    } else {
        Verdict::Inconsistent
    };
    let relative = also
        .filter(|_| or_relative)
        .map_or(String::new(), |value| format!(" (relative {value}%)"));
    Difference {
        kind: Kind::PpDelta,
        verdict,
        expected: format!("{change} percentage points"),
        why: format!(
            "{to}% - {from}% = {} points{relative}, printed {}",
            to.sub(from),
            claim.value
        ),
    }
}

fn hundredfold(value: Decimal) -> Decimal {
    Decimal {
        mantissa: value.mantissa * 100,
        ..value
    }
}

fn relative(
    from: Decimal,
    to: Decimal,
    claim: &Number,
    wording: Wording,
    fuzzy: bool,
) -> Option<Difference> {
    let change = to.sub(from).abs();
    if from.is_zero() || to.is_zero() && wording.speed {
        return None;
    }
    let places = claim.value.decimals;
    let value = whole_only_when_all(change, from.abs(), places);
    let mut fits = near(value, claim, fuzzy, from.abs());
    if wording.speed && fits == Verdict::Inconsistent {
        fits = near(
            divide(hundredfold(change), to.abs(), places),
            claim,
            fuzzy,
            to.abs(),
        );
    }
    // Between fractions of one, `+12%` may be points.
    let fractions = from.decimals > 0 && from.abs().max(to.abs()) <= Decimal::whole(1);
    if fits == Verdict::Inconsistent && fractions && hundredfold(change) == claim.value {
        fits = Verdict::Unresolved;
    }
    Some(Difference {
        kind: Kind::Speedup,
        verdict: fits,
        expected: format!("{value}%"),
        why: format!(
            "|{to} - {from}| / {from} = {value}%, printed {}%",
            claim.value
        ),
    })
}

/// A change of less than everything is not printed as 100 %.
fn whole_only_when_all(change: Decimal, base: Decimal, places: u32) -> Decimal {
    let value = divide(hundredfold(change), base, places);
    let rounded_to_all = value == Decimal::whole(100) && change != base;
    if rounded_to_all {
        divide(hundredfold(change), base, places + 2)
    } else {
        value
    }
}

/// Compares a computed relative change with the printed one.
fn near(value: Decimal, claim: &Number, fuzzy: bool, base: Decimal) -> Verdict {
    let off = value.sub(claim.value).abs();
    // A base of few digits leaves much room: half a unit in it moves the result by this much.
    let digits = base.mantissa.max(1);
    let room = if fuzzy {
        divide(value.add(Decimal::whole(100)), Decimal::whole(digits), 2)
    } else {
        Decimal::ZERO
    };
    if off.is_zero() {
        Verdict::Consistent
    } else if off <= claim.value.ulp() {
        Verdict::Truncated
    } else if off <= room || about(claim, value) {
        Verdict::Approximate
    } else if bounded(claim, value) {
        Verdict::Consistent
    } else {
        Verdict::Inconsistent
    }
}

fn factor(from: Decimal, to: Decimal, claim: &Number) -> Option<Difference> {
    if from.is_zero() || to.is_zero() {
        return None;
    }
    let (low, high) = (from.abs().min(to.abs()), from.abs().max(to.abs()));
    let value = divide(high, low, claim.value.decimals);
    let off = value.sub(claim.value).abs();
    // `3x faster` is printed for three times as fast and, rarely, for three times faster.
    // `24,000x` for 24,256: large factors are printed to the thousand.
    let coarse = claim.value.integer().is_some_and(|printed| {
        let scale = (1..).map(|places| 10i128.pow(places)).take(9);
        let unit = scale
            .take_while(|unit| printed > 0 && printed % unit == 0)
            .last();
        unit.is_some_and(|unit| printed >= 10 * unit && off < Decimal::whole(unit))
    });
    let verdict = if off.is_zero() {
        Verdict::Consistent
    } else if off <= claim.value.ulp() || coarse || about(claim, value) {
        Verdict::Approximate
    } else if bounded(claim, value) {
        Verdict::Consistent
    } else if off == Decimal::whole(1) {
        Verdict::Unresolved
    } else {
        Verdict::Inconsistent
    };
    let why = format!("{high} / {low} = {value}, printed {}", claim.value);
    Some(Difference {
        kind: Kind::Speedup,
        verdict,
        expected: format!("{value}x"),
        why,
    })
}

fn absolute(change: Decimal, claim: &Number, a: &Number, b: &Number) -> Difference {
    let off = change.abs().sub(claim.value).abs();
    let hedged = [a, b, claim]
        .iter()
        .any(|number| number.bound != Bound::Exact);
    let measured = matches!(a.unit, Unit::Measured(_));
    let verdict = if off.is_zero() {
        Verdict::Consistent
    } else if measured && off <= a.value.ulp() || about(claim, change.abs()) {
        Verdict::Approximate
    } else if bounded(claim, change.abs()) {
        Verdict::Consistent
    } else if hedged {
        Verdict::Unresolved
    } else {
        Verdict::Inconsistent
    };
    let sign = if change.mantissa > 0 { "+" } else { "" };
    Difference {
        kind: Kind::Delta,
        verdict,
        expected: format!("{sign}{change}"),
        why: format!(
            "{} - {} = {sign}{change}, printed {}",
            b.value,
            a.value,
            claim.signed()
        ),
    }
}

/// `~c` within a tenth.
fn about(claim: &Number, value: Decimal) -> bool {
    let off = value.sub(claim.value).abs();
    claim.bound == Bound::About
        && Decimal {
            mantissa: off.mantissa * 10,
            ..off
        } <= value.abs().max(Decimal::whole(10))
}

fn bounded(claim: &Number, value: Decimal) -> bool {
    match claim.bound {
        Bound::AtLeast => value >= claim.value,
        Bound::AtMost => value <= claim.value,
        _ => false,
    }
}
