//! A percentage beside its fraction.

use crate::audit::claims::{Claims, Share};
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::percent::{Fit, expected, fit};
use crate::audit::numbers::{Bound, Decimal, Number, is_any, noun};
use crate::audit::reading::{Judged, Ledger, Reading, Rounding};

pub(super) fn judge(reading: &Reading<'_>, claims: &Claims, ledger: &mut Ledger) {
    for share in &claims.shares {
        let ratio = claims.ratios[share.ratio];
        let first = ratio.first.min(share.at);
        let last = ratio.last.max(share.at);
        let span = reading.span(ratio.passage, first, last);
        let judged = percent_of(reading, ratio.part, ratio.whole, share.percent, span);
        ledger.push(soften(
            reading,
            share,
            judged.numbers([ratio.part, ratio.whole, share.percent]),
            claims,
        ));
    }
}

const ROUNDED_UP: &str = "right only if every fraction is rounded up";

/// Judges `percent` as `part` in `whole`; the caller adds the numbers that took part.
pub(super) fn percent_of(
    reading: &Reading<'_>,
    part: usize,
    whole: usize,
    percent: usize,
    span: std::ops::Range<usize>,
) -> Judged {
    let (k, n, p) = (
        reading.number(part),
        reading.number(whole),
        reading.number(percent),
    );
    if n.value.is_zero() {
        let verdict = if k.value.is_zero() {
            Verdict::Consistent
        } else {
            Verdict::Unresolved
        };
        return Judged::new(Kind::RatioPercent, verdict, span)
            .why("nothing out of nothing has no percentage");
    }
    let right = expected(k.value, n.value, p.value);
    let printed = format!("{}/{} = {right}%", k.value, n.value);
    let (verdict, why) = verdict(k, n, p);
    let why = if why.is_empty() {
        printed
    } else {
        format!("{printed}; {why}")
    };
    let judged = Judged::new(Kind::RatioPercent, verdict, span)
        .expected(format!("{right}%"))
        .why(why);
    Judged {
        rounding: rounding(k, n, p),
        ..judged
    }
}

fn verdict(k: &Number, n: &Number, p: &Number) -> (Verdict, &'static str) {
    if !k.is_exact() || !n.is_exact() {
        let near = off_by(k.value, n.value, p.value, 3);
        return (
            if near {
                Verdict::Approximate
            } else {
                Verdict::Unresolved
            },
            "the counts are not exact",
        );
    }
    let found = fit(k.value, n.value, p.value);
    if found == Fit::Rounded {
        return (Verdict::Consistent, "");
    }
    let left = Decimal {
        mantissa: 100 * k.value.at(4),
        decimals: 0,
    };
    let right = Decimal {
        mantissa: p.value.at(4) * n.value.at(4),
        decimals: 4,
    };
    match p.bound {
        Bound::AtLeast if left >= right => (Verdict::Consistent, "at least"),
        Bound::AtMost if left <= right => (Verdict::Consistent, "at most"),
        // `~15% (1.2/6 weeks)` estimates twice.
        Bound::About if !k.value.is_whole() => (Verdict::Unresolved, "the part is an estimate too"),
        Bound::About => {
            let round = p.value.integer().is_some_and(|value| value % 5 == 0);
            // A hedged multiple of five is read as coarse, any other figure as nearly exact.
            let near = if round {
                off_by(k.value, n.value, p.value, 3)
            } else {
                off_by(k.value, n.value, p.value, 2)
            };
            (
                if near {
                    Verdict::Approximate
                } else {
                    Verdict::Inconsistent
                },
                "too far off even for a hedged figure",
            )
        }
        _ => match found {
            Fit::Floor => (Verdict::Truncated, "digits were cut off, not rounded"),
            Fit::Ceiling => (Verdict::Truncated, ROUNDED_UP),
            _ => (Verdict::Inconsistent, ""),
        },
    }
}

/// Whether the percentage is less than `points` away.
fn off_by(part: Decimal, whole: Decimal, percent: Decimal, points: i128) -> bool {
    let value = crate::audit::numbers::decimal::divide(
        Decimal {
            mantissa: part.mantissa * 100,
            ..part
        },
        whole,
        4,
    );
    value.sub(percent).abs() < Decimal::whole(points)
}

/// Where words nearby leave the meaning open, a misfit is listed but not called an error.
fn soften(reading: &Reading<'_>, share: &Share, judged: Judged, claims: &Claims) -> Judged {
    if judged.verdict != Verdict::Inconsistent && judged.verdict != Verdict::Truncated {
        return judged;
    }
    let ratio = claims.ratios[share.ratio];
    let value = |id: usize| reading.number(id).value;
    let (k, n, p) = (value(ratio.part), value(ratio.whole), value(share.percent));
    let rest = Decimal::whole(100).sub(p);
    if n != Decimal::whole(100) && rest >= Decimal::ZERO && fit(k, n, rest) == Fit::Rounded {
        // `86% (48/342 with broken links)`: words of its own say what the ratio counts.
        let told =
            (ratio.last + 1..ratio.last + 3).all(|at| !reading.word(ratio.passage, at).is_empty());
        let verdict = match (share.complement, told || k.is_zero() || k == n) {
            (true, _) => Verdict::Consistent,
            (false, true) => Verdict::Unresolved,
            (false, false) => judged.verdict,
        };
        let why = if share.complement {
            format!("the {p}% is the rest of {k}/{n}")
        } else {
            format!("{}; {p}% would be the rest", judged.why)
        };
        return Judged {
            verdict,
            why,
            ..judged
        };
    }
    // Out of one hundred is a score, and the percentage beside it its weight.
    let counted = (ratio.last + 1..ratio.last + 4).any(|at| {
        let word = reading.word(ratio.passage, at);
        noun(word).is_some() || is_any(word, &["tasks", "items", "passing", "passed", "complete"])
    });
    let score = n == Decimal::whole(100) && !counted;
    if share.target || share.foreign || p > Decimal::whole(100) || k > n || score {
        return Judged {
            verdict: Verdict::Unresolved,
            why: format!("{}; the percentage may mean something else", judged.why),
            ..judged
        };
    }
    judged
}

/// Rounding up is a habit or it is an error: two percentages show a habit, one that was rounded
/// down or is plainly wrong refutes it.
pub(super) fn settle_ceilings(ledger: &mut Ledger) {
    let shares = || {
        ledger
            .judged
            .iter()
            .filter(|claim| claim.kind == Kind::RatioPercent)
    };
    let up = shares()
        .filter(|claim| claim.rounding == Rounding::Up)
        .count();
    let refuted = shares()
        .any(|claim| claim.verdict == Verdict::Inconsistent || claim.rounding == Rounding::Down);
    if up > 1 && !refuted {
        return;
    }
    let up = ledger
        .judged
        .iter_mut()
        .filter(|claim| claim.rounding == Rounding::Up);
    for claim in up.filter(|claim| claim.verdict == Verdict::Truncated) {
        claim.verdict = Verdict::Inconsistent;
    }
}

fn rounding(k: &Number, n: &Number, p: &Number) -> Rounding {
    let value = expected(
        k.value,
        n.value,
        Decimal {
            decimals: 4,
            ..p.value
        },
    );
    match fit(k.value, n.value, p.value) {
        Fit::Ceiling => Rounding::Up,
        Fit::Floor => Rounding::Down,
        Fit::Rounded if value > p.value => Rounding::Down,
        _ => Rounding::Open,
    }
}
