//! Durations and instants, from integers.

/// A duration for people: `850 µs`, `12.3 ms`, `1.24 s`, `3 min 07 s`, `2 h 05 min`. Rounded half
/// up at the last digit shown.
///
/// ```
/// use phasegate_report::figures::time::human;
///
/// assert_eq!(human(850), "850 µs");
/// assert_eq!(human(12_345), "12.3 ms");
/// assert_eq!(human(1_235_000), "1.24 s");
/// assert_eq!(human(187_000_000), "3 min 07 s");
/// assert_eq!(human(7_500_000_000), "2 h 05 min");
/// ```
#[must_use]
pub fn human(us: u64) -> String {
    let rounded = |unit: u64| us / unit + u64::from(us % unit >= unit.div_ceil(2));
    if us < 1_000 {
        return format!("{us} µs");
    }
    let tenths_of_ms = rounded(100);
    if tenths_of_ms < 10_000 {
        return format!("{}.{} ms", tenths_of_ms / 10, tenths_of_ms % 10);
    }
    let hundredths = rounded(10_000);
    if hundredths < 6_000 {
        return format!("{}.{:02} s", hundredths / 100, hundredths % 100);
    }
    let seconds = rounded(1_000_000);
    if seconds < 3_600 {
        return format!("{} min {:02} s", seconds / 60, seconds % 60);
    }
    let minutes = rounded(60_000_000);
    format!("{} h {:02} min", minutes / 60, minutes % 60)
}

/// Milliseconds since 1970 of an instant as records write it (`2026-11-21T22:09:18.123Z`; the
/// fraction may be missing or have one to nine digits). `None` for anything else.
///
/// Days are counted by the proleptic Gregorian calendar (RFC 3339).
#[must_use]
pub fn instant_ms(text: &str) -> Option<u64> {
    let rest = text.strip_suffix('Z')?;
    let (date, clock) = rest.split_once('T')?;
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let [year, month, day] = three(date, '-')?;
    let [hour, minute, second] = three(clock, ':')?;
    let in_range = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60
        && (1..=9).contains(&fraction.len());
    if !in_range {
        return None;
    }
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let millis: u64 = digits(fraction)
        .then(|| format!("{fraction:0<3}"))?
        .get(..3)?
        .parse()
        .ok()?;
    let seconds = days_before(year, month, day)? * 86_400 + hour * 3_600 + minute * 60 + second;
    Some(seconds * 1_000 + millis)
}

fn three(text: &str, separator: char) -> Option<[u64; 3]> {
    let mut parts = text.split(separator).map(|part| {
        let plain = !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| part.parse().ok()).flatten()
    });
    let three = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(three)
}

fn days_before(year: u64, month: u64, day: u64) -> Option<u64> {
    const LENGTHS: [u64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let leap = |year: u64| {
        u64::from(year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)))
    };
    let index = usize::try_from(month.checked_sub(1)?).ok()?;
    let length = LENGTHS.get(index)? + if month == 2 { leap(year) } else { 0 };
    let leap_days = |year: u64| year / 4 - year / 100 + year / 400;
    let years = (year - 1970) * 365 + leap_days(year - 1) - leap_days(1969);
    let months: u64 = LENGTHS[..index].iter().sum::<u64>() + if month > 2 { leap(year) } else { 0 };
    (day <= length).then_some(years + months + day - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_never_show_a_full_next_unit() {
        assert_eq!(human(999), "999 µs");
        assert_eq!(human(999_940), "999.9 ms");
        assert_eq!(human(999_950), "1.00 s");
        assert_eq!(human(59_994_999), "59.99 s");
        assert_eq!(human(59_995_000), "1 min 00 s");
        assert_eq!(human(3_599_500_000), "1 h 00 min");
        assert_eq!(human(0), "0 µs");
        assert!(human(u64::MAX).ends_with("min"));
    }

    #[test]
    fn instants_count_leap_days() {
        assert_eq!(instant_ms("1970-01-01T00:00:00.000Z"), Some(0));
        assert_eq!(instant_ms("2000-03-01T00:00:00Z"), Some(951_868_800_000));
        assert_eq!(
            instant_ms("2026-11-21T22:09:18.5Z"),
            Some(1_795_298_958_500)
        );
        for text in [
            "",
            "2026-11-21",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-11-21T22:09:18+01:00",
            "2026-11-21T22:09:18.Z",
            "+026-11-21T22:09:18Z",
            "2026-11-21T22:09:18.xZ",
        ] {
            assert_eq!(instant_ms(text), None, "{text}");
        }
    }
}
