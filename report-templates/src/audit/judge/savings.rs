//! What a change saves: `$48 → $40 = save $8 (17%)`, `30 hours → 20 minutes (97% saved)`.

use super::shares::percent_of;
use crate::audit::document::Role;
use crate::audit::findings::{Kind, Verdict};
use crate::audit::numbers::{Bound, Decimal, Measure, Number, Sign, Unit, decimal::divide, is_any};
use crate::audit::reading::{Judged, Ledger, Reading};

const SAVED: &[&str] = &[
    "saving",
    "savings",
    "saved",
    "reduction",
    "less",
    "reduced",
    "shorter",
    "decrease",
    "time",
];

pub(super) fn judge(reading: &Reading<'_>, ledger: &mut Ledger) {
    for passage in 0..reading.document.passages.len() {
        if reading.passage(passage).role == Role::Opaque {
            continue;
        }
        let numbers: Vec<_> = reading.numbers_in(passage).take(5).collect();
        match numbers.as_slice() {
            [a, b, d, p] => printed(reading, passage, [*a, *b, *d, *p], ledger),
            [a, b, p] => between_units(reading, passage, [*a, *b, *p], ledger),
            _ => {}
        }
    }
}

fn joined(reading: &Reading<'_>, passage: usize, from: usize, to: usize, symbol: char) -> bool {
    to - from <= 7 && (from + 1..to).any(|at| reading.symbol_at(passage, at) == Some(symbol))
}

fn is_share(reading: &Reading<'_>, passage: usize, (at, id): (usize, usize)) -> bool {
    let number = reading.number(id);
    let open = at > 0 && reading.symbol_at(passage, at - 1) == Some('(');
    open && number.is_percent() && number.is_exact() && number.sign == Sign::None
}

/// The difference is printed between the ends and the share.
fn printed(reading: &Reading<'_>, passage: usize, found: [(usize, usize); 4], ledger: &mut Ledger) {
    let [a, b, d, p] = found;
    let number = |(_, id): (usize, usize)| reading.number(id);
    let unit = number(a).unit;
    let alike = [a, b, d]
        .into_iter()
        .all(|of| number(of).unit == unit && number(of).is_exact());
    let shape = joined(reading, passage, a.0, b.0, '→')
        && joined(reading, passage, b.0, d.0, '=')
        && p.0 - d.0 <= 3
        && is_share(reading, passage, p);
    if !shape || !alike || unit == Unit::Percent || number(a).value <= number(b).value {
        return;
    }
    let saved = number(a).value.sub(number(b).value);
    if saved != number(d).value {
        ledger.push(
            Judged::new(Kind::Delta, Verdict::Inconsistent, reading.number_span(d.1))
                .expected(saved.to_string())
                .why(format!(
                    "{} - {} = {saved}",
                    number(a).value,
                    number(b).value
                ))
                .numbers([a.1, b.1, d.1]),
        );
        return;
    }
    let judged = percent_of(reading, d.1, a.1, p.1, reading.number_span(p.1));
    ledger.push(judged.numbers([a.1, b.1, d.1, p.1]));
}

/// Lower and upper end in seconds.
fn seconds(number: &Number) -> Option<(Decimal, Decimal)> {
    let scale = match number.unit {
        Unit::Measured(Measure::Seconds) => 1,
        Unit::Measured(Measure::Minutes) => 60,
        Unit::Measured(Measure::Hours) => 3600,
        _ => return None,
    };
    let scaled = |value: Decimal| Decimal {
        mantissa: value.mantissa * scale,
        ..value
    };
    let exact = number.bound == Bound::Exact && number.sign == Sign::None;
    exact.then(|| {
        (
            scaled(number.value),
            scaled(number.upper.unwrap_or(number.value)),
        )
    })
}

/// The ends are times in two units, or ranges.
fn between_units(
    reading: &Reading<'_>,
    passage: usize,
    found: [(usize, usize); 3],
    ledger: &mut Ledger,
) {
    let [a, b, p] = found;
    let (before, after) = (reading.number(a.1), reading.number(b.1));
    let plain = before.unit == after.unit && before.upper.is_none() && after.upper.is_none();
    let says = (p.0 + 1..p.0 + 3).any(|at| is_any(reading.word(passage, at), SAVED));
    let shape = joined(reading, passage, a.0, b.0, '→') && p.0 - b.0 <= 3;
    if plain || !says || !shape || !is_share(reading, passage, p) {
        return;
    }
    let (Some((low, high)), Some((least, most))) = (seconds(before), seconds(after)) else {
        return;
    };
    let positive = Decimal::ZERO < low && most <= low;
    if !positive {
        return;
    }
    let share = |part: Decimal, whole: Decimal| {
        let saved = whole.sub(part);
        divide(
            Decimal {
                mantissa: saved.mantissa * 100,
                ..saved
            },
            whole,
            1,
        )
    };
    let (worst, best) = (share(most, low), share(least, high));
    let printed = reading.number(p.1).value;
    let half = Decimal {
        mantissa: 6,
        decimals: printed.decimals + 1,
    };
    let fits = worst.sub(half) <= printed && printed <= best.add(half);
    let verdict = if fits {
        Verdict::Consistent
    } else {
        Verdict::Inconsistent
    };
    ledger.push(
        Judged::new(Kind::Speedup, verdict, reading.number_span(p.1))
            .expected(format!("{worst}-{best}%"))
            .why(format!(
                "the ends leave between {worst}% and {best}% saved, printed {printed}%"
            ))
            .numbers([a.1, b.1, p.1]),
    );
}

#[cfg(test)]
mod tests {
    use crate::audit::audit;

    fn wrong(text: &str) -> Vec<String> {
        audit(text)
            .inconsistent()
            .map(|finding| finding.expected.clone())
            .collect()
    }

    #[test]
    fn a_saving_with_its_share() {
        assert_eq!(
            wrong("- Team: $60.00/month → $45.00/month = Save $15.00 (20%)\n"),
            ["25%"]
        );
        assert!(wrong("- Team: $60.00/month → $45.00/month = Save $15.00 (25%)\n").is_empty());
    }

    #[test]
    fn a_share_of_time_between_two_units() {
        assert_eq!(
            wrong("- 10-20 hours → 6-12 minutes (90% time savings)\n"),
            ["98.0-99.5%"]
        );
        assert!(wrong("- 10-20 hours → 6-12 minutes (99% time savings)\n").is_empty());
    }
}
